/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LOG_FOLDER_H
#define AVAL_LOG_FOLDER_H

#include <aval/base.h>
#include <aval/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A log in a folder of a POSIX file system, in the layout of C2SP tlog-tiles:
 * "checkpoint", "tile/...". Any web server or object store can publish it as it
 * stands. Files are written under another name, synced, and renamed, so that a
 * reader never sees half a tile; the checkpoint is replaced last, in one step.
 * Nothing is verified here: see tile_client.h and checkpoint.h.
 */

/** An open folder. */
typedef struct aval_log_folder aval_log_folder;

/**
 * Make the folder of a new log; its parent is there already.
 *
 * @param[in]  path  NUL-terminated.
 * @param[out] err   filled only on failure; may be NULL; cause is errno.
 *
 * @retval AVAL_OK        the folder was made, and is empty.
 * @retval AVAL_E_EXISTS  something of that name is there already; it is untouched.
 * @retval AVAL_E_IO      the folder cannot be made.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread.
 * @par Source     POSIX.1-2017.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_folder_create(
	const char *path,
	aval_error *err);

/**
 * Open the folder of a log.
 *
 * To write, the folder is locked until it is freed, so that a log has one writer. Readers need no lock.
 *
 * @param[out] folder_out  the folder; written on success.
 * @param[in]  path        NUL-terminated.
 * @param[in]  to_write    whether tiles and checkpoints will be written.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL; cause is errno.
 *
 * @retval AVAL_OK           folder_out is to be released by aval_log_folder_free().
 * @retval AVAL_E_NOT_FOUND  there is no such folder.
 * @retval AVAL_E_LOG_BUSY   another writer has it open.
 * @retval AVAL_E_IO         it cannot be opened or locked, or is no folder.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the folder.
 * @par Threads    Exclusive.
 * @par Source     POSIX.1-2017; flock().
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_folder_open(
	aval_log_folder     **folder_out,
	const char           *path,
	bool                  to_write,
	const aval_allocator *allocator,
	aval_error           *err);

/** Close a folder and unlock it; NULL is nothing. */
AVAL_API void aval_log_folder_free(aval_log_folder *folder);

/** Make the folder a source or a sink of tiles; it must outlive them, and be open to write for a sink. */
AVAL_API void aval_log_folder_source(aval_tile_source *source_out, aval_log_folder *folder);
AVAL_API void aval_log_folder_sink(aval_tile_sink *sink_out, aval_log_folder *folder);

/** Why the source or sink failed last; AVAL_OK in it if they never did. Borrowed from the folder. */
AVAL_API const aval_error *aval_log_folder_error(const aval_log_folder *folder);

/**
 * Read the checkpoint.
 *
 * @param[out] note_out   *len_out bytes; written on success.
 * @param[out] len_out    bytes; at most AVAL_SIGNED_NOTE_MAX_LEN.
 * @param[in]  folder     the folder.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL; cause is errno.
 *
 * @retval AVAL_OK           the file was read; it is not parsed.
 * @retval AVAL_E_NOT_FOUND  there is no checkpoint: the log was never begun.
 * @retval AVAL_E_IO         it cannot be read.
 * @retval AVAL_E_LIMIT      it is longer than a checkpoint.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  The caller frees *note_out by aval_free().
 * @par Threads    Shared.
 * @par Source     C2SP tlog-tiles, section "Checkpoints".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_folder_checkpoint(
	uint8_t              **note_out, size_t *len_out,
	const aval_log_folder *folder,
	const aval_allocator  *allocator,
	aval_error            *err);

/**
 * Replace the checkpoint, in one step that a crash cannot split.
 *
 * @param[in]  folder  the folder, open to write, with all that the checkpoint speaks of flushed into it.
 * @param[in]  note    len bytes; a signed checkpoint.
 * @param[in]  len     bytes.
 * @param[out] err     filled only on failure; may be NULL; cause is errno.
 *
 * @retval AVAL_OK                  the checkpoint is published and will survive a crash.
 * @retval AVAL_E_IO                it cannot be written; the old one is still there, or the new one but not yet
 *                                  synced.
 * @retval AVAL_E_INVALID_ARGUMENT  the folder is not open to write.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     C2SP tlog-tiles, section "Checkpoints".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_log_folder_publish(
	aval_log_folder *folder,
	const uint8_t   *note, size_t len,
	aval_error      *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_LOG_FOLDER_H */
