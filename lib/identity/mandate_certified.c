/* SPDX-License-Identifier: Apache-2.0 */
/* Mandates by the key of a certificate. */
#include "identity/mandate.h"

/* What is signed, whole, in memory of the allocator. */
static aval_status write_structure(uint8_t **message_out, size_t *len_out, const aval_cose_body *body,
                                   const aval_allocator *allocator, aval_error *err)
{
	aval_cbor_writer w;
	size_t           len;
	uint8_t         *message;
	aval_status      status;

	aval_cbor_writer_init(&w, NULL, 0);
	aval_cose_write_one_structure(&w, body);
	len = w.len;
	message = aval_alloc(allocator, len);
	if (message == NULL)
		return aval_fail_no_memory(err);
	aval_cbor_writer_init(&w, message, len);
	aval_cose_write_one_structure(&w, body);
	status = aval_cbor_writer_finish(&w, len_out, err);
	if (status == AVAL_OK)
		*message_out = message;
	else
		aval_free(message, allocator);
	return status;
}

static aval_status check_certificate(const aval_mandate *mandate, const aval_chain *chain, aval_error *err)
{
	uint8_t sha256[32];

	if (!mandate->has_certificate)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "mandate.x5t", "a key signed, not a certificate");
	aval_chain_leaf_hash(sha256, chain);
	if (memcmp(sha256, mandate->signer32, sizeof sha256) != 0)
		return aval_fail(err, AVAL_E_KEY_THUMBPRINT, "mandate.x5t", "the mandate names another certificate");
	return AVAL_OK;
}

aval_status aval_mandate_verify_certified(const aval_mandate *mandate, const aval_chain *chain,
                                          const aval_allocator *allocator, aval_error *err)
{
	aval_cose_one one = aval_mandate_cose(mandate);
	aval_error    why = AVAL_ERROR_INIT;
	uint8_t      *message;
	size_t        len;
	aval_status   status = check_certificate(mandate, chain, err);

	if (status == AVAL_OK)
		status = write_structure(&message, &len, &one.body, allocator, err);
	if (status != AVAL_OK)
		return status;
	status = aval_chain_verify_signature(chain, one.alg, message, len, one.signature.data, one.signature.len, &why);
	aval_free(message, allocator);
	return status == AVAL_OK ? AVAL_OK : aval_mandate_fail_signature(mandate, status, &why, err);
}

static aval_status sign_body(uint8_t signature[AVAL_ENDORSEMENT_MAX_LEN], size_t *len_inout, const aval_cose_body *body,
                             const aval_chain *chain, const aval_endorser *endorser,
                             const aval_allocator *allocator, aval_error *err)
{
	uint8_t    *message;
	size_t      len;
	aval_status status = write_structure(&message, &len, body, allocator, err);

	if (status != AVAL_OK)
		return status;
	status = aval_chain_sign(signature, len_inout, endorser, chain, message, len, err);
	aval_free(message, allocator);
	return status;
}

aval_status aval_mandate_sign_certified(uint8_t *envelope_out, size_t *len_inout, const uint8_t *payload,
                                        size_t payload_len, const aval_chain *chain,
                                        const aval_endorser *endorser, const aval_allocator *allocator,
                                        aval_error *err)
{
	uint8_t          header[AVAL_COSE_HEADER_MAX_LEN], sha256[32], signature[AVAL_ENDORSEMENT_MAX_LEN] = { 0 };
	aval_cose_body   body = { { header, 0 }, { payload, payload_len } };
	aval_bytes       signed_bytes = { signature, 0 };
	aval_cbor_writer w;
	size_t           need = 0;
	aval_status      status = aval_mandate_check_payload(payload, payload_len, NULL, err);

	if (status != AVAL_OK)
		return status;
	status = aval_chain_sign(NULL, &signed_bytes.len, endorser, chain, NULL, 0, err);
	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return status;
	aval_chain_leaf_hash(sha256, chain);
	aval_cbor_writer_init(&w, header, sizeof header);
	aval_cose_write_certified_header(&w, AVAL_MANDATE_TYP, endorser->alg, sha256);
	body.header.len = w.len;
	(void)aval_cose_one_write(NULL, &need, &body, signed_bytes, NULL);
	if (need > AVAL_MANDATE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "mandate", "longer than AVAL_MANDATE_MAX_LEN");
	if (envelope_out == NULL || *len_inout < need)
		return aval_cose_one_write(NULL, len_inout, &body, signed_bytes, err);
	status = sign_body(signature, &signed_bytes.len, &body, chain, endorser, allocator, err);
	return status == AVAL_OK ? aval_cose_one_write(envelope_out, len_inout, &body, signed_bytes, err) : status;
}
