/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs about many leaves, about growth and from tiles, beside their hashes; checkpoints and receipts beside
 * their signature. One log stands behind all rows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/log.h>
#include <aval/merkle.h>
#include <aval/prove.h>
#include <aval/receipt.h>
#include <aval/tile_client.h>
#include <aval/tile_writer.h>

#include "bench.h"
#include "hash/hash.h"

enum { OPENED = 100, LEVELS = 40, PLACES = 256, MAX_HASHES = OPENED * LEVELS, BLOCK = 256, ENTRY_LEN = 100 };

typedef struct place {
	uint64_t number;      /* an index, or an earlier size */
	uint8_t  known32[32]; /* its leaf hash, or the root of that size */
	size_t   count;
	uint8_t  path[32 * 2 * LEVELS];
} place;

typedef struct proof_state {
	uint64_t  size;
	aval_log *log;
	uint8_t   root32[32];
	size_t    at;
	place     places[PLACES];
	/* Many leaves at once. */
	size_t   opened;
	uint64_t indices[OPENED];
	uint8_t  leaves[32 * OPENED], hashes[32 * MAX_HASHES];
	size_t   hash_count;
	size_t   nodes[64]; /* inner nodes on the ways of the leaves, by level */
	uint8_t  room[64 * BLOCK];
	/* Signed things. */
	char            note[AVAL_CHECKPOINT_SIGNED_MAX_LEN];
	size_t          note_len;
	uint8_t         receipt[4096];
	size_t          receipt_len;
	aval_vkey       vkey;
	aval_checkpoint checkpoint;
	uint8_t         point65[65], digest32[32], sig64[64];
} proof_state;

static uint64_t random_below(uint64_t seed, uint64_t bound)
{
	uint64_t random;

	bench_fill((uint8_t *)&random, sizeof random, seed);
	return random % bound;
}

static proof_state *setup_log(const bench_config *config)
{
	proof_state *s = bench_alloc(sizeof *s);
	uint8_t     *leaves;

	s->size = config->size;
	leaves = bench_alloc(32 * (size_t)s->size);
	bench_fill(leaves, 32 * (size_t)s->size, 1);
	bench_require(aval_log_new(&s->log, bench_allocator(), NULL) == AVAL_OK, "proof: no log");
	bench_require(aval_log_append_many(s->log, leaves, 32, (size_t)s->size, NULL) == AVAL_OK,
	              "proof: no log");
	bench_require(aval_log_root(s->root32, s->log, s->size, NULL) == AVAL_OK, "proof: no root");
	free(leaves);
	return s;
}

static void teardown(void *state)
{
	proof_state *s = state;

	aval_log_free(s->log);
	free(s);
}

/* Hashes that do not wait for one another. */
static void hash_level(proof_state *s, size_t nodes)
{
	for (; nodes > BLOCK; nodes -= BLOCK)
		aval_hash_nodes(s->room, s->room, BLOCK);
	aval_hash_nodes(s->room, s->room, nodes);
	bench_keep(s->room, 32);
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Distinct leaves in ascending order, and the inner nodes above them: a node without sibling is its parent. */
static void open_leaves(proof_state *s)
{
	uint64_t at[OPENED], last = s->size - 1;
	size_t   count = 0;

	for (uint64_t i = 0; i < OPENED; i++)
		at[i] = random_below(i, s->size);
	qsort(at, OPENED, sizeof *at, by_number);
	for (size_t i = 0; i < OPENED; i++)
		if (count == 0 || at[i] != s->indices[count - 1])
			s->indices[count++] = at[i];
	s->opened = count;
	memcpy(at, s->indices, count * sizeof *at);
	for (unsigned level = 0; last > 0; level++, last /= 2) {
		size_t parents = 0;

		for (size_t i = 0; i < count; i++) {
			if (parents > 0 && at[parents - 1] == at[i] / 2)
				continue;
			s->nodes[level] += at[i] != last || last % 2 == 1;
			at[parents++] = at[i] / 2;
		}
		count = parents;
	}
}

static aval_status prove_multi(proof_state *s)
{
	aval_node_source nodes;

	s->hash_count = MAX_HASHES;
	aval_log_nodes(&nodes, s->log);
	return aval_merkle_prove_multi(s->hashes, &s->hash_count, &nodes, s->size, s->indices, s->opened, NULL);
}

static void *setup_multi(const bench_config *config)
{
	proof_state *s = setup_log(config);

	open_leaves(s);
	for (size_t i = 0; i < s->opened; i++)
		bench_require(aval_log_node(s->leaves + 32 * i, s->log, 0, s->indices[i], NULL) == AVAL_OK,
		              "proof: no leaf");
	bench_require(prove_multi(s) == AVAL_OK, "proof: no proof");
	return s;
}

static uint64_t opened_ops(const void *state)
{
	return ((const proof_state *)state)->opened;
}

static void work_multi_prove(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bench_require(prove_multi(state) == AVAL_OK, "proof: no proof");
}

static void work_multi_verify(void *state, size_t count)
{
	const proof_state *s = state;

	for (size_t i = 0; i < count; i++)
		bench_require(aval_merkle_verify_multi(s->root32, s->size, s->indices, s->leaves, s->opened,
		                                       s->hashes, s->hash_count, NULL) == AVAL_OK,
		              "proof: a proof failed");
}

static void limit_multi(void *state, size_t count)
{
	proof_state *s = state;

	for (size_t i = 0; i < count; i++)
		for (unsigned level = 0; level < 64; level++)
			hash_level(s, s->nodes[level]);
}

static void note_multi(const void *state)
{
	const proof_state *s = state;

	printf("; %zu leaves, %zu hashes", s->opened, s->hash_count);
}

/* Growth from some earlier size. */
static void *setup_growth(const bench_config *config)
{
	proof_state *s = setup_log(config);

	for (size_t i = 0; i < PLACES; i++) {
		place *p = &s->places[i];

		p->number = 1 + random_below(i, s->size - 1);
		p->count = 2 * LEVELS;
		bench_require(aval_log_root(p->known32, s->log, p->number, NULL) == AVAL_OK, "proof: no root");
		bench_require(aval_log_prove_consistency(p->path, &p->count, s->log, p->number, s->size,
		                                         NULL) == AVAL_OK,
		              "proof: no proof");
	}
	return s;
}

static place *next_place(proof_state *s)
{
	return &s->places[s->at++ % PLACES];
}

static void work_growth_prove(void *state, size_t count)
{
	proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		uint8_t path[32 * 2 * LEVELS];
		size_t  hashes = 2 * LEVELS;

		bench_require(aval_log_prove_consistency(path, &hashes, s->log, next_place(s)->number, s->size,
		                                         NULL) == AVAL_OK,
		              "proof: no proof");
		bench_keep(path, 32);
	}
}

