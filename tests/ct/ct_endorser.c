/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The secret keys of certificates, P-384 and RSA: files are read, and signed with. How DER is laid out is
 * public, and so is the byte with which a number begins, for the length of a number depends on it; all bytes
 * behind are secret. mbedTLS's arithmetic on them is not looked at, as libraries.supp says: it blinds, and does
 * branch on secrets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/memcheck.h>

#include "../unit/vectors.h"
#include "ct_paths.h"
#include "ct_wrap.h"
#include "identity/chain.h"

#include "chains.vectors.h"

enum { KEY_MAX = 2048 };

static uint8_t digit_of(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* The bytes of an object of chains.json; 0 if there is none. Check's own macros need a test that runs. */
static size_t object(uint8_t der[KEY_MAX], const char *name)
{
	const struct vector_field *field = vector_find(&chains_cases[0], name);
	size_t                     len = field == NULL ? 0 : field->len / 2;

	for (size_t i = 0; i < len && len <= KEY_MAX; i++)
		der[i] = (uint8_t)(digit_of(field->value[2 * i]) << 4 | digit_of(field->value[2 * i + 1]));
	return len <= KEY_MAX ? len : 0;
}

static void write_pem(char pem[2 * KEY_MAX], const uint8_t *der, size_t len)
{
	char *at = pem + sprintf(pem, "-----BEGIN PRIVATE KEY-----\n");

	for (size_t i = 0; i < len; i += 48) {
		size_t part = len - i < 48 ? len - i : 48;

		aval_base64_encode(at, der + i, part);
		at += aval_base64_len(part);
		*at++ = '\n';
	}
	sprintf(at, "-----END PRIVATE KEY-----\n");
}

static bool take_span(aval_bytes number, const uint8_t *der)
{
	struct ct_span *span = &ct_secret_spans[ct_secret_count++];

	*span = (struct ct_span){ (size_t)(number.data - der), number.len };
	return number.len > 8;
}

/* Where the numbers stand in PKCS#8: of RSA d, p, q and the three of the Chinese remainders, else the scalar.
 */
static bool find_spans(const uint8_t *der, size_t len, bool is_rsa)
{
	aval_der_input input = { der, AVAL_E_KEY_FORMAT, NULL };
	aval_der       in = aval_der_open(&input, (aval_bytes){ der, len }), shell, key, numbers;
	aval_bytes     number;
	bool           found = true;

	ct_secret_count = 0;
	if (aval_der_take(&in, DER_SEQUENCE, &shell, "") != AVAL_OK ||
	    aval_der_take_natural(&shell, &number, "") != AVAL_OK ||
	    aval_der_take(&shell, DER_SEQUENCE, &numbers, "") != AVAL_OK ||
	    aval_der_take(&shell, DER_OCTET_STRING, &key, "") != AVAL_OK ||
	    aval_der_take(&key, DER_SEQUENCE, &numbers, "") != AVAL_OK ||
	    aval_der_take_natural(&numbers, &number, "") != AVAL_OK)
		return false;
	if (!is_rsa)
		return aval_der_take_bytes(&numbers, DER_OCTET_STRING, &number, "") == AVAL_OK &&
		       take_span(number, der);
	for (unsigned i = 0; i < 8 && found; i++) {
		found = aval_der_take_natural(&numbers, &number, "") == AVAL_OK;
		number.data++, number.len--;
		if (i >= 2)
			found = found && take_span(number, der);
	}
	return found;
}

/* The digits of base64 that hold nothing but the body are secret; the last of a line is compared with a
 * carriage return, which it never is. */
static void hide(char *pem)
{
	char *begin = strstr(pem, "KEY-----\n") + 9, *end = strstr(pem, "\n-----END");

	VALGRIND_MAKE_MEM_UNDEFINED(begin, (size_t)(end - begin));
	for (char *at = begin; at + 64 < end; at += 65)
		VALGRIND_MAKE_MEM_DEFINED(at + 63, 2);
	VALGRIND_MAKE_MEM_DEFINED(end - 4, 4);
}

static void sign(const char *what, aval_endorser_key *key, aval_endorsement_alg alg)
{
	static const uint8_t digest48[48] = { 7 };
	aval_endorser        endorser = aval_endorser_from_key(key, alg);
	uint8_t              signature[AVAL_ENDORSEMENT_MAX_LEN];
	size_t               len = 0;
	aval_status          status = endorser.sign(signature, &len, digest48, sizeof digest48, digest48,
                                           alg == AVAL_ENDORSEMENT_ES384 ? 48 : 32, endorser.user_data);

	ct_report(what, status == AVAL_OK && len == (alg == AVAL_ENDORSEMENT_ES384 ? 96 : 256));
}

static aval_endorser_key *read_key(const char *what, const char *name, bool is_rsa)
{
	uint8_t            der[KEY_MAX];
	char               pem[2 * KEY_MAX];
	size_t             len = object(der, name);
	aval_endorser_key *key = NULL;
	bool               result = len != 0 && find_spans(der, len, is_rsa);

	write_pem(pem, der, len);
	len = strlen(pem);
	hide(pem);
	result = result && aval_endorser_key_parse_pem(&key, pem, len, &ct_entropy, NULL, NULL) == AVAL_OK;
	ct_report(what, result);
	return key;
}

void ct_endorser_paths(void)
{
	aval_endorser_key *key = read_key("endorser: a key file on P-384 is read", "input.p384-key", false);

	if (key != NULL)
		sign("endorser: ES384", key, AVAL_ENDORSEMENT_ES384);
	aval_endorser_key_free(key);
	ct_report("endorser: the key is freed", true);
	key = read_key("endorser: a key file with RSA is read", "input.rsa-key", true);
	if (key != NULL) {
		sign("endorser: PS256", key, AVAL_ENDORSEMENT_PS256);
		sign("endorser: RS256", key, AVAL_ENDORSEMENT_RS256);
	}
	aval_endorser_key_free(key);
	ct_report("endorser: the RSA key is freed", true);
}
