/* SPDX-License-Identifier: Apache-2.0 */
/* Protected headers in their one form. */
#include "cose/header.h"

void aval_cose_enter_header(aval_cbor_reader *inner, const aval_cbor_reader *outer, aval_bytes header,
                         const char *where)
{
	size_t begin = header.data == NULL ? 0 : (size_t)(header.data - outer->data);

	aval_cbor_reader_init(inner, outer->data, begin + header.len);
	inner->offset = begin;
	if (!aval_cbor_ok(outer))
		aval_cbor_fail_at(inner, outer->status, outer->fail_offset, outer->fail_where,
		                  outer->fail_reason);
	else if (header.len == 0)
		aval_cbor_fail(inner, AVAL_E_COSE_HEADER, where, "the protected header is empty");
	aval_cbor_enter_map(inner, where);
}

void aval_cose_leave_header(aval_cbor_reader *inner, aval_cbor_reader *outer, const char *where)
{
	if (aval_cbor_ok(inner) && aval_cbor_peek(inner) != AVAL_CBOR_NONE)
		aval_cbor_fail(inner, AVAL_E_COSE_HEADER, where, "a header that must not be there");
	aval_cbor_leave(inner, where);
	if (aval_cbor_ok(inner) && inner->offset != inner->len)
		aval_cbor_fail(inner, AVAL_E_CBOR_TRAILING, where, "bytes follow the header's map");
	if (!aval_cbor_ok(inner))
		aval_cbor_fail_at(outer, inner->status, inner->fail_offset, inner->fail_where,
		                  inner->fail_reason);
}

void aval_cose_expect_label(aval_cbor_reader *r, const char *where, int64_t label)
{
	size_t  offset = r->offset;
	int64_t found = 0;
	int     major = aval_cbor_peek(r);

	if (!aval_cbor_ok(r))
		return;
	if (major == AVAL_CBOR_NONE)
		aval_cbor_fail(r, AVAL_E_COSE_HEADER, where, "the header is missing");
	else if (major == AVAL_CBOR_TEXT)
		aval_cbor_fail(r, AVAL_E_COSE_HEADER, where, "another header stands in the place of this one");
	else if (aval_cbor_next_key_int(r, where, &found) && found != label)
		aval_cbor_fail_at(r, AVAL_E_COSE_HEADER, offset, where,
		                  "another header stands in the place of this one");
}

void aval_cose_read_empty_map(aval_cbor_reader *r, const char *where)
{
	size_t offset = r->offset;

	if (aval_cbor_enter_map(r, where) != 0)
		aval_cbor_fail_at(r, AVAL_E_COSE_HEADER, offset, where, "the unprotected header is not empty");
	aval_cbor_leave(r, where);
}
