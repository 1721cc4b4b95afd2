/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_CRYPTO_H
#define AVAL_LIB_CRYPTO_H

/*
 * Keys, signing and verifying over digests. To port to another library, write another k1.c or p256.c: what they
 * give is declared here, under "Curves"; nothing else knows whose arithmetic runs. Algorithms are rows of one
 * table.
 */

#include <aval/key.h>
#include <aval/signer.h>

#include "base/base.h"
#include "hash/hash.h"

/* COSE elliptic curves. */
enum { AVAL_CURVE_P256 = 1, AVAL_CURVE_K1 = 8 };

/* ES256, the older number of ESP256. */
enum { AVAL_COSE_ES256 = -7 };

/* What lies in aval_public_key; byte arrays alone, so that it needs no alignment. */
typedef struct aval_key_data {
	uint8_t row;              /* of the table of algorithms, from 1; 0: no key */
	uint8_t is_es256;         /* its COSE_Key names ESP256 by the older number -7 */
	uint8_t point65[65];      /* 04 || x || y */
	uint8_t thumbprint32[32]; /* RFC 9679 */
	uint8_t parsed64[64];     /* secp256k1 only: the point as the library wants it */
} aval_key_data;

_Static_assert(sizeof(aval_key_data) <= sizeof(aval_public_key), "a public key has room for its data");

static inline const aval_key_data *aval_key_data_of(const aval_public_key *key)
{
	return (const aval_key_data *)key->data;
}

/* A signing context of secp256k1 in memory of ours; p256.c has none. */
typedef struct aval_k1 aval_k1;

struct aval_secret_key {
	aval_public_key       public_key;
	uint8_t               scalar32[32]; /* of Schnorr keys the one whose point has an even y */
	aval_k1              *k1;           /* NULL for P-256 */
	const aval_entropy   *entropy;
	const aval_allocator *allocator;
};

/* One algorithm. Statuses come back bare: whoever calls knows what to say. */
typedef struct aval_algorithm {
	aval_alg        alg;
	const char     *name; /* in key files */
	unsigned        curve;
	const uint8_t  *order32;
	const aval_tag *tag; /* NULL: the digest is plain SHA-256 */
	bool            is_ecdsa;
	/* AVAL_OK, AVAL_E_KEY_POINT or AVAL_E_NO_MEMORY. */
	aval_status (*parse_point)(uint8_t parsed64_out[64], const uint8_t point65[65]);
	/* AVAL_OK, AVAL_E_SIGNATURE_INVALID or AVAL_E_NO_MEMORY; either s of ECDSA is accepted. */
	aval_status (*verify)(const aval_key_data *key, const uint8_t digest32[32], const uint8_t sig64[64]);
	/* AVAL_OK, AVAL_E_CALLBACK (entropy failed) or AVAL_E_NO_MEMORY. */
	aval_status (*sign)(uint8_t sig64_out[64], const aval_secret_key *key, const uint8_t digest32[32]);
	/* The same, for the point of a scalar that is in range. */
	aval_status (*derive_point)(uint8_t point65_out[65], const aval_secret_key *key);
} aval_algorithm;

/* NULL where there is no such algorithm. */
const aval_algorithm *aval_algorithm_find(int64_t cose_alg); /* -7 finds ESP256 */
const aval_algorithm *aval_algorithm_find_name(aval_text name);
const aval_algorithm *aval_algorithm_of(const aval_public_key *key);
uint8_t               aval_algorithm_row(const aval_algorithm *algorithm);

/* Start the digest that a signature of the algorithm covers. */
void aval_algorithm_digest_init(const aval_algorithm *algorithm, aval_sha256_ctx *ctx);

/*
 * A key of a point that has the algorithm's form exactly (an even y for Schnorr): AVAL_E_KEY_POINT,
 * AVAL_E_NO_MEMORY. is_es256: its COSE_Key names ESP256 by -7.
 */
aval_status aval_public_key_set(aval_public_key *key_out, const aval_algorithm *algorithm,
                                const uint8_t point65[65], bool is_es256, aval_error *err);

/*
 * Verify over a digest. Low s is demanded: AVAL_E_SIGNATURE_HIGH_S. A number out of its range and a signature
 * that does not fit are AVAL_E_SIGNATURE_INVALID; key must be a key, else AVAL_E_INVALID_ARGUMENT.
 */
aval_status aval_verify_digest(const aval_public_key *key, const uint8_t digest32[32], const uint8_t sig64[64],
                               aval_error *err);

/* The same over a message that lies in memory. */
aval_status aval_verify_signature(const aval_public_key *key, const uint8_t *message, size_t message_len,
                                  const uint8_t sig64[64], aval_error *err);

/* Replace a high s of an ECDSA signature by the low one; other signatures stay as they are. */
void aval_signature_normalize(const aval_algorithm *algorithm, uint8_t sig64[64]);

/*
 * Let a signer sign, bring s to its low form and verify: AVAL_E_CALLBACK if it failed, AVAL_E_SIGNATURE_INVALID
 * if it gave something else than a signature of its key, AVAL_E_INVALID_ARGUMENT if it is not filled in.
 */
aval_status aval_signer_sign(uint8_t sig64_out[64], const aval_signer *signer, const uint8_t *message,
                             size_t message_len, aval_error *err);

/* Whether a signer may be used at all. */
aval_status aval_signer_check(const aval_signer *signer, aval_error *err);

/*
 * The secret key of a number in big-endian form: AVAL_E_KEY_SCALAR outside of [1, order). Otherwise as
 * aval_secret_key_generate().
 */
aval_status aval_secret_key_from_scalar(aval_secret_key **key_out, aval_alg alg, const uint8_t scalar32[32],
                                        const aval_entropy *entropy, const aval_allocator *allocator,
                                        aval_error *err);

