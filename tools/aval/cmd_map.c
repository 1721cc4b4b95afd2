/* SPDX-License-Identifier: Apache-2.0 */
/* aval map: make a map, change it, say its root, prove what it says of keys, verify that. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static int print_root(const struct tool_args *args, const aval_map *map)
{
	char    root[65];
	json_t *answer;

	tool_hex(root, map->root32, 32);
	if (!args->json) {
		printf("root  %s\nkeys  %llu\n", root, (unsigned long long)map->count);
		return tool_flush();
	}
	answer = tool_json_object();
	tool_json_set_z(answer, "root", root);
	tool_json_set(answer, "keys", json_integer((json_int_t)map->count));
	return tool_json_print(answer);
}

int tool_map_new(const struct tool_args *args)
{
	struct tool_map map;
	int             code = tool_map_new_memory(args, &map);

	if (code == TOOL_DONE)
		code = tool_map_write(args, &map, tool_arg(args, "out"));
	if (code == TOOL_DONE)
		code = print_root(args, &map.map);
	tool_map_close(&map);
	return code;
}

static int read_changes(const struct tool_args *args, aval_map_change *changes)
{
	size_t      at = 0, cursor = 0;
	const char *word;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (word = tool_arg_next(args, "set", &cursor)) != NULL) {
		code = tool_map_pair(args, changes[at].path32, changes[at].value32, word);
		changes[at++].is_delete = false;
	}
	cursor = 0;
	while (code == TOOL_DONE && (word = tool_arg_next(args, "delete", &cursor)) != NULL) {
		code = tool_map_key(args, changes[at].path32, tool_text(word));
		changes[at++].is_delete = true;
	}
	return code;
}

int tool_map_set(const struct tool_args *args)
{
	aval_map_change changes[TOOL_MAX_GIVEN];
	size_t          count = tool_arg_count(args, "set") + tool_arg_count(args, "delete");
	struct tool_map map;
	aval_error      err = AVAL_ERROR_INIT;
	int             code;

	if (count == 0)
		return tool_usage(args, "--set KEY=VALUE or --delete KEY is missing");
	code = read_changes(args, changes);
	if (code != TOOL_DONE)
		return code;
	code = tool_map_open(args, &map, args->operand);
	if (code == TOOL_DONE && aval_map_update(&map.map, changes, count, NULL, &err) != AVAL_OK)
		code = tool_fail(args, err.status == AVAL_E_NOT_FOUND ? TOOL_REFUSED : tool_code(err.status),
		                 args->operand, &err);
	if (code == TOOL_DONE)
		code = tool_map_write(args, &map, tool_arg(args, "out"));
	if (code == TOOL_DONE)
		code = print_root(args, &map.map);
	tool_map_close(&map);
	return code;
}

int tool_map_root(const struct tool_args *args)
{
	struct tool_map map;
	int             code = tool_map_open(args, &map, args->operand);

	if (code == TOOL_DONE)
		code = print_root(args, &map.map);
	tool_map_close(&map);
	return code;
}

static int by_path(const void *a, const void *b)
{
	return memcmp(((const aval_map_claim *)a)->path32, ((const aval_map_claim *)b)->path32, 32);
}

static int write_proof(const struct tool_args *args, const aval_map *map, const aval_map_claim *claims,
                       size_t count)
{
	uint8_t     paths[TOOL_MAX_GIVEN * 32], *proof;
	size_t      len = 0;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status;
	int         code;

	for (size_t i = 0; i < count; i++)
		memcpy(paths + 32 * i, claims[i].path32, 32);
	status = count == 1 ? aval_map_prove(NULL, &len, map, paths, &err)
	                    : aval_map_prove_many(NULL, &len, map, paths, count, &err);
	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return tool_fail(args, status == AVAL_E_PROOF_INDEX ? TOOL_USAGE : tool_code(status),
		                 args->operand, &err);
	proof = malloc(len);
	if (proof == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, args->operand, "out of memory");
	status = count == 1 ? aval_map_prove(proof, &len, map, paths, &err)
	                    : aval_map_prove_many(proof, &len, map, paths, count, &err);
	code = status == AVAL_OK ? tool_write(args, tool_arg(args, "out"), proof, len, 0666)
	                         : tool_fail_status(args, args->operand, &err);
	free(proof);
	return code;
}

/* Which of the keys are there is said too: the verifier must claim the same. */
static int print_claims(const struct tool_args *args, const aval_map *map, const aval_map_claim *claims,
                        size_t count)
{
	json_t *answer, *rows;
	char    root[65];

	if (!args->json)
		return TOOL_DONE;
	answer = tool_json_object();
	tool_hex(root, map->root32, 32);
	tool_json_set_z(answer, "root", root);
	rows = tool_json_add_array(answer, "keys");
	for (size_t i = 0; i < count; i++) {
		json_t *row = tool_json_object();

		tool_json_set_hex(row, "path", claims[i].path32, 32);
		tool_json_set(row, "present", json_boolean(!claims[i].is_absent));
		if (!claims[i].is_absent)
			tool_json_set_hex(row, "value_hash", claims[i].value32, 32);
		tool_json_append(rows, row);
	}
	return tool_json_print(answer);
}

