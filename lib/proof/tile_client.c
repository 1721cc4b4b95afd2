/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log out of its tiles. The tiles at the right edge, all partial, hash to the root; any other tile is full
 * and hashes to its place in a tile above. So each tile is known to belong to the root before a hash of it is
 * given out.
 */
#include <aval/merkle.h>

#include "hash/hash.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"
#include "proof/tile.h"

enum { LEVELS = AVAL_TILE_MAX_LEVEL + 1 };

/* The hashes of a tile and, level by level, the nodes above those that are complete. */
typedef struct tile_nodes {
	uint8_t nodes[(2 * AVAL_TILE_WIDTH - 1) * AVAL_HASH_LEN];
} tile_nodes;

typedef struct cached_tile {
	bool       is_there;
	uint64_t   index;
	tile_nodes t;
} cached_tile;

struct aval_tile_client {
	uint64_t              size;
	uint8_t               root32[32];
	aval_tile_source      source;
	const aval_allocator *allocator;
	aval_tile_bundle      bundle;
	uint64_t              bundle_index; /* where bundle.len is not 0 */
	aval_error            detail;       /* why a node could not be read */
	bool                  edge_is_read;
	/* Some 250 kB, of which few logs need more than a third. */
	tile_nodes  edge[LEVELS];
	cached_tile tiles[LEVELS];
};

/* As aval/tile_client.h says. */
_Static_assert(sizeof(aval_tile_client) <= 262144, "a reader of tiles has another size");

/* Where a node stands: those of one height side by side, behind those of the heights below. */
static size_t place_of(unsigned height, uint32_t index)
{
	const uint32_t twice = 2 * AVAL_TILE_WIDTH;

	return (size_t)(twice - (twice >> height) + index) * AVAL_HASH_LEN;
}

static void build_nodes(tile_nodes *t, uint32_t width)
{
	for (unsigned height = 1; width >> height > 0; height++)
		aval_hash_nodes(t->nodes + place_of(height, 0), t->nodes + place_of(height - 1, 0),
		                width >> height);
}

static aval_status mismatch(aval_error *err)
{
	return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "tile",
	                 "the tile is not one of the tree with this root");
}

