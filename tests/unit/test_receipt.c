/* SPDX-License-Identifier: Apache-2.0 */
/* COSE Receipts: those of another program by vectors, and those made here read back. */
#include <check.h>
#include <stdlib.h>

#include <aval/log.h>
#include <aval/merkle.h>
#include <aval/receipt.h>

#include "crypto_fixture.h"
#include "vectors.h"

#include "receipt.vectors.h"

static bool have_ed25519(void)
{
	const uint8_t none[64] = { 0 };

	return aval_ed25519_verify(none, NULL, 0, none) != AVAL_E_UNSUPPORTED;
}

static void hash_field(uint8_t hash32_out[32], const struct vector_case *c, const char *name)
{
	size_t   len;
	uint8_t *bytes = vector_hex(c, name, &len);

	ck_assert_msg(len == 32, "%s: %s has %zu bytes", c->id, name, len);
	memcpy(hash32_out, bytes, 32);
	free(bytes);
}

static aval_status run_inclusion(const struct vector_case *c, const aval_receipt *receipt,
                                 const aval_vkey *vkey, const aval_checkpoint *checkpoint, aval_error *err)
{
	uint8_t leaf32[32];

	hash_field(leaf32, c, "input.leaf");
	return aval_receipt_verify_inclusion(receipt, (size_t)vector_number(c, "input.proof"), leaf32, vkey,
	                                     checkpoint, err);
}

static aval_status run_consistency(const struct vector_case *c, const aval_receipt *receipt,
                                   const aval_vkey *vkey, const aval_checkpoint *checkpoint, aval_error *err)
{
	uint8_t     old_root32[32], new_root32[32], want32[32];
	aval_status status;

	hash_field(old_root32, c, "input.old_root");
	memset(new_root32, 0xEE, sizeof new_root32);
	status = aval_receipt_verify_consistency(new_root32, receipt, (size_t)vector_number(c, "input.proof"),
	                                         (uint64_t)vector_number(c, "input.old_size"), old_root32, vkey,
	                                         checkpoint, err);
	if (status == AVAL_OK)
		hash_field(want32, c, "expect.new_root");
	else
		memset(want32, 0xEE, sizeof want32);
	ck_assert_msg(memcmp(new_root32, want32, 32) == 0, "%s: another new root", c->id);
	return status;
}

static aval_status run_case(const struct vector_case *c, const uint8_t *data, size_t len, aval_error *err)
{
	const char     *vkey_text = vector_text(c, "input.vkey");
	aval_checkpoint checkpoint = { 0 };
	bool            has_checkpoint = vector_find(c, "input.size") != NULL;
	aval_receipt    receipt;
	aval_vkey       vkey;
	aval_status     status = aval_receipt_parse(&receipt, data, len, err);

	ck_assert_int_eq(aval_vkey_parse(&vkey, vkey_text, strlen(vkey_text), NULL), AVAL_OK);
	if (has_checkpoint) {
		checkpoint.size = (uint64_t)vector_number(c, "input.size");
		hash_field(checkpoint.root32, c, "input.root");
	}
	if (status != AVAL_OK || strcmp(vector_text(c, "input.op"), "parse") == 0)
		return status;
	return strcmp(vector_text(c, "input.op"), "inclusion") == 0
	               ? run_inclusion(c, &receipt, &vkey, has_checkpoint ? &checkpoint : NULL, err)
	               : run_consistency(c, &receipt, &vkey, has_checkpoint ? &checkpoint : NULL, err);
}

START_TEST(vector_case)
{
	const struct vector_case *c = &receipt_cases[_i];
	const char               *want = vector_text(c, have_ed25519() ? "expect.status" : "expect.plain");
	aval_error                err = AVAL_ERROR_INIT;
	size_t                    len;
	uint8_t                  *data = vector_hex(c, "input.receipt", &len);
	aval_status               got = run_case(c, data, len, &err);

	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: got %s, want %s (%s: %s)", c->id,
	              aval_status_name(got), want, err.where, err.reason);
	ck_assert_int_eq(err.status, got);
	free(data);
}
END_TEST

static const struct vector_case *find_case(const char *id)
{
	for (size_t i = 0; i < RECEIPT_COUNT; i++)
		if (strcmp(receipt_cases[i].id, id) == 0)
			return &receipt_cases[i];
	ck_abort_msg("no case %s", id);
	return NULL;
}

/*
 * Bits of the tag, the headers, the proof, the payload, the signature; all but the words of the receipt that
 * nothing signs.
 */
START_TEST(every_bit_counts)
{
	const struct vector_case *c = find_case("with the checkpoint");
	size_t                    len;
	uint8_t                  *data = vector_hex(c, "input.receipt", &len);
	unsigned                  free_bits = 0;

	ck_assert_int_eq(run_case(c, data, len, NULL), AVAL_OK);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		/* s and its negative are both an ECDSA signature: no single bit leads from one to the other. */
		free_bits += run_case(c, data, len, NULL) == AVAL_OK;
		data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	/* Nor the index's nor the path's bits: they lead to another root. */
	ck_assert_uint_eq(free_bits, 0);
	for (size_t cut = 0; cut < len; cut++)
		ck_assert(run_case(c, data, cut, NULL) != AVAL_OK);
	free(data);
}
END_TEST

