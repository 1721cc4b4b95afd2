/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_MUSIG_H
#define AVAL_MUSIG_H

#include <aval/key.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * MuSig2 (BIP327): n signers make one 64-byte signature under one key, and nobody can tell it from the
 * signature of one signer. All n must sign; fewer cannot. Each makes a nonce and shows its public half to the
 * others; when all are there each makes a partial signature; whoever has all of those puts them together.
 *
 * Members' keys are of AVAL_ALG_SCHNORR; so is the aggregate, and what is signed is what such a key signs:
 * TH("aval/schnorr", message). A nonce used twice gives the secret key away, so that a secret nonce cannot be
 * copied, stored or used again here; a process that is cloned (fork, a snapshot of its machine) between making
 * a nonce and using it holds it twice, which nothing here can notice. That a member knows its secret key, and
 * whose the keys are, is not checked. A partial signature proves nothing to third parties: it can be forged.
 */

#define AVAL_MUSIG_MAX_MEMBERS      256 /**< members of one aggregate */
#define AVAL_MUSIG_PUBLIC_NONCE_LEN 66  /**< bytes of a public nonce: two compressed points */
#define AVAL_MUSIG_PARTIAL_LEN      32  /**< bytes of a partial signature: one number */

/** The keys of those who sign together; opaque and immutable. */
typedef struct aval_musig_keys aval_musig_keys;

/** One secret nonce; opaque, good for one signature. */
typedef struct aval_musig_nonce aval_musig_nonce;

/** One message under way to its signature: the members' keys and nonces; opaque, immutable, holds no secret. */
typedef struct aval_musig_session aval_musig_session;

/**
 * Aggregate the keys of those who sign together.
 *
 * The members are sorted (KeySort), so that one set of keys has one aggregate in whatever order they are given.
 * A key may be there more than once; it then signs as often.
 *
 * @param[out] keys_out   the aggregate and its members; written on success.
 * @param[in]  members    count keys of AVAL_ALG_SCHNORR, in any order.
 * @param[in]  count      members; from 1 to AVAL_MUSIG_MAX_MEMBERS.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *keys_out is the aggregate.
 * @retval AVAL_E_COSE_ALGORITHM    a member is no key, or a key of another algorithm; err->cause is its index.
 * @retval AVAL_E_KEY_POINT         the keys cancel out: chance does not make such keys.
 * @retval AVAL_E_LIMIT             more than AVAL_MUSIG_MAX_MEMBERS.
 * @retval AVAL_E_NO_MEMORY         the allocator was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT  count is 0.
 *
 * @par Ownership  The caller frees the keys; allocator is kept and must outlive them.
 * @par Threads    Safe from any thread if allocator is.
 * @par Source     BIP327, "Key Sorting" and "Key Aggregation"; docs/spec/musig.md#keys.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_keys_new(
	aval_musig_keys      **keys_out,
	const aval_public_key *members, size_t count,
	const aval_allocator  *allocator,
	aval_error            *err);

/** Number of members. */
AVAL_API size_t aval_musig_keys_count(const aval_musig_keys *keys);

/** A member's key, by its place in the sorted list, below the count. Borrowed, valid as long as keys. */
AVAL_API const aval_public_key *aval_musig_keys_member(const aval_musig_keys *keys, size_t index);

/** The key under which all members sign as one, of AVAL_ALG_SCHNORR. Borrowed, valid as long as keys. */
AVAL_API const aval_public_key *aval_musig_keys_aggregate(const aval_musig_keys *keys);

/** Free keys; keys may be NULL. */
AVAL_API void aval_musig_keys_free(aval_musig_keys *keys);

/**
 * Make a nonce for one signature, and show its public half.
 *
 * The nonce depends on fresh randomness, the secret key, the aggregate, the message and extra: none of these
 * alone makes two nonces equal. It serves one signature of this message by this key under this aggregate.
 *
 * @param[out] nonce_out           the secret nonce; written on success.
 * @param[out] public_nonce66_out  what the other members need; written on success.
 * @param[in]  keys                those who sign together.
 * @param[in]  key                 the member's secret key; its source of entropy is used.
 * @param[in]  message             message_len bytes; what is signed.
 * @param[in]  message_len         bytes.
 * @param[in]  extra               extra_len bytes that differ from session to session; may be NULL.
 * @param[in]  extra_len           bytes; below 2^32.
 * @param[in]  allocator           may be NULL.
 * @param[out] err                 filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                *nonce_out is a fresh nonce.
 * @retval AVAL_E_MUSIG_KEY       key is no member.
 * @retval AVAL_E_CALLBACK        the source of entropy failed; its result is the cause.
 * @retval AVAL_E_KEY_SCALAR      a nonce came out as zero: the source of entropy is broken.
 * @retval AVAL_E_LIMIT           extra is longer than 2^32 - 1 bytes.
 * @retval AVAL_E_NO_MEMORY       the allocator was out of memory.
 *
 * @par Ownership  The caller frees the nonce; allocator is kept and must outlive it. Nothing else is retained.
 * @par Threads    Safe from any thread if entropy and allocator are.
 * @par Source     BIP327, "Nonce Generation"; docs/spec/musig.md#nonces.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_nonce_new(
	aval_musig_nonce     **nonce_out,
	uint8_t                public_nonce66_out[AVAL_MUSIG_PUBLIC_NONCE_LEN],
	const aval_musig_keys *keys,
	const aval_secret_key *key,
	const uint8_t         *message, size_t message_len,
	const uint8_t         *extra, size_t extra_len,
	const aval_allocator  *allocator,
	aval_error            *err);

/** Wipe and free a nonce, used or not; nonce may be NULL. */
AVAL_API void aval_musig_nonce_free(aval_musig_nonce *nonce);

