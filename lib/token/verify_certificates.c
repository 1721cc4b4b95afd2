/* SPDX-License-Identifier: Apache-2.0 */
/* What the certificates of a bundle prove, by the policy and at its time: docs/spec/mandate.md#man-certificates. */
#include "identity/chain.h"
#include "token/verified.h"
#include "token/verify_identity.h"

bool aval_is_certificate_refuted(aval_status status)
{
	static const aval_status refuted[] = {
		AVAL_E_CERT_SIGNATURE, AVAL_E_CERT_EXPIRED, AVAL_E_CERT_NOT_YET_VALID, AVAL_E_CERT_USAGE,
		AVAL_E_CERT_CA,        AVAL_E_CERT_PATH_LEN, AVAL_E_CERT_REVOKED,
	};

	for (size_t i = 0; i < sizeof refuted / sizeof *refuted; i++)
		if (refuted[i] == status)
			return true;
	return false;
}

/* By one key for the chain, the trust, the mode and the time: what was found good for all of them is good. */
static void chain_key(uint8_t key32_out[32], const aval_chain *chain, const aval_trust *trust,
                      const aval_chain_options *options)
{
	uint8_t    rest[9];
	aval_bytes parts[] = { { chain->hash32, 32 }, { trust->hash32, 32 }, { rest, sizeof rest } };

	rest[0] = (uint8_t)options->crl_mode;
	for (int i = 0; i < 8; i++)
		rest[1 + i] = (uint8_t)((uint64_t)options->at_unix_ms >> (56 - 8 * i));
	aval_verified_key(key32_out, AVAL_VERIFIED_CHAIN, parts, sizeof parts / sizeof *parts);
}

static aval_status verify_shared(aval_report *report, const aval_chain *chain, const aval_trust *trust,
                                 const aval_chain_options *options, aval_error *why)
{
	aval_chain_result result;
	uint8_t           key32[32];
	aval_status       status;

	chain_key(key32, chain, trust, options);
	if (aval_verified_has(report->verified, key32))
		return AVAL_OK;
	status = aval_chain_verify(&result, chain, trust, options, why);
	return status == AVAL_OK ? aval_verified_add(report->verified, AVAL_VERIFIED_CHAIN, key32, why) : status;
}

static aval_status verify_chain(aval_report *report, const aval_chain *chain, const aval_trust *trust,
                                const aval_chain_options *options, aval_error *why)
{
	aval_chain_result result;
	aval_status       status = AVAL_OK;

	if (report->verified != NULL)
		return verify_shared(report, chain, trust, options, why);
	if (report->chains == NULL)
		status = aval_chain_cache_new(&report->chains, 64, report->allocator, why);
	if (status != AVAL_OK)
		return status;
	return aval_chain_cache_verify(&result, report->chains, chain, trust, options, why);
}

/* A search may verify each certificate, so each counts among the signatures that the policy allows. */
static bool may_verify(aval_report *report, const aval_chain *chain)
{
	for (size_t i = 0; i < aval_chain_count(chain); i++)
		if (!aval_report_may_verify(report))
			return false;
	return true;
}

static aval_standing standing_of(aval_status status, const aval_error *why)
{
	if (status == AVAL_OK)
		return aval_standing_true();
	return aval_standing_not(aval_is_certificate_refuted(status) ? AVAL_STANDING_FALSE : AVAL_STANDING_UNKNOWN, status,
	                         "bundle.certificates[]", why->reason);
}

static aval_status judge_one(aval_standing *out, aval_report *report, const aval_bundled_certificate *c, aval_error *err)
{
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;
	const aval_trust  *trust = aval_policy_trust(report->policy);
	aval_error         why = AVAL_ERROR_INIT;
	aval_chain        *chain;
	aval_status        status;

	options.at_unix_ms = aval_policy_time(report->policy);
	options.crl_mode = aval_policy_crl_mode(report->policy);
	*out = aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_CERT_ANCHOR, "bundle.certificates[]",
	                         "the policy has no trust anchor");
	if (trust == NULL)
		return AVAL_OK;
	*out = aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_NOT_FOUND, "bundle.certificates[]",
	                         "no time is known at which the certificate should be valid");
	if (options.at_unix_ms == AVAL_TIME_NONE)
		return AVAL_OK;
	status = aval_bundle_chain(&chain, report->bundle, c, report->allocator, err);
	if (status != AVAL_OK)
		return status;
	if (may_verify(report, chain))
		status = verify_chain(report, chain, trust, &options, &why);
	else
		status = aval_fail(&why, AVAL_E_LIMIT, "bundle.certificates[]",
		                   "more signatures than the policy lets a file have");
	aval_chain_free(chain);
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	*out = standing_of(status, &why);
	return AVAL_OK;
}