typedef struct made_log {
	aval_log        *log;
	aval_secret_key *key;
	aval_signer      signer;
	aval_vkey        vkey;
} made_log;

static test_entropy entropy_state;

static made_log make_log(aval_alg alg, uint64_t size)
{
	made_log m;
	uint8_t  point65[65];

	m.key = test_key(alg, 5, test_entropy_init(&entropy_state));
	m.signer = aval_signer_from_secret_key(m.key);
	aval_public_key_point(point65, aval_secret_key_public(m.key));
	ck_assert_int_eq(aval_vkey_from_p256(&m.vkey, "log.example", 11, point65, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_new(&m.log, NULL, NULL), AVAL_OK);
	for (uint64_t i = 0; i < size; i++)
		ck_assert_int_eq(aval_log_append(m.log, (const uint8_t *)&i, sizeof i, NULL), AVAL_OK);
	return m;
}

static void free_log(made_log *m)
{
	aval_log_free(m->log);
	aval_secret_key_free(m->key);
}

static aval_checkpoint head_of(const made_log *m, uint64_t size)
{
	aval_checkpoint c = { .size = size };

	ck_assert_int_eq(aval_log_root(c.root32, m->log, size, NULL), AVAL_OK);
	return c;
}

static void leaf_of(uint8_t leaf32[32], uint64_t index)
{
	aval_merkle_leaf(leaf32, (const uint8_t *)&index, sizeof index);
}

START_TEST(inclusion_made_here)
{
	made_log m = make_log(AVAL_ALG_ESP256, 20);

	for (uint64_t size = 1; size <= 20; size += 1 + size % 3) {
		aval_checkpoint head = head_of(&m, size);

		for (uint64_t index = 0; index < size; index++) {
			uint8_t      path[64 * 32], leaf32[32], out[2400];
			size_t       count = 64, len = sizeof out;
			aval_receipt receipt;

			leaf_of(leaf32, index);
			ck_assert_int_eq(aval_log_prove_inclusion(path, &count, m.log, size, index, NULL),
			                 AVAL_OK);
			ck_assert_int_eq(aval_receipt_sign_inclusion(out, &len, &head, index, leaf32, path,
			                                             count, &m.signer, NULL),
			                 AVAL_OK);
			ck_assert_int_eq(aval_receipt_parse(&receipt, out, len, NULL), AVAL_OK);
			ck_assert(receipt.is_detached && receipt.alg == -9);
			ck_assert_uint_eq(receipt.inclusion_count, 1);
			ck_assert_uint_eq(receipt.consistency_count, 0);
			ck_assert_uint_eq(aval_receipt_inclusion_at(&receipt, 0).size, size);
			ck_assert_uint_eq(aval_receipt_inclusion_at(&receipt, 0).index, index);
			ck_assert_uint_eq(aval_receipt_inclusion_at(&receipt, 1).size, 0);
			ck_assert_int_eq(
				aval_receipt_verify_inclusion(&receipt, 0, leaf32, &m.vkey, &head, NULL),
				AVAL_OK);
			leaf32[0] ^= 1;
			ck_assert_int_eq(
				aval_receipt_verify_inclusion(&receipt, 0, leaf32, &m.vkey, NULL, NULL),
				AVAL_E_SIGNATURE_INVALID);
			ck_assert_int_eq(
				aval_receipt_verify_inclusion(&receipt, 0, leaf32, &m.vkey, &head, NULL),
				AVAL_E_PROOF_ROOT_MISMATCH);
		}
	}
	free_log(&m);
}
END_TEST

START_TEST(consistency_made_here)
{
	made_log        m = make_log(AVAL_ALG_ESP256, 20);
	aval_checkpoint head = head_of(&m, 20);

	for (uint64_t old = 1; old <= 20; old++) {
		aval_checkpoint before = head_of(&m, old);
		uint8_t         path[64 * 32], out[2400], root32[32];
		size_t          count = 64, len = sizeof out;
		aval_receipt    receipt;
		aval_status     got;

		ck_assert_int_eq(aval_log_prove_consistency(path, &count, m.log, old, 20, NULL), AVAL_OK);
		got = aval_receipt_sign_consistency(out, &len, &head, old, before.root32, path, count,
		                                    &m.signer, NULL);
		ck_assert_int_eq(got, old == 20 ? AVAL_E_PROOF_LENGTH : AVAL_OK);
		if (got != AVAL_OK)
			break;
		ck_assert_int_eq(aval_receipt_parse(&receipt, out, len, NULL), AVAL_OK);
		ck_assert_uint_eq(aval_receipt_consistency_at(&receipt, 0).old_size, old);
		ck_assert_uint_eq(aval_receipt_consistency_at(&receipt, 0).new_size, 20);
		ck_assert_int_eq(aval_receipt_verify_consistency(root32, &receipt, 0, old, before.root32,
		                                                 &m.vkey, &head, NULL),
		                 AVAL_OK);
		ck_assert_mem_eq(root32, head.root32, 32);
	}
	free_log(&m);
}
END_TEST

/* What is not so is not signed, and the signer is not asked. */
static const struct {
	const char *name;
	uint64_t    size, index;
	int         hashes; /* more or fewer */
	bool        other_leaf, other_root;
	aval_alg    alg;
	aval_status want;
} refused[] = {
	{ "true", 9, 4, 0, false, false, AVAL_ALG_ESP256, AVAL_OK },
	{ "another leaf", 9, 4, 0, true, false, AVAL_ALG_ESP256, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "another root", 9, 4, 0, false, true, AVAL_ALG_ESP256, AVAL_E_PROOF_ROOT_MISMATCH },
	{ "a hash more", 9, 4, 1, false, false, AVAL_ALG_ESP256, AVAL_E_PROOF_LENGTH },
	{ "a hash fewer", 9, 4, -1, false, false, AVAL_ALG_ESP256, AVAL_E_PROOF_LENGTH },
	{ "an index past the end", 9, 9, 0, false, false, AVAL_ALG_ESP256, AVAL_E_PROOF_INDEX },
	{ "an empty log", 0, 0, 0, false, false, AVAL_ALG_ESP256, AVAL_E_PROOF_SHAPE },
	{ "a key of secp256k1", 9, 4, 0, false, false, AVAL_ALG_ES256K, AVAL_E_COSE_ALGORITHM },
};

START_TEST(refused_case)
{
	made_log        m = make_log(AVAL_ALG_ESP256, 9);
	aval_checkpoint head = head_of(&m, refused[_i].size);
	uint8_t         path[65 * 32] = { 0 }, leaf32[32], out[2400] = { 0x77 };
	size_t          count = 64, len = sizeof out;
	unsigned        calls;
	aval_status     got;

	if (refused[_i].alg != AVAL_ALG_ESP256) {
		free_log(&m);
		m = make_log(AVAL_ALG_ESP256, 9);
		aval_secret_key_free(m.key);
		m.key = test_key(refused[_i].alg, 5, test_entropy_init(&entropy_state));
		m.signer = aval_signer_from_secret_key(m.key);
	}
	leaf_of(leaf32, 4);
	ck_assert_int_eq(aval_log_prove_inclusion(path, &count, m.log, 9, 4, NULL), AVAL_OK);
	leaf32[0] ^= refused[_i].other_leaf;
	head.root32[0] ^= refused[_i].other_root;
	calls = entropy_state.calls;
	got = aval_receipt_sign_inclusion(out, &len, &head, refused[_i].index, leaf32, path,
	                                  (size_t)((int)count + refused[_i].hashes), &m.signer, NULL);
	ck_assert_msg(got == refused[_i].want, "%s: %s", refused[_i].name, aval_status_name(got));
	if (got != AVAL_OK)
		ck_assert(out[0] == 0x77 && len == sizeof out && entropy_state.calls == calls);
	free_log(&m);
}
END_TEST

START_TEST(room_for_a_receipt)
{
	made_log        m = make_log(AVAL_ALG_ESP256, 9);
	aval_checkpoint head = head_of(&m, 9);
	uint8_t         path[64 * 32], leaf32[32], out[2400];
	size_t          count = 64, len = 0, need;

	leaf_of(leaf32, 4);
	ck_assert_int_eq(aval_log_prove_inclusion(path, &count, m.log, 9, 4, NULL), AVAL_OK);
	ck_assert_int_eq(
		aval_receipt_sign_inclusion(NULL, &len, &head, 4, leaf32, path, count, &m.signer, NULL),
		AVAL_E_BUFFER_TOO_SMALL);
	need = len--;
	ck_assert_int_eq(aval_receipt_sign_inclusion(out, &len, &head, 4, leaf32, path, count, &m.signer, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_int_eq(aval_receipt_sign_inclusion(out, &len, &head, 4, leaf32, path, count, &m.signer, NULL),
	                 AVAL_OK);
	ck_assert_uint_eq(len, need);
	m.signer.sign = NULL;
	ck_assert_int_eq(aval_receipt_sign_inclusion(out, &len, &head, 4, leaf32, path, count, &m.signer, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	free_log(&m);
}
END_TEST

START_TEST(a_long_receipt_is_refused)
{
	aval_receipt receipt;

	ck_assert_int_eq(aval_receipt_parse(&receipt, NULL, AVAL_RECEIPT_MAX_LEN + 1, NULL), AVAL_E_LIMIT);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

int main(void)
{
	Suite   *suite = suite_create("receipt");
	TCase   *tcase = tcase_create("receipt");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, vector_case, 0, RECEIPT_COUNT);
	tcase_add_test(tcase, every_bit_counts);
	tcase_add_test(tcase, inclusion_made_here);
	tcase_add_test(tcase, consistency_made_here);
	tcase_add_loop_test(tcase, refused_case, 0, COUNT(refused));
	tcase_add_test(tcase, room_for_a_receipt);
	tcase_add_test(tcase, a_long_receipt_is_refused);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
