/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole items of any shape, without recursion: containers are entered and left on the reader's own frames. What
 * is common and plainly right is skimmed here; at everything else the skimming stops, and the reader's own
 * calls, which know every rule, take the next step.
 */
#include "cbor/head.h"

/* Decode a shortest head of up to five bytes; its length, or 0 where it is none. */
static inline size_t skim_head(uint64_t *value_out, const uint8_t *p, size_t left)
{
	unsigned info = p[0] & 31u;

	*value_out = info;
	if (info < 24)
		return 1;
	if (info == 24 && left >= 2) {
		*value_out = p[1];
		return p[1] >= 24 ? 2 : 0;
	}
	if (info == 25 && left >= 3) {
		*value_out = (uint64_t)p[1] << 8 | p[2];
		return p[1] != 0 ? 3 : 0;
	}
	if (info == 26 && left >= 5) {
		*value_out = (uint64_t)p[1] << 24 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 8 | p[4];
		return (p[1] | p[2]) != 0 ? 5 : 0;
	}
	return 0;
}

/* The length of a string with its head, or 0. */
static inline size_t skim_string(const uint8_t *p, size_t left, bool is_text)
{
	uint64_t len;
	size_t   head = skim_head(&len, p, left), bad;

	if (head == 0 || len > left - head || (is_text && !aval_utf8_check(&bad, p + head, (size_t)len)))
		return 0;
	return head + (size_t)len;
}

/* The length of an item that holds no other, or 0. */
static inline size_t skim_scalar(const uint8_t *p, size_t left)
{
	uint64_t value;

	switch (p[0] >> 5) {
	case AVAL_CBOR_UINT:
	case AVAL_CBOR_NEGINT:
		return skim_head(&value, p, left);
	case AVAL_CBOR_BYTES:
		return skim_string(p, left, false);
	case AVAL_CBOR_TEXT:
		return skim_string(p, left, true);
	case AVAL_CBOR_SIMPLE:
		return p[0] >= 0xf4 && p[0] <= 0xf6 ? 1 : 0;
	default:
		return 0;
	}
}

/* Whether a key follows the one before it; most differ in their first byte. */
static inline bool skim_order(const uint8_t *last, size_t last_len, const uint8_t *p, size_t len)
{
	if (last_len == 0 || last[0] < p[0])
		return true;
	return last[0] == p[0] && memcmp(last, p, len < last_len ? len : last_len) < 0;
}

/* Read a key that ascends. */
static inline bool skim_key(aval_cbor_reader *r, aval_cbor_frame *f)
{
	const uint8_t *p = r->data + r->offset;
	size_t         left = r->len - r->offset, len;

	if (left == 0 || p[0] >> 5 == AVAL_CBOR_BYTES || p[0] >> 5 == AVAL_CBOR_SIMPLE)
		return false;
	len = skim_scalar(p, left);
	if (len == 0 || !skim_order(r->data + f->key_offset, f->key_len, p, len))
		return false;
	f->key_offset = r->offset;
	f->key_len = len;
	f->remaining--;
	f->value_due = true;
	r->offset += len;
	return true;
}

/* Enter an array or a map, if its items can fit. */
static inline bool skim_container(aval_cbor_reader *r, aval_cbor_frame *f)
{
	const uint8_t *p = r->data + r->offset;
	size_t         left = r->len - r->offset, head;
	bool           is_map = p[0] >> 5 == AVAL_CBOR_MAP;
	uint64_t       count;

	if (p[0] >> 5 != AVAL_CBOR_ARRAY && !is_map)
		return false;
	head = skim_head(&count, p, left);
	if (head == 0 || count > (left - head) / (is_map ? 2 : 1) || f->level >= AVAL_CBOR_MAX_DEPTH)
		return false;
	r->offset += head;
	r->frames[r->depth++] =
		(aval_cbor_frame){ .remaining = count, .level = f->level + 1, .is_map = is_map };
	return true;
}

/* Step over items of the containers above outer, and leave these, as long as all is plain. */
static void skim(aval_cbor_reader *r, unsigned outer)
{
	while (r->depth > outer) {
		aval_cbor_frame *f = &r->frames[r->depth - 1];
		size_t           len;

		if (f->remaining == 0 && !f->value_due) {
			r->depth--;
			continue;
		}
		if ((f->is_map && !f->value_due && !skim_key(r, f)) || r->offset == r->len)
			return;
		len = skim_scalar(r->data + r->offset, r->len - r->offset);
		if (len == 0 && !skim_container(r, f))
			return;
		r->offset += len;
		if (f->is_map)
			f->value_due = false;
		else
			f->remaining--;
	}
}

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

		if (f != NULL && f->is_map && !f->value_due)
			next_key(r, where);
		else
			begin_item(r, where);
		if (aval_cbor_ok(r) && r->tags == 0)
			skim(r, outer);
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
