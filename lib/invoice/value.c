/* SPDX-License-Identifier: Apache-2.0 */
/* Value forms (docs/spec/terms.md, section "Value forms"). */
#include <aval/date.h>

#include "base/base.h"
#include "hash/hash.h"
#include "invoice/map.h"
#include "invoice/value.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

aval_text aval_value_strip(aval_text text)
{
	while (text.len > 0 && is_space(text.data[text.len - 1]))
		text.len--;
	while (text.len > 0 && is_space(text.data[0]))
		text.data++, text.len--;
	return text;
}

static aval_text take_digits(aval_text *text)
{
	aval_text digits = { text->data, 0 };

	while (digits.len < text->len && is_digit(text->data[digits.len]))
		digits.len++;
	if (digits.len > 0)
		text->data += digits.len;
	text->len -= digits.len;
	return digits;
}

static bool take(aval_text *text, char c)
{
	if (text->len == 0 || text->data[0] != c)
		return false;
	text->data++;
	text->len--;
	return true;
}

/* Both without their needless zeros. */
static size_t put_decimal(char *out, bool is_negative, aval_text whole, aval_text fraction)
{
	size_t len = 0;

	if (is_negative && whole.len + fraction.len > 0)
		out[len++] = '-';
	if (whole.len == 0)
		out[len++] = '0';
	memcpy(out + len, whole.data, whole.len);
	len += whole.len;
	if (fraction.len > 0) {
		out[len++] = '.';
		memcpy(out + len, fraction.data, fraction.len);
	}
	return len + fraction.len;
}

const char *aval_value_decimal(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text)
{
	bool      is_negative = take(&text, '-');
	aval_text whole, fraction = { NULL, 0 };
	size_t    leading = 0;

	if (!is_negative)
		(void)take(&text, '+');
	whole = take_digits(&text);
	if (take(&text, '.'))
		fraction = take_digits(&text);
	if (text.len > 0 || whole.len + fraction.len == 0)
		return "not a decimal number";
	while (take(&whole, '0'))
		;
	while (fraction.len > 0 && fraction.data[fraction.len - 1] == '0')
		fraction.len--;
	while (whole.len == 0 && leading < fraction.len && fraction.data[leading] == '0')
		leading++;
	if (whole.len + fraction.len - leading > AVAL_DECIMAL_MAX_DIGITS ||
	    fraction.len > AVAL_DECIMAL_MAX_SCALE)
		return "a decimal number with more than 34 digits";
	*len_out = put_decimal(out, is_negative, whole, fraction);
	return NULL;
}

/* The "Z", "+hh:mm" or "-hh:mm" that an xs:date may end in. */
static bool is_zone(aval_text zone)
{
	const char *c = zone.data;

	if (zone.len == 0 || (zone.len == 1 && c[0] == 'Z'))
		return true;
	return zone.len == 6 && (c[0] == '+' || c[0] == '-') && is_digit(c[1]) && is_digit(c[2]) &&
	       c[3] == ':' && is_digit(c[4]) && is_digit(c[5]);
}

const char *aval_value_date(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text)
{
	if (text.len < AVAL_DATE_LEN || aval_date_check(text.data, AVAL_DATE_LEN, NULL) != AVAL_OK)
		return "not a date";
	if (!is_zone((aval_text){ text.data + AVAL_DATE_LEN, text.len - AVAL_DATE_LEN }))
		return "a date with something behind it";
	memcpy(out, text.data, AVAL_DATE_LEN);
	*len_out = AVAL_DATE_LEN;
	return NULL;
}

const char *aval_value_date_102(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text)
{
	char date[AVAL_DATE_LEN];

	if (text.len != 8)
		return "not a date of format 102";
	memcpy(date, text.data, 4);
	memcpy(date + 5, text.data + 4, 2);
	memcpy(date + 8, text.data + 6, 2);
	date[4] = date[7] = '-';
	if (aval_date_check(date, sizeof date, NULL) != AVAL_OK)
		return "not a date of format 102";
	memcpy(out, date, sizeof date);
	*len_out = sizeof date;
	return NULL;
}

const char *aval_value_tax_point(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text, bool is_cii)
{
	static const char *const codes[][2] = { { "3", "5" }, { "35", "29" }, { "432", "72" } };

	for (size_t i = 0; i < 3; i++) {
		if (!aval_text_equal_z(text, codes[i][is_cii]))
			continue;
		*len_out = strlen(codes[i][0]);
		memcpy(out, codes[i][0], *len_out);
		return NULL;
	}
	return "not a code for the tax point";
}

/* 0 to 63, or above for a character that base64 does not have. */
static unsigned sextet_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 26;
	if (is_digit(c))
		return (unsigned)(c - '0') + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* Decodes groups of four characters as they fill up, and hashes them. */
typedef struct base64 {
	aval_sha256_ctx hash;
	uint8_t         bytes[192];
	size_t          len;
	uint32_t        group;
	unsigned        count;   /* characters in group, "=" included */
	unsigned        padding; /* "=" seen; only more of them may follow */
} base64;

static void flush_bytes(base64 *b)
{
	aval_sha256_update(&b->hash, b->bytes, b->len);
	b->len = 0;
}

static void put_group(base64 *b)
{
	if (b->len + 3 > sizeof b->bytes)
		flush_bytes(b);
	for (unsigned i = 0; i < 3 - b->padding; i++)
		b->bytes[b->len++] = (uint8_t)(b->group >> (16 - 8 * i));
	b->group = 0;
	b->count = 0;
}

static bool put_character(base64 *b, char c)
{
	unsigned sextet = c == '=' ? 0 : sextet_of(c);

	if (c == '=')
		b->padding++;
	else if (sextet > 63 || b->padding > 0)
		return false;
	if (b->padding > 2 || (b->padding > 0 && b->count < 2))
		return false;
	b->group = b->group << 6 | sextet;
	if (++b->count < 4)
		return true;
	/* The bits that the padding leaves over are zero. */
	if ((b->group & ((1u << 8 * b->padding) - 1)) != 0)
		return false;
	put_group(b);
	return true;
}

static void put_hex(char *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < 2 * len; i++)
		out[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
}

const char *aval_value_binary(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text)
{
	base64  b = { .len = 0 };
	uint8_t hash[AVAL_HASH_LEN];

	aval_sha256_init(&b.hash);
	for (size_t i = 0; i < text.len; i++)
		if (!is_space(text.data[i]) && !put_character(&b, text.data[i]))
			return "not base64";
	if (b.count != 0)
		return "base64 that ends inside a group";
	flush_bytes(&b);
	aval_sha256_finish(&b.hash, hash);
	put_hex(out, hash, sizeof hash);
	*len_out = 2 * sizeof hash;
	return NULL;
}

size_t aval_value_subject_len(aval_text note)
{
	if (note.len < 5 || note.data[0] != '#' || note.data[4] != '#')
		return 0;
	return aval_map_is_subject_code(note.data + 1) ? 5 : 0;
}
