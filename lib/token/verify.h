/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_VERIFY_H
#define AVAL_LIB_VERIFY_H

/*
 * Private to verification: what a report is made of, and how a row is filled. verify.c runs the checks in their
 * order of dependence, verify_*.c judge, report.c keeps the rows and draws the result, policy.c answers whom
 * the caller relies on.
 */

#include <aval/verify.h>

#include "base/base.h"
#include "identity/identity.h"
#include "token/ancestry.h"
#include "token/bundle.h"
#include "token/verified.h"

/* Mandates whose signatures a report remembers; the oldest goes first. */
enum { AVAL_REPORT_MANDATES = 64 };

struct aval_report {
	const aval_allocator *allocator;
	const aval_policy    *policy; /* NULL: the empty policy */
	aval_report_kind      kind;
	aval_result           result;
	aval_report_row       rows[AVAL_CHECK_COUNT];
	aval_bundle          *bundle;
	aval_token           *token;
	aval_disclosure       disclosure;
	bool                  has_disclosure;
	bool                  is_shown_again; /* the disclosure is that of the file before */
	bool                  is_accepted; /* the token was, when its terms were judged */
	aval_evidence         evidence;
	bool                  has_evidence;
	size_t                signature_count; /* verified so far, of the policy's limit */
	uint32_t              good_certificates; /* bits of those whose chain the policy found good */
	size_t                verified_events; /* leading ones whose signatures are all valid */
	aval_verified        *verified;        /* what was found valid before; may be NULL */
	/* Where that is NULL, what this report itself found valid of mandates and certificates; it survives. */
	aval_chain_cache     *chains;
	uint8_t               mandates[AVAL_REPORT_MANDATES][32];
	size_t                mandate_count;
	aval_ancestry        *ancestry;        /* what the file before left; may be NULL */
};

/*
 * As aval_verify(), with what was found valid before, to which it adds, and with what the file before left behind,
 * which it replaces; both may be NULL. The ancestry is of one policy and one report, of which nothing else made use.
 */
aval_status aval_verify_with(aval_report *report, const uint8_t *data, size_t len, const aval_policy *policy,
                             aval_verified *verified, aval_ancestry *ancestry, aval_error *err);

/* Drop what the last verification left, and begin one. */
void aval_report_clear(aval_report *report, const aval_policy *policy);

aval_report_row *aval_report_row_at(aval_report *report, aval_check_id check);
bool             aval_report_passed(const aval_report *report, aval_check_id check);

/* Fill a row. why tells status, offset, where and reason. */
void aval_report_pass(aval_report *report, aval_check_id check);
void aval_report_fail(aval_report *report, aval_check_id check, const aval_error *why);
void aval_report_skip(aval_report *report, aval_check_id check, aval_status status, const char *where,
                      const char *reason);

/* The result of the rows; is_draft: the last event is one. Returns as aval_verify() does. */
aval_status aval_report_conclude(aval_report *report, bool is_draft, aval_error *err);

/* Count one signature that is to be verified; false where the policy allows no more of them. */
bool aval_report_may_verify(aval_report *report);

/* Whether the policy knows the key, and whether the key speaks for the party; false for a NULL policy. */
bool aval_policy_knows_key(const aval_policy *policy, const uint8_t thumbprint32[32]);
bool aval_policy_key_speaks_for(const aval_policy *policy, const uint8_t thumbprint32[32], aval_text party);
bool aval_policy_is_endorser(const aval_policy *policy, aval_party_scheme scheme, const uint8_t thumbprint32[32]);
/* The certificate of an endorser; NULL where the policy has none such. */
const aval_chain *aval_policy_endorsing_chain(const aval_policy *policy, aval_party_scheme scheme,
                                              const uint8_t sha256[32]);
bool aval_policy_knows_registry(const aval_policy *policy, aval_text origin);
bool aval_policy_knows_registry_key(const aval_policy *policy, const aval_vkey *vkey);

/*
 * Failures that say nothing of the bytes: memory and callers. They end a verification instead of filling a row.
 */
static inline bool aval_status_is_fatal(aval_status status)
{
	return status == AVAL_E_NO_MEMORY || status == AVAL_E_INVALID_ARGUMENT || status == AVAL_E_CALLBACK;
}

/*
 * Fill the rows named. They read what the rows before them left in the report. A failure that they return is
 * fatal.
 */
aval_status aval_judge_history(aval_report *report, aval_error *err);
aval_status aval_judge_signatures(aval_report *report, aval_error *err); /* reads history */
aval_status aval_judge_identity(aval_report *report, aval_error *err);   /* identity, mandates */
aval_status aval_judge_invoice(aval_report *report, aval_error *err); /* disclosure, terms, parties */
void        aval_judge_parties(aval_report *report, const aval_issue *issue, aval_term_lookup lookup, const void *from);
aval_status aval_judge_evidence(aval_report *report, const uint8_t *data, size_t len, aval_error *err); /* all */
void        aval_judge_registry(aval_report *report);                 /* registered, live, duplicate, fresh */

#endif /* AVAL_LIB_VERIFY_H */
