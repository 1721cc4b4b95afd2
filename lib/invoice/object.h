/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_OBJECT_H
#define AVAL_LIB_INVOICE_OBJECT_H

/* What an aval_invoice is made of. */

#include <aval/invoice.h>

#include "hash/hash.h"
#include "invoice/facts.h"

struct aval_invoice {
	const aval_allocator *allocator;
	aval_invoice_syntax   syntax;
	size_t                term_count, unmapped_count, defect_count;
	aval_term            *terms;
	aval_qualifier       *qualifiers; /* of all terms */
	aval_unmapped        *unmapped;
	aval_defect          *defects;
	aval_tax_total       *tax_totals;
	size_t                tax_total_count;
	uint32_t             *other_taxes;
	size_t                other_tax_count;
	bool                  has_totals;
	char                 *paths;   /* of all terms */
	char                 *text;    /* values of terms and qualifiers */
	char                 *listing; /* paths and values of what is not mapped */
	uint8_t               source_hash[AVAL_HASH_LEN];
};

#endif /* AVAL_LIB_INVOICE_OBJECT_H */
