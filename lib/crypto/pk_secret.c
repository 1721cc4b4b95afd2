/* SPDX-License-Identifier: Apache-2.0 */
/* Secret keys of certificates by mbedTLS, with the calls that 2.28 and 3.6 share; it wipes its numbers. */
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include "crypto/pk.h"

struct aval_pk_secret {
	const aval_entropy   *entropy;
	const aval_allocator *allocator;
	aval_pk_kind          kind;
	mbedtls_pk_context    rsa;
	mbedtls_mpi           scalar;
};

/* The source of blinding and salts; mbedTLS's own results do not say that it failed. */
typedef struct randomness {
	const aval_entropy *entropy;
	bool                failed;
} randomness;

static int fill(void *user_data, unsigned char *out, size_t len)
{
	randomness *r = user_data;

	r->failed = r->failed || r->entropy->fill(out, len, r->entropy->user_data) != AVAL_OK;
	return r->failed ? -1 : 0;
}

static aval_status status_of(int result, const randomness *r, aval_status failure)
{
	if (result == 0)
		return AVAL_OK;
	if (r->failed)
		return AVAL_E_CALLBACK;
	return result == MBEDTLS_ERR_MPI_ALLOC_FAILED || result == MBEDTLS_ERR_ECP_ALLOC_FAILED ||
	                       result == MBEDTLS_ERR_PK_ALLOC_FAILED ||
	                       result == MBEDTLS_ERR_RSA_PRIVATE_FAILED + MBEDTLS_ERR_MPI_ALLOC_FAILED
	               ? AVAL_E_NO_MEMORY
	               : failure;
}

static aval_pk_secret *secret_new(aval_pk_kind kind, const aval_entropy *entropy,
                                  const aval_allocator *allocator)
{
	aval_pk_secret *key = aval_alloc_zero(allocator, sizeof *key);

	if (key == NULL)
		return NULL;
	key->entropy = entropy;
	key->allocator = allocator;
	key->kind = kind;
	mbedtls_pk_init(&key->rsa);
	mbedtls_mpi_init(&key->scalar);
	return key;
}

void aval_pk_secret_free(aval_pk_secret *key)
{
	const aval_allocator *allocator;

	if (key == NULL)
		return;
	allocator = key->allocator;
	mbedtls_mpi_free(&key->scalar);
	mbedtls_pk_free(&key->rsa);
	aval_wipe(key, sizeof *key);
	aval_free(key, allocator);
}

aval_pk_kind aval_pk_secret_kind(const aval_pk_secret *key)
{
	return key->kind;
}

static int import(mbedtls_pk_context *pk, const aval_pk_rsa_numbers *k)
{
	int result = mbedtls_pk_setup(pk, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA));

	if (result == 0)
		result = mbedtls_rsa_import_raw(mbedtls_pk_rsa(*pk), k->n.data, k->n.len, k->p.data, k->p.len,
		                                k->q.data, k->q.len, k->d.data, k->d.len, k->e.data, k->e.len);
	if (result == 0)
		result = mbedtls_rsa_complete(mbedtls_pk_rsa(*pk));
	if (result == 0)
		result = mbedtls_rsa_check_pubkey(mbedtls_pk_rsa(*pk));
	return result == 0 ? mbedtls_rsa_check_privkey(mbedtls_pk_rsa(*pk)) : result;
}

aval_status aval_pk_secret_from_rsa(aval_pk_secret **key_out, const aval_pk_rsa_numbers *numbers,
                                    const aval_entropy *entropy, const aval_allocator *allocator)
{
	randomness      r = { entropy, false };
	aval_pk_secret *key = secret_new(AVAL_PK_RSA, entropy, allocator);
	aval_status     status;

	if (key == NULL)
		return AVAL_E_NO_MEMORY;
	status = status_of(import(&key->rsa, numbers), &r, AVAL_E_KEY_FORMAT);
	aval_wipe_stack();
	if (status == AVAL_OK)
		*key_out = key;
	else
		aval_pk_secret_free(key);
	return status;
}

static int derive_point(uint8_t point97_out[97], const mbedtls_mpi *scalar, randomness *r)
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	size_t            len;
	int               result;

	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&point);
	result = mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP384R1);
	if (result == 0)
		result = mbedtls_ecp_check_privkey(&group, scalar);
	if (result == 0)
		result = mbedtls_ecp_mul(&group, &point, scalar, &group.G, fill, r);
	if (result == 0)
		result = mbedtls_ecp_point_write_binary(&group, &point, MBEDTLS_ECP_PF_UNCOMPRESSED, &len,
		                                        point97_out, 97);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&group);
	return result;
}

