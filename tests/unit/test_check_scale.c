/* SPDX-License-Identifier: Apache-2.0 */
/* Large invoices, and memory that runs out. */
#include <time.h>

#include "check_fixture.h"
#include "failing_allocator.h"

/* An invoice of many lines, each in one of as many VAT breakdowns as asked for, some of the lines wrong. */
struct large {
	aval_check_input input;
	aval_tax_total   total;
	aval_term       *terms;
	char            *text;
	size_t           text_len, capacity;
};

static aval_text keep(struct large *l, const char *text)
{
	size_t len = strlen(text);
	char  *at = l->text + l->text_len;

	ck_assert_uint_lt(l->text_len + len, l->capacity);
	memcpy(at, text, len);
	l->text_len += len;
	return (aval_text){ at, len };
}

static void add(struct large *l, const char *path, const char *value)
{
	l->terms[l->input.count++] = (aval_term){ keep(l, path), keep(l, value), NULL, 0 };
}

static void add_group(struct large *l, unsigned group, size_t index, unsigned term, const char *value)
{
	char path[64];

	snprintf(path, sizeof path, "BG-%u.%zu/BT-%u", group, index, term);
	add(l, path, value);
}

static void add_number(struct large *l, unsigned group, size_t index, unsigned term, size_t number)
{
	char value[32];

	snprintf(value, sizeof value, "%zu", number);
	add_group(l, group, index, term, value);
}

static void add_header(struct large *l, size_t lines)
{
	char due[32];

	add(l, "BT-1", "1");
	add(l, "BT-2", "2031-03-01");
	add(l, "BT-3", "380");
	add(l, "BT-5", "EUR");
	add(l, "BT-9", "2031-03-31");
	add(l, "BT-27", "Example GmbH");
	add(l, "BT-44", "Sample Ltd");
	snprintf(due, sizeof due, "%zu", lines * 10);
	add(l, "BT-106", due);
	add(l, "BT-109", due);
	add(l, "BT-110", "0");
	add(l, "BT-112", due);
	add(l, "BT-115", due);
}

/* Groups stand before terms in the order of paths. The k-th breakdown has the rate k / 1000. */
static void build(struct large *l, size_t lines, size_t breakdowns, size_t wrong)
{
	size_t terms = lines * 5 + breakdowns * 4 + 16;

	memset(l, 0, sizeof *l);
	l->capacity = terms * 40;
	l->terms = malloc(terms * sizeof *l->terms);
	l->text = malloc(l->capacity);
	ck_assert(l->terms != NULL && l->text != NULL);
	l->input.syntax = AVAL_INVOICE_UBL_INVOICE;
	l->input.terms = l->terms;
	l->input.facts.tax_totals = &l->total;
	l->input.facts.tax_total_count = 1;
	l->total = (aval_tax_total){ aval_text_z("EUR"), aval_text_z("0"), true, 1, breakdowns + 1 };
	for (size_t i = 1; i <= breakdowns; i++) {
		char rate[32];

		snprintf(rate, sizeof rate, "0.%06zu", i);
		add_number(l, 23, i, 116, lines / breakdowns * 10);
		add_number(l, 23, i, 117, 0);
		add_group(l, 23, i, 118, "S");
		add_group(l, 23, i, 119, rate);
	}
	for (size_t i = 1; i <= lines; i++) {
		char rate[32];

		snprintf(rate, sizeof rate, "0.%06zu", (i - 1) % breakdowns + 1);
		add_number(l, 25, i, 129, i <= wrong ? 7 : 5);
		add_number(l, 25, i, 131, 10);
		add_number(l, 25, i, 146, 2);
		add_group(l, 25, i, 151, "S");
		add_group(l, 25, i, 152, rate);
	}
	add_header(l, lines);
}

static void clear(struct large *l)
{
	free(l->terms);
	free(l->text);
}

