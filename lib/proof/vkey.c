/* SPDX-License-Identifier: Apache-2.0 */
/* Verifier keys of signed notes: name+id+base64(type || key). */
#include "hash/hash.h"
#include "proof/proof.h"

/* The longest key that has a type: ML-DSA-44. */
enum { MATERIAL_MAX_LEN = 1 + 1312 };

/* SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480) up to the point. */
const uint8_t aval_p256_spki_prefix[AVAL_P256_SPKI_PREFIX_LEN] = {
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
	0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
};

/* The key as it stands behind the type byte: a point becomes its SPKI. */
static size_t key_material(uint8_t out[AVAL_P256_SPKI_LEN], const aval_vkey *vkey)
{
	if (vkey->type != AVAL_VKEY_ECDSA) {
		memcpy(out, vkey->key, vkey->key_len);
		return vkey->key_len;
	}
	memcpy(out, aval_p256_spki_prefix, AVAL_P256_SPKI_PREFIX_LEN);
	memcpy(out + AVAL_P256_SPKI_PREFIX_LEN, vkey->key, 65);
	return AVAL_P256_SPKI_LEN;
}

/* ECDSA: SHA-256(SPKI); the others: SHA-256(name || LF || type || key); the first four bytes. */
static uint32_t key_id(const aval_vkey *vkey)
{
	const uint8_t   separator[2] = { '\n', (uint8_t)vkey->type };
	uint8_t         material[AVAL_P256_SPKI_LEN], hash[32];
	size_t          material_len = key_material(material, vkey);
	aval_sha256_ctx ctx;

	aval_sha256_init(&ctx);
	if (vkey->type != AVAL_VKEY_ECDSA) {
		aval_sha256_update(&ctx, vkey->name, strlen(vkey->name));
		aval_sha256_update(&ctx, separator, sizeof separator);
	}
	aval_sha256_update(&ctx, material, material_len);
	aval_sha256_finish(&ctx, hash);
	return aval_load_be32(hash);
}

static aval_status set_key(aval_vkey *vkey, const uint8_t *material, size_t len, aval_error *err)
{
	switch (material[0]) {
	case AVAL_VKEY_ED25519:
	case AVAL_VKEY_COSIGNATURE:
		if (len != 1 + 32)
			return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey.key", "an Ed25519 key has 32 bytes");
		break;
	case AVAL_VKEY_ECDSA:
		if (len != 1 + AVAL_P256_SPKI_LEN ||
		    memcmp(material + 1, aval_p256_spki_prefix, AVAL_P256_SPKI_PREFIX_LEN) != 0)
			return aval_fail(err, AVAL_E_UNSUPPORTED, "vkey.key",
			                 "an ECDSA key is an uncompressed P-256 point in SPKI form");
		material += AVAL_P256_SPKI_PREFIX_LEN;
		len -= AVAL_P256_SPKI_PREFIX_LEN;
		if (material[1] != 0x04)
			return aval_fail(err, AVAL_E_UNSUPPORTED, "vkey.key", "the point is not uncompressed");
		vkey->type = AVAL_VKEY_ECDSA;
		vkey->key_len = len - 1;
		memcpy(vkey->key, material + 1, vkey->key_len);
		return AVAL_OK;
	default:
		return aval_fail(err, AVAL_E_UNSUPPORTED, "vkey.type", "a signature type that is not verified");
	}
	vkey->type = (aval_vkey_type)material[0];
	vkey->key_len = 32;
	memcpy(vkey->key, material + 1, 32);
	return AVAL_OK;
}

static bool parse_hex32(uint32_t *value_out, const char *hex8)
{
	uint32_t value = 0;

	for (int i = 0; i < 8; i++) {
		char c = hex8[i];

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*value_out = value;
	return true;
}

static aval_status set_name(aval_vkey *vkey, aval_text name, aval_error *err)
{
	if (!aval_note_name_check(name))
		return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey.name",
		                 "the name is empty, too long or has a space");
	memcpy(vkey->name, name.data, name.len);
	vkey->name[name.len] = '\0';
	return AVAL_OK;
}

