/* SPDX-License-Identifier: Apache-2.0 */
/* A key in a token: opened, used by one thread at a time, and opened once again where its session was lost. */
#include "sign/pkcs11.h"

enum { SIGNATURE_ROOM = 512, TEXTS = 6 };

static aval_status check_alg(aval_alg alg, aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_find((int64_t)alg);

	if (alg != 0 && algorithm == NULL)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "alg", "not an algorithm of this library");
	if (alg != 0 && !algorithm->is_ecdsa)
		return aval_fail(err, AVAL_E_UNSUPPORTED, "alg", "PKCS#11 has no Schnorr signatures");
	return AVAL_OK;
}

static aval_status check_arguments(const aval_pkcs11_selection *selection, const aval_pkcs11_pin *pin,
                                   aval_error *err)
{
	if (selection == NULL || selection->struct_size < sizeof *selection)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "selection", "the selection is not filled in");
	if (pin != NULL && (pin->struct_size < sizeof *pin || pin->ask == NULL))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "pin",
		                 "the means to ask for a PIN is not filled in");
	if (selection->id.len > AVAL_PKCS11_ID_MAX)
		return aval_fail(err, AVAL_E_LIMIT, "selection.id", "longer than AVAL_PKCS11_ID_MAX");
	return AVAL_OK;
}

/* Takes text's place in the copies. */
static const char *copy(char **at, const void *text, size_t len)
{
	char *to = *at;

	if (len != 0)
		memcpy(to, text, len);
	*at += len;
	return to;
}

static void copy_text(aval_text *text, char **at)
{
	text->data = copy(at, text->data, text->len);
}

static aval_status keep_selection(aval_pkcs11_key *key, const aval_pkcs11_selection *selection, aval_error *err)
{
	aval_pkcs11_selection *s = &key->selection;
	aval_text             *texts[] = { &s->token, &s->serial, &s->manufacturer, &s->model, &s->object };
	size_t                 len = 1;
	char                  *at;

	*s = *selection;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (!aval_add_size(&len, len, texts[i]->len))
			return aval_fail(err, AVAL_E_LIMIT, "selection", "longer than memory");
	if (!aval_add_size(&len, len, s->id.len))
		return aval_fail(err, AVAL_E_LIMIT, "selection", "longer than memory");
	key->copies = at = aval_alloc(key->allocator, len);
	if (at == NULL)
		return aval_fail_no_memory(err);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		copy_text(texts[i], &at);
	s->id.data = (const uint8_t *)copy(&at, s->id.data, s->id.len);
	return AVAL_OK;
}

/* Session, login and key; whatever fails, nothing is left open. */
static aval_status connect(aval_public_key *public_key_out, aval_pkcs11_key *key, aval_error *err)
{
	aval_status status = aval_pkcs11_session_open(&key->session, key, err);

	if (status == AVAL_OK)
		status = aval_pkcs11_find_key(public_key_out, &key->session, key, err);
	if (status != AVAL_OK)
		aval_pkcs11_session_close(&key->session, key->module);
	return status;
}

static aval_pkcs11_key *new_key(const aval_allocator *allocator)
{
	aval_pkcs11_key *key = aval_alloc_zero(allocator, sizeof *key);

	if (key == NULL)
		return NULL;
	key->allocator = allocator;
	key->last = (aval_error)AVAL_ERROR_INIT;
	if (pthread_mutex_init(&key->mutex, NULL) == 0)
		return key;
	aval_free(key, allocator);
	return NULL;
}

aval_status aval_pkcs11_key_open(aval_pkcs11_key **key_out, aval_pkcs11_module *module,
                                 const aval_pkcs11_selection *selection, aval_alg alg,
                                 const aval_pkcs11_pin *pin, const aval_allocator *allocator, aval_error *err)
{
	aval_pkcs11_key *key;
	aval_status      status = check_arguments(selection, pin, err);

	if (status == AVAL_OK)
		status = check_alg(alg, err);
	if (status != AVAL_OK)
		return status;
	key = new_key(allocator);
	if (key == NULL)
		return aval_fail_no_memory(err);
	key->module = module;
	key->pin = pin;
	key->alg = alg;
	status = keep_selection(key, selection, err);
	if (status == AVAL_OK)
		status = connect(&key->public_key, key, err);
	if (status == AVAL_OK)
		*key_out = key;
	else
		aval_pkcs11_key_free(key);
	return status;
}

const aval_public_key *aval_pkcs11_key_public(const aval_pkcs11_key *key)
{
	return &key->public_key;
}

