/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs for many leaves. The opened leaves leave gaps; each gap is cut from left
 * to right into its maximal subtrees, and those are the proof. To find the root,
 * opened leaves and subtrees are laid side by side into a compact range.
 */
#include <aval/merkle.h>
#include <aval/range.h>

#include "base/base.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

aval_status aval_multi_check(uint64_t size, const uint64_t *indices, size_t count, aval_error *err)
{
	if (count == 0)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "multiproof.indices", "no leaf is opened");
	for (size_t i = 0; i < count; i++) {
		if (indices[i] >= size)
			return aval_fail(err, AVAL_E_PROOF_INDEX, "multiproof.indices[]",
			                 "an index is not below the number of leaves");
		if (i > 0 && indices[i] <= indices[i - 1])
			return aval_fail(err, AVAL_E_PROOF_INDEX, "multiproof.indices[]",
			                 "the indices are not strictly ascending");
	}
	return AVAL_OK;
}

/* The gap before the i-th opened leaf, and after the last one: [*begin_out, result). */
static uint64_t gap(uint64_t *begin_out, uint64_t size, const uint64_t *indices, size_t count, size_t i)
{
	*begin_out = i == 0 ? 0 : indices[i - 1] + 1;
	return i == count ? size : indices[i];
}

size_t aval_multi_need(uint64_t size, const uint64_t *indices, size_t count)
{
	size_t hashes = 0;

	for (size_t i = 0; i <= count; i++) {
		uint64_t begin, end = gap(&begin, size, indices, count, i);

		for (; begin < end; begin = aval_gap_part(begin, end, size))
			hashes++;
	}
	return hashes;
}

/* Lay the parts of one gap; the hash of a part that is cut off stays apart. Returns the hashes behind. */
static const uint8_t *lay_gap(aval_range *range, const uint8_t **tail_out, uint64_t end, uint64_t size,
                              const uint8_t *hashes)
{
	for (uint64_t begin = range->end; begin < end; hashes += 32) {
		uint64_t part = aval_gap_part(begin, end, size);
		unsigned level = aval_level_of(part - begin);

		if (part - begin == UINT64_C(1) << level)
			aval_range_lay(range, hashes, level);
		else
			*tail_out = hashes;
		begin = part;
	}
	return hashes;
}

void aval_multi_fold(uint8_t root32_out[32], uint64_t size, const uint64_t *indices, const uint8_t *leaves,
                     size_t count, const uint8_t *hashes)
{
	aval_range     range;
	const uint8_t *tail = NULL;

	aval_range_init(&range, 0);
	for (size_t i = 0; i <= count; i++) {
		hashes = lay_gap(&range, &tail, i == count ? size : indices[i], size, hashes);
		if (i < count)
			aval_range_lay(&range, leaves + 32 * i, 0);
	}
	aval_range_fold(root32_out, &range, tail);
}

aval_status aval_multi_read(uint8_t *hashes_out, uint64_t size, const uint64_t *indices, size_t count,
                            aval_subtree_reader read, const void *nodes, aval_error *err)
{
	for (size_t i = 0; i <= count; i++) {
		uint64_t begin, end = gap(&begin, size, indices, count, i);

		while (begin < end) {
			uint64_t    part = aval_gap_part(begin, end, size);
			aval_status status = read(hashes_out, begin, part, nodes, err);

			if (status != AVAL_OK)
				return status;
			hashes_out += 32;
			begin = part;
		}
	}
	return AVAL_OK;
}

aval_status aval_merkle_multi_count(size_t *count_out, uint64_t size, const uint64_t *indices, size_t index_count,
                                    aval_error *err)
{
	aval_status status = aval_merkle_check_size(size, err);

	if (status != AVAL_OK)
		return status;
	if (size == 0)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "proof.size", "a tree without leaves includes nothing");
	status = aval_multi_check(size, indices, index_count, err);
	if (status == AVAL_OK)
		*count_out = aval_multi_need(size, indices, index_count);
	return status;
}

aval_status aval_merkle_verify_multi(const uint8_t root32[32], uint64_t size, const uint64_t *indices,
                                     const uint8_t *leaves, size_t index_count, const uint8_t *hashes,
                                     size_t hash_count, aval_error *err)
{
	uint8_t     root[32];
	size_t      need;
	aval_status status = aval_merkle_multi_count(&need, size, indices, index_count, err);

	if (status != AVAL_OK)
		return status;
	if (hash_count != need)
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "multiproof.hashes",
		                 "the number of hashes is not what the indices need");
	aval_multi_fold(root, size, indices, leaves, index_count, hashes);
	if (memcmp(root, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "multiproof.root", "the proof leads to another root");
	return AVAL_OK;
}
