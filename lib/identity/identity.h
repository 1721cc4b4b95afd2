/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_IDENTITY_H
#define AVAL_LIB_IDENTITY_H

/* Party ids inside of other formats, and what is asked of them. */

#include <aval/party.h>

#include "cbor/codec.h"

/* Whether a party id that was checked is a "key:" party, and whether it is that of a thumbprint. */
bool aval_party_has_key(aval_text party);
bool aval_party_is_key(aval_text party, const uint8_t thumbprint32[32]);

/* A party id as the value of a field: AVAL_E_PARTY_FORMAT, AVAL_E_PARTY_CHECK. */
void aval_code_party(aval_codec *c, const char *where, aval_text *party);

/* Whether a number of four digits is a scheme of "iso6523:" ids; iso6523.c. */
bool aval_iso6523_has(unsigned scheme);

#endif /* AVAL_LIB_IDENTITY_H */