aval_status aval_judge_certificates(aval_identity_judge *judge, aval_error *err)
{
	aval_report *report = judge->report;
	size_t       count = report->bundle->certificate_count;
	aval_status  status = AVAL_OK;

	if (count == 0)
		return AVAL_OK;
	judge->certificates = aval_alloc_array(report->allocator, count, sizeof *judge->certificates);
	if (judge->certificates == NULL)
		return aval_fail_no_memory(err);
	for (size_t i = 0; i < count && status == AVAL_OK; i++) {
		const aval_bundled_certificate *c = &report->bundle->certificates[i];

		judge->certificates[i] = aval_standing_true(); /* an issuer's own standing is nobody's question */
		if (!aval_certificate_signs(report->bundle, c))
			continue;
		status = judge_one(&judge->certificates[i], report, c, err);
		if (status == AVAL_OK && judge->certificates[i].kind == AVAL_STANDING_TRUE)
			report->good_certificates |= UINT32_C(1) << i;
	}
	return status;
}

static bool is_same_scheme(aval_text a, aval_text b)
{
	const char *end = memchr(a.data, ':', a.len);
	size_t      len = end == NULL ? 0 : (size_t)(end - a.data) + 1;

	return len != 0 && len <= b.len && memcmp(a.data, b.data, len) == 0;
}

/* A certificate of another company is no proof; one that says nothing in the party's scheme says nothing of it. */
static aval_standing judge_party(const aval_chain *chain, aval_text party)
{
	aval_text named;

	if (aval_chain_check_party(chain, party.data, party.len, NULL) == AVAL_OK)
		return aval_standing_true();
	for (size_t i = 0; (named = aval_chain_party(NULL, chain, i)).len != 0; i++)
		if (is_same_scheme(party, named))
			return aval_standing_not(AVAL_STANDING_FALSE, AVAL_E_CERT_PARTY, "bundle.certificates[]",
			                         "the certificate is another party's");
	return aval_standing_not(AVAL_STANDING_UNKNOWN, AVAL_E_CERT_PARTY, "bundle.certificates[]",
	                         "the certificate does not name the party");
}

aval_standing aval_judge_certificate(const aval_identity_judge *judge, size_t index, aval_text party)
{
	const aval_standing *chain = &judge->certificates[index];

	return chain->kind == AVAL_STANDING_TRUE
	               ? judge_party(judge->report->bundle->certificates[index].chain, party)
	               : *chain;
}

aval_standing aval_judge_certified_key(const aval_identity_judge *judge, aval_text party,
                                       const uint8_t thumbprint32[32], bool *has_route_out)
{
	const aval_bundle *bundle = judge->report->bundle;
	aval_standing      best = aval_standing_true();
	bool               has_route = false;

	for (size_t i = 0; i < bundle->certificate_count && !aval_party_has_key(party); i++) {
		const aval_bundled_certificate *c = &bundle->certificates[i];
		aval_standing                   standing;

		if (!c->has_key || memcmp(c->thumbprint32, thumbprint32, 32) != 0)
			continue;
		standing = aval_judge_certificate(judge, i, party);
		if (!has_route || standing.kind == AVAL_STANDING_TRUE ||
		    (best.kind == AVAL_STANDING_FALSE && standing.kind == AVAL_STANDING_UNKNOWN))
			best = standing;
		has_route = true;
		if (best.kind == AVAL_STANDING_TRUE)
			break;
	}
	*has_route_out = has_route;
	return best;
}
