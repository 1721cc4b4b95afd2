/* SPDX-License-Identifier: Apache-2.0 */
/* Making multiproofs; map_multi.h says in which order. */
#include "merkle/map_multi.h"

aval_status aval_map_check_paths(const uint8_t *paths, size_t stride, size_t count, aval_error *err)
{
	if (count == 0)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "map_proof.keys", "no key is given");
	if (count > AVAL_MAP_MAX_CLAIMS)
		return aval_fail(err, AVAL_E_LIMIT, "map_proof.keys", "more than AVAL_MAP_MAX_CLAIMS");
	for (size_t i = 1; i < count; i++)
		if (memcmp(paths + (i - 1) * stride, paths + i * stride, 32) >= 0)
			return aval_fail(err, AVAL_E_PROOF_INDEX, "map_proof.keys[]",
			                 "the paths do not strictly ascend");
	return AVAL_OK;
}

aval_map_group aval_map_group_of(const uint8_t *paths, size_t stride, size_t count, size_t begin,
                                 unsigned depth)
{
	const uint8_t *path = paths + begin * stride;
	aval_map_group g = { .end = begin + 1 };

	for (; g.end < count; g.end++) {
		unsigned shared = aval_path_shared(path, paths + g.end * stride);

		if (shared < depth) {
			g.stop = shared + 1;
			break;
		}
	}
	return g;
}

/* Where the parts go; without room for them they are only counted. */
typedef struct output {
	aval_cbor_writer ends;
	uint8_t         *bitmap, *siblings;
	size_t           end_count, bit_count, sibling_count;
	unsigned         waiting[AVAL_MAP_MAX_DEPTH]; /* depths of the nodes on the stack */
	unsigned         waiting_count;
} output;

static void put_sibling(output *o, const uint8_t *hash32)
{
	if (hash32 != NULL && o->siblings != NULL) {
		o->bitmap[o->bit_count / 8] |= (uint8_t)(0x80 >> o->bit_count % 8);
		memcpy(o->siblings + 32 * o->sibling_count, hash32, 32);
	}
	o->bit_count++;
	o->sibling_count += hash32 != NULL;
}

/* A node waits where its sibling holds a later key, and is met from there on the way up. */
static void put_climb(output *o, const aval_map_way *way, unsigned stop)
{
	const uint8_t *next = way->siblings;

	for (unsigned depth = way->depth; depth > stop; depth--) {
		const uint8_t *sibling = aval_map_bit(way->bitmap, depth - 1) ? next : NULL;

		if (o->waiting_count > 0 && o->waiting[o->waiting_count - 1] == depth)
			o->waiting_count--;
		else
			put_sibling(o, sibling);
		next += sibling != NULL ? 32 : 0;
	}
	if (stop > 0)
		o->waiting[o->waiting_count++] = stop;
}

static void put_end(output *o, const aval_map_way *way, const uint8_t *paths, size_t begin, size_t end)
{
	aval_map_end kind = way->end;

	for (size_t i = begin; i < end && kind == AVAL_MAP_END_OTHER; i++)
		if (memcmp(way->leaf, paths + 32 * i, 32) == 0)
			kind = AVAL_MAP_END_PRESENT;
	aval_cbor_write_array(&o->ends, kind == AVAL_MAP_END_OTHER ? 4 : 2);
	aval_cbor_write_uint(&o->ends, kind);
	aval_cbor_write_uint(&o->ends, way->depth);
	if (kind == AVAL_MAP_END_OTHER) {
		aval_cbor_write_bytes(&o->ends, way->leaf, 32);
		aval_cbor_write_bytes(&o->ends, way->leaf + 32, 32);
	}
	o->end_count++;
}

static aval_status put_all(output *o, const aval_map *map, const uint8_t *paths, size_t count, aval_error *err)
{
	for (size_t i = 0; i < count;) {
		aval_map_way   way;
		aval_map_group group;
		aval_status    status = aval_map_walk(&way, map, paths + 32 * i, err);

		if (status != AVAL_OK)
			return status;
		group = aval_map_group_of(paths, 32, count, i, way.depth);
		put_end(o, &way, paths, i, group.end);
		put_climb(o, &way, group.stop);
		i = group.end;
	}
	return AVAL_OK;
}

/* The frame around the counted parts. With room, sets o up to write them into it. Returns the length. */
static size_t lay_out(output *o, uint8_t *proof, size_t room, const output *counted)
{
	size_t           bitmap_len = (counted->bit_count + 7) / 8, ends_at;
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, proof, room);
	aval_cbor_write_array(&w, 3);
	aval_cbor_write_array(&w, counted->end_count);
	ends_at = w.len;
	w.len += counted->ends.len;
	aval_cbor_write_bytes_head(&w, bitmap_len);
	if (proof != NULL) {
		aval_cbor_writer_init(&o->ends, proof + ends_at, counted->ends.len);
		o->bitmap = proof + w.len;
		memset(o->bitmap, 0, bitmap_len);
	}
	w.len += bitmap_len;
	aval_cbor_write_bytes_head(&w, 32 * counted->sibling_count);
	if (proof != NULL)
		o->siblings = proof + w.len;
	return w.len + 32 * counted->sibling_count;
}

aval_status aval_map_prove_many(uint8_t *proof_out, size_t *proof_len_inout, const aval_map *map,
                                const uint8_t *paths, size_t path_count, aval_error *err)
{
	size_t      len, room = proof_out == NULL ? 0 : *proof_len_inout;
	output      counted = { .waiting_count = 0 }, written = { .waiting_count = 0 };
	aval_status status = aval_map_check_paths(paths, 32, path_count, err);

	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&counted.ends, NULL, 0);
	status = put_all(&counted, map, paths, path_count, err);
	if (status != AVAL_OK)
		return status;
	len = lay_out(&written, NULL, 0, &counted);
	if (len > room) {
		*proof_len_inout = len;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "map.proof", "the proof has more bytes");
	}
	lay_out(&written, proof_out, len, &counted);
	status = put_all(&written, map, paths, path_count, err);
	if (status == AVAL_OK)
		*proof_len_inout = len;
	return status;
}
