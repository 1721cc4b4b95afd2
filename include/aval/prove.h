/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_PROVE_H
#define AVAL_PROVE_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The making of log proofs. The provers read the roots of complete subtrees
 * through a callback, wherever they are kept: an aval_log, tiles, a database.
 * They allocate nothing and trust what they read; a proof made of false nodes
 * is made all the same, and does not verify (see merkle.h).
 */

/** Where the provers read nodes. */
typedef struct aval_node_source {
	uint32_t struct_size; /**< bytes; sizeof(aval_node_source) */
	/** Write the root of the complete subtree over leaves [index << level, (index + 1) << level). */
	aval_status (*read)(uint8_t hash32_out[32], uint32_t level, uint64_t index, void *user_data);
	void *user_data;
} aval_node_source;

/**
 * Compute the root of the first size leaves.
 *
 * @param[out] root32_out  32 bytes; written on success.
 * @param[in]  nodes       source of nodes; it has at least size leaves.
 * @param[in]  size        leaves; at most AVAL_MERKLE_MAX_SIZE; 0 has the root of aval_merkle_empty().
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  root32_out holds the root.
 * @retval AVAL_E_INVALID_ARGUMENT  nodes has another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       size is above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_CALLBACK          nodes failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     RFC 9162, section 2.1.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_root(
	uint8_t                 root32_out[32],
	const aval_node_source *nodes,
	uint64_t                size,
	aval_error             *err);

/**
 * Compute the root of a subtree [begin, end).
 *
 * @param[out] root32_out  32 bytes; written on success.
 * @param[in]  nodes       source of nodes; it has at least end leaves.
 * @param[in]  begin       leaves; a multiple of the least power of two not below end - begin.
 * @param[in]  end         leaves; above begin, at most AVAL_MERKLE_MAX_SIZE.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  root32_out holds the root.
 * @retval AVAL_E_INVALID_ARGUMENT  nodes has another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       [begin, end) is empty or no subtree, or end is above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_CALLBACK          nodes failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     draft-ietf-plants-merkle-tree-certs, section "Definition of a Subtree".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_subtree_root(
	uint8_t                 root32_out[32],
	const aval_node_source *nodes,
	uint64_t                begin,
	uint64_t                end,
	aval_error             *err);

/**
 * Prove that a leaf is in the tree of the first size leaves.
 *
 * @param[out]    path_out          32 bytes a hash, leaf to root; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; 63 always suffice.
 * @param[in]     nodes             source of nodes; it has at least size leaves.
 * @param[in]     size              leaves; 1..AVAL_MERKLE_MAX_SIZE.
 * @param[in]     index             leaves; zero-based, below size.
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof.
 * @retval AVAL_E_INVALID_ARGUMENT  nodes has another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       size is 0 or above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_PROOF_INDEX       index is not below size.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 * @retval AVAL_E_CALLBACK          nodes failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     RFC 9162, section 2.1.3.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_prove_inclusion(
	uint8_t                *path_out, size_t *path_count_inout,
	const aval_node_source *nodes,
	uint64_t                size,
	uint64_t                index,
	aval_error             *err);

/**
 * Prove that a leaf is in a subtree [begin, end), under that subtree's own root.
 *
 * @param[out]    path_out          32 bytes a hash, leaf to root; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; 63 always suffice.
 * @param[in]     nodes             source of nodes; it has at least end leaves.
 * @param[in]     begin             leaves; first of the subtree.
 * @param[in]     end               leaves; above begin, at most AVAL_MERKLE_MAX_SIZE.
 * @param[in]     index             leaves; of the leaf in the log, in [begin, end).
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof.
 * @retval AVAL_E_INVALID_ARGUMENT  nodes has another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       [begin, end) is empty or no subtree, or end is above AVAL_MERKLE_MAX_SIZE.
 * @retval AVAL_E_PROOF_INDEX       index is not in [begin, end).
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 * @retval AVAL_E_CALLBACK          nodes failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     draft-ietf-plants-merkle-tree-certs, section "Subtree Inclusion Proofs".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_prove_subtree_inclusion(
	uint8_t                *path_out, size_t *path_count_inout,
	const aval_node_source *nodes,
	uint64_t                begin,
	uint64_t                end,
	uint64_t                index,
	aval_error             *err);

/**
 * Prove that the tree of the first old_size leaves is an earlier state of that of new_size leaves.
 *
 * @param[out]    path_out          32 bytes a hash; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; AVAL_MERKLE_MAX_PATH always suffice.
 * @param[in]     nodes             source of nodes; it has at least new_size leaves.
 * @param[in]     old_size          leaves; 1..new_size, or 0 if new_size is 0.
 * @param[in]     new_size          leaves; at most AVAL_MERKLE_MAX_SIZE.
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof; it is empty for equal sizes.
 * @retval AVAL_E_INVALID_ARGUMENT  nodes has another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       new_size is above AVAL_MERKLE_MAX_SIZE, or only old_size is 0.
 * @retval AVAL_E_PROOF_SHRUNK      new_size is below old_size.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 * @retval AVAL_E_CALLBACK          nodes failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     RFC 9162, section 2.1.4.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_prove_consistency(
	uint8_t                *path_out, size_t *path_count_inout,
	const aval_node_source *nodes,
	uint64_t                old_size,
	uint64_t                new_size,
	aval_error             *err);

/**
 * Prove that a subtree [begin, end) is part of the tree of the first size leaves.
 *
 * @param[out]    path_out          32 bytes a hash; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; AVAL_MERKLE_MAX_PATH always suffice.
 * @param[in]     nodes             source of nodes; it has at least size leaves.
 * @param[in]     begin             leaves; first of the subtree.
 * @param[in]     end               leaves; not below begin, at most size.
 * @param[in]     size              leaves; at most AVAL_MERKLE_MAX_SIZE.
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof; it is empty for the empty subtree.
 * @retval AVAL_E_INVALID_ARGUMENT  nodes has another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       size is above AVAL_MERKLE_MAX_SIZE, or [begin, end) is no subtree.
 * @retval AVAL_E_PROOF_INDEX       end is above size.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 * @retval AVAL_E_CALLBACK          nodes failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     draft-ietf-plants-merkle-tree-certs, section "Subtree Consistency Proofs".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_prove_subtree(
	uint8_t                *path_out, size_t *path_count_inout,
	const aval_node_source *nodes,
	uint64_t                begin,
	uint64_t                end,
	uint64_t                size,
	aval_error             *err);

/**
 * Prove that many leaves are in the tree of the first size leaves, in one proof.
 *
 * @param[out]    hashes_out        32 bytes a hash; NULL or short to learn the need.
 * @param[in,out] hash_count_inout  hashes; the room in, the count out.
 * @param[in]     nodes             source of nodes; it has at least size leaves.
 * @param[in]     size              leaves; 1..AVAL_MERKLE_MAX_SIZE.
 * @param[in]     indices           index_count leaf indices, strictly ascending, below size.
 * @param[in]     index_count       opened leaves; at least 1.
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  hashes_out holds the proof.
 * @retval AVAL_E_INVALID_ARGUMENT  nodes has another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       size is 0 or above AVAL_MERKLE_MAX_SIZE, or no leaf is opened.
 * @retval AVAL_E_PROOF_INDEX       an index is not below size, or not above the one before.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in hash_count_inout; nothing was written.
 * @retval AVAL_E_CALLBACK          nodes failed; cause is its status; hashes_out holds part of the proof.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     docs/spec/log.md, section 6.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_merkle_prove_multi(
	uint8_t                *hashes_out, size_t *hash_count_inout,
	const aval_node_source *nodes,
	uint64_t                size,
	const uint64_t         *indices, size_t index_count,
	aval_error             *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_PROVE_H */
