/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes: signing in any order, reading, verifying. */
#include <check.h>
#include <stdlib.h>

#include "cose/cose.h"
#include "crypto_fixture.h"

#define TYP "application/test"

typedef struct envelope {
	uint8_t        data[2048];
	size_t         len;
	aval_cose_sign sign;
} envelope;

/* Sign as role of a party, the first time or once more, and parse what came out. */
static void sign(envelope *out, const envelope *in, aval_secret_key *key, uint64_t role)
{
	aval_signer      signer = aval_signer_from_secret_key(key);
	aval_cose_signer as = { role, aval_text_z("vat:DE123456789") };
	aval_bytes       payload = { (const uint8_t *)"payload", 7 };
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      status;

	out->len = sizeof out->data;
	if (in == NULL)
		status = aval_cose_sign_new(out->data, &out->len, TYP, payload, &as, &signer, NULL, &err);
	else
		status = aval_cose_sign_add(out->data, &out->len, &in->sign, &as, &signer, NULL, &err);
	ck_assert_msg(status == AVAL_OK, "%s: %s", aval_status_name(status), err.reason);
	status = aval_cose_sign_parse(&out->sign, out->data, out->len, TYP, &err);
	ck_assert_msg(status == AVAL_OK, "%s: %s", aval_status_name(status), err.reason);
}

/* Whatever the order of signing, the bytes are the same, and every signature is its key's alone. */
START_TEST(test_signing_commutes)
{
	static const unsigned orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	test_entropy          entropy;
	aval_secret_key      *keys[TEST_ALGS];
	envelope              first, made[3];
	size_t                verified = 0;

	test_entropy_init(&entropy);
	entropy.constant = true;
	for (unsigned i = 0; i < TEST_ALGS; i++)
		keys[i] = test_key(test_algs[i], 5, &entropy.entropy);
	for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++) {
		for (unsigned i = 0; i < 3; i++)
			sign(&made[i], i == 0 ? NULL : &made[i - 1], keys[orders[o][i]], orders[o][i] + 1);
		if (o == 0)
			first = made[2];
		ck_assert_uint_eq(made[2].len, first.len);
		ck_assert_mem_eq(made[2].data, first.data, first.len);
	}
	for (unsigned i = 0; i < TEST_ALGS; i++) {
		aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
		aval_cose_signature s;

		while (aval_cose_sign_next(&cursor, &s, &made[2].sign))
			verified += aval_cose_verify(&made[2].sign.body, &s, aval_secret_key_public(keys[i]), NULL) == AVAL_OK;
	}
	ck_assert_uint_eq(verified, TEST_ALGS);
	for (unsigned i = 0; i < TEST_ALGS; i++)
		aval_secret_key_free(keys[i]);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("cose");
	TCase   *tcase = tcase_create("cose");
	SRunner *runner;
	int      failed;

	tcase_add_test(tcase, test_signing_commutes);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
