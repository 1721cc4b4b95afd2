/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random histories against a model that knows units alone: who holds each, and who stands in for it. Events are random
 * wishes, lawful ones with one thing changed among them; what the model finds lawful is applied, all else is refused, and
 * after each step every unit of the token is the model's.
 */
#include <stdlib.h>

#include <check.h>

#include "token/payload.h"
#include "token_fixture.h"
#include "token_show.h"

enum { MAX_FACE = 64, MAX_LIST = 80, MAX_NOTES = 4096, MAX_IO = 6, PARTIES = 5, STEPS = 120, HISTORIES = 800 };

static const char *const parties[PARTIES] = { SUPPLIER, DEBTOR, FACTOR, BANK, "uscc:91310000MA1FLAWX0U" };

/* Check's own macros tell each assertion to the parent process, which takes longer than the assertion. */
#define REQUIRE(condition)                                                                             \
	do {                                                                                           \
		if (!(condition))                                                                      \
			ck_abort_msg("%s does not hold", #condition);                                  \
	} while (0)

static uint64_t random_state;

static unsigned below(unsigned bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)((random_state >> 20) % bound);
}

static bool chance(unsigned percent)
{
	return below(100) < percent;
}

/* One unit: its note, its holder, and who stands in for it, the first first. */
typedef struct unit {
	unsigned note, holder;
	size_t   count;
	unsigned list[MAX_LIST];
} unit;

/* Note ids that ever were, in the order of aval_token_note(). */
typedef struct model {
	unsigned          face, accepted;
	aval_token_status status;
	bool              has_consent;
	uint64_t          seq;
	uint8_t           head[32], id[32];
	unsigned          note_count;
	uint8_t           notes[MAX_NOTES][32];
	unit              units[MAX_FACE];
	size_t            event_count;
	uint8_t           events[STEPS + 1][32];
} model;

typedef struct signer {
	aval_role role;
	unsigned  party;
} signer;

/* An event, lawful or not. */
typedef struct wish {
	aval_event_type  type;
	bool             is_here; /* this token and registry */
	bool             is_of_other_token;
	int64_t          registered_at_ms;
	uint64_t         seq;
	uint8_t          head[32];
	int64_t          accepted;
	bool             has_consent;
	size_t           input_count, output_count, signer_count;
	uint8_t          inputs[MAX_IO][32];
	int64_t          lengths[MAX_IO], recourse[MAX_IO];
	unsigned         holders[MAX_IO];
	aval_assign_kind kind;
	signer           signers[2 * PARTIES];
	uint32_t         salt; /* no two wishes are one event */
} wish;

/* The range of a live note: false if it is none. */
static bool range_of(const model *m, const uint8_t id[32], unsigned *begin, unsigned *end)
{
	unsigned note;

	for (note = 0; note < m->note_count && memcmp(m->notes[note], id, 32) != 0;)
		note++;
	*begin = *end = 0;
	for (unsigned u = m->accepted; u-- > 0;) {
		if (m->units[u].note != note)
			continue;
		*end = *end == 0 ? u + 1 : *end;
		*begin = u;
	}
	return *end != 0;
}

static bool same_list(const unit *a, const unit *b)
{
	return a->count == b->count && memcmp(a->list, b->list, a->count * sizeof a->list[0]) == 0;
}

/* Inputs that lie side by side, held by one, and all units right of the first note's last one like that one. */
static bool join(const model *m, const wish *w, unsigned *begin, unsigned *end)
{
	unsigned b, e, first_end = 0;

	for (size_t i = 0; i < w->input_count; i++) {
		if (!range_of(m, w->inputs[i], &b, &e) || (i > 0 && b != *end))
			return false;
		if (i == 0) {
			*begin = b;
			first_end = e;
		}
		*end = e;
	}
	for (unsigned u = *begin; u < *end; u++) {
		if (m->units[u].holder != m->units[*begin].holder)
			return false;
		if (u >= first_end && !same_list(&m->units[u], &m->units[first_end - 1]))
			return false;
	}
	return true;
}

