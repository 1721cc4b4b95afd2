/* SPDX-License-Identifier: Apache-2.0 */
/* secp256k1: ECDSA and BIP340 by libsecp256k1. Verification uses its static context, allocates nothing. */
#include <secp256k1_extrakeys.h>
#include <secp256k1_preallocated.h>
#include <secp256k1_schnorrsig.h>

#include "crypto/k1.h"

_Static_assert(sizeof(secp256k1_pubkey) == 64, "a parsed point has 64 bytes");
_Static_assert(sizeof(secp256k1_xonly_pubkey) == 64, "a parsed point has 64 bytes");

const uint8_t aval_k1_order32[32] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
	0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
};

/* The context needs the alignment of any object. */
enum { HEADER_LEN = 32 };
_Static_assert(sizeof(struct aval_k1) <= HEADER_LEN, "the context stands behind the struct");

aval_k1 *aval_k1_new(const uint8_t seed32[32], const aval_allocator *allocator)
{
	size_t   size = HEADER_LEN + secp256k1_context_preallocated_size(SECP256K1_CONTEXT_NONE);
	aval_k1 *k1 = aval_alloc_zero(allocator, size);

	if (k1 == NULL)
		return NULL;
	k1->size = size;
	k1->ctx = secp256k1_context_preallocated_create((uint8_t *)k1 + HEADER_LEN, SECP256K1_CONTEXT_NONE);
	if (secp256k1_context_randomize(k1->ctx, seed32) == 1)
		return k1;
	aval_k1_free(k1, allocator);
	return NULL;
}

void aval_k1_free(aval_k1 *k1, const aval_allocator *allocator)
{
	if (k1 == NULL)
		return;
	secp256k1_context_preallocated_destroy(k1->ctx);
	aval_wipe(k1, k1->size);
	aval_free(k1, allocator);
}

static bool parse(secp256k1_pubkey *point, const uint8_t *bytes, size_t len)
{
	return secp256k1_ec_pubkey_parse(secp256k1_context_static, point, bytes, len) == 1;
}

static void serialize(uint8_t point65_out[65], const secp256k1_pubkey *point)
{
	size_t len = 65;

	(void)secp256k1_ec_pubkey_serialize(secp256k1_context_static, point65_out, &len, point,
	                                    SECP256K1_EC_UNCOMPRESSED);
}

aval_status aval_k1_parse_point(uint8_t parsed64_out[64], const uint8_t point65[65])
{
	secp256k1_pubkey point;

	/* The library also knows a hybrid form that begins with 06 or 07. */
	if (point65[0] != 4 || !parse(&point, point65, 65))
		return AVAL_E_KEY_POINT;
	memcpy(parsed64_out, point.data, 64);
	return AVAL_OK;
}

aval_status aval_k1_parse_even_point(uint8_t parsed64_out[64], const uint8_t point65[65])
{
	secp256k1_pubkey       point;
	secp256k1_xonly_pubkey even;
	int                    is_odd;

	if (point65[0] != 4 || !parse(&point, point65, 65))
		return AVAL_E_KEY_POINT;
	if (secp256k1_xonly_pubkey_from_pubkey(secp256k1_context_static, &even, &is_odd, &point) != 1 || is_odd)
		return AVAL_E_KEY_POINT;
	memcpy(parsed64_out, even.data, 64);
	return AVAL_OK;
}

bool aval_k1_decompress(uint8_t point65_out[65], const uint8_t point33[33])
{
	secp256k1_pubkey point;

	if (!parse(&point, point33, 33))
		return false;
	serialize(point65_out, &point);
	return true;
}

aval_status aval_k1_verify_ecdsa(const aval_key_data *key, const uint8_t digest32[32], const uint8_t sig64[64])
{
	secp256k1_pubkey          point;
	secp256k1_ecdsa_signature signature;

	memcpy(point.data, key->parsed64, 64);
	if (secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &signature, sig64) != 1)
		return AVAL_E_SIGNATURE_INVALID;
	/* The library refuses a high s here; whether it may be high is decided above this file. */
	(void)secp256k1_ecdsa_signature_normalize(secp256k1_context_static, &signature, &signature);
	if (secp256k1_ecdsa_verify(secp256k1_context_static, &signature, digest32, &point) != 1)
		return AVAL_E_SIGNATURE_INVALID;
	return AVAL_OK;
}

aval_status aval_k1_verify_schnorr(const aval_key_data *key, const uint8_t digest32[32],
                                   const uint8_t sig64[64])
{
	secp256k1_xonly_pubkey point;

	memcpy(point.data, key->parsed64, 64);
	if (secp256k1_schnorrsig_verify(secp256k1_context_static, sig64, digest32, 32, &point) != 1)
		return AVAL_E_SIGNATURE_INVALID;
	return AVAL_OK;
}

bool aval_k1_verify_bip340(const uint8_t x32[32], const uint8_t *message, size_t len, const uint8_t sig64[64])
{
	secp256k1_xonly_pubkey point;

	if (secp256k1_xonly_pubkey_parse(secp256k1_context_static, &point, x32) != 1)
		return false;
	return secp256k1_schnorrsig_verify(secp256k1_context_static, sig64, message, len, &point) == 1;
}

aval_status aval_k1_sign_ecdsa(uint8_t sig64_out[64], const aval_secret_key *key, const uint8_t digest32[32])
{
	secp256k1_ecdsa_signature signature;
	int                       result;

	/* Without a nonce function the nonce is RFC 6979's. Fails only if no nonce of all is usable. */
	result = secp256k1_ecdsa_sign(key->k1->ctx, &signature, digest32, key->scalar32, NULL, NULL);
	aval_wipe_stack();
	if (result != 1)
		return AVAL_E_KEY_SCALAR;
	(void)secp256k1_ecdsa_signature_serialize_compact(key->k1->ctx, sig64_out, &signature);
	return AVAL_OK;
}

aval_status aval_k1_sign_schnorr(uint8_t sig64_out[64], const aval_secret_key *key, const uint8_t digest32[32])
{
	secp256k1_keypair pair;
	uint8_t           random32[32];
	aval_status       status = AVAL_OK;

	if (key->entropy->fill(random32, sizeof random32, key->entropy->user_data) != AVAL_OK)
		return AVAL_E_CALLBACK;
	if (secp256k1_keypair_create(key->k1->ctx, &pair, key->scalar32) != 1 ||
	    secp256k1_schnorrsig_sign32(key->k1->ctx, sig64_out, digest32, &pair, random32) != 1)
		status = AVAL_E_KEY_SCALAR;
	aval_wipe_stack();
	aval_wipe(&pair, sizeof pair);
	aval_wipe(random32, sizeof random32);
	return status;
}

aval_status aval_k1_derive_point(uint8_t point65_out[65], const aval_secret_key *key)
{
	secp256k1_pubkey point;
	int              result = secp256k1_ec_pubkey_create(key->k1->ctx, &point, key->scalar32);

	aval_wipe_stack();
	if (result != 1)
		return AVAL_E_KEY_SCALAR;
	serialize(point65_out, &point);
	return AVAL_OK;
}
