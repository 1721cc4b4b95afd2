/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_PUT_H
#define AVAL_LIB_INVOICE_PUT_H

/*
 * Pieces of CBOR put where there is room for them, which the caller has counted; each call returns the place
 * behind. For the messages and proofs of a commitment, of which there are thousands, this is several times the
 * writer's speed.
 */

#include "base/base.h"

/* Of a byte string of 32 bytes. */
#define AVAL_PUT_HASH_LEN ((size_t)34)

static inline uint8_t *aval_put_byte(uint8_t *to, uint8_t byte)
{
	*to = byte;
	return to + 1;
}

static inline uint8_t *aval_put_bytes(uint8_t *to, aval_bytes bytes)
{
	memcpy(to, bytes.data, bytes.len);
	return to + bytes.len;
}

static inline uint8_t *aval_put_hash(uint8_t *to, const uint8_t hash32[32])
{
	to[0] = 0x58;
	to[1] = 0x20;
	memcpy(to + 2, hash32, 32);
	return to + AVAL_PUT_HASH_LEN;
}

/* A number below 2^32, or with major << 5 added the head of something else. */
static inline size_t aval_put_head_len(uint32_t value)
{
	return value < 24 ? 1 : value < 256 ? 2 : value < 65536 ? 3 : 5;
}

static inline uint8_t *aval_put_head(uint8_t *to, unsigned major, uint32_t value)
{
	static const uint8_t info[] = { 0, 0, 24, 25, 0, 26 };
	size_t               len = aval_put_head_len(value);

	to[0] = (uint8_t)(major << 5 | (len == 1 ? value : info[len]));
	for (size_t i = 1; i < len; i++)
		to[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
	return to + len;
}

#endif /* AVAL_LIB_INVOICE_PUT_H */
