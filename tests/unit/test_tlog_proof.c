/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs as text: written here, read back, bent and verified; those of another program by vectors. */
#include <stdio.h>

#include <aval/log.h>
#include <aval/tlog_proof.h>

#include "crypto_fixture.h"
#include "vectors.h"

#include "tlog-proof.vectors.h"

enum { SIZE = 21, ROOM = 4096 };

static test_entropy     entropy_state;
static aval_secret_key *key;
static aval_vkey        vkey;
static aval_log        *log_of_21;
static char             note[AVAL_CHECKPOINT_SIGNED_MAX_LEN];
static size_t           note_len;

static void entry_hash(uint8_t leaf32[32], uint64_t index)
{
	aval_merkle_leaf(leaf32, (const uint8_t *)&index, sizeof index);
}

static void setup(void)
{
	aval_signer signer;
	uint8_t     point65[65], root32[32];

	key = test_key(AVAL_ALG_ESP256, 9, test_entropy_init(&entropy_state));
	signer = aval_signer_from_secret_key(key);
	aval_public_key_point(point65, aval_secret_key_public(key));
	ck_assert_int_eq(aval_vkey_from_p256(&vkey, "log.example", 11, point65, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_new(&log_of_21, NULL, NULL), AVAL_OK);
	for (uint64_t i = 0; i < SIZE; i++)
		ck_assert_int_eq(aval_log_append(log_of_21, (const uint8_t *)&i, sizeof i, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_root(root32, log_of_21, SIZE, NULL), AVAL_OK);
	note_len = sizeof note;
	ck_assert_int_eq(aval_checkpoint_sign(note, &note_len, "log.example", 11, SIZE, root32, &signer, NULL),
	                 AVAL_OK);
}

static void teardown(void)
{
	aval_log_free(log_of_21);
	aval_secret_key_free(key);
}

static size_t write_proof(char out[ROOM], uint64_t index)
{
	uint8_t path[64 * 32];
	size_t  count = 64, len = ROOM;

	ck_assert_int_eq(aval_log_prove_inclusion(path, &count, log_of_21, SIZE, index, NULL), AVAL_OK);
	ck_assert_int_eq(
		aval_tlog_proof_serialize(out, &len, index, path, count, (const uint8_t *)note, note_len, NULL),
		AVAL_OK);
	return len;
}

static aval_status verify(const char *text, size_t len, uint64_t entry)
{
	uint8_t         leaf32[32];
	aval_tlog_proof proof;
	aval_status     status = aval_tlog_proof_parse(&proof, (const uint8_t *)text, len, NULL);

	entry_hash(leaf32, entry);
	return status == AVAL_OK ? aval_tlog_proof_verify(&proof, leaf32, &vkey, NULL, NULL) : status;
}

START_TEST(each_entry_is_proven)
{
	char text[ROOM];

	for (uint64_t index = 0; index < SIZE; index++) {
		size_t len = write_proof(text, index);

		ck_assert_int_eq(verify(text, len, index), AVAL_OK);
		ck_assert_int_eq(verify(text, len, index + 1), AVAL_E_PROOF_ROOT_MISMATCH);
	}
}
END_TEST

START_TEST(no_bit_may_change)
{
	char   text[ROOM];
	size_t len = write_proof(text, 5);

	for (size_t bit = 0; bit < 8 * len; bit++) {
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		ck_assert_msg(verify(text, len, 5) != AVAL_OK, "bit %zu may change", bit);
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
	}
	for (size_t cut = 0; cut < len; cut++)
		ck_assert_msg(verify(text, cut, 5) != AVAL_OK, "%zu bytes are enough", cut);
}
END_TEST

#define HEAD "c2sp.org/tlog-proof@v1\n"
#define HASH "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"

/* What stands before the checkpoint. */
static const struct {
	const char *name, *head;
	aval_status want;
	size_t      offset;
} heads[] = {
	{ "no hash", HEAD "index 0\n\n", AVAL_OK, 0 },
	{ "one hash", HEAD "index 5\n" HASH "\n", AVAL_OK, 0 },
	{ "extra", HEAD "extra AAEC\nindex 5\n\n", AVAL_OK, 0 },
	{ "empty extra", HEAD "extra \nindex 5\n\n", AVAL_OK, 0 },
	{ "largest index", HEAD "index 9223372036854775807\n\n", AVAL_OK, 0 },
	{ "index 2^63", HEAD "index 9223372036854775808\n\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "no index", HEAD "\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "index with a zero before it", HEAD "index 05\n\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "index with a sign", HEAD "index -5\n\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "empty index", HEAD "index \n\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "two spaces", HEAD "index  5\n\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "extra that is no base64", HEAD "extra AAE\nindex 5\n\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "extra behind the index", HEAD "index 5\nextra AAEC\n\n", AVAL_E_PROOF_FORMAT, 31 },
	{ "extra twice", HEAD "extra AAEC\nextra AAEC\nindex 5\n\n", AVAL_E_PROOF_FORMAT, 34 },
	{ "another version", "c2sp.org/tlog-proof@v2\nindex 5\n\n", AVAL_E_PROOF_FORMAT, 0 },
	{ "a hash of 31 bytes", HEAD "index 5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\n\n",
	  AVAL_E_PROOF_FORMAT, 31 },
	{ "a hash with stray bits", HEAD "index 5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n\n",
	  AVAL_E_PROOF_FORMAT, 31 },
	{ "no empty line", HEAD "index 5\n" HASH, AVAL_E_PROOF_FORMAT, 76 },
	{ "a carriage return", HEAD "index 5\r\n\n", AVAL_E_PROOF_FORMAT, 23 },
	{ "an empty line before the index", HEAD "\nindex 5\n\n", AVAL_E_PROOF_FORMAT, 23 },
};

START_TEST(head_case)
{
	char   text[ROOM];
	size_t len = (size_t)snprintf(text, sizeof text, "%s%.*s", heads[_i].head, (int)note_len, note);
	aval_tlog_proof proof;
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     got = aval_tlog_proof_parse(&proof, (const uint8_t *)text, len, &err);

	ck_assert_msg(got == heads[_i].want, "%s: %s (%s)", heads[_i].name, aval_status_name(got), err.reason);
	if (got != AVAL_OK)
		ck_assert_msg(err.offset == heads[_i].offset, "%s: offset %zu", heads[_i].name, err.offset);
	else
		ck_assert_uint_eq(proof.checkpoint.size, SIZE);
}
END_TEST

START_TEST(paths_are_bounded)
{
	char            text[ROOM];
	aval_tlog_proof proof;

	for (size_t count = 64; count <= 65; count++) {
		size_t len = (size_t)snprintf(text, sizeof text, HEAD "index 5\n");

		for (size_t i = 0; i < count; i++)
			len += (size_t)snprintf(text + len, sizeof text - len, HASH);
		len += (size_t)snprintf(text + len, sizeof text - len, "\n%.*s", (int)note_len, note);
		ck_assert_int_eq(aval_tlog_proof_parse(&proof, (const uint8_t *)text, len, NULL),
		                 count == 64 ? AVAL_OK : AVAL_E_PROOF_LENGTH);
		if (count == 64)
			ck_assert_int_eq(verify(text, len, 5), AVAL_E_PROOF_LENGTH);
	}
}
END_TEST

START_TEST(verification_says_why)
{
	char            text[ROOM];
	size_t          len = write_proof(text, 5);
	uint8_t         leaf32[32];
	aval_tlog_proof proof;
	aval_vkey       other = vkey;

	entry_hash(leaf32, 5);
	ck_assert_int_eq(aval_tlog_proof_parse(&proof, (const uint8_t *)text, len, NULL), AVAL_OK);
	proof.index = SIZE;
	ck_assert_int_eq(aval_tlog_proof_verify(&proof, leaf32, &vkey, NULL, NULL), AVAL_E_PROOF_INDEX);
	proof.index = 4;
	ck_assert_int_eq(aval_tlog_proof_verify(&proof, leaf32, &vkey, NULL, NULL), AVAL_E_PROOF_ROOT_MISMATCH);
	proof.index = 20;
	ck_assert_int_eq(aval_tlog_proof_verify(&proof, leaf32, &vkey, NULL, NULL), AVAL_E_PROOF_LENGTH);
	strcpy(other.name, "log.other");
	ck_assert_int_eq(aval_tlog_proof_verify(&proof, leaf32, &other, NULL, NULL), AVAL_E_CHECKPOINT_ORIGIN);
	other = vkey;
	other.id ^= 1;
	ck_assert_int_eq(aval_tlog_proof_verify(&proof, leaf32, &other, NULL, NULL), AVAL_E_SIGNER_MISSING);
}
END_TEST

START_TEST(room_for_a_proof)
{
	uint8_t path[65 * 32] = { 0 };
	char    text[ROOM] = "x";
	size_t  len = 0, need;

	ck_assert_int_eq(
		aval_tlog_proof_serialize(NULL, &len, 7, path, 3, (const uint8_t *)note, note_len, NULL),
		AVAL_E_BUFFER_TOO_SMALL);
	need = len--;
	ck_assert_int_eq(
		aval_tlog_proof_serialize(text, &len, 7, path, 3, (const uint8_t *)note, note_len, NULL),
		AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_int_eq(text[0], 'x');
	ck_assert_int_eq(
		aval_tlog_proof_serialize(text, &len, 7, path, 3, (const uint8_t *)note, note_len, NULL),
		AVAL_OK);
	ck_assert_uint_eq(len, need);
	len = sizeof text;
	ck_assert_int_eq(aval_tlog_proof_serialize(text, &len, UINT64_C(1) << 63, path, 3,
	                                           (const uint8_t *)note, note_len, NULL),
	                 AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(
		aval_tlog_proof_serialize(text, &len, 7, path, 65, (const uint8_t *)note, note_len, NULL),
		AVAL_E_PROOF_LENGTH);
	ck_assert_int_eq(
		aval_tlog_proof_parse(&(aval_tlog_proof){ 0 }, NULL, AVAL_TLOG_PROOF_MAX_LEN + 1, NULL),
		AVAL_E_LIMIT);
}
END_TEST

static bool have_ed25519(void)
{
	const uint8_t none[64] = { 0 };

	return aval_ed25519_verify(none, NULL, 0, none) != AVAL_E_UNSUPPORTED;
}

static void vkey_field(aval_vkey *out, const struct vector_case *c, const char *name)
{
	const char *text = vector_text(c, name);

	ck_assert_msg(aval_vkey_parse(out, text, strlen(text), NULL) == AVAL_OK, "%s: %s", c->id, name);
}

static aval_status run_case(const struct vector_case *c, const uint8_t *data, size_t len, aval_error *err)
{
	aval_vkey           log_key, witness;
	aval_witness_policy policy = { sizeof policy, &witness, 1, 1 };
	bool                has_witness = vector_find(c, "input.witness") != NULL;
	uint8_t             leaf32[32], *entry;
	size_t              entry_len;
	aval_tlog_proof     proof;
	aval_status         status = aval_tlog_proof_parse(&proof, data, len, err);

	vkey_field(&log_key, c, "input.vkey");
	if (has_witness)
		vkey_field(&witness, c, "input.witness");
	if (status != AVAL_OK)
		return status;
	entry = vector_hex(c, "input.entry", &entry_len);
	aval_merkle_leaf(leaf32, entry, entry_len);
	free(entry);
	return aval_tlog_proof_verify(&proof, leaf32, &log_key, has_witness ? &policy : NULL, err);
}

/* A proof that is written in one way only is written so here. */
static void check_written(const struct vector_case *c, const uint8_t *data, size_t len)
{
	size_t          path_len, its_note_len, out_len = ROOM;
	uint8_t        *path = vector_hex(c, "expect.path", &path_len);
	uint8_t        *its_note = vector_hex(c, "expect.note", &its_note_len);
	char            out[ROOM];
	aval_tlog_proof proof;

	ck_assert_int_eq(aval_tlog_proof_parse(&proof, data, len, NULL), AVAL_OK);
	ck_assert_uint_eq(proof.index, (uint64_t)vector_number(c, "expect.index"));
	ck_assert_uint_eq(proof.checkpoint.size, (uint64_t)vector_number(c, "expect.size"));
	ck_assert_uint_eq(proof.path_count, path_len / 32);
	ck_assert_int_eq(aval_tlog_proof_serialize(out, &out_len, proof.index, path, path_len / 32, its_note,
	                                           its_note_len, NULL),
	                 AVAL_OK);
	ck_assert_msg(out_len == len && memcmp(out, data, len) == 0, "%s: written otherwise", c->id);
	free(path);
	free(its_note);
}

START_TEST(vector_case)
{
	const struct vector_case  *c = &tlog_proof_cases[_i];
	const struct vector_field *offset = vector_find(c, "expect.offset");
	const char                *want = vector_text(c, have_ed25519() ? "expect.status" : "expect.plain");
	aval_error                 err = AVAL_ERROR_INIT;
	size_t                     len;
	uint8_t                   *data = vector_hex(c, "input.proof", &len);
	aval_status                got = run_case(c, data, len, &err);

	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: got %s, want %s (%s: %s)", c->id,
	              aval_status_name(got), want, err.where, err.reason);
	ck_assert_int_eq(err.status, got);
	if (offset != NULL)
		ck_assert_msg((long long)err.offset == vector_number(c, "expect.offset"), "%s: offset %zu", c->id,
		              err.offset);
	if (vector_find(c, "expect.path") != NULL)
		check_written(c, data, len);
	free(data);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

int main(void)
{
	Suite   *suite = suite_create("tlog_proof");
	TCase   *tcase = tcase_create("tlog_proof");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, each_entry_is_proven);
	tcase_add_test(tcase, no_bit_may_change);
	tcase_add_loop_test(tcase, head_case, 0, COUNT(heads));
	tcase_add_test(tcase, paths_are_bounded);
	tcase_add_test(tcase, verification_says_why);
	tcase_add_test(tcase, room_for_a_proof);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("vectors");
	tcase_add_loop_test(tcase, vector_case, 0, TLOG_PROOF_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
