/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_COMMITMENT_H
#define AVAL_LIB_INVOICE_COMMITMENT_H

/* Commitments and disclosures for the folders below, beside their public headers. */

#include <aval/commitment.h>
#include <aval/disclosure.h>

/*
 * The salt key k of one invoice stands for its seed and tells nothing of other invoices: whoever holds k and
 * the terms can make the commitment again, but an invoice with other terms has another k. It is secret all the
 * same.
 */
AVAL_MUST_CHECK aval_status aval_commitment_new_from_salt_key(aval_commitment **commitment_out,
                                                              const aval_term *terms, size_t term_count,
                                                              const uint8_t         salt_key32[32],
                                                              const aval_allocator *allocator, aval_error *err);
void aval_commitment_salt_key(uint8_t salt_key32_out[32], const aval_commitment *commitment);

/*
 * Check a disclosure in all but its commitment, which is computed: the view counts once commitment32_out was
 * compared with a trusted one. Returns what aval_disclosure_verify() does but AVAL_E_DISCLOSURE_MISMATCH.
 */
AVAL_MUST_CHECK aval_status aval_disclosure_open(aval_disclosure *disclosure_out, uint8_t commitment32_out[32],
                                                 const uint8_t *data, size_t len, aval_error *err);

#endif /* AVAL_LIB_INVOICE_COMMITMENT_H */
