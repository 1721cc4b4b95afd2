/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence out of two logs: where they differ, and the file that says so. */
#include "cbor/cbor.h"
#include "proof/evidence.h"

/* The checkpoints with what belongs to each, in the order of the format. */
typedef struct side {
	aval_checkpoint           checkpoint;
	aval_bytes                note;
	const aval_evidence_leaf *leaf;
} side;

static void write_leaf(aval_cbor_writer *w, const aval_evidence_leaf *leaf)
{
	aval_cbor_write_array(w, 2);
	aval_cbor_write_bytes(w, leaf->leaf32, 32);
	aval_cbor_write_array(w, leaf->path_count);
	for (size_t i = 0; i < leaf->path_count; i++)
		aval_cbor_write_bytes(w, leaf->path + 32 * i, 32);
}

static void write_evidence(aval_cbor_writer *w, aval_text vkey, const side sides[2], uint64_t index)
{
	bool has_leaf = sides[0].leaf != NULL;

	aval_cbor_write_array(w, has_leaf ? 6 : 5);
	aval_cbor_write_text_z(w, AVAL_EVIDENCE_NAME);
	aval_cbor_write_uint(w, AVAL_EVIDENCE_VERSION);
	aval_cbor_write_text(w, vkey);
	for (int i = 0; i < 2; i++)
		aval_cbor_write_bytes(w, sides[i].note.data, sides[i].note.len);
	if (!has_leaf)
		return;
	aval_cbor_write_array(w, 3);
	aval_cbor_write_uint(w, index);
	write_leaf(w, sides[0].leaf);
	write_leaf(w, sides[1].leaf);
}

static aval_status load_sides(side sides[2], aval_error *err)
{
	for (int i = 0; i < 2; i++) {
		aval_status status =
			aval_checkpoint_parse(&sides[i].checkpoint, sides[i].note.data, sides[i].note.len, err);

		if (status != AVAL_OK)
			return status;
	}
	if (!aval_evidence_in_order(&sides[0].checkpoint, &sides[1].checkpoint)) {
		side first = sides[1];

		sides[1] = sides[0];
		sides[0] = first;
	}
	return AVAL_OK;
}

static aval_status check_sides(const side sides[2], const aval_vkey *vkey, uint64_t index, aval_error *err)
{
	for (int i = 0; i < 2; i++) {
		aval_status status = aval_checkpoint_verify(&sides[i].checkpoint, vkey, NULL, err);

		if (status != AVAL_OK)
			return status;
	}
	return aval_evidence_check_claim(&sides[0].checkpoint, &sides[1].checkpoint, index, sides[0].leaf,
	                                 sides[1].leaf, err);
}

aval_status aval_evidence_serialize(uint8_t *out, size_t *len_inout, const aval_vkey *vkey,
                                    const uint8_t *note_a, size_t note_a_len, const uint8_t *note_b,
                                    size_t note_b_len, uint64_t index, const aval_evidence_leaf *leaf_a,
                                    const aval_evidence_leaf *leaf_b, aval_error *err)
{
	side             sides[2] = { { .note = { note_a, note_a_len }, .leaf = leaf_a },
		                      { .note = { note_b, note_b_len }, .leaf = leaf_b } };
	char             text[AVAL_VKEY_MAX_LEN];
	size_t           text_len = sizeof text;
	aval_cbor_writer w;
	aval_status      status = load_sides(sides, err);

	if (status == AVAL_OK)
		status = check_sides(sides, vkey, index, err);
	if (status == AVAL_OK)
		status = aval_vkey_serialize(text, &text_len, vkey, err);
	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, NULL, 0);
	write_evidence(&w, (aval_text){ text, text_len }, sides, index);
	if (out == NULL || *len_inout < w.len) {
		*len_inout = w.len;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out",
		                 "the buffer is shorter than the evidence");
	}
	aval_cbor_writer_init(&w, out, *len_inout);
	write_evidence(&w, (aval_text){ text, text_len }, sides, index);
	return aval_cbor_writer_finish(&w, len_inout, err);
}

static aval_status differs(bool *differs_out, aval_tile_client *a, aval_tile_client *b, uint32_t level,
                           uint64_t index, aval_error *err)
{
	uint8_t     hash_a[32], hash_b[32];
	aval_status status = aval_tile_client_node(hash_a, a, level, index, err);

	if (status == AVAL_OK)
		status = aval_tile_client_node(hash_b, b, level, index, err);
	if (status == AVAL_OK)
		*differs_out = memcmp(hash_a, hash_b, sizeof hash_a) != 0;
	return status;
}

/* Down to the first leaf that differs, below a complete subtree that does. */
static aval_status descend(uint64_t *index_out, aval_tile_client *a, aval_tile_client *b, uint32_t level,
                           uint64_t index, aval_error *err)
{
	while (level > 0) {
		bool        left_differs = false;
		aval_status status;

		level--;
		index *= 2;
		status = differs(&left_differs, a, b, level, index, err);
		if (status != AVAL_OK)
			return status;
		index += !left_differs;
	}
	*index_out = index;
	return AVAL_OK;
}

aval_status aval_evidence_find_leaf(uint64_t *index_out, aval_tile_client *a, aval_tile_client *b,
                                    aval_error *err)
{
	uint64_t size_a = aval_tile_client_size(a), size_b = aval_tile_client_size(b);
	uint64_t size = size_a < size_b ? size_a : size_b, begin = 0;

	/* The complete subtrees of the smaller tree are complete in both. */
	for (uint32_t level = 63; level-- > 0;) {
		bool        found = false;
		aval_status status;

		if ((size >> level & 1) == 0)
			continue;
		status = differs(&found, a, b, level, begin >> level, err);
		if (status != AVAL_OK)
			return status;
		if (found)
			return descend(index_out, a, b, level, begin >> level, err);
		begin += UINT64_C(1) << level;
	}
	return aval_fail(err, AVAL_E_EVIDENCE_NONE, "evidence.leaf", "one log begins with the other");
}
