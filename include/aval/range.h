/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_RANGE_H
#define AVAL_RANGE_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Compact ranges: a run of a log's leaves [begin, end) kept as the roots of its
 * maximal complete subtrees, at most 126 hashes whatever its length. A root is
 * computed over a stream of leaves without keeping them; ranges computed apart,
 * by several threads for instance, are joined. A range proves nothing and can
 * prove nothing about a single leaf: for that the nodes are kept (see log.h).
 */

/** A compact range in the caller's memory. Read begin and end; leave the rest alone. */
typedef struct aval_range {
	uint64_t begin;           /**< leaves; first one covered */
	uint64_t end;             /**< leaves; one past the last covered */
	uint32_t count;           /**< hashes in use */
	uint8_t  hashes[126][32]; /**< roots of the subtrees, from left to right */
} aval_range;

/** Start an empty range at a leaf. */
AVAL_API void aval_range_init(aval_range *range, uint64_t begin);

/**
 * Append leaf hashes.
 *
 * @param[in,out] range   the range; unchanged on failure.
 * @param[in]     hashes  count x 32 bytes, leaf hashes; may be NULL if count is 0.
 * @param[in]     count   leaves.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK       the range ends count leaves later.
 * @retval AVAL_E_LIMIT  it would end past AVAL_MERKLE_MAX_SIZE.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/log.md, section 3.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_range_append(
	aval_range    *range,
	const uint8_t *hashes, size_t count,
	aval_error    *err);

/**
 * Append the range that follows.
 *
 * @param[in,out] range  the range; unchanged on failure.
 * @param[in]     next   a range that begins where this one ends.
 * @param[out]    err    filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             the range ends where next ended.
 * @retval AVAL_E_PROOF_INDEX  next begins elsewhere.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/log.md, section 3.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_range_join(
	aval_range       *range,
	const aval_range *next,
	aval_error       *err);

/**
 * Compute the root of the tree that a range covers from leaf 0 on.
 *
 * @param[out] root32_out  32 bytes; the root of the tree of range->end leaves; written on success.
 * @param[in]  range       a range that begins at 0; it may be empty.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             root32_out holds the root.
 * @retval AVAL_E_PROOF_INDEX  the range does not begin at 0.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared; the range is only read.
 * @par Source     RFC 9162, section 2.1.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_range_root(
	uint8_t           root32_out[32],
	const aval_range *range,
	aval_error       *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_RANGE_H */
