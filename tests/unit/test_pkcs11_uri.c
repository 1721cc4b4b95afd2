/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#11 URIs: what they say, and what is refused rather than passed over. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/pkcs11.h>

static const struct row {
	const char *name, *text;
	aval_status want;
	size_t      offset;
} rows[] = {
	{ "nothing asked for", "pkcs11:", AVAL_OK, 0 },
	{ "a token and a key", "pkcs11:token=Cabinet%202;object=signing", AVAL_OK, 0 },
	{ "an id of bytes", "pkcs11:id=%01%00%fF", AVAL_OK, 0 },
	{ "every attribute",
	  "pkcs11:token=t;serial=s;manufacturer=m;model=o;object=k;id=i;slot-id=18446744073709551615;type=private"
	  "?module-path=/usr/lib/x.so&pin-source=file:/etc/pin",
	  AVAL_OK, 0 },
	{ "a PIN", "pkcs11:?pin-value=12%2634", AVAL_OK, 0 },
	{ "an empty PIN", "pkcs11:?pin-value=", AVAL_OK, 0 },
	{ "an empty query", "pkcs11:token=t?", AVAL_OK, 0 },
	{ "characters that stand for themselves", "pkcs11:object=a-._~:[]@!$'()*+,=&?pin-value=/?|=", AVAL_OK,
	  0 },
	{ "another scheme", "pkcs12:token=t", AVAL_E_PKCS11_URI, 0 },
	{ "a scheme cut short", "pkcs11", AVAL_E_PKCS11_URI, 0 },
	{ "nothing", "", AVAL_E_PKCS11_URI, 0 },
	{ "an attribute without a value", "pkcs11:token", AVAL_E_PKCS11_URI, 7 },
	{ "an empty attribute", "pkcs11:token=t;;object=k", AVAL_E_PKCS11_URI, 15 },
	{ "a separator too many", "pkcs11:token=t;", AVAL_E_PKCS11_URI, 14 },
	{ "a separator too many in the query", "pkcs11:?pin-value=1&", AVAL_E_PKCS11_URI, 19 },
	{ "an attribute twice", "pkcs11:token=t;token=t", AVAL_E_PKCS11_URI, 15 },
	{ "an attribute that is not known", "pkcs11:token=t;colour=red", AVAL_E_UNSUPPORTED, 15 },
	{ "a vendor's attribute", "pkcs11:?x-colour=red", AVAL_E_UNSUPPORTED, 8 },
	{ "a module by name", "pkcs11:?module-name=softhsm2", AVAL_E_UNSUPPORTED, 8 },
	{ "a library's name", "pkcs11:library-description=x", AVAL_E_UNSUPPORTED, 7 },
	{ "a certificate", "pkcs11:type=cert", AVAL_E_UNSUPPORTED, 7 },
	{ "an attribute of the query in the path", "pkcs11:pin-value=1", AVAL_E_UNSUPPORTED, 7 },
	{ "an attribute of the path in the query", "pkcs11:?token=t", AVAL_E_UNSUPPORTED, 8 },
	{ "a % without digits", "pkcs11:token=%", AVAL_E_PKCS11_URI, 7 },
	{ "a % with one digit", "pkcs11:token=%4", AVAL_E_PKCS11_URI, 7 },
	{ "a % with a letter", "pkcs11:token=%4g", AVAL_E_PKCS11_URI, 7 },
	{ "a % at the end of its attribute", "pkcs11:token=%4;object=1", AVAL_E_PKCS11_URI, 7 },
	{ "a space", "pkcs11:token=a b", AVAL_E_PKCS11_URI, 7 },
	{ "a character beyond ASCII", "pkcs11:token=\xc3\xa9", AVAL_E_PKCS11_URI, 7 },
	{ "a NUL in a text", "pkcs11:token=a%00", AVAL_E_PKCS11_URI, 7 },
	{ "a slash in the path", "pkcs11:token=a/b", AVAL_E_PKCS11_URI, 7 },
	{ "a slot that is no number", "pkcs11:slot-id=0x1", AVAL_E_PKCS11_URI, 7 },
	{ "no slot", "pkcs11:slot-id=", AVAL_E_PKCS11_URI, 7 },
	{ "a slot past 64 bits", "pkcs11:slot-id=18446744073709551616", AVAL_E_PKCS11_URI, 7 },
	{ "a PIN and its source", "pkcs11:?pin-value=1&pin-source=/x", AVAL_E_PKCS11_URI, 7 },
};

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(test_uri)
{
	const struct row *row = &rows[_i];
	size_t            len = strlen(row->text);
	char             *text = malloc(len + 1), *room = malloc(len + 1);
	aval_pkcs11_uri   uri = { .struct_size = 77 };
	aval_error        err = AVAL_ERROR_INIT;
	aval_status       got;

	/* Exactly as long, so that a byte too many is seen. */
	ck_assert(text != NULL && room != NULL);
	memcpy(text, row->text, len);
	got = aval_pkcs11_uri_parse(&uri, text, len, room, &err);
	ck_assert_msg(got == row->want, "%s: got %s (%s), want %s", row->name, aval_status_name(got),
	              err.reason, aval_status_name(row->want));
	if (got != AVAL_OK) {
		ck_assert_msg(err.offset == row->offset, "%s: offset %zu, want %zu", row->name, err.offset,
		              row->offset);
		ck_assert_uint_eq(uri.struct_size, 77);
	}
	free(text);
	free(room);
}
END_TEST

