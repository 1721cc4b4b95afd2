/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_CBOR_H
#define AVAL_LIB_CBOR_H

/*
 * Deterministic CBOR (docs/spec/encoding.md): a strict reader and a writer over caller memory. The heads are
 * decoded and encoded by libcbor's calls that do not allocate; everything that makes an encoding the only one
 * is checked here. Nothing allocates, nothing is skipped unseen.
 *
 * Reader and writer keep the first failure and turn every later call into a no-op that returns zero values, so
 * that a codec reads like its schema and asks once, in aval_cbor_reader_finish(). Loops ask aval_cbor_ok().
 */

#include "base/base.h"

/* Arrays, maps and tags around an item. */
#define AVAL_CBOR_MAX_DEPTH 16

enum {
	AVAL_CBOR_UINT   = 0,
	AVAL_CBOR_NEGINT = 1,
	AVAL_CBOR_BYTES  = 2,
	AVAL_CBOR_TEXT   = 3,
	AVAL_CBOR_ARRAY  = 4,
	AVAL_CBOR_MAP    = 5,
	AVAL_CBOR_TAG    = 6,
	AVAL_CBOR_SIMPLE = 7,
	AVAL_CBOR_NONE   = -1
};

typedef struct aval_cbor_frame {
	uint64_t remaining;  /* items of an array, pairs of a map */
	size_t   key_offset; /* the last key's encoding; no key yet if key_len is 0 */
	size_t   key_len;
	unsigned level;      /* arrays, maps and tags around the items of this frame */
	bool     is_map;
	bool     value_due;  /* a key was read, its value was not */
} aval_cbor_frame;

typedef struct aval_cbor_reader {
	const uint8_t  *data;
	size_t          len;
	size_t          offset; /* of the next head */
	unsigned        depth;  /* frames in use */
	unsigned        tags;   /* tags read directly before the next item */
	bool            foreign;
	aval_status     status;
	size_t          fail_offset;
	const char     *fail_where;
	const char     *fail_reason;
	aval_cbor_frame frames[AVAL_CBOR_MAX_DEPTH];
} aval_cbor_reader;

/* Borrows data for as long as the reader and the views it gives out are used. */
void aval_cbor_reader_init(aval_cbor_reader *r, const uint8_t *data, size_t len);

/*
 * For objects of other makers (COSE Receipts): heads may be longer than needed, keys may stand in any order, floats
 * and other simple values may be skipped by aval_cbor_read_item(). Duplicate keys are the caller's to refuse.
 * Lengths stay definite, depth and counts stay bounded.
 */
void aval_cbor_reader_init_foreign(aval_cbor_reader *r, const uint8_t *data, size_t len);

/* Demands that every container was left and every byte was read; the one place that reports. */
aval_status aval_cbor_reader_finish(const aval_cbor_reader *r, aval_error *err);

static inline bool aval_cbor_ok(const aval_cbor_reader *r)
{
	return r->status == AVAL_OK;
}

static inline aval_status aval_cbor_status(const aval_cbor_reader *r)
{
	return r->status;
}

/* Major type of the next item; AVAL_CBOR_NONE after a failure, at the end of the input and of a container. */
int aval_cbor_peek(const aval_cbor_reader *r);

/* Fail at the item read next; the first failure wins. */
void aval_cbor_fail(aval_cbor_reader *r, aval_status status, const char *where, const char *reason);
void aval_cbor_fail_at(aval_cbor_reader *r, aval_status status, size_t offset, const char *where,
                       const char *reason);

uint64_t   aval_cbor_read_uint(aval_cbor_reader *r, const char *where);
int64_t    aval_cbor_read_int(aval_cbor_reader *r, const char *where);
aval_bytes aval_cbor_read_bytes(aval_cbor_reader *r, const char *where);
aval_text  aval_cbor_read_text(aval_cbor_reader *r, const char *where);
bool       aval_cbor_read_bool(aval_cbor_reader *r, const char *where);
void       aval_cbor_read_null(aval_cbor_reader *r, const char *where);

/* A byte string of exactly len bytes, copied to out; another length is AVAL_E_CBOR_RANGE. */
void aval_cbor_read_bytes_exact(aval_cbor_reader *r, const char *where, uint8_t *out, size_t len);

/*
 * Pass over at most count byte strings of 32 bytes each in an array, as long as there are such; returns how many. The
 * content of the first is at *first_out, each next one AVAL_CBOR_HASH_STEP bytes behind. Nothing fails here: what is
 * left is read by the calls above, which say what is wrong with it.
 */
