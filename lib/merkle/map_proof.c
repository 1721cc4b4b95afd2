/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs about one key: docs/spec/map.md, section 4. */
#include "hash/hash.h"
#include "merkle/map.h"

static void write_proof(aval_cbor_writer *w, const aval_map_way *way)
{
	bool other = way->end == AVAL_MAP_END_OTHER;

	aval_cbor_write_array(w, other ? 6 : 4);
	aval_cbor_write_uint(w, way->end);
	aval_cbor_write_uint(w, way->depth);
	aval_cbor_write_bytes(w, way->bitmap, (way->depth + 7) / 8);
	aval_cbor_write_bytes(w, way->siblings, 32 * (size_t)way->sibling_count);
	if (!other)
		return;
	aval_cbor_write_bytes(w, way->leaf, 32);
	aval_cbor_write_bytes(w, way->leaf + 32, 32);
}

aval_status aval_map_prove(uint8_t *proof_out, size_t *proof_len_inout, const aval_map *map,
                           const uint8_t path32[32], aval_error *err)
{
	size_t           room = proof_out == NULL ? 0 : *proof_len_inout;
	aval_map_way     way;
	aval_cbor_writer w;
	aval_status      status = aval_map_walk(&way, map, path32, err);

	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, NULL, 0);
	write_proof(&w, &way);
	*proof_len_inout = w.len;
	if (w.len > room)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "map.proof", "the proof has more bytes");
	aval_cbor_writer_init(&w, proof_out, room);
	write_proof(&w, &way);
	return AVAL_OK;
}

const uint8_t *aval_map_read_hash(aval_cbor_reader *r, const char *where)
{
	size_t     offset = r->offset;
	aval_bytes bytes = aval_cbor_read_bytes(r, where);

	if (aval_cbor_ok(r) && bytes.len == 32)
		return bytes.data;
	aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, where, "the byte string has another length");
	return NULL;
}

/* The content of a byte string of the input begins here; an empty one may have no address. */
static size_t offset_of(const aval_cbor_reader *r, aval_bytes bytes)
{
	return r->offset - bytes.len;
}

void aval_map_read_siblings(aval_cbor_reader *r, aval_map_siblings *s)
{
	s->bitmap = aval_cbor_read_bytes(r, "map_proof.bitmap");
	s->bitmap_offset = offset_of(r, s->bitmap);
	s->hashes = aval_cbor_read_bytes(r, "map_proof.siblings");
	s->hashes_offset = offset_of(r, s->hashes);
}

static size_t count_ones(aval_bytes bitmap)
{
	size_t ones = 0;

	for (size_t i = 0; i < bitmap.len; i++)
		ones += aval_pop16(bitmap.data[i]);
	return ones;
}

static void check_hashes(aval_cbor_reader *r, const aval_map_siblings *s)
{
	if (s->hashes.len != 32 * count_ones(s->bitmap)) {
		aval_cbor_fail_at(r, AVAL_E_PROOF_LENGTH, s->hashes_offset, "map_proof.siblings",
		                  "more or fewer siblings than the bitmap has ones");
		return;
	}
	for (size_t at = 0; at < s->hashes.len; at += 32)
		if (aval_map_is_empty(s->hashes.data + at))
			aval_cbor_fail_at(r, AVAL_E_MAP_EMPTY_SIBLING, s->hashes_offset + at,
			                  "map_proof.siblings", "an empty subtree is given as a hash");
}

void aval_map_check_bitmap(aval_cbor_reader *r, const aval_map_siblings *s, size_t count)
{
	unsigned spare = (unsigned)(8 * s->bitmap.len - count);

	if (!aval_cbor_ok(r))
		return;
	if (s->bitmap.len != (count + 7) / 8)
		aval_cbor_fail_at(r, AVAL_E_PROOF_SHAPE, s->bitmap_offset, "map_proof.bitmap",
		                  "the bitmap is longer or shorter than the way");
	else if (count > 0 && (s->bitmap.data[s->bitmap.len - 1] & ((1u << spare) - 1)) != 0)
		aval_cbor_fail_at(r, AVAL_E_PROOF_SHAPE, s->bitmap_offset + s->bitmap.len - 1,
		                  "map_proof.bitmap", "a bit is set behind the end of the bitmap");
	else
		check_hashes(r, s);
}

static void read_depth(aval_cbor_reader *r, aval_map_proof *p)
{
	size_t   offset = r->offset;
	uint64_t depth = aval_cbor_read_uint(r, "map_proof.depth");

	if (depth > AVAL_MAP_MAX_DEPTH)
		aval_cbor_fail_at(r, AVAL_E_PROOF_SHAPE, offset, "map_proof.depth", "the depth is above 256");
	p->depth = (uint32_t)depth;
}

