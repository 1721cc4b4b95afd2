/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/checkpoint.h>

#include "proof/proof.h"

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define BODY "example.com/log\n42\n" ROOT
#define DASH "\xE2\x80\x94 "
#define LINE DASH "example.com/log AAECAwQFBgc=\n"

static const struct {
	const char *name, *note;
	aval_status want;
	size_t      offset;
} note_cases[] = {
	{ "a checkpoint", BODY "\n" LINE, AVAL_OK, 0 },
	{ "size 0", "o\n0\n" ROOT "\n" LINE, AVAL_OK, 0 },
	{ "an extension line", BODY "x\n\n" LINE, AVAL_OK, 0 },
	{ "two keys of one name", BODY "\n" LINE DASH "example.com/log AAECBAQFBgc=\n", AVAL_OK, 0 },
	{ "largest size", "o\n9223372036854775807\n" ROOT "\n" LINE, AVAL_OK, 0 },
	{ "size 2^63", "o\n9223372036854775808\n" ROOT "\n" LINE, AVAL_E_CHECKPOINT_FORMAT, 2 },
	{ "size with a leading zero", "o\n042\n" ROOT "\n" LINE, AVAL_E_CHECKPOINT_FORMAT, 2 },
	{ "size with a sign", "o\n+42\n" ROOT "\n" LINE, AVAL_E_CHECKPOINT_FORMAT, 2 },
	{ "no size", "o\n\n" LINE, AVAL_E_CHECKPOINT_FORMAT, 2 },
	{ "empty origin", "\n42\n" ROOT "\n" LINE, AVAL_E_CHECKPOINT_FORMAT, 0 },
	{ "root of 31 bytes", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n\n" LINE,
	  AVAL_E_CHECKPOINT_FORMAT, 4 },
	{ "root with stray bits", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n\n" LINE,
	  AVAL_E_CHECKPOINT_FORMAT, 4 },
	{ "no empty line", BODY LINE, AVAL_E_CHECKPOINT_FORMAT, 0 },
	{ "no signature line", BODY "\n", AVAL_E_CHECKPOINT_FORMAT, 65 },
	{ "no newline at the end", BODY "\n" DASH "example.com/log AAECAwQFBgc=", AVAL_E_CHECKPOINT_FORMAT,
	  65 },
	{ "hyphen for the dash", BODY "\n- example.com/log AAECAwQFBgc=\n", AVAL_E_CHECKPOINT_FORMAT, 65 },
	{ "no signature", BODY "\n" DASH "example.com/log\n", AVAL_E_CHECKPOINT_FORMAT, 65 },
	{ "id without signature", BODY "\n" DASH "example.com/log AAECAw==\n", AVAL_E_CHECKPOINT_FORMAT, 65 },
	{ "plus in the name", BODY "\n" DASH "a+b AAECAwQFBgc=\n", AVAL_E_CHECKPOINT_FORMAT, 65 },
	{ "a line twice", BODY "\n" LINE LINE, AVAL_E_CHECKPOINT_DUPLICATE, 98 },
	{ "a carriage return", "o\r\n1\n" ROOT "\n" LINE, AVAL_E_CHECKPOINT_FORMAT, 1 },
	{ "not UTF-8", "\xC0\xAF\n1\n" ROOT "\n" LINE, AVAL_E_CHECKPOINT_FORMAT, 0 },
	{ "empty", "", AVAL_E_CHECKPOINT_FORMAT, 0 },
};

START_TEST(note_case)
{
	aval_checkpoint c;
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     got = aval_checkpoint_parse(&c, (const uint8_t *)note_cases[_i].note,
	                                            strlen(note_cases[_i].note), &err);

	ck_assert_msg(got == note_cases[_i].want, "%s: got %s, want %s (%s)", note_cases[_i].name,
	              aval_status_name(got), aval_status_name(note_cases[_i].want), err.reason);
	if (got != AVAL_OK)
		ck_assert_msg(err.offset == note_cases[_i].offset, "%s: offset %zu, want %zu",
		              note_cases[_i].name, err.offset, note_cases[_i].offset);
}
END_TEST

START_TEST(the_view_shows_the_lines)
{
	static const char note[] = BODY "more\n\n" LINE DASH "w AAAAAQQFBgc=\n";
	aval_checkpoint                                 c;
	aval_note_signature                             s;

	ck_assert_int_eq(aval_checkpoint_parse(&c, (const uint8_t *)note, strlen(note), NULL), AVAL_OK);
	ck_assert(aval_text_equal_z(c.origin, "example.com/log"));
	ck_assert_uint_eq(c.size, 42);
	ck_assert_uint_eq(c.root32[0], 0x0a);
	ck_assert(aval_text_equal_z(c.extensions, "more\n"));
	ck_assert_uint_eq(c.note.text.len, strlen(BODY "more\n"));
	ck_assert_uint_eq(c.note.signature_count, 2);
	ck_assert_int_eq(aval_signed_note_line(&s, &c.note, 1, NULL), AVAL_OK);
	ck_assert(aval_text_equal_z(s.name, "w"));
	ck_assert_uint_eq(s.id, 1);
	ck_assert_int_eq(aval_signed_note_line(&s, &c.note, 2, NULL), AVAL_E_INVALID_ARGUMENT);
}
END_TEST

