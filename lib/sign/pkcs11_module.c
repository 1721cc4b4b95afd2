/* SPDX-License-Identifier: Apache-2.0 */
/* A PKCS#11 module from its list of functions, and what its numbers mean. */
#include "sign/pkcs11.h"

static const struct rv_row {
	CK_RV       rv;
	aval_status status;
	const char *reason;
} rv_rows[] = {
	{ CKR_HOST_MEMORY, AVAL_E_NO_MEMORY, "the module is out of memory" },
	{ CKR_PIN_INCORRECT, AVAL_E_PKCS11_PIN_WRONG, "the token refused the PIN" },
	{ CKR_PIN_INVALID, AVAL_E_PKCS11_PIN_WRONG,
	  "the token refused the PIN: characters that it cannot have" },
	{ CKR_PIN_LEN_RANGE, AVAL_E_PKCS11_PIN_WRONG, "the token refused the PIN: too short or too long" },
	{ CKR_PIN_LOCKED, AVAL_E_PKCS11_PIN_LOCKED, "the PIN is locked" },
	{ CKR_PIN_EXPIRED, AVAL_E_PKCS11_PIN_UNSET, "the PIN has expired" },
	{ CKR_USER_PIN_NOT_INITIALIZED, AVAL_E_PKCS11_PIN_UNSET, "the token has no user PIN yet" },
	{ CKR_DEVICE_REMOVED, AVAL_E_PKCS11_TOKEN_GONE, "the token was taken out" },
	{ CKR_TOKEN_NOT_PRESENT, AVAL_E_PKCS11_TOKEN_GONE, "the token is not in its slot" },
	{ CKR_TOKEN_NOT_RECOGNIZED, AVAL_E_PKCS11_TOKEN_GONE, "the slot has another kind of token" },
	{ CKR_SLOT_ID_INVALID, AVAL_E_PKCS11_TOKEN_GONE, "the slot is gone" },
	{ CKR_SESSION_HANDLE_INVALID, AVAL_E_PKCS11_TOKEN_GONE, "the session is gone" },
	{ CKR_SESSION_CLOSED, AVAL_E_PKCS11_TOKEN_GONE, "the session was closed" },
	{ CKR_KEY_HANDLE_INVALID, AVAL_E_PKCS11_TOKEN_GONE, "the key is gone from the session" },
	{ CKR_OBJECT_HANDLE_INVALID, AVAL_E_PKCS11_TOKEN_GONE, "the key is gone from the session" },
	{ CKR_USER_NOT_LOGGED_IN, AVAL_E_PKCS11_TOKEN_GONE, "the login is gone" },
	{ CKR_OPERATION_ACTIVE, AVAL_E_PKCS11_TOKEN_GONE, "the session is held up by another operation" },
	{ CKR_OPERATION_NOT_INITIALIZED, AVAL_E_PKCS11_TOKEN_GONE, "the session has forgotten its operation" },
	{ CKR_MECHANISM_INVALID, AVAL_E_PKCS11_KEY_USE, "the token does not sign with CKM_ECDSA" },
	{ CKR_KEY_TYPE_INCONSISTENT, AVAL_E_PKCS11_KEY_USE, "the key does not sign with CKM_ECDSA" },
	{ CKR_KEY_FUNCTION_NOT_PERMITTED, AVAL_E_PKCS11_KEY_USE, "the key may not sign" },
};

static const struct rv_row other_row = { 0, AVAL_E_PKCS11_DEVICE, "the token failed" };

static const struct rv_row *row_of(CK_RV rv)
{
	for (size_t i = 0; i < sizeof rv_rows / sizeof rv_rows[0]; i++)
		if (rv_rows[i].rv == rv)
			return &rv_rows[i];
	return &other_row;
}

aval_status aval_pkcs11_fail(aval_error *err, CK_RV rv, const char *where)
{
	const struct rv_row *row = row_of(rv);

	return aval_fail_cause(err, row->status, where, row->reason, (int64_t)rv);
}

bool aval_pkcs11_is_lost(CK_RV rv)
{
	return row_of(rv)->status == AVAL_E_PKCS11_TOKEN_GONE;
}

static aval_status initialise(aval_pkcs11_module *module, aval_error *err)
{
	CK_C_INITIALIZE_ARGS args = { .flags = CKF_OS_LOCKING_OK };
	CK_RV                rv = module->calls->C_Initialize(&args);

	if (rv == CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return AVAL_OK;
	if (rv != CKR_OK)
		return aval_fail_cause(err, AVAL_E_PKCS11_MODULE, "pkcs11.module",
		                       "the module cannot be initialised", (int64_t)rv);
	module->is_ours = true;
	return AVAL_OK;
}

aval_status aval_pkcs11_module_new(aval_pkcs11_module **module_out, void *function_list, void *handle,
                                   void (*unload)(void *handle), const aval_allocator *allocator,
                                   aval_error *err)
{
	aval_pkcs11_module *module = aval_alloc_zero(allocator, sizeof *module);
	aval_status         status;

	if (module == NULL)
		return aval_fail_no_memory(err);
	*module = (aval_pkcs11_module){ function_list, false, handle, unload, allocator };
	status = initialise(module, err);
	if (status == AVAL_OK)
		*module_out = module;
	else
		aval_free(module, allocator);
	return status;
}

void aval_pkcs11_module_free(aval_pkcs11_module *module)
{
	if (module == NULL)
		return;
	if (module->is_ours)
		(void)module->calls->C_Finalize(NULL);
	module->unload(module->handle);
	aval_free(module, module->allocator);
}
