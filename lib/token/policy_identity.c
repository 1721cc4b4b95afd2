/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a policy lets speak for parties that are no keys (docs/spec/bundle.md#ver-policy). */
#include "token/policy.h"

bool aval_policy_is_endorser(const aval_policy *policy, aval_party_scheme scheme, const uint8_t thumbprint32[32])
{
	for (size_t i = 0; policy != NULL && i < policy->endorser_count; i++)
		if (policy->endorsers[i].scheme == scheme &&
		    memcmp(policy->endorsers[i].hash32, thumbprint32, 32) == 0)
			return true;
	return false;
}

/* A key speaks for its own id, and nobody can lend it that. */
static aval_status check_scheme(aval_party_scheme scheme, aval_error *err)
{
	if (scheme > AVAL_PARTY_KEY && scheme <= AVAL_PARTY_USCC)
		return AVAL_OK;
	return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "policy.endorsers[].scheme",
	                 "no scheme of parties that others speak for");
}

aval_status aval_policy_add_endorser_key(aval_policy *policy, aval_party_scheme scheme, const uint8_t thumbprint32[32],
                                         aval_error *err)
{
	struct aval_endorser_row *rows;
	aval_status               status = check_scheme(scheme, err);

	if (status != AVAL_OK || aval_policy_is_endorser(policy, scheme, thumbprint32))
		return status;
	rows = aval_grow(policy->endorsers, &policy->endorser_room, policy->endorser_count, sizeof *rows,
	                 policy->allocator);
	if (rows == NULL)
		return aval_fail_no_memory(err);
	policy->endorsers = rows;
	rows += policy->endorser_count++;
	rows->scheme = scheme;
	memcpy(rows->hash32, thumbprint32, 32);
	return AVAL_OK;
}

size_t aval_policy_endorser_count(const aval_policy *policy)
{
	return policy->endorser_count;
}

aval_trusted_endorser aval_policy_endorser(const aval_policy *policy, size_t index)
{
	if (index >= policy->endorser_count)
		return (aval_trusted_endorser){ (aval_party_scheme)0, NULL };
	return (aval_trusted_endorser){ policy->endorsers[index].scheme, policy->endorsers[index].hash32 };
}