static void equals(aval_text got, const char *want)
{
	ck_assert_msg(got.len == strlen(want) && memcmp(got.data, want, got.len) == 0, "got %.*s, want %s",
	              (int)got.len, got.data, want);
}

START_TEST(test_parts)
{
	static const char text[] =
		"pkcs11:token=Cabinet%202;serial=0017;manufacturer=Example%20Tokens;model=Fake;"
		"object=k%26y;id=%00%01;slot-id=42;type=private?module-path=/usr/lib/a.so&pin-value=%31a";
	char            room[sizeof text];
	aval_pkcs11_uri uri;

	ck_assert_int_eq(aval_pkcs11_uri_parse(&uri, text, sizeof text - 1, room, NULL), AVAL_OK);
	equals(uri.selection.token, "Cabinet 2");
	equals(uri.selection.serial, "0017");
	equals(uri.selection.manufacturer, "Example Tokens");
	equals(uri.selection.model, "Fake");
	equals(uri.selection.object, "k&y");
	ck_assert(uri.selection.has_slot);
	ck_assert_uint_eq(uri.selection.slot, 42);
	ck_assert_uint_eq(uri.selection.id.len, 2);
	ck_assert_mem_eq(uri.selection.id.data, "\0\1", 2);
	equals(uri.module_path, "/usr/lib/a.so");
	ck_assert(uri.has_pin);
	equals(uri.pin_value, "1a");
	ck_assert_uint_eq(uri.pin_source.len, 0);
	ck_assert_uint_eq(uri.selection.struct_size, sizeof uri.selection);
}
END_TEST

START_TEST(test_limit)
{
	char            text[AVAL_PKCS11_URI_MAX_LEN + 1], room[sizeof text];
	aval_pkcs11_uri uri;

	memset(text, 'a', sizeof text);
	memcpy(text, "pkcs11:object=", 14);
	ck_assert_int_eq(aval_pkcs11_uri_parse(&uri, text, sizeof text, room, NULL), AVAL_E_LIMIT);
	ck_assert_int_eq(aval_pkcs11_uri_parse(&uri, text, sizeof text - 1, room, NULL), AVAL_OK);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("pkcs11 uri");
	TCase   *tcase = tcase_create("pkcs11 uri");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_uri, 0, ROWS);
	tcase_add_test(tcase, test_parts);
	tcase_add_test(tcase, test_limit);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
