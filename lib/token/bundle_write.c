/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a bundle: docs/spec/bundle.md#bun-format. */
#include "token/bundle.h"

static void write_events(aval_cbor_writer *w, const aval_bundle *b)
{
	aval_cbor_write_uint(w, AVAL_BUNDLE_EVENTS);
	aval_cbor_write_array(w, b->event_count);
	for (size_t i = 0; i < b->event_count; i++)
		aval_cbor_write_bytes(w, b->events[i].event.envelope.data, b->events[i].event.envelope.len);
}

static aval_status write_keys(aval_cbor_writer *w, const aval_bundle *b, aval_error *err)
{
	aval_cbor_write_uint(w, AVAL_BUNDLE_KEYS);
	aval_cbor_write_array(w, b->key_count);
	for (size_t i = 0; i < b->key_count; i++) {
		uint8_t     key[AVAL_PUBLIC_KEY_MAX_LEN];
		size_t      len = sizeof key;
		aval_status status = aval_public_key_serialize(key, &len, &b->keys[i].key, err);

		if (status != AVAL_OK)
			return status;
		aval_cbor_write_raw(w, key, len);
	}
	return AVAL_OK;
}

static void write_disclosure(aval_cbor_writer *w, const aval_bundle *b, const uint8_t commitment32[32])
{
	if (b->disclosure.bytes.data == NULL)
		return;
	aval_cbor_write_uint(w, AVAL_BUNDLE_DISCLOSURES);
	aval_cbor_write_array(w, 1);
	aval_cbor_write_array(w, 2);
	aval_cbor_write_bytes(w, commitment32, 32);
	aval_cbor_write_bytes(w, b->disclosure.bytes.data, b->disclosure.bytes.len);
}

static void write_source(aval_cbor_writer *w, const aval_bundle *b)
{
	if (b->source.bytes.data == NULL)
		return;
	aval_cbor_write_uint(w, AVAL_BUNDLE_SOURCE);
	aval_cbor_write_array(w, 2);
	aval_cbor_write_bytes(w, b->source_key32, sizeof b->source_key32);
	aval_cbor_write_bytes(w, b->source.bytes.data, b->source.bytes.len);
}

static void write_mandates(aval_cbor_writer *w, const aval_bundle *b)
{
	if (b->mandate_count == 0)
		return;
	aval_cbor_write_uint(w, AVAL_BUNDLE_MANDATES);
	aval_cbor_write_array(w, b->mandate_count);
	for (size_t i = 0; i < b->mandate_count; i++)
		aval_cbor_write_bytes(w, b->mandates[i].mandate.envelope.data, b->mandates[i].mandate.envelope.len);
}

static void write_certificates(aval_cbor_writer *w, const aval_bundle *b)
{
	if (b->certificate_count == 0)
		return;
	aval_cbor_write_uint(w, AVAL_BUNDLE_CERTIFICATES);
	aval_cbor_write_array(w, b->certificate_count);
	for (size_t i = 0; i < b->certificate_count; i++) {
		aval_bytes der = aval_bundle_certificate(b, i);

		aval_cbor_write_bytes(w, der.data, der.len);
	}
}

static aval_status write_bundle(aval_cbor_writer *w, const aval_bundle *b, const uint8_t commitment32[32],
                                aval_error *err)
{
	size_t      sections = 2u + (b->disclosure.bytes.data != NULL) + (b->source.bytes.data != NULL) +
	                       (b->mandate_count > 0) + (b->certificate_count > 0);
	aval_status status;

	aval_cbor_write_array(w, 3);
	aval_cbor_write_text_z(w, AVAL_BUNDLE_NAME);
	aval_cbor_write_uint(w, AVAL_BUNDLE_VERSION);
	aval_cbor_write_map(w, sections);
	write_events(w, b);
	status = write_keys(w, b, err);
	write_disclosure(w, b, commitment32);
	write_source(w, b);
	write_mandates(w, b);
	write_certificates(w, b);
	return status;
}

aval_status aval_bundle_serialize(uint8_t *out, size_t *len_inout, const aval_bundle *bundle, aval_error *err)
{
	aval_issue       issue;
	aval_cbor_writer w;
	size_t           need;
	aval_status      status = aval_bundle_terms(&issue, bundle, err);

	if (status != AVAL_OK)
		return status;
	if (bundle->events[bundle->event_count - 1].event.signature_count == 0)
		return aval_fail(err, AVAL_E_SIGNER_MISSING, "bundle.events[]",
		                 "nobody has signed the draft yet");
	status = aval_bundle_check_certificates(bundle, err);
	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, NULL, 0);
	status = write_bundle(&w, bundle, issue.commitment32, err);
	if (status != AVAL_OK)
		return status;
	(void)aval_cbor_writer_finish(&w, &need, NULL);
	if (need > AVAL_BUNDLE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "bundle", "longer than AVAL_BUNDLE_MAX_LEN");
	if (out == NULL || *len_inout < need) {
		*len_inout = need;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "bundle", "the bundle needs more room");
	}
	aval_cbor_writer_init(&w, out, need);
	status = write_bundle(&w, bundle, issue.commitment32, err);
	return status == AVAL_OK ? aval_cbor_writer_finish(&w, len_inout, err) : status;
}
