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
	const char *anchors,
		*crls; /* of the policy: objects of chains.json, parted by spaces; NULL: no certificates */
	const char *crl_mode; /* "required", "if-present", "ignored" */
} made_case;

const made_case *made_cases(size_t *count_out);

/* made_terms.c: tokens over terms of our choice. variant is the index of a row there. */
void make_terms(made *m, const test_world *w, int variant);

/* The bytes of an object of chains.json, to be freed; the next name of a list. */
uint8_t *made_object(size_t *len_out, const char *name);
bool     made_next_name(const char **at, char name_out[100]);

/* Where bytes stand in the bundle; put the parts together, and tell where the part that decides begins (NULL:
 * none). */
size_t made_find(const test_blob *blob, aval_bytes bytes);
void   made_finish(made *m, const test_parts *p, const aval_bytes *decides);

#define TRUST_ALL "supplier,debtor,factor"

#endif /* AVAL_TESTS_MAKE_BUNDLES_H */
