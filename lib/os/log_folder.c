/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log as files: each written beside its name, synced, renamed; folders are made and synced as they are
 * needed.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aval/log_folder.h>
#include <aval/signed_note.h>

#include "os/os.h"

enum { PATH_ROOM = AVAL_TILE_PATH_ROOM + 8, FILE_MODE = 0644, FOLDER_MODE = 0755 };

static const char checkpoint_name[] = "checkpoint";

struct aval_log_folder {
	int                   fd;
	bool                  to_write;
	aval_error            last; /* of the source and the sink */
	const aval_allocator *allocator;
};

aval_status aval_log_folder_create(const char *path, aval_error *err)
{
	if (mkdir(path, FOLDER_MODE) == 0)
		return AVAL_OK;
	if (errno == EEXIST)
		return aval_fail_cause(err, AVAL_E_EXISTS, "log.folder",
		                       "something of that name is there already", errno);
	return aval_os_io_error(err, "the folder cannot be made");
}

static aval_status lock(int fd, aval_error *err)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return AVAL_OK;
	if (errno == EWOULDBLOCK)
		return aval_fail_cause(err, AVAL_E_LOG_BUSY, "log.folder", "another writer has the log open",
		                       errno);
	return aval_os_io_error(err, "the folder cannot be locked");
}

static aval_status open_folder(int *fd_out, const char *path, aval_error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return aval_fail_cause(err, AVAL_E_NOT_FOUND, "log.folder", "there is no such folder", errno);
	if (fd < 0)
		return aval_os_io_error(err, "the folder cannot be opened");
	*fd_out = fd;
	return AVAL_OK;
}

aval_status aval_log_folder_open(aval_log_folder **folder_out, const char *path, bool to_write,
                                 const aval_allocator *allocator, aval_error *err)
{
	aval_log_folder *folder = aval_alloc_zero(allocator, sizeof *folder);
	aval_status      status;

	if (folder == NULL)
		return aval_fail_no_memory(err);
	folder->allocator = allocator;
	folder->to_write = to_write;
	folder->last = (aval_error)AVAL_ERROR_INIT;
	status = open_folder(&folder->fd, path, err);
	if (status != AVAL_OK) {
		aval_free(folder, allocator);
		return status;
	}
	status = to_write ? lock(folder->fd, err) : AVAL_OK;
	if (status != AVAL_OK) {
		aval_log_folder_free(folder);
		return status;
	}
	*folder_out = folder;
	return AVAL_OK;
}

void aval_log_folder_free(aval_log_folder *folder)
{
	if (folder == NULL)
		return;
	close(folder->fd);
	aval_free(folder, folder->allocator);
}

const aval_error *aval_log_folder_error(const aval_log_folder *folder)
{
	return &folder->last;
}

static aval_status read_whole(int fd, uint8_t *out, size_t len, aval_error *err)
{
	while (len != 0) {
		ssize_t n = read(fd, out, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return aval_os_io_error(err,
			                        n == 0 ? "the file became shorter" : "the file cannot be read");
		out += n;
		len -= (size_t)n;
	}
	return AVAL_OK;
}

/* The whole file, or its length where it is longer than cap: AVAL_E_BUFFER_TOO_SMALL. */
static aval_status read_file(uint8_t *out, size_t *len_out, size_t cap, int folder_fd, const char *name,
                             aval_error *err)
{
	int         fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hold it up */
	struct stat stat;
	aval_status status;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return aval_fail_cause(err, AVAL_E_NOT_FOUND, "log.file", "there is no such file", errno);
	if (fd < 0)
		return aval_os_io_error(err, "the file cannot be opened");
	if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode) || (uintmax_t)stat.st_size > SIZE_MAX) {
		status = aval_os_io_error(err, "not a file that can be read");
	} else {
		*len_out = (size_t)stat.st_size;
		status = *len_out > cap
		                 ? aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "log.file", "longer than the buffer")
		                 : read_whole(fd, out, *len_out, err);
	}
	close(fd);
	return status;
}

static aval_status read_tile(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile, void *user_data)
{
	aval_log_folder *folder = user_data;
	char             path[AVAL_TILE_PATH_ROOM];
	aval_status      status = aval_tile_path(path, tile, &folder->last);

	return status == AVAL_OK ? read_file(out, len_out, cap, folder->fd, path, &folder->last) : status;
}

/* The folders above a name, each synced into the one above it. */
static aval_status make_folders(int folder_fd, const char *path, aval_error *err)
{
	char above[PATH_ROOM] = ".", here[PATH_ROOM];

	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		size_t len = (size_t)(slash - path);
		int    fd;
		bool   synced;

		memcpy(here, path, len);
		here[len] = '\0';
		if (mkdirat(folder_fd, here, FOLDER_MODE) == 0) {
			fd = openat(folder_fd, above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			synced = fd >= 0 && aval_os_sync_folder(fd);
			if (fd >= 0)
				close(fd);
			if (!synced)
				return aval_os_io_error(err, "a folder cannot be synced");
		} else if (errno != EEXIST) {
			return aval_os_io_error(err, "a folder cannot be made");
		}
		memcpy(above, here, len + 1);
	}
	return AVAL_OK;
}

