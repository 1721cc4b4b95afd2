/* SPDX-License-Identifier: Apache-2.0 */
/* aval token accept, reject, void, sign, show and disclose. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static aval_status build_accept(uint8_t *out, size_t *len, const aval_token *token, const void *options,
                                aval_error *err)
{
	return aval_accept_build(out, len, token, options, err);
}

static aval_status build_reject(uint8_t *out, size_t *len, const aval_token *token, const void *options,
                                aval_error *err)
{
	return aval_reject_build(out, len, token, options, err);
}

static aval_status build_void(uint8_t *out, size_t *len, const aval_token *token, const void *options,
                              aval_error *err)
{
	return aval_void_build(out, len, token, options, err);
}

/* Append, sign and write; the session is closed. */
static int finish(const struct tool_args *args, struct tool_session *s, tool_builder build, const void *options,
                  aval_role role)
{
	int code = tool_session_append(args, s, build, options);

	if (code == TOOL_DONE)
		code = tool_session_sign(args, s, role, NULL);
	if (code == TOOL_DONE)
		code = tool_session_write(args, s);
	tool_session_close(s);
	return code;
}

/* The whole face unless --amount says less. */
static int accepted_amount(const struct tool_args *args, const struct tool_session *s, int64_t *minor_out)
{
	const char *amount = tool_arg(args, "amount");
	aval_issue  terms;

	aval_token_terms(&terms, s->token);
	*minor_out = terms.face_minor;
	return amount == NULL ? TOOL_DONE : tool_amount_parse(args, "amount", amount, terms.currency, minor_out);
}

int tool_token_accept(const struct tool_args *args)
{
	aval_accept_options options = AVAL_ACCEPT_OPTIONS_INIT;
	struct tool_session s;
	int                 code = tool_session_begin(args, &s);

	if (code != TOOL_DONE)
		return code;
	options.accept.has_consent = tool_arg(args, "no-consent") == NULL;
	options.accept.waives_defences = tool_arg(args, "keep-defences") == NULL;
	code = tool_times(args, &options.times);
	if (code == TOOL_DONE)
		code = accepted_amount(args, &s, &options.accept.accepted_minor);
	if (code == TOOL_DONE)
		return finish(args, &s, build_accept, &options, AVAL_ROLE_DEBTOR);
	tool_session_close(&s);
	return code;
}

int tool_token_reject(const struct tool_args *args)
{
	aval_reject_options options = AVAL_REJECT_OPTIONS_INIT;
	struct tool_session s;
	int                 code = tool_session_begin(args, &s);

	if (code != TOOL_DONE)
		return code;
	options.reject.reason = tool_text(tool_arg(args, "reason"));
	code = tool_times(args, &options.times);
	if (code == TOOL_DONE)
		return finish(args, &s, build_reject, &options, AVAL_ROLE_DEBTOR);
	tool_session_close(&s);
	return code;
}

int tool_token_void(const struct tool_args *args)
{
	aval_void_options   options = AVAL_VOID_OPTIONS_INIT;
	struct tool_session s;
	int                 code = tool_session_begin(args, &s);

	if (code != TOOL_DONE)
		return code;
	code = tool_times(args, &options.times);
	if (code == TOOL_DONE)
		return finish(args, &s, build_void, &options, AVAL_ROLE_SUPPLIER);
	tool_session_close(&s);
	return code;
}

/* Without --party the one party, other than a key, that has not signed; two are a question for the caller. */
int tool_session_party(const struct tool_args *args, const struct tool_session *s, char party_out[])
{
	size_t            index = aval_bundle_event_count(s->bundle) - 1;
	const aval_event *draft = aval_bundle_event(s->bundle, index);
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	const char       *party = tool_arg(args, "party");
	char              own[AVAL_PARTY_KEY_LEN + 1];

	aval_public_key_party(own, &s->key.signer.key);
	snprintf(party_out, AVAL_PARTY_MAX_LEN + 1, "%s", party != NULL ? party : own);
	while (party == NULL && tool_event_next_missing(&signer, &cursor, s->bundle, index)) {
		bool is_key = strncmp(signer.party.data, "key:", 4) == 0;

		if (tool_has_mandate(s->bundle, &s->key, draft, &signer) ||
		    (signer.party.len == strlen(own) && memcmp(signer.party.data, own, signer.party.len) == 0)) {
			snprintf(party_out, AVAL_PARTY_MAX_LEN + 1, "%s", own);
			return TOOL_DONE;
		}
		if (is_key || (signer.party.len == strlen(party_out) &&
		               memcmp(signer.party.data, party_out, signer.party.len) == 0))
			continue;
		if (strcmp(party_out, own) != 0)
			return tool_usage(args, "several parties have not signed; say --party");
		snprintf(party_out, AVAL_PARTY_MAX_LEN + 1, "%.*s", (int)signer.party.len, signer.party.data);
	}
	return TOOL_DONE;
}

