/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_VERIFY_H
#define AVAL_VERIFY_H

#include <aval/base.h>
#include <aval/bundle.h>
#include <aval/certificate.h>
#include <aval/checkpoint.h>
#include <aval/disclosure.h>
#include <aval/evidence.h>
#include <aval/party.h>
#include <aval/token.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Verification of a file by a policy: one call, one report. aval_verify() returns
 * AVAL_OK only if the file is valid by that policy; what was not established
 * never counts as established. The report says row by row what was found, where
 * and why. Nothing here trusts anybody by default, and nothing reads a clock:
 * the caller's policy names keys, time and the rows it does without.
 *
 * What only a registry's log and map can say, the rows registered, live, duplicate
 * and fresh, is not checked in this version: a policy that requires them gets no
 * file that is valid. Revocation lists are the caller's to fetch; goods, debts and
 * people behind the parties are nobody's here.
 */

/** Checks of a report, in its order. The names in quotes are those of aval_check_id_name(). */
typedef enum aval_check_id {
	AVAL_CHECK_ENCODING   = 1, /**< "encoding": the file is well formed */
	AVAL_CHECK_DISCLOSURE = 2, /**< "disclosure": what is shown belongs to the invoice that was issued */
	AVAL_CHECK_TERMS      = 3, /**< "terms": the invoice says what the token says */
	AVAL_CHECK_PARTIES    = 4, /**< "parties": seller and buyer are supplier and debtor */
	AVAL_CHECK_SIGNATURES = 5, /**< "signatures": every signature verifies */
	AVAL_CHECK_IDENTITY   = 6, /**< "identity": the keys are those of the parties named */
	AVAL_CHECK_MANDATES   = 7, /**< "mandates": the keys may sign for their parties */
	AVAL_CHECK_HISTORY    = 8, /**< "history": the sequence of events is lawful */
	AVAL_CHECK_REGISTERED = 9, /**< "registered": the registry ordered the events in time */
	AVAL_CHECK_LIVE       = 10, /**< "live": nothing came after */
	AVAL_CHECK_DUPLICATE  = 11, /**< "duplicate": the invoice backs no other token */
	AVAL_CHECK_FRESH      = 12  /**< "fresh": the registry's word is recent enough */
} aval_check_id;

#define AVAL_CHECK_COUNT 12 /**< checks; their ids are 1..AVAL_CHECK_COUNT */

/** What became of a check. */
typedef enum aval_verdict {
	AVAL_VERDICT_NOT_CHECKED = 0, /**< "not checked": not established, and nothing is said against it */
	AVAL_VERDICT_PASS        = 1, /**< "pass": true */
	AVAL_VERDICT_FAIL        = 2, /**< "fail": false */
	AVAL_VERDICT_ATTESTED    = 3  /**< "attested": true on the word of somebody whom the policy trusts */
} aval_verdict;

/** What a report says as a whole. */
typedef enum aval_result {
	AVAL_RESULT_INCOMPLETE = 0, /**< "incomplete": nothing failed, something required was not established */
	AVAL_RESULT_VALID      = 1, /**< "valid": every required check passed */
	AVAL_RESULT_INVALID    = 2  /**< "invalid": a check failed */
} aval_result;

/** What kind of file was verified. */
typedef enum aval_report_kind {
	AVAL_REPORT_BUNDLE   = 1, /**< "bundle"; bytes that are of no known kind count as a malformed bundle */
	AVAL_REPORT_EVIDENCE = 2  /**< "evidence" against a log */
} aval_report_kind;

/** Name of a check, verdict, result or kind, as in reports for machines; "" if there is none. */
AVAL_API const char *aval_check_id_name(aval_check_id check);
AVAL_API const char *aval_verdict_name(aval_verdict verdict);
AVAL_API const char *aval_result_name(aval_result result);
AVAL_API const char *aval_report_kind_name(aval_report_kind kind);

/**
 * Find a check by its name.
 *
 * @param[out] check_out  the check; written on success.
 * @param[in]  name       name_len bytes, e.g. "signatures".
 * @param[in]  name_len   bytes.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           name is that of check_out.
 * @retval AVAL_E_NOT_FOUND  there is no check of that name.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/bundle.md#ver-report.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_check_id_parse(
	aval_check_id *check_out,
	const char    *name, size_t name_len,
	aval_error    *err);

/** Whom a verifier relies on and what it requires. Verifying does not change it. */
typedef struct aval_policy aval_policy;

