/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_MANDATE_H
#define AVAL_MANDATE_H

#include <aval/base.h>
#include <aval/certificate.h>
#include <aval/key.h>
#include <aval/party.h>
#include <aval/signer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Mandates: which keys sign for a party, how many of them, what kinds of events, up
 * to what amount, from when until when. A mandate is a grant or the revocation of
 * one, signed by the party's own key, by a certificate's key or by an endorser.
 * Here statements are made, read, and held against an act. Whether their signer may
 * speak for the party is the caller's policy (verify.h); whether a mandate is
 * current, the registry's map. An aval_mandate is a view: its bytes must outlive it.
 */

#define AVAL_MANDATE_MAX_LEN        65536 /**< bytes of a mandate, and of its payload */
#define AVAL_MANDATE_MAX_KEYS       256   /**< keys that a grant lists */
#define AVAL_MANDATE_MAX_TYPES      24    /**< types of events */
#define AVAL_MANDATE_MAX_CAPS       64    /**< currencies with a cap */
#define AVAL_MANDATE_MAX_GROUPS     16    /**< MuSig2 groups whose members a grant names */
#define AVAL_MANDATE_MAX_MEMBERS    64    /**< members of a group */
#define AVAL_MANDATE_MAX_REASON_LEN 256   /**< bytes of the reason of a revocation */
#define AVAL_MANDATE_MEMBER_LEN     33    /**< bytes of a member's key: 02 or 03, and x */

/** Kinds of mandates. */
typedef enum aval_mandate_kind {
	AVAL_MANDATE_GRANT      = 1, /**< lets keys sign for a party */
	AVAL_MANDATE_REVOCATION = 2  /**< ends a grant */
} aval_mandate_kind;

/** The most that one event may be about, in one currency. */
typedef struct aval_mandate_cap {
	aval_text currency;     /**< three capital letters; borrowed */
	int64_t   amount_minor; /**< minor units; above 0; the amount itself is within the cap */
} aval_mandate_cap;

/** Keys that sign as one by MuSig2, and who stands behind. */
typedef struct aval_mandate_group {
	uint8_t        aggregate32[32]; /**< thumbprint of their aggregate, one of the keys listed */
	const uint8_t *members;         /**< member_count x AVAL_MANDATE_MEMBER_LEN bytes, strictly ascending; borrowed */
	size_t         member_count;    /**< 2..AVAL_MANDATE_MAX_MEMBERS */
} aval_mandate_group;

/** What a grant says. Everything it points to is borrowed. */
typedef struct aval_grant_options {
	uint32_t                  struct_size; /**< bytes; sizeof(aval_grant_options) */
	aval_text                 registry;    /**< origin of the registry for whose events it holds */
	aval_text                 party;       /**< party id */
	const uint8_t            *keys;        /**< key_count x 32 bytes: thumbprints, strictly ascending */
	size_t                    key_count;   /**< 1..AVAL_MANDATE_MAX_KEYS */
	uint32_t                  threshold;   /**< of these keys must sign, no more and no fewer; 1..key_count */
	uint32_t                  types;       /**< bit t: events of type t, an aval_event_type; at least one of 1..24 */
	const aval_mandate_cap   *caps;        /**< ascending by currency; NULL: no cap */
	size_t                    cap_count;   /**< 0: no cap */
	int64_t                   valid_from_ms;  /**< Unix milliseconds; the first at which it is valid */
	int64_t                   valid_until_ms; /**< Unix milliseconds; the first at which it is no longer; above from */
	bool                      has_predecessor;
	uint8_t                   predecessor32[32]; /**< id of the grant whose place it takes when it becomes valid */
	uint8_t                   nonce16[16];    /**< random bytes */
	const aval_mandate_group *groups;      /**< ascending by aggregate; may be NULL */
	size_t                    group_count;
} aval_grant_options;

