/* SPDX-License-Identifier: Apache-2.0 */
/* BIP327 by vectors: ours, and where they are at hand the BIP's own eight files, failures included. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto_fixture.h"
#include "sign/musig.h"
#include "vectors.h"

#include "musig-all.vectors.h"

enum { MAX_SIGNERS = 8 };

/* What a case comes to: a status, and where it names one the signer. */
typedef struct outcome {
	aval_status status;
	long long   signer; /* -1: nobody */
} outcome;

static const outcome fine = { AVAL_OK, -1 };

static outcome refuse(aval_status status)
{
	return (outcome){ status, -1 };
}

/* The bytes of a field, of which there must be len. */
static void take(uint8_t *out, const struct vector_case *c, const char *name, size_t len)
{
	ck_assert_msg(from_hex(out, len, vector_text(c, name)) == len, "%s: %s is too short", c->id, name);
}

static void take_at(uint8_t *out, const struct vector_case *c, const char *list, size_t index, size_t len)
{
	char name[40];

	snprintf(name, sizeof name, "%s.%zu", list, index);
	take(out, c, name, len);
}

static size_t count_of(const struct vector_case *c, const char *list)
{
	long long count = vector_number(c, list);

	ck_assert_msg(count >= 0 && count <= MAX_SIGNERS, "%s: %s is too long", c->id, list);
	return (size_t)count;
}

static void expect_bytes(const struct vector_case *c, const char *name, const uint8_t *got, size_t len)
{
	uint8_t want[128];

	take(want, c, name, len);
	ck_assert_msg(memcmp(got, want, len) == 0, "%s: another %s", c->id, name);
}

typedef struct signers {
	aval_musig_member members[MAX_SIGNERS];
	size_t            count;
	aval_musig_group  group;
} signers;

static outcome load_members(signers *s, const struct vector_case *c)
{
	s->count = count_of(c, "input.keys");
	for (size_t i = 0; i < s->count; i++) {
		uint8_t     key33[33];
		aval_status status;

		take_at(key33, c, "input.keys", i, 33);
		status = aval_musig_member_parse(&s->members[i], key33);
		if (status != AVAL_OK)
			return (outcome){ status, (long long)i };
	}
	return fine;
}

static outcome load_group(signers *s, const struct vector_case *c)
{
	outcome result = load_members(s, c);

	if (result.status != AVAL_OK)
		return result;
	result.status = aval_musig_aggregate(&s->group, s->members, s->count);
	for (size_t i = 0; result.status == AVAL_OK && i < count_of(c, "input.tweaks"); i++) {
		char    name[40];
		uint8_t tweak32[32];

		snprintf(name, sizeof name, "input.tweaks.%zu.tweak", i);
		take(tweak32, c, name, 32);
		snprintf(name, sizeof name, "input.tweaks.%zu.xonly", i);
		result.status = aval_musig_tweak(&s->group, tweak32, strcmp(vector_text(c, name), "true") == 0);
	}
	return result;
}

static outcome run_sort(const struct vector_case *c)
{
	signers s;
	outcome result = load_members(&s, c);

	ck_assert_int_eq(result.status, AVAL_OK);
	aval_musig_sort(s.members, s.count);
	for (size_t i = 0; i < s.count; i++) {
		char name[40];

		snprintf(name, sizeof name, "expect.keys.%zu", i);
		expect_bytes(c, name, s.members[i].bytes33, 33);
	}
	return result;
}

static outcome run_aggregate(const struct vector_case *c)
{
	signers s;
	outcome result = load_group(&s, c);

	if (result.status == AVAL_OK)
		expect_bytes(c, "expect.x", s.group.x32, 32);
	return result;
}

static const uint8_t *take_optional(uint8_t *out, const struct vector_case *c, const char *name, size_t len)
{
	if (vector_find(c, name) == NULL)
		return NULL;
	take(out, c, name, len);
	return out;
}

static aval_k1 *make_context(void)
{
	static const uint8_t seed32[32] = { 9 };
	aval_k1             *k1 = aval_k1_new(seed32, NULL);

	ck_assert_ptr_nonnull(k1);
	return k1;
}

static outcome run_nonce(const struct vector_case *c)
{
	uint8_t    random32[32], scalar32[32], key33[33], x32[32], extra32[32], k64[64], public66[66];
	uint8_t   *message = NULL;
	aval_bytes bytes = { NULL, 0 };
	aval_musig_nonce_input input = { .random32 = random32, .point33 = key33 };
	aval_musig_pair        pair;
	aval_k1               *k1 = make_context();

	take(random32, c, "input.random", 32);
	take(key33, c, "input.key", 33);
	input.scalar32 = take_optional(scalar32, c, "input.scalar", 32);
	input.x32 = take_optional(x32, c, "input.x", 32);
	input.extra.data = take_optional(extra32, c, "input.extra", 32);
	input.extra.len = input.extra.data == NULL ? 0 : 32;
	if (vector_find(c, "input.message") != NULL) {
		message = vector_hex(c, "input.message", &bytes.len);
		bytes.data = message;
		input.message = &bytes;
	}
	aval_musig_nonce_derive(k64, &input);
	expect_bytes(c, "expect.secret", k64, 64);
	ck_assert(aval_musig_nonce_is_sound(k64));
	ck_assert(aval_musig_pair_of(&pair, k1, k64));
	aval_musig_pair_serialize(public66, &pair);
	expect_bytes(c, "expect.public", public66, 66);
	free(message);
	aval_k1_free(k1, NULL);
	return fine;
}

