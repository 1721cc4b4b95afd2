/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation of one certificate by the CRLs of its issuer: docs/spec/identity.md#revocation. */
#include "identity/chain.h"

/* What the CRLs of one issuer came to. */
typedef struct tally {
	size_t               of_another_key, early, late;
	const aval_x509_crl *current;         /* the one that holds longest */
	int64_t              revoked_unix_ms; /* the earliest later than the time asked for */
	bool                 has_later_revocation;
} tally;

static aval_x509_verdict verdict(aval_status status, const char *reason)
{
	return (aval_x509_verdict){ status, reason };
}

/* The certificates above the one in question: its issuer first, the anchor last. */
typedef struct issuers {
	const aval_x509 *const *certificates;
	size_t                  count;
} issuers;

static bool is_of_another_key(const aval_x509_crl *crl, const aval_x509 *issuer)
{
	return crl->authority_key_id.len != 0 && issuer->subject_key_id.len != 0 &&
	       !aval_bytes_equal(crl->authority_key_id, issuer->subject_key_id);
}

static aval_x509_verdict check_signature(const aval_x509_crl *crl, const aval_x509 *issuer)
{
	if (issuer->has_key_usage && (issuer->key_usage & AVAL_X509_CRL_SIGN) == 0)
		return verdict(AVAL_E_CRL_USAGE, "the issuer may not sign revocation lists");
	switch ((int)aval_x509_verify(&crl->signature, crl->tbs, &issuer->key)) {
	case AVAL_OK:
		return verdict(AVAL_OK, "");
	case AVAL_E_COSE_ALGORITHM:
		return verdict(AVAL_E_CRL_ALGORITHM, "the revocation list is signed outside of the profile");
	case AVAL_E_NO_MEMORY:
		return verdict(AVAL_E_NO_MEMORY, "mbedTLS is out of memory");
	default:
		return verdict(AVAL_E_CRL_SIGNATURE, "the revocation list is not signed by the issuer's key");
	}
}

/*
 * The list is signed by the issuer, or by another certificate of its name further up: a CA that changes its key
 * has two on one path. The verdict is the first failure where none did; *is_of_path_out: one of them could
 * have.
 */
static aval_x509_verdict find_signer(bool *is_of_path_out, const aval_x509_crl *crl, const issuers *above)
{
	aval_x509_verdict first = verdict(AVAL_OK, "");

	*is_of_path_out = false;
	for (size_t i = 0; i < above->count; i++) {
		aval_x509_verdict v;

		if (!aval_x509_name_equal(above->certificates[i]->subject, crl->issuer) ||
		    is_of_another_key(crl, above->certificates[i]))
			continue;
		v = check_signature(crl, above->certificates[i]);
		if (!*is_of_path_out || v.status == AVAL_OK)
			first = v;
		*is_of_path_out = true;
		if (v.status == AVAL_OK || v.status == AVAL_E_NO_MEMORY)
			return v;
	}
	return first;
}

static void count_time(tally *t, const aval_x509_crl *crl, int64_t at_unix_ms)
{
	if (crl->from_unix_ms > at_unix_ms)
		t->early++;
	else if (crl->until_unix_ms <= at_unix_ms)
		t->late++;
	else if (t->current == NULL || crl->until_unix_ms > t->current->until_unix_ms)
		t->current = crl;
}

static aval_x509_verdict judge_one(tally *t, const aval_x509_crl *crl, const aval_x509 *certificate,
                                   const issuers *above, int64_t at_unix_ms)
{
	int64_t           revoked_unix_ms;
	bool              is_of_path;
	aval_x509_verdict v = find_signer(&is_of_path, crl, above);

	if (!is_of_path) {
		t->of_another_key++;
		return verdict(AVAL_OK, "");
	}
	if (v.status != AVAL_OK)
		return v;
	if (crl->problem.status != AVAL_OK)
		return verdict(crl->problem.status, crl->problem.reason);
	if (aval_x509_crl_find(&revoked_unix_ms, crl, certificate->serial)) {
		if (revoked_unix_ms <= at_unix_ms)
			return verdict(AVAL_E_CERT_REVOKED, "the certificate is revoked");
		if (!t->has_later_revocation || revoked_unix_ms < t->revoked_unix_ms)
			t->revoked_unix_ms = revoked_unix_ms;
		t->has_later_revocation = true;
	}
	count_time(t, crl, at_unix_ms);
	return verdict(AVAL_OK, "");
}

static aval_x509_verdict conclude_without(const tally *t, const aval_x509 *certificate,
                                          const aval_chain_options *options)
{
	if (t->early != 0)
		return verdict(AVAL_E_CRL_NOT_YET_VALID, "the revocation list begins later");
	if (t->late != 0)
		return verdict(AVAL_E_CRL_STALE, "the revocation list is past its next update");
	if (t->of_another_key != 0)
		return verdict(AVAL_E_CRL_SIGNER,
		               "the revocation list is signed with another key of the issuer");
	if (options->crl_mode != AVAL_CRL_REQUIRED)
		return verdict(AVAL_OK, "");
	if (certificate->has_crl_issuer)
		return verdict(AVAL_E_CRL_SIGNER,
		               "the certificate names another issuer of its revocation lists");
	return verdict(AVAL_E_CRL_MISSING, "there is no revocation list of the issuer");
}

aval_x509_verdict aval_x509_judge_revocation(aval_x509_span *span, bool *is_cleared_out,
                                             const aval_trust *trust, const aval_x509 *certificate,
                                             const aval_x509 *const *above, size_t above_count,
                                             const aval_chain_options *options)
{
	const issuers     up = { above, above_count };
	tally             t = { 0 };
	aval_x509_verdict v = verdict(AVAL_OK, "");

	*is_cleared_out = false;
	if (options->crl_mode == AVAL_CRL_IGNORED)
		return v;
	for (size_t i = 0; i < trust->crl_count; i++) {
		if (!aval_x509_name_equal(trust->crls[i].issuer, certificate->issuer))
			continue;
		v = judge_one(&t, &trust->crls[i], certificate, &up, options->at_unix_ms);
		if (v.status != AVAL_OK)
			return v;
	}
	if (t.current == NULL)
		return conclude_without(&t, certificate, options);
	*is_cleared_out = true;
	if (t.current->from_unix_ms > span->from_unix_ms)
		span->from_unix_ms = t.current->from_unix_ms;
	if (t.current->until_unix_ms < span->until_unix_ms)
		span->until_unix_ms = t.current->until_unix_ms;
	if (t.has_later_revocation && t.revoked_unix_ms < span->until_unix_ms)
		span->until_unix_ms = t.revoked_unix_ms;
	return v;
}
