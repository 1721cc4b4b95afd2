/* SPDX-License-Identifier: Apache-2.0 */
/* Batch signatures: one signature over the root of a tree of Sig_structures. Docs/spec/batch.md. */
#include <aval/batch.h>
#include <aval/merkle.h>

#include "cose/cose.h"
#include "merkle/geometry.h"

static const struct {
	int64_t  number;
	aval_alg base;
} numbers[] = {
	{ AVAL_COSE_BATCH_ES256K, AVAL_ALG_ES256K },
	{ AVAL_COSE_BATCH_ESP256, AVAL_ALG_ESP256 },
	{ AVAL_COSE_BATCH_SCHNORR, AVAL_ALG_SCHNORR },
};

enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

const aval_algorithm *aval_cose_algorithm_find(bool *is_batch_out, int64_t alg)
{
	*is_batch_out = false;
	for (size_t i = 0; alg <= AVAL_COSE_BATCH_ES256K && i < NUMBERS; i++) {
		if (numbers[i].number != alg)
			continue;
		*is_batch_out = true;
		return aval_algorithm_find((int64_t)numbers[i].base);
	}
	return aval_algorithm_find(alg);
}

int64_t aval_cose_batch_number(const aval_algorithm *algorithm)
{
	for (size_t i = 0; i < NUMBERS; i++)
		if (numbers[i].base == algorithm->alg)
			return numbers[i].number;
	return 0;
}

static void read_path(aval_cbor_reader *r, aval_cose_batch *batch)
{
	size_t  count = aval_cbor_enter_array(r, "signature.batch.path");
	uint8_t any32[32];

	batch->path_count = aval_cbor_take_hashes(r, count, &batch->path);
	if (aval_cbor_ok(r) && batch->path_count < count)
		aval_cbor_read_bytes_exact(r, "signature.batch.path[]", any32, sizeof any32);
	aval_cbor_leave(r, "signature.batch.path");
}

/* Offsets of what can be wrong with the form of one that is well encoded. */
typedef struct places {
	size_t index, path, signature;
} places;

static aval_bytes read_batch(aval_cbor_reader *r, aval_cose_batch *batch, places *at)
{
	aval_bytes signature;

	aval_cbor_enter_array_exact(r, "signature.batch", 4);
	batch->size = aval_cbor_read_uint_range(r, "signature.batch.size", 1, AVAL_BATCH_MAX_SIZE);
	at->index = r->offset;
	batch->index = aval_cbor_read_uint(r, "signature.batch.index");
	at->path = r->offset;
	read_path(r, batch);
	at->signature = r->offset;
	signature = aval_cbor_read_bytes(r, "signature.batch.signature");
	aval_cbor_leave(r, "signature.batch");
	if (aval_cbor_ok(r) && r->offset != r->len)
		aval_cbor_fail(r, AVAL_E_CBOR_TRAILING, "signature.batch", "bytes follow the array");
	return signature;
}

/* The tree that is claimed: one length of path for each place. */
static void check_place(aval_cbor_reader *outer, const aval_cose_batch *batch, const places *at)
{
	size_t need = 0;

	if (aval_merkle_inclusion_count(&need, batch->size, batch->index, NULL) != AVAL_OK)
		aval_cbor_fail_at(outer, AVAL_E_PROOF_INDEX, at->index, "signature.batch.index",
		                  "the index is not below the size");
	else if (need != batch->path_count)
		aval_cbor_fail_at(outer, AVAL_E_PROOF_LENGTH, at->path, "signature.batch.path",
		                  "more or fewer hashes than the place needs");
}

void aval_cose_parse_batch(aval_cbor_reader *outer, aval_cose_signature *s)
{
	aval_cose_batch  batch = { 0 };
	aval_cbor_reader r;
	places           at;
	aval_bytes       signature;
	size_t           begin;

	if (!aval_cbor_ok(outer))
		return;
	begin = s->signature.len == 0 ? outer->offset : (size_t)(s->signature.data - outer->data);
	aval_cbor_reader_init(&r, outer->data, begin + s->signature.len);
	r.offset = begin;
	signature = read_batch(&r, &batch, &at);
	if (!aval_cbor_ok(&r)) {
		aval_cbor_fail_at(outer, AVAL_E_BATCH_FORMAT, r.fail_offset, r.fail_where, r.fail_reason);
		return;
	}
	check_place(outer, &batch, &at);
	if (aval_cbor_ok(outer) && signature.len != AVAL_SIGNATURE_LEN)
		aval_cbor_fail_at(outer, AVAL_E_SIGNATURE_LENGTH, at.signature, "signature.batch.signature",
		                  "a signature has 64 bytes");
	s->batch = batch;
	s->sig64 = signature.data;
}

