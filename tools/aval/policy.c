/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy of a verification, from a file and from words of the command line. A file is a JSON object with the
 * members of the table below; each is an array of the texts that the option of that name takes.
 */
#include <string.h>

#include "tool.h"

static int refused(const struct tool_args *args, const char *word, const aval_error *err)
{
	return tool_fail(args, TOOL_USAGE, word, err);
}

static const char *const scheme_names[] = {
	[AVAL_PARTY_KEY] = "key",         [AVAL_PARTY_LEI] = "lei",   [AVAL_PARTY_VAT] = "vat",
	[AVAL_PARTY_ISO6523] = "iso6523", [AVAL_PARTY_USCC] = "uscc",
};

const char *tool_scheme_name(aval_party_scheme scheme)
{
	return scheme >= AVAL_PARTY_KEY && scheme <= AVAL_PARTY_USCC ? scheme_names[scheme] : "";
}

/* The scheme that a word begins with, up to its equals sign; key aside. */
static bool scheme_of(aval_party_scheme *scheme_out, const char *word, size_t len)
{
	for (int i = AVAL_PARTY_LEI; i <= AVAL_PARTY_USCC; i++) {
		if (strlen(scheme_names[i]) != len || strncmp(scheme_names[i], word, len) != 0)
			continue;
		*scheme_out = (aval_party_scheme)i;
		return true;
	}
	return false;
}

static int parse_key_id(const struct tool_args *args, uint8_t thumbprint32_out[32], const char *word, size_t len)
{
	aval_party_scheme scheme;
	aval_error        err = AVAL_ERROR_INIT;

	if (aval_party_check(&scheme, word, len, &err) != AVAL_OK)
		return refused(args, word, &err);
	if (!tool_hex_parse(thumbprint32_out, 32, (aval_text){ word + 4, len - 4 }))
		return tool_usage(args, "%s is no key", word);
	return TOOL_DONE;
}

/* key:ID, or key:ID=PARTY. */
static int trust_key(const struct tool_args *args, aval_policy *policy, const char *word)
{
	size_t      id_len = strcspn(word, "=");
	const char *party = word[id_len] == '=' ? word + id_len + 1 : NULL;
	uint8_t     thumbprint[32];
	aval_error  err = AVAL_ERROR_INIT;
	int         code = parse_key_id(args, thumbprint, word, id_len);

	if (code != TOOL_DONE)
		return code;
	if (aval_policy_trust_key(policy, thumbprint, party, party != NULL ? strlen(party) : 0, &err) != AVAL_OK)
		return refused(args, word, &err);
	return TOOL_DONE;
}

/* SCHEME=key:ID: an endorser by its key. */
static int trust_endorser_key(const struct tool_args *args, aval_policy *policy, aval_party_scheme scheme,
                              const char *word)
{
	uint8_t    thumbprint[32];
	aval_error err = AVAL_ERROR_INIT;
	int        code = parse_key_id(args, thumbprint, word, strlen(word));

	if (code == TOOL_DONE && aval_policy_add_endorser_key(policy, scheme, thumbprint, &err) != AVAL_OK)
		return refused(args, word, &err);
	return code;
}