static void work_growth_verify(void *state, size_t count)
{
	proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		const place *p = next_place(s);

		bench_require(aval_merkle_verify_consistency(p->known32, p->number, s->root32, s->size, p->path,
		                                             p->count, NULL) == AVAL_OK,
		              "proof: a proof failed");
	}
}

/* As many hashes as the path has, for either root those that concern it: two that wait for nothing but the
 * last. */
static void limit_growth(void *state, size_t count)
{
	proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		const place *p = next_place(s);
		uint8_t      pairs[128];

		memset(pairs, 1, sizeof pairs);
		for (size_t j = 1; j < p->count; j++)
			aval_hash_nodes(pairs, pairs, 1);
		bench_keep(pairs, 32);
	}
}

/* Tiles out of the log in memory. */
static aval_status read_tile(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile, void *user_data)
{
	const proof_state *s = user_data;

	*len_out = 32 * (size_t)tile->width;
	if (*len_out > cap)
		return AVAL_E_BUFFER_TOO_SMALL;
	for (uint32_t i = 0; i < tile->width; i++)
		if (aval_log_node(out + 32 * (size_t)i, s->log, 8 * tile->level, tile->index * 256 + i, NULL) !=
		    AVAL_OK)
			return AVAL_E_NOT_FOUND;
	return AVAL_OK;
}

static void *setup_tiles(const bench_config *config)
{
	proof_state *s = setup_log(config);

	for (size_t i = 0; i < PLACES; i++)
		s->places[i].number = random_below(i, s->size);
	return s;
}

/* A client that knows a checkpoint reads the tiles above one leaf, and checks each. */
static void work_tiles(void *state, size_t count)
{
	proof_state     *s = state;
	aval_tile_source source = { sizeof source, read_tile, s };

	for (size_t i = 0; i < count; i++) {
		aval_tile_client *client;
		uint8_t           path[32 * LEVELS];
		size_t            hashes = LEVELS;

		bench_require(aval_tile_client_new(&client, s->size, s->root32, &source, bench_allocator(),
		                                   NULL) == AVAL_OK,
		              "proof: no client");
		bench_require(aval_tile_client_prove_inclusion(path, &hashes, client, s->size,
		                                               next_place(s)->number, NULL) == AVAL_OK,
		              "proof: no proof");
		aval_tile_client_free(client);
		bench_keep(path, 32);
	}
}

/* The nodes of each of those tiles, and of the partial ones at the edge, without which no tile leads to the
 * root. */
