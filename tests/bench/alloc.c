/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of the benchmarks: the counting allocator, and what is not counted. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"

/* In front of each block: its size, and as much room as keeps every alignment. */
#define FRONT 64

static _Atomic uint64_t allocation_count;
static _Atomic size_t   live_bytes;

void bench_count_allocation(void)
{
	atomic_fetch_add_explicit(&allocation_count, 1, memory_order_relaxed);
}

uint64_t bench_allocation_count(void)
{
	return atomic_load_explicit(&allocation_count, memory_order_relaxed);
}

size_t bench_live_bytes(void)
{
	return atomic_load_explicit(&live_bytes, memory_order_relaxed);
}

static void *counting_alloc(size_t size, void *user_data)
{
	uint8_t *block = size > SIZE_MAX - FRONT ? NULL : bench_raw_malloc(FRONT + size);

	(void)user_data;
	if (block == NULL)
		return NULL;
	bench_count_allocation();
	atomic_fetch_add_explicit(&live_bytes, size, memory_order_relaxed);
	memcpy(block, &size, sizeof size);
	return block + FRONT;
}

static void counting_free(void *pointer, void *user_data)
{
	size_t size;

	(void)user_data;
	if (pointer == NULL)
		return;
	memcpy(&size, (uint8_t *)pointer - FRONT, sizeof size);
	atomic_fetch_sub_explicit(&live_bytes, size, memory_order_relaxed);
	bench_raw_free((uint8_t *)pointer - FRONT);
}

static const aval_allocator counting = { sizeof counting, counting_alloc, counting_free, NULL };

const aval_allocator *bench_allocator(void)
{
	return &counting;
}

static void *fresh_alloc(size_t size, void *user_data)
{
	bench_fresh *fresh = user_data;
	void        *block = fresh->memory + fresh->used;

	size = (size + FRONT - 1) / FRONT * FRONT;
	if (size > fresh->size - fresh->used)
		return NULL;
	fresh->used += size;
	bench_count_allocation();
	return block;
}

static void fresh_free(void *pointer, void *user_data)
{
	(void)pointer;
	(void)user_data;
}

void bench_fresh_begin(bench_fresh *fresh, size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	bench_require(memory != MAP_FAILED, "out of memory");
	*fresh = (bench_fresh){
		{ sizeof fresh->allocator, fresh_alloc, fresh_free, fresh }, memory, 0, size
	};
}

void bench_fresh_end(bench_fresh *fresh)
{
	munmap(fresh->memory, fresh->size);
}

void *bench_alloc(size_t size)
{
	void *memory = calloc(1, size == 0 ? 1 : size);

	bench_require(memory != NULL, "out of memory");
	return memory;
}

void bench_require(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "aval-bench: %s\n", what);
	exit(3);
}

/* The compiler knows neither that only the ends are looked at nor that what is found there is of no use. */
static volatile uint8_t kept;

void bench_keep(const void *data, size_t len)
{
	const uint8_t *bytes = data;

	if (len > 0)
		kept = bytes[0] ^ bytes[len - 1];
}

/* SplitMix64. */
void bench_fill(uint8_t *out, size_t len, uint64_t seed)
{
	for (size_t i = 0; i < len; i += 8) {
		uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		z ^= z >> 31;
		for (size_t j = i; j < len && j < i + 8; j++)
			out[j] = (uint8_t)(z >> (8 * (j - i)));
	}
}
