/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence against a log: the rows that it has. The others are about a token, and are not asked for. Whose key
 * it is counts where the caller has named keys of registries; else the evidence speaks of the key alone.
 */
#include "proof/evidence.h"
#include "token/verify.h"

static bool is_row_of_evidence(aval_check_id check, const aval_policy *policy)
{
	return check == AVAL_CHECK_ENCODING || check == AVAL_CHECK_SIGNATURES || check == AVAL_CHECK_HISTORY ||
	       (check == AVAL_CHECK_IDENTITY && policy != NULL && aval_policy_registry_key_count(policy) != 0);
}

static void begin_rows(aval_report *report)
{
	for (int i = 1; i <= AVAL_CHECK_COUNT; i++) {
		aval_check_id check = (aval_check_id)i;

		if (!is_row_of_evidence(check, report->policy))
			aval_report_row_at(report, check)->is_required = false;
		aval_report_skip(report, check, AVAL_E_NOT_FOUND, "evidence",
		                 "evidence against a log has no such part");
	}
}

/* A failure that says nothing of the file: a build that cannot tell, or memory. */
static aval_status judge(aval_report *report, aval_check_id check, aval_status status, const aval_error *why,
                         aval_error *err)
{
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why->where, why->reason);
	if (status == AVAL_OK)
		aval_report_pass(report, check);
	else if (status == AVAL_E_UNSUPPORTED)
		aval_report_skip(report, check, status, why->where, why->reason);
	else
		aval_report_fail(report, check, why);
	return AVAL_OK;
}

static void judge_identity(aval_report *report)
{
	if (aval_policy_knows_registry_key(report->policy, &report->evidence.vkey))
		aval_report_pass(report, AVAL_CHECK_IDENTITY);
	else
		aval_report_skip(report, AVAL_CHECK_IDENTITY, AVAL_E_NOT_FOUND, "evidence.vkey",
		                 "the policy does not name the key as a registry's");
}

static void skip_broken(aval_report *report)
{
	for (int i = 1; i <= AVAL_CHECK_COUNT; i++)
		if (i != AVAL_CHECK_ENCODING && is_row_of_evidence((aval_check_id)i, report->policy))
			aval_report_skip(report, (aval_check_id)i, AVAL_E_NOT_FOUND, "evidence",
			                 "the encoding is broken");
}

aval_status aval_judge_evidence(aval_report *report, const uint8_t *data, size_t len, aval_error *err)
{
	aval_error  why = AVAL_ERROR_INIT;
	aval_status status;

	begin_rows(report);
	status = aval_evidence_parse(&report->evidence, data, len, &why);
	report->has_evidence = status == AVAL_OK;
	status = judge(report, AVAL_CHECK_ENCODING, status, &why, err);
	if (status != AVAL_OK || !report->has_evidence) {
		skip_broken(report);
		return status;
	}
	judge_identity(report);
	status = judge(report, AVAL_CHECK_SIGNATURES, aval_evidence_check_signatures(&report->evidence, &why),
	               &why, err);
	if (status != AVAL_OK)
		return status;
	return judge(report, AVAL_CHECK_HISTORY, aval_evidence_check_contradiction(&report->evidence, &why),
	             &why, err);
}