/* SCHEME=FILE: an endorser by its certificate. */
static int trust_endorser(const struct tool_args *args, aval_policy *policy, aval_party_scheme scheme, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code;

	if (strncmp(path, "key:", 4) == 0)
		return trust_endorser_key(args, policy, scheme, path);
	code = tool_read(args, &file, path, TOOL_PEM_MAX_LEN);
	if (code != TOOL_DONE)
		return code;
	if (aval_policy_add_endorser(policy, scheme, file.data, file.len, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

typedef aval_status (*file_adder)(aval_policy *policy, const uint8_t *data, size_t len, aval_error *err);

static int add_from(const struct tool_args *args, aval_policy *policy, const char *path, size_t max, file_adder add)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, path, max);

	if (code != TOOL_DONE)
		return code;
	if (add(policy, file.data, file.len, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

static int add_trust(const struct tool_args *args, aval_policy *policy, const char *word)
{
	size_t            len = strcspn(word, "=");
	aval_party_scheme scheme;

	if (strncmp(word, "key:", 4) == 0)
		return trust_key(args, policy, word);
	if (word[len] == '=' && scheme_of(&scheme, word, len))
		return trust_endorser(args, policy, scheme, word + len + 1);
	return add_from(args, policy, word, TOOL_PEM_MAX_LEN, aval_policy_add_anchors);
}

static int add_crl(const struct tool_args *args, aval_policy *policy, const char *word)
{
	return add_from(args, policy, word, 2 * (size_t)AVAL_CRL_MAX_LEN, aval_policy_add_crls);
}

static int set_crl_mode(const struct tool_args *args, aval_policy *policy, const char *word)
{
	static const char *const modes[] = { "required", "if-present", "ignored" };
	aval_error               err = AVAL_ERROR_INIT;

	for (int mode = 0; mode < 3; mode++)
		if (strcmp(modes[mode], word) == 0)
			return aval_policy_set_crl_mode(policy, (aval_crl_mode)mode, &err) == AVAL_OK
			               ? TOOL_DONE
			               : refused(args, word, &err);
	return tool_usage(args, "--crl-mode is required, if-present or ignored, not %s", word);
}

static int add_registry_key(const struct tool_args *args, aval_policy *policy, const char *word)
{
	aval_vkey  vkey;
	aval_error err = AVAL_ERROR_INIT;

	if (aval_vkey_parse(&vkey, word, strlen(word), &err) != AVAL_OK ||
	    aval_policy_add_registry_key(policy, &vkey, &err) != AVAL_OK)
		return refused(args, word, &err);
	return TOOL_DONE;
}

typedef aval_status (*check_setter)(aval_policy *policy, aval_check_id check, aval_error *err);

/* Names of checks with commas between them. */
static int set_checks(const struct tool_args *args, aval_policy *policy, const char *word, check_setter set)
{
	for (;;) {
		size_t        len = strcspn(word, ",");
		aval_check_id check;
		aval_error    err = AVAL_ERROR_INIT;

		if (aval_check_id_parse(&check, word, len, &err) != AVAL_OK || set(policy, check, &err) != AVAL_OK)
			return refused(args, word, &err);
		if (word[len] == '\0')
			return TOOL_DONE;
		word += len + 1;
	}
}

static int add_without(const struct tool_args *args, aval_policy *policy, const char *word)
{
	return set_checks(args, policy, word, aval_policy_without);
}

static int add_attested(const struct tool_args *args, aval_policy *policy, const char *word)
{
	return set_checks(args, policy, word, aval_policy_accept_attested);
}

static const struct member {
	const char *name;
	int (*add)(const struct tool_args *args, aval_policy *policy, const char *word);
} members[] = {
	{ "trust", add_trust },
	{ "crl", add_crl },
	{ "crl-mode", set_crl_mode },
	{ "registry-key", add_registry_key },
	{ "without", add_without },
	{ "attested", add_attested },
};

enum { MEMBERS = sizeof members / sizeof members[0] };

static const struct member *find_member(const char *name)
{
	for (size_t i = 0; i < MEMBERS; i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

static int bad_file(const struct tool_args *args, const char *path, const char *reason)
{
	return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_INVALID_ARGUMENT, path, reason);
}

static int add_member(const struct tool_args *args, aval_policy *policy, const char *path, const char *name,
                      const json_t *list)
{
	const struct member *member = find_member(name);
	int                  code = TOOL_DONE;

	if (member == NULL)
		return bad_file(args, path, "a policy has the members trust, crl, crl-mode, registry-key, without and attested");
	if (!json_is_array(list))
		return bad_file(args, path, "a member of a policy is an array of texts");
	for (size_t i = 0; code == TOOL_DONE && i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));

		code = word != NULL ? member->add(args, policy, word)
		                    : bad_file(args, path, "a member of a policy is an array of texts");
	}
	return code;
}

int tool_json_read(const struct tool_args *args, json_t **object_out, const char *path)
{
	struct tool_file file;
	json_error_t     error;
	int              code = tool_read(args, &file, path, TOOL_JSON_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	*object_out = json_loadb((const char *)file.data, file.len, JSON_REJECT_DUPLICATES, &error);
	tool_file_free(&file);
	if (json_is_object(*object_out))
		return TOOL_DONE;
	json_decref(*object_out);
	*object_out = NULL;
	return bad_file(args, path, "not a JSON object");
}

static int add_file(const struct tool_args *args, aval_policy *policy, const char *path)
{
	json_t     *object, *list;
	const char *name;
	int         code = tool_json_read(args, &object, path);

	if (code != TOOL_DONE)
		return code;
	json_object_foreach(object, name, list) {
		code = add_member(args, policy, path, name, list);
		if (code != TOOL_DONE)
			break;
	}
	json_decref(object);
	return code;
}

static int add_words(const struct tool_args *args, aval_policy *policy, const struct member *member)
{
	size_t      cursor = 0;
	const char *word;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (word = tool_arg_next(args, member->name, &cursor)) != NULL)
		code = member->add(args, policy, word);
	return code;
}

static int set_time(const struct tool_args *args, aval_policy *policy)
{
	int64_t    now = 0;
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_time_arg(args, "at", &now);

	if (code == TOOL_DONE && aval_policy_set_time(policy, now, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_USAGE, "--at", &err);
	return code;
}

static int fill(const struct tool_args *args, aval_policy *policy)
{
	const char *path = tool_arg(args, "policy");
	int         code = path != NULL ? add_file(args, policy, path) : TOOL_DONE;

	for (size_t i = 0; code == TOOL_DONE && i < MEMBERS; i++)
		code = add_words(args, policy, &members[i]);
	return code == TOOL_DONE ? set_time(args, policy) : code;
}

int tool_policy_new(const struct tool_args *args, aval_policy **policy_out)
{
	aval_policy *policy;
	aval_error   err = AVAL_ERROR_INIT;
	int          code;

	if (aval_policy_new(&policy, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, "policy", &err);
	code = fill(args, policy);
	if (code == TOOL_DONE)
		*policy_out = policy;
	else
		aval_policy_free(policy);
	return code;
}
