/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cbor/cbor.h"
#include "map_oracle.h"
#include "merkle/map.h"

static aval_map_memory *memory;
static aval_map         map;
static oracle_map       oracle;

static void insert(const aval_map_change *changes, size_t count)
{
	ck_assert_int_eq(aval_map_update(&map, changes, count, NULL, NULL), AVAL_OK);
	for (size_t i = 0; i < count; i++)
		oracle_apply(&oracle, &changes[i]);
}

static void start(void)
{
	ck_assert_int_eq(aval_map_memory_new(&memory, NULL, NULL), AVAL_OK);
	aval_map_init(&map, aval_map_memory_store(memory));
	oracle.count = 0;
	oracle_seed = 1;
}

static void finish(void)
{
	aval_map_memory_free(memory);
	memory = NULL;
}

/*
 * The keys of the table: 00 and 01 fork at depth 7, 80 is alone in the right half. So 01 is a leaf at depth 8, 40 ends
 * at an empty subtree at depth 2, and c0 at the leaf 80 at depth 1.
 */
static void start_table(void)
{
	aval_map_change changes[3] = {
		{ .path32 = { 0x00 }, .value32 = { 1 } },
		{ .path32 = { 0x01 }, .value32 = { 2 } },
		{ .path32 = { 0x80 }, .value32 = { 3 } },
	};

	start();
	insert(changes, 3);
}

/* A proof in parts, to be changed and encoded again. */
typedef struct parts {
	uint64_t kind, depth;
	uint8_t  bitmap[40], siblings[32 * 12], path[32], value[32];
	size_t   bitmap_len, siblings_len, items;
} parts;

static void take_apart(parts *p, const uint8_t path32[32])
{
	uint8_t        proof[AVAL_MAP_PROOF_MAX_LEN];
	size_t         len = sizeof proof;
	aval_map_proof view;

	ck_assert_int_eq(aval_map_prove(proof, &len, &map, path32, NULL), AVAL_OK);
	ck_assert_int_eq(aval_map_proof_parse(&view, proof, len, NULL), AVAL_OK);
	memset(p, 0, sizeof *p);
	p->kind = view.end;
	p->depth = view.depth;
	p->bitmap_len = (view.depth + 7) / 8;
	p->siblings_len = 32 * view.sibling_count;
	p->items = view.end == AVAL_MAP_END_OTHER ? 6 : 4;
	ck_assert_uint_le(p->siblings_len, 32 * 10);
	memcpy(p->bitmap, view.bitmap, p->bitmap_len);
	memcpy(p->siblings, view.siblings, p->siblings_len);
	if (view.end == AVAL_MAP_END_OTHER) {
		memcpy(p->path, view.other_path32, 32);
		memcpy(p->value, view.other_value32, 32);
	}
}

static size_t put_together(uint8_t *out, size_t room, const parts *p)
{
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, out, room);
	aval_cbor_write_array(&w, p->items);
	aval_cbor_write_uint(&w, p->kind);
	aval_cbor_write_uint(&w, p->depth);
	aval_cbor_write_bytes(&w, p->bitmap, p->bitmap_len);
	aval_cbor_write_bytes(&w, p->siblings, p->siblings_len);
	if (p->items > 4)
		aval_cbor_write_bytes(&w, p->path, 32);
	if (p->items > 5)
		aval_cbor_write_bytes(&w, p->value, 32);
	return w.len;
}

static void change_nothing(parts *p)
{
	(void)p;
}

static void drop_sibling(parts *p)
{
	p->siblings_len -= 32;
}

static void add_sibling(parts *p)
{
	memset(p->siblings + p->siblings_len, 7, 32);
	p->siblings_len += 32;
}

static void add_byte(parts *p)
{
	p->siblings_len++;
}

static void shorten_bitmap(parts *p)
{
	p->bitmap_len--;
}

static void lengthen_bitmap(parts *p)
{
	p->bitmap_len++;
}

static void set_spare_bit(parts *p)
{
	p->bitmap[0] |= 0x20; /* of depth 2 */
	add_sibling(p);
}

