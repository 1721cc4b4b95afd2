/* SPDX-License-Identifier: Apache-2.0 */
/* Statements with one signature: COSE_Sign1 (RFC 9052, section 4.2) as docs/spec/mandate.md#man-envelope narrows it. */
#include "cose/header.h"

/* Algorithms by who may use them, and the bytes that a signature has. */
static const struct one_algorithm {
	int64_t alg;
	bool    of_key, of_certificate;
	size_t  min, max;
} one_algorithms[] = {
	{ AVAL_ALG_ES256K, true, true, 64, 64 },
	{ AVAL_ALG_ESP256, true, true, 64, 64 },
	{ AVAL_ALG_SCHNORR, true, false, 64, 64 },
	{ AVAL_COSE_ES384, false, true, 96, 96 },
	{ AVAL_COSE_PS256, false, true, 256, AVAL_COSE_ONE_MAX_SIGNATURE_LEN },
	{ AVAL_COSE_RS256, false, true, 256, AVAL_COSE_ONE_MAX_SIGNATURE_LEN },
};

static const struct one_algorithm *find_algorithm(int64_t alg, bool has_certificate)
{
	for (size_t i = 0; i < sizeof one_algorithms / sizeof *one_algorithms; i++)
		if (one_algorithms[i].alg == alg &&
		    (has_certificate ? one_algorithms[i].of_certificate : one_algorithms[i].of_key))
			return &one_algorithms[i];
	return NULL;
}

static void parse_typ(aval_cbor_reader *h, const char *typ)
{
	size_t    offset;
	aval_text found;

	aval_cose_expect_label(h, "cose.typ", AVAL_COSE_TYP);
	offset = h->offset;
	found = aval_cbor_read_text(h, "cose.typ");
	if (aval_cbor_ok(h) && !aval_text_equal_z(found, typ))
		aval_cbor_fail_at(h, AVAL_E_COSE_TYP, offset, "cose.typ",
		                  "another kind of object than the one expected");
}

/* [-16, SHA-256 of the certificate], RFC 9360. */
static void parse_x5t(aval_cbor_reader *h, aval_cose_one *one)
{
	size_t     offset;
	aval_bytes hash;

	aval_cose_expect_label(h, "cose.x5t", AVAL_COSE_X5T);
	aval_cbor_enter_array_exact(h, "cose.x5t", 2);
	offset = h->offset;
	if (aval_cbor_read_int(h, "cose.x5t") != AVAL_COSE_SHA256 && aval_cbor_ok(h))
		aval_cbor_fail_at(h, AVAL_E_COSE_ALGORITHM, offset, "cose.x5t",
		                  "the thumbprint of a certificate is SHA-256");
	offset = h->offset;
	hash = aval_cbor_read_bytes(h, "cose.x5t");
	if (aval_cbor_ok(h) && hash.len != 32)
		aval_cbor_fail_at(h, AVAL_E_CBOR_RANGE, offset, "cose.x5t", "a thumbprint has 32 bytes");
	one->certificate32 = hash.data;
	aval_cbor_leave(h, "cose.x5t");
}

static void parse_key(aval_cbor_reader *h, aval_cose_one *one)
{
	aval_error inner = AVAL_ERROR_INIT;
	aval_text  label;
	size_t     offset = h->offset;
	aval_bytes item;

	if (aval_cbor_next_key_text(h, "cose.key", &label) && !aval_text_equal_z(label, "key"))
		aval_cbor_fail_at(h, AVAL_E_COSE_HEADER, offset, "cose.key",
		                  "another header stands in the place of this one");
	offset = h->offset;
	item = aval_cbor_read_item(h, "cose.key");
	if (aval_cbor_ok(h) && aval_public_key_parse(&one->key, item.data, item.len, &inner) != AVAL_OK)
		aval_cbor_fail_at(h, inner.status, offset, "cose.key", inner.reason);
	if (aval_cbor_ok(h) && (one->alg != aval_public_key_alg(&one->key) || aval_key_data_of(&one->key)->is_es256))
		aval_cbor_fail_at(h, AVAL_E_COSE_ALGORITHM, offset, "cose.key", "the key is for another algorithm");
}

