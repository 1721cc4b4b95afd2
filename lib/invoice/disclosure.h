/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_DISCLOSURE_H
#define AVAL_LIB_INVOICE_DISCLOSURE_H

#include <aval/disclosure.h>

#include "cbor/cbor.h"

/* What stands in a slot: a term that is opened, or one of which the path alone is shown. */
typedef struct aval_disclosure_entry {
	aval_bytes     item;      /* the entry in CBOR */
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

/*
 * The root to which slots and hashes lead. All bytes are checked already; the slots begin at slots_offset, the content
 * of the first hash at hashes_offset, every next one AVAL_DISCLOSURE_HASH_STRIDE bytes behind.
 */
#define AVAL_DISCLOSURE_HASH_STRIDE 34
void aval_disclosure_root(uint8_t root32_out[32], const aval_disclosure *disclosure, size_t hashes_offset);

#endif /* AVAL_LIB_INVOICE_DISCLOSURE_H */
