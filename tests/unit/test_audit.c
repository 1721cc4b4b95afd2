/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <aval/audit.h>
#include <aval/log.h>
#include <aval/merkle.h>

#include "failing_allocator.h"
#include "map_oracle.h"

enum { MAX_ENTRIES = 400, MAX_CHANGES = 6, DELTA_ROOM = 1024, NOTES = 60 };

/* A log as a registry would write it, with the list of map_oracle.h for its map. */
typedef struct item {
	aval_entry entry;
	uint8_t    bytes[AVAL_ENTRY_MAX_LEN];
	uint8_t    delta[DELTA_ROOM];
	size_t     len, delta_len;
} item;

typedef struct chronicle {
	item       items[MAX_ENTRIES];
	size_t     count;
	uint64_t   base, time_ms;
	oracle_map map;
	uint8_t    values[NOTES][32]; /* of the notes that are live; zero: not */
	aval_log  *log;
} chronicle;

static chronicle book;

static void encode(item *i)
{
	i->len = sizeof i->bytes;
	ck_assert_int_eq(aval_entry_serialize(i->bytes, &i->len, &i->entry, NULL), AVAL_OK);
}

static void append(item *i)
{
	encode(i);
	ck_assert_int_eq(aval_log_append(book.log, i->bytes, i->len, NULL), AVAL_OK);
	book.count++;
}

static void note_id(uint8_t id32[32], size_t note)
{
	memset(id32, 0, 32);
	id32[0] = (uint8_t)note;
}

static void apply(const aval_state_change *c)
{
	aval_map_change change = { .is_delete = c->new_value.len == 0 };

	ck_assert_int_eq(aval_state_key_path(change.path32, &c->key, NULL), AVAL_OK);
	aval_map_value(change.value32, c->new_value.data, c->new_value.len);
	oracle_apply(&book.map, &change);
}

static bool is_live(size_t note)
{
	static const uint8_t zero[32];

	return memcmp(book.values[note], zero, 32) != 0;
}

/* Ascending notes, each of which comes, changes or goes. */
static void random_delta(item *i, uint8_t ids[MAX_CHANGES][32], uint8_t values[MAX_CHANGES][2][32])
{
	aval_state_change changes[MAX_CHANGES];
	size_t            count = 0;

	for (size_t note = oracle_random() % 20; note < NOTES && count < MAX_CHANGES; note += 1 + oracle_random() % 15) {
		bool               live = is_live(note), goes = live && oracle_random() % 3 == 0;
		aval_state_change *c = &changes[count];

		note_id(ids[count], note);
		memcpy(values[count][0], book.values[note], 32);
		memset(book.values[note], 0, 32);
		if (!goes)
			oracle_bytes(book.values[note], 32);
		memcpy(values[count][1], book.values[note], 32);
		*c = (aval_state_change){ { AVAL_STATE_NOTE, { ids[count], 32 } }, { NULL, 0 }, { NULL, 0 } };
		if (live)
			c->old_value = (aval_bytes){ values[count][0], 32 };
		if (!goes)
			c->new_value = (aval_bytes){ values[count][1], 32 };
		apply(c);
		count++;
	}
	i->delta_len = sizeof i->delta;
	ck_assert_int_eq(aval_delta_serialize(i->delta, &i->delta_len, changes, count, NULL), AVAL_OK);
}

static void add_event(void)
{
	item   *i = &book.items[book.count];
	uint8_t ids[MAX_CHANGES][32], values[MAX_CHANGES][2][32];

	random_delta(i, ids, values);
	book.time_ms += oracle_random() % 3;
	i->entry = (aval_entry){ .kind = AVAL_ENTRY_EVENT, .time_ms = book.time_ms, .base = book.base };
	memset(i->entry.id32, 0x11, 32);
	i->entry.id32[0] = (uint8_t)book.count;
	i->entry.id32[1] = (uint8_t)(book.count >> 8);
	oracle_bytes(i->entry.envelope32, 32);
	aval_delta_hash(i->entry.delta32, i->delta, i->delta_len);
	append(i);
}

