/* SPDX-License-Identifier: Apache-2.0 */
/* Chains, trusts, caches and endorsements as objects: files, limits, memory that runs out, signatures and their
 * keys. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/certificate.h>

#include "crypto_fixture.h"
#include "failing_allocator.h"
#include "vectors.h"

#include "chains.vectors.h"

#include "chain_fixture.h"

#define AT_2026_06_01 (INT64_C(1780272000) * 1000)

static aval_chain *chain_of(const char *names)
{
	aval_chain *chain = NULL;
	aval_error  err = AVAL_ERROR_INIT;

	ck_assert_msg(make_chain(&chain, names, NULL, &err) == AVAL_OK, "%s: %s", names, err.reason);
	return chain;
}

static aval_trust *trust_of(const char *anchors, const char *crls)
{
	aval_trust *trust = NULL;

	ck_assert_int_eq(make_trust(&trust, anchors, crls, NULL, NULL), AVAL_OK);
	return trust;
}

/* ---- Files ---- */

START_TEST(test_pem)
{
	static const char *const newlines[] = { "\n", "\r\n" };

	for (size_t i = 0; i < 2; i++) {
		char       *leaf = pem_of_object("CERTIFICATE", "leaf", newlines[i]);
		char       *issuing = pem_of_object("CERTIFICATE", "issuing", newlines[i]);
		size_t      len = strlen(leaf) + strlen(issuing) + 100, der_len;
		char       *file = malloc(len);
		uint8_t    *der = object_bytes(&der_len, "issuing");
		aval_chain *chain = NULL;

		snprintf(file, len, "subject: %s%s%s \n\nissuer%s%s", "Example", newlines[i], leaf, newlines[i],
		         issuing);
		ck_assert_int_eq(aval_chain_parse_file(&chain, (const uint8_t *)file, strlen(file), NULL, NULL),
		                 AVAL_OK);
		ck_assert_uint_eq(aval_chain_count(chain), 2);
		ck_assert_uint_eq(aval_chain_certificate(chain, 1).len, der_len);
		ck_assert_mem_eq(aval_chain_certificate(chain, 1).data, der, der_len);
		ck_assert_ptr_null(aval_chain_certificate(chain, 2).data);
		aval_chain_free(chain);
		free(der);
		free(file);
		free(issuing);
		free(leaf);
	}
}
END_TEST

