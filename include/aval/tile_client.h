/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TILE_CLIENT_H
#define AVAL_TILE_CLIENT_H

#include <aval/base.h>
#include <aval/prove.h>
#include <aval/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Reading a log of somebody else out of its tiles. A client is made for one
 * size and root, those of a verified checkpoint, and gives out nothing that
 * does not belong to them: each tile that it reads is checked against the root,
 * each entry against its tile. Where the bytes come from does not matter.
 */

/** A reader of a log's tiles, 262 kB; keeps the last tile of each level. */
typedef struct aval_tile_client aval_tile_client;

/**
 * Make a reader of the tiles of a log. Nothing is read yet.
 *
 * @param[out] client_out  the reader; written on success.
 * @param[in]  size        leaves, of the checkpoint; below 2^63.
 * @param[in]  root32      32 bytes, of the checkpoint.
 * @param[in]  source      where tiles come from.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     client_out is to be released by aval_tile_client_free().
 * @retval AVAL_E_INVALID_ARGUMENT     size is 2^63 or more, or source has no callback.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  size is 0 and root32 is not the root of the empty tree.
 * @retval AVAL_E_NO_MEMORY            the allocator returned NULL.
 *
 * @par Ownership  source is copied; its user_data and allocator are kept until the client is freed.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/tiles.md#tile-client.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_client_new(
	aval_tile_client      **client_out,
	uint64_t                size,
	const uint8_t           root32[32],
	const aval_tile_source *source,
	const aval_allocator   *allocator,
	aval_error             *err);

/** Release a client; NULL is nothing. */
AVAL_API void aval_tile_client_free(aval_tile_client *client);

/** Leaves of the log that a client reads. */
AVAL_API uint64_t aval_tile_client_size(const aval_tile_client *client);

/**
 * Read the root of the complete subtree of 2^level leaves at an index.
 *
 * @param[out] hash32_out  32 bytes; written on success.
 * @param[in]  client      the reader.
 * @param[in]  level       of the subtree: it spans leaves [index * 2^level, (index + 1) * 2^level).
 * @param[in]  index       of the subtree among those of its level.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the hash is that of the tree with the client's root.
 * @retval AVAL_E_PROOF_INDEX          the subtree is not complete in a log of the client's size.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  a tile is not one of the tree with the client's root.
 * @retval AVAL_E_NOT_FOUND            the source has no such tile.
 * @retval AVAL_E_TILE_LENGTH          a tile is not as long as its width asks.
 * @retval AVAL_E_CALLBACK             the source failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     C2SP tlog-tiles; docs/spec/tiles.md#tile-client.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_client_node(
	uint8_t           hash32_out[32],
	aval_tile_client *client,
	uint32_t          level,
	uint64_t          index,
	aval_error       *err);

/** Make the client a source of nodes, for the provers of prove.h; it must outlive nodes_out. */
AVAL_API void aval_tile_client_nodes(aval_node_source *nodes_out, aval_tile_client *client);