#define AVAL_GRANT_OPTIONS_INIT \
	{ sizeof(aval_grant_options), { NULL, 0 }, { NULL, 0 }, NULL, 0, 1, 0, NULL, 0, 0, 0, false, { 0 }, { 0 }, NULL, 0 }

/** What a revocation says. Texts are borrowed. */
typedef struct aval_revocation_options {
	uint32_t  struct_size;   /**< bytes; sizeof(aval_revocation_options) */
	aval_text registry;      /**< of the grant */
	aval_text party;         /**< of the grant */
	uint8_t   mandate32[32]; /**< id of the grant */
	int64_t   revoked_at_ms; /**< Unix milliseconds; the first at which the grant no longer holds */
	aval_text reason;        /**< (NULL, 0) if none is given */
} aval_revocation_options;

#define AVAL_REVOCATION_OPTIONS_INIT \
	{ sizeof(aval_revocation_options), { NULL, 0 }, { NULL, 0 }, { 0 }, 0, { NULL, 0 } }

/**
 * A mandate, as a view over its bytes. Only aval_mandate_parse() fills it; all fields are to be read only, and
 * live as long as the bytes.
 */
typedef struct aval_mandate {
	aval_bytes        envelope;         /**< COSE_Sign1 */
	aval_bytes        payload;
	uint8_t           id32[32];         /**< the mandate id; whoever signed it */
	aval_mandate_kind kind;
	aval_text         registry;
	aval_text         party;
	int64_t           alg;              /**< COSE number of the signature's algorithm */
	bool              has_certificate;  /**< a certificate's key signed; else key */
	uint8_t           signer32[32];     /**< thumbprint of the key, or SHA-256 of the certificate */
	aval_public_key   key;              /**< no key where a certificate's signed */
	size_t            key_count;        /**< of a grant, as are those that follow */
	uint32_t          threshold;
	uint32_t          types;            /**< bit t: events of type t */
	size_t            cap_count;        /**< 0: no cap */
	int64_t           valid_from_ms;
	int64_t           valid_until_ms;
	bool              has_predecessor;
	uint8_t           predecessor32[32];
	uint8_t           nonce16[16];
	size_t            group_count;
	uint8_t           mandate32[32];    /**< of a revocation, as are those that follow: the grant's id */
	int64_t           revoked_at_ms;
	aval_text         reason;           /**< (NULL, 0) if none is given */
	struct {
		size_t         keys, caps, groups; /* offsets into the payload */
		const uint8_t *protected_begin;
		size_t         protected_len;
		const uint8_t *signature;
		size_t         signature_len, signature_offset;
	} internal; /**< private to the library */
} aval_mandate;

/**
 * Read a mandate. Its form is checked, its signature and the authority behind it are not.
 *
 * A mandate of a "key:" party is signed by that very key; nobody else speaks for it.
 *
 * @param[out] mandate_out  the view; written on success.
 * @param[in]  envelope     len bytes; deterministic CBOR.
 * @param[in]  len          bytes; at most AVAL_MANDATE_MAX_LEN.
 * @param[out] err          filled only on failure; may be NULL. offset is into envelope.
 *
 * @retval AVAL_OK                   envelope is a mandate.
 * @retval AVAL_E_LIMIT              too long, or a longer list than the limits above.
 * @retval AVAL_E_CBOR_*             not deterministic CBOR, an item of another type or out of bounds, a key that
 *                                   is unknown or missing.
 * @retval AVAL_E_COSE_TYP           another kind of object, an event for one.
 * @retval AVAL_E_COSE_HEADER        a header that must not be there, or is missing.
 * @retval AVAL_E_COSE_ALGORITHM     an algorithm that such a signer does not have.
 * @retval AVAL_E_KEY_*              the signer's key is none, as of aval_public_key_parse().
 * @retval AVAL_E_SIGNATURE_LENGTH   a signature of a length that its algorithm does not have.
 * @retval AVAL_E_PARTY_FORMAT       a party id without a known form.
 * @retval AVAL_E_PARTY_CHECK        a party id with wrong check characters.
 * @retval AVAL_E_PARTY_SCHEME       a party id of an ISO 6523 scheme that is not on the list.
 * @retval AVAL_E_MANDATE_FORMAT     fields that do not fit together: keys, types, caps, groups or members that do not
 *                                   strictly ascend; a threshold above the number of keys; a currency that is not
 *                                   three capital letters; an end that is not after the begin; a group that is
 *                                   not among the keys; an origin that is no key name; control characters.
 * @retval AVAL_E_MANDATE_AUTHORITY  a "key:" party, and another signer.
 * @retval AVAL_E_NO_MEMORY          mbedTLS was out of memory.
 *
 * @par Ownership  The view borrows envelope.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/mandate.md#man-format.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_parse(
	aval_mandate  *mandate_out,
	const uint8_t *envelope, size_t len,
	aval_error    *err);

/** Thumbprint of a key that a grant lists, 32 bytes in its payload; NULL where index is not below key_count. */
AVAL_API const uint8_t *aval_mandate_key(
	const aval_mandate *mandate,
	size_t              index);

