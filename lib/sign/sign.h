/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_SIGN_H
#define AVAL_LIB_SIGN_H

/*
 * Key files as bytes: PEM around PKCS#8 around the ECPrivateKey of SEC 1. Docs/spec/cose.md#key-file. And the tree
 * of a batch, docs/spec/batch.md.
 */

#include <aval/log.h>

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

/* Leaves that one signature is to sign, or has signed. */
typedef struct aval_batch_tree {
	aval_signer signer;
	aval_log   *log;
	bool        is_signed;
	uint8_t     sig64[64];
} aval_batch_tree;

#define AVAL_BATCH_SIGNATURE_MAX_LEN 758 /* bytes of the longest string in an envelope */

/* AVAL_E_INVALID_ARGUMENT where the signer is not filled in, AVAL_E_NO_MEMORY. */
aval_status aval_batch_tree_init(aval_batch_tree *tree, const aval_signer *signer, const aval_allocator *allocator,
                                 aval_error *err);
void        aval_batch_tree_clear(aval_batch_tree *tree);

/* AVAL_E_BATCH_STATE once it is signed, AVAL_E_LIMIT at AVAL_BATCH_MAX_SIZE, AVAL_E_NO_MEMORY. */
aval_status aval_batch_tree_add(aval_batch_tree *tree, const uint8_t leaf32[32], aval_error *err);

/* Sign the root, once: AVAL_E_BATCH_STATE where there is no leaf, and what aval_signer_sign() returns. */
aval_status aval_batch_tree_sign(aval_batch_tree *tree, aval_error *err);

/*
 * The string of one leaf, whose hash it must be: AVAL_E_BATCH_STATE before the tree is signed, AVAL_E_PROOF_INDEX,
 * AVAL_E_BATCH_CHANGED.
 */
aval_status aval_batch_tree_signature(uint8_t out[AVAL_BATCH_SIGNATURE_MAX_LEN], size_t *len_out,
                                      const aval_batch_tree *tree, uint64_t index, const uint8_t leaf32[32],
                                      aval_error *err);

#endif /* AVAL_LIB_SIGN_H */
