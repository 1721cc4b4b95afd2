/* SPDX-License-Identifier: Apache-2.0 */
/* aval log: prove that an entry is in a log and that a log only grew, verify it, replay a registry's log. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static int write_proof(const struct tool_args *args, const struct tool_log *log, uint64_t index,
                       const uint8_t *path, size_t path_count)
{
	char       text[AVAL_TLOG_PROOF_MAX_LEN];
	size_t     len = sizeof text;
	aval_error err = AVAL_ERROR_INIT;
	json_t    *answer;
	int        code;

	if (aval_tlog_proof_serialize(text, &len, index, path, path_count, log->note, log->note_len, &err) !=
	    AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	code = tool_write(args, tool_arg(args, "out"), (const uint8_t *)text, len, 0666);
	if (code != TOOL_DONE || !args->json)
		return code;
	answer = tool_json_object();
	tool_json_set_text(answer, "origin", log->checkpoint.origin);
	tool_json_set(answer, "size", json_integer((json_int_t)log->checkpoint.size));
	tool_json_set(answer, "index", json_integer((json_int_t)index));
	tool_json_set(answer, "path", tool_json_path(path, path_count));
	return tool_json_print(answer);
}

static int prove(const struct tool_args *args, struct tool_log *log)
{
	uint64_t   index = 0;
	uint8_t    path[AVAL_MERKLE_MAX_PATH * 32];
	size_t     count = AVAL_MERKLE_MAX_PATH;
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_count_arg(args, "index", &index);

	if (code == TOOL_DONE && index >= log->checkpoint.size)
		return tool_usage(args, "the log has %llu leaves", (unsigned long long)log->checkpoint.size);
	if (code == TOOL_DONE)
		code = tool_log_open_client(args, log);
	if (code != TOOL_DONE)
		return code;
	if (aval_tile_client_prove_inclusion(path, &count, log->client, log->checkpoint.size, index, &err) !=
	    AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	return write_proof(args, log, index, path, count);
}

int tool_log_prove(const struct tool_args *args)
{
	struct tool_log log;
	int             code = tool_log_open(args, &log, args->operand, false);

	if (code == TOOL_DONE)
		code = tool_log_verify(args, &log);
	if (code == TOOL_DONE)
		code = prove(args, &log);
	tool_log_close(&log);
	return code;
}

static json_t *facts_of(const aval_tlog_proof *proof)
{
	json_t *facts = tool_json_object();

	tool_json_set_text(facts, "origin", proof->checkpoint.origin);
	tool_json_set(facts, "size", json_integer((json_int_t)proof->checkpoint.size));
	tool_json_set(facts, "index", json_integer((json_int_t)proof->index));
	return facts;
}

static int verify(const struct tool_args *args, const struct tool_file *file, const struct tool_file *entry,
                  const aval_vkey *vkey, const aval_witness_policy *policy)
{
	aval_tlog_proof proof;
	uint8_t         leaf32[32];
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     status = aval_tlog_proof_parse(&proof, file->data, file->len, &err);

	if (status != AVAL_OK)
		return tool_log_verdict(args, tool_json_object(), status, &err);
	aval_merkle_leaf(leaf32, entry->data, entry->len);
	status = aval_tlog_proof_verify(&proof, leaf32, vkey, policy, &err);
	return tool_log_verdict(args, facts_of(&proof), status, &err);
}

static int policy_arg(const struct tool_args *args, aval_witness_policy *policy, aval_vkey **witnesses_out)
{
	uint64_t threshold = tool_arg_count(args, "witness");
	int      code = tool_count_arg(args, "threshold", &threshold);

	*policy = (aval_witness_policy){ .struct_size = sizeof *policy };
	if (code == TOOL_DONE)
		code = tool_vkeys_arg(args, "witness", witnesses_out, &policy->witness_count);
	if (code != TOOL_DONE)
		return code;
	policy->witnesses = *witnesses_out;
	policy->threshold = (size_t)threshold;
	if (threshold > policy->witness_count)
		return tool_usage(args, "--threshold asks for more witnesses than are named");
	return TOOL_DONE;
}

int tool_log_verify_proof(const struct tool_args *args)
{
	struct tool_file    file = { NULL, NULL, 0 }, entry = { NULL, NULL, 0 };
	aval_witness_policy policy;
	aval_vkey           vkey, *witnesses = NULL;
	int                 code = tool_vkey_parse(args, "vkey", tool_arg(args, "vkey"), &vkey);

	if (code == TOOL_DONE)
		code = policy_arg(args, &policy, &witnesses);
	if (code == TOOL_DONE)
		code = tool_read(args, &file, args->operand, AVAL_TLOG_PROOF_MAX_LEN);
	if (code == TOOL_DONE)
		code = tool_read(args, &entry, tool_arg(args, "entry"), AVAL_TILE_ENTRY_MAX_LEN);
	if (code == TOOL_DONE)
		code = verify(args, &file, &entry, &vkey, &policy);
	tool_file_free(&entry);
	tool_file_free(&file);
	free(witnesses);
	return code;
}

/* The log of an old checkpoint may have been empty: then there is nothing to prove. */
static aval_status prove_growth(uint8_t *path, size_t *count, struct tool_log *log, const aval_checkpoint *old,
                                aval_error *err)
{
	const aval_checkpoint *new = &log->checkpoint;
	aval_status status = AVAL_OK;

	if (old->size == 0 || old->size >= new->size)
		*count = 0;
	else
		status =
			aval_tile_client_prove_consistency(path, count, log->client, old->size, new->size, err);
	if (status == AVAL_OK && old->size == 0)
		return aval_merkle_verify_consistency(old->root32, 0, old->root32, 0, NULL, 0, err);
	return status == AVAL_OK ? aval_merkle_verify_consistency(old->root32, old->size, new->root32,
	                                                          new->size, path, *count, err)
	                         : status;
}

