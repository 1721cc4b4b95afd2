/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_TOKEN_SHOW_H
#define AVAL_TESTS_TOKEN_SHOW_H

/* The state of a token in one line: status, record, and the live notes with their recourse. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include <aval/token.h>

enum { SHOW_MAX = 1 << 16 };

/* Text that grows; no state of the tests is longer. */
static inline size_t show_string(char *out, size_t len, const char *text)
{
	size_t more = strlen(text);

	if (len + more >= SHOW_MAX)
		ck_abort_msg("the state is longer than SHOW_MAX");
	memcpy(out + len, text, more + 1);
	return len + more;
}

static inline size_t show_hex(char *out, size_t len, const uint8_t hash32[32])
{
	char hex[65];

	for (size_t i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash32[i]);
	return show_string(out, len, hex);
}

static inline size_t show_text(char *out, size_t len, aval_text text)
{
	char zero[256] = "";

	memcpy(zero, text.data, text.len);
	return show_string(out, len, zero);
}

static inline size_t show_range(char *out, size_t len, int64_t begin, int64_t end)
{
	char text[48];

	snprintf(text, sizeof text, "%" PRId64 "-%" PRId64, begin, end);
	return show_string(out, len, text);
}

static inline size_t show_note(char *out, size_t len, const aval_token *token, size_t number)
{
	aval_note     note;
	aval_recourse recourse;

	if (aval_token_note(&note, token, number, NULL) != AVAL_OK || !note.is_live)
		ck_abort_msg("a note that is not live");
	len = show_range(out, show_string(out, len, " | "), note.begin_minor, note.end_minor);
	len = show_text(out, show_string(out, len, " "), note.holder);
	len = show_hex(out, show_string(out, len, " "), note.id32);
	for (size_t i = 0; i < note.recourse_count; i++) {
		if (aval_token_recourse(&recourse, token, number, i, NULL) != AVAL_OK)
			ck_abort_msg("an entry of recourse is missing");
		len = show_text(out, show_string(out, len, " ["), recourse.assignor);
		len = show_range(out, show_string(out, len, " "), recourse.begin_minor, recourse.end_minor);
		len = show_string(out, len, "]");
	}
	return len;
}

/* As Token.show() of tests/oracle/event.py. */
static inline void token_show(char *out, const aval_token *token)
{
	char     seq_text[32];
	uint64_t seq;
	uint8_t  head[32];
	size_t   len = show_string(out, 0, aval_token_status_name(aval_token_status_of(token)));

	aval_token_record(&seq, head, token);
	snprintf(seq_text, sizeof seq_text, " %" PRIu64 " ", seq);
	len = show_hex(out, show_string(out, len, seq_text), head);
	for (size_t n = aval_token_first_live(token); n != AVAL_NO_NOTE; n = aval_token_next_live(token, n))
		len = show_note(out, len, token, n);
}

#endif
