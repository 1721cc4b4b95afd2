/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_PROOF_H
#define AVAL_LIB_PROOF_H

/* Internal helpers of the proof folder: strict base64, lines of text, P-256 SPKI. */

#include <aval/checkpoint.h>

#include "base/base.h"

#define AVAL_P256_SPKI_LEN 91
#define AVAL_P256_SPKI_PREFIX_LEN 26
extern const uint8_t aval_p256_spki_prefix[AVAL_P256_SPKI_PREFIX_LEN];

/*
 * Decodes the one base64 text of some bytes: padded, no white space, unused bits
 * zero. Returns false on anything else or if more than cap bytes come out.
 */
bool aval_base64_decode(uint8_t *out, size_t *len_out, size_t cap, aval_text text);

/* Length of the padded base64 text of len bytes, and the text (no NUL). */
size_t aval_base64_len(size_t len);
void   aval_base64_encode(char *out, const uint8_t *data, size_t len);

/* The line at *offset without its newline; advances past it. False if there is no full line. */
bool aval_line_next(aval_text *line_out, aval_text text, size_t *offset);

/* A key name of signed notes: 1..255 bytes of UTF-8 without spaces, controls and plus. */
bool aval_note_name_check(aval_text name);

#endif
