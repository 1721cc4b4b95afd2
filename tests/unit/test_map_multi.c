/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cbor/cbor.h"
#include "map_oracle.h"
#include "merkle/map.h"

enum { MAX_KEYS = 64, ROOM = 1 << 16 };

static aval_map_memory *memory;
static aval_map         map;
static oracle_map       oracle;

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

static void insert(const aval_map_change *c)
{
	ck_assert_int_eq(aval_map_update(&map, c, 1, NULL, NULL), AVAL_OK);
	oracle_apply(&oracle, c);
}

/* The definition: the proof of a subtree, by recursion (docs/spec/map.md, section 5). */
typedef struct reference {
	aval_cbor_writer ends;
	uint8_t          ends_room[ROOM], bitmap[2048], siblings[ROOM];
	size_t           end_count, bits, hashes;
} reference;

static void put_subtree(reference *r, size_t begin, size_t end, unsigned depth)
{
	uint8_t hash[32];

	oracle_root(hash, &oracle, begin, end, depth);
	if (begin < end) {
		r->bitmap[r->bits / 8] |= (uint8_t)(0x80 >> r->bits % 8);
		memcpy(r->siblings + 32 * r->hashes++, hash, 32);
	}
	r->bits++;
}

static void put_end(reference *r, const aval_map_claim *claims, size_t count, size_t begin, size_t end, unsigned depth)
{
	const aval_map_item *leaf = &oracle.items[begin];
	unsigned             kind = begin == end ? 1 : 2;

	for (size_t i = 0; i < count && kind == 2; i++)
		if (memcmp(claims[i].path32, leaf->path32, 32) == 0)
			kind = 0;
	aval_cbor_write_array(&r->ends, kind == 2 ? 4 : 2);
	aval_cbor_write_uint(&r->ends, kind);
	aval_cbor_write_uint(&r->ends, depth);
	if (kind == 2) {
		aval_cbor_write_bytes(&r->ends, leaf->path32, 32);
		aval_cbor_write_bytes(&r->ends, leaf->value32, 32);
	}
	r->end_count++;
}

static void descend(reference *r, const aval_map_claim *claims, size_t count, size_t begin, size_t end, unsigned depth)
{
	size_t middle, left = 0;

	if (end - begin < 2) {
		put_end(r, claims, count, begin, end, depth);
		return;
	}
	middle = oracle_fork(&oracle, begin, end, depth);
	while (left < count && oracle_bit(claims[left].path32, depth) == 0)
		left++;
	if (left > 0)
		descend(r, claims, left, begin, middle, depth + 1);
	if (left < count)
		descend(r, claims + left, count - left, middle, end, depth + 1);
	if (left == 0)
		put_subtree(r, begin, middle, depth + 1);
	if (left == count)
		put_subtree(r, middle, end, depth + 1);
}

static size_t reference_proof(uint8_t *out, const aval_map_claim *claims, size_t count)
{
	static reference r;
	aval_cbor_writer w;

	memset(&r, 0, sizeof r);
	aval_cbor_writer_init(&r.ends, r.ends_room, sizeof r.ends_room);
	descend(&r, claims, count, 0, oracle.count, 0);
	aval_cbor_writer_init(&w, out, ROOM);
	aval_cbor_write_array(&w, 3);
	aval_cbor_write_array(&w, r.end_count);
	aval_cbor_write_raw(&w, r.ends_room, r.ends.len);
	aval_cbor_write_bytes(&w, r.bitmap, (r.bits + 7) / 8);
	aval_cbor_write_bytes(&w, r.siblings, 32 * r.hashes);
	return w.len;
}

static int by_path(const void *a, const void *b)
{
	return memcmp(((const aval_map_claim *)a)->path32, ((const aval_map_claim *)b)->path32, 32);
}

/* Claims that hold, about keys that are there, close to them, or anywhere. */
static size_t true_claims(aval_map_claim *claims, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		aval_map_claim *c = &claims[i];

		oracle_bytes(c->path32, 32);
		if (oracle.count > 0 && oracle_random() % 4 != 0)
			memcpy(c->path32, oracle.items[oracle_random() % oracle.count].path32, 32);
		if (oracle_random() % 3 == 0)
			c->path32[oracle_random() % 32] ^= (uint8_t)(1u << oracle_random() % 8);
	}
	qsort(claims, count, sizeof *claims, by_path);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && memcmp(claims[i].path32, claims[n - 1].path32, 32) == 0)
			continue;
		claims[n] = claims[i];
		claims[n].is_absent = !oracle_has(&oracle, claims[n].path32);
		if (!claims[n].is_absent)
			memcpy(claims[n].value32, oracle.items[oracle_find(&oracle, claims[n].path32)].value32, 32);
		n++;
	}
	return n;
}

