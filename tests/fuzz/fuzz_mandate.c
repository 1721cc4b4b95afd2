/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mandates. One that is read is written again from its parts to the same payload, but where a group of it is another
 * key. A grant permits an act at each of its bounds and none beyond, and its own revocation ends it.
 */
#include <string.h>

#include <aval/mandate.h>

#include "fuzz.h"

static aval_mandate_cap   caps[AVAL_MANDATE_MAX_CAPS];
static aval_mandate_group groups[AVAL_MANDATE_MAX_GROUPS];
static uint8_t            keys[AVAL_MANDATE_MAX_KEYS][32];
static uint8_t            members[AVAL_MANDATE_MAX_GROUPS][AVAL_MANDATE_MAX_MEMBERS][AVAL_MANDATE_MEMBER_LEN];
static uint8_t            out[AVAL_MANDATE_MAX_LEN];

static void check_error(aval_status status, const aval_error *err, size_t size)
{
	FUZZ_REQUIRE(err->status == status && err->reason[0] != '\0' && err->where[0] != '\0');
	FUZZ_REQUIRE(err->offset == AVAL_NO_OFFSET || err->offset <= size);
}

static void copy_keys(const aval_mandate *m)
{
	for (size_t i = 0; i < m->key_count; i++) {
		memcpy(keys[i], aval_mandate_key(m, i), 32);
		FUZZ_REQUIRE(aval_mandate_has_key(m, keys[i]));
		FUZZ_REQUIRE(i == 0 || memcmp(keys[i - 1], keys[i], 32) < 0);
	}
	FUZZ_REQUIRE(aval_mandate_key(m, m->key_count) == NULL);
}

static void copy_groups(const aval_mandate *m)
{
	for (size_t i = 0; i < m->group_count; i++) {
		FUZZ_REQUIRE(aval_mandate_group_at(&groups[i], m, i));
		FUZZ_REQUIRE(aval_mandate_has_key(m, groups[i].aggregate32));
		for (size_t k = 0; k < groups[i].member_count; k++)
			memcpy(members[i][k], aval_mandate_member(m, i, k), AVAL_MANDATE_MEMBER_LEN);
		FUZZ_REQUIRE(aval_mandate_member(m, i, groups[i].member_count) == NULL);
		groups[i].members = members[i][0];
	}
	FUZZ_REQUIRE(aval_mandate_member(m, m->group_count, 0) == NULL);
}

static aval_status build_grant(size_t *len, const aval_mandate *m)
{
	aval_grant_options options = AVAL_GRANT_OPTIONS_INIT;

	copy_keys(m);
	copy_groups(m);
	for (size_t i = 0; i < m->cap_count; i++)
		FUZZ_REQUIRE(aval_mandate_cap_at(&caps[i], m, i));
	options.registry = m->registry;
	options.party = m->party;
	options.keys = keys[0];
	options.key_count = m->key_count;
	options.threshold = m->threshold;
	options.types = m->types;
	options.caps = caps;
	options.cap_count = m->cap_count;
	options.valid_from_ms = m->valid_from_ms;
	options.valid_until_ms = m->valid_until_ms;
	options.has_predecessor = m->has_predecessor;
	memcpy(options.predecessor32, m->predecessor32, 32);
	memcpy(options.nonce16, m->nonce16, 16);
	options.groups = groups;
	options.group_count = m->group_count;
	return aval_grant_build(out, len, &options, NULL);
}

static aval_status build_revocation(size_t *len, const aval_mandate *m)
{
	aval_revocation_options options = AVAL_REVOCATION_OPTIONS_INIT;

	options.registry = m->registry;
	options.party = m->party;
	memcpy(options.mandate32, m->mandate32, 32);
	options.revoked_at_ms = m->revoked_at_ms;
	options.reason = m->reason;
	return aval_revocation_build(out, len, &options, NULL);
}

static void write_again(const aval_mandate *m)
{
	size_t      len = sizeof out;
	aval_status groups_status = aval_mandate_check_groups(m, NULL);
	aval_status status = m->kind == AVAL_MANDATE_GRANT ? build_grant(&len, m) : build_revocation(&len, m);

	FUZZ_REQUIRE(status == groups_status && (status == AVAL_OK || status == AVAL_E_MANDATE_GROUP));
	if (status == AVAL_OK)
		FUZZ_REQUIRE(len == m->payload.len && memcmp(out, m->payload.data, len) == 0);
}

