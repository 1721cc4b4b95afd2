/* SPDX-License-Identifier: Apache-2.0 */
/* The construction here, on calls of libsecp256k1 that every version has: musig_group.c to musig_partial.c. */
#include "sign/musig.h"

const char *aval_musig_core_name(void)
{
	return "own";
}

aval_status aval_musig_core_aggregate(aval_musig_keys *keys)
{
	aval_status status = aval_musig_aggregate(&keys->group, keys->members, keys->count);

	for (size_t i = 0; status == AVAL_OK && i < keys->count; i++)
		aval_musig_coefficient(keys->seats[i].coefficient32, &keys->group, keys->members[i].bytes33);
	return status;
}

aval_status aval_musig_core_draw(aval_musig_nonce *nonce, const aval_musig_keys *keys,
                                 const aval_secret_key *key, uint8_t random32[32], const uint8_t *extra32)
{
	const aval_bytes message = { nonce->digest32, 32 };
	aval_musig_pair  pair;

	aval_musig_nonce_derive(nonce->secret,
	                        &(aval_musig_nonce_input){ random32,
	                                                   key->scalar32,
	                                                   nonce->member33,
	                                                   keys->group.x32,
	                                                   &message,
	                                                   { extra32, extra32 == NULL ? 0 : 32 } });
	if (!aval_musig_pair_of(&pair, key->k1, nonce->secret))
		return AVAL_E_KEY_SCALAR;
	aval_musig_pair_serialize(nonce->public66, &pair);
	return AVAL_OK;
}

aval_status aval_musig_core_begin(aval_musig_session *session, size_t *faulty_out)
{
	size_t          count = session->keys->count;
	aval_musig_pair sum;

	session->pairs = aval_alloc_array(session->allocator, count, sizeof session->pairs[0]);
	if (session->pairs == NULL)
		return AVAL_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		if (!aval_musig_pair_parse(&session->pairs[i], session->public_nonces + 66 * i)) {
			*faulty_out = i;
			return AVAL_E_MUSIG_NONCE;
		}
	}
	aval_musig_pair_sum(&sum, session->pairs, count);
	aval_musig_challenge_init(&session->challenge, &session->keys->group, &sum,
	                          (aval_bytes){ session->digest32, 32 });
	return AVAL_OK;
}

bool aval_musig_core_sign(uint8_t partial32_out[32], const aval_musig_session *session, size_t index,
                          uint8_t secret[AVAL_MUSIG_SECRET_LEN], const aval_secret_key *key)
{
	if (!aval_musig_nonce_is_sound(secret))
		return false;
	aval_musig_partial_sign(partial32_out, &session->challenge, &session->keys->group,
	                        session->keys->seats[index].coefficient32, secret, key->scalar32);
	return true;
}

bool aval_musig_core_verify(const aval_musig_session *session, size_t index, const uint8_t partial32[32])
{
	const aval_musig_keys *keys = session->keys;

	return aval_musig_partial_verify(partial32, &session->challenge, &keys->group,
	                                 keys->seats[index].coefficient32, &session->pairs[index],
	                                 &keys->members[index].point);
}

bool aval_musig_core_combine(uint8_t sig64_out[64], size_t *faulty_out, const aval_musig_session *session,
                             const uint8_t *partials)
{
	return aval_musig_partial_sum(sig64_out, faulty_out, &session->challenge, &session->keys->group,
	                              partials, session->keys->count);
}
