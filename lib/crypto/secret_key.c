/* SPDX-License-Identifier: Apache-2.0 */
/* Secret keys: a number in memory that is wiped, and what signing with it needs. */
#include "crypto/crypto.h"

/* A sound source gives a number that is no key once in 2^32 on P-256, in 2^128 on secp256k1. */
enum { MAX_TRIES = 16 };

aval_status aval_entropy_check(const aval_entropy *entropy, aval_error *err)
{
	if (entropy == NULL || entropy->struct_size < sizeof *entropy || entropy->fill == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "entropy", "no usable source of entropy");
	return AVAL_OK;
}

static aval_status fill(uint8_t *out, size_t len, const aval_entropy *entropy, aval_error *err)
{
	aval_status status = entropy->fill(out, len, entropy->user_data);

	if (status != AVAL_OK)
		return aval_fail_cause(err, AVAL_E_CALLBACK, "entropy", "the source of entropy failed", status);
	return AVAL_OK;
}

static aval_status add_k1(aval_secret_key *key, const aval_entropy *entropy, aval_error *err)
{
	uint8_t     seed32[32];
	aval_status status = fill(seed32, sizeof seed32, entropy, err);

	if (status == AVAL_OK) {
		key->k1 = aval_k1_new(seed32, key->allocator);
		if (key->k1 == NULL)
			status = aval_fail_no_memory(err);
	}
	aval_wipe(seed32, sizeof seed32);
	return status;
}

static aval_status add_public_key(aval_secret_key *key, const aval_algorithm *algorithm, aval_error *err)
{
	uint8_t     point65[65];
	aval_status status = algorithm->derive_point(point65, key);

	if (status != AVAL_OK)
		return aval_fail(err, status, "key", "the public key could not be computed");
	/* BIP340 signs with the number whose point has an even y. */
	if (algorithm->alg == AVAL_ALG_SCHNORR && (point65[64] & 1) != 0)
		aval_scalar_negate(key->scalar32, key->scalar32, algorithm->order32);
	return aval_public_key_from_point(&key->public_key, algorithm->alg, point65, err);
}

/* Everything but the number itself, which is in range. */
static aval_status complete(aval_secret_key *key, const aval_algorithm *algorithm, aval_error *err)
{
	aval_status status = algorithm->curve == AVAL_CURVE_K1 ? add_k1(key, key->entropy, err) : AVAL_OK;

	return status == AVAL_OK ? add_public_key(key, algorithm, err) : status;
}

aval_status aval_secret_key_from_scalar(aval_secret_key **key_out, aval_alg alg, const uint8_t scalar32[32],
                                        const aval_entropy *entropy, const aval_allocator *allocator,
                                        aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_find((int64_t)alg);
	aval_secret_key      *key;
	aval_status           status = aval_entropy_check(entropy, err);

	if (status != AVAL_OK)
		return status;
	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "alg", "not an algorithm of this library");
	if (!aval_scalar_in_range(scalar32, algorithm->order32))
		return aval_fail(err, AVAL_E_KEY_SCALAR, "key", "zero, or not below the order of the curve");
	key = aval_alloc_zero(allocator, sizeof *key);
	if (key == NULL)
		return aval_fail_no_memory(err);
	key->allocator = allocator;
	key->entropy = entropy;
	memcpy(key->scalar32, scalar32, 32);
	status = complete(key, algorithm, err);
	if (status != AVAL_OK) {
		aval_secret_key_free(key);
		return status;
	}
	*key_out = key;
	return AVAL_OK;
}

/* A number from 1 to below the order, each as likely as any other. */
static aval_status draw(uint8_t scalar32_out[32], const aval_algorithm *algorithm, const aval_entropy *entropy,
                        aval_error *err)
{
	for (int i = 0; i < MAX_TRIES; i++) {
		aval_status status = fill(scalar32_out, 32, entropy, err);

		if (status != AVAL_OK || aval_scalar_in_range(scalar32_out, algorithm->order32))
			return status;
	}
	return aval_fail(err, AVAL_E_KEY_SCALAR, "entropy", "no number that is a key came of many");
}

aval_status aval_secret_key_generate(aval_secret_key **key_out, aval_alg alg, const aval_entropy *entropy,
                                     const aval_allocator *allocator, aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_find((int64_t)alg);
	uint8_t               scalar32[32];
	aval_status           status = aval_entropy_check(entropy, err);

	if (status != AVAL_OK)
		return status;
	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "alg", "not an algorithm of this library");
	status = draw(scalar32, algorithm, entropy, err);
	if (status == AVAL_OK)
		status = aval_secret_key_from_scalar(key_out, alg, scalar32, entropy, allocator, err);
	aval_wipe(scalar32, sizeof scalar32);
	return status;
}

const aval_public_key *aval_secret_key_public(const aval_secret_key *key)
{
	return &key->public_key;
}

void aval_secret_key_free(aval_secret_key *key)
{
	const aval_allocator *allocator;

	if (key == NULL)
		return;
	allocator = key->allocator;
	aval_k1_free(key->k1, allocator);
	aval_wipe(key, sizeof *key);
	aval_free(key, allocator);
}
