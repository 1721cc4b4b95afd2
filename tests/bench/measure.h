/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_BENCH_MEASURE_H
#define AVAL_BENCH_MEASURE_H

#include "bench.h"

/* How long one turn must take at least, and how many turns there are. */
typedef struct bench_effort {
	uint64_t turn_ns;
	uint64_t side_ns; /* for all turns of the work, or of the limit */
	size_t   min_turns, max_turns;
} bench_effort;

typedef struct bench_result {
	uint64_t ps; /* picoseconds an operation, median */
	uint64_t limit_ps;
	uint64_t ratio_milli;
	uint64_t allocs_milli; /* thousandths of an allocation an operation */
} bench_result;

#define BENCH_MAX_TURNS 31

bench_result bench_measure(const bench_row *row, void *state, const bench_effort *effort);

#endif /* AVAL_BENCH_MEASURE_H */
