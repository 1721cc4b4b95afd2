/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MAP_MULTI_H
#define AVAL_LIB_MAP_MULTI_H

/*
 * Multiproofs of a map (docs/spec/map.md, section 5). The keys are visited in
 * ascending order. Keys whose ways end at one node form a group; from that end the
 * prover and the verifier both climb to the node below the fork towards the next
 * group, which then waits there, on a stack, to be the left sibling of what comes.
 */

#include "merkle/map.h"

/* The climb from the end of one group: from `depth` to `stop`, both counted from the root. */
typedef struct aval_map_group {
	size_t   end; /* one past the last path of the group */
	unsigned stop;
} aval_map_group;

/* Paths stand `stride` bytes apart. The end of path `begin` is at `depth`. */
aval_map_group aval_map_group_of(const uint8_t *paths, size_t stride, size_t count, size_t begin, unsigned depth);

/* At least one path, not too many, strictly ascending. */
AVAL_MUST_CHECK aval_status aval_map_check_paths(const uint8_t *paths, size_t stride, size_t count, aval_error *err);

#endif /* AVAL_LIB_MAP_MULTI_H */
