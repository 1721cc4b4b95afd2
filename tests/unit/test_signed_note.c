/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of notes against vectors of another program, and notes signed here. A build without libsodium
 * expects AVAL_E_UNSUPPORTED where a case needs Ed25519.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/checkpoint.h>

#include "crypto_fixture.h"
#include "proof/proof.h"
#include "vectors.h"

#include "signed-note.vectors.h"

enum { MAX_KEYS = 8 };

static bool have_ed25519(void)
{
	const uint8_t none[64] = { 0 };

	return aval_ed25519_verify(none, NULL, 0, none) != AVAL_E_UNSUPPORTED;
}

static aval_vkey vkey_of(const char *text)
{
	aval_vkey   vkey;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_vkey_parse(&vkey, text, strlen(text), &err);

	ck_assert_msg(status == AVAL_OK, "%s: %s (%s)", text, aval_status_name(status), err.reason);
	return vkey;
}

/* The log's key and the witnesses behind it. */
static size_t load_keys(aval_vkey keys[MAX_KEYS], const struct vector_case *c)
{
	long long count = vector_number(c, "input.witnesses");

	ck_assert_int_lt(count, MAX_KEYS);
	keys[0] = vkey_of(vector_text(c, "input.vkey"));
	for (long long i = 0; i < count; i++) {
		char name[40];

		snprintf(name, sizeof name, "input.witnesses.%lld", i);
		keys[i + 1] = vkey_of(vector_text(c, name));
	}
	return (size_t)count + 1;
}

static aval_status verify_case(const struct vector_case *c, const uint8_t *note, size_t len, aval_error *err)
{
	aval_vkey           keys[MAX_KEYS];
	size_t              count = load_keys(keys, c);
	aval_witness_policy policy = { sizeof policy, keys + 1, count - 1,
		                       (size_t)vector_number(c, "input.threshold") };
	aval_checkpoint     checkpoint;
	aval_status         status = aval_checkpoint_parse(&checkpoint, note, len, err);

	return status == AVAL_OK ? aval_checkpoint_verify(&checkpoint, &keys[0], &policy, err) : status;
}

START_TEST(vector_case)
{
	const struct vector_case  *c = &signed_note_cases[_i];
	const char                *want = vector_text(c, have_ed25519() ? "expect.status" : "expect.plain");
	const struct vector_field *cause = vector_find(c, "expect.cause"),
				  *offset = vector_find(c, "expect.offset");
	aval_error  err = AVAL_ERROR_INIT;
	size_t      len;
	uint8_t    *note = vector_hex(c, "input.note", &len);
	aval_status got = verify_case(c, note, len, &err);

	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: got %s, want %s (%s)", c->id,
	              aval_status_name(got), want, err.reason);
	ck_assert_msg(err.status == got, "%s: err is not the status", c->id);
	if (offset != NULL && strcmp(want, vector_text(c, "expect.status")) == 0)
		ck_assert_msg((long long)err.offset == vector_number(c, "expect.offset"),
		              "%s: offset %zu, want %s", c->id, err.offset, offset->value);
	if (cause != NULL && strcmp(want, vector_text(c, "expect.status")) == 0)
		ck_assert_msg(err.cause == vector_number(c, "expect.cause"), "%s: cause %lld, want %s", c->id,
		              (long long)err.cause, cause->value);
	free(note);
}
END_TEST

