/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document totals, BR-CO-10 to BR-CO-16 and BR-CO-18, each as the official
 * artefact of its syntax computes it. r2(x) is XPath's round(x * 100) div 100,
 * which takes halves towards plus infinity. UBL's rules are written over
 * decimals; some of CII's sum doubles.
 */
#include "invoice/check.h"

#include "base/base.h"

static const char too_long[] = "a sum of at most 34 digits";

static aval_text at(aval_slot slot)
{
	return aval_text_z(aval_slot_path(slot));
}

static bool present(const aval_checker *c, aval_slot slot)
{
	return c->slot[slot] != NULL;
}

/* A value that is no number is reported by AVAL-VALUE; rules about it have nothing to compare. */
static bool is_unreadable(const aval_checker *c, aval_slot slot)
{
	return present(c, slot) && !c->readable[slot];
}

static aval_decimal r2(const aval_decimal *value)
{
	return aval_decimal_round(value, 2, AVAL_ROUND_HALF_UP);
}

static const aval_decimal ten = { 0, 10, 0, false };
static const aval_decimal one_hundredth = { 0, 1, 2, false };

/* How an artefact rounds the sum of the groups' amounts to cents. */
typedef enum sum_type {
	SUM_DECIMAL,           /* round(sum(xs:decimal) * 10 * 10) div 100 */
	SUM_DOUBLE_TO_DECIMAL, /* round(xs:decimal(sum(xs:double)) * 100) div 100 */
	SUM_DOUBLE             /* round(sum(xs:double) * 10 * 10) div 100 */
} sum_type;

static bool round_sum(aval_decimal *out, const aval_sum *sum, sum_type type)
{
	aval_binary64 times_ten = aval_binary64_from(&ten), product;

	if (type == SUM_DECIMAL) {
		*out = r2(&sum->exact);
		return !sum->overflow;
	}
	product = aval_binary64_mul(&sum->binary, &times_ten);
	product = aval_binary64_mul(&product, &times_ten);
	if (!(type == SUM_DOUBLE ? aval_binary64_round(out, &product, 1)
	                         : aval_binary64_round(out, &sum->binary, 100)))
		return false;
	return aval_decimal_mul(out, out, &one_hundredth, NULL) == AVAL_OK;
}

/* Equality as the artefact compares: doubles if the sum is one. */
static bool equals(const aval_decimal *total, const aval_decimal *rounded, sum_type type)
{
	aval_binary64 a, b;

	if (type != SUM_DOUBLE)
		return aval_decimal_compare(total, rounded) == 0;
	a = aval_binary64_from(total);
	b = aval_binary64_from(rounded);
	return aval_binary64_compare(&a, &b) == 0;
}

/* BR-CO-10 to -12: a total that is the sum of an amount over its groups. */
static const struct sum_rule {
	const char  *rule;
	aval_slot    total;
	aval_section section;
	bool         may_be_absent; /* if there is no group either */
	sum_type     ubl, cii;
} sum_rules[] = {
	{ "BR-CO-10", AVAL_SLOT_106, AVAL_SECTION_LINES, false, SUM_DECIMAL, SUM_DOUBLE_TO_DECIMAL },
	{ "BR-CO-11", AVAL_SLOT_107, AVAL_SECTION_ALLOWANCES, true, SUM_DECIMAL, SUM_DOUBLE },
	{ "BR-CO-12", AVAL_SLOT_108, AVAL_SECTION_CHARGES, true, SUM_DECIMAL, SUM_DOUBLE },
};

static void check_sum(aval_checker *c, const struct sum_rule *r)
{
	sum_type     type = c->is_cii ? r->cii : r->ubl;
	aval_sum     sum = aval_check_sum(c, r->section);
	aval_decimal rounded;

	if (is_unreadable(c, r->total) || sum.unreadable)
		return;
	if (!present(c, r->total) && r->may_be_absent && sum.count == 0)
		return;
	if (!round_sum(&rounded, &sum, type))
		aval_check_report_slot(c, r->rule, r->total, too_long);
	else if (!present(c, r->total) || !equals(&c->number[r->total], &rounded, type))
		aval_check_report_number(c, r->rule, at(r->total), &rounded, c->slot[r->total]);
}

/* One side of an equation between totals: base - minus + plus, of which the last two may be absent. */
typedef enum side_rounding { ROUND_NEVER, ROUND_WITH_OPTIONAL, ROUND_ALWAYS } side_rounding;

typedef struct side {
	aval_slot     base, minus, plus;
	side_rounding rounding;
} side;

