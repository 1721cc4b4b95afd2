/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_CHECKPOINT_H
#define AVAL_CHECKPOINT_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Checkpoints: the signed line in which a log states its size and root, in the
 * C2SP formats signed-note, tlog-checkpoint and tlog-cosignature. Keys are
 * ECDSA on P-256 (type 0x02), Ed25519 (0x01) and Ed25519 cosignatures of
 * witnesses (0x04); the two Ed25519 types need a build with libsodium.
 *
 * A checkpoint says nothing about a log's past: only a consistency proof
 * between two checkpoints, or witnesses who check one, show that a log never
 * rewrote itself. Parsing verifies no signature.
 */

#define AVAL_CHECKPOINT_MAX_LEN 65536      /**< bytes; a longer note is refused */
#define AVAL_CHECKPOINT_MAX_SIGNATURES 64  /**< signature lines; more are refused */
#define AVAL_VKEY_MAX_NAME 255             /**< bytes of a key name */

/** Signature types of signed notes. */
typedef enum aval_vkey_type {
	AVAL_VKEY_ED25519     = 1, /**< Ed25519 over the note text */
	AVAL_VKEY_ECDSA       = 2, /**< ECDSA P-256 with SHA-256 over the note text, DER */
	AVAL_VKEY_COSIGNATURE = 4  /**< timestamped Ed25519 cosignature/v1 of a witness */
} aval_vkey_type;

/** A verifier key. Filled by aval_vkey_parse(); fields are read-only. */
typedef struct aval_vkey {
	aval_vkey_type type;
	uint32_t       id;                             /**< key id of the signature lines */
	char           name[AVAL_VKEY_MAX_NAME + 1];   /**< NUL-terminated */
	uint8_t        key[65];                        /**< 32 bytes Ed25519, or an uncompressed P-256 point */
	size_t         key_len;                        /**< bytes: 32 or 65 */
} aval_vkey;

/** One signature line of a note; borrowed from the note. */
typedef struct aval_note_signature {
	aval_text name;   /**< key name */
	uint32_t  id;     /**< key id */
	aval_text base64; /**< key id and signature, base64 */
	size_t    offset; /**< bytes; of the line in the note */
} aval_note_signature;

/** A parsed checkpoint; a view that borrows the note's bytes. */
typedef struct aval_checkpoint {
	aval_text origin;
	uint64_t  size;            /**< leaves */
	uint8_t   root32[32];
	aval_text extensions;      /**< the lines after the root, or empty */
	aval_text text;            /**< the signed text with its final newline */
	aval_text signature_lines; /**< all signature lines */
	size_t    signature_count;
} aval_checkpoint;

/**
 * Parse a verifier key: name+id+base64(type, key).
 *
 * @param[out] vkey_out  the key; written on success.
 * @param[in]  text      text_len bytes; no white space around it.
 * @param[in]  text_len  bytes.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                 the key is well formed and its id is that of its key.
 * @retval AVAL_E_CHECKPOINT_KEY   not of this form, or the id is another key's.
 * @retval AVAL_E_UNSUPPORTED      a signature type or curve this library does not verify.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note, section "Verifier keys".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_vkey_parse(
	aval_vkey  *vkey_out,
	const char *text, size_t text_len,
	aval_error *err);

/**
 * Write a verifier key as text.
 *
 * @param[out]    text_out   *len_inout bytes of room, not NUL-terminated; may be NULL.
 * @param[in,out] len_inout  bytes; the room, then the length of the text.
 * @param[in]     vkey       the key.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  text_out holds the key.
 * @retval AVAL_E_BUFFER_TOO_SMALL  *len_inout holds the need; nothing else was written.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note, section "Verifier keys".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_vkey_serialize(
	char            *text_out, size_t *len_inout,
	const aval_vkey *vkey,
	aval_error      *err);

/**
 * Make the verifier key of a P-256 key under a name.
 *
 * @param[out] vkey_out  the key; written on success.
 * @param[in]  name      name_len bytes; a log's origin; 1..255 bytes without spaces and plus.
 * @param[in]  name_len  bytes.
 * @param[in]  point65   65 bytes; the uncompressed point, 04 || x || y; not checked to be on the curve.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                the key was made.
 * @retval AVAL_E_CHECKPOINT_KEY  the name is none, or point65 does not begin with 04.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note, signature type 0x02.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_vkey_from_p256(
	aval_vkey    *vkey_out,
	const char   *name, size_t name_len,
	const uint8_t point65[65],
	aval_error   *err);

/**
 * Parse a checkpoint. No signature is verified.
 *
 * @param[out] checkpoint_out  the view; written on success.
 * @param[in]  note            note_len bytes; the signed note.
 * @param[in]  note_len        bytes; at most AVAL_CHECKPOINT_MAX_LEN.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      the note is a checkpoint with at least one signature line.
 * @retval AVAL_E_CHECKPOINT_FORMAT     not a signed note, or its text no checkpoint; offset says where.
 * @retval AVAL_E_CHECKPOINT_DUPLICATE  two signature lines have the same name and key id.
 * @retval AVAL_E_LIMIT                 too long, or too many signature lines.
 *
 * @par Ownership  The view borrows note, which must outlive it.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note and tlog-checkpoint.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_checkpoint_parse(
	aval_checkpoint *checkpoint_out,
	const uint8_t   *note, size_t note_len,
	aval_error      *err);

/**
 * Read one signature line.
 *
 * @param[out] signature_out  the line; written on success.
 * @param[in]  checkpoint     a parsed checkpoint.
 * @param[in]  index          signature line, from 0.
 * @param[out] err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the line was read.
 * @retval AVAL_E_INVALID_ARGUMENT  index is not below signature_count.
 *
 * @par Ownership  The line borrows the note.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_checkpoint_signature(
	aval_note_signature   *signature_out,
	const aval_checkpoint *checkpoint,
	size_t                 index,
	aval_error            *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_CHECKPOINT_H */