/** Whether a grant lists a key; false of a revocation. */
AVAL_API bool aval_mandate_has_key(
	const aval_mandate *mandate,
	const uint8_t       thumbprint32[32]);

/** A cap of a grant; false where index is not below cap_count. Borrows from the payload. */
AVAL_API bool aval_mandate_cap_at(
	aval_mandate_cap   *cap_out,
	const aval_mandate *mandate,
	size_t              index);

/**
 * A MuSig2 group of a grant; false where index is not below group_count. members is NULL: the keys are to be had
 * from aval_mandate_member().
 */
AVAL_API bool aval_mandate_group_at(
	aval_mandate_group *group_out,
	const aval_mandate *mandate,
	size_t              index);

/** A member's key, AVAL_MANDATE_MEMBER_LEN bytes in the payload; NULL where there is no such group or member. */
AVAL_API const uint8_t *aval_mandate_member(
	const aval_mandate *mandate,
	size_t              group,
	size_t              member);

/**
 * Verify the signature of a mandate whose signer is a key.
 *
 * That the key may sign for the party is not said by this.
 *
 * @param[in]  mandate  a parsed mandate.
 * @param[out] err      filled only on failure; may be NULL. cause is the status underneath.
 *
 * @retval AVAL_OK                    its key signed the mandate.
 * @retval AVAL_E_MANDATE_SIGNATURE   the signature does not verify, or has a high s.
 * @retval AVAL_E_INVALID_ARGUMENT    a certificate signed it.
 * @retval AVAL_E_NO_MEMORY           mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/mandate.md#man-envelope.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_verify(
	const aval_mandate *mandate,
	aval_error         *err);

/**
 * Verify the signature of a mandate whose signer is a certificate.
 *
 * Whether the certificate is trusted, and proves the party, is not said by this: aval_chain_verify().
 *
 * @param[in]  mandate    a parsed mandate.
 * @param[in]  chain      its leaf is the certificate.
 * @param[in]  allocator  for what was signed; may be NULL.
 * @param[out] err        filled only on failure; may be NULL. cause is the status underneath.
 *
 * @retval AVAL_OK                    the leaf's key signed the mandate.
 * @retval AVAL_E_KEY_THUMBPRINT      the mandate names another certificate.
 * @retval AVAL_E_CERT_ALGORITHM      the leaf's key is outside of the profile.
 * @retval AVAL_E_MANDATE_SIGNATURE   the signature does not verify, has a high s or another length, or is of an
 *                                    algorithm that is not the key's.
 * @retval AVAL_E_INVALID_ARGUMENT    a key signed it that is no certificate's.
 * @retval AVAL_E_NO_MEMORY           the allocator, or mbedTLS, was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread if the allocator is.
 * @par Source     docs/spec/mandate.md#man-envelope.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_verify_certified(
	const aval_mandate   *mandate,
	const aval_chain     *chain,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Compute the aggregate of every group of a grant from its members' keys.
 *
 * @param[in]  mandate  a parsed mandate; a revocation has no group.
 * @param[out] err      filled only on failure; may be NULL. cause is the index of the group.
 *
 * @retval AVAL_OK               each group's key is the one listed.
 * @retval AVAL_E_MANDATE_GROUP  one is another, or a member is no point of the curve.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     BIP327, "Key Aggregation"; docs/spec/mandate.md#man-groups.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_check_groups(
	const aval_mandate *mandate,
	aval_error         *err);

/** What somebody did or wants to do: one event, as one party, by some keys. */
typedef struct aval_mandate_act {
	aval_text      registry;     /**< of the event */
	aval_text      party;        /**< for whom the keys sign */
	uint32_t       type;         /**< an aval_event_type */
	aval_text      currency;     /**< of the token */
	int64_t        amount_minor; /**< minor units, 0 and up: docs/spec/mandate.md#man-amount */
	int64_t        at_ms;        /**< Unix milliseconds, or AVAL_TIME_NONE */
	const uint8_t *keys;         /**< key_count x 32 bytes: thumbprints of those who signed, no one twice */
	size_t         key_count;    /**< 1 or more */
} aval_mandate_act;

