/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ICS23 proofs (SmtSpec) as protobuf bytes. Of protobuf this needs varints and fields of bytes; a message
 * within a message stands behind its length, so lengths are computed first.
 */
#include "cbor/cbor.h"
#include "hash/hash.h"
#include "merkle/map.h"

/* Field numbers, as tags of fields with a length. */
enum {
	PROOF_EXIST = 0x0a,
	PROOF_NONEXIST = 0x12,
	EXIST_KEY = 0x0a,
	EXIST_VALUE = 0x12,
	EXIST_LEAF = 0x1a,
	EXIST_PATH = 0x22,
	NONEXIST_KEY = 0x0a,
	NONEXIST_LEFT = 0x12,
	NONEXIST_RIGHT = 0x1a
};

/* LeafOp: hash, prehash_key and prehash_value SHA-256, no length prefix, prefix 00. */
static const uint8_t leaf_op[] = { 0x08, 0x01, 0x10, 0x01, 0x18, 0x01, 0x2a, 0x01, 0x00 };

/* InnerOp: hash SHA-256; the prefix is 01 and a left sibling, or 01 alone and a right sibling the suffix. */
static const uint8_t inner_left[] = { 0x08, 0x01, 0x12, 0x01, 0x01, 0x1a, 0x20 };
static const uint8_t inner_right[] = { 0x08, 0x01, 0x12, 0x21, 0x01 };

typedef aval_cbor_writer writer; /* a writer of bytes that counts on where room is out */

static size_t varint_len(uint64_t value)
{
	size_t len = 1;

	while ((value >>= 7) != 0)
		len++;
	return len;
}

static size_t field_len(size_t len)
{
	return 1 + varint_len(len) + len;
}

static void write_head(writer *w, uint8_t tag, size_t len)
{
	uint8_t  head[11] = { tag };
	size_t   count = 1;
	uint64_t value = len;

	for (; value >= 0x80; value >>= 7)
		head[count++] = (uint8_t)(value | 0x80);
	head[count++] = (uint8_t)value;
	aval_cbor_write_raw(w, head, count);
}

static void write_field(writer *w, uint8_t tag, const uint8_t *data, size_t len)
{
	write_head(w, tag, len);
	aval_cbor_write_raw(w, data, len);
}

static void write_inner(writer *w, const uint8_t sibling32[32], unsigned is_right)
{
	const uint8_t *op = is_right ? inner_right : inner_left;
	size_t         op_len = is_right ? sizeof inner_right : sizeof inner_left;

	write_head(w, EXIST_PATH, op_len + 32);
	aval_cbor_write_raw(w, op, op_len);
	aval_cbor_write_raw(w, sibling32, 32);
}

static size_t path_len(const aval_map_way *way)
{
	size_t len = 0;

	for (unsigned depth = 0; depth < way->depth; depth++)
		len += field_len((aval_path_bit(way->leaf, depth) ? sizeof inner_right : sizeof inner_left) +
		                 32);
	return len;
}

static size_t existence_len(const aval_map_way *way, const aval_map_entry *entry)
{
	return field_len(entry->key.len) + field_len(entry->value.len) + field_len(sizeof leaf_op) +
	       path_len(way);
}

static void write_existence(writer *w, uint8_t tag, const aval_map_way *way, const aval_map_entry *entry)
{
	const uint8_t *sibling = way->siblings;

	write_head(w, tag, existence_len(way, entry));
	write_field(w, EXIST_KEY, entry->key.data, entry->key.len);
	write_field(w, EXIST_VALUE, entry->value.data, entry->value.len);
	write_field(w, EXIST_LEAF, leaf_op, sizeof leaf_op);
	for (unsigned depth = way->depth; depth-- > 0;) {
		bool used = aval_map_bit(way->bitmap, depth);

		write_inner(w, used ? sibling : aval_map_empty, aval_path_bit(way->leaf, depth));
		sibling += used ? 32 : 0;
	}
}

/* The way to a key with its value; AVAL_E_NOT_FOUND if the version has no such key, or with another value. */
static aval_status find_entry(aval_map_way *way, const aval_map *map, const aval_map_entry *entry,
                              aval_error *err)
{
	uint8_t     path[32], value[32];
	aval_status status;

	if (entry->key.len == 0 || entry->value.len == 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "ics23", "an empty key or value");
	aval_sha256(path, entry->key.data, entry->key.len);
	status = aval_map_walk(way, map, path, err);
	if (status != AVAL_OK)
		return status;
	aval_map_value(value, entry->value.data, entry->value.len);
	if (way->end != AVAL_MAP_END_PRESENT || memcmp(way->leaf + 32, value, 32) != 0)
		return aval_fail(err, AVAL_E_NOT_FOUND, "ics23.key",
		                 "the version has no such key, or another value of it");
	return AVAL_OK;
}

