/* SPDX-License-Identifier: Apache-2.0 */
/* Mandates in a bundle: adding them, how many signatures are missing, who may sign, and what memory may do. */
#include "mandate_fixture.h"

#include "failing_allocator.h"

static test_world world;
static test_staff staff;

static void set_up(void)
{
	t_world_init(&world);
	t_staff_init(&staff, &world);
}

static void tear_down(void)
{
	t_staff_clear(&staff);
	t_world_clear(&world);
}

static const char *debtor(void)
{
	return world.parties[T_DEBTOR];
}

static test_blob two_of_three(void)
{
	test_terms t = t_terms(debtor());

	return t_grant(&t, &staff, &world.signers[T_DEBTOR]);
}

/* The draft of an acceptance, with a mandate beside it or without. */
static aval_bundle *draft(const test_blob *mandate)
{
	aval_bundle *b = t_issued_to(&world, debtor(), NULL);

	t_draft_accept(b, 0, true);
	if (mandate != NULL)
		t_ok(aval_bundle_add_mandate(b, mandate->data, mandate->len, err));
	return b;
}

static aval_status sign_by(aval_bundle *b, unsigned officer, aval_error *why)
{
	return aval_bundle_sign(b, AVAL_ROLE_DEBTOR, debtor(), strlen(debtor()), &staff.signers[officer], why);
}

static void want_sign(aval_bundle *b, unsigned officer, aval_status status)
{
	aval_error  why = AVAL_ERROR_INIT;
	aval_status got = sign_by(b, officer, &why);

	ck_assert_msg(got == status, "officer %u: got %s (%s: %s), want %s", officer, aval_status_name(got), why.where,
	              why.reason, aval_status_name(status));
}

static void want_count(const aval_bundle *b, size_t index, size_t signed_count, size_t needed_count)
{
	aval_event_cursor  cursor = AVAL_EVENT_CURSOR_INIT;
	aval_bundle_signer signer;

	ck_assert(aval_bundle_next_signer(&signer, &cursor, b, index));
	ck_assert_msg(signer.signed_count == signed_count && signer.needed_count == needed_count,
	              "got %zu of %zu, want %zu of %zu", signer.signed_count, signer.needed_count, signed_count,
	              needed_count);
	ck_assert(!aval_bundle_next_signer(&signer, &cursor, b, index));
}

static void want_status(const aval_bundle *b, aval_token_status status)
{
	aval_token *token = t_state(b);

	ck_assert_int_eq(aval_token_status_of(token), status);
	aval_token_free(token);
}

START_TEST(two_officers_complete_an_event)
{
	test_blob    mandate = two_of_three();
	aval_bundle *b = draft(&mandate);

	want_count(b, 0, 1, 1);
	want_count(b, 1, 0, 2);
	want_sign(b, 0, AVAL_OK);
	want_count(b, 1, 1, 2);
	ck_assert(aval_bundle_has_draft(b));
	want_status(b, AVAL_TOKEN_OPEN);
	want_sign(b, 0, AVAL_E_COSE_ORDER);
	want_sign(b, 2, AVAL_OK);
	want_count(b, 1, 2, 2);
	ck_assert(!aval_bundle_has_draft(b));
	want_status(b, AVAL_TOKEN_ACCEPTED);
	want_sign(b, 1, AVAL_E_TOKEN_DRAFT);
	aval_bundle_free(b);
	free(mandate.data);
}
END_TEST

/* What is written is read as it is. */
START_TEST(a_bundle_keeps_its_mandates)
{
	test_blob    mandate = two_of_three(), written, again;
	aval_bundle *b = draft(&mandate), *read = NULL;

	want_sign(b, 1, AVAL_OK);
	written = t_serialize(b);
	t_ok(aval_bundle_parse(&read, written.data, written.len, NULL, err));
	ck_assert_uint_eq(aval_bundle_mandate_count(read), 1);
	ck_assert(aval_bundle_mandate(read, 0)->envelope.len == mandate.len &&
	          memcmp(aval_bundle_mandate(read, 0)->envelope.data, mandate.data, mandate.len) == 0);
	ck_assert_ptr_null(aval_bundle_mandate(read, 1));
	ck_assert(aval_bundle_has_draft(read));
	again = t_serialize(read);
	ck_assert(again.len == written.len && memcmp(again.data, written.data, again.len) == 0);
	t_ok(sign_by(read, 2, err));
	ck_assert(!aval_bundle_has_draft(read));
	aval_bundle_free(read);
	aval_bundle_free(b);
	free(again.data);
	free(written.data);
	free(mandate.data);
}
END_TEST

