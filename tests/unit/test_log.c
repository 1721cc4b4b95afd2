/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L /* threads and barriers */

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/log.h>
#include <aval/merkle.h>
#include <aval/range.h>

#include "log_oracle.h"

/* All outputs of every_tree_equals_the_definition, folded; docs/spec/log.md prints it. */
static const char all_trees_digest[] = "2bf15f34330daaf79a8d367ec7fe582fc41f7c2912fc30049aad2e4d174c1f7f";

static aval_log *make_log(uint64_t size)
{
	aval_log *log;
	uint8_t   leaf[40];

	ck_assert_int_eq(aval_log_new(&log, NULL, NULL), AVAL_OK);
	for (uint64_t i = 0; i < size; i++) {
		oracle_leaf(leaf, i);
		ck_assert_int_eq(aval_log_append(log, leaf, oracle_leaf_len(i), NULL), AVAL_OK);
	}
	return log;
}

static void fold(aval_sha256_ctx *digest, const uint8_t *got, size_t count, const oracle_proof *want)
{
	ck_assert_uint_eq(count, want->count);
	ck_assert(count == 0 || memcmp(got, want->hashes, 32 * count) == 0);
	aval_sha256_update(digest, got, 32 * count);
}

static void check_inclusion(aval_sha256_ctx *digest, const aval_log *log, uint64_t size, uint64_t index)
{
	oracle_proof want = { .count = 0 };
	uint8_t      path[32 * AVAL_MERKLE_MAX_PATH], leaf[40], leaf32[32];
	size_t       count = AVAL_MERKLE_MAX_PATH, need;

	oracle_path(&want, index, 0, size);
	ck_assert_int_eq(aval_log_prove_inclusion(path, &count, log, size, index, NULL), AVAL_OK);
	fold(digest, path, count, &want);
	ck_assert_int_eq(aval_merkle_inclusion_count(&need, size, index, NULL), AVAL_OK);
	ck_assert_uint_eq(need, count);
	oracle_leaf(leaf, index);
	aval_merkle_leaf(leaf32, leaf, oracle_leaf_len(index));
	ck_assert_int_eq(aval_merkle_verify_inclusion(oracle_root(0, size), size, index, leaf32, path, count, NULL),
	                 AVAL_OK);
}

static void check_consistency(aval_sha256_ctx *digest, const aval_log *log, uint64_t old_size, uint64_t new_size)
{
	oracle_proof want = { .count = 0 };
	uint8_t      path[32 * AVAL_MERKLE_MAX_PATH], root[32];
	size_t       count = AVAL_MERKLE_MAX_PATH;

	oracle_subproof(&want, 0, old_size, 0, new_size, true);
	ck_assert_int_eq(aval_log_prove_consistency(path, &count, log, old_size, new_size, NULL), AVAL_OK);
	fold(digest, path, count, &want);
	ck_assert_int_eq(aval_merkle_verify_consistency(oracle_root(0, old_size), old_size, oracle_root(0, new_size),
	                                                new_size, path, count, NULL), AVAL_OK);
	ck_assert_int_eq(aval_merkle_consistency_root(root, oracle_root(0, old_size), old_size, new_size, path, count,
	                                              NULL), AVAL_OK);
	ck_assert_mem_eq(root, oracle_root(0, new_size), 32);
}

static void check_subtree(aval_sha256_ctx *digest, const aval_node_source *nodes, uint64_t begin, uint64_t end,
                          uint64_t size)
{
	oracle_proof want = { .count = 0 };
	uint8_t      path[32 * AVAL_MERKLE_MAX_PATH];
	size_t       count = AVAL_MERKLE_MAX_PATH;

	oracle_subproof(&want, begin, end, 0, size, true);
	ck_assert_int_eq(aval_merkle_prove_subtree(path, &count, nodes, begin, end, size, NULL), AVAL_OK);
	fold(digest, path, count, &want);
	ck_assert_int_eq(aval_merkle_verify_subtree(oracle_root(begin, end), begin, end, oracle_root(0, size), size, path,
	                                            count, NULL), AVAL_OK);
}

