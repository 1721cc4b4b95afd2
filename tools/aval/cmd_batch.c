/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aval token sign-batch: the drafts of many bundles under one signature. The signed bundles go under their own
 * names into a folder, all of them or none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

/* One bundle: read, signed, written. */
struct item {
	const char      *path;
	const char      *name; /* the last part of path */
	struct tool_file file;
	aval_bundle     *bundle;
	char            *out; /* where it is written; NULL while it is not */
};

struct work {
	const struct tool_args *args;
	struct tool_key         key;
	struct tool_signing     signing;
	char                    own[AVAL_PARTY_KEY_LEN + 1];
	aval_report            *report;
	aval_batch             *batch;
	struct item            *items;
	size_t                  count;
	bool                    made_folder;
};

static int no_memory(const struct work *w)
{
	return tool_fail_text(w->args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "memory", "out of memory");
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct item *const *)a)->name, (*(const struct item *const *)b)->name);
}

/* Two files of one name would be one file in the folder. */
static int check_names(const struct work *w)
{
	const struct item **sorted = malloc(w->count * sizeof *sorted);
	int                 code = TOOL_DONE;

	if (sorted == NULL)
		return no_memory(w);
	for (size_t i = 0; i < w->count; i++)
		sorted[i] = &w->items[i];
	qsort(sorted, w->count, sizeof *sorted, by_name);
	for (size_t i = 1; i < w->count && code == TOOL_DONE; i++)
		if (by_name(&sorted[i - 1], &sorted[i]) == 0)
			code = tool_usage(w->args, "two files are called %s", sorted[i]->name);
	free(sorted);
	return code;
}

static int take_role(struct work *w)
{
	const char *word = tool_arg(w->args, "role");

	if (word == NULL)
		return TOOL_DONE;
	for (int role = 1; aval_role_name((aval_role)role) != NULL; role++) {
		if (strcmp(aval_role_name((aval_role)role), word) != 0)
			continue;
		w->signing.role = (aval_role)role;
		return TOOL_DONE;
	}
	return tool_usage(w->args, "--role: there is no role %s", word);
}

static int begin(struct work *w)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code = take_role(w);

	w->count = w->args->operand_count;
	w->items = calloc(w->count, sizeof *w->items);
	if (w->items == NULL)
		return no_memory(w);
	for (size_t i = 0; i < w->count; i++)
		w->items[i] =
			(struct item){ .path = w->args->operands[i], .name = last_part(w->args->operands[i]) };
	if (code == TOOL_DONE)
		code = check_names(w);
	if (code == TOOL_DONE)
		code = tool_key_open(w->args, &w->key, tool_arg(w->args, "key"));
	if (code != TOOL_DONE)
		return code;
	aval_public_key_party(w->own, &w->key.signer.key);
	w->signing.party = tool_text(tool_arg(w->args, "party"));
	w->signing.own = tool_text(w->own);
	if (aval_report_new(&w->report, NULL, &err) != AVAL_OK ||
	    aval_batch_new(&w->batch, &w->key.signer, NULL, &err) != AVAL_OK)
		return tool_fail_status(w->args, "batch", &err);
	return TOOL_DONE;
}

/* What the batch's signature rests on is put in first: a key is not asked for one that no file could hold. */
static int add_evidence(const struct work *w, const struct item *item)
{
	aval_error err = AVAL_ERROR_INIT;
	size_t     len = 0;
	int        code = tool_add_mandates(w->args, item->bundle);

	if (code == TOOL_DONE)
		code = tool_add_certificates(w->args, item->bundle);
	if (code == TOOL_DONE && aval_bundle_serialize(NULL, &len, item->bundle, &err) == AVAL_E_CERT_MISSING)
		code = tool_fail(w->args, TOOL_REFUSED, item->path, &err);
	return code;
}

/* Nobody signs on top of what is proven wrong. */
static int read_item(struct work *w, struct item *item)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status;
	int         code = tool_read(w->args, &item->file, item->path, AVAL_BUNDLE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_bundle_parse(&item->bundle, item->file.data, item->file.len, NULL, &err) != AVAL_OK)
		return tool_fail(w->args, TOOL_UNREADABLE, item->path, &err);
	status = aval_verify(w->report, item->file.data, item->file.len, NULL, &err);
	if (status != AVAL_OK && status != AVAL_E_VERIFY_INCOMPLETE)
		return tool_fail(w->args, TOOL_REFUSED, item->path, &err);
	code = add_evidence(w, item);
	if (code != TOOL_DONE)
		return code;
	if (!aval_bundle_has_draft(item->bundle))
		return tool_fail_text(w->args, TOOL_REFUSED, AVAL_E_TOKEN_DRAFT, item->path,
		                      "no signature is missing");
	return TOOL_DONE;
}

/* Without --party for its own id, and for those whose mandate lists the key. */
static bool signs_for(const struct work *w, const aval_bundle *bundle, const aval_event *draft,
                      const aval_event_signer *signer)
{
	const struct tool_signing *signing = &w->signing;

	if (signing->role != (aval_role)0 && signing->role != signer->role)
		return false;
	if (signing->party.len > 0)
		return tool_same_text(signer->party, signing->party);
	return tool_same_text(signer->party, signing->own) || tool_has_mandate(bundle, &w->key, draft, signer);
}