const aval_error *aval_pkcs11_key_error(const aval_pkcs11_key *key)
{
	return &key->last;
}

void aval_pkcs11_key_free(aval_pkcs11_key *key)
{
	if (key == NULL)
		return;
	aval_pkcs11_session_close(&key->session, key->module);
	(void)pthread_mutex_destroy(&key->mutex);
	aval_free(key->copies, key->allocator);
	aval_free(key, key->allocator);
}

/* What the token is to blame for, so that trying again could lock it or sign with another key. */
static bool is_final(aval_status status)
{
	return status == AVAL_E_PKCS11_PIN_WRONG || status == AVAL_E_PKCS11_PIN_LOCKED ||
	       status == AVAL_E_PKCS11_PIN_UNSET || status == AVAL_E_KEY_MISMATCH;
}

static aval_status reconnect(aval_pkcs11_key *key)
{
	aval_public_key now = { { 0 } };
	aval_status     status;

	aval_pkcs11_session_close(&key->session, key->module);
	status = connect(&now, key, &key->last);
	if (status == AVAL_OK && memcmp(&now, &key->public_key, sizeof now) != 0) {
		aval_pkcs11_session_close(&key->session, key->module);
		status = aval_fail(&key->last, AVAL_E_KEY_MISMATCH, "pkcs11.object",
		                   "the token has another key now");
	}
	key->is_refused = is_final(status);
	if (status == AVAL_E_PKCS11_TOKEN_MISSING)
		return aval_fail(&key->last, AVAL_E_PKCS11_TOKEN_GONE, "pkcs11.token",
		                 "the token did not come back");
	return status;
}

/* One attempt; *rv_out says whether the session was lost. */
static aval_status sign_once(uint8_t sig64_out[64], CK_RV *rv_out, aval_pkcs11_key *key,
                             const uint8_t digest32[32])
{
	CK_FUNCTION_LIST    *calls = key->module->calls;
	aval_pkcs11_session *session = &key->session;
	CK_MECHANISM         mechanism = { CKM_ECDSA, NULL, 0 };
	CK_BYTE              digest[32], signature[SIGNATURE_ROOM];
	CK_ULONG             len = sizeof signature;
	aval_status          status = AVAL_OK;

	memcpy(digest, digest32, sizeof digest);
	*rv_out = calls->C_SignInit(session->handle, &mechanism, session->object);
	if (*rv_out == CKR_OK && session->asks_always)
		status = aval_pkcs11_login(session, key, CKU_CONTEXT_SPECIFIC, &key->last);
	if (status != AVAL_OK) {
		key->is_refused = is_final(status);
		aval_pkcs11_session_close(session, key->module);
		return status;
	}
	if (*rv_out == CKR_OK)
		*rv_out = calls->C_Sign(session->handle, digest, sizeof digest, signature, &len);
	if (*rv_out != CKR_OK)
		return aval_pkcs11_fail(&key->last, *rv_out, "pkcs11.sign");
	if (len != 64)
		return aval_fail(&key->last, AVAL_E_SIGNATURE_LENGTH, "pkcs11.sign",
		                 "the token gave not 64 bytes");
	memcpy(sig64_out, signature, 64);
	return AVAL_OK;
}

static aval_status sign_locked(uint8_t sig64_out[64], aval_pkcs11_key *key, const uint8_t digest32[32])
{
	bool        was_open = key->session.is_open;
	CK_RV       rv = CKR_OK;
	aval_status status;

	if (key->is_refused)
		return key->last.status;
	status = was_open ? sign_once(sig64_out, &rv, key, digest32) : reconnect(key);
	if (was_open && !aval_pkcs11_is_lost(rv))
		return status;
	if (was_open)
		status = reconnect(key);
	return status == AVAL_OK ? sign_once(sig64_out, &rv, key, digest32) : status;
}

static aval_status sign(uint8_t sig64_out[64], const uint8_t *message, size_t message_len,
                        const uint8_t digest32[32], void *user_data)
{
	aval_pkcs11_key *key = user_data;
	aval_status      status;

	(void)message;
	(void)message_len;
	(void)pthread_mutex_lock(&key->mutex);
	status = sign_locked(sig64_out, key, digest32);
	(void)pthread_mutex_unlock(&key->mutex);
	return status;
}

aval_signer aval_pkcs11_key_signer(aval_pkcs11_key *key)
{
	return (aval_signer){ sizeof(aval_signer), key->public_key, sign, key };
}
