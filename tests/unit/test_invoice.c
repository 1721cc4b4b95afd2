/* SPDX-License-Identifier: Apache-2.0 */
/* The import: the sample in both syntaxes, and what it refuses. */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include <aval/invoice.h>
#include <aval/os.h>

#include "failing_allocator.h"

static void read_file(const char *name, uint8_t **data_out, size_t *len_out)
{
	char path[1024];

	snprintf(path, sizeof path, "%s/%s", TEST_SOURCE_ROOT, name);
	ck_assert_msg(aval_os_file_read(data_out, len_out, path, AVAL_INVOICE_MAX_LEN, NULL, NULL) == AVAL_OK,
	              "%s: cannot be read", path);
}

static aval_invoice *parse_file(const char *name)
{
	uint8_t      *data = NULL;
	size_t        len = 0;
	aval_error    err = AVAL_ERROR_INIT;
	aval_invoice *invoice = NULL;
	aval_status   status;

	read_file(name, &data, &len);
	status = aval_invoice_parse(&invoice, data, len, NULL, &err);
	aval_free(data, NULL);
	ck_assert_msg(status == AVAL_OK, "%s: got %s at %zu (%s)", name, aval_status_name(status), err.offset, err.reason);
	return invoice;
}

static bool is_text_equal(aval_text a, aval_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static void assert_same_term(const aval_term *a, const aval_term *b)
{
	ck_assert_msg(is_text_equal(a->path, b->path), "got %.*s, want %.*s", (int)b->path.len, b->path.data,
	              (int)a->path.len, a->path.data);
	ck_assert_msg(is_text_equal(a->value, b->value), "%.*s: got %.*s, want %.*s", (int)a->path.len, a->path.data,
	              (int)b->value.len, b->value.data, (int)a->value.len, a->value.data);
	ck_assert_msg(a->qualifier_count == b->qualifier_count, "%.*s: other qualifiers", (int)a->path.len,
	              a->path.data);
	for (size_t i = 0; i < a->qualifier_count; i++)
		ck_assert_msg(is_text_equal(a->qualifiers[i].name, b->qualifiers[i].name) &&
		                      is_text_equal(a->qualifiers[i].value, b->qualifiers[i].value),
		              "%.*s: other qualifiers", (int)a->path.len, a->path.data);
}

static void assert_same_terms(const aval_invoice *a, const aval_invoice *b)
{
	ck_assert_uint_eq(aval_invoice_term_count(a), aval_invoice_term_count(b));
	for (size_t i = 0; i < aval_invoice_term_count(a); i++)
		assert_same_term(&aval_invoice_terms(a)[i], &aval_invoice_terms(b)[i]);
}

START_TEST(test_sample)
{
	aval_invoice *ubl = parse_file("examples/invoices/invoice-ubl.xml");
	aval_invoice *cii = parse_file("examples/invoices/invoice-cii.xml");

	ck_assert_int_eq(aval_invoice_syntax_of(ubl), AVAL_INVOICE_UBL_INVOICE);
	ck_assert_int_eq(aval_invoice_syntax_of(cii), AVAL_INVOICE_CII);
	ck_assert_uint_eq(aval_invoice_term_count(ubl), 505);
	assert_same_terms(ubl, cii);
	for (size_t i = 0; i < aval_invoice_term_count(ubl); i++) {
		const aval_term *term = &aval_invoice_terms(ubl)[i];

		ck_assert_ptr_eq(aval_invoice_find(ubl, term->path.data, term->path.len), term);
		ck_assert_msg(aval_term_path_is_known(term->path.data, term->path.len), "%.*s is not known",
		              (int)term->path.len, term->path.data);
		if (i > 0)
			ck_assert_int_lt(aval_term_path_compare(term[-1].path, term->path), 0);
	}
	ck_assert_ptr_null(aval_invoice_find(ubl, "BT-6", 4));
	ck_assert_uint_eq(aval_invoice_defect_count(ubl) + aval_invoice_defect_count(cii), 0);
	aval_invoice_free(ubl);
	aval_invoice_free(cii);
}
END_TEST

typedef struct sample {
	uint8_t *data;
	size_t   len;
} sample;

static aval_status parse_sample(const aval_allocator *allocator, void *user_data)
{
	const sample *s = user_data;
	aval_invoice *invoice = NULL;
	aval_status   status = aval_invoice_parse(&invoice, s->data, s->len, allocator, NULL);

	ck_assert_int_eq(invoice == NULL, status != AVAL_OK);
	aval_invoice_free(invoice);
	return status;
}

START_TEST(test_no_memory)
{
	sample s;

	read_file(_i == 0 ? "examples/invoices/invoice-ubl.xml" : "examples/invoices/invoice-cii.xml", &s.data, &s.len);
	ck_assert_uint_gt(failing_allocator_walk("sample", parse_sample, &s), 10);
	aval_free(s.data, NULL);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("invoice");
	TCase   *tcase = tcase_create("invoice");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_sample);
	tcase_add_loop_test(tcase, test_no_memory, 0, 2);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
