/* SPDX-License-Identifier: Apache-2.0 */
/* An event, as a line for people and as JSON for machines. */
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

void tool_event_print(const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	char              hex[65], time[AVAL_TIME_LEN + 1];

	tool_hex(hex, event->id32, 32);
	(void)tool_time_put(time, event->claimed_ms);
	printf("  %-7s %s  %s  %s\n", type_name(event), hex, time, aval_event_is_complete(event) ? "complete" : "draft");
	while (aval_event_next_missing(&signer, &cursor, event)) {
		printf("    waits for %s ", role_name(signer.role));
		tool_put_text(stdout, signer.party);
		putchar('\n');
	}
}

static json_t *json_signer(const aval_event_signer *signer)
{
	json_t *object = tool_json_object();

	tool_json_set_z(object, "role", role_name(signer->role));
	tool_json_set_text(object, "party", signer->party);
	return object;
}

void tool_event_missing_json(json_t *list, const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;

	while (aval_event_next_missing(&signer, &cursor, event))
		tool_json_append(list, json_signer(&signer));
}

json_t *tool_event_json(const aval_event *event)
{
	json_t           *object = tool_json_object();
	json_t           *signers;
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;

	tool_json_set_hex(object, "id", event->id32, 32);
	tool_json_set_z(object, "type", type_name(event));
	tool_json_set(object, "claimed", tool_json_time(event->claimed_ms));
	tool_json_set(object, "register_by", tool_json_time(event->register_by_ms));
	tool_json_set(object, "complete", json_boolean(aval_event_is_complete(event)));
	signers = tool_json_add_array(object, "signers");
	while (aval_event_next_signer(&signer, &cursor, event))
		tool_json_append(signers, json_signer(&signer));
	tool_event_missing_json(tool_json_add_array(object, "missing"), event);
	return object;
}
