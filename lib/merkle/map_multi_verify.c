/* SPDX-License-Identifier: Apache-2.0 */
/* Verification of multiproofs; map_multi.h says in which order. */
#include "hash/hash.h"
#include "merkle/map_multi.h"

/* What is known to be below a node. */
typedef enum content {
	NOTHING,
	ONE_LEAF,
	MORE /* two leaves or more, or what a sibling of the proof stands for */
} content;

typedef struct node {
	uint8_t  hash32[32];
	unsigned depth;
	content  content;
} node;

typedef struct fold {
	const aval_map_claim *claims;
	size_t                claim_count;
	aval_cbor_reader      r; /* over the ends; keeps the first failure */
	aval_map_siblings     siblings;
	size_t                bit_count, sibling_count; /* used so far */
	node                  waiting[AVAL_MAP_MAX_DEPTH];
	unsigned              waiting_count;
} fold;

static const uint8_t *claim_paths(const fold *f)
{
	return f->claims[0].path32;
}

/* The next sibling of the proof. */
static bool take_sibling(fold *f, node *out)
{
	bool used;

	if (f->bit_count == 8 * f->siblings.bitmap.len) {
		aval_cbor_fail_at(&f->r, AVAL_E_PROOF_SHAPE, f->siblings.bitmap_offset, "map_proof.bitmap",
		                  "the bitmap is longer or shorter than the way");
		return false;
	}
	used = aval_map_bit(f->siblings.bitmap.data, f->bit_count++);
	out->content = used ? MORE : NOTHING;
	memset(out->hash32, 0, 32);
	if (!used)
		return true;
	if (f->siblings.hashes.len < 32 * (f->sibling_count + 1)) {
		aval_cbor_fail_at(&f->r, AVAL_E_PROOF_LENGTH, f->siblings.hashes_offset, "map_proof.siblings",
		                  "more or fewer siblings than the bitmap has ones");
		return false;
	}
	memcpy(out->hash32, f->siblings.hashes.data + 32 * f->sibling_count++, 32);
	return true;
}

static bool join(fold *f, node *n, const uint8_t path32[32])
{
	bool waits = f->waiting_count > 0 && f->waiting[f->waiting_count - 1].depth == n->depth;
	node sibling;

	if (waits)
		sibling = f->waiting[--f->waiting_count];
	else if (!take_sibling(f, &sibling))
		return false;
	if ((n->content == NOTHING && sibling.content != MORE) ||
	    (n->content == ONE_LEAF && sibling.content == NOTHING)) {
		aval_cbor_fail(&f->r, AVAL_E_MAP_TOO_DEEP, "map_proof.ends[]",
		               "a subtree of one leaf or none is below its highest position");
		return false;
	}
	n->depth--;
	aval_map_join(n->hash32, sibling.hash32, aval_path_bit(path32, n->depth));
	n->content = MORE;
	return true;
}

static bool fail(fold *f, size_t offset, aval_status status, const char *where, const char *reason)
{
	aval_cbor_fail_at(&f->r, status, offset, where, reason);
	return false;
}

/* The claims [begin, past) of a group, at whose end the leaf `path32` stands or, if NULL, none. */
static bool check_absent(fold *f, size_t begin, size_t past, const uint8_t *path32, size_t offset)
{
	for (size_t i = begin; i < past; i++) {
		if (!f->claims[i].is_absent)
			return fail(f, offset, AVAL_E_MAP_KIND, "map_proof.ends[]",
			            "the end is one of absence");
		if (path32 != NULL && memcmp(f->claims[i].path32, path32, 32) == 0)
			return fail(f, offset, AVAL_E_MAP_OWN_LEAF, "map_proof.ends[]",
			            "the leaf shown is the key's own");
	}
	return true;
}

static const aval_map_claim *find_present(fold *f, size_t begin, size_t past, size_t offset)
{
	const aval_map_claim *present = NULL;

	for (size_t i = begin; i < past; i++) {
		if (f->claims[i].is_absent)
			continue;
		if (present != NULL) {
			fail(f, offset, AVAL_E_MAP_KIND, "map_proof.ends[]",
			     "one leaf for two keys that are present");
			return NULL;
		}
		present = &f->claims[i];
	}
	if (present == NULL)
		fail(f, offset, AVAL_E_MAP_KIND, "map_proof.ends[]", "the end is one of presence");
	return present;
}

/* An end as it is encoded. */
typedef struct end {
	aval_map_end   kind;
	unsigned       depth;
	const uint8_t *path32, *value32; /* of the other leaf */
	size_t         offset;
} end;

