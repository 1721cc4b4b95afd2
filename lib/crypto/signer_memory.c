/* SPDX-License-Identifier: Apache-2.0 */
/* The signer over a secret key in memory; a file of its own, linked only where it is used. */
#include "crypto/crypto.h"

static aval_status sign(uint8_t sig64_out[64], const uint8_t *message, size_t message_len,
                        const uint8_t digest32[32], void *user_data)
{
	const aval_secret_key *key = user_data;

	(void)message;
	(void)message_len;
	return aval_algorithm_of(&key->public_key)->sign(sig64_out, key, digest32);
}

aval_signer aval_signer_from_secret_key(aval_secret_key *key)
{
	return (aval_signer){ sizeof(aval_signer), key->public_key, sign, key };
}
