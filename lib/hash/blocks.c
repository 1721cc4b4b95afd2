/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages that end in one block and begin alike: salts and slots by the thousand. */
#include <string.h>

#include "hash/hash.h"
#include "hash/kernel.h"

void aval_hash_blocks(uint8_t *out, const uint32_t start[8], const uint8_t *blocks, size_t count)
{
	aval_sha256_kernel_current()->blocks(out, start, blocks, count);
}

void aval_hash_last_block(uint8_t block[64], const void *rest, size_t len, size_t before)
{
	uint64_t bits = 8 * ((uint64_t)before + len);

	memset(block, 0, 64);
	memcpy(block, rest, len);
	block[len] = 0x80;
	for (size_t i = 0; i < 8; i++)
		block[63 - i] = (uint8_t)(bits >> (8 * i));
}