/** A key that a policy trusts; borrowed from the policy. */
typedef struct aval_trusted_key {
	const uint8_t *thumbprint32; /**< 32 bytes */
	aval_text      party;        /**< the party it speaks for; empty where it was named alone */
} aval_trusted_key;

/**
 * Make a policy that trusts nobody and requires every check.
 *
 * @param[out] policy_out  the policy; written on success.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           policy_out is to be released by aval_policy_free().
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the policy.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-policy.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_new(
	aval_policy         **policy_out,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a policy; NULL is nothing. No report may refer to it any more. */
AVAL_API void aval_policy_free(aval_policy *policy);

/**
 * Trust a key.
 *
 * The key is known as the party "key:" + thumbprint, and may speak for one party more; call again for a second
 * one. What is named twice counts once.
 *
 * @param[in,out] policy        the policy; unchanged on failure.
 * @param[in]     thumbprint32  32 bytes; RFC 9679 thumbprint of the key.
 * @param[in]     party         party_len bytes; the party that the key speaks for; may be NULL for none.
 * @param[in]     party_len     bytes.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK              the key is trusted.
 * @retval AVAL_E_PARTY_FORMAT  party is no party id.
 * @retval AVAL_E_PARTY_CHECK   the check characters of party do not fit.
 * @retval AVAL_E_PARTY_SCHEME  the ISO 6523 scheme of party is not on the list.
 * @retval AVAL_E_SIGNER_KEY    party is the "key:" party of another key, for which no other key speaks.
 * @retval AVAL_E_NO_MEMORY     the allocator returned NULL.
 *
 * @par Ownership  party is copied.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-policy.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_trust_key(
	aval_policy  *policy,
	const uint8_t thumbprint32[32],
	const char   *party, size_t party_len,
	aval_error   *err);

/**
 * Trust a key to sign mandates of every party of a scheme: an endorser, a register of companies for one.
 *
 * @param[in,out] policy        the policy; unchanged on failure.
 * @param[in]     scheme        of the parties; not AVAL_PARTY_KEY, whose parties speak for themselves alone.
 * @param[in]     thumbprint32  32 bytes; RFC 9679 thumbprint of the key.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the key is an endorser.
 * @retval AVAL_E_INVALID_ARGUMENT  scheme is no such scheme.
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/mandate.md#man-authority.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_add_endorser_key(
	aval_policy      *policy,
	aval_party_scheme scheme,
	const uint8_t     thumbprint32[32],
	aval_error       *err);

/**
 * Trust a certificate to sign mandates of every party of a scheme: that very certificate, as long as it is within its
 * dates, and if its usage is signing. No path is asked for, and no CRL is looked at.
 *
 * @param[in,out] policy    the policy; unchanged on failure.
 * @param[in]     scheme    of the parties; not AVAL_PARTY_KEY.
 * @param[in]     file      file_len bytes; the certificate, in DER or PEM. Others that stand behind it are not used.
 * @param[in]     file_len  bytes.
 * @param[out]    err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the certificate is an endorser.
 * @retval AVAL_E_INVALID_ARGUMENT  scheme is no such scheme.
 * @retval AVAL_E_CERT_FORMAT       no certificate.
 * @retval AVAL_E_LIMIT             as of aval_chain_parse_file().
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  Nothing of file is kept.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/mandate.md#man-authority.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_add_endorser(
	aval_policy      *policy,
	aval_party_scheme scheme,
	const uint8_t    *file, size_t file_len,
	aval_error       *err);

/**
 * Trust certificate authorities: what their certificates prove of a party, counts. As aval_trust_add_anchors().
 *
 * @param[in,out] policy    the policy; unchanged on failure.
 * @param[in]     file      file_len bytes; a certificate in DER, or certificates in PEM.
 * @param[in]     file_len  bytes.
 * @param[out]    err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK   the anchors are trusted.
 * @retval AVAL_E_*  as of aval_trust_add_anchors().
 *
 * @par Ownership  Nothing of file is kept.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-policy.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_add_anchors(
	aval_policy   *policy,
	const uint8_t *file, size_t file_len,
	aval_error    *err);

/** Give revocation lists by which certificates are judged: as aval_policy_add_anchors(), by aval_trust_add_crls(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_add_crls(
	aval_policy   *policy,
	const uint8_t *file, size_t file_len,
	aval_error    *err);

/** Say what is asked of revocation lists; AVAL_E_INVALID_ARGUMENT of another mode. Without it, AVAL_CRL_REQUIRED. */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_set_crl_mode(
	aval_policy  *policy,
	aval_crl_mode mode,
	aval_error   *err);

