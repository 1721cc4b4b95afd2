/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole paths of secrets through the library as it ships, by memcheck: keys are drawn, written, read and signed
 * with; nonces and partial signatures made; seeds become salts, commitments and disclosures. The secret is
 * undefined from where it enters, ct_wrap.c says what is made public, libraries.supp what belongs to other
 * libraries. A case fails if memcheck reports a branch or an address in it; the first case is one that must.
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/memcheck.h>

#include <aval/commitment.h>
#include <aval/musig.h>

#include "ct_paths.h"
#include "ct_wrap.h"
#include "sign/musig.h"
#include "sign/sign.h"

static unsigned number, failures, errors;

void ct_report(const char *name, bool result)
{
	unsigned now = (unsigned)VALGRIND_COUNT_ERRORS;

	result = result && now == errors;
	errors = now;
	failures += result ? 0 : 1;
	printf("%s %u - %s\n", result ? "ok" : "not ok", ++number, name);
	fflush(stdout);
}

/* Secret bytes, never the same. */
static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	uint8_t *next = user_data;

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(*next += 7);
	VALGRIND_MAKE_MEM_UNDEFINED(out, len);
	return AVAL_OK;
}

static uint8_t     next = 1;
const aval_entropy ct_entropy = { sizeof ct_entropy, fill, &next };

static const aval_alg    algs[] = { AVAL_ALG_ES256K, AVAL_ALG_ESP256, AVAL_ALG_SCHNORR };
static const char *const names[] = { "es256k", "esp256", "schnorr" };
/* Where the number stands in the DER that aval_pkcs8_serialize() writes. */
static const size_t scalar_at[] = { 33, 36, 33 };

static const uint8_t message[] = "three pallets of sealed bearings";

/* Memcheck sees what it shall see: else all that follows says nothing. */
static void control(void)
{
	volatile uint8_t secret = 3, seen = 0;

	VALGRIND_MAKE_MEM_UNDEFINED(&secret, 1);
	if (secret > 2)
		seen = 1;
	errors = (unsigned)VALGRIND_COUNT_ERRORS;
	ct_report("a branch on a secret is seen", errors == 1 && seen == 1);
}

/* A signature is public. */
static aval_status sign_known(uint8_t sig64_out[64], const uint8_t *data, size_t len,
                              const uint8_t digest32[32], void *user_data)
{
	const aval_signer *signer = user_data;
	aval_status        status = signer->sign(sig64_out, data, len, digest32, signer->user_data);

	VALGRIND_MAKE_MEM_DEFINED(sig64_out, 64);
	return status;
}

static bool sign(aval_secret_key *key)
{
	aval_signer inner = aval_signer_from_secret_key(key);
	aval_signer outer = { sizeof outer, inner.key, sign_known, &inner };
	uint8_t     sig64[64];

	return aval_signer_sign(sig64, &outer, message, sizeof message, NULL) == AVAL_OK;
}

static void say(const char *what, size_t i, bool result)
{
	char line[80];

	snprintf(line, sizeof line, "%s: %s", names[i], what);
	ct_report(line, result);
}

static void key_paths(size_t i)
{
	aval_secret_key *key = NULL, *again = NULL;
	char             pem[AVAL_SECRET_KEY_PEM_MAX_LEN];
	size_t           len = sizeof pem, begin;
	bool             result;

	say("a key is drawn", i, aval_secret_key_generate(&key, algs[i], &ct_entropy, NULL, NULL) == AVAL_OK);
	say("a signature", i, key != NULL && sign(key));
	say("a key file is written", i, aval_secret_key_serialize_pem(pem, &len, key, NULL) == AVAL_OK);
	/* The lines around the block are nobody's secret, nor are the ends of lines in it. The last digit of a
	 * line is compared with a carriage return, which it never is. */
	begin = (size_t)(strstr(pem, "KEY-----\n") + 9 - pem);
	VALGRIND_MAKE_MEM_DEFINED(pem, begin);
	VALGRIND_MAKE_MEM_DEFINED(pem + len - 26, 26);
	for (size_t at = begin; at + 64 < len; at += 65)
		VALGRIND_MAKE_MEM_DEFINED(pem + at + 63, 2);
	ct_secret_spans[0] = (struct ct_span){ scalar_at[i], 32 };
	ct_secret_count = 1;
	result = aval_secret_key_parse_pem(&again, pem, len, &ct_entropy, NULL, NULL) == AVAL_OK;
	say("a key file is read", i, result);
	say("a signature with it", i, result && sign(again));
	result = result && memcmp(&again->public_key, &key->public_key, sizeof key->public_key) == 0;
	say("it is the same key", i, result);
	aval_secret_key_free(key);
	aval_secret_key_free(again);
	say("keys are freed", i, true);
}

enum { SIGNERS = 2 };

