/* SPDX-License-Identifier: Apache-2.0 */
/* The first pass of an update: which pages change, and what their slots will hold. */
#include "merkle/map_draft.h"

/* Room for one more element; the array may move. */
static bool grow(void **array, size_t *room, size_t count, size_t size, const aval_allocator *allocator)
{
	size_t wider = *room == 0 ? 64 : 2 * *room;
	void  *moved;

	if (count < *room)
		return true;
	moved = aval_alloc_array(allocator, wider, size);
	if (moved == NULL)
		return false;
	if (count > 0)
		memcpy(moved, *array, count * size);
	aval_free(*array, allocator);
	*array = moved;
	*room = wider;
	return true;
}

static aval_status add_draft(aval_map_drafts *d, const draft *fresh, aval_error *err)
{
	void *array = d->drafts;
	bool  grown = grow(&array, &d->draft_room, d->draft_count, sizeof *d->drafts, d->allocator);

	d->drafts = array;
	if (!grown)
		return aval_fail_no_memory(err);
	d->drafts[d->draft_count++] = *fresh;
	if (fresh->old_id != 0)
		aval_map_store_hint(d->store, fresh->old_id);
	return AVAL_OK;
}

static aval_status add_slot(aval_map_drafts *d, const draft_slot *fresh, aval_error *err)
{
	void *array = d->slots;
	bool  grown = grow(&array, &d->slot_room, d->slot_count, sizeof *d->slots, d->allocator);

	d->slots = array;
	if (!grown)
		return aval_fail_no_memory(err);
	d->slots[d->slot_count++] = *fresh;
	return AVAL_OK;
}

/* A leaf that a slot holds before the update; NULL where it holds none. */
typedef struct old_leaf {
	const uint8_t *leaf;
	const uint8_t *hash32;
} old_leaf;

static old_leaf old_leaf_of(const draft *p, unsigned slot, unsigned k)
{
	if (p->old.data != NULL && (p->old.leaves >> slot & 1u) != 0)
		return (old_leaf){ aval_map_page_leaf(&p->old, slot), aval_map_page_slot_hash(&p->old, slot) };
	if (p->carry != NULL && aval_path_slot(p->carry, k) == slot)
		return (old_leaf){ p->carry, p->carry_hash };
	return (old_leaf){ NULL, NULL };
}

/* What the changes [begin, end) leave in a slot that has a leaf or none. */
typedef struct outcome {
	uint64_t       live;     /* leaves */
	const uint8_t *any;      /* one of them, new or changed; NULL if the old one is all that is left */
	bool           old_gone; /* the old leaf is changed or deleted */
	bool           unknown;  /* a key to be deleted is not there */
} outcome;

static outcome weigh(const aval_map_drafts *d, size_t begin, size_t end, const uint8_t *old)
{
	outcome o = { .live = 0 };

	for (size_t i = begin; i < end; i++) {
		const aval_map_change *c = d->changes[i].change;
		bool                   is_old = old != NULL && memcmp(c->path32, old, 32) == 0;

		o.old_gone |= is_old;
		o.unknown |= c->is_delete && !is_old;
		if (c->is_delete)
			continue;
		o.live++;
		o.any = c->path32;
	}
	o.live += old != NULL && !o.old_gone;
	return o;
}

static void count_keys(aval_map_drafts *d, uint64_t before, uint64_t after)
{
	if (after > before)
		d->inserted += after - before;
	else
		d->deleted += before - after;
}

static aval_status too_many_pages(aval_error *err)
{
	return aval_fail(err, AVAL_E_MAP_PAGE, "map.page", "pages below the deepest leaf");
}

/*
 * Two leaves or more: a new page below. Different paths part in time, unless a page held a leaf of another place.
 */
static aval_status plan_split(aval_map_drafts *d, draft_slot *s, size_t begin, size_t end, old_leaf kept,
                              aval_error *err)
{
	draft below = { .begin = begin,
		        .end = end,
		        .is_checked = true,
		        .carry = kept.leaf,
		        .carry_hash = kept.hash32,
		        .parent_slot = (uint32_t)d->slot_count };

	if (d->level_count + 1 == AVAL_MAP_PAGE_DEPTHS)
		return too_many_pages(err);
	s->kind = DRAFT_INNER;
	return add_draft(d, &below, err);
}

