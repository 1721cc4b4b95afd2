/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Histories. The bytes are a script of wishes that the builders are given; what they build is applied. A
 * builder refuses what applying would refuse, and whatever was applied, the live notes are the range without
 * gap and overlap, and each list of recourse lies at the high ends.
 */
#include <string.h>

#include <aval/token.h>

#include "base/base.h"
#include "fuzz.h"

enum { OUT_CAP = 1 << 16, MAX_IO = 8, MAX_STEPS = 200 };

static const char *const parties[] = { "vat:DE100000001", "vat:DE200000002", "vat:FR300000003",
	                               "vat:NL400000004" };

typedef struct script {
	const uint8_t *data;
	size_t         len;
} script;

/* The next byte; zeros behind the end. */
static unsigned next(script *s)
{
	if (s->len == 0)
		return 0;
	s->len--;
	return *s->data++;
}

static aval_text next_party(script *s)
{
	return aval_text_z(parties[next(s) % (sizeof parties / sizeof *parties)]);
}

/* Small numbers mostly, and such as overflow. */
static int64_t next_amount(script *s, int64_t base)
{
	unsigned byte = next(s);

	if (byte < 200)
		return byte;
	if (byte == 255 || base < 0 || base > INT64_MAX - 25)
		return INT64_MAX;
	return byte < 250 ? base + (225 - (int64_t)byte) : INT64_MAX - base;
}

static aval_event_times times(script *s)
{
	return (aval_event_times){ 1000 + next(s), 2000 };
}

static uint8_t payload[OUT_CAP];

static aval_token *issue(script *s)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;
	size_t             len = sizeof payload;
	aval_event         event;
	aval_token        *token = NULL;

	options.times = times(s);
	options.registry = aval_text_z("registry.example");
	options.by_debtor = next(s) % 2 == 1;
	options.issue.face_minor = 1 + next_amount(s, 1000) % 100000;
	options.issue.currency = aval_text_z("EUR");
	options.issue.due_date = aval_text_z("2031-12-31");
	options.issue.supplier = aval_text_z(parties[0]);
	options.issue.debtor = aval_text_z(parties[1]);
	FUZZ_REQUIRE(aval_issue_build(payload, &len, &options, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_event_parse_payload(&event, payload, len, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_token_new(&token, &event, AVAL_TIME_NONE, NULL, NULL) == AVAL_OK);
	return token;
}

static aval_status build_assign(size_t *len, script *s, const aval_token *token)
{
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
	uint8_t             inputs[MAX_IO][32];
	aval_output         outputs[MAX_IO];
	size_t              note = next(s) % aval_token_note_count(token), following;
	aval_note           n;
	int64_t             length = 0;

	options.input_count = 1 + next(s) % MAX_IO;
	for (size_t i = 0; i < options.input_count; i++) {
		FUZZ_REQUIRE(aval_token_note(&n, token, note, NULL) == AVAL_OK);
		memcpy(inputs[i], n.id32, 32);
		length += n.end_minor - n.begin_minor;
		following = aval_token_next_live(token, note);
		note = following == AVAL_NO_NOTE ? next(s) % aval_token_note_count(token) : following;
	}
	options.output_count = 1 + next(s) % MAX_IO;
	for (size_t i = 0; i < options.output_count; i++) {
		int64_t part = i + 1 == options.output_count && next(s) < 240 ? length : next_amount(s, length);

		outputs[i] = (aval_output){ part, next_party(s), next_amount(s, part) };
		length = part > 0 && part <= length ? length - part : length;
	}
	options.times = times(s);
	options.inputs = inputs[0];
	options.outputs = outputs;
	options.assign.kind = (aval_assign_kind)(next(s) % 4);
	return aval_assign_build(payload, len, token, &options, NULL);
}

static aval_status build(size_t *len, script *s, const aval_token *token)
{
	aval_accept_options accept = AVAL_ACCEPT_OPTIONS_INIT;
	aval_reject_options reject = AVAL_REJECT_OPTIONS_INIT;
	aval_void_options   annul = AVAL_VOID_OPTIONS_INIT;
	unsigned            what = next(s) % 16;
	aval_issue          terms;

	aval_token_terms(&terms, token);
	accept.times = reject.times = annul.times = times(s);
	switch (what) {
	case 0:
	case 1:
		accept.accept.accepted_minor = what == 0 ? terms.face_minor : next_amount(s, terms.face_minor);
		accept.accept.has_consent = next(s) % 4 != 0;
		return aval_accept_build(payload, len, token, &accept, NULL);
	case 2:
		return aval_reject_build(payload, len, token, &reject, NULL);
	case 3:
		return aval_void_build(payload, len, token, &annul, NULL);
	default:
		return build_assign(len, s, token);
	}
}

static void check_recourse(const aval_token *token, size_t number, const aval_note *note)
{
	aval_recourse recourse;

	FUZZ_REQUIRE(note->recourse_count <= AVAL_NOTE_MAX_RECOURSE);
	for (size_t i = 0; i < note->recourse_count; i++) {
		FUZZ_REQUIRE(aval_token_recourse(&recourse, token, number, i, NULL) == AVAL_OK);
		FUZZ_REQUIRE(recourse.begin_minor >= note->begin_minor &&
		             recourse.begin_minor < note->end_minor);
		FUZZ_REQUIRE(recourse.end_minor == note->end_minor && recourse.assignor.len > 0);
	}
}

static void check_notes(const aval_token *token)
{
	aval_issue  terms;
	aval_accept accept;
	aval_note   note;
	size_t      found;
	int64_t     at = 0;

	aval_token_terms(&terms, token);
	accept.accepted_minor = terms.face_minor;
	(void)aval_token_acceptance(&accept, token);
	for (size_t n = aval_token_first_live(token); n != AVAL_NO_NOTE; n = aval_token_next_live(token, n)) {
		FUZZ_REQUIRE(aval_token_note(&note, token, n, NULL) == AVAL_OK && note.is_live);
		FUZZ_REQUIRE(note.begin_minor == at && note.end_minor > at);
		FUZZ_REQUIRE(aval_token_find_note(&found, token, note.id32, NULL) == AVAL_OK && found == n);
		check_recourse(token, n, &note);
		at = note.end_minor;
	}
	FUZZ_REQUIRE(at == (aval_token_status_of(token) == AVAL_TOKEN_VOID ? 0 : accept.accepted_minor));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	script      s = { data, size };
	aval_token *token = issue(&s);

	for (unsigned i = 0; i < MAX_STEPS && s.len > 0; i++) {
		size_t      len = sizeof payload;
		aval_status status = build(&len, &s, token);
		aval_event  event;

		if (status != AVAL_OK)
			continue;
		FUZZ_REQUIRE(aval_event_parse_payload(&event, payload, len, NULL) == AVAL_OK);
		status = aval_token_apply(token, &event, 2000, NULL);
		FUZZ_REQUIRE(status == AVAL_OK);
		FUZZ_REQUIRE(aval_token_apply(token, &event, 2000, NULL) == AVAL_E_TOKEN_DUPLICATE_EVENT);
		check_notes(token);
	}
	aval_token_free(token);
	return 0;
}
