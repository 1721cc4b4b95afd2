/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_SIGNED_NOTE_H
#define AVAL_SIGNED_NOTE_H

#include <aval/base.h>
#include <aval/signer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Signed notes: a text and lines of signatures beneath it, in the C2SP format
 * signed-note, and the keys that verify them. Keys are ECDSA on P-256 (type
 * 0x02), Ed25519 (0x01) and Ed25519 cosignatures of witnesses (0x04); the two
 * Ed25519 types need a build with libsodium, without it AVAL_E_UNSUPPORTED is
 * returned. Notes are signed with P-256 alone.
 *
 * Which keys to believe is the caller's to say: a signature by a key that was
 * not named is ignored, one by a named key that does not verify spoils the note.
 */

#define AVAL_SIGNED_NOTE_MAX_LEN 65536      /**< bytes; a longer note is refused */
#define AVAL_SIGNED_NOTE_MAX_TEXT 8192      /**< bytes of its text */
#define AVAL_SIGNED_NOTE_MAX_SIGNATURES 64  /**< signature lines; more are refused */
#define AVAL_VKEY_MAX_NAME 255              /**< bytes of a key name */
#define AVAL_VKEY_MAX_LEN 389               /**< bytes of a verifier key as text */

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

/** A parsed signed note; a view that borrows its bytes. */
typedef struct aval_signed_note {
	aval_text text;            /**< the signed text with its final newline */
	aval_text signature_lines; /**< all signature lines */
	size_t    signature_count;
} aval_signed_note;

/** One signature line of a note; borrowed from the note. */
typedef struct aval_note_signature {
	aval_text name;   /**< key name */
	uint32_t  id;     /**< key id */
	aval_text base64; /**< key id and signature, base64 */
	size_t    offset; /**< bytes; of the line in the note */
} aval_note_signature;

/** What is said of a signature line. */
typedef enum aval_note_verdict {
	AVAL_NOTE_UNKNOWN_KEY = 0, /**< "unknown key": by a key that was not named; nothing was verified */
	AVAL_NOTE_VALID       = 1, /**< "valid": a signature of the text by a named key */
	AVAL_NOTE_INVALID     = 2  /**< "invalid": it bears a named key's name and id, and is no signature */
} aval_note_verdict;

/** What is said of a signature line, and of whom. */
typedef struct aval_note_judgement {
	aval_note_verdict verdict;
	const aval_vkey  *vkey;       /**< the named key, or NULL; borrowed from the caller's keys */
	uint64_t          time_s;     /**< Unix seconds; of a valid cosignature, else 0 */
} aval_note_judgement;

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
 * @param[in]  name      name_len bytes; a log's origin; 1..255 bytes, as docs/spec/checkpoint.md#cp-note says.
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
 * Make the verifier key of an Ed25519 key under a name.
 *
 * @param[out] vkey_out  the key; written on success.
 * @param[in]  name      name_len bytes; 1..255 bytes, as docs/spec/checkpoint.md#cp-note says.
 * @param[in]  name_len  bytes.
 * @param[in]  type      AVAL_VKEY_ED25519 or AVAL_VKEY_COSIGNATURE.
 * @param[in]  key32     32 bytes; not checked to be a point.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                the key was made.
 * @retval AVAL_E_CHECKPOINT_KEY  the name is none, or type is another.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note, section "Signature types".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_vkey_from_ed25519(
	aval_vkey     *vkey_out,
	const char    *name, size_t name_len,
	aval_vkey_type type,
	const uint8_t  key32[32],
	aval_error    *err);