static aval_status plan_leaves(aval_map_drafts *d, draft_slot *s, const draft *p, size_t begin, size_t end,
                               old_leaf old, aval_error *err)
{
	outcome o = weigh(d, begin, end, old.leaf);

	if (o.unknown && !p->is_checked)
		return aval_fail(err, AVAL_E_NOT_FOUND, "map.changes[]", "a key to be deleted is not there");
	if (!p->is_checked)
		count_keys(d, old.leaf != NULL, o.live);
	if (o.old_gone)
		old = (old_leaf){ NULL, NULL };
	if (o.live > 1)
		return plan_split(d, s, begin, end, old, err);
	s->kind = o.live == 0 ? DRAFT_EMPTY : DRAFT_LEAF;
	s->leaf = o.any != NULL ? o.any : old.leaf;
	s->hashed = o.any == NULL && o.live == 1;
	if (s->hashed)
		memcpy(s->hash32, old.hash32, 32);
	return AVAL_OK;
}

/* The draft is given by its number, since adding others moves it: they are added last. */
static aval_status plan_slot(aval_map_drafts *d, size_t number, unsigned k, unsigned slot, size_t begin,
                             size_t end, aval_error *err)
{
	const draft *p = &d->drafts[number];
	draft_slot   s = { .kind = DRAFT_INNER, .index = (uint8_t)slot };
	aval_status  status;

	if (p->old.data != NULL && (p->old.inners >> slot & 1u) != 0) {
		draft below = { .old_id = aval_map_page_child(&p->old, slot),
			        .begin = begin,
			        .end = end,
			        .parent_slot = (uint32_t)d->slot_count };

		status = k + 1 == AVAL_MAP_PAGE_DEPTHS ? too_many_pages(err) : add_draft(d, &below, err);
	} else {
		status = plan_leaves(d, &s, p, begin, end, old_leaf_of(p, slot, k), err);
	}
	if (status != AVAL_OK)
		return status;
	d->drafts[number].dirty |= 1u << slot;
	return add_slot(d, &s, err);
}

/* A view is held from here to the end of the update. */
static aval_status open_draft(aval_map_drafts *d, draft *p, aval_error *err)
{
	aval_bytes  bytes;
	aval_status status;

	if (p->old_id == 0)
		return AVAL_OK;
	status = aval_map_store_get(&bytes, d->store, p->old_id, err);
	if (status != AVAL_OK)
		return status;
	p->is_open = true;
	return aval_map_page_parse(&p->old, bytes, err);
}

/* Leaves in the slots of changes will be compared with them. */
static void fetch_leaves(const aval_map_drafts *d, const draft *p, unsigned k)
{
	for (size_t i = p->begin; i < p->end && p->old.leaves != 0; i++) {
		unsigned slot = aval_draft_slot(&d->changes[i], k);

		if ((p->old.leaves >> slot & 1u) != 0)
			AVAL_PREFETCH(aval_map_page_leaf(&p->old, slot));
	}
}

static aval_status open_level(aval_map_drafts *d, size_t begin, size_t end, unsigned k, aval_error *err)
{
	aval_status status = AVAL_OK;

	for (size_t i = begin; status == AVAL_OK && i < end; i++) {
		status = open_draft(d, &d->drafts[i], err);
		if (status == AVAL_OK)
			fetch_leaves(d, &d->drafts[i], k);
	}
	return status;
}

static aval_status plan_page(aval_map_drafts *d, size_t number, unsigned k, aval_error *err)
{
	draft      *p = &d->drafts[number];
	size_t      at = p->begin, end = p->end;
	unsigned    carry_slot = p->carry == NULL ? AVAL_MAP_SLOTS : aval_path_slot(p->carry, k);
	aval_status status = AVAL_OK;

	p->slot_begin = (uint32_t)d->slot_count;
	for (unsigned slot = 0; status == AVAL_OK && slot < AVAL_MAP_SLOTS; slot++) {
		size_t begin = at;

		while (at < end && aval_draft_slot(&d->changes[at], k) == slot)
			at++;
		if (begin < at || slot == carry_slot)
			status = plan_slot(d, number, k, slot, begin, at, err);
	}
	return status;
}

aval_status aval_map_plan(aval_map_drafts *d, uint64_t root_page, aval_error *err)
{
	draft root = {
		.old_id = root_page, .begin = 0, .end = d->change_count, .parent_slot = AVAL_DRAFT_NONE
	};
	aval_status status = add_draft(d, &root, err);

	for (size_t at = 0; status == AVAL_OK && at < d->draft_count;) {
		size_t end = d->draft_count;

		d->level_begin[d->level_count] = at;
		status = open_level(d, at, end, d->level_count, err);
		for (; status == AVAL_OK && at < end; at++)
			status = plan_page(d, at, d->level_count, err);
		d->level_begin[++d->level_count] = end;
	}
	return status;
}
