/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader: docs/spec/encoding.md. State is an offset and one frame for each container entered. */
#include <assert.h>

#include "cbor/head.h"

void aval_cbor_reader_init(aval_cbor_reader *r, const uint8_t *data, size_t len)
{
	r->data = data;
	r->len = len;
	r->offset = 0;
	r->depth = 0;
	r->tags = 0;
	r->foreign = false;
	r->status = AVAL_OK;
	r->fail_offset = 0;
	r->fail_where = "";
	r->fail_reason = "";
}

void aval_cbor_reader_init_foreign(aval_cbor_reader *r, const uint8_t *data, size_t len)
{
	aval_cbor_reader_init(r, data, len);
	r->foreign = true;
}

void aval_cbor_fail_at(aval_cbor_reader *r, aval_status status, size_t offset, const char *where,
                       const char *reason)
{
	if (r->status != AVAL_OK)
		return;
	r->status = status;
	r->fail_offset = offset;
	r->fail_where = where;
	r->fail_reason = reason;
}

void aval_cbor_fail(aval_cbor_reader *r, aval_status status, const char *where, const char *reason)
{
	aval_cbor_fail_at(r, status, r->offset, where, reason);
}

aval_status aval_cbor_reader_finish(const aval_cbor_reader *r, aval_error *err)
{
	if (r->status != AVAL_OK)
		return aval_fail_at(err, r->status, r->fail_offset, r->fail_where, r->fail_reason);
	assert(r->depth == 0 && r->tags == 0);
	if (r->offset != r->len)
		return aval_fail_at(err, AVAL_E_CBOR_TRAILING, r->offset, "cbor", "bytes follow the item");
	return AVAL_OK;
}

static aval_cbor_frame *top(aval_cbor_reader *r)
{
	return r->depth == 0 ? NULL : &r->frames[r->depth - 1];
}

static unsigned level(const aval_cbor_reader *r)
{
	return (r->depth == 0 ? 0 : r->frames[r->depth - 1].level) + r->tags;
}

static bool at_end(const aval_cbor_reader *r)
{
	const aval_cbor_frame *f = r->depth == 0 ? NULL : &r->frames[r->depth - 1];

	return f != NULL && f->remaining == 0 && !f->value_due;
}

int aval_cbor_peek(const aval_cbor_reader *r)
{
	if (r->status != AVAL_OK || r->offset == r->len || at_end(r))
		return AVAL_CBOR_NONE;
	return r->data[r->offset] >> 5;
}

bool aval_cbor_expect(aval_cbor_reader *r, const char *where, unsigned major, aval_cbor_head *h)
{
	if (aval_cbor_ok(r) && at_end(r))
		aval_cbor_fail(r, AVAL_E_CBOR_RANGE, where, "the container has fewer items than the schema");
	if (!aval_cbor_head_decode(r, where, h))
		return false;
	if (h->major == major)
		return true;
	aval_cbor_fail(r, AVAL_E_CBOR_TYPE, where, "the item has another type than the schema's");
	return false;
}

void aval_cbor_step(aval_cbor_reader *r, size_t len)
{
	aval_cbor_frame *f = top(r);

	r->offset += len;
	r->tags = 0;
	if (f == NULL)
		return;
	assert(!f->is_map || f->value_due);
	if (f->is_map)
		f->value_due = false;
	else
		f->remaining--;
}

uint64_t aval_cbor_read_uint(aval_cbor_reader *r, const char *where)
{
	aval_cbor_head h;

	if (!aval_cbor_expect(r, where, AVAL_CBOR_UINT, &h))
		return 0;
	aval_cbor_step(r, h.len);
	return h.value;
}

/* An integer of either sign; false where it leaves the range of the type. */
static bool int_value(const aval_cbor_head *h, int64_t *value_out)
{
	if (h->value > INT64_MAX)
		return false;
	*value_out = h->major == AVAL_CBOR_UINT ? (int64_t)h->value : -1 - (int64_t)h->value;
	return true;
}

int64_t aval_cbor_read_int(aval_cbor_reader *r, const char *where)
{
	bool           negative = aval_cbor_peek(r) == AVAL_CBOR_NEGINT;
	aval_cbor_head h;
	int64_t        value;

	if (!aval_cbor_expect(r, where, negative ? AVAL_CBOR_NEGINT : AVAL_CBOR_UINT, &h))
		return 0;
	if (!int_value(&h, &value)) {
		aval_cbor_fail(r, AVAL_E_CBOR_RANGE, where, "the integer leaves 64 bits with a sign");
		return 0;
	}
	aval_cbor_step(r, h.len);
	return value;
}

