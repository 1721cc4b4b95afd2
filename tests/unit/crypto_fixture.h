/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_CRYPTO_FIXTURE_H
#define AVAL_TESTS_CRYPTO_FIXTURE_H

/* What tests of keys and signatures share: hexadecimal, entropy that repeats itself, keys of known numbers. */

#include <check.h>
#include <string.h>

#include "crypto/crypto.h"

static inline unsigned hex_digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : ((unsigned)c | 32) - 'a' + 10;
}

/* Bytes of hexadecimal text; at most cap. */
static inline size_t from_hex(uint8_t *out, size_t cap, const char *hex)
{
	size_t len = strlen(hex) / 2;

	ck_assert_uint_le(len, cap);
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	return len;
}

/* Bytes that count up; fails from the call fail_at on. */
typedef struct test_entropy {
	aval_entropy entropy;
	unsigned     calls;
	unsigned     fail_at; /* from 1; 0 is never */
	uint8_t      next;
	bool         constant; /* give next, and next alone */
	bool         first_ff; /* give ff in the first call */
} test_entropy;

static inline aval_status test_entropy_fill(uint8_t *out, size_t len, void *user_data)
{
	test_entropy *e = user_data;

	e->calls++;
	if (e->fail_at != 0 && e->calls >= e->fail_at)
		return AVAL_E_IO;
	for (size_t i = 0; i < len; i++)
		out[i] = e->constant ? e->next : e->next++;
	if (e->first_ff && e->calls == 1)
		memset(out, 0xff, len);
	return AVAL_OK;
}

static inline const aval_entropy *test_entropy_init(test_entropy *e)
{
	*e = (test_entropy){ { sizeof e->entropy, test_entropy_fill, e }, 0, 0, 1, false, false };
	return &e->entropy;
}

/* The key of a small number; freed by the caller. */
static inline aval_secret_key *test_key(aval_alg alg, unsigned number, const aval_entropy *entropy)
{
	uint8_t          scalar32[32] = { 0 };
	aval_secret_key *key = NULL;
	aval_error       err = AVAL_ERROR_INIT;

	scalar32[30] = (uint8_t)(number >> 8);
	scalar32[31] = (uint8_t)number;
	ck_assert_msg(aval_secret_key_from_scalar(&key, alg, scalar32, entropy, NULL, &err) == AVAL_OK, "%s",
	              err.reason);
	return key;
}

static const aval_alg test_algs[] = { AVAL_ALG_ES256K, AVAL_ALG_ESP256, AVAL_ALG_SCHNORR };
enum { TEST_ALGS = sizeof test_algs / sizeof test_algs[0] };

#endif
