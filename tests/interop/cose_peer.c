/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys, signatures and envelopes for programs in other languages: one request a line on standard input, one
 * answer a line. Bytes are hexadecimal, "-" is none. An answer is what was asked for or the name of a status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/os.h>

#include "cose/cose.h"

enum { MAX_WORDS = 16 };

typedef struct request {
	char *words[MAX_WORDS];
	int   count;
} request;

static const char *word(const request *q, int i)
{
	if (i >= q->count) {
		fprintf(stderr, "peer: a word is missing behind %s\n", q->words[0]);
		exit(1);
	}
	return q->words[i];
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* What was allocated for the request at hand. */
static void  *blocks[2 * MAX_WORDS];
static size_t block_count;

static void free_blocks(void)
{
	while (block_count > 0)
		free(blocks[--block_count]);
}

/* Bytes of a word, freed after the answer. */
static aval_bytes bytes(const request *q, int i)
{
	const char *hex = word(q, i);
	size_t      len = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;
	uint8_t    *data = malloc(len + 1);

	if (data == NULL || block_count == sizeof blocks / sizeof blocks[0])
		exit(1);
	blocks[block_count++] = data;
	for (size_t k = 0; k < len; k++)
		data[k] = (uint8_t)(digit(hex[2 * k]) << 4 | digit(hex[2 * k + 1]));
	return (aval_bytes){ data, len };
}

static const uint8_t *exactly(const request *q, int i, size_t len)
{
	aval_bytes b = bytes(q, i);

	if (b.len == len)
		return b.data;
	fprintf(stderr, "peer: word %d of %s has %zu bytes, not %zu\n", i, q->words[0], b.len, len);
	exit(1);
}

static void print_hex(const void *data, size_t len)
{
	const uint8_t *b = data;

	for (size_t i = 0; i < len; i++)
		printf("%02x", b[i]);
	printf("\n");
}

static void print_status(aval_status status)
{
	printf("%s\n", aval_status_name(status));
}

/* verify ALG POINT MESSAGE SIGNATURE */
static void verify(const request *q)
{
	aval_public_key key;
	aval_bytes      message = bytes(q, 3), signature = bytes(q, 4);
	aval_status     status =
		aval_public_key_from_point(&key, (aval_alg)atoi(word(q, 1)), exactly(q, 2, 65), NULL);

	if (status == AVAL_OK && signature.len != 64)
		status = AVAL_E_SIGNATURE_LENGTH;
	if (status == AVAL_OK)
		status = aval_verify_signature(&key, message.data, message.len, signature.data, NULL);
	print_status(status);
}

/* verify-der ALG POINT MESSAGE DER: "der" where that is no DER of two numbers */
static void verify_der(const request *q)
{
	aval_public_key key;
	aval_bytes      message = bytes(q, 3), der = bytes(q, 4);
	uint8_t         sig64[64];
	aval_status     status =
		aval_public_key_from_point(&key, (aval_alg)atoi(word(q, 1)), exactly(q, 2, 65), NULL);

	if (status == AVAL_OK && !aval_ecdsa_der_decode(sig64, der.data, der.len)) {
		printf("der\n");
		return;
	}
	if (status == AVAL_OK)
		status = aval_verify_signature(&key, message.data, message.len, sig64, NULL);
	print_status(status);
}

/* bip340 X MESSAGE SIGNATURE */
static void bip340(const request *q)
{
	aval_bytes message = bytes(q, 2);
	bool valid = aval_k1_verify_bip340(exactly(q, 1, 32), message.data, message.len, exactly(q, 3, 64));

	print_status(valid ? AVAL_OK : AVAL_E_SIGNATURE_INVALID);
}

/* The auxiliary randomness of a known answer. */
static aval_status fixed(uint8_t *out, size_t len, void *user_data)
{
	if (len != 32)
		return AVAL_E_LIMIT;
	memcpy(out, user_data, 32);
	return AVAL_OK;
}

/* bip340-sign SCALAR AUX MESSAGE32 */
static void bip340_sign(const request *q)
{
	uint8_t          aux32[32], sig64[64];
	aval_entropy     entropy = { sizeof entropy, fixed, aux32 };
	aval_secret_key *key = NULL;
	aval_status      status;

	memcpy(aux32, exactly(q, 2, 32), 32);
	status = aval_secret_key_from_scalar(&key, AVAL_ALG_SCHNORR, exactly(q, 1, 32), &entropy, NULL, NULL);
	if (status == AVAL_OK)
		status = aval_k1_sign_schnorr(sig64, key, exactly(q, 3, 32));
	if (status == AVAL_OK)
		print_hex(sig64, 64);
	else
		print_status(status);
	aval_secret_key_free(key);
}

static aval_secret_key *read_file(const request *q, int i)
{
	aval_bytes       text = bytes(q, i);
	aval_secret_key *key = NULL;
	aval_status      status = aval_secret_key_parse_pem(&key, (const char *)text.data, text.len,
	                                                    aval_os_entropy(), NULL, NULL);

	if (status != AVAL_OK)
		print_status(status);
	return key;
}

/* file TEXT: algorithm and point */
static void file(const request *q)
{
	aval_secret_key *key = read_file(q, 1);
	uint8_t          point65[65];

	if (key == NULL)
		return;
	aval_public_key_point(point65, aval_secret_key_public(key));
	printf("%d ", aval_public_key_alg(aval_secret_key_public(key)));
	print_hex(point65, 65);
	aval_secret_key_free(key);
}

/* new ALG: the text of a fresh key's file */
static void new_key(const request *q)
{
	char             pem[AVAL_SECRET_KEY_PEM_MAX_LEN];
	size_t           len = sizeof pem;
	aval_secret_key *key = NULL;
	aval_status      status =
		aval_secret_key_generate(&key, (aval_alg)atoi(word(q, 1)), aval_os_entropy(), NULL, NULL);

	if (status == AVAL_OK)
		status = aval_secret_key_serialize_pem(pem, &len, key, NULL);
	if (status == AVAL_OK)
		print_hex(pem, len);
	else
		print_status(status);
	aval_secret_key_free(key);
}

/* sign TEXT ROLE PARTY TYP PAYLOAD, or sign TEXT ROLE PARTY TYP ENVELOPE again */
static void sign(const request *q)
{
	static uint8_t   out[1 << 16];
	size_t           len = sizeof out;
	aval_secret_key *key = read_file(q, 1);
	aval_cose_signer as = { strtoull(word(q, 2), NULL, 10), aval_text_z(word(q, 3)) };
	aval_bytes       data = bytes(q, 5);
	aval_cose_sign   before;
	aval_signer      signer;
	aval_status      status;

	if (key == NULL)
		return;
	signer = aval_signer_from_secret_key(key);
	if (q->count == 6) {
		status = aval_cose_sign_new(out, &len, word(q, 4), data, &as, &signer, NULL, NULL);
	} else {
		status = aval_cose_sign_parse(&before, data.data, data.len, word(q, 4), NULL);
		if (status == AVAL_OK)
			status = aval_cose_sign_add(out, &len, &before, &as, &signer, NULL, NULL);
	}
	if (status == AVAL_OK)
		print_hex(out, len);
	else
		print_status(status);
	aval_secret_key_free(key);
}

/* open TYP ENVELOPE KEY...: the status of each signature, with the key in the same place */
static void open_envelope(const request *q)
{
	aval_bytes          data = bytes(q, 2);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_sign      envelope;
	aval_cose_signature s;
	aval_status         status = aval_cose_sign_parse(&envelope, data.data, data.len, word(q, 1), NULL);

	if (status != AVAL_OK) {
		print_status(status);
		return;
	}
	for (int i = 3; aval_cose_sign_next(&cursor, &s, &envelope); i++) {
		aval_bytes      cose_key = bytes(q, i);
		aval_public_key key;

		status = aval_public_key_parse(&key, cose_key.data, cose_key.len, NULL);
		if (status == AVAL_OK)
			status = aval_cose_verify(&envelope.body, &s, &key, NULL);
		printf("%s ", aval_status_name(status));
	}
	printf("\n");
}

/* sign1 ALG POINT OBJECT PAYLOAD */
static void sign1(const request *q)
{
	aval_bytes      data = bytes(q, 3), payload = bytes(q, 4);
	aval_public_key key;
	aval_cose_sign1 s;
	aval_status     status =
		aval_public_key_from_point(&key, (aval_alg)atoi(word(q, 1)), exactly(q, 2, 65), NULL);

	if (status == AVAL_OK)
		status = aval_cose_sign1_parse(&s, data.data, data.len, NULL);
	if (status == AVAL_OK)
		status = aval_cose_sign1_verify(&s, s.is_detached ? payload : (aval_bytes){ NULL, 0 }, &key,
		                                NULL);
	print_status(status);
}

static const struct {
	const char *name;
	void (*answer)(const request *q);
} answers[] = {
	{ "verify", verify }, { "verify-der", verify_der }, { "bip340", bip340 }, { "bip340-sign", bip340_sign }, { "file", file },
	{ "new", new_key },   { "sign", sign },     { "open", open_envelope },      { "sign1", sign1 },
};

static void answer(char *line)
{
	request q = { .count = 0 };

	for (char *w = strtok(line, " \n"); w != NULL && q.count < MAX_WORDS; w = strtok(NULL, " \n"))
		q.words[q.count++] = w;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (q.count != 0 && strcmp(q.words[0], answers[i].name) == 0) {
			answers[i].answer(&q);
			free_blocks();
			fflush(stdout);
			return;
		}
	fprintf(stderr, "peer: no such request\n");
	exit(1);
}

int main(void)
{
	static char line[1 << 20];

	while (fgets(line, sizeof line, stdin) != NULL)
		answer(line);
	return 0;
}
