/* SPDX-License-Identifier: Apache-2.0 */
/* An auditor's replay: docs/spec/state.md, section 4. */
#include <aval/audit.h>
#include <aval/merkle.h>
#include <aval/range.h>

#include "proof/ledger.h"
#include "proof/state.h"

struct aval_audit {
	const aval_allocator *allocator;
	aval_range            log;
	uint64_t              base;     /* entries up to the last state, and it */
	uint64_t              time_ms;  /* of the last entry */
	bool                  is_wrong; /* a state disagreed: there is no going on */
	aval_ledger           state;
	aval_ledger           ids; /* of events and mandates registered; the values mean nothing */
};

aval_status aval_audit_new(aval_audit **audit_out, const aval_allocator *allocator, aval_error *err)
{
	aval_audit *a = aval_alloc_zero(allocator, sizeof *a);
	aval_status status;

	if (a == NULL)
		return aval_fail_no_memory(err);
	a->allocator = allocator;
	aval_range_init(&a->log, 0);
	status = aval_ledger_init(&a->state, allocator, err);
	if (status == AVAL_OK)
		status = aval_ledger_init(&a->ids, allocator, err);
	if (status == AVAL_OK)
		*audit_out = a;
	else
		aval_audit_free(a);
	return status;
}

void aval_audit_free(aval_audit *audit)
{
	if (audit == NULL)
		return;
	aval_ledger_clear(&audit->state);
	aval_ledger_clear(&audit->ids);
	aval_free(audit, audit->allocator);
}

uint64_t aval_audit_size(const aval_audit *audit)
{
	return audit->log.end;
}

const aval_map *aval_audit_map(const aval_audit *audit)
{
	return &audit->state.map;
}

void aval_audit_log_root(uint8_t root32_out[32], const aval_audit *audit)
{
	/* A range from 0 always has a root. */
	aval_status status = aval_range_root(root32_out, &audit->log, NULL);

	(void)status;
}

/* The value that a delta says was there, against the one that is. */
static aval_status check_old(const aval_audit *a, const uint8_t path32[32], aval_bytes old_value,
                             aval_error *err)
{
	uint8_t     stored[32], claimed[32];
	aval_status found = aval_ledger_get(stored, &a->state, path32);

	if (old_value.len == 0 && found == AVAL_OK)
		return aval_fail(err, AVAL_E_STATE_OLD, "delta[].old", "the key is there already");
	if (old_value.len == 0)
		return AVAL_OK;
	aval_map_value(claimed, old_value.data, old_value.len);
	if (found != AVAL_OK || memcmp(stored, claimed, 32) != 0)
		return aval_fail(err, AVAL_E_STATE_OLD, "delta[].old", "the map has another value, or none");
	return AVAL_OK;
}

static aval_status check_change(const aval_audit *a, const aval_entry *entry, const aval_state_change *c,
                                aval_error *err)
{
	uint8_t     path[32];
	aval_status status;

	if ((c->key.kind == AVAL_STATE_PARTY) != (entry->kind == AVAL_ENTRY_MANDATE))
		return aval_fail(err, AVAL_E_STATE_CHANGE, "delta[].key.kind",
		                 "an event changes a party, or a mandate something else");
	status = aval_state_key_path(path, &c->key, err);
	return status != AVAL_OK ? status : check_old(a, path, c->old_value, err);
}

