/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aval musig sign: one officer's part of a session, both rounds in one process, since the secret nonce must not
 * leave it. Where the process gives up before it has signed, it takes its public nonce back, so that it may
 * begin anew.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

enum { DEFAULT_WAIT_S = 600, MAX_WAIT_S = 604800, POLL_MS = 50 };

/* A key that is in the group more than once signs as often. */
struct officer {
	struct tool_musig *m;
	aval_secret_key   *key;
	size_t             count; /* seats */
	size_t             seats[AVAL_MUSIG_MAX_MEMBERS];
	aval_musig_nonce  *nonces[AVAL_MUSIG_MAX_MEMBERS];
	uint8_t            public_nonces[AVAL_MUSIG_MAX_MEMBERS][AVAL_MUSIG_PUBLIC_NONCE_LEN];
	size_t             shown; /* nonces that were written */
	size_t             signed_count;
};

static int find_seats(const struct tool_args *args, struct officer *o)
{
	for (size_t i = 0; i < o->m->count; i++)
		if (memcmp(aval_musig_keys_member(o->m->keys, i), aval_secret_key_public(o->key),
		           sizeof(aval_public_key)) == 0)
			o->seats[o->count++] = i;
	if (o->count == 0)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_MUSIG_KEY, tool_arg(args, "key"),
		                      "not a key of the session's group");
	return TOOL_DONE;
}

static int fail_reused(const struct tool_args *args, const char *path)
{
	return tool_fail_text(
		args, TOOL_REFUSED, AVAL_E_NONCE_REUSED, path,
		"this key has its part in the session already; one that was broken off is begun anew by all");
}

static int check_unused(const struct tool_args *args, const struct officer *o)
{
	static const char *const parts[] = { "nonce", "partial" };
	char                     path[TOOL_MUSIG_PATH];

	for (size_t i = 0; i < 2 * o->count; i++) {
		tool_musig_path(path, o->m, o->seats[i / 2], parts[i % 2]);
		if (access(path, F_OK) == 0)
			return fail_reused(args, path);
	}
	return TOOL_DONE;
}

/* Of two processes of one key one gets the name. */
static int write_nonce(const struct tool_args *args, struct officer *o, size_t i)
{
	uint8_t     data[AVAL_MUSIG_NONCE_FILE_LEN];
	size_t      len = sizeof data;
	char        path[TOOL_MUSIG_PATH];
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_musig_public_nonce_serialize(data, &len, o->m->name32, o->seats[i],
	                                                       o->public_nonces[i], &err);

	tool_musig_path(path, o->m, o->seats[i], "nonce");
	if (status == AVAL_OK)
		status = aval_os_file_write_new(path, data, len, 0644, &err);
	if (status == AVAL_E_EXISTS)
		return fail_reused(args, path);
	if (status != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, path, &err);
	o->shown++;
	return TOOL_DONE;
}

static int show_nonces(const struct tool_args *args, struct officer *o)
{
	const struct tool_musig *m = o->m;
	aval_error               err = AVAL_ERROR_INIT;
	int                      code = TOOL_DONE;

	for (size_t i = 0; code == TOOL_DONE && i < o->count; i++) {
		if (aval_musig_nonce_new(&o->nonces[i], o->public_nonces[i], m->keys, o->key, m->message,
		                         m->message_len, m->name32, sizeof m->name32, NULL, &err) != AVAL_OK)
			return tool_fail_status(args, m->path, &err);
		code = write_nonce(args, o, i);
	}
	return code;
}

/* Whether the file is still the one that was written here. */
static bool is_own(const struct officer *o, size_t i, const char *path)
{
	uint8_t          public_nonce[AVAL_MUSIG_PUBLIC_NONCE_LEN];
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	aval_status      status = tool_read_part(&file, path, AVAL_MUSIG_NONCE_FILE_LEN, &err);

	if (status != AVAL_OK)
		return false;
	status = aval_musig_public_nonce_parse(public_nonce, file.data, file.len, o->m->name32, o->seats[i], &err);
	tool_file_free(&file);
	return status == AVAL_OK && memcmp(public_nonce, o->public_nonces[i], sizeof public_nonce) == 0;
}

static void take_nonces_back(struct officer *o)
{
	char path[TOOL_MUSIG_PATH];

	for (size_t i = 0; o->signed_count == 0 && i < o->shown; i++) {
		tool_musig_path(path, o->m, o->seats[i], "nonce");
		if (is_own(o, i, path))
			(void)unlink(path);
	}
}

static bool all_nonces_there(const struct tool_musig *m)
{
	char path[TOOL_MUSIG_PATH];

	for (size_t i = 0; i < m->count; i++) {
		tool_musig_path(path, m, i, "nonce");
		if (access(path, F_OK) != 0)
			return false;
	}
	return true;
}

