/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519 by libsodium, which refuses keys and points of small order and numbers that are not reduced.
 * sodium_init() is left out: it reads entropy and picks implementations, and verifying needs neither.
 */
#include <sodium/crypto_sign_ed25519.h>

#include "crypto/crypto.h"

aval_status aval_ed25519_verify(const uint8_t key32[32], const uint8_t *message, size_t len,
                                const uint8_t sig64[64])
{
	return crypto_sign_ed25519_verify_detached(sig64, message, len, key32) == 0 ? AVAL_OK
	                                                                            : AVAL_E_SIGNATURE_INVALID;
}
