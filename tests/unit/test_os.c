/* SPDX-License-Identifier: Apache-2.0 */
/* Files: whole reads within a bound, new files only, nothing left behind by a failure. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include <aval/os.h>

#include "base/base.h"

static char folder[64];

static void enter_folder(void)
{
	strcpy(folder, "/tmp/aval-test-os-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_msg(rmdir(folder) == 0, "something was left in the folder");
}

static const uint8_t bytes[] = { 'a', 0, 0xFF };

START_TEST(test_round_trip)
{
	uint8_t    *data;
	size_t      len;
	struct stat st;

	ck_assert_int_eq(aval_os_file_write_new("new", bytes, sizeof bytes, 0600, NULL), AVAL_OK);
	ck_assert_int_eq(stat("new", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_uint_eq(st.st_nlink, 1);
	ck_assert_int_eq(aval_os_file_read(&data, &len, "new", sizeof bytes, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(len, sizeof bytes);
	ck_assert_mem_eq(data, bytes, sizeof bytes);
	aval_free(data, NULL);
	ck_assert_int_eq(aval_os_file_read(&data, &len, "new", sizeof bytes - 1, NULL, NULL), AVAL_E_LIMIT);
	unlink("new");
}
END_TEST

START_TEST(test_empty)
{
	uint8_t *data = NULL;
	size_t   len = 9;

	ck_assert_int_eq(aval_os_file_write_new("empty", NULL, 0, 0644, NULL), AVAL_OK);
	ck_assert_int_eq(aval_os_file_read(&data, &len, "empty", 0, NULL, NULL), AVAL_OK);
	ck_assert_ptr_nonnull(data);
	ck_assert_uint_eq(len, 0);
	aval_free(data, NULL);
	unlink("empty");
}
END_TEST

START_TEST(test_large)
{
	size_t   len = 3 * 65536 + 1, got_len;
	uint8_t *data = malloc(len), *got;

	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(i * 7 >> 3);
	ck_assert_int_eq(aval_os_file_write_new("large", data, len, 0644, NULL), AVAL_OK);
	ck_assert_int_eq(aval_os_file_read(&got, &got_len, "large", SIZE_MAX, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(got_len, len);
	ck_assert(memcmp(got, data, len) == 0);
	aval_free(got, NULL);
	free(data);
	unlink("large");
}
END_TEST

START_TEST(test_exists)
{
	aval_error err = AVAL_ERROR_INIT;
	uint8_t   *data;
	size_t     len;

	ck_assert_int_eq(aval_os_file_write_new("there", bytes, 1, 0644, NULL), AVAL_OK);
	ck_assert_int_eq(aval_os_file_write_new("there", bytes, 3, 0644, &err), AVAL_E_EXISTS);
	ck_assert_int_eq(err.cause, EEXIST);
	ck_assert_int_eq(aval_os_file_read(&data, &len, "there", 10, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(len, 1);
	aval_free(data, NULL);
	ck_assert_int_eq(symlink("nowhere", "link"), 0);
	ck_assert_int_eq(aval_os_file_write_new("link", bytes, 3, 0644, NULL), AVAL_E_EXISTS);
	unlink("link");
	unlink("there");
}
END_TEST

/* A stale temporary file is not written to, and not removed. */
START_TEST(test_stale_temporary)
{
	struct stat st;

	ck_assert_int_eq(aval_os_file_write_new("x.tmp0", bytes, 1, 0644, NULL), AVAL_OK);
	ck_assert_int_eq(aval_os_file_write_new("x", bytes, 3, 0644, NULL), AVAL_OK);
	ck_assert_int_eq(stat("x.tmp0", &st), 0);
	ck_assert_int_eq(st.st_size, 1);
	unlink("x.tmp0");
	unlink("x");
}
END_TEST

