/* SPDX-License-Identifier: Apache-2.0 */
/* Signature lines of notes against named keys: ECDSA on P-256, Ed25519, and cosignature/v1 of witnesses. */
#include "crypto/crypto.h"
#include "proof/proof.h"

enum { ID_LEN = 4, TIME_LEN = 8, ED25519_LEN = 64, SIGNATURE_MAX_LEN = AVAL_ECDSA_DER_MAX_LEN + TIME_LEN };

static const char cosignature_head[] = "cosignature/v1\ntime ";

aval_status aval_vkey_verify_digest(const aval_vkey *vkey, const uint8_t digest32[32], const uint8_t sig64[64],
                                    aval_error *err)
{
	uint8_t         low64[64];
	aval_public_key key;
	aval_status     status = aval_public_key_from_point(&key, AVAL_ALG_ESP256, vkey->key, err);

	if (status != AVAL_OK)
		return status;
	/* Programs of others leave s as it comes. */
	memcpy(low64, sig64, sizeof low64);
	aval_signature_normalize(aval_algorithm_of(&key), low64);
	return aval_verify_digest(&key, digest32, low64, err);
}

static aval_status invalid(aval_error *err, const char *reason)
{
	return aval_fail(err, AVAL_E_SIGNATURE_INVALID, "note.signatures[].signature", reason);
}

static aval_status verify_ecdsa(aval_text text, const aval_vkey *vkey, const uint8_t *der, size_t len,
                                aval_error *err)
{
	uint8_t digest32[32], sig64[64];

	if (!aval_ecdsa_der_decode(sig64, der, len))
		return invalid(err, "not the DER of an ECDSA signature on P-256");
	aval_sha256(digest32, text.data, text.len);
	return aval_vkey_verify_digest(vkey, digest32, sig64, err);
}

aval_status aval_vkey_verify_ed25519(const aval_vkey *vkey, const uint8_t *message, size_t message_len,
                                     const uint8_t sig64[64], aval_error *err)
{
	aval_status status = aval_ed25519_verify(vkey->key, message, message_len, sig64);

	if (status == AVAL_E_UNSUPPORTED)
		return aval_fail(err, status, "vkey.type",
		                 "this build has no libsodium, which verifies Ed25519");
	return status == AVAL_OK ? AVAL_OK
	                         : invalid(err, "the signature is not one of these bytes by this key");
}

static aval_status verify_ed25519(aval_text text, const aval_vkey *vkey, const uint8_t *sig, size_t len,
                                  aval_error *err)
{
	if (len != ED25519_LEN)
		return invalid(err, "an Ed25519 signature has 64 bytes");
	return aval_vkey_verify_ed25519(vkey, (const uint8_t *)text.data, text.len, sig, err);
}

static size_t put_cosigned(char *out, aval_text text, uint64_t time_s)
{
	size_t len = sizeof cosignature_head - 1;

	memcpy(out, cosignature_head, len);
	len += aval_number_put(out + len, time_s);
	out[len++] = '\n';
	memcpy(out + len, text.data, text.len);
	return len + text.len;
}

static aval_status verify_cosignature(uint64_t *time_s_out, aval_text text, const aval_vkey *vkey,
                                      const uint8_t *sig, size_t len, aval_error *err)
{
	char        message[sizeof cosignature_head + AVAL_NUMBER_ROOM + AVAL_SIGNED_NOTE_MAX_TEXT];
	uint64_t    time_s;
	size_t      message_len;
	aval_status status;

	if (len != TIME_LEN + ED25519_LEN)
		return invalid(err, "a cosignature has 72 bytes");
	time_s = (uint64_t)aval_load_be32(sig) << 32 | aval_load_be32(sig + 4);
	if (time_s > INT64_MAX)
		return invalid(err, "the time of a cosignature is below 2^63");
	message_len = put_cosigned(message, text, time_s);
	status = aval_vkey_verify_ed25519(vkey, (const uint8_t *)message, message_len, sig + TIME_LEN, err);
	if (status == AVAL_OK)
		*time_s_out = time_s;
	return status;
}

