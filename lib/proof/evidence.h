/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_EVIDENCE_H
#define AVAL_LIB_EVIDENCE_H

/* Evidence: what verification reports step by step. */

#include <aval/evidence.h>

#include "base/base.h"

#define AVAL_EVIDENCE_NAME    "aval/evidence"
#define AVAL_EVIDENCE_VERSION 1

/* That both checkpoints are the log's and signed by its key. */
aval_status aval_evidence_check_signatures(const aval_evidence *evidence, aval_error *err);

/* That the two contradict each other. */
aval_status aval_evidence_check_contradiction(const aval_evidence *evidence, aval_error *err);

/* The same of what is not encoded yet; leaves are NULL for checkpoints of one size. */
aval_status aval_evidence_check_claim(const aval_checkpoint *first, const aval_checkpoint *second,
                                      uint64_t index, const aval_evidence_leaf *first_leaf,
                                      const aval_evidence_leaf *second_leaf, aval_error *err);

/* Whether two checkpoints stand in the order of the format. */
bool aval_evidence_in_order(const aval_checkpoint *first, const aval_checkpoint *second);

#endif /* AVAL_LIB_EVIDENCE_H */
