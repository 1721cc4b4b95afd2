/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mandates of a bundle, and what follows from them: how many keys must sign for a party, which keys may. Who
 * stands behind a mandate is asked when the bundle is verified, not here: docs/spec/mandate.md#man-complete.
 */
#include "identity/identity.h"
#include "token/bundle.h"

bool aval_mandate_is_grant_to(const aval_mandate *mandate, const aval_event *event, aval_text party)
{
	return mandate->kind == AVAL_MANDATE_GRANT && aval_text_equal(mandate->party, party) &&
	       aval_text_equal(mandate->registry, event->registry);
}

aval_status aval_bundle_push_mandate(aval_bundle *bundle, const aval_mandate *mandate, uint8_t *owned, size_t offset,
                                     aval_error *err)
{
	aval_bundled_mandate *mandates = aval_grow(bundle->mandates, &bundle->mandate_room, bundle->mandate_count,
	                                           sizeof *mandates, bundle->allocator);

	if (mandates == NULL)
		return aval_fail_no_memory(err);
	bundle->mandates = mandates;
	mandates[bundle->mandate_count++] = (aval_bundled_mandate){ *mandate, owned, offset, false, false };
	return AVAL_OK;
}

static void mark_signer(aval_bundle *bundle, const aval_event *event, aval_text party)
{
	for (size_t i = 0; i < bundle->mandate_count; i++) {
		aval_bundled_mandate *m = &bundle->mandates[i];

		if (!aval_text_equal(m->mandate.party, party))
			continue;
		m->is_known = true;
		m->is_used = m->is_used || aval_text_equal(m->mandate.registry, event->registry);
	}
}

/* Event by event, so that each list of signers is read once. */
static void mark_used(aval_bundle *bundle)
{
	for (size_t i = 0; i < bundle->event_count; i++) {
		aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
		aval_event_signer signer;

		while (aval_event_next_signer(&signer, &cursor, &bundle->events[i].event))
			mark_signer(bundle, &bundle->events[i].event, signer.party);
	}
}

