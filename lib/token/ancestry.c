/* SPDX-License-Identifier: Apache-2.0 */
/* States along the branch that the file before stands on; docs/spec/bundle.md#ver-portfolio. */
#include "token/ancestry.h"

void aval_ancestry_init(aval_ancestry *ancestry, aval_claims *claims, const aval_allocator *allocator)
{
	*ancestry = (aval_ancestry){ .claims = claims, .allocator = allocator };
}

static void forget_states(aval_ancestry *ancestry, size_t events)
{
	while (ancestry->state_count > 0 && ancestry->states[ancestry->state_count - 1].events > events)
		aval_token_free(ancestry->states[--ancestry->state_count].token);
}

void aval_ancestry_clear(aval_ancestry *ancestry)
{
	forget_states(ancestry, 0);
	aval_bundle_free(ancestry->bundle);
	aval_ancestry_init(ancestry, ancestry->claims, ancestry->allocator);
}

size_t aval_ancestry_shared(const aval_ancestry *ancestry, const aval_bundle *bundle)
{
	return ancestry == NULL ? 0 : bundle->shared_count;
}

/* Keep a copy of a state; where there is no room the branch is replayed from the one before. */
static aval_status keep_state(aval_ancestry *ancestry, size_t events, const aval_token *token, aval_error *err)
{
	aval_token *copy;
	aval_status status;

	if (ancestry->state_count == AVAL_ANCESTRY_STATES)
		return AVAL_OK;
	status = aval_token_copy(&copy, token, ancestry->allocator, err);
	if (status != AVAL_OK)
		return status;
	ancestry->states[ancestry->state_count].events = events;
	ancestry->states[ancestry->state_count++].token = copy;
	return AVAL_OK;
}

/* The state after the events that are shared. */
static aval_status shared_state(aval_token **token_out, aval_ancestry *ancestry, const aval_bundle *bundle,
                                size_t shared, const aval_allocator *allocator, size_t *index_out, aval_error *err)
{
	size_t      begin = 0;
	aval_status status = AVAL_OK;

	*token_out = NULL;
	if (ancestry->state_count > 0) {
		begin = ancestry->states[ancestry->state_count - 1].events;
		status = aval_token_copy(token_out, ancestry->states[ancestry->state_count - 1].token, allocator, err);
	}
	if (status != AVAL_OK || begin == shared)
		return status;
	status = aval_bundle_replay_on(token_out, bundle, begin, shared, allocator, index_out, err);
	return status == AVAL_OK ? keep_state(ancestry, shared, *token_out, err) : status;
}

aval_status aval_ancestry_replay(aval_token **token_out, aval_ancestry *ancestry, const aval_bundle *bundle,
                                 const aval_allocator *allocator, size_t *index_out, aval_error *err)
{
	size_t      count = bundle->event_count - (aval_bundle_has_draft(bundle) ? 1 : 0);
	size_t      shared = aval_ancestry_shared(ancestry, bundle);
	aval_token *token = NULL;
	aval_status status = AVAL_OK;

	if (shared > count)
		shared = count;
	if (ancestry != NULL)
		forget_states(ancestry, shared);
	if (shared > 0)
		status = shared_state(&token, ancestry, bundle, shared, allocator, index_out, err);
	if (status == AVAL_OK)
		status = aval_bundle_replay_on(&token, bundle, shared, count, allocator, index_out, err);
	if (status == AVAL_OK)
		*token_out = token;
	else
		aval_token_free(token);
	return status;
}

bool aval_ancestry_has_disclosure(const aval_ancestry *ancestry, const aval_bundle *bundle)
{
	aval_bytes a, b;

	/* The first event is ISSUE, which names the commitment. */
	if (aval_ancestry_shared(ancestry, bundle) == 0 || !ancestry->has_disclosure)
		return false;
	a = ancestry->bundle->disclosure.bytes;
	b = bundle->disclosure.bytes;
	return a.len == b.len && b.len > 0 && memcmp(a.data, b.data, a.len) == 0;
}