static bool is_unchanged(const model *m, const wish *w)
{
	unsigned begin, end;

	if (w->input_count != w->output_count)
		return false;
	for (size_t i = 0; i < w->input_count; i++)
		if (!range_of(m, w->inputs[i], &begin, &end) || w->lengths[i] != end - begin)
			return false;
	return true;
}

/* Signers as a set, by a table of roles and parties. */
typedef struct set {
	bool in[AVAL_ROLE_PREVIOUS_REGISTRY + 1][PARTIES];
} set;

static set signers_of(const wish *w)
{
	set s = { 0 };

	for (size_t i = 0; i < w->signer_count; i++)
		s.in[w->signers[i].role][w->signers[i].party] = true;
	return s;
}

static void add_holders(const model *m, set *s)
{
	for (unsigned u = 0; u < m->accepted; u++)
		s->in[AVAL_ROLE_HOLDER][m->units[u].holder] = true;
}

static bool is_lawful_assign(const model *m, const wish *w, set *want)
{
	unsigned begin = 0, end = 0, holder;
	int64_t  sum = 0;
	bool     is_new = false;

	if (m->status != AVAL_TOKEN_ACCEPTED && (w->input_count != 1 || w->output_count != 1))
		return false;
	if (!join(m, w, &begin, &end))
		return false;
	holder = m->units[begin].holder;
	want->in[AVAL_ROLE_HOLDER][holder] = true;
	for (size_t i = 0; i < w->output_count; i++) {
		sum += w->lengths[i];
		if (w->holders[i] == holder && w->recourse[i] != 0)
			return false;
		if (w->holders[i] != holder)
			is_new = want->in[AVAL_ROLE_ASSIGNEE][w->holders[i]] = true;
	}
	if (sum != end - begin || is_new == (w->kind == AVAL_ASSIGN_REORGANISE) || (!is_new && is_unchanged(m, w)))
		return false;
	if (is_new && m->status == AVAL_TOKEN_ACCEPTED && !m->has_consent)
		return false;
	for (size_t i = 0, u = begin; i < w->output_count; i++) {
		u += (size_t)w->lengths[i];
		if (w->recourse[i] != 0 && m->units[u - 1].count >= AVAL_NOTE_MAX_RECOURSE)
			return false;
	}
	return true;
}

static bool is_lawful_token_event(const model *m, const wish *w)
{
	return w->seq == m->seq && memcmp(w->head, m->head, 32) == 0;
}

static bool is_lawful(const model *m, const wish *w)
{
	set have = signers_of(w), want = { 0 };

	if (!w->is_here || w->is_of_other_token || w->registered_at_ms > EXPIRES_MS || m->status == AVAL_TOKEN_VOID)
		return false;
	want.in[AVAL_ROLE_DEBTOR][1] = w->type == AVAL_EVENT_ACCEPT || w->type == AVAL_EVENT_REJECT;
	if (w->type == AVAL_EVENT_REJECT && m->status != AVAL_TOKEN_OPEN)
		return false;
	if (w->type == AVAL_EVENT_ACCEPT) {
		if (m->status != AVAL_TOKEN_OPEN || !is_lawful_token_event(m, w) || w->accepted > m->face)
			return false;
		want.in[AVAL_ROLE_SUPPLIER][0] = w->accepted != m->face;
		if (w->accepted != m->face)
			add_holders(m, &want);
	}
	if (w->type == AVAL_EVENT_VOID) {
		if (m->status == AVAL_TOKEN_ACCEPTED || !is_lawful_token_event(m, w))
			return false;
		want.in[AVAL_ROLE_SUPPLIER][0] = true;
		add_holders(m, &want);
	}
	if (w->type == AVAL_EVENT_ASSIGN && !is_lawful_assign(m, w, &want))
		return false;
	return memcmp(&have, &want, sizeof have) == 0;
}

