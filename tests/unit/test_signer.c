/* SPDX-License-Identifier: Apache-2.0 */
/* Secret keys and signers: what they refuse, what they leave behind, and that no signer is believed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto_fixture.h"
#include "failing_allocator.h"
#include "sign/sign.h"

static const uint8_t message[] = "three pallets of sealed bearings";

/* Generating: what entropy does wrong, and the object that comes of a sound one. */
START_TEST(test_generate)
{
	test_entropy     entropy;
	aval_secret_key *key = NULL, *second = NULL;
	aval_error       err = AVAL_ERROR_INIT;
	aval_alg         alg = test_algs[_i];

	test_entropy_init(&entropy);
	ck_assert_int_eq(aval_secret_key_generate(&key, alg, &entropy.entropy, NULL, &err), AVAL_OK);
	ck_assert_int_eq(aval_secret_key_generate(&second, alg, &entropy.entropy, NULL, &err), AVAL_OK);
	ck_assert_int_eq(aval_public_key_alg(aval_secret_key_public(key)), alg);
	ck_assert_mem_ne(aval_secret_key_public(key), aval_secret_key_public(second), sizeof(aval_public_key));
	aval_secret_key_free(second);
	aval_secret_key_free(key);
}
END_TEST

START_TEST(test_generate_with_broken_entropy)
{
	static const uint8_t broken[] = { 0x00, 0xff };
	test_entropy         entropy;
	aval_secret_key     *key = NULL;
	aval_error           err = AVAL_ERROR_INIT;
	aval_alg             alg = test_algs[_i];

	for (size_t i = 0; i < sizeof broken; i++) {
		test_entropy_init(&entropy);
		entropy.constant = true;
		entropy.next = broken[i];
		ck_assert_int_eq(aval_secret_key_generate(&key, alg, &entropy.entropy, NULL, &err),
		                 AVAL_E_KEY_SCALAR);
	}
	/* The number, and then what blinds: each call of the source may fail. */
	for (unsigned fail_at = 1;; fail_at++) {
		aval_status status;

		test_entropy_init(&entropy);
		entropy.fail_at = fail_at;
		status = aval_secret_key_generate(&key, alg, &entropy.entropy, NULL, &err);
		if (status == AVAL_OK) {
			ck_assert_uint_gt(fail_at, 2);
			break;
		}
		ck_assert_int_eq(status, AVAL_E_CALLBACK);
		ck_assert_ptr_null(key);
		if (fail_at == 1)
			ck_assert_int_eq(err.cause, AVAL_E_IO);
	}
	aval_secret_key_free(key);
}
END_TEST

/* A number that is no key is drawn again, and does not show in err. */
START_TEST(test_generate_draws_again)
{
	test_entropy     entropy;
	aval_secret_key *key = NULL;
	aval_error       err = AVAL_ERROR_INIT;

	test_entropy_init(&entropy);
	entropy.first_ff = true;
	ck_assert_int_eq(aval_secret_key_generate(&key, test_algs[_i], &entropy.entropy, NULL, &err), AVAL_OK);
	ck_assert_int_eq(err.status, AVAL_OK);
	ck_assert_uint_eq(key->scalar32[0], 33);
	aval_secret_key_free(key);
}
END_TEST

