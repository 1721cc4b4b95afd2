/* SPDX-License-Identifier: Apache-2.0 */
/* What bundles cost: each allocation failing, a long history, counts without bytes. */
#include <time.h>

#include "mandate_fixture.h"

#include "failing_allocator.h"

static test_world world;

static void set_up(void)
{
	t_world_init(&world);
}

static void tear_down(void)
{
	t_world_clear(&world);
}

/* Making, signing, disclosing, writing and reading, with each allocation failing in turn. */
static aval_status walk(const aval_allocator *allocator, void *user_data)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL, *back = NULL;
	aval_token               *token = NULL;
	aval_accept_options       accept = AVAL_ACCEPT_OPTIONS_INIT;
	uint8_t                   payload[2048], bytes[16384];
	size_t                    len = sizeof payload, size = sizeof bytes;
	aval_text                 supplier = t_party(&world, T_SUPPLIER), debtor = t_party(&world, T_DEBTOR);
	aval_status               status;

	(void)user_data;
	status = aval_bundle_issue(&b, world.invoice, world.seed32, &options, allocator, NULL);
	ck_assert(status == AVAL_OK || b == NULL);
	if (status == AVAL_OK)
		status = aval_bundle_sign(b, AVAL_ROLE_SUPPLIER, supplier.data, supplier.len,
		                          &world.signers[T_SUPPLIER], NULL);
	if (status == AVAL_OK)
		status = aval_bundle_replay(&token, b, allocator, NULL);
	if (status == AVAL_OK) {
		accept.times = t_times();
		accept.accept.accepted_minor = 1924916;
		t_ok(aval_accept_build(payload, &len, token, &accept, err));
		status = aval_bundle_append(b, payload, len, NULL);
	}
	if (status == AVAL_OK)
		status = aval_bundle_sign(b, AVAL_ROLE_DEBTOR, debtor.data, debtor.len,
		                          &world.signers[T_DEBTOR], NULL);
	if (status == AVAL_OK)
		status = aval_bundle_disclose(b, world.invoice, world.seed32, t_paths, 2, NULL);
	if (status == AVAL_OK)
		status = aval_bundle_compare_invoice(b, world.invoice, world.seed32, NULL);
	if (status == AVAL_OK) {
		t_ok(aval_bundle_serialize(bytes, &size, b, err));
		status = aval_bundle_parse(&back, bytes, size, allocator, NULL);
	}
	aval_bundle_free(back);
	aval_bundle_free(b);
	aval_token_free(token);
	return status;
}

START_TEST(memory_that_fails)
{
	ck_assert_uint_gt(failing_allocator_walk("bundle", walk, NULL), 20);
}
END_TEST

/* A failed signature, for want of memory, leaves a bundle that can be signed. */
START_TEST(failed_signatures_leave_no_trace)
{
	size_t tries = 0;
	bool   done = false;

	for (size_t n = 1; !done; n++) {
		failing_allocator f;
		aval_bundle      *b;
		test_blob         before, after;

		failing_allocator_init(&f, 0);
		b = t_sample(&world, T_ISSUED, &f.allocator);
		before = t_serialize(b);
		t_draft_accept(b, 0, true);
		f.fail_at = f.calls + n;
		done = aval_bundle_sign(b, AVAL_ROLE_DEBTOR, world.parties[T_DEBTOR],
		                        strlen(world.parties[T_DEBTOR]), &world.signers[T_DEBTOR],
		                        NULL) == AVAL_OK;
		f.fail_at = 0;
		ck_assert_int_eq(aval_bundle_has_draft(b), !done);
		if (!done)
			t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
		after = t_serialize(b);
		ck_assert_uint_gt(after.len, before.len);
		ck_assert_uint_eq(aval_bundle_key_count(b), 2);
		free(before.data);
		free(after.data);
		aval_bundle_free(b);
		ck_assert_uint_eq(f.live, 0);
		tries++;
	}
	ck_assert_uint_gt(tries, 3);
}
END_TEST

