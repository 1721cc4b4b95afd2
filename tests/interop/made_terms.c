/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens over terms of our choice: each rule of docs/spec/bundle.md#ver-terms with its nearest neighbours. */
#include "made_terms.h"

/* Ascending by path, as a commitment wants them. */
static size_t list_terms(aval_term *terms, aval_qualifier *qualifier, const made_terms *t)
{
	size_t count = 0;

	terms[count++] = (aval_term){ { "BT-1", 4 }, { "EC-2030-0117", 12 }, NULL, 0 };
	if (t->type != NULL)
		terms[count++] = (aval_term){ { "BT-3", 4 }, aval_text_z(t->type), NULL, 0 };
	if (t->currency != NULL)
		terms[count++] = (aval_term){ { "BT-5", 4 }, aval_text_z(t->currency), NULL, 0 };
	if (t->due != NULL)
		terms[count++] = (aval_term){ { "BT-9", 4 }, aval_text_z(t->due), NULL, 0 };
	if (t->amount != NULL)
		terms[count++] = (aval_term){ { "BT-115", 6 }, aval_text_z(t->amount), NULL, 0 };
	if (t->amount_currency != NULL) {
		*qualifier = (aval_qualifier){ { "currency", 8 }, aval_text_z(t->amount_currency) };
		terms[count - 1].qualifiers = qualifier;
		terms[count - 1].qualifier_count = 1;
	}
	return count;
}

static void issue(aval_bundle *b, const test_world *w, const made_terms *t, const aval_commitment *commitment)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;
	uint8_t            payload[2048];
	size_t             len = sizeof payload;

	options.times = t_times();
	options.registry = aval_text_z(T_REGISTRY);
	options.issue.face_minor = t->face_minor;
	options.issue.currency = aval_text_z(t->face_currency);
	options.issue.due_date = aval_text_z("2030-03-16");
	options.issue.due_mark = t->mark;
	options.issue.supplier = t_party(w, T_SUPPLIER);
	options.issue.debtor = t_party(w, T_DEBTOR);
	aval_commitment_hash(options.issue.commitment32, commitment);
	t_ok(aval_issue_build(payload, &len, &options, err));
	t_ok(aval_bundle_append(b, payload, len, err));
	t_sign(b, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
}

static void disclose(aval_bundle *b, const made_terms *t, const aval_commitment *commitment)
{
	static const char *const all[] = { "BT-3", "BT-5", "BT-9", "BT-115" };
	aval_text                paths[4];
	size_t                   count = 0, len = 4096;
	uint8_t                  data[4096];

	for (size_t i = 0; i < 4; i++)
		if (t->hidden == NULL || strcmp(t->hidden, all[i]) != 0)
			paths[count++] = aval_text_z(all[i]);
	t_ok(aval_commitment_disclose(data, &len, commitment, paths, count, err));
	t_ok(aval_bundle_set_disclosure(b, data, len, err));
}

void make_of_terms(made *m, const test_world *w, const made_terms *t)
{
	aval_term        terms[5];
	aval_qualifier   qualifier;
	size_t           count = list_terms(terms, &qualifier, t);
	aval_commitment *commitment = NULL;
	aval_bundle     *b = NULL;

	t_ok(aval_commitment_new_from_terms(&commitment, terms, count, w->seed32, NULL, err));
	t_ok(aval_bundle_new(&b, NULL, err));
	issue(b, w, t, commitment);
	disclose(b, t, commitment);
	if (t->is_accepted) {
		t_draft_accept(b, 0, true);
		t_sign(b, w, AVAL_ROLE_DEBTOR, T_DEBTOR);
	}
	m->blob = t_serialize(b);
	aval_bundle_free(b);
	aval_commitment_free(commitment);
}

#define BASE                                                                                           \
	.type = "380", .currency = "EUR", .due = "2030-03-16", .amount = "100.5", .face_minor = 10050, \
	.face_currency = "EUR"

