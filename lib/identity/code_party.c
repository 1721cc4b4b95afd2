/* SPDX-License-Identifier: Apache-2.0 */
/* Party ids and origins as fields, in both directions; see cbor/codec.h. */
#include "identity/identity.h"

void aval_code_party(aval_codec *c, const char *where, aval_text *party)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status;

	aval_code_text(c, where, party, 1, AVAL_PARTY_MAX_LEN);
	/* The same party often stands in several places, one after the other. */
	if (!aval_codec_ok(c) || aval_text_equal(*party, c->party))
		return;
	status = aval_party_check(NULL, party->data, party->len, &err);
	if (status != AVAL_OK)
		aval_codec_fail(c, status, where, err.reason);
	else
		c->party = *party;
}
