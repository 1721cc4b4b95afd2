/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_BENCH_H
#define AVAL_BENCH_H

/*
 * One row of aval-bench is a work item and, beside it, the least that any
 * implementation must do for it: its limit. Both are timed in turns in one run,
 * so that their ratio holds on a busy machine.
 *
 * An area is a file bench_<area>.c with a table of rows, ended by
 * BENCH_AREA(<area>, table), and its name in meson.build.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <aval/base.h>

typedef struct bench_config {
	uint64_t size;  /* leaves, keys: what the rows of structures that grow are built of */
	bool     quick; /* the smoke test: rows may be small, figures mean nothing */
} bench_config;

typedef enum bench_clock {
	BENCH_CPU, /* time of the calling thread: other programs do not disturb it */
	BENCH_WALL /* for work in several threads, and for waits */
} bench_clock;

typedef struct bench_row {
	const char *name;  /* area.verb */
	const char *limit; /* what is timed beside the work */
	/* Targets; 0 is none. They are printed, and judged under --check. */
	uint32_t    target_ratio_milli;
	uint32_t    target_ns;
	bool        no_allocation;
	bench_clock clock;

	/* The state of the row, never NULL. */
	void *(*setup)(const bench_config *config);
	/* Do the work, or its limit, count times over. A failure calls bench_require(). */
	void (*work)(void *state, size_t count);
	void (*limit_work)(void *state, size_t count);
	/* Operations in one work item; NULL is 1. */
	uint64_t (*ops)(const void *state);
	/* Memory that what was built holds, in thousandths of a byte an item ("leaf"); both may be NULL. */
	uint64_t (*bytes_milli)(const void *state);
	const char *item;
	/* Print one more fact, "; 64 leaves" for instance; may be NULL. */
	void (*note)(const void *state);
	void (*teardown)(void *state);
} bench_row;

typedef struct bench_area {
	const bench_row *rows;
	size_t           count;
} bench_area;

#define BENCH_AREA(name, table) const bench_area bench_##name = { table, sizeof(table) / sizeof *(table) }

/* Give up with a message where the condition does not hold. */
void bench_require(bool condition, const char *what);

/* Keep a result, so that the compiler may not drop what made it. */
void bench_keep(const void *data, size_t len);

/* Zeroed memory that is not counted; gives up where there is none. free() returns it. */
void *bench_alloc(size_t size);

/* The same bytes on every machine. */
void bench_fill(uint8_t *out, size_t len, uint64_t seed);

/* Check the key and verify, by mbedTLS alone: p256.c. */
void bench_p256_verify(const uint8_t point65[65], const uint8_t digest32[32], const uint8_t sig64[64]);

/* The allocator to inject: it counts calls and live bytes. */
const aval_allocator *bench_allocator(void);
size_t                bench_live_bytes(void);

/*
 * Allocations so far: of the injected allocator, and where the C library lets
 * malloc be replaced (malloc.c) of every other caller in the process.
 */
uint64_t bench_allocation_count(void);

/*
 * Memory that comes fresh from the system at each beginning, and goes back at each end. A block costs nothing but
 * its bytes, and is not returned by itself.
 */
typedef struct bench_fresh {
	aval_allocator allocator;
	uint8_t       *memory;
	size_t         used, size;
} bench_fresh;

void bench_fresh_begin(bench_fresh *fresh, size_t size);
void bench_fresh_end(bench_fresh *fresh);

/* Let what is freed stay with the process, so that a row does not pay for the pages that another one gave back. */
void bench_keep_memory(void);

/* Private to the frame: memory behind the counter, and the counter. */
void *bench_raw_malloc(size_t size);
void  bench_raw_free(void *pointer);
void  bench_count_allocation(void);

#endif /* AVAL_BENCH_H */
