/* SPDX-License-Identifier: Apache-2.0 */
/* aval log receipt, verify-receipt: COSE Receipts (RFC 9942) of a log, signed by its key, and those of other
 * logs. */
#include <string.h>

#include "tool.h"

/* Room for a receipt made here: a path of 64 hashes and less than 256 bytes around it. */
enum { MADE_MAX_LEN = 64 * 34 + 256 };

static int one_of(const struct tool_args *args, const char *a, const char *b)
{
	if ((tool_arg(args, a) == NULL) == (tool_arg(args, b) == NULL))
		return tool_usage(args, "either --%s or --%s is needed", a, b);
	return TOOL_DONE;
}

static int write_receipt(const struct tool_args *args, const struct tool_log *log, const uint8_t *receipt,
                         size_t len, const char *kind, const char *what, uint64_t number)
{
	int     code = tool_write(args, tool_arg(args, "out"), receipt, len, 0666);
	json_t *answer;

	if (code != TOOL_DONE || !args->json)
		return code;
	answer = tool_json_object();
	tool_json_set_z(answer, "kind", kind);
	tool_json_set_text(answer, "origin", log->checkpoint.origin);
	tool_json_set(answer, "size", json_integer((json_int_t)log->checkpoint.size));
	tool_json_set(answer, what, json_integer((json_int_t)number));
	return tool_json_print(answer);
}

static int signing_failed(const struct tool_args *args, const struct tool_log *log, const struct tool_key *key,
                          const aval_error *err)
{
	if (err->status == AVAL_E_CALLBACK &&
	    (log->folder == NULL || aval_log_folder_error(log->folder)->status == AVAL_OK))
		return tool_key_fail(args, key, log->path, err);
	return tool_log_fail(args, log, log->path, err);
}

static int sign_inclusion(const struct tool_args *args, struct tool_log *log, const struct tool_key *key)
{
	const aval_checkpoint *c = &log->checkpoint;
	uint8_t                leaf32[32], path[AVAL_MERKLE_MAX_PATH * 32], out[MADE_MAX_LEN];
	size_t                 count = AVAL_MERKLE_MAX_PATH, len = sizeof out;
	uint64_t               index = 0;
	aval_error             err = AVAL_ERROR_INIT;
	int                    code = tool_count_arg(args, "index", &index);

	if (code != TOOL_DONE)
		return code;
	if (index >= c->size)
		return tool_usage(args, "the log has %llu leaves", (unsigned long long)c->size);
	if (aval_tile_client_node(leaf32, log->client, 0, index, &err) != AVAL_OK ||
	    aval_tile_client_prove_inclusion(path, &count, log->client, c->size, index, &err) != AVAL_OK ||
	    aval_receipt_sign_inclusion(out, &len, c, index, leaf32, path, count, &key->signer, &err) !=
	            AVAL_OK)
		return signing_failed(args, log, key, &err);
	return write_receipt(args, log, out, len, "inclusion", "index", index);
}

static int sign_growth(const struct tool_args *args, struct tool_log *log, const struct tool_key *key,
                       const aval_checkpoint *old)
{
	const aval_checkpoint *c = &log->checkpoint;
	uint8_t                path[AVAL_MERKLE_MAX_PATH * 32], out[MADE_MAX_LEN];
	size_t                 count = 0, len = sizeof out;
	aval_error             err = AVAL_ERROR_INIT;

	if (old->size >= 1 && old->size < c->size) {
		count = AVAL_MERKLE_MAX_PATH;
		if (aval_tile_client_prove_consistency(path, &count, log->client, old->size, c->size, &err) !=
		    AVAL_OK)
			return tool_log_fail(args, log, log->path, &err);
	}
	if (aval_receipt_sign_consistency(out, &len, c, old->size, old->root32, path, count, &key->signer,
	                                  &err) != AVAL_OK)
		return signing_failed(args, log, key, &err);
	return write_receipt(args, log, out, len, "consistency", "old_size", old->size);
}

/* The earlier checkpoint is the log's own: what its key never signed gets no receipt. */
static int sign_consistency(const struct tool_args *args, struct tool_log *log, const struct tool_key *key)
{
	struct tool_file file = { NULL, NULL, 0 };
	aval_checkpoint  old;
	aval_vkey        vkey;
	int              code = tool_log_vkey_of(args, &vkey, &key->signer.key, log->checkpoint.origin);

	if (code == TOOL_DONE)
		code = tool_log_checkpoint(args, &old, &file, tool_arg(args, "old"), &vkey);
	if (code == TOOL_DONE)
		code = sign_growth(args, log, key, &old);
	tool_file_free(&file);
	return code;
}

