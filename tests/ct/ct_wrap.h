/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_CT_WRAP_H
#define AVAL_TESTS_CT_WRAP_H

#include <stddef.h>
#include <stdint.h>

/* Where the numbers stand in the DER of the key file that is read next, ascending. */
extern struct ct_span {
	size_t at, len;
} ct_secret_spans[8];
extern size_t ct_secret_count;

/* All but those spans is known; all is secret if they are not within. */
void ct_keep_spans(const uint8_t *data, size_t len);

#endif /* AVAL_TESTS_CT_WRAP_H */
