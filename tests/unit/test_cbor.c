/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader's refusals, each beside its nearest valid neighbour, and the writer. */
#include <stdlib.h>

#include <check.h>

#include "cbor/cbor.h"
#include "cbor/head.h"

#define ITEM(text) (const uint8_t *)(text), sizeof(text) - 1

typedef struct validate_case {
	const char    *name;
	const uint8_t *data;
	size_t         len;
	aval_status    status;
	size_t         offset;
} validate_case;

static const validate_case validate_cases[] = {
	{ "zero", ITEM("\x00"), AVAL_OK, 0 },
	{ "23", ITEM("\x17"), AVAL_OK, 0 },
	{ "24", ITEM("\x18\x18"), AVAL_OK, 0 },
	{ "23 in two bytes", ITEM("\x18\x17"), AVAL_E_CBOR_NOT_SHORTEST, 0 },
	{ "255 in two bytes", ITEM("\x18\xff"), AVAL_OK, 0 },
	{ "255 in three bytes", ITEM("\x19\x00\xff"), AVAL_E_CBOR_NOT_SHORTEST, 0 },
	{ "256", ITEM("\x19\x01\x00"), AVAL_OK, 0 },
	{ "65535 in five bytes", ITEM("\x1a\x00\x00\xff\xff"), AVAL_E_CBOR_NOT_SHORTEST, 0 },
	{ "65536", ITEM("\x1a\x00\x01\x00\x00"), AVAL_OK, 0 },
	{ "2^32-1 in nine bytes", ITEM("\x1b\x00\x00\x00\x00\xff\xff\xff\xff"), AVAL_E_CBOR_NOT_SHORTEST, 0 },
	{ "2^32", ITEM("\x1b\x00\x00\x00\x01\x00\x00\x00\x00"), AVAL_OK, 0 },
	{ "2^64-1", ITEM("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), AVAL_OK, 0 },
	{ "-1", ITEM("\x20"), AVAL_OK, 0 },
	{ "-24 in two bytes", ITEM("\x38\x17"), AVAL_E_CBOR_NOT_SHORTEST, 0 },
	{ "-2^64", ITEM("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), AVAL_OK, 0 },
	{ "empty bytes", ITEM("\x40"), AVAL_OK, 0 },
	{ "bytes, long head", ITEM("\x58\x01\x00"), AVAL_E_CBOR_NOT_SHORTEST, 0 },
	{ "bytes past the end", ITEM("\x42\x00"), AVAL_E_CBOR_COUNT, 0 },
	{ "bytes of 2^64-1", ITEM("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"), AVAL_E_CBOR_COUNT, 0 },
	{ "bytes, indefinite", ITEM("\x5f\x41\x00\xff"), AVAL_E_CBOR_INDEFINITE, 0 },
	{ "text, indefinite", ITEM("\x7f\x61\x61\xff"), AVAL_E_CBOR_INDEFINITE, 0 },
	{ "array, indefinite", ITEM("\x9f\xff"), AVAL_E_CBOR_INDEFINITE, 0 },
	{ "map, indefinite", ITEM("\xbf\xff"), AVAL_E_CBOR_INDEFINITE, 0 },
	{ "break", ITEM("\xff"), AVAL_E_CBOR_MALFORMED, 0 },
	{ "uint with info 31", ITEM("\x1f"), AVAL_E_CBOR_MALFORMED, 0 },
	{ "reserved 28", ITEM("\x1c"), AVAL_E_CBOR_MALFORMED, 0 },
	{ "reserved 29 on text", ITEM("\x7d"), AVAL_E_CBOR_MALFORMED, 0 },
	{ "reserved 30 on a tag", ITEM("\xde\x00"), AVAL_E_CBOR_MALFORMED, 0 },
	{ "text", ITEM("\x62\xc3\xbc"), AVAL_OK, 0 },
	{ "text with NUL", ITEM("\x61\x00"), AVAL_OK, 0 },
	{ "text, overlong", ITEM("\x62\xc0\x80"), AVAL_E_CBOR_UTF8, 1 },
	{ "text, cut sequence", ITEM("\x62\x61\xc3"), AVAL_E_CBOR_UTF8, 2 },
	{ "text, surrogate", ITEM("\x63\xed\xa0\x80"), AVAL_E_CBOR_UTF8, 1 },
	{ "text, last point", ITEM("\x64\xf4\x8f\xbf\xbf"), AVAL_OK, 0 },
	{ "text, past the last point", ITEM("\x64\xf4\x90\x80\x80"), AVAL_E_CBOR_UTF8, 1 },
	{ "false", ITEM("\xf4"), AVAL_OK, 0 },
	{ "true", ITEM("\xf5"), AVAL_OK, 0 },
	{ "null", ITEM("\xf6"), AVAL_OK, 0 },
	{ "undefined", ITEM("\xf7"), AVAL_E_CBOR_SIMPLE, 0 },
	{ "simple 0", ITEM("\xe0"), AVAL_E_CBOR_SIMPLE, 0 },
	{ "simple 255", ITEM("\xf8\xff"), AVAL_E_CBOR_SIMPLE, 0 },
	{ "half", ITEM("\xf9\x3c\x00"), AVAL_E_CBOR_FLOAT, 0 },
	{ "single", ITEM("\xfa\x3f\x80\x00\x00"), AVAL_E_CBOR_FLOAT, 0 },
	{ "double", ITEM("\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00"), AVAL_E_CBOR_FLOAT, 0 },
	{ "empty", ITEM(""), AVAL_E_CBOR_TRUNCATED, 0 },
	{ "cut head", ITEM("\x19\x01"), AVAL_E_CBOR_TRUNCATED, 0 },
	{ "cut array", ITEM("\x82\x00"), AVAL_E_CBOR_COUNT, 0 },
	{ "cut after a tag", ITEM("\xc1"), AVAL_E_CBOR_TRUNCATED, 1 },
	{ "trailing", ITEM("\x00\x00"), AVAL_E_CBOR_TRAILING, 1 },
	{ "array", ITEM("\x83\x00\x20\x40"), AVAL_OK, 0 },
	{ "array, items missing behind a nested one", ITEM("\x82\x81\x00"), AVAL_E_CBOR_TRUNCATED, 3 },
	{ "array of 2^64-1", ITEM("\x9b\xff\xff\xff\xff\xff\xff\xff\xff"), AVAL_E_CBOR_COUNT, 0 },
	{ "map", ITEM("\xa2\x01\x00\x02\x00"), AVAL_OK, 0 },
	{ "map, empty", ITEM("\xa0"), AVAL_OK, 0 },
	{ "map, cut", ITEM("\xa2\x01\x00\x02"), AVAL_E_CBOR_COUNT, 0 },
	{ "map, key order", ITEM("\xa2\x02\x00\x01\x00"), AVAL_E_CBOR_KEY_ORDER, 3 },
	{ "map, key twice", ITEM("\xa2\x01\x00\x01\x00"), AVAL_E_CBOR_KEY_DUPLICATE, 3 },
	{ "map, bytewise order", ITEM("\xa2\x18\x64\x00\x20\x00"), AVAL_OK, 0 },
	{ "map, length-first order", ITEM("\xa2\x20\x00\x18\x64\x00"), AVAL_E_CBOR_KEY_ORDER, 3 },
	{ "map, text keys", ITEM("\xa2\x61\x61\x00\x62\x61\x61\x00"), AVAL_OK, 0 },
	{ "map, text key order", ITEM("\xa2\x61\x62\x00\x61\x61\x00"), AVAL_E_CBOR_KEY_ORDER, 4 },
	{ "map, integer then text", ITEM("\xa2\x01\x00\x61\x61\x00"), AVAL_OK, 0 },
	{ "map, key that is an array", ITEM("\xa1\x80\x00"), AVAL_E_CBOR_TYPE, 1 },
	{ "map, key that is tagged", ITEM("\xa1\xc1\x00\x00"), AVAL_E_CBOR_TYPE, 1 },
	{ "map in a map", ITEM("\xa1\x01\xa1\x01\x00"), AVAL_OK, 0 },
	{ "tag 18", ITEM("\xd2\x80"), AVAL_OK, 0 },
	{ "tag 6", ITEM("\xc6\x00"), AVAL_OK, 0 },
	{ "tag 20", ITEM("\xd4\x00"), AVAL_OK, 0 },
	{ "tag 98", ITEM("\xd8\x62\x80"), AVAL_OK, 0 },
	{ "tag 18 in two bytes", ITEM("\xd8\x12\x80"), AVAL_E_CBOR_NOT_SHORTEST, 0 },
	{ "tag in an array", ITEM("\x82\xc1\x00\x00"), AVAL_OK, 0 },
	{ "tag as an array's last item", ITEM("\x81\xc1"), AVAL_E_CBOR_TRUNCATED, 2 },
	{ "depth 16", ITEM("\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x00"), AVAL_OK, 0 },
	{ "depth 17", ITEM("\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x80"),
	  AVAL_E_CBOR_DEPTH, 16 },
	{ "16 tags", ITEM("\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\x00"), AVAL_OK, 0 },
	{ "17 tags", ITEM("\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\x00"),
	  AVAL_E_CBOR_DEPTH, 16 },
	{ "tags and arrays, 17", ITEM("\xc1\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x80"),
	  AVAL_E_CBOR_DEPTH, 16 },
};

START_TEST(test_validate)
{
	const validate_case *c = &validate_cases[_i];
	aval_error           err = AVAL_ERROR_INIT;
	aval_status          status = aval_cbor_validate(c->data, c->len, &err);

	ck_assert_msg(status == c->status, "%s: got %s, want %s (%s)", c->name, aval_status_name(status),
	              aval_status_name(c->status), err.reason);
	if (status != AVAL_OK)
		ck_assert_msg(err.offset == c->offset, "%s: offset %zu, want %zu", c->name, err.offset, c->offset);
}
END_TEST

/* Every proper beginning of a valid item is refused, and reads nothing past its end. */
START_TEST(test_truncated)
{
	const validate_case *c = &validate_cases[_i];

	for (size_t len = 0; c->status == AVAL_OK && len < c->len; len++) {
		uint8_t *copy = malloc(len + 1);

		memcpy(copy, c->data, len);
		ck_assert_msg(aval_cbor_validate(len == 0 ? NULL : copy, len, NULL) != AVAL_OK, "%s: %zu", c->name, len);
		free(copy);
	}
}
END_TEST

typedef void read_function(aval_cbor_reader *r);

static void read_uint(aval_cbor_reader *r)
{
	aval_cbor_read_uint(r, "x");
}

static void read_int(aval_cbor_reader *r)
{
	aval_cbor_read_int(r, "x");
}

static void read_exact(aval_cbor_reader *r)
{
	uint8_t out[2];

	aval_cbor_read_bytes_exact(r, "x", out, 2);
}

static void read_bool(aval_cbor_reader *r)
{
	aval_cbor_read_bool(r, "x");
}

static void read_null(aval_cbor_reader *r)
{
	aval_cbor_read_null(r, "x");
}

static void read_range(aval_cbor_reader *r)
{
	aval_cbor_read_uint_range(r, "x", 2, 3);
}

static void read_text_range(aval_cbor_reader *r)
{
	aval_cbor_read_text_range(r, "x", 1, 2);
}

static void read_tag_exact(aval_cbor_reader *r)
{
	aval_cbor_read_tag_exact(r, "x", 98);
	aval_cbor_read_uint(r, "x");
}

static void read_pair(aval_cbor_reader *r)
{
	aval_cbor_enter_array_exact(r, "x", 2);
	aval_cbor_read_uint(r, "x[0]");
	aval_cbor_read_uint(r, "x[1]");
	aval_cbor_leave(r, "x");
}

static void read_loose_pair(aval_cbor_reader *r)
{
	aval_cbor_enter_array(r, "x");
	aval_cbor_read_uint(r, "x[0]");
	aval_cbor_read_uint(r, "x[1]");
	aval_cbor_leave(r, "x");
}

static void read_int_keys(aval_cbor_reader *r)
{
	int64_t key;

	aval_cbor_enter_map(r, "x");
	while (aval_cbor_next_key_int(r, "x", &key))
		aval_cbor_read_uint(r, "x.value");
	aval_cbor_leave(r, "x");
}

static void read_text_keys(aval_cbor_reader *r)
{
	aval_text key;

	aval_cbor_enter_map(r, "x");
	while (aval_cbor_next_key_text(r, "x", &key))
		aval_cbor_read_item(r, "x.value");
	aval_cbor_leave(r, "x");
}

static const struct {
	const char    *name;
	read_function *read;
	const uint8_t *data;
	size_t         len;
	aval_status    status;
	size_t         offset;
} read_cases[] = {
	{ "uint", read_uint, ITEM("\x01"), AVAL_OK, 0 },
	{ "uint from -1", read_uint, ITEM("\x20"), AVAL_E_CBOR_TYPE, 0 },
	{ "uint from a float", read_uint, ITEM("\xf9\x00\x00"), AVAL_E_CBOR_FLOAT, 0 },
	{ "int 2^63-1", read_int, ITEM("\x1b\x7f\xff\xff\xff\xff\xff\xff\xff"), AVAL_OK, 0 },
	{ "int 2^63", read_int, ITEM("\x1b\x80\x00\x00\x00\x00\x00\x00\x00"), AVAL_E_CBOR_RANGE, 0 },
	{ "int -2^63", read_int, ITEM("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"), AVAL_OK, 0 },
	{ "int -2^63-1", read_int, ITEM("\x3b\x80\x00\x00\x00\x00\x00\x00\x00"), AVAL_E_CBOR_RANGE, 0 },
	{ "int from text", read_int, ITEM("\x60"), AVAL_E_CBOR_TYPE, 0 },
	{ "2 bytes", read_exact, ITEM("\x42\x00\x00"), AVAL_OK, 0 },
	{ "2 bytes from 1", read_exact, ITEM("\x41\x00"), AVAL_E_CBOR_RANGE, 0 },
	{ "2 bytes from 3", read_exact, ITEM("\x43\x00\x00\x00"), AVAL_E_CBOR_RANGE, 0 },
	{ "2 bytes from text", read_exact, ITEM("\x62\x61\x61"), AVAL_E_CBOR_TYPE, 0 },
	{ "bool", read_bool, ITEM("\xf5"), AVAL_OK, 0 },
	{ "bool from null", read_bool, ITEM("\xf6"), AVAL_E_CBOR_TYPE, 0 },
	{ "bool from 1", read_bool, ITEM("\x01"), AVAL_E_CBOR_TYPE, 0 },
	{ "null", read_null, ITEM("\xf6"), AVAL_OK, 0 },
	{ "null from false", read_null, ITEM("\xf4"), AVAL_E_CBOR_TYPE, 0 },
	{ "2 in 2..3", read_range, ITEM("\x02"), AVAL_OK, 0 },
	{ "1 in 2..3", read_range, ITEM("\x01"), AVAL_E_CBOR_RANGE, 0 },
	{ "4 in 2..3", read_range, ITEM("\x04"), AVAL_E_CBOR_RANGE, 0 },
	{ "text of 2", read_text_range, ITEM("\x62\x61\x61"), AVAL_OK, 0 },
	{ "text of 3", read_text_range, ITEM("\x63\x61\x61\x61"), AVAL_E_CBOR_RANGE, 0 },
	{ "text of 0", read_text_range, ITEM("\x60"), AVAL_E_CBOR_RANGE, 0 },
	{ "tag 98", read_tag_exact, ITEM("\xd8\x62\x00"), AVAL_OK, 0 },
	{ "tag 97", read_tag_exact, ITEM("\xd8\x61\x00"), AVAL_E_CBOR_TYPE, 0 },
	{ "no tag", read_tag_exact, ITEM("\x00"), AVAL_E_CBOR_TYPE, 0 },
	{ "pair", read_pair, ITEM("\x82\x00\x01"), AVAL_OK, 0 },
	{ "pair of 3", read_pair, ITEM("\x83\x00\x01\x02"), AVAL_E_CBOR_RANGE, 0 },
	{ "pair of 1", read_pair, ITEM("\x81\x00"), AVAL_E_CBOR_RANGE, 0 },
	{ "loose pair of 3", read_loose_pair, ITEM("\x83\x00\x01\x02"), AVAL_E_CBOR_RANGE, 3 },
	{ "loose pair of 1", read_loose_pair, ITEM("\x81\x00"), AVAL_E_CBOR_RANGE, 2 },
	{ "loose pair, second of another type", read_loose_pair, ITEM("\x82\x00\x40"), AVAL_E_CBOR_TYPE, 2 },
	{ "trailing behind a pair", read_pair, ITEM("\x82\x00\x01\x00"), AVAL_E_CBOR_TRAILING, 3 },
	{ "int keys", read_int_keys, ITEM("\xa2\x01\x00\x20\x00"), AVAL_OK, 0 },
	{ "int keys, one text", read_int_keys, ITEM("\xa2\x01\x00\x61\x61\x00"), AVAL_E_CBOR_TYPE, 3 },
	{ "int keys, order", read_int_keys, ITEM("\xa2\x20\x00\x01\x00"), AVAL_E_CBOR_KEY_ORDER, 3 },
	{ "text keys", read_text_keys, ITEM("\xa2\x61\x61\x81\x00\x61\x62\xa1\x01\x00"), AVAL_OK, 0 },
	{ "text keys, twice", read_text_keys, ITEM("\xa2\x61\x61\x81\x00\x61\x61\x00"), AVAL_E_CBOR_KEY_DUPLICATE,
	  5 },
	{ "text keys, bad UTF-8", read_text_keys, ITEM("\xa1\x61\x80\x00"), AVAL_E_CBOR_UTF8, 2 },
};

/* Every kind of item and every length of head that is valid, as keys and as values. */
static size_t write_many_kinds(uint8_t *out, size_t cap)
{
	static const uint64_t numbers[] = { 0, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296 };
	static const char    *texts[] = { "", "a", "b", "aa", "e\xcc\x81t\xc3\xa9", "just as long a key", "just as long a kez",
		                          "a key of more than 23 bytes", "a key of more than 23 cytes" };
	aval_cbor_writer      w;
	size_t                len;

	aval_cbor_writer_init(&w, out, cap);
	aval_cbor_write_map(&w, 3 * 9);
	for (size_t i = 0; i < 9; i++) {
		aval_cbor_write_uint(&w, numbers[i]);
		aval_cbor_write_text_z(&w, texts[i]);
	}
	for (size_t i = 0; i < 9; i++) {
		aval_cbor_write_int(&w, -1 - (int64_t)numbers[i]);
		aval_cbor_write_array(&w, 3);
		aval_cbor_write_bytes(&w, (const uint8_t *)"0123456789abcdefghijklmnop", 3 * i);
		aval_cbor_write_map(&w, i % 2);
		for (size_t j = 0; j < 2 * (i % 2); j++)
			aval_cbor_write_uint(&w, i);
		aval_cbor_write_bool(&w, i % 2 == 0);
	}
	for (size_t i = 0; i < 9; i++) {
		aval_cbor_write_text_z(&w, texts[i]);
		if (i % 3 == 0)
			aval_cbor_write_tag(&w, 20 * i);
		for (size_t depth = 2; depth < AVAL_CBOR_MAX_DEPTH && i == 4; depth++)
			aval_cbor_write_array(&w, 1);
		aval_cbor_write_null(&w);
	}
	ck_assert_int_eq(aval_cbor_writer_finish(&w, &len, NULL), AVAL_OK);
	return len;
}

static void step_key(aval_cbor_reader *r)
{
	aval_text      text;
	aval_cbor_head h;

	if (aval_cbor_peek(r) == AVAL_CBOR_TEXT)
		aval_cbor_next_key_text(r, "cbor", &text);
	else if (aval_cbor_expect(r, "cbor", aval_cbor_peek(r) == AVAL_CBOR_NEGINT ? 1 : 0, &h))
		aval_cbor_take_key(r, "cbor", h.len);
}

static void step_item(aval_cbor_reader *r)
{
	int            major = aval_cbor_peek(r);
	aval_cbor_head h;

	if (major == AVAL_CBOR_BYTES)
		aval_cbor_read_bytes(r, "cbor");
	else if (major == AVAL_CBOR_TEXT)
		aval_cbor_read_text(r, "cbor");
	else if (major == AVAL_CBOR_ARRAY)
		aval_cbor_enter_array(r, "cbor");
	else if (major == AVAL_CBOR_MAP)
		aval_cbor_enter_map(r, "cbor");
	else if (major == AVAL_CBOR_TAG)
		aval_cbor_read_tag(r, "cbor");
	else if (aval_cbor_expect(r, "cbor", major == AVAL_CBOR_NONE ? 0 : (unsigned)major, &h))
		aval_cbor_step(r, h.len);
}

/* An item by the calls that read one head each. */
static aval_status validate_by_steps(const uint8_t *data, size_t len, aval_error *err)
{
	aval_cbor_reader r;

	aval_cbor_reader_init(&r, data, len);
	do {
		aval_cbor_frame *f = r.depth > 0 ? &r.frames[r.depth - 1] : NULL;

		if (f != NULL && r.tags == 0 && f->remaining == 0 && !f->value_due)
			aval_cbor_leave(&r, "cbor");
		else if (f != NULL && f->is_map && !f->value_due)
			step_key(&r);
		else
			step_item(&r);
	} while (aval_cbor_ok(&r) && (r.depth > 0 || r.tags != 0));
	return aval_cbor_reader_finish(&r, err);
}

static void check_both(const uint8_t *data, size_t len, size_t at, unsigned value)
{
	aval_error  got = AVAL_ERROR_INIT, want = AVAL_ERROR_INIT;
	aval_status status = aval_cbor_validate(data, len, &got);
	aval_status by_steps = validate_by_steps(data, len, &want);

	ck_assert_msg(status == by_steps && got.offset == want.offset,
	              "byte %zu as %02x, %zu long: got %s at %zu, want %s at %zu", at, value, len, aval_status_name(status), got.offset,
	              aval_status_name(by_steps), want.offset);
}

/* Whole items are skimmed; each byte of one, as each value, is judged as by single steps. */
START_TEST(test_skim)
{
	uint8_t good[1024], data[1024];
	size_t  len = write_many_kinds(good, sizeof good);

	ck_assert_int_eq(aval_cbor_validate(good, len, NULL), AVAL_OK);
	memcpy(data, good, len);
	for (size_t at = 0; at < len; at++) {
		for (unsigned value = 0; value < 256; value++) {
			data[at] = (uint8_t)value;
			check_both(data, len, at, value);
		}
		data[at] = good[at];
		check_both(data, at, at, data[at]);
	}
}
END_TEST

START_TEST(test_read)
{
	aval_cbor_reader r;
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      status;

	aval_cbor_reader_init(&r, read_cases[_i].data, read_cases[_i].len);
	read_cases[_i].read(&r);
	status = aval_cbor_reader_finish(&r, &err);
	ck_assert_msg(status == read_cases[_i].status, "%s: got %s, want %s (%s)", read_cases[_i].name,
	              aval_status_name(status), aval_status_name(read_cases[_i].status), err.reason);
	if (status != AVAL_OK)
		ck_assert_msg(err.offset == read_cases[_i].offset, "%s: offset %zu, want %zu", read_cases[_i].name,
		              err.offset, read_cases[_i].offset);
}
END_TEST

static const validate_case foreign_cases[] = {
	{ "long head", ITEM("\x18\x01"), AVAL_OK, 0 },
	{ "key order", ITEM("\xa2\x19\x01\x8b\x01\x01\x26"), AVAL_OK, 0 },
	{ "float", ITEM("\x81\xf9\x00\x14"), AVAL_OK, 0 },
	{ "undefined", ITEM("\xf7"), AVAL_OK, 0 },
	{ "indefinite", ITEM("\x9f\xff"), AVAL_E_CBOR_INDEFINITE, 0 },
	{ "reserved", ITEM("\x1c"), AVAL_E_CBOR_MALFORMED, 0 },
	{ "count", ITEM("\x82\x00"), AVAL_E_CBOR_COUNT, 0 },
	{ "cut float", ITEM("\xf9\x00"), AVAL_E_CBOR_TRUNCATED, 0 },
	{ "bad UTF-8", ITEM("\x61\x80"), AVAL_E_CBOR_UTF8, 1 },
	{ "trailing", ITEM("\x00\x00"), AVAL_E_CBOR_TRAILING, 1 },
};

/* Three hashes, a shorter string, one more hash: each call stops where its reason ends. */
START_TEST(test_take_hashes)
{
	uint8_t          data[1 + 3 * 34 + 33 + 1 + 34] = { 0x86 };
	const uint8_t   *first = NULL;
	aval_cbor_reader r;
	size_t           at = 1;

	for (size_t i = 0; i < 3; i++, at += 34)
		memcpy(data + at, "\x58\x20", 2);
	memcpy(data + at, "\x58\x1f", 2);
	at += 33;
	data[at++] = 0x00;
	memcpy(data + at, "\x58\x20", 2);
	aval_cbor_reader_init(&r, data, sizeof data);
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 9, &first), 0); /* not in an array yet */
	aval_cbor_enter_array_exact(&r, "a", 6);
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 2, &first), 2);
	ck_assert_ptr_eq(first, data + 3);
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 9, &first), 1);
	ck_assert_ptr_eq(first, data + 3 + 2 * AVAL_CBOR_HASH_STEP);
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 9, &first), 0);
	ck_assert_uint_eq(aval_cbor_read_bytes(&r, "a").len, 31);
	aval_cbor_read_uint(&r, "a");
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 9, &first), 1);
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 9, &first), 0); /* the array ends */
	aval_cbor_leave(&r, "a");
	ck_assert_int_eq(aval_cbor_reader_finish(&r, NULL), AVAL_OK);
	/* A string that is cut short, and one that follows a failure. */
	aval_cbor_reader_init(&r, data, 1 + 34 + 33);
	aval_cbor_enter_array(&r, "a");
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 9, &first), 1);
	aval_cbor_reader_init(&r, data, sizeof data);
	aval_cbor_enter_array(&r, "a");
	aval_cbor_fail(&r, AVAL_E_LIMIT, "a", "for the test");
	ck_assert_uint_eq(aval_cbor_take_hashes(&r, 9, &first), 0);
}
END_TEST

