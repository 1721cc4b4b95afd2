/* SPDX-License-Identifier: Apache-2.0 */
/* What the log commands share: a log in a folder, keys of logs and witnesses, counts, roots as text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* What a file or a proof is, against what could not be read or told. */
int tool_log_code(aval_status status)
{
	if (status == AVAL_E_SIGNER_MISSING || status == AVAL_E_CHECKPOINT_WITNESSES ||
	    status == AVAL_E_UNSUPPORTED)
		return TOOL_INCOMPLETE;
	if ((status <= AVAL_E_PROOF_LENGTH && status >= AVAL_E_PROOF_FORMAT) ||
	    status == AVAL_E_SIGNATURE_INVALID)
		return TOOL_INVALID;
	if (status <= AVAL_E_CHECKPOINT_FORMAT && status >= AVAL_E_TILE_LENGTH)
		return TOOL_INVALID;
	if (status <= AVAL_E_MAP_KIND && status > -320)
		return TOOL_INVALID;
	return status == AVAL_E_CALLBACK || status == AVAL_E_LOG_BUSY ? TOOL_UNREADABLE : tool_code(status);
}

int tool_log_fail(const struct tool_args *args, const struct tool_log *log, const char *subject,
                  const aval_error *err)
{
	const aval_error *folder =
		log != NULL && log->folder != NULL ? aval_log_folder_error(log->folder) : NULL;

	/* A source or sink that failed is the folder, which knows why. */
	if (err->status == AVAL_E_CALLBACK && folder != NULL && folder->status != AVAL_OK)
		err = folder;
	return tool_fail(args, tool_log_code(err->status), subject, err);
}

/* That a key is a point of the curve is asked here: else the log or the proof would get the blame. */
static aval_status parse_vkey(aval_vkey *vkey_out, const char *word, aval_error *err)
{
	aval_public_key key;
	aval_status     status = aval_vkey_parse(vkey_out, word, strlen(word), err);

	if (status == AVAL_OK && vkey_out->type == AVAL_VKEY_ECDSA)
		status = aval_public_key_from_point(&key, AVAL_ALG_ESP256, vkey_out->key, err);
	return status;
}

int tool_vkey_parse(const struct tool_args *args, const char *option, const char *word, aval_vkey *vkey_out)
{
	aval_error err = AVAL_ERROR_INIT;

	if (parse_vkey(vkey_out, word, &err) != AVAL_OK)
		return tool_usage(args, "--%s is no verifier key: %s", option, err.reason);
	return TOOL_DONE;
}

int tool_vkeys_arg(const struct tool_args *args, const char *option, aval_vkey **vkeys_out, size_t *count_out)
{
	size_t      count = tool_arg_count(args, option), cursor = 0;
	aval_vkey  *vkeys = calloc(count + 1, sizeof *vkeys);
	const char *word;
	int         code = TOOL_DONE;

	if (vkeys == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, option, "out of memory");
	for (size_t i = 0; code == TOOL_DONE && (word = tool_arg_next(args, option, &cursor)) != NULL; i++)
		code = tool_vkey_parse(args, option, word, &vkeys[i]);
	if (code != TOOL_DONE) {
		free(vkeys);
		return code;
	}
	*vkeys_out = vkeys;
	*count_out = count;
	return TOOL_DONE;
}

int tool_count_arg(const struct tool_args *args, const char *option, uint64_t *count_out)
{
	const char        *word = tool_arg(args, option);
	char              *end;
	unsigned long long count;

	if (word == NULL)
		return TOOL_DONE;
	errno = 0;
	count = strtoull(word, &end, 10);
	if (*word < '0' || *word > '9' || *end != '\0' || errno != 0 || count > INT64_MAX)
		return tool_usage(args, "--%s is a number below 2^63, not %s", option, word);
	*count_out = count;
	return TOOL_DONE;
}

void tool_base64(char out[TOOL_ROOT_LEN + 1], const uint8_t data32[32])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t            at = 0;

	for (size_t i = 0; i < 32; i += 3) {
		uint32_t three = (uint32_t)data32[i] << 16 | (uint32_t)data32[i + 1] << 8 |
		                 (i + 2 < 32 ? data32[i + 2] : 0);

		for (int shift = 18; shift >= 0; shift -= 6)
			out[at++] = digits[three >> shift & 63];
	}
	out[TOOL_ROOT_LEN - 1] = '=';
	out[TOOL_ROOT_LEN] = '\0';
}

void tool_json_set_root(json_t *object, const char *key, const uint8_t root32[32])
{
	char text[TOOL_ROOT_LEN + 1];

	tool_base64(text, root32);
	tool_json_set_z(object, key, text);
}

json_t *tool_json_path(const uint8_t *path, size_t count)
{
	json_t *array = json_array();
	char    text[TOOL_ROOT_LEN + 1];

	for (size_t i = 0; i < count; i++) {
		tool_base64(text, path + 32 * i);
		tool_json_append(array, tool_json_text(tool_text(text)));
	}
	return array;
}

