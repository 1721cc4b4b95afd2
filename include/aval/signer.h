/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_SIGNER_H
#define AVAL_SIGNER_H

#include <aval/key.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Signers: whatever can sign with one key, a key file or an HSM. A signer is
 * shown the bytes to be signed and their digest. Its result is never trusted:
 * s is brought to its low form and the signature is verified before it is used.
 * Whose key it is, and whether it may sign what it is shown, is not asked here.
 */

/**
 * One key and the means to sign with it. Callers fill it; it is copied by value and owns nothing.
 *
 * sign() writes 64 bytes, r || s (x of R || s for Schnorr), and returns AVAL_OK; any other result reaches the
 * caller as the cause of AVAL_E_CALLBACK. message is what is signed, a Sig_structure of COSE, so that a policy
 * can look into it; digest32 is what the curve operation takes: SHA-256 of message for ECDSA,
 * TH("aval/schnorr", message) for Schnorr. s may be high. sign() must not call back into what it signs for.
 */
typedef struct aval_signer {
	uint32_t        struct_size; /**< bytes; sizeof(aval_signer) */
	aval_public_key key;         /**< the key, which says the algorithm too */
	aval_status (*sign)(uint8_t        sig64_out[64],
	                    const uint8_t *message, size_t message_len,
	                    const uint8_t  digest32[32],
	                    void          *user_data);
	void *user_data;
} aval_signer;

/**
 * A signer that uses a secret key in memory.
 *
 * ECDSA nonces are deterministic (RFC 6979); Schnorr nonces are BIP340's, with auxiliary randomness from the
 * key's entropy; so is the blinding of P-256. A failing entropy source fails the signature.
 *
 * @param[in] key  a secret key.
 *
 * @return The signer.
 *
 * @par Ownership  key is borrowed and must outlive the signer.
 * @par Threads    Several threads may sign with one key at once, if its entropy source may be called so.
 * @par Source     RFC 6979; BIP340.
 */
AVAL_API aval_signer aval_signer_from_secret_key(aval_secret_key *key);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_SIGNER_H */
