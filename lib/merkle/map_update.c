/* SPDX-License-Identifier: Apache-2.0 */
/* Updates of a map; map_draft.h says how they go. */
#include "merkle/map_draft.h"

void aval_map_init(aval_map *map_out, const aval_map_store *store)
{
	*map_out = (aval_map){ .store = store };
}

static void clear(aval_map_drafts *d)
{
	for (size_t i = 0; i < d->draft_count; i++)
		if (d->drafts[i].is_open)
			aval_map_store_done(d->store, d->drafts[i].old_id);
	aval_free(d->changes, d->allocator);
	aval_free(d->drafts, d->allocator);
	aval_free(d->slots, d->allocator);
}

static aval_status check(const aval_map *map, size_t count, aval_error *err)
{
	if (count > AVAL_MAP_MAX_CHANGES)
		return aval_fail(err, AVAL_E_LIMIT, "map.changes", "more than AVAL_MAP_MAX_CHANGES");
	return aval_map_check_store(map->store, err);
}

aval_status aval_map_update(aval_map *map_inout, const aval_map_change *changes, size_t change_count,
                            const aval_allocator *allocator, aval_error *err)
{
	aval_map_drafts d = { .store = map_inout->store, .allocator = allocator };
	aval_status     status = check(map_inout, change_count, err);

	if (status != AVAL_OK || change_count == 0)
		return status;
	status = aval_map_sort(&d, changes, change_count, err);
	if (status == AVAL_OK)
		status = aval_map_plan(&d, map_inout->page, err);
	if (status == AVAL_OK)
		status = aval_map_commit(&d, map_inout, err);
	clear(&d);
	return status;
}
