/* SPDX-License-Identifier: Apache-2.0 */
/* Verification of the sample bundle: what makes it valid, and that nothing else does. */
#include "bundle_fixture.h"

#include "failing_allocator.h"
#include "token/verify.h"

static test_world world;

static void set_up(void)
{
	t_world_init(&world);
}

static void tear_down(void)
{
	t_world_clear(&world);
}

/* Verify, and compare the result and every verdict. */
static void want(const char *name, const uint8_t *data, size_t len, const aval_policy *policy,
                 aval_status status, const char *verdicts)
{
	aval_report *report = NULL;
	char         got[AVAL_CHECK_COUNT + 1];
	aval_error   why = AVAL_ERROR_INIT;
	aval_status  result;

	t_ok(aval_report_new(&report, NULL, err));
	result = aval_verify(report, data, len, policy, &why);
	t_verdicts(got, report);
	ck_assert_msg(result == status, "%s: got %s (%s), want %s; %s: %s", name, aval_status_name(result), got,
	              aval_status_name(status), why.where, why.reason);
	ck_assert_msg(strcmp(got, verdicts) == 0, "%s: got %s, want %s; %s: %s", name, got, verdicts, why.where,
	              why.reason);
	aval_report_free(report);
}

START_TEST(sample_is_valid)
{
	test_blob    sample = t_sample_bytes(&world, T_ASSIGNED);
	aval_policy *policy = t_policy(&world);

	want("sample", sample.data, sample.len, policy, AVAL_OK, "ppp-pppp----");
	want("nobody trusted", sample.data, sample.len, NULL, AVAL_E_VERIFY_INCOMPLETE, "ppp-p-pp----");
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

START_TEST(sample_is_the_committed_one)
{
	test_blob sample = t_sample_bytes(&world, T_ASSIGNED);
	uint8_t  *committed = NULL;
	size_t    len = 0;

	t_read_file(&committed, &len, "docs/spec/sample/sample.aval");
	ck_assert_msg(len == sample.len && memcmp(committed, sample.data, len) == 0,
	              "docs/spec/sample/sample.aval is not what make_bundles writes as the sample");
	aval_free(committed, NULL);
	free(sample.data);
}
END_TEST

/* A report and policy for many verifications of changed bytes, which must all be invalid. */
static void must_be_invalid(aval_report *report, const aval_policy *policy, const uint8_t *data, size_t len,
                            const char *what, size_t where)
{
	aval_status status = aval_verify(report, data, len, policy, NULL);

	ck_assert_msg(status == AVAL_E_VERIFY_INVALID && aval_report_result(report) == AVAL_RESULT_INVALID,
	              "%s %zu: %s", what, where, aval_status_name(status));
}

enum { PIECES = 16 };

/* The changed bundle is in a block of its own, so that a sanitizer sees what is read past its end. */
START_TEST(every_flipped_bit_is_invalid)
{
	test_blob    sample = t_sample_bytes(&world, T_ASSIGNED);
	aval_policy *policy = t_policy(&world);
	aval_report *report = NULL;
	size_t       begin = sample.len * (size_t)_i / PIECES, end = sample.len * ((size_t)_i + 1) / PIECES;

	t_ok(aval_report_new(&report, NULL, err));
	for (size_t bit = 8 * begin; bit < 8 * end; bit++) {
		sample.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		must_be_invalid(report, policy, sample.data, sample.len, "bit", bit);
		sample.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	ck_assert_int_eq(aval_verify(report, sample.data, sample.len, policy, NULL), AVAL_OK);
	aval_report_free(report);
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

START_TEST(every_truncation_is_invalid)
{
	test_blob    sample = t_sample_bytes(&world, T_ASSIGNED);
	aval_policy *policy = t_policy(&world);
	aval_report *report = NULL;

	t_ok(aval_report_new(&report, NULL, err));
	for (size_t len = 0; len < sample.len; len++) {
		uint8_t *copy = malloc(len + 1);

		memcpy(copy + 1, sample.data, len);
		must_be_invalid(report, policy, copy + 1, len, "length", len);
		free(copy);
	}
	aval_report_free(report);
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

START_TEST(appended_bytes_are_invalid)
{
	test_blob    sample = t_sample_bytes(&world, T_ISSUED);
	aval_policy *policy = t_policy(&world);
	aval_report *report = NULL;
	uint8_t     *longer = malloc(sample.len + 1);

	t_ok(aval_report_new(&report, NULL, err));
	memcpy(longer, sample.data, sample.len);
	for (unsigned byte = 0; byte < 256; byte++) {
		longer[sample.len] = (uint8_t)byte;
		must_be_invalid(report, policy, longer, sample.len + 1, "byte", byte);
	}
	free(longer);
	aval_report_free(report);
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

/* A draft is not valid, and each flipped bit of it is invalid, not incomplete. */
START_TEST(flipped_drafts_are_invalid)
{
	aval_bundle *b = t_sample(&world, T_ISSUED, NULL);
	aval_policy *policy = t_policy(&world);
	aval_report *report = NULL;
	test_blob    draft;

	t_ok(aval_report_new(&report, NULL, err));
	t_draft_accept(b, 1, true);
	t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	draft = t_serialize(b);
	ck_assert_int_eq(aval_verify(report, draft.data, draft.len, policy, NULL), AVAL_E_VERIFY_INCOMPLETE);
	for (size_t bit = 0; bit < 8 * draft.len; bit += 3) {
		draft.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		must_be_invalid(report, policy, draft.data, draft.len, "bit", bit);
		draft.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	free(draft.data);
	aval_report_free(report);
	aval_policy_free(policy);
	aval_bundle_free(b);
}
END_TEST

/* The draft of an ISSUE has no state, but terms to show. */
START_TEST(report_gives_what_was_read)
{
	test_blob      sample = t_sample_bytes(&world, T_ASSIGNED);
	aval_policy   *policy = t_policy(&world);
	aval_report   *report = NULL;
	aval_disclosed term;

	t_ok(aval_report_new(&report, NULL, err));
	ck_assert_int_eq(aval_report_result(report), AVAL_RESULT_INCOMPLETE);
	ck_assert_ptr_null(aval_report_bundle(report));
	ck_assert_int_eq(aval_verify(report, sample.data, sample.len, policy, NULL), AVAL_OK);
	ck_assert_int_eq(aval_report_kind_of(report), AVAL_REPORT_BUNDLE);
	ck_assert_str_eq(aval_report_kind_name(AVAL_REPORT_BUNDLE), "bundle");
	ck_assert_ptr_eq(aval_report_policy(report), policy);
	ck_assert_uint_eq(aval_bundle_event_count(aval_report_bundle(report)), 3);
	ck_assert_int_eq(aval_token_status_of(aval_report_token(report)), AVAL_TOKEN_ACCEPTED);
	t_ok(aval_disclosure_find(&term, aval_report_disclosure(report), "BT-115", 6, err));
	ck_assert(aval_text_equal_z(term.value, "19249.16"));
	t_ok(aval_disclosure_find(&term, aval_report_disclosure(report), "BT-7", 4, err));
	ck_assert(term.is_absent);
	/* The next use drops what was there. */
	ck_assert_int_eq(aval_verify(report, sample.data, sample.len - 1, policy, NULL), AVAL_E_VERIFY_INVALID);
	ck_assert_ptr_null(aval_report_bundle(report));
	ck_assert_ptr_null(aval_report_token(report));
	ck_assert_ptr_null(aval_report_disclosure(report));
	aval_report_free(report);
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

/* Rows name the event and the party, and the error repeats the row that decided. */
START_TEST(rows_say_where)
{
	test_blob              sample = t_sample_bytes(&world, T_ASSIGNED);
	aval_policy           *policy = NULL;
	aval_report           *report = NULL;
	const aval_report_row *row;
	aval_error             why = AVAL_ERROR_INIT;

	t_ok(aval_policy_new(&policy, NULL, err));
	t_ok(aval_report_new(&report, NULL, err));
	t_trust(policy, world.parties[T_SUPPLIER]);
	t_without(policy, T_WITHOUT);
	ck_assert_int_eq(aval_verify(report, sample.data, sample.len, policy, &why), AVAL_E_VERIFY_INCOMPLETE);
	row = aval_report_row_of(report, AVAL_CHECK_IDENTITY);
	ck_assert_uint_eq(row->event_index, 1);
	ck_assert(aval_text_equal(row->party, t_party(&world, T_DEBTOR)));
	ck_assert_int_eq(row->status, AVAL_E_SIGNER_KEY);
	ck_assert(row->is_required);
	ck_assert_int_eq(why.cause, AVAL_E_SIGNER_KEY);
	ck_assert_str_eq(why.reason, row->reason);
	ck_assert_uint_eq(why.offset, row->offset);
	row = aval_report_row_of(report, AVAL_CHECK_PARTIES);
	ck_assert(!row->is_required);
	row = aval_report_row_of(report, AVAL_CHECK_SIGNATURES);
	ck_assert_int_eq(row->status, AVAL_OK);
	ck_assert_uint_eq(row->offset, AVAL_NO_OFFSET);
	ck_assert_uint_eq(row->event_index, AVAL_NO_INDEX);
	ck_assert_ptr_null(aval_report_row_of(report, (aval_check_id)0));
	ck_assert_ptr_null(aval_report_row_of(report, (aval_check_id)(AVAL_CHECK_COUNT + 1)));
	aval_report_free(report);
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

static void want_registered(const aval_policy *policy, const test_blob *sample, aval_status status,
                            const char *reason)
{
	aval_report           *report = NULL;
	const aval_report_row *row;

	t_ok(aval_report_new(&report, NULL, err));
	ck_assert_int_eq(aval_verify(report, sample->data, sample->len, policy, NULL), AVAL_OK);
	row = aval_report_row_of(report, AVAL_CHECK_REGISTERED);
	ck_assert_int_eq(row->verdict, AVAL_VERDICT_NOT_CHECKED);
	ck_assert_msg(row->status == status && strcmp(row->reason, reason) == 0, "got %s (%s), want %s (%s)",
	              aval_status_name(row->status), row->reason, aval_status_name(status), reason);
	aval_report_free(report);
}

/* At register_by an event may still be registered, a millisecond later not. */
START_TEST(registered_says_what_lacks)
{
	static const char no_key[] = "the policy names no key of the registry",
			  no_receipt[] = "no receipt is shown",
			  late[] = "no receipt is shown, and the last event can no longer be registered";
	test_blob    sample = t_sample_bytes(&world, T_ACCEPTED);
	aval_policy *policy = t_policy(&world);
	aval_vkey    vkey;
	uint8_t      point65[65];

	aval_public_key_point(point65, &world.signers[T_DEBTOR].key);
	want_registered(policy, &sample, AVAL_E_NOT_FOUND, no_key);
	t_ok(aval_vkey_from_p256(&vkey, "registry.example", 16, point65, err));
	t_ok(aval_policy_add_registry_key(policy, &vkey, err));
	want_registered(policy, &sample, AVAL_E_NOT_FOUND, no_key);
	t_ok(aval_vkey_from_p256(&vkey, T_REGISTRY, strlen(T_REGISTRY), point65, err));
	t_ok(aval_policy_add_registry_key(policy, &vkey, err));
	want_registered(policy, &sample, AVAL_E_NOT_FOUND, no_receipt);
	t_ok(aval_policy_set_time(policy, T_EXPIRES_MS, err));
	want_registered(policy, &sample, AVAL_E_NOT_FOUND, no_receipt);
	t_ok(aval_policy_set_time(policy, T_EXPIRES_MS + 1, err));
	want_registered(policy, &sample, AVAL_E_TOKEN_EXPIRED, late);
	t_ok(aval_policy_set_time(policy, AVAL_TIME_NONE, err));
	want_registered(policy, &sample, AVAL_E_NOT_FOUND, no_receipt);
	ck_assert_uint_eq(aval_policy_registry_key_count(policy), 2);
	ck_assert_str_eq(aval_policy_registry_key(policy, 1)->name, T_REGISTRY);
	ck_assert_ptr_null(aval_policy_registry_key(policy, 2));
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

/* The policy's bound: exactly as many signatures as there are is enough, one less is not, and says where. */
START_TEST(signatures_are_bounded)
{
	test_blob              sample = t_sample_bytes(&world, T_ASSIGNED);
	aval_policy           *policy = t_policy(&world);
	aval_report           *report = NULL;
	const aval_report_row *row;
	aval_error             why = AVAL_ERROR_INIT;

	ck_assert_uint_eq(aval_policy_max_signatures(NULL), AVAL_POLICY_MAX_SIGNATURES);
	ck_assert_uint_eq(aval_policy_max_signatures(policy), AVAL_POLICY_MAX_SIGNATURES);
	ck_assert_int_eq(aval_policy_set_max_signatures(policy, 0, NULL), AVAL_E_INVALID_ARGUMENT);
	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_policy_set_max_signatures(policy, 4, err));
	want("four of four", sample.data, sample.len, policy, AVAL_OK, "ppp-pppp----");
	for (size_t max = 1; max < 4; max++) {
		t_ok(aval_policy_set_max_signatures(policy, max, err));
		ck_assert_uint_eq(aval_policy_max_signatures(policy), max);
		ck_assert_int_eq(aval_verify(report, sample.data, sample.len, policy, &why),
		                 AVAL_E_VERIFY_INCOMPLETE);
		ck_assert_int_eq(why.cause, AVAL_E_LIMIT);
		row = aval_report_row_of(report, AVAL_CHECK_SIGNATURES);
		ck_assert_int_eq(row->verdict, AVAL_VERDICT_NOT_CHECKED);
		ck_assert_uint_eq(row->event_index, max < 3 ? max : 2);
		ck_assert(row->offset != AVAL_NO_OFFSET);
		ck_assert_int_eq(aval_report_row_of(report, AVAL_CHECK_IDENTITY)->verdict,
		                 AVAL_VERDICT_NOT_CHECKED);
		ck_assert_int_eq(aval_report_row_of(report, AVAL_CHECK_HISTORY)->verdict, AVAL_VERDICT_PASS);
	}
	aval_report_free(report);
	aval_policy_free(policy);
	free(sample.data);
}
END_TEST

/* What stands behind an unlawful event costs nothing: it is neither verified nor counted, nor is its key looked
 * for. */
START_TEST(nothing_behind_an_unlawful_event)
{
	aval_bundle           *b = t_sample(&world, T_ASSIGNED, NULL);
	aval_policy           *policy = t_policy(&world);
	aval_report           *report = NULL;
	const aval_report_row *row;
	test_parts             p;
	aval_bytes             swapped;
	test_blob              blob;

	t_take_apart(&p, b);
	swapped = p.events[1];
	p.events[1] = p.events[2];
	p.events[2] = swapped;
	/* The last key by thumbprint is the debtor's, who signed the event behind. */
	ck_assert_ptr_nonnull(aval_bundle_find_key(b, aval_key_data_of(&world.signers[T_DEBTOR].key)->thumbprint32));
	p.key_count--;
	blob = t_compose(&p);
	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_policy_set_max_signatures(policy, 3, err));
	ck_assert_int_eq(aval_verify(report, blob.data, blob.len, policy, NULL), AVAL_E_VERIFY_INVALID);
	ck_assert_uint_eq(report->signature_count, 3);
	row = aval_report_row_of(report, AVAL_CHECK_SIGNATURES);
	ck_assert_int_eq(row->verdict, AVAL_VERDICT_NOT_CHECKED);
	ck_assert_int_eq(row->status, AVAL_E_NOT_FOUND);
	ck_assert_uint_eq(row->event_index, 2);
	ck_assert_uint_eq(row->offset, aval_report_bundle(report)->events[2].offset);
	ck_assert_uint_eq(aval_report_row_of(report, AVAL_CHECK_HISTORY)->event_index, 1);
	aval_report_free(report);
	aval_policy_free(policy);
	aval_bundle_free(b);
	free(blob.data);
}
END_TEST

/* Whatever allocation fails, nothing is said of the bundle. */
static aval_status verify_with(const aval_allocator *allocator, void *user_data)
{
	const test_blob *sample = user_data;
	aval_report     *report = NULL;
	aval_policy     *policy = NULL;
	aval_status      status = aval_policy_new(&policy, allocator, NULL);
	uint8_t          key32[32] = { 0 };

	for (uint8_t i = 0; i < 8 && status == AVAL_OK; i++) {
		key32[0] = i;
		status = aval_policy_trust_key(policy, key32, NULL, 0, NULL);
	}
	if (status == AVAL_OK)
		status = aval_report_new(&report, allocator, NULL);
	if (status == AVAL_OK)
		status = aval_verify(report, sample->data, sample->len, policy, NULL);
	if (status == AVAL_E_NO_MEMORY && report != NULL) {
		ck_assert_ptr_null(aval_report_bundle(report));
		ck_assert_int_eq(aval_report_result(report), AVAL_RESULT_INCOMPLETE);
		for (int i = 1; i <= AVAL_CHECK_COUNT; i++)
			ck_assert_int_eq(aval_report_row_of(report, (aval_check_id)i)->verdict,
			                 AVAL_VERDICT_NOT_CHECKED);
	}
	aval_report_free(report);
	aval_policy_free(policy);
	return status == AVAL_E_VERIFY_INCOMPLETE ? AVAL_OK : status;
}

START_TEST(memory_that_fails)
{
	aval_bundle *b = t_sample(&world, T_ASSIGNED, NULL);
	test_blob    sample;

	t_ok(aval_bundle_set_source(b, world.file, world.file_len, world.seed32, err));
	sample = t_serialize(b);
	ck_assert_uint_gt(failing_allocator_walk("verify", verify_with, &sample), 10);
	free(sample.data);
	aval_bundle_free(b);
}
END_TEST

START_TEST(no_report_no_verification)
{
	ck_assert_int_eq(aval_verify(NULL, NULL, 0, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	aval_report_free(NULL);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("verify");
	TCase   *tc = tcase_create("verify"), *flips = tcase_create("flips");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, sample_is_valid);
	tcase_add_test(tc, sample_is_the_committed_one);
	tcase_add_test(tc, appended_bytes_are_invalid);
	tcase_add_test(tc, report_gives_what_was_read);
	tcase_add_test(tc, rows_say_where);
	tcase_add_test(tc, registered_says_what_lacks);
	tcase_add_test(tc, signatures_are_bounded);
	tcase_add_test(tc, nothing_behind_an_unlawful_event);
	tcase_add_test(tc, memory_that_fails);
	tcase_add_test(tc, no_report_no_verification);
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(flips, set_up, tear_down);
	tcase_set_timeout(flips, 300);
	tcase_add_loop_test(flips, every_flipped_bit_is_invalid, 0, PIECES);
	tcase_add_test(flips, every_truncation_is_invalid);
	tcase_add_test(flips, flipped_drafts_are_invalid);
	suite_add_tcase(s, flips);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
