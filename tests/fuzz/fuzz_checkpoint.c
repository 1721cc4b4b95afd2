/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes, checkpoints, verifier keys and proofs as text: what is accepted lies within the input and is written
 * again to the same bytes; what is refused is refused within the input; nothing but a true signature verifies.
 */
#include <string.h>

#include <aval/tlog_proof.h>

#include "fuzz.h"

/* Of a key that nobody has. */
static const char vkey_text[] =
	"log.example/one+04846eb1+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNrMJZhpbY/v8Wk6ADozJNuaYAXaapPZvXt4DKBY"
	"P0y7OvJHinIKdipv5H8yQ+06Yh55Su5VMjqip6lgSKBrvTw=";

static bool is_inside(aval_text text, const uint8_t *data, size_t size)
{
	const char *begin = (const char *)data;

	return text.len == 0 || (text.data >= begin && text.data + text.len <= begin + size);
}

static void try_vkey(const uint8_t *data, size_t size)
{
	aval_vkey vkey;
	char      again[2048];
	size_t    len = sizeof again;

	if (aval_vkey_parse(&vkey, (const char *)data, size, NULL) != AVAL_OK)
		return;
	FUZZ_REQUIRE(vkey.key_len == 32 || vkey.key_len == 65);
	FUZZ_REQUIRE(aval_vkey_serialize(again, &len, &vkey, NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == size && memcmp(again, data, len) == 0);
}

static void try_note(const uint8_t *data, size_t size)
{
	aval_signed_note    note;
	aval_note_signature line, earlier;
	aval_error          err = AVAL_ERROR_INIT;
	aval_status         status = aval_signed_note_parse(&note, data, size, &err);

	if (status != AVAL_OK) {
		FUZZ_REQUIRE(err.status == status && (err.offset == AVAL_NO_OFFSET || err.offset <= size));
		return;
	}
	FUZZ_REQUIRE(is_inside(note.text, data, size) && is_inside(note.signature_lines, data, size));
	FUZZ_REQUIRE(note.text.len + 1 + note.signature_lines.len == size);
	FUZZ_REQUIRE(note.signature_count >= 1 && note.signature_count <= AVAL_SIGNED_NOTE_MAX_SIGNATURES);
	for (size_t i = 0; i < note.signature_count; i++) {
		FUZZ_REQUIRE(aval_signed_note_line(&line, &note, i, NULL) == AVAL_OK);
		FUZZ_REQUIRE(is_inside(line.name, data, size) && is_inside(line.base64, data, size));
		FUZZ_REQUIRE(line.offset < size);
		if (i == 0)
			continue;
		FUZZ_REQUIRE(aval_signed_note_line(&earlier, &note, i - 1, NULL) == AVAL_OK);
		FUZZ_REQUIRE(earlier.offset < line.offset);
	}
	FUZZ_REQUIRE(aval_signed_note_line(&line, &note, note.signature_count, NULL) ==
	             AVAL_E_INVALID_ARGUMENT);
}

/* The key's name is put in the place of the line's, so that the signature itself is reached. */
static void try_signature(const aval_signed_note *note)
{
	aval_vkey           vkey;
	aval_note_signature line;
	aval_note_judgement judgement;

	FUZZ_REQUIRE(aval_vkey_parse(&vkey, vkey_text, sizeof vkey_text - 1, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_signed_note_line(&line, note, 0, NULL) == AVAL_OK);
	memcpy(vkey.name, line.name.data, line.name.len);
	vkey.name[line.name.len] = '\0';
	vkey.id = line.id;
	for (int type = 1; type <= 4; type += type) {
		aval_status status;

		vkey.type = (aval_vkey_type)type;
		status = aval_signed_note_judge(&judgement, note, 0, &vkey, 1, NULL);
		FUZZ_REQUIRE(status == AVAL_OK || status == AVAL_E_UNSUPPORTED || status == AVAL_E_KEY_POINT);
		FUZZ_REQUIRE(status != AVAL_OK || judgement.vkey == &vkey);
	}
}

static void try_checkpoint(const uint8_t *data, size_t size)
{
	aval_checkpoint c;

	if (aval_checkpoint_parse(&c, data, size, NULL) != AVAL_OK)
		return;
	FUZZ_REQUIRE(c.origin.len > 0 && c.size <= INT64_MAX && is_inside(c.extensions, data, size));
	try_signature(&c.note);
}

static void try_proof(const uint8_t *data, size_t size)
{
	uint8_t         path[AVAL_MERKLE_MAX_PATH * 32] = { 0 };
	char            again[8192];
	size_t          len = sizeof again;
	aval_tlog_proof proof;
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     status = aval_tlog_proof_parse(&proof, data, size, &err);

	if (status != AVAL_OK) {
		FUZZ_REQUIRE(err.status == status && err.reason[0] != '\0');
		return;
	}
	FUZZ_REQUIRE(proof.path_count <= AVAL_MERKLE_MAX_PATH && proof.path_lines.len == 45 * proof.path_count);
	/* Without extra and hashes the text is the one that is written. */
	if (proof.extra.data != NULL || proof.path_count != 0 || size > sizeof again)
		return;
	FUZZ_REQUIRE(aval_tlog_proof_serialize(again, &len, proof.index, path, 0,
	                                       (const uint8_t *)proof.checkpoint.note.text.data,
	                                       proof.checkpoint.note.text.len + 1 +
	                                               proof.checkpoint.note.signature_lines.len,
	                                       NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == size && memcmp(again, data, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_vkey(data, size);
	try_note(data, size);
	try_checkpoint(data, size);
	try_proof(data, size);
	return 0;
}