#define AVAL_CBOR_HASH_STEP 34
size_t aval_cbor_take_hashes(aval_cbor_reader *r, size_t count, const uint8_t **first_out);

/* A number from min to max, else AVAL_E_CBOR_RANGE. */
uint64_t aval_cbor_read_uint_range(aval_cbor_reader *r, const char *where, uint64_t min, uint64_t max);

/* A text of min to max bytes, else AVAL_E_CBOR_RANGE. */
aval_text aval_cbor_read_text_range(aval_cbor_reader *r, const char *where, size_t min, size_t max);

/* The tag alone; the tagged item is read next. */
uint64_t aval_cbor_read_tag(aval_cbor_reader *r, const char *where);
void     aval_cbor_read_tag_exact(aval_cbor_reader *r, const char *where, uint64_t tag);

/* Containers. The count is bounded by the bytes that remain. Leave demands that all items were read. */
size_t aval_cbor_enter_array(aval_cbor_reader *r, const char *where);
void   aval_cbor_enter_array_exact(aval_cbor_reader *r, const char *where, size_t count);
size_t aval_cbor_enter_map(aval_cbor_reader *r, const char *where);
void   aval_cbor_leave(aval_cbor_reader *r, const char *where);

/*
 * The next key of the map entered last: false at its end and after a failure. Order and uniqueness are checked
 * over the encoded keys. A key of the other kind is AVAL_E_CBOR_TYPE; a map with both kinds peeks first.
 */
bool aval_cbor_next_key_int(aval_cbor_reader *r, const char *where, int64_t *key_out);
bool aval_cbor_next_key_text(aval_cbor_reader *r, const char *where, aval_text *key_out);

/*
 * Step over this key where it stands next; else nothing happens and false is returned, as after a failure. For maps
 * whose keys are expected in their order.
 */
bool aval_cbor_try_key(aval_cbor_reader *r, const char *where, uint8_t key);

/* Whole next item, checked against every rule of the encoding, as bytes. Keys are integers or text. */
aval_bytes aval_cbor_read_item(aval_cbor_reader *r, const char *where);

/* Whether the bytes are exactly one item that keeps every rule. */
aval_status aval_cbor_validate(const uint8_t *data, size_t len, aval_error *err);

/* Takes the bytes as they are written. */
typedef void (*aval_cbor_sink)(const uint8_t *data, size_t len, void *user_data);

typedef struct aval_cbor_writer {
	uint8_t       *out; /* NULL when only the length is asked for */
	size_t         cap;
	size_t         len; /* counts on past cap */
	aval_cbor_sink sink;
	void          *user_data;
} aval_cbor_writer;

/* With (NULL, 0) the writer only counts. */
void aval_cbor_writer_init(aval_cbor_writer *w, uint8_t *out, size_t cap);

/* Hands every byte to sink instead of storing it. */
void aval_cbor_writer_init_sink(aval_cbor_writer *w, aval_cbor_sink sink, void *user_data);

/*
 * AVAL_OK and the length written, or AVAL_E_BUFFER_TOO_SMALL and the need. Past that failure the buffer holds a
 * beginning: a caller that promises an untouched buffer counts first.
 */
aval_status aval_cbor_writer_finish(const aval_cbor_writer *w, size_t *len_out, aval_error *err);

/* The caller writes map keys in ascending order of their encoding. */
void aval_cbor_write_uint(aval_cbor_writer *w, uint64_t value);
void aval_cbor_write_int(aval_cbor_writer *w, int64_t value);
void aval_cbor_write_bytes(aval_cbor_writer *w, const uint8_t *data, size_t len);
void aval_cbor_write_text(aval_cbor_writer *w, aval_text text);
void aval_cbor_write_text_z(aval_cbor_writer *w, const char *text);
void aval_cbor_write_bool(aval_cbor_writer *w, bool value);
void aval_cbor_write_null(aval_cbor_writer *w);
void aval_cbor_write_tag(aval_cbor_writer *w, uint64_t tag);
void aval_cbor_write_array(aval_cbor_writer *w, size_t count);
void aval_cbor_write_map(aval_cbor_writer *w, size_t pair_count);

/* The head of a byte string whose len bytes follow through aval_cbor_write_raw(). */
void aval_cbor_write_bytes_head(aval_cbor_writer *w, size_t len);

/* Bytes that are CBOR already, or the content of a byte string. */
void aval_cbor_write_raw(aval_cbor_writer *w, const uint8_t *data, size_t len);

#endif
