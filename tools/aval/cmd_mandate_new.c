/* SPDX-License-Identifier: Apache-2.0 */
/* aval mandate new: a grant out of the words. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* What a grant is made of, as long as its options point to it. */
struct grant {
	aval_grant_options options;
	char               own[AVAL_PARTY_KEY_LEN + 1];
	uint8_t            keys[AVAL_MANDATE_MAX_KEYS][32];
	aval_mandate_cap   caps[AVAL_MANDATE_MAX_CAPS];
	aval_mandate_group groups[AVAL_MANDATE_MAX_GROUPS];
	uint8_t            members[AVAL_MANDATE_MAX_GROUPS][AVAL_MANDATE_MAX_MEMBERS][AVAL_MANDATE_MEMBER_LEN];
	struct tool_file   replaced;
	aval_mandate       predecessor; /* of replaced, if options.has_predecessor */
};

static int compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

static int compare_groups(const void *a, const void *b)
{
	const aval_mandate_group *left = a, *right = b;

	return memcmp(left->aggregate32, right->aggregate32, 32);
}

static int compare_caps(const void *a, const void *b)
{
	const aval_mandate_cap *left = a, *right = b;

	return memcmp(left->currency.data, right->currency.data, 3);
}

static int add_key(const struct tool_args *args, struct grant *g, const uint8_t thumbprint32[32])
{
	if (g->options.key_count == AVAL_MANDATE_MAX_KEYS)
		return tool_usage(args, "more than %d officers", AVAL_MANDATE_MAX_KEYS);
	memcpy(g->keys[g->options.key_count++], thumbprint32, 32);
	return TOOL_DONE;
}

static int take_officers(const struct tool_args *args, struct grant *g)
{
	const char *word;
	uint8_t     thumbprint[32];
	size_t      cursor = 0;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (word = tool_arg_next(args, "officer", &cursor)) != NULL) {
		if (strncmp(word, "key:", 4) != 0 || !tool_hex_parse(thumbprint, 32, tool_text(word + 4)))
			return tool_usage(args, "--officer: %s is no key:ID", word);
		code = add_key(args, g, thumbprint);
	}
	return code;
}

/* Members of one group ascend as they are, since KeySort has sorted them. */
static void take_members(struct grant *g, const aval_musig_keys *keys)
{
	size_t              count = aval_musig_keys_count(keys);
	aval_mandate_group *group = &g->groups[g->options.group_count];

	aval_public_key_thumbprint(group->aggregate32, aval_musig_keys_aggregate(keys));
	group->members = g->members[g->options.group_count][0];
	group->member_count = count;
	for (size_t i = 0; i < count; i++) {
		uint8_t *member = g->members[g->options.group_count][i];
		uint8_t  point65[65];

		aval_public_key_point(point65, aval_musig_keys_member(keys, i));
		member[0] = 2;
		memcpy(member + 1, point65 + 1, 32);
	}
	g->options.group_count++;
}

static int take_group(const struct tool_args *args, struct grant *g, const char *path)
{
	aval_musig_keys *keys;
	int              code;

	if (g->options.group_count == AVAL_MANDATE_MAX_GROUPS)
		return tool_usage(args, "more than %d groups", AVAL_MANDATE_MAX_GROUPS);
	code = tool_musig_group_read(args, &keys, path);
	if (code != TOOL_DONE)
		return code;
	if (aval_musig_keys_count(keys) > AVAL_MANDATE_MAX_MEMBERS) {
		code = tool_usage(args, "--group: more than %d members", AVAL_MANDATE_MAX_MEMBERS);
	} else {
		take_members(g, keys);
		code = add_key(args, g, g->groups[g->options.group_count - 1].aggregate32);
	}
	aval_musig_keys_free(keys);
	return code;
}

static int take_groups(const struct tool_args *args, struct grant *g)
{
	const char *word;
	size_t      cursor = 0;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (word = tool_arg_next(args, "group", &cursor)) != NULL)
		code = take_group(args, g, word);
	qsort(g->keys, g->options.key_count, sizeof g->keys[0], compare_keys);
	qsort(g->groups, g->options.group_count, sizeof g->groups[0], compare_groups);
	g->options.keys = g->keys[0];
	g->options.groups = g->groups;
	return code;
}

static int take_threshold(const struct tool_args *args, struct grant *g)
{
	uint64_t threshold = 1;
	int      code = tool_count_arg(args, "threshold", &threshold);

	if (code == TOOL_DONE && (threshold == 0 || threshold > AVAL_MANDATE_MAX_KEYS))
		return tool_usage(args, "--threshold is from 1 to the number of officers");
	g->options.threshold = (uint32_t)threshold;
	return code;
}

static uint32_t type_of(const char *word, size_t len)
{
	for (uint32_t type = 1; type <= TOOL_MANDATE_MAX_TYPE; type++) {
		const char *name = aval_event_type_name((aval_event_type)type);

		if (name != NULL && strlen(name) == len && strncmp(name, word, len) == 0)
			return type;
	}
	return 0;
}

static int take_types(const struct tool_args *args, struct grant *g)
{
	const char *word = tool_arg(args, "types");

	for (;;) {
		size_t   len = strcspn(word, ",");
		uint32_t type = type_of(word, len);

		if (type == 0)
			return tool_usage(args, "--types: %.*s is no type of event", (int)len, word);
		g->options.types |= UINT32_C(1) << type;
		if (word[len] == '\0')
			return TOOL_DONE;
		word += len + 1;
	}
}

