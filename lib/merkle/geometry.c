/* SPDX-License-Identifier: Apache-2.0 */
/* Log trees as index arithmetic; see geometry.h. */
#include "merkle/geometry.h"

unsigned aval_bit_len(uint64_t value)
{
	unsigned len = 0;

	for (unsigned step = 32; step > 0; step /= 2) {
		if (value >> step != 0) {
			value >>= step;
			len += step;
		}
	}
	return len + (unsigned)value;
}

unsigned aval_level_of(uint64_t count)
{
	return aval_bit_len(count - 1);
}

unsigned aval_low_zeros(uint64_t value)
{
	return aval_bit_len(value & (~value + 1)) - 1;
}

static size_t count_ones(uint64_t value)
{
	size_t ones = 0;

	for (; value != 0; value &= value - 1)
		ones++;
	return ones;
}

aval_climb aval_climb_from(unsigned level, uint64_t index, uint64_t size)
{
	return (aval_climb){ index, (size - 1) >> level, level };
}

bool aval_climb_next(aval_climb *climb, aval_sibling *sibling_out)
{
	/* The last node of a level with an even index has no sibling: it is its own parent. */
	while (climb->index == climb->last && climb->index % 2 == 0) {
		if (climb->last == 0)
			return false;
		climb->index /= 2;
		climb->last /= 2;
		climb->level++;
	}
	*sibling_out = (aval_sibling){ climb->index ^ 1, climb->level, climb->index % 2 == 1 };
	climb->index /= 2;
	climb->last /= 2;
	climb->level++;
	return true;
}

size_t aval_climb_count(const aval_climb *climb)
{
	/* Below the meeting with the right edge each level has a sibling; on the edge each left one counts. */
	unsigned inner = aval_bit_len(climb->index ^ climb->last);

	return inner + count_ones(climb->index >> inner);
}

bool aval_is_subtree(uint64_t begin, uint64_t end)
{
	unsigned level = aval_level_of(end - begin);

	/* Past 2^63 leaves the power of two is 2^64, of which 0 alone is a multiple. */
	return level > 63 ? begin == 0 : (begin & ((UINT64_C(1) << level) - 1)) == 0;
}

aval_subtree_way aval_subtree_way_of(uint64_t begin, uint64_t end, uint64_t size)
{
	unsigned level = aval_level_of(end - begin);
	bool     is_node = end == size || end - begin == UINT64_C(1) << level;

	if (is_node)
		return (aval_subtree_way){ aval_climb_from(level, begin >> level, size), false };
	level = aval_low_zeros(end);
	return (aval_subtree_way){ aval_climb_from(level, (end - 1) >> level, size), true };
}

uint64_t aval_gap_part(uint64_t begin, uint64_t end, uint64_t size)
{
	unsigned level = begin == 0 ? 63 : aval_low_zeros(begin);
	uint64_t width = UINT64_C(1) << level;

	if (end == size && width >= end - begin)
		return end;
	while (width > end - begin)
		width /= 2;
	return begin + width;
}