/**
 * Parse a signed note. No signature is verified.
 *
 * @param[out] note_out  the view; written on success.
 * @param[in]  data      len bytes.
 * @param[in]  len       bytes; at most AVAL_SIGNED_NOTE_MAX_LEN.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      data is a signed note with at least one signature line.
 * @retval AVAL_E_CHECKPOINT_FORMAT     not a signed note; offset says where.
 * @retval AVAL_E_CHECKPOINT_DUPLICATE  two signature lines have the same name and key id.
 * @retval AVAL_E_LIMIT                 too long, its text is, or it has too many signature lines.
 *
 * @par Ownership  The view borrows data, which must outlive it.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_signed_note_parse(
	aval_signed_note *note_out,
	const uint8_t    *data, size_t len,
	aval_error       *err);

/**
 * Read one signature line.
 *
 * @param[out] signature_out  the line; written on success.
 * @param[in]  note           a parsed note.
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
AVAL_API AVAL_MUST_CHECK aval_status aval_signed_note_line(
	aval_note_signature    *signature_out,
	const aval_signed_note *note,
	size_t                  index,
	aval_error             *err);

/**
 * Say what one signature line is worth to somebody who knows some keys.
 *
 * @param[out] judgement_out  the verdict; written on success.
 * @param[in]  note           a parsed note.
 * @param[in]  index          signature line, from 0.
 * @param[in]  vkeys          vkey_count named keys; may be NULL if vkey_count is 0.
 * @param[in]  vkey_count     keys.
 * @param[out] err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  there is a verdict; it may be "invalid".
 * @retval AVAL_E_INVALID_ARGUMENT  index is not below signature_count.
 * @retval AVAL_E_UNSUPPORTED       the line is by a named key of a type that this build does not verify.
 * @retval AVAL_E_KEY_POINT         the named P-256 key is no point of the curve.
 * @retval AVAL_E_NO_MEMORY         mbedTLS was out of memory.
 *
 * @par Ownership  judgement_out borrows vkeys.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note, section "Signatures"; C2SP tlog-cosignature.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_signed_note_judge(
	aval_note_judgement    *judgement_out,
	const aval_signed_note *note,
	size_t                  index,
	const aval_vkey        *vkeys, size_t vkey_count,
	aval_error             *err);

/**
 * Check that a note is signed by one key.
 *
 * @param[in]  note  a parsed note.
 * @param[in]  vkey  the key.
 * @param[out] err   filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   the note has a signature line by the key, and it verifies.
 * @retval AVAL_E_SIGNER_MISSING     no line has the key's name and id.
 * @retval AVAL_E_SIGNATURE_INVALID  the line is no signature of the text by the key; offset is the line's.
 * @retval AVAL_E_UNSUPPORTED        the key is of a type that this build does not verify.
 * @retval AVAL_E_KEY_POINT          the P-256 key is no point of the curve.
 * @retval AVAL_E_NO_MEMORY          mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP signed-note, section "Signatures".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_signed_note_verify(
	const aval_signed_note *note,
	const aval_vkey        *vkey,
	aval_error             *err);

/**
 * Sign a text: ECDSA on P-256 with SHA-256, signature type 0x02.
 *
 * @param[out]    note_out   the signed note; may be NULL to learn the room it needs.
 * @param[in,out] len_inout  bytes; in: room; out: length on AVAL_OK. On AVAL_E_BUFFER_TOO_SMALL the room that
 *                           the longest signature needs, since its length is not known before it is made.
 * @param[in]     text       text_len bytes of UTF-8 that end with a newline; at most AVAL_SIGNED_NOTE_MAX_TEXT.
 * @param[in]     text_len   bytes.
 * @param[in]     name       name_len bytes; key name: 1..255 bytes, as docs/spec/checkpoint.md#cp-note says.
 * @param[in]     name_len   bytes.
 * @param[in]     signer     a P-256 key.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   note_out holds text and one signature line, which verifies.
 * @retval AVAL_E_BUFFER_TOO_SMALL   nothing was written and the signer was not asked.
 * @retval AVAL_E_CHECKPOINT_FORMAT  text cannot be a note's.
 * @retval AVAL_E_CHECKPOINT_KEY     name is no key name.
 * @retval AVAL_E_LIMIT              text is longer than AVAL_SIGNED_NOTE_MAX_TEXT.
 * @retval AVAL_E_COSE_ALGORITHM     the signer's key is not for ESP256.
 * @retval AVAL_E_INVALID_ARGUMENT   the signer is not filled in.
 * @retval AVAL_E_CALLBACK           the signer failed; cause is its status.
 * @retval AVAL_E_SIGNATURE_INVALID  what the signer gave is no signature of its key.
 * @retval AVAL_E_NO_MEMORY          mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained; note_out must not overlap text.
 * @par Threads    As the signer.
 * @par Source     C2SP signed-note, signature type 0x02.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_signed_note_sign(
	char              *note_out, size_t *len_inout,
	const char        *text, size_t text_len,
	const char        *name, size_t name_len,
	const aval_signer *signer,
	aval_error        *err);

/** Name of a verdict, in quotes above; "" if there is none. */
AVAL_API const char *aval_note_verdict_name(aval_note_verdict verdict);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_SIGNED_NOTE_H */