static size_t prove(uint8_t *proof, const aval_map_claim *claims, size_t count)
{
	uint8_t paths[32 * MAX_KEYS];
	size_t  len = ROOM;

	for (size_t i = 0; i < count; i++)
		memcpy(paths + 32 * i, claims[i].path32, 32);
	ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, paths, count, NULL), AVAL_OK);
	return len;
}

enum { FENCE = 65536 }; /* a multiple of every size that a page has */

static void unfence(uint8_t *copy, size_t len)
{
	uint8_t *pages = copy + len - FENCE;

	ck_assert_int_eq(mprotect(pages + FENCE, FENCE, PROT_READ | PROT_WRITE), 0);
	free(pages);
}

/* A copy behind which nobody may read. */
static uint8_t *fence(const uint8_t *data, size_t len)
{
	uint8_t *pages = aligned_alloc(FENCE, 2 * FENCE);

	ck_assert_ptr_nonnull(pages);
	ck_assert_int_eq(mprotect(pages + FENCE, FENCE, PROT_NONE), 0);
	return len == 0 ? pages + FENCE : memcpy(pages + FENCE - len, data, len);
}

static aval_status verify(const aval_map_claim *claims, size_t count, const uint8_t *proof, size_t len,
                          aval_error *err)
{
	uint8_t    *copy;
	aval_status status;

	ck_assert_uint_le(len, FENCE);
	copy = fence(proof, len);
	status = aval_map_verify_many(map.root32, claims, count, copy, len, err);
	unfence(copy, len);
	return status;
}

static void grow(size_t count, int kind)
{
	for (size_t i = 0; i < count; i++) {
		aval_map_change c = { .is_delete = false };

		if (kind == 0)
			oracle_bytes(c.path32, 32);
		else if (kind == 1)
			c.path32[31] = (uint8_t)oracle_random();
		else
			c.path32[(oracle_random() % 256) / 8] = (uint8_t)(1u << oracle_random() % 8);
		oracle_bytes(c.value32, 32);
		insert(&c);
	}
}

START_TEST(multiproofs_equal_the_definition)
{
	static uint8_t got[ROOM], want[ROOM];
	aval_map_claim claims[MAX_KEYS];

	start();
	oracle_seed = (uint64_t)_i + 1;
	for (size_t round = 0; round < 40; round++) {
		for (size_t repeat = 0; repeat < 4; repeat++) {
			size_t count = true_claims(claims, 1 + oracle_random() % MAX_KEYS);
			size_t len = prove(got, claims, count), want_len = reference_proof(want, claims, count);

			ck_assert_uint_eq(len, want_len);
			ck_assert_mem_eq(got, want, len);
			ck_assert_int_eq(verify(claims, count, got, len, NULL), AVAL_OK);
		}
		grow(1 + round, _i);
	}
	finish();
}
END_TEST

/* Not one bit of a proof or of a claim may be another. */
START_TEST(any_flipped_bit_is_refused)
{
	static uint8_t proof[ROOM];
	aval_map_claim claims[MAX_KEYS];
	size_t         count, len;

	start();
	grow(60, _i);
	count = true_claims(claims, 12);
	len = prove(proof, claims, count);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_msg(verify(claims, count, proof, len, NULL) != AVAL_OK, "bit %zu", bit);
		proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t i = 0; i < count; i++) {
		claims[i].is_absent = !claims[i].is_absent;
		ck_assert_int_ne(verify(claims, count, proof, len, NULL), AVAL_OK);
		claims[i].is_absent = !claims[i].is_absent;
		claims[i].value32[5] ^= 1;
		ck_assert_int_eq(verify(claims, count, proof, len, NULL),
		                 claims[i].is_absent ? AVAL_OK : AVAL_E_PROOF_ROOT_MISMATCH);
		claims[i].value32[5] ^= 1;
	}
	finish();
}
END_TEST

/* The keys of test_map_proof.c, and a proof about four others in parts; the fifth place is for swaps. */
enum { TABLE_KEYS = 5 };