START_TEST(test_arguments)
{
	test_entropy     entropy;
	aval_entropy     bad = { sizeof bad, NULL, NULL };
	aval_secret_key *key = NULL;
	aval_public_key  none = { { 0 } };
	uint8_t          out[AVAL_PUBLIC_KEY_MAX_LEN], zero[65] = { 0 }, point65[65];
	size_t           len = sizeof out;

	test_entropy_init(&entropy);
	ck_assert_int_eq(aval_secret_key_generate(&key, AVAL_ALG_ES256K, NULL, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_secret_key_generate(&key, AVAL_ALG_ES256K, &bad, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_secret_key_parse_pem(&key, "", 0, &bad, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_secret_key_generate(&key, (aval_alg)-8, &entropy.entropy, NULL, NULL),
	                 AVAL_E_COSE_ALGORITHM);
	ck_assert_int_eq(aval_public_key_alg(&none), 0);
	aval_public_key_point(point65, &none);
	ck_assert_mem_eq(point65, zero, 65);
	ck_assert_int_eq(aval_public_key_serialize(out, &len, &none, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_verify_digest(&none, zero, zero, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_verify_signature(&none, zero, 0, zero, NULL), AVAL_E_INVALID_ARGUMENT);
	aval_secret_key_free(NULL);
}
END_TEST

/* Points as HSMs give them: the form, the curve, and for Schnorr the even one of both. */
START_TEST(test_from_point)
{
	test_entropy     entropy;
	aval_secret_key *key = test_key(test_algs[_i], 9, test_entropy_init(&entropy));
	aval_public_key  again;
	uint8_t          point65[65];

	aval_public_key_point(point65, aval_secret_key_public(key));
	ck_assert_int_eq(aval_public_key_from_point(&again, test_algs[_i], point65, NULL), AVAL_OK);
	ck_assert_mem_eq(&again, aval_secret_key_public(key), sizeof again);
	ck_assert_int_eq(aval_public_key_from_point(&again, (aval_alg)-8, point65, NULL),
	                 AVAL_E_COSE_ALGORITHM);
	for (unsigned form = 0; form < 256; form++) {
		point65[0] = (uint8_t)form;
		ck_assert_int_eq(aval_public_key_from_point(&again, test_algs[_i], point65, NULL),
		                 form == 4 ? AVAL_OK : AVAL_E_KEY_POINT);
	}
	point65[0] = 4;
	point65[64] ^= 1;
	ck_assert_int_eq(aval_public_key_from_point(&again, test_algs[_i], point65, NULL), AVAL_E_KEY_POINT);
	aval_secret_key_free(key);
}
END_TEST

START_TEST(test_schnorr_takes_either_point)
{
	test_entropy     entropy;
	aval_secret_key *key = test_key(AVAL_ALG_SCHNORR, 9, test_entropy_init(&entropy));
	aval_public_key  again;
	uint8_t          point65[65], odd33[33] = { 3 };

	aval_public_key_point(point65, aval_secret_key_public(key));
	memcpy(odd33 + 1, point65 + 1, 32);
	ck_assert(aval_k1_decompress(point65, odd33));
	ck_assert_uint_eq(point65[64] & 1, 1);
	ck_assert_int_eq(aval_public_key_from_point(&again, AVAL_ALG_SCHNORR, point65, NULL), AVAL_OK);
	ck_assert_mem_eq(&again, aval_secret_key_public(key), sizeof again);
	aval_secret_key_free(key);
}
END_TEST

/* Buffers too short for what is written: the need is stored, nothing else. */
START_TEST(test_short_buffers)
{
	test_entropy     entropy;
	aval_secret_key *key = test_key(test_algs[_i], 9, test_entropy_init(&entropy));
	uint8_t          cose[AVAL_PUBLIC_KEY_MAX_LEN] = { 0 };
	char             pem[AVAL_SECRET_KEY_PEM_MAX_LEN] = { 0 };
	size_t           need = 0, len, pem_need = 0;

	ck_assert_int_eq(aval_public_key_serialize(NULL, &need, aval_secret_key_public(key), NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	len = need - 1;
	ck_assert_int_eq(aval_public_key_serialize(cose, &len, aval_secret_key_public(key), NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_uint_eq(cose[0], 0);
	ck_assert_int_eq(aval_public_key_serialize(cose, &len, aval_secret_key_public(key), NULL), AVAL_OK);
	ck_assert_uint_eq(need, test_algs[_i] == AVAL_ALG_SCHNORR  ? AVAL_PUBLIC_KEY_MAX_LEN
	                        : test_algs[_i] == AVAL_ALG_ES256K ? 78
	                                                           : 77);
	ck_assert_int_eq(aval_secret_key_serialize_pem(NULL, &pem_need, key, NULL), AVAL_E_BUFFER_TOO_SMALL);
	len = pem_need - 1;
	ck_assert_int_eq(aval_secret_key_serialize_pem(pem, &len, key, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, pem_need);
	ck_assert_int_eq(pem[0], 0);
	ck_assert_int_eq(aval_secret_key_serialize_pem(pem, &len, key, NULL), AVAL_OK);
	ck_assert_uint_le(pem_need, AVAL_SECRET_KEY_PEM_MAX_LEN);
	aval_secret_key_free(key);
}
END_TEST

/* Every block so far was wiped before it was freed. */
static void expect_wiped(const aval_allocator *allocator)
{
	const failing_allocator *f = allocator->user_data;

	ck_assert_uint_eq(f->dirty, 0);
}

typedef struct alloc_call {
	aval_alg     alg;
	test_entropy entropy;
	char         pem[AVAL_SECRET_KEY_PEM_MAX_LEN];
	size_t       pem_len;
} alloc_call;

static aval_status generate(const aval_allocator *allocator, void *user_data)
{
	alloc_call      *c = user_data;
	aval_secret_key *key = NULL;
	aval_status      status =
		aval_secret_key_generate(&key, c->alg, test_entropy_init(&c->entropy), allocator, NULL);

	ck_assert((key != NULL) == (status == AVAL_OK));
	aval_secret_key_free(key);
	expect_wiped(allocator);
	return status;
}

static aval_status parse_pem(const aval_allocator *allocator, void *user_data)
{
	alloc_call      *c = user_data;
	aval_secret_key *key = NULL;
	aval_status status = aval_secret_key_parse_pem(&key, c->pem, c->pem_len, test_entropy_init(&c->entropy),
	                                               allocator, NULL);

	ck_assert((key != NULL) == (status == AVAL_OK));
	aval_secret_key_free(key);
	expect_wiped(allocator);
	return status;
}

/* Every allocation fails once; every block, of every path, is wiped before it is freed. */
START_TEST(test_failing_allocator)
{
	alloc_call       c = { .alg = test_algs[_i], .pem_len = AVAL_SECRET_KEY_PEM_MAX_LEN };
	aval_secret_key *key = test_key(c.alg, 9, test_entropy_init(&c.entropy));

	ck_assert_int_eq(aval_secret_key_serialize_pem(c.pem, &c.pem_len, key, NULL), AVAL_OK);
	aval_secret_key_free(key);
	ck_assert_uint_eq(failing_allocator_walk("generate", generate, &c), c.alg == AVAL_ALG_ESP256 ? 1 : 2);
	ck_assert_uint_eq(failing_allocator_walk("parse", parse_pem, &c), c.alg == AVAL_ALG_ESP256 ? 1 : 2);
}
END_TEST

/* A key that is refused after it was built is wiped too. */
START_TEST(test_refused_keys_are_wiped)
{
	static const uint8_t other_bit = 1;
	test_entropy         entropy;
	failing_allocator    f;
	aval_secret_key     *key = test_key(test_algs[_i], 9, test_entropy_init(&entropy));
	uint8_t              der[AVAL_PKCS8_MAX_LEN], point65[65];
	char                 pem[512] = "-----BEGIN PRIVATE KEY-----\n";
	size_t               len;

	aval_public_key_point(point65, aval_secret_key_public(key));
	point65[64] ^= other_bit;
	len = aval_pkcs8_serialize(der, aval_algorithm_of(aval_secret_key_public(key))->curve, key->scalar32,
	                           point65);
	aval_base64_encode(pem + strlen(pem), der, len);
	strcat(pem, "\n-----END PRIVATE KEY-----\n");
	aval_secret_key_free(key);
	key = NULL;
	failing_allocator_init(&f, 0);
	ck_assert_int_eq(
		aval_secret_key_parse_pem(&key, pem, strlen(pem), &entropy.entropy, &f.allocator, NULL),
		AVAL_E_KEY_MISMATCH);
	ck_assert_ptr_null(key);
	ck_assert_uint_gt(f.calls, 0);
	ck_assert_uint_eq(f.live, 0);
	ck_assert_uint_eq(f.dirty, 0);
}
END_TEST

/* What a signer does that is not what it should. */
enum behaviour { HONEST, HIGH_S, ANOTHER_MESSAGE, ANOTHER_KEY, NOTHING, RANDOM_BYTES, SWAPPED, REFUSAL };

typedef struct hsm {
	aval_secret_key *key, *other;
	enum behaviour   behaviour;
	unsigned         calls;
} hsm;

static aval_status hsm_sign(uint8_t sig64_out[64], const uint8_t *bytes, size_t len, const uint8_t digest32[32],
                            void *user_data)
{
	hsm                  *h = user_data;
	const aval_algorithm *algorithm = aval_algorithm_of(aval_secret_key_public(h->key));
	uint8_t               digest[32], half[32];
	aval_sha256_ctx       ctx;

	h->calls++;
	if (h->behaviour == REFUSAL)
		return AVAL_E_LIMIT;
	if (h->behaviour == NOTHING)
		return AVAL_OK;
	/* The digest is that of the bytes shown. */
	aval_algorithm_digest_init(algorithm, &ctx);
	aval_sha256_update(&ctx, bytes, len);
	aval_sha256_finish(&ctx, digest);
	ck_assert_mem_eq(digest, digest32, 32);
	digest[0] ^= h->behaviour == ANOTHER_MESSAGE;
	ck_assert_int_eq(algorithm->sign(sig64_out, h->behaviour == ANOTHER_KEY ? h->other : h->key, digest),
	                 AVAL_OK);
	if (h->behaviour == HIGH_S)
		aval_scalar_negate(sig64_out + 32, sig64_out + 32, algorithm->order32);
	if (h->behaviour == RANDOM_BYTES)
		memset(sig64_out, 0x5a, 64);
	if (h->behaviour == SWAPPED) {
		memcpy(half, sig64_out, 32);
		memcpy(sig64_out, sig64_out + 32, 32);
		memcpy(sig64_out + 32, half, 32);
	}
	return AVAL_OK;
}

static const struct {
	const char    *name;
	enum behaviour behaviour;
	aval_status    ecdsa, schnorr;
} behaviours[] = {
	{ "honest", HONEST, AVAL_OK, AVAL_OK },
	{ "high s", HIGH_S, AVAL_OK, AVAL_E_SIGNATURE_INVALID },
	{ "another message", ANOTHER_MESSAGE, AVAL_E_SIGNATURE_INVALID, AVAL_E_SIGNATURE_INVALID },
	{ "another key", ANOTHER_KEY, AVAL_E_SIGNATURE_INVALID, AVAL_E_SIGNATURE_INVALID },
	{ "nothing", NOTHING, AVAL_E_SIGNATURE_INVALID, AVAL_E_SIGNATURE_INVALID },
	{ "random bytes", RANDOM_BYTES, AVAL_E_SIGNATURE_INVALID, AVAL_E_SIGNATURE_INVALID },
	{ "r and s swapped", SWAPPED, AVAL_E_SIGNATURE_INVALID, AVAL_E_SIGNATURE_INVALID },
	{ "refusal", REFUSAL, AVAL_E_CALLBACK, AVAL_E_CALLBACK },
};
enum { BEHAVIOURS = sizeof behaviours / sizeof behaviours[0] };

START_TEST(test_signer_is_not_believed)
{
	aval_alg     alg = test_algs[_i / BEHAVIOURS];
	size_t       row = (size_t)_i % BEHAVIOURS;
	aval_status  want = alg == AVAL_ALG_SCHNORR ? behaviours[row].schnorr : behaviours[row].ecdsa, status;
	test_entropy entropy;
	hsm          h = { test_key(alg, 9, test_entropy_init(&entropy)), test_key(alg, 10, &entropy.entropy),
		           behaviours[row].behaviour, 0 };
	aval_signer  signer = { sizeof signer, *aval_secret_key_public(h.key), hsm_sign, &h };
	uint8_t      sig64[64], untouched[64];
	aval_error   err = AVAL_ERROR_INIT;

	memset(sig64, 0x11, 64);
	memcpy(untouched, sig64, 64);
	status = aval_signer_sign(sig64, &signer, message, sizeof message, &err);
	ck_assert_msg(status == want, "%s: got %s, want %s (%s)", behaviours[row].name,
	              aval_status_name(status), aval_status_name(want), err.reason);
	ck_assert_uint_eq(h.calls, 1);
	if (status == AVAL_OK)
		ck_assert_int_eq(aval_verify_signature(&signer.key, message, sizeof message, sig64, NULL),
		                 AVAL_OK);
	else
		ck_assert_mem_eq(sig64, untouched, 64);
	if (status == AVAL_E_CALLBACK)
		ck_assert_int_eq(err.cause, AVAL_E_LIMIT);
	aval_secret_key_free(h.key);
	aval_secret_key_free(h.other);
}
END_TEST

START_TEST(test_signer_that_is_not_filled_in)
{
	test_entropy     entropy;
	aval_secret_key *key = test_key(AVAL_ALG_ES256K, 9, test_entropy_init(&entropy));
	aval_signer      good = aval_signer_from_secret_key(key), bad;
	uint8_t          sig64[64];

	ck_assert_int_eq(aval_signer_sign(sig64, NULL, message, 1, NULL), AVAL_E_INVALID_ARGUMENT);
	bad = good;
	bad.struct_size = 0;
	ck_assert_int_eq(aval_signer_sign(sig64, &bad, message, 1, NULL), AVAL_E_INVALID_ARGUMENT);
	bad = good;
	bad.sign = NULL;
	ck_assert_int_eq(aval_signer_sign(sig64, &bad, message, 1, NULL), AVAL_E_INVALID_ARGUMENT);
	bad = good;
	memset(&bad.key, 0, sizeof bad.key);
	ck_assert_int_eq(aval_signer_sign(sig64, &bad, message, 1, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_signer_sign(sig64, &good, message, 1, NULL), AVAL_OK);
	aval_secret_key_free(key);
}
END_TEST

/* ECDSA on secp256k1 needs no randomness to sign; where some is needed and does not come, nothing is signed. */
START_TEST(test_signing_without_entropy)
{
	test_entropy     entropy;
	aval_alg         alg = test_algs[_i];
	aval_secret_key *key = test_key(alg, 9, test_entropy_init(&entropy));
	aval_signer      signer = aval_signer_from_secret_key(key);
	uint8_t          sig64[64];
	aval_status      status;
	aval_error       err = AVAL_ERROR_INIT;

	entropy.fail_at = entropy.calls + 1;
	status = aval_signer_sign(sig64, &signer, message, sizeof message, &err);
	if (alg == AVAL_ALG_ES256K) {
		ck_assert_int_eq(status, AVAL_OK);
	} else {
		ck_assert_int_eq(status, AVAL_E_CALLBACK);
		ck_assert_int_eq(err.cause, AVAL_E_CALLBACK);
	}
	aval_secret_key_free(key);
}
END_TEST

/* ECDSA nonces come of key and message, so randomness changes nothing; Schnorr's are fresh. */
START_TEST(test_nonces)
{
	test_entropy     entropy;
	aval_alg         alg = test_algs[_i];
	aval_secret_key *key = test_key(alg, 9, test_entropy_init(&entropy));
	aval_signer      signer = aval_signer_from_secret_key(key);
	uint8_t          first[64], second[64];

	ck_assert_int_eq(aval_signer_sign(first, &signer, message, sizeof message, NULL), AVAL_OK);
	ck_assert_int_eq(aval_signer_sign(second, &signer, message, sizeof message, NULL), AVAL_OK);
	ck_assert_int_eq(memcmp(first, second, 64) == 0, alg != AVAL_ALG_SCHNORR);
	aval_secret_key_free(key);
}
END_TEST

/* The numbers around a bound, and around half of it. */
START_TEST(test_scalars)
{
	static const uint8_t zero[32], one[32] = { [31] = 1 };
	const uint8_t       *order32 = _i == 0 ? aval_k1_order32 : aval_p256_order32;
	uint8_t              n[32], half[32];
	unsigned             carry = 0;

	ck_assert(!aval_scalar_in_range(zero, order32));
	ck_assert(aval_scalar_in_range(one, order32));
	ck_assert(!aval_scalar_in_range(order32, order32));
	aval_scalar_negate(n, one, order32);
	ck_assert(aval_scalar_in_range(n, order32) && aval_scalar_is_high(n, order32));
	aval_scalar_negate(n, n, order32);
	ck_assert_mem_eq(n, one, 32);
	for (size_t i = 0; i < 32; i++) {
		half[i] = (uint8_t)(order32[i] >> 1 | carry << 7);
		carry = order32[i] & 1;
	}
	ck_assert(!aval_scalar_is_high(half, order32));
	half[31]++;
	ck_assert(aval_scalar_is_high(half, order32));
	memset(n, 0xff, 32);
	ck_assert(!aval_scalar_in_range(n, order32));
}
END_TEST

/* RFC 9679, the example of an EC2 key: the thumbprint of a point on P-256. */
START_TEST(test_thumbprint)
{
	uint8_t         point65[65], want32[32], thumbprint32[32];
	aval_public_key key;

	from_hex(point65, 65,
	         "04"
	         "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"
	         "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c");
	from_hex(want32, 32, "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec");
	ck_assert_int_eq(aval_public_key_from_point(&key, AVAL_ALG_ESP256, point65, NULL), AVAL_OK);
	aval_public_key_thumbprint(thumbprint32, &key);
	ck_assert_mem_eq(thumbprint32, want32, 32);
}
END_TEST

/* RFC 6979, A.2.5: P-256, SHA-256, two messages; s as it stands there or its low form. */
START_TEST(test_rfc6979)
{
	static const struct {
		const char *text, *r, *s;
	} facts[] = {
		{ "sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
		  "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8" },
		{ "test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
		  "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083" },
	};
	test_entropy     entropy;
	aval_secret_key *key = NULL;
	aval_signer      signer;
	uint8_t          scalar32[32], want64[64], sig64[64];

	from_hex(scalar32, 32, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
	ck_assert_int_eq(aval_secret_key_from_scalar(&key, AVAL_ALG_ESP256, scalar32,
	                                             test_entropy_init(&entropy), NULL, NULL),
	                 AVAL_OK);
	signer = aval_signer_from_secret_key(key);
	from_hex(want64, 32, facts[_i].r);
	from_hex(want64 + 32, 32, facts[_i].s);
	aval_signature_normalize(aval_algorithm_find(AVAL_ALG_ESP256), want64);
	ck_assert_int_eq(
		aval_signer_sign(sig64, &signer, (const uint8_t *)facts[_i].text, strlen(facts[_i].text), NULL),
		AVAL_OK);
	ck_assert_mem_eq(sig64, want64, 64);
	aval_secret_key_free(key);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("signer");
	TCase   *tcase = tcase_create("signer");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_generate, 0, TEST_ALGS);
	tcase_add_loop_test(tcase, test_generate_with_broken_entropy, 0, TEST_ALGS);
	tcase_add_loop_test(tcase, test_generate_draws_again, 0, 2);
	tcase_add_test(tcase, test_arguments);
	tcase_add_loop_test(tcase, test_from_point, 0, TEST_ALGS);
	tcase_add_test(tcase, test_schnorr_takes_either_point);
	tcase_add_loop_test(tcase, test_short_buffers, 0, TEST_ALGS);
	tcase_add_loop_test(tcase, test_failing_allocator, 0, TEST_ALGS);
	tcase_add_loop_test(tcase, test_refused_keys_are_wiped, 0, TEST_ALGS - 1);
	tcase_add_loop_test(tcase, test_signer_is_not_believed, 0, TEST_ALGS * BEHAVIOURS);
	tcase_add_test(tcase, test_signer_that_is_not_filled_in);
	tcase_add_loop_test(tcase, test_signing_without_entropy, 0, TEST_ALGS);
	tcase_add_loop_test(tcase, test_nonces, 0, TEST_ALGS);
	tcase_add_loop_test(tcase, test_scalars, 0, 2);
	tcase_add_test(tcase, test_thumbprint);
	tcase_add_loop_test(tcase, test_rfc6979, 0, 2);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
