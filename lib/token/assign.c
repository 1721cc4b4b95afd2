/* SPDX-License-Identifier: Apache-2.0 */
/* ASSIGN: notes joined into one range, and cut again. */
#include "token/table.h"

/* What the notes have that are consumed; a merge asks that they have it alike. */
static const aval_note_row *first_input(const aval_token *token, const aval_transition *t)
{
	return aval_note_row_of(token, t->inputs[0]);
}

/* The same assignors in the same order, each with all of the right note: then the ranges join. */
static bool recourse_joins(const aval_token *token, const aval_recourse_list *left,
                           const aval_note_row *right_note)
{
	aval_recourse_list right;

	aval_recourse_list_of(&right, token, right_note->recourse, right_note->end);
	if (left->count != right.count)
		return false;
	for (size_t i = 0; i < right.count; i++)
		if (right.entries[i].from > right_note->begin ||
		    !aval_text_equal(aval_text_of(token, left->entries[i].assignor),
		                     aval_text_of(token, right.entries[i].assignor)))
			return false;
	return true;
}

static aval_status judge_merge(aval_transition *t, const aval_token *token, const aval_content *x,
                               const aval_recourse_list *recourse, aval_error *err)
{
	const aval_note_row *first = first_input(token, t);

	t->begin = first->begin;
	t->end = first->end;
	for (size_t i = 1; i < x->event.input_count; i++) {
		const aval_note_row *note = aval_note_row_of(token, t->inputs[i]);

		if (note->begin != t->end)
			return aval_fail(err, AVAL_E_TOKEN_MERGE, "event.inputs[]",
			                 "the notes do not adjoin in their order");
		if (!aval_text_equal(aval_text_of(token, note->holder), aval_text_of(token, first->holder)))
			return aval_fail(err, AVAL_E_TOKEN_MERGE, "event.inputs[]",
			                 "the notes have different holders");
		if (!recourse_joins(token, recourse, note))
			return aval_fail(err, AVAL_E_TOKEN_MERGE, "event.inputs[]",
			                 "the notes differ in recourse");
		t->end = note->end;
	}
	return AVAL_OK;
}

/* Whether every output is what its input was. The sums are equal already. */
static bool changes_nothing(const aval_transition *t, const aval_token *token, const aval_content *x)
{
	if (x->event.input_count != x->event.output_count)
		return false;
	for (size_t i = 0; i < x->event.output_count; i++) {
		const aval_note_row *note = aval_note_row_of(token, t->inputs[i]);

		if (x->outputs[i].length_minor != note->end - note->begin)
			return false;
	}
	return true;
}

static aval_status refuse(aval_error *err, const char *where, const char *reason)
{
	return aval_fail(err, AVAL_E_TOKEN_ALLOCATION, where, reason);
}

/* The codec has seen to it that the lengths do not overflow. */
static aval_status judge_lengths(const aval_transition *t, const aval_content *x, aval_error *err)
{
	int64_t sum = 0;

	for (size_t i = 0; i < x->event.output_count; i++) {
		if (x->outputs[i].length_minor > t->end - t->begin - sum)
			return refuse(err, "event.allocation[].length",
			              "the outputs are longer than the inputs");
		sum += x->outputs[i].length_minor;
	}
	if (sum != t->end - t->begin)
		return refuse(err, "event.allocation", "the outputs are shorter than the inputs");
	return AVAL_OK;
}

static aval_status judge_holders(aval_transition *t, const aval_token *token, const aval_content *x,
                                 aval_error *err)
{
	aval_text holder = aval_text_of(token, first_input(token, t)->holder);
	bool      reorganises = x->event.internal.as.assign.kind == AVAL_ASSIGN_REORGANISE;

	aval_transition_add_signer(t, AVAL_ROLE_HOLDER, holder);
	for (size_t i = 0; i < x->event.output_count; i++) {
		const aval_output *output = &x->outputs[i];

		if (!aval_text_equal(output->holder, holder))
			aval_transition_add_signer(t, AVAL_ROLE_ASSIGNEE, output->holder);
		else if (output->recourse_minor != 0)
			return refuse(err, "event.allocation[].recourse",
			              "the holder keeps the output, so there is no recourse");
	}
	if (reorganises && t->signer_count > 1)
		return refuse(err, "event.kind", "a reorganisation has no new holder");
	if (!reorganises && t->signer_count == 1)
		return refuse(err, "event.kind", "an assignment has a new holder");
	if (reorganises && changes_nothing(t, token, x))
		return refuse(err, "event.allocation", "every output is what its input was");
	return AVAL_OK;
}

