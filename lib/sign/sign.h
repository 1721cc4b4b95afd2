/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_SIGN_H
#define AVAL_LIB_SIGN_H

/* Key files as bytes: PEM around PKCS#8 around the ECPrivateKey of SEC 1. Docs/spec/cose.md#key-file. */

#include "base/base.h"
#include "crypto/crypto.h"

/* An elliptic-curve key as PKCS#8 holds it; borrows. */
typedef struct aval_pkcs8 {
	unsigned       curve; /* COSE number */
	const uint8_t *scalar32;
	aval_bytes     point; /* 04 || x || y, or 02 or 03 || x, or absent */
} aval_pkcs8;

#define AVAL_PKCS8_MAX_LEN 138 /* bytes of what is written */

/* AVAL_E_KEY_FORMAT, AVAL_E_KEY_CURVE, AVAL_E_UNSUPPORTED. */
aval_status aval_pkcs8_parse(aval_pkcs8 *key_out, const uint8_t *der, size_t len, aval_error *err);

/* Writes point65 too; returns the length. */
size_t aval_pkcs8_serialize(uint8_t der_out[AVAL_PKCS8_MAX_LEN], unsigned curve, const uint8_t scalar32[32],
                            const uint8_t point65[65]);

/* A key file, taken apart: what its alg line names, if there is one, and the DER. */
typedef struct aval_key_file {
	const aval_algorithm *algorithm; /* NULL: no alg line */
	size_t                der_len;
	uint8_t               der[AVAL_SECRET_KEY_FILE_MAX / 4 * 3]; /* the caller wipes it */
} aval_key_file;

/* AVAL_E_KEY_FORMAT, AVAL_E_KEY_ENCRYPTED, AVAL_E_COSE_ALGORITHM, AVAL_E_UNSUPPORTED, AVAL_E_LIMIT. */
aval_status aval_key_file_parse(aval_key_file *file, const char *text, size_t len, aval_error *err);

#endif /* AVAL_LIB_SIGN_H */
