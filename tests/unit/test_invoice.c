/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The import: vectors of small files (invoice.json), the sample in both syntaxes, files at the limits, and
 * memory that runs out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <aval/invoice.h>
#include <aval/os.h>

#include "failing_allocator.h"
#include "invoice/import.h"
#include "vectors.h"

#include "invoice.vectors.h"

static bool is_equal(aval_text a, const struct vector_field *want)
{
	return a.len == want->len && (a.len == 0 || memcmp(a.data, want->value, a.len) == 0);
}

/* A field whose name is put together. */
static const struct vector_field *field(const struct vector_case *c, const char *format, size_t i, size_t k)
{
	char name[64];

	snprintf(name, sizeof name, format, i, k);
	return vector_find(c, name);
}

static uint8_t *input_of(const struct vector_case *c, size_t *len_out)
{
	const struct vector_field *xml = vector_find(c, "input.xml"), *hex = vector_find(c, "input.hex");
	uint8_t                   *data = malloc(1 + (xml != NULL ? xml->len : hex->len));

	ck_assert_ptr_nonnull(data);
	*len_out = xml != NULL ? xml->len : hex->len / 2;
	if (xml != NULL)
		memcpy(data, xml->value, xml->len);
	for (size_t i = 0; xml == NULL && i < *len_out; i++) {
		unsigned byte;

		ck_assert_int_eq(sscanf(hex->value + 2 * i, "%2x", &byte), 1);
		data[i] = (uint8_t)byte;
	}
	return data;
}

static size_t qualifier_fields(const struct vector_case *c, size_t i)
{
	char   prefix[64];
	size_t count = 0;
	int    len = snprintf(prefix, sizeof prefix, "expect.terms.%zu.2.", i);

	for (size_t k = 0; k < c->count; k++)
		count += strncmp(c->fields[k].name, prefix, (size_t)len) == 0;
	return count;
}

static void check_qualifiers(const struct vector_case *c, size_t i, const aval_term *term)
{
	ck_assert_msg(qualifier_fields(c, i) == term->qualifier_count, "%s: term %zu has %zu qualifiers", c->id,
	              i, term->qualifier_count);
	for (size_t k = 0; k < term->qualifier_count; k++) {
		char                       name[64];
		const struct vector_field *want;

		snprintf(name, sizeof name, "expect.terms.%zu.2.%.*s", i, (int)term->qualifiers[k].name.len,
		         term->qualifiers[k].name.data);
		want = vector_find(c, name);
		ck_assert_msg(want != NULL && is_equal(term->qualifiers[k].value, want), "%s: got %s = %.*s",
		              c->id, name, (int)term->qualifiers[k].value.len, term->qualifiers[k].value.data);
	}
}

static void check_terms(const struct vector_case *c, const aval_invoice *invoice)
{
	size_t count = aval_invoice_term_count(invoice);

	ck_assert_msg(count == (size_t)vector_number(c, "expect.terms"), "%s: got %zu terms", c->id, count);
	for (size_t i = 0; i < count; i++) {
		const aval_term           *term = &aval_invoice_terms(invoice)[i];
		const struct vector_field *path = field(c, "expect.terms.%zu.0", i, 0);
		const struct vector_field *value = field(c, "expect.terms.%zu.1", i, 0);

		ck_assert_msg(is_equal(term->path, path), "%s: got %.*s, want %s", c->id, (int)term->path.len,
		              term->path.data, path->value);
		ck_assert_msg(is_equal(term->value, value), "%s: %s: got '%.*s', want '%s'", c->id, path->value,
		              (int)term->value.len, term->value.data, value->value);
		check_qualifiers(c, i, term);
		ck_assert_msg(aval_term_path_is_known(term->path.data, term->path.len), "%s: %s is not known",
		              c->id, path->value);
		ck_assert_ptr_eq(aval_invoice_find(invoice, term->path.data, term->path.len), term);
	}
}

