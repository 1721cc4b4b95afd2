/* SPDX-License-Identifier: Apache-2.0 */
/* Compact ranges: complete subtrees side by side, joined as soon as two are siblings. */
#include <aval/merkle.h>
#include <aval/range.h>

#include "base/base.h"
#include "hash/hash.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

#define CHUNK 256 /* leaves hashed at a time: their tree stays in the fastest cache */

void aval_range_init(aval_range *range, uint64_t begin)
{
	range->begin = begin;
	range->end = begin;
	range->count = 0;
}

void aval_range_lay(aval_range *range, const uint8_t hash32[32], unsigned level)
{
	uint8_t  joined[32];
	uint64_t index = range->end >> level;

	memcpy(joined, hash32, 32);
	range->end += UINT64_C(1) << level;
	/* A left sibling that is not before the range stands last in it. */
	for (; index % 2 == 1 && (index - 1) << level >= range->begin; index /= 2, level++)
		aval_hash_node(joined, range->hashes[--range->count], joined);
	memcpy(range->hashes[range->count++], joined, 32);
}

/* The level of the widest complete subtree that starts at the end of the range, up to a whole chunk. */
static unsigned next_level(const aval_range *range, size_t count)
{
	unsigned level = aval_bit_len(count < CHUNK ? count : CHUNK) - 1;

	while (range->end % (UINT64_C(1) << level) != 0)
		level--;
	return level;
}

static void lay_leaves(aval_range *range, const uint8_t *hashes, unsigned level)
{
	uint8_t nodes[32 * CHUNK / 2];

	if (level == 0) {
		aval_range_lay(range, hashes, 0);
		return;
	}
	aval_hash_nodes(nodes, hashes, (size_t)1 << (level - 1));
	for (unsigned l = level - 1; l > 0; l--)
		aval_hash_nodes(nodes, nodes, (size_t)1 << (l - 1));
	aval_range_lay(range, nodes, level);
}

aval_status aval_range_append(aval_range *range, const uint8_t *hashes, size_t count, aval_error *err)
{
	if (range->end > AVAL_MERKLE_MAX_SIZE || count > AVAL_MERKLE_MAX_SIZE - range->end)
		return aval_fail(err, AVAL_E_LIMIT, "range.end", "the range would end past the largest tree");
	while (count > 0) {
		unsigned level = next_level(range, count);

		lay_leaves(range, hashes, level);
		hashes += (size_t)32 << level;
		count -= (size_t)1 << level;
	}
	return AVAL_OK;
}

aval_status aval_range_join(aval_range *range, const aval_range *next, aval_error *err)
{
	uint64_t at = next->begin;

	if (range->end != next->begin)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "range.begin", "the range does not begin where the other ends");
	for (uint32_t i = 0; i < next->count; i++) {
		unsigned level = at == 0 ? 63 : aval_low_zeros(at);

		while (UINT64_C(1) << level > next->end - at)
			level--;
		aval_range_lay(range, next->hashes[i], level);
		at = range->end;
	}
	return AVAL_OK;
}

void aval_range_fold(uint8_t root32_out[32], const aval_range *range, const uint8_t *tail32)
{
	uint32_t left = range->count;

	if (tail32 == NULL)
		tail32 = range->hashes[--left];
	memmove(root32_out, tail32, 32);
	while (left > 0)
		aval_hash_node(root32_out, range->hashes[--left], root32_out);
}

aval_status aval_range_root(uint8_t root32_out[32], const aval_range *range, aval_error *err)
{
	if (range->begin != 0)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "range.begin", "the range does not begin at leaf 0");
	if (range->count == 0)
		aval_merkle_empty(root32_out);
	else
		aval_range_fold(root32_out, range, NULL);
	return AVAL_OK;
}