/* Subtrees that end with the tree, and their leaves. */
static void check_subtree_inclusion(aval_sha256_ctx *digest, const aval_node_source *nodes, uint64_t begin,
                                    uint64_t end)
{
	uint8_t root[32], path[32 * AVAL_MERKLE_MAX_PATH];

	ck_assert_int_eq(aval_merkle_subtree_root(root, nodes, begin, end, NULL), AVAL_OK);
	ck_assert_mem_eq(root, oracle_root(begin, end), 32);
	for (uint64_t index = begin; index < end; index++) {
		oracle_proof want = { .count = 0 };
		size_t       count = AVAL_MERKLE_MAX_PATH;

		oracle_path(&want, index, begin, end);
		ck_assert_int_eq(aval_merkle_prove_subtree_inclusion(path, &count, nodes, begin, end, index, NULL), AVAL_OK);
		fold(digest, path, count, &want);
		ck_assert_int_eq(aval_merkle_verify_subtree_inclusion(root, begin, end, index,
		                                                      oracle_root(index, index + 1), path, count, NULL),
		                 AVAL_OK);
	}
}

/* Open the leaves whose bit is set in a pattern that depends on the size. */
static void check_multi(aval_sha256_ctx *digest, const aval_node_source *nodes, uint64_t size, uint64_t step)
{
	oracle_proof want = { .count = 0 };
	bool         opened[ORACLE_MAX] = { false };
	uint64_t     indices[ORACLE_MAX];
	uint8_t      leaves[32 * ORACLE_MAX], hashes[32 * ORACLE_MAX];
	size_t       count = 0, hash_count = ORACLE_MAX, need;

	for (uint64_t i = size % step; i < size; i += 1 + (i * 7 + size) % step) {
		opened[i] = true;
		memcpy(leaves + 32 * count, oracle_root(i, i + 1), 32);
		indices[count++] = i;
	}
	if (count == 0)
		return;
	oracle_multi(&want, opened, 0, size);
	ck_assert_int_eq(aval_merkle_prove_multi(hashes, &hash_count, nodes, size, indices, count, NULL), AVAL_OK);
	fold(digest, hashes, hash_count, &want);
	ck_assert_int_eq(aval_merkle_multi_count(&need, size, indices, count, NULL), AVAL_OK);
	ck_assert_uint_eq(need, hash_count);
	ck_assert_int_eq(aval_merkle_verify_multi(oracle_root(0, size), size, indices, leaves, count, hashes, hash_count,
	                                          NULL), AVAL_OK);
}

static void check_tree(aval_sha256_ctx *digest, const aval_log *log, uint64_t size)
{
	aval_node_source nodes;
	uint8_t          root[32];

	aval_log_nodes(&nodes, log);
	ck_assert_int_eq(aval_log_root(root, log, size, NULL), AVAL_OK);
	ck_assert_mem_eq(root, oracle_root(0, size), 32);
	aval_sha256_update(digest, root, 32);
	for (uint64_t i = 0; i < size; i++)
		check_inclusion(digest, log, size, i);
	for (uint64_t old = 1; old <= size; old++)
		check_consistency(digest, log, old, size);
	for (uint64_t begin = 0; begin < size; begin++) {
		for (uint64_t end = begin + 1; end <= size; end++)
			if (oracle_is_subtree(begin, end))
				check_subtree(digest, &nodes, begin, end, size);
		if (oracle_is_subtree(begin, size))
			check_subtree_inclusion(digest, &nodes, begin, size);
	}
	for (uint64_t step = 1; step <= 64; step *= 2)
		check_multi(digest, &nodes, size, step);
}

