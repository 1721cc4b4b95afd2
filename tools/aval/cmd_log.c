/* SPDX-License-Identifier: Apache-2.0 */
/* aval log: begin a log, append to it, say its root, check it whole. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

static int sign_and_publish(const struct tool_args *args, struct tool_log *log, const struct tool_key *key,
                            aval_text origin, uint64_t size, const uint8_t root32[32])
{
	char        note[AVAL_CHECKPOINT_SIGNED_MAX_LEN];
	size_t      len = sizeof note;
	aval_error  err = AVAL_ERROR_INIT;

	if (aval_checkpoint_sign(note, &len, origin.data, origin.len, size, root32, &key->signer, &err) != AVAL_OK)
		return err.status == AVAL_E_CALLBACK ? tool_key_fail(args, key, log->path, &err)
		                                     : tool_log_fail(args, log, log->path, &err);
	if (aval_log_folder_publish(log->folder, (const uint8_t *)note, len, &err) != AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	return TOOL_DONE;
}

static void put_head(json_t *answer, aval_text origin, uint64_t size, const uint8_t root32[32])
{
	tool_json_set_text(answer, "origin", origin);
	tool_json_set(answer, "size", json_integer((json_int_t)size));
	tool_json_set_root(answer, "root", root32);
}

static int print_head(const struct tool_args *args, aval_text origin, uint64_t size, const uint8_t root32[32],
                      const char *vkey)
{
	char    root[TOOL_ROOT_LEN + 1];
	json_t *answer;

	if (args->json) {
		answer = tool_json_object();
		put_head(answer, origin, size, root32);
		if (vkey != NULL)
			tool_json_set_z(answer, "vkey", vkey);
		return tool_json_print(answer);
	}
	tool_base64(root, root32);
	fputs("origin  ", stdout);
	tool_put_text(stdout, origin);
	printf("\nsize    %llu\nroot    %s\n", (unsigned long long)size, root);
	if (vkey != NULL)
		printf("vkey    %s\n", vkey);
	return tool_flush();
}

/* Everything that can be refused is asked before the folder is made. */
static int begin_log(const struct tool_args *args, const struct tool_key *key, aval_text origin)
{
	struct tool_log log = { .path = args->operand };
	aval_vkey       vkey;
	char            vkey_text[AVAL_VKEY_MAX_LEN + 1];
	size_t          vkey_len = AVAL_VKEY_MAX_LEN;
	uint8_t         root32[32];
	aval_error      err = AVAL_ERROR_INIT;
	int             code = tool_log_vkey_of(args, &vkey, &key->signer.key, origin);

	if (code != TOOL_DONE)
		return code;
	if (aval_vkey_serialize(vkey_text, &vkey_len, &vkey, &err) != AVAL_OK ||
	    aval_log_folder_create(args->operand, &err) != AVAL_OK ||
	    aval_log_folder_open(&log.folder, args->operand, true, NULL, &err) != AVAL_OK)
		return tool_log_fail(args, &log, args->operand, &err);
	vkey_text[vkey_len] = '\0';
	aval_merkle_empty(root32);
	code = sign_and_publish(args, &log, key, origin, 0, root32);
	tool_log_close(&log);
	return code == TOOL_DONE ? print_head(args, origin, 0, root32, vkey_text) : code;
}

int tool_log_new(const struct tool_args *args)
{
	struct tool_key key;
	int             code = tool_key_open(args, &key, tool_arg(args, "key"));

	if (code == TOOL_DONE)
		code = begin_log(args, &key, tool_text(tool_arg(args, "origin")));
	tool_key_close(&key);
	return code;
}