static uint32_t some_type(uint32_t types)
{
	uint32_t type = 1;

	while ((types >> type & 1) == 0)
		type++;
	return type;
}

static aval_mandate_act largest_act(const aval_mandate *m)
{
	aval_mandate_act act = { .registry = m->registry,
		                 .party = m->party,
		                 .type = some_type(m->types),
		                 .currency = { "EUR", 3 },
		                 .amount_minor = INT64_MAX,
		                 .at_ms = m->valid_from_ms,
		                 .keys = keys[0],
		                 .key_count = m->threshold };

	if (m->cap_count > 0) {
		act.currency = caps[m->cap_count - 1].currency;
		act.amount_minor = caps[m->cap_count - 1].amount_minor;
	}
	return act;
}

static void want(const aval_mandate *m, const aval_mandate_act *act, aval_status status)
{
	FUZZ_REQUIRE(aval_mandate_check(m, act, NULL) == status);
}

static void check_times(const aval_mandate *m, aval_mandate_act act)
{
	want(m, &act, AVAL_OK);
	act.at_ms = m->valid_until_ms - 1;
	want(m, &act, AVAL_OK);
	act.at_ms = m->valid_until_ms;
	want(m, &act, AVAL_E_MANDATE_EXPIRED);
	act.at_ms = m->valid_from_ms - 1;
	want(m, &act, m->valid_from_ms == 0 ? AVAL_E_NOT_FOUND : AVAL_E_MANDATE_NOT_YET_VALID);
}

/* From the last rule that fails to the first: each outranks those before it here. */
static void check_rules(const aval_mandate *m, aval_mandate_act act)
{
	static const uint8_t nobody[AVAL_MANDATE_MAX_KEYS + 1][32] = { { 0 } };

	act.key_count = m->threshold - 1;
	want(m, &act, act.key_count == 0 ? AVAL_E_INVALID_ARGUMENT : AVAL_E_MANDATE_THRESHOLD);
	act.key_count = m->threshold;
	if (m->cap_count > 0 && act.amount_minor < INT64_MAX) {
		act.amount_minor++;
		want(m, &act, AVAL_E_MANDATE_AMOUNT);
	}
	act.type = 0;
	want(m, &act, AVAL_E_MANDATE_TYPE);
	if (!aval_mandate_has_key(m, nobody[0])) {
		act.keys = nobody[0];
		act.key_count = 1;
		want(m, &act, AVAL_E_MANDATE_KEY);
	}
	act.registry.len--;
	want(m, &act, AVAL_E_MANDATE_REGISTRY);
	act.party.len--;
	want(m, &act, AVAL_E_MANDATE_PARTY);
}

static void check_grant(const aval_mandate *m)
{
	aval_mandate other = *m;

	check_times(m, largest_act(m));
	check_rules(m, largest_act(m));
	FUZZ_REQUIRE(aval_mandate_check_ended(m, m, AVAL_TIME_NONE, NULL) == AVAL_OK);
	other.kind = AVAL_MANDATE_REVOCATION;
	memcpy(other.mandate32, m->id32, 32);
	other.revoked_at_ms = m->valid_from_ms;
	FUZZ_REQUIRE(aval_mandate_check_ended(m, &other, m->valid_from_ms, NULL) == AVAL_E_MANDATE_REVOKED);
	FUZZ_REQUIRE(aval_mandate_check_ended(m, &other, AVAL_TIME_NONE, NULL) == AVAL_E_MANDATE_REVOKED);
	if (m->valid_from_ms > 0)
		FUZZ_REQUIRE(aval_mandate_check_ended(m, &other, m->valid_from_ms - 1, NULL) == AVAL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_mandate m = { 0 };
	aval_error   err = AVAL_ERROR_INIT;
	aval_status  status = aval_mandate_parse(&m, data, size, &err);

	if (status != AVAL_OK) {
		check_error(status, &err, size);
		FUZZ_REQUIRE(m.envelope.data == NULL);
		return 0;
	}
	FUZZ_REQUIRE(m.envelope.data == data && m.envelope.len == size);
	status = aval_mandate_verify(&m, NULL);
	FUZZ_REQUIRE(m.has_certificate ? status == AVAL_E_INVALID_ARGUMENT
	                               : status == AVAL_OK || status == AVAL_E_MANDATE_SIGNATURE);
	write_again(&m);
	if (m.kind == AVAL_MANDATE_GRANT)
		check_grant(&m);
	return 0;
}
