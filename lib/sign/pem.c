/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a key file: an alg line, a PEM block (RFC 7468), nothing else. */
#include "sign/sign.h"

/* Reads lines that end in LF or CR LF; the last one may end without. */
typedef struct lines {
	aval_text text;
	size_t    offset; /* of the next line */
	size_t    begin;  /* of the line read last */
} lines;

static bool next_line(lines *in, aval_text *line_out)
{
	const char *begin = in->text.data + in->offset, *end;
	size_t      left = in->text.len - in->offset, len;

	if (left == 0)
		return false;
	end = memchr(begin, '\n', left);
	len = end == NULL ? left : (size_t)(end - begin);
	in->begin = in->offset;
	in->offset += end == NULL ? len : len + 1;
	if (len != 0 && begin[len - 1] == '\r')
		len--;
	*line_out = (aval_text){ begin, len };
	return true;
}

static bool starts_with(aval_text line, const char *prefix)
{
	size_t len = strlen(prefix);

	return line.len >= len && memcmp(line.data, prefix, len) == 0;
}

static aval_status parse_alg_line(aval_key_file *file, aval_text line, size_t offset, aval_error *err)
{
	aval_text name = { line.data + 5, line.len - 5 };

	if (file->algorithm != NULL)
		return aval_fail_at(err, AVAL_E_KEY_FORMAT, offset, "key.alg", "a second alg line");
	file->algorithm = aval_algorithm_find_name(name);
	if (file->algorithm == NULL)
		return aval_fail_at(err, AVAL_E_COSE_ALGORITHM, offset, "key.alg",
		                    "not an algorithm of this library");
	return AVAL_OK;
}

static aval_status check_label(aval_text line, size_t offset, aval_error *err)
{
	if (aval_text_equal_z(line, "-----BEGIN PRIVATE KEY-----"))
		return AVAL_OK;
	if (aval_text_equal_z(line, "-----BEGIN ENCRYPTED PRIVATE KEY-----"))
		return aval_fail_at(err, AVAL_E_KEY_ENCRYPTED, offset, "key.pem", "the key is encrypted");
	return aval_fail_at(err, AVAL_E_UNSUPPORTED, offset, "key.pem", "not the PEM block of a PKCS#8 key");
}

/* Up to and with the line that begins the block. */
static aval_status parse_begin(aval_key_file *file, lines *in, aval_error *err)
{
	aval_text line;

	while (next_line(in, &line)) {
		aval_status status = AVAL_OK;

		if (starts_with(line, "-----BEGIN "))
			return check_label(line, in->begin, err);
		if (starts_with(line, "alg: "))
			status = parse_alg_line(file, line, in->begin, err);
		else if (line.len != 0)
			status = aval_fail_at(err, AVAL_E_KEY_FORMAT, in->begin, "key.pem",
			                      "a line before the block that is no alg line");
		if (status != AVAL_OK)
			return status;
	}
	return aval_fail_at(err, AVAL_E_KEY_FORMAT, in->offset, "key.pem", "there is no PEM block");
}

/* Up to and with the line that ends the block; the lines between are joined. */
static aval_status join_body(char *base64, size_t *len_out, lines *in, aval_error *err)
{
	aval_text line;
	size_t    len = 0;

	while (next_line(in, &line)) {
		if (aval_text_equal_z(line, "-----END PRIVATE KEY-----")) {
			*len_out = len;
			return AVAL_OK;
		}
		memcpy(base64 + len, line.data, line.len);
		len += line.len;
	}
	return aval_fail_at(err, AVAL_E_KEY_FORMAT, in->offset, "key.pem", "the PEM block does not end");
}

static aval_status check_end(lines *in, aval_error *err)
{
	aval_text line;

	while (next_line(in, &line))
		if (line.len != 0)
			return aval_fail_at(err, AVAL_E_KEY_FORMAT, in->begin, "key.pem",
			                    "something follows the PEM block");
	return AVAL_OK;
}

aval_status aval_key_file_parse(aval_key_file *file, const char *text, size_t len, aval_error *err)
{
	char        base64[AVAL_SECRET_KEY_FILE_MAX];
	size_t      base64_len = 0;
	lines       in = { { text, len }, 0, 0 };
	aval_status status;

	file->algorithm = NULL;
	if (len > sizeof base64)
		return aval_fail(err, AVAL_E_LIMIT, "key", "longer than AVAL_SECRET_KEY_FILE_MAX");
	status = parse_begin(file, &in, err);
	if (status == AVAL_OK)
		status = join_body(base64, &base64_len, &in, err);
	if (status == AVAL_OK)
		status = check_end(&in, err);
	if (status == AVAL_OK &&
	    !aval_base64_decode(file->der, &file->der_len, sizeof file->der, (aval_text){ base64, base64_len }))
		status = aval_fail(err, AVAL_E_KEY_FORMAT, "key.pem", "the PEM block is not base64");
	aval_wipe(base64, sizeof base64);
	return status;
}
