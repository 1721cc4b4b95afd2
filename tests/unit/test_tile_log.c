/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs in tiles: what the writer stores, what the client gives out of it, and what the check finds. The oracle
 * is a log in memory over the same entries.
 */
#include <stdio.h>

#include <aval/log.h>
#include <aval/merkle.h>
#include <aval/tile_client.h>
#include <aval/tile_writer.h>

#include "failing_allocator.h"
#include "tile_store.h"

enum { BIG = 66000 };

/* The entry at an index: of any length, some empty. */
static size_t entry_of(uint8_t out[64], uint64_t index, unsigned history)
{
	size_t len = (size_t)(index * 7 % 41);

	memset(out, (int)history, 64);
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)(index >> (8 * i));
	return len == 3 ? 0 : len;
}

static aval_log *oracle(uint64_t size)
{
	aval_log *log;
	uint8_t   entry[64];

	ck_assert_int_eq(aval_log_new(&log, NULL, NULL), AVAL_OK);
	for (uint64_t i = 0; i < size; i++)
		ck_assert_int_eq(aval_log_append(log, entry, entry_of(entry, i, 0), NULL), AVAL_OK);
	return log;
}

static void oracle_root(uint8_t root32_out[32], const aval_log *log, uint64_t size)
{
	ck_assert_int_eq(aval_log_root(root32_out, log, size, NULL), AVAL_OK);
}

static void append_until(aval_tile_writer *w, uint64_t size, unsigned history)
{
	uint8_t entry[64];

	while (aval_tile_writer_size(w) < size) {
		size_t len = entry_of(entry, aval_tile_writer_size(w), history);

		ck_assert_int_eq(aval_tile_writer_append(w, entry, len, NULL), AVAL_OK);
	}
}

/* A log of some size in a store, made by one writer that flushes once. */
static void fill(tile_store *store, uint8_t root32_out[32], uint64_t size)
{
	aval_tile_sink    sink = tile_store_sink(store);
	aval_tile_writer *w;

	ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, &sink, NULL, NULL), AVAL_OK);
	append_until(w, size, 0);
	ck_assert_int_eq(aval_tile_writer_flush(root32_out, w, NULL), AVAL_OK);
	aval_tile_writer_free(w);
}

static aval_tile_client *new_client(tile_store *store, uint64_t size, const uint8_t root32[32])
{
	aval_tile_source  source = tile_store_source(store);
	aval_tile_client *client;

	ck_assert_int_eq(aval_tile_client_new(&client, size, root32, &source, NULL, NULL), AVAL_OK);
	return client;
}

static const uint64_t sizes[] = { 0, 1, 2, 255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537, BIG };

START_TEST(the_writer_makes_the_tree)
{
	tile_store       store = { 0 };
	aval_log        *log = oracle(sizes[_i]);
	aval_tile_source source = tile_store_source(&store);
	uint8_t          root[32], want[32], checked[32];

	fill(&store, root, sizes[_i]);
	oracle_root(want, log, sizes[_i]);
	ck_assert_mem_eq(root, want, 32);
	ck_assert(!store.unordered);
	ck_assert_int_eq(aval_tile_check_log(checked, sizes[_i], &source, NULL, NULL), AVAL_OK);
	ck_assert_mem_eq(checked, want, 32);
	tile_store_clear(&store);
	aval_log_free(log);
}
END_TEST

/* Many checkpoints, by one writer and by a new writer each time. */
START_TEST(no_tile_is_written_twice)
{
	tile_store        store = { 0 };
	aval_tile_source  source = tile_store_source(&store);
	aval_tile_sink    sink = tile_store_sink(&store);
	aval_log         *log = oracle(2000);
	aval_tile_writer *w = NULL;
	uint8_t           root[32], want[32];

	ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, &sink, NULL, NULL), AVAL_OK);
	for (uint64_t size = 0; size < 2000; size += 1 + size * 37 % 23) {
		append_until(w, size, 0);
		ck_assert_int_eq(aval_tile_writer_flush(root, w, NULL), AVAL_OK);
		oracle_root(want, log, size);
		ck_assert_mem_eq(root, want, 32);
		ck_assert_int_eq(aval_tile_check_log(want, size, &source, NULL, NULL), AVAL_OK);
		ck_assert_mem_eq(root, want, 32);
		if (_i == 0)
			continue;
		aval_tile_writer_free(w);
		ck_assert_int_eq(aval_tile_writer_new(&w, size, root, &source, &sink, NULL, NULL), AVAL_OK);
		ck_assert_uint_eq(aval_tile_writer_size(w), size);
	}
	/* To flush again stores nothing. */
	store.writes = 0;
	ck_assert_int_eq(aval_tile_writer_flush(root, w, NULL), AVAL_OK);
	ck_assert_uint_eq(store.writes, 0);
	for (size_t i = 0; i < store.count; i++)
		ck_assert_msg(store.objects[i].writes == 1, "%s is written %u times", store.objects[i].path,
		              store.objects[i].writes);
	ck_assert(!store.unordered);
	aval_tile_writer_free(w);
	tile_store_clear(&store);
	aval_log_free(log);
}
END_TEST

