/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "failing_allocator.h"
#include "map_oracle.h"
#include "merkle/map.h"

static aval_map_memory *memory;
static aval_map         map;
static oracle_map       oracle;

static void start(void)
{
	ck_assert_int_eq(aval_map_memory_new(&memory, NULL, NULL), AVAL_OK);
	aval_map_init(&map, aval_map_memory_store(memory));
	oracle.count = 0;
	oracle_seed = 1;
}

static void finish(void)
{
	aval_map_memory_free(memory);
	memory = NULL;
}

/*
 * How paths of a history look: anywhere; many alike in their first bits; few in all; alike up to their very last bits;
 * parting at every bit, from the first to the last.
 */
typedef enum spread { WIDE, NEAR, FEW, LAST_BITS, EVERY_BIT, SPREADS } spread;

static const char *const spread_names[] = { "wide", "near", "few", "last bits", "every bit" };

static void random_path(uint8_t path32[32], spread s)
{
	unsigned bit = (unsigned)(oracle_random() % 256);

	memset(path32, 0x5a, 32);
	if (s == WIDE)
		oracle_bytes(path32, 32);
	if (s == NEAR)
		path32[(oracle_random() % 3 == 0) ? 2 : 1] = (uint8_t)oracle_random();
	if (s == FEW)
		path32[0] = (uint8_t)(oracle_random() % 8 << 5);
	if (s == LAST_BITS)
		path32[31] = (uint8_t)oracle_random();
	if (s == EVERY_BIT)
		path32[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
}

static bool is_chosen(const aval_map_change *changes, size_t count, const uint8_t path32[32])
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(changes[i].path32, path32, 32) == 0)
			return true;
	return false;
}

/* A batch of different keys; those that are there are deleted in deletes of 8 cases. */
static size_t random_batch(aval_map_change *changes, size_t count, spread s, unsigned deletes)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		aval_map_change *c = &changes[n];

		random_path(c->path32, s);
		if (oracle.count > 0 && oracle_random() % 2 == 0)
			memcpy(c->path32, oracle.items[oracle_random() % oracle.count].path32, 32);
		if (is_chosen(changes, n, c->path32))
			continue;
		oracle_bytes(c->value32, 32);
		c->is_delete = oracle_has(&oracle, c->path32) && oracle_random() % 8 < deletes;
		n++;
	}
	return n;
}

static void apply(const aval_map_change *changes, size_t count)
{
	ck_assert_int_eq(aval_map_update(&map, changes, count, NULL, NULL), AVAL_OK);
	for (size_t i = 0; i < count; i++)
		oracle_apply(&oracle, &changes[i]);
	oracle_check_root(&map, &oracle);
}

static void check_paths(spread s, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t path[32];

		random_path(path, s);
		oracle_check_path(&map, &oracle, path);
		if (oracle.count == 0)
			continue;
		memcpy(path, oracle.items[oracle_random() % oracle.count].path32, 32);
		oracle_check_path(&map, &oracle, path);
		path[oracle_random() % 32] ^= (uint8_t)(1u << oracle_random() % 8);
		oracle_check_path(&map, &oracle, path);
	}
}

/* The memory of a version is a function of its keys: nothing leaks once older versions are released. */
static void check_memory(void)
{
	aval_map_memory *fresh;
	aval_map         again;
	aval_map_change  changes[ORACLE_ROOM];

	for (size_t i = 0; i < oracle.count; i++) {
		memcpy(changes[i].path32, oracle.items[i].path32, 32);
		memcpy(changes[i].value32, oracle.items[i].value32, 32);
		changes[i].is_delete = false;
	}
	ck_assert_int_eq(aval_map_memory_new(&fresh, NULL, NULL), AVAL_OK);
	aval_map_init(&again, aval_map_memory_store(fresh));
	ck_assert_int_eq(aval_map_update(&again, changes, oracle.count, NULL, NULL), AVAL_OK);
	ck_assert_mem_eq(again.root32, map.root32, 32);
	aval_map_memory_release(memory, map.version);
	ck_assert_uint_eq(aval_map_memory_used(memory), aval_map_memory_used(fresh));
	aval_map_memory_free(fresh);
}