uint64_t aval_cbor_read_uint_range(aval_cbor_reader *r, const char *where, uint64_t min, uint64_t max)
{
	size_t   offset = r->offset;
	uint64_t value = aval_cbor_read_uint(r, where);

	if (!aval_cbor_ok(r))
		return 0;
	if (value >= min && value <= max)
		return value;
	aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, where, "the number is outside the schema's bounds");
	return 0;
}

aval_bytes aval_cbor_read_bytes(aval_cbor_reader *r, const char *where)
{
	aval_cbor_head h;
	const uint8_t *content;

	if (!aval_cbor_expect(r, where, AVAL_CBOR_BYTES, &h))
		return (aval_bytes){ NULL, 0 };
	content = r->data + r->offset + h.len;
	aval_cbor_step(r, h.len + (size_t)h.value);
	return (aval_bytes){ content, (size_t)h.value };
}

void aval_cbor_read_bytes_exact(aval_cbor_reader *r, const char *where, uint8_t *out, size_t len)
{
	size_t     offset = r->offset;
	aval_bytes bytes = aval_cbor_read_bytes(r, where);

	if (!aval_cbor_ok(r))
		return;
	if (bytes.len == len)
		memcpy(out, bytes.data, len);
	else
		aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, where, "the byte string has another length");
}

/* The text behind a decoded head; false where it is no UTF-8. */
static bool text_value(aval_cbor_reader *r, const char *where, const aval_cbor_head *h, aval_text *text_out)
{
	size_t         start = r->offset + h->len;
	const uint8_t *content = r->data + start;
	size_t         bad;

	if (!aval_utf8_check(&bad, content, (size_t)h->value)) {
		aval_cbor_fail_at(r, AVAL_E_CBOR_UTF8, start + bad, where, "the text is not UTF-8");
		return false;
	}
	*text_out = (aval_text){ (const char *)content, (size_t)h->value };
	return true;
}

aval_text aval_cbor_read_text(aval_cbor_reader *r, const char *where)
{
	aval_cbor_head h;
	aval_text      text;

	if (!aval_cbor_expect(r, where, AVAL_CBOR_TEXT, &h) || !text_value(r, where, &h, &text))
		return (aval_text){ NULL, 0 };
	aval_cbor_step(r, h.len + text.len);
	return text;
}

aval_text aval_cbor_read_text_range(aval_cbor_reader *r, const char *where, size_t min, size_t max)
{
	size_t    offset = r->offset;
	aval_text text = aval_cbor_read_text(r, where);

	if (!aval_cbor_ok(r) || (text.len >= min && text.len <= max))
		return text;
	aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, where, "the text is shorter or longer than the schema's");
	return (aval_text){ NULL, 0 };
}

/* A simple value from first to last. */
static uint64_t read_simple(aval_cbor_reader *r, const char *where, uint64_t first, uint64_t last)
{
	aval_cbor_head h;

	if (!aval_cbor_expect(r, where, AVAL_CBOR_SIMPLE, &h))
		return first;
	if (h.value < first || h.value > last) {
		aval_cbor_fail(r, AVAL_E_CBOR_TYPE, where, "the simple value is not of the schema's kind");
		return first;
	}
	aval_cbor_step(r, h.len);
	return h.value;
}

bool aval_cbor_read_bool(aval_cbor_reader *r, const char *where)
{
	return read_simple(r, where, 20, 21) == 21;
}

void aval_cbor_read_null(aval_cbor_reader *r, const char *where)
{
	read_simple(r, where, 22, 22);
}

uint64_t aval_cbor_read_tag(aval_cbor_reader *r, const char *where)
{
	aval_cbor_head h;

	if (!aval_cbor_expect(r, where, AVAL_CBOR_TAG, &h))
		return 0;
	if (level(r) >= AVAL_CBOR_MAX_DEPTH) {
		aval_cbor_fail(r, AVAL_E_CBOR_DEPTH, where, "the item is nested too deep");
		return 0;
	}
	r->offset += h.len;
	r->tags++;
	return h.value;
}

void aval_cbor_read_tag_exact(aval_cbor_reader *r, const char *where, uint64_t tag)
{
	size_t   offset = r->offset;
	uint64_t found = aval_cbor_read_tag(r, where);

	if (aval_cbor_ok(r) && found != tag)
		aval_cbor_fail_at(r, AVAL_E_CBOR_TYPE, offset, where, "the item has another tag than the schema's");
}

