/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this library itself does with secret bytes takes a time that does not depend on them: the bytes are
 * marked undefined, and memcheck reports each branch and each address that depends on what is undefined. The
 * arithmetic on curves is libsecp256k1's and mbedTLS's, and is not looked at here but for MuSig2, which uses
 * calls of libsecp256k1 for more than they are named after.
 */
#include <stdio.h>
#include <valgrind/memcheck.h>

#include "crypto/crypto.h"
#include "sign/musig.h"
#include "sign/sign.h"

static unsigned number;

/* Results may be known: whoever calls branches on them. */
static void report(const char *name, const void *result, size_t len)
{
	VALGRIND_MAKE_MEM_DEFINED(result, len);
	printf("ok %u - %s\n", ++number, name);
}

static void scalars(const uint8_t secret32[32], const uint8_t *order32)
{
	uint8_t out32[32];
	bool    result = aval_scalar_in_range(secret32, order32);

	report("whether a number is in range", &result, sizeof result);
	result = aval_scalar_is_high(secret32, order32);
	report("whether a number is high", &result, sizeof result);
	aval_scalar_negate(out32, secret32, order32);
	report("a number negated", out32, sizeof out32);
	result = aval_equal_ct(secret32, order32, 32);
	report("whether bytes are equal", &result, sizeof result);
}

/* Where the number of a P-256 key stands in its DER. */
enum { SCALAR_AT = 36 };

static void key_file(const uint8_t secret32[32])
{
	static const uint8_t point65[65] = { 4 };
	uint8_t              der[AVAL_PKCS8_MAX_LEN], again[AVAL_PKCS8_MAX_LEN];
	char                 text[200];
	aval_pkcs8           parsed;
	size_t               len = aval_pkcs8_serialize(der, AVAL_CURVE_P256, secret32, point65), again_len = 0;
	bool                 result;

	report("a key as DER", der, SCALAR_AT);
	aval_base64_encode(text, der, len);
	result = aval_base64_decode(again, &again_len, sizeof again, (aval_text){ text, aval_base64_len(len) });
	report("DER to base64 and back", &result, sizeof result);
	/* The number alone is secret, not what stands around it. */
	VALGRIND_MAKE_MEM_DEFINED(again, sizeof again);
	VALGRIND_MAKE_MEM_UNDEFINED(again + SCALAR_AT, 32);
	result = result && aval_pkcs8_parse(&parsed, again, again_len, NULL) == AVAL_OK &&
	         parsed.scalar32 == again + SCALAR_AT;
	report("the key of DER", &result, sizeof result);
	if (!result)
		printf("not ok %u - a key comes back\n", ++number);
}

static void mac(const uint8_t secret32[32])
{
	uint8_t out32[32];

	aval_hmac_sha256(out32, secret32, 32, "message", 7);
	report("HMAC under a key", out32, sizeof out32);
}

/* Of everybody's values: two members, of which the first has the secret key. */
static bool make_public(aval_musig_group *group, uint8_t point33[33])
{
	aval_musig_member members[2];

	memcpy(point33, aval_k1_generator33, 33);
	if (aval_musig_member_parse(&members[0], point33) != AVAL_OK)
		return false;
	members[1] = members[0];
	aval_k1_point_mul(&members[1].point, group->list32);
	aval_k1_point_serialize(members[1].bytes33, &members[1].point);
	return aval_musig_aggregate(group, members, 2) == AVAL_OK;
}

/* Step by step, since after a step its result is public: a public nonce, a partial signature. */
static void musig(const uint8_t secret32[32])
{
	static const uint8_t   seed32[32] = { 3 };
	aval_k1               *k1 = aval_k1_new(seed32, NULL);
	aval_musig_group       group = { .list32 = { [31] = 5 } };
	uint8_t                point33[33], random32[32], k64[64], coefficient32[32], partial32[32];
	const uint8_t          public32[32] = { 7 };
	aval_musig_nonce_input input = { random32, secret32, point33, public32, NULL, { NULL, 0 } };
	aval_musig_pair        pair;
	aval_musig_challenge   challenge;
	bool                   result = make_public(&group, point33);

	if (k1 == NULL || !result)
		printf("not ok %u - the members have an aggregate\n", ++number);
	memcpy(random32, secret32, 32);
	aval_musig_nonce_derive(k64, &input);
	result = aval_musig_nonce_is_sound(k64);
	report("whether a nonce is sound", &result, sizeof result);
	result = aval_musig_pair_of(&pair, k1, k64);
	report("a public nonce", &pair, sizeof pair);
	aval_musig_challenge_init(&challenge, &group, &pair, (aval_bytes){ public32, 32 });
	aval_musig_coefficient(coefficient32, &group, point33);
	for (int i = 0; i < 4; i++) {
		challenge.r_is_odd = (i & 1) != 0;
		group.is_odd = (i & 2) != 0;
		aval_musig_partial_sign(partial32, &challenge, &group, coefficient32, k64, secret32);
		report("a partial signature", partial32, sizeof partial32);
	}
	aval_k1_free(k1, NULL);
}

int main(void)
{
	uint8_t secret32[32];

	memset(secret32, 0x5a, sizeof secret32);
	VALGRIND_MAKE_MEM_UNDEFINED(secret32, sizeof secret32);
	scalars(secret32, aval_k1_order32);
	scalars(secret32, aval_p256_order32);
	key_file(secret32);
	mac(secret32);
	musig(secret32);
	printf("1..%u\n", number);
	return 0;
}