static void add_state(void)
{
	item *i = &book.items[book.count];

	i->delta_len = 0;
	i->entry = (aval_entry){ .kind = AVAL_ENTRY_STATE, .time_ms = book.time_ms };
	oracle_root(i->entry.map_root32, &book.map, 0, book.map.count, 0);
	append(i);
	book.base = book.count;
}

static void write_book(size_t states, size_t events)
{
	memset(&book, 0, sizeof book);
	oracle_seed = 7;
	book.time_ms = 1700000000000;
	ck_assert_int_eq(aval_log_new(&book.log, NULL, NULL), AVAL_OK);
	for (size_t s = 0; s < states; s++) {
		for (size_t e = oracle_random() % (events + 1); e > 0; e--)
			add_event();
		add_state();
	}
}

static aval_status add(aval_audit *audit, const item *i, aval_error *err)
{
	return aval_audit_add(audit, i->bytes, i->len, i->delta, i->delta_len, err);
}

static aval_audit *start(void)
{
	aval_audit *audit;

	ck_assert_int_eq(aval_audit_new(&audit, NULL, NULL), AVAL_OK);
	return audit;
}

/* Replay up to an entry; the rest is up to the test. */
static aval_audit *replay(size_t count)
{
	aval_audit *audit = start();

	for (size_t i = 0; i < count; i++)
		ck_assert_int_eq(add(audit, &book.items[i], NULL), AVAL_OK);
	return audit;
}

static aval_status check_root(const aval_audit *audit, uint64_t size)
{
	uint8_t root[32];

	ck_assert_int_eq(aval_log_root(root, book.log, size, NULL), AVAL_OK);
	return aval_audit_check(audit, size, root, NULL);
}

START_TEST(a_log_that_agrees_is_replayed_to_its_roots)
{
	aval_audit *audit = start();
	uint8_t     root[32];

	write_book(30, 12);
	ck_assert_int_eq(check_root(audit, 0), AVAL_E_STATE_OPEN);
	for (size_t i = 0; i < book.count; i++) {
		aval_error err = AVAL_ERROR_INIT;

		ck_assert_int_eq(add(audit, &book.items[i], &err), AVAL_OK);
		ck_assert_int_eq(err.status, AVAL_OK);
		ck_assert_uint_eq(aval_audit_size(audit), i + 1);
		aval_audit_log_root(root, audit);
		ck_assert_int_eq(check_root(audit, i + 1),
		                 book.items[i].entry.kind == AVAL_ENTRY_STATE ? AVAL_OK : AVAL_E_STATE_OPEN);
		ck_assert_int_eq(check_root(audit, i), AVAL_E_PROOF_INDEX);
		root[0] ^= 1;
		ck_assert_int_eq(aval_audit_check(audit, i + 1, root, NULL), AVAL_E_PROOF_FORK);
		if (book.items[i].entry.kind == AVAL_ENTRY_STATE)
			ck_assert_mem_eq(aval_audit_map(audit)->root32, book.items[i].entry.map_root32, 32);
	}
	ck_assert_uint_eq(aval_audit_map(audit)->count, book.map.count);
	aval_audit_free(audit);
	aval_log_free(book.log);
}
END_TEST

static aval_status read_book(aval_bytes *entry_out, aval_bytes *delta_out, uint64_t index, void *user_data)
{
	uint64_t fail_at = *(const uint64_t *)user_data;

	if (index == fail_at)
		return AVAL_E_IO;
	*entry_out = (aval_bytes){ book.items[index].bytes, book.items[index].len };
	*delta_out = (aval_bytes){ book.items[index].delta, book.items[index].delta_len };
	return AVAL_OK;
}

