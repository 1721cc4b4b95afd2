/* SPDX-License-Identifier: Apache-2.0 */
/* Disclosures against the Python oracle, by the vectors; then flipped bits, truncations and limits. */
#include <stdio.h>

#include <aval/disclosure.h>

#include "base/base.h"
#include "vectors.h"

#include "disclosure.vectors.h"

static const struct vector_field *numbered(const struct vector_case *c, const char *format, size_t a, size_t b)
{
	char name[64];

	snprintf(name, sizeof name, format, a, b);
	return vector_find(c, name);
}

/* How many "expect.shown.N.3.*" there are, and that each is found. */
static size_t check_qualifiers(const struct vector_case *c, const aval_disclosed *d, size_t shown)
{
	char   prefix[64];
	size_t count = 0;

	snprintf(prefix, sizeof prefix, "expect.shown.%zu.2.", shown);
	for (size_t i = 0; i < c->count; i++) {
		const char *name = c->fields[i].name;
		aval_text   value;

		if (strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		ck_assert_int_eq(aval_disclosed_find_qualifier(&value, d, name + strlen(prefix), NULL),
		                 AVAL_OK);
		ck_assert(aval_text_equal_z(value, c->fields[i].value));
		count++;
	}
	return count;
}

/* The terms that a valid case shows, and how many are absent. */
static void check_shown(const struct vector_case *c, const aval_disclosure *view)
{
	size_t count = (size_t)vector_number(c, "expect.shown"), absent = 0;

	for (size_t i = 0; i < count; i++) {
		const struct vector_field *path = numbered(c, "expect.shown.%zu.0", i, 0);
		const struct vector_field *value = numbered(c, "expect.shown.%zu.1", i, 0);
		aval_disclosed             d;

		ck_assert_int_eq(aval_disclosure_find(&d, view, path->value, path->len, NULL), AVAL_OK);
		ck_assert_msg(d.is_absent == (value == NULL), "%s: %s", c->id, path->value);
		ck_assert(value == NULL || aval_text_equal(d.value, (aval_text){ value->value, value->len }));
		ck_assert_uint_eq(d.qualifier_count, check_qualifiers(c, &d, i));
		absent += d.is_absent;
	}
	ck_assert_uint_eq(view->absent_count, absent);
	ck_assert_uint_eq(view->opened_count, count - absent);
}

START_TEST(vector)
{
	const struct vector_case  *c = &disclosure_cases[_i];
	const struct vector_field *offset = vector_find(c, "expect.offset");
	aval_disclosure            view = { .depth = 99 };
	aval_error                 err = AVAL_ERROR_INIT;
	size_t                     len, commitment_len;
	uint8_t                   *data = vector_hex(c, "input.disclosure", &len);
	uint8_t                   *commitment = vector_hex(c, "input.commitment", &commitment_len);
	aval_status                got = aval_disclosure_verify(&view, data, len, commitment, &err);

	ck_assert_msg(strcmp(aval_status_name(got), vector_text(c, "expect.status")) == 0,
	              "%s: got %s, want %s (%s: %s)", c->id, aval_status_name(got),
	              vector_text(c, "expect.status"), err.where, err.reason);
	if (offset != NULL)
		ck_assert_msg(err.offset == strtoul(offset->value, NULL, 10), "%s: offset %zu, want %s (%s)",
		              c->id, err.offset, offset->value, err.where);
	if (got == AVAL_OK)
		check_shown(c, &view);
	else
		ck_assert_uint_eq(view.depth, 99);
	ck_assert_int_eq(aval_disclosure_verify(&view, data, len, commitment, NULL), got);
	free(data);
	free(commitment);
}
END_TEST

static const struct vector_case *case_of(const char *id)
{
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++)
		if (strcmp(disclosure_cases[i].id, id) == 0)
			return &disclosure_cases[i];
	ck_abort_msg("no case %s", id);
	return NULL;
}

typedef struct sample {
	uint8_t *data, *commitment;
	size_t   len;
} sample;

static sample load(const char *id)
{
	const struct vector_case *c = case_of(id);
	sample                    s;
	size_t                    len;

	s.data = vector_hex(c, "input.disclosure", &s.len);
	s.commitment = vector_hex(c, "input.commitment", &len);
	return s;
}

static void unload(sample s)
{
	free(s.data);
	free(s.commitment);
}

