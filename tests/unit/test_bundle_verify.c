/* SPDX-License-Identifier: Apache-2.0 */
/* Verification against the vectors: result, every verdict, and status and offset of the row that decides. */
#include <stdio.h>

#include "vectors.h"
#include "verify_fixture.h"

#include "bundle-verify.vectors.h"

typedef aval_status (*adder)(aval_policy *policy, const uint8_t *file, size_t len, aval_error *err);

static void add_files(aval_policy *policy, const struct vector_case *c, const char *list, adder add)
{
	long long count = vector_number(c, list);

	for (long long i = 0; i < count; i++) {
		char     name[32];
		size_t   len;
		uint8_t *file;

		snprintf(name, sizeof name, "%s.%lld", list, i);
		file = vector_hex(c, name, &len);
		t_ok(add(policy, file, len, err));
		free(file);
	}
}

/* What proves certificates, where the case has any. */
static void add_anchors(aval_policy *policy, const struct vector_case *c)
{
	static const char *const   names[] = { "required", "if-present", "ignored" };
	static const aval_crl_mode modes[] = { AVAL_CRL_REQUIRED, AVAL_CRL_IF_PRESENT, AVAL_CRL_IGNORED };
	size_t                     mode = 0;

	if (vector_find(c, "input.anchors") == NULL)
		return;
	add_files(policy, c, "input.anchors", aval_policy_add_anchors);
	add_files(policy, c, "input.crls", aval_policy_add_crls);
	while (mode < 3 && strcmp(vector_text(c, "input.crl_mode"), names[mode]) != 0)
		mode++;
	ck_assert_msg(mode < 3, "%s: no mode of CRLs", c->id);
	t_ok(aval_policy_set_crl_mode(policy, modes[mode], err));
}

static aval_policy *policy_of(const struct vector_case *c)
{
	aval_policy *policy = NULL;
	long long    count = vector_number(c, "input.trust");

	t_ok(aval_policy_new(&policy, NULL, err));
	for (long long i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "input.trust.%lld", i);
		t_trust(policy, vector_text(c, name));
	}
	t_without(policy, vector_text(c, "input.without"));
	if (strcmp(vector_text(c, "input.at"), "null") != 0)
		t_ok(aval_policy_set_time(policy, vector_number(c, "input.at"), err));
	add_anchors(policy, c);
	return policy;
}

static void check_row(const struct vector_case *c, const aval_report_row *row)
{
	const char *status = vector_text(c, "expect.status"), *offset = vector_text(c, "expect.offset");
	char        got[24];

	ck_assert_msg(strcmp(aval_status_name(row->status), status) == 0, "%s: %s has %s, want %s (%s: %s)",
	              c->id, aval_check_id_name(row->check), aval_status_name(row->status), status, row->where,
	              row->reason);
	snprintf(got, sizeof got, "%zu", row->offset);
	ck_assert_msg(strcmp(offset, "null") == 0 || strcmp(got, offset) == 0,
	              "%s: %s at offset %s, want %s (%s: %s)", c->id, aval_check_id_name(row->check), got,
	              offset, row->where, row->reason);
}

/* Reading alone refuses what breaks the format, keys included, and nothing else. */
static void check_parse(const struct vector_case *c, const uint8_t *bundle, size_t len)
{
	const char *row = vector_text(c, "expect.row"), *status = vector_text(c, "expect.status");
	bool        is_refused = strcmp(vector_text(c, "expect.checks.encoding"), "fail") == 0 ||
	                  strncmp(status, "AVAL_E_KEY_", 11) == 0;
	aval_bundle *parsed = NULL;
	aval_error   why = AVAL_ERROR_INIT;
	aval_status  got = aval_bundle_parse(&parsed, bundle, len, NULL, &why);

	ck_assert_msg(strcmp(aval_status_name(got), is_refused ? status : "AVAL_OK") == 0,
	              "%s (%s): read: got %s (%s: %s)", c->id, row, aval_status_name(got), why.where,
	              why.reason);
	ck_assert((parsed == NULL) == is_refused);
	aval_bundle_free(parsed);
}

START_TEST(vector)
{
	const struct vector_case *c = &bundle_verify_cases[_i];
	aval_policy              *policy = policy_of(c);
	aval_report              *report = NULL;
	const char               *result = vector_text(c, "expect.result");
	size_t                    len = 0;
	uint8_t                  *bundle = vector_hex(c, "input.bundle", &len);
	aval_error                why = AVAL_ERROR_INIT;
	aval_status               status;

	t_ok(aval_report_new(&report, NULL, err));
	status = aval_verify(report, bundle, len, policy, &why);
	ck_assert_msg(strcmp(aval_result_name(aval_report_result(report)), result) == 0,
	              "%s: got %s (%s: %s), want %s", c->id, aval_result_name(aval_report_result(report)),
	              why.where, why.reason, result);
	ck_assert_int_eq(status, strcmp(result, "valid") == 0     ? AVAL_OK
	                         : strcmp(result, "invalid") == 0 ? AVAL_E_VERIFY_INVALID
	                                                          : AVAL_E_VERIFY_INCOMPLETE);
	for (int i = 1; i <= AVAL_CHECK_COUNT; i++) {
		const aval_report_row *row = aval_report_row_of(report, (aval_check_id)i);
		char                   name[64];

		snprintf(name, sizeof name, "expect.checks.%s", aval_check_id_name((aval_check_id)i));
		ck_assert_msg(strcmp(aval_verdict_name(row->verdict), vector_text(c, name)) == 0,
		              "%s: %s is %s, want %s (%s: %s)", c->id, name, aval_verdict_name(row->verdict),
		              vector_text(c, name), row->where, row->reason);
		if (strcmp(aval_check_id_name(row->check), vector_text(c, "expect.row")) == 0)
			check_row(c, row);
	}
	check_parse(c, bundle, len);
	free(bundle);
	aval_report_free(report);
	aval_policy_free(policy);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("bundle-verify");
	TCase   *tc = tcase_create("bundle-verify");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, vector, 0, BUNDLE_VERIFY_COUNT);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
