/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MUSIG_H
#define AVAL_LIB_MUSIG_H

/*
 * The algorithms of BIP327 over values in the caller's memory, under the objects of aval/musig.h that keep its
 * rules. Names in brackets are the BIP's. Statuses come back bare: whoever calls knows what to say.
 */

#include <stdatomic.h>

#include <aval/musig.h>

#include "base/base.h"
#include "crypto/crypto.h"
#include "crypto/k1_musig.h"

/* -n modulo the order; zero stays zero. */
static inline void aval_musig_negate(uint8_t n32[32])
{
	aval_scalar_negate(n32, n32, aval_k1_order32);
	aval_scalar_reduce(n32, aval_k1_order32);
}

/* One signer's key: 02 or 03 || x, and its point. */
typedef struct aval_musig_member {
	uint8_t       bytes33[33];
	aval_k1_point point;
} aval_musig_member;

/* The aggregate of the members' keys, tweaked or not [KeyAgg Context]. */
typedef struct aval_musig_group {
	aval_k1_point point;        /* [Q], never infinity */
	uint8_t       x32[32];      /* of point */
	bool          is_odd;       /* its y */
	bool          is_negated;   /* [gacc] is -1 */
	uint8_t       tweak32[32];  /* [tacc] */
	uint8_t       list32[32];   /* hash of the members' keys */
	uint8_t       second33[33]; /* the first key that is not the first one; zeros: none */
} aval_musig_group;

aval_status aval_musig_member_parse(aval_musig_member *member_out,
                                    const uint8_t      point33[33]); /* AVAL_E_KEY_POINT */
void        aval_musig_sort(aval_musig_member *members, size_t count);

/* Whether the key is among the members'. */
bool aval_musig_is_member(const aval_musig_member *members, size_t count, const uint8_t bytes33[33]);

/* [KeyAgg], of one member or more: AVAL_E_KEY_POINT where the keys cancel out. */
aval_status aval_musig_aggregate(aval_musig_group *group_out, const aval_musig_member *members, size_t count);

/* [ApplyTweak]: AVAL_E_KEY_SCALAR not below the order, AVAL_E_KEY_POINT where the key is tweaked away. */
aval_status aval_musig_tweak(aval_musig_group *group, const uint8_t tweak32[32], bool is_xonly);

/* [KeyAggCoeff] of a member. */
void aval_musig_coefficient(uint8_t out32[32], const aval_musig_group *group, const uint8_t bytes33[33]);

/* What a nonce is derived of; only random32 and point33 must be given. A message that is not given is not an
 * empty one. */
typedef struct aval_musig_nonce_input {
	const uint8_t    *random32, *scalar32, *point33, *x32;
	const aval_bytes *message;
	aval_bytes        extra;
} aval_musig_nonce_input;

/* [NonceGen] up to the secret numbers, each below the order. */
void aval_musig_nonce_derive(uint8_t k64_out[64], const aval_musig_nonce_input *input);

/* Whether both numbers are from 1 to below the order; those of a used nonce are zero. */
bool aval_musig_nonce_is_sound(const uint8_t k64[64]);

/* Two points: one signer's public nonce, or the sum of all. */
typedef struct aval_musig_pair {
	aval_k1_point points[2];
} aval_musig_pair;

bool aval_musig_pair_of(aval_musig_pair *out, const aval_k1 *k1, const uint8_t k64[64]); /* false for zero */
bool aval_musig_pair_parse(aval_musig_pair *out, const uint8_t pair66[66]);
bool aval_musig_pair_parse_sum(aval_musig_pair *out,
                               const uint8_t    pair66[66]); /* either half may be infinity */
void aval_musig_pair_serialize(uint8_t pair66_out[66], const aval_musig_pair *pair);
void aval_musig_pair_sum(aval_musig_pair *out, const aval_musig_pair *pairs, size_t count); /* [NonceAgg] */

/* What all signers of one message share [GetSessionValues]. */
typedef struct aval_musig_challenge {
	uint8_t b32[32], e32[32];
	uint8_t r_x32[32];
	bool    r_is_odd;
} aval_musig_challenge;

void aval_musig_challenge_init(aval_musig_challenge *challenge_out, const aval_musig_group *group,
                               const aval_musig_pair *sum, aval_bytes message);