void aval_cose_write_batch_message(aval_cbor_writer *w, uint64_t size, const uint8_t root32[32])
{
	aval_cbor_write_array(w, 3);
	aval_cbor_write_text_z(w, "Aval batch v1");
	aval_cbor_write_uint(w, size);
	aval_cbor_write_bytes(w, root32, 32);
}

void aval_cose_write_batch_signature(aval_cbor_writer *w, uint64_t size, uint64_t index, const uint8_t *path,
                                     size_t path_count, const uint8_t sig64[64])
{
	aval_cbor_write_array(w, 4);
	aval_cbor_write_uint(w, size);
	aval_cbor_write_uint(w, index);
	aval_cbor_write_array(w, path_count);
	for (size_t i = 0; i < path_count; i++)
		aval_cbor_write_bytes(w, path + 32 * i, 32);
	aval_cbor_write_bytes(w, sig64, AVAL_SIGNATURE_LEN);
}

static void absorb(const uint8_t *data, size_t len, void *user_data)
{
	aval_sha256_update(user_data, data, len);
}

void aval_cose_batch_leaf(uint8_t leaf32_out[32], const aval_cose_body *body, aval_bytes header)
{
	static const uint8_t leaf_prefix = 0;
	aval_sha256_ctx      ctx;
	aval_cbor_writer     w;

	aval_sha256_init(&ctx);
	aval_sha256_update(&ctx, &leaf_prefix, 1);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_cose_write_sig_structure(&w, body, header);
	aval_sha256_finish(&ctx, leaf32_out);
}

/* Whether the rest of a path, from a step on, is that of the way. */
static bool same_rest(const aval_cose_batch_way *way, const aval_cose_batch *batch, size_t step)
{
	for (; step < batch->path_count; step++)
		if (memcmp(way->path[step], batch->path + AVAL_CBOR_HASH_STEP * step, 32) != 0)
			return false;
	return true;
}

/* Go up, and leave the way behind; node is the leaf. */
static void go_up(aval_cose_batch_way *way, const aval_cose_batch *batch, uint8_t node[32])
{
	bool         may_meet = way->is_filled && way->size == batch->size && way->path_count == batch->path_count;
	aval_climb   climb = aval_climb_from(0, batch->index, batch->size);
	aval_climb   other = aval_climb_from(0, may_meet ? way->index : 0, batch->size);
	aval_sibling sibling;

	for (size_t step = 0; step < batch->path_count; step++) {
		const uint8_t *hash = batch->path + AVAL_CBOR_HASH_STEP * step;

		/* The same node of the same tree, with the same siblings above. */
		if (may_meet && climb.level == other.level && climb.index == other.index &&
		    memcmp(way->nodes[step], node, 32) == 0 && same_rest(way, batch, step))
			return;
		memcpy(way->nodes[step], node, 32);
		memcpy(way->path[step], hash, 32);
		(void)aval_climb_next(&other, &sibling);
		(void)aval_climb_next(&climb, &sibling);
		aval_hash_node(node, sibling.is_left ? hash : node, sibling.is_left ? node : hash);
	}
	memcpy(way->nodes[batch->path_count], node, 32);
}

aval_status aval_cose_batch_root(uint8_t root32_out[32], aval_cose_batch_way *way, const aval_cose_body *body,
                                 const aval_cose_signature *s, aval_error *err)
{
	uint8_t     node[32];
	size_t      need = 0;
	aval_status status = aval_merkle_inclusion_count(&need, s->batch.size, s->batch.index, err);

	if (status != AVAL_OK)
		return status;
	if (need != s->batch.path_count || need > AVAL_BATCH_MAX_PATH)
		return aval_fail_at(err, AVAL_E_PROOF_LENGTH, s->offset, "signature.batch.path",
		                    "more or fewer hashes than the place needs");
	aval_cose_batch_leaf(node, body, s->header);
	go_up(way, &s->batch, node);
	way->is_filled = true;
	way->size = s->batch.size;
	way->index = s->batch.index;
	way->path_count = need;
	memcpy(root32_out, way->nodes[need], 32);
	return AVAL_OK;
}

void aval_cose_batch_digest(uint8_t digest32_out[32], const aval_algorithm *algorithm, uint64_t size,
                            const uint8_t root32[32])
{
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;

	aval_cose_hasher_init(&w, &ctx, algorithm);
	aval_cose_write_batch_message(&w, size, root32);
	aval_sha256_finish(&ctx, digest32_out);
}