/**
 * Compute the root that the log had when it was smaller.
 *
 * @param[out] root32_out  32 bytes; written on success.
 * @param[in]  client      the reader.
 * @param[in]  size        leaves; at most the client's.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             root32_out is the root of the first size leaves.
 * @retval AVAL_E_PROOF_INDEX  size is above the client's.
 *         and what aval_tile_client_node() returns.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     RFC 9162, section 2.1.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_client_root(
	uint8_t           root32_out[32],
	aval_tile_client *client,
	uint64_t          size,
	aval_error       *err);

/**
 * Prove that a leaf is in the log that the client reads, or in the log as it was when it was smaller.
 *
 * @param[out]    path_out          32 bytes a hash, leaf to root; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; 63 always suffice.
 * @param[in]     client            the reader.
 * @param[in]     size              leaves; 1 up to the client's.
 * @param[in]     index             leaves; zero-based, below size.
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof; it verifies against the client's root if size is
 *                                  its size.
 * @retval AVAL_E_PROOF_SHAPE       size is 0.
 * @retval AVAL_E_PROOF_INDEX       index is not below size, or size is above the client's.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 *         and what aval_tile_client_node() returns.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     RFC 9162, section 2.1.3.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_client_prove_inclusion(
	uint8_t          *path_out, size_t *path_count_inout,
	aval_tile_client *client,
	uint64_t          size,
	uint64_t          index,
	aval_error       *err);

/**
 * Prove that the log that the client reads began as the log of old_size leaves.
 *
 * @param[out]    path_out          32 bytes a hash; NULL or short to learn the need.
 * @param[in,out] path_count_inout  hashes; the room in, the count out; AVAL_MERKLE_MAX_PATH always suffice.
 * @param[in]     client            the reader.
 * @param[in]     old_size          leaves; 1 up to the client's, or 0 if that is 0.
 * @param[in]     new_size          leaves; old_size up to the client's.
 * @param[out]    err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the proof.
 * @retval AVAL_E_PROOF_SHAPE       only old_size is 0.
 * @retval AVAL_E_PROOF_SHRUNK      new_size is below old_size.
 * @retval AVAL_E_PROOF_INDEX       new_size is above the client's.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in path_count_inout; nothing was written.
 *         and what aval_tile_client_node() returns.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     RFC 9162, section 2.1.4.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_client_prove_consistency(
	uint8_t          *path_out, size_t *path_count_inout,
	aval_tile_client *client,
	uint64_t          old_size,
	uint64_t          new_size,
	aval_error       *err);

/**
 * Read one entry of the log.
 *
 * @param[out] entry_out  bytes of the entry; written on success.
 * @param[in]  client     the reader.
 * @param[in]  index      leaves; zero-based, below the client's size.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the entry is the leaf at index under the client's root.
 * @retval AVAL_E_PROOF_INDEX          index is not below the client's size.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the bundle holds another entry, or a tile is not one of the tree.
 * @retval AVAL_E_TILE_FORMAT          the bundle ends inside an entry.
 * @retval AVAL_E_TILE_LENGTH          the bundle has more or fewer entries than its width asks.
 * @retval AVAL_E_NOT_FOUND            the source has no such bundle or tile.
 * @retval AVAL_E_NO_MEMORY            the allocator returned NULL.
 * @retval AVAL_E_CALLBACK             the source failed; cause is its status.
 *
 * @par Ownership  entry_out borrows the client until its next call.
 * @par Threads    Exclusive.
 * @par Source     C2SP tlog-tiles, section "Log entries".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_client_entry(
	aval_bytes       *entry_out,
	aval_tile_client *client,
	uint64_t          index,
	aval_error       *err);

/**
 * Recompute the root of a log from all of its entries, and compare every tile with them.
 *
 * @param[out] root32_out  32 bytes; written on success. It is to be compared with the checkpoint's.
 * @param[in]  size        leaves; below 2^63.
 * @param[in]  source      where tiles and entries come from.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     root32_out is the root of the entries, and each tile is what they make
 *                                     it.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  a tile is not what the entries make it.
 * @retval AVAL_E_TILE_FORMAT          a bundle ends inside an entry.
 * @retval AVAL_E_TILE_LENGTH          a tile or bundle has more or less than its width asks.
 * @retval AVAL_E_NOT_FOUND            a tile or bundle is missing.
 * @retval AVAL_E_INVALID_ARGUMENT     size is 2^63 or more, or source has no callback.
 * @retval AVAL_E_NO_MEMORY            the allocator returned NULL.
 * @retval AVAL_E_CALLBACK             the source failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the callback.
 * @par Source     docs/spec/tiles.md#tile-check.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_check_log(
	uint8_t                 root32_out[32],
	uint64_t                size,
	const aval_tile_source *source,
	const aval_allocator   *allocator,
	aval_error             *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_TILE_CLIENT_H */
