/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_CT_PATHS_H
#define AVAL_TESTS_CT_PATHS_H

#include <stdbool.h>

#include <aval/key.h>

/* A case, which fails if it did not do what it should or if memcheck reported anything since the last one. */
void ct_report(const char *name, bool result);

/* Gives secret bytes. */
extern const aval_entropy ct_entropy;

/* ct_endorser.c: the secret keys of certificates. */
void ct_endorser_paths(void);

#endif /* AVAL_TESTS_CT_PATHS_H */
