/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random histories against a model that knows units alone: who holds each, and who stands in for it. Events are
 * random wishes, lawful ones with one thing changed among them; what the model finds lawful is applied, all
 * else is refused, and after each step every unit of the token is the model's.
 */
#include <check.h>

#include "token_model.h"
#include "token_show.h"

/* Into bytes; false where it cannot be one: a length of 0, a signer or an input twice. */
static bool write_wish(test_payload *p, const model *m, const wish *w)
{
	aval_event_signer signers[2 * PARTIES];
	aval_output       outputs[MAX_IO];
	aval_content      x = {
		     .event.type = w->type, .signers = signers, .inputs = w->inputs[0], .outputs = outputs
	};

	for (size_t i = 0; i < w->signer_count; i++)
		signers[i] =
			(aval_event_signer){ w->signers[i].role, aval_text_z(parties[w->signers[i].party]) };
	for (size_t i = 0; i < w->output_count; i++)
		outputs[i] =
			(aval_output){ w->lengths[i], aval_text_z(parties[w->holders[i]]), w->recourse[i] };
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
		REQUIRE(note.is_live && note.begin_minor == at && note.end_minor > at &&
		        note.end_minor <= m->accepted);
		REQUIRE(memcmp(note.id32, m->notes[n], 32) == 0);
		for (int64_t u = at; u < note.end_minor; u++) {
			REQUIRE(m->units[u].note == n);
			REQUIRE(aval_text_equal_z(note.holder, parties[m->units[u].holder]));
			compare_list(&m->units[u], token, n, &note, u);
		}
		at = note.end_minor;
	}
	REQUIRE(at == (m->status == AVAL_TOKEN_VOID ? 0 : m->accepted));
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
		ck_assert_int_eq(aval_token_apply(token, &event, AVAL_TIME_NONE, NULL),
		                 AVAL_E_TOKEN_DUPLICATE_EVENT);
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
