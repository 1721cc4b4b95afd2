/* SPDX-License-Identifier: Apache-2.0 */
/* Events as views over their bytes: reading one, and walking over its parts. */
#include <aval/event.h>

#include "base/base.h"
#include "hash/hash.h"
#include "token/table.h"
#include "token/token.h"

/* A note id as an item: its head and its bytes. */
enum { INPUT_HEAD = 2, INPUT_LEN = 34 };

static void absorb(const uint8_t *data, size_t len, void *ctx)
{
	aval_sha256_update(ctx, data, len);
}

/* TH("aval/event", [body protected header, payload]) */
static void hash_event(uint8_t id32_out[32], aval_bytes body_protected, aval_bytes payload)
{
	aval_cbor_writer w;
	aval_sha256_ctx  ctx;

	aval_tagged_init(&ctx, &aval_tag_event);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_cbor_write_array(&w, 2);
	aval_cbor_write_bytes(&w, body_protected.data, body_protected.len);
	aval_cbor_write_bytes(&w, payload.data, payload.len);
	aval_sha256_finish(&ctx, id32_out);
}

/* TH("aval/note", [event id, output index]) */
void aval_note_id(uint8_t note32_out[32], const uint8_t event32[32], uint32_t index)
{
	aval_cbor_writer w;
	aval_sha256_ctx  ctx;

	aval_tagged_init(&ctx, &aval_tag_note);
	aval_cbor_writer_init_sink(&w, absorb, &ctx);
	aval_cbor_write_array(&w, 2);
	aval_cbor_write_bytes(&w, event32, 32);
	aval_cbor_write_uint(&w, index);
	aval_sha256_finish(&ctx, note32_out);
}

aval_status aval_event_read(aval_event *event_out, aval_bytes body_protected, aval_bytes payload,
                            aval_error *err)
{
	aval_content x = { 0 };
	aval_codec   c;
	aval_status  status;

	if (payload.len > AVAL_EVENT_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "event", "the payload is longer than AVAL_EVENT_MAX_LEN");
	aval_codec_read(&c, "event", payload.data, payload.len);
	aval_code_payload(&c, &x);
	status = aval_codec_read_end(&c, err);
	if (status != AVAL_OK)
		return status;
	x.event.body_protected = body_protected;
	x.event.payload = payload;
	hash_event(x.event.id32, body_protected, payload);
	*event_out = x.event;
	return AVAL_OK;
}

/* Parsed payloads of bare payloads and of envelopes have the same header. */
aval_status aval_event_parse_payload(aval_event *event_out, const uint8_t *payload, size_t len, aval_error *err)
{
	return aval_event_read(event_out, aval_event_protected(), (aval_bytes){ payload, len }, err);
}

/* A reader over the rest of the payload, from an offset that the event or a cursor holds. */
static void read_from(aval_cbor_reader *r, const aval_event *event, size_t offset)
{
	size_t len = event->payload.len;

	if (offset > len)
		offset = len;
	aval_cbor_reader_init(r, event->payload.data + offset, len - offset);
}

bool aval_event_next_signer(aval_event_signer *signer_out, aval_event_cursor *cursor, const aval_event *event)
{
	size_t            offset = cursor->index == 0 ? event->internal.signers : cursor->offset;
	aval_event_signer signer;
	aval_cbor_reader  r;

	if (cursor->index >= event->signer_count)
		return false;
	read_from(&r, event, offset);
	aval_cbor_enter_array(&r, "");
	signer.role = (aval_role)aval_cbor_read_uint(&r, "");
	signer.party = aval_cbor_read_text(&r, "");
	if (!aval_cbor_ok(&r))
		return false;
	*cursor = (aval_event_cursor){ cursor->index + 1, offset + r.offset };
	*signer_out = signer;
	return true;
}

static bool has_signed(const aval_event *event, size_t index)
{
	return (event->internal.signed_by[index / 64] >> index % 64 & 1) != 0;
}

bool aval_event_next_missing(aval_event_signer *signer_out, aval_event_cursor *cursor, const aval_event *event)
{
	aval_event_signer signer;

	while (aval_event_next_signer(&signer, cursor, event)) {
		if (has_signed(event, cursor->index - 1))
			continue;
		*signer_out = signer;
		return true;
	}
	return false;
}

bool aval_event_is_complete(const aval_event *event)
{
	for (size_t i = 0; i < event->signer_count; i++)
		if (!has_signed(event, i))
			return false;
	return true;
}

bool aval_event_has_signer(const aval_event *event, aval_role role, const char *party, size_t party_len)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;

	while (aval_event_next_signer(&signer, &cursor, event))
		if (signer.role == role && aval_text_equal(signer.party, (aval_text){ party, party_len }))
			return true;
	return false;
}

const uint8_t *aval_event_input(const aval_event *event, size_t index)
{
	if (index >= event->input_count)
		return NULL;
	return event->payload.data + event->internal.inputs + INPUT_LEN * index + INPUT_HEAD;
}

bool aval_event_next_output(aval_output *output_out, aval_event_cursor *cursor, const aval_event *event)
{
	size_t           offset = cursor->index == 0 ? event->internal.outputs : cursor->offset;
	aval_output      output;
	aval_cbor_reader r;

	if (cursor->index >= event->output_count)
		return false;
	read_from(&r, event, offset);
	aval_cbor_enter_array(&r, "");
	output.length_minor = aval_cbor_read_int(&r, "");
	output.holder = aval_cbor_read_text(&r, "");
	output.recourse_minor = aval_cbor_read_int(&r, "");
	if (!aval_cbor_ok(&r))
		return false;
	*cursor = (aval_event_cursor){ cursor->index + 1, offset + r.offset };
	*output_out = output;
	return true;
}

static aval_status check_type(const aval_event *event, aval_event_type type, aval_error *err)
{
	if (event->type == type)
		return AVAL_OK;
	return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "event.type", "the event is of another type");
}

aval_status aval_event_issue(aval_issue *issue_out, const aval_event *event, aval_error *err)
{
	aval_status status = check_type(event, AVAL_EVENT_ISSUE, err);

	if (status == AVAL_OK)
		*issue_out = event->internal.as.issue;
	return status;
}

aval_status aval_event_accept(aval_accept *accept_out, const aval_event *event, aval_error *err)
{
	aval_status status = check_type(event, AVAL_EVENT_ACCEPT, err);

	if (status == AVAL_OK)
		*accept_out = event->internal.as.accept;
	return status;
}

aval_status aval_event_reject(aval_reject *reject_out, const aval_event *event, aval_error *err)
{
	aval_status status = check_type(event, AVAL_EVENT_REJECT, err);

	if (status == AVAL_OK)
		*reject_out = event->internal.as.reject;
	return status;
}

aval_status aval_event_assign(aval_assign *assign_out, const aval_event *event, aval_error *err)
{
	aval_status status = check_type(event, AVAL_EVENT_ASSIGN, err);

	if (status == AVAL_OK)
		*assign_out = event->internal.as.assign;
	return status;
}

const char *aval_event_type_name(aval_event_type type)
{
	const aval_event_row *row = aval_event_row_of((uint64_t)type);

	return row == NULL ? NULL : row->name;
}

const char *aval_role_name(aval_role role)
{
	static const char *const names[] = {
		NULL,        "supplier", "debtor",  "holder",    "assignee", "pledgee",
		"guarantor", "payer",    "arbiter", "authority", "registry", "previous-registry",
	};

	return (size_t)role < sizeof names / sizeof *names ? names[role] : NULL;
}