static int add_item(struct work *w, const struct item *item)
{
	size_t            index = aval_bundle_event_count(item->bundle) - 1;
	const aval_event *draft = aval_bundle_event(item->bundle, index);
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	aval_error        err = AVAL_ERROR_INIT;
	size_t            before = aval_batch_count(w->batch);

	while (tool_event_next_missing(&signer, &cursor, item->bundle, index))
		if (signs_for(w, item->bundle, draft, &signer) &&
		    aval_batch_add(w->batch, item->bundle, signer.role, signer.party.data, signer.party.len,
		                   &err) != AVAL_OK)
			return tool_fail(w->args, TOOL_REFUSED, item->path, &err);
	if (aval_batch_count(w->batch) > before)
		return TOOL_DONE;
	return tool_fail_text(w->args, TOOL_REFUSED, AVAL_E_SIGNER_KEY, item->path,
	                      w->signing.party.len > 0 ? "the party's signature is not missing"
	                                               : "the key's own id is not missing; say --party");
}

static int sign(struct work *w)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code = TOOL_DONE;

	for (size_t i = 0; i < w->count && code == TOOL_DONE; i++) {
		code = read_item(w, &w->items[i]);
		if (code == TOOL_DONE)
			code = add_item(w, &w->items[i]);
	}
	if (code == TOOL_DONE && aval_batch_sign(w->batch, &err) != AVAL_OK)
		return tool_fail(w->args, TOOL_REFUSED, tool_arg(w->args, "key"), &err);
	return code;
}

static int make_folder(struct work *w)
{
	const char *folder = tool_arg(w->args, "out");
	struct stat s;

	if (mkdir(folder, 0777) == 0) {
		w->made_folder = true;
		return TOOL_DONE;
	}
	if (errno == EEXIST && stat(folder, &s) == 0 && S_ISDIR(s.st_mode))
		return TOOL_DONE;
	return tool_fail_text(w->args, TOOL_UNREADABLE, AVAL_E_IO, folder, "the folder cannot be made");
}

static int write_item(const struct work *w, struct item *item)
{
	const char *folder = tool_arg(w->args, "out");
	size_t      room = strlen(folder) + strlen(item->name) + 2;
	char       *path = malloc(room);
	int         code;

	if (path == NULL)
		return no_memory(w);
	snprintf(path, room, "%s/%s", folder, item->name);
	code = tool_bundle_write(w->args, item->bundle, path);
	if (code == TOOL_DONE)
		item->out = path;
	else
		free(path);
	return code;
}

/* What was written before something failed is taken back. */
static void take_back(const struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->items[i].out != NULL)
			(void)unlink(w->items[i].out);
	if (w->made_folder)
		(void)rmdir(tool_arg(w->args, "out"));
}

static int write_all(struct work *w)
{
	int code = make_folder(w);

	for (size_t i = 0; i < w->count && code == TOOL_DONE; i++)
		code = write_item(w, &w->items[i]);
	if (code != TOOL_DONE)
		take_back(w);
	return code;
}

static const aval_event *event_of(const struct item *item)
{
	return aval_bundle_event(item->bundle, aval_bundle_event_count(item->bundle) - 1);
}

static int say_json(const struct work *w)
{
	json_t *answer = tool_json_object();
	json_t *files;

	tool_json_set(answer, "batch", json_integer((json_int_t)aval_batch_count(w->batch)));
	files = tool_json_add_array(answer, "files");
	for (size_t i = 0; i < w->count; i++) {
		const aval_event *event = event_of(&w->items[i]);
		json_t           *file = tool_json_object();

		tool_json_set_z(file, "file", w->items[i].path);
		tool_json_set_z(file, "out", w->items[i].out);
		tool_json_set_hex(file, "token", event->has_token ? event->token32 : event->id32, 32);
		tool_json_set(
			file, "event",
			tool_event_json(w->items[i].bundle, aval_bundle_event_count(w->items[i].bundle) - 1));
		tool_json_append(files, file);
	}
	return tool_json_print(answer);
}

static int say_done(const struct work *w)
{
	size_t complete = 0;

	if (w->args->json)
		return say_json(w);
	for (size_t i = 0; i < w->count; i++)
		complete += !aval_bundle_has_draft(w->items[i].bundle);
	printf("%zu signatures in one batch; of %zu events %zu are complete\n", aval_batch_count(w->batch),
	       w->count, complete);
	return tool_flush();
}

static void end(struct work *w)
{
	aval_batch_free(w->batch);
	aval_report_free(w->report);
	for (size_t i = 0; w->items != NULL && i < w->count; i++) {
		aval_bundle_free(w->items[i].bundle);
		tool_file_free(&w->items[i].file);
		free(w->items[i].out);
	}
	free(w->items);
	tool_key_close(&w->key);
}

int tool_token_sign_batch(const struct tool_args *args)
{
	struct work w = { .args = args };
	int         code = begin(&w);

	if (code == TOOL_DONE)
		code = sign(&w);
	if (code == TOOL_DONE)
		code = write_all(&w);
	if (code == TOOL_DONE)
		code = say_done(&w);
	end(&w);
	return code;
}