/* 257 nodes, all of them with a sibling of one byte alike. */
static void too_deep_a_way(parts *p)
{
	p->depth = 257;
	p->bitmap_len = 33;
}

static void deepest_way(parts *p)
{
	p->depth = 256;
	p->bitmap_len = 32;
	p->bitmap[31] |= 1;
	add_sibling(p);
}

/* The empty sibling of depth 2 as a hash, where it belongs: before that of depth 1. */
static void give_empty_sibling(parts *p)
{
	p->bitmap[0] |= 0x40;
	memmove(p->siblings + 64, p->siblings + 32, 32);
	memset(p->siblings + 32, 0, 32);
	p->siblings_len += 32;
}

static void lower_by_one(parts *p)
{
	p->depth++;
	p->bitmap_len = ((size_t)p->depth + 7) / 8;
}

static void say_present(parts *p)
{
	p->kind = AVAL_MAP_END_PRESENT;
	p->items = 4;
}

static void say_empty(parts *p)
{
	p->kind = AVAL_MAP_END_EMPTY;
}

static void say_unknown(parts *p)
{
	p->kind = 3;
}

static void show_own_leaf(parts *p)
{
	p->kind = AVAL_MAP_END_OTHER;
	p->items = 6;
	p->path[0] = 0x01;
	p->value[0] = 2;
}

static void five_items(parts *p)
{
	p->items = 5;
}

static void leaf_of_80(parts *p)
{
	p->kind = AVAL_MAP_END_OTHER;
	p->items = 6;
	p->path[0] = 0x80;
	p->value[0] = 3;
}

static void other_value(parts *p)
{
	p->value[0] ^= 1;
}

static void swap_siblings(parts *p)
{
	uint8_t first[32];

	memcpy(first, p->siblings, 32);
	memcpy(p->siblings, p->siblings + 32, 32);
	memcpy(p->siblings + 32, first, 32);
}

#define MISMATCH AVAL_E_PROOF_ROOT_MISMATCH, "map_proof.root", AVAL_NO_OFFSET

