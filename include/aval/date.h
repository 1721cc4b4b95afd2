/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_DATE_H
#define AVAL_DATE_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Dates and times as text: the two forms of ISO 8601 that the formats of this
 * library and their users need, and no others. Dates are days of the Gregorian
 * calendar, counted also before it was introduced; times are in UTC and ignore
 * leap seconds, as Unix does. No clock is read here and no time zone known.
 */

#define AVAL_DATE_LEN 10 /**< bytes of "YYYY-MM-DD" */
#define AVAL_TIME_LEN 24 /**< bytes of "YYYY-MM-DDThh:mm:ss.mmmZ", the longest text written */

#define AVAL_TIME_MIN_UNIX_MS INT64_C(-62135596800000) /**< 0001-01-01T00:00:00Z */
#define AVAL_TIME_MAX_UNIX_MS INT64_C(253402300799999) /**< 9999-12-31T23:59:59.999Z */

/**
 * Check that a text is a day, "YYYY-MM-DD" from 0001-01-01 to 9999-12-31.
 *
 * @param[in]  text  len bytes.
 * @param[in]  len   bytes; a date has AVAL_DATE_LEN.
 * @param[out] err   filled only on failure; may be NULL.
 *
 * @retval AVAL_OK      text is a day of the calendar.
 * @retval AVAL_E_DATE  it is not: another form, or a day that its month does not have.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     ISO 8601-1; docs/spec/encoding.md, section "Times, dates and amounts".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_date_check(
	const char *text, size_t len,
	aval_error *err);

/**
 * Count the days from 1970-01-01 to a date.
 *
 * @param[out] days_out  days, negative before 1970-01-01; written on success.
 * @param[in]  text      len bytes; "YYYY-MM-DD".
 * @param[in]  len       bytes.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK      days_out holds the count.
 * @retval AVAL_E_DATE  as aval_date_check().
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_date_parse(
	int64_t    *days_out,
	const char *text, size_t len,
	aval_error *err);

/**
 * Write the date that lies a number of days after 1970-01-01.
 *
 * @param[out] text_out  AVAL_DATE_LEN bytes, "YYYY-MM-DD", and a NUL; written on success.
 * @param[in]  days      days; negative before 1970-01-01.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK      text_out is a day that aval_date_parse() reads as days.
 * @retval AVAL_E_DATE  the day lies before 0001-01-01 or after 9999-12-31.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_date_serialize(
	char        text_out[AVAL_DATE_LEN + 1],
	int64_t     days,
	aval_error *err);

/**
 * Read a time, "YYYY-MM-DDThh:mm:ss" with a fraction and a zone as RFC 3339 has them.
 *
 * The fraction may have any number of digits; from the fourth on they must be zeros, as nothing is rounded. The zone
 * is "Z" or an offset "+hh:mm", and may not be left out. A date alone means its beginning in UTC. A leap second (second 60) is
 * refused.
 *
 * @param[out] unix_ms_out  milliseconds since 1970-01-01T00:00:00Z; written on success.
 * @param[in]  text         len bytes; "T" and "Z" are capital letters.
 * @param[in]  len          bytes.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK      unix_ms_out holds the time, from AVAL_TIME_MIN_UNIX_MS to AVAL_TIME_MAX_UNIX_MS.
 * @retval AVAL_E_DATE  text is neither a time nor a date; offset says where it ceases to be one.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 3339, section 5.6.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_time_parse(
	int64_t    *unix_ms_out,
	const char *text, size_t len,
	aval_error *err);

/**
 * Write a time in UTC: "YYYY-MM-DDThh:mm:ssZ", with ".mmm" before the Z where the milliseconds are not zero.
 *
 * @param[out] text_out  the text and a NUL; written on success.
 * @param[in]  unix_ms   milliseconds since 1970-01-01T00:00:00Z.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK      text_out is a time that aval_time_parse() reads as unix_ms.
 * @retval AVAL_E_DATE  unix_ms is below AVAL_TIME_MIN_UNIX_MS or above AVAL_TIME_MAX_UNIX_MS.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 3339, section 5.6.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_time_serialize(
	char        text_out[AVAL_TIME_LEN + 1],
	int64_t     unix_ms,
	aval_error *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_DATE_H */
