/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_PK_H
#define AVAL_LIB_PK_H

/*
 * The public keys of certificates, which are of more kinds than those of events, and their signatures over a
 * digest. Statuses come back bare.
 */

#include "base/base.h"
#include "crypto/crypto.h"

/* The numbers of aval_certificate_key_kind. */
typedef enum aval_pk_kind {
	AVAL_PK_OTHER = 0,
	AVAL_PK_P256 = 1,
	AVAL_PK_P384 = 2,
	AVAL_PK_K1 = 3,
	AVAL_PK_RSA = 4
} aval_pk_kind;

enum {
	AVAL_PK_RSA_MIN_BITS = 2048,
	AVAL_PK_RSA_MAX_BITS = 4096,
	AVAL_PK_RSA_MAX_LEN = AVAL_PK_RSA_MAX_BITS / 8,
	AVAL_PK_SCALAR_MAX_LEN = 48,
	AVAL_PK_DIGEST_MAX_LEN = 64
};

/* A key as a certificate holds it; borrows. */
typedef struct aval_pk {
	aval_pk_kind kind;
	unsigned     bits;
	aval_bytes   point;    /* 04 || x || y */
	aval_bytes   modulus;  /* big-endian, without leading zeros */
	aval_bytes   exponent; /* likewise */
} aval_pk;

/* How RSA pads. */
typedef enum aval_pk_padding { AVAL_PK_PKCS1 = 1, AVAL_PK_PSS = 2 } aval_pk_padding;

/* A hash by its length in bytes: 32, 48 or 64. */
void aval_pk_hash(uint8_t digest_out[AVAL_PK_DIGEST_MAX_LEN], size_t digest_len, const uint8_t *data,
                  size_t len);

/* Bytes of a number modulo the order of a curve; 0 for RSA. */
size_t         aval_pk_scalar_len(aval_pk_kind kind);
const uint8_t *aval_pk_order(aval_pk_kind kind);

/* Numbers of any of the curves, big-endian and len bytes long; in time that does not depend on n. */
bool aval_number_in_range(const uint8_t *n, const uint8_t *bound, size_t len); /* 0 < n < bound */
bool aval_number_is_high(const uint8_t *n, const uint8_t *bound, size_t len);  /* n > bound / 2 */
void aval_number_negate(uint8_t *n, const uint8_t *bound, size_t len);         /* bound - n */

/*
 * ECDSA, r || s: AVAL_OK, AVAL_E_SIGNATURE_INVALID, AVAL_E_KEY_POINT (the key is no point of its curve) or
 * AVAL_E_NO_MEMORY. Either s is accepted; r and s out of range are AVAL_E_SIGNATURE_INVALID. The digest is cut
 * to the length of the curve. A file for each library: aval_pk_verify_ecdsa() chooses.
 */
aval_status aval_pk_verify_ecdsa(const aval_pk *key, const uint8_t *digest, size_t digest_len,
                                 const uint8_t *rs);

/* RSA; the length of the signature is the modulus's. salt_len is PSS's. Statuses as above but for
 * AVAL_E_KEY_POINT. */
aval_status aval_pk_verify_rsa(const aval_pk *key, aval_pk_padding padding, size_t salt_len,
                               const uint8_t *digest, size_t digest_len, const uint8_t *signature);

/*
 * The secret side, for keys that are not aval_secret_key: RSA and P-384. Heap objects of mbedTLS, wiped when
 * they are freed. AVAL_E_CALLBACK: entropy failed.
 */
typedef struct aval_pk_rsa_numbers {
	aval_bytes n, e, d, p, q; /* big-endian; d, p and q secret */
} aval_pk_rsa_numbers;

typedef struct aval_pk_secret aval_pk_secret;

/* AVAL_E_KEY_FORMAT: the numbers do not fit together. The kind is AVAL_PK_RSA. */
aval_status aval_pk_secret_from_rsa(aval_pk_secret **key_out, const aval_pk_rsa_numbers *numbers,
                                    const aval_entropy *entropy, const aval_allocator *allocator);

/* AVAL_E_KEY_SCALAR. The kind is AVAL_PK_P384; writes the point. */
aval_status aval_pk_secret_from_p384(aval_pk_secret **key_out, uint8_t point97_out[97],
                                     const uint8_t scalar48[48], const aval_entropy *entropy,
                                     const aval_allocator *allocator);

/* Writes as many bytes as the modulus has, or r || s over SHA-384; digest as the algorithm has it. */
aval_status aval_pk_secret_sign_rsa(uint8_t *signature_out, size_t *len_out, aval_pk_secret *key,
                                    aval_pk_padding padding, const uint8_t digest32[32]);
aval_status aval_pk_secret_sign_p384(uint8_t rs96_out[96], aval_pk_secret *key, const uint8_t digest48[48]);

aval_pk_kind aval_pk_secret_kind(const aval_pk_secret *key);
void         aval_pk_secret_free(aval_pk_secret *key);

#endif /* AVAL_LIB_PK_H */
