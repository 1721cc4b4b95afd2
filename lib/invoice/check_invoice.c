/* SPDX-License-Identifier: Apache-2.0 */
/* The rules applied to an imported invoice. */
#include "base/base.h"
#include "invoice/finance.h"

static aval_check_input input_of(const aval_invoice *invoice, aval_text today)
{
	return (aval_check_input){
		.syntax = aval_invoice_syntax_of(invoice),
		.terms = aval_invoice_terms(invoice),
		.count = aval_invoice_term_count(invoice),
		.defects = aval_invoice_defects(invoice),
		.defect_count = aval_invoice_defect_count(invoice),
		.unmapped = aval_invoice_unmapped(invoice),
		.unmapped_count = aval_invoice_unmapped_count(invoice),
		.facts = aval_invoice_facts_of(invoice),
		.today = today,
	};
}

aval_status aval_check_invoice(aval_check **check_out, const aval_invoice *invoice,
                               const aval_check_options *options, const aval_allocator *allocator,
                               aval_error *err)
{
	aval_check_input input = input_of(invoice, options != NULL ? options->today : (aval_text){ NULL, 0 });

	if (options != NULL && options->struct_size != sizeof *options)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "options.struct_size", "not a known size");
	if (input.today.len > 0 && !aval_is_date(input.today))
		return aval_fail(err, AVAL_E_DATE, "options.today", "not a calendar date");
	return aval_check_terms(check_out, &input, allocator, err);
}

aval_status aval_invoice_financeable(aval_financing *financing_out, const aval_invoice *invoice,
                                     aval_error *err)
{
	aval_check_input input = input_of(invoice, (aval_text){ NULL, 0 });

	return aval_terms_financeable(financing_out, &input, err);
}
