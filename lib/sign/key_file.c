/* SPDX-License-Identifier: Apache-2.0 */
/* Secret keys from and to key files. */
#include "sign/sign.h"

static aval_status choose_algorithm(const aval_algorithm **algorithm_out, const aval_key_file *file,
                                    const aval_pkcs8 *pkcs8, aval_error *err)
{
	aval_alg usual = pkcs8->curve == AVAL_CURVE_K1 ? AVAL_ALG_ES256K : AVAL_ALG_ESP256;

	*algorithm_out = file->algorithm != NULL ? file->algorithm : aval_algorithm_find((int64_t)usual);
	if ((*algorithm_out)->curve != pkcs8->curve)
		return aval_fail(err, AVAL_E_KEY_CURVE, "key.curve", "not the curve of the alg line");
	return AVAL_OK;
}

/* The point of the file's own number: that of a Schnorr key may have been negated since. */
static void point_of_file(uint8_t point65_out[65], const aval_secret_key *key, const aval_pkcs8 *pkcs8)
{
	uint8_t odd33[33] = { 3 };

	aval_public_key_point(point65_out, &key->public_key);
	if (aval_equal_ct(key->scalar32, pkcs8->scalar32, 32))
		return;
	memcpy(odd33 + 1, point65_out + 1, 32);
	(void)aval_k1_decompress(point65_out, odd33);
}

/* The public key in the file, in full or compressed, is the secret key's. */
static aval_status check_point(const aval_secret_key *key, const aval_pkcs8 *pkcs8, aval_error *err)
{
	uint8_t point65[65];
	bool    same;

	if (pkcs8->point.len == 0)
		return AVAL_OK;
	point_of_file(point65, key, pkcs8);
	if (pkcs8->point.len == 33)
		point65[0] = 2 | (point65[64] & 1);
	same = memcmp(point65, pkcs8->point.data, pkcs8->point.len) == 0;
	return same ? AVAL_OK
	            : aval_fail(err, AVAL_E_KEY_MISMATCH, "key.public", "the public key is another key's");
}

static aval_status parse_der(aval_secret_key **key_out, const aval_key_file *file, const aval_entropy *entropy,
                             const aval_allocator *allocator, aval_error *err)
{
	const aval_algorithm *algorithm = NULL;
	aval_pkcs8            pkcs8;
	aval_secret_key      *key = NULL;
	aval_status           status = aval_pkcs8_parse(&pkcs8, file->der, file->der_len, err);

	if (status == AVAL_OK)
		status = choose_algorithm(&algorithm, file, &pkcs8, err);
	if (status == AVAL_OK)
		status = aval_secret_key_from_scalar(&key, algorithm->alg, pkcs8.scalar32, entropy, allocator,
		                                     err);
	if (status == AVAL_OK)
		status = check_point(key, &pkcs8, err);
	if (status == AVAL_OK)
		*key_out = key;
	else
		aval_secret_key_free(key);
	return status;
}

aval_status aval_secret_key_parse_pem(aval_secret_key **key_out, const char *pem, size_t pem_len,
                                      const aval_entropy *entropy, const aval_allocator *allocator,
                                      aval_error *err)
{
	aval_key_file file;
	aval_status   status = aval_entropy_check(entropy, err);

	if (status != AVAL_OK)
		return status;
	status = aval_key_file_parse(&file, pem, pem_len, err);
	if (status == AVAL_OK)
		status = parse_der(key_out, &file, entropy, allocator, err);
	aval_wipe(&file, sizeof file);
	return status;
}

static char *put(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

static char *put_z(char *at, const char *text)
{
	return put(at, text, strlen(text));
}

/* Base64 in lines of 64 characters. */
static char *put_base64(char *at, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i += 48) {
		size_t part = len - i < 48 ? len - i : 48;

		aval_base64_encode(at, data + i, part);
		at += aval_base64_len(part);
		*at++ = '\n';
	}
	return at;
}

aval_status aval_secret_key_serialize_pem(char *out, size_t *len_inout, const aval_secret_key *key,
                                          aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_of(&key->public_key);
	uint8_t               der[AVAL_PKCS8_MAX_LEN];
	char                  pem[AVAL_SECRET_KEY_PEM_MAX_LEN], *at = pem;
	size_t                der_len = aval_pkcs8_serialize(der, algorithm->curve, key->scalar32,
	                                                     aval_key_data_of(&key->public_key)->point65);
	aval_status           status;

	if (algorithm->alg == AVAL_ALG_SCHNORR)
		at = put_z(at, "alg: schnorr\n");
	at = put_z(at, "-----BEGIN PRIVATE KEY-----\n");
	at = put_base64(at, der, der_len);
	at = put_z(at, "-----END PRIVATE KEY-----\n");
	status = aval_copy_out(out, len_inout, pem, (size_t)(at - pem), err);
	aval_wipe(der, sizeof der);
	aval_wipe(pem, sizeof pem);
	return status;
}
