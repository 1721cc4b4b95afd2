/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of mandates, in the order of docs/spec/mandate.md, section "Format". */
#include "identity/mandate.h"

static void refuse(aval_codec *c, const char *where, const char *reason)
{
	if (aval_codec_ok(c))
		aval_codec_fail(c, AVAL_E_MANDATE_FORMAT, where, reason);
}

static void refuse_at(aval_codec *c, size_t mark, const char *where, const char *reason)
{
	if (aval_codec_ok(c))
		aval_codec_fail_at(c, mark, AVAL_E_MANDATE_FORMAT, where, reason);
}

static void code_hash(aval_codec *c, uint8_t key, const char *where, uint8_t hash32[32])
{
	if (aval_code_key(c, key, where))
		aval_code_bytes(c, where, hash32, 32);
}

static void code_head(aval_codec *c, aval_mandate *m)
{
	uint64_t kind = (uint64_t)m->kind;

	if (aval_code_key(c, 1, "mandate.kind"))
		aval_code_uint(c, "mandate.kind", &kind, AVAL_MANDATE_GRANT, AVAL_MANDATE_REVOCATION);
	m->kind = (aval_mandate_kind)kind;
	if (aval_code_key(c, 2, "mandate.registry"))
		aval_code_text(c, "mandate.registry", &m->registry, 1, AVAL_REGISTRY_MAX_LEN);
	if (aval_codec_ok(c) && !aval_name_check(m->registry, AVAL_REGISTRY_MAX_LEN))
		refuse(c, "mandate.registry", "the origin has a blank, a control character or a plus");
	if (aval_code_key(c, 3, "mandate.party"))
		aval_code_party(c, "mandate.party", &m->party);
}

static void code_keys(aval_codec *c, aval_mandate_content *x)
{
	uint8_t before[32] = { 0 }, key[32];

	if (!aval_code_key(c, 4, "mandate.keys"))
		return;
	aval_code_array(c, "mandate.keys", &x->mandate.key_count, AVAL_MANDATE_MAX_KEYS);
	x->mandate.internal.keys = aval_codec_mark(c);
	for (size_t i = 0; i < x->mandate.key_count && aval_codec_ok(c); i++) {
		size_t mark = aval_codec_mark(c);

		if (!c->is_reading)
			memcpy(key, x->keys + 32 * i, sizeof key);
		aval_code_bytes(c, "mandate.keys[]", key, sizeof key);
		if (i > 0 && memcmp(before, key, sizeof key) >= 0)
			refuse_at(c, mark, "mandate.keys[]", "the keys do not strictly ascend");
		memcpy(before, key, sizeof key);
	}
	aval_code_leave_array(c, "mandate.keys");
}

static void code_threshold(aval_codec *c, aval_mandate *m)
{
	uint64_t threshold = m->threshold;

	if (aval_code_key(c, 5, "mandate.threshold"))
		aval_code_uint(c, "mandate.threshold", &threshold, 1, AVAL_MANDATE_MAX_KEYS);
	if (aval_codec_ok(c) && threshold > m->key_count)
		refuse(c, "mandate.threshold", "the threshold is above the number of keys");
	m->threshold = (uint32_t)threshold;
}

/* The next type above the last one; past the last there is none. */
static uint64_t next_type(uint32_t types, uint64_t type)
{
	do
		type++;
	while (type <= AVAL_MANDATE_LAST_TYPE && (types >> type & 1) == 0);
	return type;
}

static size_t count_types(uint32_t types)
{
	size_t count = 0;

	for (uint64_t type = next_type(types, 0); type <= AVAL_MANDATE_LAST_TYPE; type = next_type(types, type))
		count++;
	return count;
}