START_TEST(test_der_file)
{
	size_t      len;
	uint8_t    *der = object_bytes(&len, "leaf");
	aval_chain *chain = NULL;

	ck_assert_int_eq(aval_chain_parse_file(&chain, der, len, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(aval_chain_count(chain), 1);
	aval_chain_free(chain);
	free(der);
}
END_TEST

static const struct {
	const char *name, *file; /* "%s" is the body of a block */
	aval_status status;
	size_t      offset;
} bad_files[] = {
	{ "nothing", "", AVAL_E_CERT_FORMAT, AVAL_NO_OFFSET },
	{ "text alone", "hello\n", AVAL_E_CERT_FORMAT, AVAL_NO_OFFSET },
	{ "no end", "-----BEGIN CERTIFICATE-----\nMAAA\n", AVAL_E_CERT_FORMAT, 33 },
	{ "another end", "-----BEGIN CERTIFICATE-----\nMAAA\n-----END X509 CRL-----\n", AVAL_E_CERT_FORMAT,
	  56 },
	{ "a block within a block", "-----BEGIN CERTIFICATE-----\nMAAA\n-----BEGIN CERTIFICATE-----\n",
	  AVAL_E_CERT_FORMAT, 33 },
	{ "another kind", "x\n-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n",
	  AVAL_E_CERT_FORMAT, 2 },
	{ "an empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", AVAL_E_CERT_FORMAT, 0 },
	{ "no base64", "-----BEGIN CERTIFICATE-----\nMAA*\n-----END CERTIFICATE-----\n", AVAL_E_CERT_FORMAT,
	  0 },
	{ "no certificate", "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n",
	  AVAL_E_CERT_FORMAT, 2 },
};

START_TEST(test_bad_file)
{
	const char *file = bad_files[_i].file;
	aval_chain *chain = NULL;
	aval_trust *trust = trust_of("", "");
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_chain_parse_file(&chain, (const uint8_t *)file, strlen(file), NULL, &err);

	ck_assert_msg(status == bad_files[_i].status, "%s: got %s", bad_files[_i].name,
	              aval_status_name(status));
	ck_assert_msg(err.offset == bad_files[_i].offset, "%s: at %zu", bad_files[_i].name, err.offset);
	ck_assert_ptr_null(chain);
	ck_assert_int_eq(aval_trust_add_anchors(trust, (const uint8_t *)file, strlen(file), NULL),
	                 bad_files[_i].status);
	ck_assert_int_eq(aval_trust_add_crls(trust, (const uint8_t *)file, strlen(file), NULL),
	                 AVAL_E_CRL_FORMAT);
	ck_assert_uint_eq(aval_trust_anchor_count(trust), 0);
	aval_trust_free(trust);
}
END_TEST

/* A file is taken whole or not at all. */
START_TEST(test_trust_file)
{
	aval_trust *trust = trust_of("", "");
	char       *root = pem_of_object("CERTIFICATE", "root", "\n"),
	     *other = pem_of_object("CERTIFICATE", "other", "\n");
	char *crl = pem_of_object("X509 CRL", "root-crl", "\n"), *file = malloc(8192);

	sprintf(file, "%s%s-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n", root, other);
	ck_assert_int_eq(aval_trust_add_anchors(trust, (uint8_t *)file, strlen(file), NULL),
	                 AVAL_E_CERT_FORMAT);
	ck_assert_uint_eq(aval_trust_anchor_count(trust), 0);
	sprintf(file, "%s%s%s", root, other, root);
	ck_assert_int_eq(aval_trust_add_anchors(trust, (uint8_t *)file, strlen(file), NULL), AVAL_OK);
	ck_assert_uint_eq(aval_trust_anchor_count(trust), 2);
	ck_assert_ptr_nonnull(aval_trust_anchor(trust, 1).data);
	ck_assert_ptr_null(aval_trust_anchor(trust, 2).data);
	sprintf(file, "%s-----BEGIN X509 CRL-----\nMAAA\n-----END X509 CRL-----\n", crl);
	ck_assert_int_eq(aval_trust_add_crls(trust, (uint8_t *)file, strlen(file), NULL), AVAL_E_CRL_FORMAT);
	ck_assert_uint_eq(aval_trust_crl_count(trust), 0);
	sprintf(file, "%s%s", crl, crl);
	ck_assert_int_eq(aval_trust_add_crls(trust, (uint8_t *)file, strlen(file), NULL), AVAL_OK);
	ck_assert_uint_eq(aval_trust_crl_count(trust), 1);
	free(file);
	free(crl);
	free(other);
	free(root);
	aval_trust_free(trust);
}
END_TEST

/* ---- Limits ---- */

START_TEST(test_long_certificate)
{
	uint8_t    *zeros = calloc(1, AVAL_CERTIFICATE_MAX_LEN + 1);
	aval_bytes  der = { zeros, AVAL_CERTIFICATE_MAX_LEN + 1 };
	aval_chain *chain = NULL;
	aval_trust *trust = trust_of("", "");
	char       *pem;

	zeros[0] = 0x30;
	ck_assert_int_eq(aval_chain_parse(&chain, &der, 1, NULL, NULL), AVAL_E_LIMIT);
	ck_assert_int_eq(aval_trust_add_anchors(trust, zeros, der.len, NULL), AVAL_E_LIMIT);
	der.len--;
	ck_assert_int_eq(aval_chain_parse(&chain, &der, 1, NULL, NULL), AVAL_E_CERT_FORMAT);
	ck_assert_int_eq(aval_trust_add_anchors(trust, zeros, der.len, NULL), AVAL_E_CERT_FORMAT);
	der.len = 0;
	ck_assert_int_eq(aval_chain_parse(&chain, &der, 1, NULL, NULL), AVAL_E_CERT_FORMAT);
	pem = pem_of("CERTIFICATE", zeros, AVAL_CERTIFICATE_MAX_LEN + 1, "\n");
	ck_assert_int_eq(aval_chain_parse_file(&chain, (uint8_t *)pem, strlen(pem), NULL, NULL), AVAL_E_LIMIT);
	free(pem);
	pem = pem_of("CERTIFICATE", zeros, AVAL_CERTIFICATE_MAX_LEN, "\n");
	ck_assert_int_eq(aval_chain_parse_file(&chain, (uint8_t *)pem, strlen(pem), NULL, NULL),
	                 AVAL_E_CERT_FORMAT);
	free(pem);
	aval_trust_free(trust);
	free(zeros);
}
END_TEST

/* The same certificate with another last byte of its signature is another anchor. */
START_TEST(test_many_anchors)
{
	aval_trust *trust = trust_of("", "");
	size_t      len, crl_len;
	uint8_t    *root = object_bytes(&len, "root"), *crl = object_bytes(&crl_len, "root-crl");

	for (unsigned i = 0; i < AVAL_TRUST_MAX_ANCHORS; i++) {
		root[len - 1] = crl[crl_len - 1] = (uint8_t)i;
		ck_assert_int_eq(aval_trust_add_anchors(trust, root, len, NULL), AVAL_OK);
		ck_assert_int_eq(aval_trust_add_crls(trust, crl, crl_len, NULL), AVAL_OK);
	}
	ck_assert_int_eq(aval_trust_add_anchors(trust, root, len, NULL), AVAL_OK);
	root[len - 2] ^= 1;
	crl[crl_len - 2] ^= 1;
	ck_assert_int_eq(aval_trust_add_anchors(trust, root, len, NULL), AVAL_E_LIMIT);
	ck_assert_int_eq(aval_trust_add_crls(trust, crl, crl_len, NULL), AVAL_E_LIMIT);
	ck_assert_uint_eq(aval_trust_anchor_count(trust), AVAL_TRUST_MAX_ANCHORS);
	ck_assert_uint_eq(aval_trust_crl_count(trust), AVAL_TRUST_MAX_CRLS);
	free(crl);
	free(root);
	aval_trust_free(trust);
}
END_TEST

START_TEST(test_arguments)
{
	aval_chain        *chain = chain_of("leaf issuing");
	aval_trust        *trust = trust_of("root", "root-crl issuing-crl");
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;
	aval_chain_cache  *cache = NULL;

	options.at_unix_ms = AT_2026_06_01;
	ck_assert_int_eq(aval_chain_verify(NULL, chain, trust, &options, NULL), AVAL_OK);
	options.struct_size--;
	ck_assert_int_eq(aval_chain_verify(NULL, chain, trust, &options, NULL), AVAL_E_INVALID_ARGUMENT);
	options.struct_size++;
	options.crl_mode = (aval_crl_mode)3;
	ck_assert_int_eq(aval_chain_verify(NULL, chain, trust, &options, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_chain_verify(NULL, chain, trust, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_chain_cache_new(&cache, 0, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_chain_cache_new(&cache, 65537, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_ptr_null(cache);
	aval_chain_cache_free(NULL);
	aval_chain_free(NULL);
	aval_trust_free(NULL);
	aval_endorser_key_free(NULL);
	aval_trust_free(trust);
	aval_chain_free(chain);
}
END_TEST

START_TEST(test_info)
{
	aval_chain           *chain = chain_of("leaf issuing");
	aval_certificate_info info;
	uint8_t               hash32[32], want32[32];
	aval_public_key       key;
	uint8_t               point65[65];

	ck_assert_int_eq(aval_chain_info(&info, chain, 0, NULL), AVAL_OK);
	ck_assert_int_eq(info.key_kind, AVAL_CERTIFICATE_KEY_P256);
	ck_assert_uint_eq(info.key_bits, 256);
	ck_assert(!info.is_ca);
	ck_assert_uint_eq(info.serial.len, 1);
	ck_assert_uint_eq(info.serial.data[0], 100);
	ck_assert(aval_text_equal_z(info.subject_organization, "Example GmbH"));
	ck_assert(aval_text_equal_z(info.subject_common_name, "Example GmbH Treasury"));
	ck_assert(aval_text_equal_z(info.issuer_common_name, "Example Issuing CA"));
	ck_assert(info.valid_from_unix_ms == INT64_C(1735689600000) &&
	          info.valid_until_unix_ms == INT64_C(1830297600000));
	ck_assert_int_eq(aval_chain_info(&info, chain, 1, NULL), AVAL_OK);
	ck_assert(info.is_ca);
	ck_assert_int_eq(aval_chain_info(&info, chain, 2, NULL), AVAL_E_NOT_FOUND);
	aval_chain_leaf_hash(hash32, chain);
	aval_sha256(want32, aval_chain_certificate(chain, 0).data, aval_chain_certificate(chain, 0).len);
	ck_assert_mem_eq(hash32, want32, 32);
	ck_assert_int_eq(aval_chain_key(&key, chain, NULL), AVAL_OK);
	ck_assert_int_eq(aval_public_key_alg(&key), AVAL_ALG_ESP256);
	aval_public_key_point(point65, &key);
	ck_assert_int_eq(point65[0], 4);
	aval_chain_free(chain);
}
END_TEST

static const struct {
	const char *name;
	aval_status status;
	aval_alg    alg;
} leaf_keys[] = {
	{ "p256-end", AVAL_OK, AVAL_ALG_ESP256 },
	{ "k1-end", AVAL_OK, AVAL_ALG_ES256K },
	{ "p384-end", AVAL_E_UNSUPPORTED, (aval_alg)0 },
	{ "rsa-end", AVAL_E_UNSUPPORTED, (aval_alg)0 },
	{ "the-leaf-has-P-521", AVAL_E_UNSUPPORTED, (aval_alg)0 },
};

START_TEST(test_leaf_key)
{
	aval_chain     *chain = chain_of(leaf_keys[_i].name);
	aval_public_key key = { { 0 } };

	ck_assert_int_eq(aval_chain_key(&key, chain, NULL), leaf_keys[_i].status);
	ck_assert_int_eq(aval_public_key_alg(&key), leaf_keys[_i].alg);
	aval_chain_free(chain);
}
END_TEST

/* ---- Memory ---- */

static aval_status parse_call(const aval_allocator *allocator, void *user_data)
{
	aval_chain *chain = NULL;
	aval_status status = make_chain(&chain, user_data, allocator, NULL);

	ck_assert((status == AVAL_OK) == (chain != NULL));
	aval_chain_free(chain);
	return status;
}

static aval_status parse_file_call(const aval_allocator *allocator, void *user_data)
{
	char       *pem = pem_of_object("CERTIFICATE", user_data, "\n");
	aval_chain *chain = NULL;
	aval_status status = aval_chain_parse_file(&chain, (uint8_t *)pem, strlen(pem), allocator, NULL);

	free(pem);
	aval_chain_free(chain);
	return status;
}

static aval_status trust_call(const aval_allocator *allocator, void *user_data)
{
	aval_trust *trust = NULL;
	aval_status status = make_trust(&trust, "root other issuing leaf self rsa-root root-0 root-1 root-old",
	                                user_data, allocator, NULL);

	aval_trust_free(trust);
	return status;
}

static aval_status cache_call(const aval_allocator *allocator, void *user_data)
{
	aval_chain_cache *cache = NULL;
	aval_status       status = aval_chain_cache_new(&cache, 4, allocator, NULL);

	(void)user_data;
	aval_chain_cache_free(cache);
	return status;
}

static aval_status key_call(const aval_allocator *allocator, void *user_data)
{
	test_entropy       entropy;
	char              *pem = pem_of_object("PRIVATE KEY", user_data, "\n");
	aval_endorser_key *key = NULL;
	aval_status        status;

	test_entropy_init(&entropy);
	status = aval_endorser_key_parse_pem(&key, pem, strlen(pem), &entropy.entropy, allocator, NULL);
	free(pem);
	aval_endorser_key_free(key);
	return status;
}

START_TEST(test_memory)
{
	char two[] = "leaf issuing", one[] = "leaf", crls[] = "root-crl issuing-crl";
	char keys[][9] = { "p256-key", "k1-key", "p384-key", "rsa-key" };

	ck_assert_uint_eq(failing_allocator_walk("chain", parse_call, two), 3);
	ck_assert_uint_eq(failing_allocator_walk("file", parse_file_call, one), 3);
	ck_assert_uint_gt(failing_allocator_walk("trust", trust_call, crls), 12);
	ck_assert_uint_eq(failing_allocator_walk("cache", cache_call, NULL), 2);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_ge(failing_allocator_walk(keys[i], key_call, keys[i]), 2);
}
END_TEST

/* ---- The cache ---- */

static aval_status ask(aval_chain_cache *cache, const aval_chain *chain, const aval_trust *trust,
                       int64_t at_unix_ms)
{
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;

	options.at_unix_ms = at_unix_ms;
	return aval_chain_cache_verify(NULL, cache, chain, trust, &options, NULL);
}

START_TEST(test_cache)
{
	const int64_t first = INT64_C(1777593600000), last = INT64_C(1782864000000) - 1;
	aval_chain   *chain = chain_of("leaf issuing"), *again = chain_of("leaf issuing"),
		   *other = chain_of("leaf-of-root");
	aval_trust *trust = trust_of("root", "root-crl issuing-crl"),
		   *more = trust_of("root other", "root-crl issuing-crl");
	aval_chain_cache *cache = NULL;

	ck_assert_int_eq(aval_chain_cache_new(&cache, 2, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(ask(cache, chain, trust, AT_2026_06_01), AVAL_OK);
	ck_assert_uint_eq(aval_chain_cache_misses(cache), 1);
	/* Any moment of the span, and the same bytes again. */
	ck_assert_int_eq(ask(cache, chain, trust, first), AVAL_OK);
	ck_assert_int_eq(ask(cache, again, trust, last), AVAL_OK);
	ck_assert_uint_eq(aval_chain_cache_hits(cache), 2);
	/* Not beyond it. */
	ck_assert_int_eq(ask(cache, chain, trust, first - 1), AVAL_E_CRL_NOT_YET_VALID);
	ck_assert_int_eq(ask(cache, chain, trust, last + 1), AVAL_E_CRL_STALE);
	/* Not for another trust or another chain; then the oldest path is gone. */
	ck_assert_int_eq(ask(cache, chain, more, AT_2026_06_01), AVAL_OK);
	ck_assert_uint_eq(aval_chain_cache_misses(cache), 4);
	ck_assert_int_eq(ask(cache, chain, trust, AT_2026_06_01), AVAL_OK);
	ck_assert_uint_eq(aval_chain_cache_hits(cache), 3);
	ck_assert_int_eq(ask(cache, other, trust, AT_2026_06_01), AVAL_OK);
	ck_assert_int_eq(ask(cache, chain, trust, AT_2026_06_01), AVAL_OK);
	ck_assert_uint_eq(aval_chain_cache_hits(cache), 3);
	ck_assert_uint_eq(aval_chain_cache_misses(cache), 6);
	aval_chain_cache_free(cache);
	aval_trust_free(more);
	aval_trust_free(trust);
	aval_chain_free(other);
	aval_chain_free(again);
	aval_chain_free(chain);
}
END_TEST

/* The mode is part of the key, the party is asked for each time. */
START_TEST(test_cache_mode_and_party)
{
	aval_chain        *chain = chain_of("leaf issuing");
	aval_trust        *trust = trust_of("root", "");
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;
	aval_chain_cache  *cache = NULL;

	options.at_unix_ms = AT_2026_06_01;
	options.crl_mode = AVAL_CRL_IGNORED;
	ck_assert_int_eq(aval_chain_cache_new(&cache, 2, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_chain_cache_verify(NULL, cache, chain, trust, &options, NULL), AVAL_OK);
	options.crl_mode = AVAL_CRL_REQUIRED;
	ck_assert_int_eq(aval_chain_cache_verify(NULL, cache, chain, trust, &options, NULL),
	                 AVAL_E_CRL_MISSING);
	options.crl_mode = AVAL_CRL_IGNORED;
	options.party = aval_text_z("vat:DE123456789");
	ck_assert_int_eq(aval_chain_cache_verify(NULL, cache, chain, trust, &options, NULL), AVAL_E_CERT_PARTY);
	options.struct_size = 0;
	ck_assert_int_eq(aval_chain_cache_verify(NULL, cache, chain, trust, &options, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	aval_chain_cache_free(cache);
	aval_trust_free(trust);
	aval_chain_free(chain);
}
END_TEST

/* ---- Endorsements ---- */

static const struct {
	const char *name, *chain, *signature;
	int64_t     alg;
	aval_status status;
} signatures[] = {
	{ "ESP256", "p256-end", "p256-signature", -9, AVAL_OK },
	{ "ES256 is ESP256", "p256-end", "p256-signature", -7, AVAL_OK },
	{ "ES256K", "k1-end", "k1-signature", -47, AVAL_OK },
	{ "ES384", "p384-end", "p384-signature", -35, AVAL_OK },
	{ "PS256", "rsa-end", "rsa-ps256", -37, AVAL_OK },
	{ "RS256", "rsa-end", "rsa-rs256", -257, AVAL_OK },
	{ "high s on P-256", "p256-end", "p256-signature-high", -9, AVAL_E_SIGNATURE_HIGH_S },
	{ "high s on secp256k1", "k1-end", "k1-signature-high", -47, AVAL_E_SIGNATURE_HIGH_S },
	{ "high s on P-384", "p384-end", "p384-signature-high", -35, AVAL_E_SIGNATURE_HIGH_S },
	{ "another algorithm of the curve", "k1-end", "k1-signature", -9, AVAL_E_COSE_ALGORITHM },
	{ "Schnorr", "k1-end", "k1-signature", -65537, AVAL_E_COSE_ALGORITHM },
	{ "EdDSA", "p256-end", "p256-signature", -8, AVAL_E_COSE_ALGORITHM },
	{ "RS256 as PS256", "rsa-end", "rsa-rs256", -37, AVAL_E_SIGNATURE_INVALID },
	{ "PS256 as RS256", "rsa-end", "rsa-ps256", -257, AVAL_E_SIGNATURE_INVALID },
	{ "PS256 with another salt", "rsa-end", "rsa-ps256-salt-20", -37, AVAL_E_SIGNATURE_INVALID },
	{ "RS512 as RS256", "rsa-end", "rsa-rs512", -257, AVAL_E_SIGNATURE_INVALID },
	{ "another key", "leaf-of-root", "k1-signature", -9, AVAL_E_SIGNATURE_INVALID },
	{ "a signature of another length", "p384-end", "p256-signature", -35, AVAL_E_SIGNATURE_LENGTH },
	{ "a key outside of the profile", "the-leaf-has-P-521", "p256-signature", -9, AVAL_E_CERT_ALGORITHM },
};

START_TEST(test_signature)
{
	size_t   len, message_len;
	uint8_t *signature = object_bytes(&len, signatures[_i].signature),
		*message = object_bytes(&message_len, "message");
	aval_chain *chain = chain_of(signatures[_i].chain);
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_chain_verify_signature(chain, signatures[_i].alg, message, message_len,
	                                                 signature, len, &err);

	ck_assert_msg(status == signatures[_i].status, "%s: got %s (%s)", signatures[_i].name,
	              aval_status_name(status), err.reason);
	if (status == AVAL_OK) {
		message[0] ^= 1;
		ck_assert_int_eq(aval_chain_verify_signature(chain, signatures[_i].alg, message, message_len,
		                                             signature, len, NULL),
		                 AVAL_E_SIGNATURE_INVALID);
		message[0] ^= 1;
		for (size_t i = 0; i < len; i += 7) {
			signature[i] ^= 1;
			ck_assert_int_ne(aval_chain_verify_signature(chain, signatures[_i].alg, message,
			                                             message_len, signature, len, NULL),
			                 AVAL_OK);
			signature[i] ^= 1;
		}
		memset(signature, 0, len);
		ck_assert_int_eq(aval_chain_verify_signature(chain, signatures[_i].alg, message, message_len,
		                                             signature, len, NULL),
		                 AVAL_E_SIGNATURE_INVALID);
	}
	aval_chain_free(chain);
	free(message);
	free(signature);
}
END_TEST

START_TEST(test_point_off_the_curve)
{
	aval_chain     *chain = chain_of("an-intermediate-with-a-key-that-is-no-point");
	uint8_t         signature[64];
	aval_public_key key;

	memset(signature, 1, sizeof signature);
	ck_assert_int_eq(aval_chain_key(&key, chain, NULL), AVAL_E_KEY_POINT);
	ck_assert_int_eq(aval_chain_verify_signature(chain, -9, NULL, 0, signature, 64, NULL),
	                 AVAL_E_KEY_POINT);
	aval_chain_free(chain);
}
END_TEST

static aval_endorser_key *key_of(const char *name, const aval_entropy *entropy)
{
	char              *pem = pem_of_object("PRIVATE KEY", name, "\n");
	aval_endorser_key *key = NULL;
	aval_error         err = AVAL_ERROR_INIT;

	ck_assert_msg(aval_endorser_key_parse_pem(&key, pem, strlen(pem), entropy, NULL, &err) == AVAL_OK,
	              "%s: %s", name, err.reason);
	free(pem);
	return key;
}

static const struct {
	const char          *name, *chain, *key;
	aval_endorsement_alg ask, alg;
	size_t               len;
} endorsers[] = {
	{ "ESP256", "p256-end", "p256-key", (aval_endorsement_alg)0, AVAL_ENDORSEMENT_ESP256, 64 },
	{ "ES256K", "k1-end", "k1-key", (aval_endorsement_alg)0, AVAL_ENDORSEMENT_ES256K, 64 },
	{ "ES384", "p384-end", "p384-key", (aval_endorsement_alg)0, AVAL_ENDORSEMENT_ES384, 96 },
	{ "ES384 by name", "p384-end", "p384-key", AVAL_ENDORSEMENT_ES384, AVAL_ENDORSEMENT_ES384, 96 },
	{ "PS256", "rsa-end", "rsa-key", (aval_endorsement_alg)0, AVAL_ENDORSEMENT_PS256, 256 },
	{ "RS256", "rsa-end", "rsa-key", AVAL_ENDORSEMENT_RS256, AVAL_ENDORSEMENT_RS256, 256 },
};

START_TEST(test_sign)
{
	test_entropy       entropy;
	aval_endorser_key *key = key_of(endorsers[_i].key, test_entropy_init(&entropy));
	aval_endorser      endorser = aval_endorser_from_key(key, endorsers[_i].ask);
	aval_chain   *chain = chain_of(endorsers[_i].chain), *other = chain_of(_i == 0 ? "k1-end" : "p256-end");
	const uint8_t message[] = "up to 5,000,000.00 EUR";
	uint8_t       out[AVAL_ENDORSEMENT_MAX_LEN], untouched[AVAL_ENDORSEMENT_MAX_LEN];
	size_t        len = 0;

	memset(out, 0xEE, sizeof out);
	memset(untouched, 0xEE, sizeof untouched);
	ck_assert_int_eq(endorser.alg, endorsers[_i].alg);
	ck_assert_int_eq(aval_chain_sign(NULL, &len, &endorser, chain, message, sizeof message, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, endorsers[_i].len);
	len--;
	ck_assert_int_eq(aval_chain_sign(out, &len, &endorser, chain, message, sizeof message, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_int_eq(aval_chain_sign(out, &len, &endorser, other, message, sizeof message, NULL),
	                 AVAL_E_COSE_ALGORITHM);
	ck_assert_mem_eq(out, untouched, sizeof out);
	for (unsigned i = 0; i < 4; i++) {
		len = sizeof out;
		ck_assert_int_eq(aval_chain_sign(out, &len, &endorser, chain, message, i, NULL), AVAL_OK);
		ck_assert_uint_eq(len, endorsers[_i].len);
		ck_assert_int_eq(
			aval_chain_verify_signature(chain, (int64_t)endorser.alg, message, i, out, len, NULL),
			AVAL_OK);
	}
	entropy.fail_at = entropy.calls + 1;
	ck_assert_int_eq(aval_chain_sign(out, &len, &endorser, chain, message, 1, NULL),
	                 endorser.alg == AVAL_ENDORSEMENT_ES256K ? AVAL_OK : AVAL_E_CALLBACK);
	aval_chain_free(other);
	aval_chain_free(chain);
	aval_endorser_key_free(key);
}
END_TEST

/* What an endorser gives is not believed. */
static aval_status lie(uint8_t *out, size_t *len_out, const uint8_t *message, size_t message_len,
                       const uint8_t *digest, size_t digest_len, void *user_data)
{
	const int *how = user_data;
	size_t     len;
	uint8_t   *high = object_bytes(&len, "p256-signature-high");

	(void)message;
	(void)message_len;
	(void)digest;
	ck_assert_uint_eq(digest_len, 32);
	memcpy(out, high, 64);
	free(high);
	*len_out = *how == 1 ? 63 : 64;
	out[5] ^= *how == 2;
	return *how == 3 ? AVAL_E_IO : AVAL_OK;
}

START_TEST(test_liar)
{
	static const aval_status want[] = { AVAL_OK, AVAL_E_SIGNATURE_LENGTH, AVAL_E_SIGNATURE_INVALID,
		                            AVAL_E_CALLBACK };
	aval_chain              *chain = chain_of("p256-end");
	int                      how = _i;
	aval_endorser            endorser = { sizeof endorser, AVAL_ENDORSEMENT_ESP256, lie, &how };
	uint8_t                  out[64];
	size_t                   len = sizeof out, message_len, low_len;
	uint8_t                 *message = object_bytes(&message_len, "message"),
		*low = object_bytes(&low_len, "p256-signature");
	aval_error err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_chain_sign(out, &len, &endorser, chain, message, message_len, &err), want[_i]);
	if (_i == 0)
		ck_assert_mem_eq(out, low, 64);
	if (_i == 3)
		ck_assert_int_eq(err.cause, AVAL_E_IO);
	endorser.struct_size--;
	ck_assert_int_eq(aval_chain_sign(out, &len, &endorser, chain, message, message_len, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_chain_sign(out, &len, NULL, chain, message, message_len, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	free(low);
	free(message);
	aval_chain_free(chain);
}
END_TEST

START_TEST(test_wrong_algorithm_of_key)
{
	test_entropy       entropy;
	aval_endorser_key *key = key_of("p256-key", test_entropy_init(&entropy));
	aval_endorser      endorser = aval_endorser_from_key(key, AVAL_ENDORSEMENT_RS256);
	aval_chain        *chain = chain_of("rsa-end");
	uint8_t            out[AVAL_ENDORSEMENT_MAX_LEN];
	size_t             len = sizeof out;
	aval_error         err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_chain_sign(out, &len, &endorser, chain, NULL, 0, &err), AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_COSE_ALGORITHM);
	aval_chain_free(chain);
	aval_endorser_key_free(key);
}
END_TEST

static const struct {
	const char *object;
	const char *label;
	aval_status status;
} bad_keys[] = {
	{ "p384-key-mismatch", "PRIVATE KEY", AVAL_E_KEY_MISMATCH },
	{ "p384-key-zero", "PRIVATE KEY", AVAL_E_KEY_SCALAR },
	{ "rsa-key-wrong", "PRIVATE KEY", AVAL_E_KEY_FORMAT },
	{ "rsa-key-odd", "PRIVATE KEY", AVAL_E_KEY_FORMAT },
	{ "rsa-key-small", "PRIVATE KEY", AVAL_E_UNSUPPORTED },
	{ "leaf", "PRIVATE KEY", AVAL_E_KEY_FORMAT },
	{ "rsa-key", "RSA PRIVATE KEY", AVAL_E_UNSUPPORTED },
	{ "rsa-key", "ENCRYPTED PRIVATE KEY", AVAL_E_KEY_ENCRYPTED },
};

START_TEST(test_bad_key)
{
	test_entropy       entropy;
	aval_entropy       unusable = { sizeof unusable, NULL, NULL };
	char              *pem = pem_of_object(bad_keys[_i].label, bad_keys[_i].object, "\n");
	aval_endorser_key *key = NULL;

	test_entropy_init(&entropy);
	ck_assert_int_eq(aval_endorser_key_parse_pem(&key, pem, strlen(pem), &entropy.entropy, NULL, NULL),
	                 bad_keys[_i].status);
	ck_assert_int_eq(aval_endorser_key_parse_pem(&key, pem, strlen(pem), &unusable, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_ptr_null(key);
	free(pem);
}
END_TEST

/* Each cut of a key is refused. */
START_TEST(test_cut_key)
{
	static const char *const names[] = { "p384-key", "rsa-key" };
	size_t                   len;
	uint8_t                 *der = object_bytes(&len, names[_i]);
	test_entropy             entropy;
	aval_endorser_key       *key = NULL;

	test_entropy_init(&entropy);
	for (size_t cut = 1; cut < len; cut++) {
		char *pem = pem_of("PRIVATE KEY", der, cut, "\n");

		ck_assert_int_ne(
			aval_endorser_key_parse_pem(&key, pem, strlen(pem), &entropy.entropy, NULL, NULL),
			AVAL_OK);
		free(pem);
	}
	entropy.fail_at = 1;
	if (_i == 0) {
		char *pem = pem_of("PRIVATE KEY", der, len, "\n");

		ck_assert_int_eq(
			aval_endorser_key_parse_pem(&key, pem, strlen(pem), &entropy.entropy, NULL, NULL),
			AVAL_E_CALLBACK);
		free(pem);
	}
	free(der);
}
END_TEST

START_TEST(test_key_with_alg_line)
{
	test_entropy       entropy;
	char              *pem = pem_of_object("PRIVATE KEY", "p256-key", "\n"), *file = malloc(1000);
	aval_endorser_key *key = NULL;

	sprintf(file, "alg: esp256\n%s", pem);
	test_entropy_init(&entropy);
	ck_assert_int_eq(aval_endorser_key_parse_pem(&key, file, strlen(file), &entropy.entropy, NULL, NULL),
	                 AVAL_E_KEY_FORMAT);
	free(file);
	free(pem);
}
END_TEST

/* Each bit of a certificate that changes makes another verdict than valid. */
START_TEST(test_changed_leaf)
{
	aval_trust        *trust = trust_of("root", "root-crl");
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;
	size_t             len;
	uint8_t           *der = object_bytes(&len, "leaf-of-root");

	options.at_unix_ms = AT_2026_06_01;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		aval_chain *chain = NULL;

		der[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (aval_chain_parse_file(&chain, der, len, NULL, NULL) == AVAL_OK)
			ck_assert_msg(aval_chain_verify(NULL, chain, trust, &options, NULL) != AVAL_OK,
			              "bit %zu", bit);
		der[bit / 8] ^= (uint8_t)(1 << bit % 8);
		aval_chain_free(chain);
	}
	for (size_t cut = 0; cut < len; cut++) {
		aval_chain *chain = NULL;

		ck_assert_int_eq(aval_chain_parse_file(&chain, der, cut, NULL, NULL), AVAL_E_CERT_FORMAT);
	}
	free(der);
	aval_trust_free(trust);
}
END_TEST

START_TEST(test_changed_crl)
{
	aval_chain        *chain = chain_of("leaf-of-root");
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;
	size_t             len;
	uint8_t           *der = object_bytes(&len, "root-crl-revoked");

	options.at_unix_ms = AT_2026_06_01;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		aval_trust *trust = trust_of("root", "");

		der[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (aval_trust_add_crls(trust, der, len, NULL) == AVAL_OK)
			ck_assert_msg(aval_chain_verify(NULL, chain, trust, &options, NULL) != AVAL_OK,
			              "bit %zu", bit);
		der[bit / 8] ^= (uint8_t)(1 << bit % 8);
		aval_trust_free(trust);
	}
	free(der);
	aval_chain_free(chain);
}
END_TEST

static void add_endorsements(TCase *cases)
{
	tcase_add_loop_test(cases, test_signature, 0, sizeof signatures / sizeof signatures[0]);
	tcase_add_test(cases, test_point_off_the_curve);
	tcase_add_loop_test(cases, test_sign, 0, sizeof endorsers / sizeof endorsers[0]);
	tcase_add_loop_test(cases, test_liar, 0, 4);
	tcase_add_test(cases, test_wrong_algorithm_of_key);
	tcase_add_loop_test(cases, test_bad_key, 0, sizeof bad_keys / sizeof bad_keys[0]);
	tcase_add_loop_test(cases, test_cut_key, 0, 2);
	tcase_add_test(cases, test_key_with_alg_line);
}

int main(void)
{
	Suite   *suite = suite_create("certificate");
	TCase   *cases = tcase_create("objects");
	SRunner *runner = srunner_create(suite);
	int      failed;

	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, test_pem);
	tcase_add_test(cases, test_der_file);
	tcase_add_loop_test(cases, test_bad_file, 0, sizeof bad_files / sizeof bad_files[0]);
	tcase_add_test(cases, test_trust_file);
	tcase_add_test(cases, test_long_certificate);
	tcase_add_test(cases, test_many_anchors);
	tcase_add_test(cases, test_arguments);
	tcase_add_test(cases, test_info);
	tcase_add_loop_test(cases, test_leaf_key, 0, sizeof leaf_keys / sizeof leaf_keys[0]);
	tcase_add_test(cases, test_memory);
	tcase_add_test(cases, test_cache);
	tcase_add_test(cases, test_cache_mode_and_party);
	tcase_add_test(cases, test_changed_leaf);
	tcase_add_test(cases, test_changed_crl);
	add_endorsements(cases);
	suite_add_tcase(suite, cases);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
