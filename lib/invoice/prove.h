/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_PROVE_H
#define AVAL_LIB_INVOICE_PROVE_H

#include "invoice/tree.h"

/* In place of an entry: an absent path needs the slot. */
#define AVAL_NO_ENTRY UINT32_MAX

typedef struct aval_proof_slot {
	uint64_t claim;      /* the first one on it */
	uint64_t begin, end; /* its entries */
	uint32_t index;
} aval_proof_slot;

/* What a disclosure will hold, and its length. */
typedef struct aval_proof_plan {
	const aval_commitment *c;
	const aval_text       *paths;
	uint64_t              *claims; /* slot << 32 | entry, ascending and distinct */
	size_t                 claim_count;
	uint64_t              *absent; /* indices of paths, ascending by path and distinct */
	size_t                 absent_count;
	aval_proof_slot       *slots;
	size_t                 slot_count;
	size_t                 hash_count;
	size_t                 len;
} aval_proof_plan;

/* The entry of a claim; that of another slot, and AVAL_NO_ENTRY, lie behind those of a slot. */
static inline size_t aval_proof_entry(const aval_proof_plan *p, size_t claim)
{
	return claim < p->claim_count ? p->claims[claim] & UINT32_MAX : AVAL_NO_ENTRY;
}

/* Write the len bytes of the plan. */
void aval_proof_write(uint8_t *out, const aval_proof_plan *p);

#endif /* AVAL_LIB_INVOICE_PROVE_H */
