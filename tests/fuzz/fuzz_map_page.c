/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store that gives the same bytes for every page: whatever they are, reading, proving and updating end with a
 * status, give back every view, and leave the version alone where they fail.
 */
#include <string.h>

#include <aval/map.h>
#include <aval/map_proof.h>

#include "fuzz.h"

enum { CHANGES = 24, ROOM = 1 << 16 };

typedef struct same_page {
	aval_bytes page;
	size_t     views, puts;
} same_page;

static aval_status get(aval_bytes *page_out, uint64_t id, void *user_data)
{
	same_page *s = user_data;

	(void)id;
	s->views++;
	*page_out = s->page;
	return AVAL_OK;
}

static void done(uint64_t id, void *user_data)
{
	(void)id;
	((same_page *)user_data)->views--;
}

static aval_status put(uint64_t *id_out, const uint8_t *page, size_t page_len, void *user_data)
{
	(void)page;
	FUZZ_REQUIRE(page_len <= AVAL_MAP_PAGE_MAX_LEN);
	*id_out = ++((same_page *)user_data)->puts;
	return AVAL_OK;
}

static void drop(uint64_t id, void *user_data)
{
	(void)id;
	(void)user_data;
}

static aval_status retire(const uint64_t *ids, size_t id_count, uint64_t version, void *user_data)
{
	(void)ids;
	(void)id_count;
	(void)version;
	(void)user_data;
	return AVAL_OK;
}

static bool is_expected(aval_status status)
{
	return status == AVAL_OK || status == AVAL_E_MAP_PAGE || status == AVAL_E_NOT_FOUND;
}

static void read_all(const aval_map *map, const uint8_t *path32)
{
	static uint8_t proof[ROOM];
	size_t         len = sizeof proof;
	aval_map_item  item;
	uint8_t        value[32];

	FUZZ_REQUIRE(is_expected(aval_map_get(value, map, path32, NULL)));
	FUZZ_REQUIRE(is_expected(aval_map_before(&item, map, path32, NULL)));
	FUZZ_REQUIRE(is_expected(aval_map_after(&item, map, path32, NULL)));
	FUZZ_REQUIRE(is_expected(aval_map_prove(proof, &len, map, path32, NULL)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	same_page            s = { .page = { data, size } };
	const aval_map_store store = { sizeof store, get, done, NULL, put, drop, retire, &s };
	aval_map             map, before;
	aval_map_change      changes[CHANGES];
	aval_status          status;

	aval_map_init(&map, &store);
	map.page = 1;
	memset(changes, 0, sizeof changes);
	for (size_t i = 0; i < CHANGES; i++) {
		/* Some keys that the page itself holds, if it holds leaves. */
		changes[i].path32[0] = (uint8_t)(i * 11);
		changes[i].path32[31] = (uint8_t)i;
		if (i % 3 == 0 && size >= 64 * (i / 3 + 1))
			memcpy(changes[i].path32, data + size - 64 * (i / 3 + 1), 32);
		changes[i].is_delete = i % 5 == 0;
		read_all(&map, changes[i].path32);
	}
	before = map;
	status = aval_map_update(&map, changes, CHANGES, NULL, NULL);
	FUZZ_REQUIRE(is_expected(status) || status == AVAL_E_INVALID_ARGUMENT);
	FUZZ_REQUIRE(status == AVAL_OK || memcmp(&map, &before, sizeof map) == 0);
	FUZZ_REQUIRE(s.views == 0);
	return 0;
}
