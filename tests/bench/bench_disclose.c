/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An invoice of 500 terms is committed to, ten of them are disclosed and verified. The limits are the
 * compressions and node hashes that the format asks for, made as many at a time as their dependencies allow.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/disclosure.h>

#include "base/base.h"
#include "bench.h"
#include "hash/hash.h"
#include "invoice/tree.h"

enum { TERMS = 500, OPENED = 10, PER_LINE = 8, DEPTH = 12, STAGES = 8, BLOCK = 256, OUT_CAP = 8192 };

typedef struct disclose_state {
	char             paths[TERMS][32], values[TERMS][32];
	aval_term        terms[TERMS];
	aval_text        opened[OPENED];
	uint8_t          seed[32], hash[32];
	aval_commitment *commitment;
	uint8_t          out[OUT_CAP], copy[OUT_CAP];
	size_t           len;
	/* Compressions needed. The stages of a verification wait for one another, what a stage holds does not.
	 */
	size_t         commit_blocks, prove_inner, prove_outer;
	size_t         value_stages[STAGES], slot_stages[STAGES], leaves;
	size_t         nodes[DEPTH];          /* by level */
	const uint8_t *proof[OPENED * DEPTH]; /* where its hashes stand in the tree */
	size_t         proof_count;
	uint32_t       slots[TERMS];
	bool           is_opened[TERMS];
	uint8_t        room[64 * BLOCK];
} disclose_state;

static const aval_qualifier unit = { { "unit", 4 }, { "C62", 3 } };

/* Lines of eight terms, with amounts and quantities as they are. */
static void fill_terms(disclose_state *s)
{
	for (size_t i = 0; i < TERMS; i++) {
		aval_term *t = &s->terms[i];

		snprintf(s->paths[i], sizeof s->paths[i], "BG-25.%zu/BT-%zu", i / PER_LINE + 1,
		         126 + i % PER_LINE);
		snprintf(s->values[i], sizeof s->values[i], "%zu.%02zu", 1000 + i * 7, i % 100);
		t->path = aval_text_z(s->paths[i]);
		t->value = aval_text_z(s->values[i]);
		t->qualifiers = &unit;
		t->qualifier_count = i % PER_LINE == 3;
	}
	for (size_t i = 0; i < OPENED; i++) {
		s->opened[i] = s->terms[i * (TERMS / OPENED) + 3].path;
		s->is_opened[i * (TERMS / OPENED) + 3] = true;
	}
}

/* Compressions of len bytes behind a first block that is hashed beforehand: a tag or a pad. */
static size_t blocks_of(size_t len)
{
	return (len + 9 + 63) / 64;
}

static size_t item_len(size_t len)
{
	return len + (len < 24 ? 1 : 2);
}

static size_t term_len(const aval_term *t)
{
	return item_len(t->path.len) + item_len(t->value.len) + 1 + (t->qualifier_count > 0 ? 5 + 4 : 0);
}

static size_t value_blocks(const aval_term *t)
{
	return blocks_of(1 + 34 + term_len(t));
}

static size_t salt_blocks(const aval_term *t)
{
	return blocks_of(7 + item_len(t->path.len)) + 1;
}

/* The n-th block of a message is in the n-th stage. */
static void add_blocks(size_t stages[STAGES], size_t blocks)
{
	for (size_t i = 0; i < blocks; i++)
		stages[i]++;
}

static void count_terms(disclose_state *s)
{
	size_t bytes = 0;

	for (size_t i = 0; i < TERMS; i++) {
		const aval_term *t = &s->terms[i];

		s->commit_blocks += blocks_of(t->path.len) + salt_blocks(t) + value_blocks(t);
		bytes += 1 + term_len(t);
		s->slots[i] = aval_slot_of(t->path, DEPTH);
		if (!s->is_opened[i])
			continue;
		s->prove_inner += blocks_of(t->path.len) + salt_blocks(t) - 1;
		s->prove_outer++;
		add_blocks(s->value_stages, blocks_of(t->path.len));
		add_blocks(s->value_stages, value_blocks(t));
	}
	s->commit_blocks += blocks_of(bytes + 5);
}