static void check_unmapped(const struct vector_case *c, const aval_invoice *invoice)
{
	size_t count = aval_invoice_unmapped_count(invoice);

	ck_assert_msg(count == (size_t)vector_number(c, "expect.unmapped"), "%s: got %zu unmapped", c->id,
	              count);
	for (size_t i = 0; i < count; i++) {
		const aval_unmapped       *entry = &aval_invoice_unmapped(invoice)[i];
		const struct vector_field *reason = field(c, "expect.unmapped.%zu.0", i, 0);
		const struct vector_field *path = field(c, "expect.unmapped.%zu.1", i, 0);
		const struct vector_field *value = field(c, "expect.unmapped.%zu.2", i, 0);

		ck_assert_msg(is_equal(entry->path, path), "%s: got %.*s, want %s", c->id, (int)entry->path.len,
		              entry->path.data, path->value);
		ck_assert_msg(is_equal(entry->value, value), "%s: %s: got '%.*s', want '%s'", c->id,
		              path->value, (int)entry->value.len, entry->value.data, value->value);
		ck_assert_msg((int)entry->reason == atoi(reason->value), "%s: %s: got reason %d", c->id,
		              path->value, (int)entry->reason);
		ck_assert_msg(i == 0 || entry[-1].offset <= entry->offset, "%s: not in the order of the file",
		              c->id);
	}
}

static void check_defects(const struct vector_case *c, const aval_invoice *invoice)
{
	size_t count = aval_invoice_defect_count(invoice);

	ck_assert_msg(count == (size_t)vector_number(c, "expect.defects"), "%s: got %zu defects", c->id, count);
	for (size_t i = 0; i < count; i++) {
		const aval_defect         *defect = &aval_invoice_defects(invoice)[i];
		const struct vector_field *path = field(c, "expect.defects.%zu.0", i, 0);
		const struct vector_field *status = field(c, "expect.defects.%zu.1", i, 0);

		ck_assert_msg(is_equal(defect->path, path), "%s: got %.*s, want %s", c->id,
		              (int)defect->path.len, defect->path.data, path->value);
		ck_assert_msg(strcmp(aval_status_name(defect->status), status->value) == 0, "%s: got %s", c->id,
		              aval_status_name(defect->status));
		ck_assert_ptr_eq(aval_invoice_defect_find(invoice, path->value, path->len)->reason,
		                 aval_invoice_defects(invoice)[i].reason);
		ck_assert_uint_gt(strlen(defect->reason), 0);
	}
	ck_assert_ptr_null(aval_invoice_defect_find(invoice, "BT-3", 4));
}

static void check_refusal(const struct vector_case *c, aval_status status, const aval_error *err)
{
	const char *want = vector_text(c, "expect.status");

	ck_assert_msg(strcmp(aval_status_name(status), want) == 0, "%s: got %s, want %s (%s)", c->id,
	              aval_status_name(status), want, err->reason);
	ck_assert_msg(err->offset == (size_t)vector_number(c, "expect.offset"), "%s: got offset %zu, want %s",
	              c->id, err->offset, vector_text(c, "expect.offset"));
	ck_assert_msg((err->cause != 0) == (status == AVAL_E_XML_SYNTAX), "%s: got cause %lld", c->id,
	              (long long)err->cause);
}

START_TEST(test_vector)
{
	const struct vector_case *c = &invoice_cases[_i];
	size_t                    len;
	uint8_t                  *data = input_of(c, &len);
	failing_allocator         f;
	aval_invoice             *invoice = NULL;
	aval_error                err = AVAL_ERROR_INIT;
	aval_status               status;

	failing_allocator_init(&f, 0);
	status = aval_invoice_parse(&invoice, data, len, &f.allocator, &err);
	free(data);
	if (vector_find(c, "expect.status") != NULL) {
		ck_assert_ptr_null(invoice);
		check_refusal(c, status, &err);
	} else {
		ck_assert_msg(status == AVAL_OK, "%s: got %s at %zu (%s)", c->id, aval_status_name(status),
		              err.offset, err.reason);
		check_terms(c, invoice);
		check_unmapped(c, invoice);
		check_defects(c, invoice);
	}
	aval_invoice_free(invoice);
	ck_assert_msg(f.live == 0, "%s: %zu blocks leaked", c->id, f.live);
}
END_TEST

