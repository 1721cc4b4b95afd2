/* SPDX-License-Identifier: Apache-2.0 */
/* A build without PKCS#11: its calls are there and say so. */
#include <check.h>
#include <stdlib.h>

#include <aval/pkcs11.h>

START_TEST(test_unsupported)
{
	aval_pkcs11_selection s = AVAL_PKCS11_SELECTION_INIT;
	aval_pkcs11_module   *module = NULL;
	aval_pkcs11_key      *key = NULL;
	aval_error            err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_pkcs11_module_load(&module, "module.so", NULL, &err), AVAL_E_UNSUPPORTED);
	ck_assert_int_eq(err.status, AVAL_E_UNSUPPORTED);
	ck_assert_int_eq(aval_pkcs11_key_open(&key, NULL, &s, 0, NULL, NULL, &err), AVAL_E_UNSUPPORTED);
	ck_assert_ptr_null(module);
	ck_assert_ptr_null(key);
	ck_assert_ptr_null(aval_pkcs11_key_public(NULL));
	ck_assert(aval_pkcs11_key_signer(NULL).sign == NULL);
	ck_assert_int_eq(aval_pkcs11_key_error(NULL)->status, AVAL_OK);
	aval_pkcs11_key_free(NULL);
	aval_pkcs11_module_free(NULL);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("pkcs11 absent");
	TCase   *tcase = tcase_create("pkcs11 absent");
	SRunner *runner;
	int      failed;

	tcase_add_test(tcase, test_unsupported);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
