/* SPDX-License-Identifier: Apache-2.0 */
/* Signing as a role: the first signature of a body, and one more of an envelope. */
#include "cose/cose.h"

static aval_status check(const aval_cose_signer *as, const aval_signer *signer, aval_error *err)
{
	aval_status status = aval_signer_check(signer, err);

	if (status == AVAL_OK && (as->party.len == 0 || as->party.len > AVAL_PARTY_MAX_LEN))
		return aval_fail(err, AVAL_E_PARTY_FORMAT, "signer.party",
		                 "a party id has 1 to AVAL_PARTY_MAX_LEN bytes");
	return status;
}

/* Signers want the Sig_structure whole. */
static aval_status sign_body(uint8_t sig64_out[64], const aval_cose_body *body, aval_bytes header,
                             const aval_signer *signer, const aval_allocator *allocator, aval_error *err)
{
	aval_cbor_writer w;
	size_t           len;
	uint8_t         *message;
	aval_status      status;

	aval_cbor_writer_init(&w, NULL, 0);
	aval_cose_write_sig_structure(&w, body, header);
	(void)aval_cbor_writer_finish(&w, &len, NULL);
	message = aval_alloc(allocator, len);
	if (message == NULL)
		return aval_fail_no_memory(err);
	aval_cbor_writer_init(&w, message, len);
	aval_cose_write_sig_structure(&w, body, header);
	status = aval_cbor_writer_finish(&w, &len, err);
	if (status == AVAL_OK)
		status = aval_signer_sign(sig64_out, signer, message, len, err);
	aval_free(message, allocator);
	return status;
}

static aval_status add(uint8_t *out, size_t *len_inout, const aval_cose_body *body, const aval_cose_sign *sign,
                       const aval_cose_signer *as, const aval_signer *signer, const aval_allocator *allocator,
                       aval_error *err)
{
	uint8_t          header[AVAL_COSE_HEADER_MAX_LEN], sig64[64] = { 0 };
	aval_cbor_writer w;
	aval_bytes       h = { header, 0 }, signature = { sig64, sizeof sig64 };
	size_t           need = 0;
	aval_status      status = check(as, signer, err);

	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, header, sizeof header);
	aval_cose_write_signature_header(&w, &signer->key, false, as);
	status = aval_cbor_writer_finish(&w, &h.len, err);
	if (status != AVAL_OK)
		return status;
	/* Whatever keeps the signature out of the envelope is found before the signer is asked. */
	status = aval_cose_sign_insert(NULL, &need, body, sign, h, signature, NULL);
	if (status != AVAL_E_BUFFER_TOO_SMALL || out == NULL || *len_inout < need)
		return aval_cose_sign_insert(out, len_inout, body, sign, h, signature, err);
	status = sign_body(sig64, body, h, signer, allocator, err);
	return status == AVAL_OK ? aval_cose_sign_insert(out, len_inout, body, sign, h, signature, err)
	                         : status;
}

aval_status aval_cose_sign_new(uint8_t *out, size_t *len_inout, const char *typ, aval_bytes payload,
                               const aval_cose_signer *as, const aval_signer *signer,
                               const aval_allocator *allocator, aval_error *err)
{
	uint8_t          header[AVAL_COSE_TYP_MAX_LEN + 8];
	aval_cose_body   body = { { header, 0 }, payload };
	aval_cbor_writer w;
	aval_status      status;

	aval_cbor_writer_init(&w, header, sizeof header);
	aval_cose_write_body_header(&w, typ);
	status = aval_cbor_writer_finish(&w, &body.header.len, err);
	if (status != AVAL_OK)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "typ", "longer than AVAL_COSE_TYP_MAX_LEN");
	return add(out, len_inout, &body, NULL, as, signer, allocator, err);
}

aval_status aval_cose_sign_add(uint8_t *out, size_t *len_inout, const aval_cose_sign *sign,
                               const aval_cose_signer *as, const aval_signer *signer,
                               const aval_allocator *allocator, aval_error *err)
{
	return add(out, len_inout, &sign->body, sign, as, signer, allocator, err);
}
