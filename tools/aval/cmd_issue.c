/* SPDX-License-Identifier: Apache-2.0 */
/* aval token issue: a token over an invoice. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

/* Everything an ISSUE is made of; texts are borrowed from the words and from here. */
struct issue {
	struct tool_file          file;
	aval_invoice             *invoice;
	uint8_t                   seed[32];
	bool                      is_new_seed;
	char                      own[AVAL_PARTY_KEY_LEN + 1];
	json_t                   *policy;
	aval_bundle_issue_options options;
};

static int random_bytes(const struct tool_args *args, uint8_t *out, size_t len)
{
	const aval_entropy *entropy = aval_os_entropy();
	aval_status         status = entropy->fill(out, len, entropy->user_data);

	if (status != AVAL_OK)
		return tool_fail_text(args, TOOL_UNREADABLE, status, "entropy", "no random bytes are to be had");
	return TOOL_DONE;
}

static int take_seed(const struct tool_args *args, struct issue *issue)
{
	issue->is_new_seed = access(tool_arg(args, "seed"), F_OK) != 0 && errno == ENOENT;
	return issue->is_new_seed ? random_bytes(args, issue->seed, sizeof issue->seed)
	                          : tool_seed_read(args, issue->seed);
}

static int bad_policy(const struct tool_args *args, const char *reason)
{
	return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_INVALID_ARGUMENT, tool_arg(args, "policy"), reason);
}

static int take_effectiveness(const struct tool_args *args, aval_token_policy *policy, const json_t *value)
{
	static const char *const names[] = { "signature", "notice", "acknowledgement", "registration" };
	const char              *word = json_string_value(value);

	for (int i = 0; word != NULL && i < 4; i++) {
		if (strcmp(names[i], word) == 0) {
			policy->effectiveness = (aval_effectiveness)i;
			return TOOL_DONE;
		}
	}
	return bad_policy(args, "effectiveness is signature, notice, acknowledgement or registration");
}

static int take_grace_days(const struct tool_args *args, aval_token_policy *policy, const json_t *value)
{
	json_int_t days = json_integer_value(value);

	if (!json_is_integer(value) || days < 0 || days > AVAL_POLICY_MAX_GRACE_DAYS)
		return bad_policy(args, "grace_days is a number of days up to ten years");
	policy->grace_days = (uint32_t)days;
	return TOOL_DONE;
}

static int take_party(const struct tool_args *args, aval_text *party_out, const json_t *value)
{
	if (!json_is_string(value))
		return bad_policy(args, "arbiter and authority are party ids");
	*party_out = tool_text(json_string_value(value));
	return TOOL_DONE;
}

static int take_policy(const struct tool_args *args, struct issue *issue)
{
	aval_token_policy *policy = &issue->options.policy;
	const char        *name;
	json_t            *value;
	int                code = TOOL_DONE;

	if (tool_arg(args, "policy") == NULL)
		return TOOL_DONE;
	code = tool_json_read(args, &issue->policy, tool_arg(args, "policy"));
	if (code != TOOL_DONE)
		return code;
	json_object_foreach(issue->policy, name, value) {
		if (strcmp(name, "effectiveness") == 0)
			code = take_effectiveness(args, policy, value);
		else if (strcmp(name, "grace_days") == 0)
			code = take_grace_days(args, policy, value);
		else if (strcmp(name, "arbiter") == 0)
			code = take_party(args, &policy->arbiter, value);
		else if (strcmp(name, "authority") == 0)
			code = take_party(args, &policy->authority, value);
		else
			code = bad_policy(args, "a token's policy has effectiveness, grace_days, arbiter and authority");
		if (code != TOOL_DONE)
			break;
	}
	return code;
}

static int take_predecessor(const struct tool_args *args, struct issue *issue)
{
	const char *word = tool_arg(args, "predecessor");

	issue->options.has_predecessor = word != NULL;
	if (word != NULL && !tool_hex_parse(issue->options.predecessor32, 32, tool_text(word)))
		return tool_usage(args, "--predecessor: %s is no token id: 64 hexadecimal digits", word);
	return TOOL_DONE;
}

/* The key is the supplier's, or with --by-debtor the debtor's; its own id stands for the party that is not named. */
static int take_parties(const struct tool_args *args, struct issue *issue, const aval_public_key *key)
{
	const char *supplier = tool_arg(args, "supplier");

	aval_public_key_party(issue->own, key);
	issue->options.by_debtor = tool_arg(args, "by-debtor") != NULL;
	if (issue->options.by_debtor && supplier == NULL)
		return tool_usage(args, "--by-debtor needs --supplier PARTY");
	issue->options.supplier = tool_text(supplier != NULL ? supplier : issue->own);
	issue->options.debtor = tool_text(tool_arg(args, "debtor"));
	return TOOL_DONE;
}

static int take_face(const struct tool_args *args, struct issue *issue)
{
	const char      *word = tool_arg(args, "amount");
	const aval_term *currency = aval_invoice_find(issue->invoice, "BT-5", 4);
	int              code;

	if (word == NULL)
		return TOOL_DONE;
	if (currency == NULL)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_INVOICE_TERM_MISSING, args->operand,
		                      "the invoice names no currency (BT-5)");
	code = tool_amount_parse(args, "amount", word, currency->value, &issue->options.face_minor);
	/* To the library 0 means the whole amount due. */
	if (code == TOOL_DONE && issue->options.face_minor <= 0)
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_TOKEN_FACE, word, "the face is not above zero");
	return code;
}

