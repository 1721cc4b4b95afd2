/* SPDX-License-Identifier: Apache-2.0 */
/* Document types, mandatory terms, and the gate of ISSUE. */
#include "invoice/finance.h"

#include <aval/currency.h>
#include <aval/date.h>

#include "base/base.h"

const aval_slot aval_mandatory_slots[] = {
	AVAL_SLOT_1,  AVAL_SLOT_2,  AVAL_SLOT_3,   AVAL_SLOT_5,
	AVAL_SLOT_27, AVAL_SLOT_44, AVAL_SLOT_115, AVAL_SLOT_NONE,
};

/* Code list of BT-3 in the artefacts of the rule set, invoices and credit notes. */
static const struct {
	aval_document_kind kind;
	const char        *codes; /* each between blanks */
} document_types[] = {
	{ AVAL_DOCUMENT_CREDIT_NOTE, " 81 83 261 262 296 308 381 396 420 458 502 503 532 " },
	{ AVAL_DOCUMENT_FACTORED, " 393 " },
	{ AVAL_DOCUMENT_PRO_FORMA, " 325 " },
	{ AVAL_DOCUMENT_INVOICE,
	  " 71 80 82 84 102 130 202 203 204 211 218 219 295 326 331 380 382 383 384 385 386 387 388 389 390"
	  " 394 395 456 457 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877 935 " },
};

aval_document_kind aval_document_kind_of(aval_text type_code)
{
	char padded[8] = " ";

	if (type_code.len == 0 || type_code.len > 4 || memchr(type_code.data, ' ', type_code.len) != NULL ||
	    memchr(type_code.data, '\0', type_code.len) != NULL)
		return AVAL_DOCUMENT_UNKNOWN;
	memcpy(padded + 1, type_code.data, type_code.len);
	padded[1 + type_code.len] = ' ';
	for (size_t i = 0; i < sizeof document_types / sizeof document_types[0]; i++)
		if (strstr(document_types[i].codes, padded) != NULL)
			return document_types[i].kind;
	return AVAL_DOCUMENT_UNKNOWN;
}

bool aval_is_date(aval_text value)
{
	return aval_date_check(value.data, value.len, NULL) == AVAL_OK;
}

aval_text aval_term_currency(const aval_term *term)
{
	for (size_t i = 0; term != NULL && i < term->qualifier_count; i++)
		if (aval_text_equal_z(term->qualifiers[i].name, "currency"))
			return term->qualifiers[i].value;
	return (aval_text){ NULL, 0 };
}

static aval_status refuse(aval_error *err, aval_status status, aval_slot slot, const char *reason)
{
	return aval_fail(err, status, aval_slot_path(slot), reason);
}

/* 1. Not a credit note. */
static aval_status check_kind(const aval_checker *c, aval_error *err)
{
	const aval_term *type = c->slot[AVAL_SLOT_3];

	if (c->in->syntax == AVAL_INVOICE_UBL_CREDIT_NOTE)
		return refuse(err, AVAL_E_INVOICE_CREDIT_NOTE, AVAL_SLOT_3, "the document is a CreditNote");
	if (type != NULL && aval_document_kind_of(type->value) == AVAL_DOCUMENT_CREDIT_NOTE)
		return refuse(err, AVAL_E_INVOICE_CREDIT_NOTE, AVAL_SLOT_3,
		              "the type code is that of a credit note");
	return AVAL_OK;
}

static bool is_repeated(const aval_checker *c, aval_slot slot)
{
	return aval_check_is_repeated(c, aval_text_z(aval_slot_path(slot)));
}

/* The import finds a currency other than the invoice's wrong too; that has a rule of its own. */
bool aval_has_form_defect(const aval_checker *c, size_t first, const aval_term *term)
{
	size_t count = 0;

	for (size_t i = first; i < c->in->defect_count; i++) {
		if (!aval_text_equal(c->in->defects[i].path, term->path))
			break;
		count += c->in->defects[i].status == AVAL_E_INVOICE_TERM_VALUE;
	}
	return count > (aval_term_currency(term).len > 0 ? 1u : 0u);
}

static bool is_doubtful(const aval_checker *c, aval_slot slot)
{
	return c->slot[slot] != NULL &&
	       aval_has_form_defect(c, aval_check_find_defect(c, c->slot[slot]->path), c->slot[slot]);
}

/* 2. Nothing that the token depends on stands twice. */
static aval_status check_repeats(const aval_checker *c, aval_error *err)
{
	for (const aval_slot *slot = aval_mandatory_slots; *slot != AVAL_SLOT_NONE; slot++)
		if (is_repeated(c, *slot))
			return refuse(err, AVAL_E_INVOICE_TERM_REPEATED, *slot,
			              "the term stands more than once");
	if (is_repeated(c, AVAL_SLOT_9))
		return refuse(err, AVAL_E_INVOICE_TERM_REPEATED, AVAL_SLOT_9,
		              "there is more than one due date");
	return AVAL_OK;
}

