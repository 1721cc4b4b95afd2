/* SPDX-License-Identifier: Apache-2.0 */
/* Reports: the rows and the result that follows from them (docs/spec/bundle.md#ver-result). */
#include "token/verify.h"

static const char *const check_names[AVAL_CHECK_COUNT] = {
	"encoding", "disclosure", "terms",      "parties", "signatures", "identity",
	"mandates", "history",    "registered", "live",    "duplicate",  "fresh",
};

const char *aval_check_id_name(aval_check_id check)
{
	return (int)check >= 1 && (int)check <= AVAL_CHECK_COUNT ? check_names[check - 1] : "";
}

const char *aval_verdict_name(aval_verdict verdict)
{
	static const char *const names[] = { "not checked", "pass", "fail", "attested" };

	return (size_t)verdict < sizeof names / sizeof *names ? names[verdict] : "";
}

const char *aval_result_name(aval_result result)
{
	static const char *const names[] = { "incomplete", "valid", "invalid" };

	return (size_t)result < sizeof names / sizeof *names ? names[result] : "";
}

const char *aval_report_kind_name(aval_report_kind kind)
{
	switch (kind) {
	case AVAL_REPORT_BUNDLE:
		return "bundle";
	case AVAL_REPORT_EVIDENCE:
		return "evidence";
	}
	return "";
}

aval_status aval_check_id_parse(aval_check_id *check_out, const char *name, size_t name_len, aval_error *err)
{
	for (int i = 0; i < AVAL_CHECK_COUNT; i++) {
		if (!aval_text_equal_z((aval_text){ name, name_len }, check_names[i]))
			continue;
		*check_out = (aval_check_id)(i + 1);
		return AVAL_OK;
	}
	return aval_fail(err, AVAL_E_NOT_FOUND, "report.checks[].check", "there is no such check");
}

aval_status aval_report_new(aval_report **report_out, const aval_allocator *allocator, aval_error *err)
{
	aval_report *report = aval_alloc_zero(allocator, sizeof *report);

	if (report == NULL)
		return aval_fail_no_memory(err);
	report->allocator = allocator;
	aval_report_clear(report, NULL);
	*report_out = report;
	return AVAL_OK;
}

void aval_report_free(aval_report *report)
{
	if (report == NULL)
		return;
	aval_report_clear(report, NULL);
	aval_chain_cache_free(report->chains);
	aval_free(report, report->allocator);
}

static aval_report_row empty_row(aval_check_id check, bool is_required)
{
	return (aval_report_row){ .check = check,
		                  .verdict = AVAL_VERDICT_NOT_CHECKED,
		                  .is_required = is_required,
		                  .status = AVAL_E_NOT_FOUND,
		                  .offset = AVAL_NO_OFFSET,
		                  .event_index = AVAL_NO_INDEX,
		                  .where = "bundle",
		                  .reason = "the file was not read so far" };
}

void aval_report_clear(aval_report *report, const aval_policy *policy)
{
	aval_bundle_free(report->bundle);
	aval_token_free(report->token);
	report->bundle = NULL;
	report->token = NULL;
	report->has_disclosure = false;
	report->has_evidence = false;
	report->signature_count = 0;
	report->verified_events = 0;
	report->is_shown_again = false;
	report->is_accepted = false;
	report->verified = NULL;
	report->good_certificates = 0;
	report->ancestry = NULL;
	report->policy = policy;
	report->kind = AVAL_REPORT_BUNDLE;
	report->result = AVAL_RESULT_INCOMPLETE;
	for (int i = 0; i < AVAL_CHECK_COUNT; i++)
		report->rows[i] = empty_row((aval_check_id)(i + 1),
		                            aval_policy_is_required(policy, (aval_check_id)(i + 1)));
}

aval_report_row *aval_report_row_at(aval_report *report, aval_check_id check)
{
	return &report->rows[check - 1];
}

bool aval_report_passed(const aval_report *report, aval_check_id check)
{
	return report->rows[check - 1].verdict == AVAL_VERDICT_PASS;
}

