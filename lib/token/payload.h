/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_TOKEN_PAYLOAD_H
#define AVAL_LIB_TOKEN_PAYLOAD_H

/* The payload of an event, described once: docs/spec/event.md. */

#include <aval/event.h>

#include "identity/identity.h"

/* An event to be written: its lists stand outside. Read, they are found by the offsets in event.internal. */
typedef struct aval_content {
	aval_event               event;
	const aval_event_signer *signers; /* event.signer_count; NULL as long as they are not known */
	const uint8_t           *inputs;  /* event.input_count x 32 bytes */
	const aval_output       *outputs; /* event.output_count */
} aval_content;

/* All pairs of the map, in ascending order of keys. */
void aval_code_payload(aval_codec *c, aval_content *x);

/* The whole payload; where it does not fit, or out is NULL, AVAL_E_BUFFER_TOO_SMALL and the need. */
aval_status aval_payload_write(uint8_t *out, size_t *len_inout, aval_content *x, aval_error *err);

/* What follows the pairs that are common, by type. */
void aval_code_issue(aval_codec *c, aval_content *x);
void aval_code_accept(aval_codec *c, aval_content *x);
void aval_code_reject(aval_codec *c, aval_content *x);
void aval_code_void(aval_codec *c, aval_content *x);
void aval_code_assign(aval_codec *c, aval_content *x);

/* Ascending by role, then by the bytes of the party. */
int aval_signer_compare(const aval_event_signer *a, const aval_event_signer *b);

#endif
