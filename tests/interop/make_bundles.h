/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_MAKE_BUNDLES_H
#define AVAL_TESTS_MAKE_BUNDLES_H

/* The cases of tests/vectors/bundle-verify.json: how each is made and what is expected of it. */

#include "../unit/bundle_fixture.h"

typedef struct made {
	test_blob blob;
	size_t    offset; /* of the row that decides; AVAL_NO_OFFSET if it has none */
} made;

typedef struct made_case {
	const char *id;
	const char *comment;
	void (*make)(made *m, const test_world *w, int variant);
	int         variant;
	const char *trust;   /* "supplier,debtor=lei:...,lei=stranger" */
	const char *without; /* names of checks */
	const char *result;
	const char *verdicts; /* a letter a check: p pass, f fail, - not checked */
	const char *row; /* the check that decides: the first that failed, else the first required that lacks */
	aval_status status; /* of that row; AVAL_OK where the result is valid */
	int64_t     at_ms;  /* of the policy; 0 is none */
} made_case;

const made_case *made_cases(size_t *count_out);

/* made_terms.c: tokens over terms of our choice. variant is the index of a row there. */
void make_terms(made *m, const test_world *w, int variant);

/* Where bytes stand in the bundle; put the parts together, and tell where the part that decides begins (NULL:
 * none). */
size_t made_find(const test_blob *blob, aval_bytes bytes);
void   made_finish(made *m, const test_parts *p, const aval_bytes *decides);

#define TRUST_ALL "supplier,debtor,factor"

#endif /* AVAL_TESTS_MAKE_BUNDLES_H */
