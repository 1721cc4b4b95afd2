/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 as a stream (FIPS 180-4, sections 5 and 6.2) over the kernel in use. */
#include "base/base.h"
#include "hash/hash.h"
#include "hash/kernel.h"

const uint32_t aval_sha256_start[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

const uint32_t aval_sha256_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
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

void aval_sha256_load(uint32_t state[8], const uint8_t hash32[32])
{
	for (size_t i = 0; i < 8; i++)
		state[i] = (uint32_t)hash32[4 * i] << 24 | (uint32_t)hash32[4 * i + 1] << 16 |
		           (uint32_t)hash32[4 * i + 2] << 8 | hash32[4 * i + 3];
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
