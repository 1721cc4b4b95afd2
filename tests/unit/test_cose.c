/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, key files, signatures and envelopes against an encoder of our own in Python, by the vectors. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "cose/cose.h"
#include "crypto_fixture.h"
#include "sign/sign.h"
#include "vectors.h"

#include "cose.vectors.h"

enum { MAX_BYTES = 8192 };

/* The bytes of a field in hexadecimal, in memory of just their length, so that sanitizers see who reads on. */
static uint8_t *bytes_of(const struct vector_case *c, const char *name, size_t *len_out)
{
	const char *hex = vector_text(c, name);
	uint8_t    *data = malloc(strlen(hex) / 2 + 1);

	ck_assert_ptr_nonnull(data);
	*len_out = from_hex(data, MAX_BYTES, hex);
	return realloc(data, *len_out == 0 ? 1 : *len_out);
}

/* Whether the status and, where there is one, the offset are those that the case expects. */
static void expect_outcome(const struct vector_case *c, aval_status status, const aval_error *err)
{
	const char *want = vector_text(c, "expect.status");

	ck_assert_msg(strcmp(aval_status_name(status), want) == 0, "%s: got %s, want %s (%s: %s)", c->id,
	              aval_status_name(status), want, err->where, err->reason);
	if (vector_find(c, "expect.offset") == NULL)
		return;
	ck_assert_msg((long long)err->offset == vector_number(c, "expect.offset"),
	              "%s: offset %zu, want %s (%s: %s)", c->id, err->offset, vector_text(c, "expect.offset"),
	              err->where, err->reason);
}

static void hex_of(char *out, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sprintf(out + 2 * i, "%02x", data[i]);
	out[2 * len] = '\0';
}

static void expect_hex(const struct vector_case *c, const char *name, const uint8_t *data, size_t len)
{
	static char hex[2 * MAX_BYTES + 1];

	hex_of(hex, data, len);
	ck_assert_msg(strcmp(hex, vector_text(c, name)) == 0, "%s: %s: got %s, want %s", c->id, name, hex,
	              vector_text(c, name));
}

static void parse_key(aval_public_key *key, const struct vector_case *c, const char *name)
{
	size_t      len;
	uint8_t    *data = bytes_of(c, name, &len);
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_public_key_parse(key, data, len, &err);

	ck_assert_msg(status == AVAL_OK, "%s: %s: %s", c->id, name, err.reason);
	free(data);
}

static void run_key(const struct vector_case *c)
{
	size_t          len, out_len = AVAL_PUBLIC_KEY_MAX_LEN;
	uint8_t        *data = bytes_of(c, "input.key", &len), out[AVAL_PUBLIC_KEY_MAX_LEN], thumbprint32[32];
	aval_public_key key, untouched;
	char            party[AVAL_PARTY_KEY_LEN + 1];
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     status;

	memset(&key, 0x5a, sizeof key);
	untouched = key;
	status = aval_public_key_parse(&key, data, len, &err);
	expect_outcome(c, status, &err);
	if (status != AVAL_OK) {
		ck_assert_msg(memcmp(&key, &untouched, sizeof key) == 0, "%s: the output was touched", c->id);
		free(data);
		return;
	}
	ck_assert_int_eq(aval_public_key_serialize(out, &out_len, &key, NULL), AVAL_OK);
	expect_hex(c, "input.key", out, out_len);
	aval_public_key_thumbprint(thumbprint32, &key);
	expect_hex(c, "expect.thumbprint", thumbprint32, 32);
	aval_public_key_party(party, &key);
	ck_assert_str_eq(party, vector_text(c, "expect.party"));
	ck_assert_int_eq(aval_public_key_alg(&key), vector_number(c, "expect.alg"));
	free(data);
}

static void run_signature(const struct vector_case *c)
{
	size_t   len, sig_len;
	uint8_t *message = bytes_of(c, "input.message", &len),
		*sig64 = bytes_of(c, "input.signature", &sig_len);
	aval_public_key key;
	aval_error      err = AVAL_ERROR_INIT;

	parse_key(&key, c, "input.key");
	ck_assert_uint_eq(sig_len, 64);
	expect_outcome(c, aval_verify_signature(&key, message, len, sig64, &err), &err);
	free(message);
	free(sig64);
}

static void run_make(const struct vector_case *c)
{
	size_t   len, scalar_len;
	uint8_t *message = bytes_of(c, "input.message", &len),
		*scalar32 = bytes_of(c, "input.secret", &scalar_len);
	uint8_t          sig64[64];
	test_entropy     entropy;
	aval_secret_key *key = NULL;
	aval_signer      signer;
	aval_error       err = AVAL_ERROR_INIT;

	test_entropy_init(&entropy);
	entropy.constant = true;
	entropy.next = 7;
	ck_assert_int_eq(aval_secret_key_from_scalar(&key, (aval_alg)vector_number(c, "input.alg"), scalar32,
	                                             &entropy.entropy, NULL, NULL),
	                 AVAL_OK);
	signer = aval_signer_from_secret_key(key);
	ck_assert_msg(aval_signer_sign(sig64, &signer, message, len, &err) == AVAL_OK, "%s: %s", c->id,
	              err.reason);
	expect_hex(c, "expect.signature", sig64, 64);
	aval_secret_key_free(key);
	free(message);
	free(scalar32);
}

