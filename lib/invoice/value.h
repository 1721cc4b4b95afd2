/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_VALUE_H
#define AVAL_LIB_INVOICE_VALUE_H

/*
 * From text as a file has it to the one form of its business term. Each function
 * writes the value and returns NULL, or writes nothing and returns why the text
 * does not have the form: a static sentence fragment.
 */

#include <aval/base.h>
#include <aval/decimal.h>

enum { AVAL_VALUE_MAX_LEN = 64 }; /* bytes of the longest value written */

/* Without white space of XML at both ends. */
aval_text aval_value_strip(aval_text text);

/* xs:decimal to the canonical form: no plus, no needless zeros, no "-0". */
const char *aval_value_decimal(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text);

/* xs:date to "YYYY-MM-DD"; a time zone is dropped, as CII cannot say it. */
const char *aval_value_date(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text);

/* "YYYYMMDD", format 102 of UNTDID 2379. */
const char *aval_value_date_102(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text);

/* The codes for BT-8 in CII (UNTDID 2475) to those of UBL (UNTDID 2005); those of UBL to themselves. */
const char *aval_value_tax_point(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text, bool is_cii);

/* base64 to the SHA-256 of what it encodes, 64 lower-case hexadecimal digits. */
const char *aval_value_binary(char out[AVAL_VALUE_MAX_LEN], size_t *len_out, aval_text text);

/* Bytes of "#AAI#" at the beginning of a note where the code is known, else 0. */
size_t aval_value_subject_len(aval_text note);

#endif /* AVAL_LIB_INVOICE_VALUE_H */
