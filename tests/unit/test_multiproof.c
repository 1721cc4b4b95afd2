/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "hash/hash.h"
#include "merkle/merkle.h"

enum { MAX_DEPTH = 4, MAX_LEAVES = 1 << MAX_DEPTH, MAX_HASHES = 2 * MAX_LEAVES - 1 };

static void make_tree(uint8_t *levels, unsigned depth)
{
	for (uint8_t i = 0; i < 1u << depth; i++)
		aval_hash_leaf(levels + 32 * i, &i, 1);
	aval_perfect_build(levels, depth);
}

/* The definition: the hash of a subtree, and what the proof holds of it, by recursion. */
typedef struct reference {
	uint32_t opened; /* bit i: leaf i */
	uint8_t  proof[32 * MAX_HASHES];
	size_t   count;
} reference;

static void descend(reference *ref, uint8_t out32[32], unsigned level, uint32_t index)
{
	uint32_t leaves = (UINT32_C(1) << (1u << level)) - 1;
	bool     closed = (ref->opened >> (index << level) & leaves) == 0;
	size_t   count = ref->count;
	uint8_t  left[32], right[32], byte = (uint8_t)index;

	if (level == 0) {
		aval_hash_leaf(out32, &byte, 1);
	} else {
		descend(ref, left, level - 1, 2 * index);
		descend(ref, right, level - 1, 2 * index + 1);
		aval_hash_node(out32, left, right);
	}
	if (closed) {
		ref->count = count;
		memcpy(ref->proof + 32 * ref->count++, out32, 32);
	}
}

typedef struct opening {
	uint64_t indices[MAX_LEAVES];
	uint8_t  leaves[32 * MAX_LEAVES];
	size_t   count;
} opening;

static void open_leaves(opening *o, const uint8_t *levels, uint32_t mask)
{
	o->count = 0;
	for (uint32_t i = 0; i < MAX_LEAVES; i++) {
		if ((mask >> i) % 2 == 0)
			continue;
		o->indices[o->count] = i;
		memcpy(o->leaves + 32 * o->count++, levels + 32 * i, 32);
	}
}

/* Every set of leaves of every tree up to 16 leaves. */
START_TEST(every_opening_equals_the_definition)
{
	unsigned depth = (unsigned)_i;
	uint8_t  levels[32 * MAX_HASHES], proof[32 * MAX_HASHES], root[32];

	make_tree(levels, depth);
	for (uint32_t mask = 1; mask >> (1u << depth) == 0; mask++) {
		reference ref = { .opened = mask };
		opening   o;
		size_t    count = MAX_HASHES;

		descend(&ref, root, depth, 0);
		ck_assert_mem_eq(root, aval_perfect_root(levels, depth), 32);
		open_leaves(&o, levels, mask);
		ck_assert_int_eq(aval_multiproof_create(proof, &count, levels, depth, o.indices, o.count, NULL),
		                 AVAL_OK);
		ck_assert_uint_eq(count, ref.count);
		ck_assert(memcmp(proof, ref.proof, 32 * count) == 0);
		ck_assert_int_eq(aval_multiproof_verify(root, depth, o.indices, o.leaves, o.count, proof, count,
		                                        NULL), AVAL_OK);
	}
}
END_TEST

