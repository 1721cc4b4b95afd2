/* SPDX-License-Identifier: Apache-2.0 */
/* Notes signed with P-256: type 0x02 of C2SP signed-note. */
#include "crypto/crypto.h"
#include "proof/proof.h"

enum { ID_LEN = 4, SIGNATURE_MAX_LEN = ID_LEN + AVAL_ECDSA_DER_MAX_LEN };

static aval_status check_text(const char *text, size_t len, aval_error *err)
{
	if (len > AVAL_SIGNED_NOTE_MAX_TEXT)
		return aval_fail(err, AVAL_E_LIMIT, "note.text", "longer than AVAL_SIGNED_NOTE_MAX_TEXT");
	if (len == 0 || text[len - 1] != '\n')
		return aval_note_format_error(err, len, "note.text", "the text does not end with a newline");
	return aval_note_check_characters(text, len, err);
}

static aval_status make_vkey(aval_vkey *vkey, const char *name, size_t name_len, const aval_signer *signer,
                             aval_error *err)
{
	uint8_t     point65[65];
	aval_status status = aval_signer_check(signer, err);

	if (status != AVAL_OK)
		return status;
	if (aval_public_key_alg(&signer->key) != AVAL_ALG_ESP256)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "signer.key", "notes are signed with P-256");
	aval_public_key_point(point65, &signer->key);
	return aval_vkey_from_p256(vkey, name, name_len, point65, err);
}

/* The line with everything around its base64. */
static size_t line_len(size_t name_len, size_t signature_len)
{
	return AVAL_NOTE_LINE_PREFIX_LEN + name_len + 1 + aval_base64_len(signature_len) + 1;
}

static size_t put_line(char *out, const aval_vkey *vkey, const uint8_t *signature, size_t signature_len)
{
	size_t name_len = strlen(vkey->name), at = AVAL_NOTE_LINE_PREFIX_LEN;

	memcpy(out, aval_note_line_prefix, at);
	memcpy(out + at, vkey->name, name_len);
	at += name_len;
	out[at++] = ' ';
	aval_base64_encode(out + at, signature, signature_len);
	at += aval_base64_len(signature_len);
	out[at++] = '\n';
	return at;
}

aval_status aval_signed_note_sign(char *note_out, size_t *len_inout, const char *text, size_t text_len,
                                  const char *name, size_t name_len, const aval_signer *signer, aval_error *err)
{
	aval_vkey   vkey;
	uint8_t     signature[SIGNATURE_MAX_LEN], sig64[64];
	size_t      need;
	aval_status status = check_text(text, text_len, err);

	if (status == AVAL_OK)
		status = make_vkey(&vkey, name, name_len, signer, err);
	if (status != AVAL_OK)
		return status;
	need = text_len + 1 + line_len(name_len, SIGNATURE_MAX_LEN);
	if (note_out == NULL || *len_inout < need) {
		*len_inout = need;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out",
		                 "the buffer is shorter than the longest note");
	}
	status = aval_signer_sign(sig64, signer, (const uint8_t *)text, text_len, err);
	if (status != AVAL_OK)
		return status;
	aval_store_be32(signature, vkey.id);
	memcpy(note_out, text, text_len);
	note_out[text_len] = '\n';
	*len_inout = text_len + 1 +
	             put_line(note_out + text_len + 1, &vkey, signature,
	                      ID_LEN + aval_ecdsa_der_encode(signature + ID_LEN, sig64));
	return AVAL_OK;
}
