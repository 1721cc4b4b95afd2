/* SPDX-License-Identifier: Apache-2.0 */
/* aval log evidence: two signed checkpoints that contradict each other, as one file. */
#include <sys/stat.h>

#include "tool.h"

/* A log in a folder, or a checkpoint alone. */
struct side {
	struct tool_log  log;
	struct tool_file file;
	bool             is_folder;
};

static int open_side(const struct tool_args *args, struct side *side, const char *path)
{
	struct stat there;
	aval_error  err = AVAL_ERROR_INIT;
	int         code;

	side->is_folder = stat(path, &there) == 0 && S_ISDIR(there.st_mode);
	if (side->is_folder) {
		code = tool_log_open(args, &side->log, path, false);
		return code == TOOL_DONE ? tool_log_open_client(args, &side->log) : code;
	}
	side->log.path = path;
	code = tool_read(args, &side->file, path, AVAL_SIGNED_NOTE_MAX_LEN);
	if (code != TOOL_DONE)
		return code;
	if (aval_checkpoint_parse(&side->log.checkpoint, side->file.data, side->file.len, &err) != AVAL_OK)
		return tool_log_fail(args, NULL, path, &err);
	return TOOL_DONE;
}

static void close_side(struct side *side)
{
	tool_log_close(&side->log);
	tool_file_free(&side->file);
}

static const uint8_t *note_of(const struct side *side, size_t *len_out)
{
	*len_out = side->is_folder ? side->log.note_len : side->file.len;
	return side->is_folder ? side->log.note : side->file.data;
}

/* What the tree of a side has at an index. */
struct leaf {
	uint8_t            leaf32[32], path[AVAL_MERKLE_MAX_PATH * 32];
	aval_evidence_leaf leaf;
};

static int load_leaf(const struct tool_args *args, struct leaf *leaf, struct side *side, uint64_t index)
{
	aval_tile_client *client = side->log.client;
	size_t            count = AVAL_MERKLE_MAX_PATH;
	aval_error        err = AVAL_ERROR_INIT;

	if (aval_tile_client_node(leaf->leaf32, client, 0, index, &err) != AVAL_OK ||
	    aval_tile_client_prove_inclusion(leaf->path, &count, client, aval_tile_client_size(client), index,
	                                     &err) != AVAL_OK)
		return tool_log_fail(args, &side->log, side->log.path, &err);
	leaf->leaf = (aval_evidence_leaf){ leaf->leaf32, leaf->path, count };
	return TOOL_DONE;
}

static int put(const struct tool_args *args, const aval_vkey *vkey, const struct side sides[2], uint64_t index,
               const struct leaf leaves[2])
{
	bool           has_leaf = sides[0].log.checkpoint.size != sides[1].log.checkpoint.size;
	size_t         len = AVAL_EVIDENCE_MAX_LEN, note_len[2];
	const uint8_t *notes[2] = { note_of(&sides[0], &note_len[0]), note_of(&sides[1], &note_len[1]) };
	static uint8_t out[AVAL_EVIDENCE_MAX_LEN];
	aval_error     err = AVAL_ERROR_INIT;
	aval_status    status;
	json_t        *answer;
	int            code;

	status = aval_evidence_serialize(out, &len, vkey, notes[0], note_len[0], notes[1], note_len[1], index,
	                                 has_leaf ? &leaves[0].leaf : NULL, has_leaf ? &leaves[1].leaf : NULL,
	                                 &err);
	if (status == AVAL_E_EVIDENCE_NONE)
		return tool_fail(args, TOOL_REFUSED, args->operand, &err);
	if (status != AVAL_OK)
		return tool_log_fail(args, NULL, args->operand, &err);
	code = tool_write(args, tool_arg(args, "out"), out, len, 0666);
	if (code != TOOL_DONE || !args->json)
		return code;
	answer = tool_json_object();
	tool_json_set_z(answer, "kind",
	                aval_evidence_kind_name(has_leaf ? AVAL_EVIDENCE_LEAF : AVAL_EVIDENCE_ROOT));
	tool_json_set_z(answer, "origin", vkey->name);
	if (has_leaf)
		tool_json_set(answer, "index", json_integer((json_int_t)index));
	return tool_json_print(answer);
}

/* Between different sizes the leaf that differs is looked for, in the tiles of both. */
static int find_leaves(const struct tool_args *args, struct side sides[2], struct leaf leaves[2],
                       uint64_t *index_out)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status;
	int         code;

	if (sides[0].log.checkpoint.size == sides[1].log.checkpoint.size)
		return TOOL_DONE;
	if (!sides[0].is_folder || !sides[1].is_folder)
		return tool_usage(args,
		                  "the checkpoints are of different sizes: name the folders of both logs");
	status = aval_evidence_find_leaf(index_out, sides[0].log.client, sides[1].log.client, &err);
	if (status == AVAL_E_EVIDENCE_NONE)
		return tool_fail(args, TOOL_REFUSED, args->operand, &err);
	if (status != AVAL_OK)
		return tool_log_fail(args, &sides[0].log, args->operand, &err);
	code = load_leaf(args, &leaves[0], &sides[0], *index_out);
	return code == TOOL_DONE ? load_leaf(args, &leaves[1], &sides[1], *index_out) : code;
}

int tool_log_evidence(const struct tool_args *args)
{
	struct side sides[2] = { { .file = { NULL, NULL, 0 } }, { .file = { NULL, NULL, 0 } } };
	struct leaf leaves[2];
	uint64_t    index = 0;
	aval_vkey   vkey;
	int         code = tool_vkey_parse(args, "vkey", tool_arg(args, "vkey"), &vkey);

	if (code == TOOL_DONE)
		code = open_side(args, &sides[0], args->operand);
	if (code == TOOL_DONE)
		code = open_side(args, &sides[1], tool_arg(args, "other"));
	if (code == TOOL_DONE)
		code = find_leaves(args, sides, leaves, &index);
	if (code == TOOL_DONE)
		code = put(args, &vkey, sides, index, leaves);
	close_side(&sides[1]);
	close_side(&sides[0]);
	return code;
}
