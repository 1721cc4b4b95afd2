/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hashes of a commitment. Nearly all slots are empty, and their salts and hashes are messages of one shape that
 * differ in the index alone, so they are made by the batch: four passes over single blocks a slot.
 */
#include <aval/range.h>

#include "cbor/cbor.h"
#include "invoice/tree.h"
#include "merkle/merkle.h"

enum { BATCH = 64 };

aval_encoded_term aval_commitment_term(const aval_commitment *c, uint32_t term)
{
	const uint8_t *item = c->terms + c->offsets[term] + 1;
	const uint8_t *end = c->terms + c->offsets[term + 1];
	size_t         head_len = item[0] == 0x78 ? 2 : 1;
	size_t         path_len = head_len == 2 ? item[1] : item[0] & 31u;
	size_t         item_len = head_len + path_len;

	return (aval_encoded_term){ .path = { (const char *)item + head_len, path_len },
		                    .path_item = { item, item_len },
		                    .rest = { item + item_len, (size_t)(end - item) - item_len } };
}

size_t aval_commitment_entry(const aval_commitment *c, uint32_t slot)
{
	size_t begin = 0, end = c->term_count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (c->entries[middle].slot < slot)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin;
}

void aval_commitment_value_salt(uint8_t salt32_out[32], const aval_commitment *c, aval_bytes path_item)
{
	static const uint8_t head[] = { 0x82, 0x65, 'v', 'a', 'l', 'u', 'e' };
	aval_sha256_ctx      ctx;

	aval_hmac_init(&ctx, &c->key);
	aval_sha256_update(&ctx, head, sizeof head);
	aval_sha256_update(&ctx, path_item.data, path_item.len);
	aval_hmac_finish(&ctx, &c->key, salt32_out);
}

void aval_commitment_hash_values(aval_commitment *c)
{
	uint8_t         head[3 + 32] = { 0x84, 0x58, 0x20 };
	aval_sha256_ctx ctx;

	for (size_t i = 0; i < c->term_count; i++) {
		aval_encoded_term term = aval_commitment_term(c, c->entries[i].term);

		aval_commitment_value_salt(head + 3, c, term.path_item);
		aval_tagged_init(&ctx, &aval_tag_value);
		aval_sha256_update(&ctx, head, sizeof head);
		aval_sha256_update(&ctx, term.path_item.data, term.path_item.len + term.rest.len);
		aval_sha256_finish(&ctx, c->values + 32 * i);
	}
	aval_wipe(head, sizeof head);
}

/* A slot index in CBOR. */
static size_t index_len(uint32_t index)
{
	return index < 24 ? 1 : index < 256 ? 2 : index < 65536 ? 3 : 5;
}

static void put_index(uint8_t *out, uint32_t index, size_t len)
{
	static const uint8_t head[] = { 0, 0, 0x18, 0x19, 0, 0x1a };

	out[0] = len == 1 ? (uint8_t)index : head[len];
	for (size_t i = 1; i < len; i++)
		out[i] = (uint8_t)(index >> (8 * (len - 1 - i)));
}

/*
 * A message of one block, behind a first block that is hashed already, in which an index stands: before || index ||
 * after. Blocks of indices of equal length differ in these bytes alone.
 */
typedef struct message {
	uint8_t block[64];
	size_t  before_len;
	size_t  index_len; /* 0: not laid out yet */
} message;

static void lay_out(message *m, const uint8_t *before, size_t before_len, size_t len, const uint8_t *after,
                    size_t after_len)
{
	uint8_t bytes[64] = { 0 };

	if (m->index_len == len)
		return;
	memcpy(bytes, before, before_len);
	memcpy(bytes + before_len + len, after, after_len);
	aval_hash_last_block(m->block, bytes, before_len + len + after_len, 64);
	m->before_len = before_len;
	m->index_len = len;
}

static void fill(uint8_t block[64], const message *m, uint32_t index)
{
	memcpy(block, m->block, 64);
	put_index(block + m->before_len, index, m->index_len);
}

static const uint8_t salt_head[] = { 0x82, 0x64, 's', 'l', 'o', 't' };

void aval_commitment_slot_salt(uint8_t salt32_out[32], const aval_commitment *c, uint32_t slot)
{
	uint8_t bytes[sizeof salt_head + 5];
	size_t  len = index_len(slot);

	memcpy(bytes, salt_head, sizeof salt_head);
	put_index(bytes + sizeof salt_head, slot, len);
	aval_hmac(salt32_out, &c->key, bytes, sizeof salt_head + len);
}

/* The same for count <= BATCH slots side by side. */
static void slot_salts(uint8_t *salts_out, const aval_commitment *c, uint32_t begin, size_t count)
{
	static const uint8_t none[32] = { 0 };
	uint8_t              blocks[64 * BATCH] = { 0 };
	message              m = { .index_len = 0 };

	for (size_t i = 0; i < count; i++) {
		uint32_t index = begin + (uint32_t)i;

		lay_out(&m, salt_head, sizeof salt_head, index_len(index), &none[0], 0);
		fill(blocks + 64 * i, &m, index);
	}
	aval_hash_blocks(salts_out, c->key.inner, blocks, count);
	aval_hash_last_block(m.block, none, sizeof none, 64);
	for (size_t i = 0; i < count; i++) {
		memcpy(blocks + 64 * i, salts_out + 32 * i, 32);
		memcpy(blocks + 64 * i + 32, m.block + 32, 32);
	}
	aval_hash_blocks(salts_out, c->key.outer, blocks, count);
	aval_wipe(blocks, sizeof blocks);
}

