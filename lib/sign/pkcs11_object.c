/* SPDX-License-Identifier: Apache-2.0 */
/* The private key in a token and the public one that belongs to it. Curves are named by their OID in DER. */
#include "sign/pkcs11.h"

enum { VALUE_ROOM = 512, TEMPLATE_ROOM = 3 };

/* An attribute's value; not there: no bytes. */
typedef struct contents {
	uint8_t data[VALUE_ROOM];
	size_t  len;
} contents;

static CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void *data, size_t len)
{
	/* The module does not write here, but the type of the call says that it may. */
	union {
		const void *in;
		void       *out;
	} pointer = { data };

	return (CK_ATTRIBUTE){ type, pointer.out, len };
}

static aval_status read_value(contents *out, const aval_pkcs11_session *session, const aval_pkcs11_key *key,
                              CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, aval_error *err)
{
	CK_ATTRIBUTE asked = { type, out->data, sizeof out->data };
	CK_RV        rv = key->module->calls->C_GetAttributeValue(session->handle, object, &asked, 1);

	out->len = 0;
	if (rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE)
		return AVAL_OK;
	if (rv == CKR_BUFFER_TOO_SMALL || (rv == CKR_OK && asked.ulValueLen > sizeof out->data))
		return aval_fail_cause(err, AVAL_E_PKCS11_DEVICE, "pkcs11.object", "an attribute is too long",
		                       (int64_t)rv);
	if (rv != CKR_OK)
		return aval_pkcs11_fail(err, rv, "pkcs11.object");
	out->len = asked.ulValueLen;
	return AVAL_OK;
}

/* A number or a truth value; fallback where it is not there. */
static aval_status read_number(CK_ULONG *out, const aval_pkcs11_session *session, const aval_pkcs11_key *key,
                               CK_ATTRIBUTE_TYPE type, CK_ULONG fallback, aval_error *err)
{
	contents    v;
	CK_ULONG    number = fallback;
	aval_status status = read_value(&v, session, key, session->object, type, err);

	if (v.len == sizeof number)
		memcpy(&number, v.data, sizeof number);
	else if (v.len == sizeof(CK_BBOOL))
		number = v.data[0];
	*out = number;
	return status;
}

/* The objects that fit, at most two of them. */
static CK_RV find(CK_OBJECT_HANDLE found_out[2], CK_ULONG *count_out, const aval_pkcs11_session *session,
                  const aval_pkcs11_key *key, CK_ATTRIBUTE *wanted, CK_ULONG wanted_count)
{
	CK_FUNCTION_LIST *calls = key->module->calls;
	CK_RV             rv = calls->C_FindObjectsInit(session->handle, wanted, wanted_count);

	*count_out = 0;
	if (rv != CKR_OK)
		return rv;
	/* A module may return fewer at a time than there are. */
	while (*count_out < 2) {
		CK_ULONG some = 0;

		rv = calls->C_FindObjects(session->handle, found_out + *count_out, 2 - *count_out, &some);
		if (rv != CKR_OK || some == 0)
			break;
		*count_out += some;
	}
	(void)calls->C_FindObjectsFinal(session->handle);
	return rv;
}

static aval_status find_private(aval_pkcs11_session *session, const aval_pkcs11_key *key, aval_error *err)
{
	const aval_pkcs11_selection *s = &key->selection;
	const CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE     wanted[TEMPLATE_ROOM] = { attribute(CKA_CLASS, &class, sizeof class) };
	CK_ULONG         n = 1, count = 0;
	CK_OBJECT_HANDLE found[2] = { 0 };
	CK_RV            rv;

	if (s->object.len != 0)
		wanted[n++] = attribute(CKA_LABEL, s->object.data, s->object.len);
	if (s->id.len != 0)
		wanted[n++] = attribute(CKA_ID, s->id.data, s->id.len);
	rv = find(found, &count, session, key, wanted, n);
	if (rv != CKR_OK)
		return aval_pkcs11_fail(err, rv, "pkcs11.object");
	if (count == 0)
		return aval_fail(err, AVAL_E_PKCS11_KEY_MISSING, "pkcs11.object", "no private key matches");
	if (count > 1)
		return aval_fail(err, AVAL_E_PKCS11_KEY_SEVERAL, "pkcs11.object", "several private keys match");
	session->object = found[0];
	return AVAL_OK;
}

static aval_status check_use(aval_pkcs11_session *session, const aval_pkcs11_key *key, aval_error *err)
{
	CK_ULONG    type = 0, may_sign = 0, asks_always = 0;
	aval_status status = read_number(&type, session, key, CKA_KEY_TYPE, CK_UNAVAILABLE_INFORMATION, err);

	if (status == AVAL_OK)
		status = read_number(&may_sign, session, key, CKA_SIGN, CK_TRUE, err);
	if (status == AVAL_OK)
		status = read_number(&asks_always, session, key, CKA_ALWAYS_AUTHENTICATE, CK_FALSE, err);
	if (status != AVAL_OK)
		return status;
	session->asks_always = asks_always != CK_FALSE;
	if (type != CKK_EC)
		return aval_fail(err, AVAL_E_PKCS11_KEY_USE, "pkcs11.object.type",
		                 "not a key on an elliptic curve");
	if (may_sign == CK_FALSE)
		return aval_fail(err, AVAL_E_PKCS11_KEY_USE, "pkcs11.object.sign", "the key may not sign");
	return AVAL_OK;
}

