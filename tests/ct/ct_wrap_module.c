/* SPDX-License-Identifier: Apache-2.0 */
/* The like of ct_wrap.c for MuSig2 by libsecp256k1's module: whether a call worked, and what it makes public.
 */
#include <secp256k1_musig.h>
#include <string.h>
#include <valgrind/memcheck.h>

int __real_secp256k1_musig_nonce_gen(const secp256k1_context *ctx, secp256k1_musig_secnonce *secret,
                                     secp256k1_musig_pubnonce *nonce, unsigned char *random32,
                                     const unsigned char *scalar32, const secp256k1_pubkey *key,
                                     const unsigned char *digest32, const secp256k1_musig_keyagg_cache *cache,
                                     const unsigned char *extra32);
int __wrap_secp256k1_musig_nonce_gen(const secp256k1_context *ctx, secp256k1_musig_secnonce *secret,
                                     secp256k1_musig_pubnonce *nonce, unsigned char *random32,
                                     const unsigned char *scalar32, const secp256k1_pubkey *key,
                                     const unsigned char *digest32, const secp256k1_musig_keyagg_cache *cache,
                                     const unsigned char *extra32);
int __real_secp256k1_musig_partial_sign(const secp256k1_context *ctx, secp256k1_musig_partial_sig *partial,
                                        secp256k1_musig_secnonce *secret, const secp256k1_keypair *pair,
                                        const secp256k1_musig_keyagg_cache *cache,
                                        const secp256k1_musig_session      *session);
int __wrap_secp256k1_musig_partial_sign(const secp256k1_context *ctx, secp256k1_musig_partial_sig *partial,
                                        secp256k1_musig_secnonce *secret, const secp256k1_keypair *pair,
                                        const secp256k1_musig_keyagg_cache *cache,
                                        const secp256k1_musig_session      *session);

int __wrap_secp256k1_musig_nonce_gen(const secp256k1_context *ctx, secp256k1_musig_secnonce *secret,
                                     secp256k1_musig_pubnonce *nonce, unsigned char *random32,
                                     const unsigned char *scalar32, const secp256k1_pubkey *key,
                                     const unsigned char *digest32, const secp256k1_musig_keyagg_cache *cache,
                                     const unsigned char *extra32)
{
	int result = __real_secp256k1_musig_nonce_gen(ctx, secret, nonce, random32, scalar32, key, digest32,
	                                              cache, extra32);

	VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
	VALGRIND_MAKE_MEM_DEFINED(nonce, sizeof *nonce);
	return result;
}

int __wrap_secp256k1_musig_partial_sign(const secp256k1_context *ctx, secp256k1_musig_partial_sig *partial,
                                        secp256k1_musig_secnonce *secret, const secp256k1_keypair *pair,
                                        const secp256k1_musig_keyagg_cache *cache,
                                        const secp256k1_musig_session      *session)
{
	int result = __real_secp256k1_musig_partial_sign(ctx, partial, secret, pair, cache, session);

	VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
	VALGRIND_MAKE_MEM_DEFINED(partial, sizeof *partial);
	return result;
}
