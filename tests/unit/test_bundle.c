/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles as they are made: drafts, signatures, reading and writing; what each refuses. */
#include "bundle_fixture.h"

static test_world world;

static void set_up(void)
{
	t_world_init(&world);
}

static void tear_down(void)
{
	t_world_clear(&world);
}

static void want_sign(aval_bundle *b, aval_role role, unsigned who, unsigned key, aval_status want)
{
	test_blob   before = { NULL, 0 }, after = { NULL, 0 };
	bool        is_signed = b->events[b->event_count - 1].event.signature_count > 0;
	aval_status status;

	if (is_signed)
		before = t_serialize(b);
	status = aval_bundle_sign(b, role, world.parties[who], strlen(world.parties[who]), &world.signers[key],
	                          NULL);
	ck_assert_msg(status == want, "got %s, want %s", aval_status_name(status), aval_status_name(want));
	if (is_signed && want != AVAL_OK) {
		after = t_serialize(b);
		ck_assert(before.len == after.len && memcmp(before.data, after.data, before.len) == 0);
	}
	free(before.data);
	free(after.data);
}

START_TEST(drafts_are_signed_in_any_order)
{
	aval_bundle      *b = t_sample(&world, T_ACCEPTED, NULL), *back = NULL;
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer missing;
	test_blob         draft, bytes;
	size_t            none = 0;

	want_sign(b, AVAL_ROLE_HOLDER, T_SUPPLIER, T_SUPPLIER, AVAL_E_TOKEN_DRAFT);
	t_draft_assign(b, world.parties[T_FACTOR], 500, 0);
	ck_assert(aval_bundle_has_draft(b));
	ck_assert_int_eq(aval_bundle_serialize(NULL, &none, b, NULL), AVAL_E_SIGNER_MISSING);
	ck_assert_int_eq(aval_bundle_append(b, world.seed32, 32, NULL), AVAL_E_TOKEN_DRAFT);
	want_sign(b, AVAL_ROLE_SUPPLIER, T_SUPPLIER, T_SUPPLIER, AVAL_E_SIGNER_UNEXPECTED);
	want_sign(b, AVAL_ROLE_HOLDER, T_FACTOR, T_FACTOR, AVAL_E_SIGNER_UNEXPECTED);
	want_sign(b, AVAL_ROLE_HOLDER, T_SUPPLIER, T_FACTOR, AVAL_E_SIGNER_KEY);
	want_sign(b, AVAL_ROLE_ASSIGNEE, T_FACTOR, T_FACTOR, AVAL_OK);
	want_sign(b, AVAL_ROLE_ASSIGNEE, T_FACTOR, T_FACTOR, AVAL_E_COSE_ORDER);
	ck_assert(aval_event_next_missing(&missing, &cursor, aval_bundle_event(b, 2)));
	ck_assert(missing.role == AVAL_ROLE_HOLDER &&
	          aval_text_equal(missing.party, t_party(&world, T_SUPPLIER)));
	ck_assert(!aval_event_next_missing(&missing, &cursor, aval_bundle_event(b, 2)));
	/* The draft travels, and the last party signs it elsewhere. */
	draft = t_serialize(b);
	t_ok(aval_bundle_parse(&back, draft.data, draft.len, NULL, err));
	ck_assert(aval_bundle_has_draft(back));
	t_sign(back, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	ck_assert(!aval_bundle_has_draft(back));
	bytes = t_serialize(back);
	aval_bundle_free(back);
	free(draft.data);
	t_ok(aval_bundle_parse(&back, bytes.data, bytes.len, NULL, err));
	aval_bundle_free(back);
	free(bytes.data);
	aval_bundle_free(b);
}
END_TEST

/* What is parsed and written again is the same; the getters say what is in it. */
START_TEST(parse_and_serialize_are_inverse)
{
	test_blob    sample = t_sample_bytes(&world, T_ASSIGNED), again;
	aval_bundle *b = NULL;
	uint8_t      thumbprint32[32];
	uint8_t     *exact;
	size_t       len;

	t_ok(aval_bundle_parse(&b, sample.data, sample.len, NULL, err));
	again = t_serialize(b);
	ck_assert(again.len == sample.len && memcmp(again.data, sample.data, again.len) == 0);
	ck_assert_uint_eq(aval_bundle_event_count(b), 3);
	ck_assert_int_eq(aval_bundle_event(b, 2)->type, AVAL_EVENT_ASSIGN);
	ck_assert_ptr_null(aval_bundle_event(b, 3));
	ck_assert_uint_eq(aval_bundle_key_count(b), 3);
	ck_assert_ptr_null(aval_bundle_key(b, 3));
	for (size_t i = 0; i < 3; i++) {
		aval_public_key_thumbprint(thumbprint32, aval_bundle_key(b, i));
		ck_assert_ptr_eq(aval_bundle_find_key(b, thumbprint32), aval_bundle_key(b, i));
	}
	thumbprint32[0] ^= 1;
	ck_assert_ptr_null(aval_bundle_find_key(b, thumbprint32));
	ck_assert_ptr_null(aval_bundle_source(b).data);
	/* A buffer that is a byte too short stays as it is. */
	exact = malloc(again.len);
	memset(exact, 0xEE, again.len);
	len = again.len - 1;
	ck_assert_int_eq(aval_bundle_serialize(exact, &len, b, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, again.len);
	for (size_t i = 0; i < len; i++)
		ck_assert_uint_eq(exact[i], 0xEE);
	t_ok(aval_bundle_serialize(exact, &len, b, err));
	free(exact);
	free(again.data);
	aval_bundle_free(b);
	free(sample.data);
}
END_TEST

START_TEST(empty_bundles_show_nothing)
{
	aval_bundle    *b = NULL;
	aval_token     *token = NULL;
	aval_disclosure view;
	size_t          len = 0;
	uint8_t         payload[2048];

	t_ok(aval_bundle_new(&b, NULL, err));
	ck_assert(!aval_bundle_has_draft(b));
	ck_assert_int_eq(aval_bundle_serialize(NULL, &len, b, NULL), AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_replay(&token, b, NULL, NULL), AVAL_E_TOKEN_DRAFT);
	ck_assert_int_eq(aval_bundle_set_disclosure(b, payload, 1, NULL), AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_disclose(b, world.invoice, world.seed32, t_paths, 1, NULL),
	                 AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len, world.seed32, NULL),
	                 AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_compare_invoice(b, world.invoice, world.seed32, NULL),
	                 AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_disclosure(&view, b, NULL), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(aval_bundle_append(b, payload, 0, NULL), AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(aval_bundle_append(b, payload, AVAL_EVENT_MAX_LEN + 1, NULL), AVAL_E_LIMIT);
	aval_bundle_free(b);
	aval_bundle_free(NULL);
}
END_TEST

/* Events that can never be applied are not taken in: one that is no ISSUE, another ISSUE, one of another token.
 */
START_TEST(append_refuses_what_cannot_be)
{
	aval_bundle              *b = t_sample(&world, T_ISSUED, NULL), *other = NULL, *empty = NULL;
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bytes                accept, issue;

	options.nonce16[0] ^= 1;
	t_ok(aval_bundle_issue(&other, world.invoice, world.seed32, &options, NULL, err));
	t_sign(other, &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_draft_accept(other, 0, true);
	issue = aval_bundle_event(other, 0)->payload;
	accept = aval_bundle_event(other, 1)->payload;
	ck_assert_int_eq(aval_bundle_append(b, issue.data, issue.len, NULL), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(aval_bundle_append(b, accept.data, accept.len, NULL), AVAL_E_TOKEN_OTHER);
	ck_assert_uint_eq(aval_bundle_event_count(b), 1);
	t_ok(aval_bundle_new(&empty, NULL, err));
	ck_assert_int_eq(aval_bundle_append(empty, accept.data, accept.len, NULL), AVAL_E_BUNDLE_FORMAT);
	aval_bundle_free(empty);
	aval_bundle_free(other);
	aval_bundle_free(b);
}
END_TEST

/* A draft that came in a file and is not lawful is not signed; nor is a lawful one behind a history that is
 * not. */
START_TEST(unlawful_drafts_are_not_signed)
{
	aval_bundle *b = t_sample(&world, T_ACCEPTED, NULL), *lower = t_sample(&world, T_ISSUED, NULL),
		    *back = NULL;
	aval_token *token = NULL;
	aval_error  why = AVAL_ERROR_INIT;
	test_parts  p, q;
	test_blob   blob;

	t_draft_accept(lower, 100, false);
	t_sign(lower, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	t_take_apart(&p, b);
	t_take_apart(&q, lower);
	p.events[p.event_count++] = q.events[1];
	blob = t_compose(&p);
	t_ok(aval_bundle_parse(&back, blob.data, blob.len, NULL, err));
	want_sign(back, AVAL_ROLE_HOLDER, T_SUPPLIER, T_SUPPLIER, AVAL_E_TOKEN_STATUS);
	aval_bundle_free(back);
	free(blob.data);
	/* The acceptance twice, and then the draft. */
	p.events[3] = p.events[2];
	p.events[2] = p.events[1];
	p.event_count = 4;
	blob = t_compose(&p);
	t_ok(aval_bundle_parse(&back, blob.data, blob.len, NULL, err));
	want_sign(back, AVAL_ROLE_HOLDER, T_SUPPLIER, T_SUPPLIER, AVAL_E_TOKEN_DUPLICATE_EVENT);
	ck_assert_int_eq(aval_bundle_replay(&token, back, NULL, &why), AVAL_E_TOKEN_DUPLICATE_EVENT);
	ck_assert_uint_eq(why.offset, back->events[2].offset);
	ck_assert_ptr_null(token);
	aval_bundle_free(back);
	free(blob.data);
	aval_bundle_free(lower);
	aval_bundle_free(b);
}
END_TEST

/* One key, one algorithm: the same point under another number has no place beside the first. */
START_TEST(one_key_has_one_algorithm)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	static const char         supplier[] = "vat:DE100000001", debtor[] = "vat:DE200000002";
	aval_secret_key          *schnorr = test_key(AVAL_ALG_SCHNORR, 101, &world.entropy.entropy);
	aval_signer               signer = aval_signer_from_secret_key(schnorr);
	aval_bundle              *b = NULL;

	options.supplier = aval_text_z(supplier);
	options.debtor = aval_text_z(debtor);
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	t_sign_as(b, &world, AVAL_ROLE_SUPPLIER, supplier, T_SUPPLIER);
	t_draft_accept(b, 0, true);
	ck_assert_int_eq(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, debtor, strlen(debtor), &signer, NULL),
	                 AVAL_E_COSE_ORDER);
	t_sign_as(b, &world, AVAL_ROLE_DEBTOR, debtor, T_SUPPLIER);
	ck_assert_uint_eq(aval_bundle_key_count(b), 1);
	aval_secret_key_free(schnorr);
	aval_bundle_free(b);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("bundle");
	TCase   *tc = tcase_create("bundle");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, drafts_are_signed_in_any_order);
	tcase_add_test(tc, parse_and_serialize_are_inverse);
	tcase_add_test(tc, empty_bundles_show_nothing);
	tcase_add_test(tc, append_refuses_what_cannot_be);
	tcase_add_test(tc, unlawful_drafts_are_not_signed);
	tcase_add_test(tc, one_key_has_one_algorithm);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
