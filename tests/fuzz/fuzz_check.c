/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of whatever the import reads: findings are of known rules and agree with the verdict, and what is
 * valid passes the gate of ISSUE with an amount and a currency that fit.
 */
#include <string.h>

#include <aval/check.h>
#include <aval/currency.h>

#include "fuzz.h"

static bool is_known(aval_text rule)
{
	size_t           count;
	const aval_rule *rules = aval_check_rules(&count);

	for (size_t i = 0; i < count; i++)
		if (strlen(rules[i].name) == rule.len && memcmp(rules[i].name, rule.data, rule.len) == 0)
			return true;
	return false;
}

static void check_findings(const aval_check *check)
{
	const aval_finding *findings = aval_check_findings(check);
	bool                has_error = false;

	for (size_t i = 0; i < aval_check_finding_count(check); i++) {
		FUZZ_REQUIRE(is_known(findings[i].rule));
		FUZZ_REQUIRE(findings[i].where.len <= AVAL_TERM_PATH_MAX_LEN);
		FUZZ_REQUIRE(findings[i].expected.len > 0 && findings[i].found.len <= 256);
		has_error |= findings[i].severity == AVAL_SEVERITY_ERROR;
	}
	FUZZ_REQUIRE(aval_check_is_valid(check) == !has_error);
}

static void check_gate(const aval_invoice *invoice, bool is_valid)
{
	aval_financing f = { 0 };
	aval_error     err = AVAL_ERROR_INIT;
	aval_status    status = aval_invoice_financeable(&f, invoice, &err);
	unsigned       exponent;

	FUZZ_REQUIRE(status == AVAL_OK || (!is_valid && err.status == status && err.where[0] == 'B'));
	if (status != AVAL_OK)
		return;
	FUZZ_REQUIRE(f.payable_minor > 0);
	FUZZ_REQUIRE(aval_currency_exponent(&exponent, f.currency, strlen(f.currency), NULL) == AVAL_OK);
	FUZZ_REQUIRE(exponent == f.exponent);
	FUZZ_REQUIRE(strlen(f.due_date) == (f.has_due_date ? 10 : 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_check_options options = AVAL_CHECK_OPTIONS_INIT;
	aval_invoice      *invoice = NULL;
	aval_check        *check = NULL;

	if (aval_invoice_parse(&invoice, data, size, NULL, NULL) != AVAL_OK)
		return 0;
	options.today = (aval_text){ "2031-04-01", 10 };
	FUZZ_REQUIRE(aval_check_invoice(&check, invoice, &options, NULL, NULL) == AVAL_OK);
	check_findings(check);
	check_gate(invoice, aval_check_is_valid(check));
	aval_invoice_free(invoice);
	aval_check_free(check);
	return 0;
}
