/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_INVOICE_PATH_H
#define AVAL_LIB_INVOICE_PATH_H

#include <aval/invoice.h>

/* The order of aval_term_path_compare() over paths that are taken apart. */
int aval_term_path_order(const aval_term_path *a, const aval_term_path *b);

#endif /* AVAL_LIB_INVOICE_PATH_H */
