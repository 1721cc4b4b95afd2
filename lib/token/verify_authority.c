/* SPDX-License-Identifier: Apache-2.0 */
/* Who may speak for a party: docs/spec/mandate.md#man-authority. */
#include "identity/chain.h"
#include "token/verify_identity.h"

bool aval_key_suffices(const aval_identity_judge *judge, aval_text party, const uint8_t thumbprint32[32])
{
	bool has_route;

	if (aval_party_is_key(party, thumbprint32) ||
	    aval_policy_key_speaks_for(judge->report->policy, thumbprint32, party))
		return true;
	return aval_judge_certified_key(judge, party, thumbprint32, &has_route).kind == AVAL_STANDING_TRUE && has_route;
}

static aval_party_scheme scheme_of(aval_text party)
{
	aval_party_scheme scheme = AVAL_PARTY_KEY;
	aval_status       status = aval_party_check(&scheme, party.data, party.len, NULL);

	(void)status; /* reading has checked it */
	return scheme;
}

/* Reading has checked that a "key:" party's mandate is signed by that key; whether it is known, identity asks. */
static aval_standing judge_key(const aval_report *report, const aval_mandate *m)
{
	if (aval_party_has_key(m->party) || aval_policy_key_speaks_for(report->policy, m->signer32, m->party) ||
	    aval_policy_is_endorser(report->policy, scheme_of(m->party), m->signer32))
		return aval_standing_true();
	return aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_MANDATE_AUTHORITY, "bundle.mandates[].key",
	                         "the policy lets the mandate's signer speak neither for the party nor for its scheme");
}

/* An endorser's certificate needs no issuer: it is trusted itself, as far as its own dates and usage go. */
static aval_standing judge_endorser(const aval_chain *chain, int64_t at_ms)
{
	aval_x509_verdict v;

	if (at_ms == AVAL_TIME_NONE)
		return aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_NOT_FOUND, "bundle.mandates[].x5t",
		                         "no time is known at which the endorser's certificate should be valid");
	v = aval_x509_judge_leaf(&chain->certificates[0], at_ms);
	if (v.status == AVAL_OK)
		return aval_standing_true();
	return aval_standing_not(aval_is_certificate_refuted(v.status) ? AVAL_STANDING_FALSE : AVAL_STANDING_UNKNOWN,
	                         v.status, "bundle.mandates[].x5t", v.reason);
}

static aval_standing judge_certified(const aval_identity_judge *judge, const aval_mandate *m)
{
	const aval_report              *report = judge->report;
	const aval_chain               *endorser;
	const aval_bundled_certificate *c = aval_bundle_find_certificate(report->bundle, m->signer32);

	endorser = aval_policy_endorsing_chain(report->policy, scheme_of(m->party), m->signer32);
	if (endorser != NULL)
		return judge_endorser(endorser, aval_policy_time(report->policy));
	return aval_judge_certificate(judge, (size_t)(c - report->bundle->certificates), m->party);
}

aval_status aval_judge_authorities(aval_identity_judge *judge, aval_error *err)
{
	const aval_report *report = judge->report;
	size_t             count = report->bundle->mandate_count;

	if (count == 0)
		return AVAL_OK;
	judge->authorities = aval_alloc_array(report->allocator, count, sizeof *judge->authorities);
	if (judge->authorities == NULL)
		return aval_fail_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		const aval_mandate *m = &report->bundle->mandates[i].mandate;

		judge->authorities[i] = m->has_certificate ? judge_certified(judge, m) : judge_key(report, m);
	}
	return AVAL_OK;
}
