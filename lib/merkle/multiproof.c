/* SPDX-License-Identifier: Apache-2.0 */
/* Multiproofs over a perfect tree of which all levels are at hand; see multi.c. */
#include "base/base.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

static aval_status check(unsigned depth, const uint64_t *indices, size_t count, aval_error *err)
{
	if (depth > AVAL_PERFECT_MAX_DEPTH)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "multiproof.depth", "the tree is deeper than 63 levels");
	return aval_multi_check(UINT64_C(1) << depth, indices, count, err);
}

aval_status aval_multiproof_count(size_t *count_out, unsigned depth, const uint64_t *indices, size_t index_count,
                                  aval_error *err)
{
	aval_status status = check(depth, indices, index_count, err);

	if (status == AVAL_OK)
		*count_out = aval_multi_need(UINT64_C(1) << depth, indices, index_count);
	return status;
}

typedef struct perfect_tree {
	const uint8_t *levels;
	unsigned       depth;
} perfect_tree;

static aval_status read_stored(uint8_t hash32_out[32], uint64_t begin, uint64_t end, const void *nodes,
                               aval_error *err)
{
	const perfect_tree *tree = nodes;
	unsigned            level = aval_level_of(end - begin);
	size_t              below = ((size_t)2 << tree->depth) - ((size_t)2 << (tree->depth - level));

	(void)err;
	memcpy(hash32_out, tree->levels + 32 * (below + (size_t)(begin >> level)), 32);
	return AVAL_OK;
}

aval_status aval_multiproof_create(uint8_t *hashes_out, size_t *count_inout, const uint8_t *levels, unsigned depth,
                                   const uint64_t *indices, size_t index_count, aval_error *err)
{
	perfect_tree tree = { levels, depth };
	size_t       need, capacity = hashes_out == NULL ? 0 : *count_inout;
	aval_status  status = aval_multiproof_count(&need, depth, indices, index_count, err);

	if (status != AVAL_OK)
		return status;
	*count_inout = need;
	if (need > capacity)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "multiproof.hashes", "the proof has more hashes");
	return aval_multi_read(hashes_out, UINT64_C(1) << depth, indices, index_count, read_stored, &tree, err);
}

aval_status aval_multiproof_root(uint8_t root32_out[32], unsigned depth, const uint64_t *indices,
                                 const uint8_t *leaves, size_t index_count, const uint8_t *hashes, size_t hash_count,
                                 aval_error *err)
{
	size_t      need;
	aval_status status = aval_multiproof_count(&need, depth, indices, index_count, err);

	if (status != AVAL_OK)
		return status;
	if (hash_count != need)
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "multiproof.hashes",
		                 "the number of hashes is not what the indices need");
	aval_multi_fold(root32_out, UINT64_C(1) << depth, indices, leaves, index_count, hashes);
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
