/* SPDX-License-Identifier: Apache-2.0 */
/* The VAT totals of a file, noted while it is read. */
#include "invoice/facts.h"

#include "invoice/import.h"
#include "invoice/object.h"

void aval_import_find_totals(aval_import *im, uint16_t root)
{
	uint16_t settlement = aval_map_child(aval_map_child(root, AVAL_NS_RSM, "SupplyChainTradeTransaction", 27),
	                                     AVAL_NS_RAM, "ApplicableHeaderTradeSettlement", 31);

	if (im->is_cii) {
		im->sums_node = aval_map_child(settlement, AVAL_NS_RAM, "SpecifiedTradeSettlementHeaderMonetarySummation", 47);
		im->tax_node = im->sums_node;
		im->tax_amount_node = aval_map_child(im->tax_node, AVAL_NS_RAM, "TaxTotalAmount", 14);
	} else {
		im->sums_node = aval_map_child(root, AVAL_NS_CAC, "LegalMonetaryTotal", 18);
		im->tax_node = aval_map_child(root, AVAL_NS_CAC, "TaxTotal", 8);
		im->tax_amount_node = aval_map_child(im->tax_node, AVAL_NS_CBC, "TaxAmount", 9);
	}
}

static aval_span currency_of(const aval_import *im, const aval_capture *c)
{
	const aval_captured_qualifier *qualifiers = im->qualifiers.data;

	for (uint32_t i = 0; i < c->qualifier_count; i++)
		if (qualifiers[c->qualifiers + i].kind == AVAL_QUALIFIER_CURRENCY)
			return qualifiers[c->qualifiers + i].value;
	return (aval_span){ 0, 0 };
}

static void add_total(aval_import *im, const aval_capture *amount, uint32_t begin, uint32_t end)
{
	aval_noted_total total = { .breakdown_begin = begin, .breakdown_end = end };

	if (amount != NULL) {
		total.has_amount = true;
		total.amount = amount->value;
		total.currency = currency_of(im, amount);
	}
	(void)aval_vector_append(im, &im->tax_totals, &total, 1, sizeof total);
}

/* Where the breakdown groups of the total begin that is closing. */
static uint32_t breakdown_begin(const aval_import *im)
{
	const aval_noted_total *totals = im->tax_totals.data;

	return im->tax_totals.count == 0 ? 1 : totals[im->tax_totals.count - 1].breakdown_end;
}

void aval_import_close_totals(aval_import *im)
{
	const aval_frame   *top = aval_import_top(im);
	const aval_capture *captures = im->captures.data, *amount = NULL;
	uint32_t            end = im->counters[0][23] + 1;

	im->has_totals |= top->node == im->sums_node;
	if (top->node != im->tax_node)
		return;
	for (uint32_t i = top->captures; i < im->captures.count; i++) {
		if (captures[i].node != im->tax_amount_node)
			continue;
		if (im->is_cii)
			add_total(im, &captures[i], 1, 1);
		else if (amount == NULL)
			amount = &captures[i];
	}
	if (!im->is_cii)
		add_total(im, amount, breakdown_begin(im), end);
}

bool aval_import_build_totals(aval_import *im, aval_invoice *invoice)
{
	const aval_noted_total *noted = im->tax_totals.data;
	size_t                  count = im->tax_totals.count;

	invoice->has_totals = im->has_totals;
	if (count == 0)
		return true;
	invoice->tax_totals = aval_alloc_array(im->allocator, count, sizeof *invoice->tax_totals);
	if (invoice->tax_totals == NULL)
		return aval_import_fail(im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	for (size_t i = 0; i < count; i++)
		invoice->tax_totals[i] = (aval_tax_total){ aval_import_text(&im->text, noted[i].currency),
			                                   aval_import_text(&im->text, noted[i].amount), noted[i].has_amount,
			                                   noted[i].breakdown_begin, noted[i].breakdown_end };
	invoice->tax_total_count = count;
	return true;
}

aval_invoice_facts aval_invoice_facts_of(const aval_invoice *invoice)
{
	return (aval_invoice_facts){ invoice->tax_totals, invoice->tax_total_count, invoice->has_totals };
}
