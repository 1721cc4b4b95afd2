/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys behind PKCS#11, against a module that fails as it is told: what is selected, what each failure of a
 * token is called, that a lost session is opened once again and no refused PIN is tried twice.
 */
#define _GNU_SOURCE

#include <check.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/pkcs11.h>

#include "../pkcs11/fake.h"
#include "crypto_fixture.h"
#include "failing_allocator.h"
#include "stack_search.h"

static const uint8_t message[] = "three pallets of sealed bearings";
static const char    pin[] = "1234 roses, and a hedge";

/* One key of each curve, in tokens that need a PIN; the labels are those of the algorithms. */
static fake_state      *fake;
static aval_secret_key *secrets[2];
static unsigned         asked;
static aval_status      asking;
static const char      *given;

static aval_status ask(char *pin_out, size_t *len_out, aval_text token, void *user_data)
{
	asked++;
	ck_assert_int_eq(strncmp(token.data, "cabinet", token.len), 0);
	ck_assert_ptr_eq(user_data, &asked);
	*len_out = strlen(given);
	memcpy(pin_out, given, *len_out <= AVAL_PKCS11_PIN_MAX ? *len_out : 0);
	return asking;
}

static const aval_pkcs11_pin asker = { sizeof asker, ask, &asked };

static const uint8_t oid_k1[] = { 0x06, 5, 0x2b, 0x81, 0x04, 0x00, 0x0a };
static const uint8_t oid_p256[] = { 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };

static void set(fake_bytes *out, const void *data, size_t len)
{
	ck_assert_uint_le(len, sizeof out->data);
	memcpy(out->data, data, len);
	out->len = len;
}

/* What is wrong with the signatures that the fake makes. */
typedef enum fault { GOOD, HIGH_S, OTHER_KEY, ZEROS, SHORT, DER, FAULTS } fault;
static fault signing;

static CK_RV sign_fake(CK_BYTE *out, CK_ULONG *len_inout, const CK_BYTE *digest, CK_ULONG digest_len)
{
	const aval_secret_key *key = secrets[signing == OTHER_KEY];
	const aval_algorithm  *algorithm = aval_algorithm_of(&key->public_key);
	uint8_t                sig64[64], der[AVAL_ECDSA_DER_MAX_LEN];

	ck_assert_uint_eq(digest_len, 32);
	ck_assert_uint_ge(*len_inout, 128);
	ck_assert_int_eq(algorithm->sign(sig64, key, digest), AVAL_OK);
	if (signing == HIGH_S && !aval_scalar_is_high(sig64 + 32, algorithm->order32))
		aval_scalar_negate(sig64 + 32, sig64 + 32, algorithm->order32);
	if (signing == ZEROS)
		memset(sig64, 0, sizeof sig64);
	*len_inout = signing == SHORT ? 63 : 64;
	memcpy(out, sig64, 64);
	if (signing == DER) {
		*len_inout = aval_ecdsa_der_encode(der, sig64);
		memcpy(out, der, *len_inout);
	}
	return CKR_OK;
}

static fake_object *add_object(CK_OBJECT_CLASS class, const char *label, uint8_t id)
{
	fake_object *o = &fake->objects[fake->object_count++];

	ck_assert_uint_le(fake->object_count, FAKE_OBJECTS);
	*o = (fake_object){ .class = class, .type = CKK_EC, .label = label, .may_sign = CK_TRUE };
	set(&o->id, &id, 1);
	return o;
}

static void add_pair(const char *label, uint8_t id, const aval_secret_key *key)
{
	fake_object *private_key = add_object(CKO_PRIVATE_KEY, label, id);
	fake_object *public_key = add_object(CKO_PUBLIC_KEY, label, id);
	bool         is_k1 = aval_public_key_alg(&key->public_key) == AVAL_ALG_ES256K;
	uint8_t      der[67] = { 0x04, 65 };

	aval_public_key_point(der + 2, &key->public_key);
	set(&private_key->params, is_k1 ? oid_k1 : oid_p256, is_k1 ? sizeof oid_k1 : sizeof oid_p256);
	public_key->params = private_key->params;
	set(&public_key->point, der, sizeof der);
}

static test_entropy entropy;

static void setup(void)
{
	const char       *path = getenv("FAKE_PKCS11_MODULE");
	void             *handle;
	fake_state_getter get;
	void             *symbol;

	ck_assert_ptr_nonnull(path);
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	ck_assert_ptr_nonnull(handle);
	symbol = dlsym(handle, FAKE_STATE_SYMBOL);
	memcpy(&get, &symbol, sizeof get);
	fake = get();
	memset(fake, 0, sizeof *fake);
	fake->tokens[1] = (fake_token){ "cabinet", "0017", CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED };
	fake->pin = pin;
	fake->sign = sign_fake;
	secrets[0] = test_key(AVAL_ALG_ES256K, 11, test_entropy_init(&entropy));
	secrets[1] = test_key(AVAL_ALG_ESP256, 12, &entropy.entropy);
	add_pair("first", 1, secrets[0]);
	add_pair("second", 2, secrets[1]);
	asked = 0;
	asking = AVAL_OK;
	given = pin;
	signing = GOOD;
}

