/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_PROOF_H
#define AVAL_LIB_PROOF_H

/* Internal helpers of the proof folder: lines of text, numbers, key names, verifier keys. */

#include <aval/signed_note.h>

#include "base/base.h"

#define AVAL_P256_SPKI_LEN 91
#define AVAL_P256_SPKI_PREFIX_LEN 26
extern const uint8_t aval_p256_spki_prefix[AVAL_P256_SPKI_PREFIX_LEN];

/* The line at *offset without its newline; advances past it. False if there is no full line. */
bool aval_line_next(aval_text *line_out, aval_text text, size_t *offset);

/* Decimal without leading zeros, below 2^63. */
#define AVAL_NUMBER_ROOM 20
bool   aval_number_parse(uint64_t *number_out, aval_text line);
size_t aval_number_put(char out[AVAL_NUMBER_ROOM], uint64_t number); /* no NUL; the length */

/* The characters of padded base64; not whether bits are left over. */
bool aval_base64_alphabet(aval_text text);

/* A hash as a line: base64 of 32 bytes. */
#define AVAL_HASH_LINE_LEN 44
bool aval_hash_line_parse(uint8_t hash32_out[32], aval_text line);

static inline uint32_t aval_load_be32(const uint8_t p[4])
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void aval_store_be32(uint8_t p[4], uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* AVAL_E_CHECKPOINT_FORMAT at an offset. */
aval_status aval_note_format_error(aval_error *err, size_t offset, const char *where, const char *reason);

/* UTF-8 without characters below U+0020 other than newlines. */
aval_status aval_note_check_characters(const char *text, size_t len, aval_error *err);

/* An em dash and a space, which begin a signature line. */
#define AVAL_NOTE_LINE_PREFIX_LEN 4
extern const char aval_note_line_prefix[AVAL_NOTE_LINE_PREFIX_LEN + 1];

/*
 * Signatures by the keys that vkeys hold, whatever was signed: AVAL_E_SIGNATURE_INVALID, AVAL_E_KEY_POINT,
 * AVAL_E_NO_MEMORY; AVAL_E_UNSUPPORTED for Ed25519 in a build without libsodium. ECDSA may have a high s.
 */
aval_status aval_vkey_verify_digest(const aval_vkey *vkey, const uint8_t digest32[32], const uint8_t sig64[64],
                                    aval_error *err);
aval_status aval_vkey_verify_ed25519(const aval_vkey *vkey, const uint8_t *message, size_t message_len,
                                     const uint8_t sig64[64], aval_error *err);

/* A key name of signed notes: 1..255 bytes of UTF-8 without spaces, controls and plus. */
bool aval_note_name_check(aval_text name);

#endif
