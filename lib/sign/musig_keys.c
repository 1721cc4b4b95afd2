/* SPDX-License-Identifier: Apache-2.0 */
/* Those who sign together. */
#include "sign/musig.h"

void aval_musig_digest(uint8_t digest32_out[32], const uint8_t *message, size_t message_len)
{
	aval_tagged(digest32_out, &aval_tag_schnorr, message, message_len);
}

/* A Schnorr key's point is the one with the even y. */
static aval_status member_of(aval_musig_member *out, const aval_public_key *key)
{
	uint8_t point65[65];

	if (aval_public_key_alg(key) != AVAL_ALG_SCHNORR)
		return AVAL_E_COSE_ALGORITHM;
	aval_public_key_point(point65, key);
	out->bytes33[0] = 2;
	memcpy(out->bytes33 + 1, point65 + 1, 32);
	return aval_k1_point_parse_full(&out->point, point65) ? AVAL_OK : AVAL_E_KEY_POINT;
}

static aval_status load_members(aval_musig_member *out, const aval_public_key *members, size_t count,
                                aval_error *err)
{
	for (size_t i = 0; i < count; i++) {
		aval_status status = member_of(&out[i], &members[i]);

		if (status != AVAL_OK)
			return aval_fail_cause(err, status, "members[]",
			                       "a member's key is not of algorithm schnorr", (int64_t)i);
	}
	aval_musig_sort(out, count);
	return AVAL_OK;
}

static aval_status key_of(aval_public_key *out, const aval_k1_point *point, aval_error *err)
{
	uint8_t point65[65];

	aval_k1_point_serialize_full(point65, point);
	return aval_public_key_from_point(out, AVAL_ALG_SCHNORR, point65, err);
}

static aval_status seat(aval_musig_keys *keys, aval_error *err)
{
	aval_status status;

	status = aval_musig_core_aggregate(keys);
	if (status == AVAL_E_NO_MEMORY)
		return aval_fail_no_memory(err);
	if (status != AVAL_OK)
		return aval_fail(err, status, "members", "the members' keys cancel out");
	status = key_of(&keys->aggregate, &keys->group.point, err);
	for (size_t i = 0; status == AVAL_OK && i < keys->count; i++)
		status = key_of(&keys->seats[i].key, &keys->members[i].point, err);
	return status;
}

aval_status aval_musig_keys_new(aval_musig_keys **keys_out, const aval_public_key *members, size_t count,
                                const aval_allocator *allocator, aval_error *err)
{
	aval_musig_keys *keys;
	aval_status      status;

	if (members == NULL || count == 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "members", "there is no member");
	if (count > AVAL_MUSIG_MAX_MEMBERS)
		return aval_fail(err, AVAL_E_LIMIT, "members", "more than AVAL_MUSIG_MAX_MEMBERS");
	keys = aval_alloc_zero(allocator, sizeof *keys);
	if (keys == NULL)
		return aval_fail_no_memory(err);
	keys->allocator = allocator;
	keys->count = count;
	keys->members = aval_alloc_array(allocator, count, sizeof keys->members[0]);
	keys->seats = aval_alloc_array(allocator, count, sizeof keys->seats[0]);
	status = keys->members == NULL || keys->seats == NULL
	                 ? aval_fail_no_memory(err)
	                 : load_members(keys->members, members, count, err);
	if (status == AVAL_OK)
		status = seat(keys, err);
	if (status == AVAL_OK)
		*keys_out = keys;
	else
		aval_musig_keys_free(keys);
	return status;
}

size_t aval_musig_keys_count(const aval_musig_keys *keys)
{
	return keys->count;
}

const aval_public_key *aval_musig_keys_member(const aval_musig_keys *keys, size_t index)
{
	return &keys->seats[index].key;
}

const aval_public_key *aval_musig_keys_aggregate(const aval_musig_keys *keys)
{
	return &keys->aggregate;
}

void aval_musig_keys_free(aval_musig_keys *keys)
{
	if (keys == NULL)
		return;
	aval_free(keys->seats, keys->allocator);
	aval_free(keys->members, keys->allocator);
	aval_free(keys, keys->allocator);
}
