/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes wrong: a line on standard error with the status name, where, offset
 * and reason; with --json the same as an object on standard output.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "tool.h"

/* What turns text around or breaks the line, in UTF-8: it could show another text than there is. */
static const struct hidden {
	char     utf8[4];
	unsigned first, last; /* of the last byte */
	unsigned code;        /* of the first */
} hidden[] = {
	{ "\xd8", 0x9c, 0x9c, 0x061c },     { "\xe2\x80", 0x8e, 0x8f, 0x200e },
	{ "\xe2\x80", 0xa8, 0xae, 0x2028 }, { "\xe2\x81", 0xa6, 0xa9, 0x2066 },
	{ "\xef\xbb", 0xbf, 0xbf, 0xfeff },
};

/* Bytes of the hidden character that text begins with, which is then written by its number; 0: there is none. */
static size_t put_hidden(FILE *out, aval_text text)
{
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
		size_t   len = strlen(hidden[i].utf8);
		unsigned last;

		if (text.len <= len || memcmp(text.data, hidden[i].utf8, len) != 0)
			continue;
		last = (unsigned char)text.data[len];
		if (last < hidden[i].first || last > hidden[i].last)
			continue;
		fprintf(out, "\\u%04x", hidden[i].code + (last - hidden[i].first));
		return len + 1;
	}
	return 0;
}

void tool_put_text(FILE *out, aval_text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		size_t        taken = put_hidden(out, (aval_text){ text.data + i, text.len - i });

		/* C0, DEL, and C1 as UTF-8 has it: none of them may move a cursor. */
		if (taken > 0)
			i += taken - 1;
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else if (c == 0xc2 && i + 1 < text.len && (unsigned char)text.data[i + 1] < 0xa0)
			fprintf(out, "\\u%04x", (unsigned char)text.data[++i]);
		else
			fputc(c, out);
	}
}

void tool_hex(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * len] = '\0';
}

TOOL_PRINTF(1, 0) static void vsay(const char *format, va_list list)
{
	char line[1024];

	vsnprintf(line, sizeof line, format, list);
	fputs("aval: ", stderr);
	tool_put_text(stderr, tool_text(line));
	fputc('\n', stderr);
}

void tool_say(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsay(format, list);
	va_end(list);
}

static void json_failure(const struct tool_args *args, int code, const char *status, const aval_error *err,
                         const char *reason)
{
	json_t *answer, *error;

	if (!args->json)
		return;
	answer = tool_json_object();
	error = tool_json_object();
	tool_json_set(answer, "error", error);
	tool_json_set(error, "exit", json_integer(code));
	tool_json_set_z(error, "status", status);
	tool_json_set_z(error, "where", err != NULL ? err->where : "");
	if (err != NULL && err->offset != AVAL_NO_OFFSET)
		tool_json_set(error, "offset", json_integer((json_int_t)err->offset));
	tool_json_set_z(error, "reason", reason);
	(void)tool_json_print(answer);
}

int tool_usage(const struct tool_args *args, const char *format, ...)
{
	const struct tool_command *command = args->command;
	char                       reason[512];
	va_list                    list;

	va_start(list, format);
	vsnprintf(reason, sizeof reason, format, list);
	va_end(list);
	tool_say("%s", reason);
	tool_say("see: aval help %s%s%s", command->group, command->name != NULL ? " " : "",
	         command->name != NULL ? command->name : "");
	json_failure(args, TOOL_USAGE, aval_status_name(AVAL_E_INVALID_ARGUMENT), NULL, reason);
	return TOOL_USAGE;
}

int tool_fail(const struct tool_args *args, int code, const char *subject, const aval_error *err)
{
	char offset[48] = "", cause[160] = "";

	if (err->offset != AVAL_NO_OFFSET)
		snprintf(offset, sizeof offset, " at byte %zu", err->offset);
	if (err->status == AVAL_E_IO && err->cause > 0)
		snprintf(cause, sizeof cause, " (%s)", strerror((int)err->cause));
	else if (err->cause != 0)
		snprintf(cause, sizeof cause, " (cause %lld)", (long long)err->cause);
	tool_say("%s: %s%s: %s: %s%s", subject, aval_status_name(err->status), offset, err->where, err->reason,
	         cause);
	json_failure(args, code, aval_status_name(err->status), err, err->reason);
	return code;
}

int tool_fail_text(const struct tool_args *args, int code, aval_status status, const char *subject,
                   const char *reason)
{
	tool_say("%s: %s: %s", subject, aval_status_name(status), reason);
	json_failure(args, code, aval_status_name(status), NULL, reason);
	return code;
}

int tool_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return TOOL_DONE;
	tool_say("standard output: %s: %s", aval_status_name(AVAL_E_IO), strerror(errno));
	return TOOL_UNREADABLE;
}
