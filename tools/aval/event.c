/* SPDX-License-Identifier: Apache-2.0 */
/* An event of a bundle, as a line for people and as JSON for machines. */
#include <string.h>

#include "tool.h"

static const char *type_name(const aval_event *event)
{
	const char *name = aval_event_type_name(event->type);

	return name != NULL ? name : "unknown";
}

static const char *role_name(aval_role role)
{
	const char *name = aval_role_name(role);

	return name != NULL ? name : "unknown";
}

/* Only the last one may wait. */
static bool is_complete(const aval_bundle *bundle, size_t index)
{
	return index + 1 < aval_bundle_event_count(bundle) || !aval_bundle_has_draft(bundle);
}

static bool is_missing(const aval_bundle_signer *signer)
{
	return signer->signed_count < signer->needed_count;
}

bool tool_event_next_missing(aval_event_signer *signer_out, aval_event_cursor *cursor_inout, const aval_bundle *bundle,
                             size_t index)
{
	aval_bundle_signer signer;

	while (aval_bundle_next_signer(&signer, cursor_inout, bundle, index)) {
		if (!is_missing(&signer))
			continue;
		*signer_out = signer.signer;
		return true;
	}
	return false;
}

void tool_event_print(const aval_bundle *bundle, size_t index)
{
	const aval_event  *event = aval_bundle_event(bundle, index);
	aval_event_cursor  cursor = AVAL_EVENT_CURSOR_INIT;
	aval_bundle_signer signer;
	char               hex[65], time[AVAL_TIME_LEN + 1];

	tool_hex(hex, event->id32, 32);
	(void)tool_time_put(time, event->claimed_ms);
	printf("  %-7s %s  %s  %s\n", type_name(event), hex, time, is_complete(bundle, index) ? "complete" : "draft");
	while (aval_bundle_next_signer(&signer, &cursor, bundle, index)) {
		if (!is_missing(&signer))
			continue;
		printf("    waits for %s ", role_name(signer.signer.role));
		tool_put_text(stdout, signer.signer.party);
		if (signer.needed_count > 1)
			printf(": %zu of %zu signed", signer.signed_count, signer.needed_count);
		putchar('\n');
	}
}

static json_t *json_signer(const aval_bundle_signer *signer)
{
	json_t *object = tool_json_object();

	tool_json_set_z(object, "role", role_name(signer->signer.role));
	tool_json_set_text(object, "party", signer->signer.party);
	tool_json_set(object, "signed", json_integer((json_int_t)signer->signed_count));
	tool_json_set(object, "needed", json_integer((json_int_t)signer->needed_count));
	return object;
}

void tool_event_missing_json(json_t *list, const aval_bundle *bundle, size_t index)
{
	aval_event_cursor  cursor = AVAL_EVENT_CURSOR_INIT;
	aval_bundle_signer signer;

	while (aval_bundle_next_signer(&signer, &cursor, bundle, index))
		if (is_missing(&signer))
			tool_json_append(list, json_signer(&signer));
}

json_t *tool_event_json(const aval_bundle *bundle, size_t index)
{
	const aval_event  *event = aval_bundle_event(bundle, index);
	json_t            *object = tool_json_object();
	json_t            *signers;
	aval_event_cursor  cursor = AVAL_EVENT_CURSOR_INIT;
	aval_bundle_signer signer;

	tool_json_set_hex(object, "id", event->id32, 32);
	tool_json_set_z(object, "type", type_name(event));
	tool_json_set(object, "claimed", tool_json_time(event->claimed_ms));
	tool_json_set(object, "register_by", tool_json_time(event->register_by_ms));
	tool_json_set(object, "complete", json_boolean(is_complete(bundle, index)));
	signers = tool_json_add_array(object, "signers");
	while (aval_bundle_next_signer(&signer, &cursor, bundle, index))
		tool_json_append(signers, json_signer(&signer));
	tool_event_missing_json(tool_json_add_array(object, "missing"), bundle, index);
	return object;
}
