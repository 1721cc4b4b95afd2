/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_DECIMAL_H
#define AVAL_DECIMAL_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Exact decimal numbers for the amounts, prices, quantities and rates of an
 * invoice: at most 34 digits, of which at most 34 follow the point. Nothing is
 * ever rounded unless the call says so by name; what does not fit is refused.
 * There is no way from or to a binary floating-point number.
 *
 * All calls are pure functions over values, safe from any thread; nothing is
 * allocated or retained.
 */

#define AVAL_DECIMAL_MAX_DIGITS 34 /**< digits; no coefficient has more */
#define AVAL_DECIMAL_MAX_SCALE  34 /**< digits; no more follow the point */
#define AVAL_DECIMAL_MAX_LEN    37 /**< bytes of the longest canonical text: sign, "0.", 34 digits */

/**
 * An exact decimal: (-1)^negative * (high * 2^64 + low) / 10^scale.
 *
 * The functions of this header make it in one form only: no trailing zero after the point, no negative zero; so
 * two numbers are equal if their fields are. Where a call says "a decimal", a struct whose coefficient or scale
 * is out of bounds is refused. All zero bytes are the number 0.
 */
typedef struct aval_decimal {
	uint64_t high;     /**< upper 64 bits of the coefficient, which is below 10^34 */
	uint64_t low;      /**< lower 64 bits of the coefficient */
	uint8_t  scale;    /**< digits after the point; 0..AVAL_DECIMAL_MAX_SCALE */
	bool     negative;
} aval_decimal;

/** What becomes of a number that lies halfway between two candidates. */
typedef enum aval_rounding {
	AVAL_ROUND_HALF_UP   = 1, /**< towards plus infinity, as XPath's round(): -2.5 becomes -2 */
	AVAL_ROUND_HALF_AWAY = 2  /**< away from zero, as merchants round: -2.5 becomes -3 */
} aval_rounding;

/**
 * Read a number as XML Schema's xs:decimal writes it.
 *
 * An optional sign, then digits with at most one point among, before or after them. There is no exponent, no
 * grouping and no white space. Zeros before the number and after its fraction do not count as digits.
 *
 * @param[out] decimal_out  the number; written on success.
 * @param[in]  text         len bytes; ASCII, not NUL-terminated; may be NULL if len is 0.
 * @param[in]  len          bytes; any.
 * @param[out] err          filled only on failure; offset is the first byte that does not belong; may be NULL.
 *
 * @retval AVAL_OK                the text is exactly this number.
 * @retval AVAL_E_DECIMAL_SYNTAX  the text is not a number of this form.
 * @retval AVAL_E_DECIMAL_RANGE   more than 34 digits, or more than 34 after the point.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     XML Schema 1.1 Part 2, section 3.3.3.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_decimal_parse(
	aval_decimal *decimal_out,
	const char   *text, size_t len,
	aval_error   *err);

/**
 * Write a number in its one canonical form.
 *
 * At least one digit before the point, no other leading zero, no trailing zero after the point, no point
 * without a fraction, no "+", no "-0", no exponent. It is not NUL-terminated.
 *
 * @param[out] text_out  AVAL_DECIMAL_MAX_LEN bytes.
 * @param[in]  decimal   a decimal.
 * @return               bytes written; 0 if *decimal is out of bounds.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/checks.md, section "Decimals".
 */
AVAL_API size_t aval_decimal_serialize(
	char                text_out[AVAL_DECIMAL_MAX_LEN],
	const aval_decimal *decimal);

