/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints (C2SP tlog-checkpoint): the three lines that matter, and who must have signed them. */
#include <aval/checkpoint.h>

#include "proof/proof.h"

static aval_status parse_extensions(aval_checkpoint *c, size_t begin, aval_error *err)
{
	aval_text text = c->note.text, line;

	c->extensions = (aval_text){ text.data + begin, text.len - begin };
	for (size_t offset = begin, at = begin; aval_line_next(&line, text, &offset); at = offset)
		if (line.len == 0)
			return aval_note_format_error(err, at, "checkpoint.extensions", "an empty line");
	return AVAL_OK;
}

static aval_status parse_body(aval_checkpoint *c, aval_error *err)
{
	size_t    offset = 0, at = 0;
	aval_text line;

	if (!aval_line_next(&c->origin, c->note.text, &offset) || c->origin.len == 0)
		return aval_note_format_error(err, 0, "checkpoint.origin", "the origin is empty");
	at = offset;
	if (!aval_line_next(&line, c->note.text, &offset) || !aval_number_parse(&c->size, line))
		return aval_note_format_error(err, at, "checkpoint.size", "not a decimal number below 2^63");
	at = offset;
	if (!aval_line_next(&line, c->note.text, &offset) || !aval_hash_line_parse(c->root32, line))
		return aval_note_format_error(err, at, "checkpoint.root", "not base64 of 32 bytes");
	return parse_extensions(c, offset, err);
}

aval_status aval_checkpoint_parse(aval_checkpoint *checkpoint_out, const uint8_t *note, size_t note_len,
                                  aval_error *err)
{
	aval_checkpoint checkpoint = { 0 };
	aval_status     status = aval_signed_note_parse(&checkpoint.note, note, note_len, err);

	if (status == AVAL_OK)
		status = parse_body(&checkpoint, err);
	if (status == AVAL_OK)
		*checkpoint_out = checkpoint;
	return status;
}

/* One key under two names would be counted twice. */
static bool is_same_key(const aval_vkey *a, const aval_vkey *b)
{
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

static bool is_named_before(const aval_vkey *witnesses, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (is_same_key(&witnesses[i], &witnesses[index]))
			return true;
	return false;
}

/* Whether a key has signed under this or any of its other names; a line that is there must verify. */
static aval_status has_signed(bool *signed_inout, const aval_signed_note *note, const aval_vkey *vkey,
                              aval_error *err)
{
	aval_error  detail = AVAL_ERROR_INIT;
	aval_status status = aval_signed_note_verify(note, vkey, &detail);

	if (status == AVAL_OK)
		*signed_inout = true;
	if (status == AVAL_OK || status == AVAL_E_SIGNER_MISSING)
		return AVAL_OK;
	return aval_fail_full(err, status, detail.offset, detail.where, detail.reason, detail.cause);
}

static aval_status count_witnesses(size_t *count_out, const aval_signed_note *note, const aval_vkey *log_vkey,
                                   const aval_witness_policy *policy, aval_error *err)
{
	const aval_vkey *w = policy->witnesses;

	*count_out = 0;
	for (size_t i = 0; i < policy->witness_count; i++) {
		bool signed_by = false;

		/* The log does not witness itself. */
		if (is_named_before(w, i) || is_same_key(&w[i], log_vkey))
			continue;
		for (size_t j = i; j < policy->witness_count; j++) {
			aval_status status =
				is_same_key(&w[i], &w[j]) ? has_signed(&signed_by, note, &w[j], err) : AVAL_OK;

			if (status != AVAL_OK)
				return status;
		}
		*count_out += signed_by;
	}
	return AVAL_OK;
}

static aval_status check_policy(const aval_witness_policy *policy, aval_error *err)
{
	if (policy->struct_size != sizeof *policy || policy->threshold > policy->witness_count)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "policy",
		                 "more witnesses asked for than are named");
	return AVAL_OK;
}

aval_status aval_checkpoint_verify(const aval_checkpoint *checkpoint, const aval_vkey *log_vkey,
                                   const aval_witness_policy *policy, aval_error *err)
{
	size_t      count = 0;
	aval_status status = policy == NULL ? AVAL_OK : check_policy(policy, err);

	if (status != AVAL_OK)
		return status;
	if (log_vkey->type == AVAL_VKEY_COSIGNATURE)
		return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey.type",
		                 "the key of a witness in place of the log's");
	if (!aval_text_equal_z(checkpoint->origin, log_vkey->name))
		return aval_fail(err, AVAL_E_CHECKPOINT_ORIGIN, "checkpoint.origin",
		                 "the checkpoint is another log's");
	status = aval_signed_note_verify(&checkpoint->note, log_vkey, err);
	if (status != AVAL_OK || policy == NULL)
		return status;
	status = count_witnesses(&count, &checkpoint->note, log_vkey, policy, err);
	if (status != AVAL_OK)
		return status;
	if (count < policy->threshold)
		return aval_fail_cause(err, AVAL_E_CHECKPOINT_WITNESSES, "checkpoint.witnesses",
		                       "fewer witnesses have signed than the policy asks", (int64_t)count);
	return AVAL_OK;
}

aval_status aval_checkpoint_sign(char *note_out, size_t *len_inout, const char *origin, size_t origin_len,
                                 uint64_t size, const uint8_t root32[32], const aval_signer *signer,
                                 aval_error *err)
{
	char   text[AVAL_VKEY_MAX_NAME + 1 + AVAL_NUMBER_ROOM + AVAL_HASH_LINE_LEN + 1];
	size_t len;

	if (!aval_note_name_check((aval_text){ origin, origin_len }))
		return aval_fail(err, AVAL_E_CHECKPOINT_ORIGIN, "checkpoint.origin", "not the name of a key");
	if (size > INT64_MAX)
		return aval_fail(err, AVAL_E_PROOF_SHAPE, "checkpoint.size",
		                 "a log has fewer than 2^63 leaves");
	memcpy(text, origin, origin_len);
	len = origin_len;
	text[len++] = '\n';
	len += aval_number_put(text + len, size);
	text[len++] = '\n';
	aval_base64_encode(text + len, root32, 32);
	len += AVAL_HASH_LINE_LEN;
	text[len++] = '\n';
	return aval_signed_note_sign(note_out, len_inout, text, len, origin, origin_len, signer, err);
}
