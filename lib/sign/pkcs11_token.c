/* SPDX-License-Identifier: Apache-2.0 */
/* Of all slots the one with the token that was asked for, a session with it, and the login. */
#include "sign/pkcs11.h"

enum { COUNT_TRIES = 8 };

/* Fields of CK_TOKEN_INFO have a fixed length and are padded with spaces. */
static aval_text trim(const CK_UTF8CHAR *field, size_t len)
{
	while (len != 0 && field[len - 1] == ' ')
		len--;
	return (aval_text){ (const char *)field, len };
}

static bool fits(aval_text wanted, const CK_UTF8CHAR *field, size_t len)
{
	return wanted.len == 0 || aval_text_equal(wanted, trim(field, len));
}

static bool matches(const aval_pkcs11_selection *wanted, CK_SLOT_ID slot, const CK_TOKEN_INFO *info)
{
	return (!wanted->has_slot || wanted->slot == slot) &&
	       fits(wanted->token, info->label, sizeof info->label) &&
	       fits(wanted->serial, info->serialNumber, sizeof info->serialNumber) &&
	       fits(wanted->manufacturer, info->manufacturerID, sizeof info->manufacturerID) &&
	       fits(wanted->model, info->model, sizeof info->model);
}

/* The slots with a token; their number may grow while they are counted. */
static aval_status list_slots(CK_SLOT_ID **slots_out, CK_ULONG *count_out, const aval_pkcs11_key *key,
                              aval_error *err)
{
	CK_FUNCTION_LIST *calls = key->module->calls;
	CK_RV             rv = CKR_BUFFER_TOO_SMALL;

	for (int i = 0; i < COUNT_TRIES && rv == CKR_BUFFER_TOO_SMALL; i++) {
		CK_ULONG    count = 0;
		CK_SLOT_ID *slots;

		rv = calls->C_GetSlotList(CK_TRUE, NULL, &count);
		if (rv != CKR_OK || count == 0)
			break;
		slots = aval_alloc_array(key->allocator, count, sizeof slots[0]);
		if (slots == NULL)
			return aval_fail_no_memory(err);
		rv = calls->C_GetSlotList(CK_TRUE, slots, &count);
		if (rv == CKR_OK) {
			*slots_out = slots;
			*count_out = count;
			return AVAL_OK;
		}
		aval_free(slots, key->allocator);
	}
	if (rv != CKR_OK)
		return aval_pkcs11_fail(err, rv, "pkcs11.slot");
	return aval_fail(err, AVAL_E_PKCS11_TOKEN_MISSING, "pkcs11.token", "no slot has a token");
}

/* A token that cannot be asked, or was never set up, is none that was asked for. */
static aval_status choose(CK_SLOT_ID *slot_out, CK_TOKEN_INFO *info_out, const aval_pkcs11_key *key,
                          const CK_SLOT_ID *slots, CK_ULONG count, aval_error *err)
{
	bool found = false;

	for (CK_ULONG i = 0; i < count; i++) {
		CK_TOKEN_INFO info;

		if (key->module->calls->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
		    (info.flags & CKF_TOKEN_INITIALIZED) == 0 || !matches(&key->selection, slots[i], &info))
			continue;
		if (found)
			return aval_fail(err, AVAL_E_PKCS11_TOKEN_SEVERAL, "pkcs11.token",
			                 "several tokens match");
		found = true;
		*slot_out = slots[i];
		*info_out = info;
	}
	return found ? AVAL_OK
	             : aval_fail(err, AVAL_E_PKCS11_TOKEN_MISSING, "pkcs11.token", "no token matches");
}

static aval_status find_token(CK_SLOT_ID *slot_out, CK_TOKEN_INFO *info_out, const aval_pkcs11_key *key,
                              aval_error *err)
{
	CK_SLOT_ID *slots = NULL;
	CK_ULONG    count = 0;
	aval_status status = list_slots(&slots, &count, key, err);

	if (status == AVAL_OK)
		status = choose(slot_out, info_out, key, slots, count, err);
	aval_free(slots, key->allocator);
	return status;
}

