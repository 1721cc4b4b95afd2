/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes as text: the text, and the lines of signatures beneath it. */
#include "proof/proof.h"

/* An em dash and a space. */
const char aval_note_line_prefix[AVAL_NOTE_LINE_PREFIX_LEN + 1] = "\xE2\x80\x94 ";

/* The key id with the first bytes of the signature: no more of a line is read here. */
#define ID_BASE64_LEN 8

aval_status aval_note_format_error(aval_error *err, size_t offset, const char *where, const char *reason)
{
	return aval_fail_at(err, AVAL_E_CHECKPOINT_FORMAT, offset, where, reason);
}

aval_status aval_note_check_characters(const char *text, size_t len, aval_error *err)
{
	size_t bad;

	if (!aval_utf8_check(&bad, (const uint8_t *)text, len))
		return aval_note_format_error(err, bad, "note", "not UTF-8");
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)text[i] < ' ' && text[i] != '\n')
			return aval_note_format_error(err, i, "note", "a control character");
	return AVAL_OK;
}

/* The text ends at the last empty line. */
static aval_status split(aval_signed_note *note, const char *data, size_t len, aval_error *err)
{
	size_t end = len;

	while (end >= 2 && !(data[end - 1] == '\n' && data[end - 2] == '\n'))
		end--;
	if (end < 2)
		return aval_note_format_error(err, 0, "note", "no empty line before the signatures");
	if (end - 1 > AVAL_SIGNED_NOTE_MAX_TEXT)
		return aval_fail(err, AVAL_E_LIMIT, "note.text", "longer than AVAL_SIGNED_NOTE_MAX_TEXT");
	note->text = (aval_text){ data, end - 1 };
	note->signature_lines = (aval_text){ data + end, len - end };
	return AVAL_OK;
}

static aval_status parse_line(aval_note_signature *out, aval_text line, size_t offset, aval_error *err)
{
	const char *space;
	uint8_t     id[6];
	size_t      id_len;

	if (line.len < AVAL_NOTE_LINE_PREFIX_LEN ||
	    memcmp(line.data, aval_note_line_prefix, AVAL_NOTE_LINE_PREFIX_LEN) != 0)
		return aval_note_format_error(err, offset, "note.signatures[]",
		                              "a line does not begin with an em dash");
	out->name.data = line.data + AVAL_NOTE_LINE_PREFIX_LEN;
	space = memchr(out->name.data, ' ', line.len - AVAL_NOTE_LINE_PREFIX_LEN);
	if (space == NULL)
		return aval_note_format_error(err, offset, "note.signatures[]", "a line without a signature");
	out->name.len = (size_t)(space - out->name.data);
	if (!aval_note_name_check(out->name))
		return aval_note_format_error(err, offset, "note.signatures[].name", "not a key name");
	out->base64 = (aval_text){ space + 1, line.len - AVAL_NOTE_LINE_PREFIX_LEN - out->name.len - 1 };
	if (!aval_base64_alphabet(out->base64) || out->base64.len < ID_BASE64_LEN ||
	    !aval_base64_decode(id, &id_len, sizeof id, (aval_text){ out->base64.data, ID_BASE64_LEN }) ||
	    id_len <= 4)
		return aval_note_format_error(err, offset, "note.signatures[].signature",
		                              "not base64 of a key id and a signature");
	out->id = aval_load_be32(id);
	out->offset = offset;
	return AVAL_OK;
}

/* The line number `index`; the lines were all parsed once, or are being so. */
static aval_status line_at(aval_note_signature *out, const aval_signed_note *note, size_t index,
                           aval_error *err)
{
	size_t    offset = 0, begin = 0;
	aval_text line = { NULL, 0 };

	for (size_t i = 0; i <= index; i++) {
		begin = offset;
		if (!aval_line_next(&line, note->signature_lines, &offset))
			return aval_note_format_error(err, note->text.len + 1 + begin, "note.signatures[]",
			                              "a line without a newline");
	}
	return parse_line(out, line, note->text.len + 1 + begin, err);
}

static aval_status check_duplicates(const aval_signed_note *note, const aval_note_signature *last,
                                    size_t last_index, aval_error *err)
{
	for (size_t i = 0; i < last_index; i++) {
		aval_note_signature earlier;
		aval_status         status = line_at(&earlier, note, i, err);

		if (status != AVAL_OK)
			return status;
		if (earlier.id == last->id && aval_text_equal(earlier.name, last->name))
			return aval_fail_at(err, AVAL_E_CHECKPOINT_DUPLICATE, last->offset, "note.signatures[]",
			                    "a second line with the same name and key id");
	}
	return AVAL_OK;
}

static aval_status parse_lines(aval_signed_note *note, aval_error *err)
{
	aval_text lines = note->signature_lines;
	size_t    count = 0;

	for (size_t i = 0; i < lines.len; i++)
		count += lines.data[i] == '\n';
	if (count == 0 || lines.data[lines.len - 1] != '\n')
		return aval_note_format_error(err, note->text.len + 1, "note.signatures",
		                              "no signature line, or no newline at the end");
	if (count > AVAL_SIGNED_NOTE_MAX_SIGNATURES)
		return aval_fail(err, AVAL_E_LIMIT, "note.signatures",
		                 "more than AVAL_SIGNED_NOTE_MAX_SIGNATURES lines");
	note->signature_count = count;
	for (size_t i = 0; i < count; i++) {
		aval_note_signature line;
		aval_status         status = line_at(&line, note, i, err);

		if (status == AVAL_OK)
			status = check_duplicates(note, &line, i, err);
		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

aval_status aval_signed_note_parse(aval_signed_note *note_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_signed_note note = { { NULL, 0 }, { NULL, 0 }, 0 };
	aval_status      status;

	if (len > AVAL_SIGNED_NOTE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "note", "longer than AVAL_SIGNED_NOTE_MAX_LEN");
	status = aval_note_check_characters((const char *)data, len, err);
	if (status == AVAL_OK)
		status = split(&note, (const char *)data, len, err);
	if (status == AVAL_OK)
		status = parse_lines(&note, err);
	if (status == AVAL_OK)
		*note_out = note;
	return status;
}

aval_status aval_signed_note_line(aval_note_signature *signature_out, const aval_signed_note *note,
                                  size_t index, aval_error *err)
{
	if (index >= note->signature_count)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "index",
		                 "not below the number of signature lines");
	return line_at(signature_out, note, index, err);
}
