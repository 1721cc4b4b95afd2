/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The import: what it accepts has known paths in ascending order, finds each of them, and is bounded by the
 * file; what it refuses it refuses at an offset within the file.
 */
#include <string.h>

#include <aval/invoice.h>

#include "fuzz.h"

static void check_terms(const aval_invoice *invoice)
{
	const aval_term *terms = aval_invoice_terms(invoice);

	for (size_t i = 0; i < aval_invoice_term_count(invoice); i++) {
		FUZZ_REQUIRE(aval_term_path_is_known(terms[i].path.data, terms[i].path.len));
		FUZZ_REQUIRE(i == 0 || aval_term_path_compare(terms[i - 1].path, terms[i].path) < 0);
		FUZZ_REQUIRE(aval_invoice_find(invoice, terms[i].path.data, terms[i].path.len) == &terms[i]);
		for (size_t k = 1; k < terms[i].qualifier_count; k++)
			FUZZ_REQUIRE(strncmp(terms[i].qualifiers[k - 1].name.data,
			                     terms[i].qualifiers[k].name.data, 8) < 0);
	}
}

static void check_rest(const aval_invoice *invoice, size_t size)
{
	const aval_unmapped *unmapped = aval_invoice_unmapped(invoice);
	const aval_defect   *defects = aval_invoice_defects(invoice);

	for (size_t i = 0; i < aval_invoice_unmapped_count(invoice); i++) {
		FUZZ_REQUIRE(unmapped[i].offset < size);
		FUZZ_REQUIRE(unmapped[i].path.len > 0 && unmapped[i].path.data[0] == '/');
	}
	for (size_t i = 0; i < aval_invoice_defect_count(invoice); i++) {
		FUZZ_REQUIRE(defects[i].offset < size);
		FUZZ_REQUIRE(aval_invoice_find(invoice, defects[i].path.data, defects[i].path.len) != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_invoice *invoice = NULL;
	aval_error    err = AVAL_ERROR_INIT;
	aval_status   status = aval_invoice_parse(&invoice, data, size, NULL, &err);

	FUZZ_REQUIRE((status == AVAL_OK) == (invoice != NULL));
	if (status != AVAL_OK) {
		FUZZ_REQUIRE(err.status == status && err.offset <= size);
		return 0;
	}
	check_terms(invoice);
	check_rest(invoice, size);
	aval_invoice_free(invoice);
	return 0;
}
