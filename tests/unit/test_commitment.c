/* SPDX-License-Identifier: Apache-2.0 */
/* Commitments and what they disclose against the Python oracle, by the vectors. */
#include <stdio.h>

#include <aval/commitment.h>
#include <aval/disclosure.h>

#include "base/base.h"
#include "hash/hash.h"
#include "vectors.h"

#include "commitment.vectors.h"

enum { MAX_TERMS = 600, MAX_QUALIFIERS = 3, MAX_PATHS = 600 };

/* The input of a case. */
typedef struct invoice {
	aval_term      terms[MAX_TERMS];
	aval_qualifier qualifiers[MAX_TERMS][MAX_QUALIFIERS];
	size_t         count;
} invoice;

static invoice input;

static aval_text field_text(const struct vector_field *f)
{
	return (aval_text){ f->value, f->len };
}

/* "input.terms.7.2.unit": index 7, rest "2.unit" */
static void take_field(const struct vector_field *f, size_t index, const char *rest)
{
	aval_term *term = &input.terms[index];

	ck_assert_uint_lt(index, MAX_TERMS);
	input.count = index + 1;
	term->qualifiers = input.qualifiers[index];
	if (strcmp(rest, "0") == 0)
		term->path = field_text(f);
	else if (strcmp(rest, "1") == 0)
		term->value = field_text(f);
	else if (strncmp(rest, "2.", 2) == 0)
		input.qualifiers[index][term->qualifier_count++] =
			(aval_qualifier){ aval_text_z(rest + 2), field_text(f) };
}

static void load(const struct vector_case *c)
{
	static const char prefix[] = "input.terms.";

	memset(&input, 0, sizeof input);
	for (size_t i = 0; i < c->count; i++) {
		const char *name = c->fields[i].name;
		size_t      index;
		char       *rest;

		if (strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		index = strtoul(name + strlen(prefix), &rest, 10);
		take_field(&c->fields[i], index, *rest == '.' ? rest + 1 : rest);
	}
	ck_assert_uint_eq(input.count, (size_t)vector_number(c, "input.terms"));
}

static const struct vector_field *numbered(const struct vector_case *c, const char *format, size_t a, size_t b)
{
	char name[64];

	snprintf(name, sizeof name, format, a, b);
	return vector_find(c, name);
}

static size_t load_paths(aval_text *paths, const struct vector_case *c, size_t disclosure)
{
	const struct vector_field *f;
	size_t                     count = 0;

	while ((f = numbered(c, "input.disclosures.%zu.%zu", disclosure, count)) != NULL)
		paths[count++] = field_text(f);
	ck_assert_uint_gt(count, 0);
	return count;
}

static void check_hex(const struct vector_case *c, const char *name, const uint8_t *got, size_t got_len)
{
	size_t   len;
	uint8_t *want = vector_hex(c, name, &len);

	ck_assert_msg(len == got_len && memcmp(want, got, len) == 0, "%s: %s differs", c->id, name);
	free(want);
}

static aval_commitment *make(const struct vector_case *c)
{
	aval_commitment *commitment = NULL;
	aval_error       err = AVAL_ERROR_INIT;
	size_t           len;
	uint8_t         *seed = vector_hex(c, "input.seed", &len);

	ck_assert_msg(aval_commitment_new_from_terms(&commitment, input.terms, input.count, seed, NULL, &err) ==
	                      AVAL_OK,
	              "%s: %s", c->id, err.reason);
	free(seed);
	return commitment;
}

/* What the disclosure shows is what the invoice has. */
static void check_shown(const struct vector_case *c, const uint8_t *data, size_t len,
                        const uint8_t commitment32[32], const aval_text *paths, size_t count)
{
	aval_disclosure view;
	aval_error      err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_disclosure_verify(&view, data, len, commitment32, &err) == AVAL_OK, "%s: %s", c->id,
	              err.reason);
	ck_assert_int_eq(view.depth, vector_number(c, "expect.depth"));
	for (size_t i = 0; i < count; i++) {
		aval_disclosed d;
		size_t         term = 0;

		ck_assert_int_eq(aval_disclosure_find(&d, &view, paths[i].data, paths[i].len, NULL), AVAL_OK);
		while (term < input.count && !aval_text_equal(input.terms[term].path, paths[i]))
			term++;
		ck_assert_msg(d.is_absent == (term == input.count), "%s: %s", c->id, paths[i].data);
		if (d.is_absent)
			continue;
		ck_assert(aval_text_equal(d.value, input.terms[term].value));
		ck_assert_uint_eq(d.qualifier_count, input.terms[term].qualifier_count);
	}
}

static void check_disclosure(const struct vector_case *c, const aval_commitment *commitment, size_t number)
{
	static aval_text paths[MAX_PATHS];
	char             name[64];
	uint8_t          hash32[32], *out;
	size_t           count = load_paths(paths, c, number), len = 0;

	ck_assert_int_eq(aval_commitment_disclose(NULL, &len, commitment, paths, count, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	out = malloc(len);
	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(aval_commitment_disclose(out, &len, commitment, paths, count, NULL), AVAL_OK);
	if (numbered(c, "expect.disclosures.%zu.bytes", number, 0) != NULL) {
		snprintf(name, sizeof name, "expect.disclosures.%zu.bytes", number);
		check_hex(c, name, out, len);
	} else {
		snprintf(name, sizeof name, "expect.disclosures.%zu.len", number);
		ck_assert_int_eq((long long)len, vector_number(c, name));
		snprintf(name, sizeof name, "expect.disclosures.%zu.sha256", number);
		aval_sha256(hash32, out, len);
		check_hex(c, name, hash32, 32);
	}
	aval_commitment_hash(hash32, commitment);
	check_shown(c, out, len, hash32, paths, count);
	free(out);
}

START_TEST(vector)
{
	const struct vector_case *c = &commitment_cases[_i];
	aval_commitment          *commitment;
	uint8_t                   out32[32], *source;
	size_t                    len, disclosures = (size_t)vector_number(c, "input.disclosures");

	load(c);
	commitment = make(c);
	aval_commitment_hash(out32, commitment);
	check_hex(c, "expect.commitment", out32, 32);
	source = vector_hex(c, "input.source_sha256", &len);
	aval_commitment_source_binding(out32, commitment, source);
	check_hex(c, "expect.source_binding", out32, 32);
	for (size_t i = 0; i < disclosures; i++)
		check_disclosure(c, commitment, i);
	free(source);
	aval_commitment_free(commitment);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("commitment");
	TCase   *tc = tcase_create("vectors");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, vector, 0, COMMITMENT_COUNT);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