/* Grow, churn, shrink to nothing: the map equals the list at every step. */
START_TEST(histories_equal_the_definition)
{
	static const struct {
		size_t   rounds, size;
		unsigned deletes;
	} phases[] = { { 12, 1, 0 }, { 20, 40, 2 }, { 8, 300, 4 }, { 12, 80, 7 }, { 40, 60, 8 } };
	spread          s = (spread)(_i % SPREADS);
	aval_map_change changes[300];

	start();
	oracle_seed = (uint64_t)_i * 7919 + 1;
	for (size_t p = 0; p < sizeof phases / sizeof *phases; p++) {
		for (size_t round = 0; round < phases[p].rounds; round++) {
			apply(changes, random_batch(changes, phases[p].size, s, phases[p].deletes));
			check_paths(s, 4);
		}
		ck_assert_msg(oracle.count > 0 || p == 4, "%s: empty after phase %zu", spread_names[s], p);
		check_memory();
	}
	for (size_t i = 0; i < oracle.count; i++) {
		oracle_check_path(&map, &oracle, oracle.items[i].path32);
	}
	while (oracle.count > 0) {
		changes[0] = (aval_map_change){ .is_delete = true };
		memcpy(changes[0].path32, oracle.items[oracle_random() % oracle.count].path32, 32);
		apply(changes, 1);
	}
	check_paths(s, 2);
	ck_assert_uint_eq(map.page, 0);
	aval_map_memory_release(memory, map.version);
	ck_assert_uint_eq(aval_map_memory_used(memory), 0);
	finish();
}
END_TEST

/* One batch, or key by key in any order: one root. */
START_TEST(the_order_of_changes_does_not_matter)
{
	aval_map_change changes[200];
	uint8_t         root[32];
	size_t          count;

	start();
	count = random_batch(changes, 200, (spread)_i, 0);
	apply(changes, count);
	memcpy(root, map.root32, 32);
	finish();
	start();
	for (size_t i = count; i-- > 0;)
		apply(&changes[i], 1);
	ck_assert_mem_eq(map.root32, root, 32);
	finish();
}
END_TEST

static aval_map_change change(uint8_t first, uint8_t value, bool is_delete)
{
	aval_map_change c = { .path32 = { first }, .value32 = { value }, .is_delete = is_delete };

	return c;
}

START_TEST(an_update_that_cannot_be_changes_nothing)
{
	aval_map_change two[2] = { change(1, 1, false), change(2, 2, false) };
	aval_map        before;
	aval_error      err = AVAL_ERROR_INIT;
	size_t          used;

	start();
	ck_assert_int_eq(aval_map_update(&map, two, 0, NULL, &err), AVAL_OK);
	ck_assert_uint_eq(map.version, 0);
	ck_assert_int_eq(aval_map_update(&map, NULL, 0, NULL, &err), AVAL_OK);
	ck_assert_int_eq(aval_map_update(&map, two, 2, NULL, &err), AVAL_OK);
	ck_assert_uint_eq(map.version, 1);
	ck_assert_int_eq(err.status, AVAL_OK);
	before = map;
	used = aval_map_memory_used(memory);
	/* Of two deletions the second one is of a key that is not there: in an empty slot, beside a leaf, below. */
	two[0] = change(1, 0, true);
	for (unsigned first = 0; first < 256; first++) {
		two[1] = change((uint8_t)first, 0, true);
		ck_assert_int_eq(aval_map_update(&map, two, 2, NULL, &err), first == 1   ? AVAL_E_INVALID_ARGUMENT
		                                                            : first == 2 ? AVAL_OK
		                                                                         : AVAL_E_NOT_FOUND);
		if (first == 2) {
			ck_assert_uint_eq(map.count, 0);
			ck_assert_uint_eq(map.version, 2);
			finish();
			start();
			two[1] = change(2, 2, false);
			two[0] = change(1, 1, false);
			ck_assert_int_eq(aval_map_update(&map, two, 2, NULL, NULL), AVAL_OK);
			two[0] = change(1, 0, true);
			before = map;
		}
		ck_assert_mem_eq(&map, &before, sizeof map);
		ck_assert_uint_eq(aval_map_memory_used(memory), used);
	}
	ck_assert_int_eq(aval_map_update(&map, two, AVAL_MAP_MAX_CHANGES + 1, NULL, &err), AVAL_E_LIMIT);
	ck_assert_str_eq(err.where, "map.changes");
	finish();
}
END_TEST