static int append_one(const struct tool_args *args, struct tool_log *log, aval_tile_writer *w,
                      const uint8_t *entry, size_t len)
{
	aval_error err = AVAL_ERROR_INIT;

	if (aval_tile_writer_append(w, entry, len, &err) != AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	return TOOL_DONE;
}

static int append_file(const struct tool_args *args, struct tool_log *log, aval_tile_writer *w,
                       const char *path)
{
	struct tool_file file;
	int              code = tool_read(args, &file, path, AVAL_TILE_ENTRY_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	code = append_one(args, log, w, file.data, file.len);
	tool_file_free(&file);
	return code;
}

/* Each line without its newline; the last one may lack it. */
static int append_lines(const struct tool_args *args, struct tool_log *log, aval_tile_writer *w,
                        const char *path)
{
	struct tool_file file;
	size_t           at = 0;
	int              code = tool_read(args, &file, path, TOOL_LINES_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	while (code == TOOL_DONE && at < file.len) {
		const uint8_t *end = memchr(file.data + at, '\n', file.len - at);
		size_t         len = end == NULL ? file.len - at : (size_t)(end - file.data) - at;

		code = append_one(args, log, w, file.data + at, len);
		at += len + 1;
	}
	tool_file_free(&file);
	return code;
}

static int append_all(const struct tool_args *args, struct tool_log *log, aval_tile_writer *w)
{
	size_t      cursor = 0;
	const char *path;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (path = tool_arg_next(args, "entry", &cursor)) != NULL)
		code = append_file(args, log, w, path);
	cursor = 0;
	while (code == TOOL_DONE && (path = tool_arg_next(args, "lines", &cursor)) != NULL)
		code = append_lines(args, log, w, path);
	return code;
}

/* The checkpoint is replaced last: whatever fails before leaves the log as it was published. */
static int append_and_publish(const struct tool_args *args, struct tool_log *log, const struct tool_key *key)
{
	aval_text         origin = log->checkpoint.origin;
	aval_tile_writer *w;
	aval_tile_sink    sink;
	uint64_t          size;
	uint8_t           root32[32];
	aval_error        err = AVAL_ERROR_INIT;
	int               code;

	aval_log_folder_sink(&sink, log->folder);
	if (aval_tile_writer_new(&w, log->checkpoint.size, log->checkpoint.root32, &log->source, &sink, NULL,
	                         &err) != AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	code = append_all(args, log, w);
	size = aval_tile_writer_size(w);
	if (code == TOOL_DONE && aval_tile_writer_flush(root32, w, &err) != AVAL_OK)
		code = tool_log_fail(args, log, log->path, &err);
	aval_tile_writer_free(w);
	if (code == TOOL_DONE)
		code = sign_and_publish(args, log, key, origin, size, root32);
	return code == TOOL_DONE ? print_head(args, origin, size, root32, NULL) : code;
}

static int append_with_key(const struct tool_args *args, struct tool_log *log, const struct tool_key *key)
{
	int code = tool_log_own(args, log, key);

	return code == TOOL_DONE ? append_and_publish(args, log, key) : code;
}

int tool_log_append(const struct tool_args *args)
{
	struct tool_log log;
	struct tool_key key;
	int             code;

	if (tool_arg(args, "entry") == NULL && tool_arg(args, "lines") == NULL)
		return tool_usage(args, "--entry FILE or --lines FILE is missing");
	code = tool_key_open(args, &key, tool_arg(args, "key"));
	if (code != TOOL_DONE)
		return code;
	code = tool_log_open(args, &log, args->operand, true);
	if (code == TOOL_DONE)
		code = append_with_key(args, &log, &key);
	tool_log_close(&log);
	tool_key_close(&key);
	return code;
}

int tool_log_root(const struct tool_args *args)
{
	struct tool_log log;
	uint64_t        size = 0;
	uint8_t         root32[32];
	aval_error      err = AVAL_ERROR_INIT;
	int             code = tool_log_open(args, &log, args->operand, false);

	size = log.checkpoint.size;
	if (code == TOOL_DONE)
		code = tool_log_verify(args, &log);
	if (code == TOOL_DONE)
		code = tool_count_arg(args, "size", &size);
	if (code == TOOL_DONE && size > log.checkpoint.size)
		code = tool_usage(args, "the log has %llu leaves", (unsigned long long)log.checkpoint.size);
	if (code == TOOL_DONE)
		code = tool_log_open_client(args, &log);
	if (code == TOOL_DONE && aval_tile_client_root(root32, log.client, size, &err) != AVAL_OK)
		code = tool_log_fail(args, &log, log.path, &err);
	if (code == TOOL_DONE)
		code = print_head(args, log.checkpoint.origin, size, root32, NULL);
	tool_log_close(&log);
	return code;
}

/* A source that says on a terminal how far it got. */
struct progress {
	aval_tile_source inner;
	uint64_t         size;
	bool             is_shown;
};

enum { PROGRESS_BUNDLES = 256 };

static aval_status read_with_progress(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile,
                                      void *user_data)
{
	const struct progress *p = user_data;

	if (p->is_shown && tile->is_entries && tile->index % PROGRESS_BUNDLES == PROGRESS_BUNDLES - 1)
		fprintf(stderr, "\r%llu of %llu entries", (unsigned long long)tile->index * AVAL_TILE_WIDTH,
		        (unsigned long long)p->size);
	return p->inner.read(out, len_out, cap, tile, p->inner.user_data);
}

static int recompute(const struct tool_args *args, struct tool_log *log, uint8_t root32_out[32])
{
	struct progress  p = { log->source, log->checkpoint.size, isatty(STDERR_FILENO) == 1 };
	aval_tile_source source = { sizeof source, read_with_progress, &p };
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      status = aval_tile_check_log(root32_out, log->checkpoint.size, &source, NULL, &err);

	if (p.is_shown)
		fputs("\r\033[K", stderr);
	return status == AVAL_OK ? TOOL_DONE : tool_log_fail(args, log, log->path, &err);
}

/* A witness may sign any time; one that has no date here is null. */
static json_t *json_seconds(uint64_t time_s)
{
	return tool_json_time(time_s <= INT64_MAX / 1000 ? (int64_t)time_s * 1000 : AVAL_TIME_NONE);
}

static json_t *json_signature(const aval_note_signature *line, const aval_note_judgement *judgement)
{
	json_t *row = tool_json_object();

	tool_json_set_text(row, "name", line->name);
	tool_json_set_z(row, "verdict", aval_note_verdict_name(judgement->verdict));
	if (judgement->time_s != 0)
		tool_json_set(row, "time", json_seconds(judgement->time_s));
	return row;
}

static void put_signature(const aval_note_signature *line, const aval_note_judgement *judgement)
{
	printf("  %-12s ", aval_note_verdict_name(judgement->verdict));
	tool_put_text(stdout, line->name);
	putchar('\n');
}

/* A named key without a signature is not wrong, but what was asked for is not there either. */
static int find_missing(const struct tool_args *args, const struct tool_log *log, const aval_vkey *vkeys,
                        size_t count)
{
	int code = TOOL_DONE;

	(void)args;
	for (size_t i = 0; i < count; i++) {
		if (aval_signed_note_verify(&log->checkpoint.note, &vkeys[i], NULL) != AVAL_E_SIGNER_MISSING)
			continue;
		tool_say("%s: no signature by %s+%08lx", log->path, vkeys[i].name, (unsigned long)vkeys[i].id);
		code = TOOL_INCOMPLETE;
	}
	return code;
}

/* False where a signature cannot be judged: that was said, and is the whole answer. */
static bool judge_all(int *code_out, const struct tool_args *args, const struct tool_log *log,
                      const aval_vkey *vkeys, size_t count, json_t *rows)
{
	const aval_signed_note *note = &log->checkpoint.note;

	*code_out = find_missing(args, log, vkeys, count);
	for (size_t i = 0; i < note->signature_count; i++) {
		aval_note_signature line;
		aval_note_judgement judgement;
		aval_error          err = AVAL_ERROR_INIT;

		if (aval_signed_note_line(&line, note, i, &err) != AVAL_OK ||
		    aval_signed_note_judge(&judgement, note, i, vkeys, count, &err) != AVAL_OK) {
			*code_out = tool_log_fail(args, log, log->path, &err);
			return false;
		}
		if (judgement.verdict == AVAL_NOTE_INVALID)
			*code_out = TOOL_INVALID;
		if (rows != NULL)
			tool_json_append(rows, json_signature(&line, &judgement));
		else
			put_signature(&line, &judgement);
	}
	return true;
}

static int report(const struct tool_args *args, const struct tool_log *log, const aval_vkey *vkeys,
                  size_t count, const uint8_t root32[32])
{
	const aval_checkpoint *c = &log->checkpoint;
	bool                   agrees = memcmp(root32, c->root32, sizeof c->root32) == 0;
	json_t                *answer = NULL, *rows = NULL;
	int                    code, printed;

	if (args->json) {
		answer = tool_json_object();
		put_head(answer, c->origin, c->size, root32);
		rows = tool_json_add_array(answer, "signatures");
	} else if (print_head(args, c->origin, c->size, root32, NULL) != TOOL_DONE) {
		return TOOL_UNREADABLE;
	}
	if (!judge_all(&code, args, log, vkeys, count, rows)) {
		json_decref(answer);
		return code;
	}
	if (!agrees) {
		tool_say("%s: the entries have another root than the checkpoint says", log->path);
		code = TOOL_INVALID;
	}
	printed = args->json ? tool_json_print(answer) : tool_flush();
	return printed == TOOL_DONE ? code : printed;
}

int tool_log_check(const struct tool_args *args)
{
	struct tool_log log;
	aval_vkey      *vkeys = NULL;
	size_t          count = 0;
	uint8_t         root32[32];
	int             code = tool_vkeys_arg(args, "vkey", &vkeys, &count);

	if (code != TOOL_DONE)
		return code;
	code = tool_log_open(args, &log, args->operand, false);
	if (code == TOOL_DONE)
		code = recompute(args, &log, root32);
	if (code == TOOL_DONE)
		code = report(args, &log, vkeys, count, root32);
	tool_log_close(&log);
	free(vkeys);
	return code;
}
