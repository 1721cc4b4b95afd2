/* SPDX-License-Identifier: Apache-2.0 */
/* The transition function: judge an event against a token, and change the token by it. */
#include "token/table.h"

/* Insertion into a sorted list; there are few signers. */
void aval_transition_add_signer(aval_transition *t, aval_role role, aval_text party)
{
	aval_event_signer signer = { role, party };
	size_t            low = 0, high = t->signer_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int    order = aval_signer_compare(&t->signers[middle], &signer);

		if (order == 0)
			return;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	memmove(&t->signers[low + 1], &t->signers[low], (t->signer_count - low) * sizeof *t->signers);
	t->signers[low] = signer;
	t->signer_count++;
}

/* Before acceptance a note event moves a note as a whole. */
static aval_status judge_status(const aval_event_row *row, const aval_token *token, const aval_event *e,
                                aval_error *err)
{
	if ((row->statuses >> token->status & 1) == 0)
		return aval_fail(err, AVAL_E_TOKEN_STATUS, "event.type",
		                 "the token's status does not allow the event");
	if (row->kind != AVAL_KIND_NOTE || token->status == AVAL_TOKEN_ACCEPTED)
		return AVAL_OK;
	if (e->input_count != 1)
		return aval_fail(err, AVAL_E_TOKEN_STATUS, "event.inputs",
		                 "notes are not merged before acceptance");
	if (e->output_count != 1)
		return aval_fail(err, AVAL_E_TOKEN_STATUS, "event.allocation",
		                 "a note is not split before acceptance");
	return AVAL_OK;
}

static aval_status judge_record(const aval_token *token, const aval_event *e, aval_error *err)
{
	if (e->record_seq != token->record_seq)
		return aval_fail(err, AVAL_E_TOKEN_RECORD, "event.record.seq",
		                 "the record is longer or shorter");
	if (memcmp(e->record_head32, token->record_head32, 32) != 0)
		return aval_fail(err, AVAL_E_TOKEN_RECORD, "event.record.head", "the record is another one");
	return AVAL_OK;
}

static aval_status find_inputs(aval_transition *t, const aval_token *token, const aval_content *x,
                               aval_error *err)
{
	for (size_t i = 0; i < x->event.input_count; i++) {
		uint32_t note = aval_index_find(&token->note_index, aval_note_ids(token), x->inputs + 32 * i);

		if (note == AVAL_NONE)
			return aval_fail(err, AVAL_E_NOTE_UNKNOWN, "event.inputs[]",
			                 "an input never was a note of the token");
		if (!aval_note_row_of(token, note)->is_live)
			return aval_fail(err, AVAL_E_NOTE_SPENT, "event.inputs[]",
			                 "an input is no longer live");
		t->inputs[i] = note;
	}
	return AVAL_OK;
}

aval_status aval_transition_judge(aval_transition *t, const aval_token *token, const aval_content *x,
                                  aval_error *err)
{
	const aval_event_row *row = aval_event_row_of((uint64_t)x->event.type);
	aval_status           status = judge_status(row, token, &x->event, err);

	t->signer_count = 0;
	if (status == AVAL_OK && row->kind == AVAL_KIND_TOKEN)
		status = judge_record(token, &x->event, err);
	if (status == AVAL_OK && row->kind == AVAL_KIND_NOTE)
		status = find_inputs(t, token, x, err);
	return status == AVAL_OK ? row->judge(t, token, x, err) : status;
}

static aval_status judge_time(const aval_event *e, int64_t registered_at_ms, aval_error *err)
{
	if (registered_at_ms < 0 && registered_at_ms != AVAL_TIME_NONE)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "registered_at", "the time is before 1970");
	if (registered_at_ms > e->register_by_ms)
		return aval_fail(err, AVAL_E_TOKEN_EXPIRED, "event.register_by",
		                 "it was registered later than that");
	return AVAL_OK;
}

