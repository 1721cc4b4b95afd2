/* SPDX-License-Identifier: Apache-2.0 */
/* Tiles: paths both ways, widths by size, entries of a bundle. */
#include <stdlib.h>

#include <check.h>

#include <aval/tile.h>

#include "base/base.h"

static const struct {
	const char *path;
	aval_tile   tile;
} paths[] = {
	{ "tile/0/000", { false, 0, 0, 256 } },
	{ "tile/0/000.p/1", { false, 0, 0, 1 } },
	{ "tile/0/999.p/255", { false, 0, 999, 255 } },
	{ "tile/1/x001/000", { false, 1, 1000, 256 } },
	{ "tile/0/x001/x234/067", { false, 0, 1234067, 256 } },
	{ "tile/entries/000.p/8", { true, 0, 0, 8 } },
	{ "tile/entries/x001/x234/067.p/10", { true, 0, 1234067, 10 } },
	{ "tile/7/000.p/127", { false, 7, 0, 127 } },
	{ "tile/0/x036/x028/x797/x018/x963/967", { false, 0, UINT64_C(36028797018963967), 256 } },
};

START_TEST(test_path)
{
	char      path[AVAL_TILE_PATH_ROOM];
	aval_tile tile;

	ck_assert_int_eq(aval_tile_path(path, &paths[_i].tile, NULL), AVAL_OK);
	ck_assert_str_eq(path, paths[_i].path);
	ck_assert_int_eq(aval_tile_parse_path(&tile, path, strlen(path), NULL), AVAL_OK);
	ck_assert(tile.is_entries == paths[_i].tile.is_entries && tile.level == paths[_i].tile.level);
	ck_assert(tile.index == paths[_i].tile.index && tile.width == paths[_i].tile.width);
}
END_TEST

static const char *const no_paths[] = {
	"",
	"tile/",
	"tile/0",
	"tile/0/",
	"tile/0/0",
	"tile/0/00",
	"tile/0/0000",
	"tile/00/000",
	"tile/8/000",
	"tile/64/000",
	"tile/0/x000/000",
	"tile/0/x000/001",
	"tile/0/x001",
	"tile/0/x001/",
	"tile/0/001/000",
	"tile/0/x1/000",
	"tile/0/000.p/0",
	"tile/0/000.p/256",
	"tile/0/000.p/01",
	"tile/0/000.p/",
	"tile/0/000.p",
	"tile/0/000/",
	"tile/0/000.p/1/",
	"/tile/0/000",
	"tile/entries",
	"tile/entries/0",
	"tile/-1/000",
	"tile/0/-01",
	"tile/7/001",
	"tile/0/x036/x028/x797/x018/x963/968",
	"tile/0/x999/x999/x999/x999/x999/x999/x999/999",
};

START_TEST(test_no_path)
{
	aval_tile tile = { true, 3, 3, 3 };

	ck_assert_msg(aval_tile_parse_path(&tile, no_paths[_i], strlen(no_paths[_i]), NULL) ==
	                      AVAL_E_TILE_FORMAT,
	              "%s is taken", no_paths[_i]);
	ck_assert_uint_eq(tile.width, 3);
}
END_TEST

static const aval_tile no_tiles[] = {
	{ false, 8, 0, 1 }, { false, 0, 0, 0 }, { false, 0, 0, 257 },
	{ true, 1, 0, 1 },  { false, 7, 1, 1 }, { false, 0, UINT64_C(36028797018963968), 1 },
};

START_TEST(test_no_tile)
{
	char path[AVAL_TILE_PATH_ROOM];

	ck_assert_int_eq(aval_tile_path(path, &no_tiles[_i], NULL), AVAL_E_INVALID_ARGUMENT);
}
END_TEST

static const struct {
	uint32_t    level;
	uint64_t    index, size;
	aval_status status;
	uint32_t    width;
} widths[] = {
	{ 0, 0, 0, AVAL_E_NOT_FOUND, 0 },
	{ 0, 0, 1, AVAL_OK, 1 },
	{ 0, 0, 256, AVAL_OK, 256 },
	{ 0, 1, 256, AVAL_E_NOT_FOUND, 0 },
	{ 1, 0, 255, AVAL_E_NOT_FOUND, 0 },
	{ 1, 0, 256, AVAL_OK, 1 },
	{ 0, 272, 70000, AVAL_OK, 256 },
	{ 0, 273, 70000, AVAL_OK, 112 },
	{ 0, 274, 70000, AVAL_E_NOT_FOUND, 0 },
	{ 1, 0, 70000, AVAL_OK, 256 },
	{ 1, 1, 70000, AVAL_OK, 17 },
	{ 2, 0, 70000, AVAL_OK, 1 },
	{ 7, 0, INT64_MAX, AVAL_OK, 127 },
	{ 8, 0, INT64_MAX, AVAL_E_INVALID_ARGUMENT, 0 },
	{ 0, 0, UINT64_C(1) << 63, AVAL_E_INVALID_ARGUMENT, 0 },
	{ 0, UINT64_MAX, 1, AVAL_E_NOT_FOUND, 0 },
};

START_TEST(test_width)
{
	aval_tile tile;

	ck_assert_int_eq(aval_tile_at(&tile, false, widths[_i].level, widths[_i].index, widths[_i].size, NULL),
	                 widths[_i].status);
	if (widths[_i].status == AVAL_OK)
		ck_assert_uint_eq(tile.width, widths[_i].width);
}
END_TEST

START_TEST(test_entries)
{
	static const uint8_t bundle[] = { 0, 2, 'a', 'b', 0, 0, 0, 1, 'c' };
	aval_bytes           entry;
	size_t               offset = 0;

	ck_assert_int_eq(aval_tile_next_entry(&entry, &offset, bundle, sizeof bundle, NULL), AVAL_OK);
	ck_assert_uint_eq(entry.len, 2);
	ck_assert_mem_eq(entry.data, "ab", 2);
	ck_assert_int_eq(aval_tile_next_entry(&entry, &offset, bundle, sizeof bundle, NULL), AVAL_OK);
	ck_assert_uint_eq(entry.len, 0);
	ck_assert_int_eq(aval_tile_next_entry(&entry, &offset, bundle, sizeof bundle, NULL), AVAL_OK);
	ck_assert_int_eq(aval_tile_next_entry(&entry, &offset, bundle, sizeof bundle, NULL), AVAL_E_NOT_FOUND);
	ck_assert_uint_eq(offset, sizeof bundle);
	offset = 6;
	ck_assert_int_eq(aval_tile_next_entry(&entry, &offset, bundle, sizeof bundle - 1, NULL),
	                 AVAL_E_TILE_FORMAT);
	ck_assert_int_eq(aval_tile_next_entry(&entry, &offset, bundle, 7, NULL), AVAL_E_TILE_FORMAT);
	ck_assert_uint_eq(offset, 6);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

int main(void)
{
	Suite   *suite = suite_create("tile");
	TCase   *tcase = tcase_create("tile");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_path, 0, COUNT(paths));
	tcase_add_loop_test(tcase, test_no_path, 0, COUNT(no_paths));
	tcase_add_loop_test(tcase, test_no_tile, 0, COUNT(no_tiles));
	tcase_add_loop_test(tcase, test_width, 0, COUNT(widths));
	tcase_add_test(tcase, test_entries);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
