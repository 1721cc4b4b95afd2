/* SPDX-License-Identifier: Apache-2.0 */
/* The rows signatures, identity and mandates, in one pass: who signed, with which key, and whether the policy
 * knows it. */
#include "token/verify.h"

/* The signature at hand. */
typedef struct signed_by {
	size_t              index; /* of the event */
	aval_cose_body      body;
	aval_cose_signature signature;
} signed_by;

/* Why a signer is not established; NULL where it is. A "key:" party is its own key's, which reading has
 * checked. */
static const char *lacks_identity(const aval_policy *policy, const aval_cose_signature *signature)
{
	if (aval_party_has_key(signature->signer.party))
		return aval_policy_knows_key(policy, signature->kid32) ? NULL
		                                                       : "the policy does not trust the key";
	return aval_policy_key_speaks_for(policy, signature->kid32, signature->signer.party)
	               ? NULL
	               : "neither a certificate nor the policy ties the key to the party";
}

static const char *lacks_mandate(const aval_policy *policy, const aval_cose_signature *signature)
{
	return aval_party_has_key(signature->signer.party) ||
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

static aval_status verify_signature(aval_bundle *bundle, const signed_by *by, aval_error *why)
{
	size_t key = aval_bundle_key_index(bundle, by->signature.kid32);

	if (!aval_bundle_key_is_at(bundle, key, by->signature.kid32))
		return aval_fail_at(why, AVAL_E_KEY_MISSING, by->signature.offset, "bundle.keys",
		                    "the key of a signature is not in the bundle");
	bundle->keys[key].is_used = true;
	return aval_cose_verify(&by->body, &by->signature, &bundle->keys[key].key, why);
}

/* Whether a party signed with more keys than one in one role. */
static bool has_several_keys(const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	size_t            missing = 0;

	if (event->signature_count == event->signer_count && aval_event_is_complete(event))
		return false;
	while (aval_event_next_missing(&signer, &cursor, event))
		missing++;
	return event->signature_count > event->signer_count - missing;
}

static void judge_signer(aval_report *report, const signed_by *by)
{
	aval_text party = by->signature.signer.party;

	lack(report, AVAL_CHECK_IDENTITY, lacks_identity(report->policy, &by->signature), by->index, party,
	     by->signature.offset);
	lack(report, AVAL_CHECK_MANDATES, lacks_mandate(report->policy, &by->signature), by->index, party,
	     by->signature.offset);
}

/* by tells the signature that failed, why is seen from the file. */
static aval_status judge_event(aval_report *report, size_t index, signed_by *by, aval_error *why)
{
	const aval_bundled_event *e = &report->bundle->events[index];
	aval_cose_sign            sign = aval_event_cose(&e->event);
	aval_cose_cursor          cursor = AVAL_COSE_CURSOR_INIT;

	by->index = index;
	by->body = sign.body;
	while (aval_cose_sign_next(&cursor, &by->signature, &sign)) {
		aval_status status = verify_signature(report->bundle, by, why);

		if (status != AVAL_OK) {
			aval_bundle_shift(why, e->offset);
			return status;
		}
		judge_signer(report, by);
	}
	if (has_several_keys(&e->event))
		lack(report, AVAL_CHECK_MANDATES,
		     "several keys signed for one party, and no mandate asks for that", index,
		     (aval_text){ NULL, 0 }, 0);
	return AVAL_OK;
}

static aval_status check_unused(const aval_bundle *bundle, aval_error *why)
{
	for (size_t i = 0; i < bundle->key_count; i++)
		if (!bundle->keys[i].is_used)
			return aval_fail_at(why, AVAL_E_KEY_UNUSED, bundle->keys[i].offset, "bundle.keys[]",
			                    "a key that no signature uses");
	return AVAL_OK;
}

static void fail_signatures(aval_report *report, const aval_error *why, const signed_by *by)
{
	aval_report_row *row = aval_report_row_at(report, AVAL_CHECK_SIGNATURES);

	aval_report_fail(report, AVAL_CHECK_SIGNATURES, why);
	if (by != NULL) {
		row->event_index = by->index;
		row->party = by->signature.signer.party;
	}
	for (int i = AVAL_CHECK_IDENTITY; i <= AVAL_CHECK_MANDATES; i++) {
		aval_report_pass(report, (aval_check_id)i); /* no word of it remains */
		aval_report_skip(report, (aval_check_id)i, AVAL_E_NOT_FOUND, "event.signers",
		                 "the signatures failed");
	}
}

aval_status aval_judge_signatures(aval_report *report, aval_error *err)
{
	aval_error  why = AVAL_ERROR_INIT;
	signed_by   by;
	aval_status status = AVAL_OK;

	for (int i = AVAL_CHECK_SIGNATURES; i <= AVAL_CHECK_MANDATES; i++)
		aval_report_pass(report, (aval_check_id)i);
	for (size_t i = 0; i < report->bundle->event_count && status == AVAL_OK; i++)
		status = judge_event(report, i, &by, &why);
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	if (status != AVAL_OK)
		fail_signatures(report, &why, &by);
	else if (check_unused(report->bundle, &why) != AVAL_OK)
		fail_signatures(report, &why, NULL);
	return AVAL_OK;
}
