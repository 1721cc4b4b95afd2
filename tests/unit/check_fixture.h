/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_CHECK_FIXTURE_H
#define AVAL_TESTS_CHECK_FIXTURE_H

/*
 * An invoice that violates no rule, in terms, and a small language of edits to
 * it, so that each case of a table shows its one difference:
 *
 *   BT-106=292.01      set or add a term            -BT-9         remove one
 *   cii, cn            another syntax               today=DATE    options
 *   again:BT-115=5     a second occurrence          BT-115@currency=USD  a qualifier, in the import's way
 *   twice:BT-115       a second occurrence whose value is not listed
 *   doubt:BT-115       the import's word that the value does not have its form
 *   totals=EUR:30.46:1:4,...   the VAT totals (currency:amount:first:end), else one is made of BT-110
 *   other=2            breakdown 2 is of another tax than VAT
 *   -BG-25             remove all terms of a group
 *
 * Edits are separated by blanks; "_" stands for a blank in a value.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "invoice/check.h"

enum { FIXTURE_TERMS = 128, FIXTURE_TEXT = 4096 };

struct fixture {
	aval_check_input input;
	aval_term        terms[FIXTURE_TERMS];
	aval_qualifier   qualifiers[FIXTURE_TERMS];
	aval_defect      defects[8];
	aval_unmapped    unmapped[8];
	aval_tax_total   totals[8];
	uint32_t         other_taxes[4];
	char             text[FIXTURE_TEXT]; /* where edited texts live */
	size_t           text_len;
};

static const char fixture_base[] =
	"BT-1=RE-2031 BT-2=2031-03-01 BT-3=380 BT-5=EUR BT-9=2031-03-31 BT-20=30_days BT-27=Example_GmbH"
	" BT-44=Sample_Ltd"
	" BG-20.1/BT-92=10 BG-20.1/BT-95=S BG-20.1/BT-96=19 BG-21.1/BT-99=6 BG-21.1/BT-102=S BG-21.1/BT-103=7"
	" BT-106=292 BT-107=10 BT-108=6 BT-109=288 BT-110=30.46 BT-112=318.46 BT-113=18.46 BT-115=300"
	" BG-23.1/BT-116=115 BG-23.1/BT-117=21.85 BG-23.1/BT-118=S BG-23.1/BT-119=19"
	" BG-23.2/BT-116=123 BG-23.2/BT-117=8.61 BG-23.2/BT-118=S BG-23.2/BT-119=7"
	" BG-23.3/BT-116=50 BG-23.3/BT-117=0 BG-23.3/BT-118=Z BG-23.3/BT-119=0"
	" BG-25.1/BT-126=1 BG-25.1/BT-129=10 BG-25.1/BT-131=125 BG-25.1/BT-146=12.5 BG-25.1/BT-151=S"
	" BG-25.1/BT-152=19"
	" BG-25.2/BT-126=2 BG-25.2/BT-129=3 BG-25.2/BT-131=117 BG-25.2/BT-146=40 BG-25.2/BT-149=1"
	" BG-25.2/BT-151=S BG-25.2/BT-152=7 BG-25.2/BG-27.1/BT-136=5 BG-25.2/BG-28.1/BT-141=2"
	" BG-25.3/BT-126=3 BG-25.3/BT-129=1 BG-25.3/BT-131=50 BG-25.3/BT-146=50 BG-25.3/BT-151=Z"
	" BG-25.3/BT-152=0";

static inline aval_text fixture_keep(struct fixture *f, const char *data, size_t len)
{
	char *at = f->text + f->text_len;

	ck_assert_uint_lt(f->text_len + len, sizeof f->text);
	for (size_t i = 0; i < len; i++)
		at[i] = data[i] == '_' ? ' ' : data[i];
	f->text_len += len;
	return (aval_text){ at, len };
}

static inline aval_term *fixture_find(struct fixture *f, aval_text path)
{
	for (size_t i = 0; i < f->input.count; i++)
		if (aval_text_equal(f->terms[i].path, path))
			return &f->terms[i];
	return NULL;
}

