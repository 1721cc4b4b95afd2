/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_STATE_H
#define AVAL_LIB_STATE_H

/* Parts that the codecs of keys, entries and deltas and the auditor share. */

#include <aval/state.h>

#include "base/base.h"
#include "cbor/cbor.h"

/* An id of the length that its kind has; a party's is a party id. */
AVAL_MUST_CHECK aval_status aval_state_check_key(const aval_state_key *key, aval_error *err);

void aval_state_write_key(aval_cbor_writer *w, const aval_state_key *key);

/* The order of keys in a delta, which is that of their encodings. */
int aval_state_compare_keys(const aval_state_key *a, const aval_state_key *b);

#endif /* AVAL_LIB_STATE_H */
