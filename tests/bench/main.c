/* SPDX-License-Identifier: Apache-2.0 */
/* aval-bench: the rows of all areas, timed and printed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "hash/kernel.h"
#include "measure.h"

/* meson.build defines BENCH_AREAS(AREA) as AREA(a) AREA(b) ... */
#define DECLARE(name) extern const bench_area bench_##name;
BENCH_AREAS(DECLARE)

#define ENTRY(name) &bench_##name,
static const bench_area *const areas[] = { BENCH_AREAS(ENTRY) };
#define AREA_COUNT (sizeof areas / sizeof *areas)

static const bench_effort full = { 5000000, 1500000000, 5, 31 };
static const bench_effort quick = { 20000, 200000, 1, 3 };

#define FULL_SIZE  UINT64_C(1000000)
#define QUICK_SIZE UINT64_C(3000)

typedef struct options {
	const char  *filter; /* part of a row's name; "" is all */
	bool         json, list, check;
	bench_config config;
} options;

static const char usage[] =
	"usage: aval-bench [FILTER] [--json] [--list] [--check] [--quick] [--size N] [--kernel NAME]\n"
	"  FILTER   rows whose name contains it\n"
	"  --json   {\"rows\":[{\"name\",\"ns_per_op\",\"limit\",\"limit_ns\",\"ratio\",\"allocs_per_op\","
	"\"bytes_per_item\"}]}\n"
	"  --list   the names alone\n"
	"  --check  exit 1 if a row misses its target\n"
	"  --quick  a smoke run: the figures mean nothing\n"
	"  --size   leaves or keys of the structures that grow (1000000)\n"
	"  --kernel the SHA-256 kernel to run: another than the fastest\n";

static bool parse_size(uint64_t *size_out, const char *text)
{
	char *end;

	if (text == NULL || *text < '0' || *text > '9')
		return false;
	*size_out = strtoull(text, &end, 10);
	return *end == '\0' && *size_out >= 2 && *size_out <= UINT64_C(1000000000);
}

static bool force_kernel(const char *name)
{
	for (size_t i = 0; name != NULL && i < aval_sha256_kernel_count; i++) {
		if (strcmp(aval_sha256_kernels[i]->name, name) != 0 || !aval_sha256_kernels[i]->usable())
			continue;
		aval_sha256_kernel_force(aval_sha256_kernels[i]);
		return true;
	}
	return false;
}

static bool parse_flag(options *o, const char *arg)
{
	if (strcmp(arg, "--json") == 0)
		o->json = true;
	else if (strcmp(arg, "--list") == 0)
		o->list = true;
	else if (strcmp(arg, "--check") == 0)
		o->check = true;
	else if (strcmp(arg, "--quick") == 0)
		o->config.quick = true;
	else
		return false;
	return true;
}

static bool parse_options(options *o, char **args)
{
	*o = (options){ .filter = "" };
	for (; *args != NULL; args++) {
		if (strcmp(*args, "--size") == 0) {
			if (!parse_size(&o->config.size, *++args))
				return false;
		} else if (strcmp(*args, "--kernel") == 0) {
			if (!force_kernel(*++args))
				return false;
		} else if (!parse_flag(o, *args)) {
			if (**args == '-' || *o->filter != '\0')
				return false;
			o->filter = *args;
		}
	}
	if (o->config.size == 0)
		o->config.size = o->config.quick ? QUICK_SIZE : FULL_SIZE;
	return true;
}

/* 12345 thousandths are "12.345"; the digits that no clock gives are left out. */
static const char *decimal(char out[32], uint64_t milli, int digits)
{
	static const uint64_t unit[] = { 1000, 100, 10, 1 };
	uint64_t              rounded = (milli + unit[digits] / 2) / unit[digits];
	uint64_t              whole = 1000 / unit[digits];

	snprintf(out, 32, "%" PRIu64 ".%0*" PRIu64, rounded / whole, digits, rounded % whole);
	return out;
}

static bool meets(const bench_row *row, const bench_result *r)
{
	return (row->target_ratio_milli == 0 || r->ratio_milli <= row->target_ratio_milli) &&
	       (row->target_ns == 0 || r->ps < (uint64_t)row->target_ns * 1000) &&
	       (!row->no_allocation || r->allocs_milli == 0);
}

static void print_json(const bench_row *row, const bench_result *r, const void *state, bool first)
{
	char a[32], b[32], c[32], d[32], e[32];

	printf("%s{\"name\":\"%s\",\"ns_per_op\":%s,\"limit\":\"%s\",\"limit_ns\":%s,\"ratio\":%s,"
	       "\"allocs_per_op\":%s,\"bytes_per_item\":%s}",
	       first ? "" : ",", row->name, decimal(a, r->ps, 1), row->limit, decimal(b, r->limit_ps, 1),
	       decimal(c, r->ratio_milli, 3), decimal(d, r->allocs_milli, 3),
	       row->bytes_milli == NULL ? "null" : decimal(e, row->bytes_milli(state), 1));
}

static void print_targets(const bench_row *row)
{
	char text[32];

	if (row->target_ratio_milli != 0)
		printf(" <= %s x", decimal(text, row->target_ratio_milli, 2));
	if (row->target_ns != 0)
		printf(" < %" PRIu32 " ns", row->target_ns);
	if (row->no_allocation)
		printf(" no allocation");
}

static void print_text(const bench_row *row, const bench_result *r, const void *state)
{
	char a[32], b[32], c[32], d[32];

	printf("%-20s %12s %12s %7s %9s  %-6s", row->name, decimal(a, r->ps, 1), decimal(b, r->limit_ps, 1),
	       decimal(c, r->ratio_milli, 2), decimal(d, r->allocs_milli, 3), meets(row, r) ? "" : "MISSED");
	print_targets(row);
	printf("; limit: %s", row->limit);
	if (row->bytes_milli != NULL)
		printf("; %s bytes a %s", decimal(a, row->bytes_milli(state), 1), row->item);
	if (row->note != NULL)
		row->note(state);
	printf("\n");
	fflush(stdout);
}

/* Whether the row meets its targets. */
static bool run_row(const bench_row *row, const options *o, bool first)
{
	void        *state = row->setup(&o->config);
	bench_result result = bench_measure(row, state, o->config.quick ? &quick : &full);

	if (o->json)
		print_json(row, &result, state, first);
	else
		print_text(row, &result, state);
	row->teardown(state);
	return meets(row, &result);
}

static void print_head(const options *o)
{
	if (o->json)
		printf("{\"rows\":[");
	else if (!o->list)
		printf("%-20s %12s %12s %7s %9s  target\n", "row", "ns/op", "limit ns", "ratio", "allocs/op");
}

int main(int argc, char **argv)
{
	options o;
	size_t  rows = 0, missed = 0;

	if (argc < 1 || !parse_options(&o, argv + 1)) {
		fputs(usage, stderr);
		return 2;
	}
	bench_keep_memory();
	print_head(&o);
	for (size_t a = 0; a < AREA_COUNT; a++) {
		for (size_t i = 0; i < areas[a]->count; i++) {
			const bench_row *row = &areas[a]->rows[i];

			if (strstr(row->name, o.filter) == NULL)
				continue;
			if (o.list)
				puts(row->name);
			else if (!run_row(row, &o, rows == 0))
				missed++;
			rows++;
		}
	}
	if (o.json)
		printf("]}\n");
	if (rows == 0) {
		fputs("aval-bench: no row has such a name\n", stderr);
		return 2;
	}
	return o.check && missed > 0 ? 1 : 0;
}