static int look_up(const struct tool_args *args, const aval_map *map, aval_map_claim *claims, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		aval_error  err = AVAL_ERROR_INIT;
		aval_status status = aval_map_get(claims[i].value32, map, claims[i].path32, &err);

		claims[i].is_absent = status == AVAL_E_NOT_FOUND;
		if (status != AVAL_OK && status != AVAL_E_NOT_FOUND)
			return tool_fail_status(args, args->operand, &err);
	}
	return TOOL_DONE;
}

int tool_map_prove(const struct tool_args *args)
{
	aval_map_claim  claims[TOOL_MAX_GIVEN];
	size_t          count = tool_arg_count(args, "key"), cursor = 0;
	struct tool_map map;
	int             code = TOOL_DONE;

	for (size_t i = 0; code == TOOL_DONE && i < count; i++)
		code = tool_map_key(args, claims[i].path32, tool_text(tool_arg_next(args, "key", &cursor)));
	if (code != TOOL_DONE)
		return code;
	qsort(claims, count, sizeof *claims, by_path);
	code = tool_map_open(args, &map, args->operand);
	if (code == TOOL_DONE)
		code = look_up(args, &map.map, claims, count);
	if (code == TOOL_DONE)
		code = write_proof(args, &map.map, claims, count);
	if (code == TOOL_DONE)
		code = print_claims(args, &map.map, claims, count);
	tool_map_close(&map);
	return code;
}

static int read_claims(const struct tool_args *args, aval_map_claim *claims)
{
	size_t      at = 0, cursor = 0;
	const char *word;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (word = tool_arg_next(args, "present", &cursor)) != NULL) {
		code = tool_map_pair(args, claims[at].path32, claims[at].value32, word);
		claims[at++].is_absent = false;
	}
	cursor = 0;
	while (code == TOOL_DONE && (word = tool_arg_next(args, "absent", &cursor)) != NULL) {
		code = tool_map_key(args, claims[at].path32, tool_text(word));
		claims[at++].is_absent = true;
	}
	qsort(claims, at, sizeof *claims, by_path);
	return code;
}

static aval_status verify(const uint8_t root32[32], const aval_map_claim *claims, size_t count,
                          const struct tool_file *file, aval_error *err)
{
	if (count > 1)
		return aval_map_verify_many(root32, claims, count, file->data, file->len, err);
	if (claims->is_absent)
		return aval_map_verify_absent(root32, claims->path32, file->data, file->len, err);
	return aval_map_verify_present(root32, claims->path32, claims->value32, file->data, file->len, err);
}

/* Whatever is wrong with a proof that could be read makes it invalid. */
static int print_verdict(const struct tool_args *args, aval_status status, const aval_error *err)
{
	int     code = status == AVAL_OK ? TOOL_DONE : TOOL_INVALID, printed;
	json_t *answer;

	if (status != AVAL_OK)
		tool_say("%s: %s: %s: %s", args->operand, aval_status_name(status), err->where, err->reason);
	if (!args->json) {
		puts(status == AVAL_OK ? "valid" : "invalid");
		printed = tool_flush();
		return printed == TOOL_DONE ? code : printed;
	}
	answer = tool_json_object();
	tool_json_set_z(answer, "result", status == AVAL_OK ? "valid" : "invalid");
	tool_json_set_z(answer, "status", aval_status_name(status));
	tool_json_set_z(answer, "where", status == AVAL_OK ? "" : err->where);
	tool_json_set_z(answer, "reason", status == AVAL_OK ? "" : err->reason);
	printed = tool_json_print(answer);
	return printed == TOOL_DONE ? code : printed;
}

int tool_map_verify(const struct tool_args *args)
{
	aval_map_claim   claims[TOOL_MAX_GIVEN];
	size_t           count = tool_arg_count(args, "present") + tool_arg_count(args, "absent");
	struct tool_file file;
	uint8_t          root32[32];
	aval_error       err = AVAL_ERROR_INIT;
	int              code;

	if (count == 0)
		return tool_usage(args, "--present KEY=VALUE or --absent KEY is missing");
	if (!tool_hex_parse(root32, sizeof root32, tool_text(tool_arg(args, "root"))))
		return tool_usage(args, "--root has 64 hexadecimal digits");
	code = read_claims(args, claims);
	if (code == TOOL_DONE)
		code = tool_read(args, &file, args->operand, TOOL_LINES_MAX_LEN);
	if (code != TOOL_DONE)
		return code;
	code = print_verdict(args, verify(root32, claims, count, &file, &err), &err);
	tool_file_free(&file);
	return code;
}
