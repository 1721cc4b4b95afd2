/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_COMMITMENT_H
#define AVAL_COMMITMENT_H

#include <aval/base.h>
#include <aval/invoice.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The commitment to an invoice, as its supplier holds it: one hash that binds
 * every term, from which any terms can later be shown (see disclosure.h) and
 * nothing else follows. All salts come from one secret seed and the terms, so
 * the same invoice and seed give the same commitment, on every machine and from
 * either syntax, and no two invoices share a salt.
 *
 * An invoice is not judged here: whatever terms it has are committed to.
 */

#define AVAL_COMMITMENT_MIN_DEPTH 10      /**< levels of the tree above its slots */
#define AVAL_COMMITMENT_MAX_DEPTH 26      /**< levels of the tree above its slots */
#define AVAL_COMMITMENT_MAX_TERMS 8388608 /**< terms; 2^26 slots are eight for each */
#define AVAL_TERM_MAX_QUALIFIERS 16       /**< qualifiers of one term */
#define AVAL_DISCLOSURE_MAX_ABSENT 1024   /**< paths that one disclosure can claim absent */

/**
 * A commitment with all that is needed to disclose terms. It holds the invoice's values, the key of all
 * salts and those of its terms, and wipes them when it is freed.
 *
 * Its memory is the terms in CBOR, 112 bytes a term (120 while it is made), and the upper 17 levels of the tree:
 * 64 bytes a slot, at most 4 MiB. Of a deeper tree the rest is hashed again where a disclosure needs it.
 */
typedef struct aval_commitment aval_commitment;

/**
 * Commit to an imported invoice.
 *
 * @param[out] commitment_out  the commitment; written on success.
 * @param[in]  invoice         the invoice.
 * @param[in]  seed32          32 secret random bytes; one seed serves any number of invoices.
 * @param[in]  allocator       may be NULL.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      commitment_out is to be released by aval_commitment_free().
 * @retval AVAL_E_INVOICE_TERM_MISSING  the invoice has no term.
 * @retval AVAL_E_NO_MEMORY             the allocator returned NULL.
 *
 * @par Ownership  Terms and seed are copied; allocator is kept and must outlive the commitment.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/commitment.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_commitment_new(
	aval_commitment     **commitment_out,
	const aval_invoice   *invoice,
	const uint8_t         seed32[32],
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Commit to a list of terms.
 *
 * Takes six SHA-256 compressions a slot, of which there are 8 to 16 a term and at least 1024.
 *
 * @param[out] commitment_out  the commitment; written on success.
 * @param[in]  terms           term_count terms, strictly ascending by aval_term_path_compare().
 * @param[in]  term_count      terms; 1..AVAL_COMMITMENT_MAX_TERMS.
 * @param[in]  seed32          32 secret random bytes; one seed serves any number of invoices.
 * @param[in]  allocator       may be NULL.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      commitment_out is to be released by aval_commitment_free().
 * @retval AVAL_E_INVOICE_TERM_MISSING  term_count is 0.
 * @retval AVAL_E_INVOICE_TERM_UNKNOWN  a path is none of the term map: aval_term_path_is_known() says no.
 * @retval AVAL_E_DISCLOSURE_ORDER      terms, or qualifiers of a term, do not ascend strictly.
 * @retval AVAL_E_CBOR_UTF8             a value or qualifier is not UTF-8.
 * @retval AVAL_E_LIMIT                 more terms than AVAL_COMMITMENT_MAX_TERMS, or qualifiers than
 *                                      AVAL_TERM_MAX_QUALIFIERS.
 * @retval AVAL_E_NO_MEMORY             the allocator returned NULL.
 *
 * @par Ownership  Terms and seed are copied; allocator is kept and must outlive the commitment.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/commitment.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_commitment_new_from_terms(
	aval_commitment     **commitment_out,
	const aval_term      *terms, size_t term_count,
	const uint8_t         seed32[32],
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a commitment and wipe its secrets; NULL is nothing. */
AVAL_API void aval_commitment_free(aval_commitment *commitment);

/** The commitment itself: the 32 bytes that a token carries. */
AVAL_API void aval_commitment_hash(
	uint8_t                commitment32_out[32],
	const aval_commitment *commitment);

/** The source binding: what a token carries in place of the source file's hash, which could be guessed at. */
AVAL_API void aval_commitment_source_binding(
	uint8_t                binding32_out[32],
	const aval_commitment *commitment,
	const uint8_t          source_sha256[32]);

/**
 * Check that invoice and seed give a token's commitment: what a party does before it signs.
 *
 * @param[in]  commitment    of the invoice and seed at hand.
 * @param[in]  commitment32  32 bytes; of the token.
 * @param[out] err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the token is about this invoice.
 * @retval AVAL_E_COMMITMENT_MISMATCH  it is about another invoice, or was made with another seed.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     docs/spec/commitment.md, section "Slots and tree".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_commitment_verify(
	const aval_commitment *commitment,
	const uint8_t          commitment32[32],
	aval_error            *err);

/**
 * Write a disclosure: each path is opened if the invoice has the term, else proven absent.
 *
 * @param[out]    out         *len_inout bytes of room; may be NULL.
 * @param[in,out] len_inout   bytes; the room, then the length of the disclosure.
 * @param[in]     commitment  the commitment.
 * @param[in]     paths       path_count paths in any order; a path that stands twice counts once.
 * @param[in]     path_count  paths; at least 1.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      out holds the disclosure.
 * @retval AVAL_E_BUFFER_TOO_SMALL      *len_inout holds the need; nothing else was written.
 * @retval AVAL_E_INVALID_ARGUMENT      path_count is 0.
 * @retval AVAL_E_INVOICE_TERM_UNKNOWN  a path is none of the term map, so its absence would tell nothing.
 * @retval AVAL_E_LIMIT                 more than AVAL_DISCLOSURE_MAX_ABSENT of the paths are absent.
 * @retval AVAL_E_NO_MEMORY             the allocator of the commitment returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared, as far as the allocator is.
 * @par Source     docs/spec/commitment.md, section "Disclosure".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_commitment_disclose(
	uint8_t               *out, size_t *len_inout,
	const aval_commitment *commitment,
	const aval_text       *paths, size_t path_count,
	aval_error            *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_COMMITMENT_H */
