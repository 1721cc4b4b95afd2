/* SPDX-License-Identifier: Apache-2.0 */
/* What an invoice says against what its token says: docs/spec/bundle.md#ver-terms. */
#include <aval/currency.h>
#include <aval/decimal.h>

#include "invoice/finance.h"
#include "token/bundle.h"

static aval_text disclosed_qualifier(const aval_disclosed *term, const char *name)
{
	aval_text value;

	return aval_disclosed_find_qualifier(&value, term, name, NULL) == AVAL_OK ? value : (aval_text){ NULL, 0 };
}

aval_shown aval_lookup_disclosed(const void *disclosure, const char *path)
{
	aval_shown     shown = { .how = AVAL_SHOWN_NOT };
	aval_disclosed term;

	if (aval_disclosure_find(&term, disclosure, path, strlen(path), NULL) != AVAL_OK)
		return shown;
	shown.how = term.is_absent ? AVAL_SHOWN_ABSENT : AVAL_SHOWN_VALUE;
	shown.value = term.value;
	shown.currency = disclosed_qualifier(&term, "currency");
	shown.scheme = disclosed_qualifier(&term, "scheme");
	return shown;
}

static aval_text term_qualifier(const aval_term *term, const char *name)
{
	for (size_t i = 0; i < term->qualifier_count; i++)
		if (aval_text_equal_z(term->qualifiers[i].name, name))
			return term->qualifiers[i].value;
	return (aval_text){ NULL, 0 };
}

aval_shown aval_lookup_invoice(const void *invoice, const char *path)
{
	const aval_term *term = aval_invoice_find(invoice, path, strlen(path));

	if (term == NULL)
		return (aval_shown){ .how = AVAL_SHOWN_ABSENT };
	return (aval_shown){ AVAL_SHOWN_VALUE, term->value, term_qualifier(term, "currency"),
		             term_qualifier(term, "scheme") };
}

/* One term that is shown: AVAL_OK if it agrees, AVAL_E_NOT_FOUND if that is not established. */
typedef aval_status (*judge)(const aval_issue *issue, const aval_shown *shown, bool is_accepted,
                             aval_error *err);

static aval_status judge_type(const aval_issue *issue, const aval_shown *shown, bool is_accepted,
                              aval_error *err)
{
	aval_document_kind kind = aval_document_kind_of(shown->value);

	(void)issue;
	(void)is_accepted;
	if (shown->how == AVAL_SHOWN_ABSENT)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-3", "the invoice has no type");
	if (kind == AVAL_DOCUMENT_CREDIT_NOTE)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-3", "the invoice is a credit note");
	if (kind != AVAL_DOCUMENT_INVOICE && kind != AVAL_DOCUMENT_FACTORED)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-3", "the type is not that of a claim");
	return AVAL_OK;
}

static aval_status judge_currency(const aval_issue *issue, const aval_shown *shown, bool is_accepted,
                                  aval_error *err)
{
	(void)is_accepted;
	if (shown->how == AVAL_SHOWN_ABSENT)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-5", "the invoice has no currency");
	if (!aval_text_equal(shown->value, issue->currency))
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-5",
		                 "the invoice is in another currency than the token");
	return AVAL_OK;
}

static aval_status judge_amount(const aval_issue *issue, const aval_shown *shown, bool is_accepted,
                                aval_error *err)
{
	aval_decimal amount;
	unsigned     exponent;
	int64_t      minor;

	(void)is_accepted;
	if (shown->how == AVAL_SHOWN_ABSENT)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-115", "the invoice has no amount due");
	if (shown->currency.len > 0 && !aval_text_equal(shown->currency, issue->currency))
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-115", "the amount due is in another currency");
	if (aval_currency_exponent(&exponent, issue->currency.data, issue->currency.len, NULL) != AVAL_OK)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-5", "the currency has no minor units");
	if (aval_decimal_parse(&amount, shown->value.data, shown->value.len, NULL) != AVAL_OK)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-115", "the amount due is no decimal number");
	if (aval_decimal_to_minor(&minor, &amount, exponent, NULL) != AVAL_OK)
		return aval_fail(err, AVAL_E_TOKEN_TERMS, "BT-115",
		                 "the amount due is no number of minor units");
	if (issue->face_minor > minor)
		return aval_fail(err, AVAL_E_TOKEN_FACE, "BT-115", "the face is above the amount due");
	return AVAL_OK;
}

/* An invoice with an empty due date has none. */
static aval_status judge_due_date(const aval_issue *issue, const aval_shown *shown, bool is_accepted,
                                  aval_error *err)
{
	bool is_given = shown->how == AVAL_SHOWN_VALUE && shown->value.len > 0;

	if (issue->due_mark == AVAL_DUE_AGREED && is_given)
		return aval_fail(err, AVAL_E_TOKEN_DUE_DATE, "BT-9",
		                 "the due date is agreed, but the invoice has one");
	if (issue->due_mark == AVAL_DUE_AGREED && !is_accepted)
		return aval_fail(err, AVAL_E_NOT_FOUND, "BT-9",
		                 "the debtor has not accepted the agreed due date");
	if (issue->due_mark == AVAL_DUE_AGREED)
		return AVAL_OK;
	if (!is_given)
		return aval_fail(err, AVAL_E_TOKEN_DUE_DATE, "BT-9", "the invoice has no due date");
	if (!aval_text_equal(shown->value, issue->due_date))
		return aval_fail(err, AVAL_E_TOKEN_DUE_DATE, "BT-9", "the invoice has another due date");
	return AVAL_OK;
}

static const struct rule {
	const char *path;
	judge       judge;
} rules[] = {
	{ "BT-3", judge_type },
	{ "BT-5", judge_currency },
	{ "BT-115", judge_amount },
	{ "BT-9", judge_due_date },
};

static aval_status apply_rule(const struct rule *rule, const aval_issue *issue, const aval_shown *shown,
                              bool is_accepted, aval_error *err)
{
	if (shown->how == AVAL_SHOWN_NOT)
		return aval_fail(err, AVAL_E_NOT_FOUND, rule->path, "the term is not shown");
	return rule->judge(issue, shown, is_accepted, err);
}

aval_status aval_terms_compare(const aval_issue *issue, aval_term_lookup lookup, const void *from,
                               bool is_accepted, aval_error *err)
{
	aval_error lacking = AVAL_ERROR_INIT;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		aval_shown  shown = lookup(from, rules[i].path);
		aval_error  why = AVAL_ERROR_INIT;
		aval_status status = apply_rule(&rules[i], issue, &shown, is_accepted, &why);

		if (status == AVAL_E_NOT_FOUND && lacking.status == AVAL_OK)
			lacking = why;
		else if (status != AVAL_OK && status != AVAL_E_NOT_FOUND)
			return aval_fail(err, why.status, why.where, why.reason);
	}
	return lacking.status == AVAL_OK ? AVAL_OK
	                                 : aval_fail(err, lacking.status, lacking.where, lacking.reason);
}
