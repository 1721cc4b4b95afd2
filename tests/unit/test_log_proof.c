/* SPDX-License-Identifier: Apache-2.0 */
/* The vectors of logs: verifiers say what they say, provers and writers make the same bytes. */
#include <check.h>
#include <stdlib.h>

#include <aval/log.h>
#include <aval/merkle.h>
#include <aval/prove.h>
#include <aval/tile_writer.h>

#include "tile_store.h"
#include "vectors.h"

#include "log-proof.vectors.h"

enum { MAX_LEAVES = 600, MAX_HASHES = 300 };

typedef struct hashes {
	uint8_t *data;
	size_t   count;
} hashes;

static hashes read_hashes(const struct vector_case *c, const char *name)
{
	size_t   len;
	uint8_t *data = vector_hex(c, name, &len);

	ck_assert_msg(len % 32 == 0, "%s: %s has %zu bytes", c->id, name, len);
	return (hashes){ data, len / 32 };
}

static uint64_t read_size(const struct vector_case *c, const char *name)
{
	return strtoull(vector_text(c, name), NULL, 10);
}

/* Leaf i of docs/spec/log.md, section 7. */
static size_t leaf_of(uint8_t out[40], uint64_t i)
{
	size_t len = (size_t)(i % 40);

	for (size_t j = 0; j < len; j++)
		out[j] = (uint8_t)(i + j);
	return len;
}

static aval_log *make_log(uint64_t size)
{
	aval_log *log;
	uint8_t   leaf[40];

	ck_assert_uint_le(size, MAX_LEAVES);
	ck_assert_int_eq(aval_log_new(&log, NULL, NULL), AVAL_OK);
	for (uint64_t i = 0; i < size; i++) {
		size_t len = leaf_of(leaf, i);

		ck_assert_int_eq(aval_log_append(log, leaf, len, NULL), AVAL_OK);
	}
	return log;
}

/* What a prover made is what the case holds. */
static void check_made(const struct vector_case *c, aval_status status, const uint8_t *made, size_t count,
                       const hashes *want)
{
	ck_assert_msg(status == AVAL_OK && count == want->count && memcmp(made, want->data, 32 * count) == 0,
	              "%s: another proof is made", c->id);
}

static aval_status run_root(const struct vector_case *c)
{
	hashes    root = read_hashes(c, "input.root");
	uint64_t  size = read_size(c, "input.size");
	aval_log *log = make_log(size);
	uint8_t   got[32];

	ck_assert_int_eq(aval_log_root(got, log, size, NULL), AVAL_OK);
	ck_assert_msg(memcmp(got, root.data, 32) == 0, "%s: another root", c->id);
	aval_log_free(log);
	free(root.data);
	return AVAL_OK;
}

static aval_status run_inclusion(const struct vector_case *c)
{
	hashes root = read_hashes(c, "input.root"), leaf = read_hashes(c, "input.leaf"),
	       path = read_hashes(c, "input.path");
	uint64_t    size = read_size(c, "input.size"), index = read_size(c, "input.index");
	uint8_t     made[32 * MAX_HASHES];
	size_t      count = MAX_HASHES;
	aval_status status =
		aval_merkle_verify_inclusion(root.data, size, index, leaf.data, path.data, path.count, NULL);

	if (status == AVAL_OK) {
		aval_log *log = make_log(size);

		status = aval_log_prove_inclusion(made, &count, log, size, index, NULL);
		check_made(c, status, made, count, &path);
		aval_log_free(log);
	}
	free(root.data);
	free(leaf.data);
	free(path.data);
	return status;
}

static aval_status run_consistency(const struct vector_case *c)
{
	hashes old_root = read_hashes(c, "input.old_root"), new_root = read_hashes(c, "input.new_root"),
	       path = read_hashes(c, "input.path");
	uint64_t    old_size = read_size(c, "input.old_size"), new_size = read_size(c, "input.new_size");
	uint8_t     made[32 * MAX_HASHES];
	size_t      count = MAX_HASHES;
	aval_status status = aval_merkle_verify_consistency(old_root.data, old_size, new_root.data, new_size,
	                                                    path.data, path.count, NULL);

	if (status == AVAL_OK) {
		aval_log *log = make_log(new_size);

		status = aval_log_prove_consistency(made, &count, log, old_size, new_size, NULL);
		check_made(c, status, made, count, &path);
		aval_log_free(log);
	}
	free(old_root.data);
	free(new_root.data);
	free(path.data);
	return status;
}

static aval_status run_subtree(const struct vector_case *c)
{
	hashes subtree_root = read_hashes(c, "input.subtree_root"), root = read_hashes(c, "input.root"),
	       path = read_hashes(c, "input.path");
	uint64_t begin = read_size(c, "input.begin"), end = read_size(c, "input.end"),
		 size = read_size(c, "input.size");
	uint8_t     made[32 * MAX_HASHES];
	size_t      count = MAX_HASHES;
	aval_status status = aval_merkle_verify_subtree(subtree_root.data, begin, end, root.data, size,
	                                                path.data, path.count, NULL);

	if (status == AVAL_OK) {
		aval_log        *log = make_log(size);
		aval_node_source nodes;

		aval_log_nodes(&nodes, log);
		status = aval_merkle_prove_subtree(made, &count, &nodes, begin, end, size, NULL);
		check_made(c, status, made, count, &path);
		aval_log_free(log);
	}
	free(subtree_root.data);
	free(root.data);
	free(path.data);
	return status;
}

