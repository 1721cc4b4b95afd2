/* SPDX-License-Identifier: Apache-2.0 */
/* The log in memory beside its bare hashes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/log.h>
#include <aval/merkle.h>

#include "bench.h"
#include "hash/hash.h"
#include "merkle/geometry.h"

#define BLOCK ((size_t)256) /* leaves of a piece that stays in the fastest cache */

#define MAX_PATH 40 /* --size is at most 10^9 */

/* Leaves to look at, in no order that a prefetcher knows. */
#define PLACES 4096

typedef struct place {
	uint64_t index;
	size_t   count;
	uint8_t  leaf32[32];
	uint8_t  path[32 * MAX_PATH];
} place;

typedef struct log_state {
	uint64_t  size;
	uint8_t  *leaves;
	aval_log *log;
	size_t    bytes;      /* of the log at this size */
	uint64_t  limit_size; /* of the log that log.append's limit imitates */
	uint8_t   root[32];
	place    *places;
	size_t    at;
} log_state;

static aval_log *build(const log_state *s, const aval_allocator *allocator)
{
	aval_log *log;

	bench_require(aval_log_new(&log, allocator, NULL) == AVAL_OK, "log: out of memory");
	bench_require(aval_log_append_many(log, s->leaves, 32, (size_t)s->size, NULL) == AVAL_OK,
	              "log: out of memory");
	return log;
}

static void *setup(const bench_config *config)
{
	log_state *s = bench_alloc(sizeof *s);
	size_t     live = bench_live_bytes();

	s->size = s->limit_size = config->size;
	s->leaves = bench_alloc(32 * (size_t)s->size);
	bench_fill(s->leaves, 32 * (size_t)s->size, 1);
	s->log = build(s, bench_allocator());
	s->bytes = bench_live_bytes() - live;
	bench_require(aval_log_root(s->root, s->log, s->size, NULL) == AVAL_OK, "log: no root");
	return s;
}

static void teardown(void *state)
{
	log_state *s = state;

	aval_log_free(s->log);
	free(s->leaves);
	free(s->places);
	free(s);
}

static uint64_t leaf_bytes(const void *state)
{
	const log_state *s = state;

	return (uint64_t)s->bytes * 1000 / s->size;
}

static uint64_t leaf_ops(const void *state)
{
	return ((const log_state *)state)->size;
}

static void work_build(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		aval_log *log = build(state, bench_allocator());

		bench_keep(&log, sizeof log);
		aval_log_free(log);
	}
}

/* The hashes of a tree over each block, and of those over the blocks; no result is kept. */
static void hash_all(const log_state *s)
{
	static uint8_t nodes[32 * BLOCK];

	for (uint64_t at = 0; at < s->size; at += BLOCK) {
		size_t width = s->size - at < BLOCK ? (size_t)(s->size - at) : BLOCK;

		aval_hash_leaves32(nodes, s->leaves + 32 * at, width);
		for (; width > 1; width /= 2)
			aval_hash_nodes(nodes, nodes, width / 2);
	}
	for (uint64_t left = s->size / BLOCK; left > 0; left -= left < BLOCK ? left : BLOCK)
		aval_hash_nodes(nodes, nodes, left < BLOCK / 2 ? (size_t)left : BLOCK / 2);
	bench_keep(nodes, 32);
}

static void limit_build(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++)
		hash_all(state);
}

/* More than the log takes; only what is written to comes from the system. */
static size_t fresh_size(const log_state *s)
{
	return 2 * s->bytes + 65536;
}

static void work_build_fresh(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bench_fresh fresh;
		aval_log   *log;

		bench_fresh_begin(&fresh, fresh_size(state));
		log = build(state, &fresh.allocator);
		bench_keep(&log, sizeof log);
		bench_fresh_end(&fresh);
	}
}

/* The hashes, and a write to each page of as much memory. */
static void limit_build_fresh(void *state, size_t count)
{
	const log_state *s = state;

	for (size_t i = 0; i < count; i++) {
		bench_fresh fresh;

		hash_all(s);
		bench_fresh_begin(&fresh, fresh_size(s));
		for (size_t at = 0; at < s->bytes; at += 4096)
			fresh.memory[at] = 1;
		bench_keep(fresh.memory, 1);
		bench_fresh_end(&fresh);
	}
}

