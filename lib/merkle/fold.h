/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MERKLE_FOLD_H
#define AVAL_LIB_MERKLE_FOLD_H

/*
 * The root to which a multiproof leads, over any number of opened leaves of a perfect tree in bounded memory: leaves
 * come one by one from left to right. They are folded by the batch, level by level, so that the hashes of one level
 * are made side by side. The proof is that of merkle.h; its hashes may stand apart, as they do in CBOR.
 */

#include <aval/range.h>

#define AVAL_FOLD_MAX_DEPTH 31
#define AVAL_FOLD_BATCH 32 /* leaves folded at a time */

/*
 * The first of the maximal subtrees into which the leaves [begin, end), end > begin, fall, by its end. *level_inout is
 * its level; before the first part it is 0, then it is passed on from part to part.
 */
uint32_t aval_fold_part(uint32_t begin, uint32_t end, unsigned *level_inout);

/* How many those subtrees are; begin may be end. */
size_t aval_fold_parts(uint32_t begin, uint32_t end);

typedef struct aval_fold {
	unsigned       depth;
	const uint8_t *hashes;
	size_t         stride;      /* bytes from hash to hash */
	size_t         front, back; /* hashes [front, back) lie in the gap before the batch */
	uint32_t       open_end;    /* the first leaf behind those of earlier batches */
	uint32_t       next;        /* the first leaf behind the last one added */
	size_t         count;       /* leaves of the batch */
	uint32_t       indices[AVAL_FOLD_BATCH];
	uint8_t        leaves[32 * AVAL_FOLD_BATCH];
	aval_range     range; /* what earlier batches left */
} aval_fold;

/*
 * The hashes must be as many as aval_fold_parts() over the gaps, indices strictly ascending and below 2^depth, at least
 * one of them: the caller checks it.
 */
void aval_fold_init(aval_fold *fold, unsigned depth, const uint8_t *hashes, size_t stride);
void aval_fold_add(aval_fold *fold, uint32_t index, const uint8_t leaf32[32]);
void aval_fold_finish(aval_fold *fold, uint8_t root32_out[32]);

#endif /* AVAL_LIB_MERKLE_FOLD_H */
