/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <aval/state.h>

#include "cbor/cbor.h"
#include "hash/hash.h"

static uint8_t bytes_of[256][36]; /* row b: 36 bytes of value b */

static aval_bytes filled(uint8_t byte, size_t len)
{
	memset(bytes_of[byte], byte, sizeof bytes_of[byte]);
	return (aval_bytes){ bytes_of[byte], len };
}

static aval_bytes text(const char *z)
{
	return (aval_bytes){ (const uint8_t *)z, strlen(z) };
}

static const aval_bytes none = { NULL, 0 };

/* Values of fingerprints, by token byte and status. */
static aval_bytes fingerprint(uint8_t token, aval_fingerprint_status status)
{
	static uint8_t         values[256][4][AVAL_STATE_FINGERPRINT_LEN];
	aval_state_fingerprint f = { .status = status };

	memset(f.token32, token, 32);
	aval_state_fingerprint_serialize(values[token][status], &f);
	return (aval_bytes){ values[token][status], AVAL_STATE_FINGERPRINT_LEN };
}

#define LEI "lei:529900T8BM49AURSDO55"

START_TEST(a_path_is_the_hash_of_its_preimage)
{
	const aval_state_key keys[] = {
		{ AVAL_STATE_NOTE, filled(1, 32) },
		{ AVAL_STATE_TOKEN, filled(1, 32) },
		{ AVAL_STATE_FINGERPRINT, filled(1, 32) },
		{ AVAL_STATE_PARTY, text(LEI) },
		{ AVAL_STATE_PARTY, text("key:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef") },
	};
	uint8_t paths[5][32];

	for (size_t i = 0; i < 5; i++) {
		uint8_t preimage[AVAL_STATE_PREIMAGE_MAX_LEN], hash[32], tagged[32];
		size_t  len = 0, room;

		ck_assert_int_eq(aval_state_key_path(paths[i], &keys[i], NULL), AVAL_OK);
		ck_assert_int_eq(aval_state_key_preimage(NULL, &len, &keys[i], NULL), AVAL_E_BUFFER_TOO_SMALL);
		room = len - 1;
		preimage[0] = 0xee;
		ck_assert_int_eq(aval_state_key_preimage(preimage, &room, &keys[i], NULL), AVAL_E_BUFFER_TOO_SMALL);
		ck_assert_uint_eq(room, len);
		ck_assert_uint_eq(preimage[0], 0xee);
		ck_assert_int_eq(aval_state_key_preimage(preimage, &len, &keys[i], NULL), AVAL_OK);
		aval_sha256(hash, preimage, len);
		ck_assert_mem_eq(paths[i], hash, 32);
		aval_tagged_hash(tagged, "aval/map-key", preimage + 64, len - 64);
		ck_assert_mem_eq(paths[i], tagged, 32);
		ck_assert_int_eq(aval_cbor_validate(preimage + 64, len - 64, NULL), AVAL_OK);
		for (size_t j = 0; j < i; j++)
			ck_assert_mem_ne(paths[i], paths[j], 32);
	}
}
END_TEST

static const struct {
	const char *name;
	int         kind;
	size_t      len; /* of an id of bytes; 0: the text */
	const char *text;
	aval_status want;
} key_cases[] = {
	{ "note", 1, 32, NULL, AVAL_OK },
	{ "id of 31 bytes", 1, 31, NULL, AVAL_E_CBOR_RANGE },
	{ "id of 33 bytes", 3, 33, NULL, AVAL_E_CBOR_RANGE },
	{ "kind 0", 0, 32, NULL, AVAL_E_CBOR_RANGE },
	{ "kind 5", 5, 32, NULL, AVAL_E_CBOR_RANGE },
	{ "party", 4, 0, LEI, AVAL_OK },
	{ "party of no scheme", 4, 0, "529900T8BM49AURSDO55", AVAL_E_PARTY_FORMAT },
	{ "party with wrong check characters", 4, 0, "lei:529900T8BM49AURSDO56", AVAL_E_PARTY_CHECK },
	{ "party of a listed scheme", 4, 0, "iso6523:0060:123456789", AVAL_OK },
	{ "party of a scheme not listed", 4, 0, "iso6523:9999:123456789", AVAL_E_PARTY_SCHEME },
	{ "party without id", 4, 0, "", AVAL_E_PARTY_FORMAT },
};

