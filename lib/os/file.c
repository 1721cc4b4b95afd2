/* SPDX-License-Identifier: Apache-2.0 */
/* Files, whole: read with a bound, written under a temporary name and linked without replacing anything. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/os.h"

enum { FIRST_CAPACITY = 65536, NAME_TRIES = 100, SUFFIX_ROOM = 16 };

aval_status aval_os_io_error(aval_error *err, const char *reason)
{
	return aval_fail_cause(err, AVAL_E_IO, "file", reason, errno);
}

typedef struct growing {
	uint8_t              *data;
	size_t                len, capacity;
	const aval_allocator *allocator;
} growing;

static void drop(growing *g)
{
	if (g->data != NULL)
		aval_wipe(g->data, g->len);
	aval_free(g->data, g->allocator);
}

/* Room for one byte more than max at most, which tells a file that is too long from one that fits. */
static bool grow(growing *g, size_t max)
{
	size_t   most = max == SIZE_MAX ? max : max + 1;
	growing  wider = { NULL, g->len, g->capacity == 0 ? FIRST_CAPACITY : g->capacity, g->allocator };

	if (g->capacity != 0 && !aval_mul_size(&wider.capacity, g->capacity, 2))
		return false;
	if (wider.capacity > most)
		wider.capacity = most;
	wider.data = aval_alloc(g->allocator, wider.capacity);
	if (wider.data == NULL)
		return false;
	if (g->len != 0)
		memcpy(wider.data, g->data, g->len);
	drop(g);
	*g = wider;
	return true;
}

static aval_status read_all(growing *g, int fd, size_t max, aval_error *err)
{
	for (;;) {
		ssize_t n;

		if (g->len == g->capacity && !grow(g, max))
			return aval_fail_no_memory(err);
		n = read(fd, g->data + g->len, g->capacity - g->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return aval_os_io_error(err, "the file cannot be read");
		if (n == 0)
			return AVAL_OK;
		g->len += (size_t)n;
		if (g->len > max)
			return aval_fail(err, AVAL_E_LIMIT, "file", "the file is longer than allowed");
	}
}

static aval_status open_error(aval_error *err)
{
	if (errno == ENOENT)
		return aval_fail_cause(err, AVAL_E_NOT_FOUND, "file", "there is no such file", errno);
	return aval_os_io_error(err, "the file cannot be opened");
}

static aval_status open_to_read(int *fd_out, const char *path, aval_error *err)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return open_error(err);
	*fd_out = fd;
	return AVAL_OK;
}

/* What is opened is what is looked at: nobody can put a FIFO in its place in between, nor one hold the opening up. */
static aval_status open_regular(int *fd_out, const char *path, aval_error *err)
{
	int         fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat there;

	if (fd < 0)
		return open_error(err);
	if (fstat(fd, &there) == 0 && S_ISREG(there.st_mode)) {
		*fd_out = fd;
		return AVAL_OK;
	}
	close(fd);
	return aval_fail(err, AVAL_E_IO, "file", "not a regular file");
}

/* Reads fd to its end and closes it. */
static aval_status take_all(uint8_t **data_out, size_t *len_out, int fd, size_t max, const aval_allocator *allocator,
                            aval_error *err)
{
	growing     g = { NULL, 0, 0, allocator };
	aval_status status = read_all(&g, fd, max, err);

	close(fd);
	if (status != AVAL_OK) {
		drop(&g);
		return status;
	}
	*data_out = g.data;
	*len_out = g.len;
	return AVAL_OK;
}

aval_status aval_os_file_read(uint8_t **data_out, size_t *len_out, const char *path, size_t max,
                              const aval_allocator *allocator, aval_error *err)
{
	int         fd;
	aval_status status = open_to_read(&fd, path, err);

	return status == AVAL_OK ? take_all(data_out, len_out, fd, max, allocator, err) : status;
}

aval_status aval_os_file_read_regular(uint8_t **data_out, size_t *len_out, const char *path, size_t max,
                                      const aval_allocator *allocator, aval_error *err)
{
	int         fd;
	aval_status status = open_regular(&fd, path, err);

	return status == AVAL_OK ? take_all(data_out, len_out, fd, max, allocator, err) : status;
}

aval_status aval_os_write_all(int fd, const uint8_t *data, size_t len, aval_error *err)
{
	while (len != 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return aval_os_io_error(err, "the file cannot be written");
		data += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0 ? AVAL_OK : aval_os_io_error(err, "the file cannot be synced");
}

/* A new file beside path; its name goes to name. */
static aval_status open_temporary(int *fd_out, char *name, size_t room, const char *path, uint32_t mode,
                                  aval_error *err)
{
	for (unsigned i = 0; i < NAME_TRIES; i++) {
		int fd;

		snprintf(name, room, "%s.tmp%u", path, i);
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)(mode & 0777));
		if (fd >= 0) {
			*fd_out = fd;
			return AVAL_OK;
		}
		if (errno != EEXIST)
			break;
	}
	return aval_os_io_error(err, "no temporary file can be made in the folder");
}

bool aval_os_sync_folder(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL;
}

/* The name itself is durable once its folder is synced. */
static aval_status sync_folder(char *path, aval_error *err)
{
	char       *slash = strrchr(path, '/');
	const char *folder = ".";
	int         fd;
	bool        synced;

	if (slash == path)
		folder = "/";
	else if (slash != NULL) {
		*slash = '\0';
		folder = path;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return aval_os_io_error(err, "the folder cannot be opened to be synced");
	synced = aval_os_sync_folder(fd);
	close(fd);
	return synced ? AVAL_OK : aval_os_io_error(err, "the folder cannot be synced");
}

static aval_status link_new(const char *temporary, const char *path, aval_error *err)
{
	if (link(temporary, path) == 0)
		return AVAL_OK;
	if (errno == EEXIST)
		return aval_fail_cause(err, AVAL_E_EXISTS, "file", "something of that name is there already", errno);
	return aval_os_io_error(err, "the file cannot be given its name");
}

aval_status aval_os_file_write_new(const char *path, const uint8_t *data, size_t len, uint32_t mode,
                                   aval_error *err)
{
	char        temporary[AVAL_OS_PATH_MAX + 1 + SUFFIX_ROOM];
	struct stat there;
	int         fd;
	aval_status status;

	if (strlen(path) > AVAL_OS_PATH_MAX)
		return aval_fail(err, AVAL_E_LIMIT, "file", "the path is longer than AVAL_OS_PATH_MAX");
	if (lstat(path, &there) == 0)
		return aval_fail_cause(err, AVAL_E_EXISTS, "file", "something of that name is there already", EEXIST);
	status = open_temporary(&fd, temporary, sizeof temporary, path, mode, err);
	if (status != AVAL_OK)
		return status;
	status = aval_os_write_all(fd, data, len, err);
	if (close(fd) != 0 && status == AVAL_OK)
		status = aval_os_io_error(err, "the file cannot be closed");
	if (status == AVAL_OK)
		status = link_new(temporary, path, err);
	unlink(temporary);
	return status == AVAL_OK ? sync_folder(temporary, err) : status;
}
