/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_CHECK_H
#define AVAL_LIB_INVOICE_CHECK_H

/*
 * The rule engine. It reads a sorted list of terms and the few facts about the
 * file that terms cannot carry, and writes findings. It runs twice: first to
 * count findings and the bytes of their text, then, if there are any, to write
 * them into one block of memory.
 */

#include <aval/check.h>
#include <aval/decimal.h>

#include "invoice/binary64.h"
#include "invoice/facts.h"

typedef struct aval_check_input {
	aval_invoice_syntax  syntax;
	const aval_term     *terms; /* ascending by path */
	size_t               count;
	const aval_defect   *defects; /* of the terms, ascending by path */
	size_t               defect_count;
	const aval_unmapped *unmapped; /* ascending by offset; holds the further values of what is repeated */
	size_t               unmapped_count;
	aval_invoice_facts   facts;
	aval_text            today; /* a date, or empty */
} aval_check_input;

aval_status aval_check_terms(aval_check **check_out, const aval_check_input *input,
                             const aval_allocator *allocator, aval_error *err);

aval_status aval_terms_financeable(aval_financing *out, const aval_check_input *input, aval_error *err);

/* ---- what follows is shared by the files of the engine ---- */

/* Terms that stand once and that rules read, in the order of their numbers. */
typedef enum aval_slot {
	AVAL_SLOT_NONE,
	AVAL_SLOT_1, AVAL_SLOT_2, AVAL_SLOT_3, AVAL_SLOT_5, AVAL_SLOT_6, AVAL_SLOT_9, AVAL_SLOT_20,
	AVAL_SLOT_27, AVAL_SLOT_44, AVAL_SLOT_59, AVAL_SLOT_106, AVAL_SLOT_107, AVAL_SLOT_108, AVAL_SLOT_109,
	AVAL_SLOT_110, AVAL_SLOT_111, AVAL_SLOT_112, AVAL_SLOT_113, AVAL_SLOT_114, AVAL_SLOT_115,
	AVAL_SLOT_COUNT
} aval_slot;

/* Path of a slot's term. */
const char *aval_slot_path(aval_slot slot);

/* A repeatable group at the top, e.g. BG-25.7: where its terms are, and those that rules read. */
typedef enum aval_section {
	AVAL_SECTION_ALLOWANCES, /* BG-20 */
	AVAL_SECTION_CHARGES,    /* BG-21 */
	AVAL_SECTION_BREAKDOWN,  /* BG-23 */
	AVAL_SECTION_LINES,      /* BG-25 */
	AVAL_SECTION_COUNT
} aval_section;

enum { AVAL_GROUP_TERMS = 6 };

/* Places in aval_group.term. The first three mean the same in every section. */
enum {
	AVAL_IN_AMOUNT = 0,   /* BT-92, BT-99, BT-117, BT-131 */
	AVAL_IN_CATEGORY = 1, /* BT-95, BT-102, BT-118, BT-151 */
	AVAL_IN_RATE = 2,     /* BT-96, BT-103, BT-119, BT-152 */
	AVAL_IN_BASE = 3,     /* BT-116 */
	AVAL_IN_QUANTITY = 3, /* BT-129 */
	AVAL_IN_PRICE = 4,    /* BT-146 */
	AVAL_IN_PER = 5       /* BT-149 */
};

/* A term's path in brief: paths are taken apart once, and read often. */
typedef struct aval_term_key {
	uint32_t index;  /* of the group at the top */
	uint16_t number; /* of the term; 0 where the path is none */
	uint16_t inner;  /* number of the group below the one at the top, or 0 */
	uint8_t  step_count;
} aval_term_key;

typedef struct aval_group {
	aval_section     section;
	uint32_t         index; /* from 1 */
	const aval_term *begin, *end;
	const aval_term_key *key; /* of begin */
	const aval_term *term[AVAL_GROUP_TERMS]; /* NULL where absent */
} aval_group;

