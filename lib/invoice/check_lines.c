/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AVAL-LINE-NET: a line's net amount is quantity times price per base quantity,
 * plus its charges, less its allowances. EN 16931 itself never asks; the slack
 * is that of PEPPOL-EN16931-R120, two units of the last digit kept.
 */
#include "invoice/check.h"

#include <aval/currency.h>

#include "base/base.h"

static const char rule[] = "AVAL-LINE-NET";

/* Digits that amounts are rounded to: cents, or the minor unit where it is coarser. */
static unsigned kept_digits(const aval_checker *c)
{
	const aval_term *currency = c->slot[AVAL_SLOT_5];
	unsigned         exponent = 2;

	if (currency != NULL &&
	    aval_currency_exponent(&exponent, currency->value.data, currency->value.len, NULL) != AVAL_OK)
		return 2;
	return exponent < 2 ? exponent : 2;
}

/* Two units of the last digit kept; forints are rounded to whole ones in practice. */
static aval_decimal slack_of(const aval_checker *c, unsigned digits)
{
	const aval_term *currency = c->slot[AVAL_SLOT_5];
	bool             is_forint = currency != NULL && aval_text_equal_z(currency->value, "HUF");

	return is_forint ? aval_decimal_from_minor(50, 2) : aval_decimal_from_minor(2, digits);
}

/* A line with two base quantities has no price to go by; that it has two is said elsewhere. */
static bool has_two_bases(const aval_checker *c, const aval_group *line)
{
	return line->term[AVAL_IN_PER] != NULL && aval_check_is_repeated(c, line->term[AVAL_IN_PER]->path);
}

/* Charges (BG-28) and allowances (BG-27) of the line. */
static void sum_adjustments(const aval_group *line, aval_sum *charges, aval_sum *allowances)
{
	const aval_term_key *key = line->key;

	for (const aval_term *t = line->begin; t != line->end; t++, key++) {
		if (key->inner == 27 && key->number == 136)
			aval_sum_add(allowances, t);
		if (key->inner == 28 && key->number == 141)
			aval_sum_add(charges, t);
	}
}

typedef struct line_numbers {
	aval_decimal net, quantity, price, per;
	aval_sum     charges, allowances;
} line_numbers;

/* False if a number is missing or unreadable, which other rules say. */
static bool read_line(line_numbers *n, const aval_group *line)
{
	const aval_term *per = line->term[AVAL_IN_PER];

	*n = (line_numbers){ .per = { 0, 1, 0, false } };
	sum_adjustments(line, &n->charges, &n->allowances);
	return line->term[AVAL_IN_AMOUNT] != NULL && line->term[AVAL_IN_QUANTITY] != NULL &&
	       line->term[AVAL_IN_PRICE] != NULL && !n->charges.unreadable && !n->allowances.unreadable &&
	       aval_term_number(&n->net, line->term[AVAL_IN_AMOUNT]) &&
	       aval_term_number(&n->quantity, line->term[AVAL_IN_QUANTITY]) &&
	       aval_term_number(&n->price, line->term[AVAL_IN_PRICE]) &&
	       (per == NULL || aval_term_number(&n->per, per));
}

static bool compute_net(aval_decimal *out, const line_numbers *n, unsigned digits)
{
	return !n->charges.overflow && !n->allowances.overflow &&
	       aval_decimal_mul(out, &n->quantity, &n->price, NULL) == AVAL_OK &&
	       aval_decimal_div(out, out, &n->per, digits, AVAL_ROUND_HALF_UP, NULL) == AVAL_OK &&
	       aval_decimal_add(out, out, &n->charges.exact, NULL) == AVAL_OK &&
	       aval_decimal_sub(out, out, &n->allowances.exact, NULL) == AVAL_OK;
}

static bool within(const aval_decimal *net, const aval_decimal *computed, const aval_decimal *slack)
{
	aval_decimal distance;

	if (aval_decimal_sub(&distance, net, computed, NULL) != AVAL_OK)
		return false;
	distance = aval_decimal_abs(&distance);
	return aval_decimal_compare(&distance, slack) <= 0;
}

static void check_line(aval_checker *c, const aval_group *line, unsigned digits)
{
	char         path[AVAL_TERM_PATH_MAX_LEN];
	aval_text    where = aval_group_path(path, line, AVAL_IN_AMOUNT);
	aval_decimal computed, slack = slack_of(c, digits);
	line_numbers n;

	if (!read_line(&n, line) || has_two_bases(c, line))
		return;
	if (aval_decimal_sign(&n.per) <= 0)
		aval_check_report(c, rule, aval_group_path(path, line, AVAL_IN_PER),
		                  aval_text_z("a base quantity above 0"), line->term[AVAL_IN_PER]->value);
	else if (!compute_net(&computed, &n, digits))
		aval_check_report(c, rule, where, aval_text_z("an amount of at most 34 digits"),
		                  line->term[AVAL_IN_AMOUNT]->value);
	else if (!within(&n.net, &computed, &slack))
		aval_check_report_number(c, rule, where, &computed, line->term[AVAL_IN_AMOUNT]);
}

void aval_check_lines(aval_checker *c)
{
	aval_group_cursor cursor = aval_check_groups(c, AVAL_SECTION_LINES);
	unsigned          digits = kept_digits(c);
	aval_group        line;

	while (aval_check_next_group(&line, &cursor))
		check_line(c, &line, digits);
}
