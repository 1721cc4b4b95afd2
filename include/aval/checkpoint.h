/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_CHECKPOINT_H
#define AVAL_CHECKPOINT_H

#include <aval/base.h>
#include <aval/signed_note.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Checkpoints: the signed note in which a log states its size and root, in the
 * C2SP formats tlog-checkpoint and tlog-cosignature. The origin of a log is the
 * name of its key, and of the registry to which its events are addressed.
 *
 * A checkpoint says nothing about a log's past: only a consistency proof
 * between two checkpoints, or witnesses who check one, show that a log never
 * rewrote itself. Parsing verifies no signature.
 */

#define AVAL_CHECKPOINT_SIGNED_MAX_LEN 687 /**< bytes that hold every note of aval_checkpoint_sign() */

/** A parsed checkpoint; a view that borrows the note's bytes. */
typedef struct aval_checkpoint {
	aval_text        origin;
	uint64_t         size;       /**< leaves */
	uint8_t          root32[32];
	aval_text        extensions; /**< the lines after the root, or empty */
	aval_signed_note note;       /**< signed text and signature lines */
} aval_checkpoint;

/** Whose cosignatures a checkpoint needs. */
typedef struct aval_witness_policy {
	uint32_t         struct_size;   /**< bytes; sizeof(aval_witness_policy) */
	const aval_vkey *witnesses;     /**< witness_count keys; one key under two names is one witness */
	size_t           witness_count;
	size_t           threshold;     /**< valid cosignatures needed; 0 verifies those that are there */
} aval_witness_policy;

/**
 * Parse a checkpoint. No signature is verified.
 *
 * @param[out] checkpoint_out  the view; written on success.
 * @param[in]  note            note_len bytes; the signed note.
 * @param[in]  note_len        bytes; at most AVAL_SIGNED_NOTE_MAX_LEN.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      the note is a checkpoint with at least one signature line.
 * @retval AVAL_E_CHECKPOINT_FORMAT     not a signed note, or its text no checkpoint; offset says where.
 * @retval AVAL_E_CHECKPOINT_DUPLICATE  two signature lines have the same name and key id.
 * @retval AVAL_E_LIMIT                 too long, its text is, or it has too many signature lines.
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
 * Check that a checkpoint is the log's, and that enough witnesses have seen it.
 *
 * The log's key must have signed, under the origin as its name. Of the witnesses named, each line that is there
 * must verify, and at least threshold different keys must have signed. Lines by other keys are ignored.
 *
 * @param[in]  checkpoint  a parsed checkpoint.
 * @param[in]  log_vkey    the log's key; its name is the origin that is expected.
 * @param[in]  policy      the witnesses; NULL asks for none.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                        the checkpoint is signed by the log, and by as many witnesses as the
 *                                        policy asks.
 * @retval AVAL_E_CHECKPOINT_ORIGIN       the origin is not the key's name: another log's checkpoint.
 * @retval AVAL_E_SIGNER_MISSING          the log's key has not signed.
 * @retval AVAL_E_SIGNATURE_INVALID       a line by the log's key or a named witness does not verify; offset is
 *                                        the line's.
 * @retval AVAL_E_CHECKPOINT_WITNESSES    fewer witnesses have signed than the policy asks; cause is their
 *                                        number.
 * @retval AVAL_E_CHECKPOINT_KEY          log_vkey is the key of a witness, of type 0x04.
 * @retval AVAL_E_UNSUPPORTED             a line is by a key of a type that this build does not verify.
 * @retval AVAL_E_KEY_POINT               a P-256 key is no point of the curve.
 * @retval AVAL_E_NO_MEMORY               mbedTLS was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT        threshold is above witness_count, or struct_size another.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/checkpoint.md#cp-verify.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_checkpoint_verify(
	const aval_checkpoint     *checkpoint,
	const aval_vkey           *log_vkey,
	const aval_witness_policy *policy,
	aval_error                *err);

/**
 * Sign the size and root of a log.
 *
 * Whoever signs two roots for one size, or a tree that does not begin with one signed before, hands others a
 * proof of it (see evidence.h): a log reads its last checkpoint before it signs the next.
 *
 * @param[out]    note_out    the checkpoint; may be NULL to learn the room it needs.
 * @param[in,out] len_inout   bytes; in: room; out: length on AVAL_OK. On AVAL_E_BUFFER_TOO_SMALL the room that
 *                            the longest signature needs, at most AVAL_CHECKPOINT_SIGNED_MAX_LEN.
 * @param[in]     origin      origin_len bytes; the log's name and its key's: 1..255 bytes without spaces and
 *                            plus.
 * @param[in]     origin_len  bytes.
 * @param[in]     size        leaves; below 2^63.
 * @param[in]     root32      32 bytes.
 * @param[in]     signer      the log's key, P-256.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   note_out holds the checkpoint, and its signature verifies.
 * @retval AVAL_E_BUFFER_TOO_SMALL   nothing was written and the signer was not asked.
 * @retval AVAL_E_CHECKPOINT_ORIGIN  origin is no key name.
 * @retval AVAL_E_PROOF_SHAPE        size is 2^63 or more.
 * @retval AVAL_E_COSE_ALGORITHM     the signer's key is not for ESP256.
 * @retval AVAL_E_INVALID_ARGUMENT   the signer is not filled in.
 * @retval AVAL_E_CALLBACK           the signer failed; cause is its status.
 * @retval AVAL_E_SIGNATURE_INVALID  what the signer gave is no signature of its key.
 * @retval AVAL_E_NO_MEMORY          mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the signer.
 * @par Source     C2SP tlog-checkpoint; docs/spec/checkpoint.md#cp-sign.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_checkpoint_sign(
	char              *note_out, size_t *len_inout,
	const char        *origin, size_t origin_len,
	uint64_t           size,
	const uint8_t      root32[32],
	const aval_signer *signer,
	aval_error        *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_CHECKPOINT_H */
