/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Histories of tests/vectors/event-apply.json: the last event gives this state, or is refused with this status
 * for this field and leaves the token as it was. The builders refuse it for the same reason.
 */
#include <stdio.h>

#include <check.h>

#include "crypto_fixture.h"
#include "vectors.h"

#include "event-apply.vectors.h"

#include "token_show.h"

typedef struct test_step {
	uint8_t    payload[16384];
	aval_event event;
	int64_t    registered_at_ms;
} test_step;

static void read_step(test_step *step, const struct vector_case *c, long long index)
{
	aval_error err = AVAL_ERROR_INIT;
	char       name[64];
	size_t     len;

	snprintf(name, sizeof name, "input.events.%lld.payload", index);
	len = from_hex(step->payload, sizeof step->payload, vector_text(c, name));
	ck_assert_msg(aval_event_parse_payload(&step->event, step->payload, len, &err) == AVAL_OK,
	              "%s: event %lld: %s: %s", c->id, index, err.where, err.reason);
	snprintf(name, sizeof name, "input.events.%lld.registered_at", index);
	step->registered_at_ms = vector_number(c, name);
}

static aval_status apply(aval_token **token, const test_step *step, aval_error *err)
{
	aval_status checked, status;

	if (*token == NULL)
		return aval_token_new(token, &step->event, step->registered_at_ms, NULL, err);
	checked = aval_token_check(*token, &step->event, step->registered_at_ms, NULL);
	status = aval_token_apply(*token, &step->event, step->registered_at_ms, err);
	ck_assert_int_eq(checked, status);
	return status;
}

/* What the builder makes of the same wishes. */
static aval_status rebuild(uint8_t *out, size_t *len, const aval_token *token, const aval_event *e,
                           aval_error *err)
{
	static uint8_t     inputs[AVAL_EVENT_MAX_INPUTS][32];
	static aval_output outputs[AVAL_EVENT_MAX_OUTPUTS];
	aval_event_times   times = { e->claimed_ms, e->register_by_ms };
	aval_event_cursor  cursor = AVAL_EVENT_CURSOR_INIT;

	if (e->type == AVAL_EVENT_ACCEPT) {
		aval_accept_options o = AVAL_ACCEPT_OPTIONS_INIT;

		o.times = times;
		ck_assert_int_eq(aval_event_accept(&o.accept, e, NULL), AVAL_OK);
		return aval_accept_build(out, len, token, &o, err);
	}
	if (e->type == AVAL_EVENT_REJECT) {
		aval_reject_options o = AVAL_REJECT_OPTIONS_INIT;

		o.times = times;
		ck_assert_int_eq(aval_event_reject(&o.reject, e, NULL), AVAL_OK);
		return aval_reject_build(out, len, token, &o, err);
	}
	if (e->type == AVAL_EVENT_VOID) {
		aval_void_options o = AVAL_VOID_OPTIONS_INIT;

		o.times = times;
		return aval_void_build(out, len, token, &o, err);
	}
	aval_assign_options o = AVAL_ASSIGN_OPTIONS_INIT;

	o.times = times;
	ck_assert_int_eq(aval_event_assign(&o.assign, e, NULL), AVAL_OK);
	o.inputs = inputs[0];
	o.outputs = outputs;
	for (o.input_count = 0; aval_event_input(e, o.input_count) != NULL; o.input_count++)
		memcpy(inputs[o.input_count], aval_event_input(e, o.input_count), 32);
	while (aval_event_next_output(&outputs[o.output_count], &cursor, e))
		o.output_count++;
	return aval_assign_build(out, len, token, &o, err);
}

/* These say where an event belongs, or who signs it: a builder puts them right. */
static bool is_of_builder(aval_status status)
{
	return status != AVAL_E_TOKEN_REGISTRY && status != AVAL_E_TOKEN_OTHER &&
	       status != AVAL_E_TOKEN_EXPIRED && status != AVAL_E_TOKEN_RECORD &&
	       status != AVAL_E_TOKEN_SIGNERS && status != AVAL_E_TOKEN_DUPLICATE_EVENT;
}

/* Built before it is applied: the same bytes, or the same refusal. */
static void check_builder(const struct vector_case *c, const aval_token *token, const test_step *step,
                          aval_status want)
{
	static uint8_t out[16384];
	size_t         len = 0, need;
	aval_error     err = AVAL_ERROR_INIT;
	aval_status    status;

	if (token == NULL || step->event.type == AVAL_EVENT_ISSUE || !is_of_builder(want))
		return;
	status = rebuild(NULL, &len, token, &step->event, &err);
	if (want != AVAL_OK) {
		ck_assert_msg(status == want, "%s: built: got %s, want %s", c->id, aval_status_name(status),
		              aval_status_name(want));
		ck_assert_str_eq(err.where, vector_text(c, "expect.where"));
		return;
	}
	ck_assert_int_eq(status, AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_msg(len == step->event.payload.len, "%s: built: %zu bytes, want %zu", c->id, len,
	              step->event.payload.len);
	need = len;
	len = need - 1;
	memset(out, 0x5A, sizeof out);
	ck_assert_int_eq(rebuild(out, &len, token, &step->event, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need);
	ck_assert_int_eq(out[0], 0x5A);
	ck_assert_int_eq(rebuild(out, &len, token, &step->event, NULL), AVAL_OK);
	ck_assert_uint_eq(len, need);
	ck_assert_msg(memcmp(out, step->payload, need) == 0, "%s: built: other bytes", c->id);
	ck_assert_int_eq(out[need], 0x5A);
}

static aval_status status_of(const char *name)
{
	for (int status = 0; status > -400; status--)
		if (strcmp(aval_status_name((aval_status)status), name) == 0)
			return (aval_status)status;
	ck_abort_msg("no status %s", name);
}

START_TEST(test_apply)
{
	static test_step          step;
	static char               before[SHOW_MAX], after[SHOW_MAX];
	const struct vector_case *c = &event_apply_cases[_i];
	aval_status               want = status_of(vector_text(c, "expect.status")), status;
	aval_error                err = AVAL_ERROR_INIT;
	aval_token               *token = NULL;
	long long                 count = vector_number(c, "input.events");

	for (long long i = 0; i < count - 1; i++) {
		read_step(&step, c, i);
		ck_assert_msg(apply(&token, &step, &err) == AVAL_OK, "%s: event %lld: %s: %s", c->id, i,
		              err.where, err.reason);
	}
	read_step(&step, c, count - 1);
	check_builder(c, token, &step, want);
	if (token != NULL)
		token_show(before, token);
	status = apply(&token, &step, &err);
	ck_assert_msg(status == want, "%s: got %s (%s: %s), want %s", c->id, aval_status_name(status),
	              err.where, err.reason, aval_status_name(want));
	if (status != AVAL_OK) {
		ck_assert_msg(strcmp(err.where, vector_text(c, "expect.where")) == 0, "%s: got %s, want %s",
		              c->id, err.where, vector_text(c, "expect.where"));
		ck_assert_uint_eq(err.offset, AVAL_NO_OFFSET);
	}
	if (token != NULL)
		token_show(after, token);
	if (token != NULL)
		ck_assert_str_eq(after, status == AVAL_OK ? vector_text(c, "expect.state") : before);
	ck_assert(token != NULL || status != AVAL_OK);
	aval_token_free(token);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("event-apply");
	TCase   *tcase = tcase_create("event-apply");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_apply, 0, EVENT_APPLY_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