START_TEST(key_case)
{
	aval_state_key key = { (aval_state_kind)key_cases[_i].kind, none };
	uint8_t        path[32] = { 0xee }, preimage[AVAL_STATE_PREIMAGE_MAX_LEN];
	size_t         len = sizeof preimage;
	aval_status    got;

	key.id = key_cases[_i].text != NULL ? text(key_cases[_i].text) : filled(1, key_cases[_i].len);
	got = aval_state_key_path(path, &key, NULL);
	ck_assert_msg(got == key_cases[_i].want, "%s: got %s", key_cases[_i].name, aval_status_name(got));
	ck_assert_int_eq(aval_state_key_preimage(preimage, &len, &key, NULL), got);
	ck_assert(got == AVAL_OK || path[0] == 0xee);
}
END_TEST

START_TEST(fingerprints_are_read_as_written)
{
	aval_state_fingerprint f;
	uint8_t                value[AVAL_STATE_FINGERPRINT_LEN + 1];

	for (int status = 1; status <= 3; status++) {
		memcpy(value, fingerprint(7, (aval_fingerprint_status)status).data, AVAL_STATE_FINGERPRINT_LEN);
		ck_assert_int_eq(aval_state_fingerprint_parse(&f, value, AVAL_STATE_FINGERPRINT_LEN, NULL), AVAL_OK);
		ck_assert_int_eq(f.status, status);
		ck_assert_uint_eq(f.token32[31], 7);
	}
	value[35] = 0;
	ck_assert_int_eq(aval_state_fingerprint_parse(&f, value, 36, NULL), AVAL_E_CBOR_RANGE);
	value[35] = 4;
	ck_assert_int_eq(aval_state_fingerprint_parse(&f, value, 36, NULL), AVAL_E_CBOR_RANGE);
	value[35] = 1;
	value[36] = 0;
	ck_assert_int_eq(aval_state_fingerprint_parse(&f, value, 37, NULL), AVAL_E_CBOR_TRAILING);
	ck_assert_int_eq(aval_state_fingerprint_parse(&f, value, 35, NULL), AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(f.status, 3);
}
END_TEST

static aval_entry sample_entry(aval_entry_kind kind)
{
	aval_entry e = { .kind = kind, .time_ms = 1700000000000, .base = 7 };

	memset(e.id32, 1, 32);
	memset(e.envelope32, 2, 32);
	memset(e.delta32, 3, 32);
	memset(e.map_root32, 4, 32);
	return e;
}

START_TEST(entries_are_read_as_written)
{
	for (int kind = AVAL_ENTRY_EVENT; kind <= AVAL_ENTRY_STATE; kind++) {
		aval_entry e = sample_entry((aval_entry_kind)kind), got;
		uint8_t    bytes[AVAL_ENTRY_MAX_LEN + 1] = { 0 };
		size_t     len = 0;

		if (kind == AVAL_ENTRY_STATE)
			e.base = INT64_MAX; /* which a state has not */
		ck_assert_int_eq(aval_entry_serialize(NULL, &len, &e, NULL), AVAL_E_BUFFER_TOO_SMALL);
		ck_assert_uint_le(len, AVAL_ENTRY_MAX_LEN);
		len--;
		ck_assert_int_eq(aval_entry_serialize(bytes, &len, &e, NULL), AVAL_E_BUFFER_TOO_SMALL);
		ck_assert_uint_eq(bytes[0], 0);
		ck_assert_int_eq(aval_entry_serialize(bytes, &len, &e, NULL), AVAL_OK);
		ck_assert_int_eq(aval_entry_parse(&got, bytes, len, NULL), AVAL_OK);
		ck_assert_int_eq(got.kind, kind);
		ck_assert_uint_eq(got.time_ms, e.time_ms);
		ck_assert_uint_eq(got.base, kind == AVAL_ENTRY_STATE ? 0 : 7);
		ck_assert_uint_eq(got.id32[0], kind == AVAL_ENTRY_STATE ? 0 : 1);
		ck_assert_uint_eq(got.envelope32[0], kind == AVAL_ENTRY_STATE ? 0 : 2);
		ck_assert_uint_eq(got.delta32[0], kind == AVAL_ENTRY_STATE ? 0 : 3);
		ck_assert_uint_eq(got.map_root32[0], kind == AVAL_ENTRY_STATE ? 4 : 0);
		ck_assert_int_eq(aval_entry_parse(&got, bytes, len + 1, NULL), AVAL_E_CBOR_TRAILING);
		for (size_t cut = 0; cut < len; cut++)
			ck_assert_int_ne(aval_entry_parse(&got, bytes, cut, NULL), AVAL_OK);
	}
}
END_TEST

START_TEST(entries_keep_their_bounds)
{
	aval_entry e = sample_entry(AVAL_ENTRY_EVENT), got;
	uint8_t    bytes[AVAL_ENTRY_MAX_LEN];
	size_t     len = sizeof bytes;
	aval_error err = AVAL_ERROR_INIT;

	e.time_ms = e.base = INT64_MAX;
	ck_assert_int_eq(aval_entry_serialize(bytes, &len, &e, NULL), AVAL_OK);
	ck_assert_int_eq(aval_entry_parse(&got, bytes, len, NULL), AVAL_OK);
	bytes[len - 8] = 0x80;
	ck_assert_int_eq(aval_entry_parse(&got, bytes, len, &err), AVAL_E_CBOR_RANGE);
	ck_assert_str_eq(err.where, "entry.base");
	bytes[len - 8] = 0x7f;
	bytes[len - 17] = 0x80;
	ck_assert_int_eq(aval_entry_parse(&got, bytes, len, &err), AVAL_E_CBOR_RANGE);
	ck_assert_str_eq(err.where, "entry.registered_at");
	e.base = UINT64_C(1) << 63;
	ck_assert_int_eq(aval_entry_serialize(bytes, &len, &e, NULL), AVAL_E_CBOR_RANGE);
	e = sample_entry(AVAL_ENTRY_STATE);
	e.time_ms = UINT64_C(1) << 63;
	ck_assert_int_eq(aval_entry_serialize(bytes, &len, &e, NULL), AVAL_E_CBOR_RANGE);
	e.kind = (aval_entry_kind)0;
	ck_assert_int_eq(aval_entry_serialize(bytes, &len, &e, NULL), AVAL_E_CBOR_RANGE);
	e.kind = (aval_entry_kind)4;
	ck_assert_int_eq(aval_entry_serialize(bytes, &len, &e, NULL), AVAL_E_CBOR_RANGE);
}
END_TEST

/* An entry as it should not be: a kind's name with another count of items, or an unknown one. */
static size_t write_odd_entry(uint8_t *out, size_t room, const char *kind, size_t items)
{
	static const uint8_t hash[33];
	aval_cbor_writer     w;

	aval_cbor_writer_init(&w, out, room);
	aval_cbor_write_array(&w, items);
	aval_cbor_write_text_z(&w, kind);
	for (size_t i = 1; i < items; i++) {
		if ((items == 3 && i == 2) || i > 3)
			aval_cbor_write_uint(&w, i);
		else
			aval_cbor_write_bytes(&w, hash, 32);
	}
	return w.len;
}

static const struct {
	const char *kind;
	size_t      items;
	aval_status want;
	const char *where;
	size_t      offset;
} odd_entries[] = {
	{ "event", 6, AVAL_OK, "", 0 },
	{ "mandate", 6, AVAL_OK, "", 0 },
	{ "state", 3, AVAL_OK, "", 0 },
	{ "event", 3, AVAL_E_CBOR_RANGE, "entry", 0 },
	{ "event", 7, AVAL_E_CBOR_RANGE, "entry", 0 },
	{ "state", 6, AVAL_E_CBOR_RANGE, "entry", 0 },
	{ "mandate", 5, AVAL_E_CBOR_RANGE, "entry", 0 },
	{ "Event", 6, AVAL_E_CBOR_RANGE, "entry.kind", 1 },
	{ "", 3, AVAL_E_CBOR_RANGE, "entry.kind", 1 },
};

START_TEST(odd_entry)
{
	uint8_t    bytes[256];
	size_t     len = write_odd_entry(bytes, sizeof bytes, odd_entries[_i].kind, odd_entries[_i].items);
	aval_entry e;
	aval_error err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_entry_parse(&e, bytes, len, &err), odd_entries[_i].want);
	if (odd_entries[_i].want != AVAL_OK) {
		ck_assert_str_eq(err.where, odd_entries[_i].where);
		ck_assert_uint_eq(err.offset, odd_entries[_i].offset);
	}
}
END_TEST