/* BR-CO-13 and -16, which the two syntaxes round differently. */
static const struct equation {
	const char *rule;
	bool        is_cii;
	side        left, right;
} equations[] = {
	{ "BR-CO-13", false, { AVAL_SLOT_109, AVAL_SLOT_NONE, AVAL_SLOT_NONE, ROUND_NEVER },
	  { AVAL_SLOT_106, AVAL_SLOT_107, AVAL_SLOT_108, ROUND_WITH_OPTIONAL } },
	{ "BR-CO-13", true, { AVAL_SLOT_109, AVAL_SLOT_NONE, AVAL_SLOT_NONE, ROUND_NEVER },
	  { AVAL_SLOT_106, AVAL_SLOT_107, AVAL_SLOT_108, ROUND_ALWAYS } },
	{ "BR-CO-16", false, { AVAL_SLOT_115, AVAL_SLOT_114, AVAL_SLOT_NONE, ROUND_WITH_OPTIONAL },
	  { AVAL_SLOT_112, AVAL_SLOT_113, AVAL_SLOT_NONE, ROUND_WITH_OPTIONAL } },
	{ "BR-CO-16", true, { AVAL_SLOT_115, AVAL_SLOT_NONE, AVAL_SLOT_NONE, ROUND_NEVER },
	  { AVAL_SLOT_112, AVAL_SLOT_113, AVAL_SLOT_114, ROUND_NEVER } },
};

static bool side_unreadable(const aval_checker *c, const side *s)
{
	return is_unreadable(c, s->base) || is_unreadable(c, s->minus) || is_unreadable(c, s->plus);
}

/* What is not there has the number 0. */
static bool evaluate(aval_decimal *out, const aval_checker *c, const side *s)
{
	bool optional = present(c, s->minus) || present(c, s->plus);

	if (aval_decimal_sub(out, &c->number[s->base], &c->number[s->minus], NULL) != AVAL_OK ||
	    aval_decimal_add(out, out, &c->number[s->plus], NULL) != AVAL_OK)
		return false;
	if (s->rounding == ROUND_ALWAYS || (s->rounding == ROUND_WITH_OPTIONAL && optional))
		*out = r2(out);
	return true;
}

static void check_equation(aval_checker *c, const struct equation *e)
{
	aval_decimal left, right;

	if (side_unreadable(c, &e->left) || side_unreadable(c, &e->right))
		return;
	if (!present(c, e->right.base)) {
		aval_check_report_slot(c, e->rule, e->right.base, "an amount");
		return;
	}
	if (!evaluate(&left, c, &e->left) || !evaluate(&right, c, &e->right)) {
		aval_check_report_slot(c, e->rule, e->left.base, too_long);
		return;
	}
	if (present(c, e->left.base) && aval_decimal_compare(&left, &right) == 0)
		return;
	/* What the total itself would have to be: the left side's other term goes over. */
	if (aval_decimal_add(&right, &right, &c->number[e->left.minus], NULL) == AVAL_OK)
		aval_check_report_number(c, e->rule, at(e->left.base), &right, c->slot[e->left.base]);
	else
		aval_check_report_slot(c, e->rule, e->left.base, too_long);
}

/* Whether the total is in the currency that BT-5 or BT-6 names. */
static bool is_in(const aval_checker *c, const aval_tax_total *t, aval_slot currency)
{
	return present(c, currency) && aval_text_equal(t->currency, c->slot[currency]->value);
}

/* BR-CO-14 for one VAT total and the tax amounts of a stretch of the breakdown. */
static void check_tax_total(aval_checker *c, const aval_tax_total *t, const aval_sum *sum)
{
	sum_type     type = c->is_cii ? SUM_DOUBLE : SUM_DECIMAL;
	bool         is_accounting = is_in(c, t, AVAL_SLOT_6) && !is_in(c, t, AVAL_SLOT_5);
	aval_text    where = at(is_accounting ? AVAL_SLOT_111 : AVAL_SLOT_110);
	aval_term    found = { where, t->amount, NULL, 0 };
	aval_decimal total = { 0 }, rounded;

	if (sum->unreadable || (t->has_amount && !aval_term_number(&total, &found)))
		return;
	if (!round_sum(&rounded, sum, type))
		aval_check_report(c, "BR-CO-14", where, aval_text_z(too_long), t->amount);
	else if (!t->has_amount || !equals(&total, &rounded, type))
		aval_check_report_number(c, "BR-CO-14", where, &rounded, t->has_amount ? &found : NULL);
}

/* UBL: every total against the breakdown groups in it. The totals and the groups are in the same order. */
static void check_tax_totals_ubl(aval_checker *c)
{
	aval_group_cursor cursor = aval_check_groups(c, AVAL_SECTION_BREAKDOWN);
	aval_group        group;
	bool              has_group = aval_check_next_group(&group, &cursor);

	for (size_t i = 0; i < c->in->facts.tax_total_count; i++) {
		const aval_tax_total *t = &c->in->facts.tax_totals[i];
		aval_sum              sum = { 0 };

		for (; has_group && group.index < t->breakdown_end;
		     has_group = aval_check_next_group(&group, &cursor))
			if (group.index >= t->breakdown_begin)
				aval_sum_add(&sum, group.term[AVAL_IN_AMOUNT]);
		if (t->breakdown_begin < t->breakdown_end)
			check_tax_total(c, t, &sum);
	}
}

