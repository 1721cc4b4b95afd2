/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_PARTY_H
#define AVAL_PARTY_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Party ids: the text by which an event names a company or a key. The form and
 * the check digits are checked here; that somebody is that party is not. A
 * "key:" id is proven by the key itself, every other id by a certificate or by
 * a caller's trust.
 */

#define AVAL_PARTY_MAX_LEN 128 /**< bytes of a party id */
#define AVAL_PARTY_KEY_LEN 68  /**< bytes of "key:" and 64 hexadecimal digits */

/** Kinds of party ids. */
typedef enum aval_party_scheme {
	AVAL_PARTY_KEY     = 1, /**< "key:" + RFC 9679 thumbprint, 64 lower-case hexadecimal digits */
	AVAL_PARTY_LEI     = 2, /**< "lei:" + ISO 17442 legal entity identifier, 20 characters */
	AVAL_PARTY_VAT     = 3, /**< "vat:" + country prefix and VAT number, 4 to 14 characters */
	AVAL_PARTY_ISO6523 = 4, /**< "iso6523:" + 4-digit scheme (ICD or EAS), colon, identifier */
	AVAL_PARTY_USCC    = 5  /**< "uscc:" + GB 32100 unified social credit code, 18 characters */
} aval_party_scheme;

/**
 * Check a party id and tell its scheme.
 *
 * Checks the shape and, for LEI and USCC, the check characters. Whether the id is assigned, and to whom, is not
 * checked; nor are the check digits of the national numbers behind "vat:" and "iso6523:". A scheme of
 * "iso6523:" is one of the list that aval_party_iso6523_list() names.
 *
 * @param[out] scheme_out  the scheme; written on success; may be NULL.
 * @param[in]  party       party_len bytes; case matters: only the form given at the scheme is an id.
 * @param[in]  party_len   bytes; at most AVAL_PARTY_MAX_LEN.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK              party is a party id.
 * @retval AVAL_E_PARTY_FORMAT  party has no known scheme, or not the scheme's form.
 * @retval AVAL_E_PARTY_CHECK   the form is right, the check characters are not.
 * @retval AVAL_E_PARTY_SCHEME  the form is right, the ISO 6523 scheme is not on the list.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9679; ISO 17442 and ISO 7064 (MOD 97-10); GB 32100-2015; ISO 6523; EU VAT number formats;
 *                 docs/spec/identity.md#ids.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_party_check(
	aval_party_scheme *scheme_out,
	const char        *party, size_t party_len,
	aval_error        *err);

/** Release of the code lists (ICD and EAS) that have the schemes of "iso6523:", e.g. "EN16931-1.3.16"; static. */
AVAL_API const char *aval_party_iso6523_list(void);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_PARTY_H */
