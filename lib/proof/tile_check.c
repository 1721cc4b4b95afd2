/* SPDX-License-Identifier: Apache-2.0 */
/* A whole log against its entries: it is written again, and each tile compared with the one that is there. */
#include "hash/hash.h"
#include "proof/tile.h"

typedef struct comparison {
	const aval_tile_source *source;
	aval_error              detail;
	uint8_t                 hashes[AVAL_TILE_MAX_LEN];
} comparison;

static aval_status compare(const aval_tile *tile, const uint8_t *data, size_t len, void *user_data)
{
	comparison *c = user_data;
	aval_status status;

	/* The entries are where all of this comes from. */
	if (tile->is_entries)
		return AVAL_OK;
	status = aval_tile_read(c->hashes, c->source, tile, &c->detail);
	if (status == AVAL_OK && memcmp(c->hashes, data, len) != 0)
		status = aval_fail(&c->detail, AVAL_E_PROOF_ROOT_MISMATCH, "tile",
		                   "the tile is not what the entries make it");
	return status;
}

static aval_status explain(aval_status status, const aval_error *inner, const comparison *c, aval_error *err)
{
	const aval_error *why = status == AVAL_E_CALLBACK ? &c->detail : inner;

	return aval_fail_full(err, why->status, why->offset, why->where, why->reason, why->cause);
}

static aval_status append_bundle(aval_tile_writer *w, const aval_tile_bundle *b, comparison *c, aval_error *err)
{
	aval_error  inner = AVAL_ERROR_INIT;
	aval_bytes  entry;
	size_t      offset = 0;
	aval_status status;

	while (aval_tile_next_entry(&entry, &offset, b->data, b->len, NULL) == AVAL_OK) {
		status = aval_tile_writer_append(w, entry.data, entry.len, &inner);
		if (status != AVAL_OK)
			return explain(status, &inner, c, err);
	}
	return AVAL_OK;
}

static aval_status append_all(aval_tile_writer *w, aval_tile_bundle *b, uint64_t size, comparison *c,
                              const aval_allocator *allocator, aval_error *err)
{
	while (aval_tile_writer_size(w) < size) {
		aval_tile   tile;
		aval_status status =
			aval_tile_at(&tile, true, 0, aval_tile_writer_size(w) / AVAL_TILE_WIDTH, size, err);

		if (status == AVAL_OK)
			status = aval_bundle_read(b, c->source, &tile, allocator, err);
		if (status == AVAL_OK)
			status = append_bundle(w, b, c, err);
		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

static aval_status check(uint8_t root32_out[32], uint64_t size, comparison *c, const aval_allocator *allocator,
                         aval_error *err)
{
	aval_tile_sink    sink = { sizeof sink, compare, c };
	aval_tile_bundle  bundle = { NULL, 0, 0 };
	aval_error        inner = AVAL_ERROR_INIT;
	aval_tile_writer *w;
	aval_status       status = aval_tile_writer_new(&w, 0, NULL, NULL, &sink, allocator, err);

	if (status != AVAL_OK)
		return status;
	status = append_all(w, &bundle, size, c, allocator, err);
	if (status == AVAL_OK) {
		status = aval_tile_writer_flush(root32_out, w, &inner);
		if (status != AVAL_OK)
			status = explain(status, &inner, c, err);
	}
	aval_bundle_clear(&bundle, allocator);
	aval_tile_writer_free(w);
	return status;
}

aval_status aval_tile_check_log(uint8_t root32_out[32], uint64_t size, const aval_tile_source *source,
                                const aval_allocator *allocator, aval_error *err)
{
	comparison *c;
	aval_status status = aval_tile_source_check(source, err);

	if (status == AVAL_OK && size > INT64_MAX)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile.size", "a size of 2^63 or more");
	if (status != AVAL_OK)
		return status;
	c = aval_alloc_zero(allocator, sizeof *c);
	if (c == NULL)
		return aval_fail_no_memory(err);
	c->source = source;
	status = check(root32_out, size, c, allocator, err);
	aval_free(c, allocator);
	return status;
}
