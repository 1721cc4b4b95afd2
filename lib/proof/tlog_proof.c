/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs as text (C2SP tlog-proof): a header, the index, hashes, an empty line, a checkpoint. */
#include <aval/tlog_proof.h>

#include "proof/proof.h"

static const char head_line[] = "c2sp.org/tlog-proof@v1", extra_prefix[] = "extra ", index_prefix[] = "index ";

static aval_status format_error(aval_error *err, size_t offset, const char *where, const char *reason)
{
	return aval_fail_at(err, AVAL_E_PROOF_FORMAT, offset, where, reason);
}

/* What stands behind a prefix. */
static bool take_prefix(aval_text *rest_out, aval_text line, const char *prefix)
{
	size_t len = strlen(prefix);

	if (line.len < len || memcmp(line.data, prefix, len) != 0)
		return false;
	*rest_out = (aval_text){ line.data + len, line.len - len };
	return true;
}

static aval_status parse_head(aval_tlog_proof *proof, aval_text text, size_t *offset, aval_error *err)
{
	aval_text line, rest;
	size_t    at;

	if (!aval_line_next(&line, text, offset) || !aval_text_equal_z(line, head_line))
		return format_error(err, 0, "proof", "the first line is not that of a tlog-proof");
	at = *offset;
	if (!aval_line_next(&line, text, offset))
		return format_error(err, at, "proof.index", "no line with the index");
	if (take_prefix(&proof->extra, line, extra_prefix)) {
		if (!aval_base64_alphabet(proof->extra))
			return format_error(err, at, "proof.extra", "not base64");
		at = *offset;
		if (!aval_line_next(&line, text, offset))
			return format_error(err, at, "proof.index", "no line with the index");
	}
	if (!take_prefix(&rest, line, index_prefix) || !aval_number_parse(&proof->index, rest))
		return format_error(err, at, "proof.index", "not a decimal number below 2^63");
	return AVAL_OK;
}

static aval_status parse_path(aval_tlog_proof *proof, aval_text text, size_t *offset, aval_error *err)
{
	size_t begin = *offset;

	for (;;) {
		aval_text line = { NULL, 0 };
		uint8_t   hash32[32];
		size_t    at = *offset;

		if (!aval_line_next(&line, text, offset))
			return format_error(err, at, "proof.path[]", "no empty line before the checkpoint");
		if (line.len == 0) {
			proof->path_lines = (aval_text){ text.data + begin, at - begin };
			return AVAL_OK;
		}
		if (!aval_hash_line_parse(hash32, line))
			return format_error(err, at, "proof.path[]", "not base64 of 32 bytes");
		if (++proof->path_count > AVAL_MERKLE_MAX_PATH)
			return aval_fail_at(err, AVAL_E_PROOF_LENGTH, at, "proof.path",
			                    "more hashes than any proof has");
	}
}

aval_status aval_tlog_proof_parse(aval_tlog_proof *proof_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_tlog_proof proof = { 0 };
	aval_text       text = { (const char *)data, len };
	size_t          offset = 0;
	aval_status     status;

	if (len > AVAL_TLOG_PROOF_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "proof", "longer than AVAL_TLOG_PROOF_MAX_LEN");
	status = parse_head(&proof, text, &offset, err);
	if (status == AVAL_OK)
		status = parse_path(&proof, text, &offset, err);
	if (status == AVAL_OK)
		status = aval_checkpoint_parse(&proof.checkpoint, data + offset, len - offset, err);
	if (status == AVAL_OK)
		*proof_out = proof;
	return status;
}

aval_status aval_tlog_proof_verify(const aval_tlog_proof *proof, const uint8_t leaf32[32],
                                   const aval_vkey *log_vkey, const aval_witness_policy *policy,
                                   aval_error *err)
{
	const aval_checkpoint *c = &proof->checkpoint;
	uint8_t                path[AVAL_MERKLE_MAX_PATH * 32];
	size_t                 offset = 0, count = 0;
	aval_text              line;
	aval_status            status = aval_checkpoint_verify(c, log_vkey, policy, err);

	if (status != AVAL_OK)
		return status;
	while (count < AVAL_MERKLE_MAX_PATH && aval_line_next(&line, proof->path_lines, &offset) &&
	       aval_hash_line_parse(path + 32 * count, line))
		count++;
	return aval_merkle_verify_inclusion(c->root32, c->size, proof->index, leaf32, path, count, err);
}

static size_t put(char *out, size_t at, const void *data, size_t len)
{
	memcpy(out + at, data, len);
	return at + len;
}

aval_status aval_tlog_proof_serialize(char *out, size_t *len_inout, uint64_t index, const uint8_t *path,
                                      size_t path_count, const uint8_t *note, size_t note_len, aval_error *err)
{
	char   number[AVAL_NUMBER_ROOM];
	size_t number_len, need, at = 0;

	if (index > INT64_MAX)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "proof.index", "no log has a leaf at 2^63 or above");
	if (path_count > AVAL_MERKLE_MAX_PATH)
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "proof.path", "more hashes than any proof has");
	number_len = aval_number_put(number, index);
	need = sizeof head_line + sizeof index_prefix - 1 + number_len + 1 +
	       path_count * (AVAL_HASH_LINE_LEN + 1) + 1;
	if (!aval_add_size(&need, need, note_len) || out == NULL || *len_inout < need) {
		*len_inout = need;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out", "the buffer is shorter than the proof");
	}
	at = put(out, at, head_line, sizeof head_line - 1);
	out[at++] = '\n';
	at = put(out, at, index_prefix, sizeof index_prefix - 1);
	at = put(out, at, number, number_len);
	out[at++] = '\n';
	for (size_t i = 0; i < path_count; i++) {
		aval_base64_encode(out + at, path + 32 * i, 32);
		at += AVAL_HASH_LINE_LEN;
		out[at++] = '\n';
	}
	out[at++] = '\n';
	*len_inout = put(out, at, note, note_len);
	return AVAL_OK;
}
