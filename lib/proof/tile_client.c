/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes out of tiles: the last tile of each level stays at hand, so a proof reads each of its tiles once. */
#include <aval/tile.h>

#include "base/base.h"
#include "hash/hash.h"

typedef struct cached_tile {
	bool     is_there;
	uint64_t index;
	uint8_t  hashes[AVAL_TILE_MAX_LEN];
} cached_tile;

struct aval_tile_client {
	uint64_t              size;
	aval_tile_source      source;
	const aval_allocator *allocator;
	cached_tile           tiles[AVAL_TILE_MAX_LEVEL + 1];
};

aval_status aval_tile_client_new(aval_tile_client **client_out, uint64_t size, const aval_tile_source *source,
                                 const aval_allocator *allocator, aval_error *err)
{
	aval_tile_client *client;

	if (size > INT64_MAX || source == NULL || source->struct_size != sizeof *source || source->read == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile.client", "a size of 2^63 or more, or no source");
	client = aval_alloc_zero(allocator, sizeof *client);
	if (client == NULL)
		return aval_fail_no_memory(err);
	client->size = size;
	client->source = *source;
	client->allocator = allocator;
	*client_out = client;
	return AVAL_OK;
}

void aval_tile_client_free(aval_tile_client *client)
{
	if (client != NULL)
		aval_free(client, client->allocator);
}

static aval_status read_tile(aval_tile_client *client, const aval_tile *tile, aval_error *err)
{
	cached_tile *cached = &client->tiles[tile->level];
	aval_tile    asked = *tile;
	size_t       len = 0;
	aval_status  status;

	cached->is_there = false;
	status = client->source.read(cached->hashes, &len, sizeof cached->hashes, &asked, client->source.user_data);
	if (status == AVAL_E_NOT_FOUND && asked.width != AVAL_TILE_WIDTH) {
		/* The log has grown and may have dropped the partial tile. */
		asked.width = AVAL_TILE_WIDTH;
		status = client->source.read(cached->hashes, &len, sizeof cached->hashes, &asked, client->source.user_data);
	}
	if (status == AVAL_E_NOT_FOUND)
		return aval_fail(err, AVAL_E_NOT_FOUND, "tile", "the source has no such tile");
	if (status != AVAL_OK)
		return aval_fail_cause(err, AVAL_E_CALLBACK, "tile", "the source failed", status);
	if (len != (size_t)asked.width * AVAL_HASH_LEN)
		return aval_fail(err, AVAL_E_TILE_LENGTH, "tile", "the tile is not as long as its width asks");
	cached->index = tile->index;
	cached->is_there = true;
	return AVAL_OK;
}

/* The root of 2^height hashes side by side. */
static void subtree_root(uint8_t hash32_out[32], const uint8_t *hashes, unsigned height)
{
	uint8_t level[AVAL_TILE_MAX_LEN / 2];

	if (height == 0) {
		memcpy(hash32_out, hashes, AVAL_HASH_LEN);
		return;
	}
	aval_hash_nodes(level, hashes, (size_t)1 << (height - 1));
	for (unsigned h = height - 1; h > 0; h--)
		aval_hash_nodes(level, level, (size_t)1 << (h - 1));
	memcpy(hash32_out, level, AVAL_HASH_LEN);
}

aval_status aval_tile_client_node(uint8_t hash32_out[32], aval_tile_client *client, uint32_t level,
                                  uint64_t index, aval_error *err)
{
	unsigned    height = level % 8;
	cached_tile *cached;
	aval_tile   tile;
	uint64_t    first;
	aval_status status;

	if (level > 62 || index >= client->size >> level)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "tile.node", "the subtree is not complete in a log of this size");
	first = index << height;
	status = aval_tile_at(&tile, false, level / 8, first / AVAL_TILE_WIDTH, client->size, err);
	if (status != AVAL_OK)
		return status;
	cached = &client->tiles[tile.level];
	if (!cached->is_there || cached->index != tile.index)
		status = read_tile(client, &tile, err);
	if (status != AVAL_OK)
		return status;
	subtree_root(hash32_out, cached->hashes + first % AVAL_TILE_WIDTH * AVAL_HASH_LEN, height);
	return AVAL_OK;
}
