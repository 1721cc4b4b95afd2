/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of a commitment, their salts and value commitments: short messages, made by the batch. */
#include "hash/batch.h"
#include "invoice/put.h"
#include "invoice/tree.h"

enum { BATCH = 64 };

static const uint8_t salt_head[] = { 0x82, 0x65, 'v', 'a', 'l', 'u', 'e' };
enum { VALUE_HEAD = 0x84, VALUE_HEAD_LEN = 1 + AVAL_PUT_HASH_LEN }; /* an array of four, the salt first */

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

void aval_commitment_value_salt(uint8_t salt32_out[32], const aval_commitment *c, aval_bytes path_item)
{
	aval_sha256_ctx ctx;

	aval_hmac_init(&ctx, &c->key);
	aval_sha256_update(&ctx, salt_head, sizeof salt_head);
	aval_sha256_update(&ctx, path_item.data, path_item.len);
	aval_hmac_finish(&ctx, &c->key, salt32_out);
}

/* The salts of count <= BATCH entries: the inner hash of HMAC is the block of the outer one. */
static void value_salts(uint8_t *salts_out, const aval_commitment *c, size_t first, size_t count)
{
	uint8_t         outer[64 * BATCH], outer32[32];
	aval_hash_batch batch;

	aval_hash_batch_init(&batch, c->key.inner);
	for (size_t i = 0; i < count; i++) {
		aval_bytes item = aval_commitment_term(c, c->entries[first + i].term).path_item;
		/* No path is too long for a room. */
		uint8_t *room = aval_hash_batch_add(&batch, outer + 64 * i, sizeof salt_head + item.len);

		memcpy(room, salt_head, sizeof salt_head);
		memcpy(room + sizeof salt_head, item.data, item.len);
		aval_hash_pad(outer + 64 * i, 32);
	}
	aval_hash_batch_flush(&batch);
	aval_sha256_store(outer32, c->key.outer);
	aval_hash_blocks(salts_out, 32, outer32, 0, outer, 64, count);
	aval_hash_batch_clear(&batch);
	aval_wipe(outer, sizeof outer);
	aval_wipe(outer32, sizeof outer32);
}

/* A term that no room holds. */
static void hash_long(uint8_t value32_out[32], const uint8_t salt32[32], const aval_encoded_term *term,
                      size_t len)
{
	uint8_t         head[VALUE_HEAD_LEN];
	aval_sha256_ctx ctx;

	(void)aval_put_hash(aval_put_byte(head, VALUE_HEAD), salt32);
	aval_tagged_init(&ctx, &aval_tag_value);
	aval_sha256_update(&ctx, head, sizeof head);
	aval_wipe(head, sizeof head);
	aval_sha256_update(&ctx, term->path_item.data, len);
	aval_sha256_finish(&ctx, value32_out);
}

static void hash_value(aval_hash_batch *batch, uint8_t *value32_out, const uint8_t salt32[32],
                       const aval_encoded_term *term)
{
	size_t   len = term->path_item.len + term->rest.len;
	uint8_t *room = NULL;

	if (len <= AVAL_HASH_BATCH_MAX_LEN)
		room = aval_hash_batch_add(batch, value32_out, VALUE_HEAD_LEN + len);
	if (room == NULL)
		hash_long(value32_out, salt32, term, len);
	else
		(void)aval_put_bytes(aval_put_hash(aval_put_byte(room, VALUE_HEAD), salt32),
		                     (aval_bytes){ term->path_item.data, len });
}

void aval_commitment_hash_values(aval_commitment *c)
{
	aval_hash_batch batch;

	aval_hash_batch_init(&batch, aval_tag_value.state);
	for (size_t first = 0; first < c->term_count; first += BATCH) {
		size_t   count = c->term_count - first < BATCH ? c->term_count - first : BATCH;
		uint8_t *salts = c->value_salts + 32 * first;

		value_salts(salts, c, first, count);
		for (size_t i = 0; i < count; i++) {
			aval_encoded_term term = aval_commitment_term(c, c->entries[first + i].term);

			hash_value(&batch, c->values + 32 * (first + i), salts + 32 * i, &term);
		}
	}
	aval_hash_batch_flush(&batch);
	aval_hash_batch_clear(&batch);
}