START_TEST(every_tree_equals_the_definition)
{
	aval_log       *log = make_log(ORACLE_MAX);
	aval_sha256_ctx digest;
	uint8_t         hash[32];
	char            hex[65];

	aval_sha256_init(&digest);
	for (uint64_t size = 0; size <= ORACLE_MAX; size++)
		check_tree(&digest, log, size);
	aval_sha256_finish(&digest, hash);
	for (size_t i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	ck_assert_str_eq(hex, all_trees_digest);
	aval_log_free(log);
}
END_TEST

/* Appended one by one, at once, or in pieces across every border of pages and rows: one log. */
START_TEST(pieces_make_the_same_log)
{
	static uint8_t values[32 * 70000];
	static const size_t pieces[] = { 1, 255, 1, 256, 511, 3, 65536 - 1027, 1, 700, 3763 };
	aval_log      *whole, *parts;
	uint8_t        a[32], b[32];
	size_t         at = 0;

	for (size_t i = 0; i < sizeof values; i++)
		values[i] = (uint8_t)(i * 31 + i / 4096);
	ck_assert_int_eq(aval_log_new(&whole, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_new(&parts, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_append_many(whole, values, 32, 70000, NULL), AVAL_OK);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; at += pieces[i++])
		ck_assert_int_eq(aval_log_append_many(parts, values + 32 * at, 32, pieces[i], NULL), AVAL_OK);
	for (; at < 70000; at++)
		ck_assert_int_eq(aval_log_append(parts, values + 32 * at, 32, NULL), AVAL_OK);
	for (uint64_t size = 0; size <= 70000; size += size < 600 || size > 65500 ? 1 : 997) {
		ck_assert_int_eq(aval_log_root(a, whole, size, NULL), AVAL_OK);
		ck_assert_int_eq(aval_log_root(b, parts, size, NULL), AVAL_OK);
		ck_assert_mem_eq(a, b, 32);
	}
	aval_log_free(parts);
	aval_log_free(whole);
}
END_TEST

/* The log's own prover, which keeps the right edge of the newest tree, against the plain one. */
static bool agrees_with_plain_prover(const aval_log *log, uint64_t size, uint64_t index)
{
	uint8_t          want[32 * AVAL_MERKLE_MAX_PATH], got[32 * AVAL_MERKLE_MAX_PATH];
	size_t           want_count = AVAL_MERKLE_MAX_PATH, got_count = AVAL_MERKLE_MAX_PATH;
	aval_node_source nodes;

	aval_log_nodes(&nodes, log);
	return aval_merkle_prove_inclusion(want, &want_count, &nodes, size, index, NULL) == AVAL_OK &&
	       aval_log_prove_inclusion(got, &got_count, log, size, index, NULL) == AVAL_OK &&
	       got_count == want_count && memcmp(got, want, 32 * want_count) == 0;
}

static bool root_agrees(const aval_log *log, uint64_t size)
{
	uint8_t          want[32], got[32];
	aval_node_source nodes;

	aval_log_nodes(&nodes, log);
	return aval_merkle_root(want, &nodes, size, NULL) == AVAL_OK &&
	       aval_log_root(got, log, size, NULL) == AVAL_OK && memcmp(got, want, 32) == 0;
}

START_TEST(a_growing_log_proves_as_the_plain_prover)
{
	static const uint64_t jumps[] = { 255, 256, 257, 511, 512, 1000, 65535, 65536, 65537, 70001 };
	static uint8_t        values[32 * 70001];
	aval_log             *log;

	for (size_t i = 0; i < sizeof values; i++)
		values[i] = (uint8_t)(i * 29 + i / 8192);
	ck_assert_int_eq(aval_log_new(&log, NULL, NULL), AVAL_OK);
	for (uint64_t size = 1; size <= 200; size++) {
		ck_assert_int_eq(aval_log_append(log, values + 32 * (size - 1), 32, NULL), AVAL_OK);
		/* The edge is made by either call, and is to be of this size and no older one. */
		ck_assert_msg(size % 2 == 0 || root_agrees(log, size), "root of %u", (unsigned)size);
		for (uint64_t index = 0; index < size; index++)
			ck_assert_msg(agrees_with_plain_prover(log, size, index), "%u of %u", (unsigned)index, (unsigned)size);
		ck_assert_msg(root_agrees(log, size) && root_agrees(log, size - 1), "root of %u", (unsigned)size);
	}
	for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
		uint64_t size = aval_log_size(log), more = jumps[i] - size;

		ck_assert_int_eq(aval_log_append_many(log, values + 32 * size, 32, (size_t)more, NULL), AVAL_OK);
		for (uint64_t index = 0; index < jumps[i]; index += 1 + index / 7)
			ck_assert(agrees_with_plain_prover(log, jumps[i], index));
		ck_assert(agrees_with_plain_prover(log, jumps[i], jumps[i] - 1));
		ck_assert(root_agrees(log, jumps[i]));
	}
	aval_log_free(log);
}
END_TEST

#define READERS 4
#define ROUNDS 100

typedef struct readers {
	aval_log         *log;
	pthread_barrier_t start, end;
	atomic_uint       wrong;
} readers;

static void *read_along(void *data)
{
	readers *r = data;

	for (unsigned round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&r->start);
		for (uint64_t index = 0; index < aval_log_size(r->log); index += 13)
			if (!agrees_with_plain_prover(r->log, aval_log_size(r->log), index))
				atomic_fetch_add(&r->wrong, 1);
		pthread_barrier_wait(&r->end);
	}
	return NULL;
}

