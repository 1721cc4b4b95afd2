/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes as a whole: signing in any order, who is missing, every flipped bit, and COSE_Sign1 of other
 * makers. */
#include <check.h>
#include <stdlib.h>

#include "cose/cose.h"
#include "crypto_fixture.h"
#include "failing_allocator.h"

#define TYP   "application/test"
#define PARTY "vat:DE123456789"

static const uint8_t    payload_bytes[] = "payload";
static const aval_bytes payload = { payload_bytes, sizeof payload_bytes };

typedef struct envelope {
	uint8_t        data[2048];
	size_t         len;
	aval_cose_sign sign;
} envelope;

/* Sign as a role, the first time (in is NULL) or once more, and parse what came out. */
static void sign(envelope *out, const envelope *in, aval_secret_key *key, uint64_t role)
{
	aval_signer      signer = aval_signer_from_secret_key(key);
	aval_cose_signer as = { role, aval_text_z(PARTY) };
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      status;

	out->len = sizeof out->data;
	if (in == NULL)
		status = aval_cose_sign_new(out->data, &out->len, TYP, payload, &as, &signer, NULL, &err);
	else
		status = aval_cose_sign_add(out->data, &out->len, &in->sign, &as, &signer, NULL, &err);
	ck_assert_msg(status == AVAL_OK, "%s: %s", aval_status_name(status), err.reason);
	ck_assert_int_eq(err.status, AVAL_OK); /* untouched on success */
	status = aval_cose_sign_parse(&out->sign, out->data, out->len, TYP, &err);
	ck_assert_msg(status == AVAL_OK, "%s: %s", aval_status_name(status), err.reason);
}

static void make_keys(aval_secret_key *keys[TEST_ALGS], test_entropy *entropy)
{
	test_entropy_init(entropy);
	entropy->constant = true;
	for (unsigned i = 0; i < TEST_ALGS; i++)
		keys[i] = test_key(test_algs[i], 5, &entropy->entropy);
}

static void free_keys(aval_secret_key *keys[TEST_ALGS])
{
	for (unsigned i = 0; i < TEST_ALGS; i++)
		aval_secret_key_free(keys[i]);
}

/* Whether every signature verifies with the one key of its algorithm. */
static aval_status verify_all(const aval_cose_sign *s, aval_secret_key *keys[TEST_ALGS])
{
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature signature;
	size_t              count = 0;

	while (aval_cose_sign_next(&cursor, &signature, s)) {
		aval_status status = AVAL_E_NOT_FOUND;

		for (unsigned i = 0; i < TEST_ALGS; i++)
			if (test_algs[i] == signature.algorithm->alg)
				status = aval_cose_verify(&s->body, &signature, aval_secret_key_public(keys[i]),
				                          NULL);
		if (status != AVAL_OK)
			return status;
		count++;
	}
	ck_assert_uint_eq(count, s->signature_count);
	return AVAL_OK;
}

/* Whatever the order of signing, the bytes are the same, and every signature holds. */
START_TEST(test_signing_commutes)
{
	static const unsigned orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		                              { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	test_entropy          entropy;
	aval_secret_key      *keys[TEST_ALGS];
	envelope              first, made[3];

	make_keys(keys, &entropy);
	for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++) {
		for (unsigned i = 0; i < 3; i++)
			sign(&made[i], i == 0 ? NULL : &made[i - 1], keys[orders[o][i]], orders[o][i] + 1);
		if (o == 0)
			first = made[2];
		ck_assert_uint_eq(made[2].len, first.len);
		ck_assert_mem_eq(made[2].data, first.data, first.len);
	}
	ck_assert_int_eq(verify_all(&made[2].sign, keys), AVAL_OK);
	free_keys(keys);
}
END_TEST

