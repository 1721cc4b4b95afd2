/* SPDX-License-Identifier: Apache-2.0 */
/* The second pass over a disclosure: from opened terms to value commitments, slots, leaves and the root. */
#include "hash/hash.h"
#include "invoice/disclosure.h"
#include "merkle/fold.h"

static void hash_value(uint8_t value32_out[32], const aval_disclosure_entry *e)
{
	uint8_t         head[3 + 32] = { 0x84, 0x58, 0x20 };
	aval_sha256_ctx ctx;

	memcpy(head + 3, e->hash32, 32);
	aval_tagged_init(&ctx, &aval_tag_value);
	aval_sha256_update(&ctx, head, sizeof head);
	aval_sha256_update(&ctx, e->path_item.data, e->path_item.len);
	aval_sha256_update(&ctx, e->rest.data, e->rest.len);
	aval_sha256_finish(&ctx, value32_out);
}

/* A slot lists an opened term as it lists a hidden one: [path, value commitment]. */
static void absorb_entry(aval_sha256_ctx *ctx, const aval_disclosure_entry *e)
{
	static const uint8_t pair = 0x82;
	uint8_t              value[2 + 32] = { 0x58, 0x20 };

	if (!e->is_opened) {
		aval_sha256_update(ctx, e->item.data, e->item.len);
		return;
	}
	hash_value(value + 2, e);
	aval_sha256_update(ctx, &pair, 1);
	aval_sha256_update(ctx, e->path_item.data, e->path_item.len);
	aval_sha256_update(ctx, value, sizeof value);
}

/* Read a slot; its index and the hash of its leaf. */
static uint32_t hash_slot(uint8_t leaf32_out[32], aval_cbor_reader *r)
{
	static const uint8_t  triple = 0x83;
	aval_sha256_ctx       ctx;
	aval_disclosure_entry e;
	uint32_t              index;
	size_t                count, start[4];

	aval_cbor_enter_array_exact(r, "", 3);
	start[0] = r->offset;
	index = (uint32_t)aval_cbor_read_uint(r, "");
	start[1] = r->offset;
	(void)aval_disclosure_read_hash(r, "");
	start[2] = r->offset;
	count = aval_cbor_enter_array(r, "");
	start[3] = r->offset;
	/* The slot that is hashed begins with the salt, the one that is shown with the index. */
	aval_tagged_init(&ctx, &aval_tag_slot);
	aval_sha256_update(&ctx, &triple, 1);
	aval_sha256_update(&ctx, r->data + start[1], start[2] - start[1]);
	aval_sha256_update(&ctx, r->data + start[0], start[1] - start[0]);
	aval_sha256_update(&ctx, r->data + start[2], start[3] - start[2]);
	for (size_t i = 0; i < count; i++) {
		aval_disclosure_read_entry(&e, r);
		absorb_entry(&ctx, &e);
	}
	aval_cbor_leave(r, "");
	aval_cbor_leave(r, "");
	aval_sha256_finish(&ctx, leaf32_out);
	aval_hash_leaves32(leaf32_out, leaf32_out, 1);
	return index;
}

void aval_disclosure_root(uint8_t root32_out[32], const aval_disclosure *disclosure, size_t hashes_offset)
{
	const uint8_t   *data = disclosure->data.data;
	aval_cbor_reader r;
	aval_fold        fold;
	uint8_t          leaf[32];

	aval_cbor_reader_init(&r, data + disclosure->slots_offset, disclosure->data.len - disclosure->slots_offset);
	aval_fold_init(&fold, disclosure->depth, data + hashes_offset, AVAL_DISCLOSURE_HASH_STRIDE);
	for (size_t i = 0; i < disclosure->slot_count; i++) {
		uint32_t index = hash_slot(leaf, &r);

		aval_fold_add(&fold, index, leaf);
	}
	aval_fold_finish(&fold, root32_out);
}
