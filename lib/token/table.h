/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_TOKEN_TABLE_H
#define AVAL_LIB_TOKEN_TABLE_H

/*
 * The table of events: one row a type says how it stands to the state, when it may come, what it carries, what
 * it asks for, who signs it, and what it does. docs/spec/event.md, section "Transitions".
 */

#include "token/payload.h"
#include "token/state.h"

/* How an event stands to the state that it changes. */
typedef enum aval_event_kind {
	AVAL_KIND_ISSUE, /* names no token: it makes one */
	AVAL_KIND_NOTE,  /* names the notes that it consumes */
	AVAL_KIND_TOKEN, /* names the record that it extends */
	AVAL_KIND_NOTICE /* extends whatever record there is */
} aval_event_kind;

/* What was found out about an event before anything is changed. */
typedef struct aval_transition {
	uint32_t          inputs[AVAL_EVENT_MAX_INPUTS]; /* notes */
	int64_t           begin, end;                    /* of their union */
	size_t            signer_count;
	aval_event_signer signers[AVAL_EVENT_MAX_SIGNERS]; /* that it must have, ascending */
} aval_transition;

typedef struct aval_event_row {
	aval_event_type type;
	const char     *name;
	aval_event_kind kind;
	unsigned        statuses; /* in which it may come: bits 1 << aval_token_status */
	void (*code)(aval_codec *c, aval_content *x); /* NULL of a type that this version does not handle */
	aval_status (*judge)(aval_transition *t, const aval_token *token, const aval_content *x,
	                     aval_error *err);
	void (*commit)(aval_token *token, const aval_transition *t, const aval_content *x);
} aval_event_row;

/* NULL of a number that is no type. */
const aval_event_row *aval_event_row_of(uint64_t type);

/* Add a signer, if it is not there yet. */
void aval_transition_add_signer(aval_transition *t, aval_role role, aval_text party);

/* Judge a content against a token, but for its signers; t then says who they must be. */
aval_status aval_transition_judge(aval_transition *t, const aval_token *token, const aval_content *x,
                                  aval_error *err);

aval_status aval_judge_accept(aval_transition *t, const aval_token *token, const aval_content *x,
                              aval_error *err);
aval_status aval_judge_reject(aval_transition *t, const aval_token *token, const aval_content *x,
                              aval_error *err);
aval_status aval_judge_void(aval_transition *t, const aval_token *token, const aval_content *x,
                            aval_error *err);
aval_status aval_judge_assign(aval_transition *t, const aval_token *token, const aval_content *x,
                              aval_error *err);

void aval_commit_accept(aval_token *token, const aval_transition *t, const aval_content *x);
void aval_commit_reject(aval_token *token, const aval_transition *t, const aval_content *x);
void aval_commit_void(aval_token *token, const aval_transition *t, const aval_content *x);
void aval_commit_assign(aval_token *token, const aval_transition *t, const aval_content *x);

#endif
