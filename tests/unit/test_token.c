/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: the life of one, what can be seen of it, that memory running out changes nothing, and that size costs
 * little. */
#include <stdio.h>

#include <check.h>

#include "token_fixture.h"

static const char *holder_of(const aval_token *token, size_t number, int64_t *begin, int64_t *end,
                             size_t *recourse)
{
	static char text[AVAL_PARTY_KEY_LEN + 1];
	aval_note   note;

	ck_assert_int_eq(aval_token_note(&note, token, number, NULL), AVAL_OK);
	*begin = note.begin_minor;
	*end = note.end_minor;
	*recourse = note.recourse_count;
	memcpy(text, note.holder.data, note.holder.len);
	text[note.holder.len] = '\0';
	return text;
}

/* "0-400 vat:FR300000003 1, ..." of all live notes from the low end. */
static const char *show(const aval_token *token)
{
	static char text[1024];
	size_t      len = 0;

	text[0] = '\0';
	for (size_t n = aval_token_first_live(token); n != AVAL_NO_NOTE; n = aval_token_next_live(token, n)) {
		int64_t     begin, end;
		size_t      recourse;
		const char *holder = holder_of(token, n, &begin, &end, &recourse);

		len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld-%lld %s %zu",
		                        len == 0 ? "" : ", ", (long long)begin, (long long)end, holder,
		                        recourse);
	}
	return text;
}

START_TEST(test_life)
{
	aval_token   *token = test_token(1000);
	aval_error    err = AVAL_ERROR_INIT;
	aval_recourse recourse;
	uint64_t      seq;
	uint8_t       head[32], id[32];

	ck_assert_str_eq(show(token), "0-1000 " SUPPLIER " 0");
	aval_token_id(id, token);
	aval_token_record(&seq, head, token);
	ck_assert_uint_eq(seq, 0);
	ck_assert_mem_eq(head, id, 32);
	ck_ok(test_accept(token, 1000, true, &err), &err);
	aval_token_record(&seq, head, token);
	ck_assert_uint_eq(seq, 1);
	ck_assert_int_eq(aval_token_status_of(token), AVAL_TOKEN_ACCEPTED);

	aval_output sale[] = { output(400, FACTOR, 100), output(600, SUPPLIER, 0) };
	ck_ok(test_assign(token, (size_t[]){ 0 }, 1, sale, 2, AVAL_ASSIGN_SALE, &err), &err);
	ck_assert_str_eq(show(token), "0-400 " FACTOR " 1, 400-1000 " SUPPLIER " 0");
	ck_assert_int_eq(aval_token_recourse(&recourse, token, 1, 0, NULL), AVAL_OK);
	ck_assert(recourse.begin_minor == 300 && recourse.end_minor == 400);
	ck_assert_int_eq(aval_token_recourse(&recourse, token, 1, 1, NULL), AVAL_E_NOT_FOUND);

	aval_output split[] = { output(300, FACTOR, 0), output(50, FACTOR, 0), output(50, FACTOR, 0) };
	ck_ok(test_assign(token, (size_t[]){ 1 }, 1, split, 3, AVAL_ASSIGN_REORGANISE, &err), &err);
	ck_assert_str_eq(show(token), "0-300 " FACTOR " 0, 300-350 " FACTOR " 1, 350-400 " FACTOR
	                              " 1, 400-1000 " SUPPLIER " 0");
	aval_output merged[] = { output(100, FACTOR, 0) };
	ck_ok(test_assign(token, (size_t[]){ 4, 5 }, 2, merged, 1, AVAL_ASSIGN_REORGANISE, &err), &err);
	ck_assert_str_eq(show(token), "0-300 " FACTOR " 0, 300-400 " FACTOR " 1, 400-1000 " SUPPLIER " 0");
	aval_token_free(token);
}
END_TEST

START_TEST(test_lower)
{
	aval_token *token = test_token(1000);
	aval_error  err = AVAL_ERROR_INIT;
	aval_accept accept;
	aval_output whole = output(1000, FACTOR, 400);

	ck_ok(test_assign(token, (size_t[]){ 0 }, 1, &whole, 1, AVAL_ASSIGN_SALE, &err), &err);
	ck_assert(!aval_token_acceptance(&accept, token));
	ck_ok(test_accept(token, 700, false, &err), &err);
	ck_assert(aval_token_acceptance(&accept, token) && accept.accepted_minor == 700 && !accept.has_consent);
	ck_assert_str_eq(show(token), "0-700 " FACTOR " 1");
	whole.length_minor = 700;
	whole.holder = aval_text_z(BANK);
	ck_assert_int_eq(test_assign(token, (size_t[]){ 1 }, 1, &whole, 1, AVAL_ASSIGN_SALE, &err),
	                 AVAL_E_TOKEN_CONSENT);
	aval_token_free(token);
}
END_TEST

