/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tiles of a growing log. What fills up is written with the new entry in place but not yet counted, so that a
 * sink that fails leaves the writer as it was.
 */
#include <aval/merkle.h>

#include "hash/hash.h"
#include "merkle/merkle.h"
#include "proof/tile.h"

enum { LEVELS = AVAL_TILE_MAX_LEVEL + 1 };

typedef struct open_tile {
	uint32_t count;    /* hashes in use, below AVAL_TILE_WIDTH between calls */
	bool     is_dirty; /* not yet written with this width */
	uint8_t  hashes[AVAL_TILE_MAX_LEN];
} open_tile;

struct aval_tile_writer {
	uint64_t              size;
	aval_tile_sink        sink;
	const aval_allocator *allocator;
	aval_tile_bundle      bundle;
	open_tile             tiles[LEVELS];
};

static aval_status check_arguments(uint64_t size, const uint8_t *root32, const aval_tile_source *source,
                                   const aval_tile_sink *sink, aval_error *err)
{
	if (size > AVAL_MERKLE_MAX_SIZE)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile.writer", "a size of 2^63 or more");
	if (sink == NULL || sink->struct_size != sizeof *sink || sink->write == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile.sink", "the sink has no callback");
	if (size != 0 && root32 == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile.writer",
		                 "no root of the log to go on with");
	return size == 0 ? AVAL_OK : aval_tile_source_check(source, err);
}

static aval_status load_tiles(aval_tile_writer *w, aval_tile_client *client, aval_error *err)
{
	for (uint32_t level = 0; level < LEVELS; level++) {
		uint64_t hashes = w->size >> (8 * level);

		w->tiles[level].count = (uint32_t)(hashes % AVAL_TILE_WIDTH);
		for (uint32_t i = 0; i < w->tiles[level].count; i++) {
			aval_status status =
				aval_tile_client_node(w->tiles[level].hashes + i * AVAL_HASH_LEN, client,
			                              8 * level, hashes - w->tiles[level].count + i, err);

			if (status != AVAL_OK)
				return status;
		}
	}
	return AVAL_OK;
}

/* The entries of the last bundle, each of which must be the leaf that the tile has. */
static aval_status load_bundle(aval_tile_writer *w, const aval_tile_source *source, aval_error *err)
{
	aval_tile   tile = { true, 0, w->size / AVAL_TILE_WIDTH, w->tiles[0].count };
	size_t      offset = 0;
	aval_status status = aval_bundle_read(&w->bundle, source, &tile, w->allocator, err);

	for (uint32_t i = 0; status == AVAL_OK && i < tile.width; i++) {
		aval_bytes entry;
		uint8_t    leaf32[32];

		status = aval_tile_next_entry(&entry, &offset, w->bundle.data, w->bundle.len, err);
		if (status != AVAL_OK)
			return status;
		aval_merkle_leaf(leaf32, entry.data, entry.len);
		if (memcmp(leaf32, w->tiles[0].hashes + i * AVAL_HASH_LEN, sizeof leaf32) != 0)
			return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "tile.entries[]",
			                 "the entry is not the leaf of the tree");
	}
	return status;
}

static aval_status load(aval_tile_writer *w, const uint8_t root32[32], const aval_tile_source *source,
                        aval_error *err)
{
	aval_tile_client *client;
	aval_status       status = aval_tile_client_new(&client, w->size, root32, source, w->allocator, err);

	if (status != AVAL_OK)
		return status;
	status = load_tiles(w, client, err);
	aval_tile_client_free(client);
	if (status == AVAL_OK && w->tiles[0].count != 0)
		status = load_bundle(w, source, err);
	return status;
}

aval_status aval_tile_writer_new(aval_tile_writer **writer_out, uint64_t size, const uint8_t root32[32],
                                 const aval_tile_source *source, const aval_tile_sink *sink,
                                 const aval_allocator *allocator, aval_error *err)
{
	aval_tile_writer *w;
	aval_status       status = check_arguments(size, root32, source, sink, err);

	if (status != AVAL_OK)
		return status;
	w = aval_alloc_zero(allocator, sizeof *w);
	if (w == NULL)
		return aval_fail_no_memory(err);
	w->size = size;
	w->sink = *sink;
	w->allocator = allocator;
	status = size == 0 ? AVAL_OK : load(w, root32, source, err);
	if (status != AVAL_OK) {
		aval_tile_writer_free(w);
		return status;
	}
	*writer_out = w;
	return AVAL_OK;
}

void aval_tile_writer_free(aval_tile_writer *writer)
{
	if (writer == NULL)
		return;
	aval_bundle_clear(&writer->bundle, writer->allocator);
	aval_free(writer, writer->allocator);
}

uint64_t aval_tile_writer_size(const aval_tile_writer *writer)
{
	return writer->size;
}

static aval_status write_out(const aval_tile_writer *w, const aval_tile *tile, const uint8_t *data, size_t len,
                             aval_error *err)
{
	aval_status status = w->sink.write(tile, data, len, w->sink.user_data);

	if (status != AVAL_OK)
		return aval_fail_cause(err, AVAL_E_CALLBACK, "tile.sink", "the sink failed", status);
	return AVAL_OK;
}

