/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_ANCESTRY_H
#define AVAL_LIB_ANCESTRY_H

/*
 * What the file verified before left behind, for one that begins with the same events: notes of one token have their
 * ancestors in common. What is equal byte for byte is taken over instead of being read, replayed and verified again,
 * with the same outcome. Everything borrows from the bytes of the earlier files, which must be there still.
 */

#include "token/bundle.h"
#include "token/verified.h"

#define AVAL_ANCESTRY_STATES 16 /* along one branch */

typedef struct aval_ancestry {
	const aval_allocator *allocator;
	aval_bundle          *bundle;      /* of the file before; NULL if there is none */
	size_t                verified;    /* its leading events whose signatures are all valid */
	size_t                established; /* and are by whom they say, who may sign, by the policy alone */
	aval_disclosure       disclosure;
	bool                  has_disclosure; /* it opens the commitment */
	bool                  has_terms;      /* and agrees with ISSUE, if the token is_accepted or is not */
	bool                  is_accepted;
	struct {
		size_t      events; /* that lead there */
		aval_token *token;
	} states[AVAL_ANCESTRY_STATES]; /* ascending */
	size_t             state_count;
	aval_batch_at_hand batch;  /* of whichever files came last */
	aval_claims       *claims; /* where signatures wait to be verified; NULL: they do not */
} aval_ancestry;

void aval_ancestry_init(aval_ancestry *ancestry, aval_claims *claims, const aval_allocator *allocator);
void aval_ancestry_clear(aval_ancestry *ancestry); /* it may be used again */

/* How many leading events of a bundle are those of the file before; 0 for a NULL ancestry. */
size_t aval_ancestry_shared(const aval_ancestry *ancestry, const aval_bundle *bundle);

/* As aval_bundle_replay_at(). */
aval_status aval_ancestry_replay(aval_token **token_out, aval_ancestry *ancestry, const aval_bundle *bundle,
                                 const aval_allocator *allocator, size_t *index_out, aval_error *err);

/* Whether a bundle shows the very disclosure of the file before, of the same invoice. */
bool aval_ancestry_has_disclosure(const aval_ancestry *ancestry, const aval_bundle *bundle);

#endif /* AVAL_LIB_ANCESTRY_H */