/* The first `count` splits of a chain that cuts a cent off the low end each time. */
static test_blob chain(size_t count)
{
	aval_bundle *b = t_sample(&world, T_ACCEPTED, NULL);
	aval_token  *token = t_state(b);
	aval_event   event;
	test_blob    blob;

	for (size_t i = 0; i < count; i++) {
		aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
		aval_output         outputs[2];
		aval_note           note;
		uint8_t             payload[2048];
		size_t              len = sizeof payload;

		t_ok(aval_token_note(&note, token, aval_token_note_count(token) - 1, err));
		outputs[0] = (aval_output){ 1, note.holder, 0 };
		outputs[1] = (aval_output){ note.end_minor - note.begin_minor - 1, note.holder, 0 };
		options.times = t_times();
		options.inputs = note.id32;
		options.input_count = 1;
		options.outputs = outputs;
		options.output_count = 2;
		t_ok(aval_assign_build(payload, &len, token, &options, err));
		t_ok(aval_event_parse_payload(&event, payload, len, err));
		t_ok(aval_token_apply(token, &event, AVAL_TIME_NONE, err));
		t_ok(aval_bundle_append(b, payload, len, err));
		t_sign(b, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	}
	blob = t_serialize(b);
	aval_token_free(token);
	aval_bundle_free(b);
	return blob;
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Reading and replaying, which is all but the signatures: time and memory grow with the bytes. */
static double read_and_replay(const test_blob *blob, size_t *peak_out)
{
	failing_allocator f;
	aval_bundle      *b = NULL;
	aval_token       *token = NULL;
	double            began = seconds();

	failing_allocator_init(&f, 0);
	t_ok(aval_bundle_parse(&b, blob->data, blob->len, &f.allocator, err));
	t_ok(aval_bundle_replay(&token, b, &f.allocator, err));
	began = seconds() - began;
	aval_token_free(token);
	aval_bundle_free(b);
	*peak_out = f.peak_bytes;
	return began;
}

enum { EVENTS = 10000, FEWER = EVENTS / 8 };

START_TEST(cost_is_linear)
{
	test_blob    large = chain(EVENTS), small = chain(FEWER);
	aval_policy *policy = t_policy(&world);
	aval_report *report = NULL;
	size_t       peak_large, peak_small;
	double       time_small = read_and_replay(&small, &peak_small),
	       time_large = read_and_replay(&large, &peak_large);

	/* Four times the bytes: views, notes, keys and the doubling of arrays. */
	ck_assert_msg(peak_large < 4 * large.len, "%zu bytes of memory for %zu", peak_large, large.len);
	ck_assert_msg(time_large < 8 * 5 * time_small + 0.05, "%zu bytes in %.3f s, %zu in %.3f s", small.len,
	              time_small, large.len, time_large);
	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_verify(report, large.data, large.len, policy, err));
	ck_assert_uint_eq(aval_token_note_count(aval_report_token(report)), 1 + 2 * EVENTS);
	aval_report_free(report);
	aval_policy_free(policy);
	free(large.data);
	free(small.data);
}
END_TEST

/* Keys of one party, each of its grants lists them all. */
enum { SIGNERS = 48, GRANTS = 48, PARTIES = 200, FEWER_PARTIES = PARTIES / 8 };

static void add_grant(aval_bundle *b, const uint8_t *keys, unsigned nonce)
{
	aval_grant_options options = AVAL_GRANT_OPTIONS_INIT;
	uint8_t            payload[4096];
	size_t             len = sizeof payload;
	test_blob          mandate;

	options.registry = aval_text_z(T_REGISTRY);
	options.party = aval_text_z(T_COMPANY);
	options.keys = keys;
	options.key_count = options.threshold = SIGNERS;
	options.types = 1u << AVAL_EVENT_ASSIGN;
	options.valid_from_ms = T_NOW_MS;
	options.valid_until_ms = T_NOW_MS + 1000;
	options.nonce16[0] = (uint8_t)nonce;
	t_ok(aval_grant_build(payload, &len, &options, err));
	mandate = t_signed_mandate(payload, len, &world.signers[T_STRANGER]);
	t_ok(aval_bundle_add_mandate(b, mandate.data, mandate.len, err));
	free(mandate.data);
}

/* The whole goes to so many parties. */
static void draft_assign_to(aval_bundle *b, size_t parties)
{
	static char         names[PARTIES][16];
	aval_token         *token = t_state(b);
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
	aval_output         outputs[PARTIES];
	aval_note           note;
	static uint8_t      payload[65536];
	size_t              len = sizeof payload;

	t_ok(aval_token_note(&note, token, aval_token_first_live(token), err));
	for (size_t i = 0; i < parties; i++) {
		snprintf(names[i], sizeof names[i], "vat:DE%06zu", i);
		outputs[i] = (aval_output){ 1, aval_text_z(names[i]), 0 };
	}
	outputs[0].length_minor = note.end_minor - note.begin_minor - (int64_t)parties + 1;
	options.times = t_times();
	options.inputs = note.id32;
	options.input_count = 1;
	options.outputs = outputs;
	options.output_count = parties;
	options.assign.kind = AVAL_ASSIGN_SALE;
	t_ok(aval_assign_build(payload, &len, token, &options, err));
	t_ok(aval_bundle_append(b, payload, len, err));
	aval_token_free(token);
	for (size_t i = 0; i < parties; i++)
		t_sign_as(b, &world, AVAL_ROLE_ASSIGNEE, names[i], T_STRANGER);
}

/* Sold to many by many keys under many grants, which decide how many of them must sign. */
static test_blob sold(size_t parties, aval_secret_key *const *keys)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL;
	uint8_t                   thumbprints[SIGNERS][32];
	aval_bundle_signer        signer;
	aval_event_cursor         cursor = AVAL_EVENT_CURSOR_INIT;
	test_blob                 blob;

	options.supplier = aval_text_z(T_COMPANY);
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	t_sign_as(b, &world, AVAL_ROLE_SUPPLIER, T_COMPANY, T_STRANGER);
	t_draft_accept(b, 0, true);
	t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	draft_assign_to(b, parties);
	for (size_t i = 0; i < SIGNERS; i++)
		aval_public_key_thumbprint(thumbprints[i], aval_secret_key_public(keys[i]));
	qsort(thumbprints, SIGNERS, 32, t_compare_keys);
	for (unsigned i = 0; i < GRANTS; i++)
		add_grant(b, thumbprints[0], i);
	for (size_t i = 0; i < SIGNERS; i++) {
		aval_signer by = aval_signer_from_secret_key(keys[i]);

		t_ok(aval_bundle_sign(b, AVAL_ROLE_HOLDER, T_COMPANY, strlen(T_COMPANY), &by, err));
	}
	ck_assert(!aval_bundle_has_draft(b) && aval_bundle_next_signer(&signer, &cursor, b, 2));
	ck_assert_uint_eq(signer.needed_count, SIGNERS);
	blob = t_serialize(b);
	aval_bundle_free(b);
	return blob;
}

