/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_PKCS11_H
#define AVAL_PKCS11_H

#include <aval/signer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Keys in hardware: a signer over a key that stays in a token behind a PKCS#11
 * module, on secp256k1 or P-256. PKCS#11 has no Schnorr signatures, so that
 * AVAL_ALG_SCHNORR is refused. What the token returns is not trusted: the
 * public key is checked to lie on its curve, and whoever signs through a
 * signer verifies each signature. Keys are neither made nor imported nor
 * deleted here; whether the token keeps a key from leaving it is not checked.
 *
 * A module is code that runs in this process with all its rights: load none
 * that is not trusted. A build without the headers of p11-kit has these calls
 * too: they return AVAL_E_UNSUPPORTED, but for aval_pkcs11_uri_parse().
 *
 * A PKCS#11 failure's number (CK_RV) is the cause in aval_error.
 */

#define AVAL_PKCS11_PIN_MAX     255  /**< bytes of the longest PIN */
#define AVAL_PKCS11_ID_MAX      255  /**< bytes of the longest CKA_ID asked for */
#define AVAL_PKCS11_URI_MAX_LEN 4095 /**< bytes of the longest URI */

/**
 * Which key of which token. Fields left empty match anything; those given must all match. Exactly one token and
 * one key must be left over; tokens that were never initialised do not count.
 */
typedef struct aval_pkcs11_selection {
	uint32_t   struct_size;  /**< bytes; sizeof(aval_pkcs11_selection) */
	aval_text  token;        /**< the token's label */
	aval_text  serial;       /**< its serial number */
	aval_text  manufacturer; /**< its manufacturer */
	aval_text  model;        /**< its model */
	bool       has_slot;     /**< whether slot counts */
	uint64_t   slot;         /**< the slot's number (CK_SLOT_ID) */
	aval_text  object;       /**< the key's label (CKA_LABEL) */
	aval_bytes id;           /**< the key's id (CKA_ID) */
} aval_pkcs11_selection;

#define AVAL_PKCS11_SELECTION_INIT \
	{ sizeof(aval_pkcs11_selection), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, false, 0, \
	  { NULL, 0 }, { NULL, 0 } }

/**
 * Asks for a PIN. It is asked once when a key is opened, once more when a lost session is opened again, and at each
 * signature of a key that demands it (CKA_ALWAYS_AUTHENTICATE); it is wiped as soon as the token has it. A token
 * with a keypad of its own is not asked for here.
 */
typedef struct aval_pkcs11_pin {
	uint32_t struct_size; /**< bytes; sizeof(aval_pkcs11_pin) */
	/** Writes *len_out bytes, at most AVAL_PKCS11_PIN_MAX, or fails; token is the label of the token. */
	aval_status (*ask)(char *pin_out, size_t *len_out, aval_text token, void *user_data);
	void *user_data;
} aval_pkcs11_pin;

/** A loaded PKCS#11 module; opaque. */
typedef struct aval_pkcs11_module aval_pkcs11_module;

/** A key in a token, with a session of its own; opaque. */
typedef struct aval_pkcs11_key aval_pkcs11_key;

/**
 * Load a PKCS#11 module and initialise it.
 *
 * A module that this process has initialised already is used as it is, and is then left initialised.
 *
 * @param[out] module_out  the module; written on success.
 * @param[in]  path        NUL-terminated path of the shared object; as dlopen() takes it.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK               *module_out is ready.
 * @retval AVAL_E_PKCS11_MODULE  not a shared object that can be loaded, not a PKCS#11 module, or one that refuses to
 *                               be initialised for several threads.
 * @retval AVAL_E_UNSUPPORTED    this build is without PKCS#11.
 * @retval AVAL_E_NO_MEMORY      the allocator was out of memory.
 *
 * @par Ownership  The caller frees the module, after its keys; allocator is kept and must outlive it.
 * @par Threads    Not while another thread loads or frees the same module. After fork() the child loads its own.
 * @par Source     PKCS#11 v2.40, section 5.4.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_pkcs11_module_load(
	aval_pkcs11_module  **module_out,
	const char           *path,
	const aval_allocator *allocator,
	aval_error           *err);

/** Finalise a module, if it was initialised here, and unload it; module may be NULL. No key of it is left. */
AVAL_API void aval_pkcs11_module_free(aval_pkcs11_module *module);

