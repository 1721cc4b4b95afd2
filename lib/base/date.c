/* SPDX-License-Identifier: Apache-2.0 */
/* Days and times between text and numbers. */
#include <aval/date.h>

#include "base/base.h"

enum {
	DAYS_TO_1970 = 719162, /* days from 0001-01-01 */
	DAY_COUNT = 3652059    /* days from 0001-01-01 to 9999-12-31 */
};

#define MS_PER_DAY INT64_C(86400000)

typedef struct date_scan {
	const char *text;
	size_t      len;
	size_t      offset;
	const char *reason; /* NULL: no failure yet */
} date_scan;

static void fail(date_scan *s, const char *reason)
{
	if (s->reason == NULL)
		s->reason = reason;
}

static bool at_end(const date_scan *s)
{
	return s->offset == s->len;
}

static bool is_at(const date_scan *s, char c)
{
	return s->reason == NULL && s->offset < s->len && s->text[s->offset] == c;
}

/* Exactly digits digits; 0 after a failure. */
static unsigned scan_number(date_scan *s, unsigned digits)
{
	unsigned number = 0;

	for (unsigned i = 0; i < digits && s->reason == NULL; i++) {
		if (at_end(s) || s->text[s->offset] < '0' || s->text[s->offset] > '9')
			fail(s, "a digit is missing");
		else
			number = 10 * number + (unsigned)(s->text[s->offset++] - '0');
	}
	return s->reason == NULL ? number : 0;
}

static void scan_mark(date_scan *s, char mark, const char *reason)
{
	if (!is_at(s, mark))
		fail(s, reason);
	else
		s->offset++;
}

static bool is_leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

/* Days from 0001-01-01 to the first of January of a year. */
static int64_t days_before_year(unsigned year)
{
	int64_t past = (int64_t)year - 1;

	return 365 * past + past / 4 - past / 100 + past / 400;
}

/* Days from 0001-01-01; 0 after a failure. */
static int64_t scan_date(date_scan *s)
{
	size_t   begin = s->offset;
	unsigned year = scan_number(s, 4), month, day;
	int64_t  days;

	scan_mark(s, '-', "no hyphen after the year");
	month = scan_number(s, 2);
	scan_mark(s, '-', "no hyphen after the month");
	day = scan_number(s, 2);
	if (s->reason != NULL)
		return 0;
	if (year == 0 || month == 0 || month > 12 || day == 0 || day > days_of_month(year, month)) {
		s->offset = begin;
		fail(s, "no such day in the calendar");
		return 0;
	}
	days = days_before_year(year);
	for (unsigned m = 1; m < month; m++)
		days += days_of_month(year, m);
	return days + day - 1;
}

static aval_status finish(const date_scan *s, const char *where, aval_error *err)
{
	if (s->reason != NULL)
		return aval_fail_at(err, AVAL_E_DATE, s->offset, where, s->reason);
	if (!at_end(s))
		return aval_fail_at(err, AVAL_E_DATE, s->offset, where, "the text goes on behind its end");
	return AVAL_OK;
}

aval_status aval_date_parse(int64_t *days_out, const char *text, size_t len, aval_error *err)
{
	date_scan   scan = { text, len, 0, NULL };
	int64_t     days = scan_date(&scan);
	aval_status status = finish(&scan, "date", err);

	if (status == AVAL_OK)
		*days_out = days - DAYS_TO_1970;
	return status;
}

aval_status aval_date_check(const char *text, size_t len, aval_error *err)
{
	int64_t days;

	return aval_date_parse(&days, text, len, err);
}

static char *put_number(char *out, unsigned number, unsigned digits)
{
	for (unsigned i = digits; i > 0; i--, number /= 10)
		out[i - 1] = (char)('0' + number % 10);
	return out + digits;
}

/* Writes the day that lies days after 0001-01-01; the year is found from its mean length, then mended. */
static char *put_date(char *out, int64_t days)
{
	unsigned year = (unsigned)(days * 400 / 146097) + 1, month = 1;

	while (days_before_year(year) > days)
		year--;
	while (year < 9999 && days_before_year(year + 1) <= days)
		year++;
	days -= days_before_year(year);
	for (; days >= days_of_month(year, month); month++)
		days -= days_of_month(year, month);
	out = put_number(out, year, 4);
	*out++ = '-';
	out = put_number(out, month, 2);
	*out++ = '-';
	return put_number(out, (unsigned)days + 1, 2);
}

