/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One CBOR head. libcbor's stream decoder reads every longer head and every simple value; this file refuses
 * before and after it what a deterministic encoding cannot hold. Heads of one and two bytes hold their value as
 * it is. Tags are read here, since libcbor up to 0.10 refuses the tags 6 to 20.
 */
#include <cbor.h>

#include "cbor/head.h"

#if CBOR_MAJOR_VERSION == 0 && CBOR_MINOR_VERSION < 10
typedef size_t wire_len;
#else
typedef uint64_t wire_len;
#endif

enum { INFO_1_BYTE = 24, INFO_8_BYTES = 27, INFO_INDEFINITE = 31, FALSE = 20, NULL_ = 22, SIMPLE_1_BYTE = 24 };

static void on_u8(void *value_out, uint8_t value)
{
	*(uint64_t *)value_out = value;
}

static void on_u16(void *value_out, uint16_t value)
{
	*(uint64_t *)value_out = value;
}

static void on_u32(void *value_out, uint32_t value)
{
	*(uint64_t *)value_out = value;
}

static void on_u64(void *value_out, uint64_t value)
{
	*(uint64_t *)value_out = value;
}

static void on_count(void *value_out, wire_len value)
{
	*(uint64_t *)value_out = value;
}

static void on_string(void *value_out, cbor_data data, wire_len len)
{
	(void)data;
	*(uint64_t *)value_out = len;
}

static void on_bool(void *value_out, bool value)
{
	*(uint64_t *)value_out = value ? FALSE + 1 : FALSE;
}

static void on_null(void *value_out)
{
	*(uint64_t *)value_out = NULL_;
}

/* Floats, indefinite lengths, tags and other simple values never reach the decoder. */
static const struct cbor_callbacks callbacks = {
	.uint8 = on_u8,
	.uint16 = on_u16,
	.uint32 = on_u32,
	.uint64 = on_u64,
	.negint8 = on_u8,
	.negint16 = on_u16,
	.negint32 = on_u32,
	.negint64 = on_u64,
	.byte_string = on_string,
	.string = on_string,
	.array_start = on_count,
	.map_start = on_count,
	.boolean = on_bool,
	.null = on_null,
};

static bool fail(aval_cbor_reader *r, aval_status status, const char *where, const char *reason)
{
	aval_cbor_fail(r, status, where, reason);
	return false;
}

/* Refuse by the initial byte alone. */
static bool check_initial(aval_cbor_reader *r, const char *where, unsigned major, unsigned info)
{
	if (info > INFO_8_BYTES && info < INFO_INDEFINITE)
		return fail(r, AVAL_E_CBOR_MALFORMED, where, "the head uses reserved additional information");
	if (info == INFO_INDEFINITE && major >= AVAL_CBOR_BYTES && major <= AVAL_CBOR_MAP)
		return fail(r, AVAL_E_CBOR_INDEFINITE, where, "the length is indefinite");
	if (info == INFO_INDEFINITE)
		return fail(r, AVAL_E_CBOR_MALFORMED, where, "the head is a break outside an indefinite length");
	if (major != AVAL_CBOR_SIMPLE || (info >= FALSE && info <= NULL_) || r->foreign)
		return true;
	if (info > SIMPLE_1_BYTE)
		return fail(r, AVAL_E_CBOR_FLOAT, where, "the item is a floating-point number");
	return fail(r, AVAL_E_CBOR_SIMPLE, where, "the simple value is none of false, true and null");
}

/* Bytes that a head with this additional information takes. */
static size_t head_len(unsigned info)
{
	return info < INFO_1_BYTE ? 1 : 1 + ((size_t)1 << (info - INFO_1_BYTE));
}

static uint64_t big_endian(const uint8_t *p, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | p[i];
	return value;
}

/* The least value that needs a head of so many bytes. */
static const uint64_t least_value[] = { 0, INFO_1_BYTE, UINT64_C(0x100), 0, UINT64_C(0x10000), 0, 0, 0,
	                                UINT64_C(0x100000000) };

/* A string's content, or at least one byte for each item of a container, must follow. */
static bool fits(const aval_cbor_reader *r, const aval_cbor_head *h)
{
	uint64_t left = r->len - r->offset - h->len;

	switch (h->major) {
	case AVAL_CBOR_BYTES:
	case AVAL_CBOR_TEXT:
	case AVAL_CBOR_ARRAY:
		return h->value <= left;
	case AVAL_CBOR_MAP:
		return h->value <= left / 2;
	default:
		return true;
	}
}

/* A head of two bytes, the second of which holds the value; false where it is another one, or wrong. */
static bool decode_two(const aval_cbor_reader *r, aval_cbor_head *h)
{
	const uint8_t *p = r->data + r->offset;

	if (h->value != INFO_1_BYTE || h->major >= AVAL_CBOR_TAG || r->len - r->offset < 2 || p[1] < INFO_1_BYTE)
		return false;
	h->len = 2;
	h->value = p[1];
	return true;
}

/* A head of several bytes, or one whose initial byte needs a look. */
static bool decode_long(aval_cbor_reader *r, const char *where, aval_cbor_head *h)
{
	const uint8_t *p = r->data + r->offset;
	unsigned       info = p[0] & 31u;

	if (!check_initial(r, where, h->major, info))
		return false;
	h->len = head_len(info);
	if (h->len > r->len - r->offset)
		return fail(r, AVAL_E_CBOR_TRUNCATED, where, "the input ends inside a head");
	if (h->major == AVAL_CBOR_TAG)
		h->value = big_endian(p + 1, h->len - 1);
	else if (h->major == AVAL_CBOR_SIMPLE && (info < FALSE || info > NULL_))
		h->value = UINT64_MAX; /* a float or a simple value of foreign data: none that a schema reads */
	else if (cbor_stream_decode(p, r->len - r->offset, &callbacks, &h->value).status != CBOR_DECODER_FINISHED)
		return fail(r, AVAL_E_CBOR_COUNT, where, "the string is longer than the bytes that remain");
	if (!r->foreign && h->len != 1 && h->value < least_value[h->len - 1])
		return fail(r, AVAL_E_CBOR_NOT_SHORTEST, where, "the head is longer than its value needs");
	return true;
}

bool aval_cbor_head_decode(aval_cbor_reader *r, const char *where, aval_cbor_head *head_out)
{
	unsigned initial;

	if (!aval_cbor_ok(r))
		return false;
	if (r->offset == r->len)
		return fail(r, AVAL_E_CBOR_TRUNCATED, where, "the input ends where an item is due");
	initial = r->data[r->offset];
	*head_out = (aval_cbor_head){ initial >> 5, 1, initial & 31u };
	if ((head_out->value >= INFO_1_BYTE || head_out->major == AVAL_CBOR_SIMPLE) && !decode_two(r, head_out) &&
	    !decode_long(r, where, head_out))
		return false;
	if (!fits(r, head_out))
		return fail(r, AVAL_E_CBOR_COUNT, where, "the count is more than the bytes that remain can hold");
	return true;
}
