/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_STACK_SEARCH_H
#define AVAL_TESTS_STACK_SEARCH_H

/*
 * Runs a call on a stack of its own and looks for a secret in what it leaves there, eight bytes at a time.
 * Numbers of other libraries in forms of theirs are not looked for, nor are registers. The including source
 * defines _GNU_SOURCE.
 */

#include <check.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <aval/base.h>

enum { STACK_LEN = 1 << 20, STACK_WINDOW = 8 };

typedef struct stack_job {
	void (*run)(void *user_data);
	void *user_data;
} stack_job;

/* Deep enough that the end of the thread does not write over what was left. */
static void *stack_run_deep(void *user_data)
{
	const stack_job *job = user_data;
	uint8_t          room[1 << 15];

	aval_wipe(room, sizeof room);
	job->run(job->user_data);
	aval_wipe(room, sizeof room);
	return NULL;
}

/* The stack on which the call has run, STACK_LEN bytes, to be freed. */
static inline uint8_t *stack_run(void (*run)(void *user_data), void *user_data)
{
	uint8_t       *stack = aligned_alloc(4096, STACK_LEN);
	stack_job      job = { run, user_data };
	pthread_attr_t attributes;
	pthread_t      thread;

	ck_assert_ptr_nonnull(stack);
	memset(stack, 0xA5, STACK_LEN);
	ck_assert_int_eq(pthread_attr_init(&attributes), 0);
	ck_assert_int_eq(pthread_attr_setstack(&attributes, stack, STACK_LEN), 0);
	ck_assert_int_eq(pthread_create(&thread, &attributes, stack_run_deep, &job), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	(void)pthread_attr_destroy(&attributes);
	return stack;
}

/* How far below the top of the stack a window of the secret stands; 0: nowhere. */
static inline size_t stack_find(const uint8_t *stack, const void *secret, size_t len)
{
	for (size_t i = 0; i + STACK_WINDOW <= len; i++) {
		const uint8_t *found = memmem(stack, STACK_LEN, (const uint8_t *)secret + i, STACK_WINDOW);

		if (found != NULL)
			return (size_t)(stack + STACK_LEN - found);
	}
	return 0;
}

#endif /* AVAL_TESTS_STACK_SEARCH_H */
