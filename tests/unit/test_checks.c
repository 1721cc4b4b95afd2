/* SPDX-License-Identifier: Apache-2.0 */
/* The checks against the official artefacts' own verdicts on two invoices and some thousand edits to them. */
#include <stdio.h>

#include <aval/aval.h>

#include "vectors.h"

#include "checks.vectors.h"

enum { FILE_LEN = 16384 };

static char   base[2][FILE_LEN];
static size_t base_len[2];

static void read_base(int i, const char *name)
{
	char  path[1024];
	FILE *file;

	snprintf(path, sizeof path, "%s/tests/vectors/%s", TEST_SOURCE_ROOT, name);
	file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "%s cannot be read", path);
	base_len[i] = fread(base[i], 1, FILE_LEN - 1, file);
	base[i][base_len[i]] = '\0';
	ck_assert_int_eq(fclose(file), 0);
}

static void read_bases(void)
{
	read_base(0, "checks-ubl.xml");
	read_base(1, "checks-cii.xml");
}

static char *line_at(char *text, long line)
{
	while (--line > 0)
		text = strchr(text, '\n') + 1;
	return text;
}

/* Puts len bytes of text in the place of [begin, end). */
static void replace(char *begin, char *end, const char *text, size_t len)
{
	memmove(begin + len, end, strlen(end) + 1);
	memcpy(begin, text, len);
}

/* "LINE=TEXT LINE= ...": the text of that line's element, or the whole line; lines keep their numbers. */
static void apply_edits(char *text, const char *edits)
{
	while (*edits != '\0') {
		char       *rest, *begin, *end;
		long        line = strtol(edits, &rest, 10);
		size_t      len = strcspn(rest + 1, " ");
		const char *value = rest + 1;

		begin = line_at(text, line);
		end = begin + strcspn(begin, "\n");
		if (len > 0) {
			begin = strchr(begin, '>') + 1;
			end = strchr(begin, '<');
		}
		replace(begin, end, value, len);
		edits = value + len + (value[len] == ' ');
	}
}

/* The names of the rules of the vectors that are violated, in the order of the rules, each once. */
static void list_rules(char *out, size_t size, const aval_check *check)
{
	size_t              count, len = 0;
	const aval_rule    *rules = aval_check_rules(&count);
	const aval_finding *findings = aval_check_findings(check);

	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		bool violated = false;

		for (size_t j = 0; j < aval_check_finding_count(check); j++)
			violated |= findings[j].rule.len == strlen(rules[i].name) &&
			            memcmp(findings[j].rule.data, rules[i].name, findings[j].rule.len) == 0;
		if (violated && strncmp(rules[i].name, "BR-", 3) == 0)
			len += (size_t)snprintf(out + len, size - len, " %s ", rules[i].name);
		ck_assert_uint_lt(len, size);
	}
}

/* Whether both lists, one with blanks around each name and one with blanks between them, name the same rules.
 */
static bool same_rules(const char *got, const char *want)
{
	size_t got_count = 0, want_count = *want != '\0';

	for (const char *p = got; *p != '\0'; p++)
		got_count += p[0] == 'B' && p[1] == 'R';
	for (const char *p = want; *p != '\0'; p++)
		want_count += *p == ' ';
	while (*want != '\0') {
		char   name[16];
		size_t len = strcspn(want, " ");

		snprintf(name, sizeof name, " %.*s ", (int)len, want);
		if (strstr(got, name) == NULL)
			return false;
		want += len + (want[len] == ' ');
	}
	return got_count == want_count;
}

