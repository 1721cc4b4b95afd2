/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_IMPORT_H
#define AVAL_LIB_INVOICE_IMPORT_H

/*
 * The import of an invoice, in three steps. read.c follows the events of expat
 * (parse.c) down the tries of map.h; capture.c keeps what is found, in document order, and
 * narrows down what it may be each time a scope closes; build.c turns the
 * captures into sorted terms. What no term takes goes to unmapped.c.
 *
 * A failure is kept in the import (status, reason, offset) and stops expat.
 */

#include <aval/invoice.h>

#include "base/base.h"
#include "invoice/map.h"

/* Text kept in a buffer that may move. */
typedef struct aval_span {
	uint32_t at, len;
} aval_span;

/* A growing array. */
typedef struct aval_vector {
	void    *data;
	uint32_t count, capacity;
} aval_vector;

/* The text of a leaf or of an attribute that some term takes, or may take. */
typedef struct aval_capture {
	uint16_t    node;
	uint8_t     alive;           /* bit i: action i of the node is still possible */
	uint8_t     qualifier_count;
	uint32_t    qualifiers;      /* the first of them */
	aval_span   value;
	uint32_t    index[2];        /* of the groups around it; 0 until they close */
	uint32_t    offset;
	const char *defect;          /* why the value does not have its form, or NULL */
} aval_capture;

typedef struct aval_captured_qualifier {
	uint8_t   kind;
	aval_span value;
} aval_captured_qualifier;

/* An entry of the unmapped list; texts in import.listing. */
typedef struct aval_listed {
	aval_span            path, value;
	aval_unmapped_reason reason;
	uint32_t             offset;
} aval_listed;

enum {
	AVAL_FRAME_CHILD     = 1, /* has child elements */
	AVAL_FRAME_SELECTED  = 2, /* its variant is set */
	AVAL_FRAME_102       = 4, /* has a format attribute that is 102 */
	AVAL_FRAME_EXTENSION = 8  /* an extension: listed once, with the name of what it holds */
};

/* An open element. */
typedef struct aval_frame {
	uint16_t  node; /* 0: not in the map */
	uint8_t   variant;
	uint8_t   flags;
	uint32_t  captures;   /* those before it */
	uint32_t  qualifiers; /* those before it */
	uint32_t  run;        /* where its text since the last tag begins */
	aval_span value;      /* of a leaf with children: its text before them */
	aval_span name;       /* of an element that is not in the map: in import.names */
	uint32_t  offset;
} aval_frame;

/* A VAT total; see facts.h. Texts in import.text. */
typedef struct aval_noted_total {
	aval_span currency, amount;
	bool      has_amount;
	uint32_t  breakdown_begin, breakdown_end;
} aval_noted_total;

typedef struct aval_import {
	const aval_allocator *allocator;
	aval_status           status;
	const char           *reason;
	size_t                offset;
	bool                  is_cii;
	aval_invoice_syntax   syntax;

	uint16_t    sums_node, tax_node, tax_amount_node; /* of the document totals and of a VAT total */
	uint16_t    breakdown_node, category_node;        /* of a VAT breakdown, and what in it names the tax */
	bool        has_totals;
	bool        is_vat; /* the open breakdown is */

	aval_frame  frames[AVAL_XML_MAX_DEPTH];
	uint32_t    depth;
	uint32_t    skipped; /* elements open inside an extension */
	uint32_t    counters[2][AVAL_MAP_GROUP_COUNT]; /* groups closed so far; [1]: within the open outer group */
	aval_vector text;       /* char: values, and at the end the text being read */
	aval_vector names;      /* char: of open elements that are not in the map */
	aval_vector captures;   /* aval_capture, in document order */
	aval_vector qualifiers; /* aval_captured_qualifier */
	aval_vector listing;    /* char: paths and values of what is not mapped */
	aval_vector listed;     /* aval_listed */
	aval_vector defects;    /* aval_defect, ascending by path */
	aval_vector tax_totals; /* aval_noted_total, in document order */
	aval_vector other_taxes; /* uint32_t: breakdowns that are not of VAT */
} aval_import;

/* Keep the first failure. False, to be returned. */
bool aval_import_fail(aval_import *im, aval_status status, const char *reason, size_t offset);

/* Room for count more elements; false where memory is out or 2^31 elements would be exceeded. */
bool aval_vector_reserve(aval_import *im, aval_vector *v, uint32_t count, size_t size);
bool aval_vector_append(aval_import *im, aval_vector *v, const void *items, uint32_t count, size_t size);

static inline bool aval_import_add_text(aval_import *im, aval_vector *v, const char *text, size_t len)
{
	return aval_vector_append(im, v, text, (uint32_t)len, 1);
}

static inline aval_text aval_import_text(const aval_vector *v, aval_span span)
{
	/* Nothing was added yet where data is NULL; C knows no NULL + 0. */
	return (aval_text){ v->data != NULL ? (const char *)v->data + span.at : "", span.len };
}

static inline aval_frame *aval_import_top(aval_import *im)
{
	return &im->frames[im->depth - 1];
}

/* Frees all that the import holds, not the import itself. */
void aval_import_free(aval_import *im);

/*
 * read.c: expat's events. Names are "uri\nlocal" or "local"; attributes are
 * pairs of name and value, ended by NULL; the offset is that of the tag.
 */
#define AVAL_IMPORT_SEPARATOR '\n' /* no URI has it */

void aval_import_start(aval_import *im, const char *name, const char **attributes, size_t offset);
void aval_import_end(aval_import *im);
void aval_import_characters(aval_import *im, const char *text, size_t len);

/* capture.c: an attribute and an element's end, of nodes of the map. */
void aval_import_attribute(aval_import *im, uint16_t node, const char *value);
void aval_import_close_leaf(aval_import *im);
void aval_import_close_scope(aval_import *im);

/*
 * unmapped.c: list the top element, an attribute of it, or a node of the map.
 * name_len counts the name and what stands before it.
 */
void aval_import_list(aval_import *im, aval_text value, aval_unmapped_reason reason);
void aval_import_list_attribute(aval_import *im, aval_text name, aval_text value);
void aval_import_list_node(aval_import *im, uint16_t node, aval_text value, aval_unmapped_reason reason,
                           uint32_t offset);

/* List the text since the last tag where it is not blank, and forget it. */
void aval_import_list_run(aval_import *im, uint32_t run);

/* facts.c: finding the nodes below the root, what to do when an element of the map closes, and the invoice's facts. */
void aval_import_find_facts(aval_import *im, uint16_t root);
void aval_import_note_facts(aval_import *im);
bool aval_import_build_facts(aval_import *im, aval_invoice *invoice);

/* build.c: the invoice, or NULL and the failure in im. */
aval_invoice *aval_import_build(aval_import *im);

/* sort.c: 128-bit numbers, ascending. scratch has room for as many as items. */
typedef struct aval_sort_item {
	uint64_t high, low;
} aval_sort_item;

void aval_sort(aval_sort_item *items, aval_sort_item *scratch, size_t count);

#endif /* AVAL_LIB_INVOICE_IMPORT_H */
