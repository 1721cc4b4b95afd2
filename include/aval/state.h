/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_STATE_H
#define AVAL_STATE_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a registry's log says and what its map holds: the keys and values of the
 * map, the entries of the log, and the deltas that lead from one map to the next.
 * Here they are only read and written. Whether an entry is in a log is shown by
 * merkle.h, what a map says by map_proof.h, and that a log and its deltas agree
 * by audit.h; whether an event is lawful is asked elsewhere.
 */

#define AVAL_STATE_ID_MAX_LEN 128      /**< bytes of the id of a key */
#define AVAL_STATE_PREIMAGE_MAX_LEN 196 /**< bytes of a key's preimage */
#define AVAL_STATE_FINGERPRINT_LEN 36  /**< bytes of a fingerprint's value */
#define AVAL_ENTRY_MAX_LEN 129         /**< bytes of an entry */
#define AVAL_DELTA_MAX_CHANGES 65536   /**< changes of a delta */
#define AVAL_STATE_TIME_MAX INT64_MAX  /**< Unix time in milliseconds */

/** Kinds of keys of the map. */
typedef enum aval_state_kind {
	AVAL_STATE_NOTE        = 1, /**< a live note; value: the hash of its state, 32 bytes */
	AVAL_STATE_TOKEN       = 2, /**< a token; value: the hash of its record, 32 bytes */
	AVAL_STATE_FINGERPRINT = 3, /**< an invoice; value: see aval_state_fingerprint; never deleted */
	AVAL_STATE_PARTY       = 4  /**< a party; value: the hash of its current mandate, 32 bytes */
} aval_state_kind;

/** A key of the map. */
typedef struct aval_state_key {
	aval_state_kind kind;
	aval_bytes      id; /**< 32 bytes; of a party its id as text */
} aval_state_key;

/**
 * Compute the path of a key: TH("aval/map-key", cbor([kind, id])).
 *
 * @param[out] path32_out  32 bytes; written on success.
 * @param[in]  key         the key.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK              path32_out holds the path.
 * @retval AVAL_E_CBOR_RANGE    an unknown kind, or an id of another length.
 * @retval AVAL_E_PARTY_FORMAT  the id of a party is no party id.
 * @retval AVAL_E_PARTY_CHECK   the check characters of the party id do not fit.
 * @retval AVAL_E_PARTY_SCHEME  the ISO 6523 scheme of the party id is not on the list.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/state.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_state_key_path(
	uint8_t               path32_out[32],
	const aval_state_key *key,
	aval_error           *err);

/**
 * Write the bytes whose SHA-256 is the path of a key: what ICS23 takes as the key.
 *
 * @param[out]    out        the bytes; NULL or short to learn the need.
 * @param[in,out] len_inout  bytes; the room in, the length out; AVAL_STATE_PREIMAGE_MAX_LEN always suffices.
 * @param[in]     key        the key.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  out holds the bytes.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in len_inout; nothing was written.
 * @retval AVAL_E_CBOR_RANGE        an unknown kind, or an id of another length.
 * @retval AVAL_E_PARTY_FORMAT      the id of a party is no party id.
 * @retval AVAL_E_PARTY_CHECK       the check characters of the party id do not fit.
 * @retval AVAL_E_PARTY_SCHEME      the ISO 6523 scheme of the party id is not on the list.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/state.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_state_key_preimage(
	uint8_t              *out, size_t *len_inout,
	const aval_state_key *key,
	aval_error           *err);

/** What has become of the token that was issued over an invoice. */
typedef enum aval_fingerprint_status {
	AVAL_FINGERPRINT_LIVE      = 1,
	AVAL_FINGERPRINT_VOID      = 2,
	AVAL_FINGERPRINT_CANCELLED = 3
} aval_fingerprint_status;

/** The value of a fingerprint: the token that last bore it, and its status. */
typedef struct aval_state_fingerprint {
	uint8_t                 token32[32];
	aval_fingerprint_status status;
} aval_state_fingerprint;

/** Write the value of a fingerprint; its status must be one of the enumerators. */
AVAL_API void aval_state_fingerprint_serialize(
	uint8_t                       value_out[AVAL_STATE_FINGERPRINT_LEN],
	const aval_state_fingerprint *fingerprint);

/**
 * Parse the value of a fingerprint.
 *
 * @param[out] fingerprint_out  written on success.
 * @param[in]  value            value_len bytes.
 * @param[in]  value_len        bytes.
 * @param[out] err              filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                fingerprint_out holds the token and the status.
 * @retval AVAL_E_CBOR_TRUNCATED  and every other AVAL_E_CBOR status: not such a value.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/state.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_state_fingerprint_parse(
	aval_state_fingerprint *fingerprint_out,
	const uint8_t          *value, size_t value_len,
	aval_error             *err);

/** Kinds of entries of the log. */
typedef enum aval_entry_kind {
	AVAL_ENTRY_EVENT   = 1, /**< an event was registered */
	AVAL_ENTRY_MANDATE = 2, /**< a mandate, its rotation or its revocation was registered */
	AVAL_ENTRY_STATE   = 3  /**< the map's root after all entries before; the last entry of every signed tree */
} aval_entry_kind;

