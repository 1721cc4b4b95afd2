/* SPDX-License-Identifier: Apache-2.0 */
/* Trust: anchors and CRLs, read once. */
#include "identity/chain.h"

aval_status aval_trust_new(aval_trust **trust_out, const aval_allocator *allocator, aval_error *err)
{
	aval_trust *trust = aval_alloc_zero(allocator, sizeof *trust);

	if (trust == NULL)
		return aval_fail_no_memory(err);
	trust->allocator = allocator;
	*trust_out = trust;
	return AVAL_OK;
}

static void free_der(aval_bytes der, const aval_allocator *allocator)
{
	aval_free((void *)(uintptr_t)der.data, allocator);
}

static void drop_from(aval_trust *trust, size_t anchor_count, size_t crl_count)
{
	while (trust->anchor_count > anchor_count)
		free_der(trust->anchors[--trust->anchor_count].der, trust->allocator);
	while (trust->crl_count > crl_count)
		free_der(trust->crls[--trust->crl_count].der, trust->allocator);
}

void aval_trust_free(aval_trust *trust)
{
	const aval_allocator *allocator;

	if (trust == NULL)
		return;
	allocator = trust->allocator;
	drop_from(trust, 0, 0);
	aval_free(trust->anchors, allocator);
	aval_free(trust->crls, allocator);
	aval_free(trust, allocator);
}

static void absorb(aval_trust *trust, const uint8_t hash32[32], char kind)
{
	aval_sha256_ctx ctx;

	aval_sha256_init(&ctx);
	aval_sha256_update(&ctx, trust->hash32, 32);
	aval_sha256_update(&ctx, &kind, 1);
	aval_sha256_update(&ctx, hash32, 32);
	aval_sha256_finish(&ctx, trust->hash32);
}

/* Keep what was parsed unless it is there already; *is_kept_out says whether der is used now. */
static aval_status keep_anchor(aval_trust *trust, const aval_x509 *anchor, bool *is_kept_out, aval_error *err)
{
	aval_x509 *anchors;

	for (size_t i = 0; i < trust->anchor_count; i++)
		if (aval_bytes_equal(trust->anchors[i].der, anchor->der))
			return AVAL_OK;
	if (trust->anchor_count == AVAL_TRUST_MAX_ANCHORS)
		return aval_fail(err, AVAL_E_LIMIT, "trust", "more than AVAL_TRUST_MAX_ANCHORS");
	anchors = aval_grow(trust->anchors, &trust->anchor_room, trust->anchor_count, sizeof *anchors,
	                    trust->allocator);
	if (anchors == NULL)
		return aval_fail_no_memory(err);
	trust->anchors = anchors;
	anchors[trust->anchor_count++] = *anchor;
	*is_kept_out = true;
	return AVAL_OK;
}

static aval_status keep_crl(aval_trust *trust, const aval_x509_crl *crl, bool *is_kept_out, aval_error *err)
{
	aval_x509_crl *crls;

	for (size_t i = 0; i < trust->crl_count; i++)
		if (aval_bytes_equal(trust->crls[i].der, crl->der))
			return AVAL_OK;
	if (trust->crl_count == AVAL_TRUST_MAX_CRLS)
		return aval_fail(err, AVAL_E_LIMIT, "trust", "more than AVAL_TRUST_MAX_CRLS");
	crls = aval_grow(trust->crls, &trust->crl_room, trust->crl_count, sizeof *crls, trust->allocator);
	if (crls == NULL)
		return aval_fail_no_memory(err);
	trust->crls = crls;
	crls[trust->crl_count++] = *crl;
	*is_kept_out = true;
	return AVAL_OK;
}

/* One kind of thing that a file may hold. Both take der: it is freed unless it is kept. */
typedef struct kind {
	const char *label;
	aval_status format;
	size_t      max_len;
	aval_status (*add)(aval_trust *trust, aval_bytes der, bool *is_kept_out, aval_error *err);
} kind;

