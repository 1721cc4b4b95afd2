/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of 32 big-endian bytes against the order of a group, in time that does not depend on them. */
#include "crypto/crypto.h"

/* a - b modulo 2^256; returns the borrow, 1 where a < b. out may be a or b, or NULL. */
static unsigned subtract(uint8_t *out, const uint8_t a[32], const uint8_t b[32])
{
	unsigned borrow = 0;

	for (size_t i = 32; i-- > 0;) {
		unsigned difference = (unsigned)a[i] - b[i] - borrow;

		borrow = difference >> 8 & 1;
		if (out != NULL)
			out[i] = (uint8_t)difference;
	}
	return borrow;
}

static bool is_zero(const uint8_t n32[32])
{
	static const uint8_t zero32[32];

	return aval_equal_ct(n32, zero32, 32);
}

bool aval_scalar_in_range(const uint8_t n32[32], const uint8_t bound32[32])
{
	bool below = subtract(NULL, n32, bound32) == 1;

	return below & !is_zero(n32);
}

bool aval_scalar_is_below(const uint8_t n32[32], const uint8_t bound32[32])
{
	return subtract(NULL, n32, bound32) == 1;
}

bool aval_scalar_is_high(const uint8_t n32[32], const uint8_t bound32[32])
{
	uint8_t rest32[32];
	bool    high;

	/* n > bound / 2 exactly if bound - n < n, the bound being odd. */
	aval_scalar_negate(rest32, n32, bound32);
	high = subtract(NULL, rest32, n32) == 1;
	aval_wipe(rest32, sizeof rest32);
	return high;
}

void aval_scalar_negate(uint8_t out32[32], const uint8_t n32[32], const uint8_t bound32[32])
{
	(void)subtract(out32, bound32, n32);
}

/* n - bound where that does not borrow, or where n had a carry; else n. */
static void subtract_once(uint8_t n32[32], unsigned carry, const uint8_t bound32[32])
{
	uint8_t  rest32[32];
	unsigned borrow = subtract(rest32, n32, bound32);
	uint8_t  mask = (uint8_t)(0u - (carry | (borrow ^ 1)));

	for (size_t i = 0; i < 32; i++)
		n32[i] = (uint8_t)((n32[i] & ~mask) | (rest32[i] & mask));
	aval_wipe(rest32, sizeof rest32);
}

void aval_scalar_reduce(uint8_t n32[32], const uint8_t bound32[32])
{
	subtract_once(n32, 0, bound32);
}

void aval_scalar_add(uint8_t out32[32], const uint8_t a32[32], const uint8_t b32[32], const uint8_t bound32[32])
{
	unsigned carry = 0;

	for (size_t i = 32; i-- > 0;) {
		unsigned sum = (unsigned)a32[i] + b32[i] + carry;

		carry = sum >> 8;
		out32[i] = (uint8_t)sum;
	}
	subtract_once(out32, carry, bound32);
}
