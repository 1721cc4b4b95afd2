/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_MERKLE_H
#define AVAL_MERKLE_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Log trees of RFC 9162 with SHA-256: leaf and node hashes, and the verifiers of
 * every proof about them. All are pure functions over bytes that allocate
 * nothing. Who vouches for a root is not asked here: a proof is worth as much as
 * the root that it leads to (see checkpoint.h). Proofs are made by log.h.
 *
 * A node hash never equals a leaf hash, since the two are prefixed apart; what
 * is passed as a leaf hash must come from aval_merkle_leaf() over bytes that
 * the caller has seen.
 */

#define AVAL_MERKLE_MAX_SIZE UINT64_C(0x7fffffffffffffff) /**< leaves; a larger tree is refused */
#define AVAL_MERKLE_MAX_PATH 64 /**< hashes; no inclusion or consistency proof is longer */

/** Hash the len bytes of a leaf: SHA-256(00 || data). */
AVAL_API void aval_merkle_leaf(uint8_t hash32_out[32], const uint8_t *data, size_t len);

/** Hash two children: SHA-256(01 || left || right). The output may be one of them. */
AVAL_API void aval_merkle_node(uint8_t hash32_out[32], const uint8_t left32[32], const uint8_t right32[32]);

/** The root of the tree without leaves: SHA-256 of nothing. */
AVAL_API void aval_merkle_empty(uint8_t root32_out[32]);

