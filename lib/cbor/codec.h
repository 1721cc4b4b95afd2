/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_CBOR_CODEC_H
#define AVAL_LIB_CBOR_CODEC_H

/*
 * The fields of a map, described once for both directions: each aval_code_*() reads a value and then checks it,
 * or checks it and then writes it. What is built is so what can be read, by construction.
 *
 * A codec keeps the first failure and turns every later call into a no-op.
 */

#include "cbor/cbor.h"

typedef struct aval_codec {
	bool             is_reading;
	aval_cbor_reader r;
	aval_cbor_writer w;

	/* Reading: the map, and the key that stands next in it. */
	const char *map;
	bool        has_key;
	int64_t     key;
	size_t      key_offset;
	size_t      at; /* where the value begins that was read last */

	aval_text party; /* the one that was checked last; aval_code_party() */

	/* Writing. */
	size_t      pairs; /* of the map, so far */
	aval_status status;
	const char *where;
	const char *reason;
} aval_codec;

/* Read a map that is called map; every key is then asked for in ascending order, and the end. */
void        aval_codec_read(aval_codec *c, const char *map, const uint8_t *data, size_t len);
aval_status aval_codec_read_end(aval_codec *c, aval_error *err);

/* Write the pairs of a map, whose head stands before them. With (NULL, 0) the codec counts. */
void aval_codec_write(aval_codec *c, uint8_t *out, size_t cap);

/* Codes the pairs of a map, from or to content. */
typedef void (*aval_codec_pairs)(aval_codec *c, void *content);

/* Write a map whole, head and pairs. AVAL_E_BUFFER_TOO_SMALL says where, and *len_inout how much is needed. */
aval_status aval_codec_write_map(uint8_t *out, size_t *len_inout, aval_codec_pairs pairs, void *content,
                                 const char *where, aval_error *err);

bool aval_codec_ok(const aval_codec *c);

/* Fail at the value read last, or at the value to be written. */
void aval_codec_fail(aval_codec *c, aval_status status, const char *where, const char *reason);

/* Where the next value begins; to fail there later. */
size_t aval_codec_mark(const aval_codec *c);
void aval_codec_fail_at(aval_codec *c, size_t mark, aval_status status, const char *where, const char *reason);

/* Read: step over a required key. Write: put it. True if its value is to be coded now. */
bool aval_code_key(aval_codec *c, uint8_t key, const char *where);

/* Read: tell in *present whether the key is there, and step over it. Write: put it if *present. */
bool aval_code_optional(aval_codec *c, uint8_t key, bool *present);

/* A map with small unsigned keys within: enter (write: with count pairs), ask for its keys, leave. */
typedef struct aval_codec_outer {
	const char *map;
	size_t      pairs;
} aval_codec_outer;
void aval_code_enter_map(aval_codec *c, const char *where, size_t pairs, aval_codec_outer *outer);
void aval_code_leave_map(aval_codec *c, const aval_codec_outer *outer);

/* An array: of exactly so many items; of 1 to max, else AVAL_E_LIMIT. Then leave. */
void aval_code_array_exact(aval_codec *c, const char *where, size_t count);
void aval_code_array(aval_codec *c, const char *where, size_t *count, size_t max);
void aval_code_leave_array(aval_codec *c, const char *where);

void aval_code_uint(aval_codec *c, const char *where, uint64_t *value, uint64_t min, uint64_t max);
void aval_code_amount(aval_codec *c, const char *where, int64_t *value, int64_t min);
void aval_code_time(aval_codec *c, const char *where, int64_t *value);
void aval_code_bool(aval_codec *c, const char *where, bool *value);
void aval_code_bytes(aval_codec *c, const char *where, uint8_t *value, size_t len);
void aval_code_text(aval_codec *c, const char *where, aval_text *text, size_t min, size_t max);

#endif
