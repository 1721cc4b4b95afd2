/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target in the normal tests, without a fuzzer: every file of its corpus, then a fixed series of
 * mutations of them. Usage: replay CORPUS-FOLDER MUTATIONS. The series depends on the corpus alone. Where a
 * mutation kills the target, TRACE=1 in the environment prints the number of each before it runs, and
 * ONLY=number writes that input to the file named by OUT instead of running anything.
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <string.h>

#include "fuzz.h"

enum { MAX_SEEDS = 512, ROOM = 64, MAX_SIZE = 1 << 20 };

typedef struct seed {
	char    *name;
	uint8_t *data;
	size_t   size;
} seed;

static seed     seeds[MAX_SEEDS];
static size_t   seed_count;
static uint64_t random_state = UINT64_C(0x9e3779b97f4a7c15);

static void die(const char *what, const char *name)
{
	printf("Bail out! %s %s\n", what, name);
	exit(1);
}

static void *allocate(size_t size)
{
	void *pointer = malloc(size == 0 ? 1 : size);

	if (pointer == NULL)
		die("out of memory", "");
	return pointer;
}

/* xorshift64 */
static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static size_t below(size_t bound)
{
	return bound == 0 ? 0 : (size_t)((next_random() >> 16) % bound);
}

static void load(const char *folder, const char *name)
{
	size_t path_len = strlen(folder) + strlen(name) + 2;
	char  *path = allocate(path_len);
	seed  *s = &seeds[seed_count];
	FILE  *file;

	if (seed_count == MAX_SEEDS)
		die("too many files in", folder);
	snprintf(path, path_len, "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL)
		die("cannot open", path);
	s->data = allocate(MAX_SIZE);
	s->size = fread(s->data, 1, MAX_SIZE, file);
	if (ferror(file) || fgetc(file) != EOF)
		die("cannot read, or too long:", path);
	fclose(file);
	free(path);
	s->name = allocate(strlen(name) + 1);
	strcpy(s->name, name);
	seed_count++;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const seed *)a)->name, ((const seed *)b)->name);
}

/* The order of a folder differs by file system, that of the names does not. */
static void load_all(const char *folder)
{
	DIR           *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL)
		die("cannot open folder", folder);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			load(folder, entry->d_name);
	closedir(dir);
	if (seed_count == 0)
		die("no file in", folder);
	qsort(seeds, seed_count, sizeof *seeds, by_name);
}

/* In a block of its own, so that a sanitizer sees the first byte read past the end. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = allocate(size);

	if (size > 0)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* Overwrite, with a byte that often matters half of the time. */
static void set_byte(uint8_t *data, size_t size)
{
	static const uint8_t edges[] = { 0x00, 0x01, 0x7f, 0x80, 0xff, 0x17, 0x18,
		                         0x1b, 0x5f, 0x9f, 0xbf, '<',  '&',  '"' };
	uint64_t             r = next_random();

	if (size > 0)
		data[below(size)] = r % 2 == 0 ? (uint8_t)(r >> 8) : edges[(r >> 8) % sizeof edges];
}

static void flip_bit(uint8_t *data, size_t size)
{
	if (size > 0)
		data[below(size)] ^= (uint8_t)(1u << below(8));
}

static void copy_within(uint8_t *data, size_t size)
{
	size_t from = below(size), to = below(size), most = size - (from > to ? from : to);

	memmove(data + to, data + from, below(most + 1));
}

static void splice(uint8_t *data, size_t size)
{
	const seed *other = &seeds[below(seed_count)];
	size_t      from = below(other->size), to = below(size);
	size_t      most = other->size - from < size - to ? other->size - from : size - to;

	memcpy(data + to, other->data + from, below(most + 1));
}

static size_t insert(uint8_t *data, size_t size, size_t room)
{
	size_t count = 1 + below(8), at = below(size + 1);

	if (size + count > room)
		return size;
	memmove(data + at + count, data + at, size - at);
	for (size_t i = 0; i < count; i++)
		data[at + i] = (uint8_t)next_random();
	return size + count;
}

static size_t cut(uint8_t *data, size_t size)
{
	size_t at = below(size), count = 1 + below(8);

	if (count > size - at)
		return at;
	memmove(data + at, data + at + count, size - at - count);
	return size - count;
}

static size_t mutate(uint8_t *data, size_t size, size_t room)
{
	switch (below(8)) {
	case 0:
	case 1:
		flip_bit(data, size);
		return size;
	case 2:
	case 3:
		set_byte(data, size);
		return size;
	case 4:
		copy_within(data, size);
		return size;
	case 5:
		splice(data, size);
		return size;
	case 6:
		return insert(data, size, room);
	default:
		return cut(data, size);
	}
}

static void keep_and_stop(const uint8_t *data, size_t size)
{
	const char *out = getenv("OUT");
	FILE       *file = out == NULL ? NULL : fopen(out, "wb");

	if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		die("cannot write the file named by OUT", "");
	exit(0);
}

/* One to four mutations of one seed. */
static void run_mutation(unsigned long number, unsigned long only)
{
	const seed *s = &seeds[below(seed_count)];
	size_t      size = s->size, times = 1 + below(4), room = s->size + ROOM;
	uint8_t    *data = allocate(room);

	memcpy(data, s->data, size);
	while (times-- > 0)
		size = mutate(data, size, room);
	if (number == only)
		keep_and_stop(data, size);
	if (only == 0)
		run(data, size);
	free(data);
}

static void free_all(void)
{
	for (size_t i = 0; i < seed_count; i++) {
		free(seeds[i].name);
		free(seeds[i].data);
	}
}

int main(int argc, char **argv)
{
	const char   *only = getenv("ONLY"), *trace = getenv("TRACE");
	unsigned long mutations = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (mutations == 0)
		die("usage: replay CORPUS-FOLDER MUTATIONS", "");
	load_all(argv[1]);
	printf("1..%zu\n", seed_count + 1);
	for (size_t i = 0; i < seed_count && only == NULL; i++) {
		run(seeds[i].data, seeds[i].size);
		printf("ok %zu - %s\n", i + 1, seeds[i].name);
		fflush(stdout);
	}
	for (unsigned long i = 1; i <= mutations; i++) {
		if (trace != NULL)
			fprintf(stderr, "mutation %lu\n", i);
		run_mutation(i, only == NULL ? 0 : strtoul(only, NULL, 10));
	}
	printf("ok %zu - %lu mutations\n", seed_count + 1, mutations);
	free_all();
	return 0;
}
