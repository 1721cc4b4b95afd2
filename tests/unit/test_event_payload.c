/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of tests/vectors/event-payload.json: read, or refused with this status, at this byte, for this
 * field. */
#include <check.h>

#include "crypto_fixture.h"
#include "vectors.h"

#include "event-payload.vectors.h"

#include <aval/token.h>

static uint8_t payload[AVAL_EVENT_MAX_LEN + 1];

static void check_refused(const struct vector_case *c, aval_status status, const aval_error *err)
{
	const char *want = vector_text(c, "expect.status");

	ck_assert_msg(strcmp(aval_status_name(status), want) == 0, "%s: got %s (%s: %s), want %s", c->id,
	              aval_status_name(status), err->where, err->reason, want);
	ck_assert_msg(strcmp(err->where, vector_text(c, "expect.where")) == 0, "%s: got %s, want %s", c->id,
	              err->where, vector_text(c, "expect.where"));
	ck_assert_msg(err->offset == (size_t)vector_number(c, "expect.offset"), "%s: got %zu, want %lld", c->id,
	              err->offset, vector_number(c, "expect.offset"));
	ck_assert_int_eq(err->status, status);
}

static void check_parts(const struct vector_case *c, const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	aval_output       output;
	size_t            count = 0;

	while (aval_event_next_signer(&signer, &cursor, event)) {
		ck_assert(aval_event_has_signer(event, signer.role, signer.party.data, signer.party.len));
		count++;
	}
	ck_assert_msg(count == event->signer_count, "%s: %zu signers of %zu", c->id, count,
	              event->signer_count);
	cursor = (aval_event_cursor)AVAL_EVENT_CURSOR_INIT;
	for (count = 0; aval_event_next_output(&output, &cursor, event); count++)
		ck_assert_int_ge(output.length_minor, output.recourse_minor);
	ck_assert_uint_eq(count, event->output_count);
	for (count = 0; aval_event_input(event, count) != NULL; count++)
		ck_assert_int_eq(aval_event_input(event, count)[-1], 32);
	ck_assert_uint_eq(count, event->input_count);
}

START_TEST(test_payload)
{
	const struct vector_case *c = &event_payload_cases[_i];
	aval_error                err = AVAL_ERROR_INIT;
	size_t                    len = from_hex(payload, sizeof payload, vector_text(c, "input.payload"));
	aval_event                event = { .signer_count = 77 };
	aval_status               status = aval_event_parse_payload(&event, payload, len, &err);
	uint8_t                   id[32];

	if (vector_find(c, "expect.id") == NULL) {
		check_refused(c, status, &err);
		ck_assert_uint_eq(event.signer_count, 77);
		return;
	}
	ck_assert_msg(status == AVAL_OK, "%s: got %s (%s: %s)", c->id, aval_status_name(status), err.where,
	              err.reason);
	ck_assert_int_eq(err.status, AVAL_OK);
	from_hex(id, sizeof id, vector_text(c, "expect.id"));
	ck_assert_mem_eq(event.id32, id, 32);
	check_parts(c, &event);
	/* No beginning of a payload is a payload. */
	for (size_t cut = 0; cut < len; cut++)
		ck_assert_msg(aval_event_parse_payload(&event, payload, cut, NULL) != AVAL_OK, "%s: cut at %zu",
		              c->id, cut);
}
END_TEST

START_TEST(test_too_long)
{
	aval_event event;
	aval_error err = AVAL_ERROR_INIT;

	memset(payload, 0, sizeof payload);
	ck_assert_int_eq(aval_event_parse_payload(&event, payload, sizeof payload, &err), AVAL_E_LIMIT);
	ck_assert_int_eq(aval_event_parse_payload(&event, payload, sizeof payload - 1, &err), AVAL_E_CBOR_TYPE);
	ck_assert_int_eq(aval_event_parse(&event, payload, sizeof payload, &err), AVAL_E_LIMIT);
	ck_assert_int_eq(aval_event_parse(&event, payload, sizeof payload - 1, &err), AVAL_E_CBOR_TYPE);
	ck_assert_int_eq(aval_event_parse_payload(&event, NULL, 0, &err), AVAL_E_CBOR_TRUNCATED);
}
END_TEST

static const char *const types[] = {
	NULL,      "ISSUE",     "ACCEPT",   "REJECT",  "VOID",    "GUARANTEE", "ASSIGN",
	"RESERVE", "UNRESERVE", "PLEDGE",   "RELEASE", "ENFORCE", "NOTIFY",    "ACKNOWLEDGE",
	"DILUTE",  "DISPUTE",   "RESOLVE",  "PAID",    "PAY",     "DEFAULT",   "RECOURSE",
	"CANCEL",  "FREEZE",    "UNFREEZE", "MOVE",    NULL,
};
static const char *const roles[] = {
	NULL,    "supplier", "debtor",    "holder",   "assignee",          "pledgee", "guarantor",
	"payer", "arbiter",  "authority", "registry", "previous-registry", NULL,
};
static const char *const statuses[] = { NULL, "open", "accepted", "rejected", "void", NULL };

static void check_name(const char *got, const char *want)
{
	if (want == NULL)
		ck_assert_ptr_null(got);
	else
		ck_assert_str_eq(got, want);
}

START_TEST(test_names)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		check_name(aval_event_type_name((aval_event_type)i), types[i]);
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		check_name(aval_role_name((aval_role)i), roles[i]);
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		check_name(aval_token_status_name((aval_token_status)i), statuses[i]);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("event-payload");
	TCase   *tcase = tcase_create("event-payload");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_payload, 0, EVENT_PAYLOAD_COUNT);
	tcase_add_test(tcase, test_too_long);
	tcase_add_test(tcase, test_names);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
