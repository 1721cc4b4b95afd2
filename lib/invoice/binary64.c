/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 754 binary64 in integers: every operation is exact first and rounded once, to nearest, ties to even. */
#include "invoice/binary64.h"

#include "base/decimal.h"

enum { PRECISION = 53 };

static uint64_t low_bits(const aval_wide *a)
{
	uint64_t high, low = 0;

	(void)aval_wide_get(&high, &low, a);
	return low;
}

/* The double next to magnitude * 2^exponent and, if rest, a little more; then magnitude has 55 bits or more. */
static aval_binary64 nearest(const aval_wide *magnitude, int exponent, bool rest, bool negative)
{
	aval_wide a = *magnitude;
	size_t    bits = aval_wide_bits(&a);
	uint64_t  mantissa;

	if (bits == 0)
		return (aval_binary64){ false, 0, 0 };
	if (bits <= PRECISION) {
		aval_wide_shift_left(&a, PRECISION - bits);
		return (aval_binary64){ negative, low_bits(&a), exponent - (int)(PRECISION - bits) };
	}
	/* One bit more than fits tells which half, what is cut off below it whether it is the middle. */
	rest |= aval_wide_shift_right(&a, bits - PRECISION - 1);
	exponent += (int)(bits - PRECISION);
	mantissa = low_bits(&a);
	mantissa = mantissa / 2 + ((mantissa & 1) != 0 && (rest || (mantissa & 2) != 0));
	if (mantissa >> PRECISION != 0)
		return (aval_binary64){ negative, mantissa / 2, exponent + 1 };
	return (aval_binary64){ negative, mantissa, exponent };
}

/* Enough bits above the point for any divisor 10^34, which has 113. */
enum { QUOTIENT_SHIFT = 55 + 113 };

aval_binary64 aval_binary64_from(const aval_decimal *decimal)
{
	aval_wide a;
	bool      rest;

	aval_wide_set(&a, decimal->high, decimal->low);
	if (decimal->scale == 0)
		return nearest(&a, 0, false, decimal->negative);
	aval_wide_shift_left(&a, QUOTIENT_SHIFT);
	rest = aval_wide_div_pow10(&a, decimal->scale);
	return nearest(&a, -QUOTIENT_SHIFT, rest, decimal->negative);
}

/* Both mantissas in units of the smaller exponent, which is returned. */
static int align(aval_wide *x, aval_wide *y, const aval_binary64 *a, const aval_binary64 *b)
{
	bool b_is_finer = a->mantissa == 0 || (b->mantissa != 0 && b->exponent < a->exponent);
	int  exponent = b_is_finer ? b->exponent : a->exponent;

	aval_wide_set(x, 0, a->mantissa);
	aval_wide_set(y, 0, b->mantissa);
	aval_wide_shift_left(x, a->mantissa == 0 ? 0 : (size_t)(a->exponent - exponent));
	aval_wide_shift_left(y, b->mantissa == 0 ? 0 : (size_t)(b->exponent - exponent));
	return exponent;
}

aval_binary64 aval_binary64_add(const aval_binary64 *a, const aval_binary64 *b)
{
	aval_wide x, y;
	int       exponent = align(&x, &y, a, b);

	if (a->negative == b->negative) {
		aval_wide_add(&x, &y);
		return nearest(&x, exponent, false, a->negative);
	}
	if (aval_wide_compare(&x, &y) < 0) {
		aval_wide_sub(&y, &x);
		return nearest(&y, exponent, false, b->negative);
	}
	aval_wide_sub(&x, &y);
	return nearest(&x, exponent, false, a->negative);
}

aval_binary64 aval_binary64_mul(const aval_binary64 *a, const aval_binary64 *b)
{
	aval_wide x, y, product;

	aval_wide_set(&x, 0, a->mantissa);
	aval_wide_set(&y, 0, b->mantissa);
	aval_wide_mul(&product, &x, &y);
	return nearest(&product, a->exponent + b->exponent, false, a->negative != b->negative);
}

static int sign(bool negative, bool is_zero)
{
	return is_zero ? 0 : negative ? -1 : 1;
}

int aval_binary64_compare(const aval_binary64 *a, const aval_binary64 *b)
{
	int       a_sign = sign(a->negative, a->mantissa == 0), b_sign = sign(b->negative, b->mantissa == 0);
	aval_wide x, y;

	if (a_sign != b_sign)
		return a_sign < b_sign ? -1 : 1;
	(void)align(&x, &y, a, b);
	return a_sign * aval_wide_compare(&x, &y);
}

int aval_binary64_compare_decimal(const aval_binary64 *a, const aval_decimal *b)
{
	int       a_sign = sign(a->negative, a->mantissa == 0), b_sign = aval_decimal_sign(b);
	aval_wide x, y;

	if (a_sign != b_sign)
		return a_sign < b_sign ? -1 : 1;
	/* mantissa * 2^exponent and coefficient / 10^scale, both times 10^scale and, if need be, 2^-exponent */
	aval_wide_set(&x, 0, a->mantissa);
	aval_wide_set(&y, b->high, b->low);
	aval_wide_mul_pow10(&x, b->scale);
	aval_wide_shift_left(a->exponent < 0 ? &y : &x, (size_t)(a->exponent < 0 ? -a->exponent : a->exponent));
	return a_sign * aval_wide_compare(&x, &y);
}

bool aval_binary64_round(aval_decimal *integer_out, const aval_binary64 *a, uint32_t factor)
{
	aval_wide mantissa, times, one, x;
	bool      half, rest;

	aval_wide_set(&mantissa, 0, a->mantissa);
	aval_wide_set(&times, 0, factor);
	aval_wide_set(&one, 0, 1);
	aval_wide_mul(&x, &mantissa, &times);
	if (a->exponent >= 0) {
		aval_wide_shift_left(&x, (size_t)a->exponent);
		return aval_decimal_pack(integer_out, &x, 0, a->negative);
	}
	rest = aval_wide_shift_right(&x, (size_t)-a->exponent - 1);
	half = aval_wide_shift_right(&x, 1);
	/* Towards plus infinity: a negative half stays, what lies beyond it does not. */
	if (half && (!a->negative || rest))
		aval_wide_add(&x, &one);
	return aval_decimal_pack(integer_out, &x, 0, a->negative);
}
