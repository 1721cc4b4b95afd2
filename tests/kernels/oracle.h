/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TEST_KERNEL_ORACLE_H
#define AVAL_TEST_KERNEL_ORACLE_H

/* SHA-256 word by word as FIPS 180-4, section 6.2 writes it. */

#include <stddef.h>
#include <stdint.h>

void oracle_compress(uint32_t state[8], const uint8_t *blocks, size_t count);
void oracle_sha256(uint8_t out32[32], const uint8_t *data, size_t len);

#endif
