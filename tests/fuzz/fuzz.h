/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_FUZZ_H
#define AVAL_TESTS_FUZZ_H

/*
 * A fuzz target is one function over bytes. It must not keep state between calls, and it says what must hold by
 * FUZZ_REQUIRE, in release builds too. The same file is linked with libFuzzer (-Dfuzz=enabled) and with the
 * driver of replay.c, which runs the corpus and a fixed series of mutations in the normal tests.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_REQUIRE(condition)                                                                       \
	do {                                                                                          \
		if (!(condition)) {                                                                   \
			fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
			abort();                                                                      \
		}                                                                                     \
	} while (0)

#endif /* AVAL_TESTS_FUZZ_H */
