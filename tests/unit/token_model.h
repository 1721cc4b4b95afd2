/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_TOKEN_MODEL_H
#define AVAL_TESTS_TOKEN_MODEL_H

/*
 * A model of tokens that knows units alone: who holds each, and who stands in for it. Events are wishes at random, lawful
 * ones with something changed among them; the model says which are lawful, and what they do.
 */
#include <check.h>

#include "token/payload.h"
#include "token_fixture.h"

enum { MAX_FACE = 64, MAX_LIST = 80, MAX_NOTES = 4096, MAX_IO = 6, PARTIES = 5, STEPS = 120, HISTORIES = 800 };

static const char *const parties[PARTIES] = { SUPPLIER, DEBTOR, FACTOR, BANK, "uscc:91310000MA1FLAWX0U" };

/* Check's own macros tell each assertion to the parent process, which takes longer than the assertion. */
#define REQUIRE(condition)                                                                             \
	do {                                                                                           \
		if (!(condition))                                                                      \
			ck_abort_msg("%s does not hold", #condition);                                  \
	} while (0)

static uint64_t random_state;

static inline unsigned below(unsigned bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)((random_state >> 20) % bound);
}

static inline bool chance(unsigned percent)
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
static inline bool range_of(const model *m, const uint8_t id[32], unsigned *begin, unsigned *end)
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

static inline bool same_list(const unit *a, const unit *b)
{
	return a->count == b->count && memcmp(a->list, b->list, a->count * sizeof a->list[0]) == 0;
}

/* Inputs that lie side by side, held by one, and all units right of the first note's last one like that one. */
static inline bool join(const model *m, const wish *w, unsigned *begin, unsigned *end)
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

static inline bool is_unchanged(const model *m, const wish *w)
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

static inline set signers_of(const wish *w)
{
	set s = { 0 };

	for (size_t i = 0; i < w->signer_count; i++)
		s.in[w->signers[i].role][w->signers[i].party] = true;
	return s;
}

static inline void add_holders(const model *m, set *s)
{
	for (unsigned u = 0; u < m->accepted; u++)
		s->in[AVAL_ROLE_HOLDER][m->units[u].holder] = true;
}

static inline bool is_lawful_assign(const model *m, const wish *w, set *want)
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
	if (sum != end - begin || is_new == (w->kind == AVAL_ASSIGN_REORGANISE) ||
	    (!is_new && is_unchanged(m, w)))
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

static inline bool is_lawful_token_event(const model *m, const wish *w)
{
	return w->seq == m->seq && memcmp(w->head, m->head, 32) == 0;
}

static inline bool is_lawful(const model *m, const wish *w)
{
	set have = signers_of(w), want = { 0 };

	if (!w->is_here || w->is_of_other_token || w->registered_at_ms > EXPIRES_MS ||
	    m->status == AVAL_TOKEN_VOID)
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

static inline void model_assign(model *m, const wish *w, const uint8_t event32[32])
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

static inline void model_apply(model *m, const wish *w, const aval_token *token, const uint8_t event32[32])
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
static inline void wish_signers(const model *m, wish *w)
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
static inline unsigned wish_inputs(const model *m, wish *w)
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

static inline void wish_outputs(const model *m, wish *w, unsigned total)
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
		w->recourse[i] = w->holders[i] == holder || chance(40) ? 0
		                 : chance(30)                          ? length
		                                                       : below(length + 1);
		is_new = is_new || w->holders[i] != holder;
		total -= length;
	}
	w->kind = is_new ? AVAL_ASSIGN_SALE + below(2) : AVAL_ASSIGN_REORGANISE;
}

static inline void make_wish(const model *m, wish *w, uint32_t salt)
{
	unsigned dice = below(1000);

	*w = (wish){ .is_here = true,
		     .registered_at_ms = chance(50) ? AVAL_TIME_NONE : EXPIRES_MS,
		     .salt = salt };
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

static inline void sort_signers(wish *w)
{
	for (size_t i = 1; i < w->signer_count; i++)
		for (size_t k = i; k > 0; k--) {
			aval_event_signer a = { w->signers[k - 1].role,
				                aval_text_z(parties[w->signers[k - 1].party]) };
			aval_event_signer b = { w->signers[k].role, aval_text_z(parties[w->signers[k].party]) };
			signer            swap = w->signers[k];

			if (aval_signer_compare(&a, &b) <= 0)
				break;
			w->signers[k] = w->signers[k - 1];
			w->signers[k - 1] = swap;
		}
}

static inline void change_signers(wish *w)
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

static inline void change_assign(const model *m, wish *w)
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

static inline void change(const model *m, wish *w)
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

#endif