/* All readers meet a log that has just grown. */
START_TEST(many_threads_read_one_log)
{
	readers   r = { .log = make_log(1) };
	pthread_t threads[READERS];

	ck_assert_int_eq(pthread_barrier_init(&r.start, NULL, READERS + 1), 0);
	ck_assert_int_eq(pthread_barrier_init(&r.end, NULL, READERS + 1), 0);
	for (size_t i = 0; i < READERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_along, &r), 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint8_t leaf[2] = { (uint8_t)round, 0 };

		for (leaf[1] = 0; leaf[1] < 7; leaf[1]++)
			ck_assert_int_eq(aval_log_append(r.log, leaf, sizeof leaf, NULL), AVAL_OK);
		pthread_barrier_wait(&r.start);
		pthread_barrier_wait(&r.end);
	}
	for (size_t i = 0; i < READERS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(atomic_load(&r.wrong), 0);
	pthread_barrier_destroy(&r.start);
	pthread_barrier_destroy(&r.end);
	aval_log_free(r.log);
}
END_TEST

START_TEST(ranges_join_to_the_same_root)
{
	uint8_t    hashes[32 * ORACLE_MAX], root[32];
	aval_range left, right;

	for (uint64_t i = 0; i < ORACLE_MAX; i++)
		memcpy(hashes + 32 * i, oracle_root(i, i + 1), 32);
	for (uint64_t size = 0; size <= ORACLE_MAX; size++) {
		for (uint64_t cut = 0; cut <= size; cut++) {
			aval_range_init(&left, 0);
			aval_range_init(&right, cut);
			ck_assert_int_eq(aval_range_append(&left, hashes, (size_t)cut, NULL), AVAL_OK);
			ck_assert_int_eq(aval_range_append(&right, hashes + 32 * cut, (size_t)(size - cut), NULL), AVAL_OK);
			ck_assert_int_eq(aval_range_join(&left, &right, NULL), AVAL_OK);
			ck_assert_uint_eq(left.end, size);
			ck_assert_int_eq(aval_range_root(root, &left, NULL), AVAL_OK);
			ck_assert_mem_eq(root, oracle_root(0, size), 32);
		}
	}
	aval_range_init(&left, 3);
	ck_assert_int_eq(aval_range_root(root, &left, NULL), AVAL_E_PROOF_INDEX);
	aval_range_init(&right, 4);
	ck_assert_int_eq(aval_range_join(&left, &right, NULL), AVAL_E_PROOF_INDEX);
	aval_range_init(&left, AVAL_MERKLE_MAX_SIZE - 1);
	ck_assert_int_eq(aval_range_append(&left, hashes, 2, NULL), AVAL_E_LIMIT);
	ck_assert_int_eq(aval_range_append(&left, hashes, 1, NULL), AVAL_OK);
	ck_assert_int_eq(aval_range_append(&left, hashes, 1, NULL), AVAL_E_LIMIT);
}
END_TEST

/* A source whose n-th read fails, and that counts. */
typedef struct faulty {
	aval_node_source good;
	size_t           reads, fail_at;
} faulty;

static aval_status faulty_read(uint8_t hash32_out[32], uint32_t level, uint64_t index, void *user_data)
{
	faulty *f = user_data;

	if (f->reads++ == f->fail_at)
		return AVAL_E_IO;
	return f->good.read(hash32_out, level, index, f->good.user_data);
}

