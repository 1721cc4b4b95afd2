/* SPDX-License-Identifier: Apache-2.0 */
/* Secret keys of certificates, from PKCS#8: RSA and P-384 here, the curves of events by aval_secret_key. */
#include "identity/chain.h"
#include "sign/sign.h"

struct aval_endorser_key {
	const aval_allocator *allocator;
	aval_secret_key      *event_key; /* one of both */
	aval_pk_secret       *other_key;
};

static const uint8_t rsa_encryption[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
static const uint8_t ec_public_key[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t secp384r1[] = { 0x2b, 0x81, 0x04, 0x00, 0x22 };

#define EQUALS(oid, bytes) aval_bytes_equal(oid, (aval_bytes){ bytes, sizeof(bytes) })

/* The outer shell of PKCS#8. */
typedef struct shell {
	aval_bytes algorithm, parameters; /* OID, and the OID of a curve */
	aval_der   key;
} shell;

static aval_status open_shell(shell *out, aval_der *in)
{
	static const char where[] = "key";
	uint32_t          version = 0;
	aval_der          sequence, algorithm;
	aval_status       status = aval_der_take(in, DER_SEQUENCE, &sequence, where);

	if (status == AVAL_OK)
		status = aval_der_expect_end(in, where);
	if (status == AVAL_OK)
		status = aval_der_take_uint(&sequence, &version, where);
	if (status == AVAL_OK)
		status = aval_der_take(&sequence, DER_SEQUENCE, &algorithm, where);
	if (status == AVAL_OK)
		status = aval_der_take_bytes(&algorithm, DER_OID, &out->algorithm, where);
	out->parameters = (aval_bytes){ NULL, 0 };
	if (status == AVAL_OK && aval_der_next_is(&algorithm, DER_OID))
		status = aval_der_take_bytes(&algorithm, DER_OID, &out->parameters, where);
	if (status == AVAL_OK)
		status = aval_der_take(&sequence, DER_OCTET_STRING, &out->key, where);
	if (status == AVAL_OK && (version != 0 || !aval_der_is_empty(&sequence)))
		return aval_fail(in->input->err, AVAL_E_UNSUPPORTED, where,
		                 "another version of PKCS#8, or attributes");
	return status;
}

static aval_status take_numbers(aval_pk_rsa_numbers *out, aval_der *in)
{
	static const char where[] = "key.rsa";
	aval_bytes       *fields[] = { &out->n, &out->e, &out->d, &out->p, &out->q };
	uint32_t          version = 0;
	aval_bytes        ignored;
	aval_der          sequence;
	aval_status       status = aval_der_take(in, DER_SEQUENCE, &sequence, where);

	if (status == AVAL_OK)
		status = aval_der_expect_end(in, where);
	if (status == AVAL_OK)
		status = aval_der_take_uint(&sequence, &version, where);
	if (status == AVAL_OK && version != 0)
		return aval_der_fail(&sequence, where, "a key of more than two primes");
	for (size_t i = 0; i < 5 && status == AVAL_OK; i++)
		status = aval_der_take_natural(&sequence, fields[i], where);
	/* The exponents and the coefficient of the Chinese remainders are computed anew. */
	for (size_t i = 0; i < 3 && status == AVAL_OK; i++)
		status = aval_der_take_natural(&sequence, &ignored, where);
	return status == AVAL_OK ? aval_der_expect_end(&sequence, where) : status;
}

static aval_status tell(aval_error *err, aval_status status)
{
	switch ((int)status) {
	case AVAL_OK:
		return AVAL_OK;
	case AVAL_E_CALLBACK:
		return aval_fail(err, status, "entropy", "the source of entropy failed");
	case AVAL_E_NO_MEMORY:
		return aval_fail_no_memory(err);
	case AVAL_E_KEY_SCALAR:
		return aval_fail(err, status, "key", "zero, or not below the order of the curve");
	default:
		return aval_fail(err, status, "key.rsa", "the numbers of the key do not fit together");
	}
}

static aval_status parse_rsa(aval_endorser_key *key, aval_der *in, const aval_entropy *entropy, aval_error *err)
{
	aval_pk_rsa_numbers numbers = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	aval_status         status = take_numbers(&numbers, in);
	aval_pk             public_key = { AVAL_PK_RSA, 0, { NULL, 0 }, numbers.n, numbers.e };

	if (status != AVAL_OK)
		return status;
	if (numbers.n.len == 0 || numbers.d.len == 0 || numbers.p.len == 0 || numbers.q.len == 0)
		return tell(err, AVAL_E_KEY_FORMAT);
	public_key.bits = aval_x509_bits_of(numbers.n);
	if (!aval_x509_key_is_good(&public_key))
		return aval_fail(err, AVAL_E_UNSUPPORTED, "key.rsa",
		                 "not 2048 to 4096 bits, or an exponent that is not good");
	return tell(err, aval_pk_secret_from_rsa(&key->other_key, &numbers, entropy, key->allocator));
}

/* RFC 5915: the scalar, perhaps the curve again, perhaps the point. */
static aval_status take_p384(aval_bytes *scalar_out, aval_bytes *point_out, aval_der *in)
{
	static const char where[] = "key.private";
	uint32_t          version = 0;
	unsigned          unused = 0;
	aval_der          sequence, field;
	aval_status       status = aval_der_take(in, DER_SEQUENCE, &sequence, where);

	if (status == AVAL_OK)
		status = aval_der_expect_end(in, where);
	if (status == AVAL_OK)
		status = aval_der_take_uint(&sequence, &version, where);
	if (status == AVAL_OK)
		status = aval_der_take_bytes(&sequence, DER_OCTET_STRING, scalar_out, where);
	if (status == AVAL_OK && (version != 1 || scalar_out->len != 48))
		return aval_der_fail(&sequence, where, "not an ECPrivateKey of 48 bytes");
	if (status == AVAL_OK && aval_der_next_is(&sequence, DER_CONTEXT_0))
		status = aval_der_take(&sequence, DER_CONTEXT_0, &field, where);
	if (status == AVAL_OK && aval_der_next_is(&sequence, DER_CONTEXT_0 + 1)) {
		status = aval_der_take(&sequence, DER_CONTEXT_0 + 1, &field, where);
		if (status == AVAL_OK)
			status = aval_der_take_bits(&field, point_out, &unused, where);
		if (status == AVAL_OK && (point_out->len != 97 || unused != 0))
			return aval_der_fail(&sequence, where, "not a point in the long form of SEC 1");
	}
	return status == AVAL_OK ? aval_der_expect_end(&sequence, where) : status;
}

static aval_status parse_p384(aval_endorser_key *key, aval_der *in, const aval_entropy *entropy,
                              aval_error *err)
{
	aval_bytes  scalar = { NULL, 0 }, point = { NULL, 0 };
	uint8_t     point97[97] = { 0 };
	aval_status status = take_p384(&scalar, &point, in);

	if (status != AVAL_OK)
		return status;
	status = tell(err,
	              aval_pk_secret_from_p384(&key->other_key, point97, scalar.data, entropy, key->allocator));
	if (status == AVAL_OK && point.len != 0 && memcmp(point.data, point97, 97) != 0)
		return aval_fail(err, AVAL_E_KEY_MISMATCH, "key.public", "the public key is another key's");
	return status;
}

static aval_status parse_der(aval_endorser_key *key, const aval_key_file *file, aval_text pem,
                             const aval_entropy *entropy, aval_error *err)
{
	aval_der_input input = { file->der, AVAL_E_KEY_FORMAT, err };
	aval_der       in = aval_der_open(&input, (aval_bytes){ file->der, file->der_len });
	shell          s;
	aval_status    status = open_shell(&s, &in);

	if (status != AVAL_OK)
		return status;
	if (EQUALS(s.algorithm, rsa_encryption))
		return parse_rsa(key, &s.key, entropy, err);
	if (EQUALS(s.algorithm, ec_public_key) && EQUALS(s.parameters, secp384r1))
		return parse_p384(key, &s.key, entropy, err);
	return aval_secret_key_parse_pem(&key->event_key, pem.data, pem.len, entropy, key->allocator, err);
}

static aval_status parse(aval_endorser_key *key, aval_text pem, const aval_entropy *entropy, aval_error *err)
{
	aval_key_file file;
	aval_status   status = aval_key_file_parse(&file, pem.data, pem.len, err);

	if (status == AVAL_OK && file.algorithm != NULL)
		status = aval_fail(err, AVAL_E_KEY_FORMAT, "key.alg",
		                   "the key of a certificate has no alg line");
	if (status == AVAL_OK)
		status = parse_der(key, &file, pem, entropy, err);
	aval_wipe(&file, sizeof file);
	return status;
}

aval_status aval_endorser_key_parse_pem(aval_endorser_key **key_out, const char *pem, size_t pem_len,
                                        const aval_entropy *entropy, const aval_allocator *allocator,
                                        aval_error *err)
{
	aval_endorser_key *key;
	aval_status        status = aval_entropy_check(entropy, err);

	if (status != AVAL_OK)
		return status;
	key = aval_alloc_zero(allocator, sizeof *key);
	if (key == NULL)
		return aval_fail_no_memory(err);
	key->allocator = allocator;
	status = parse(key, (aval_text){ pem, pem_len }, entropy, err);
	if (status == AVAL_OK)
		*key_out = key;
	else
		aval_endorser_key_free(key);
	return status;
}

void aval_endorser_key_free(aval_endorser_key *key)
{
	const aval_allocator *allocator;

	if (key == NULL)
		return;
	allocator = key->allocator;
	aval_secret_key_free(key->event_key);
	aval_pk_secret_free(key->other_key);
	aval_wipe(key, sizeof *key);
	aval_free(key, allocator);
}

static aval_status sign_event_key(uint8_t *out, size_t *len_out, aval_endorser_key *key, const uint8_t *digest)
{
	const aval_algorithm *algorithm = aval_algorithm_of(&key->event_key->public_key);

	*len_out = AVAL_SIGNATURE_LEN;
	return algorithm->sign(out, key->event_key, digest);
}

static aval_status sign_other_key(uint8_t *out, size_t *len_out, aval_endorser_key *key, const uint8_t *digest,
                                  aval_pk_padding padding)
{
	if (aval_pk_secret_kind(key->other_key) == AVAL_PK_RSA)
		return aval_pk_secret_sign_rsa(out, len_out, key->other_key, padding, digest);
	*len_out = 96;
	return aval_pk_secret_sign_p384(out, key->other_key, digest);
}

/* A callback for each padding, since user_data is the key. */
static aval_status sign_pss(uint8_t *out, size_t *len_out, const uint8_t *message, size_t message_len,
                            const uint8_t *digest, size_t digest_len, void *user_data)
{
	aval_endorser_key *key = user_data;

	(void)message;
	(void)message_len;
	(void)digest_len;
	return key->event_key != NULL ? sign_event_key(out, len_out, key, digest)
	                              : sign_other_key(out, len_out, key, digest, AVAL_PK_PSS);
}

static aval_status sign_pkcs1(uint8_t *out, size_t *len_out, const uint8_t *message, size_t message_len,
                              const uint8_t *digest, size_t digest_len, void *user_data)
{
	(void)message;
	(void)message_len;
	(void)digest_len;
	return sign_other_key(out, len_out, user_data, digest, AVAL_PK_PKCS1);
}

static aval_status sign_never(uint8_t *out, size_t *len_out, const uint8_t *message, size_t message_len,
                              const uint8_t *digest, size_t digest_len, void *user_data)
{
	(void)out;
	(void)len_out;
	(void)message;
	(void)message_len;
	(void)digest;
	(void)digest_len;
	(void)user_data;
	return AVAL_E_COSE_ALGORITHM;
}

static aval_endorsement_alg default_alg(const aval_endorser_key *key)
{
	if (key->event_key != NULL)
		return (aval_endorsement_alg)aval_public_key_alg(&key->event_key->public_key);
	return aval_pk_secret_kind(key->other_key) == AVAL_PK_RSA ? AVAL_ENDORSEMENT_PS256
	                                                          : AVAL_ENDORSEMENT_ES384;
}

aval_endorser aval_endorser_from_key(aval_endorser_key *key, aval_endorsement_alg alg)
{
	aval_endorsement_alg usual = default_alg(key);
	aval_endorser        endorser = { sizeof endorser, alg == 0 ? usual : alg, sign_pss, key };

	if (endorser.alg == usual)
		return endorser;
	endorser.sign =
		usual == AVAL_ENDORSEMENT_PS256 && alg == AVAL_ENDORSEMENT_RS256 ? sign_pkcs1 : sign_never;
	return endorser;
}
