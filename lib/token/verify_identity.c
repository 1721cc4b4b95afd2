/* SPDX-License-Identifier: Apache-2.0 */
/* The row identity, and the walk over all signatures that fills the row mandates too. */
#include <stdlib.h>

#include "token/verify_identity.h"

/* The first that is told stays, but for what is proven wrong. */
static void tell(aval_report *report, aval_check_id check, const aval_standing *standing,
                 const aval_signed_group *group)
{
	aval_report_row *row = aval_report_row_at(report, check);
	aval_error       why = { sizeof why, standing->status, group->offset, standing->where, standing->reason, 0 };

	if (standing->kind == AVAL_STANDING_TRUE || row->verdict == AVAL_VERDICT_FAIL ||
	    (standing->kind == AVAL_STANDING_UNKNOWN && row->verdict != AVAL_VERDICT_PASS))
		return;
	aval_report_fail(report, check, &why);
	if (standing->kind == AVAL_STANDING_UNKNOWN)
		row->verdict = AVAL_VERDICT_NOT_CHECKED;
	row->event_index = group->index;
	row->party = group->signer.party;
}

static aval_standing no_route(aval_text party)
{
	if (aval_party_has_key(party))
		return aval_standing_not(AVAL_STANDING_FALSE, AVAL_E_SIGNER_KEY, "signature.kid",
		                         "the party is that of another key, and no mandate lists this one");
	return aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_SIGNER_KEY, "event.signers[].party",
	                         "neither a certificate nor the policy ties the key to the party");
}

static aval_standing judge_own_key(const aval_policy *policy, const uint8_t thumbprint32[32])
{
	if (aval_policy_knows_key(policy, thumbprint32))
		return aval_standing_true();
	return aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_SIGNER_KEY, "event.signers[].party",
	                         "the policy does not trust the key");
}

/* Whether the party of a mandate is established by whoever signed it: a "key:" party is that key. */
static aval_standing judge_by_mandate(const aval_identity_judge *judge, size_t index)
{
	const aval_mandate *grant = &judge->report->bundle->mandates[index].mandate;

	if (aval_party_has_key(grant->party))
		return judge_own_key(judge->report->policy, grant->signer32);
	return judge->authorities[index];
}

/* The better of two: what is established, else what is open, else what is refuted. */
static void take_better(aval_standing *best, bool *has_route, const aval_standing *standing)
{
	if (!*has_route || standing->kind == AVAL_STANDING_TRUE ||
	    (best->kind == AVAL_STANDING_FALSE && standing->kind == AVAL_STANDING_UNKNOWN))
		*best = *standing;
	*has_route = true;
}

/* By the certificate of the key, and by the mandates that list it. */
static aval_standing judge_by_others(const aval_identity_judge *judge, const aval_event *event, aval_text party,
                                     const uint8_t thumbprint32[32])
{
	const aval_bundle *bundle = judge->report->bundle;
	bool               has_route = false;
	aval_standing      best = aval_judge_certified_key(judge, party, thumbprint32, &has_route);

	for (size_t i = 0; i < bundle->mandate_count && !(has_route && best.kind == AVAL_STANDING_TRUE); i++) {
		const aval_mandate *grant = &bundle->mandates[i].mandate;
		aval_standing       standing;

		if (!aval_mandate_is_grant_to(grant, event, party) || !aval_mandate_has_key(grant, thumbprint32))
			continue;
		standing = judge_by_mandate(judge, i);
		take_better(&best, &has_route, &standing);
	}
	return has_route ? best : no_route(party);
}

static aval_standing judge_key(const aval_identity_judge *judge, const aval_event *event, aval_text party,
                               const uint8_t thumbprint32[32])
{
	const aval_policy *policy = judge->report->policy;

	if (aval_policy_key_speaks_for(policy, thumbprint32, party))
		return aval_standing_true();
	if (aval_party_is_key(party, thumbprint32))
		return judge_own_key(policy, thumbprint32);
	return judge_by_others(judge, event, party, thumbprint32);
}

static void judge_group(const aval_identity_judge *judge, const aval_signed_group *group)
{
	const aval_event *event = &judge->report->bundle->events[group->index].event;
	aval_standing     standing;

	for (size_t i = 0; i < group->count; i++) {
		standing = judge_key(judge, event, group->signer.party, group->keys + 32 * i);
		tell(judge->report, AVAL_CHECK_IDENTITY, &standing, group);
	}
	standing = aval_judge_mandates(judge, group);
	tell(judge->report, AVAL_CHECK_MANDATES, &standing, group);
}

/* Signatures are sorted by their headers; here they stand by signer. */
static int compare_signatures(const void *a, const void *b)
{
	const aval_event_signature *left = a, *right = b;
	size_t shared = left->signer.party.len < right->signer.party.len ? left->signer.party.len
	                                                                  : right->signer.party.len;
	int    order = memcmp(left->signer.party.data, right->signer.party.data, shared);

	if (left->signer.role != right->signer.role)
		return left->signer.role < right->signer.role ? -1 : 1;
	if (order != 0 || left->signer.party.len != right->signer.party.len)
		return order != 0 ? order : left->signer.party.len < right->signer.party.len ? -1 : 1;
	return left->offset < right->offset ? -1 : 1;
}

static bool is_same_signer(const aval_event_signature *a, const aval_event_signature *b)
{
	return a->signer.role == b->signer.role && aval_text_equal(a->signer.party, b->signer.party);
}

