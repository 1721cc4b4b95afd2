/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every SHA-256 kernel of this machine against the definition and NIST's vectors.
 * A program of its own that prints TAP, so that it also runs where it was built
 * for another machine: it needs no library but C's.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hash/hash.h"
#include "hash/kernel.h"
#include "oracle.h"
#include "sha256_vectors.h"

#define MAX_COUNT ((size_t)70) /* past four groups of every kernel */
#define MAX_LEN   ((size_t)300)

typedef const aval_sha256_kernel kernel;

static char message[200];

/* Whether the condition holds; if not, what was wrong. */
static bool expect(bool condition, const char *format, ...)
{
	va_list args;

	if (condition)
		return true;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	return false;
}

static void *must(void *memory)
{
	if (memory == NULL || memory == MAP_FAILED) {
		puts("Bail out! no memory");
		exit(1);
	}
	return memory;
}

/* Memory between two pages that nobody may touch. */
typedef struct fence {
	uint8_t *pages, *begin, *end;
	size_t   page;
} fence;

static fence make_fence(void)
{
	fence  f = { .page = (size_t)sysconf(_SC_PAGESIZE) };
	size_t inner = (64 * MAX_COUNT + 16 + f.page - 1) / f.page * f.page;

	f.pages = must(
		mmap(NULL, inner + 2 * f.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	f.begin = f.pages + f.page;
	f.end = f.begin + inner;
	mprotect(f.pages, f.page, PROT_NONE);
	mprotect(f.end, f.page, PROT_NONE);
	return f;
}

static void fill(uint8_t *out, size_t len, uint32_t seed)
{
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525u + 1013904223u;
		out[i] = (uint8_t)(seed >> 24);
	}
}

static bool check_compress(kernel *k, const fence *f)
{
	for (size_t count = 0; count <= 20; count++) {
		for (size_t shift = 0; shift < 2; shift++) {
			uint8_t *in = shift == 0 ? f->end - 64 * count : f->begin + 1;
			uint32_t got[8], want[8];

			fill(in, 64 * count, (uint32_t)count);
			fill((uint8_t *)got, sizeof got, 7);
			memcpy(want, got, sizeof want);
			k->compress(got, in, count);
			oracle_compress(want, in, count);
			if (!expect(memcmp(got, want, sizeof want) == 0, "%zu blocks", count))
				return false;
		}
	}
	return true;
}

static bool check_lengths(kernel *k, const fence *f)
{
	(void)k;
	for (size_t len = 0; len <= MAX_LEN; len++) {
		for (size_t shift = 0; shift < 17; shift++) {
			uint8_t *in = shift == 16 ? f->end - len : f->begin + shift;
			uint8_t  got[32], want[32];

			fill(in, len, (uint32_t)(len + shift));
			aval_sha256(got, in, len);
			oracle_sha256(want, in, len);
			if (!expect(memcmp(got, want, 32) == 0, "%zu bytes at offset %zu", len, shift))
				return false;
		}
	}
	return true;
}

static bool check_leaf_and_node(kernel *k, const fence *f)
{
	uint8_t text[1 + MAX_LEN], got[32], want[32], *in;

	(void)k;
	for (size_t len = 0; len <= MAX_LEN; len++) {
		in = f->end - len;
		fill(in, len, (uint32_t)len);
		text[0] = 0;
		memcpy(text + 1, in, len);
		oracle_sha256(want, text, 1 + len);
		aval_hash_leaf(got, in, len);
		if (!expect(memcmp(got, want, 32) == 0, "leaf of %zu bytes", len))
			return false;
	}
	/* A node may overwrite either child. */
	text[0] = 1;
	for (size_t side = 0; side < 2; side++) {
		fill(text + 1, 64, (uint32_t)side);
		oracle_sha256(want, text, 65);
		memcpy(f->begin, text + 1, 64);
		aval_hash_node(f->begin + 32 * side, f->begin, f->begin + 32);
		if (!expect(memcmp(f->begin + 32 * side, want, 32) == 0, "node over child %zu", side))
			return false;
	}
	return true;
}

/* The definition of both bulk calls: a prefix, then width bytes an item. */
static void oracle_bulk(uint8_t *out, const uint8_t *in, size_t count, size_t width, uint8_t prefix)
{
	uint8_t text[65];

	text[0] = prefix;
	for (size_t i = 0; i < count; i++) {
		memcpy(text + 1, in + width * i, width);
		oracle_sha256(out + 32 * i, text, 1 + width);
	}
}

typedef void bulk(uint8_t *out, const uint8_t *in, size_t count);

/* Apart and in place, at both ends of the fence, at every alignment. */
static bool check_bulk(bulk *call, const fence *in, const fence *out, size_t width, uint8_t prefix)
{
	static uint8_t want[32 * MAX_COUNT];

	for (size_t count = 0; count <= MAX_COUNT; count++) {
		for (size_t shift = 0; shift < 17; shift++) {
			uint8_t *from = shift == 16 ? in->end - width * count : in->begin + shift;
			uint8_t *to = shift == 16 ? out->end - 32 * count : out->begin + shift;

			fill(from, width * count, (uint32_t)(31 * count + shift));
			oracle_bulk(want, from, count, width, prefix);
			if (shift < 16)
				to[32 * count] = 0xa5;
			call(to, from, count);
			if (!expect(memcmp(to, want, 32 * count) == 0, "%zu items at offset %zu", count,
			            shift) ||
			    !expect(shift == 16 || to[32 * count] == 0xa5, "%zu items and a byte more", count))
				return false;
			call(from, from, count);
			if (!expect(memcmp(from, want, 32 * count) == 0, "%zu items in place at %zu", count,
			            shift))
				return false;
		}
	}
	return true;
}

static fence in_fence, out_fence;

static bool check_nodes(kernel *k, const fence *f)
{
	(void)f;
	return check_bulk(k->nodes, &in_fence, &out_fence, 64, 0x01);
}

static bool check_leaves32(kernel *k, const fence *f)
{
	(void)f;
	return check_bulk(k->leaves32, &in_fence, &out_fence, 32, 0x00);
}

/* Of one start or of many, packed or apart, at the fence or in place of the starts. */
static bool check_blocks_of(kernel *k, size_t count, size_t start_step, size_t in_step, size_t out_step)
{
	static uint8_t want[32 * MAX_COUNT], starts[32 * MAX_COUNT];
	size_t         in_len = count == 0 ? 0 : in_step * (count - 1) + 64;
	size_t         out_len = count == 0 ? 0 : out_step * (count - 1) + 32;
	uint8_t       *in = in_fence.end - in_len, *out = out_fence.end - out_len;

	fill(in, in_len, (uint32_t)(37 * count + in_step));
	fill(starts, sizeof starts, (uint32_t)start_step);
	for (size_t i = 0; i < count; i++) {
		uint32_t state[8];

		aval_sha256_load(state, starts + start_step * i);
		oracle_compress(state, in + in_step * i, 1);
		aval_sha256_store(want + 32 * i, state);
	}
	memset(out, 0xa5, out_len);
	k->blocks(out, out_step, starts, start_step, in, in_step, count);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *got = out + out_step * i;

		if (!expect(memcmp(got, want + 32 * i, 32) == 0, "block %zu of %zu", i, count) ||
		    !expect(i + 1 == count || out_step == 32 || got[32] == 0xa5, "a byte behind block %zu", i))
			return false;
	}
	if (start_step != 32)
		return true;
	k->blocks(starts, 32, starts, 32, in, in_step, count);
	return expect(memcmp(starts, want, 32 * count) == 0, "%zu blocks in place", count);
}

