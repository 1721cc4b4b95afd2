/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a commitment. Nearly all slots are empty: their salts and hashes are messages of one shape that
 * differ in the index alone, so they are made by the batch, in four passes over single blocks.
 */
#include <aval/range.h>

#include "cbor/cbor.h"
#include "hash/batch.h"
#include "invoice/put.h"
#include "invoice/tree.h"
#include "merkle/merkle.h"

enum { BATCH_LEVEL = 6, BATCH = 1 << BATCH_LEVEL };

static const uint8_t salt_head[] = { 0x82, 0x64, 's', 'l', 'o', 't' };
static const uint8_t slot_head[] = { 0x83, 0x58, 0x20 }; /* the salt follows */

enum { INDEX_IN_SALT = sizeof salt_head, SALT_IN_SLOT = sizeof slot_head, INDEX_IN_SLOT = SALT_IN_SLOT + 32 };

/*
 * Slots are as good as random, so the place of one among the entries is nearly its share of all slots; from
 * there the bounds are widened until they hold it.
 */
size_t aval_commitment_entry(const aval_commitment *c, uint32_t slot)
{
	size_t begin = (size_t)(((uint64_t)slot * c->term_count) >> c->depth), end = begin, step = 1;

	while (begin > 0 && c->entries[begin - 1].slot >= slot) {
		end = begin - 1;
		begin -= step < begin ? step : begin;
		step *= 2;
	}
	while (end < c->term_count && c->entries[end].slot < slot) {
		begin = end + 1;
		end += step < c->term_count - end ? step : c->term_count - end;
		step *= 2;
	}
	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (c->entries[middle].slot < slot)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin;
}

void aval_commitment_slot_salt(uint8_t salt32_out[32], const aval_commitment *c, uint32_t slot)
{
	uint8_t bytes[INDEX_IN_SALT + 5];

	memcpy(bytes, salt_head, sizeof salt_head);
	aval_hmac(salt32_out, &c->key, bytes, (size_t)(aval_put_head(bytes + INDEX_IN_SALT, 0, slot) - bytes));
}

/*
 * The blocks of a batch of slots, laid out for indices of one length: a salt's inner and outer hash, and the
 * empty slot. Indices alone are written in turn, and each pass puts its hashes into the blocks of the next.
 */
typedef struct slot_hasher {
	const aval_commitment *c;
	uint8_t               *salts_out; /* of the slots that have entries; NULL: not wanted */
	size_t                 entry;     /* the first at or behind the slots that come next */
	size_t                 index_len; /* 0: not laid out yet */
	uint8_t                inner32[32], outer32[32], slot32[32]; /* the hashes before the blocks */
	uint8_t                inner[64 * BATCH], outer[64 * BATCH], slots[64 * BATCH];
	aval_hash_batch        full; /* slots that have terms */
} slot_hasher;

static void start(slot_hasher *h, const aval_commitment *c, uint32_t begin)
{
	h->c = c;
	h->salts_out = NULL;
	h->entry = aval_commitment_entry(c, begin);
	h->index_len = 0;
	aval_sha256_store(h->inner32, c->key.inner);
	aval_sha256_store(h->outer32, c->key.outer);
	aval_sha256_store(h->slot32, aval_tag_slot.state);
	aval_hash_batch_init(&h->full, aval_tag_slot.state);
}

static void lay_out(slot_hasher *h, size_t len)
{
	h->index_len = len;
	for (size_t i = 0; i < BATCH; i++) {
		uint8_t *slot = h->slots + 64 * i;

		aval_hash_pad(h->inner + 64 * i, INDEX_IN_SALT + len);
		memcpy(h->inner + 64 * i, salt_head, sizeof salt_head);
		aval_hash_pad(h->outer + 64 * i, 32);
		aval_hash_pad(slot, INDEX_IN_SLOT + len + 1);
		memcpy(slot, slot_head, sizeof slot_head);
		slot[INDEX_IN_SLOT + len] = 0x80; /* no term */
	}
}

static size_t slot_end(const aval_commitment *c, size_t begin)
{
	size_t end = begin + 1;

	while (end < c->term_count && c->entries[end].slot == c->entries[begin].slot)
		end++;
	return end;
}

static void absorb(const uint8_t *data, size_t len, void *ctx)
{
	aval_sha256_update(ctx, data, len);
}

/* The entries [begin, end) as a slot lists them. */
static void write_pairs(aval_cbor_writer *w, const aval_commitment *c, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++) {
		aval_bytes item = aval_commitment_term(c, c->entries[i].term).path_item;

		aval_cbor_write_array(w, 2);
		aval_cbor_write_raw(w, item.data, item.len);
		aval_cbor_write_bytes(w, c->values + 32 * i, 32);
	}
}

/* A slot that no room holds; its beginning, up to the index, is that of the empty one. */
static void hash_long(uint8_t slot32_out[32], const slot_hasher *h, const uint8_t *empty, size_t begin,
                      size_t end)
{
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;

	aval_tagged_init(&ctx, &aval_tag_slot);
	aval_sha256_update(&ctx, empty, INDEX_IN_SLOT + h->index_len);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_cbor_write_array(&w, end - begin);
	write_pairs(&w, h->c, begin, end);
	aval_sha256_finish(&ctx, slot32_out);
}

static size_t pairs_len(const aval_commitment *c, size_t begin, size_t end)
{
	size_t len = 0;

	for (size_t i = begin; i < end; i++)
		len += 1 + aval_commitment_term(c, c->entries[i].term).path_item.len + AVAL_PUT_HASH_LEN;
	return len;
}

