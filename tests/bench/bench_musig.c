/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One signature by three signers, each of whom does what he would on a machine of his own, beside the
 * operations on the group that BIP327 asks for. The keys were aggregated before.
 */
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
#include <stdlib.h>
#include <string.h>

#include <aval/musig.h>

#include "bench.h"

enum { SIGNERS = 3 };

static const uint8_t message[32] = { 9 };

typedef struct sample {
	aval_secret_key *secret[SIGNERS]; /* in the order of the sorted list */
	aval_musig_keys *keys;
	/* What the limit runs on. */
	secp256k1_context *ctx;
	uint8_t            scalars[SIGNERS][32], x32[32], sig64[64], digest32[32];
	secp256k1_pubkey   points[SIGNERS];
	uint8_t            nonces[SIGNERS * 2][33];
} sample;

static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	uint64_t *seed = user_data;

	bench_fill(out, len, ++*seed);
	return AVAL_OK;
}

static uint64_t           seed;
static const aval_entropy entropy = { sizeof entropy, fill, &seed };

static void place(sample *s, aval_secret_key *const drawn[SIGNERS])
{
	for (size_t i = 0; i < SIGNERS; i++)
		for (size_t j = 0; j < SIGNERS; j++)
			if (memcmp(aval_musig_keys_member(s->keys, i), aval_secret_key_public(drawn[j]),
			           sizeof(aval_public_key)) == 0)
				s->secret[i] = drawn[j];
}

static void prepare_limit(sample *s)
{
	secp256k1_keypair      pair;
	secp256k1_xonly_pubkey x;

	s->ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
	for (size_t i = 0; i < SIGNERS; i++) {
		bench_fill(s->scalars[i], 32, 77 + i);
		bench_require(secp256k1_ec_pubkey_create(s->ctx, &s->points[i], s->scalars[i]) == 1,
		              "musig: limit");
	}
	for (size_t i = 0; i < 2 * SIGNERS; i++) {
		secp256k1_pubkey point;
		uint8_t          scalar32[32];
		size_t           len = 33;

		bench_fill(scalar32, 32, 99 + i);
		bench_require(secp256k1_ec_pubkey_create(s->ctx, &point, scalar32) == 1, "musig: limit");
		secp256k1_ec_pubkey_serialize(s->ctx, s->nonces[i], &len, &point, SECP256K1_EC_COMPRESSED);
	}
	bench_fill(s->digest32, 32, 5);
	bench_require(secp256k1_keypair_create(s->ctx, &pair, s->scalars[0]) == 1 &&
	                      secp256k1_keypair_xonly_pub(s->ctx, &x, NULL, &pair) == 1 &&
	                      secp256k1_schnorrsig_sign32(s->ctx, s->sig64, s->digest32, &pair, NULL) == 1 &&
	                      secp256k1_xonly_pubkey_serialize(s->ctx, s->x32, &x) == 1,
	              "musig: limit");
}

static void *setup(const bench_config *config)
{
	sample          *s = bench_alloc(sizeof *s);
	aval_secret_key *drawn[SIGNERS];
	aval_public_key  members[SIGNERS];

	(void)config;
	for (size_t i = 0; i < SIGNERS; i++) {
		bench_require(aval_secret_key_generate(&drawn[i], AVAL_ALG_SCHNORR, &entropy, NULL, NULL) ==
		                      AVAL_OK,
		              "musig: no key");
		members[i] = *aval_secret_key_public(drawn[i]);
	}
	bench_require(aval_musig_keys_new(&s->keys, members, SIGNERS, NULL, NULL) == AVAL_OK,
	              "musig: no aggregate");
	place(s, drawn);
	prepare_limit(s);
	return s;
}

static void teardown(void *state)
{
	sample *s = state;

	for (size_t i = 0; i < SIGNERS; i++)
		aval_secret_key_free(s->secret[i]);
	aval_musig_keys_free(s->keys);
	secp256k1_context_destroy(s->ctx);
	free(s);
}

static void sign_once(const sample *s)
{
	aval_musig_nonce   *nonces[SIGNERS];
	aval_musig_session *sessions[SIGNERS];
	uint8_t             public_nonces[66 * SIGNERS], partials[32 * SIGNERS], sig64[64];

	for (size_t i = 0; i < SIGNERS; i++)
		bench_require(aval_musig_nonce_new(&nonces[i], public_nonces + 66 * i, s->keys, s->secret[i],
		                                   message, sizeof message, NULL, 0, bench_allocator(),
		                                   NULL) == AVAL_OK,
		              "musig: nonce");
	for (size_t i = 0; i < SIGNERS; i++) {
		bench_require(aval_musig_session_new(&sessions[i], s->keys, public_nonces, message,
		                                     sizeof message, bench_allocator(), NULL) == AVAL_OK,
		              "musig: session");
		bench_require(aval_musig_session_sign(partials + 32 * i, sessions[i], nonces[i], s->secret[i],
		                                      NULL) == AVAL_OK,
		              "musig: not signed");
		aval_musig_nonce_free(nonces[i]);
	}
	bench_require(aval_musig_session_aggregate(sig64, sessions[0], partials, NULL) == AVAL_OK,
	              "musig: invalid");
	for (size_t i = 0; i < SIGNERS; i++)
		aval_musig_session_free(sessions[i]);
	bench_keep(sig64, sizeof sig64);
}

