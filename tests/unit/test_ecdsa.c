/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA at its edges, on both curves, by vectors of another program: numbers, keys, sums, and DER that is none.
 */
#include <check.h>
#include <stdlib.h>

#include "crypto_fixture.h"
#include "vectors.h"

#include "ecdsa.vectors.h"

static aval_status verify(const struct vector_case *c)
{
	aval_public_key key;
	size_t          point_len, message_len, signature_len;
	uint8_t        *point = vector_hex(c, "input.point", &point_len);
	uint8_t        *message = vector_hex(c, "input.message", &message_len);
	uint8_t        *signature = vector_hex(c, "input.signature", &signature_len);
	aval_alg        alg = (aval_alg)vector_number(c, "input.alg");
	aval_status     status;

	ck_assert_uint_eq(point_len, 65);
	ck_assert_uint_eq(signature_len, 64);
	status = aval_public_key_from_point(&key, alg, point, NULL);
	if (status == AVAL_OK)
		status = aval_verify_signature(&key, message, message_len, signature, NULL);
	free(point);
	free(message);
	free(signature);
	return status;
}

/* Decoded, or not; what is decoded is encoded to the same bytes. */
static void decode(const struct vector_case *c)
{
	size_t   der_len, want_len;
	uint8_t *der = vector_hex(c, "input.der", &der_len);
	uint8_t *want = vector_hex(c, "expect.signature", &want_len);
	uint8_t  sig64[64], again[AVAL_ECDSA_DER_MAX_LEN];
	bool     decoded = aval_ecdsa_der_decode(sig64, der, der_len);

	ck_assert_msg(decoded == (want_len != 0), "%s: %s", c->id, decoded ? "decoded" : "not decoded");
	if (decoded) {
		ck_assert_msg(want_len == 64 && memcmp(sig64, want, 64) == 0, "%s: another signature", c->id);
		ck_assert_uint_eq(aval_ecdsa_der_encode(again, sig64), der_len);
		ck_assert_mem_eq(again, der, der_len);
	}
	free(der);
	free(want);
}

START_TEST(vector)
{
	const struct vector_case *c = &ecdsa_cases[_i];
	aval_status               got;

	if (vector_find(c, "input.der") != NULL) {
		decode(c);
		return;
	}
	got = verify(c);
	ck_assert_msg(strcmp(aval_status_name(got), vector_text(c, "expect.status")) == 0,
	              "%s: got %s, want %s", c->id, aval_status_name(got), vector_text(c, "expect.status"));
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("ecdsa");
	TCase   *tcase = tcase_create("ecdsa");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, vector, 0, ECDSA_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
