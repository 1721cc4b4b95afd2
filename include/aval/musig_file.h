/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_MUSIG_FILE_H
#define AVAL_MUSIG_FILE_H

#include <aval/musig.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What the signers of a MuSig2 session send one another, as small files: the
 * group, the session, public nonces and partial signatures. Each nonce and
 * each partial signature names its session and member, and a partial signature
 * the nonces that it was made over, so that files of other sessions and nonces
 * that were exchanged later are told from faulty signers. Nothing here is
 * secret, and nothing is authentic: whoever can write into the folder can spoil
 * a session, but not forge its signature.
 */

#define AVAL_MUSIG_GROUP_MAX_LEN   20758 /**< bytes of the longest group */
#define AVAL_MUSIG_REQUEST_MAX_LEN 20933 /**< bytes of the longest session file */
#define AVAL_MUSIG_NONCE_FILE_LEN  123   /**< bytes of the longest file of a public nonce */
#define AVAL_MUSIG_PART_FILE_LEN   125   /**< bytes of the longest file of a partial signature */

/**
 * Write the group of those who sign together.
 *
 * @param[out]    out        the group; may be NULL to learn its length.
 * @param[in,out] len_inout  bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     keys       the members.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *len_inout bytes were written; at most AVAL_MUSIG_GROUP_MAX_LEN.
 * @retval AVAL_E_BUFFER_TOO_SMALL  out is NULL or too short; nothing was written.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/musig.md#group.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_keys_serialize(
	uint8_t               *out, size_t *len_inout,
	const aval_musig_keys *keys,
	aval_error            *err);

/**
 * Read a group.
 *
 * @param[out] keys_out   the members and their aggregate; written on success.
 * @param[in]  data       len bytes.
 * @param[in]  len        bytes.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL; offset is where in data.
 *
 * @retval AVAL_OK                *keys_out is the group.
 * @retval AVAL_E_CBOR_…          not deterministic CBOR, or not of the schema.
 * @retval AVAL_E_MUSIG_FORMAT    not a group, or its members are not sorted.
 * @retval AVAL_E_UNSUPPORTED     another version of the format.
 * @retval AVAL_E_LIMIT           more than AVAL_MUSIG_MAX_MEMBERS.
 * @retval AVAL_E_KEY_…, AVAL_E_COSE_ALGORITHM  a member is no key of AVAL_ALG_SCHNORR, or they cancel out.
 * @retval AVAL_E_NO_MEMORY       the allocator was out of memory.
 *
 * @par Ownership  The caller frees the keys; allocator is kept and must outlive them.
 * @par Threads    Safe from any thread if allocator is.
 * @par Source     docs/spec/musig.md#group.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_keys_parse(
	aval_musig_keys      **keys_out,
	const uint8_t         *data, size_t len,
	const aval_allocator  *allocator,
	aval_error            *err);

/** What a session is for: one signature by a group, for a party in a role. */
typedef struct aval_musig_request {
	uint32_t  struct_size; /**< bytes; sizeof(aval_musig_request) */
	uint8_t   id32[32];    /**< random; tells sessions over one message apart */
	uint64_t  role;        /**< number of the role, as in aval_role */
	aval_text party;       /**< party id; at most AVAL_PARTY_MAX_LEN bytes */
} aval_musig_request;

/**
 * Write a session file.
 *
 * @param[out]    out        the file; may be NULL to learn its length.
 * @param[in,out] len_inout  bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     request    what the session is for.
 * @param[in]     keys       those who sign.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *len_inout bytes were written; at most AVAL_MUSIG_REQUEST_MAX_LEN.
 * @retval AVAL_E_BUFFER_TOO_SMALL  out is NULL or too short; nothing was written.
 * @retval AVAL_E_LIMIT             the party is longer than AVAL_PARTY_MAX_LEN.
 * @retval AVAL_E_INVALID_ARGUMENT  request is not filled in.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/musig.md#files.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_request_serialize(
	uint8_t                  *out, size_t *len_inout,
	const aval_musig_request *request,
	const aval_musig_keys    *keys,
	aval_error               *err);

/**
 * Read a session file.
 *
 * @param[out] request_out  what the session is for; written on success; its text points into data.
 * @param[out] keys_out     those who sign; written on success.
 * @param[in]  data         len bytes.
 * @param[in]  len          bytes.
 * @param[in]  allocator    may be NULL.
 * @param[out] err          filled only on failure; may be NULL; offset is where in data.
 *
 * @retval AVAL_OK              data is a session file.
 * @retval AVAL_E_MUSIG_FORMAT  it is not.
 * @retval AVAL_E_*             as of aval_musig_keys_parse().
 *
 * @par Ownership  request_out borrows data. The caller frees the keys; allocator is kept and must outlive them.
 * @par Threads    Safe from any thread if allocator is.
 * @par Source     docs/spec/musig.md#files.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_request_parse(
	aval_musig_request   *request_out,
	aval_musig_keys     **keys_out,
	const uint8_t        *data, size_t len,
	const aval_allocator *allocator,
	aval_error           *err);

/** Name of a session: its id, the aggregate and the message in 32 bytes. Two sessions have two names. */
AVAL_API void aval_musig_request_name(
	uint8_t                   name32_out[32],
	const aval_musig_request *request,
	const aval_musig_keys    *keys,
	const uint8_t            *message, size_t message_len);

