/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second pass of an update: from the deepest pages up, a group of pages of one depth at a time. The pages
 * of a group do not depend on each other, so the nodes of one level of all of them are hashed in one call.
 */
#include "hash/hash.h"
#include "merkle/map_draft.h"

#define GROUP       64 /* pages */
#define LEVEL_NODES 8  /* inner nodes of one level of a page */

typedef struct work {
	uint8_t pairs[GROUP * LEVEL_NODES][64];
	uint8_t hashes[GROUP * LEVEL_NODES][32];
	uint8_t nodes[GROUP]
		     [32 * AVAL_MAP_SLOTS]; /* of each page: hashes of the inner nodes that change, by number */
	uint8_t page[AVAL_MAP_PAGE_MAX_LEN];
} work;

static draft_slot *changed_slot(const aval_map_drafts *d, const draft *p, unsigned slot)
{
	return &d->slots[p->slot_begin + aval_pop16(p->dirty & ((1u << slot) - 1))];
}

static const uint8_t *slot_hash(const aval_map_drafts *d, const draft *p, unsigned slot)
{
	if ((p->dirty >> slot & 1u) != 0)
		return changed_slot(d, p, slot)->hash32;
	return aval_map_page_slot_hash(&p->old, slot);
}

static const uint8_t *slot_leaf(const aval_map_drafts *d, const draft *p, unsigned slot)
{
	if ((p->dirty >> slot & 1u) != 0)
		return changed_slot(d, p, slot)->leaf;
	return aval_map_page_leaf(&p->old, slot);
}

/* The hash of any node but the root of a page, once those below it are known. */
static const uint8_t *node_hash(const aval_map_drafts *d, const draft *p, const uint8_t *nodes, unsigned node)
{
	unsigned used = (p->leaves | p->inners) & aval_map_below[node];

	if (used == 0)
		return aval_map_empty;
	if (node < AVAL_MAP_SLOTS && (p->nodes >> node & 1u) != 0)
		return (p->dirty_nodes >> node & 1u) != 0 ? nodes + 32 * node
		                                          : aval_map_page_node_hash(&p->old, node);
	return slot_hash(d, p, aval_low16(used));
}

static void settle_slots(const aval_map_drafts *d, draft *p)
{
	const draft_slot *s = &d->slots[p->slot_begin];

	p->leaves = p->old.leaves & ~p->dirty;
	p->inners = p->old.inners & ~p->dirty;
	for (unsigned left = p->dirty; left != 0; left &= left - 1, s++) {
		if (s->kind == DRAFT_LEAF)
			p->leaves |= 1u << s->index;
		else if (s->kind == DRAFT_INNER)
			p->inners |= 1u << s->index;
	}
	p->nodes = aval_map_inner_nodes(p->leaves, p->inners);
	p->dirty_nodes = p->nodes & aval_map_nodes_above(p->dirty);
}

/* Whether two leaves or more are below, so that the page stays. */
static bool is_page(const draft *p)
{
	return (p->nodes & 2u) != 0;
}

/* Tell the page above what is left of this one: nothing, or one leaf that rises. */
static void report_rest(const aval_map_drafts *d, const draft *p)
{
	draft_slot *above = &d->slots[p->parent_slot];
	unsigned    slot;

	above->kind = p->leaves == 0 ? DRAFT_EMPTY : DRAFT_LEAF;
	if (p->leaves == 0)
		return;
	slot = aval_low16(p->leaves);
	above->leaf = slot_leaf(d, p, slot);
	memcpy(above->hash32, slot_hash(d, p, slot), 32);
}

/* The nodes of one level, whose first node is `width`, that are to be hashed. */
static unsigned level_of(const draft *p, unsigned width)
{
	return p->dirty_nodes & ((1u << 2 * width) - (1u << width));
}

static size_t gather(work *w, const aval_map_drafts *d, size_t begin, size_t end, unsigned width)
{
	size_t count = 0;

	for (size_t i = begin; i < end; i++) {
		const draft   *p = &d->drafts[i];
		const uint8_t *nodes = w->nodes[i - begin];

		for (unsigned left = level_of(p, width); left != 0; left &= left - 1, count++) {
			unsigned node = aval_low16(left);

			memcpy(w->pairs[count], node_hash(d, p, nodes, 2 * node), 32);
			memcpy(w->pairs[count] + 32, node_hash(d, p, nodes, 2 * node + 1), 32);
		}
	}
	return count;
}

