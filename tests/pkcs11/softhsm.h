/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_SOFTHSM_H
#define AVAL_TESTS_SOFTHSM_H

/*
 * A SoftHSM 2 of the test's own: a folder with its configuration and its tokens, and keys that the module
 * generates itself. Nothing outside of the folder is touched. Failures are printed and end the program: what
 * uses this is a test.
 */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

static const char softhsm_so_pin[] = "so-5678";
static const char softhsm_pin[] = "1234-officer";

static const char *const softhsm_paths[] = {
	"/usr/lib/softhsm/libsofthsm2.so",
	"/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/pkcs11/libsofthsm2.so",
	"/usr/local/lib/softhsm/libsofthsm2.so",
};

/* The module's path; NULL where SoftHSM is not installed. SOFTHSM2_MODULE names another place. */
static inline const char *softhsm_path(void)
{
	const char *named = getenv("SOFTHSM2_MODULE");

	if (named != NULL)
		return access(named, R_OK) == 0 ? named : NULL;
	for (size_t i = 0; i < sizeof softhsm_paths / sizeof softhsm_paths[0]; i++)
		if (access(softhsm_paths[i], R_OK) == 0)
			return softhsm_paths[i];
	return NULL;
}

static inline void softhsm_must(CK_RV rv, const char *what)
{
	if (rv == CKR_OK)
		return;
	fprintf(stderr, "softhsm: %s: 0x%lx\n", what, rv);
	abort();
}

/* A configuration in folder, made known to the module by the environment. */
static inline void softhsm_configure(const char *folder)
{
	char  path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/tokens", folder);
	softhsm_must(mkdir(path, 0700) == 0 ? CKR_OK : CKR_GENERAL_ERROR, "mkdir");
	snprintf(path, sizeof path, "%s/softhsm2.conf", folder);
	file = fopen(path, "w");
	softhsm_must(file != NULL ? CKR_OK : CKR_GENERAL_ERROR, "configuration");
	fprintf(file, "directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
	        folder);
	fclose(file);
	setenv("SOFTHSM2_CONF", path, 1);
}

static inline CK_FUNCTION_LIST *softhsm_calls(void)
{
	void                *handle = dlopen(softhsm_path(), RTLD_NOW | RTLD_LOCAL);
	void                *symbol = handle == NULL ? NULL : dlsym(handle, "C_GetFunctionList");
	CK_C_GetFunctionList get;
	CK_FUNCTION_LIST    *calls = NULL;

	softhsm_must(symbol != NULL ? CKR_OK : CKR_GENERAL_ERROR, "dlopen");
	memcpy(&get, &symbol, sizeof get);
	softhsm_must(get(&calls), "C_GetFunctionList");
	return calls;
}

/* A token of that label in the first slot that has none, with the user PIN set; an open session, logged in. */
static inline CK_SESSION_HANDLE softhsm_new_token(CK_FUNCTION_LIST *calls, const char *label)
{
	CK_UTF8CHAR       padded[32], so_pin[sizeof softhsm_so_pin], pin[sizeof softhsm_pin];
	CK_SLOT_ID        slots[16];
	CK_ULONG          count = 16;
	CK_SESSION_HANDLE session = 0;

	memcpy(so_pin, softhsm_so_pin, sizeof so_pin);
	memcpy(pin, softhsm_pin, sizeof pin);
	memset(padded, ' ', sizeof padded);
	memcpy(padded, label, strlen(label));
	softhsm_must(calls->C_GetSlotList(CK_FALSE, slots, &count), "C_GetSlotList");
	/* The last slot is always the one for the next token. */
	softhsm_must(calls->C_InitToken(slots[count - 1], so_pin, sizeof so_pin - 1, padded), "C_InitToken");
	softhsm_must(calls->C_OpenSession(slots[count - 1], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
	                                  &session),
	             "C_OpenSession");
	softhsm_must(calls->C_Login(session, CKU_SO, so_pin, sizeof so_pin - 1), "C_Login");
	softhsm_must(calls->C_InitPIN(session, pin, sizeof pin - 1), "C_InitPIN");
	softhsm_must(calls->C_Logout(session), "C_Logout");
	softhsm_must(calls->C_Login(session, CKU_USER, pin, sizeof pin - 1), "C_Login");
	return session;
}

typedef enum softhsm_curve { SOFTHSM_K1, SOFTHSM_P256, SOFTHSM_P384 } softhsm_curve;

/* A key pair of that label and id, generated inside and not to be exported. */
static inline void softhsm_generate(CK_FUNCTION_LIST *calls, CK_SESSION_HANDLE session, softhsm_curve curve,
                                    const char *label, CK_BYTE id)
{
	static const CK_BYTE oids[][11] = {
		{ 7, 0x06, 5, 0x2b, 0x81, 0x04, 0x00, 0x0a },
		{ 10, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 },
		{ 7, 0x06, 5, 0x2b, 0x81, 0x04, 0x00, 0x22 },
	};
	CK_BYTE          oid[10];
	char             name[64];
	CK_BBOOL         yes = CK_TRUE, no = CK_FALSE;
	CK_MECHANISM     mechanism = { CKM_EC_KEY_PAIR_GEN, NULL, 0 };
	CK_ATTRIBUTE     public_key[] = { { CKA_TOKEN, &yes, sizeof yes },
		                          { CKA_VERIFY, &yes, sizeof yes },
		                          { CKA_EC_PARAMS, oid, oids[curve][0] },
		                          { CKA_LABEL, name, strlen(label) },
		                          { CKA_ID, &id, 1 } };
	CK_ATTRIBUTE     private_key[] = { { CKA_TOKEN, &yes, sizeof yes },
		                           { CKA_PRIVATE, &yes, sizeof yes },
		                           { CKA_SENSITIVE, &yes, sizeof yes },
		                           { CKA_EXTRACTABLE, &no, sizeof no },
		                           { CKA_SIGN, &yes, sizeof yes },
		                           { CKA_LABEL, name, strlen(label) },
		                           { CKA_ID, &id, 1 } };
	CK_OBJECT_HANDLE made[2];

	memcpy(oid, oids[curve] + 1, oids[curve][0]);
	snprintf(name, sizeof name, "%s", label);
	softhsm_must(calls->C_GenerateKeyPair(session, &mechanism, public_key, 5, private_key, 7, &made[0],
	                                      &made[1]),
	             "C_GenerateKeyPair");
}

/*
 * The token "officers" in an empty folder: "treasury" (secp256k1, id 01), "registry" (P-256, id 02), two keys
 * that are both called "twin" (03 and 04), and "large", on a curve that signs nothing here.
 */
static inline void softhsm_make(const char *folder)
{
	CK_FUNCTION_LIST *calls;
	CK_SESSION_HANDLE session;

	softhsm_configure(folder);
	calls = softhsm_calls();
	softhsm_must(calls->C_Initialize(NULL), "C_Initialize");
	session = softhsm_new_token(calls, "officers");
	softhsm_generate(calls, session, SOFTHSM_K1, "treasury", 1);
	softhsm_generate(calls, session, SOFTHSM_P256, "registry", 2);
	softhsm_generate(calls, session, SOFTHSM_K1, "twin", 3);
	softhsm_generate(calls, session, SOFTHSM_K1, "twin", 4);
	softhsm_generate(calls, session, SOFTHSM_P384, "large", 5);
	softhsm_must(calls->C_Finalize(NULL), "C_Finalize");
}

#endif /* AVAL_TESTS_SOFTHSM_H */
