/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_BASE_H
#define AVAL_LIB_BASE_H

/*
 * Internal helpers that every folder may use: failing in one line, allocating
 * through the caller's allocator, arithmetic that cannot wrap, and comparing
 * without leaking where two secrets differ.
 */

#include <string.h>

#include <aval/base.h>
#include <aval/executor.h>
#include <aval/status.h>

/* Where err is NULL the status alone is returned; every failure passes here. */
static inline aval_status aval_fail_full(aval_error *err, aval_status status, size_t offset, const char *where,
                                         const char *reason, int64_t cause)
{
	if (err != NULL)
		*err = (aval_error){ sizeof *err, status, offset, where, reason, cause };
	return status;
}

static inline aval_status aval_fail(aval_error *err, aval_status status, const char *where, const char *reason)
{
	return aval_fail_full(err, status, AVAL_NO_OFFSET, where, reason, 0);
}

static inline aval_status aval_fail_at(aval_error *err, aval_status status, size_t offset, const char *where,
                                       const char *reason)
{
	return aval_fail_full(err, status, offset, where, reason, 0);
}

static inline aval_status aval_fail_cause(aval_error *err, aval_status status, const char *where,
                                          const char *reason, int64_t cause)
{
	return aval_fail_full(err, status, AVAL_NO_OFFSET, where, reason, cause);
}

static inline aval_status aval_fail_no_memory(aval_error *err)
{
	return aval_fail(err, AVAL_E_NO_MEMORY, "memory", "the allocator returned NULL");
}

/* NULL when memory is out or size is 0; never wraps for arrays. */
void *aval_alloc(const aval_allocator *allocator, size_t size);
void *aval_alloc_array(const aval_allocator *allocator, size_t count, size_t size);

/* A zeroed object. */
void *aval_alloc_zero(const aval_allocator *allocator, size_t size);

/*
 * Room for one element more behind the count elements of an array that starts as NULL with no room: the array, or
 * the larger one that took its place. The room doubles, so that n elements are moved less than n times. NULL when
 * memory is out; the array is as it was.
 */
void *aval_grow(void *array, size_t *room_inout, size_t count, size_t size, const aval_allocator *allocator);

/* Tasks on an executor; NULL is the calling thread alone, one task after the other, up to the first that fails. */
aval_status aval_executor_check(const aval_executor *executor, aval_error *err);
size_t      aval_executor_width(const aval_executor *executor);
aval_status aval_executor_run(const aval_executor *executor, size_t count, aval_task task, void *task_data);

/* Sort items of size bytes in place, ascending; equal ones end up in any order. */
typedef int (*aval_compare)(const void *a, const void *b, const void *user_data);
void aval_heap_sort(void *items, size_t count, size_t size, aval_compare compare, const void *user_data);

/* Equality in time that depends on len alone. */
bool aval_equal_ct(const void *a, const void *b, size_t len);

/*
 * Wipe what a call that just returned left in the 8 KiB below the caller's frame: other libraries leave secrets
 * there. To be called by the function that made that call.
 */
#if defined(__GNUC__)
__attribute__((noinline))
#endif
void aval_wipe_stack(void);

/* Whether the bytes are UTF-8; where they are not, *offset_out is the first bad sequence's offset. */
bool aval_utf8_check(size_t *offset_out, const uint8_t *data, size_t len);

/* Whether a text is a name of signed notes: 1 to max bytes of UTF-8 without white space, control or plus. */
bool aval_name_check(aval_text name, size_t max);

/*
 * Base64 (RFC 4648, section 4) in time that depends on lengths alone. Decodes the one text of some bytes: padded, no
 * white space, unused bits zero. Returns false on anything else or if more than cap bytes come out; out is then
 * undefined.
 */
bool aval_base64_decode(uint8_t *out, size_t *len_out, size_t cap, aval_text text);

/* Length of the padded base64 text of len bytes, and the text (no NUL). */
size_t aval_base64_len(size_t len);
void   aval_base64_encode(char *out, const uint8_t *data, size_t len);

/* Hand a whole output to the caller, or its length where out is NULL or too short. */
static inline aval_status aval_copy_out(void *out, size_t *len_inout, const void *data, size_t len, aval_error *err)
{
	size_t room = out == NULL ? 0 : *len_inout;

	*len_inout = len;
	if (out == NULL || room < len)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out", "the buffer is shorter than the output");
	memcpy(out, data, len);
	return AVAL_OK;
}

static inline bool aval_add_size(size_t *sum_out, size_t a, size_t b)
{
	if (a > SIZE_MAX - b)
		return false;
	*sum_out = a + b;
	return true;
}

static inline bool aval_mul_size(size_t *product_out, size_t a, size_t b)
{
	if (b != 0 && a > SIZE_MAX / b)
		return false;
	*product_out = a * b;
	return true;
}

static inline bool aval_add_u64(uint64_t *sum_out, uint64_t a, uint64_t b)
{
	if (a > UINT64_MAX - b)
		return false;
	*sum_out = a + b;
	return true;
}

static inline aval_text aval_text_z(const char *z)
{
	return (aval_text){ z, strlen(z) };
}

static inline bool aval_text_equal(aval_text a, aval_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool aval_text_equal_z(aval_text a, const char *z)
{
	return aval_text_equal(a, aval_text_z(z));
}

#endif
