/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates, CRLs and keys of certificates. The input is read as a file of each kind, and as elements of DER
 * one after the other: certificates, of which the last is the anchor, and CRLs among them; then the chain is
 * verified.
 */
#include <string.h>

#include <aval/certificate.h>

#include "fuzz.h"
#include "identity/chain.h"

#define AT_2026_06_01 (INT64_C(1780272000) * 1000)

static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	(void)user_data;
	memset(out, 7, len);
	return AVAL_OK;
}

static const aval_entropy entropy = { sizeof entropy, fill, NULL };

static void check_error(aval_status status, const aval_error *err, size_t size)
{
	FUZZ_REQUIRE(err->status == status && err->reason[0] != '\0' && err->where[0] != '\0');
	FUZZ_REQUIRE(err->offset == AVAL_NO_OFFSET || err->offset <= size);
}

static void check_parties(const aval_chain *chain)
{
	aval_party_source source = 0;
	aval_text         party;
	size_t            count = 0;

	while ((party = aval_chain_party(&source, chain, count)).data != NULL) {
		FUZZ_REQUIRE(aval_party_check(NULL, party.data, party.len, NULL) == AVAL_OK && source != 0);
		FUZZ_REQUIRE(aval_chain_check_party(chain, party.data, party.len, NULL) == AVAL_OK);
		count++;
	}
	FUZZ_REQUIRE(count <= AVAL_CERTIFICATE_MAX_PARTIES);
}

static void check_chain(const aval_chain *chain)
{
	const uint8_t         nothing[96] = { 0 };
	aval_certificate_info info;
	aval_public_key       key;

	for (size_t i = 0; i < aval_chain_count(chain); i++) {
		FUZZ_REQUIRE(aval_chain_info(&info, chain, i, NULL) == AVAL_OK);
		FUZZ_REQUIRE(aval_chain_certificate(chain, i).data[0] == 0x30);
	}
	check_parties(chain);
	if (aval_chain_key(&key, chain, NULL) == AVAL_OK)
		FUZZ_REQUIRE(aval_public_key_alg(&key) != 0);
	FUZZ_REQUIRE(aval_chain_verify_signature(chain, (int64_t)aval_chain_endorsement_alg(chain), nothing, 1,
	                                         nothing, 96, NULL) != AVAL_OK);
}

static void fuzz_file(const uint8_t *data, size_t size)
{
	aval_chain *chain = NULL;
	aval_trust *trust = NULL;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_chain_parse_file(&chain, data, size, NULL, &err);

	if (status == AVAL_OK)
		check_chain(chain);
	else
		check_error(status, &err, size);
	FUZZ_REQUIRE(aval_trust_new(&trust, NULL, NULL) == AVAL_OK);
	status = aval_trust_add_anchors(trust, data, size, NULL);
	FUZZ_REQUIRE((status == AVAL_OK) == (aval_trust_anchor_count(trust) != 0));
	FUZZ_REQUIRE(status == AVAL_OK || chain == NULL);
	status = aval_trust_add_crls(trust, data, size, &err);
	FUZZ_REQUIRE((status == AVAL_OK) == (aval_trust_crl_count(trust) != 0));
	aval_trust_free(trust);
	aval_chain_free(chain);
}

/* The elements that are certificates, and CRLs into the trust. */
static size_t take_elements(aval_bytes *certificates, aval_trust *trust, const uint8_t *data, size_t size)
{
	const aval_der_input input = { data, AVAL_E_CERT_FORMAT, NULL };
	aval_der             in = aval_der_open(&input, (aval_bytes){ data, size });
	size_t               count = 0;
	aval_bytes           element;

	while (count < AVAL_CHAIN_MAX_COUNT && !aval_der_is_empty(&in) &&
	       aval_der_take_any(&in, NULL, &element, NULL, "") == AVAL_OK)
		if (element.data[0] != 0x30 ||
		    aval_trust_add_crls(trust, element.data, element.len, NULL) != AVAL_OK)
			certificates[count++] = element;
	return count;
}

static void verify(const aval_chain *chain, const aval_trust *trust, aval_crl_mode mode)
{
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;
	aval_chain_result  result = { 0 };
	aval_error         err = AVAL_ERROR_INIT;
	aval_status        status;

	options.at_unix_ms = AT_2026_06_01;
	options.crl_mode = mode;
	status = aval_chain_verify(&result, chain, trust, &options, &err);
	if (status != AVAL_OK) {
		check_error(status, &err, 0);
		return;
	}
	FUZZ_REQUIRE(result.path_count >= 2 && result.crl_count < result.path_count);
	FUZZ_REQUIRE(result.valid_from_unix_ms <= AT_2026_06_01 && AT_2026_06_01 < result.valid_until_unix_ms);
	FUZZ_REQUIRE(mode != AVAL_CRL_REQUIRED || result.crl_count + 1 == result.path_count);
}

static void fuzz_elements(const uint8_t *data, size_t size)
{
	aval_bytes  certificates[AVAL_CHAIN_MAX_COUNT];
	aval_chain *chain = NULL;
	aval_trust *trust = NULL;
	size_t      count;

	FUZZ_REQUIRE(aval_trust_new(&trust, NULL, NULL) == AVAL_OK);
	count = take_elements(certificates, trust, data, size);
	if (count >= 2 && aval_chain_parse(&chain, certificates, count - 1, NULL, NULL) == AVAL_OK &&
	    certificates[count - 1].data[0] == 0x30 &&
	    aval_trust_add_anchors(trust, certificates[count - 1].data, certificates[count - 1].len, NULL) ==
	            AVAL_OK) {
		verify(chain, trust, AVAL_CRL_REQUIRED);
		verify(chain, trust, AVAL_CRL_IF_PRESENT);
		verify(chain, trust, AVAL_CRL_IGNORED);
	}
	aval_chain_free(chain);
	aval_trust_free(trust);
}

static void fuzz_key(const uint8_t *data, size_t size)
{
	aval_endorser_key *key = NULL;
	aval_error         err = AVAL_ERROR_INIT;
	aval_status status = aval_endorser_key_parse_pem(&key, (const char *)data, size, &entropy, NULL, &err);

	if (status != AVAL_OK)
		FUZZ_REQUIRE(err.status == status && key == NULL);
	else
		FUZZ_REQUIRE(aval_endorser_from_key(key, (aval_endorsement_alg)0).alg != 0);
	aval_endorser_key_free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_file(data, size);
	fuzz_elements(data, size);
	fuzz_key(data, size);
	return 0;
}
