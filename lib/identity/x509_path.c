/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Path building and validation (RFC 5280, 6.1, from the leaf up): every candidate of each issuer's name is
 * tried, in a search without recursion whose steps are bounded, and whose signatures are verified once each.
 */
#include "identity/chain.h"

enum {
	MAX_STEPS = 1024,
	MAX_PATH = AVAL_CHAIN_MAX_COUNT + 1, /* with the anchor */
	CANDIDATES = AVAL_TRUST_MAX_ANCHORS + AVAL_CHAIN_MAX_COUNT
};

/* How far a path came; of two failures the farther one is told. */
enum { NO_ISSUER = 1, NOT_SIGNED = 2, UNFIT = 3, COMPLETE = 4 };

/* What is known of "candidate signed certificate". */
enum { UNKNOWN = 0, SIGNED = 1, FORGED = 2, BEYOND_PROFILE = 3 };

typedef struct failure {
	unsigned    rank;
	aval_status status;
	const char *where, *reason;
} failure;

typedef struct search {
	const aval_chain         *chain;
	const aval_trust         *trust;
	const aval_chain_options *options;
	size_t                    steps;
	size_t                    len; /* certificates on the path, the leaf first */
	size_t  path[MAX_PATH];        /* candidate numbers: anchors, then certificates of the chain */
	size_t  next[MAX_PATH];        /* candidate to try as issuer of path[i] */
	bool    named[MAX_PATH];       /* somebody had the issuer's name */
	bool    is_anchor[AVAL_CHAIN_MAX_COUNT];
	uint8_t memo[AVAL_CHAIN_MAX_COUNT][CANDIDATES];
	failure nearest;
} search;

static const char *const places[AVAL_CHAIN_MAX_COUNT] = {
	"chain[0]", "chain[1]", "chain[2]", "chain[3]", "chain[4]",
	"chain[5]", "chain[6]", "chain[7]", "chain[8]",
};

static size_t candidate_count(const search *s)
{
	return s->trust->anchor_count + s->chain->count;
}

static bool is_anchor(const search *s, size_t candidate)
{
	return candidate < s->trust->anchor_count;
}

static const aval_x509 *certificate_of(const search *s, size_t candidate)
{
	return is_anchor(s, candidate) ? &s->trust->anchors[candidate]
	                               : &s->chain->certificates[candidate - s->trust->anchor_count];
}

static const char *place_of(const search *s, size_t candidate)
{
	return is_anchor(s, candidate) ? "anchor" : places[candidate - s->trust->anchor_count];
}

static void note(search *s, unsigned stage, size_t candidate, aval_status status, const char *reason)
{
	unsigned rank = stage << 8 | (unsigned)s->len;

	if (rank > s->nearest.rank)
		s->nearest = (failure){ rank, status, place_of(s, candidate), reason };
}

/* Dates, and what the certificate asks for that is not done here. */
static aval_x509_verdict check_common(const aval_x509 *c, int64_t at_unix_ms)
{
	if (c->problem.status != AVAL_OK)
		return (aval_x509_verdict){ c->problem.status, c->problem.reason };
	if (!aval_x509_key_is_good(&c->key))
		return (aval_x509_verdict){ AVAL_E_CERT_ALGORITHM, "the key is outside of the profile" };
	if (c->from_unix_ms > at_unix_ms)
		return (aval_x509_verdict){ AVAL_E_CERT_NOT_YET_VALID, "the certificate begins later" };
	if (c->until_unix_ms <= at_unix_ms)
		return (aval_x509_verdict){ AVAL_E_CERT_EXPIRED, "the certificate has ended" };
	return (aval_x509_verdict){ AVAL_OK, "" };
}

aval_x509_verdict aval_x509_judge_leaf(const aval_x509 *leaf, int64_t at_unix_ms)
{
	aval_x509_verdict v = check_common(leaf, at_unix_ms);

	if (v.status != AVAL_OK)
		return v;
	if (leaf->has_key_usage &&
	    (leaf->key_usage & (AVAL_X509_DIGITAL_SIGNATURE | AVAL_X509_CONTENT_COMMITMENT)) == 0)
		return (aval_x509_verdict){ AVAL_E_CERT_USAGE, "the key usage of the leaf is not signing" };
	if (leaf->has_extended_usage && !leaf->may_sign_extended)
		return (aval_x509_verdict){ AVAL_E_CERT_USAGE, "no purpose of the leaf is signing statements" };
	return v;
}

static bool is_self_issued(const aval_x509 *c)
{
	return aval_x509_name_equal(c->subject, c->issuer);
}

/* Certificates between the leaf and the end of the path that count for a path length. */
static size_t intermediates_that_count(const search *s)
{
	size_t count = 0;

	for (size_t i = 1; i < s->len; i++)
		count += !is_self_issued(certificate_of(s, s->path[i]));
	return count;
}

