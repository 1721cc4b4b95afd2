/* SPDX-License-Identifier: Apache-2.0 */
/* A log in a folder: written, read back, locked, and gone on with after a crash. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <aval/log_folder.h>
#include <aval/os.h>
#include <aval/tile_client.h>
#include <aval/tile_writer.h>

#include "failing_allocator.h"

static char root_path[64], log_path[80];

static void setup(void)
{
	strcpy(root_path, "/tmp/aval-log-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root_path));
	snprintf(log_path, sizeof log_path, "%s/log", root_path);
	ck_assert_int_eq(aval_log_folder_create(log_path, NULL), AVAL_OK);
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	(void)stat;
	(void)type;
	(void)where;
	return remove(path);
}

static void teardown(void)
{
	nftw(root_path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *in_log(const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/%s", log_path, name);
	return path;
}

static bool exists(const char *name)
{
	struct stat there;

	return lstat(in_log(name), &there) == 0;
}

static aval_log_folder *open_log(bool to_write)
{
	aval_log_folder *folder;
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      status = aval_log_folder_open(&folder, log_path, to_write, NULL, &err);

	ck_assert_msg(status == AVAL_OK, "%s (%s)", aval_status_name(status), err.reason);
	return folder;
}

static void append(aval_log_folder *folder, uint8_t root32[32], uint64_t from, uint64_t to)
{
	aval_tile_source  source;
	aval_tile_sink    sink;
	aval_tile_writer *w;

	aval_log_folder_source(&source, folder);
	aval_log_folder_sink(&sink, folder);
	ck_assert_int_eq(aval_tile_writer_new(&w, from, root32, &source, &sink, NULL, NULL), AVAL_OK);
	for (uint64_t i = from; i < to; i++)
		ck_assert_int_eq(aval_tile_writer_append(w, (const uint8_t *)&i, sizeof i, NULL), AVAL_OK);
	ck_assert_int_eq(aval_tile_writer_flush(root32, w, NULL), AVAL_OK);
	aval_tile_writer_free(w);
}

static void check(aval_log_folder *folder, uint64_t size, const uint8_t root32[32])
{
	aval_tile_source source;
	uint8_t          got[32];

	aval_log_folder_source(&source, folder);
	ck_assert_int_eq(aval_tile_check_log(got, size, &source, NULL, NULL), AVAL_OK);
	ck_assert_mem_eq(got, root32, 32);
}

START_TEST(a_log_in_files)
{
	aval_log_folder *folder = open_log(true), *reader;
	uint8_t          root[32], *note;
	size_t           len;

	append(folder, root, 0, 300);
	ck_assert(exists("tile/0/000") && exists("tile/0/001.p/44") && exists("tile/1/000.p/1"));
	ck_assert(exists("tile/entries/000") && exists("tile/entries/001.p/44"));
	ck_assert(!exists("checkpoint") && !exists("tile/0/001") && !exists("tile/0/000.tmp"));
	ck_assert_int_eq(aval_log_folder_checkpoint(&note, &len, folder, NULL, NULL), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(aval_log_folder_publish(folder, (const uint8_t *)"first", 5, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_folder_publish(folder, (const uint8_t *)"second", 6, NULL), AVAL_OK);
	reader = open_log(false);
	ck_assert_int_eq(aval_log_folder_checkpoint(&note, &len, reader, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(len, 6);
	ck_assert_mem_eq(note, "second", 6);
	aval_free(note, NULL);
	check(reader, 300, root);
	append(folder, root, 300, 301);
	check(reader, 301, root);
	ck_assert(!exists("checkpoint.tmp"));
	ck_assert_int_eq(aval_log_folder_error(folder)->status, AVAL_OK);
	aval_log_folder_free(reader);
	aval_log_folder_free(folder);
}
END_TEST

START_TEST(one_writer_at_a_time)
{
	aval_log_folder *folder = open_log(true), *second = NULL, *reader;
	aval_error       err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_log_folder_open(&second, log_path, true, NULL, &err), AVAL_E_LOG_BUSY);
	ck_assert_int_eq(err.status, AVAL_E_LOG_BUSY);
	ck_assert_ptr_null(second);
	reader = open_log(false);
	aval_log_folder_free(folder);
	folder = open_log(true);
	aval_log_folder_free(folder);
	aval_log_folder_free(reader);
	aval_log_folder_free(NULL);
}
END_TEST

START_TEST(a_reader_cannot_write)
{
	aval_log_folder *folder = open_log(false);
	aval_tile_sink   sink;
	aval_tile        tile = { false, 0, 0, 1 };

	aval_log_folder_sink(&sink, folder);
	ck_assert_int_eq(sink.write(&tile, (const uint8_t *)"x", 1, sink.user_data), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_log_folder_error(folder)->status, AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_log_folder_publish(folder, (const uint8_t *)"x", 1, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert(!exists("tile") && !exists("checkpoint"));
	aval_log_folder_free(folder);
}
END_TEST

START_TEST(folders_that_cannot_be_opened)
{
	aval_log_folder *folder = NULL;
	aval_error       err = AVAL_ERROR_INIT;
	char             path[128];

	ck_assert_int_eq(aval_log_folder_create(log_path, &err), AVAL_E_EXISTS);
	ck_assert_int_eq(err.cause, EEXIST);
	snprintf(path, sizeof path, "%s/none/log", root_path);
	ck_assert_int_eq(aval_log_folder_create(path, &err), AVAL_E_IO);
	ck_assert_int_eq(aval_log_folder_open(&folder, path, false, NULL, NULL), AVAL_E_NOT_FOUND);
	snprintf(path, sizeof path, "%s/file", root_path);
	ck_assert_int_eq(aval_os_file_write_new(path, NULL, 0, 0600, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_folder_open(&folder, path, false, NULL, &err), AVAL_E_IO);
	ck_assert_int_eq(err.cause, ENOTDIR);
	ck_assert_ptr_null(folder);
}
END_TEST

START_TEST(tiles_that_cannot_be_read)
{
	aval_log_folder *folder = open_log(true);
	aval_tile_source source;
	aval_tile        tile = { false, 0, 1000, 256 };
	uint8_t          root[32], out[4];
	size_t           len = 0;

	append(folder, root, 0, 2);
	aval_log_folder_source(&source, folder);
	ck_assert_int_eq(source.read(out, &len, sizeof out, &tile, source.user_data), AVAL_E_NOT_FOUND);
	tile = (aval_tile){ false, 0, 0, 2 };
	ck_assert_int_eq(source.read(out, &len, sizeof out, &tile, source.user_data), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, 64);
	ck_assert_int_eq(mkdir(in_log("tile/0/000.p/3"), 0700), 0);
	tile.width = 3;
	ck_assert_int_eq(source.read(out, &len, sizeof out, &tile, source.user_data), AVAL_E_IO);
	/* A full tile stands as a file where partial tiles have a folder: no such partial tile. */
	ck_assert_int_eq(aval_os_file_write_new(in_log("tile/0/001"), NULL, 0, 0600, NULL), AVAL_OK);
	tile = (aval_tile){ false, 0, 1, 2 };
	ck_assert_int_eq(source.read(out, &len, sizeof out, &tile, source.user_data), AVAL_E_NOT_FOUND);
	aval_log_folder_free(folder);
}
END_TEST

