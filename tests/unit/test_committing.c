/* SPDX-License-Identifier: Apache-2.0 */
/* What the vectors of commitments cannot say: refusals, salts, memory, secrets, and large invoices. */
#include <stdio.h>

#include <aval/commitment.h>
#include <aval/disclosure.h>

#include "base/base.h"
#include "failing_allocator.h"
#include "invoice/commitment.h"
#include "invoice/tree.h"
#include "merkle/merkle.h"

static const uint8_t seed[32] = { 7 };

#define TEXT(text) { text, sizeof text - 1 }
#define TERM(path, value) { TEXT(path), TEXT(value), NULL, 0 }
#define WITH(path, value, qualifiers) { TEXT(path), TEXT(value), qualifiers, sizeof qualifiers / sizeof *qualifiers }
#define QUALIFIER(name, value) { TEXT(name), TEXT(value) }

static const aval_qualifier two_up[] = { QUALIFIER("scheme", "1"), QUALIFIER("unit", "2") };
static const aval_qualifier two_down[] = { QUALIFIER("unit", "2"), QUALIFIER("scheme", "1") };
static const aval_qualifier twice[] = { QUALIFIER("unit", "2"), QUALIFIER("unit", "2") };
static const aval_qualifier bad_name[] = { QUALIFIER("\xff", "2") };
static const aval_qualifier bad_value[] = { QUALIFIER("unit", "\xc3") };
static const aval_qualifier sixteen[] = {
	QUALIFIER("a", ""), QUALIFIER("b", ""), QUALIFIER("c", ""), QUALIFIER("d", ""),
	QUALIFIER("e", ""), QUALIFIER("f", ""), QUALIFIER("g", ""), QUALIFIER("h", ""),
	QUALIFIER("i", ""), QUALIFIER("j", ""), QUALIFIER("k", ""), QUALIFIER("l", ""),
	QUALIFIER("m", ""), QUALIFIER("n", ""), QUALIFIER("o", ""), QUALIFIER("p", ""),
};
static const aval_qualifier seventeen[] = {
	QUALIFIER("a", ""), QUALIFIER("b", ""), QUALIFIER("c", ""), QUALIFIER("d", ""), QUALIFIER("e", ""),
	QUALIFIER("f", ""), QUALIFIER("g", ""), QUALIFIER("h", ""), QUALIFIER("i", ""), QUALIFIER("j", ""),
	QUALIFIER("k", ""), QUALIFIER("l", ""), QUALIFIER("m", ""), QUALIFIER("n", ""), QUALIFIER("o", ""),
	QUALIFIER("p", ""), QUALIFIER("q", ""),
};

static const struct {
	const char *name;
	aval_term   terms[2];
	size_t      count;
	aval_status want;
	const char *where;
} inputs[] = {
	{ "two terms", { TERM("BT-1", "1"), TERM("BT-2", "2") }, 2, AVAL_OK, "" },
	{ "no term", { TERM("BT-1", "1") }, 0, AVAL_E_INVOICE_TERM_MISSING, "terms" },
	{ "too many terms", { TERM("BT-1", "1") }, AVAL_COMMITMENT_MAX_TERMS + 1, AVAL_E_LIMIT, "terms" },
	{ "a term twice", { TERM("BT-1", "1"), TERM("BT-1", "2") }, 2, AVAL_E_DISCLOSURE_ORDER,
	  "terms[].path" },
	{ "terms descend", { TERM("BT-2", "1"), TERM("BT-1", "2") }, 2, AVAL_E_DISCLOSURE_ORDER,
	  "terms[].path" },
	{ "terms ascend by tuple", { TERM("BT-29.2", "1"), TERM("BT-29.10", "2") }, 2, AVAL_OK, "" },
	{ "terms ascend by bytes", { TERM("BT-29.10", "1"), TERM("BT-29.2", "2") }, 2, AVAL_E_DISCLOSURE_ORDER,
	  "terms[].path" },
	{ "no path", { TERM("BT-1", "1"), TERM("BT-x", "2") }, 2, AVAL_E_INVOICE_TERM_UNKNOWN, "term.path" },
	{ "no term of the map", { TERM("BT-3", "1"), TERM("BT-4", "2") }, 2, AVAL_E_INVOICE_TERM_UNKNOWN,
	  "term.path" },
	{ "no index", { TERM("BT-29", "1") }, 1, AVAL_E_INVOICE_TERM_UNKNOWN, "term.path" },
	{ "an index", { TERM("BT-29.1", "1") }, 1, AVAL_OK, "" },
	{ "empty value", { TERM("BT-1", "") }, 1, AVAL_OK, "" },
	{ "no UTF-8", { TERM("BT-1", "\xff") }, 1, AVAL_E_CBOR_UTF8, "terms[].value" },
	{ "UTF-8", { TERM("BT-1", "\xc3\xa4") }, 1, AVAL_OK, "" },
	{ "qualifiers", { WITH("BT-1", "", two_up) }, 1, AVAL_OK, "" },
	{ "qualifiers descend", { WITH("BT-1", "", two_down) }, 1, AVAL_E_DISCLOSURE_ORDER,
	  "terms[].qualifiers[].name" },
	{ "a qualifier twice", { WITH("BT-1", "", twice) }, 1, AVAL_E_DISCLOSURE_ORDER,
	  "terms[].qualifiers[].name" },
	{ "qualifier's name no UTF-8", { WITH("BT-1", "", bad_name) }, 1, AVAL_E_CBOR_UTF8,
	  "terms[].qualifiers[].name" },
	{ "qualifier's value no UTF-8", { WITH("BT-1", "", bad_value) }, 1, AVAL_E_CBOR_UTF8,
	  "terms[].qualifiers[].value" },
	{ "16 qualifiers", { WITH("BT-1", "", sixteen) }, 1, AVAL_OK, "" },
	{ "17 qualifiers", { WITH("BT-1", "", seventeen) }, 1, AVAL_E_LIMIT, "terms[].qualifiers" },
};