int tool_log_receipt(const struct tool_args *args)
{
	struct tool_log log;
	struct tool_key key;
	int             code = one_of(args, "index", "old");

	if (code != TOOL_DONE)
		return code;
	code = tool_key_open(args, &key, tool_arg(args, "key"));
	if (code != TOOL_DONE)
		return code;
	code = tool_log_open(args, &log, args->operand, false);
	if (code == TOOL_DONE)
		code = tool_log_own(args, &log, &key);
	if (code == TOOL_DONE)
		code = tool_log_open_client(args, &log);
	if (code == TOOL_DONE)
		code = tool_arg(args, "index") != NULL ? sign_inclusion(args, &log, &key)
		                                       : sign_consistency(args, &log, &key);
	tool_log_close(&log);
	tool_key_close(&key);
	return code;
}

/* What a receipt is verified with. */
struct known {
	aval_vkey        vkey;
	struct tool_file receipt, entry, old_file, checkpoint_file;
	aval_checkpoint  old, checkpoint;
	bool             has_checkpoint;
	uint64_t         number;
};

/* Numbers of a receipt are any of 64 bits; what no log has is null. */
static json_t *json_size(uint64_t number)
{
	return number <= INT64_MAX ? json_integer((json_int_t)number) : json_null();
}

static json_t *facts_of(const struct tool_args *args, const aval_receipt *receipt, const struct known *k)
{
	json_t                  *facts = tool_json_object();
	aval_receipt_inclusion   inclusion = aval_receipt_inclusion_at(receipt, (size_t)k->number);
	aval_receipt_consistency growth = aval_receipt_consistency_at(receipt, (size_t)k->number);
	bool                     is_inclusion = tool_arg(args, "entry") != NULL;

	tool_json_set_z(facts, "kind", is_inclusion ? "inclusion" : "consistency");
	tool_json_set(facts, "size", json_size(is_inclusion ? inclusion.size : growth.new_size));
	tool_json_set(facts, is_inclusion ? "index" : "old_size",
	              json_size(is_inclusion ? inclusion.index : growth.old_size));
	tool_json_set(facts, "bound", json_boolean(k->has_checkpoint));
	return facts;
}

static int verify_receipt(const struct tool_args *args, const struct known *k)
{
	const aval_checkpoint *checkpoint = k->has_checkpoint ? &k->checkpoint : NULL;
	bool                   is_inclusion = tool_arg(args, "entry") != NULL;
	aval_receipt           receipt;
	uint8_t                hash32[32];
	aval_error             err = AVAL_ERROR_INIT;
	aval_status            status = aval_receipt_parse(&receipt, k->receipt.data, k->receipt.len, &err);

	if (status != AVAL_OK)
		return tool_log_verdict(args, tool_json_object(), status, &err);
	if (k->number >= (is_inclusion ? receipt.inclusion_count : receipt.consistency_count))
		return tool_usage(args, "%s has %zu proofs of inclusion and %zu of consistency", args->operand,
		                  receipt.inclusion_count, receipt.consistency_count);
	if (is_inclusion) {
		aval_merkle_leaf(hash32, k->entry.data, k->entry.len);
		status = aval_receipt_verify_inclusion(&receipt, (size_t)k->number, hash32, &k->vkey,
		                                       checkpoint, &err);
	} else {
		status = aval_receipt_verify_consistency(hash32, &receipt, (size_t)k->number, k->old.size,
		                                         k->old.root32, &k->vkey, checkpoint, &err);
	}
	return tool_log_verdict(args, facts_of(args, &receipt, k), status, &err);
}

static int read_known(const struct tool_args *args, struct known *k)
{
	int code = tool_vkey_parse(args, "vkey", tool_arg(args, "vkey"), &k->vkey);

	if (code == TOOL_DONE)
		code = one_of(args, "entry", "old");
	if (code == TOOL_DONE)
		code = tool_count_arg(args, "proof", &k->number);
	if (code == TOOL_DONE)
		code = tool_read(args, &k->receipt, args->operand, AVAL_RECEIPT_MAX_LEN);
	if (code == TOOL_DONE && tool_arg(args, "entry") != NULL)
		code = tool_read(args, &k->entry, tool_arg(args, "entry"), AVAL_TILE_ENTRY_MAX_LEN);
	if (code == TOOL_DONE && tool_arg(args, "old") != NULL)
		code = tool_log_checkpoint(args, &k->old, &k->old_file, tool_arg(args, "old"), &k->vkey);
	k->has_checkpoint = tool_arg(args, "checkpoint") != NULL;
	if (code == TOOL_DONE && k->has_checkpoint)
		code = tool_log_checkpoint(args, &k->checkpoint, &k->checkpoint_file,
		                           tool_arg(args, "checkpoint"), &k->vkey);
	return code;
}

int tool_log_verify_receipt(const struct tool_args *args)
{
	struct known k = { .number = 0 };
	int          code = read_known(args, &k);

	if (code == TOOL_DONE)
		code = verify_receipt(args, &k);
	tool_file_free(&k.checkpoint_file);
	tool_file_free(&k.old_file);
	tool_file_free(&k.entry);
	tool_file_free(&k.receipt);
	return code;
}
