/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_INVOICE_H
#define AVAL_INVOICE_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Invoices as lists of business terms of EN 16931, whatever the syntax of the
 * file. A term has a path, a value in the one form that its business term has,
 * and qualifiers. Paths are checked here for their form alone; what a path means
 * is the term map's business.
 */

#define AVAL_TERM_PATH_MAX_STEPS 4 /**< groups and the term; no path has more */
#define AVAL_TERM_PATH_MAX_LEN 75  /**< bytes; no path is longer */

/** What a value is of: a scheme, a currency, a unit. Both texts are borrowed. */
typedef struct aval_qualifier {
	aval_text name;
	aval_text value;
} aval_qualifier;

/** One business term of an invoice; everything is borrowed. */
typedef struct aval_term {
	aval_text             path;       /**< "BT-1", "BG-25.3/BT-146", "BG-25.3/BG-28.1/BT-141" */
	aval_text             value;      /**< may be empty */
	const aval_qualifier *qualifiers; /**< strictly ascending by the bytes of their names */
	size_t                qualifier_count;
} aval_term;

/** One step of a path: "BG-25.3" is a group with number 25 and index 3. */
typedef struct aval_term_step {
	bool     is_group; /**< BG; else BT */
	uint32_t number;   /**< 1..9999 */
	uint32_t index;    /**< 1 and up; 0 where the term has none */
} aval_term_step;

/** A path taken apart: groups, each with an index, and last the term. */
typedef struct aval_term_path {
	uint32_t       step_count; /**< 1..AVAL_TERM_PATH_MAX_STEPS */
	aval_term_step steps[AVAL_TERM_PATH_MAX_STEPS];
} aval_term_path;

/**
 * Take the path of a term apart.
 *
 * Only the form is checked: groups "BG-number.index", each followed by "/", then the term "BT-number" or
 * "BT-number.index". Whether there is such a term, and whether it is repeatable, is not checked.
 *
 * @param[out] path_out  the steps; written on success; may be NULL.
 * @param[in]  path      path_len bytes; numbers and indices are decimal without leading zeros.
 * @param[in]  path_len  bytes; at most AVAL_TERM_PATH_MAX_LEN.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                      path has the form of a path.
 * @retval AVAL_E_INVOICE_TERM_UNKNOWN  it has not; offset says where.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/commitment.md, section "Salts".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_term_path_parse(
	aval_term_path *path_out,
	const char     *path, size_t path_len,
	aval_error     *err);

/**
 * Compare two paths in the order of terms: step by step, groups before terms, then by number, then by index.
 *
 * So "BT-29.2" stands before "BT-29.10", which bytes do not say. The order is total: text that is no path stands
 * behind all paths, by its bytes.
 *
 * @param[in] a  borrowed text.
 * @param[in] b  borrowed text.
 *
 * @return below 0, 0 or above 0, as a stands before b, equals b, or stands behind b.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/commitment.md, section "Salts".
 */
AVAL_API int aval_term_path_compare(
	aval_text a,
	aval_text b);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_INVOICE_H */