/* A deletion and two insertions where one leaf was: the new page below must not miss the deleted key. */
START_TEST(a_leaf_gives_way_to_two_others)
{
	aval_map_change changes[3] = { change(0x10, 1, false), change(0x11, 2, false), change(0x13, 3, false) };

	start();
	apply(changes, 1);
	changes[0].is_delete = true;
	apply(changes, 3);
	ck_assert_uint_eq(map.count, 2);
	changes[0] = change(0x11, 0, true);
	apply(changes, 1);
	ck_assert_uint_eq(map.count, 1);
	finish();
}
END_TEST

START_TEST(setting_the_same_value_keeps_the_root)
{
	aval_map_change changes[2] = { change(1, 1, false), change(2, 2, false) };
	uint8_t         root[32];

	start();
	apply(changes, 2);
	memcpy(root, map.root32, 32);
	apply(changes, 2);
	ck_assert_mem_eq(map.root32, root, 32);
	ck_assert_uint_eq(map.version, 2);
	finish();
}
END_TEST

/* Snapshots stay what they were while the map goes on, until they are released. */
START_TEST(older_versions_stay_readable)
{
	enum { VERSIONS = 12 };
	static oracle_map models[VERSIONS];
	aval_map          snapshots[VERSIONS];
	aval_map_change   changes[60];

	start();
	for (size_t v = 0; v < VERSIONS; v++) {
		apply(changes, random_batch(changes, 60, v % 2 == 0 ? WIDE : NEAR, 5));
		snapshots[v] = map;
		models[v] = oracle;
	}
	for (size_t released = 0; released < VERSIONS; released++) {
		aval_map_memory_release(memory, snapshots[released].version);
		for (size_t v = released; v < VERSIONS; v++) {
			oracle_check_root(&snapshots[v], &models[v]);
			for (size_t i = 0; i < models[v].count; i += 7)
				oracle_check_path(&snapshots[v], &models[v], models[v].items[i].path32);
		}
	}
	finish();
}
END_TEST

START_TEST(one_version_has_one_successor)
{
	aval_map_change c = change(1, 1, false);
	aval_map        old;
	aval_error      err = AVAL_ERROR_INIT;
	size_t          used;

	start();
	old = map;
	ck_assert_int_eq(aval_map_update(&map, &c, 1, NULL, NULL), AVAL_OK);
	used = aval_map_memory_used(memory);
	ck_assert_int_eq(aval_map_update(&old, &c, 1, NULL, &err), AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_INVALID_ARGUMENT);
	ck_assert_uint_eq(aval_map_memory_used(memory), used);
	ck_assert_uint_eq(old.version, 0);
	finish();
}
END_TEST

static aval_status build_and_update(const aval_allocator *allocator, void *user_data)
{
	aval_map_memory *m = NULL;
	aval_map         version;
	aval_status      status = aval_map_memory_new(&m, allocator, NULL);

	(void)user_data;
	for (unsigned round = 0; status == AVAL_OK && round < 3; round++) {
		aval_map_change changes[150];
		aval_map        before;

		if (round == 0)
			aval_map_init(&version, aval_map_memory_store(m));
		before = version;
		for (unsigned i = 0; i < 150; i++) {
			changes[i] = change((uint8_t)i, (uint8_t)round, round == 2 && i % 3 == 0);
			changes[i].path32[9] = (uint8_t)(i % 3);
		}
		status = aval_map_update(&version, changes, 150, allocator, NULL);
		if (status != AVAL_OK)
			ck_assert_mem_eq(&version, &before, sizeof version);
		else
			aval_map_memory_release(m, version.version);
	}
	aval_map_memory_free(m);
	return status;
}