START_TEST(ten_thousand_lines)
{
	static struct large l;
	aval_check         *check = NULL;

	build(&l, 10000, 2, 0);
	ck_assert_int_eq(aval_check_terms(&check, &l.input, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(aval_check_finding_count(check), 0);
	ck_assert(aval_check_is_valid(check));
	ck_assert_ptr_null(aval_check_findings(check));
	aval_check_free(check);
	clear(&l);
}
END_TEST

START_TEST(ten_thousand_wrong_lines)
{
	static struct large l;
	aval_check         *check = NULL;
	const aval_finding *f;

	build(&l, 10000, 2, 10000);
	ck_assert_int_eq(aval_check_terms(&check, &l.input, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(aval_check_finding_count(check), 10000);
	f = aval_check_findings(check) + 9999;
	ck_assert(aval_text_equal_z(f->rule, "AVAL-LINE-NET") &&
	          aval_text_equal_z(f->where, "BG-25.10000/BT-131") && aval_text_equal_z(f->expected, "14") &&
	          aval_text_equal_z(f->found, "10"));
	aval_check_free(check);
	clear(&l);
}
END_TEST

static double seconds(size_t lines, size_t breakdowns)
{
	static struct large l;
	double              best = 1e9;

	build(&l, lines, breakdowns, 0);
	for (int i = 0; i < 3; i++) {
		clock_t     begin = clock();
		aval_check *check = NULL;
		double      taken;

		ck_assert_int_eq(aval_check_terms(&check, &l.input, NULL, NULL), AVAL_OK);
		taken = (double)(clock() - begin) / CLOCKS_PER_SEC;
		ck_assert(aval_check_is_valid(check));
		aval_check_free(check);
		best = taken < best ? taken : best;
	}
	clear(&l);
	return best;
}

/* Eight times the lines, and as many breakdowns: a quadratic rule would take 64 times as long. */
START_TEST(time_grows_with_the_lines)
{
	double small = seconds(2500, 2500), large = seconds(20000, 20000);

	ck_assert_msg(large < 24 * small + 0.02, "%f s for 2500 lines, %f s for 20000", small, large);
}
END_TEST

static aval_status check_once(const aval_allocator *allocator, void *user_data)
{
	aval_check *check = NULL;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_check_terms(&check, user_data, allocator, &err);

	if (status != AVAL_OK) {
		ck_assert_ptr_null(check);
		ck_assert_int_eq(err.status, status);
	}
	aval_check_free(check);
	return status;
}

START_TEST(every_allocation_may_fail)
{
	static struct fixture f;

	fixture_init(&f, "");
	ck_assert_uint_eq(failing_allocator_walk("no finding", check_once, &f.input), 3);
	fixture_init(&f, "BT-115=1 BT-106=2 BT-3=381");
	ck_assert_uint_eq(failing_allocator_walk("findings", check_once, &f.input), 3);
	fixture_init(&f, "-BG-23");
	ck_assert_uint_eq(failing_allocator_walk("no breakdown", check_once, &f.input), 2);
}
END_TEST

/* An invoice of no terms at all, and one whose paths are no paths. */
START_TEST(hardly_an_invoice)
{
	static const aval_term odd[] = { { { "BG-25.1", 7 }, { "x", 1 }, NULL, 0 },
		                         { { "", 0 }, { NULL, 0 }, NULL, 0 },
		                         { { "BT-5.1", 6 }, { "EUR", 3 }, NULL, 0 } };
	aval_check_input       input = { .syntax = AVAL_INVOICE_CII };
	aval_check            *check = NULL;

	for (size_t count = 0; count <= 3; count += 3) {
		input.terms = count == 0 ? NULL : odd;
		input.count = count;
		ck_assert_int_eq(aval_check_terms(&check, &input, NULL, NULL), AVAL_OK);
		ck_assert_uint_eq(aval_check_finding_count(check), 7); /* the mandatory terms */
		aval_check_free(check);
	}
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("check_scale");
	TCase   *tcase = tcase_create("check_scale");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, ten_thousand_lines);
	tcase_add_test(tcase, ten_thousand_wrong_lines);
	tcase_add_test(tcase, time_grows_with_the_lines);
	tcase_add_test(tcase, every_allocation_may_fail);
	tcase_add_test(tcase, hardly_an_invoice);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
