/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same vectors for MuSig2 as in test_musig_vectors.c, through libsecp256k1's module. What the module's
 * calls cannot be asked is counted as skipped, with the reason; those cases run on the construction here alone.
 */
#include <check.h>
#include <secp256k1_musig.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto_fixture.h"
#include "sign/musig.h"
#include "vectors.h"

#include "musig-all.vectors.h"

enum { MAX_SIGNERS = 8 };

typedef struct outcome {
	aval_status status;
	long long   signer; /* -1: nobody */
	const char *wrong;  /* what came out otherwise */
} outcome;

static outcome fine(void)
{
	return (outcome){ AVAL_OK, -1, NULL };
}

static outcome refuse(aval_status status, long long signer)
{
	return (outcome){ status, signer, NULL };
}

static const char *value_of(const struct vector_case *c, const char *name)
{
	const struct vector_field *field = vector_find(c, name);

	return field == NULL ? NULL : field->value;
}

/* Why the module cannot be asked; NULL where it can. */
static const char *left_out(const struct vector_case *c)
{
	static const struct {
		const char *kind, *reason;
	} rows[] = {
		{ "sort", "keys are sorted here, whichever backend signs" },
		{ "sign", "the module makes its secret nonces itself and reads none as bytes" },
		{ "deterministic", "the module has no deterministic signing" },
	};
	const char *kind = value_of(c, "kind"), *message = value_of(c, "input.message");

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(kind, rows[i].kind) == 0)
			return rows[i].reason;
	if (strcmp(kind, "nonce") == 0 && value_of(c, "input.x") != NULL)
		return "the module takes the aggregate as its own object, not as x";
	if (message != NULL && strlen(message) != 64)
		return "the module takes messages of 32 bytes alone";
	return NULL;
}

static void take(uint8_t *out, const struct vector_case *c, const char *name, size_t len)
{
	if (from_hex(out, len, vector_text(c, name)) != len)
		abort();
}

static void take_at(uint8_t *out, const struct vector_case *c, const char *list, size_t index, size_t len)
{
	char name[40];

	snprintf(name, sizeof name, "%s.%zu", list, index);
	take(out, c, name, len);
}

static outcome expect_bytes(const struct vector_case *c, const char *name, const uint8_t *got, size_t len)
{
	uint8_t want[128];
	outcome result = fine();

	take(want, c, name, len);
	if (memcmp(got, want, len) != 0)
		result.wrong = name;
	return result;
}

typedef struct group {
	aval_k1_point points[MAX_SIGNERS];
	size_t        count;
	uint8_t       cache[AVAL_K1_MUSIG_CACHE_LEN];
} group;

/* The module does not say which of both a tweak did wrong: the range is asked before. */
static outcome tweak(group *g, const struct vector_case *c, size_t i)
{
	secp256k1_musig_keyagg_cache cache;
	char                         name[40];
	uint8_t                      tweak32[32];
	int                          result;

	snprintf(name, sizeof name, "input.tweaks.%zu.tweak", i);
	take(tweak32, c, name, 32);
	snprintf(name, sizeof name, "input.tweaks.%zu.xonly", i);
	if (!aval_scalar_is_below(tweak32, aval_k1_order32))
		return refuse(AVAL_E_KEY_SCALAR, -1);
	memcpy(&cache, g->cache, sizeof cache);
	result = strcmp(vector_text(c, name), "true") == 0
	                 ? secp256k1_musig_pubkey_xonly_tweak_add(secp256k1_context_static, NULL, &cache,
	                                                          tweak32)
	                 : secp256k1_musig_pubkey_ec_tweak_add(secp256k1_context_static, NULL, &cache, tweak32);
	memcpy(g->cache, &cache, sizeof cache);
	return result == 1 ? fine() : refuse(AVAL_E_KEY_POINT, -1);
}

