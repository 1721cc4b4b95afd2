/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints as text: the note, its signature lines, and the three lines that matter. */
#include "proof/proof.h"

/* An em dash and a space. */
static const char line_prefix[] = "\xE2\x80\x94 ";
#define LINE_PREFIX_LEN 4

/* Largest useful signature: id, time and an Ed25519 or DER P-256 signature; others are only counted. */
#define ID_BASE64_LEN 8

static aval_status format_error(aval_error *err, size_t offset, const char *where, const char *reason)
{
	return aval_fail_at(err, AVAL_E_CHECKPOINT_FORMAT, offset, where, reason);
}

static aval_status check_characters(const uint8_t *note, size_t len, aval_error *err)
{
	size_t bad;

	if (len > AVAL_CHECKPOINT_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "note", "longer than AVAL_CHECKPOINT_MAX_LEN");
	if (!aval_utf8_check(&bad, note, len))
		return format_error(err, bad, "note", "not UTF-8");
	for (size_t i = 0; i < len; i++)
		if (note[i] < ' ' && note[i] != '\n')
			return format_error(err, i, "note", "a control character");
	return AVAL_OK;
}

/* The text ends at the last empty line. */
static aval_status split(aval_checkpoint *checkpoint, const char *note, size_t len, aval_error *err)
{
	size_t end = len;

	while (end >= 2 && !(note[end - 1] == '\n' && note[end - 2] == '\n'))
		end--;
	if (end < 2)
		return format_error(err, 0, "note", "no empty line before the signatures");
	checkpoint->text = (aval_text){ note, end - 1 };
	checkpoint->signature_lines = (aval_text){ note + end, len - end };
	return AVAL_OK;
}

static bool base64_alphabet(aval_text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
		      c == '/' || (c == '=' && i + 2 >= text.len)))
			return false;
	}
	return text.len % 4 == 0 && text.len > ID_BASE64_LEN;
}

static aval_status parse_signature_line(aval_note_signature *out, aval_text line, size_t offset,
                                        aval_error *err)
{
	const char *space;
	uint8_t     id[6];
	size_t      id_len;

	if (line.len < LINE_PREFIX_LEN || memcmp(line.data, line_prefix, LINE_PREFIX_LEN) != 0)
		return format_error(err, offset, "note.signatures[]", "a line does not begin with an em dash");
	out->name.data = line.data + LINE_PREFIX_LEN;
	space = memchr(out->name.data, ' ', line.len - LINE_PREFIX_LEN);
	if (space == NULL)
		return format_error(err, offset, "note.signatures[]", "a line without a signature");
	out->name.len = (size_t)(space - out->name.data);
	if (!aval_note_name_check(out->name))
		return format_error(err, offset, "note.signatures[].name", "not a key name");
	out->base64 = (aval_text){ space + 1, line.len - LINE_PREFIX_LEN - out->name.len - 1 };
	if (!base64_alphabet(out->base64) ||
	    !aval_base64_decode(id, &id_len, sizeof id, (aval_text){ out->base64.data, ID_BASE64_LEN }))
		return format_error(err, offset, "note.signatures[].signature", "not base64 of a key id and a signature");
	out->id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
	out->offset = offset;
	return AVAL_OK;
}

/* The line number `index`; the lines were all parsed once, or are being so. */
static aval_status signature_at(aval_note_signature *out, const aval_checkpoint *c, size_t index,
                                aval_error *err)
{
	size_t    offset = 0, begin = 0;
	aval_text line = { NULL, 0 };

	for (size_t i = 0; i <= index; i++) {
		begin = offset;
		if (!aval_line_next(&line, c->signature_lines, &offset))
			return format_error(err, c->text.len + 1 + begin, "note.signatures[]", "a line without a newline");
	}
	return parse_signature_line(out, line, c->text.len + 1 + begin, err);
}