START_TEST(any_other_bit_leads_to_another_root)
{
	uint8_t        levels[32 * MAX_HASHES], proof[32 * MAX_HASHES];
	const uint8_t *root;
	opening        o;
	size_t         count = MAX_HASHES;

	make_tree(levels, MAX_DEPTH);
	root = aval_perfect_root(levels, MAX_DEPTH);
	open_leaves(&o, levels, 0x4205);
	ck_assert_int_eq(aval_multiproof_create(proof, &count, levels, MAX_DEPTH, o.indices, o.count, NULL), AVAL_OK);
	for (size_t bit = 0; bit < 256 * count; bit++) {
		proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_int_eq(aval_multiproof_verify(root, MAX_DEPTH, o.indices, o.leaves, o.count, proof, count,
		                                        NULL), AVAL_E_PROOF_ROOT_MISMATCH);
		proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	o.indices[1] = 3; /* the neighbour of leaf 2, which needs as many hashes */
	ck_assert_int_eq(aval_multiproof_verify(root, MAX_DEPTH, o.indices, o.leaves, o.count, proof, count, NULL),
	                 AVAL_E_PROOF_ROOT_MISMATCH);
}
END_TEST

static const struct {
	const char *name;
	unsigned    depth;
	uint64_t    indices[3];
	size_t      index_count, hash_count;
	aval_status want;
	const char *where;
} refusals[] = {
	{ "deepest tree", 63, { UINT64_MAX >> 1 }, 1, 62, AVAL_E_PROOF_LENGTH, "multiproof.hashes" },
	{ "too deep", 64, { 0 }, 1, 64, AVAL_E_PROOF_SHAPE, "multiproof.depth" },
	{ "nothing opened", 4, { 0 }, 0, 1, AVAL_E_PROOF_SHAPE, "multiproof.indices" },
	{ "index past the end", 4, { 16 }, 1, 4, AVAL_E_PROOF_INDEX, "multiproof.indices[]" },
	{ "index past the end of one leaf", 0, { 1 }, 1, 0, AVAL_E_PROOF_INDEX, "multiproof.indices[]" },
	{ "index twice", 4, { 3, 3 }, 2, 4, AVAL_E_PROOF_INDEX, "multiproof.indices[]" },
	{ "indices descending", 4, { 3, 5, 4 }, 3, 4, AVAL_E_PROOF_INDEX, "multiproof.indices[]" },
	{ "hash too few", 4, { 3 }, 1, 3, AVAL_E_PROOF_LENGTH, "multiproof.hashes" },
	{ "hash too many", 4, { 3 }, 1, 5, AVAL_E_PROOF_LENGTH, "multiproof.hashes" },
	{ "wrong hashes", 4, { 3 }, 1, 4, AVAL_E_PROOF_ROOT_MISMATCH, "multiproof.root" },
	{ "wrong leaf of a one-leaf tree", 0, { 0 }, 1, 0, AVAL_E_PROOF_ROOT_MISMATCH, "multiproof.root" },
	{ "wrong hashes in the deepest tree", 63, { 0 }, 1, 63, AVAL_E_PROOF_ROOT_MISMATCH, "multiproof.root" },
};

START_TEST(refusal)
{
	static const uint8_t zero[32 * 64], root[32] = { 1 };
	aval_error           err = AVAL_ERROR_INIT;
	aval_status          got;

	got = aval_multiproof_verify(root, refusals[_i].depth, refusals[_i].indices, zero, refusals[_i].index_count,
	                             zero, refusals[_i].hash_count, &err);
	ck_assert_msg(got == refusals[_i].want, "%s: got %s, want %s (%s)", refusals[_i].name, aval_status_name(got),
	              aval_status_name(refusals[_i].want), err.reason);
	ck_assert_str_eq(err.where, refusals[_i].where);
}
END_TEST

START_TEST(a_short_buffer_learns_the_need)
{
	uint8_t  levels[32 * MAX_HASHES], proof[32 * MAX_HASHES] = { 0 };
	uint64_t index = 5;
	size_t   count = 0, need = 3;

	make_tree(levels, MAX_DEPTH);
	ck_assert_int_eq(aval_multiproof_count(&count, MAX_DEPTH, &index, 1, NULL), AVAL_OK);
	ck_assert_uint_eq(count, 4);
	ck_assert_int_eq(aval_multiproof_create(proof, &need, levels, MAX_DEPTH, &index, 1, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(need, 4);
	ck_assert_uint_eq(proof[0], 0);
	need = 99;
	ck_assert_int_eq(aval_multiproof_create(NULL, &need, levels, MAX_DEPTH, &index, 1, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(need, 4);
	index = 16;
	need = 99;
	ck_assert_int_eq(aval_multiproof_create(proof, &need, levels, MAX_DEPTH, &index, 1, NULL),
	                 AVAL_E_PROOF_INDEX);
	ck_assert_uint_eq(need, 99);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("multiproof");
	TCase   *tc = tcase_create("multiproof");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, every_opening_equals_the_definition, 0, MAX_DEPTH + 1);
	tcase_add_test(tc, any_other_bit_leads_to_another_root);
	tcase_add_loop_test(tc, refusal, 0, (int)(sizeof refusals / sizeof *refusals));
	tcase_add_test(tc, a_short_buffer_learns_the_need);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