aval_status aval_pk_secret_from_p384(aval_pk_secret **key_out, uint8_t point97_out[97],
                                     const uint8_t scalar48[48], const aval_entropy *entropy,
                                     const aval_allocator *allocator)
{
	randomness      r = { entropy, false };
	aval_pk_secret *key = secret_new(AVAL_PK_P384, entropy, allocator);
	aval_status     status;
	int             result;

	if (key == NULL)
		return AVAL_E_NO_MEMORY;
	result = mbedtls_mpi_read_binary(&key->scalar, scalar48, 48);
	if (result == 0)
		result = derive_point(point97_out, &key->scalar, &r);
	aval_wipe_stack();
	status = status_of(result, &r, AVAL_E_KEY_SCALAR);
	if (status == AVAL_OK)
		*key_out = key;
	else
		aval_pk_secret_free(key);
	return status;
}

/* RFC 8017, 9.2: the DigestInfo of SHA-256 without the hash. */
static const uint8_t digest_info[] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
};

static int sign_pkcs1(uint8_t *signature_out, size_t len, mbedtls_rsa_context *rsa, const uint8_t digest32[32],
                      randomness *r)
{
	uint8_t padded[AVAL_PK_RSA_MAX_LEN];
	size_t  tail = sizeof digest_info + 32;

	memset(padded, 0xff, len);
	padded[0] = 0;
	padded[1] = 1;
	padded[len - tail - 1] = 0;
	memcpy(padded + len - tail, digest_info, sizeof digest_info);
	memcpy(padded + len - 32, digest32, 32);
	return mbedtls_rsa_private(rsa, fill, r, padded, signature_out);
}

static int sign_pss(uint8_t *signature_out, mbedtls_rsa_context *rsa, const uint8_t digest32[32], randomness *r)
{
	/* 2.28 returns nothing, and 3.6 fails only where it was built without SHA-256. */
	(void)mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V21, MBEDTLS_MD_SHA256);
	return mbedtls_rsa_rsassa_pss_sign_ext(rsa, fill, r, MBEDTLS_MD_SHA256, 32, digest32, 32,
	                                       signature_out);
}

aval_status aval_pk_secret_sign_rsa(uint8_t *signature_out, size_t *len_out, aval_pk_secret *key,
                                    aval_pk_padding padding, const uint8_t digest32[32])
{
	randomness           r = { key->entropy, false };
	mbedtls_rsa_context *rsa = mbedtls_pk_rsa(key->rsa);
	size_t               len = mbedtls_rsa_get_len(rsa);
	int                  result;

	if (padding == AVAL_PK_PSS)
		result = sign_pss(signature_out, rsa, digest32, &r);
	else
		result = sign_pkcs1(signature_out, len, rsa, digest32, &r);
	aval_wipe_stack();
	if (result == 0)
		*len_out = len;
	return status_of(result, &r, AVAL_E_KEY_FORMAT);
}

aval_status aval_pk_secret_sign_p384(uint8_t rs96_out[96], aval_pk_secret *key, const uint8_t digest48[48])
{
	randomness        r = { key->entropy, false };
	mbedtls_ecp_group group;
	mbedtls_mpi       number_r, number_s;
	int               result;

	mbedtls_ecp_group_init(&group);
	mbedtls_mpi_init(&number_r);
	mbedtls_mpi_init(&number_s);
	result = mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP384R1);
	if (result == 0)
		result = mbedtls_ecdsa_sign_det_ext(&group, &number_r, &number_s, &key->scalar, digest48, 48,
		                                    MBEDTLS_MD_SHA384, fill, &r);
	aval_wipe_stack();
	if (result == 0)
		result = mbedtls_mpi_write_binary(&number_r, rs96_out, 48);
	if (result == 0)
		result = mbedtls_mpi_write_binary(&number_s, rs96_out + 48, 48);
	mbedtls_mpi_free(&number_s);
	mbedtls_mpi_free(&number_r);
	mbedtls_ecp_group_free(&group);
	return status_of(result, &r, AVAL_E_KEY_SCALAR);
}
