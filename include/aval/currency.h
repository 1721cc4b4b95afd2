/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_CURRENCY_H
#define AVAL_CURRENCY_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Currencies and the size of their minor units. A token counts minor units, so a
 * code without them (gold, special drawing rights, the test code) is refused
 * like one that does not exist.
 */

#define AVAL_CURRENCY_LEN 3 /**< bytes of a currency code */

/**
 * Tell how many digits after the point the minor unit of a currency has.
 *
 * @param[out] exponent_out  0, 2, 3 or 4: one unit is 10^exponent minor units; written on success; may be NULL.
 * @param[in]  code          len bytes; three capital letters.
 * @param[in]  len           bytes.
 * @param[out] err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the code is of the active list and has minor units.
 * @retval AVAL_E_INVOICE_CURRENCY  it is not, or has none; the reason tells which.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     ISO 4217, list one (currencies and funds).
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_currency_exponent(
	unsigned   *exponent_out,
	const char *code, size_t len,
	aval_error *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_CURRENCY_H */
