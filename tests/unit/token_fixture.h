/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_TOKEN_FIXTURE_H
#define AVAL_TESTS_TOKEN_FIXTURE_H

/* What tests of events and tokens share: parties, payloads by the builders, and applying them in one step. */

#include <check.h>
#include <string.h>

#include <aval/token.h>

#include "base/base.h"

/* Well-formed ids; nobody has to sign. */
#define SUPPLIER "vat:DE100000001"
#define DEBTOR   "vat:DE200000002"
#define FACTOR   "vat:FR300000003"
#define BANK     "vat:NL400000004"

/* Claimed now, to be registered an hour later. */
#define NOW_MS     INT64_C(1790000000000)
#define EXPIRES_MS (NOW_MS + 3600000)

#define MAX_PAYLOAD 80000

typedef struct test_payload {
	uint8_t    bytes[MAX_PAYLOAD];
	size_t     len;
	aval_event event;
} test_payload;

static inline aval_event_times test_times(void)
{
	return (aval_event_times){ NOW_MS, EXPIRES_MS };
}

static inline aval_issue_options test_issue_options(int64_t face_minor)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;

	options.times = test_times();
	options.registry = aval_text_z("registry.example");
	options.issue.face_minor = face_minor;
	options.issue.currency = aval_text_z("EUR");
	options.issue.due_date = aval_text_z("2026-12-31");
	options.issue.supplier = aval_text_z(SUPPLIER);
	options.issue.debtor = aval_text_z(DEBTOR);
	memset(options.issue.commitment32, 0xC0, 32);
	memset(options.issue.source32, 0x50, 32);
	memset(options.issue.nonce16, 0x0E, 16);
	return options;
}

static inline void test_read(test_payload *p)
{
	aval_error err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_event_parse_payload(&p->event, p->bytes, p->len, &err) == AVAL_OK, "%s: %s",
	              err.where, err.reason);
}

static inline void test_issue(test_payload *p, int64_t face_minor)
{
	aval_issue_options options = test_issue_options(face_minor);
	aval_error         err = AVAL_ERROR_INIT;

	p->len = sizeof p->bytes;
	ck_assert_msg(aval_issue_build(p->bytes, &p->len, &options, &err) == AVAL_OK, "%s: %s", err.where,
	              err.reason);
	test_read(p);
}

static inline aval_token *test_token(int64_t face_minor)
{
	static test_payload p;
	aval_token         *token = NULL;

	test_issue(&p, face_minor);
	ck_assert_int_eq(aval_token_new(&token, &p.event, NOW_MS, NULL, NULL), AVAL_OK);
	return token;
}

/* Build, read back, apply. */
static inline aval_status test_apply(aval_token *token, test_payload *p, aval_status built, aval_error *err)
{
	if (built != AVAL_OK)
		return built;
	test_read(p);
	return aval_token_apply(token, &p->event, NOW_MS, err);
}

static inline aval_status test_accept(aval_token *token, int64_t accepted_minor, bool has_consent,
                                      aval_error *err)
{
	static test_payload p;
	aval_accept_options options = AVAL_ACCEPT_OPTIONS_INIT;

	options.times = test_times();
	options.accept = (aval_accept){ accepted_minor, has_consent, false };
	p.len = sizeof p.bytes;
	return test_apply(token, &p, aval_accept_build(p.bytes, &p.len, token, &options, err), err);
}

static inline aval_status test_reject(aval_token *token, const char *reason, aval_error *err)
{
	static test_payload p;
	aval_reject_options options = AVAL_REJECT_OPTIONS_INIT;

	options.times = test_times();
	options.reject.reason = aval_text_z(reason);
	p.len = sizeof p.bytes;
	return test_apply(token, &p, aval_reject_build(p.bytes, &p.len, token, &options, err), err);
}

static inline aval_status test_void(aval_token *token, aval_error *err)
{
	static test_payload p;
	aval_void_options   options = AVAL_VOID_OPTIONS_INIT;

	options.times = test_times();
	p.len = sizeof p.bytes;
	return test_apply(token, &p, aval_void_build(p.bytes, &p.len, token, &options, err), err);
}

/* What is written between brackets: { inputs }, { outputs }. */
static inline aval_status test_assign(aval_token *token, const size_t *notes, size_t note_count,
                                      const aval_output *outputs, size_t output_count, aval_assign_kind kind,
                                      aval_error *err)
{
	static test_payload p;
	uint8_t             inputs[AVAL_EVENT_MAX_INPUTS][32];
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
	aval_note           note;

	for (size_t i = 0; i < note_count; i++) {
		ck_assert_int_eq(aval_token_note(&note, token, notes[i], NULL), AVAL_OK);
		memcpy(inputs[i], note.id32, 32);
	}
	options.times = test_times();
	options.inputs = inputs[0];
	options.input_count = note_count;
	options.outputs = outputs;
	options.output_count = output_count;
	options.assign.kind = kind;
	p.len = sizeof p.bytes;
	return test_apply(token, &p, aval_assign_build(p.bytes, &p.len, token, &options, err), err);
}

static inline aval_output output(int64_t length, const char *holder, int64_t recourse)
{
	return (aval_output){ length, aval_text_z(holder), recourse };
}

static inline void ck_ok(aval_status status, const aval_error *err)
{
	ck_assert_msg(status == AVAL_OK, "%s: %s: %s", aval_status_name(status), err->where, err->reason);
}

#endif
