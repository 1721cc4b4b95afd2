/* SPDX-License-Identifier: Apache-2.0 */
/* Integers of up to 384 bits in limbs of 32, whose products fit the widest portable type. */
#include <assert.h>

#include "base/wide.h"

static const uint32_t pow10_small[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
};

static void trim(aval_wide *a)
{
	while (a->count > 0 && a->limb[a->count - 1] == 0)
		a->count--;
}

/* A carry beyond the last limb would be our bug; the limb is not written then. */
static void push(aval_wide *a, uint32_t limb)
{
	assert(a->count < AVAL_WIDE_LIMBS);
	if (a->count < AVAL_WIDE_LIMBS)
		a->limb[a->count++] = limb;
}

void aval_wide_set(aval_wide *out, uint64_t high, uint64_t low)
{
	out->limb[0] = (uint32_t)low;
	out->limb[1] = (uint32_t)(low >> 32);
	out->limb[2] = (uint32_t)high;
	out->limb[3] = (uint32_t)(high >> 32);
	out->count = 4;
	trim(out);
}

bool aval_wide_get(uint64_t *high_out, uint64_t *low_out, const aval_wide *a)
{
	uint64_t half[2] = { 0, 0 };

	if (a->count > 4)
		return false;
	for (size_t i = 0; i < a->count; i++)
		half[i / 2] |= (uint64_t)a->limb[i] << (i % 2 * 32);
	*low_out = half[0];
	*high_out = half[1];
	return true;
}

int aval_wide_compare(const aval_wide *a, const aval_wide *b)
{
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (size_t i = a->count; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

void aval_wide_add(aval_wide *a, const aval_wide *b)
{
	uint64_t carry = 0;

	while (a->count < b->count)
		push(a, 0);
	for (size_t i = 0; i < a->count; i++) {
		carry += (uint64_t)a->limb[i] + (i < b->count ? b->limb[i] : 0);
		a->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0)
		push(a, (uint32_t)carry);
}

void aval_wide_sub(aval_wide *a, const aval_wide *b)
{
	uint32_t borrow = 0;

	assert(aval_wide_compare(a, b) >= 0);
	for (size_t i = 0; i < a->count; i++) {
		uint64_t less = (uint64_t)(i < b->count ? b->limb[i] : 0) + borrow;

		borrow = a->limb[i] < less;
		a->limb[i] -= (uint32_t)less;
	}
	trim(a);
}

void aval_wide_mul(aval_wide *out, const aval_wide *a, const aval_wide *b)
{
	assert(a->count + b->count <= AVAL_WIDE_LIMBS);
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < a->count; i++) {
		uint64_t carry = 0;

		for (size_t j = 0; j < b->count; j++) {
			carry += (uint64_t)a->limb[i] * b->limb[j] + out->limb[i + j];
			out->limb[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
		out->limb[i + b->count] = (uint32_t)carry;
	}
	out->count = a->count + b->count;
	trim(out);
}

static void mul_small(aval_wide *a, uint32_t factor)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < a->count; i++) {
		carry += (uint64_t)a->limb[i] * factor;
		a->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0)
		push(a, (uint32_t)carry);
}

void aval_wide_mul_pow10(aval_wide *a, unsigned power)
{
	for (; power > 9; power -= 9)
		mul_small(a, pow10_small[9]);
	mul_small(a, pow10_small[power]);
}

size_t aval_wide_bits(const aval_wide *a)
{
	size_t   bits = a->count * 32;
	uint32_t top = bits > 0 ? a->limb[a->count - 1] : UINT32_MAX;

	for (; (top & UINT32_C(0x80000000)) == 0; top <<= 1)
		bits--;
	return bits;
}

void aval_wide_shift_left(aval_wide *a, size_t bits)
{
	size_t limbs = bits / 32;

	if (a->count == 0)
		return;
	mul_small(a, UINT32_C(1) << bits % 32);
	assert(a->count + limbs <= AVAL_WIDE_LIMBS);
	if (a->count + limbs > AVAL_WIDE_LIMBS)
		return;
	memmove(a->limb + limbs, a->limb, a->count * sizeof a->limb[0]);
	memset(a->limb, 0, limbs * sizeof a->limb[0]);
	a->count += limbs;
}

bool aval_wide_shift_right(aval_wide *a, size_t bits)
{
	size_t limbs = bits / 32 < a->count ? bits / 32 : a->count;
	bool   rest = false;

	for (size_t i = 0; i < limbs; i++)
		rest |= a->limb[i] != 0;
	memmove(a->limb, a->limb + limbs, (a->count - limbs) * sizeof a->limb[0]);
	a->count -= limbs;
	if (a->count == 0 || bits % 32 == 0)
		return rest;
	/* A power of two below 2^32 divides like any other small number. */
	return (aval_wide_div_small(a, UINT32_C(1) << bits % 32) != 0) | rest;
}

uint32_t aval_wide_div_small(aval_wide *a, uint32_t divisor)
{
	uint64_t rest = 0;

	for (size_t i = a->count; i-- > 0;) {
		rest = rest << 32 | a->limb[i];
		a->limb[i] = (uint32_t)(rest / divisor);
		rest %= divisor;
	}
	trim(a);
	return (uint32_t)rest;
}

bool aval_wide_div_pow10(aval_wide *a, unsigned power)
{
	bool rest = false;

	for (; power > 9; power -= 9)
		rest |= aval_wide_div_small(a, pow10_small[9]) != 0;
	rest |= aval_wide_div_small(a, pow10_small[power]) != 0;
	return rest;
}

/* a = 2 * a + bit */
static void shift_in(aval_wide *a, uint32_t bit)
{
	uint32_t carry = bit;

	for (size_t i = 0; i < a->count; i++) {
		uint32_t limb = a->limb[i];

		a->limb[i] = limb << 1 | carry;
		carry = limb >> 31;
	}
	if (carry != 0)
		push(a, carry);
}

/* Bit by bit from the top; divisors of one limb, the common ones, take the short way. */
static void divide(aval_wide *a, const aval_wide *divisor, aval_wide *rest)
{
	if (divisor->count == 1) {
		aval_wide_set(rest, 0, aval_wide_div_small(a, divisor->limb[0]));
		return;
	}
	rest->count = 0;
	for (size_t i = a->count * 32; i-- > 0;) {
		uint32_t mask = UINT32_C(1) << (i % 32);

		shift_in(rest, (a->limb[i / 32] & mask) != 0);
		a->limb[i / 32] &= ~mask;
		if (aval_wide_compare(rest, divisor) < 0)
			continue;
		aval_wide_sub(rest, divisor);
		a->limb[i / 32] |= mask;
	}
	trim(a);
}

int aval_wide_div_half(aval_wide *a, const aval_wide *divisor, bool *exact_out)
{
	aval_wide rest;

	divide(a, divisor, &rest);
	*exact_out = rest.count == 0;
	shift_in(&rest, 0);
	return aval_wide_compare(&rest, divisor);
}
