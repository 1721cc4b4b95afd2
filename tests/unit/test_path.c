/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of terms: each rule of their form with its nearest neighbours, and their order. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <aval/invoice.h>

#include "base/base.h"

static const struct {
	const char *path;
	aval_status want;
	size_t      offset; /* of the failure */
} forms[] = {
	{ "BT-1", AVAL_OK, 0 },
	{ "BT-29.1", AVAL_OK, 0 },
	{ "BG-25.3/BT-146", AVAL_OK, 0 },
	{ "BG-25.3/BG-28.1/BT-141", AVAL_OK, 0 },
	{ "BG-1.1/BG-2.1/BG-3.1/BT-4", AVAL_OK, 0 },
	{ "BG-1.1/BG-2.1/BG-3.1/BG-4.1/BT-5", AVAL_E_INVOICE_TERM_UNKNOWN, 28 },
	{ "BT-9999.4294967295", AVAL_OK, 0 },
	{ "BT-10000", AVAL_E_INVOICE_TERM_UNKNOWN, 7 },
	{ "BT-1.4294967296", AVAL_E_INVOICE_TERM_UNKNOWN, 14 },
	{ "BT-1.99999999999999999999999", AVAL_E_INVOICE_TERM_UNKNOWN, 14 },
	{ "BG-9999.4294967295/BG-9999.4294967295/BG-9999.4294967295/BT-9999.4294967295", AVAL_OK, 0 },
	{ "", AVAL_E_INVOICE_TERM_UNKNOWN, 0 },
	{ "BT", AVAL_E_INVOICE_TERM_UNKNOWN, 0 },
	{ "BT-", AVAL_E_INVOICE_TERM_UNKNOWN, 3 },
	{ "bt-1", AVAL_E_INVOICE_TERM_UNKNOWN, 0 },
	{ "BX-1", AVAL_E_INVOICE_TERM_UNKNOWN, 0 },
	{ "BT1", AVAL_E_INVOICE_TERM_UNKNOWN, 0 },
	{ "BT-0", AVAL_E_INVOICE_TERM_UNKNOWN, 3 },
	{ "BT-01", AVAL_E_INVOICE_TERM_UNKNOWN, 3 },
	{ "BT-1.0", AVAL_E_INVOICE_TERM_UNKNOWN, 5 },
	{ "BT-1.01", AVAL_E_INVOICE_TERM_UNKNOWN, 5 },
	{ "BT-1.", AVAL_E_INVOICE_TERM_UNKNOWN, 5 },
	{ "BT-1.1.1", AVAL_E_INVOICE_TERM_UNKNOWN, 6 },
	{ "BT--1", AVAL_E_INVOICE_TERM_UNKNOWN, 3 },
	{ "BT-+1", AVAL_E_INVOICE_TERM_UNKNOWN, 3 },
	{ "BT-1 ", AVAL_E_INVOICE_TERM_UNKNOWN, 4 },
	{ " BT-1", AVAL_E_INVOICE_TERM_UNKNOWN, 0 },
	{ "BT-1/", AVAL_E_INVOICE_TERM_UNKNOWN, 4 },
	{ "/BT-1", AVAL_E_INVOICE_TERM_UNKNOWN, 0 },
	{ "BT-1/BT-2", AVAL_E_INVOICE_TERM_UNKNOWN, 4 },
	{ "BG-25.3", AVAL_E_INVOICE_TERM_UNKNOWN, 7 },
	{ "BG-25.3/", AVAL_E_INVOICE_TERM_UNKNOWN, 8 },
	{ "BG-25/BT-146", AVAL_E_INVOICE_TERM_UNKNOWN, 5 },
	{ "BG-25.3//BT-146", AVAL_E_INVOICE_TERM_UNKNOWN, 8 },
	{ "BG-25.3.BT-146", AVAL_E_INVOICE_TERM_UNKNOWN, 7 },
};

START_TEST(form)
{
	aval_term_path path = { 99, { { 0 } } };
	aval_error     err = AVAL_ERROR_INIT;
	aval_status    got = aval_term_path_parse(&path, forms[_i].path, strlen(forms[_i].path), &err);

	ck_assert_msg(got == forms[_i].want, "%s: got %s, want %s (%s)", forms[_i].path, aval_status_name(got),
	              aval_status_name(forms[_i].want), err.reason);
	ck_assert_int_eq(aval_term_path_parse(NULL, forms[_i].path, strlen(forms[_i].path), NULL), got);
	if (got == AVAL_OK) {
		ck_assert_str_eq(err.where, "");
		return;
	}
	ck_assert_msg(err.offset == forms[_i].offset, "%s: offset %zu, want %zu", forms[_i].path, err.offset,
	              forms[_i].offset);
	ck_assert_str_eq(err.where, "term.path");
	ck_assert_uint_eq(path.step_count, 99);
}
END_TEST

START_TEST(steps_are_what_the_path_says)
{
	static const char text[] = "BG-25.3/BG-28.10/BT-141";
	aval_term_path    path;

	ck_assert_int_eq(aval_term_path_parse(&path, text, strlen(text), NULL), AVAL_OK);
	ck_assert_uint_eq(path.step_count, 3);
	ck_assert(path.steps[0].is_group && path.steps[0].number == 25 && path.steps[0].index == 3);
	ck_assert(path.steps[1].is_group && path.steps[1].number == 28 && path.steps[1].index == 10);
	ck_assert(!path.steps[2].is_group && path.steps[2].number == 141 && path.steps[2].index == 0);
	ck_assert_int_eq(aval_term_path_parse(NULL, "BT-1\0BT-2", 9, NULL), AVAL_E_INVOICE_TERM_UNKNOWN);
	ck_assert_int_eq(aval_term_path_parse(NULL, NULL, 0, NULL), AVAL_E_INVOICE_TERM_UNKNOWN);
}
END_TEST

/* In order; what is no path stands behind. */
static const char *const ascending[] = {
	"BG-1.1/BT-22", "BG-1.2/BT-21", "BG-1.10/BT-21", "BG-25.1/BG-27.1/BT-136", "BG-25.1/BG-28.1/BT-141",
	"BG-25.1/BT-126", "BG-25.1/BT-146", "BG-25.2/BG-27.1/BT-136", "BG-25.2/BT-126", "BG-25.10/BT-126",
	"BG-100.1/BT-1", "BT-1", "BT-2", "BT-10", "BT-29", "BT-29.1", "BT-29.2", "BT-29.10", "BT-30",
	"", "BG-1.1", "BT-01", "BT-01 ", "BT-1/", "bt-1",
};

START_TEST(order_is_total)
{
	size_t count = sizeof ascending / sizeof *ascending;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count; k++) {
			int got = aval_term_path_compare(aval_text_z(ascending[i]), aval_text_z(ascending[k]));
			int want = (i > k) - (i < k);

			ck_assert_msg((got > 0) - (got < 0) == want, "%s against %s: got %d, want %d", ascending[i],
			              ascending[k], got, want);
		}
	}
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("path");
	TCase   *tc = tcase_create("path");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, form, 0, (int)(sizeof forms / sizeof *forms));
	tcase_add_test(tc, steps_are_what_the_path_says);
	tcase_add_test(tc, order_is_total);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
