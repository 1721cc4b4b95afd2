/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_BASE_WIDE_H
#define AVAL_LIB_BASE_WIDE_H

/*
 * Unsigned integers of up to 384 bits, for what stands between two decimals: a
 * product has 68 digits, the dividend of a quotient at most 34 + 34 + 34. Only
 * the limbs in use are touched, so small numbers stay cheap.
 */

#include "base/base.h"

#define AVAL_WIDE_LIMBS 12

typedef struct aval_wide {
	uint32_t limb[AVAL_WIDE_LIMBS]; /* least significant first; those from count on are not read */
	size_t   count;                 /* limbs in use; the last of them is not 0 */
} aval_wide;

void aval_wide_set(aval_wide *out, uint64_t high, uint64_t low);

/* False if the number has more than 128 bits. */
bool aval_wide_get(uint64_t *high_out, uint64_t *low_out, const aval_wide *a);

int aval_wide_compare(const aval_wide *a, const aval_wide *b);

/* The results must fit: callers know their bounds, and asserts hold them to it. */
void aval_wide_add(aval_wide *a, const aval_wide *b);
void aval_wide_sub(aval_wide *a, const aval_wide *b); /* a >= b */
void aval_wide_mul(aval_wide *out, const aval_wide *a, const aval_wide *b);
void aval_wide_mul_pow10(aval_wide *a, unsigned power);

/* Bits up to the highest that is set. */
size_t aval_wide_bits(const aval_wide *a);

void aval_wide_shift_left(aval_wide *a, size_t bits);

/* a = a / 2^bits; returns whether the remainder is not 0. */
bool aval_wide_shift_right(aval_wide *a, size_t bits);

/* a = a / divisor; returns the remainder. */
uint32_t aval_wide_div_small(aval_wide *a, uint32_t divisor);

/* a = a / 10^power; returns whether the remainder is not 0. */
bool aval_wide_div_pow10(aval_wide *a, unsigned power);

/* a = a / divisor, which is not 0; returns how the remainder compares with half the divisor. */
int aval_wide_div_half(aval_wide *a, const aval_wide *divisor, bool *exact_out);

#endif
