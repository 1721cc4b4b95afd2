/* SPDX-License-Identifier: Apache-2.0 */
/* The financing rules, AVAL-*: what a token needs of an invoice, and what a financier would want to be told. */
#include <aval/currency.h>

#include "base/base.h"
#include "invoice/finance.h"

static aval_text value_of(const aval_checker *c, aval_slot slot)
{
	return c->slot[slot] != NULL ? c->slot[slot]->value : (aval_text){ NULL, 0 };
}

/* Terms whose value is a number, wherever they stand. */
static bool is_number_term(uint32_t number)
{
	static const uint8_t numbers[] = { 92, 93, 94, 96, 99, 100, 101, 103, 106, 107, 108, 109, 110, 111,
		                           112, 113, 114, 115, 116, 117, 119, 129, 131, 136, 137, 138, 141, 142,
		                           143, 146, 147, 148, 149, 152 };

	return number <= UINT8_MAX && memchr(numbers, (int)number, sizeof numbers) != NULL;
}

static bool is_date_term(uint32_t number)
{
	return number == 2 || number == 7 || number == 9 || number == 26 || number == 72 || number == 73 ||
	       number == 74 || number == 134 || number == 135;
}

/* What a term's value must be: a number, a date, or whatever the import knows. */
static const char *form_of(const aval_checker *c, const aval_term *term, bool *holds_out)
{
	uint32_t     number = c->keys[term - c->in->terms].number;
	aval_decimal value;

	*holds_out = true;
	if (is_number_term(number)) {
		*holds_out = aval_term_number(&value, term);
		return "a decimal of at most 34 digits";
	}
	if (is_date_term(number)) {
		*holds_out = aval_is_date(term->value);
		return "a calendar date";
	}
	return "a value of the term's form";
}

static void check_values(aval_checker *c)
{
	for (size_t i = 0; i < c->in->count; i++) {
		const aval_term *term = &c->in->terms[i];
		bool             holds;
		const char      *form = form_of(c, term, &holds);

		if (!holds)
			aval_check_report(c, "AVAL-VALUE", term->path, aval_text_z(form), term->value);
		if (aval_term_currency(term).len > 0 && !aval_term_is_blank(c->slot[AVAL_SLOT_5]))
			aval_check_report(c, "AVAL-CURRENCY-MIXED", term->path, value_of(c, AVAL_SLOT_5),
			                  aval_term_currency(term));
	}
}

static const aval_term *find_term(const aval_checker *c, aval_text path)
{
	size_t low = 0, high = c->in->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int    order = aval_term_path_compare(path, c->in->terms[middle].path);

		if (order == 0)
			return &c->in->terms[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* A defect of the import that form_of() does not see: elements in a value, a date in another format. */
static void check_form_defects(aval_checker *c)
{
	for (size_t i = 0; i < c->in->defect_count; i++) {
		aval_text        path = c->in->defects[i].path;
		const aval_term *term = find_term(c, path);
		bool holds = false, is_first = i == 0 || !aval_text_equal(c->in->defects[i - 1].path, path);
		const char      *form = is_first && term != NULL ? form_of(c, term, &holds) : NULL;

		if (holds && aval_has_form_defect(c, i, term))
			aval_check_report(c, "AVAL-VALUE", path, aval_text_z(form), term->value);
	}
}

/* The value of a repeated term's further occurrence, which the import lists as unmapped. */
static aval_text repeated_value(const aval_checker *c, const aval_defect *defect)
{
	size_t low = 0, high = c->in->unmapped_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->in->unmapped[middle].offset < defect->offset)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < c->in->unmapped_count && c->in->unmapped[low].offset == defect->offset; low++)
		if (c->in->unmapped[low].reason == AVAL_UNMAPPED_REPEATED)
			return c->in->unmapped[low].value;
	return (aval_text){ NULL, 0 };
}

static void check_missing(aval_checker *c)
{
	for (const aval_slot *slot = aval_mandatory_slots; *slot != AVAL_SLOT_NONE; slot++)
		if (aval_term_is_blank(c->slot[*slot]))
			aval_check_report_slot(c, "AVAL-TERM-MISSING", *slot, "a value");
}

/* In groups, the terms that rules read. */
static bool is_read_in_group(uint32_t number)
{
	static const uint8_t numbers[] = { 92, 95, 96, 99, 102, 103, 116, 117, 118, 119,
		                           129, 131, 136, 141, 146, 149, 151, 152 };

	return number <= UINT8_MAX && memchr(numbers, (int)number, sizeof numbers) != NULL;
}

/* Terms that rules read, but for the free text BT-20; others that repeat are the import's to list. */
static bool is_read(aval_text path)
{
	aval_term_path steps;

	if (aval_term_path_parse(&steps, path.data, path.len, NULL) != AVAL_OK)
		return false;
	if (steps.step_count > 1)
		return is_read_in_group(steps.steps[steps.step_count - 1].number);
	for (int slot = AVAL_SLOT_NONE + 1; slot < AVAL_SLOT_COUNT; slot++)
		if (slot != AVAL_SLOT_20 && aval_text_equal_z(path, aval_slot_path((aval_slot)slot)))
			return true;
	return false;
}

