/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and values of a registry's map: docs/spec/state.md, section 1. */
#include <aval/party.h>

#include "hash/hash.h"
#include "proof/state.h"

static const char map_key_tag[] = "aval/map-key";

aval_status aval_state_check_key(const aval_state_key *key, aval_error *err)
{
	if (key->kind == AVAL_STATE_PARTY)
		return aval_party_check(NULL, (const char *)key->id.data, key->id.len, err);
	if (key->kind < AVAL_STATE_NOTE || key->kind > AVAL_STATE_PARTY)
		return aval_fail(err, AVAL_E_CBOR_RANGE, "state_key.kind", "not a kind of key");
	if (key->id.len != 32)
		return aval_fail(err, AVAL_E_CBOR_RANGE, "state_key.id", "the id is not 32 bytes");
	return AVAL_OK;
}

void aval_state_write_key(aval_cbor_writer *w, const aval_state_key *key)
{
	aval_cbor_write_array(w, 2);
	aval_cbor_write_uint(w, (uint64_t)key->kind);
	if (key->kind == AVAL_STATE_PARTY)
		aval_cbor_write_text(w, (aval_text){ (const char *)key->id.data, key->id.len });
	else
		aval_cbor_write_bytes(w, key->id.data, key->id.len);
}

int aval_state_compare_keys(const aval_state_key *a, const aval_state_key *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->id.len != b->id.len)
		return a->id.len < b->id.len ? -1 : 1;
	return memcmp(a->id.data, b->id.data, a->id.len);
}

static void absorb(const uint8_t *data, size_t len, void *user_data)
{
	aval_sha256_update(user_data, data, len);
}

aval_status aval_state_key_path(uint8_t path32_out[32], const aval_state_key *key, aval_error *err)
{
	aval_status      status = aval_state_check_key(key, err);
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;

	if (status != AVAL_OK)
		return status;
	aval_tagged_init(&ctx, &aval_tag_map_key);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_state_write_key(&w, key);
	aval_sha256_finish(&ctx, path32_out);
	return AVAL_OK;
}

aval_status aval_state_key_preimage(uint8_t *out, size_t *len_inout, const aval_state_key *key, aval_error *err)
{
	uint8_t          preimage[AVAL_STATE_PREIMAGE_MAX_LEN];
	size_t           room = out == NULL ? 0 : *len_inout;
	aval_cbor_writer w;
	aval_status      status = aval_state_check_key(key, err);

	if (status != AVAL_OK)
		return status;
	aval_sha256(preimage, map_key_tag, sizeof map_key_tag - 1);
	memcpy(preimage + 32, preimage, 32);
	aval_cbor_writer_init(&w, preimage + 64, sizeof preimage - 64);
	aval_state_write_key(&w, key);
	*len_inout = 64 + w.len;
	if (64 + w.len > room)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "state_key", "the preimage has more bytes");
	memcpy(out, preimage, 64 + w.len);
	return AVAL_OK;
}

void aval_state_fingerprint_serialize(uint8_t                       value_out[AVAL_STATE_FINGERPRINT_LEN],
                                      const aval_state_fingerprint *fingerprint)
{
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, value_out, AVAL_STATE_FINGERPRINT_LEN);
	aval_cbor_write_array(&w, 2);
	aval_cbor_write_bytes(&w, fingerprint->token32, 32);
	aval_cbor_write_uint(&w, (uint64_t)fingerprint->status);
}

aval_status aval_state_fingerprint_parse(aval_state_fingerprint *fingerprint_out, const uint8_t *value,
                                         size_t value_len, aval_error *err)
{
	aval_state_fingerprint f = { .status = AVAL_FINGERPRINT_LIVE };
	aval_cbor_reader       r;
	aval_status            status;

	aval_cbor_reader_init(&r, value, value_len);
	aval_cbor_enter_array_exact(&r, "fingerprint", 2);
	aval_cbor_read_bytes_exact(&r, "fingerprint.token", f.token32, 32);
	f.status = (aval_fingerprint_status)aval_cbor_read_uint_range(&r, "fingerprint.status", 1, 3);
	aval_cbor_leave(&r, "fingerprint");
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK)
		*fingerprint_out = f;
	return status;
}