static aval_x509_verdict check_issuer(const search *s, const aval_x509 *c)
{
	aval_x509_verdict v = check_common(c, s->options->at_unix_ms);

	if (v.status != AVAL_OK)
		return v;
	if (!c->is_ca)
		return (aval_x509_verdict){ AVAL_E_CERT_CA, "the issuer is no certificate authority" };
	if (c->has_key_usage && (c->key_usage & AVAL_X509_CERT_SIGN) == 0)
		return (aval_x509_verdict){ AVAL_E_CERT_USAGE, "the issuer may not sign certificates" };
	/* By usage, not by RFC 5280: a CA for servers or code alone does not vouch for who signs statements. */
	if (c->has_extended_usage && !c->may_sign_extended)
		return (aval_x509_verdict){ AVAL_E_CERT_USAGE, "no purpose of the issuer is signing statements" };
	if (c->path_len != AVAL_X509_NO_PATH_LEN && intermediates_that_count(s) > c->path_len)
		return (aval_x509_verdict){ AVAL_E_CERT_PATH_LEN, "more intermediates than the issuer allows" };
	return v;
}

/* Whether the candidate's key signed the last certificate of the path; verified once. */
static aval_status verify_signature(search *s, size_t candidate, uint8_t *verdict_out)
{
	const aval_x509 *child = certificate_of(s, s->path[s->len - 1]);
	uint8_t         *memo = &s->memo[s->path[s->len - 1] - s->trust->anchor_count][candidate];
	aval_status      status;

	if (*memo == UNKNOWN) {
		status = aval_x509_verify(&child->signature, child->tbs, &certificate_of(s, candidate)->key);
		if (status == AVAL_E_NO_MEMORY)
			return status;
		if (status == AVAL_OK)
			*memo = SIGNED;
		else
			*memo = status == AVAL_E_COSE_ALGORITHM ? BEYOND_PROFILE : FORGED;
	}
	*verdict_out = *memo;
	return AVAL_OK;
}

/* The span of time in which every certificate is within its dates. */
static aval_x509_span span_of(const aval_x509 *const *certificates, size_t count)
{
	aval_x509_span span = { INT64_MIN, INT64_MAX };

	for (size_t i = 0; i < count; i++) {
		const aval_x509 *c = certificates[i];

		span.from_unix_ms = c->from_unix_ms > span.from_unix_ms ? c->from_unix_ms : span.from_unix_ms;
		span.until_unix_ms =
			c->until_unix_ms < span.until_unix_ms ? c->until_unix_ms : span.until_unix_ms;
	}
	return span;
}

/* The path with its anchor: CRLs of all but the anchor. *failed_out is the certificate that a failure is about.
 */
static aval_x509_verdict check_complete(search *s, size_t anchor, aval_chain_result *result, size_t *failed_out)
{
	const aval_x509  *certificates[MAX_PATH];
	aval_x509_span    span;
	aval_x509_verdict v = { AVAL_OK, "" };
	bool              is_cleared;

	for (size_t i = 0; i < s->len; i++)
		certificates[i] = certificate_of(s, s->path[i]);
	certificates[s->len] = certificate_of(s, anchor);
	span = span_of(certificates, s->len + 1);
	result->crl_count = 0;
	for (size_t i = 0; i < s->len; i++) {
		*failed_out = s->path[i];
		v = aval_x509_judge_revocation(&span, &is_cleared, s->trust, certificates[i],
		                               certificates + i + 1, s->len - i, s->options);
		if (v.status != AVAL_OK)
			return v;
		result->crl_count += is_cleared;
	}
	*failed_out = s->path[0];
	v = aval_x509_confirm(certificates, s->len + 1);
	if (v.status != AVAL_OK)
		return v;
	result->struct_size = sizeof *result;
	result->path_count = s->len + 1;
	result->anchor_index = anchor;
	result->valid_from_unix_ms = span.from_unix_ms;
	result->valid_until_unix_ms = span.until_unix_ms;
	return v;
}

static bool is_on_path(const search *s, size_t candidate)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->path[i] == candidate)
			return true;
	return false;
}

/* Key identifiers that differ put a candidate off to the second round. */
static bool is_unlikely(const aval_x509 *child, const aval_x509 *candidate)
{
	return child->authority_key_id.len != 0 && candidate->subject_key_id.len != 0 &&
	       !aval_bytes_equal(child->authority_key_id, candidate->subject_key_id);
}

