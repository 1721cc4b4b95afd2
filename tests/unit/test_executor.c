/* SPDX-License-Identifier: Apache-2.0 */
/* The ready-made pool: each task runs once, all at the same time, and a failure ends the whole. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <check.h>

#include <aval/os.h>

#include "base/base.h"
#include "failing_allocator.h"

enum { TASKS = 5000 };

static const aval_executor *new_pool(size_t threads)
{
	const aval_executor *pool = NULL;

	ck_assert_int_eq(aval_os_executor_new(&pool, threads, NULL, NULL), AVAL_OK);
	ck_assert(aval_executor_check(pool, NULL) == AVAL_OK);
	return pool;
}

typedef struct counted {
	atomic_int runs[TASKS];
	size_t     fail_at; /* TASKS: never */
} counted;

static aval_status count(size_t index, void *task_data)
{
	counted *c = task_data;

	atomic_fetch_add(&c->runs[index], 1);
	return index == c->fail_at ? AVAL_E_IO : AVAL_OK;
}

START_TEST(each_task_once)
{
	static const size_t  threads[] = { 1, 2, 3, 8 };
	const aval_executor *pool = new_pool(threads[_i]);
	counted             *c = calloc(1, sizeof *c);

	c->fail_at = TASKS;
	ck_assert_uint_eq(pool->width, threads[_i]);
	for (int round = 1; round <= 20; round++) {
		ck_assert_int_eq(pool->run(TASKS, count, c, pool->user_data), AVAL_OK);
		for (size_t i = 0; i < TASKS; i++)
			ck_assert_int_eq(atomic_load(&c->runs[i]), round);
		ck_assert_int_eq(pool->run(0, count, c, pool->user_data), AVAL_OK);
	}
	aval_os_executor_free(pool);
	free(c);
}
END_TEST

START_TEST(failures_end_it)
{
	const aval_executor *pool = new_pool(3);
	counted             *c = calloc(1, sizeof *c);
	size_t               ran = 0;

	c->fail_at = 3;
	ck_assert_int_eq(pool->run(TASKS, count, c, pool->user_data), AVAL_E_IO);
	for (size_t i = 0; i < TASKS; i++) {
		ck_assert_int_le(atomic_load(&c->runs[i]), 1);
		ran += (size_t)atomic_load(&c->runs[i]);
	}
	ck_assert_uint_ge(ran, 4);
	/* And it goes on. */
	c->fail_at = TASKS;
	ck_assert_int_eq(pool->run(TASKS, count, c, pool->user_data), AVAL_OK);
	aval_os_executor_free(pool);
	free(c);
}
END_TEST

/* Tasks that wait for one another end only if all of them run at the same time. */
typedef struct meeting {
	pthread_barrier_t all;
} meeting;

static aval_status meet(size_t index, void *task_data)
{
	meeting *m = task_data;

	(void)index;
	pthread_barrier_wait(&m->all);
	return AVAL_OK;
}

START_TEST(at_the_same_time)
{
	const aval_executor *pool = new_pool(4);
	meeting              m;

	pthread_barrier_init(&m.all, NULL, 4);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(pool->run(4, meet, &m, pool->user_data), AVAL_OK);
	pthread_barrier_destroy(&m.all);
	aval_os_executor_free(pool);
}
END_TEST

/* Two threads use one pool. */
typedef struct user {
	const aval_executor *pool;
	counted             *counts;
	aval_status          status;
} user;

static void *use(void *argument)
{
	user *u = argument;

	for (int i = 0; i < 10 && u->status == AVAL_OK; i++)
		u->status = u->pool->run(TASKS, count, u->counts, u->pool->user_data);
	return NULL;
}

START_TEST(users_take_turns)
{
	const aval_executor *pool = new_pool(2);
	user                 users[2];
	pthread_t            threads[2];

	for (int i = 0; i < 2; i++) {
		users[i] = (user){ pool, calloc(1, sizeof(counted)), AVAL_OK };
		users[i].counts->fail_at = TASKS;
		ck_assert_int_eq(pthread_create(&threads[i], NULL, use, &users[i]), 0);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_int_eq(users[i].status, AVAL_OK);
		for (size_t k = 0; k < TASKS; k++)
			ck_assert_int_eq(atomic_load(&users[i].counts->runs[k]), 10);
		free(users[i].counts);
	}
	aval_os_executor_free(pool);
}
END_TEST

static aval_status walk(const aval_allocator *allocator, void *user_data)
{
	const aval_executor *pool = NULL;
	aval_status          status = aval_os_executor_new(&pool, 3, allocator, NULL);

	(void)user_data;
	aval_os_executor_free(pool);
	return status;
}

START_TEST(edges)
{
	const aval_executor *pool = new_pool(0);
	counted             *c = calloc(1, sizeof *c);

	ck_assert_uint_ge(pool->width, 1);
	aval_os_executor_free(pool);
	aval_os_executor_free(NULL);
	pool = NULL;
	ck_assert_int_eq(aval_os_executor_new(&pool, AVAL_OS_THREADS_MAX + 1, NULL, NULL), AVAL_E_LIMIT);
	ck_assert_ptr_null(pool);
	ck_assert_uint_eq(failing_allocator_walk("executor", walk, NULL), 1);
	/* Without an executor tasks run here, in order, up to the first that fails. */
	c->fail_at = 7;
	ck_assert_uint_eq(aval_executor_width(NULL), 1);
	ck_assert_int_eq(aval_executor_run(NULL, TASKS, count, c), AVAL_E_IO);
	for (size_t i = 0; i < TASKS; i++)
		ck_assert_int_eq(atomic_load(&c->runs[i]), i <= 7);
	free(c);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("executor");
	TCase   *tc = tcase_create("executor");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, each_task_once, 0, 4);
	tcase_add_test(tc, failures_end_it);
	tcase_add_test(tc, at_the_same_time);
	tcase_add_test(tc, users_take_turns);
	tcase_add_test(tc, edges);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