/* In whatever order they are added, they stand by their ids; what is there already stays. */
START_TEST(mandates_stand_by_id)
{
	test_terms   t = t_terms(debtor());
	test_blob    mandates[6];
	aval_bundle *b = draft(NULL);

	for (unsigned i = 0; i < 6; i++) {
		t.nonce = (uint8_t)i;
		mandates[i] = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
		t_ok(aval_bundle_add_mandate(b, mandates[i].data, mandates[i].len, err));
		t_ok(aval_bundle_add_mandate(b, mandates[i / 2].data, mandates[i / 2].len, err));
		ck_assert_uint_eq(aval_bundle_mandate_count(b), i + 1);
	}
	for (size_t i = 1; i < 6; i++)
		ck_assert_int_lt(memcmp(aval_bundle_mandate(b, i - 1)->id32, aval_bundle_mandate(b, i)->id32, 32), 0);
	for (unsigned i = 0; i < 6; i++)
		free(mandates[i].data);
	aval_bundle_free(b);
}
END_TEST

static void want_refused(aval_bundle *b, const uint8_t *data, size_t len, aval_status status)
{
	aval_error  why = AVAL_ERROR_INIT;
	size_t      count = aval_bundle_mandate_count(b);
	aval_status got = aval_bundle_add_mandate(b, data, len, &why);

	ck_assert_msg(got == status, "got %s (%s: %s), want %s", aval_status_name(got), why.where, why.reason,
	              aval_status_name(status));
	ck_assert_uint_eq(aval_bundle_mandate_count(b), count);
}

START_TEST(mandates_that_are_of_no_use)
{
	test_terms   t = t_terms(world.parties[T_FACTOR]);
	test_blob    other = t_grant(&t, &staff, &world.signers[T_FACTOR]), mandate = two_of_three(), elsewhere, end;
	aval_bundle *b = draft(NULL);

	want_refused(b, other.data, other.len, AVAL_E_MANDATE_UNUSED);
	t = t_terms(debtor());
	t.registry = "registry.example/lo";
	elsewhere = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
	want_refused(b, elsewhere.data, elsewhere.len, AVAL_E_MANDATE_REGISTRY);
	end = t_revocation(&mandate, T_NOW_MS, &world.signers[T_DEBTOR]);
	want_refused(b, end.data, end.len, AVAL_E_MANDATE_UNUSED);
	want_refused(b, mandate.data, mandate.len - 1, AVAL_E_CBOR_COUNT);
	want_refused(b, NULL, 0, AVAL_E_CBOR_TRUNCATED);
	t_ok(aval_bundle_add_mandate(b, mandate.data, mandate.len, err));
	t_ok(aval_bundle_add_mandate(b, end.data, end.len, err));
	aval_bundle_free(b);
	free(end.data);
	free(elsewhere.data);
	free(mandate.data);
	free(other.data);
}
END_TEST

START_TEST(at_most_so_many)
{
	test_terms   t = t_terms(debtor());
	aval_bundle *b = draft(NULL);

	for (unsigned i = 0; i <= AVAL_BUNDLE_MAX_MANDATES; i++) {
		test_blob mandate;

		t.nonce = (uint8_t)i;
		t.until_ms = T_NOW_MS + 1 + i;
		mandate = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
		if (i < AVAL_BUNDLE_MAX_MANDATES)
			t_ok(aval_bundle_add_mandate(b, mandate.data, mandate.len, err));
		else
			want_refused(b, mandate.data, mandate.len, AVAL_E_LIMIT);
		free(mandate.data);
	}
	aval_bundle_free(b);
}
END_TEST

/* Without a mandate only the key itself signs for a "key:" party; with one, those that it lists. */
START_TEST(keys_that_may_sign)
{
	test_blob    mandate = two_of_three();
	aval_bundle *b = draft(NULL);

	want_sign(b, 0, AVAL_E_SIGNER_KEY);
	t_ok(aval_bundle_add_mandate(b, mandate.data, mandate.len, err));
	want_sign(b, T_OUTSIDER, AVAL_E_MANDATE_KEY);
	want_sign(b, 0, AVAL_OK);
	want_sign(b, T_OUTSIDER, AVAL_E_MANDATE_KEY);
	ck_assert_int_eq(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, debtor(), strlen(debtor()), &world.signers[T_DEBTOR], NULL),
	                 AVAL_E_MANDATE_KEY);
	ck_assert_int_eq(aval_bundle_sign(b, AVAL_ROLE_HOLDER, debtor(), strlen(debtor()), &staff.signers[1], NULL),
	                 AVAL_E_SIGNER_UNEXPECTED);
	aval_bundle_free(b);
	b = draft(&mandate);
	t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	ck_assert(!aval_bundle_has_draft(b));
	aval_bundle_free(b);
	free(mandate.data);
}
END_TEST