START_TEST(vector_verdicts)
{
	const struct vector_case *c = &signed_note_cases[_i];
	aval_vkey                 keys[MAX_KEYS];
	size_t                    len, count = load_keys(keys, c);
	uint8_t                  *data = vector_hex(c, "input.note", &len);
	aval_signed_note          note;
	aval_note_judgement       j;

	if (vector_find(c, "expect.verdicts") == NULL || !have_ed25519())
		goto out;
	ck_assert_int_eq(aval_signed_note_parse(&note, data, len, NULL), AVAL_OK);
	ck_assert_int_eq((long long)note.signature_count, vector_number(c, "expect.verdicts"));
	for (size_t i = 0; i < note.signature_count; i++) {
		char name[40];

		snprintf(name, sizeof name, "expect.verdicts.%zu", i);
		ck_assert_int_eq(aval_signed_note_judge(&j, &note, i, keys, count, NULL), AVAL_OK);
		ck_assert_msg(strcmp(aval_note_verdict_name(j.verdict), vector_text(c, name)) == 0,
		              "%s: line %zu: %s", c->id, i, aval_note_verdict_name(j.verdict));
		ck_assert((j.vkey == NULL) == (j.verdict == AVAL_NOTE_UNKNOWN_KEY));
		ck_assert_uint_eq(
			j.time_s,
			j.verdict == AVAL_NOTE_VALID && j.vkey->type == AVAL_VKEY_COSIGNATURE ? 1700000000 : 0);
	}
	ck_assert_int_eq(aval_signed_note_judge(&j, &note, note.signature_count, keys, count, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
out:
	free(data);
}
END_TEST

/* The example of C2SP signed-note: a note that is no checkpoint. */
#define EXAMPLE_TEXT "This is an example message.\n"
#define EXAMPLE_SIG \
	"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
#define EXAMPLE_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define DASH         "\xE2\x80\x94 "

static const struct {
	const char *name, *note;
	aval_status want;
} example_cases[] = {
	{ "as printed", EXAMPLE_TEXT "\n" DASH "example.com/foo " EXAMPLE_SIG "\n", AVAL_OK },
	{ "another text", EXAMPLE_TEXT ".\n\n" DASH "example.com/foo " EXAMPLE_SIG "\n",
	  AVAL_E_SIGNATURE_INVALID },
	{ "another name", EXAMPLE_TEXT "\n" DASH "example.com/fop " EXAMPLE_SIG "\n", AVAL_E_SIGNER_MISSING },
};

START_TEST(example_case)
{
	aval_vkey        vkey = vkey_of(EXAMPLE_VKEY);
	aval_signed_note note;
	aval_checkpoint  checkpoint;
	const uint8_t   *data = (const uint8_t *)example_cases[_i].note;
	size_t           len = strlen(example_cases[_i].note);
	aval_status      want = example_cases[_i].want, got;

	if (!have_ed25519() && want != AVAL_E_SIGNER_MISSING)
		want = AVAL_E_UNSUPPORTED;
	ck_assert_int_eq(aval_signed_note_parse(&note, data, len, NULL), AVAL_OK);
	got = aval_signed_note_verify(&note, &vkey, NULL);
	ck_assert_msg(got == want, "%s: got %s", example_cases[_i].name, aval_status_name(got));
	ck_assert_int_eq(aval_checkpoint_parse(&checkpoint, data, len, NULL), AVAL_E_CHECKPOINT_FORMAT);
}
END_TEST

static test_entropy entropy_state;

static aval_vkey log_vkey(const aval_secret_key *key, const char *origin)
{
	uint8_t   point65[65];
	aval_vkey vkey;

	aval_public_key_point(point65, aval_secret_key_public(key));
	ck_assert_int_eq(aval_vkey_from_p256(&vkey, origin, strlen(origin), point65, NULL), AVAL_OK);
	return vkey;
}

START_TEST(what_is_signed_here_verifies)
{
	aval_secret_key *key = test_key(AVAL_ALG_ESP256, 77, test_entropy_init(&entropy_state));
	aval_signer      signer = aval_signer_from_secret_key(key);
	aval_vkey        vkey = log_vkey(key, "log.example");
	uint8_t          root[32] = { 0 };
	char             note[AVAL_CHECKPOINT_SIGNED_MAX_LEN];

	for (uint64_t size = 0; size < 40; size++) {
		size_t          len = sizeof note;
		aval_checkpoint c;

		ck_assert_int_eq(aval_checkpoint_sign(note, &len, "log.example", 11, size, root, &signer, NULL),
		                 AVAL_OK);
		ck_assert_int_eq(aval_checkpoint_parse(&c, (const uint8_t *)note, len, NULL), AVAL_OK);
		ck_assert_int_eq(aval_checkpoint_verify(&c, &vkey, NULL, NULL), AVAL_OK);
		ck_assert_uint_eq(c.size, size);
		ck_assert_mem_eq(c.root32, root, 32);
		root[0]++;
	}
	aval_secret_key_free(key);
}
END_TEST

START_TEST(der_of_every_length)
{
	uint8_t sig64[64], again64[64], der[AVAL_ECDSA_DER_MAX_LEN];

	for (size_t zeros = 0; zeros <= 64 * 2; zeros++) {
		size_t len;

		/* r with more and more zeros before it, then s too; the first bit set and not. */
		memset(sig64, zeros % 2 == 0 ? 0x80 : 0x7f, sizeof sig64);
		memset(sig64, 0, zeros / 2 > 32 ? 32 : zeros / 2);
		memset(sig64 + 32, 0, zeros / 2 > 32 ? zeros / 2 - 32 : 0);
		len = aval_ecdsa_der_encode(der, sig64);
		ck_assert_uint_le(len, sizeof der);
		ck_assert(aval_ecdsa_der_decode(again64, der, len));
		ck_assert_mem_eq(again64, sig64, 64);
		for (size_t cut = 0; cut < len; cut++)
			ck_assert(!aval_ecdsa_der_decode(again64, der, cut));
	}
}
END_TEST

START_TEST(room_for_a_checkpoint)
{
	aval_secret_key *key = test_key(AVAL_ALG_ESP256, 77, test_entropy_init(&entropy_state));
	aval_signer      signer = aval_signer_from_secret_key(key);
	uint8_t          root[32] = { 0 };
	char             note[AVAL_CHECKPOINT_SIGNED_MAX_LEN], name[AVAL_VKEY_MAX_NAME + 1];
	size_t           len = 0, need;
	unsigned         calls;

	memset(name, 'n', sizeof name);
	calls = entropy_state.calls;
	ck_assert_int_eq(
		aval_checkpoint_sign(NULL, &len, name, AVAL_VKEY_MAX_NAME, INT64_MAX, root, &signer, NULL),
		AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, AVAL_CHECKPOINT_SIGNED_MAX_LEN);
	need = --len;
	memset(note, 'x', sizeof note);
	ck_assert_int_eq(
		aval_checkpoint_sign(note, &len, name, AVAL_VKEY_MAX_NAME, INT64_MAX, root, &signer, NULL),
		AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, need + 1);
	ck_assert_int_eq(note[0], 'x');
	ck_assert_uint_eq(entropy_state.calls, calls);
	ck_assert_int_eq(
		aval_checkpoint_sign(note, &len, name, AVAL_VKEY_MAX_NAME, INT64_MAX, root, &signer, NULL),
		AVAL_OK);
	ck_assert_uint_le(len, sizeof note);
	aval_secret_key_free(key);
}
END_TEST

static aval_status lie(uint8_t sig64_out[64], const uint8_t *message, size_t len, const uint8_t digest32[32],
                       void *how)
{
	(void)message;
	(void)len;
	memset(sig64_out, 1, 64);
	sig64_out[0] = digest32[0];
	return how == NULL ? AVAL_OK : AVAL_E_IO;
}

static const struct {
	const char *name, *origin;
	uint64_t    size;
	aval_alg    alg;
	bool        lies, fails;
	aval_status want;
} sign_cases[] = {
	{ "largest size", "log.example", INT64_MAX, AVAL_ALG_ESP256, false, false, AVAL_OK },
	{ "size 2^63", "log.example", UINT64_C(1) << 63, AVAL_ALG_ESP256, false, false, AVAL_E_PROOF_SHAPE },
	{ "empty origin", "", 1, AVAL_ALG_ESP256, false, false, AVAL_E_CHECKPOINT_ORIGIN },
	{ "origin with a space", "log example", 1, AVAL_ALG_ESP256, false, false, AVAL_E_CHECKPOINT_ORIGIN },
	{ "origin with a newline", "log\n", 1, AVAL_ALG_ESP256, false, false, AVAL_E_CHECKPOINT_ORIGIN },
	{ "origin with a plus", "log+1", 1, AVAL_ALG_ESP256, false, false, AVAL_E_CHECKPOINT_ORIGIN },
	{ "key of secp256k1", "log.example", 1, AVAL_ALG_ES256K, false, false, AVAL_E_COSE_ALGORITHM },
	{ "key for Schnorr", "log.example", 1, AVAL_ALG_SCHNORR, false, false, AVAL_E_COSE_ALGORITHM },
	{ "a signer that lies", "log.example", 1, AVAL_ALG_ESP256, true, false, AVAL_E_SIGNATURE_INVALID },
	{ "a signer that fails", "log.example", 1, AVAL_ALG_ESP256, true, true, AVAL_E_CALLBACK },
};

START_TEST(sign_case)
{
	aval_secret_key *key = test_key(sign_cases[_i].alg, 77, test_entropy_init(&entropy_state));
	aval_signer      signer = aval_signer_from_secret_key(key);
	uint8_t          root[32] = { 0 };
	char             note[AVAL_CHECKPOINT_SIGNED_MAX_LEN] = "x";
	size_t           len = sizeof note;
	aval_status      got;

	if (sign_cases[_i].lies) {
		signer.sign = lie;
		signer.user_data = sign_cases[_i].fails ? &signer : NULL;
	}
	got = aval_checkpoint_sign(note, &len, sign_cases[_i].origin, strlen(sign_cases[_i].origin),
	                           sign_cases[_i].size, root, &signer, NULL);
	ck_assert_msg(got == sign_cases[_i].want, "%s: got %s", sign_cases[_i].name, aval_status_name(got));
	ck_assert(got == AVAL_OK || (note[0] == 'x' && len == sizeof note));
	signer.sign = NULL;
	if (got == AVAL_OK)
		ck_assert_int_eq(aval_checkpoint_sign(note, &len, "o", 1, 1, root, &signer, NULL),
		                 AVAL_E_INVALID_ARGUMENT);
	aval_secret_key_free(key);
}
END_TEST

START_TEST(only_a_note_text_is_signed)
{
	static const struct {
		const char *text;
		aval_status want;
	} rows[] = {
		{ "a\n", AVAL_OK },
		{ "a\n\nb\n", AVAL_OK },
		{ "", AVAL_E_CHECKPOINT_FORMAT },
		{ "a", AVAL_E_CHECKPOINT_FORMAT },
		{ "a\r\n", AVAL_E_CHECKPOINT_FORMAT },
		{ "\xff\n", AVAL_E_CHECKPOINT_FORMAT },
	};
	aval_secret_key *key = test_key(AVAL_ALG_ESP256, 77, test_entropy_init(&entropy_state));
	aval_signer      signer = aval_signer_from_secret_key(key);
	aval_vkey        vkey = log_vkey(key, "n");
	char *text = malloc(AVAL_SIGNED_NOTE_MAX_TEXT + 1), *out = malloc(AVAL_SIGNED_NOTE_MAX_TEXT + 512);
	aval_signed_note note;
	size_t           len;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		len = 512;
		ck_assert_int_eq(aval_signed_note_sign(out, &len, rows[i].text, strlen(rows[i].text), "n", 1,
		                                       &signer, NULL),
		                 rows[i].want);
		if (rows[i].want != AVAL_OK)
			continue;
		ck_assert_int_eq(aval_signed_note_parse(&note, (const uint8_t *)out, len, NULL), AVAL_OK);
		ck_assert(aval_text_equal_z(note.text, rows[i].text));
		ck_assert_int_eq(aval_signed_note_verify(&note, &vkey, NULL), AVAL_OK);
	}
	memset(text, '\n', AVAL_SIGNED_NOTE_MAX_TEXT + 1);
	memset(text, 'a', AVAL_SIGNED_NOTE_MAX_TEXT - 1);
	for (size_t more = 0; more <= 1; more++) {
		len = AVAL_SIGNED_NOTE_MAX_TEXT + 512;
		ck_assert_int_eq(aval_signed_note_sign(out, &len, text, AVAL_SIGNED_NOTE_MAX_TEXT + more, "n",
		                                       1, &signer, NULL),
		                 more == 0 ? AVAL_OK : AVAL_E_LIMIT);
		ck_assert_int_eq(aval_signed_note_parse(&note, (const uint8_t *)out, len, NULL),
		                 more == 0 ? AVAL_OK : AVAL_E_CHECKPOINT_FORMAT);
	}
	free(text);
	free(out);
	aval_secret_key_free(key);
}
END_TEST

/* A note that somebody else made longer than text may be. */
START_TEST(a_long_text_is_refused)
{
	static const char line[] = "\n" DASH "n AAECAwQFBgc=\n";
	aval_signed_note  parsed;

	for (size_t more = 0; more <= 1; more++) {
		size_t   text_len = AVAL_SIGNED_NOTE_MAX_TEXT + more, len = text_len + sizeof line - 1;
		uint8_t *note = malloc(len);

		memset(note, 'a', text_len);
		note[text_len - 1] = '\n';
		memcpy(note + text_len, line, sizeof line - 1);
		ck_assert_int_eq(aval_signed_note_parse(&parsed, note, len, NULL),
		                 more == 0 ? AVAL_OK : AVAL_E_LIMIT);
		free(note);
	}
}
END_TEST

START_TEST(every_bit_of_a_checkpoint_counts)
{
	const struct vector_case *c = &signed_note_cases[0];
	size_t                    len;
	uint8_t                  *note = vector_hex(c, "input.note", &len);

	ck_assert_int_eq(verify_case(c, note, len, NULL), AVAL_OK);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		aval_status got;

		note[bit / 8] ^= (uint8_t)(1 << bit % 8);
		got = verify_case(c, note, len, NULL);
		ck_assert_msg(got != AVAL_OK, "bit %zu may change", bit);
		note[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	free(note);
}
END_TEST

START_TEST(keys_of_ed25519_are_made)
{
	uint8_t   key32[32] = { 1 };
	aval_vkey vkey, again;
	char      text[AVAL_VKEY_MAX_LEN];

	for (int type = 0; type <= 5; type++) {
		bool        is = type == AVAL_VKEY_ED25519 || type == AVAL_VKEY_COSIGNATURE;
		size_t      len = sizeof text;
		aval_status got = aval_vkey_from_ed25519(&vkey, "n", 1, (aval_vkey_type)type, key32, NULL);

		ck_assert_int_eq(got, is ? AVAL_OK : AVAL_E_CHECKPOINT_KEY);
		if (!is)
			continue;
		ck_assert_int_eq(aval_vkey_serialize(text, &len, &vkey, NULL), AVAL_OK);
		ck_assert_int_eq(aval_vkey_parse(&again, text, len, NULL), AVAL_OK);
		ck_assert_int_eq(again.type, (aval_vkey_type)type);
	}
	ck_assert_int_eq(aval_vkey_from_ed25519(&vkey, "", 0, AVAL_VKEY_ED25519, key32, NULL),
	                 AVAL_E_CHECKPOINT_KEY);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("signed note");
	TCase   *tc = tcase_create("signatures");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, vector_case, 0, SIGNED_NOTE_COUNT);
	tcase_add_loop_test(tc, vector_verdicts, 0, SIGNED_NOTE_COUNT);
	tcase_add_loop_test(tc, example_case, 0, (int)(sizeof example_cases / sizeof *example_cases));
	tcase_add_loop_test(tc, sign_case, 0, (int)(sizeof sign_cases / sizeof *sign_cases));
	tcase_add_test(tc, what_is_signed_here_verifies);
	tcase_add_test(tc, der_of_every_length);
	tcase_add_test(tc, room_for_a_checkpoint);
	tcase_add_test(tc, only_a_note_text_is_signed);
	tcase_add_test(tc, a_long_text_is_refused);
	tcase_add_test(tc, every_bit_of_a_checkpoint_counts);
	tcase_add_test(tc, keys_of_ed25519_are_made);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