static const struct {
	const char *name;
	uint8_t     proof_of; /* first byte of the key that the proof is made for */
	void (*change)(parts *p);
	uint8_t     key;      /* that it is shown for */
	bool        absent;
	uint8_t     value;
	aval_status want;
	const char *where;
	size_t      offset;
} cases[] = {
	{ "present", 0x01, change_nothing, 0x01, false, 2, AVAL_OK, "", 0 },
	{ "present at depth 1", 0x80, change_nothing, 0x80, false, 3, AVAL_OK, "", 0 },
	{ "empty", 0x40, change_nothing, 0x40, true, 0, AVAL_OK, "", 0 },
	{ "another key of the same empty subtree", 0x40, change_nothing, 0x7f, true, 0, AVAL_OK, "", 0 },
	{ "other leaf", 0xc0, change_nothing, 0xc0, true, 0, AVAL_OK, "", 0 },
	{ "another key with the same other leaf", 0xc0, change_nothing, 0x81, true, 0, AVAL_OK, "", 0 },

	{ "another value", 0x01, change_nothing, 0x01, false, 3, MISMATCH },
	{ "the neighbour's proof", 0x01, change_nothing, 0x00, false, 1, MISMATCH },
	{ "the neighbour's proof and value", 0x01, change_nothing, 0x00, false, 2, MISMATCH },
	{ "siblings swapped", 0x01, swap_siblings, 0x01, false, 2, MISMATCH },
	{ "other leaf with another value", 0xc0, other_value, 0xc0, true, 0, MISMATCH },
	{ "an empty subtree beside the key's", 0x40, change_nothing, 0xc0, true, 0, MISMATCH },
	{ "an empty end where the leaf is", 0x01, say_empty, 0x01, true, 0, MISMATCH },
	{ "a leaf where the end is empty", 0x40, say_present, 0x40, false, 0, MISMATCH },

	{ "presence asked, absence shown", 0x40, change_nothing, 0x40, false, 0, AVAL_E_MAP_KIND, "map_proof.end",
	  AVAL_NO_OFFSET },
	{ "presence asked, other leaf shown", 0xc0, change_nothing, 0xc0, false, 0, AVAL_E_MAP_KIND, "map_proof.end",
	  AVAL_NO_OFFSET },
	{ "absence asked, presence shown", 0x01, change_nothing, 0x01, true, 0, AVAL_E_MAP_KIND, "map_proof.end",
	  AVAL_NO_OFFSET },
	{ "the key's own leaf", 0x01, show_own_leaf, 0x01, true, 0, AVAL_E_MAP_OWN_LEAF, "map_proof.other_path",
	  AVAL_NO_OFFSET },
	{ "a leaf of the other half", 0xc0, change_nothing, 0x40, true, 0, AVAL_E_MAP_PREFIX, "map_proof.other_path",
	  AVAL_NO_OFFSET },
	{ "a leaf off the way", 0x01, leaf_of_80, 0x01, true, 0, AVAL_E_MAP_PREFIX, "map_proof.other_path",
	  AVAL_NO_OFFSET },

	{ "a sibling too few", 0x01, drop_sibling, 0x01, false, 2, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 7 },
	{ "a sibling too many", 0x01, add_sibling, 0x01, false, 2, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 7 },
	{ "half a sibling", 0x01, add_byte, 0x01, false, 2, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 7 },
	{ "a bitmap too short", 0x01, shorten_bitmap, 0x01, false, 2, AVAL_E_PROOF_SHAPE, "map_proof.bitmap", 4 },
	{ "a bitmap too long", 0x01, lengthen_bitmap, 0x01, false, 2, AVAL_E_PROOF_SHAPE, "map_proof.bitmap", 4 },
	{ "a bit behind the end", 0x40, set_spare_bit, 0x40, true, 0, AVAL_E_PROOF_SHAPE, "map_proof.bitmap", 4 },
	{ "depth 256", 0x01, deepest_way, 0x01, false, 2, MISMATCH },
	{ "depth 257", 0x01, too_deep_a_way, 0x01, false, 2, AVAL_E_PROOF_SHAPE, "map_proof.depth", 2 },
	{ "an empty subtree as a hash", 0x01, give_empty_sibling, 0x01, false, 2, AVAL_E_MAP_EMPTY_SIBLING,
	  "map_proof.siblings", 39 },
	{ "a lone leaf too deep", 0x80, lower_by_one, 0x80, false, 3, AVAL_E_MAP_TOO_DEEP, "map_proof.bitmap", 4 },
	{ "an empty end too deep", 0x40, lower_by_one, 0x40, true, 0, AVAL_E_MAP_TOO_DEEP, "map_proof.bitmap", 4 },
	{ "an other leaf too deep", 0xc0, lower_by_one, 0xc0, true, 0, AVAL_E_MAP_TOO_DEEP, "map_proof.bitmap", 4 },

	{ "an unknown kind", 0x01, say_unknown, 0x01, false, 2, AVAL_E_CBOR_RANGE, "map_proof.end", 1 },
	{ "a kind with too few items", 0x80, say_present, 0x80, false, 3, AVAL_OK, "", 0 },
	{ "five items", 0xc0, five_items, 0xc0, true, 0, AVAL_E_CBOR_RANGE, "map_proof", 0 },
	{ "other leaf without its leaf", 0xc0, say_present, 0xc0, true, 0, AVAL_E_MAP_KIND, "map_proof.end",
	  AVAL_NO_OFFSET },
};

static aval_status verify(const uint8_t path32[32], const uint8_t value32[32], bool absent, const uint8_t *proof,
                          size_t len, aval_error *err)
{
	/* In a block of its own, so that a sanitizer sees the first byte read past the end. */
	uint8_t    *copy = malloc(len == 0 ? 1 : len);
	aval_status status;

	ck_assert_ptr_nonnull(copy);
	if (len > 0)
		memcpy(copy, proof, len);
	if (absent)
		status = aval_map_verify_absent(map.root32, path32, copy, len, err);
	else
		status = aval_map_verify_present(map.root32, path32, value32, copy, len, err);
	free(copy);
	return status;
}

