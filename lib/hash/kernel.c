/* SPDX-License-Identifier: Apache-2.0 */
/* Which SHA-256 kernel runs. */
#include <stdatomic.h>

#include "hash/kernel.h"

/*
 * Asking the processor is slow on virtual machines, so the answer is remembered.
 * Every thread finds the same answer, hence whichever store comes last is right.
 */
static _Atomic(const aval_sha256_kernel *) current;

static const aval_sha256_kernel *choose(void)
{
	size_t i = 0;

	while (i + 1 < aval_sha256_kernel_count && !aval_sha256_kernels[i]->usable())
		i++;
	return aval_sha256_kernels[i];
}

const aval_sha256_kernel *aval_sha256_kernel_current(void)
{
	const aval_sha256_kernel *kernel = atomic_load_explicit(&current, memory_order_relaxed);

	if (kernel == NULL) {
		kernel = choose();
		aval_sha256_kernel_force(kernel);
	}
	return kernel;
}

void aval_sha256_kernel_force(const aval_sha256_kernel *kernel)
{
	atomic_store_explicit(&current, kernel, memory_order_relaxed);
}
