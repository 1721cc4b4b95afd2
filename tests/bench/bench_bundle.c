/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle of three events and five disclosed terms, verified whole, beside the bare verification of its
 * signatures. */
#include <secp256k1.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/verify.h>

#include "bench.h"
#include "cose/cose.h"
#include "token/bundle.h"

enum { SUPPLIER, DEBTOR, FACTOR, PARTIES };
enum { SIGNATURES = 4 };

typedef struct sample {
	uint8_t      data[8192];
	size_t       len;
	aval_policy *policy;
	aval_report *report;
	/* What the limit gets for nothing. */
	uint8_t point65[PARTIES][65];
	uint8_t digest32[SIGNATURES][32];
	uint8_t sig64[SIGNATURES][64];
	size_t  signer[SIGNATURES];
} sample;

static const aval_text paths[] = {
	{ "BT-1", 4 }, { "BT-3", 4 }, { "BT-5", 4 }, { "BT-9", 4 }, { "BT-115", 6 }
};
static const aval_event_times times = { INT64_C(1790000000000), INT64_C(1792592000000) };

static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	bench_fill(out, len, ++*(uint64_t *)user_data);
	return AVAL_OK;
}

typedef struct party {
	aval_secret_key *key;
	aval_signer      signer;
	char             id[AVAL_PARTY_KEY_LEN + 1];
} party;

static void require(aval_status status, const char *what)
{
	bench_require(status == AVAL_OK, what);
}

static void make_parties(party *parties, const aval_entropy *entropy)
{
	for (int i = 0; i < PARTIES; i++) {
		require(aval_secret_key_generate(&parties[i].key, AVAL_ALG_ES256K, entropy, NULL, NULL),
		        "bundle: no key");
		parties[i].signer = aval_signer_from_secret_key(parties[i].key);
		aval_public_key_party(parties[i].id, &parties[i].signer.key);
	}
}

/* The terms of an invoice of 500. */
static aval_commitment *commit(void)
{
	static char      path[500][32];
	static aval_term terms[500];
	aval_commitment *commitment;
	uint8_t          seed32[32] = { 1 };
	size_t           count = 0;

	for (; count < 495; count++) {
		snprintf(path[count], sizeof path[count], "BG-25.%zu/BT-131", count + 1);
		terms[count] = (aval_term){ aval_text_z(path[count]), aval_text_z("249.99"), NULL, 0 };
	}
	terms[count++] = (aval_term){ paths[0], aval_text_z("EC-2030-0117"), NULL, 0 };
	terms[count++] = (aval_term){ paths[1], aval_text_z("380"), NULL, 0 };
	terms[count++] = (aval_term){ paths[2], aval_text_z("EUR"), NULL, 0 };
	terms[count++] = (aval_term){ paths[3], aval_text_z("2026-12-31"), NULL, 0 };
	terms[count++] = (aval_term){ paths[4], aval_text_z("10000"), NULL, 0 };
	require(aval_commitment_new_from_terms(&commitment, terms, count, seed32, NULL, NULL),
	        "bundle: no commitment");
	return commitment;
}

static void sign(aval_bundle *b, aval_role role, const party *p)
{
	require(aval_bundle_sign(b, role, p->id, strlen(p->id), &p->signer, NULL), "bundle: not signed");
}

static void issue(aval_bundle *b, const party *parties, const aval_commitment *commitment)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;
	uint8_t            payload[2048], disclosure[4096];
	size_t             len = sizeof payload, disclosure_len = sizeof disclosure;

	options.times = times;
	options.registry = aval_text_z("registry.example");
	options.issue.face_minor = 1000000;
	options.issue.currency = aval_text_z("EUR");
	options.issue.due_date = aval_text_z("2026-12-31");
	options.issue.supplier = aval_text_z(parties[SUPPLIER].id);
	options.issue.debtor = aval_text_z(parties[DEBTOR].id);
	aval_commitment_hash(options.issue.commitment32, commitment);
	require(aval_issue_build(payload, &len, &options, NULL), "bundle: no ISSUE");
	require(aval_bundle_append(b, payload, len, NULL), "bundle: no ISSUE");
	sign(b, AVAL_ROLE_SUPPLIER, &parties[SUPPLIER]);
	require(aval_commitment_disclose(disclosure, &disclosure_len, commitment, paths, 5, NULL),
	        "bundle: no terms");
	require(aval_bundle_set_disclosure(b, disclosure, disclosure_len, NULL), "bundle: no terms");
}

static void accept(aval_bundle *b, const party *parties, aval_token *token)
{
	aval_accept_options options = AVAL_ACCEPT_OPTIONS_INIT;
	uint8_t             payload[2048];
	size_t              len = sizeof payload;

	options.times = times;
	options.accept = (aval_accept){ 1000000, true, false };
	require(aval_accept_build(payload, &len, token, &options, NULL), "bundle: no ACCEPT");
	require(aval_bundle_append(b, payload, len, NULL), "bundle: no ACCEPT");
	sign(b, AVAL_ROLE_DEBTOR, &parties[DEBTOR]);
	aval_token_free(token);
}

