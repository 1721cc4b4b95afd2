/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tiles: a path is accepted only if it is the one of its tile; a bundle is split without a byte lost; and a log
 * whose tiles are the input gives out nothing that is not under its root, and neither crashes a reader nor a
 * writer.
 */
#include <string.h>

#include <aval/merkle.h>
#include <aval/tile_client.h>
#include <aval/tile_writer.h>

#include "fuzz.h"

enum { SIZE = 3 };

typedef struct input {
	const uint8_t *data;
	size_t         size;
} input;

static void try_path(const uint8_t *data, size_t size)
{
	aval_tile tile;
	char      again[AVAL_TILE_PATH_ROOM];

	if (aval_tile_parse_path(&tile, (const char *)data, size, NULL) != AVAL_OK)
		return;
	FUZZ_REQUIRE(aval_tile_path(again, &tile, NULL) == AVAL_OK);
	FUZZ_REQUIRE(strlen(again) == size && memcmp(again, data, size) == 0);
}

static void try_bundle(const uint8_t *data, size_t size)
{
	aval_bytes  entry;
	size_t      offset = 0, sum = 0;
	aval_status status;

	while ((status = aval_tile_next_entry(&entry, &offset, data, size, NULL)) == AVAL_OK)
		sum += 2 + entry.len;
	FUZZ_REQUIRE(sum == offset && offset <= size);
	FUZZ_REQUIRE(status == (offset == size ? AVAL_E_NOT_FOUND : AVAL_E_TILE_FORMAT));
}

/* The first 96 bytes are the tile of three leaves, what follows is their bundle. */
static aval_status read_input(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile, void *user_data)
{
	const input *in = user_data;
	size_t       split = in->size < 32 * SIZE ? in->size : 32 * SIZE;
	size_t       len = tile->is_entries ? in->size - split : split;

	if (tile->level != 0 || tile->width != SIZE)
		return AVAL_E_NOT_FOUND;
	*len_out = len;
	if (len > cap)
		return AVAL_E_BUFFER_TOO_SMALL;
	if (len != 0)
		memcpy(out, in->data + (tile->is_entries ? split : 0), len);
	return AVAL_OK;
}

static aval_status drop(const aval_tile *tile, const uint8_t *data, size_t len, void *user_data)
{
	(void)tile;
	(void)data;
	(void)len;
	(void)user_data;
	return AVAL_OK;
}

/* The root of what the tile holds, so that readers get as far as the entries. */
static bool root_of(uint8_t root32[32], const uint8_t *data, size_t size)
{
	if (size < 32 * SIZE)
		return false;
	aval_merkle_node(root32, data, data + 32);
	aval_merkle_node(root32, root32, data + 64);
	return true;
}

static void try_log(const uint8_t *data, size_t size)
{
	input             in = { data, size };
	aval_tile_source  source = { sizeof source, read_input, &in };
	aval_tile_sink    sink = { sizeof sink, drop, NULL };
	uint8_t           root32[32], got32[32], leaf32[32];
	aval_tile_client *client;
	aval_tile_writer *w;
	aval_bytes        entry;

	if (!root_of(root32, data, size))
		return;
	FUZZ_REQUIRE(aval_tile_client_new(&client, SIZE, root32, &source, NULL, NULL) == AVAL_OK);
	for (uint64_t i = 0; i < SIZE; i++) {
		if (aval_tile_client_entry(&entry, client, i, NULL) != AVAL_OK)
			continue;
		aval_merkle_leaf(leaf32, entry.data, entry.len);
		FUZZ_REQUIRE(memcmp(leaf32, data + 32 * i, 32) == 0);
	}
	aval_tile_client_free(client);
	if (aval_tile_check_log(got32, SIZE, &source, NULL, NULL) == AVAL_OK)
		FUZZ_REQUIRE(memcmp(got32, root32, 32) == 0);
	if (aval_tile_writer_new(&w, SIZE, root32, &source, &sink, NULL, NULL) != AVAL_OK)
		return;
	FUZZ_REQUIRE(aval_tile_writer_flush(got32, w, NULL) == AVAL_OK && memcmp(got32, root32, 32) == 0);
	aval_tile_writer_free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_path(data, size);
	try_bundle(data, size);
	try_log(data, size);
	return 0;
}