static void teardown(void)
{
	ck_assert_uint_eq(fake->sessions, 0);
	aval_secret_key_free(secrets[0]);
	aval_secret_key_free(secrets[1]);
}

static aval_pkcs11_selection by_label(const char *label)
{
	aval_pkcs11_selection s = AVAL_PKCS11_SELECTION_INIT;

	s.object = (aval_text){ label, strlen(label) };
	return s;
}

static aval_pkcs11_module *load(void)
{
	aval_pkcs11_module *module = NULL;
	aval_error          err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_pkcs11_module_load(&module, getenv("FAKE_PKCS11_MODULE"), NULL, &err) == AVAL_OK,
	              "%s", err.reason);
	return module;
}

static aval_pkcs11_key *open_first(aval_pkcs11_module *module)
{
	aval_pkcs11_selection s = by_label("first");
	aval_pkcs11_key      *key = NULL;
	aval_error            err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err) == AVAL_OK, "%s",
	              err.reason);
	return key;
}

static aval_status sign_with(aval_pkcs11_key *key, aval_error *err)
{
	aval_signer signer = aval_pkcs11_key_signer(key);
	uint8_t     sig64[64], untouched64[64];
	aval_status status;

	memset(sig64, 0x77, sizeof sig64);
	memcpy(untouched64, sig64, sizeof sig64);
	status = aval_signer_sign(sig64, &signer, message, sizeof message, err);
	if (status == AVAL_OK)
		ck_assert_int_eq(aval_verify_signature(&signer.key, message, sizeof message, sig64, err),
		                 AVAL_OK);
	else
		ck_assert_mem_eq(sig64, untouched64, 64);
	return status;
}

/* Both curves, asked for by algorithm or not. */
START_TEST(test_sign)
{
	static const struct {
		const char *label;
		aval_alg    alg;
		size_t      which;
	} rows[] = {
		{ "first", 0, 0 },
		{ "first", AVAL_ALG_ES256K, 0 },
		{ "second", 0, 1 },
		{ "second", AVAL_ALG_ESP256, 1 },
	};
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = by_label(rows[_i].label);
	aval_pkcs11_key      *key = NULL;
	aval_error            err = AVAL_ERROR_INIT;

	if (rows[_i].which == 1) {
		aval_secret_key *first = secrets[0];

		secrets[0] = secrets[1];
		secrets[1] = first;
	}
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, rows[_i].alg, &asker, NULL, &err), AVAL_OK);
	ck_assert_mem_eq(aval_pkcs11_key_public(key), aval_secret_key_public(secrets[0]),
	                 sizeof(aval_public_key));
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(sign_with(key, &err), AVAL_OK);
	ck_assert_uint_eq(asked, 1);
	ck_assert_int_eq(aval_pkcs11_key_error(key)->status, AVAL_OK);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
	ck_assert_uint_eq(fake->calls[FAKE_FINALIZE], 1);
}
END_TEST

/* Algorithms that are none of a PKCS#11 key's. */
START_TEST(test_algorithms_refused)
{
	static const struct {
		const char *label;
		aval_alg    alg;
		aval_status want;
	} rows[] = {
		{ "first", AVAL_ALG_SCHNORR, AVAL_E_UNSUPPORTED },
		{ "first", AVAL_ALG_ESP256, AVAL_E_KEY_CURVE },
		{ "second", AVAL_ALG_ES256K, AVAL_E_KEY_CURVE },
		{ "first", (aval_alg)-8, AVAL_E_COSE_ALGORITHM },
	};
	aval_pkcs11_module *module = load();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		aval_pkcs11_selection s = by_label(rows[i].label);
		aval_pkcs11_key      *key = NULL;

		ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, rows[i].alg, &asker, NULL, NULL),
		                 rows[i].want);
		ck_assert_ptr_null(key);
	}
	aval_pkcs11_module_free(module);
}
END_TEST

START_TEST(test_arguments)
{
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = by_label("first"), none = { 0 };
	aval_pkcs11_pin       no_pin = { sizeof no_pin, NULL, NULL };
	uint8_t               id[AVAL_PKCS11_ID_MAX + 1] = { 1 };
	aval_pkcs11_key      *key = NULL;

	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, NULL, 0, &asker, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &none, 0, &asker, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &no_pin, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	s.id = (aval_bytes){ id, AVAL_PKCS11_ID_MAX + 1 };
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, NULL), AVAL_E_LIMIT);
	s.id.len--;
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, NULL),
	                 AVAL_E_PKCS11_KEY_MISSING);
	aval_pkcs11_key_free(NULL);
	aval_pkcs11_module_free(module);
	aval_pkcs11_module_free(NULL);
}
END_TEST