/* The public key by the private one's id, or where that is empty by its label. */
static aval_status find_public(CK_OBJECT_HANDLE *public_out, const aval_pkcs11_session *session,
                               const aval_pkcs11_key *key, aval_error *err)
{
	const CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_ATTRIBUTE      wanted[2] = { attribute(CKA_CLASS, &class, sizeof class) };
	CK_ULONG          count = 0;
	CK_OBJECT_HANDLE  found[2] = { 0 };
	CK_ATTRIBUTE_TYPE by = CKA_ID;
	contents          name;
	CK_RV             rv;
	aval_status       status = read_value(&name, session, key, session->object, by, err);

	if (status == AVAL_OK && name.len == 0) {
		by = CKA_LABEL;
		status = read_value(&name, session, key, session->object, by, err);
	}
	if (status != AVAL_OK)
		return status;
	wanted[1] = attribute(by, name.data, name.len);
	rv = find(found, &count, session, key, wanted, 2);
	if (rv != CKR_OK)
		return aval_pkcs11_fail(err, rv, "pkcs11.object.public");
	if (name.len == 0 || count != 1)
		return aval_fail(err, AVAL_E_PKCS11_KEY_PUBLIC, "pkcs11.object.public",
		                 count > 1 ? "several public keys have the key's name"
		                           : "the token shows no public key of that name");
	*public_out = found[0];
	return AVAL_OK;
}

/* From the private key where it has it, else from the public one beside it. */
static aval_status read_either(contents *out, const aval_pkcs11_session *session, const aval_pkcs11_key *key,
                               CK_ATTRIBUTE_TYPE type, aval_error *err)
{
	CK_OBJECT_HANDLE public_key = 0;
	aval_status      status = read_value(out, session, key, session->object, type, err);

	if (status != AVAL_OK || out->len != 0)
		return status;
	status = find_public(&public_key, session, key, err);
	if (status == AVAL_OK)
		status = read_value(out, session, key, public_key, type, err);
	if (status == AVAL_OK && out->len == 0)
		return aval_fail(err, AVAL_E_PKCS11_KEY_PUBLIC, "pkcs11.object.public",
		                 "the token does not show curve and point");
	return status;
}

static bool is_named(const contents *params, const uint8_t *der, size_t len)
{
	return params->len == len && memcmp(params->data, der, len) == 0;
}

/* CKA_EC_PARAMS: the OID. Curves that are spelled out are none of ours. */
static const aval_algorithm *algorithm_of(const contents *params)
{
	static const uint8_t k1[] = { 0x06, 5, 0x2b, 0x81, 0x04, 0x00, 0x0a };
	static const uint8_t p256[] = { 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };

	if (is_named(params, k1, sizeof k1))
		return aval_algorithm_find(AVAL_ALG_ES256K);
	if (is_named(params, p256, sizeof p256))
		return aval_algorithm_find(AVAL_ALG_ESP256);
	return NULL;
}

bool aval_pkcs11_point(uint8_t point65_out[65], const uint8_t *value, size_t len)
{
	if (len == 67 && value[0] == 0x04 && value[1] == 65) {
		value += 2;
		len -= 2;
	}
	if (len != 65 || value[0] != 4)
		return false;
	memcpy(point65_out, value, 65);
	return true;
}

static aval_status make_public_key(aval_public_key *out, const contents *params, const contents *point,
                                   aval_alg alg, aval_error *err)
{
	const aval_algorithm *algorithm = algorithm_of(params);
	uint8_t               point65[65];

	if (algorithm == NULL)
		return aval_fail(err, AVAL_E_KEY_CURVE, "pkcs11.object.curve", "neither secp256k1 nor P-256");
	if (alg != 0 && alg != algorithm->alg)
		return aval_fail(err, AVAL_E_KEY_CURVE, "pkcs11.object.curve",
		                 "another curve than the algorithm's");
	if (!aval_pkcs11_point(point65, point->data, point->len))
		return aval_fail(err, AVAL_E_KEY_POINT, "pkcs11.object.point", "not an uncompressed point");
	return aval_public_key_from_point(out, algorithm->alg, point65, err);
}

aval_status aval_pkcs11_find_key(aval_public_key *public_key_out, aval_pkcs11_session *session,
                                 const aval_pkcs11_key *key, aval_error *err)
{
	contents    params, point;
	aval_status status = find_private(session, key, err);

	if (status == AVAL_OK)
		status = check_use(session, key, err);
	if (status == AVAL_OK)
		status = read_either(&params, session, key, CKA_EC_PARAMS, err);
	if (status == AVAL_OK)
		status = read_either(&point, session, key, CKA_EC_POINT, err);
	return status == AVAL_OK ? make_public_key(public_key_out, &params, &point, key->alg, err) : status;
}