/* 3. Everything that it depends on is there. */
static aval_status check_presence(const aval_checker *c, aval_error *err)
{
	for (const aval_slot *slot = aval_mandatory_slots; *slot != AVAL_SLOT_NONE; slot++)
		if (aval_term_is_blank(c->slot[*slot]))
			return refuse(err, AVAL_E_INVOICE_TERM_MISSING, *slot,
			              "a mandatory term is absent or empty");
	if (aval_term_is_blank(c->slot[AVAL_SLOT_9]) && aval_term_is_blank(c->slot[AVAL_SLOT_20]))
		return refuse(err, AVAL_E_INVOICE_TERM_MISSING, AVAL_SLOT_9,
		              "neither a due date nor payment terms");
	return AVAL_OK;
}

/* 4. The currency has minor units, and the amount due is in it. */
static aval_status check_currency(aval_financing *f, const aval_checker *c, aval_error *err)
{
	aval_text   code = c->slot[AVAL_SLOT_5]->value, of_amount = aval_term_currency(c->slot[AVAL_SLOT_115]);
	aval_error  inner = AVAL_ERROR_INIT;
	aval_status status = aval_currency_exponent(&f->exponent, code.data, code.len, &inner);

	if (status != AVAL_OK)
		return refuse(err, status, AVAL_SLOT_5, inner.reason);
	if (of_amount.len > 0 && !aval_text_equal(of_amount, code))
		return refuse(err, AVAL_E_INVOICE_CURRENCY, AVAL_SLOT_115,
		              "the amount due is in another currency");
	memcpy(f->currency, code.data, AVAL_CURRENCY_LEN);
	f->currency[AVAL_CURRENCY_LEN] = '\0';
	return AVAL_OK;
}

/* 5. The type makes a claim, and dates are dates. */
static aval_status check_type_and_dates(aval_financing *f, const aval_checker *c, aval_error *err)
{
	aval_document_kind kind = aval_document_kind_of(c->slot[AVAL_SLOT_3]->value);
	const aval_term   *due = c->slot[AVAL_SLOT_9];

	if (kind == AVAL_DOCUMENT_PRO_FORMA)
		return refuse(err, AVAL_E_INVOICE_TERM_VALUE, AVAL_SLOT_3, "a pro forma invoice is no claim");
	if (kind == AVAL_DOCUMENT_UNKNOWN)
		return refuse(err, AVAL_E_INVOICE_TERM_VALUE, AVAL_SLOT_3, "not the type code of an invoice");
	if (!aval_is_date(c->slot[AVAL_SLOT_2]->value))
		return refuse(err, AVAL_E_INVOICE_TERM_VALUE, AVAL_SLOT_2, "not a calendar date");
	if (aval_term_is_blank(due))
		return AVAL_OK;
	if (!aval_is_date(due->value) || is_doubtful(c, AVAL_SLOT_9))
		return refuse(err, AVAL_E_INVOICE_TERM_VALUE, AVAL_SLOT_9, "not a calendar date");
	f->has_due_date = true;
	memcpy(f->due_date, due->value.data, sizeof f->due_date - 1);
	return AVAL_OK;
}

/* 6. The amount due is above zero and whole in minor units. */
static aval_status check_payable(aval_financing *f, const aval_checker *c, aval_error *err)
{
	aval_error  inner = AVAL_ERROR_INIT;
	aval_status status;

	if (!c->readable[AVAL_SLOT_115])
		return refuse(err, AVAL_E_INVOICE_TERM_VALUE, AVAL_SLOT_115, "not a decimal number");
	if (aval_decimal_sign(&c->number[AVAL_SLOT_115]) <= 0)
		return refuse(err, AVAL_E_INVOICE_NOT_PAYABLE, AVAL_SLOT_115,
		              "the amount due is not above zero");
	status = aval_decimal_to_minor(&f->payable_minor, &c->number[AVAL_SLOT_115], f->exponent, &inner);
	if (status != AVAL_OK)
		return refuse(err, status == AVAL_E_OVERFLOW ? status : AVAL_E_INVOICE_TERM_VALUE,
		              AVAL_SLOT_115, inner.reason);
	return AVAL_OK;
}

/* 7. No value is in doubt, as one with elements in it would be. */
static aval_status check_forms(const aval_checker *c, aval_error *err)
{
	for (const aval_slot *slot = aval_mandatory_slots; *slot != AVAL_SLOT_NONE; slot++)
		if (is_doubtful(c, *slot))
			return refuse(err, AVAL_E_INVOICE_TERM_VALUE, *slot,
			              "the value does not have the form of its term");
	return AVAL_OK;
}

aval_status aval_terms_financeable(aval_financing *out, const aval_check_input *input, aval_error *err)
{
	aval_checker   c = { .in = input };
	aval_financing f = { 0 };
	aval_status    status;

	aval_check_gather(&c);
	if ((status = check_kind(&c, err)) != AVAL_OK || (status = check_repeats(&c, err)) != AVAL_OK ||
	    (status = check_presence(&c, err)) != AVAL_OK ||
	    (status = check_currency(&f, &c, err)) != AVAL_OK ||
	    (status = check_type_and_dates(&f, &c, err)) != AVAL_OK ||
	    (status = check_payable(&f, &c, err)) != AVAL_OK || (status = check_forms(&c, err)) != AVAL_OK)
		return status;
	*out = f;
	return AVAL_OK;
}