static bool check_blocks(kernel *k, const fence *f)
{
	(void)f;
	for (size_t count = 0; count <= 35; count++)
		for (size_t shape = 0; shape < 8; shape++)
			if (!check_blocks_of(k, count, shape % 2 * 32, 64 + shape / 2 % 2 * 64, 32 + shape / 4 * 35))
				return false;
	return true;
}

/* SHAVS, section 6.4: a thousand hashes, each of the three before it. */
static void monte_carlo(uint8_t out32[32], const uint8_t seed32[32])
{
	uint8_t last[96];

	for (size_t i = 0; i < 3; i++)
		memcpy(last + 32 * i, seed32, 32);
	for (size_t i = 0; i < 1000; i++) {
		aval_sha256(out32, last, sizeof last);
		memmove(last, last + 32, 64);
		memcpy(last + 64, out32, 32);
	}
}

static bool check_vectors(kernel *k, const fence *f)
{
	(void)k;
	(void)f;
	for (size_t i = 0; i < sizeof sha256_vectors / sizeof *sha256_vectors; i++) {
		const sha256_vector *v = &sha256_vectors[i];
		uint8_t              got[32];

		if (v->is_monte_carlo)
			monte_carlo(got, v->input);
		else
			aval_sha256(got, v->input, v->len);
		if (!expect(memcmp(got, v->expect, 32) == 0, "%s", v->id))
			return false;
	}
	return true;
}

static const struct {
	const char *name;
	bool (*check)(kernel *k, const fence *f);
} checks[] = {
	{ "compresses blocks", check_compress },
	{ "hashes every length", check_lengths },
	{ "hashes leaves and nodes", check_leaf_and_node },
	{ "hashes blocks in bulk", check_blocks },
	{ "hashes nodes in bulk", check_nodes },
	{ "hashes leaves in bulk", check_leaves32 },
	{ "reproduces NIST's vectors", check_vectors },
};
#define CHECKS (sizeof checks / sizeof *checks)

static int number, failed;

static void report(bool good, const char *who, const char *what)
{
	printf("%s %d - %s %s\n", good ? "ok" : "not ok", ++number, who, what);
	if (!good)
		printf("# %s\n", message);
	failed += !good;
}

static void run_kernel(kernel *k)
{
	if (!k->usable()) {
		for (size_t i = 0; i < CHECKS; i++)
			printf("ok %d - %s %s # SKIP this processor cannot\n", ++number, k->name,
			       checks[i].name);
		return;
	}
	aval_sha256_kernel_force(k);
	for (size_t i = 0; i < CHECKS; i++)
		report(checks[i].check(k, &in_fence), k->name, checks[i].name);
	aval_sha256_kernel_force(NULL);
}

/* The first that is usable, and again once it is known. */
static void check_choice(void)
{
	size_t first = 0;

	while (first + 1 < aval_sha256_kernel_count && !aval_sha256_kernels[first]->usable())
		first++;
	for (size_t again = 0; again < 2; again++) {
		kernel *k = aval_sha256_kernel_current();

		report(expect(k == aval_sha256_kernels[first], "%s runs", k->name), "the fastest kernel",
		       again == 0 ? "is chosen" : "stays chosen");
	}
	report(expect(aval_sha256_kernels[aval_sha256_kernel_count - 1]->usable(), "it is not"),
	       "the last kernel", "is usable everywhere");
	printf("# in use: %s\n", aval_sha256_kernel_current()->name);
}

int main(void)
{
	in_fence = make_fence();
	out_fence = make_fence();
	check_choice();
	for (size_t i = 0; i < aval_sha256_kernel_count; i++)
		run_kernel(aval_sha256_kernels[i]);
	printf("1..%d\n", number);
	return failed != 0;
}
