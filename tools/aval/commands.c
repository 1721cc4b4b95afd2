/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of commands. The help is printed from it; a test holds the man pages
 * and the completion against it.
 */
#include "tool.h"

const struct tool_command tool_commands[] = {
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};