static aval_status check_empty_root(uint64_t size, const uint8_t root32[32], aval_error *err)
{
	uint8_t empty32[32];

	aval_merkle_empty(empty32);
	if (size == 0 && memcmp(root32, empty32, sizeof empty32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "tile.client",
		                 "not the root of the empty tree");
	return AVAL_OK;
}

aval_status aval_tile_client_new(aval_tile_client **client_out, uint64_t size, const uint8_t root32[32],
                                 const aval_tile_source *source, const aval_allocator *allocator,
                                 aval_error *err)
{
	aval_tile_client *client;
	aval_status       status = aval_tile_source_check(source, err);

	if (status == AVAL_OK && size > AVAL_MERKLE_MAX_SIZE)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile.client", "a size of 2^63 or more");
	if (status == AVAL_OK)
		status = check_empty_root(size, root32, err);
	if (status != AVAL_OK)
		return status;
	client = aval_alloc(allocator, sizeof *client);
	if (client == NULL)
		return aval_fail_no_memory(err);
	client->size = size;
	memcpy(client->root32, root32, sizeof client->root32);
	client->source = *source;
	client->allocator = allocator;
	client->bundle = (aval_tile_bundle){ NULL, 0, 0 };
	client->edge_is_read = false;
	for (uint32_t level = 0; level < LEVELS; level++)
		client->tiles[level].is_there = false;
	*client_out = client;
	return AVAL_OK;
}

void aval_tile_client_free(aval_tile_client *client)
{
	if (client == NULL)
		return;
	aval_bundle_clear(&client->bundle, client->allocator);
	aval_free(client, client->allocator);
}

uint64_t aval_tile_client_size(const aval_tile_client *client)
{
	return client->size;
}

/* Hashes of the partial tile of a level: what is left over of the full tiles. */
static uint32_t edge_width(uint64_t size, uint32_t level)
{
	return (uint32_t)(size >> (8 * level) & (AVAL_TILE_WIDTH - 1));
}

static uint64_t edge_index(uint64_t size, uint32_t level)
{
	return size >> (8 * level) >> 8;
}

/* The complete subtrees of a partial tile, the widest first. */
static void lay_edge(aval_range *range, const tile_nodes *t, uint32_t width, uint32_t level)
{
	for (uint32_t begin = 0, left = width; left > 0; begin = width - left) {
		unsigned height = aval_bit_len(left) - 1;

		aval_range_lay(range, t->nodes + place_of(height, begin >> height), 8 * level + height);
		left -= UINT32_C(1) << height;
	}
}

/* The partial tiles, from the highest level down, make up the tree. */
static aval_status read_edge(aval_tile_client *client, aval_error *err)
{
	aval_range range;
	uint8_t    root32[32];

	aval_range_init(&range, 0);
	for (uint32_t level = LEVELS; level-- > 0;) {
		aval_tile   tile = { false, level, edge_index(client->size, level),
			             edge_width(client->size, level) };
		aval_status status = tile.width == 0 ? AVAL_OK
		                                     : aval_tile_read(client->edge[level].nodes,
		                                                      &client->source, &tile, err);

		if (status != AVAL_OK)
			return status;
		build_nodes(&client->edge[level], tile.width);
		lay_edge(&range, &client->edge[level], tile.width, level);
	}
	if (aval_range_root(root32, &range, err) != AVAL_OK ||
	    memcmp(root32, client->root32, sizeof root32) != 0)
		return mismatch(err);
	client->edge_is_read = true;
	return AVAL_OK;
}

/* The tile's nodes if they are at hand. */
static const tile_nodes *at_hand(const aval_tile_client *client, uint32_t level, uint64_t index)
{
	if (index == edge_index(client->size, level) && edge_width(client->size, level) != 0)
		return &client->edge[level];
	return client->tiles[level].is_there && client->tiles[level].index == index ? &client->tiles[level].t
	                                                                            : NULL;
}

/* Read a full tile and hold it against its hash in the tile above. */
static aval_status read_below(aval_tile_client *client, uint32_t level, uint64_t index, const tile_nodes *above,
                              aval_error *err)
{
	aval_tile    tile = { false, level, index, AVAL_TILE_WIDTH };
	cached_tile *cached = &client->tiles[level];
	aval_status  status;

	cached->is_there = false;
	status = aval_tile_read(cached->t.nodes, &client->source, &tile, err);
	if (status != AVAL_OK)
		return status;
	build_nodes(&cached->t, AVAL_TILE_WIDTH);
	if (memcmp(cached->t.nodes + place_of(8, 0), above->nodes + place_of(0, index % AVAL_TILE_WIDTH),
	           AVAL_HASH_LEN) != 0)
		return mismatch(err);
	cached->index = index;
	cached->is_there = true;
	return AVAL_OK;
}

/* Climb to a tile at hand, the edge at the latest, and read from there down. */
static aval_status find_tile(const tile_nodes **nodes_out, aval_tile_client *client, uint32_t level,
                             uint64_t index, aval_error *err)
{
	uint32_t          at = level;
	const tile_nodes *nodes;

	if (!client->edge_is_read) {
		aval_status status = read_edge(client, err);

		if (status != AVAL_OK)
			return status;
	}
	while ((nodes = at_hand(client, at, index >> (8 * (at - level)))) == NULL)
		at++;
	while (at > level) {
		aval_status status;

		at--;
		status = read_below(client, at, index >> (8 * (at - level)), nodes, err);
		if (status != AVAL_OK)
			return status;
		nodes = &client->tiles[at].t;
	}
	*nodes_out = nodes;
	return AVAL_OK;
}

aval_status aval_tile_client_node(uint8_t hash32_out[32], aval_tile_client *client, uint32_t level,
                                  uint64_t index, aval_error *err)
{
	unsigned          height = level % 8;
	const tile_nodes *nodes;
	uint64_t          first;
	aval_status       status;

	if (level > 62 || index >= client->size >> level)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "tile.node",
		                 "the subtree is not complete in a log of this size");
	first = index << height;
	status = find_tile(&nodes, client, level / 8, first / AVAL_TILE_WIDTH, err);
	if (status == AVAL_OK)
		memcpy(hash32_out,
		       nodes->nodes + place_of(height, (uint32_t)(first % AVAL_TILE_WIDTH) >> height), 32);
	return status;
}