START_TEST(test_terminal)
{
	aval_token *token = test_token(1000);
	aval_error  err = AVAL_ERROR_INIT;
	aval_note   note;
	aval_output whole = output(1000, FACTOR, 0);

	ck_ok(test_reject(token, "not ours", &err), &err);
	ck_assert_int_eq(aval_token_status_of(token), AVAL_TOKEN_REJECTED);
	ck_assert_int_eq(test_reject(token, "", &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_accept(token, 1000, true, &err), AVAL_E_TOKEN_STATUS);
	ck_ok(test_assign(token, (size_t[]){ 0 }, 1, &whole, 1, AVAL_ASSIGN_SALE, &err), &err);
	ck_assert_uint_eq(aval_token_first_live(token), 1);
	ck_ok(test_void(token, &err), &err);
	ck_assert_uint_eq(aval_token_first_live(token), AVAL_NO_NOTE);
	ck_assert_uint_eq(aval_token_next_live(token, 1), AVAL_NO_NOTE);
	ck_assert(aval_token_note(&note, token, 1, NULL) == AVAL_OK && !note.is_live && note.end_minor == 1000);
	ck_assert_int_eq(test_void(token, &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_accept(token, 1000, true, &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_reject(token, "", &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_assign(token, (size_t[]){ 1 }, 1, &whole, 1, AVAL_ASSIGN_SALE, &err),
	                 AVAL_E_TOKEN_STATUS);
	aval_token_free(token);
}
END_TEST

START_TEST(test_terms)
{
	aval_issue_options options = test_issue_options(123);
	aval_token        *token = NULL;
	aval_issue         terms;
	size_t             number;
	aval_note          note;
	uint8_t            never[32] = { 1 };

	options.issue.policy =
		(aval_token_policy){ AVAL_EFFECTIVE_NOTICE, 30, aval_text_z(FACTOR), aval_text_z(BANK) };
	options.issue.due_mark = AVAL_DUE_AGREED;
	options.issue.has_predecessor = true;
	memset(options.issue.predecessor32, 0x77, 32);
	static test_payload p;
	p.len = sizeof p.bytes;
	ck_assert_int_eq(aval_issue_build(p.bytes, &p.len, &options, NULL), AVAL_OK);
	test_read(&p);
	ck_assert_int_eq(aval_token_new(&token, &p.event, NOW_MS, NULL, NULL), AVAL_OK);
	/* The event's bytes are not needed any more. */
	memset(p.bytes, 0, sizeof p.bytes);
	aval_token_terms(&terms, token);
	ck_assert_int_eq(terms.face_minor, 123);
	ck_assert(aval_text_equal_z(terms.currency, "EUR") && aval_text_equal_z(terms.due_date, "2026-12-31"));
	ck_assert_int_eq(terms.due_mark, AVAL_DUE_AGREED);
	ck_assert(aval_text_equal_z(terms.supplier, SUPPLIER) && aval_text_equal_z(terms.debtor, DEBTOR));
	ck_assert_mem_eq(terms.commitment32, options.issue.commitment32, 32);
	ck_assert_mem_eq(terms.source32, options.issue.source32, 32);
	ck_assert_mem_eq(terms.nonce16, options.issue.nonce16, 16);
	ck_assert(terms.has_predecessor);
	ck_assert_mem_eq(terms.predecessor32, options.issue.predecessor32, 32);
	ck_assert_int_eq(terms.policy.effectiveness, AVAL_EFFECTIVE_NOTICE);
	ck_assert_uint_eq(terms.policy.grace_days, 30);
	ck_assert(aval_text_equal_z(terms.policy.arbiter, FACTOR) &&
	          aval_text_equal_z(terms.policy.authority, BANK));
	ck_assert(aval_text_equal_z(aval_token_registry(token), "registry.example"));
	ck_assert_int_eq(aval_token_find_note(&number, token, never, NULL), AVAL_E_NOTE_UNKNOWN);
	ck_assert_int_eq(aval_token_note(&note, token, 1, NULL), AVAL_E_NOT_FOUND);
	ck_assert_uint_eq(aval_token_next_live(token, 0), AVAL_NO_NOTE);
	ck_assert_uint_eq(aval_token_next_live(token, 1), AVAL_NO_NOTE);
	aval_token_free(token);
	aval_token_free(NULL);
}
END_TEST

START_TEST(test_arguments)
{
	static test_payload p;
	aval_token         *token = test_token(10), *none = NULL;
	aval_error          err = AVAL_ERROR_INIT;
	aval_issue_options  issue = test_issue_options(10);
	aval_void_options   options = AVAL_VOID_OPTIONS_INIT;
	aval_issue          terms;
	size_t              len = sizeof p.bytes;

	test_issue(&p, 10);
	ck_assert_int_eq(aval_token_new(&none, &p.event, -2, NULL, &err), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_token_new(&none, &p.event, INT64_MIN, NULL, &err), AVAL_E_INVALID_ARGUMENT);
	ck_assert_ptr_null(none);
	options.times = test_times();
	p.len = sizeof p.bytes;
	ck_assert_int_eq(aval_void_build(p.bytes, &p.len, token, &options, NULL), AVAL_OK);
	test_read(&p);
	ck_assert_int_eq(aval_token_apply(token, &p.event, -2, &err), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_event_issue(&terms, &p.event, &err), AVAL_E_INVALID_ARGUMENT);
	ck_assert_str_eq(err.where, "event.type");
	issue.struct_size--;
	ck_assert_int_eq(aval_issue_build(p.bytes, &len, &issue, &err), AVAL_E_INVALID_ARGUMENT);
	ck_assert_str_eq(err.where, "options.struct_size");
	options.struct_size++;
	ck_assert_int_eq(aval_void_build(p.bytes, &len, token, &options, &err), AVAL_E_INVALID_ARGUMENT);
	aval_token_free(token);
}
END_TEST

/* What a builder is told, and where the payload would be wrong. */
static const struct {
	const char *name;
	int64_t     face, claimed, until;
	const char *registry, *currency, *due, *supplier, *debtor;
	aval_status status;
	const char *where;
} wishes[] = {
	{ "as it should be", 1, 5, 5, "r", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_OK, "" },
	{ "no face", 0, 5, 5, "r", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_CBOR_RANGE, "event.face" },
	{ "a negative face", -1, 5, 5, "r", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_CBOR_RANGE,
	  "event.face" },
	{ "a time before 1970", 1, -1, 5, "r", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_CBOR_RANGE,
	  "event.claimed" },
	{ "expired at once", 1, 5, 4, "r", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_TOKEN_EVENT_FORMAT,
	  "event.register_by" },
	{ "no registry", 1, 5, 5, "", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_CBOR_RANGE,
	  "event.registry" },
	{ "not UTF-8", 1, 5, 5, "r\xFF", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_CBOR_UTF8,
	  "event.registry" },
	{ "a blank", 1, 5, 5, "r r", "EUR", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_TOKEN_EVENT_FORMAT,
	  "event.registry" },
	{ "no currency", 1, 5, 5, "r", "", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_CBOR_RANGE,
	  "event.currency" },
	{ "small letters", 1, 5, 5, "r", "eur", "2026-01-01", SUPPLIER, DEBTOR, AVAL_E_TOKEN_EVENT_FORMAT,
	  "event.currency" },
	{ "no such day", 1, 5, 5, "r", "EUR", "2026-02-29", SUPPLIER, DEBTOR, AVAL_E_DATE, "event.due.date" },
	{ "a name, no id", 1, 5, 5, "r", "EUR", "2026-01-01", "Example GmbH", DEBTOR, AVAL_E_PARTY_FORMAT,
	  "event.signers[].party" },
	{ "another name", 1, 5, 5, "r", "EUR", "2026-01-01", SUPPLIER, "Example SE", AVAL_E_PARTY_FORMAT,
	  "event.debtor" },
	{ "one party", 1, 5, 5, "r", "EUR", "2026-01-01", SUPPLIER, SUPPLIER, AVAL_E_TOKEN_EVENT_FORMAT,
	  "event.debtor" },
};

START_TEST(test_build_issue)
{
	aval_issue_options options = test_issue_options(wishes[_i].face);
	aval_error         err = AVAL_ERROR_INIT;
	aval_status        status;
	uint8_t            out[512];
	size_t             len = sizeof out;

	options.times = (aval_event_times){ wishes[_i].claimed, wishes[_i].until };
	options.registry = aval_text_z(wishes[_i].registry);
	options.issue.currency = aval_text_z(wishes[_i].currency);
	options.issue.due_date = aval_text_z(wishes[_i].due);
	options.issue.supplier = aval_text_z(wishes[_i].supplier);
	options.issue.debtor = aval_text_z(wishes[_i].debtor);
	status = aval_issue_build(out, &len, &options, &err);
	ck_assert_msg(status == wishes[_i].status, "%s: got %s (%s: %s), want %s", wishes[_i].name,
	              aval_status_name(status), err.where, err.reason, aval_status_name(wishes[_i].status));
	ck_assert_str_eq(err.where, wishes[_i].where);
	ck_assert(status == AVAL_OK || len == sizeof out);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("token");
	TCase   *tcase = tcase_create("token");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_life);
	tcase_add_test(tcase, test_lower);
	tcase_add_test(tcase, test_terminal);
	tcase_add_test(tcase, test_terms);
	tcase_add_test(tcase, test_arguments);
	tcase_add_loop_test(tcase, test_build_issue, 0, sizeof wishes / sizeof *wishes);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
