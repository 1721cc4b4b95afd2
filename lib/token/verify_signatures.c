/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row signatures. The history was judged before, since a replay is cheap and a signature is not: nothing
 * behind the event that broke it is verified. The policy bounds the signatures of a file besides.
 */
#include "token/verify.h"

/* The signature at hand. */
typedef struct signed_by {
	size_t              index; /* of the event */
	bool                is_known; /* valid by a key of that thumbprint and algorithm */
	aval_cose_body      body;
	aval_cose_signature signature;
} signed_by;

bool aval_report_may_verify(aval_report *report)
{
	if (report->signature_count >= aval_policy_max_signatures(report->policy))
		return false;
	report->signature_count++;
	return true;
}

static aval_status verify_once(aval_report *report, const signed_by *by, const aval_public_key *key,
                               aval_error *why)
{
	aval_ancestry *ancestry = report->ancestry;
	aval_memory    memory = { report->verified, ancestry == NULL ? NULL : &ancestry->batch,
		                  ancestry == NULL ? NULL : ancestry->claims };

	if (by->is_known && aval_algorithm_of(key) == by->signature.algorithm)
		return AVAL_OK;
	return aval_cose_verify_once(&memory, &by->body, &by->signature, key, why);
}

static aval_status verify_signature(aval_report *report, const signed_by *by, aval_error *why)
{
	aval_bundle *bundle = report->bundle;
	size_t       key = aval_bundle_key_index(bundle, by->signature.kid32);

	if (!aval_bundle_key_is_at(bundle, key, by->signature.kid32))
		return aval_fail_at(why, AVAL_E_KEY_MISSING, by->signature.offset, "bundle.keys",
		                    "the key of a signature is not in the bundle");
	bundle->keys[key].is_used = true;
	if (!aval_report_may_verify(report))
		return aval_fail_at(why, AVAL_E_LIMIT, by->signature.offset, "event.signatures",
		                    "more signatures than the policy lets a file have");
	return verify_once(report, by, &bundle->keys[key].key, why);
}

/* by tells the signature that failed, why is seen from the file. */
static aval_status verify_event(aval_report *report, size_t index, signed_by *by, aval_error *why)
{
	const aval_bundled_event *e = &report->bundle->events[index];
	aval_cose_sign            sign = aval_event_cose(&e->event);
	aval_cose_cursor          cursor = AVAL_COSE_CURSOR_INIT;
	aval_status               status = AVAL_OK;

	by->index = index;
	by->is_known = report->ancestry != NULL && index < aval_ancestry_shared(report->ancestry, report->bundle) &&
	               index < report->ancestry->verified;
	by->body = sign.body;
	while (status == AVAL_OK && aval_cose_sign_next(&cursor, &by->signature, &sign))
		status = verify_signature(report, by, why);
	if (status != AVAL_OK)
		aval_bundle_shift(why, e->offset);
	return status;
}

static aval_status check_unused(const aval_bundle *bundle, aval_error *why)
{
	for (size_t i = 0; i < bundle->key_count; i++)
		if (!bundle->keys[i].is_used)
			return aval_fail_at(why, AVAL_E_KEY_UNUSED, bundle->keys[i].offset, "bundle.keys[]",
			                    "a key that no signature uses");
	return AVAL_OK;
}

/* A limit says nothing against the file. */
static void stop_at(aval_report *report, const signed_by *by, const aval_error *why)
{
	aval_report_row *row = aval_report_row_at(report, AVAL_CHECK_SIGNATURES);

	aval_report_fail(report, AVAL_CHECK_SIGNATURES, why);
	if (why->status == AVAL_E_LIMIT)
		row->verdict = AVAL_VERDICT_NOT_CHECKED;
	row->event_index = by->index;
	row->party = by->signature.signer.party;
}

/* Events behind the one that broke the history are not looked at. */
static void stop_behind_history(aval_report *report, size_t index)
{
	aval_report_row *row = aval_report_row_at(report, AVAL_CHECK_SIGNATURES);

	aval_report_skip(report, AVAL_CHECK_SIGNATURES, AVAL_E_NOT_FOUND, "bundle.events[]",
	                 "behind an unlawful event signatures are not verified");
	row->event_index = index;
	row->offset = report->bundle->events[index].offset;
}

/* How many events are to be verified: those up to the one that broke the history. */
static size_t events_to_verify(aval_report *report)
{
	const aval_report_row *history = aval_report_row_at(report, AVAL_CHECK_HISTORY);

	return history->verdict == AVAL_VERDICT_FAIL ? history->event_index + 1 : report->bundle->event_count;
}

aval_status aval_judge_signatures(aval_report *report, aval_error *err)
{
	aval_error  why = AVAL_ERROR_INIT;
	signed_by   by = { 0 };
	size_t      count = events_to_verify(report);
	aval_status status = AVAL_OK;

	for (size_t i = 0; i < count && status == AVAL_OK; i++) {
		status = verify_event(report, i, &by, &why);
		report->verified_events += status == AVAL_OK;
	}
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	if (status != AVAL_OK)
		stop_at(report, &by, &why);
	else if (count < report->bundle->event_count)
		stop_behind_history(report, count);
	else if (check_unused(report->bundle, &why) != AVAL_OK)
		aval_report_fail(report, AVAL_CHECK_SIGNATURES, &why);
	else
		aval_report_pass(report, AVAL_CHECK_SIGNATURES);
	return AVAL_OK;
}
