/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_EXECUTOR_H
#define AVAL_EXECUTOR_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Executors: how work runs on several cores. The library starts no thread; a
 * caller injects a pool of its own, or the ready-made one of os.h. Where a call
 * takes an executor, NULL means the calling thread alone. That run() keeps what is
 * said below is not checked.
 */

/** A piece of work; index says which. Its result is AVAL_OK, or ends the whole. */
typedef aval_status (*aval_task)(size_t index, void *task_data);

/**
 * A way to run tasks.
 *
 * run() calls task once for each index from 0 to count - 1, in any order and in any threads, and returns when none of
 * them runs any more: AVAL_OK if all returned it, else what one of them returned; tasks that have not begun by then may be
 * left out. What the caller wrote before is visible in the tasks, what these wrote is visible when run() returns. A task
 * does not call run() of the executor that runs it.
 */
typedef struct aval_executor {
	uint32_t struct_size; /**< bytes; sizeof(aval_executor) */
	uint32_t width;       /**< tasks that run at once at most; 1 and up */
	aval_status (*run)(size_t count, aval_task task, void *task_data, void *user_data);
	void *user_data;
} aval_executor;

#ifdef __cplusplus
}
#endif

#endif /* AVAL_EXECUTOR_H */
