/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the secret keys of certificates leave: a key file is read, refused, signed with and freed on a stack of
 * its own, which is then searched; so is each block of the heap at the moment in which anybody frees it,
 * mbedTLS included. The numbers are looked for as they stand in the file, byte by byte reversed, as mbedTLS
 * keeps them, and as base64; not in the form of Montgomery, nor in registers.
 */
#define _GNU_SOURCE

#include <check.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include <mbedtls/version.h>

#include <aval/certificate.h>

#include "crypto_fixture.h"
#include "identity/der.h"
#include "stack_search.h"
#include "vectors.h"

#include "chains.vectors.h"

#include "chain_fixture.h"

void __libc_free(void *pointer);

enum { SECRETS = 64, SECRET_MAX = 512 };

/* Of one case, none of it on a stack that is searched or in a block that is freed meanwhile. */
static struct {
	const char          *chain, *pem;
	aval_endorsement_alg alg;
	aval_endorser_key   *key;
	test_entropy         entropy;
	uint8_t              secrets[SECRETS][SECRET_MAX];
	size_t               lens[SECRETS], count;
	aval_status          status;
	bool                 is_watched;
	size_t               frees, found;
} state;

static const uint8_t message[] = "three officers may sign up to 5,000,000.00 EUR";

static bool holds_secret(const uint8_t *block, size_t len)
{
	for (size_t i = 0; i < state.count; i++)
		for (size_t k = 0; k + STACK_WINDOW <= state.lens[i]; k++)
			if (memmem(block, len, state.secrets[i] + k, STACK_WINDOW) != NULL)
				return true;
	return false;
}

/* This definition stands before that of the C library. */
void free(void *pointer)
{
	if (pointer != NULL && state.is_watched) {
		state.frees++;
		state.found += holds_secret(pointer, malloc_usable_size(pointer));
	}
	__libc_free(pointer);
}

static void add_secret(const void *data, size_t len)
{
	ck_assert_uint_lt(state.count, SECRETS);
	ck_assert_uint_le(len, SECRET_MAX);
	memcpy(state.secrets[state.count], data, len);
	state.lens[state.count++] = len;
}

/* As it stands in the file, and as mbedTLS keeps it. */
static void add_number(aval_bytes number)
{
	uint8_t reversed[SECRET_MAX];

	ck_assert_uint_le(number.len, SECRET_MAX);
	for (size_t i = 0; i < number.len; i++)
		reversed[i] = number.data[number.len - 1 - i];
	add_secret(number.data, number.len);
	add_secret(reversed, number.len);
}

/* The lines of base64 that hold nothing but bytes from the offset on; of the last one, what is no padding. */
static void add_lines(const char *pem, size_t offset)
{
	const char *body = strstr(pem, "KEY-----\n") + 9;
	size_t      skip = offset / 48 * 65 + (offset % 48 + 2) / 3 * 4;

	for (body += skip; *body != '-'; body += strcspn(body, "\n") + 1)
		add_secret(body, strcspn(body, "=\n"));
}

/* The numbers of PKCS#8 from the first that is secret on, and where that one begins. */
static size_t add_numbers(const uint8_t *der, size_t len, bool is_rsa)
{
	aval_error     err = AVAL_ERROR_INIT;
	aval_der_input input = { der, AVAL_E_KEY_FORMAT, &err };
	aval_der       in = aval_der_open(&input, (aval_bytes){ der, len }), shell, key, inner;
	aval_bytes     number;
	size_t         first = 0;

	ck_assert_int_eq(aval_der_take(&in, DER_SEQUENCE, &shell, ""), AVAL_OK);
	ck_assert_int_eq(aval_der_take_natural(&shell, &number, ""), AVAL_OK);
	ck_assert_int_eq(aval_der_take(&shell, DER_SEQUENCE, &inner, ""), AVAL_OK);
	ck_assert_int_eq(aval_der_take(&shell, DER_OCTET_STRING, &key, ""), AVAL_OK);
	ck_assert_int_eq(aval_der_take(&key, DER_SEQUENCE, &inner, ""), AVAL_OK);
	ck_assert_int_eq(aval_der_take_natural(&inner, &number, ""), AVAL_OK);
	if (!is_rsa) {
		ck_assert_int_eq(aval_der_take_bytes(&inner, DER_OCTET_STRING, &number, ""), AVAL_OK);
		add_number(number);
		return (size_t)(number.data - der);
	}
	for (unsigned i = 0; i < 8; i++) {
		ck_assert_int_eq(aval_der_take_natural(&inner, &number, ""), AVAL_OK);
		if (i == 2)
			first = (size_t)(number.data - der);
		if (i >= 2)
			add_number(number);
	}
	return first;
}

