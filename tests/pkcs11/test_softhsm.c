/* SPDX-License-Identifier: Apache-2.0 */
/* Keys behind PKCS#11, in tokens of SoftHSM 2 that this test sets up for itself; it skips where there is none.
 */
#include <check.h>
#include <ftw.h>
#include <pthread.h>

#include <aval/pkcs11.h>

#include "crypto/crypto.h"
#include "softhsm.h"

static char folder[] = "/tmp/aval-softhsm-XXXXXX";

static const uint8_t message[] = "three pallets of sealed bearings";
static const char   *given;

static aval_status ask(char *pin_out, size_t *len_out, aval_text token, void *user_data)
{
	(void)user_data;
	if (token.len != strlen("officers") || memcmp(token.data, "officers", token.len) != 0)
		return AVAL_E_NOT_FOUND;
	*len_out = strlen(given);
	memcpy(pin_out, given, *len_out);
	return AVAL_OK;
}

static const aval_pkcs11_pin asker = { sizeof asker, ask, NULL };

static aval_pkcs11_module *load(void)
{
	aval_pkcs11_module *module = NULL;
	aval_error          err = AVAL_ERROR_INIT;

	given = softhsm_pin;
	ck_assert_msg(aval_pkcs11_module_load(&module, softhsm_path(), NULL, &err) == AVAL_OK, "%s: cause %lld",
	              err.reason, (long long)err.cause);
	return module;
}

static aval_pkcs11_selection named(const char *token, const char *object)
{
	aval_pkcs11_selection s = AVAL_PKCS11_SELECTION_INIT;

	s.token = (aval_text){ token, strlen(token) };
	s.object = (aval_text){ object, strlen(object) };
	return s;
}

static void sign_and_verify(aval_pkcs11_key *key)
{
	aval_signer signer = aval_pkcs11_key_signer(key);
	uint8_t     sig64[64];
	aval_error  err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_signer_sign(sig64, &signer, message, sizeof message, &err) == AVAL_OK, "%s: %s",
	              aval_status_name(err.status), aval_pkcs11_key_error(key)->reason);
	ck_assert_int_eq(aval_verify_signature(&signer.key, message, sizeof message, sig64, NULL), AVAL_OK);
}

/* Random nonces give about as many high s as low ones; none of them gets out. */
START_TEST(test_sign)
{
	static const struct {
		const char *object;
		aval_alg    alg;
	} rows[] = { { "treasury", AVAL_ALG_ES256K }, { "registry", AVAL_ALG_ESP256 } };
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = named("officers", rows[_i].object);
	aval_pkcs11_key      *key = NULL;
	aval_error            err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err) == AVAL_OK,
	              "%s: %s, cause %lld", aval_status_name(err.status), err.reason, (long long)err.cause);
	ck_assert_int_eq(aval_public_key_alg(aval_pkcs11_key_public(key)), rows[_i].alg);
	for (int i = 0; i < 32; i++)
		sign_and_verify(key);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

START_TEST(test_refusals)
{
	static const struct {
		const char *name, *token, *object, *pin;
		aval_alg    alg;
		aval_status want;
	} rows[] = {
		{ "a token that is not there", "clerks", "treasury", softhsm_pin, 0,
		  AVAL_E_PKCS11_TOKEN_MISSING },
		{ "a key that is not there", "officers", "treasure", softhsm_pin, 0,
		  AVAL_E_PKCS11_KEY_MISSING },
		{ "two keys of one label", "officers", "twin", softhsm_pin, 0, AVAL_E_PKCS11_KEY_SEVERAL },
		{ "a wrong PIN", "officers", "treasury", "1234-clerk", 0, AVAL_E_PKCS11_PIN_WRONG },
		{ "no PIN at all", "officers", "treasury", NULL, 0, AVAL_E_PKCS11_PIN_MISSING },
		{ "a curve of neither kind", "officers", "large", softhsm_pin, 0, AVAL_E_KEY_CURVE },
		{ "the other curve", "officers", "treasury", softhsm_pin, AVAL_ALG_ESP256, AVAL_E_KEY_CURVE },
		{ "Schnorr", "officers", "treasury", softhsm_pin, AVAL_ALG_SCHNORR, AVAL_E_UNSUPPORTED },
	};
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = named(rows[_i].token, rows[_i].object);
	aval_pkcs11_key      *key = NULL;
	aval_status           got;

	given = rows[_i].pin;
	got = aval_pkcs11_key_open(&key, module, &s, rows[_i].alg, given == NULL ? NULL : &asker, NULL, NULL);
	ck_assert_msg(got == rows[_i].want, "%s: got %s, want %s", rows[_i].name, aval_status_name(got),
	              aval_status_name(rows[_i].want));
	ck_assert_ptr_null(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* By id, where the label is shared. */
START_TEST(test_by_id)
{
	static const uint8_t  four[] = { 4 };
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = named("officers", "twin");
	aval_pkcs11_key      *key = NULL;

	s.id = (aval_bytes){ four, 1 };
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, NULL), AVAL_OK);
	sign_and_verify(key);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* All sessions of the token are closed under the key's feet: it opens one again and signs. */
START_TEST(test_sessions_closed)
{
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = named("officers", "treasury");
	aval_pkcs11_key      *key = NULL;
	CK_FUNCTION_LIST     *calls = softhsm_calls();
	CK_SLOT_ID            slots[16];
	CK_ULONG              count = 16;

	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, NULL), AVAL_OK);
	sign_and_verify(key);
	softhsm_must(calls->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList");
	for (CK_ULONG i = 0; i < count; i++)
		(void)calls->C_CloseAllSessions(slots[i]);
	sign_and_verify(key);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

static void *sign_many(void *key)
{
	for (int i = 0; i < 16; i++)
		sign_and_verify(key);
	return NULL;
}

/* Threads share a key, and one has a key of its own. */
START_TEST(test_threads)
{
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = named("officers", "treasury"), other = named("officers", "registry");
	aval_pkcs11_key      *key = NULL, *second = NULL;
	pthread_t             threads[4];

	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_pkcs11_key_open(&second, module, &other, 0, &asker, NULL, NULL), AVAL_OK);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, sign_many, i < 3 ? key : second), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	aval_pkcs11_key_free(key);
	aval_pkcs11_key_free(second);
	aval_pkcs11_module_free(module);
}
END_TEST

static int remove_one(const char *path, const struct stat *stat, int flag, struct FTW *at)
{
	(void)stat;
	(void)flag;
	(void)at;
	return remove(path);
}

int main(void)
{
	Suite   *suite = suite_create("softhsm");
	TCase   *tcase = tcase_create("softhsm");
	SRunner *runner;
	int      failed;

	if (softhsm_path() == NULL) {
		printf("1..1\nok 1 - keys in SoftHSM 2 # SKIP libsofthsm2.so is not installed\n");
		return 0;
	}
	if (mkdtemp(folder) == NULL)
		abort();
	softhsm_make(folder);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_sign, 0, 2);
	tcase_add_loop_test(tcase, test_refusals, 0, 8);
	tcase_add_test(tcase, test_by_id);
	tcase_add_test(tcase, test_sessions_closed);
	tcase_add_test(tcase, test_threads);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return failed != 0;
}
