/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: their parts and who owns them. bundle_*.c read, write, sign and fill them. */
#include "token/bundle.h"

aval_status aval_bundle_new(aval_bundle **bundle_out, const aval_allocator *allocator, aval_error *err)
{
	aval_bundle *bundle = aval_alloc_zero(allocator, sizeof *bundle);

	if (bundle == NULL)
		return aval_fail_no_memory(err);
	bundle->allocator = allocator;
	*bundle_out = bundle;
	return AVAL_OK;
}

void aval_bundle_free(aval_bundle *bundle)
{
	const aval_allocator *allocator;

	if (bundle == NULL)
		return;
	allocator = bundle->allocator;
	for (size_t i = 0; i < bundle->event_count; i++)
		aval_free(bundle->events[i].owned, allocator);
	aval_free(bundle->events, allocator);
	aval_free(bundle->keys, allocator);
	for (size_t i = 0; i < bundle->mandate_count; i++)
		aval_free(bundle->mandates[i].owned, allocator);
	aval_free(bundle->mandates, allocator);
	for (size_t i = 0; i < bundle->certificate_count; i++)
		aval_chain_free(bundle->certificates[i].chain);
	aval_free(bundle->certificates, allocator);
	aval_free(bundle->disclosure.owned, allocator);
	aval_free(bundle->source.owned, allocator);
	aval_token_free(bundle->state);
	aval_wipe(bundle->source_key32, sizeof bundle->source_key32);
	aval_free(bundle, allocator);
}

size_t aval_bundle_event_count(const aval_bundle *bundle)
{
	return bundle->event_count;
}

const aval_event *aval_bundle_event(const aval_bundle *bundle, size_t index)
{
	return index < bundle->event_count ? &bundle->events[index].event : NULL;
}

bool aval_bundle_has_draft(const aval_bundle *bundle)
{
	return bundle->event_count > 0 &&
	       !aval_bundle_is_complete(bundle, &bundle->events[bundle->event_count - 1].event);
}

size_t aval_bundle_key_count(const aval_bundle *bundle)
{
	return bundle->key_count;
}

const aval_public_key *aval_bundle_key(const aval_bundle *bundle, size_t index)
{
	return index < bundle->key_count ? &bundle->keys[index].key : NULL;
}

size_t aval_bundle_key_index(const aval_bundle *bundle, const uint8_t thumbprint32[32])
{
	size_t begin = 0, end = bundle->key_count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (memcmp(bundle->keys[middle].thumbprint32, thumbprint32, 32) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin;
}

bool aval_bundle_key_is_at(const aval_bundle *bundle, size_t index, const uint8_t thumbprint32[32])
{
	return index < bundle->key_count && memcmp(bundle->keys[index].thumbprint32, thumbprint32, 32) == 0;
}

const aval_public_key *aval_bundle_find_key(const aval_bundle *bundle, const uint8_t thumbprint32[32])
{
	size_t index = aval_bundle_key_index(bundle, thumbprint32);

	return aval_bundle_key_is_at(bundle, index, thumbprint32) ? &bundle->keys[index].key : NULL;
}

static aval_status mark_keys(aval_bundle *bundle, const aval_bundled_event *e, aval_error *err)
{
	aval_cose_sign      sign = aval_event_cose(&e->event);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature signature;

	while (aval_cose_sign_next(&cursor, &signature, &sign)) {
		size_t index = aval_bundle_key_index(bundle, signature.kid32);

		if (!aval_bundle_key_is_at(bundle, index, signature.kid32))
			return aval_fail_at(err, AVAL_E_KEY_MISSING, e->offset + signature.offset,
			                    "bundle.keys", "the key of a signature is not in the bundle");
		bundle->keys[index].is_used = true;
	}
	return AVAL_OK;
}

aval_status aval_bundle_check_keys(aval_bundle *bundle, aval_error *err)
{
	aval_status status = AVAL_OK;

	for (size_t i = 0; i < bundle->event_count && status == AVAL_OK; i++)
		status = mark_keys(bundle, &bundle->events[i], err);
	for (size_t i = 0; i < bundle->key_count && status == AVAL_OK; i++)
		if (!bundle->keys[i].is_used)
			return aval_fail_at(err, AVAL_E_KEY_UNUSED, bundle->keys[i].offset, "bundle.keys[]",
			                    "a key that no signature uses");
	return status;
}

aval_status aval_bundle_terms(aval_issue *issue_out, const aval_bundle *bundle, aval_error *err)
{
	if (bundle->event_count == 0)
		return aval_fail(err, AVAL_E_BUNDLE_FORMAT, "bundle.events", "the bundle has no event");
	return aval_event_issue(issue_out, &bundle->events[0].event, err);
}

aval_status aval_bundle_disclosure(aval_disclosure *disclosure_out, const aval_bundle *bundle, aval_error *err)
{
	aval_issue  issue;
	aval_bytes  data = bundle->disclosure.bytes;
	aval_status status;

	if (data.data == NULL)
		return aval_fail(err, AVAL_E_NOT_FOUND, "bundle.disclosures", "the bundle discloses nothing");
	status = aval_bundle_terms(&issue, bundle, err);
	if (status == AVAL_OK)
		status = aval_disclosure_verify(disclosure_out, data.data, data.len, issue.commitment32, err);
	if (status != AVAL_OK)
		aval_bundle_shift(err, bundle->disclosure.offset);
	return status;
}

aval_bytes aval_bundle_source(const aval_bundle *bundle)
{
	return bundle->source.bytes;
}

void aval_bundle_shift(aval_error *err, size_t offset)
{
	if (err != NULL)
		err->offset = offset == AVAL_NO_OFFSET || err->offset == AVAL_NO_OFFSET ? offset
		                                                                        : offset + err->offset;
}

aval_status aval_bundle_set_blob(const aval_bundle *bundle, aval_bundle_blob *blob, const uint8_t *data,
                                 size_t len, aval_error *err)
{
	uint8_t *copy = NULL;

	if (len > 0) {
		copy = aval_alloc(bundle->allocator, len);
		if (copy == NULL)
			return aval_fail_no_memory(err);
		memcpy(copy, data, len);
	}
	aval_free(blob->owned, bundle->allocator);
	*blob = (aval_bundle_blob){ { copy, len }, copy, AVAL_NO_OFFSET };
	return AVAL_OK;
}

aval_status aval_bundle_set_disclosure(aval_bundle *bundle, const uint8_t *data, size_t len, aval_error *err)
{
	aval_disclosure disclosure;
	aval_issue      issue;
	aval_status     status = aval_bundle_terms(&issue, bundle, err);

	if (status == AVAL_OK && len > 0)
		status = aval_disclosure_verify(&disclosure, data, len, issue.commitment32, err);
	return status == AVAL_OK ? aval_bundle_set_blob(bundle, &bundle->disclosure, data, len, err) : status;
}
