/* SPDX-License-Identifier: Apache-2.0 */
/* A merge sort without recursion: items of an invoice are nearly in order, so most merges have nothing to do.
 */
#include <string.h>

#include "invoice/import.h"

enum { RUN = 16 };

static bool is_less(const aval_sort_item *a, const aval_sort_item *b)
{
	return a->high != b->high ? a->high < b->high : a->low < b->low;
}

static void sort_run(aval_sort_item *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		aval_sort_item item = items[i];
		size_t         at = i;

		for (; at > 0 && is_less(&item, &items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* Merges items[0, middle) and items[middle, count); only the first half is copied away. */
static void merge(aval_sort_item *items, aval_sort_item *scratch, size_t middle, size_t count)
{
	size_t left = 0, right = middle;

	if (!is_less(&items[middle], &items[middle - 1]))
		return;
	memcpy(scratch, items, middle * sizeof *items);
	for (size_t out = 0; left < middle; out++) {
		if (right < count && is_less(&items[right], &scratch[left]))
			items[out] = items[right++];
		else
			items[out] = scratch[left++];
	}
}

void aval_sort(aval_sort_item *items, aval_sort_item *scratch, size_t count)
{
	for (size_t i = 0; i < count; i += RUN)
		sort_run(items + i, count - i < RUN ? count - i : RUN);
	for (size_t width = RUN; width < count; width *= 2)
		for (size_t i = 0; count - i > width; i += count - i < 2 * width ? count - i : 2 * width)
			merge(items + i, scratch, width, count - i < 2 * width ? count - i : 2 * width);
}
