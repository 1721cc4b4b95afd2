/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers prove and verify against versions that a writer hands them while it goes on writing and releases what no
 * reader holds any more. A thread sanitizer, or the changed bytes themselves, would show a page that is not immutable.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "map_oracle.h"

enum { READERS = 3, VERSIONS = 300, BATCH = 40, KEYS = 2000 };

/* The newest version and, of each reader, the one that it reads. */
typedef struct shared_map {
	pthread_mutex_t lock;
	aval_map        newest;
	uint64_t        held[READERS]; /* UINT64_MAX: none */
	bool            over;
	atomic_size_t   proofs, failures;
} shared_map;

typedef struct reader {
	shared_map *shared;
	size_t      number;
} reader;

static void key_of(aval_map_change *c, uint64_t i)
{
	memset(c, 0, sizeof *c);
	for (unsigned b = 0; b < 8; b++)
		c->path32[31 - b] = (uint8_t)(i >> (8 * b));
	aval_sha256(c->path32, c->path32, 32);
}

static bool take(reader *r, aval_map *map_out)
{
	bool over;

	pthread_mutex_lock(&r->shared->lock);
	over = r->shared->over;
	*map_out = r->shared->newest;
	r->shared->held[r->number] = map_out->version;
	pthread_mutex_unlock(&r->shared->lock);
	return !over;
}

static bool check_key(const aval_map *map, uint64_t i)
{
	uint8_t         proof[AVAL_MAP_PROOF_MAX_LEN], value[32];
	size_t          len = sizeof proof;
	aval_map_change c;

	key_of(&c, i);
	if (aval_map_prove(proof, &len, map, c.path32, NULL) != AVAL_OK)
		return false;
	if (aval_map_get(value, map, c.path32, NULL) == AVAL_OK)
		return aval_map_verify_present(map->root32, c.path32, value, proof, len, NULL) == AVAL_OK;
	return aval_map_verify_absent(map->root32, c.path32, proof, len, NULL) == AVAL_OK;
}

static void *read_versions(void *argument)
{
	reader  *r = argument;
	aval_map map;

	for (uint64_t i = r->number; take(r, &map); i++) {
		for (uint64_t j = 0; j < 20; j++) {
			if (!check_key(&map, (i * 31 + j * 97) % KEYS))
				atomic_fetch_add(&r->shared->failures, 1);
			atomic_fetch_add(&r->shared->proofs, 1);
		}
	}
	return NULL;
}

/* The oldest version that somebody reads, or the newest one. */
static uint64_t oldest_held(const shared_map *s)
{
	uint64_t oldest = s->newest.version;

	for (size_t i = 0; i < READERS; i++)
		if (s->held[i] < oldest)
			oldest = s->held[i];
	return oldest;
}

static void write_version(shared_map *s, aval_map_memory *memory, uint64_t round)
{
	aval_map_change changes[BATCH];
	aval_map        next = s->newest;
	uint64_t        release;

	for (uint64_t i = 0; i < BATCH; i++) {
		key_of(&changes[i], (round * 17 + i * 41) % KEYS);
		changes[i].value32[0] = (uint8_t)round;
		changes[i].is_delete = i % 4 == 0 && aval_map_get(NULL, &next, changes[i].path32, NULL) == AVAL_OK;
	}
	ck_assert_int_eq(aval_map_update(&next, changes, BATCH, NULL, NULL), AVAL_OK);
	pthread_mutex_lock(&s->lock);
	s->newest = next;
	release = oldest_held(s);
	pthread_mutex_unlock(&s->lock);
	/* A reader holds a version before it reads, so none can come to hold an older one now. */
	aval_map_memory_release(memory, release);
}

START_TEST(readers_go_on_while_a_writer_writes)
{
	static shared_map s = { .lock = PTHREAD_MUTEX_INITIALIZER };
	aval_map_memory  *memory;
	pthread_t         threads[READERS];
	reader            readers[READERS];

	ck_assert_int_eq(aval_map_memory_new(&memory, NULL, NULL), AVAL_OK);
	aval_map_init(&s.newest, aval_map_memory_store(memory));
	for (size_t i = 0; i < READERS; i++) {
		s.held[i] = UINT64_MAX;
		readers[i] = (reader){ &s, i };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_versions, &readers[i]), 0);
	}
	for (uint64_t round = 0; round < VERSIONS || atomic_load(&s.proofs) < 2000; round++)
		write_version(&s, memory, round);
	pthread_mutex_lock(&s.lock);
	s.over = true;
	pthread_mutex_unlock(&s.lock);
	for (size_t i = 0; i < READERS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(atomic_load(&s.failures), 0);
	aval_map_memory_free(memory);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("map_threads");
	TCase   *tc = tcase_create("map_threads");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_test(tc, readers_go_on_while_a_writer_writes);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