START_TEST(proofs_from_tiles)
{
	uint64_t          size = sizes[_i] == 0 ? 3 : sizes[_i];
	tile_store        store = { 0 };
	aval_log         *log = oracle(size);
	uint8_t           root[32], path[64 * 32], want[64 * 32], old_root[32];
	aval_tile_client *client;

	fill(&store, root, size);
	/* As a log of other entries behind, which has dropped the partial tiles. */
	client = new_client(&store, size, root);
	for (uint64_t index = 0; index < size; index += 1 + size / 97) {
		size_t     count = 64, want_count = 64, len;
		uint8_t    leaf[32], entry[64];
		aval_bytes got;

		ck_assert_int_eq(aval_tile_client_prove_inclusion(path, &count, client, size, index, NULL),
		                 AVAL_OK);
		ck_assert_int_eq(aval_log_prove_inclusion(want, &want_count, log, size, index, NULL), AVAL_OK);
		ck_assert_uint_eq(count, want_count);
		ck_assert_mem_eq(path, want, 32 * count);
		ck_assert_int_eq(aval_tile_client_entry(&got, client, index, NULL), AVAL_OK);
		len = entry_of(entry, index, 0);
		ck_assert_uint_eq(got.len, len);
		if (len != 0)
			ck_assert_mem_eq(got.data, entry, len);
		aval_merkle_leaf(leaf, got.data, got.len);
		ck_assert_int_eq(aval_merkle_verify_inclusion(root, size, index, leaf, path, count, NULL),
		                 AVAL_OK);
	}
	for (uint64_t old = 1; old <= size; old += 1 + size / 89) {
		size_t count = 64;

		ck_assert_int_eq(aval_tile_client_prove_consistency(path, &count, client, old, size, NULL),
		                 AVAL_OK);
		ck_assert_int_eq(aval_tile_client_root(old_root, client, old, NULL), AVAL_OK);
		oracle_root(want, log, old);
		ck_assert_mem_eq(old_root, want, 32);
		ck_assert_int_eq(aval_merkle_verify_consistency(old_root, old, root, size, path, count, NULL),
		                 AVAL_OK);
	}
	aval_tile_client_free(client);
	tile_store_clear(&store);
	aval_log_free(log);
}
END_TEST

/*
 * The tiles of 600 leaves serve an old checkpoint of 300: the partial ones are gone, the full ones took their
 * place.
 */
