/* SPDX-License-Identifier: Apache-2.0 */
/* Deltas: what an entry changes in the map. docs/spec/state.md, section 3. */
#include "hash/hash.h"
#include "proof/state.h"

void aval_delta_hash(uint8_t delta32_out[32], const uint8_t *data, size_t len)
{
	aval_tagged(delta32_out, &aval_tag_delta, data, len);
}

static bool equal(aval_bytes a, aval_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static aval_status refuse(aval_error *err, const char *reason)
{
	return aval_fail(err, AVAL_E_STATE_CHANGE, "delta[]", reason);
}

/* A fingerprint is never deleted, and passes on to another token only from one that is void or cancelled. */
static aval_status check_fingerprint(const aval_state_change *c, aval_error *err)
{
	aval_state_fingerprint was = { .status = AVAL_FINGERPRINT_VOID }, is;
	bool                   same_token;
	aval_status            status;

	if (c->new_value.len == 0)
		return refuse(err, "a fingerprint is deleted");
	status = aval_state_fingerprint_parse(&is, c->new_value.data, c->new_value.len, err);
	if (status == AVAL_OK && c->old_value.len != 0)
		status = aval_state_fingerprint_parse(&was, c->old_value.data, c->old_value.len, err);
	if (status != AVAL_OK)
		return status;
	same_token = c->old_value.len != 0 && memcmp(was.token32, is.token32, 32) == 0;
	if (was.status == AVAL_FINGERPRINT_LIVE) {
		if (!same_token || is.status == AVAL_FINGERPRINT_LIVE)
			return refuse(err, "a live fingerprint can only become void or cancelled");
	} else if (same_token || is.status != AVAL_FINGERPRINT_LIVE) {
		return refuse(err, "a fingerprint that is not live can only pass to another token");
	}
	return AVAL_OK;
}

static bool is_hash_or_nothing(aval_bytes value)
{
	return value.len == 0 || value.len == 32;
}

static aval_status check_change(const aval_state_change *c, aval_error *err)
{
	aval_status status = aval_state_check_key(&c->key, err);

	if (status != AVAL_OK)
		return status;
	if (equal(c->old_value, c->new_value))
		return refuse(err, "old and new value are the same");
	if (c->key.kind == AVAL_STATE_FINGERPRINT)
		return check_fingerprint(c, err);
	if (!is_hash_or_nothing(c->old_value) || !is_hash_or_nothing(c->new_value))
		return aval_fail(err, AVAL_E_CBOR_RANGE, "delta[].value", "the value is not 32 bytes");
	if (c->key.kind == AVAL_STATE_TOKEN && c->new_value.len == 0)
		return refuse(err, "the record of a token is deleted");
	return AVAL_OK;
}

static void read_key(aval_cbor_reader *r, aval_state_key *key)
{
	aval_cbor_enter_array_exact(r, "delta[].key", 2);
	key->kind = (aval_state_kind)aval_cbor_read_uint_range(r, "delta[].key.kind", AVAL_STATE_NOTE,
	                                                       AVAL_STATE_PARTY);
	if (key->kind == AVAL_STATE_PARTY) {
		aval_text id = aval_cbor_read_text(r, "delta[].key.id");

		key->id = (aval_bytes){ (const uint8_t *)id.data, id.len };
	} else {
		key->id = aval_cbor_read_bytes(r, "delta[].key.id");
	}
	aval_cbor_leave(r, "delta[].key");
}

/* Null, or a byte string that is not empty. */
static aval_bytes read_value(aval_cbor_reader *r, const char *where)
{
	size_t     offset = r->offset;
	aval_bytes value;

	if (aval_cbor_peek(r) == AVAL_CBOR_SIMPLE) {
		aval_cbor_read_null(r, where);
		return (aval_bytes){ NULL, 0 };
	}
	value = aval_cbor_read_bytes(r, where);
	if (aval_cbor_ok(r) && value.len == 0)
		aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, offset, where, "the byte string has another length");
	return value;
}

static void read_change(aval_cbor_reader *r, aval_state_change *c)
{
	aval_cbor_enter_array_exact(r, "delta[]", 3);
	read_key(r, &c->key);
	c->old_value = read_value(r, "delta[].old");
	c->new_value = read_value(r, "delta[].new");
	aval_cbor_leave(r, "delta[]");
}

