/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_K1_MUSIG_H
#define AVAL_LIB_K1_MUSIG_H

/*
 * MuSig2 by libsecp256k1's own module (0.6 and above), built where it is there. Its objects are byte arrays
 * here; false is what the module refuses.
 */

#include "crypto/crypto.h"

enum {
	AVAL_K1_MUSIG_CACHE_LEN = 197,  /* the aggregate */
	AVAL_K1_MUSIG_NONCE_LEN = 132,  /* a public nonce, parsed */
	AVAL_K1_MUSIG_SECRET_LEN = 132, /* a secret nonce */
	AVAL_K1_MUSIG_SESSION_LEN = 133,
};

/* point is the aggregate's; points stand stride bytes apart. AVAL_E_KEY_POINT if they cancel out,
 * AVAL_E_NO_MEMORY. */
aval_status aval_k1_musig_aggregate(uint8_t cache_out[AVAL_K1_MUSIG_CACHE_LEN], aval_k1_point *point_out,
                                    const aval_k1_point *points, size_t count, size_t stride,
                                    const aval_allocator *allocator);

/* digest32, cache and extra32 may be NULL. random32 is used up. */
bool aval_k1_musig_nonce(uint8_t secret_out[AVAL_K1_MUSIG_SECRET_LEN], uint8_t public66_out[66],
                         const aval_k1 *k1, uint8_t random32[32], const uint8_t *scalar32,
                         const aval_k1_point *point, const uint8_t *digest32, const uint8_t *cache,
                         const uint8_t *extra32);

bool aval_k1_musig_nonce_parse(uint8_t nonce_out[AVAL_K1_MUSIG_NONCE_LEN], const uint8_t public66[66]);

/* The sum of parsed nonces as 66 bytes, which may be infinity in either half. False: memory is out. */
bool aval_k1_musig_nonce_sum(uint8_t sum66_out[66], const uint8_t *nonces, size_t count,
                             const aval_allocator *allocator);

/* False: memory is out. */
bool aval_k1_musig_session(uint8_t session_out[AVAL_K1_MUSIG_SESSION_LEN], const uint8_t *nonces, size_t count,
                           const uint8_t digest32[32], const uint8_t cache[AVAL_K1_MUSIG_CACHE_LEN],
                           const aval_allocator *allocator);

/* secret must be what aval_k1_musig_nonce() made for scalar32, and is used up. */
bool aval_k1_musig_sign(uint8_t partial32_out[32], uint8_t secret[AVAL_K1_MUSIG_SECRET_LEN], const aval_k1 *k1,
                        const uint8_t scalar32[32], const uint8_t cache[AVAL_K1_MUSIG_CACHE_LEN],
                        const uint8_t session[AVAL_K1_MUSIG_SESSION_LEN]);

bool aval_k1_musig_verify(const uint8_t partial32[32], const uint8_t nonce[AVAL_K1_MUSIG_NONCE_LEN],
                          const aval_k1_point *point, const uint8_t cache[AVAL_K1_MUSIG_CACHE_LEN],
                          const uint8_t session[AVAL_K1_MUSIG_SESSION_LEN]);

/* False, and *faulty_out, where a partial signature is not below the order. */
bool aval_k1_musig_combine(uint8_t sig64_out[64], size_t *faulty_out,
                           const uint8_t session[AVAL_K1_MUSIG_SESSION_LEN], const uint8_t *partials,
                           size_t count);

#endif /* AVAL_LIB_K1_MUSIG_H */
