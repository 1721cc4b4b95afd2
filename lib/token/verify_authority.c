/* SPDX-License-Identifier: Apache-2.0 */
/* Who may speak for a party: docs/spec/mandate.md#man-authority. */
#include "token/verify_identity.h"

bool aval_key_suffices(const aval_report *report, aval_text party, const uint8_t thumbprint32[32])
{
	return aval_party_is_key(party, thumbprint32) ||
	       aval_policy_key_speaks_for(report->policy, thumbprint32, party);
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

aval_standing aval_judge_authority(const aval_report *report, const aval_mandate *mandate)
{
	if (mandate->has_certificate)
		return aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_UNSUPPORTED, "bundle.mandates[].x5t",
		                         "certificates are not judged");
	return judge_key(report, mandate);
}