/* Tokens and keys: none, one, several. A field that is given and differs is no match. */
static void choose_token(aval_pkcs11_selection *s, int row)
{
	static const uint8_t one[] = { 1 }, three[] = { 3 };

	*s = by_label("first");
	switch (row) {
	case 0:
		s->token = (aval_text){ "cabinet", 7 };
		s->serial = (aval_text){ "0017", 4 };
		s->manufacturer = (aval_text){ "Example Tokens", 14 };
		s->model = (aval_text){ "Fake", 4 };
		s->has_slot = true;
		s->slot = 1;
		s->id = (aval_bytes){ one, 1 };
		break;
	case 1:
		s->token = (aval_text){ "cabine", 6 };
		break;
	case 2:
		s->serial = (aval_text){ "0018", 4 };
		break;
	case 3:
		s->manufacturer = (aval_text){ "Example", 7 };
		break;
	case 4:
		s->model = (aval_text){ "fake", 4 };
		break;
	case 5:
		s->has_slot = true;
		break;
	case 6:
		fake->tokens[2] = fake->tokens[1];
		break;
	case 7:
		fake->tokens[2] = fake->tokens[1];
		s->has_slot = true;
		s->slot = 1;
		break;
	case 8:
		fake->tokens[1].label = NULL;
		break;
	case 9:
		s->object = (aval_text){ "third", 5 };
		break;
	case 10:
		s->id = (aval_bytes){ three, 1 };
		break;
	case 11:
		s->object.len = 0;
		break;
	case 12:
		s->object.len = 0;
		s->id = (aval_bytes){ one, 1 };
		break;
	case 13:
		fake->tokens[2] = (fake_token){ "spare", "0018", 0 };
		s->token = (aval_text){ "cabinet", 7 };
		fake->slots_grow = true;
		break;
	case 14:
		fake->tokens[2] = (fake_token){ "cabinet", "0017", CKF_TOKEN_INITIALIZED };
		break;
	default:
		fake->results[FAKE_TOKEN_INFO] = CKR_DEVICE_ERROR;
		break;
	}
}

static const struct selection_row {
	const char *name;
	aval_status want;
} selections[] = {
	{ "everything fits", AVAL_OK },
	{ "the beginning of a token's label", AVAL_E_PKCS11_TOKEN_MISSING },
	{ "another serial number", AVAL_E_PKCS11_TOKEN_MISSING },
	{ "the beginning of a manufacturer", AVAL_E_PKCS11_TOKEN_MISSING },
	{ "another model", AVAL_E_PKCS11_TOKEN_MISSING },
	{ "a slot that is empty", AVAL_E_PKCS11_TOKEN_MISSING },
	{ "two tokens alike", AVAL_E_PKCS11_TOKEN_SEVERAL },
	{ "two tokens alike, one slot", AVAL_OK },
	{ "no token at all", AVAL_E_PKCS11_TOKEN_MISSING },
	{ "a label that no key has", AVAL_E_PKCS11_KEY_MISSING },
	{ "an id that no key has", AVAL_E_PKCS11_KEY_MISSING },
	{ "two keys, none named", AVAL_E_PKCS11_KEY_SEVERAL },
	{ "by id alone", AVAL_OK },
	{ "slots that grow meanwhile", AVAL_OK },
	{ "a second token that was never set up", AVAL_OK },
	{ "a token that cannot be asked", AVAL_E_PKCS11_TOKEN_MISSING },
};

enum { SELECTIONS = sizeof selections / sizeof selections[0] };

START_TEST(test_selection)
{
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s;
	aval_pkcs11_key      *key = NULL;
	aval_error            err = AVAL_ERROR_INIT;
	aval_status           got;

	choose_token(&s, _i);
	got = aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err);
	ck_assert_msg(got == selections[_i].want, "%s: got %s (%s), want %s", selections[_i].name,
	              aval_status_name(got), err.reason, aval_status_name(selections[_i].want));
	ck_assert_int_eq(err.status, got);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* One call of the module fails while a key is opened. */