/**
 * Do without a check: the result no longer depends on its being established. That it fails still counts.
 *
 * @param[in,out] policy  the policy.
 * @param[in]     check   the check.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the check is not required.
 * @retval AVAL_E_INVALID_ARGUMENT  there is no such check.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-result.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_without(
	aval_policy  *policy,
	aval_check_id check,
	aval_error   *err);

/**
 * Let the verdict "attested" be enough for a check.
 *
 * @param[in,out] policy  the policy.
 * @param[in]     check   the check.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  "attested" counts as "pass" for the check.
 * @retval AVAL_E_INVALID_ARGUMENT  there is no such check.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-result.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_accept_attested(
	aval_policy  *policy,
	aval_check_id check,
	aval_error   *err);

/**
 * Set the time at which the policy judges. Without it nothing is said that depends on the present.
 *
 * @param[in,out] policy   the policy.
 * @param[in]     unix_ms  Unix milliseconds, 0 and up; or AVAL_TIME_NONE.
 * @param[out]    err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the time is set.
 * @retval AVAL_E_INVALID_ARGUMENT  unix_ms is negative and not AVAL_TIME_NONE.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-policy.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_set_time(
	aval_policy *policy,
	int64_t      unix_ms,
	aval_error  *err);

#define AVAL_POLICY_MAX_SIGNATURES 65536 /**< signatures of one file, unless the policy says otherwise */

/**
 * Bound the signatures that are verified of one file: who verifies the files of strangers bounds his time. The
 * signature behind the last one allowed makes its row not checked, with AVAL_E_LIMIT. Those of mandates and the
 * certificates of chains count too.
 *
 * @param[in,out] policy  the policy.
 * @param[in]     count   signatures, 1 and up.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the bound is set.
 * @retval AVAL_E_INVALID_ARGUMENT  count is 0.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-cost.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_set_max_signatures(
	aval_policy *policy,
	size_t       count,
	aval_error  *err);

/**
 * Trust a key for one registry, the one whose origin is the key's name.
 *
 * @param[in,out] policy  the policy; unchanged on failure.
 * @param[in]     vkey    the key.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           the key is trusted for its origin.
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  vkey is copied, its name too.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-policy.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_policy_add_registry_key(
	aval_policy     *policy,
	const aval_vkey *vkey,
	aval_error      *err);

/** Whether the policy requires a check; false for what is no check. */
AVAL_API bool aval_policy_is_required(const aval_policy *policy, aval_check_id check);

/** Whether "attested" is enough for a check; false for what is no check. */
AVAL_API bool aval_policy_is_attested_enough(const aval_policy *policy, aval_check_id check);

/** Unix milliseconds at which the policy judges, or AVAL_TIME_NONE. */
AVAL_API int64_t aval_policy_time(const aval_policy *policy);

/** Signatures that are verified of one file at most. */
AVAL_API size_t aval_policy_max_signatures(const aval_policy *policy);

/** Keys that the policy trusts, ascending by thumbprint and party; the key at an index below the count. */
AVAL_API size_t           aval_policy_trusted_key_count(const aval_policy *policy);
AVAL_API aval_trusted_key aval_policy_trusted_key(const aval_policy *policy, size_t index);

/** An endorser of a policy; borrowed from it. */
typedef struct aval_trusted_endorser {
	aval_party_scheme scheme;
	bool              is_certificate;
	const uint8_t    *hash32; /**< 32 bytes; SHA-256 of the certificate, else thumbprint of the key */
} aval_trusted_endorser;

/** Endorsers, in the order they were added; zero and NULL if index is not below the count. */
AVAL_API size_t        aval_policy_endorser_count(const aval_policy *policy);
AVAL_API aval_trusted_endorser aval_policy_endorser(const aval_policy *policy, size_t index);

/** Anchors and revocation lists of a policy, borrowed from it; NULL where there are none. */
AVAL_API const aval_trust *aval_policy_trust(const aval_policy *policy);

/** What the policy asks of revocation lists. */
AVAL_API aval_crl_mode aval_policy_crl_mode(const aval_policy *policy);

