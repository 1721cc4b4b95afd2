/* SPDX-License-Identifier: Apache-2.0 */
/* A commitment is made: terms are checked and encoded, the key of the salts derived, each term put into its
 * slot. */
#include "invoice/commitment.h"
#include "cbor/cbor.h"
#include "hash/batch.h"
#include "invoice/path.h"
#include "invoice/tree.h"
#include "merkle/merkle.h"

/* The order of map keys in CBOR: by length, then by bytes. */
static int key_order(aval_text a, aval_text b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len == 0 ? 0 : memcmp(a.data, b.data, a.len);
}

static int name_order(aval_text a, aval_text b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int    order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static aval_status check_utf8(aval_text text, const char *where, aval_error *err)
{
	size_t bad;

	if (aval_utf8_check(&bad, (const uint8_t *)text.data, text.len))
		return AVAL_OK;
	return aval_fail(err, AVAL_E_CBOR_UTF8, where, "the text is not UTF-8");
}

static aval_status check_qualifiers(const aval_term *term, aval_error *err)
{
	if (term->qualifier_count > AVAL_TERM_MAX_QUALIFIERS)
		return aval_fail(err, AVAL_E_LIMIT, "terms[].qualifiers", "a term has too many qualifiers");
	for (size_t i = 0; i < term->qualifier_count; i++) {
		const aval_qualifier *q = &term->qualifiers[i];
		aval_status           status = check_utf8(q->name, "terms[].qualifiers[].name", err);

		if (status == AVAL_OK)
			status = check_utf8(q->value, "terms[].qualifiers[].value", err);
		if (status != AVAL_OK)
			return status;
		if (i > 0 && name_order(q[-1].name, q->name) >= 0)
			return aval_fail(err, AVAL_E_DISCLOSURE_ORDER, "terms[].qualifiers[].name",
			                 "the qualifiers do not ascend strictly");
	}
	return AVAL_OK;
}

static aval_status check_terms(const aval_term *terms, size_t count, aval_error *err)
{
	aval_term_path path = { 0, { { 0 } } }, last;
	aval_status    status = AVAL_OK;

	if (count == 0)
		return aval_fail(err, AVAL_E_INVOICE_TERM_MISSING, "terms", "the invoice has no term");
	if (count > AVAL_COMMITMENT_MAX_TERMS)
		return aval_fail(err, AVAL_E_LIMIT, "terms", "the invoice has too many terms");
	for (size_t i = 0; i < count && status == AVAL_OK; i++) {
		last = path;
		status = aval_term_path_parse(&path, terms[i].path.data, terms[i].path.len, err);
		if (status == AVAL_OK && !aval_term_path_is_mapped(&path, err))
			status = AVAL_E_INVOICE_TERM_UNKNOWN;
		if (status == AVAL_OK && i > 0 && aval_term_path_order(&last, &path) >= 0)
			status = aval_fail(err, AVAL_E_DISCLOSURE_ORDER, "terms[].path",
			                   "the terms do not ascend strictly");
		if (status == AVAL_OK)
			status = check_utf8(terms[i].value, "terms[].value", err);
		if (status == AVAL_OK)
			status = check_qualifiers(&terms[i], err);
	}
	return status;
}

/* The next qualifier in the order of map keys; they are few. */
static const aval_qualifier *next_qualifier(const aval_term *term, const aval_qualifier *last)
{
	const aval_qualifier *next = NULL;

	for (size_t i = 0; i < term->qualifier_count; i++) {
		const aval_qualifier *q = &term->qualifiers[i];

		if ((last == NULL || key_order(last->name, q->name) < 0) &&
		    (next == NULL || key_order(q->name, next->name) < 0))
			next = q;
	}
	return next;
}

static void write_term(aval_cbor_writer *w, const aval_term *term)
{
	const aval_qualifier *q = NULL;

	aval_cbor_write_array(w, 3);
	aval_cbor_write_text(w, term->path);
	aval_cbor_write_text(w, term->value);
	aval_cbor_write_map(w, term->qualifier_count);
	for (size_t i = 0; i < term->qualifier_count; i++) {
		q = next_qualifier(term, q);
		aval_cbor_write_text(w, q->name);
		aval_cbor_write_text(w, q->value);
	}
}

static size_t encoded_len(const aval_term *terms, size_t count)
{
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, NULL, 0);
	for (size_t i = 0; i < count; i++)
		write_term(&w, &terms[i]);
	return w.len;
}