START_TEST(input_rule)
{
	aval_commitment *c = NULL;
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      got =
		aval_commitment_new_from_terms(&c, inputs[_i].terms, inputs[_i].count, seed, NULL, &err);

	ck_assert_msg(got == inputs[_i].want, "%s: got %s, want %s (%s)", inputs[_i].name,
	              aval_status_name(got), aval_status_name(inputs[_i].want), err.reason);
	ck_assert_str_eq(err.where, inputs[_i].where);
	ck_assert((c != NULL) == (got == AVAL_OK));
	aval_commitment_free(c);
}
END_TEST

static const aval_term few[] = { TERM("BT-1", "1"), TERM("BT-5", "EUR"), TERM("BT-115", "119") };

static aval_commitment *few_committed(const aval_allocator *allocator)
{
	aval_commitment *c = NULL;

	ck_assert_int_eq(aval_commitment_new_from_terms(&c, few, 3, seed, allocator, NULL), AVAL_OK);
	return c;
}

START_TEST(another_value_or_seed_is_another_commitment)
{
	static const uint8_t other_seed[32] = { 8 };
	aval_term            changed[3];
	aval_commitment     *a = few_committed(NULL), *b, *c;
	aval_error           err = AVAL_ERROR_INIT;
	uint8_t              hash[32];

	memcpy(changed, few, sizeof changed);
	changed[2].value = aval_text_z("119.00");
	ck_assert_int_eq(aval_commitment_new_from_terms(&b, changed, 3, seed, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_commitment_new_from_terms(&c, few, 3, other_seed, NULL, NULL), AVAL_OK);
	aval_commitment_hash(hash, a);
	ck_assert_int_eq(aval_commitment_verify(a, hash, NULL), AVAL_OK);
	ck_assert_int_eq(aval_commitment_verify(b, hash, &err), AVAL_E_COMMITMENT_MISMATCH);
	ck_assert_str_eq(err.where, "token.commitment");
	ck_assert_int_eq(aval_commitment_verify(c, hash, NULL), AVAL_E_COMMITMENT_MISMATCH);
	aval_commitment_free(a);
	aval_commitment_free(b);
	aval_commitment_free(c);
	aval_commitment_free(NULL);
}
END_TEST

#define UBL(content)                                                                      \
	"<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" "      \
	"xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">" \
	content "</Invoice>"

static aval_commitment *committed_import(const char *xml, aval_status want)
{
	aval_invoice    *invoice = NULL;
	aval_commitment *c = NULL;

	ck_assert_int_eq(aval_invoice_parse(&invoice, (const uint8_t *)xml, strlen(xml), NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_commitment_new(&c, invoice, seed, NULL, NULL), want);
	aval_invoice_free(invoice);
	return c;
}

/* Of an import as of the list of its terms; an invoice without any is none. */
START_TEST(imports_are_committed_to)
{
	static const aval_term number = TERM("BT-1", "A-1");
	aval_commitment       *a = committed_import(UBL("<cbc:ID> A-1 </cbc:ID>"), AVAL_OK), *b = NULL;
	uint8_t                hash[32];

	ck_assert_int_eq(aval_commitment_new_from_terms(&b, &number, 1, seed, NULL, NULL), AVAL_OK);
	aval_commitment_hash(hash, b);
	ck_assert_int_eq(aval_commitment_verify(a, hash, NULL), AVAL_OK);
	ck_assert_ptr_null(committed_import(UBL(""), AVAL_E_INVOICE_TERM_MISSING));
	aval_commitment_free(a);
	aval_commitment_free(b);
}
END_TEST

START_TEST(the_salt_key_stands_for_the_seed)
{
	aval_commitment *a = few_committed(NULL), *b = NULL;
	uint8_t          k[32], hash[32];

	aval_commitment_salt_key(k, a);
	ck_assert_int_eq(aval_commitment_new_from_salt_key(&b, few, 3, k, NULL, NULL), AVAL_OK);
	aval_commitment_hash(hash, b);
	ck_assert_int_eq(aval_commitment_verify(a, hash, NULL), AVAL_OK);
	aval_commitment_free(b);
	b = NULL;
	ck_assert_int_eq(aval_commitment_new_from_salt_key(&b, few, 0, k, NULL, NULL),
	                 AVAL_E_INVOICE_TERM_MISSING);
	ck_assert_ptr_null(b);
	aval_commitment_free(a);
}
END_TEST

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* All salts of two invoices under one seed, slots and values: no two are equal. */
START_TEST(no_salt_is_shared)
{
	enum { SALTS = 1024 + 3 };
	static uint8_t   salts[32 * 2 * SALTS];
	aval_term        changed[3];
	aval_commitment *c[2] = { few_committed(NULL), NULL };

	memcpy(changed, few, sizeof changed);
	changed[0].value = aval_text_z("2");
	ck_assert_int_eq(aval_commitment_new_from_terms(&c[1], changed, 3, seed, NULL, NULL), AVAL_OK);
	for (size_t i = 0; i < 2; i++) {
		uint8_t *at = salts + 32 * SALTS * i;

		for (uint32_t slot = 0; slot < 1024; slot++, at += 32)
			aval_commitment_slot_salt(at, c[i], slot);
		for (uint32_t term = 0; term < 3; term++, at += 32)
			aval_commitment_value_salt(at, c[i], aval_commitment_term(c[i], term).path_item);
		aval_commitment_free(c[i]);
	}
	qsort(salts, 2 * SALTS, 32, by_bytes);
	for (size_t i = 1; i < 2 * SALTS; i++)
		ck_assert_mem_ne(salts + 32 * (i - 1), salts + 32 * i, 32);
}
END_TEST

/* What goes in may be changed or freed at once. */
START_TEST(terms_are_copied)
{
	char             value[] = "119";
	aval_term        terms[3];
	aval_commitment *a = few_committed(NULL), *b = NULL;
	aval_text        path = aval_text_z("BT-115");
	uint8_t          out_a[4096], out_b[4096];
	size_t           len_a = sizeof out_a, len_b = sizeof out_b;

	memcpy(terms, few, sizeof terms);
	terms[2].value = (aval_text){ value, 3 };
	ck_assert_int_eq(aval_commitment_new_from_terms(&b, terms, 3, seed, NULL, NULL), AVAL_OK);
	memset(value, 'x', sizeof value);
	memset(terms, 0, sizeof terms);
	ck_assert_int_eq(aval_commitment_disclose(out_a, &len_a, a, &path, 1, NULL), AVAL_OK);
	ck_assert_int_eq(aval_commitment_disclose(out_b, &len_b, b, &path, 1, NULL), AVAL_OK);
	ck_assert_uint_eq(len_a, len_b);
	ck_assert(memcmp(out_a, out_b, len_a) == 0);
	aval_commitment_free(a);
	aval_commitment_free(b);
}
END_TEST

START_TEST(disclose_refuses)
{
	static const char *const bad[] = { "", "BT-1/", "BG-25.1", "BT-01", "BT-4", "BT-29", "BT-131" };
	aval_commitment         *c = few_committed(NULL);
	aval_text                paths[2] = { { "BT-1", 4 }, { "BT-2", 4 } };
	aval_error               err = AVAL_ERROR_INIT;
	uint8_t                  out[4096] = { 0 };
	size_t                   len = sizeof out, need;

	ck_assert_int_eq(aval_commitment_disclose(out, &len, c, paths, 0, &err), AVAL_E_INVALID_ARGUMENT);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		paths[1] = aval_text_z(bad[i]);
		ck_assert_int_eq(aval_commitment_disclose(out, &len, c, paths, 2, &err),
		                 AVAL_E_INVOICE_TERM_UNKNOWN);
		ck_assert_str_eq(err.where, "term.path");
	}
	ck_assert_uint_eq(len, sizeof out);
	need = 0;
	ck_assert_int_eq(aval_commitment_disclose(NULL, &need, c, paths, 1, NULL), AVAL_E_BUFFER_TOO_SMALL);
	len = need - 1;
	ck_assert_int_eq(aval_commitment_disclose(out, &len, c, paths, 1, &err), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_uint_eq(out[0], 0);
	ck_assert_int_eq(aval_commitment_disclose(out, &len, c, paths, 1, NULL), AVAL_OK);
	ck_assert_uint_eq(len, need);
	ck_assert_uint_eq(out[need], 0);
	aval_commitment_free(c);
}
END_TEST

/* The most absent paths, and one more; what stands twice does not count. */
START_TEST(absent_paths_have_a_limit)
{
	enum { MOST = AVAL_DISCLOSURE_MAX_ABSENT };
	static char      text[MOST + 1][16];
	static aval_text paths[2 * MOST + 1];
	aval_commitment *c = few_committed(NULL);
	aval_disclosure  view;
	aval_error       err = AVAL_ERROR_INIT;
	uint8_t          hash[32], *out;
	size_t           len = 0;

	for (size_t i = 0; i <= 2 * MOST; i++) {
		size_t number = i == 2 * MOST ? MOST : i % MOST;

		snprintf(text[number], sizeof text[number], "BT-29.%zu", number + 1);
		paths[i] = aval_text_z(text[number]);
	}
	ck_assert_int_eq(aval_commitment_disclose(NULL, &len, c, paths, 2 * MOST + 1, &err), AVAL_E_LIMIT);
	ck_assert_str_eq(err.where, "paths");
	ck_assert_int_eq(aval_commitment_disclose(NULL, &len, c, paths, MOST, NULL), AVAL_E_BUFFER_TOO_SMALL);
	out = malloc(len);
	paths[2 * MOST] = paths[0];
	ck_assert_int_eq(aval_commitment_disclose(out, &len, c, paths, 2 * MOST + 1, NULL), AVAL_OK);
	aval_commitment_hash(hash, c);
	ck_assert_int_eq(aval_disclosure_verify(&view, out, len, hash, NULL), AVAL_OK);
	ck_assert_uint_eq(view.absent_count, MOST);
	free(out);
	aval_commitment_free(c);
}
END_TEST

static aval_status make_and_disclose(const aval_allocator *allocator, void *user_data)
{
	const aval_text  paths[2] = { { "BT-5", 4 }, { "BT-9", 4 } };
	aval_commitment *c = user_data;
	uint8_t          out[4096] = { 0 };
	size_t           len = sizeof out;
	aval_status      status = aval_commitment_new_from_terms(&c, few, 3, seed, allocator, NULL);

	if (status != AVAL_OK) {
		ck_assert_ptr_eq(c, user_data);
		return status;
	}
	status = aval_commitment_disclose(out, &len, c, paths, 2, NULL);
	ck_assert_uint_eq(out[0], status == AVAL_OK ? 0x85 : 0);
	ck_assert((status == AVAL_OK) == (len != sizeof out));
	aval_commitment_free(c);
	return status;
}

START_TEST(each_allocation_may_fail)
{
	uint8_t dummy;

	ck_assert_uint_eq(failing_allocator_walk("commitment", make_and_disclose, &dummy), 9);
}
END_TEST

/* Only hashes under salts are left behind: value commitments and the tree. */
START_TEST(secrets_are_wiped)
{
	failing_allocator f;

	failing_allocator_init(&f, 0);
	aval_commitment_free(few_committed(&f.allocator));
	ck_assert_uint_eq(f.dirty, 2);
}
END_TEST

/* A tree of which the lower levels are hashed again gives what one that is kept whole gives. */
START_TEST(levels_that_are_not_kept)
{
	aval_commitment *c = few_committed(NULL);
	aval_commitment  lean = *c;
	aval_text        paths[4] = { { "BT-1", 4 }, { "BT-5", 4 }, { "BT-9", 4 }, { "BT-115", 6 } };
	uint8_t          want[8192], got[8192];
	size_t           want_len = sizeof want, len = sizeof got;

	ck_assert_int_eq(aval_commitment_disclose(want, &want_len, c, paths, 4, NULL), AVAL_OK);
	for (unsigned kept = 0; kept < c->depth; kept++) {
		lean.kept_depth = kept;
		lean.levels = malloc(32 * aval_perfect_count(kept));
		memset(lean.hash32, 0, 32);
		aval_commitment_hash_tree(&lean);
		ck_assert_mem_eq(lean.hash32, c->hash32, 32);
		len = sizeof got;
		ck_assert_int_eq(aval_commitment_disclose(got, &len, &lean, paths, 4, NULL), AVAL_OK);
		ck_assert(len == want_len && memcmp(got, want, len) == 0);
		free(lean.levels);
	}
	aval_commitment_free(c);
}
END_TEST

/* 70,000 terms: depth 20, so 16 slots hang below each leaf of the tree that is kept. Memory stays bounded. */
START_TEST(large_invoice)
{
	enum { TERMS = 70000, WIDTH = 24 };
	char             *text = malloc(WIDTH * TERMS);
	aval_term        *terms = calloc(TERMS, sizeof *terms);
	aval_commitment  *c = NULL;
	failing_allocator f;
	aval_text       paths[3] = { { "BG-25.7777/BT-131", 17 }, { "BG-25.70000/BT-131", 18 }, { "BT-1", 4 } };
	aval_disclosure view;
	aval_disclosed  d;
	uint8_t         hash[32], out[8192];
	size_t          len = sizeof out;

	for (size_t i = 0; i < TERMS; i++) {
		char *path = text + WIDTH * i;

		snprintf(path, WIDTH, "BG-25.%zu/BT-131", i + 1);
		terms[i] = (aval_term){ aval_text_z(path), aval_text_z(path + 6), NULL, 0 };
	}
	failing_allocator_init(&f, 0);
	ck_assert_int_eq(aval_commitment_new_from_terms(&c, terms, TERMS, seed, &f.allocator, NULL), AVAL_OK);
	ck_assert_uint_eq(c->depth, 20);
	ck_assert_uint_lt(f.peak_bytes, c->terms_len + (size_t)120 * TERMS + (4 << 20) + 1024);
	aval_commitment_hash(hash, c);
	ck_assert_int_eq(aval_commitment_disclose(out, &len, c, paths, 3, NULL), AVAL_OK);
	ck_assert_int_eq(aval_disclosure_verify(&view, out, len, hash, NULL), AVAL_OK);
	ck_assert_int_eq(aval_disclosure_find(&d, &view, paths[0].data, paths[0].len, NULL), AVAL_OK);
	ck_assert(aval_text_equal_z(d.value, "7777/BT-131"));
	ck_assert_int_eq(aval_disclosure_find(&d, &view, "BT-1", 4, NULL), AVAL_OK);
	ck_assert(d.is_absent);
	aval_commitment_free(c);
	ck_assert_uint_eq(f.live, 0);
	free(terms);
	free(text);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("committing");
	TCase   *tc = tcase_create("committing");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, input_rule, 0, (int)(sizeof inputs / sizeof *inputs));
	tcase_add_test(tc, another_value_or_seed_is_another_commitment);
	tcase_add_test(tc, imports_are_committed_to);
	tcase_add_test(tc, the_salt_key_stands_for_the_seed);
	tcase_add_test(tc, no_salt_is_shared);
	tcase_add_test(tc, terms_are_copied);
	tcase_add_test(tc, disclose_refuses);
	tcase_add_test(tc, absent_paths_have_a_limit);
	tcase_add_test(tc, each_allocation_may_fail);
	tcase_add_test(tc, secrets_are_wiped);
	tcase_add_test(tc, levels_that_are_not_kept);
	tcase_add_test(tc, large_invoice);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