aval_status aval_date_serialize(char text_out[AVAL_DATE_LEN + 1], int64_t days, aval_error *err)
{
	if (days < -DAYS_TO_1970 || days >= DAY_COUNT - DAYS_TO_1970)
		return aval_fail(err, AVAL_E_DATE, "date", "a year before 1 or after 9999");
	*put_date(text_out, days + DAYS_TO_1970) = '\0';
	return AVAL_OK;
}

/* ".5" or ".500000": milliseconds; digits beyond them must be zeros. */
static unsigned scan_fraction(date_scan *s)
{
	unsigned ms = 0, weight = 100;

	if (!is_at(s, '.'))
		return 0;
	s->offset++;
	ms = weight * scan_number(s, 1);
	while (s->reason == NULL && !at_end(s) && s->text[s->offset] >= '0' && s->text[s->offset] <= '9') {
		unsigned digit = (unsigned)(s->text[s->offset] - '0');

		weight /= 10;
		if (weight == 0 && digit != 0)
			fail(s, "finer than a millisecond");
		else
			s->offset++;
		ms += weight * digit;
	}
	return ms;
}

/* Minutes that the zone is ahead of UTC. */
static int scan_zone(date_scan *s)
{
	bool     is_ahead = is_at(s, '+');
	unsigned hour, minute;

	if (is_at(s, 'Z')) {
		s->offset++;
		return 0;
	}
	if (!is_ahead && !is_at(s, '-')) {
		fail(s, "no time zone");
		return 0;
	}
	s->offset++;
	hour = scan_number(s, 2);
	scan_mark(s, ':', "no colon in the time zone");
	minute = scan_number(s, 2);
	if (hour > 23 || minute > 59)
		fail(s, "no such time zone");
	return (int)(hour * 60 + minute) * (is_ahead ? 1 : -1);
}

/* Milliseconds from the beginning of the day, which may lie outside it in UTC. */
static int64_t scan_time_of_day(date_scan *s)
{
	unsigned hour, minute, second, ms;

	scan_mark(s, 'T', "no T between date and time");
	hour = scan_number(s, 2);
	scan_mark(s, ':', "no colon after the hour");
	minute = scan_number(s, 2);
	scan_mark(s, ':', "no colon after the minute");
	second = scan_number(s, 2);
	if (hour > 23 || minute > 59 || second > 59)
		fail(s, "no such time of day");
	ms = scan_fraction(s);
	return ((int64_t)(hour * 60 + minute) - scan_zone(s)) * 60000 + second * 1000 + ms;
}

aval_status aval_time_parse(int64_t *unix_ms_out, const char *text, size_t len, aval_error *err)
{
	date_scan   scan = { text, len, 0, NULL };
	int64_t     unix_ms = (scan_date(&scan) - DAYS_TO_1970) * MS_PER_DAY;
	aval_status status;

	if (scan.reason == NULL && !at_end(&scan))
		unix_ms += scan_time_of_day(&scan);
	if (unix_ms < AVAL_TIME_MIN_UNIX_MS || unix_ms > AVAL_TIME_MAX_UNIX_MS)
		fail(&scan, "in UTC a year before 1 or after 9999");
	status = finish(&scan, "time", err);
	if (status == AVAL_OK)
		*unix_ms_out = unix_ms;
	return status;
}

aval_status aval_time_serialize(char text_out[AVAL_TIME_LEN + 1], int64_t unix_ms, aval_error *err)
{
	uint64_t since;
	unsigned ms;
	char    *out;

	if (unix_ms < AVAL_TIME_MIN_UNIX_MS || unix_ms > AVAL_TIME_MAX_UNIX_MS)
		return aval_fail(err, AVAL_E_DATE, "time", "a year before 1 or after 9999");
	since = (uint64_t)(unix_ms - AVAL_TIME_MIN_UNIX_MS);
	out = put_date(text_out, (int64_t)(since / MS_PER_DAY));
	ms = (unsigned)(since % MS_PER_DAY);
	*out++ = 'T';
	out = put_number(out, ms / 3600000, 2);
	*out++ = ':';
	out = put_number(out, ms / 60000 % 60, 2);
	*out++ = ':';
	out = put_number(out, ms / 1000 % 60, 2);
	if (ms % 1000 != 0) {
		*out++ = '.';
		out = put_number(out, ms % 1000, 3);
	}
	*out++ = 'Z';
	*out = '\0';
	return AVAL_OK;
}
