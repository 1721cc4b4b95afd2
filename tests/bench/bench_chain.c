/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of three certificates with its two CRLs, and a mandate's signature under its leaf: cold, beside the
 * signatures that have to be verified, and warm, beside the one that is left.
 */
#include <stdlib.h>
#include <string.h>

#include <aval/certificate.h>

#include "bench.h"
#include "bench_chain.h"
#include "identity/chain.h"

typedef struct sample {
	aval_chain       *chain;
	aval_trust       *trust;
	aval_chain_cache *cache;
} sample;

static const aval_chain_options options = {
	sizeof options, AVAL_CRL_REQUIRED, INT64_C(1780272000000), { NULL, 0 }
};

static void *setup(const bench_config *config)
{
	sample          *s = bench_alloc(sizeof *s);
	const aval_bytes certificates[] = { { chain_leaf, sizeof chain_leaf },
		                            { chain_issuing, sizeof chain_issuing } };

	(void)config;
	bench_require(aval_chain_parse(&s->chain, certificates, 2, NULL, NULL) == AVAL_OK, "chain: refused");
	bench_require(
		aval_trust_new(&s->trust, NULL, NULL) == AVAL_OK &&
			aval_trust_add_anchors(s->trust, chain_root, sizeof chain_root, NULL) == AVAL_OK &&
			aval_trust_add_crls(s->trust, chain_root_crl, sizeof chain_root_crl, NULL) == AVAL_OK &&
			aval_trust_add_crls(s->trust, chain_issuing_crl, sizeof chain_issuing_crl, NULL) ==
				AVAL_OK,
		"chain: no trust");
	bench_require(aval_chain_cache_new(&s->cache, 16, NULL, NULL) == AVAL_OK &&
	                      aval_chain_cache_verify(NULL, s->cache, s->chain, s->trust, &options, NULL) ==
	                              AVAL_OK,
	              "chain: no cache");
	return s;
}

static void teardown(void *state)
{
	sample *s = state;

	aval_chain_cache_free(s->cache);
	aval_trust_free(s->trust);
	aval_chain_free(s->chain);
	free(s);
}

static void cold(void *state, size_t count)
{
	sample *s = state;

	for (size_t i = 0; i < count; i++)
		bench_require(aval_chain_verify(NULL, s->chain, s->trust, &options, NULL) == AVAL_OK,
		              "chain: invalid");
}

static void verify(const aval_x509_signature *signature, aval_bytes bytes, const aval_x509 *issuer)
{
	bench_require(aval_x509_verify(signature, bytes, &issuer->key) == AVAL_OK,
	              "chain: a signature is invalid");
}

/* Four signatures of two certificates and two CRLs; mbedTLS verifies those of the certificates a second time.
 */
static void cold_limit(void *state, size_t count)
{
	sample          *s = state;
	const aval_x509 *leaf = &s->chain->certificates[0], *issuing = &s->chain->certificates[1];
	const aval_x509 *root = &s->trust->anchors[0];

	for (size_t i = 0; i < count; i++) {
		for (int twice = 0; twice < 2; twice++) {
			verify(&leaf->signature, leaf->tbs, issuing);
			verify(&issuing->signature, issuing->tbs, root);
		}
		verify(&s->trust->crls[0].signature, s->trust->crls[0].tbs, root);
		verify(&s->trust->crls[1].signature, s->trust->crls[1].tbs, issuing);
	}
}

static void verify_message(const sample *s)
{
	bench_require(aval_chain_verify_signature(s->chain, AVAL_ENDORSEMENT_ESP256, chain_message,
	                                          sizeof chain_message, chain_signature, sizeof chain_signature,
	                                          NULL) == AVAL_OK,
	              "chain: the message's signature is invalid");
}

/* What a bundle with the same chain as the one before costs: read, looked up, the message verified. */
static void warm(void *state, size_t count)
{
	const aval_bytes certificates[] = { { chain_leaf, sizeof chain_leaf },
		                            { chain_issuing, sizeof chain_issuing } };
	sample          *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_chain *chain;

		bench_require(aval_chain_parse(&chain, certificates, 2, NULL, NULL) == AVAL_OK &&
		                      aval_chain_cache_verify(NULL, s->cache, chain, s->trust, &options,
		                                              NULL) == AVAL_OK,
		              "chain: invalid");
		aval_chain_free(chain);
		verify_message(s);
	}
}

static void warm_limit(void *state, size_t count)
{
	for (size_t i = 0; i < count; i++)
		verify_message(state);
}

static const bench_row rows[] = {
	{ .name = "verify.chain-cold",
	  .limit = "6 raw ECDSA verifications",
	  .target_ratio_milli = 1100,
	  .setup = setup,
	  .work = cold,
	  .limit_work = cold_limit,
	  .teardown = teardown },
	{ .name = "verify.chain-warm",
	  .limit = "1 message signature, no chain",
	  .target_ratio_milli = 1050,
	  .setup = setup,
	  .work = warm,
	  .limit_work = warm_limit,
	  .teardown = teardown },
};

BENCH_AREA(chain, rows);