static outcome load_sum(aval_musig_pair *sum, aval_musig_pair nonces[MAX_SIGNERS], const struct vector_case *c)
{
	size_t count = count_of(c, "input.nonces");

	for (size_t i = 0; i < count; i++) {
		uint8_t pair66[66];

		take_at(pair66, c, "input.nonces", i, 66);
		if (!aval_musig_pair_parse(&nonces[i], pair66))
			return (outcome){ AVAL_E_MUSIG_NONCE, (long long)i };
	}
	aval_musig_pair_sum(sum, nonces, count);
	return fine;
}

static outcome run_sum(const struct vector_case *c)
{
	aval_musig_pair sum, nonces[MAX_SIGNERS];
	uint8_t         pair66[66];
	outcome         result = load_sum(&sum, nonces, c);

	if (result.status != AVAL_OK)
		return result;
	aval_musig_pair_serialize(pair66, &sum);
	expect_bytes(c, "expect.sum", pair66, 66);
	return result;
}

static void challenge_of(aval_musig_challenge *out, const signers *s, const aval_musig_pair *sum,
                         const struct vector_case *c)
{
	size_t   len;
	uint8_t *message = vector_hex(c, "input.message", &len);

	aval_musig_challenge_init(out, &s->group, sum, (aval_bytes){ message, len });
	free(message);
}

/* One signer's part, with his nonce and the sum of all. */
static outcome sign_with(uint8_t s32_out[32], const signers *s, const uint8_t k64[64],
                         const aval_musig_pair *sum, const struct vector_case *c)
{
	uint8_t              scalar32[32], key33[33], coefficient32[32];
	aval_musig_challenge challenge;

	take(scalar32, c, "input.scalar", 32);
	take(key33, c, "input.key", 33);
	if (!aval_musig_is_member(s->members, s->count, key33))
		return refuse(AVAL_E_MUSIG_KEY);
	if (!aval_musig_nonce_is_sound(k64))
		return refuse(AVAL_E_NONCE_REUSED);
	challenge_of(&challenge, s, sum, c);
	aval_musig_coefficient(coefficient32, &s->group, key33);
	aval_musig_partial_sign(s32_out, &challenge, &s->group, coefficient32, k64, scalar32);
	return fine;
}

static outcome run_sign(const struct vector_case *c)
{
	signers         s;
	aval_musig_pair sum;
	uint8_t         sum66[66], k64[64], partial32[32];
	outcome         result = load_group(&s, c);

	if (result.status != AVAL_OK)
		return result;
	take(sum66, c, "input.sum", 66);
	take(k64, c, "input.secret", 64);
	if (!aval_musig_pair_parse_sum(&sum, sum66))
		return refuse(AVAL_E_MUSIG_NONCE);
	result = sign_with(partial32, &s, k64, &sum, c);
	if (result.status == AVAL_OK)
		expect_bytes(c, "expect.partial", partial32, 32);
	return result;
}

static outcome run_verify(const struct vector_case *c)
{
	signers              s;
	aval_musig_pair      sum, nonces[MAX_SIGNERS];
	aval_musig_challenge challenge;
	uint8_t              partial32[32], coefficient32[32];
	size_t               signer = (size_t)vector_number(c, "input.signer");
	outcome              result = load_sum(&sum, nonces, c);

	if (result.status == AVAL_OK)
		result = load_group(&s, c);
	if (result.status != AVAL_OK)
		return result;
	take(partial32, c, "input.partial", 32);
	challenge_of(&challenge, &s, &sum, c);
	aval_musig_coefficient(coefficient32, &s.group, s.members[signer].bytes33);
	return aval_musig_partial_verify(partial32, &challenge, &s.group, coefficient32, &nonces[signer],
	                                 &s.members[signer].point)
	               ? fine
	               : refuse(AVAL_E_MUSIG_PARTIAL);
}

static void verify_bip340(const signers *s, const uint8_t sig64[64], const struct vector_case *c)
{
	size_t   len;
	uint8_t *message = vector_hex(c, "input.message", &len);

	ck_assert_msg(aval_k1_verify_bip340(s->group.x32, message, len, sig64), "%s: no signature of BIP340",
	              c->id);
	free(message);
}

