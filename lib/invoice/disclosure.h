/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_DISCLOSURE_H
#define AVAL_LIB_INVOICE_DISCLOSURE_H

#include <aval/disclosure.h>

#include "cbor/cbor.h"
#include "hash/batch.h"
#include "hash/hash.h"
#include "merkle/fold.h"

/* What stands in a slot: a term that is opened, or one of which the path alone is shown. */
typedef struct aval_disclosure_entry {
	aval_text      path;
	aval_bytes     path_item; /* the path in CBOR */
	const uint8_t *hash32;    /* the value commitment, or the value salt if the term is opened */
	bool           is_opened;
	aval_bytes     rest; /* of an opened term: value and qualifiers in CBOR */
	aval_text      value;
	size_t         qualifier_count;
	aval_bytes     qualifiers; /* names and values in CBOR, without the head of their map */
} aval_disclosure_entry;

/* Read an entry. After a failure, which the reader holds, nothing of it counts. */
void aval_disclosure_read_entry(aval_disclosure_entry *entry_out, aval_cbor_reader *r);

/* Read 32 bytes; NULL after a failure. */
const uint8_t *aval_disclosure_read_hash(aval_cbor_reader *r, const char *where);

/* A slot's head. What is hashed begins with the salt, what is shown with the index. */
typedef struct aval_disclosure_slot {
	uint32_t   index;
	size_t     gap; /* hashes between it and the slot before */
	size_t     entry_count;
	aval_bytes index_item, salt_item; /* in CBOR */
	aval_bytes count_item;            /* the head of the array of entries */
} aval_disclosure_slot;

#define AVAL_DISCLOSURE_GROUP_SLOTS   16
#define AVAL_DISCLOSURE_GROUP_ENTRIES 24

/*
 * Makes the hashes of a disclosure while it is read: slots are gathered into groups, so that the hashes of one
 * kind are made side by side. A slot with more entries than a group takes goes entry by entry.
 */
typedef struct aval_disclosure_hasher {
	unsigned              depth;
	aval_fold             fold;
	const char           *stray; /* the first path that does not belong to its slot, or NULL */
	size_t                slot_count, entry_count;
	aval_disclosure_slot  slots[AVAL_DISCLOSURE_GROUP_SLOTS];
	aval_disclosure_entry entries[AVAL_DISCLOSURE_GROUP_ENTRIES]; /* slot by slot */
	bool                  is_crowded;
	aval_disclosure_slot  crowded;
	aval_sha256_ctx       crowded_hash;
	aval_hash_batch       batch;
	uint8_t values[32 * AVAL_DISCLOSURE_GROUP_ENTRIES]; /* value commitments of opened terms */
	uint8_t hashes[32 * AVAL_DISCLOSURE_GROUP_ENTRIES];
} aval_disclosure_hasher;

void aval_disclosure_hasher_init(aval_disclosure_hasher *h, unsigned depth);

/* A slot, then its entries one by one, as many as it says, then its end. */
void aval_disclosure_begin_slot(aval_disclosure_hasher *h, const aval_disclosure_slot *slot);
void aval_disclosure_add_entry(aval_disclosure_hasher *h, const aval_disclosure_entry *entry);
void aval_disclosure_end_slot(aval_disclosure_hasher *h);

/* Hash what is gathered still; stray is known then. */
void aval_disclosure_hasher_flush(aval_disclosure_hasher *h);

#endif /* AVAL_LIB_INVOICE_DISCLOSURE_H */
