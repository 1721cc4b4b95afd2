/* SPDX-License-Identifier: Apache-2.0 */
/* aval invoice: what an invoice says, and whether its sums and terms are right. */
#include <string.h>

#include "tool.h"

int tool_invoice_read(const struct tool_args *args, aval_invoice **invoice_out, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, path, AVAL_INVOICE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_invoice_parse(invoice_out, file.data, file.len, NULL, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

static const char *syntax_name(aval_invoice_syntax syntax)
{
	switch (syntax) {
	case AVAL_INVOICE_UBL_INVOICE:
		return "ubl-invoice";
	case AVAL_INVOICE_UBL_CREDIT_NOTE:
		return "ubl-creditnote";
	case AVAL_INVOICE_CII:
		return "cii";
	}
	return "unknown";
}

static json_t *json_qualifiers(const aval_term *term)
{
	json_t *object = tool_json_object();

	for (size_t i = 0; i < term->qualifier_count; i++) {
		char name[64];

		snprintf(name, sizeof name, "%.*s", (int)term->qualifiers[i].name.len, term->qualifiers[i].name.data);
		tool_json_set_text(object, name, term->qualifiers[i].value);
	}
	return object;
}

static json_t *json_term(const aval_term *term)
{
	json_t *object = tool_json_object();

	tool_json_set_text(object, "path", term->path);
	tool_json_set_text(object, "value", term->value);
	if (term->qualifier_count > 0)
		tool_json_set(object, "qualifiers", json_qualifiers(term));
	return object;
}

static int print_terms_json(const aval_invoice *invoice)
{
	json_t              *answer = tool_json_object();
	const aval_term     *terms = aval_invoice_terms(invoice);
	const aval_unmapped *unmapped = aval_invoice_unmapped(invoice);
	json_t              *list;

	tool_json_set_z(answer, "syntax", syntax_name(aval_invoice_syntax_of(invoice)));
	tool_json_set(answer, "map_version", json_integer(AVAL_TERM_MAP_VERSION));
	list = tool_json_add_array(answer, "terms");
	for (size_t i = 0; i < aval_invoice_term_count(invoice); i++)
		tool_json_append(list, json_term(&terms[i]));
	list = tool_json_add_array(answer, "unmapped");
	for (size_t i = 0; i < aval_invoice_unmapped_count(invoice); i++) {
		json_t *object = tool_json_object();

		tool_json_set_text(object, "path", unmapped[i].path);
		tool_json_set_text(object, "value", unmapped[i].value);
		tool_json_append(list, object);
	}
	return tool_json_print(answer);
}

static void put_term(const aval_term *term)
{
	printf("%-24.*s ", (int)term->path.len, term->path.data);
	tool_put_text(stdout, term->value);
	for (size_t i = 0; i < term->qualifier_count; i++) {
		fputs(i == 0 ? "  (" : ", ", stdout);
		tool_put_text(stdout, term->qualifiers[i].name);
		putchar(' ');
		tool_put_text(stdout, term->qualifiers[i].value);
	}
	puts(term->qualifier_count > 0 ? ")" : "");
}

static int print_terms(const aval_invoice *invoice)
{
	const aval_term     *terms = aval_invoice_terms(invoice);
	const aval_unmapped *unmapped = aval_invoice_unmapped(invoice);
	size_t               count = aval_invoice_unmapped_count(invoice);

	for (size_t i = 0; i < aval_invoice_term_count(invoice); i++)
		put_term(&terms[i]);
	if (count > 0)
		puts("\nnot mapped to a business term");
	for (size_t i = 0; i < count; i++) {
		tool_put_text(stdout, unmapped[i].path);
		fputs("  ", stdout);
		tool_put_text(stdout, unmapped[i].value);
		putchar('\n');
	}
	return tool_flush();
}

int tool_invoice_terms(const struct tool_args *args)
{
	aval_invoice *invoice;
	int           code = tool_invoice_read(args, &invoice, args->operand);

	if (code != TOOL_DONE)
		return code;
	code = args->json ? print_terms_json(invoice) : print_terms(invoice);
	aval_invoice_free(invoice);
	return code;
}

static const char *severity_name(aval_severity severity)
{
	return severity == AVAL_SEVERITY_ERROR ? "error" : "warning";
}

static int print_check_json(const aval_check *check)
{
	json_t             *answer = tool_json_object();
	const aval_finding *findings = aval_check_findings(check);
	json_t             *list;

	tool_json_set(answer, "valid", json_boolean(aval_check_is_valid(check)));
	tool_json_set_z(answer, "rule_set", aval_check_rule_set());
	list = tool_json_add_array(answer, "findings");
	for (size_t i = 0; i < aval_check_finding_count(check); i++) {
		json_t *object = tool_json_object();

		tool_json_set_text(object, "rule", findings[i].rule);
		tool_json_set_z(object, "severity", severity_name(findings[i].severity));
		tool_json_set_text(object, "where", findings[i].where);
		tool_json_set_text(object, "expected", findings[i].expected);
		tool_json_set_text(object, "found", findings[i].found);
		tool_json_append(list, object);
	}
	return tool_json_print(answer);
}

static int print_check(const aval_check *check)
{
	const aval_finding *findings = aval_check_findings(check);

	for (size_t i = 0; i < aval_check_finding_count(check); i++) {
		printf("%s: ", severity_name(findings[i].severity));
		tool_put_text(stdout, findings[i].rule);
		fputs(" at ", stdout);
		tool_put_text(stdout, findings[i].where);
		fputs(": expected ", stdout);
		tool_put_text(stdout, findings[i].expected);
		fputs(", found ", stdout);
		tool_put_text(stdout, findings[i].found);
		putchar('\n');
	}
	printf("%s by %s\n", aval_check_is_valid(check) ? "valid" : "not valid", aval_check_rule_set());
	return tool_flush();
}

/* The day on which an invoice may be overdue: that of --at, else today. */
static int options_of(const struct tool_args *args, aval_check_options *options, char today[AVAL_TIME_LEN + 1])
{
	int64_t now = 0;
	int     code = tool_time_arg(args, "at", &now);

	if (code != TOOL_DONE)
		return code;
	if (!tool_time_put(today, now))
		return tool_usage(args, "--at is no time of the calendar");
	*options = (aval_check_options)AVAL_CHECK_OPTIONS_INIT;
	options->today = (aval_text){ today, AVAL_DATE_LEN };
	return TOOL_DONE;
}

static int check_invoice(const struct tool_args *args, const aval_invoice *invoice)
{
	char               today[AVAL_TIME_LEN + 1];
	aval_check_options options;
	aval_check        *check;
	aval_error         err = AVAL_ERROR_INIT;
	int                code = options_of(args, &options, today);

	if (code != TOOL_DONE)
		return code;
	if (aval_check_invoice(&check, invoice, &options, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, args->operand, &err);
	code = args->json ? print_check_json(check) : print_check(check);
	if (code == TOOL_DONE && !aval_check_is_valid(check))
		code = TOOL_INVALID;
	aval_check_free(check);
	return code;
}

int tool_invoice_check(const struct tool_args *args)
{
	aval_invoice *invoice;
	int           code = tool_invoice_read(args, &invoice, args->operand);

	if (code != TOOL_DONE)
		return code;
	code = check_invoice(args, invoice);
	aval_invoice_free(invoice);
	return code;
}
