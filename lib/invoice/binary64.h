/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_BINARY64_H
#define AVAL_LIB_INVOICE_BINARY64_H

/*
 * The xs:double of XPath, computed in integers. The official artefacts read some
 * amounts as doubles where a schema would have said decimal, so at the edge of
 * their tolerances and halves the verdict is that of IEEE 754 arithmetic. The
 * same verdict is reached here on every machine, without a floating-point unit
 * or its modes. Only what the rules use is here: no infinities, no subnormals,
 * numbers from 10^-34 to some 10^80.
 */

#include <aval/decimal.h>

typedef struct aval_binary64 {
	bool     negative;
	uint64_t mantissa; /* 2^52..2^53-1, or 0 */
	int      exponent; /* the value is mantissa * 2^exponent */
} aval_binary64;

/* The nearest double, as xs:double reads the decimal's text. */
aval_binary64 aval_binary64_from(const aval_decimal *decimal);

aval_binary64 aval_binary64_add(const aval_binary64 *a, const aval_binary64 *b);
aval_binary64 aval_binary64_mul(const aval_binary64 *a, const aval_binary64 *b);

/* Below 0, 0 or above 0, as a < b, a = b or a > b. */
int aval_binary64_compare(const aval_binary64 *a, const aval_binary64 *b);

/* The same with the exact values of both. */
int aval_binary64_compare_decimal(const aval_binary64 *a, const aval_decimal *b);

/* The exact value times factor, rounded to an integer as by round(); false if that has more than 34 digits. */
bool aval_binary64_round(aval_decimal *integer_out, const aval_binary64 *a, uint32_t factor);

#endif
