/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A multiproof folded by the batch; see fold.h. Between two opened leaves lies a gap, whose hashes are taken
 * from both ends: the subtree that grows on its left takes the first as right sibling, the one on its right the
 * last as left sibling. A subtree stops growing where its parent would hold a leaf of another batch. What is
 * then left of batches and gaps is laid side by side into a compact range.
 */
#include <string.h>

#include "hash/hash.h"
#include "merkle/fold.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

uint32_t aval_fold_part(uint32_t begin, uint32_t end, unsigned *level_inout)
{
	unsigned level = *level_inout;

	while ((begin >> level & 1) == 0 && end - begin >= UINT32_C(2) << level)
		level++;
	while (end - begin < UINT32_C(1) << level)
		level--;
	*level_inout = level;
	return begin + (UINT32_C(1) << level);
}

static unsigned count_ones(uint32_t v)
{
	v -= v >> 1 & 0x55555555u;
	v = (v & 0x33333333u) + (v >> 2 & 0x33333333u);
	v = (v + (v >> 4)) & 0x0f0f0f0fu;
	return v * 0x01010101u >> 24;
}

/* Up to the largest power of two between them the parts grow, from there on they shrink: a bit of the length each. */
size_t aval_fold_parts(uint32_t begin, uint32_t end)
{
	unsigned level = begin == end ? 0 : aval_bit_len(begin ^ end) - 1;
	uint32_t middle = end >> level << level;

	return count_ones(middle - begin) + count_ones(end - middle);
}

/* A subtree that grows; it spans the opened leaves [first, last] of the batch. */
typedef struct tree {
	uint32_t index; /* at level */
	unsigned level;
	uint32_t first, last;
	uint8_t  hash32[32];
} tree;

typedef struct batch {
	const aval_fold *fold;
	uint32_t         begin, end;  /* leaves among which trees may grow */
	uint32_t         least, most; /* the parents of a level that may come of it: [least, most) */
	size_t           count;       /* trees */
	tree             trees[AVAL_FOLD_BATCH];
	/* Hashes [front, back) of each gap are not taken yet; gap i lies before the i-th opened leaf. */
	size_t  front[AVAL_FOLD_BATCH + 1], back[AVAL_FOLD_BATCH + 1];
	uint8_t pairs[64 * AVAL_FOLD_BATCH];
} batch;

static void start(batch *b, const aval_fold *fold, uint32_t end, size_t gap)
{
	size_t at = fold->front;

	b->fold = fold;
	b->begin = fold->open_end;
	b->end = end;
	b->count = fold->count;
	for (uint32_t i = 0; i < fold->count; i++) {
		b->front[i] = at;
		at = i == 0 ? fold->back : at + fold->gaps[i];
		b->back[i] = at;
		b->trees[i] = (tree){ .index = fold->indices[i], .level = 0, .first = i, .last = i };
		memcpy(b->trees[i].hash32, fold->leaves + 32 * i, 32);
	}
	b->front[fold->count] = at;
	b->back[fold->count] = at + gap;
}

static bool may_grow(const batch *b, const tree *t, unsigned level)
{
	uint32_t parent = t->index >> 1;

	return t->level == level && parent >= b->least && parent < b->most;
}

static const uint8_t *take(const batch *b, size_t hash)
{
	return b->fold->hashes + hash * b->fold->stride;
}

/* Put a tree and its sibling, from the batch or from a gap, side by side; returns how many trees that takes. */
static size_t pair_up(batch *b, uint8_t pair[64], tree *parent, size_t at)
{
	const tree    *t = &b->trees[at];
	bool           is_right = t->index % 2 == 1;
	bool           is_both = at + 1 < b->count && t[1].level == t->level && t[1].index == (t->index ^ 1);
	const uint8_t *sibling;

	if (is_both)
		sibling = t[1].hash32;
	else
		sibling = is_right ? take(b, --b->back[t->first]) : take(b, b->front[t->last + 1]++);
	memcpy(pair + (is_right ? 32 : 0), t->hash32, 32);
	memcpy(pair + (is_right ? 0 : 32), sibling, 32);
	parent->last = is_both ? t[1].last : t->last;
	parent->first = t->first;
	parent->index = t->index / 2;
	parent->level = t->level + 1;
	return is_both ? 2 : 1;
}