START_TEST(test_foreign)
{
	const validate_case *c = &foreign_cases[_i];
	aval_error           err = AVAL_ERROR_INIT;
	aval_cbor_reader     r;

	aval_cbor_reader_init_foreign(&r, c->data, c->len);
	aval_cbor_read_item(&r, "foreign");
	ck_assert_msg(aval_cbor_reader_finish(&r, &err) == c->status, "%s: %s", c->name, err.reason);
	if (c->status != AVAL_OK)
		ck_assert_msg(err.offset == c->offset, "%s: offset %zu, want %zu", c->name, err.offset, c->offset);
}
END_TEST

/* A half float whose bits are those of a boolean's head is no boolean. */
START_TEST(test_foreign_float_is_no_bool)
{
	aval_cbor_reader r;

	aval_cbor_reader_init_foreign(&r, ITEM("\xf9\x00\x15"));
	ck_assert(!aval_cbor_read_bool(&r, "x"));
	ck_assert_int_eq(aval_cbor_reader_finish(&r, NULL), AVAL_E_CBOR_TYPE);
}
END_TEST

/* {1: 0, 24: 0, 24: 0} */
START_TEST(test_try_key)
{
	static const uint8_t data[] = { 0xa3, 0x01, 0x00, 0x18, 0x18, 0x00, 0x18, 0x18, 0x00 };
	aval_cbor_reader     r;

	aval_cbor_reader_init(&r, data, sizeof data);
	aval_cbor_enter_map(&r, "map");
	ck_assert(!aval_cbor_try_key(&r, "map", 0) && !aval_cbor_try_key(&r, "map", 24));
	ck_assert_uint_eq(r.offset, 1);
	ck_assert(aval_cbor_try_key(&r, "map", 1));
	aval_cbor_read_uint(&r, "map");
	ck_assert(!aval_cbor_try_key(&r, "map", 25) && !aval_cbor_try_key(&r, "map", 1));
	ck_assert(aval_cbor_try_key(&r, "map", 24));
	aval_cbor_read_uint(&r, "map");
	ck_assert(aval_cbor_ok(&r) && !aval_cbor_try_key(&r, "map", 24));
	ck_assert_int_eq(aval_cbor_status(&r), AVAL_E_CBOR_KEY_DUPLICATE);
	ck_assert_uint_eq(r.fail_offset, 6);

	/* Not at the end of a map, nor past the end of the input. */
	aval_cbor_reader_init(&r, (const uint8_t *)"\xa0\x01", 2);
	aval_cbor_enter_map(&r, "map");
	ck_assert(!aval_cbor_try_key(&r, "map", 1) && aval_cbor_ok(&r));
	aval_cbor_reader_init(&r, (const uint8_t *)"\xa1\x18\x18", 3);
	r.len = 2;
	aval_cbor_enter_map(&r, "map");
	ck_assert(!aval_cbor_try_key(&r, "map", 24));
}
END_TEST

