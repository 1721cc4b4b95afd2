/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA256 (RFC 2104) with the state after each pad kept. */
#include "base/base.h"
#include "hash/hash.h"
#include "hash/kernel.h"

static void absorb_pad(uint32_t state[8], const uint8_t key64[64], uint8_t pad)
{
	uint8_t block[64];

	for (size_t i = 0; i < sizeof block; i++)
		block[i] = key64[i] ^ pad;
	memcpy(state, aval_sha256_start, 8 * sizeof *state);
	aval_sha256_kernel_current()->compress(state, block, 1);
	aval_wipe(block, sizeof block);
}

void aval_hmac_key_init(aval_hmac_key *key, const void *bytes, size_t len)
{
	uint8_t key64[64] = { 0 };

	if (len > sizeof key64)
		aval_sha256(key64, bytes, len);
	else if (len > 0)
		memcpy(key64, bytes, len);
	absorb_pad(key->inner, key64, 0x36);
	absorb_pad(key->outer, key64, 0x5c);
	aval_wipe(key64, sizeof key64);
}

void aval_hmac_key_clear(aval_hmac_key *key)
{
	aval_wipe(key, sizeof *key);
}

static void resume(aval_sha256_ctx *ctx, const uint32_t state[8])
{
	memcpy(ctx->state, state, sizeof ctx->state);
	ctx->len = 64;
}

void aval_hmac_init(aval_sha256_ctx *ctx, const aval_hmac_key *key)
{
	resume(ctx, key->inner);
}

void aval_hmac_finish(aval_sha256_ctx *ctx, const aval_hmac_key *key, uint8_t out32[32])
{
	uint8_t inner[32];

	aval_sha256_finish(ctx, inner);
	resume(ctx, key->outer);
	aval_sha256_update(ctx, inner, sizeof inner);
	aval_sha256_finish(ctx, out32);
	aval_wipe(inner, sizeof inner);
}

void aval_hmac(uint8_t out32[32], const aval_hmac_key *key, const void *data, size_t len)
{
	aval_sha256_ctx ctx;

	aval_hmac_init(&ctx, key);
	aval_sha256_update(&ctx, data, len);
	aval_hmac_finish(&ctx, key, out32);
}

void aval_hmac_sha256(uint8_t out32[32], const void *key, size_t key_len, const void *data, size_t len)
{
	aval_hmac_key k;

	aval_hmac_key_init(&k, key, key_len);
	aval_hmac(out32, &k, data, len);
	aval_hmac_key_clear(&k);
}
