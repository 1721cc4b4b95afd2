/* SPDX-License-Identifier: Apache-2.0 */
/* Signed events: a COSE_Sign whose signatures are bound to the roles and parties that its payload asks for. */
#include <aval/event.h>

#include "identity/identity.h"
#include "token/token.h"

aval_cose_sign aval_event_cose(const aval_event *event)
{
	return (aval_cose_sign){
		.body = { event->body_protected, event->payload },
		.typ = aval_text_z(AVAL_EVENT_TYP),
		.signatures = event->internal.signatures,
		.signature_count = event->signature_count,
		.signatures_offset = event->internal.signatures_offset,
	};
}

/* The index of a signer among those that the event asks for; false if it is none of them. */
static bool find_signer(size_t *index_out, const aval_event *event, uint64_t role, aval_text party)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;

	while (aval_event_next_signer(&signer, &cursor, event)) {
		if ((uint64_t)signer.role != role || !aval_text_equal(signer.party, party))
			continue;
		*index_out = cursor.index - 1;
		return true;
	}
	return false;
}

static aval_status bind_signature(aval_event *event, const aval_cose_signature *s, aval_error *err)
{
	size_t index;

	if (!find_signer(&index, event, s->signer.role, s->signer.party))
		return aval_fail_at(err, AVAL_E_SIGNER_UNEXPECTED, s->offset, "signature.signer",
		                    "a signature by a role and party that is not asked for");
	event->internal.signed_by[index / 64] |= UINT64_C(1) << index % 64;
	return AVAL_OK;
}

static aval_status bind_signatures(aval_event *event, const aval_cose_sign *sign, aval_error *err)
{
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	event->signature_count = sign->signature_count;
	event->internal.signatures = sign->signatures;
	event->internal.signatures_offset = sign->signatures_offset;
	while (aval_cose_sign_next(&cursor, &s, sign)) {
		aval_status status = bind_signature(event, &s, err);

		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

/* Offsets of the payload's failures count from its own begin. */
static aval_status read_payload(aval_event *event, const aval_cose_sign *sign, const uint8_t *envelope,
                                aval_error *err)
{
	aval_error  inner = AVAL_ERROR_INIT;
	aval_status status = aval_event_read(event, sign->body.header, sign->body.payload, &inner);

	if (status == AVAL_OK)
		return AVAL_OK;
	if (inner.offset != AVAL_NO_OFFSET)
		inner.offset += (size_t)(sign->body.payload.data - envelope);
	return aval_fail_at(err, status, inner.offset, inner.where, inner.reason);
}

aval_status aval_event_parse(aval_event *event_out, const uint8_t *envelope, size_t len, aval_error *err)
{
	aval_cose_sign sign;
	aval_event     event;
	aval_status    status;

	if (len > AVAL_EVENT_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "event", "the envelope is longer than AVAL_EVENT_MAX_LEN");
	status = aval_cose_sign_parse(&sign, envelope, len, AVAL_EVENT_TYP, err);
	if (status == AVAL_OK)
		status = read_payload(&event, &sign, envelope, err);
	if (status == AVAL_OK)
		status = bind_signatures(&event, &sign, err);
	if (status != AVAL_OK)
		return status;
	event.envelope = (aval_bytes){ envelope, len };
	*event_out = event;
	return AVAL_OK;
}

bool aval_event_next_signature(aval_event_signature *signature_out, aval_event_cursor *cursor_inout,
                               const aval_event *event)
{
	aval_cose_sign      sign = aval_event_cose(event);
	aval_cose_cursor    cursor = { cursor_inout->offset };
	aval_cose_signature s;

	if (!aval_cose_sign_next(&cursor, &s, &sign))
		return false;
	*cursor_inout = (aval_event_cursor){ cursor_inout->index + 1, cursor.offset };
	signature_out->signer = (aval_event_signer){ (aval_role)s.signer.role, s.signer.party };
	signature_out->alg = s.algorithm->alg;
	signature_out->is_batch = s.is_batch;
	memcpy(signature_out->kid32, s.kid32, 32);
	signature_out->offset = s.offset;
	return true;
}

static const aval_public_key *find_key(const aval_public_key *keys, size_t key_count, const uint8_t kid32[32])
{
	size_t low = 0, high = key_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int    order = memcmp(aval_key_data_of(&keys[middle])->thumbprint32, kid32, 32);

		if (order == 0)
			return &keys[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

aval_status aval_event_verify_once(const aval_memory *memory, const aval_event *event, const aval_public_key *keys,
                                   size_t key_count, aval_error *err)
{
	aval_cose_sign      sign = aval_event_cose(event);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	while (aval_cose_sign_next(&cursor, &s, &sign)) {
		const aval_public_key *key = find_key(keys, key_count, s.kid32);
		aval_status            status;

		if (key == NULL)
			return aval_fail_at(err, AVAL_E_KEY_MISSING, s.offset, "signature.kid",
			                    "no key with that thumbprint is at hand");
		status = aval_cose_verify_once(memory, &sign.body, &s, key, err);
		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

aval_status aval_event_verify_signatures(const aval_event *event, const aval_public_key *keys, size_t key_count,
                                         aval_error *err)
{
	const aval_memory none = { NULL, NULL, NULL };

	return aval_event_verify_once(&none, event, keys, key_count, err);
}

aval_status aval_event_check_signer(const aval_event *event, const aval_cose_signer *as, aval_error *err)
{
	size_t index;

	if (!find_signer(&index, event, as->role, as->party))
		return aval_fail(err, AVAL_E_SIGNER_UNEXPECTED, "event.signers",
		                 "the event does not ask the party to sign in that role");
	return AVAL_OK;
}

static aval_status sign_event(uint8_t *out, size_t *len_inout, const aval_event *event,
                              const aval_cose_signer *as, const aval_signer *signer,
                              const aval_allocator *allocator, aval_error *err)
{
	aval_cose_sign sign = aval_event_cose(event);

	if (event->signature_count == 0)
		return aval_cose_sign_new(out, len_inout, AVAL_EVENT_TYP, event->payload, as, signer, allocator,
		                          err);
	return aval_cose_sign_add(out, len_inout, &sign, as, signer, allocator, err);
}

aval_status aval_event_sign(uint8_t *envelope_out, size_t *len_inout, const aval_event *event, aval_role role,
                            const char *party, size_t party_len, const aval_signer *signer,
                            const aval_allocator *allocator, aval_error *err)
{
	aval_cose_signer as = { (uint64_t)role, { party, party_len } };
	aval_error       inner = AVAL_ERROR_INIT;
	aval_status      status = aval_signer_check(signer, err);
	size_t           need = 0;

	if (status == AVAL_OK)
		status = aval_event_check_signer(event, &as, err);
	if (status != AVAL_OK)
		return status;
	status = sign_event(NULL, &need, event, &as, signer, allocator, &inner);
	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return aval_fail_at(err, status, inner.offset, inner.where, inner.reason);
	if (need > AVAL_EVENT_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "event",
		                 "the envelope would be longer than AVAL_EVENT_MAX_LEN");
	return sign_event(envelope_out, len_inout, event, &as, signer, allocator, err);
}