/* [Sign] without its checks: of numbers in range, in time that depends on public values alone. */
void aval_musig_partial_sign(uint8_t s32_out[32], const aval_musig_challenge *challenge,
                             const aval_musig_group *group, const uint8_t coefficient32[32],
                             const uint8_t k64[64], const uint8_t scalar32[32]);

/* [PartialSigVerifyInternal]. */
bool aval_musig_partial_verify(const uint8_t s32[32], const aval_musig_challenge *challenge,
                               const aval_musig_group *group, const uint8_t coefficient32[32],
                               const aval_musig_pair *nonce, const aval_k1_point *point);

/* [PartialSigAgg]: false, and *signer_out, where a signer's is not below the order. */
bool aval_musig_partial_sum(uint8_t sig64_out[64], size_t *signer_out, const aval_musig_challenge *challenge,
                            const aval_musig_group *group, const uint8_t *partials, size_t count);

/* Of the module; of the construction here two numbers are a secret nonce. */
enum { AVAL_MUSIG_SECRET_LEN = AVAL_K1_MUSIG_SECRET_LEN };

struct aval_musig_keys {
	const aval_allocator *allocator;
	size_t                count;
	aval_musig_group      group; /* of the module point and x32 alone */
	uint8_t               cache[AVAL_K1_MUSIG_CACHE_LEN]; /* the module's */
	aval_public_key       aggregate;
	/* By place in the sorted list. */
	aval_musig_member *members;
	struct aval_musig_seat {
		aval_public_key key;
		uint8_t         coefficient32[32]; /* not the module's */
	} * seats;
};

struct aval_musig_nonce {
	const aval_allocator *allocator;
	atomic_bool           is_used;
	uint8_t               secret[AVAL_MUSIG_SECRET_LEN]; /* zeros once it is used */
	uint8_t               public66[66];
	uint8_t               member33[33];
	/* Of the aggregate and the message that it was made for. */
	uint8_t x32[32], digest32[32];
};

struct aval_musig_session {
	const aval_allocator  *allocator;
	const aval_musig_keys *keys;
	uint8_t                digest32[32];
	/* By place in the sorted list. */
	uint8_t *public_nonces;
	/* Of the construction here, and of the module. */
	aval_musig_challenge challenge;
	aval_musig_pair     *pairs;
	uint8_t              module[AVAL_K1_MUSIG_SESSION_LEN];
	uint8_t             *nonces;
};

/*
 * The core: what the objects are made with. The build takes the module of libsecp256k1 where it is there
 * (musig_module.c), else the construction above (musig_own.c); both give the same bytes for the same input. Statuses
 * come back bare.
 */
const char *aval_musig_core_name(void);

/* The group of members that are sorted: AVAL_E_KEY_POINT, AVAL_E_NO_MEMORY. */
aval_status aval_musig_core_aggregate(aval_musig_keys *keys);

/* secret and public66 of a nonce whose other fields are set: AVAL_E_KEY_SCALAR. random32 may be used up; extra32 may be
 * NULL. */
aval_status aval_musig_core_draw(aval_musig_nonce *nonce, const aval_musig_keys *keys, const aval_secret_key *key,
                                 uint8_t random32[32], const uint8_t *extra32);

/* The session of public_nonces: AVAL_E_NO_MEMORY; AVAL_E_MUSIG_NONCE and the index of the first that is none. */
aval_status aval_musig_core_begin(aval_musig_session *session, size_t *faulty_out);

/* False for a nonce that cannot sign. The caller wipes secret. */
bool aval_musig_core_sign(uint8_t partial32_out[32], const aval_musig_session *session, size_t index,
                          uint8_t secret[AVAL_MUSIG_SECRET_LEN], const aval_secret_key *key);

bool aval_musig_core_verify(const aval_musig_session *session, size_t index, const uint8_t partial32[32]);

/* False, and *faulty_out, where a partial signature is not below the order. */
bool aval_musig_core_combine(uint8_t sig64_out[64], size_t *faulty_out, const aval_musig_session *session,
                             const uint8_t *partials);

/* The digest that the members sign, as aval_verify_signature() computes it. */
void aval_musig_digest(uint8_t digest32_out[32], const uint8_t *message, size_t message_len);

#endif /* AVAL_LIB_MUSIG_H */
