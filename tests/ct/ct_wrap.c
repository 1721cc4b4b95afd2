/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a path tells the world on purpose, made known to memcheck where it is told: verdicts, public keys,
 * public nonces and signatures. The linker puts these functions between a call and its callee (--wrap), so that
 * the library itself is the one that ships. Each says why its result may be known; what it does not name stays
 * secret.
 */
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/rsa.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
#include <valgrind/memcheck.h>

#include "ct_wrap.h"
#include "sign/musig.h"
#include "sign/sign.h"

#define KNOWN(value) VALGRIND_MAKE_MEM_DEFINED(&(value), sizeof(value))

/* name(params), called with args; the result is known, and then what after does. */
#define WRAP(type, name, params, args, after)     \
	type __real_##name params;                \
	type __wrap_##name params;                \
	type __wrap_##name params                 \
	{                                         \
		type result = __real_##name args; \
                                                  \
		KNOWN(result);                    \
		after;                            \
		return result;                    \
	}

/* A number that is no key is refused, once in 2^32 tries or less: that it was none is all that shows. */
WRAP(bool, aval_scalar_in_range, (const uint8_t n32[32], const uint8_t bound32[32]), (n32, bound32), )

/* Whether the number of a Schnorr key file was negated is whether its point has an odd y, which is public. */
WRAP(bool, aval_equal_ct, (const void *a, const void *b, size_t len), (a, b, len), )

/* Whether a key file is base64, and what of its DER is not the number. */
struct ct_span ct_secret_spans[8];
size_t         ct_secret_count;

WRAP(bool, aval_base64_decode, (uint8_t * out, size_t *len_out, size_t cap, aval_text text),
     (out, len_out, cap, text), KNOWN(*len_out);
     ct_keep_spans(out, *len_out))

void ct_keep_spans(const uint8_t *data, size_t len)
{
	const struct ct_span *last = &ct_secret_spans[ct_secret_count - 1];
	size_t                at = 0;

	if (ct_secret_count == 0 || last->at + last->len > len)
		return;
	for (size_t i = 0; i < ct_secret_count; i++) {
		VALGRIND_MAKE_MEM_DEFINED(data + at, ct_secret_spans[i].at - at);
		at = ct_secret_spans[i].at + ct_secret_spans[i].len;
	}
	VALGRIND_MAKE_MEM_DEFINED(data + at, len - at);
}

/* Whether the curve operation worked, and the point, which is the public key. */
WRAP(int, secp256k1_ec_pubkey_create,
     (const secp256k1_context *ctx, secp256k1_pubkey *key, const unsigned char *scalar32), (ctx, key, scalar32),
     KNOWN(*key))
WRAP(int, secp256k1_keypair_create,
     (const secp256k1_context *ctx, secp256k1_keypair *pair, const unsigned char *scalar32),
     (ctx, pair, scalar32), )
WRAP(int, mbedtls_ecp_mul,
     (mbedtls_ecp_group * group, mbedtls_ecp_point *point, const mbedtls_mpi *m, const mbedtls_ecp_point *of,
      int (*rng)(void *, unsigned char *, size_t), void *user_data),
     (group, point, m, of, rng, user_data), )
WRAP(int, mbedtls_ecp_point_write_binary,
     (const mbedtls_ecp_group *group, const mbedtls_ecp_point *point, int format, size_t *len_out,
      unsigned char *out, size_t room),
     (group, point, format, len_out, out, room), KNOWN(*len_out);
     VALGRIND_MAKE_MEM_DEFINED(out, *len_out))

/* Whether signing worked: it does, but for numbers that nobody meets. */
WRAP(int, secp256k1_ecdsa_sign,
     (const secp256k1_context *ctx, secp256k1_ecdsa_signature *signature, const unsigned char *digest32,
      const unsigned char *scalar32, secp256k1_nonce_function nonce, const void *data),
     (ctx, signature, digest32, scalar32, nonce, data), )
