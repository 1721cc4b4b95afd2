/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VAT by category: that a breakdown's base is the sum of its lines and charges
 * less its allowances (BR-x-08) and that its tax is right (BR-x-09). One bucket
 * per category, or per category and rate, takes the sums in one pass over the
 * invoice, so that many breakdowns and many lines stay cheap together.
 */
#include "invoice/check.h"

#include "base/base.h"

/* How an artefact compares a base with its sum. */
typedef enum base_test {
	BASE_ANY,         /* the official test is vacuous */
	BASE_EXACT,       /* base = sum */
	BASE_ROUNDED,     /* base = sum of rounded sums, as doubles */
	BASE_NEAR,        /* less than 1 apart, base - 1 and base + 1 being doubles */
	BASE_NEAR_ROUNDED /* the same with the sum of rounded sums, as a double */
} base_test;

typedef enum tax_test { TAX_ANY, TAX_ZERO, TAX_COMPUTED, TAX_COMPUTED_DOUBLE } tax_test;

static const struct category {
	const char *code;
	const char *base_rule, *tax_rule;
	bool        by_rate;
	bool        any_tax_cii; /* CII does not ask whether the tax is VAT */
	base_test   base_ubl, base_cii;
	tax_test    tax_ubl, tax_cii;
} categories[] = {
	{ "S", "BR-S-08", "BR-S-09", true, true, BASE_NEAR, BASE_ROUNDED, TAX_COMPUTED, TAX_COMPUTED_DOUBLE },
	{ "Z", "BR-Z-08", "BR-Z-09", false, true, BASE_EXACT, BASE_NEAR_ROUNDED, TAX_ZERO, TAX_ZERO },
	{ "E", "BR-E-08", "BR-E-09", false, false, BASE_EXACT, BASE_NEAR_ROUNDED, TAX_ZERO, TAX_ZERO },
	{ "AE", "BR-AE-08", "BR-AE-09", false, false, BASE_EXACT, BASE_NEAR_ROUNDED, TAX_ZERO, TAX_ZERO },
	{ "K", "BR-IC-08", "BR-IC-09", false, false, BASE_EXACT, BASE_NEAR_ROUNDED, TAX_ZERO, TAX_ZERO },
	{ "G", "BR-G-08", "BR-G-09", false, false, BASE_EXACT, BASE_NEAR_ROUNDED, TAX_ZERO, TAX_ZERO },
	{ "O", "BR-O-08", "BR-O-09", false, false, BASE_EXACT, BASE_ROUNDED, TAX_ZERO, TAX_ZERO },
	{ "L", "BR-AF-08", "BR-AF-09", true, false, BASE_NEAR, BASE_ANY, TAX_COMPUTED, TAX_ANY },
	{ "M", "BR-AG-08", "BR-AG-09", true, false, BASE_NEAR, BASE_ANY, TAX_COMPUTED, TAX_ANY },
};

static const struct category *find_category(const aval_term *code)
{
	for (size_t i = 0; code != NULL && i < sizeof categories / sizeof categories[0]; i++)
		if (aval_text_equal_z(code->value, categories[i].code))
			return &categories[i];
	return NULL;
}

/* S, the standard rate. */
static bool is_standard(const struct category *category)
{
	return category == &categories[0];
}

/* The bucket that a group counts in; false if its category or rate is none that has a rule. */
static bool key_of(aval_vat_bucket *out, const aval_group *g)
{
	const struct category *category = find_category(g->term[AVAL_IN_CATEGORY]);
	const aval_term       *rate = g->term[AVAL_IN_RATE];

	if (category == NULL)
		return false;
	*out = (aval_vat_bucket){ .category = g->term[AVAL_IN_CATEGORY]->value };
	return !category->by_rate || (rate != NULL && aval_term_number(&out->rate, rate));
}

