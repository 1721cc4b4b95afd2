/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_PKCS11_H
#define AVAL_LIB_PKCS11_H

/*
 * Keys behind PKCS#11: what the files pkcs11_*.c share. They are built where the headers of p11-kit are; else
 * pkcs11_none.c stands for them all.
 */

#include <pthread.h>

#include <p11-kit/pkcs11.h>

#include <aval/pkcs11.h>

#include "base/base.h"
#include "crypto/crypto.h"

struct aval_pkcs11_module {
	CK_FUNCTION_LIST     *calls;
	bool                  is_ours; /* initialised here, so finalised here */
	void                 *handle;
	void                (*unload)(void *handle);
	const aval_allocator *allocator;
};

/*
 * Initialise the module of a function list. handle is unloaded with the module; after a failure it is the caller's.
 * AVAL_E_PKCS11_MODULE, AVAL_E_NO_MEMORY.
 */
aval_status aval_pkcs11_module_new(aval_pkcs11_module **module_out, void *function_list, void *handle,
                                   void (*unload)(void *handle), const aval_allocator *allocator, aval_error *err);

enum { AVAL_PKCS11_LABEL_LEN = 32 }; /* bytes of a token's label */

/* Where a key is to be found: opened once, and once again when it was lost. */
typedef struct aval_pkcs11_session {
	CK_SESSION_HANDLE handle;
	CK_OBJECT_HANDLE  object;
	bool              is_open;
	bool              asks_always; /* the key wants the PIN at each signature */
	bool              has_keypad;  /* the token takes its PIN by itself */
	aval_text         token;       /* points into label */
	char              label[AVAL_PKCS11_LABEL_LEN];
} aval_pkcs11_session;

struct aval_pkcs11_key {
	aval_pkcs11_module    *module;
	aval_pkcs11_selection  selection; /* its texts lie in copies */
	char                  *copies;
	const aval_pkcs11_pin *pin; /* NULL: none */
	aval_alg               alg; /* 0: the curve's */
	aval_public_key        public_key;
	pthread_mutex_t        mutex; /* over what follows */
	aval_pkcs11_session    session;
	bool                   is_refused; /* a PIN was wrong, or the token has another key: nothing is tried any more */
	aval_error             last;
	const aval_allocator  *allocator;
};

/* The status for a number of PKCS#11, which is the cause. */
aval_status aval_pkcs11_fail(aval_error *err, CK_RV rv, const char *where);

/* Whether a session, its login or its objects are gone, so that opening them again may help. */
bool aval_pkcs11_is_lost(CK_RV rv);

/* Find the token, open a session, log in: pkcs11_token.c. A session that is open after a failure is to be closed. */
aval_status aval_pkcs11_session_open(aval_pkcs11_session *session, const aval_pkcs11_key *key, aval_error *err);
void        aval_pkcs11_session_close(aval_pkcs11_session *session, const aval_pkcs11_module *module);

/* Give the token its PIN as the session's user, or for the one operation under way. */
aval_status aval_pkcs11_login(const aval_pkcs11_session *session, const aval_pkcs11_key *key, CK_USER_TYPE user,
                              aval_error *err);

/* Find the private key and read the public one: pkcs11_object.c. */
aval_status aval_pkcs11_find_key(aval_public_key *public_key_out, aval_pkcs11_session *session,
                                 const aval_pkcs11_key *key, aval_error *err);

/* 04 || x || y of a CKA_EC_POINT: wrapped in an OCTET STRING, as the standard has it, or bare, as some tokens do. */
bool aval_pkcs11_point(uint8_t point65_out[65], const uint8_t *value, size_t len);

#endif /* AVAL_LIB_PKCS11_H */
