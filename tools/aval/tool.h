/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TOOL_H
#define AVAL_TOOL_H

/*
 * The command-line tool, a client of the public API alone. main.c finds the
 * command, args.c reads its words by the table of commands.c, the cmd_*.c files
 * do the work, message.c and json.c speak.
 *
 * What a machine reads goes to standard output, what a person must know of a
 * failure to standard error. A function that can fail returns an exit code of
 * the enum below, TOOL_DONE (0) meaning go on, and has said why before it
 * returns another.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <aval/aval.h>

enum {
	TOOL_DONE       = 0, /* done, or valid */
	TOOL_INVALID    = 1, /* proven not valid */
	TOOL_USAGE      = 2, /* the command line asks for something that is not there */
	TOOL_UNREADABLE = 3, /* an input that cannot be read, an output that cannot be written */
	TOOL_REFUSED    = 4, /* a rule forbids it */
	TOOL_INCOMPLETE = 5  /* nothing wrong, something required not established */
};

enum { TOOL_MAX_GIVEN = 256 };

/* How often an option may stand. */
enum { TOOL_OPTIONAL = 0, TOOL_REQUIRED = 1, TOOL_REPEATED = 2 };

struct tool_option {
	const char *name;   /* without the dashes */
	const char *value;  /* what its value is called; NULL: it takes none */
	const char *text;   /* for the help; one sentence without the final stop */
	unsigned    flags;
};

struct tool_args;

struct tool_command {
	const char *group;    /* "token" */
	const char *name;     /* "issue"; NULL where the group is the command */
	const char *operand;  /* "FILE"; NULL where there is none */
	const char *summary;  /* one line */
	const struct tool_option *options; /* ends with a NULL name */
	int (*run)(const struct tool_args *args);
};

struct tool_given {
	const struct tool_option *option;
	const char               *value;
};

struct tool_args {
	const struct tool_command *command;
	const char                *operand;
	struct tool_given          given[TOOL_MAX_GIVEN];
	size_t                     given_count;
	bool                       json;
};

/* commands.c: ends with a NULL group. */
extern const struct tool_command tool_commands[];

/* args.c */
int         tool_args_parse(struct tool_args *args, const struct tool_command *command, char **words);
const char *tool_arg(const struct tool_args *args, const char *name); /* NULL where it was not given */
const char *tool_arg_next(const struct tool_args *args, const char *name, size_t *cursor);
size_t      tool_arg_count(const struct tool_args *args, const char *name);

/* help.c */
int  tool_help(const char *group, const char *name); /* TOOL_USAGE, unsaid, where there is none */
bool tool_is_group(const char *group);

#define TOOL_PRINTF(at, first) __attribute__((format(printf, at, first)))

/* message.c: what goes wrong, on standard error; each returns the code to exit with. */
void tool_say(const char *format, ...) TOOL_PRINTF(1, 2);
int  tool_usage(const struct tool_args *args, const char *format, ...) TOOL_PRINTF(2, 3);
int  tool_fail(const struct tool_args *args, int code, const char *subject, const aval_error *err);
int  tool_fail_text(const struct tool_args *args, int code, aval_status status, const char *subject,
                    const char *reason);
/* Standard output is closed, full or on a broken pipe: said and TOOL_UNREADABLE. */
int  tool_flush(void);
/* Text of foreign origin: control characters do not reach the terminal. */
void tool_put_text(FILE *out, aval_text text);

static inline aval_text tool_text(const char *s)
{
	aval_text text = { s, 0 };

	while (s != NULL && s[text.len] != '\0')
		text.len++;
	return text;
}

/* Lower-case hexadecimal and a NUL: 2 * len + 1 bytes. */
void tool_hex(char *out, const uint8_t *data, size_t len);

/* json.c: none of these fails; without memory the program ends with TOOL_UNREADABLE. */
json_t *tool_json_object(void);
json_t *tool_json_add_array(json_t *object, const char *key);
json_t *tool_json_text(aval_text text);
void    tool_json_set(json_t *object, const char *key, json_t *value); /* takes value */
void    tool_json_append(json_t *array, json_t *value);                /* takes value */
void    tool_json_set_text(json_t *object, const char *key, aval_text text);
void    tool_json_set_z(json_t *object, const char *key, const char *text);
void    tool_json_set_hex(json_t *object, const char *key, const uint8_t *data, size_t len);
int     tool_json_print(json_t *object); /* on standard output; takes object */

#endif /* AVAL_TOOL_H */
