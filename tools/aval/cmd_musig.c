/* SPDX-License-Identifier: Apache-2.0 */
/* aval musig: make a group of keys, begin a session, show how far it is, finish it. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static int take_cose_key(const struct tool_args *args, aval_public_key *key_out, const char *subject,
                         const uint8_t *data, size_t len)
{
	aval_error err = AVAL_ERROR_INIT;

	if (aval_public_key_parse(key_out, data, len, &err) != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, subject, &err);
	return TOOL_DONE;
}

/* The COSE_Key in hexadecimal, as "aval key show" prints it; without its line's end. */
static bool parse_hex(uint8_t out[AVAL_PUBLIC_KEY_MAX_LEN], size_t *len_out, aval_text text)
{
	if (text.len != 0 && text.data[text.len - 1] == '\n')
		text.len--;
	*len_out = text.len / 2;
	return *len_out != 0 && *len_out <= AVAL_PUBLIC_KEY_MAX_LEN && tool_hex_parse(out, *len_out, text);
}

static int take_file(const struct tool_args *args, aval_public_key *key_out, const struct tool_file *file)
{
	uint8_t          cose_key[AVAL_PUBLIC_KEY_MAX_LEN];
	size_t           len;
	aval_secret_key *secret;
	aval_error       err = AVAL_ERROR_INIT;

	if (parse_hex(cose_key, &len, (aval_text){ (const char *)file->data, file->len }))
		return take_cose_key(args, key_out, file->path, cose_key, len);
	/* A COSE_Key is a map of five. */
	if (file->len != 0 && file->data[0] == 0xa5)
		return take_cose_key(args, key_out, file->path, file->data, file->len);
	if (aval_secret_key_parse_pem(&secret, (const char *)file->data, file->len, aval_os_entropy(), NULL,
	                              &err) != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, file->path, &err);
	*key_out = *aval_secret_key_public(secret);
	aval_secret_key_free(secret);
	return TOOL_DONE;
}

static int take_member(const struct tool_args *args, aval_public_key *key_out, const char *word)
{
	uint8_t          cose_key[AVAL_PUBLIC_KEY_MAX_LEN];
	size_t           len;
	struct tool_file file;
	int              code;

	if (parse_hex(cose_key, &len, tool_text(word)))
		return take_cose_key(args, key_out, word, cose_key, len);
	code = tool_read(args, &file, word, AVAL_SECRET_KEY_FILE_MAX);
	if (code != TOOL_DONE)
		return code;
	code = take_file(args, key_out, &file);
	tool_file_free(&file);
	if (code == TOOL_DONE && aval_public_key_alg(key_out) != AVAL_ALG_SCHNORR)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_COSE_ALGORITHM, word,
		                      "members have Schnorr keys: aval key new --alg schnorr");
	return code;
}

static void put_key(json_t *object, const aval_public_key *key)
{
	char    party[AVAL_PARTY_KEY_LEN + 1];
	uint8_t cose_key[AVAL_PUBLIC_KEY_MAX_LEN];
	size_t  len = sizeof cose_key;

	aval_public_key_party(party, key);
	tool_json_set_z(object, "party", party);
	if (aval_public_key_serialize(cose_key, &len, key, NULL) == AVAL_OK)
		tool_json_set_hex(object, "cose_key", cose_key, len);
}

static int print_group(const struct tool_args *args, const aval_musig_keys *keys)
{
	json_t *answer, *members;
	char    party[AVAL_PARTY_KEY_LEN + 1];

	if (!args->json) {
		aval_public_key_party(party, aval_musig_keys_aggregate(keys));
		printf("party     %s\n", party);
		for (size_t i = 0; i < aval_musig_keys_count(keys); i++) {
			aval_public_key_party(party, aval_musig_keys_member(keys, i));
			printf("member %zu  %s\n", i, party);
		}
		return tool_flush();
	}
	answer = tool_json_object();
	put_key(answer, aval_musig_keys_aggregate(keys));
	tool_json_set_z(answer, "alg", "schnorr");
	members = tool_json_add_array(answer, "members");
	for (size_t i = 0; i < aval_musig_keys_count(keys); i++) {
		json_t *member = tool_json_object();

		put_key(member, aval_musig_keys_member(keys, i));
		tool_json_append(members, member);
	}
	return tool_json_print(answer);
}

