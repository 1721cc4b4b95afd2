/* SPDX-License-Identifier: Apache-2.0 */
/* The rule set: every rule by name, and the version that they are of. */
#include <assert.h>

#include "base/base.h"
#include "invoice/check.h"

/* Artefacts "eInvoicing-EN16931" 1.3.16; and the version of the rules named AVAL-. */
static const char rule_set[] = "EN16931-1.3.16+aval-1";

#define BASE_TERMS "BG-23/BT-116 BG-25/BT-131 BG-20/BT-92 BG-21/BT-99 BG-23/BT-118"
#define RATE_TERMS BASE_TERMS " BG-23/BT-119 BG-25/BT-152 BG-20/BT-96 BG-21/BT-103"
#define TAX_TERMS  "BG-23/BT-117 BG-23/BT-116 BG-23/BT-119"
#define BASE_TEXT  "the base of a VAT category is its lines and charges less its allowances"
#define RATE_TEXT  "the base of a VAT category and rate is its lines and charges less its allowances"
#define RATED_TEXT "the tax is base times rate, less than 1 apart"
#define ZERO_TEXT  "the tax of a category without VAT is 0"
#define RATED(x)   { "BR-" x "-08", AVAL_SEVERITY_ERROR, RATE_TERMS, RATE_TEXT }, \
	           { "BR-" x "-09", AVAL_SEVERITY_ERROR, TAX_TERMS, RATED_TEXT }
#define UNTAXED(x) { "BR-" x "-08", AVAL_SEVERITY_ERROR, BASE_TERMS, BASE_TEXT }, \
	           { "BR-" x "-09", AVAL_SEVERITY_ERROR, "BG-23/BT-117", ZERO_TEXT }

static const aval_rule rules[] = {
	{ "BR-CO-10", AVAL_SEVERITY_ERROR, "BT-106 BG-25/BT-131",
	  "the sum of net amounts is that of the lines" },
	{ "BR-CO-11", AVAL_SEVERITY_ERROR, "BT-107 BG-20/BT-92",
	  "the sum of allowances is that of the document's allowances" },
	{ "BR-CO-12", AVAL_SEVERITY_ERROR, "BT-108 BG-21/BT-99",
	  "the sum of charges is that of the document's charges" },
	{ "BR-CO-13", AVAL_SEVERITY_ERROR, "BT-109 BT-106 BT-107 BT-108",
	  "the total without VAT is net amounts less allowances plus charges" },
	{ "BR-CO-14", AVAL_SEVERITY_ERROR, "BT-110 BG-23/BT-117",
	  "the VAT total is the sum of the VAT breakdown" },
	{ "BR-CO-15", AVAL_SEVERITY_ERROR, "BT-112 BT-109 BT-110 BT-5",
	  "the total with VAT is the total without plus the one VAT total in the invoice's currency" },
	{ "BR-CO-16", AVAL_SEVERITY_ERROR, "BT-115 BT-112 BT-113 BT-114",
	  "the amount due is the total with VAT less the paid amount plus the rounding" },
	{ "BR-CO-18", AVAL_SEVERITY_ERROR, "BG-23", "there is a VAT breakdown" },
	{ "BR-CO-17", AVAL_SEVERITY_ERROR, TAX_TERMS,
	  "the tax is base times rate, within 1 unit of the currency" },
	RATED("S"), UNTAXED("Z"), UNTAXED("E"), UNTAXED("AE"), UNTAXED("IC"), UNTAXED("G"), UNTAXED("O"),
	RATED("AF"), RATED("AG"),
	{ "AVAL-VALUE", AVAL_SEVERITY_ERROR, "", "amounts, quantities, rates and dates can be read" },
	{ "AVAL-TERM-MISSING", AVAL_SEVERITY_ERROR, "BT-1 BT-2 BT-3 BT-5 BT-27 BT-44 BT-115",
	  "the terms that make a claim are there" },
	{ "AVAL-TERM-REPEATED", AVAL_SEVERITY_ERROR, "", "a term that may stand once does not stand twice" },
	{ "AVAL-CREDIT-NOTE", AVAL_SEVERITY_ERROR, "BT-3", "a credit note is no claim" },
	{ "AVAL-TYPE", AVAL_SEVERITY_ERROR, "BT-3", "the document is of a type that makes a claim" },
	{ "AVAL-PAYABLE", AVAL_SEVERITY_ERROR, "BT-115", "the amount due is above zero" },
	{ "AVAL-DUE", AVAL_SEVERITY_ERROR, "BT-9 BT-20", "there is a due date, or terms to find it by" },
	{ "AVAL-CURRENCY", AVAL_SEVERITY_ERROR, "BT-5", "the currency is one of ISO 4217 and has minor units" },
	{ "AVAL-CURRENCY-MIXED", AVAL_SEVERITY_ERROR, "BT-5",
	  "no amount names another currency than the invoice's" },
	{ "AVAL-PAYABLE-UNIT", AVAL_SEVERITY_ERROR, "BT-115 BT-5",
	  "the amount due is a whole number of minor units" },
	{ "AVAL-LINE-NET", AVAL_SEVERITY_ERROR,
	  "BG-25/BT-131 BG-25/BT-129 BG-25/BT-146 BG-25/BT-149 BG-25/BG-27/BT-136 BG-25/BG-28/BT-141",
	  "a line's net amount is quantity times price plus charges less allowances" },
	{ "AVAL-FACTORED", AVAL_SEVERITY_WARNING, "BT-3", "the invoice is not assigned to a factor already" },
	{ "AVAL-TOTALS-UNIT", AVAL_SEVERITY_WARNING,
	  "BT-106 BT-107 BT-108 BT-109 BT-110 BT-112 BT-113 BT-114 BT-5",
	  "totals are whole numbers of minor units" },
	{ "AVAL-DUE-EARLY", AVAL_SEVERITY_WARNING, "BT-9 BT-2",
	  "the due date is not before the date of issue" },
	{ "AVAL-OVERDUE", AVAL_SEVERITY_WARNING, "BT-9", "the due date has not passed" },
	{ "AVAL-PAYEE", AVAL_SEVERITY_WARNING, "BT-59 BT-27", "the seller is paid, and nobody else" },
};

const aval_rule *aval_rule_find(const char *name)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	assert(false && "a rule that is not in the table");
	return &rules[0];
}

const char *aval_check_rule_set(void)
{
	return rule_set;
}

const aval_rule *aval_check_rules(size_t *count_out)
{
	*count_out = sizeof rules / sizeof rules[0];
	return rules;
}