/* In the order of enum made_terms_id. */
static const made_terms rows[] = {
	[TERMS_AGREE] = { BASE },
	[TERMS_FACE_BELOW] = { BASE, .face_minor = 1 },
	[TERMS_FACE_ABOVE] = { BASE, .face_minor = 10051 },
	[TERMS_FACTORED] = { BASE, .type = "393" },
	[TERMS_CREDIT_381] = { BASE, .type = "381" },
	[TERMS_CREDIT_396] = { BASE, .type = "396" },
	[TERMS_PRO_FORMA] = { BASE, .type = "325" },
	[TERMS_TYPE_UNKNOWN] = { BASE, .type = "999" },
	[TERMS_TYPE_ABSENT] = { BASE, .type = NULL },
	[TERMS_TYPE_HIDDEN] = { BASE, .hidden = "BT-3" },
	[TERMS_CURRENCY_OTHER] = { BASE, .currency = "USD" },
	[TERMS_CURRENCY_ABSENT] = { BASE, .currency = NULL },
	[TERMS_CURRENCY_HIDDEN] = { BASE, .hidden = "BT-5" },
	[TERMS_CURRENCY_NO_UNIT] = { BASE, .currency = "XAU", .face_currency = "XAU" },
	[TERMS_YEN] = { BASE, .currency = "JPY", .amount = "100", .face_minor = 100, .face_currency = "JPY" },
	[TERMS_YEN_ABOVE] = { BASE, .currency = "JPY", .amount = "100", .face_minor = 101,
	                      .face_currency = "JPY" },
	[TERMS_YEN_FINER] = { BASE, .currency = "JPY", .amount = "100.5", .face_minor = 100,
	                      .face_currency = "JPY" },
	[TERMS_RIAL] = { BASE, .currency = "OMR", .amount = "0.001", .face_minor = 1, .face_currency = "OMR" },
	[TERMS_AMOUNT_FINER] = { BASE, .amount = "100.501" },
	[TERMS_AMOUNT_ZEROS] = { BASE, .amount = "100.5000" },
	[TERMS_AMOUNT_NO_NUMBER] = { BASE, .amount = "1e3" },
	[TERMS_AMOUNT_NEGATIVE] = { BASE, .amount = "-100.5" },
	[TERMS_AMOUNT_MAX] = { BASE, .amount = "92233720368547758.07", .face_minor = INT64_MAX },
	[TERMS_AMOUNT_TOO_LARGE] = { BASE, .amount = "92233720368547758.08", .face_minor = INT64_MAX },
	[TERMS_AMOUNT_CURRENCY] = { BASE, .amount_currency = "EUR" },
	[TERMS_AMOUNT_CURRENCY_OTHER] = { BASE, .amount_currency = "USD" },
	[TERMS_AMOUNT_ABSENT] = { BASE, .amount = NULL },
	[TERMS_AMOUNT_HIDDEN] = { BASE, .hidden = "BT-115" },
	[TERMS_DUE_OTHER] = { BASE, .due = "2030-03-17" },
	[TERMS_DUE_ABSENT] = { BASE, .due = NULL },
	[TERMS_DUE_EMPTY] = { BASE, .due = "" },
	[TERMS_DUE_HIDDEN] = { BASE, .hidden = "BT-9" },
	[TERMS_AGREED_ACCEPTED] = { BASE, .due = NULL, .mark = AVAL_DUE_AGREED, .is_accepted = true },
	[TERMS_AGREED_EMPTY] = { BASE, .due = "", .mark = AVAL_DUE_AGREED, .is_accepted = true },
	[TERMS_AGREED_OPEN] = { BASE, .due = NULL, .mark = AVAL_DUE_AGREED },
	[TERMS_AGREED_GIVEN] = { BASE, .mark = AVAL_DUE_AGREED, .is_accepted = true },
	[TERMS_AGREED_HIDDEN] = { BASE, .due = NULL, .mark = AVAL_DUE_AGREED, .is_accepted = true,
	                          .hidden = "BT-9" },
	[TERMS_FAIL_OUTWEIGHS] = { BASE, .face_minor = 10051, .hidden = "BT-3" },
};

void make_terms(made *m, const test_world *w, int variant)
{
	make_of_terms(m, w, &rows[variant]);
}