/**
 * Add two numbers.
 *
 * @param[out] sum_out  a + b; written on success; may be one of the operands.
 * @param[in]  a        a decimal.
 * @param[in]  b        a decimal.
 * @param[out] err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the sum is exact.
 * @retval AVAL_E_OVERFLOW          the sum has more than 34 digits.
 * @retval AVAL_E_INVALID_ARGUMENT  an operand is out of bounds.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_decimal_add(
	aval_decimal       *sum_out,
	const aval_decimal *a,
	const aval_decimal *b,
	aval_error         *err);

/** Subtract: *difference_out = a - b; otherwise as aval_decimal_add(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_decimal_sub(
	aval_decimal       *difference_out,
	const aval_decimal *a,
	const aval_decimal *b,
	aval_error         *err);

/**
 * Multiply two numbers.
 *
 * @param[out] product_out  a * b; written on success; may be one of the operands.
 * @param[in]  a            a decimal.
 * @param[in]  b            a decimal.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the product is exact.
 * @retval AVAL_E_OVERFLOW          the product has more than 34 digits, or more than 34 after the point.
 * @retval AVAL_E_INVALID_ARGUMENT  an operand is out of bounds.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_decimal_mul(
	aval_decimal       *product_out,
	const aval_decimal *a,
	const aval_decimal *b,
	aval_error         *err);

/**
 * Divide two numbers and round the exact quotient once.
 *
 * @param[out] quotient_out  a / b, rounded to digits; written on success; may be one of the operands.
 * @param[in]  a             a decimal.
 * @param[in]  b             a decimal other than 0.
 * @param[in]  digits        digits kept after the point; 0..AVAL_DECIMAL_MAX_SCALE.
 * @param[in]  mode          what becomes of a half.
 * @param[out] err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  no number of that many digits is nearer to the quotient.
 * @retval AVAL_E_OVERFLOW          the rounded quotient has more than 34 digits.
 * @retval AVAL_E_INVALID_ARGUMENT  b is 0, an operand is out of bounds, or digits or mode is.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_decimal_div(
	aval_decimal       *quotient_out,
	const aval_decimal *a,
	const aval_decimal *b,
	unsigned            digits,
	aval_rounding       mode,
	aval_error         *err);

/**
 * Round a number to at most digits digits after the point.
 *
 * It cannot overflow. A number with no more digits is returned as it is; so is any if the mode is unknown.
 */
AVAL_API aval_decimal aval_decimal_round(
	const aval_decimal *decimal,
	unsigned            digits,
	aval_rounding       mode);

/** The number with the other sign; 0 stays 0. */
AVAL_API aval_decimal aval_decimal_negate(const aval_decimal *decimal);

/** The number without its sign. */
AVAL_API aval_decimal aval_decimal_abs(const aval_decimal *decimal);

/** Order two decimals: below 0 if a < b, 0 if they are equal, above 0 if a > b. */
AVAL_API int aval_decimal_compare(const aval_decimal *a, const aval_decimal *b);

/** -1, 0 or 1, as the number is negative, zero or positive. */
AVAL_API int aval_decimal_sign(const aval_decimal *decimal);

/** Whether the number is 0. */
AVAL_API bool aval_decimal_is_zero(const aval_decimal *decimal);

/**
 * Count a number in minor units of a currency, exactly or not at all.
 *
 * @param[out] minor_out  minor units; decimal * 10^exponent; written on success.
 * @param[in]  decimal    a decimal.
 * @param[in]  exponent   digits that the minor unit has after the point; 0..AVAL_DECIMAL_MAX_SCALE.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  minor_out is exactly the number.
 * @retval AVAL_E_DECIMAL_INEXACT   the number is finer than the minor unit.
 * @retval AVAL_E_OVERFLOW          the count is outside -2^63..2^63-1.
 * @retval AVAL_E_INVALID_ARGUMENT  the number or the exponent is out of bounds.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     ISO 4217; docs/spec/checks.md, section "Money".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_decimal_to_minor(
	int64_t            *minor_out,
	const aval_decimal *decimal,
	unsigned            exponent,
	aval_error         *err);

/**
 * The number that a count of minor units is: minor / 10^exponent.
 *
 * An exponent above AVAL_DECIMAL_MAX_SCALE gives a value that every other call refuses.
 */
AVAL_API aval_decimal aval_decimal_from_minor(int64_t minor, unsigned exponent);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_DECIMAL_H */
