/* SPDX-License-Identifier: Apache-2.0 */
/* The rows disclosure, terms and parties: what the bundle shows of the invoice. */
#include "token/verify.h"

static aval_status open_disclosure(aval_report *report, aval_error *why)
{
	aval_status status;

	report->is_shown_again = aval_ancestry_has_disclosure(report->ancestry, report->bundle);
	if (report->is_shown_again) {
		report->disclosure = report->ancestry->disclosure;
		report->has_disclosure = true;
		return AVAL_OK;
	}
	status = aval_bundle_disclosure(&report->disclosure, report->bundle, why);
	report->has_disclosure = status == AVAL_OK;
	return status == AVAL_E_NOT_FOUND && report->bundle->disclosure.bytes.data == NULL ? AVAL_OK : status;
}

static aval_status open_source(aval_invoice **invoice_out, const aval_report *report, const aval_issue *issue,
                               aval_error *why)
{
	const aval_bundle *bundle = report->bundle;
	aval_status        status;

	if (bundle->source.bytes.data == NULL)
		return AVAL_OK;
	status = aval_source_open(invoice_out, issue, bundle->source_key32, bundle->source.bytes,
	                          report->allocator, why);
	if (status != AVAL_OK)
		aval_bundle_shift(why, bundle->source.offset);
	return status;
}

static aval_status judge_disclosure(aval_report *report, aval_invoice **invoice_out, const aval_issue *issue,
                                    aval_error *err)
{
	aval_error  why = AVAL_ERROR_INIT;
	aval_status status = open_disclosure(report, &why);

	if (status == AVAL_OK)
		status = open_source(invoice_out, report, issue, &why);
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	if (status != AVAL_OK)
		aval_report_fail(report, AVAL_CHECK_DISCLOSURE, &why);
	else if (!report->has_disclosure && *invoice_out == NULL)
		aval_report_skip(report, AVAL_CHECK_DISCLOSURE, AVAL_E_NOT_FOUND, "bundle.disclosures",
		                 "the bundle discloses nothing");
	else
		aval_report_pass(report, AVAL_CHECK_DISCLOSURE);
	return AVAL_OK;
}

/* The same ISSUE, disclosure and acceptance as in the file before have the same outcome. */
static bool has_terms_of_ancestry(const aval_report *report, const aval_invoice *invoice)
{
	return invoice == NULL && report->is_shown_again && report->ancestry->has_terms &&
	       report->ancestry->is_accepted == report->is_accepted;
}

/* The source, where it is there, shows everything. */
static void judge_terms(aval_report *report, const aval_invoice *invoice, const aval_issue *issue)
{
	aval_error       why = AVAL_ERROR_INIT;
	aval_accept      accept;
	aval_term_lookup lookup = invoice != NULL ? aval_lookup_invoice : aval_lookup_disclosed;
	const void      *from = invoice != NULL ? (const void *)invoice : (const void *)&report->disclosure;
	aval_status      status;

	if (!aval_report_passed(report, AVAL_CHECK_DISCLOSURE)) {
		aval_report_skip(report, AVAL_CHECK_TERMS, AVAL_E_NOT_FOUND, "bundle.disclosures",
		                 "no term is shown and proven");
		return;
	}
	report->is_accepted = report->token != NULL && aval_token_acceptance(&accept, report->token);
	status = has_terms_of_ancestry(report, invoice)
	                 ? AVAL_OK
	                 : aval_terms_compare(issue, lookup, from, report->is_accepted, &why);
	if (status == AVAL_OK)
		aval_report_pass(report, AVAL_CHECK_TERMS);
	else if (status == AVAL_E_NOT_FOUND)
		aval_report_skip(report, AVAL_CHECK_TERMS, status, why.where, why.reason);
	else
		aval_report_fail(report, AVAL_CHECK_TERMS, &why);
}

aval_status aval_judge_invoice(aval_report *report, aval_error *err)
{
	aval_issue    issue;
	aval_invoice *invoice = NULL;
	aval_status   status = aval_bundle_terms(&issue, report->bundle, err);

	if (status == AVAL_OK)
		status = judge_disclosure(report, &invoice, &issue, err);
	if (status != AVAL_OK)
		return status;
	judge_terms(report, invoice, &issue);
	if (invoice != NULL)
		aval_judge_parties(report, &issue, aval_lookup_invoice, invoice);
	else
		aval_judge_parties(report, &issue, aval_lookup_disclosed, &report->disclosure);
	aval_invoice_free(invoice);
	return AVAL_OK;
}
