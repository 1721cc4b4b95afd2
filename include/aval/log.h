/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LOG_H
#define AVAL_LOG_H

#include <aval/base.h>
#include <aval/prove.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A log in memory: an append-only list of leaves of which all complete subtrees
 * are kept, so that the root of any earlier size and every proof of prove.h is
 * at hand. It keeps hashes and not the leaves' bytes, signs nothing and writes
 * nothing to disk.
 */

/** A log in memory: 64 bytes a leaf, in pages of 256 leaves that never move. */
typedef struct aval_log aval_log;

/**
 * Make an empty log.
 *
 * @param[out] log_out    the log; written on success.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           log_out is to be released by aval_log_free().
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the log.
 * @par Threads    Exclusive.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_new(
	aval_log            **log_out,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a log; NULL is nothing. */
AVAL_API void aval_log_free(aval_log *log);

/** Leaves of the log. */
AVAL_API uint64_t aval_log_size(const aval_log *log);

/**
 * Append one leaf.
 *
 * @param[in,out] log   the log; unchanged on failure.
 * @param[in]     data  the leaf's bytes; may be NULL if len is 0.
 * @param[in]     len   bytes.
 * @param[out]    err   filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           the leaf's index is the size that the log had.
 * @retval AVAL_E_LIMIT      the log has AVAL_MERKLE_MAX_SIZE leaves.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  Nothing is retained but the hash.
 * @par Threads    Exclusive.
 * @par Source     RFC 9162, section 2.1.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_append(
	aval_log      *log,
	const uint8_t *data, size_t len,
	aval_error    *err);

/**
 * Append many leaves of one length that stand side by side.
 *
 * @param[in,out] log    the log; unchanged on failure.
 * @param[in]     data   count x leaf_len bytes; may be NULL if that is 0.
 * @param[in]     leaf_len  bytes of each leaf; 32 is fastest.
 * @param[in]     count  leaves.
 * @param[out]    err    filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           all leaves are appended.
 * @retval AVAL_E_LIMIT      the log would have more than AVAL_MERKLE_MAX_SIZE leaves.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL; no leaf is appended.
 *
 * @par Ownership  Nothing is retained but hashes.
 * @par Threads    Exclusive.
 * @par Source     RFC 9162, section 2.1.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_append_many(
	aval_log      *log,
	const uint8_t *data, size_t leaf_len, size_t count,
	aval_error    *err);

/**
 * Append leaves by their leaf hashes.
 *
 * @param[in,out] log     the log; unchanged on failure.
 * @param[in]     hashes  count x 32 bytes; may be NULL if count is 0.
 * @param[in]     count   leaves.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           all leaves are appended.
 * @retval AVAL_E_LIMIT      the log would have more than AVAL_MERKLE_MAX_SIZE leaves.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL; no leaf is appended.
 *
 * @par Ownership  The hashes are copied.
 * @par Threads    Exclusive.
 * @par Source     RFC 9162, section 2.1.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_append_hashes(
	aval_log      *log,
	const uint8_t *hashes, size_t count,
	aval_error    *err);

/**
 * Read the root of a complete subtree; level 0 is a leaf hash.
 *
 * @param[out] hash32_out  32 bytes; written on success.
 * @param[in]  log         the log.
 * @param[in]  level       of the subtree: it spans leaves [index << level, (index + 1) << level).
 * @param[in]  index       of the subtree among those of its level.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             hash32_out holds the hash.
 * @retval AVAL_E_PROOF_INDEX  the subtree is not complete in this log.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_node(
	uint8_t         hash32_out[32],
	const aval_log *log,
	uint32_t        level,
	uint64_t        index,
	aval_error     *err);

/** Make the log a source of nodes; it is only read, and must outlive nodes_out. */
AVAL_API void aval_log_nodes(aval_node_source *nodes_out, const aval_log *log);

/**
 * Compute the root that the log has, or had when it was smaller.
 *
 * @param[out] root32_out  32 bytes; written on success.
 * @param[in]  log         the log.
 * @param[in]  size        leaves; at most aval_log_size().
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             root32_out holds the root of the first size leaves.
 * @retval AVAL_E_PROOF_INDEX  the log is smaller.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     RFC 9162, section 2.1.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_root(
	uint8_t         root32_out[32],
	const aval_log *log,
	uint64_t        size,
	aval_error     *err);

/**
 * Prove that a leaf is in the tree of the log's first size leaves.
 *
 * @param[out]    path_out          32 bytes a hash, leaf to root; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; 63 always suffice.
 * @param[in]     log               the log.
 * @param[in]     size              leaves; 1..aval_log_size().
 * @param[in]     index             leaves; zero-based, below size.
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof.
 * @retval AVAL_E_PROOF_SHAPE       size is 0.
 * @retval AVAL_E_PROOF_INDEX       index is not below size, or the log is smaller than size.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     RFC 9162, section 2.1.3.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_prove_inclusion(
	uint8_t        *path_out, size_t *path_count_inout,
	const aval_log *log,
	uint64_t        size,
	uint64_t        index,
	aval_error     *err);

/**
 * Prove that the log of old_size leaves is an earlier state of the log of new_size leaves.
 *
 * @param[out]    path_out          32 bytes a hash; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; AVAL_MERKLE_MAX_PATH always suffice.
 * @param[in]     log               the log.
 * @param[in]     old_size          leaves; 1..new_size, or 0 if new_size is 0.
 * @param[in]     new_size          leaves; at most aval_log_size().
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof; it is empty for equal sizes.
 * @retval AVAL_E_PROOF_SHAPE       only old_size is 0.
 * @retval AVAL_E_PROOF_INDEX       the log is smaller than new_size.
 * @retval AVAL_E_PROOF_SHRUNK      new_size is below old_size.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     RFC 9162, section 2.1.4.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_prove_consistency(
	uint8_t        *path_out, size_t *path_count_inout,
	const aval_log *log,
	uint64_t        old_size,
	uint64_t        new_size,
	aval_error     *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_LOG_H */