/* Read a change and check it against the rules and the one before, which is NULL for the first. */
static void read_checked(aval_cbor_reader *r, aval_state_change *c, const aval_state_key *before)
{
	size_t     offset = r->offset;
	aval_error detail = AVAL_ERROR_INIT;

	read_change(r, c);
	if (!aval_cbor_ok(r))
		return;
	if (check_change(c, &detail) != AVAL_OK)
		aval_cbor_fail_at(r, detail.status, offset, detail.where, detail.reason);
	else if (before != NULL && aval_state_compare_keys(before, &c->key) >= 0)
		aval_cbor_fail_at(r, AVAL_E_STATE_ORDER, offset, "delta[].key",
		                  "the keys do not strictly ascend");
}

static size_t enter_delta(aval_cbor_reader *r)
{
	size_t count = aval_cbor_enter_array(r, "delta");

	if (count > AVAL_DELTA_MAX_CHANGES)
		aval_cbor_fail_at(r, AVAL_E_LIMIT, 0, "delta", "more than AVAL_DELTA_MAX_CHANGES");
	return count;
}

aval_status aval_delta_parse(aval_delta *delta_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_delta        d = { .data = data, .len = len };
	aval_state_change changes[2]; /* this one and the one before, in turns */
	aval_cbor_reader  r;
	aval_status       status;

	aval_cbor_reader_init(&r, data, len);
	d.count = enter_delta(&r);
	d.offset = r.offset;
	for (size_t i = 0; aval_cbor_ok(&r) && i < d.count; i++)
		read_checked(&r, &changes[i % 2], i == 0 ? NULL : &changes[1 - i % 2].key);
	aval_cbor_leave(&r, "delta");
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK)
		*delta_out = d;
	return status;
}

bool aval_delta_next(aval_delta *delta_inout, aval_state_change *change_out)
{
	aval_cbor_reader r;

	if (delta_inout->index == delta_inout->count)
		return false;
	/* The bytes were checked whole; a reader may start at any item. */
	aval_cbor_reader_init(&r, delta_inout->data + delta_inout->offset,
	                      delta_inout->len - delta_inout->offset);
	read_change(&r, change_out);
	delta_inout->offset += r.offset;
	delta_inout->index++;
	return true;
}

static void write_value(aval_cbor_writer *w, aval_bytes value)
{
	if (value.len == 0)
		aval_cbor_write_null(w);
	else
		aval_cbor_write_bytes(w, value.data, value.len);
}

static void write_delta(aval_cbor_writer *w, const aval_state_change *changes, size_t count)
{
	aval_cbor_write_array(w, count);
	for (size_t i = 0; i < count; i++) {
		aval_cbor_write_array(w, 3);
		aval_state_write_key(w, &changes[i].key);
		write_value(w, changes[i].old_value);
		write_value(w, changes[i].new_value);
	}
}

static aval_status check_changes(const aval_state_change *changes, size_t count, aval_error *err)
{
	if (count > AVAL_DELTA_MAX_CHANGES)
		return aval_fail(err, AVAL_E_LIMIT, "delta", "more than AVAL_DELTA_MAX_CHANGES");
	for (size_t i = 0; i < count; i++) {
		aval_status status = check_change(&changes[i], err);

		if (status != AVAL_OK)
			return status;
		if (i > 0 && aval_state_compare_keys(&changes[i - 1].key, &changes[i].key) >= 0)
			return aval_fail(err, AVAL_E_STATE_ORDER, "delta[].key",
			                 "the keys do not strictly ascend");
	}
	return AVAL_OK;
}

aval_status aval_delta_serialize(uint8_t *out, size_t *len_inout, const aval_state_change *changes,
                                 size_t change_count, aval_error *err)
{
	size_t           room = out == NULL ? 0 : *len_inout;
	aval_cbor_writer w;
	aval_status      status = check_changes(changes, change_count, err);

	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, NULL, 0);
	write_delta(&w, changes, change_count);
	*len_inout = w.len;
	if (w.len > room)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "delta", "the delta has more bytes");
	aval_cbor_writer_init(&w, out, room);
	write_delta(&w, changes, change_count);
	return AVAL_OK;
}