/* Two sign the same draft apart; either one's signature goes into the other's envelope. */
START_TEST(test_insert)
{
	test_entropy        entropy;
	aval_secret_key    *keys[TEST_ALGS];
	envelope            base, left, right, joined;
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	size_t              inserted = 0;

	make_keys(keys, &entropy);
	sign(&base, NULL, keys[0], 1);
	sign(&left, &base, keys[1], 2);
	sign(&right, &base, keys[2], 3);
	while (aval_cose_sign_next(&cursor, &s, &right.sign)) {
		aval_status status;

		joined.len = sizeof joined.data;
		status = aval_cose_sign_insert(joined.data, &joined.len, &left.sign.body, &left.sign, s.header,
		                               s.signature, NULL);
		ck_assert_int_eq(status, s.signer.role == 3 ? AVAL_OK : AVAL_E_COSE_ORDER);
		inserted += status == AVAL_OK;
		if (status == AVAL_OK)
			ck_assert_int_eq(aval_cose_sign_parse(&joined.sign, joined.data, joined.len, TYP, NULL),
			                 AVAL_OK);
	}
	ck_assert_uint_eq(inserted, 1);
	ck_assert_uint_eq(joined.sign.signature_count, 3);
	ck_assert_int_eq(verify_all(&joined.sign, keys), AVAL_OK);
	free_keys(keys);
}
END_TEST

/* The same key, role and party under the algorithm's other number is the same signer. */
START_TEST(test_insert_by_another_number)
{
	test_entropy        entropy;
	aval_secret_key    *keys[TEST_ALGS];
	envelope            base, out;
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	uint8_t             header[AVAL_COSE_HEADER_MAX_LEN];
	size_t              role_at;

	make_keys(keys, &entropy);
	sign(&base, NULL, keys[1], 1);
	ck_assert(aval_cose_sign_next(&cursor, &s, &base.sign));
	memcpy(header, s.header.data, s.header.len);
	ck_assert_uint_eq(header[2], 0x28);
	header[2] = 0x26;
	out.len = sizeof out.data;
	ck_assert_int_eq(aval_cose_sign_insert(out.data, &out.len, &base.sign.body, &base.sign,
	                                       (aval_bytes){ header, s.header.len }, s.signature, NULL),
	                 AVAL_E_COSE_ORDER);
	role_at = s.header.len - sizeof PARTY - 1;
	ck_assert_uint_eq(header[role_at], 1);
	header[role_at] = 2;
	ck_assert_int_eq(aval_cose_sign_insert(out.data, &out.len, &base.sign.body, &base.sign,
	                                       (aval_bytes){ header, s.header.len }, s.signature, NULL),
	                 AVAL_OK);
	ck_assert_int_eq(aval_cose_sign_parse(&out.sign, out.data, out.len, TYP, NULL), AVAL_OK);
	free_keys(keys);
}
END_TEST

/* A signer that must not be asked. */
static aval_status never(uint8_t sig64_out[64], const uint8_t *message, size_t len, const uint8_t digest32[32],
                         void *user_data)
{
	(void)sig64_out;
	(void)message;
	(void)len;
	(void)digest32;
	(void)user_data;
	ck_abort_msg("the signer was asked");
	return AVAL_E_LIMIT;
}

