/* SPDX-License-Identifier: Apache-2.0 */
/* Policies, the three-valued result that follows from rows and policy, and the names in reports. */
#include <stdio.h>
#include <stdlib.h>

#include "token/verify.h"
#include "verify_fixture.h"

/* The three-valued result, over all rows at once. */
static const struct {
	const char *name;
	const char *verdicts; /* of all rows */
	const char *without, *attested;
	bool        is_draft;
	aval_status status;
} results[] = {
	{ "all pass", "pppppppppppp", "", "", false, AVAL_OK },
	{ "a draft", "pppppppppppp", "", "", true, AVAL_E_VERIFY_INCOMPLETE },
	{ "one fails", "ppppppppppfp", "", "", false, AVAL_E_VERIFY_INVALID },
	{ "one fails that is not required", "ppppppppppfp", "duplicate", "", false, AVAL_E_VERIFY_INVALID },
	{ "one fails, one lacks", "p-ppppppppfp", "", "", false, AVAL_E_VERIFY_INVALID },
	{ "a draft fails", "pppppppfpppp", "", "", true, AVAL_E_VERIFY_INVALID },
	{ "one lacks", "ppppppppppp-", "", "", false, AVAL_E_VERIFY_INCOMPLETE },
	{ "one lacks that is not required", "ppppppppppp-", "fresh", "", false, AVAL_OK },
	{ "another lacks", "pppppppppp-p", "fresh", "", false, AVAL_E_VERIFY_INCOMPLETE },
	{ "attested is not enough", "ppppppppppap", "", "", false, AVAL_E_VERIFY_INCOMPLETE },
	{ "attested is enough", "ppppppppppap", "", "duplicate", false, AVAL_OK },
	{ "attested is enough for another", "ppppppppppap", "", "fresh", false, AVAL_E_VERIFY_INCOMPLETE },
	{ "attested is not required", "ppppppppppap", "duplicate", "", false, AVAL_OK },
	{ "attested is enough, nothing was said", "pppppppppp-p", "", "duplicate", false,
	  AVAL_E_VERIFY_INCOMPLETE },
	{ "nothing was checked", "------------", "", "", false, AVAL_E_VERIFY_INCOMPLETE },
};

START_TEST(result_table)
{
	aval_policy *policy = NULL;
	aval_report *report = NULL;
	aval_error   failed = { sizeof failed, AVAL_E_IO, 7, "where", "reason", 0 };
	aval_status  status;

	t_ok(aval_policy_new(&policy, NULL, err));
	t_ok(aval_report_new(&report, NULL, err));
	t_without(policy, results[_i].without);
	if (results[_i].attested[0] != '\0') {
		aval_check_id check = 0;

		t_ok(aval_check_id_parse(&check, results[_i].attested, strlen(results[_i].attested), err));
		t_ok(aval_policy_accept_attested(policy, check, err));
		ck_assert(aval_policy_is_attested_enough(policy, check));
	}
	aval_report_clear(report, policy);
	for (int i = 1; i <= AVAL_CHECK_COUNT; i++) {
		char letter = results[_i].verdicts[i - 1];

		if (letter == 'f')
			aval_report_fail(report, (aval_check_id)i, &failed);
		else if (letter != '-')
			aval_report_pass(report, (aval_check_id)i);
		if (letter == 'a')
			aval_report_row_at(report, (aval_check_id)i)->verdict = AVAL_VERDICT_ATTESTED;
	}
	status = aval_report_conclude(report, results[_i].is_draft, NULL);
	ck_assert_msg(status == results[_i].status, "%s: got %s, want %s", results[_i].name,
	              aval_status_name(status), aval_status_name(results[_i].status));
	aval_report_free(report);
	aval_policy_free(policy);
}
END_TEST