START_TEST(running_out_of_memory_leaves_the_version)
{
	ck_assert_uint_gt(failing_allocator_walk("update", build_and_update, NULL), 10);
}
END_TEST

/* A store of one's own: it counts views, fails on demand, and may return what is not a page. */
typedef struct other_store {
	aval_map_store        store;
	const aval_map_store *inner;
	size_t                calls, fail_at, views;
	aval_bytes            bad; /* given in place of the page `bad_id`, if it has bytes */
	uint64_t              bad_id;
	bool                  zero_id;
} other_store;

static aval_status step(other_store *o)
{
	return ++o->calls == o->fail_at ? AVAL_E_IO : AVAL_OK;
}

static aval_status other_get(aval_bytes *page_out, uint64_t id, void *user_data)
{
	other_store *o = user_data;
	aval_status  status = step(o);

	if (status != AVAL_OK)
		return status;
	o->views++;
	if (o->bad.data != NULL && id == o->bad_id) {
		*page_out = o->bad;
		return AVAL_OK;
	}
	return o->inner->get(page_out, id, o->inner->user_data);
}

static void other_done(uint64_t id, void *user_data)
{
	(void)id;
	((other_store *)user_data)->views--;
}

static aval_status other_put(uint64_t *id_out, const uint8_t *page, size_t page_len, void *user_data)
{
	other_store *o = user_data;
	aval_status  status = step(o);

	if (status != AVAL_OK)
		return status;
	status = o->inner->put(id_out, page, page_len, o->inner->user_data);
	if (o->zero_id && status == AVAL_OK) {
		o->inner->drop(*id_out, o->inner->user_data);
		*id_out = 0;
	}
	return status;
}

static void other_drop(uint64_t id, void *user_data)
{
	const aval_map_store *inner = ((other_store *)user_data)->inner;

	inner->drop(id, inner->user_data);
}

static aval_status other_retire(const uint64_t *ids, size_t id_count, uint64_t version, void *user_data)
{
	other_store *o = user_data;
	aval_status  status = step(o);

	return status != AVAL_OK ? status : o->inner->retire(ids, id_count, version, o->inner->user_data);
}

static void other_start(other_store *o)
{
	*o = (other_store){ { sizeof o->store, other_get, other_done, NULL, other_put, other_drop, other_retire, o },
		            aval_map_memory_store(memory), 0, 0, 0, { NULL, 0 }, 0, false };
	aval_map_init(&map, &o->store);
}

START_TEST(a_failing_store_is_reported_and_left_clean)
{
	aval_map_change changes[80];
	other_store     o;
	size_t          count, calls;

	start();
	other_start(&o);
	count = random_batch(changes, 80, NEAR, 0);
	apply(changes, count);
	aval_map_memory_release(memory, map.version);
	count = random_batch(changes, 60, NEAR, 4);
	for (size_t fail_at = 1;; fail_at++) {
		aval_map    before = map;
		size_t      used = aval_map_memory_used(memory);
		aval_error  err = AVAL_ERROR_INIT;
		aval_status status;

		o.calls = 0;
		o.fail_at = fail_at;
		status = aval_map_update(&map, changes, count, NULL, &err);
		ck_assert_uint_eq(o.views, 0);
		if (status == AVAL_OK) {
			calls = o.calls;
			break;
		}
		ck_assert_int_eq(status, AVAL_E_CALLBACK);
		ck_assert_int_eq(err.cause, AVAL_E_IO);
		ck_assert_mem_eq(&map, &before, sizeof map);
		ck_assert_uint_eq(aval_map_memory_used(memory), used);
	}
	ck_assert_uint_gt(calls, 20);
	for (size_t i = 0; i < count; i++)
		oracle_apply(&oracle, &changes[i]);
	oracle_check_root(&map, &oracle);
	finish();
}
END_TEST