/* By place in the sorted list. */
static void order(aval_secret_key *sorted[SIGNERS], aval_secret_key *const drawn[SIGNERS],
                  const aval_musig_keys *keys)
{
	bool swap = memcmp(aval_musig_keys_member(keys, 0), aval_secret_key_public(drawn[0]),
	                   sizeof(aval_public_key)) != 0;

	sorted[0] = drawn[swap];
	sorted[1] = drawn[!swap];
}

static void musig_paths(void)
{
	aval_secret_key    *drawn[SIGNERS] = { NULL }, *key[SIGNERS];
	aval_public_key     members[SIGNERS];
	aval_musig_keys    *keys = NULL;
	aval_musig_nonce   *nonces[SIGNERS] = { NULL };
	aval_musig_session *session = NULL;
	uint8_t             shown[66 * SIGNERS], partials[32 * SIGNERS], sig64[64];
	bool                result = true;

	for (size_t i = 0; i < SIGNERS; i++) {
		result = aval_secret_key_generate(&drawn[i], AVAL_ALG_SCHNORR, &ct_entropy, NULL, NULL) ==
		                 AVAL_OK &&
		         result;
		members[i] = *aval_secret_key_public(drawn[i]);
	}
	result = aval_musig_keys_new(&keys, members, SIGNERS, NULL, NULL) == AVAL_OK && result;
	order(key, drawn, keys);
	for (size_t i = 0; i < SIGNERS; i++)
		result = aval_musig_nonce_new(&nonces[i], shown + 66 * i, keys, key[i], message, sizeof message,
		                              message, 5, NULL, NULL) == AVAL_OK &&
		         result;
	ct_report("musig: nonces are drawn", result);
	result = aval_musig_session_new(&session, keys, shown, message, sizeof message, NULL, NULL) == AVAL_OK;
	for (size_t i = 0; i < SIGNERS; i++)
		result = aval_musig_session_sign(partials + 32 * i, session, nonces[i], key[i], NULL) ==
		                 AVAL_OK &&
		         result;
	ct_report("musig: partial signatures", result);
	ct_report("musig: the signature",
	          aval_musig_session_aggregate(sig64, session, partials, NULL) == AVAL_OK);
	for (size_t i = 0; i < SIGNERS; i++) {
		aval_musig_nonce_free(nonces[i]);
		aval_secret_key_free(drawn[i]);
	}
	aval_musig_session_free(session);
	aval_musig_keys_free(keys);
}

#define TEXT(z)                 \
	{                       \
		z, sizeof z - 1 \
	}

static const aval_term terms[] = {
	{ TEXT("BT-1"), TEXT("2027-0001"), NULL, 0 },
	{ TEXT("BT-5"), TEXT("EUR"), NULL, 0 },
	{ TEXT("BT-115"), TEXT("19249.16"), NULL, 0 },
};

static void commitment_paths(void)
{
	const aval_text  paths[] = { TEXT("BT-1"), TEXT("BT-9") };
	uint8_t          seed32[32], out32[32], source32[32] = { 4 };
	uint8_t         *disclosure;
	size_t           len = 0;
	aval_commitment *c = NULL;
	bool             result;

	(void)fill(seed32, sizeof seed32, &next);
	ct_report("commitment: a seed becomes salts and a tree",
	          aval_commitment_new_from_terms(&c, terms, 3, seed32, NULL, NULL) == AVAL_OK);
	aval_commitment_hash(out32, c);
	aval_commitment_source_binding(out32, c, source32);
	ct_report("commitment: its hash, and a source bound to it", true);
	result = aval_commitment_disclose(NULL, &len, c, paths, 2, NULL) == AVAL_E_BUFFER_TOO_SMALL;
	disclosure = malloc(len);
	result = result && disclosure != NULL &&
	         aval_commitment_disclose(disclosure, &len, c, paths, 2, NULL) == AVAL_OK;
	ct_report("commitment: terms are disclosed with their salts", result);
	free(disclosure);
	aval_commitment_free(c);
	ct_report("commitment: it is freed", true);
}

static void hash_paths(void)
{
	uint8_t       secret[100], out32[32];
	aval_hmac_key key;

	(void)fill(secret, sizeof secret, &next);
	for (size_t len = 0; len <= sizeof secret; len += 10)
		aval_hmac_sha256(out32, secret, len, message, sizeof message);
	aval_hmac_key_init(&key, secret, sizeof secret);
	aval_hmac(out32, &key, secret, sizeof secret);
	aval_hmac_key_clear(&key);
	ct_report("HMAC: keys of every length, secret data", true);
	aval_sha256(out32, secret, sizeof secret);
	aval_tagged_hash(out32, "tag", secret, sizeof secret);
	ct_report("SHA-256 of a secret, tagged or not", true);
}

int main(void)
{
	if (!RUNNING_ON_VALGRIND) {
		printf("1..0 # SKIP not under valgrind\n");
		return 0;
	}
	control();
	for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++)
		key_paths(i);
	musig_paths();
	commitment_paths();
	hash_paths();
	ct_endorser_paths();
	printf("1..%u\n", number);
	return failures != 0;
}
