/* SPDX-License-Identifier: Apache-2.0 */
/* Verifiers of single-leaf, consistency and subtree proofs: RFC 9162, 2.1.3.2 and 2.1.4.2. */
#include <aval/merkle.h>

#include "base/base.h"
#include "hash/hash.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

void aval_merkle_leaf(uint8_t hash32_out[32], const uint8_t *data, size_t len)
{
	aval_hash_leaf(hash32_out, data, len);
}

void aval_merkle_node(uint8_t hash32_out[32], const uint8_t left32[32], const uint8_t right32[32])
{
	aval_hash_node(hash32_out, left32, right32);
}

void aval_merkle_empty(uint8_t root32_out[32])
{
	aval_sha256(root32_out, NULL, 0);
}

aval_status aval_merkle_check_size(uint64_t size, aval_error *err)
{
	if (size > AVAL_MERKLE_MAX_SIZE)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "proof.size", "the tree has 2^63 leaves or more");
	return AVAL_OK;
}

aval_status aval_merkle_check_leaf(uint64_t size, uint64_t index, aval_error *err)
{
	if (size == 0)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "proof.size", "a tree without leaves includes nothing");
	if (size > AVAL_MERKLE_MAX_SIZE)
		return aval_merkle_check_size(size, err);
	if (index >= size)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "proof.index", "the index is not below the size");
	return AVAL_OK;
}

aval_status aval_merkle_inclusion_count(size_t *count_out, uint64_t size, uint64_t index, aval_error *err)
{
	aval_status status = aval_merkle_check_leaf(size, index, err);
	aval_climb  climb;

	if (status != AVAL_OK)
		return status;
	climb = aval_climb_from(0, index, size);
	*count_out = aval_climb_count(&climb);
	return AVAL_OK;
}

static aval_status check_length(size_t count, size_t need, aval_error *err)
{
	if (count < need)
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "proof.path", "the path has fewer hashes than its place needs");
	if (count > need)
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "proof.path", "hashes trail the path that its place needs");
	return AVAL_OK;
}

aval_status aval_merkle_inclusion_root(uint8_t root32_out[32], uint64_t size, uint64_t index,
                                       const uint8_t leaf32[32], const uint8_t *path, size_t path_count,
                                       aval_error *err)
{
	aval_status  status = aval_merkle_check_leaf(size, index, err);
	aval_climb   climb;
	aval_sibling sibling;
	uint8_t      node[32];

	if (status != AVAL_OK)
		return status;
	climb = aval_climb_from(0, index, size);
	status = check_length(path_count, aval_climb_count(&climb), err);
	if (status != AVAL_OK)
		return status;
	memcpy(node, leaf32, 32);
	for (; aval_climb_next(&climb, &sibling); path += 32)
		aval_hash_node(node, sibling.is_left ? path : node, sibling.is_left ? node : path);
	memcpy(root32_out, node, 32);
	return AVAL_OK;
}

static aval_status compare_root(const uint8_t root32[32], const uint8_t want32[32], aval_error *err)
{
	if (memcmp(root32, want32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root", "the path leads to another root");
	return AVAL_OK;
}

aval_status aval_merkle_verify_inclusion(const uint8_t root32[32], uint64_t size, uint64_t index,
                                         const uint8_t leaf32[32], const uint8_t *path, size_t path_count,
                                         aval_error *err)
{
	uint8_t     root[32];
	aval_status status = aval_merkle_inclusion_root(root, size, index, leaf32, path, path_count, err);

	return status != AVAL_OK ? status : compare_root(root, root32, err);
}

aval_status aval_merkle_check_place(uint64_t begin, uint64_t end, uint64_t index, aval_error *err)
{
	if (begin >= end || end > AVAL_MERKLE_MAX_SIZE || !aval_is_subtree(begin, end))
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "proof.subtree", "the range of leaves is no subtree");
	if (index < begin || index >= end)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "proof.index", "the index is not in the subtree");
	return AVAL_OK;
}

aval_status aval_merkle_verify_subtree_inclusion(const uint8_t subtree_root32[32], uint64_t begin, uint64_t end,
                                                 uint64_t index, const uint8_t leaf32[32], const uint8_t *path,
                                                 size_t path_count, aval_error *err)
{
	aval_status status = aval_merkle_check_place(begin, end, index, err);

	if (status != AVAL_OK)
		return status;
	return aval_merkle_verify_inclusion(subtree_root32, end - begin, index - begin, leaf32, path, path_count, err);
}

aval_status aval_merkle_check_subtree(uint64_t begin, uint64_t end, uint64_t size, aval_error *err)
{
	aval_status status = aval_merkle_check_size(size, err);

	if (status != AVAL_OK)
		return status;
	if (begin > end || (begin < end && !aval_is_subtree(begin, end)))
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "proof.subtree", "the range of leaves is no subtree");
	if (end > size)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "proof.subtree", "the subtree reaches past the tree");
	return AVAL_OK;
}

