/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_GEOMETRY_H
#define AVAL_LIB_GEOMETRY_H

/*
 * Where things stand in a log tree (RFC 9162, 2.1), as arithmetic on indices. A
 * node is named (level, index): it spans the leaves [index << level,
 * (index + 1) << level), cut off at the size of the tree. Sizes are at most
 * 2^63, so that no shift or sum here wraps.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits needed for a value: 0 for 0, 64 at most. */
unsigned aval_bit_len(uint64_t value);

/* The level of the least subtree that holds count >= 1 leaves. */
unsigned aval_level_of(uint64_t count);

/* The number of zero bits below the lowest one; value is not 0. */
unsigned aval_low_zeros(uint64_t value);

/* The way from a node to the root of its tree. */
typedef struct aval_climb {
	uint64_t index; /* of the node at level */
	uint64_t last;  /* of the last node at level */
	unsigned level;
} aval_climb;

typedef struct aval_sibling {
	uint64_t index;
	unsigned level;
	bool     is_left; /* then it is complete; a right one may be cut off */
} aval_sibling;

aval_climb aval_climb_from(unsigned level, uint64_t index, uint64_t size);

/* The next sibling on the way up; false at the root. */
bool aval_climb_next(aval_climb *climb, aval_sibling *sibling_out);

/* How many siblings there are on the way. */
size_t aval_climb_count(const aval_climb *climb);

/* Whether [begin, end), not empty, is a subtree: begin is a multiple of the least power of two that spans it. */
bool aval_is_subtree(uint64_t begin, uint64_t end);

/*
 * How a subtree [begin, end) hangs in a tree: if it is a node of the tree, the
 * climb starts from itself, else from its last complete part, the seed, which
 * then leads the proof.
 */
typedef struct aval_subtree_way {
	aval_climb climb;
	bool       has_seed;
} aval_subtree_way;

aval_subtree_way aval_subtree_way_of(uint64_t begin, uint64_t end, uint64_t size);

/*
 * The first of the maximal subtrees into which a gap [begin, end) between opened
 * leaves falls, by its end; where the gap reaches the size, the last one may be
 * cut off.
 */
uint64_t aval_gap_part(uint64_t begin, uint64_t end, uint64_t size);

#endif /* AVAL_LIB_GEOMETRY_H */
