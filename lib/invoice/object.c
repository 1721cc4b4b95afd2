/* SPDX-License-Identifier: Apache-2.0 */
/* The imported invoice: reading it and freeing it. */
#include "invoice/object.h"
#include "base/base.h"
#include "invoice/map.h"
#include "invoice/path.h"

void aval_invoice_free(aval_invoice *invoice)
{
	const aval_allocator *allocator;

	if (invoice == NULL)
		return;
	allocator = invoice->allocator;
	aval_free(invoice->terms, allocator);
	aval_free(invoice->qualifiers, allocator);
	aval_free(invoice->unmapped, allocator);
	aval_free(invoice->defects, allocator);
	aval_free(invoice->tax_totals, allocator);
	aval_free(invoice->other_taxes, allocator);
	aval_free(invoice->paths, allocator);
	aval_free(invoice->text, allocator);
	aval_free(invoice->listing, allocator);
	aval_free(invoice, allocator);
}

aval_invoice_syntax aval_invoice_syntax_of(const aval_invoice *invoice)
{
	return invoice->syntax;
}

size_t aval_invoice_term_count(const aval_invoice *invoice)
{
	return invoice->term_count;
}

const aval_term *aval_invoice_terms(const aval_invoice *invoice)
{
	return invoice->terms;
}

const aval_term *aval_invoice_find(const aval_invoice *invoice, const char *path, size_t path_len)
{
	aval_text wanted = { path, path_len };
	size_t    begin = 0, end = invoice->term_count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;
		int    order = aval_term_path_compare(invoice->terms[middle].path, wanted);

		if (order == 0)
			return &invoice->terms[middle];
		if (order < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return NULL;
}

size_t aval_invoice_unmapped_count(const aval_invoice *invoice)
{
	return invoice->unmapped_count;
}

const aval_unmapped *aval_invoice_unmapped(const aval_invoice *invoice)
{
	return invoice->unmapped;
}

size_t aval_invoice_defect_count(const aval_invoice *invoice)
{
	return invoice->defect_count;
}

const aval_defect *aval_invoice_defects(const aval_invoice *invoice)
{
	return invoice->defects;
}

const aval_defect *aval_invoice_defect_find(const aval_invoice *invoice, const char *path, size_t path_len)
{
	aval_text wanted = { path, path_len };
	size_t    begin = 0, end = invoice->defect_count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (aval_term_path_compare(invoice->defects[middle].path, wanted) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	if (begin == invoice->defect_count || !aval_text_equal(invoice->defects[begin].path, wanted))
		return NULL;
	return &invoice->defects[begin];
}

void aval_invoice_source_hash(uint8_t sha256_out[32], const aval_invoice *invoice)
{
	memcpy(sha256_out, invoice->source_hash, sizeof invoice->source_hash);
}

bool aval_term_path_is_mapped(const aval_term_path *path, aval_error *err)
{
	const aval_term_step *term = &path->steps[path->step_count - 1];
	const aval_map_term  *info = term->number < AVAL_MAP_TERM_COUNT ? &aval_map_terms[term->number] : NULL;
	uint32_t              groups = 0;
	bool                  is_mapped;

	while (info != NULL && groups < 2 && info->groups[groups] != 0)
		groups++;
	is_mapped = info != NULL && info->is_term && (info->repeat == AVAL_REPEAT_INDEXED) == (term->index != 0) &&
	            path->step_count == groups + 1;
	for (uint32_t i = 0; is_mapped && i < path->step_count; i++)
		is_mapped = path->steps[i].index <= AVAL_INVOICE_MAX_TERMS &&
		            (i == groups || path->steps[i].number == info->groups[i]);
	if (!is_mapped)
		(void)aval_fail_at(err, AVAL_E_INVOICE_TERM_UNKNOWN, 0, "term.path", "no term of the map has the path");
	return is_mapped;
}

bool aval_term_path_is_known(const char *path, size_t path_len)
{
	aval_term_path steps;

	return aval_term_path_parse(&steps, path, path_len, NULL) == AVAL_OK && aval_term_path_is_mapped(&steps, NULL);
}
