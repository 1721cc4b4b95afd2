/* SPDX-License-Identifier: Apache-2.0 */
/* Currencies: the exponents, and that no code outside the list passes. */
#include <check.h>
#include <string.h>

#include <aval/currency.h>

static const struct {
	const char *code;
	size_t      len;
	int         exponent; /* below 0: refused */
	const char *reason;
} cases[] = {
	{ "EUR", 3, 2, "" },
	{ "USD", 3, 2, "" },
	{ "CNY", 3, 2, "" },
	{ "JPY", 3, 0, "" },
	{ "KRW", 3, 0, "" },
	{ "ISK", 3, 0, "" },
	{ "OMR", 3, 3, "" },
	{ "TND", 3, 3, "" },
	{ "CLF", 3, 4, "" },
	{ "UYW", 3, 4, "" },
	{ "AED", 3, 2, "" },
	{ "ZWG", 3, 2, "" },
	{ "MGA", 3, 2, "" },
	{ "MRU", 3, 2, "" },
	{ "XCG", 3, 2, "" },
	{ "XAF", 3, 0, "" },
	{ "XAU", 3, -1, "the currency has no minor unit" },
	{ "XDR", 3, -1, "the currency has no minor unit" },
	{ "XTS", 3, -1, "the currency has no minor unit" },
	{ "XXX", 3, -1, "the currency has no minor unit" },
	{ "DEM", 3, -1, "not an active code of ISO 4217" },
	{ "HRK", 3, -1, "not an active code of ISO 4217" },
	{ "BTC", 3, -1, "not an active code of ISO 4217" },
	{ "eur", 3, -1, "not an active code of ISO 4217" },
	{ "EUr", 3, -1, "not an active code of ISO 4217" },
	{ "EU ", 3, -1, "not an active code of ISO 4217" },
	{ "D A", 3, -1, "not an active code of ISO 4217" },
	{ "\0\0\0", 3, -1, "not an active code of ISO 4217" },
	{ "978", 3, -1, "not an active code of ISO 4217" },
	{ "EURO", 4, -1, "a currency code has three letters" },
	{ "EUR ", 4, -1, "a currency code has three letters" },
	{ "EU", 2, -1, "a currency code has three letters" },
	{ "", 0, -1, "a currency code has three letters" },
};

START_TEST(exponents)
{
	unsigned    exponent = 77;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status want = cases[_i].exponent < 0 ? AVAL_E_INVOICE_CURRENCY : AVAL_OK;
	aval_status status = aval_currency_exponent(&exponent, cases[_i].code, cases[_i].len, &err);

	ck_assert_msg(status == want, "%s: got %s (%s)", cases[_i].code, aval_status_name(status), err.reason);
	ck_assert_str_eq(err.reason, cases[_i].reason);
	ck_assert_uint_eq(exponent, want == AVAL_OK ? (unsigned)cases[_i].exponent : 77);
}
END_TEST

/* All 17,576 codes of three letters: how many pass, by exponent. */
START_TEST(no_other_code_passes)
{
	size_t count[5] = { 0 }, none = 0;

	for (int i = 0; i < 26 * 26 * 26; i++) {
		char code[4] = { (char)('A' + i / 676), (char)('A' + i / 26 % 26), (char)('A' + i % 26), 0 };
		unsigned   exponent = 0;
		aval_error err = AVAL_ERROR_INIT;

		if (aval_currency_exponent(&exponent, code, 3, &err) == AVAL_OK)
			count[exponent]++;
		else
			none += strcmp(err.reason, "the currency has no minor unit") == 0;
	}
	ck_assert_uint_eq(count[0], 17);
	ck_assert_uint_eq(count[1], 0);
	ck_assert_uint_eq(count[2], 138);
	ck_assert_uint_eq(count[3], 7);
	ck_assert_uint_eq(count[4], 2);
	ck_assert_uint_eq(none, 13);
	ck_assert_int_eq(aval_currency_exponent(NULL, "EUR", 3, NULL), AVAL_OK);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("currency");
	TCase   *tcase = tcase_create("currency");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, exponents, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, no_other_code_passes);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
