/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimal arithmetic. Operands are brought to one scale in integers wide enough
 * for every case, and the result is packed again or refused: nothing is lost
 * on the way.
 */
#include "base/decimal.h"

/* 10^34, the first coefficient that is too large. */
#define LIMIT_HIGH UINT64_C(0x1ED09BEAD87C0)
#define LIMIT_LOW  UINT64_C(0x378D8E6400000000)

static bool below_limit(uint64_t high, uint64_t low)
{
	return high < LIMIT_HIGH || (high == LIMIT_HIGH && low < LIMIT_LOW);
}

bool aval_decimal_in_bounds(const aval_decimal *decimal)
{
	return decimal->scale <= AVAL_DECIMAL_MAX_SCALE && below_limit(decimal->high, decimal->low);
}

static void load(aval_wide *out, const aval_decimal *decimal)
{
	aval_wide_set(out, decimal->high, decimal->low);
}

/* Half the work for the numbers that invoices are made of: no trailing zero goes unnoticed in 64 bits. */
static void strip_small(uint64_t *low, unsigned *scale)
{
	while (*scale > 0 && *low % 10 == 0) {
		*low /= 10;
		(*scale)--;
	}
}

static void strip_wide(aval_wide *a, unsigned *scale)
{
	while (*scale > 0) {
		aval_wide tenth = *a;

		if (aval_wide_div_small(&tenth, 10) != 0)
			return;
		*a = tenth;
		(*scale)--;
	}
}

bool aval_decimal_pack(aval_decimal *out, const aval_wide *magnitude, unsigned scale, bool negative)
{
	aval_wide a = *magnitude;
	uint64_t  high, low;

	if (a.count > 2)
		strip_wide(&a, &scale);
	if (!aval_wide_get(&high, &low, &a))
		return false;
	if ((high | low) == 0)
		scale = 0;
	if (high == 0)
		strip_small(&low, &scale);
	if (scale > AVAL_DECIMAL_MAX_SCALE || !below_limit(high, low))
		return false;
	*out = (aval_decimal){ high, low, (uint8_t)scale, negative && (high | low) != 0 };
	return true;
}

static aval_status bad_operand(aval_error *err)
{
	return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "decimal", "a coefficient or scale is out of bounds");
}

static aval_status too_long(aval_error *err)
{
	return aval_fail(err, AVAL_E_OVERFLOW, "decimal", "the result has more than 34 digits");
}

/* Both magnitudes in units of the finer scale, which is returned. */
static unsigned align(aval_wide *x, aval_wide *y, const aval_decimal *a, const aval_decimal *b)
{
	unsigned scale = a->scale > b->scale ? a->scale : b->scale;

	load(x, a);
	load(y, b);
	aval_wide_mul_pow10(x, scale - a->scale);
	aval_wide_mul_pow10(y, scale - b->scale);
	return scale;
}

static bool add_signed(aval_decimal *sum_out, const aval_decimal *a, const aval_decimal *b)
{
	aval_wide x, y;
	unsigned  scale = align(&x, &y, a, b);

	if (a->negative == b->negative) {
		aval_wide_add(&x, &y);
		return aval_decimal_pack(sum_out, &x, scale, a->negative);
	}
	if (aval_wide_compare(&x, &y) < 0) {
		aval_wide_sub(&y, &x);
		return aval_decimal_pack(sum_out, &y, scale, b->negative);
	}
	aval_wide_sub(&x, &y);
	return aval_decimal_pack(sum_out, &x, scale, a->negative);
}

aval_status aval_decimal_add(aval_decimal *sum_out, const aval_decimal *a, const aval_decimal *b,
                             aval_error *err)
{
	if (!aval_decimal_in_bounds(a) || !aval_decimal_in_bounds(b))
		return bad_operand(err);
	return add_signed(sum_out, a, b) ? AVAL_OK : too_long(err);
}

aval_status aval_decimal_sub(aval_decimal *difference_out, const aval_decimal *a, const aval_decimal *b,
                             aval_error *err)
{
	aval_decimal minus_b = aval_decimal_negate(b);

	return aval_decimal_add(difference_out, a, &minus_b, err);
}

aval_status aval_decimal_mul(aval_decimal *product_out, const aval_decimal *a, const aval_decimal *b,
                             aval_error *err)
{
	aval_wide x, y, product;
	unsigned  scale = (unsigned)a->scale + b->scale;

	if (!aval_decimal_in_bounds(a) || !aval_decimal_in_bounds(b))
		return bad_operand(err);
	load(&x, a);
	load(&y, b);
	aval_wide_mul(&product, &x, &y);
	if (!aval_decimal_pack(product_out, &product, scale, a->negative != b->negative))
		return too_long(err);
	return AVAL_OK;
}

static bool is_mode(aval_rounding mode)
{
	return mode == AVAL_ROUND_HALF_UP || mode == AVAL_ROUND_HALF_AWAY;
}

/* Whether the magnitude goes up, half being how what was cut off compares with a half. */
static bool rounds_up(int half, bool negative, aval_rounding mode)
{
	return half > 0 || (half == 0 && (!negative || mode == AVAL_ROUND_HALF_AWAY));
}

