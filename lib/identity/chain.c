/* SPDX-License-Identifier: Apache-2.0 */
/* Chains: a leaf, its intermediates, and what they say. */
#include "identity/chain.h"

void aval_chain_free(aval_chain *chain)
{
	const aval_allocator *allocator;

	if (chain == NULL)
		return;
	allocator = chain->allocator;
	for (size_t i = 0; i < chain->count; i++)
		aval_free((void *)(uintptr_t)chain->certificates[i].der.data, allocator);
	aval_free(chain, allocator);
}

static aval_status chain_new(aval_chain **chain_out, const aval_allocator *allocator, aval_error *err)
{
	aval_chain *chain = aval_alloc_zero(allocator, sizeof *chain);

	if (chain == NULL)
		return aval_fail_no_memory(err);
	chain->allocator = allocator;
	*chain_out = chain;
	return AVAL_OK;
}

/* Takes der, also where it fails. */
static aval_status add(aval_chain *chain, uint8_t *der, size_t len, aval_error *err)
{
	aval_status status;

	if (chain->count == AVAL_CHAIN_MAX_COUNT)
		status = aval_fail(err, AVAL_E_LIMIT, "chain", "more than AVAL_CHAIN_MAX_COUNT certificates");
	else
		status = aval_x509_parse(&chain->certificates[chain->count], (aval_bytes){ der, len }, err);
	if (status == AVAL_OK)
		chain->count++;
	else
		aval_free(der, chain->allocator);
	return status;
}

static aval_status add_copy(aval_chain *chain, aval_bytes der, aval_error *err)
{
	uint8_t *copy;

	if (der.len == 0)
		return aval_fail(err, AVAL_E_CERT_FORMAT, "certificate", "no bytes");
	if (der.len > AVAL_CERTIFICATE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "certificate", "longer than AVAL_CERTIFICATE_MAX_LEN");
	copy = aval_alloc(chain->allocator, der.len);
	if (copy == NULL)
		return aval_fail_no_memory(err);
	memcpy(copy, der.data, der.len);
	return add(chain, copy, der.len, err);
}

/* What is known once all certificates are there. */
static aval_status finish(aval_chain **chain_out, aval_chain *chain, aval_status status, aval_error *err)
{
	aval_sha256_ctx ctx;

	if (status == AVAL_OK && chain->count == 0)
		status = aval_fail(err, AVAL_E_CERT_FORMAT, "chain", "no certificate");
	if (status != AVAL_OK) {
		aval_chain_free(chain);
		return status;
	}
	aval_sha256_init(&ctx);
	for (size_t i = 0; i < chain->count; i++)
		aval_sha256_update(&ctx, chain->certificates[i].hash32, 32);
	aval_sha256_finish(&ctx, chain->hash32);
	aval_certificate_parties(chain->parties, &chain->certificates[0]);
	*chain_out = chain;
	return AVAL_OK;
}

aval_status aval_chain_parse(aval_chain **chain_out, const aval_bytes *certificates, size_t count,
                             const aval_allocator *allocator, aval_error *err)
{
	aval_chain *chain;
	aval_status status = chain_new(&chain, allocator, err);

	if (status != AVAL_OK)
		return status;
	for (size_t i = 0; i < count && status == AVAL_OK; i++)
		status = add_copy(chain, certificates[i], err);
	return finish(chain_out, chain, status, err);
}

static aval_status add_pem(aval_chain *chain, const uint8_t *file, size_t len, aval_error *err)
{
	aval_pem_cursor cursor;
	aval_status     status;

	aval_pem_open(&cursor, "CERTIFICATE", AVAL_E_CERT_FORMAT, file, len);
	for (;;) {
		uint8_t *der;
		size_t   der_len;

		status =
			aval_pem_next(&der, &der_len, &cursor, AVAL_CERTIFICATE_MAX_LEN, chain->allocator, err);
		if (status != AVAL_OK || der == NULL)
			return status;
		status = add(chain, der, der_len, err);
		if (status != AVAL_OK)
			return status;
	}
}