START_TEST(proof_case)
{
	const uint8_t made[32] = { cases[_i].proof_of }, key[32] = { cases[_i].key }, value[32] = { cases[_i].value };
	uint8_t       proof[1024];
	parts         p;
	size_t        len;
	aval_error    err = AVAL_ERROR_INIT;
	aval_status   got;

	start_table();
	take_apart(&p, made);
	cases[_i].change(&p);
	len = put_together(proof, sizeof proof, &p);
	got = verify(key, value, cases[_i].absent, proof, len, &err);
	ck_assert_msg(got == cases[_i].want, "%s: got %s, want %s (%s)", cases[_i].name, aval_status_name(got),
	              aval_status_name(cases[_i].want), err.reason);
	if (got != AVAL_OK) {
		ck_assert_msg(strcmp(err.where, cases[_i].where) == 0, "%s: %s", cases[_i].name, err.where);
		ck_assert_msg(err.offset == cases[_i].offset, "%s: offset %zu", cases[_i].name, err.offset);
	}
	finish();
}
END_TEST

/* Two keys that part at the very last bit: depth 256 is reached, and every shorter or longer encoding refused. */
START_TEST(the_deepest_leaves)
{
	aval_map_change changes[2] = { { .path32 = { 9 }, .value32 = { 1 } }, { .path32 = { 9 }, .value32 = { 2 } } };
	uint8_t         proof[AVAL_MAP_PROOF_MAX_LEN], again[AVAL_MAP_PROOF_MAX_LEN];
	size_t          len = sizeof proof, again_len = sizeof again;
	aval_map_proof  view;

	start();
	changes[1].path32[31] = 1;
	insert(changes, 2);
	ck_assert_int_eq(aval_map_prove(proof, &len, &map, changes[1].path32, NULL), AVAL_OK);
	ck_assert_int_eq(aval_map_proof_parse(&view, proof, len, NULL), AVAL_OK);
	ck_assert_uint_eq(view.depth, 256);
	ck_assert_uint_eq(view.sibling_count, 1);
	ck_assert_int_eq(verify(changes[1].path32, changes[1].value32, false, proof, len, NULL), AVAL_OK);
	ck_assert_int_eq(verify(changes[0].path32, changes[0].value32, false, proof, len, NULL),
	                 AVAL_E_PROOF_ROOT_MISMATCH);
	for (size_t cut = 0; cut < len; cut++) {
		aval_status got = verify(changes[1].path32, changes[1].value32, false, proof, cut, NULL);

		ck_assert(got == AVAL_E_CBOR_TRUNCATED || got == AVAL_E_CBOR_COUNT);
	}
	proof[len] = 0;
	ck_assert_int_eq(verify(changes[1].path32, changes[1].value32, false, proof, len + 1, NULL),
	                 AVAL_E_CBOR_TRAILING);
	/* All 256 siblings: as long as a proof can be. */
	for (unsigned bit = 0; bit < 255; bit++) {
		memcpy(changes[0].path32, changes[1].path32, 32);
		changes[0].path32[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		insert(changes, 1);
	}
	ck_assert_int_eq(aval_map_prove(again, &again_len, &map, changes[1].path32, NULL), AVAL_OK);
	ck_assert_uint_eq(again_len, AVAL_MAP_PROOF_MAX_LEN - 70);
	oracle_check_path(&map, &oracle, changes[1].path32);
	finish();
}
END_TEST

START_TEST(maps_of_none_and_one_key)
{
	static const uint8_t empty_proof[] = { 0x84, 0x01, 0x00, 0x40, 0x40 };
	aval_map_change      one = { .path32 = { 0x33 }, .value32 = { 1 } };
	uint8_t              leaf[32], other[32] = { 0x34 };

	start();
	ck_assert(aval_map_is_empty(map.root32));
	oracle_check_path(&map, &oracle, other);
	ck_assert_int_eq(verify(other, NULL, true, empty_proof, sizeof empty_proof, NULL), AVAL_OK);
	insert(&one, 1);
	aval_map_leaf(leaf, one.path32, one.value32);
	ck_assert_mem_eq(map.root32, leaf, 32);
	oracle_check_path(&map, &oracle, one.path32);
	oracle_check_path(&map, &oracle, other);
	ck_assert_int_eq(verify(other, NULL, true, empty_proof, sizeof empty_proof, NULL), AVAL_E_PROOF_ROOT_MISMATCH);
	finish();
}
END_TEST

static void fill(size_t count, bool dense)
{
	aval_map_change changes[400];
	size_t          n = 0;

	while (n < count) {
		memset(changes[n].path32, 0x77, 32);
		oracle_bytes(changes[n].path32 + (dense ? 30 : 0), dense ? 2 : 32);
		oracle_bytes(changes[n].value32, 32);
		changes[n].is_delete = false;
		for (size_t i = 0; i < n; i++)
			if (memcmp(changes[i].path32, changes[n].path32, 32) == 0)
				n = i == n ? n : n - 1;
		n++;
	}
	insert(changes, count);
}

/* Not one bit of a proof, of a key's path or of a value may be another. */
START_TEST(any_flipped_bit_is_refused)
{
	start();
	fill(24, _i == 1);
	for (size_t i = 0; i < 48; i++) {
		uint8_t path[32], value[32], proof[AVAL_MAP_PROOF_MAX_LEN];
		size_t  len = sizeof proof;
		bool    absent = i % 2 == 1;

		memcpy(path, oracle.items[i / 2].path32, 32);
		memcpy(value, oracle.items[i / 2].value32, 32);
		if (absent)
			path[31] ^= 1;
		if (oracle_has(&oracle, path) == absent)
			continue;
		ck_assert_int_eq(aval_map_prove(proof, &len, &map, path, NULL), AVAL_OK);
		ck_assert_int_eq(verify(path, value, absent, proof, len, NULL), AVAL_OK);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			aval_status got;

			proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
			got = verify(path, value, absent, proof, len, NULL);
			ck_assert_msg(got != AVAL_OK, "key %zu, bit %zu", i, bit);
			proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
		for (size_t bit = 0; bit < 256 && !absent; bit++) {
			path[bit / 8] ^= (uint8_t)(1u << bit % 8);
			ck_assert_int_ne(verify(path, value, false, proof, len, NULL), AVAL_OK);
			path[bit / 8] ^= (uint8_t)(1u << bit % 8);
			value[bit / 8] ^= (uint8_t)(1u << bit % 8);
			ck_assert_int_eq(verify(path, value, false, proof, len, NULL), AVAL_E_PROOF_ROOT_MISMATCH);
			value[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	}
	finish();
}
END_TEST

START_TEST(a_short_buffer_learns_the_need)
{
	const uint8_t key[32] = { 0x01 };
	uint8_t       proof[256] = { 0 };
	size_t        need = 0, len = 0;

	start_table();
	ck_assert_int_eq(aval_map_prove(NULL, &need, &map, key, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(need, 1 + 1 + 1 + 2 + 2 + 64);
	len = need - 1;
	ck_assert_int_eq(aval_map_prove(proof, &len, &map, key, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_uint_eq(proof[0], 0);
	ck_assert_int_eq(aval_map_prove(proof, &len, &map, key, NULL), AVAL_OK);
	need = 0;
	ck_assert_int_eq(aval_map_prove_many(NULL, &need, &map, key, 1, NULL), AVAL_E_BUFFER_TOO_SMALL);
	memset(proof, 0, sizeof proof);
	len = need - 1;
	ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, key, 1, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_uint_eq(proof[0], 0);
	ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, key, 1, NULL), AVAL_OK);
	finish();
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("map_proof");
	TCase   *tc = tcase_create("map_proof");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, proof_case, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tc, the_deepest_leaves);
	tcase_add_test(tc, maps_of_none_and_one_key);
	tcase_add_loop_test(tc, any_flipped_bit_is_refused, 0, 2);
	tcase_add_test(tc, a_short_buffer_learns_the_need);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