/**
 * Find a key in a token, log in, and read its public key.
 *
 * @param[out] key_out    the key; written on success.
 * @param[in]  module     the module.
 * @param[in]  selection  which token and which key.
 * @param[in]  alg        AVAL_ALG_ES256K or AVAL_ALG_ESP256, or 0 for that of the key's curve.
 * @param[in]  pin        may be NULL where the token needs none or has a keypad.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL; its cause is the CK_RV where there is one.
 *
 * @retval AVAL_OK                         *key_out can sign.
 * @retval AVAL_E_COSE_ALGORITHM           alg is none of aval_alg.
 * @retval AVAL_E_UNSUPPORTED              alg is AVAL_ALG_SCHNORR; or this build is without PKCS#11.
 * @retval AVAL_E_PKCS11_TOKEN_MISSING     no token matches.
 * @retval AVAL_E_PKCS11_TOKEN_SEVERAL     several tokens match.
 * @retval AVAL_E_PKCS11_PIN_MISSING       the token needs a PIN, and pin is NULL.
 * @retval AVAL_E_PKCS11_PIN_WRONG         the token refused the PIN.
 * @retval AVAL_E_PKCS11_PIN_LOCKED        the PIN is locked; where the token says so before, the PIN is not asked for.
 * @retval AVAL_E_PKCS11_PIN_UNSET         the token has no user PIN yet, or it has expired.
 * @retval AVAL_E_PKCS11_KEY_MISSING       no private key matches.
 * @retval AVAL_E_PKCS11_KEY_SEVERAL       several private keys match.
 * @retval AVAL_E_PKCS11_KEY_USE           the key is not on an elliptic curve, or may not sign with CKM_ECDSA.
 * @retval AVAL_E_PKCS11_KEY_PUBLIC        the token shows no public key that belongs to it.
 * @retval AVAL_E_KEY_CURVE                the key is on another curve than alg's, or on neither.
 * @retval AVAL_E_KEY_POINT                CKA_EC_POINT is not an uncompressed point of the curve.
 * @retval AVAL_E_PKCS11_TOKEN_GONE        the token was taken away meanwhile.
 * @retval AVAL_E_PKCS11_DEVICE            any other failure of the token.
 * @retval AVAL_E_CALLBACK                 pin->ask() failed; its result is the cause.
 * @retval AVAL_E_LIMIT                    the selection's id is longer than AVAL_PKCS11_ID_MAX.
 * @retval AVAL_E_NO_MEMORY                the allocator, the module or mbedTLS was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT         selection or pin is not filled in.
 *
 * @par Ownership  The caller frees the key. selection is copied; module, pin and allocator are kept and must outlive
 *                 the key.
 * @par Threads    Safe from any thread if pin and allocator are.
 * @par Source     PKCS#11 v2.40, sections 4 and 5; curves and points: PKCS#11 Current Mechanisms, section 2.3.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_pkcs11_key_open(
	aval_pkcs11_key            **key_out,
	aval_pkcs11_module          *module,
	const aval_pkcs11_selection *selection,
	aval_alg                     alg,
	const aval_pkcs11_pin       *pin,
	const aval_allocator        *allocator,
	aval_error                  *err);

/** Public key of a key in a token; borrowed, valid as long as key. */
AVAL_API const aval_public_key *aval_pkcs11_key_public(const aval_pkcs11_key *key);

/**
 * A signer that uses a key in a token.
 *
 * The token signs the digest (CKM_ECDSA). A session that is lost (token taken out and put back, token reset, session
 * closed) is opened once again, within the same signature: the token is looked for anew, the PIN is asked for, and the
 * key there must have the same public key; else the signature fails, and so does each later one: a PIN that was
 * refused once is not tried again. Where signing fails, the caller sees AVAL_E_CALLBACK with the status as its cause;
 * aval_pkcs11_key_error() says more.
 *
 * The statuses of sign(): those of aval_pkcs11_key_open(), and AVAL_E_SIGNATURE_LENGTH where the token returned
 * something that is not 64 bytes.
 *
 * @param[in] key  a key.
 *
 * @return The signer.
 *
 * @par Ownership  key is borrowed and must outlive the signer.
 * @par Threads    Several threads may sign with one key at once: they sign one after the other, a key having one
 *                 session. Keys opened twice sign beside each other.
 * @par Source     PKCS#11 v2.40, section 5.11; PKCS#11 Current Mechanisms, section 2.3.6.
 */
AVAL_API aval_signer aval_pkcs11_key_signer(aval_pkcs11_key *key);

/** What failed last in signing with a key; its status is AVAL_OK where nothing has. Not while another thread signs. */
AVAL_API const aval_error *aval_pkcs11_key_error(const aval_pkcs11_key *key);

/** Close a key's session and free the key; key may be NULL. */
AVAL_API void aval_pkcs11_key_free(aval_pkcs11_key *key);

/** A URI of RFC 7512, taken apart. All views point into the caller's buffer. */
typedef struct aval_pkcs11_uri {
	uint32_t              struct_size; /**< bytes; sizeof(aval_pkcs11_uri) */
	aval_pkcs11_selection selection;   /**< ready for aval_pkcs11_key_open() */
	aval_text             module_path; /**< path of the module; empty: not said */
	aval_text             pin_source;  /**< where the PIN is, as the URI has it; empty: not said */
	bool                  has_pin;     /**< whether the URI gives the PIN itself */
	aval_text             pin_value;   /**< the PIN */
} aval_pkcs11_uri;

#define AVAL_PKCS11_URI_INIT \
	{ sizeof(aval_pkcs11_uri), AVAL_PKCS11_SELECTION_INIT, { NULL, 0 }, { NULL, 0 }, false, { NULL, 0 } }

/**
 * Parse a PKCS#11 URI that names a private key.
 *
 * Attributes that describe library or slot (library-…, slot-description, slot-manufacturer) and the module by name
 * (module-name) are not supported. A type, where there is one, is "private". Vendors' attributes are refused, for
 * what they ask would not be done.
 *
 * @param[out] uri_out  the parts; written on success.
 * @param[in]  text     len bytes.
 * @param[in]  len      bytes; at most AVAL_PKCS11_URI_MAX_LEN.
 * @param[out] room     len bytes, into which the views point; may hold a PIN: the caller wipes it.
 * @param[out] err      filled only on failure; may be NULL; offset is where the attribute begins.
 *
 * @retval AVAL_OK                  text is such a URI.
 * @retval AVAL_E_PKCS11_URI        not a URI of RFC 7512: scheme, percent-encoding, an attribute twice, a bad number.
 * @retval AVAL_E_UNSUPPORTED       an attribute that is not supported, or another type of object.
 * @retval AVAL_E_LIMIT             longer than AVAL_PKCS11_URI_MAX_LEN.
 *
 * @par Ownership  uri_out borrows room.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 7512, section 2.3.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_pkcs11_uri_parse(
	aval_pkcs11_uri *uri_out,
	const char      *text, size_t len,
	char            *room,
	aval_error      *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_PKCS11_H */
