/* SPDX-License-Identifier: Apache-2.0 */
/* Growing a bundle by one event: the state before it, the draft, its signatures. */
#include "token/bundle.h"

aval_status aval_bundle_check_event(const aval_token *state, const aval_event *event,
                                    const aval_allocator *allocator, aval_error *err)
{
	aval_token *token = NULL;
	aval_status status;

	if (state != NULL)
		return aval_token_check(state, event, AVAL_TIME_NONE, err);
	status = aval_token_new(&token, event, AVAL_TIME_NONE, allocator, err);
	aval_token_free(token);
	return status;
}

static aval_status apply(aval_token **token_inout, const aval_event *event, const aval_allocator *allocator,
                         aval_error *err)
{
	if (*token_inout == NULL)
		return aval_token_new(token_inout, event, AVAL_TIME_NONE, allocator, err);
	return aval_token_apply(*token_inout, event, AVAL_TIME_NONE, err);
}

aval_status aval_bundle_replay_on(aval_token **token_inout, const aval_bundle *bundle, size_t begin, size_t end,
                                  const aval_allocator *allocator, size_t *index_out, aval_error *err)
{
	for (size_t i = begin; i < end; i++) {
		aval_status status = apply(token_inout, &bundle->events[i].event, allocator, err);

		if (status == AVAL_OK)
			continue;
		aval_token_free(*token_inout);
		*token_inout = NULL;
		*index_out = i;
		return status;
	}
	return AVAL_OK;
}

aval_status aval_bundle_replay_at(aval_token **token_out, const aval_bundle *bundle,
                                  const aval_allocator *allocator, size_t *index_out, aval_error *err)
{
	aval_token *token = NULL;
	size_t      count = bundle->event_count - (aval_bundle_has_draft(bundle) ? 1 : 0);
	aval_status status = aval_bundle_replay_on(&token, bundle, 0, count, allocator, index_out, err);

	if (status == AVAL_OK)
		*token_out = token;
	return status;
}

aval_status aval_bundle_replay(aval_token **token_out, const aval_bundle *bundle,
                               const aval_allocator *allocator, aval_error *err)
{
	aval_token *token;
	size_t      index;
	aval_status status = aval_bundle_replay_at(&token, bundle, allocator, &index, err);

	if (status != AVAL_OK) {
		if (err != NULL)
			err->offset = bundle->events[index].offset;
		return status;
	}
	if (token == NULL)
		return aval_fail(err, AVAL_E_TOKEN_DRAFT, "bundle.events", "no event is complete");
	*token_out = token;
	return AVAL_OK;
}

static aval_status need_state(aval_bundle *bundle, aval_error *err)
{
	size_t index;

	return bundle->state != NULL
	               ? AVAL_OK
	               : aval_bundle_replay_at(&bundle->state, bundle, bundle->allocator, &index, err);
}

static aval_status push_event(aval_bundle *bundle, const aval_event *event, uint8_t *owned, aval_error *err)
{
	aval_bundled_event *events = aval_grow(bundle->events, &bundle->event_room, bundle->event_count,
	                                       sizeof *events, bundle->allocator);

	if (events == NULL)
		return aval_fail_no_memory(err);
	bundle->events = events;
	events[bundle->event_count++] = (aval_bundled_event){ *event, owned, AVAL_NO_OFFSET };
	return AVAL_OK;
}

static aval_status append_copy(aval_bundle *bundle, uint8_t *copy, size_t len, aval_error *err)
{
	aval_event  event;
	aval_status status = aval_event_parse_payload(&event, copy, len, err);

	if (status != AVAL_OK)
		return status;
	if (bundle->event_count == 0 && event.type != AVAL_EVENT_ISSUE)
		return aval_fail(err, AVAL_E_BUNDLE_FORMAT, "bundle.events[]", "the first event is ISSUE");
	status = need_state(bundle, err);
	if (status == AVAL_OK)
		status = aval_bundle_check_event(bundle->state, &event, bundle->allocator, err);
	return status == AVAL_OK ? push_event(bundle, &event, copy, err) : status;
}

aval_status aval_bundle_append(aval_bundle *bundle, const uint8_t *payload, size_t len, aval_error *err)
{
	uint8_t    *copy;
	aval_status status;

	if (aval_bundle_has_draft(bundle))
		return aval_fail(err, AVAL_E_TOKEN_DRAFT, "bundle.events[]",
		                 "the bundle ends in a draft already");
	if (len == 0 || len > AVAL_EVENT_MAX_LEN)
		return aval_event_parse_payload(&(aval_event){ 0 }, payload, len, err);
	copy = aval_alloc(bundle->allocator, len);
	if (copy == NULL)
		return aval_fail_no_memory(err);
	memcpy(copy, payload, len);
	status = append_copy(bundle, copy, len, err);
	if (status != AVAL_OK)
		aval_free(copy, bundle->allocator);
	return status;
}

