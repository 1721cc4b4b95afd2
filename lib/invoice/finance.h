/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_FINANCE_H
#define AVAL_LIB_INVOICE_FINANCE_H

/* What the financing rules and the gate of ISSUE have in common. */

#include "invoice/check.h"

/* Terms without which there is no claim to speak of; the list ends with AVAL_SLOT_NONE. */
extern const aval_slot aval_mandatory_slots[];

/* Kind of document by its type code (BT-3), UNTDID 1001 as EN 16931 admits it. */
typedef enum aval_document_kind {
	AVAL_DOCUMENT_INVOICE,
	AVAL_DOCUMENT_CREDIT_NOTE,
	AVAL_DOCUMENT_FACTORED,  /* 393: an invoice assigned to a factor already */
	AVAL_DOCUMENT_PRO_FORMA, /* 325: no claim */
	AVAL_DOCUMENT_UNKNOWN
} aval_document_kind;

aval_document_kind aval_document_kind_of(aval_text type_code);

bool aval_is_date(aval_text value);

/* The currency that an amount names itself, or an empty text. */
aval_text aval_term_currency(const aval_term *term);

/* Whether the import found something wrong with the term's value, first being the first defect of its path. */
bool aval_has_form_defect(const aval_checker *c, size_t first, const aval_term *term);

#endif
