/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the words of a command by its table: --name VALUE, --name=VALUE, --flag,
 * operands in any place, "--" before operands that start with a dash. Nothing is
 * abbreviated and nothing unknown is passed over.
 */
#include <assert.h>
#include <string.h>

#include "tool.h"

static const struct tool_option *find_option(const struct tool_command *command, const char *name, size_t len)
{
	for (const struct tool_option *o = command->options; o->name != NULL; o++)
		if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
			return o;
	return NULL;
}

static int take_option(struct tool_args *args, char ***words)
{
	const char               *word   = **words + 2;
	size_t                    len    = strcspn(word, "=");
	const struct tool_option *option = find_option(args->command, word, len);
	const char               *value  = word[len] == '=' ? word + len + 1 : NULL;

	if (option == NULL)
		return tool_usage(args, "unknown option --%.*s", (int)len, word);
	if (option->value == NULL && value != NULL)
		return tool_usage(args, "--%s takes no value", option->name);
	if (option->value != NULL && value == NULL) {
		value = *++*words;
		if (value == NULL)
			return tool_usage(args, "--%s needs a value: %s", option->name, option->value);
	}
	if (!(option->flags & TOOL_REPEATED) && tool_arg_count(args, option->name) > 0)
		return tool_usage(args, "--%s stands twice", option->name);
	if (args->given_count == TOOL_MAX_GIVEN)
		return tool_usage(args, "more than %d options", (int)TOOL_MAX_GIVEN);
	args->given[args->given_count++] = (struct tool_given){ option, value != NULL ? value : "" };
	return TOOL_DONE;
}

static bool takes_many(const struct tool_command *command)
{
	return command->operand != NULL && strstr(command->operand, "...") != NULL;
}

/* Operands move to the front of the words, which were read that far. */
static int take_operand(struct tool_args *args, char *word)
{
	if (args->command->operand == NULL || (args->operand != NULL && !takes_many(args->command)))
		return tool_usage(args, "one word too many: %s", word);
	args->operands[args->operand_count++] = word;
	args->operand = args->operands[0];
	return TOOL_DONE;
}

static int check_complete(const struct tool_args *args)
{
	if (args->command->operand != NULL && args->operand == NULL)
		return tool_usage(args, "%.*s is missing", (int)strcspn(args->command->operand, "."),
		                  args->command->operand);
	for (const struct tool_option *o = args->command->options; o->name != NULL; o++)
		if ((o->flags & TOOL_REQUIRED) && tool_arg(args, o->name) == NULL)
			return tool_usage(args, "--%s %s is missing", o->name, o->value);
	return TOOL_DONE;
}

/* Known before the words are judged, so that a machine gets its answer for a bad one too. */
static bool has_word(char **words, const char *word)
{
	for (; *words != NULL && strcmp(*words, "--") != 0; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

int tool_args_parse(struct tool_args *args, const struct tool_command *command, char **words)
{
	bool only_operands = false;
	int  code          = TOOL_DONE;

	*args = (struct tool_args){ .command = command, .operands = words };
	args->json = find_option(command, "json", 4) != NULL && has_word(words, "--json");
	for (; code == TOOL_DONE && *words != NULL; words++) {
		if (!only_operands && strcmp(*words, "--") == 0)
			only_operands = true;
		else if (!only_operands && strncmp(*words, "--", 2) == 0)
			code = take_option(args, &words);
		else if (!only_operands && (*words)[0] == '-' && (*words)[1] != '\0')
			code = tool_usage(args, "unknown option %s", *words);
		else
			code = take_operand(args, *words);
	}
	return code == TOOL_DONE ? check_complete(args) : code;
}

const char *tool_arg_next(const struct tool_args *args, const char *name, size_t *cursor)
{
	assert(find_option(args->command, name, strlen(name)) != NULL);
	while (*cursor < args->given_count) {
		const struct tool_given *given = &args->given[(*cursor)++];

		if (strcmp(given->option->name, name) == 0)
			return given->value;
	}
	return NULL;
}

const char *tool_arg(const struct tool_args *args, const char *name)
{
	size_t cursor = 0;

	return tool_arg_next(args, name, &cursor);
}

size_t tool_arg_count(const struct tool_args *args, const char *name)
{
	size_t cursor = 0, count = 0;

	while (tool_arg_next(args, name, &cursor) != NULL)
		count++;
	return count;
}
