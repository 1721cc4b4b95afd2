/* SPDX-License-Identifier: Apache-2.0 */
/* Events: signed in every order, verified, and every one that is signed wrongly refused. */
#include <stdlib.h>

#include <check.h>

#include "cose/cose.h"
#include "crypto_fixture.h"
#include "token/token.h"
#include "token_fixture.h"

#define MAX_ENVELOPE 4096

/* Three parties that are keys, one an algorithm. */
static struct {
	test_entropy     entropy;
	aval_secret_key *keys[3];
	aval_signer      signers[3];
	aval_text        parties[3];
	char             party_texts[3][AVAL_PARTY_KEY_LEN + 1];
	aval_public_key  sorted[3];
} world;

static int compare_keys(const void *a, const void *b)
{
	uint8_t x[32], y[32];

	aval_public_key_thumbprint(x, a);
	aval_public_key_thumbprint(y, b);
	return memcmp(x, y, 32);
}

static void setup(void)
{
	const aval_entropy *entropy = test_entropy_init(&world.entropy);

	for (unsigned i = 0; i < 3; i++) {
		world.keys[i] = test_key(test_algs[i], 1 + i, entropy);
		world.signers[i] = aval_signer_from_secret_key(world.keys[i]);
		aval_public_key_party(world.party_texts[i], aval_secret_key_public(world.keys[i]));
		world.parties[i] = aval_text_z(world.party_texts[i]);
		world.sorted[i] = *aval_secret_key_public(world.keys[i]);
	}
	qsort(world.sorted, 3, sizeof world.sorted[0], compare_keys);
}

static void teardown(void)
{
	for (unsigned i = 0; i < 3; i++)
		aval_secret_key_free(world.keys[i]);
}

typedef struct test_envelope {
	uint8_t    bytes[MAX_ENVELOPE];
	size_t     len;
	aval_event event;
} test_envelope;

static void read_envelope(test_envelope *e)
{
	aval_error err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_event_parse(&e->event, e->bytes, e->len, &err) == AVAL_OK, "%s: %s at %zu",
	              err.where, err.reason, err.offset);
}

static aval_status sign(test_envelope *out, const aval_event *event, aval_role role, aval_text party,
                        const aval_signer *signer, aval_error *err)
{
	out->len = sizeof out->bytes;
	return aval_event_sign(out->bytes, &out->len, event, role, party.data, party.len, signer, NULL, err);
}

/* An ACCEPT of less than the face: signed by the supplier, the debtor and, the supplier again, the holder. */
static test_payload payload;

static aval_token *build_accept(void)
{
	aval_issue_options  issue = test_issue_options(1000);
	aval_accept_options accept = AVAL_ACCEPT_OPTIONS_INIT;
	aval_token         *token = NULL;

	issue.issue.supplier = world.parties[0];
	issue.issue.debtor = world.parties[1];
	payload.len = sizeof payload.bytes;
	ck_assert_int_eq(aval_issue_build(payload.bytes, &payload.len, &issue, NULL), AVAL_OK);
	test_read(&payload);
	ck_assert_int_eq(aval_token_new(&token, &payload.event, AVAL_TIME_NONE, NULL, NULL), AVAL_OK);
	accept.times = test_times();
	accept.accept = (aval_accept){ 900, true, false };
	payload.len = sizeof payload.bytes;
	ck_assert_int_eq(aval_accept_build(payload.bytes, &payload.len, token, &accept, NULL), AVAL_OK);
	test_read(&payload);
	return token;
}

static const struct {
	aval_role role;
	unsigned  party;
} signatures[] = { { AVAL_ROLE_SUPPLIER, 0 }, { AVAL_ROLE_DEBTOR, 1 }, { AVAL_ROLE_HOLDER, 0 } };

static aval_status sign_as(test_envelope *out, const aval_event *event, unsigned which, aval_error *err)
{
	unsigned party = signatures[which].party;

	return sign(out, event, signatures[which].role, world.parties[party], &world.signers[party], err);
}

static test_envelope complete;

static aval_token *sign_accept(void)
{
	static test_envelope a, b;
	aval_token          *token = build_accept();

	ck_assert_int_eq(sign_as(&a, &payload.event, 0, NULL), AVAL_OK);
	read_envelope(&a);
	ck_assert_int_eq(sign_as(&b, &a.event, 1, NULL), AVAL_OK);
	read_envelope(&b);
	ck_assert_int_eq(sign_as(&complete, &b.event, 2, NULL), AVAL_OK);
	read_envelope(&complete);
	return token;
}

START_TEST(test_protected)
{
	uint8_t          header[64];
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, header, sizeof header);
	aval_cose_write_body_header(&w, AVAL_EVENT_TYP);
	ck_assert_uint_eq(w.len, aval_event_protected().len);
	ck_assert_mem_eq(header, aval_event_protected().data, w.len);
}
END_TEST

