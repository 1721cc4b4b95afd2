/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_POLICY_H
#define AVAL_LIB_POLICY_H

/* Private to policies: what one is made of. policy.c keeps keys, checks and times, policy_identity.c who speaks for whom. */

#include "token/verify.h"

struct aval_trusted_row {
	uint8_t thumbprint32[32];
	size_t  party_len; /* 0: the key for itself alone */
	char    party[AVAL_PARTY_MAX_LEN];
};

/* Somebody who may sign mandates of every party of a scheme. */
struct aval_endorser_row {
	aval_party_scheme scheme;
	uint8_t           hash32[32]; /* thumbprint of its key, or SHA-256 of its certificate */
	aval_chain       *chain;      /* of the certificate alone; NULL of a key */
};

struct aval_policy {
	const aval_allocator *allocator;
	struct aval_trusted_row  *trusted; /* strictly ascending by thumbprint, then party */
	size_t                trusted_count;
	size_t                trusted_room;
	struct aval_endorser_row *endorsers;
	size_t                endorser_count;
	size_t                endorser_room;
	aval_trust           *trust; /* NULL: no anchors, no CRLs */
	aval_crl_mode         crl_mode;
	aval_vkey            *registries;
	size_t                registry_count;
	size_t                registry_room;
	uint32_t              without;  /* bit i: check i is not required */
	uint32_t              attested; /* bit i: attested is enough for check i */
	int64_t               time_ms;
	size_t                max_signatures;
};

#endif /* AVAL_LIB_POLICY_H */
