/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict reader: what it accepts is one item, written again it has the same bytes; what it refuses it
 * refuses at an offset within the input. The reader for foreign objects accepts all that the strict one does.
 */
#include <string.h>

#include "cbor/cbor.h"
#include "fuzz.h"

enum { OUT_CAP = 1 << 16 };

typedef struct copier {
	aval_cbor_reader reader;
	aval_cbor_writer writer;
	uint8_t          out[OUT_CAP];
} copier;

static void copy_key(copier *c)
{
	aval_text text = { NULL, 0 };
	int64_t   number = 0;

	if (aval_cbor_peek(&c->reader) == AVAL_CBOR_TEXT) {
		if (aval_cbor_next_key_text(&c->reader, "key", &text))
			aval_cbor_write_text(&c->writer, text);
	} else if (aval_cbor_next_key_int(&c->reader, "key", &number)) {
		aval_cbor_write_int(&c->writer, number);
	}
}

static void copy_simple(copier *c)
{
	uint8_t byte = c->reader.data[c->reader.offset];

	if (byte == 0xf6) {
		aval_cbor_read_null(&c->reader, "null");
		aval_cbor_write_null(&c->writer);
	} else {
		aval_cbor_write_bool(&c->writer, aval_cbor_read_bool(&c->reader, "bool"));
	}
}

static void copy_bytes(copier *c)
{
	aval_bytes bytes = aval_cbor_read_bytes(&c->reader, "bytes");

	aval_cbor_write_bytes(&c->writer, bytes.data, bytes.len);
}

static void copy_one(copier *c)
{
	switch (aval_cbor_peek(&c->reader)) {
	case AVAL_CBOR_UINT:
		aval_cbor_write_uint(&c->writer, aval_cbor_read_uint(&c->reader, "uint"));
		return;
	case AVAL_CBOR_BYTES:
		copy_bytes(c);
		return;
	case AVAL_CBOR_TEXT:
		aval_cbor_write_text(&c->writer, aval_cbor_read_text(&c->reader, "text"));
		return;
	case AVAL_CBOR_ARRAY:
		aval_cbor_write_array(&c->writer, aval_cbor_enter_array(&c->reader, "array"));
		return;
	case AVAL_CBOR_MAP:
		aval_cbor_write_map(&c->writer, aval_cbor_enter_map(&c->reader, "map"));
		return;
	case AVAL_CBOR_TAG:
		aval_cbor_write_tag(&c->writer, aval_cbor_read_tag(&c->reader, "tag"));
		return;
	case AVAL_CBOR_SIMPLE:
		copy_simple(c);
		return;
	default:
		aval_cbor_write_int(&c->writer, aval_cbor_read_int(&c->reader, "int"));
	}
}

/* Leaves containers that are read to their end, then copies a key or an item. */
static void copy_step(copier *c)
{
	aval_cbor_reader *r = &c->reader;
	aval_cbor_frame  *f = r->depth == 0 ? NULL : &r->frames[r->depth - 1];

	if (f != NULL && r->tags == 0 && f->remaining == 0 && !f->value_due)
		aval_cbor_leave(r, "container");
	else if (f != NULL && f->is_map && !f->value_due)
		copy_key(c);
	else
		copy_one(c);
}

static void write_again(const uint8_t *data, size_t size)
{
	static copier c;
	size_t        len = 0;

	aval_cbor_reader_init(&c.reader, data, size);
	aval_cbor_writer_init(&c.writer, c.out, sizeof c.out);
	do {
		copy_step(&c);
	} while (aval_cbor_ok(&c.reader) && (c.reader.depth > 0 || c.reader.tags > 0));
	/* Integers below -2^63 are valid items that no schema reads. */
	if (aval_cbor_status(&c.reader) == AVAL_E_CBOR_RANGE)
		return;
	FUZZ_REQUIRE(aval_cbor_reader_finish(&c.reader, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_cbor_writer_finish(&c.writer, &len, NULL) == AVAL_OK || size > OUT_CAP);
	FUZZ_REQUIRE(len == size && (size > OUT_CAP || memcmp(c.out, data, size) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      status = aval_cbor_validate(data, size, &err);
	aval_cbor_reader foreign;

	aval_cbor_reader_init_foreign(&foreign, data, size);
	aval_cbor_read_item(&foreign, "foreign");
	if (status != AVAL_OK) {
		FUZZ_REQUIRE(err.status == status && err.offset <= size && err.reason[0] != '\0');
		return 0;
	}
	FUZZ_REQUIRE(aval_cbor_reader_finish(&foreign, NULL) == AVAL_OK);
	write_again(data, size);
	return 0;
}
