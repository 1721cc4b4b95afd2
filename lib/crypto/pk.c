/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of certificates: what their kinds have in common, and their hashes. */
#include <mbedtls/md.h>

#include "crypto/pk.h"

static const uint8_t p384_order48[48] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
	0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
};

size_t aval_pk_scalar_len(aval_pk_kind kind)
{
	if (kind == AVAL_PK_P384)
		return 48;
	return kind == AVAL_PK_P256 || kind == AVAL_PK_K1 ? 32 : 0;
}

const uint8_t *aval_pk_order(aval_pk_kind kind)
{
	if (kind == AVAL_PK_P384)
		return p384_order48;
	return kind == AVAL_PK_K1 ? aval_k1_order32 : aval_p256_order32;
}

/* 1 if a < b, without a branch on their bytes. */
static unsigned is_below(const uint8_t *a, const uint8_t *b, size_t len)
{
	unsigned borrow = 0;

	for (size_t i = len; i-- > 0;)
		borrow = ((unsigned)a[i] - b[i] - borrow) >> 8 & 1;
	return borrow;
}

bool aval_number_in_range(const uint8_t *n, const uint8_t *bound, size_t len)
{
	unsigned any = 0;

	for (size_t i = 0; i < len; i++)
		any |= n[i];
	return (is_below(n, bound, len) & (any != 0)) != 0;
}

void aval_number_negate(uint8_t *n, const uint8_t *bound, size_t len)
{
	unsigned borrow = 0;

	for (size_t i = len; i-- > 0;) {
		unsigned difference = (unsigned)bound[i] - n[i] - borrow;

		n[i] = (uint8_t)difference;
		borrow = difference >> 8 & 1;
	}
}

bool aval_number_is_high(const uint8_t *n, const uint8_t *bound, size_t len)
{
	uint8_t  opposite[AVAL_PK_SCALAR_MAX_LEN];
	unsigned high;

	memcpy(opposite, n, len);
	aval_number_negate(opposite, bound, len);
	high = is_below(opposite, n, len);
	aval_wipe(opposite, sizeof opposite);
	return high != 0;
}

void aval_pk_hash(uint8_t digest_out[AVAL_PK_DIGEST_MAX_LEN], size_t digest_len, const uint8_t *data,
                  size_t len)
{
	const uint8_t nothing = 0;

	if (digest_len == 32) {
		aval_sha256(digest_out, data, len);
		return;
	}
	/* Of a whole message SHA-2 has no failure in mbedTLS. */
	(void)mbedtls_md(mbedtls_md_info_from_type(digest_len == 48 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA512),
	                 len == 0 ? &nothing : data, len, digest_out);
}
