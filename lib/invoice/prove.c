/* SPDX-License-Identifier: Apache-2.0 */
/* A commitment shows terms: paths become claims, claims open slots; what stands in them is measured, then
 * written. */
#include "invoice/prove.h"
#include "hash/batch.h"
#include "invoice/path.h"
#include "invoice/put.h"
#include "merkle/fold.h"

enum { FEW = 16 };

typedef bool (*less_fn)(const aval_text *paths, uint64_t a, uint64_t b);

static bool less_claim(const aval_text *paths, uint64_t a, uint64_t b)
{
	(void)paths;
	return a < b;
}

static bool less_path(const aval_text *paths, uint64_t a, uint64_t b)
{
	return aval_term_path_compare(paths[a], paths[b]) < 0;
}

static void sift_down(uint64_t *items, size_t count, size_t at, less_fn less, const aval_text *paths)
{
	uint64_t item = items[at];

	for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
		if (child + 1 < count && less(paths, items[child], items[child + 1]))
			child++;
		if (!less(paths, item, items[child]))
			break;
		items[at] = items[child];
		at = child;
	}
	items[at] = item;
}

/* Heap sort, since the library's qsort() may allocate; few items are sorted faster one by one. */
static void sort(uint64_t *items, size_t count, less_fn less, const aval_text *paths)
{
	for (size_t i = 1, at; i < count && count <= FEW; i++) {
		uint64_t item = items[i];

		for (at = i; at > 0 && less(paths, item, items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
	if (count <= FEW)
		return;
	for (size_t i = count / 2; i > 0; i--)
		sift_down(items, count, i - 1, less, paths);
	for (size_t i = count; i > 1; i--) {
		uint64_t last = items[i - 1];

		items[i - 1] = items[0];
		items[0] = last;
		sift_down(items, i - 1, 0, less, paths);
	}
}

/* Then drop what stands twice. Returns the new count. */
static size_t sort_distinct(uint64_t *items, size_t count, less_fn less, const aval_text *paths)
{
	size_t kept = 0;

	sort(items, count, less, paths);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || less(paths, items[kept - 1], items[i]))
			items[kept++] = items[i];
	return kept;
}

/* The entry with this path in a slot. */
static uint32_t find_entry(const aval_commitment *c, uint32_t slot, aval_text path)
{
	for (size_t i = aval_commitment_entry(c, slot); i < c->term_count && c->entries[i].slot == slot; i++)
		if (aval_text_equal(aval_commitment_term(c, c->entries[i].term).path, path))
			return (uint32_t)i;
	return AVAL_NO_ENTRY;
}

/* A path that the invoice lacks, though it could have it. */
static aval_status claim_absent(aval_proof_plan *p, size_t path, aval_error *err)
{
	aval_term_path steps;
	aval_status    status = aval_term_path_parse(&steps, p->paths[path].data, p->paths[path].len, err);

	if (status != AVAL_OK)
		return status;
	if (!aval_term_path_is_mapped(&steps, err))
		return AVAL_E_INVOICE_TERM_UNKNOWN;
	p->absent[p->absent_count++] = path;
	return AVAL_OK;
}

/* The tagged hashes of so many paths; a text too long for a room is no path, its hash is not looked at. */
static void hash_paths(uint8_t *hashes_out, const aval_text *paths, size_t count)
{
	aval_hash_batch batch;

	aval_hash_batch_init(&batch, aval_tag_slot_index.state);
	for (size_t i = 0; i < count; i++) {
		uint8_t *room = aval_hash_batch_add(&batch, hashes_out + 32 * i, paths[i].len);

		if (room != NULL && paths[i].len > 0)
			memcpy(room, paths[i].data, paths[i].len);
	}
	aval_hash_batch_flush(&batch);
}

static aval_status claim_path(aval_proof_plan *p, size_t path, uint32_t slot, aval_error *err)
{
	uint32_t    entry = find_entry(p->c, slot, p->paths[path]);
	aval_status status = entry == AVAL_NO_ENTRY ? claim_absent(p, path, err) : AVAL_OK;

	if (status == AVAL_OK)
		p->claims[p->claim_count++] = (uint64_t)slot << 32 | entry;
	return status;
}

static aval_status claim_paths(aval_proof_plan *p, size_t path_count, aval_error *err)
{
	uint8_t hashes[32 * AVAL_HASH_BATCH_LANES] = { 0 };

	for (size_t i = 0; i < path_count; i++) {
		size_t      at = i % AVAL_HASH_BATCH_LANES, left = path_count - i;
		aval_status status;

		if (at == 0)
			hash_paths(hashes, p->paths + i,
			           left < AVAL_HASH_BATCH_LANES ? left : AVAL_HASH_BATCH_LANES);
		status = claim_path(p, i, aval_slot_of_hash(hashes + 32 * at, p->c->depth), err);
		if (status != AVAL_OK)
			return status;
	}
	p->claim_count = sort_distinct(p->claims, p->claim_count, less_claim, NULL);
	p->absent_count = sort_distinct(p->absent, p->absent_count, less_path, p->paths);
	if (p->absent_count > AVAL_DISCLOSURE_MAX_ABSENT)
		return aval_fail(err, AVAL_E_LIMIT, "paths", "too many of the paths are absent");
	return AVAL_OK;
}

/* An entry with all in it but the rest of an opened term. */
static size_t entry_len(const aval_encoded_term *term)
{
	return 1 + term->path_item.len + AVAL_PUT_HASH_LEN;
}

/* The first entry of a slot, of which one may be known. */
static size_t first_entry(const aval_commitment *c, uint32_t slot, size_t entry)
{
	if (entry == AVAL_NO_ENTRY)
		return aval_commitment_entry(c, slot);
	while (entry > 0 && c->entries[entry - 1].slot == slot)
		entry--;
	return entry;
}

/* The slot of a claim, measured; returns the claim that begins the next slot. */
static size_t plan_slot(aval_proof_plan *p, size_t claim)
{
	const aval_commitment *c = p->c;
	aval_proof_slot       *s = &p->slots[p->slot_count++];

	s->index = (uint32_t)(p->claims[claim] >> 32);
	s->claim = claim;
	s->begin = s->end = first_entry(c, s->index, aval_proof_entry(p, claim));
	for (; s->end < c->term_count && c->entries[s->end].slot == s->index; s->end++) {
		aval_encoded_term term = aval_commitment_term(c, c->entries[s->end].term);

		p->len += entry_len(&term);
		if (aval_proof_entry(p, claim) == s->end) {
			p->len += term.rest.len;
			claim++;
		}
	}
	p->len += 1 + aval_put_head_len(s->index) + AVAL_PUT_HASH_LEN +
	          aval_put_head_len((uint32_t)(s->end - s->begin));
	/* A claim without entry stands behind those with one. */
	return claim < p->claim_count && p->claims[claim] >> 32 == s->index ? claim + 1 : claim;
}

static void plan_all(aval_proof_plan *p)
{
	uint32_t begin = 0;

	for (size_t claim = 0; claim < p->claim_count;) {
		uint32_t index = (uint32_t)(p->claims[claim] >> 32);

		claim = plan_slot(p, claim);
		p->hash_count += aval_fold_parts(begin, index);
		begin = index + 1;
	}
	p->hash_count += aval_fold_parts(begin, UINT32_C(1) << p->c->depth);
	for (size_t i = 0; i < p->absent_count; i++) {
		size_t len = p->paths[p->absent[i]].len;

		p->len += aval_put_head_len((uint32_t)len) + len;
	}
	p->len += 3 + aval_put_head_len((uint32_t)p->absent_count) +
	          aval_put_head_len((uint32_t)p->slot_count) + aval_put_head_len((uint32_t)p->hash_count) +
	          AVAL_PUT_HASH_LEN * p->hash_count;
}

static aval_status disclose(uint8_t *out, size_t *len_inout, aval_proof_plan *p, size_t path_count,
                            aval_error *err)
{
	aval_status status = claim_paths(p, path_count, err);
	size_t      room = *len_inout;

	if (status != AVAL_OK)
		return status;
	plan_all(p);
	*len_inout = p->len;
	if (out == NULL || room < p->len)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "disclosure",
		                 "the buffer is shorter than the disclosure");
	aval_proof_write(out, p);
	return AVAL_OK;
}

aval_status aval_commitment_disclose(uint8_t *out, size_t *len_inout, const aval_commitment *commitment,
                                     const aval_text *paths, size_t path_count, aval_error *err)
{
	aval_proof_plan p = { .c = commitment, .paths = paths };
	size_t          each = sizeof *p.slots + sizeof *p.claims + sizeof *p.absent;
	aval_status     status;

	if (path_count == 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "paths", "no path is to be disclosed");
	p.slots = aval_alloc_array(commitment->allocator, path_count, each);
	if (p.slots == NULL)
		return aval_fail_no_memory(err);
	p.claims = (uint64_t *)(void *)(p.slots + path_count);
	p.absent = p.claims + path_count;
	status = disclose(out, len_inout, &p, path_count, err);
	aval_free(p.slots, commitment->allocator);
	return status;
}
