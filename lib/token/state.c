/* SPDX-License-Identifier: Apache-2.0 */
/* A token's memory: what is added to it, and what can be seen of it. */
#include <assert.h>

#include "cbor/cbor.h"
#include "hash/hash.h"
#include "token/state.h"

void aval_token_free(aval_token *token)
{
	if (token == NULL)
		return;
	aval_free(token->notes.data, token->allocator);
	aval_free(token->recourse.data, token->allocator);
	aval_free(token->texts.data, token->allocator);
	aval_free(token->events.data, token->allocator);
	aval_free(token->note_index.nodes.data, token->allocator);
	aval_free(token->event_index.nodes.data, token->allocator);
	aval_free(token, token->allocator);
}

static bool copy_arrays(aval_token *copy, const aval_token *token)
{
	const aval_allocator *allocator = copy->allocator;

	return aval_vec_copy(&copy->notes, &token->notes, sizeof(aval_note_row), allocator) &&
	       aval_vec_copy(&copy->recourse, &token->recourse, sizeof(aval_recourse_node), allocator) &&
	       aval_vec_copy(&copy->texts, &token->texts, 1, allocator) &&
	       aval_vec_copy(&copy->events, &token->events, 32, allocator) &&
	       aval_vec_copy(&copy->note_index.nodes, &token->note_index.nodes, sizeof(aval_index_node),
	                     allocator) &&
	       aval_vec_copy(&copy->event_index.nodes, &token->event_index.nodes, sizeof(aval_index_node),
	                     allocator);
}

static void forget_arrays(aval_token *token)
{
	const aval_vec empty = { 0 };

	token->notes = token->recourse = token->texts = token->events = empty;
	token->note_index.nodes = token->event_index.nodes = empty;
}

aval_status aval_token_copy(aval_token **token_out, const aval_token *token, const aval_allocator *allocator,
                            aval_error *err)
{
	aval_token *copy = aval_alloc(allocator, sizeof *copy);

	if (copy == NULL)
		return aval_fail_no_memory(err);
	*copy = *token;
	copy->allocator = allocator;
	forget_arrays(copy);
	if (!copy_arrays(copy, token)) {
		aval_token_free(copy);
		return aval_fail_no_memory(err);
	}
	*token_out = copy;
	return AVAL_OK;
}

bool aval_token_reserve(aval_token *token, size_t notes, size_t recourse, size_t text_bytes)
{
	const aval_allocator *allocator = token->allocator;

	return aval_vec_reserve(&token->notes, notes, sizeof(aval_note_row), allocator) &&
	       aval_vec_reserve(&token->note_index.nodes, notes, sizeof(aval_index_node), allocator) &&
	       aval_vec_reserve(&token->recourse, recourse, sizeof(aval_recourse_node), allocator) &&
	       aval_vec_reserve(&token->texts, text_bytes, 1, allocator) &&
	       aval_vec_reserve(&token->events, 1, 32, allocator) &&
	       aval_vec_reserve(&token->event_index.nodes, 1, sizeof(aval_index_node), allocator);
}

aval_text_at aval_token_add_text(aval_token *token, aval_text text)
{
	aval_text_at at = (aval_text_at)token->texts.count;
	uint8_t     *out = (uint8_t *)token->texts.data + at;

	out[0] = (uint8_t)text.len;
	memcpy(out + 1, text.data, text.len);
	token->texts.count += 1 + text.len;
	return at;
}

uint32_t aval_token_add_recourse(aval_token *token, aval_recourse_node node)
{
	((aval_recourse_node *)token->recourse.data)[token->recourse.count] = node;
	return (uint32_t)token->recourse.count++;
}

void aval_token_add_note(aval_token *token, const aval_note_row *note)
{
	uint32_t number = (uint32_t)token->notes.count++;

	*aval_note_row_of(token, number) = *note;
	aval_index_insert(&token->note_index, aval_note_ids(token), number);
	if (note->prev == AVAL_NONE)
		token->first_live = number;
	else
		aval_note_row_of(token, note->prev)->next = number;
	if (note->next != AVAL_NONE)
		aval_note_row_of(token, note->next)->prev = number;
}

void aval_token_add_event(aval_token *token, const uint8_t id32[32])
{
	uint32_t number = (uint32_t)token->events.count++;

	memcpy((uint8_t *)token->events.data + 32 * (size_t)number, id32, 32);
	aval_index_insert(&token->event_index, aval_event_ids(token), number);
}

static void absorb(const uint8_t *data, size_t len, void *ctx)
{
	aval_sha256_update(ctx, data, len);
}

/* TH("aval/record", [seq, head, event id]) */
void aval_token_advance(aval_token *token, const uint8_t event32[32])
{
	aval_cbor_writer w;
	aval_sha256_ctx  ctx;

	token->record_seq++;
	aval_tagged_init(&ctx, &aval_tag_record);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_cbor_write_array(&w, 3);
	aval_cbor_write_uint(&w, token->record_seq);
	aval_cbor_write_bytes(&w, token->record_head32, 32);
	aval_cbor_write_bytes(&w, event32, 32);
	aval_sha256_finish(&ctx, token->record_head32);
}

