/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A planned disclosure is written. The salts of empty slots, which are opened for the sake of absent paths, are
 * not kept: they are made by the batch and put into their places afterwards.
 */
#include <assert.h>

#include "hash/batch.h"
#include "invoice/prove.h"
#include "invoice/put.h"
#include "merkle/fold.h"

enum { LANES = AVAL_HASH_BATCH_LANES };

typedef struct proof_writer {
	const aval_proof_plan *p;
	const aval_commitment *c;
	uint8_t               *to;
	/* Salts that are due: the inner hashes of HMAC go into the blocks of the outer ones, those to their
	 * places. */
	size_t          salt_count;
	uint8_t        *places[LANES];
	uint8_t         outer[64 * LANES];
	aval_hash_batch inner;
} proof_writer;

static void finish_salts(proof_writer *w)
{
	uint8_t start32[32], salts[32 * LANES];

	if (w->salt_count == 0)
		return;
	aval_hash_batch_flush(&w->inner);
	aval_sha256_store(start32, w->c->key.outer);
	aval_hash_blocks(salts, 32, start32, 0, w->outer, 64, w->salt_count);
	for (size_t i = 0; i < w->salt_count; i++)
		memcpy(w->places[i], salts + 32 * i, 32);
	w->salt_count = 0;
	aval_wipe(start32, sizeof start32);
	aval_wipe(salts, sizeof salts);
	aval_wipe(w->outer, sizeof w->outer);
	aval_wipe(w->inner.start32, sizeof w->inner.start32);
}

/* Leave a place for HMAC(k, ["slot", index]). */
static void put_empty_salt(proof_writer *w, uint32_t index)
{
	static const uint8_t head[] = { 0x82, 0x64, 's', 'l', 'o', 't' };
	uint8_t             *outer = w->outer + 64 * w->salt_count, *message;

	if (w->salt_count == 0)
		aval_hash_batch_init(&w->inner, w->c->key.inner);
	message = aval_hash_batch_add(&w->inner, outer, sizeof head + aval_put_head_len(index));
	aval_put_head(aval_put_bytes(message, (aval_bytes){ head, sizeof head }), 0, index);
	aval_hash_pad(outer, 32);
	w->to[0] = 0x58;
	w->to[1] = 0x20;
	w->places[w->salt_count++] = w->to + 2;
	w->to += AVAL_PUT_HASH_LEN;
	if (w->salt_count == LANES)
		finish_salts(w);
}

static void put_slot_salt(proof_writer *w, const aval_proof_slot *s)
{
	if (s->begin < s->end)
		w->to = aval_put_hash(w->to, w->c->slot_salts + 32 * s->begin);
	else
		put_empty_salt(w, s->index);
}

static void put_entry(proof_writer *w, size_t entry, bool is_opened)
{
	aval_encoded_term term = aval_commitment_term(w->c, w->c->entries[entry].term);

	w->to = aval_put_bytes(aval_put_byte(w->to, is_opened ? 0x84 : 0x82), term.path_item);
	w->to = aval_put_hash(w->to, (is_opened ? w->c->value_salts : w->c->values) + 32 * entry);
	if (is_opened)
		w->to = aval_put_bytes(w->to, term.rest);
}

/* The claims on a slot stand in the order of its entries. */
static void put_slot(proof_writer *w, const aval_proof_slot *s)
{
	size_t claim = (size_t)s->claim;

	w->to = aval_put_head(aval_put_byte(w->to, 0x83), 0, s->index);
	put_slot_salt(w, s);
	w->to = aval_put_head(w->to, 4, (uint32_t)(s->end - s->begin));
	for (size_t entry = (size_t)s->begin; entry < s->end; entry++) {
		bool is_opened = aval_proof_entry(w->p, claim) == entry;

		put_entry(w, entry, is_opened);
		claim += is_opened;
	}
}

static void put_absent(proof_writer *w)
{
	w->to = aval_put_head(w->to, 4, (uint32_t)w->p->absent_count);
	for (size_t i = 0; i < w->p->absent_count; i++) {
		aval_text path = w->p->paths[w->p->absent[i]];

		w->to = aval_put_head(w->to, 3, (uint32_t)path.len);
		memcpy(w->to, path.data, path.len);
		w->to += path.len;
	}
}

static void put_gap(proof_writer *w, uint32_t begin, uint32_t end)
{
	unsigned level = 0;
	uint8_t  hash[32];

	while (begin < end) {
		uint32_t       part = aval_fold_part(begin, end, &level);
		const uint8_t *kept = aval_commitment_kept(w->c, begin, level);

		if (kept == NULL)
			aval_commitment_subtree(hash, w->c, begin, level);
		w->to = aval_put_hash(w->to, kept != NULL ? kept : hash);
		begin = part;
	}
}

static void put_hashes(proof_writer *w)
{
	uint32_t begin = 0;

	w->to = aval_put_head(w->to, 4, (uint32_t)w->p->hash_count);
	for (size_t i = 0; i < w->p->slot_count; i++) {
		put_gap(w, begin, w->p->slots[i].index);
		begin = w->p->slots[i].index + 1;
	}
	put_gap(w, begin, UINT32_C(1) << w->c->depth);
}

void aval_proof_write(uint8_t *out, const aval_proof_plan *p)
{
	proof_writer w;

	w.p = p;
	w.c = p->c;
	w.salt_count = 0;
	w.to = aval_put_byte(out, 0x85);
	w.to = aval_put_head(w.to, 0, p->c->depth);
	w.to = aval_put_head(w.to, 0, AVAL_TERM_MAP_VERSION);
	put_absent(&w);
	w.to = aval_put_head(w.to, 4, (uint32_t)p->slot_count);
	for (size_t i = 0; i < p->slot_count; i++)
		put_slot(&w, &p->slots[i]);
	finish_salts(&w);
	put_hashes(&w);
	assert((size_t)(w.to - out) == p->len);
}