/* Put a slot with terms into the batch. A room holds few of them, so their count is one byte. */
static void hash_full(slot_hasher *h, uint8_t *slot32_out, const uint8_t *empty, size_t begin, size_t end)
{
	size_t   before = INDEX_IN_SLOT + h->index_len, len = before + 1 + pairs_len(h->c, begin, end);
	uint8_t *to = aval_hash_batch_add(&h->full, slot32_out, len);

	if (to == NULL) {
		hash_long(slot32_out, h, empty, begin, end);
		return;
	}
	to = aval_put_bytes(to, (aval_bytes){ empty, before });
	to = aval_put_head(to, 4, (uint32_t)(end - begin));
	for (size_t i = begin; i < end; i++) {
		to = aval_put_bytes(aval_put_byte(to, 0x82),
		                    aval_commitment_term(h->c, h->c->entries[i].term).path_item);
		to = aval_put_hash(to, h->c->values + 32 * i);
	}
}

/* The leaf hashes of count <= BATCH slots whose indices have one length. */
static void hash_run(uint8_t *leaves_out, slot_hasher *h, uint32_t begin, size_t count)
{
	const aval_commitment *c = h->c;

	for (size_t i = 0; i < count; i++) {
		(void)aval_put_head(h->inner + 64 * i + INDEX_IN_SALT, 0, begin + (uint32_t)i);
		(void)aval_put_head(h->slots + 64 * i + INDEX_IN_SLOT, 0, begin + (uint32_t)i);
	}
	aval_hash_blocks(h->outer, 64, h->inner32, 0, h->inner, 64, count);
	aval_hash_blocks(h->slots + SALT_IN_SLOT, 64, h->outer32, 0, h->outer, 64, count);
	aval_hash_blocks(leaves_out, 32, h->slot32, 0, h->slots, 64, count);
	while (h->entry < c->term_count && c->entries[h->entry].slot - begin < count) {
		size_t at = c->entries[h->entry].slot - begin, end = slot_end(c, h->entry);

		if (h->salts_out != NULL)
			memcpy(h->salts_out + 32 * h->entry, h->slots + 64 * at + SALT_IN_SLOT, 32);
		hash_full(h, leaves_out + 32 * at, h->slots + 64 * at, h->entry, end);
		h->entry = end;
	}
	aval_hash_batch_flush(&h->full);
	aval_hash_leaves32(leaves_out, leaves_out, count);
}

/* The leaf hashes of count <= BATCH slots. */
static void hash_leaves(uint8_t *leaves_out, slot_hasher *h, uint32_t begin, size_t count)
{
	while (count > 0) {
		uint32_t last = begin < 24 ? 23 : begin < 256 ? 255 : begin < 65536 ? 65535 : UINT32_MAX;
		size_t   run = last - begin < count ? last - begin + 1 : count;

		if (h->index_len != aval_put_head_len(begin))
			lay_out(h, aval_put_head_len(begin));
		hash_run(leaves_out, h, begin, run);
		leaves_out += 32 * run;
		begin += (uint32_t)run;
		count -= run;
	}
}

/* The roots of the count >> level subtrees over count <= BATCH slots. */
static void hash_roots(uint8_t *roots_out, slot_hasher *h, uint32_t begin, size_t count, unsigned level)
{
	uint8_t nodes[32 * BATCH];

	hash_leaves(nodes, h, begin, count);
	for (; level > 0; level--) {
		count /= 2;
		aval_hash_nodes(nodes, nodes, count);
	}
	memcpy(roots_out, nodes, 32 * count);
}

/* The root of a subtree of any level; a large one is a range of batches. */
static void hash_subtree(uint8_t hash32_out[32], slot_hasher *h, uint32_t begin, unsigned level)
{
	uint32_t   end = begin + (UINT32_C(1) << level);
	uint8_t    root[32];
	aval_range range;

	if (level <= BATCH_LEVEL) {
		hash_roots(hash32_out, h, begin, (size_t)1 << level, level);
		return;
	}
	aval_range_init(&range, begin >> BATCH_LEVEL);
	for (; begin < end; begin += BATCH) {
		hash_roots(root, h, begin, BATCH, BATCH_LEVEL);
		(void)!aval_range_append(&range, root, 1, NULL);
	}
	memcpy(hash32_out, range.hashes[0], 32);
}

void aval_commitment_hash_tree(aval_commitment *c)
{
	unsigned    lost = c->depth - c->kept_depth;
	uint8_t    *leaf = c->levels;
	slot_hasher h;

	start(&h, c, 0);
	h.salts_out = c->slot_salts;
	for (uint32_t slot = 0; slot < UINT32_C(1) << c->depth;) {
		if (lost > BATCH_LEVEL) {
			hash_subtree(leaf, &h, slot, lost);
			slot += UINT32_C(1) << lost;
			leaf += 32;
		} else {
			hash_roots(leaf, &h, slot, BATCH, lost);
			slot += BATCH;
			leaf += (32 * BATCH) >> lost;
		}
	}
	aval_wipe(&h, sizeof h);
	aval_perfect_build(c->levels, c->kept_depth);
	aval_commitment_of_root(c->hash32, c->depth, AVAL_TERM_MAP_VERSION,
	                        aval_perfect_root(c->levels, c->kept_depth));
}

const uint8_t *aval_commitment_kept(const aval_commitment *c, uint32_t begin, unsigned level)
{
	unsigned lost = c->depth - c->kept_depth;
	size_t   below;

	if (level < lost)
		return NULL;
	below = ((size_t)2 << c->kept_depth) - ((size_t)2 << (c->depth - level));
	return c->levels + 32 * (below + (begin >> level));
}

void aval_commitment_subtree(uint8_t hash32_out[32], const aval_commitment *c, uint32_t begin, unsigned level)
{
	slot_hasher h;

	start(&h, c, begin);
	hash_subtree(hash32_out, &h, begin, level);
	aval_wipe(&h, sizeof h);
}
