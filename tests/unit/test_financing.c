/* SPDX-License-Identifier: Apache-2.0 */
/* The gate of ISSUE: what it takes over from an invoice, and each of its refusals. */
#include "check_fixture.h"

static const struct {
	const char *name;
	const char *edits;
	aval_status status;
	const char *where;
	const char *reason;
} refusals[] = {
	{ "a CreditNote", "cn", AVAL_E_INVOICE_CREDIT_NOTE, "BT-3", "the document is a CreditNote" },
	{ "type 381", "BT-3=381", AVAL_E_INVOICE_CREDIT_NOTE, "BT-3",
	  "the type code is that of a credit note" },
	{ "type 396", "BT-3=396", AVAL_E_INVOICE_CREDIT_NOTE, "BT-3",
	  "the type code is that of a credit note" },
	{ "type 532", "cii BT-3=532", AVAL_E_INVOICE_CREDIT_NOTE, "BT-3",
	  "the type code is that of a credit note" },
	{ "two amounts due", "again:BT-115=300", AVAL_E_INVOICE_TERM_REPEATED, "BT-115",
	  "the term stands more than once" },
	{ "two numbers", "again:BT-1=X", AVAL_E_INVOICE_TERM_REPEATED, "BT-1",
	  "the term stands more than once" },
	{ "two currencies", "again:BT-5=EUR", AVAL_E_INVOICE_TERM_REPEATED, "BT-5",
	  "the term stands more than once" },
	{ "two due dates", "again:BT-9=2031-04-30", AVAL_E_INVOICE_TERM_REPEATED, "BT-9",
	  "there is more than one due date" },
	{ "no number", "-BT-1", AVAL_E_INVOICE_TERM_MISSING, "BT-1", "a mandatory term is absent or empty" },
	{ "a blank number", "BT-1=_", AVAL_E_INVOICE_TERM_MISSING, "BT-1",
	  "a mandatory term is absent or empty" },
	{ "no date of issue", "-BT-2", AVAL_E_INVOICE_TERM_MISSING, "BT-2",
	  "a mandatory term is absent or empty" },
	{ "no type", "-BT-3", AVAL_E_INVOICE_TERM_MISSING, "BT-3", "a mandatory term is absent or empty" },
	{ "no currency", "-BT-5", AVAL_E_INVOICE_TERM_MISSING, "BT-5", "a mandatory term is absent or empty" },
	{ "no seller", "-BT-27", AVAL_E_INVOICE_TERM_MISSING, "BT-27", "a mandatory term is absent or empty" },
	{ "no buyer", "-BT-44", AVAL_E_INVOICE_TERM_MISSING, "BT-44", "a mandatory term is absent or empty" },
	{ "no amount due", "-BT-115", AVAL_E_INVOICE_TERM_MISSING, "BT-115",
	  "a mandatory term is absent or empty" },
	{ "no due date and no terms", "-BT-9 -BT-20", AVAL_E_INVOICE_TERM_MISSING, "BT-9",
	  "neither a due date nor payment terms" },
	{ "an unknown currency", "BT-5=BTC", AVAL_E_INVOICE_CURRENCY, "BT-5",
	  "not an active code of ISO 4217" },
	{ "a currency without minor units", "BT-5=XDR", AVAL_E_INVOICE_CURRENCY, "BT-5",
	  "the currency has no minor unit" },
	{ "a currency of four letters", "BT-5=EURO", AVAL_E_INVOICE_CURRENCY, "BT-5",
	  "a currency code has three letters" },
	{ "an amount due in another currency", "BT-115@currency=USD", AVAL_E_INVOICE_CURRENCY, "BT-115",
	  "the amount due is in another currency" },
	{ "a pro forma invoice", "BT-3=325", AVAL_E_INVOICE_TERM_VALUE, "BT-3",
	  "a pro forma invoice is no claim" },
	{ "a type that is none", "BT-3=999", AVAL_E_INVOICE_TERM_VALUE, "BT-3",
	  "not the type code of an invoice" },
	{ "a date of issue that is none", "BT-2=2031-13-01", AVAL_E_INVOICE_TERM_VALUE, "BT-2",
	  "not a calendar date" },
	{ "a due date that is none", "BT-9=2031-02-29", AVAL_E_INVOICE_TERM_VALUE, "BT-9",
	  "not a calendar date" },
	{ "an amount due that is no number", "BT-115=3e2", AVAL_E_INVOICE_TERM_VALUE, "BT-115",
	  "not a decimal number" },
	{ "nothing due", "BT-115=0", AVAL_E_INVOICE_NOT_PAYABLE, "BT-115", "the amount due is not above zero" },
	{ "less than nothing due", "BT-115=-0.01", AVAL_E_INVOICE_NOT_PAYABLE, "BT-115",
	  "the amount due is not above zero" },
	{ "half a cent", "BT-115=300.005", AVAL_E_INVOICE_TERM_VALUE, "BT-115",
	  "finer than the currency's minor unit" },
	{ "half a yen", "BT-5=JPY BT-115=300.5", AVAL_E_INVOICE_TERM_VALUE, "BT-115",
	  "finer than the currency's minor unit" },
	{ "2^63 cents", "BT-115=92233720368547758.08", AVAL_E_OVERFLOW, "BT-115",
	  "outside 64 bits of minor units" },
	{ "2^63 yen", "BT-5=JPY BT-115=9223372036854775808", AVAL_E_OVERFLOW, "BT-115",
	  "outside 64 bits of minor units" },
	{ "an amount due with elements in it", "doubt:BT-115", AVAL_E_INVOICE_TERM_VALUE, "BT-115",
	  "the value does not have the form of its term" },
	{ "a number with elements in it", "doubt:BT-1", AVAL_E_INVOICE_TERM_VALUE, "BT-1",
	  "the value does not have the form of its term" },
	{ "a due date in doubt", "doubt:BT-9", AVAL_E_INVOICE_TERM_VALUE, "BT-9", "not a calendar date" },
	/* Of several reasons the first. */
	{ "a credit note with two amounts", "cn again:BT-115=1 -BT-1", AVAL_E_INVOICE_CREDIT_NOTE, "BT-3",
	  "the document is a CreditNote" },
	{ "two amounts and no number", "again:BT-115=1 -BT-1", AVAL_E_INVOICE_TERM_REPEATED, "BT-115",
	  "the term stands more than once" },
};