static void run_one(void *run)
{
	void (*const *call)(void) = run;

	(*call)();
}

/* Nobody looks into the heap meanwhile, which would write over the stack. */
static void search_stack(const char *name, void (*run)(void))
{
	uint8_t *stack = stack_run(run_one, &run);

	ck_assert_msg(state.status == AVAL_OK, "%s: %s", name, aval_status_name(state.status));
	for (size_t i = 0; i < state.count; i++) {
		size_t at = stack_find(stack, state.secrets[i], state.lens[i]);

		ck_assert_msg(at == 0, "%s: secret %zu is left on the stack, %zu bytes below its top", name, i,
		              at);
	}
	free(stack);
}

static void parse(void);
static void parse_and_drop(void);

/*
 * mbedTLS from 3.6.5 on does not wipe one block, which held a prime, when it computes the coefficient of an RSA key.
 * Nobody else can: it is freed where nothing of ours runs.
 */
static size_t left_by_mbedtls(bool is_parsed)
{
	bool is_rsa = state.alg == AVAL_ENDORSEMENT_PS256 || state.alg == AVAL_ENDORSEMENT_RS256;

	return MBEDTLS_VERSION_NUMBER >= 0x03060500 && is_rsa && is_parsed ? 1 : 0;
}

static void search_heap(const char *name, void (*run)(void))
{
	state.frees = state.found = 0;
	state.is_watched = true;
	run();
	state.is_watched = false;
	ck_assert_msg(state.status == AVAL_OK, "%s: %s", name, aval_status_name(state.status));
	ck_assert_msg(state.frees != 0, "%s: nothing was freed", name);
	ck_assert_msg(state.found <= left_by_mbedtls(run == parse || run == parse_and_drop), "%s: %zu of %zu freed blocks hold a secret", name, state.found,
	              state.frees);
}

static void run_and_search(const char *name, void (*run)(void))
{
	search_stack(name, run);
	search_heap(name, run);
}

static void parse(void)
{
	aval_endorser_key_free(state.key);
	state.key = NULL;
	state.status = aval_endorser_key_parse_pem(&state.key, state.pem, strlen(state.pem),
	                                           &state.entropy.entropy, NULL, NULL);
}

static void sign(void)
{
	uint8_t       out[AVAL_ENDORSEMENT_MAX_LEN];
	size_t        len = sizeof out;
	aval_endorser endorser = aval_endorser_from_key(state.key, state.alg);
	aval_chain   *chain = NULL;

	state.status = make_chain(&chain, state.chain, NULL, NULL);
	if (state.status == AVAL_OK)
		state.status = aval_chain_sign(out, &len, &endorser, chain, message, sizeof message, NULL);
	aval_chain_free(chain);
}

/* Without what aval_chain_sign() does afterwards, which could write over what is left. */
static void sign_alone(void)
{
	static const uint8_t digest48[48] = { 7 };
	uint8_t              out[AVAL_ENDORSEMENT_MAX_LEN];
	size_t               len = sizeof out;
	aval_endorser        endorser = aval_endorser_from_key(state.key, state.alg);

	state.status = endorser.sign(out, &len, message, sizeof message, digest48,
	                             state.alg == AVAL_ENDORSEMENT_ES384 ? 48 : 32, endorser.user_data);
}