aval_status aval_entropy_check(const aval_entropy *entropy, aval_error *err);

/* Whether 0 < n < bound, and whether n > bound / 2; in time that does not depend on n. */
bool aval_scalar_in_range(const uint8_t n32[32], const uint8_t bound32[32]);
bool aval_scalar_is_below(const uint8_t n32[32], const uint8_t bound32[32]); /* zero too */
bool aval_scalar_is_high(const uint8_t n32[32], const uint8_t bound32[32]);

/* n modulo bound, for a bound above 2^255, and a + b modulo bound, for a and b below it; in constant time. */
void aval_scalar_reduce(uint8_t n32[32], const uint8_t bound32[32]);
void aval_scalar_add(uint8_t out32[32], const uint8_t a32[32], const uint8_t b32[32],
                     const uint8_t bound32[32]);

/* out = bound - n, for n <= bound; in time that does not depend on n. out may be n. */
void aval_scalar_negate(uint8_t out32[32], const uint8_t n32[32], const uint8_t bound32[32]);

#define AVAL_ECDSA_DER_MAX_LEN 72

/* r || s of DER and back. Decoding takes the one DER of two numbers below 2^256; whether they are in range is not asked. */
bool   aval_ecdsa_der_decode(uint8_t sig64_out[64], const uint8_t *der, size_t len);
size_t aval_ecdsa_der_encode(uint8_t der_out[AVAL_ECDSA_DER_MAX_LEN], const uint8_t sig64[64]);

/* Ed25519 of other makers: AVAL_OK, AVAL_E_SIGNATURE_INVALID, or AVAL_E_UNSUPPORTED in a build without libsodium. */
aval_status aval_ed25519_verify(const uint8_t key32[32], const uint8_t *message, size_t len, const uint8_t sig64[64]);

/* Curves: secp256k1 (k1.c). */
extern const uint8_t aval_k1_order32[32];
aval_status          aval_k1_parse_point(uint8_t parsed64_out[64], const uint8_t point65[65]);
aval_status          aval_k1_parse_even_point(uint8_t parsed64_out[64], const uint8_t point65[65]);
aval_status aval_k1_verify_ecdsa(const aval_key_data *key, const uint8_t digest32[32], const uint8_t sig64[64]);
aval_status aval_k1_verify_schnorr(const aval_key_data *key, const uint8_t digest32[32],
                                   const uint8_t sig64[64]);
aval_status aval_k1_sign_ecdsa(uint8_t sig64_out[64], const aval_secret_key *key, const uint8_t digest32[32]);
aval_status aval_k1_sign_schnorr(uint8_t sig64_out[64], const aval_secret_key *key, const uint8_t digest32[32]);
aval_status aval_k1_derive_point(uint8_t point65_out[65], const aval_secret_key *key);

/* 02 or 03 || x to 04 || x || y; false where there is no such point. */
bool aval_k1_decompress(uint8_t point65_out[65], const uint8_t point33[33]);

/* BIP340 over a message of any length, by x alone; false where x is no point's or the signature is invalid. */
bool aval_k1_verify_bip340(const uint8_t x32[32], const uint8_t *message, size_t len, const uint8_t sig64[64]);

/* A context that can sign, blinded by seed32; NULL when memory is out. */
aval_k1 *aval_k1_new(const uint8_t seed32[32], const aval_allocator *allocator);
void     aval_k1_free(aval_k1 *k1, const aval_allocator *allocator);

/*
 * Curves: the group of secp256k1 (k1_group.c), for protocols that are more than one signature. Everything here
 * takes zero and infinity for what they are; scalars are below the order.
 */
typedef struct aval_k1_point {
	uint8_t parsed64[64]; /* as the library wants it; not looked at if infinity */
	bool    is_infinity;
} aval_k1_point;

extern const uint8_t aval_k1_generator33[33];

/* 02 or 03 || x alone; false where there is no such point. Infinity is written as 33 zeros and never parsed. */
bool aval_k1_point_parse(aval_k1_point *out, const uint8_t point33[33]);
bool aval_k1_point_parse_full(aval_k1_point *out, const uint8_t point65[65]);
void aval_k1_point_serialize(uint8_t point33_out[33], const aval_k1_point *point);
void aval_k1_point_serialize_full(uint8_t point65_out[65], const aval_k1_point *point); /* not infinity */

/* Public data only: these take a time that depends on the operands. The sum is of points[i * stride]. */
void aval_k1_point_sum(aval_k1_point *out, const aval_k1_point *points, size_t count, size_t stride);
void aval_k1_point_mul(aval_k1_point *inout, const uint8_t scalar32[32]);
void aval_k1_point_add_base(aval_k1_point *inout, const uint8_t scalar32[32]); /* point + scalar x G */
void aval_k1_point_negate(aval_k1_point *inout);

/* For secrets too: scalar x G, false for zero; and a x b modulo the order. out may be a or b. */
bool aval_k1_base_mul(aval_k1_point *out, const aval_k1 *k1, const uint8_t scalar32[32]);
void aval_k1_scalar_mul(uint8_t out32[32], const uint8_t a32[32], const uint8_t b32[32]);

/* Curves: P-256 (p256.c). */
extern const uint8_t aval_p256_order32[32];
aval_status          aval_p256_parse_point(uint8_t parsed64_out[64], const uint8_t point65[65]);
aval_status aval_p256_verify(const aval_key_data *key, const uint8_t digest32[32], const uint8_t sig64[64]);
aval_status aval_p256_sign(uint8_t sig64_out[64], const aval_secret_key *key, const uint8_t digest32[32]);
aval_status aval_p256_derive_point(uint8_t point65_out[65], const aval_secret_key *key);

#endif /* AVAL_LIB_CRYPTO_H */