/* What an event says about where it belongs. */
static aval_status judge_place(const aval_token *token, const aval_event *e, int64_t registered_at_ms,
                               aval_error *err)
{
	if (aval_index_find(&token->event_index, aval_event_ids(token), e->id32) != AVAL_NONE)
		return aval_fail(err, AVAL_E_TOKEN_DUPLICATE_EVENT, "event", "the event was applied already");
	if (!e->has_token)
		return aval_fail(err, AVAL_E_TOKEN_STATUS, "event.type", "the token was issued already");
	if (memcmp(e->token32, token->id32, 32) != 0)
		return aval_fail(err, AVAL_E_TOKEN_OTHER, "event.token", "the event names another token");
	if (!aval_text_equal(e->registry, aval_token_registry(token)))
		return aval_fail(err, AVAL_E_TOKEN_REGISTRY, "event.registry",
		                 "the event is made for another registry");
	return judge_time(e, registered_at_ms, err);
}

/* Two ascending lists: the first difference says whether one is missing or one too many. */
static aval_status judge_signers(const aval_transition *t, const aval_event *e, aval_error *err)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;

	for (size_t i = 0; i < t->signer_count; i++) {
		int order = aval_event_next_signer(&signer, &cursor, e)
		                    ? aval_signer_compare(&t->signers[i], &signer)
		                    : -1;

		if (order < 0)
			return aval_fail(err, AVAL_E_TOKEN_SIGNERS, "event.signers", "a signer is missing");
		if (order > 0)
			return aval_fail(err, AVAL_E_TOKEN_SIGNERS, "event.signers[]",
			                 "a signer is not asked for");
	}
	if (cursor.index != e->signer_count)
		return aval_fail(err, AVAL_E_TOKEN_SIGNERS, "event.signers[]", "a signer is not asked for");
	return AVAL_OK;
}

/* The lists of a parsed event. */
typedef struct event_lists {
	uint8_t     inputs[AVAL_EVENT_MAX_INPUTS][32];
	aval_output outputs[AVAL_EVENT_MAX_OUTPUTS];
} event_lists;

static void open_event(aval_content *x, event_lists *lists, const aval_event *e)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;

	for (size_t i = 0; i < e->input_count; i++)
		memcpy(lists->inputs[i], aval_event_input(e, i), 32);
	for (size_t i = 0; i < e->output_count; i++)
		(void)aval_event_next_output(&lists->outputs[i], &cursor, e);
	*x = (aval_content){ .event = *e, .inputs = lists->inputs[0], .outputs = lists->outputs };
}

static aval_status judge(aval_transition *t, const aval_token *token, const aval_content *x,
                         int64_t registered_at_ms, aval_error *err)
{
	aval_status status = judge_place(token, &x->event, registered_at_ms, err);

	if (status == AVAL_OK)
		status = aval_transition_judge(t, token, x, err);
	return status == AVAL_OK ? judge_signers(t, &x->event, err) : status;
}

aval_status aval_token_check(const aval_token *token, const aval_event *event, int64_t registered_at_ms,
                             aval_error *err)
{
	aval_transition t;
	aval_content    x;
	event_lists     lists;

	open_event(&x, &lists, event);
	return judge(&t, token, &x, registered_at_ms, err);
}

/* What the event can add at most: outputs, an entry of recourse for each, and a shortened list before them. */
static bool reserve(aval_token *token, const aval_content *x)
{
	size_t text_bytes = 0;

	for (size_t i = 0; i < x->event.output_count; i++)
		text_bytes += 1 + x->outputs[i].holder.len;
	return aval_token_reserve(token, x->event.output_count, AVAL_NOTE_MAX_RECOURSE + x->event.output_count,
	                          text_bytes);
}

aval_status aval_token_apply(aval_token *token, const aval_event *event, int64_t registered_at_ms,
                             aval_error *err)
{
	const aval_event_row *row = aval_event_row_of((uint64_t)event->type);
	aval_transition       t;
	aval_content          x;
	event_lists           lists;
	aval_status           status;

	open_event(&x, &lists, event);
	status = judge(&t, token, &x, registered_at_ms, err);
	if (status != AVAL_OK)
		return status;
	if (!reserve(token, &x))
		return aval_fail_no_memory(err);
	row->commit(token, &t, &x);
	aval_token_add_event(token, event->id32);
	if (row->kind != AVAL_KIND_NOTE)
		aval_token_advance(token, event->id32);
	return AVAL_OK;
}

