/* SPDX-License-Identifier: Apache-2.0 */
/* Secret nonces that sign once, and the sessions they sign in. */
#include "sign/musig.h"

static void member_bytes(uint8_t out33[33], const aval_secret_key *key)
{
	out33[0] = 2;
	memcpy(out33 + 1, aval_key_data_of(&key->public_key)->point65 + 1, 32);
}

static bool is_member(const aval_musig_keys *keys, const aval_secret_key *key)
{
	uint8_t bytes33[33];

	if (aval_public_key_alg(&key->public_key) != AVAL_ALG_SCHNORR)
		return false;
	member_bytes(bytes33, key);
	return aval_musig_is_member(keys->members, keys->count, bytes33);
}

/* 32 bytes enter as they are, others by their hash, none not at all. */
static const uint8_t *extra_of(uint8_t room32[32], aval_bytes extra)
{
	if (extra.len == 0 || extra.len == 32)
		return extra.len == 0 ? NULL : extra.data;
	aval_tagged_hash(room32, "aval/musig-extra", extra.data, extra.len);
	return room32;
}

/* Secret and public half; the caller wipes. */
static aval_status draw(aval_musig_nonce *nonce, const aval_musig_keys *keys, const aval_secret_key *key,
                        aval_bytes extra, aval_error *err)
{
	uint8_t     random32[32], extra32[32];
	aval_status status = key->entropy->fill(random32, sizeof random32, key->entropy->user_data);

	if (status != AVAL_OK)
		status = aval_fail_cause(err, AVAL_E_CALLBACK, "entropy", "the source of entropy failed",
		                         status);
	else if (aval_musig_core_draw(nonce, keys, key, random32, extra_of(extra32, extra)) != AVAL_OK)
		status = aval_fail(err, AVAL_E_KEY_SCALAR, "entropy", "the nonce came out as zero");
	aval_wipe(random32, sizeof random32);
	return status;
}

aval_status aval_musig_nonce_new(aval_musig_nonce **nonce_out, uint8_t public_nonce66_out[66],
                                 const aval_musig_keys *keys, const aval_secret_key *key,
                                 const uint8_t *message, size_t message_len, const uint8_t *extra,
                                 size_t extra_len, const aval_allocator *allocator, aval_error *err)
{
	aval_musig_nonce *nonce;
	aval_status       status;

	if (!is_member(keys, key))
		return aval_fail(err, AVAL_E_MUSIG_KEY, "key", "not a key of those who sign together");
	if ((uint64_t)extra_len > UINT32_MAX)
		return aval_fail(err, AVAL_E_LIMIT, "extra", "not below 2^32 bytes");
	nonce = aval_alloc_zero(allocator, sizeof *nonce);
	if (nonce == NULL)
		return aval_fail_no_memory(err);
	nonce->allocator = allocator;
	atomic_init(&nonce->is_used, false);
	member_bytes(nonce->member33, key);
	memcpy(nonce->x32, keys->group.x32, 32);
	aval_musig_digest(nonce->digest32, message, message_len);
	status = draw(nonce, keys, key, (aval_bytes){ extra, extra_len }, err);
	if (status != AVAL_OK) {
		aval_musig_nonce_free(nonce);
		return status;
	}
	memcpy(public_nonce66_out, nonce->public66, 66);
	*nonce_out = nonce;
	return AVAL_OK;
}

void aval_musig_nonce_free(aval_musig_nonce *nonce)
{
	const aval_allocator *allocator;

	if (nonce == NULL)
		return;
	allocator = nonce->allocator;
	aval_wipe(nonce, sizeof *nonce);
	aval_free(nonce, allocator);
}

static aval_status begin(aval_musig_session *session, const uint8_t *public_nonces, aval_error *err)
{
	size_t      count = session->keys->count, faulty = 0;
	aval_status status;

	session->public_nonces = aval_alloc_array(session->allocator, count, 66);
	if (session->public_nonces == NULL)
		return aval_fail_no_memory(err);
	memcpy(session->public_nonces, public_nonces, 66 * count);
	status = aval_musig_core_begin(session, &faulty);
	if (status == AVAL_E_MUSIG_NONCE)
		return aval_fail_full(err, status, 66 * faulty, "public_nonces[]",
		                      "a public nonce is not two compressed points", (int64_t)faulty);
	return status == AVAL_OK ? AVAL_OK : aval_fail_no_memory(err);
}

aval_status aval_musig_session_new(aval_musig_session **session_out, const aval_musig_keys *keys,
                                   const uint8_t *public_nonces, const uint8_t *message, size_t message_len,
                                   const aval_allocator *allocator, aval_error *err)
{
	aval_musig_session *session = aval_alloc_zero(allocator, sizeof *session);
	aval_status         status;

	if (session == NULL)
		return aval_fail_no_memory(err);
	session->allocator = allocator;
	session->keys = keys;
	aval_musig_digest(session->digest32, message, message_len);
	status = begin(session, public_nonces, err);
	if (status != AVAL_OK) {
		aval_musig_session_free(session);
		return status;
	}
	*session_out = session;
	return AVAL_OK;
}

