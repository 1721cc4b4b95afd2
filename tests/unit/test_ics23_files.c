/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SmtSpec files of the ICS23 repository, made by another implementation: the verifier of ics23.h accepts them, and
 * what they prove, written as proofs of this library, verifies here against the same roots. The folder is given in
 * ICS23_SMT; without it everything is skipped.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/map_proof.h>

#include "cbor/cbor.h"
#include "ics23.h"
#include "merkle/map.h"

typedef struct smt_file {
	uint8_t     key[64], value[64], root[64], proof[4096];
	size_t      key_len, value_len, root_len, proof_len;
	ics23_proof parsed;
} smt_file;

static const char *folder;

static const char *const names[] = {
	"exist_left", "exist_middle", "exist_right", "nonexist_left", "nonexist_middle", "nonexist_right",
};

static unsigned digit(char c)
{
	ck_assert((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

/* The files are flat objects of hexadecimal texts. */
static size_t take_hex(uint8_t *out, size_t room, const char *json, const char *name)
{
	char        quoted[16];
	const char *at;
	size_t      len = 0;

	snprintf(quoted, sizeof quoted, "\"%s\":", name);
	at = strstr(json, quoted);
	ck_assert_ptr_nonnull(at);
	for (at = strchr(at + strlen(quoted), '"') + 1; *at != '"'; at += 2) {
		ck_assert_uint_lt(len, room);
		out[len++] = (uint8_t)(digit(at[0]) << 4 | digit(at[1]));
	}
	return len;
}

static void load(smt_file *f, const char *name)
{
	static char json[1 << 16];
	char        path[1024];
	size_t      len;
	FILE       *file;

	snprintf(path, sizeof path, "%s/%s.json", folder, name);
	file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "%s cannot be read", path);
	len = fread(json, 1, sizeof json - 1, file);
	fclose(file);
	json[len] = '\0';
	f->key_len = take_hex(f->key, sizeof f->key, json, "key");
	f->value_len = take_hex(f->value, sizeof f->value, json, "value");
	f->root_len = take_hex(f->root, sizeof f->root, json, "root");
	f->proof_len = take_hex(f->proof, sizeof f->proof, json, "proof");
	ck_assert_uint_eq(f->root_len, 32);
	ck_assert(ics23_parse(&f->parsed, f->proof, f->proof_len));
}

static const uint8_t *sibling_of(const ics23_op *op)
{
	return ics23_side(op) == 0 ? op->suffix.data : op->prefix.data + 1;
}

/* The end of a way, and the part of the path of an existence proof that leads from it to the root. */
static size_t write_proof(uint8_t *out, size_t room, aval_map_end end, const uint8_t *lowest32, const ics23_op *path,
                          size_t count, const uint8_t leaf64[64])
{
	uint8_t          bitmap[32] = { 0 }, siblings[32 * 256];
	size_t           depth = count + (lowest32 != NULL), used = 0;
	aval_cbor_writer w;

	for (size_t i = 0; i < depth; i++) {
		size_t         at = depth - 1 - i;
		const uint8_t *hash = lowest32 != NULL && i == 0 ? lowest32 : sibling_of(&path[i - (lowest32 != NULL)]);

		if (aval_map_is_empty(hash))
			continue;
		bitmap[at / 8] |= (uint8_t)(0x80 >> at % 8);
		memcpy(siblings + 32 * used++, hash, 32);
	}
	aval_cbor_writer_init(&w, out, room);
	aval_cbor_write_array(&w, end == AVAL_MAP_END_OTHER ? 6 : 4);
	aval_cbor_write_uint(&w, end);
	aval_cbor_write_uint(&w, depth);
	aval_cbor_write_bytes(&w, bitmap, (depth + 7) / 8);
	aval_cbor_write_bytes(&w, siblings, 32 * used);
	if (end == AVAL_MAP_END_OTHER) {
		aval_cbor_write_bytes(&w, leaf64, 32);
		aval_cbor_write_bytes(&w, leaf64 + 32, 32);
	}
	return w.len;
}

static void leaf_of(uint8_t leaf64[64], const ics23_existence *e)
{
	aval_sha256(leaf64, e->key.data, e->key.len);
	aval_sha256(leaf64 + 32, e->value.data, e->value.len);
}

static void check_existence(const smt_file *f, const ics23_existence *e)
{
	uint8_t leaf[64], proof[4096];
	size_t  len;

	leaf_of(leaf, e);
	len = write_proof(proof, sizeof proof, AVAL_MAP_END_PRESENT, NULL, e->path, e->path_count, leaf);
	ck_assert_int_eq(aval_map_verify_present(f->root, leaf, leaf + 32, proof, len, NULL), AVAL_OK);
	leaf[63] ^= 1;
	ck_assert_int_eq(aval_map_verify_present(f->root, leaf, leaf + 32, proof, len, NULL),
	                 AVAL_E_PROOF_ROOT_MISMATCH);
}

/* The node on the way of an existence proof that is `steps` above its leaf. */
static void node_above(uint8_t node32[32], const ics23_existence *e, size_t steps)
{
	uint8_t leaf[64];

	leaf_of(leaf, e);
	aval_map_leaf(node32, leaf, leaf + 32);
	for (size_t i = 0; i < steps; i++)
		aval_map_join(node32, sibling_of(&e->path[i]), (unsigned)ics23_side(&e->path[i]));
}

/*
 * The way of an absent key follows that of its nearer neighbour as far as they share bits. It then ends at that leaf,
 * or at the sibling of the neighbour's node, which must be empty: a key in it would be nearer.
 */
static void check_absence(const smt_file *f)
{
	const ics23_existence *left = &f->parsed.left, *right = &f->parsed.right, *near;
	uint8_t                path[32], leaf[64], other[64], node[32], proof[4096];
	size_t                 shared, len;

	aval_sha256(path, f->key, f->key_len);
	leaf_of(leaf, left->present ? left : right);
	near = left->present ? left : right;
	if (left->present && right->present) {
		leaf_of(other, right);
		near = aval_path_shared(other, path) > aval_path_shared(leaf, path) ? right : left;
		leaf_of(leaf, near);
	}
	shared = aval_path_shared(leaf, path);
	if (near->path_count <= shared) {
		len = write_proof(proof, sizeof proof, AVAL_MAP_END_OTHER, NULL, near->path, near->path_count, leaf);
	} else {
		size_t steps = near->path_count - shared - 1;

		node_above(node, near, steps);
		ck_assert(ics23_sibling_is_empty(&near->path[steps]));
		len = write_proof(proof, sizeof proof, AVAL_MAP_END_EMPTY, node, near->path + steps + 1,
		                  near->path_count - steps - 1, leaf);
	}
	ck_assert_int_eq(aval_map_verify_absent(f->root, path, proof, len, NULL), AVAL_OK);
	path[0] ^= 0x80;
	ck_assert_int_ne(aval_map_verify_absent(f->root, path, proof, len, NULL), AVAL_OK);
}

START_TEST(file_case)
{
	static smt_file f;
	ics23_bytes     key, value;
	bool            exists = strncmp(names[_i], "exist", 5) == 0;

	load(&f, names[_i]);
	key = (ics23_bytes){ f.key, f.key_len };
	value = (ics23_bytes){ f.value, f.value_len };
	ck_assert_int_eq(ics23_verify_membership(&f.parsed, f.root, key, value), exists);
	ck_assert_int_eq(ics23_verify_non_membership(&f.parsed, f.root, key), !exists);
	if (exists) {
		check_existence(&f, &f.parsed.exist);
	} else {
		check_absence(&f);
		ck_assert_uint_eq(f.parsed.key.len, 32);
		aval_sha256(f.value, f.key, f.key_len);
		ck_assert_mem_eq(f.parsed.key.data, f.value, 32);
	}
	if (f.parsed.left.present)
		check_existence(&f, &f.parsed.left);
	if (f.parsed.right.present)
		check_existence(&f, &f.parsed.right);
	/* Not for another root, nor for the key next to it. */
	f.root[31] ^= 1;
	ck_assert(!ics23_verify_membership(&f.parsed, f.root, key, value));
	ck_assert(!ics23_verify_non_membership(&f.parsed, f.root, key));
}
END_TEST

static int skip_all(void)
{
	size_t count = sizeof names / sizeof *names;

	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++)
		printf("ok %zu - %s # SKIP ICS23_SMT is not set\n", i + 1, names[i]);
	return EXIT_SUCCESS;
}

int main(void)
{
	Suite   *s;
	TCase   *tc;
	SRunner *sr;
	int      failed;

	folder = getenv("ICS23_SMT");
	if (folder == NULL || *folder == '\0')
		return skip_all();
	s  = suite_create("ics23_files");
	tc = tcase_create("ics23_files");
	sr = srunner_create(s);
	tcase_add_loop_test(tc, file_case, 0, (int)(sizeof names / sizeof *names));
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
