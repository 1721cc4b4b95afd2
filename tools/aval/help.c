/* SPDX-License-Identifier: Apache-2.0 */
/* The help, printed from the table of commands. */
#include <string.h>

#include "tool.h"

enum { HELP_COLUMN = 26, HELP_WIDTH = 79 };

static bool is_command(const struct tool_command *command, const char *group, const char *name)
{
	if (group != NULL && strcmp(command->group, group) != 0)
		return false;
	return name == NULL || (command->name != NULL && strcmp(command->name, name) == 0);
}

bool tool_is_group(const char *group)
{
	for (const struct tool_command *c = tool_commands; c->group != NULL; c++)
		if (strcmp(c->group, group) == 0)
			return true;
	return false;
}

/* Wraps words at HELP_WIDTH; column is where the line stands, indent where the next begins. */
static size_t put_word(FILE *out, const char *word, size_t len, size_t column, size_t indent)
{
	if (column > indent && column + 1 + len > HELP_WIDTH) {
		fprintf(out, "\n%*s", (int)indent, "");
		column = indent;
	} else if (column > indent) {
		fputc(' ', out);
		column++;
	}
	fprintf(out, "%.*s", (int)len, word);
	return column + len;
}

static void put_wrapped(FILE *out, const char *text, size_t indent)
{
	size_t column = indent;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		column = put_word(out, text, len, column, indent);
		text += len + (text[len] == ' ');
	}
	fputc('\n', out);
}

static void put_synopsis(FILE *out, const struct tool_command *command)
{
	char   word[96];
	size_t indent = (size_t)snprintf(word, sizeof word, "usage: aval %s%s%s", command->group,
	                                 command->name != NULL ? " " : "",
	                                 command->name != NULL ? command->name : "");
	size_t column = indent;

	fputs(word, out);
	if (command->operand != NULL) {
		fprintf(out, " %s", command->operand);
		column += 1 + strlen(command->operand);
	}
	for (const struct tool_option *o = command->options; o->name != NULL; o++) {
		bool required = (o->flags & TOOL_REQUIRED) != 0;
		int  len = snprintf(word, sizeof word, "%s--%s%s%s%s%s", required ? "" : "[", o->name,
		                    o->value != NULL ? " " : "", o->value != NULL ? o->value : "",
		                    required ? "" : "]", (o->flags & TOOL_REPEATED) ? "..." : "");

		column = column == indent ? column + 1 : column;
		column = put_word(out, word, (size_t)len, column, indent + 1);
	}
	fputc('\n', out);
}

static void put_help(FILE *out, const struct tool_command *command)
{
	put_synopsis(out, command);
	fprintf(out, "\n%s.\n", command->summary);
	if (command->options->name != NULL)
		fputc('\n', out);
	for (const struct tool_option *o = command->options; o->name != NULL; o++) {
		int len = fprintf(out, "  --%s%s%s", o->name, o->value != NULL ? " " : "",
		                  o->value != NULL ? o->value : "");

		if (len >= HELP_COLUMN)
			len = fprintf(out, "\n") - 1;
		fprintf(out, "%*s", HELP_COLUMN - len, "");
		put_wrapped(out, o->text, HELP_COLUMN);
	}
}

static void put_commands(const char *group)
{
	for (const struct tool_command *c = tool_commands; c->group != NULL; c++) {
		int len;

		if (!is_command(c, group, NULL))
			continue;
		len = printf("  %s%s%s%s%s", c->group, c->name != NULL ? " " : "", c->name != NULL ? c->name : "",
		             c->operand != NULL ? " " : "", c->operand != NULL ? c->operand : "");
		printf("%*s%s\n", len < HELP_COLUMN ? HELP_COLUMN - len : 1, "", c->summary);
	}
}

static int help_all(void)
{
	puts("usage: aval COMMAND [WORDS]\n\n"
	     "Turns e-invoices into tokens that several parties sign and anyone verifies\n"
	     "offline.\n");
	put_commands(NULL);
	puts("  help [COMMAND]            Explain a command\n"
	     "  --version                 Print the version\n\n"
	     "Exit: 0 done or valid, 1 proven not valid, 2 usage, 3 input unreadable,\n"
	     "4 refused by a rule, 5 incomplete. \"aval help COMMAND\" explains a command.");
	return tool_flush();
}

/* One command by its full name, or a group as a list. */
int tool_help(const char *group, const char *name)
{
	const struct tool_command *found = NULL;
	size_t                     count = 0;

	if (group == NULL)
		return help_all();
	for (const struct tool_command *c = tool_commands; c->group != NULL; c++) {
		if (is_command(c, group, name)) {
			found = c;
			count++;
		}
	}
	if (count == 0)
		return TOOL_USAGE;
	if (count == 1)
		put_help(stdout, found);
	else
		put_commands(group);
	return tool_flush();
}
