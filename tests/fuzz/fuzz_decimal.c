/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two decimals, a line each: the canonical form is a fixed point, and what arithmetic does it undoes, unless it
 * says that there is no room.
 */
#include <string.h>

#include <aval/decimal.h>

#include "fuzz.h"

static void check_form(const aval_decimal *a)
{
	char         text[AVAL_DECIMAL_MAX_LEN];
	size_t       len = aval_decimal_serialize(text, a);
	aval_decimal again;

	FUZZ_REQUIRE(len > 0 && len <= AVAL_DECIMAL_MAX_LEN);
	FUZZ_REQUIRE(aval_decimal_parse(&again, text, len, NULL) == AVAL_OK);
	FUZZ_REQUIRE(again.high == a->high && again.low == a->low && again.scale == a->scale);
	FUZZ_REQUIRE(again.negative == a->negative);
}

static void check_sums(const aval_decimal *a, const aval_decimal *b)
{
	aval_decimal sum, back;

	if (aval_decimal_add(&sum, a, b, NULL) != AVAL_OK)
		return;
	check_form(&sum);
	FUZZ_REQUIRE(aval_decimal_sub(&back, &sum, b, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_decimal_compare(&back, a) == 0);
	FUZZ_REQUIRE((aval_decimal_compare(&sum, a) > 0) == (aval_decimal_sign(b) > 0));
}

static void check_products(const aval_decimal *a, const aval_decimal *b)
{
	aval_decimal product, back;

	if (aval_decimal_is_zero(b) || aval_decimal_mul(&product, a, b, NULL) != AVAL_OK)
		return;
	check_form(&product);
	FUZZ_REQUIRE(aval_decimal_div(&back, &product, b, a->scale, AVAL_ROUND_HALF_UP, NULL) == AVAL_OK);
	FUZZ_REQUIRE(aval_decimal_compare(&back, a) == 0);
}

/* A rounded number is less than one unit away, and stays as it is when it is rounded again. */
static void check_rounding(const aval_decimal *a, unsigned digits)
{
	aval_decimal up = aval_decimal_round(a, digits, AVAL_ROUND_HALF_UP);
	aval_decimal away = aval_decimal_round(a, digits, AVAL_ROUND_HALF_AWAY);
	aval_decimal again = aval_decimal_round(&up, digits, AVAL_ROUND_HALF_AWAY);
	aval_decimal negated = aval_decimal_negate(a);

	check_form(&up);
	FUZZ_REQUIRE(up.scale <= digits && away.scale <= digits);
	FUZZ_REQUIRE(aval_decimal_compare(&again, &up) == 0);
	FUZZ_REQUIRE(aval_decimal_compare(&up, &away) >= 0);
	negated = aval_decimal_round(&negated, digits, AVAL_ROUND_HALF_AWAY);
	negated = aval_decimal_negate(&negated);
	FUZZ_REQUIRE(aval_decimal_compare(&negated, &away) == 0);
}

static void check_minor(const aval_decimal *a, unsigned exponent)
{
	int64_t      minor;
	aval_decimal back;

	if (aval_decimal_to_minor(&minor, a, exponent, NULL) != AVAL_OK)
		return;
	back = aval_decimal_from_minor(minor, exponent);
	FUZZ_REQUIRE(aval_decimal_compare(&back, a) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char  *text = (const char *)data;
	const char  *line = size > 0 ? memchr(text, '\n', size) : NULL;
	size_t       first = line != NULL ? (size_t)(line - text) : size;
	aval_error   err = AVAL_ERROR_INIT;
	aval_decimal a, b = { 0, 3, 0, true };

	if (aval_decimal_parse(&a, text, first, &err) != AVAL_OK) {
		FUZZ_REQUIRE(err.status == AVAL_E_DECIMAL_RANGE || err.offset <= first);
		return 0;
	}
	if (line != NULL && aval_decimal_parse(&b, line + 1, size - first - 1, NULL) != AVAL_OK)
		return 0;
	check_form(&a);
	check_sums(&a, &b);
	check_products(&a, &b);
	for (unsigned digits = 0; digits <= 4; digits++) {
		check_rounding(&a, digits);
		check_minor(&a, digits);
	}
	return 0;
}
