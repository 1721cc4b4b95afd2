/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map as a file: a line that says what it is, then a line a key, path and hash of the value in hexadecimal,
 * ascending. Small maps are kept so by hand and by scripts; a registry keeps pages in a store of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const char first_line[] = "aval map 1\n";

enum { FIRST_LEN = sizeof first_line - 1, LINE_LEN = 64 + 1 + 64 + 1 };

/* KIND:ID of a registry's key, or a path of 64 hexadecimal digits. */
int tool_map_key(const struct tool_args *args, uint8_t path32_out[32], aval_text word)
{
	static const struct {
		const char     *prefix;
		aval_state_kind kind;
	} kinds[] = {
		{ "note:", AVAL_STATE_NOTE },
		{ "token:", AVAL_STATE_TOKEN },
		{ "fingerprint:", AVAL_STATE_FINGERPRINT },
		{ "party:", AVAL_STATE_PARTY },
	};
	aval_error err = AVAL_ERROR_INIT;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t         len = strlen(kinds[i].prefix);
		uint8_t        id32[32];
		aval_state_key key = { kinds[i].kind, { id32, sizeof id32 } };
		aval_text      id = { word.data + len, word.len - len };

		if (word.len < len || memcmp(word.data, kinds[i].prefix, len) != 0)
			continue;
		if (key.kind == AVAL_STATE_PARTY)
			key.id = (aval_bytes){ (const uint8_t *)id.data, id.len };
		else if (!tool_hex_parse(id32, sizeof id32, id))
			return tool_usage(args, "%.*s: an id has 64 hexadecimal digits", (int)word.len,
			                  word.data);
		if (aval_state_key_path(path32_out, &key, &err) != AVAL_OK)
			return tool_usage(args, "%.*s: %s", (int)word.len, word.data, err.reason);
		return TOOL_DONE;
	}
	if (!tool_hex_parse(path32_out, 32, word))
		return tool_usage(args,
		                  "%.*s is no key: note:ID, token:ID, fingerprint:ID, party:PARTY or a path",
		                  (int)word.len, word.data);
	return TOOL_DONE;
}

/* KEY=VALUE, the value's bytes in hexadecimal. */
int tool_map_pair(const struct tool_args *args, uint8_t path32_out[32], uint8_t value32_out[32],
                  const char *word)
{
	const char *equals = strrchr(word, '=');
	aval_text   value;
	uint8_t    *bytes;
	int         code;

	if (equals == NULL)
		return tool_usage(args, "%s is not KEY=VALUE", word);
	code = tool_map_key(args, path32_out, (aval_text){ word, (size_t)(equals - word) });
	if (code != TOOL_DONE)
		return code;
	value = tool_text(equals + 1);
	bytes = malloc(value.len / 2 + 1);
	if (bytes == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, word, "out of memory");
	if (!tool_hex_parse(bytes, value.len / 2, value))
		code = tool_usage(args, "%s: a value is written in hexadecimal", word);
	else
		aval_map_value(value32_out, bytes, value.len / 2);
	free(bytes);
	return code;
}

static bool parse_line(aval_map_change *change, const uint8_t *line)
{
	const char *text = (const char *)line;

	change->is_delete = false;
	return tool_hex_parse(change->path32, 32, (aval_text){ text, 64 }) && text[64] == ' ' &&
	       tool_hex_parse(change->value32, 32, (aval_text){ text + 65, 64 }) && text[LINE_LEN - 1] == '\n';
}

static int not_a_map(const struct tool_args *args, const char *path, const char *reason)
{
	return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_MAP_PAGE, path, reason);
}

static int parse_lines(const struct tool_args *args, const struct tool_file *file, aval_map_change *changes,
                       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!parse_line(&changes[i], file->data + FIRST_LEN + i * LINE_LEN))
			return not_a_map(args, file->path, "a line is not a path and the hash of a value");
		if (i > 0 && memcmp(changes[i - 1].path32, changes[i].path32, 32) >= 0)
			return not_a_map(args, file->path, "the paths do not ascend");
	}
	return TOOL_DONE;
}

static int build(const struct tool_args *args, struct tool_map *map, const struct tool_file *file, size_t count)
{
	aval_map_change *changes = calloc(count + 1, sizeof *changes);
	aval_error       err = AVAL_ERROR_INIT;
	int              code;

	if (changes == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, file->path, "out of memory");
	code = parse_lines(args, file, changes, count);
	for (size_t done = 0; code == TOOL_DONE && done < count;) {
		size_t some = count - done < AVAL_MAP_MAX_CHANGES ? count - done : AVAL_MAP_MAX_CHANGES;

		if (aval_map_update(&map->map, changes + done, some, NULL, &err) != AVAL_OK)
			code = tool_fail_status(args, file->path, &err);
		done += some;
	}
	free(changes);
	return code;
}

int tool_map_new_memory(const struct tool_args *args, struct tool_map *map)
{
	aval_error err = AVAL_ERROR_INIT;

	*map = (struct tool_map){ .memory = NULL };
	if (aval_map_memory_new(&map->memory, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, "map", &err);
	aval_map_init(&map->map, aval_map_memory_store(map->memory));
	return TOOL_DONE;
}

int tool_map_open(const struct tool_args *args, struct tool_map *map, const char *path)
{
	struct tool_file file = { NULL, NULL, 0 };
	int              code = tool_map_new_memory(args, map);

	if (code == TOOL_DONE)
		code = tool_read(args, &file, path, TOOL_LINES_MAX_LEN);
	if (code != TOOL_DONE)
		return code;
	if (file.len < FIRST_LEN || memcmp(file.data, first_line, FIRST_LEN) != 0 ||
	    (file.len - FIRST_LEN) % LINE_LEN != 0)
		code = not_a_map(args, path, "not the file of a map");
	else
		code = build(args, map, &file, (file.len - FIRST_LEN) / LINE_LEN);
	tool_file_free(&file);
	return code;
}

void tool_map_close(struct tool_map *map)
{
	aval_map_memory_free(map->memory);
	map->memory = NULL;
}

/* From the least path up; a key at zero has none before it. */
static int put_lines(const struct tool_args *args, const aval_map *map, char *out)
{
	static const uint8_t zero32[32];
	aval_map_item        item;
	aval_error           err = AVAL_ERROR_INIT;
	aval_status          status;

	memcpy(item.path32, zero32, 32);
	status = aval_map_get(item.value32, map, zero32, &err);
	if (status == AVAL_E_NOT_FOUND)
		status = aval_map_after(&item, map, zero32, &err);
	for (uint64_t i = 0; i < map->count; i++) {
		if (status != AVAL_OK)
			return tool_fail_status(args, "map", &err);
		tool_hex(out, item.path32, 32);
		out[64] = ' ';
		tool_hex(out + 65, item.value32, 32);
		out[LINE_LEN - 1] = '\n';
		out += LINE_LEN;
		if (i + 1 < map->count)
			status = aval_map_after(&item, map, item.path32, &err);
	}
	return TOOL_DONE;
}

int tool_map_write(const struct tool_args *args, const struct tool_map *map, const char *path)
{
	size_t len = FIRST_LEN + (size_t)map->map.count * LINE_LEN;
	char  *text = malloc(len + 1);
	int    code;

	if (text == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, path, "out of memory");
	memcpy(text, first_line, FIRST_LEN);
	code = put_lines(args, &map->map, text + FIRST_LEN);
	if (code == TOOL_DONE)
		code = tool_write(args, path, (const uint8_t *)text, len, 0666);
	free(text);
	return code;
}
