/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_TREE_H
#define AVAL_LIB_INVOICE_TREE_H

/*
 * The prover's side of a commitment: the terms as they are hashed, their slots, and the tree above the slots.
 */

#include "hash/hash.h"
#include "invoice/slot.h"

/* Levels that are kept: a deeper tree is kept down to the roots of its subtrees of 2^(depth - 16) slots. */
#define AVAL_COMMITMENT_KEPT_DEPTH 16

/* A term in its slot. Entries ascend by slot and, within it, by term. */
typedef struct aval_slot_entry {
	uint32_t slot;
	uint32_t term;
} aval_slot_entry;

struct aval_commitment {
	const aval_allocator *allocator;
	uint8_t               salt_key32[32];
	aval_hmac_key         key; /* the same, ready for use */
	unsigned              depth;
	unsigned              kept_depth; /* of the tree in levels; a leaf of it is a subtree of the whole */
	size_t                term_count;
	size_t                terms_len;
	uint8_t              *terms;   /* encoded side by side: [path, value, qualifiers] each */
	size_t               *offsets; /* of each term in terms, and of their end */
	aval_slot_entry      *entries;
	uint8_t              *values; /* value commitments of the entries, 32 bytes each */
	uint8_t              *value_salts; /* likewise */
	uint8_t              *slot_salts;  /* behind them: of the slots that have entries, where the first entry is */
	uint8_t              *levels; /* see aval_perfect_build() */
	uint8_t               hash32[32];
};

/* A term's encoding taken apart. */
typedef struct aval_encoded_term {
	aval_text  path;
	aval_bytes path_item; /* the path in CBOR */
	aval_bytes rest;      /* value and qualifiers in CBOR; they stand right behind path_item */
} aval_encoded_term;

aval_encoded_term aval_commitment_term(const aval_commitment *c, uint32_t term);

/* The first entry whose slot is not below the one given; term_count if there is none. */
size_t aval_commitment_entry(const aval_commitment *c, uint32_t slot);

void aval_commitment_value_salt(uint8_t salt32_out[32], const aval_commitment *c, aval_bytes path_item);

void aval_commitment_slot_salt(uint8_t salt32_out[32], const aval_commitment *c, uint32_t slot);

/* Compute all value commitments, with their salts. */
void aval_commitment_hash_values(aval_commitment *c);

/* Compute the kept levels, slot salts and the commitment itself; value commitments stand already. */
void aval_commitment_hash_tree(aval_commitment *c);

/* The root of the 2^level slots from begin on, where it is kept, else NULL; and made afresh. */
const uint8_t *aval_commitment_kept(const aval_commitment *c, uint32_t begin, unsigned level);
void aval_commitment_subtree(uint8_t hash32_out[32], const aval_commitment *c, uint32_t begin, unsigned level);

#endif /* AVAL_LIB_INVOICE_TREE_H */
