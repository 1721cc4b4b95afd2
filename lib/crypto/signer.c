/* SPDX-License-Identifier: Apache-2.0 */
/* Signing through a signer, whose result is not trusted. */
#include "crypto/crypto.h"

aval_status aval_signer_check(const aval_signer *signer, aval_error *err)
{
	if (signer == NULL || signer->struct_size < sizeof *signer || signer->sign == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "signer", "the signer is not filled in");
	if (aval_algorithm_of(&signer->key) == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "signer.key",
		                 "the signer's public key is not filled in");
	return AVAL_OK;
}

aval_status aval_signer_sign(uint8_t sig64_out[64], const aval_signer *signer, const uint8_t *message,
                             size_t message_len, aval_error *err)
{
	const aval_algorithm *algorithm;
	aval_sha256_ctx       ctx;
	uint8_t               digest32[32], sig64[64] = { 0 };
	aval_status           status = aval_signer_check(signer, err);

	if (status != AVAL_OK)
		return status;
	algorithm = aval_algorithm_of(&signer->key);
	aval_algorithm_digest_init(algorithm, &ctx);
	aval_sha256_update(&ctx, message, message_len);
	aval_sha256_finish(&ctx, digest32);
	status = signer->sign(sig64, message, message_len, digest32, signer->user_data);
	if (status != AVAL_OK)
		return aval_fail_cause(err, AVAL_E_CALLBACK, "signer", "the signer failed", status);
	aval_signature_normalize(algorithm, sig64);
	status = aval_verify_digest(&signer->key, digest32, sig64, err);
	if (status == AVAL_OK)
		memcpy(sig64_out, sig64, 64);
	return status;
}
