/* SPDX-License-Identifier: Apache-2.0 */
/* Party ids: each scheme's valid form beside the nearest that is not. */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include <aval/party.h>

#define KEY "key:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"

static const struct {
	const char *party;
	aval_status status;
	int         scheme;
} cases[] = {
	{ KEY "f", AVAL_OK, AVAL_PARTY_KEY },
	{ KEY, AVAL_E_PARTY_FORMAT, 0 },
	{ KEY "f0", AVAL_E_PARTY_FORMAT, 0 },
	{ KEY "F", AVAL_E_PARTY_FORMAT, 0 },
	{ KEY "g", AVAL_E_PARTY_FORMAT, 0 },
	{ "lei:5299000AVALTEST00079", AVAL_OK, AVAL_PARTY_LEI },
	{ "lei:5299000AVALTEST00078", AVAL_E_PARTY_CHECK, 0 },
	{ "lei:5299000VAALTEST00079", AVAL_E_PARTY_CHECK, 0 },
	{ "lei:5299000AVALTEST0007", AVAL_E_PARTY_FORMAT, 0 },
	{ "lei:5299000AVALTEST000790", AVAL_E_PARTY_FORMAT, 0 },
	{ "lei:5299000avaltest00079", AVAL_E_PARTY_FORMAT, 0 },
	{ "lei:5299000AVALTEST000A9", AVAL_E_PARTY_FORMAT, 0 },
	{ "vat:DE123456789", AVAL_OK, AVAL_PARTY_VAT },
	{ "vat:AT12", AVAL_OK, AVAL_PARTY_VAT },
	{ "vat:AT1", AVAL_E_PARTY_FORMAT, 0 },
	{ "vat:DE123456789012", AVAL_OK, AVAL_PARTY_VAT },
	{ "vat:DE1234567890123", AVAL_E_PARTY_FORMAT, 0 },
	{ "vat:de123456789", AVAL_E_PARTY_FORMAT, 0 },
	{ "vat:1E123456789", AVAL_E_PARTY_FORMAT, 0 },
	{ "vat:DE 123456789", AVAL_E_PARTY_FORMAT, 0 },
	{ "iso6523:0088:7300010000001", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:9930:de123", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:0002:1", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:0001:1", AVAL_E_PARTY_SCHEME, 0 },
	{ "iso6523:0091:1", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:0092:1", AVAL_E_PARTY_SCHEME, 0 },
	{ "iso6523:0180:1", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:0182:1", AVAL_E_PARTY_SCHEME, 0 },
	{ "iso6523:0183:1", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:0248:1", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:0249:1", AVAL_E_PARTY_SCHEME, 0 },
	{ "iso6523:9909:1", AVAL_E_PARTY_SCHEME, 0 },
	{ "iso6523:9959:1", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:9999:1", AVAL_E_PARTY_SCHEME, 0 },
	{ "iso6523:0088:", AVAL_E_PARTY_FORMAT, 0 },
	{ "iso6523:088:7300010000001", AVAL_E_PARTY_FORMAT, 0 },
	{ "iso6523:008A:7300010000001", AVAL_E_PARTY_FORMAT, 0 },
	{ "iso6523:0088:73000 0000001", AVAL_E_PARTY_FORMAT, 0 },
	{ "iso6523:0088:12345678901234567890123456789012345678901234567890", AVAL_OK, AVAL_PARTY_ISO6523 },
	{ "iso6523:0088:123456789012345678901234567890123456789012345678901", AVAL_E_PARTY_FORMAT, 0 },
	{ "uscc:91310000MA1FLAWX0U", AVAL_OK, AVAL_PARTY_USCC },
	{ "uscc:91310000MA1FLAWX0T", AVAL_E_PARTY_CHECK, 0 },
	{ "uscc:91310000MA1FALWX0U", AVAL_E_PARTY_CHECK, 0 },
	{ "uscc:91310000MA1FLAWX0", AVAL_E_PARTY_FORMAT, 0 },
	{ "uscc:91310000MA1FLAWX0U0", AVAL_E_PARTY_FORMAT, 0 },
	{ "uscc:91310000MA1FLAWI0U", AVAL_E_PARTY_FORMAT, 0 },
	{ "uscc:9131A000MA1FLAWX0U", AVAL_E_PARTY_FORMAT, 0 },
	{ "", AVAL_E_PARTY_FORMAT, 0 },
	{ "key", AVAL_E_PARTY_FORMAT, 0 },
	{ "KEY:00", AVAL_E_PARTY_FORMAT, 0 },
	{ "duns:123456789", AVAL_E_PARTY_FORMAT, 0 },
};

START_TEST(test_party)
{
	aval_party_scheme scheme = 0;
	aval_error        err = AVAL_ERROR_INIT;
	aval_status       status = aval_party_check(&scheme, cases[_i].party, strlen(cases[_i].party), &err);

	ck_assert_msg(status == cases[_i].status, "%s: got %s, want %s (%s)", cases[_i].party,
	              aval_status_name(status), aval_status_name(cases[_i].status), err.reason);
	ck_assert_int_eq(scheme, cases[_i].scheme);
}
END_TEST

/* The whole list by its count, so that none slips in or out. */
START_TEST(test_schemes)
{
	unsigned count = 0;

	for (unsigned scheme = 0; scheme <= 9999; scheme++) {
		char party[32];

		snprintf(party, sizeof party, "iso6523:%04u:1", scheme);
		count += aval_party_check(NULL, party, strlen(party), NULL) == AVAL_OK;
	}
	ck_assert_uint_eq(count, 284);
	ck_assert_str_eq(aval_party_iso6523_list(), "EN16931-1.3.16");
}
END_TEST

START_TEST(test_bounds)
{
	char long_party[AVAL_PARTY_MAX_LEN + 1];

	memset(long_party, '1', sizeof long_party);
	memcpy(long_party, "iso6523:0088:", 13);
	ck_assert_int_eq(aval_party_check(NULL, long_party, sizeof long_party, NULL), AVAL_E_PARTY_FORMAT);
	ck_assert_int_eq(aval_party_check(NULL, "", 0, NULL), AVAL_E_PARTY_FORMAT);
	ck_assert_int_eq(aval_party_check(NULL, "vat:DE1\0003", 9, NULL), AVAL_E_PARTY_FORMAT);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("party");
	TCase   *tcase = tcase_create("party");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_party, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, test_schemes);
	tcase_add_test(tcase, test_bounds);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