/* What is left of the seed and still in the subtree is part of both, and hashed to both side by side. */
static void join_both(uint8_t small32[32], uint8_t large32[32], const uint8_t *left32)
{
	uint8_t pairs[128];

	memcpy(pairs, left32, 32);
	memcpy(pairs + 32, small32, 32);
	memcpy(pairs + 64, left32, 32);
	memcpy(pairs + 96, large32, 32);
	aval_hash_nodes(pairs, pairs, 2);
	memcpy(small32, pairs, 32);
	memcpy(large32, pairs + 32, 32);
}

/* The two roots to which a subtree proof leads; the subtree is not empty and the path has its length. */
static void subtree_roots(uint8_t small32[32], uint8_t large32[32], const uint8_t subtree_root32[32], uint64_t begin,
                          const aval_subtree_way *way, const uint8_t *path)
{
	aval_climb   climb = way->climb;
	aval_sibling sibling;

	memcpy(large32, way->has_seed ? path : subtree_root32, 32);
	memcpy(small32, large32, 32);
	path += way->has_seed ? 32 : 0;
	for (; aval_climb_next(&climb, &sibling); path += 32) {
		if (!sibling.is_left)
			aval_hash_node(large32, large32, path);
		else if (way->has_seed && sibling.index << sibling.level >= begin)
			join_both(small32, large32, path);
		else
			aval_hash_node(large32, path, large32);
	}
}

static aval_status check_small_root(const uint8_t root32[32], const uint8_t want32[32], aval_error *err)
{
	if (memcmp(root32, want32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "proof.subtree_root",
		                 "the path leads to another root of the subtree");
	return AVAL_OK;
}

/* The root of the tree; the shape is checked and the subtree is not empty. */
static aval_status subtree_climb(uint8_t root32[32], const uint8_t subtree_root32[32], uint64_t begin, uint64_t end,
                                 uint64_t size, const uint8_t *path, size_t path_count, aval_error *err)
{
	aval_subtree_way way = aval_subtree_way_of(begin, end, size);
	aval_status      status = check_length(path_count, aval_climb_count(&way.climb) + way.has_seed, err);
	uint8_t          small[32];

	if (status != AVAL_OK)
		return status;
	subtree_roots(small, root32, subtree_root32, begin, &way, path);
	return check_small_root(small, subtree_root32, err);
}

static aval_status verify_empty(const uint8_t subtree_root32[32], size_t path_count, aval_error *err)
{
	uint8_t     empty[32];
	aval_status status = check_length(path_count, 0, err);

	if (status != AVAL_OK)
		return status;
	aval_merkle_empty(empty);
	return check_small_root(subtree_root32, empty, err);
}

aval_status aval_merkle_verify_subtree(const uint8_t subtree_root32[32], uint64_t begin, uint64_t end,
                                       const uint8_t root32[32], uint64_t size, const uint8_t *path,
                                       size_t path_count, aval_error *err)
{
	aval_status status = aval_merkle_check_subtree(begin, end, size, err);
	uint8_t     root[32];

	if (status != AVAL_OK)
		return status;
	if (begin == end)
		return verify_empty(subtree_root32, path_count, err);
	status = subtree_climb(root, subtree_root32, begin, end, size, path, path_count, err);
	if (status != AVAL_OK)
		return status;
	if (begin == 0 && end == size && memcmp(root, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_FORK, "proof.root", "two trees of one size have different roots");
	return compare_root(root, root32, err);
}

aval_status aval_merkle_check_growth(uint64_t old_size, uint64_t new_size, aval_error *err)
{
	aval_status status = aval_merkle_check_size(new_size, err);

	if (status != AVAL_OK)
		return status;
	if (new_size < old_size)
		return aval_fail(err, AVAL_E_PROOF_SHRUNK, "proof.new_size", "the later tree has fewer leaves");
	if (old_size == 0 && new_size != 0)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "proof.old_size",
		                 "the tree without leaves is an earlier state of every tree");
	return AVAL_OK;
}

aval_status aval_merkle_verify_consistency(const uint8_t old_root32[32], uint64_t old_size,
                                           const uint8_t new_root32[32], uint64_t new_size, const uint8_t *path,
                                           size_t path_count, aval_error *err)
{
	aval_status status = aval_merkle_check_growth(old_size, new_size, err);

	if (status != AVAL_OK)
		return status;
	status = aval_merkle_verify_subtree(old_root32, 0, old_size, new_root32, new_size, path, path_count, err);
	if (status == AVAL_OK && new_size == 0 && memcmp(old_root32, new_root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_FORK, "proof.root", "two trees of one size have different roots");
	return status;
}

aval_status aval_merkle_consistency_root(uint8_t new_root32_out[32], const uint8_t old_root32[32],
                                         uint64_t old_size, uint64_t new_size, const uint8_t *path,
                                         size_t path_count, aval_error *err)
{
	aval_status status = aval_merkle_check_growth(old_size, new_size, err);
	uint8_t     root[32];

	if (status != AVAL_OK)
		return status;
	if (old_size == 0)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "proof.old_size", "a tree without leaves leads nowhere");
	status = subtree_climb(root, old_root32, 0, old_size, new_size, path, path_count, err);
	if (status == AVAL_OK)
		memcpy(new_root32_out, root, 32);
	return status;
}
