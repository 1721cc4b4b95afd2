/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and times: each rule's nearest valid and nearest invalid text; a walk over all days of the calendar. */
#include <string.h>

#include <check.h>

#include <aval/date.h>

enum { BAD = -999999999 };

static const struct {
	const char *text;
	int64_t     days;   /* since 1970-01-01, or BAD */
	size_t      offset; /* of the failure */
} dates[] = {
	{ "1970-01-01", 0, 0 },
	{ "1969-12-31", -1, 0 },
	{ "2000-03-01", 11017, 0 },
	{ "2026-07-31", 20665, 0 },
	{ "0001-01-01", -719162, 0 },
	{ "9999-12-31", 2932896, 0 },
	{ "2024-02-29", 19782, 0 },
	{ "2023-02-29", BAD, 0 },
	{ "2000-02-29", 11016, 0 },
	{ "1900-02-29", BAD, 0 },
	{ "2026-04-30", 20573, 0 },
	{ "2026-04-31", BAD, 0 },
	{ "0000-01-01", BAD, 0 },
	{ "2026-00-10", BAD, 0 },
	{ "2026-13-10", BAD, 0 },
	{ "2026-12-00", BAD, 0 },
	{ "2026-12-32", BAD, 0 },
	{ "", BAD, 0 },
	{ "2026-12-3", BAD, 9 },
	{ "2026-12-310", BAD, 10 },
	{ "2026-12-31Z", BAD, 10 },
	{ " 2026-12-31", BAD, 0 },
	{ "2026/12/31", BAD, 4 },
	{ "2026-12.31", BAD, 7 },
	{ "+026-12-31", BAD, 0 },
	{ "20261231", BAD, 4 },
	{ "2026-1-31", BAD, 6 },
};

START_TEST(test_date)
{
	const char *text = dates[_i].text;
	int64_t     days = BAD;
	char        again[AVAL_DATE_LEN + 1];
	aval_error  err = AVAL_ERROR_INIT;
	aval_status want = dates[_i].days == BAD ? AVAL_E_DATE : AVAL_OK;
	aval_status status = aval_date_parse(&days, text, strlen(text), &err);

	ck_assert_msg(status == want, "%s: got %s (%s)", text, aval_status_name(status), err.reason);
	ck_assert_msg(days == dates[_i].days, "%s: got %lld days, want %lld", text, (long long)days,
	              (long long)dates[_i].days);
	ck_assert_int_eq(aval_date_check(text, strlen(text), NULL), want);
	if (want != AVAL_OK) {
		ck_assert_msg(err.offset == dates[_i].offset, "%s: failed at %zu, want %zu", text, err.offset,
		              dates[_i].offset);
		return;
	}
	ck_assert_int_eq(aval_date_serialize(again, days, NULL), AVAL_OK);
	ck_assert_str_eq(again, text);
}
END_TEST

START_TEST(test_every_day)
{
	char    text[AVAL_DATE_LEN + 1], before[AVAL_DATE_LEN + 1] = "0000-12-31";
	int64_t back = 0;

	/* An assertion that holds costs a message to the parent; 3.6 million are too many. */
	for (int64_t day = -719162; day <= 2932896; day++) {
		if (aval_date_serialize(text, day, NULL) != AVAL_OK ||
		    aval_date_parse(&back, text, AVAL_DATE_LEN, NULL) != AVAL_OK || back != day ||
		    strcmp(before, text) >= 0)
			ck_abort_msg("day %lld is %s, which is %lld and follows %s", (long long)day, text,
			             (long long)back, before);
		memcpy(before, text, sizeof before);
	}
}
END_TEST

START_TEST(test_date_bounds)
{
	char text[AVAL_DATE_LEN + 1] = "untouched";

	ck_assert_int_eq(aval_date_serialize(text, -719163, NULL), AVAL_E_DATE);
	ck_assert_int_eq(aval_date_serialize(text, 2932897, NULL), AVAL_E_DATE);
	ck_assert_int_eq(aval_date_serialize(text, INT64_MIN, NULL), AVAL_E_DATE);
	ck_assert_int_eq(aval_date_serialize(text, INT64_MAX, NULL), AVAL_E_DATE);
	ck_assert_str_eq(text, "untouched");
	ck_assert_int_eq(aval_date_check("2026-12\00031", 10, NULL), AVAL_E_DATE);
	ck_assert_int_eq(aval_date_check(NULL, 0, NULL), AVAL_E_DATE);
}
END_TEST