WRAP(int, secp256k1_schnorrsig_sign32,
     (const secp256k1_context *ctx, unsigned char *sig64, const unsigned char *digest32,
      const secp256k1_keypair *pair, const unsigned char *random32),
     (ctx, sig64, digest32, pair, random32), )
/* The key of a certificate: whether its numbers are a key, and whether signing with them worked. */
WRAP(int, mbedtls_ecp_check_privkey, (const mbedtls_ecp_group *group, const mbedtls_mpi *d), (group, d), )
WRAP(int, mbedtls_rsa_import_raw,
     (mbedtls_rsa_context * rsa, const unsigned char *n, size_t n_len, const unsigned char *p, size_t p_len,
      const unsigned char *q, size_t q_len, const unsigned char *d, size_t d_len, const unsigned char *e,
      size_t e_len),
     (rsa, n, n_len, p, p_len, q, q_len, d, d_len, e, e_len), )
WRAP(int, mbedtls_rsa_complete, (mbedtls_rsa_context * rsa), (rsa), )
WRAP(int, mbedtls_rsa_check_pubkey, (const mbedtls_rsa_context *rsa), (rsa), )
WRAP(int, mbedtls_rsa_check_privkey, (const mbedtls_rsa_context *rsa), (rsa), )
WRAP(int, mbedtls_rsa_private,
     (mbedtls_rsa_context * rsa, int (*rng)(void *, unsigned char *, size_t), void *user_data,
      const unsigned char *in, unsigned char *out),
     (rsa, rng, user_data, in, out), )
WRAP(int, mbedtls_rsa_rsassa_pss_sign_ext,
     (mbedtls_rsa_context * rsa, int (*rng)(void *, unsigned char *, size_t), void *user_data,
      mbedtls_md_type_t hash, unsigned int hash_len, const unsigned char *digest, int salt_len,
      unsigned char *out),
     (rsa, rng, user_data, hash, hash_len, digest, salt_len, out), )
WRAP(int, mbedtls_ecdsa_sign_det_ext,
     (mbedtls_ecp_group * group, mbedtls_mpi *r, mbedtls_mpi *s, const mbedtls_mpi *d,
      const unsigned char *digest, size_t len, mbedtls_md_type_t hash,
      int (*rng)(void *, unsigned char *, size_t), void *user_data),
     (group, r, s, d, digest, len, hash, rng, user_data), )
WRAP(int, mbedtls_mpi_write_binary, (const mbedtls_mpi *number, unsigned char *out, size_t len),
     (number, out, len), )

/* Whether a nonce is of use, once in 2^128 it is not; and its public half. */
WRAP(bool, aval_musig_nonce_is_sound, (const uint8_t k64[64]), (k64), )
WRAP(bool, aval_musig_pair_of, (aval_musig_pair * out, const aval_k1 *k1, const uint8_t k64[64]),
     (out, k1, k64), KNOWN(*out))

/* A partial signature, which every member may see. */
void __real_aval_musig_partial_sign(uint8_t s32_out[32], const aval_musig_challenge *challenge,
                                    const aval_musig_group *group, const uint8_t coefficient32[32],
                                    const uint8_t k64[64], const uint8_t scalar32[32]);
void __wrap_aval_musig_partial_sign(uint8_t s32_out[32], const aval_musig_challenge *challenge,
                                    const aval_musig_group *group, const uint8_t coefficient32[32],
                                    const uint8_t k64[64], const uint8_t scalar32[32]);

void __wrap_aval_musig_partial_sign(uint8_t s32_out[32], const aval_musig_challenge *challenge,
                                    const aval_musig_group *group, const uint8_t coefficient32[32],
                                    const uint8_t k64[64], const uint8_t scalar32[32])
{
	__real_aval_musig_partial_sign(s32_out, challenge, group, coefficient32, k64, scalar32);
	VALGRIND_MAKE_MEM_DEFINED(s32_out, 32);
}
