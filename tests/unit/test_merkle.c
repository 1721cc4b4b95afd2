/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <aval/merkle.h>

#include "log_oracle.h"

#define MAX AVAL_MERKLE_MAX_SIZE

static const uint8_t zeros[32 * 70];

/* Shapes alone: every hash is zero, so that what passes the shape leads to another root. */
static const struct {
	const char *name;
	uint64_t    size, index;
	size_t      path_count;
	aval_status want;
	const char *where;
} inclusion_cases[] = {
	{ "size 0", 0, 0, 0, AVAL_E_PROOF_SHAPE, "proof.size" },
	{ "one leaf", 1, 0, 0, AVAL_OK, "" },
	{ "one leaf, trailing hash", 1, 0, 1, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "index equal to the size", 1, 1, 0, AVAL_E_PROOF_INDEX, "proof.index" },
	{ "last index", 7, 6, 2, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root" },
	{ "index past the size", 7, 7, 2, AVAL_E_PROOF_INDEX, "proof.index" },
	{ "hash too few", 7, 6, 1, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "hash too many", 7, 6, 3, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "largest tree", MAX, 0, 63, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root" },
	{ "last leaf of the largest tree", MAX, MAX - 1, 62, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root" },
	{ "larger than the largest tree", MAX + 1, 0, 63, AVAL_E_PROOF_SHAPE, "proof.size" },
	{ "largest number", UINT64_MAX, UINT64_MAX - 1, 64, AVAL_E_PROOF_SHAPE, "proof.size" },
};

START_TEST(inclusion_case)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got = aval_merkle_verify_inclusion(zeros, inclusion_cases[_i].size, inclusion_cases[_i].index, zeros,
	                                               zeros, inclusion_cases[_i].path_count, &err);

	ck_assert_msg(got == inclusion_cases[_i].want, "%s: got %s, want %s (%s)", inclusion_cases[_i].name,
	              aval_status_name(got), aval_status_name(inclusion_cases[_i].want), err.reason);
	ck_assert_str_eq(err.where, inclusion_cases[_i].where);
}
END_TEST

static const struct {
	const char *name;
	uint64_t    old_size, new_size;
	size_t      path_count;
	bool        same_root;
	aval_status want;
	const char *where;
} consistency_cases[] = {
	{ "one tree", 5, 5, 0, true, AVAL_OK, "" },
	{ "fork: two heads of one size", 5, 5, 0, false, AVAL_E_PROOF_FORK, "proof.root" },
	{ "one tree, trailing hash", 5, 5, 1, true, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "tree head that shrank", 6, 5, 0, true, AVAL_E_PROOF_SHRUNK, "proof.new_size" },
	{ "from the empty tree", 0, 5, 0, true, AVAL_E_PROOF_SHAPE, "proof.old_size" },
	{ "to the empty tree", 5, 0, 0, true, AVAL_E_PROOF_SHRUNK, "proof.new_size" },
	{ "empty tree with another root", 0, 0, 0, true, AVAL_E_PROOF_ROOT_MISMATCH, "proof.subtree_root" },
	{ "empty tree, trailing hash", 0, 0, 1, true, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "power of two", 4, 5, 1, true, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root" },
	{ "power of two, hash too few", 4, 5, 0, true, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "power of two, hash too many", 4, 5, 2, true, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "other size", 3, 5, 4, true, AVAL_E_PROOF_ROOT_MISMATCH, "proof.subtree_root" },
	{ "other size, hash too few", 3, 5, 3, true, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "largest tree", MAX - 1, MAX, 63, true, AVAL_E_PROOF_ROOT_MISMATCH, "proof.subtree_root" },
	{ "longest path", 3, MAX, 64, true, AVAL_E_PROOF_ROOT_MISMATCH, "proof.subtree_root" },
	{ "larger than the largest tree", 3, MAX + 1, 64, true, AVAL_E_PROOF_SHAPE, "proof.size" },
};

START_TEST(consistency_case)
{
	static const uint8_t other[32] = { 1 };
	aval_error           err = AVAL_ERROR_INIT;
	aval_status          got;

	got = aval_merkle_verify_consistency(zeros, consistency_cases[_i].old_size,
	                                     consistency_cases[_i].same_root ? zeros : other,
	                                     consistency_cases[_i].new_size, zeros, consistency_cases[_i].path_count,
	                                     &err);
	ck_assert_msg(got == consistency_cases[_i].want, "%s: got %s, want %s (%s)", consistency_cases[_i].name,
	              aval_status_name(got), aval_status_name(consistency_cases[_i].want), err.reason);
	ck_assert_str_eq(err.where, consistency_cases[_i].where);
}
END_TEST

static const struct {
	const char *name;
	uint64_t    begin, end, size;
	size_t      path_count;
	aval_status want;
	const char *where;
} subtree_cases[] = {
	{ "leaf", 3, 4, 8, 3, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root" },
	{ "leaf, hash too few", 3, 4, 8, 2, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "whole tree", 0, 8, 8, 0, AVAL_OK, "" },
	{ "right edge", 4, 7, 7, 1, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root" },
	{ "cut off before the edge", 4, 7, 8, 4, AVAL_E_PROOF_ROOT_MISMATCH, "proof.subtree_root" },
	{ "begin out of line", 2, 5, 8, 3, AVAL_E_PROOF_SHAPE, "proof.subtree" },
	{ "begin past the end", 5, 4, 8, 3, AVAL_E_PROOF_SHAPE, "proof.subtree" },
	{ "end past the size", 4, 8, 7, 1, AVAL_E_PROOF_INDEX, "proof.subtree" },
	{ "empty with another root", 4, 4, 8, 0, AVAL_E_PROOF_ROOT_MISMATCH, "proof.subtree_root" },
	{ "empty, trailing hash", 4, 4, 8, 1, AVAL_E_PROOF_LENGTH, "proof.path" },
	{ "empty, past the size", 9, 9, 8, 0, AVAL_E_PROOF_INDEX, "proof.subtree" },
	{ "larger than the largest tree", 0, 1, MAX + 1, 63, AVAL_E_PROOF_SHAPE, "proof.size" },
};

START_TEST(subtree_case)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got = aval_merkle_verify_subtree(zeros, subtree_cases[_i].begin, subtree_cases[_i].end, zeros,
	                                             subtree_cases[_i].size, zeros, subtree_cases[_i].path_count, &err);

	ck_assert_msg(got == subtree_cases[_i].want, "%s: got %s, want %s (%s)", subtree_cases[_i].name,
	              aval_status_name(got), aval_status_name(subtree_cases[_i].want), err.reason);
	ck_assert_str_eq(err.where, subtree_cases[_i].where);
}
END_TEST

static const struct {
	const char *name;
	uint64_t    begin, end, index;
	size_t      path_count;
	aval_status want;
	const char *where;
} place_cases[] = {
	{ "one leaf", 3, 4, 3, 0, AVAL_OK, "" },
	{ "before the subtree", 4, 7, 3, 2, AVAL_E_PROOF_INDEX, "proof.index" },
	{ "after the subtree", 4, 7, 7, 2, AVAL_E_PROOF_INDEX, "proof.index" },
	{ "last leaf", 4, 7, 6, 1, AVAL_E_PROOF_ROOT_MISMATCH, "proof.root" },
	{ "empty", 4, 4, 4, 0, AVAL_E_PROOF_SHAPE, "proof.subtree" },
	{ "out of line", 3, 5, 3, 1, AVAL_E_PROOF_SHAPE, "proof.subtree" },
	{ "larger than the largest tree", 0, MAX + 1, 0, 63, AVAL_E_PROOF_SHAPE, "proof.subtree" },
	{ "largest numbers", 1, UINT64_MAX, 1, 64, AVAL_E_PROOF_SHAPE, "proof.subtree" },
};

START_TEST(place_case)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got = aval_merkle_verify_subtree_inclusion(zeros, place_cases[_i].begin, place_cases[_i].end,
	                                                       place_cases[_i].index, zeros, zeros,
	                                                       place_cases[_i].path_count, &err);

	ck_assert_msg(got == place_cases[_i].want, "%s: got %s, want %s (%s)", place_cases[_i].name,
	              aval_status_name(got), aval_status_name(place_cases[_i].want), err.reason);
	ck_assert_str_eq(err.where, place_cases[_i].where);
}
END_TEST

static const struct {
	const char *name;
	uint64_t    size, indices[3];
	size_t      index_count, hash_count;
	aval_status want;
	const char *where;
} multi_cases[] = {
	{ "one leaf", 1, { 0 }, 1, 0, AVAL_OK, "" },
	{ "size 0", 0, { 0 }, 1, 0, AVAL_E_PROOF_SHAPE, "proof.size" },
	{ "nothing opened", 7, { 0 }, 0, 1, AVAL_E_PROOF_SHAPE, "multiproof.indices" },
	{ "index equal to the size", 7, { 7 }, 1, 2, AVAL_E_PROOF_INDEX, "multiproof.indices[]" },
	{ "index twice", 7, { 3, 3 }, 2, 3, AVAL_E_PROOF_INDEX, "multiproof.indices[]" },
	{ "two leaves", 7, { 3, 6 }, 2, 3, AVAL_E_PROOF_ROOT_MISMATCH, "multiproof.root" },
	{ "two leaves, hash too few", 7, { 3, 6 }, 2, 2, AVAL_E_PROOF_LENGTH, "multiproof.hashes" },
	{ "two leaves, hash too many", 7, { 3, 6 }, 2, 4, AVAL_E_PROOF_LENGTH, "multiproof.hashes" },
	{ "largest tree", MAX, { 0 }, 1, 63, AVAL_E_PROOF_ROOT_MISMATCH, "multiproof.root" },
	{ "larger than the largest tree", MAX + 1, { 0 }, 1, 63, AVAL_E_PROOF_SHAPE, "proof.size" },
};

START_TEST(multi_case)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got = aval_merkle_verify_multi(zeros, multi_cases[_i].size, multi_cases[_i].indices, zeros,
	                                           multi_cases[_i].index_count, zeros, multi_cases[_i].hash_count, &err);

	ck_assert_msg(got == multi_cases[_i].want, "%s: got %s, want %s (%s)", multi_cases[_i].name,
	              aval_status_name(got), aval_status_name(multi_cases[_i].want), err.reason);
	ck_assert_str_eq(err.where, multi_cases[_i].where);
}
END_TEST

/* In a tree of 100 leaves: leaf 37 proven at other places, and other things proven at its place. */
START_TEST(a_proof_holds_for_its_leaf_alone)
{
	const uint8_t *root = oracle_root(0, 100);
	oracle_proof   proof = { .count = 0 };

	oracle_path(&proof, 37, 0, 100);
	for (uint64_t index = 0; index < 100; index++) {
		aval_status want = index == 37 ? AVAL_OK : AVAL_E_PROOF_ROOT_MISMATCH;

		if (index >= 96)
			want = AVAL_E_PROOF_LENGTH;
		ck_assert_int_eq(aval_merkle_verify_inclusion(root, 100, index, oracle_root(37, 38), proof.hashes,
		                                              proof.count, NULL), want);
	}
	ck_assert_int_eq(aval_merkle_verify_inclusion(root, 100, 37, oracle_root(36, 37), proof.hashes, proof.count,
	                                              NULL), AVAL_E_PROOF_ROOT_MISMATCH);
	/* A node passed off as a leaf of the tree of half the size, and a leaf as a node. */
	ck_assert_int_eq(aval_merkle_verify_inclusion(root, 100, 37, oracle_root(36, 38), proof.hashes + 32,
	                                              proof.count - 1, NULL), AVAL_E_PROOF_LENGTH);
	ck_assert_int_eq(aval_merkle_verify_subtree(oracle_root(37, 38), 36, 38, root, 100, proof.hashes + 32,
	                                            proof.count - 1, NULL), AVAL_E_PROOF_ROOT_MISMATCH);
	ck_assert_int_eq(aval_merkle_verify_subtree(oracle_root(36, 38), 36, 38, root, 100, proof.hashes + 32,
	                                            proof.count - 1, NULL), AVAL_OK);
}
END_TEST

START_TEST(any_other_bit_leads_to_another_root)
{
	const uint8_t *old_root = oracle_root(0, 37), *new_root = oracle_root(0, 100);
	oracle_proof   proof = { .count = 0 };

	oracle_subproof(&proof, 0, 37, 0, 100, true);
	for (size_t bit = 0; bit < 256 * proof.count; bit++) {
		proof.hashes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_int_eq(aval_merkle_verify_consistency(old_root, 37, new_root, 100, proof.hashes, proof.count,
		                                                NULL), AVAL_E_PROOF_ROOT_MISMATCH);
		proof.hashes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	ck_assert_int_eq(aval_merkle_verify_consistency(old_root, 37, new_root, 100, proof.hashes, proof.count, NULL),
	                 AVAL_OK);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
	Suite   *s  = suite_create("merkle");
	TCase   *tc = tcase_create("merkle");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, inclusion_case, 0, COUNT(inclusion_cases));
	tcase_add_loop_test(tc, consistency_case, 0, COUNT(consistency_cases));
	tcase_add_loop_test(tc, subtree_case, 0, COUNT(subtree_cases));
	tcase_add_loop_test(tc, place_case, 0, COUNT(place_cases));
	tcase_add_loop_test(tc, multi_case, 0, COUNT(multi_cases));
	tcase_add_test(tc, a_proof_holds_for_its_leaf_alone);
	tcase_add_test(tc, any_other_bit_leads_to_another_root);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
