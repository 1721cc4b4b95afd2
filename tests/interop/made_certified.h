/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_MADE_CERTIFIED_H
#define AVAL_TESTS_MADE_CERTIFIED_H

/* Tokens whose debtor is a company that a certificate proves; each variant is a row of a table there. */

#include "make_bundles.h"

void make_certified(made *m, const test_world *w, int variant);

/* The year of the certificates of chains.json, in which their policies judge. */
#define CERTIFIED_AT_MS    (INT64_C(1780272000) * 1000) /* 2026-06-01 */
#define CERTIFIED_BEGIN_MS (INT64_C(1735689600) * 1000) /* 2025-01-01, their notBefore */
#define CERTIFIED_END_MS   (INT64_C(1830297600) * 1000) /* 2028-01-01, a second after their notAfter */
#define CERTIFIED_STALE_MS (INT64_C(1782864000) * 1000) /* 2026-07-01, the nextUpdate of their CRLs */

enum {
	CERTIFIED_P256,
	CERTIFIED_K1,
	CERTIFIED_P384,
	CERTIFIED_RSA,
	CERTIFIED_OWN_KEY,
	CERTIFIED_ROOT_BESIDE,
	CERTIFIED_INTERMEDIATE_MISSING,
	CERTIFIED_OTHER_LEI,
	CERTIFIED_OTHER_SCHEME,
	CERTIFIED_SIGNATURE,
	CERTIFIED_LEAF_MISSING,
	CERTIFIED_UNUSED,
	CERTIFIED_DESCEND,
	CERTIFIED_TWICE,
	CERTIFIED_CUT,
	CERTIFIED_EMPTY,
	CERTIFIED_COUNT
};

#endif /* AVAL_TESTS_MADE_CERTIFIED_H */