/* The bytes of a slot; whether a term of it is opened. */
static size_t slot_len(const disclose_state *s, uint32_t slot, bool *is_opened_out)
{
	size_t len = 1 + 34 + (slot < 24 ? 1 : slot < 256 ? 2 : 3) + 1;

	*is_opened_out = false;
	for (size_t i = 0; i < TERMS; i++) {
		if (s->slots[i] != slot)
			continue;
		len += 1 + item_len(s->terms[i].path.len) + 34;
		*is_opened_out |= s->is_opened[i];
	}
	return len;
}

/* Each slot has a salt (two blocks), itself, its leaf; each level above has nodes. */
static void count_slots(disclose_state *s)
{
	static bool on_way[1 << DEPTH];

	for (uint32_t slot = 0; slot < 1u << DEPTH; slot++) {
		size_t len = slot_len(s, slot, &on_way[slot]);

		s->commit_blocks += 2 + blocks_of(len) + 1;
		if (!on_way[slot])
			continue;
		s->prove_inner++;
		s->prove_outer++;
		add_blocks(s->slot_stages, blocks_of(len));
		s->leaves++;
	}
	for (unsigned level = 0; level < DEPTH; level++) {
		for (uint32_t i = 0; i < 1u << (DEPTH - 1 - level); i++) {
			on_way[i] = on_way[2 * i] || on_way[2 * i + 1];
			s->nodes[level] += on_way[i];
		}
	}
}

/* The largest subtrees without an opened slot, from left to right. */
static void find_proof(disclose_state *s)
{
	uint32_t begin = 0;

	while (begin < 1u << DEPTH) {
		unsigned level = 0;
		uint32_t end = begin;
		bool     is_opened = false;

		for (size_t i = 0; i < TERMS; i++)
			is_opened |= s->is_opened[i] && s->slots[i] == begin;
		for (end = begin + 1; !is_opened && (begin >> level) % 2 == 0 && level < DEPTH; level++) {
			bool may_grow = true;

			for (size_t i = 0; i < TERMS; i++)
				may_grow &=
					!s->is_opened[i] || s->slots[i] >> (level + 1) != begin >> (level + 1);
			if (!may_grow)
				break;
			end = begin + (2u << level);
		}
		if (!is_opened)
			s->proof[s->proof_count++] =
				s->commitment->levels +
				32 * ((2u << DEPTH) - (2u << (DEPTH - level)) + (begin >> level));
		begin = end;
	}
}

static void *setup(const bench_config *config)
{
	disclose_state *s = bench_alloc(sizeof *s);
	aval_disclosure view;

	(void)config;
	fill_terms(s);
	bench_fill(s->seed, sizeof s->seed, 3);
	bench_fill(s->room, sizeof s->room, 4);
	count_terms(s);
	count_slots(s);
	bench_require(aval_commitment_new_from_terms(&s->commitment, s->terms, TERMS, s->seed, NULL, NULL) ==
	                      AVAL_OK,
	              "disclose: no commitment");
	aval_commitment_hash(s->hash, s->commitment);
	find_proof(s);
	s->len = sizeof s->out;
	bench_require(aval_commitment_disclose(s->out, &s->len, s->commitment, s->opened, OPENED, NULL) ==
	                      AVAL_OK,
	              "disclose: no disclosure");
	bench_require(aval_disclosure_verify(&view, s->out, s->len, s->hash, NULL) == AVAL_OK &&
	                      view.depth == DEPTH && view.opened_count == OPENED,
	              "disclose: not verified");
	return s;
}

static void teardown(void *state)
{
	disclose_state *s = state;

	aval_commitment_free(s->commitment);
	free(s);
}

