/* SPDX-License-Identifier: Apache-2.0 */
/* Many short messages at once; see batch.h. */
#include "base/base.h"
#include "hash/batch.h"
#include "hash/hash.h"
#include "hash/kernel.h"

void aval_hash_blocks(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                      const uint8_t *blocks, size_t block_step, size_t count)
{
	aval_sha256_kernel_current()->blocks(out, out_step, starts, start_step, blocks, block_step, count);
}

size_t aval_hash_pad(uint8_t *room, size_t len)
{
	size_t blocks = aval_hash_block_count(len);
	size_t bits = 8 * (64 + len);

	/* Whole blocks: a size that the compiler knows costs a few stores. */
	memset(room + 64 * (blocks - 1), 0, 64);
	if (len < 64 * (blocks - 1))
		memset(room + 64 * (blocks - 2), 0, 64);
	room[len] = 0x80;
	/* No message here is longer than 8191 bytes: two bytes hold the length. */
	room[64 * blocks - 2] = (uint8_t)(bits >> 8);
	room[64 * blocks - 1] = (uint8_t)bits;
	return blocks;
}

void aval_hash_batch_init(aval_hash_batch *batch, const uint32_t start[8])
{
	aval_sha256_store(batch->start32, start);
	memset(batch->counts, 0, sizeof batch->counts);
}

/* Where the rooms of messages of so many blocks begin: behind those of fewer. */
static uint8_t *rooms_of(aval_hash_batch *batch, size_t blocks)
{
	return batch->rooms + 64 * AVAL_HASH_BATCH_LANES * (blocks * (blocks - 1) / 2);
}

static void run(aval_hash_batch *batch, size_t blocks)
{
	uint8_t  hashes[32 * AVAL_HASH_BATCH_LANES];
	uint8_t *rooms = rooms_of(batch, blocks);
	size_t   count = batch->counts[blocks - 1];

	if (count == 0)
		return;
	aval_hash_blocks(hashes, 32, batch->start32, 0, rooms, 64 * blocks, count);
	for (size_t i = 1; i < blocks; i++)
		aval_hash_blocks(hashes, 32, hashes, 32, rooms + 64 * i, 64 * blocks, count);
	for (size_t i = 0; i < count; i++)
		memcpy(batch->outs[blocks - 1][i], hashes + 32 * i, 32);
	batch->counts[blocks - 1] = 0;
	aval_wipe(hashes, sizeof hashes);
}

uint8_t *aval_hash_batch_add(aval_hash_batch *batch, uint8_t *out32, size_t len)
{
	size_t   blocks = aval_hash_block_count(len), at;
	uint8_t *room;

	if (len > AVAL_HASH_BATCH_MAX_LEN)
		return NULL;
	if (batch->counts[blocks - 1] == AVAL_HASH_BATCH_LANES)
		run(batch, blocks);
	at = batch->counts[blocks - 1]++;
	batch->outs[blocks - 1][at] = out32;
	room = rooms_of(batch, blocks) + 64 * blocks * at;
	aval_hash_pad(room, len);
	return room;
}

void aval_hash_batch_flush(aval_hash_batch *batch)
{
	for (size_t blocks = 1; blocks <= AVAL_HASH_BATCH_BLOCKS; blocks++)
		run(batch, blocks);
}

void aval_hash_batch_clear(aval_hash_batch *batch)
{
	aval_wipe(batch, sizeof *batch);
}
