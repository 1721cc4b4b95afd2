/* SPDX-License-Identifier: Apache-2.0 */
/* Whole items of any shape, without recursion: containers are entered and left on the reader's own frames. */
#include "cbor/head.h"

/* A number or a simple value: the head is all of it. */
static void read_bare(aval_cbor_reader *r, const char *where, unsigned major)
{
	aval_cbor_head h;

	if (aval_cbor_expect(r, where, major, &h))
		aval_cbor_step(r, h.len);
}

/* Read a scalar or a tag, or enter a container. */
static void begin_item(aval_cbor_reader *r, const char *where)
{
	int major = aval_cbor_peek(r);

	switch (major) {
	case AVAL_CBOR_BYTES:
		aval_cbor_read_bytes(r, where);
		return;
	case AVAL_CBOR_TEXT:
		aval_cbor_read_text(r, where);
		return;
	case AVAL_CBOR_ARRAY:
		aval_cbor_enter_array(r, where);
		return;
	case AVAL_CBOR_MAP:
		aval_cbor_enter_map(r, where);
		return;
	case AVAL_CBOR_TAG:
		aval_cbor_read_tag(r, where);
		return;
	default:
		read_bare(r, where, major == AVAL_CBOR_NONE ? AVAL_CBOR_UINT : (unsigned)major);
	}
}

static void next_key(aval_cbor_reader *r, const char *where)
{
	int            major = aval_cbor_peek(r);
	aval_text      text;
	aval_cbor_head h;

	if (major == AVAL_CBOR_TEXT)
		aval_cbor_next_key_text(r, where, &text);
	else if (aval_cbor_expect(r, where, major == AVAL_CBOR_NEGINT ? AVAL_CBOR_NEGINT : AVAL_CBOR_UINT, &h))
		aval_cbor_take_key(r, where, h.len);
}

aval_bytes aval_cbor_read_item(aval_cbor_reader *r, const char *where)
{
	unsigned outer = r->depth;
	size_t   start = r->offset;

	do {
		aval_cbor_frame *f = r->depth > outer ? &r->frames[r->depth - 1] : NULL;

		if (f != NULL && r->tags == 0 && f->remaining == 0 && !f->value_due)
			aval_cbor_leave(r, where);
		else if (f != NULL && f->is_map && !f->value_due)
			next_key(r, where);
		else
			begin_item(r, where);
	} while (aval_cbor_ok(r) && (r->depth > outer || r->tags != 0));
	if (!aval_cbor_ok(r))
		return (aval_bytes){ NULL, 0 };
	return (aval_bytes){ r->data + start, r->offset - start };
}

aval_status aval_cbor_validate(const uint8_t *data, size_t len, aval_error *err)
{
	aval_cbor_reader r;

	aval_cbor_reader_init(&r, data, len);
	aval_cbor_read_item(&r, "cbor");
	return aval_cbor_reader_finish(&r, err);
}