aval_status aval_vkey_parse(aval_vkey *vkey_out, const char *text, size_t text_len, aval_error *err)
{
	const char *plus = text_len == 0 ? NULL : memchr(text, '+', text_len);
	aval_vkey   vkey = { 0 };
	aval_text   base64;
	uint8_t     material[MATERIAL_MAX_LEN];
	size_t      material_len, name_len;
	aval_status status;

	if (plus == NULL || (name_len = (size_t)(plus - text), text_len - name_len < 11) || plus[9] != '+')
		return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey", "not of the form name+id+key");
	status = set_name(&vkey, (aval_text){ text, name_len }, err);
	if (status != AVAL_OK)
		return status;
	if (!parse_hex32(&vkey.id, plus + 1))
		return aval_fail_at(err, AVAL_E_CHECKPOINT_KEY, name_len + 1, "vkey.id",
		                    "not eight lower-case hex digits");
	base64 = (aval_text){ plus + 10, text_len - name_len - 10 };
	if (!aval_base64_decode(material, &material_len, sizeof material, base64) || material_len == 0)
		return aval_fail_at(err, AVAL_E_CHECKPOINT_KEY, name_len + 10, "vkey.key",
		                    "not base64 of a known length");
	status = set_key(&vkey, material, material_len, err);
	if (status != AVAL_OK)
		return status;
	if (key_id(&vkey) != vkey.id)
		return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey.id", "the id is not that of the key");
	*vkey_out = vkey;
	return AVAL_OK;
}

aval_status aval_vkey_from_p256(aval_vkey *vkey_out, const char *name, size_t name_len,
                                const uint8_t point65[65], aval_error *err)
{
	aval_vkey   vkey = { 0 };
	aval_status status = set_name(&vkey, (aval_text){ name, name_len }, err);

	if (status != AVAL_OK)
		return status;
	if (point65[0] != 0x04)
		return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey.key", "the point is not uncompressed");
	vkey.type = AVAL_VKEY_ECDSA;
	vkey.key_len = 65;
	memcpy(vkey.key, point65, 65);
	vkey.id = key_id(&vkey);
	*vkey_out = vkey;
	return AVAL_OK;
}

aval_status aval_vkey_from_ed25519(aval_vkey *vkey_out, const char *name, size_t name_len, aval_vkey_type type,
                                   const uint8_t key32[32], aval_error *err)
{
	aval_vkey   vkey = { 0 };
	aval_status status = set_name(&vkey, (aval_text){ name, name_len }, err);

	if (status != AVAL_OK)
		return status;
	if (type != AVAL_VKEY_ED25519 && type != AVAL_VKEY_COSIGNATURE)
		return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey.type", "not a type of Ed25519");
	vkey.type = type;
	vkey.key_len = 32;
	memcpy(vkey.key, key32, 32);
	vkey.id = key_id(&vkey);
	*vkey_out = vkey;
	return AVAL_OK;
}

aval_status aval_vkey_serialize(char *text_out, size_t *len_inout, const aval_vkey *vkey, aval_error *err)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t           material[1 + AVAL_P256_SPKI_LEN];
	size_t            name_len = strlen(vkey->name);
	size_t            material_len = 1 + key_material(material + 1, vkey);
	size_t            need = name_len + 10 + aval_base64_len(material_len);

	if (text_out == NULL || *len_inout < need) {
		*len_inout = need;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "vkey", "the text needs more room");
	}
	material[0] = (uint8_t)vkey->type;
	memcpy(text_out, vkey->name, name_len);
	text_out[name_len] = '+';
	for (int i = 0; i < 8; i++)
		text_out[name_len + 1 + (size_t)i] = digits[vkey->id >> (28 - 4 * i) & 15];
	text_out[name_len + 9] = '+';
	aval_base64_encode(text_out + name_len + 10, material, material_len);
	*len_inout = need;
	return AVAL_OK;
}
