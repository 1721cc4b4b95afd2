/* SPDX-License-Identifier: Apache-2.0 */
/* The bare operation of P-256, which several rows have as their limit. */
#include <mbedtls/ecdsa.h>

#include "bench.h"

void bench_p256_verify(const uint8_t point65[65], const uint8_t digest32[32], const uint8_t sig64[64])
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	mbedtls_mpi       r, scalar;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&point);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&scalar);
	bench_require(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1) == 0, "P-256: limit");
	bench_require(mbedtls_ecp_point_read_binary(&group, &point, point65, 65) == 0, "P-256: limit");
	bench_require(mbedtls_ecp_check_pubkey(&group, &point) == 0, "P-256: limit");
	bench_require(mbedtls_mpi_read_binary(&r, sig64, 32) == 0, "P-256: limit");
	bench_require(mbedtls_mpi_read_binary(&scalar, sig64 + 32, 32) == 0, "P-256: limit");
	bench_require(mbedtls_ecdsa_verify(&group, digest32, 32, &point, &r, &scalar) == 0, "P-256: limit");
	mbedtls_mpi_free(&scalar);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&group);
}