static int compare_keys(const aval_vat_bucket *a, const aval_vat_bucket *b)
{
	size_t shared = a->category.len < b->category.len ? a->category.len : b->category.len;
	int    order = memcmp(a->category.data, b->category.data, shared);

	if (order != 0 || a->category.len != b->category.len)
		return order != 0 ? order : a->category.len < b->category.len ? -1 : 1;
	return aval_decimal_compare(&a->rate, &b->rate);
}

static void swap(aval_vat_bucket *a, aval_vat_bucket *b)
{
	aval_vat_bucket t = *a;

	*a = *b;
	*b = t;
}

static void sift_down(aval_vat_bucket *heap, size_t root, size_t count)
{
	for (size_t child; (child = 2 * root + 1) < count; root = child) {
		if (child + 1 < count && compare_keys(&heap[child], &heap[child + 1]) < 0)
			child++;
		if (compare_keys(&heap[root], &heap[child]) >= 0)
			return;
		swap(&heap[root], &heap[child]);
	}
}

/* Heap sort: no recursion, no memory, and never quadratic whatever the input. */
static void sort(aval_vat_bucket *buckets, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sift_down(buckets, i, count);
	for (size_t end = count; end-- > 1;) {
		swap(&buckets[0], &buckets[end]);
		sift_down(buckets, 0, end);
	}
}

/* One bucket for each key of the breakdown, ascending. */
static size_t make_buckets(aval_checker *c)
{
	aval_group_cursor cursor = aval_check_groups(c, AVAL_SECTION_BREAKDOWN);
	aval_group        group;
	size_t            count = 0, kept = 0;

	while (count < c->bucket_capacity && aval_check_next_group(&group, &cursor))
		count += key_of(&c->buckets[count], &group);
	sort(c->buckets, count);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || compare_keys(&c->buckets[kept - 1], &c->buckets[i]) != 0)
			c->buckets[kept++] = c->buckets[i];
	return kept;
}

