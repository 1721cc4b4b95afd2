/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TLOG_PROOF_H
#define AVAL_TLOG_PROOF_H

#include <aval/base.h>
#include <aval/checkpoint.h>
#include <aval/merkle.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An inclusion proof and the checkpoint that it leads to, in one text, the
 * format of C2SP tlog-proof: whoever has the entry and the log's key needs
 * nothing else, and no network. It says that the entry was logged; that nothing
 * came after it is another question (see map_proof.h).
 */

#define AVAL_TLOG_PROOF_MAX_LEN 131072 /**< bytes; a longer proof is refused */

/** A parsed proof; a view that borrows its bytes. */
typedef struct aval_tlog_proof {
	uint64_t        index;      /**< leaves; of the entry */
	aval_text       extra;      /**< base64 of an application's own, or empty; vouched for by nobody */
	aval_text       path_lines; /**< the hashes in base64, a line each */
	size_t          path_count; /**< hashes */
	aval_checkpoint checkpoint;
} aval_tlog_proof;

/**
 * Parse a proof. Nothing is verified.
 *
 * @param[out] proof_out  the view; written on success.
 * @param[in]  data       len bytes.
 * @param[in]  len        bytes; at most AVAL_TLOG_PROOF_MAX_LEN.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      data is a proof.
 * @retval AVAL_E_PROOF_FORMAT          the part before the checkpoint is malformed; offset says where.
 * @retval AVAL_E_PROOF_LENGTH          more hashes than any proof has.
 * @retval AVAL_E_CHECKPOINT_FORMAT     the checkpoint is malformed; offset counts from its begin.
 * @retval AVAL_E_CHECKPOINT_DUPLICATE  two signature lines have the same name and key id.
 * @retval AVAL_E_LIMIT                 too long, or the checkpoint is.
 *
 * @par Ownership  The view borrows data, which must outlive it.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP tlog-proof.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tlog_proof_parse(
	aval_tlog_proof *proof_out,
	const uint8_t   *data, size_t len,
	aval_error      *err);

/**
 * Check that an entry is in the log of the proof's checkpoint.
 *
 * @param[in]  proof     a parsed proof.
 * @param[in]  leaf32    32 bytes; aval_merkle_leaf() of the entry.
 * @param[in]  log_vkey  the log's key; its name is the origin that is expected.
 * @param[in]  policy    the witnesses; NULL asks for none.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                        the log, and as many witnesses as policy asks, signed a tree with this
 *                                        leaf at index.
 * @retval AVAL_E_PROOF_SHAPE             the checkpoint is of the empty log.
 * @retval AVAL_E_PROOF_INDEX             index is not below the checkpoint's size.
 * @retval AVAL_E_PROOF_LENGTH            more or fewer hashes than size and index need.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH     they lead to another root: another entry, another place, or no such
 *                                        proof.
 *         and what aval_checkpoint_verify() returns, which is asked first.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP tlog-proof, section "Verifying a tlog proof".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tlog_proof_verify(
	const aval_tlog_proof     *proof,
	const uint8_t              leaf32[32],
	const aval_vkey           *log_vkey,
	const aval_witness_policy *policy,
	aval_error                *err);

/**
 * Write a proof.
 *
 * @param[out]    out         the proof; may be NULL to learn its length.
 * @param[in,out] len_inout   bytes; in: room; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     index       leaves; of the entry.
 * @param[in]     path        path_count x 32 bytes, leaf to root; may be NULL if path_count is 0.
 * @param[in]     path_count  hashes; at most AVAL_MERKLE_MAX_PATH.
 * @param[in]     note        note_len bytes; the signed checkpoint whose root the path leads to.
 * @param[in]     note_len    bytes.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  out holds the proof; that it verifies was not checked.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in len_inout; nothing was written.
 * @retval AVAL_E_PROOF_INDEX       index is 2^63 or more.
 * @retval AVAL_E_PROOF_LENGTH      path_count is above AVAL_MERKLE_MAX_PATH.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     C2SP tlog-proof.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_tlog_proof_serialize(
	char          *out, size_t *len_inout,
	uint64_t       index,
	const uint8_t *path, size_t path_count,
	const uint8_t *note, size_t note_len,
	aval_error    *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_TLOG_PROOF_H */
