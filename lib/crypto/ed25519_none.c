/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 in a build without libsodium: well formed, and not verified. */
#include "crypto/crypto.h"

aval_status aval_ed25519_verify(const uint8_t key32[32], const uint8_t *message, size_t len,
                                const uint8_t sig64[64])
{
	(void)key32;
	(void)message;
	(void)len;
	(void)sig64;
	return AVAL_E_UNSUPPORTED;
}