static outcome load_group(group *g, const struct vector_case *c)
{
	aval_k1_point aggregate;
	outcome       result = fine();
	aval_status   status;

	g->count = (size_t)vector_number(c, "input.keys");
	for (size_t i = 0; i < g->count; i++) {
		uint8_t key33[33];

		take_at(key33, c, "input.keys", i, 33);
		if (!aval_k1_point_parse(&g->points[i], key33))
			return refuse(AVAL_E_KEY_POINT, (long long)i);
	}
	status = aval_k1_musig_aggregate(g->cache, &aggregate, g->points, g->count, sizeof g->points[0], NULL);
	if (status != AVAL_OK)
		return refuse(status, -1);
	for (size_t i = 0; result.status == AVAL_OK && i < (size_t)vector_number(c, "input.tweaks"); i++)
		result = tweak(g, c, i);
	return result;
}

static void x_of(uint8_t x32_out[32], const group *g)
{
	secp256k1_musig_keyagg_cache cache;
	secp256k1_pubkey             key;
	uint8_t                      point33[33];
	size_t                       len = sizeof point33;

	memcpy(&cache, g->cache, sizeof cache);
	if (secp256k1_musig_pubkey_get(secp256k1_context_static, &key, &cache) != 1)
		abort();
	(void)secp256k1_ec_pubkey_serialize(secp256k1_context_static, point33, &len, &key,
	                                    SECP256K1_EC_COMPRESSED);
	memcpy(x32_out, point33 + 1, 32);
}

static outcome run_aggregate(const struct vector_case *c)
{
	group   g;
	uint8_t x32[32];
	outcome result = load_group(&g, c);

	if (result.status != AVAL_OK)
		return result;
	x_of(x32, &g);
	return expect_bytes(c, "expect.x", x32, 32);
}

static const uint8_t *take_optional(uint8_t *out, const struct vector_case *c, const char *name, size_t len)
{
	if (vector_find(c, name) == NULL)
		return NULL;
	take(out, c, name, len);
	return out;
}

static outcome run_nonce(const struct vector_case *c)
{
	uint8_t              random32[32], scalar32[32], key33[33], extra32[32], digest32[32], public66[66];
	uint8_t              secret[AVAL_K1_MUSIG_SECRET_LEN];
	const uint8_t       *scalar = take_optional(scalar32, c, "input.scalar", 32);
	aval_k1_point        point;
	static const uint8_t seed32[32] = { 9 };
	aval_k1             *k1;
	bool                 result;

	take(random32, c, "input.random", 32);
	take(key33, c, "input.key", 33);
	k1 = aval_k1_new(seed32, NULL);
	result = k1 != NULL && aval_k1_point_parse(&point, key33) &&
	         aval_k1_musig_nonce(secret, public66, k1, random32, scalar, &point,
	                             take_optional(digest32, c, "input.message", 32), NULL,
	                             take_optional(extra32, c, "input.extra", 32));
	aval_k1_free(k1, NULL);
	return result ? expect_bytes(c, "expect.public", public66, 66) : refuse(AVAL_E_KEY_SCALAR, -1);
}

typedef struct nonces {
	uint8_t parsed[MAX_SIGNERS * AVAL_K1_MUSIG_NONCE_LEN];
	size_t  count;
} nonces;

static outcome load_nonces(nonces *n, const struct vector_case *c)
{
	n->count = (size_t)vector_number(c, "input.nonces");
	for (size_t i = 0; i < n->count; i++) {
		uint8_t public66[66];

		take_at(public66, c, "input.nonces", i, 66);
		if (!aval_k1_musig_nonce_parse(n->parsed + AVAL_K1_MUSIG_NONCE_LEN * i, public66))
			return refuse(AVAL_E_MUSIG_NONCE, (long long)i);
	}
	return fine();
}

static outcome run_sum(const struct vector_case *c)
{
	nonces  n;
	uint8_t sum66[66];
	outcome result = load_nonces(&n, c);

	if (result.status != AVAL_OK)
		return result;
	if (!aval_k1_musig_nonce_sum(sum66, n.parsed, n.count, NULL))
		return refuse(AVAL_E_NO_MEMORY, -1);
	return expect_bytes(c, "expect.sum", sum66, 66);
}