static int64_t now_ms(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int wait_for_nonces(const struct tool_args *args, const struct tool_musig *m, uint64_t wait_s)
{
	const struct timespec pause = { 0, POLL_MS * 1000000 };
	int64_t               end = now_ms() + (int64_t)wait_s * 1000;

	while (!all_nonces_there(m)) {
		if (now_ms() >= end)
			return tool_fail_text(
				args, TOOL_INCOMPLETE, AVAL_E_MUSIG_MISSING, m->path,
				"not every member's nonce came in time; the own one was taken back");
		(void)nanosleep(&pause, NULL);
	}
	return TOOL_DONE;
}

static int write_partial(const struct tool_args *args, struct officer *o, size_t i)
{
	struct tool_musig *m = o->m;
	uint8_t            partial32[AVAL_MUSIG_PARTIAL_LEN], data[AVAL_MUSIG_PART_FILE_LEN];
	size_t             len = sizeof data;
	char               path[TOOL_MUSIG_PATH];
	aval_error         err = AVAL_ERROR_INIT;

	if (aval_musig_session_sign(partial32, m->session, o->nonces[i], o->key, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, m->path, &err);
	o->signed_count++;
	tool_musig_path(path, m, o->seats[i], "partial");
	if (aval_musig_partial_serialize(data, &len, m->name32, o->seats[i], m->nonces, m->count, partial32,
	                                 &err) != AVAL_OK)
		return tool_fail_status(args, m->path, &err);
	return tool_write(args, path, data, len, 0644);
}

/* What the member must find out of order before it signs: others' files that are no nonces of this session. */
static int sign_seats(const struct tool_args *args, struct officer *o)
{
	int code = tool_musig_load(args, o->m);

	if (code == TOOL_DONE)
		code = tool_musig_blame(args, o->m);
	if (code == TOOL_DONE && o->m->session == NULL)
		return tool_fail_text(args, TOOL_INCOMPLETE, AVAL_E_MUSIG_MISSING, o->m->path,
		                      "a nonce was taken back");
	for (size_t i = 0; code == TOOL_DONE && i < o->count; i++)
		code = write_partial(args, o, i);
	return code;
}

static int print_seats(const struct tool_args *args, const struct officer *o)
{
	json_t *answer, *members;

	if (!args->json) {
		for (size_t i = 0; i < o->count; i++)
			printf("signed as member %zu of %zu\n", o->seats[i], o->m->count);
		return tool_flush();
	}
	answer = tool_json_object();
	tool_json_set_hex(answer, "session", o->m->name32, 32);
	members = tool_json_add_array(answer, "members");
	for (size_t i = 0; i < o->count; i++)
		tool_json_append(members, json_integer((json_int_t)o->seats[i]));
	return tool_json_print(answer);
}

static int take_part(const struct tool_args *args, struct officer *o, uint64_t wait_s)
{
	int code = find_seats(args, o);

	if (code == TOOL_DONE)
		code = check_unused(args, o);
	if (code == TOOL_DONE)
		code = show_nonces(args, o);
	if (code == TOOL_DONE)
		code = wait_for_nonces(args, o->m, wait_s);
	if (code == TOOL_DONE)
		code = sign_seats(args, o);
	if (code != TOOL_DONE)
		take_nonces_back(o);
	return code == TOOL_DONE ? print_seats(args, o) : code;
}

static int check_words(const struct tool_args *args, uint64_t *wait_s_out)
{
	int code = tool_count_arg(args, "wait", wait_s_out);

	if (code != TOOL_DONE)
		return code;
	if (*wait_s_out > MAX_WAIT_S)
		return tool_usage(args, "--wait is at most %d seconds", (int)MAX_WAIT_S);
	if (strncmp(tool_arg(args, "key"), "pkcs11:", 7) == 0)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_UNSUPPORTED, "--key", "PKCS#11 has no MuSig2");
	return TOOL_DONE;
}

/* Whoever may write into the folder may exchange what is in it between a look and a signature. */
static int check_session(const struct tool_args *args, const struct tool_musig *m)
{
	const char *word = tool_arg(args, "session");
	uint8_t     name32[32];

	if (word == NULL)
		return TOOL_DONE;
	if (!tool_hex_parse(name32, sizeof name32, tool_text(word)))
		return tool_usage(args, "--session is 64 hexadecimal digits, not %s", word);
	if (memcmp(name32, m->name32, sizeof name32) != 0)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_MUSIG_SESSION, m->path,
		                      "another session than the one that was looked at");
	return TOOL_DONE;
}

int tool_musig_sign(const struct tool_args *args)
{
	static struct officer o;
	struct tool_musig     m = { .path = NULL };
	uint64_t              wait_s = DEFAULT_WAIT_S;
	int                   code = check_words(args, &wait_s);

	o = (struct officer){ .m = &m };
	if (code == TOOL_DONE)
		code = tool_key_read(args, &o.key, tool_arg(args, "key"));
	if (code == TOOL_DONE)
		code = tool_musig_open(args, &m, args->operand);
	if (code == TOOL_DONE)
		code = check_session(args, &m);
	if (code == TOOL_DONE)
		code = take_part(args, &o, wait_s);
	for (size_t i = 0; i < o.count; i++)
		aval_musig_nonce_free(o.nonces[i]);
	aval_secret_key_free(o.key);
	tool_musig_close(&m);
	return code;
}
