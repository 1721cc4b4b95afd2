/* SPDX-License-Identifier: Apache-2.0 */
/* A commitment shows terms: paths become claims, claims open slots, slots leave gaps for the hashes. */
#include "cbor/cbor.h"
#include "invoice/tree.h"
#include "merkle/fold.h"

/* In place of a term: the slot is opened for an absent path. */
#define NO_TERM UINT32_MAX

typedef struct plan {
	const aval_commitment *c;
	/* (slot << 32 | term), ascending and distinct; a slot that absent paths need has one claim with NO_TERM. */
	uint64_t *claims;
	size_t    claim_count;
	/* Indices of paths that are absent, ascending by path and distinct. */
	uint64_t        *absent;
	size_t           absent_count;
	const aval_text *paths;
	size_t           slot_count;
	size_t           hash_count;
} plan;

typedef int (*order_fn)(const plan *p, uint64_t a, uint64_t b);

static int by_claim(const plan *p, uint64_t a, uint64_t b)
{
	(void)p;
	return (a > b) - (a < b);
}

static int by_path(const plan *p, uint64_t a, uint64_t b)
{
	return aval_term_path_compare(p->paths[a], p->paths[b]);
}

static void sift_down(const plan *p, uint64_t *items, size_t count, size_t at, order_fn order)
{
	uint64_t item = items[at];

	for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
		if (child + 1 < count && order(p, items[child], items[child + 1]) < 0)
			child++;
		if (order(p, item, items[child]) >= 0)
			break;
		items[at] = items[child];
		at = child;
	}
	items[at] = item;
}

/* Heap sort, since the library's qsort() may allocate; then drop what stands twice. Returns the new count. */
static size_t sort_distinct(const plan *p, uint64_t *items, size_t count, order_fn order)
{
	size_t kept = 0;

	for (size_t i = count / 2; i > 0; i--)
		sift_down(p, items, count, i - 1, order);
	for (size_t i = count; i > 1; i--) {
		uint64_t last = items[i - 1];

		items[i - 1] = items[0];
		items[0] = last;
		sift_down(p, items, i - 1, 0, order);
	}
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || order(p, items[kept - 1], items[i]) != 0)
			items[kept++] = items[i];
	return kept;
}

static uint32_t slot_of_claim(uint64_t claim)
{
	return (uint32_t)(claim >> 32);
}

/* The term with this path in a slot. */
static uint32_t find_term(const aval_commitment *c, uint32_t slot, aval_text path)
{
	for (size_t i = aval_commitment_entry(c, slot); i < c->term_count && c->entries[i].slot == slot; i++)
		if (aval_text_equal(aval_commitment_term(c, c->entries[i].term).path, path))
			return c->entries[i].term;
	return NO_TERM;
}

static aval_status claim_paths(plan *p, size_t path_count, aval_error *err)
{
	for (size_t i = 0; i < path_count; i++) {
		aval_text   path = p->paths[i];
		aval_status status = aval_term_path_parse(NULL, path.data, path.len, err);
		uint32_t    slot, term;

		if (status != AVAL_OK)
			return status;
		slot = aval_slot_of(path, p->c->depth);
		term = find_term(p->c, slot, path);
		if (term == NO_TERM)
			p->absent[p->absent_count++] = i;
		p->claims[p->claim_count++] = (uint64_t)slot << 32 | term;
	}
	p->claim_count = sort_distinct(p, p->claims, p->claim_count, by_claim);
	p->absent_count = sort_distinct(p, p->absent, p->absent_count, by_path);
	if (p->absent_count > AVAL_DISCLOSURE_MAX_ABSENT)
		return aval_fail(err, AVAL_E_LIMIT, "paths", "too many of the paths are absent");
	return AVAL_OK;
}

/* The claim that begins the next slot; claim_count behind the last. */
static size_t next_slot(const plan *p, size_t claim)
{
	size_t next = claim + 1;

	while (next < p->claim_count && slot_of_claim(p->claims[next]) == slot_of_claim(p->claims[claim]))
		next++;
	return next;
}

/* The end of the gap before the slot of a claim, or behind the last slot. */
static uint32_t gap_end(const plan *p, size_t claim)
{
	return claim < p->claim_count ? slot_of_claim(p->claims[claim]) : UINT32_C(1) << p->c->depth;
}

static void count_parts(plan *p)
{
	uint32_t begin = 0;

	for (size_t claim = 0; claim < p->claim_count; claim = next_slot(p, claim)) {
		p->hash_count += aval_fold_parts(begin, gap_end(p, claim));
		begin = slot_of_claim(p->claims[claim]) + 1;
		p->slot_count++;
	}
	p->hash_count += aval_fold_parts(begin, gap_end(p, p->claim_count));
}