static void work(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sign_once(state);
}

/* Two points of a fresh nonce, as bytes. */
static void limit_nonce(const sample *s, size_t signer)
{
	for (size_t i = 0; i < 2; i++) {
		secp256k1_pubkey point;
		uint8_t          point33[33];
		size_t           len = 33;

		bench_require(secp256k1_ec_pubkey_create(s->ctx, &point, s->scalars[(signer + i) % SIGNERS]) ==
		                      1,
		              "musig: limit");
		secp256k1_ec_pubkey_serialize(s->ctx, point33, &len, &point, SECP256K1_EC_COMPRESSED);
		bench_keep(point33, sizeof point33);
	}
}

/* All nonces from bytes, both sums, and R = R1 + b R2. */
static void limit_session(const sample *s, secp256k1_pubkey nonces[2 * SIGNERS])
{
	secp256k1_pubkey sums[2], r;

	for (size_t i = 0; i < 2 * SIGNERS; i++)
		bench_require(secp256k1_ec_pubkey_parse(s->ctx, &nonces[i], s->nonces[i], 33) == 1,
		              "musig: limit");
	for (size_t i = 0; i < 2; i++) {
		const secp256k1_pubkey *at[SIGNERS] = { &nonces[i], &nonces[2 + i], &nonces[4 + i] };

		bench_require(secp256k1_ec_pubkey_combine(s->ctx, &sums[i], at, SIGNERS) == 1, "musig: limit");
	}
	bench_require(secp256k1_ec_pubkey_tweak_mul(s->ctx, &sums[1], s->digest32) == 1, "musig: limit");
	{
		const secp256k1_pubkey *at[2] = { &sums[0], &sums[1] };

		bench_require(secp256k1_ec_pubkey_combine(s->ctx, &r, at, 2) == 1, "musig: limit");
	}
	bench_keep(&r, sizeof r);
}

/* Three products of scalars, and s G = R1 + b R2 + e a P. */
static void limit_partial(const sample *s, size_t signer, const secp256k1_pubkey nonces[2 * SIGNERS])
{
	secp256k1_pubkey three[3] = { nonces[2 * signer], nonces[2 * signer + 1], s->points[signer] }, sum;
	const secp256k1_pubkey *at[3] = { &three[0], &three[1], &three[2] };
	uint8_t                 scalar32[32];

	memcpy(scalar32, s->scalars[signer], 32);
	for (size_t i = 0; i < 3; i++)
		bench_require(secp256k1_ec_seckey_tweak_mul(s->ctx, scalar32, s->digest32) == 1,
		              "musig: limit");
	bench_require(secp256k1_ec_pubkey_tweak_mul(s->ctx, &three[1], s->digest32) == 1, "musig: limit");
	bench_require(secp256k1_ec_pubkey_tweak_mul(s->ctx, &three[2], scalar32) == 1, "musig: limit");
	bench_require(secp256k1_ec_pubkey_combine(s->ctx, &sum, at, 3) == 1, "musig: limit");
	bench_require(secp256k1_ec_pubkey_tweak_add(s->ctx, &sum, scalar32) == 1, "musig: limit");
	bench_keep(&sum, sizeof sum);
}

static void limit(void *state, size_t count)
{
	const sample *s = state;

	for (size_t n = 0; n < count; n++) {
		secp256k1_xonly_pubkey x;
		secp256k1_pubkey       nonces[2 * SIGNERS];

		for (size_t i = 0; i < SIGNERS; i++)
			limit_nonce(s, i);
		for (size_t i = 0; i < SIGNERS; i++) {
			limit_session(s, nonces);
			limit_partial(s, i, nonces);
		}
		bench_require(secp256k1_xonly_pubkey_parse(s->ctx, &x, s->x32) == 1 &&
		                      secp256k1_schnorrsig_verify(s->ctx, s->sig64, s->digest32, 32, &x) == 1,
		              "musig: limit");
	}
}

static const bench_row rows[] = {
	{ .name = "sign.musig2",
	  .limit = "secp256k1: the points and scalars of 3 signers, 3 checks and 1 verification",
	  .target_ratio_milli = 1200,
	  .setup = setup,
	  .work = work,
	  .limit_work = limit,
	  .teardown = teardown },
};
BENCH_AREA(musig, rows);
