/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P-256: ECDSA by mbedTLS, with the calls that 2.28 and 3.6 share. A group is loaded for each call, since
 * threads may not share one; mbedTLS wipes its numbers when it frees them.
 */
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>

#include "crypto/crypto.h"

const uint8_t aval_p256_order32[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};

/* All that an operation on the curve needs. */
typedef struct workspace {
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	mbedtls_mpi       d, r, s;
} workspace;

static int workspace_init(workspace *w)
{
	mbedtls_ecp_group_init(&w->group);
	mbedtls_ecp_point_init(&w->point);
	mbedtls_mpi_init(&w->d);
	mbedtls_mpi_init(&w->r);
	mbedtls_mpi_init(&w->s);
	return mbedtls_ecp_group_load(&w->group, MBEDTLS_ECP_DP_SECP256R1);
}

static void workspace_clear(workspace *w)
{
	mbedtls_mpi_free(&w->s);
	mbedtls_mpi_free(&w->r);
	mbedtls_mpi_free(&w->d);
	mbedtls_ecp_point_free(&w->point);
	mbedtls_ecp_group_free(&w->group);
}

/* What a failed call of mbedTLS means where the operation itself can fail by only one status. */
static aval_status status_of(int result, aval_status failure)
{
	if (result == 0)
		return AVAL_OK;
	return result == MBEDTLS_ERR_MPI_ALLOC_FAILED || result == MBEDTLS_ERR_ECP_ALLOC_FAILED
	               ? AVAL_E_NO_MEMORY
	               : failure;
}

/* The source of blinding; mbedTLS's own results do not say that it failed. */
typedef struct blinding {
	const aval_entropy *entropy;
	bool                failed;
} blinding;

static int blind(void *user_data, unsigned char *out, size_t len)
{
	blinding *b = user_data;

	b->failed = b->failed || b->entropy->fill(out, len, b->entropy->user_data) != AVAL_OK;
	return b->failed ? -1 : 0;
}

static aval_status secret_status_of(int result, const blinding *b)
{
	return b->failed ? AVAL_E_CALLBACK : status_of(result, AVAL_E_KEY_SCALAR);
}

aval_status aval_p256_parse_point(uint8_t parsed64_out[64], const uint8_t point65[65])
{
	workspace w;
	int       result = workspace_init(&w);

	(void)parsed64_out;
	if (result == 0)
		result = mbedtls_ecp_point_read_binary(&w.group, &w.point, point65, 65);
	if (result == 0)
		result = mbedtls_ecp_check_pubkey(&w.group, &w.point);
	workspace_clear(&w);
	return status_of(result, AVAL_E_KEY_POINT);
}

aval_status aval_p256_verify(const aval_key_data *key, const uint8_t digest32[32], const uint8_t sig64[64])
{
	workspace w;
	int       result = workspace_init(&w);

	if (result == 0)
		result = mbedtls_ecp_point_read_binary(&w.group, &w.point, key->point65, 65);
	if (result == 0)
		result = mbedtls_mpi_read_binary(&w.r, sig64, 32);
	if (result == 0)
		result = mbedtls_mpi_read_binary(&w.s, sig64 + 32, 32);
	if (result == 0)
		result = mbedtls_ecdsa_verify(&w.group, digest32, 32, &w.point, &w.r, &w.s);
	workspace_clear(&w);
	return status_of(result, AVAL_E_SIGNATURE_INVALID);
}

aval_status aval_p256_sign(uint8_t sig64_out[64], const aval_secret_key *key, const uint8_t digest32[32])
{
	blinding  b = { key->entropy, false };
	workspace w;
	int       result = workspace_init(&w);

	if (result == 0)
		result = mbedtls_mpi_read_binary(&w.d, key->scalar32, 32);
	if (result == 0)
		result = mbedtls_ecdsa_sign_det_ext(&w.group, &w.r, &w.s, &w.d, digest32, 32, MBEDTLS_MD_SHA256,
		                                    blind, &b);
	aval_wipe_stack();
	if (result == 0)
		result = mbedtls_mpi_write_binary(&w.r, sig64_out, 32);
	if (result == 0)
		result = mbedtls_mpi_write_binary(&w.s, sig64_out + 32, 32);
	workspace_clear(&w);
	return secret_status_of(result, &b);
}

aval_status aval_p256_derive_point(uint8_t point65_out[65], const aval_secret_key *key)
{
	blinding  b = { key->entropy, false };
	size_t    len;
	workspace w;
	int       result = workspace_init(&w);

	if (result == 0)
		result = mbedtls_mpi_read_binary(&w.d, key->scalar32, 32);
	if (result == 0)
		result = mbedtls_ecp_mul(&w.group, &w.point, &w.d, &w.group.G, blind, &b);
	aval_wipe_stack();
	if (result == 0)
		result = mbedtls_ecp_point_write_binary(&w.group, &w.point, MBEDTLS_ECP_PF_UNCOMPRESSED, &len,
		                                        point65_out, 65);
	workspace_clear(&w);
	return secret_status_of(result, &b);
}