static const char *const samples[] = { "valid", "two-absent-one-slot", "qualifiers" };

START_TEST(every_bit_counts)
{
	sample          s = load(samples[_i]);
	aval_disclosure view;

	for (size_t bit = 0; bit < 8 * s.len; bit++) {
		s.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_msg(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL) != AVAL_OK,
		              "%s: bit %zu", samples[_i], bit);
		s.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t bit = 0; bit < 256; bit++) {
		s.commitment[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_int_eq(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL),
		                 AVAL_E_DISCLOSURE_MISMATCH);
		s.commitment[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	ck_assert_int_eq(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL), AVAL_OK);
	unload(s);
}
END_TEST

/* Each beginning in a block of its own, so that a sanitizer sees a read past its end. */
START_TEST(every_truncation_is_refused)
{
	sample          s = load(samples[_i]);
	aval_disclosure view;
	aval_error      err;

	for (size_t len = 0; len < s.len; len++) {
		uint8_t    *copy = malloc(len + 1);
		aval_status got;

		memcpy(copy + 1, s.data, len);
		err = (aval_error)AVAL_ERROR_INIT;
		got = aval_disclosure_verify(&view, copy + 1, len, s.commitment, &err);
		ck_assert_msg(got == AVAL_E_CBOR_TRUNCATED || got == AVAL_E_CBOR_COUNT, "%s: %zu bytes: %s",
		              samples[_i], len, aval_status_name(got));
		ck_assert_uint_le(err.offset, len);
		free(copy);
	}
	unload(s);
}
END_TEST

START_TEST(the_cursor_passes_all_terms_once)
{
	sample                 s = load("valid");
	aval_disclosure        view;
	aval_disclosure_cursor cursor, before;
	aval_disclosed         d = { .is_absent = false }, first;
	aval_error             err = AVAL_ERROR_INIT;
	size_t                 opened = 0, absent = 0;

	ck_assert_int_eq(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL), AVAL_OK);
	ck_assert_uint_ge(view.hidden_count, 1);
	aval_disclosure_cursor_init(&cursor, &view);
	ck_assert_int_eq(aval_disclosure_next(&first, &cursor, NULL), AVAL_OK);
	aval_disclosure_cursor_init(&cursor, &view);
	while (aval_disclosure_next(&d, &cursor, &err) == AVAL_OK) {
		ck_assert(d.is_absent || absent == 0);
		*(d.is_absent ? &absent : &opened) += 1;
	}
	ck_assert_int_eq(err.status, AVAL_E_NOT_FOUND);
	ck_assert_uint_eq(opened, view.opened_count);
	ck_assert_uint_eq(absent, view.absent_count);
	before = cursor;
	ck_assert_int_eq(aval_disclosure_next(&first, &cursor, NULL), AVAL_E_NOT_FOUND);
	ck_assert(memcmp(&before, &cursor, sizeof cursor) == 0);
	unload(s);
}
END_TEST

/* A hidden path, one that is not shown at all, and bytes that are no path. */
START_TEST(what_is_not_shown_is_not_found)
{
	sample          s = load("valid");
	aval_disclosure view;
	aval_disclosed  d = { .qualifier_count = 77 };
	aval_text       value = { NULL, 77 };
	aval_qualifier  q = { { NULL, 77 }, { NULL, 0 } };
	aval_error      err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL), AVAL_OK);
	ck_assert_int_eq(aval_disclosure_find(&d, &view, "BT-1", 4, &err), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(err.status, AVAL_E_NOT_FOUND);
	ck_assert_int_eq(aval_disclosure_find(&d, &view, NULL, 0, NULL), AVAL_E_NOT_FOUND);
	ck_assert_uint_eq(d.qualifier_count, 77);
	unload(s);
	s = load("qualifiers");
	ck_assert_int_eq(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL), AVAL_OK);
	ck_assert_int_eq(aval_disclosure_find(&d, &view, "BG-24.1/BT-125", 14, NULL), AVAL_OK);
	ck_assert_int_eq(aval_disclosed_find_qualifier(&value, &d, "scheme", &err), AVAL_E_NOT_FOUND);
	ck_assert_uint_eq(value.len, 77);
	ck_assert_int_eq(aval_disclosed_qualifier(&q, &d, 2, NULL), AVAL_E_NOT_FOUND);
	ck_assert_uint_eq(q.name.len, 77);
	ck_assert_int_eq(aval_disclosed_qualifier(&q, &d, 0, NULL), AVAL_OK);
	ck_assert(aval_text_equal_z(q.name, "hash") && aval_text_equal_z(q.value, "0"));
	ck_assert_int_eq(aval_disclosed_qualifier(&q, &d, 1, NULL), AVAL_OK);
	ck_assert(aval_text_equal_z(q.name, "mime") && aval_text_equal_z(q.value, "1"));
	unload(s);
}
END_TEST

