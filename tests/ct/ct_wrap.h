/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_CT_WRAP_H
#define AVAL_TESTS_CT_WRAP_H

#include <stddef.h>
#include <stdint.h>

/* Where the number stands in the DER of the key file that is read next. */
extern struct ct_span {
	size_t at, len;
} ct_secret_span;

/* All but that span is known. */
void ct_keep_span(const uint8_t *data, size_t len);

#endif /* AVAL_TESTS_CT_WRAP_H */
