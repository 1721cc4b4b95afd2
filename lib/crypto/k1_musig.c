/* SPDX-License-Identifier: Apache-2.0 */
/* The module's calls, each with its objects copied from bytes and back. */
#include "crypto/k1_musig.h"

#include <secp256k1_musig.h>

#include "crypto/k1.h"

_Static_assert(sizeof(secp256k1_musig_keyagg_cache) == AVAL_K1_MUSIG_CACHE_LEN, "a cache has this length");
_Static_assert(sizeof(secp256k1_musig_pubnonce) == AVAL_K1_MUSIG_NONCE_LEN, "a public nonce has this length");
_Static_assert(sizeof(secp256k1_musig_secnonce) == AVAL_K1_MUSIG_SECRET_LEN, "a secret nonce has this length");
_Static_assert(sizeof(secp256k1_musig_session) == AVAL_K1_MUSIG_SESSION_LEN, "a session has this length");

static secp256k1_musig_keyagg_cache load_cache(const uint8_t *bytes)
{
	secp256k1_musig_keyagg_cache cache;

	memcpy(&cache, bytes, sizeof cache);
	return cache;
}

static secp256k1_musig_session load_session(const uint8_t *bytes)
{
	secp256k1_musig_session session;

	memcpy(&session, bytes, sizeof session);
	return session;
}

static secp256k1_pubkey load_point(const aval_k1_point *point)
{
	secp256k1_pubkey key;

	memcpy(key.data, point->parsed64, 64);
	return key;
}

/* The module takes pointers. */
static bool aggregate(secp256k1_musig_keyagg_cache *cache, const secp256k1_pubkey **at, secp256k1_pubkey *keys,
                      const aval_k1_point *points, size_t count, size_t stride)
{
	for (size_t i = 0; i < count; i++) {
		keys[i] = load_point((const aval_k1_point *)(const void *)((const char *)points + i * stride));
		at[i] = &keys[i];
	}
	return secp256k1_musig_pubkey_agg(secp256k1_context_static, NULL, cache, at, count) == 1;
}

static aval_status aggregate_all(secp256k1_musig_keyagg_cache *cache, const aval_k1_point *points, size_t count,
                                 size_t stride, const aval_allocator *allocator)
{
	const secp256k1_pubkey **at = aval_alloc_array(allocator, count, sizeof at[0]);
	secp256k1_pubkey        *keys = aval_alloc_array(allocator, count, sizeof keys[0]);
	aval_status              status = AVAL_E_NO_MEMORY;

	if (at != NULL && keys != NULL)
		status = aggregate(cache, at, keys, points, count, stride) ? AVAL_OK : AVAL_E_KEY_POINT;
	aval_free(at, allocator);
	aval_free(keys, allocator);
	return status;
}

aval_status aval_k1_musig_aggregate(uint8_t cache_out[AVAL_K1_MUSIG_CACHE_LEN], aval_k1_point *point_out,
                                    const aval_k1_point *points, size_t count, size_t stride,
                                    const aval_allocator *allocator)
{
	secp256k1_pubkey             point;
	secp256k1_musig_keyagg_cache cache;
	aval_status                  status = aggregate_all(&cache, points, count, stride, allocator);

	if (status != AVAL_OK)
		return status;
	if (secp256k1_musig_pubkey_get(secp256k1_context_static, &point, &cache) != 1)
		return AVAL_E_KEY_POINT;
	memcpy(cache_out, &cache, sizeof cache);
	*point_out = (aval_k1_point){ .is_infinity = false };
	memcpy(point_out->parsed64, point.data, 64);
	return AVAL_OK;
}

bool aval_k1_musig_nonce(uint8_t secret_out[AVAL_K1_MUSIG_SECRET_LEN], uint8_t public66_out[66],
                         const aval_k1 *k1, uint8_t random32[32], const uint8_t *scalar32,
                         const aval_k1_point *point, const uint8_t *digest32, const uint8_t *cache,
                         const uint8_t *extra32)
{
	secp256k1_musig_keyagg_cache loaded;
	secp256k1_musig_secnonce     secret;
	secp256k1_musig_pubnonce     nonce;
	secp256k1_pubkey             key = load_point(point);
	int                          result;

	if (cache != NULL)
		loaded = load_cache(cache);
	result = secp256k1_musig_nonce_gen(k1->ctx, &secret, &nonce, random32, scalar32, &key, digest32,
	                                   cache == NULL ? NULL : &loaded, extra32);
	aval_wipe_stack();
	if (result == 1) {
		memcpy(secret_out, &secret, sizeof secret);
		(void)secp256k1_musig_pubnonce_serialize(k1->ctx, public66_out, &nonce);
	}
	aval_wipe(&secret, sizeof secret);
	return result == 1;
}

bool aval_k1_musig_nonce_parse(uint8_t nonce_out[AVAL_K1_MUSIG_NONCE_LEN], const uint8_t public66[66])
{
	secp256k1_musig_pubnonce nonce;

	if (secp256k1_musig_pubnonce_parse(secp256k1_context_static, &nonce, public66) != 1)
		return false;
	memcpy(nonce_out, &nonce, sizeof nonce);
	return true;
}