static void work_append(void *state, size_t count)
{
	log_state *s = state;
	uint8_t    root[32];

	for (size_t i = 0; i < count; i++) {
		const uint8_t *leaf = s->leaves + 32 * (aval_log_size(s->log) % s->size);

		bench_require(aval_log_append(s->log, leaf, 32, NULL) == AVAL_OK, "log: out of memory");
		bench_require(aval_log_root(root, s->log, aval_log_size(s->log), NULL) == AVAL_OK,
		              "log: no root");
		bench_keep(root, 32);
	}
}

/* As many hashes, each waiting for the one before as those of a log do. */
static void limit_append(void *state, size_t count)
{
	log_state *s = state;
	uint8_t    node[32];

	for (size_t i = 0; i < count; i++) {
		uint64_t size = ++s->limit_size;

		aval_hash_leaf(node, s->leaves + 32 * (size % s->size), 32);
		for (uint64_t bits = size; bits % 2 == 0; bits /= 2)
			aval_hash_node(node, s->root, node);
		for (uint64_t bits = size & (size - 1); bits != 0; bits &= bits - 1)
			aval_hash_node(node, s->root, node);
		bench_keep(node, 32);
	}
}

static size_t prove(uint8_t path[32 * MAX_PATH], const log_state *s, uint64_t index)
{
	size_t count = MAX_PATH;

	bench_require(aval_log_prove_inclusion(path, &count, s->log, s->size, index, NULL) == AVAL_OK,
	              "log: no proof");
	return count;
}

static void *setup_places(const bench_config *config)
{
	log_state *s = setup(config);

	s->places = bench_alloc(PLACES * sizeof *s->places);
	for (size_t i = 0; i < PLACES; i++) {
		uint64_t random;

		bench_fill((uint8_t *)&random, sizeof random, i);
		s->places[i].index = random % s->size;
		aval_hash_leaf(s->places[i].leaf32, s->leaves + 32 * s->places[i].index, 32);
		s->places[i].count = prove(s->places[i].path, s, s->places[i].index);
	}
	return s;
}

static place *next_place(log_state *s)
{
	return &s->places[s->at++ % PLACES];
}

static void work_prove(void *state, size_t count)
{
	uint8_t path[32 * MAX_PATH];

	for (size_t i = 0; i < count; i++) {
		prove(path, state, next_place(state)->index);
		bench_keep(path, 32);
	}
}

/* A path of the same length, hashed from its leaf up. */
static void hash_path(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const place *p = next_place(state);
		uint8_t      node[32];

		memcpy(node, p->leaf32, 32);
		for (size_t j = 0; j < p->count; j++)
			aval_hash_node(node, node, p->path + 32 * j);
		bench_keep(node, 32);
	}
}

static void work_verify(void *state, size_t count)
{
	const log_state *s = state;

	for (size_t i = 0; i < count; i++) {
		const place *p = next_place(state);

		bench_require(aval_merkle_verify_inclusion(s->root, s->size, p->index, p->leaf32, p->path,
		                                           p->count, NULL) == AVAL_OK,
		              "log: a proof failed");
	}
}

static const bench_row rows[] = {
	{ .name = "log.build",
	  .limit = "the same hashes, 256 leaves at a time, none kept",
	  .target_ratio_milli = 1300,
	  .target_ns = 50,
	  .setup = setup,
	  .work = work_build,
	  .limit_work = limit_build,
	  .ops = leaf_ops,
	  .bytes_milli = leaf_bytes,
	  .item = "leaf",
	  .teardown = teardown },
	{ .name = "log.build-fresh",
	  .limit = "the same hashes, and as much fresh memory written to",
	  .target_ratio_milli = 1300,
	  .setup = setup,
	  .work = work_build_fresh,
	  .limit_work = limit_build_fresh,
	  .ops = leaf_ops,
	  .teardown = teardown },
	{ .name = "log.append",
	  .limit = "its hashes, one after the other",
	  .target_ns = 1100,
	  .setup = setup,
	  .work = work_append,
	  .limit_work = limit_append,
	  .teardown = teardown },
	{ .name = "log.prove",
	  .limit = "the hashes of its path",
	  .target_ns = 500,
	  .no_allocation = true,
	  .setup = setup_places,
	  .work = work_prove,
	  .limit_work = hash_path,
	  .teardown = teardown },
	{ .name = "log.verify",
	  .limit = "the hashes of its path",
	  .target_ratio_milli = 1300,
	  .no_allocation = true,
	  .setup = setup_places,
	  .work = work_verify,
	  .limit_work = hash_path,
	  .teardown = teardown },
};
BENCH_AREA(log, rows);
