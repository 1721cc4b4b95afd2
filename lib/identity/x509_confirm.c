/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second opinion on a path: mbedTLS parses its certificates and verifies it anew. Dates are ours to judge,
 * since mbedTLS knows no time but the clock's; so are CRLs, of which it would take a missing one for a good
 * one.
 */
#include <mbedtls/x509_crt.h>

#include "identity/chain.h"

static const mbedtls_x509_crt_profile profile = {
	.allowed_mds = MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
	               MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
	.allowed_pks = MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSA) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSASSA_PSS) |
	               MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECKEY) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECDSA),
	.allowed_curves = MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) |
	                  MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1) |
	                  MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256K1),
	.rsa_min_bitlen = AVAL_PK_RSA_MIN_BITS,
};

static int clear_dates(void *user_data, mbedtls_x509_crt *certificate, int depth, uint32_t *flags)
{
	(void)user_data;
	(void)certificate;
	(void)depth;
	*flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
	return 0;
}

static bool is_out_of_memory(int failure)
{
	return failure == MBEDTLS_ERR_X509_ALLOC_FAILED || failure == MBEDTLS_ERR_PK_ALLOC_FAILED ||
	       failure == MBEDTLS_ERR_ECP_ALLOC_FAILED || failure == MBEDTLS_ERR_MPI_ALLOC_FAILED;
}

static aval_x509_verdict verdict_of(int failure)
{
	if (failure == 0)
		return (aval_x509_verdict){ AVAL_OK, "" };
	if (is_out_of_memory(failure))
		return (aval_x509_verdict){ AVAL_E_NO_MEMORY, "mbedTLS is out of memory" };
	return (aval_x509_verdict){ AVAL_E_CERT_UNCONFIRMED, "mbedTLS does not confirm the path" };
}

static int add(mbedtls_x509_crt *list, const aval_x509 *certificate)
{
	return mbedtls_x509_crt_parse_der_nocopy(list, certificate->der.data, certificate->der.len);
}

aval_x509_verdict aval_x509_confirm(const aval_x509 *const *path, size_t count)
{
	mbedtls_x509_crt chain, anchor;
	uint32_t         flags = 0;
	int              failure = 0;

	mbedtls_x509_crt_init(&chain);
	mbedtls_x509_crt_init(&anchor);
	for (size_t i = 0; i + 1 < count && failure == 0; i++)
		failure = add(&chain, path[i]);
	if (failure == 0)
		failure = add(&anchor, path[count - 1]);
	if (failure == 0)
		failure = mbedtls_x509_crt_verify_with_profile(&chain, &anchor, NULL, &profile, NULL, &flags,
		                                               clear_dates, NULL);
	mbedtls_x509_crt_free(&chain);
	mbedtls_x509_crt_free(&anchor);
	return verdict_of(failure);
}
