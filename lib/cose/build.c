/* SPDX-License-Identifier: Apache-2.0 */
/* Putting COSE_Sign together: headers, and envelopes with one signature more. */
#include "cose/cose.h"

void aval_cose_write_body_header(aval_cbor_writer *w, const char *typ)
{
	aval_cbor_write_map(w, 1);
	aval_cbor_write_int(w, AVAL_COSE_TYP);
	aval_cbor_write_text_z(w, typ);
}

void aval_cose_write_signature_header(aval_cbor_writer *w, const aval_public_key *key, bool is_batch,
                                      const aval_cose_signer *signer)
{
	const aval_algorithm *algorithm = aval_algorithm_of(key);

	aval_cbor_write_map(w, 3);
	aval_cbor_write_int(w, AVAL_COSE_ALG);
	aval_cbor_write_int(w, is_batch ? aval_cose_batch_number(algorithm) : (int64_t)algorithm->alg);
	aval_cbor_write_int(w, AVAL_COSE_KID);
	aval_cbor_write_bytes(w, aval_key_data_of(key)->thumbprint32, 32);
	aval_cbor_write_text_z(w, "signer");
	aval_cbor_write_array(w, 2);
	aval_cbor_write_uint(w, signer->role);
	aval_cbor_write_text(w, signer->party);
}

static void write_begin(aval_cbor_writer *w, const aval_cose_body *body, size_t signature_count)
{
	aval_cbor_write_tag(w, AVAL_COSE_SIGN_TAG);
	aval_cbor_write_array(w, 4);
	aval_cbor_write_bytes(w, body->header.data, body->header.len);
	aval_cbor_write_map(w, 0);
	aval_cbor_write_bytes(w, body->payload.data, body->payload.len);
	aval_cbor_write_array(w, signature_count);
}

static void write_signature(aval_cbor_writer *w, aval_bytes header, aval_bytes signature)
{
	aval_cbor_write_array(w, 3);
	aval_cbor_write_bytes(w, header.data, header.len);
	aval_cbor_write_map(w, 0);
	aval_cbor_write_bytes(w, signature.data, signature.len);
}

/* A signature that goes into an envelope: what it is, and where it stands among those that are there. */
typedef struct insertion {
	const aval_cose_body *body;
	const aval_cose_sign *sign; /* NULL: it is the first */
	aval_bytes            header, signature;
	size_t                place; /* bytes of signatures before it */
} insertion;

static aval_status find_place(insertion *in, aval_error *err)
{
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	if (in->sign != NULL && in->sign->signature_count >= AVAL_COSE_MAX_SIGNATURES)
		return aval_fail(err, AVAL_E_LIMIT, "cose.signatures", "more than AVAL_COSE_MAX_SIGNATURES");
	while (in->sign != NULL && aval_cose_sign_next(&cursor, &s, in->sign)) {
		if (aval_cose_header_same_signer(s.header, in->header))
			return aval_fail_at(err, AVAL_E_COSE_ORDER, s.offset, "cose.signatures",
			                    "this role, party and key signed already");
		if (aval_cose_header_compare(s.header, in->header) < 0)
			in->place = cursor.offset;
	}
	return AVAL_OK;
}

static void write_envelope(aval_cbor_writer *w, const insertion *in)
{
	aval_bytes others = in->sign == NULL ? (aval_bytes){ NULL, 0 } : in->sign->signatures;
	size_t     count = in->sign == NULL ? 0 : in->sign->signature_count;

	write_begin(w, in->body, count + 1);
	aval_cbor_write_raw(w, others.data, in->place);
	write_signature(w, in->header, in->signature);
	if (in->place < others.len)
		aval_cbor_write_raw(w, others.data + in->place, others.len - in->place);
}

/* Whether the envelope fits; else its length is stored. A writer that counts looks at no byte of the signature. */
static aval_status check_room(const insertion *in, const uint8_t *out, size_t *len_inout, aval_error *err)
{
	aval_cbor_writer w;
	size_t           need;

	aval_cbor_writer_init(&w, NULL, 0);
	write_envelope(&w, in);
	(void)aval_cbor_writer_finish(&w, &need, NULL);
	if (out != NULL && need <= *len_inout)
		return AVAL_OK;
	*len_inout = need;
	return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out", "the buffer is shorter than the envelope");
}

static aval_status emit(uint8_t *out, size_t *len_inout, const insertion *in, aval_error *err)
{
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, out, *len_inout);
	write_envelope(&w, in);
	return aval_cbor_writer_finish(&w, len_inout, err);
}

aval_status aval_cose_sign_insert(uint8_t *out, size_t *len_inout, const aval_cose_body *body,
                                  const aval_cose_sign *sign, aval_bytes header, aval_bytes signature,
                                  aval_error *err)
{
	insertion   in = { body, sign, header, signature, 0 };
	aval_status status = find_place(&in, err);

	if (status == AVAL_OK)
		status = check_room(&in, out, len_inout, err);
	return status == AVAL_OK ? emit(out, len_inout, &in, err) : status;
}
