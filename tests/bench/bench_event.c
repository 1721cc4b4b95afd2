/* SPDX-License-Identifier: Apache-2.0 */
/* One signed event and its COSE_Key from bytes, beside the bare operation on the curve. */
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
#include <stdlib.h>

#include <aval/token.h>

#include "bench.h"
#include "cose/cose.h"
#include "token/token.h"

typedef struct sample {
	uint8_t envelope[1024];
	size_t  envelope_len;
	uint8_t key[AVAL_PUBLIC_KEY_MAX_LEN];
	size_t  key_len;
	/* What the limit gets for nothing. */
	uint8_t point65[65];
	uint8_t digest32[32];
	uint8_t sig64[64];
} sample;

static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	(void)user_data;
	bench_fill(out, len, 7);
	return AVAL_OK;
}

static const aval_entropy entropy = { sizeof entropy, fill, NULL };

static void note_limit(sample *s, const aval_public_key *key)
{
	aval_cose_sign      sign;
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature signature;
	aval_sha256_ctx     ctx;
	aval_cbor_writer    w;

	bench_require(aval_cose_sign_parse(&sign, s->envelope, s->envelope_len, AVAL_EVENT_TYP, NULL) ==
	                      AVAL_OK,
	              "event: refused");
	bench_require(aval_cose_sign_next(&cursor, &signature, &sign), "event: no signature");
	aval_cose_hasher_init(&w, &ctx, signature.algorithm);
	aval_cose_write_sig_structure(&w, &sign.body, signature.header);
	aval_sha256_finish(&ctx, s->digest32);
	memcpy(s->sig64, signature.signature.data, 64);
	aval_public_key_point(s->point65, key);
}

/* An ISSUE by a party that is a key. */
static size_t write_payload(uint8_t *out, size_t cap, const char *party)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;

	options.times = (aval_event_times){ INT64_C(1924300800000), INT64_C(1926892800000) };
	options.registry = aval_text_z("registry.example/eur");
	options.issue.face_minor = 1234567;
	options.issue.currency = aval_text_z("EUR");
	options.issue.due_date = aval_text_z("2031-03-31");
	options.issue.supplier = aval_text_z(party);
	options.issue.debtor = aval_text_z("lei:529900T8BM49AURSDO55");
	bench_fill(options.issue.commitment32, 32, 1);
	bench_fill(options.issue.source32, 32, 2);
	bench_fill(options.issue.nonce16, 16, 3);
	options.issue.policy.effectiveness = AVAL_EFFECTIVE_NOTICE;
	options.issue.policy.grace_days = 30;
	bench_require(aval_issue_build(out, &cap, &options, NULL) == AVAL_OK, "event: not built");
	return cap;
}

static sample *sign(aval_alg alg)
{
	sample          *s = bench_alloc(sizeof *s);
	uint8_t          payload[512];
	char             party[AVAL_PARTY_KEY_LEN + 1];
	aval_secret_key *key;
	aval_signer      signer;
	aval_event       event;
	size_t           len;

	s->envelope_len = sizeof s->envelope;
	s->key_len = sizeof s->key;
	bench_require(aval_secret_key_generate(&key, alg, &entropy, NULL, NULL) == AVAL_OK, "event: no key");
	aval_public_key_party(party, aval_secret_key_public(key));
	signer = aval_signer_from_secret_key(key);
	len = write_payload(payload, sizeof payload, party);
	bench_require(aval_event_parse_payload(&event, payload, len, NULL) == AVAL_OK, "event: refused");
	bench_require(aval_event_sign(s->envelope, &s->envelope_len, &event, AVAL_ROLE_SUPPLIER, party,
	                              AVAL_PARTY_KEY_LEN, &signer, NULL, NULL) == AVAL_OK,
	              "event: not signed");
	bench_require(aval_public_key_serialize(s->key, &s->key_len, &signer.key, NULL) == AVAL_OK,
	              "event: no COSE_Key");
	note_limit(s, &signer.key);
	aval_secret_key_free(key);
	return s;
}

static void *setup_es256k(const bench_config *config)
{
	(void)config;
	return sign(AVAL_ALG_ES256K);
}

static void *setup_schnorr(const bench_config *config)
{
	(void)config;
	return sign(AVAL_ALG_SCHNORR);
}

static void *setup_esp256(const bench_config *config)
{
	(void)config;
	return sign(AVAL_ALG_ESP256);
}

static void verify(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_public_key key;
		aval_event      event;

		bench_require(aval_public_key_parse(&key, s->key, s->key_len, NULL) == AVAL_OK,
		              "event: no key");
		bench_require(aval_event_parse(&event, s->envelope, s->envelope_len, NULL) == AVAL_OK,
		              "event: refused");
		bench_require(aval_event_is_complete(&event), "event: not complete");
		bench_require(aval_event_verify_signatures(&event, &key, 1, NULL) == AVAL_OK, "event: invalid");
	}
}

static void limit_es256k(void *state, size_t count)
{
	const sample            *s = state;
	const secp256k1_context *ctx = secp256k1_context_static;

	for (size_t i = 0; i < count; i++) {
		secp256k1_pubkey          key;
		secp256k1_ecdsa_signature signature;

		bench_require(secp256k1_ec_pubkey_parse(ctx, &key, s->point65, 65) == 1, "event: limit");
		bench_require(secp256k1_ecdsa_signature_parse_compact(ctx, &signature, s->sig64) == 1,
		              "event: limit");
		bench_require(secp256k1_ecdsa_verify(ctx, &signature, s->digest32, &key) == 1, "event: limit");
	}
}

static void limit_schnorr(void *state, size_t count)
{
	const sample            *s = state;
	const secp256k1_context *ctx = secp256k1_context_static;

	for (size_t i = 0; i < count; i++) {
		secp256k1_xonly_pubkey key;

		bench_require(secp256k1_xonly_pubkey_parse(ctx, &key, s->point65 + 1) == 1, "event: limit");
		bench_require(secp256k1_schnorrsig_verify(ctx, s->sig64, s->digest32, 32, &key) == 1,
		              "event: limit");
	}
}

static void limit_esp256(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++)
		bench_p256_verify(s->point65, s->digest32, s->sig64);
}

static const bench_row rows[] = {
	{ .name = "verify.event",
	  .limit = "secp256k1: parse the key in full and verify ECDSA",
	  .target_ratio_milli = 1100,
	  .no_allocation = true,
	  .setup = setup_es256k,
	  .work = verify,
	  .limit_work = limit_es256k,
	  .teardown = free },
	{ .name = "verify.event-schnorr",
	  .limit = "secp256k1: parse the key by x and verify BIP340",
	  .target_ratio_milli = 1100,
	  .no_allocation = true,
	  .setup = setup_schnorr,
	  .work = verify,
	  .limit_work = limit_schnorr,
	  .teardown = free },
	{ .name = "verify.event-p256",
	  .limit = "mbedTLS: check the key and verify ECDSA",
	  .target_ratio_milli = 1100,
	  .setup = setup_esp256,
	  .work = verify,
	  .limit_work = limit_esp256,
	  .teardown = free },
};
BENCH_AREA(event, rows);
