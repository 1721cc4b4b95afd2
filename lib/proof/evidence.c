/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence against a log (docs/spec/evidence.md): its form, and what it must prove. */
#include "proof/evidence.h"

#include <aval/merkle.h>

#include "cbor/cbor.h"

/* The bytes of a note, whose signature lines follow its text and an empty line. */
static aval_bytes note_bytes(const aval_checkpoint *c)
{
	return (aval_bytes){ (const uint8_t *)c->note.text.data,
		             c->note.text.len + 1 + c->note.signature_lines.len };
}

bool aval_evidence_in_order(const aval_checkpoint *first, const aval_checkpoint *second)
{
	aval_bytes a = note_bytes(first), b = note_bytes(second);
	int        order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	if (first->size != second->size)
		return first->size < second->size;
	return order != 0 ? order < 0 : a.len <= b.len;
}

/* [leaf: bstr .size 32, path: [* bstr .size 32]] */
static void read_leaf(aval_cbor_reader *r, const uint8_t **leaf_out, aval_bytes *path_out)
{
	aval_bytes leaf;
	size_t     begin, count;

	aval_cbor_enter_array_exact(r, "evidence.leaf", 2);
	leaf = aval_cbor_read_bytes(r, "evidence.leaf");
	if (aval_cbor_ok(r) && leaf.len != 32)
		aval_cbor_fail(r, AVAL_E_CBOR_RANGE, "evidence.leaf", "a leaf hash has 32 bytes");
	begin = r->offset;
	count = aval_cbor_enter_array(r, "evidence.path");
	if (count > AVAL_MERKLE_MAX_PATH)
		aval_cbor_fail(r, AVAL_E_PROOF_LENGTH, "evidence.path", "more hashes than any proof has");
	for (size_t i = 0; i < count && aval_cbor_ok(r); i++) {
		uint8_t hash32[32];

		aval_cbor_read_bytes_exact(r, "evidence.path[]", hash32, sizeof hash32);
	}
	aval_cbor_leave(r, "evidence.path");
	aval_cbor_leave(r, "evidence.leaf");
	*leaf_out = leaf.data;
	*path_out = (aval_bytes){ r->data + begin, r->offset - begin };
}

/* [index, leaf of the first, leaf of the second] */
static void read_contradiction(aval_cbor_reader *r, aval_evidence *e)
{
	aval_cbor_enter_array_exact(r, "evidence.contradiction", 3);
	e->index = aval_cbor_read_uint_range(r, "evidence.index", 0, INT64_MAX);
	read_leaf(r, &e->leaves[0], &e->paths[0]);
	read_leaf(r, &e->leaves[1], &e->paths[1]);
	aval_cbor_leave(r, "evidence.contradiction");
}

typedef struct parts {
	aval_text  vkey;
	aval_bytes notes[2];
} parts;

static void read_parts(aval_cbor_reader *r, aval_evidence *e, parts *p)
{
	static const char wrong_count[] = "the array has neither five nor six items";

	size_t    count = aval_cbor_enter_array(r, "evidence");
	size_t    at = r->offset;
	aval_text name;

	/* Other versions may have other counts; without two items there is no version. */
	if (count < 2)
		aval_cbor_fail_at(r, AVAL_E_EVIDENCE_FORMAT, 0, "evidence", wrong_count);
	name = aval_cbor_read_text(r, "evidence");
	if (aval_cbor_ok(r) && !aval_text_equal_z(name, AVAL_EVIDENCE_NAME))
		aval_cbor_fail_at(r, AVAL_E_EVIDENCE_FORMAT, at, "evidence",
		                  "the first item is not \"aval/evidence\"");
	if (aval_cbor_read_uint(r, "evidence.version") != AVAL_EVIDENCE_VERSION)
		aval_cbor_fail(r, AVAL_E_UNSUPPORTED, "evidence.version", "a version that is not known");
	if (count != 5 && count != 6)
		aval_cbor_fail_at(r, AVAL_E_EVIDENCE_FORMAT, 0, "evidence", wrong_count);
	p->vkey = aval_cbor_read_text(r, "evidence.vkey");
	p->notes[0] = aval_cbor_read_bytes(r, "evidence.first");
	p->notes[1] = aval_cbor_read_bytes(r, "evidence.second");
	e->kind = count == 5 ? AVAL_EVIDENCE_ROOT : AVAL_EVIDENCE_LEAF;
	if (e->kind == AVAL_EVIDENCE_LEAF)
		read_contradiction(r, e);
	aval_cbor_leave(r, "evidence");
}

