/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_MAP_PROOF_H
#define AVAL_MAP_PROOF_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Verification of what map.h proves: bytes in, status out, nothing allocated. A
 * proof is worth as much as the root that it leads to, and an absence holds only
 * for as long as the root does: both come from a state entry (see state.h).
 */

/** Where the way to a key ends. */
typedef enum aval_map_end {
	AVAL_MAP_END_PRESENT = 0, /**< at the key's own leaf */
	AVAL_MAP_END_EMPTY   = 1, /**< at an empty subtree: the key is absent */
	AVAL_MAP_END_OTHER   = 2  /**< at the leaf of another key: the key is absent */
} aval_map_end;

/** A parsed proof about one key; views into the proof's bytes. */
typedef struct aval_map_proof {
	aval_map_end   end;
	uint32_t       depth;         /**< nodes between the root and the end; 0..256 */
	const uint8_t *bitmap;        /**< (depth + 7) / 8 bytes; bit i from the top: the sibling at depth i + 1 is not empty */
	const uint8_t *siblings;      /**< sibling_count x 32 bytes, from the end up */
	size_t         sibling_count; /**< ones in bitmap */
	const uint8_t *other_path32;  /**< NULL unless end is AVAL_MAP_END_OTHER */
	const uint8_t *other_value32; /**< NULL unless end is AVAL_MAP_END_OTHER */
} aval_map_proof;

/**
 * Parse a proof about one key, and check all of its shape that does not depend on the key.
 *
 * @param[out] proof_out  views; written on success.
 * @param[in]  data       len bytes; must outlive proof_out.
 * @param[in]  len        bytes.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                    proof_out holds the parts; it proves nothing yet.
 * @retval AVAL_E_CBOR_TRUNCATED      and every other AVAL_E_CBOR status: not the encoding of docs/spec/map.md.
 * @retval AVAL_E_PROOF_SHAPE         depth is above AVAL_MAP_MAX_DEPTH, or the bitmap is not that long or has bits
 *                                    set behind its end.
 * @retval AVAL_E_PROOF_LENGTH        siblings are not 32 bytes for each one in the bitmap.
 * @retval AVAL_E_MAP_EMPTY_SIBLING   a sibling is 32 zero bytes.
 * @retval AVAL_E_MAP_TOO_DEEP        the sibling of the end is empty.
 *
 * @par Ownership  Borrows data.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/map.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_proof_parse(
	aval_map_proof *proof_out,
	const uint8_t  *data, size_t len,
	aval_error     *err);

/**
 * Check that a key is in the map with a given root, and has a given value.
 *
 * @param[in]  root32   32 bytes; the trusted root.
 * @param[in]  path32   32 bytes; the key's path.
 * @param[in]  value32  32 bytes; hash of the value, which the caller computed.
 * @param[in]  proof    proof_len bytes.
 * @param[in]  proof_len  bytes.
 * @param[out] err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the key has the value.
 * @retval AVAL_E_CBOR_TRUNCATED       and every other failure of aval_map_proof_parse().
 * @retval AVAL_E_MAP_KIND             the proof is one of absence.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  it leads to another root: another key, value, map or proof.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/map.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_verify_present(
	const uint8_t  root32[32],
	const uint8_t  path32[32],
	const uint8_t  value32[32],
	const uint8_t *proof, size_t proof_len,
	aval_error    *err);

/**
 * Check that a key is not in the map with a given root.
 *
 * @param[in]  root32   32 bytes; the trusted root.
 * @param[in]  path32   32 bytes; the key's path.
 * @param[in]  proof    proof_len bytes.
 * @param[in]  proof_len  bytes.
 * @param[out] err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the key has no value.
 * @retval AVAL_E_CBOR_TRUNCATED       and every other failure of aval_map_proof_parse().
 * @retval AVAL_E_MAP_KIND             the proof is one of presence.
 * @retval AVAL_E_MAP_OWN_LEAF         the leaf shown is the key's own.
 * @retval AVAL_E_MAP_PREFIX           the leaf shown is not on the way to the key.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  it leads to another root.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/map.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_verify_absent(
	const uint8_t  root32[32],
	const uint8_t  path32[32],
	const uint8_t *proof, size_t proof_len,
	aval_error    *err);

/** What is claimed about one of many keys. */
typedef struct aval_map_claim {
	uint8_t path32[32];
	uint8_t value32[32]; /**< ignored if is_absent */
	bool    is_absent;
} aval_map_claim;

/**
 * Check claims about many keys against the map with a given root.
 *
 * @param[in]  root32       32 bytes; the trusted root.
 * @param[in]  claims       claim_count claims; paths strictly ascend.
 * @param[in]  claim_count  1..AVAL_MAP_MAX_CLAIMS.
 * @param[in]  proof        proof_len bytes.
 * @param[in]  proof_len    bytes.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     every claim holds.
 * @retval AVAL_E_CBOR_TRUNCATED       and every other AVAL_E_CBOR status: not the encoding of docs/spec/map.md.
 * @retval AVAL_E_PROOF_SHAPE          no claim is given; a depth is above AVAL_MAP_MAX_DEPTH or not one that the
 *                                     claims allow; the bitmap is longer or shorter than the ends need, or has
 *                                     bits set behind its end.
 * @retval AVAL_E_PROOF_INDEX          the paths do not strictly ascend.
 * @retval AVAL_E_LIMIT                more than AVAL_MAP_MAX_CLAIMS claims.
 * @retval AVAL_E_PROOF_LENGTH         there are more or fewer ends than the claims need, or siblings are not 32 bytes
 *                                     for each one in the bitmap.
 * @retval AVAL_E_MAP_KIND             an end shows presence where absence is claimed, or the reverse.
 * @retval AVAL_E_MAP_OWN_LEAF         a key claimed absent is shown by its own leaf.
 * @retval AVAL_E_MAP_PREFIX           a leaf shown is not on the way to the key.
 * @retval AVAL_E_MAP_EMPTY_SIBLING    a sibling is 32 zero bytes.
 * @retval AVAL_E_MAP_TOO_DEEP         a subtree of one leaf or none stands below its highest position.
 * @retval AVAL_E_PROOF_ROOT_MISMATCH  the proof leads to another root.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/map.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_verify_many(
	const uint8_t         root32[32],
	const aval_map_claim *claims, size_t claim_count,
	const uint8_t        *proof, size_t proof_len,
	aval_error           *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_MAP_PROOF_H */
