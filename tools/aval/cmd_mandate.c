/* SPDX-License-Identifier: Apache-2.0 */
/* aval mandate: who signs for a party, made, shown and revoked. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { MAX_TYPE = 24 };

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

/* Who signs a mandate: a key, or a certificate by its key. */
struct author {
	struct tool_key    key;
	aval_chain        *chain; /* NULL: the key alone */
	aval_endorser_key *secret;
	aval_endorser      endorser;
};

/* A PKCS#11 key in the place of a certificate's. */
static aval_status sign_by_key(uint8_t *signature_out, size_t *signature_len_out, const uint8_t *message, size_t message_len,
                               const uint8_t *digest, size_t digest_len, void *user_data)
{
	const aval_signer *signer = user_data;

	if (digest_len != 32)
		return AVAL_E_COSE_ALGORITHM;
	*signature_len_out = AVAL_SIGNATURE_LEN;
	return signer->sign(signature_out, message, message_len, digest, signer->user_data);
}

static int open_token_key(const struct tool_args *args, struct author *a, const char *word)
{
	int code = tool_key_open(args, &a->key, word);

	a->endorser = (aval_endorser){ sizeof a->endorser, aval_chain_endorsement_alg(a->chain), sign_by_key,
		                       &a->key.signer };
	return code;
}

