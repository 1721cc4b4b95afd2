/* SPDX-License-Identifier: Apache-2.0 */
/* A pool of threads. The thread that calls run() works too, so a pool of n has n - 1 of its own. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <unistd.h>

#include "os/os.h"

/* What run() was asked for. */
typedef struct job {
	aval_task   task;
	void       *task_data;
	size_t      count;
	size_t      next;    /* index that was not begun yet */
	size_t      running; /* tasks that have begun and not ended */
	aval_status status;
} job;

typedef struct pool {
	aval_executor         executor;
	const aval_allocator *allocator;
	pthread_mutex_t       lock, turn; /* turn: one run() at a time */
	pthread_cond_t        wake, idle;
	job                   job;
	bool                  is_over;
	size_t                thread_count;
	pthread_t             threads[];
} pool;

/* Under the lock, which is released while a task runs; returns when there is no index left. */
static void work(pool *p)
{
	job *j = &p->job;

	while (j->next < j->count && j->status == AVAL_OK) {
		size_t      index = j->next++;
		aval_status status;

		j->running++;
		pthread_mutex_unlock(&p->lock);
		status = j->task(index, j->task_data);
		pthread_mutex_lock(&p->lock);
		j->running--;
		if (status != AVAL_OK && j->status == AVAL_OK)
			j->status = status;
	}
	if (j->running == 0)
		pthread_cond_broadcast(&p->idle);
}

static void *serve(void *argument)
{
	pool *p = argument;

	pthread_mutex_lock(&p->lock);
	while (!p->is_over) {
		work(p);
		pthread_cond_wait(&p->wake, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static aval_status run(size_t count, aval_task task, void *task_data, void *user_data)
{
	pool       *p = user_data;
	aval_status status;

	pthread_mutex_lock(&p->turn);
	pthread_mutex_lock(&p->lock);
	p->job = (job){ task, task_data, count, 0, 0, AVAL_OK };
	pthread_cond_broadcast(&p->wake);
	work(p);
	while (p->job.running > 0)
		pthread_cond_wait(&p->idle, &p->lock);
	status = p->job.status;
	p->job.count = 0;
	pthread_mutex_unlock(&p->lock);
	pthread_mutex_unlock(&p->turn);
	return status;
}

static size_t default_threads(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > AVAL_OS_THREADS_MAX ? AVAL_OS_THREADS_MAX : (size_t)count;
}

static void end(pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->is_over = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->thread_count; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->idle);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->turn);
	pthread_mutex_destroy(&p->lock);
	aval_free(p, p->allocator);
}

static aval_status start(pool *p, size_t threads, aval_error *err)
{
	for (; p->thread_count + 1 < threads; p->thread_count++) {
		int code = pthread_create(&p->threads[p->thread_count], NULL, serve, p);

		if (code != 0)
			return aval_fail_cause(err, AVAL_E_IO, "threads", "a thread cannot be started", code);
	}
	return AVAL_OK;
}

aval_status aval_os_executor_new(const aval_executor **executor_out, size_t threads, const aval_allocator *allocator,
                                 aval_error *err)
{
	pool       *p;
	aval_status status;

	if (threads == 0)
		threads = default_threads();
	if (threads > AVAL_OS_THREADS_MAX)
		return aval_fail(err, AVAL_E_LIMIT, "threads", "more threads than AVAL_OS_THREADS_MAX");
	p = aval_alloc_zero(allocator, sizeof *p + (threads - 1) * sizeof *p->threads);
	if (p == NULL)
		return aval_fail_no_memory(err);
	p->allocator = allocator;
	p->executor = (aval_executor){ sizeof p->executor, (uint32_t)threads, run, p };
	pthread_mutex_init(&p->lock, NULL);
	pthread_mutex_init(&p->turn, NULL);
	pthread_cond_init(&p->wake, NULL);
	pthread_cond_init(&p->idle, NULL);
	status = start(p, threads, err);
	if (status != AVAL_OK) {
		end(p);
		return status;
	}
	*executor_out = &p->executor;
	return AVAL_OK;
}

void aval_os_executor_free(const aval_executor *executor)
{
	if (executor != NULL)
		end(executor->user_data);
}
