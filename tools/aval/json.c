/* SPDX-License-Identifier: Apache-2.0 */
/* The one JSON object that a machine reads, made with jansson. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* A half-made object would be a wrong answer; without memory there is none. */
static void must(bool done)
{
	if (done)
		return;
	tool_say("%s: %s", aval_status_name(AVAL_E_NO_MEMORY), aval_status_text(AVAL_E_NO_MEMORY));
	exit(TOOL_UNREADABLE);
}

json_t *tool_json_object(void)
{
	json_t *object = json_object();

	must(object != NULL);
	return object;
}

/* Both take value, which is never NULL where it was made here. */
void tool_json_set(json_t *object, const char *key, json_t *value)
{
	must(value != NULL && json_object_set_new(object, key, value) == 0);
}

void tool_json_append(json_t *array, json_t *value)
{
	must(value != NULL && json_array_append_new(array, value) == 0);
}

json_t *tool_json_add_array(json_t *object, const char *key)
{
	json_t *array = json_array();

	tool_json_set(object, key, array);
	return array;
}

/* What the library gives is UTF-8; a word of the command line need not be. */
static json_t *plain_ascii(aval_text text)
{
	char   *copy = malloc(text.len + 1);
	json_t *string;

	must(copy != NULL);
	for (size_t i = 0; i < text.len; i++)
		copy[i] = (unsigned char)text.data[i] < 0x80 ? text.data[i] : '?';
	string = json_stringn(copy, text.len);
	free(copy);
	must(string != NULL);
	return string;
}

json_t *tool_json_text(aval_text text)
{
	json_t *string = json_stringn(text.len > 0 ? text.data : "", text.len);

	return string != NULL ? string : plain_ascii(text);
}

void tool_json_set_text(json_t *object, const char *key, aval_text text)
{
	tool_json_set(object, key, tool_json_text(text));
}

void tool_json_set_z(json_t *object, const char *key, const char *text)
{
	tool_json_set(object, key, tool_json_text(tool_text(text)));
}

void tool_json_set_hex(json_t *object, const char *key, const uint8_t *data, size_t len)
{
	char *text = malloc(2 * len + 1);

	must(text != NULL);
	tool_hex(text, data, len);
	tool_json_set(object, key, json_stringn(text, 2 * len));
	free(text);
}

int tool_json_print(json_t *object)
{
	int failed = json_dumpf(object, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);

	json_decref(object);
	putchar('\n');
	must(failed == 0 || ferror(stdout));
	return tool_flush();
}
