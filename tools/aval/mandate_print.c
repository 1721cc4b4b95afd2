/* SPDX-License-Identifier: Apache-2.0 */
/* Mandates shown, to people and to programs. */
#include <string.h>

#include "tool.h"

static const char *kind_name(const aval_mandate *m)
{
	return m->kind == AVAL_MANDATE_GRANT ? "grant" : "revocation";
}

static void put_hex(const char *label, const uint8_t *data, size_t len)
{
	char hex[2 * AVAL_MANDATE_MEMBER_LEN + 1];

	tool_hex(hex, data, len);
	printf("%s%s\n", label, hex);
}

static void put_time(const char *label, int64_t unix_ms)
{
	char time[AVAL_TIME_LEN + 1];

	if (tool_time_put(time, unix_ms))
		printf("%s%s\n", label, time);
	else
		printf("%s%lld ms\n", label, (long long)unix_ms);
}

static void put_types(uint32_t types)
{
	fputs("types      ", stdout);
	for (uint32_t type = 1, first = 1; type <= TOOL_MANDATE_MAX_TYPE; type++) {
		if ((types >> type & 1) == 0)
			continue;
		printf("%s%s", first ? "" : ",", aval_event_type_name((aval_event_type)type));
		first = 0;
	}
	putchar('\n');
}

static void put_groups(const aval_mandate *m)
{
	aval_mandate_group group;

	for (size_t i = 0; aval_mandate_group_at(&group, m, i); i++) {
		put_hex("group      key:", group.aggregate32, 32);
		for (size_t k = 0; k < group.member_count; k++)
			put_hex("  member   ", aval_mandate_member(m, i, k), AVAL_MANDATE_MEMBER_LEN);
	}
}

static void put_caps(const aval_mandate *m)
{
	aval_mandate_cap cap;
	char             amount[TOOL_AMOUNT_LEN];

	if (m->cap_count == 0)
		puts("cap        none");
	for (size_t i = 0; aval_mandate_cap_at(&cap, m, i); i++) {
		tool_amount_put(amount, cap.amount_minor, cap.currency);
		printf("cap        %s %.*s an event\n", amount, (int)cap.currency.len, cap.currency.data);
	}
}

static void put_grant(const aval_mandate *m)
{
	printf("threshold  %u of %zu\n", (unsigned)m->threshold, m->key_count);
	for (size_t i = 0; i < m->key_count; i++)
		put_hex("officer    key:", aval_mandate_key(m, i), 32);
	put_groups(m);
	put_types(m->types);
	put_caps(m);
	put_time("from       ", m->valid_from_ms);
	put_time("until      ", m->valid_until_ms);
	if (m->has_predecessor)
		put_hex("replaces   ", m->predecessor32, 32);
}

static void put_revocation(const aval_mandate *m)
{
	put_hex("revokes    ", m->mandate32, 32);
	put_time("from       ", m->revoked_at_ms);
	if (m->reason.len == 0)
		return;
	fputs("reason     ", stdout);
	tool_put_text(stdout, m->reason);
	putchar('\n');
}

static void put_mandate(const aval_mandate *m, const char *signature)
{
	put_hex("mandate    ", m->id32, 32);
	printf("kind       %s\nparty      ", kind_name(m));
	tool_put_text(stdout, m->party);
	fputs("\nregistry   ", stdout);
	tool_put_text(stdout, m->registry);
	put_hex(m->has_certificate ? "\nsigner     certificate " : "\nsigner     key:", m->signer32, 32);
	printf("signature  %s\n", signature);
	if (m->kind == AVAL_MANDATE_GRANT)
		put_grant(m);
	else
		put_revocation(m);
}

static void json_key(json_t *list, const uint8_t thumbprint32[32])
{
	char party[AVAL_PARTY_KEY_LEN + 1] = "key:";

	tool_hex(party + 4, thumbprint32, 32);
	tool_json_append(list, tool_json_text(tool_text(party)));
}

static void json_grant(json_t *answer, const aval_mandate *m)
{
	json_t          *officers = tool_json_add_array(answer, "officers");
	json_t          *types = tool_json_add_array(answer, "types");
	json_t          *caps = tool_json_object();
	aval_mandate_cap cap;
	char             amount[TOOL_AMOUNT_LEN], currency[4] = "";

	for (size_t i = 0; i < m->key_count; i++)
		json_key(officers, aval_mandate_key(m, i));
	tool_json_set(answer, "threshold", json_integer(m->threshold));
	for (uint32_t type = 1; type <= TOOL_MANDATE_MAX_TYPE; type++)
		if (m->types >> type & 1)
			tool_json_append(types, tool_json_text(tool_text(aval_event_type_name((aval_event_type)type))));
	for (size_t i = 0; aval_mandate_cap_at(&cap, m, i); i++) {
		memcpy(currency, cap.currency.data, 3);
		tool_amount_put(amount, cap.amount_minor, cap.currency);
		tool_json_set_z(caps, currency, amount);
	}
	tool_json_set(answer, "caps", m->cap_count > 0 ? json_incref(caps) : json_null());
	json_decref(caps);
	tool_json_set(answer, "from", tool_json_time(m->valid_from_ms));
	tool_json_set(answer, "until", tool_json_time(m->valid_until_ms));
	if (m->has_predecessor)
		tool_json_set_hex(answer, "replaces", m->predecessor32, 32);
}

static void json_groups(json_t *answer, const aval_mandate *m)
{
	json_t            *list = tool_json_add_array(answer, "groups");
	aval_mandate_group group;

	for (size_t i = 0; aval_mandate_group_at(&group, m, i); i++) {
		json_t *object = tool_json_object();
		json_t *members = tool_json_add_array(object, "members");
		char    hex[2 * AVAL_MANDATE_MEMBER_LEN + 1], party[AVAL_PARTY_KEY_LEN + 1] = "key:";

		tool_hex(party + 4, group.aggregate32, 32);
		tool_json_set_z(object, "key", party);
		for (size_t k = 0; k < group.member_count; k++) {
			tool_hex(hex, aval_mandate_member(m, i, k), AVAL_MANDATE_MEMBER_LEN);
			tool_json_append(members, tool_json_text(tool_text(hex)));
		}
		tool_json_append(list, object);
	}
}

static int print_json(const aval_mandate *m, const char *signature)
{
	json_t *answer = tool_json_object();
	char    party[AVAL_PARTY_KEY_LEN + 1] = "key:";

	tool_hex(party + 4, m->signer32, 32);
	tool_json_set_hex(answer, "mandate", m->id32, 32);
	tool_json_set_z(answer, "kind", kind_name(m));
	tool_json_set_text(answer, "party", m->party);
	tool_json_set_text(answer, "registry", m->registry);
	if (m->has_certificate)
		tool_json_set_hex(answer, "certificate", m->signer32, 32);
	else
		tool_json_set_z(answer, "signer", party);
	tool_json_set_z(answer, "signature", signature);
	if (m->kind == AVAL_MANDATE_GRANT) {
		json_grant(answer, m);
		json_groups(answer, m);
		return tool_json_print(answer);
	}
	tool_json_set_hex(answer, "revokes", m->mandate32, 32);
	tool_json_set(answer, "from", tool_json_time(m->revoked_at_ms));
	if (m->reason.len > 0)
		tool_json_set_text(answer, "reason", m->reason);
	return tool_json_print(answer);
}

int tool_mandate_print(const struct tool_args *args, const aval_mandate *m, const char *signature)
{
	if (args->json)
		return print_json(m, signature);
	put_mandate(m, signature);
	return tool_flush();
}
