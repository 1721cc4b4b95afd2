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
 * and qualifiers. The import reads every file that is well formed and has one of
 * three roots: it does not ask whether mandatory terms are there, whether codes
 * are on their lists, or whether sums add up. What it cannot put into a term it
 * lists; it fetches nothing, and refuses document types and entities.
 */

#define AVAL_TERM_MAP_VERSION 1 /**< of the map from elements to terms; part of every commitment */

#define AVAL_INVOICE_MAX_LEN (64u << 20)     /**< bytes of a file, and of all unmapped content listed */
#define AVAL_INVOICE_MAX_TERMS (1u << 20)    /**< terms of an invoice, its unmapped entries, an index in a path */
#define AVAL_XML_MAX_DEPTH 64                /**< elements open at a time */

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

/** What a file is. */
typedef enum aval_invoice_syntax {
	AVAL_INVOICE_UBL_INVOICE     = 1, /**< UBL 2.1 and up, Invoice */
	AVAL_INVOICE_UBL_CREDIT_NOTE = 2, /**< UBL 2.1 and up, CreditNote */
	AVAL_INVOICE_CII             = 3  /**< UN/CEFACT Cross Industry Invoice D16B: Factur-X, ZUGFeRD 2, XRechnung */
} aval_invoice_syntax;

/** Why something in the file is in no term. */
typedef enum aval_unmapped_reason {
	AVAL_UNMAPPED_UNKNOWN    = 1, /**< the map has no such element, attribute or text */
	AVAL_UNMAPPED_REPEATED   = 2, /**< its term may stand once and is there already */
	AVAL_UNMAPPED_UNSELECTED = 3, /**< what stands beside it (a charge indicator, a type code) gives it no term */
	AVAL_UNMAPPED_EXTENSION  = 4  /**< a UBL extension as a whole; the value names what it holds */
} aval_unmapped_reason;

/** A text of the file that is in no term. */
typedef struct aval_unmapped {
	aval_text            path;   /**< "/ubl:Invoice/cbc:UBLVersionID"; "Q{uri}name" where no prefix is known */
	aval_text            value;  /**< its text without outer white space; may be empty */
	aval_unmapped_reason reason;
	size_t               offset; /**< bytes into the file; where the element begins */
} aval_unmapped;

/** Something wrong with one term. */
typedef struct aval_defect {
	aval_text   path;   /**< of the term */
	aval_status status; /**< AVAL_E_INVOICE_TERM_VALUE or AVAL_E_INVOICE_TERM_REPEATED */
	size_t      offset; /**< bytes into the file; where the element begins */
	const char *reason; /**< static English sentence fragment without values */
} aval_defect;

/** An imported invoice. It never changes. */
typedef struct aval_invoice aval_invoice;

/**
 * Read an invoice.
 *
 * The same invoice in UBL and in CII gives the same terms. A value that does not have the form of its term (a date
 * that is none, an amount in another currency) becomes a term as it stands, and a defect beside it. Time and memory
 * grow with xml_len and with nothing else.
 *
 * @param[out] invoice_out  the invoice; written on success; to be freed with aval_invoice_free().
 * @param[in]  xml          xml_len bytes; UTF-8, UTF-16, ISO-8859-1 or US-ASCII, as the file says.
 * @param[in]  xml_len      bytes; at most AVAL_INVOICE_MAX_LEN.
 * @param[in]  allocator    where memory comes from, also during the call; may be NULL.
 * @param[out] err          filled only on failure; may be NULL. offset is where in xml.
 *
 * @retval AVAL_OK              the file is well formed, and each of its texts is in a term or listed as unmapped.
 * @retval AVAL_E_XML_SYNTAX    it is not well formed; cause is expat's code.
 * @retval AVAL_E_XML_DOCTYPE   it has a document type declaration, or an entity other than the five of XML.
 * @retval AVAL_E_XML_ENCODING  its encoding is none of the four, or another than it says.
 * @retval AVAL_E_XML_DEPTH     elements are nested deeper than AVAL_XML_MAX_DEPTH.
 * @retval AVAL_E_XML_ROOT      its root is none of the three.
 * @retval AVAL_E_INVALID_ARGUMENT  invoice_out is NULL, or xml is and xml_len is not 0.
 * @retval AVAL_E_LIMIT         xml_len is above AVAL_INVOICE_MAX_LEN, or there are more terms or more unmapped content
 *                              than the limits above allow.
 * @retval AVAL_E_NO_MEMORY     the allocator returned NULL.
 *
 * @par Ownership  xml is not retained. The allocator is kept and must outlive the invoice.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     EN 16931-1 and CEN/TS 16931-3; docs/spec/terms.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_invoice_parse(
	aval_invoice        **invoice_out,
	const uint8_t        *xml, size_t xml_len,
	const aval_allocator *allocator,
	aval_error           *err);

/** Free an invoice and all that was borrowed from it; invoice may be NULL. */
AVAL_API void aval_invoice_free(aval_invoice *invoice);

/** What the file is. */
AVAL_API aval_invoice_syntax aval_invoice_syntax_of(const aval_invoice *invoice);

/** Number of terms. */
AVAL_API size_t aval_invoice_term_count(const aval_invoice *invoice);

/** The terms, strictly ascending by aval_term_path_compare(); borrowed from the invoice. */
AVAL_API const aval_term *aval_invoice_terms(const aval_invoice *invoice);

/** The term of a path; borrowed from the invoice; NULL where the invoice has none. */
AVAL_API const aval_term *aval_invoice_find(
	const aval_invoice *invoice,
	const char         *path, size_t path_len);

/** Number of texts that are in no term. */
AVAL_API size_t aval_invoice_unmapped_count(const aval_invoice *invoice);

/** The texts that are in no term, in the order of the file; borrowed from the invoice. */
AVAL_API const aval_unmapped *aval_invoice_unmapped(const aval_invoice *invoice);

/** Number of defects. */
AVAL_API size_t aval_invoice_defect_count(const aval_invoice *invoice);

/** What is wrong with single terms, ascending by path; borrowed from the invoice. */
AVAL_API const aval_defect *aval_invoice_defects(const aval_invoice *invoice);

/** The first defect of a path; borrowed from the invoice; NULL where the term has none. */
AVAL_API const aval_defect *aval_invoice_defect_find(
	const aval_invoice *invoice,
	const char         *path, size_t path_len);

/** The SHA-256 of the file as it was read. */
AVAL_API void aval_invoice_source_hash(
	uint8_t             sha256_out[32],
	const aval_invoice *invoice);

/**
 * Whether a path can be that of a term: its term is in the map, stands in just these groups, and has an index exactly
 * where it may be repeated. No index is above AVAL_INVOICE_MAX_TERMS.
 *
 * @param[in] path      path_len bytes.
 * @param[in] path_len  bytes.
 *
 * @return false also for a text that is no path.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/terms.md.
 */
AVAL_API bool aval_term_path_is_known(
	const char *path, size_t path_len);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_INVOICE_H */
