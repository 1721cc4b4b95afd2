/* SPDX-License-Identifier: Apache-2.0 */
/* The row parties: whether seller and buyer of the invoice are supplier and debtor (docs/spec/bundle.md#ver-parties). */
#include "identity/chain.h"
#include "token/verify.h"

/* The terms that name one side of an invoice. */
typedef struct side {
	const char *id; /* BT-29 repeats, BT-46 does not */
	bool        is_repeatable;
	const char *legal;
	const char *vat;
	const char *where;
} side;

static const side seller = { "BT-29", true, "BT-30", "BT-31", "event.issue.supplier" };
static const side buyer = { "BT-46", false, "BT-47", "BT-48", "event.issue.debtor" };

typedef struct shown_terms {
	aval_term_lookup lookup;
	const void      *from;
} shown_terms;

/* What the terms of one kind say of an id. */
typedef enum found {
	FOUND_HIDDEN,    /* nothing of its kind is shown, or not all that may be */
	FOUND_DIFFERENT, /* something else */
	FOUND_EQUAL
} found;

/* EQUAL outranks DIFFERENT, and that HIDDEN; of an id that nobody has two of, DIFFERENT outranks all. */
static found join(found a, found b, bool is_unique)
{
	if (is_unique && (a == FOUND_DIFFERENT || b == FOUND_DIFFERENT))
		return FOUND_DIFFERENT;
	return a > b ? a : b;
}

static found compare_value(const aval_shown *shown, aval_text value)
{
	if (shown->how != AVAL_SHOWN_VALUE)
		return FOUND_HIDDEN;
	return aval_text_equal(shown->value, value) ? FOUND_EQUAL : FOUND_DIFFERENT;
}

static found compare_schemed(const aval_shown *shown, aval_text scheme, aval_text value)
{
	return aval_text_equal(shown->scheme, scheme) ? compare_value(shown, value) : FOUND_HIDDEN;
}

enum { MAX_IDS = 99 };

/* "BT-29.7"; n is below 100. */
static void put_path(char out[16], const char *id, unsigned n)
{
	size_t len = strlen(id);

	memcpy(out, id, len);
	out[len++] = '.';
	if (n > 9)
		out[len++] = (char)('0' + n / 10);
	out[len++] = (char)('0' + n % 10);
	out[len] = '\0';
}

/* A seller has as many ids as he likes; another one says nothing as long as one may be hidden, unless it is an LEI. */
static found compare_ids(const side *s, const shown_terms *terms, aval_text scheme, aval_text value, bool is_unique)
{
	found best = FOUND_HIDDEN;
	bool  is_hidden = false;
	char  path[16];

	for (unsigned i = 1; i <= MAX_IDS; i++) {
		aval_shown shown;

		put_path(path, s->id, i);
		shown = terms->lookup(terms->from, path);
		if (shown.how == AVAL_SHOWN_ABSENT)
			break;
		is_hidden = is_hidden || shown.how == AVAL_SHOWN_NOT;
		best = join(best, compare_schemed(&shown, scheme, value), is_unique);
	}
	return best == FOUND_DIFFERENT && is_hidden && !is_unique ? FOUND_HIDDEN : best;
}

static found compare_iso6523(const side *s, const shown_terms *terms, aval_text scheme, aval_text value, bool is_unique)
{
	aval_shown legal = terms->lookup(terms->from, s->legal), id;
	found      by_legal = compare_schemed(&legal, scheme, value);

	if (s->is_repeatable)
		return join(by_legal, compare_ids(s, terms, scheme, value, is_unique), is_unique);
	id = terms->lookup(terms->from, s->id);
	return join(by_legal, compare_schemed(&id, scheme, value), is_unique);
}

/* Only a text that is such a code says that it is another one. */
static found compare_uscc_in(const aval_shown *shown, aval_text code)
{
	char  party[AVAL_PARTY_MAX_LEN];
	found result = compare_value(shown, code);

	if (result != FOUND_DIFFERENT || shown->value.len != code.len)
		return result == FOUND_DIFFERENT ? FOUND_HIDDEN : result;
	memcpy(party, "uscc:", 5);
	memcpy(party + 5, shown->value.data, code.len);
	return aval_party_check(NULL, party, 5 + code.len, NULL) == AVAL_OK ? FOUND_DIFFERENT : FOUND_HIDDEN;
}

static found compare_uscc(const side *s, const shown_terms *terms, aval_text code)
{
	aval_shown legal = terms->lookup(terms->from, s->legal), vat = terms->lookup(terms->from, s->vat);

	return join(compare_uscc_in(&legal, code), compare_uscc_in(&vat, code), true);
}

static aval_text behind(aval_text text, size_t len)
{
	return (aval_text){ text.data + len, text.len - len };
}

