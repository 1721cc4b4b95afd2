/* SPDX-License-Identifier: Apache-2.0 */
/* MuSig2 by libsecp256k1's own module; what it asks for is given by crypto/k1_musig.c. */
#include "sign/musig.h"

const char *aval_musig_core_name(void)
{
	return "module";
}

aval_status aval_musig_core_aggregate(aval_musig_keys *keys)
{
	uint8_t     point33[33];
	aval_status status = aval_k1_musig_aggregate(keys->cache, &keys->group.point, &keys->members[0].point,
	                                             keys->count, sizeof keys->members[0], keys->allocator);

	if (status != AVAL_OK)
		return status;
	aval_k1_point_serialize(point33, &keys->group.point);
	memcpy(keys->group.x32, point33 + 1, 32);
	return AVAL_OK;
}

aval_status aval_musig_core_draw(aval_musig_nonce *nonce, const aval_musig_keys *keys,
                                 const aval_secret_key *key, uint8_t random32[32], const uint8_t *extra32)
{
	aval_k1_point point;

	if (!aval_k1_point_parse(&point, nonce->member33) ||
	    !aval_k1_musig_nonce(nonce->secret, nonce->public66, key->k1, random32, key->scalar32, &point,
	                         nonce->digest32, keys->cache, extra32))
		return AVAL_E_KEY_SCALAR;
	return AVAL_OK;
}

aval_status aval_musig_core_begin(aval_musig_session *session, size_t *faulty_out)
{
	size_t count = session->keys->count;

	session->nonces = aval_alloc_array(session->allocator, count, AVAL_K1_MUSIG_NONCE_LEN);
	if (session->nonces == NULL)
		return AVAL_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		if (!aval_k1_musig_nonce_parse(session->nonces + AVAL_K1_MUSIG_NONCE_LEN * i,
		                               session->public_nonces + 66 * i)) {
			*faulty_out = i;
			return AVAL_E_MUSIG_NONCE;
		}
	}
	return aval_k1_musig_session(session->module, session->nonces, count, session->digest32,
	                             session->keys->cache, session->allocator)
	               ? AVAL_OK
	               : AVAL_E_NO_MEMORY;
}

bool aval_musig_core_sign(uint8_t partial32_out[32], const aval_musig_session *session, size_t index,
                          uint8_t secret[AVAL_MUSIG_SECRET_LEN], const aval_secret_key *key)
{
	(void)index;
	return aval_k1_musig_sign(partial32_out, secret, key->k1, key->scalar32, session->keys->cache,
	                          session->module);
}

bool aval_musig_core_verify(const aval_musig_session *session, size_t index, const uint8_t partial32[32])
{
	return aval_k1_musig_verify(partial32, session->nonces + AVAL_K1_MUSIG_NONCE_LEN * index,
	                            &session->keys->members[index].point, session->keys->cache,
	                            session->module);
}

bool aval_musig_core_combine(uint8_t sig64_out[64], size_t *faulty_out, const aval_musig_session *session,
                             const uint8_t *partials)
{
	return aval_k1_musig_combine(sig64_out, faulty_out, session->module, partials, session->keys->count);
}
