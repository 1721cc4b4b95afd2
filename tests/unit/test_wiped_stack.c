/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What calls with secrets leave on the stack: each runs on a stack of its own, which is then searched for the
 * secret, eight bytes at a time, as bytes and, for key files, as base64. Numbers of other libraries in forms of
 * theirs are not looked for, nor are registers.
 */
#define _GNU_SOURCE

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/commitment.h>
#include <aval/musig.h>

#include "crypto_fixture.h"
#include "invoice/commitment.h"
#include "sign/musig.h"
#include "sign/sign.h"
#include "stack_search.h"

enum { SECRETS = 4 };

/* Of one case; on the heap, which is not searched. */
typedef struct state {
	aval_alg            alg;
	uint8_t             scalar32[32];
	char                pem[AVAL_SECRET_KEY_PEM_MAX_LEN];
	size_t              pem_len;
	aval_secret_key    *key;
	aval_musig_keys    *keys;
	aval_musig_nonce   *nonce;
	aval_musig_session *session;
	aval_commitment    *commitment;
	uint8_t             public66[66], out[4096], seed32[32], salt_key32[32];
	struct {
		const void *data;
		size_t      len;
	} secrets[SECRETS];
	size_t      secret_count;
	unsigned    calls; /* of entropy */
	aval_status status;
} state;

static const uint8_t message[] = "three pallets of sealed bearings";

/* The number of the case, then others: blinding is no secret that is looked for. */
static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	state *s = user_data;

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(s->scalar32[i % 32] + 11 * s->calls);
	s->calls++;
	return AVAL_OK;
}

static void add_secret(state *s, const void *data, size_t len)
{
	ck_assert_uint_lt(s->secret_count, SECRETS);
	s->secrets[s->secret_count].data = data;
	s->secrets[s->secret_count++].len = len;
}

typedef struct job {
	void (*run)(state *s);
	state *s;
} job;

static void run_job(void *user_data)
{
	const job *j = user_data;

	j->run(j->s);
}

static void run_and_search(const char *name, void (*run)(state *s), state *s)
{
	job      j = { run, s };
	uint8_t *stack = stack_run(run_job, &j);

	ck_assert_msg(s->status == AVAL_OK, "%s: %s", name, aval_status_name(s->status));
	for (size_t i = 0; i < s->secret_count; i++) {
		size_t at = stack_find(stack, s->secrets[i].data, s->secrets[i].len);

		ck_assert_msg(at == 0, "%s: secret %zu is left on the stack, %zu bytes below its top", name, i,
		              at);
	}
	free(stack);
}

static void generate(state *s)
{
	static aval_entropy entropy;

	entropy = (aval_entropy){ sizeof entropy, fill, s };
	s->status = aval_secret_key_generate(&s->key, s->alg, &entropy, NULL, NULL);
}

static void serialize(state *s)
{
	s->pem_len = sizeof s->pem;
	s->status = aval_secret_key_serialize_pem(s->pem, &s->pem_len, s->key, NULL);
}

static void parse(state *s)
{
	const aval_entropy *entropy = s->key->entropy;

	aval_secret_key_free(s->key);
	s->key = NULL;
	s->status = aval_secret_key_parse_pem(&s->key, s->pem, s->pem_len, entropy, NULL, NULL);
}

/* A key file that is refused at its very end leaves as little. */
static void refuse(state *s)
{
	const aval_entropy *entropy = s->key->entropy;
	aval_secret_key    *none = NULL;
	aval_status         status;

	s->pem[s->pem_len - 40] ^= 1;
	status = aval_secret_key_parse_pem(&none, s->pem, s->pem_len, entropy, NULL, NULL);
	s->pem[s->pem_len - 40] ^= 1;
	s->status = status == AVAL_OK ? AVAL_E_KEY_MISMATCH : AVAL_OK;
	aval_secret_key_free(none);
}

static void sign(state *s)
{
	aval_signer signer = aval_signer_from_secret_key(s->key);

	s->status = aval_signer_sign(s->out, &signer, message, sizeof message, NULL);
}

/* Without the verification that follows in aval_signer_sign() and would write over what is left. */
static void sign_alone(state *s)
{
	static const uint8_t digest32[32] = { 7 };
	aval_signer          signer = aval_signer_from_secret_key(s->key);

	s->status = signer.sign(s->out, message, sizeof message, digest32, signer.user_data);
}

static state *new_state(aval_alg alg)
{
	state *s = calloc(1, sizeof *s);

	ck_assert_ptr_nonnull(s);
	s->alg = alg;
	for (size_t i = 0; i < 32; i++)
		s->scalar32[i] = (uint8_t)(17 + 37 * i + i * i);
	return s;
}

static void free_state(state *s)
{
	aval_musig_session_free(s->session);
	aval_musig_nonce_free(s->nonce);
	aval_musig_keys_free(s->keys);
	aval_commitment_free(s->commitment);
	aval_secret_key_free(s->key);
	free(s);
}