static void model_assign(model *m, const wish *w, const uint8_t event32[32])
{
	unsigned u, end, first, holder;

	REQUIRE(range_of(m, w->inputs[0], &u, &end));
	holder = m->units[u].holder;
	for (size_t i = 0; i < w->output_count; i++) {
		aval_note_id(m->notes[m->note_count], event32, (uint32_t)i);
		first = u;
		for (; u < first + (unsigned)w->lengths[i]; u++) {
			m->units[u].note = m->note_count;
			m->units[u].holder = w->holders[i];
			if (u >= first + (unsigned)(w->lengths[i] - w->recourse[i]))
				m->units[u].list[m->units[u].count++] = holder;
		}
		m->note_count++;
	}
}

static void model_apply(model *m, const wish *w, const aval_token *token, const uint8_t event32[32])
{
	memcpy(m->events[m->event_count++], event32, 32);
	if (w->type == AVAL_EVENT_ASSIGN) {
		model_assign(m, w, event32);
		return;
	}
	/* The head's hash is for the vectors to check. */
	m->seq++;
	aval_token_record(&(uint64_t){ 0 }, m->head, token);
	if (w->type == AVAL_EVENT_ACCEPT) {
		m->status = AVAL_TOKEN_ACCEPTED;
		m->accepted = (unsigned)w->accepted;
		m->has_consent = w->has_consent;
	} else {
		m->status = w->type == AVAL_EVENT_REJECT ? AVAL_TOKEN_REJECTED : AVAL_TOKEN_VOID;
	}
}

/* A wish that may well be lawful. */
static void wish_signers(const model *m, wish *w)
{
	set want = { 0 };

	want.in[AVAL_ROLE_DEBTOR][1] = w->type == AVAL_EVENT_ACCEPT || w->type == AVAL_EVENT_REJECT;
	if (w->type == AVAL_EVENT_VOID || (w->type == AVAL_EVENT_ACCEPT && w->accepted != m->face)) {
		want.in[AVAL_ROLE_SUPPLIER][0] = true;
		add_holders(m, &want);
	}
	if (w->type == AVAL_EVENT_ASSIGN) {
		unsigned begin, end;

		range_of(m, w->inputs[0], &begin, &end);
		want.in[AVAL_ROLE_HOLDER][m->units[begin].holder] = true;
		for (size_t i = 0; i < w->output_count; i++)
			if (w->holders[i] != m->units[begin].holder)
				want.in[AVAL_ROLE_ASSIGNEE][w->holders[i]] = true;
	}
	w->signer_count = 0;
	for (unsigned role = 1; role <= AVAL_ROLE_ASSIGNEE; role++)
		for (unsigned p = 0; p < PARTIES; p++)
			if (want.in[role][p] && w->signer_count < 2 * PARTIES)
				w->signers[w->signer_count++] = (signer){ (aval_role)role, p };
}

/* A few neighbours, from a random unit on. */
static unsigned wish_inputs(const model *m, wish *w)
{
	unsigned begin, end, u = below(m->accepted), count = chance(30) ? 1 + below(3) : 1;
	unsigned total = 0;

	for (w->input_count = 0; w->input_count < count && u < m->accepted; u = end) {
		memcpy(w->inputs[w->input_count], m->notes[m->units[u].note], 32);
		REQUIRE(range_of(m, w->inputs[w->input_count++], &begin, &end));
		total += end - begin;
	}
	return total;
}

static void wish_outputs(const model *m, wish *w, unsigned total)
{
	unsigned holder, begin, end;
	bool     is_new = false;

	range_of(m, w->inputs[0], &begin, &end);
	holder = m->units[begin].holder;
	for (w->output_count = 0; total > 0; w->output_count++) {
		size_t   i = w->output_count;
		unsigned length = i == MAX_IO - 1 || chance(45) ? total : 1 + below(total);

		w->lengths[i] = length;
		w->holders[i] = chance(50) ? holder : below(PARTIES);
		w->recourse[i] = w->holders[i] == holder || chance(40) ? 0 : chance(30) ? length : below(length + 1);
		is_new = is_new || w->holders[i] != holder;
		total -= length;
	}
	w->kind = is_new ? AVAL_ASSIGN_SALE + below(2) : AVAL_ASSIGN_REORGANISE;
}