static aval_status parse_parts(aval_evidence *e, const parts *p, aval_error *err)
{
	aval_status status = aval_vkey_parse(&e->vkey, p->vkey.data, p->vkey.len, err);

	if (status == AVAL_OK)
		status = aval_checkpoint_parse(&e->first, p->notes[0].data, p->notes[0].len, err);
	if (status == AVAL_OK)
		status = aval_checkpoint_parse(&e->second, p->notes[1].data, p->notes[1].len, err);
	if (status != AVAL_OK)
		return status;
	if (!aval_evidence_in_order(&e->first, &e->second))
		return aval_fail(err, AVAL_E_EVIDENCE_FORMAT, "evidence.second",
		                 "the checkpoints stand in the other order");
	if ((e->first.size == e->second.size) != (e->kind == AVAL_EVIDENCE_ROOT))
		return aval_fail(err, AVAL_E_EVIDENCE_FORMAT, "evidence.contradiction",
		                 "a leaf is shown for checkpoints of different sizes, and for no others");
	return AVAL_OK;
}

aval_status aval_evidence_parse(aval_evidence *evidence_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_evidence    e = { 0 };
	aval_cbor_reader r;
	parts            p = { 0 };
	aval_status      status;

	if (len > AVAL_EVIDENCE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "evidence", "longer than AVAL_EVIDENCE_MAX_LEN");
	aval_cbor_reader_init(&r, data, len);
	read_parts(&r, &e, &p);
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK)
		status = parse_parts(&e, &p, err);
	if (status == AVAL_OK)
		*evidence_out = e;
	return status;
}

aval_status aval_evidence_check_signatures(const aval_evidence *evidence, aval_error *err)
{
	aval_status status = aval_checkpoint_verify(&evidence->first, &evidence->vkey, NULL, err);

	return status == AVAL_OK ? aval_checkpoint_verify(&evidence->second, &evidence->vkey, NULL, err)
	                         : status;
}

aval_status aval_evidence_check_claim(const aval_checkpoint *first, const aval_checkpoint *second,
                                      uint64_t index, const aval_evidence_leaf *first_leaf,
                                      const aval_evidence_leaf *second_leaf, aval_error *err)
{
	aval_status status;

	if ((first->size == second->size) != (first_leaf == NULL) ||
	    (first_leaf == NULL) != (second_leaf == NULL))
		return aval_fail(err, AVAL_E_EVIDENCE_FORMAT, "evidence.contradiction",
		                 "a leaf is shown for checkpoints of different sizes, and for no others");
	if (first_leaf == NULL)
		return memcmp(first->root32, second->root32, 32) != 0
		               ? AVAL_OK
		               : aval_fail(err, AVAL_E_EVIDENCE_NONE, "evidence.second",
		                           "both have one size and one root");
	status = aval_merkle_verify_inclusion(first->root32, first->size, index, first_leaf->leaf32,
	                                      first_leaf->path, first_leaf->path_count, err);
	if (status == AVAL_OK)
		status = aval_merkle_verify_inclusion(second->root32, second->size, index, second_leaf->leaf32,
		                                      second_leaf->path, second_leaf->path_count, err);
	if (status == AVAL_OK && memcmp(first_leaf->leaf32, second_leaf->leaf32, 32) == 0)
		return aval_fail(err, AVAL_E_EVIDENCE_NONE, "evidence.leaf", "both have the same leaf there");
	return status;
}

/* The hashes of a path that was parsed. */
static size_t copy_path(uint8_t out[AVAL_MERKLE_MAX_PATH * 32], aval_bytes path)
{
	aval_cbor_reader r;
	size_t           count;

	aval_cbor_reader_init(&r, path.data, path.len);
	count = aval_cbor_enter_array(&r, "evidence.path");
	for (size_t i = 0; i < count && i < AVAL_MERKLE_MAX_PATH; i++)
		aval_cbor_read_bytes_exact(&r, "evidence.path[]", out + 32 * i, 32);
	return count;
}

aval_status aval_evidence_check_contradiction(const aval_evidence *evidence, aval_error *err)
{
	uint8_t            paths[2][AVAL_MERKLE_MAX_PATH * 32];
	aval_evidence_leaf leaves[2];

	if (evidence->kind == AVAL_EVIDENCE_ROOT)
		return aval_evidence_check_claim(&evidence->first, &evidence->second, 0, NULL, NULL, err);
	for (int i = 0; i < 2; i++)
		leaves[i] = (aval_evidence_leaf){ evidence->leaves[i], paths[i],
			                          copy_path(paths[i], evidence->paths[i]) };
	return aval_evidence_check_claim(&evidence->first, &evidence->second, evidence->index, &leaves[0],
	                                 &leaves[1], err);
}

aval_status aval_evidence_verify(const aval_evidence *evidence, aval_error *err)
{
	aval_status status = aval_evidence_check_signatures(evidence, err);

	return status == AVAL_OK ? aval_evidence_check_contradiction(evidence, err) : status;
}

const char *aval_evidence_kind_name(aval_evidence_kind kind)
{
	switch (kind) {
	case AVAL_EVIDENCE_ROOT:
		return "root";
	case AVAL_EVIDENCE_LEAF:
		return "leaf";
	}
	return "";
}
