/* SPDX-License-Identifier: Apache-2.0 */
/* A perfect tree with all its levels in one array. */
#include "hash/hash.h"
#include "merkle/merkle.h"

size_t aval_perfect_count(unsigned depth)
{
	return ((size_t)2 << depth) - 1;
}

void aval_perfect_build(uint8_t *levels, unsigned depth)
{
	for (size_t width = (size_t)1 << depth; width > 1; width /= 2) {
		uint8_t *parents = levels + 32 * width;

		aval_hash_nodes(parents, levels, width / 2);
		levels = parents;
	}
}

const uint8_t *aval_perfect_root(const uint8_t *levels, unsigned depth)
{
	return levels + 32 * (aval_perfect_count(depth) - 1);
}
