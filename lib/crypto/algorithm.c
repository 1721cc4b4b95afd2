/* SPDX-License-Identifier: Apache-2.0 */
/* The table of algorithms, and verification over it. */
#include "crypto/crypto.h"

static const aval_algorithm algorithms[] = {
	{ AVAL_ALG_ES256K, "es256k", AVAL_CURVE_K1, aval_k1_order32, NULL, true, aval_k1_parse_point,
	  aval_k1_verify_ecdsa, aval_k1_sign_ecdsa, aval_k1_derive_point },
	{ AVAL_ALG_ESP256, "esp256", AVAL_CURVE_P256, aval_p256_order32, NULL, true, aval_p256_parse_point,
	  aval_p256_verify, aval_p256_sign, aval_p256_derive_point },
	{ AVAL_ALG_SCHNORR, "schnorr", AVAL_CURVE_K1, aval_k1_order32, &aval_tag_schnorr, false,
	  aval_k1_parse_even_point, aval_k1_verify_schnorr, aval_k1_sign_schnorr, aval_k1_derive_point },
};

enum { ROWS = sizeof algorithms / sizeof algorithms[0] };

const aval_algorithm *aval_algorithm_find(int64_t cose_alg)
{
	/* RFC 9864 replaced ES256, of any curve, by ESP256; on P-256 they are the same. */
	if (cose_alg == AVAL_COSE_ES256)
		cose_alg = AVAL_ALG_ESP256;
	for (size_t i = 0; i < ROWS; i++)
		if (algorithms[i].alg == cose_alg)
			return &algorithms[i];
	return NULL;
}

const aval_algorithm *aval_algorithm_find_name(aval_text name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (aval_text_equal_z(name, algorithms[i].name))
			return &algorithms[i];
	return NULL;
}

uint8_t aval_algorithm_row(const aval_algorithm *algorithm)
{
	return (uint8_t)(algorithm - algorithms + 1);
}

const aval_algorithm *aval_algorithm_of(const aval_public_key *key)
{
	unsigned row = aval_key_data_of(key)->row;

	return row == 0 || row > ROWS ? NULL : &algorithms[row - 1];
}

void aval_algorithm_digest_init(const aval_algorithm *algorithm, aval_sha256_ctx *ctx)
{
	if (algorithm->tag == NULL)
		aval_sha256_init(ctx);
	else
		aval_tagged_init(ctx, algorithm->tag);
}

/* ECDSA: r and s are numbers modulo the order, s in its lower half. */
static aval_status check_numbers(const aval_algorithm *algorithm, const uint8_t sig64[64], aval_error *err)
{
	if (!algorithm->is_ecdsa)
		return AVAL_OK;
	if (!aval_scalar_in_range(sig64, algorithm->order32) ||
	    !aval_scalar_in_range(sig64 + 32, algorithm->order32))
		return aval_fail(err, AVAL_E_SIGNATURE_INVALID, "signature",
		                 "r or s is zero or not below the order");
	if (aval_scalar_is_high(sig64 + 32, algorithm->order32))
		return aval_fail(err, AVAL_E_SIGNATURE_HIGH_S, "signature", "s is above half the order");
	return AVAL_OK;
}

aval_status aval_verify_digest(const aval_public_key *key, const uint8_t digest32[32], const uint8_t sig64[64],
                               aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_of(key);
	aval_status           status;

	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "key", "the public key is not filled in");
	status = check_numbers(algorithm, sig64, err);
	if (status != AVAL_OK)
		return status;
	status = algorithm->verify(aval_key_data_of(key), digest32, sig64);
	if (status == AVAL_E_SIGNATURE_INVALID)
		return aval_fail(err, status, "signature",
		                 "the signature is not one of these bytes by this key");
	return status == AVAL_OK ? AVAL_OK : aval_fail(err, status, "signature", "mbedTLS is out of memory");
}

aval_status aval_verify_signature(const aval_public_key *key, const uint8_t *message, size_t message_len,
                                  const uint8_t sig64[64], aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_of(key);
	aval_sha256_ctx       ctx;
	uint8_t               digest32[32];

	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "key", "the public key is not filled in");
	aval_algorithm_digest_init(algorithm, &ctx);
	aval_sha256_update(&ctx, message, message_len);
	aval_sha256_finish(&ctx, digest32);
	return aval_verify_digest(key, digest32, sig64, err);
}

void aval_signature_normalize(const aval_algorithm *algorithm, uint8_t sig64[64])
{
	if (algorithm->is_ecdsa && aval_scalar_in_range(sig64 + 32, algorithm->order32) &&
	    aval_scalar_is_high(sig64 + 32, algorithm->order32))
		aval_scalar_negate(sig64 + 32, sig64 + 32, algorithm->order32);
}
