/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA signatures as DER (RFC 3279, section 2.2.3): SEQUENCE { INTEGER r, INTEGER s }, below 2^256 each. */
#include "crypto/crypto.h"

enum { DER_INTEGER = 0x02, DER_SEQUENCE = 0x30 };

/* One INTEGER at *at, in its shortest form and not negative, as 32 bytes. */
static bool take_number(uint8_t out32[32], const uint8_t *der, size_t len, size_t *at)
{
	size_t count;

	if (len - *at < 3 || der[*at] != DER_INTEGER)
		return false;
	count = der[*at + 1];
	*at += 2;
	if (count == 0 || count > 33 || count > len - *at)
		return false;
	der += *at;
	*at += count;
	if (der[0] >= 0x80 || (count > 1 && der[0] == 0 && der[1] < 0x80) || (count == 33 && der[0] != 0))
		return false;
	if (count == 33)
		der++, count--;
	memset(out32, 0, 32 - count);
	memcpy(out32 + 32 - count, der, count);
	return true;
}

bool aval_ecdsa_der_decode(uint8_t sig64_out[64], const uint8_t *der, size_t len)
{
	uint8_t sig64[64];
	size_t  at = 2;

	if (len < 2 || len > AVAL_ECDSA_DER_MAX_LEN || der[0] != DER_SEQUENCE || der[1] != len - 2)
		return false;
	if (!take_number(sig64, der, len, &at) || !take_number(sig64 + 32, der, len, &at) || at != len)
		return false;
	memcpy(sig64_out, sig64, sizeof sig64);
	return true;
}

static size_t put_number(uint8_t *out, const uint8_t n32[32])
{
	size_t skip = 0, pad;

	while (skip < 31 && n32[skip] == 0)
		skip++;
	pad = n32[skip] >= 0x80;
	out[0] = DER_INTEGER;
	out[1] = (uint8_t)(32 - skip + pad);
	out[2] = 0;
	memcpy(out + 2 + pad, n32 + skip, 32 - skip);
	return 2 + 32 - skip + pad;
}

size_t aval_ecdsa_der_encode(uint8_t der_out[AVAL_ECDSA_DER_MAX_LEN], const uint8_t sig64[64])
{
	size_t len = put_number(der_out + 2, sig64);

	len += put_number(der_out + 2 + len, sig64 + 32);
	der_out[0] = DER_SEQUENCE;
	der_out[1] = (uint8_t)len;
	return 2 + len;
}