START_TEST(test_first_failure_stays)
{
	aval_cbor_reader r;
	aval_error       err = AVAL_ERROR_INIT;

	aval_cbor_reader_init(&r, ITEM("\x82\xf7\x40"));
	aval_cbor_enter_array(&r, "a");
	ck_assert_uint_eq(aval_cbor_read_uint(&r, "a.first"), 0);
	ck_assert_ptr_null(aval_cbor_read_bytes(&r, "a.second").data);
	aval_cbor_fail(&r, AVAL_E_LIMIT, "a", "another failure");
	ck_assert_int_eq(aval_cbor_peek(&r), AVAL_CBOR_NONE);
	ck_assert_int_eq(aval_cbor_reader_finish(&r, &err), AVAL_E_CBOR_SIMPLE);
	ck_assert_str_eq(err.where, "a.first");
	ck_assert_uint_eq(err.offset, 1);
}
END_TEST

static void write_all(aval_cbor_writer *w)
{
	aval_cbor_write_tag(w, 18);
	aval_cbor_write_array(w, 9);
	aval_cbor_write_uint(w, UINT64_MAX);
	aval_cbor_write_int(w, INT64_MIN);
	aval_cbor_write_int(w, 24);
	aval_cbor_write_bytes(w, (const uint8_t *)"\x01\x02", 2);
	aval_cbor_write_text_z(w, "text");
	aval_cbor_write_bool(w, true);
	aval_cbor_write_null(w);
	aval_cbor_write_bytes_head(w, 1);
	aval_cbor_write_raw(w, (const uint8_t *)"\x07", 1);
	aval_cbor_write_map(w, 1);
	aval_cbor_write_uint(w, 1);
	aval_cbor_write_bool(w, false);
}

