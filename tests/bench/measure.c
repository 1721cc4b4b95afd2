/* SPDX-License-Identifier: Apache-2.0 */
/* Timing a row: the work and its limit in turns, medians of both. */
#include <stdlib.h>
#include <time.h>

#include "measure.h"

typedef void bench_side(void *state, size_t count);

static uint64_t now_ns(bench_clock clock)
{
	struct timespec t;

	clock_gettime(clock == BENCH_CPU ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t time_side(bench_side *side, void *state, size_t count, bench_clock clock)
{
	uint64_t begin = now_ns(clock);

	side(state, count);
	return now_ns(clock) - begin;
}

/* How often the side runs in a turn; the runs until then warm it up. */
static size_t calibrate(bench_side *side, void *state, bench_clock clock, uint64_t turn_ns, uint64_t *spent_out)
{
	size_t count = 1;

	for (;;) {
		*spent_out = time_side(side, state, count, clock);
		if (*spent_out >= turn_ns || count > SIZE_MAX / 4)
			return count;
		/* The clock itself costs a microsecond: only longer runs say where to jump to. */
		if (*spent_out > turn_ns / 8 && *spent_out > 10000)
			count = (size_t)(count * turn_ns / *spent_out) + 1;
		else
			count *= 2;
	}
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(uint64_t *values, size_t count)
{
	qsort(values, count, sizeof *values, compare_u64);
	return values[count / 2];
}

static size_t choose_turns(const bench_effort *effort, uint64_t turn_ns)
{
	uint64_t turns = effort->side_ns / (turn_ns == 0 ? 1 : turn_ns);

	if (turns < effort->min_turns)
		return effort->min_turns;
	return turns > effort->max_turns ? effort->max_turns : (size_t)turns;
}

bench_result bench_measure(const bench_row *row, void *state, const bench_effort *effort)
{
	uint64_t     ops = row->ops == NULL ? 1 : row->ops(state);
	uint64_t     work[BENCH_MAX_TURNS], limit[BENCH_MAX_TURNS], longest, spent, before;
	size_t       count = calibrate(row->work, state, row->clock, effort->turn_ns, &longest);
	size_t       limit_count = calibrate(row->limit_work, state, row->clock, effort->turn_ns, &spent);
	size_t       turns = choose_turns(effort, longest > spent ? longest : spent);
	bench_result result;

	before = bench_allocation_count();
	for (size_t i = 0; i < turns; i++) {
		work[i] = time_side(row->work, state, count, row->clock) * 1000 / count;
		if (i == 0)
			result.allocs_milli = (bench_allocation_count() - before) * 1000 / count / ops;
		limit[i] = time_side(row->limit_work, state, limit_count, row->clock) * 1000 / limit_count;
	}
	result.ps = median(work, turns) / ops;
	result.limit_ps = median(limit, turns) / ops;
	result.ratio_milli = result.limit_ps == 0 ? 0 : result.ps * 1000 / result.limit_ps;
	return result;
}