static const unsigned orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
	                               { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

START_TEST(test_signing_commutes)
{
	static test_envelope steps[3];
	const aval_event    *event = &payload.event;
	aval_token          *token = sign_accept();

	for (unsigned i = 0; i < 3; i++) {
		aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
		aval_event_signer missing;
		size_t            count = 0;

		while (aval_event_next_missing(&missing, &cursor, event))
			count++;
		ck_assert_uint_eq(count, 3 - i);
		ck_assert(!aval_event_is_complete(event));
		ck_assert_int_eq(sign_as(&steps[i], event, orders[_i][i], NULL), AVAL_OK);
		read_envelope(&steps[i]);
		event = &steps[i].event;
		ck_assert_uint_eq(event->signature_count, i + 1);
		ck_assert_mem_eq(event->id32, payload.event.id32, 32);
		ck_assert_int_eq(aval_event_verify_signatures(event, world.sorted, 3, NULL), AVAL_OK);
	}
	ck_assert(aval_event_is_complete(event));
	/* Both algorithms in use have deterministic nonces. */
	ck_assert_uint_eq(steps[2].len, complete.len);
	ck_assert_mem_eq(steps[2].bytes, complete.bytes, complete.len);
	ck_assert_int_eq(aval_token_apply(token, event, AVAL_TIME_NONE, NULL), AVAL_OK);
	aval_token_free(token);
}
END_TEST

START_TEST(test_signatures)
{
	aval_token          *token = sign_accept();
	aval_event_cursor    cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature s;
	uint8_t              thumbprint[32];
	size_t               last = 0;

	while (aval_event_next_signature(&s, &cursor, &complete.event)) {
		unsigned party = s.signer.role == AVAL_ROLE_DEBTOR;

		ck_assert_int_eq(s.alg, test_algs[party]);
		aval_public_key_thumbprint(thumbprint, &world.signers[party].key);
		ck_assert_mem_eq(s.kid32, thumbprint, 32);
		ck_assert(aval_text_equal(s.signer.party, world.parties[party]));
		ck_assert_uint_gt(s.offset, last);
		last = s.offset;
	}
	ck_assert_uint_eq(cursor.index, 3);
	aval_token_free(token);
}
END_TEST

START_TEST(test_sign_refusals)
{
	static test_envelope out, one;
	aval_token          *token = build_accept();
	aval_error           err = AVAL_ERROR_INIT;
	const aval_signer   *keys = world.signers;

	ck_assert_int_eq(sign(&out, &payload.event, AVAL_ROLE_HOLDER, world.parties[1], &keys[1], &err),
	                 AVAL_E_SIGNER_UNEXPECTED);
	ck_assert_int_eq(sign(&out, &payload.event, AVAL_ROLE_DEBTOR, world.parties[0], &keys[0], &err),
	                 AVAL_E_SIGNER_UNEXPECTED);
	ck_assert_int_eq(sign(&out, &payload.event, AVAL_ROLE_DEBTOR, world.parties[2], &keys[2], &err),
	                 AVAL_E_SIGNER_UNEXPECTED);
	ck_assert_int_eq(sign_as(&one, &payload.event, 1, &err), AVAL_OK);
	read_envelope(&one);
	ck_assert_int_eq(sign_as(&out, &one.event, 1, &err), AVAL_E_COSE_ORDER);
	out.len = 0;
	ck_assert_int_eq(aval_event_sign(NULL, &out.len, &payload.event, AVAL_ROLE_DEBTOR,
	                                 world.parties[1].data, world.parties[1].len, &keys[1], NULL, &err),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(out.len, one.len);
	aval_token_free(token);
}
END_TEST

/* The debtor's signature, taken over into an event that differs in one bit, or under another role. */
START_TEST(test_every_bit)
{
	aval_token *token = sign_accept();
	aval_event  event;
	uint8_t    *bytes = complete.bytes;

	for (size_t bit = 0; bit < 8 * complete.len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (aval_event_parse(&event, bytes, complete.len, NULL) == AVAL_OK &&
		    aval_event_is_complete(&event))
			ck_assert_msg(aval_event_verify_signatures(&event, world.sorted, 3, NULL) != AVAL_OK,
			              "bit %zu may be flipped", bit);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t len = 0; len < complete.len; len++)
		ck_assert_int_ne(aval_event_parse(&event, bytes, len, NULL), AVAL_OK);
	aval_token_free(token);
}
END_TEST

START_TEST(test_keys)
{
	aval_token *token = sign_accept();
	aval_error  err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_event_verify_signatures(&complete.event, NULL, 0, &err), AVAL_E_KEY_MISSING);
	ck_assert_str_eq(err.where, "signature.kid");
	ck_assert_uint_gt(err.offset, 0);
	ck_assert_int_eq(aval_event_verify_signatures(&payload.event, NULL, 0, &err), AVAL_OK);
	aval_token_free(token);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("event");
	TCase   *tcase = tcase_create("event");
	SRunner *runner;
	int      failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_protected);
	tcase_add_loop_test(tcase, test_signing_commutes, 0, 6);
	tcase_add_test(tcase, test_signatures);
	tcase_add_test(tcase, test_sign_refusals);
	tcase_add_test(tcase, test_every_bit);
	tcase_add_test(tcase, test_keys);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