static const uint8_t written[] = { 0xd2, 0x89, 0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3b, 0x7f,
	                           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x18, 0x18, 0x42, 0x01, 0x02, 0x64,
	                           't',  'e',  'x',  't',  0xf5, 0xf6, 0x41, 0x07, 0xa1, 0x01, 0xf4 };

START_TEST(test_write)
{
	uint8_t          out[64];
	size_t           len;
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, NULL, 0);
	write_all(&w);
	ck_assert_int_eq(aval_cbor_writer_finish(&w, &len, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, sizeof written);
	aval_cbor_writer_init(&w, out, sizeof written);
	write_all(&w);
	ck_assert_int_eq(aval_cbor_writer_finish(&w, &len, NULL), AVAL_OK);
	ck_assert_mem_eq(out, written, sizeof written);
	ck_assert_int_eq(aval_cbor_validate(out, len, NULL), AVAL_OK);
}
END_TEST

/* No write leaves the buffer, however short it is. */
START_TEST(test_write_short)
{
	for (size_t cap = 0; cap < sizeof written; cap++) {
		uint8_t         *out = malloc(cap + 1);
		size_t           len;
		aval_cbor_writer w;

		aval_cbor_writer_init(&w, out, cap);
		write_all(&w);
		ck_assert_int_eq(aval_cbor_writer_finish(&w, &len, NULL), AVAL_E_BUFFER_TOO_SMALL);
		ck_assert_uint_eq(len, sizeof written);
		free(out);
	}
}
END_TEST

