/* SPDX-License-Identifier: Apache-2.0 */
/* aval verify: one file, one policy, one report. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

int tool_result_exit(aval_result result)
{
	switch (result) {
	case AVAL_RESULT_VALID:
		return TOOL_DONE;
	case AVAL_RESULT_INVALID:
		return TOOL_INVALID;
	case AVAL_RESULT_INCOMPLETE:
		break;
	}
	return TOOL_INCOMPLETE;
}

/* events[2], or the static path where no event is concerned. */
void tool_where_put(FILE *out, const aval_report_row *row)
{
	if (row->event_index != AVAL_NO_INDEX)
		fprintf(out, "event %zu, ", row->event_index);
	fputs(row->where, out);
	if (row->party.len > 0) {
		fputs(", ", out);
		tool_put_text(out, row->party);
	}
	if (row->offset != AVAL_NO_OFFSET)
		fprintf(out, ", byte %zu", row->offset);
}

static void put_row(const aval_report_row *row)
{
	printf("  %-11s %s", aval_check_id_name(row->check),
	       row->verdict == AVAL_VERDICT_FAIL ? "FAIL" : aval_verdict_name(row->verdict));
	if (row->verdict != AVAL_VERDICT_PASS) {
		printf(": %s (", row->reason);
		tool_where_put(stdout, row);
		fputs(row->is_required || row->verdict == AVAL_VERDICT_FAIL ? ")" : "; done without)", stdout);
	}
	putchar('\n');
}

static int by_path(const void *a, const void *b)
{
	return aval_term_path_compare(((const aval_disclosed *)a)->path, ((const aval_disclosed *)b)->path);
}

/* What is shown stands by slots in the file, and in the order of paths here; free() it. */
static aval_disclosed *sorted_terms(const aval_disclosure *disclosure, size_t *count_out)
{
	size_t                 room = disclosure->opened_count + disclosure->absent_count, count = 0;
	aval_disclosed        *terms = malloc((room + 1) * sizeof *terms);
	aval_disclosure_cursor cursor;

	if (terms != NULL) {
		aval_disclosure_cursor_init(&cursor, disclosure);
		while (count < room && aval_disclosure_next(&terms[count], &cursor, NULL) == AVAL_OK)
			count++;
		qsort(terms, count, sizeof *terms, by_path);
	}
	*count_out = count;
	return terms;
}

static void put_disclosed(const aval_disclosure *disclosure)
{
	size_t          count;
	aval_disclosed *terms = sorted_terms(disclosure, &count);

	puts("\nshown of the invoice");
	for (size_t i = 0; i < count; i++) {
		printf("  %-22.*s ", (int)terms[i].path.len, terms[i].path.data);
		if (terms[i].is_absent)
			fputs("(the invoice has none)", stdout);
		else
			tool_put_text(stdout, terms[i].value);
		putchar('\n');
	}
	free(terms);
}

/* Whether the last event makes the report incomplete whatever else it says. */
static bool has_draft(const aval_report *report)
{
	return aval_report_bundle(report) != NULL && aval_bundle_has_draft(aval_report_bundle(report));
}

static size_t last_event(const aval_report *report)
{
	return aval_bundle_event_count(aval_report_bundle(report)) - 1;
}

static void put_head(const char *what, const aval_checkpoint *c)
{
	char root[TOOL_ROOT_LEN + 1];

	tool_base64(root, c->root32);
	printf("  %s  %llu leaves, root %s\n", what, (unsigned long long)c->size, root);
}

/* What the file says, in words; whether it proves it, the rows say. */
static void put_evidence(const aval_evidence *e)
{
	fputs("\nthe log ", stdout);
	tool_put_text(stdout, tool_text(e->vkey.name));
	printf(" signed with key %08lx\n", (unsigned long)e->vkey.id);
	put_head("first ", &e->first);
	put_head("second", &e->second);
	if (e->kind == AVAL_EVIDENCE_ROOT)
		puts("  one size has two roots: the log was forked, and only one of the two can be its history");
	else
		printf("  leaf %llu is not the same in both: what the log had signed was rewritten or forked\n",
		       (unsigned long long)e->index);
}

static bool is_told(const aval_report *report, const aval_report_row *row)
{
	/* Of evidence, the rows about a token say nothing. */
	return aval_report_kind_of(report) != AVAL_REPORT_EVIDENCE || row->is_required ||
	       row->verdict != AVAL_VERDICT_NOT_CHECKED;
}

