/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TEST_LOG_ORACLE_H
#define AVAL_TEST_LOG_ORACLE_H

/*
 * The recursive definitions of RFC 9162, 2.1, and of the subtree proofs, taken
 * word for word: slow, and sharing nothing with the library but SHA-256. Leaf i
 * of every tree holds the i mod 40 bytes i, i + 1, ...
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "hash/hash.h"

#define ORACLE_MAX 130

static inline size_t oracle_leaf_len(uint64_t index)
{
	return (size_t)(index % 40);
}

static inline void oracle_leaf(uint8_t *data, uint64_t index)
{
	for (size_t i = 0; i < oracle_leaf_len(index); i++)
		data[i] = (uint8_t)(index + i);
}

static inline uint64_t oracle_split(uint64_t count)
{
	uint64_t k = 1;

	while (2 * k < count)
		k *= 2;
	return k;
}

/* MTH(D[begin:end]); remembered, since it is asked for again and again. */
static inline const uint8_t *oracle_root(uint64_t begin, uint64_t end)
{
	static uint8_t roots[ORACLE_MAX + 1][ORACLE_MAX + 1][32];
	static bool    known[ORACLE_MAX + 1][ORACLE_MAX + 1];
	uint8_t        message[65], *root = roots[begin][end];

	if (known[begin][end])
		return root;
	if (begin == end) {
		aval_sha256(root, "", 0);
	} else if (end - begin == 1) {
		message[0] = 0;
		oracle_leaf(message + 1, begin);
		aval_sha256(root, message, 1 + oracle_leaf_len(begin));
	} else {
		uint64_t middle = begin + oracle_split(end - begin);

		message[0] = 1;
		memcpy(message + 1, oracle_root(begin, middle), 32);
		memcpy(message + 33, oracle_root(middle, end), 32);
		aval_sha256(root, message, 65);
	}
	known[begin][end] = true;
	return root;
}

typedef struct oracle_proof {
	uint8_t hashes[32 * (ORACLE_MAX + 1)];
	size_t  count;
} oracle_proof;

static inline void oracle_put(oracle_proof *proof, uint64_t begin, uint64_t end)
{
	memcpy(proof->hashes + 32 * proof->count++, oracle_root(begin, end), 32);
}

/* PATH(index, D[begin:end]) */
static inline void oracle_path(oracle_proof *proof, uint64_t index, uint64_t begin, uint64_t end)
{
	uint64_t middle;

	if (end - begin <= 1)
		return;
	middle = begin + oracle_split(end - begin);
	if (index < middle) {
		oracle_path(proof, index, begin, middle);
		oracle_put(proof, middle, end);
	} else {
		oracle_path(proof, index, middle, end);
		oracle_put(proof, begin, middle);
	}
}

/* SUBTREE_SUBPROOF(from, to, D[begin:end], whole); with from 0 it is SUBPROOF of the RFC. */
static inline void oracle_subproof(oracle_proof *proof, uint64_t from, uint64_t to, uint64_t begin, uint64_t end,
                                   bool whole)
{
	uint64_t middle;

	if (from == begin && to == end) {
		if (!whole)
			oracle_put(proof, begin, end);
		return;
	}
	middle = begin + oracle_split(end - begin);
	if (to <= middle) {
		oracle_subproof(proof, from, to, begin, middle, whole);
		oracle_put(proof, middle, end);
	} else if (from >= middle) {
		oracle_subproof(proof, from, to, middle, end, whole);
		oracle_put(proof, begin, middle);
	} else {
		oracle_subproof(proof, middle, to, middle, end, false);
		oracle_put(proof, begin, middle);
	}
}

/* The roots of the maximal subtrees of D[begin:end] without an opened leaf. */
static inline void oracle_multi(oracle_proof *proof, const bool *opened, uint64_t begin, uint64_t end)
{
	uint64_t middle, any = begin;

	while (any < end && !opened[any])
		any++;
	if (any == end) {
		oracle_put(proof, begin, end);
	} else if (end - begin > 1) {
		middle = begin + oracle_split(end - begin);
		oracle_multi(proof, opened, begin, middle);
		oracle_multi(proof, opened, middle, end);
	}
}

static inline bool oracle_is_subtree(uint64_t begin, uint64_t end)
{
	uint64_t width = 1;

	while (width < end - begin)
		width *= 2;
	return begin < end && begin % width == 0;
}

#endif /* AVAL_TEST_LOG_ORACLE_H */
