/* SPDX-License-Identifier: Apache-2.0 */
/* Values as people write them: amounts in units of a currency, times in RFC 3339, ids in hexadecimal. */
#include <string.h>

#include "tool.h"

size_t tool_amount_put(char out[TOOL_AMOUNT_LEN], int64_t minor, aval_text currency)
{
	unsigned     exponent = 0;
	aval_decimal amount;
	char         text[AVAL_DECIMAL_MAX_LEN];
	size_t       len, point;

	if (aval_currency_exponent(&exponent, currency.data, currency.len, NULL) != AVAL_OK)
		exponent = 0;
	amount = aval_decimal_from_minor(minor, exponent);
	len = aval_decimal_serialize(text, &amount);
	point = (size_t)((const char *)memchr(text, '.', len) != NULL ? (const char *)memchr(text, '.', len) - text
	                                                               : (ptrdiff_t)len);
	memcpy(out, text, len);
	/* Always as many digits after the point as the currency has. */
	if (exponent > 0 && point == len)
		out[len++] = '.';
	while (exponent > 0 && len - point - 1 < exponent)
		out[len++] = '0';
	out[len] = '\0';
	return len;
}

int tool_amount_parse(const struct tool_args *args, const char *option, const char *word, aval_text currency,
                      int64_t *minor_out)
{
	unsigned     exponent = 0;
	aval_decimal amount;
	aval_error   err = AVAL_ERROR_INIT;

	if (aval_decimal_parse(&amount, word, strlen(word), &err) != AVAL_OK)
		return tool_usage(args, "--%s: %s is no amount: %s", option, word, err.reason);
	if (aval_currency_exponent(&exponent, currency.data, currency.len, &err) != AVAL_OK ||
	    aval_decimal_to_minor(minor_out, &amount, exponent, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, word, &err);
	return TOOL_DONE;
}

int tool_time_now(const struct tool_args *args, int64_t *unix_ms_out)
{
	const aval_clock *clock = aval_os_clock();
	aval_status       status = clock->now(unix_ms_out, clock->user_data);

	if (status != AVAL_OK)
		return tool_fail_text(args, TOOL_UNREADABLE, status, "clock", "the time is not to be had");
	return TOOL_DONE;
}

int tool_time_arg(const struct tool_args *args, const char *option, int64_t *unix_ms_out)
{
	const char *word = tool_arg(args, option);
	aval_error  err = AVAL_ERROR_INIT;

	if (word == NULL)
		return tool_time_now(args, unix_ms_out);
	if (aval_time_parse(unix_ms_out, word, strlen(word), &err) != AVAL_OK || *unix_ms_out < 0)
		return tool_usage(args, "--%s: %s is no time; write 2027-01-31T12:00:00Z", option, word);
	return TOOL_DONE;
}

bool tool_time_put(char out[AVAL_TIME_LEN + 1], int64_t unix_ms)
{
	out[0] = '\0';
	return unix_ms != AVAL_TIME_NONE && aval_time_serialize(out, unix_ms, NULL) == AVAL_OK;
}

json_t *tool_json_time(int64_t unix_ms)
{
	char text[AVAL_TIME_LEN + 1];

	return tool_time_put(text, unix_ms) ? json_string(text) : json_null();
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool tool_hex_parse(uint8_t *out, size_t len, aval_text text)
{
	if (text.len != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(text.data[2 * i]), low = hex_digit(text.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
