/* SPDX-License-Identifier: Apache-2.0 */
/* The rows signatures, identity and mandates: who signed, with which key, and whether the policy knows it. */
#include "token/verify.h"

/* Verify the signatures of one event; what fails is told in why, seen from the file. */
static aval_status check_event(const aval_bundle *bundle, const aval_bundled_event *e, aval_text *party_out,
                               aval_error *why)
{
	aval_cose_sign      sign = aval_event_cose(&e->event);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature signature;

	while (aval_cose_sign_next(&cursor, &signature, &sign)) {
		const aval_public_key *key = aval_bundle_find_key(bundle, signature.kid32);
		aval_status            status = aval_cose_verify(&sign.body, &signature, key, why);

		if (status == AVAL_OK)
			continue;
		*party_out = signature.signer.party;
		aval_bundle_shift(why, e->offset);
		return status;
	}
	return AVAL_OK;
}

static aval_status judge_signatures(aval_report *report, aval_error *err)
{
	aval_bundle     *bundle = report->bundle;
	aval_report_row *row = aval_report_row_at(report, AVAL_CHECK_SIGNATURES);
	aval_error       why = AVAL_ERROR_INIT;
	aval_status      status = aval_bundle_check_keys(bundle, &why);
	aval_text        party = { NULL, 0 };
	size_t           index = AVAL_NO_INDEX;

	for (size_t i = 0; i < bundle->event_count && status == AVAL_OK; i++) {
		status = check_event(bundle, &bundle->events[i], &party, &why);
		index = status == AVAL_OK ? AVAL_NO_INDEX : i;
	}
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	if (status == AVAL_OK) {
		aval_report_pass(report, AVAL_CHECK_SIGNATURES);
		return AVAL_OK;
	}
	aval_report_fail(report, AVAL_CHECK_SIGNATURES, &why);
	row->event_index = index;
	row->party = party;
	return AVAL_OK;
}

/* Why a signer is not established; NULL where it is. A "key:" party is its own key's, which reading has checked. */
static const char *lacks_identity(const aval_policy *policy, const aval_cose_signature *signature)
{
	if (aval_party_is_key(signature->signer.party, signature->kid32))
		return aval_policy_knows_key(policy, signature->kid32) ? NULL : "the policy does not trust the key";
	return aval_policy_key_speaks_for(policy, signature->kid32, signature->signer.party)
	               ? NULL
	               : "neither a certificate nor the policy ties the key to the party";
}

static const char *lacks_mandate(const aval_policy *policy, const aval_cose_signature *signature)
{
	return aval_party_is_key(signature->signer.party, signature->kid32) ||
	                       aval_policy_key_speaks_for(policy, signature->kid32, signature->signer.party)
	               ? NULL
	               : "neither a mandate nor the policy lets the key sign for the party";
}

/* The first that lacks something is told. */
static void lack(aval_report *report, aval_check_id check, const char *reason, size_t index, aval_text party,
                 size_t offset)
{
	aval_report_row *row = aval_report_row_at(report, check);

	if (reason == NULL || row->status != AVAL_OK)
		return;
	aval_report_skip(report, check, AVAL_E_SIGNER_KEY, "event.signers[].party", reason);
	row->event_index = index;
	row->offset = report->bundle->events[index].offset + offset;
	row->party = party;
}

/* Whether a party signed with more keys than one in one role. */
static bool has_several_keys(const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	size_t            missing = 0;

	while (aval_event_next_missing(&signer, &cursor, event))
		missing++;
	return event->signature_count > event->signer_count - missing;
}

static void judge_event_signers(aval_report *report, size_t index)
{
	const aval_event   *event = &report->bundle->events[index].event;
	aval_cose_sign      sign = aval_event_cose(event);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	while (aval_cose_sign_next(&cursor, &s, &sign)) {
		lack(report, AVAL_CHECK_IDENTITY, lacks_identity(report->policy, &s), index, s.signer.party, s.offset);
		lack(report, AVAL_CHECK_MANDATES, lacks_mandate(report->policy, &s), index, s.signer.party, s.offset);
	}
	if (has_several_keys(event))
		lack(report, AVAL_CHECK_MANDATES, "several keys signed for one party, and no mandate asks for that",
		     index, (aval_text){ NULL, 0 }, 0);
}

static void judge_signers(aval_report *report)
{
	aval_report_pass(report, AVAL_CHECK_IDENTITY);
	aval_report_pass(report, AVAL_CHECK_MANDATES);
	for (size_t i = 0; i < report->bundle->event_count; i++)
		judge_event_signers(report, i);
}

aval_status aval_judge_signatures(aval_report *report, aval_error *err)
{
	aval_status status = judge_signatures(report, err);

	if (status != AVAL_OK)
		return status;
	if (aval_report_passed(report, AVAL_CHECK_SIGNATURES)) {
		judge_signers(report);
		return AVAL_OK;
	}
	aval_report_skip(report, AVAL_CHECK_IDENTITY, AVAL_E_NOT_FOUND, "event.signers", "the signatures failed");
	aval_report_skip(report, AVAL_CHECK_MANDATES, AVAL_E_NOT_FOUND, "event.signers", "the signatures failed");
	return AVAL_OK;
}