START_TEST(a_failing_source_is_reported)
{
	aval_log        *log = make_log(99);
	faulty           f = { .fail_at = SIZE_MAX };
	aval_node_source nodes = { sizeof nodes, faulty_read, &f };
	uint8_t          path[32 * AVAL_MERKLE_MAX_PATH] = { 0 };
	size_t           count = AVAL_MERKLE_MAX_PATH, reads;

	aval_log_nodes(&f.good, log);
	ck_assert_int_eq(aval_merkle_prove_consistency(path, &count, &nodes, 37, 99, NULL), AVAL_OK);
	reads = f.reads;
	memset(path, 0, sizeof path);
	for (f.fail_at = 0; f.fail_at < reads; f.fail_at++) {
		aval_error err = AVAL_ERROR_INIT;

		f.reads = 0;
		count = AVAL_MERKLE_MAX_PATH;
		ck_assert_int_eq(aval_merkle_prove_consistency(path, &count, &nodes, 37, 99, &err), AVAL_E_CALLBACK);
		ck_assert_int_eq(err.cause, AVAL_E_IO);
		ck_assert_uint_eq(count, AVAL_MERKLE_MAX_PATH);
		ck_assert_uint_eq(path[0], 0);
	}
	nodes.struct_size--;
	ck_assert_int_eq(aval_merkle_root(path, &nodes, 99, NULL), AVAL_E_INVALID_ARGUMENT);
	aval_log_free(log);
}
END_TEST

typedef struct meter {
	size_t left, live;
} meter;

static void *meter_alloc(size_t size, void *user_data)
{
	meter *m = user_data;

	if (m->left == 0)
		return NULL;
	m->left--;
	m->live++;
	return malloc(size);
}

static void meter_free(void *pointer, void *user_data)
{
	meter *m = user_data;

	if (pointer != NULL)
		m->live--;
	free(pointer);
}

START_TEST(a_log_without_memory_stays_as_it_was)
{
	static const uint8_t values[32 * 1500];

	for (size_t n = 0;; n++) {
		meter                m = { n, 0 };
		const aval_allocator allocator = { sizeof allocator, meter_alloc, meter_free, &m };
		aval_log            *log = NULL;
		aval_status          status = aval_log_new(&log, &allocator, NULL);

		if (status == AVAL_OK)
			status = aval_log_append_many(log, values, 32, 1500, NULL);
		ck_assert(status == AVAL_OK || status == AVAL_E_NO_MEMORY);
		ck_assert_uint_eq(log == NULL ? 0 : aval_log_size(log), status == AVAL_OK ? 1500 : 0);
		if (log != NULL && status != AVAL_OK) {
			m.left = SIZE_MAX;
			ck_assert_int_eq(aval_log_append_many(log, values, 32, 1500, NULL), AVAL_OK);
		}
		aval_log_free(log);
		ck_assert_uint_eq(m.live, 0);
		if (status == AVAL_OK)
			return;
	}
}
END_TEST

START_TEST(a_short_buffer_learns_the_need)
{
	aval_log        *log = make_log(99);
	uint8_t          path[32 * 8] = { 0 };
	uint64_t         index = 5;
	size_t           count = 6;
	aval_node_source nodes;

	aval_log_nodes(&nodes, log);
	ck_assert_int_eq(aval_log_prove_inclusion(path, &count, log, 99, 5, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(count, 7);
	ck_assert_int_eq(aval_log_prove_inclusion(NULL, &count, log, 99, 5, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(path[0], 0);
	ck_assert_int_eq(aval_log_prove_inclusion(path, &count, log, 99, 5, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_prove_inclusion(path, &count, log, 100, 5, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_log_prove_consistency(path, &count, log, 5, 100, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_log_root(path, log, 100, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_log_node(path, log, 0, 98, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_node(path, log, 0, 99, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_log_node(path, log, 1, 49, NULL), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(aval_log_node(path, log, 63, 0, NULL), AVAL_E_PROOF_INDEX);
	count = 6;
	ck_assert_int_eq(aval_merkle_prove_multi(path, &count, &nodes, 99, &index, 1, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(count, 7);
	aval_log_free(log);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("log");
	TCase   *tc = tcase_create("log");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_test(tc, every_tree_equals_the_definition);
	tcase_add_test(tc, pieces_make_the_same_log);
	tcase_add_test(tc, a_growing_log_proves_as_the_plain_prover);
	tcase_add_test(tc, many_threads_read_one_log);
	tcase_add_test(tc, ranges_join_to_the_same_root);
	tcase_add_test(tc, a_failing_source_is_reported);
	tcase_add_test(tc, a_log_without_memory_stays_as_it_was);
	tcase_add_test(tc, a_short_buffer_learns_the_need);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