static void run_file(const struct vector_case *c)
{
	const struct vector_field *text = vector_find(c, "input.text");
	char                      *copy = malloc(text->len + 1), pem[AVAL_SECRET_KEY_PEM_MAX_LEN];
	size_t                     pem_len = sizeof pem, out_len = AVAL_PUBLIC_KEY_MAX_LEN;
	uint8_t                    out[AVAL_PUBLIC_KEY_MAX_LEN];
	test_entropy               entropy;
	aval_secret_key           *key = NULL;
	aval_error                 err = AVAL_ERROR_INIT;
	aval_status                status;

	memcpy(copy, text->value, text->len);
	status = aval_secret_key_parse_pem(&key, copy, text->len, test_entropy_init(&entropy), NULL, &err);
	free(copy);
	expect_outcome(c, status, &err);
	if (status != AVAL_OK) {
		ck_assert_ptr_null(key);
		return;
	}
	ck_assert_int_eq(aval_public_key_serialize(out, &out_len, aval_secret_key_public(key), NULL), AVAL_OK);
	expect_hex(c, "expect.key", out, out_len);
	ck_assert_int_eq(aval_secret_key_serialize_pem(pem, &pem_len, key, NULL), AVAL_OK);
	if (vector_find(c, "expect.text") != NULL)
		ck_assert_msg(pem_len == strlen(vector_text(c, "expect.text")) &&
		                      memcmp(pem, vector_text(c, "expect.text"), pem_len) == 0,
		              "%s: wrote\n%.*s", c->id, (int)pem_len, pem);
	aval_secret_key_free(key);
}

static const char *numbered(const char *format, size_t i)
{
	static char name[64];

	snprintf(name, sizeof name, format, i);
	return name;
}

static void expect_signature(const struct vector_case *c, const aval_cose_sign *sign,
                             const aval_cose_signature *s, size_t i)
{
	aval_public_key key;
	aval_status     status;
	char            role[24];

	parse_key(&key, c, numbered("input.keys.%zu", i));
	snprintf(role, sizeof role, "%llu", (unsigned long long)s->signer.role);
	ck_assert_msg(strcmp(role, vector_text(c, numbered("expect.signatures.%zu.role", i))) == 0, "%s: role",
	              c->id);
	ck_assert_msg(
		aval_text_equal_z(s->signer.party, vector_text(c, numbered("expect.signatures.%zu.party", i))),
		"%s: party", c->id);
	ck_assert_int_eq(s->algorithm->alg, vector_number(c, numbered("expect.signatures.%zu.alg", i)));
	status = aval_cose_verify(&sign->body, s, &key, NULL);
	ck_assert_msg(strcmp(aval_status_name(status),
	                     vector_text(c, numbered("expect.signatures.%zu.status", i))) == 0,
	              "%s: signature %zu: %s", c->id, i, aval_status_name(status));
}

static void run_envelope(const struct vector_case *c)
{
	size_t              len, i = 0;
	uint8_t            *data = bytes_of(c, "input.envelope", &len);
	aval_cose_sign      sign, untouched;
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	aval_error          err = AVAL_ERROR_INIT;
	aval_status         status;

	memset(&sign, 0x5a, sizeof sign);
	untouched = sign;
	status = aval_cose_sign_parse(&sign, data, len, vector_text(c, "input.typ"), &err);
	expect_outcome(c, status, &err);
	if (status != AVAL_OK) {
		ck_assert_msg(memcmp(&sign, &untouched, sizeof sign) == 0, "%s: the output was touched", c->id);
		free(data);
		return;
	}
	ck_assert_int_eq((long long)sign.signature_count, vector_number(c, "expect.signatures"));
	while (aval_cose_sign_next(&cursor, &s, &sign))
		expect_signature(c, &sign, &s, i++);
	ck_assert_uint_eq(i, sign.signature_count);
	free(data);
}

static const struct {
	const char *name;
	void (*run)(const struct vector_case *c);
} operations[] = {
	{ "key", run_key },   { "signature", run_signature }, { "make", run_make },
	{ "file", run_file }, { "envelope", run_envelope },
};

START_TEST(test_vector)
{
	const struct vector_case *c = &cose_cases[_i];
	const char               *op = vector_text(c, "input.op");

	for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
		if (strcmp(op, operations[i].name) == 0) {
			operations[i].run(c);
			return;
		}
	}
	ck_abort_msg("%s: no operation %s", c->id, op);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("cose");
	TCase   *tcase = tcase_create("vectors");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_vector, 0, COSE_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