static void make_wish(const model *m, wish *w, uint32_t salt)
{
	unsigned dice = below(1000);

	*w = (wish){ .is_here = true, .registered_at_ms = chance(50) ? AVAL_TIME_NONE : EXPIRES_MS, .salt = salt };
	w->type = dice < 100  ? AVAL_EVENT_ACCEPT
	          : dice < 110 ? AVAL_EVENT_REJECT
	          : dice < 120 ? AVAL_EVENT_VOID
	                       : AVAL_EVENT_ASSIGN;
	w->seq = m->seq;
	memcpy(w->head, m->head, 32);
	w->accepted = chance(50) ? m->face : 1 + below(m->face);
	w->has_consent = chance(85);
	if (w->type == AVAL_EVENT_ASSIGN)
		wish_outputs(m, w, wish_inputs(m, w));
	wish_signers(m, w);
}

static void sort_signers(wish *w)
{
	for (size_t i = 1; i < w->signer_count; i++)
		for (size_t k = i; k > 0; k--) {
			aval_event_signer a = { w->signers[k - 1].role, aval_text_z(parties[w->signers[k - 1].party]) };
			aval_event_signer b = { w->signers[k].role, aval_text_z(parties[w->signers[k].party]) };
			signer            swap = w->signers[k];

			if (aval_signer_compare(&a, &b) <= 0)
				break;
			w->signers[k] = w->signers[k - 1];
			w->signers[k - 1] = swap;
		}
}

static void change_signers(wish *w)
{
	size_t which = below((unsigned)w->signer_count);

	switch (below(4)) {
	case 0:
		w->signers[which] = w->signers[--w->signer_count];
		return;
	case 1:
		w->signers[which].party = below(PARTIES);
		return;
	case 2:
		w->signers[which].role = (aval_role)(1 + below(11));
		return;
	default:
		w->signers[w->signer_count++] = (signer){ (aval_role)(1 + below(11)), below(PARTIES) };
	}
}

static void change_assign(const model *m, wish *w)
{
	size_t i = below((unsigned)w->output_count), k = below((unsigned)w->input_count);

	switch (below(8)) {
	case 0:
		w->lengths[i] += chance(50) ? 1 : -1;
		return;
	case 1:
		w->recourse[i] += chance(50) ? 1 : -1;
		return;
	case 2:
		w->holders[i] = below(PARTIES);
		return;
	case 3:
		w->kind = (aval_assign_kind)below(3);
		return;
	case 4:
		memcpy(w->inputs[k], m->notes[below(m->note_count)], 32);
		return;
	case 5:
		w->inputs[k][below(32)] ^= (uint8_t)(1u << below(8));
		return;
	case 6:
		w->input_count -= w->input_count > 1;
		return;
	default:
		memcpy(w->inputs[0], w->inputs[w->input_count - 1], 32);
	}
}

static void change(const model *m, wish *w)
{
	switch (below(8)) {
	case 0:
		w->is_here = false;
		return;
	case 1:
		w->is_of_other_token = true;
		return;
	case 2:
		w->registered_at_ms = EXPIRES_MS + 1;
		return;
	case 3:
		w->seq += chance(50) ? 1 : UINT64_MAX;
		return;
	case 4:
		w->head[below(32)] ^= (uint8_t)(1u << below(8));
		return;
	case 5:
		w->accepted = 1 + below(2 * m->face);
		return;
	case 6:
		if (w->type == AVAL_EVENT_ASSIGN)
			change_assign(m, w);
		return;
	default:
		change_signers(w);
	}
}

