/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secp256k1 as a group, by the public calls of libsecp256k1. Those refuse zero scalars and infinity, which are
 * legal in between: a partial signature may be zero, and a co-signer may choose nonces that cancel out. Here
 * both are values like others.
 */
#include "crypto/k1.h"

enum { SUM_AT_ONCE = 16 };

static secp256k1_pubkey load(const aval_k1_point *point)
{
	secp256k1_pubkey key;

	memcpy(key.data, point->parsed64, 64);
	return key;
}

/* A failed call leaves a key that must not be used: infinity takes its place. */
static void store(aval_k1_point *out, const secp256k1_pubkey *key, int is_point)
{
	out->is_infinity = is_point != 1;
	if (out->is_infinity)
		memset(out->parsed64, 0, 64);
	else
		memcpy(out->parsed64, key->data, 64);
}

static bool parse(aval_k1_point *out, const uint8_t *bytes, size_t len)
{
	secp256k1_pubkey key;

	if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &key, bytes, len) != 1)
		return false;
	store(out, &key, 1);
	return true;
}

bool aval_k1_point_parse(aval_k1_point *out, const uint8_t point33[33])
{
	return parse(out, point33, 33);
}

bool aval_k1_point_parse_full(aval_k1_point *out, const uint8_t point65[65])
{
	return point65[0] == 4 && parse(out, point65, 65);
}

void aval_k1_point_serialize(uint8_t point33_out[33], const aval_k1_point *point)
{
	secp256k1_pubkey key = load(point);
	size_t           len = 33;

	memset(point33_out, 0, 33);
	if (!point->is_infinity)
		(void)secp256k1_ec_pubkey_serialize(secp256k1_context_static, point33_out, &len, &key,
		                                    SECP256K1_EC_COMPRESSED);
}

void aval_k1_point_serialize_full(uint8_t point65_out[65], const aval_k1_point *point)
{
	secp256k1_pubkey key = load(point);
	size_t           len = 65;

	(void)secp256k1_ec_pubkey_serialize(secp256k1_context_static, point65_out, &len, &key,
	                                    SECP256K1_EC_UNCOMPRESSED);
}

/* At most SUM_AT_ONCE - 1 points and what was summed before. */
static void sum_some(aval_k1_point *sum_inout, const aval_k1_point *points, size_t count, size_t stride)
{
	secp256k1_pubkey        keys[SUM_AT_ONCE], out;
	const secp256k1_pubkey *at[SUM_AT_ONCE];
	size_t                  n = 0;

	if (!sum_inout->is_infinity)
		keys[n++] = load(sum_inout);
	for (size_t i = 0; i < count; i++)
		if (!points[i * stride].is_infinity)
			keys[n++] = load(&points[i * stride]);
	for (size_t i = 0; i < n; i++)
		at[i] = &keys[i];
	if (n == 1)
		store(sum_inout, &keys[0], 1);
	else if (n > 1)
		store(sum_inout, &out, secp256k1_ec_pubkey_combine(secp256k1_context_static, &out, at, n));
}

void aval_k1_point_sum(aval_k1_point *out, const aval_k1_point *points, size_t count, size_t stride)
{
	aval_k1_point sum = { { 0 }, true };

	for (size_t i = 0; i < count;) {
		size_t some = count - i < SUM_AT_ONCE - 1 ? count - i : SUM_AT_ONCE - 1;

		sum_some(&sum, points + i * stride, some, stride);
		i += some;
	}
	*out = sum;
}

void aval_k1_point_mul(aval_k1_point *inout, const uint8_t scalar32[32])
{
	secp256k1_pubkey key = load(inout);

	/* Fails for zero alone. */
	if (!inout->is_infinity)
		store(inout, &key, secp256k1_ec_pubkey_tweak_mul(secp256k1_context_static, &key, scalar32));
}

void aval_k1_point_negate(aval_k1_point *inout)
{
	secp256k1_pubkey key = load(inout);

	if (!inout->is_infinity)
		store(inout, &key, secp256k1_ec_pubkey_negate(secp256k1_context_static, &key));
}

const uint8_t aval_k1_generator33[33] = {
	0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07,
	0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98,
};

void aval_k1_point_add_base(aval_k1_point *inout, const uint8_t scalar32[32])
{
	secp256k1_pubkey key;

	if (inout->is_infinity) {
		(void)aval_k1_point_parse(inout, aval_k1_generator33);
		aval_k1_point_mul(inout, scalar32);
		return;
	}
	key = load(inout);
	/* Fails for infinity alone. */
	store(inout, &key, secp256k1_ec_pubkey_tweak_add(secp256k1_context_static, &key, scalar32));
}

bool aval_k1_base_mul(aval_k1_point *out, const aval_k1 *k1, const uint8_t scalar32[32])
{
	secp256k1_pubkey key;

	/* No branch: what fails is zero alone, but the compiler is not told. */
	out->is_infinity = secp256k1_ec_pubkey_create(k1->ctx, &key, scalar32) != 1;
	memcpy(out->parsed64, key.data, 64);
	return !out->is_infinity;
}

void aval_k1_scalar_mul(uint8_t out32[32], const uint8_t a32[32], const uint8_t b32[32])
{
	uint8_t product32[32], mask;

	memcpy(product32, a32, 32);
	/* Fails for zero alone, and says then nothing of what it left; there is no branch, for the factors may
	 * be secret. */
	mask = (uint8_t)(0u -
	                 (unsigned)secp256k1_ec_seckey_tweak_mul(secp256k1_context_static, product32, b32));
	for (size_t i = 0; i < 32; i++)
		out32[i] = product32[i] & mask;
	aval_wipe(product32, sizeof product32);
}