START_TEST(refuses)
{
	static struct fixture f;
	aval_financing        out;
	unsigned char         before[sizeof out];
	aval_error            err = AVAL_ERROR_INIT;
	aval_status           status;

	memset(&out, 0x5A, sizeof out);
	memcpy(before, &out, sizeof out);
	fixture_init(&f, refusals[_i].edits);
	status = aval_terms_financeable(&out, &f.input, &err);
	ck_assert_msg(status == refusals[_i].status, "%s: got %s, want %s (%s)", refusals[_i].name,
	              aval_status_name(status), aval_status_name(refusals[_i].status), err.reason);
	ck_assert_msg(strcmp(err.where, refusals[_i].where) == 0, "%s: where %s", refusals[_i].name, err.where);
	ck_assert_msg(strcmp(err.reason, refusals[_i].reason) == 0, "%s: reason %s", refusals[_i].name,
	              err.reason);
	ck_assert_int_eq(memcmp(before, &out, sizeof out), 0);
	ck_assert_int_eq(aval_terms_financeable(&out, &f.input, NULL), status);
}
END_TEST

static const struct {
	const char *name;
	const char *edits;
	int64_t     payable_minor;
	const char *currency;
	unsigned    exponent;
	const char *due_date;
} accepted[] = {
	{ "the base invoice", "", 30000, "EUR", 2, "2031-03-31" },
	{ "CII", "cii", 30000, "EUR", 2, "2031-03-31" },
	{ "payment terms only", "-BT-9", 30000, "EUR", 2, "" },
	{ "a blank due date and terms", "BT-9=", 30000, "EUR", 2, "" },
	{ "a due date only", "-BT-20", 30000, "EUR", 2, "2031-03-31" },
	{ "yen", "BT-5=JPY", 300, "JPY", 0, "2031-03-31" },
	{ "rials", "BT-5=OMR BT-115=300.001", 300001, "OMR", 3, "2031-03-31" },
	{ "units of account", "BT-5=CLF BT-115=0.0001", 1, "CLF", 4, "2031-03-31" },
	{ "one cent", "BT-115=0.01", 1, "EUR", 2, "2031-03-31" },
	{ "trailing zeros", "BT-115=300.1000", 30010, "EUR", 2, "2031-03-31" },
	{ "the highest amount", "BT-115=92233720368547758.07", INT64_MAX, "EUR", 2, "2031-03-31" },
	{ "a corrected invoice", "BT-3=384", 30000, "EUR", 2, "2031-03-31" },
	{ "a factored invoice, which is a warning", "BT-3=393", 30000, "EUR", 2, "2031-03-31" },
	{ "sums that are wrong, which the checks tell", "BT-112=1", 30000, "EUR", 2, "2031-03-31" },
	{ "no lines, no breakdown", "-BG-25 -BG-23 -BG-20 -BG-21", 30000, "EUR", 2, "2031-03-31" },
	{ "two of what the token does not depend on", "again:BT-20=X again:BT-112=5", 30000, "EUR", 2,
	  "2031-03-31" },
	{ "a line in another currency, which the checks tell", "BG-25.1/BT-131@currency=USD", 30000, "EUR", 2,
	  "2031-03-31" },
	{ "doubt about what the token does not depend on", "doubt:BT-112", 30000, "EUR", 2, "2031-03-31" },
};

