/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commands over tokens share: a bundle is read and verified, perhaps held against its invoice, gets an event,
 * is signed in every role that the key may take, and is written to a new file.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { REGISTER_WITHIN_DAYS = 30 };

/* 32 bytes, or the same in hexadecimal on one line. */
static int take_seed(const struct tool_args *args, uint8_t seed32_out[32], const struct tool_file *file)
{
	size_t len = file->len;

	if (len == 32) {
		memcpy(seed32_out, file->data, 32);
		return TOOL_DONE;
	}
	if (len == 65 && file->data[64] == '\n')
		len--;
	if (tool_hex_parse(seed32_out, 32, (aval_text){ (const char *)file->data, len }))
		return TOOL_DONE;
	return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_INVALID_ARGUMENT, file->path,
	                      "not a seed: 32 bytes, or 64 hexadecimal digits");
}

int tool_seed_read(const struct tool_args *args, uint8_t seed32_out[32])
{
	struct tool_file file;
	int              code = tool_read(args, &file, tool_arg(args, "seed"), 4096);

	if (code != TOOL_DONE)
		return code;
	code = take_seed(args, seed32_out, &file);
	tool_file_free(&file);
	return code;
}

int tool_times(const struct tool_args *args, aval_event_times *times_out)
{
	int code = tool_time_now(args, &times_out->claimed_ms);

	if (code != TOOL_DONE)
		return code;
	times_out->register_by_ms = times_out->claimed_ms + INT64_C(86400000) * REGISTER_WITHIN_DAYS;
	if (tool_arg(args, "register-by") != NULL)
		code = tool_time_arg(args, "register-by", &times_out->register_by_ms);
	if (code == TOOL_DONE && times_out->register_by_ms < times_out->claimed_ms)
		return tool_usage(args, "--register-by lies in the past");
	return code;
}

static int open_bundle(const struct tool_args *args, struct tool_session *s, const char *path, tool_reader reader)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code = reader(args, &s->file, path, AVAL_BUNDLE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_bundle_parse(&s->bundle, s->file.data, s->file.len, NULL, &err) != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, path, &err);
	if (aval_bundle_replay(&s->token, s->bundle, NULL, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, path, &err);
	return TOOL_DONE;
}

int tool_session_open_file(const struct tool_args *args, struct tool_session *s, const char *path,
                           tool_reader reader)
{
	int code;

	memset(s, 0, sizeof *s);
	code = open_bundle(args, s, path, reader);
	if (code != TOOL_DONE)
		tool_session_close(s);
	return code;
}

int tool_session_open(const struct tool_args *args, struct tool_session *s)
{
	return tool_session_open_file(args, s, args->operand, tool_read);
}

void tool_session_close(struct tool_session *s)
{
	tool_key_close(&s->key);
	aval_musig_keys_free(s->group);
	aval_token_free(s->token);
	aval_bundle_free(s->bundle);
	tool_file_free(&s->file);
	memset(s, 0, sizeof *s);
}