START_TEST(signature_lines_are_bounded)
{
	size_t          room = strlen(BODY) + 1 + 80 * 40, len;
	char           *note = malloc(room);
	aval_checkpoint c;

	for (int lines = 64; lines <= 65; lines++) {
		len = (size_t)snprintf(note, room, BODY "\n");
		for (int i = 0; i < lines; i++)
			len += (size_t)snprintf(note + len, room - len, DASH "w%d AAECAwQFBgc=\n", i);
		ck_assert_int_eq(aval_checkpoint_parse(&c, (const uint8_t *)note, len, NULL),
		                 lines == 64 ? AVAL_OK : AVAL_E_LIMIT);
	}
	free(note);
}
END_TEST

/* The first is the example of the C2SP specification. */
static const struct {
	const char *name, *text;
	aval_status want;
} vkey_cases[] = {
	{ "Ed25519", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", AVAL_OK },
	{ "another id", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	  AVAL_E_CHECKPOINT_KEY },
	{ "another name", "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	  AVAL_E_CHECKPOINT_KEY },
	{ "upper-case id", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	  AVAL_E_CHECKPOINT_KEY },
	{ "no name", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", AVAL_E_CHECKPOINT_KEY },
	{ "short key", "example.com/foo+530d903a+Aeky", AVAL_E_CHECKPOINT_KEY },
	{ "no key", "example.com/foo+530d903a+", AVAL_E_CHECKPOINT_KEY },
	{ "unknown type", "example.com/foo+530d903a+B+kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	  AVAL_E_UNSUPPORTED },
	{ "empty", "", AVAL_E_CHECKPOINT_KEY },
};

START_TEST(vkey_case)
{
	aval_vkey   key;
	char        text[128];
	size_t      len = sizeof text;
	aval_status got = aval_vkey_parse(&key, vkey_cases[_i].text, strlen(vkey_cases[_i].text), NULL);

	ck_assert_msg(got == vkey_cases[_i].want, "%s: got %s", vkey_cases[_i].name, aval_status_name(got));
	if (got != AVAL_OK)
		return;
	ck_assert_int_eq(aval_vkey_serialize(text, &len, &key, NULL), AVAL_OK);
	ck_assert_uint_eq(len, strlen(vkey_cases[_i].text));
	ck_assert_mem_eq(text, vkey_cases[_i].text, len);
	len--;
	ck_assert_int_eq(aval_vkey_serialize(text, &len, &key, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, strlen(vkey_cases[_i].text));
}
END_TEST

START_TEST(a_p256_key_round_trips)
{
	uint8_t   point[65] = { 0x04, 1, 2, 3 };
	aval_vkey key, again;
	char      text[256];
	size_t    len = sizeof text;

	ck_assert_int_eq(aval_vkey_from_p256(&key, "log.example", 11, point, NULL), AVAL_OK);
	ck_assert_int_eq(aval_vkey_serialize(text, &len, &key, NULL), AVAL_OK);
	ck_assert_int_eq(aval_vkey_parse(&again, text, len, NULL), AVAL_OK);
	ck_assert_int_eq(again.type, AVAL_VKEY_ECDSA);
	ck_assert_uint_eq(again.id, key.id);
	ck_assert_mem_eq(again.key, point, 65);
	point[0] = 0x02;
	ck_assert_int_eq(aval_vkey_from_p256(&key, "log.example", 11, point, NULL), AVAL_E_CHECKPOINT_KEY);
	ck_assert_int_eq(aval_vkey_from_p256(&key, "log example", 11, point, NULL), AVAL_E_CHECKPOINT_KEY);
}
END_TEST

START_TEST(base64_takes_one_form_only)
{
	static const char *const bad[] = {
		"QQ", "QQ=", "QR==", "QQ==\n", " QQ==", "Q===", "QUI", "QUK=", "=QQ="
	};
	uint8_t out[8];
	size_t  len;

	ck_assert(aval_base64_decode(out, &len, sizeof out, aval_text_z("QUI=")) && len == 2);
	ck_assert(aval_base64_decode(out, &len, sizeof out, aval_text_z("")) && len == 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!aval_base64_decode(out, &len, sizeof out, aval_text_z(bad[i])), "%s", bad[i]);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("checkpoint");
	TCase   *tc = tcase_create("text");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, note_case, 0, (int)(sizeof note_cases / sizeof *note_cases));
	tcase_add_loop_test(tc, vkey_case, 0, (int)(sizeof vkey_cases / sizeof *vkey_cases));
	tcase_add_test(tc, the_view_shows_the_lines);
	tcase_add_test(tc, signature_lines_are_bounded);
	tcase_add_test(tc, a_p256_key_round_trips);
	tcase_add_test(tc, base64_takes_one_form_only);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