static int compare(const struct tool_args *args, struct tool_log *log, const aval_checkpoint *old)
{
	const aval_checkpoint *new = &log->checkpoint;
	uint8_t    path[AVAL_MERKLE_MAX_PATH * 32];
	size_t     count = AVAL_MERKLE_MAX_PATH;
	aval_error err = AVAL_ERROR_INIT;
	json_t    *answer;

	if (old->origin.len != new->origin.len ||
	    memcmp(old->origin.data, new->origin.data, new->origin.len) != 0)
		return tool_fail_text(args, TOOL_INVALID, AVAL_E_CHECKPOINT_ORIGIN, tool_arg(args, "old"),
		                      "the checkpoint is another log's");
	if (prove_growth(path, &count, log, old, &err) != AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	if (!args->json) {
		printf("consistent: the log of %llu leaves begins with that of %llu\n",
		       (unsigned long long)new->size, (unsigned long long)old->size);
		return tool_flush();
	}
	answer = tool_json_object();
	tool_json_set_text(answer, "origin", new->origin);
	tool_json_set(answer, "old_size", json_integer((json_int_t)old->size));
	tool_json_set(answer, "size", json_integer((json_int_t) new->size));
	tool_json_set(answer, "path", tool_json_path(path, count));
	return tool_json_print(answer);
}

/* With --vkey both checkpoints must be signed by it. */
static int consistency(const struct tool_args *args, struct tool_log *log, struct tool_file *file)
{
	const char     *word = tool_arg(args, "vkey");
	aval_vkey       vkey;
	aval_checkpoint old;
	int             code = word == NULL ? TOOL_DONE : tool_vkey_parse(args, "vkey", word, &vkey);

	if (code == TOOL_DONE)
		code = tool_log_checkpoint(args, &old, file, tool_arg(args, "old"), word == NULL ? NULL : &vkey);
	if (code == TOOL_DONE)
		code = tool_log_verify(args, log);
	if (code == TOOL_DONE)
		code = tool_log_open_client(args, log);
	return code == TOOL_DONE ? compare(args, log, &old) : code;
}

int tool_log_consistency(const struct tool_args *args)
{
	struct tool_file file = { NULL, NULL, 0 };
	struct tool_log  log;
	int              code = tool_log_open(args, &log, args->operand, false);

	if (code == TOOL_DONE)
		code = consistency(args, &log, &file);
	tool_file_free(&file);
	tool_log_close(&log);
	return code;
}

/* Entries from the tiles, deltas from the files beside them: delta/<index>, in the groups of a tile's path. */
struct audit {
	struct tool_log *log;
	uint8_t         *delta;
	aval_error       detail;
};

static aval_status read_delta(struct audit *a, aval_bytes *delta_out, uint64_t index)
{
	aval_tile   tile = { true, 0, index, AVAL_TILE_WIDTH };
	char        tile_path[AVAL_TILE_PATH_ROOM], path[AVAL_OS_PATH_MAX + 1];
	size_t      len = 0;
	aval_status status = aval_tile_path(tile_path, &tile, &a->detail);

	aval_free(a->delta, NULL);
	a->delta = NULL;
	if (status != AVAL_OK)
		return status;
	snprintf(path, sizeof path, "%s/delta%s", a->log->path, strrchr(tile_path, 's') + 1);
	status = aval_os_file_read(&a->delta, &len, path, TOOL_DELTA_MAX_LEN, NULL, &a->detail);
	*delta_out = (aval_bytes){ a->delta, len };
	return status;
}

static aval_status read_audited(aval_bytes *entry_out, aval_bytes *delta_out, uint64_t index, void *user_data)
{
	struct audit *a = user_data;
	aval_entry    entry;
	aval_status   status = aval_tile_client_entry(entry_out, a->log->client, index, &a->detail);

	*delta_out = (aval_bytes){ NULL, 0 };
	/* What is no entry is the audit's to name. */
	if (status != AVAL_OK || aval_entry_parse(&entry, entry_out->data, entry_out->len, NULL) != AVAL_OK ||
	    entry.kind == AVAL_ENTRY_STATE)
		return status;
	return read_delta(a, delta_out, index);
}

static int print_audit(const struct tool_args *args, const struct tool_log *log, const aval_audit *audit)
{
	const aval_map *map = aval_audit_map(audit);
	char            hex[65];
	json_t         *answer;

	tool_hex(hex, map->root32, 32);
	if (!args->json) {
		printf("the %llu entries lead to the map root %s of %llu keys\n",
		       (unsigned long long)log->checkpoint.size, hex, (unsigned long long)map->count);
		return tool_flush();
	}
	answer = tool_json_object();
	tool_json_set_text(answer, "origin", log->checkpoint.origin);
	tool_json_set(answer, "size", json_integer((json_int_t)log->checkpoint.size));
	tool_json_set_root(answer, "root", log->checkpoint.root32);
	tool_json_set_z(answer, "map_root", hex);
	tool_json_set(answer, "keys", json_integer((json_int_t)map->count));
	return tool_json_print(answer);
}

/* The replay could not go on, which says nothing about the log. */
static bool is_no_finding(const aval_error *err)
{
	return err->status == AVAL_E_CALLBACK || err->status == AVAL_E_NO_MEMORY ||
	       (err->status == AVAL_E_LIMIT && strncmp(err->where, "audit.", 6) == 0);
}

static int audit_failed(const struct tool_args *args, const struct audit *a, const aval_audit *audit,
                        const aval_error *err)
{
	char subject[64];

	snprintf(subject, sizeof subject, "entry %llu", (unsigned long long)aval_audit_size(audit));
	if (is_no_finding(err))
		return tool_log_fail(args, a->log, subject, err->status == AVAL_E_CALLBACK ? &a->detail : err);
	return tool_fail(args, TOOL_INVALID, subject, err);
}

static int audit(const struct tool_args *args, struct tool_log *log)
{
	struct audit      a = { log, NULL, AVAL_ERROR_INIT };
	aval_audit_source source = { sizeof source, read_audited, &a };
	aval_audit       *replay;
	aval_error        err = AVAL_ERROR_INIT;
	int               code;

	if (aval_audit_new(&replay, NULL, &err) != AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	if (aval_audit_run(replay, &source, log->checkpoint.size, &err) != AVAL_OK)
		code = audit_failed(args, &a, replay, &err);
	else if (log->checkpoint.size != 0 &&
	         aval_audit_check(replay, log->checkpoint.size, log->checkpoint.root32, &err) != AVAL_OK)
		code = tool_log_fail(args, log, log->path, &err);
	else
		code = print_audit(args, log, replay);
	aval_audit_free(replay);
	aval_free(a.delta, NULL);
	return code;
}

int tool_log_audit(const struct tool_args *args)
{
	struct tool_log log;
	int             code = tool_log_open(args, &log, args->operand, false);

	if (code == TOOL_DONE)
		code = tool_log_verify(args, &log);
	if (code == TOOL_DONE)
		code = tool_log_open_client(args, &log);
	if (code == TOOL_DONE)
		code = audit(args, &log);
	tool_log_close(&log);
	return code;
}
