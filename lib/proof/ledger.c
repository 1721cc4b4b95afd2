/* SPDX-License-Identifier: Apache-2.0 */
/* A map and its changes since the last version. */
#include "proof/ledger.h"

aval_status aval_ledger_init(aval_ledger *ledger, const aval_allocator *allocator, aval_error *err)
{
	aval_status status;

	*ledger = (aval_ledger){ .allocator = allocator };
	status = aval_map_memory_new(&ledger->memory, allocator, err);
	if (status == AVAL_OK)
		aval_map_init(&ledger->map, aval_map_memory_store(ledger->memory));
	return status;
}

void aval_ledger_clear(aval_ledger *ledger)
{
	aval_map_memory_free(ledger->memory);
	aval_free(ledger->changes, ledger->allocator);
	aval_free(ledger->index, ledger->allocator);
}

/* Where the key's place is noted, or where it would be; paths are hashes, so any of their bytes scatter. */
static uint32_t *find_place(const aval_ledger *l, const uint8_t path32[32])
{
	size_t   mask = 2 * l->room - 1;
	uint64_t at = 0;

	for (size_t i = 0; i < 8; i++)
		at = at << 8 | path32[i + 24];
	for (;; at++) {
		uint32_t *place = &l->index[at & mask];

		if (*place == 0 || memcmp(l->changes[*place - 1].path32, path32, 32) == 0)
			return place;
	}
}

static const aval_ledger_change *find_change(const aval_ledger *l, const uint8_t path32[32])
{
	uint32_t place = l->room == 0 ? 0 : *find_place(l, path32);

	return place == 0 ? NULL : &l->changes[place - 1];
}

aval_status aval_ledger_get(uint8_t value32_out[32], const aval_ledger *ledger, const uint8_t path32[32])
{
	const aval_ledger_change *c = find_change(ledger, path32);

	if (c == NULL)
		return aval_map_get(value32_out, &ledger->map, path32, NULL);
	if (!c->is_present)
		return AVAL_E_NOT_FOUND;
	memcpy(value32_out, c->value32, 32);
	return AVAL_OK;
}

static bool widen(aval_ledger *l, size_t room)
{
	aval_ledger_change *changes = aval_alloc_array(l->allocator, room, sizeof *changes);
	uint32_t           *index = aval_alloc_array(l->allocator, room, 2 * sizeof *index);

	if (changes == NULL || index == NULL) {
		aval_free(changes, l->allocator);
		aval_free(index, l->allocator);
		return false;
	}
	if (l->count > 0)
		memcpy(changes, l->changes, l->count * sizeof *changes);
	memset(index, 0, 2 * room * sizeof *index);
	aval_free(l->changes, l->allocator);
	aval_free(l->index, l->allocator);
	l->changes = changes;
	l->index = index;
	l->room = room;
	for (size_t i = 0; i < l->count; i++)
		*find_place(l, changes[i].path32) = (uint32_t)i + 1;
	return true;
}

aval_status aval_ledger_reserve(aval_ledger *ledger, size_t count, const char *where, aval_error *err)
{
	size_t room = ledger->room == 0 ? 64 : ledger->room;

	if (count > AVAL_MAP_MAX_CHANGES - ledger->count)
		return aval_fail(err, AVAL_E_LIMIT, where, "more than AVAL_MAP_MAX_CHANGES between two states");
	while (room < ledger->count + count)
		room *= 2;
	if (room != ledger->room && !widen(ledger, room))
		return aval_fail_no_memory(err);
	return AVAL_OK;
}

void aval_ledger_set(aval_ledger *ledger, const uint8_t path32[32], const uint8_t *value32)
{
	uint32_t           *place = find_place(ledger, path32);
	aval_ledger_change *c;

	if (*place == 0) {
		c = &ledger->changes[ledger->count++];
		*place = (uint32_t)ledger->count;
		memcpy(c->path32, path32, 32);
		c->was_present = aval_map_get(NULL, &ledger->map, path32, NULL) == AVAL_OK;
	}
	c = &ledger->changes[*place - 1];
	c->is_present = value32 != NULL;
	if (value32 != NULL)
		memcpy(c->value32, value32, 32);
}

static size_t copy_changes(aval_map_change *out, const aval_ledger *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++) {
		const aval_ledger_change *c = &l->changes[i];

		if (!c->is_present && !c->was_present)
			continue;
		memcpy(out[count].path32, c->path32, 32);
		memcpy(out[count].value32, c->value32, 32);
		out[count++].is_delete = !c->is_present;
	}
	return count;
}

aval_status aval_ledger_commit(aval_ledger *ledger, aval_error *err)
{
	aval_map_change *changes;
	aval_status      status;

	if (ledger->count == 0)
		return AVAL_OK;
	changes = aval_alloc_array(ledger->allocator, ledger->count, sizeof *changes);
	if (changes == NULL)
		return aval_fail_no_memory(err);
	status = aval_map_update(&ledger->map, changes, copy_changes(changes, ledger), ledger->allocator, err);
	aval_free(changes, ledger->allocator);
	if (status != AVAL_OK)
		return status;
	aval_map_memory_release(ledger->memory, ledger->map.version);
	memset(ledger->index, 0, 2 * ledger->room * sizeof *ledger->index);
	ledger->count = 0;
	return AVAL_OK;
}