static aval_vat_bucket *find_bucket(const aval_checker *c, size_t count, const aval_group *g)
{
	aval_vat_bucket key;
	size_t          low = 0, high = count;

	if (!key_of(&key, g))
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int    order = compare_keys(&key, &c->buckets[middle]);

		if (order == 0)
			return &c->buckets[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static aval_sum *sum_of(aval_vat_bucket *bucket, aval_section section)
{
	return section == AVAL_SECTION_LINES ? &bucket->lines :
	       section == AVAL_SECTION_CHARGES ? &bucket->charges : &bucket->allowances;
}

static void fill_buckets(aval_checker *c, size_t count, aval_section section)
{
	aval_group_cursor cursor = aval_check_groups(c, section);
	aval_group        group;

	while (count > 0 && aval_check_next_group(&group, &cursor)) {
		aval_vat_bucket *bucket = find_bucket(c, count, &group);

		if (bucket == NULL)
			continue;
		sum_of(bucket, section)->count++;
		aval_sum_add(sum_of(bucket, section), group.term[AVAL_IN_AMOUNT]);
	}
}

/* lines + charges - allowances, each rounded to cents first if rounded; false on overflow. */
static bool total_of(aval_decimal *out, const aval_vat_bucket *b, bool with_lines, bool rounded)
{
	aval_decimal part[3] = { b->lines.exact, b->charges.exact, b->allowances.exact };

	for (size_t i = 0; rounded && i < 3; i++)
		part[i] = aval_decimal_round(&part[i], 2, AVAL_ROUND_HALF_UP);
	if (!with_lines)
		part[0] = (aval_decimal){ 0 };
	return !b->lines.overflow && !b->charges.overflow && !b->allowances.overflow &&
	       aval_decimal_add(out, &part[0], &part[1], NULL) == AVAL_OK &&
	       aval_decimal_sub(out, out, &part[2], NULL) == AVAL_OK;
}

static const aval_decimal one = { 0, 1, 0, false }, minus_one = { 0, 1, 0, true };

/* base - 1 and base + 1 as doubles around the sum, which is exact or a double too. */
static bool is_near(const aval_decimal *base, const aval_decimal *sum, bool sum_is_double)
{
	aval_binary64 up = aval_binary64_from(&one), down = aval_binary64_from(&minus_one);
	aval_binary64 b = aval_binary64_from(base);
	aval_binary64 below = aval_binary64_add(&b, &down), above = aval_binary64_add(&b, &up);
	aval_binary64 s = aval_binary64_from(sum);

	if (sum_is_double)
		return aval_binary64_compare(&below, &s) < 0 && aval_binary64_compare(&above, &s) > 0;
	return aval_binary64_compare_decimal(&below, sum) < 0 && aval_binary64_compare_decimal(&above, sum) > 0;
}

static bool equal_as_doubles(const aval_decimal *a, const aval_decimal *b)
{
	aval_binary64 x = aval_binary64_from(a), y = aval_binary64_from(b);

	return aval_binary64_compare(&x, &y) == 0;
}

/*
 * UBL asks that there be a line at all or, for category S, a line, charge or
 * allowance of the category and rate. Its test for S also passes where charges
 * and allowances alone make up the base, since it is written once for the lines
 * of an invoice and once for those of a credit note.
 */
static bool base_holds_ubl(const aval_checker *c, const struct category *category, const aval_vat_bucket *b,
                           const aval_decimal *base, const aval_decimal *sum)
{
	size_t       others = b->charges.count + b->allowances.count;
	bool         is_s = is_standard(category);
	aval_decimal without_lines;

	if (is_s ? b->lines.count + others == 0 : c->section[AVAL_SECTION_LINES][0] == NULL)
		return false;
	if (category->base_ubl == BASE_EXACT)
		return aval_decimal_compare(base, sum) == 0;
	if (is_near(base, sum, false))
		return true;
	return is_s && others > 0 && total_of(&without_lines, b, false, false) &&
	       is_near(base, &without_lines, false);
}

static bool base_holds(const aval_checker *c, const struct category *category, const aval_vat_bucket *b,
                       const aval_decimal *base, const aval_decimal *sum)
{
	if (!c->is_cii)
		return base_holds_ubl(c, category, b, base, sum);
	return category->base_cii == BASE_ROUNDED ? equal_as_doubles(base, sum) : is_near(base, sum, true);
}

static void report(aval_checker *c, const char *rule, const aval_group *g, int place,
                   const aval_decimal *expected)
{
	char path[AVAL_TERM_PATH_MAX_LEN];

	aval_check_report_number(c, rule, aval_group_path(path, g, place), expected, g->term[place]);
}

/* The computed tax is a magnitude; the one to expect has the sign of its base. */
static void report_signed(aval_checker *c, const char *rule, const aval_group *g, const aval_decimal *computed,
                          const aval_decimal *base)
{
	aval_decimal tax = base->negative ? aval_decimal_negate(computed) : *computed;

	report(c, rule, g, AVAL_IN_AMOUNT, &tax);
}

static void report_too_long(aval_checker *c, const char *rule, const aval_group *g, int place)
{
	char path[AVAL_TERM_PATH_MAX_LEN];

	aval_check_report(c, rule, aval_group_path(path, g, place),
	                  aval_text_z("an amount of at most 34 digits"),
	                  aval_term_value_or_absent(g->term[place]));
}

static void check_base(aval_checker *c, const struct category *category, const aval_group *g,
                       const aval_vat_bucket *b)
{
	const aval_term *term = g->term[AVAL_IN_BASE];
	aval_decimal     base, sum;

	if ((c->is_cii ? category->base_cii : category->base_ubl) == BASE_ANY ||
	    b->lines.unreadable || b->charges.unreadable || b->allowances.unreadable)
		return;
	if (term != NULL && !aval_term_number(&base, term))
		return;
	if (!total_of(&sum, b, true, c->is_cii))
		report_too_long(c, category->base_rule, g, AVAL_IN_BASE);
	else if (term == NULL || !base_holds(c, category, b, &base, &sum))
		report(c, category->base_rule, g, AVAL_IN_BASE, &sum);
}

/* round(|base| * rate) div 100 in doubles, as the CII artefact has it; false if it has more than 34 digits. */
static bool tax_as_double(aval_decimal *out, const aval_decimal *base, const aval_decimal *rate)
{
	static const aval_decimal one_percent = { 0, 1, 2, false };
	aval_decimal              magnitude = aval_decimal_abs(base);
	aval_binary64             b = aval_binary64_from(&magnitude), r = aval_binary64_from(rate);
	aval_binary64             product = aval_binary64_mul(&b, &r);

	return aval_binary64_round(out, &product, 1) &&
	       aval_decimal_mul(out, out, &one_percent, NULL) == AVAL_OK;
}

/* |tax| - 1 < computed < |tax| + 1, compared as doubles where the computed one is. */
static bool tax_holds(const aval_decimal *tax, const aval_decimal *computed, bool as_doubles)
{
	aval_decimal  magnitude = aval_decimal_abs(tax), below, above;
	aval_binary64 x, y, z;

	if (aval_decimal_sub(&below, &magnitude, &one, NULL) != AVAL_OK ||
	    aval_decimal_add(&above, &magnitude, &one, NULL) != AVAL_OK)
		return false;
	if (!as_doubles)
		return aval_decimal_compare(&below, computed) < 0 && aval_decimal_compare(&above, computed) > 0;
	x = aval_binary64_from(&below);
	y = aval_binary64_from(computed);
	z = aval_binary64_from(&above);
	return aval_binary64_compare(&x, &y) < 0 && aval_binary64_compare(&z, &y) > 0;
}

/* A number of the group: false if it is unreadable, which is reported elsewhere; absent leaves *term NULL. */
static bool number_of(aval_decimal *out, const aval_group *g, int place)
{
	*out = (aval_decimal){ 0 };
	return g->term[place] == NULL || aval_term_number(out, g->term[place]);
}

static void check_tax(aval_checker *c, const struct category *category, const aval_group *g)
{
	tax_test     test = c->is_cii ? category->tax_cii : category->tax_ubl;
	bool         as_double = test == TAX_COMPUTED_DOUBLE;
	aval_decimal tax, base, rate, computed = { 0 };

	if (test == TAX_ANY || !number_of(&tax, g, AVAL_IN_AMOUNT) || !number_of(&base, g, AVAL_IN_BASE) ||
	    !number_of(&rate, g, AVAL_IN_RATE))
		return;
	if (test == TAX_ZERO) {
		if (g->term[AVAL_IN_AMOUNT] == NULL || !aval_decimal_is_zero(&tax))
			report(c, category->tax_rule, g, AVAL_IN_AMOUNT, &computed);
		return;
	}
	if (!(as_double ? tax_as_double(&computed, &base, &rate) : aval_vat_of(&computed, &base, &rate)))
		report_too_long(c, category->tax_rule, g, AVAL_IN_AMOUNT);
	else if (g->term[AVAL_IN_AMOUNT] == NULL || g->term[AVAL_IN_BASE] == NULL ||
	         g->term[AVAL_IN_RATE] == NULL || !tax_holds(&tax, &computed, as_double))
		report_signed(c, category->tax_rule, g, &computed, &base);
}

void aval_check_vat_categories(aval_checker *c)
{
	size_t            count = make_buckets(c);
	aval_group_cursor cursor = aval_check_groups(c, AVAL_SECTION_BREAKDOWN);
	aval_group        group;

	fill_buckets(c, count, AVAL_SECTION_ALLOWANCES);
	fill_buckets(c, count, AVAL_SECTION_CHARGES);
	fill_buckets(c, count, AVAL_SECTION_LINES);
	while (aval_check_next_group(&group, &cursor)) {
		const struct category *category = find_category(group.term[AVAL_IN_CATEGORY]);
		const aval_vat_bucket *bucket = find_bucket(c, count, &group);

		if (category == NULL || !(aval_check_is_vat(c, &group) || (c->is_cii && category->any_tax_cii)))
			continue;
		if (bucket != NULL)
			check_base(c, category, &group, bucket);
		check_tax(c, category, &group);
	}
}