START_TEST(accepts)
{
	static struct fixture f;
	aval_financing        out = { 0 };
	aval_error            err = AVAL_ERROR_INIT;
	aval_status           status;

	fixture_init(&f, accepted[_i].edits);
	status = aval_terms_financeable(&out, &f.input, &err);
	ck_assert_msg(status == AVAL_OK, "%s: %s at %s (%s)", accepted[_i].name, aval_status_name(status),
	              err.where, err.reason);
	ck_assert_msg(out.payable_minor == accepted[_i].payable_minor, "%s: %lld", accepted[_i].name,
	              (long long)out.payable_minor);
	ck_assert_str_eq(out.currency, accepted[_i].currency);
	ck_assert_uint_eq(out.exponent, accepted[_i].exponent);
	ck_assert_str_eq(out.due_date, accepted[_i].due_date);
	ck_assert_int_eq(out.has_due_date, accepted[_i].due_date[0] != '\0');
}
END_TEST

/* A type code that begins like one of the list, and has a NUL byte in it. */
START_TEST(nul_in_type_code)
{
	static struct fixture f;
	aval_financing        out = { 0 };

	fixture_init(&f, "");
	fixture_find(&f, aval_text_z("BT-3"))->value = (aval_text){ "38\0", 3 };
	ck_assert_int_eq(aval_terms_financeable(&out, &f.input, NULL), AVAL_E_INVOICE_TERM_VALUE);
	fixture_find(&f, aval_text_z("BT-3"))->value = (aval_text){ "\0", 1 };
	ck_assert_int_eq(aval_terms_financeable(&out, &f.input, NULL), AVAL_E_INVOICE_TERM_VALUE);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("financing");
	TCase   *tcase = tcase_create("financing");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, refuses, 0, sizeof refusals / sizeof refusals[0]);
	tcase_add_test(tcase, nul_in_type_code);
	tcase_add_loop_test(tcase, accepts, 0, sizeof accepted / sizeof accepted[0]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
