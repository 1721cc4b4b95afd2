/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_SLOT_H
#define AVAL_LIB_INVOICE_SLOT_H

/*
 * What prover and verifier of a commitment share (docs/spec/commitment.md, section "Slots and tree").
 */

#include <aval/commitment.h>

#include "base/base.h"

/* The slot in which a path stands. */
uint32_t aval_slot_of(aval_text path, unsigned depth);

/* The same, of the path's tagged hash. */
uint32_t aval_slot_of_hash(const uint8_t hash32[32], unsigned depth);

/* The commitment to a tree. */
void aval_commitment_of_root(uint8_t commitment32_out[32], unsigned depth, uint64_t map_version,
                             const uint8_t root32[32]);

#endif /* AVAL_LIB_INVOICE_SLOT_H */