static aval_status check_duplicates(const aval_checkpoint *c, const aval_note_signature *last,
                                    size_t last_index, aval_error *err)
{
	for (size_t i = 0; i < last_index; i++) {
		aval_note_signature earlier;
		aval_status         status = signature_at(&earlier, c, i, err);

		if (status != AVAL_OK)
			return status;
		if (earlier.id == last->id && aval_text_equal(earlier.name, last->name))
			return aval_fail_at(err, AVAL_E_CHECKPOINT_DUPLICATE, last->offset, "note.signatures[]",
			                    "a second line with the same name and key id");
	}
	return AVAL_OK;
}

static aval_status parse_signatures(aval_checkpoint *c, aval_error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < c->signature_lines.len; i++)
		count += c->signature_lines.data[i] == '\n';
	if (count == 0 || c->signature_lines.data[c->signature_lines.len - 1] != '\n')
		return format_error(err, c->text.len + 1, "note.signatures", "no signature line, or no newline at the end");
	if (count > AVAL_CHECKPOINT_MAX_SIGNATURES)
		return aval_fail(err, AVAL_E_LIMIT, "note.signatures", "more than AVAL_CHECKPOINT_MAX_SIGNATURES lines");
	c->signature_count = count;
	for (size_t i = 0; i < count; i++) {
		aval_note_signature signature;
		aval_status         status = signature_at(&signature, c, i, err);

		if (status == AVAL_OK)
			status = check_duplicates(c, &signature, i, err);
		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

/* Decimal without leading zeros, below 2^63. */
static bool parse_size(uint64_t *size_out, aval_text line)
{
	uint64_t size = 0;

	if (line.len == 0 || line.len > 19 || (line.data[0] == '0' && line.len != 1))
		return false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] < '0' || line.data[i] > '9')
			return false;
		size = size * 10 + (uint64_t)(line.data[i] - '0');
	}
	*size_out = size;
	return size <= INT64_MAX;
}

static aval_status parse_extensions(aval_checkpoint *c, size_t begin, aval_error *err)
{
	aval_text line;

	c->extensions = (aval_text){ c->text.data + begin, c->text.len - begin };
	for (size_t offset = begin, at = begin; aval_line_next(&line, c->text, &offset); at = offset)
		if (line.len == 0)
			return format_error(err, at, "checkpoint.extensions", "an empty line");
	return AVAL_OK;
}

static aval_status parse_lines(aval_checkpoint *c, aval_error *err)
{
	size_t    offset = 0, at = 0, root_len;
	aval_text line;
	uint8_t   root[33];

	if (!aval_line_next(&c->origin, c->text, &offset) || c->origin.len == 0)
		return format_error(err, 0, "checkpoint.origin", "the origin is empty");
	at = offset;
	if (!aval_line_next(&line, c->text, &offset) || !parse_size(&c->size, line))
		return format_error(err, at, "checkpoint.size", "not a decimal number below 2^63");
	at = offset;
	if (!aval_line_next(&line, c->text, &offset) || !aval_base64_decode(root, &root_len, sizeof root, line) ||
	    root_len != 32)
		return format_error(err, at, "checkpoint.root", "not base64 of 32 bytes");
	memcpy(c->root32, root, 32);
	return parse_extensions(c, offset, err);
}

aval_status aval_checkpoint_parse(aval_checkpoint *checkpoint_out, const uint8_t *note, size_t note_len,
                                  aval_error *err)
{
	aval_checkpoint checkpoint = { 0 };
	aval_status     status = check_characters(note, note_len, err);

	if (status == AVAL_OK)
		status = split(&checkpoint, (const char *)note, note_len, err);
	if (status == AVAL_OK)
		status = parse_lines(&checkpoint, err);
	if (status == AVAL_OK)
		status = parse_signatures(&checkpoint, err);
	if (status == AVAL_OK)
		*checkpoint_out = checkpoint;
	return status;
}

aval_status aval_checkpoint_signature(aval_note_signature *signature_out, const aval_checkpoint *checkpoint,
                                      size_t index, aval_error *err)
{
	if (index >= checkpoint->signature_count)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "index", "not below the number of signature lines");
	return signature_at(signature_out, checkpoint, index, err);
}
