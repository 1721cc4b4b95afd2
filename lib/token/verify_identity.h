/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_VERIFY_IDENTITY_H
#define AVAL_LIB_VERIFY_IDENTITY_H

/*
 * Private to the rows identity and mandates. verify_identity.c walks the signatures and judges whose keys they are,
 * verify_mandates.c whether the keys may sign, verify_authority.c who stands behind a mandate.
 */

#include "token/verify.h"

/* What is known of something that somebody claims. */
typedef enum aval_standing_kind {
	AVAL_STANDING_UNKNOWN, /* not established, and nothing speaks against it */
	AVAL_STANDING_TRUE,
	AVAL_STANDING_FALSE
} aval_standing_kind;

typedef struct aval_standing {
	aval_standing_kind kind;
	aval_status        status; /* these three where it is not true */
	const char        *where;
	const char        *reason;
} aval_standing;

static inline aval_standing aval_standing_true(void)
{
	return (aval_standing){ AVAL_STANDING_TRUE, AVAL_OK, "", "" };
}

static inline aval_standing aval_standing_not(aval_standing_kind kind, aval_status status, const char *where,
                                              const char *reason)
{
	return (aval_standing){ kind, status, where, reason };
}

typedef struct aval_identity_judge {
	aval_report   *report;
	aval_issue     issue;
	aval_standing *authorities;  /* of each mandate of the bundle */
	aval_standing *certificates; /* of each certificate whose key signed: whether its chain is good */
	bool           has_draft;    /* asked once, since every signature and mandate has a say */
} aval_identity_judge;

/* The signatures of one party, in one role, over one event. */
typedef struct aval_signed_group {
	size_t            index; /* of the event */
	aval_event_signer signer;
	const uint8_t    *keys; /* count x 32 bytes, thumbprints */
	size_t            count;
	size_t            offset; /* of the first one in the file */
} aval_signed_group;

/* Fill certificates, and authorities after them. */
aval_status aval_judge_certificates(aval_identity_judge *judge, aval_error *err);
aval_status aval_judge_authorities(aval_identity_judge *judge, aval_error *err);

/* Whether a key is that of a certificate which proves the party; *has_route_out where there is one with that key. */
aval_standing aval_judge_certified_key(const aval_identity_judge *judge, aval_text party,
                                       const uint8_t thumbprint32[32], bool *has_route_out);

/* Whether a certificate's status proves it wrong; all else that is no success is not established. */
bool aval_is_certificate_refuted(aval_status status);

/* Whether a certificate of the bundle proves a party. */
aval_standing aval_judge_certificate(const aval_identity_judge *judge, size_t index, aval_text party);

/* Whether a key needs no mandate: the party's own, one that the policy lets speak for it, or its certificate's. */
bool aval_key_suffices(const aval_identity_judge *judge, aval_text party, const uint8_t thumbprint32[32]);

/* The signatures of all mandates. AVAL_E_MANDATE_SIGNATURE and others that say something of the file fill why. */
aval_status aval_verify_mandates(aval_report *report, size_t *index_out, aval_error *why);

/* Whether the keys of a group may sign. */
aval_standing aval_judge_mandates(const aval_identity_judge *judge, const aval_signed_group *group);

/* What an event is about, for one who signs it: docs/spec/mandate.md#man-amount. */
int64_t aval_event_amount(const aval_event *event, const aval_event_signer *signer, const aval_issue *issue);

#endif /* AVAL_LIB_VERIFY_IDENTITY_H */
