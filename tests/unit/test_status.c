/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

START_TEST(names_are_the_enumerators)
{
	ck_assert_str_eq(aval_status_name(AVAL_OK), "AVAL_OK");
	ck_assert_str_eq(aval_status_name(AVAL_E_PROOF_LENGTH), "AVAL_E_PROOF_LENGTH");
	ck_assert_str_eq(aval_status_name((aval_status)-9999), "AVAL_E_UNKNOWN");
	ck_assert_str_eq(aval_status_text((aval_status)-9999), "unknown status");
}
END_TEST

/* Walks the numbers: every code has a name and a text of its own. */
START_TEST(every_code_has_its_own_text)
{
	size_t known = 0;

	for (int a = 0; a > -400; a--) {
		if (strcmp(aval_status_name((aval_status)a), "AVAL_E_UNKNOWN") == 0)
			continue;
		known++;
		for (int b = a - 1; b > -400; b--) {
			ck_assert_str_ne(aval_status_text((aval_status)a),
			                 strcmp(aval_status_name((aval_status)b), "AVAL_E_UNKNOWN") == 0
			                         ? "" : aval_status_text((aval_status)b));
		}
	}
	ck_assert_uint_ge(known, 60);
}
END_TEST

START_TEST(failing_fills_the_error_and_returns_the_status)
{
	aval_error err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_fail_at(&err, AVAL_E_LIMIT, 7, "a.b", "too many"), AVAL_E_LIMIT);
	ck_assert_int_eq(err.status, AVAL_E_LIMIT);
	ck_assert_uint_eq(err.offset, 7);
	ck_assert_str_eq(err.where, "a.b");
	ck_assert_str_eq(err.reason, "too many");
	ck_assert_int_eq(aval_fail(NULL, AVAL_E_LIMIT, "a", "b"), AVAL_E_LIMIT);
}
END_TEST

START_TEST(sizes_do_not_wrap)
{
	size_t size = 1;

	ck_assert(!aval_mul_size(&size, SIZE_MAX, 2));
	ck_assert(!aval_add_size(&size, SIZE_MAX, 1));
	ck_assert_uint_eq(size, 1);
	ck_assert(aval_mul_size(&size, SIZE_MAX, 1));
	ck_assert_ptr_null(aval_alloc_array(NULL, SIZE_MAX / 2, 3));
}
END_TEST

START_TEST(wipe_and_constant_time_equality)
{
	uint8_t a[3] = { 1, 2, 3 }, zero[3] = { 0 };

	ck_assert(!aval_equal_ct(a, zero, 3));
	aval_wipe(a, sizeof a);
	ck_assert(aval_equal_ct(a, zero, 3));
	ck_assert(aval_equal_ct(NULL, NULL, 0));
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("status");
	TCase   *tc = tcase_create("base");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_test(tc, names_are_the_enumerators);
	tcase_add_test(tc, every_code_has_its_own_text);
	tcase_add_test(tc, failing_fills_the_error_and_returns_the_status);
	tcase_add_test(tc, sizes_do_not_wrap);
	tcase_add_test(tc, wipe_and_constant_time_equality);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
