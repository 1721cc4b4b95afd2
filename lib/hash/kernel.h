/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_HASH_KERNEL_H
#define AVAL_LIB_HASH_KERNEL_H

/*
 * The compression function of SHA-256 on one kind of machine. All kernels give
 * the same bytes; which files are built is decided by meson, which of them runs
 * by what the processor can do.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash/hash.h"

typedef struct aval_sha256_kernel {
	const char *name;
	bool (*usable)(void);
	/* Absorb count whole blocks of 64 bytes. */
	void (*compress)(uint32_t state[8], const uint8_t *blocks, size_t count);
	/* The contracts of aval_hash_blocks(), aval_hash_nodes() and aval_hash_leaves32(). */
	void (*blocks)(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step, const uint8_t *blocks,
	               size_t block_step, size_t count);
	void (*nodes)(uint8_t *out, const uint8_t *in, size_t pairs);
	void (*leaves32)(uint8_t *out, const uint8_t *in, size_t count);
} aval_sha256_kernel;

/* The kernels that were built, fastest first; the last one is usable everywhere. */
extern const aval_sha256_kernel *const aval_sha256_kernels[];
extern const size_t                    aval_sha256_kernel_count;

/* Each is built where meson.build says so. */
extern const aval_sha256_kernel aval_sha256_kernel_armv8;
extern const aval_sha256_kernel aval_sha256_kernel_avx512_mbedtls;
extern const aval_sha256_kernel aval_sha256_kernel_avx512_shani;
extern const aval_sha256_kernel aval_sha256_kernel_mbedtls;
extern const aval_sha256_kernel aval_sha256_kernel_shani;

void aval_sha256_mbedtls_compress(uint32_t state[8], const uint8_t *blocks, size_t count);
void aval_sha256_shani_compress(uint32_t state[8], const uint8_t *blocks, size_t count);

/* The kernel in use. */
const aval_sha256_kernel *aval_sha256_kernel_current(void);

/* For tests and benchmarks: use this one from now on, or choose afresh if NULL. */
void aval_sha256_kernel_force(const aval_sha256_kernel *kernel);

/* FIPS 180-4, sections 5.3.3 and 4.2.2. */
extern const uint32_t aval_sha256_start[8];
extern const uint32_t aval_sha256_k[64];

void aval_sha256_load(uint32_t state[8], const uint8_t hash32[32]);

/* The padded message 01 || left || right, and 00 || value of 32 bytes. */
void aval_hash_node_blocks(uint8_t blocks[128], const uint8_t pair[64]);
void aval_hash_leaf32_block(uint8_t block[64], const uint8_t value[32]);

#endif /* AVAL_LIB_HASH_KERNEL_H */