typedef struct end_parts {
	uint64_t kind, depth;
	uint8_t  path, value;
	size_t   items;
} end_parts;

typedef struct parts {
	end_parts      ends[8];
	uint8_t        bitmap[8], siblings[32 * 8];
	size_t         end_count, bitmap_len, siblings_len;
	aval_map_claim claims[TABLE_KEYS];
	size_t         claim_count;
} parts;

/*
 * 00 and 01 fork at depth 7, 80 is alone on the right. Claimed: 01 present (depth 8), 40 absent (empty, depth 2),
 * 80 present and c0 absent (both at the leaf 80, depth 1). Siblings: the leaf 00 (depth 8), six empty ones.
 */
static void table(parts *p)
{
	static const uint8_t first[] = { 0x01, 0x40, 0x80, 0xc0 }, values[] = { 2, 0, 3, 0 };
	aval_map_change      c = { .path32 = { 0x00 }, .value32 = { 1 } };

	start();
	memset(p, 0, sizeof *p);
	aval_map_leaf(p->siblings, c.path32, c.value32);
	insert(&c);
	for (size_t i = 0; i < 4; i++) {
		c.path32[0] = p->claims[i].path32[0] = first[i];
		c.value32[0] = p->claims[i].value32[0] = values[i];
		p->claims[i].is_absent = values[i] == 0;
		if (values[i] != 0)
			insert(&c);
	}
	p->claim_count = 4;
	p->ends[0] = (end_parts){ .kind = 0, .depth = 8, .items = 2 };
	p->ends[1] = (end_parts){ .kind = 1, .depth = 2, .items = 2 };
	p->ends[2] = (end_parts){ .kind = 0, .depth = 1, .items = 2 };
	p->end_count = 3;
	p->bitmap[0] = 0x80; /* of 6: depths 8 to 3 */
	p->bitmap_len = 1;
	p->siblings_len = 32;
}

static size_t put_together(uint8_t *out, const parts *p)
{
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, out, ROOM);
	aval_cbor_write_array(&w, 3);
	aval_cbor_write_array(&w, p->end_count);
	for (size_t i = 0; i < p->end_count; i++) {
		const uint8_t path[32] = { p->ends[i].path }, value[32] = { p->ends[i].value };

		aval_cbor_write_array(&w, p->ends[i].items);
		aval_cbor_write_uint(&w, p->ends[i].kind);
		aval_cbor_write_uint(&w, p->ends[i].depth);
		if (p->ends[i].items > 2) {
			aval_cbor_write_bytes(&w, path, 32);
			aval_cbor_write_bytes(&w, value, 32);
		}
	}
	aval_cbor_write_bytes(&w, p->bitmap, p->bitmap_len);
	aval_cbor_write_bytes(&w, p->siblings, p->siblings_len);
	return w.len;
}

static void change_nothing(parts *p)
{
	(void)p;
}

static void no_claim(parts *p)
{
	p->claim_count = 0;
}

static void same_claim_twice(parts *p)
{
	p->claims[1] = p->claims[0];
}

static void claims_descend(parts *p)
{
	p->claims[4] = p->claims[3];
	p->claims[3] = p->claims[2];
	p->claims[2] = p->claims[4];
}

static void end_too_few(parts *p)
{
	p->end_count--;
}

static void end_too_many(parts *p)
{
	p->ends[p->end_count++] = p->ends[1];
}

static void sibling_too_few(parts *p)
{
	p->siblings_len = 0;
}

static void sibling_too_many(parts *p)
{
	memset(p->siblings + 32, 7, 32);
	p->siblings_len = 64;
}

/* Hashes cut off in the middle: nothing behind the end is read. */
static void half_a_sibling(parts *p)
{
	p->siblings_len = 31;
}

static void sibling_and_a_half(parts *p)
{
	p->bitmap[0] |= 0x40;
	memset(p->siblings + 32, 7, 32);
	p->siblings_len = 48;
}

static void sibling_and_a_byte(parts *p)
{
	p->siblings_len = 33;
}

static void bitmap_too_short(parts *p)
{
	p->bitmap_len = 0;
}

static void bitmap_too_long(parts *p)
{
	p->bitmap_len = 2;
}

static void spare_bit(parts *p)
{
	p->bitmap[0] |= 0x02;
	sibling_too_many(p);
}