/* keys has room for the thumbprints of all. */
static void judge_sorted(const aval_identity_judge *judge, size_t index, const aval_event_signature *signatures,
                         size_t count, uint8_t *keys)
{
	size_t base = judge->report->bundle->events[index].offset;

	for (size_t begin = 0, end; begin < count; begin = end) {
		aval_signed_group group = { index, signatures[begin].signer, keys, 0, base + signatures[begin].offset };

		for (end = begin; end < count && is_same_signer(&signatures[begin], &signatures[end]); end++)
			memcpy(keys + 32 * group.count++, signatures[end].kid32, 32);
		judge_group(judge, &group);
	}
}

static aval_status judge_several(const aval_identity_judge *judge, size_t index, aval_error *err)
{
	const aval_allocator *allocator = judge->report->allocator;
	const aval_event     *event = &judge->report->bundle->events[index].event;
	aval_event_cursor     cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature *signatures = aval_alloc_array(allocator, event->signature_count, sizeof *signatures);
	uint8_t              *keys = aval_alloc_array(allocator, event->signature_count, 32);
	size_t                count = 0;

	if (signatures != NULL && keys != NULL) {
		while (count < event->signature_count &&
		       aval_event_next_signature(&signatures[count], &cursor, event))
			count++;
		qsort(signatures, count, sizeof *signatures, compare_signatures);
		judge_sorted(judge, index, signatures, count, keys);
	}
	aval_free(signatures, allocator);
	aval_free(keys, allocator);
	return count == 0 ? aval_fail_no_memory(err) : AVAL_OK;
}

/* Whether each signer has one signature at most; then they need not be put together. */
static bool has_one_each(const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	size_t            missing = 0;

	while (!aval_event_is_complete(event) && aval_event_next_missing(&signer, &cursor, event))
		missing++;
	return event->signature_count == event->signer_count - missing;
}

static aval_status judge_event(const aval_identity_judge *judge, size_t index, aval_error *err)
{
	const aval_bundled_event *e = &judge->report->bundle->events[index];
	aval_event_cursor         cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature      s;

	if (!has_one_each(&e->event))
		return judge_several(judge, index, err);
	while (aval_event_next_signature(&s, &cursor, &e->event)) {
		aval_signed_group group = { index, s.signer, s.kid32, 1, e->offset + s.offset };

		judge_group(judge, &group);
	}
	return AVAL_OK;
}

/*
 * Leading events that are established already, since they were in the file before: without anything else to go by, a
 * bundle's signatures and the policy decide alone.
 */
static size_t established_events(const aval_report *report)
{
	size_t shared = aval_ancestry_shared(report->ancestry, report->bundle);

	if (shared == 0 || !aval_bundle_is_bare(report->bundle))
		return 0;
	return shared < report->ancestry->established ? shared : report->ancestry->established;
}

static aval_status judge_events(const aval_identity_judge *judge, aval_error *err)
{
	aval_status status = AVAL_OK;

	for (size_t i = established_events(judge->report); i < judge->report->bundle->event_count && status == AVAL_OK; i++)
		status = judge_event(judge, i, err);
	return status;
}

/* What no signature vouches for is nobody's. */
static void skip_rows(aval_report *report)
{
	bool has_failed = aval_report_row_at(report, AVAL_CHECK_SIGNATURES)->verdict == AVAL_VERDICT_FAIL;

	for (int i = AVAL_CHECK_IDENTITY; i <= AVAL_CHECK_MANDATES; i++)
		aval_report_skip(report, (aval_check_id)i, AVAL_E_NOT_FOUND, "event.signers",
		                 has_failed ? "the signatures failed" : "not every signature was verified");
}

/* A mandate that is broken leaves nobody to ask for whom the keys sign. */
static void stop_at_mandate(aval_report *report, size_t index, aval_error *why)
{
	const aval_bundled_mandate *m = &report->bundle->mandates[index];
	aval_report_row            *row = aval_report_row_at(report, AVAL_CHECK_MANDATES);

	aval_report_skip(report, AVAL_CHECK_IDENTITY, AVAL_E_NOT_FOUND, "bundle.mandates",
	                 "not every mandate was verified");
	why->offset = m->offset;
	aval_report_fail(report, AVAL_CHECK_MANDATES, why);
	if (why->status == AVAL_E_LIMIT || why->status == AVAL_E_CERT_ALGORITHM)
		row->verdict = AVAL_VERDICT_NOT_CHECKED;
	row->party = m->mandate.party;
}

static aval_status judge_all(aval_report *report, aval_error *err)
{
	aval_identity_judge judge = { .report = report, .has_draft = aval_bundle_has_draft(report->bundle) };
	aval_status         status = aval_bundle_terms(&judge.issue, report->bundle, err);

	if (status == AVAL_OK)
		status = aval_judge_certificates(&judge, err);
	if (status == AVAL_OK)
		status = aval_judge_authorities(&judge, err);
	if (status == AVAL_OK)
		status = judge_events(&judge, err);
	aval_free(judge.certificates, report->allocator);
	aval_free(judge.authorities, report->allocator);
	return status;
}

aval_status aval_judge_identity(aval_report *report, aval_error *err)
{
	aval_error  why = AVAL_ERROR_INIT;
	size_t      index = 0;
	aval_status status;

	if (!aval_report_passed(report, AVAL_CHECK_SIGNATURES)) {
		skip_rows(report);
		return AVAL_OK;
	}
	status = aval_verify_mandates(report, &index, &why);
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	if (status != AVAL_OK) {
		stop_at_mandate(report, index, &why);
		return AVAL_OK;
	}
	for (int i = AVAL_CHECK_IDENTITY; i <= AVAL_CHECK_MANDATES; i++)
		aval_report_pass(report, (aval_check_id)i);
	return judge_all(report, err);
}
