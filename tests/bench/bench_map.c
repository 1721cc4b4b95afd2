/* SPDX-License-Identifier: Apache-2.0 */
/* The map in memory beside its bare hashes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/map.h>
#include <aval/map_proof.h>

#include "bench.h"
#include "hash/hash.h"
#include "merkle/map.h"

#define BATCH ((size_t)1000)
#define LOAD ((size_t)50000) /* keys of one update while the map is filled */
#define PLACES 4096          /* keys to look at */

typedef struct place {
	uint8_t  path32[32], value32[32];
	size_t   proof_len;
	uint64_t hashes; /* nodes above its end */
	bool     is_absent;
	uint8_t  proof[1600];
} place;

typedef struct map_state {
	uint64_t         size;
	aval_map_memory *memory;
	aval_map         map;
	size_t           bytes; /* in pages, at that size */
	aval_map_change *changes; /* of a batch */
	uint64_t         seed;    /* of the next key */
	uint64_t         nodes;   /* inner nodes that a batch and its deletion change */
	uint8_t         *pairs;   /* as many pairs of hashes */
	place           *places;
	size_t           at;
} map_state;

static void fresh_keys(map_state *s, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bench_fill(s->changes[i].path32, 64, ++s->seed);
		s->changes[i].is_delete = false;
	}
}

static void update(map_state *s, size_t count)
{
	aval_status status = aval_map_update(&s->map, s->changes, count, bench_allocator(), NULL);

	bench_require(status == AVAL_OK, "map: no update");
	aval_map_memory_release(s->memory, s->map.version);
}

static void *setup(const bench_config *config)
{
	map_state *s = bench_alloc(sizeof *s);

	s->size = config->size;
	s->changes = bench_alloc(LOAD * sizeof *s->changes);
	bench_require(aval_map_memory_new(&s->memory, bench_allocator(), NULL) == AVAL_OK, "map: out of memory");
	aval_map_init(&s->map, aval_map_memory_store(s->memory));
	while (s->map.count < s->size) {
		size_t count = s->size - s->map.count < LOAD ? (size_t)(s->size - s->map.count) : LOAD;

		fresh_keys(s, count);
		update(s, count);
	}
	s->bytes = aval_map_memory_used(s->memory);
	return s;
}

static void teardown(void *state)
{
	map_state *s = state;

	aval_map_memory_free(s->memory);
	free(s->changes);
	free(s->pairs);
	free(s->places);
	free(s);
}

static uint64_t key_bytes(const void *state)
{
	const map_state *s = state;

	return (uint64_t)s->bytes * 1000 / s->size;
}

static uint64_t batch_ops(const void *state)
{
	(void)state;
	return 2 * BATCH;
}

static int by_path(const void *a, const void *b)
{
	return memcmp(((const aval_map_change *)a)->path32, ((const aval_map_change *)b)->path32, 32);
}

/* The inner nodes above the keys of the batch, which are sorted: above each those not above the one before. */
static uint64_t count_nodes(const map_state *s)
{
	uint64_t nodes = 0;

	for (size_t i = 0; i < BATCH; i++) {
		const uint8_t *path = s->changes[i].path32;
		aval_map_way   way;
		unsigned       shared = i == 0 ? 0 : 1 + aval_path_shared(s->changes[i - 1].path32, path);

		bench_require(aval_map_walk(&way, &s->map, path, NULL) == AVAL_OK, "map: no way");
		nodes += way.depth > shared ? way.depth - shared : 0;
	}
	return nodes;
}

static void set_delete(map_state *s, bool is_delete)
{
	for (size_t i = 0; i < BATCH; i++)
		s->changes[i].is_delete = is_delete;
}

static void *setup_insert(const bench_config *config)
{
	map_state *s = setup(config);

	fresh_keys(s, BATCH);
	qsort(s->changes, BATCH, sizeof *s->changes, by_path);
	s->nodes = count_nodes(s);
	update(s, BATCH);
	s->nodes += count_nodes(s);
	set_delete(s, true);
	update(s, BATCH);
	s->pairs = bench_alloc(64 * (size_t)s->nodes);
	return s;
}

/* New keys in one batch, the same keys deleted in the next, so that the map keeps its size. */
static void work_insert(void *state, size_t count)
{
	map_state *s = state;

	for (size_t i = 0; i < count; i++) {
		fresh_keys(s, BATCH);
		update(s, BATCH);
		set_delete(s, true);
		update(s, BATCH);
	}
}

