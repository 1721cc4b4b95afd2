/* SPDX-License-Identifier: Apache-2.0 */
/* The VAT totals of a file and the kinds of its taxes, noted while it is read. */
#include "invoice/facts.h"

#include "invoice/import.h"
#include "invoice/object.h"

void aval_import_find_facts(aval_import *im, uint16_t root)
{
	uint16_t trade = aval_map_child(root, AVAL_NS_RSM, "SupplyChainTradeTransaction", 27);
	uint16_t settlement = aval_map_child(trade, AVAL_NS_RAM, "ApplicableHeaderTradeSettlement", 31);

	if (im->is_cii) {
		im->sums_node = aval_map_child(settlement, AVAL_NS_RAM,
		                               "SpecifiedTradeSettlementHeaderMonetarySummation", 47);
		im->tax_node = im->sums_node;
		im->breakdown_node = aval_map_child(settlement, AVAL_NS_RAM, "ApplicableTradeTax", 18);
		im->category_node = im->breakdown_node;
		im->tax_amount_node = aval_map_child(im->tax_node, AVAL_NS_RAM, "TaxTotalAmount", 14);
	} else {
		im->sums_node = aval_map_child(root, AVAL_NS_CAC, "LegalMonetaryTotal", 18);
		im->tax_node = aval_map_child(root, AVAL_NS_CAC, "TaxTotal", 8);
		im->tax_amount_node = aval_map_child(im->tax_node, AVAL_NS_CBC, "TaxAmount", 9);
		im->breakdown_node = aval_map_child(im->tax_node, AVAL_NS_CAC, "TaxSubtotal", 11);
		im->category_node = aval_map_child(im->breakdown_node, AVAL_NS_CAC, "TaxCategory", 11);
	}
}

enum { BREAKDOWN = 23 }; /* BG-23 */

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

static void note_totals(aval_import *im, const aval_frame *top)
{
	const aval_capture *captures = im->captures.data, *amount = NULL;

	for (uint32_t i = top->captures; i < im->captures.count; i++) {
		if (captures[i].node != im->tax_amount_node)
			continue;
		if (im->is_cii)
			add_total(im, &captures[i], 1, 1);
		else if (amount == NULL)
			amount = &captures[i];
	}
	if (!im->is_cii)
		add_total(im, amount, breakdown_begin(im), im->counters[0][BREAKDOWN] + 1);
}

/* Whether what selects the element's variant says VAT. */
static bool says_vat(const aval_frame *top)
{
	const aval_map_node *node = &aval_map_nodes[top->node];

	return top->variant >= 1 && top->variant <= node->value_count &&
	       strcmp(aval_map_values[node->values + top->variant - 1], "VAT") == 0;
}

/* A breakdown has its index by now; one without terms has none, and shares that of the one before it. */
static void note_breakdown(aval_import *im)
{
	const uint32_t *others = im->other_taxes.data;
	uint32_t        index = im->counters[0][BREAKDOWN], count = im->other_taxes.count;

	if (!im->is_vat && index > 0 && (count == 0 || others[count - 1] != index))
		(void)aval_vector_append(im, &im->other_taxes, &index, 1, sizeof index);
	im->is_vat = false;
}

void aval_import_note_facts(aval_import *im)
{
	const aval_frame *top = aval_import_top(im);

	im->has_totals |= top->node == im->sums_node;
	im->is_vat |= top->node == im->category_node && says_vat(top);
	if (top->node == im->tax_node)
		note_totals(im, top);
	if (top->node == im->breakdown_node)
		note_breakdown(im);
}

static bool build_totals(aval_import *im, aval_invoice *invoice)
{
	const aval_noted_total *noted = im->tax_totals.data;
	size_t                  count = im->tax_totals.count;

	if (count == 0)
		return true;
	invoice->tax_totals = aval_alloc_array(im->allocator, count, sizeof *invoice->tax_totals);
	if (invoice->tax_totals == NULL)
		return aval_import_fail(im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	for (size_t i = 0; i < count; i++)
		invoice->tax_totals[i] =
			(aval_tax_total){ aval_import_text(&im->text, noted[i].currency),
			                  aval_import_text(&im->text, noted[i].amount), noted[i].has_amount,
			                  noted[i].breakdown_begin, noted[i].breakdown_end };
	invoice->tax_total_count = count;
	return true;
}

bool aval_import_build_facts(aval_import *im, aval_invoice *invoice)
{
	if (!build_totals(im, invoice))
		return false;
	invoice->has_totals = im->has_totals;
	invoice->other_taxes = im->other_taxes.data;
	invoice->other_tax_count = im->other_taxes.count;
	im->other_taxes = (aval_vector){ NULL, 0, 0 };
	return true;
}

aval_invoice_facts aval_invoice_facts_of(const aval_invoice *invoice)
{
	return (aval_invoice_facts){ invoice->tax_totals, invoice->tax_total_count, invoice->other_taxes,
	                             invoice->other_tax_count, invoice->has_totals };
}
