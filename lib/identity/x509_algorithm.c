/* SPDX-License-Identifier: Apache-2.0 */
/* Algorithms of the profile: AlgorithmIdentifier, SubjectPublicKeyInfo (RFC 3279, 4055, 5480, 5758), and
 * verifying. */
#include "identity/x509.h"

/* The arms of 1.2.840.113549.1.1, PKCS#1, by their last number. */
static const uint8_t pkcs1_arc[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01 };
enum {
	RSA_ENCRYPTION = 1,
	MGF1 = 8,
	RSASSA_PSS = 10,
	SHA256_WITH_RSA = 11,
	SHA384_WITH_RSA = 12,
	SHA512_WITH_RSA = 13
};

/* ecdsa-with-SHA2: 1.2.840.10045.4.3.n; SHA-2: 2.16.840.1.101.3.4.2.n. */
static const uint8_t ecdsa_sha2_arc[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03 };
static const uint8_t sha2_arc[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02 };

static const uint8_t ec_public_key[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t prime256v1[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const uint8_t secp384r1[] = { 0x2b, 0x81, 0x04, 0x00, 0x22 };
static const uint8_t secp256k1[] = { 0x2b, 0x81, 0x04, 0x00, 0x0a };

/* The last number of an OID in an arc; 0 if it is in another. */
static unsigned arm_of(aval_bytes oid, const uint8_t *arc, size_t arc_len)
{
	return oid.len == arc_len + 1 && memcmp(oid.data, arc, arc_len) == 0 ? oid.data[arc_len] : 0;
}

#define ARM_OF(oid, arc) arm_of(oid, arc, sizeof(arc))

static bool is_oid(aval_bytes oid, const uint8_t *bytes, size_t len)
{
	return oid.len == len && memcmp(oid.data, bytes, len) == 0;
}

#define IS_OID(oid, bytes) is_oid(oid, bytes, sizeof(bytes))

/* Nothing, or NULL. */
static bool has_no_parameters(aval_bytes rest)
{
	return rest.len == 0 || (rest.len == 2 && rest.data[0] == DER_NULL && rest.data[1] == 0);
}

/* Parameters outside of the profile are no error of form: readers of them fail without a word. */
static const aval_der_input silent = { NULL, AVAL_E_CERT_FORMAT, NULL };

static bool take_oid(aval_der *in, aval_der *sequence_out, aval_bytes *oid_out)
{
	return aval_der_take(in, DER_SEQUENCE, sequence_out, "") == AVAL_OK &&
	       aval_der_take_bytes(sequence_out, DER_OID, oid_out, "") == AVAL_OK;
}

/* SEQUENCE { id-sha2.. [NULL] }: bytes of the digest, or 0. */
static size_t take_hash(aval_der *in)
{
	aval_der   sequence;
	aval_bytes oid;

	if (!take_oid(in, &sequence, &oid) || !has_no_parameters(aval_der_rest(&sequence)))
		return 0;
	switch (ARM_OF(oid, sha2_arc)) {
	case 1:
		return 32;
	case 2:
		return 48;
	case 3:
		return 64;
	default:
		return 0;
	}
}

/* RFC 4055, 3.1. The defaults mean SHA-1, so hash and MGF must be there, and be the same hash. */
static bool parse_pss(aval_x509_signature *signature, aval_bytes parameters)
{
	aval_der   in = aval_der_open(&silent, parameters), sequence, field, mgf;
	aval_bytes oid;
	uint32_t   salt_len = 20, trailer = 1;
	size_t     digest_len;

	if (aval_der_take(&in, DER_SEQUENCE, &sequence, "") != AVAL_OK || !aval_der_is_empty(&in) ||
	    aval_der_take(&sequence, DER_CONTEXT_0, &field, "") != AVAL_OK)
		return false;
	digest_len = take_hash(&field);
	if (digest_len == 0 || aval_der_take(&sequence, DER_CONTEXT_0 + 1, &field, "") != AVAL_OK ||
	    !take_oid(&field, &mgf, &oid) || ARM_OF(oid, pkcs1_arc) != MGF1 || take_hash(&mgf) != digest_len)
		return false;
	if (aval_der_next_is(&sequence, DER_CONTEXT_0 + 2) &&
	    (aval_der_take(&sequence, DER_CONTEXT_0 + 2, &field, "") != AVAL_OK ||
	     aval_der_take_uint(&field, &salt_len, "") != AVAL_OK))
		return false;
	if (aval_der_next_is(&sequence, DER_CONTEXT_0 + 3) &&
	    (aval_der_take(&sequence, DER_CONTEXT_0 + 3, &field, "") != AVAL_OK ||
	     aval_der_take_uint(&field, &trailer, "") != AVAL_OK))
		return false;
	if (!aval_der_is_empty(&sequence) || trailer != 1 || salt_len > AVAL_PK_DIGEST_MAX_LEN)
		return false;
	signature->padding = AVAL_PK_PSS;
	signature->digest_len = digest_len;
	signature->salt_len = salt_len;
	return true;
}

static void parse_pkcs1(aval_x509_signature *signature, unsigned arm, aval_bytes parameters)
{
	signature->padding = AVAL_PK_PKCS1;
	if (arm == RSASSA_PSS)
		(void)parse_pss(signature, parameters);
	else if (has_no_parameters(parameters) && arm >= SHA256_WITH_RSA && arm <= SHA512_WITH_RSA)
		signature->digest_len = 32 + 16 * (size_t)(arm - SHA256_WITH_RSA);
}

aval_status aval_x509_take_algorithm(aval_der *in, aval_x509_signature *signature, const char *where)
{
	aval_der    copy = *in, sequence;
	aval_bytes  oid;
	unsigned    arm;
	aval_status status = aval_der_take_whole(in, DER_SEQUENCE, &signature->algorithm, where);

	if (status == AVAL_OK)
		status = aval_der_take(&copy, DER_SEQUENCE, &sequence, where);
	if (status == AVAL_OK)
		status = aval_der_take_bytes(&sequence, DER_OID, &oid, where);
	if (status != AVAL_OK)
		return status;
	signature->digest_len = 0;
	arm = ARM_OF(oid, ecdsa_sha2_arc);
	signature->is_ecdsa = arm != 0;
	if (arm >= 2 && arm <= 4 && aval_der_is_empty(&sequence))
		signature->digest_len = 32 + 16 * (size_t)(arm - 2);
	else if (arm == 0)
		parse_pkcs1(signature, ARM_OF(oid, pkcs1_arc), aval_der_rest(&sequence));
	return AVAL_OK;
}

aval_status aval_x509_take_signature(aval_der *in, aval_x509_signature *signature, const char *where)
{
	aval_bytes  outer;
	aval_der    before = *in;
	unsigned    unused;
	aval_status status = aval_der_take_whole(in, DER_SEQUENCE, &outer, where);

	if (status != AVAL_OK)
		return status;
	if (!aval_bytes_equal(outer, signature->algorithm))
		return aval_der_fail(&before, where, "another algorithm than the one that is signed");
	before = *in;
	status = aval_der_take_bits(in, &signature->value, &unused, where);
	if (status == AVAL_OK && unused != 0)
		return aval_der_fail(&before, where, "a signature that is not whole bytes");
	return status == AVAL_OK ? aval_der_expect_end(in, where) : status;
}

unsigned aval_x509_bits_of(aval_bytes n)
{
	unsigned bits = (unsigned)n.len * 8;

	for (unsigned mask = 0x80; n.len != 0 && mask != 0 && (n.data[0] & mask) == 0; mask >>= 1)
		bits--;
	return bits;
}

static aval_status parse_rsa_key(aval_pk *key, const aval_der *in, aval_bytes bits, const char *where)
{
	aval_der    content = aval_der_open(in->input, bits), sequence;
	aval_status status = aval_der_take(&content, DER_SEQUENCE, &sequence, where);

	if (status == AVAL_OK)
		status = aval_der_take_natural(&sequence, &key->modulus, where);
	if (status == AVAL_OK)
		status = aval_der_take_natural(&sequence, &key->exponent, where);
	if (status == AVAL_OK)
		status = aval_der_expect_end(&sequence, where);
	if (status == AVAL_OK)
		status = aval_der_expect_end(&content, where);
	if (status != AVAL_OK)
		return status;
	key->kind = AVAL_PK_RSA;
	key->bits = aval_x509_bits_of(key->modulus);
	return AVAL_OK;
}

static void parse_ec_key(aval_pk *key, aval_bytes parameters, aval_bytes point)
{
	aval_der   in = aval_der_open(&silent, parameters);
	aval_bytes oid;

	if (aval_der_take_bytes(&in, DER_OID, &oid, "") != AVAL_OK || !aval_der_is_empty(&in))
		return;
	if (IS_OID(oid, prime256v1))
		key->kind = AVAL_PK_P256;
	else if (IS_OID(oid, secp384r1))
		key->kind = AVAL_PK_P384;
	else if (IS_OID(oid, secp256k1))
		key->kind = AVAL_PK_K1;
	key->point = point;
	if (point.len != 1 + 2 * aval_pk_scalar_len(key->kind) || point.data[0] != 4)
		key->kind = AVAL_PK_OTHER;
	key->bits = 8 * (unsigned)aval_pk_scalar_len(key->kind);
}

aval_status aval_x509_take_key(aval_der *in, aval_pk *key_out, const char *where)
{
	aval_der    info, algorithm;
	aval_bytes  oid = { NULL, 0 }, bits = { NULL, 0 }, parameters;
	unsigned    unused = 0;
	aval_pk     key = { AVAL_PK_OTHER, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	aval_status status = aval_der_take(in, DER_SEQUENCE, &info, where);

	if (status == AVAL_OK)
		status = aval_der_take(&info, DER_SEQUENCE, &algorithm, where);
	if (status == AVAL_OK)
		status = aval_der_take_bytes(&algorithm, DER_OID, &oid, where);
	if (status == AVAL_OK)
		status = aval_der_take_bits(&info, &bits, &unused, where);
	if (status == AVAL_OK)
		status = aval_der_expect_end(&info, where);
	if (status != AVAL_OK)
		return status;
	parameters = aval_der_rest(&algorithm);
	if (unused != 0)
		return aval_der_fail(&info, where, "a key that is not whole bytes");
	if (IS_OID(oid, ec_public_key))
		parse_ec_key(&key, parameters, bits);
	else if (ARM_OF(oid, pkcs1_arc) == RSA_ENCRYPTION && has_no_parameters(parameters))
		status = parse_rsa_key(&key, &info, bits, where);
	if (status == AVAL_OK)
		*key_out = key;
	return status;
}

/* Exponents: odd, above 1, and small enough that verifying is cheap. */
static bool is_good_rsa(const aval_pk *key)
{
	aval_bytes e = key->exponent;

	return key->bits >= AVAL_PK_RSA_MIN_BITS && key->bits <= AVAL_PK_RSA_MAX_BITS && e.len >= 1 &&
	       e.len <= 8 && (e.data[e.len - 1] & 1) != 0 && !(e.len == 1 && e.data[0] == 1) &&
	       (key->modulus.data[key->modulus.len - 1] & 1) != 0;
}

bool aval_x509_key_is_good(const aval_pk *key)
{
	return key->kind == AVAL_PK_RSA ? is_good_rsa(key) : key->kind != AVAL_PK_OTHER;
}

/* SEQUENCE { INTEGER r, INTEGER s } as r || s; false where it is another or a number is too long. */
static bool decode_ecdsa(uint8_t *rs_out, size_t n, aval_bytes der)
{
	aval_der   in = aval_der_open(&silent, der), sequence;
	aval_bytes r, s;

	if (aval_der_take(&in, DER_SEQUENCE, &sequence, "") != AVAL_OK || !aval_der_is_empty(&in) ||
	    aval_der_take_natural(&sequence, &r, "") != AVAL_OK ||
	    aval_der_take_natural(&sequence, &s, "") != AVAL_OK || !aval_der_is_empty(&sequence) || r.len > n ||
	    s.len > n)
		return false;
	memset(rs_out, 0, 2 * n);
	/* Zero has no bytes, and is refused where the numbers are looked at. */
	if (r.len != 0)
		memcpy(rs_out + n - r.len, r.data, r.len);
	if (s.len != 0)
		memcpy(rs_out + 2 * n - s.len, s.data, s.len);
	return true;
}

aval_status aval_x509_verify(const aval_x509_signature *signature, aval_bytes signed_bytes, const aval_pk *key)
{
	uint8_t digest[AVAL_PK_DIGEST_MAX_LEN], rs[2 * AVAL_PK_SCALAR_MAX_LEN];

	if (signature->digest_len == 0 || !aval_x509_key_is_good(key) ||
	    signature->is_ecdsa != (key->kind != AVAL_PK_RSA))
		return AVAL_E_COSE_ALGORITHM;
	aval_pk_hash(digest, signature->digest_len, signed_bytes.data, signed_bytes.len);
	if (!signature->is_ecdsa)
		return signature->value.len != key->modulus.len
		               ? AVAL_E_SIGNATURE_INVALID
		               : aval_pk_verify_rsa(key, signature->padding, signature->salt_len, digest,
		                                    signature->digest_len, signature->value.data);
	if (!decode_ecdsa(rs, aval_pk_scalar_len(key->kind), signature->value))
		return AVAL_E_SIGNATURE_INVALID;
	return aval_pk_verify_ecdsa(key, digest, signature->digest_len, rs);
}
