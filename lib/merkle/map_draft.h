/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MAP_DRAFT_H
#define AVAL_LIB_MAP_DRAFT_H

/*
 * An update in the making, in two passes over the pages that change. The first one
 * (map_plan.c) goes from the root down, level of pages by level, and finds out
 * what each changed slot will hold; it changes nothing, so an update that cannot
 * be ends there. The second one (map_commit.c) goes back up: leaves that were left
 * alone rise, all nodes of one level are hashed in one call, and pages are put.
 */

#include "merkle/map.h"

#define AVAL_DRAFT_NONE UINT32_MAX

typedef enum draft_kind {
	DRAFT_EMPTY,
	DRAFT_LEAF,
	DRAFT_INNER
} draft_kind;

/* A slot whose content changes. */
typedef struct draft_slot {
	draft_kind     kind;
	uint8_t        index;  /* of the slot in its page */
	bool           hashed; /* hash32 is known */
	const uint8_t *leaf;   /* path and value hash, in an old page or in a change */
	uint64_t       page;   /* id of the page below, once it is put */
	uint8_t        hash32[32];
} draft_slot;

/* A page that changes, or a new one. */
typedef struct draft {
	uint64_t       old_id; /* 0 if new */
	bool           is_open; /* a view of the old page is held */
	aval_map_page  old;
	uint64_t       new_id;
	size_t         begin, end;  /* changes below it */
	bool           is_checked;  /* the keys to be deleted were found already */
	const uint8_t *carry;       /* a leaf of the page above that moves down into this new one, or NULL */
	const uint8_t *carry_hash;
	uint32_t       parent_slot; /* AVAL_DRAFT_NONE for the page of the root */
	uint32_t       slot_begin;  /* its changed slots, ascending */
	unsigned       dirty;       /* mask of them */
	unsigned       leaves, inners, nodes;
	unsigned       dirty_nodes; /* inner nodes to be hashed */
} draft;

/* A change behind the first bytes of its path, by which it is sorted. */
typedef struct draft_change {
	uint64_t               prefix;
	const aval_map_change *change;
} draft_change;

/* The slot of its path in the page at a depth. */
static inline unsigned aval_draft_slot(const draft_change *c, unsigned page_depth)
{
	if (page_depth < 16)
		return (unsigned)(c->prefix >> (60 - 4 * page_depth)) & 15u;
	return aval_path_slot(c->change->path32, page_depth);
}

typedef struct aval_map_drafts {
	const aval_map_store *store;
	const aval_allocator *allocator;
	draft_change         *changes;
	size_t                change_count;
	draft                *drafts;
	size_t                draft_count, draft_room;
	draft_slot           *slots;
	size_t                slot_count, slot_room;
	size_t                level_begin[AVAL_MAP_PAGE_DEPTHS + 1]; /* first draft of each page depth */
	unsigned              level_count;
	uint64_t              inserted, deleted;
} aval_map_drafts;

/* Sort the changes; refuses two of one key. */
AVAL_MUST_CHECK aval_status aval_map_sort(aval_map_drafts *d, const aval_map_change *changes, size_t count,
                                          aval_error *err);

/* Plan all pages from the one that holds the root down. */
AVAL_MUST_CHECK aval_status aval_map_plan(aval_map_drafts *d, uint64_t root_page, aval_error *err);

/* Hash and put all of them, and retire the old ones; puts nothing on failure. */
AVAL_MUST_CHECK aval_status aval_map_commit(aval_map_drafts *d, aval_map *map_inout, aval_error *err);

#endif /* AVAL_LIB_MAP_DRAFT_H */
