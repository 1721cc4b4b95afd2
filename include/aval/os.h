/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_OS_H
#define AVAL_OS_H

#include <aval/base.h>
#include <aval/executor.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Ready-made entropy, clock, files and threads of a POSIX system, for callers who bring
 * none of their own. No other part of the library touches the outside world.
 */

/** The operating system's cryptographic random source. Never NULL; static. */
AVAL_API const aval_entropy *aval_os_entropy(void);

/** The operating system's clock. Never NULL; static. */
AVAL_API const aval_clock *aval_os_clock(void);

/**
 * Read a whole file into memory.
 *
 * @param[out] data_out   *len_out bytes; written on success; not NULL even for an empty file.
 * @param[out] len_out    bytes.
 * @param[in]  path       NUL-terminated; "-" is standard input.
 * @param[in]  max        bytes; a longer file is refused.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL; cause is errno.
 *
 * @retval AVAL_OK           the whole file was read.
 * @retval AVAL_E_NOT_FOUND  there is no such file.
 * @retval AVAL_E_IO         the file cannot be opened or read, or is no file.
 * @retval AVAL_E_LIMIT      the file is longer than max.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  The caller frees *data_out by aval_free(); what held secrets is wiped before by aval_wipe().
 * @par Threads    Safe from any thread.
 * @par Source     POSIX.1-2017.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_os_file_read(
	uint8_t             **data_out, size_t *len_out,
	const char           *path,
	size_t                max,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Read a whole file into memory, if it is a regular one.
 *
 * For paths where others may have put something: a pipe, a device or a folder is refused without waiting for it,
 * and what is looked at is what is read. A pipe that is refused was open for a moment, which its writer can see.
 * Symbolic links are followed.
 *
 * @param[out] data_out   *len_out bytes; written on success; not NULL even for an empty file.
 * @param[out] len_out    bytes.
 * @param[in]  path       NUL-terminated; "-" is a file of that name.
 * @param[in]  max        bytes; a longer file is refused.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL; cause is errno, or 0 for what is no regular file.
 *
 * @retval AVAL_OK           the whole file was read.
 * @retval AVAL_E_NOT_FOUND  there is no such file.
 * @retval AVAL_E_IO         the file cannot be opened or read, or is no regular file.
 * @retval AVAL_E_LIMIT      the file is longer than max.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  The caller frees *data_out by aval_free(); what held secrets is wiped before by aval_wipe().
 * @par Threads    Safe from any thread.
 * @par Source     POSIX.1-2017.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_os_file_read_regular(
	uint8_t             **data_out, size_t *len_out,
	const char           *path,
	size_t                max,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Write a new file, whole or not at all.
 *
 * The bytes go to a temporary file in the same folder, which is synced and then linked to its name; the folder is
 * synced too. An existing file is never replaced.
 *
 * @param[in]  path  NUL-terminated.
 * @param[in]  data  len bytes; may be NULL if len is 0.
 * @param[in]  len   bytes.
 * @param[in]  mode  permission bits, e.g. 0600 for secrets; the process mask applies.
 * @param[out] err   filled only on failure; may be NULL; cause is errno.
 *
 * @retval AVAL_OK           the file holds the bytes and will survive a crash.
 * @retval AVAL_E_EXISTS     something of that name is there already; it is untouched.
 * @retval AVAL_E_IO         the file cannot be written; nothing is left behind.
 * @retval AVAL_E_LIMIT      the path is longer than AVAL_OS_PATH_MAX.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread.
 * @par Source     POSIX.1-2017.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_os_file_write_new(
	const char    *path,
	const uint8_t *data, size_t len,
	uint32_t       mode,
	aval_error    *err);

#define AVAL_OS_PATH_MAX 4095 /**< bytes of a path */

#define AVAL_OS_THREADS_MAX 1024 /**< threads of one executor */

/**
 * Start a pool of threads.
 *
 * The thread that runs work on it takes part in it. Several threads may use one pool; their calls take turns.
 *
 * @param[out] executor_out  the pool; written on success.
 * @param[in]  threads       1..AVAL_OS_THREADS_MAX; 0 is one a core.
 * @param[in]  allocator     may be NULL.
 * @param[out] err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           executor_out is to be released by aval_os_executor_free().
 * @retval AVAL_E_LIMIT      more threads than AVAL_OS_THREADS_MAX.
 * @retval AVAL_E_IO         a thread cannot be started; cause is the error number.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the pool.
 * @par Threads    Safe from any thread.
 * @par Source     POSIX.1-2017.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_os_executor_new(
	const aval_executor **executor_out,
	size_t                threads,
	const aval_allocator *allocator,
	aval_error           *err);

/** End a pool that aval_os_executor_new() gave, when nothing runs on it; NULL is nothing. */
AVAL_API void aval_os_executor_free(const aval_executor *executor);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_OS_H */
