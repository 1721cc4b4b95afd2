/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_PROOF_H
#define AVAL_LIB_PROOF_H

/* Internal helpers of the proof folder: lines of text, key names, P-256 SPKI. */

#include <aval/checkpoint.h>

#include "base/base.h"

#define AVAL_P256_SPKI_LEN 91
#define AVAL_P256_SPKI_PREFIX_LEN 26
extern const uint8_t aval_p256_spki_prefix[AVAL_P256_SPKI_PREFIX_LEN];

/* The line at *offset without its newline; advances past it. False if there is no full line. */
bool aval_line_next(aval_text *line_out, aval_text text, size_t *offset);

/* A key name of signed notes: 1..255 bytes of UTF-8 without spaces, controls and plus. */
bool aval_note_name_check(aval_text name);

#endif