static int write_group(const struct tool_args *args, const aval_musig_keys *keys)
{
	uint8_t    data[AVAL_MUSIG_GROUP_MAX_LEN];
	size_t     len = sizeof data;
	aval_error err = AVAL_ERROR_INIT;

	if (aval_musig_keys_serialize(data, &len, keys, &err) != AVAL_OK)
		return tool_fail_status(args, "group", &err);
	return tool_write(args, tool_arg(args, "out"), data, len, 0644);
}

static int make_group(const struct tool_args *args, const aval_public_key *members, size_t count)
{
	aval_musig_keys *keys;
	aval_error       err = AVAL_ERROR_INIT;
	int              code;

	if (aval_musig_keys_new(&keys, members, count, NULL, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, "--member", &err);
	code = write_group(args, keys);
	if (code == TOOL_DONE)
		code = print_group(args, keys);
	aval_musig_keys_free(keys);
	return code;
}

int tool_musig_keys(const struct tool_args *args)
{
	aval_public_key members[TOOL_MAX_GIVEN];
	size_t          cursor = 0, count = 0;
	const char     *word;
	int             code = TOOL_DONE;

	while (code == TOOL_DONE && (word = tool_arg_next(args, "member", &cursor)) != NULL)
		code = take_member(args, &members[count++], word);
	return code == TOOL_DONE ? make_group(args, members, count) : code;
}

static int start(const struct tool_args *args, struct tool_session *s)
{
	char party[AVAL_PARTY_MAX_LEN + 1];
	int  code = tool_musig_group_read(args, &s->group, tool_arg(args, "group"));

	if (code != TOOL_DONE)
		return code;
	s->key.signer.key = *aval_musig_keys_aggregate(s->group);
	code = tool_add_mandates(args, s->bundle);
	if (code != TOOL_DONE)
		return code;
	if (!aval_bundle_has_draft(s->bundle))
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_TOKEN_DRAFT, args->operand,
		                      "no signature is missing");
	code = tool_session_party(args, s, party);
	if (code == TOOL_DONE)
		code = tool_session_sign(args, s, (aval_role)0, party);
	return code == TOOL_DONE ? tool_session_write(args, s) : code;
}

int tool_musig_start(const struct tool_args *args)
{
	struct tool_session s;
	int                 code = tool_session_open(args, &s);

	if (code != TOOL_DONE)
		return code;
	code = tool_session_check(args, &s);
	if (code == TOOL_DONE)
		code = start(args, &s);
	tool_session_close(&s);
	return code;
}

static const char *part_name(enum tool_part part)
{
	static const char *const names[] = {
		[PART_ABSENT] = "missing", [PART_THERE] = "there", [PART_FAULTY] = "faulty"
	};

	return names[part];
}

/* What is verified says so: a partial signature that is there is valid. */
static const char *partial_name(enum tool_part part)
{
	return part == PART_THERE ? "valid" : part_name(part);
}

static void put_error(json_t *object, const struct tool_member *member)
{
	if (member->nonce == PART_FAULTY)
		tool_json_set_z(object, "status", aval_status_name(member->nonce_error.status));
	else if (member->partial == PART_FAULTY)
		tool_json_set_z(object, "status", aval_status_name(member->partial_error.status));
}

static int show_json(const struct tool_musig *m)
{
	json_t     *answer = tool_json_object(), *members;
	const char *role = aval_role_name((aval_role)m->request.role);

	tool_json_set_hex(answer, "session", m->name32, 32);
	tool_json_set_z(answer, "role", role != NULL ? role : "unknown");
	tool_json_set_text(answer, "party", m->request.party);
	tool_json_set(answer, "event", tool_event_json(m->s.bundle, aval_bundle_event_count(m->s.bundle) - 1));
	members = tool_json_add_array(answer, "members");
	for (size_t i = 0; i < m->count; i++) {
		json_t *member = tool_json_object();

		put_key(member, aval_musig_keys_member(m->keys, i));
		tool_json_set_z(member, "nonce", part_name(m->members[i].nonce));
		tool_json_set_z(member, "partial", partial_name(m->members[i].partial));
		put_error(member, &m->members[i]);
		tool_json_append(members, member);
	}
	return tool_json_print(answer);
}

