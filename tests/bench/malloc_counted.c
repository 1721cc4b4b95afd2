/* SPDX-License-Identifier: Apache-2.0 */
/* Every malloc of the process is counted: these definitions stand before those of the C library. */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>

#include "bench.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void  __libc_free(void *pointer);
void *__libc_memalign(size_t alignment, size_t size);

void *bench_raw_malloc(size_t size)
{
	return __libc_malloc(size);
}

void bench_raw_free(void *pointer)
{
	__libc_free(pointer);
}

void bench_keep_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, INT_MAX);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

void *malloc(size_t size)
{
	bench_count_allocation();
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	bench_count_allocation();
	return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
	bench_count_allocation();
	return __libc_realloc(pointer, size);
}

void free(void *pointer)
{
	__libc_free(pointer);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	bench_count_allocation();
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer_out, size_t alignment, size_t size)
{
	void *pointer = aligned_alloc(alignment, size);

	if (pointer == NULL)
		return ENOMEM;
	*pointer_out = pointer;
	return 0;
}
