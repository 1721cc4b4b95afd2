/* SPDX-License-Identifier: Apache-2.0 */
/* Coding values both ways; see codec.h. */
#include "cbor/codec.h"

void aval_codec_read(aval_codec *c, const char *map, const uint8_t *data, size_t len)
{
	c->is_reading = true;
	c->map = map;
	c->has_key = false;
	c->at = 0;
	c->party = (aval_text){ NULL, 0 };
	aval_cbor_reader_init(&c->r, data, len);
	aval_cbor_enter_map(&c->r, c->map);
}

void aval_codec_write(aval_codec *c, uint8_t *out, size_t cap)
{
	c->is_reading = false;
	c->party = (aval_text){ NULL, 0 };
	c->pairs = 0;
	c->status = AVAL_OK;
	c->where = "";
	c->reason = "";
	aval_cbor_writer_init(&c->w, out, cap);
}

bool aval_codec_ok(const aval_codec *c)
{
	return c->is_reading ? aval_cbor_ok(&c->r) : c->status == AVAL_OK;
}

void aval_codec_fail(aval_codec *c, aval_status status, const char *where, const char *reason)
{
	if (c->is_reading) {
		aval_cbor_fail_at(&c->r, status, c->at, where, reason);
		return;
	}
	if (c->status != AVAL_OK)
		return;
	c->status = status;
	c->where = where;
	c->reason = reason;
}

size_t aval_codec_mark(const aval_codec *c)
{
	return c->is_reading ? c->r.offset : 0;
}

void aval_codec_fail_at(aval_codec *c, size_t mark, aval_status status, const char *where, const char *reason)
{
	c->at = mark;
	aval_codec_fail(c, status, where, reason);
}

/* The key that stands next, read if it was not yet; false at the end of the map. */
static bool peek_key(aval_codec *c)
{
	if (c->has_key)
		return true;
	c->key_offset = c->r.offset;
	c->has_key = aval_cbor_next_key_int(&c->r, c->map, &c->key);
	return c->has_key;
}

static void fail_unknown(aval_codec *c)
{
	aval_cbor_fail_at(&c->r, AVAL_E_CBOR_FIELD_UNKNOWN, c->key_offset, c->map,
	                  "the key is none of the schema's");
}

/* Keys ascend, so one below the key asked for is one that the schema does not have. */
static bool read_key(aval_codec *c, uint8_t key)
{
	if (!c->has_key && aval_cbor_try_key(&c->r, c->map, key)) {
		c->at = c->r.offset;
		return true;
	}
	if (!peek_key(c) || c->key > key)
		return false;
	if (c->key < key) {
		fail_unknown(c);
		return false;
	}
	c->has_key = false;
	c->at = c->r.offset;
	return true;
}

static void write_key(aval_codec *c, uint8_t key)
{
	aval_cbor_write_uint(&c->w, key);
	c->pairs++;
}

/* As much as the map's head needs is known once its pairs were counted. */
aval_status aval_codec_write_map(uint8_t *out, size_t *len_inout, aval_codec_pairs pairs, void *content,
                                 const char *where, aval_error *err)
{
	aval_cbor_writer head;
	aval_codec       body;
	size_t           need, head_len;

	aval_codec_write(&body, NULL, 0);
	pairs(&body, content);
	if (!aval_codec_ok(&body))
		return aval_fail(err, body.status, body.where, body.reason);
	aval_cbor_writer_init(&head, NULL, 0);
	aval_cbor_write_map(&head, body.pairs);
	head_len = head.len;
	need = head_len + body.w.len;
	if (out == NULL || *len_inout < need) {
		*len_inout = need;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, where, "the payload needs more room");
	}
	aval_cbor_writer_init(&head, out, head_len);
	aval_cbor_write_map(&head, body.pairs);
	aval_codec_write(&body, out + head_len, need - head_len);
	pairs(&body, content);
	*len_inout = need;
	return AVAL_OK;
}

bool aval_code_key(aval_codec *c, uint8_t key, const char *where)
{
	if (!c->is_reading) {
		write_key(c, key);
		return aval_codec_ok(c);
	}
	if (read_key(c, key))
		return true;
	aval_cbor_fail_at(&c->r, AVAL_E_CBOR_FIELD_MISSING, c->key_offset, where, "the key is missing");
	return false;
}