typedef struct aval_group_cursor {
	aval_section     section;
	const aval_term *next, *end;
	const aval_term_key *key; /* of next */
} aval_group_cursor;

/* A sum of amounts in both of XPath's number types. */
typedef struct aval_sum {
	size_t        count; /* groups */
	aval_decimal  exact;
	aval_binary64 binary;
	bool          unreadable; /* an amount is no decimal */
	bool          overflow;
} aval_sum;

/* What an invoice holds in one VAT category, for S, L and M at one rate. */
typedef struct aval_vat_bucket {
	aval_text    category;
	aval_decimal rate;
	aval_sum     lines, charges, allowances; /* count is that of the groups */
} aval_vat_bucket;

typedef struct aval_checker {
	const aval_check_input *in;
	bool                    is_cii;
	const aval_term        *slot[AVAL_SLOT_COUNT];
	aval_decimal            number[AVAL_SLOT_COUNT]; /* of amounts that are present and readable */
	bool                    readable[AVAL_SLOT_COUNT];
	const aval_term        *section[AVAL_SECTION_COUNT][2]; /* [begin, end) */
	aval_term_key          *keys; /* one for each term; may be NULL for the gate, which reads no groups */
	aval_vat_bucket        *buckets; /* memory for the VAT rules: one for each breakdown */
	size_t                  bucket_capacity;
	/* The sink: without findings it counts. */
	aval_finding           *findings;
	size_t                  finding_count;
	char                   *text;
	size_t                  text_len;
	bool                    has_error;
} aval_checker;

/* gather.c */
void aval_check_gather(aval_checker *c);
aval_group_cursor aval_check_groups(const aval_checker *c, aval_section section);
bool aval_check_next_group(aval_group *out, aval_group_cursor *cursor);
size_t aval_check_group_count(const aval_checker *c, aval_section section);
bool aval_check_is_vat(const aval_checker *c, const aval_group *g); /* of the breakdown */
bool aval_check_is_repeated(const aval_checker *c, aval_text path);
/* The first defect of a path, or where it would be. */
size_t aval_check_find_defect(const aval_checker *c, aval_text path);
bool aval_term_number(aval_decimal *out, const aval_term *term);
bool aval_term_is_blank(const aval_term *term); /* absent counts as blank */
aval_sum aval_check_sum(const aval_checker *c, aval_section section);
void aval_sum_add(aval_sum *sum, const aval_term *amount);

/* sink.c */
#define AVAL_ABSENT "absent"
enum { AVAL_FOUND_LEN = 256 }; /* bytes of a value that a finding quotes; longer ones are cut */
void aval_check_report(aval_checker *c, const char *rule, aval_text where, aval_text expected, aval_text found);
void aval_check_report_slot(aval_checker *c, const char *rule, aval_slot slot, const char *expected);
void aval_check_report_number(aval_checker *c, const char *rule, aval_text where, const aval_decimal *expected,
                              const aval_term *found);
aval_text aval_term_value_or_absent(const aval_term *term);

/* Path of a term of a group, there or not; out has room for AVAL_TERM_PATH_MAX_LEN. */
aval_text aval_group_path(char *out, const aval_group *group, int place);

/* check_rules.c */
const aval_rule *aval_rule_find(const char *name);

/* check_vat.c: round(|base| * (rate div 100) * 100) div 100, in decimals; false past 34 digits. */
bool aval_vat_of(aval_decimal *out, const aval_decimal *base, const aval_decimal *rate);

/* The rules themselves, in the order of the findings. */
void aval_check_totals(aval_checker *c);  /* BR-CO-10 to -16 and -18 */
void aval_check_vat(aval_checker *c);     /* BR-CO-17 */
void aval_check_vat_categories(aval_checker *c); /* BR-x-08, BR-x-09 */
void aval_check_finance(aval_checker *c); /* AVAL-* */
void aval_check_lines(aval_checker *c);   /* AVAL-LINE-NET */

#endif
