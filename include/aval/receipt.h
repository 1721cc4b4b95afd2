/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_RECEIPT_H
#define AVAL_RECEIPT_H

#include <aval/base.h>
#include <aval/checkpoint.h>
#include <aval/signer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * COSE Receipts (RFC 9942) over RFC9162_SHA256: a proof about a log and a
 * signature of the root that it leads to, in one COSE_Sign1. Receipts of others
 * are read by COSE's rules, which are wider than those of docs/spec/encoding.md;
 * receipts made here are deterministic.
 *
 * The signature covers the root and nothing else: not the tree's size, the
 * index, the origin or a time. Only with a checkpoint of the same root is the
 * size vouched for; give one wherever there is one.
 */

#define AVAL_RECEIPT_MAX_LEN 65536    /**< bytes; a longer receipt is refused */
#define AVAL_RECEIPT_MAX_HEADER 4096  /**< bytes of the protected header */
#define AVAL_RECEIPT_MAX_PROOFS 64    /**< proofs of each kind */
#define AVAL_RECEIPT_MAX_KINDS 64     /**< kinds of proofs, known or not */

/** A parsed receipt; a view that borrows its bytes. */
typedef struct aval_receipt {
	int64_t    alg;               /**< COSE number of the signature's algorithm; not checked */
	size_t     inclusion_count;   /**< proofs that a leaf is in the tree */
	size_t     consistency_count; /**< proofs that the tree grew from another */
	aval_bytes protected_header;  /**< encoded */
	bool       is_detached;       /**< the root is not in the receipt */
	aval_bytes payload;           /**< the root, 32 bytes, or empty */
	aval_bytes signature;
	aval_bytes inclusions;        /**< the proofs, an encoded array, or empty */
	aval_bytes consistencies;     /**< likewise */
} aval_receipt;

/** What a proof of inclusion says. */
typedef struct aval_receipt_inclusion {
	uint64_t size;       /**< leaves of the tree, as the receipt says */
	uint64_t index;      /**< of the leaf, as the receipt says */
	size_t   path_count; /**< hashes, at most 63 */
} aval_receipt_inclusion;

/** What a proof of consistency says. */
typedef struct aval_receipt_consistency {
	uint64_t old_size;   /**< leaves of the earlier tree, as the receipt says */
	uint64_t new_size;   /**< leaves of the later tree, as the receipt says */
	size_t   path_count; /**< hashes, at most 64 */
} aval_receipt_consistency;

/**
 * Parse a receipt. No signature is verified.
 *
 * @param[out] receipt_out  the view; written on success.
 * @param[in]  data         len bytes; one COSE_Sign1, tag 18.
 * @param[in]  len          bytes; at most AVAL_RECEIPT_MAX_LEN.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                    data is a receipt with at least one proof.
 * @retval AVAL_E_CBOR_…              not CBOR of this shape: docs/spec/receipt.md.
 * @retval AVAL_E_COSE_HEADER         alg, vds (395) or vdp (396) is missing, or there is no proof of a known
 *                                    kind.
 * @retval AVAL_E_UNSUPPORTED         vds is not 1, RFC9162_SHA256; or a critical header.
 * @retval AVAL_E_CBOR_KEY_DUPLICATE  a header label or a kind of proofs stands twice.
 * @retval AVAL_E_PROOF_LENGTH        a path is longer than any, or empty for another tree than one of one leaf.
 * @retval AVAL_E_LIMIT               longer than a limit above, or more than 64 labels in a header.
 *
 * @par Ownership  The view borrows data, which must outlive it.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9942; docs/spec/receipt.md#rcp-form.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_receipt_parse(
	aval_receipt  *receipt_out,
	const uint8_t *data, size_t len,
	aval_error    *err);

/** Say what proof number `index` of a parsed receipt is about; zeros if there is no such proof. */
AVAL_API aval_receipt_inclusion aval_receipt_inclusion_at(const aval_receipt *receipt, size_t index);

/** Say what proof number `index` of a parsed receipt is about; zeros if there is no such proof. */
AVAL_API aval_receipt_consistency aval_receipt_consistency_at(const aval_receipt *receipt, size_t index);

