/* SPDX-License-Identifier: Apache-2.0 */
/* RSA of certificates by mbedTLS, with the calls that 2.28 and 3.6 share. */
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include "crypto/pk.h"

static mbedtls_md_type_t md_of(size_t digest_len)
{
	if (digest_len == 32)
		return MBEDTLS_MD_SHA256;
	return digest_len == 48 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA512;
}

/* mbedTLS says what was short of memory only in the lower of the two numbers it adds. */
static aval_status status_of(int result)
{
	if (result == 0)
		return AVAL_OK;
	if (result == MBEDTLS_ERR_MPI_ALLOC_FAILED || result == MBEDTLS_ERR_PK_ALLOC_FAILED ||
	    result == MBEDTLS_ERR_RSA_PUBLIC_FAILED + MBEDTLS_ERR_MPI_ALLOC_FAILED)
		return AVAL_E_NO_MEMORY;
	return AVAL_E_SIGNATURE_INVALID;
}

static int import(mbedtls_pk_context *pk, const aval_pk *key)
{
	int result = mbedtls_pk_setup(pk, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA));

	if (result == 0)
		result = mbedtls_rsa_import_raw(mbedtls_pk_rsa(*pk), key->modulus.data, key->modulus.len, NULL,
		                                0, NULL, 0, NULL, 0, key->exponent.data, key->exponent.len);
	return result == 0 ? mbedtls_rsa_complete(mbedtls_pk_rsa(*pk)) : result;
}

aval_status aval_pk_verify_rsa(const aval_pk *key, aval_pk_padding padding, size_t salt_len,
                               const uint8_t *digest, size_t digest_len, const uint8_t *signature)
{
	mbedtls_pk_rsassa_pss_options options = { md_of(digest_len), (int)salt_len };
	mbedtls_pk_context            pk;
	int                           result;

	mbedtls_pk_init(&pk);
	result = import(&pk, key);
	if (result == 0 && padding == AVAL_PK_PKCS1)
		result = mbedtls_pk_verify(&pk, md_of(digest_len), digest, digest_len, signature,
		                           key->modulus.len);
	else if (result == 0)
		result = mbedtls_pk_verify_ext(MBEDTLS_PK_RSASSA_PSS, &options, &pk, md_of(digest_len), digest,
		                               digest_len, signature, key->modulus.len);
	mbedtls_pk_free(&pk);
	return status_of(result);
}
