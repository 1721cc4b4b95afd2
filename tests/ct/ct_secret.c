/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this library itself does with secret bytes takes a time that does not depend on them: the bytes are
 * marked undefined, and memcheck reports each branch and each address that depends on what is undefined. The
 * arithmetic on curves is libsecp256k1's and mbedTLS's, and is not looked at here.
 */
#include <stdio.h>
#include <valgrind/memcheck.h>

#include "crypto/crypto.h"
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

int main(void)
{
	uint8_t secret32[32];

	memset(secret32, 0x5a, sizeof secret32);
	VALGRIND_MAKE_MEM_UNDEFINED(secret32, sizeof secret32);
	scalars(secret32, aval_k1_order32);
	scalars(secret32, aval_p256_order32);
	key_file(secret32);
	mac(secret32);
	printf("1..%u\n", number);
	return 0;
}
