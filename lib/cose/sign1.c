/* SPDX-License-Identifier: Apache-2.0 */
/* COSE_Sign1 of other makers (RFC 9052, section 4.2): read by COSE's own rules, which are wider than Aval's. */
#include "cose/cose.h"

/* Step over the next key; true and its number where it is an integer. */
static bool next_label(aval_cbor_reader *r, bool *is_int_out, int64_t *label_out, aval_text *text_out)
{
	*is_int_out = aval_cbor_peek(r) != AVAL_CBOR_TEXT;
	return *is_int_out ? aval_cbor_next_key_int(r, "cose.header", label_out)
	                   : aval_cbor_next_key_text(r, "cose.header", text_out);
}

static size_t count_label(aval_bytes map, bool is_int, int64_t label, aval_text text, aval_bytes *item_out)
{
	aval_cbor_reader r;
	size_t           count = 0;
	bool             found_is_int;
	int64_t          found = 0;
	aval_text        found_text = { NULL, 0 };

	aval_cbor_reader_init_foreign(&r, map.data, map.len);
	aval_cbor_enter_map(&r, "cose.header");
	while (next_label(&r, &found_is_int, &found, &found_text)) {
		aval_bytes item = aval_cbor_read_item(&r, "cose.header");

		if (found_is_int != is_int || (is_int ? found != label : !aval_text_equal(found_text, text)))
			continue;
		if (item_out != NULL)
			*item_out = item;
		count++;
	}
	return count;
}

bool aval_cose_header_find(aval_bytes *item_out, aval_bytes map, int64_t label)
{
	return count_label(map, true, label, (aval_text){ NULL, 0 }, item_out) != 0;
}

static size_t count_both(const aval_cose_sign1 *s, bool is_int, int64_t label, aval_text text)
{
	return count_label(s->header, is_int, label, text, NULL) +
	       count_label(s->unprotected, is_int, label, text, NULL);
}

enum { MAX_LABELS = 64 };

/*
 * Every label of a map must be its only one in both headers. The number of labels is bounded, so is the square.
 * The reader ends with the map and begins with the object, so that offsets count from there.
 */
static aval_status check_labels(const aval_cbor_reader *object, aval_bytes map, const aval_cose_sign1 *s,
                                aval_error *err)
{
	aval_cbor_reader r;
	size_t           begin = (size_t)(map.data - object->data);
	bool             is_int;
	int64_t          label = 0;
	aval_text        text = { NULL, 0 };

	aval_cbor_reader_init_foreign(&r, object->data, begin + map.len);
	r.offset = begin;
	if (aval_cbor_enter_map(&r, "cose.header") > MAX_LABELS)
		aval_cbor_fail(&r, AVAL_E_LIMIT, "cose.header", "more labels than a header may have");
	while (next_label(&r, &is_int, &label, &text)) {
		aval_cbor_read_item(&r, "cose.header");
		if (aval_cbor_ok(&r) && count_both(s, is_int, label, text) > 1)
			aval_cbor_fail(&r, AVAL_E_CBOR_KEY_DUPLICATE, "cose.header", "a label stands twice");
	}
	aval_cbor_leave(&r, "cose.header");
	return aval_cbor_reader_finish(&r, err);
}

static aval_status check_headers(aval_cose_sign1 *s, const aval_cbor_reader *object, aval_error *err)
{
	aval_cbor_reader r;
	aval_bytes       item;
	aval_status      status = AVAL_OK;

	/* No bytes at all are a map without labels. */
	if (s->header.len != 0)
		status = check_labels(object, s->header, s, err);
	if (status == AVAL_OK)
		status = check_labels(object, s->unprotected, s, err);
	if (status != AVAL_OK)
		return status;
	if (aval_cose_header_find(&item, s->header, AVAL_COSE_CRIT) ||
	    aval_cose_header_find(&item, s->unprotected, AVAL_COSE_CRIT))
		return aval_fail(err, AVAL_E_UNSUPPORTED, "cose.crit",
		                 "a header that must be understood is not");
	if (!aval_cose_header_find(&item, s->header, AVAL_COSE_ALG))
		return aval_fail(err, AVAL_E_COSE_HEADER, "cose.alg",
		                 "the algorithm is not in the protected header");
	aval_cbor_reader_init_foreign(&r, item.data, item.len);
	s->alg = aval_cbor_read_int(&r, "cose.alg");
	return aval_cbor_reader_finish(&r, err);
}

aval_status aval_cose_sign1_parse(aval_cose_sign1 *sign1_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_cose_sign1  s = { 0 };
	aval_cbor_reader r;
	aval_status      status;

	aval_cbor_reader_init_foreign(&r, data, len);
	aval_cbor_read_tag_exact(&r, "cose", AVAL_COSE_SIGN1_TAG);
	aval_cbor_enter_array_exact(&r, "cose", 4);
	s.header = aval_cbor_read_bytes(&r, "cose.protected");
	if (aval_cbor_peek(&r) != AVAL_CBOR_MAP)
		aval_cbor_fail(&r, AVAL_E_CBOR_TYPE, "cose.unprotected", "the unprotected header is not a map");
	s.unprotected = aval_cbor_read_item(&r, "cose.unprotected");
	s.is_detached = aval_cbor_peek(&r) == AVAL_CBOR_SIMPLE;
	if (s.is_detached)
		aval_cbor_read_null(&r, "cose.payload");
	else
		s.payload = aval_cbor_read_bytes(&r, "cose.payload");
	s.signature = aval_cbor_read_bytes(&r, "cose.signature");
	aval_cbor_leave(&r, "cose");
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK)
		status = check_headers(&s, &r, err);
	if (status == AVAL_OK)
		*sign1_out = s;
	return status;
}

static void digest(uint8_t digest32_out[32], const aval_algorithm *algorithm, const aval_cose_body *body)
{
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;

	aval_cose_hasher_init(&w, &ctx, algorithm);
	aval_cose_write_one_structure(&w, body);
	aval_sha256_finish(&ctx, digest32_out);
}

aval_status aval_cose_sign1_verify(const aval_cose_sign1 *sign1, aval_bytes detached_payload,
                                   const aval_public_key *key, aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_of(key);
	aval_cose_body        body = { sign1->header, sign1->is_detached ? detached_payload : sign1->payload };
	uint8_t               digest32[32], sig64[64];

	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "key", "the public key is not filled in");
	if (!sign1->is_detached && detached_payload.len != 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "payload",
		                 "the object carries its payload itself");
	if (aval_algorithm_find(sign1->alg) != algorithm)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "cose.alg", "unknown, or not the key's algorithm");
	if (sign1->signature.len != AVAL_SIGNATURE_LEN)
		return aval_fail(err, AVAL_E_SIGNATURE_LENGTH, "cose.signature", "a signature has 64 bytes");
	digest(digest32, algorithm, &body);
	memcpy(sig64, sign1->signature.data, sizeof sig64);
	aval_signature_normalize(algorithm, sig64);
	return aval_verify_digest(key, digest32, sig64, err);
}
