/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 has it: shortest forms, no surrogates, nothing above U+10FFFF. */
#include "base/base.h"

/* Bytes of the sequence that begins at p, or 0 if none does within len. */
static size_t sequence_len(const uint8_t *p, size_t len)
{
	uint32_t point;
	size_t   n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (len < n)
		return 0;
	point = p[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		point = point << 6 | (p[i] & 0x3Fu);
	}
	if (n == 3 && (point < 0x800 || (point >= 0xD800 && point < 0xE000)))
		return 0;
	return n == 4 && (point < 0x10000 || point > 0x10FFFF) ? 0 : n;
}

#define HIGH_BITS UINT64_C(0x8080808080808080)

static uint64_t load_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

/* Fewer than eight bytes in one word, some of them twice. */
static uint64_t load_short(const uint8_t *p, size_t len)
{
	uint32_t first, last;

	if (len < sizeof first)
		return len == 0 ? 0 : (uint64_t)(p[0] | p[len / 2] | p[len - 1]);
	memcpy(&first, p, sizeof first);
	memcpy(&last, p + len - sizeof last, sizeof last);
	return first | last;
}

/* Most texts are ASCII and short: no byte is looked at alone, the last words overlap. */
static bool is_ascii(const uint8_t *p, size_t len)
{
	uint64_t bits;

	if (len < sizeof bits)
		return (load_short(p, len) & HIGH_BITS) == 0;
	bits = load_word(p + len - sizeof bits);
	for (size_t i = 0; i + sizeof bits < len; i += sizeof bits)
		bits |= load_word(p + i);
	return (bits & HIGH_BITS) == 0;
}

/* Bytes of ASCII at p, counted in words of eight. */
static size_t ascii_len(const uint8_t *p, size_t len)
{
	size_t n = 0;

	while (len - n >= sizeof(uint64_t) && (load_word(p + n) & HIGH_BITS) == 0)
		n += sizeof(uint64_t);
	return n;
}

bool aval_utf8_check(size_t *offset_out, const uint8_t *data, size_t len)
{
	if (is_ascii(data, len))
		return true;
	for (size_t i = 0; i < len;) {
		size_t n = data[i] < 0x80 ? ascii_len(data + i, len - i) : 0;

		if (n == 0)
			n = sequence_len(data + i, len - i);
		if (n == 0) {
			*offset_out = i;
			return false;
		}
		i += n;
	}
	return true;
}