/* Blocks that wait for no other. */
static void hash_blocks(disclose_state *s, size_t blocks)
{
	for (; blocks > BLOCK; blocks -= BLOCK)
		aval_hash_leaves32(s->room, s->room, BLOCK);
	aval_hash_leaves32(s->room, s->room, blocks);
}

static void hash_nodes(disclose_state *s, size_t nodes)
{
	for (; nodes > BLOCK; nodes -= BLOCK)
		aval_hash_nodes(s->room, s->room, BLOCK);
	aval_hash_nodes(s->room, s->room, nodes);
}

static void work_commit(void *state, size_t count)
{
	disclose_state *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_commitment *c;

		bench_require(aval_commitment_new_from_terms(&c, s->terms, TERMS, s->seed, bench_allocator(),
		                                             NULL) == AVAL_OK,
		              "disclose: no commitment");
		bench_keep(&c, sizeof c);
		aval_commitment_free(c);
	}
}

static void limit_commit(void *state, size_t count)
{
	disclose_state *s = state;

	for (size_t i = 0; i < count; i++) {
		hash_blocks(s, s->commit_blocks);
		hash_nodes(s, (1 << DEPTH) - 1);
		bench_keep(s->room, 32);
	}
}

static void work_prove(void *state, size_t count)
{
	disclose_state *s = state;

	for (size_t i = 0; i < count; i++) {
		size_t len = sizeof s->out;

		bench_require(aval_commitment_disclose(s->out, &len, s->commitment, s->opened, OPENED, NULL) ==
		                      AVAL_OK,
		              "disclose: no disclosure");
		bench_keep(s->out, len);
	}
}

static void limit_prove(void *state, size_t count)
{
	disclose_state *s = state;

	for (size_t i = 0; i < count; i++) {
		hash_blocks(s, s->prove_inner);
		hash_blocks(s, s->prove_outer);
		for (size_t hash = 0; hash < s->proof_count; hash++)
			memcpy(s->copy + 34 * hash, s->proof[hash], 32);
		bench_keep(s->copy, 34 * s->proof_count);
	}
}

static void work_verify(void *state, size_t count)
{
	disclose_state *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_disclosure view;

		bench_require(aval_disclosure_verify(&view, s->out, s->len, s->hash, NULL) == AVAL_OK,
		              "disclose: not verified");
		bench_keep(&view, sizeof view);
	}
}

static void limit_verify(void *state, size_t count)
{
	disclose_state *s = state;

	for (size_t i = 0; i < count; i++) {
		for (size_t stage = 0; stage < STAGES; stage++)
			hash_blocks(s, s->value_stages[stage]);
		for (size_t stage = 0; stage < STAGES; stage++)
			hash_blocks(s, s->slot_stages[stage]);
		hash_blocks(s, s->leaves);
		for (size_t level = 0; level < DEPTH; level++)
			hash_nodes(s, s->nodes[level]);
		hash_blocks(s, 1);
		bench_keep(s->room, 32);
	}
}

static void note_len(const void *state)
{
	printf("; %zu bytes", ((const disclose_state *)state)->len);
}

static const bench_row rows[] = {
	{ .name = "disclose.commit",
	  .limit = "its hashes, side by side",
	  .target_ratio_milli = 1500,
	  .setup = setup,
	  .work = work_commit,
	  .limit_work = limit_commit,
	  .teardown = teardown },
	{ .name = "disclose.prove",
	  .limit = "its hashes made, its proof gathered",
	  .target_ratio_milli = 1500,
	  .setup = setup,
	  .work = work_prove,
	  .limit_work = limit_prove,
	  .note = note_len,
	  .teardown = teardown },
	{ .name = "disclose.verify",
	  .limit = "its hashes, stage by stage",
	  .target_ratio_milli = 1500,
	  .no_allocation = true,
	  .setup = setup,
	  .work = work_verify,
	  .limit_work = limit_verify,
	  .teardown = teardown },
};

BENCH_AREA(disclose, rows);