/* All slots of a batch as if they were empty. */
static void hash_empty(uint8_t *slots_out, const uint8_t *salts, uint32_t begin, size_t count)
{
	static const uint8_t before[3 + 32] = { 0x83, 0x58, 0x20 }, after = 0x80;
	uint8_t              blocks[64 * BATCH] = { 0 };
	message              m = { .index_len = 0 };

	for (size_t i = 0; i < count; i++) {
		uint32_t index = begin + (uint32_t)i;

		lay_out(&m, before, sizeof before, index_len(index), &after, 1);
		fill(blocks + 64 * i, &m, index);
		memcpy(blocks + 64 * i + 3, salts + 32 * i, 32);
	}
	aval_hash_blocks(slots_out, aval_tag_slot.state, blocks, count);
	aval_wipe(blocks, sizeof blocks);
}

static void absorb(const uint8_t *data, size_t len, void *ctx)
{
	aval_sha256_update(ctx, data, len);
}

/* The slot of the entries [begin, end). */
static void hash_full(uint8_t slot32_out[32], const aval_commitment *c, const uint8_t salt32[32], size_t begin,
                      size_t end)
{
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;

	aval_tagged_init(&ctx, &aval_tag_slot);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_cbor_write_array(&w, 3);
	aval_cbor_write_bytes(&w, salt32, 32);
	aval_cbor_write_uint(&w, c->entries[begin].slot);
	aval_cbor_write_array(&w, end - begin);
	for (size_t i = begin; i < end; i++) {
		aval_encoded_term term = aval_commitment_term(c, c->entries[i].term);

		aval_cbor_write_array(&w, 2);
		aval_cbor_write_raw(&w, term.path_item.data, term.path_item.len);
		aval_cbor_write_bytes(&w, c->values + 32 * i, 32);
	}
	aval_sha256_finish(&ctx, slot32_out);
}

static size_t slot_end(const aval_commitment *c, size_t begin)
{
	size_t end = begin + 1;

	while (end < c->term_count && c->entries[end].slot == c->entries[begin].slot)
		end++;
	return end;
}

/* The leaf hashes of count <= BATCH slots; *entry_inout is the first entry at or behind them, then behind them. */
static void hash_leaves(uint8_t *leaves_out, const aval_commitment *c, uint32_t begin, size_t count,
                        size_t *entry_inout)
{
	uint8_t salts[32 * BATCH];
	size_t  entry = *entry_inout;

	slot_salts(salts, c, begin, count);
	hash_empty(leaves_out, salts, begin, count);
	while (entry < c->term_count && c->entries[entry].slot - begin < count) {
		size_t at = c->entries[entry].slot - begin, end = slot_end(c, entry);

		hash_full(leaves_out + 32 * at, c, salts + 32 * at, entry, end);
		entry = end;
	}
	aval_hash_leaves32(leaves_out, leaves_out, count);
	aval_wipe(salts, sizeof salts);
	*entry_inout = entry;
}

/* The root of 2^level slots, from the terms. */
static void hash_subtree(uint8_t hash32_out[32], const aval_commitment *c, uint32_t begin, unsigned level)
{
	uint8_t    leaves[32 * BATCH];
	uint32_t   end = begin + (UINT32_C(1) << level);
	size_t     entry = aval_commitment_entry(c, begin);
	aval_range range;

	aval_range_init(&range, begin);
	while (begin < end) {
		uint32_t count = end - begin < BATCH ? end - begin : BATCH;

		hash_leaves(leaves, c, begin, count, &entry);
		(void)!aval_range_append(&range, leaves, count, NULL);
		begin += count;
	}
	memcpy(hash32_out, range.hashes[0], 32);
}

void aval_commitment_hash_tree(aval_commitment *c)
{
	unsigned lost = c->depth - c->kept_depth;
	size_t   entry = 0;

	for (uint32_t i = 0; i < UINT32_C(1) << c->kept_depth; i += lost == 0 ? BATCH : 1) {
		if (lost == 0)
			hash_leaves(c->levels + (size_t)32 * i, c, i, BATCH, &entry);
		else
			hash_subtree(c->levels + (size_t)32 * i, c, i << lost, lost);
	}
	aval_perfect_build(c->levels, c->kept_depth);
	aval_commitment_of_root(c->hash32, c->depth, AVAL_TERM_MAP_VERSION,
	                        aval_perfect_root(c->levels, c->kept_depth));
}

void aval_commitment_subtree(uint8_t hash32_out[32], const aval_commitment *c, uint32_t begin, unsigned level)
{
	unsigned lost = c->depth - c->kept_depth;
	size_t   below;

	if (level < lost) {
		hash_subtree(hash32_out, c, begin, level);
		return;
	}
	level -= lost;
	below = ((size_t)2 << c->kept_depth) - ((size_t)2 << (c->kept_depth - level));
	memcpy(hash32_out, c->levels + 32 * (below + (begin >> lost >> level)), 32);
}