/* What is refused before the signer is asked, who may want a person to press a key. */
START_TEST(test_signer_is_asked_last)
{
	test_entropy     entropy;
	aval_secret_key *keys[TEST_ALGS];
	envelope         base;
	uint8_t          out[2048];
	char             long_party[AVAL_PARTY_MAX_LEN + 1], long_typ[AVAL_COSE_TYP_MAX_LEN + 16];
	size_t           len = 0, need;
	aval_cose_signer as = { 1, aval_text_z(PARTY) }, next = { 2, as.party };
	aval_signer      signer;

	make_keys(keys, &entropy);
	sign(&base, NULL, keys[0], 1);
	signer = (aval_signer){ sizeof signer, *aval_secret_key_public(keys[0]), never, NULL };
	len = sizeof out;
	ck_assert_int_eq(aval_cose_sign_add(out, &len, &base.sign, &as, &signer, NULL, NULL),
	                 AVAL_E_COSE_ORDER);
	ck_assert_int_eq(aval_cose_sign_add(NULL, &len, &base.sign, &next, &signer, NULL, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	need = len--;
	memset(out, 0x5a, sizeof out);
	ck_assert_int_eq(aval_cose_sign_add(out, &len, &base.sign, &next, &signer, NULL, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_uint_eq(out[0], 0x5a);
	memset(long_party, 'x', sizeof long_party);
	next.party = (aval_text){ long_party, sizeof long_party };
	ck_assert_int_eq(aval_cose_sign_add(out, &len, &base.sign, &next, &signer, NULL, NULL),
	                 AVAL_E_PARTY_FORMAT);
	next.party.len = 0;
	ck_assert_int_eq(aval_cose_sign_add(out, &len, &base.sign, &next, &signer, NULL, NULL),
	                 AVAL_E_PARTY_FORMAT);
	memset(long_typ, 'x', sizeof long_typ);
	long_typ[sizeof long_typ - 1] = '\0';
	ck_assert_int_eq(aval_cose_sign_new(out, &len, long_typ, payload, &as, &signer, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	signer.sign = NULL;
	ck_assert_int_eq(aval_cose_sign_add(out, &len, &base.sign, &as, &signer, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	free_keys(keys);
}
END_TEST

/* A signer that fails or lies leaves the output alone. */
START_TEST(test_output_is_untouched)
{
	test_entropy     entropy;
	aval_secret_key *keys[TEST_ALGS];
	uint8_t          out[512], untouched[512];
	size_t           len = sizeof out;
	aval_cose_signer as = { 1, aval_text_z(PARTY) };
	aval_signer      signer;

	make_keys(keys, &entropy);
	memset(out, 0x5a, sizeof out);
	memcpy(untouched, out, sizeof out);
	signer = aval_signer_from_secret_key(keys[2]);
	entropy.fail_at = entropy.calls + 1;
	ck_assert_int_eq(aval_cose_sign_new(out, &len, TYP, payload, &as, &signer, NULL, NULL),
	                 AVAL_E_CALLBACK);
	signer = aval_signer_from_secret_key(keys[0]);
	signer.key = *aval_secret_key_public(keys[1]);
	ck_assert_int_eq(aval_cose_sign_new(out, &len, TYP, payload, &as, &signer, NULL, NULL),
	                 AVAL_E_SIGNATURE_INVALID);
	ck_assert_mem_eq(out, untouched, sizeof out);
	ck_assert_uint_eq(len, sizeof out);
	free_keys(keys);
}
END_TEST

static aval_status sign_call(const aval_allocator *allocator, void *user_data)
{
	aval_secret_key **keys = user_data;
	aval_signer       signer = aval_signer_from_secret_key(keys[0]);
	aval_cose_signer  as = { 1, aval_text_z(PARTY) };
	uint8_t           out[512];
	size_t            len = sizeof out;

	return aval_cose_sign_new(out, &len, TYP, payload, &as, &signer, allocator, NULL);
}

START_TEST(test_failing_allocator)
{
	test_entropy     entropy;
	aval_secret_key *keys[TEST_ALGS];

	make_keys(keys, &entropy);
	ck_assert_uint_eq(failing_allocator_walk("sign", sign_call, keys), 1);
	free_keys(keys);
}
END_TEST

/* Who has signed of those who should, and who should not. */
START_TEST(test_queries)
{
	test_entropy           entropy;
	aval_secret_key       *keys[TEST_ALGS];
	envelope               one, two, three;
	const aval_cose_signer expected[] = { { 1, aval_text_z(PARTY) },
		                              { 2, aval_text_z(PARTY) },
		                              { 2, aval_text_z("vat:DE000000000") } };
	size_t                 index = 0;
	aval_error             err = AVAL_ERROR_INIT;

	make_keys(keys, &entropy);
	sign(&one, NULL, keys[0], 1);
	sign(&two, &one, keys[1], 2);
	sign(&three, &two, keys[0], 2);
	ck_assert(aval_cose_sign_missing(&index, &one.sign, expected, 3));
	ck_assert_uint_eq(index, 1);
	index = 2;
	ck_assert(aval_cose_sign_missing(&index, &one.sign, expected, 3));
	ck_assert_uint_eq(index, 2);
	index = 0;
	ck_assert(!aval_cose_sign_missing(&index, &two.sign, expected, 2));
	ck_assert_int_eq(aval_cose_sign_check_expected(&two.sign, expected, 2, &err), AVAL_OK);
	ck_assert_int_eq(aval_cose_sign_check_expected(&two.sign, expected, 1, &err), AVAL_E_SIGNER_UNEXPECTED);
	ck_assert_int_eq(two.data[err.offset], 0x83);
	ck_assert_int_eq(aval_cose_sign_check_expected(&two.sign, expected + 2, 1, &err),
	                 AVAL_E_SIGNER_UNEXPECTED);
	ck_assert_int_eq(aval_cose_sign_check_expected(&two.sign, NULL, 0, &err), AVAL_E_SIGNER_UNEXPECTED);
	ck_assert_uint_eq(aval_cose_sign_count(&three.sign, &expected[0]), 1);
	ck_assert_uint_eq(aval_cose_sign_count(&three.sign, &expected[1]), 2);
	ck_assert_uint_eq(aval_cose_sign_count(&three.sign, &expected[2]), 0);
	free_keys(keys);
}
END_TEST

/* Parse, and verify all signatures as a reader does who knows the keys. */
static aval_status accept(const uint8_t *data, size_t len, aval_secret_key *keys[TEST_ALGS])
{
	aval_cose_sign s;
	aval_status    status = aval_cose_sign_parse(&s, data, len, TYP, NULL);

	if (status == AVAL_OK && s.signature_count != 2)
		return AVAL_E_SIGNER_MISSING;
	return status == AVAL_OK ? verify_all(&s, keys) : status;
}

START_TEST(test_every_bit_and_every_length)
{
	test_entropy     entropy;
	aval_secret_key *keys[TEST_ALGS];
	envelope         one, two;
	uint8_t         *copy;

	make_keys(keys, &entropy);
	/* Once with each pair of algorithms. */
	sign(&one, NULL, keys[_i], 1);
	sign(&two, &one, keys[(_i + 1) % TEST_ALGS], 2);
	ck_assert_int_eq(accept(two.data, two.len, keys), AVAL_OK);
	for (size_t bit = 0; bit < 8 * two.len; bit++) {
		two.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_msg(accept(two.data, two.len, keys) != AVAL_OK, "bit %zu of %zu bytes", bit, two.len);
		two.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len < two.len; len++) {
		copy = malloc(len + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, two.data, len);
		ck_assert_msg(accept(copy, len, keys) != AVAL_OK, "%zu of %zu bytes", len, two.len);
		free(copy);
	}
	free_keys(keys);
}
END_TEST

/* COSE_Sign1 of other makers. */

enum { SIGN1_CAP = 512 };

typedef struct sign1_case {
	const char *name;
	const char *header;      /* hexadecimal */
	const char *unprotected; /* hexadecimal */
	const char *payload;     /* hexadecimal, with its head */
	aval_status status;
} sign1_case;

static const sign1_case sign1_cases[] = {
	{ "embedded", "a10126", "a0", "43616263", AVAL_OK },
	{ "detached", "a10126", "a0", "f6", AVAL_OK },
	{ "labels out of order", "a204414b0126", "a0", "43616263", AVAL_OK },
	{ "label in a long head", "a1180126", "a0", "43616263", AVAL_OK },
	{ "alg in a long head", "a1013806", "a0", "43616263", AVAL_OK },
	{ "unprotected content", "a10126", "a204414b19018ba12081420102", "43616263", AVAL_OK },
	{ "text labels, floats", "a20126616bf93c00", "a1617af7", "43616263", AVAL_OK },
	{ "alg twice", "a201260126", "a0", "43616263", AVAL_E_CBOR_KEY_DUPLICATE },
	{ "alg in both headers", "a10126", "a10126", "43616263", AVAL_E_CBOR_KEY_DUPLICATE },
	{ "alg twice in two forms", "a20126180126", "a0", "43616263", AVAL_E_CBOR_KEY_DUPLICATE },
	{ "a text label twice", "a30126616b00616b00", "a0", "43616263", AVAL_E_CBOR_KEY_DUPLICATE },
	{ "unprotected twice", "a10126", "a204000400", "43616263", AVAL_E_CBOR_KEY_DUPLICATE },
	{ "alg unprotected alone", "a0", "a10126", "43616263", AVAL_E_COSE_HEADER },
	{ "no header", "", "a10126", "43616263", AVAL_E_COSE_HEADER },
	{ "crit", "a2012602810f", "a0", "43616263", AVAL_E_UNSUPPORTED },
	{ "alg as text", "a10162455a", "a0", "43616263", AVAL_E_CBOR_TYPE },
	{ "header not a map", "80", "a0", "43616263", AVAL_E_CBOR_TYPE },
	{ "bytes behind the header", "a1012600", "a0", "43616263", AVAL_E_CBOR_TRAILING },
	{ "unprotected not a map", "a10126", "80", "43616263", AVAL_E_CBOR_TYPE },
	{ "payload as text", "a10126", "a0", "63616263", AVAL_E_CBOR_TYPE },
	{ "payload false", "a10126", "a0", "f4", AVAL_E_CBOR_TYPE },
	{ "another alg", "a1012e", "a0", "43616263", AVAL_E_COSE_ALGORITHM },
	{ "a label in a tag", "a201 26c10000", "a0", "43616263", AVAL_E_CBOR_TYPE },
};
enum { SIGN1_CASES = sizeof sign1_cases / sizeof sign1_cases[0] };

static void strip(char *out, const char *hex)
{
	for (; *hex != '\0'; hex++)
		if (*hex != ' ')
			*out++ = *hex;
	*out = '\0';
}

static size_t raw_of(uint8_t *out, const char *hex)
{
	char clean[128];

	strip(clean, hex);
	return from_hex(out, SIGN1_CAP, clean);
}

/* Tag 18 and the four items. The signature is over abc, s as asked for. */
static size_t write_sign1(uint8_t out[SIGN1_CAP], const sign1_case *c, aval_secret_key *key, bool high,
                          uint64_t tag, size_t sig_len)
{
	const aval_algorithm *algorithm = aval_algorithm_of(aval_secret_key_public(key));
	aval_cbor_writer      w;
	aval_sha256_ctx       ctx;
	uint8_t               header[SIGN1_CAP], raw[SIGN1_CAP], digest32[32], sig[72] = { 0 };
	size_t                header_len = raw_of(header, c->header), len;

	aval_cose_hasher_init(&w, &ctx, algorithm);
	aval_cbor_write_array(&w, 4);
	aval_cbor_write_text_z(&w, "Signature1");
	aval_cbor_write_bytes(&w, header, header_len);
	aval_cbor_write_bytes(&w, NULL, 0);
	aval_cbor_write_bytes(&w, (const uint8_t *)"abc", 3);
	aval_sha256_finish(&ctx, digest32);
	ck_assert_int_eq(algorithm->sign(sig, key, digest32), AVAL_OK);
	aval_signature_normalize(algorithm, sig);
	if (high)
		aval_scalar_negate(sig + 32, sig + 32, algorithm->order32);
	aval_cbor_writer_init(&w, out, SIGN1_CAP);
	aval_cbor_write_tag(&w, tag);
	aval_cbor_write_array(&w, 4);
	aval_cbor_write_bytes(&w, header, header_len);
	len = raw_of(raw, c->unprotected);
	aval_cbor_write_raw(&w, raw, len);
	len = raw_of(raw, c->payload);
	aval_cbor_write_raw(&w, raw, len);
	aval_cbor_write_bytes(&w, sig, sig_len);
	ck_assert_int_eq(aval_cbor_writer_finish(&w, &len, NULL), AVAL_OK);
	return len;
}

static aval_status accept_sign1(const uint8_t *data, size_t len, aval_bytes detached, aval_secret_key *key,
                                aval_error *err)
{
	aval_cose_sign1 s;
	aval_status     status = aval_cose_sign1_parse(&s, data, len, err);

	if (status != AVAL_OK)
		return status;
	return aval_cose_sign1_verify(&s, s.is_detached ? detached : (aval_bytes){ NULL, 0 },
	                              aval_secret_key_public(key), err);
}

START_TEST(test_sign1)
{
	const sign1_case *c = &sign1_cases[_i];
	test_entropy      entropy;
	aval_secret_key  *key = test_key(AVAL_ALG_ESP256, 9, test_entropy_init(&entropy));
	aval_bytes        abc = { (const uint8_t *)"abc", 3 };
	uint8_t           data[SIGN1_CAP];
	aval_error        err = AVAL_ERROR_INIT;

	for (int high = 0; high < 2; high++) {
		size_t      len = write_sign1(data, c, key, high == 1, 18, 64);
		aval_status status = accept_sign1(data, len, abc, key, &err);

		ck_assert_msg(status == c->status, "%s: got %s, want %s (%s: %s)", c->name,
		              aval_status_name(status), aval_status_name(c->status), err.where, err.reason);
	}
	aval_secret_key_free(key);
}
END_TEST

START_TEST(test_sign1_signature)
{
	const sign1_case *c = &sign1_cases[1];
	test_entropy      entropy;
	aval_secret_key  *key = test_key(AVAL_ALG_ESP256, 9, test_entropy_init(&entropy));
	aval_secret_key  *other = test_key(AVAL_ALG_ESP256, 10, &entropy.entropy);
	aval_secret_key  *k1 = test_key(AVAL_ALG_ES256K, 9, &entropy.entropy);
	aval_bytes        abc = { (const uint8_t *)"abc", 3 }, abd = { (const uint8_t *)"abd", 3 };
	aval_public_key   none = { { 0 } };
	aval_cose_sign1   s;
	uint8_t           data[SIGN1_CAP];
	size_t            len = write_sign1(data, c, key, false, 18, 64);

	ck_assert_int_eq(accept_sign1(data, len, abc, key, NULL), AVAL_OK);
	ck_assert_int_eq(accept_sign1(data, len, abd, key, NULL), AVAL_E_SIGNATURE_INVALID);
	ck_assert_int_eq(accept_sign1(data, len, abc, other, NULL), AVAL_E_SIGNATURE_INVALID);
	ck_assert_int_eq(accept_sign1(data, len, abc, k1, NULL), AVAL_E_COSE_ALGORITHM);
	ck_assert_int_eq(aval_cose_sign1_parse(&s, data, len, NULL), AVAL_OK);
	ck_assert_int_eq(aval_cose_sign1_verify(&s, abc, &none, NULL), AVAL_E_INVALID_ARGUMENT);
	for (size_t cut = 0; cut < len; cut++)
		ck_assert_int_ne(accept_sign1(data, cut, abc, key, NULL), AVAL_OK);
	data[len] = 0;
	ck_assert_int_eq(accept_sign1(data, len + 1, abc, key, NULL), AVAL_E_CBOR_TRAILING);
	len = write_sign1(data, c, key, false, 98, 64);
	ck_assert_int_eq(accept_sign1(data, len, abc, key, NULL), AVAL_E_CBOR_TYPE);
	len = write_sign1(data, c, key, false, 18, 63);
	ck_assert_int_eq(accept_sign1(data, len, abc, key, NULL), AVAL_E_SIGNATURE_LENGTH);
	len = write_sign1(data, &sign1_cases[0], key, false, 18, 64);
	ck_assert_int_eq(aval_cose_sign1_parse(&s, data, len, NULL), AVAL_OK);
	ck_assert_int_eq(aval_cose_sign1_verify(&s, abc, aval_secret_key_public(key), NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	aval_secret_key_free(k1);
	aval_secret_key_free(other);
	aval_secret_key_free(key);
}
END_TEST

START_TEST(test_sign1_header_find)
{
	test_entropy     entropy;
	aval_secret_key *key = test_key(AVAL_ALG_ESP256, 9, test_entropy_init(&entropy));
	uint8_t          data[SIGN1_CAP];
	size_t           len = write_sign1(data, &sign1_cases[5], key, false, 18, 64);
	aval_cose_sign1  s;
	aval_bytes       item = { NULL, 0 };

	ck_assert_int_eq(aval_cose_sign1_parse(&s, data, len, NULL), AVAL_OK);
	ck_assert_int_eq(s.alg, AVAL_COSE_ES256);
	ck_assert(aval_cose_header_find(&item, s.unprotected, 395));
	ck_assert_uint_eq(item.len, 6);
	ck_assert_mem_eq(item.data, "\xa1\x20\x81\x42\x01\x02", 6);
	ck_assert(aval_cose_header_find(&item, s.header, 1));
	ck_assert(!aval_cose_header_find(&item, s.header, 395));
	ck_assert(!aval_cose_header_find(&item, (aval_bytes){ NULL, 0 }, 1));
	aval_secret_key_free(key);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("envelope");
	TCase   *tcase = tcase_create("envelope");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_signing_commutes);
	tcase_add_test(tcase, test_insert);
	tcase_add_test(tcase, test_insert_by_another_number);
	tcase_add_test(tcase, test_signer_is_asked_last);
	tcase_add_test(tcase, test_output_is_untouched);
	tcase_add_test(tcase, test_failing_allocator);
	tcase_add_test(tcase, test_queries);
	tcase_add_loop_test(tcase, test_every_bit_and_every_length, 0, TEST_ALGS);
	tcase_add_loop_test(tcase, test_sign1, 0, SIGN1_CASES);
	tcase_add_test(tcase, test_sign1_signature);
	tcase_add_test(tcase, test_sign1_header_find);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