/* Deltas: what a table row says of two changes at most. */
typedef struct row {
	int             kind;
	uint8_t         id;
	const char     *party;
	uint8_t         old_byte, new_byte; /* of a hash, or of a fingerprint's token; 0: nothing */
	int             old_status, new_status;
} row;

static aval_bytes value_of(const row *r, uint8_t byte, int status)
{
	if (byte == 0)
		return none;
	return r->kind == AVAL_STATE_FINGERPRINT ? fingerprint(byte, (aval_fingerprint_status)status) : filled(byte, 32);
}

static aval_state_change change_of(const row *r)
{
	aval_state_change c = { .key.kind = (aval_state_kind)r->kind };

	c.key.id = r->kind == AVAL_STATE_PARTY ? text(r->party) : filled(r->id, 32);
	c.old_value = value_of(r, r->old_byte, r->old_status);
	c.new_value = value_of(r, r->new_byte, r->new_status);
	return c;
}

/* As aval_delta_serialize() would write it if it checked nothing. */
static size_t write_unchecked(uint8_t *out, size_t room, const aval_state_change *changes, size_t count)
{
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, out, room);
	aval_cbor_write_array(&w, count);
	for (size_t i = 0; i < count; i++) {
		const aval_state_change *c = &changes[i];

		aval_cbor_write_array(&w, 3);
		aval_cbor_write_array(&w, 2);
		aval_cbor_write_uint(&w, (uint64_t)c->key.kind);
		if (c->key.kind == AVAL_STATE_PARTY)
			aval_cbor_write_text(&w, (aval_text){ (const char *)c->key.id.data, c->key.id.len });
		else
			aval_cbor_write_bytes(&w, c->key.id.data, c->key.id.len);
		for (int side = 0; side < 2; side++) {
			aval_bytes value = side == 0 ? c->old_value : c->new_value;

			if (value.len == 0)
				aval_cbor_write_null(&w);
			else
				aval_cbor_write_bytes(&w, value.data, value.len);
		}
	}
	return w.len;
}

