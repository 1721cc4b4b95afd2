/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_HASH_BATCH_H
#define AVAL_LIB_HASH_BATCH_H

/*
 * Short messages under one tag or HMAC pad, hashed side by side: they are put into rooms by their length, and a
 * length is hashed when its rooms are full. So a kernel with many lanes has work for all of them.
 */

#include <stddef.h>
#include <stdint.h>

#define AVAL_HASH_BATCH_LANES   16
#define AVAL_HASH_BATCH_BLOCKS  3                                 /* of the longest message */
#define AVAL_HASH_BATCH_MAX_LEN (64 * AVAL_HASH_BATCH_BLOCKS - 9) /* bytes of it */

typedef struct aval_hash_batch {
	uint8_t  start32[32];
	size_t   counts[AVAL_HASH_BATCH_BLOCKS];
	uint8_t *outs[AVAL_HASH_BATCH_BLOCKS][AVAL_HASH_BATCH_LANES];
	uint8_t rooms[64 * AVAL_HASH_BATCH_LANES * (AVAL_HASH_BATCH_BLOCKS * (AVAL_HASH_BATCH_BLOCKS + 1) / 2)];
} aval_hash_batch;

/* start is the state of a tag, or of an HMAC key. */
void aval_hash_batch_init(aval_hash_batch *batch, const uint32_t start[8]);

/*
 * Room for a message of len bytes, which the caller writes before the next call. Its hash is in out32 after
 * aval_hash_batch_flush() at the latest. NULL where the message is longer than AVAL_HASH_BATCH_MAX_LEN.
 */
uint8_t *aval_hash_batch_add(aval_hash_batch *batch, uint8_t *out32, size_t len);
void     aval_hash_batch_flush(aval_hash_batch *batch);

/* Wipe it, where messages were secret. */
void aval_hash_batch_clear(aval_hash_batch *batch);

/* Blocks of a message of len bytes behind a first block that is hashed already. */
static inline size_t aval_hash_block_count(size_t len)
{
	return (len + 9 + 63) / 64;
}

/*
 * Pad a message of len < 8000 bytes, which is to be written afterwards, behind such a block; returns its blocks, all
 * of which room holds.
 */
size_t aval_hash_pad(uint8_t *room, size_t len);

#endif /* AVAL_LIB_HASH_BATCH_H */
