/* SPDX-License-Identifier: Apache-2.0 */
/* The row mandates: whether the keys that signed may sign what they signed (docs/spec/mandate.md#man-judge). */
#include "identity/mandate.h"
#include "token/verified.h"
#include "token/verify_identity.h"

static bool is_remembered(const aval_report *report, const uint8_t key32[32])
{
	size_t count = report->mandate_count < AVAL_REPORT_MANDATES ? report->mandate_count : AVAL_REPORT_MANDATES;

	if (report->verified != NULL)
		return aval_verified_has(report->verified, key32);
	for (size_t i = 0; i < count; i++)
		if (memcmp(report->mandates[i], key32, 32) == 0)
			return true;
	return false;
}

static aval_status remember(aval_report *report, const uint8_t key32[32], aval_error *why)
{
	if (report->verified != NULL)
		return aval_verified_add(report->verified, AVAL_VERIFIED_MANDATE, key32, why);
	memcpy(report->mandates[report->mandate_count++ % AVAL_REPORT_MANDATES], key32, 32);
	return AVAL_OK;
}

static aval_status verify_signature(const aval_report *report, const aval_mandate *mandate, aval_error *why)
{
	if (!mandate->has_certificate)
		return aval_mandate_verify(mandate, why);
	return aval_mandate_verify_certified(mandate, aval_bundle_find_certificate(report->bundle, mandate->signer32)->chain,
	                                     report->allocator, why);
}

/* The envelope names its signer, key or certificate, so its bytes decide. What was verified before is not again. */
static aval_status verify_one(aval_report *report, const aval_mandate *mandate, aval_error *why)
{
	uint8_t     key32[32];
	aval_status status;

	if (!aval_report_may_verify(report))
		return aval_fail(why, AVAL_E_LIMIT, "bundle.mandates[]",
		                 "more signatures than the policy lets a file have");
	aval_verified_key(key32, AVAL_VERIFIED_MANDATE, &mandate->envelope, 1);
	if (is_remembered(report, key32))
		return AVAL_OK;
	status = verify_signature(report, mandate, why);
	if (status == AVAL_OK)
		status = aval_mandate_check_groups(mandate, why);
	return status == AVAL_OK ? remember(report, key32, why) : status;
}

aval_status aval_verify_mandates(aval_report *report, size_t *index_out, aval_error *why)
{
	const aval_bundle *bundle = report->bundle;
	aval_status        status = AVAL_OK;

	for (size_t i = 0; i < bundle->mandate_count && status == AVAL_OK; i++) {
		*index_out = i;
		status = verify_one(report, &bundle->mandates[i].mandate, why);
	}
	return status;
}

/* What a party gives away by an ASSIGN as the holder, and what it gets as an assignee. */
static int64_t assigned_amount(const aval_event *event, const aval_event_signer *signer)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_output       output;
	int64_t           amount = 0;
	bool              is_holder = signer->role == AVAL_ROLE_HOLDER;

	while (aval_event_next_output(&output, &cursor, event))
		if (aval_text_equal(output.holder, signer->party) != is_holder)
			amount += output.length_minor; /* reading has checked the sum */
	return amount;
}

int64_t aval_event_amount(const aval_event *event, const aval_event_signer *signer, const aval_issue *issue)
{
	if (event->type == AVAL_EVENT_ASSIGN)
		return assigned_amount(event, signer);
	if (event->type == AVAL_EVENT_ACCEPT && signer->role == AVAL_ROLE_DEBTOR)
		return event->internal.as.accept.accepted_minor;
	return issue->face_minor;
}

/* What ends a grant, if its signer may speak for the party; where that is not known, nor is the grant's end. */
static aval_standing judge_end(const aval_identity_judge *judge, const aval_mandate *grant, int64_t at_ms)
{
	const aval_bundle *bundle = judge->report->bundle;
	aval_standing      standing = aval_standing_true();
	aval_error         why = AVAL_ERROR_INIT;

	for (size_t i = 0; i < bundle->mandate_count; i++) {
		if (aval_mandate_check_ended(grant, &bundle->mandates[i].mandate, at_ms, &why) == AVAL_OK)
			continue;
		if (judge->authorities[i].kind == AVAL_STANDING_TRUE)
			return aval_standing_not(AVAL_STANDING_FALSE, why.status, why.where, why.reason);
		standing = aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_MANDATE_AUTHORITY, "bundle.mandates[]",
		                             "whether the mandate was ended by somebody who may is not known");
	}
	return standing;
}