static int sign_draft(const struct tool_args *args, struct tool_session *s)
{
	char party[AVAL_PARTY_MAX_LEN + 1];
	int  code = tool_add_mandates(args, s->bundle);

	if (code != TOOL_DONE)
		return code;
	if (!aval_bundle_has_draft(s->bundle))
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_TOKEN_DRAFT, args->operand, "no signature is missing");
	code = tool_session_party(args, s, party);
	if (code == TOOL_DONE)
		code = tool_session_sign(args, s, (aval_role)0, party);
	return code == TOOL_DONE ? tool_session_write(args, s) : code;
}

int tool_token_sign(const struct tool_args *args)
{
	struct tool_session s;
	int                 code = tool_session_begin(args, &s);

	if (code != TOOL_DONE)
		return code;
	code = sign_draft(args, &s);
	tool_session_close(&s);
	return code;
}

static int print_bundle_json(const struct tool_session *s)
{
	json_t *answer = tool_json_object();
	json_t *events, *missing;

	tool_json_set(answer, "token", tool_token_json(s->token));
	events = tool_json_add_array(answer, "events");
	for (size_t i = 0; i < aval_bundle_event_count(s->bundle); i++)
		tool_json_append(events, tool_event_json(s->bundle, i));
	missing = tool_json_add_array(answer, "missing");
	if (aval_bundle_has_draft(s->bundle))
		tool_event_missing_json(missing, s->bundle, aval_bundle_event_count(s->bundle) - 1);
	return tool_json_print(answer);
}

static int print_bundle(const struct tool_session *s)
{
	tool_token_print(s->token);
	puts("events");
	for (size_t i = 0; i < aval_bundle_event_count(s->bundle); i++)
		tool_event_print(s->bundle, i);
	return tool_flush();
}

int tool_token_show(const struct tool_args *args)
{
	struct tool_session s;
	int                 code = tool_session_open(args, &s);

	if (code != TOOL_DONE)
		return code;
	code = args->json ? print_bundle_json(&s) : print_bundle(&s);
	tool_session_close(&s);
	return code;
}

int tool_terms_arg(const struct tool_args *args, aval_text **paths_out, size_t *count_out)
{
	const char *word = tool_arg(args, "terms");
	size_t      room = 1, count = 0;
	aval_text  *paths;

	for (const char *at = word; *at != '\0'; at++)
		room += *at == ',';
	paths = malloc(room * sizeof *paths);
	if (paths == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "--terms", "out of memory");
	while (count < room) {
		size_t len = strcspn(word, ",");

		if (!aval_term_path_is_known(word, len)) {
			free(paths);
			return tool_usage(args, "--terms: %.*s is no business term", (int)len, word);
		}
		paths[count++] = (aval_text){ word, len };
		word += len + 1;
	}
	*paths_out = paths;
	*count_out = count;
	return TOOL_DONE;
}

static int disclose_terms(const struct tool_args *args, struct tool_session *s, const aval_invoice *invoice,
                          const uint8_t seed32[32])
{
	aval_text *paths;
	size_t     count;
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_terms_arg(args, &paths, &count);

	if (code != TOOL_DONE)
		return code;
	if (aval_bundle_disclose(s->bundle, invoice, seed32, paths, count, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_REFUSED, tool_arg(args, "invoice"), &err);
	free(paths);
	return code == TOOL_DONE ? tool_session_write(args, s) : code;
}

int tool_token_disclose(const struct tool_args *args)
{
	struct tool_session s;
	int                 code = tool_session_open(args, &s);

	if (code != TOOL_DONE)
		return code;
	if (tool_arg(args, "with-source") != NULL)
		s.source = tool_arg(args, "invoice");
	code = tool_session_with_invoice(args, &s, disclose_terms);
	tool_session_close(&s);
	return code;
}
