/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_LEDGER_H
#define AVAL_LIB_LEDGER_H

/*
 * A map and what has changed since its last version: looked up together, and folded into the next version in one
 * batch. A key that comes and goes between two versions leaves no trace.
 */

#include <aval/map.h>

#include "base/base.h"

typedef struct aval_ledger_change {
	uint8_t path32[32];
	uint8_t value32[32];
	bool    is_present;   /* now */
	bool    was_present;  /* in the map */
} aval_ledger_change;

typedef struct aval_ledger {
	const aval_allocator *allocator;
	aval_map_memory      *memory;
	aval_map              map;
	aval_ledger_change   *changes;
	size_t                count, room;
	uint32_t             *index; /* open addressing, twice as many as room: a change's place + 1, or 0 */
} aval_ledger;

AVAL_MUST_CHECK aval_status aval_ledger_init(aval_ledger *ledger, const aval_allocator *allocator, aval_error *err);
void aval_ledger_clear(aval_ledger *ledger);

/* What the key has now: AVAL_OK and the value, or AVAL_E_NOT_FOUND. The map is in memory, so nothing else happens. */
AVAL_MUST_CHECK aval_status aval_ledger_get(uint8_t value32_out[32], const aval_ledger *ledger,
                                            const uint8_t path32[32]);

/* Room for so many changes more, so that aval_ledger_set() cannot fail; AVAL_E_LIMIT past AVAL_MAP_MAX_CHANGES. */
AVAL_MUST_CHECK aval_status aval_ledger_reserve(aval_ledger *ledger, size_t count, const char *where,
                                                aval_error *err);

/* Give the key a value, or none if value32 is NULL. */
void aval_ledger_set(aval_ledger *ledger, const uint8_t path32[32], const uint8_t *value32);

/* Make the next version of the map; unchanged on failure. */
AVAL_MUST_CHECK aval_status aval_ledger_commit(aval_ledger *ledger, aval_error *err);

#endif /* AVAL_LIB_LEDGER_H */