/* Put the entry behind the bundle, which does not count it yet. */
static aval_status lay_entry(aval_tile_writer *w, const uint8_t *entry, size_t len, aval_error *err)
{
	aval_status status = aval_bundle_reserve(&w->bundle, w->bundle.len + 2 + len, w->allocator, err);

	if (status != AVAL_OK)
		return status;
	w->bundle.data[w->bundle.len] = (uint8_t)(len >> 8);
	w->bundle.data[w->bundle.len + 1] = (uint8_t)len;
	if (len != 0)
		memcpy(w->bundle.data + w->bundle.len + 2, entry, len);
	return AVAL_OK;
}

/*
 * Lay the hash behind each tile that it fills, writing them from the lowest up; *level_out is the one it does
 * not fill.
 */
static aval_status lay_hash(uint32_t *level_out, aval_tile_writer *w, const uint8_t leaf32[32], aval_error *err)
{
	uint8_t  hash32[32];
	uint32_t level = 0;

	memcpy(hash32, leaf32, sizeof hash32);
	for (;; level++) {
		open_tile  *t = &w->tiles[level];
		aval_tile   tile = { false, level, w->size >> (8 * level) >> 8, AVAL_TILE_WIDTH };
		aval_status status;

		memcpy(t->hashes + t->count * AVAL_HASH_LEN, hash32, sizeof hash32);
		if (t->count + 1 < AVAL_TILE_WIDTH)
			break;
		status = write_out(w, &tile, t->hashes, sizeof t->hashes, err);
		if (status != AVAL_OK)
			return status;
		aval_tile_subtree_root(hash32, t->hashes, 8);
	}
	*level_out = level;
	return AVAL_OK;
}

static void count_hash(aval_tile_writer *w, uint32_t level)
{
	for (uint32_t l = 0; l < level; l++) {
		w->tiles[l].count = 0;
		w->tiles[l].is_dirty = false;
	}
	w->tiles[level].count++;
	w->tiles[level].is_dirty = true;
	w->size++;
}

aval_status aval_tile_writer_append(aval_tile_writer *writer, const uint8_t *entry, size_t len, aval_error *err)
{
	aval_tile   bundle = { true, 0, writer->size / AVAL_TILE_WIDTH, AVAL_TILE_WIDTH };
	bool        fills = writer->tiles[0].count + 1 == AVAL_TILE_WIDTH;
	uint8_t     leaf32[32];
	uint32_t    level;
	aval_status status;

	if (len > AVAL_TILE_ENTRY_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "tile.entry", "longer than AVAL_TILE_ENTRY_MAX_LEN");
	if (writer->size == AVAL_MERKLE_MAX_SIZE)
		return aval_fail(err, AVAL_E_LIMIT, "tile.writer",
		                 "the log has as many leaves as a log can have");
	status = lay_entry(writer, entry, len, err);
	if (status == AVAL_OK && fills)
		status = write_out(writer, &bundle, writer->bundle.data, writer->bundle.len + 2 + len, err);
	if (status != AVAL_OK)
		return status;
	aval_merkle_leaf(leaf32, writer->bundle.data + writer->bundle.len + 2, len);
	status = lay_hash(&level, writer, leaf32, err);
	if (status != AVAL_OK)
		return status;
	writer->bundle.len = fills ? 0 : writer->bundle.len + 2 + len;
	count_hash(writer, level);
	return AVAL_OK;
}

static aval_status flush_bundle(const aval_tile_writer *w, aval_error *err)
{
	aval_tile tile = { true, 0, w->size / AVAL_TILE_WIDTH, w->tiles[0].count };

	return w->tiles[0].is_dirty ? write_out(w, &tile, w->bundle.data, w->bundle.len, err) : AVAL_OK;
}

static void compute_root(uint8_t root32_out[32], const aval_tile_writer *w)
{
	aval_range range;

	aval_range_init(&range, 0);
	for (uint32_t level = LEVELS; level-- > 0;)
		for (uint32_t i = 0; i < w->tiles[level].count; i++)
			aval_range_lay(&range, w->tiles[level].hashes + i * AVAL_HASH_LEN, 8 * level);
	if (aval_range_root(root32_out, &range, NULL) != AVAL_OK)
		aval_merkle_empty(root32_out); /* cannot be: the range begins at 0 */
}

aval_status aval_tile_writer_flush(uint8_t root32_out[32], aval_tile_writer *writer, aval_error *err)
{
	aval_status status = flush_bundle(writer, err);

	for (uint32_t level = 0; status == AVAL_OK && level < LEVELS; level++) {
		open_tile *t = &writer->tiles[level];
		aval_tile  tile = { false, level, writer->size >> (8 * level) >> 8, t->count };

		if (!t->is_dirty)
			continue;
		status = write_out(writer, &tile, t->hashes, t->count * AVAL_HASH_LEN, err);
		if (status == AVAL_OK)
			t->is_dirty = false;
	}
	if (status == AVAL_OK)
		compute_root(root32_out, writer);
	return status;
}