/* Grow all trees of a level by one; false where none can. */
static bool grow(batch *b, unsigned level)
{
	uint32_t grown[AVAL_FOLD_BATCH];
	size_t   kept = 0, pairs = 0;
	uint64_t width = UINT64_C(2) << level;

	if (level == b->fold->depth)
		return false;
	b->least = (uint32_t)((b->begin + width - 1) >> (level + 1));
	b->most = b->end >> (level + 1);
	for (size_t at = 0; at < b->count; kept++) {
		if (may_grow(b, &b->trees[at], level)) {
			grown[pairs] = (uint32_t)kept;
			at += pair_up(b, b->pairs + 64 * pairs++, &b->trees[kept], at);
		} else {
			b->trees[kept] = b->trees[at++];
		}
	}
	b->count = kept;
	aval_hash_nodes(b->pairs, b->pairs, pairs);
	for (size_t i = 0; i < pairs; i++)
		memcpy(b->trees[grown[i]].hash32, b->pairs + 32 * i, 32);
	return pairs > 0;
}

/* Lay the hashes of a gap from front to back, which span the leaves from the end of the range to end. */
static void lay_gap(aval_range *range, const batch *b, size_t gap, uint32_t end)
{
	unsigned level = 0;

	for (size_t i = b->front[gap]; i < b->back[gap]; i++) {
		(void)aval_fold_part((uint32_t)range->end, end, &level);
		aval_range_lay(range, take(b, i), level);
	}
}

/* Fold the batch; the next opened leaf, or the end of the tree, is end, and gap hashes stand before it. */
static void flush(aval_fold *fold, uint32_t end, size_t gap)
{
	batch    b;
	unsigned level = 0;

	start(&b, fold, end, gap);
	fold->is_short |= b.back[fold->count] > fold->hash_count;
	if (fold->is_short) {
		fold->count = 0;
		return;
	}
	while (grow(&b, level))
		level++;
	for (size_t i = 0; i < b.count; i++) {
		lay_gap(&fold->range, &b, b.trees[i].first, b.trees[i].index << b.trees[i].level);
		aval_range_lay(&fold->range, b.trees[i].hash32, b.trees[i].level);
	}
	fold->front = b.front[fold->count];
	fold->back = b.back[fold->count];
	if (end == UINT32_C(1) << fold->depth)
		lay_gap(&fold->range, &b, fold->count, end);
	fold->open_end = fold->next;
	fold->count = 0;
}

void aval_fold_init(aval_fold *fold, unsigned depth)
{
	fold->depth = depth;
	fold->hash_count = 0;
	fold->is_short = false;
	fold->front = 0;
	fold->back = 0;
	fold->open_end = 0;
	fold->next = 0;
	fold->count = 0;
	aval_range_init(&fold->range, 0);
}

void aval_fold_set_hashes(aval_fold *fold, const uint8_t *hashes, size_t stride, size_t count)
{
	fold->hashes = hashes;
	fold->stride = stride;
	fold->hash_count = count;
}

void aval_fold_add(aval_fold *fold, uint32_t index, size_t gap, const uint8_t leaf32[32])
{
	if (fold->count == AVAL_FOLD_BATCH)
		flush(fold, index, gap);
	else if (fold->next == 0)
		fold->back = gap;
	fold->indices[fold->count] = index;
	fold->gaps[fold->count] = gap;
	memcpy(fold->leaves + 32 * fold->count++, leaf32, 32);
	fold->next = index + 1;
}

bool aval_fold_finish(aval_fold *fold, uint8_t root32_out[32])
{
	uint32_t end = UINT32_C(1) << fold->depth;

	flush(fold, end, aval_fold_parts(fold->next, end));
	if (!fold->is_short)
		memcpy(root32_out, fold->range.hashes[0], 32);
	return !fold->is_short;
}
