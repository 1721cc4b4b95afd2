/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#8 (RFC 5958) with the ECPrivateKey of RFC 5915 inside, by a strict reader of DER. */
#include "sign/sign.h"

enum {
	INTEGER = 0x02,
	BIT_STRING = 0x03,
	OCTET_STRING = 0x04,
	OID = 0x06,
	SEQUENCE = 0x30,
	PARAMETERS = 0xa0,
	PUBLIC_KEY = 0xa1
};

static aval_status format_error(aval_error *err, const char *where, const char *reason)
{
	return aval_fail(err, AVAL_E_KEY_FORMAT, where, reason);
}

/* Bytes of the head of the element at in, with its content's length; 0 where there is none in DER. */
static size_t head_len(size_t *content_len_out, aval_bytes in)
{
	size_t count, len = 0;

	if (in.len < 2)
		return 0;
	if (in.data[1] < 0x80) {
		*content_len_out = in.data[1];
		return 2;
	}
	count = in.data[1] & 0x7fu;
	if (count == 0 || count > 2 || in.len < 2 + count)
		return 0;
	for (size_t i = 0; i < count; i++)
		len = len << 8 | in.data[2 + i];
	*content_len_out = len;
	return len >= (count == 1 ? 0x80u : 0x100u) ? 2 + count : 0;
}

static bool next_is(aval_bytes in, unsigned tag)
{
	return in.len != 0 && in.data[0] == tag;
}

/* Take the next element, which must have this tag. */
static bool take(aval_bytes *content_out, aval_bytes *in, unsigned tag)
{
	size_t content_len = 0, head = head_len(&content_len, *in);

	if (head == 0 || in->data[0] != tag || content_len > in->len - head)
		return false;
	*content_out = (aval_bytes){ in->data + head, content_len };
	in->data += head + content_len;
	in->len -= head + content_len;
	return true;
}

/* An integer of one byte. */
static bool take_version(unsigned *version_out, aval_bytes *in)
{
	aval_bytes content;

	if (!take(&content, in, INTEGER) || content.len != 1)
		return false;
	*version_out = content.data[0];
	return true;
}

