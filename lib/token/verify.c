/* SPDX-License-Identifier: Apache-2.0 */
/* Verification: the kind of file, the order of the checks (docs/spec/bundle.md#ver-report). */
#include "token/verify.h"

#include "proof/evidence.h"

/* Every row but "encoding" rests on it. */
static void skip_all(aval_report *report)
{
	for (int i = AVAL_CHECK_ENCODING + 1; i <= AVAL_CHECK_COUNT; i++)
		aval_report_skip(report, (aval_check_id)i, AVAL_E_NOT_FOUND, "bundle",
		                 "the encoding is broken");
}

static aval_status judge_encoding(aval_report *report, const uint8_t *data, size_t len, aval_error *err)
{
	aval_error         why = AVAL_ERROR_INIT;
	const aval_bundle *beside = report->ancestry == NULL ? NULL : report->ancestry->bundle;
	aval_status        status = aval_bundle_parse_beside(&report->bundle, data, len, beside, report->allocator, &why);

	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	if (status == AVAL_OK)
		aval_report_pass(report, AVAL_CHECK_ENCODING);
	else
		aval_report_fail(report, AVAL_CHECK_ENCODING, &why);
	return AVAL_OK;
}

static aval_status verify_bundle(aval_report *report, const uint8_t *data, size_t len, aval_error *err)
{
	aval_status status = judge_encoding(report, data, len, err);

	if (status != AVAL_OK)
		return status;
	if (!aval_report_passed(report, AVAL_CHECK_ENCODING)) {
		skip_all(report);
		return AVAL_OK;
	}
	status = aval_judge_history(report, err);
	if (status == AVAL_OK)
		status = aval_judge_signatures(report, err);
	if (status == AVAL_OK)
		status = aval_judge_identity(report, err);
	if (status == AVAL_OK)
		status = aval_judge_invoice(report, err);
	if (status == AVAL_OK)
		aval_judge_registry(report);
	return status;
}

/* What the first item of the outer array names. */
static const struct file_kind {
	const char      *name;
	aval_report_kind kind;
	aval_status (*verify)(aval_report *report, const uint8_t *data, size_t len, aval_error *err);
} file_kinds[] = {
	{ AVAL_BUNDLE_NAME, AVAL_REPORT_BUNDLE, verify_bundle },
	{ AVAL_EVIDENCE_NAME, AVAL_REPORT_EVIDENCE, aval_judge_evidence },
};

/* The first row's where nothing else is named: whatever is wrong is then said of a bundle. */
static const struct file_kind *kind_of(const uint8_t *data, size_t len)
{
	aval_cbor_reader r;
	aval_text        name;

	aval_cbor_reader_init(&r, data, len);
	aval_cbor_enter_array(&r, "file");
	name = aval_cbor_read_text(&r, "file");
	for (size_t i = 0; i < sizeof file_kinds / sizeof *file_kinds && aval_cbor_ok(&r); i++)
		if (aval_text_equal_z(name, file_kinds[i].name))
			return &file_kinds[i];
	return file_kinds;
}

aval_status aval_verify(aval_report *report, const uint8_t *data, size_t len, const aval_policy *policy,
                        aval_error *err)
{
	return aval_verify_with(report, data, len, policy, NULL, NULL, err);
}

/* What the report holds of the file before goes to the ancestry, where it was a bundle. */
static void leave_behind(aval_ancestry *ancestry, aval_report *report)
{
	if (ancestry == NULL || report->bundle == NULL)
		return;
	aval_bundle_free(ancestry->bundle);
	ancestry->bundle = report->bundle;
	ancestry->verified = report->verified_events;
	ancestry->established = aval_bundle_is_bare(report->bundle) &&
	                                        aval_report_passed(report, AVAL_CHECK_IDENTITY) &&
	                                        aval_report_passed(report, AVAL_CHECK_MANDATES)
	                                ? report->verified_events
	                                : 0;
	ancestry->disclosure = report->disclosure;
	ancestry->has_disclosure = report->has_disclosure;
	ancestry->has_terms = report->bundle->source.bytes.data == NULL &&
	                      aval_report_passed(report, AVAL_CHECK_TERMS);
	ancestry->is_accepted = report->is_accepted;
	report->bundle = NULL;
}

aval_status aval_verify_with(aval_report *report, const uint8_t *data, size_t len, const aval_policy *policy,
                             aval_verified *verified, aval_ancestry *ancestry, aval_error *err)
{
	const struct file_kind *kind;
	aval_status             status;

	if (report == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "report", "there is no report to fill");
	kind = kind_of(data, len);
	leave_behind(ancestry, report);
	aval_report_clear(report, policy);
	report->kind = kind->kind;
	report->verified = verified;
	report->ancestry = ancestry;
	status = kind->verify(report, data, len, err);
	if (status != AVAL_OK) {
		aval_report_clear(report, NULL);
		return status;
	}
	return aval_report_conclude(report, report->bundle != NULL && aval_bundle_has_draft(report->bundle),
	                            err);
}