static void code_types(aval_codec *c, aval_mandate *m)
{
	size_t   count = c->is_reading ? 0 : count_types(m->types);
	uint32_t types = 0;
	uint64_t type = 0, before = 0;

	if (!aval_code_key(c, 6, "mandate.types"))
		return;
	if (!c->is_reading && m->types >> 1 >> AVAL_MANDATE_LAST_TYPE != 0)
		aval_codec_fail(c, AVAL_E_CBOR_RANGE, "mandate.types[]", "a type that no event has");
	if (!c->is_reading && (m->types & 1) != 0)
		aval_codec_fail(c, AVAL_E_CBOR_RANGE, "mandate.types[]", "a type that no event has");
	aval_code_array(c, "mandate.types", &count, AVAL_MANDATE_MAX_TYPES);
	for (size_t i = 0; i < count && aval_codec_ok(c); i++) {
		size_t mark = aval_codec_mark(c);

		if (!c->is_reading)
			type = next_type(m->types, before);
		aval_code_uint(c, "mandate.types[]", &type, 1, AVAL_MANDATE_LAST_TYPE);
		if (aval_codec_ok(c) && type <= before)
			refuse_at(c, mark, "mandate.types[]", "the types do not strictly ascend");
		if (aval_codec_ok(c))
			types |= UINT32_C(1) << type;
		before = type;
	}
	aval_code_leave_array(c, "mandate.types");
	m->types = types;
}

static bool is_currency(aval_text code)
{
	for (size_t i = 0; i < code.len; i++)
		if (code.data[i] < 'A' || code.data[i] > 'Z')
			return false;
	return code.len == 3;
}

static void code_cap(aval_codec *c, aval_mandate_cap *cap)
{
	aval_code_array_exact(c, "mandate.caps[]", 2);
	aval_code_text(c, "mandate.caps[].currency", &cap->currency, 3, 3);
	if (aval_codec_ok(c) && !is_currency(cap->currency))
		refuse(c, "mandate.caps[].currency", "the currency is not three capital letters");
	aval_code_amount(c, "mandate.caps[].amount", &cap->amount_minor, 1);
	aval_code_leave_array(c, "mandate.caps[]");
}

static void code_caps(aval_codec *c, aval_mandate_content *x)
{
	bool             has_caps = x->mandate.cap_count > 0;
	aval_mandate_cap before = { { NULL, 0 }, 0 }, cap = { { NULL, 0 }, 0 };

	if (!aval_code_optional(c, 7, &has_caps))
		return;
	aval_code_array(c, "mandate.caps", &x->mandate.cap_count, AVAL_MANDATE_MAX_CAPS);
	x->mandate.internal.caps = aval_codec_mark(c);
	for (size_t i = 0; i < x->mandate.cap_count && aval_codec_ok(c); i++) {
		size_t mark = aval_codec_mark(c);

		if (!c->is_reading)
			cap = x->caps[i];
		code_cap(c, &cap);
		if (aval_codec_ok(c) && i > 0 && memcmp(before.currency.data, cap.currency.data, 3) >= 0)
			refuse_at(c, mark, "mandate.caps[]", "the currencies do not strictly ascend");
		before = cap;
	}
	aval_code_leave_array(c, "mandate.caps");
}

static void code_validity(aval_codec *c, aval_mandate *m)
{
	if (aval_code_key(c, 8, "mandate.valid_from"))
		aval_code_time(c, "mandate.valid_from", &m->valid_from_ms);
	if (aval_code_key(c, 9, "mandate.valid_until"))
		aval_code_time(c, "mandate.valid_until", &m->valid_until_ms);
	if (aval_codec_ok(c) && m->valid_until_ms <= m->valid_from_ms)
		refuse(c, "mandate.valid_until", "the mandate ends before it begins");
}

/* The keys stand before the groups, so they are there in both directions. */
static bool is_listed(const aval_codec *c, const aval_mandate_content *x, const uint8_t key32[32])
{
	const uint8_t *keys = c->is_reading ? c->r.data + x->mandate.internal.keys + 2 : x->keys;
	size_t         step = c->is_reading ? AVAL_MANDATE_KEY_STEP : 32;

	for (size_t i = 0; i < x->mandate.key_count; i++)
		if (memcmp(keys + i * step, key32, 32) == 0)
			return true;
	return false;
}