static int take_caps(const struct tool_args *args, struct grant *g)
{
	const char *word;
	size_t      cursor = 0;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (word = tool_arg_next(args, "cap", &cursor)) != NULL) {
		aval_mandate_cap *cap = &g->caps[g->options.cap_count];

		if (g->options.cap_count == AVAL_MANDATE_MAX_CAPS)
			return tool_usage(args, "more than %d caps", AVAL_MANDATE_MAX_CAPS);
		if (strcspn(word, "=") != 3 || word[3] != '=')
			return tool_usage(args, "--cap: %s is not CURRENCY=AMOUNT", word);
		cap->currency = (aval_text){ word, 3 };
		code = tool_amount_parse(args, "cap", word + 4, cap->currency, &cap->amount_minor);
		g->options.cap_count++;
	}
	qsort(g->caps, g->options.cap_count, sizeof g->caps[0], compare_caps);
	g->options.caps = g->caps;
	return code;
}

/* The grant whose place this one takes. */
static int take_predecessor(const struct tool_args *args, struct grant *g)
{
	const char *path = tool_arg(args, "replaces");
	int         code;

	if (path == NULL)
		return TOOL_DONE;
	code = tool_mandate_read(args, &g->replaced, &g->predecessor, path);
	if (code != TOOL_DONE)
		return code;
	if (g->predecessor.kind != AVAL_MANDATE_GRANT)
		return tool_usage(args, "--replaces: %s is a revocation", path);
	g->options.has_predecessor = true;
	memcpy(g->options.predecessor32, g->predecessor.id32, 32);
	return TOOL_DONE;
}

static int take_validity(const struct tool_args *args, struct grant *g)
{
	int code = tool_time_arg(args, "from", &g->options.valid_from_ms);

	if (code == TOOL_DONE)
		code = tool_time_arg(args, "until", &g->options.valid_until_ms);
	if (code == TOOL_DONE && g->options.valid_until_ms <= g->options.valid_from_ms)
		return tool_usage(args, "--until is not after the begin of the mandate");
	return code;
}

static int take_nonce(const struct tool_args *args, struct grant *g)
{
	const aval_entropy *entropy = aval_os_entropy();
	aval_status         status = entropy->fill(g->options.nonce16, sizeof g->options.nonce16, entropy->user_data);

	if (status != AVAL_OK)
		return tool_fail_text(args, TOOL_UNREADABLE, status, "entropy", "there is no randomness");
	return TOOL_DONE;
}

static aval_text own_party(struct grant *g, const struct tool_author *a)
{
	if (a->chain != NULL)
		return aval_chain_party(NULL, a->chain, 0);
	aval_public_key_party(g->own, &a->key.signer.key);
	return tool_text(g->own);
}

/* Where the words do not name them, the predecessor does; a grant of others would end nothing. */
static int take_party(const struct tool_args *args, struct grant *g, const struct tool_author *a)
{
	const char *party = tool_arg(args, "party"), *registry = tool_arg(args, "registry");
	bool        replaces = g->options.has_predecessor;

	if (registry == NULL && !replaces)
		return tool_usage(args, "--registry ORIGIN is missing");
	g->options.registry = registry != NULL ? tool_text(registry) : g->predecessor.registry;
	if (party != NULL)
		g->options.party = tool_text(party);
	else
		g->options.party = replaces ? g->predecessor.party : own_party(g, a);
	if (g->options.party.len == 0)
		return tool_usage(args, "the certificate names no party; say --party");
	if (replaces && !tool_same_text(g->options.party, g->predecessor.party))
		return tool_usage(args, "--replaces: %s is of another party", g->replaced.path);
	if (replaces && !tool_same_text(g->options.registry, g->predecessor.registry))
		return tool_usage(args, "--replaces: %s is for another registry", g->replaced.path);
	return TOOL_DONE;
}

static int fill_grant(const struct tool_args *args, struct grant *g, const struct tool_author *a)
{
	int code = take_predecessor(args, g);

	if (code == TOOL_DONE)
		code = take_party(args, g, a);
	if (code == TOOL_DONE)
		code = take_officers(args, g);
	if (code == TOOL_DONE)
		code = take_groups(args, g);
	if (code == TOOL_DONE && g->options.key_count == 0)
		code = tool_usage(args, "a mandate needs --officer or --group");
	if (code == TOOL_DONE)
		code = take_threshold(args, g);
	if (code == TOOL_DONE)
		code = take_types(args, g);
	if (code == TOOL_DONE)
		code = take_caps(args, g);
	if (code == TOOL_DONE)
		code = take_validity(args, g);
	return code == TOOL_DONE ? take_nonce(args, g) : code;
}

static int make_grant(const struct tool_args *args, struct grant *g, const struct tool_author *a)
{
	aval_error err = AVAL_ERROR_INIT;
	uint8_t   *payload;
	size_t     len = AVAL_MANDATE_MAX_LEN;
	int        code = fill_grant(args, g, a);

	if (code != TOOL_DONE)
		return code;
	payload = malloc(len);
	if (payload == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "mandate", "out of memory");
	if (aval_grant_build(payload, &len, &g->options, &err) == AVAL_OK)
		code = tool_mandate_sign(args, payload, len, a);
	else
		code = tool_fail(args, TOOL_USAGE, "mandate", &err);
	free(payload);
	return code;
}

int tool_mandate_new(const struct tool_args *args)
{
	struct grant      *g = calloc(1, sizeof *g);
	struct tool_author a = { .chain = NULL };
	int                code;

	if (g == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "mandate", "out of memory");
	g->options = (aval_grant_options)AVAL_GRANT_OPTIONS_INIT;
	code = tool_author_open(args, &a);
	if (code == TOOL_DONE)
		code = make_grant(args, g, &a);
	tool_author_close(&a);
	tool_file_free(&g->replaced);
	free(g);
	return code;
}
