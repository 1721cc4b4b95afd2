/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_COSE_HEADER_H
#define AVAL_LIB_COSE_HEADER_H

/* Private to the reading of envelopes that have one form: their headers, label by label. */

#include "cose/cose.h"

/*
 * Enter the map inside of a byte string. It reads the same bytes, so that offsets count from the envelope's
 * begin; a failure of either reader is one of both.
 */
void aval_cose_enter_header(aval_cbor_reader *inner, const aval_cbor_reader *outer, aval_bytes header,
                            const char *where);
void aval_cose_leave_header(aval_cbor_reader *inner, aval_cbor_reader *outer, const char *where);

/* The next label, which must be this one; text labels and other numbers are headers that must not be there. */
void aval_cose_expect_label(aval_cbor_reader *r, const char *where, int64_t label);

/* The unprotected header. */
void aval_cose_read_empty_map(aval_cbor_reader *r, const char *where);

#endif /* AVAL_LIB_COSE_HEADER_H */
