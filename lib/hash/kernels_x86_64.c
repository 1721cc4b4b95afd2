/* SPDX-License-Identifier: Apache-2.0 */
/* The SHA-256 kernels of x86-64. */
#include "hash/kernel.h"

const aval_sha256_kernel *const aval_sha256_kernels[] = {
	&aval_sha256_kernel_avx512_shani,
	&aval_sha256_kernel_avx512_mbedtls,
	&aval_sha256_kernel_shani,
	&aval_sha256_kernel_mbedtls,
};
const size_t aval_sha256_kernel_count = sizeof aval_sha256_kernels / sizeof *aval_sha256_kernels;