/* Bytes that change behind the view's back are refused, not misread. */
START_TEST(changed_bytes_are_refused)
{
	sample                 s = load("valid");
	aval_disclosure        view;
	aval_disclosure_cursor cursor;
	aval_disclosed         d;
	aval_qualifier         q;
	aval_text              value;

	ck_assert_int_eq(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL), AVAL_OK);
	s.data[view.slots_offset] = 0x80;
	aval_disclosure_cursor_init(&cursor, &view);
	ck_assert_int_eq(aval_disclosure_next(&d, &cursor, NULL), AVAL_E_CBOR_RANGE);
	s.data[view.absent_offset] = 0x60 | 31;
	cursor.slots_left = 0;
	ck_assert_int_eq(aval_disclosure_next(&d, &cursor, NULL), AVAL_E_CBOR_INDEFINITE);
	unload(s);
	s = load("qualifiers");
	ck_assert_int_eq(aval_disclosure_verify(&view, s.data, s.len, s.commitment, NULL), AVAL_OK);
	aval_disclosure_cursor_init(&cursor, &view);
	ck_assert_int_eq(aval_disclosure_find(&d, &view, "BG-24.1/BT-125", 14, NULL), AVAL_OK);
	s.data[d.qualifiers.data - s.data] = 0x00;
	ck_assert_int_eq(aval_disclosed_qualifier(&q, &d, 0, NULL), AVAL_E_CBOR_TYPE);
	ck_assert_int_eq(aval_disclosed_find_qualifier(&value, &d, "mime", NULL), AVAL_E_NOT_FOUND);
	/* An entry of three items behind the head of the slot, which the cursor passes first. */
	s.data[(const uint8_t *)d.path.data - s.data - 2] = 0x83;
	ck_assert_int_eq(aval_disclosure_next(&d, &cursor, NULL), AVAL_E_CBOR_RANGE);
	unload(s);
}
END_TEST

START_TEST(too_long)
{
	static const uint8_t data[1], zero[32];
	aval_disclosure      view;
	aval_error           err = AVAL_ERROR_INIT;

	/* The length is refused before a byte is read. */
	ck_assert_int_eq(aval_disclosure_verify(&view, data, (size_t)AVAL_DISCLOSURE_MAX_LEN + 1, zero, &err),
	                 AVAL_E_LIMIT);
	ck_assert_str_eq(err.where, "disclosure");
}
END_TEST

/* One absent path more than the limit, before any of them is read. */
START_TEST(too_many_absent)
{
	uint8_t         data[8 + AVAL_DISCLOSURE_MAX_ABSENT + 1] = { 0x85, 10, 1, 0x99, 0x04, 0x01 };
	uint8_t         zero[32] = { 0 };
	aval_disclosure view;
	aval_error      err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_disclosure_verify(&view, data, sizeof data, zero, &err), AVAL_E_LIMIT);
	ck_assert_str_eq(err.where, "disclosure.absent");
	ck_assert_uint_eq(err.offset, 3);
	data[5] = 0x00;
	ck_assert_int_eq(aval_disclosure_verify(&view, data, sizeof data, zero, &err), AVAL_E_CBOR_TYPE);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("disclosure");
	TCase   *tc = tcase_create("disclosure");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, vector, 0, DISCLOSURE_COUNT);
	tcase_add_loop_test(tc, every_bit_counts, 0, (int)(sizeof samples / sizeof *samples));
	tcase_add_loop_test(tc, every_truncation_is_refused, 0, (int)(sizeof samples / sizeof *samples));
	tcase_add_test(tc, the_cursor_passes_all_terms_once);
	tcase_add_test(tc, what_is_not_shown_is_not_found);
	tcase_add_test(tc, changed_bytes_are_refused);
	tcase_add_test(tc, too_long);
	tcase_add_test(tc, too_many_absent);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