void aval_musig_session_free(aval_musig_session *session)
{
	if (session == NULL)
		return;
	aval_free(session->nonces, session->allocator);
	aval_free(session->pairs, session->allocator);
	aval_free(session->public_nonces, session->allocator);
	aval_free(session, session->allocator);
}

/* Whether the nonce was made for this; the place in which it signs. */
static aval_status find_place(size_t *index_out, const aval_musig_session *session,
                              const aval_musig_nonce *nonce, const aval_secret_key *key, aval_error *err)
{
	const aval_musig_keys *keys = session->keys;
	uint8_t                bytes33[33];

	member_bytes(bytes33, key);
	if (aval_public_key_alg(&key->public_key) != AVAL_ALG_SCHNORR ||
	    memcmp(bytes33, nonce->member33, 33) != 0)
		return aval_fail(err, AVAL_E_NONCE_OTHER, "nonce.key", "the nonce was made for another key");
	if (memcmp(keys->group.x32, nonce->x32, 32) != 0)
		return aval_fail(err, AVAL_E_NONCE_OTHER, "nonce.aggregate",
		                 "the nonce was made for other signers");
	if (memcmp(session->digest32, nonce->digest32, 32) != 0)
		return aval_fail(err, AVAL_E_NONCE_OTHER, "nonce.message",
		                 "the nonce was made for another message");
	for (size_t i = 0; i < keys->count; i++) {
		if (memcmp(keys->members[i].bytes33, bytes33, 33) == 0 &&
		    memcmp(session->public_nonces + 66 * i, nonce->public66, 66) == 0) {
			*index_out = i;
			return AVAL_OK;
		}
	}
	return aval_fail(err, AVAL_E_NONCE_OTHER, "nonce.public",
	                 "the session has not the nonce's public half in the key's place");
}

static aval_status fail_reused(aval_error *err)
{
	return aval_fail(err, AVAL_E_NONCE_REUSED, "nonce", "the nonce has signed already");
}

/* Once and never again: who turns is_used, alone reads the numbers. */
static bool take(uint8_t secret_out[AVAL_MUSIG_SECRET_LEN], aval_musig_nonce *nonce)
{
	if (atomic_exchange(&nonce->is_used, true))
		return false;
	memcpy(secret_out, nonce->secret, AVAL_MUSIG_SECRET_LEN);
	aval_wipe(nonce->secret, sizeof nonce->secret);
	return true;
}

aval_status aval_musig_session_sign(uint8_t partial32_out[32], const aval_musig_session *session,
                                    aval_musig_nonce *nonce, const aval_secret_key *key, aval_error *err)
{
	uint8_t     secret[AVAL_MUSIG_SECRET_LEN], partial32[32];
	size_t      index = 0;
	bool        is_signed, is_valid;
	aval_status status;

	if (atomic_load(&nonce->is_used))
		return fail_reused(err);
	status = find_place(&index, session, nonce, key, err);
	if (status != AVAL_OK)
		return status;
	if (!take(secret, nonce))
		return fail_reused(err);
	is_signed = aval_musig_core_sign(partial32, session, index, secret, key);
	aval_wipe(secret, sizeof secret);
	is_valid = is_signed && aval_musig_core_verify(session, index, partial32);
	if (is_valid)
		memcpy(partial32_out, partial32, 32);
	/* One that does not verify might tell the key. */
	aval_wipe(partial32, sizeof partial32);
	return is_valid
	               ? AVAL_OK
	               : aval_fail(err, AVAL_E_SIGNATURE_INVALID, "partial", "what was signed does not verify");
}

aval_status aval_musig_session_verify(const aval_musig_session *session, size_t index,
                                      const uint8_t partial32[32], aval_error *err)
{
	if (index >= session->keys->count)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "index", "no member has that index");
	if (!aval_musig_core_verify(session, index, partial32))
		return aval_fail_cause(err, AVAL_E_MUSIG_PARTIAL, "partial",
		                       "a partial signature does not verify", (int64_t)index);
	return AVAL_OK;
}

static aval_status fail_partial(size_t index, aval_error *err)
{
	return aval_fail_full(err, AVAL_E_MUSIG_PARTIAL, 32 * index, "partials[]",
	                      "a partial signature does not verify", (int64_t)index);
}

/* The sum is wrong, so that one of them is. */
static aval_status blame(const aval_musig_session *session, const uint8_t *partials, aval_error *err)
{
	for (size_t i = 0; i < session->keys->count; i++)
		if (!aval_musig_core_verify(session, i, partials + 32 * i))
			return fail_partial(i, err);
	return aval_fail(err, AVAL_E_SIGNATURE_INVALID, "signature", "valid parts make no valid whole");
}

aval_status aval_musig_session_aggregate(uint8_t sig64_out[64], const aval_musig_session *session,
                                         const uint8_t *partials, aval_error *err)
{
	const aval_musig_keys *keys = session->keys;
	uint8_t                sig64[64];
	size_t                 faulty = 0;

	if (!aval_musig_core_combine(sig64, &faulty, session, partials))
		return fail_partial(faulty, err);
	if (aval_verify_digest(&keys->aggregate, session->digest32, sig64, NULL) != AVAL_OK)
		return blame(session, partials, err);
	memcpy(sig64_out, sig64, 64);
	return AVAL_OK;
}