static int open_beside(int folder_fd, const char *name)
{
	return openat(folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
}

/* A temporary name that a crash has left is taken again: the lock says that nobody uses it. */
static aval_status write_beside(int folder_fd, const char *path, const char *temporary, const uint8_t *data,
                                size_t len, aval_error *err)
{
	int         fd = open_beside(folder_fd, temporary);
	aval_status status = AVAL_OK;

	if (fd < 0 && errno == ENOENT) {
		status = make_folders(folder_fd, path, err);
		if (status != AVAL_OK)
			return status;
		fd = open_beside(folder_fd, temporary);
	}
	if (fd < 0)
		return aval_os_io_error(err, "the file cannot be made");
	status = aval_os_write_all(fd, data, len, err);
	if (close(fd) != 0 && status == AVAL_OK)
		status = aval_os_io_error(err, "the file cannot be closed");
	return status;
}

static aval_status sync_parent(int folder_fd, const char *path, aval_error *err)
{
	const char *slash = strrchr(path, '/');
	char        parent[PATH_ROOM] = ".";
	int         fd;
	bool        synced;

	if (slash != NULL) {
		memcpy(parent, path, (size_t)(slash - path));
		parent[slash - path] = '\0';
	}
	fd = openat(folder_fd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	synced = fd >= 0 && aval_os_sync_folder(fd);
	if (fd >= 0)
		close(fd);
	return synced ? AVAL_OK : aval_os_io_error(err, "the folder cannot be synced");
}

static aval_status replace_file(int folder_fd, const char *path, const uint8_t *data, size_t len,
                                aval_error *err)
{
	char        temporary[PATH_ROOM];
	aval_status status;

	snprintf(temporary, sizeof temporary, "%s.tmp", path);
	status = write_beside(folder_fd, path, temporary, data, len, err);
	if (status == AVAL_OK && renameat(folder_fd, temporary, folder_fd, path) != 0)
		status = aval_os_io_error(err, "the file cannot be given its name");
	if (status != AVAL_OK) {
		(void)unlinkat(folder_fd, temporary, 0);
		return status;
	}
	return sync_parent(folder_fd, path, err);
}

static aval_status check_writable(const aval_log_folder *folder, aval_error *err)
{
	if (!folder->to_write)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "log.folder", "the folder is not open to write");
	return AVAL_OK;
}

static aval_status write_tile(const aval_tile *tile, const uint8_t *data, size_t len, void *user_data)
{
	aval_log_folder *folder = user_data;
	char             path[AVAL_TILE_PATH_ROOM];
	aval_status      status = check_writable(folder, &folder->last);

	if (status == AVAL_OK)
		status = aval_tile_path(path, tile, &folder->last);
	return status == AVAL_OK ? replace_file(folder->fd, path, data, len, &folder->last) : status;
}

void aval_log_folder_source(aval_tile_source *source_out, aval_log_folder *folder)
{
	*source_out = (aval_tile_source){ sizeof *source_out, read_tile, folder };
}

void aval_log_folder_sink(aval_tile_sink *sink_out, aval_log_folder *folder)
{
	*sink_out = (aval_tile_sink){ sizeof *sink_out, write_tile, folder };
}

aval_status aval_log_folder_checkpoint(uint8_t **note_out, size_t *len_out, const aval_log_folder *folder,
                                       const aval_allocator *allocator, aval_error *err)
{
	uint8_t    *note = aval_alloc(allocator, AVAL_SIGNED_NOTE_MAX_LEN);
	size_t      len = 0;
	aval_status status;

	if (note == NULL)
		return aval_fail_no_memory(err);
	status = read_file(note, &len, AVAL_SIGNED_NOTE_MAX_LEN, folder->fd, checkpoint_name, err);
	if (status == AVAL_E_BUFFER_TOO_SMALL)
		status = aval_fail(err, AVAL_E_LIMIT, "log.checkpoint", "longer than AVAL_SIGNED_NOTE_MAX_LEN");
	if (status != AVAL_OK) {
		aval_free(note, allocator);
		return status;
	}
	*note_out = note;
	*len_out = len;
	return AVAL_OK;
}

aval_status aval_log_folder_publish(aval_log_folder *folder, const uint8_t *note, size_t len, aval_error *err)
{
	aval_status status = check_writable(folder, err);

	return status == AVAL_OK ? replace_file(folder->fd, checkpoint_name, note, len, err) : status;
}