/**
 * Begin to sign: bring the public nonces of all members together.
 *
 * @param[out] session_out    the session; written on success.
 * @param[in]  keys           those who sign together.
 * @param[in]  public_nonces  one public nonce a member, in the order of aval_musig_keys_member();
 *                            AVAL_MUSIG_PUBLIC_NONCE_LEN bytes each.
 * @param[in]  message        message_len bytes; what is signed.
 * @param[in]  message_len    bytes.
 * @param[in]  allocator      may be NULL.
 * @param[out] err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK               *session_out is a session.
 * @retval AVAL_E_MUSIG_NONCE    a public nonce is not two points; err->offset is where it begins in
 *                               public_nonces, err->cause the member's index.
 * @retval AVAL_E_NO_MEMORY      the allocator was out of memory.
 *
 * @par Ownership  The caller frees the session; keys and allocator are kept and must outlive it.
 * @par Threads    Safe from any thread if allocator is.
 * @par Source     BIP327, "Nonce Aggregation" and "Session Context"; docs/spec/musig.md#nonces.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_session_new(
	aval_musig_session   **session_out,
	const aval_musig_keys *keys,
	const uint8_t         *public_nonces,
	const uint8_t         *message, size_t message_len,
	const aval_allocator  *allocator,
	aval_error            *err);

/** Free a session; session may be NULL. */
AVAL_API void aval_musig_session_free(aval_musig_session *session);

/**
 * Make one member's partial signature, and use its nonce up.
 *
 * The partial signature is verified before it is given away. After AVAL_OK and AVAL_E_SIGNATURE_INVALID the
 * nonce is wiped and never signs again; the other failures leave it for what it was made for. Of several threads
 * that sign with one nonce at once, one does.
 *
 * @param[out]    partial32_out  the partial signature; written on success. Every member may see it.
 * @param[in]     session        keys, nonces and message.
 * @param[in,out] nonce          the secret nonce whose public half is in the session.
 * @param[in]     key            the secret key for which the nonce was made.
 * @param[out]    err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   partial32_out is valid; the nonce is used up.
 * @retval AVAL_E_NONCE_REUSED       the nonce was used up before.
 * @retval AVAL_E_NONCE_OTHER        the nonce was made for another key, aggregate or message, or the session
 *                                   has not its public half in the key's place.
 * @retval AVAL_E_SIGNATURE_INVALID  the partial signature does not verify: memory or processor fail; the nonce
 *                                   is used up.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread.
 * @par Source     BIP327, "Signing"; docs/spec/musig.md#partial.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_session_sign(
	uint8_t                   partial32_out[AVAL_MUSIG_PARTIAL_LEN],
	const aval_musig_session *session,
	aval_musig_nonce         *nonce,
	const aval_secret_key    *key,
	aval_error               *err);

/**
 * Verify one member's partial signature.
 *
 * @param[in]  session    keys, nonces and message.
 * @param[in]  index      the member's place in the sorted list.
 * @param[in]  partial32  the partial signature.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  partial32 fits the member's key and public nonce.
 * @retval AVAL_E_MUSIG_PARTIAL     it does not, or is not below the order; err->cause is index.
 * @retval AVAL_E_INVALID_ARGUMENT  no member has that index.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread; no allocation.
 * @par Source     BIP327, "Partial Signature Verification"; docs/spec/musig.md#partial.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_session_verify(
	const aval_musig_session *session,
	size_t                    index,
	const uint8_t             partial32[AVAL_MUSIG_PARTIAL_LEN],
	aval_error               *err);

/**
 * Put all partial signatures together, and verify what comes out.
 *
 * @param[out] sig64_out  the signature under aval_musig_keys_aggregate(); written on success.
 * @param[in]  session    keys, nonces and message.
 * @param[in]  partials   one partial signature a member, in the order of aval_musig_keys_member();
 *                        AVAL_MUSIG_PARTIAL_LEN bytes each.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   sig64_out is a valid signature of the message.
 * @retval AVAL_E_MUSIG_PARTIAL      a member's partial signature does not verify; of several the first is named:
 *                                   err->cause is its index, err->offset where it begins in partials.
 * @retval AVAL_E_SIGNATURE_INVALID  all of them verify and the signature does not: memory or processor fail.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread; no allocation.
 * @par Source     BIP327, "Partial Signature Aggregation"; docs/spec/musig.md#partial.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_session_aggregate(
	uint8_t                   sig64_out[AVAL_SIGNATURE_LEN],
	const aval_musig_session *session,
	const uint8_t            *partials,
	aval_error               *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_MUSIG_H */
