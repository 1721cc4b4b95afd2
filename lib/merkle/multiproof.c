/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multiproofs over a perfect tree. The opened leaves leave gaps; each gap is cut
 * from left to right into its maximal aligned subtrees, and those are the proof.
 * To find the root, opened leaves and subtrees are laid side by side from index 0
 * on; a subtree whose left sibling is complete is joined with it at once, so that
 * at most one subtree a level is ever waiting.
 */
#include "base/base.h"
#include "hash/hash.h"
#include "merkle/merkle.h"

static aval_status check_indices(unsigned depth, const uint64_t *indices, size_t count, aval_error *err)
{
	if (depth > AVAL_PERFECT_MAX_DEPTH)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "multiproof.depth", "the tree is deeper than 63 levels");
	if (count == 0)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "multiproof.indices", "no leaf is opened");
	for (size_t i = 0; i < count; i++) {
		if (indices[i] >> depth != 0)
			return aval_fail(err, AVAL_E_PROOF_INDEX, "multiproof.indices[]",
			                 "an index is not below the number of leaves");
		if (i > 0 && indices[i] <= indices[i - 1])
			return aval_fail(err, AVAL_E_PROOF_INDEX, "multiproof.indices[]",
			                 "the indices are not strictly ascending");
	}
	return AVAL_OK;
}

/* The level of the greatest aligned subtree that begins at begin and ends by end > begin. */
static unsigned widest_level(uint64_t begin, uint64_t end)
{
	unsigned level = 0;

	while (level < AVAL_PERFECT_MAX_DEPTH && (begin >> level) % 2 == 0 &&
	       end - begin >= UINT64_C(2) << level)
		level++;
	return level;
}

/* The gap before the i-th opened leaf, and after the last one: [*begin_out, result). */
static uint64_t gap(uint64_t *begin_out, unsigned depth, const uint64_t *indices, size_t count, size_t i)
{
	*begin_out = i == 0 ? 0 : indices[i - 1] + 1;
	return i == count ? UINT64_C(1) << depth : indices[i];
}

static size_t proof_count(unsigned depth, const uint64_t *indices, size_t count)
{
	size_t hashes = 0;

	for (size_t i = 0; i <= count; i++) {
		uint64_t begin, end = gap(&begin, depth, indices, count, i);

		for (; begin < end; begin += UINT64_C(1) << widest_level(begin, end))
			hashes++;
	}
	return hashes;
}

aval_status aval_multiproof_count(size_t *count_out, unsigned depth, const uint64_t *indices, size_t index_count,
                                  aval_error *err)
{
	aval_status status = check_indices(depth, indices, index_count, err);

	if (status == AVAL_OK)
		*count_out = proof_count(depth, indices, index_count);
	return status;
}

/* The stored hash of the subtree of this level that begins at a leaf. */
static const uint8_t *stored(const uint8_t *levels, unsigned depth, unsigned level, uint64_t begin)
{
	size_t below = ((size_t)2 << depth) - ((size_t)2 << (depth - level));

	return levels + 32 * (below + (size_t)(begin >> level));
}

aval_status aval_multiproof_create(uint8_t *hashes_out, size_t *count_inout, const uint8_t *levels, unsigned depth,
                                   const uint64_t *indices, size_t index_count, aval_error *err)
{
	size_t      need, capacity = hashes_out == NULL ? 0 : *count_inout;
	aval_status status = aval_multiproof_count(&need, depth, indices, index_count, err);

	if (status != AVAL_OK)
		return status;
	*count_inout = need;
	if (need > capacity)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "multiproof.hashes", "the proof has more hashes");
	for (size_t i = 0; i <= index_count; i++) {
		uint64_t begin, end = gap(&begin, depth, indices, index_count, i);

		while (begin < end) {
			unsigned level = widest_level(begin, end);

			memcpy(hashes_out, stored(levels, depth, level, begin), 32);
			hashes_out += 32;
			begin += UINT64_C(1) << level;
		}
	}
	return AVAL_OK;
}

/* Subtrees laid side by side from index 0: hash l stands for bit l of end. */
typedef struct frontier {
	uint64_t end; /* leaves covered */
	uint8_t  hashes[AVAL_PERFECT_MAX_DEPTH + 1][32];
} frontier;

static void lay(frontier *f, const uint8_t hash32[32], unsigned level)
{
	uint8_t  joined[32];
	unsigned at = level;

	memcpy(joined, hash32, 32);
	for (; (f->end >> at) % 2 == 1; at++)
		aval_hash_node(joined, f->hashes[at], joined);
	memcpy(f->hashes[at], joined, 32);
	f->end += UINT64_C(1) << level;
}

aval_status aval_multiproof_root(uint8_t root32_out[32], unsigned depth, const uint64_t *indices,
                                 const uint8_t *leaves, size_t index_count, const uint8_t *hashes, size_t hash_count,
                                 aval_error *err)
{
	frontier    f;
	size_t      need;
	aval_status status = aval_multiproof_count(&need, depth, indices, index_count, err);

	if (status != AVAL_OK)
		return status;
	if (hash_count != need)
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "multiproof.hashes",
		                 "the number of hashes is not what the indices need");
	f.end = 0;
	for (size_t i = 0; i <= index_count; i++) {
		uint64_t begin, end = gap(&begin, depth, indices, index_count, i);

		for (; begin < end; begin = f.end, hashes += 32)
			lay(&f, hashes, widest_level(begin, end));
		if (i < index_count)
			lay(&f, leaves + 32 * i, 0);
	}
	memcpy(root32_out, f.hashes[depth], 32);
	return AVAL_OK;
}

aval_status aval_multiproof_verify(const uint8_t root32[32], unsigned depth, const uint64_t *indices,
                                   const uint8_t *leaves, size_t index_count, const uint8_t *hashes,
                                   size_t hash_count, aval_error *err)
{
	uint8_t     root[32];
	aval_status status = aval_multiproof_root(root, depth, indices, leaves, index_count, hashes, hash_count, err);

	if (status != AVAL_OK)
		return status;
	if (memcmp(root, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "multiproof.root", "the proof leads to another root");
	return AVAL_OK;
}