static void parse_and_drop(void)
{
	parse();
	aval_endorser_key_free(state.key);
	state.key = NULL;
}

static const struct {
	const char          *key, *chain, *refused;
	aval_endorsement_alg alg;
	bool                 is_rsa;
} keys[] = {
	{ "p384-key", "p384-end", "p384-key-mismatch", AVAL_ENDORSEMENT_ES384, false },
	{ "rsa-key", "rsa-end", "rsa-key-wrong", AVAL_ENDORSEMENT_PS256, true },
	{ "rsa-key", "rsa-end", "rsa-key-odd", AVAL_ENDORSEMENT_RS256, true },
};

/* The PEM of an object, whose secrets are looked for from here. */
static char *open_object(const char *name, bool is_rsa)
{
	size_t   len;
	uint8_t *der = object_bytes(&len, name);
	char    *pem = pem_of("PRIVATE KEY", der, len, "\n");

	add_lines(pem, add_numbers(der, len, is_rsa));
	free(der);
	return pem;
}

static void begin(size_t i)
{
	memset(&state, 0, sizeof state);
	test_entropy_init(&state.entropy);
	state.chain = keys[i].chain;
	state.alg = keys[i].alg;
}

START_TEST(key_paths)
{
	char *pem;

	begin((size_t)_i);
	pem = open_object(keys[_i].key, keys[_i].is_rsa);
	state.pem = pem;
	run_and_search("parse", parse);
	run_and_search("sign", sign);
	run_and_search("sign alone", sign_alone);
	run_and_search("free", parse_and_drop);
	free(pem);
}
END_TEST

static void refuse(void)
{
	aval_status status = aval_endorser_key_parse_pem(&state.key, state.pem, strlen(state.pem),
	                                                 &state.entropy.entropy, NULL, NULL);

	state.status = status == AVAL_E_KEY_FORMAT || status == AVAL_E_KEY_MISMATCH ? AVAL_OK
	                                                                            : AVAL_E_INVALID_ARGUMENT;
}

/* A key file that is refused for its numbers leaves as little. */
START_TEST(refused_keys)
{
	char *pem;

	begin((size_t)_i);
	pem = open_object(keys[_i].refused, keys[_i].is_rsa);
	state.pem = pem;
	run_and_search(keys[_i].refused, refuse);
	ck_assert_ptr_null(state.key);
	free(pem);
}
END_TEST

static void leave(void)
{
	uint8_t  left[48];
	uint8_t *block = malloc(state.lens[0]);

	memcpy(block, state.secrets[0], state.lens[0]);
	aval_sha256(state.secrets[3], block, state.lens[0]);
	free(block);
	memcpy(left, state.secrets[1], sizeof left);
	aval_sha256(state.secrets[2], left, sizeof left);
}

/* The searches find what is left. */
START_TEST(control)
{
	void (*run)(void) = leave;
	uint8_t *stack;

	begin(0);
	free(open_object(keys[0].key, false));
	stack = stack_run(run_one, &run);
	ck_assert_uint_ne(stack_find(stack, state.secrets[1], state.lens[1]), 0);
	free(stack);
	state.is_watched = true;
	leave();
	leave();
	state.is_watched = false;
	ck_assert_uint_eq(state.frees, 2);
	ck_assert_uint_eq(state.found, 2);
}
END_TEST

int main(void)
{
	enum { KEYS = sizeof keys / sizeof keys[0] };
	Suite   *suite = suite_create("wiped endorser");
	TCase   *tcase = tcase_create("wiped endorser");
	SRunner *runner;
	int      failed;

	tcase_add_test(tcase, control);
	tcase_add_loop_test(tcase, key_paths, 0, KEYS);
	tcase_add_loop_test(tcase, refused_keys, 0, KEYS);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