static aval_status run_subtree_inclusion(const struct vector_case *c)
{
	hashes subtree_root = read_hashes(c, "input.subtree_root"), leaf = read_hashes(c, "input.leaf"),
	       path = read_hashes(c, "input.path");
	uint64_t begin = read_size(c, "input.begin"), end = read_size(c, "input.end"),
		 index = read_size(c, "input.index");
	uint8_t     made[32 * MAX_HASHES];
	size_t      count = MAX_HASHES;
	aval_status status = aval_merkle_verify_subtree_inclusion(subtree_root.data, begin, end, index,
	                                                          leaf.data, path.data, path.count, NULL);

	if (status == AVAL_OK) {
		aval_log        *log = make_log(end);
		aval_node_source nodes;

		aval_log_nodes(&nodes, log);
		status = aval_merkle_prove_subtree_inclusion(made, &count, &nodes, begin, end, index, NULL);
		check_made(c, status, made, count, &path);
		aval_log_free(log);
	}
	free(subtree_root.data);
	free(leaf.data);
	free(path.data);
	return status;
}

static size_t read_indices(const struct vector_case *c, uint64_t indices[MAX_HASHES])
{
	const char *text = vector_text(c, "input.indices");
	char       *end;
	size_t      count = 0;

	for (; *text != '\0'; text = *end == ' ' ? end + 1 : end)
		indices[count++] = strtoull(text, &end, 10);
	return count;
}

static aval_status run_multi(const struct vector_case *c)
{
	hashes root = read_hashes(c, "input.root"), leaves = read_hashes(c, "input.leaves"),
	       proof = read_hashes(c, "input.hashes");
	uint64_t    size = read_size(c, "input.size"), indices[MAX_HASHES];
	size_t      count = MAX_HASHES, opened = read_indices(c, indices);
	uint8_t     made[32 * MAX_HASHES];
	aval_status status;

	ck_assert_uint_eq(opened, leaves.count);
	status = aval_merkle_verify_multi(root.data, size, indices, leaves.data, opened, proof.data,
	                                  proof.count, NULL);
	if (status == AVAL_OK) {
		aval_log        *log = make_log(size);
		aval_node_source nodes;

		aval_log_nodes(&nodes, log);
		status = aval_merkle_prove_multi(made, &count, &nodes, size, indices, opened, NULL);
		check_made(c, status, made, count, &proof);
		aval_log_free(log);
	}
	free(root.data);
	free(leaves.data);
	free(proof.data);
	return status;
}

/* A writer of so many entries leaves these bytes under this path. */
static aval_status run_tile(const struct vector_case *c)
{
	uint64_t           size = read_size(c, "input.size");
	size_t             len;
	uint8_t           *bytes = vector_hex(c, "input.bytes", &len), leaf[40], root32[32];
	tile_store         store = { .count = 0 };
	aval_tile_sink     sink = tile_store_sink(&store);
	aval_tile_writer  *w;
	const tile_object *o;

	ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, &sink, NULL, NULL), AVAL_OK);
	for (uint64_t i = 0; i < size; i++) {
		size_t leaf_len = leaf_of(leaf, i);

		ck_assert_int_eq(aval_tile_writer_append(w, leaf, leaf_len, NULL), AVAL_OK);
	}
	ck_assert_int_eq(aval_tile_writer_flush(root32, w, NULL), AVAL_OK);
	aval_tile_writer_free(w);
	o = tile_store_at(&store, vector_text(c, "input.path"));
	ck_assert_msg(o->len == len && memcmp(o->data, bytes, len) == 0, "%s: another tile is written", c->id);
	tile_store_clear(&store);
	free(bytes);
	return AVAL_OK;
}

static const struct {
	const char *name;
	aval_status (*run)(const struct vector_case *c);
} ops[] = {
	{ "root", run_root },
	{ "inclusion", run_inclusion },
	{ "consistency", run_consistency },
	{ "subtree", run_subtree },
	{ "subtree-inclusion", run_subtree_inclusion },
	{ "multi", run_multi },
	{ "tile", run_tile },
};

START_TEST(vector_case)
{
	const struct vector_case *c = &log_proof_cases[_i];
	const char               *op = vector_text(c, "input.op"), *want = vector_text(c, "expect.status");
	size_t                    i = 0;
	aval_status               got;

	while (i < sizeof ops / sizeof *ops && strcmp(ops[i].name, op) != 0)
		i++;
	ck_assert_msg(i < sizeof ops / sizeof *ops, "%s: no such operation", c->id);
	got = ops[i].run(c);
	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: got %s, want %s", c->id,
	              aval_status_name(got), want);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("log_proof");
	TCase   *tcase = tcase_create("log_proof");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, vector_case, 0, LOG_PROOF_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