/* An event that one key completed waits for the second once a mandate asks for it. */
START_TEST(a_mandate_makes_a_draft)
{
	test_terms   t = t_terms(T_COMPANY);
	test_blob    mandate = t_grant(&t, &staff, &world.signers[T_STRANGER]);
	aval_bundle *b = t_issued_to(&world, T_COMPANY, NULL);

	t_draft_accept(b, 0, true);
	t_ok(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, T_COMPANY, strlen(T_COMPANY), &staff.signers[0], err));
	ck_assert(!aval_bundle_has_draft(b));
	want_status(b, AVAL_TOKEN_ACCEPTED);
	t_ok(aval_bundle_add_mandate(b, mandate.data, mandate.len, err));
	ck_assert(aval_bundle_has_draft(b));
	want_status(b, AVAL_TOKEN_OPEN);
	ck_assert_int_eq(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, T_COMPANY, strlen(T_COMPANY), &staff.signers[T_OUTSIDER],
	                                  NULL),
	                 AVAL_E_MANDATE_KEY);
	t_ok(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, T_COMPANY, strlen(T_COMPANY), &staff.signers[1], err));
	ck_assert(!aval_bundle_has_draft(b));
	want_status(b, AVAL_TOKEN_ACCEPTED);
	aval_bundle_free(b);
	free(mandate.data);
}
END_TEST

/* Grants that are in force at the claimed time count first, then the least threshold. */
START_TEST(which_threshold_counts)
{
	test_terms   t = t_terms(debtor());
	uint8_t      id32[32];
	test_blob    three, one, late, successor;
	aval_bundle *b;

	t.threshold = 3;
	three = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
	t.threshold = 1;
	t.from_ms = T_NOW_MS + 1;
	late = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
	b = draft(&three);
	want_count(b, 1, 0, 3);
	t_ok(aval_bundle_add_mandate(b, late.data, late.len, err));
	want_count(b, 1, 0, 3);
	t.from_ms = T_NOW_MS;
	one = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
	t_ok(aval_bundle_add_mandate(b, one.data, one.len, err));
	want_count(b, 1, 0, 1);
	t_mandate_id(id32, &one);
	t.predecessor32 = id32;
	t.threshold = 2;
	successor = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
	t_ok(aval_bundle_add_mandate(b, successor.data, successor.len, err));
	want_count(b, 1, 0, 2);
	aval_bundle_free(b);
	b = draft(&late);
	want_count(b, 1, 0, 1);
	aval_bundle_free(b);
	free(three.data);
	free(one.data);
	free(late.data);
	free(successor.data);
}
END_TEST

/* What fails leaves the bundle as it was, and the next attempt succeeds. */
START_TEST(adding_without_memory)
{
	test_blob   mandate = two_of_three();
	aval_status status = AVAL_E_NO_MEMORY;

	for (size_t n = 1; status != AVAL_OK; n++) {
		failing_allocator f;
		aval_bundle      *b;

		failing_allocator_init(&f, 0);
		b = t_issued_to(&world, debtor(), &f.allocator);
		t_draft_accept(b, 0, true);
		f.fail_at = f.calls + n;
		status = aval_bundle_add_mandate(b, mandate.data, mandate.len, NULL);
		ck_assert_int_eq(status, n <= 2 ? AVAL_E_NO_MEMORY : AVAL_OK);
		f.fail_at = 0;
		ck_assert_uint_eq(aval_bundle_mandate_count(b), status == AVAL_OK);
		t_ok(aval_bundle_add_mandate(b, mandate.data, mandate.len, err));
		t_ok(sign_by(b, 0, err));
		aval_bundle_free(b);
		ck_assert_uint_eq(f.live, 0);
	}
	free(mandate.data);
}
END_TEST

static aval_policy *policy_at_now(void)
{
	aval_policy *policy = t_policy(&world);

	t_ok(aval_policy_set_time(policy, T_NOW_MS, err));
	return policy;
}

static test_blob accepted_by_two(void)
{
	test_blob    mandate = two_of_three(), bundle;
	aval_bundle *b = draft(&mandate);

	t_ok(sign_by(b, 0, err));
	t_ok(sign_by(b, 1, err));
	bundle = t_serialize(b);
	aval_bundle_free(b);
	free(mandate.data);
	return bundle;
}

