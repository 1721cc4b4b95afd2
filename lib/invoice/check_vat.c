/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VAT breakdown: BR-CO-17, and per category that its base is the sum of
 * lines, charges and allowances (BR-x-08) and its tax is right (BR-x-09). The
 * tolerances, generous and different by syntax, are those of the official
 * artefacts.
 */
#include "invoice/check.h"

#include "base/base.h"

static const aval_decimal one = { 0, 1, 0, false };
static const aval_decimal one_percent = { 0, 1, 2, false };

static const char too_long[] = "an amount of at most 34 digits";

/* A group's number; zero, and not present, where the term is absent. */
typedef struct operand {
	const aval_term *term;
	aval_decimal     value;
	bool             unreadable;
} operand;

static operand read_operand(const aval_group *g, int place)
{
	operand o = { g->term[place], { 0 }, false };

	o.unreadable = o.term != NULL && !aval_term_number(&o.value, o.term);
	return o;
}

static void report_tax(aval_checker *c, const char *rule, const aval_group *g, const aval_decimal *expected)
{
	char path[AVAL_TERM_PATH_MAX_LEN];

	aval_check_report_number(c, rule, aval_group_path(path, g, AVAL_IN_AMOUNT), expected,
	                         g->term[AVAL_IN_AMOUNT]);
}

static void report_text(aval_checker *c, const char *rule, const aval_group *g, int place, const char *expected)
{
	char path[AVAL_TERM_PATH_MAX_LEN];

	aval_check_report(c, rule, aval_group_path(path, g, place), aval_text_z(expected),
	                  aval_term_value_or_absent(g->term[place]));
}

bool aval_vat_of(aval_decimal *out, const aval_decimal *base, const aval_decimal *rate)
{
	aval_decimal magnitude = aval_decimal_abs(base), fraction;

	if (aval_decimal_mul(&fraction, rate, &one_percent, NULL) != AVAL_OK ||
	    aval_decimal_mul(out, &magnitude, &fraction, NULL) != AVAL_OK)
		return false;
	*out = aval_decimal_round(out, 2, AVAL_ROUND_HALF_UP);
	return true;
}

/* Whether |a| and b are less than 1 apart, or, where that passes too, exactly 1; false on overflow. */
static bool within_one(const aval_decimal *a, const aval_decimal *b, bool inclusive)
{
	aval_decimal magnitude = aval_decimal_abs(a), distance;
	int          order;

	if (aval_decimal_sub(&distance, &magnitude, b, NULL) != AVAL_OK)
		return false;
	distance = aval_decimal_abs(&distance);
	order = aval_decimal_compare(&distance, &one);
	return order < 0 || (inclusive && order == 0);
}

static bool rounds_to_zero(const aval_decimal *value)
{
	aval_decimal rounded = aval_decimal_round(value, 0, AVAL_ROUND_HALF_UP);

	return aval_decimal_is_zero(&rounded);
}

/* The expected tax carries the sign of the base. */
static void report_computed(aval_checker *c, const char *rule, const aval_group *g, const operand *base,
                            const aval_decimal *computed)
{
	aval_decimal tax = base->value.negative ? aval_decimal_negate(computed) : *computed;

	report_tax(c, rule, g, &tax);
}

/* BR-CO-17: a rate that rounds to 0 goes with a tax that does; else tax and base times rate are near. */
static void check_tax(aval_checker *c, const aval_group *g)
{
	operand      tax = read_operand(g, AVAL_IN_AMOUNT), base = read_operand(g, AVAL_IN_BASE);
	operand      rate = read_operand(g, AVAL_IN_RATE);
	aval_decimal computed, zero = { 0 };

	if (tax.unreadable || base.unreadable || rate.unreadable)
		return;
	/* The rate of another tax is not looked at. */
	if (rate.term == NULL || !aval_check_is_vat(c, g) || rounds_to_zero(&rate.value)) {
		if (tax.term == NULL || !rounds_to_zero(&tax.value))
			report_tax(c, "BR-CO-17", g, &zero);
		return;
	}
	if (base.term == NULL)
		report_text(c, "BR-CO-17", g, AVAL_IN_BASE, "an amount");
	else if (!aval_vat_of(&computed, &base.value, &rate.value))
		report_text(c, "BR-CO-17", g, AVAL_IN_AMOUNT, too_long);
	else if (tax.term == NULL || !within_one(&tax.value, &computed, c->is_cii))
		report_computed(c, "BR-CO-17", g, &base, &computed);
}

/*
 * In CII the rule comes after those of three categories, and a Schematron pattern gives a node to the first
 * rule that takes it: their breakdowns never see this one.
 */
static bool is_taken(const aval_checker *c, const aval_group *g)
{
	const aval_term *category = g->term[AVAL_IN_CATEGORY];

	return c->is_cii && category != NULL && aval_check_is_vat(c, g) &&
	       (aval_text_equal_z(category->value, "O") || aval_text_equal_z(category->value, "L") ||
	        aval_text_equal_z(category->value, "M"));
}

void aval_check_vat(aval_checker *c)
{
	aval_group_cursor cursor = aval_check_groups(c, AVAL_SECTION_BREAKDOWN);
	aval_group        group;

	while (aval_check_next_group(&group, &cursor))
		if (!is_taken(c, &group))
			check_tax(c, &group);
}