static aval_status read_node(uint8_t hash32_out[32], uint32_t level, uint64_t index, void *user_data)
{
	aval_tile_client *client = user_data;

	return aval_tile_client_node(hash32_out, client, level, index, &client->detail);
}

void aval_tile_client_nodes(aval_node_source *nodes_out, aval_tile_client *client)
{
	*nodes_out = (aval_node_source){ sizeof *nodes_out, read_node, client };
}

/* What the provers call a failed callback has its own status and reason here. */
static aval_status explain(aval_status status, const aval_error *inner, const aval_tile_client *client,
                           aval_error *err)
{
	const aval_error *why = status == AVAL_E_CALLBACK ? &client->detail : inner;

	if (status == AVAL_OK)
		return AVAL_OK;
	return aval_fail_full(err, why->status, why->offset, why->where, why->reason, why->cause);
}

static aval_status check_size(const aval_tile_client *client, uint64_t size, aval_error *err)
{
	if (size > client->size)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "proof.size", "the log is smaller");
	return AVAL_OK;
}

aval_status aval_tile_client_root(uint8_t root32_out[32], aval_tile_client *client, uint64_t size,
                                  aval_error *err)
{
	aval_error       inner = AVAL_ERROR_INIT;
	aval_node_source nodes;
	aval_status      status = check_size(client, size, err);

	if (status != AVAL_OK)
		return status;
	aval_tile_client_nodes(&nodes, client);
	return explain(aval_merkle_root(root32_out, &nodes, size, &inner), &inner, client, err);
}

aval_status aval_tile_client_prove_inclusion(uint8_t *path_out, size_t *path_count_inout,
                                             aval_tile_client *client, uint64_t size, uint64_t index,
                                             aval_error *err)
{
	aval_error       inner = AVAL_ERROR_INIT;
	aval_node_source nodes;
	aval_status      status = check_size(client, size, err);

	if (status != AVAL_OK)
		return status;
	aval_tile_client_nodes(&nodes, client);
	return explain(aval_merkle_prove_inclusion(path_out, path_count_inout, &nodes, size, index, &inner),
	               &inner, client, err);
}

aval_status aval_tile_client_prove_consistency(uint8_t *path_out, size_t *path_count_inout,
                                               aval_tile_client *client, uint64_t old_size, uint64_t new_size,
                                               aval_error *err)
{
	aval_error       inner = AVAL_ERROR_INIT;
	aval_node_source nodes;
	aval_status      status = check_size(client, new_size, err);

	if (status != AVAL_OK)
		return status;
	aval_tile_client_nodes(&nodes, client);
	return explain(
		aval_merkle_prove_consistency(path_out, path_count_inout, &nodes, old_size, new_size, &inner),
		&inner, client, err);
}

static aval_status load_bundle(aval_tile_client *client, uint64_t index, aval_error *err)
{
	aval_tile   tile;
	aval_status status;

	if (client->bundle.len != 0 && client->bundle_index == index)
		return AVAL_OK;
	status = aval_tile_at(&tile, true, 0, index, client->size, err);
	if (status == AVAL_OK)
		status = aval_bundle_read(&client->bundle, &client->source, &tile, client->allocator, err);
	if (status != AVAL_OK) {
		client->bundle.len = 0;
		return status;
	}
	client->bundle_index = index;
	return AVAL_OK;
}

aval_status aval_tile_client_entry(aval_bytes *entry_out, aval_tile_client *client, uint64_t index,
                                   aval_error *err)
{
	aval_bytes  entry = { NULL, 0 };
	uint8_t     leaf32[32], hash32[32];
	size_t      offset = 0;
	aval_status status;

	if (index >= client->size)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "tile.entry", "the log is smaller");
	status = aval_tile_client_node(leaf32, client, 0, index, err);
	if (status == AVAL_OK)
		status = load_bundle(client, index / AVAL_TILE_WIDTH, err);
	for (uint64_t i = 0; status == AVAL_OK && i <= index % AVAL_TILE_WIDTH; i++)
		status = aval_tile_next_entry(&entry, &offset, client->bundle.data, client->bundle.len, err);
	if (status != AVAL_OK)
		return status;
	aval_merkle_leaf(hash32, entry.data, entry.len);
	if (memcmp(hash32, leaf32, sizeof hash32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "tile.entries[]",
		                 "the entry is not the leaf of the tree");
	*entry_out = entry;
	return AVAL_OK;
}