/* Of the section of mandates, which stands last; the rest is the sample's. */
START_TEST(every_flipped_bit_is_invalid)
{
	test_blob    bundle = accepted_by_two(), mandate = two_of_three();
	size_t       begin = bundle.len - mandate.len - 5;
	aval_policy *policy = policy_at_now();
	aval_report *report = NULL;

	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_verify(report, bundle.data, bundle.len, policy, err));
	for (size_t bit = 8 * begin + (size_t)_i; bit < 8 * bundle.len; bit += 8) {
		bundle.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_msg(aval_verify(report, bundle.data, bundle.len, policy, NULL) == AVAL_E_VERIFY_INVALID, "bit %zu",
		              bit);
		bundle.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	aval_report_free(report);
	aval_policy_free(policy);
	free(mandate.data);
	free(bundle.data);
}
END_TEST

typedef struct verify_call {
	test_blob    bundle;
	aval_policy *policy;
} verify_call;

static aval_status verify_with(const aval_allocator *allocator, void *user_data)
{
	const verify_call *call = user_data;
	aval_report       *report;
	aval_status        status = aval_report_new(&report, allocator, NULL);

	if (status != AVAL_OK)
		return status;
	status = aval_verify(report, call->bundle.data, call->bundle.len, call->policy, NULL);
	aval_report_free(report);
	return status;
}

START_TEST(verifying_without_memory)
{
	verify_call call = { accepted_by_two(), policy_at_now() };

	ck_assert_uint_gt(failing_allocator_walk("verify", verify_with, &call), 5);
	aval_policy_free(call.policy);
	free(call.bundle.data);
}
END_TEST

/* The signatures of mandates count among those that the policy allows. */
START_TEST(mandates_count_as_signatures)
{
	test_blob              bundle = accepted_by_two();
	aval_policy           *policy = policy_at_now();
	aval_report           *report = NULL;
	const aval_report_row *row;

	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_policy_set_max_signatures(policy, 4, err));
	t_ok(aval_verify(report, bundle.data, bundle.len, policy, err));
	t_ok(aval_policy_set_max_signatures(policy, 3, err));
	ck_assert_int_eq(aval_verify(report, bundle.data, bundle.len, policy, NULL), AVAL_E_VERIFY_INCOMPLETE);
	row = aval_report_row_of(report, AVAL_CHECK_MANDATES);
	ck_assert_int_eq(row->verdict, AVAL_VERDICT_NOT_CHECKED);
	ck_assert_int_eq(row->status, AVAL_E_LIMIT);
	aval_report_free(report);
	aval_policy_free(policy);
	free(bundle.data);
}
END_TEST

START_TEST(endorsers_of_a_policy)
{
	aval_policy *policy = NULL;
	uint8_t      id32[32] = { 1 };

	t_ok(aval_policy_new(&policy, NULL, err));
	ck_assert_int_eq(aval_policy_add_endorser_key(policy, AVAL_PARTY_KEY, id32, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_policy_add_endorser_key(policy, (aval_party_scheme)6, id32, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_policy_add_endorser_key(policy, (aval_party_scheme)0, id32, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_uint_eq(aval_policy_endorser_count(policy), 0);
	for (int i = 0; i < 2; i++) {
		t_ok(aval_policy_add_endorser_key(policy, AVAL_PARTY_LEI, id32, err));
		t_ok(aval_policy_add_endorser_key(policy, AVAL_PARTY_USCC, id32, err));
	}
	ck_assert_uint_eq(aval_policy_endorser_count(policy), 2);
	ck_assert_int_eq(aval_policy_endorser(policy, 1).scheme, AVAL_PARTY_USCC);
	ck_assert(memcmp(aval_policy_endorser(policy, 0).hash32, id32, 32) == 0);
	ck_assert_ptr_null(aval_policy_endorser(policy, 2).hash32);
	aval_policy_free(policy);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("mandates");
	TCase   *tcase = tcase_create("mandates");
	SRunner *runner;
	int      failed;

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 600);
	tcase_add_test(tcase, two_officers_complete_an_event);
	tcase_add_test(tcase, a_bundle_keeps_its_mandates);
	tcase_add_test(tcase, mandates_stand_by_id);
	tcase_add_test(tcase, mandates_that_are_of_no_use);
	tcase_add_test(tcase, at_most_so_many);
	tcase_add_test(tcase, keys_that_may_sign);
	tcase_add_test(tcase, a_mandate_makes_a_draft);
	tcase_add_test(tcase, which_threshold_counts);
	tcase_add_test(tcase, adding_without_memory);
	tcase_add_loop_test(tcase, every_flipped_bit_is_invalid, 0, 8);
	tcase_add_test(tcase, verifying_without_memory);
	tcase_add_test(tcase, mandates_count_as_signatures);
	tcase_add_test(tcase, endorsers_of_a_policy);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
