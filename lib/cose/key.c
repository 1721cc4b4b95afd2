/* SPDX-License-Identifier: Apache-2.0 */
/* COSE_Key of a public key: docs/spec/cose.md#cose-key. */
#include "cose/cose.h"

enum { KTY = 1, KEY_ALG = 3, CRV = -1, X = -2, Y = -3, KTY_EC2 = 2 };

/* The fields as they were read. */
typedef struct cose_key {
	int64_t kty, alg, crv;
	uint8_t point65[65];
} cose_key;

/* A map of exactly these labels in this order: what deterministic encoding makes of {1, 3, -1, -2, -3}. */
static const struct field {
	int64_t     label;
	const char *where;
} fields[] = { { KTY, "key.kty" }, { KEY_ALG, "key.alg" }, { CRV, "key.crv" }, { X, "key.x" }, { Y, "key.y" } };

enum { FIELDS = sizeof fields / sizeof fields[0] };

/* Fail unless the next label is the one due. */
static bool next_field(aval_cbor_reader *r, const struct field *field)
{
	size_t  offset = r->offset;
	int64_t label;

	if (!aval_cbor_next_key_int(r, "key", &label)) {
		aval_cbor_fail(r, AVAL_E_CBOR_FIELD_MISSING, field->where, "the COSE_Key lacks this field");
		return false;
	}
	if (label == field->label)
		return true;
	for (size_t i = 0; i < FIELDS; i++)
		if (fields[i].label == label) {
			aval_cbor_fail_at(r, AVAL_E_CBOR_FIELD_MISSING, offset, field->where,
			                  "the COSE_Key lacks this field");
			return false;
		}
	aval_cbor_fail_at(r, AVAL_E_CBOR_FIELD_UNKNOWN, offset, "key",
	                  "a COSE_Key has kty, alg, crv, x and y alone");
	return false;
}

static void read_field(aval_cbor_reader *r, const struct field *field, cose_key *key)
{
	switch (field->label) {
	case KTY:
		key->kty = aval_cbor_read_int(r, field->where);
		return;
	case KEY_ALG:
		key->alg = aval_cbor_read_int(r, field->where);
		return;
	case CRV:
		key->crv = aval_cbor_read_int(r, field->where);
		return;
	case X:
		aval_cbor_read_bytes_exact(r, field->where, key->point65 + 1, 32);
		return;
	default:
		aval_cbor_read_bytes_exact(r, field->where, key->point65 + 33, 32);
	}
}

static void expect_end(aval_cbor_reader *r)
{
	size_t  offset = r->offset;
	int64_t label;

	if (aval_cbor_ok(r) && aval_cbor_next_key_int(r, "key", &label))
		aval_cbor_fail_at(r, AVAL_E_CBOR_FIELD_UNKNOWN, offset, "key",
		                  "a COSE_Key has kty, alg, crv, x and y alone");
	aval_cbor_leave(r, "key");
}

static aval_status read_key(cose_key *key, const uint8_t *data, size_t len, aval_error *err)
{
	aval_cbor_reader r;

	aval_cbor_reader_init(&r, data, len);
	aval_cbor_enter_map(&r, "key");
	for (size_t i = 0; i < FIELDS && next_field(&r, &fields[i]); i++)
		read_field(&r, &fields[i], key);
	expect_end(&r);
	key->point65[0] = 4;
	return aval_cbor_reader_finish(&r, err);
}

aval_status aval_public_key_parse(aval_public_key *key_out, const uint8_t *data, size_t len, aval_error *err)
{
	const aval_algorithm *algorithm;
	cose_key              key = { 0 };
	aval_status           status = read_key(&key, data, len, err);

	if (status != AVAL_OK)
		return status;
	if (key.kty != KTY_EC2)
		return aval_fail(err, AVAL_E_KEY_FORMAT, "key.kty",
		                 "not a key on an elliptic curve with two coordinates");
	algorithm = aval_algorithm_find(key.alg);
	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "key.alg", "not an algorithm of this library");
	if (key.crv != (int64_t)algorithm->curve)
		return aval_fail(err, AVAL_E_KEY_CURVE, "key.crv", "not the curve of the key's algorithm");
	return aval_public_key_set(key_out, algorithm, key.point65, key.alg == AVAL_COSE_ES256, err);
}

static void write_key(aval_cbor_writer *w, const aval_algorithm *algorithm, const aval_key_data *data)
{
	aval_cbor_write_map(w, FIELDS);
	aval_cbor_write_int(w, KTY);
	aval_cbor_write_int(w, KTY_EC2);
	aval_cbor_write_int(w, KEY_ALG);
	aval_cbor_write_int(w, data->is_es256 ? AVAL_COSE_ES256 : (int64_t)algorithm->alg);
	aval_cbor_write_int(w, CRV);
	aval_cbor_write_uint(w, algorithm->curve);
	aval_cbor_write_int(w, X);
	aval_cbor_write_bytes(w, data->point65 + 1, 32);
	aval_cbor_write_int(w, Y);
	aval_cbor_write_bytes(w, data->point65 + 33, 32);
}

aval_status aval_public_key_serialize(uint8_t *out, size_t *len_inout, const aval_public_key *key,
                                      aval_error *err)
{
	const aval_algorithm *algorithm = aval_algorithm_of(key);
	uint8_t               bytes[AVAL_PUBLIC_KEY_MAX_LEN];
	aval_cbor_writer      w;
	size_t                len;
	aval_status           status;

	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "key", "the public key is not filled in");
	aval_cbor_writer_init(&w, bytes, sizeof bytes);
	write_key(&w, algorithm, aval_key_data_of(key));
	status = aval_cbor_writer_finish(&w, &len, err);
	if (status != AVAL_OK)
		return status;
	return aval_copy_out(out, len_inout, bytes, len, err);
}
