/* SPDX-License-Identifier: Apache-2.0 */
/* One signed envelope and its COSE_Key from bytes, beside the bare operation on the curve. */
#include <mbedtls/ecdsa.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
#include <stdlib.h>

#include "bench.h"
#include "cose/cose.h"

#define TYP "application/aval-event+cbor"

/* About an assignment with its signers and allocation. */
enum { PAYLOAD_LEN = 300 };

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

static void note_limit(sample *s, const aval_cose_sign *sign, const aval_public_key *key)
{
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature signature;
	aval_sha256_ctx     ctx;
	aval_cbor_writer    w;

	bench_require(aval_cose_sign_next(&cursor, &signature, sign), "event: no signature");
	aval_cose_hasher_init(&w, &ctx, signature.algorithm);
	aval_cose_write_sig_structure(&w, &sign->body, signature.header);
	aval_sha256_finish(&ctx, s->digest32);
	memcpy(s->sig64, signature.signature.data, 64);
	aval_public_key_point(s->point65, key);
}

static sample *sign(aval_alg alg)
{
	sample          *s = bench_alloc(sizeof *s);
	uint8_t          payload[PAYLOAD_LEN];
	char             party[AVAL_PARTY_KEY_LEN + 1];
	aval_secret_key *key;
	aval_signer      signer;
	aval_cose_signer as;
	aval_cose_sign   parsed;

	bench_fill(payload, sizeof payload, 1);
	s->envelope_len = sizeof s->envelope;
	s->key_len = sizeof s->key;
	bench_require(aval_secret_key_generate(&key, alg, &entropy, NULL, NULL) == AVAL_OK, "event: no key");
	aval_public_key_party(party, aval_secret_key_public(key));
	signer = aval_signer_from_secret_key(key);
	as = (aval_cose_signer){ 3, aval_text_z(party) };
	bench_require(aval_cose_sign_new(s->envelope, &s->envelope_len, TYP,
	                                 (aval_bytes){ payload, sizeof payload }, &as, &signer, NULL,
	                                 NULL) == AVAL_OK,
	              "event: not signed");
	bench_require(aval_public_key_serialize(s->key, &s->key_len, &signer.key, NULL) == AVAL_OK,
	              "event: no COSE_Key");
	bench_require(aval_cose_sign_parse(&parsed, s->envelope, s->envelope_len, TYP, NULL) == AVAL_OK,
	              "event: refused");
	note_limit(s, &parsed, &signer.key);
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
		aval_public_key     key;
		aval_cose_sign      envelope;
		aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
		aval_cose_signature signature;

		bench_require(aval_public_key_parse(&key, s->key, s->key_len, NULL) == AVAL_OK,
		              "event: no key");
		bench_require(aval_cose_sign_parse(&envelope, s->envelope, s->envelope_len, TYP, NULL) ==
		                      AVAL_OK,
		              "event: refused");
		bench_require(aval_cose_sign_next(&cursor, &signature, &envelope), "event: no signature");
		bench_require(aval_cose_verify(&envelope.body, &signature, &key, NULL) == AVAL_OK,
		              "event: invalid");
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

	for (size_t i = 0; i < count; i++) {
		mbedtls_ecp_group group;
		mbedtls_ecp_point point;
		mbedtls_mpi       r, scalar;

		mbedtls_ecp_group_init(&group);
		mbedtls_ecp_point_init(&point);
		mbedtls_mpi_init(&r);
		mbedtls_mpi_init(&scalar);
		bench_require(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1) == 0, "event: limit");
		bench_require(mbedtls_ecp_point_read_binary(&group, &point, s->point65, 65) == 0,
		              "event: limit");
		bench_require(mbedtls_ecp_check_pubkey(&group, &point) == 0, "event: limit");
		bench_require(mbedtls_mpi_read_binary(&r, s->sig64, 32) == 0, "event: limit");
		bench_require(mbedtls_mpi_read_binary(&scalar, s->sig64 + 32, 32) == 0, "event: limit");
		bench_require(mbedtls_ecdsa_verify(&group, s->digest32, 32, &point, &r, &scalar) == 0,
		              "event: limit");
		mbedtls_mpi_free(&scalar);
		mbedtls_mpi_free(&r);
		mbedtls_ecp_point_free(&point);
		mbedtls_ecp_group_free(&group);
	}
}

static const bench_row rows[] = {
	{ .name = "verify.cose", .limit = "secp256k1: parse the key in full and verify ECDSA",
	  .target_ratio_milli = 1100, .no_allocation = true,
	  .setup = setup_es256k, .work = verify, .limit_work = limit_es256k, .teardown = free },
	{ .name = "verify.cose-schnorr", .limit = "secp256k1: parse the key by x and verify BIP340",
	  .target_ratio_milli = 1100, .no_allocation = true,
	  .setup = setup_schnorr, .work = verify, .limit_work = limit_schnorr, .teardown = free },
	{ .name = "verify.cose-p256", .limit = "mbedTLS: check the key and verify ECDSA", .target_ratio_milli = 1100,
	  .setup = setup_esp256, .work = verify, .limit_work = limit_esp256, .teardown = free },
};
BENCH_AREA(event, rows);
