/* SPDX-License-Identifier: Apache-2.0 */
/* Changes in the order of their paths: a merge sort from the bottom up, mostly on the first eight bytes. */
#include "merkle/map_draft.h"

static uint64_t prefix_of(const uint8_t path32[32])
{
	uint64_t prefix = 0;

	for (size_t i = 0; i < 8; i++)
		prefix = prefix << 8 | path32[i];
	return prefix;
}

static int compare(const draft_change *a, const draft_change *b)
{
	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	return memcmp(a->change->path32, b->change->path32, 32);
}

static void merge(draft_change *out, const draft_change *in, size_t begin, size_t middle, size_t end)
{
	size_t left = begin, right = middle;

	for (size_t i = begin; i < end; i++) {
		if (right == end || (left < middle && compare(&in[left], &in[right]) <= 0))
			out[i] = in[left++];
		else
			out[i] = in[right++];
	}
}

static void merge_all(draft_change *out, const draft_change *in, size_t count, size_t width)
{
	for (size_t begin = 0; begin < count; begin += 2 * width) {
		size_t middle = count - begin > width ? begin + width : count;
		size_t end = count - begin > 2 * width ? begin + 2 * width : count;

		merge(out, in, begin, middle, end);
	}
}

static bool is_sorted(const draft_change *changes, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare(&changes[i - 1], &changes[i]) > 0)
			return false;
	return true;
}

/* Room for the changes, and as much for the sort to work in. */
static aval_status fill(aval_map_drafts *d, const aval_map_change *changes, size_t count, aval_error *err)
{
	d->changes = aval_alloc_array(d->allocator, count, 2 * sizeof *d->changes);
	if (d->changes == NULL)
		return aval_fail_no_memory(err);
	for (size_t i = 0; i < count; i++)
		d->changes[i] = (draft_change){ prefix_of(changes[i].path32), &changes[i] };
	d->change_count = count;
	return AVAL_OK;
}

aval_status aval_map_sort(aval_map_drafts *d, const aval_map_change *changes, size_t count, aval_error *err)
{
	aval_status   status = fill(d, changes, count, err);
	draft_change *from, *to;

	if (status != AVAL_OK)
		return status;
	from = d->changes;
	to = d->changes + count;
	for (size_t width = 1; width < count && !is_sorted(from, count); width *= 2) {
		draft_change *swap = from;

		merge_all(to, from, count, width);
		from = to;
		to = swap;
	}
	if (from != d->changes)
		memcpy(d->changes, from, count * sizeof *from);
	for (size_t i = 1; i < count; i++)
		if (compare(&d->changes[i - 1], &d->changes[i]) == 0)
			return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "map.changes[]",
			                 "two changes of one key");
	return AVAL_OK;
}
