/* SPDX-License-Identifier: Apache-2.0 */
/* What a grant permits, and what ends it: docs/spec/mandate.md#man-permits. */
#include "identity/mandate.h"

static aval_status check_keys(const aval_mandate *m, const aval_mandate_act *act, aval_error *err)
{
	for (size_t i = 0; i < act->key_count; i++)
		if (!aval_mandate_has_key(m, act->keys + 32 * i))
			return aval_fail(err, AVAL_E_MANDATE_KEY, "mandate.keys", "the mandate does not list the key");
	return AVAL_OK;
}

static aval_status check_threshold(const aval_mandate *m, const aval_mandate_act *act, aval_error *err)
{
	if (act->key_count < m->threshold)
		return aval_fail(err, AVAL_E_MANDATE_THRESHOLD, "mandate.threshold",
		                 "fewer keys signed than the mandate asks for");
	if (act->key_count > m->threshold)
		return aval_fail(err, AVAL_E_MANDATE_THRESHOLD, "mandate.threshold",
		                 "more keys signed than the mandate asks for");
	return AVAL_OK;
}

static aval_status check_amount(const aval_mandate *m, const aval_mandate_act *act, aval_error *err)
{
	aval_mandate_cap cap;

	if (m->cap_count == 0)
		return AVAL_OK;
	for (size_t i = 0; aval_mandate_cap_at(&cap, m, i); i++) {
		if (!aval_text_equal(cap.currency, act->currency))
			continue;
		if (act->amount_minor <= cap.amount_minor)
			return AVAL_OK;
		return aval_fail(err, AVAL_E_MANDATE_AMOUNT, "mandate.caps[].amount",
		                 "the amount is above the cap");
	}
	return aval_fail(err, AVAL_E_MANDATE_AMOUNT, "mandate.caps", "the mandate has no cap for the currency");
}

static aval_status check_time(const aval_mandate *m, int64_t at_ms, aval_error *err)
{
	if (at_ms == AVAL_TIME_NONE)
		return aval_fail(err, AVAL_E_NOT_FOUND, "mandate.valid_from",
		                 "no time is known at which the mandate should be valid");
	if (at_ms < m->valid_from_ms)
		return aval_fail(err, AVAL_E_MANDATE_NOT_YET_VALID, "mandate.valid_from",
		                 "the mandate is not valid yet");
	if (at_ms >= m->valid_until_ms)
		return aval_fail(err, AVAL_E_MANDATE_EXPIRED, "mandate.valid_until", "the mandate is no longer valid");
	return AVAL_OK;
}

static bool has_repeated_key(const aval_mandate_act *act)
{
	for (size_t i = 0; i < act->key_count; i++)
		for (size_t k = 0; k < i; k++)
			if (memcmp(act->keys + 32 * i, act->keys + 32 * k, 32) == 0)
				return true;
	return false;
}

/* A list that is longer than any threshold is refused before its square is walked. */
static aval_status check_arguments(const aval_mandate *m, const aval_mandate_act *act, aval_error *err)
{
	if (m->kind != AVAL_MANDATE_GRANT)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "mandate", "a revocation permits nothing");
	if (act->key_count == 0 || act->keys == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "act.keys", "nobody signed");
	if (act->key_count <= AVAL_MANDATE_MAX_KEYS && has_repeated_key(act))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "act.keys[]", "a key is there twice");
	return AVAL_OK;
}

static bool allows_type(const aval_mandate *m, uint32_t type)
{
	return type >= 1 && type <= AVAL_MANDATE_LAST_TYPE && (m->types >> type & 1) != 0;
}

aval_status aval_mandate_check(const aval_mandate *mandate, const aval_mandate_act *act, aval_error *err)
{
	aval_status status = check_arguments(mandate, act, err);

	if (status != AVAL_OK)
		return status;
	if (!aval_text_equal(mandate->party, act->party))
		return aval_fail(err, AVAL_E_MANDATE_PARTY, "mandate.party", "the mandate is another party's");
	if (!aval_text_equal(mandate->registry, act->registry))
		return aval_fail(err, AVAL_E_MANDATE_REGISTRY, "mandate.registry",
		                 "the mandate is for another registry");
	status = check_keys(mandate, act, err);
	if (status != AVAL_OK)
		return status;
	if (!allows_type(mandate, act->type))
		return aval_fail(err, AVAL_E_MANDATE_TYPE, "mandate.types",
		                 "the mandate does not list the type of event");
	status = check_amount(mandate, act, err);
	if (status == AVAL_OK)
		status = check_threshold(mandate, act, err);
	return status == AVAL_OK ? check_time(mandate, act->at_ms, err) : status;
}

static bool is_by(int64_t time_ms, int64_t at_ms)
{
	return at_ms == AVAL_TIME_NONE || time_ms <= at_ms;
}

aval_status aval_mandate_check_ended(const aval_mandate *mandate, const aval_mandate *other, int64_t at_ms,
                                     aval_error *err)
{
	if (!aval_text_equal(mandate->party, other->party) || !aval_text_equal(mandate->registry, other->registry))
		return AVAL_OK;
	if (other->kind == AVAL_MANDATE_REVOCATION && memcmp(other->mandate32, mandate->id32, 32) == 0 &&
	    is_by(other->revoked_at_ms, at_ms))
		return aval_fail(err, AVAL_E_MANDATE_REVOKED, "mandate", "the mandate was revoked");
	if (other->kind == AVAL_MANDATE_GRANT && other->has_predecessor &&
	    memcmp(other->predecessor32, mandate->id32, 32) == 0 && is_by(other->valid_from_ms, at_ms))
		return aval_fail(err, AVAL_E_MANDATE_REPLACED, "mandate", "a later mandate took its place");
	return AVAL_OK;
}

aval_status aval_mandate_fail_signature(const aval_mandate *mandate, aval_status status, const aval_error *why,
                                        aval_error *err)
{
	if (status == AVAL_E_INVALID_ARGUMENT || status == AVAL_E_NO_MEMORY || status == AVAL_E_CERT_ALGORITHM)
		return aval_fail(err, status, why->where, why->reason);
	return aval_fail_full(err, AVAL_E_MANDATE_SIGNATURE, mandate->internal.signature_offset, "mandate.signature",
	                      "the signature of the mandate does not verify", status);
}

aval_status aval_mandate_verify(const aval_mandate *mandate, aval_error *err)
{
	aval_cose_one one = aval_mandate_cose(mandate);
	aval_error    why = AVAL_ERROR_INIT;
	aval_status   status = aval_cose_one_verify(&one, &why);

	return status == AVAL_OK ? AVAL_OK : aval_mandate_fail_signature(mandate, status, &why, err);
}
