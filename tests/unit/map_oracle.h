/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TEST_MAP_ORACLE_H
#define AVAL_TEST_MAP_ORACLE_H

/*
 * The definition of a sparse Merkle map (docs/spec/map.md), taken word for word: a sorted list of leaves, and
 * recursion over it. Slow, and sharing nothing with the library but SHA-256.
 */

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <aval/map.h>
#include <aval/map_proof.h>

#include "hash/hash.h"

#define ORACLE_ROOM 4096

typedef struct oracle_map {
	aval_map_item items[ORACLE_ROOM]; /* ascending */
	size_t        count;
} oracle_map;

/* xorshift64*: the same on every machine. */
static uint64_t oracle_seed = 1;

static inline uint64_t oracle_random(void)
{
	oracle_seed ^= oracle_seed >> 12;
	oracle_seed ^= oracle_seed << 25;
	oracle_seed ^= oracle_seed >> 27;
	return (oracle_seed * UINT64_C(0x2545f4914f6cdd1d)) >> 16;
}

static inline void oracle_bytes(uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)oracle_random();
}

/* The first item whose path is not below. */
static inline size_t oracle_find(const oracle_map *o, const uint8_t path32[32])
{
	size_t i = 0;

	while (i < o->count && memcmp(o->items[i].path32, path32, 32) < 0)
		i++;
	return i;
}

static inline bool oracle_has(const oracle_map *o, const uint8_t path32[32])
{
	size_t i = oracle_find(o, path32);

	return i < o->count && memcmp(o->items[i].path32, path32, 32) == 0;
}

static inline void oracle_apply(oracle_map *o, const aval_map_change *c)
{
	size_t i = oracle_find(o, c->path32);
	bool   has = oracle_has(o, c->path32);

	if (c->is_delete) {
		ck_assert(has);
		memmove(&o->items[i], &o->items[i + 1], (--o->count - i) * sizeof *o->items);
		return;
	}
	if (!has) {
		ck_assert(o->count < ORACLE_ROOM);
		memmove(&o->items[i + 1], &o->items[i], (o->count++ - i) * sizeof *o->items);
	}
	memcpy(o->items[i].path32, c->path32, 32);
	memcpy(o->items[i].value32, c->value32, 32);
}

static inline unsigned oracle_bit(const uint8_t path32[32], unsigned depth)
{
	return (unsigned)path32[depth / 8] >> (7 - depth % 8) & 1u;
}

static inline size_t oracle_fork(const oracle_map *o, size_t begin, size_t end, unsigned depth)
{
	while (begin < end && oracle_bit(o->items[begin].path32, depth) == 0)
		begin++;
	return begin;
}

static inline void oracle_hash(uint8_t out32[32], uint8_t prefix, const uint8_t a32[32], const uint8_t b32[32])
{
	uint8_t message[65] = { prefix };

	memcpy(message + 1, a32, 32);
	memcpy(message + 33, b32, 32);
	aval_sha256(out32, message, sizeof message);
}

static inline void oracle_root(uint8_t out32[32], const oracle_map *o, size_t begin, size_t end, unsigned depth)
{
	uint8_t left[32], right[32];
	size_t  middle;

	if (begin == end) {
		memset(out32, 0, 32);
	} else if (end - begin == 1) {
		oracle_hash(out32, 0, o->items[begin].path32, o->items[begin].value32);
	} else {
		middle = oracle_fork(o, begin, end, depth);
		oracle_root(left, o, begin, middle, depth + 1);
		oracle_root(right, o, middle, end, depth + 1);
		oracle_hash(out32, 1, left, right);
	}
}

/* A byte string, an integer or an array: its head in CBOR. */
static inline size_t oracle_head(uint8_t *out, unsigned major, size_t value)
{
	out[0] = (uint8_t)(major << 5 | (value < 24 ? value : value < 256 ? 24 : 25));
	if (value < 24)
		return 1;
	if (value < 256) {
		out[1] = (uint8_t)value;
		return 2;
	}
	out[1] = (uint8_t)(value >> 8);
	out[2] = (uint8_t)value;
	return 3;
}