/* Written from behind, since a list is found from its last entry; then moved to the front. */
void aval_recourse_list_of(aval_recourse_list *list_out, const aval_token *token, uint32_t last, int64_t end)
{
	const aval_recourse_node *nodes = token->recourse.data;
	size_t                    max = sizeof list_out->entries / sizeof *list_out->entries, at = max;

	list_out->is_whole = true;
	for (; last != AVAL_NONE; last = nodes[last].before) {
		if (nodes[last].from >= end) {
			list_out->is_whole = false;
			continue;
		}
		assert(at > 0);
		list_out->entries[--at] = nodes[last];
	}
	list_out->count = max - at;
	memmove(list_out->entries, list_out->entries + at, list_out->count * sizeof *list_out->entries);
}

void aval_token_id(uint8_t id32_out[32], const aval_token *token)
{
	memcpy(id32_out, token->id32, 32);
}

aval_token_status aval_token_status_of(const aval_token *token)
{
	return token->status;
}

const char *aval_token_status_name(aval_token_status status)
{
	static const char *const names[] = { NULL, "open", "accepted", "rejected", "void" };

	return (size_t)status < sizeof names / sizeof *names ? names[status] : NULL;
}

void aval_token_terms(aval_issue *terms_out, const aval_token *token)
{
	aval_issue terms = {
		.face_minor = token->terms.face_minor,
		.currency = { token->terms.currency, sizeof token->terms.currency },
		.due_date = { token->terms.due_date, sizeof token->terms.due_date },
		.due_mark = token->terms.due_mark,
		.supplier = aval_text_of(token, token->terms.supplier),
		.debtor = aval_text_of(token, token->terms.debtor),
		.policy = { token->terms.effectiveness, token->terms.grace_days,
		            aval_text_of(token, token->terms.arbiter),
		            aval_text_of(token, token->terms.authority) },
		.has_predecessor = token->terms.has_predecessor,
	};

	memcpy(terms.commitment32, token->terms.commitment32, 32);
	memcpy(terms.source32, token->terms.source32, 32);
	memcpy(terms.nonce16, token->terms.nonce16, 16);
	memcpy(terms.predecessor32, token->terms.predecessor32, 32);
	*terms_out = terms;
}

aval_text aval_token_registry(const aval_token *token)
{
	return aval_text_of(token, token->registry);
}

bool aval_token_acceptance(aval_accept *accept_out, const aval_token *token)
{
	if (token->accept.accepted_minor == 0)
		return false;
	*accept_out = token->accept;
	return true;
}

void aval_token_record(uint64_t *seq_out, uint8_t head32_out[32], const aval_token *token)
{
	*seq_out = token->record_seq;
	memcpy(head32_out, token->record_head32, 32);
}

size_t aval_token_note_count(const aval_token *token)
{
	return token->notes.count;
}

static size_t note_number(uint32_t note)
{
	return note == AVAL_NONE ? AVAL_NO_NOTE : note;
}

size_t aval_token_first_live(const aval_token *token)
{
	return note_number(token->first_live);
}

size_t aval_token_next_live(const aval_token *token, size_t note)
{
	if (note >= token->notes.count || !aval_note_row_of(token, (uint32_t)note)->is_live)
		return AVAL_NO_NOTE;
	return note_number(aval_note_row_of(token, (uint32_t)note)->next);
}

static aval_status check_number(const aval_token *token, size_t note, aval_error *err)
{
	if (note < token->notes.count)
		return AVAL_OK;
	return aval_fail(err, AVAL_E_NOT_FOUND, "token.note", "there is no note of that number");
}

aval_status aval_token_note(aval_note *note_out, const aval_token *token, size_t note, aval_error *err)
{
	aval_status          status = check_number(token, note, err);
	const aval_note_row *row;
	aval_recourse_list   list;

	if (status != AVAL_OK)
		return status;
	row = aval_note_row_of(token, (uint32_t)note);
	aval_recourse_list_of(&list, token, row->recourse, row->end);
	memcpy(note_out->id32, row->id32, 32);
	note_out->begin_minor = row->begin;
	note_out->end_minor = row->end;
	note_out->holder = aval_text_of(token, row->holder);
	note_out->is_live = row->is_live;
	note_out->recourse_count = list.count;
	return AVAL_OK;
}

aval_status aval_token_find_note(size_t *note_out, const aval_token *token, const uint8_t id32[32],
                                 aval_error *err)
{
	uint32_t note = aval_index_find(&token->note_index, aval_note_ids(token), id32);

	if (note == AVAL_NONE)
		return aval_fail(err, AVAL_E_NOTE_UNKNOWN, "token.note", "there never was a note of that id");
	*note_out = note;
	return AVAL_OK;
}

aval_status aval_token_recourse(aval_recourse *recourse_out, const aval_token *token, size_t note, size_t index,
                                aval_error *err)
{
	aval_status          status = check_number(token, note, err);
	const aval_note_row *row;
	aval_recourse_list   list;

	if (status != AVAL_OK)
		return status;
	row = aval_note_row_of(token, (uint32_t)note);
	aval_recourse_list_of(&list, token, row->recourse, row->end);
	if (index >= list.count)
		return aval_fail(err, AVAL_E_NOT_FOUND, "token.recourse", "the list has fewer entries");
	recourse_out->assignor = aval_text_of(token, list.entries[index].assignor);
	recourse_out->begin_minor =
		list.entries[index].from > row->begin ? list.entries[index].from : row->begin;
	recourse_out->end_minor = row->end;
	return AVAL_OK;
}