START_TEST(a_failing_store_is_reported_by_every_reader)
{
	aval_map_change changes[80];
	other_store     o;
	uint8_t         proof[AVAL_MAP_PROOF_MAX_LEN], value[32];
	aval_map_item   item;
	const uint8_t  *path;
	size_t          len = sizeof proof;

	start();
	other_start(&o);
	apply(changes, random_batch(changes, 80, LAST_BITS, 0));
	path = oracle.items[oracle.count / 2].path32;
	o.calls = 0;
	ck_assert_int_eq(aval_map_prove(proof, &len, &map, path, NULL), AVAL_OK);
	ck_assert_uint_gt(o.calls, 60);
	for (size_t fail_at = 1, reads = o.calls; fail_at <= reads; fail_at++) {
		aval_error err = AVAL_ERROR_INIT;

		o.fail_at = fail_at;
		o.calls = 0;
		ck_assert_int_eq(aval_map_prove(proof, &len, &map, path, &err), AVAL_E_CALLBACK);
		ck_assert_int_eq(err.cause, AVAL_E_IO);
		o.calls = 0;
		ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, path, 1, NULL), AVAL_E_CALLBACK);
		o.calls = 0;
		ck_assert_int_eq(aval_map_get(value, &map, path, NULL), AVAL_E_CALLBACK);
		o.calls = 0;
		ck_assert_int_eq(aval_map_before(&item, &map, path, NULL), AVAL_E_CALLBACK);
		o.calls = 0;
		ck_assert_int_eq(aval_map_after(&item, &map, path, NULL), AVAL_E_CALLBACK);
		ck_assert_uint_eq(o.views, 0);
	}
	finish();
}
END_TEST