/* AVAL_OK and incomplete pass: whom to trust is no matter here. A failure says what is wrong with the file. */
static int check_bytes(const struct tool_args *args, const uint8_t *data, size_t len, const aval_policy *policy)
{
	aval_report *report;
	aval_error   err = AVAL_ERROR_INIT;
	aval_status  status;

	if (aval_report_new(&report, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, args->operand, &err);
	status = aval_verify(report, data, len, policy, &err);
	aval_report_free(report);
	if (status == AVAL_OK || status == AVAL_E_VERIFY_INCOMPLETE)
		return TOOL_DONE;
	if (status == AVAL_E_VERIFY_INVALID && policy != NULL) {
		err.status = (aval_status)err.cause;
		err.cause = 0;
	}
	return tool_fail(args, TOOL_REFUSED, args->operand, &err);
}

/* Nobody signs on top of what is proven wrong. */
static int check_file(const struct tool_args *args, const struct tool_session *s)
{
	return check_bytes(args, s->file.data, s->file.len, NULL);
}

int tool_session_with_invoice(const struct tool_args *args, struct tool_session *s, tool_invoice_work work)
{
	aval_invoice *invoice;
	uint8_t       seed[32];
	int           code = tool_seed_read(args, seed);

	if (code != TOOL_DONE)
		return code;
	code = tool_invoice_read(args, &invoice, tool_arg(args, "invoice"));
	if (code == TOOL_DONE) {
		code = work(args, s, invoice, seed);
		aval_invoice_free(invoice);
	}
	aval_wipe(seed, sizeof seed);
	return code;
}

static int compare(const struct tool_args *args, struct tool_session *s, const aval_invoice *invoice,
                   const uint8_t seed32[32])
{
	aval_error err = AVAL_ERROR_INIT;

	if (aval_bundle_compare_invoice(s->bundle, invoice, seed32, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, tool_arg(args, "invoice"), &err);
	return TOOL_DONE;
}

static int check_invoice_words(const struct tool_args *args)
{
	if ((tool_arg(args, "invoice") != NULL) != (tool_arg(args, "seed") != NULL))
		return tool_usage(args, "--invoice and --seed stand together");
	return TOOL_DONE;
}

int tool_session_check(const struct tool_args *args, struct tool_session *s)
{
	int code = check_invoice_words(args);

	if (code == TOOL_DONE)
		code = check_file(args, s);
	if (code == TOOL_DONE && tool_arg(args, "invoice") != NULL)
		code = tool_session_with_invoice(args, s, compare);
	return code;
}

/* The word of --key: a key, or a group, which then signs by a session. */
static int open_key(const struct tool_args *args, struct tool_session *s)
{
	const char *word = tool_arg(args, "key");
	int         code;

	if (!tool_musig_is_group(word))
		return tool_key_open(args, &s->key, word);
	if (tool_arg(args, "with-source") != NULL)
		return tool_usage(args, "--with-source does not go with a group: put the source in when the session is done");
	if (tool_arg(args, "certificates") != NULL)
		return tool_usage(args, "--certificates does not go with a group: give it to aval musig finish");
	code = tool_musig_group_read(args, &s->group, word);
	if (code == TOOL_DONE)
		s->key.signer.key = *aval_musig_keys_aggregate(s->group);
	return code;
}

int tool_session_begin(const struct tool_args *args, struct tool_session *s)
{
	int code = check_invoice_words(args);

	if (code == TOOL_DONE && tool_arg(args, "with-source") != NULL && tool_arg(args, "invoice") == NULL)
		code = tool_usage(args, "--with-source needs --invoice and --seed");
	if (code == TOOL_DONE)
		code = tool_session_open(args, s);
	if (code != TOOL_DONE)
		return code;
	if (tool_arg(args, "with-source") != NULL)
		s->source = tool_arg(args, "invoice");
	code = tool_session_check(args, s);
	if (code == TOOL_DONE)
		code = open_key(args, s);
	if (code != TOOL_DONE)
		tool_session_close(s);
	return code;
}

int tool_session_append(const struct tool_args *args, struct tool_session *s, tool_builder build, const void *options)
{
	size_t      len = 0;
	uint8_t    *payload;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = build(NULL, &len, s->token, options, &err);

	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return tool_fail(args, TOOL_REFUSED, args->operand, &err);
	payload = malloc(len);
	if (payload == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, args->operand, "out of memory");
	status = build(payload, &len, s->token, options, &err);
	if (status == AVAL_OK)
		status = aval_bundle_append(s->bundle, payload, len, &err);
	free(payload);
	return status == AVAL_OK ? TOOL_DONE : tool_fail(args, TOOL_REFUSED, args->operand, &err);
}

static int add_source(const struct tool_args *args, struct tool_session *s, const struct tool_file *invoice)
{
	uint8_t    seed[32];
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_seed_read(args, seed);

	if (code == TOOL_DONE && aval_bundle_set_source(s->bundle, invoice->data, invoice->len, seed, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_REFUSED, invoice->path, &err);
	aval_wipe(seed, sizeof seed);
	return code;
}

static int set_source(const struct tool_args *args, struct tool_session *s)
{
	struct tool_file invoice;
	int              code = tool_read(args, &invoice, s->source, AVAL_INVOICE_MAX_LEN);

	if (code == TOOL_DONE)
		code = add_source(args, s, &invoice);
	tool_file_free(&invoice);
	return code;
}

/* Nobody is handed a token that is proven wrong: a signature that its mandate does not allow, for one. */
static int check_result(const struct tool_args *args, const aval_bundle *bundle, const uint8_t *data, size_t len)
{
	aval_policy *policy;
	aval_error   err = AVAL_ERROR_INIT;
	int64_t      now_ms = 0;
	int          code;

	if (aval_bundle_mandate_count(bundle) == 0)
		return TOOL_DONE;
	code = tool_time_now(args, &now_ms);
	if (code != TOOL_DONE)
		return code;
	if (aval_policy_new(&policy, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, args->operand, &err);
	if (aval_policy_set_time(policy, now_ms, &err) == AVAL_OK)
		code = check_bytes(args, data, len, policy);
	aval_policy_free(policy);
	return code;
}

int tool_bundle_write(const struct tool_args *args, const aval_bundle *bundle, const char *path)
{
	size_t     len = 0;
	uint8_t   *data;
	aval_error err = AVAL_ERROR_INIT;
	int        code;

	if (aval_bundle_serialize(NULL, &len, bundle, &err) != AVAL_E_BUFFER_TOO_SMALL)
		return tool_fail_status(args, path, &err);
	data = malloc(len);
	if (data == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, path, "out of memory");
	if (aval_bundle_serialize(data, &len, bundle, &err) == AVAL_OK)
		code = check_result(args, bundle, data, len);
	else
		code = tool_fail_status(args, path, &err);
	if (code == TOOL_DONE)
		code = tool_write(args, path, data, len, 0644);
	free(data);
	return code;
}

/* What was done: the event, and whose signature it waits for. */
static int say_done(const struct tool_args *args, const struct tool_session *s)
{
	size_t            index = aval_bundle_event_count(s->bundle) - 1;
	const aval_event *event = aval_bundle_event(s->bundle, index);
	json_t           *answer;

	if (args->json) {
		answer = tool_json_object();
		tool_json_set_hex(answer, "token", event->has_token ? event->token32 : event->id32, 32);
		tool_json_set(answer, "event", tool_event_json(s->bundle, index));
		return tool_json_print(answer);
	}
	tool_event_print(s->bundle, index);
	return tool_flush();
}

int tool_session_write(const struct tool_args *args, struct tool_session *s)
{
	int code = s->source != NULL ? set_source(args, s) : TOOL_DONE;

	if (code == TOOL_DONE && s->group != NULL)
		code = tool_musig_begin(args, s, tool_arg(args, "out"));
	else if (code == TOOL_DONE)
		code = tool_bundle_write(args, s->bundle, tool_arg(args, "out"));
	return code == TOOL_DONE ? say_done(args, s) : code;
}
