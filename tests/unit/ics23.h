/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TEST_ICS23_H
#define AVAL_TEST_ICS23_H

/*
 * A verifier of ICS23 commitment proofs under SmtSpec, written from the specification and sharing nothing with the
 * library but SHA-256. A proof is protobuf bytes; what the specification does not allow is refused.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "hash/hash.h"

typedef struct ics23_bytes {
	const uint8_t *data;
	size_t         len;
} ics23_bytes;

typedef struct ics23_op {
	uint64_t    hash, prehash_key, prehash_value, length;
	ics23_bytes prefix, suffix;
} ics23_op;

#define ICS23_MAX_PATH 256

typedef struct ics23_existence {
	bool        present, has_leaf;
	ics23_bytes key, value;
	ics23_op    leaf;
	ics23_op    path[ICS23_MAX_PATH];
	size_t      path_count;
} ics23_existence;

typedef struct ics23_proof {
	bool            is_exist, is_nonexist;
	ics23_existence exist, left, right;
	ics23_bytes     key;
} ics23_proof;

/* One field of a message: a number, or bytes. */
typedef struct ics23_field {
	unsigned    number;
	bool        is_bytes;
	uint64_t    value;
	ics23_bytes bytes;
} ics23_field;

static inline bool ics23_varint(ics23_bytes *in, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; in->len > 0 && shift < 63; shift += 7) {
		uint8_t byte = *in->data++;

		in->len--;
		*out |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return byte != 0 || shift == 0;
	}
	return false;
}

static inline bool ics23_next(ics23_bytes *in, ics23_field *f)
{
	uint64_t tag, value;

	if (!ics23_varint(in, &tag) || !ics23_varint(in, &value) || (tag & 5) != 0)
		return false;
	f->number = (unsigned)(tag >> 3);
	f->is_bytes = (tag & 7) == 2;
	f->value = value;
	if (!f->is_bytes)
		return true;
	if (value > in->len)
		return false;
	f->bytes = (ics23_bytes){ in->data, (size_t)value };
	in->data += value;
	in->len -= (size_t)value;
	return true;
}

static inline bool ics23_parse_op(ics23_op *op, ics23_bytes in, bool is_leaf)
{
	ics23_field f;

	memset(op, 0, sizeof *op);
	while (in.len > 0) {
		if (!ics23_next(&in, &f))
			return false;
		if (f.number == 1 && !f.is_bytes)
			op->hash = f.value;
		else if (is_leaf && f.number == 2 && !f.is_bytes)
			op->prehash_key = f.value;
		else if (is_leaf && f.number == 3 && !f.is_bytes)
			op->prehash_value = f.value;
		else if (is_leaf && f.number == 4 && !f.is_bytes)
			op->length = f.value;
		else if (f.number == (is_leaf ? 5u : 2u) && f.is_bytes)
			op->prefix = f.bytes;
		else if (!is_leaf && f.number == 3 && f.is_bytes)
			op->suffix = f.bytes;
		else
			return false;
	}
	return true;
}

static inline bool ics23_parse_existence(ics23_existence *e, ics23_bytes in)
{
	ics23_field f;

	memset(e, 0, sizeof *e);
	e->present = true;
	while (in.len > 0) {
		if (!ics23_next(&in, &f) || !f.is_bytes)
			return false;
		if (f.number == 1)
			e->key = f.bytes;
		else if (f.number == 2)
			e->value = f.bytes;
		else if (f.number == 3)
			e->has_leaf = ics23_parse_op(&e->leaf, f.bytes, true);
		else if (f.number != 4 || e->path_count == ICS23_MAX_PATH ||
		         !ics23_parse_op(&e->path[e->path_count++], f.bytes, false))
			return false;
	}
	return e->has_leaf;
}

static inline bool ics23_parse(ics23_proof *p, const uint8_t *data, size_t len)
{
	ics23_bytes in = { data, len };
	ics23_field f;

	memset(p, 0, sizeof *p);
	if (!ics23_next(&in, &f) || !f.is_bytes || in.len != 0)
		return false;
	if (f.number == 1) {
		p->is_exist = true;
		return ics23_parse_existence(&p->exist, f.bytes);
	}
	p->is_nonexist = f.number == 2;
	for (in = f.bytes; p->is_nonexist && in.len > 0;) {
		if (!ics23_next(&in, &f) || !f.is_bytes)
			return false;
		if (f.number == 1)
			p->key = f.bytes;
		else if (f.number == 2 ? !ics23_parse_existence(&p->left, f.bytes)
		         : f.number != 3 || !ics23_parse_existence(&p->right, f.bytes))
			return false;
	}
	return p->is_nonexist;
}

