/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into one version of a map: keys, their neighbours, and the ways to them. */
#include "merkle/map.h"

/* Get a page and parse it; on failure it is given back already. */
static aval_status open_page(aval_map_page *page_out, const aval_map_store *store, uint64_t id, aval_error *err)
{
	aval_bytes  bytes;
	aval_status status = aval_map_store_get(&bytes, store, id, err);

	if (status != AVAL_OK)
		return status;
	status = aval_map_page_parse(page_out, bytes, err);
	if (status != AVAL_OK)
		aval_map_store_done(store, id);
	return status;
}

static aval_status too_many_pages(aval_error *err)
{
	return aval_fail(err, AVAL_E_MAP_PAGE, "map.page", "pages below the deepest leaf");
}

static aval_status not_found(aval_error *err)
{
	return aval_fail(err, AVAL_E_NOT_FOUND, "map.key", "there is no such key in this version");
}

/* The leaf in the slot of a path, which need not be the path's own; false if there is none. */
static aval_status find_leaf(uint8_t leaf64[64], bool *found_out, const aval_map *map, const uint8_t path32[32],
                             aval_error *err)
{
	uint64_t id = map->page;

	*found_out = false;
	for (unsigned k = 0; id != 0; k++) {
		unsigned      slot = aval_path_slot(path32, k);
		aval_map_page page;
		uint64_t      below = 0;
		aval_status   status = open_page(&page, map->store, id, err);

		if (status != AVAL_OK)
			return status;
		if ((page.inners >> slot & 1u) != 0) {
			below = aval_map_page_child(&page, slot);
		} else if ((page.leaves >> slot & 1u) != 0) {
			memcpy(leaf64, aval_map_page_leaf(&page, slot), 64);
			*found_out = true;
		}
		aval_map_store_done(map->store, id);
		id = below;
		if (id != 0 && k + 1 == AVAL_MAP_PAGE_DEPTHS)
			return too_many_pages(err);
	}
	return AVAL_OK;
}

aval_status aval_map_get(uint8_t value32_out[32], const aval_map *map, const uint8_t path32[32],
                         aval_error *err)
{
	uint8_t     leaf[64];
	bool        found;
	aval_status status = aval_map_check_store(map->store, err);

	if (status == AVAL_OK)
		status = find_leaf(leaf, &found, map, path32, err);
	if (status != AVAL_OK)
		return status;
	if (!found || memcmp(leaf, path32, 32) != 0)
		return not_found(err);
	if (value32_out != NULL)
		memcpy(value32_out, leaf + 32, 32);
	return AVAL_OK;
}

static unsigned highest(unsigned mask)
{
	unsigned slot = 0;

	while ((mask >>= 1) != 0)
		slot++;
	return slot;
}

/* The slots of a page that are used and lie on the wanted side of one slot. */
static unsigned beside(const aval_map_page *p, unsigned slot, bool after)
{
	unsigned used = p->leaves | p->inners, below = (1u << slot) - 1;

	return after ? used & ~(below << 1 | 1u) : used & below;
}

/* The outermost leaf of a page and of those below it: the first one, or the last. */
static aval_status outermost(uint8_t leaf64[64], const aval_map_store *store, uint64_t id, unsigned k,
                             bool first, aval_error *err)
{
	for (; id != 0; k++) {
		aval_map_page page;
		uint64_t      below = 0;
		unsigned      used, slot;
		aval_status   status =
                        k < AVAL_MAP_PAGE_DEPTHS ? open_page(&page, store, id, err) : too_many_pages(err);

		if (status != AVAL_OK)
			return status;
		used = page.leaves | page.inners;
		slot = first ? aval_low16(used) : highest(used);
		if ((page.inners >> slot & 1u) != 0)
			below = aval_map_page_child(&page, slot);
		else
			memcpy(leaf64, aval_map_page_leaf(&page, slot), 64);
		aval_map_store_done(store, id);
		id = below;
	}
	return AVAL_OK;
}

/* The nearest thing beside the way that was seen so far: a leaf, or all that is below a page. */
typedef struct nearest {
	bool     found;
	uint64_t page; /* 0 if it is the leaf */
	unsigned page_depth;
	uint8_t  leaf[64];
} nearest;

static void note_slot(nearest *n, const aval_map_page *p, unsigned slot, unsigned k)
{
	n->found = true;
	n->page = (p->inners >> slot & 1u) != 0 ? aval_map_page_child(p, slot) : 0;
	n->page_depth = k + 1;
	if (n->page == 0)
		memcpy(n->leaf, aval_map_page_leaf(p, slot), 64);
}

