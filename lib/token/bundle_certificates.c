/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates of a bundle: each of use, the issuers of each, what it proves. docs/spec/mandate.md#man-certificates. */
#include "identity/chain.h"
#include "token/bundle.h"

static aval_status take_key(aval_bundled_certificate *c, aval_error *err)
{
	aval_public_key key;
	aval_status     status = aval_chain_key(&key, c->chain, err);

	c->has_key = status == AVAL_OK;
	if (c->has_key)
		aval_public_key_thumbprint(c->thumbprint32, &key);
	return status == AVAL_E_NO_MEMORY ? status : AVAL_OK;
}

/* Take a certificate in behind the others; the order is the caller's to check. */
aval_status aval_bundle_push_certificate(aval_bundle *bundle, aval_bytes der, size_t offset, aval_error *err)
{
	aval_bundled_certificate  c = { .offset = offset };
	aval_bundled_certificate *rows;
	aval_status               status = aval_chain_parse(&c.chain, &der, 1, bundle->allocator, err);

	if (status != AVAL_OK)
		return status;
	aval_chain_leaf_hash(c.sha256, c.chain);
	status = take_key(&c, err);
	rows = status == AVAL_OK ? aval_grow(bundle->certificates, &bundle->certificate_room,
	                                     bundle->certificate_count, sizeof *rows, bundle->allocator)
	                         : NULL;
	if (rows == NULL) {
		aval_chain_free(c.chain);
		return status == AVAL_OK ? aval_fail_no_memory(err) : status;
	}
	bundle->certificates = rows;
	rows[bundle->certificate_count++] = c;
	return AVAL_OK;
}

static size_t find_hash(const aval_bundle *bundle, const uint8_t sha256[32])
{
	size_t begin = 0, end = bundle->certificate_count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (memcmp(bundle->certificates[middle].sha256, sha256, 32) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin;
}

const aval_bundled_certificate *aval_bundle_find_certificate(const aval_bundle *bundle, const uint8_t sha256[32])
{
	size_t index = find_hash(bundle, sha256);

	return index < bundle->certificate_count && memcmp(bundle->certificates[index].sha256, sha256, 32) == 0
	               ? &bundle->certificates[index]
	               : NULL;
}

aval_status aval_bundle_add_certificate(aval_bundle *bundle, const uint8_t *der, size_t len, aval_error *err)
{
	uint8_t                  sha256[32];
	size_t                   index, last = bundle->certificate_count;
	aval_bundled_certificate added;
	aval_status              status;

	aval_sha256(sha256, der, len);
	if (aval_bundle_find_certificate(bundle, sha256) != NULL)
		return AVAL_OK;
	if (last >= AVAL_BUNDLE_MAX_CERTIFICATES)
		return aval_fail(err, AVAL_E_LIMIT, "bundle.certificates", "more than AVAL_BUNDLE_MAX_CERTIFICATES");
	index = find_hash(bundle, sha256);
	status = aval_bundle_push_certificate(bundle, (aval_bytes){ der, len }, AVAL_NO_OFFSET, err);
	if (status != AVAL_OK)
		return status;
	added = bundle->certificates[last];
	memmove(bundle->certificates + index + 1, bundle->certificates + index, (last - index) * sizeof added);
	bundle->certificates[index] = added;
	return AVAL_OK;
}

size_t aval_bundle_certificate_count(const aval_bundle *bundle)
{
	return bundle->certificate_count;
}

aval_bytes aval_bundle_certificate(const aval_bundle *bundle, size_t index)
{
	return index < bundle->certificate_count ? aval_chain_certificate(bundle->certificates[index].chain, 0)
	                                         : (aval_bytes){ NULL, 0 };
}

static const aval_x509 *x509_of(const aval_bundled_certificate *c)
{
	return &c->chain->certificates[0];
}

static bool issues(const aval_bundled_certificate *issuer, const aval_bundled_certificate *c)
{
	return issuer != c && aval_x509_name_equal(x509_of(issuer)->subject, x509_of(c)->issuer);
}

bool aval_certificate_signs(const aval_bundle *bundle, const aval_bundled_certificate *c)
{
	if (c->has_key &&
	    aval_bundle_key_is_at(bundle, aval_bundle_key_index(bundle, c->thumbprint32), c->thumbprint32))
		return true;
	for (size_t i = 0; i < bundle->mandate_count; i++)
		if (bundle->mandates[i].mandate.has_certificate &&
		    memcmp(bundle->mandates[i].mandate.signer32, c->sha256, 32) == 0)
			return true;
	return false;
}

_Static_assert(AVAL_BUNDLE_MAX_CERTIFICATES <= 32, "a bit for each certificate");

/* Issuers of what is used are used; as often as that changes something. */
static uint32_t with_issuers(const aval_bundle *bundle, uint32_t used)
{
	uint32_t before;

	do {
		before = used;
		for (size_t i = 0; i < bundle->certificate_count; i++)
			for (size_t k = 0; (used >> i & 1) != 0 && k < bundle->certificate_count; k++)
				if (issues(&bundle->certificates[k], &bundle->certificates[i]))
					used |= UINT32_C(1) << k;
	} while (used != before);
	return used;
}

static aval_status check_missing(const aval_bundle *bundle, aval_error *err)
{
	for (size_t i = 0; i < bundle->mandate_count; i++) {
		const aval_bundled_mandate *m = &bundle->mandates[i];

		if (m->mandate.has_certificate && aval_bundle_find_certificate(bundle, m->mandate.signer32) == NULL)
			return aval_fail_at(err, AVAL_E_CERT_MISSING, m->offset, "bundle.mandates[].x5t",
			                    "the certificate that signed a mandate is not in the bundle");
	}
	return AVAL_OK;
}

aval_status aval_bundle_check_certificates(const aval_bundle *bundle, aval_error *err)
{
	uint32_t    used = 0;
	aval_status status = check_missing(bundle, err);

	for (size_t i = 0; i < bundle->certificate_count; i++)
		used |= (uint32_t)aval_certificate_signs(bundle, &bundle->certificates[i]) << i;
	used = with_issuers(bundle, used);
	for (size_t i = 0; i < bundle->certificate_count && status == AVAL_OK; i++)
		if ((used >> i & 1) == 0)
			return aval_fail_at(err, AVAL_E_CERT_UNUSED, bundle->certificates[i].offset, "bundle.certificates[]",
			                    "a certificate that signed nothing, and issued none that did");
	return status;
}

static bool holds(const aval_bytes *list, size_t count, aval_bytes der)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].data == der.data)
			return true;
	return false;
}

/* Those whose names lead from the leaf upwards, nearest first; what is too many is left out. */
aval_status aval_bundle_chain(aval_chain **chain_out, const aval_bundle *bundle, const aval_bundled_certificate *leaf,
                              const aval_allocator *allocator, aval_error *err)
{
	const aval_bundled_certificate *rows[AVAL_CHAIN_MAX_COUNT];
	aval_bytes                      list[AVAL_CHAIN_MAX_COUNT];
	size_t                          count = 1;

	rows[0] = leaf;
	list[0] = x509_of(leaf)->der;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < bundle->certificate_count && count < AVAL_CHAIN_MAX_COUNT; k++) {
			const aval_bundled_certificate *c = &bundle->certificates[k];

			if (!issues(c, rows[i]) || holds(list, count, x509_of(c)->der))
				continue;
			rows[count] = c;
			list[count++] = x509_of(c)->der;
		}
	}
	return aval_chain_parse(chain_out, list, count, allocator, err);
}
