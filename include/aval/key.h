/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_KEY_H
#define AVAL_KEY_H

#include <aval/base.h>
#include <aval/party.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Keys: public keys as COSE_Key, secret keys as PKCS#8 PEM. One key has one
 * algorithm. No call takes or gives a raw secret number; a key that lives in
 * an HSM is an aval_signer (aval/signer.h) and needs nothing of the second half
 * of this header. Whose key it is, is not known here.
 *
 * P-256 runs on mbedTLS, which allocates through its own hooks; the algorithms
 * on secp256k1 allocate nothing but the secret key object.
 */

/** Signature algorithms, by their COSE numbers. Signatures are 64 bytes: r || s, or R || s for Schnorr. */
typedef enum aval_alg {
	AVAL_ALG_ES256K  = -47,   /**< ECDSA on secp256k1, SHA-256 (RFC 8812) */
	AVAL_ALG_ESP256  = -9,    /**< ECDSA on P-256, SHA-256 (RFC 9864); -7 (ES256) is accepted for it */
	AVAL_ALG_SCHNORR = -65537 /**< BIP340 over TH("aval/schnorr", message); private use: none is registered */
} aval_alg;

#define AVAL_SIGNATURE_LEN          64  /**< bytes of a signature of every algorithm */
#define AVAL_PUBLIC_KEY_MAX_LEN     81  /**< bytes of the longest COSE_Key */
#define AVAL_SECRET_KEY_PEM_MAX_LEN 250 /**< bytes of the longest key file written */
#define AVAL_SECRET_KEY_FILE_MAX    4096 /**< bytes of the longest key file read */

/**
 * A public key with its algorithm. Opaque and copyable; not a wire format. All zero is no key: calls that may
 * fail refuse it.
 */
typedef struct aval_public_key {
	uint8_t data[192];
} aval_public_key;

/**
 * Parse a COSE_Key.
 *
 * The key is one map of exactly kty, alg, crv, x and y, deterministically encoded. The point is checked to lie
 * on the curve; a Schnorr key has an even y.
 *
 * @param[out] key_out       the key; written on success.
 * @param[in]  cose_key      cose_key_len bytes.
 * @param[in]  cose_key_len  bytes.
 * @param[out] err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  cose_key is a public key.
 * @retval AVAL_E_CBOR_…            not deterministic CBOR, or not of the schema: docs/spec/encoding.md.
 * @retval AVAL_E_KEY_FORMAT        kty is not EC2.
 * @retval AVAL_E_COSE_ALGORITHM    alg is none of aval_alg.
 * @retval AVAL_E_KEY_CURVE         crv is not the algorithm's.
 * @retval AVAL_E_KEY_POINT         x and y are no point of the curve, or y is odd in a Schnorr key.
 * @retval AVAL_E_NO_MEMORY         mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9052, section 7; RFC 9053, section 7.1; docs/spec/cose.md#cose-key.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_public_key_parse(
	aval_public_key *key_out,
	const uint8_t   *cose_key, size_t cose_key_len,
	aval_error      *err);

/**
 * Write a public key as COSE_Key.
 *
 * @param[out]    out        the COSE_Key; may be NULL to learn its length.
 * @param[in,out] len_inout  bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     key        a key.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *len_inout bytes were written; at most AVAL_PUBLIC_KEY_MAX_LEN.
 * @retval AVAL_E_BUFFER_TOO_SMALL  out is NULL or too short; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  key is no key.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/cose.md#cose-key.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_public_key_serialize(
	uint8_t               *out, size_t *len_inout,
	const aval_public_key *key,
	aval_error            *err);

/**
 * Make a public key of a point, as HSMs and certificates give it.
 *
 * @param[out] key_out  the key; written on success.
 * @param[in]  alg      one of aval_alg; its curve is the point's.
 * @param[in]  point65  04 || x || y. Of a Schnorr key y is replaced by the even one (BIP340 knows x alone).
 * @param[out] err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                point65 is a public key.
 * @retval AVAL_E_COSE_ALGORITHM  alg is none of aval_alg.
 * @retval AVAL_E_KEY_POINT       not a point of the curve, or not in this form.
 * @retval AVAL_E_NO_MEMORY       mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     SEC 1, section 2.3.4.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_public_key_from_point(
	aval_public_key *key_out,
	aval_alg         alg,
	const uint8_t    point65[65],
	aval_error      *err);

/** Algorithm of a key; 0 if key is no key. */
AVAL_API aval_alg aval_public_key_alg(const aval_public_key *key);

/** Point of a key as 04 || x || y; zeros if key is no key. */
AVAL_API void aval_public_key_point(uint8_t point65_out[65], const aval_public_key *key);

