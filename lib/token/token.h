/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_TOKEN_H
#define AVAL_LIB_TOKEN_H

/* Internal to the token folder, and to those below it. */

#include <aval/event.h>
#include <aval/token.h>

#include "cose/cose.h"
#include "token/verified.h"

#define AVAL_EVENT_TYP "application/aval-event+cbor"

/* The body's protected header of every event, encoded. */
aval_bytes aval_event_protected(void);

/* Read the payload of an event under a body's protected header; offsets are into the payload. */
aval_status aval_event_read(aval_event *event_out, aval_bytes body_protected, aval_bytes payload,
                            aval_error *err);

/* The envelope of an event as lib/cose read it; without signatures for a bare payload. */
aval_cose_sign aval_event_cose(const aval_event *event);

/* Whether an event asks for a signer: AVAL_E_SIGNER_UNEXPECTED. */
aval_status aval_event_check_signer(const aval_event *event, const aval_cose_signer *as, aval_error *err);

/* As aval_event_verify_signatures(), but for what was found valid before: see verified.h. */
aval_status aval_event_verify_once(const aval_memory *memory, const aval_event *event, const aval_public_key *keys,
                                   size_t key_count, aval_error *err);

#endif
