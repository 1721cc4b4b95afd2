/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_MAP_H
#define AVAL_LIB_INVOICE_MAP_H

/*
 * The term map as data: one trie of elements and attributes for each syntax, and
 * for each business term its groups and its form. make_map.py makes both from
 * terms.csv. Node 0 is no node.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Namespaces, as NAMESPACES of make_map.py. */
enum {
	AVAL_NS_OTHER,
	AVAL_NS_UBL,
	AVAL_NS_CN,
	AVAL_NS_CAC,
	AVAL_NS_CBC,
	AVAL_NS_RSM,
	AVAL_NS_RAM,
	AVAL_NS_UDT,
	AVAL_NS_QDT,
	AVAL_NS_ATTRIBUTE
};

/* Forms of values, as FORMS of make_map.py. */
typedef enum aval_form {
	AVAL_FORM_TEXT,
	AVAL_FORM_DATE,
	AVAL_FORM_DECIMAL,
	AVAL_FORM_AMOUNT,
	AVAL_FORM_NOTE,
	AVAL_FORM_SUBJECT,
	AVAL_FORM_TAXPOINT,
	AVAL_FORM_BINARY
} aval_form;

enum { AVAL_REPEAT_SINGLE, AVAL_REPEAT_INDEXED, AVAL_REPEAT_SAME };

/* Qualifiers, ascending by name. */
enum {
	AVAL_QUALIFIER_NONE,
	AVAL_QUALIFIER_CURRENCY,
	AVAL_QUALIFIER_FILENAME,
	AVAL_QUALIFIER_MIME,
	AVAL_QUALIFIER_SCHEME,
	AVAL_QUALIFIER_VERSION,
	AVAL_QUALIFIER_COUNT
};

/* Variants of a node: which of its values its selector has, from 1, or one of these. */
enum { AVAL_VARIANT_OTHER = 0, AVAL_VARIANT_ANY = 254, AVAL_VARIANT_AMBIGUOUS = 255 };

enum {
	AVAL_NODE_LEAF     = 1,  /* its text counts */
	AVAL_NODE_SELECTOR = 2,  /* its text selects a variant of the node `up` levels above */
	AVAL_NODE_SCOPE    = 4,  /* a group, or a node with variants: to be resolved when it closes */
	AVAL_NODE_OUTER    = 8,  /* a group with groups in it */
	AVAL_NODE_CURRENCY = 16, /* attribute: the currency of an amount */
	AVAL_NODE_FORMAT   = 32  /* attribute: the format of a date */
};

typedef struct aval_map_name {
	uint8_t     ns;
	uint8_t     len;
	const char *text;
} aval_map_name;

typedef struct aval_map_node {
	uint16_t parent, name;
	uint16_t actions; /* the first of them */
	uint8_t  action_count;
	uint8_t  values, value_count;
	uint8_t  groups, group_count;
	uint8_t  form;
	uint8_t  up;
	uint8_t  flags;
} aval_map_node;

/* What a node's text is, where the two scopes around it have these variants. */
typedef struct aval_map_action {
	uint8_t  term;
	uint8_t  rank;      /* among alternatives; 0 is preferred */
	uint8_t  qualifier; /* of the term; 0: the term itself */
	uint8_t  currency;  /* 5 or 6: only in the currency that BT-5 or BT-6 names */
	uint16_t scope[2];
	uint8_t  variant[2];
} aval_map_action;

typedef struct aval_map_group {
	uint8_t number;
	uint8_t variant;
} aval_map_group;

typedef struct aval_map_term {
	uint8_t form, repeat;
	uint8_t groups[2];  /* the repeatable groups around it; 0 is none */
	uint8_t qualifiers; /* bit q: it may have qualifier q */
	bool    is_term;    /* not a gap in the numbers */
} aval_map_term;

enum { AVAL_MAP_EDGE_BITS = 11, AVAL_MAP_TERM_COUNT = 166, AVAL_MAP_GROUP_COUNT = 33 };

extern const aval_map_name   aval_map_names[];
extern const aval_map_node   aval_map_nodes[];
extern const aval_map_action aval_map_actions[];
extern const char *const     aval_map_values[];
extern const aval_map_group  aval_map_groups[];
extern const aval_map_term   aval_map_terms[AVAL_MAP_TERM_COUNT];         /* by number */
extern const uint8_t         aval_map_group_levels[AVAL_MAP_GROUP_COUNT]; /* 1, 2; 0: no repeatable group */
extern const uint16_t        aval_map_edges[1 << AVAL_MAP_EDGE_BITS];     /* hash table of nodes */

/* The child of a node, or 0; roots are children of 0. */
uint16_t aval_map_child(uint16_t parent, unsigned ns, const char *local, size_t len);

/* The number of a namespace, or AVAL_NS_OTHER. */
unsigned aval_map_namespace(const char *uri, size_t len);

/* The usual prefix of a namespace, or NULL; knows some beyond those of the map. */
const char *aval_map_prefix(const char *uri, size_t len);
const char *aval_map_prefix_of(unsigned ns);

/* Whether these three letters are a code of UNTDID 4451 that a note may have. */
bool aval_map_is_subject_code(const char code[3]);

#endif /* AVAL_LIB_INVOICE_MAP_H */