aval_status aval_chain_parse_file(aval_chain **chain_out, const uint8_t *file, size_t file_len,
                                  const aval_allocator *allocator, aval_error *err)
{
	aval_chain *chain;
	aval_status status = chain_new(&chain, allocator, err);

	if (status != AVAL_OK)
		return status;
	status = aval_pem_is(file, file_len) ? add_pem(chain, file, file_len, err)
	                                     : add_copy(chain, (aval_bytes){ file, file_len }, err);
	return finish(chain_out, chain, status, err);
}

size_t aval_chain_count(const aval_chain *chain)
{
	return chain->count;
}

aval_bytes aval_chain_certificate(const aval_chain *chain, size_t index)
{
	return index < chain->count ? chain->certificates[index].der : (aval_bytes){ NULL, 0 };
}

void aval_chain_leaf_hash(uint8_t sha256_out[32], const aval_chain *chain)
{
	memcpy(sha256_out, chain->certificates[0].hash32, 32);
}

static void fill_info(aval_certificate_info *out, const aval_x509 *c)
{
	*out = (aval_certificate_info){
		.key_kind = (aval_certificate_key_kind)c->key.kind,
		.key_bits = c->key.bits,
		.valid_from_unix_ms = c->from_unix_ms,
		.valid_until_unix_ms = c->until_unix_ms,
		.is_ca = c->is_ca,
		.serial = c->serial,
		.subject = c->subject,
		.issuer = c->issuer,
		.subject_organization = aval_x509_name_text(c->subject, aval_oid_organization),
		.subject_common_name = aval_x509_name_text(c->subject, aval_oid_common_name),
		.issuer_organization = aval_x509_name_text(c->issuer, aval_oid_organization),
		.issuer_common_name = aval_x509_name_text(c->issuer, aval_oid_common_name),
	};
}

aval_status aval_chain_info(aval_certificate_info *info_out, const aval_chain *chain, size_t index,
                            aval_error *err)
{
	if (index >= chain->count)
		return aval_fail(err, AVAL_E_NOT_FOUND, "chain", "no certificate of this index");
	fill_info(info_out, &chain->certificates[index]);
	return AVAL_OK;
}

aval_text aval_chain_party(aval_party_source *source_out, const aval_chain *chain, size_t index)
{
	for (size_t i = 0; i < AVAL_PARTY_SLOTS; i++) {
		const aval_party_slot *slot = &chain->parties[i];

		if (slot->len == 0 || index-- != 0)
			continue;
		if (source_out != NULL)
			*source_out = slot->source;
		return (aval_text){ slot->text, slot->len };
	}
	return (aval_text){ NULL, 0 };
}

aval_status aval_chain_check_party(const aval_chain *chain, const char *party, size_t party_len,
                                   aval_error *err)
{
	for (size_t i = 0; i < AVAL_PARTY_SLOTS; i++)
		if (party_len != 0 &&
		    aval_text_equal((aval_text){ chain->parties[i].text, chain->parties[i].len },
		                    (aval_text){ party, party_len }))
			return AVAL_OK;
	return aval_fail(err, AVAL_E_CERT_PARTY, "chain[0]", "the leaf does not name the party");
}

aval_status aval_chain_key(aval_public_key *key_out, const aval_chain *chain, aval_error *err)
{
	const aval_pk *key = &chain->certificates[0].key;

	if (key->kind != AVAL_PK_K1 && key->kind != AVAL_PK_P256)
		return aval_fail(err, AVAL_E_UNSUPPORTED, "chain[0].key", "not a key on secp256k1 or P-256");
	return aval_public_key_from_point(key_out, key->kind == AVAL_PK_K1 ? AVAL_ALG_ES256K : AVAL_ALG_ESP256,
	                                  key->point.data, err);
}

aval_status aval_x509_options_check(const aval_chain_options *options, const aval_chain *chain, aval_error *err)
{
	if (options == NULL || options->struct_size < sizeof *options || options->crl_mode > AVAL_CRL_IGNORED)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "options", "the options are not filled in");
	if (options->party.len == 0)
		return AVAL_OK;
	return aval_chain_check_party(chain, options->party.data, options->party.len, err);
}

aval_status aval_chain_verify(aval_chain_result *result_out, const aval_chain *chain, const aval_trust *trust,
                              const aval_chain_options *options, aval_error *err)
{
	aval_status status = aval_x509_options_check(options, chain, err);

	return status == AVAL_OK ? aval_x509_path_find(result_out, chain, trust, options, err) : status;
}