/**
 * Check that a leaf is in the tree whose root the log has signed.
 *
 * @param[in]  receipt      a parsed receipt.
 * @param[in]  proof_index  which of its proofs of inclusion, from 0.
 * @param[in]  leaf32       32 bytes; leaf hash, aval_merkle_leaf() of what the log's profile calls an entry.
 * @param[in]  vkey         the log's key: P-256 for alg -7 and -9, Ed25519 for -8 and -19.
 * @param[in]  checkpoint   a verified checkpoint, which must have the same size and root; may be NULL, and then
 *                          the size and the index are the receipt's word alone.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the leaf, by this proof, is in a tree whose root the key has signed.
 * @retval AVAL_E_INVALID_ARGUMENT     there is no proof number proof_index.
 * @retval AVAL_E_PROOF_SHAPE          the proof's size is 0, or 2^63 or more.
 * @retval AVAL_E_PROOF_INDEX          the leaf's index is not below the size.
 * @retval AVAL_E_PROOF_LENGTH         more or fewer hashes than size and index need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the proof leads to another root than the one in the receipt or the
 *                                     checkpoint.
 * @retval AVAL_E_RECEIPT_SIZE         the checkpoint has another size.
 * @retval AVAL_E_COSE_ALGORITHM       alg is none of these, or not the key's.
 * @retval AVAL_E_CHECKPOINT_KEY       vkey is the key of a witness, of type 0x04.
 * @retval AVAL_E_SIGNATURE_LENGTH     a signature has 64 bytes.
 * @retval AVAL_E_SIGNATURE_INVALID    the root to which leaf and proof lead is not signed by the key.
 * @retval AVAL_E_UNSUPPORTED          an Ed25519 key in a build without libsodium.
 * @retval AVAL_E_KEY_POINT            the P-256 key is no point of the curve.
 * @retval AVAL_E_NO_MEMORY            mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9942; docs/spec/receipt.md#rcp-verify.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_receipt_verify_inclusion(
	const aval_receipt    *receipt,
	size_t                 proof_index,
	const uint8_t          leaf32[32],
	const aval_vkey       *vkey,
	const aval_checkpoint *checkpoint,
	aval_error            *err);

/**
 * Check that the tree whose root the log has signed begins with a tree that is known.
 *
 * @param[out] new_root32_out  32 bytes; root of the later tree; written on success.
 * @param[in]  receipt         a parsed receipt.
 * @param[in]  proof_index     which of its proofs of consistency, from 0.
 * @param[in]  old_size        leaves of the earlier tree.
 * @param[in]  old_root32      32 bytes; its root.
 * @param[in]  vkey            the log's key, as above.
 * @param[in]  checkpoint      a verified checkpoint of the later tree; may be NULL, and then its size is the
 *                             receipt's word.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the key has signed the root of a tree that grew from the earlier one.
 * @retval AVAL_E_INVALID_ARGUMENT     there is no proof number proof_index.
 * @retval AVAL_E_RECEIPT_SIZE         old_size is not the proof's, or the checkpoint has another size.
 * @retval AVAL_E_PROOF_SHAPE          a size of 2^63 or more, or old_size is 0.
 * @retval AVAL_E_PROOF_SHRUNK         the later tree is the smaller one.
 * @retval AVAL_E_PROOF_LENGTH         more or fewer hashes than the sizes need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the proof leads to another earlier root, or another later one than is
 *                                     known.
 *         and what aval_receipt_verify_inclusion() says of key and signature.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9942; docs/spec/receipt.md#rcp-verify.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_receipt_verify_consistency(
	uint8_t                new_root32_out[32],
	const aval_receipt    *receipt,
	size_t                 proof_index,
	uint64_t               old_size,
	const uint8_t          old_root32[32],
	const aval_vkey       *vkey,
	const aval_checkpoint *checkpoint,
	aval_error            *err);

/**
 * Sign a receipt of inclusion.
 *
 * Only what is so is signed: the proof must lead to the checkpoint's root. The root is detached.
 *
 * @param[out]    out         the receipt; may be NULL to learn its length.
 * @param[in,out] len_inout   bytes; in: room; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     checkpoint  size and root of the log; its signatures are not looked at.
 * @param[in]     index       leaves; of the leaf.
 * @param[in]     leaf32      32 bytes; its leaf hash.
 * @param[in]     path        path_count x 32 bytes, leaf to root; may be NULL if path_count is 0.
 * @param[in]     path_count  hashes.
 * @param[in]     signer      the log's key, P-256.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     out holds the receipt.
 * @retval AVAL_E_BUFFER_TOO_SMALL     nothing was written and the signer was not asked.
 * @retval AVAL_E_PROOF_SHAPE          the log is empty.
 * @retval AVAL_E_PROOF_INDEX          index is not below the size.
 * @retval AVAL_E_PROOF_LENGTH         more or fewer hashes than size and index need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the proof leads to another root.
 * @retval AVAL_E_COSE_ALGORITHM       the signer's key is not for ESP256.
 * @retval AVAL_E_INVALID_ARGUMENT     the signer is not filled in.
 * @retval AVAL_E_CALLBACK             the signer failed; cause is its status.
 * @retval AVAL_E_SIGNATURE_INVALID    what the signer gave is no signature of its key.
 * @retval AVAL_E_NO_MEMORY            mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the signer.
 * @par Source     RFC 9942; docs/spec/receipt.md#rcp-sign.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_receipt_sign_inclusion(
	uint8_t               *out, size_t *len_inout,
	const aval_checkpoint *checkpoint,
	uint64_t               index,
	const uint8_t          leaf32[32],
	const uint8_t         *path, size_t path_count,
	const aval_signer     *signer,
	aval_error            *err);

/**
 * Sign a receipt of consistency.
 *
 * Only what is so is signed: the proof must lead from the earlier root to the checkpoint's. The root is
 * detached.
 *
 * @param[out]    out         the receipt; may be NULL to learn its length.
 * @param[in,out] len_inout   bytes; in: room; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     checkpoint  size and root of the later tree; its signatures are not looked at.
 * @param[in]     old_size    leaves of the earlier tree; 1 up to the later size, less one.
 * @param[in]     old_root32  32 bytes; its root.
 * @param[in]     path        path_count x 32 bytes.
 * @param[in]     path_count  hashes.
 * @param[in]     signer      the log's key, P-256.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     out holds the receipt.
 * @retval AVAL_E_PROOF_SHAPE          old_size is 0.
 * @retval AVAL_E_PROOF_SHRUNK         the later tree is the smaller one.
 * @retval AVAL_E_PROOF_LENGTH         more or fewer hashes than the sizes need, or the sizes are equal: an
 *                                     empty path has no form in a receipt.
 * @retval AVAL_E_PROOF_FORK           the sizes are equal and the roots are not.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the proof leads to another earlier or later root.
 *         and what aval_receipt_sign_inclusion() says of room and signer.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As the signer.
 * @par Source     RFC 9942; docs/spec/receipt.md#rcp-sign.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_receipt_sign_consistency(
	uint8_t               *out, size_t *len_inout,
	const aval_checkpoint *checkpoint,
	uint64_t               old_size,
	const uint8_t          old_root32[32],
	const uint8_t         *path, size_t path_count,
	const aval_signer     *signer,
	aval_error            *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_RECEIPT_H */
