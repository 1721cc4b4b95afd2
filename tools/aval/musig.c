/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of a MuSig2 session (docs/spec/musig.md#files): session, bundle.aval, perhaps event, and N.nonce
 * and N.partial of each member N. Every file is written under another name first, and none is replaced.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

/* Longer than any part is, so that one in another's place is told from what is none. */
enum { PART_MAX = 256 };

static const char bundle_name[] = "bundle.aval", event_name[] = "event", session_name[] = "session";

static void join(char out[TOOL_MUSIG_PATH], const char *folder, const char *name)
{
	snprintf(out, TOOL_MUSIG_PATH, "%s/%s", folder, name);
}

void tool_musig_path(char path_out[TOOL_MUSIG_PATH], const struct tool_musig *m, size_t index, const char *part)
{
	snprintf(path_out, TOOL_MUSIG_PATH, "%s/%zu.%s", m->path, index, part);
}

/* What is no group is for others to explain; what can be read once only, such as a pipe, is not even opened. */
bool tool_musig_is_group(const char *path)
{
	static const char head[] = "\x83\x70"
				   "aval/musig-group";
	struct tool_file  file;
	struct stat       there;
	aval_error        err = AVAL_ERROR_INIT;
	bool              is_group;

	if (strncmp(path, "pkcs11:", 7) == 0 || stat(path, &there) != 0 || !S_ISREG(there.st_mode))
		return false;
	if (tool_read_part(&file, path, AVAL_MUSIG_GROUP_MAX_LEN, &err) != AVAL_OK)
		return false;
	is_group = file.len >= sizeof head - 1 && memcmp(file.data, head, sizeof head - 1) == 0;
	tool_file_free(&file);
	return is_group;
}

int tool_musig_group_read(const struct tool_args *args, aval_musig_keys **keys_out, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, path, AVAL_MUSIG_GROUP_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_musig_keys_parse(keys_out, file.data, file.len, NULL, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

static int write_into(const struct tool_args *args, const char *folder, const char *name, const uint8_t *data,
                      size_t len)
{
	char path[TOOL_MUSIG_PATH];

	join(path, folder, name);
	return tool_write(args, path, data, len, 0644);
}

static int write_request(const struct tool_args *args, const struct tool_session *s, const char *folder)
{
	uint8_t             data[AVAL_MUSIG_REQUEST_MAX_LEN];
	size_t              len = sizeof data;
	aval_musig_request  request = { sizeof request, { 0 }, (uint64_t)s->role, tool_text(s->party) };
	const aval_entropy *entropy = aval_os_entropy();
	aval_error          err = AVAL_ERROR_INIT;
	aval_status         status = entropy->fill(request.id32, sizeof request.id32, entropy->user_data);

	if (status != AVAL_OK)
		return tool_fail_text(args, TOOL_UNREADABLE, status, "entropy",
		                      "no random bytes are to be had");
	if (aval_musig_request_serialize(data, &len, &request, s->group, &err) != AVAL_OK)
		return tool_fail_status(args, folder, &err);
	return write_into(args, folder, session_name, data, len);
}

/* A draft that nobody has signed is no part of any file; its payload travels beside the bundle. */
static int write_draft(const struct tool_args *args, const struct tool_session *s, const char *folder)
{
	const aval_event *draft = aval_bundle_event(s->bundle, aval_bundle_event_count(s->bundle) - 1);
	int               code = write_into(args, folder, bundle_name, s->file.data, s->file.len);

	if (code == TOOL_DONE && draft->signature_count == 0)
		code = write_into(args, folder, event_name, draft->payload.data, draft->payload.len);
	return code;
}

/* "mandate-0" and so on. */
static void mandate_name(char name[TOOL_MANDATE_NAME], size_t index)
{
	snprintf(name, TOOL_MANDATE_NAME, "mandate-%zu", index);
}

/* Mandates that the bundle shall have travel beside it too. */
static int write_mandates(const struct tool_args *args, const char *folder)
{
	const char *path;
	size_t      cursor = 0, index = 0;
	int         code = TOOL_DONE;

	for (; code == TOOL_DONE && (path = tool_arg_next(args, "mandate", &cursor)) != NULL; index++) {
		struct tool_file file;
		char             name[TOOL_MANDATE_NAME];

		mandate_name(name, index);
		code = tool_read(args, &file, path, AVAL_MANDATE_MAX_LEN);
		if (code != TOOL_DONE)
			return code;
		code = write_into(args, folder, name, file.data, file.len);
		tool_file_free(&file);
	}
	return code;
}

static void remove_folder(const char *folder)
{
	const char *const names[] = { session_name, event_name, bundle_name };
	char              path[TOOL_MUSIG_PATH], name[TOOL_MANDATE_NAME];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		join(path, folder, names[i]);
		(void)unlink(path);
	}
	for (size_t i = 0; i < AVAL_BUNDLE_MAX_MANDATES; i++) {
		mandate_name(name, i);
		join(path, folder, name);
		if (unlink(path) != 0)
			break;
	}
	(void)rmdir(folder);
}

int tool_musig_begin(const struct tool_args *args, struct tool_session *s, const char *folder)
{
	int code;

	if (strlen(folder) > AVAL_OS_PATH_MAX)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_LIMIT, folder, "the path is too long");
	if (mkdir(folder, 0777) != 0)
		return tool_fail_text(args, TOOL_UNREADABLE,
		                      access(folder, F_OK) == 0 ? AVAL_E_EXISTS : AVAL_E_IO, folder,
		                      "the folder cannot be made");
	code = write_draft(args, s, folder);
	if (code == TOOL_DONE)
		code = write_mandates(args, folder);
	/* What is complete has its session file. */
	if (code == TOOL_DONE)
		code = write_request(args, s, folder);
	if (code != TOOL_DONE)
		remove_folder(folder);
	return code;
}

static int add_event(const struct tool_args *args, struct tool_musig *m)
{
	struct tool_file file;
	char             path[TOOL_MUSIG_PATH];
	aval_error       err = AVAL_ERROR_INIT;
	int              code;

	join(path, m->path, event_name);
	if (access(path, F_OK) != 0)
		return TOOL_DONE;
	code = tool_read_regular(args, &file, path, AVAL_EVENT_MAX_LEN);
	if (code != TOOL_DONE)
		return code;
	if (aval_bundle_append(m->s.bundle, file.data, file.len, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_REFUSED, path, &err);
	tool_file_free(&file);
	return code;
}

/* Twice over, since a revocation waits for its grant. */
static int add_mandates(const struct tool_args *args, struct tool_musig *m)
{
	char path[TOOL_MUSIG_PATH], name[TOOL_MANDATE_NAME];
	int  code = TOOL_DONE;

	for (int kind = AVAL_MANDATE_GRANT; kind <= AVAL_MANDATE_REVOCATION; kind++) {
		for (size_t i = 0; code == TOOL_DONE && i < AVAL_BUNDLE_MAX_MANDATES; i++) {
			mandate_name(name, i);
			join(path, m->path, name);
			if (access(path, F_OK) != 0)
				break;
			code = tool_add_mandate(args, m->s.bundle, path, (aval_mandate_kind)kind,
			                        tool_read_regular);
		}
	}
	return code;
}

/* A signer that keeps what it shall sign, and does not sign. */
static aval_status keep_message(uint8_t sig64_out[64], const uint8_t *message, size_t message_len,
                                const uint8_t digest32[32], void *user_data)
{
	struct tool_musig *m = user_data;

	(void)sig64_out;
	(void)digest32;
	m->message = malloc(message_len);
	if (m->message == NULL)
		return AVAL_E_NO_MEMORY;
	memcpy(m->message, message, message_len);
	m->message_len = message_len;
	return AVAL_E_NOT_FOUND;
}

static int find_message(const struct tool_args *args, struct tool_musig *m)
{
	aval_signer signer = { sizeof signer, *aval_musig_keys_aggregate(m->keys), keep_message, m };
	aval_error  err = AVAL_ERROR_INIT;

	if (m->request.role > INT32_MAX)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_MUSIG_FORMAT, m->path,
		                      "the session's role is none");
	(void)!aval_bundle_sign(m->s.bundle, (aval_role)m->request.role, m->request.party.data,
	                        m->request.party.len, &signer, &err);
	if (m->message == NULL)
		return tool_fail(args, TOOL_REFUSED, m->path, &err);
	aval_musig_request_name(m->name32, &m->request, m->keys, m->message, m->message_len);
	return TOOL_DONE;
}

static int read_request(const struct tool_args *args, struct tool_musig *m)
{
	char       path[TOOL_MUSIG_PATH];
	aval_error err = AVAL_ERROR_INIT;
	int        code;

	join(path, m->path, session_name);
	code = tool_read_regular(args, &m->file, path, AVAL_MUSIG_REQUEST_MAX_LEN);
	if (code != TOOL_DONE)
		return code;
	if (aval_musig_request_parse(&m->request, &m->keys, m->file.data, m->file.len, NULL, &err) != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, path, &err);
	m->count = aval_musig_keys_count(m->keys);
	m->members = calloc(m->count, sizeof m->members[0]);
	m->nonces = calloc(m->count, AVAL_MUSIG_PUBLIC_NONCE_LEN);
	if (m->members == NULL || m->nonces == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, path, "out of memory");
	return TOOL_DONE;
}

int tool_musig_open(const struct tool_args *args, struct tool_musig *m, const char *folder)
{
	char path[TOOL_MUSIG_PATH];
	int  code;

	*m = (struct tool_musig){ .path = folder };
	if (strlen(folder) > AVAL_OS_PATH_MAX)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_LIMIT, folder, "the path is too long");
	code = read_request(args, m);
	join(path, folder, bundle_name);
	if (code == TOOL_DONE)
		code = tool_session_open_file(args, &m->s, path, tool_read_regular);
	if (code == TOOL_DONE)
		code = tool_session_check(args, &m->s);
	if (code == TOOL_DONE)
		code = add_event(args, m);
	if (code == TOOL_DONE)
		code = add_mandates(args, m);
	return code == TOOL_DONE ? find_message(args, m) : code;
}

