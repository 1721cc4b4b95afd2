/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_TOKEN_INDEX_H
#define AVAL_LIB_TOKEN_INDEX_H

/*
 * Arrays that grow, and an index over 32-byte ids. The index is a crit-bit tree: an id lies as deep as the ids
 * near it agree with it, which no choice of ids makes deeper without as many hashes as the depth has powers of
 * two.
 */

#include "base/base.h"

#define AVAL_NONE UINT32_MAX

typedef struct aval_vec {
	void  *data;
	size_t count, room; /* items */
} aval_vec;

/* Room for so many more items of that size; false, and the items as they were, if memory is out. */
bool aval_vec_reserve(aval_vec *v, size_t more, size_t item_size, const aval_allocator *allocator);

/* A copy of the items; false if memory is out. */
bool aval_vec_copy(aval_vec *out, const aval_vec *v, size_t item_size, const aval_allocator *allocator);

/* Where the ids of an index lie: number n at base + n x stride. */
typedef struct aval_ids {
	const uint8_t *base;
	size_t         stride;
} aval_ids;

typedef struct aval_index_node {
	uint32_t child[2]; /* a node, or a number with the highest bit set */
	uint32_t bit;      /* the first in which the ids below differ */
} aval_index_node;

typedef struct aval_index {
	aval_vec nodes; /* aval_index_node */
	uint32_t root;  /* AVAL_NONE of an empty index */
} aval_index;

/* The number of an id, or AVAL_NONE. */
uint32_t aval_index_find(const aval_index *index, aval_ids ids, const uint8_t id32[32]);

/* Add the id of that number, which is not there yet. A node was reserved. */
void aval_index_insert(aval_index *index, aval_ids ids, uint32_t number);

#endif
