/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of a registry's log: docs/spec/state.md, section 2. */
#include "proof/state.h"

static const char *const kind_names[] = { NULL, "event", "mandate", "state" };

static aval_entry_kind read_kind(aval_cbor_reader *r)
{
	size_t    offset = r->offset;
	aval_text name = aval_cbor_read_text(r, "entry.kind");

	for (int kind = AVAL_ENTRY_EVENT; aval_cbor_ok(r) && kind <= AVAL_ENTRY_STATE; kind++)
		if (aval_text_equal_z(name, kind_names[kind]))
			return (aval_entry_kind)kind;
	aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, "entry.kind", "not a kind of entry");
	return AVAL_ENTRY_EVENT;
}

static void read_state(aval_cbor_reader *r, aval_entry *e)
{
	aval_cbor_read_bytes_exact(r, "entry.map_root", e->map_root32, 32);
	e->time_ms = aval_cbor_read_uint_range(r, "entry.time", 0, AVAL_STATE_TIME_MAX);
}

static void read_registration(aval_cbor_reader *r, aval_entry *e)
{
	aval_cbor_read_bytes_exact(r, "entry.id", e->id32, 32);
	aval_cbor_read_bytes_exact(r, "entry.envelope", e->envelope32, 32);
	aval_cbor_read_bytes_exact(r, "entry.delta", e->delta32, 32);
	e->time_ms = aval_cbor_read_uint_range(r, "entry.registered_at", 0, AVAL_STATE_TIME_MAX);
	e->base = aval_cbor_read_uint_range(r, "entry.base", 0, INT64_MAX);
}

aval_status aval_entry_parse(aval_entry *entry_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_entry       e = { .kind = AVAL_ENTRY_EVENT };
	aval_cbor_reader r;
	size_t           count;
	aval_status      status;

	aval_cbor_reader_init(&r, data, len);
	count = aval_cbor_enter_array(&r, "entry");
	e.kind = read_kind(&r);
	if (aval_cbor_ok(&r) && count != (e.kind == AVAL_ENTRY_STATE ? 3 : 6))
		aval_cbor_fail_at(&r, AVAL_E_CBOR_RANGE, 0, "entry", "the array has another count of items");
	if (e.kind == AVAL_ENTRY_STATE)
		read_state(&r, &e);
	else
		read_registration(&r, &e);
	aval_cbor_leave(&r, "entry");
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK)
		*entry_out = e;
	return status;
}

static void write_entry(aval_cbor_writer *w, const aval_entry *e)
{
	bool is_state = e->kind == AVAL_ENTRY_STATE;

	aval_cbor_write_array(w, is_state ? 3 : 6);
	aval_cbor_write_text_z(w, kind_names[e->kind]);
	if (is_state) {
		aval_cbor_write_bytes(w, e->map_root32, 32);
		aval_cbor_write_uint(w, e->time_ms);
		return;
	}
	aval_cbor_write_bytes(w, e->id32, 32);
	aval_cbor_write_bytes(w, e->envelope32, 32);
	aval_cbor_write_bytes(w, e->delta32, 32);
	aval_cbor_write_uint(w, e->time_ms);
	aval_cbor_write_uint(w, e->base);
}

static aval_status check_entry(const aval_entry *e, aval_error *err)
{
	if (e->kind < AVAL_ENTRY_EVENT || e->kind > AVAL_ENTRY_STATE)
		return aval_fail(err, AVAL_E_CBOR_RANGE, "entry.kind", "not a kind of entry");
	if (e->time_ms > AVAL_STATE_TIME_MAX || (e->kind != AVAL_ENTRY_STATE && e->base > INT64_MAX))
		return aval_fail(err, AVAL_E_CBOR_RANGE, "entry", "the number is outside the schema's bounds");
	return AVAL_OK;
}

aval_status aval_entry_serialize(uint8_t *out, size_t *len_inout, const aval_entry *entry, aval_error *err)
{
	uint8_t          bytes[AVAL_ENTRY_MAX_LEN];
	size_t           room = out == NULL ? 0 : *len_inout;
	aval_cbor_writer w;
	aval_status      status = check_entry(entry, err);

	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, bytes, sizeof bytes);
	write_entry(&w, entry);
	*len_inout = w.len;
	if (w.len > room)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "entry", "the entry has more bytes");
	memcpy(out, bytes, w.len);
	return AVAL_OK;
}