static const struct failure_row {
	const char *name;
	fake_call   call;
	unsigned    at;
	CK_RV       rv;
	aval_status want;
} failures[] = {
	{ "the slots", FAKE_SLOT_LIST, 0, CKR_GENERAL_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "the slots, again and again", FAKE_SLOT_LIST, 0, CKR_BUFFER_TOO_SMALL, AVAL_E_PKCS11_DEVICE },
	{ "a session", FAKE_OPEN_SESSION, 0, CKR_SESSION_COUNT, AVAL_E_PKCS11_DEVICE },
	{ "a session of a token taken out", FAKE_OPEN_SESSION, 0, CKR_TOKEN_NOT_PRESENT,
	  AVAL_E_PKCS11_TOKEN_GONE },
	{ "a session of another kind of token", FAKE_OPEN_SESSION, 0, CKR_TOKEN_NOT_RECOGNIZED,
	  AVAL_E_PKCS11_TOKEN_GONE },
	{ "a session of a slot that is gone", FAKE_OPEN_SESSION, 0, CKR_SLOT_ID_INVALID,
	  AVAL_E_PKCS11_TOKEN_GONE },
	{ "memory of the module", FAKE_OPEN_SESSION, 0, CKR_HOST_MEMORY, AVAL_E_NO_MEMORY },
	{ "a PIN refused", FAKE_LOGIN, 0, CKR_PIN_INCORRECT, AVAL_E_PKCS11_PIN_WRONG },
	{ "a PIN with characters that cannot be", FAKE_LOGIN, 0, CKR_PIN_INVALID, AVAL_E_PKCS11_PIN_WRONG },
	{ "a PIN too short", FAKE_LOGIN, 0, CKR_PIN_LEN_RANGE, AVAL_E_PKCS11_PIN_WRONG },
	{ "a PIN locked", FAKE_LOGIN, 0, CKR_PIN_LOCKED, AVAL_E_PKCS11_PIN_LOCKED },
	{ "a PIN expired", FAKE_LOGIN, 0, CKR_PIN_EXPIRED, AVAL_E_PKCS11_PIN_UNSET },
	{ "a PIN never set", FAKE_LOGIN, 0, CKR_USER_PIN_NOT_INITIALIZED, AVAL_E_PKCS11_PIN_UNSET },
	{ "somebody has logged in meanwhile", FAKE_LOGIN, 0, CKR_USER_ALREADY_LOGGED_IN, AVAL_OK },
	{ "the token taken out at login", FAKE_LOGIN, 0, CKR_DEVICE_REMOVED, AVAL_E_PKCS11_TOKEN_GONE },
	{ "the state of the session", FAKE_SESSION_INFO, 0, CKR_DEVICE_ERROR, AVAL_OK },
	{ "a search that does not begin", FAKE_FIND_INIT, 1, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "a search without login", FAKE_FIND_INIT, 1, CKR_USER_NOT_LOGGED_IN, AVAL_E_PKCS11_TOKEN_GONE },
	{ "a search that breaks off", FAKE_FIND, 1, CKR_DEVICE_MEMORY, AVAL_E_PKCS11_DEVICE },
	{ "the search for the public key", FAKE_FIND_INIT, 2, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "the kind of the key", FAKE_ATTRIBUTE, 1, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "the kind of the key, not there", FAKE_ATTRIBUTE, 1, CKR_ATTRIBUTE_TYPE_INVALID,
	  AVAL_E_PKCS11_KEY_USE },
	{ "whether it signs", FAKE_ATTRIBUTE, 2, CKR_OBJECT_HANDLE_INVALID, AVAL_E_PKCS11_TOKEN_GONE },
	{ "whether it signs, not told", FAKE_ATTRIBUTE, 2, CKR_ATTRIBUTE_SENSITIVE, AVAL_OK },
	{ "whether it asks always", FAKE_ATTRIBUTE, 3, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "whether it asks always, not known", FAKE_ATTRIBUTE, 3, CKR_ATTRIBUTE_TYPE_INVALID, AVAL_OK },
	{ "its curve", FAKE_ATTRIBUTE, 4, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "its point", FAKE_ATTRIBUTE, 5, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "its id", FAKE_ATTRIBUTE, 6, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "the public key's point", FAKE_ATTRIBUTE, 7, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
};

enum { FAILURES = sizeof failures / sizeof failures[0] };

START_TEST(test_failures_of_opening)
{
	const struct failure_row *row = &failures[_i];
	aval_pkcs11_module       *module = load();
	aval_pkcs11_selection     s = by_label("first");
	aval_pkcs11_key          *key = NULL;
	aval_error                err = AVAL_ERROR_INIT;
	aval_status               got;

	fake->results[row->call] = row->rv;
	fake->at[row->call] = row->at;
	got = aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err);
	ck_assert_msg(got == row->want, "%s: got %s (%s), want %s", row->name, aval_status_name(got),
	              err.reason, aval_status_name(row->want));
	if (got != AVAL_OK && row->rv != CKR_ATTRIBUTE_TYPE_INVALID)
		ck_assert_msg(err.cause == (int64_t)row->rv, "%s: cause %lld", row->name, (long long)err.cause);
	ck_assert_uint_ge(fake->calls[row->call], row->at);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* The PIN: who is asked, when, and what the token says of it before. */
START_TEST(test_pin)
{
	static const struct {
		const char *name;
		CK_FLAGS    flags;
		bool        is_given;
		aval_status want;
		unsigned    asked, logins;
	} rows[] = {
		{ "no login needed", CKF_USER_PIN_INITIALIZED, false, AVAL_OK, 0, 0 },
		{ "a PIN needed and given", CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED, true, AVAL_OK, 1,
		  1 },
		{ "a PIN needed and not given", CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED, false,
		  AVAL_E_PKCS11_PIN_MISSING, 0, 0 },
		{ "a PIN that is locked is not asked for",
		  CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_USER_PIN_LOCKED, true,
		  AVAL_E_PKCS11_PIN_LOCKED, 0, 0 },
		{ "a PIN that is not set is not asked for", CKF_LOGIN_REQUIRED, true, AVAL_E_PKCS11_PIN_UNSET,
		  0, 0 },
		{ "a keypad asks by itself",
		  CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_PROTECTED_AUTHENTICATION_PATH, true,
		  AVAL_OK, 0, 1 },
	};
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = by_label("first");
	aval_pkcs11_key      *key = NULL;
	aval_status           got;

	fake->tokens[1].flags = rows[_i].flags;
	if ((rows[_i].flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		fake->pin = NULL;
	got = aval_pkcs11_key_open(&key, module, &s, 0, rows[_i].is_given ? &asker : NULL, NULL, NULL);
	ck_assert_msg(got == rows[_i].want, "%s: got %s", rows[_i].name, aval_status_name(got));
	ck_assert_uint_eq(asked, rows[_i].asked);
	ck_assert_uint_eq(fake->calls[FAKE_LOGIN], rows[_i].logins);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

START_TEST(test_pin_not_given)
{
	static const char long_pin[] = "0123456789012345678901234567890123456789012345678901234567890123456789"
				       "0123456789012345678901234567890123456789012345678901234567890123456789"
				       "0123456789012345678901234567890123456789012345678901234567890123456789"
				       "0123456789012345678901234567890123456789012345";
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = by_label("first");
	aval_pkcs11_key      *key = NULL;
	aval_error            err = AVAL_ERROR_INIT;

	asking = AVAL_E_IO;
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err), AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_IO);
	asking = AVAL_OK;
	given = long_pin;
	ck_assert_uint_eq(strlen(given), AVAL_PKCS11_PIN_MAX + 1);
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_uint_eq(fake->calls[FAKE_LOGIN], 0);
	given = "1234";
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err),
	                 AVAL_E_PKCS11_PIN_WRONG);
	ck_assert_int_eq(err.cause, CKR_PIN_INCORRECT);
	ck_assert_uint_eq(fake->calls[FAKE_LOGIN], 1);
	aval_pkcs11_module_free(module);
}
END_TEST

