/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events, as bare payloads and as envelopes. A payload that is read is written again from its parts to the same
 * bytes; an ISSUE makes a token if, and only if, its signers are the right ones. An envelope that is read has
 * the id of its payload, as many signatures missing as signers have none, and no signature that verifies under
 * no keys.
 */
#include <string.h>

#include "base/base.h"
#include "fuzz.h"
#include "token/payload.h"
#include "token/token.h"

enum { OUT_CAP = 1 << 17 };

static void check_error(aval_status status, const aval_error *err, size_t size)
{
	FUZZ_REQUIRE(err->status == status && err->reason[0] != '\0' && err->where[0] != '\0');
	FUZZ_REQUIRE(err->offset == AVAL_NO_OFFSET || err->offset <= size);
}

static void write_again(const aval_event *event)
{
	static aval_event_signer signers[AVAL_EVENT_MAX_SIGNERS];
	static uint8_t           inputs[AVAL_EVENT_MAX_INPUTS][32];
	static aval_output       outputs[AVAL_EVENT_MAX_OUTPUTS];
	static uint8_t           out[OUT_CAP];
	aval_content             x = { *event, signers, inputs[0], outputs };
	aval_event_cursor        at_signer = AVAL_EVENT_CURSOR_INIT, at_output = AVAL_EVENT_CURSOR_INIT;
	size_t                   len = sizeof out;

	for (size_t i = 0; i < event->signer_count; i++)
		FUZZ_REQUIRE(aval_event_next_signer(&signers[i], &at_signer, event));
	for (size_t i = 0; i < event->input_count; i++)
		memcpy(inputs[i], aval_event_input(event, i), 32);
	for (size_t i = 0; i < event->output_count; i++)
		FUZZ_REQUIRE(aval_event_next_output(&outputs[i], &at_output, event));
	FUZZ_REQUIRE(!aval_event_next_signer(&signers[0], &at_signer, event));
	FUZZ_REQUIRE(!aval_event_next_output(&outputs[0], &at_output, event));
	FUZZ_REQUIRE(aval_payload_write(out, &len, &x, NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == event->payload.len && memcmp(out, event->payload.data, len) == 0);
}

static void issue(const aval_event *event)
{
	aval_token *token = NULL;
	aval_issue  said;
	aval_note   note;
	aval_status status = aval_token_new(&token, event, AVAL_TIME_NONE, NULL, NULL);

	if (event->type != AVAL_EVENT_ISSUE) {
		FUZZ_REQUIRE(status == AVAL_E_TOKEN_STATUS);
		return;
	}
	FUZZ_REQUIRE(aval_event_issue(&said, event, NULL) == AVAL_OK);
	FUZZ_REQUIRE(
		(status == AVAL_OK) ==
		(event->signer_count == 1 &&
	         (aval_event_has_signer(event, AVAL_ROLE_SUPPLIER, said.supplier.data, said.supplier.len) ||
	          aval_event_has_signer(event, AVAL_ROLE_DEBTOR, said.debtor.data, said.debtor.len))));
	if (status != AVAL_OK)
		return;
	FUZZ_REQUIRE(aval_token_note(&note, token, 0, NULL) == AVAL_OK && note.is_live);
	FUZZ_REQUIRE(note.begin_minor == 0 && note.end_minor == said.face_minor);
	FUZZ_REQUIRE(aval_token_apply(token, event, AVAL_TIME_NONE, NULL) == AVAL_E_TOKEN_DUPLICATE_EVENT);
	aval_token_free(token);
}

static void fuzz_payload(const uint8_t *data, size_t size)
{
	aval_event  event;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_event_parse_payload(&event, data, size, &err);

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		return;
	}
	FUZZ_REQUIRE(aval_cbor_validate(data, size, NULL) == AVAL_OK);
	write_again(&event);
	issue(&event);
}

static void fuzz_envelope(const uint8_t *data, size_t size)
{
	aval_event_cursor    cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature s;
	aval_event_signer    missing;
	aval_event           event, bare;
	aval_error           err = AVAL_ERROR_INIT;
	aval_status          status = aval_event_parse(&event, data, size, &err);
	size_t               count = 0;

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		return;
	}
	FUZZ_REQUIRE(aval_event_parse_payload(&bare, event.payload.data, event.payload.len, NULL) == AVAL_OK);
	FUZZ_REQUIRE(memcmp(bare.id32, event.id32, 32) == 0);
	for (; aval_event_next_signature(&s, &cursor, &event); count++) {
		FUZZ_REQUIRE(s.offset < size && data[s.offset] == 0x83);
		FUZZ_REQUIRE(
			aval_event_has_signer(&event, s.signer.role, s.signer.party.data, s.signer.party.len));
	}
	FUZZ_REQUIRE(count == event.signature_count && count > 0);
	cursor = (aval_event_cursor)AVAL_EVENT_CURSOR_INIT;
	for (count = 0; aval_event_next_missing(&missing, &cursor, &event); count++)
		FUZZ_REQUIRE(count < event.signer_count);
	FUZZ_REQUIRE(count < event.signer_count && aval_event_is_complete(&event) == (count == 0));
	FUZZ_REQUIRE(aval_event_verify_signatures(&event, NULL, 0, NULL) == AVAL_E_KEY_MISSING);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_payload(data, size);
	fuzz_envelope(data, size);
	return 0;
}
