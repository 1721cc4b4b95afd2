/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Envelopes, COSE_Keys, key files and COSE_Sign1. What is accepted as an envelope is built again from its parts
 * to the same bytes; a key and a key file are written again to what is read as the same key.
 */
#include <string.h>

#include "cose/cose.h"
#include "fuzz.h"
#include "sign/sign.h"

#define TYP "application/aval-event+cbor"

enum { OUT_CAP = 1 << 16 };

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

/* A batch signature leads to a root, and is written again to the same bytes. */
static void check_batch(const aval_cose_sign *sign, const aval_cose_signature *s)
{
	uint8_t          string[AVAL_BATCH_SIGNATURE_MAX_LEN], path[32 * AVAL_BATCH_MAX_PATH], root32[32], again32[32];
	aval_cose_batch_way way;
	aval_cbor_writer    w;
	size_t              len;

	FUZZ_REQUIRE(s->batch.path_count <= AVAL_BATCH_MAX_PATH && s->batch.index < s->batch.size);
	way.is_filled = false;
	FUZZ_REQUIRE(aval_cose_batch_root(root32, &way, &sign->body, s, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_cose_batch_root(again32, &way, &sign->body, s, NULL) == AVAL_OK);
	FUZZ_REQUIRE(memcmp(root32, again32, 32) == 0);
	for (size_t i = 0; i < s->batch.path_count; i++)
		memcpy(path + 32 * i, s->batch.path + AVAL_CBOR_HASH_STEP * i, 32);
	aval_cbor_writer_init(&w, string, sizeof string);
	aval_cose_write_batch_signature(&w, s->batch.size, s->batch.index, path, s->batch.path_count, s->sig64);
	FUZZ_REQUIRE(aval_cbor_writer_finish(&w, &len, NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == s->signature.len && memcmp(string, s->signature.data, len) == 0);
}

/* Put the signatures into envelopes one by one, each into the one before. */
static void build_again(const aval_cose_sign *sign, const uint8_t *data, size_t size)
{
	static uint8_t      out[2][OUT_CAP];
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	aval_cose_sign      before;
	size_t              count = 0, len = 0;

	while (aval_cose_sign_next(&cursor, &s, sign)) {
		FUZZ_REQUIRE(s.offset < size && data[s.offset] == 0x83);
		FUZZ_REQUIRE(s.sig64 >= data && s.sig64 + 64 <= data + size);
		if (s.is_batch)
			check_batch(sign, &s);
		len = OUT_CAP;
		if (size > OUT_CAP)
			continue;
		FUZZ_REQUIRE(aval_cose_sign_insert(out[count % 2], &len, &sign->body,
		                                   count == 0 ? NULL : &before, s.header, s.signature, NULL) == AVAL_OK);
		FUZZ_REQUIRE(aval_cose_sign_parse(&before, out[count % 2], len, TYP, NULL) == AVAL_OK);
		count++;
	}
	FUZZ_REQUIRE(size > OUT_CAP || (count == sign->signature_count && len == size &&
	                                memcmp(out[(count + 1) % 2], data, size) == 0));
}

static void fuzz_envelope(const uint8_t *data, size_t size)
{
	aval_cose_sign sign;
	aval_error     err = AVAL_ERROR_INIT;
	aval_status    status = aval_cose_sign_parse(&sign, data, size, TYP, &err);

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		return;
	}
	FUZZ_REQUIRE(aval_cbor_validate(data, size, NULL) == AVAL_OK);
	build_again(&sign, data, size);
}

static void fuzz_key(const uint8_t *data, size_t size)
{
	uint8_t         out[AVAL_PUBLIC_KEY_MAX_LEN];
	size_t          len = sizeof out;
	aval_public_key key;
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     status = aval_public_key_parse(&key, data, size, &err);

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		return;
	}
	FUZZ_REQUIRE(aval_public_key_serialize(out, &len, &key, NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == size && memcmp(out, data, size) == 0);
}

static void fuzz_sign1(const uint8_t *data, size_t size)
{
	aval_cose_sign1 sign1;
	aval_bytes      item;
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     status = aval_cose_sign1_parse(&sign1, data, size, &err);

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		return;
	}
	FUZZ_REQUIRE(aval_cose_header_find(&item, sign1.header, AVAL_COSE_ALG) && item.len != 0);
	FUZZ_REQUIRE(!aval_cose_header_find(&item, sign1.unprotected, AVAL_COSE_ALG));
}

static void fuzz_key_file(const uint8_t *data, size_t size)
{
	char             pem[AVAL_SECRET_KEY_PEM_MAX_LEN];
	size_t           len = sizeof pem;
	aval_secret_key *key = NULL, *again = NULL;
	aval_error       err = AVAL_ERROR_INIT;
	aval_status status = aval_secret_key_parse_pem(&key, (const char *)data, size, &entropy, NULL, &err);

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		return;
	}
	FUZZ_REQUIRE(aval_secret_key_serialize_pem(pem, &len, key, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_secret_key_parse_pem(&again, pem, len, &entropy, NULL, NULL) == AVAL_OK);
	FUZZ_REQUIRE(memcmp(&key->public_key, &again->public_key, sizeof key->public_key) == 0);
	FUZZ_REQUIRE(memcmp(key->scalar32, again->scalar32, 32) == 0);
	aval_secret_key_free(again);
	aval_secret_key_free(key);
}

/* The DER inside of a key file, which mutations of base64 seldom reach. */
static void fuzz_pkcs8(const uint8_t *data, size_t size)
{
	uint8_t     der[AVAL_PKCS8_MAX_LEN];
	aval_pkcs8  key, again;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_pkcs8_parse(&key, data, size, &err);

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		return;
	}
	if (key.point.len != 65)
		return;
	size = aval_pkcs8_serialize(der, key.curve, key.scalar32, key.point.data);
	FUZZ_REQUIRE(size <= sizeof der && aval_pkcs8_parse(&again, der, size, NULL) == AVAL_OK);
	FUZZ_REQUIRE(again.curve == key.curve && memcmp(again.scalar32, key.scalar32, 32) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_envelope(data, size);
	fuzz_key(data, size);
	fuzz_sign1(data, size);
	fuzz_key_file(data, size);
	fuzz_pkcs8(data, size);
	return 0;
}
