/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing COSE_Sign (RFC 9052, section 4.1), as docs/spec/cose.md#envelope narrows it. */
#include "cose/header.h"

static void expect_signer_label(aval_cbor_reader *r)
{
	size_t    offset = r->offset;
	aval_text found;
	int       major = aval_cbor_peek(r);

	if (!aval_cbor_ok(r))
		return;
	if (major != AVAL_CBOR_TEXT)
		aval_cbor_fail(r, AVAL_E_COSE_HEADER, "signature.signer", "the header is missing");
	else if (aval_cbor_next_key_text(r, "signature.signer", &found) && !aval_text_equal_z(found, "signer"))
		aval_cbor_fail_at(r, AVAL_E_COSE_HEADER, offset, "signature.signer",
		                  "another header stands in the place of this one");
}

static void parse_body_header(aval_cbor_reader *r, aval_cose_sign *sign, const char *typ)
{
	aval_cbor_reader h;
	size_t           offset;

	sign->body.header = aval_cbor_read_bytes(r, "cose.protected");
	aval_cose_enter_header(&h, r, sign->body.header, "cose.protected");
	aval_cose_expect_label(&h, "cose.typ", AVAL_COSE_TYP);
	offset = h.offset;
	sign->typ = aval_cbor_read_text(&h, "cose.typ");
	if (aval_cbor_ok(&h) && !aval_text_equal_z(sign->typ, typ))
		aval_cbor_fail_at(&h, AVAL_E_COSE_TYP, offset, "cose.typ",
		                  "another kind of object than the one expected");
	aval_cose_leave_header(&h, r, "cose.protected");
}

static void parse_signer(aval_cbor_reader *h, aval_cose_signer *signer)
{
	size_t offset;

	expect_signer_label(h);
	aval_cbor_enter_array_exact(h, "signature.signer", 2);
	signer->role = aval_cbor_read_uint(h, "signature.signer.role");
	offset = h->offset;
	signer->party = aval_cbor_read_text(h, "signature.signer.party");
	if (aval_cbor_ok(h) && (signer->party.len == 0 || signer->party.len > AVAL_PARTY_MAX_LEN))
		aval_cbor_fail_at(h, AVAL_E_PARTY_FORMAT, offset, "signature.signer.party",
		                  "a party id has 1 to AVAL_PARTY_MAX_LEN bytes");
	aval_cbor_leave(h, "signature.signer");
}

static void parse_signature_header(aval_cbor_reader *r, aval_cose_signature *s)
{
	aval_cbor_reader h;
	size_t           offset;
	int64_t          alg;
	aval_bytes       kid;

	s->header = aval_cbor_read_bytes(r, "signature.protected");
	aval_cose_enter_header(&h, r, s->header, "signature.protected");
	aval_cose_expect_label(&h, "signature.alg", AVAL_COSE_ALG);
	offset = h.offset;
	alg = aval_cbor_read_int(&h, "signature.alg");
	s->algorithm = aval_cose_algorithm_find(&s->is_batch, alg);
	if (aval_cbor_ok(&h) && s->algorithm == NULL)
		aval_cbor_fail_at(&h, AVAL_E_COSE_ALGORITHM, offset, "signature.alg",
		                  "not an algorithm of this library");
	aval_cose_expect_label(&h, "signature.kid", AVAL_COSE_KID);
	offset = h.offset;
	kid = aval_cbor_read_bytes(&h, "signature.kid");
	if (aval_cbor_ok(&h) && kid.len != 32)
		aval_cbor_fail_at(&h, AVAL_E_CBOR_RANGE, offset, "signature.kid",
		                  "a kid is a thumbprint of 32 bytes");
	s->kid32 = kid.data;
	parse_signer(&h, &s->signer);
	aval_cose_leave_header(&h, r, "signature.protected");
}

static void parse_signature(aval_cbor_reader *r, aval_cose_signature *s)
{
	size_t offset;

	s->offset = r->offset;
	aval_cbor_enter_array_exact(r, "signature", 3);
	parse_signature_header(r, s);
	aval_cose_read_empty_map(r, "signature.unprotected");
	offset = r->offset;
	s->signature = aval_cbor_read_bytes(r, "signature.signature");
	s->sig64 = s->signature.data;
	if (s->is_batch)
		aval_cose_parse_batch(r, s);
	else if (aval_cbor_ok(r) && s->signature.len != AVAL_SIGNATURE_LEN)
		aval_cbor_fail_at(r, AVAL_E_SIGNATURE_LENGTH, offset, "signature.signature",
		                  "a signature has 64 bytes");
	aval_cbor_leave(r, "signature");
}

int aval_cose_header_compare(aval_bytes a, aval_bytes b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static void parse_signatures(aval_cbor_reader *r, aval_cose_sign *sign)
{
	aval_bytes last = { NULL, 0 };
	size_t     offset = r->offset;

	sign->signature_count = aval_cbor_enter_array(r, "cose.signatures");
	sign->signatures_offset = r->offset;
	if (aval_cbor_ok(r) && sign->signature_count == 0)
		aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, "cose.signatures", "there is no signature");
	if (sign->signature_count > AVAL_COSE_MAX_SIGNATURES)
		aval_cbor_fail_at(r, AVAL_E_LIMIT, offset, "cose.signatures",
		                  "more than AVAL_COSE_MAX_SIGNATURES");
	for (size_t i = 0; i < sign->signature_count && aval_cbor_ok(r); i++) {
		aval_cose_signature s;

		parse_signature(r, &s);
		if (aval_cbor_ok(r) && last.len != 0 && aval_cose_header_compare(last, s.header) >= 0)
			aval_cbor_fail_at(r, AVAL_E_COSE_ORDER, s.offset, "cose.signatures",
			                  "the signatures do not ascend by their headers");
		last = s.header;
	}
	sign->signatures =
		(aval_bytes){ r->data + sign->signatures_offset, r->offset - sign->signatures_offset };
	aval_cbor_leave(r, "cose.signatures");
}

aval_status aval_cose_sign_parse(aval_cose_sign *sign_out, const uint8_t *data, size_t len, const char *typ,
                                 aval_error *err)
{
	aval_cose_sign   sign = { 0 };
	aval_cbor_reader r;
	size_t           offset;
	aval_status      status;

	aval_cbor_reader_init(&r, data, len);
	aval_cbor_read_tag_exact(&r, "cose", AVAL_COSE_SIGN_TAG);
	aval_cbor_enter_array_exact(&r, "cose", 4);
	parse_body_header(&r, &sign, typ);
	aval_cose_read_empty_map(&r, "cose.unprotected");
	sign.body.payload = aval_cbor_read_bytes(&r, "cose.payload");
	parse_signatures(&r, &sign);
	aval_cbor_leave(&r, "cose");
	status = aval_cbor_reader_finish(&r, err);
	if (status != AVAL_OK)
		return status;
	if (sign.signature_count > 1 && !aval_cose_sign_is_unique(&offset, &sign))
		return aval_fail_at(err, AVAL_E_COSE_ORDER, offset, "cose.signatures",
		                    "one key signed twice for a role and party");
	*sign_out = sign;
	return AVAL_OK;
}
