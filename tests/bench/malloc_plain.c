/* SPDX-License-Identifier: Apache-2.0 */
/* Where malloc cannot be replaced (another C library, a sanitizer), only the injected allocator counts. */
#include <stdlib.h>

#include "bench.h"

void *bench_raw_malloc(size_t size)
{
	return malloc(size);
}

void bench_raw_free(void *pointer)
{
	free(pointer);
}

void bench_keep_memory(void)
{
}