/* A draft waits for signatures, which says nothing against it. */
static aval_standing judge_content(const aval_identity_judge *judge, const aval_mandate *grant,
                                   const aval_mandate_act *act, bool is_draft)
{
	aval_error  why = AVAL_ERROR_INIT;
	aval_status status = aval_mandate_check(grant, act, &why);
	bool        is_waiting = is_draft && act->key_count < grant->threshold;

	if (status == AVAL_OK)
		return judge_end(judge, grant, act->at_ms);
	if (status == AVAL_E_NOT_FOUND || (status == AVAL_E_MANDATE_THRESHOLD && is_waiting))
		return aval_standing_not(AVAL_STANDING_UNKNOWN, status, why.where, why.reason);
	return aval_standing_not(AVAL_STANDING_FALSE, status, why.where, why.reason);
}

static aval_standing judge_grant(const aval_identity_judge *judge, size_t index, const aval_mandate_act *act,
                                 bool is_draft)
{
	aval_standing content =
		judge_content(judge, &judge->report->bundle->mandates[index].mandate, act, is_draft);

	return content.kind == AVAL_STANDING_TRUE ? judge->authorities[index] : content;
}

/* Of several grants that refuse, the one is told that lists most of the keys, and of these the one that begins last. */
typedef struct best_refusal {
	const aval_mandate *grant;
	size_t              listed;
	aval_standing       standing;
} best_refusal;

static void take_refusal(best_refusal *best, const aval_mandate *grant, const aval_mandate_act *act,
                         aval_standing standing)
{
	size_t listed = 0;

	for (size_t i = 0; i < act->key_count; i++)
		listed += aval_mandate_has_key(grant, act->keys + 32 * i);
	if (best->grant != NULL && (listed < best->listed || (listed == best->listed &&
	                                                      grant->valid_from_ms <= best->grant->valid_from_ms)))
		return;
	*best = (best_refusal){ grant, listed, standing };
}

static aval_standing judge_grants(const aval_identity_judge *judge, const aval_event *event,
                                  const aval_mandate_act *act, bool is_draft)
{
	const aval_bundle *bundle = judge->report->bundle;
	aval_standing      unknown = aval_standing_true();
	best_refusal       best = { NULL, 0, aval_standing_true() };

	for (size_t i = 0; i < bundle->mandate_count; i++) {
		const aval_mandate *grant = &bundle->mandates[i].mandate;
		aval_standing       standing;

		if (!aval_mandate_is_grant_to(grant, event, act->party))
			continue;
		standing = judge_grant(judge, i, act, is_draft);
		if (standing.kind == AVAL_STANDING_TRUE)
			return standing;
		if (standing.kind == AVAL_STANDING_FALSE)
			take_refusal(&best, grant, act, standing);
		else if (unknown.kind == AVAL_STANDING_TRUE)
			unknown = standing;
	}
	if (unknown.kind != AVAL_STANDING_TRUE)
		return unknown;
	if (best.grant != NULL)
		return best.standing;
	return aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_SIGNER_KEY, "event.signers[].party",
	                         act->key_count > 1
	                                 ? "several keys signed for one party, and no mandate asks for that"
	                                 : "neither a mandate nor the policy lets the key sign for the party");
}

aval_standing aval_judge_mandates(const aval_identity_judge *judge, const aval_signed_group *group)
{
	const aval_report *report = judge->report;
	const aval_event  *event = &report->bundle->events[group->index].event;
	aval_mandate_act   act = {
		.registry = event->registry,
		.party = group->signer.party,
		.type = event->type,
		.currency = judge->issue.currency,
		.at_ms = aval_policy_time(report->policy),
		.keys = group->keys,
		.key_count = group->count,
	};
	bool is_draft = judge->has_draft && group->index + 1 == report->bundle->event_count;

	if (group->count == 1 && aval_key_suffices(judge, group->signer.party, group->keys))
		return aval_standing_true();
	act.amount_minor = aval_event_amount(event, &group->signer, &judge->issue);
	return judge_grants(judge, event, &act, is_draft);
}
