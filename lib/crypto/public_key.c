/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys: a checked point, its algorithm and its thumbprint. */
#include "crypto/crypto.h"

static aval_key_data *data_of(aval_public_key *key)
{
	return (aval_key_data *)key->data;
}

/* RFC 9679, section 4.2: SHA-256 over the COSE_Key of kty, crv, x and y alone, y in full. */
static void compute_thumbprint(uint8_t thumbprint32_out[32], unsigned curve, const uint8_t point65[65])
{
	const uint8_t        head[] = { 0xa4, 0x01, 0x02, 0x20, (uint8_t)curve, 0x21, 0x58, 0x20 };
	static const uint8_t between[] = { 0x22, 0x58, 0x20 };
	aval_sha256_ctx      ctx;

	aval_sha256_init(&ctx);
	aval_sha256_update(&ctx, head, sizeof head);
	aval_sha256_update(&ctx, point65 + 1, 32);
	aval_sha256_update(&ctx, between, sizeof between);
	aval_sha256_update(&ctx, point65 + 33, 32);
	aval_sha256_finish(&ctx, thumbprint32_out);
}

aval_status aval_public_key_set(aval_public_key *key_out, const aval_algorithm *algorithm,
                                const uint8_t point65[65], bool is_es256, aval_error *err)
{
	aval_public_key key = { { 0 } };
	aval_key_data  *data = data_of(&key);
	aval_status     status = algorithm->parse_point(data->parsed64, point65);

	if (status == AVAL_E_KEY_POINT)
		return aval_fail(err, status, "key.x",
		                 "not a point of the algorithm's curve, or y is not even");
	if (status != AVAL_OK)
		return aval_fail(err, status, "key", "mbedTLS is out of memory");
	data->row = aval_algorithm_row(algorithm);
	data->is_es256 = is_es256;
	memcpy(data->point65, point65, 65);
	compute_thumbprint(data->thumbprint32, algorithm->curve, point65);
	*key_out = key;
	return AVAL_OK;
}

/* BIP340 keys are x alone: of the two points the one with the even y stands for it. */
static bool make_even(uint8_t even65_out[65], const uint8_t point65[65])
{
	uint8_t parsed64[64], point33[33];

	if (aval_k1_parse_point(parsed64, point65) != AVAL_OK)
		return false;
	point33[0] = 2;
	memcpy(point33 + 1, point65 + 1, 32);
	return aval_k1_decompress(even65_out, point33);
}

aval_status aval_public_key_from_point(aval_public_key *key_out, aval_alg alg, const uint8_t point65[65],
                                       aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_find((int64_t)alg);
	uint8_t               even65[65];

	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "alg", "not an algorithm of this library");
	if (alg != AVAL_ALG_SCHNORR)
		return aval_public_key_set(key_out, algorithm, point65, false, err);
	if (!make_even(even65, point65))
		return aval_fail(err, AVAL_E_KEY_POINT, "point", "not an uncompressed point of the curve");
	return aval_public_key_set(key_out, algorithm, even65, false, err);
}

aval_alg aval_public_key_alg(const aval_public_key *key)
{
	const aval_algorithm *algorithm = aval_algorithm_of(key);

	return algorithm == NULL ? (aval_alg)0 : algorithm->alg;
}

void aval_public_key_point(uint8_t point65_out[65], const aval_public_key *key)
{
	memcpy(point65_out, aval_key_data_of(key)->point65, 65);
}

void aval_public_key_thumbprint(uint8_t thumbprint32_out[32], const aval_public_key *key)
{
	memcpy(thumbprint32_out, aval_key_data_of(key)->thumbprint32, 32);
}

void aval_public_key_party(char party_out[AVAL_PARTY_KEY_LEN + 1], const aval_public_key *key)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t    *thumbprint32 = aval_key_data_of(key)->thumbprint32;

	memcpy(party_out, "key:", 4);
	for (size_t i = 0; i < 32; i++) {
		party_out[4 + 2 * i] = digits[thumbprint32[i] >> 4];
		party_out[5 + 2 * i] = digits[thumbprint32[i] & 15];
	}
	party_out[AVAL_PARTY_KEY_LEN] = '\0';
}