/**
 * Write the file of a public nonce.
 *
 * @param[out]    out             the file; may be NULL to learn its length.
 * @param[in,out] len_inout       bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     session32       aval_musig_request_name().
 * @param[in]     index           the member's place in the sorted list.
 * @param[in]     public_nonce66  what aval_musig_nonce_new() gave.
 * @param[out]    err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *len_inout bytes were written; at most AVAL_MUSIG_NONCE_FILE_LEN.
 * @retval AVAL_E_BUFFER_TOO_SMALL  out is NULL or too short; nothing was written.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/musig.md#files.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_public_nonce_serialize(
	uint8_t      *out, size_t *len_inout,
	const uint8_t session32[32],
	size_t        index,
	const uint8_t public_nonce66[AVAL_MUSIG_PUBLIC_NONCE_LEN],
	aval_error   *err);

/**
 * Read the file of a member's public nonce.
 *
 * That it is two points is checked by aval_musig_session_new().
 *
 * @param[out] public_nonce66_out  the public nonce; written on success.
 * @param[in]  data                len bytes.
 * @param[in]  len                 bytes.
 * @param[in]  session32           aval_musig_request_name().
 * @param[in]  index               the member's place in the sorted list.
 * @param[out] err                 filled only on failure; may be NULL; offset is where in data.
 *
 * @retval AVAL_OK               data is that member's public nonce for that session.
 * @retval AVAL_E_CBOR_…         not deterministic CBOR, or not of the schema.
 * @retval AVAL_E_MUSIG_FORMAT   not the file of a public nonce.
 * @retval AVAL_E_UNSUPPORTED    another version of the format.
 * @retval AVAL_E_MUSIG_SESSION  of another session, or of another member.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/musig.md#files.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_public_nonce_parse(
	uint8_t        public_nonce66_out[AVAL_MUSIG_PUBLIC_NONCE_LEN],
	const uint8_t *data, size_t len,
	const uint8_t  session32[32],
	size_t         index,
	aval_error    *err);

/**
 * Write the file of a partial signature.
 *
 * @param[out]    out            the file; may be NULL to learn its length.
 * @param[in,out] len_inout      bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     session32      aval_musig_request_name().
 * @param[in]     index          the member's place in the sorted list.
 * @param[in]     public_nonces  those that the session was made of, count times AVAL_MUSIG_PUBLIC_NONCE_LEN bytes.
 * @param[in]     count          members.
 * @param[in]     partial32      what aval_musig_session_sign() gave.
 * @param[out]    err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *len_inout bytes were written; at most AVAL_MUSIG_PART_FILE_LEN.
 * @retval AVAL_E_BUFFER_TOO_SMALL  out is NULL or too short; nothing was written.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/musig.md#files.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_partial_serialize(
	uint8_t       *out, size_t *len_inout,
	const uint8_t  session32[32],
	size_t         index,
	const uint8_t *public_nonces, size_t count,
	const uint8_t  partial32[AVAL_MUSIG_PARTIAL_LEN],
	aval_error    *err);

/**
 * Read the file of a member's partial signature.
 *
 * Whether it is valid is for aval_musig_session_verify() to say.
 *
 * @param[out] partial32_out  the partial signature; written on success.
 * @param[in]  data           len bytes.
 * @param[in]  len            bytes.
 * @param[in]  session32      aval_musig_request_name().
 * @param[in]  index          the member's place in the sorted list.
 * @param[in]  public_nonces  those at hand, count times AVAL_MUSIG_PUBLIC_NONCE_LEN bytes.
 * @param[in]  count          members.
 * @param[out] err            filled only on failure; may be NULL; offset is where in data.
 *
 * @retval AVAL_OK               data is that member's partial signature over those nonces.
 * @retval AVAL_E_CBOR_…         not deterministic CBOR, or not of the schema.
 * @retval AVAL_E_MUSIG_FORMAT   not the file of a partial signature.
 * @retval AVAL_E_UNSUPPORTED    another version of the format.
 * @retval AVAL_E_MUSIG_SESSION  of another session, or of another member.
 * @retval AVAL_E_MUSIG_NONCES   made over other public nonces: one was exchanged since, or for somebody alone.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/musig.md#files.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_musig_partial_parse(
	uint8_t        partial32_out[AVAL_MUSIG_PARTIAL_LEN],
	const uint8_t *data, size_t len,
	const uint8_t  session32[32],
	size_t         index,
	const uint8_t *public_nonces, size_t count,
	aval_error    *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_MUSIG_FILE_H */
