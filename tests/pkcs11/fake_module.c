/* SPDX-License-Identifier: Apache-2.0 */
/* The PKCS#11 module of fake.h: as much of one as a signer meets. */
#include "fake.h"

#include <string.h>

__attribute__((visibility("default"))) fake_state *fake_state_of(void);

static fake_state state;

fake_state *fake_state_of(void)
{
	return &state;
}

/* Whether the call shall do its work; counts it. */
static CK_RV told(fake_call call)
{
	state.calls[call]++;
	if (state.at[call] != 0 && state.at[call] != state.calls[call])
		return CKR_OK;
	return state.results[call];
}

static CK_RV initialize(void *args)
{
	const CK_C_INITIALIZE_ARGS *asked = args;

	if (asked == NULL || (asked->flags & CKF_OS_LOCKING_OK) == 0)
		return CKR_ARGUMENTS_BAD;
	return told(FAKE_INITIALIZE);
}

static CK_RV finalize(void *reserved)
{
	(void)reserved;
	return told(FAKE_FINALIZE);
}

static CK_RV slot_list(CK_BBOOL with_token, CK_SLOT_ID *slots, CK_ULONG *count)
{
	CK_ULONG n = 0;
	CK_RV    rv = told(FAKE_SLOT_LIST);

	if (rv != CKR_OK)
		return rv;
	for (CK_SLOT_ID i = 0; i < FAKE_TOKENS; i++) {
		if (with_token && state.tokens[i].label == NULL)
			continue;
		if (slots != NULL && n < *count)
			slots[n] = i;
		n++;
	}
	if (slots == NULL && state.slots_grow)
		n--;
	rv = slots != NULL && n > *count ? CKR_BUFFER_TOO_SMALL : CKR_OK;
	state.slots_grow = false;
	*count = n;
	return rv;
}

static void pad(CK_UTF8CHAR *field, size_t len, const char *text)
{
	memset(field, ' ', len);
	memcpy(field, text, strlen(text));
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = told(FAKE_TOKEN_INFO);

	if (rv != CKR_OK)
		return rv;
	if (slot >= FAKE_TOKENS || state.tokens[slot].label == NULL)
		return CKR_TOKEN_NOT_PRESENT;
	memset(info, 0, sizeof *info);
	pad(info->label, sizeof info->label, state.tokens[slot].label);
	pad(info->serialNumber, sizeof info->serialNumber, state.tokens[slot].serial);
	pad(info->manufacturerID, sizeof info->manufacturerID, "Example Tokens");
	pad(info->model, sizeof info->model, "Fake");
	info->flags = state.tokens[slot].flags ^ CKF_TOKEN_INITIALIZED;
	return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session)
{
	CK_RV rv = told(FAKE_OPEN_SESSION);

	(void)slot;
	(void)application;
	(void)notify;
	if (rv != CKR_OK)
		return rv;
	if ((flags & CKF_SERIAL_SESSION) == 0)
		return CKR_SESSION_PARALLEL_NOT_SUPPORTED;
	state.sessions++;
	*session = ++state.handle;
	return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
	CK_RV rv = told(FAKE_CLOSE_SESSION);

	(void)session;
	state.sessions--;
	state.is_logged_in = state.is_logged_in && state.sessions != 0;
	return rv;
}

static CK_RV session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
	CK_RV rv = told(FAKE_SESSION_INFO);

	(void)session;
	if (rv != CKR_OK)
		return rv;
	memset(info, 0, sizeof *info);
	info->state = state.is_logged_in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
	return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG len)
{
	CK_RV rv = told(FAKE_LOGIN);

	(void)session;
	if (rv != CKR_OK)
		return rv;
	if ((pin == NULL) != (state.pin == NULL))
		return CKR_ARGUMENTS_BAD;
	if (pin != NULL && (len != strlen(state.pin) || memcmp(pin, state.pin, len) != 0))
		return CKR_PIN_INCORRECT;
	if (user == CKU_CONTEXT_SPECIFIC)
		state.context_logins++;
	else
		state.is_logged_in = true;
	return CKR_OK;
}

