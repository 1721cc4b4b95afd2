/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_K1_H
#define AVAL_LIB_K1_H

/* The signing context, shared by k1.c and k1_group.c: no other source sees a type of libsecp256k1. */

#include <secp256k1.h>

#include "crypto/crypto.h"

struct aval_k1 {
	secp256k1_context *ctx;  /* in the memory behind this struct */
	size_t             size; /* bytes of both */
};

#endif /* AVAL_LIB_K1_H */
