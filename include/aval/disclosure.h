/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_DISCLOSURE_H
#define AVAL_DISCLOSURE_H

#include <aval/base.h>
#include <aval/commitment.h>
#include <aval/invoice.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Disclosures: chosen terms of an invoice, proven against the commitment that a
 * token carries. Verifying is the only way to see into one: each term it then
 * gives out is a term of that invoice and the only one of its path, or proven to
 * be absent. That the invoice is true is not proven, nor that two disclosures of
 * different commitments are about different invoices.
 *
 * Nothing here allocates. Any number of slots is verified with some 40 KiB of
 * stack, in time proportional to the bytes.
 */

#define AVAL_DISCLOSURE_MAX_LEN 2147483647 /**< bytes; a longer disclosure is refused */

/** A verified disclosure: a view. Read the counts; leave the rest alone. */
typedef struct aval_disclosure {
	aval_bytes data;          /**< borrowed */
	uint32_t   depth;         /**< of the tree: the invoice has some 2^depth / 16 to 2^depth / 8 terms */
	size_t     opened_count;  /**< terms with their values */
	size_t     hidden_count;  /**< terms of which the path alone is shown, since they share a slot */
	size_t     absent_count;  /**< paths proven absent */
	size_t     slot_count;
	size_t     absent_offset; /**< bytes; of the first absent path in data */
	size_t     slots_offset;  /**< bytes; of the first slot in data */
} aval_disclosure;

/** A term that a disclosure opens or proves absent; it borrows the disclosure's bytes. */
typedef struct aval_disclosed {
	aval_text  path;
	bool       is_absent;       /**< then value and qualifiers are empty */
	aval_text  value;           /**< may be empty though the term is there */
	size_t     qualifier_count;
	aval_bytes qualifiers;      /**< encoded; see aval_disclosed_qualifier() */
} aval_disclosed;

/** A place in a disclosure; see aval_disclosure_next(). */
typedef struct aval_disclosure_cursor {
	const aval_disclosure *disclosure;
	size_t                 slots_offset;  /**< bytes; of the slot or entry that is read next */
	size_t                 absent_offset; /**< bytes; of the absent path that is read next */
	size_t                 slots_left;
	size_t                 entries_left;  /**< of the slot read last */
	size_t                 absent_left;
} aval_disclosure_cursor;

/**
 * Verify a disclosure against a commitment.
 *
 * The encoding and the rules are checked on the way through the bytes, then that each path stands in its own
 * slot, at last the commitment; what is met first is reported.
 *
 * @param[out] disclosure_out  the view; written on success.
 * @param[in]  data            len bytes.
 * @param[in]  len             bytes; at most AVAL_DISCLOSURE_MAX_LEN.
 * @param[in]  commitment32    32 bytes; of the token.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                          all that the disclosure shows is true of the commitment's invoice.
 * @retval AVAL_E_CBOR_...                  not deterministic CBOR of the format; any of these codes.
 * @retval AVAL_E_UNSUPPORTED               a term map of another version than AVAL_TERM_MAP_VERSION.
 * @retval AVAL_E_LIMIT                     longer than AVAL_DISCLOSURE_MAX_LEN, or more absent paths than
 *                                          AVAL_DISCLOSURE_MAX_ABSENT.
 * @retval AVAL_E_INVOICE_TERM_UNKNOWN      a path is none of the term map.
 * @retval AVAL_E_DISCLOSURE_ORDER          slots, entries or absent paths do not ascend strictly.
 * @retval AVAL_E_DISCLOSURE_SLOT           a path stands in a slot that is not its own.
 * @retval AVAL_E_DISCLOSURE_PRESENT        a path claimed absent is in its slot, or its slot is not opened.
 * @retval AVAL_E_DISCLOSURE_SUPERFLUOUS    a slot has no opened term and is that of no absent path.
 * @retval AVAL_E_PROOF_LENGTH              more or fewer hashes than the slots need.
 * @retval AVAL_E_DISCLOSURE_MISMATCH       it opens another commitment.
 *
 * @par Ownership  The view borrows data, which must outlive it and not change.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/commitment.md, section "Disclosure".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_disclosure_verify(
	aval_disclosure *disclosure_out,
	const uint8_t   *data, size_t len,
	const uint8_t    commitment32[32],
	aval_error      *err);

/** Start before the first term of a verified disclosure, which must outlive the cursor. */
AVAL_API void aval_disclosure_cursor_init(
	aval_disclosure_cursor *cursor,
	const aval_disclosure  *disclosure);

/**
 * Read the next term: the opened terms in the order of their slots, then the absent ones ascending by path.
 *
 * @param[out]    disclosed_out  the term; written on success.
 * @param[in,out] cursor         moved past the term; unchanged on failure.
 * @param[out]    err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           disclosed_out holds a term.
 * @retval AVAL_E_NOT_FOUND  there are no more.
 *
 * @par Ownership  The term borrows the disclosure's bytes.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/commitment.md, section "Disclosure".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_disclosure_next(
	aval_disclosed         *disclosed_out,
	aval_disclosure_cursor *cursor,
	aval_error             *err);

/**
 * Find one term of a verified disclosure.
 *
 * @param[out] disclosed_out  the term; written on success.
 * @param[in]  disclosure     a verified disclosure.
 * @param[in]  path           path_len bytes.
 * @param[in]  path_len       bytes.
 * @param[out] err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           the term is opened, or proven absent: see is_absent.
 * @retval AVAL_E_NOT_FOUND  the disclosure says nothing of its value or absence.
 *
 * @par Ownership  The term borrows the disclosure's bytes.
 * @par Threads    Shared.
 * @par Source     docs/spec/commitment.md, section "Disclosure".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_disclosure_find(
	aval_disclosed        *disclosed_out,
	const aval_disclosure *disclosure,
	const char            *path, size_t path_len,
	aval_error            *err);

/**
 * Read one qualifier of a term.
 *
 * @param[out] qualifier_out  name and value; written on success.
 * @param[in]  disclosed      a term.
 * @param[in]  index          of the qualifier, from 0; shorter names come first, then by bytes.
 * @param[out] err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           qualifier_out holds the qualifier.
 * @retval AVAL_E_NOT_FOUND  index is not below qualifier_count.
 *
 * @par Ownership  The texts borrow the disclosure's bytes.
 * @par Threads    Shared.
 * @par Source     docs/spec/commitment.md, section "Disclosure".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_disclosed_qualifier(
	aval_qualifier       *qualifier_out,
	const aval_disclosed *disclosed,
	size_t                index,
	aval_error           *err);

/**
 * Find a qualifier of a term by its name.
 *
 * @param[out] value_out  the value; written on success.
 * @param[in]  disclosed  a term.
 * @param[in]  name       NUL-terminated: "scheme", "currency", "unit" and the like.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           value_out holds the value.
 * @retval AVAL_E_NOT_FOUND  the term has no such qualifier.
 *
 * @par Ownership  The value borrows the disclosure's bytes.
 * @par Threads    Shared.
 * @par Source     docs/spec/commitment.md, section "Disclosure".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_disclosed_find_qualifier(
	aval_text            *value_out,
	const aval_disclosed *disclosed,
	const char           *name,
	aval_error           *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_DISCLOSURE_H */
