/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648, section 4) without tables and branches over the data, since key files hold secrets. */
#include "base/base.h"

/* All ones where low <= value <= high, else zero; values are small. */
static unsigned within(unsigned value, unsigned low, unsigned high)
{
	unsigned below = (value - low) >> 16, above = (high - value) >> 16;

	return ~(0u - ((below | above) & 1));
}

static char digit_of(unsigned six_bits)
{
	unsigned v = six_bits & 63;

	return (char)((within(v, 0, 25) & (v + 'A')) | (within(v, 26, 51) & (v - 26 + 'a')) |
	              (within(v, 52, 61) & (v - 52 + '0')) | (within(v, 62, 62) & '+') |
	              (within(v, 63, 63) & '/'));
}

/* Six bits, or 64 and more for what is no digit. */
static unsigned value_of(char digit)
{
	unsigned c = (uint8_t)digit;
	unsigned upper = within(c, 'A', 'Z'), lower = within(c, 'a', 'z'), number = within(c, '0', '9');
	unsigned plus = within(c, '+', '+'), slash = within(c, '/', '/');

	return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (number & (c - '0' + 52)) | (plus & 62) |
	       (slash & 63) | (~(upper | lower | number | plus | slash) & 64);
}

size_t aval_base64_len(size_t len)
{
	return (len + 2) / 3 * 4;
}

void aval_base64_encode(char *out, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i += 3, out += 4) {
		unsigned group = (unsigned)data[i] << 16;

		if (i + 1 < len)
			group |= (unsigned)data[i + 1] << 8;
		if (i + 2 < len)
			group |= data[i + 2];
		out[0] = digit_of(group >> 18);
		out[1] = digit_of(group >> 12);
		out[2] = i + 1 < len ? digit_of(group >> 6) : '=';
		out[3] = i + 2 < len ? digit_of(group) : '=';
	}
}

/* Bytes that the text stands for by its length and padding. */
static size_t decoded_len(aval_text text)
{
	size_t len = text.len / 4 * 3;

	if (text.len != 0 && text.data[text.len - 1] == '=')
		len -= text.data[text.len - 2] == '=' ? 2 : 1;
	return len;
}

bool aval_base64_decode(uint8_t *out, size_t *len_out, size_t cap, aval_text text)
{
	size_t   len = text.len % 4 == 0 ? decoded_len(text) : SIZE_MAX;
	unsigned wrong = 0;

	if (len > cap)
		return false;
	for (size_t i = 0, at = 0; i < text.len; i += 4) {
		unsigned group = 0, digits = len - at < 3 ? (unsigned)(len - at) + 1 : 4;

		for (unsigned k = 0; k < digits; k++) {
			unsigned value = value_of(text.data[i + k]);

			wrong |= value & ~63u;
			group |= value << (18 - 6 * k);
		}
		for (unsigned k = 0; k + 1 < digits; k++)
			out[at++] = (uint8_t)(group >> (16 - 8 * k));
		/* What is left of the group was not asked for, and is zero in the one text of these bytes. */
		wrong |= (group << (8 * (digits - 1))) & 0xffffff;
	}
	*len_out = len;
	return wrong == 0;
}
