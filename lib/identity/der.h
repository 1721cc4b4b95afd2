/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_DER_H
#define AVAL_LIB_DER_H

/*
 * A strict reader of DER: definite lengths in their shortest form, low tag numbers, nothing beyond the end. It
 * allocates nothing and gives views. Every failure has the status that the reader was made with.
 */

#include "base/base.h"

enum {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_UTF8_STRING = 0x0c,
	DER_PRINTABLE_STRING = 0x13,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0, /* constructed: [0], [1], ... */
	DER_CONTEXT_PRIMITIVE_0 = 0x80
};

/* What all readers of one input share. */
typedef struct aval_der_input {
	const uint8_t *begin;
	aval_status    status; /* of a failure */
	aval_error    *err;
} aval_der_input;

typedef struct aval_der {
	const uint8_t        *at, *end;
	const aval_der_input *input;
} aval_der;

static inline bool aval_der_is_empty(const aval_der *in)
{
	return in->at == in->end;
}

static inline bool aval_der_next_is(const aval_der *in, unsigned tag)
{
	return in->at != in->end && in->at[0] == tag;
}

static inline aval_bytes aval_der_rest(const aval_der *in)
{
	return (aval_bytes){ in->at, (size_t)(in->end - in->at) };
}

aval_der aval_der_open(const aval_der_input *input, aval_bytes bytes);

aval_status aval_der_fail(const aval_der *in, const char *where, const char *reason);

/* The next element, whatever its tag; whole and content may be NULL. */
aval_status aval_der_take_any(aval_der *in, unsigned *tag_out, aval_bytes *whole_out, aval_der *content_out,
                              const char *where);

/* The next element, which must have this tag. */
aval_status aval_der_take(aval_der *in, unsigned tag, aval_der *content_out, const char *where);
aval_status aval_der_take_whole(aval_der *in, unsigned tag, aval_bytes *whole_out, const char *where);
aval_status aval_der_take_bytes(aval_der *in, unsigned tag, aval_bytes *content_out, const char *where);

aval_status aval_der_expect_end(const aval_der *in, const char *where);

/* An INTEGER in its shortest form, of any sign: its content. */
aval_status aval_der_take_integer(aval_der *in, aval_bytes *content_out, const char *where);

/* One that is not negative, without leading zeros; zero is empty. */
aval_status aval_der_take_natural(aval_der *in, aval_bytes *magnitude_out, const char *where);

/* The same as a number; more than fits is UINT32_MAX. */
aval_status aval_der_take_uint(aval_der *in, uint32_t *value_out, const char *where);

aval_status aval_der_take_boolean(aval_der *in, bool *value_out, const char *where);
aval_status aval_der_take_bits(aval_der *in, aval_bytes *bytes_out, unsigned *unused_out, const char *where);

/* UTCTime or GeneralizedTime in UTC with seconds, as RFC 5280 has them. */
aval_status aval_der_take_time(aval_der *in, int64_t *unix_ms_out, const char *where);

bool aval_bytes_equal(aval_bytes a, aval_bytes b);

#endif /* AVAL_LIB_DER_H */