/* The next candidate that has the issuer's name; false if there is none. */
static bool next_candidate(search *s, size_t *candidate_out)
{
	const aval_x509 *child = certificate_of(s, s->path[s->len - 1]);
	size_t           count = candidate_count(s), *next = &s->next[s->len - 1];

	while (*next < 2 * count) {
		size_t           candidate = *next % count;
		bool             is_second_round = (*next)++ >= count;
		const aval_x509 *c = certificate_of(s, candidate);

		if (!is_anchor(s, candidate) &&
		    (s->is_anchor[candidate - s->trust->anchor_count] || is_on_path(s, candidate)))
			continue;
		if (is_unlikely(child, c) != is_second_round || aval_x509_name_is_empty(c->subject) ||
		    !aval_x509_name_equal(c->subject, child->issuer))
			continue;
		s->named[s->len - 1] = true;
		*candidate_out = candidate;
		return true;
	}
	return false;
}

static void push(search *s, size_t candidate)
{
	s->path[s->len] = candidate;
	s->next[s->len] = 0;
	s->named[s->len] = false;
	s->len++;
}

/* One candidate as issuer of the path's end. AVAL_OK in *done_out: a path was found. */
static aval_status try_candidate(search *s, size_t candidate, aval_chain_result *result, bool *done_out)
{
	size_t            end = s->path[s->len - 1], failed = end;
	uint8_t           signed_by = UNKNOWN;
	aval_x509_verdict v;
	aval_status       status = verify_signature(s, candidate, &signed_by);

	if (status != AVAL_OK)
		return status;
	if (signed_by != SIGNED) {
		if (signed_by == BEYOND_PROFILE)
			note(s, NOT_SIGNED, end, AVAL_E_CERT_ALGORITHM,
			     "the key or the signature is outside of the profile");
		else
			note(s, NOT_SIGNED, end, AVAL_E_CERT_SIGNATURE, "not signed by the key of its issuer");
		return AVAL_OK;
	}
	v = check_issuer(s, certificate_of(s, candidate));
	if (v.status != AVAL_OK) {
		note(s, UNFIT, candidate, v.status, v.reason);
		return AVAL_OK;
	}
	if (!is_anchor(s, candidate)) {
		push(s, candidate);
		return AVAL_OK;
	}
	v = check_complete(s, candidate, result, &failed);
	if (v.status == AVAL_E_NO_MEMORY)
		return v.status;
	*done_out = v.status == AVAL_OK;
	if (!*done_out)
		note(s, COMPLETE, failed, v.status, v.reason);
	return AVAL_OK;
}

static aval_status run(search *s, aval_chain_result *result, bool *done_out)
{
	size_t      candidate;
	aval_status status = AVAL_OK;

	while (s->len != 0 && !*done_out && status == AVAL_OK) {
		if (!next_candidate(s, &candidate)) {
			if (!s->named[s->len - 1])
				note(s, NO_ISSUER, s->path[s->len - 1], AVAL_E_CERT_ANCHOR,
				     "no certificate or anchor has the name of the issuer");
			s->len--;
			continue;
		}
		if (s->steps++ == MAX_STEPS)
			return AVAL_E_LIMIT;
		status = try_candidate(s, candidate, result, done_out);
	}
	return status;
}

/* Certificates of the chain that are anchors are tried as anchors alone. */
static void mark_anchors(search *s)
{
	for (size_t i = 0; i < s->chain->count; i++)
		for (size_t a = 0; a < s->trust->anchor_count && !s->is_anchor[i]; a++)
			s->is_anchor[i] =
				aval_bytes_equal(s->chain->certificates[i].der, s->trust->anchors[a].der);
}

static aval_status begin(search *s, aval_error *err)
{
	aval_x509_verdict v;

	mark_anchors(s);
	if (s->is_anchor[0])
		return aval_fail(err, AVAL_E_CERT_ANCHOR, places[0], "the leaf is an anchor itself");
	v = aval_x509_judge_leaf(&s->chain->certificates[0], s->options->at_unix_ms);
	if (v.status != AVAL_OK)
		return aval_fail(err, v.status, places[0], v.reason);
	push(s, s->trust->anchor_count);
	return AVAL_OK;
}

aval_status aval_x509_path_find(aval_chain_result *result_out, const aval_chain *chain, const aval_trust *trust,
                                const aval_chain_options *options, aval_error *err)
{
	search            s = { .chain = chain, .trust = trust, .options = options };
	aval_chain_result result = { 0 };
	bool              done = false;
	aval_status       status = begin(&s, err);

	if (status != AVAL_OK)
		return status;
	status = run(&s, &result, &done);
	if (status == AVAL_E_LIMIT)
		return aval_fail(err, status, "chain", "too many paths to try");
	if (status != AVAL_OK)
		return aval_fail(err, status, "chain", "mbedTLS is out of memory");
	if (!done)
		return aval_fail(err, s.nearest.status, s.nearest.where, s.nearest.reason);
	if (result_out != NULL)
		*result_out = result;
	return AVAL_OK;
}