START_TEST(an_old_checkpoint_reads_a_grown_log)
{
	tile_store        store = { 0 };
	aval_log         *log = oracle(600);
	aval_tile_source  source = tile_store_source(&store);
	uint8_t           root[32], root300[32], hash[32], want[32];
	aval_tile_client *client;
	aval_bytes        entry;

	fill(&store, root, 600);
	oracle_root(root300, log, 300);
	client = new_client(&store, 300, root300);
	/* Level 1 has one hash at 300 and is partial still; it must be there. */
	tile_store_put(&store, "tile/1/000.p/1", tile_store_at(&store, "tile/1/000.p/2")->data, 32);
	for (uint64_t index = 0; index < 300; index++) {
		ck_assert_int_eq(aval_tile_client_node(hash, client, 0, index, NULL), AVAL_OK);
		ck_assert_int_eq(aval_log_node(want, log, 0, index, NULL), AVAL_OK);
		ck_assert_mem_eq(hash, want, 32);
		ck_assert_int_eq(aval_tile_client_entry(&entry, client, index, NULL), AVAL_OK);
	}
	ck_assert_int_eq(aval_tile_client_node(hash, client, 0, 300, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_tile_client_entry(&entry, client, 300, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_tile_check_log(want, 300, &source, NULL, NULL), AVAL_OK);
	ck_assert_mem_eq(want, root300, 32);
	aval_tile_client_free(client);
	tile_store_clear(&store);
	aval_log_free(log);
}
END_TEST

START_TEST(the_client_reads_each_tile_once)
{
	tile_store        store = { 0 };
	uint8_t           root[32], hash[32];
	aval_tile_client *client;

	fill(&store, root, 256);
	client = new_client(&store, 256, root);
	for (uint32_t level = 0; level < 8; level++)
		ck_assert_int_eq(aval_tile_client_node(hash, client, level, 1, NULL), AVAL_OK);
	/* The edge, one hash at level 1, and the tile of leaves. */
	ck_assert_uint_eq(store.reads, 2);
	aval_tile_client_free(client);
	tile_store_clear(&store);
}
END_TEST

/* Each byte of each tile, and the root itself. */
START_TEST(no_other_tile_passes)
{
	enum { SIZE = 66000 };

	tile_store store = { 0 };
	uint8_t    root[32], hash[32];

	fill(&store, root, SIZE);
	for (size_t i = 0; i < store.count; i++) {
		aval_tile         tile;
		tile_object      *o = &store.objects[i];
		aval_tile_client *client;
		aval_bytes        entry;
		uint64_t          index;

		ck_assert_int_eq(aval_tile_parse_path(&tile, o->path, strlen(o->path), NULL), AVAL_OK);
		/* All levels above the leaves, and some of the leaves and entries. */
		if (tile.level == 0 && i % 16 != 0 && tile.width == 256)
			continue;
		index = tile.index * 256 << (8 * tile.level);
		for (size_t at = 0; at < o->len; at += 1 + o->len / 40) {
			aval_status got;

			o->data[at] ^= 0x40;
			client = new_client(&store, SIZE, root);
			got = aval_tile_client_entry(&entry, client,
			                             tile.is_entries ? index + tile.width - 1 : index, NULL);
			/* Another entry of the bundle may be the one that changed: then the whole log tells. */
			if (tile.is_entries)
				ck_assert(got == AVAL_OK || got == AVAL_E_PROOF_ROOT_MISMATCH ||
				          got == AVAL_E_TILE_FORMAT || got == AVAL_E_TILE_LENGTH);
			else
				ck_assert_msg(got == AVAL_E_PROOF_ROOT_MISMATCH, "%s, byte %zu: %s", o->path,
				              at, aval_status_name(got));
			o->data[at] ^= 0x40;
			aval_tile_client_free(client);
		}
	}
	root[0] ^= 1;
	{
		aval_tile_client *client = new_client(&store, SIZE, root);

		ck_assert_int_eq(aval_tile_client_node(hash, client, 0, 0, NULL), AVAL_E_PROOF_ROOT_MISMATCH);
		aval_tile_client_free(client);
	}
	tile_store_clear(&store);
}
END_TEST

/* What may lie in place of a tile of a log of 300 leaves. */
static const struct {
	const char *name, *path;
	int         change; /* bytes more or fewer; -1000: it is gone; 1000: one bit */
	aval_status node, entry, check, writer;
} damages[] = {
	{ "nothing", "tile/0/000", 0, AVAL_OK, AVAL_OK, AVAL_OK, AVAL_OK },
	{ "full tile, a byte short", "tile/0/000", -1, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH,
	  AVAL_E_TILE_LENGTH, AVAL_OK },
	{ "full tile, a hash short", "tile/0/000", -32, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH,
	  AVAL_E_TILE_LENGTH, AVAL_OK },
	{ "full tile, a byte long", "tile/0/000", 1, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH,
	  AVAL_OK },
	{ "full tile, a bit changed", "tile/0/000", 1000, AVAL_E_PROOF_ROOT_MISMATCH,
	  AVAL_E_PROOF_ROOT_MISMATCH, AVAL_E_PROOF_ROOT_MISMATCH, AVAL_OK },
	{ "full tile gone", "tile/0/000", -1000, AVAL_E_NOT_FOUND, AVAL_E_NOT_FOUND, AVAL_E_NOT_FOUND,
	  AVAL_OK },
	{ "partial tile, a byte short", "tile/0/001.p/44", -1, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH,
	  AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH },
	{ "partial tile, a hash long", "tile/0/001.p/44", 32, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH,
	  AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH },
	{ "partial tile, a bit changed", "tile/0/001.p/44", 1000, AVAL_E_PROOF_ROOT_MISMATCH,
	  AVAL_E_PROOF_ROOT_MISMATCH, AVAL_E_PROOF_ROOT_MISMATCH, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "partial tile gone", "tile/0/001.p/44", -1000, AVAL_E_NOT_FOUND, AVAL_E_NOT_FOUND, AVAL_E_NOT_FOUND,
	  AVAL_E_NOT_FOUND },
	{ "upper tile, a bit changed", "tile/1/000.p/1", 1000, AVAL_E_PROOF_ROOT_MISMATCH,
	  AVAL_E_PROOF_ROOT_MISMATCH, AVAL_E_PROOF_ROOT_MISMATCH, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "upper tile, empty", "tile/1/000.p/1", -32, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH,
	  AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH },
	{ "full bundle, a byte short", "tile/entries/000", -1, AVAL_OK, AVAL_E_TILE_FORMAT, AVAL_E_TILE_FORMAT,
	  AVAL_OK },
	{ "full bundle, a byte long", "tile/entries/000", 1, AVAL_OK, AVAL_E_TILE_FORMAT, AVAL_E_TILE_FORMAT,
	  AVAL_OK },
	{ "full bundle, an entry long", "tile/entries/000", 2, AVAL_OK, AVAL_E_TILE_LENGTH, AVAL_E_TILE_LENGTH,
	  AVAL_OK },
	{ "full bundle, a bit changed", "tile/entries/000", 1000, AVAL_OK, AVAL_E_PROOF_ROOT_MISMATCH,
	  AVAL_E_PROOF_ROOT_MISMATCH, AVAL_OK },
	{ "full bundle gone", "tile/entries/000", -1000, AVAL_OK, AVAL_E_NOT_FOUND, AVAL_E_NOT_FOUND, AVAL_OK },
	{ "partial bundle, an entry long", "tile/entries/001.p/44", 2, AVAL_OK, AVAL_OK, AVAL_E_TILE_LENGTH,
	  AVAL_E_TILE_LENGTH },
	{ "partial bundle, a byte short", "tile/entries/001.p/44", -1, AVAL_OK, AVAL_OK, AVAL_E_TILE_FORMAT,
	  AVAL_E_TILE_FORMAT },
	{ "partial bundle, a bit changed", "tile/entries/001.p/44", 1000, AVAL_OK, AVAL_OK,
	  AVAL_E_PROOF_ROOT_MISMATCH, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "partial bundle gone", "tile/entries/001.p/44", -1000, AVAL_OK, AVAL_OK, AVAL_E_NOT_FOUND,
	  AVAL_E_NOT_FOUND },
};

static void damage(tile_store *store, int row)
{
	tile_object *o = tile_store_at(store, damages[row].path);
	uint8_t     *wider = calloc(1, o->len + 64);

	memcpy(wider, o->data, o->len);
	free(o->data);
	o->data = wider;
	if (damages[row].change == -1000)
		o->path[0] = '-';
	else if (damages[row].change == 1000)
		o->data[o->len - 1] ^= 1;
	else
		o->len = (size_t)((long)o->len + damages[row].change);
}

START_TEST(damage_is_named)
{
	tile_store        store = { 0 };
	aval_tile_source  source = tile_store_source(&store);
	aval_tile_sink    sink = tile_store_sink(&store);
	uint8_t           root[32], out[32];
	aval_tile_client *client;
	aval_tile_writer *w = NULL;
	aval_bytes        entry;
	aval_error        err = AVAL_ERROR_INIT;
	aval_status       got;

	fill(&store, root, 300);
	damage(&store, _i);
	client = new_client(&store, 300, root);
	got = aval_tile_client_node(out, client, 0, 255, &err);
	ck_assert_msg(got == damages[_i].node && err.status == got, "%s: node: %s", damages[_i].name,
	              aval_status_name(got));
	got = aval_tile_client_entry(&entry, client, 255, NULL);
	ck_assert_msg(got == damages[_i].entry, "%s: entry: %s", damages[_i].name, aval_status_name(got));
	got = aval_tile_check_log(out, 300, &source, NULL, NULL);
	ck_assert_msg(got == damages[_i].check, "%s: check: %s", damages[_i].name, aval_status_name(got));
	got = aval_tile_writer_new(&w, 300, root, &source, &sink, NULL, NULL);
	ck_assert_msg(got == damages[_i].writer, "%s: writer: %s", damages[_i].name, aval_status_name(got));
	ck_assert((w == NULL) == (got != AVAL_OK));
	aval_tile_writer_free(w);
	aval_tile_client_free(client);
	tile_store_clear(&store);
}
END_TEST

START_TEST(a_source_that_fails)
{
	tile_store        store = { 0 };
	aval_tile_source  source = tile_store_source(&store);
	aval_tile_sink    sink = tile_store_sink(&store);
	uint8_t           root[32], out[64 * 32];
	size_t            count = 64;
	aval_tile_client *client;
	aval_tile_writer *w;
	aval_error        err = AVAL_ERROR_INIT;

	fill(&store, root, 300);
	store.read_status = AVAL_E_IO;
	client = new_client(&store, 300, root);
	ck_assert_int_eq(aval_tile_client_prove_inclusion(out, &count, client, 300, 0, &err), AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_IO);
	ck_assert_int_eq(aval_tile_check_log(out, 300, &source, NULL, &err), AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_IO);
	ck_assert_int_eq(aval_tile_writer_new(&w, 300, root, &source, &sink, NULL, &err), AVAL_E_CALLBACK);
	store.read_status = AVAL_OK;
	ck_assert_int_eq(aval_tile_client_prove_inclusion(out, &count, client, 300, 0, NULL), AVAL_OK);
	aval_tile_client_free(client);
	tile_store_clear(&store);
}
END_TEST

START_TEST(sizes_out_of_range)
{
	tile_store        store = { 0 };
	uint8_t           root[32], out[64 * 32];
	size_t            count = 64;
	aval_tile_client *client;

	fill(&store, root, 300);
	client = new_client(&store, 300, root);
	ck_assert_int_eq(aval_tile_client_prove_inclusion(out, &count, client, 300, 300, NULL),
	                 AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_tile_client_prove_inclusion(out, &count, client, 301, 300, NULL),
	                 AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_tile_client_prove_inclusion(out, &count, client, 0, 0, NULL), AVAL_E_PROOF_SHAPE);
	ck_assert_int_eq(aval_tile_client_prove_consistency(out, &count, client, 1, 301, NULL),
	                 AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_tile_client_prove_consistency(out, &count, client, 300, 299, NULL),
	                 AVAL_E_PROOF_SHRUNK);
	ck_assert_int_eq(aval_tile_client_prove_consistency(out, &count, client, 0, 300, NULL),
	                 AVAL_E_PROOF_SHAPE);
	ck_assert_int_eq(aval_tile_client_root(out, client, 301, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_tile_client_node(out, client, 63, 0, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_tile_client_node(out, client, 4000000000u, 0, NULL), AVAL_E_PROOF_INDEX);
	count = 0;
	ck_assert_int_eq(aval_tile_client_prove_inclusion(out, &count, client, 300, 0, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(count, 9);
	aval_tile_client_free(client);
	tile_store_clear(&store);
}
END_TEST

START_TEST(what_cannot_be_made)
{
	tile_store        store = { 0 };
	aval_tile_source  source = tile_store_source(&store);
	aval_tile_sink    sink = tile_store_sink(&store);
	uint8_t           root[32] = { 1 };
	aval_tile_client *client = NULL;
	aval_tile_writer *w = NULL;

	ck_assert_int_eq(aval_tile_client_new(&client, UINT64_C(1) << 63, root, &source, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_tile_client_new(&client, 0, root, &source, NULL, NULL),
	                 AVAL_E_PROOF_ROOT_MISMATCH);
	ck_assert_int_eq(aval_tile_client_new(&client, 1, root, NULL, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_tile_writer_new(&w, UINT64_C(1) << 63, root, &source, &sink, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_tile_writer_new(&w, 1, NULL, &source, &sink, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_tile_writer_new(&w, 1, root, NULL, &sink, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, NULL, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_tile_check_log(root, UINT64_C(1) << 63, &source, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	source.struct_size--;
	ck_assert_int_eq(aval_tile_client_new(&client, 1, root, &source, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_tile_check_log(root, 1, &source, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	sink.write = NULL;
	ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, &sink, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert(client == NULL && w == NULL);
	aval_tile_client_free(NULL);
	aval_tile_writer_free(NULL);
}
END_TEST

START_TEST(entries_up_to_the_longest)
{
	static uint8_t    entry[AVAL_TILE_ENTRY_MAX_LEN + 1];
	tile_store        store = { 0 };
	aval_tile_source  source = tile_store_source(&store);
	aval_tile_sink    sink = tile_store_sink(&store);
	uint8_t           root[32];
	aval_tile_client *client;
	aval_tile_writer *w;
	aval_bytes        got;

	ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, &sink, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_tile_writer_append(w, entry, sizeof entry, NULL), AVAL_E_LIMIT);
	ck_assert_uint_eq(aval_tile_writer_size(w), 0);
	for (unsigned i = 0; i < 256; i++) {
		memset(entry, (int)i, sizeof entry);
		ck_assert_int_eq(aval_tile_writer_append(w, entry, AVAL_TILE_ENTRY_MAX_LEN, NULL), AVAL_OK);
	}
	ck_assert_int_eq(aval_tile_writer_flush(root, w, NULL), AVAL_OK);
	aval_tile_writer_free(w);
	ck_assert_uint_eq(tile_store_at(&store, "tile/entries/000")->len, AVAL_TILE_BUNDLE_MAX_LEN);
	client = new_client(&store, 256, root);
	ck_assert_int_eq(aval_tile_client_entry(&got, client, 255, NULL), AVAL_OK);
	ck_assert_uint_eq(got.len, AVAL_TILE_ENTRY_MAX_LEN);
	ck_assert_mem_eq(got.data, entry, got.len);
	ck_assert_int_eq(aval_tile_check_log(root, 256, &source, NULL, NULL), AVAL_OK);
	aval_tile_client_free(client);
	tile_store_clear(&store);
}
END_TEST

/* The checkpoint of `size` leaves is whole in the store. */
static void check_whole(tile_store *store, uint64_t size, const uint8_t root32[32])
{
	aval_tile_source  source = tile_store_source(store);
	aval_tile_client *client = new_client(store, size, root32);
	uint8_t           got[32];
	aval_bytes        entry;

	ck_assert_int_eq(aval_tile_check_log(got, size, &source, NULL, NULL), AVAL_OK);
	ck_assert_mem_eq(got, root32, 32);
	for (uint64_t index = 0; index < size; index += 1 + size / 11)
		ck_assert_int_eq(aval_tile_client_entry(&entry, client, index, NULL), AVAL_OK);
	aval_tile_client_free(client);
}

/*
 * A log of 200 leaves is published; on the way to 700 the store fails at the n-th write and the program ends
 * there. The old checkpoint is whole still. A new writer goes on from it with other entries, and gets as far.
 */
START_TEST(a_crash_at_any_write)
{
	tile_store base = { 0 };
	uint8_t    root200[32];

	fill(&base, root200, 200);
	for (unsigned n = 1;; n++) {
		tile_store        store;
		aval_tile_source  source = tile_store_source(&store);
		aval_tile_sink    sink = tile_store_sink(&store);
		aval_tile_writer *w;
		uint8_t           root[32], entry[64];
		aval_status       status = AVAL_OK;

		tile_store_copy(&store, &base);
		store.fail_at = n;
		ck_assert_int_eq(aval_tile_writer_new(&w, 200, root200, &source, &sink, NULL, NULL), AVAL_OK);
		while (status == AVAL_OK && aval_tile_writer_size(w) < 700) {
			size_t len = entry_of(entry, aval_tile_writer_size(w), 1);

			status = aval_tile_writer_append(w, entry, len, NULL);
		}
		if (status == AVAL_OK)
			status = aval_tile_writer_flush(root, w, NULL);
		aval_tile_writer_free(w);
		check_whole(&store, 200, root200);
		if (status == AVAL_OK) {
			check_whole(&store, 700, root);
			tile_store_clear(&store);
			ck_assert_uint_gt(n, 5);
			break;
		}
		ck_assert_int_eq(status, AVAL_E_CALLBACK);
		store.fail_at = 0;
		ck_assert_int_eq(aval_tile_writer_new(&w, 200, root200, &source, &sink, NULL, NULL), AVAL_OK);
		append_until(w, 650, 2);
		ck_assert_int_eq(aval_tile_writer_flush(root, w, NULL), AVAL_OK);
		aval_tile_writer_free(w);
		check_whole(&store, 650, root);
		check_whole(&store, 200, root200);
		tile_store_clear(&store);
	}
	tile_store_clear(&base);
}
END_TEST

/* A store that fails once: the same call again goes on as if nothing had been. */
START_TEST(a_write_that_is_repeated)
{
	aval_log *log = oracle(600);
	uint8_t   want[32];

	oracle_root(want, log, 600);
	for (unsigned n = 1; n < 12; n++) {
		tile_store        store = { .fail_at = n };
		aval_tile_sink    sink = tile_store_sink(&store);
		aval_tile_writer *w;
		uint8_t           root[32], entry[64];

		ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, &sink, NULL, NULL), AVAL_OK);
		while (aval_tile_writer_size(w) < 600) {
			uint64_t    size = aval_tile_writer_size(w);
			aval_status got = aval_tile_writer_append(w, entry, entry_of(entry, size, 0), NULL);

			ck_assert(got == AVAL_OK ||
			          (got == AVAL_E_CALLBACK && aval_tile_writer_size(w) == size));
		}
		while (aval_tile_writer_flush(root, w, NULL) != AVAL_OK)
			ck_assert_uint_eq(store.writes, n);
		ck_assert_mem_eq(root, want, 32);
		check_whole(&store, 600, root);
		aval_tile_writer_free(w);
		tile_store_clear(&store);
	}
	aval_log_free(log);
}
END_TEST

static aval_status extend(const aval_allocator *allocator, void *user_data)
{
	tile_store        store;
	aval_tile_source  source = tile_store_source(&store);
	aval_tile_sink    sink = tile_store_sink(&store);
	aval_tile_writer *w;
	uint8_t           root[32], long_entry[1000] = { 0 };
	aval_status       status;

	tile_store_copy(&store, user_data);
	aval_merkle_empty(root);
	ck_assert_int_eq(aval_tile_check_log(root, 100, &source, NULL, NULL), AVAL_OK);
	status = aval_tile_writer_new(&w, 100, root, &source, &sink, allocator, NULL);
	if (status == AVAL_OK) {
		for (int i = 0; status == AVAL_OK && i < 100; i++)
			status = aval_tile_writer_append(w, long_entry, sizeof long_entry, NULL);
		if (status == AVAL_OK)
			status = aval_tile_writer_flush(root, w, NULL);
		aval_tile_writer_free(w);
	}
	tile_store_clear(&store);
	return status;
}

static aval_status read_back(const aval_allocator *allocator, void *user_data)
{
	tile_store       *store = user_data;
	aval_tile_source  source = tile_store_source(store);
	aval_tile_client *client;
	aval_bytes        entry;
	uint8_t           root[32];
	aval_status       status = aval_tile_check_log(root, 100, &source, allocator, NULL);

	if (status != AVAL_OK)
		return status;
	status = aval_tile_client_new(&client, 100, root, &source, allocator, NULL);
	if (status != AVAL_OK)
		return status;
	status = aval_tile_client_entry(&entry, client, 99, NULL);
	aval_tile_client_free(client);
	return status;
}

START_TEST(memory_runs_out)
{
	tile_store store = { 0 };
	uint8_t    root[32];

	fill(&store, root, 100);
	failing_allocator_walk("extend", extend, &store);
	failing_allocator_walk("read back", read_back, &store);
	tile_store_clear(&store);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

int main(void)
{
	Suite   *suite = suite_create("tile_log");
	TCase   *tcase = tcase_create("tile_log");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, the_writer_makes_the_tree, 0, COUNT(sizes));
	tcase_add_loop_test(tcase, no_tile_is_written_twice, 0, 2);
	tcase_add_loop_test(tcase, proofs_from_tiles, 0, COUNT(sizes));
	tcase_add_test(tcase, an_old_checkpoint_reads_a_grown_log);
	tcase_add_test(tcase, the_client_reads_each_tile_once);
	tcase_add_test(tcase, no_other_tile_passes);
	tcase_add_loop_test(tcase, damage_is_named, 0, COUNT(damages));
	tcase_add_test(tcase, a_source_that_fails);
	tcase_add_test(tcase, sizes_out_of_range);
	tcase_add_test(tcase, what_cannot_be_made);
	tcase_add_test(tcase, entries_up_to_the_longest);
	tcase_add_test(tcase, a_crash_at_any_write);
	tcase_add_test(tcase, a_write_that_is_repeated);
	tcase_add_test(tcase, memory_runs_out);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