enum { L = AVAL_FINGERPRINT_LIVE, V = AVAL_FINGERPRINT_VOID, C = AVAL_FINGERPRINT_CANCELLED };

static const struct {
	const char *name;
	row         rows[2];
	aval_status want;
	size_t      bad; /* the change at fault */
} delta_cases[] = {
	{ "nothing", { { 0 } }, AVAL_OK, 0 },
	{ "a note comes", { { .kind = 1, .id = 1, .new_byte = 2 } }, AVAL_OK, 0 },
	{ "a note changes", { { .kind = 1, .id = 1, .old_byte = 2, .new_byte = 3 } }, AVAL_OK, 0 },
	{ "a note goes", { { .kind = 1, .id = 1, .old_byte = 2 } }, AVAL_OK, 0 },
	{ "a token comes", { { .kind = 2, .id = 1, .new_byte = 2 } }, AVAL_OK, 0 },
	{ "a token goes", { { .kind = 2, .id = 1, .old_byte = 2 } }, AVAL_E_STATE_CHANGE, 0 },
	{ "a mandate comes", { { .kind = 4, .party = LEI, .new_byte = 2 } }, AVAL_OK, 0 },
	{ "a mandate goes", { { .kind = 4, .party = LEI, .old_byte = 2 } }, AVAL_OK, 0 },
	{ "nothing to nothing", { { .kind = 1, .id = 1 } }, AVAL_E_STATE_CHANGE, 0 },
	{ "a value to itself", { { .kind = 1, .id = 1, .old_byte = 2, .new_byte = 2 } }, AVAL_E_STATE_CHANGE, 0 },
	{ "an invoice is issued", { { .kind = 3, .id = 1, .new_byte = 9, .new_status = L } }, AVAL_OK, 0 },
	{ "an invoice begins void", { { .kind = 3, .id = 1, .new_byte = 9, .new_status = V } }, AVAL_E_STATE_CHANGE, 0 },
	{ "live to void", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = L, .new_byte = 9, .new_status = V } },
	  AVAL_OK, 0 },
	{ "live to cancelled", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = L, .new_byte = 9, .new_status = C } },
	  AVAL_OK, 0 },
	{ "live to another live", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = L, .new_byte = 8, .new_status = L } },
	  AVAL_E_STATE_CHANGE, 0 },
	{ "live to another's void", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = L, .new_byte = 8, .new_status = V } },
	  AVAL_E_STATE_CHANGE, 0 },
	{ "void to a re-issue", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = V, .new_byte = 8, .new_status = L } },
	  AVAL_OK, 0 },
	{ "cancelled to a re-issue",
	  { { .kind = 3, .id = 1, .old_byte = 9, .old_status = C, .new_byte = 8, .new_status = L } }, AVAL_OK, 0 },
	{ "void to live again", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = V, .new_byte = 9, .new_status = L } },
	  AVAL_E_STATE_CHANGE, 0 },
	{ "void to cancelled", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = V, .new_byte = 9, .new_status = C } },
	  AVAL_E_STATE_CHANGE, 0 },
	{ "void to another's void", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = V, .new_byte = 8, .new_status = V } },
	  AVAL_E_STATE_CHANGE, 0 },
	{ "a fingerprint goes", { { .kind = 3, .id = 1, .old_byte = 9, .old_status = V } }, AVAL_E_STATE_CHANGE, 0 },
	{ "two notes", { { .kind = 1, .id = 1, .new_byte = 2 }, { .kind = 1, .id = 2, .new_byte = 2 } }, AVAL_OK, 0 },
	{ "two notes descend", { { .kind = 1, .id = 2, .new_byte = 2 }, { .kind = 1, .id = 1, .new_byte = 2 } },
	  AVAL_E_STATE_ORDER, 1 },
	{ "one note twice", { { .kind = 1, .id = 2, .new_byte = 2 }, { .kind = 1, .id = 2, .old_byte = 2 } },
	  AVAL_E_STATE_ORDER, 1 },
	{ "note, then token", { { .kind = 1, .id = 2, .new_byte = 2 }, { .kind = 2, .id = 1, .new_byte = 2 } }, AVAL_OK, 0 },
	{ "token, then note", { { .kind = 2, .id = 1, .new_byte = 2 }, { .kind = 1, .id = 2, .new_byte = 2 } },
	  AVAL_E_STATE_ORDER, 1 },
	{ "a short party before a long one",
	  { { .kind = 4, .party = "vat:FR300000003", .new_byte = 2 }, { .kind = 4, .party = LEI, .new_byte = 2 } }, AVAL_OK, 0 },
	{ "a long party before a short one",
	  { { .kind = 4, .party = LEI, .new_byte = 2 }, { .kind = 4, .party = "vat:FR300000003", .new_byte = 2 } },
	  AVAL_E_STATE_ORDER, 1 },
	{ "a party that is none", { { .kind = 4, .party = "lei:1", .new_byte = 2 } }, AVAL_E_PARTY_FORMAT, 0 },
	{ "a party of a listed scheme", { { .kind = 4, .party = "iso6523:0060:1", .new_byte = 2 } }, AVAL_OK, 0 },
	{ "a party of a scheme not listed", { { .kind = 4, .party = "iso6523:9999:1", .new_byte = 2 } },
	  AVAL_E_PARTY_SCHEME, 0 },
	{ "the second is at fault", { { .kind = 1, .id = 1, .new_byte = 2 }, { .kind = 2, .id = 1, .old_byte = 2 } },
	  AVAL_E_STATE_CHANGE, 1 },
};

