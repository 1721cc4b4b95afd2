/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_FAILING_ALLOCATOR_H
#define AVAL_TESTS_FAILING_ALLOCATOR_H

/*
 * An allocator that counts, and that fails on demand: a call is run once to learn how often it allocates, then
 * once for each allocation with that one failing. It must then report AVAL_E_NO_MEMORY and leave no block
 * behind.
 */

#include <check.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <aval/base.h>

typedef struct failing_allocator {
	aval_allocator allocator;
	size_t         calls;   /* allocations asked for */
	size_t         fail_at; /* this one fails, from 1; 0 is none */
	size_t         live;    /* blocks not freed yet */
	size_t         live_bytes;
	size_t         peak_bytes; /* most bytes at a time */
	size_t         dirty;      /* blocks that were freed without being wiped whole */
} failing_allocator;

/* Stands before each block and keeps its alignment. */
typedef union failing_block {
	size_t      size;
	max_align_t align;
} failing_block;

static inline void *failing_alloc(size_t size, void *user_data)
{
	failing_allocator *f = user_data;
	failing_block     *block;

	if (++f->calls == f->fail_at)
		return NULL;
	block = malloc(sizeof *block + size);
	ck_assert_ptr_nonnull(block);
	block->size = size;
	memset(block + 1, 0xA5, size); /* what is allocated is not zero */
	f->live++;
	f->live_bytes += size;
	f->peak_bytes = f->live_bytes > f->peak_bytes ? f->live_bytes : f->peak_bytes;
	return block + 1;
}

static inline void failing_free(void *pointer, void *user_data)
{
	failing_allocator *f = user_data;
	failing_block     *block = pointer;
	const uint8_t     *bytes = pointer;
	size_t             i = 0;

	if (pointer == NULL)
		return;
	block--;
	while (i < block->size && bytes[i] == 0)
		i++;
	f->dirty += i != block->size;
	f->live--;
	f->live_bytes -= block->size;
	free(block);
}

static inline void failing_allocator_init(failing_allocator *f, size_t fail_at)
{
	memset(f, 0, sizeof *f);
	f->allocator = (aval_allocator){ sizeof f->allocator, failing_alloc, failing_free, f };
	f->fail_at = fail_at;
}

/*
 * A call under test: makes its object with the allocator, checks that outputs are untouched where it fails,
 * frees what it got, and returns the status.
 */
typedef aval_status (*failing_call)(const aval_allocator *allocator, void *user_data);

/* Run call with no failure, then with each allocation failing; returns how many allocations there are. */
static inline size_t failing_allocator_walk(const char *name, failing_call call, void *user_data)
{
	failing_allocator f;
	size_t            count;
	aval_status       status;

	failing_allocator_init(&f, 0);
	status = call(&f.allocator, user_data);
	ck_assert_msg(status == AVAL_OK, "%s: got %s, want AVAL_OK", name, aval_status_name(status));
	ck_assert_msg(f.live == 0, "%s: %zu blocks leaked", name, f.live);
	count = f.calls;
	for (size_t n = 1; n <= count; n++) {
		failing_allocator_init(&f, n);
		status = call(&f.allocator, user_data);
		ck_assert_msg(status == AVAL_E_NO_MEMORY, "%s, allocation %zu of %zu fails: got %s", name, n,
		              count, aval_status_name(status));
		ck_assert_msg(f.live == 0, "%s, allocation %zu of %zu fails: %zu blocks leaked", name, n, count,
		              f.live);
	}
	return count;
}

#endif /* AVAL_TESTS_FAILING_ALLOCATOR_H */