static void read_proof(aval_cbor_reader *r, aval_map_proof *p)
{
	size_t            count = aval_cbor_enter_array(r, "map_proof");
	aval_map_siblings s;

	p->end = (aval_map_end)aval_cbor_read_uint_range(r, "map_proof.end", 0, 2);
	if (aval_cbor_ok(r) && count != (p->end == AVAL_MAP_END_OTHER ? 6 : 4))
		aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, 0, "map_proof", "the array has another count of items");
	read_depth(r, p);
	aval_map_read_siblings(r, &s);
	aval_map_check_bitmap(r, &s, p->depth);
	if (p->end == AVAL_MAP_END_OTHER) {
		p->other_path32 = aval_map_read_hash(r, "map_proof.other_path");
		p->other_value32 = aval_map_read_hash(r, "map_proof.other_value");
	}
	aval_cbor_leave(r, "map_proof");
	p->bitmap = s.bitmap.data;
	p->siblings = s.hashes.data;
	p->sibling_count = s.hashes.len / 32;
	if (aval_cbor_ok(r) && p->depth > 0 && !aval_map_bit(p->bitmap, p->depth - 1))
		aval_cbor_fail_at(r, AVAL_E_MAP_TOO_DEEP, s.bitmap_offset + (p->depth - 1) / 8,
		                  "map_proof.bitmap", "the sibling of the end is empty");
}

aval_status aval_map_proof_parse(aval_map_proof *proof_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_map_proof   proof = { .end = AVAL_MAP_END_EMPTY };
	aval_cbor_reader r;
	aval_status      status;

	aval_cbor_reader_init(&r, data, len);
	read_proof(&r, &proof);
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK)
		*proof_out = proof;
	return status;
}

/* Go up from a node at the end of the way, and compare. */
static aval_status climb(const uint8_t root32[32], uint8_t node32[32], const uint8_t path32[32],
                         const aval_map_proof *p, aval_error *err)
{
	const uint8_t *sibling = p->siblings;

	for (uint32_t depth = p->depth; depth-- > 0;) {
		bool used = aval_map_bit(p->bitmap, depth);

		aval_map_join(node32, used ? sibling : aval_map_empty, aval_path_bit(path32, depth));
		sibling += used ? 32 : 0;
	}
	if (memcmp(node32, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "map_proof.root",
		                 "the proof leads to another root");
	return AVAL_OK;
}

aval_status aval_map_verify_present(const uint8_t root32[32], const uint8_t path32[32],
                                    const uint8_t value32[32], const uint8_t *proof, size_t proof_len,
                                    aval_error *err)
{
	aval_map_proof p;
	uint8_t        node[32];
	aval_status    status = aval_map_proof_parse(&p, proof, proof_len, err);

	if (status != AVAL_OK)
		return status;
	if (p.end != AVAL_MAP_END_PRESENT)
		return aval_fail(err, AVAL_E_MAP_KIND, "map_proof.end", "the proof is one of absence");
	aval_map_leaf(node, path32, value32);
	return climb(root32, node, path32, &p, err);
}

/* The leaf at which the way of an absent key ends must not be its own, and must share the way. */
static aval_status check_other(const aval_map_proof *p, const uint8_t path32[32], aval_error *err)
{
	unsigned shared = aval_path_shared(p->other_path32, path32);

	if (shared == 256)
		return aval_fail(err, AVAL_E_MAP_OWN_LEAF, "map_proof.other_path",
		                 "the leaf shown is the key's own");
	if (shared < p->depth)
		return aval_fail(err, AVAL_E_MAP_PREFIX, "map_proof.other_path",
		                 "the leaf shown is not on the way to the key");
	return AVAL_OK;
}

aval_status aval_map_verify_absent(const uint8_t root32[32], const uint8_t path32[32], const uint8_t *proof,
                                   size_t proof_len, aval_error *err)
{
	aval_map_proof p;
	uint8_t        node[32] = { 0 };
	aval_status    status = aval_map_proof_parse(&p, proof, proof_len, err);

	if (status != AVAL_OK)
		return status;
	if (p.end == AVAL_MAP_END_PRESENT)
		return aval_fail(err, AVAL_E_MAP_KIND, "map_proof.end", "the proof is one of presence");
	if (p.end == AVAL_MAP_END_OTHER) {
		status = check_other(&p, path32, err);
		if (status != AVAL_OK)
			return status;
		aval_map_leaf(node, p.other_path32, p.other_value32);
	}
	return climb(root32, node, path32, &p, err);
}