static inline void fixture_set(struct fixture *f, aval_text path, aval_text value)
{
	aval_term *term = fixture_find(f, path);
	size_t     at = 0;

	if (term != NULL) {
		term->value = value;
		return;
	}
	ck_assert_uint_lt(f->input.count, FIXTURE_TERMS);
	while (at < f->input.count && aval_term_path_compare(f->terms[at].path, path) < 0)
		at++;
	memmove(f->terms + at + 1, f->terms + at, (f->input.count - at) * sizeof f->terms[0]);
	f->terms[at] = (aval_term){ path, value, NULL, 0 };
	f->input.count++;
}

/* Every term whose path is this or begins with it and a "." or "/". */
static inline void fixture_remove(struct fixture *f, aval_text path)
{
	size_t kept = 0, before = f->input.count;

	for (size_t i = 0; i < f->input.count; i++) {
		aval_text p = f->terms[i].path;
		bool      below = p.len > path.len && (p.data[path.len] == '.' || p.data[path.len] == '/');

		if (p.len < path.len || memcmp(p.data, path.data, path.len) != 0 ||
		    (p.len > path.len && !below))
			f->terms[kept++] = f->terms[i];
	}
	f->input.count = kept;
	ck_assert_msg(kept < before, "the fixture has no %.*s", (int)path.len, path.data);
}

static inline void fixture_totals(struct fixture *f, const char *list, size_t len)
{
	const char *end = list + len;

	f->input.facts.tax_total_count = 0;
	while (list < end) {
		aval_tax_total *t = &f->totals[f->input.facts.tax_total_count++];
		const char     *amount = memchr(list, ':', (size_t)(end - list));
		const char     *numbers = strchr(amount + 1, ':');
		char           *rest;

		t->currency = fixture_keep(f, list, (size_t)(amount - list));
		t->amount = fixture_keep(f, amount + 1, (size_t)(numbers - amount - 1));
		t->has_amount = t->amount.len > 0;
		t->breakdown_begin = strtoul(numbers + 1, &rest, 10);
		t->breakdown_end = strtoul(rest + 1, &rest, 10);
		list = rest + 1;
	}
}

static inline void fixture_defect(struct fixture *f, aval_text path, aval_status status, size_t offset)
{
	size_t at = f->input.defect_count++;

	ck_assert_uint_lt(at, sizeof f->defects / sizeof f->defects[0]);
	for (; at > 0 && aval_term_path_compare(f->defects[at - 1].path, path) > 0; at--)
		f->defects[at] = f->defects[at - 1];
	f->defects[at] = (aval_defect){ path, status, offset, "of the fixture" };
}

/* As the import tells of it: a defect, and the value among what is not mapped, behind an attribute. */
static inline void fixture_again(struct fixture *f, aval_text path, aval_text value)
{
	size_t offset = 100 + f->input.defect_count;

	fixture_defect(f, path, AVAL_E_INVOICE_TERM_REPEATED, offset);
	f->unmapped[f->input.unmapped_count++] =
		(aval_unmapped){ path, aval_text_z("?"), AVAL_UNMAPPED_UNKNOWN, offset };
	f->unmapped[f->input.unmapped_count++] = (aval_unmapped){ path, value, AVAL_UNMAPPED_REPEATED, offset };
}

static inline void fixture_qualify(struct fixture *f, const char *edit, size_t len)
{
	const char     *at = memchr(edit, '@', len), *equals = memchr(edit, '=', len);
	aval_term      *term = fixture_find(f, fixture_keep(f, edit, (size_t)(at - edit)));
	aval_qualifier *q;

	ck_assert_ptr_nonnull(term);
	q = &f->qualifiers[term - f->terms];
	q->name = fixture_keep(f, at + 1, (size_t)(equals - at - 1));
	q->value = fixture_keep(f, equals + 1, (size_t)(edit + len - equals - 1));
	term->qualifiers = q;
	term->qualifier_count = 1;
	if (aval_text_equal_z(q->name, "currency"))
		fixture_defect(f, term->path, AVAL_E_INVOICE_TERM_VALUE, 0);
}

