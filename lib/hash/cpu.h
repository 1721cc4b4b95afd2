/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_CPU_H
#define AVAL_LIB_CPU_H

/*
 * What the processor, and the system that runs on it, can do. Each machine has a
 * file of its own; nothing is remembered here.
 */

#include <stdbool.h>

/* x86-64: the SHA extensions with SSE4.1; AVX-512 F and BW with the system's consent. */
bool aval_cpu_has_sha(void);
bool aval_cpu_has_avx512(void);

/* Armv8: the SHA-2 instructions. */
bool aval_cpu_has_sha2(void);

#endif /* AVAL_LIB_CPU_H */