aval_status aval_bundle_prepare_key(aval_bundle *bundle, const aval_public_key *key,
                                    const uint8_t thumbprint32[32], aval_error *err)
{
	size_t            index = aval_bundle_key_index(bundle, thumbprint32);
	aval_bundled_key *keys;

	if (aval_bundle_key_is_at(bundle, index, thumbprint32)) {
		if (aval_public_key_alg(&bundle->keys[index].key) != aval_public_key_alg(key))
			return aval_fail(err, AVAL_E_COSE_ORDER, "bundle.keys[]",
			                 "the key is in the bundle for another algorithm");
		return AVAL_OK;
	}
	keys = aval_grow(bundle->keys, &bundle->key_room, bundle->key_count, sizeof *keys, bundle->allocator);
	if (keys == NULL)
		return aval_fail_no_memory(err);
	bundle->keys = keys;
	return AVAL_OK;
}

void aval_bundle_put_key(aval_bundle *bundle, const aval_public_key *key, const uint8_t thumbprint32[32])
{
	size_t            index = aval_bundle_key_index(bundle, thumbprint32);
	aval_bundled_key *at = bundle->keys + index;

	if (aval_bundle_key_is_at(bundle, index, thumbprint32))
		return;
	memmove(at + 1, at, (bundle->key_count - index) * sizeof *at);
	*at = (aval_bundled_key){ *key, { 0 }, { NULL, 0 }, AVAL_NO_OFFSET, true };
	memcpy(at->thumbprint32, thumbprint32, 32);
	bundle->key_count++;
}

/* The draft with one signature more, in memory of its own. */
static aval_status sign_event(uint8_t **envelope_out, size_t *len_out, const aval_bundle *bundle,
                              const aval_event *event, aval_role role, aval_text party,
                              const aval_signer *signer, aval_error *err)
{
	size_t      len = 0;
	uint8_t    *envelope;
	aval_error  why = AVAL_ERROR_INIT;
	aval_status status = aval_event_sign(NULL, &len, event, role, party.data, party.len, signer,
	                                     bundle->allocator, &why);

	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return aval_fail_full(err, why.status, why.offset, why.where, why.reason, why.cause);
	envelope = aval_alloc(bundle->allocator, len);
	if (envelope == NULL)
		return aval_fail_no_memory(err);
	status = aval_event_sign(envelope, &len, event, role, party.data, party.len, signer, bundle->allocator,
	                         err);
	if (status != AVAL_OK) {
		aval_free(envelope, bundle->allocator);
		return status;
	}
	*envelope_out = envelope;
	*len_out = len;
	return AVAL_OK;
}

/* Take the signed draft in. Only the state may be out of memory, and it comes first. */
static aval_status replace_draft(aval_bundle *bundle, uint8_t *envelope, size_t len, aval_error *err)
{
	aval_bundled_event *draft = &bundle->events[bundle->event_count - 1];
	aval_event          event;
	aval_status         status = aval_event_parse(&event, envelope, len, err);

	if (status == AVAL_OK && aval_bundle_is_complete(bundle, &event))
		status = apply(&bundle->state, &event, bundle->allocator, err);
	if (status != AVAL_OK)
		return status;
	aval_free(draft->owned, bundle->allocator);
	*draft = (aval_bundled_event){ event, envelope, AVAL_NO_OFFSET };
	return AVAL_OK;
}

aval_status aval_bundle_check_draft(aval_bundle *bundle, aval_error *err)
{
	aval_status status;

	if (!aval_bundle_has_draft(bundle))
		return aval_fail(err, AVAL_E_TOKEN_DRAFT, "bundle.events[]",
		                 "the bundle does not end in a draft");
	status = need_state(bundle, err);
	if (status != AVAL_OK)
		return status;
	return aval_bundle_check_event(bundle->state, &bundle->events[bundle->event_count - 1].event,
	                               bundle->allocator, err);
}

aval_status aval_bundle_sign(aval_bundle *bundle, aval_role role, const char *party, size_t party_len,
                             const aval_signer *signer, aval_error *err)
{
	aval_event_signer as = { role, { party, party_len } };
	const aval_event *draft;
	uint8_t           thumbprint32[32];
	uint8_t          *envelope = NULL;
	size_t            len = 0;
	aval_status       status = aval_bundle_check_draft(bundle, err);

	if (status != AVAL_OK)
		return status;
	draft = &bundle->events[bundle->event_count - 1].event;
	aval_public_key_thumbprint(thumbprint32, &signer->key);
	status = aval_bundle_check_signer(bundle, draft, &as, thumbprint32, err);
	if (status == AVAL_OK)
		status = aval_bundle_prepare_key(bundle, &signer->key, thumbprint32, err);
	if (status == AVAL_OK)
		status = sign_event(&envelope, &len, bundle, draft, role, as.party, signer, err);
	if (status != AVAL_OK)
		return status;
	status = replace_draft(bundle, envelope, len, err);
	if (status != AVAL_OK)
		aval_free(envelope, bundle->allocator);
	else
		aval_bundle_put_key(bundle, &signer->key, thumbprint32);
	return status;
}
