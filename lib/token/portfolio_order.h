/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_PORTFOLIO_ORDER_H
#define AVAL_LIB_PORTFOLIO_ORDER_H

#include "base/base.h"

/* A file by how it begins: files that begin alike stand together when these are sorted. */
typedef struct aval_portfolio_place {
	uint64_t likeness[2]; /* a number of 128 bits, the lower half first */
	size_t   index;
} aval_portfolio_place;

/*
 * By the ends of the first events, which are signatures and as good as random: files that have their first events in
 * common have the first bits in common. It is a hint for the order alone: bytes that are no bundle may have any.
 */
void aval_portfolio_set_likeness(aval_portfolio_place *place, const uint8_t *data, size_t file_len);

/* Sort by likeness; scratch has room for as many. */
void aval_portfolio_sort(aval_portfolio_place *places, aval_portfolio_place *scratch, size_t count);

#endif /* AVAL_LIB_PORTFOLIO_ORDER_H */