static void encode(aval_commitment *c, const aval_term *terms)
{
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, c->terms, c->terms_len);
	for (size_t i = 0; i < c->term_count; i++) {
		c->offsets[i] = w.len;
		write_term(&w, &terms[i]);
	}
	c->offsets[c->term_count] = w.len;
}

static void absorb(const uint8_t *data, size_t len, void *ctx)
{
	aval_sha256_update(ctx, data, len);
}

/* HMAC(seed, TH("aval/terms", [map version, terms])) is the key of all salts. */
static void derive_key(aval_commitment *c, const uint8_t seed32[32])
{
	uint8_t          hash[32];
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;

	aval_tagged_init(&ctx, &aval_tag_terms);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_cbor_write_array(&w, 2);
	aval_cbor_write_uint(&w, AVAL_TERM_MAP_VERSION);
	aval_cbor_write_array(&w, c->term_count);
	aval_cbor_write_raw(&w, c->terms, c->terms_len);
	aval_sha256_finish(&ctx, hash);
	aval_hmac_sha256(c->salt_key32, seed32, 32, hash, sizeof hash);
	aval_wipe(hash, sizeof hash);
}

static unsigned depth_of(size_t term_count)
{
	unsigned depth = AVAL_COMMITMENT_MIN_DEPTH;

	while ((size_t)1 << depth < 8 * term_count)
		depth++;
	return depth;
}

/* One pass of a radix sort; it keeps the order of equals. */
static void sort_pass(aval_slot_entry *out, const aval_slot_entry *in, size_t count, unsigned shift)
{
	size_t places[257] = { 0 };

	for (size_t i = 0; i < count; i++)
		places[(in[i].slot >> shift & 255) + 1]++;
	for (size_t i = 1; i < 256; i++)
		places[i] += places[i - 1];
	for (size_t i = 0; i < count; i++)
		out[places[in[i].slot >> shift & 255]++] = in[i];
}

/* The entries in the order of terms. */
static void find_slots(aval_commitment *c)
{
	uint8_t         hashes[32 * 64];
	aval_hash_batch batch;

	aval_hash_batch_init(&batch, aval_tag_slot_index.state);
	for (size_t first = 0; first < c->term_count; first += 64) {
		size_t count = c->term_count - first < 64 ? c->term_count - first : 64;

		for (size_t i = 0; i < count; i++) {
			aval_text path = aval_commitment_term(c, (uint32_t)(first + i)).path;

			memcpy(aval_hash_batch_add(&batch, hashes + 32 * i, path.len), path.data, path.len);
		}
		aval_hash_batch_flush(&batch);
		for (size_t i = 0; i < count; i++)
			c->entries[first + i] = (aval_slot_entry){ aval_slot_of_hash(hashes + 32 * i, c->depth),
				                                   (uint32_t)(first + i) };
	}
}

/* Fill entries; room is for as many again. */
static void place(aval_commitment *c, aval_slot_entry *room)
{
	aval_slot_entry *from = c->entries, *to = room, *swap;

	find_slots(c);
	for (unsigned shift = 0; shift < c->depth; shift += 8) {
		sort_pass(to, from, c->term_count, shift);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != c->entries)
		memcpy(c->entries, from, c->term_count * sizeof *from);
}

static bool alloc_parts(aval_commitment *c, const aval_term *terms)
{
	size_t n = c->term_count;

	c->depth = depth_of(n);
	c->kept_depth = c->depth < AVAL_COMMITMENT_KEPT_DEPTH ? c->depth : AVAL_COMMITMENT_KEPT_DEPTH;
	c->terms_len = encoded_len(terms, n);
	c->terms = aval_alloc(c->allocator, c->terms_len);
	c->offsets = aval_alloc_array(c->allocator, n + 1, sizeof *c->offsets);
	c->entries = aval_alloc_array(c->allocator, n, sizeof *c->entries);
	c->values = aval_alloc_array(c->allocator, n, 32);
	c->value_salts = aval_alloc_array(c->allocator, n, 64);
	c->levels = aval_alloc_array(c->allocator, aval_perfect_count(c->kept_depth), 32);
	return c->terms != NULL && c->offsets != NULL && c->entries != NULL && c->values != NULL &&
	       c->value_salts != NULL && c->levels != NULL;
}

/* Free memory that tells of the invoice; it may be NULL. */
static void release(void *pointer, size_t len, const aval_allocator *allocator)
{
	if (pointer != NULL)
		aval_wipe(pointer, len);
	aval_free(pointer, allocator);
}

