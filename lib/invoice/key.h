/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_KEY_H
#define AVAL_LIB_INVOICE_KEY_H

/*
 * Sort keys of captures. A key is 128 bits: the three steps of a path, 32 bits
 * each, then the rank among alternatives and the place in the document. A step
 * is BT or BG (1 bit), number (10) and index (21); a step that a path lacks is 0.
 * So keys ascend as paths do (docs/spec/terms.md, section "Paths").
 */

#include "invoice/import.h"

enum {
	AVAL_KEY_RANK_EMPTY    = 8, /* added to the rank of an empty value: it gives way to any other */
	AVAL_KEY_PATH_CAPACITY = 48 /* "BG-25.1048576/BG-32.1048576/BT-158.1048576" */
};

/* The step of a group, and that of the term, which ends the path. */
uint32_t aval_key_group(uint8_t number, uint32_t index);
uint32_t aval_key_last(uint8_t term, uint32_t index);

/* rank is below 16, place below 2^28. */
aval_sort_item aval_key(const uint32_t steps[3], uint32_t rank, uint32_t place);

uint32_t aval_key_place(const aval_sort_item *key);
uint32_t aval_key_rank(const aval_sort_item *key);
uint32_t aval_key_term(const aval_sort_item *key);
bool     aval_key_is_same_path(const aval_sort_item *a, const aval_sort_item *b);

/* Writes the path without a NUL; returns its bytes. */
size_t aval_key_put_path(char out[AVAL_KEY_PATH_CAPACITY], const aval_sort_item *key);

#endif /* AVAL_LIB_INVOICE_KEY_H */