/* Into bytes; false where it cannot be one: a length of 0, a signer or an input twice. */
static bool write_wish(test_payload *p, const model *m, const wish *w)
{
	aval_event_signer signers[2 * PARTIES];
	aval_output       outputs[MAX_IO];
	aval_content      x = { .event.type = w->type, .signers = signers, .inputs = w->inputs[0], .outputs = outputs };

	for (size_t i = 0; i < w->signer_count; i++)
		signers[i] = (aval_event_signer){ w->signers[i].role, aval_text_z(parties[w->signers[i].party]) };
	for (size_t i = 0; i < w->output_count; i++)
		outputs[i] = (aval_output){ w->lengths[i], aval_text_z(parties[w->holders[i]]), w->recourse[i] };
	x.event.registry = aval_text_z(w->is_here ? "registry.example" : "registry.example2");
	x.event.claimed_ms = w->salt;
	x.event.register_by_ms = EXPIRES_MS;
	memcpy(x.event.token32, m->id, 32);
	x.event.token32[7] ^= w->is_of_other_token;
	x.event.signer_count = w->signer_count;
	x.event.input_count = w->input_count;
	x.event.output_count = w->output_count;
	x.event.record_seq = w->seq;
	memcpy(x.event.record_head32, w->head, 32);
	if (w->type == AVAL_EVENT_ACCEPT)
		x.event.internal.as.accept = (aval_accept){ w->accepted, w->has_consent, false };
	else if (w->type == AVAL_EVENT_ASSIGN)
		x.event.internal.as.assign.kind = w->kind;
	p->len = sizeof p->bytes;
	return aval_payload_write(p->bytes, &p->len, &x, NULL) == AVAL_OK;
}

/* Who stands in for a unit, in order. */
static void compare_list(const unit *want, const aval_token *token, size_t n, const aval_note *note, int64_t u)
{
	aval_recourse recourse;
	size_t        count = 0;

	for (size_t i = 0; i < note->recourse_count; i++) {
		REQUIRE(aval_token_recourse(&recourse, token, n, i, NULL) == AVAL_OK);
		REQUIRE(recourse.begin_minor >= note->begin_minor && recourse.begin_minor < recourse.end_minor);
		REQUIRE(recourse.end_minor == note->end_minor);
		if (u < recourse.begin_minor)
			continue;
		REQUIRE(count < want->count);
		REQUIRE(aval_text_equal_z(recourse.assignor, parties[want->list[count]]));
		count++;
	}
	REQUIRE(count == want->count);
}

/* Unit by unit: note, holder, recourse; and the live notes are the range without gap and overlap. */
static void compare(const model *m, const aval_token *token)
{
	aval_note note;
	int64_t   at = 0;

	REQUIRE(aval_token_status_of(token) == m->status);
	REQUIRE(aval_token_note_count(token) == m->note_count);
	for (size_t n = aval_token_first_live(token); n != AVAL_NO_NOTE; n = aval_token_next_live(token, n)) {
		REQUIRE(aval_token_note(&note, token, n, NULL) == AVAL_OK);
		REQUIRE(note.is_live && note.begin_minor == at && note.end_minor > at && note.end_minor <= m->accepted);
		REQUIRE(memcmp(note.id32, m->notes[n], 32) == 0);
		for (int64_t u = at; u < note.end_minor; u++) {
			REQUIRE(m->units[u].note == n);
			REQUIRE(aval_text_equal_z(note.holder, parties[m->units[u].holder]));
			compare_list(&m->units[u], token, n, &note, u);
		}
		at = note.end_minor;
	}
	REQUIRE(at == m->accepted);
}

static size_t live_count(const aval_token *token)
{
	size_t count = 0;

	for (size_t n = aval_token_first_live(token); n != AVAL_NO_NOTE; n = aval_token_next_live(token, n))
		count++;
	return count;
}

/* Spent notes stay spent, and are found. */
static void compare_spent(const model *m, const aval_token *token)
{
	size_t    live = 0, number;
	aval_note note;

	for (unsigned n = 0; n < m->note_count; n++) {
		REQUIRE(aval_token_find_note(&number, token, m->notes[n], NULL) == AVAL_OK && number == n);
		REQUIRE(aval_token_note(&note, token, n, NULL) == AVAL_OK);
		live += note.is_live;
	}
	REQUIRE(live == live_count(token));
}

static model        m;
static test_payload payload;
static size_t       applied, refused;

/* What was applied, to apply it again. */
static struct {
	uint8_t bytes[2048];
	size_t  len;
} past[STEPS + 1];