static void write_opened(aval_cbor_writer *w, const aval_commitment *c, const aval_encoded_term *term)
{
	uint8_t salt[32] = { 0 };

	if (w->out != NULL)
		aval_commitment_value_salt(salt, c, term->path_item);
	aval_cbor_write_array(w, 4);
	aval_cbor_write_raw(w, term->path_item.data, term->path_item.len);
	aval_cbor_write_bytes(w, salt, sizeof salt);
	aval_cbor_write_raw(w, term->rest.data, term->rest.len);
	aval_wipe(salt, sizeof salt);
}

static void write_hidden(aval_cbor_writer *w, const aval_encoded_term *term, const uint8_t value32[32])
{
	aval_cbor_write_array(w, 2);
	aval_cbor_write_raw(w, term->path_item.data, term->path_item.len);
	aval_cbor_write_bytes(w, value32, 32);
}

/* The slot of a claim: the claims on it stand in the order of its entries. */
static void write_slot(aval_cbor_writer *w, const plan *p, size_t claim)
{
	const aval_commitment *c = p->c;
	uint32_t               slot = slot_of_claim(p->claims[claim]);
	size_t                 begin = aval_commitment_entry(c, slot), end = begin;
	uint8_t                salt[32] = { 0 };

	while (end < c->term_count && c->entries[end].slot == slot)
		end++;
	if (w->out != NULL)
		aval_commitment_slot_salt(salt, c, slot);
	aval_cbor_write_array(w, 3);
	aval_cbor_write_uint(w, slot);
	aval_cbor_write_bytes(w, salt, sizeof salt);
	aval_cbor_write_array(w, end - begin);
	for (size_t i = begin; i < end; i++) {
		aval_encoded_term term = aval_commitment_term(c, c->entries[i].term);

		if (claim < p->claim_count && p->claims[claim] == ((uint64_t)slot << 32 | c->entries[i].term)) {
			write_opened(w, c, &term);
			claim++;
		} else {
			write_hidden(w, &term, c->values + 32 * i);
		}
	}
	aval_wipe(salt, sizeof salt);
}

static void write_gap(aval_cbor_writer *w, const aval_commitment *c, uint32_t begin, uint32_t end)
{
	unsigned level = 0;
	uint8_t  hash[32] = { 0 };

	while (begin < end) {
		uint32_t part = aval_fold_part(begin, end, &level);

		if (w->out != NULL)
			aval_commitment_subtree(hash, c, begin, level);
		aval_cbor_write_bytes(w, hash, sizeof hash);
		begin = part;
	}
}

/* Without a buffer the writer only counts, and no salt or hash is made. */
static void write_disclosure(aval_cbor_writer *w, const plan *p)
{
	uint32_t begin = 0;

	aval_cbor_write_array(w, 5);
	aval_cbor_write_uint(w, p->c->depth);
	aval_cbor_write_uint(w, AVAL_TERM_MAP_VERSION);
	aval_cbor_write_array(w, p->absent_count);
	for (size_t i = 0; i < p->absent_count; i++)
		aval_cbor_write_text(w, p->paths[p->absent[i]]);
	aval_cbor_write_array(w, p->slot_count);
	for (size_t claim = 0; claim < p->claim_count; claim = next_slot(p, claim))
		write_slot(w, p, claim);
	aval_cbor_write_array(w, p->hash_count);
	for (size_t claim = 0; claim < p->claim_count; claim = next_slot(p, claim)) {
		write_gap(w, p->c, begin, gap_end(p, claim));
		begin = slot_of_claim(p->claims[claim]) + 1;
	}
	write_gap(w, p->c, begin, gap_end(p, p->claim_count));
}

static aval_status disclose(uint8_t *out, size_t *len_inout, plan *p, size_t path_count, aval_error *err)
{
	aval_status      status = claim_paths(p, path_count, err);
	aval_cbor_writer w;

	if (status != AVAL_OK)
		return status;
	count_parts(p);
	aval_cbor_writer_init(&w, NULL, 0);
	write_disclosure(&w, p);
	if (out == NULL || *len_inout < w.len) {
		*len_inout = w.len;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "disclosure", "the buffer is shorter than the disclosure");
	}
	aval_cbor_writer_init(&w, out, w.len);
	write_disclosure(&w, p);
	*len_inout = w.len;
	return AVAL_OK;
}

aval_status aval_commitment_disclose(uint8_t *out, size_t *len_inout, const aval_commitment *commitment,
                                     const aval_text *paths, size_t path_count, aval_error *err)
{
	plan        p = { .c = commitment, .paths = paths };
	aval_status status;

	if (path_count == 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "paths", "no path is to be disclosed");
	p.claims = aval_alloc_array(commitment->allocator, path_count, 2 * sizeof *p.claims);
	if (p.claims == NULL)
		return aval_fail_no_memory(err);
	p.absent = p.claims + path_count;
	status = disclose(out, len_inout, &p, path_count, err);
	aval_free(p.claims, commitment->allocator);
	return status;
}
