/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_BASE_H
#define AVAL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <aval/export.h>
#include <aval/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The small types that every other header uses: borrowed bytes and text, the
 * allocator, the sources of entropy and time. The library itself never reads a
 * clock, a file, the environment or entropy: they come in through these.
 *
 * Parameter order in all headers: context, outputs, in/outs, inputs, options,
 * callback and user_data, aval_error last. A length stands right after its
 * pointer. (NULL, 0) is a valid empty input. Outputs are untouched on failure.
 *
 * Threads: a call that takes only const objects may run in many threads at
 * once; a call that takes a non-const object needs it exclusively.
 */

/** Borrowed bytes; may be (NULL, 0). */
typedef struct aval_bytes {
	const uint8_t *data;
	size_t         len; /**< bytes */
} aval_bytes;

/** Borrowed UTF-8 text, not NUL-terminated; may be (NULL, 0). */
typedef struct aval_text {
	const char *data;
	size_t      len; /**< bytes */
} aval_text;

/**
 * Source of memory. NULL in place of the struct means malloc and free. There is
 * no realloc, so that no old copy of a secret stays behind. The pointer is kept
 * by objects created with it and must outlive them.
 */
typedef struct aval_allocator {
	uint32_t struct_size;                            /**< bytes; sizeof(aval_allocator) */
	void *(*alloc)(size_t size, void *user_data);    /**< size bytes, or NULL */
	void (*free)(void *pointer, void *user_data);    /**< pointer may be NULL */
	void *user_data;
} aval_allocator;

/** Source of cryptographic random bytes; see aval_os_entropy(). */
typedef struct aval_entropy {
	uint32_t struct_size;                                            /**< bytes; sizeof(aval_entropy) */
	aval_status (*fill)(uint8_t *out, size_t len, void *user_data);  /**< fills all of out, or fails */
	void *user_data;
} aval_entropy;

/** Source of time; see aval_os_clock(). */
typedef struct aval_clock {
	uint32_t struct_size;                                     /**< bytes; sizeof(aval_clock) */
	aval_status (*now)(int64_t *unix_ms_out, void *user_data); /**< Unix time in milliseconds */
	void *user_data;
} aval_clock;

/** No time is known; in place of Unix milliseconds. */
#define AVAL_TIME_NONE (-1)

#define AVAL_REGISTRY_MAX_LEN 255 /**< bytes of a registry's origin */

/** Free memory that a function of this library allocated with the same allocator. */
AVAL_API void aval_free(void *pointer, const aval_allocator *allocator);

/** Overwrite secret bytes in a way that the compiler may not drop. */
AVAL_API void aval_wipe(void *pointer, size_t len);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_BASE_H */
