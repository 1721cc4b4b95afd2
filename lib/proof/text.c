/* SPDX-License-Identifier: Apache-2.0 */
/* Text of the C2SP formats: base64 (RFC 4648, section 4), lines, key names. */
#include <mbedtls/base64.h>

#include "proof/proof.h"

size_t aval_base64_len(size_t len)
{
	return (len + 2) / 3 * 4;
}

static char base64_digit(unsigned six_bits)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	return digits[six_bits & 63];
}

void aval_base64_encode(char *out, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i += 3, out += 4) {
		unsigned group = (unsigned)data[i] << 16;

		if (i + 1 < len)
			group |= (unsigned)data[i + 1] << 8;
		if (i + 2 < len)
			group |= data[i + 2];
		out[0] = base64_digit(group >> 18);
		out[1] = base64_digit(group >> 12);
		out[2] = i + 1 < len ? base64_digit(group >> 6) : '=';
		out[3] = i + 2 < len ? base64_digit(group) : '=';
	}
}

/* mbedTLS accepts white space and stray bits, so the text must be what encoding gives again. */
bool aval_base64_decode(uint8_t *out, size_t *len_out, size_t cap, aval_text text)
{
	size_t len;

	if (mbedtls_base64_decode(out, cap, &len, (const unsigned char *)text.data, text.len) != 0)
		return false;
	if (aval_base64_len(len) != text.len)
		return false;
	for (size_t i = 0; i < len; i += 3) {
		char group[4];

		aval_base64_encode(group, out + i, len - i < 3 ? len - i : 3);
		if (memcmp(group, text.data + i / 3 * 4, 4) != 0)
			return false;
	}
	*len_out = len;
	return true;
}

bool aval_line_next(aval_text *line_out, aval_text text, size_t *offset)
{
	const char *begin = text.data + *offset;
	const char *end = *offset < text.len ? memchr(begin, '\n', text.len - *offset) : NULL;

	if (end == NULL)
		return false;
	*line_out = (aval_text){ begin, (size_t)(end - begin) };
	*offset += line_out->len + 1;
	return true;
}

/* U+0085, U+00A0, U+1680, U+2000..200A, U+2028, U+2029, U+202F, U+205F, U+3000 in UTF-8. */
static bool is_wide_space(const uint8_t *p, size_t len)
{
	if (len >= 2 && p[0] == 0xC2)
		return p[1] == 0x85 || p[1] == 0xA0;
	if (len < 3)
		return false;
	if (p[0] == 0xE2 && p[1] == 0x80)
		return p[2] <= 0x8A || p[2] == 0xA8 || p[2] == 0xA9 || p[2] == 0xAF;
	return (p[0] == 0xE1 && p[1] == 0x9A && p[2] == 0x80) || (p[0] == 0xE2 && p[1] == 0x81 && p[2] == 0x9F) ||
	       (p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80);
}

bool aval_note_name_check(aval_text name)
{
	const uint8_t *p = (const uint8_t *)name.data;
	size_t         bad;

	if (name.len == 0 || name.len > AVAL_VKEY_MAX_NAME || !aval_utf8_check(&bad, p, name.len))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (p[i] <= ' ' || p[i] == '+' || p[i] == 0x7F || is_wide_space(p + i, name.len - i))
			return false;
	return true;
}