/* Room for a proof of len bytes, or the failure. */
static aval_status open_output(writer *w, uint8_t *out, size_t *len_inout, size_t len, aval_error *err)
{
	size_t room = out == NULL ? 0 : *len_inout;

	*len_inout = len;
	if (len > room)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "ics23", "the proof has more bytes");
	aval_cbor_writer_init(w, out, len);
	return AVAL_OK;
}

aval_status aval_map_ics23_existence(uint8_t *proof_out, size_t *proof_len_inout, const aval_map *map,
                                     const uint8_t *key, size_t key_len, const uint8_t *value, size_t value_len,
                                     aval_error *err)
{
	aval_map_entry entry = { { key, key_len }, { value, value_len } };
	aval_map_way   way;
	writer         w;
	aval_status    status = find_entry(&way, map, &entry, err);

	if (status == AVAL_OK)
		status = open_output(&w, proof_out, proof_len_inout, field_len(existence_len(&way, &entry)),
		                     err);
	if (status == AVAL_OK)
		write_existence(&w, PROOF_EXIST, &way, &entry);
	return status;
}

/* One side of an absent key: the entry that the caller says is the neighbour there, or none. */
typedef aval_status (*neighbour_finder)(aval_map_item *item_out, const aval_map *map, const uint8_t path32[32],
                                        aval_error *err);

static aval_status not_neighbour(aval_error *err)
{
	return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "ics23",
	                 "not the neighbour of the key, or none where one is");
}

/* What a search that may end in AVAL_E_NOT_FOUND left in a detail of its own. */
static aval_status pass_on(aval_status status, const aval_error *detail, aval_error *err)
{
	if (err != NULL)
		*err = *detail;
	return status;
}

static aval_status find_side(aval_map_way *way, const aval_map *map, const uint8_t path32[32],
                             const aval_map_entry *entry, neighbour_finder find, aval_error *err)
{
	aval_error    detail = AVAL_ERROR_INIT;
	aval_map_item item;
	aval_status   status = find(&item, map, path32, &detail);

	if (status == AVAL_E_NOT_FOUND && entry == NULL)
		return AVAL_OK;
	if (status == AVAL_OK && entry != NULL)
		status = find_entry(way, map, entry, &detail);
	else if (status == AVAL_OK)
		return not_neighbour(err);
	if (status == AVAL_E_NOT_FOUND || (status == AVAL_OK && memcmp(way->leaf, item.path32, 32) != 0))
		return not_neighbour(err);
	return status == AVAL_OK ? AVAL_OK : pass_on(status, &detail, err);
}

static aval_status check_absent(const aval_map *map, const uint8_t path32[32], aval_error *err)
{
	aval_error  detail = AVAL_ERROR_INIT;
	aval_status status = aval_map_get(NULL, map, path32, &detail);

	if (status == AVAL_OK)
		return aval_fail(err, AVAL_E_MAP_KIND, "ics23.key", "the key is present");
	return status == AVAL_E_NOT_FOUND ? AVAL_OK : pass_on(status, &detail, err);
}

static void write_nonexistence(writer *w, size_t len, const uint8_t path32[32], const aval_map_way *left_way,
                               const aval_map_entry *left, const aval_map_way *right_way,
                               const aval_map_entry *right)
{
	write_head(w, PROOF_NONEXIST, len);
	write_field(w, NONEXIST_KEY, path32, 32);
	if (left != NULL)
		write_existence(w, NONEXIST_LEFT, left_way, left);
	if (right != NULL)
		write_existence(w, NONEXIST_RIGHT, right_way, right);
}

aval_status aval_map_ics23_nonexistence(uint8_t *proof_out, size_t *proof_len_inout, const aval_map *map,
                                        const uint8_t *key, size_t key_len, const aval_map_entry *left,
                                        const aval_map_entry *right, aval_error *err)
{
	aval_map_way left_way, right_way;
	uint8_t      path[32];
	size_t       len;
	writer       w;
	aval_status  status;

	if (key_len == 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "ics23", "an empty key or value");
	if (map->page == 0)
		return aval_fail(err, AVAL_E_UNSUPPORTED, "ics23",
		                 "ICS23 has no proof about a map without keys");
	aval_sha256(path, key, key_len);
	status = check_absent(map, path, err);
	if (status == AVAL_OK)
		status = find_side(&left_way, map, path, left, aval_map_before, err);
	if (status == AVAL_OK)
		status = find_side(&right_way, map, path, right, aval_map_after, err);
	if (status != AVAL_OK)
		return status;
	len = field_len(32);
	len += left == NULL ? 0 : field_len(existence_len(&left_way, left));
	len += right == NULL ? 0 : field_len(existence_len(&right_way, right));
	status = open_output(&w, proof_out, proof_len_inout, field_len(len), err);
	if (status == AVAL_OK)
		write_nonexistence(&w, len, path, &left_way, left, &right_way, right);
	return status;
}
