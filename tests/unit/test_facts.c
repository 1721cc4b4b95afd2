/* SPDX-License-Identifier: Apache-2.0 */
/* What the import notes beside the terms: VAT totals, their breakdowns, taxes other than VAT. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "invoice/facts.h"

#define UBL_OPEN(root) \
	"<" root " xmlns='urn:oasis:names:specification:ubl:schema:xsd:" root "-2'" \
	" xmlns:cac='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'" \
	" xmlns:cbc='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'>"
#define TOTAL(attribute, amount, subtotals) \
	"<cac:TaxTotal><cbc:TaxAmount" attribute ">" amount "</cbc:TaxAmount>" subtotals "</cac:TaxTotal>"
#define SUBTOTAL(tax) \
	"<cac:TaxSubtotal><cbc:TaxAmount>1</cbc:TaxAmount><cac:TaxCategory><cbc:Percent>7</cbc:Percent>" \
	"<cac:TaxScheme><cbc:ID>" tax "</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
#define NOTHING "<cac:TaxSubtotal/>"
#define EUR     " currencyID='EUR'"
#define SEK     " currencyID='SEK'"
#define CII(settlement) \
	"<r:CrossIndustryInvoice xmlns:r='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'" \
	" xmlns='urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100'>" \
	"<r:SupplyChainTradeTransaction><ApplicableHeaderTradeSettlement>" settlement \
	"</ApplicableHeaderTradeSettlement></r:SupplyChainTradeTransaction></r:CrossIndustryInvoice>"
#define TAX(type) \
	"<ApplicableTradeTax><CalculatedAmount>1</CalculatedAmount>" type "</ApplicableTradeTax>"
#define SUMS(sums)                                               \
	"<SpecifiedTradeSettlementHeaderMonetarySummation>" sums \
	"</SpecifiedTradeSettlementHeaderMonetarySummation>"

static const struct {
	const char *name;
	const char *xml;
	const char *facts; /* totals as currency:amount:begin:end; other taxes; T if there is BG-22 */
} cases[] = {
	{ "nothing", UBL_OPEN("Invoice") "</Invoice>", "| |" },
	{ "the group of totals, and nothing in it", UBL_OPEN("Invoice") "<cac:LegalMonetaryTotal/></Invoice>",
	  "| |T" },
	{ "the group of totals of a credit note",
	  UBL_OPEN("CreditNote") "<cac:LegalMonetaryTotal><cbc:PayableAmount>1</cbc:PayableAmount>"
	  "</cac:LegalMonetaryTotal></CreditNote>", "| |T" },
	{ "one total", UBL_OPEN("Invoice") TOTAL(EUR, "2", SUBTOTAL("VAT") SUBTOTAL("VAT")) "</Invoice>",
	  "EUR:2:1:3 | |" },
	{ "totals with breakdowns of their own",
	  UBL_OPEN("Invoice") TOTAL(EUR, "2.0", SUBTOTAL("VAT")) TOTAL(SEK, "20", "")
	  TOTAL(EUR, "3", SUBTOTAL("VAT") SUBTOTAL("VAT")) "</Invoice>",
	  "EUR:2:1:2 SEK:20:2:2 EUR:3:2:4 | |" },
	{ "a total that names no currency", UBL_OPEN("Invoice") TOTAL("", "2", SUBTOTAL("VAT")) "</Invoice>",
	  ":2:1:2 | |" },
	{ "a total without an amount",
	  UBL_OPEN("Invoice") "<cac:TaxTotal>" SUBTOTAL("VAT") "</cac:TaxTotal></Invoice>", ":-:1:2 | |" },
	{ "a total in a line is none of the document's",
	  UBL_OPEN("Invoice") "<cac:InvoiceLine>" TOTAL(EUR, "2", SUBTOTAL("GST"))
	  "</cac:InvoiceLine></Invoice>", "| |" },
	{ "other taxes",
	  UBL_OPEN("Invoice") TOTAL(EUR, "2", SUBTOTAL("GST") SUBTOTAL(" vat ") SUBTOTAL("ICA") SUBTOTAL("VAT"))
	  "</Invoice>", "EUR:2:1:5 | 1 3 |" },
	{ "a breakdown without terms has no index",
	  UBL_OPEN("Invoice") TOTAL(EUR, "2", NOTHING SUBTOTAL("GST") NOTHING SUBTOTAL("VAT")) "</Invoice>",
	  "EUR:2:1:3 | 1 |" },
	{ "CII",
	  CII(TAX("<TypeCode>VAT</TypeCode>") TAX("<TypeCode>GST</TypeCode>") TAX("")
	  SUMS("<TaxTotalAmount" EUR ">2</TaxTotalAmount><TaxTotalAmount" SEK ">20</TaxTotalAmount>")),
	  "EUR:2:1:1 SEK:20:1:1 | 2 3 |T" },
	{ "CII without VAT totals", CII(TAX("<TypeCode>vat</TypeCode>") SUMS("")), "| |T" },
	{ "CII without anything", CII(""), "| |" },
};

static void describe(char *out, size_t size, const aval_invoice_facts *f)
{
	size_t len = 0;

	for (size_t i = 0; i < f->tax_total_count; i++) {
		const aval_tax_total *t = &f->tax_totals[i];

		len += (size_t)snprintf(out + len, size - len, "%.*s:%.*s:%zu:%zu ", (int)t->currency.len,
		                        t->currency.data, t->has_amount ? (int)t->amount.len : 1,
		                        t->has_amount ? t->amount.data : "-", t->breakdown_begin,
		                        t->breakdown_end);
	}
	len += (size_t)snprintf(out + len, size - len, "| ");
	for (size_t i = 0; i < f->other_tax_count; i++)
		len += (size_t)snprintf(out + len, size - len, "%u ", (unsigned)f->other_taxes[i]);
	snprintf(out + len, size - len, "|%s", f->has_totals ? "T" : "");
}

START_TEST(facts)
{
	aval_invoice      *invoice = NULL;
	aval_invoice_facts f;
	char               got[256];
	aval_status        status =
		aval_invoice_parse(&invoice, (const uint8_t *)cases[_i].xml, strlen(cases[_i].xml), NULL, NULL);

	ck_assert_msg(status == AVAL_OK, "%s: %s", cases[_i].name, aval_status_name(status));
	f = aval_invoice_facts_of(invoice);
	describe(got, sizeof got, &f);
	ck_assert_msg(strcmp(got, cases[_i].facts) == 0, "%s: got %s, want %s", cases[_i].name, got,
	              cases[_i].facts);
	aval_invoice_free(invoice);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("facts");
	TCase   *tcase = tcase_create("facts");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, facts, 0, sizeof cases / sizeof cases[0]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
