/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_PROVE_H
#define AVAL_LIB_INVOICE_PROVE_H

#include "invoice/tree.h"

/* In place of a term: an absent path needs the slot. */
#define AVAL_NO_TERM UINT32_MAX

typedef struct aval_proof_slot {
	uint64_t claim;      /* the first one on it */
	uint64_t begin, end; /* its entries */
	uint32_t index;
} aval_proof_slot;

/* What a disclosure will hold, and its length. */
typedef struct aval_proof_plan {
	const aval_commitment *c;
	const aval_text       *paths;
	uint64_t              *claims; /* slot << 32 | term, ascending and distinct */
	size_t                 claim_count;
	uint64_t              *absent; /* indices of paths, ascending by path and distinct */
	size_t                 absent_count;
	aval_proof_slot       *slots;
	size_t                 slot_count;
	size_t                 hash_count;
	size_t                 len;
} aval_proof_plan;

/* The claim on an entry, and that on a slot for the sake of an absent path. */
static inline uint64_t aval_proof_claim(const aval_commitment *c, size_t entry)
{
	return (uint64_t)c->entries[entry].slot << 32 | c->entries[entry].term;
}

static inline uint64_t aval_proof_no_claim(uint32_t slot)
{
	return (uint64_t)slot << 32 | AVAL_NO_TERM;
}

/* Write the len bytes of the plan. */
void aval_proof_write(uint8_t *out, const aval_proof_plan *p);

#endif /* AVAL_LIB_INVOICE_PROVE_H */
