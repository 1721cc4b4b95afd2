/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TILE_H
#define AVAL_TILE_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Tiles: a log as static files, in the layout of C2SP tlog-tiles. Names, widths
 * and contents are computed here; where the bytes lie is the business of two
 * callbacks. Hashes that come out of tiles prove nothing by themselves: a proof
 * built from them counts when it verifies against the root of a checkpoint.
 */

#define AVAL_TILE_WIDTH 256      /**< hashes, or entries, of a full tile */
#define AVAL_TILE_MAX_LEN 8192   /**< bytes of a full hash tile */
#define AVAL_TILE_MAX_LEVEL 7    /**< a log below 2^63 leaves has no higher tile */
#define AVAL_TILE_PATH_ROOM 64   /**< bytes that hold every path and its NUL */
#define AVAL_TILE_ENTRY_MAX_LEN 65535 /**< bytes of one log entry */
#define AVAL_TILE_BUNDLE_MAX_LEN (256 * 65537) /**< bytes of a full bundle of the longest entries */

/** One tile, or one bundle of entries. */
typedef struct aval_tile {
	bool     is_entries; /**< a bundle of entries; level is then 0 */
	uint32_t level;      /**< 0..AVAL_TILE_MAX_LEVEL; hashes at level l are roots of 256^l leaves */
	uint64_t index;      /**< of the tile within its level */
	uint32_t width;      /**< hashes or entries: 1..256; below 256 the tile is partial */
} aval_tile;

/** Where tiles are read from. */
typedef struct aval_tile_source {
	uint32_t struct_size; /**< bytes; sizeof(aval_tile_source) */
	/**
	 * Copy the tile into out and its length into *len_out, at most cap bytes.
	 * AVAL_E_NOT_FOUND where there is none: of a partial tile the full one is then asked for.
	 * AVAL_E_BUFFER_TOO_SMALL where it is longer than cap, with its length in *len_out.
	 */
	aval_status (*read)(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile, void *user_data);
	void *user_data;
} aval_tile_source;

/** Where tiles are written to; see tile_writer.h for when. */
typedef struct aval_tile_sink {
	uint32_t struct_size; /**< bytes; sizeof(aval_tile_sink) */
	/**
	 * Store the bytes under the tile's path, whole or not at all, so that they survive a crash once this
	 * returned. What stands there already was left by an append that was cut off before its checkpoint, and
	 * is replaced.
	 */
	aval_status (*write)(const aval_tile *tile, const uint8_t *data, size_t len, void *user_data);
	void *user_data;
} aval_tile_sink;

/**
 * Write the path of a tile, relative to the log's prefix: "tile/0/x001/x234/067", "tile/entries/000.p/8".
 *
 * @param[out] path_out  NUL-terminated; AVAL_TILE_PATH_ROOM bytes of room.
 * @param[in]  tile      the tile.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  path_out holds the path.
 * @retval AVAL_E_INVALID_ARGUMENT  a level, index or width that no log below 2^63 leaves has.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP tlog-tiles, sections "Merkle Tree" and "Log entries".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_path(
	char             path_out[AVAL_TILE_PATH_ROOM],
	const aval_tile *tile,
	aval_error      *err);

/**
 * Parse the path of a tile; the one inverse of aval_tile_path().
 *
 * @param[out] tile_out  the tile; written on success.
 * @param[in]  path      path_len bytes, relative to the log's prefix.
 * @param[in]  path_len  bytes.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             path names a tile.
 * @retval AVAL_E_TILE_FORMAT  path is not one that aval_tile_path() writes.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP tlog-tiles.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_parse_path(
	aval_tile  *tile_out,
	const char *path, size_t path_len,
	aval_error *err);

/**
 * The tile in which a log of some size keeps a leaf's entry or a hash.
 *
 * @param[out] tile_out    the tile with the width that the log's size gives it; written on success.
 * @param[in]  is_entries  true for the bundle of entries; level is then 0.
 * @param[in]  level       of the tile.
 * @param[in]  index       of the tile within its level.
 * @param[in]  size        leaves of the log.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the tile is not empty.
 * @retval AVAL_E_NOT_FOUND         a log of that size has no such tile.
 * @retval AVAL_E_INVALID_ARGUMENT  level is too high or size is 2^63 or more.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP tlog-tiles, section "Partial Tiles".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_at(
	aval_tile  *tile_out,
	bool        is_entries,
	uint32_t    level,
	uint64_t    index,
	uint64_t    size,
	aval_error *err);

/**
 * Read the next entry of a bundle of entries.
 *
 * @param[out]    entry_out     borrowed bytes of one entry; written on success.
 * @param[in,out] offset_inout  bytes; 0 at first, then advanced past the entry.
 * @param[in]     bundle        bundle_len bytes.
 * @param[in]     bundle_len    bytes.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             entry_out holds an entry.
 * @retval AVAL_E_NOT_FOUND    the bundle ends here.
 * @retval AVAL_E_TILE_FORMAT  the bundle ends inside an entry.
 *
 * @par Ownership  entry_out borrows bundle.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP tlog-tiles, section "Log entries".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tile_next_entry(
	aval_bytes    *entry_out,
	size_t        *offset_inout,
	const uint8_t *bundle, size_t bundle_len,
	aval_error    *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_TILE_H */