typedef struct buffer {
	uint8_t *data;
	size_t   len, capacity;
} buffer;

static void put(buffer *b, const char *text)
{
	size_t len = strlen(text);

	if (b->len + len > b->capacity) {
		b->capacity = 2 * (b->capacity + len);
		b->data = realloc(b->data, b->capacity);
		ck_assert_ptr_nonnull(b->data);
	}
	memcpy(b->data + b->len, text, len);
	b->len += len;
}

static buffer read_file(const char *name)
{
	char   path[1024];
	buffer b = { NULL, 0, 0 };

	snprintf(path, sizeof path, "%s/%s", TEST_SOURCE_ROOT, name);
	ck_assert_msg(aval_os_file_read(&b.data, &b.len, path, AVAL_INVOICE_MAX_LEN, NULL, NULL) == AVAL_OK,
	              "%s: cannot be read", path);
	return b;
}

static aval_status parse(aval_invoice **invoice_out, const buffer *b, aval_error *err)
{
	return aval_invoice_parse(invoice_out, b->data, b->len, NULL, err);
}

static bool is_text_equal(aval_text a, aval_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static void assert_same_term(const aval_term *a, const aval_term *b)
{
	ck_assert_msg(is_text_equal(a->path, b->path), "got %.*s, want %.*s", (int)b->path.len, b->path.data,
	              (int)a->path.len, a->path.data);
	ck_assert_msg(is_text_equal(a->value, b->value), "%.*s: got %.*s, want %.*s", (int)a->path.len,
	              a->path.data, (int)b->value.len, b->value.data, (int)a->value.len, a->value.data);
	ck_assert_msg(a->qualifier_count == b->qualifier_count, "%.*s: other qualifiers", (int)a->path.len,
	              a->path.data);
	for (size_t i = 0; i < a->qualifier_count; i++)
		ck_assert_msg(is_text_equal(a->qualifiers[i].name, b->qualifiers[i].name) &&
		                      is_text_equal(a->qualifiers[i].value, b->qualifiers[i].value),
		              "%.*s: other qualifiers", (int)a->path.len, a->path.data);
}

static const char *const samples[] = { "examples/invoices/invoice-ubl.xml",
	                               "examples/invoices/invoice-cii.xml" };

START_TEST(test_sample)
{
	buffer        files[2] = { read_file(samples[0]), read_file(samples[1]) };
	aval_invoice *ubl = NULL, *cii = NULL;

	ck_assert_int_eq(parse(&ubl, &files[0], NULL), AVAL_OK);
	ck_assert_int_eq(parse(&cii, &files[1], NULL), AVAL_OK);
	ck_assert_int_eq(aval_invoice_syntax_of(ubl), AVAL_INVOICE_UBL_INVOICE);
	ck_assert_int_eq(aval_invoice_syntax_of(cii), AVAL_INVOICE_CII);
	ck_assert_uint_eq(aval_invoice_term_count(ubl), 505);
	ck_assert_uint_eq(aval_invoice_term_count(cii), 505);
	for (size_t i = 0; i < 505; i++) {
		const aval_term *term = &aval_invoice_terms(ubl)[i];

		assert_same_term(term, &aval_invoice_terms(cii)[i]);
		ck_assert_ptr_eq(aval_invoice_find(ubl, term->path.data, term->path.len), term);
		ck_assert(i == 0 || aval_term_path_compare(term[-1].path, term->path) < 0);
	}
	ck_assert_ptr_null(aval_invoice_find(ubl, "BT-6", 4));
	ck_assert_ptr_null(aval_invoice_find(ubl, "no path", 7));
	ck_assert_uint_eq(aval_invoice_defect_count(ubl) + aval_invoice_defect_count(cii), 0);
	for (size_t i = 0; i < 2; i++)
		aval_free(files[i].data, NULL);
	aval_invoice_free(ubl);
	aval_invoice_free(cii);
}
END_TEST

static aval_status parse_with(const aval_allocator *allocator, void *user_data)
{
	const buffer *b = user_data;
	aval_invoice *invoice = NULL;
	aval_status   status = aval_invoice_parse(&invoice, b->data, b->len, allocator, NULL);

	ck_assert_int_eq(invoice == NULL, status != AVAL_OK);
	aval_invoice_free(invoice);
	return status;
}

START_TEST(test_no_memory)
{
	buffer b = read_file(samples[_i]);

	ck_assert_uint_gt(failing_allocator_walk("sample", parse_with, &b), 10);
	aval_free(b.data, NULL);
}
END_TEST

/* What is not mapped, repeated or wrong allocates too. */
START_TEST(test_no_memory_vector)
{
	const struct vector_case *c = &invoice_cases[_i];
	buffer                    b = { NULL, 0, 0 };

	b.data = input_of(c, &b.len);
	if (vector_find(c, "expect.status") == NULL)
		failing_allocator_walk(c->id, parse_with, &b);
	free(b.data);
}
END_TEST

#define UBL "urn:oasis:names:specification:ubl:schema:xsd:"
#define HEAD                                                                                           \
	"<Invoice xmlns='" UBL "Invoice-2' xmlns:a='" UBL "CommonAggregateComponents-2' xmlns:b='" UBL \
	"CommonBasicComponents-2'>"

static buffer repeated(const char *text, size_t count)
{
	buffer b = { NULL, 0, 0 };

	put(&b, HEAD);
	for (size_t i = 0; i < count; i++)
		put(&b, text);
	put(&b, "</Invoice>");
	return b;
}

START_TEST(test_many_lines)
{
	static const char line[] =
		"<a:InvoiceLine><b:ID>1</b:ID><b:LineExtensionAmount>1.00</b:LineExtensionAmount>"
		"<a:Item><b:Name>Bolt</b:Name></a:Item></a:InvoiceLine>\n";
	buffer        b = repeated(line, 10000);
	aval_invoice *invoice = NULL;

	ck_assert_int_eq(parse(&invoice, &b, NULL), AVAL_OK);
	ck_assert_uint_eq(aval_invoice_term_count(invoice), 30000);
	ck_assert_ptr_nonnull(aval_invoice_find(invoice, "BG-25.10000/BT-153", 18));
	ck_assert_ptr_null(aval_invoice_find(invoice, "BG-25.10001/BT-153", 18));
	aval_invoice_free(invoice);
	free(b.data);
}
END_TEST

/* What is repeated, and how often that is just possible. */
static const struct {
	const char *name, *text;
	size_t      count;
} limits[] = {
	{ "terms", "<b:Note>x</b:Note>", AVAL_INVOICE_MAX_TERMS },
	{ "unmapped", "<b:X/>", AVAL_INVOICE_MAX_TERMS },
	{ "repeated", "<b:ID>1</b:ID>", AVAL_INVOICE_MAX_TERMS },
	{ "attributes", "<b:ID b:x='1'/>", AVAL_INVOICE_MAX_TERMS / 2 },
};

START_TEST(test_limit)
{
	for (size_t more = 0; more < 2; more++) {
		buffer        b = repeated(limits[_i].text, limits[_i].count + more);
		aval_invoice *invoice = NULL;
		aval_error    err = AVAL_ERROR_INIT;
		aval_status   status = parse(&invoice, &b, &err), want = more == 0 ? AVAL_OK : AVAL_E_LIMIT;

		ck_assert_msg(status == want, "%s + %zu: got %s (%s)", limits[_i].name, more,
		              aval_status_name(status), err.reason);
		ck_assert_msg(status == AVAL_OK || err.offset > limits[_i].count, "%s: no offset",
		              limits[_i].name);
		aval_invoice_free(invoice);
		free(b.data);
	}
}
END_TEST

/* Few bytes, long paths: what is listed is bounded as the file is. */
START_TEST(test_long_paths)
{
	buffer        b = { NULL, 0, 0 };
	aval_invoice *invoice = NULL;
	aval_error    err = AVAL_ERROR_INIT;

	put(&b, HEAD "<b:");
	for (size_t i = 0; i < 10000; i++)
		put(&b, "long-");
	put(&b, ">");
	for (size_t i = 0; i < 10000; i++)
		put(&b, "<b:X/>");
	ck_assert_int_eq(parse(&invoice, &b, &err), AVAL_E_LIMIT);
	ck_assert_uint_lt(err.offset, b.len);
	free(b.data);
}
END_TEST

START_TEST(test_file_length)
{
	buffer        b = { malloc(AVAL_INVOICE_MAX_LEN + 1), AVAL_INVOICE_MAX_LEN + 1, 0 };
	aval_invoice *invoice = NULL;
	aval_error    err = AVAL_ERROR_INIT;

	ck_assert_ptr_nonnull(b.data);
	memset(b.data, ' ', b.len);
	memcpy(b.data, HEAD, sizeof HEAD - 1);
	memcpy(b.data + AVAL_INVOICE_MAX_LEN - 10, "</Invoice>", 10);
	ck_assert_int_eq(parse(&invoice, &b, &err), AVAL_E_LIMIT);
	ck_assert_ptr_null(invoice);
	b.len--;
	ck_assert_int_eq(parse(&invoice, &b, &err), AVAL_OK);
	ck_assert_uint_eq(aval_invoice_term_count(invoice), 0);
	aval_invoice_free(invoice);
	free(b.data);
}
END_TEST

/* Every prefix of a file is refused as ill-formed, and leaves nothing behind. */
START_TEST(test_truncated)
{
	buffer b = read_file("tests/fixtures/invoice-10kb.xml");
	size_t end = b.len;

	while (end > 0 && b.data[end - 1] != '>')
		end--;
	for (b.len = 0; b.len < end; b.len += 1 + b.len % 7) {
		failing_allocator f;
		aval_status       status;

		failing_allocator_init(&f, 0);
		status = parse_with(&f.allocator, &b);
		if (status != AVAL_E_XML_SYNTAX || f.live != 0)
			ck_abort_msg("%zu bytes: got %s, %zu blocks leaked", b.len, aval_status_name(status),
			             f.live);
	}
	b.len = end;
	ck_assert_int_eq(parse_with(NULL, &b), AVAL_OK);
	aval_free(b.data, NULL);
}
END_TEST

START_TEST(test_arguments)
{
	aval_invoice *invoice = NULL;
	aval_error    err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_invoice_parse(NULL, (const uint8_t *)"", 0, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_invoice_parse(&invoice, NULL, 1, NULL, &err), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_invoice_parse(&invoice, NULL, 0, NULL, &err), AVAL_E_XML_SYNTAX);
	ck_assert_ptr_null(invoice);
	aval_invoice_free(NULL);
}
END_TEST

START_TEST(test_source_hash)
{
	static const uint8_t want[32] = {
		0xd8, 0x66, 0x15, 0xf3, 0x58, 0xb4, 0x59, 0x39, 0xef, 0xef, 0x0e, 0xbd, 0xd3, 0x09, 0x33, 0x53,
		0xac, 0xe6, 0xee, 0x25, 0xfe, 0x42, 0xc1, 0xca, 0xfc, 0xda, 0xc4, 0x14, 0xa9, 0x44, 0x21, 0x86,
	};
	static const char xml[] = HEAD "</Invoice>";
	buffer            b = { NULL, 0, 0 };
	aval_invoice     *invoice = NULL;
	uint8_t           hash[32];

	put(&b, xml);
	ck_assert_int_eq(parse(&invoice, &b, NULL), AVAL_OK);
	aval_invoice_source_hash(hash, invoice);
	ck_assert_mem_eq(hash, want, 32);
	aval_invoice_free(invoice);
	free(b.data);
}
END_TEST

static const struct {
	const char *path;
	bool        is_known;
} paths[] = {
	{ "BT-1", true },
	{ "BT-1.1", false },
	{ "BT-0", false },
	{ "BT-4", false },
	{ "BT-165", true },
	{ "BT-166", false },
	{ "BT-9999", false },
	{ "BT-29", false },
	{ "BT-29.1", true },
	{ "BT-29.1048576", true },
	{ "BT-29.1048577", false },
	{ "BT-146", false },
	{ "BG-25.3/BT-146", true },
	{ "BG-25.3/BT-146.1", false },
	{ "BG-25.1048576/BT-146", true },
	{ "BG-25.1048577/BT-146", false },
	{ "BG-25/BT-146", false },
	{ "BG-24.3/BT-146", false },
	{ "BG-25.3/BG-28.1/BT-146", false },
	{ "BG-25.3/BG-28.1/BT-141", true },
	{ "BG-25.3/BG-27.1/BT-141", false },
	{ "BG-28.1/BT-141", false },
	{ "BG-25.3/BG-28.1/BG-27.1/BT-141", false },
	{ "BG-25.1/BT-158.2", true },
	{ "BG-4.1/BT-27", false },
	{ "BT-27", true },
	{ "BG-25.1", false },
	{ "", false },
	{ "bt-1", false },
};

START_TEST(test_known)
{
	bool is_known = aval_term_path_is_known(paths[_i].path, strlen(paths[_i].path));

	ck_assert_msg(is_known == paths[_i].is_known, "%s: got %d", paths[_i].path, is_known);
}
END_TEST

static int compare_items(const void *a, const void *b)
{
	const aval_sort_item *x = a, *y = b;

	if (x->high != y->high)
		return x->high < y->high ? -1 : 1;
	return (x->low > y->low) - (x->low < y->low);
}

/* Sizes around the runs and their doubles; many equal upper halves, or few. */
START_TEST(test_sort)
{
	static const size_t   sizes[] = { 0,  1,  2,  15, 16,  17,  31,  32,   33,
		                          48, 63, 64, 65, 127, 130, 500, 1025, 5000 };
	static aval_sort_item items[5000], want[5000], scratch[5000];
	uint32_t              state = 1;

	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		for (size_t i = 0; i < sizes[s]; i++) {
			state = state * 1664525 + 1013904223;
			items[i].high = state >> (_i == 0 ? 30 : 8);
			items[i].low = _i == 2 ? sizes[s] - i : i * 7919 % 5003;
		}
		memcpy(want, items, sizeof items);
		qsort(want, sizes[s], sizeof *want, compare_items);
		aval_sort(items, scratch, sizes[s]);
		ck_assert_msg(memcmp(items, want, sizes[s] * sizeof *want) == 0, "%zu items are not in order",
		              sizes[s]);
	}
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("invoice");
	TCase   *tcase = tcase_create("invoice");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, test_vector, 0, INVOICE_COUNT);
	tcase_add_test(tcase, test_sample);
	tcase_add_loop_test(tcase, test_no_memory, 0, 2);
	tcase_add_loop_test(tcase, test_no_memory_vector, 0, INVOICE_COUNT);
	tcase_add_test(tcase, test_many_lines);
	tcase_add_loop_test(tcase, test_sort, 0, 3);
	tcase_add_loop_test(tcase, test_limit, 0, sizeof limits / sizeof limits[0]);
	tcase_add_test(tcase, test_long_paths);
	tcase_add_test(tcase, test_file_length);
	tcase_add_test(tcase, test_truncated);
	tcase_add_test(tcase, test_arguments);
	tcase_add_test(tcase, test_source_hash);
	tcase_add_loop_test(tcase, test_known, 0, sizeof paths / sizeof paths[0]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
