/* SPDX-License-Identifier: Apache-2.0 */
/* Leaf and node hashes of RFC 9162, 2.1.1. */
#include <string.h>

#include "hash/batch.h"
#include "hash/hash.h"
#include "hash/kernel.h"

void aval_hash_node_blocks(uint8_t blocks[128], const uint8_t pair[64])
{
	memset(blocks + 64, 0, 64);
	blocks[0] = 0x01;
	memcpy(blocks + 1, pair, 64);
	blocks[65] = 0x80;
	blocks[126] = 0x02; /* 520 bits */
	blocks[127] = 0x08;
}

void aval_hash_leaf32_block(uint8_t block[64], const uint8_t value[32])
{
	memset(block, 0, 64);
	memcpy(block + 1, value, 32);
	block[33] = 0x80;
	block[62] = 0x01; /* 264 bits */
	block[63] = 0x08;
}

/* The leaf of a map, path and value hash, is as long as a node. */
static void leaf64_blocks(uint8_t blocks[128], const uint8_t value[64])
{
	aval_hash_node_blocks(blocks, value);
	blocks[0] = 0x00;
}

static void hash_leaf64(uint8_t out32[32], const uint8_t value[64])
{
	uint8_t  blocks[128];
	uint32_t state[8];

	leaf64_blocks(blocks, value);
	memcpy(state, aval_sha256_start, sizeof state);
	aval_sha256_kernel_current()->compress(state, blocks, 2);
	aval_sha256_store(out32, state);
}

void aval_hash_leaf(uint8_t out32[32], const void *data, size_t len)
{
	static const uint8_t prefix = 0x00;
	aval_sha256_ctx      ctx;

	if (len == 32) {
		aval_hash_leaves32(out32, data, 1);
		return;
	}
	if (len == 64) {
		hash_leaf64(out32, data);
		return;
	}
	aval_sha256_init(&ctx);
	aval_sha256_update(&ctx, &prefix, 1);
	aval_sha256_update(&ctx, data, len);
	aval_sha256_finish(&ctx, out32);
}

void aval_hash_node(uint8_t out32[32], const uint8_t left32[32], const uint8_t right32[32])
{
	uint8_t pair[64];

	memcpy(pair, left32, 32);
	memcpy(pair + 32, right32, 32);
	aval_hash_nodes(out32, pair, 1);
}

void aval_hash_nodes(uint8_t *out, const uint8_t *in, size_t pairs)
{
	aval_sha256_kernel_current()->nodes(out, in, pairs);
}

void aval_hash_leaves32(uint8_t *out, const uint8_t *in, size_t count)
{
	aval_sha256_kernel_current()->leaves32(out, in, count);
}

void aval_hash_leaves64(uint8_t *out, const uint8_t *in, size_t count)
{
	const aval_sha256_kernel *kernel = aval_sha256_kernel_current();
	uint8_t                   start32[32], blocks[AVAL_HASH_BATCH_LANES][128];

	aval_sha256_store(start32, aval_sha256_start);
	for (size_t batch; count > 0; count -= batch, in += 64 * batch, out += 32 * batch) {
		batch = count < AVAL_HASH_BATCH_LANES ? count : AVAL_HASH_BATCH_LANES;
		for (size_t i = 0; i < batch; i++)
			leaf64_blocks(blocks[i], in + 64 * i);
		kernel->blocks(out, 32, start32, 0, blocks[0], 128, batch);
		kernel->blocks(out, 32, out, 32, blocks[0] + 64, 128, batch);
	}
}