/* The index of a mandate, or where it would stand; the last one may be out of place. */
static size_t find_id(const aval_bundle *bundle, size_t count, const uint8_t id32[32])
{
	size_t begin = 0, end = count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (memcmp(bundle->mandates[middle].mandate.id32, id32, 32) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin;
}

static bool has_grant_of(const aval_bundle *bundle, size_t count, const aval_mandate *revocation)
{
	size_t              index = find_id(bundle, count, revocation->mandate32);
	const aval_mandate *grant = index < count ? &bundle->mandates[index].mandate : NULL;

	return grant != NULL && memcmp(grant->id32, revocation->mandate32, 32) == 0 &&
	       grant->kind == AVAL_MANDATE_GRANT && aval_text_equal(grant->party, revocation->party) &&
	       aval_text_equal(grant->registry, revocation->registry);
}

static aval_status check_use(const aval_bundle *bundle, size_t count, const aval_bundled_mandate *m, aval_error *err)
{
	if (!m->is_known)
		return aval_fail_at(err, AVAL_E_MANDATE_UNUSED, m->offset, "bundle.mandates[].party",
		                    "no event asks the mandate's party to sign");
	if (!m->is_used)
		return aval_fail_at(err, AVAL_E_MANDATE_REGISTRY, m->offset, "bundle.mandates[].registry",
		                    "the mandate is for another registry");
	if (m->mandate.kind == AVAL_MANDATE_REVOCATION && !has_grant_of(bundle, count, &m->mandate))
		return aval_fail_at(err, AVAL_E_MANDATE_UNUSED, m->offset, "bundle.mandates[].mandate",
		                    "the grant that is revoked is not there");
	return AVAL_OK;
}

aval_status aval_bundle_check_mandates(aval_bundle *bundle, aval_error *err)
{
	aval_status status = AVAL_OK;

	mark_used(bundle);
	for (size_t i = 0; i < bundle->mandate_count && status == AVAL_OK; i++)
		status = check_use(bundle, bundle->mandate_count, &bundle->mandates[i], err);
	return status;
}

/* The new one stands last until it is known to be of use, then moves to its place. */
static aval_status insert(aval_bundle *bundle, const aval_mandate *mandate, uint8_t *owned, aval_error *err)
{
	size_t               count = bundle->mandate_count;
	size_t               index = find_id(bundle, count, mandate->id32);
	aval_bundled_mandate added;
	aval_status          status = aval_bundle_push_mandate(bundle, mandate, owned, AVAL_NO_OFFSET, err);

	if (status != AVAL_OK)
		return status;
	mark_used(bundle);
	added = bundle->mandates[count];
	status = check_use(bundle, count, &added, err);
	if (status != AVAL_OK) {
		bundle->mandate_count = count;
		return status;
	}
	memmove(bundle->mandates + index + 1, bundle->mandates + index, (count - index) * sizeof added);
	bundle->mandates[index] = added;
	/* The last event may wait for signatures now. */
	aval_token_free(bundle->state);
	bundle->state = NULL;
	return AVAL_OK;
}

static bool has_mandate(const aval_bundle *bundle, const uint8_t id32[32])
{
	size_t index = find_id(bundle, bundle->mandate_count, id32);

	return index < bundle->mandate_count && memcmp(bundle->mandates[index].mandate.id32, id32, 32) == 0;
}

static aval_status add_copy(aval_bundle *bundle, uint8_t *copy, size_t len, bool *is_kept_out, aval_error *err)
{
	aval_mandate mandate;
	aval_status  status = aval_mandate_parse(&mandate, copy, len, err);

	*is_kept_out = false;
	if (status != AVAL_OK || has_mandate(bundle, mandate.id32))
		return status;
	if (bundle->mandate_count >= AVAL_BUNDLE_MAX_MANDATES)
		return aval_fail(err, AVAL_E_LIMIT, "bundle.mandates", "more than AVAL_BUNDLE_MAX_MANDATES");
	status = insert(bundle, &mandate, copy, err);
	*is_kept_out = status == AVAL_OK;
	return status;
}

aval_status aval_bundle_add_mandate(aval_bundle *bundle, const uint8_t *mandate, size_t len, aval_error *err)
{
	uint8_t    *copy;
	bool        is_kept;
	aval_status status;

	if (len == 0 || len > AVAL_MANDATE_MAX_LEN)
		return aval_mandate_parse(&(aval_mandate){ 0 }, mandate, len, err);
	copy = aval_alloc(bundle->allocator, len);
	if (copy == NULL)
		return aval_fail_no_memory(err);
	memcpy(copy, mandate, len);
	status = add_copy(bundle, copy, len, &is_kept, err);
	if (!is_kept)
		aval_free(copy, bundle->allocator);
	return status;
}

size_t aval_bundle_mandate_count(const aval_bundle *bundle)
{
	return bundle->mandate_count;
}

const aval_mandate *aval_bundle_mandate(const aval_bundle *bundle, size_t index)
{
	return index < bundle->mandate_count ? &bundle->mandates[index].mandate : NULL;
}

static bool is_by(const aval_cose_signature *s, const aval_event_signer *signer)
{
	return s->signer.role == (uint64_t)signer->role && aval_text_equal(s->signer.party, signer->party);
}

/* Signatures of a signer, and how many of their keys a grant lists; no grant: none of them. */
static size_t count_signatures(size_t *listed_out, const aval_event *event, const aval_event_signer *signer,
                               const aval_mandate *grant)
{
	aval_cose_sign      sign = aval_event_cose(event);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	size_t              count = 0, listed = 0;

	while (aval_cose_sign_next(&cursor, &s, &sign)) {
		if (!is_by(&s, signer))
			continue;
		count++;
		listed += grant != NULL && aval_mandate_has_key(grant, s.kid32);
	}
	*listed_out = listed;
	return count;
}

/* The key that a party's id is, and that alone, needs nobody beside it. */
static bool is_own_key(const aval_event *event, const aval_event_signer *signer)
{
	aval_cose_sign      sign = aval_event_cose(event);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	while (aval_party_has_key(signer->party) && aval_cose_sign_next(&cursor, &s, &sign))
		if (is_by(&s, signer))
			return aval_party_is_key(signer->party, s.kid32);
	return false;
}

static bool is_in_force(const aval_bundle *bundle, const aval_mandate *grant, int64_t at_ms)
{
	if (at_ms < grant->valid_from_ms || at_ms >= grant->valid_until_ms)
		return false;
	for (size_t i = 0; i < bundle->mandate_count; i++)
		if (aval_mandate_check_ended(grant, &bundle->mandates[i].mandate, at_ms, NULL) != AVAL_OK)
			return false;
	return true;
}

static void take_smaller(size_t *least, size_t value)
{
	if (*least == 0 || value < *least)
		*least = value;
}

/* The least threshold of the grants that list every key which signed; those in force when it was signed count first. */
static size_t threshold_of(const aval_bundle *bundle, const aval_event *event, const aval_event_signer *signer)
{
	size_t any = 0, in_force = 0, listed;

	for (size_t i = 0; i < bundle->mandate_count; i++) {
		const aval_mandate *grant = &bundle->mandates[i].mandate;

		if (!aval_mandate_is_grant_to(grant, event, signer->party) ||
		    count_signatures(&listed, event, signer, grant) != listed)
			continue;
		take_smaller(&any, grant->threshold);
		if (is_in_force(bundle, grant, event->claimed_ms))
			take_smaller(&in_force, grant->threshold);
	}
	return in_force != 0 ? in_force : any != 0 ? any : 1;
}

static size_t needed(const aval_bundle *bundle, const aval_event *event, const aval_event_signer *signer, size_t count)
{
	if (count == 1 && is_own_key(event, signer))
		return 1;
	return threshold_of(bundle, event, signer);
}

bool aval_bundle_is_complete(const aval_bundle *bundle, const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	size_t            listed;

	if (!aval_event_is_complete(event))
		return false;
	while (bundle->mandate_count > 0 && aval_event_next_signer(&signer, &cursor, event)) {
		size_t count = count_signatures(&listed, event, &signer, NULL);

		if (count < needed(bundle, event, &signer, count))
			return false;
	}
	return true;
}

bool aval_bundle_next_signer(aval_bundle_signer *signer_out, aval_event_cursor *cursor_inout, const aval_bundle *bundle,
                             size_t index)
{
	const aval_event *event = aval_bundle_event(bundle, index);
	size_t            listed;

	if (event == NULL || !aval_event_next_signer(&signer_out->signer, cursor_inout, event))
		return false;
	signer_out->signed_count = count_signatures(&listed, event, &signer_out->signer, NULL);
	signer_out->needed_count = needed(bundle, event, &signer_out->signer, signer_out->signed_count);
	return true;
}

/* Whether one grant lists the key and all that signed before. */
static bool is_listed_with(const aval_bundle *bundle, const aval_event *event, const aval_event_signer *as,
                           const uint8_t thumbprint32[32], bool *has_grant_out)
{
	size_t listed;

	*has_grant_out = false;
	for (size_t i = 0; i < bundle->mandate_count; i++) {
		const aval_mandate *grant = &bundle->mandates[i].mandate;

		if (!aval_mandate_is_grant_to(grant, event, as->party))
			continue;
		*has_grant_out = true;
		if (aval_mandate_has_key(grant, thumbprint32) && count_signatures(&listed, event, as, grant) == listed)
			return true;
	}
	return false;
}

aval_status aval_bundle_check_signer(const aval_bundle *bundle, const aval_event *event, const aval_event_signer *as,
                                     const uint8_t thumbprint32[32], aval_error *err)
{
	size_t listed, count = count_signatures(&listed, event, as, NULL);
	bool   has_grant, is_own = count == 0 && aval_party_is_key(as->party, thumbprint32);
	bool   is_listed = is_listed_with(bundle, event, as, thumbprint32, &has_grant);

	if (is_own || !aval_event_has_signer(event, as->role, as->party.data, as->party.len))
		return AVAL_OK; /* or refused by whoever signs the event */
	if (aval_party_has_key(as->party) && !has_grant && !aval_party_is_key(as->party, thumbprint32))
		return aval_fail(err, AVAL_E_SIGNER_KEY, "signer.key", "the party is that of another key");
	if (!is_listed && (count > 0 || aval_party_has_key(as->party)) && has_grant)
		return aval_fail(err, AVAL_E_MANDATE_KEY, "signer.key", "no mandate of the party lists the key");
	if (is_listed && count >= needed(bundle, event, as, count) && count > 0)
		return aval_fail(err, AVAL_E_MANDATE_THRESHOLD, "mandate.threshold",
		                 "as many keys have signed as the mandate asks for");
	return AVAL_OK;
}