static void scatter(work *w, const aval_map_drafts *d, size_t begin, size_t end, unsigned width)
{
	const uint8_t *hash = w->hashes[0];

	for (size_t i = begin; i < end; i++)
		for (unsigned left = level_of(&d->drafts[i], width); left != 0; left &= left - 1, hash += 32)
			memcpy(w->nodes[i - begin] + 32 * aval_low16(left), hash, 32);
}

static void hash_group(work *w, const aval_map_drafts *d, size_t begin, size_t end)
{
	for (unsigned width = AVAL_MAP_SLOTS / 2; width > 0; width /= 2) {
		size_t count = gather(w, d, begin, end, width);

		aval_hash_nodes(w->hashes[0], w->pairs[0], count);
		scatter(w, d, begin, end, width);
	}
}

/* A page of the same shape as the old one: a copy, in which what changes is overwritten. */
static size_t patch_page(uint8_t *page, const aval_map_drafts *d, const draft *p, const uint8_t *nodes)
{
	const aval_map_page *old = &p->old;
	const draft_slot    *s = &d->slots[p->slot_begin];
	size_t               len = aval_map_page_len(p->leaves, p->inners, p->nodes);

	memcpy(page, old->data, len);
	for (unsigned left = p->dirty_nodes & ~3u; left != 0; left &= left - 1) {
		unsigned node = aval_low16(left);

		memcpy(page + (aval_map_page_node_hash(old, node) - old->data), nodes + 32 * node, 32);
	}
	for (unsigned left = p->dirty; left != 0; left &= left - 1, s++) {
		if (s->kind == DRAFT_EMPTY)
			continue;
		memcpy(page + (aval_map_page_slot_hash(old, s->index) - old->data), s->hash32, 32);
		if (s->kind == DRAFT_LEAF)
			memcpy(page + (aval_map_page_leaf(old, s->index) - old->data), s->leaf, 64);
		else
			aval_store64(page + AVAL_MAP_PAGE_HEAD +
			                     8 * aval_pop16(p->inners & ((1u << s->index) - 1)),
			             s->page);
	}
	return len;
}

static size_t write_page(uint8_t *page, const aval_map_drafts *d, const draft *p, const uint8_t *nodes)
{
	uint8_t *out = page + AVAL_MAP_PAGE_HEAD;

	if (p->old.data != NULL && p->leaves == p->old.leaves && p->inners == p->old.inners &&
	    p->nodes == p->old.nodes)
		return patch_page(page, d, p, nodes);
	aval_map_page_write_head(page, p->leaves, p->inners, p->nodes);
	for (unsigned left = p->inners; left != 0; left &= left - 1, out += 8) {
		unsigned slot = aval_low16(left);

		aval_store64(out, (p->dirty >> slot & 1u) != 0 ? changed_slot(d, p, slot)->page
		                                               : aval_map_page_child(&p->old, slot));
	}
	for (unsigned left = p->nodes & ~3u; left != 0; left &= left - 1, out += 32)
		memcpy(out, node_hash(d, p, nodes, aval_low16(left)), 32);
	for (unsigned left = p->leaves | p->inners; left != 0; left &= left - 1, out += 32)
		memcpy(out, slot_hash(d, p, aval_low16(left)), 32);
	for (unsigned left = p->leaves; left != 0; left &= left - 1, out += 64)
		memcpy(out, slot_leaf(d, p, aval_low16(left)), 64);
	return (size_t)(out - page);
}

static aval_status put_page(work *w, const aval_map_drafts *d, draft *p, const uint8_t *nodes, aval_error *err)
{
	size_t      len = write_page(w->page, d, p, nodes);
	uint64_t    id = 0;
	aval_status status = d->store->put(&id, w->page, len, d->store->user_data);

	if (status != AVAL_OK)
		return aval_map_store_failed(status, err);
	if (id == 0)
		return aval_fail(err, AVAL_E_CALLBACK, "map.store", "the store gave a page the id 0");
	p->new_id = id;
	if (p->parent_slot != AVAL_DRAFT_NONE) {
		draft_slot *above = &d->slots[p->parent_slot];

		above->page = id;
		memcpy(above->hash32, nodes + 32, 32);
	}
	return AVAL_OK;
}