static bool read_end(fold *f, end *e)
{
	aval_cbor_reader *r = &f->r;
	size_t            count, depth_offset;
	uint64_t          depth;

	*e = (end){ .offset = r->offset };
	count = aval_cbor_enter_array(r, "map_proof.ends[]");
	e->kind = (aval_map_end)aval_cbor_read_uint_range(r, "map_proof.ends[].end", 0, 2);
	if (aval_cbor_ok(r) && count != (e->kind == AVAL_MAP_END_OTHER ? 4 : 2))
		fail(f, e->offset, AVAL_E_CBOR_RANGE, "map_proof.ends[]",
		     "the array has another count of items");
	depth_offset = r->offset;
	depth = aval_cbor_read_uint(r, "map_proof.ends[].depth");
	if (depth > AVAL_MAP_MAX_DEPTH)
		fail(f, depth_offset, AVAL_E_PROOF_SHAPE, "map_proof.ends[].depth", "the depth is above 256");
	e->depth = (unsigned)depth;
	if (e->kind == AVAL_MAP_END_OTHER) {
		e->path32 = aval_map_read_hash(r, "map_proof.ends[].other_path");
		e->value32 = aval_map_read_hash(r, "map_proof.ends[].other_value");
	}
	aval_cbor_leave(r, "map_proof.ends[]");
	return aval_cbor_ok(r);
}

/* The node at the end of a group's ways. */
static bool end_node(fold *f, node *n, const end *e, size_t begin, size_t past)
{
	const aval_map_claim *present;

	n->depth = e->depth;
	n->content = e->kind == AVAL_MAP_END_EMPTY ? NOTHING : ONE_LEAF;
	memset(n->hash32, 0, 32);
	if (e->kind == AVAL_MAP_END_PRESENT) {
		present = find_present(f, begin, past, e->offset);
		if (present != NULL)
			aval_map_leaf(n->hash32, present->path32, present->value32);
		return present != NULL;
	}
	if (!check_absent(f, begin, past, e->path32, e->offset))
		return false;
	if (e->kind == AVAL_MAP_END_EMPTY)
		return true;
	if (aval_path_shared(e->path32, f->claims[begin].path32) < e->depth)
		return fail(f, e->offset, AVAL_E_MAP_PREFIX, "map_proof.ends[]",
		            "the leaf shown is not on the way to the key");
	aval_map_leaf(n->hash32, e->path32, e->value32);
	return true;
}

/* A way that forked off above may not come back into the subtree that this end is. */
static bool check_fork(fold *f, const end *e, size_t begin)
{
	if (begin == 0 || aval_path_shared(f->claims[begin - 1].path32, f->claims[begin].path32) < e->depth)
		return true;
	return fail(f, e->offset, AVAL_E_PROOF_SHAPE, "map_proof.ends[].depth",
	            "the end is above the key before");
}

/* One group: from its end to the fork, or to the root. Returns the end of the group, 0 after a failure. */
static size_t fold_group(fold *f, node *n, size_t begin)
{
	const uint8_t *path = f->claims[begin].path32;
	aval_map_group group;
	end            e;

	if (!read_end(f, &e) || !check_fork(f, &e, begin))
		return 0;
	group = aval_map_group_of(claim_paths(f), sizeof *f->claims, f->claim_count, begin, e.depth);
	if (!end_node(f, n, &e, begin, group.end))
		return 0;
	while (n->depth > group.stop)
		if (!join(f, n, path))
			return 0;
	if (group.stop > 0)
		f->waiting[f->waiting_count++] = *n;
	return group.end;
}

static void fold_all(fold *f, node *n)
{
	size_t left = aval_cbor_enter_array(&f->r, "map_proof.ends");

	for (size_t i = 0; aval_cbor_ok(&f->r) && i < f->claim_count; left--) {
		if (left == 0)
			fail(f, f->r.offset, AVAL_E_PROOF_LENGTH, "map_proof.ends",
			     "fewer ends than the keys need");
		else
			i = fold_group(f, n, i);
	}
	if (aval_cbor_ok(&f->r) && left > 0)
		fail(f, f->r.offset, AVAL_E_PROOF_LENGTH, "map_proof.ends", "more ends than the keys need");
	aval_map_check_bitmap(&f->r, &f->siblings, f->bit_count);
}

/* The parts of the proof; the ends are left to be read. */
static aval_status open_proof(fold *f, const uint8_t *proof, size_t len, aval_error *err)
{
	aval_cbor_reader r;

	aval_cbor_reader_init(&r, proof, len);
	aval_cbor_enter_array_exact(&r, "map_proof", 3);
	f->r = r;
	aval_cbor_read_item(&r, "map_proof.ends");
	aval_map_read_siblings(&r, &f->siblings);
	aval_cbor_leave(&r, "map_proof");
	return aval_cbor_reader_finish(&r, err);
}

aval_status aval_map_verify_many(const uint8_t root32[32], const aval_map_claim *claims, size_t claim_count,
                                 const uint8_t *proof, size_t proof_len, aval_error *err)
{
	fold        f = { .claims = claims, .claim_count = claim_count };
	node        n = { .depth = 0 };
	aval_status status = aval_map_check_paths((const uint8_t *)claims, sizeof *claims, claim_count, err);

	if (status == AVAL_OK)
		status = open_proof(&f, proof, proof_len, err);
	if (status != AVAL_OK)
		return status;
	fold_all(&f, &n);
	if (!aval_cbor_ok(&f.r))
		return aval_fail_at(err, f.r.status, f.r.fail_offset, f.r.fail_where, f.r.fail_reason);
	if (memcmp(n.hash32, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "map_proof.root",
		                 "the proof leads to another root");
	return AVAL_OK;
}
