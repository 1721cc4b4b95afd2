/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wycheproof's suite for ECDSA on P-256. What it says decides, but for two rules of ours, as on secp256k1: a
 * signature has 64 bytes, and one whose s is high is refused by its own status, while its low twin is what the
 * suite says of it.
 */
#include <check.h>
#include <stdlib.h>

#include <aval/key.h>

#include "cose/cose.h"
#include "crypto_fixture.h"
#include "vectors.h"

#include "wycheproof-p256.vectors.h"

/* How many cases each rule decides. */
enum { CASES = 262, GOOD = 103, HIGH = 79, HIGH_OF_GOOD = 70, BAD = 59, OF_OTHER_LENGTH = 21 };

static const uint8_t order32[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};

/* order - number, and whether that is no negative number. */
static bool subtract_from_order(uint8_t out32[32], const uint8_t number32[32])
{
	int borrow = 0;

	for (int i = 31; i >= 0; i--) {
		int digit = order32[i] - number32[i] - borrow;

		borrow = digit < 0;
		out32[i] = (uint8_t)digit;
	}
	return borrow == 0;
}

static bool is_number(const uint8_t number32[32])
{
	static const uint8_t zero32[32] = { 0 };
	uint8_t              rest32[32];

	return memcmp(number32, zero32, 32) != 0 && subtract_from_order(rest32, number32) &&
	       memcmp(rest32, zero32, 32) != 0;
}

/* Both are numbers of the curve, and s is above its half: its negative is less. */
static bool is_high(const uint8_t sig64[64])
{
	uint8_t negative32[32];

	return is_number(sig64) && is_number(sig64 + 32) && subtract_from_order(negative32, sig64 + 32) &&
	       memcmp(negative32, sig64 + 32, 32) < 0;
}

typedef struct sample {
	aval_public_key key;
	uint8_t        *message, *signature;
	size_t          message_len, signature_len;
	bool            is_valid;
} sample;

static sample sample_of(const struct vector_case *c)
{
	const char *verdict = vector_text(c, "expect.verdict");
	size_t      point_len;
	uint8_t    *point = vector_hex(c, "input.point", &point_len);
	sample      s;

	ck_assert_uint_eq(point_len, 65);
	ck_assert_msg(strcmp(verdict, "valid") == 0 || strcmp(verdict, "invalid") == 0, "%s: %s", c->id,
	              verdict);
	ck_assert_msg(aval_public_key_from_point(&s.key, AVAL_ALG_ESP256, point, NULL) == AVAL_OK,
	              "%s: the key", c->id);
	free(point);
	s.message = vector_hex(c, "input.message", &s.message_len);
	s.signature = vector_hex(c, "input.signature", &s.signature_len);
	s.is_valid = strcmp(verdict, "valid") == 0;
	return s;
}

static void clear(sample *s)
{
	free(s->message);
	free(s->signature);
}

static aval_status expected(const sample *s)
{
	if (s->signature_len != AVAL_SIGNATURE_LEN)
		return AVAL_E_SIGNATURE_LENGTH;
	if (is_high(s->signature))
		return AVAL_E_SIGNATURE_HIGH_S;
	return s->is_valid ? AVAL_OK : AVAL_E_SIGNATURE_INVALID;
}

/* Another length cannot be handed to aval_verify_signature(); it is met in a COSE_Sign1. */
static aval_status verify_in_envelope(const sample *s)
{
	static const uint8_t begin[] = { 0xd2, 0x84, 0x43, 0xa1, 0x01, 0x28, 0xa0 }; /* alg is ESP256 */
	uint8_t              bytes[600];
	aval_cbor_writer     w;
	aval_cose_sign1      sign1;
	size_t               len;
	aval_status          status;

	aval_cbor_writer_init(&w, bytes, sizeof bytes);
	aval_cbor_write_raw(&w, begin, sizeof begin);
	aval_cbor_write_bytes(&w, s->message, s->message_len);
	aval_cbor_write_bytes(&w, s->signature, s->signature_len);
	ck_assert_int_eq(aval_cbor_writer_finish(&w, &len, NULL), AVAL_OK);
	status = aval_cose_sign1_parse(&sign1, bytes, len, NULL);
	if (status == AVAL_OK)
		status = aval_cose_sign1_verify(&sign1, (aval_bytes){ NULL, 0 }, &s->key, NULL);
	return status;
}

static aval_status verify(const sample *s)
{
	if (s->signature_len != AVAL_SIGNATURE_LEN)
		return verify_in_envelope(s);
	return aval_verify_signature(&s->key, s->message, s->message_len, s->signature, NULL);
}

START_TEST(vector)
{
	const struct vector_case *c = &wycheproof_p256_cases[_i];
	sample                    s = sample_of(c);
	aval_status               want = expected(&s), got = verify(&s);

	ck_assert_msg(got == want, "%s: got %s, want %s", c->id, aval_status_name(got), aval_status_name(want));
	if (want == AVAL_E_SIGNATURE_HIGH_S) {
		(void)subtract_from_order(s.signature + 32, s.signature + 32);
		want = s.is_valid ? AVAL_OK : AVAL_E_SIGNATURE_INVALID;
		got = verify(&s);
		ck_assert_msg(got == want, "%s, its low twin: got %s, want %s", c->id, aval_status_name(got),
		              aval_status_name(want));
	}
	clear(&s);
}
END_TEST

START_TEST(counts)
{
	size_t good = 0, high = 0, high_of_good = 0, bad = 0, of_other_length = 0;

	for (size_t i = 0; i < WYCHEPROOF_P256_COUNT; i++) {
		sample      s = sample_of(&wycheproof_p256_cases[i]);
		aval_status want = expected(&s);

		good += want == AVAL_OK;
		high += want == AVAL_E_SIGNATURE_HIGH_S;
		high_of_good += want == AVAL_E_SIGNATURE_HIGH_S && s.is_valid;
		bad += want == AVAL_E_SIGNATURE_INVALID;
		of_other_length += want == AVAL_E_SIGNATURE_LENGTH;
		ck_assert_msg(want != AVAL_E_SIGNATURE_LENGTH || !s.is_valid,
		              "%s: valid, and of another length", wycheproof_p256_cases[i].id);
		clear(&s);
	}
	ck_assert_uint_eq(WYCHEPROOF_P256_COUNT, CASES);
	ck_assert_uint_eq(good, GOOD);
	ck_assert_uint_eq(high, HIGH);
	ck_assert_uint_eq(high_of_good, HIGH_OF_GOOD);
	ck_assert_uint_eq(bad, BAD);
	ck_assert_uint_eq(of_other_length, OF_OTHER_LENGTH);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("wycheproof");
	TCase   *tcase = tcase_create("p256");
	SRunner *runner;
	int      failed;

	tcase_add_test(tcase, counts);
	tcase_add_loop_test(tcase, vector, 0, WYCHEPROOF_P256_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
