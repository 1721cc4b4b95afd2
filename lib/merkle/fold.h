/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MERKLE_FOLD_H
#define AVAL_LIB_MERKLE_FOLD_H

/*
 * The root to which a multiproof leads, over any number of opened leaves of a perfect tree in bounded memory:
 * leaves come one by one from left to right. They are folded by the batch, level by level, so that the hashes
 * of one level are made side by side. The proof is that of merkle.h; its hashes may stand apart, as they do in
 * CBOR.
 */

#include <aval/range.h>

#define AVAL_FOLD_MAX_DEPTH 31
#define AVAL_FOLD_BATCH     32 /* leaves folded at a time */

/*
 * The first of the maximal subtrees into which the leaves [begin, end), end > begin, fall, by its end.
 * *level_inout is its level; before the first part it is 0, then it is passed on from part to part.
 */
uint32_t aval_fold_part(uint32_t begin, uint32_t end, unsigned *level_inout);

/* How many those subtrees are; begin may be end. */
size_t aval_fold_parts(uint32_t begin, uint32_t end);

typedef struct aval_fold {
	unsigned       depth;
	const uint8_t *hashes;
	size_t         stride; /* bytes from hash to hash */
	size_t         hash_count;
	bool           is_short;    /* a batch asked for more hashes */
	size_t         front, back; /* hashes [front, back) lie in the gap before the batch */
	uint32_t       open_end;    /* the first leaf behind those of earlier batches */
	uint32_t       next;        /* the first leaf behind the last one added */
	size_t         count;       /* leaves of the batch */
	uint32_t       indices[AVAL_FOLD_BATCH];
	size_t         gaps[AVAL_FOLD_BATCH]; /* hashes before each of them */
	uint8_t        leaves[32 * AVAL_FOLD_BATCH];
	aval_range     range; /* what earlier batches left */
} aval_fold;

/*
 * Leaves are added from left to right, at least one, with indices strictly ascending and below 2^depth: the
 * caller checks it. The hashes must be at hand before leaf AVAL_FOLD_BATCH + 1 is added, or before the end.
 * They should be as many as aval_fold_parts() over all gaps; of more none is looked at, with fewer there is no
 * root and finish says false.
 */
void aval_fold_init(aval_fold *fold, unsigned depth);
void aval_fold_set_hashes(aval_fold *fold, const uint8_t *hashes, size_t stride, size_t count);
/* gap is aval_fold_parts() from behind the last leaf up to this one. */
void aval_fold_add(aval_fold *fold, uint32_t index, size_t gap, const uint8_t leaf32[32]);
bool aval_fold_finish(aval_fold *fold, uint8_t root32_out[32]);

#endif /* AVAL_LIB_MERKLE_FOLD_H */