static bool sum(secp256k1_musig_aggnonce *sum_out, const uint8_t *nonces, size_t count,
                const aval_allocator *allocator)
{
	const secp256k1_musig_pubnonce **at = aval_alloc_array(allocator, count, sizeof at[0]);
	secp256k1_musig_pubnonce        *loaded = aval_alloc_array(allocator, count, sizeof loaded[0]);
	bool                             result = at != NULL && loaded != NULL;

	for (size_t i = 0; result && i < count; i++) {
		memcpy(&loaded[i], nonces + AVAL_K1_MUSIG_NONCE_LEN * i, sizeof loaded[i]);
		at[i] = &loaded[i];
	}
	if (result)
		result = secp256k1_musig_nonce_agg(secp256k1_context_static, sum_out, at, count) == 1;
	aval_free(at, allocator);
	aval_free(loaded, allocator);
	return result;
}

bool aval_k1_musig_nonce_sum(uint8_t sum66_out[66], const uint8_t *nonces, size_t count,
                             const aval_allocator *allocator)
{
	secp256k1_musig_aggnonce total;

	return sum(&total, nonces, count, allocator) &&
	       secp256k1_musig_aggnonce_serialize(secp256k1_context_static, sum66_out, &total) == 1;
}

bool aval_k1_musig_session(uint8_t session_out[AVAL_K1_MUSIG_SESSION_LEN], const uint8_t *nonces, size_t count,
                           const uint8_t digest32[32], const uint8_t cache[AVAL_K1_MUSIG_CACHE_LEN],
                           const aval_allocator *allocator)
{
	secp256k1_musig_keyagg_cache loaded = load_cache(cache);
	secp256k1_musig_aggnonce     total;
	secp256k1_musig_session      session;

	if (!sum(&total, nonces, count, allocator) ||
	    secp256k1_musig_nonce_process(secp256k1_context_static, &session, &total, digest32, &loaded) != 1)
		return false;
	memcpy(session_out, &session, sizeof session);
	return true;
}

bool aval_k1_musig_sign(uint8_t partial32_out[32], uint8_t secret[AVAL_K1_MUSIG_SECRET_LEN], const aval_k1 *k1,
                        const uint8_t scalar32[32], const uint8_t cache[AVAL_K1_MUSIG_CACHE_LEN],
                        const uint8_t session[AVAL_K1_MUSIG_SESSION_LEN])
{
	secp256k1_musig_keyagg_cache loaded = load_cache(cache);
	secp256k1_musig_session      begun = load_session(session);
	secp256k1_musig_partial_sig  partial;
	secp256k1_musig_secnonce     taken;
	secp256k1_keypair            pair;
	bool                         result;

	memcpy(&taken, secret, sizeof taken);
	aval_wipe(secret, AVAL_K1_MUSIG_SECRET_LEN);
	result = secp256k1_keypair_create(k1->ctx, &pair, scalar32) == 1 &&
	         secp256k1_musig_partial_sign(k1->ctx, &partial, &taken, &pair, &loaded, &begun) == 1;
	aval_wipe_stack();
	if (result)
		(void)secp256k1_musig_partial_sig_serialize(k1->ctx, partial32_out, &partial);
	aval_wipe(&taken, sizeof taken);
	aval_wipe(&pair, sizeof pair);
	aval_wipe(&partial, sizeof partial);
	return result;
}

bool aval_k1_musig_verify(const uint8_t partial32[32], const uint8_t nonce[AVAL_K1_MUSIG_NONCE_LEN],
                          const aval_k1_point *point, const uint8_t cache[AVAL_K1_MUSIG_CACHE_LEN],
                          const uint8_t session[AVAL_K1_MUSIG_SESSION_LEN])
{
	secp256k1_musig_keyagg_cache loaded = load_cache(cache);
	secp256k1_musig_session      begun = load_session(session);
	secp256k1_musig_partial_sig  partial;
	secp256k1_musig_pubnonce     shown;
	secp256k1_pubkey             key = load_point(point);

	memcpy(&shown, nonce, sizeof shown);
	return secp256k1_musig_partial_sig_parse(secp256k1_context_static, &partial, partial32) == 1 &&
	       secp256k1_musig_partial_sig_verify(secp256k1_context_static, &partial, &shown, &key, &loaded,
	                                          &begun) == 1;
}

/* As many as there may be members. */
enum { MOST = 256 };

bool aval_k1_musig_combine(uint8_t sig64_out[64], size_t *faulty_out,
                           const uint8_t session[AVAL_K1_MUSIG_SESSION_LEN], const uint8_t *partials,
                           size_t count)
{
	secp256k1_musig_session            begun = load_session(session);
	secp256k1_musig_partial_sig        loaded[MOST];
	const secp256k1_musig_partial_sig *at[MOST];

	for (size_t i = 0; i < count; i++) {
		if (secp256k1_musig_partial_sig_parse(secp256k1_context_static, &loaded[i],
		                                      partials + 32 * i) != 1) {
			*faulty_out = i;
			return false;
		}
		at[i] = &loaded[i];
	}
	return secp256k1_musig_partial_sig_agg(secp256k1_context_static, sig64_out, &begun, at, count) == 1;
}