static found compare_id(const side *s, const shown_terms *terms, aval_text party)
{
	aval_party_scheme scheme = AVAL_PARTY_KEY;
	aval_status       status = aval_party_check(&scheme, party.data, party.len, NULL);
	aval_shown        vat;

	(void)status; /* reading has checked it */
	switch (scheme) {
	case AVAL_PARTY_KEY:
		return FOUND_HIDDEN;
	case AVAL_PARTY_LEI:
		return compare_iso6523(s, terms, aval_text_z("0199"), behind(party, 4), true);
	case AVAL_PARTY_VAT:
		vat = terms->lookup(terms->from, s->vat);
		return compare_value(&vat, behind(party, 4));
	case AVAL_PARTY_ISO6523:
		return compare_iso6523(s, terms, (aval_text){ party.data + 8, 4 }, behind(party, 13), false);
	case AVAL_PARTY_USCC:
		return compare_uscc(s, terms, behind(party, 5));
	}
	return FOUND_HIDDEN;
}

/* Every id of a party that is known must not contradict the invoice, and one must be there. */
typedef struct comparison {
	bool is_equal, is_different;
} comparison;

static void compare(comparison *c, const side *s, const shown_terms *terms, aval_text party)
{
	found result = compare_id(s, terms, party);

	c->is_equal = c->is_equal || result == FOUND_EQUAL;
	c->is_different = c->is_different || result == FOUND_DIFFERENT;
}

/* What the policy says of a key. */
static void compare_known(comparison *c, const aval_report *report, const side *s, const shown_terms *terms,
                          aval_text party)
{
	size_t count = report->policy == NULL ? 0 : aval_policy_trusted_key_count(report->policy);

	for (size_t i = 0; i < count; i++) {
		aval_trusted_key key = aval_policy_trusted_key(report->policy, i);

		if (key.party.len > 0 && aval_party_is_key(party, key.thumbprint32))
			compare(c, s, terms, key.party);
	}
}

/* What a certificate that proves the party proves besides. */
static void compare_certified(comparison *c, const aval_report *report, const side *s, const shown_terms *terms,
                              aval_text party)
{
	for (size_t i = 0; i < report->bundle->certificate_count; i++) {
		const aval_chain *chain = report->bundle->certificates[i].chain;
		aval_text         id;

		if ((report->good_certificates >> i & 1) == 0 ||
		    aval_chain_check_party(chain, party.data, party.len, NULL) != AVAL_OK)
			continue;
		for (size_t k = 0; (id = aval_chain_party(NULL, chain, k)).len != 0; k++)
			compare(c, s, terms, id);
	}
}

static comparison compare_side(const aval_report *report, const side *s, const shown_terms *terms, aval_text party)
{
	comparison c = { false, false };

	compare(&c, s, terms, party);
	compare_known(&c, report, s, terms, party);
	compare_certified(&c, report, s, terms, party);
	return c;
}

static void tell(aval_report *report, const side *s, aval_text party, const comparison *c)
{
	aval_report_row *row = aval_report_row_at(report, AVAL_CHECK_PARTIES);
	aval_error       why = AVAL_ERROR_INIT;

	why.where = s->where;
	why.status = c->is_different ? AVAL_E_PARTY_OTHER : AVAL_E_NOT_FOUND;
	why.reason = c->is_different ? "the invoice names another party"
	                             : "the invoice does not show an id of the party";
	aval_report_fail(report, AVAL_CHECK_PARTIES, &why);
	if (!c->is_different)
		row->verdict = AVAL_VERDICT_NOT_CHECKED;
	row->party = party;
}

static void judge(aval_report *report, const shown_terms *terms, const aval_issue *issue)
{
	comparison supplier = compare_side(report, &seller, terms, issue->supplier);
	comparison debtor = compare_side(report, &buyer, terms, issue->debtor);

	if (supplier.is_different)
		tell(report, &seller, issue->supplier, &supplier);
	else if (debtor.is_different)
		tell(report, &buyer, issue->debtor, &debtor);
	else if (!supplier.is_equal)
		tell(report, &seller, issue->supplier, &supplier);
	else if (!debtor.is_equal)
		tell(report, &buyer, issue->debtor, &debtor);
	else
		aval_report_pass(report, AVAL_CHECK_PARTIES);
}

void aval_judge_parties(aval_report *report, const aval_issue *issue, aval_term_lookup lookup, const void *from)
{
	shown_terms terms = { lookup, from };

	if (aval_report_passed(report, AVAL_CHECK_DISCLOSURE))
		judge(report, &terms, issue);
	else
		aval_report_skip(report, AVAL_CHECK_PARTIES, AVAL_E_NOT_FOUND, "bundle.disclosures",
		                 "no term is shown and proven");
}