START_TEST(a_source_is_read_in_parts)
{
	uint64_t          fail_at = UINT64_MAX;
	aval_audit_source source = { sizeof source, read_book, &fail_at };
	aval_audit       *audit = start();
	aval_error        err = AVAL_ERROR_INIT;

	write_book(10, 8);
	ck_assert_int_eq(aval_audit_run(audit, &source, 5, NULL), AVAL_OK);
	ck_assert_uint_eq(aval_audit_size(audit), 5);
	fail_at = 9;
	ck_assert_int_eq(aval_audit_run(audit, &source, book.count, &err), AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_IO);
	ck_assert_uint_eq(aval_audit_size(audit), 9);
	fail_at = UINT64_MAX;
	ck_assert_int_eq(aval_audit_run(audit, &source, book.count, NULL), AVAL_OK);
	ck_assert_int_eq(check_root(audit, book.count), AVAL_OK);
	source.struct_size--;
	ck_assert_int_eq(aval_audit_run(audit, &source, book.count, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_audit_run(audit, NULL, book.count, NULL), AVAL_E_INVALID_ARGUMENT);
	aval_audit_free(audit);
	aval_log_free(book.log);
}
END_TEST

static void rename_delta(item *i)
{
	aval_delta_hash(i->entry.delta32, i->delta, i->delta_len);
	encode(i);
}

static void change_base(item *i)
{
	i->entry.base++;
	encode(i);
}

static void base_of_the_state(item *i)
{
	i->entry.base--;
	encode(i);
}

static void turn_back_time(item *i)
{
	i->entry.time_ms = 1699999999999;
	encode(i);
}

static void register_again(item *i)
{
	memcpy(i->entry.id32, book.items[0].entry.id32, 32);
	encode(i);
}

static void change_the_delta(item *i)
{
	i->delta[i->delta_len - 1] ^= 1;
}

static void cut_the_delta(item *i)
{
	i->delta_len--;
	rename_delta(i);
}

static void empty_the_delta(item *i)
{
	i->delta_len = 0;
	rename_delta(i);
}

static void say_mandate(item *i)
{
	i->entry.kind = AVAL_ENTRY_MANDATE;
	encode(i);
}

static void delta_of(item *i, const aval_state_change *c)
{
	i->delta_len = sizeof i->delta;
	ck_assert_int_eq(aval_delta_serialize(i->delta, &i->delta_len, c, 1, NULL), AVAL_OK);
	rename_delta(i);
}

/* A registration that could come next. */
static void next_event(item *i)
{
	static const uint8_t    id[32] = { 0xfd }, value[32] = { 9 };
	const aval_state_change c = { { AVAL_STATE_NOTE, { id, 32 } }, { NULL, 0 }, { value, 32 } };

	i->entry = (aval_entry){ .kind = AVAL_ENTRY_EVENT, .time_ms = book.time_ms, .base = book.base };
	memset(i->entry.id32, 0x22, 32);
	delta_of(i, &c);
}

static void change_a_party(item *i)
{
	static const uint8_t    value[32] = { 1 };
	const aval_state_change c = { { AVAL_STATE_PARTY, { (const uint8_t *)"vat:FR300000003", 15 } }, { NULL, 0 }, { value, 32 } };

	delta_of(i, &c);
}

static void mandate_of_a_party(item *i)
{
	i->entry.kind = AVAL_ENTRY_MANDATE;
	change_a_party(i);
}

/* A note that is not there. */
static void old_of_nothing(item *i)
{
	static const uint8_t    id[32] = { 0xfe }, value[32] = { 1 }, next[32] = { 2 };
	const aval_state_change c = { { AVAL_STATE_NOTE, { id, 32 } }, { value, 32 }, { next, 32 } };

	delta_of(i, &c);
}

static size_t live_note(void)
{
	for (size_t note = 0; note < NOTES; note++) {
		uint8_t             id[32], path[32];
		aval_state_key      key = { AVAL_STATE_NOTE, { id, 32 } };

		note_id(id, note);
		ck_assert_int_eq(aval_state_key_path(path, &key, NULL), AVAL_OK);
		if (oracle_has(&book.map, path))
			return note;
	}
	ck_abort_msg("no live note");
	return 0;
}

/* A note that is there, as if it came now, and as if it had another value. */
static void nothing_of_old(item *i)
{
	uint8_t           id[32], next[32] = { 2 };
	aval_state_change c = { { AVAL_STATE_NOTE, { id, 32 } }, { NULL, 0 }, { next, 32 } };

	note_id(id, live_note());
	delta_of(i, &c);
}

static void another_old(item *i)
{
	uint8_t           id[32], old[32] = { 1 };
	aval_state_change c = { { AVAL_STATE_NOTE, { id, 32 } }, { old, 32 }, { NULL, 0 } };

	note_id(id, live_note());
	delta_of(i, &c);
}

static void break_the_entry(item *i)
{
	i->bytes[0] = 0x85;
}

static void change_nothing(item *i)
{
	(void)i;
}

static const struct {
	const char *name;
	void (*change)(item *i);
	aval_status want;
	const char *where;
} cases[] = {
	{ "an event", change_nothing, AVAL_OK, "" },
	{ "another base", change_base, AVAL_E_STATE_BASE, "entry.base" },
	{ "the state's own index as base", base_of_the_state, AVAL_E_STATE_BASE, "entry.base" },
	{ "earlier than the one before", turn_back_time, AVAL_E_STATE_TIME, "entry.time" },
	{ "an event registered twice", register_again, AVAL_E_STATE_DUPLICATE, "entry.id" },
	{ "another delta than named", change_the_delta, AVAL_E_STATE_DELTA, "entry.delta" },
	{ "a delta cut short", cut_the_delta, AVAL_E_CBOR_COUNT, "delta[].new" },
	{ "no delta", empty_the_delta, AVAL_E_CBOR_TRUNCATED, "delta" },
	{ "a mandate that changes notes", say_mandate, AVAL_E_STATE_CHANGE, "delta[].key.kind" },
	{ "an event that changes a party", change_a_party, AVAL_E_STATE_CHANGE, "delta[].key.kind" },
	{ "a mandate that changes a party", mandate_of_a_party, AVAL_OK, "" },
	{ "old value of what is not there", old_of_nothing, AVAL_E_STATE_OLD, "delta[].old" },
	{ "no old value of what is there", nothing_of_old, AVAL_E_STATE_OLD, "delta[].old" },
	{ "another old value", another_old, AVAL_E_STATE_OLD, "delta[].old" },
	{ "no entry", break_the_entry, AVAL_E_CBOR_RANGE, "entry" },
};

/* The replay names the entry, is left as it was, and goes on with the right one. */
START_TEST(an_entry_that_disagrees_is_named)
{
	item        wrong;
	aval_audit *audit;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got;

	write_book(8, 8);
	audit = replay(book.count);
	next_event(&wrong);
	cases[_i].change(&wrong);
	got = add(audit, &wrong, &err);
	ck_assert_msg(got == cases[_i].want, "%s: got %s, want %s (%s)", cases[_i].name, aval_status_name(got),
	              aval_status_name(cases[_i].want), err.reason);
	ck_assert_uint_eq(aval_audit_size(audit), book.count + (got == AVAL_OK));
	if (got != AVAL_OK) {
		ck_assert_msg(strcmp(err.where, cases[_i].where) == 0, "%s: %s", cases[_i].name, err.where);
		add_event();
		add_state();
		ck_assert_int_eq(add(audit, &book.items[book.count - 2], NULL), AVAL_OK);
		ck_assert_int_eq(add(audit, &book.items[book.count - 1], NULL), AVAL_OK);
		ck_assert_int_eq(check_root(audit, book.count), AVAL_OK);
	}
	aval_audit_free(audit);
	aval_log_free(book.log);
}
END_TEST

START_TEST(another_map_root_ends_the_replay)
{
	item        wrong;
	aval_audit *audit;
	aval_error  err = AVAL_ERROR_INIT;

	write_book(6, 6);
	audit = replay(book.count - 1);
	wrong = book.items[book.count - 1];
	wrong.delta_len = 1;
	ck_assert_int_eq(add(audit, &wrong, &err), AVAL_E_INVALID_ARGUMENT);
	wrong.delta_len = 0;
	wrong.entry.map_root32[31] ^= 1;
	encode(&wrong);
	ck_assert_int_eq(add(audit, &wrong, &err), AVAL_E_STATE_ROOT);
	ck_assert_str_eq(err.where, "entry.map_root");
	ck_assert_uint_eq(aval_audit_size(audit), book.count - 1);
	ck_assert_mem_eq(aval_audit_map(audit)->root32, book.items[book.count - 1].entry.map_root32, 32);
	ck_assert_int_eq(add(audit, &book.items[book.count - 1], &err), AVAL_E_STATE_ROOT);
	aval_audit_free(audit);
	aval_log_free(book.log);
}
END_TEST

/* An id is refused whether it was registered since the last state or long before. */
START_TEST(ids_are_remembered)
{
	write_book(5, 10);
	for (size_t i = 0; i < book.count; i++) {
		aval_audit *audit;
		item        again = book.items[i];

		if (again.entry.kind == AVAL_ENTRY_STATE)
			continue;
		audit = replay(book.count);
		again.entry.base = book.base;
		again.entry.time_ms = book.time_ms;
		again.delta[0] = 0x80;
		again.delta_len = 1;
		rename_delta(&again);
		ck_assert_int_eq(add(audit, &again, NULL), AVAL_E_STATE_DUPLICATE);
		memset(again.entry.id32, 0x33, 32);
		encode(&again);
		ck_assert_int_eq(add(audit, &again, NULL), AVAL_OK);
		ck_assert_int_eq(add(audit, &again, NULL), AVAL_E_STATE_DUPLICATE);
		aval_audit_free(audit);
	}
	aval_log_free(book.log);
}
END_TEST

static aval_status replay_all(const aval_allocator *allocator, void *user_data)
{
	aval_audit *audit = NULL;
	aval_status status = aval_audit_new(&audit, allocator, NULL);

	(void)user_data;
	for (size_t i = 0; status == AVAL_OK && i < book.count; i++) {
		status = add(audit, &book.items[i], NULL);
		ck_assert_uint_eq(aval_audit_size(audit), i + (status == AVAL_OK));
	}
	aval_audit_free(audit);
	return status;
}

START_TEST(running_out_of_memory_leaves_the_replay)
{
	write_book(12, 14);
	ck_assert_uint_gt(failing_allocator_walk("audit", replay_all, NULL), 20);
	aval_log_free(book.log);
}
END_TEST

/* An event that changes nothing, number so and so. */
static aval_status add_empty_event(aval_audit *audit, uint64_t number, uint64_t base, aval_error *err)
{
	static const uint8_t empty[1] = { 0x80 };
	item                 i = { .entry = { .kind = AVAL_ENTRY_EVENT, .time_ms = 1, .base = base } };

	memcpy(i.entry.id32, &number, sizeof number);
	aval_delta_hash(i.entry.delta32, empty, sizeof empty);
	encode(&i);
	return aval_audit_add(audit, i.bytes, i.len, empty, sizeof empty, err);
}

static aval_status add_empty_state(aval_audit *audit)
{
	item i = { .entry = { .kind = AVAL_ENTRY_STATE, .time_ms = 1 } };

	memcpy(i.entry.map_root32, aval_audit_map(audit)->root32, 32);
	encode(&i);
	return aval_audit_add(audit, i.bytes, i.len, NULL, 0, NULL);
}

/* No finding: a state lets it go on. */
START_TEST(registrations_between_two_states_are_limited)
{
	aval_audit *audit = start();
	aval_error  err = AVAL_ERROR_INIT;

	for (uint64_t i = 0; i < AVAL_MAP_MAX_CHANGES; i++)
		ck_assert_int_eq(add_empty_event(audit, i, 0, NULL), AVAL_OK);
	ck_assert_int_eq(add_empty_event(audit, AVAL_MAP_MAX_CHANGES, 0, &err), AVAL_E_LIMIT);
	ck_assert_str_eq(err.where, "audit.ids");
	ck_assert_uint_eq(aval_audit_size(audit), AVAL_MAP_MAX_CHANGES);
	ck_assert_int_eq(add_empty_state(audit), AVAL_OK);
	ck_assert_int_eq(add_empty_event(audit, AVAL_MAP_MAX_CHANGES, AVAL_MAP_MAX_CHANGES + 1, NULL), AVAL_OK);
	aval_audit_free(audit);
}
END_TEST

/* New notes, count of them from first on. */
static aval_status add_notes(aval_audit *audit, uint32_t first, size_t count, aval_error *err)
{
	static aval_state_change changes[AVAL_DELTA_MAX_CHANGES];
	static uint8_t           ids[AVAL_DELTA_MAX_CHANGES][32], delta[AVAL_DELTA_MAX_CHANGES * 80];
	static const uint8_t     value[32] = { 9 };
	item                     i = { .entry = { .kind = AVAL_ENTRY_EVENT, .time_ms = 1 } };
	size_t                   len = sizeof delta;

	for (size_t k = 0; k < count; k++) {
		uint32_t number = first + (uint32_t)k;

		for (int byte = 0; byte < 4; byte++)
			ids[k][byte] = (uint8_t)(number >> (24 - 8 * byte));
		changes[k] = (aval_state_change){ { AVAL_STATE_NOTE, { ids[k], 32 } }, { NULL, 0 }, { value, 32 } };
	}
	ck_assert_int_eq(aval_delta_serialize(delta, &len, changes, count, NULL), AVAL_OK);
	memcpy(i.entry.id32, &first, sizeof first);
	aval_delta_hash(i.entry.delta32, delta, len);
	encode(&i);
	return aval_audit_add(audit, i.bytes, i.len, delta, len, err);
}

START_TEST(keys_changed_between_two_states_are_limited)
{
	aval_audit *audit = start();
	aval_error  err = AVAL_ERROR_INIT;
	uint32_t    number = 0;

	for (; number < AVAL_MAP_MAX_CHANGES - AVAL_DELTA_MAX_CHANGES; number += AVAL_DELTA_MAX_CHANGES)
		ck_assert_int_eq(add_notes(audit, number, AVAL_DELTA_MAX_CHANGES, NULL), AVAL_OK);
	ck_assert_int_eq(add_notes(audit, number, AVAL_DELTA_MAX_CHANGES - 1, NULL), AVAL_OK);
	number += AVAL_DELTA_MAX_CHANGES - 1;
	ck_assert_int_eq(add_notes(audit, number, 2, &err), AVAL_E_LIMIT);
	ck_assert_str_eq(err.where, "audit.map");
	ck_assert_uint_eq(aval_audit_size(audit), AVAL_MAP_MAX_CHANGES / AVAL_DELTA_MAX_CHANGES);
	ck_assert_int_eq(add_notes(audit, number, 1, NULL), AVAL_OK);
	ck_assert_int_eq(add_notes(audit, number + 1, 1, &err), AVAL_E_LIMIT);
	aval_audit_free(audit);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("audit");
	TCase   *tc = tcase_create("audit");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_test(tc, a_log_that_agrees_is_replayed_to_its_roots);
	tcase_add_test(tc, a_source_is_read_in_parts);
	tcase_add_loop_test(tc, an_entry_that_disagrees_is_named, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tc, another_map_root_ends_the_replay);
	tcase_add_test(tc, ids_are_remembered);
	tcase_add_test(tc, running_out_of_memory_leaves_the_replay);
	tcase_add_test(tc, registrations_between_two_states_are_limited);
	tcase_add_test(tc, keys_changed_between_two_states_are_limited);
	tcase_set_timeout(tc, 300);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
