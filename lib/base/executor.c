/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks through the caller's executor, or one after the other. */
#include "base/base.h"

aval_status aval_executor_check(const aval_executor *executor, aval_error *err)
{
	if (executor != NULL &&
	    (executor->struct_size < sizeof *executor || executor->width == 0 || executor->run == NULL))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "executor", "the executor is not filled in");
	return AVAL_OK;
}

size_t aval_executor_width(const aval_executor *executor)
{
	return executor == NULL ? 1 : executor->width;
}

aval_status aval_executor_run(const aval_executor *executor, size_t count, aval_task task, void *task_data)
{
	aval_status status = AVAL_OK;

	if (executor != NULL)
		return executor->run(count, task, task_data, executor->user_data);
	for (size_t i = 0; i < count && status == AVAL_OK; i++)
		status = task(i, task_data);
	return status;
}