static int open_certificate_key(const struct tool_args *args, struct author *a, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code;

	if (strncmp(path, "pkcs11:", 7) == 0)
		return open_token_key(args, a, path);
	code = tool_read(args, &file, path, AVAL_SECRET_KEY_FILE_MAX);
	if (code != TOOL_DONE)
		return code;
	if (aval_endorser_key_parse_pem(&a->secret, (const char *)file.data, file.len, aval_os_entropy(), NULL, &err) ==
	    AVAL_OK)
		a->endorser = aval_endorser_from_key(a->secret, (aval_endorsement_alg)0);
	else
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

static int read_chain(const struct tool_args *args, aval_chain **chain_out, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, path, TOOL_PEM_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_chain_parse_file(chain_out, file.data, file.len, NULL, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

static int open_author(const struct tool_args *args, struct author *a)
{
	const char *path = tool_arg(args, "certificate"), *key = tool_arg(args, "key");
	int         code;

	*a = (struct author){ .chain = NULL };
	if (path == NULL)
		return tool_key_open(args, &a->key, key);
	code = read_chain(args, &a->chain, path);
	return code == TOOL_DONE ? open_certificate_key(args, a, key) : code;
}

static void close_author(struct author *a)
{
	tool_key_close(&a->key);
	aval_endorser_key_free(a->secret);
	aval_chain_free(a->chain);
}

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
	for (uint32_t type = 1; type <= MAX_TYPE; type++) {
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

static int read_mandate(const struct tool_args *args, struct tool_file *file, aval_mandate *mandate_out,
                        const char *path)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_read(args, file, path, AVAL_MANDATE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_mandate_parse(mandate_out, file->data, file->len, &err) == AVAL_OK)
		return TOOL_DONE;
	code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(file);
	return code;
}

/* The grant whose place this one takes. */
static int take_predecessor(const struct tool_args *args, struct grant *g)
{
	const char *path = tool_arg(args, "replaces");
	int         code;

	if (path == NULL)
		return TOOL_DONE;
	code = read_mandate(args, &g->replaced, &g->predecessor, path);
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

static aval_text own_party(struct grant *g, const struct author *a)
{
	if (a->chain != NULL)
		return aval_chain_party(NULL, a->chain, 0);
	aval_public_key_party(g->own, &a->key.signer.key);
	return tool_text(g->own);
}

static bool same_text(aval_text a, aval_text b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* Where the words do not name them, the predecessor does; a grant of others would end nothing. */
static int take_party(const struct tool_args *args, struct grant *g, const struct author *a)
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
	if (replaces && !same_text(g->options.party, g->predecessor.party))
		return tool_usage(args, "--replaces: %s is of another party", g->replaced.path);
	if (replaces && !same_text(g->options.registry, g->predecessor.registry))
		return tool_usage(args, "--replaces: %s is for another registry", g->replaced.path);
	return TOOL_DONE;
}

static int fill_grant(const struct tool_args *args, struct grant *g, const struct author *a)
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

static const char *kind_name(const aval_mandate *m)
{
	return m->kind == AVAL_MANDATE_GRANT ? "grant" : "revocation";
}

static void put_hex(const char *label, const uint8_t *data, size_t len)
{
	char hex[2 * AVAL_MANDATE_MEMBER_LEN + 1];

	tool_hex(hex, data, len);
	printf("%s%s\n", label, hex);
}

static void put_time(const char *label, int64_t unix_ms)
{
	char time[AVAL_TIME_LEN + 1];

	if (tool_time_put(time, unix_ms))
		printf("%s%s\n", label, time);
	else
		printf("%s%lld ms\n", label, (long long)unix_ms);
}

static void put_types(uint32_t types)
{
	fputs("types      ", stdout);
	for (uint32_t type = 1, first = 1; type <= MAX_TYPE; type++) {
		if ((types >> type & 1) == 0)
			continue;
		printf("%s%s", first ? "" : ",", aval_event_type_name((aval_event_type)type));
		first = 0;
	}
	putchar('\n');
}

static void put_groups(const aval_mandate *m)
{
	aval_mandate_group group;

	for (size_t i = 0; aval_mandate_group_at(&group, m, i); i++) {
		put_hex("group      key:", group.aggregate32, 32);
		for (size_t k = 0; k < group.member_count; k++)
			put_hex("  member   ", aval_mandate_member(m, i, k), AVAL_MANDATE_MEMBER_LEN);
	}
}

static void put_caps(const aval_mandate *m)
{
	aval_mandate_cap cap;
	char             amount[TOOL_AMOUNT_LEN];

	if (m->cap_count == 0)
		puts("cap        none");
	for (size_t i = 0; aval_mandate_cap_at(&cap, m, i); i++) {
		tool_amount_put(amount, cap.amount_minor, cap.currency);
		printf("cap        %s %.*s an event\n", amount, (int)cap.currency.len, cap.currency.data);
	}
}

static void put_grant(const aval_mandate *m)
{
	printf("threshold  %u of %zu\n", (unsigned)m->threshold, m->key_count);
	for (size_t i = 0; i < m->key_count; i++)
		put_hex("officer    key:", aval_mandate_key(m, i), 32);
	put_groups(m);
	put_types(m->types);
	put_caps(m);
	put_time("from       ", m->valid_from_ms);
	put_time("until      ", m->valid_until_ms);
	if (m->has_predecessor)
		put_hex("replaces   ", m->predecessor32, 32);
}

static void put_revocation(const aval_mandate *m)
{
	put_hex("revokes    ", m->mandate32, 32);
	put_time("from       ", m->revoked_at_ms);
	if (m->reason.len == 0)
		return;
	fputs("reason     ", stdout);
	tool_put_text(stdout, m->reason);
	putchar('\n');
}

static void put_mandate(const aval_mandate *m, const char *signature)
{
	put_hex("mandate    ", m->id32, 32);
	printf("kind       %s\nparty      ", kind_name(m));
	tool_put_text(stdout, m->party);
	fputs("\nregistry   ", stdout);
	tool_put_text(stdout, m->registry);
	put_hex(m->has_certificate ? "\nsigner     certificate " : "\nsigner     key:", m->signer32, 32);
	printf("signature  %s\n", signature);
	if (m->kind == AVAL_MANDATE_GRANT)
		put_grant(m);
	else
		put_revocation(m);
}

static void json_key(json_t *list, const uint8_t thumbprint32[32])
{
	char party[AVAL_PARTY_KEY_LEN + 1] = "key:";

	tool_hex(party + 4, thumbprint32, 32);
	tool_json_append(list, tool_json_text(tool_text(party)));
}

static void json_grant(json_t *answer, const aval_mandate *m)
{
	json_t          *officers = tool_json_add_array(answer, "officers");
	json_t          *types = tool_json_add_array(answer, "types");
	json_t          *caps = tool_json_object();
	aval_mandate_cap cap;
	char             amount[TOOL_AMOUNT_LEN], currency[4] = "";

	for (size_t i = 0; i < m->key_count; i++)
		json_key(officers, aval_mandate_key(m, i));
	tool_json_set(answer, "threshold", json_integer(m->threshold));
	for (uint32_t type = 1; type <= MAX_TYPE; type++)
		if (m->types >> type & 1)
			tool_json_append(types, tool_json_text(tool_text(aval_event_type_name((aval_event_type)type))));
	for (size_t i = 0; aval_mandate_cap_at(&cap, m, i); i++) {
		memcpy(currency, cap.currency.data, 3);
		tool_amount_put(amount, cap.amount_minor, cap.currency);
		tool_json_set_z(caps, currency, amount);
	}
	tool_json_set(answer, "caps", m->cap_count > 0 ? json_incref(caps) : json_null());
	json_decref(caps);
	tool_json_set(answer, "from", tool_json_time(m->valid_from_ms));
	tool_json_set(answer, "until", tool_json_time(m->valid_until_ms));
	if (m->has_predecessor)
		tool_json_set_hex(answer, "replaces", m->predecessor32, 32);
}

static void json_groups(json_t *answer, const aval_mandate *m)
{
	json_t            *list = tool_json_add_array(answer, "groups");
	aval_mandate_group group;

	for (size_t i = 0; aval_mandate_group_at(&group, m, i); i++) {
		json_t *object = tool_json_object();
		json_t *members = tool_json_add_array(object, "members");
		char    hex[2 * AVAL_MANDATE_MEMBER_LEN + 1], party[AVAL_PARTY_KEY_LEN + 1] = "key:";

		tool_hex(party + 4, group.aggregate32, 32);
		tool_json_set_z(object, "key", party);
		for (size_t k = 0; k < group.member_count; k++) {
			tool_hex(hex, aval_mandate_member(m, i, k), AVAL_MANDATE_MEMBER_LEN);
			tool_json_append(members, tool_json_text(tool_text(hex)));
		}
		tool_json_append(list, object);
	}
}

static int print_json(const aval_mandate *m, const char *signature)
{
	json_t *answer = tool_json_object();
	char    party[AVAL_PARTY_KEY_LEN + 1] = "key:";

	tool_hex(party + 4, m->signer32, 32);
	tool_json_set_hex(answer, "mandate", m->id32, 32);
	tool_json_set_z(answer, "kind", kind_name(m));
	tool_json_set_text(answer, "party", m->party);
	tool_json_set_text(answer, "registry", m->registry);
	if (m->has_certificate)
		tool_json_set_hex(answer, "certificate", m->signer32, 32);
	else
		tool_json_set_z(answer, "signer", party);
	tool_json_set_z(answer, "signature", signature);
	if (m->kind == AVAL_MANDATE_GRANT) {
		json_grant(answer, m);
		json_groups(answer, m);
		return tool_json_print(answer);
	}
	tool_json_set_hex(answer, "revokes", m->mandate32, 32);
	tool_json_set(answer, "from", tool_json_time(m->revoked_at_ms));
	if (m->reason.len > 0)
		tool_json_set_text(answer, "reason", m->reason);
	return tool_json_print(answer);
}

static int print_mandate(const struct tool_args *args, const aval_mandate *m, const char *signature)
{
	if (args->json)
		return print_json(m, signature);
	put_mandate(m, signature);
	return tool_flush();
}

static int write_mandate(const struct tool_args *args, const uint8_t *data, size_t len)
{
	aval_mandate mandate;
	aval_error   err = AVAL_ERROR_INIT;
	int          code;

	if (aval_mandate_parse(&mandate, data, len, &err) != AVAL_OK)
		return tool_fail_status(args, "mandate", &err);
	code = tool_write(args, tool_arg(args, "out"), data, len, 0644);
	return code == TOOL_DONE ? print_mandate(args, &mandate, "valid") : code;
}

static aval_status sign(uint8_t *data, size_t *len, const uint8_t *payload, size_t payload_len, const struct author *a,
                        aval_error *err)
{
	if (a->chain != NULL)
		return aval_mandate_sign_certified(data, len, payload, payload_len, a->chain, &a->endorser, NULL, err);
	return aval_mandate_sign(data, len, payload, payload_len, &a->key.signer, NULL, err);
}

/* Sign a payload and write the mandate. */
static int sign_and_write(const struct tool_args *args, const uint8_t *payload, size_t payload_len,
                          const struct author *a)
{
	aval_error err = AVAL_ERROR_INIT;
	size_t     len = AVAL_MANDATE_MAX_LEN;
	uint8_t   *data = malloc(len);
	int        code;

	if (data == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "mandate", "out of memory");
	if (sign(data, &len, payload, payload_len, a, &err) == AVAL_OK)
		code = write_mandate(args, data, len);
	else
		code = tool_key_fail(args, &a->key, tool_arg(args, "key"), &err);
	free(data);
	return code;
}

static int make_grant(const struct tool_args *args, struct grant *g, const struct author *a)
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
		code = sign_and_write(args, payload, len, a);
	else
		code = tool_fail(args, TOOL_USAGE, "mandate", &err);
	free(payload);
	return code;
}

int tool_mandate_new(const struct tool_args *args)
{
	struct grant   *g = calloc(1, sizeof *g);
	struct author   a = { .chain = NULL };
	int             code;

	if (g == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "mandate", "out of memory");
	g->options = (aval_grant_options)AVAL_GRANT_OPTIONS_INIT;
	code = open_author(args, &a);
	if (code == TOOL_DONE)
		code = make_grant(args, g, &a);
	close_author(&a);
	tool_file_free(&g->replaced);
	free(g);
	return code;
}

static int verify_by_certificate(const struct tool_args *args, const aval_mandate *m, const char **word_out)
{
	aval_chain *chain = NULL;
	aval_error  err = AVAL_ERROR_INIT;
	int         code = read_chain(args, &chain, tool_arg(args, "certificate"));

	if (code == TOOL_DONE)
		*word_out = aval_mandate_verify_certified(m, chain, NULL, &err) == AVAL_OK ? "valid" : "INVALID";
	aval_chain_free(chain);
	return code;
}

/* Whose signature it is, the policy of a verification says; here it is only whether it verifies. */
static int show(const struct tool_args *args, const aval_mandate *m)
{
	const char *word = "not checked: say --certificate";
	int         code = TOOL_DONE;

	if (!m->has_certificate)
		word = aval_mandate_verify(m, NULL) == AVAL_OK ? "valid" : "INVALID";
	else if (tool_arg(args, "certificate") != NULL)
		code = verify_by_certificate(args, m, &word);
	if (code != TOOL_DONE)
		return code;
	if (aval_mandate_check_groups(m, NULL) != AVAL_OK)
		word = "INVALID";
	code = print_mandate(args, m, word);
	return code == TOOL_DONE && strcmp(word, "INVALID") == 0 ? TOOL_INVALID : code;
}

int tool_mandate_show(const struct tool_args *args)
{
	struct tool_file file;
	aval_mandate     mandate;
	int              code = read_mandate(args, &file, &mandate, args->operand);

	if (code != TOOL_DONE)
		return code;
	code = show(args, &mandate);
	tool_file_free(&file);
	return code;
}

static int revoke(const struct tool_args *args, const aval_mandate *grant, const struct author *a)
{
	aval_revocation_options options = AVAL_REVOCATION_OPTIONS_INIT;
	uint8_t                 payload[1024];
	size_t                  len = sizeof payload;
	aval_error              err = AVAL_ERROR_INIT;
	int                     code = tool_time_arg(args, "at", &options.revoked_at_ms);

	if (code != TOOL_DONE)
		return code;
	if (grant->kind != AVAL_MANDATE_GRANT)
		return tool_usage(args, "%s is a revocation", args->operand);
	options.registry = grant->registry;
	options.party = grant->party;
	memcpy(options.mandate32, grant->id32, 32);
	options.reason = tool_text(tool_arg(args, "reason"));
	if (aval_revocation_build(payload, &len, &options, &err) != AVAL_OK)
		return tool_fail(args, TOOL_USAGE, "mandate", &err);
	return sign_and_write(args, payload, len, a);
}

int tool_mandate_revoke(const struct tool_args *args)
{
	struct tool_file file;
	struct author    a = { .chain = NULL };
	aval_mandate     grant;
	int              code = read_mandate(args, &file, &grant, args->operand);

	if (code != TOOL_DONE)
		return code;
	code = open_author(args, &a);
	if (code == TOOL_DONE)
		code = revoke(args, &grant, &a);
	close_author(&a);
	tool_file_free(&file);
	return code;
}
