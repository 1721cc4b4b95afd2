/* SPDX-License-Identifier: Apache-2.0 */
/* Chains by vectors: each status beside the nearest chain that is valid, by the call and through a cache. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/certificate.h>

#include "vectors.h"

#include "chains.vectors.h"

#include "chain_fixture.h"

enum { CASES = sizeof chains_cases / sizeof chains_cases[0] };

static aval_chain_options options_of(const struct vector_case *c)
{
	static const char *const modes[] = { "required", "if-present", "ignored" };
	aval_chain_options       options = AVAL_CHAIN_OPTIONS_INIT;
	const char              *mode = vector_text(c, "input.mode");
	unsigned                 number = 0;

	while (strcmp(modes[number], mode) != 0)
		ck_assert_uint_lt(number++, 2);
	options.crl_mode = (aval_crl_mode)number;
	options.at_unix_ms = vector_number(c, "input.at");
	options.party = (aval_text){ vector_text(c, "input.party"), strlen(vector_text(c, "input.party")) };
	return options;
}

static void check_number(const struct vector_case *c, const char *name, int64_t got)
{
	const struct vector_field *field = vector_find(c, name);

	ck_assert_msg(field == NULL || vector_number(c, name) == got, "%s: %s is %lld", c->id, name,
	              (long long)got);
}

static void check_result(const struct vector_case *c, const aval_chain_result *result,
                         const aval_chain_options *options)
{
	check_number(c, "expect.path_count", (int64_t)result->path_count);
	check_number(c, "expect.crl_count", (int64_t)result->crl_count);
	check_number(c, "expect.valid_from", result->valid_from_unix_ms);
	check_number(c, "expect.valid_until", result->valid_until_unix_ms);
	ck_assert_msg(result->valid_from_unix_ms <= options->at_unix_ms &&
	                      options->at_unix_ms < result->valid_until_unix_ms,
	              "%s: the time asked for lies outside of the span", c->id);
}

static void check_parties(const struct vector_case *c, const aval_chain *chain)
{
	char              got[400] = "", sources[20] = "";
	aval_party_source source = 0;

	if (vector_find(c, "expect.parties") == NULL)
		return;
	for (size_t i = 0;; i++) {
		aval_text party = aval_chain_party(&source, chain, i);

		if (party.data == NULL)
			break;
		sprintf(got + strlen(got), "%s%.*s", i == 0 ? "" : " ", (int)party.len, party.data);
		sprintf(sources + strlen(sources), "%s%d", i == 0 ? "" : " ", (int)source);
		ck_assert_int_eq(aval_party_check(NULL, party.data, party.len, NULL), AVAL_OK);
		ck_assert_int_eq(aval_chain_check_party(chain, party.data, party.len, NULL), AVAL_OK);
	}
	ck_assert_msg(strcmp(got, vector_text(c, "expect.parties")) == 0, "%s: got %s", c->id, got);
	ck_assert_msg(strcmp(sources, vector_text(c, "expect.sources")) == 0, "%s: got %s", c->id, sources);
}

static void check_status(const struct vector_case *c, aval_status status, const aval_error *err)
{
	ck_assert_msg(strcmp(aval_status_name(status), vector_text(c, "expect.status")) == 0,
	              "%s: got %s, want %s (%s: %s)", c->id, aval_status_name(status),
	              vector_text(c, "expect.status"), err->where, err->reason);
	ck_assert_msg(strcmp(err->where, vector_text(c, "expect.where")) == 0, "%s: at %s, want %s (%s)", c->id,
	              err->where, vector_text(c, "expect.where"), err->reason);
	ck_assert_int_eq(err->status, status);
	ck_assert_msg(status == AVAL_OK || err->reason[0] != '\0', "%s: no reason", c->id);
}

/* The second time a cache answers; what fails is never remembered. */
static void check_cache(const struct vector_case *c, const aval_chain *chain, const aval_trust *trust,
                        const aval_chain_options *options, aval_status want)
{
	aval_chain_cache *cache = NULL;
	aval_chain_result first = { 0 }, second = { 0 };

	ck_assert_int_eq(aval_chain_cache_new(&cache, 2, NULL, NULL), AVAL_OK);
	for (int i = 0; i < 2; i++) {
		aval_error  err = AVAL_ERROR_INIT;
		aval_status status =
			aval_chain_cache_verify(i == 0 ? &first : &second, cache, chain, trust, options, &err);

		ck_assert_msg(status == want, "%s: the cache says %s", c->id, aval_status_name(status));
		check_status(c, status, &err);
	}
	ck_assert_mem_eq(&first, &second, sizeof first);
	ck_assert_uint_eq(aval_chain_cache_hits(cache), want == AVAL_OK);
	aval_chain_cache_free(cache);
}

START_TEST(test_chain)
{
	const struct vector_case *c = &chains_cases[_i];
	aval_chain_options        options = options_of(c);
	aval_chain_result         result = { 0 }, untouched = { 0 };
	aval_chain               *chain = NULL;
	aval_trust               *trust = NULL;
	aval_error                err = AVAL_ERROR_INIT;
	aval_status               status =
		make_trust(&trust, vector_text(c, "input.anchors"), vector_text(c, "input.crls"), NULL, &err);

	if (status == AVAL_OK)
		status = make_chain(&chain, vector_text(c, "input.chain"), NULL, &err);
	if (status == AVAL_OK)
		status = aval_chain_verify(&result, chain, trust, &options, &err);
	check_status(c, status, &err);
	if (status == AVAL_OK)
		check_result(c, &result, &options);
	else
		ck_assert_mem_eq(&result, &untouched, sizeof result);
	if (chain != NULL) {
		check_parties(c, chain);
		check_cache(c, chain, trust, &options, status);
	}
	aval_chain_free(chain);
	aval_trust_free(trust);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("chains");
	TCase   *cases = tcase_create("vectors");
	SRunner *runner = srunner_create(suite);
	int      failed;

	tcase_add_loop_test(cases, test_chain, 1, CASES);
	suite_add_tcase(suite, cases);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
