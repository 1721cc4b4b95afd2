/* SPDX-License-Identifier: Apache-2.0 */
/* Heap sort: in place, and without the allocation that the C library's qsort() may make. */
#include "base/base.h"

typedef struct heap {
	uint8_t     *items;
	size_t       size;
	aval_compare compare;
	const void  *user_data;
} heap;

static uint8_t *item_at(const heap *h, size_t index)
{
	return h->items + index * h->size;
}

static void swap(const heap *h, size_t i, size_t j)
{
	uint8_t *a = item_at(h, i), *b = item_at(h, j), part[64];

	for (size_t left = h->size; left > 0;) {
		size_t n = left < sizeof part ? left : sizeof part;

		memcpy(part, a, n);
		memcpy(a, b, n);
		memcpy(b, part, n);
		a += n;
		b += n;
		left -= n;
	}
}

/* The item at root sinks to its place among the first count. */
static void sift(const heap *h, size_t root, size_t count)
{
	for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
		if (child + 1 < count && h->compare(item_at(h, child), item_at(h, child + 1), h->user_data) < 0)
			child++;
		if (h->compare(item_at(h, root), item_at(h, child), h->user_data) >= 0)
			return;
		swap(h, root, child);
		root = child;
	}
}

void aval_heap_sort(void *items, size_t count, size_t size, aval_compare compare, const void *user_data)
{
	heap h = { items, size, compare, user_data };

	for (size_t i = count / 2; i > 0; i--)
		sift(&h, i - 1, count);
	for (size_t end = count; end > 1; end--) {
		swap(&h, 0, end - 1);
		sift(&h, 0, end - 1);
	}
}