/* SmtSpec: 0 where the node stands on the left of its parent, 1 on the right, -1 where it is no inner node. */
static inline int ics23_side(const ics23_op *op)
{
	if (op->hash != 1 || op->prefix.len == 0 || op->prefix.data[0] != 1)
		return -1;
	if (op->prefix.len == 1 && op->suffix.len == 32)
		return 0;
	return op->prefix.len == 33 && op->suffix.len == 0 ? 1 : -1;
}

static inline bool ics23_sibling_is_empty(const ics23_op *op)
{
	static const uint8_t empty[32];

	return memcmp(ics23_side(op) == 0 ? op->suffix.data : op->prefix.data + 1, empty, 32) == 0;
}

static inline bool ics23_leaf_is_smt(const ics23_op *leaf)
{
	return leaf->hash == 1 && leaf->prehash_key == 1 && leaf->prehash_value == 1 && leaf->length == 0 &&
	       leaf->prefix.len == 1 && leaf->prefix.data[0] == 0;
}

static inline bool ics23_verify_existence(const ics23_existence *e, const uint8_t root32[32])
{
	uint8_t node[32], message[65] = { 0 };

	if (!ics23_leaf_is_smt(&e->leaf) || e->key.len == 0 || e->value.len == 0)
		return false;
	aval_sha256(message + 1, e->key.data, e->key.len);
	aval_sha256(message + 33, e->value.data, e->value.len);
	aval_sha256(node, message, sizeof message);
	for (size_t i = 0; i < e->path_count; i++) {
		const ics23_op *op = &e->path[i];

		if (ics23_side(op) < 0)
			return false;
		memcpy(message, op->prefix.data, op->prefix.len);
		memcpy(message + op->prefix.len, node, 32);
		if (op->suffix.len > 0)
			memcpy(message + op->prefix.len + 32, op->suffix.data, op->suffix.len);
		aval_sha256(node, message, sizeof message);
	}
	return memcmp(node, root32, 32) == 0;
}

/* Whether every step of [0, count) stands on one side, or beside an empty subtree. */
static inline bool ics23_outermost(const ics23_op *path, size_t count, int side)
{
	for (size_t i = 0; i < count; i++)
		if (ics23_side(&path[i]) != side && !ics23_sibling_is_empty(&path[i]))
			return false;
	return true;
}

static inline bool ics23_bytes_equal(ics23_bytes a, ics23_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool ics23_neighbours(const ics23_existence *left, const ics23_existence *right)
{
	size_t l = left->path_count, r = right->path_count;

	while (l > 0 && r > 0 && ics23_bytes_equal(left->path[l - 1].prefix, right->path[r - 1].prefix) &&
	       ics23_bytes_equal(left->path[l - 1].suffix, right->path[r - 1].suffix)) {
		l--;
		r--;
	}
	return l > 0 && r > 0 && ics23_side(&left->path[l - 1]) == 0 && ics23_side(&right->path[r - 1]) == 1 &&
	       ics23_outermost(left->path, l - 1, 1) && ics23_outermost(right->path, r - 1, 0);
}

/* Less than 0 where the first key's path stands before the second's. */
static inline int ics23_order(ics23_bytes a, ics23_bytes b)
{
	uint8_t x[32], y[32];

	aval_sha256(x, a.data, a.len);
	aval_sha256(y, b.data, b.len);
	return memcmp(x, y, 32);
}

static inline bool ics23_verify_membership(const ics23_proof *p, const uint8_t root32[32], ics23_bytes key,
                                           ics23_bytes value)
{
	return p->is_exist && ics23_bytes_equal(p->exist.key, key) && ics23_bytes_equal(p->exist.value, value) &&
	       ics23_verify_existence(&p->exist, root32);
}

static inline bool ics23_verify_non_membership(const ics23_proof *p, const uint8_t root32[32], ics23_bytes key)
{
	if (!p->is_nonexist || (!p->left.present && !p->right.present))
		return false;
	if (p->left.present && (!ics23_verify_existence(&p->left, root32) || ics23_order(p->left.key, key) >= 0))
		return false;
	if (p->right.present && (!ics23_verify_existence(&p->right, root32) || ics23_order(key, p->right.key) >= 0))
		return false;
	if (!p->left.present)
		return ics23_outermost(p->right.path, p->right.path_count, 0);
	if (!p->right.present)
		return ics23_outermost(p->left.path, p->left.path_count, 1);
	return ics23_neighbours(&p->left, &p->right);
}

#endif /* AVAL_TEST_ICS23_H */