static void put_report(const aval_report *report)
{
	printf("%s: %s\n\n", aval_report_kind_name(aval_report_kind_of(report)),
	       aval_result_name(aval_report_result(report)));
	for (int check = 1; check <= AVAL_CHECK_COUNT; check++)
		if (is_told(report, aval_report_row_of(report, (aval_check_id)check)))
			put_row(aval_report_row_of(report, (aval_check_id)check));
	if (aval_report_evidence(report) != NULL)
		put_evidence(aval_report_evidence(report));
	if (has_draft(report)) {
		puts("\nthe last event is a draft and is not applied");
		tool_event_print(aval_report_bundle(report), last_event(report));
	}
	if (aval_report_disclosure(report) != NULL)
		put_disclosed(aval_report_disclosure(report));
	if (aval_report_token(report) != NULL) {
		putchar('\n');
		tool_token_print(aval_report_token(report));
	}
}

static json_t *json_row(const aval_report_row *row)
{
	json_t *object = tool_json_object();

	tool_json_set_z(object, "check", aval_check_id_name(row->check));
	tool_json_set_z(object, "verdict", aval_verdict_name(row->verdict));
	tool_json_set_z(object, "where", row->where);
	tool_json_set_z(object, "reason", row->reason);
	tool_json_set(object, "required", json_boolean(row->is_required));
	if (row->verdict != AVAL_VERDICT_PASS)
		tool_json_set_z(object, "status", aval_status_name(row->status));
	if (row->event_index != AVAL_NO_INDEX)
		tool_json_set(object, "event", json_integer((json_int_t)row->event_index));
	if (row->party.len > 0)
		tool_json_set_text(object, "party", row->party);
	if (row->offset != AVAL_NO_OFFSET)
		tool_json_set(object, "offset", json_integer((json_int_t)row->offset));
	return object;
}

static void json_disclosed(json_t *answer, const aval_disclosure *disclosure)
{
	json_t         *list = tool_json_add_array(answer, "disclosed");
	size_t          count;
	aval_disclosed *terms = sorted_terms(disclosure, &count);

	for (size_t i = 0; i < count; i++) {
		json_t *object = tool_json_object();

		tool_json_set_text(object, "path", terms[i].path);
		tool_json_set(object, "absent", json_boolean(terms[i].is_absent));
		if (!terms[i].is_absent)
			tool_json_set_text(object, "value", terms[i].value);
		tool_json_append(list, object);
	}
	free(terms);
}

static json_t *json_head(const aval_checkpoint *c)
{
	json_t *object = tool_json_object();

	tool_json_set(object, "size", json_integer((json_int_t)c->size));
	tool_json_set_root(object, "root", c->root32);
	return object;
}

static void json_evidence(json_t *answer, const aval_evidence *e)
{
	json_t *object = tool_json_object();
	char    vkey[AVAL_VKEY_MAX_LEN];
	size_t  len = sizeof vkey;

	tool_json_set_z(object, "kind", aval_evidence_kind_name(e->kind));
	tool_json_set_z(object, "origin", e->vkey.name);
	if (aval_vkey_serialize(vkey, &len, &e->vkey, NULL) == AVAL_OK)
		tool_json_set_text(object, "vkey", (aval_text){ vkey, len });
	tool_json_set(object, "first", json_head(&e->first));
	tool_json_set(object, "second", json_head(&e->second));
	if (e->kind == AVAL_EVIDENCE_LEAF)
		tool_json_set(object, "index", json_integer((json_int_t)e->index));
	tool_json_set(answer, "evidence", object);
}

static json_t *json_endorser(aval_trusted_endorser endorser)
{
	json_t *object = tool_json_object();

	tool_json_set_z(object, "scheme", tool_scheme_name(endorser.scheme));
	tool_json_set_hex(object, endorser.is_certificate ? "certificate" : "key", endorser.hash32, 32);
	return object;
}

/* Certificate authorities by the SHA-256 of their certificates, and what is asked of revocation lists. */
static void json_anchors(json_t *object, const aval_policy *policy)
{
	static const char *const modes[] = { "required", "if-present", "ignored" };
	const aval_trust        *trust = aval_policy_trust(policy);
	json_t                  *anchors = tool_json_add_array(object, "anchors");
	uint8_t                  sha256[32];

	for (size_t i = 0; trust != NULL && i < aval_trust_anchor_count(trust); i++) {
		char        hex[65];
		aval_bytes  der = aval_trust_anchor(trust, i);
		aval_chain *chain;

		if (aval_chain_parse(&chain, &der, 1, NULL, NULL) != AVAL_OK)
			continue;
		aval_chain_leaf_hash(sha256, chain);
		aval_chain_free(chain);
		tool_hex(hex, sha256, sizeof sha256);
		tool_json_append(anchors, tool_json_text(tool_text(hex)));
	}
	tool_json_set(object, "crls", json_integer(trust == NULL ? 0 : (json_int_t)aval_trust_crl_count(trust)));
	tool_json_set_z(object, "crl-mode", modes[aval_policy_crl_mode(policy)]);
}

