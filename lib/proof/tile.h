/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_TILE_H
#define AVAL_LIB_TILE_H

/* Tiles: what client, writer and check share. */

#include <aval/tile.h>
#include <aval/tile_client.h>
#include <aval/tile_writer.h>

#include "base/base.h"

enum { BUNDLE_FIRST_ROOM = 16384 };

/* A bundle of entries in memory that grows. */
typedef struct aval_tile_bundle {
	uint8_t *data;
	size_t   len, room;
} aval_tile_bundle;

void        aval_bundle_clear(aval_tile_bundle *b, const aval_allocator *allocator);
aval_status aval_bundle_reserve(aval_tile_bundle *b, size_t need, const aval_allocator *allocator,
                                aval_error *err);

/*
 * Read a bundle; where a partial one is not there, the full one, cut off at the width. The entries are counted
 * and not verified: AVAL_E_NOT_FOUND, AVAL_E_TILE_FORMAT, AVAL_E_TILE_LENGTH, AVAL_E_NO_MEMORY, AVAL_E_CALLBACK.
 */
aval_status aval_bundle_read(aval_tile_bundle *b, const aval_tile_source *source, const aval_tile *tile,
                             const aval_allocator *allocator, aval_error *err);

/* Read a tile, or the full one in place of a partial one that is not there. Statuses as above. */
aval_status aval_tile_read(uint8_t out[AVAL_TILE_MAX_LEN], const aval_tile_source *source,
                           const aval_tile *tile, aval_error *err);

/* The root of 2^height hashes side by side; height is at most 8. */
void aval_tile_subtree_root(uint8_t hash32_out[32], const uint8_t *hashes, unsigned height);

/* AVAL_E_INVALID_ARGUMENT where a source cannot be used. */
aval_status aval_tile_source_check(const aval_tile_source *source, aval_error *err);

#endif /* AVAL_LIB_TILE_H */