static const uint8_t ec_public_key[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t prime256v1[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const uint8_t secp256k1[] = { 0x2b, 0x81, 0x04, 0x00, 0x0a };

static aval_bytes curve_oid(unsigned curve)
{
	return curve == AVAL_CURVE_P256 ? (aval_bytes){ prime256v1, sizeof prime256v1 }
	                                : (aval_bytes){ secp256k1, sizeof secp256k1 };
}

static bool equals(aval_bytes a, aval_bytes b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static aval_status parse_curve(unsigned *curve_out, aval_bytes *in, aval_error *err)
{
	aval_bytes oid;

	if (next_is(*in, SEQUENCE))
		return aval_fail(err, AVAL_E_KEY_CURVE, "key.curve", "the curve is not named");
	if (!take(&oid, in, OID) || in->len != 0)
		return format_error(err, "key.curve", "not the name of a curve");
	if (equals(oid, curve_oid(AVAL_CURVE_P256)))
		*curve_out = AVAL_CURVE_P256;
	else if (equals(oid, curve_oid(AVAL_CURVE_K1)))
		*curve_out = AVAL_CURVE_K1;
	else
		return aval_fail(err, AVAL_E_KEY_CURVE, "key.curve", "neither secp256k1 nor P-256");
	return AVAL_OK;
}

static aval_status parse_algorithm(unsigned *curve_out, aval_bytes *in, aval_error *err)
{
	aval_bytes sequence, oid;

	if (!take(&sequence, in, SEQUENCE) || !take(&oid, &sequence, OID))
		return format_error(err, "key.algorithm", "not the algorithm of a PKCS#8 key");
	if (!equals(oid, (aval_bytes){ ec_public_key, sizeof ec_public_key }))
		return aval_fail(err, AVAL_E_UNSUPPORTED, "key.algorithm", "not a key on an elliptic curve");
	return parse_curve(curve_out, &sequence, err);
}

/* [0] EXPLICIT: the curve once more. */
static aval_status parse_parameters(unsigned curve, aval_bytes *in, aval_error *err)
{
	aval_bytes  content;
	unsigned    again = 0;
	aval_status status;

	if (!next_is(*in, PARAMETERS))
		return AVAL_OK;
	if (!take(&content, in, PARAMETERS))
		return format_error(err, "key.parameters", "not DER");
	status = parse_curve(&again, &content, err);
	if (status == AVAL_OK && again != curve)
		return aval_fail(err, AVAL_E_KEY_CURVE, "key.parameters", "another curve than the key's");
	return status;
}

/* [1] EXPLICIT: the point, in a bit string without unused bits. */
static aval_status parse_point(aval_bytes *point_out, aval_bytes *in, aval_error *err)
{
	aval_bytes content, bits;

	if (!next_is(*in, PUBLIC_KEY))
		return AVAL_OK;
	if (!take(&content, in, PUBLIC_KEY) || !take(&bits, &content, BIT_STRING) || content.len != 0 ||
	    bits.len == 0 || bits.data[0] != 0)
		return format_error(err, "key.public", "not a bit string of whole bytes");
	*point_out = (aval_bytes){ bits.data + 1, bits.len - 1 };
	if (!(point_out->len == 65 && point_out->data[0] == 4) &&
	    !(point_out->len == 33 && (point_out->data[0] == 2 || point_out->data[0] == 3)))
		return format_error(err, "key.public", "not a point in the form of SEC 1");
	return AVAL_OK;
}

static aval_status parse_ec_private_key(aval_pkcs8 *key, aval_bytes in, aval_error *err)
{
	aval_bytes  sequence, scalar;
	unsigned    version;
	aval_status status;

	if (!take(&sequence, &in, SEQUENCE) || in.len != 0)
		return format_error(err, "key.private", "not an ECPrivateKey");
	if (!take_version(&version, &sequence) || version != 1)
		return format_error(err, "key.private.version", "not an ECPrivateKey of version 1");
	if (!take(&scalar, &sequence, OCTET_STRING) || scalar.len != 32)
		return format_error(err, "key.private", "the secret number has not 32 bytes");
	key->scalar32 = scalar.data;
	status = parse_parameters(key->curve, &sequence, err);
	if (status == AVAL_OK)
		status = parse_point(&key->point, &sequence, err);
	if (status == AVAL_OK && sequence.len != 0)
		return format_error(err, "key.private", "something follows the ECPrivateKey's fields");
	return status;
}

aval_status aval_pkcs8_parse(aval_pkcs8 *key_out, const uint8_t *der, size_t len, aval_error *err)
{
	aval_pkcs8  key = { 0 };
	aval_bytes  in = { der, len }, sequence, content;
	unsigned    version;
	aval_status status;

	if (!take(&sequence, &in, SEQUENCE) || in.len != 0)
		return format_error(err, "key", "not one sequence of DER");
	if (!take_version(&version, &sequence))
		return format_error(err, "key.version", "not a PKCS#8 key");
	if (version != 0)
		return aval_fail(err, AVAL_E_UNSUPPORTED, "key.version", "another version of PKCS#8");
	status = parse_algorithm(&key.curve, &sequence, err);
	if (status != AVAL_OK)
		return status;
	if (!take(&content, &sequence, OCTET_STRING))
		return format_error(err, "key.private", "the secret key is missing");
	if (sequence.len != 0)
		return aval_fail(err, AVAL_E_UNSUPPORTED, "key.attributes", "attributes follow the key");
	status = parse_ec_private_key(&key, content, err);
	if (status == AVAL_OK)
		*key_out = key;
	return status;
}

static uint8_t *put(uint8_t *at, const void *data, size_t len)
{
	memcpy(at, data, len);
	return at + len;
}

static uint8_t *put_head(uint8_t *at, unsigned tag, size_t len)
{
	*at++ = (uint8_t)tag;
	/* The outermost sequence alone is longer than 127 bytes. */
	if (len > 0x7f)
		*at++ = 0x81;
	*at++ = (uint8_t)len;
	return at;
}

size_t aval_pkcs8_serialize(uint8_t der_out[AVAL_PKCS8_MAX_LEN], unsigned curve, const uint8_t scalar32[32],
                            const uint8_t point65[65])
{
	static const uint8_t version0[] = { INTEGER, 1, 0 }, version1[] = { INTEGER, 1, 1 };
	aval_bytes           oid = curve_oid(curve);
	size_t               algorithm_len = 2 + sizeof ec_public_key + 2 + oid.len;
	size_t               point_len = 2 + 1 + 65, inner_len = 3 + 2 + 32 + 2 + point_len;
	uint8_t             *at = put_head(der_out, SEQUENCE, 3 + 2 + algorithm_len + 2 + 2 + inner_len);

	at = put(at, version0, sizeof version0);
	at = put_head(at, SEQUENCE, algorithm_len);
	at = put(put_head(at, OID, sizeof ec_public_key), ec_public_key, sizeof ec_public_key);
	at = put(put_head(at, OID, oid.len), oid.data, oid.len);
	at = put_head(at, OCTET_STRING, 2 + inner_len);
	at = put_head(at, SEQUENCE, inner_len);
	at = put(at, version1, sizeof version1);
	at = put(put_head(at, OCTET_STRING, 32), scalar32, 32);
	at = put_head(at, PUBLIC_KEY, point_len);
	at = put_head(at, BIT_STRING, 1 + 65);
	*at++ = 0;
	at = put(at, point65, 65);
	return (size_t)(at - der_out);
}
