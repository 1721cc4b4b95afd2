/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: the life of one, what can be seen of it, and that memory running out changes nothing. */
#include <stdio.h>

#include <check.h>

#include "failing_allocator.h"
#include "token_fixture.h"

static const char *holder_of(const aval_token *token, size_t number, int64_t *begin, int64_t *end, size_t *recourse)
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

		len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld-%lld %s %zu", len == 0 ? "" : ", ",
		                        (long long)begin, (long long)end, holder, recourse);
	}
	return text;
}

static aval_output output(int64_t length, const char *holder, int64_t recourse)
{
	return (aval_output){ length, aval_text_z(holder), recourse };
}

static void ck_ok(aval_status status, const aval_error *err)
{
	ck_assert_msg(status == AVAL_OK, "%s: %s: %s", aval_status_name(status), err->where, err->reason);
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
	ck_assert_str_eq(show(token), "0-300 " FACTOR " 0, 300-350 " FACTOR " 1, 350-400 " FACTOR " 1, 400-1000 "
	                              SUPPLIER " 0");
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
	ck_assert_int_eq(test_assign(token, (size_t[]){ 1 }, 1, &whole, 1, AVAL_ASSIGN_SALE, &err), AVAL_E_TOKEN_CONSENT);
	aval_token_free(token);
}
END_TEST

START_TEST(test_terminal)
{
	aval_token *token = test_token(1000);
	aval_error  err = AVAL_ERROR_INIT;
	aval_output whole = output(1000, FACTOR, 0);

	ck_ok(test_reject(token, "not ours", &err), &err);
	ck_assert_int_eq(aval_token_status_of(token), AVAL_TOKEN_REJECTED);
	ck_assert_int_eq(test_reject(token, "", &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_accept(token, 1000, true, &err), AVAL_E_TOKEN_STATUS);
	ck_ok(test_assign(token, (size_t[]){ 0 }, 1, &whole, 1, AVAL_ASSIGN_SALE, &err), &err);
	ck_ok(test_void(token, &err), &err);
	ck_assert_int_eq(test_void(token, &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_accept(token, 1000, true, &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_reject(token, "", &err), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(test_assign(token, (size_t[]){ 1 }, 1, &whole, 1, AVAL_ASSIGN_SALE, &err), AVAL_E_TOKEN_STATUS);
	aval_token_free(token);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("token");
	TCase   *tcase = tcase_create("token");
	SRunner *runner;
	int      failed;

	tcase_add_test(tcase, test_life);
	tcase_add_test(tcase, test_lower);
	tcase_add_test(tcase, test_terminal);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