static void check_case(const struct vector_case *c)
{
	int           i = strcmp(vector_text(c, "input.base"), "cii") == 0;
	char          text[2 * FILE_LEN], got[512];
	aval_invoice *invoice = NULL;
	aval_check   *check = NULL;
	aval_error    err = AVAL_ERROR_INIT;
	aval_status   status;

	memcpy(text, base[i], base_len[i] + 1);
	apply_edits(text, vector_text(c, "input.edits"));
	status = aval_invoice_parse(&invoice, (const uint8_t *)text, strlen(text), NULL, &err);
	ck_assert_msg(status == AVAL_OK, "%s: %s (%s)", c->id, aval_status_name(status), err.reason);
	ck_assert_int_eq(aval_check_invoice(&check, invoice, NULL, NULL, NULL), AVAL_OK);
	aval_invoice_free(invoice);
	list_rules(got, sizeof got, check);
	aval_check_free(check);
	ck_assert_msg(same_rules(got, vector_text(c, "expect.rules")), "%s (%s): got%s, want %s", c->id,
	              vector_text(c, "input.edits"), got, vector_text(c, "expect.rules"));
}

enum { PARTS = 26 };

START_TEST(verdicts_agree)
{
	size_t begin = CHECKS_COUNT * (size_t)_i / PARTS, end = CHECKS_COUNT * (size_t)(_i + 1) / PARTS;

	read_bases();
	ck_assert_uint_ge(CHECKS_COUNT, 2500);
	for (size_t i = begin; i < end; i++)
		check_case(&checks_cases[i]);
}
END_TEST

static aval_invoice *import(const char *edits)
{
	char          text[2 * FILE_LEN];
	aval_invoice *invoice = NULL;

	read_bases();
	memcpy(text, base[0], base_len[0] + 1);
	apply_edits(text, edits);
	ck_assert_int_eq(aval_invoice_parse(&invoice, (const uint8_t *)text, strlen(text), NULL, NULL),
	                 AVAL_OK);
	return invoice;
}

START_TEST(today_is_an_option)
{
	aval_invoice      *invoice = import("");
	aval_check_options options = AVAL_CHECK_OPTIONS_INIT;
	aval_check        *check = NULL;
	aval_error         err = AVAL_ERROR_INIT;

	options.today = (aval_text){ "2031-04-01", 10 };
	ck_assert_int_eq(aval_check_invoice(&check, invoice, &options, NULL, &err), AVAL_OK);
	ck_assert_uint_eq(aval_check_finding_count(check), 1);
	ck_assert(aval_check_is_valid(check));
	ck_assert_str_eq(err.reason, "");
	aval_check_free(check);
	check = NULL;
	options.today = (aval_text){ "2031-02-29", 10 };
	ck_assert_int_eq(aval_check_invoice(&check, invoice, &options, NULL, &err), AVAL_E_DATE);
	ck_assert_str_eq(err.where, "options.today");
	options = (aval_check_options)AVAL_CHECK_OPTIONS_INIT;
	options.struct_size--;
	ck_assert_int_eq(aval_check_invoice(&check, invoice, &options, NULL, &err), AVAL_E_INVALID_ARGUMENT);
	ck_assert_str_eq(err.where, "options.struct_size");
	ck_assert_ptr_null(check);
	aval_invoice_free(invoice);
}
END_TEST

START_TEST(gate_of_issue)
{
	aval_financing financing = { 0 };
	aval_invoice  *invoice = import("");
	aval_error     err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_invoice_financeable(&financing, invoice, &err), AVAL_OK);
	aval_invoice_free(invoice);
	ck_assert_int_eq(financing.payable_minor, 30000);
	ck_assert_str_eq(financing.currency, "EUR");
	ck_assert_str_eq(financing.due_date, "2031-03-31");
	invoice = import("7=381");
	ck_assert_int_eq(aval_invoice_financeable(&financing, invoice, &err), AVAL_E_INVOICE_CREDIT_NOTE);
	ck_assert_str_eq(err.where, "BT-3");
	aval_invoice_free(invoice);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("checks");
	TCase   *tcase = tcase_create("checks");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, verdicts_agree, 0, PARTS);
	tcase_add_test(tcase, today_is_an_option);
	tcase_add_test(tcase, gate_of_issue);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