static inline void fixture_edit(struct fixture *f, const char *edit, size_t len)
{
	const char *equals = memchr(edit, '=', len);
	size_t      key = equals != NULL ? (size_t)(equals - edit) : len;
	aval_text value = equals != NULL ? fixture_keep(f, equals + 1, len - key - 1) : (aval_text){ NULL, 0 };

	if (edit[0] == '-')
		fixture_remove(f, fixture_keep(f, edit + 1, len - 1));
	else if (len == 3 && memcmp(edit, "cii", 3) == 0)
		f->input.syntax = AVAL_INVOICE_CII;
	else if (len == 2 && memcmp(edit, "cn", 2) == 0)
		f->input.syntax = AVAL_INVOICE_UBL_CREDIT_NOTE;
	else if (key == 5 && memcmp(edit, "today", 5) == 0)
		f->input.today = value;
	else if (key == 5 && memcmp(edit, "other", 5) == 0)
		f->other_taxes[f->input.facts.other_tax_count++] = (uint32_t)strtoul(equals + 1, NULL, 10);
	else if (key == 6 && memcmp(edit, "totals", 6) == 0)
		fixture_totals(f, equals + 1, len - 7);
	else if (len > 6 && memcmp(edit, "again:", 6) == 0)
		fixture_again(f, fixture_keep(f, edit + 6, key - 6), value);
	else if (len > 6 && memcmp(edit, "twice:", 6) == 0)
		fixture_defect(f, fixture_keep(f, edit + 6, len - 6), AVAL_E_INVOICE_TERM_REPEATED, 0);
	else if (len > 6 && memcmp(edit, "doubt:", 6) == 0)
		fixture_defect(f, fixture_keep(f, edit + 6, len - 6), AVAL_E_INVOICE_TERM_VALUE, 0);
	else if (memchr(edit, '@', len) != NULL)
		fixture_qualify(f, edit, len);
	else
		fixture_set(f, fixture_keep(f, edit, key), value);
}

static inline void fixture_edits(struct fixture *f, const char *edits)
{
	while (*edits != '\0') {
		size_t len = strcspn(edits, " ");

		if (len > 0)
			fixture_edit(f, edits, len);
		edits += len + (edits[len] == ' ');
	}
}

/* One VAT total over the whole breakdown, in the currency and with the amount that the terms say. */
static inline void fixture_default_totals(struct fixture *f)
{
	aval_term *vat = fixture_find(f, aval_text_z("BT-110"));
	aval_term *currency = fixture_find(f, aval_text_z("BT-5"));

	f->totals[0] = (aval_tax_total){ .breakdown_begin = 1,
		                         .breakdown_end = f->input.syntax == AVAL_INVOICE_CII ? 1 : 100 };
	if (currency != NULL)
		f->totals[0].currency = currency->value;
	if (vat != NULL)
		f->totals[0].amount = vat->value;
	f->totals[0].has_amount = vat != NULL;
	f->input.facts.tax_total_count = 1;
}

static inline void fixture_init(struct fixture *f, const char *edits)
{
	memset(f, 0, sizeof *f);
	f->input.syntax = AVAL_INVOICE_UBL_INVOICE;
	f->input.terms = f->terms;
	f->input.facts.tax_totals = f->totals;
	f->input.facts.other_taxes = f->other_taxes;
	f->input.facts.tax_total_count = SIZE_MAX;
	f->input.defects = f->defects;
	f->input.unmapped = f->unmapped;
	fixture_edits(f, fixture_base);
	fixture_edits(f, edits);
	if (f->input.facts.tax_total_count == SIZE_MAX)
		fixture_default_totals(f);
}

/* All findings, one a line: "RULE where: expected / found", warnings with a "~" before. */
static inline void fixture_findings(char *out, size_t size, const aval_check *check)
{
	const aval_finding *f = aval_check_findings(check);
	size_t              len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < aval_check_finding_count(check); i++, f++) {
		len += (size_t)snprintf(out + len, size - len, "%s%s%.*s %.*s: %.*s / %.*s", i > 0 ? "\n" : "",
		                        f->severity == AVAL_SEVERITY_WARNING ? "~" : "", (int)f->rule.len,
		                        f->rule.data, (int)f->where.len, f->where.data, (int)f->expected.len,
		                        f->expected.data, (int)f->found.len, f->found.data);
		ck_assert_uint_lt(len, size);
	}
}

#endif
