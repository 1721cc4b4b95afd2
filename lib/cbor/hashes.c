/* SPDX-License-Identifier: Apache-2.0 */
/* Byte strings of 32 bytes, of which proofs hold many: their only head is known, so none is decoded. */
#include "cbor/head.h"

enum { HEAD_LEN = 2, ITEM_LEN = HEAD_LEN + 32 };

size_t aval_cbor_take_hashes(aval_cbor_reader *r, size_t count, const uint8_t **first_out)
{
	aval_cbor_frame *f = r->depth == 0 ? NULL : &r->frames[r->depth - 1];
	const uint8_t   *p = r->data + r->offset;
	size_t           most = (r->len - r->offset) / ITEM_LEN, taken = 0;

	if (!aval_cbor_ok(r) || f == NULL || f->is_map || r->tags != 0)
		return 0;
	most = most < f->remaining ? most : (size_t)f->remaining;
	most = most < count ? most : count;
	while (taken < most && p[ITEM_LEN * taken] == 0x58 && p[ITEM_LEN * taken + 1] == 0x20)
		taken++;
	if (taken > 0)
		*first_out = p + HEAD_LEN;
	r->offset += ITEM_LEN * taken;
	f->remaining -= taken;
	return taken;
}
