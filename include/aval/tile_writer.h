/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TILE_WRITER_H
#define AVAL_TILE_WRITER_H

#include <aval/base.h>
#include <aval/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writing a log as tiles. The writer takes entries and hands out bundles and
 * tiles in an order that survives a crash at any point: a bundle goes before
 * the tile that hashes it, a tile before the one above. The checkpoint comes
 * last and is the caller's: aval_tile_writer_flush(), aval_checkpoint_sign(),
 * publish. Until then nothing that was published before has changed, and what
 * lies beyond it counts for nothing. Full tiles are written once.
 *
 * One log has one writer at a time; who keeps others out is the caller.
 */

/** A writer of a log's tiles: 66 kB, and the entries of the last bundle. */
typedef struct aval_tile_writer aval_tile_writer;

/**
 * Make a writer that goes on behind the last checkpoint.
 *
 * The right edge of the log is read from source and checked against root32, so a damaged log is not extended.
 *
 * @param[out] writer_out  the writer; written on success.
 * @param[in]  size        leaves, of the last checkpoint; 0 begins a log.
 * @param[in]  root32      32 bytes, of the last checkpoint; may be NULL if size is 0.
 * @param[in]  source      where the log's tiles are; may be NULL if size is 0.
 * @param[in]  sink        where they go to.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     writer_out is to be released by aval_tile_writer_free().
 * @retval AVAL_E_INVALID_ARGUMENT     size is 2^63 or more, or a callback is missing.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  tiles and entries at the edge do not lead to root32.
 * @retval AVAL_E_NOT_FOUND            a tile or bundle at the edge is missing.
 * @retval AVAL_E_TILE_FORMAT          a bundle ends inside an entry.
 * @retval AVAL_E_TILE_LENGTH          a tile or bundle has more or less than its width asks.
 * @retval AVAL_E_NO_MEMORY            the allocator returned NULL.
 * @retval AVAL_E_CALLBACK             source failed; cause is its status.
 *
 * @par Ownership  sink is copied; its user_data and allocator are kept until the writer is freed. source is not
 * kept.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/tiles.md#tile-append.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_writer_new(
	aval_tile_writer      **writer_out,
	uint64_t                size,
	const uint8_t           root32[32],
	const aval_tile_source *source,
	const aval_tile_sink   *sink,
	const aval_allocator   *allocator,
	aval_error             *err);

/** Release a writer; NULL is nothing. What was not flushed is lost. */
AVAL_API void aval_tile_writer_free(aval_tile_writer *writer);

/** Leaves, with those that were appended. */
AVAL_API uint64_t aval_tile_writer_size(const aval_tile_writer *writer);

/**
 * Append one entry. A bundle that it fills, and the tiles above, are written at once.
 *
 * @param[in,out] writer  the writer; unchanged on failure, so that the call may be repeated.
 * @param[in]     entry   len bytes; may be NULL if len is 0.
 * @param[in]     len     bytes; at most AVAL_TILE_ENTRY_MAX_LEN.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           the entry's index is the size that the log had.
 * @retval AVAL_E_LIMIT      the entry is too long, or the log has 2^63 - 1 leaves.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 * @retval AVAL_E_CALLBACK   the sink failed; cause is its status.
 *
 * @par Ownership  entry is copied.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/tiles.md#tile-append.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_writer_append(
	aval_tile_writer *writer,
	const uint8_t    *entry, size_t len,
	aval_error       *err);

/**
 * Write the partial bundle and tiles that the present size has, and say its root.
 *
 * @param[out]    root32_out  32 bytes; written on success. The next checkpoint may say it.
 * @param[in,out] writer      the writer; on failure the call may be repeated.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK          the log of aval_tile_writer_size() leaves is stored whole.
 * @retval AVAL_E_CALLBACK  the sink failed; cause is its status.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/tiles.md#tile-append.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_writer_flush(
	uint8_t           root32_out[32],
	aval_tile_writer *writer,
	aval_error       *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_TILE_WRITER_H */