START_TEST(delta_case)
{
	aval_state_change changes[2], got_change;
	uint8_t           bytes[512], written[512];
	size_t            count = 0, len, written_len = sizeof written, offset = 1;
	aval_delta        delta;
	aval_error        err = AVAL_ERROR_INIT;
	aval_status       got;

	while (count < 2 && delta_cases[_i].rows[count].kind != 0) {
		changes[count] = change_of(&delta_cases[_i].rows[count]);
		count++;
	}
	len = write_unchecked(bytes, sizeof bytes, changes, count);
	got = aval_delta_parse(&delta, bytes, len, &err);
	ck_assert_msg(got == delta_cases[_i].want, "%s: got %s (%s)", delta_cases[_i].name, aval_status_name(got), err.reason);
	ck_assert_int_eq(aval_delta_serialize(written, &written_len, changes, count, NULL), got);
	if (got != AVAL_OK) {
		if (delta_cases[_i].bad == 1)
			offset = write_unchecked(written, sizeof written, changes, 1);
		ck_assert_msg(err.offset == offset, "%s: offset %zu", delta_cases[_i].name, err.offset);
		return;
	}
	ck_assert_uint_eq(written_len, len);
	ck_assert_mem_eq(written, bytes, len);
	ck_assert_uint_eq(delta.count, count);
	for (size_t i = 0; i < count; i++) {
		ck_assert(aval_delta_next(&delta, &got_change));
		ck_assert_int_eq(got_change.key.kind, changes[i].key.kind);
		ck_assert_uint_eq(got_change.old_value.len, changes[i].old_value.len);
		ck_assert_uint_eq(got_change.new_value.len, changes[i].new_value.len);
		ck_assert_mem_eq(got_change.key.id.data, changes[i].key.id.data, changes[i].key.id.len);
	}
	ck_assert(!aval_delta_next(&delta, &got_change));
	if (len > 1) {
		written_len = len - 1;
		ck_assert_int_eq(aval_delta_serialize(written, &written_len, changes, count, NULL), AVAL_E_BUFFER_TOO_SMALL);
		ck_assert_uint_eq(written_len, len);
	}
}
END_TEST