/* The session of a case's members, nonces and message. */
static outcome begin(uint8_t session[AVAL_K1_MUSIG_SESSION_LEN], group *g, nonces *n,
                     const struct vector_case *c)
{
	uint8_t digest32[32];
	outcome result;

	take(digest32, c, "input.message", 32);
	result = load_nonces(n, c);
	if (result.status == AVAL_OK)
		result = load_group(g, c);
	if (result.status == AVAL_OK &&
	    !aval_k1_musig_session(session, n->parsed, n->count, digest32, g->cache, NULL))
		result = refuse(AVAL_E_NO_MEMORY, -1);
	return result;
}

static outcome run_verify(const struct vector_case *c)
{
	group   g;
	nonces  n;
	uint8_t session[AVAL_K1_MUSIG_SESSION_LEN], partial32[32];
	size_t  signer = (size_t)vector_number(c, "input.signer");
	outcome result = begin(session, &g, &n, c);

	if (result.status != AVAL_OK)
		return result;
	take(partial32, c, "input.partial", 32);
	return aval_k1_musig_verify(partial32, n.parsed + AVAL_K1_MUSIG_NONCE_LEN * signer, &g.points[signer],
	                            g.cache, session)
	               ? fine()
	               : refuse(AVAL_E_MUSIG_PARTIAL, -1);
}

static outcome run_combine(const struct vector_case *c)
{
	group   g;
	nonces  n;
	uint8_t session[AVAL_K1_MUSIG_SESSION_LEN], partials[32 * MAX_SIGNERS], sig64[64];
	size_t  faulty = 0;
	outcome result = begin(session, &g, &n, c);

	if (result.status != AVAL_OK)
		return result;
	for (size_t i = 0; i < g.count; i++)
		take_at(partials + 32 * i, c, "input.partials", i, 32);
	if (!aval_k1_musig_combine(sig64, &faulty, session, partials, g.count))
		return refuse(AVAL_E_MUSIG_PARTIAL, (long long)faulty);
	return expect_bytes(c, "expect.signature", sig64, 64);
}

static const struct {
	const char *kind;
	outcome (*run)(const struct vector_case *c);
} kinds[] = {
	{ "aggregate", run_aggregate }, { "nonce", run_nonce },     { "sum", run_sum },
	{ "verify", run_verify },       { "combine", run_combine },
};

static outcome run(const struct vector_case *c)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].kind, vector_text(c, "kind")) == 0)
			return kinds[i].run(c);
	ck_abort_msg("%s: no such kind", c->id);
	return fine();
}

enum { CASES = sizeof musig_all_cases / sizeof musig_all_cases[0] };

/* Those that the module can be asked. */
static const struct vector_case *asked[CASES];
static int                       asked_count;

START_TEST(vector_case)
{
	const struct vector_case *c = asked[_i];
	const char               *want =
                vector_find(c, "expect.status") != NULL ? vector_text(c, "expect.status") : "AVAL_OK";
	outcome got = run(c);

	ck_assert_msg(strcmp(aval_status_name(got.status), want) == 0, "%s: got %s, want %s", c->id,
	              aval_status_name(got.status), want);
	ck_assert_msg(got.wrong == NULL, "%s: another %s", c->id, got.wrong);
	if (vector_find(c, "expect.signer") != NULL)
		ck_assert_msg(got.signer == vector_number(c, "expect.signer"), "%s: signer %lld, want %s",
		              c->id, got.signer, vector_text(c, "expect.signer"));
}
END_TEST

static int list_left_out(void)
{
	int count = 0;

	for (size_t i = 0; i < CASES; i++)
		if (left_out(&musig_all_cases[i]) != NULL)
			printf("ok %d - %s # SKIP %s\n", ++count, musig_all_cases[i].id,
			       left_out(&musig_all_cases[i]));
	printf("1..%d\n", count);
	return 0;
}

int main(int argc, char **argv)
{
	Suite   *suite;
	TCase   *tcase;
	SRunner *runner;
	int      failed;

	if (argc == 2 && strcmp(argv[1], "--left-out") == 0)
		return list_left_out();
	for (size_t i = 0; i < CASES; i++)
		if (left_out(&musig_all_cases[i]) == NULL)
			asked[asked_count++] = &musig_all_cases[i];
	suite = suite_create("musig module");
	tcase = tcase_create("cases");
	runner = srunner_create(suite);
	tcase_add_loop_test(tcase, vector_case, 0, asked_count);
	suite_add_tcase(suite, tcase);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