/**
 * Say whether a grant permits an act. The first of the codes below, in their order, that applies is returned.
 *
 * That the grant was signed by somebody who may, and that it was not revoked or replaced, is not said by this.
 *
 * @param[in]  mandate  a parsed grant.
 * @param[in]  act      what is done.
 * @param[out] err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                       the act is within the grant.
 * @retval AVAL_E_INVALID_ARGUMENT       the mandate is a revocation; or no key, or a key twice.
 * @retval AVAL_E_MANDATE_PARTY          it is another party's.
 * @retval AVAL_E_MANDATE_REGISTRY       it is for another registry.
 * @retval AVAL_E_MANDATE_KEY            a key that it does not list.
 * @retval AVAL_E_MANDATE_TYPE           it does not list the type.
 * @retval AVAL_E_MANDATE_AMOUNT         it has caps, and none for the currency, or one below the amount.
 * @retval AVAL_E_MANDATE_THRESHOLD      fewer keys, or more, than its threshold.
 * @retval AVAL_E_NOT_FOUND              no time is known, so validity is not established.
 * @retval AVAL_E_MANDATE_NOT_YET_VALID  the time is before its begin.
 * @retval AVAL_E_MANDATE_EXPIRED        the time is its end, or later.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/mandate.md#man-permits.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_check(
	const aval_mandate     *mandate,
	const aval_mandate_act *act,
	aval_error             *err);

/**
 * Say whether another mandate has ended a grant by a time: its revocation, or the grant that takes its place.
 *
 * @param[in]  mandate  a parsed grant.
 * @param[in]  other    a parsed mandate. Whether its signer may end anything is not said by this.
 * @param[in]  at_ms    Unix milliseconds; or AVAL_TIME_NONE for whether it will ever end it.
 * @param[out] err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  other has not ended the grant by then, or is about something else.
 * @retval AVAL_E_MANDATE_REVOKED   other revokes it, at that time or before.
 * @retval AVAL_E_MANDATE_REPLACED  other takes its place, and is valid from that time or before.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/mandate.md#man-end.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_check_ended(
	const aval_mandate *mandate,
	const aval_mandate *other,
	int64_t             at_ms,
	aval_error         *err);

/**
 * Write the payload of a grant that nobody has signed yet.
 *
 * @param[out]    payload_out  the payload; written on success. May be NULL, to ask for the length.
 * @param[in,out] len_inout    bytes of payload_out; then of the payload.
 * @param[in]     options      what the grant says.
 * @param[out]    err          filled only on failure; may be NULL. where is the field.
 *
 * @retval AVAL_OK                  the payload is one that aval_mandate_sign() takes.
 * @retval AVAL_E_BUFFER_TOO_SMALL  len_inout holds the need; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  struct_size is not that of the options.
 * @retval AVAL_E_LIMIT             a list longer than the limits, or a payload that is.
 * @retval AVAL_E_MANDATE_GROUP     a group whose members make another key.
 * @retval AVAL_E_*                 as of aval_mandate_parse().
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/mandate.md#man-format.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_grant_build(
	uint8_t                  *payload_out,
	size_t                   *len_inout,
	const aval_grant_options *options,
	aval_error               *err);

/** Write the payload of a revocation, as aval_grant_build(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_revocation_build(
	uint8_t                       *payload_out,
	size_t                        *len_inout,
	const aval_revocation_options *options,
	aval_error                    *err);

/**
 * Sign a payload, and write the mandate.
 *
 * @param[out]    envelope_out  the mandate; written on success. May be NULL, to ask for the length.
 * @param[in,out] len_inout     bytes of envelope_out; then of the mandate.
 * @param[in]     payload       payload_len bytes, of aval_grant_build() or aval_revocation_build().
 * @param[in]     payload_len   bytes.
 * @param[in]     signer        the party's key, or an endorser's. Not asked where the call fails before it.
 * @param[in]     allocator     for what the signer is shown; may be NULL.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   aval_mandate_parse() reads what was written.
 * @retval AVAL_E_BUFFER_TOO_SMALL   len_inout holds the need; nothing was written.
 * @retval AVAL_E_MANDATE_AUTHORITY  the party is a "key:" party, and the signer has another key.
 * @retval AVAL_E_CALLBACK           the signer failed; its result is the cause.
 * @retval AVAL_E_SIGNATURE_INVALID  the signer gave something else than a signature by its key.
 * @retval AVAL_E_INVALID_ARGUMENT   the signer is not filled in.
 * @retval AVAL_E_NO_MEMORY          the allocator returned NULL.
 * @retval AVAL_E_*                  the payload is none, as of aval_mandate_parse().
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure but for the signer.
 * @par Source     docs/spec/mandate.md#man-envelope.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_sign(
	uint8_t              *envelope_out,
	size_t               *len_inout,
	const uint8_t        *payload, size_t payload_len,
	const aval_signer    *signer,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Sign a payload with the key of a certificate, and write the mandate.
 *
 * @param[out]    envelope_out  the mandate; written on success. May be NULL, to ask for the length.
 * @param[in,out] len_inout     bytes of envelope_out; then of the mandate.
 * @param[in]     payload       payload_len bytes, of aval_grant_build() or aval_revocation_build().
 * @param[in]     payload_len   bytes.
 * @param[in]     chain         its leaf is the certificate that the mandate names.
 * @param[in]     endorser      signs with the leaf's key. Not asked where the call fails before it.
 * @param[in]     allocator     for what is signed; may be NULL.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   aval_mandate_parse() reads what was written.
 * @retval AVAL_E_BUFFER_TOO_SMALL   len_inout holds the need; nothing was written.
 * @retval AVAL_E_MANDATE_AUTHORITY  the party is a "key:" party.
 * @retval AVAL_E_NO_MEMORY          the allocator returned NULL.
 * @retval AVAL_E_*                  the payload is none, as of aval_mandate_parse(); or as of aval_chain_sign().
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure but for the endorser.
 * @par Source     docs/spec/mandate.md#man-envelope.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_mandate_sign_certified(
	uint8_t              *envelope_out,
	size_t               *len_inout,
	const uint8_t        *payload, size_t payload_len,
	const aval_chain     *chain,
	const aval_endorser  *endorser,
	const aval_allocator *allocator,
	aval_error           *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_MANDATE_H */