/* Two keys of one token: the second finds the login made. */
START_TEST(test_one_login_for_two_keys)
{
	aval_pkcs11_module   *module = load();
	aval_pkcs11_key      *first = open_first(module), *second = NULL;
	aval_pkcs11_selection s = by_label("second");

	ck_assert_int_eq(aval_pkcs11_key_open(&second, module, &s, 0, &asker, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(asked, 1);
	ck_assert_uint_eq(fake->sessions, 2);
	aval_pkcs11_key_free(first);
	aval_pkcs11_key_free(second);
	aval_pkcs11_module_free(module);
}
END_TEST

/* Objects that are not what a signer needs. */
static void spoil(int row)
{
	static const uint8_t secp384r1[] = { 0x06, 5, 0x2b, 0x81, 0x04, 0x00, 0x22 };
	static const uint8_t explicit_curve[] = { 0x30, 3, 2, 1, 1 };
	fake_object         *private_key = &fake->objects[0], *public_key = &fake->objects[1];
	fake_bytes           bare;

	switch (row) {
	case 0: /* The point without its OCTET STRING. */
		set(&bare, public_key->point.data + 2, 65);
		public_key->point = bare;
		break;
	case 1: /* On the private key, as some tokens have it. */
		private_key->point = public_key->point;
		public_key->class = CKO_CERTIFICATE;
		break;
	case 2: /* The curve on the public key alone. */
		private_key->params.len = 0;
		break;
	case 3: /* No id: by label. */
		private_key->id.len = 0;
		break;
	case 4:
		private_key->id.len = 0;
		private_key->label = "";
		break;
	case 5:
		public_key->class = CKO_CERTIFICATE;
		break;
	case 6:
		fake->objects[3].id = public_key->id;
		break;
	case 7:
		private_key->type = CKK_RSA;
		break;
	case 8:
		private_key->may_sign = CK_FALSE;
		break;
	case 9:
		set(&private_key->params, secp384r1, sizeof secp384r1);
		break;
	case 10:
		set(&private_key->params, explicit_curve, sizeof explicit_curve);
		break;
	case 11: /* Cut short. */
		set(&private_key->params, oid_k1, sizeof oid_k1 - 1);
		break;
	case 12:
		public_key->point.data[66] ^= 1;
		break;
	case 13:
		public_key->point.len--;
		break;
	case 14:
		public_key->point.data[public_key->point.len++] = 0;
		break;
	case 15: /* Compressed. */
		public_key->point.data[1] = 33;
		public_key->point.data[2] = 2 | (public_key->point.data[66] & 1);
		public_key->point.len = 35;
		break;
	case 16:
		public_key->point.data[2] = 6;
		break;
	case 17: /* A BIT STRING in place of the OCTET STRING. */
		public_key->point.data[0] = 3;
		break;
	case 18: /* Infinity. */
		set(&public_key->point, "\4\1\0", 3);
		break;
	case 19:
		public_key->point.len = 0;
		break;
	case 20:
		public_key->point.len = FAKE_VALUE_MAX;
		break;
	default: /* The point of the other curve. */
		public_key->point = fake->objects[3].point;
		break;
	}
}

static const struct object_row {
	const char *name;
	aval_status want;
} objects[] = {
	{ "a bare point", AVAL_OK },
	{ "a point on the private key", AVAL_OK },
	{ "a curve on the public key", AVAL_OK },
	{ "a key without id", AVAL_OK },
	{ "a key without id and label", AVAL_E_PKCS11_KEY_MISSING },
	{ "no public key", AVAL_E_PKCS11_KEY_PUBLIC },
	{ "two public keys of one id", AVAL_E_PKCS11_KEY_PUBLIC },
	{ "an RSA key", AVAL_E_PKCS11_KEY_USE },
	{ "a key that may not sign", AVAL_E_PKCS11_KEY_USE },
	{ "another curve", AVAL_E_KEY_CURVE },
	{ "a curve spelled out", AVAL_E_KEY_CURVE },
	{ "half the name of a curve", AVAL_E_KEY_CURVE },
	{ "a point that is not on the curve", AVAL_E_KEY_POINT },
	{ "a point that is too short", AVAL_E_KEY_POINT },
	{ "a point that is too long", AVAL_E_KEY_POINT },
	{ "a compressed point", AVAL_E_KEY_POINT },
	{ "a hybrid point", AVAL_E_KEY_POINT },
	{ "a point in a BIT STRING", AVAL_E_KEY_POINT },
	{ "infinity", AVAL_E_KEY_POINT },
	{ "no point", AVAL_E_PKCS11_KEY_PUBLIC },
	{ "a point beyond all bounds", AVAL_E_PKCS11_DEVICE },
	{ "a point of the other curve", AVAL_E_KEY_POINT },
};

enum { OBJECTS = sizeof objects / sizeof objects[0] };

START_TEST(test_objects)
{
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = by_label("first");
	aval_pkcs11_key      *key = NULL;
	aval_error            err = AVAL_ERROR_INIT;
	aval_status           got;

	spoil(_i);
	got = aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, &err);
	ck_assert_msg(got == objects[_i].want, "%s: got %s (%s), want %s", objects[_i].name,
	              aval_status_name(got), err.reason, aval_status_name(objects[_i].want));
	if (got == AVAL_OK)
		ck_assert_int_eq(sign_with(key, &err), AVAL_OK);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* A key without any name at all is found where it is the only one; its public key is not. */
START_TEST(test_key_without_names)
{
	aval_pkcs11_module   *module = load();
	aval_pkcs11_selection s = AVAL_PKCS11_SELECTION_INIT;
	aval_pkcs11_key      *key = NULL;

	fake->object_count = 2;
	fake->objects[0].id.len = 0;
	fake->objects[0].label = "";
	ck_assert_int_eq(aval_pkcs11_key_open(&key, module, &s, 0, &asker, NULL, NULL),
	                 AVAL_E_PKCS11_KEY_PUBLIC);
	aval_pkcs11_module_free(module);
}
END_TEST

/* No signature of a token is believed. */
START_TEST(test_signatures)
{
	static const struct {
		const char *name;
		aval_status want, cause;
	} rows[FAULTS] = {
		[GOOD] = { "a good one", AVAL_OK, AVAL_OK },
		[HIGH_S] = { "a high s", AVAL_OK, AVAL_OK },
		[OTHER_KEY] = { "one of another key", AVAL_E_SIGNATURE_INVALID, AVAL_OK },
		[ZEROS] = { "zeros", AVAL_E_SIGNATURE_INVALID, AVAL_OK },
		[SHORT] = { "63 bytes", AVAL_E_CALLBACK, AVAL_E_SIGNATURE_LENGTH },
		[DER] = { "DER", AVAL_E_CALLBACK, AVAL_E_SIGNATURE_LENGTH },
	};
	aval_pkcs11_module *module = load();
	aval_pkcs11_key    *key = open_first(module);
	aval_error          err = AVAL_ERROR_INIT;
	aval_status         got;

	signing = (fault)_i;
	got = sign_with(key, &err);
	ck_assert_msg(got == rows[_i].want && err.cause == rows[_i].cause, "%s: got %s, cause %lld",
	              rows[_i].name, aval_status_name(got), (long long)err.cause);
	signing = GOOD;
	ck_assert_int_eq(sign_with(key, &err), AVAL_OK);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* A failure while signing: those that mean a lost session are followed by one attempt with a new one. */
static const struct sign_row {
	const char *name;
	fake_call   call;
	CK_RV       rv;
	aval_status cause; /* AVAL_OK: the second attempt signs */
} signs[] = {
	{ "the token taken out and put back", FAKE_SIGN, CKR_DEVICE_REMOVED, AVAL_OK },
	{ "the token taken out and put back, seen at once", FAKE_SIGN_INIT, CKR_DEVICE_REMOVED, AVAL_OK },
	{ "a token not present", FAKE_SIGN_INIT, CKR_TOKEN_NOT_PRESENT, AVAL_OK },
	{ "a session unknown", FAKE_SIGN_INIT, CKR_SESSION_HANDLE_INVALID, AVAL_OK },
	{ "a session closed", FAKE_SIGN, CKR_SESSION_CLOSED, AVAL_OK },
	{ "a key unknown", FAKE_SIGN_INIT, CKR_KEY_HANDLE_INVALID, AVAL_OK },
	{ "an object unknown", FAKE_SIGN_INIT, CKR_OBJECT_HANDLE_INVALID, AVAL_OK },
	{ "a login forgotten", FAKE_SIGN_INIT, CKR_USER_NOT_LOGGED_IN, AVAL_OK },
	{ "another operation under way", FAKE_SIGN_INIT, CKR_OPERATION_ACTIVE, AVAL_OK },
	{ "an operation forgotten", FAKE_SIGN, CKR_OPERATION_NOT_INITIALIZED, AVAL_OK },
	{ "a device error", FAKE_SIGN, CKR_DEVICE_ERROR, AVAL_E_PKCS11_DEVICE },
	{ "a function that failed", FAKE_SIGN, CKR_FUNCTION_FAILED, AVAL_E_PKCS11_DEVICE },
	{ "somebody said no", FAKE_SIGN, CKR_FUNCTION_REJECTED, AVAL_E_PKCS11_DEVICE },
	{ "no such mechanism", FAKE_SIGN_INIT, CKR_MECHANISM_INVALID, AVAL_E_PKCS11_KEY_USE },
	{ "a key of another kind", FAKE_SIGN_INIT, CKR_KEY_TYPE_INCONSISTENT, AVAL_E_PKCS11_KEY_USE },
	{ "a key that may not", FAKE_SIGN_INIT, CKR_KEY_FUNCTION_NOT_PERMITTED, AVAL_E_PKCS11_KEY_USE },
	{ "memory of the module", FAKE_SIGN, CKR_HOST_MEMORY, AVAL_E_NO_MEMORY },
};

enum { SIGNS = sizeof signs / sizeof signs[0] };

START_TEST(test_failures_of_signing)
{
	const struct sign_row *row = &signs[_i];
	aval_pkcs11_module    *module = load();
	aval_pkcs11_key       *key = open_first(module);
	aval_error             err = AVAL_ERROR_INIT;
	aval_status            got;

	fake->results[row->call] = row->rv;
	fake->at[row->call] = 1;
	got = sign_with(key, &err);
	ck_assert_msg(got == (row->cause == AVAL_OK ? AVAL_OK : AVAL_E_CALLBACK), "%s: got %s", row->name,
	              aval_status_name(got));
	ck_assert_msg(err.cause == row->cause, "%s: cause %s", row->name,
	              aval_status_name((aval_status)err.cause));
	ck_assert_uint_eq(asked, row->cause == AVAL_OK ? 2 : 1);
	ck_assert_int_eq(aval_pkcs11_key_error(key)->cause, (int64_t)row->rv);
	/* It failed once, and signs again. */
	ck_assert_int_eq(sign_with(key, &err), AVAL_OK);
	ck_assert_uint_eq(fake->sessions, 1);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* What a lost session meets when it is opened again; then, whether a later signature tries once more. */
static void change_token(int row)
{
	fake->results[FAKE_SIGN] = CKR_DEVICE_REMOVED;
	fake->at[FAKE_SIGN] = 1;
	if (row == 0)
		fake->tokens[1].label = NULL;
	if (row == 1)
		fake->at[FAKE_SIGN] = 0;
	if (row == 2)
		given = "1235";
	if (row == 3)
		fake->tokens[1].flags |= CKF_USER_PIN_LOCKED;
	if (row == 4)
		fake->objects[1].point.data[66] ^= 1;
	if (row == 5)
		fake->objects[0].label = "other";
	if (row == 6)
		aval_public_key_point(fake->objects[1].point.data + 2, aval_secret_key_public(secrets[1]));
	if (row == 7)
		asking = AVAL_E_IO;
}

static const struct lost_row {
	const char *name;
	aval_status cause;
	bool        tries_again;
} losses[] = {
	{ "it does not come back", AVAL_E_PKCS11_TOKEN_GONE, true },
	{ "it goes again", AVAL_E_PKCS11_TOKEN_GONE, true },
	{ "its PIN was changed", AVAL_E_PKCS11_PIN_WRONG, false },
	{ "its PIN was locked", AVAL_E_PKCS11_PIN_LOCKED, false },
	{ "its point is none", AVAL_E_KEY_POINT, true },
	{ "its key was renamed", AVAL_E_PKCS11_KEY_MISSING, true },
	{ "it has another key", AVAL_E_KEY_MISMATCH, false },
	{ "nobody gives the PIN", AVAL_E_CALLBACK, true },
};

enum { LOSSES = sizeof losses / sizeof losses[0] };

START_TEST(test_token_gone)
{
	aval_pkcs11_module *module = load();
	aval_pkcs11_key    *key = open_first(module);
	aval_error          err = AVAL_ERROR_INIT;
	fake_state          before;

	if (_i == 6) {
		aval_secret_key *other = test_key(AVAL_ALG_ES256K, 13, &entropy.entropy);

		aval_secret_key_free(secrets[1]);
		secrets[1] = other;
	}
	before = *fake;
	change_token(_i);
	ck_assert_int_eq(sign_with(key, &err), AVAL_E_CALLBACK);
	ck_assert_msg(err.cause == losses[_i].cause, "%s: cause %s", losses[_i].name,
	              aval_status_name((aval_status)err.cause));
	ck_assert_int_eq(aval_pkcs11_key_error(key)->status, losses[_i].cause);
	/* All is well again; but a PIN that was refused is not tried once more, nor another key trusted. */
	memcpy(fake->tokens, before.tokens, sizeof fake->tokens);
	memcpy(fake->objects, before.objects, sizeof fake->objects);
	fake->results[FAKE_SIGN] = CKR_OK;
	given = pin;
	asking = AVAL_OK;
	asked = 0;
	ck_assert_int_eq(sign_with(key, &err), losses[_i].tries_again ? AVAL_OK : AVAL_E_CALLBACK);
	if (!losses[_i].tries_again) {
		ck_assert_int_eq(err.cause, losses[_i].cause);
		ck_assert_uint_eq(asked, 0);
	}
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* A key that wants its PIN at each signature. */
START_TEST(test_always_authenticate)
{
	aval_pkcs11_module *module;
	aval_pkcs11_key    *key;
	aval_error          err = AVAL_ERROR_INIT;

	fake->objects[0].asks_always = CK_TRUE;
	module = load();
	key = open_first(module);
	ck_assert_int_eq(sign_with(key, &err), AVAL_OK);
	ck_assert_int_eq(sign_with(key, &err), AVAL_OK);
	ck_assert_uint_eq(fake->context_logins, 2);
	ck_assert_uint_eq(asked, 3);
	given = "1235";
	ck_assert_int_eq(sign_with(key, &err), AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_PKCS11_PIN_WRONG);
	given = pin;
	ck_assert_int_eq(sign_with(key, &err), AVAL_E_CALLBACK);
	ck_assert_uint_eq(asked, 4);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
}
END_TEST

/* What cannot be loaded, and what does not want to be. */
START_TEST(test_modules)
{
	aval_pkcs11_module *module = NULL;
	const char         *path = getenv("FAKE_PKCS11_MODULE");
	aval_error          err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_pkcs11_module_load(&module, "/nowhere/module.so", NULL, &err),
	                 AVAL_E_PKCS11_MODULE);
	ck_assert_int_eq(aval_pkcs11_module_load(&module, getenv("FAKE_NO_MODULE"), NULL, &err),
	                 AVAL_E_PKCS11_MODULE);
	fake->results[FAKE_GET_LIST] = CKR_GENERAL_ERROR;
	ck_assert_int_eq(aval_pkcs11_module_load(&module, path, NULL, &err), AVAL_E_PKCS11_MODULE);
	ck_assert_int_eq(err.cause, CKR_GENERAL_ERROR);
	fake->results[FAKE_GET_LIST] = CKR_OK;
	fake->wrong_version = true;
	ck_assert_int_eq(aval_pkcs11_module_load(&module, path, NULL, &err), AVAL_E_PKCS11_MODULE);
	fake->wrong_version = false;
	fake->results[FAKE_INITIALIZE] = CKR_CANT_LOCK;
	ck_assert_int_eq(aval_pkcs11_module_load(&module, path, NULL, &err), AVAL_E_PKCS11_MODULE);
	ck_assert_int_eq(err.cause, CKR_CANT_LOCK);
	ck_assert_ptr_null(module);
	/* Somebody else has initialised it and will finalise it. */
	fake->results[FAKE_INITIALIZE] = CKR_CRYPTOKI_ALREADY_INITIALIZED;
	module = load();
	aval_pkcs11_module_free(module);
	ck_assert_uint_eq(fake->calls[FAKE_FINALIZE], 0);
}
END_TEST

static aval_status open_and_sign(const aval_allocator *allocator, void *user_data)
{
	aval_pkcs11_module   *module = NULL;
	aval_pkcs11_key      *key = NULL;
	aval_pkcs11_selection s = by_label("first");
	aval_status           status;

	status = aval_pkcs11_module_load(&module, user_data, allocator, NULL);
	if (status == AVAL_OK)
		status = aval_pkcs11_key_open(&key, module, &s, 0, &asker, allocator, NULL);
	if (status == AVAL_OK)
		status = sign_with(key, NULL);
	aval_pkcs11_key_free(key);
	aval_pkcs11_module_free(module);
	return status;
}

START_TEST(test_failing_allocator)
{
	ck_assert_uint_ge(failing_allocator_walk("open and sign", open_and_sign, getenv("FAKE_PKCS11_MODULE")),
	                  4);
}
END_TEST

/* Opening a key, signing with it where the PIN is asked for each time, and opening a lost session once more. */
static void sign_on_stack(void *user_data)
{
	aval_pkcs11_key *key = open_first(user_data);

	fake->results[FAKE_SIGN] = CKR_DEVICE_REMOVED;
	fake->at[FAKE_SIGN] = 1;
	ck_assert_int_eq(sign_with(key, NULL), AVAL_OK);
	aval_pkcs11_key_free(key);
}

START_TEST(test_pin_is_wiped)
{
	aval_pkcs11_module *module = load();
	uint8_t            *stack;

	fake->objects[0].asks_always = CK_TRUE;
	stack = stack_run(sign_on_stack, module);
	ck_assert_uint_ge(asked, 4);
	ck_assert_uint_eq(stack_find(stack, pin, sizeof pin - 1), 0);
	free(stack);
	aval_pkcs11_module_free(module);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("pkcs11");
	TCase   *tcase = tcase_create("pkcs11");
	SRunner *runner;
	int      failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_sign, 0, 4);
	tcase_add_test(tcase, test_algorithms_refused);
	tcase_add_test(tcase, test_arguments);
	tcase_add_loop_test(tcase, test_selection, 0, SELECTIONS);
	tcase_add_loop_test(tcase, test_failures_of_opening, 0, FAILURES);
	tcase_add_loop_test(tcase, test_pin, 0, 6);
	tcase_add_test(tcase, test_pin_not_given);
	tcase_add_test(tcase, test_one_login_for_two_keys);
	tcase_add_loop_test(tcase, test_objects, 0, OBJECTS);
	tcase_add_test(tcase, test_key_without_names);
	tcase_add_loop_test(tcase, test_signatures, 0, FAULTS);
	tcase_add_loop_test(tcase, test_failures_of_signing, 0, SIGNS);
	tcase_add_loop_test(tcase, test_token_gone, 0, LOSSES);
	tcase_add_test(tcase, test_always_authenticate);
	tcase_add_test(tcase, test_modules);
	tcase_add_test(tcase, test_failing_allocator);
	tcase_add_test(tcase, test_pin_is_wiped);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