void tool_musig_close(struct tool_musig *m)
{
	aval_musig_session_free(m->session);
	aval_musig_keys_free(m->keys);
	tool_session_close(&m->s);
	tool_file_free(&m->file);
	free(m->message);
	free(m->members);
	free(m->nonces);
	*m = (struct tool_musig){ .path = NULL };
}

void tool_musig_member_party(char party_out[AVAL_PARTY_KEY_LEN + 1], const struct tool_musig *m, size_t index)
{
	aval_public_key_party(party_out, aval_musig_keys_member(m->keys, index));
}

/* A part's file, or why there is none. */
static enum tool_part read_part(struct tool_file *file, aval_error *err, const struct tool_musig *m,
                                size_t index, const char *part, size_t max)
{
	char        path[TOOL_MUSIG_PATH];
	aval_status status;

	tool_musig_path(path, m, index, part);
	status = tool_read_part(file, path, max, err);
	if (status == AVAL_E_NOT_FOUND)
		return PART_ABSENT;
	return status == AVAL_OK ? PART_THERE : PART_FAULTY;
}

static void load_nonce(struct tool_musig *m, size_t index)
{
	struct tool_member *member = &m->members[index];
	struct tool_file    file;

	member->nonce_error = (aval_error)AVAL_ERROR_INIT;
	member->nonce = read_part(&file, &member->nonce_error, m, index, "nonce", PART_MAX);
	if (member->nonce == PART_THERE &&
	    aval_musig_public_nonce_parse(m->nonces + AVAL_MUSIG_PUBLIC_NONCE_LEN * index, file.data, file.len,
	                                  m->name32, index, &member->nonce_error) != AVAL_OK)
		member->nonce = PART_FAULTY;
	tool_file_free(&file);
}

