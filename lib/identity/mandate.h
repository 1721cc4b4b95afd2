/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MANDATE_H
#define AVAL_LIB_MANDATE_H

/* Private to mandates: their payload, described once for both directions, docs/spec/mandate.md#man-format. */

#include <aval/mandate.h>

#include "cose/cose.h"
#include "identity/identity.h"

#define AVAL_MANDATE_TYP "application/aval-mandate+cbor"

/* The highest type of event that a grant may list. */
enum { AVAL_MANDATE_LAST_TYPE = 24 };

/* Bytes of a key and of a member in the payload: a head of two bytes before them. */
enum { AVAL_MANDATE_KEY_STEP = 2 + 32, AVAL_MANDATE_MEMBER_STEP = 2 + AVAL_MANDATE_MEMBER_LEN };

/* A mandate to be written: its lists stand outside. Read, they are found by the offsets in mandate.internal. */
typedef struct aval_mandate_content {
	aval_mandate              mandate;
	const uint8_t            *keys;
	const aval_mandate_cap   *caps;
	const aval_mandate_group *groups;
} aval_mandate_content;

/* All pairs of the map, in ascending order of keys. */
void aval_code_mandate(aval_codec *c, aval_mandate_content *x);

/* The statement as lib/cose read it. */
aval_cose_one aval_mandate_cose(const aval_mandate *mandate);

/* What a failed signature of a mandate is called: AVAL_E_MANDATE_SIGNATURE, but where nothing is said of it. */
aval_status aval_mandate_fail_signature(const aval_mandate *mandate, aval_status status, const aval_error *why,
                                        aval_error *err);

/*
 * Whether bytes are the payload of a mandate, of a party for which the signer may speak: thumbprint32 of a key, or
 * NULL of a certificate.
 */
aval_status aval_mandate_check_payload(const uint8_t *payload, size_t len, const uint8_t *thumbprint32,
                                       aval_error *err);

/* Whether the members, step bytes apart, make the key of a thumbprint: AVAL_E_MANDATE_GROUP. */
aval_status aval_mandate_check_group(const uint8_t aggregate32[32], const uint8_t *members, size_t step,
                                     size_t count, aval_error *err);

#endif /* AVAL_LIB_MANDATE_H */
