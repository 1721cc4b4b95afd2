/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: whom a verifier relies on, what it requires (docs/spec/bundle.md#ver-policy). */
#include "token/policy.h"

static bool is_check(aval_check_id check)
{
	return (int)check >= 1 && (int)check <= AVAL_CHECK_COUNT;
}

static uint32_t bit_of(aval_check_id check)
{
	return is_check(check) ? UINT32_C(1) << check : 0;
}

aval_status aval_policy_new(aval_policy **policy_out, const aval_allocator *allocator, aval_error *err)
{
	aval_policy *policy = aval_alloc_zero(allocator, sizeof *policy);

	if (policy == NULL)
		return aval_fail_no_memory(err);
	policy->allocator = allocator;
	policy->time_ms = AVAL_TIME_NONE;
	policy->max_signatures = AVAL_POLICY_MAX_SIGNATURES;
	*policy_out = policy;
	return AVAL_OK;
}

void aval_policy_free(aval_policy *policy)
{
	if (policy == NULL)
		return;
	for (size_t i = 0; i < policy->endorser_count; i++)
		aval_chain_free(policy->endorsers[i].chain);
	aval_free(policy->endorsers, policy->allocator);
	aval_trust_free(policy->trust);
	aval_free(policy->registries, policy->allocator);
	aval_free(policy->trusted, policy->allocator);
	aval_free(policy, policy->allocator);
}

static int compare_texts(aval_text a, aval_text b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int    order = common == 0 ? 0 : memcmp(a.data, b.data, common);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_trusted(const struct aval_trusted_row *row, const uint8_t thumbprint32[32], aval_text party)
{
	int order = memcmp(row->thumbprint32, thumbprint32, 32);

	return order != 0 ? order : compare_texts((aval_text){ row->party, row->party_len }, party);
}

/* Index of the first row that does not stand before the key and party. */
static size_t lower_bound(const aval_policy *policy, const uint8_t thumbprint32[32], aval_text party)
{
	size_t begin = 0, end = policy->trusted_count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (compare_trusted(&policy->trusted[middle], thumbprint32, party) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin;
}

static bool holds(const aval_policy *policy, size_t index, const uint8_t thumbprint32[32], aval_text party)
{
	return index < policy->trusted_count &&
	       compare_trusted(&policy->trusted[index], thumbprint32, party) == 0;
}

bool aval_policy_knows_key(const aval_policy *policy, const uint8_t thumbprint32[32])
{
	size_t index;

	if (policy == NULL)
		return false;
	index = lower_bound(policy, thumbprint32, (aval_text){ NULL, 0 });
	return index < policy->trusted_count &&
	       memcmp(policy->trusted[index].thumbprint32, thumbprint32, 32) == 0;
}

bool aval_policy_key_speaks_for(const aval_policy *policy, const uint8_t thumbprint32[32], aval_text party)
{
	return policy != NULL && party.len > 0 &&
	       holds(policy, lower_bound(policy, thumbprint32, party), thumbprint32, party);
}

bool aval_policy_knows_registry(const aval_policy *policy, aval_text origin)
{
	for (size_t i = 0; policy != NULL && i < policy->registry_count; i++)
		if (aval_text_equal_z(origin, policy->registries[i].name))
			return true;
	return false;
}

bool aval_policy_knows_registry_key(const aval_policy *policy, const aval_vkey *vkey)
{
	for (size_t i = 0; policy != NULL && i < policy->registry_count; i++) {
		const aval_vkey *known = &policy->registries[i];

		if (known->type == vkey->type && known->id == vkey->id && strcmp(known->name, vkey->name) == 0 &&
		    known->key_len == vkey->key_len && memcmp(known->key, vkey->key, vkey->key_len) == 0)
			return true;
	}
	return false;
}

static aval_status insert(aval_policy *policy, size_t index, const uint8_t thumbprint32[32], aval_text party,
                          aval_error *err)
{
	struct aval_trusted_row *row = aval_grow(policy->trusted, &policy->trusted_room, policy->trusted_count,
	                                sizeof *row, policy->allocator);

	if (row == NULL)
		return aval_fail_no_memory(err);
	policy->trusted = row;
	row += index;
	memmove(row + 1, row, (policy->trusted_count - index) * sizeof *row);
	memset(row, 0, sizeof *row);
	memcpy(row->thumbprint32, thumbprint32, 32);
	row->party_len = party.len;
	if (party.len > 0)
		memcpy(row->party, party.data, party.len);
	policy->trusted_count++;
	return AVAL_OK;
}

/* A "key:" party is its own key's; naming it says no more than naming the key. */
static aval_status check_party(aval_text *party, const uint8_t thumbprint32[32], aval_error *err)
{
	aval_party_scheme scheme;
	aval_status       status = aval_party_check(&scheme, party->data, party->len, err);

	if (status != AVAL_OK || scheme != AVAL_PARTY_KEY)
		return status;
	if (!aval_party_is_key(*party, thumbprint32))
		return aval_fail(err, AVAL_E_SIGNER_KEY, "policy.trusted[].party", "the party is another key");
	*party = (aval_text){ NULL, 0 };
	return AVAL_OK;
}

aval_status aval_policy_trust_key(aval_policy *policy, const uint8_t thumbprint32[32], const char *party,
                                  size_t party_len, aval_error *err)
{
	aval_text   named = { party, party_len };
	aval_status status = named.len > 0 ? check_party(&named, thumbprint32, err) : AVAL_OK;
	size_t      index;

	if (status != AVAL_OK)
		return status;
	index = lower_bound(policy, thumbprint32, named);
	return holds(policy, index, thumbprint32, named) ? AVAL_OK
	                                                 : insert(policy, index, thumbprint32, named, err);
}

static aval_status set_bit(uint32_t *bits, aval_check_id check, aval_error *err)
{
	if (!is_check(check))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "policy.checks[]", "there is no such check");
	*bits |= bit_of(check);
	return AVAL_OK;
}

aval_status aval_policy_without(aval_policy *policy, aval_check_id check, aval_error *err)
{
	return set_bit(&policy->without, check, err);
}

aval_status aval_policy_accept_attested(aval_policy *policy, aval_check_id check, aval_error *err)
{
	return set_bit(&policy->attested, check, err);
}

aval_status aval_policy_set_time(aval_policy *policy, int64_t unix_ms, aval_error *err)
{
	if (unix_ms < 0 && unix_ms != AVAL_TIME_NONE)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "policy.time", "a time before 1970");
	policy->time_ms = unix_ms;
	return AVAL_OK;
}

aval_status aval_policy_set_max_signatures(aval_policy *policy, size_t count, aval_error *err)
{
	if (count == 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "policy.max_signatures",
		                 "a verification needs one signature at least");
	policy->max_signatures = count;
	return AVAL_OK;
}

aval_status aval_policy_add_registry_key(aval_policy *policy, const aval_vkey *vkey, aval_error *err)
{
	aval_vkey *grown = aval_grow(policy->registries, &policy->registry_room, policy->registry_count,
	                             sizeof *grown, policy->allocator);

	if (grown == NULL)
		return aval_fail_no_memory(err);
	policy->registries = grown;
	policy->registries[policy->registry_count++] = *vkey;
	return AVAL_OK;
}

bool aval_policy_is_required(const aval_policy *policy, aval_check_id check)
{
	return is_check(check) && (policy == NULL || (policy->without & bit_of(check)) == 0);
}

bool aval_policy_is_attested_enough(const aval_policy *policy, aval_check_id check)
{
	return policy != NULL && (policy->attested & bit_of(check)) != 0;
}

int64_t aval_policy_time(const aval_policy *policy)
{
	return policy == NULL ? AVAL_TIME_NONE : policy->time_ms;
}

size_t aval_policy_max_signatures(const aval_policy *policy)
{
	return policy == NULL ? AVAL_POLICY_MAX_SIGNATURES : policy->max_signatures;
}

size_t aval_policy_trusted_key_count(const aval_policy *policy)
{
	return policy->trusted_count;
}

aval_trusted_key aval_policy_trusted_key(const aval_policy *policy, size_t index)
{
	const struct aval_trusted_row *row;

	if (index >= policy->trusted_count)
		return (aval_trusted_key){ NULL, { NULL, 0 } };
	row = &policy->trusted[index];
	return (aval_trusted_key){ row->thumbprint32, { row->party, row->party_len } };
}

size_t aval_policy_registry_key_count(const aval_policy *policy)
{
	return policy->registry_count;
}

const aval_vkey *aval_policy_registry_key(const aval_policy *policy, size_t index)
{
	return index < policy->registry_count ? &policy->registries[index] : NULL;
}
