/* SPDX-License-Identifier: Apache-2.0 */
/* Messages signed by the key of a certificate: docs/spec/identity.md#endorsements. */
#include "identity/chain.h"

typedef struct algorithm {
	aval_endorsement_alg alg;
	aval_pk_kind         kind;
	size_t               digest_len;
	aval_pk_padding      padding;
} algorithm;

/* The first of a kind is its default. */
static const algorithm algorithms[] = {
	{ AVAL_ENDORSEMENT_ES256K, AVAL_PK_K1, 32, AVAL_PK_PKCS1 },
	{ AVAL_ENDORSEMENT_ESP256, AVAL_PK_P256, 32, AVAL_PK_PKCS1 },
	{ AVAL_ENDORSEMENT_ES384, AVAL_PK_P384, 48, AVAL_PK_PKCS1 },
	{ AVAL_ENDORSEMENT_PS256, AVAL_PK_RSA, 32, AVAL_PK_PSS },
	{ AVAL_ENDORSEMENT_RS256, AVAL_PK_RSA, 32, AVAL_PK_PKCS1 },
};

static const algorithm *find(int64_t cose_alg)
{
	if (cose_alg == AVAL_COSE_ES256)
		cose_alg = AVAL_ENDORSEMENT_ESP256;
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (algorithms[i].alg == cose_alg)
			return &algorithms[i];
	return NULL;
}

aval_endorsement_alg aval_chain_endorsement_alg(const aval_chain *chain)
{
	const aval_pk *key = &chain->certificates[0].key;

	for (size_t i = 0; aval_x509_key_is_good(key) && i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (algorithms[i].kind == key->kind)
			return algorithms[i].alg;
	return (aval_endorsement_alg)0;
}

static aval_status find_for(const algorithm **algorithm_out, const aval_pk *key, int64_t cose_alg,
                            aval_error *err)
{
	const algorithm *a = find(cose_alg);

	if (a == NULL)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "alg", "not an algorithm of endorsements");
	if (!aval_x509_key_is_good(key))
		return aval_fail(err, AVAL_E_CERT_ALGORITHM, "chain[0].key",
		                 "the key is outside of the profile");
	if (a->kind != key->kind)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "alg", "not an algorithm of the leaf's key");
	*algorithm_out = a;
	return AVAL_OK;
}

static size_t signature_len_of(const aval_pk *key)
{
	return key->kind == AVAL_PK_RSA ? key->modulus.len : 2 * aval_pk_scalar_len(key->kind);
}

static aval_status check_low_s(const aval_pk *key, const uint8_t *rs, aval_error *err)
{
	size_t         n = aval_pk_scalar_len(key->kind);
	const uint8_t *order = aval_pk_order(key->kind);

	if (aval_number_in_range(rs + n, order, n) && aval_number_is_high(rs + n, order, n))
		return aval_fail(err, AVAL_E_SIGNATURE_HIGH_S, "signature", "s is above half the order");
	return AVAL_OK;
}

static aval_status verify(const algorithm *a, const aval_pk *key, const uint8_t *digest,
                          const uint8_t *signature, aval_error *err)
{
	aval_status status;

	if (a->kind == AVAL_PK_RSA) {
		status = aval_pk_verify_rsa(key, a->padding, a->digest_len, digest, a->digest_len, signature);
	} else {
		status = check_low_s(key, signature, err);
		if (status != AVAL_OK)
			return status;
		status = aval_pk_verify_ecdsa(key, digest, a->digest_len, signature);
	}
	if (status == AVAL_OK)
		return AVAL_OK;
	if (status == AVAL_E_NO_MEMORY)
		return aval_fail(err, status, "signature", "mbedTLS is out of memory");
	if (status == AVAL_E_KEY_POINT)
		return aval_fail(err, status, "chain[0].key", "the leaf's key is no point of its curve");
	return aval_fail(err, status, "signature", "the signature is not one of these bytes by this key");
}

aval_status aval_chain_verify_signature(const aval_chain *chain, int64_t cose_alg, const uint8_t *message,
                                        size_t message_len, const uint8_t *signature, size_t signature_len,
                                        aval_error *err)
{
	const aval_pk   *key = &chain->certificates[0].key;
	const algorithm *a = NULL;
	uint8_t          digest[AVAL_PK_DIGEST_MAX_LEN];
	aval_status      status = find_for(&a, key, cose_alg, err);

	if (status != AVAL_OK)
		return status;
	if (signature_len != signature_len_of(key))
		return aval_fail(err, AVAL_E_SIGNATURE_LENGTH, "signature", "not as long as the algorithm's");
	aval_pk_hash(digest, a->digest_len, message, message_len);
	return verify(a, key, digest, signature, err);
}

/* What an HSM gives may have the high one of both s. */
static void normalize(const aval_pk *key, uint8_t *rs)
{
	size_t         n = aval_pk_scalar_len(key->kind);
	const uint8_t *order = aval_pk_order(key->kind);

	if (n != 0 && aval_number_in_range(rs + n, order, n) && aval_number_is_high(rs + n, order, n))
		aval_number_negate(rs + n, order, n);
}

static aval_status sign(uint8_t *out, const algorithm *a, const aval_endorser *endorser, const aval_pk *key,
                        const uint8_t *message, size_t message_len, aval_error *err)
{
	uint8_t     digest[AVAL_PK_DIGEST_MAX_LEN], signature[AVAL_ENDORSEMENT_MAX_LEN] = { 0 };
	size_t      len = 0;
	aval_status status;

	aval_pk_hash(digest, a->digest_len, message, message_len);
	status = endorser->sign(signature, &len, message, message_len, digest, a->digest_len,
	                        endorser->user_data);
	if (status != AVAL_OK)
		return aval_fail_cause(err, AVAL_E_CALLBACK, "endorser", "the endorser failed", status);
	if (len != signature_len_of(key))
		return aval_fail(err, AVAL_E_SIGNATURE_LENGTH, "endorser",
		                 "the signature is not as long as the algorithm's");
	normalize(key, signature);
	status = verify(a, key, digest, signature, err);
	if (status == AVAL_OK)
		memcpy(out, signature, len);
	return status;
}

aval_status aval_chain_sign(uint8_t *out, size_t *len_inout, const aval_endorser *endorser,
                            const aval_chain *chain, const uint8_t *message, size_t message_len,
                            aval_error *err)
{
	const aval_pk   *key = &chain->certificates[0].key;
	const algorithm *a = NULL;
	size_t           room = out == NULL ? 0 : *len_inout, len;
	aval_status      status;

	if (endorser == NULL || endorser->struct_size < sizeof *endorser || endorser->sign == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "endorser", "the endorser is not filled in");
	status = find_for(&a, key, (int64_t)endorser->alg, err);
	if (status != AVAL_OK)
		return status;
	len = signature_len_of(key);
	if (room < len) {
		*len_inout = len;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out", "the buffer is shorter than the output");
	}
	status = sign(out, a, endorser, key, message, message_len, err);
	if (status == AVAL_OK)
		*len_inout = len;
	return status;
}
