/* SPDX-License-Identifier: Apache-2.0 */
/* Doubles in integers against the machine's own. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "invoice/binary64.h"

static uint64_t random_state = 20481;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* A decimal of 1 to 34 digits as text; mostly amounts, some far off. */
static void random_text(char out[AVAL_DECIMAL_MAX_LEN + 2])
{
	size_t digits = next_random() % 4 == 0 ? 1 + next_random() % 34 : 1 + next_random() % 9, len = 0;
	size_t point = next_random() % 3 == 0 ? next_random() % (digits + 1) : digits > 2 ? digits - 2 : digits;

	if (next_random() % 3 == 0)
		out[len++] = '-';
	for (size_t i = 0; i < digits; i++) {
		if (i == point)
			out[len++] = '.';
		out[len++] = (char)('0' + next_random() % 10);
	}
	out[len] = '\0';
}

static aval_decimal decimal(const char *text)
{
	aval_decimal value = { 0 };

	ck_assert_int_eq(aval_decimal_parse(&value, text, strlen(text), NULL), AVAL_OK);
	return value;
}

static double to_double(const aval_binary64 *a)
{
	double magnitude = ldexp((double)a->mantissa, a->exponent);

	return a->negative ? -magnitude : magnitude;
}

static int order(double a, double b)
{
	return (a > b) - (a < b);
}

START_TEST(arithmetic_is_the_machines)
{
	for (int i = 0; i < 20000; i++) {
		char            text[2][AVAL_DECIMAL_MAX_LEN + 2];
		volatile double x, y, sum, product;
		aval_decimal    value;
		aval_binary64   a, b, c, d;

		random_text(text[0]);
		random_text(text[1]);
		value = decimal(text[0]);
		a = aval_binary64_from(&value);
		value = decimal(text[1]);
		b = aval_binary64_from(&value);
		x = strtod(text[0], NULL);
		y = strtod(text[1], NULL);
		ck_assert_msg(to_double(&a) == x, "%s: got %.17g, want %.17g", text[0], to_double(&a), x);
		c = aval_binary64_add(&a, &b);
		sum = x + y;
		ck_assert_msg(to_double(&c) == sum, "%s + %s: got %.17g", text[0], text[1], to_double(&c));
		d = aval_binary64_mul(&a, &b);
		product = x * y;
		ck_assert_msg(to_double(&d) == product, "%s * %s: got %.17g", text[0], text[1], to_double(&d));
		ck_assert_int_eq(aval_binary64_compare(&a, &b) > 0   ? 1
		                 : aval_binary64_compare(&a, &b) < 0 ? -1
		                                                     : 0,
		                 order(x, y));
	}
}
END_TEST

START_TEST(rounding_is_xpaths)
{
	for (int i = 0; i < 20000; i++) {
		char            text[AVAL_DECIMAL_MAX_LEN + 2], got[AVAL_DECIMAL_MAX_LEN + 1], want[64];
		aval_decimal    value, integer;
		aval_binary64   a;
		volatile double x;

		random_text(text);
		value = decimal(text);
		a = aval_binary64_from(&value);
		x = strtod(text, NULL);
		if (fabs(x) > 1e15)
			continue;
		ck_assert(aval_binary64_round(&integer, &a, 1));
		got[aval_decimal_serialize(got, &integer)] = '\0';
		/* floor(x + 1/2) without the rounding of the sum */
		snprintf(want, sizeof want, "%.0f", floor(x) + (x - floor(x) >= 0.5 ? 1 : 0));
		ck_assert_msg(strcmp(got, strcmp(want, "-0") == 0 ? "0" : want) == 0, "%s: got %s, want %s",
		              text, got, want);
	}
}
END_TEST

/* Where a double and its decimal part company. */
static const struct {
	const char *text;
	uint32_t    factor;
	const char *rounded;
	int         order; /* of the double against the decimal */
} edges[] = {
	{ "1.005", 100, "100", -1 }, /* a half in decimals, 1.00499999999999989... as a double */
	{ "0.125", 100, "13", 0 },
	{ "-0.125", 100, "-12", 0 },
	{ "2.675", 100, "267", -1 },
	{ "0.285", 100, "28", -1 },
	{ "1.115", 100, "111", -1 },
	{ "8.345", 100, "835", 1 },
	{ "0.1", 1, "0", 1 },
	{ "0.3", 10, "3", -1 },
	{ "-0.5", 1, "0", 0 },
	{ "0.5", 1, "1", 0 },
	{ "-1.5", 1, "-1", 0 },
	{ "0", 100, "0", 0 },
	{ "9007199254740993", 1, "9007199254740992", -1 },
	{ "9007199254740991.5", 1, "9007199254740992", 1 }, /* the mantissa overflows where it is rounded */
	{ "9007199254740995", 1, "9007199254740996", 1 },
	{ "9999999999999999999999999999999999", 1, "9999999999999999455752309870428160", -1 },
	{ "9999999999999999999999999999999999", 100, NULL, -1 },
	{ "0.0000000000000000000000000000000001", 100, "0", -1 },
};

START_TEST(edges_of_doubles)
{
	aval_decimal  value = decimal(edges[_i].text), integer = { 0 };
	aval_binary64 a = aval_binary64_from(&value);
	char          got[AVAL_DECIMAL_MAX_LEN + 1];
	int           compared = aval_binary64_compare_decimal(&a, &value);
	bool          fits = aval_binary64_round(&integer, &a, edges[_i].factor);

	ck_assert_msg(fits == (edges[_i].rounded != NULL), "%s", edges[_i].text);
	got[aval_decimal_serialize(got, &integer)] = '\0';
	ck_assert_msg(!fits || strcmp(got, edges[_i].rounded) == 0, "%s: got %s, want %s", edges[_i].text, got,
	              edges[_i].rounded);
	ck_assert_msg((compared > 0) - (compared < 0) == edges[_i].order, "%s: order %d", edges[_i].text,
	              compared);
	value = aval_decimal_negate(&value);
	a = aval_binary64_from(&value);
	ck_assert_int_eq(aval_binary64_compare_decimal(&a, &value), -compared);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("binary64");
	TCase   *tcase = tcase_create("binary64");
	SRunner *runner;
	int      failed;

	/* A machine that keeps excess precision is no oracle for the arithmetic. */
	if (FLT_EVAL_METHOD == 0) {
		tcase_add_test(tcase, arithmetic_is_the_machines);
		tcase_add_test(tcase, rounding_is_xpaths);
	}
	tcase_add_loop_test(tcase, edges_of_doubles, 0, sizeof edges / sizeof edges[0]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
