/* SPDX-License-Identifier: Apache-2.0 */
/* Files of certificates and CRLs: PEM blocks (RFC 7468) of one kind, with text between them. */
#include "identity/chain.h"

bool aval_pem_is(const uint8_t *file, size_t len)
{
	return len == 0 || file[0] != DER_SEQUENCE;
}

void aval_pem_open(aval_pem_cursor *cursor, const char *label, aval_status status, const uint8_t *file,
                   size_t len)
{
	*cursor = (aval_pem_cursor){ { (const char *)file, len }, 0, label, status };
}

/* Lines end in LF or CR LF; false at the end. */
static bool next_line(aval_pem_cursor *in, aval_text *line_out)
{
	const char *begin = in->text.data + in->offset, *end;
	size_t      left = in->text.len - in->offset, len;

	if (left == 0)
		return false;
	end = memchr(begin, '\n', left);
	len = end == NULL ? left : (size_t)(end - begin);
	in->offset += end == NULL ? len : len + 1;
	while (len != 0 && (begin[len - 1] == '\r' || begin[len - 1] == ' ' || begin[len - 1] == '\t'))
		len--;
	*line_out = (aval_text){ begin, len };
	return true;
}

/* "-----BEGIN label-----", or with END. */
static bool is_boundary(aval_text line, const char *word, const char *label)
{
	size_t word_len = strlen(word), label_len = strlen(label);

	return line.len == word_len + label_len + 5 && memcmp(line.data, word, word_len) == 0 &&
	       memcmp(line.data + word_len, label, label_len) == 0 &&
	       memcmp(line.data + word_len + label_len, "-----", 5) == 0;
}

static bool begins_block(aval_text line)
{
	return line.len >= 11 && memcmp(line.data, "-----BEGIN ", 11) == 0;
}

static aval_status fail(const aval_pem_cursor *in, aval_error *err, size_t offset, const char *reason)
{
	return aval_fail_at(err, in->status, offset, "pem", reason);
}

/* Find the end of the block that was begun: the text between, and how much of it is base64. */
static aval_status find_end(aval_pem_cursor *in, aval_text *body_out, size_t *base64_len_out, aval_error *err)
{
	size_t    begin = in->offset, before = begin, base64_len = 0;
	aval_text line;

	while (next_line(in, &line)) {
		if (is_boundary(line, "-----END ", in->label)) {
			*body_out = (aval_text){ in->text.data + begin, before - begin };
			*base64_len_out = base64_len;
			return AVAL_OK;
		}
		if (begins_block(line))
			return fail(in, err, before, "a block within a block");
		base64_len += line.len;
		before = in->offset;
	}
	return fail(in, err, in->offset, "the block does not end");
}

static void join(char *base64, aval_text body)
{
	aval_pem_cursor in = { body, 0, NULL, AVAL_OK };
	aval_text       line;

	while (next_line(&in, &line)) {
		memcpy(base64, line.data, line.len);
		base64 += line.len;
	}
}

static aval_status decode(uint8_t **der_out, size_t *len_out, const aval_pem_cursor *in, aval_text body,
                          size_t base64_len, size_t offset, const aval_allocator *allocator, aval_error *err)
{
	char       *base64 = aval_alloc(allocator, base64_len);
	uint8_t    *der = base64 == NULL ? NULL : aval_alloc(allocator, base64_len);
	aval_status status = AVAL_OK;

	if (der == NULL) {
		status = aval_fail_no_memory(err);
	} else {
		join(base64, body);
		if (!aval_base64_decode(der, len_out, base64_len, (aval_text){ base64, base64_len }))
			status = fail(in, err, offset, "the block is not base64");
	}
	aval_free(base64, allocator);
	if (status == AVAL_OK)
		*der_out = der;
	else
		aval_free(der, allocator);
	return status;
}

aval_status aval_pem_next(uint8_t **der_out, size_t *len_out, aval_pem_cursor *cursor, size_t max,
                          const aval_allocator *allocator, aval_error *err)
{
	aval_text   line, body;
	size_t      base64_len = 0, begin;
	aval_status status;

	do {
		begin = cursor->offset;
		if (!next_line(cursor, &line)) {
			*der_out = NULL;
			*len_out = 0;
			return AVAL_OK;
		}
	} while (!begins_block(line));
	if (!is_boundary(line, "-----BEGIN ", cursor->label))
		return fail(cursor, err, begin, "a block of another kind");
	status = find_end(cursor, &body, &base64_len, err);
	if (status != AVAL_OK)
		return status;
	if (base64_len == 0)
		return fail(cursor, err, begin, "an empty block");
	if (base64_len / 4 > max / 3 + 1)
		return aval_fail_at(err, AVAL_E_LIMIT, begin, "pem", "a block longer than the limit");
	return decode(der_out, len_out, cursor, body, base64_len, begin, allocator, err);
}