/* As many leaves and nodes, in bulk. */
static void limit_insert(void *state, size_t count)
{
	map_state *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_hash_leaves64(s->pairs, s->pairs, BATCH);
		bench_keep(s->pairs, 32);
		aval_hash_nodes(s->pairs, s->pairs, (size_t)s->nodes);
		bench_keep(s->pairs, 32);
	}
}

static void prove(const map_state *s, place *p)
{
	p->proof_len = sizeof p->proof;
	bench_require(aval_map_prove(p->proof, &p->proof_len, &s->map, p->path32, NULL) == AVAL_OK, "map: no proof");
}

static void set_place(map_state *s, place *p, uint64_t i, bool is_absent)
{
	uint64_t     random;
	uint8_t      key[64];
	aval_map_way way;

	bench_fill((uint8_t *)&random, sizeof random, i);
	bench_fill(key, sizeof key, is_absent ? s->size + 1 + i : 1 + random % s->size);
	memcpy(p->path32, key, 32);
	memcpy(p->value32, key + 32, 32);
	p->is_absent = is_absent;
	bench_require(aval_map_walk(&way, &s->map, p->path32, NULL) == AVAL_OK, "map: no way");
	bench_require((way.end != AVAL_MAP_END_PRESENT) == is_absent, "map: another key");
	p->hashes = way.depth;
	prove(s, p);
}

static void *setup_kind(const bench_config *config, bool is_absent)
{
	map_state *s = setup(config);

	s->places = bench_alloc(PLACES * sizeof *s->places);
	for (size_t i = 0; i < PLACES; i++)
		set_place(s, &s->places[i], i, is_absent);
	return s;
}

static void *setup_present(const bench_config *config)
{
	return setup_kind(config, false);
}

static void *setup_absent(const bench_config *config)
{
	return setup_kind(config, true);
}

static place *next_place(map_state *s)
{
	return &s->places[s->at++ % PLACES];
}

static void work_prove(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++)
		prove(state, next_place(state));
}

static void work_verify(void *state, size_t count)
{
	map_state *s = state;

	for (size_t i = 0; i < count; i++) {
		const place *p = next_place(s);
		aval_status  status;

		if (p->is_absent)
			status = aval_map_verify_absent(s->map.root32, p->path32, p->proof, p->proof_len, NULL);
		else
			status = aval_map_verify_present(s->map.root32, p->path32, p->value32, p->proof, p->proof_len, NULL);
		bench_require(status == AVAL_OK, "map: a proof failed");
	}
}

/* A leaf and a path of the same length, each hash waiting for the one before. */
static void hash_way(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const place *p = next_place(state);
		uint8_t      node[32];

		aval_hash_leaf(node, p->path32, 64);
		for (uint64_t j = 0; j < p->hashes; j++)
			aval_hash_node(node, node, p->value32);
		bench_keep(node, 32);
	}
}

static const bench_row rows[] = {
	{ .name = "map.insert", .limit = "its hashes, in bulk", .target_ns = 2000, .setup = setup_insert,
	  .work = work_insert, .limit_work = limit_insert, .ops = batch_ops,
	  .bytes_milli = key_bytes, .item = "key", .teardown = teardown },
	{ .name = "map.prove", .limit = "the hashes of its way", .target_ns = 1200, .no_allocation = true,
	  .setup = setup_present, .work = work_prove, .limit_work = hash_way, .teardown = teardown },
	{ .name = "map.prove_absent", .limit = "the hashes of its way", .target_ns = 1200, .no_allocation = true,
	  .setup = setup_absent, .work = work_prove, .limit_work = hash_way, .teardown = teardown },
	{ .name = "map.verify", .limit = "the hashes of its way", .target_ratio_milli = 1300, .no_allocation = true,
	  .setup = setup_present, .work = work_verify, .limit_work = hash_way, .teardown = teardown },
	{ .name = "map.verify_absent", .limit = "the hashes of its way", .target_ratio_milli = 1300,
	  .no_allocation = true, .setup = setup_absent, .work = work_verify, .limit_work = hash_way,
	  .teardown = teardown },
};
BENCH_AREA(map, rows);