static inline size_t oracle_string(uint8_t *out, const uint8_t *data, size_t len)
{
	size_t head = oracle_head(out, 2, len);

	if (len > 0)
		memcpy(out + head, data, len);
	return head + len;
}

/* The proof about a path, as the specification encodes it. */
static inline size_t oracle_proof(uint8_t *out, const oracle_map *o, const uint8_t path32[32])
{
	uint8_t  bitmap[32] = { 0 }, down[256][32], up[256 * 32];
	size_t   begin = 0, end = o->count, used = 0, len = 0;
	unsigned depth = 0;
	bool     other;

	while (end - begin > 1) {
		size_t middle = oracle_fork(o, begin, end, depth);
		bool   right = oracle_bit(path32, depth) == 1;

		if (right)
			oracle_root(down[used], o, begin, middle, depth + 1);
		else
			oracle_root(down[used], o, middle, end, depth + 1);
		if (right ? middle > begin : end > middle) {
			bitmap[depth / 8] |= (uint8_t)(0x80 >> depth % 8);
			used++;
		}
		*(right ? &begin : &end) = middle;
		depth++;
	}
	for (size_t i = 0; i < used; i++)
		memcpy(up + 32 * i, down[used - 1 - i], 32);
	other = end > begin && memcmp(o->items[begin].path32, path32, 32) != 0;
	len += oracle_head(out + len, 4, other ? 6 : 4);
	len += oracle_head(out + len, 0, begin == end ? 1 : other ? 2 : 0);
	len += oracle_head(out + len, 0, depth);
	len += oracle_string(out + len, bitmap, (depth + 7) / 8);
	len += oracle_string(out + len, up, 32 * used);
	if (other) {
		len += oracle_string(out + len, o->items[begin].path32, 32);
		len += oracle_string(out + len, o->items[begin].value32, 32);
	}
	return len;
}

/* Compare everything that a version says with the list. */
static inline void oracle_check_root(const aval_map *map, const oracle_map *o)
{
	uint8_t root[32];

	oracle_root(root, o, 0, o->count, 0);
	ck_assert_mem_eq(map->root32, root, 32);
	ck_assert_uint_eq(map->count, o->count);
}

static inline void oracle_check_path(const aval_map *map, const oracle_map *o, const uint8_t path32[32])
{
	uint8_t       got[AVAL_MAP_PROOF_MAX_LEN], want[AVAL_MAP_PROOF_MAX_LEN], value[32];
	size_t        got_len = sizeof got, want_len = oracle_proof(want, o, path32), i = oracle_find(o, path32);
	bool          has = oracle_has(o, path32);
	aval_map_item item;

	ck_assert_int_eq(aval_map_prove(got, &got_len, map, path32, NULL), AVAL_OK);
	ck_assert_uint_eq(got_len, want_len);
	ck_assert_mem_eq(got, want, want_len);
	ck_assert_int_eq(aval_map_get(value, map, path32, NULL), has ? AVAL_OK : AVAL_E_NOT_FOUND);
	if (has) {
		ck_assert_mem_eq(value, o->items[i].value32, 32);
		ck_assert_int_eq(aval_map_verify_present(map->root32, path32, value, got, got_len, NULL), AVAL_OK);
		ck_assert_int_eq(aval_map_verify_absent(map->root32, path32, got, got_len, NULL), AVAL_E_MAP_KIND);
	} else {
		ck_assert_int_eq(aval_map_verify_absent(map->root32, path32, got, got_len, NULL), AVAL_OK);
		ck_assert_int_eq(aval_map_verify_present(map->root32, path32, path32, got, got_len, NULL), AVAL_E_MAP_KIND);
	}
	ck_assert_int_eq(aval_map_before(&item, map, path32, NULL), i > 0 ? AVAL_OK : AVAL_E_NOT_FOUND);
	if (i > 0)
		ck_assert_mem_eq(&item, &o->items[i - 1], sizeof item);
	i += has;
	ck_assert_int_eq(aval_map_after(&item, map, path32, NULL), i < o->count ? AVAL_OK : AVAL_E_NOT_FOUND);
	if (i < o->count)
		ck_assert_mem_eq(&item, &o->items[i], sizeof item);
}

#endif /* AVAL_TEST_MAP_ORACLE_H */
