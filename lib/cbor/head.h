/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_CBOR_HEAD_H
#define AVAL_LIB_CBOR_HEAD_H

#include "cbor/cbor.h"

/* A decoded head. */
typedef struct aval_cbor_head {
	unsigned major;
	size_t   len;   /* bytes of the head itself */
	uint64_t value; /* number, length, count, tag, or the simple value */
} aval_cbor_head;

/*
 * Decode the head at the reader's offset without moving it; false after a failure, which is then recorded. A
 * string's content is checked to lie within the input, a container's count to fit into it.
 */
bool aval_cbor_head_decode(aval_cbor_reader *r, const char *where, aval_cbor_head *head_out);

/* Decode the next head and demand its major type. */
bool aval_cbor_expect(aval_cbor_reader *r, const char *where, unsigned major, aval_cbor_head *head_out);

/* Step over an item of len bytes and count it in its container. */
void aval_cbor_step(aval_cbor_reader *r, size_t len);

/* Step over a key of len bytes, if it ascends; its value is due. */
bool aval_cbor_take_key(aval_cbor_reader *r, const char *where, size_t len);

#endif
