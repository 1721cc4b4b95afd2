/* SPDX-License-Identifier: Apache-2.0 */
/* The rows identity and mandates: whether the keys that signed are those of the parties, and may sign for them. */
#include "token/verify.h"

/* The signature at hand. */
typedef struct signed_by {
	size_t              index; /* of the event */
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

static void judge_event(aval_report *report, size_t index)
{
	const aval_bundled_event *e = &report->bundle->events[index];
	aval_cose_sign            sign = aval_event_cose(&e->event);
	aval_cose_cursor          cursor = AVAL_COSE_CURSOR_INIT;
	signed_by                 by = { .index = index };

	while (aval_cose_sign_next(&cursor, &by.signature, &sign))
		judge_signer(report, &by);
	if (has_several_keys(&e->event))
		lack(report, AVAL_CHECK_MANDATES,
		     "several keys signed for one party, and no mandate asks for that", index,
		     (aval_text){ NULL, 0 }, 0);
}

/* What no signature vouches for is nobody's. */
static void skip_rows(aval_report *report)
{
	bool has_failed = aval_report_row_at(report, AVAL_CHECK_SIGNATURES)->verdict == AVAL_VERDICT_FAIL;

	for (int i = AVAL_CHECK_IDENTITY; i <= AVAL_CHECK_MANDATES; i++)
		aval_report_skip(report, (aval_check_id)i, AVAL_E_NOT_FOUND, "event.signers",
		                 has_failed ? "the signatures failed" : "not every signature was verified");
}

aval_status aval_judge_identity(aval_report *report, aval_error *err)
{
	(void)err;
	if (!aval_report_passed(report, AVAL_CHECK_SIGNATURES)) {
		skip_rows(report);
		return AVAL_OK;
	}
	for (int i = AVAL_CHECK_IDENTITY; i <= AVAL_CHECK_MANDATES; i++)
		aval_report_pass(report, (aval_check_id)i);
	for (size_t i = 0; i < report->bundle->event_count; i++)
		judge_event(report, i);
	return AVAL_OK;
}