static aval_status add_anchor(aval_trust *trust, aval_bytes der, bool *is_kept_out, aval_error *err)
{
	aval_x509   anchor;
	aval_status status = aval_x509_parse(&anchor, der, err);

	return status == AVAL_OK ? keep_anchor(trust, &anchor, is_kept_out, err) : status;
}

static aval_status add_crl(aval_trust *trust, aval_bytes der, bool *is_kept_out, aval_error *err)
{
	aval_x509_crl crl;
	aval_status   status = aval_x509_crl_parse(&crl, der, err);

	return status == AVAL_OK ? keep_crl(trust, &crl, is_kept_out, err) : status;
}

static aval_status add_der(aval_trust *trust, const kind *k, uint8_t *der, size_t len, aval_error *err)
{
	bool        is_kept = false;
	aval_status status = k->add(trust, (aval_bytes){ der, len }, &is_kept, err);

	if (!is_kept)
		aval_free(der, trust->allocator);
	return status;
}

static aval_status add_copy(aval_trust *trust, const kind *k, const uint8_t *file, size_t len, aval_error *err)
{
	uint8_t *copy;

	if (len > k->max_len)
		return aval_fail(err, AVAL_E_LIMIT, "file", "longer than the limit");
	copy = aval_alloc(trust->allocator, len);
	if (copy == NULL)
		return aval_fail_no_memory(err);
	memcpy(copy, file, len);
	return add_der(trust, k, copy, len, err);
}

static aval_status add_pem(aval_trust *trust, const kind *k, const uint8_t *file, size_t len, aval_error *err)
{
	aval_pem_cursor cursor;
	size_t          blocks = 0;
	aval_status     status;

	aval_pem_open(&cursor, k->label, k->format, file, len);
	for (;; blocks++) {
		uint8_t *der;
		size_t   der_len;

		status = aval_pem_next(&der, &der_len, &cursor, k->max_len, trust->allocator, err);
		if (status == AVAL_OK && der == NULL && blocks == 0)
			return aval_fail(err, k->format, "pem", "there is no block");
		if (status != AVAL_OK || der == NULL)
			return status;
		status = add_der(trust, k, der, der_len, err);
		if (status != AVAL_OK)
			return status;
	}
}

/* All of a file or nothing. */
static aval_status add_file(aval_trust *trust, const kind *k, const uint8_t *file, size_t len, aval_error *err)
{
	size_t      anchor_count = trust->anchor_count, crl_count = trust->crl_count;
	aval_status status =
		aval_pem_is(file, len) ? add_pem(trust, k, file, len, err) : add_copy(trust, k, file, len, err);

	if (status != AVAL_OK) {
		drop_from(trust, anchor_count, crl_count);
		return status;
	}
	for (size_t i = anchor_count; i < trust->anchor_count; i++)
		absorb(trust, trust->anchors[i].hash32, 'a');
	for (size_t i = crl_count; i < trust->crl_count; i++)
		absorb(trust, trust->crls[i].hash32, 'c');
	return AVAL_OK;
}

aval_status aval_trust_add_anchors(aval_trust *trust, const uint8_t *file, size_t file_len, aval_error *err)
{
	static const kind anchors = { "CERTIFICATE", AVAL_E_CERT_FORMAT, AVAL_CERTIFICATE_MAX_LEN, add_anchor };

	return add_file(trust, &anchors, file, file_len, err);
}

aval_status aval_trust_add_crls(aval_trust *trust, const uint8_t *file, size_t file_len, aval_error *err)
{
	static const kind crls = { "X509 CRL", AVAL_E_CRL_FORMAT, AVAL_CRL_MAX_LEN, add_crl };

	return add_file(trust, &crls, file, file_len, err);
}

size_t aval_trust_anchor_count(const aval_trust *trust)
{
	return trust->anchor_count;
}

size_t aval_trust_crl_count(const aval_trust *trust)
{
	return trust->crl_count;
}

aval_bytes aval_trust_anchor(const aval_trust *trust, size_t index)
{
	return index < trust->anchor_count ? trust->anchors[index].der : (aval_bytes){ NULL, 0 };
}
