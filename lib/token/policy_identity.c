/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a policy lets speak for parties that are no keys (docs/spec/bundle.md#ver-policy). */
#include "token/policy.h"

const aval_chain *aval_policy_endorsing_chain(const aval_policy *policy, aval_party_scheme scheme,
                                              const uint8_t sha256[32])
{
	for (size_t i = 0; policy != NULL && i < policy->endorser_count; i++) {
		const struct aval_endorser_row *row = &policy->endorsers[i];

		if (row->scheme == scheme && row->chain != NULL && memcmp(row->hash32, sha256, 32) == 0)
			return row->chain;
	}
	return NULL;
}

bool aval_policy_is_endorser(const aval_policy *policy, aval_party_scheme scheme, const uint8_t thumbprint32[32])
{
	for (size_t i = 0; policy != NULL && i < policy->endorser_count; i++) {
		const struct aval_endorser_row *row = &policy->endorsers[i];

		if (row->scheme == scheme && row->chain == NULL && memcmp(row->hash32, thumbprint32, 32) == 0)
			return true;
	}
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

/* Takes chain on success. */
static aval_status push(aval_policy *policy, aval_party_scheme scheme, const uint8_t hash32[32], aval_chain *chain,
                        aval_error *err)
{
	struct aval_endorser_row *rows = aval_grow(policy->endorsers, &policy->endorser_room, policy->endorser_count,
	                                           sizeof *rows, policy->allocator);

	if (rows == NULL)
		return aval_fail_no_memory(err);
	policy->endorsers = rows;
	rows += policy->endorser_count++;
	*rows = (struct aval_endorser_row){ .scheme = scheme, .chain = chain };
	memcpy(rows->hash32, hash32, 32);
	return AVAL_OK;
}

aval_status aval_policy_add_endorser_key(aval_policy *policy, aval_party_scheme scheme, const uint8_t thumbprint32[32],
                                         aval_error *err)
{
	aval_status status = check_scheme(scheme, err);

	if (status != AVAL_OK || aval_policy_is_endorser(policy, scheme, thumbprint32))
		return status;
	return push(policy, scheme, thumbprint32, NULL, err);
}

aval_status aval_policy_add_endorser(aval_policy *policy, aval_party_scheme scheme, const uint8_t *file,
                                     size_t file_len, aval_error *err)
{
	uint8_t     sha256[32];
	aval_chain *chain;
	aval_status status = check_scheme(scheme, err);

	if (status == AVAL_OK)
		status = aval_chain_parse_file(&chain, file, file_len, policy->allocator, err);
	if (status != AVAL_OK)
		return status;
	aval_chain_leaf_hash(sha256, chain);
	if (aval_policy_endorsing_chain(policy, scheme, sha256) == NULL)
		status = push(policy, scheme, sha256, chain, err);
	else
		aval_chain_free(chain);
	if (status != AVAL_OK)
		aval_chain_free(chain);
	return status;
}

static aval_status need_trust(aval_policy *policy, aval_error *err)
{
	return policy->trust != NULL ? AVAL_OK : aval_trust_new(&policy->trust, policy->allocator, err);
}

aval_status aval_policy_add_anchors(aval_policy *policy, const uint8_t *file, size_t file_len, aval_error *err)
{
	aval_status status = need_trust(policy, err);

	return status == AVAL_OK ? aval_trust_add_anchors(policy->trust, file, file_len, err) : status;
}

aval_status aval_policy_add_crls(aval_policy *policy, const uint8_t *file, size_t file_len, aval_error *err)
{
	aval_status status = need_trust(policy, err);

	return status == AVAL_OK ? aval_trust_add_crls(policy->trust, file, file_len, err) : status;
}

aval_status aval_policy_set_crl_mode(aval_policy *policy, aval_crl_mode mode, aval_error *err)
{
	if (mode != AVAL_CRL_REQUIRED && mode != AVAL_CRL_IF_PRESENT && mode != AVAL_CRL_IGNORED)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "policy.crl_mode", "there is no such mode");
	policy->crl_mode = mode;
	return AVAL_OK;
}

size_t aval_policy_endorser_count(const aval_policy *policy)
{
	return policy->endorser_count;
}

aval_trusted_endorser aval_policy_endorser(const aval_policy *policy, size_t index)
{
	const struct aval_endorser_row *row;

	if (index >= policy->endorser_count)
		return (aval_trusted_endorser){ (aval_party_scheme)0, false, NULL };
	row = &policy->endorsers[index];
	return (aval_trusted_endorser){ row->scheme, row->chain != NULL, row->hash32 };
}

const aval_trust *aval_policy_trust(const aval_policy *policy)
{
	return policy == NULL ? NULL : policy->trust;
}

aval_crl_mode aval_policy_crl_mode(const aval_policy *policy)
{
	return policy == NULL ? AVAL_CRL_REQUIRED : policy->crl_mode;
}