/* Encodings that no change stands for. */
START_TEST(deltas_keep_their_schema)
{
	aval_state_change change = change_of(&(row){ .kind = 1, .id = 1, .new_byte = 2 });
	uint8_t           bytes[512];
	size_t            len = write_unchecked(bytes, sizeof bytes, &change, 1);
	aval_delta        delta;
	aval_error        err = AVAL_ERROR_INIT;

	/* 81 83 82 01 58 20 id f6 58 20 value */
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, NULL), AVAL_OK);
	for (size_t cut = 0; cut < len; cut++)
		ck_assert_int_ne(aval_delta_parse(&delta, bytes, cut, NULL), AVAL_OK);
	bytes[3] = 5;
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, &err), AVAL_E_CBOR_RANGE);
	ck_assert_str_eq(err.where, "delta[].key.kind");
	bytes[3] = 4;
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, &err), AVAL_E_CBOR_TYPE);
	bytes[3] = 1;
	bytes[38] = 0xf4;
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, &err), AVAL_E_CBOR_TYPE);
	ck_assert_str_eq(err.where, "delta[].old");
	bytes[38] = 0x40;
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, &err), AVAL_E_CBOR_RANGE);
	ck_assert_uint_eq(err.offset, 38);
	bytes[38] = 0xf6;
	bytes[2] = 0x83;
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, &err), AVAL_E_CBOR_RANGE);
	bytes[2] = 0x82;
	change.new_value.len = 31;
	len = write_unchecked(bytes, sizeof bytes, &change, 1);
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, &err), AVAL_E_CBOR_RANGE);
	ck_assert_str_eq(err.where, "delta[].value");
	change.key.id.len = 31;
	ck_assert_int_eq(aval_delta_serialize(bytes, &len, &change, 1, &err), AVAL_E_CBOR_RANGE);
	ck_assert_str_eq(err.where, "state_key.id");
	change = change_of(&(row){ .kind = 3, .id = 1, .new_byte = 2, .new_status = L });
	change.new_value.len--;
	len = write_unchecked(bytes, sizeof bytes, &change, 1);
	ck_assert_int_eq(aval_delta_parse(&delta, bytes, len, &err), AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(aval_delta_serialize(bytes, &len, &change, AVAL_DELTA_MAX_CHANGES + 1, &err), AVAL_E_LIMIT);
}
END_TEST