static const struct {
	const char *key; /* its last digit; the rest is zeros */
	const char *party;
	aval_status status;
	size_t      count; /* of trusted keys afterwards */
} trusted[] = {
	{ "2", "", AVAL_OK, 1 },
	{ "2", "", AVAL_OK, 1 },
	{ "2", "vat:DE100000001", AVAL_OK, 2 },
	{ "1", "vat:DE100000001", AVAL_OK, 3 },
	{ "2", "vat:DE100000001", AVAL_OK, 3 },
	{ "2", "vat:DE100000002", AVAL_OK, 4 },
	{ "2", "vat:D", AVAL_E_PARTY_FORMAT, 4 },
	{ "2", "lei:5299000AVALTEST00078", AVAL_E_PARTY_CHECK, 4 },
	{ "2", "key:0000000000000000000000000000000000000000000000000000000000000002", AVAL_OK, 4 },
	{ "3", "key:0000000000000000000000000000000000000000000000000000000000000003", AVAL_OK, 5 },
	{ "3", "key:0000000000000000000000000000000000000000000000000000000000000002", AVAL_E_SIGNER_KEY, 5 },
};

START_TEST(policies_remember)
{
	static const char expect[] = "1=vat:DE100000001 2= 2=vat:DE100000001 2=vat:DE100000002 3= ";
	char              got[256] = "";
	aval_policy      *policy = NULL;

	t_ok(aval_policy_new(&policy, NULL, err));
	for (size_t i = 0; i < sizeof trusted / sizeof *trusted; i++) {
		uint8_t     key32[32] = { 0 };
		aval_error  why = AVAL_ERROR_INIT;
		aval_status status;

		key32[31] = (uint8_t)(trusted[i].key[0] - '0');
		status = aval_policy_trust_key(policy, key32, trusted[i].party, strlen(trusted[i].party), &why);
		ck_assert_msg(status == trusted[i].status, "row %zu: got %s (%s)", i, aval_status_name(status),
		              why.reason);
		ck_assert_uint_eq(aval_policy_trusted_key_count(policy), trusted[i].count);
	}
	for (size_t i = 0; i < aval_policy_trusted_key_count(policy); i++) {
		aval_trusted_key key = aval_policy_trusted_key(policy, i);

		snprintf(got + strlen(got), sizeof got - strlen(got), "%d=%.*s ", key.thumbprint32[31],
		         (int)key.party.len, key.party.data);
	}
	ck_assert_str_eq(got, expect);
	ck_assert_ptr_null(aval_policy_trusted_key(policy, 5).thumbprint32);
	ck_assert_int_eq(aval_policy_without(policy, (aval_check_id)0, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_policy_without(policy, (aval_check_id)13, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_policy_accept_attested(policy, (aval_check_id)-1, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_policy_set_time(policy, -2, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_policy_time(policy), AVAL_TIME_NONE);
	ck_assert(!aval_policy_is_required(policy, (aval_check_id)0));
	ck_assert(aval_policy_is_required(policy, AVAL_CHECK_FRESH));
	aval_policy_free(policy);
	aval_policy_free(NULL);
}
END_TEST

START_TEST(names_are_stable)
{
	aval_check_id check = 0;

	for (int i = 1; i <= AVAL_CHECK_COUNT; i++) {
		const char *name = aval_check_id_name((aval_check_id)i);

		t_ok(aval_check_id_parse(&check, name, strlen(name), err));
		ck_assert_int_eq(check, i);
		ck_assert_int_eq(aval_check_id_parse(&check, name, strlen(name) - 1, NULL), AVAL_E_NOT_FOUND);
	}
	ck_assert_str_eq(aval_check_id_name(AVAL_CHECK_ENCODING), "encoding");
	ck_assert_str_eq(aval_check_id_name(AVAL_CHECK_FRESH), "fresh");
	ck_assert_str_eq(aval_check_id_name((aval_check_id)0), "");
	ck_assert_str_eq(aval_check_id_name((aval_check_id)13), "");
	ck_assert_str_eq(aval_verdict_name(AVAL_VERDICT_NOT_CHECKED), "not checked");
	ck_assert_str_eq(aval_verdict_name(AVAL_VERDICT_ATTESTED), "attested");
	ck_assert_str_eq(aval_verdict_name((aval_verdict)4), "");
	ck_assert_str_eq(aval_result_name(AVAL_RESULT_INVALID), "invalid");
	ck_assert_str_eq(aval_result_name((aval_result)3), "");
	ck_assert_str_eq(aval_report_kind_name((aval_report_kind)0), "");
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("policy");
	TCase   *tc = tcase_create("policy");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, result_table, 0, (int)(sizeof results / sizeof *results));
	tcase_add_test(tc, policies_remember);
	tcase_add_test(tc, names_are_stable);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
