/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_MADE_TERMS_H
#define AVAL_TESTS_MADE_TERMS_H

#include "make_bundles.h"

/* A token and the terms that its bundle shows; NULL is a term that the invoice lacks. */
typedef struct made_terms {
	const char   *type, *currency, *due, *amount;
	const char   *amount_currency; /* qualifier of the amount; NULL is none */
	int64_t       face_minor;
	const char   *face_currency;
	aval_due_mark mark;
	const char   *hidden; /* the path that is not shown; NULL is none */
	bool          is_accepted;
} made_terms;

void make_of_terms(made *m, const test_world *w, const made_terms *terms);

enum made_terms_id {
	TERMS_AGREE,
	TERMS_FACE_BELOW,
	TERMS_FACE_ABOVE,
	TERMS_FACTORED,
	TERMS_CREDIT_381,
	TERMS_CREDIT_396,
	TERMS_PRO_FORMA,
	TERMS_TYPE_UNKNOWN,
	TERMS_TYPE_ABSENT,
	TERMS_TYPE_HIDDEN,
	TERMS_CURRENCY_OTHER,
	TERMS_CURRENCY_ABSENT,
	TERMS_CURRENCY_HIDDEN,
	TERMS_CURRENCY_NO_UNIT,
	TERMS_YEN,
	TERMS_YEN_ABOVE,
	TERMS_YEN_FINER,
	TERMS_RIAL,
	TERMS_AMOUNT_FINER,
	TERMS_AMOUNT_ZEROS,
	TERMS_AMOUNT_NO_NUMBER,
	TERMS_AMOUNT_NEGATIVE,
	TERMS_AMOUNT_MAX,
	TERMS_AMOUNT_TOO_LARGE,
	TERMS_AMOUNT_CURRENCY,
	TERMS_AMOUNT_CURRENCY_OTHER,
	TERMS_AMOUNT_ABSENT,
	TERMS_AMOUNT_HIDDEN,
	TERMS_DUE_OTHER,
	TERMS_DUE_ABSENT,
	TERMS_DUE_EMPTY,
	TERMS_DUE_HIDDEN,
	TERMS_AGREED_ACCEPTED,
	TERMS_AGREED_EMPTY,
	TERMS_AGREED_OPEN,
	TERMS_AGREED_GIVEN,
	TERMS_AGREED_HIDDEN,
	TERMS_FAIL_OUTWEIGHS
};

#endif /* AVAL_TESTS_MADE_TERMS_H */