static aval_status check_changes(const aval_audit *a, const aval_entry *entry, aval_delta delta,
                                 aval_error *err)
{
	aval_state_change c;

	while (aval_delta_next(&delta, &c)) {
		aval_status status = check_change(a, entry, &c, err);

		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

/* Nobody checks here that an id is a hash, so it is made one: chosen ids must not make a deep map. */
static aval_status check_id(uint8_t path32_out[32], const aval_audit *a, const uint8_t id32[32],
                            aval_error *err)
{
	uint8_t value[32];

	aval_map_value(path32_out, id32, 32);
	if (aval_ledger_get(value, &a->ids, path32_out) == AVAL_OK)
		return aval_fail(err, AVAL_E_STATE_DUPLICATE, "entry.id",
		                 "an event or mandate with this id was registered before");
	return AVAL_OK;
}

/* Everything is reserved and checked. */
static void apply(aval_audit *a, const uint8_t id_path32[32], aval_delta delta)
{
	aval_state_change c;
	uint8_t           path[32], value[32];

	while (aval_delta_next(&delta, &c)) {
		aval_status status = aval_state_key_path(path, &c.key, NULL);

		(void)status;
		aval_map_value(value, c.new_value.data, c.new_value.len);
		aval_ledger_set(&a->state, path, c.new_value.len == 0 ? NULL : value);
	}
	aval_ledger_set(&a->ids, id_path32, id_path32);
}

static aval_status add_registration(aval_audit *a, const aval_entry *entry, aval_bytes data, aval_error *err)
{
	uint8_t     hash[32], id_path[32];
	aval_delta  delta;
	aval_status status = check_id(id_path, a, entry->id32, err);

	if (status != AVAL_OK)
		return status;
	if (entry->base != a->base)
		return aval_fail(err, AVAL_E_STATE_BASE, "entry.base",
		                 "not the number of entries up to the last state");
	aval_delta_hash(hash, data.data, data.len);
	if (memcmp(hash, entry->delta32, 32) != 0)
		return aval_fail(err, AVAL_E_STATE_DELTA, "entry.delta",
		                 "the delta is another than the entry names");
	status = aval_delta_parse(&delta, data.data, data.len, err);
	if (status == AVAL_OK)
		status = check_changes(a, entry, delta, err);
	if (status == AVAL_OK)
		status = aval_ledger_reserve(&a->state, delta.count, "audit.map", err);
	if (status == AVAL_OK)
		status = aval_ledger_reserve(&a->ids, 1, "audit.ids", err);
	if (status == AVAL_OK)
		apply(a, id_path, delta);
	return status;
}

static aval_status wrong_root(aval_error *err)
{
	return aval_fail(err, AVAL_E_STATE_ROOT, "entry.map_root", "the deltas lead to another map root");
}

/* The ids first: what they lose on failure is nothing. */
static aval_status add_state(aval_audit *a, const aval_entry *entry, aval_bytes delta, aval_error *err)
{
	aval_status status;

	if (delta.len != 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "audit.delta", "a state entry has no delta");
	status = aval_ledger_commit(&a->ids, err);
	if (status == AVAL_OK)
		status = aval_ledger_commit(&a->state, err);
	if (status != AVAL_OK)
		return status;
	a->is_wrong = memcmp(a->state.map.root32, entry->map_root32, 32) != 0;
	if (a->is_wrong)
		return wrong_root(err);
	a->base = a->log.end + 1;
	return AVAL_OK;
}

aval_status aval_audit_add(aval_audit *audit, const uint8_t *entry, size_t entry_len, const uint8_t *delta,
                           size_t delta_len, aval_error *err)
{
	aval_bytes  beside = { delta, delta_len };
	uint8_t     leaf[32];
	aval_entry  e;
	aval_status status;

	if (audit->is_wrong)
		return wrong_root(err);
	if (audit->log.end == AVAL_MERKLE_MAX_SIZE)
		return aval_fail(err, AVAL_E_LIMIT, "audit.log", "the log is full");
	status = aval_entry_parse(&e, entry, entry_len, err);
	if (status != AVAL_OK)
		return status;
	if (e.time_ms < audit->time_ms)
		return aval_fail(err, AVAL_E_STATE_TIME, "entry.time", "earlier than the entry before");
	status = e.kind == AVAL_ENTRY_STATE ? add_state(audit, &e, beside, err)
	                                    : add_registration(audit, &e, beside, err);
	if (status != AVAL_OK)
		return status;
	audit->time_ms = e.time_ms;
	aval_merkle_leaf(leaf, entry, entry_len);
	return aval_range_append(&audit->log, leaf, 1, err);
}

aval_status aval_audit_run(aval_audit *audit, const aval_audit_source *source, uint64_t size, aval_error *err)
{
	if (source == NULL || source->struct_size != sizeof *source)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "audit.source",
		                 "no source, or one of another size");
	while (audit->log.end < size) {
		aval_bytes  entry, delta;
		aval_status status = source->read(&entry, &delta, audit->log.end, source->user_data);

		if (status != AVAL_OK)
			return aval_fail_cause(err, AVAL_E_CALLBACK, "audit.source", "the source failed",
			                       status);
		status = aval_audit_add(audit, entry.data, entry.len, delta.data, delta.len, err);
		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

aval_status aval_audit_check(const aval_audit *audit, uint64_t size, const uint8_t root32[32], aval_error *err)
{
	uint8_t root[32];

	if (size != audit->log.end)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "audit.size",
		                 "another number of entries was replayed");
	aval_audit_log_root(root, audit);
	if (memcmp(root, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_FORK, "audit.root", "the entries have another root");
	if (audit->base != size || size == 0)
		return aval_fail(err, AVAL_E_STATE_OPEN, "audit", "the last entry is no state");
	return AVAL_OK;
}
