/* SPDX-License-Identifier: Apache-2.0 */
/* The writer: heads by libcbor, which writes the shortest; content as it is given. */
#include <cbor.h>

#include "cbor/cbor.h"

/* The longest head. */
enum { HEAD_MAX = 9 };

void aval_cbor_writer_init(aval_cbor_writer *w, uint8_t *out, size_t cap)
{
	*w = (aval_cbor_writer){ out, out == NULL ? 0 : cap, 0, NULL, NULL };
}

void aval_cbor_writer_init_sink(aval_cbor_writer *w, aval_cbor_sink sink, void *user_data)
{
	*w = (aval_cbor_writer){ NULL, 0, 0, sink, user_data };
}

aval_status aval_cbor_writer_finish(const aval_cbor_writer *w, size_t *len_out, aval_error *err)
{
	*len_out = w->len;
	if (w->sink != NULL || w->len <= w->cap)
		return AVAL_OK;
	return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "cbor", "the buffer is shorter than the encoding");
}

void aval_cbor_write_raw(aval_cbor_writer *w, const uint8_t *data, size_t len)
{
	if (w->sink != NULL)
		w->sink(data, len, w->user_data);
	else if (len != 0 && w->len <= w->cap && len <= w->cap - w->len)
		memcpy(w->out + w->len, data, len);
	/* A buffer and its content lie in memory together, so the sum cannot wrap; a count may, and saturates. */
	w->len = len > SIZE_MAX - w->len ? SIZE_MAX : w->len + len;
}

void aval_cbor_write_uint(aval_cbor_writer *w, uint64_t value)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_uint(value, head, sizeof head));
}

void aval_cbor_write_int(aval_cbor_writer *w, int64_t value)
{
	uint8_t head[HEAD_MAX];

	if (value >= 0)
		aval_cbor_write_uint(w, (uint64_t)value);
	else
		aval_cbor_write_raw(w, head, cbor_encode_negint((uint64_t)(-1 - value), head, sizeof head));
}

void aval_cbor_write_bytes_head(aval_cbor_writer *w, size_t len)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_bytestring_start(len, head, sizeof head));
}

void aval_cbor_write_bytes(aval_cbor_writer *w, const uint8_t *data, size_t len)
{
	aval_cbor_write_bytes_head(w, len);
	aval_cbor_write_raw(w, data, len);
}

void aval_cbor_write_text(aval_cbor_writer *w, aval_text text)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_string_start(text.len, head, sizeof head));
	aval_cbor_write_raw(w, (const uint8_t *)text.data, text.len);
}

void aval_cbor_write_text_z(aval_cbor_writer *w, const char *text)
{
	aval_cbor_write_text(w, aval_text_z(text));
}

void aval_cbor_write_bool(aval_cbor_writer *w, bool value)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_bool(value, head, sizeof head));
}

void aval_cbor_write_null(aval_cbor_writer *w)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_null(head, sizeof head));
}

void aval_cbor_write_tag(aval_cbor_writer *w, uint64_t tag)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_tag(tag, head, sizeof head));
}

void aval_cbor_write_array(aval_cbor_writer *w, size_t count)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_array_start(count, head, sizeof head));
}

void aval_cbor_write_map(aval_cbor_writer *w, size_t pair_count)
{
	uint8_t head[HEAD_MAX];

	aval_cbor_write_raw(w, head, cbor_encode_map_start(pair_count, head, sizeof head));
}