START_TEST(key_paths)
{
	state *s = new_state(test_algs[_i]);
	char  *body;

	add_secret(s, s->scalar32, 32);
	run_and_search("generate", generate, s);
	/* The number of a Schnorr key may be negated: that one is secret from here. */
	memcpy(s->seed32, s->key->scalar32, 32);
	add_secret(s, s->seed32, 32);
	run_and_search("serialize", serialize, s);
	body = strstr(s->pem, "KEY-----\n") + 9;
	/* The digits that hold the number alone: 32 bytes from byte 36 at the latest. */
	add_secret(s, body + 48, 16);
	add_secret(s, body + 65, 24);
	run_and_search("serialize, again", serialize, s);
	run_and_search("parse", parse, s);
	run_and_search("refuse", refuse, s);
	run_and_search("sign", sign, s);
	run_and_search("sign alone", sign_alone, s);
	free_state(s);
}
END_TEST

static void draw_nonce(state *s)
{
	s->status = aval_musig_nonce_new(&s->nonce, s->public66, s->keys, s->key, message, sizeof message, NULL,
	                                 0, NULL, NULL);
}

static void sign_partial(state *s)
{
	s->status = aval_musig_session_sign(s->out, s->session, s->nonce, s->key, NULL);
}

START_TEST(musig_paths)
{
	state *s = new_state(AVAL_ALG_SCHNORR);

	generate(s);
	ck_assert_int_eq(s->status, AVAL_OK);
	add_secret(s, s->key->scalar32, 32);
	ck_assert_int_eq(aval_musig_keys_new(&s->keys, aval_secret_key_public(s->key), 1, NULL, NULL), AVAL_OK);
	run_and_search("nonce", draw_nonce, s);
	/* The same random bytes again make the same nonce. Both its numbers, whether or not the module's mark
	 * stands before. */
	memcpy(s->out + 64, s->nonce->secret, 68);
	aval_musig_nonce_free(s->nonce);
	s->nonce = NULL;
	s->calls--;
	add_secret(s, s->out + 64 + 4, 28);
	add_secret(s, s->out + 64 + 36, 28);
	run_and_search("the same nonce", draw_nonce, s);
	ck_assert_mem_eq(s->nonce->secret, s->out + 64, 68);
	ck_assert_int_eq(
		aval_musig_session_new(&s->session, s->keys, s->public66, message, sizeof message, NULL, NULL),
		AVAL_OK);
	run_and_search("partial signature", sign_partial, s);
	free_state(s);
}
END_TEST

#define TEXT(z)                 \
	{                       \
		z, sizeof z - 1 \
	}

static const aval_term terms[] = {
	{ TEXT("BT-1"), TEXT("2027-0001"), NULL, 0 },
	{ TEXT("BT-5"), TEXT("EUR"), NULL, 0 },
	{ TEXT("BT-115"), TEXT("19249.16"), NULL, 0 },
};

static void commit(state *s)
{
	aval_commitment_free(s->commitment);
	s->commitment = NULL;
	s->status = aval_commitment_new_from_terms(&s->commitment, terms, 3, s->seed32, NULL, NULL);
}

/* Salts that are opened are no secret any more; the key of the others is. */
static void disclose(state *s)
{
	const aval_text paths[] = { TEXT("BT-1") };
	size_t          len = sizeof s->out;

	s->status = aval_commitment_disclose(s->out, &len, s->commitment, paths, 1, NULL);
}

static void bind_source(state *s)
{
	aval_commitment_source_binding(s->out, s->commitment, s->scalar32);
}

START_TEST(commitment_paths)
{
	state *s = new_state(AVAL_ALG_ES256K);

	for (size_t i = 0; i < 32; i++)
		s->seed32[i] = (uint8_t)(101 + 59 * i + i * i);
	add_secret(s, s->seed32, 32);
	run_and_search("commit", commit, s);
	aval_commitment_salt_key(s->salt_key32, s->commitment);
	add_secret(s, s->salt_key32, 32);
	run_and_search("commit, again", commit, s);
	run_and_search("disclose", disclose, s);
	run_and_search("bind a source", bind_source, s);
	free_state(s);
}
END_TEST

static void mac(state *s)
{
	aval_hmac_sha256(s->out, s->seed32, 32, message, sizeof message);
}

START_TEST(hash_paths)
{
	state *s = new_state(AVAL_ALG_ES256K);

	memcpy(s->seed32, s->scalar32, 32);
	add_secret(s, s->seed32, 32);
	run_and_search("HMAC", mac, s);
	free_state(s);
}
END_TEST

static void leave(state *s)
{
	uint8_t left[32];

	memcpy(left, s->scalar32, 32);
	left[31] ^= 1;
	aval_sha256(s->out, left, sizeof left);
}

/* The search finds what is left. */
START_TEST(control)
{
	state   *s = new_state(AVAL_ALG_ES256K);
	job      j = { leave, s };
	uint8_t *stack = stack_run(run_job, &j);

	ck_assert_uint_ne(stack_find(stack, s->scalar32, 32), 0);
	free(stack);
	free_state(s);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("wiped stack");
	TCase   *tcase = tcase_create("wiped stack");
	SRunner *runner;
	int      failed;

	tcase_add_test(tcase, control);
	tcase_add_loop_test(tcase, key_paths, 0, TEST_ALGS);
	tcase_add_test(tcase, musig_paths);
	tcase_add_test(tcase, commitment_paths);
	tcase_add_test(tcase, hash_paths);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
