/* SPDX-License-Identifier: Apache-2.0 */
/* Tiles and bundles from a source: partial ones, or the full ones that took their place. */
#include "hash/hash.h"
#include "proof/tile.h"

aval_status aval_tile_source_check(const aval_tile_source *source, aval_error *err)
{
	if (source == NULL || source->struct_size != sizeof *source || source->read == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile.source", "the source has no callback");
	return AVAL_OK;
}

/* The status of a source is its own unless it says that there is no such tile, or no room. */
static aval_status source_status(aval_status status, aval_error *err)
{
	if (status == AVAL_E_NOT_FOUND)
		return aval_fail(err, AVAL_E_NOT_FOUND, "tile", "the source has no such tile");
	return aval_fail_cause(err, AVAL_E_CALLBACK, "tile", "the source failed", status);
}

aval_status aval_tile_read(uint8_t out[AVAL_TILE_MAX_LEN], const aval_tile_source *source,
                           const aval_tile *tile, aval_error *err)
{
	aval_tile   asked = *tile;
	size_t      len = 0;
	aval_status status = source->read(out, &len, AVAL_TILE_MAX_LEN, &asked, source->user_data);

	if (status == AVAL_E_NOT_FOUND && asked.width != AVAL_TILE_WIDTH) {
		/* The log has grown and may have dropped the partial tile. */
		asked.width = AVAL_TILE_WIDTH;
		status = source->read(out, &len, AVAL_TILE_MAX_LEN, &asked, source->user_data);
	}
	if (status != AVAL_OK && status != AVAL_E_BUFFER_TOO_SMALL)
		return source_status(status, err);
	if (status != AVAL_OK || len != (size_t)asked.width * AVAL_HASH_LEN)
		return aval_fail(err, AVAL_E_TILE_LENGTH, "tile", "the tile is not as long as its width asks");
	return AVAL_OK;
}

void aval_tile_subtree_root(uint8_t hash32_out[32], const uint8_t *hashes, unsigned height)
{
	uint8_t level[AVAL_TILE_MAX_LEN / 2];

	if (height == 0) {
		memmove(hash32_out, hashes, AVAL_HASH_LEN);
		return;
	}
	aval_hash_nodes(level, hashes, (size_t)1 << (height - 1));
	for (unsigned h = height - 1; h > 0; h--)
		aval_hash_nodes(level, level, (size_t)1 << (h - 1));
	memcpy(hash32_out, level, AVAL_HASH_LEN);
}

void aval_bundle_clear(aval_tile_bundle *b, const aval_allocator *allocator)
{
	aval_free(b->data, allocator);
	*b = (aval_tile_bundle){ NULL, 0, 0 };
}

/* Twice the room at least, so that entries are copied a bounded number of times. */
aval_status aval_bundle_reserve(aval_tile_bundle *b, size_t need, const aval_allocator *allocator,
                                aval_error *err)
{
	size_t   room = b->room < BUNDLE_FIRST_ROOM ? BUNDLE_FIRST_ROOM : b->room;
	uint8_t *wider;

	if (need <= b->room)
		return AVAL_OK;
	while (room < need)
		room *= 2;
	wider = aval_alloc(allocator, room);
	if (wider == NULL)
		return aval_fail_no_memory(err);
	if (b->len != 0)
		memcpy(wider, b->data, b->len);
	aval_free(b->data, allocator);
	b->data = wider;
	b->room = room;
	return AVAL_OK;
}

/* Reads into what room there is, and once more into what the source says that it needs. */
static aval_status read_bundle(aval_tile_bundle *b, const aval_tile_source *source, const aval_tile *tile,
                               const aval_allocator *allocator, aval_error *err)
{
	size_t      len = 0;
	aval_status status = aval_bundle_reserve(b, BUNDLE_FIRST_ROOM, allocator, err);

	if (status != AVAL_OK)
		return status;
	status = source->read(b->data, &len, b->room, tile, source->user_data);
	if (status == AVAL_E_BUFFER_TOO_SMALL) {
		if (len <= b->room || len > AVAL_TILE_BUNDLE_MAX_LEN)
			return aval_fail(err, AVAL_E_TILE_LENGTH, "tile.entries",
			                 "longer than a bundle can be");
		status = aval_bundle_reserve(b, len, allocator, err);
		if (status != AVAL_OK)
			return status;
		status = source->read(b->data, &len, b->room, tile, source->user_data);
	}
	if (status != AVAL_OK)
		return status == AVAL_E_NOT_FOUND ? status : source_status(status, err);
	if (len > b->room)
		return aval_fail(err, AVAL_E_TILE_LENGTH, "tile.entries",
		                 "the source says that it wrote past the buffer");
	b->len = len;
	return AVAL_OK;
}

/* There are exactly as many entries as were asked for; those behind the tile's width are cut off. */
static aval_status check_bundle(aval_tile_bundle *b, uint32_t asked, uint32_t width, aval_error *err)
{
	aval_bytes  entry;
	size_t      offset = 0, end = 0;
	uint32_t    count = 0;
	aval_status status;

	while ((status = aval_tile_next_entry(&entry, &offset, b->data, b->len, err)) == AVAL_OK)
		if (++count == width)
			end = offset;
	if (status != AVAL_E_NOT_FOUND)
		return status;
	if (count != asked)
		return aval_fail(err, AVAL_E_TILE_LENGTH, "tile.entries",
		                 "the bundle has not as many entries as its width asks");
	b->len = end;
	return AVAL_OK;
}

aval_status aval_bundle_read(aval_tile_bundle *b, const aval_tile_source *source, const aval_tile *tile,
                             const aval_allocator *allocator, aval_error *err)
{
	aval_tile   asked = *tile;
	aval_error  detail = AVAL_ERROR_INIT;
	aval_status status;

	b->len = 0;
	status = read_bundle(b, source, &asked, allocator, &detail);
	if (status == AVAL_E_NOT_FOUND && asked.width != AVAL_TILE_WIDTH) {
		asked.width = AVAL_TILE_WIDTH;
		status = read_bundle(b, source, &asked, allocator, &detail);
	}
	if (status == AVAL_E_NOT_FOUND)
		return source_status(status, err);
	if (status == AVAL_OK)
		status = check_bundle(b, asked.width, tile->width, &detail);
	if (status != AVAL_OK)
		return aval_fail_full(err, status, detail.offset, detail.where, detail.reason, detail.cause);
	return AVAL_OK;
}
