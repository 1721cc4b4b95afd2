/* SPDX-License-Identifier: Apache-2.0 */
#include "invoice/slot.h"

#include "cbor/cbor.h"
#include "hash/hash.h"

uint32_t aval_slot_of_hash(const uint8_t hash32[32], unsigned depth)
{
	uint32_t first =
		(uint32_t)hash32[0] << 24 | (uint32_t)hash32[1] << 16 | (uint32_t)hash32[2] << 8 | hash32[3];

	return first >> (32 - depth);
}

uint32_t aval_slot_of(aval_text path, unsigned depth)
{
	uint8_t hash[32];

	aval_tagged(hash, &aval_tag_slot_index, path.data, path.len);
	return aval_slot_of_hash(hash, depth);
}

void aval_commitment_of_root(uint8_t commitment32_out[32], unsigned depth, uint64_t map_version,
                             const uint8_t root32[32])
{
	uint8_t          bytes[64];
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, bytes, sizeof bytes);
	aval_cbor_write_array(&w, 3);
	aval_cbor_write_uint(&w, depth);
	aval_cbor_write_uint(&w, map_version);
	aval_cbor_write_bytes(&w, root32, 32);
	aval_tagged(commitment32_out, &aval_tag_commitment, bytes, w.len);
}
