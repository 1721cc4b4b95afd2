/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_EVIDENCE_H
#define AVAL_EVIDENCE_H

#include <aval/base.h>
#include <aval/checkpoint.h>
#include <aval/tile_client.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Evidence against a log: two checkpoints that its key has signed and that no
 * append-only log can both have had. Whoever has the file needs nobody's word:
 * the signatures are the log's own. It says that the holder of the key broke the
 * promise of a log; which of the two checkpoints is the right one, and who
 * suffered from it, it does not say.
 *
 * Two checkpoints of one size contradict each other by different roots; two of
 * different sizes by a leaf that one tree has and the other has not, at one index
 * below both sizes. That a log shows a smaller size than before is no evidence:
 * a checkpoint says no time.
 */

#define AVAL_EVIDENCE_MAX_LEN 262144 /**< bytes; longer evidence is refused */

/** How two checkpoints contradict each other. */
typedef enum aval_evidence_kind {
	AVAL_EVIDENCE_ROOT = 1, /**< "root": one size, two roots */
	AVAL_EVIDENCE_LEAF = 2  /**< "leaf": two sizes, two leaves at one index */
} aval_evidence_kind;

/** A leaf of one tree, with its proof of inclusion. */
typedef struct aval_evidence_leaf {
	const uint8_t *leaf32;     /**< 32 bytes; leaf hash */
	const uint8_t *path;       /**< path_count x 32 bytes */
	size_t         path_count; /**< hashes */
} aval_evidence_leaf;

/** Parsed evidence; a view that borrows its bytes. */
typedef struct aval_evidence {
	aval_evidence_kind kind;
	aval_vkey          vkey;      /**< the log's key */
	aval_checkpoint    first;     /**< the smaller one; of one size, the one whose bytes come first */
	aval_checkpoint    second;
	uint64_t           index;     /**< of the leaf; 0 for AVAL_EVIDENCE_ROOT */
	const uint8_t     *leaves[2]; /**< 32 bytes each: of first and second at index; NULL where there is none */
	aval_bytes         paths[2];  /**< their proofs, encoded arrays; empty for AVAL_EVIDENCE_ROOT */
} aval_evidence;

/**
 * Parse evidence. Nothing is verified.
 *
 * @param[out] evidence_out  the view; written on success.
 * @param[in]  data          len bytes.
 * @param[in]  len           bytes; at most AVAL_EVIDENCE_MAX_LEN.
 * @param[out] err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      data is evidence in its one form.
 * @retval AVAL_E_CBOR_…                not deterministic CBOR, or not of the schema: docs/spec/evidence.md.
 * @retval AVAL_E_EVIDENCE_FORMAT       not evidence; checkpoints in the other order; a leaf that is missing or
 *                                      superfluous.
 * @retval AVAL_E_UNSUPPORTED           a version that is not known, or a key of a type that is not.
 * @retval AVAL_E_CHECKPOINT_KEY        the key is malformed.
 * @retval AVAL_E_CHECKPOINT_FORMAT     a checkpoint is malformed.
 * @retval AVAL_E_CHECKPOINT_DUPLICATE  two signature lines of a checkpoint have the same name and key id.
 * @retval AVAL_E_PROOF_LENGTH          a path is longer than any.
 * @retval AVAL_E_LIMIT                 too long, or a checkpoint is.
 *
 * @par Ownership  The view borrows data, which must outlive it.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/evidence.md#evd-form.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_evidence_parse(
	aval_evidence *evidence_out,
	const uint8_t *data, size_t len,
	aval_error    *err);

/**
 * Check that evidence proves what it says.
 *
 * @param[in]  evidence  parsed evidence.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the key has signed two checkpoints that contradict each other.
 * @retval AVAL_E_CHECKPOINT_ORIGIN    a checkpoint is not of the log that the key is named after.
 * @retval AVAL_E_SIGNER_MISSING       the key has not signed a checkpoint.
 * @retval AVAL_E_SIGNATURE_INVALID    its signature does not verify.
 * @retval AVAL_E_CHECKPOINT_KEY       the key is that of a witness.
 * @retval AVAL_E_EVIDENCE_NONE        one size and one root, or the same leaf in both.
 * @retval AVAL_E_PROOF_INDEX          the index is not below both sizes.
 * @retval AVAL_E_PROOF_LENGTH         a proof has more or fewer hashes than its size and index need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  a leaf is not in the tree of its checkpoint.
 * @retval AVAL_E_UNSUPPORTED          an Ed25519 key in a build without libsodium.
 * @retval AVAL_E_KEY_POINT            the P-256 key is no point of the curve.
 * @retval AVAL_E_NO_MEMORY            mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/evidence.md#evd-verify.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_evidence_verify(
	const aval_evidence *evidence,
	aval_error          *err);

/**
 * Write evidence of two checkpoints, in either order. What proves nothing is not written.
 *
 * @param[out]    out         the evidence; may be NULL to learn its length.
 * @param[in,out] len_inout   bytes; in: room; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     vkey        the log's key.
 * @param[in]     note_a      note_a_len bytes; a signed checkpoint.
 * @param[in]     note_a_len  bytes.
 * @param[in]     note_b      note_b_len bytes; another.
 * @param[in]     note_b_len  bytes.
 * @param[in]     index       leaves; where the leaves differ; 0 for checkpoints of one size.
 * @param[in]     leaf_a      what the tree of note_a has there; NULL for checkpoints of one size.
 * @param[in]     leaf_b      what the tree of note_b has there; NULL for checkpoints of one size.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  out holds evidence that verifies.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in len_inout; nothing was written.
 * @retval AVAL_E_EVIDENCE_FORMAT   leaves for checkpoints of one size, or none for different sizes.
 *         and what aval_evidence_parse() says of checkpoints and aval_evidence_verify() of the whole.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/evidence.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_evidence_serialize(
	uint8_t                  *out, size_t *len_inout,
	const aval_vkey          *vkey,
	const uint8_t            *note_a, size_t note_a_len,
	const uint8_t            *note_b, size_t note_b_len,
	uint64_t                  index,
	const aval_evidence_leaf *leaf_a,
	const aval_evidence_leaf *leaf_b,
	aval_error               *err);

/**
 * Find the first leaf at which two logs differ, reading few of their tiles.
 *
 * @param[out] index_out  leaves; written on success.
 * @param[in]  a          one log.
 * @param[in]  b          the other.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK               the logs have different leaves at *index_out.
 * @retval AVAL_E_EVIDENCE_NONE  one log begins with the other.
 *         and what aval_tile_client_node() returns.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/evidence.md#evd-find.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_evidence_find_leaf(
	uint64_t         *index_out,
	aval_tile_client *a,
	aval_tile_client *b,
	aval_error       *err);

/** Name of a kind, in quotes above; "" if there is none. */
AVAL_API const char *aval_evidence_kind_name(aval_evidence_kind kind);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_EVIDENCE_H */
