/* SPDX-License-Identifier: Apache-2.0 */
/* ACCEPT, REJECT and VOID: what becomes of the token as a whole. */
#include "token/table.h"

static void add_holders(aval_transition *t, const aval_token *token)
{
	for (uint32_t note = token->first_live; note != AVAL_NONE; note = aval_note_row_of(token, note)->next)
		aval_transition_add_signer(t, AVAL_ROLE_HOLDER,
		                           aval_text_of(token, aval_note_row_of(token, note)->holder));
}

/* Who accepts less than the face takes from others, so these agree. */
aval_status aval_judge_accept(aval_transition *t, const aval_token *token, const aval_content *x,
                              aval_error *err)
{
	int64_t accepted = x->event.internal.as.accept.accepted_minor;

	if (accepted > token->terms.face_minor)
		return aval_fail(err, AVAL_E_TOKEN_FACE, "event.accepted", "more is accepted than the face");
	aval_transition_add_signer(t, AVAL_ROLE_DEBTOR, aval_text_of(token, token->terms.debtor));
	if (accepted == token->terms.face_minor)
		return AVAL_OK;
	aval_transition_add_signer(t, AVAL_ROLE_SUPPLIER, aval_text_of(token, token->terms.supplier));
	add_holders(t, token);
	return AVAL_OK;
}

/* Before acceptance there is one note, and its range is the face. */
void aval_commit_accept(aval_token *token, const aval_transition *t, const aval_content *x)
{
	(void)t;
	token->status = AVAL_TOKEN_ACCEPTED;
	token->accept = x->event.internal.as.accept;
	aval_note_row_of(token, token->first_live)->end = token->accept.accepted_minor;
}

aval_status aval_judge_reject(aval_transition *t, const aval_token *token, const aval_content *x,
                              aval_error *err)
{
	(void)x;
	(void)err;
	aval_transition_add_signer(t, AVAL_ROLE_DEBTOR, aval_text_of(token, token->terms.debtor));
	return AVAL_OK;
}

void aval_commit_reject(aval_token *token, const aval_transition *t, const aval_content *x)
{
	(void)t;
	(void)x;
	token->status = AVAL_TOKEN_REJECTED;
}

aval_status aval_judge_void(aval_transition *t, const aval_token *token, const aval_content *x, aval_error *err)
{
	(void)x;
	(void)err;
	aval_transition_add_signer(t, AVAL_ROLE_SUPPLIER, aval_text_of(token, token->terms.supplier));
	add_holders(t, token);
	return AVAL_OK;
}

/* Nobody holds a claim that was withdrawn. */
void aval_commit_void(aval_token *token, const aval_transition *t, const aval_content *x)
{
	(void)t;
	(void)x;
	for (uint32_t note = token->first_live; note != AVAL_NONE; note = aval_note_row_of(token, note)->next)
		aval_note_row_of(token, note)->is_live = false;
	token->first_live = AVAL_NONE;
	token->status = AVAL_TOKEN_VOID;
}
