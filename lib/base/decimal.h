/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_BASE_DECIMAL_H
#define AVAL_LIB_BASE_DECIMAL_H

/* What the arithmetic and the text form of decimals share. */

#include <aval/decimal.h>

#include "base/wide.h"

/* Whether the fields are those of a decimal of the header's bounds. */
bool aval_decimal_in_bounds(const aval_decimal *decimal);

/* The one form of magnitude / 10^scale; false if it does not fit. */
bool aval_decimal_pack(aval_decimal *out, const aval_wide *magnitude, unsigned scale, bool negative);

#endif
