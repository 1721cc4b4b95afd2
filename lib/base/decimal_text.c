/* SPDX-License-Identifier: Apache-2.0 */
/* Text and decimals: the lexical form of xs:decimal in, one canonical form out. */
#include "base/decimal.h"

/* [begin, end) of the digits before and after the point, without the zeros that count for nothing. */
struct parts {
	size_t whole_begin, whole_end;
	size_t fraction_begin, fraction_end;
};

static size_t digits_end(const char *text, size_t begin, size_t len)
{
	while (begin < len && text[begin] >= '0' && text[begin] <= '9')
		begin++;
	return begin;
}

static aval_status bad_syntax(size_t offset, aval_error *err)
{
	return aval_fail_at(err, AVAL_E_DECIMAL_SYNTAX, offset, "decimal",
	                    "not [+-] digits with at most one point");
}

static aval_status split(struct parts *out, const char *text, size_t len, aval_error *err)
{
	size_t begin = len > 0 && (text[0] == '+' || text[0] == '-') ? 1 : 0;
	size_t end = digits_end(text, begin, len);

	*out = (struct parts){ begin, end, end, end };
	if (end < len && text[end] == '.') {
		out->fraction_begin = end + 1;
		out->fraction_end = end = digits_end(text, end + 1, len);
	}
	if (end < len)
		return bad_syntax(end, err);
	if (out->whole_begin == out->whole_end && out->fraction_begin == out->fraction_end)
		return bad_syntax(len, err);
	return AVAL_OK;
}

static void drop_zeros(struct parts *p, const char *text)
{
	while (p->whole_begin < p->whole_end && text[p->whole_begin] == '0')
		p->whole_begin++;
	while (p->fraction_begin < p->fraction_end && text[p->fraction_end - 1] == '0')
		p->fraction_end--;
}

static uint64_t digits_value(uint64_t value, const char *text, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	return value;
}

enum { SHORT = 19 }; /* digits; so many fit 64 bits */

/* A coefficient of 20 to 34 digits is a short one times a power of ten, and another. */
static void long_coefficient(aval_wide *out, const struct parts *p, const char *text)
{
	char      digits[AVAL_DECIMAL_MAX_DIGITS];
	size_t    whole = p->whole_end - p->whole_begin, fraction = p->fraction_end - p->fraction_begin;
	size_t    count = whole + fraction;
	aval_wide low;

	memcpy(digits, text + p->whole_begin, whole);
	memcpy(digits + whole, text + p->fraction_begin, fraction);
	aval_wide_set(out, 0, digits_value(0, digits, 0, count - SHORT));
	aval_wide_set(&low, 0, digits_value(0, digits, count - SHORT, count));
	aval_wide_mul_pow10(out, SHORT);
	aval_wide_add(out, &low);
}

aval_status aval_decimal_parse(aval_decimal *decimal_out, const char *text, size_t len, aval_error *err)
{
	struct parts p;
	aval_status  status = split(&p, text, len, err);
	size_t       scale;
	aval_wide    a;

	if (status != AVAL_OK)
		return status;
	drop_zeros(&p, text);
	scale = p.fraction_end - p.fraction_begin;
	if (scale > AVAL_DECIMAL_MAX_SCALE)
		return aval_fail(err, AVAL_E_DECIMAL_RANGE, "decimal", "more than 34 digits after the point");
	if (p.whole_end - p.whole_begin + scale > AVAL_DECIMAL_MAX_DIGITS)
		return aval_fail(err, AVAL_E_DECIMAL_RANGE, "decimal", "more than 34 digits");
	if (p.whole_end - p.whole_begin + scale <= SHORT) {
		uint64_t low = digits_value(0, text, p.whole_begin, p.whole_end);

		low = digits_value(low, text, p.fraction_begin, p.fraction_end);
		*decimal_out = (aval_decimal){ 0, low, (uint8_t)scale, text[0] == '-' && low != 0 };
		return AVAL_OK;
	}
	long_coefficient(&a, &p, text);
	(void)aval_decimal_pack(decimal_out, &a, (unsigned)scale, text[0] == '-');
	return AVAL_OK;
}

/* The digits of a, last first; at least as many as least. */
static size_t reversed_digits(char out[AVAL_DECIMAL_MAX_LEN], aval_wide *a, size_t least)
{
	size_t count = 0;

	while (a->count > 0 || count < least)
		out[count++] = (char)('0' + aval_wide_div_small(a, 10));
	return count;
}

size_t aval_decimal_serialize(char text_out[AVAL_DECIMAL_MAX_LEN], const aval_decimal *decimal)
{
	char         digits[AVAL_DECIMAL_MAX_LEN];
	size_t       count, len = 0;
	aval_decimal canonical;
	aval_wide    a;

	aval_wide_set(&a, decimal->high, decimal->low);
	if (!aval_decimal_pack(&canonical, &a, decimal->scale, decimal->negative))
		return 0;
	aval_wide_set(&a, canonical.high, canonical.low);
	count = reversed_digits(digits, &a, (size_t)canonical.scale + 1);
	if (canonical.negative)
		text_out[len++] = '-';
	while (count > 0) {
		if (count == canonical.scale)
			text_out[len++] = '.';
		text_out[len++] = digits[--count];
	}
	return len;
}