static void check_repeated(aval_checker *c)
{
	for (size_t i = 0; i < c->in->defect_count; i++) {
		const aval_defect *defect = &c->in->defects[i];

		if (defect->status == AVAL_E_INVOICE_TERM_REPEATED && is_read(defect->path))
			aval_check_report(c, "AVAL-TERM-REPEATED", defect->path, aval_text_z("one value"),
			                  repeated_value(c, defect));
	}
}

static void check_type(aval_checker *c)
{
	aval_document_kind kind = aval_document_kind_of(value_of(c, AVAL_SLOT_3));

	if (c->in->syntax == AVAL_INVOICE_UBL_CREDIT_NOTE || kind == AVAL_DOCUMENT_CREDIT_NOTE)
		aval_check_report_slot(c, "AVAL-CREDIT-NOTE", AVAL_SLOT_3, "an invoice");
	else if (kind == AVAL_DOCUMENT_FACTORED)
		aval_check_report_slot(c, "AVAL-FACTORED", AVAL_SLOT_3, "an invoice that is not assigned yet");
	else if (kind != AVAL_DOCUMENT_INVOICE && !aval_term_is_blank(c->slot[AVAL_SLOT_3]))
		aval_check_report_slot(c, "AVAL-TYPE", AVAL_SLOT_3,
		                       "the type code of an invoice that makes a claim");
}

static void check_payable(aval_checker *c)
{
	if (!c->readable[AVAL_SLOT_115])
		return;
	if (aval_decimal_sign(&c->number[AVAL_SLOT_115]) <= 0)
		aval_check_report_slot(c, "AVAL-PAYABLE", AVAL_SLOT_115, "above 0");
	else if (aval_term_is_blank(c->slot[AVAL_SLOT_9]) && aval_term_is_blank(c->slot[AVAL_SLOT_20]))
		aval_check_report_slot(c, "AVAL-DUE", AVAL_SLOT_9,
		                       "a due date (BT-9) or payment terms (BT-20)");
}

/* Totals of the invoice's currency; BT-111 is in another one. */
static const aval_slot totals[] = { AVAL_SLOT_106, AVAL_SLOT_107, AVAL_SLOT_108, AVAL_SLOT_109, AVAL_SLOT_110,
	                            AVAL_SLOT_112, AVAL_SLOT_113, AVAL_SLOT_114, AVAL_SLOT_115 };

static void check_unit(aval_checker *c, aval_slot slot, unsigned exponent)
{
	const char *rule = slot == AVAL_SLOT_115 ? "AVAL-PAYABLE-UNIT" : "AVAL-TOTALS-UNIT";
	aval_status status;
	int64_t     minor;

	if (!c->readable[slot])
		return;
	status = aval_decimal_to_minor(&minor, &c->number[slot], exponent, NULL);
	if (status == AVAL_E_OVERFLOW && slot == AVAL_SLOT_115)
		aval_check_report_slot(c, rule, slot, "at most 9223372036854775807 minor units");
	else if (status == AVAL_E_DECIMAL_INEXACT)
		aval_check_report_slot(c, rule, slot, exponent == 0 ? "a whole number" : exponent == 2 ?
		                       "at most 2 digits after the point" : exponent == 3 ?
		                       "at most 3 digits after the point" : "at most 4 digits after the point");
}

static void check_currency(aval_checker *c)
{
	aval_text code = value_of(c, AVAL_SLOT_5);
	unsigned  exponent;

	if (aval_term_is_blank(c->slot[AVAL_SLOT_5]))
		return;
	if (aval_currency_exponent(&exponent, code.data, code.len, NULL) != AVAL_OK) {
		aval_check_report_slot(c, "AVAL-CURRENCY", AVAL_SLOT_5,
		                       "a currency of ISO 4217 with minor units");
		return;
	}
	for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++)
		check_unit(c, totals[i], exponent);
}

/* Dates in ISO form compare as their bytes do. */
static bool is_before(aval_text a, aval_text b)
{
	return aval_is_date(a) && aval_is_date(b) && memcmp(a.data, b.data, a.len) < 0;
}

static void check_dates(aval_checker *c)
{
	aval_text due = value_of(c, AVAL_SLOT_9), issued = value_of(c, AVAL_SLOT_2);

	if (is_before(due, issued))
		aval_check_report(c, "AVAL-DUE-EARLY", aval_text_z("BT-9"), issued, due);
	if (is_before(due, c->in->today))
		aval_check_report(c, "AVAL-OVERDUE", aval_text_z("BT-9"), c->in->today, due);
}

static void check_payee(aval_checker *c)
{
	if (!aval_term_is_blank(c->slot[AVAL_SLOT_59]) &&
	    !aval_text_equal(value_of(c, AVAL_SLOT_59), value_of(c, AVAL_SLOT_27)))
		aval_check_report(c, "AVAL-PAYEE", aval_text_z("BT-59"), value_of(c, AVAL_SLOT_27),
		                  value_of(c, AVAL_SLOT_59));
}

void aval_check_finance(aval_checker *c)
{
	check_values(c);
	check_form_defects(c);
	check_missing(c);
	check_repeated(c);
	check_type(c);
	check_payable(c);
	check_currency(c);
	check_dates(c);
	check_payee(c);
}