static void empty_sibling(parts *p)
{
	p->bitmap[0] |= 0x40;
	p->siblings_len = 64;
}

static void depth_257(parts *p)
{
	p->ends[0].depth = 257;
}

static void unknown_kind(parts *p)
{
	p->ends[1].kind = 3;
}

static void three_items(parts *p)
{
	p->ends[1].items = 4;
}

static void absent_but_claimed(parts *p)
{
	p->ends[0].kind = 1;
}

static void present_but_claimed_absent(parts *p)
{
	p->ends[1].kind = 0;
}

static void claim_both_at_one_leaf(parts *p)
{
	p->claims[3].is_absent = false;
}

static void claim_none_at_the_leaf(parts *p)
{
	p->claims[2].is_absent = true;
}

/* 80 claimed absent, and shown by its own leaf. */
static void own_leaf(parts *p)
{
	p->claims[2].is_absent = true;
	p->ends[2] = (end_parts){ .kind = 2, .depth = 1, .path = 0x80, .value = 3, .items = 4 };
}

/* Only c0: 80 is then another's leaf. */
static void other_leaf(parts *p)
{
	p->claims[2] = p->claims[3];
	p->claim_count = 3;
	p->ends[2] = (end_parts){ .kind = 2, .depth = 1, .path = 0x80, .value = 3, .items = 4 };
}

static void leaf_off_the_way(parts *p)
{
	p->ends[1] = (end_parts){ .kind = 2, .depth = 2, .path = 0x80, .value = 3, .items = 4 };
}

/* The end of 40 at depth 1, where 01 forked off below. */
static void end_above_the_fork(parts *p)
{
	p->ends[1].depth = 1;
}

/* 80 at depth 2, with an empty sibling. */
static void leaf_too_deep(parts *p)
{
	p->ends[2].depth = 2;
	p->claim_count = 3;
}

static void empty_too_deep(parts *p)
{
	p->ends[1].depth = 3;
}

static void first_leaf_too_deep(parts *p)
{
	p->bitmap[0] = 0;
	p->siblings_len = 0;
}

static void other_hash(parts *p)
{
	p->siblings[3] ^= 1;
}

#define ENDS "map_proof.ends[]"

static const struct {
	const char *name;
	void (*change)(parts *p);
	aval_status want;
	const char *where;
	size_t      offset;
} cases[] = {
	{ "four keys", change_nothing, AVAL_OK, "", 0 },
	{ "another's leaf", other_leaf, AVAL_OK, "", 0 },
	{ "no claim", no_claim, AVAL_E_PROOF_SHAPE, "map_proof.keys", AVAL_NO_OFFSET },
	{ "one claim twice", same_claim_twice, AVAL_E_PROOF_INDEX, "map_proof.keys[]", AVAL_NO_OFFSET },
	{ "claims descend", claims_descend, AVAL_E_PROOF_INDEX, "map_proof.keys[]", AVAL_NO_OFFSET },
	{ "an end too few", end_too_few, AVAL_E_PROOF_LENGTH, "map_proof.ends", 8 },
	{ "an end too many", end_too_many, AVAL_E_PROOF_LENGTH, "map_proof.ends", 11 },
	{ "a sibling too few", sibling_too_few, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 14 },
	{ "a sibling too many", sibling_too_many, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 15 },
	{ "half a sibling", half_a_sibling, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 15 },
	{ "a sibling and a half", sibling_and_a_half, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 15 },
	{ "a sibling and a byte", sibling_and_a_byte, AVAL_E_PROOF_LENGTH, "map_proof.siblings", 15 },
	{ "a bitmap too short", bitmap_too_short, AVAL_E_PROOF_SHAPE, "map_proof.bitmap", 12 },
	{ "a bitmap too long", bitmap_too_long, AVAL_E_PROOF_SHAPE, "map_proof.bitmap", 12 },
	{ "a bit behind the end", spare_bit, AVAL_E_PROOF_SHAPE, "map_proof.bitmap", 12 },
	{ "an empty subtree as a hash", empty_sibling, AVAL_E_MAP_EMPTY_SIBLING, "map_proof.siblings", 47 },
	{ "depth 257", depth_257, AVAL_E_PROOF_SHAPE, ENDS ".depth", 4 },
	{ "an unknown kind", unknown_kind, AVAL_E_CBOR_RANGE, ENDS ".end", 6 },
	{ "an end with a leaf that its kind has not", three_items, AVAL_E_CBOR_RANGE, ENDS, 5 },
	{ "absent, claimed present", absent_but_claimed, AVAL_E_MAP_KIND, ENDS, 2 },
	{ "present, claimed absent", present_but_claimed_absent, AVAL_E_MAP_KIND, ENDS, 5 },
	{ "two claims of presence at one leaf", claim_both_at_one_leaf, AVAL_E_MAP_KIND, ENDS, 8 },
	{ "no claim of presence at a leaf", claim_none_at_the_leaf, AVAL_E_MAP_KIND, ENDS, 8 },
	{ "the key's own leaf", own_leaf, AVAL_E_MAP_OWN_LEAF, ENDS, 8 },
	{ "a leaf off the way", leaf_off_the_way, AVAL_E_MAP_PREFIX, ENDS, 5 },
	{ "an end above the key before", end_above_the_fork, AVAL_E_PROOF_SHAPE, ENDS ".depth", 5 },
	{ "a lone leaf too deep", leaf_too_deep, AVAL_E_MAP_TOO_DEEP, ENDS, 11 },
	{ "an empty end too deep", empty_too_deep, AVAL_E_MAP_TOO_DEEP, ENDS, 8 },
	{ "the first leaf too deep", first_leaf_too_deep, AVAL_E_MAP_TOO_DEEP, ENDS, 5 },
	{ "another hash", other_hash, AVAL_E_PROOF_ROOT_MISMATCH, "map_proof.root", AVAL_NO_OFFSET },
};

