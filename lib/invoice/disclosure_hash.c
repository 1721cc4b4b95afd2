/* SPDX-License-Identifier: Apache-2.0 */
/* The hashes of a disclosure: from opened terms to value commitments, slots and leaves, group by group. */
#include "invoice/disclosure.h"
#include "invoice/put.h"
#include "invoice/slot.h"

enum { VALUE_HEAD = 0x84, SLOT_HEAD = 0x83, PAIR_HEAD = 0x82 }; /* arrays of so many */

static void check_place(aval_disclosure_hasher *h, aval_text path, uint32_t found, uint32_t slot)
{
	if (found != slot && h->stray == NULL)
		h->stray = path.data;
}

/* Whether each path of the group stands in its own slot. */
static void check_places(aval_disclosure_hasher *h)
{
	const uint8_t               *hash = h->hashes;
	const aval_disclosure_entry *e = h->entries;

	aval_hash_batch_init(&h->batch, aval_tag_slot_index.state);
	for (size_t i = 0; i < h->entry_count; i++) {
		aval_text path = h->entries[i].path;

		memcpy(aval_hash_batch_add(&h->batch, h->hashes + 32 * i, path.len), path.data, path.len);
	}
	aval_hash_batch_flush(&h->batch);
	for (size_t s = 0; s < h->slot_count; s++)
		for (size_t i = 0; i < h->slots[s].entry_count; i++, e++, hash += 32)
			check_place(h, e->path, aval_slot_of_hash(hash, h->depth), h->slots[s].index);
}

/* A term that no room holds. */
static void hash_long_value(uint8_t value32_out[32], const aval_disclosure_entry *e)
{
	uint8_t         head[1 + AVAL_PUT_HASH_LEN];
	aval_sha256_ctx ctx;

	(void)aval_put_hash(aval_put_byte(head, VALUE_HEAD), e->hash32);
	aval_tagged_init(&ctx, &aval_tag_value);
	aval_sha256_update(&ctx, head, sizeof head);
	aval_sha256_update(&ctx, e->path_item.data, e->path_item.len);
	aval_sha256_update(&ctx, e->rest.data, e->rest.len);
	aval_sha256_finish(&ctx, value32_out);
}

static void hash_value(aval_hash_batch *batch, uint8_t *value32_out, const aval_disclosure_entry *e)
{
	size_t   len = e->path_item.len + e->rest.len;
	uint8_t *to = len > AVAL_HASH_BATCH_MAX_LEN
	                      ? NULL
	                      : aval_hash_batch_add(batch, value32_out, 1 + AVAL_PUT_HASH_LEN + len);

	if (to == NULL)
		hash_long_value(value32_out, e);
	else
		aval_put_bytes(
			aval_put_bytes(aval_put_hash(aval_put_byte(to, VALUE_HEAD), e->hash32), e->path_item),
			e->rest);
}

static void hash_values(aval_disclosure_hasher *h)
{
	aval_hash_batch_init(&h->batch, aval_tag_value.state);
	for (size_t i = 0; i < h->entry_count; i++)
		if (h->entries[i].is_opened)
			hash_value(&h->batch, h->values + 32 * i, &h->entries[i]);
	aval_hash_batch_flush(&h->batch);
}

/* A slot lists an opened term as it lists a hidden one: [path, value commitment]. */
static uint8_t *put_pair(uint8_t *to, const aval_disclosure_entry *e, const uint8_t value32[32])
{
	return aval_put_hash(aval_put_bytes(aval_put_byte(to, PAIR_HEAD), e->path_item),
	                     e->is_opened ? value32 : e->hash32);
}

static size_t pair_len(const aval_disclosure_entry *e)
{
	return 1 + e->path_item.len + AVAL_PUT_HASH_LEN;
}

static uint8_t *put_slot_head(uint8_t *to, const aval_disclosure_slot *s)
{
	return aval_put_bytes(
		aval_put_bytes(aval_put_bytes(aval_put_byte(to, SLOT_HEAD), s->salt_item), s->index_item),
		s->count_item);
}

static size_t slot_head_len(const aval_disclosure_slot *s)
{
	return 1 + s->salt_item.len + s->index_item.len + s->count_item.len;
}