/** An entry of the log. Its leaf hash is aval_merkle_leaf() of its encoding. */
typedef struct aval_entry {
	aval_entry_kind kind;
	uint8_t         id32[32];       /**< event id or mandate hash; not for a state */
	uint8_t         envelope32[32]; /**< SHA-256 of the envelope as registered; not for a state */
	uint8_t         delta32[32];    /**< aval_delta_hash() of what it changes; not for a state */
	uint8_t         map_root32[32]; /**< for a state alone */
	uint64_t        time_ms;        /**< Unix time in milliseconds: of the registration, or of the state */
	uint64_t        base;           /**< leaves of the signed tree before; not for a state */
} aval_entry;

/**
 * Parse an entry of the log.
 *
 * @param[out] entry_out  written on success; what its kind has not is zero.
 * @param[in]  data       len bytes.
 * @param[in]  len        bytes.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                entry_out holds the entry.
 * @retval AVAL_E_CBOR_TRUNCATED  and every other AVAL_E_CBOR status: not an entry; AVAL_E_CBOR_RANGE for an unknown
 *                                kind, a hash of another length, a time or base of 2^63 or more.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/state.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_entry_parse(
	aval_entry    *entry_out,
	const uint8_t *data, size_t len,
	aval_error    *err);

/**
 * Write an entry of the log.
 *
 * @param[out]    out        the entry, CBOR; NULL or short to learn the need.
 * @param[in,out] len_inout  bytes; the room in, the length out; AVAL_ENTRY_MAX_LEN always suffices.
 * @param[in]     entry      the entry; what its kind has not is ignored.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  out holds the entry.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in len_inout; nothing was written.
 * @retval AVAL_E_CBOR_RANGE        an unknown kind, or a time or base of 2^63 or more.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/state.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_entry_serialize(
	uint8_t          *out, size_t *len_inout,
	const aval_entry *entry,
	aval_error       *err);

/** One change of a delta: views. */
typedef struct aval_state_change {
	aval_state_key key;
	aval_bytes     old_value; /**< empty: the key was not there */
	aval_bytes     new_value; /**< empty: the key is deleted */
} aval_state_change;

/** A parsed delta, and a place in it; a copy is another place. Read count; leave the rest alone. */
typedef struct aval_delta {
	size_t         count; /**< changes */
	const uint8_t *data;
	size_t         len;
	size_t         offset;
	size_t         index;
} aval_delta;

/** The hash by which an entry names a delta: TH("aval/delta", data). */
AVAL_API void aval_delta_hash(uint8_t delta32_out[32], const uint8_t *data, size_t len);

/**
 * Parse a delta and check all of its rules: order, keys, values, and which changes of a key are allowed.
 *
 * @param[out] delta_out  stands before the first change; written on success.
 * @param[in]  data       len bytes; must outlive delta_out and what is read from it.
 * @param[in]  len        bytes.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                the changes can be read.
 * @retval AVAL_E_CBOR_TRUNCATED  and every other AVAL_E_CBOR status: not a delta.
 * @retval AVAL_E_LIMIT           more than AVAL_DELTA_MAX_CHANGES.
 * @retval AVAL_E_STATE_ORDER     the keys do not strictly ascend.
 * @retval AVAL_E_STATE_CHANGE    a change of nothing, or one that its key does not allow.
 * @retval AVAL_E_PARTY_FORMAT    the id of a party is no party id.
 * @retval AVAL_E_PARTY_CHECK     the check characters of a party id do not fit.
 * @retval AVAL_E_PARTY_SCHEME    the ISO 6523 scheme of a party id is not on the list.
 *
 * @par Ownership  Borrows data.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/state.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_delta_parse(
	aval_delta    *delta_out,
	const uint8_t *data, size_t len,
	aval_error    *err);

/**
 * Read the next change; false behind the last one.
 *
 * @param[in,out] delta_inout  parsed; moves on.
 * @param[out]    change_out   views into the delta's bytes; written if there is one.
 */
AVAL_API bool aval_delta_next(aval_delta *delta_inout, aval_state_change *change_out);

/**
 * Write a delta.
 *
 * @param[out]    out           the delta, CBOR; NULL or short to learn the need.
 * @param[in,out] len_inout     bytes; the room in, the length out.
 * @param[in]     changes       change_count changes, ascending by kind, length of id, id; may be NULL if that is 0.
 * @param[in]     change_count  at most AVAL_DELTA_MAX_CHANGES.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  out holds the delta.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in len_inout; nothing was written.
 * @retval AVAL_E_LIMIT             more than AVAL_DELTA_MAX_CHANGES.
 * @retval AVAL_E_CBOR_RANGE        an unknown kind, an id or value of another length.
 * @retval AVAL_E_CBOR_TRUNCATED    and every other AVAL_E_CBOR status: the value of a fingerprint is none.
 * @retval AVAL_E_STATE_ORDER       the keys do not strictly ascend.
 * @retval AVAL_E_STATE_CHANGE      a change of nothing, or one that its key does not allow.
 * @retval AVAL_E_PARTY_FORMAT      the id of a party is no party id.
 * @retval AVAL_E_PARTY_CHECK       the check characters of a party id do not fit.
 * @retval AVAL_E_PARTY_SCHEME      the ISO 6523 scheme of a party id is not on the list.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/state.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_delta_serialize(
	uint8_t                 *out, size_t *len_inout,
	const aval_state_change *changes, size_t change_count,
	aval_error              *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_STATE_H */
