/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels of a build for another machine, without mbedTLS: the definition stands in for it. */
#include <string.h>

#include "hash/kernel.h"
#include "oracle.h"

static bool usable(void)
{
	return true;
}

static void blocks(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                   const uint8_t *in, size_t in_step, size_t count)
{
	uint32_t state[8];

	for (size_t i = 0; i < count; i++) {
		aval_sha256_load(state, starts + start_step * i);
		oracle_compress(state, in + in_step * i, 1);
		aval_sha256_store(out + out_step * i, state);
	}
}

static void hash_items(uint8_t *out, const uint8_t *in, size_t count, size_t width, uint8_t prefix)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t text[65] = { prefix };

		memcpy(text + 1, in + width * i, width);
		oracle_sha256(out + 32 * i, text, 1 + width);
	}
}

static void nodes(uint8_t *out, const uint8_t *in, size_t pairs)
{
	hash_items(out, in, pairs, 64, 0x01);
}

static void leaves32(uint8_t *out, const uint8_t *in, size_t count)
{
	hash_items(out, in, count, 32, 0x00);
}

static const aval_sha256_kernel definition = { "definition", usable, oracle_compress, blocks, nodes, leaves32 };

/* The build for another machine defines CROSS_KERNELS as its own kernels, each with a comma behind it. */
const aval_sha256_kernel *const aval_sha256_kernels[] = { CROSS_KERNELS & definition };
const size_t aval_sha256_kernel_count = sizeof aval_sha256_kernels / sizeof *aval_sha256_kernels;
