/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_VERIFIED_H
#define AVAL_LIB_VERIFIED_H

/*
 * What was found valid before, so that it is not verified again: a set of hashes, each of which covers everything
 * that the outcome depends on. Only what is valid enters, so a set that lacks something costs time and nothing else.
 * Many threads may use one set at once. NULL in its place is a set that remembers nothing.
 */

#include <aval/key.h>

#include "base/base.h"
#include "cose/cose.h"

typedef struct aval_verified aval_verified;

/* What a hash stands for; the first byte of what is hashed. */
typedef enum aval_verified_kind {
	AVAL_VERIFIED_SIGNATURE = 1, /* row of the algorithm, point65, digest32, sig64 */
	AVAL_VERIFIED_BATCH     = 2, /* the same, where it is the root of a batch that was signed */
	AVAL_VERIFIED_CHAIN     = 3, /* of certificates: see who adds it */
	AVAL_VERIFIED_MANDATE   = 4, /* its envelope: signature and groups */
	AVAL_VERIFIED_KINDS     = 5
} aval_verified_kind;

aval_status aval_verified_new(aval_verified **verified_out, const aval_allocator *allocator, aval_error *err);
void        aval_verified_free(aval_verified *verified);

/* SHA-256 over the kind in one byte and the parts, which the caller keeps unambiguous. */
void aval_verified_key(uint8_t key32_out[32], aval_verified_kind kind, const aval_bytes *parts, size_t count);

bool aval_verified_has(aval_verified *verified, const uint8_t key32[32]);

/* A hash will be asked for soon: where it stands or would stand is fetched meanwhile. A hint alone. */
void aval_verified_fetch(aval_verified *verified, const uint8_t key32[32]);

/* AVAL_E_NO_MEMORY; what is there already is not counted twice. */
aval_status aval_verified_add(aval_verified *verified, aval_verified_kind kind, const uint8_t key32[32],
                              aval_error *err);

/* Hashes of a kind. */
size_t aval_verified_count(const aval_verified *verified, aval_verified_kind kind);

/* As aval_verify_digest(), but nothing is done where this key, digest and signature were found valid before. */
aval_status aval_verify_digest_once(aval_verified *verified, aval_verified_kind kind, const aval_public_key *key,
                                    const uint8_t digest32[32], const uint8_t sig64[64], aval_error *err);

/*
 * Claims that are taken for valid for the moment, and verified in one go: the curve's code and tables then stay at
 * hand, and so do those of everything else. What was concluded meanwhile holds if, and only if, all of them are valid.
 */
enum { AVAL_CLAIMS = 256 };

typedef struct aval_claim {
	aval_verified_kind kind;
	aval_public_key    key;
	uint8_t            digest32[32];
	uint8_t            sig64[64];
	uint8_t            key32[32]; /* of all that, in the set */
} aval_claim;

/* A claim of kind SIGNATURE or BATCH, and its verification, which does nothing where it was found valid before. */
void        aval_claim_make(aval_claim *claim_out, aval_verified_kind kind, const aval_public_key *key,
                            const uint8_t digest32[32], const uint8_t sig64[64]);
aval_status aval_verify_claim_once(aval_verified *verified, const aval_claim *claim, aval_error *err);

typedef struct aval_claims {
	aval_verified *verified;
	aval_status    status; /* of the first that was not valid */
	size_t         count;
	aval_claim     queue[AVAL_CLAIMS];
} aval_claims;

/* Verify what waits. The first status other than AVAL_OK stays until somebody resets it. */
aval_status aval_claims_settle(aval_claims *claims);

/* The batch at hand: the way of its last event, and the root's signature that was found valid. All zero at first. */
typedef struct aval_batch_at_hand {
	aval_cose_batch_way way;
	bool                is_valid;
	uint8_t             row; /* of the key's algorithm */
	uint8_t             thumbprint32[32];
	uint64_t            size;
	uint8_t             root32[32];
	uint8_t             sig64[64];
} aval_batch_at_hand;

/* What a verification of signatures may make use of; each may be NULL. */
typedef struct aval_memory {
	aval_verified      *verified;
	aval_batch_at_hand *batch;
	aval_claims        *claims; /* then the operation on the curve waits there */
} aval_memory;

/* As aval_cose_verify(), but for what was found valid before, or waits. */
aval_status aval_cose_verify_once(const aval_memory *memory, const aval_cose_body *body,
                                  const aval_cose_signature *signature, const aval_public_key *key,
                                  aval_error *err);

#endif /* AVAL_LIB_VERIFIED_H */