START_TEST(test_no_file)
{
	uint8_t   *data = NULL;
	size_t     len;
	aval_error err = AVAL_ERROR_INIT;
	char       path[AVAL_OS_PATH_MAX + 2];

	ck_assert_int_eq(aval_os_file_read(&data, &len, "missing", 10, NULL, &err), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(err.cause, ENOENT);
	ck_assert_int_eq(aval_os_file_read(&data, &len, ".", 10, NULL, &err), AVAL_E_IO);
	ck_assert_int_eq(err.cause, EISDIR);
	ck_assert_int_eq(aval_os_file_write_new("no-folder/x", bytes, 3, 0644, &err), AVAL_E_IO);
	ck_assert_int_eq(err.cause, ENOENT);
	memset(path, 'a', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	ck_assert_int_eq(aval_os_file_write_new(path, bytes, 3, 0644, NULL), AVAL_E_LIMIT);
	ck_assert_ptr_null(data);
}
END_TEST

/* Whatever is no regular file is refused without waiting for it. */
START_TEST(test_regular)
{
	uint8_t    *data = NULL;
	size_t      len = 9;
	aval_error  err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_os_file_write_new("-", bytes, sizeof bytes, 0644, NULL), AVAL_OK);
	ck_assert_int_eq(symlink("-", "link"), 0);
	ck_assert_int_eq(mkfifo("pipe", 0644), 0);
	ck_assert_int_eq(aval_os_file_read_regular(&data, &len, "missing", 10, NULL, &err), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(err.cause, ENOENT);
	ck_assert_int_eq(aval_os_file_read_regular(&data, &len, "-", sizeof bytes - 1, NULL, NULL), AVAL_E_LIMIT);
	for (size_t i = 0; i < 3; i++) {
		static const char *const paths[] = { ".", "pipe", "/dev/null" };

		err.cause = 1;
		ck_assert_int_eq(aval_os_file_read_regular(&data, &len, paths[i], 10, NULL, &err), AVAL_E_IO);
		ck_assert_str_eq(err.reason, "not a regular file");
		ck_assert_int_eq(err.cause, 0);
	}
	ck_assert_ptr_null(data);
	ck_assert_uint_eq(len, 9);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(aval_os_file_read_regular(&data, &len, i == 0 ? "-" : "link", sizeof bytes, NULL, NULL),
		                 AVAL_OK);
		ck_assert_uint_eq(len, sizeof bytes);
		ck_assert_mem_eq(data, bytes, sizeof bytes);
		aval_free(data, NULL);
	}
	unlink("pipe");
	unlink("link");
	unlink("-");
}
END_TEST

/* Gives out memory so many times and then none. */
static void *few(size_t size, void *user_data)
{
	unsigned *left = user_data;

	if (*left == 0)
		return NULL;
	--*left;
	return malloc(size);
}

static void give_back(void *pointer, void *user_data)
{
	(void)user_data;
	free(pointer);
}

START_TEST(test_no_memory)
{
	unsigned             left = (unsigned)_i;
	const aval_allocator allocator = { sizeof allocator, few, give_back, &left };
	uint8_t             *data = NULL, *large = calloc(1, 200000);
	size_t               len;

	ck_assert_int_eq(aval_os_file_write_new("large", large, 200000, 0644, NULL), AVAL_OK);
	ck_assert_int_eq(aval_os_file_read(&data, &len, "large", SIZE_MAX, &allocator, NULL), AVAL_E_NO_MEMORY);
	ck_assert_ptr_null(data);
	free(large);
	unlink("large");
}
END_TEST

START_TEST(test_entropy_and_clock)
{
	const aval_entropy *entropy = aval_os_entropy();
	const aval_clock   *clock = aval_os_clock();
	uint8_t             a[32] = { 0 }, b[32] = { 0 };
	int64_t             t1, t2;

	ck_assert_int_eq(entropy->fill(a, sizeof a, entropy->user_data), AVAL_OK);
	ck_assert_int_eq(entropy->fill(b, sizeof b, entropy->user_data), AVAL_OK);
	ck_assert_mem_ne(a, b, sizeof a);
	ck_assert_int_eq(clock->now(&t1, clock->user_data), AVAL_OK);
	ck_assert_int_eq(clock->now(&t2, clock->user_data), AVAL_OK);
	ck_assert(t1 > INT64_C(1600000000000) && t2 >= t1 - 60000);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("os");
	TCase   *tcase = tcase_create("os");
	SRunner *runner;
	int      failed;

	tcase_add_checked_fixture(tcase, enter_folder, leave_folder);
	tcase_add_test(tcase, test_round_trip);
	tcase_add_test(tcase, test_empty);
	tcase_add_test(tcase, test_large);
	tcase_add_test(tcase, test_exists);
	tcase_add_test(tcase, test_stale_temporary);
	tcase_add_test(tcase, test_no_file);
	tcase_add_test(tcase, test_regular);
	tcase_add_loop_test(tcase, test_no_memory, 0, 3);
	tcase_add_test(tcase, test_entropy_and_clock);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