bool aval_code_optional(aval_codec *c, uint8_t key, bool *present)
{
	if (c->is_reading)
		*present = read_key(c, key);
	else if (*present)
		write_key(c, key);
	return *present && aval_codec_ok(c);
}

/* At the end of a map no key may be left. */
static void leave_map(aval_codec *c)
{
	if (peek_key(c))
		fail_unknown(c);
	aval_cbor_leave(&c->r, c->map);
}

aval_status aval_codec_read_end(aval_codec *c, aval_error *err)
{
	leave_map(c);
	return aval_cbor_reader_finish(&c->r, err);
}

void aval_code_enter_map(aval_codec *c, const char *where, size_t pairs, aval_codec_outer *outer)
{
	*outer = (aval_codec_outer){ c->map, c->pairs };
	c->map = where;
	if (c->is_reading)
		aval_cbor_enter_map(&c->r, where);
	else
		aval_cbor_write_map(&c->w, pairs);
}

void aval_code_leave_map(aval_codec *c, const aval_codec_outer *outer)
{
	if (c->is_reading)
		leave_map(c);
	c->map = outer->map;
	c->pairs = outer->pairs;
}

void aval_code_array_exact(aval_codec *c, const char *where, size_t count)
{
	if (c->is_reading)
		aval_cbor_enter_array_exact(&c->r, where, count);
	else
		aval_cbor_write_array(&c->w, count);
}

void aval_code_array(aval_codec *c, const char *where, size_t *count, size_t max)
{
	if (c->is_reading) {
		c->at = c->r.offset;
		*count = aval_cbor_enter_array(&c->r, where);
	}
	if (*count == 0)
		aval_codec_fail(c, AVAL_E_CBOR_RANGE, where, "the array is empty");
	if (*count > max)
		aval_codec_fail(c, AVAL_E_LIMIT, where, "the array has more items than the limit");
	if (!c->is_reading)
		aval_cbor_write_array(&c->w, *count);
}

void aval_code_leave_array(aval_codec *c, const char *where)
{
	if (c->is_reading)
		aval_cbor_leave(&c->r, where);
}

void aval_code_uint(aval_codec *c, const char *where, uint64_t *value, uint64_t min, uint64_t max)
{
	if (c->is_reading) {
		c->at = c->r.offset;
		*value = aval_cbor_read_uint_range(&c->r, where, min, max);
		return;
	}
	if (*value < min || *value > max)
		aval_codec_fail(c, AVAL_E_CBOR_RANGE, where, "the number is outside the schema's bounds");
	aval_cbor_write_uint(&c->w, *value);
}

/* A negative number is far above the maximum once its sign is dropped. */
void aval_code_amount(aval_codec *c, const char *where, int64_t *value, int64_t min)
{
	uint64_t number = (uint64_t)*value;

	aval_code_uint(c, where, &number, (uint64_t)min, INT64_MAX);
	if (c->is_reading)
		*value = (int64_t)number;
}

void aval_code_time(aval_codec *c, const char *where, int64_t *value)
{
	aval_code_amount(c, where, value, 0);
}

void aval_code_bool(aval_codec *c, const char *where, bool *value)
{
	if (c->is_reading)
		*value = aval_cbor_read_bool(&c->r, where);
	else
		aval_cbor_write_bool(&c->w, *value);
}

void aval_code_bytes(aval_codec *c, const char *where, uint8_t *value, size_t len)
{
	if (c->is_reading)
		aval_cbor_read_bytes_exact(&c->r, where, value, len);
	else
		aval_cbor_write_bytes(&c->w, value, len);
}

void aval_code_text(aval_codec *c, const char *where, aval_text *text, size_t min, size_t max)
{
	size_t bad;

	if (c->is_reading) {
		c->at = c->r.offset;
		*text = aval_cbor_read_text_range(&c->r, where, min, max);
		return;
	}
	if (text->len < min || text->len > max)
		aval_codec_fail(c, AVAL_E_CBOR_RANGE, where, "the text is shorter or longer than the schema's");
	else if (!aval_utf8_check(&bad, (const uint8_t *)text->data, text->len))
		aval_codec_fail(c, AVAL_E_CBOR_UTF8, where, "the text is not UTF-8");
	if (aval_codec_ok(c))
		aval_cbor_write_text(&c->w, *text);
}