START_TEST(a_checkpoint_that_is_too_long)
{
	static uint8_t   note[65537];
	aval_log_folder *folder = open_log(true);
	uint8_t         *got = NULL;
	size_t           len;

	ck_assert_int_eq(aval_log_folder_publish(folder, note, sizeof note - 1, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_folder_checkpoint(&got, &len, folder, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(len, sizeof note - 1);
	aval_free(got, NULL);
	got = NULL;
	ck_assert_int_eq(aval_log_folder_publish(folder, note, sizeof note, NULL), AVAL_OK);
	ck_assert_int_eq(aval_log_folder_checkpoint(&got, &len, folder, NULL, NULL), AVAL_E_LIMIT);
	ck_assert_ptr_null(got);
	aval_log_folder_free(folder);
}
END_TEST

/* A child appends without end and is killed at some moment; what was published before is whole, and goes on. */
START_TEST(a_writer_that_is_killed)
{
	uint8_t          root[32], root200[32];
	aval_log_folder *folder = open_log(true);
	struct timespec  pause = { 0, 0 };
	pid_t            child;
	int              status;

	append(folder, root, 0, 200);
	memcpy(root200, root, 32);
	aval_log_folder_free(folder);
	for (int i = 0; i < 12; i++) {
		child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0) {
			aval_tile_source  source;
			aval_tile_sink    sink;
			aval_tile_writer *w;
			uint8_t           out[32];

			if (aval_log_folder_open(&folder, log_path, true, NULL, NULL) != AVAL_OK)
				_exit(1);
			aval_log_folder_source(&source, folder);
			aval_log_folder_sink(&sink, folder);
			if (aval_tile_writer_new(&w, 200, root200, &source, &sink, NULL, NULL) != AVAL_OK)
				_exit(2);
			for (uint64_t n = 0;; n++)
				if (aval_tile_writer_append(w, (const uint8_t *)&n, 1 + (size_t)i % 8, NULL) !=
				            AVAL_OK ||
				    (n % 7 == 0 && aval_tile_writer_flush(out, w, NULL) != AVAL_OK))
					_exit(3);
		}
		pause.tv_nsec = 1000000L + 2300000L * i;
		nanosleep(&pause, NULL);
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert(WIFSIGNALED(status));
		/* The lock went with the process. */
		folder = open_log(true);
		check(folder, 200, root200);
		memcpy(root, root200, 32);
		append(folder, root, 200, 450);
		check(folder, 450, root);
		aval_log_folder_free(folder);
	}
}
END_TEST

static aval_status open_and_read(const aval_allocator *allocator, void *user_data)
{
	aval_log_folder *folder;
	uint8_t         *note;
	size_t           len;
	aval_status      status = aval_log_folder_open(&folder, log_path, true, allocator, NULL);

	(void)user_data;
	if (status != AVAL_OK)
		return status;
	status = aval_log_folder_checkpoint(&note, &len, folder, allocator, NULL);
	if (status == AVAL_OK)
		aval_free(note, allocator);
	aval_log_folder_free(folder);
	return status;
}

START_TEST(memory_runs_out)
{
	aval_log_folder *folder = open_log(true);

	ck_assert_int_eq(aval_log_folder_publish(folder, (const uint8_t *)"x", 1, NULL), AVAL_OK);
	aval_log_folder_free(folder);
	ck_assert_uint_eq(failing_allocator_walk("folder", open_and_read, NULL), 2);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("log_folder");
	TCase   *tcase = tcase_create("log_folder");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_log_in_files);
	tcase_add_test(tcase, one_writer_at_a_time);
	tcase_add_test(tcase, a_reader_cannot_write);
	tcase_add_test(tcase, folders_that_cannot_be_opened);
	tcase_add_test(tcase, tiles_that_cannot_be_read);
	tcase_add_test(tcase, a_checkpoint_that_is_too_long);
	tcase_add_test(tcase, a_writer_that_is_killed);
	tcase_add_test(tcase, memory_runs_out);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