void aval_report_pass(aval_report *report, aval_check_id check)
{
	aval_report_row *row = aval_report_row_at(report, check);

	*row = empty_row(check, row->is_required);
	row->verdict = AVAL_VERDICT_PASS;
	row->status = AVAL_OK;
	row->where = "";
	row->reason = "";
}

void aval_report_fail(aval_report *report, aval_check_id check, const aval_error *why)
{
	aval_report_row *row = aval_report_row_at(report, check);

	row->verdict = AVAL_VERDICT_FAIL;
	row->status = why->status;
	row->offset = why->offset;
	row->where = why->where;
	row->reason = why->reason;
}

void aval_report_skip(aval_report *report, aval_check_id check, aval_status status, const char *where,
                      const char *reason)
{
	aval_report_row *row = aval_report_row_at(report, check);

	row->verdict = AVAL_VERDICT_NOT_CHECKED;
	row->status = status;
	row->where = where;
	row->reason = reason;
}

static bool is_enough(const aval_report *report, const aval_report_row *row)
{
	return row->verdict == AVAL_VERDICT_PASS ||
	       (row->verdict == AVAL_VERDICT_ATTESTED &&
	        aval_policy_is_attested_enough(report->policy, row->check));
}

static const aval_report_row *first_failed(const aval_report *report)
{
	for (size_t i = 0; i < AVAL_CHECK_COUNT; i++)
		if (report->rows[i].verdict == AVAL_VERDICT_FAIL)
			return &report->rows[i];
	return NULL;
}

static const aval_report_row *first_lacking(const aval_report *report)
{
	for (size_t i = 0; i < AVAL_CHECK_COUNT; i++)
		if (report->rows[i].is_required && !is_enough(report, &report->rows[i]))
			return &report->rows[i];
	return NULL;
}

static aval_status conclude_by(aval_report *report, aval_result result, aval_status status,
                               const aval_report_row *row, aval_error *err)
{
	report->result = result;
	return aval_fail_full(err, status, row->offset, row->where, row->reason, row->status);
}

aval_status aval_report_conclude(aval_report *report, bool is_draft, aval_error *err)
{
	const aval_report_row *failed = first_failed(report);
	const aval_report_row *lacking = first_lacking(report);

	if (failed != NULL)
		return conclude_by(report, AVAL_RESULT_INVALID, AVAL_E_VERIFY_INVALID, failed, err);
	if (lacking != NULL)
		return conclude_by(report, AVAL_RESULT_INCOMPLETE, AVAL_E_VERIFY_INCOMPLETE, lacking, err);
	if (is_draft) {
		report->result = AVAL_RESULT_INCOMPLETE;
		return aval_fail_cause(err, AVAL_E_VERIFY_INCOMPLETE, "bundle.events[]",
		                       "the last event lacks signatures", AVAL_E_TOKEN_DRAFT);
	}
	report->result = AVAL_RESULT_VALID;
	return AVAL_OK;
}

aval_report_kind aval_report_kind_of(const aval_report *report)
{
	return report->kind;
}

aval_result aval_report_result(const aval_report *report)
{
	return report->result;
}

const aval_report_row *aval_report_row_of(const aval_report *report, aval_check_id check)
{
	return (int)check >= 1 && (int)check <= AVAL_CHECK_COUNT ? &report->rows[check - 1] : NULL;
}

const aval_policy *aval_report_policy(const aval_report *report)
{
	return report->policy;
}

const aval_bundle *aval_report_bundle(const aval_report *report)
{
	return report->bundle;
}

const aval_token *aval_report_token(const aval_report *report)
{
	return report->token;
}

const aval_disclosure *aval_report_disclosure(const aval_report *report)
{
	return report->has_disclosure ? &report->disclosure : NULL;
}

const aval_evidence *aval_report_evidence(const aval_report *report)
{
	return report->has_evidence ? &report->evidence : NULL;
}
