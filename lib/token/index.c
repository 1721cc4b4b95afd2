/* SPDX-License-Identifier: Apache-2.0 */
#include "token/index.h"

#define LEAF UINT32_C(0x80000000)

bool aval_vec_reserve(aval_vec *v, size_t more, size_t item_size, const aval_allocator *allocator)
{
	size_t need = v->count + more, room = v->room == 0 ? 8 : v->room;
	void  *data;

	if (need <= v->room)
		return true;
	/* Numbers of items have 31 bits. */
	if (need >= LEAF)
		return false;
	while (room < need)
		room *= 2;
	data = aval_alloc_array(allocator, room, item_size);
	if (data == NULL)
		return false;
	if (v->count > 0)
		memcpy(data, v->data, v->count * item_size);
	aval_free(v->data, allocator);
	v->data = data;
	v->room = room;
	return true;
}

bool aval_vec_copy(aval_vec *out, const aval_vec *v, size_t item_size, const aval_allocator *allocator)
{
	aval_vec copy = { 0 };

	if (!aval_vec_reserve(&copy, v->count, item_size, allocator))
		return false;
	if (v->count > 0)
		memcpy(copy.data, v->data, v->count * item_size);
	copy.count = v->count;
	*out = copy;
	return true;
}

static unsigned bit_of(const uint8_t *id, uint32_t bit)
{
	return (unsigned)id[bit / 8] >> (7 - bit % 8) & 1u;
}

static const uint8_t *id_of(aval_ids ids, uint32_t number)
{
	return ids.base + (size_t)number * ids.stride;
}

/* The one id that could be this one. */
static uint32_t nearest(const aval_index *index, const uint8_t id32[32])
{
	const aval_index_node *nodes = index->nodes.data;
	uint32_t               at = index->root;

	while ((at & LEAF) == 0)
		at = nodes[at].child[bit_of(id32, nodes[at].bit)];
	return at & ~LEAF;
}

uint32_t aval_index_find(const aval_index *index, aval_ids ids, const uint8_t id32[32])
{
	uint32_t number;

	if (index->root == AVAL_NONE)
		return AVAL_NONE;
	number = nearest(index, id32);
	return memcmp(id_of(ids, number), id32, 32) == 0 ? number : AVAL_NONE;
}

/* The first bit in which two different ids differ. */
static uint32_t first_difference(const uint8_t *a, const uint8_t *b)
{
	uint32_t bit = 0;

	while (a[bit / 8] == b[bit / 8])
		bit += 8;
	while (bit_of(a, bit) == bit_of(b, bit))
		bit++;
	return bit;
}

void aval_index_insert(aval_index *index, aval_ids ids, uint32_t number)
{
	const uint8_t   *id = id_of(ids, number);
	aval_index_node *nodes = index->nodes.data;
	uint32_t        *link = &index->root, bit;
	unsigned         side;

	if (index->root == AVAL_NONE) {
		index->root = number | LEAF;
		return;
	}
	bit = first_difference(id, id_of(ids, nearest(index, id)));
	while ((*link & LEAF) == 0 && nodes[*link].bit < bit)
		link = &nodes[*link].child[bit_of(id, nodes[*link].bit)];
	side = bit_of(id, bit);
	nodes[index->nodes.count].bit = bit;
	nodes[index->nodes.count].child[side] = number | LEAF;
	nodes[index->nodes.count].child[1 - side] = *link;
	*link = (uint32_t)index->nodes.count++;
}