START_TEST(multiproof_case)
{
	uint8_t     proof[1024];
	parts       p;
	size_t      len;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got;

	table(&p);
	cases[_i].change(&p);
	len = put_together(proof, &p);
	got = verify(p.claims, p.claim_count, proof, len, &err);
	ck_assert_msg(got == cases[_i].want, "%s: got %s, want %s (%s)", cases[_i].name, aval_status_name(got),
	              aval_status_name(cases[_i].want), err.reason);
	if (got == AVAL_OK) {
		uint8_t made[1024];

		ck_assert_uint_eq(prove(made, p.claims, p.claim_count), len);
		ck_assert_mem_eq(made, proof, len);
	} else {
		ck_assert_msg(strcmp(err.where, cases[_i].where) == 0, "%s: %s", cases[_i].name, err.where);
		ck_assert_msg(err.offset == cases[_i].offset, "%s: offset %zu", cases[_i].name, err.offset);
	}
	finish();
}
END_TEST

START_TEST(wrong_calls_and_encodings)
{
	static const uint8_t two_parts[] = { 0x82, 0x80, 0x40 }, no_end[] = { 0x83, 0x80, 0x40, 0x40 };
	static const uint8_t empty[] = { 0x83, 0x81, 0x82, 0x01, 0x00, 0x40, 0x40 };
	static uint8_t       paths[32 * 2];
	aval_map_claim       claim = { .is_absent = true };
	uint8_t              proof[64];
	size_t               len = sizeof proof;

	start();
	ck_assert_int_eq(verify(&claim, 1, empty, sizeof empty, NULL), AVAL_OK);
	ck_assert_int_eq(verify(&claim, 1, empty, sizeof empty - 1, NULL), AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(verify(&claim, 1, two_parts, sizeof two_parts, NULL), AVAL_E_CBOR_RANGE);
	ck_assert_int_eq(verify(&claim, 1, no_end, sizeof no_end, NULL), AVAL_E_PROOF_LENGTH);
	ck_assert_int_eq(verify(&claim, 1, NULL, 0, NULL), AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(verify(&claim, AVAL_MAP_MAX_CLAIMS + 1, empty, sizeof empty, NULL), AVAL_E_LIMIT);
	ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, paths, 0, NULL), AVAL_E_PROOF_SHAPE);
	ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, paths, 2, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, paths, AVAL_MAP_MAX_CLAIMS + 1, NULL), AVAL_E_LIMIT);
	ck_assert_uint_eq(len, sizeof proof);
	finish();
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("map_multi");
	TCase   *tc = tcase_create("map_multi");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, multiproofs_equal_the_definition, 0, 3);
	tcase_add_loop_test(tc, any_flipped_bit_is_refused, 0, 3);
	tcase_add_loop_test(tc, multiproof_case, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tc, wrong_calls_and_encodings);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
