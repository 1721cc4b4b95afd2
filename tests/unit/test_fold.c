/* SPDX-License-Identifier: Apache-2.0 */
/* The fold by batches against the multiproof of merkle.h, whose own test compares it with the definition. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "hash/hash.h"
#include "merkle/fold.h"
#include "merkle/merkle.h"

enum { MAX_DEPTH = 10, MAX_LEAVES = 1 << MAX_DEPTH, MAX_HASHES = 2 * MAX_LEAVES - 1, STRIDE = 34 };

static uint8_t levels[32 * MAX_HASHES], proof[32 * MAX_HASHES], spread[STRIDE * MAX_HASHES];

static void make_tree(unsigned depth)
{
	for (uint32_t i = 0; i < 1u << depth; i++)
		aval_hash_leaf(levels + 32 * i, &i, sizeof i);
	aval_perfect_build(levels, depth);
}

static void check_opening(unsigned depth, const uint64_t *indices, size_t count)
{
	aval_fold fold;
	size_t    hashes = MAX_HASHES, parts = 0;
	uint64_t  begin = 0;
	uint8_t   root[32];

	ck_assert_int_eq(aval_multiproof_create(proof, &hashes, levels, depth, indices, count, NULL), AVAL_OK);
	memset(spread, 0xEE, sizeof spread);
	for (size_t i = 0; i < hashes; i++)
		memcpy(spread + STRIDE * i, proof + 32 * i, 32);
	aval_fold_init(&fold, depth);
	aval_fold_set_hashes(&fold, spread, STRIDE, hashes);
	for (size_t i = 0; i < count; i++) {
		size_t gap = aval_fold_parts((uint32_t)begin, (uint32_t)indices[i]);

		aval_fold_add(&fold, (uint32_t)indices[i], gap, levels + 32 * indices[i]);
		parts += gap;
		begin = indices[i] + 1;
	}
	parts += aval_fold_parts((uint32_t)begin, UINT32_C(1) << depth);
	ck_assert(aval_fold_finish(&fold, root));
	ck_assert_uint_eq(parts, hashes);
	ck_assert_mem_eq(root, aval_perfect_root(levels, depth), 32);
}

/* Every set of leaves of every tree up to 16 leaves. */
START_TEST(every_opening)
{
	unsigned depth = (unsigned)_i;

	make_tree(depth);
	for (uint32_t mask = 1; mask >> (1u << depth) == 0; mask++) {
		uint64_t indices[16];
		size_t   count = 0;

		for (uint32_t i = 0; i < 1u << depth; i++)
			if ((mask >> i) % 2 == 1)
				indices[count++] = i;
		check_opening(depth, indices, count);
	}
}
END_TEST

/* Sets of all sizes around the batch, dense and sparse, so that batches meet in gaps of every form. */
START_TEST(many_batches)
{
	uint64_t random = (uint64_t)_i + 1;

	make_tree(MAX_DEPTH);
	for (unsigned round = 0; round < 40; round++) {
		uint64_t indices[MAX_LEAVES];
		size_t   count = 0;
		uint32_t share = (uint32_t)(1 + (random >> 20) % 64);

		for (uint32_t i = 0; i < MAX_LEAVES; i++) {
			random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			if ((random >> 40) % 64 < share)
				indices[count++] = i;
		}
		if (count > 0)
			check_opening(MAX_DEPTH, indices, count);
	}
}
END_TEST

/* Runs of leaves that fill a batch exactly, by one more and by one less, at every place of a subtree. */
START_TEST(whole_batches)
{
	make_tree(MAX_DEPTH);
	for (size_t count = AVAL_FOLD_BATCH - 1; count <= 2 * AVAL_FOLD_BATCH + 1; count++) {
		for (uint64_t begin = 0; begin + count <= MAX_LEAVES; begin += 31) {
			uint64_t indices[2 * AVAL_FOLD_BATCH + 1];

			for (size_t i = 0; i < count; i++)
				indices[i] = begin + i;
			check_opening(MAX_DEPTH, indices, count);
		}
	}
}
END_TEST

/* One hash too few, for one batch and for several: no root, and no hash behind the last is read. */
START_TEST(too_few_hashes)
{
	uint8_t root[32] = { 1 }, leaf[32] = { 0 };

	for (uint32_t count = 1; count <= 3 * AVAL_FOLD_BATCH; count++) {
		size_t    need = aval_fold_parts(count, MAX_LEAVES);
		uint8_t  *hashes = calloc(need, 32);
		aval_fold fold;

		for (size_t short_by = 0; short_by < 2; short_by++) {
			aval_fold_init(&fold, MAX_DEPTH);
			aval_fold_set_hashes(&fold, hashes + 32 * short_by, 32, need - short_by);
			for (uint32_t i = 0; i < count; i++)
				aval_fold_add(&fold, i, 0, leaf);
			ck_assert(aval_fold_finish(&fold, root) == (short_by == 0));
		}
		free(hashes);
	}
}
END_TEST

START_TEST(parts_of_the_deepest_tree)
{
	uint32_t end = UINT32_C(1) << AVAL_FOLD_MAX_DEPTH;

	ck_assert_uint_eq(aval_fold_parts(1, end), 31);
	ck_assert_uint_eq(aval_fold_parts(0, end - 1), 31);
	ck_assert_uint_eq(aval_fold_parts(1, end - 1), 60);
	ck_assert_uint_eq(aval_fold_parts(5, 5), 0);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("fold");
	TCase   *tc = tcase_create("fold");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, every_opening, 0, 5);
	tcase_add_loop_test(tc, many_batches, 0, 8);
	tcase_add_test(tc, whole_batches);
	tcase_add_test(tc, too_few_hashes);
	tcase_add_test(tc, parts_of_the_deepest_tree);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