static aval_status commit_group(work *w, aval_map_drafts *d, size_t begin, size_t end, aval_error *err)
{
	for (size_t i = begin; i < end; i++)
		settle_slots(d, &d->drafts[i]);
	hash_group(w, d, begin, end);
	for (size_t i = begin; i < end; i++) {
		draft      *p = &d->drafts[i];
		bool        is_root = p->parent_slot == AVAL_DRAFT_NONE;
		aval_status status;

		if (!is_page(p) && !is_root) {
			report_rest(d, p);
			continue;
		}
		if (p->leaves == 0 && p->inners == 0)
			continue;
		status = put_page(w, d, p, w->nodes[i - begin], err);
		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

/* Have the old pages of a group brought near while the group before is at work. */
static void fetch_group(const aval_map_drafts *d, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++) {
		const aval_map_page *old = &d->drafts[i].old;
		size_t len = old->data == NULL ? 0 : aval_map_page_len(old->leaves, old->inners, old->nodes);

		for (size_t at = 0; at < len; at += 64)
			AVAL_PREFETCH(old->data + at);
	}
}

static bool is_new_leaf(const draft_slot *s)
{
	return s->kind == DRAFT_LEAF && !s->hashed;
}

static void hash_leaves(work *w, aval_map_drafts *d)
{
	for (size_t begin = 0, end; begin < d->slot_count; begin = end) {
		size_t         count = 0;
		const uint8_t *hash = w->hashes[0];

		for (end = begin; end < d->slot_count && count < GROUP * LEVEL_NODES; end++)
			if (is_new_leaf(&d->slots[end]))
				memcpy(w->pairs[count++], d->slots[end].leaf, 64);
		aval_hash_leaves64(w->hashes[0], w->pairs[0], count);
		for (size_t i = begin; i < end; i++) {
			if (!is_new_leaf(&d->slots[i]))
				continue;
			memcpy(d->slots[i].hash32, hash, 32);
			hash += 32;
		}
	}
}

static size_t group_end(size_t begin, size_t end)
{
	return end - begin < GROUP ? end : begin + GROUP;
}

static aval_status commit_level(work *w, aval_map_drafts *d, size_t begin, size_t end, aval_error *err)
{
	aval_status status = AVAL_OK;

	fetch_group(d, begin, group_end(begin, end));
	for (size_t next; status == AVAL_OK && begin < end; begin = next) {
		next = group_end(begin, end);
		fetch_group(d, next, group_end(next, end));
		status = commit_group(w, d, begin, next, err);
	}
	return status;
}

static aval_status commit_pages(work *w, aval_map_drafts *d, aval_error *err)
{
	aval_status status = AVAL_OK;

	hash_leaves(w, d);
	for (unsigned level = d->level_count; status == AVAL_OK && level-- > 0;)
		status = commit_level(w, d, d->level_begin[level], d->level_begin[level + 1], err);
	return status;
}

/* The new root stands in the work of the last group, which is the page of the root alone. */
static void read_root(aval_map *map_out, const work *w, const aval_map_drafts *d)
{
	const draft *root = &d->drafts[0];

	map_out->page = root->new_id;
	if (is_page(root))
		memcpy(map_out->root32, w->nodes[0] + 32, 32);
	else if (root->leaves != 0)
		memcpy(map_out->root32, slot_hash(d, root, aval_low16(root->leaves)), 32);
	else
		memset(map_out->root32, 0, 32);
}

static aval_status retire_pages(const aval_map_drafts *d, uint64_t version, aval_error *err)
{
	uint64_t   *ids = aval_alloc_array(d->allocator, d->draft_count, sizeof *ids);
	size_t      count = 0;
	aval_status status;

	if (ids == NULL)
		return aval_fail_no_memory(err);
	for (size_t i = 0; i < d->draft_count; i++)
		if (d->drafts[i].old_id != 0)
			ids[count++] = d->drafts[i].old_id;
	status = d->store->retire(ids, count, version, d->store->user_data);
	aval_free(ids, d->allocator);
	return status == AVAL_OK ? AVAL_OK : aval_map_store_failed(status, err);
}

static void drop_pages(const aval_map_drafts *d)
{
	for (size_t i = 0; i < d->draft_count; i++)
		if (d->drafts[i].new_id != 0)
			d->store->drop(d->drafts[i].new_id, d->store->user_data);
}

aval_status aval_map_commit(aval_map_drafts *d, aval_map *map_inout, aval_error *err)
{
	aval_map    next = *map_inout;
	work       *w = aval_alloc(d->allocator, sizeof *w);
	aval_status status;

	if (w == NULL)
		return aval_fail_no_memory(err);
	next.version++;
	next.count += d->inserted - d->deleted;
	status = commit_pages(w, d, err);
	if (status == AVAL_OK)
		status = retire_pages(d, next.version, err);
	if (status == AVAL_OK) {
		read_root(&next, w, d);
		*map_inout = next;
	} else {
		drop_pages(d);
	}
	aval_free(w, d->allocator);
	return status;
}