static void parse_signer(aval_cbor_reader *h, aval_cose_one *one)
{
	if (aval_cbor_peek(h) == AVAL_CBOR_TEXT)
		parse_key(h, one);
	else
		parse_x5t(h, one);
}

static void parse_header(aval_cbor_reader *r, aval_cose_one *one, const char *typ)
{
	aval_cbor_reader h;
	size_t           offset;

	one->body.header = aval_cbor_read_bytes(r, "cose.protected");
	aval_cose_enter_header(&h, r, one->body.header, "cose.protected");
	aval_cose_expect_label(&h, "cose.alg", AVAL_COSE_ALG);
	offset = h.offset;
	one->alg = aval_cbor_read_int(&h, "cose.alg");
	parse_typ(&h, typ);
	parse_signer(&h, one);
	if (aval_cbor_ok(&h) && find_algorithm(one->alg, one->certificate32 != NULL) == NULL)
		aval_cbor_fail_at(&h, AVAL_E_COSE_ALGORITHM, offset, "cose.alg",
		                  "not an algorithm of such signers");
	aval_cose_leave_header(&h, r, "cose.protected");
}

static void parse_signature(aval_cbor_reader *r, aval_cose_one *one)
{
	const struct one_algorithm *row = find_algorithm(one->alg, one->certificate32 != NULL);

	one->signature_offset = r->offset;
	one->signature = aval_cbor_read_bytes(r, "cose.signature");
	if (aval_cbor_ok(r) && (one->signature.len < row->min || one->signature.len > row->max))
		aval_cbor_fail_at(r, AVAL_E_SIGNATURE_LENGTH, one->signature_offset, "cose.signature",
		                  "not the length of the algorithm's signatures");
}

aval_status aval_cose_one_parse(aval_cose_one *one_out, const uint8_t *data, size_t len, const char *typ,
                                aval_error *err)
{
	aval_cose_one    one = { 0 };
	aval_cbor_reader r;
	aval_status      status;

	aval_cbor_reader_init(&r, data, len);
	aval_cbor_read_tag_exact(&r, "cose", AVAL_COSE_SIGN1_TAG);
	aval_cbor_enter_array_exact(&r, "cose", 4);
	parse_header(&r, &one, typ);
	aval_cose_read_empty_map(&r, "cose.unprotected");
	one.body.payload = aval_cbor_read_bytes(&r, "cose.payload");
	parse_signature(&r, &one);
	aval_cbor_leave(&r, "cose");
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK)
		*one_out = one;
	return status;
}

void aval_cose_write_one_structure(aval_cbor_writer *w, const aval_cose_body *body)
{
	aval_cbor_write_array(w, 4);
	aval_cbor_write_text_z(w, "Signature1");
	aval_cbor_write_bytes(w, body->header.data, body->header.len);
	aval_cbor_write_bytes(w, NULL, 0); /* external_aad */
	aval_cbor_write_bytes(w, body->payload.data, body->payload.len);
}

void aval_cose_one_digest(uint8_t digest32_out[32], const aval_cose_one *one)
{
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;

	aval_cose_hasher_init(&w, &ctx, aval_algorithm_of(&one->key));
	aval_cose_write_one_structure(&w, &one->body);
	aval_sha256_finish(&ctx, digest32_out);
}

aval_status aval_cose_one_verify(const aval_cose_one *one, aval_error *err)
{
	uint8_t     digest32[32];
	aval_status status;

	if (aval_algorithm_of(&one->key) == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "cose.key", "a certificate signed, not a key");
	aval_cose_one_digest(digest32, one);
	status = aval_verify_digest(&one->key, digest32, one->signature.data, err);
	if (status != AVAL_OK && err != NULL)
		err->offset = one->signature_offset;
	return status;
}

static void write_head(aval_cbor_writer *w, const char *typ, int64_t alg)
{
	aval_cbor_write_map(w, 3);
	aval_cbor_write_int(w, AVAL_COSE_ALG);
	aval_cbor_write_int(w, alg);
	aval_cbor_write_int(w, AVAL_COSE_TYP);
	aval_cbor_write_text_z(w, typ);
}