/* Look at one page on the way; returns the page below, or 0 at the end. */
static uint64_t look_beside(nearest *n, const aval_map_page *p, unsigned k, const uint8_t path32[32],
                            bool after)
{
	unsigned slot = aval_path_slot(path32, k), side = beside(p, slot, after);
	int      order;

	if (side != 0)
		note_slot(n, p, after ? aval_low16(side) : highest(side), k);
	if ((p->inners >> slot & 1u) != 0)
		return aval_map_page_child(p, slot);
	if ((p->leaves >> slot & 1u) == 0)
		return 0;
	order = memcmp(aval_map_page_leaf(p, slot), path32, 32);
	if (after ? order > 0 : order < 0)
		note_slot(n, p, slot, k);
	return 0;
}

static aval_status neighbour(aval_map_item *item_out, const aval_map *map, const uint8_t path32[32], bool after,
                             aval_error *err)
{
	nearest     n = { .found = false };
	uint64_t    id = map->page;
	aval_status status = aval_map_check_store(map->store, err);

	for (unsigned k = 0; status == AVAL_OK && id != 0; k++) {
		aval_map_page page;
		uint64_t      below;

		if (k == AVAL_MAP_PAGE_DEPTHS)
			return too_many_pages(err);
		status = open_page(&page, map->store, id, err);
		if (status != AVAL_OK)
			return status;
		below = look_beside(&n, &page, k, path32, after);
		aval_map_store_done(map->store, id);
		id = below;
	}
	if (status == AVAL_OK && !n.found)
		return not_found(err);
	if (status == AVAL_OK)
		status = outermost(n.leaf, map->store, n.page, n.page_depth, after, err);
	if (status != AVAL_OK)
		return status;
	memcpy(item_out->path32, n.leaf, 32);
	memcpy(item_out->value32, n.leaf + 32, 32);
	return AVAL_OK;
}

aval_status aval_map_before(aval_map_item *item_out, const aval_map *map, const uint8_t path32[32],
                            aval_error *err)
{
	return neighbour(item_out, map, path32, false, err);
}

aval_status aval_map_after(aval_map_item *item_out, const aval_map *map, const uint8_t path32[32],
                           aval_error *err)
{
	return neighbour(item_out, map, path32, true, err);
}

/* Siblings are met from the root down and kept from the end up, so the room fills from its end. */
static void add_sibling(aval_map_way *way, const uint8_t *hash32)
{
	if (hash32 == NULL)
		return;
	way->bitmap[way->depth / 8] |= (uint8_t)(0x80 >> way->depth % 8);
	way->siblings -= 32;
	memcpy(way->room + (way->siblings - way->room), hash32, 32);
	way->sibling_count++;
}

static void end_way(aval_map_way *way, const aval_map_page *p, unsigned node, const uint8_t path32[32])
{
	unsigned leaves = p->leaves & aval_map_below[node];

	way->end = AVAL_MAP_END_EMPTY;
	if (leaves == 0)
		return;
	memcpy(way->leaf, aval_map_page_leaf(p, aval_low16(leaves)), 64);
	way->end = memcmp(way->leaf, path32, 32) == 0 ? AVAL_MAP_END_PRESENT : AVAL_MAP_END_OTHER;
}

/* Go down through one page. */
static void walk_page(aval_map_way *way, const aval_map_page *p, unsigned slot, const uint8_t path32[32])
{
	unsigned node = 1;

	for (unsigned level = 0; level < AVAL_MAP_PAGE_LEVELS && aval_map_page_is_inner(p, node); level++) {
		node = 2 * node + (slot >> (3 - level) & 1u);
		add_sibling(way, aval_map_page_hash(p, node ^ 1u));
		way->depth++;
	}
	if (node < AVAL_MAP_SLOTS || !aval_map_page_is_inner(p, node))
		end_way(way, p, node, path32);
}

/* The page below is on its way while this one is read. */
static uint64_t page_below(const aval_map_page *p, unsigned slot, const aval_map_store *store)
{
	uint64_t below = 0;

	if ((p->inners >> slot & 1u) != 0) {
		below = aval_map_page_child(p, slot);
		aval_map_store_hint(store, below);
	}
	return below;
}

aval_status aval_map_walk(aval_map_way *way, const aval_map *map, const uint8_t path32[32], aval_error *err)
{
	uint64_t    id = map->page;
	aval_status status = aval_map_check_store(map->store, err);

	way->end = AVAL_MAP_END_EMPTY;
	way->depth = way->sibling_count = 0;
	way->siblings = way->room + sizeof way->room;
	memset(way->bitmap, 0, sizeof way->bitmap);
	for (unsigned k = 0; status == AVAL_OK && id != 0; k++) {
		unsigned      slot = k < AVAL_MAP_PAGE_DEPTHS ? aval_path_slot(path32, k) : 0;
		aval_map_page page;
		uint64_t      below;

		status = k < AVAL_MAP_PAGE_DEPTHS ? open_page(&page, map->store, id, err) : too_many_pages(err);
		if (status != AVAL_OK)
			return status;
		below = page_below(&page, slot, map->store);
		walk_page(way, &page, slot, path32);
		aval_map_store_done(map->store, id);
		id = below;
	}
	return status;
}
