/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a verifier of logs may be handed, and the one status that each gets; beside each the honest thing from
 * which it differs, which passes. One log of 300 leaves by one key, a fork of it, and what others bend.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/checkpoint.h>
#include <aval/log.h>
#include <aval/merkle.h>
#include <aval/tile_client.h>

#include "crypto_fixture.h"

enum { SIZE = 300, INDEX = 129 };

#define PAST (UINT64_C(1) << 63)

typedef struct world {
	aval_log *log, *fork;
	uint8_t   root32[32], fork_root32[32], old_root32[32]; /* old: of 200 leaves */
	uint8_t   leaf32[32], neighbour32[32];
	uint8_t   path[66 * 32], growth[66 * 32];
	size_t    path_count, growth_count;
} world;

static world w;

static aval_log *make_log(uint8_t first)
{
	aval_log *log;

	ck_assert_int_eq(aval_log_new(&log, NULL, NULL), AVAL_OK);
	for (unsigned i = 0; i < SIZE; i++) {
		const uint8_t entry[3] = { i >= 250 ? first : 0, (uint8_t)(i >> 8), (uint8_t)i };

		ck_assert_int_eq(aval_log_append(log, entry, sizeof entry, NULL), AVAL_OK);
	}
	return log;
}

static void setup(void)
{
	w.log = make_log(0);
	w.fork = make_log(1);
	ck_assert_int_eq(aval_log_root(w.root32, w.log, SIZE, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_root(w.fork_root32, w.fork, SIZE, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_root(w.old_root32, w.log, 200, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_node(w.leaf32, w.log, 0, INDEX, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_node(w.neighbour32, w.log, 0, INDEX + 1, NULL), AVAL_OK);
	w.path_count = w.growth_count = 64;
	ck_assert_int_eq(aval_log_prove_inclusion(w.path, &w.path_count, w.log, SIZE, INDEX, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_prove_consistency(w.growth, &w.growth_count, w.log, 200, SIZE, NULL),
	                 AVAL_OK);
}

static void teardown(void)
{
	aval_log_free(w.log);
	aval_log_free(w.fork);
}

static aval_status included(uint64_t size, uint64_t index, const uint8_t *leaf32, size_t path_count)
{
	return aval_merkle_verify_inclusion(w.root32, size, index, leaf32, w.path, path_count, NULL);
}

static aval_status grown(const uint8_t *old_root32, uint64_t old_size, const uint8_t *root32, uint64_t size,
                         size_t path_count)
{
	return aval_merkle_verify_consistency(old_root32, old_size, root32, size, w.growth, path_count, NULL);
}

static aval_status honest_inclusion(void)
{
	return included(SIZE, INDEX, w.leaf32, w.path_count);
}

static aval_status hash_too_few(void)
{
	return included(SIZE, INDEX, w.leaf32, w.path_count - 1);
}

static aval_status trailing_hash(void)
{
	return included(SIZE, INDEX, w.leaf32, w.path_count + 1);
}

static aval_status index_is_size(void)
{
	return included(SIZE, SIZE, w.leaf32, w.path_count);
}

static aval_status size_zero(void)
{
	return included(0, 0, w.leaf32, 0);
}

static aval_status size_past(void)
{
	return included(PAST, INDEX, w.leaf32, 63);
}

static aval_status neighbour_leaf(void)
{
	return included(SIZE, INDEX, w.neighbour32, w.path_count);
}

static aval_status neighbour_index(void)
{
	return included(SIZE, INDEX + 1, w.leaf32, w.path_count);
}

/* The parent of a leaf, shown as a leaf of a tree half as large: right against the root, were it not for the
 * size. */
static aval_status node_as_leaf(void)
{
	uint8_t node32[32];

	ck_assert_int_eq(aval_log_node(node32, w.log, 1, INDEX / 2, NULL), AVAL_OK);
	return aval_merkle_verify_inclusion(w.root32, SIZE, INDEX, node32, w.path + 32, w.path_count - 1, NULL);
}

/* The bytes of two hashes, as an entry, have a leaf hash of their own: not that of the node above them. */
static aval_status leaf_as_node(void)
{
	uint8_t children[64], leaf32[32], node32[32];

	ck_assert_int_eq(aval_log_node(children, w.log, 0, INDEX - 1, NULL), AVAL_OK);
	memcpy(children + 32, w.leaf32, 32);
	aval_merkle_leaf(leaf32, children, sizeof children);
	aval_merkle_node(node32, children, children + 32);
	ck_assert_int_ne(memcmp(leaf32, node32, 32), 0);
	return aval_merkle_verify_inclusion(node32, 2, 1, leaf32, children, 1, NULL);
}

static aval_status honest_growth(void)
{
	return grown(w.old_root32, 200, w.root32, SIZE, w.growth_count);
}

static aval_status head_that_shrank(void)
{
	return grown(w.root32, SIZE, w.old_root32, 200, w.growth_count);
}

static aval_status two_heads_of_one_size(void)
{
	return grown(w.root32, SIZE, w.fork_root32, SIZE, 0);
}

static aval_status growth_of_a_fork(void)
{
	return grown(w.old_root32, 200, w.fork_root32, SIZE, w.growth_count);
}

static aval_status growth_from_nothing(void)
{
	return grown(w.old_root32, 0, w.root32, SIZE, 0);
}

static aval_status growth_past(void)
{
	return grown(w.old_root32, 200, w.root32, PAST, w.growth_count);
}

static aval_status growth_trailing(void)
{
	return grown(w.old_root32, 200, w.root32, SIZE, w.growth_count + 1);
}

/* Ranges so long that no power of two of 64 bits covers them. */
static aval_status subtree_past(uint64_t begin)
{
	return aval_merkle_verify_subtree(w.root32, begin, UINT64_MAX, w.root32, SIZE, w.path, 1, NULL);
}

static aval_status subtree_past_from_zero(void)
{
	return subtree_past(0);
}

static aval_status subtree_past_from_one(void)
{
	return subtree_past(1);
}

/* The log's checkpoint, by the key of log.example, judged with the key under some name. */
static aval_status checkpoint_for(const char *name, bool twice)
{
	test_entropy     entropy;
	aval_secret_key *key = test_key(AVAL_ALG_ESP256, 3, test_entropy_init(&entropy));
	aval_signer      signer = aval_signer_from_secret_key(key);
	char             note[2 * AVAL_CHECKPOINT_SIGNED_MAX_LEN];
	size_t           len = AVAL_CHECKPOINT_SIGNED_MAX_LEN;
	uint8_t          point65[65];
	aval_vkey        vkey;
	aval_checkpoint  c;
	aval_status      status;

	aval_public_key_point(point65, aval_secret_key_public(key));
	ck_assert_int_eq(aval_vkey_from_p256(&vkey, name, strlen(name), point65, NULL), AVAL_OK);
	ck_assert_int_eq(aval_checkpoint_sign(note, &len, "log.example", 11, SIZE, w.root32, &signer, NULL),
	                 AVAL_OK);
	if (twice) {
		size_t line = (size_t)(strstr(note, "\n\n") - note) + 2;

		memcpy(note + len, note + line, len - line);
		len += len - line;
	}
	status = aval_checkpoint_parse(&c, (const uint8_t *)note, len, NULL);
	aval_secret_key_free(key);
	return status == AVAL_OK ? aval_checkpoint_verify(&c, &vkey, NULL, NULL) : status;
}

static aval_status honest_checkpoint(void)
{
	return checkpoint_for("log.example", false);
}

static aval_status another_origin(void)
{
	return checkpoint_for("log.other", false);
}

static aval_status duplicated_line(void)
{
	return checkpoint_for("log.example", true);
}

/* Tiles out of the log in memory, the full one of leaves some bytes longer or shorter. */
static aval_status read_tile(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile, void *user_data)
{
	const int *more = user_data;

	ck_assert_uint_ge(cap, AVAL_TILE_MAX_LEN);
	for (uint32_t i = 0; i < tile->width; i++)
		ck_assert_int_eq(aval_log_node(out + 32 * (size_t)i, w.log, 8 * tile->level,
		                               tile->index * 256 + i, NULL),
		                 AVAL_OK);
	*len_out = 32 * (size_t)tile->width;
	if (tile->width == AVAL_TILE_WIDTH)
		*len_out = (size_t)((int)*len_out + *more);
	return *len_out > cap ? AVAL_E_BUFFER_TOO_SMALL : AVAL_OK;
}

static aval_status tile_of(int more)
{
	aval_tile_source  source = { sizeof source, read_tile, &more };
	aval_tile_client *client;
	uint8_t           hash32[32];
	aval_status       status;

	ck_assert_int_eq(aval_tile_client_new(&client, SIZE, w.root32, &source, NULL, NULL), AVAL_OK);
	status = aval_tile_client_node(hash32, client, 0, INDEX, NULL);
	aval_tile_client_free(client);
	return status;
}

static aval_status honest_tile(void)
{
	return tile_of(0);
}

static aval_status short_tile(void)
{
	return tile_of(-32);
}

static aval_status long_tile(void)
{
	return tile_of(1);
}

static const struct {
	const char *name;
	aval_status (*run)(void);
	aval_status want;
} rows[] = {
	{ "inclusion", honest_inclusion, AVAL_OK },
	{ "wrong length", hash_too_few, AVAL_E_PROOF_LENGTH },
	{ "trailing hash", trailing_hash, AVAL_E_PROOF_LENGTH },
	{ "index equal to the size", index_is_size, AVAL_E_PROOF_INDEX },
	{ "size 0", size_zero, AVAL_E_PROOF_SHAPE },
	{ "size past 2^63", size_past, AVAL_E_PROOF_SHAPE },
	{ "a proof for the neighbour leaf", neighbour_leaf, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "a leaf at its neighbour's index", neighbour_index, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "a node passed off as a leaf", node_as_leaf, AVAL_E_PROOF_LENGTH },
	{ "a leaf passed off as a node", leaf_as_node, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "consistency", honest_growth, AVAL_OK },
	{ "a tree head that shrank", head_that_shrank, AVAL_E_PROOF_SHRUNK },
	{ "a fork: two heads, one size", two_heads_of_one_size, AVAL_E_PROOF_FORK },
	{ "a fork that grew", growth_of_a_fork, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "growth from size 0", growth_from_nothing, AVAL_E_PROOF_SHAPE },
	{ "growth past 2^63", growth_past, AVAL_E_PROOF_SHAPE },
	{ "growth with a trailing hash", growth_trailing, AVAL_E_PROOF_LENGTH },
	{ "a subtree past 2^63", subtree_past_from_zero, AVAL_E_PROOF_INDEX },
	{ "a range past 2^63 that is no subtree", subtree_past_from_one, AVAL_E_PROOF_SHAPE },
	{ "a checkpoint", honest_checkpoint, AVAL_OK },
	{ "a checkpoint with another origin", another_origin, AVAL_E_CHECKPOINT_ORIGIN },
	{ "a duplicated signature line", duplicated_line, AVAL_E_CHECKPOINT_DUPLICATE },
	{ "a tile", honest_tile, AVAL_OK },
	{ "a tile that is too short", short_tile, AVAL_E_TILE_LENGTH },
	{ "a tile that is too long", long_tile, AVAL_E_TILE_LENGTH },
};

START_TEST(row)
{
	aval_status got = rows[_i].run();

	ck_assert_msg(got == rows[_i].want, "%s: got %s, want %s", rows[_i].name, aval_status_name(got),
	              aval_status_name(rows[_i].want));
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("bad_proofs");
	TCase   *tcase = tcase_create("bad_proofs");
	SRunner *runner;
	int      failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, row, 0, (int)(sizeof rows / sizeof *rows));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