static void add_one(aval_wide *a)
{
	aval_wide one;

	aval_wide_set(&one, 0, 1);
	aval_wide_add(a, &one);
}

aval_status aval_decimal_div(aval_decimal *quotient_out, const aval_decimal *a, const aval_decimal *b,
                             unsigned digits, aval_rounding mode, aval_error *err)
{
	bool      negative = a->negative != b->negative, exact;
	aval_wide x, y;
	int       half;

	if (!aval_decimal_in_bounds(a) || !aval_decimal_in_bounds(b))
		return bad_operand(err);
	if (digits > AVAL_DECIMAL_MAX_SCALE || !is_mode(mode))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "decimal", "digits or mode is out of bounds");
	if (aval_decimal_is_zero(b))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "decimal", "division by zero");
	load(&x, a);
	load(&y, b);
	aval_wide_mul_pow10(&x, digits + b->scale);
	aval_wide_mul_pow10(&y, a->scale);
	half = aval_wide_div_half(&x, &y, &exact);
	if (!exact && rounds_up(half, negative, mode))
		add_one(&x);
	return aval_decimal_pack(quotient_out, &x, digits, negative) ? AVAL_OK : too_long(err);
}

aval_decimal aval_decimal_round(const aval_decimal *decimal, unsigned digits, aval_rounding mode)
{
	aval_decimal rounded = *decimal;
	aval_wide    a;
	bool         rest;
	uint32_t     digit;

	if (!aval_decimal_in_bounds(decimal) || decimal->scale <= digits || !is_mode(mode))
		return rounded;
	load(&a, decimal);
	rest = aval_wide_div_pow10(&a, decimal->scale - digits - 1);
	digit = aval_wide_div_small(&a, 10);
	if (rounds_up(digit != 5 ? (digit > 5 ? 1 : -1) : rest ? 1 : 0, decimal->negative, mode))
		add_one(&a);
	/* A digit at least was cut off, so one more cannot make 35. */
	(void)aval_decimal_pack(&rounded, &a, digits, decimal->negative);
	return rounded;
}

aval_decimal aval_decimal_negate(const aval_decimal *decimal)
{
	aval_decimal negated = *decimal;

	negated.negative = !decimal->negative && !aval_decimal_is_zero(decimal);
	return negated;
}

aval_decimal aval_decimal_abs(const aval_decimal *decimal)
{
	aval_decimal magnitude = *decimal;

	magnitude.negative = false;
	return magnitude;
}

bool aval_decimal_is_zero(const aval_decimal *decimal)
{
	return (decimal->high | decimal->low) == 0;
}

int aval_decimal_sign(const aval_decimal *decimal)
{
	return aval_decimal_is_zero(decimal) ? 0 : decimal->negative ? -1 : 1;
}

/* Numbers out of bounds sort before all others: the arithmetic below is for numbers that fit. */
int aval_decimal_compare(const aval_decimal *a, const aval_decimal *b)
{
	int       a_sign = aval_decimal_sign(a), b_sign = aval_decimal_sign(b);
	bool      a_fits = aval_decimal_in_bounds(a), b_fits = aval_decimal_in_bounds(b);
	aval_wide x, y;

	if (!a_fits || !b_fits)
		return (int)a_fits - (int)b_fits;
	if (a_sign != b_sign)
		return a_sign < b_sign ? -1 : 1;
	align(&x, &y, a, b);
	return a_sign * aval_wide_compare(&x, &y);
}

aval_status aval_decimal_to_minor(int64_t *minor_out, const aval_decimal *decimal, unsigned exponent,
                                  aval_error *err)
{
	uint64_t  limit = (uint64_t)INT64_MAX + decimal->negative, high, low;
	aval_wide a;

	if (!aval_decimal_in_bounds(decimal))
		return bad_operand(err);
	if (exponent > AVAL_DECIMAL_MAX_SCALE)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "decimal", "the exponent is out of bounds");
	load(&a, decimal);
	aval_wide_mul_pow10(&a, exponent);
	if (aval_wide_div_pow10(&a, decimal->scale))
		return aval_fail(err, AVAL_E_DECIMAL_INEXACT, "decimal",
		                 "finer than the currency's minor unit");
	if (!aval_wide_get(&high, &low, &a) || high != 0 || low > limit)
		return aval_fail(err, AVAL_E_OVERFLOW, "decimal", "outside 64 bits of minor units");
	*minor_out = !decimal->negative ? (int64_t)low : low == limit ? INT64_MIN : -(int64_t)low;
	return AVAL_OK;
}

aval_decimal aval_decimal_from_minor(int64_t minor, unsigned exponent)
{
	uint64_t     magnitude = minor < 0 ? (uint64_t)0 - (uint64_t)minor : (uint64_t)minor;
	aval_decimal decimal = { 0, 0, UINT8_MAX, false };
	aval_wide    a;

	aval_wide_set(&a, 0, magnitude);
	if (exponent <= AVAL_DECIMAL_MAX_SCALE)
		(void)aval_decimal_pack(&decimal, &a, exponent, minor < 0);
	return decimal;
}