static void load_partial(struct tool_musig *m, size_t index)
{
	struct tool_member *member = &m->members[index];
	aval_error         *err = &member->partial_error;
	struct tool_file    file;

	*err = (aval_error)AVAL_ERROR_INIT;
	member->partial = read_part(&file, err, m, index, "partial", PART_MAX);
	if (member->partial == PART_THERE &&
	    (aval_musig_partial_parse(member->partial32, file.data, file.len, m->name32, index, m->nonces,
	                              m->count, err) != AVAL_OK ||
	     aval_musig_session_verify(m->session, index, member->partial32, err) != AVAL_OK))
		member->partial = PART_FAULTY;
	tool_file_free(&file);
}

static bool has_all_nonces(const struct tool_musig *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->members[i].nonce != PART_THERE)
			return false;
	return true;
}

int tool_musig_load(const struct tool_args *args, struct tool_musig *m)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status;

	for (size_t i = 0; i < m->count; i++)
		load_nonce(m, i);
	if (!has_all_nonces(m))
		return TOOL_DONE;
	status =
		aval_musig_session_new(&m->session, m->keys, m->nonces, m->message, m->message_len, NULL, &err);
	if (status == AVAL_E_MUSIG_NONCE) {
		m->members[err.cause].nonce = PART_FAULTY;
		m->members[err.cause].nonce_error = err;
		return TOOL_DONE;
	}
	if (status != AVAL_OK)
		return tool_fail_status(args, m->path, &err);
	for (size_t i = 0; i < m->count; i++)
		load_partial(m, i);
	return TOOL_DONE;
}

size_t tool_musig_absent(const struct tool_musig *m, bool partials)
{
	size_t absent = 0;

	for (size_t i = 0; i < m->count; i++)
		absent += (partials ? m->members[i].partial : m->members[i].nonce) == PART_ABSENT;
	return absent;
}

/* Each member whose part is faulty, by index and party. */
int tool_musig_blame(const struct tool_args *args, const struct tool_musig *m)
{
	char where[AVAL_PARTY_KEY_LEN + 64], party[AVAL_PARTY_KEY_LEN + 1];
	int  code = TOOL_DONE;

	for (size_t i = 0; i < m->count; i++) {
		const struct tool_member *member = &m->members[i];
		bool                      is_nonce = member->nonce == PART_FAULTY;
		aval_error                err = is_nonce ? member->nonce_error : member->partial_error;

		if (!is_nonce && member->partial != PART_FAULTY)
			continue;
		tool_musig_member_party(party, m, i);
		snprintf(where, sizeof where, "%s of member %zu, %s", is_nonce ? "nonce" : "partial signature",
		         i, party);
		err.where = where;
		if (code == TOOL_DONE)
			code = tool_fail(args, TOOL_INVALID, m->path, &err);
		else
			tool_say("%s: %s: %s: %s", m->path, aval_status_name(err.status), where, err.reason);
	}
	return code;
}