/* For slots that no room holds: begin, and absorb pair by pair. */
static void begin_long(aval_sha256_ctx *ctx, const aval_disclosure_slot *s)
{
	uint8_t head[64];

	aval_tagged_init(ctx, &aval_tag_slot);
	aval_sha256_update(ctx, head, (size_t)(put_slot_head(head, s) - head));
}

static void absorb_pair(aval_sha256_ctx *ctx, const aval_disclosure_entry *e, const uint8_t value32[32])
{
	uint8_t pair[2 * AVAL_TERM_PATH_MAX_LEN];

	aval_sha256_update(ctx, pair, (size_t)(put_pair(pair, e, value32) - pair));
}

static void hash_long_slot(uint8_t slot32_out[32], const aval_disclosure_hasher *h,
                           const aval_disclosure_slot *s, size_t first)
{
	aval_sha256_ctx ctx;

	begin_long(&ctx, s);
	for (size_t i = first; i < first + s->entry_count; i++)
		absorb_pair(&ctx, &h->entries[i], h->values + 32 * i);
	aval_sha256_finish(&ctx, slot32_out);
}

/* The slot whose entries begin at first. */
static void hash_slot(aval_disclosure_hasher *h, uint8_t *slot32_out, const aval_disclosure_slot *s,
                      size_t first)
{
	size_t   len = slot_head_len(s);
	uint8_t *to;

	for (size_t i = first; i < first + s->entry_count; i++)
		len += pair_len(&h->entries[i]);
	to = aval_hash_batch_add(&h->batch, slot32_out, len);
	if (to == NULL) {
		hash_long_slot(slot32_out, h, s, first);
		return;
	}
	to = put_slot_head(to, s);
	for (size_t i = first; i < first + s->entry_count; i++)
		to = put_pair(to, &h->entries[i], h->values + 32 * i);
}

void aval_disclosure_hasher_init(aval_disclosure_hasher *h, unsigned depth)
{
	h->depth = depth;
	h->stray = NULL;
	h->slot_count = 0;
	h->entry_count = 0;
	h->is_crowded = false;
	aval_fold_init(&h->fold, depth);
}

void aval_disclosure_hasher_flush(aval_disclosure_hasher *h)
{
	size_t entry = 0;

	check_places(h);
	hash_values(h);
	aval_hash_batch_init(&h->batch, aval_tag_slot.state);
	for (size_t s = 0; s < h->slot_count; s++) {
		hash_slot(h, h->hashes + 32 * s, &h->slots[s], entry);
		entry += h->slots[s].entry_count;
	}
	aval_hash_batch_flush(&h->batch);
	aval_hash_leaves32(h->hashes, h->hashes, h->slot_count);
	for (size_t s = 0; s < h->slot_count; s++)
		aval_fold_add(&h->fold, h->slots[s].index, h->slots[s].gap, h->hashes + 32 * s);
	h->slot_count = 0;
	h->entry_count = 0;
}

void aval_disclosure_begin_slot(aval_disclosure_hasher *h, const aval_disclosure_slot *slot)
{
	h->is_crowded = slot->entry_count > AVAL_DISCLOSURE_GROUP_ENTRIES;
	if (h->slot_count == AVAL_DISCLOSURE_GROUP_SLOTS ||
	    slot->entry_count > AVAL_DISCLOSURE_GROUP_ENTRIES - h->entry_count)
		aval_disclosure_hasher_flush(h);
	if (h->is_crowded) {
		h->crowded = *slot;
		begin_long(&h->crowded_hash, slot);
	} else {
		h->slots[h->slot_count++] = *slot;
	}
}

void aval_disclosure_add_entry(aval_disclosure_hasher *h, const aval_disclosure_entry *entry)
{
	uint8_t value32[32];

	if (!h->is_crowded) {
		h->entries[h->entry_count++] = *entry;
		return;
	}
	check_place(h, entry->path, aval_slot_of(entry->path, h->depth), h->crowded.index);
	if (entry->is_opened)
		hash_long_value(value32, entry);
	absorb_pair(&h->crowded_hash, entry, value32);
}

void aval_disclosure_end_slot(aval_disclosure_hasher *h)
{
	uint8_t hash32[32];

	if (!h->is_crowded)
		return;
	aval_sha256_finish(&h->crowded_hash, hash32);
	aval_hash_leaves32(hash32, hash32, 1);
	aval_fold_add(&h->fold, h->crowded.index, h->crowded.gap, hash32);
}
