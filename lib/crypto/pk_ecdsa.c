/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA of certificates: P-256 and P-384 by mbedTLS, secp256k1 by its own library. */
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>

#include "crypto/pk.h"

typedef struct workspace {
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	mbedtls_mpi       r, s;
} workspace;

static aval_status status_of(int result, aval_status failure)
{
	if (result == 0)
		return AVAL_OK;
	return result == MBEDTLS_ERR_MPI_ALLOC_FAILED || result == MBEDTLS_ERR_ECP_ALLOC_FAILED
	               ? AVAL_E_NO_MEMORY
	               : failure;
}

static aval_status read_point(workspace *w, const aval_pk *key)
{
	int result = mbedtls_ecp_group_load(&w->group, key->kind == AVAL_PK_P256 ? MBEDTLS_ECP_DP_SECP256R1
	                                                                         : MBEDTLS_ECP_DP_SECP384R1);

	if (result == 0)
		result = mbedtls_ecp_point_read_binary(&w->group, &w->point, key->point.data, key->point.len);
	if (result == 0)
		result = mbedtls_ecp_check_pubkey(&w->group, &w->point);
	return status_of(result, AVAL_E_KEY_POINT);
}

static aval_status verify(workspace *w, size_t n, const uint8_t *digest, size_t digest_len, const uint8_t *rs)
{
	int result = mbedtls_mpi_read_binary(&w->r, rs, n);

	if (result == 0)
		result = mbedtls_mpi_read_binary(&w->s, rs + n, n);
	if (result == 0)
		result = mbedtls_ecdsa_verify(&w->group, digest, digest_len, &w->point, &w->r, &w->s);
	return status_of(result, AVAL_E_SIGNATURE_INVALID);
}

/* A group is loaded for each call, since threads may not share one. */
static aval_status verify_nist(const aval_pk *key, const uint8_t *digest, size_t digest_len, const uint8_t *rs)
{
	workspace   w;
	aval_status status;

	mbedtls_ecp_group_init(&w.group);
	mbedtls_ecp_point_init(&w.point);
	mbedtls_mpi_init(&w.r);
	mbedtls_mpi_init(&w.s);
	status = read_point(&w, key);
	if (status == AVAL_OK)
		status = verify(&w, aval_pk_scalar_len(key->kind), digest, digest_len, rs);
	mbedtls_mpi_free(&w.s);
	mbedtls_mpi_free(&w.r);
	mbedtls_ecp_point_free(&w.point);
	mbedtls_ecp_group_free(&w.group);
	return status;
}

static aval_status verify_k1(const aval_pk *key, const uint8_t digest32[32], const uint8_t *rs)
{
	aval_public_key public_key;
	aval_status     status;

	status = aval_public_key_from_point(&public_key, AVAL_ALG_ES256K, key->point.data, NULL);
	return status == AVAL_OK ? aval_k1_verify_ecdsa(aval_key_data_of(&public_key), digest32, rs) : status;
}

aval_status aval_pk_verify_ecdsa(const aval_pk *key, const uint8_t *digest, size_t digest_len,
                                 const uint8_t *rs)
{
	size_t         n = aval_pk_scalar_len(key->kind);
	const uint8_t *order = aval_pk_order(key->kind);

	if (n == 0 || !aval_number_in_range(rs, order, n) || !aval_number_in_range(rs + n, order, n))
		return AVAL_E_SIGNATURE_INVALID;
	/* Every digest here has at least 32 bytes, of which secp256k1 takes the first 32. */
	return key->kind == AVAL_PK_K1 ? verify_k1(key, digest, rs) : verify_nist(key, digest, digest_len, rs);
}