/* All but the key and what hangs on it. */
static aval_status lay_out(aval_commitment **commitment_out, const aval_term *terms, size_t term_count,
                           const aval_allocator *allocator, aval_error *err)
{
	aval_status      status = check_terms(terms, term_count, err);
	aval_commitment *c;
	aval_slot_entry *room = NULL;

	if (status != AVAL_OK)
		return status;
	c = aval_alloc_zero(allocator, sizeof *c);
	if (c == NULL)
		return aval_fail_no_memory(err);
	c->allocator = allocator;
	c->term_count = term_count;
	if (alloc_parts(c, terms))
		room = aval_alloc_array(allocator, term_count, sizeof *room);
	if (room == NULL) {
		aval_commitment_free(c);
		return aval_fail_no_memory(err);
	}
	c->slot_salts = c->value_salts + 32 * term_count;
	encode(c, terms);
	place(c, room);
	release(room, term_count * sizeof *room, allocator);
	*commitment_out = c;
	return AVAL_OK;
}

static void hash_all(aval_commitment *c)
{
	aval_hmac_key_init(&c->key, c->salt_key32, sizeof c->salt_key32);
	aval_commitment_hash_values(c);
	aval_commitment_hash_tree(c);
}

aval_status aval_commitment_new_from_terms(aval_commitment **commitment_out, const aval_term *terms,
                                           size_t term_count, const uint8_t seed32[32],
                                           const aval_allocator *allocator, aval_error *err)
{
	aval_status status = lay_out(commitment_out, terms, term_count, allocator, err);

	if (status != AVAL_OK)
		return status;
	derive_key(*commitment_out, seed32);
	hash_all(*commitment_out);
	return AVAL_OK;
}

aval_status aval_commitment_new(aval_commitment **commitment_out, const aval_invoice *invoice,
                                const uint8_t seed32[32], const aval_allocator *allocator, aval_error *err)
{
	return aval_commitment_new_from_terms(commitment_out, aval_invoice_terms(invoice),
	                                      aval_invoice_term_count(invoice), seed32, allocator, err);
}

aval_status aval_commitment_new_from_salt_key(aval_commitment **commitment_out, const aval_term *terms,
                                              size_t term_count, const uint8_t salt_key32[32],
                                              const aval_allocator *allocator, aval_error *err)
{
	aval_status status = lay_out(commitment_out, terms, term_count, allocator, err);

	if (status != AVAL_OK)
		return status;
	memcpy((*commitment_out)->salt_key32, salt_key32, 32);
	hash_all(*commitment_out);
	return AVAL_OK;
}

void aval_commitment_salt_key(uint8_t salt_key32_out[32], const aval_commitment *commitment)
{
	memcpy(salt_key32_out, commitment->salt_key32, 32);
}

void aval_commitment_free(aval_commitment *commitment)
{
	const aval_allocator *allocator;
	size_t                count;

	if (commitment == NULL)
		return;
	allocator = commitment->allocator;
	count = commitment->term_count;
	release(commitment->terms, commitment->terms_len, allocator);
	release(commitment->offsets, (count + 1) * sizeof *commitment->offsets, allocator);
	release(commitment->entries, count * sizeof *commitment->entries, allocator);
	release(commitment->value_salts, count * 64, allocator);
	aval_free(commitment->values, allocator);
	aval_free(commitment->levels, allocator);
	aval_wipe(commitment, sizeof *commitment);
	aval_free(commitment, allocator);
}

void aval_commitment_hash(uint8_t commitment32_out[32], const aval_commitment *commitment)
{
	memcpy(commitment32_out, commitment->hash32, 32);
}

void aval_commitment_source_binding(uint8_t binding32_out[32], const aval_commitment *commitment,
                                    const uint8_t source_sha256[32])
{
	static const uint8_t head[] = { 0x82, 0x66, 's', 'o', 'u', 'r', 'c', 'e', 0x58, 0x20 };
	aval_sha256_ctx      ctx;

	aval_hmac_init(&ctx, &commitment->key);
	aval_sha256_update(&ctx, head, sizeof head);
	aval_sha256_update(&ctx, source_sha256, 32);
	aval_hmac_finish(&ctx, &commitment->key, binding32_out);
}

aval_status aval_commitment_verify(const aval_commitment *commitment, const uint8_t commitment32[32],
                                   aval_error *err)
{
	if (memcmp(commitment->hash32, commitment32, 32) == 0)
		return AVAL_OK;
	return aval_fail(err, AVAL_E_COMMITMENT_MISMATCH, "token.commitment",
	                 "invoice and seed give another commitment");
}