/* CII: every total in the invoice's currency against the whole breakdown. */
static void check_tax_totals_cii(aval_checker *c)
{
	aval_sum sum = aval_check_sum(c, AVAL_SECTION_BREAKDOWN);

	for (size_t i = 0; i < c->in->facts.tax_total_count; i++)
		if (is_in(c, &c->in->facts.tax_totals[i], AVAL_SLOT_5))
			check_tax_total(c, &c->in->facts.tax_totals[i], &sum);
}

/* The one VAT total in the invoice's currency; NULL, with their number, if there is none or more. */
static const aval_tax_total *invoice_tax_total(const aval_checker *c, size_t *count_out)
{
	const aval_tax_total *found = NULL;

	*count_out = 0;
	for (size_t i = 0; i < c->in->facts.tax_total_count; i++) {
		const aval_tax_total *t = &c->in->facts.tax_totals[i];

		if (!is_in(c, t, AVAL_SLOT_5) || !t->has_amount)
			continue;
		found = t;
		(*count_out)++;
	}
	return *count_out == 1 ? found : NULL;
}

/* CII has an escape: a total with VAT that equals the one without passes, whatever the VAT is. */
static bool escapes(const aval_checker *c)
{
	return c->is_cii && present(c, AVAL_SLOT_112) && present(c, AVAL_SLOT_109) &&
	       aval_decimal_compare(&c->number[AVAL_SLOT_112], &c->number[AVAL_SLOT_109]) == 0;
}

static void report_tax_total_count(aval_checker *c, size_t count)
{
	aval_text none = aval_text_z(AVAL_ABSENT), many = aval_text_z("more than one");

	aval_check_report(c, "BR-CO-15", at(AVAL_SLOT_110),
	                  aval_text_z("one VAT total in the invoice's currency"), count == 0 ? none : many);
}

static void check_total_with_vat(aval_checker *c)
{
	size_t                count;
	const aval_tax_total *t = invoice_tax_total(c, &count);
	aval_term             vat = { { NULL, 0 }, { NULL, 0 }, NULL, 0 };
	aval_decimal          expected;

	if (!present(c, AVAL_SLOT_5) || is_unreadable(c, AVAL_SLOT_109) || is_unreadable(c, AVAL_SLOT_112) ||
	    escapes(c))
		return;
	if (t == NULL) {
		report_tax_total_count(c, count);
		return;
	}
	if (!present(c, AVAL_SLOT_109)) {
		aval_check_report_slot(c, "BR-CO-15", AVAL_SLOT_109, "an amount");
		return;
	}
	vat.value = t->amount;
	if (!aval_term_number(&expected, &vat))
		return;
	if (aval_decimal_add(&expected, &expected, &c->number[AVAL_SLOT_109], NULL) != AVAL_OK) {
		aval_check_report_slot(c, "BR-CO-15", AVAL_SLOT_112, too_long);
		return;
	}
	expected = r2(&expected);
	if (!present(c, AVAL_SLOT_112) || aval_decimal_compare(&expected, &c->number[AVAL_SLOT_112]) != 0)
		aval_check_report_number(c, "BR-CO-15", at(AVAL_SLOT_112), &expected, c->slot[AVAL_SLOT_112]);
}

/* The rules about the group of totals hold where there is one. */
static bool has_totals(const aval_checker *c)
{
	static const aval_slot totals[] = { AVAL_SLOT_106, AVAL_SLOT_107, AVAL_SLOT_108, AVAL_SLOT_109,
		                            AVAL_SLOT_112, AVAL_SLOT_113, AVAL_SLOT_114, AVAL_SLOT_115 };

	for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++)
		if (present(c, totals[i]))
			return true;
	return c->in->facts.has_totals;
}

/* CII asks per line, so an invoice without lines passes. */
static void check_has_breakdown(aval_checker *c)
{
	bool has_lines = c->section[AVAL_SECTION_LINES][0] != NULL;

	if (c->section[AVAL_SECTION_BREAKDOWN][0] == NULL && (has_lines || !c->is_cii))
		aval_check_report(c, "BR-CO-18", aval_text_z("BG-23.1"), aval_text_z("a VAT breakdown"),
		                  aval_text_z(AVAL_ABSENT));
}

void aval_check_totals(aval_checker *c)
{
	bool totals = has_totals(c);

	for (size_t i = 0; totals && i < sizeof sum_rules / sizeof sum_rules[0]; i++)
		check_sum(c, &sum_rules[i]);
	if (totals)
		check_equation(c, &equations[c->is_cii ? 1 : 0]);
	if (c->is_cii)
		check_tax_totals_cii(c);
	else
		check_tax_totals_ubl(c);
	check_total_with_vat(c);
	if (totals)
		check_equation(c, &equations[c->is_cii ? 3 : 2]);
	check_has_breakdown(c);
}