static int show(const struct tool_args *args, const struct tool_musig *m)
{
	char        party[AVAL_PARTY_KEY_LEN + 1], name[2 * 32 + 1];
	const char *role = aval_role_name((aval_role)m->request.role);

	if (args->json)
		return show_json(m);
	tool_hex(name, m->name32, sizeof m->name32);
	printf("session   %s\n", name);
	tool_token_print(m->s.token);
	puts("to be signed");
	tool_event_print(m->s.bundle, aval_bundle_event_count(m->s.bundle) - 1);
	printf("for %s ", role != NULL ? role : "unknown");
	tool_put_text(stdout, m->request.party);
	putchar('\n');
	for (size_t i = 0; i < m->count; i++) {
		tool_musig_member_party(party, m, i);
		printf("member %zu  %s  nonce %s, partial signature %s\n", i, party,
		       part_name(m->members[i].nonce), partial_name(m->members[i].partial));
	}
	return tool_flush();
}

int tool_musig_show(const struct tool_args *args)
{
	struct tool_musig m;
	int               code = tool_musig_open(args, &m, args->operand);

	if (code == TOOL_DONE)
		code = tool_musig_load(args, &m);
	if (code == TOOL_DONE)
		code = show(args, &m);
	tool_musig_close(&m);
	return code;
}

/* Gives the one signature that was made together; for another message there is none. */
struct made {
	const struct tool_musig *m;
	uint8_t                  sig64[AVAL_SIGNATURE_LEN];
};

static aval_status give_signature(uint8_t sig64_out[64], const uint8_t *message, size_t message_len,
                                  const uint8_t digest32[32], void *user_data)
{
	const struct made *made = user_data;

	(void)digest32;
	if (message_len != made->m->message_len || memcmp(message, made->m->message, message_len) != 0)
		return AVAL_E_MUSIG_SESSION;
	memcpy(sig64_out, made->sig64, sizeof made->sig64);
	return AVAL_OK;
}

static int put_signature(const struct tool_args *args, struct tool_musig *m, struct made *made)
{
	aval_signer signer = { sizeof signer, *aval_musig_keys_aggregate(m->keys), give_signature, made };
	aval_error  err = AVAL_ERROR_INIT;
	int         code;

	if (aval_bundle_sign(m->s.bundle, (aval_role)m->request.role, m->request.party.data,
	                     m->request.party.len, &signer, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, m->path, &err);
	code = tool_add_certificates(args, m->s.bundle);
	return code == TOOL_DONE ? tool_session_write(args, &m->s) : code;
}

static int aggregate(const struct tool_args *args, struct tool_musig *m)
{
	struct made made = { m, { 0 } };
	uint8_t     partials[AVAL_MUSIG_MAX_MEMBERS * AVAL_MUSIG_PARTIAL_LEN];
	aval_error  err = AVAL_ERROR_INIT;

	for (size_t i = 0; i < m->count; i++)
		memcpy(partials + AVAL_MUSIG_PARTIAL_LEN * i, m->members[i].partial32, AVAL_MUSIG_PARTIAL_LEN);
	if (aval_musig_session_aggregate(made.sig64, m->session, partials, &err) != AVAL_OK)
		return tool_fail(args, TOOL_INVALID, m->path, &err);
	return put_signature(args, m, &made);
}

static int finish(const struct tool_args *args, struct tool_musig *m)
{
	int code = tool_musig_blame(args, m);

	if (code != TOOL_DONE)
		return code;
	if (tool_musig_absent(m, false) != 0)
		return tool_fail_text(args, TOOL_INCOMPLETE, AVAL_E_MUSIG_MISSING, m->path,
		                      "a member's nonce is missing; see: aval musig show");
	if (tool_musig_absent(m, true) != 0)
		return tool_fail_text(args, TOOL_INCOMPLETE, AVAL_E_MUSIG_MISSING, m->path,
		                      "a member's partial signature is missing; see: aval musig show");
	return aggregate(args, m);
}

int tool_musig_finish(const struct tool_args *args)
{
	struct tool_musig m;
	int               code = tool_musig_open(args, &m, args->operand);

	if (code == TOOL_DONE)
		code = tool_musig_load(args, &m);
	if (code == TOOL_DONE)
		code = finish(args, &m);
	tool_musig_close(&m);
	return code;
}