static void assign(aval_bundle *b, const party *parties, aval_token *token)
{
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
	aval_output         outputs[2] = { { 400000, aval_text_z(parties[FACTOR].id), 100000 },
		                           { 600000, aval_text_z(parties[SUPPLIER].id), 0 } };
	aval_note           note;
	uint8_t             payload[2048];
	size_t              len = sizeof payload;

	require(aval_token_note(&note, token, aval_token_first_live(token), NULL), "bundle: no note");
	options.times = times;
	options.inputs = note.id32;
	options.input_count = 1;
	options.outputs = outputs;
	options.output_count = 2;
	options.assign.kind = AVAL_ASSIGN_SALE;
	require(aval_assign_build(payload, &len, token, &options, NULL), "bundle: no ASSIGN");
	require(aval_bundle_append(b, payload, len, NULL), "bundle: no ASSIGN");
	sign(b, AVAL_ROLE_HOLDER, &parties[SUPPLIER]);
	sign(b, AVAL_ROLE_ASSIGNEE, &parties[FACTOR]);
	aval_token_free(token);
}

static aval_token *state(const aval_bundle *b)
{
	aval_token *token;

	require(aval_bundle_replay(&token, b, NULL, NULL), "bundle: no state");
	return token;
}

static size_t signer_of(const party *parties, const aval_cose_signature *signature)
{
	for (size_t i = 0; i < PARTIES; i++)
		if (aval_text_equal_z(signature->signer.party, parties[i].id))
			return i;
	bench_require(false, "bundle: a stranger signed");
	return 0;
}

static void note_limit(sample *s, const aval_bundle *b, const party *parties)
{
	size_t count = 0;

	for (size_t i = 0; i < PARTIES; i++)
		aval_public_key_point(s->point65[i], &parties[i].signer.key);
	for (size_t i = 0; i < aval_bundle_event_count(b); i++) {
		aval_cose_sign      event = aval_event_cose(aval_bundle_event(b, i));
		aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
		aval_cose_signature signature;

		for (; aval_cose_sign_next(&cursor, &signature, &event); count++) {
			aval_sha256_ctx  ctx;
			aval_cbor_writer w;

			aval_cose_hasher_init(&w, &ctx, signature.algorithm);
			aval_cose_write_sig_structure(&w, &event.body, signature.header);
			aval_sha256_finish(&ctx, s->digest32[count]);
			memcpy(s->sig64[count], signature.signature.data, 64);
			s->signer[count] = signer_of(parties, &signature);
		}
	}
	bench_require(count == SIGNATURES, "bundle: not four signatures");
}

static void make_policy(sample *s, const party *parties)
{
	static const aval_check_id without[] = { AVAL_CHECK_PARTIES, AVAL_CHECK_REGISTERED, AVAL_CHECK_LIVE,
		                                 AVAL_CHECK_DUPLICATE, AVAL_CHECK_FRESH };
	uint8_t                    thumbprint32[32];

	require(aval_policy_new(&s->policy, bench_allocator(), NULL), "bundle: no policy");
	for (int i = 0; i < PARTIES; i++) {
		aval_public_key_thumbprint(thumbprint32, &parties[i].signer.key);
		require(aval_policy_trust_key(s->policy, thumbprint32, NULL, 0, NULL), "bundle: no policy");
	}
	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		require(aval_policy_without(s->policy, without[i], NULL), "bundle: no policy");
	require(aval_report_new(&s->report, bench_allocator(), NULL), "bundle: no report");
}

static void *setup(const bench_config *config)
{
	sample          *s = bench_alloc(sizeof *s);
	uint64_t         seed = 0;
	aval_entropy     entropy = { sizeof entropy, fill, &seed };
	party            parties[PARTIES];
	aval_commitment *commitment = commit();
	aval_bundle     *b;

	(void)config;
	make_parties(parties, &entropy);
	require(aval_bundle_new(&b, NULL, NULL), "bundle: no bundle");
	issue(b, parties, commitment);
	accept(b, parties, state(b));
	assign(b, parties, state(b));
	s->len = sizeof s->data;
	require(aval_bundle_serialize(s->data, &s->len, b, NULL), "bundle: not written");
	note_limit(s, b, parties);
	make_policy(s, parties);
	aval_bundle_free(b);
	aval_commitment_free(commitment);
	for (int i = 0; i < PARTIES; i++)
		aval_secret_key_free(parties[i].key);
	return s;
}

static void verify(void *state_, size_t count)
{
	sample *s = state_;

	for (size_t i = 0; i < count; i++)
		require(aval_verify(s->report, s->data, s->len, s->policy, NULL), "bundle: not valid");
}

/* Three keys from bytes, four signatures. */
static void limit(void *state_, size_t count)
{
	const sample            *s = state_;
	const secp256k1_context *ctx = secp256k1_context_static;
	secp256k1_pubkey         keys[PARTIES];

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < PARTIES; k++)
			bench_require(secp256k1_ec_pubkey_parse(ctx, &keys[k], s->point65[k], 65) == 1,
			              "bundle: limit");
		for (size_t k = 0; k < SIGNATURES; k++) {
			secp256k1_ecdsa_signature signature;

			bench_require(secp256k1_ecdsa_signature_parse_compact(ctx, &signature, s->sig64[k]) ==
			                              1 &&
			                      secp256k1_ecdsa_verify(ctx, &signature, s->digest32[k],
			                                             &keys[s->signer[k]]) == 1,
			              "bundle: limit");
		}
	}
}

static void note(const void *state_)
{
	printf("  %zu bytes", ((const sample *)state_)->len);
}

static void teardown(void *state_)
{
	sample *s = state_;

	aval_report_free(s->report);
	aval_policy_free(s->policy);
	free(s);
}

static const bench_row rows[] = {
	{ .name = "verify.bundle",
	  .limit = "its 4 signatures and 3 keys, bare",
	  .target_ratio_milli = 1200,
	  .setup = setup,
	  .work = verify,
	  .limit_work = limit,
	  .note = note,
	  .teardown = teardown },
};
BENCH_AREA(bundle, rows);