START_TEST(a_delta_has_no_more_than_its_limit)
{
	size_t      room = 60 + (size_t)(AVAL_DELTA_MAX_CHANGES + 1) * 72;
	uint8_t    *bytes = malloc(room), id[32] = { 0 };
	aval_delta  delta;
	aval_status want[] = { AVAL_OK, AVAL_E_LIMIT };

	ck_assert_ptr_nonnull(bytes);
	for (size_t more = 0; more < 2; more++) {
		aval_cbor_writer w;

		aval_cbor_writer_init(&w, bytes, room);
		aval_cbor_write_array(&w, AVAL_DELTA_MAX_CHANGES + more);
		for (uint32_t i = 0; i < AVAL_DELTA_MAX_CHANGES + more; i++) {
			id[0] = (uint8_t)(i >> 16);
			id[1] = (uint8_t)(i >> 8);
			id[2] = (uint8_t)i;
			aval_cbor_write_array(&w, 3);
			aval_cbor_write_array(&w, 2);
			aval_cbor_write_uint(&w, 1);
			aval_cbor_write_bytes(&w, id, 32);
			aval_cbor_write_null(&w);
			aval_cbor_write_bytes(&w, id, 32);
		}
		ck_assert_uint_le(w.len, room);
		ck_assert_int_eq(aval_delta_parse(&delta, bytes, w.len, NULL), want[more]);
	}
	free(bytes);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("state");
	TCase   *tc = tcase_create("state");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_test(tc, a_path_is_the_hash_of_its_preimage);
	tcase_add_loop_test(tc, key_case, 0, (int)(sizeof key_cases / sizeof *key_cases));
	tcase_add_test(tc, fingerprints_are_read_as_written);
	tcase_add_test(tc, entries_are_read_as_written);
	tcase_add_test(tc, entries_keep_their_bounds);
	tcase_add_loop_test(tc, odd_entry, 0, (int)(sizeof odd_entries / sizeof *odd_entries));
	tcase_add_loop_test(tc, delta_case, 0, (int)(sizeof delta_cases / sizeof *delta_cases));
	tcase_add_test(tc, deltas_keep_their_schema);
	tcase_add_test(tc, a_delta_has_no_more_than_its_limit);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