/* What C_FindObjectsInit() asked for. */
static struct search {
	CK_OBJECT_CLASS class;
	char    label[64];
	size_t  label_len, id_len, next;
	CK_BYTE id[256];
} search;

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted, CK_ULONG count)
{
	CK_RV rv = told(FAKE_FIND_INIT);

	(void)session;
	if (rv != CKR_OK)
		return rv;
	memset(&search, 0, sizeof search);
	for (CK_ULONG i = 0; i < count; i++) {
		const CK_ATTRIBUTE *a = &wanted[i];

		if (a->type == CKA_CLASS) {
			memcpy(&search.class, a->pValue, sizeof search.class);
		} else if (a->type == CKA_LABEL) {
			search.label_len = a->ulValueLen;
			memcpy(search.label, a->pValue, a->ulValueLen);
		} else {
			search.id_len = a->ulValueLen;
			memcpy(search.id, a->pValue, a->ulValueLen);
		}
	}
	return CKR_OK;
}

static bool is_found(const fake_object *o)
{
	return o->class == search.class &&
	       (search.label_len == 0 || (strlen(o->label) == search.label_len &&
	                                  memcmp(o->label, search.label, search.label_len) == 0)) &&
	       (search.id_len == 0 ||
	        (o->id.len == search.id_len && memcmp(o->id.data, search.id, search.id_len) == 0));
}

/* One at a time, as a module may. */
static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *out, CK_ULONG max, CK_ULONG *count)
{
	CK_RV rv = told(FAKE_FIND);

	(void)session;
	(void)max;
	*count = 0;
	for (; rv == CKR_OK && *count == 0 && search.next < state.object_count; search.next++) {
		if (is_found(&state.objects[search.next])) {
			*out = search.next + 1;
			*count = 1;
		}
	}
	return rv;
}

static CK_RV find_final(CK_SESSION_HANDLE session)
{
	(void)session;
	return CKR_OK;
}

static CK_RV give(CK_ATTRIBUTE *asked, const void *data, size_t len)
{
	if (len == 0) {
		asked->ulValueLen = (CK_ULONG)-1;
		return CKR_ATTRIBUTE_TYPE_INVALID;
	}
	if (len > asked->ulValueLen) {
		asked->ulValueLen = (CK_ULONG)-1;
		return CKR_BUFFER_TOO_SMALL;
	}
	memcpy(asked->pValue, data, len);
	asked->ulValueLen = len;
	return CKR_OK;
}

static CK_RV attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *asked, CK_ULONG count)
{
	const fake_object *o = &state.objects[object - 1];
	CK_RV              rv = told(FAKE_ATTRIBUTE);

	(void)session;
	if (rv != CKR_OK)
		return rv;
	if (count != 1)
		return CKR_ARGUMENTS_BAD;
	switch (asked->type) {
	case CKA_KEY_TYPE:
		return give(asked, &o->type, sizeof o->type);
	case CKA_SIGN:
		return give(asked, &o->may_sign, sizeof o->may_sign);
	case CKA_ALWAYS_AUTHENTICATE:
		return give(asked, &o->asks_always, sizeof o->asks_always);
	case CKA_LABEL:
		return give(asked, o->label, strlen(o->label));
	case CKA_ID:
		return give(asked, o->id.data, o->id.len);
	case CKA_EC_PARAMS:
		return give(asked, o->params.data, o->params.len);
	case CKA_EC_POINT:
		return give(asked, o->point.data, o->point.len);
	default:
		return CKR_ATTRIBUTE_TYPE_INVALID;
	}
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	CK_RV rv = told(FAKE_SIGN_INIT);

	(void)key;
	if (rv == CKR_OK && session != state.handle)
		return CKR_SESSION_HANDLE_INVALID;
	return rv == CKR_OK && mechanism->mechanism != CKM_ECDSA ? CKR_MECHANISM_INVALID : rv;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *out, CK_ULONG *len)
{
	CK_RV rv = told(FAKE_SIGN);

	(void)session;
	return rv == CKR_OK ? state.sign(out, len, data, data_len) : rv;
}

static CK_FUNCTION_LIST list = {
	.version = { 2, 40 },
	.C_Initialize = initialize,
	.C_Finalize = finalize,
	.C_GetSlotList = slot_list,
	.C_GetTokenInfo = token_info,
	.C_OpenSession = open_session,
	.C_CloseSession = close_session,
	.C_GetSessionInfo = session_info,
	.C_Login = login,
	.C_FindObjectsInit = find_init,
	.C_FindObjects = find,
	.C_FindObjectsFinal = find_final,
	.C_GetAttributeValue = attribute,
	.C_SignInit = sign_init,
	.C_Sign = sign,
};

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST **out)
{
	CK_RV rv = told(FAKE_GET_LIST);

	list.version.major = state.wrong_version ? 1 : 2;
	*out = &list;
	return rv;
}
