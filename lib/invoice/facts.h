/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_FACTS_H
#define AVAL_LIB_INVOICE_FACTS_H

/*
 * What the import knows about a file that its list of terms cannot say, for the
 * rules that ask: which VAT totals there are, which breakdown belongs to which, and
 * which of them are of another tax.
 */

#include <aval/invoice.h>

/* UBL: a cac:TaxTotal below the root. CII: a ram:TaxTotalAmount of the header's summation. */
typedef struct aval_tax_total {
	aval_text currency; /* as written; empty if it names none */
	aval_text amount;   /* canonical; only if has_amount */
	bool      has_amount;
	size_t    breakdown_begin, breakdown_end; /* indices of its BG-23 groups, [begin, end); equal in CII */
} aval_tax_total;

typedef struct aval_invoice_facts {
	const aval_tax_total *tax_totals;
	size_t                tax_total_count;
	const uint32_t       *other_taxes; /* indices of the BG-23 groups that are not of VAT, ascending */
	size_t                other_tax_count;
	bool                  has_totals; /* the group of document totals, BG-22, is there */
} aval_invoice_facts;

/* Borrowed from the invoice. */
aval_invoice_facts aval_invoice_facts_of(const aval_invoice *invoice);

#endif
