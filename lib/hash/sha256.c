/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 as a stream (FIPS 180-4, sections 5 and 6.2) over the kernel in use. */
#include "base/base.h"
#include "hash/hash.h"
#include "hash/kernel.h"

const uint32_t aval_sha256_start[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

void aval_sha256_store(uint8_t out32[32], const uint32_t state[8])
{
	for (size_t i = 0; i < 8; i++) {
		out32[4 * i] = (uint8_t)(state[i] >> 24);
		out32[4 * i + 1] = (uint8_t)(state[i] >> 16);
		out32[4 * i + 2] = (uint8_t)(state[i] >> 8);
		out32[4 * i + 3] = (uint8_t)state[i];
	}
}

void aval_sha256_init(aval_sha256_ctx *ctx)
{
	memcpy(ctx->state, aval_sha256_start, sizeof ctx->state);
	ctx->len = 0;
}

/* Fill the open block; returns how many bytes of data it took. */
static size_t fill_block(aval_sha256_ctx *ctx, const uint8_t *data, size_t len)
{
	size_t used = (size_t)(ctx->len % 64);
	size_t take = 64 - used < len ? 64 - used : len;

	memcpy(ctx->block + used, data, take);
	ctx->len += take;
	if (used + take == 64)
		aval_sha256_kernel_current()->compress(ctx->state, ctx->block, 1);
	return take;
}

void aval_sha256_update(aval_sha256_ctx *ctx, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	while (len > 0) {
		size_t blocks = ctx->len % 64 == 0 ? len / 64 : 0;
		size_t taken = 64 * blocks;

		if (blocks > 0) {
			aval_sha256_kernel_current()->compress(ctx->state, bytes, blocks);
			ctx->len += taken;
		} else {
			taken = fill_block(ctx, bytes, len);
		}
		bytes += taken;
		len -= taken;
	}
}

/* Close the open block with zeros up to its byte end. */
static void pad_block(aval_sha256_ctx *ctx, size_t used, size_t end)
{
	memset(ctx->block + used, 0, end - used);
}

void aval_sha256_finish(aval_sha256_ctx *ctx, uint8_t out32[32])
{
	const aval_sha256_kernel *kernel = aval_sha256_kernel_current();
	size_t                    used = (size_t)(ctx->len % 64);

	ctx->block[used++] = 0x80;
	if (used > 56) {
		pad_block(ctx, used, 64);
		kernel->compress(ctx->state, ctx->block, 1);
		used = 0;
	}
	pad_block(ctx, used, 56);
	for (size_t i = 0; i < 8; i++)
		ctx->block[63 - i] = (uint8_t)((ctx->len * 8) >> (8 * i));
	kernel->compress(ctx->state, ctx->block, 1);
	aval_sha256_store(out32, ctx->state);
	aval_wipe(ctx, sizeof *ctx);
}

void aval_sha256(uint8_t out32[32], const void *data, size_t len)
{
	aval_sha256_ctx ctx;

	aval_sha256_init(&ctx);
	aval_sha256_update(&ctx, data, len);
	aval_sha256_finish(&ctx, out32);
}