static void limit_tiles(void *state, size_t count)
{
	proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		uint64_t index = next_place(s)->number;

		for (uint64_t width = s->size; width > 0; width /= 256, index /= 256) {
			for (size_t nodes = (size_t)(width % 256); nodes > 1; nodes /= 2)
				hash_level(s, nodes / 2);
			if (index / 256 < width / 256)
				for (size_t nodes = 256; nodes > 1; nodes /= 2)
					hash_level(s, nodes / 2);
		}
	}
}

/* A writer that gets entries and throws its tiles away, and a reader that recomputes a log from its entries. */
static aval_status drop_tile(const aval_tile *tile, const uint8_t *data, size_t len, void *user_data)
{
	(void)tile;
	(void)len;
	(void)user_data;
	bench_keep(data, 1);
	return AVAL_OK;
}

static aval_status no_tile(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile, void *user_data)
{
	(void)out;
	(void)len_out;
	(void)cap;
	(void)tile;
	(void)user_data;
	return AVAL_E_NOT_FOUND;
}

static uint64_t size_ops(const void *state)
{
	return ((const proof_state *)state)->size;
}

static void work_write(void *state, size_t count)
{
	const proof_state *s = state;
	aval_tile_source   source = { sizeof source, no_tile, NULL };
	aval_tile_sink     sink = { sizeof sink, drop_tile, NULL };
	uint8_t            entry[ENTRY_LEN] = { 0 }, root32[32];

	for (size_t i = 0; i < count; i++) {
		aval_tile_writer *w;

		aval_merkle_empty(root32);
		bench_require(aval_tile_writer_new(&w, 0, root32, &source, &sink, bench_allocator(), NULL) ==
		                      AVAL_OK,
		              "proof: no writer");
		for (uint64_t j = 0; j < s->size; j++) {
			memcpy(entry, &j, sizeof j);
			bench_require(aval_tile_writer_append(w, entry, sizeof entry, NULL) == AVAL_OK,
			              "proof: not appended");
		}
		bench_require(aval_tile_writer_flush(root32, w, NULL) == AVAL_OK, "proof: not flushed");
		aval_tile_writer_free(w);
		bench_keep(root32, 32);
	}
}

static void limit_write(void *state, size_t count)
{
	proof_state *s = state;
	uint8_t      entry[ENTRY_LEN] = { 0 };

	for (size_t i = 0; i < count; i++) {
		for (uint64_t at = 0; at < s->size; at += BLOCK) {
			size_t width = s->size - at < BLOCK ? (size_t)(s->size - at) : BLOCK;

			for (size_t j = 0; j < width; j++) {
				memcpy(entry, &j, sizeof j);
				aval_hash_leaf(s->room + 32 * j, entry, sizeof entry);
			}
			for (; width > 1; width /= 2)
				aval_hash_nodes(s->room, s->room, width / 2);
			bench_keep(s->room, 32);
		}
	}
}

/* A checkpoint and a receipt by one key, and the bare signature of a digest. */
static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	(void)user_data;
	bench_fill(out, len, 7);
	return AVAL_OK;
}

static void sign_things(proof_state *s, const aval_signer *signer)
{
	static const char origin[] = "log.example/bench";
	place            *p = &s->places[0];

	aval_public_key_point(s->point65, &signer->key);
	aval_sha256(s->digest32, origin, sizeof origin);
	bench_require(signer->sign(s->sig64, (const uint8_t *)origin, sizeof origin, s->digest32,
	                           signer->user_data) == AVAL_OK,
	              "proof: not signed");
	bench_require(aval_vkey_from_p256(&s->vkey, origin, sizeof origin - 1, s->point65, NULL) == AVAL_OK,
	              "proof: no verifier key");
	s->note_len = sizeof s->note;
	bench_require(aval_checkpoint_sign(s->note, &s->note_len, origin, sizeof origin - 1, s->size, s->root32,
	                                   signer, NULL) == AVAL_OK,
	              "proof: no checkpoint");
	bench_require(aval_checkpoint_parse(&s->checkpoint, (const uint8_t *)s->note, s->note_len, NULL) ==
	                      AVAL_OK,
	              "proof: no checkpoint");
	p->number = random_below(1, s->size);
	p->count = 2 * LEVELS;
	bench_require(aval_log_node(p->known32, s->log, 0, p->number, NULL) == AVAL_OK &&
	                      aval_log_prove_inclusion(p->path, &p->count, s->log, s->size, p->number, NULL) ==
	                              AVAL_OK,
	              "proof: no proof");
	s->receipt_len = sizeof s->receipt;
	bench_require(aval_receipt_sign_inclusion(s->receipt, &s->receipt_len, &s->checkpoint, p->number,
	                                          p->known32, p->path, p->count, signer, NULL) == AVAL_OK,
	              "proof: no receipt");
}