static int check_rules(const struct tool_args *args, const struct issue *issue)
{
	aval_check *check;
	aval_error  err = AVAL_ERROR_INIT;
	int         code = TOOL_DONE;

	if (aval_check_invoice(&check, issue->invoice, NULL, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, args->operand, &err);
	if (!aval_check_is_valid(check))
		code = tool_fail_text(args, TOOL_REFUSED, AVAL_E_INVOICE_RULE, args->operand,
		                      "the invoice violates a rule; see: aval invoice check");
	aval_check_free(check);
	return code;
}

/* What can be financed at all is judged before the rules, for its reason says more. */
static int check_invoice(const struct tool_args *args, const struct issue *issue)
{
	aval_financing financing;
	aval_error     err = AVAL_ERROR_INIT;

	if (aval_invoice_financeable(&financing, issue->invoice, &err) != AVAL_OK)
		return tool_fail(args, TOOL_REFUSED, args->operand, &err);
	return check_rules(args, issue);
}

static int collect(const struct tool_args *args, struct issue *issue, const aval_public_key *key)
{
	int code = tool_invoice_read(args, &issue->invoice, args->operand);

	if (code == TOOL_DONE)
		code = check_invoice(args, issue);
	if (code == TOOL_DONE)
		code = take_seed(args, issue);
	if (code == TOOL_DONE)
		code = tool_times(args, &issue->options.times);
	if (code == TOOL_DONE)
		code = take_parties(args, issue, key);
	if (code == TOOL_DONE)
		code = take_face(args, issue);
	if (code == TOOL_DONE)
		code = take_policy(args, issue);
	if (code == TOOL_DONE)
		code = take_predecessor(args, issue);
	if (code == TOOL_DONE)
		code = random_bytes(args, issue->options.nonce16, sizeof issue->options.nonce16);
	issue->options.registry = tool_text(tool_arg(args, "registry"));
	issue->options.due_date = tool_text(tool_arg(args, "due"));
	return code;
}

static int add_source(const struct tool_args *args, struct tool_session *s, struct issue *issue)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code;

	if (tool_arg(args, "with-source") == NULL)
		return TOOL_DONE;
	code = tool_read(args, &issue->file, args->operand, AVAL_INVOICE_MAX_LEN);
	if (code == TOOL_DONE && aval_bundle_set_source(s->bundle, issue->file.data, issue->file.len, issue->seed, &err) !=
	                         AVAL_OK)
		code = tool_fail(args, TOOL_REFUSED, args->operand, &err);
	return code;
}

static int sign_and_write(const struct tool_args *args, struct tool_session *s, struct issue *issue)
{
	aval_role role = issue->options.by_debtor ? AVAL_ROLE_DEBTOR : AVAL_ROLE_SUPPLIER;
	int       code = tool_session_sign(args, s, role, NULL);

	if (code == TOOL_DONE)
		code = add_source(args, s, issue);
	/* The seed is safe on disk before a token that needs it is. */
	if (code == TOOL_DONE && issue->is_new_seed)
		code = tool_write(args, tool_arg(args, "seed"), issue->seed, sizeof issue->seed, 0600);
	if (code != TOOL_DONE)
		return code;
	code = tool_session_write(args, s);
	if (code != TOOL_DONE && issue->is_new_seed)
		(void)unlink(tool_arg(args, "seed"));
	return code;
}

static int disclose(const struct tool_args *args, struct issue *issue, aval_text **paths_out)
{
	int code;

	if (tool_arg(args, "terms") == NULL)
		return TOOL_DONE;
	code = tool_terms_arg(args, paths_out, &issue->options.path_count);
	if (code == TOOL_DONE)
		issue->options.paths = *paths_out;
	return code;
}

static int make(const struct tool_args *args, struct tool_session *s, struct issue *issue)
{
	aval_error err = AVAL_ERROR_INIT;
	aval_text *paths = NULL;
	int        code = collect(args, issue, &s->key.signer.key);

	if (code == TOOL_DONE)
		code = disclose(args, issue, &paths);
	if (code == TOOL_DONE &&
	    aval_bundle_issue(&s->bundle, issue->invoice, issue->seed, &issue->options, NULL, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_REFUSED, args->operand, &err);
	free(paths);
	return code == TOOL_DONE ? sign_and_write(args, s, issue) : code;
}

int tool_token_issue(const struct tool_args *args)
{
	struct issue        issue = { .options = AVAL_BUNDLE_ISSUE_OPTIONS_INIT };
	struct tool_session s = { 0 };
	int                 code = tool_key_open(args, &s.key, tool_arg(args, "key"));

	if (code == TOOL_DONE)
		code = make(args, &s, &issue);
	tool_session_close(&s);
	aval_invoice_free(issue.invoice);
	tool_file_free(&issue.file);
	json_decref(issue.policy);
	aval_wipe(issue.seed, sizeof issue.seed);
	return code;
}
