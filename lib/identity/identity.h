/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_IDENTITY_H
#define AVAL_LIB_IDENTITY_H

/* Internal questions about party ids. */

#include <aval/party.h>

#include "base/base.h"

/* Whether a party id that was checked is a "key:" party, and whether it is that of a thumbprint. */
bool aval_party_has_key(aval_text party);
bool aval_party_is_key(aval_text party, const uint8_t thumbprint32[32]);

#endif /* AVAL_LIB_IDENTITY_H */
