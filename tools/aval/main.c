/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the command that the first words name and runs it. */
#include <string.h>

#include "tool.h"

#ifndef AVAL_TOOL_VERSION
#error "AVAL_TOOL_VERSION comes from meson"
#endif

static bool asks_for_help(char **words)
{
	for (; *words != NULL && strcmp(*words, "--") != 0; words++)
		if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0)
			return true;
	return false;
}

static int help(const char *group, const char *name)
{
	int code = tool_help(group, name);

	if (code == TOOL_USAGE)
		tool_say("there is no command %s%s%s; see: aval help", group, name != NULL ? " " : "",
		         name != NULL ? name : "");
	return code;
}

/* A group alone, or a group with a name that it does not have, finds nothing. */
static const struct tool_command *find_command(char **words)
{
	for (const struct tool_command *c = tool_commands; c->group != NULL; c++) {
		if (strcmp(c->group, words[0]) != 0)
			continue;
		if (c->name == NULL || (words[1] != NULL && strcmp(c->name, words[1]) == 0))
			return c;
	}
	return NULL;
}

static int unknown_command(char **words)
{
	if (asks_for_help(words + 1))
		return help(words[0], NULL);
	if (tool_is_group(words[0]) && words[1] == NULL)
		tool_say("%s needs a second word; see: aval help %s", words[0], words[0]);
	else if (tool_is_group(words[0]))
		tool_say("there is no command %s %s; see: aval help %s", words[0], words[1], words[0]);
	else
		tool_say("there is no command %s; see: aval help", words[0]);
	return TOOL_USAGE;
}

static int run(char **words)
{
	const struct tool_command *command = find_command(words);
	struct tool_args           args;
	int                        code;

	if (command == NULL)
		return unknown_command(words);
	words += command->name != NULL ? 2 : 1;
	if (asks_for_help(words))
		return help(command->group, command->name);
	code = tool_args_parse(&args, command, words);
	return code == TOOL_DONE ? command->run(&args) : code;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		tool_say("a command is missing; see: aval help");
		return TOOL_USAGE;
	}
	if (strcmp(argv[1], "help") == 0) {
		if (argc > 4) {
			tool_say("one word too many: %s; see: aval help", argv[4]);
			return TOOL_USAGE;
		}
		return help(argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : NULL);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return help(NULL, NULL);
	if (strcmp(argv[1], "--version") == 0) {
		puts("aval " AVAL_TOOL_VERSION);
		return tool_flush();
	}
	return run(argv + 1);
}