int tool_log_open(const struct tool_args *args, struct tool_log *log, const char *path, bool to_write)
{
	aval_error err = AVAL_ERROR_INIT;

	*log = (struct tool_log){ .path = path };
	if (aval_log_folder_open(&log->folder, path, to_write, NULL, &err) != AVAL_OK ||
	    aval_log_folder_checkpoint(&log->note, &log->note_len, log->folder, NULL, &err) != AVAL_OK ||
	    aval_checkpoint_parse(&log->checkpoint, log->note, log->note_len, &err) != AVAL_OK)
		return tool_log_fail(args, log, path, &err);
	aval_log_folder_source(&log->source, log->folder);
	return TOOL_DONE;
}

int tool_log_open_client(const struct tool_args *args, struct tool_log *log)
{
	aval_error err = AVAL_ERROR_INIT;

	if (aval_tile_client_new(&log->client, log->checkpoint.size, log->checkpoint.root32, &log->source, NULL,
	                         &err) != AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	return TOOL_DONE;
}

void tool_log_close(struct tool_log *log)
{
	aval_tile_client_free(log->client);
	aval_free(log->note, NULL);
	aval_log_folder_free(log->folder);
	*log = (struct tool_log){ .path = log->path };
}

/* With --vkey, that the checkpoint is signed by it. */
int tool_log_verify(const struct tool_args *args, const struct tool_log *log)
{
	const char *word = tool_arg(args, "vkey");
	aval_vkey   vkey;
	aval_error  err = AVAL_ERROR_INIT;
	int         code;

	if (word == NULL)
		return TOOL_DONE;
	code = tool_vkey_parse(args, "vkey", word, &vkey);
	if (code == TOOL_DONE && aval_checkpoint_verify(&log->checkpoint, &vkey, NULL, &err) != AVAL_OK)
		return tool_log_fail(args, log, log->path, &err);
	return code;
}

int tool_log_vkey_of(const struct tool_args *args, aval_vkey *vkey_out, const aval_public_key *key,
                     aval_text origin)
{
	uint8_t    point65[65];
	aval_error err = AVAL_ERROR_INIT;

	if (aval_public_key_alg(key) != AVAL_ALG_ESP256)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_COSE_ALGORITHM, tool_arg(args, "key"),
		                      "the key of a log is on P-256: aval key new --alg esp256");
	aval_public_key_point(point65, key);
	if (aval_vkey_from_p256(vkey_out, origin.data, origin.len, point65, &err) != AVAL_OK)
		return tool_fail(args, TOOL_USAGE, "origin", &err);
	return TOOL_DONE;
}

int tool_log_own(const struct tool_args *args, const struct tool_log *log, const struct tool_key *key)
{
	aval_vkey  vkey;
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_log_vkey_of(args, &vkey, &key->signer.key, log->checkpoint.origin);

	if (code == TOOL_DONE && aval_checkpoint_verify(&log->checkpoint, &vkey, NULL, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, log->path, &err);
	return code;
}

int tool_log_checkpoint(const struct tool_args *args, aval_checkpoint *checkpoint_out, struct tool_file *file,
                        const char *path, const aval_vkey *vkey)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_read(args, file, path, AVAL_SIGNED_NOTE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_checkpoint_parse(checkpoint_out, file->data, file->len, &err) != AVAL_OK ||
	    (vkey != NULL && aval_checkpoint_verify(checkpoint_out, vkey, NULL, &err) != AVAL_OK))
		return tool_log_fail(args, NULL, path, &err);
	return TOOL_DONE;
}

static const char *result_name(int code)
{
	return code == TOOL_DONE ? "valid" : code == TOOL_INCOMPLETE ? "incomplete" : "invalid";
}

int tool_log_verdict(const struct tool_args *args, json_t *facts, aval_status status, const aval_error *err)
{
	int     code = status == AVAL_OK ? TOOL_DONE : tool_log_code(status), printed;
	json_t *answer;

	if (status == AVAL_E_NO_MEMORY || status == AVAL_E_CALLBACK) {
		json_decref(facts);
		return tool_fail(args, code, args->operand, err);
	}
	/* The file was read, so whatever is wrong is wrong with what it says. */
	if (status != AVAL_OK && code != TOOL_INCOMPLETE)
		code = TOOL_INVALID;
	if (status != AVAL_OK)
		tool_say("%s: %s: %s: %s", args->operand, aval_status_name(status), err->where, err->reason);
	if (!args->json) {
		json_decref(facts);
		puts(result_name(code));
		printed = tool_flush();
		return printed == TOOL_DONE ? code : printed;
	}
	answer = tool_json_object();
	tool_json_set_z(answer, "result", result_name(code));
	tool_json_set_z(answer, "status", aval_status_name(status));
	tool_json_set_z(answer, "where", status == AVAL_OK ? "" : err->where);
	tool_json_set_z(answer, "reason", status == AVAL_OK ? "" : err->reason);
	if (json_object_update(answer, facts) != 0)
		tool_say("out of memory");
	json_decref(facts);
	printed = tool_json_print(answer);
	return printed == TOOL_DONE ? code : printed;
}
