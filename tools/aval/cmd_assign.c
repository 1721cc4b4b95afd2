/* SPDX-License-Identifier: Apache-2.0 */
/* aval token assign, split and merge: one event, ASSIGN, in its three uses. */
#include <string.h>

#include "tool.h"

static aval_status build_assign(uint8_t *out, size_t *len, const aval_token *token, const void *options,
                                aval_error *err)
{
	return aval_assign_build(out, len, token, options, err);
}

static int find_note(const struct tool_args *args, const aval_token *token, const char *word, aval_note *note_out)
{
	uint8_t    id[32];
	size_t     index;
	aval_error err = AVAL_ERROR_INIT;

	if (!tool_hex_parse(id, sizeof id, tool_text(word)))
		return tool_usage(args, "--note: %s is no note id: 64 hexadecimal digits", word);
	if (aval_token_find_note(&index, token, id, &err) != AVAL_OK ||
	    aval_token_note(note_out, token, index, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, word, &err);
	return TOOL_DONE;
}

/* --note, or the only live note. */
static int note_arg(const struct tool_args *args, const aval_token *token, aval_note *note_out)
{
	const char *word = tool_arg(args, "note");
	size_t      first = aval_token_first_live(token);
	aval_error  err = AVAL_ERROR_INIT;

	if (word != NULL)
		return find_note(args, token, word, note_out);
	if (first == AVAL_NO_NOTE)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_TOKEN_STATUS, args->operand, "no note is live");
	if (aval_token_next_live(token, first) != AVAL_NO_NOTE)
		return tool_usage(args, "several notes are live; say --note (aval token show lists them)");
	if (aval_token_note(note_out, token, first, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, args->operand, &err);
	return TOOL_DONE;
}

/* What follows the token's currency: an amount of the note, from option; all of it where it was not given. */
static int amount_arg(const struct tool_args *args, const aval_token *token, const char *option, int64_t *minor_inout)
{
	const char *word = tool_arg(args, option);
	aval_issue  terms;

	aval_token_terms(&terms, token);
	return word == NULL ? TOOL_DONE : tool_amount_parse(args, option, word, terms.currency, minor_inout);
}

static int recourse_arg(const struct tool_args *args, const aval_token *token, aval_output *output)
{
	const char *word = tool_arg(args, "recourse");

	output->recourse_minor = 0;
	if (strcmp(word, "none") == 0)
		return TOOL_DONE;
	output->recourse_minor = output->length_minor;
	if (strcmp(word, "full") == 0)
		return TOOL_DONE;
	return amount_arg(args, token, "recourse", &output->recourse_minor);
}

/* The low end to outputs[0], what is left to outputs[1] and the present holder. */
static size_t divide(aval_output outputs[2], const aval_note *note)
{
	int64_t rest = note->end_minor - note->begin_minor - outputs[0].length_minor;

	outputs[1] = (aval_output){ rest, note->holder, 0 };
	return rest == 0 ? 1 : 2;
}

static int finish(const struct tool_args *args, struct tool_session *s, aval_assign_options *options)
{
	int code = tool_times(args, &options->times);

	if (code == TOOL_DONE)
		code = tool_session_append(args, s, build_assign, options);
	if (code == TOOL_DONE)
		code = tool_session_sign(args, s, AVAL_ROLE_HOLDER, NULL);
	return code == TOOL_DONE ? tool_session_write(args, s) : code;
}

/* One note, cut behind outputs[0]. */
static int finish_cut(const struct tool_args *args, struct tool_session *s, const aval_note *note,
                      aval_output outputs[2], aval_assign_kind kind)
{
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;

	options.inputs = note->id32;
	options.input_count = 1;
	options.outputs = outputs;
	options.output_count = divide(outputs, note);
	options.assign.kind = kind;
	return finish(args, s, &options);
}

static int assign(const struct tool_args *args, struct tool_session *s)
{
	aval_output outputs[2];
	aval_note   note;
	int         code = note_arg(args, s->token, &note);

	if (code != TOOL_DONE)
		return code;
	outputs[0] = (aval_output){ note.end_minor - note.begin_minor, tool_text(tool_arg(args, "to")), 0 };
	code = amount_arg(args, s->token, "amount", &outputs[0].length_minor);
	if (code == TOOL_DONE)
		code = recourse_arg(args, s->token, &outputs[0]);
	return code == TOOL_DONE ? finish_cut(args, s, &note, outputs, AVAL_ASSIGN_SALE) : code;
}

static int split(const struct tool_args *args, struct tool_session *s)
{
	aval_output outputs[2];
	aval_note   note;
	int         code = note_arg(args, s->token, &note);

	if (code != TOOL_DONE)
		return code;
	outputs[0] = (aval_output){ 0, note.holder, 0 };
	code = amount_arg(args, s->token, "at", &outputs[0].length_minor);
	return code == TOOL_DONE ? finish_cut(args, s, &note, outputs, AVAL_ASSIGN_REORGANISE) : code;
}

/* Notes by their range, low end first, however they were named. */
static void insert_note(aval_note *notes, size_t count, const aval_note *note)
{
	size_t at = count;

	for (; at > 0 && notes[at - 1].begin_minor > note->begin_minor; at--)
		notes[at] = notes[at - 1];
	notes[at] = *note;
}

static int notes_arg(const struct tool_args *args, const aval_token *token, aval_note *notes, size_t *count_out)
{
	size_t      cursor = 0, count = 0;
	const char *word;
	aval_note   note;
	int         code = TOOL_DONE;

	if (tool_arg_count(args, "note") < 2 || tool_arg_count(args, "note") > AVAL_EVENT_MAX_INPUTS)
		return tool_usage(args, "a merge takes 2 to %d notes", AVAL_EVENT_MAX_INPUTS);
	while (code == TOOL_DONE && (word = tool_arg_next(args, "note", &cursor)) != NULL) {
		code = find_note(args, token, word, &note);
		if (code == TOOL_DONE)
			insert_note(notes, count++, &note);
	}
	*count_out = count;
	return code;
}

static int merge(const struct tool_args *args, struct tool_session *s)
{
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
	aval_note           notes[AVAL_EVENT_MAX_INPUTS];
	uint8_t             ids[32 * AVAL_EVENT_MAX_INPUTS];
	aval_output         output = { 0, { NULL, 0 }, 0 };
	size_t              count = 0;
	int                 code = notes_arg(args, s->token, notes, &count);

	if (code != TOOL_DONE)
		return code;
	for (size_t i = 0; i < count; i++)
		memcpy(ids + 32 * i, notes[i].id32, 32);
	/* The library sees to it that nothing lies between them. */
	output.length_minor = notes[count - 1].end_minor - notes[0].begin_minor;
	output.holder = notes[0].holder;
	options.inputs = ids;
	options.input_count = count;
	options.outputs = &output;
	options.output_count = 1;
	return finish(args, s, &options);
}

static int with_session(const struct tool_args *args, int (*work)(const struct tool_args *, struct tool_session *))
{
	struct tool_session s;
	int                 code = tool_session_begin(args, &s);

	if (code != TOOL_DONE)
		return code;
	code = work(args, &s);
	tool_session_close(&s);
	return code;
}

int tool_token_assign(const struct tool_args *args)
{
	return with_session(args, assign);
}

int tool_token_split(const struct tool_args *args)
{
	return with_session(args, split);
}

int tool_token_merge(const struct tool_args *args)
{
	return with_session(args, merge);
}