static void code_members(aval_codec *c, aval_mandate_group *group)
{
	uint8_t before[AVAL_MANDATE_MEMBER_LEN] = { 0 }, member[AVAL_MANDATE_MEMBER_LEN];
	size_t  mark = aval_codec_mark(c);

	aval_code_array(c, "mandate.groups[].members", &group->member_count, AVAL_MANDATE_MAX_MEMBERS);
	if (group->member_count == 1)
		refuse_at(c, mark, "mandate.groups[].members", "one key alone is no group");
	for (size_t i = 0; i < group->member_count && aval_codec_ok(c); i++) {
		mark = aval_codec_mark(c);
		if (!c->is_reading)
			memcpy(member, group->members + sizeof member * i, sizeof member);
		aval_code_bytes(c, "mandate.groups[].members[]", member, sizeof member);
		if (aval_codec_ok(c) && member[0] != 2 && member[0] != 3)
			refuse_at(c, mark, "mandate.groups[].members[]", "the key does not begin with 02 or 03");
		if (i > 0 && memcmp(before, member, sizeof member) >= 0)
			refuse_at(c, mark, "mandate.groups[].members[]", "the members do not strictly ascend");
		memcpy(before, member, sizeof member);
	}
	aval_code_leave_array(c, "mandate.groups[].members");
}

static void code_group(aval_codec *c, const aval_mandate_content *x, aval_mandate_group *group)
{
	size_t mark;

	aval_code_array_exact(c, "mandate.groups[]", 2);
	mark = aval_codec_mark(c);
	aval_code_bytes(c, "mandate.groups[].key", group->aggregate32, 32);
	if (aval_codec_ok(c) && !is_listed(c, x, group->aggregate32))
		refuse_at(c, mark, "mandate.groups[].key", "the group is none of the keys");
	code_members(c, group);
	aval_code_leave_array(c, "mandate.groups[]");
}

static void code_groups(aval_codec *c, aval_mandate_content *x)
{
	bool    has_groups = x->mandate.group_count > 0;
	uint8_t before[32] = { 0 };

	if (!aval_code_optional(c, 15, &has_groups))
		return;
	aval_code_array(c, "mandate.groups", &x->mandate.group_count, AVAL_MANDATE_MAX_GROUPS);
	x->mandate.internal.groups = aval_codec_mark(c);
	for (size_t i = 0; i < x->mandate.group_count && aval_codec_ok(c); i++) {
		size_t             mark = aval_codec_mark(c);
		aval_mandate_group group = { { 0 }, NULL, 0 };

		if (!c->is_reading)
			group = x->groups[i];
		code_group(c, x, &group);
		if (i > 0 && memcmp(before, group.aggregate32, sizeof before) >= 0)
			refuse_at(c, mark, "mandate.groups[]", "the groups do not strictly ascend");
		memcpy(before, group.aggregate32, sizeof before);
	}
	aval_code_leave_array(c, "mandate.groups");
}

static void code_grant(aval_codec *c, aval_mandate_content *x)
{
	aval_mandate *m = &x->mandate;

	code_keys(c, x);
	code_threshold(c, m);
	code_types(c, m);
	code_caps(c, x);
	code_validity(c, m);
	if (aval_code_optional(c, 10, &m->has_predecessor))
		aval_code_bytes(c, "mandate.predecessor", m->predecessor32, 32);
	if (aval_code_key(c, 11, "mandate.nonce"))
		aval_code_bytes(c, "mandate.nonce", m->nonce16, sizeof m->nonce16);
	code_groups(c, x);
}

/* U+0000 to U+001F and U+007F to U+009F. */
static bool has_control(aval_text text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = (uint8_t)text.data[i];

		if (byte < 0x20 || byte == 0x7F ||
		    (byte == 0xC2 && i + 1 < text.len && (uint8_t)text.data[i + 1] < 0xA0))
			return true;
	}
	return false;
}

static void code_revocation(aval_codec *c, aval_mandate *m)
{
	bool has_reason = m->reason.len > 0;

	code_hash(c, 12, "mandate.mandate", m->mandate32);
	if (aval_code_key(c, 13, "mandate.revoked_at"))
		aval_code_time(c, "mandate.revoked_at", &m->revoked_at_ms);
	if (!aval_code_optional(c, 14, &has_reason))
		return;
	aval_code_text(c, "mandate.reason", &m->reason, 1, AVAL_MANDATE_MAX_REASON_LEN);
	if (aval_codec_ok(c) && has_control(m->reason))
		refuse(c, "mandate.reason", "the reason has a control character");
}

void aval_code_mandate(aval_codec *c, aval_mandate_content *x)
{
	code_head(c, &x->mandate);
	if (!aval_codec_ok(c))
		return;
	if (x->mandate.kind == AVAL_MANDATE_GRANT)
		code_grant(c, x);
	else
		code_revocation(c, &x->mandate);
}