/* The item is counted in its container now, its own items in the new frame. */
static size_t enter(aval_cbor_reader *r, const char *where, unsigned major)
{
	aval_cbor_head h;
	unsigned       outer;

	if (!aval_cbor_expect(r, where, major, &h))
		return 0;
	outer = level(r);
	if (outer >= AVAL_CBOR_MAX_DEPTH) {
		aval_cbor_fail(r, AVAL_E_CBOR_DEPTH, where, "the item is nested too deep");
		return 0;
	}
	aval_cbor_step(r, h.len);
	r->frames[r->depth++] = (aval_cbor_frame){ .remaining = h.value, .level = outer + 1,
		                                   .is_map = major == AVAL_CBOR_MAP };
	return (size_t)h.value;
}

size_t aval_cbor_enter_array(aval_cbor_reader *r, const char *where)
{
	return enter(r, where, AVAL_CBOR_ARRAY);
}

void aval_cbor_enter_array_exact(aval_cbor_reader *r, const char *where, size_t count)
{
	size_t offset = r->offset;
	size_t found = enter(r, where, AVAL_CBOR_ARRAY);

	if (aval_cbor_ok(r) && found != count)
		aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, where, "the array has another count of items");
}

size_t aval_cbor_enter_map(aval_cbor_reader *r, const char *where)
{
	return enter(r, where, AVAL_CBOR_MAP);
}

void aval_cbor_leave(aval_cbor_reader *r, const char *where)
{
	if (!aval_cbor_ok(r))
		return;
	assert(r->depth > 0 && !top(r)->value_due && r->tags == 0);
	if (top(r)->remaining != 0)
		aval_cbor_fail(r, AVAL_E_CBOR_RANGE, where, "the container has more items than the schema");
	else
		r->depth--;
}

/* Compare the key at the offset with the one before it, as RFC 8949, section 4.2.1 orders them. */
static bool key_ascends(aval_cbor_reader *r, const char *where, size_t len)
{
	const aval_cbor_frame *f = top(r);
	const uint8_t         *last = r->data + f->key_offset, *key = r->data + r->offset;
	int                    order;

	/* Most keys differ from the one before in their first byte. */
	if (f->key_len == 0 || last[0] < key[0])
		return true;
	/* No encoded item is the beginning of another, so equal beginnings are equal keys. */
	order = memcmp(last, key, f->key_len < len ? f->key_len : len);
	if (order < 0)
		return true;
	if (order == 0)
		aval_cbor_fail(r, AVAL_E_CBOR_KEY_DUPLICATE, where, "the key occurs twice");
	else
		aval_cbor_fail(r, AVAL_E_CBOR_KEY_ORDER, where, "the keys do not ascend");
	return false;
}

bool aval_cbor_take_key(aval_cbor_reader *r, const char *where, size_t len)
{
	aval_cbor_frame *f = top(r);

	if (!r->foreign && !key_ascends(r, where, len))
		return false;
	f->key_offset = r->offset;
	f->key_len = len;
	f->remaining--;
	f->value_due = true;
	r->offset += len;
	return true;
}

static bool key_due(const aval_cbor_reader *r)
{
	if (!aval_cbor_ok(r))
		return false;
	assert(r->depth > 0 && r->frames[r->depth - 1].is_map && !r->frames[r->depth - 1].value_due);
	return r->frames[r->depth - 1].remaining != 0;
}

bool aval_cbor_next_key_int(aval_cbor_reader *r, const char *where, int64_t *key_out)
{
	unsigned       major = aval_cbor_peek(r) == AVAL_CBOR_NEGINT ? AVAL_CBOR_NEGINT : AVAL_CBOR_UINT;
	aval_cbor_head h;
	int64_t        key;

	if (!key_due(r) || !aval_cbor_expect(r, where, major, &h))
		return false;
	if (!int_value(&h, &key)) {
		aval_cbor_fail(r, AVAL_E_CBOR_RANGE, where, "the key leaves 64 bits with a sign");
		return false;
	}
	if (!aval_cbor_take_key(r, where, h.len))
		return false;
	*key_out = key;
	return true;
}

bool aval_cbor_try_key(aval_cbor_reader *r, const char *where, uint8_t key)
{
	const uint8_t *p;
	size_t         left = r->len - r->offset;

	if (!key_due(r))
		return false;
	p = r->data + r->offset;
	if (key < 24)
		return left >= 1 && p[0] == key && aval_cbor_take_key(r, where, 1);
	return left >= 2 && p[0] == 0x18 && p[1] == key && aval_cbor_take_key(r, where, 2);
}

bool aval_cbor_next_key_text(aval_cbor_reader *r, const char *where, aval_text *key_out)
{
	aval_cbor_head h;
	aval_text      key;

	if (!key_due(r) || !aval_cbor_expect(r, where, AVAL_CBOR_TEXT, &h) || !text_value(r, where, &h, &key) ||
	    !aval_cbor_take_key(r, where, h.len + key.len))
		return false;
	*key_out = key;
	return true;
}