/** RFC 9679 thumbprint of a key, SHA-256; zeros if key is no key. It names the point, not the algorithm. */
AVAL_API void aval_public_key_thumbprint(uint8_t thumbprint32_out[32], const aval_public_key *key);

/** Party id of whoever holds the key: "key:", the thumbprint in lower-case hexadecimal, and a NUL. */
AVAL_API void aval_public_key_party(char party_out[AVAL_PARTY_KEY_LEN + 1], const aval_public_key *key);

/** A secret key; opaque, made by the calls below, freed by aval_secret_key_free(). */
typedef struct aval_secret_key aval_secret_key;

/**
 * Generate a secret key.
 *
 * @param[out] key_out    the key; written on success.
 * @param[in]  alg        one of aval_alg.
 * @param[in]  entropy    source of the key; later, at each signature, of its blinding and of BIP340's auxiliary
 *                        randomness. aval_os_entropy() is ready-made.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *key_out is a fresh key.
 * @retval AVAL_E_COSE_ALGORITHM    alg is none of aval_alg.
 * @retval AVAL_E_CALLBACK          entropy failed; its result is the cause.
 * @retval AVAL_E_KEY_SCALAR        entropy gave no number that is a key, many times over: it is broken.
 * @retval AVAL_E_NO_MEMORY         the allocator, or mbedTLS, was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT  entropy is not usable.
 *
 * @par Ownership  The caller frees the key; entropy and allocator are kept and must outlive it.
 * @par Threads    Safe from any thread if entropy and allocator are.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_secret_key_generate(
	aval_secret_key     **key_out,
	aval_alg              alg,
	const aval_entropy   *entropy,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Parse a key file: PKCS#8 in PEM, unencrypted, on secp256k1 or P-256.
 *
 * A line "alg: NAME" with NAME es256k, schnorr or esp256 may stand before the PEM block; without it a key on
 * secp256k1 is for ES256K. The file ends with the block. The public key inside, where there is one, must belong
 * to the secret key. The caller wipes pem.
 *
 * @param[out] key_out    the key; written on success.
 * @param[in]  pem        pem_len bytes; the whole file.
 * @param[in]  pem_len    bytes; at most AVAL_SECRET_KEY_FILE_MAX.
 * @param[in]  entropy    as in aval_secret_key_generate(), for signatures.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *key_out is the key of the file.
 * @retval AVAL_E_KEY_FORMAT        not PEM, or not the DER of a PKCS#8 key; or something stands behind it.
 * @retval AVAL_E_KEY_ENCRYPTED     the key is encrypted.
 * @retval AVAL_E_UNSUPPORTED       another PEM block or another kind of key (RSA, SEC 1).
 * @retval AVAL_E_COSE_ALGORITHM    the alg line names no algorithm of aval_alg.
 * @retval AVAL_E_KEY_CURVE         another curve, or not the curve of the alg line.
 * @retval AVAL_E_KEY_SCALAR        the secret number is zero or not below the order.
 * @retval AVAL_E_KEY_MISMATCH      the public key inside is another key's.
 * @retval AVAL_E_LIMIT             longer than AVAL_SECRET_KEY_FILE_MAX.
 * @retval AVAL_E_CALLBACK          entropy failed; its result is the cause.
 * @retval AVAL_E_NO_MEMORY         the allocator, or mbedTLS, was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT  entropy is not usable.
 *
 * @par Ownership  The caller frees the key; entropy and allocator are kept and must outlive it.
 * @par Threads    Safe from any thread if entropy and allocator are.
 * @par Source     RFC 5958; RFC 5915; RFC 7468; docs/spec/cose.md#key-file.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_secret_key_parse_pem(
	aval_secret_key     **key_out,
	const char           *pem, size_t pem_len,
	const aval_entropy   *entropy,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Write a secret key as key file: PKCS#8 in PEM with the public key inside, unencrypted.
 *
 * @param[out]    out        the file's bytes, no NUL; may be NULL to learn the length. The caller wipes them.
 * @param[in,out] len_inout  bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     key        a key.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *len_inout bytes were written; at most AVAL_SECRET_KEY_PEM_MAX_LEN.
 * @retval AVAL_E_BUFFER_TOO_SMALL  out is NULL or too short; nothing was written.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread.
 * @par Source     RFC 5958; RFC 5915; RFC 7468; docs/spec/cose.md#key-file.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_secret_key_serialize_pem(
	char                  *out, size_t *len_inout,
	const aval_secret_key *key,
	aval_error            *err);

/** Public key of a secret key; borrowed, valid as long as key. */
AVAL_API const aval_public_key *aval_secret_key_public(const aval_secret_key *key);

/** Wipe and free a secret key; key may be NULL. */
AVAL_API void aval_secret_key_free(aval_secret_key *key);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_KEY_H */