static void append(const uint8_t *data, size_t len, void *user_data)
{
	aval_cbor_writer *w = user_data;

	aval_cbor_write_raw(w, data, len);
}

START_TEST(test_write_sink)
{
	uint8_t          out[64];
	size_t           len;
	aval_cbor_writer store, w;

	aval_cbor_writer_init(&store, out, sizeof out);
	aval_cbor_writer_init_sink(&w, append, &store);
	write_all(&w);
	ck_assert_int_eq(aval_cbor_writer_finish(&w, &len, NULL), AVAL_OK);
	ck_assert_uint_eq(len, sizeof written);
	ck_assert_mem_eq(out, written, sizeof written);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("cbor");
	TCase   *tcase = tcase_create("cbor");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_validate, 0, sizeof validate_cases / sizeof validate_cases[0]);
	tcase_add_loop_test(tcase, test_truncated, 0, sizeof validate_cases / sizeof validate_cases[0]);
	tcase_add_test(tcase, test_skim);
	tcase_add_loop_test(tcase, test_read, 0, sizeof read_cases / sizeof read_cases[0]);
	tcase_add_test(tcase, test_take_hashes);
	tcase_add_loop_test(tcase, test_foreign, 0, sizeof foreign_cases / sizeof foreign_cases[0]);
	tcase_add_test(tcase, test_foreign_float_is_no_bool);
	tcase_add_test(tcase, test_try_key);
	tcase_add_test(tcase, test_first_failure_stays);
	tcase_add_test(tcase, test_write);
	tcase_add_test(tcase, test_write_short);
	tcase_add_test(tcase, test_write_sink);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