static aval_text_at add_optional(aval_token *token, aval_text text)
{
	return text.len == 0 ? AVAL_NONE : aval_token_add_text(token, text);
}

static void set_terms(aval_token *token, const aval_issue *issue)
{
	token->terms.face_minor = issue->face_minor;
	memcpy(token->terms.currency, issue->currency.data, sizeof token->terms.currency);
	memcpy(token->terms.due_date, issue->due_date.data, sizeof token->terms.due_date);
	token->terms.due_mark = issue->due_mark;
	token->terms.supplier = aval_token_add_text(token, issue->supplier);
	token->terms.debtor = aval_token_add_text(token, issue->debtor);
	token->terms.arbiter = add_optional(token, issue->policy.arbiter);
	token->terms.authority = add_optional(token, issue->policy.authority);
	memcpy(token->terms.commitment32, issue->commitment32, 32);
	memcpy(token->terms.source32, issue->source32, 32);
	memcpy(token->terms.nonce16, issue->nonce16, 16);
	memcpy(token->terms.predecessor32, issue->predecessor32, 32);
	token->terms.effectiveness = issue->policy.effectiveness;
	token->terms.grace_days = issue->policy.grace_days;
	token->terms.has_predecessor = issue->has_predecessor;
}

static void issue_token(aval_token *token, const aval_event *e)
{
	aval_note_row note = { .end = e->internal.as.issue.face_minor,
		               .recourse = AVAL_NONE,
		               .prev = AVAL_NONE,
		               .next = AVAL_NONE,
		               .is_live = true };

	token->status = AVAL_TOKEN_OPEN;
	token->registry = aval_token_add_text(token, e->registry);
	set_terms(token, &e->internal.as.issue);
	memcpy(token->id32, e->id32, 32);
	memcpy(token->record_head32, e->id32, 32);
	aval_note_id(note.id32, e->id32, 0);
	note.holder = token->terms.supplier;
	aval_token_add_note(token, &note);
	aval_token_add_event(token, e->id32);
}

/* The supplier issues; in reverse factoring the debtor does. */
static aval_status judge_issue(const aval_event *e, int64_t registered_at_ms, aval_error *err)
{
	const aval_issue *issue = &e->internal.as.issue;
	aval_transition   t = { .signer_count = 0 };
	aval_status       status;

	if (e->type != AVAL_EVENT_ISSUE)
		return aval_fail(err, AVAL_E_TOKEN_STATUS, "event.type", "a token begins with its ISSUE");
	status = judge_time(e, registered_at_ms, err);
	if (status != AVAL_OK)
		return status;
	if (aval_event_has_signer(e, AVAL_ROLE_DEBTOR, issue->debtor.data, issue->debtor.len))
		aval_transition_add_signer(&t, AVAL_ROLE_DEBTOR, issue->debtor);
	else
		aval_transition_add_signer(&t, AVAL_ROLE_SUPPLIER, issue->supplier);
	return judge_signers(&t, e, err);
}

aval_status aval_token_new(aval_token **token_out, const aval_event *issue, int64_t registered_at_ms,
                           const aval_allocator *allocator, aval_error *err)
{
	aval_status       status = judge_issue(issue, registered_at_ms, err);
	const aval_issue *terms = &issue->internal.as.issue;
	aval_token       *token;

	if (status != AVAL_OK)
		return status;
	token = aval_alloc_zero(allocator, sizeof *token);
	if (token == NULL)
		return aval_fail_no_memory(err);
	token->allocator = allocator;
	token->note_index.root = token->event_index.root = token->first_live = AVAL_NONE;
	if (!aval_token_reserve(token, 1, 0,
	                        5 + issue->registry.len + terms->supplier.len + terms->debtor.len +
	                                terms->policy.arbiter.len + terms->policy.authority.len)) {
		aval_token_free(token);
		return aval_fail_no_memory(err);
	}
	issue_token(token, issue);
	*token_out = token;
	return AVAL_OK;
}