/** Keys of registries, in the order they were added; NULL if index is not below the count. */
AVAL_API size_t           aval_policy_registry_key_count(const aval_policy *policy);
AVAL_API const aval_vkey *aval_policy_registry_key(const aval_policy *policy, size_t index);

#define AVAL_NO_INDEX ((size_t)-1)

/** One row of a report. */
typedef struct aval_report_row {
	aval_check_id check;
	aval_verdict  verdict;
	bool          is_required; /**< by the policy */
	aval_status   status;      /**< AVAL_OK where the verdict is pass; else what is wrong or lacking */
	size_t        offset;      /**< bytes into the file, or AVAL_NO_OFFSET */
	size_t        event_index; /**< the event concerned, from 0, or AVAL_NO_INDEX */
	aval_text     party;       /**< the party concerned, or empty; borrowed from the file */
	const char   *where;       /**< dotted path in the schema; static; "" where the verdict is pass */
	const char   *reason;      /**< English sentence fragment without values; static */
} aval_report_row;

/** Findings of one verification. */
typedef struct aval_report aval_report;

/**
 * Make an empty report: its result is "incomplete", every check "not checked".
 *
 * @param[out] report_out  the report; written on success.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           report_out is to be released by aval_report_free().
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the report.
 * @par Threads    Exclusive.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_report_new(
	aval_report         **report_out,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a report; NULL is nothing. */
AVAL_API void aval_report_free(aval_report *report);

/**
 * Verify a file by a policy.
 *
 * The same bytes and the same policy give the same report. Memory is taken in proportion to the bytes that are
 * there, time too. On AVAL_E_VERIFY_INVALID and AVAL_E_VERIFY_INCOMPLETE err tells the first row that decided;
 * its status is the cause.
 *
 * @param[in,out] report  filled on AVAL_OK, AVAL_E_VERIFY_INVALID and AVAL_E_VERIFY_INCOMPLETE; made empty on
 *                        any other failure. What it held before is dropped.
 * @param[in]     data    len bytes; a bundle, or evidence. Malformed bytes are a finding: the row "encoding"
 *                        fails.
 * @param[in]     len     bytes.
 * @param[in]     policy  whom to rely on; NULL trusts nobody and requires every check.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   valid: no check failed, each that policy requires passed.
 * @retval AVAL_E_VERIFY_INVALID     a check failed.
 * @retval AVAL_E_VERIFY_INCOMPLETE  no check failed; one that policy requires was not established, or the
 *                                   bundle ends in a draft.
 * @retval AVAL_E_NO_MEMORY          the allocator, or a library underneath, was out of memory; nothing is said
 *                                   of data.
 * @retval AVAL_E_INVALID_ARGUMENT   report is NULL.
 *
 * @par Ownership  data and policy are borrowed and must outlive the report, or its next use here.
 * @par Threads    report exclusively; several threads may verify with one policy.
 * @par Source     docs/spec/bundle.md#ver-report.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_verify(
	aval_report       *report,
	const uint8_t     *data, size_t len,
	const aval_policy *policy,
	aval_error        *err);

/** Kind of the file verified last. */
AVAL_API aval_report_kind aval_report_kind_of(const aval_report *report);

/** Result of the verification. */
AVAL_API aval_result aval_report_result(const aval_report *report);

/** One row of the report; borrowed from it. NULL if check is no check. */
AVAL_API const aval_report_row *aval_report_row_of(const aval_report *report, aval_check_id check);

/** Policy by which the report was made, or NULL. */
AVAL_API const aval_policy *aval_report_policy(const aval_report *report);

/** Bundle that was verified; borrowed from the report. NULL where "encoding" did not pass. */
AVAL_API const aval_bundle *aval_report_bundle(const aval_report *report);

/**
 * Token after the complete events of the bundle, as the parties propose it: "registered" and "live" say what
 * the registry made of it. Borrowed from the report. NULL where "history" did not pass.
 */
AVAL_API const aval_token *aval_report_token(const aval_report *report);

/**
 * Evidence that was verified; borrowed from the report. NULL where the file is none, or "encoding" did not pass.
 * It stands if the rows "signatures" and "history" passed: then the log's own key has signed what cannot both be.
 */
AVAL_API const aval_evidence *aval_report_evidence(const aval_report *report);

/**
 * Terms that the bundle discloses; borrowed from the report. NULL where there are none or they do not open the
 * commitment.
 */
AVAL_API const aval_disclosure *aval_report_disclosure(const aval_report *report);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_VERIFY_H */