static aval_status verify_line(uint64_t *time_s_out, const aval_signed_note *note,
                               const aval_note_signature *line, const aval_vkey *vkey, aval_error *err)
{
	uint8_t        bytes[ID_LEN + SIGNATURE_MAX_LEN];
	const uint8_t *sig = bytes + ID_LEN;
	size_t         len;

	/* What is longer than any signature of these types is none of them. */
	if (!aval_base64_decode(bytes, &len, sizeof bytes, line->base64) || len <= ID_LEN)
		return invalid(err, "not base64 of a signature of this type");
	switch (vkey->type) {
	case AVAL_VKEY_ECDSA:
		return verify_ecdsa(note->text, vkey, sig, len - ID_LEN, err);
	case AVAL_VKEY_ED25519:
		return verify_ed25519(note->text, vkey, sig, len - ID_LEN, err);
	case AVAL_VKEY_COSIGNATURE:
		return verify_cosignature(time_s_out, note->text, vkey, sig, len - ID_LEN, err);
	}
	return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "vkey.type", "the verifier key is not filled in");
}

static bool is_by(const aval_note_signature *line, const aval_vkey *vkey)
{
	return line->id == vkey->id && aval_text_equal_z(line->name, vkey->name);
}

/* Named keys may share name and id by accident: one that verifies is enough. */
aval_status aval_signed_note_judge(aval_note_judgement *judgement_out, const aval_signed_note *note,
                                   size_t index, const aval_vkey *vkeys, size_t vkey_count, aval_error *err)
{
	aval_note_judgement judgement = { AVAL_NOTE_UNKNOWN_KEY, NULL, 0 };
	aval_note_signature line;
	aval_status         status = aval_signed_note_line(&line, note, index, err);

	if (status != AVAL_OK)
		return status;
	for (size_t i = 0; i < vkey_count && judgement.verdict != AVAL_NOTE_VALID; i++) {
		aval_error detail = AVAL_ERROR_INIT;

		if (!is_by(&line, &vkeys[i]))
			continue;
		status = verify_line(&judgement.time_s, note, &line, &vkeys[i], &detail);
		if (status != AVAL_OK && status != AVAL_E_SIGNATURE_INVALID)
			return aval_fail_full(err, status, line.offset, detail.where, detail.reason,
			                      detail.cause);
		judgement.vkey = &vkeys[i];
		judgement.verdict = status == AVAL_OK ? AVAL_NOTE_VALID : AVAL_NOTE_INVALID;
	}
	*judgement_out = judgement;
	return AVAL_OK;
}

aval_status aval_signed_note_verify(const aval_signed_note *note, const aval_vkey *vkey, aval_error *err)
{
	for (size_t i = 0; i < note->signature_count; i++) {
		aval_error          detail = AVAL_ERROR_INIT;
		aval_note_signature line;
		uint64_t            time_s;
		aval_status         status = aval_signed_note_line(&line, note, i, err);

		if (status != AVAL_OK)
			return status;
		if (!is_by(&line, vkey))
			continue;
		status = verify_line(&time_s, note, &line, vkey, &detail);
		if (status == AVAL_OK)
			return AVAL_OK;
		return aval_fail_full(err, status, line.offset, detail.where, detail.reason, detail.cause);
	}
	return aval_fail(err, AVAL_E_SIGNER_MISSING, "note.signatures", "no signature by this key");
}

const char *aval_note_verdict_name(aval_note_verdict verdict)
{
	switch (verdict) {
	case AVAL_NOTE_UNKNOWN_KEY:
		return "unknown key";
	case AVAL_NOTE_VALID:
		return "valid";
	case AVAL_NOTE_INVALID:
		return "invalid";
	}
	return "";
}
