/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disclosures: what is accepted under the commitment that it opens can be read to its end, finds each of its
 * terms again, and is refused once any bit is another. What is refused is refused at an offset within the
 * input.
 */
#include <string.h>

#include "fuzz.h"
#include "invoice/commitment.h"

static void find_again(const aval_disclosure *view, const aval_disclosed *d)
{
	aval_disclosed found;
	aval_qualifier q;
	aval_text      value;

	FUZZ_REQUIRE(aval_disclosure_find(&found, view, d->path.data, d->path.len, NULL) == AVAL_OK);
	FUZZ_REQUIRE(found.path.data == d->path.data && found.is_absent == d->is_absent);
	FUZZ_REQUIRE(aval_term_path_parse(NULL, d->path.data, d->path.len, NULL) == AVAL_OK);
	for (size_t i = 0; i < d->qualifier_count; i++)
		FUZZ_REQUIRE(aval_disclosed_qualifier(&q, d, i, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_disclosed_qualifier(&q, d, d->qualifier_count, NULL) == AVAL_E_NOT_FOUND);
	if (aval_disclosed_find_qualifier(&value, d, "unit", NULL) == AVAL_OK)
		FUZZ_REQUIRE(d->qualifier_count > 0);
}

static void read_all(const aval_disclosure *view)
{
	aval_disclosure_cursor cursor;
	aval_disclosed         d;
	size_t                 opened = 0, absent = 0;

	aval_disclosure_cursor_init(&cursor, view);
	while (aval_disclosure_next(&d, &cursor, NULL) == AVAL_OK) {
		find_again(view, &d);
		*(d.is_absent ? &absent : &opened) += 1;
	}
	FUZZ_REQUIRE(opened == view->opened_count && absent == view->absent_count);
	FUZZ_REQUIRE(opened + absent > 0 && view->slot_count > 0);
}

/* One bit of each byte, which one the byte says. */
static void flip_bits(const uint8_t *data, size_t size, const uint8_t commitment[32])
{
	uint8_t        *copy = malloc(size);
	aval_disclosure view;

	FUZZ_REQUIRE(copy != NULL);
	memcpy(copy, data, size);
	for (size_t i = 0; i < size && size < 4096; i++) {
		uint8_t bit = (uint8_t)(1u << (data[i] >> 5));

		copy[i] ^= bit;
		FUZZ_REQUIRE(aval_disclosure_verify(&view, copy, size, commitment, NULL) != AVAL_OK);
		copy[i] ^= bit;
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_error      err = AVAL_ERROR_INIT;
	aval_disclosure view, again;
	uint8_t         commitment[32] = { 0 };
	aval_status     status = aval_disclosure_open(&view, commitment, data, size, &err);

	if (status != AVAL_OK) {
		FUZZ_REQUIRE(err.status == status && err.offset <= size && err.reason[0] != '\0');
		return 0;
	}
	FUZZ_REQUIRE(aval_disclosure_verify(&again, data, size, commitment, NULL) == AVAL_OK);
	read_all(&view);
	flip_bits(data, size, commitment);
	return 0;
}