/* Nobody's authority is known, and the supplier issued by a key that no grant lists. */
static double time_to_verify(const test_blob *blob)
{
	aval_policy *policy = t_policy(&world);
	aval_report *report = NULL;
	double       began;

	t_ok(aval_report_new(&report, NULL, err));
	began = seconds();
	ck_assert_int_eq(aval_verify(report, blob->data, blob->len, policy, NULL), AVAL_E_VERIFY_INVALID);
	began = seconds() - began;
	ck_assert_int_eq(aval_report_row_of(report, AVAL_CHECK_MANDATES)->status, AVAL_E_MANDATE_KEY);
	aval_report_free(report);
	aval_policy_free(policy);
	return began;
}

/* Who is asked to sign does not multiply with the mandates and signatures of another. */
START_TEST(signers_do_not_multiply)
{
	aval_secret_key *keys[SIGNERS];
	test_blob        small, large;
	double           time_small, time_large;

	for (unsigned i = 0; i < SIGNERS; i++)
		keys[i] = test_key(AVAL_ALG_ES256K, 501 + i, &world.entropy.entropy);
	small = sold(FEWER_PARTIES, keys);
	large = sold(PARTIES, keys);
	time_small = time_to_verify(&small);
	time_large = time_to_verify(&large);
	ck_assert_msg(time_large < 8 * 2 * time_small + 0.02, "%d parties in %.4f s, %d in %.4f s", FEWER_PARTIES,
	              time_small, PARTIES, time_large);
	for (unsigned i = 0; i < SIGNERS; i++)
		aval_secret_key_free(keys[i]);
	free(small.data);
	free(large.data);
}
END_TEST

/* A count in the file takes no memory before its bytes are there. */
START_TEST(counts_take_no_memory)
{
	failing_allocator f;
	aval_bundle      *b = NULL;
	size_t            len = 1 << 20;
	uint8_t          *data = calloc(1, len);
	static const char head[] = "\x83\x6b"
				   "aval/bundle"
				   "\x01\xa1\x01\x9a\x00\x0f\xff\x00";

	/* A million events of no byte each: the first is refused. */
	memcpy(data, head, sizeof head - 1);
	memset(data + sizeof head - 1, 0x40, len - sizeof head + 1);
	failing_allocator_init(&f, 0);
	ck_assert_int_eq(aval_bundle_parse(&b, data, len, &f.allocator, NULL), AVAL_E_CBOR_TRUNCATED);
	ck_assert_uint_lt(f.peak_bytes, 4096);
	ck_assert_uint_eq(f.live, 0);
	ck_assert_int_eq(aval_bundle_parse(&b, data, (size_t)AVAL_BUNDLE_MAX_LEN + 1, &f.allocator, NULL),
	                 AVAL_E_LIMIT);
	ck_assert_ptr_null(b);
	free(data);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("bundle_cost");
	TCase   *tc = tcase_create("bundle_cost");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, memory_that_fails);
	tcase_add_test(tc, failed_signatures_leave_no_trace);
	tcase_add_test(tc, cost_is_linear);
	tcase_add_test(tc, signers_do_not_multiply);
	tcase_add_test(tc, counts_take_no_memory);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