aval_status aval_cose_write_one_header(aval_cbor_writer *w, const char *typ, const aval_public_key *key,
                                       aval_error *err)
{
	uint8_t     cose_key[AVAL_PUBLIC_KEY_MAX_LEN];
	size_t      len = sizeof cose_key;
	aval_status status = aval_public_key_serialize(cose_key, &len, key, err);

	if (status != AVAL_OK)
		return status;
	write_head(w, typ, aval_public_key_alg(key));
	aval_cbor_write_text_z(w, "key");
	aval_cbor_write_raw(w, cose_key, len);
	return AVAL_OK;
}

void aval_cose_write_certified_header(aval_cbor_writer *w, const char *typ, int64_t alg,
                                      const uint8_t certificate32[32])
{
	write_head(w, typ, alg);
	aval_cbor_write_int(w, AVAL_COSE_X5T);
	aval_cbor_write_array(w, 2);
	aval_cbor_write_int(w, AVAL_COSE_SHA256);
	aval_cbor_write_bytes(w, certificate32, 32);
}

static void write_one(aval_cbor_writer *w, const aval_cose_body *body, aval_bytes signature)
{
	aval_cbor_write_tag(w, AVAL_COSE_SIGN1_TAG);
	aval_cbor_write_array(w, 4);
	aval_cbor_write_bytes(w, body->header.data, body->header.len);
	aval_cbor_write_map(w, 0);
	aval_cbor_write_bytes(w, body->payload.data, body->payload.len);
	aval_cbor_write_bytes(w, signature.data, signature.len);
}

aval_status aval_cose_one_write(uint8_t *out, size_t *len_inout, const aval_cose_body *body, aval_bytes signature,
                                aval_error *err)
{
	aval_cbor_writer w;
	size_t           need;

	aval_cbor_writer_init(&w, NULL, 0);
	write_one(&w, body, signature);
	need = w.len;
	if (out == NULL || *len_inout < need) {
		*len_inout = need;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "cose", "the statement needs more room");
	}
	aval_cbor_writer_init(&w, out, need);
	write_one(&w, body, signature);
	return aval_cbor_writer_finish(&w, len_inout, err);
}

/* Signers want the structure whole. */
static aval_status sign_body(uint8_t sig64_out[64], const aval_cose_body *body, const aval_signer *signer,
                             const aval_allocator *allocator, aval_error *err)
{
	aval_cbor_writer w;
	size_t           len;
	uint8_t         *message;
	aval_status      status;

	aval_cbor_writer_init(&w, NULL, 0);
	aval_cose_write_one_structure(&w, body);
	message = aval_alloc(allocator, w.len);
	if (message == NULL)
		return aval_fail_no_memory(err);
	len = w.len;
	aval_cbor_writer_init(&w, message, len);
	aval_cose_write_one_structure(&w, body);
	status = aval_cbor_writer_finish(&w, &len, err);
	if (status == AVAL_OK)
		status = aval_signer_sign(sig64_out, signer, message, len, err);
	aval_free(message, allocator);
	return status;
}

aval_status aval_cose_one_sign(uint8_t *out, size_t *len_inout, const char *typ, aval_bytes payload,
                               const aval_signer *signer, const aval_allocator *allocator, aval_error *err)
{
	uint8_t          header[AVAL_COSE_HEADER_MAX_LEN], sig64[64] = { 0 };
	aval_cose_body   body = { { header, 0 }, payload };
	aval_bytes       signature = { sig64, sizeof sig64 };
	aval_cbor_writer w;
	size_t           need = 0;
	aval_status      status = aval_signer_check(signer, err);

	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, header, sizeof header);
	status = aval_cose_write_one_header(&w, typ, &signer->key, err);
	if (status == AVAL_OK)
		status = aval_cbor_writer_finish(&w, &body.header.len, err);
	if (status != AVAL_OK)
		return status;
	status = aval_cose_one_write(NULL, &need, &body, signature, NULL);
	if (status != AVAL_E_BUFFER_TOO_SMALL || out == NULL || *len_inout < need)
		return aval_cose_one_write(out, len_inout, &body, signature, err);
	status = sign_body(sig64, &body, signer, allocator, err);
	return status == AVAL_OK ? aval_cose_one_write(out, len_inout, &body, signature, err) : status;
}
