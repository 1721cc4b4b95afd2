/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_FAKE_H
#define AVAL_TESTS_FAKE_H

/*
 * A PKCS#11 module that misbehaves as it is told: fake_module.c is built as a shared object, tests load it by
 * path as any other module and reach its state through fake_state_of().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <p11-kit/pkcs11.h>

/* Calls whose result can be told. */
typedef enum fake_call {
	FAKE_GET_LIST,
	FAKE_INITIALIZE,
	FAKE_FINALIZE,
	FAKE_SLOT_LIST,
	FAKE_TOKEN_INFO,
	FAKE_OPEN_SESSION,
	FAKE_CLOSE_SESSION,
	FAKE_SESSION_INFO,
	FAKE_LOGIN,
	FAKE_FIND_INIT,
	FAKE_FIND,
	FAKE_ATTRIBUTE,
	FAKE_SIGN_INIT,
	FAKE_SIGN,
	FAKE_CALLS
} fake_call;

enum { FAKE_TOKENS = 3, FAKE_OBJECTS = 6, FAKE_VALUE_MAX = 600 };

typedef struct fake_bytes {
	size_t  len;
	uint8_t data[FAKE_VALUE_MAX];
} fake_bytes;

typedef struct fake_token {
	const char *label, *serial; /* label NULL: the slot is empty */
	CK_FLAGS    flags; /* all tokens are initialised, but those that have CKF_TOKEN_INITIALIZED here */
} fake_token;

/* An attribute of length 0 is not there. */
typedef struct fake_object {
	CK_OBJECT_CLASS class;
	CK_KEY_TYPE type;
	const char *label;
	fake_bytes  id, params, point;
	CK_BBOOL    may_sign, asks_always;
} fake_object;

typedef struct fake_state {
	CK_RV       results[FAKE_CALLS]; /* returned in place of work, if not CKR_OK */
	unsigned    at[FAKE_CALLS];      /* at this call alone, from 1; 0: at each */
	unsigned    calls[FAKE_CALLS];
	fake_token  tokens[FAKE_TOKENS];
	fake_object objects[FAKE_OBJECTS];
	size_t      object_count;
	const char *pin; /* NULL: the keypad's */
	unsigned    context_logins;
	bool        is_logged_in;
	unsigned    sessions; /* open ones; the handle of the last is their count ever */
	CK_ULONG    handle;
	bool        slots_grow; /* the second question finds more slots than the first */
	bool        wrong_version;
	/* The signature of digest. */
	CK_RV (*sign)(CK_BYTE *out, CK_ULONG *len_inout, const CK_BYTE *digest, CK_ULONG digest_len);
} fake_state;

/* In the module. */
typedef fake_state *(*fake_state_getter)(void);
#define FAKE_STATE_SYMBOL "fake_state_of"

#endif /* AVAL_TESTS_FAKE_H */