START_TEST(a_store_of_another_shape_is_refused)
{
	aval_map_change c = change(1, 1, false);
	other_store     o;
	uint8_t         proof[64];
	size_t          len = sizeof proof;
	aval_map_item   item;

	start();
	other_start(&o);
	o.zero_id = true;
	ck_assert_int_eq(aval_map_update(&map, &c, 1, NULL, NULL), AVAL_E_CALLBACK);
	ck_assert_uint_eq(aval_map_memory_used(memory), 0);
	o.store.struct_size--;
	ck_assert_int_eq(aval_map_update(&map, &c, 1, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_prove(proof, &len, &map, c.path32, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_get(NULL, &map, c.path32, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_map_before(&item, &map, c.path32, NULL), AVAL_E_INVALID_ARGUMENT);
	map.store = NULL;
	ck_assert_int_eq(aval_map_after(&item, &map, c.path32, NULL), AVAL_E_INVALID_ARGUMENT);
	finish();
}
END_TEST

/* Whatever bytes a store returns: a status, never a crash; the sanitizers watch. */
START_TEST(a_broken_page_does_no_harm)
{
	aval_map_change changes[80], next[40];
	other_store     o;
	aval_map        intact;
	uint8_t         proof[AVAL_MAP_PROOF_MAX_LEN], page[AVAL_MAP_PAGE_MAX_LEN];
	aval_bytes      whole;
	size_t          count, refused = 0;

	start();
	other_start(&o);
	apply(changes, random_batch(changes, 80, (spread)_i, 0));
	count = random_batch(next, 40, (spread)_i, 0);
	intact = map;
	ck_assert_int_eq(o.inner->get(&whole, map.page, o.inner->user_data), AVAL_OK);
	ck_assert_uint_le(whole.len, sizeof page);
	o.bad_id = map.page;
	for (size_t i = 0; i < 400 + whole.len; i++) {
		aval_map_item item;
		size_t        len = sizeof proof;
		aval_status   status;

		memcpy(page, whole.data, whole.len);
		/* Every shorter page; else broken heads, the ids left alone, since an id is an address here. */
		o.bad = (aval_bytes){ page, i < whole.len ? i : whole.len };
		if (i >= whole.len)
			page[oracle_random() % 6] ^= (uint8_t)(1u << oracle_random() % 8);
		map = intact;
		status = aval_map_prove(proof, &len, &map, next[i % count].path32, NULL);
		ck_assert(status == AVAL_OK || status == AVAL_E_MAP_PAGE);
		refused += status == AVAL_E_MAP_PAGE;
		ck_assert(i >= whole.len || status == AVAL_E_MAP_PAGE);
		if (status == AVAL_OK)
			continue;
		ck_assert_int_eq(aval_map_update(&map, next, count, NULL, NULL), AVAL_E_MAP_PAGE);
		ck_assert_int_eq(aval_map_after(&item, &map, next[i % count].path32, NULL), AVAL_E_MAP_PAGE);
		ck_assert_int_eq(aval_map_get(NULL, &map, next[i % count].path32, NULL), AVAL_E_MAP_PAGE);
		ck_assert_uint_eq(o.views, 0);
	}
	ck_assert_uint_gt(refused, whole.len);
	finish();
}
END_TEST

/* Each id of the page of the root in turn becomes 0, and then is as it was. */
START_TEST(a_slot_names_a_page)
{
	aval_map_change changes[80], next = { .path32 = { 0x55 }, .value32 = { 1 } };
	other_store     o;
	aval_map        intact;
	aval_map_item   item;
	uint8_t         proof[AVAL_MAP_PROOF_MAX_LEN], page[AVAL_MAP_PAGE_MAX_LEN];
	aval_bytes      whole;
	aval_map_page   root;
	size_t          ids;

	start();
	other_start(&o);
	apply(changes, random_batch(changes, 80, (spread)0, 0));
	intact = map;
	ck_assert_int_eq(o.inner->get(&whole, map.page, o.inner->user_data), AVAL_OK);
	ck_assert_int_eq(aval_map_page_parse(&root, whole, NULL), AVAL_OK);
	ids = aval_pop16(root.inners);
	ck_assert_uint_ge(ids, 2);
	o.bad_id = map.page;
	o.bad = (aval_bytes){ page, whole.len };
	for (size_t i = 0; i <= ids; i++) {
		aval_status want = i < ids ? AVAL_E_MAP_PAGE : AVAL_OK;
		size_t      len = sizeof proof;

		memcpy(page, whole.data, whole.len);
		if (i < ids)
			memset(page + AVAL_MAP_PAGE_HEAD + 8 * i, 0, 8);
		map = intact;
		ck_assert_int_eq(aval_map_prove(proof, &len, &map, next.path32, NULL), want);
		ck_assert_int_eq(aval_map_before(&item, &map, next.path32, NULL), want);
		ck_assert_int_eq(aval_map_get(NULL, &map, changes[0].path32, NULL), want);
		ck_assert_int_eq(aval_map_update(&map, &next, 1, NULL, NULL), want);
		ck_assert_uint_eq(o.views, 0);
	}
	finish();
}
END_TEST

/* A page whose nodes and leaves do not fit its slots is read within its bounds. */
START_TEST(an_inconsistent_page_is_read_within_its_bounds)
{
	other_store o;
	uint8_t     proof[AVAL_MAP_PROOF_MAX_LEN];

	start();
	other_start(&o);
	for (unsigned i = 0; i < 3000; i++) {
		unsigned        leaves = (unsigned)(oracle_random() & 0xffff), nodes = (unsigned)(oracle_random() & 0xffff);
		uint8_t        *exact;
		aval_map_change changes[8];
		aval_map_item   item;
		aval_status     status;
		size_t          len = sizeof proof, page_len = aval_map_page_len(leaves, 0, nodes);

		if (leaves == 0)
			continue;
		exact = malloc(page_len);
		ck_assert_ptr_nonnull(exact);
		oracle_bytes(exact, page_len);
		aval_map_page_write_head(exact, leaves, 0, nodes);
		o.bad = (aval_bytes){ exact, page_len };
		o.bad_id = map.page = 1;
		oracle_bytes(changes[0].path32, 32);
		ck_assert_int_eq(aval_map_prove(proof, &len, &map, changes[0].path32, NULL), AVAL_OK);
		ck_assert_int_ne(aval_map_after(&item, &map, changes[0].path32, NULL), AVAL_E_MAP_PAGE);
		for (size_t c = 0; c < 8; c++) {
			oracle_bytes(changes[c].path32, 32);
			oracle_bytes(changes[c].value32, 32);
			/* Alike with a leaf of the page but for its first slot: it never parts from that leaf in time. */
			if (c == 0)
				memcpy(changes[c].path32 + 1, exact + page_len - 63, 31);
			changes[c].is_delete = false;
		}
		status = aval_map_update(&map, changes, 8, NULL, NULL);
		ck_assert(status == AVAL_OK || status == AVAL_E_MAP_PAGE);
		free(exact);
	}
	finish();
}
END_TEST

START_TEST(paths_share_bits)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	ck_assert_uint_eq(aval_path_shared(a, b), 256);
	for (unsigned bit = 0; bit < 256; bit++) {
		memset(b, 0xff, 32);
		memset(b, 0, bit / 8);
		b[bit / 8] = (uint8_t)(0xff >> bit % 8);
		ck_assert_uint_eq(aval_path_shared(a, b), bit);
		ck_assert_uint_eq(aval_path_shared(b, a), bit);
	}
}
END_TEST

/* All contents of a page: which nodes are inner ones, by recursion. */
static unsigned leaves_below(unsigned leaves, unsigned inners, unsigned node)
{
	if (node >= 16)
		return (leaves >> (node - 16) & 1u) + 2 * (inners >> (node - 16) & 1u);
	return leaves_below(leaves, inners, 2 * node) + leaves_below(leaves, inners, 2 * node + 1);
}

START_TEST(inner_nodes_are_those_with_two_leaves)
{
	for (unsigned i = 0; i < 20000; i++) {
		unsigned leaves = (unsigned)oracle_random() & (unsigned)oracle_random() & 0xffff;
		unsigned inners = (unsigned)oracle_random() & (unsigned)oracle_random() & 0xffff & ~leaves, nodes = 0;

		for (unsigned node = 1; node < 16; node++)
			nodes |= (leaves_below(leaves, inners, node) >= 2 ? 1u : 0u) << node;
		ck_assert_uint_eq(aval_map_inner_nodes(leaves, inners), nodes);
	}
	ck_assert_uint_eq(aval_map_page_len(0xffff, 0, 0xfffe), AVAL_MAP_PAGE_MAX_LEN);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("map");
	TCase   *tc = tcase_create("map");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, histories_equal_the_definition, 0, 3 * SPREADS);
	tcase_add_loop_test(tc, the_order_of_changes_does_not_matter, 0, SPREADS);
	tcase_add_test(tc, an_update_that_cannot_be_changes_nothing);
	tcase_add_test(tc, a_leaf_gives_way_to_two_others);
	tcase_add_test(tc, setting_the_same_value_keeps_the_root);
	tcase_add_test(tc, older_versions_stay_readable);
	tcase_add_test(tc, one_version_has_one_successor);
	tcase_add_test(tc, running_out_of_memory_leaves_the_version);
	tcase_add_test(tc, a_failing_store_is_reported_and_left_clean);
	tcase_add_test(tc, a_failing_store_is_reported_by_every_reader);
	tcase_add_test(tc, a_store_of_another_shape_is_refused);
	tcase_add_loop_test(tc, a_broken_page_does_no_harm, 0, SPREADS);
	tcase_add_test(tc, a_slot_names_a_page);
	tcase_add_test(tc, an_inconsistent_page_is_read_within_its_bounds);
	tcase_add_test(tc, paths_share_bits);
	tcase_add_test(tc, inner_nodes_are_those_with_two_leaves);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
