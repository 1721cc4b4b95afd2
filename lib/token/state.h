/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_TOKEN_STATE_H
#define AVAL_LIB_TOKEN_STATE_H

/* What a token keeps. Notes, recourse, texts and event ids are only ever added; they are named by number. */

#include <aval/token.h>

#include "token/index.h"

/* A text in aval_token.texts: where its length stands, in one byte, before it. */
typedef uint32_t aval_text_at;

/*
 * One entry of a list of recourse, behind the one before it. Whoever assigns with recourse stands in for the
 * highest units of what he assigns, and every later range is cut out of that, so an entry is known by where it
 * begins: of a note it covers [max(from, begin), end), and nothing if from is not below end.
 */
typedef struct aval_recourse_node {
	int64_t      from;
	aval_text_at assignor;
	uint32_t     before; /* AVAL_NONE of the first */
} aval_recourse_node;

typedef struct aval_note_row {
	uint8_t      id32[32];
	int64_t      begin, end;
	aval_text_at holder;
	uint32_t     recourse;   /* the last entry, or AVAL_NONE */
	uint32_t     prev, next; /* live neighbours by range, or AVAL_NONE */
	bool         is_live;
} aval_note_row;

struct aval_token {
	const aval_allocator *allocator;
	uint8_t               id32[32];
	aval_token_status     status;
	aval_text_at          registry;
	struct {
		int64_t            face_minor;
		char               currency[3], due_date[10];
		aval_due_mark      due_mark;
		aval_text_at       supplier, debtor, arbiter, authority; /* AVAL_NONE where there is none */
		uint8_t            commitment32[32], source32[32], nonce16[16], predecessor32[32];
		aval_effectiveness effectiveness;
		uint32_t           grace_days;
		bool               has_predecessor;
	} terms;
	aval_accept accept; /* accepted_minor is 0 before acceptance */
	uint64_t    record_seq;
	uint8_t     record_head32[32];
	aval_vec    notes;    /* aval_note_row */
	aval_vec    recourse; /* aval_recourse_node */
	aval_vec    texts;    /* bytes */
	aval_vec    events;   /* 32 bytes: ids of the events applied */
	aval_index  note_index, event_index;
	uint32_t    first_live;
};

static inline aval_note_row *aval_note_row_of(const aval_token *token, uint32_t note)
{
	return (aval_note_row *)token->notes.data + note;
}

static inline aval_ids aval_note_ids(const aval_token *token)
{
	return (aval_ids){ token->notes.data, sizeof(aval_note_row) };
}

static inline aval_ids aval_event_ids(const aval_token *token)
{
	return (aval_ids){ token->events.data, 32 };
}

static inline aval_text aval_text_of(const aval_token *token, aval_text_at at)
{
	const uint8_t *text = (const uint8_t *)token->texts.data + at;

	return at == AVAL_NONE ? (aval_text){ NULL, 0 } : (aval_text){ (const char *)text + 1, *text };
}

/* The entries of a list that are not empty in a note that ends there, the first first. */
typedef struct aval_recourse_list {
	size_t             count;
	bool               is_whole; /* nothing of the list was left out */
	aval_recourse_node entries[AVAL_NOTE_MAX_RECOURSE];
} aval_recourse_list;
void aval_recourse_list_of(aval_recourse_list *list_out, const aval_token *token, uint32_t last, int64_t end);

/* Room for what one event adds at most. */
bool aval_token_reserve(aval_token *token, size_t notes, size_t recourse, size_t text_bytes);

/* These find their room reserved. */
aval_text_at aval_token_add_text(aval_token *token, aval_text text);
uint32_t     aval_token_add_recourse(aval_token *token, aval_recourse_node node);
void         aval_token_add_note(aval_token *token, const aval_note_row *note);
void         aval_token_add_event(aval_token *token, const uint8_t id32[32]);

/* The record goes on by an event. */
void aval_token_advance(aval_token *token, const uint8_t event32[32]);

#endif
