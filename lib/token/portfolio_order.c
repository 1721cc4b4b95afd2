/* SPDX-License-Identifier: Apache-2.0 */
/* Files that begin alike, next to one another. */
#include "token/portfolio_order.h"

/* Room for the next bits of a likeness, the first ones at the top. */
typedef struct likeness_bits {
	uint64_t hash;
	unsigned left;
} likeness_bits;

static void put_bits(aval_portfolio_place *place, likeness_bits *bits, const uint8_t *end, unsigned count)
{
	uint64_t word;

	memcpy(&word, end - 8, 8);
	bits->hash = (bits->hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	bits->hash ^= bits->hash >> 29;
	bits->left -= count;
	place->likeness[bits->left / 64] |= bits->hash >> (64 - count) << bits->left % 64;
}

/* The length of an item's head that is an array or a byte string of less than 2^16, and its argument; 0: none. */
static size_t small_head(const uint8_t *at, const uint8_t *end, size_t *argument_out)
{
	unsigned info;

	*argument_out = 0;
	if (end - at < 3)
		return 0;
	info = *at & 31u;
	*argument_out = info < 24 ? info : info == 24 ? at[1] : (size_t)at[1] << 8 | at[2];
	return info < 24 ? 1 : info == 24 ? 2 : info == 25 ? 3 : 0;
}

void aval_portfolio_set_likeness(aval_portfolio_place *place, const uint8_t *data, size_t file_len)
{
	enum { EVENTS_AT = 16, FIRST_BITS = 16, BITS = 8 };
	const uint8_t *at, *end;
	likeness_bits  bits = { 0, 128 };
	size_t         count, len, head;

	if (file_len <= EVENTS_AT)
		return;
	at = data + EVENTS_AT;
	end = data + file_len;
	head = small_head(at, end, &count);
	for (at += head; head != 0 && bits.left > 0 && count > 0; at += len, count--) {
		head = small_head(at, end, &len);
		at += head;
		if (head == 0 || len < 8 || len > (size_t)(end - at))
			return;
		put_bits(place, &bits, at + len, bits.left == 128 ? FIRST_BITS : BITS);
	}
}

static unsigned byte_of(const aval_portfolio_place *place, unsigned shift)
{
	return (unsigned)(place->likeness[shift / 64] >> shift % 64) & 255;
}

/* A radix sort by bytes, from the least significant on; an even number of passes ends where it began. */
void aval_portfolio_sort(aval_portfolio_place *places, aval_portfolio_place *scratch, size_t count)
{
	for (unsigned shift = 0; shift < 128; shift += 8) {
		size_t                at[257] = { 0 };
		aval_portfolio_place *from = places;

		for (size_t i = 0; i < count; i++)
			at[byte_of(&places[i], shift) + 1]++;
		for (size_t i = 0; i < 256; i++)
			at[i + 1] += at[i];
		for (size_t i = 0; i < count; i++)
			scratch[at[byte_of(&places[i], shift)]++] = places[i];
		places = scratch;
		scratch = from;
	}
}