static const struct {
	const char *text;
	int64_t     unix_ms; /* or BAD */
	size_t      offset;
	const char *again; /* NULL: the same text */
} times[] = {
	{ "1970-01-01T00:00:00Z", 0, 0, NULL },
	{ "1969-12-31T23:59:59.999Z", -1, 0, NULL },
	{ "2026-07-31T12:34:56Z", INT64_C(1785501296000), 0, NULL },
	{ "2026-07-31T12:34:56.789Z", INT64_C(1785501296789), 0, NULL },
	{ "2026-07-31T12:34:56.7Z", INT64_C(1785501296700), 0, "2026-07-31T12:34:56.700Z" },
	{ "2026-07-31T12:34:56.000Z", INT64_C(1785501296000), 0, "2026-07-31T12:34:56Z" },
	{ "2026-07-31T12:34:56.789000Z", INT64_C(1785501296789), 0, "2026-07-31T12:34:56.789Z" },
	{ "2026-07-31T14:34:56+02:00", INT64_C(1785501296000), 0, "2026-07-31T12:34:56Z" },
	{ "2026-07-31T01:04:56-11:30", INT64_C(1785501296000), 0, "2026-07-31T12:34:56Z" },
	{ "2026-07-31", INT64_C(1785456000000), 0, "2026-07-31T00:00:00Z" },
	{ "0001-01-01T00:00:00Z", AVAL_TIME_MIN_UNIX_MS, 0, NULL },
	{ "9999-12-31T23:59:59.999Z", AVAL_TIME_MAX_UNIX_MS, 0, NULL },
	{ "2026-07-31T23:59:59Z", INT64_C(1785542399000), 0, NULL },
	{ "2026-07-31T24:00:00Z", BAD, 19, NULL },
	{ "2026-07-31T23:60:00Z", BAD, 19, NULL },
	{ "2026-07-31T23:59:60Z", BAD, 19, NULL },
	{ "2026-07-31T12:34:56", BAD, 19, NULL },
	{ "2026-07-31T12:34:56.", BAD, 20, NULL },
	{ "2026-07-31T12:34:56.Z", BAD, 20, NULL },
	{ "2026-07-31T12:34:56.7891Z", BAD, 23, NULL },
	{ "2026-07-31T12:34:56z", BAD, 19, NULL },
	{ "2026-07-31t12:34:56Z", BAD, 10, NULL },
	{ "2026-07-31 12:34:56Z", BAD, 10, NULL },
	{ "2026-07-31T12:34Z", BAD, 16, NULL },
	{ "2026-07-31T12:34:56Z ", BAD, 20, NULL },
	{ "2026-07-31T12:34:56+0200", BAD, 22, NULL },
	{ "2026-07-31T12:34:56+24:00", BAD, 25, NULL },
	{ "2026-07-31T12:34:56+23:60", BAD, 25, NULL },
	{ "2026-02-29T00:00:00Z", BAD, 0, NULL },
	{ "0001-01-01T00:00:00+00:01", BAD, 25, NULL },
	{ "9999-12-31T23:59:59-00:01", BAD, 25, NULL },
	{ "", BAD, 0, NULL },
};

START_TEST(test_time)
{
	const char *text = times[_i].text;
	int64_t     unix_ms = BAD;
	char        again[AVAL_TIME_LEN + 1];
	aval_error  err = AVAL_ERROR_INIT;
	aval_status want = times[_i].unix_ms == BAD ? AVAL_E_DATE : AVAL_OK;
	aval_status status = aval_time_parse(&unix_ms, text, strlen(text), &err);

	ck_assert_msg(status == want, "%s: got %s (%s)", text, aval_status_name(status), err.reason);
	ck_assert_msg(unix_ms == times[_i].unix_ms, "%s: got %lld, want %lld", text, (long long)unix_ms,
	              (long long)times[_i].unix_ms);
	if (want != AVAL_OK) {
		ck_assert_msg(err.offset == times[_i].offset, "%s: failed at %zu (%s), want %zu", text, err.offset,
		              err.reason, times[_i].offset);
		return;
	}
	ck_assert_int_eq(aval_time_serialize(again, unix_ms, NULL), AVAL_OK);
	ck_assert_str_eq(again, times[_i].again != NULL ? times[_i].again : text);
}
END_TEST

START_TEST(test_time_bounds)
{
	char text[AVAL_TIME_LEN + 1] = "untouched";

	ck_assert_int_eq(aval_time_serialize(text, AVAL_TIME_MIN_UNIX_MS - 1, NULL), AVAL_E_DATE);
	ck_assert_int_eq(aval_time_serialize(text, AVAL_TIME_MAX_UNIX_MS + 1, NULL), AVAL_E_DATE);
	ck_assert_int_eq(aval_time_serialize(text, INT64_MIN, NULL), AVAL_E_DATE);
	ck_assert_int_eq(aval_time_serialize(text, INT64_MAX, NULL), AVAL_E_DATE);
	ck_assert_str_eq(text, "untouched");
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("date");
	TCase   *tcase = tcase_create("date");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_date, 0, sizeof dates / sizeof dates[0]);
	tcase_add_test(tcase, test_every_day);
	tcase_add_test(tcase, test_date_bounds);
	tcase_add_loop_test(tcase, test_time, 0, sizeof times / sizeof times[0]);
	tcase_add_test(tcase, test_time_bounds);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
