/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_RECEIPT_H
#define AVAL_LIB_RECEIPT_H

/* COSE Receipts: what reading, verifying and signing share. */

#include <aval/merkle.h>
#include <aval/receipt.h>

#include "cbor/cbor.h"
#include "cose/cose.h"

/* Header labels and kinds of proofs of RFC 9942. */
enum { AVAL_RECEIPT_VDS = 395, AVAL_RECEIPT_VDP = 396, AVAL_RECEIPT_RFC9162_SHA256 = 1 };
enum { AVAL_RECEIPT_INCLUSION = -1, AVAL_RECEIPT_CONSISTENCY = -2 };

/* One proof: [size, index, path] or [old size, new size, path]. */
typedef struct aval_receipt_proof {
	uint64_t a, b;
	size_t   path_count;
	uint8_t  path[AVAL_MERKLE_MAX_PATH * 32];
} aval_receipt_proof;

/* Proof number index of an array of proofs; AVAL_E_INVALID_ARGUMENT where there is none. */
aval_status aval_receipt_read(aval_receipt_proof *proof_out, aval_bytes proofs, size_t index, const char *where,
                              aval_error *err);

#endif /* AVAL_LIB_RECEIPT_H */
