/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/map.h>

#include "ics23.h"

enum { KEYS = 120, ROOM = 1 << 16 };

static aval_map_memory *memory;
static aval_map         map;

static void text_key(char out[24], unsigned i)
{
	snprintf(out, 24, "key %u", i);
}

static void text_value(char out[24], unsigned i)
{
	snprintf(out, 24, "value %u", i);
}

static aval_map_change change_of(unsigned i)
{
	char            key[24], value[24];
	aval_map_change c = { .is_delete = false };

	text_key(key, i);
	text_value(value, i);
	aval_map_value(c.path32, (const uint8_t *)key, strlen(key));
	aval_map_value(c.value32, (const uint8_t *)value, strlen(value));
	return c;
}

static void start(unsigned count)
{
	ck_assert_int_eq(aval_map_memory_new(&memory, NULL, NULL), AVAL_OK);
	aval_map_init(&map, aval_map_memory_store(memory));
	for (unsigned i = 0; i < count; i++) {
		aval_map_change c = change_of(i);

		ck_assert_int_eq(aval_map_update(&map, &c, 1, NULL, NULL), AVAL_OK);
	}
}

static void finish(void)
{
	aval_map_memory_free(memory);
	memory = NULL;
}

/* The texts behind an item of the map: a map of hashes cannot know them. */
typedef struct texts {
	char           key[24], value[24];
	aval_map_entry entry;
} texts;

static aval_map_entry *find_texts(texts *t, aval_status found, const aval_map_item *item)
{
	if (found == AVAL_E_NOT_FOUND)
		return NULL;
	for (unsigned i = 0; i < KEYS; i++) {
		aval_map_change c = change_of(i);

		if (memcmp(c.path32, item->path32, 32) != 0)
			continue;
		text_key(t->key, i);
		text_value(t->value, i);
		t->entry.key = (aval_bytes){ (const uint8_t *)t->key, strlen(t->key) };
		t->entry.value = (aval_bytes){ (const uint8_t *)t->value, strlen(t->value) };
		return &t->entry;
	}
	ck_abort_msg("a neighbour that was never inserted");
	return NULL;
}

static void check_present(unsigned i)
{
	static ics23_proof parsed;
	uint8_t            proof[ROOM];
	size_t             len = sizeof proof;
	char               key[24], value[24];

	text_key(key, i);
	text_value(value, i);
	ck_assert_int_eq(aval_map_ics23_existence(proof, &len, &map, (const uint8_t *)key, strlen(key),
	                                          (const uint8_t *)value, strlen(value), NULL), AVAL_OK);
	ck_assert(ics23_parse(&parsed, proof, len));
	ck_assert(ics23_verify_membership(&parsed, map.root32, (ics23_bytes){ (const uint8_t *)key, strlen(key) },
	                                  (ics23_bytes){ (const uint8_t *)value, strlen(value) }));
}

static void check_absent(unsigned i)
{
	static ics23_proof parsed;
	uint8_t            proof[ROOM], path[32];
	size_t             len = sizeof proof;
	char               key[24];
	aval_map_item      item;
	texts              left, right;
	aval_map_entry    *l, *r;

	text_key(key, i);
	aval_map_value(path, (const uint8_t *)key, strlen(key));
	l = find_texts(&left, aval_map_before(&item, &map, path, NULL), &item);
	r = find_texts(&right, aval_map_after(&item, &map, path, NULL), &item);
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, (const uint8_t *)key, strlen(key), l, r, NULL),
	                 AVAL_OK);
	ck_assert(ics23_parse(&parsed, proof, len));
	ck_assert(ics23_verify_non_membership(&parsed, map.root32, (ics23_bytes){ (const uint8_t *)key, strlen(key) }));
	/* The verifier itself must see what is wrong, else it shows nothing. */
	parsed.left.path_count -= parsed.left.present;
	parsed.right.path_count -= parsed.right.present;
	ck_assert(map.count == 1 || !ics23_verify_non_membership(&parsed, map.root32,
	                                    (ics23_bytes){ (const uint8_t *)key, strlen(key) }));
}

START_TEST(exports_verify)
{
	static const unsigned sizes[] = { 1, 2, 3, 10, KEYS };

	start(sizes[_i]);
	for (unsigned i = 0; i < sizes[_i]; i++)
		check_present(i);
	for (unsigned i = KEYS; i < 3 * KEYS; i++)
		check_absent(i);
	finish();
}
END_TEST

START_TEST(what_cannot_be_exported_is_refused)
{
	uint8_t        proof[ROOM], path[32];
	const uint8_t *absent = (const uint8_t *)"key 500", *present = (const uint8_t *)"key 5";
	size_t         len = sizeof proof, need = 0;
	aval_map_item  item;
	texts          left, right;
	aval_map_entry entry, *l, *r;
	aval_error     err = AVAL_ERROR_INIT;

	start(0);
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, absent, 7, NULL, NULL, NULL), AVAL_E_UNSUPPORTED);
	finish();
	start(40);
	ck_assert_int_eq(aval_map_ics23_existence(proof, &len, &map, absent, 7, absent, 7, NULL), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(aval_map_ics23_existence(proof, &len, &map, present, 5, absent, 7, NULL), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(aval_map_ics23_existence(proof, &len, &map, present, 0, absent, 7, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_ics23_existence(proof, &len, &map, present, 5, absent, 0, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_ics23_existence(NULL, &need, &map, present, 5, (const uint8_t *)"value 5", 7, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_int_eq(aval_map_ics23_existence(proof, &need, &map, present, 5, (const uint8_t *)"value 5", 7, NULL),
	                 AVAL_OK);
	aval_map_value(path, absent, 7);
	l = find_texts(&left, aval_map_before(&item, &map, path, NULL), &item);
	r = find_texts(&right, aval_map_after(&item, &map, path, NULL), &item);
	ck_assert_ptr_nonnull(l);
	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, present, 5, l, r, NULL), AVAL_E_MAP_KIND);
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, absent, 0, l, r, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, absent, 7, NULL, r, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, absent, 7, l, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, absent, 7, r, l, NULL), AVAL_E_INVALID_ARGUMENT);
	entry = (aval_map_entry){ l->key, { absent, 7 } };
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &len, &map, absent, 7, &entry, r, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	need = 0;
	ck_assert_int_eq(aval_map_ics23_nonexistence(NULL, &need, &map, absent, 7, l, r, &err), AVAL_E_BUFFER_TOO_SMALL);
	err = (aval_error)AVAL_ERROR_INIT;
	ck_assert_int_eq(aval_map_ics23_nonexistence(proof, &need, &map, absent, 7, l, r, &err), AVAL_OK);
	ck_assert_int_eq(err.status, AVAL_OK);
	finish();
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("map_ics23");
	TCase   *tc = tcase_create("map_ics23");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, exports_verify, 0, 5);
	tcase_add_test(tc, what_cannot_be_exported_is_refused);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
