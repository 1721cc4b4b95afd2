/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The portable kernel: mbedTLS's compression function. The fields of its context
 * are public in 2.28; 3.6 opens them on request.
 */
#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include <mbedtls/sha256.h>

#include "base/base.h"
#include "hash/kernel.h"

static bool usable(void)
{
	return true;
}

void aval_sha256_mbedtls_compress(uint32_t state[8], const uint8_t *blocks, size_t count)
{
	mbedtls_sha256_context ctx;

	mbedtls_sha256_init(&ctx);
	memcpy(ctx.state, state, sizeof ctx.state);
	for (size_t i = 0; i < count; i++)
		(void)mbedtls_internal_sha256_process(&ctx, blocks + 64 * i);
	memcpy(state, ctx.state, sizeof ctx.state);
	mbedtls_sha256_free(&ctx);
}

static void one_block_each(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                           const uint8_t *in, size_t in_step, size_t count)
{
	uint32_t state[8];

	for (size_t i = 0; i < count; i++) {
		aval_sha256_load(state, starts + start_step * i);
		aval_sha256_mbedtls_compress(state, in + in_step * i, 1);
		aval_sha256_store(out + out_step * i, state);
	}
	aval_wipe(state, sizeof state); /* it may be a salt */
}

static void nodes(uint8_t *out, const uint8_t *in, size_t pairs)
{
	for (size_t i = 0; i < pairs; i++) {
		uint8_t  blocks[128];
		uint32_t state[8];

		aval_hash_node_blocks(blocks, in + 64 * i);
		memcpy(state, aval_sha256_start, sizeof state);
		aval_sha256_mbedtls_compress(state, blocks, 2);
		aval_sha256_store(out + 32 * i, state);
	}
}

static void leaves32(uint8_t *out, const uint8_t *in, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t  block[64];
		uint32_t state[8];

		aval_hash_leaf32_block(block, in + 32 * i);
		memcpy(state, aval_sha256_start, sizeof state);
		aval_sha256_mbedtls_compress(state, block, 1);
		aval_sha256_store(out + 32 * i, state);
	}
}

const aval_sha256_kernel aval_sha256_kernel_mbedtls = {
	"mbedtls", usable, aval_sha256_mbedtls_compress, one_block_each, nodes, leaves32,
};
