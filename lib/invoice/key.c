/* SPDX-License-Identifier: Apache-2.0 */
/* Sort keys: made, taken apart and written as paths. */
#include "invoice/key.h"

enum {
	TERM_SHIFT = 31,
	NUMBER_SHIFT = 21,
	NUMBER_MASK = 1023,
	INDEX_MASK = (1 << NUMBER_SHIFT) - 1,
	RANK_SHIFT = 28,
	PLACE_MASK = (1 << RANK_SHIFT) - 1
};

uint32_t aval_key_group(uint8_t number, uint32_t index)
{
	return (uint32_t)number << NUMBER_SHIFT | index;
}

uint32_t aval_key_last(uint8_t term, uint32_t index)
{
	return 1u << TERM_SHIFT | (uint32_t)term << NUMBER_SHIFT | index;
}

aval_sort_item aval_key(const uint32_t steps[3], uint32_t rank, uint32_t place)
{
	aval_sort_item key;

	key.high = (uint64_t)steps[0] << 32 | steps[1];
	key.low = (uint64_t)steps[2] << 32 | rank << RANK_SHIFT | place;
	return key;
}

uint32_t aval_key_place(const aval_sort_item *key)
{
	return (uint32_t)key->low & PLACE_MASK;
}

uint32_t aval_key_rank(const aval_sort_item *key)
{
	return (uint32_t)key->low >> RANK_SHIFT;
}

bool aval_key_is_same_path(const aval_sort_item *a, const aval_sort_item *b)
{
	return a->high == b->high && a->low >> 32 == b->low >> 32;
}

static void take_steps(uint32_t steps[3], const aval_sort_item *key)
{
	steps[0] = (uint32_t)(key->high >> 32);
	steps[1] = (uint32_t)key->high;
	steps[2] = (uint32_t)(key->low >> 32);
}

uint32_t aval_key_term(const aval_sort_item *key)
{
	uint32_t steps[3];
	size_t   last = 0;

	take_steps(steps, key);
	while (last < 2 && steps[last + 1] != 0)
		last++;
	return steps[last] >> NUMBER_SHIFT & NUMBER_MASK;
}

static char *put_number(char *out, uint32_t number)
{
	char   digits[10];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (count > 0)
		*out++ = digits[--count];
	return out;
}

static char *put_step(char *out, uint32_t step)
{
	memcpy(out, (step >> TERM_SHIFT) != 0 ? "BT-" : "BG-", 3);
	out = put_number(out + 3, step >> NUMBER_SHIFT & NUMBER_MASK);
	if ((step & INDEX_MASK) == 0)
		return out;
	*out++ = '.';
	return put_number(out, step & INDEX_MASK);
}

size_t aval_key_put_path(char out[AVAL_KEY_PATH_CAPACITY], const aval_sort_item *key)
{
	const char *begin = out;
	uint32_t    steps[3];

	take_steps(steps, key);
	for (size_t i = 0; i < 3 && steps[i] != 0; i++) {
		if (i > 0)
			*out++ = '/';
		out = put_step(out, steps[i]);
	}
	return (size_t)(out - begin);
}