static aval_status give_pin(const aval_pkcs11_session *session, const aval_pkcs11_key *key, CK_USER_TYPE user,
                            CK_RV *rv_out, aval_error *err)
{
	char        pin[AVAL_PKCS11_PIN_MAX + 1];
	size_t      len = 0;
	aval_status status = key->pin->ask(pin, &len, session->token, key->pin->user_data);

	if (status != AVAL_OK)
		status = aval_fail_cause(err, AVAL_E_CALLBACK, "pkcs11.pin", "the PIN was not given", status);
	else if (len > AVAL_PKCS11_PIN_MAX)
		status = aval_fail(err, AVAL_E_INVALID_ARGUMENT, "pkcs11.pin",
		                   "longer than AVAL_PKCS11_PIN_MAX");
	else
		*rv_out = key->module->calls->C_Login(session->handle, user, (CK_UTF8CHAR *)pin, len);
	aval_wipe(pin, sizeof pin);
	return status;
}

aval_status aval_pkcs11_login(const aval_pkcs11_session *session, const aval_pkcs11_key *key, CK_USER_TYPE user,
                              aval_error *err)
{
	CK_RV       rv = CKR_OK;
	aval_status status = AVAL_OK;

	if (session->has_keypad)
		rv = key->module->calls->C_Login(session->handle, user, NULL, 0);
	else if (key->pin == NULL)
		return aval_fail(err, AVAL_E_PKCS11_PIN_MISSING, "pkcs11.pin", "the token needs a PIN");
	else
		status = give_pin(session, key, user, &rv, err);
	if (status != AVAL_OK || rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
		return status;
	return aval_pkcs11_fail(err, rv, "pkcs11.pin");
}

/* The login is the token's, not the session's: another key of it may have logged in. */
static bool is_logged_in(const aval_pkcs11_session *session, const aval_pkcs11_module *module)
{
	CK_SESSION_INFO info;

	return module->calls->C_GetSessionInfo(session->handle, &info) == CKR_OK &&
	       (info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS);
}

/* What the token says of its PIN before one is tried. */
static aval_status check_pin_state(const CK_TOKEN_INFO *info, aval_error *err)
{
	if ((info->flags & CKF_USER_PIN_LOCKED) != 0)
		return aval_fail(err, AVAL_E_PKCS11_PIN_LOCKED, "pkcs11.pin", "the PIN is locked");
	if ((info->flags & CKF_USER_PIN_INITIALIZED) == 0)
		return aval_fail(err, AVAL_E_PKCS11_PIN_UNSET, "pkcs11.pin", "the token has no user PIN yet");
	return AVAL_OK;
}

aval_status aval_pkcs11_session_open(aval_pkcs11_session *session, const aval_pkcs11_key *key, aval_error *err)
{
	CK_SLOT_ID    slot = 0;
	CK_TOKEN_INFO info;
	CK_RV         rv;
	aval_status   status = find_token(&slot, &info, key, err);

	if (status != AVAL_OK)
		return status;
	memcpy(session->label, info.label, sizeof session->label);
	session->token = (aval_text){ session->label, trim(info.label, sizeof info.label).len };
	session->has_keypad = (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
	rv = key->module->calls->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session->handle);
	if (rv != CKR_OK)
		return aval_pkcs11_fail(err, rv, "pkcs11.session");
	session->is_open = true;
	if ((info.flags & CKF_LOGIN_REQUIRED) == 0 || is_logged_in(session, key->module))
		return AVAL_OK;
	status = check_pin_state(&info, err);
	return status == AVAL_OK ? aval_pkcs11_login(session, key, CKU_USER, err) : status;
}

void aval_pkcs11_session_close(aval_pkcs11_session *session, const aval_pkcs11_module *module)
{
	if (session->is_open)
		(void)module->calls->C_CloseSession(session->handle);
	session->is_open = false;
}