/**
 * Count the hashes of an inclusion proof.
 *
 * @param[out] count_out  hashes, at most 63; written on success.
 * @param[in]  size       leaves; 1..AVAL_MERKLE_MAX_SIZE.
 * @param[in]  index      leaves; zero-based, below size.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             count_out is the one lawful length.
 * @retval AVAL_E_PROOF_SHAPE  size is 0 or above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_PROOF_INDEX  index is not below size.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9162, section 2.1.3.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_inclusion_count(
	size_t     *count_out,
	uint64_t    size,
	uint64_t    index,
	aval_error *err);

/**
 * Compute the root to which a leaf and its inclusion proof lead.
 *
 * @param[out] root32_out  32 bytes; written on success. It proves nothing until compared with a trusted root.
 * @param[in]  size        leaves; 1..AVAL_MERKLE_MAX_SIZE.
 * @param[in]  index       leaves; zero-based, below size.
 * @param[in]  leaf32      32 bytes; leaf hash.
 * @param[in]  path        path_count x 32 bytes, leaf to root; may be NULL if path_count is 0.
 * @param[in]  path_count  hashes in path.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK              root32_out holds the root.
 * @retval AVAL_E_PROOF_SHAPE   size is 0 or above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_PROOF_INDEX   index is not below size.
 * @retval AVAL_E_PROOF_LENGTH  path_count is not the length that this size and index need.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9162, section 2.1.3.2.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_inclusion_root(
	uint8_t        root32_out[32],
	uint64_t       size,
	uint64_t       index,
	const uint8_t  leaf32[32],
	const uint8_t *path, size_t path_count,
	aval_error    *err);

/**
 * Check that a leaf sits at a given index of the tree with a given root.
 *
 * @param[in]  root32      32 bytes; the trusted root.
 * @param[in]  size        leaves; 1..AVAL_MERKLE_MAX_SIZE.
 * @param[in]  index       leaves; zero-based, below size.
 * @param[in]  leaf32      32 bytes; leaf hash.
 * @param[in]  path        path_count x 32 bytes, leaf to root; may be NULL if path_count is 0.
 * @param[in]  path_count  hashes in path.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the leaf is included.
 * @retval AVAL_E_PROOF_SHAPE          size is 0 or above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_PROOF_INDEX          index is not below size.
 * @retval AVAL_E_PROOF_LENGTH         path_count is not the length that this size and index need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the path leads to another root.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9162, section 2.1.3.2.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_verify_inclusion(
	const uint8_t  root32[32],
	uint64_t       size,
	uint64_t       index,
	const uint8_t  leaf32[32],
	const uint8_t *path, size_t path_count,
	aval_error    *err);

/**
 * Check that a tree is an earlier state of a later tree.
 *
 * Equal sizes need an empty path and equal roots. The empty tree is an earlier state of every tree, so
 * nothing is proven about it: it passes with itself alone.
 *
 * @param[in]  old_root32  32 bytes; root of the earlier tree.
 * @param[in]  old_size    leaves; 1..new_size, or 0 if new_size is 0.
 * @param[in]  new_root32  32 bytes; root of the later tree.
 * @param[in]  new_size    leaves; at most AVAL_MERKLE_MAX_SIZE.
 * @param[in]  path        path_count x 32 bytes; may be NULL if path_count is 0.
 * @param[in]  path_count  hashes in path.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the later tree begins with the earlier one's leaves.
 * @retval AVAL_E_PROOF_SHAPE          new_size is above AVAL_MERKLE_MAX_SIZE, or only old_size is 0.
 * @retval AVAL_E_PROOF_SHRUNK         new_size is below old_size.
 * @retval AVAL_E_PROOF_LENGTH         path_count is not the length that these sizes need.
 * @retval AVAL_E_PROOF_FORK           the sizes are equal and the roots are not.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the path leads to another earlier or later root.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9162, section 2.1.4.2.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_verify_consistency(
	const uint8_t  old_root32[32],
	uint64_t       old_size,
	const uint8_t  new_root32[32],
	uint64_t       new_size,
	const uint8_t *path, size_t path_count,
	aval_error    *err);

/**
 * Compute the later root to which an earlier root and a consistency proof lead.
 *
 * @param[out] new_root32_out  32 bytes; written on success. It proves nothing until compared with a trusted root.
 * @param[in]  old_root32      32 bytes; root of the earlier tree.
 * @param[in]  old_size        leaves; 1..new_size.
 * @param[in]  new_size        leaves; at most AVAL_MERKLE_MAX_SIZE.
 * @param[in]  path            path_count x 32 bytes; may be NULL if path_count is 0.
 * @param[in]  path_count      hashes in path.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the path leads to the earlier root, and to the root in new_root32_out.
 * @retval AVAL_E_PROOF_SHAPE          new_size is above AVAL_MERKLE_MAX_SIZE, or old_size is 0.
 * @retval AVAL_E_PROOF_SHRUNK         new_size is below old_size.
 * @retval AVAL_E_PROOF_LENGTH         path_count is not the length that these sizes need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the path leads to another earlier root.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9162, section 2.1.4.2.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_consistency_root(
	uint8_t        new_root32_out[32],
	const uint8_t  old_root32[32],
	uint64_t       old_size,
	uint64_t       new_size,
	const uint8_t *path, size_t path_count,
	aval_error    *err);

/**
 * Check that a leaf sits in a subtree [begin, end) of a log, under that subtree's own root.
 *
 * A range of leaves is a subtree if begin is a multiple of the least power of two that is not below
 * end - begin.
 *
 * @param[in]  subtree_root32  32 bytes; the trusted root of the subtree.
 * @param[in]  begin           leaves; first of the subtree.
 * @param[in]  end             leaves; above begin, at most AVAL_MERKLE_MAX_SIZE.
 * @param[in]  index           leaves; of the leaf in the log, in [begin, end).
 * @param[in]  leaf32          32 bytes; leaf hash.
 * @param[in]  path            path_count x 32 bytes, leaf to root; may be NULL if path_count is 0.
 * @param[in]  path_count      hashes in path.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the leaf is included.
 * @retval AVAL_E_PROOF_SHAPE          [begin, end) is empty or no subtree, or end is above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_PROOF_INDEX          index is not in [begin, end).
 * @retval AVAL_E_PROOF_LENGTH         path_count is not the length that this place needs.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the path leads to another root.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     draft-ietf-plants-merkle-tree-certs, section "Subtree Inclusion Proofs".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_verify_subtree_inclusion(
	const uint8_t  subtree_root32[32],
	uint64_t       begin,
	uint64_t       end,
	uint64_t       index,
	const uint8_t  leaf32[32],
	const uint8_t *path, size_t path_count,
	aval_error    *err);

/**
 * Check that a subtree [begin, end) is part of the tree with a given root.
 *
 * With begin 0 this is a consistency proof. The empty subtree has the root of aval_merkle_empty(), needs an
 * empty path and says nothing about the tree.
 *
 * @param[in]  subtree_root32  32 bytes; root of the subtree.
 * @param[in]  begin           leaves; first of the subtree.
 * @param[in]  end             leaves; not below begin, at most size.
 * @param[in]  root32          32 bytes; the trusted root of the tree.
 * @param[in]  size            leaves of the tree; at most AVAL_MERKLE_MAX_SIZE.
 * @param[in]  path            path_count x 32 bytes; may be NULL if path_count is 0.
 * @param[in]  path_count      hashes in path.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the tree holds the subtree's leaves at [begin, end).
 * @retval AVAL_E_PROOF_SHAPE          size is above AVAL_MERKLE_MAX_SIZE, or [begin, end) is no subtree.
 * @retval AVAL_E_PROOF_INDEX          end is above size.
 * @retval AVAL_E_PROOF_LENGTH         path_count is not the length that this subtree needs.
 * @retval AVAL_E_PROOF_FORK           the subtree is the whole tree and the roots differ.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the path leads to another root of the subtree or of the tree.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     draft-ietf-plants-merkle-tree-certs, section "Subtree Consistency Proofs".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_verify_subtree(
	const uint8_t  subtree_root32[32],
	uint64_t       begin,
	uint64_t       end,
	const uint8_t  root32[32],
	uint64_t       size,
	const uint8_t *path, size_t path_count,
	aval_error    *err);

/**
 * Count the hashes of a proof for many leaves at once.
 *
 * The proof is the roots of the maximal subtrees without an opened leaf, from left to right.
 *
 * @param[out] count_out    hashes; written on success.
 * @param[in]  size         leaves; 1..AVAL_MERKLE_MAX_SIZE.
 * @param[in]  indices      index_count leaf indices, strictly ascending, below size.
 * @param[in]  index_count  opened leaves; at least 1.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             count_out is the one lawful length.
 * @retval AVAL_E_PROOF_SHAPE  size is 0 or above AVAL_MERKLE_MAX_SIZE, or no leaf is opened.
 * @retval AVAL_E_PROOF_INDEX  an index is not below size, or not above the one before.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/log.md, section 6.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_multi_count(
	size_t         *count_out,
	uint64_t        size,
	const uint64_t *indices, size_t index_count,
	aval_error     *err);

/**
 * Check that many leaves sit at given indices of the tree with a given root.
 *
 * @param[in]  root32       32 bytes; the trusted root.
 * @param[in]  size         leaves; 1..AVAL_MERKLE_MAX_SIZE.
 * @param[in]  indices      index_count leaf indices, strictly ascending, below size.
 * @param[in]  leaves       index_count x 32 bytes; their leaf hashes, in the same order.
 * @param[in]  index_count  opened leaves; at least 1.
 * @param[in]  hashes       hash_count x 32 bytes; may be NULL if hash_count is 0.
 * @param[in]  hash_count   hashes of the proof.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     every leaf is included.
 * @retval AVAL_E_PROOF_SHAPE          size is 0 or above AVAL_MERKLE_MAX_SIZE, or no leaf is opened.
 * @retval AVAL_E_PROOF_INDEX          an index is not below size, or not above the one before.
 * @retval AVAL_E_PROOF_LENGTH         hash_count is not what the indices need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  they lead to another root.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/log.md, section 6.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_verify_multi(
	const uint8_t   root32[32],
	uint64_t        size,
	const uint64_t *indices, const uint8_t *leaves, size_t index_count,
	const uint8_t  *hashes, size_t hash_count,
	aval_error     *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_MERKLE_H */