static aval_status judge_recourse(const aval_transition *t, const aval_content *x,
                                  const aval_recourse_list *list, aval_error *err)
{
	int64_t end = t->begin;

	for (size_t i = 0; i < x->event.output_count; i++) {
		size_t count = x->outputs[i].recourse_minor != 0;

		end += x->outputs[i].length_minor;
		for (size_t k = 0; count != 0 && k < list->count; k++)
			count += list->entries[k].from < end;
		if (count > AVAL_NOTE_MAX_RECOURSE)
			return aval_fail(err, AVAL_E_LIMIT, "event.allocation[].recourse",
			                 "the list of recourse would be longer than AVAL_NOTE_MAX_RECOURSE");
	}
	return AVAL_OK;
}

aval_status aval_judge_assign(aval_transition *t, const aval_token *token, const aval_content *x,
                              aval_error *err)
{
	const aval_note_row *first = first_input(token, t);
	aval_recourse_list   recourse;
	aval_status          status;

	aval_recourse_list_of(&recourse, token, first->recourse, first->end);
	status = judge_merge(t, token, x, &recourse, err);
	if (status == AVAL_OK)
		status = judge_lengths(t, x, err);
	if (status == AVAL_OK)
		status = judge_holders(t, token, x, err);
	if (status == AVAL_OK && token->status == AVAL_TOKEN_ACCEPTED && !token->accept.has_consent &&
	    t->signer_count > 1)
		status = aval_fail(err, AVAL_E_TOKEN_CONSENT, "event.allocation[].holder",
		                   "the debtor accepted without consent to assignment");
	return status == AVAL_OK ? judge_recourse(t, x, &recourse, err) : status;
}

/* The list of the inputs: shared with the outputs where every entry is alive in it, else written anew. */
static uint32_t common_recourse(aval_token *token, const aval_note_row *first)
{
	aval_recourse_list list;
	uint32_t           last = AVAL_NONE;

	aval_recourse_list_of(&list, token, first->recourse, first->end);
	if (list.is_whole)
		return first->recourse;
	for (size_t i = 0; i < list.count; i++) {
		list.entries[i].before = last;
		last = aval_token_add_recourse(token, list.entries[i]);
	}
	return last;
}

static void spend_inputs(aval_token *token, const aval_transition *t, size_t count)
{
	for (size_t i = 0; i < count; i++)
		aval_note_row_of(token, t->inputs[i])->is_live = false;
}

/* A holder that the token has as a text already is not kept twice in a row. */
static aval_text_at add_holder(aval_token *token, aval_text holder, aval_text_at assignor, aval_text_at before)
{
	if (aval_text_equal(holder, aval_text_of(token, assignor)))
		return assignor;
	if (aval_text_equal(holder, aval_text_of(token, before)))
		return before;
	return aval_token_add_text(token, holder);
}

static uint32_t add_entry(aval_token *token, int64_t from, aval_text_at assignor, uint32_t before)
{
	return aval_token_add_recourse(token, (aval_recourse_node){ from, assignor, before });
}

void aval_commit_assign(aval_token *token, const aval_transition *t, const aval_content *x)
{
	aval_note_row first = *first_input(token, t), note = first;
	uint32_t      common = common_recourse(token, &first);
	uint32_t      behind = aval_note_row_of(token, t->inputs[x->event.input_count - 1])->next;

	spend_inputs(token, t, x->event.input_count);
	note.end = t->begin;
	for (size_t i = 0; i < x->event.output_count; i++) {
		const aval_output *output = &x->outputs[i];

		aval_note_id(note.id32, x->event.id32, (uint32_t)i);
		note.begin = note.end;
		note.end += output->length_minor;
		note.holder = add_holder(token, output->holder, first.holder, note.holder);
		note.recourse = common;
		if (output->recourse_minor > 0)
			note.recourse = add_entry(token, note.end - output->recourse_minor, first.holder,
			                          common);
		note.next = behind;
		aval_token_add_note(token, &note);
		note.prev = (uint32_t)token->notes.count - 1;
	}
}