static void begin_history(aval_token **token)
{
	m.face = m.accepted = 1 + below(MAX_FACE);
	m.status = AVAL_TOKEN_OPEN;
	m.seq = 0;
	m.note_count = 1;
	test_issue(&payload, m.face);
	ck_assert_int_eq(aval_token_new(token, &payload.event, AVAL_TIME_NONE, NULL, NULL), AVAL_OK);
	aval_token_id(m.id, *token);
	memcpy(m.head, m.id, 32);
	aval_note_id(m.notes[0], m.id, 0);
	for (unsigned u = 0; u < m.face; u++)
		m.units[u].note = m.units[u].holder = 0, m.units[u].count = 0;
	m.event_count = 1;
	memcpy(m.events[0], m.id, 32);
	memcpy(past[0].bytes, payload.bytes, payload.len);
	past[0].len = payload.len;
}

static void step(aval_token *token, uint32_t salt)
{
	static char before[SHOW_MAX], after[SHOW_MAX];
	wish        w;
	bool        lawful;
	aval_status status;
	aval_error  err = AVAL_ERROR_INIT;

	make_wish(&m, &w, salt);
	for (unsigned n = chance(60) ? below(3) : 0; n > 0 && w.signer_count > 0; n--)
		change(&m, &w);
	sort_signers(&w);
	if (!write_wish(&payload, &m, &w))
		return;
	test_read(&payload);
	lawful = is_lawful(&m, &w);
	token_show(before, token);
	status = aval_token_apply(token, &payload.event, w.registered_at_ms, &err);
	ck_assert_msg((status == AVAL_OK) == lawful, "%s: got %s (%s: %s), the model says %s; before: %s",
	              aval_event_type_name(w.type), aval_status_name(status), err.where, err.reason,
	              lawful ? "lawful" : "unlawful", before);
	if (lawful) {
		ck_assert_uint_le(payload.len, sizeof past[0].bytes);
		memcpy(past[m.event_count].bytes, payload.bytes, payload.len);
		past[m.event_count].len = payload.len;
		model_apply(&m, &w, token, payload.event.id32);
		applied++;
	} else {
		token_show(after, token);
		ck_assert_str_eq(before, after);
		refused++;
	}
	compare(&m, token);
}

/* Nothing that was applied applies again, and all of it, from the beginning, gives the same state. */
static void check_past(aval_token *token)
{
	static char here[SHOW_MAX], there[SHOW_MAX];
	aval_token *again = NULL, *copy = NULL;
	aval_event  event;

	for (size_t i = 0; i < m.event_count; i++) {
		ck_assert_int_eq(aval_event_parse_payload(&event, past[i].bytes, past[i].len, NULL), AVAL_OK);
		ck_assert_int_eq(aval_token_apply(token, &event, AVAL_TIME_NONE, NULL), AVAL_E_TOKEN_DUPLICATE_EVENT);
		if (i == 0)
			ck_assert_int_eq(aval_token_new(&again, &event, AVAL_TIME_NONE, NULL, NULL), AVAL_OK);
		else
			ck_assert_int_eq(aval_token_apply(again, &event, AVAL_TIME_NONE, NULL), AVAL_OK);
		if (i == m.event_count / 2)
			ck_assert_int_eq(aval_token_copy(&copy, again, NULL, NULL), AVAL_OK);
		else if (i > m.event_count / 2)
			ck_assert_int_eq(aval_token_apply(copy, &event, AVAL_TIME_NONE, NULL), AVAL_OK);
	}
	token_show(here, token);
	token_show(there, again);
	ck_assert_str_eq(here, there);
	token_show(there, copy);
	ck_assert_str_eq(here, there);
	aval_token_free(again);
	aval_token_free(copy);
}

START_TEST(test_histories)
{
	random_state = UINT64_C(0x5DEECE66D) + (uint64_t)_i;
	for (unsigned history = 0; history < HISTORIES / 4; history++) {
		aval_token *token = NULL;

		begin_history(&token);
		for (uint32_t i = 0; i < STEPS; i++)
			step(token, i);
		compare_spent(&m, token);
		check_past(token);
		aval_token_free(token);
	}
	/* Both happened often. */
	ck_assert_uint_gt(applied, HISTORIES);
	ck_assert_uint_gt(refused, HISTORIES);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("token-model");
	TCase   *tcase = tcase_create("token-model");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, test_histories, 0, 4);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
