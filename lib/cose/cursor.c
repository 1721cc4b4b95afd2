/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking over the signatures of an envelope that was parsed: every rule was checked then, so that only bounds are
 * looked at here. Envelopes are walked several times, and this costs a tenth of parsing them again.
 */
#include "cose/cose.h"

typedef struct span {
	const uint8_t *at, *end;
	bool           is_over; /* something is not where it was */
} span;

/* The argument of a head that is longer than a byte. */
static uint64_t take_long(span *s, unsigned major)
{
	uint64_t value = 0;
	size_t   len;

	if (s->is_over || s->at == s->end || (unsigned)*s->at >> 5 != major || (*s->at & 31) > 27) {
		s->is_over = true;
		return 0;
	}
	len = (size_t)1 << ((*s->at++ & 31) - 24);
	if (len > (size_t)(s->end - s->at)) {
		s->is_over = true;
		return 0;
	}
	for (; len > 0; len--)
		value = value << 8 | *s->at++;
	return value;
}

/* The argument of a head of a major type. */
static inline uint64_t take(span *s, unsigned major)
{
	if (s->at != s->end && !s->is_over && (unsigned)*s->at - (major << 5) < 24)
		return (uint64_t)*s->at++ & 31;
	return take_long(s, major);
}

static inline aval_bytes take_string(span *s, unsigned major)
{
	uint64_t   len = take(s, major);
	aval_bytes string = { s->at, 0 };

	if (s->is_over || len > (uint64_t)(s->end - s->at)) {
		s->is_over = true;
		return string;
	}
	string.len = (size_t)len;
	s->at += len;
	return string;
}

static int64_t take_int(span *s)
{
	if (s->at != s->end && *s->at >> 5 == AVAL_CBOR_NEGINT)
		return -1 - (int64_t)(take(s, AVAL_CBOR_NEGINT) & INT64_MAX);
	return (int64_t)(take(s, AVAL_CBOR_UINT) & INT64_MAX);
}

static bool take_header(aval_cose_signature *s)
{
	span       h = { s->header.data, s->header.data + s->header.len, false };
	aval_bytes party;

	(void)take(&h, AVAL_CBOR_MAP);
	(void)take(&h, AVAL_CBOR_UINT);
	s->algorithm = aval_cose_algorithm_find(&s->is_batch, take_int(&h));
	(void)take(&h, AVAL_CBOR_UINT);
	s->kid32 = take_string(&h, AVAL_CBOR_BYTES).data;
	(void)take_string(&h, AVAL_CBOR_TEXT);
	(void)take(&h, AVAL_CBOR_ARRAY);
	s->signer.role = take(&h, AVAL_CBOR_UINT);
	party = take_string(&h, AVAL_CBOR_TEXT);
	s->signer.party = (aval_text){ (const char *)party.data, party.len };
	return !h.is_over && s->algorithm != NULL;
}

static bool take_batch(aval_cose_signature *s)
{
	span     b = { s->signature.data, s->signature.data + s->signature.len, false };
	uint64_t count;

	(void)take(&b, AVAL_CBOR_ARRAY);
	s->batch.size = take(&b, AVAL_CBOR_UINT);
	s->batch.index = take(&b, AVAL_CBOR_UINT);
	count = take(&b, AVAL_CBOR_ARRAY);
	if (b.is_over || count > AVAL_BATCH_MAX_PATH || AVAL_CBOR_HASH_STEP * count > (uint64_t)(b.end - b.at))
		return false;
	s->batch.path_count = (size_t)count;
	s->batch.path = count == 0 ? NULL : b.at + 2;
	b.at += AVAL_CBOR_HASH_STEP * count;
	s->sig64 = take_string(&b, AVAL_CBOR_BYTES).data;
	return !b.is_over && b.at - s->sig64 == AVAL_SIGNATURE_LEN;
}

bool aval_cose_sign_next(aval_cose_cursor *cursor, aval_cose_signature *signature_out, const aval_cose_sign *sign)
{
	span                at;
	aval_cose_signature s = { 0 };

	if (cursor->offset >= sign->signatures.len)
		return false;
	at = (span){ sign->signatures.data + cursor->offset, sign->signatures.data + sign->signatures.len, false };
	(void)take(&at, AVAL_CBOR_ARRAY);
	s.header = take_string(&at, AVAL_CBOR_BYTES);
	(void)take(&at, AVAL_CBOR_MAP);
	s.signature = take_string(&at, AVAL_CBOR_BYTES);
	if (at.is_over || !take_header(&s))
		return false;
	s.sig64 = s.signature.data;
	if (s.is_batch ? !take_batch(&s) : s.signature.len != AVAL_SIGNATURE_LEN)
		return false;
	s.offset = cursor->offset + sign->signatures_offset;
	cursor->offset = (size_t)(at.at - sign->signatures.data);
	*signature_out = s;
	return true;
}