static outcome run_combine(const struct vector_case *c)
{
	signers              s;
	aval_musig_pair      sum, nonces[MAX_SIGNERS];
	aval_musig_challenge challenge;
	uint8_t              sum66[66], partials[32 * MAX_SIGNERS], sig64[64];
	size_t               faulty;
	outcome              result = load_group(&s, c);

	if (result.status == AVAL_OK)
		result = load_sum(&sum, nonces, c);
	if (result.status != AVAL_OK)
		return result;
	aval_musig_pair_serialize(sum66, &sum);
	expect_bytes(c, "input.sum", sum66, 66);
	for (size_t i = 0; i < s.count; i++)
		take_at(partials + 32 * i, c, "input.partials", i, 32);
	challenge_of(&challenge, &s, &sum, c);
	if (!aval_musig_partial_sum(sig64, &faulty, &challenge, &s.group, partials, s.count))
		return (outcome){ AVAL_E_MUSIG_PARTIAL, (long long)faulty };
	expect_bytes(c, "expect.signature", sig64, 64);
	verify_bip340(&s, sig64, c);
	return result;
}

/* BIP327's DeterministicSign: the library has no such call, its parts must still give what the BIP says. */
static void derive_deterministic(uint8_t k64_out[64], const signers *s, const uint8_t others66[66],
                                 const struct vector_case *c)
{
	uint8_t  scalar32[32], random32[32], masked32[32], input[32 + 66 + 32 + 8 + 64 + 1];
	size_t   len, at = 0;
	uint8_t *message = vector_hex(c, "input.message", &len);

	ck_assert_uint_le(len, 64);
	take(scalar32, c, "input.scalar", 32);
	memcpy(masked32, scalar32, 32);
	if (take_optional(random32, c, "input.random", 32) != NULL) {
		aval_tagged_hash(masked32, "MuSig/aux", random32, 32);
		for (size_t i = 0; i < 32; i++)
			masked32[i] ^= scalar32[i];
	}
	memset(input, 0, sizeof input);
	memcpy(input, masked32, 32);
	memcpy(input + 32, others66, 66);
	memcpy(input + 98, s->group.x32, 32);
	input[137] = (uint8_t)len;
	memcpy(input + 138, message, len);
	at = 138 + len;
	for (uint8_t i = 0; i < 2; i++) {
		input[at] = i;
		aval_tagged_hash(k64_out + 32 * i, "MuSig/deterministic/nonce", input, at + 1);
		aval_scalar_reduce(k64_out + 32 * i, aval_k1_order32);
	}
	free(message);
}

static outcome run_deterministic(const struct vector_case *c)
{
	signers         s;
	aval_musig_pair sum, own, two[2];
	uint8_t         others66[66], own66[66], k64[64], partial32[32];
	aval_k1        *k1 = make_context();
	outcome         result = load_group(&s, c);

	take(others66, c, "input.others", 66);
	if (result.status == AVAL_OK && !aval_musig_pair_parse(&two[0], others66))
		result = refuse(AVAL_E_MUSIG_NONCE);
	if (result.status == AVAL_OK) {
		derive_deterministic(k64, &s, others66, c);
		ck_assert(aval_musig_pair_of(&own, k1, k64));
		two[1] = own;
		aval_musig_pair_sum(&sum, two, 2);
		result = sign_with(partial32, &s, k64, &sum, c);
	}
	aval_k1_free(k1, NULL);
	if (result.status != AVAL_OK)
		return result;
	aval_musig_pair_serialize(own66, &own);
	expect_bytes(c, "expect.public", own66, 66);
	expect_bytes(c, "expect.partial", partial32, 32);
	return result;
}

static const struct {
	const char *kind;
	outcome (*run)(const struct vector_case *c);
} kinds[] = {
	{ "sort", run_sort },       { "aggregate", run_aggregate },
	{ "nonce", run_nonce },     { "sum", run_sum },
	{ "sign", run_sign },       { "verify", run_verify },
	{ "combine", run_combine }, { "deterministic", run_deterministic },
};

static outcome run(const struct vector_case *c)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].kind, vector_text(c, "kind")) == 0)
			return kinds[i].run(c);
	ck_abort_msg("%s: no such kind", c->id);
	return fine;
}

START_TEST(vector_case)
{
	const struct vector_case *c = &musig_all_cases[_i];
	const char               *want =
                vector_find(c, "expect.status") != NULL ? vector_text(c, "expect.status") : "AVAL_OK";
	outcome got = run(c);

	ck_assert_msg(strcmp(aval_status_name(got.status), want) == 0, "%s: got %s, want %s", c->id,
	              aval_status_name(got.status), want);
	if (vector_find(c, "expect.signer") != NULL)
		ck_assert_msg(got.signer == vector_number(c, "expect.signer"), "%s: signer %lld, want %s",
		              c->id, got.signer, vector_text(c, "expect.signer"));
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("musig vectors");
	TCase   *tcase = tcase_create("cases");
	SRunner *runner = srunner_create(suite);
	int      failed;

	tcase_add_loop_test(tcase, vector_case, 0, (int)(sizeof musig_all_cases / sizeof musig_all_cases[0]));
	suite_add_tcase(suite, tcase);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
