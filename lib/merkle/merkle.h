/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MERKLE_H
#define AVAL_LIB_MERKLE_H

/*
 * Merkle trees as pure hashing and geometry over leaf hashes (aval_hash_leaf()).
 * Who signed a root, and what a leaf means, is decided elsewhere. Nothing here
 * allocates.
 */

#include <aval/base.h>
#include <aval/range.h>

/* A depth at which indices still fit 64 bits; no perfect tree here is deeper. */
#define AVAL_PERFECT_MAX_DEPTH 63

/*
 * A perfect tree of 2^depth leaves, all levels stored: the leaf hashes, then
 * their parents, and so on to the root, which is last. The count of hashes is
 * 2^(depth + 1) - 1; depth <= 57, else the count in bytes does not fit.
 */
size_t aval_perfect_count(unsigned depth);

/* Compute all levels above the leaf hashes, which stand in levels already. */
void aval_perfect_build(uint8_t *levels, unsigned depth);

const uint8_t *aval_perfect_root(const uint8_t *levels, unsigned depth);

/*
 * Multiproof: the opened leaves are named by strictly ascending indices; the
 * proof is the roots of the maximal subtrees without an opened leaf, from left
 * to right, no more and no fewer. All three calls return
 *   AVAL_E_PROOF_SHAPE   depth is above AVAL_PERFECT_MAX_DEPTH, or no leaf is opened;
 *   AVAL_E_PROOF_INDEX   an index is not below 2^depth, or not above the one before;
 * and root and verify
 *   AVAL_E_PROOF_LENGTH  hash_count is not what the indices need.
 */
AVAL_MUST_CHECK aval_status aval_multiproof_count(size_t *count_out, unsigned depth, const uint64_t *indices,
                                                  size_t index_count, aval_error *err);

/* Writes *count_inout hashes of 32 bytes, or AVAL_E_BUFFER_TOO_SMALL with the need. */
AVAL_MUST_CHECK aval_status aval_multiproof_create(uint8_t *hashes_out, size_t *count_inout, const uint8_t *levels,
                                                   unsigned depth, const uint64_t *indices, size_t index_count,
                                                   aval_error *err);

/* The root to which the opened leaf hashes (32 bytes each, in index order) and the proof lead. */
AVAL_MUST_CHECK aval_status aval_multiproof_root(uint8_t root32_out[32], unsigned depth, const uint64_t *indices,
                                                 const uint8_t *leaves, size_t index_count, const uint8_t *hashes,
                                                 size_t hash_count, aval_error *err);

/* AVAL_OK only if they lead to root32, else AVAL_E_PROOF_ROOT_MISMATCH. */
AVAL_MUST_CHECK aval_status aval_multiproof_verify(const uint8_t root32[32], unsigned depth, const uint64_t *indices,
                                                   const uint8_t *leaves, size_t index_count, const uint8_t *hashes,
                                                   size_t hash_count, aval_error *err);

/*
 * The checks of shape that provers and verifiers share: a size up to
 * AVAL_MERKLE_MAX_SIZE; a leaf of a tree; a leaf of the subtree [begin, end); a
 * subtree, perhaps empty, of a tree; two sizes of one log.
 */
AVAL_MUST_CHECK aval_status aval_merkle_check_size(uint64_t size, aval_error *err);
AVAL_MUST_CHECK aval_status aval_merkle_check_leaf(uint64_t size, uint64_t index, aval_error *err);
AVAL_MUST_CHECK aval_status aval_merkle_check_place(uint64_t begin, uint64_t end, uint64_t index, aval_error *err);
AVAL_MUST_CHECK aval_status aval_merkle_check_subtree(uint64_t begin, uint64_t end, uint64_t size, aval_error *err);
AVAL_MUST_CHECK aval_status aval_merkle_check_growth(uint64_t old_size, uint64_t new_size, aval_error *err);

/* Whether *count_inout hashes, or none where out is NULL, are enough; else it becomes the need. */
AVAL_MUST_CHECK aval_status aval_merkle_check_room(size_t *count_inout, const uint8_t *out, size_t need,
                                                   aval_error *err);

/* Append the root of a complete subtree that begins at the end of the range. */
void aval_range_lay(aval_range *range, const uint8_t hash32[32], unsigned level);

/* The root over a range from 0 that is not empty; tail32, or NULL, is the root of what is cut off behind it. */
void aval_range_fold(uint8_t root32_out[32], const aval_range *range, const uint8_t *tail32);

/*
 * Multiproofs over a tree of any size, up to 2^63: check the indices, count the
 * hashes, fold them to the root, and read them through a callback that gives the
 * root of the leaves [begin, end).
 */
typedef aval_status (*aval_subtree_reader)(uint8_t hash32_out[32], uint64_t begin, uint64_t end, const void *nodes,
                                           aval_error *err);

AVAL_MUST_CHECK aval_status aval_multi_check(uint64_t size, const uint64_t *indices, size_t count, aval_error *err);
size_t aval_multi_need(uint64_t size, const uint64_t *indices, size_t count);
void aval_multi_fold(uint8_t root32_out[32], uint64_t size, const uint64_t *indices, const uint8_t *leaves,
                     size_t count, const uint8_t *hashes);
AVAL_MUST_CHECK aval_status aval_multi_read(uint8_t *hashes_out, uint64_t size, const uint64_t *indices, size_t count,
                                            aval_subtree_reader read, const void *nodes, aval_error *err);

#endif /* AVAL_LIB_MERKLE_H */