/* What the caller relied on is part of the answer. */
void tool_policy_json(json_t *answer, const aval_policy *policy)
{
	json_t *object = tool_json_object();
	json_t *trust = tool_json_add_array(object, "trust");
	json_t *endorsers = tool_json_add_array(object, "endorsers");
	json_t *registry_keys = tool_json_add_array(object, "registry-key");
	json_t *without = tool_json_add_array(object, "without");
	json_t *attested = tool_json_add_array(object, "attested");

	for (size_t i = 0; i < aval_policy_trusted_key_count(policy); i++) {
		aval_trusted_key key = aval_policy_trusted_key(policy, i);
		json_t          *row = tool_json_object();

		tool_json_set_hex(row, "key", key.thumbprint32, 32);
		if (key.party.len > 0)
			tool_json_set_text(row, "party", key.party);
		tool_json_append(trust, row);
	}
	for (size_t i = 0; i < aval_policy_endorser_count(policy); i++)
		tool_json_append(endorsers, json_endorser(aval_policy_endorser(policy, i)));
	for (size_t i = 0; i < aval_policy_registry_key_count(policy); i++)
		tool_json_append(registry_keys, tool_json_text(tool_text(aval_policy_registry_key(policy, i)->name)));
	for (int check = 1; check <= AVAL_CHECK_COUNT; check++) {
		aval_text name = tool_text(aval_check_id_name((aval_check_id)check));

		if (!aval_policy_is_required(policy, (aval_check_id)check))
			tool_json_append(without, tool_json_text(name));
		if (aval_policy_is_attested_enough(policy, (aval_check_id)check))
			tool_json_append(attested, tool_json_text(name));
	}
	json_anchors(object, policy);
	tool_json_set(object, "at", tool_json_time(aval_policy_time(policy)));
	tool_json_set(answer, "policy", object);
}

void tool_report_json(json_t *answer, const aval_report *report)
{
	json_t *checks;

	tool_json_set_z(answer, "kind", aval_report_kind_name(aval_report_kind_of(report)));
	tool_json_set_z(answer, "result", aval_result_name(aval_report_result(report)));
	checks = tool_json_add_array(answer, "checks");
	for (int check = 1; check <= AVAL_CHECK_COUNT; check++)
		tool_json_append(checks, json_row(aval_report_row_of(report, (aval_check_id)check)));
	if (aval_report_evidence(report) != NULL)
		json_evidence(answer, aval_report_evidence(report));
	if (has_draft(report))
		tool_json_set(answer, "draft", tool_event_json(aval_report_bundle(report), last_event(report)));
	if (aval_report_disclosure(report) != NULL)
		json_disclosed(answer, aval_report_disclosure(report));
	if (aval_report_token(report) != NULL)
		tool_json_set(answer, "token", tool_token_json(aval_report_token(report)));
}

static int print_json(const aval_report *report)
{
	json_t *answer = tool_json_object();

	tool_report_json(answer, report);
	tool_policy_json(answer, aval_report_policy(report));
	return tool_json_print(answer);
}

static int report_on(const struct tool_args *args, aval_report *report, const struct tool_file *file,
                     const aval_policy *policy)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_verify(report, file->data, file->len, policy, &err);
	int         code;

	if (status != AVAL_OK && status != AVAL_E_VERIFY_INVALID && status != AVAL_E_VERIFY_INCOMPLETE)
		return tool_fail_status(args, file->path, &err);
	if (args->json) {
		code = print_json(report);
	} else {
		put_report(report);
		code = tool_flush();
	}
	return code == TOOL_DONE ? tool_result_exit(aval_report_result(report)) : code;
}

static int verify_file(const struct tool_args *args, const struct tool_file *file, const aval_policy *policy)
{
	aval_report *report;
	aval_error   err = AVAL_ERROR_INIT;
	int          code;

	if (aval_report_new(&report, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, file->path, &err);
	code = report_on(args, report, file, policy);
	aval_report_free(report);
	return code;
}

static int verify_one(const struct tool_args *args, const aval_policy *policy)
{
	struct tool_file file;
	int              code = tool_read(args, &file, args->operand, AVAL_BUNDLE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	code = verify_file(args, &file, policy);
	tool_file_free(&file);
	return code;
}

int tool_verify(const struct tool_args *args)
{
	aval_policy *policy;
	int          code = tool_policy_new(args, &policy);

	if (code != TOOL_DONE)
		return code;
	code = args->operand_count > 1 ? tool_verify_many(args, policy) : verify_one(args, policy);
	aval_policy_free(policy);
	return code;
}