static void *setup_signed(const bench_config *config)
{
	const aval_entropy entropy = { sizeof entropy, fill, NULL };
	proof_state       *s = setup_log(config);
	aval_secret_key   *key;
	aval_signer        signer;

	bench_require(aval_secret_key_generate(&key, AVAL_ALG_ESP256, &entropy, NULL, NULL) == AVAL_OK,
	              "proof: no key");
	signer = aval_signer_from_secret_key(key);
	sign_things(s, &signer);
	aval_secret_key_free(key);
	return s;
}

static void work_checkpoint(void *state, size_t count)
{
	const proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_checkpoint c;

		bench_require(aval_checkpoint_parse(&c, (const uint8_t *)s->note, s->note_len, NULL) ==
		                              AVAL_OK &&
		                      aval_checkpoint_verify(&c, &s->vkey, NULL, NULL) == AVAL_OK,
		              "proof: a checkpoint failed");
	}
}

static void limit_signature(void *state, size_t count)
{
	const proof_state *s = state;

	for (size_t i = 0; i < count; i++)
		bench_p256_verify(s->point65, s->digest32, s->sig64);
}

static void work_receipt(void *state, size_t count)
{
	const proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_receipt r;

		bench_require(aval_receipt_parse(&r, s->receipt, s->receipt_len, NULL) == AVAL_OK &&
		                      aval_receipt_verify_inclusion(&r, 0, s->places[0].known32, &s->vkey,
		                                                    &s->checkpoint, NULL) == AVAL_OK,
		              "proof: a receipt failed");
	}
}

/* Reading alone, without the signature. */
static void work_note_parse(void *state, size_t count)
{
	const proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_checkpoint c;

		bench_require(aval_checkpoint_parse(&c, (const uint8_t *)s->note, s->note_len, NULL) == AVAL_OK,
		              "proof: a checkpoint failed");
		bench_keep(c.root32, 32);
	}
}

static void limit_note_parse(void *state, size_t count)
{
	proof_state *s = state;

	for (size_t i = 0; i < count; i++) {
		memcpy(s->room, s->note, s->note_len);
		bench_keep(s->room, s->note_len);
	}
}

static void note_len(const void *state)
{
	const proof_state *s = state;

	printf("; a checkpoint of %zu bytes, a receipt of %zu", s->note_len, s->receipt_len);
}

static const bench_row rows[] = {
	{ .name = "log.prove_multi",
	  .limit = "the hashes that verify it, level by level",
	  .no_allocation = true,
	  .setup = setup_multi,
	  .work = work_multi_prove,
	  .limit_work = limit_multi,
	  .ops = opened_ops,
	  .note = note_multi,
	  .teardown = teardown },
	{ .name = "log.verify_multi",
	  .limit = "its hashes, level by level",
	  .no_allocation = true,
	  .setup = setup_multi,
	  .work = work_multi_verify,
	  .limit_work = limit_multi,
	  .ops = opened_ops,
	  .note = note_multi,
	  .teardown = teardown },
	{ .name = "log.prove_consistency",
	  .limit = "as many hashes as the proof has",
	  .no_allocation = true,
	  .setup = setup_growth,
	  .work = work_growth_prove,
	  .limit_work = limit_growth,
	  .teardown = teardown },
	{ .name = "log.verify_consistency",
	  .limit = "as many hashes as the proof has",
	  .no_allocation = true,
	  .setup = setup_growth,
	  .work = work_growth_verify,
	  .limit_work = limit_growth,
	  .teardown = teardown },
	{ .name = "tile.prove",
	  .limit = "the nodes of its tiles and of those at the edge",
	  .target_ratio_milli = 1500,
	  .setup = setup_tiles,
	  .work = work_tiles,
	  .limit_work = limit_tiles,
	  .teardown = teardown },
	{ .name = "tile.write",
	  .limit = "the hashes of its entries and nodes",
	  .target_ratio_milli = 1300,
	  .setup = setup_tiles,
	  .work = work_write,
	  .limit_work = limit_write,
	  .ops = size_ops,
	  .teardown = teardown },
	{ .name = "checkpoint.parse",
	  .limit = "copying it",
	  .no_allocation = true,
	  .setup = setup_signed,
	  .work = work_note_parse,
	  .limit_work = limit_note_parse,
	  .note = note_len,
	  .teardown = teardown },
	{ .name = "checkpoint.verify",
	  .limit = "mbedTLS: check the key and verify ECDSA",
	  .target_ratio_milli = 1100,
	  .setup = setup_signed,
	  .work = work_checkpoint,
	  .limit_work = limit_signature,
	  .teardown = teardown },
	{ .name = "receipt.verify",
	  .limit = "mbedTLS: check the key and verify ECDSA",
	  .target_ratio_milli = 1100,
	  .setup = setup_signed,
	  .work = work_receipt,
	  .limit_work = limit_signature,
	  .teardown = teardown },
};
BENCH_AREA(proof, rows);
