/* SPDX-License-Identifier: Apache-2.0 */
/* What is signed (RFC 9052, section 4.4), verifying it, and who has signed. */
#include "cose/cose.h"

void aval_cose_write_sig_structure(aval_cbor_writer *w, const aval_cose_body *body, aval_bytes signature_header)
{
	aval_cbor_write_array(w, 5);
	aval_cbor_write_text_z(w, "Signature");
	aval_cbor_write_bytes(w, body->header.data, body->header.len);
	aval_cbor_write_bytes(w, signature_header.data, signature_header.len);
	aval_cbor_write_bytes(w, NULL, 0); /* external_aad */
	aval_cbor_write_bytes(w, body->payload.data, body->payload.len);
}

/* A sink that hashes. */
static void absorb(const uint8_t *data, size_t len, void *user_data)
{
	aval_sha256_update(user_data, data, len);
}

void aval_cose_hasher_init(aval_cbor_writer *w, aval_sha256_ctx *ctx, const aval_algorithm *algorithm)
{
	aval_algorithm_digest_init(algorithm, ctx);
	aval_cbor_writer_init_sink(w, absorb, ctx);
}

aval_status aval_cose_check_key(const aval_cose_signature *s, const aval_public_key *key, aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_of(key);

	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "key", "the public key is not filled in");
	if (memcmp(aval_key_data_of(key)->thumbprint32, s->kid32, 32) != 0)
		return aval_fail_at(err, AVAL_E_KEY_THUMBPRINT, s->offset, "signature.kid",
		                    "the kid names another key");
	if (algorithm != s->algorithm)
		return aval_fail_at(err, AVAL_E_COSE_ALGORITHM, s->offset, "signature.alg",
		                    "the key is for another algorithm");
	return AVAL_OK;
}

static aval_status batch_digest(uint8_t digest32_out[32], const aval_cose_body *body,
                                const aval_cose_signature *signature, aval_error *err)
{
	aval_cose_batch_way way;
	uint8_t             root32[32];
	aval_status         status;

	way.is_filled = false;
	status = aval_cose_batch_root(root32, &way, body, signature, err);
	if (status == AVAL_OK)
		aval_cose_batch_digest(digest32_out, signature->algorithm, signature->batch.size, root32);
	return status;
}

aval_status aval_cose_digest(uint8_t digest32_out[32], const aval_cose_body *body,
                             const aval_cose_signature *signature, const aval_public_key *key, aval_error *err)
{
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;
	aval_status      status = aval_cose_check_key(signature, key, err);

	if (status != AVAL_OK)
		return status;
	if (signature->is_batch)
		return batch_digest(digest32_out, body, signature, err);
	aval_cose_hasher_init(&w, &ctx, signature->algorithm);
	aval_cose_write_sig_structure(&w, body, signature->header);
	aval_sha256_finish(&ctx, digest32_out);
	return AVAL_OK;
}

aval_status aval_cose_verify(const aval_cose_body *body, const aval_cose_signature *signature,
                             const aval_public_key *key, aval_error *err)
{
	uint8_t     digest32[32];
	aval_status status = aval_cose_digest(digest32, body, signature, key, err);

	if (status != AVAL_OK)
		return status;
	status = aval_verify_digest(key, digest32, signature->sig64, err);
	if (status != AVAL_OK && err != NULL)
		err->offset = signature->offset;
	return status;
}

static bool same_signer(const aval_cose_signer *a, const aval_cose_signer *b)
{
	return a->role == b->role && aval_text_equal(a->party, b->party);
}

size_t aval_cose_sign_count(const aval_cose_sign *sign, const aval_cose_signer *signer)
{
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	size_t              count = 0;

	while (aval_cose_sign_next(&cursor, &s, sign))
		if (same_signer(&s.signer, signer))
			count++;
	return count;
}

static bool is_expected(const aval_cose_signer *signer, const aval_cose_signer *expected, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same_signer(signer, &expected[i]))
			return true;
	return false;
}

aval_status aval_cose_sign_check_expected(const aval_cose_sign *sign, const aval_cose_signer *expected,
                                          size_t count, aval_error *err)
{
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	while (aval_cose_sign_next(&cursor, &s, sign))
		if (!is_expected(&s.signer, expected, count))
			return aval_fail_at(err, AVAL_E_SIGNER_UNEXPECTED, s.offset, "signature.signer",
			                    "a signature by a role and party that is not asked for");
	return AVAL_OK;
}

bool aval_cose_sign_missing(size_t *index_inout, const aval_cose_sign *sign, const aval_cose_signer *expected,
                            size_t count)
{
	for (size_t i = *index_inout; i < count; i++) {
		if (aval_cose_sign_count(sign, &expected[i]) == 0) {
			*index_inout = i;
			return true;
		}
	}
	return false;
}
