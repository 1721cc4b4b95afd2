/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_PATH_H
#define AVAL_LIB_INVOICE_PATH_H

#include <aval/invoice.h>

/* The order of aval_term_path_compare() over paths that are taken apart. */
int aval_term_path_order(const aval_term_path *a, const aval_term_path *b);

/* What aval_term_path_is_known() asks, of a path that is taken apart; a failure has offset 0. */
bool aval_term_path_is_mapped(const aval_term_path *path, aval_error *err);

#endif /* AVAL_LIB_INVOICE_PATH_H */
