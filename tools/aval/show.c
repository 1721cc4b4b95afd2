/* SPDX-License-Identifier: Apache-2.0 */
/* A token's state, as text for people and as JSON for machines. */
#include <string.h>

#include "tool.h"

static const char *due_mark_name(aval_due_mark mark)
{
	return mark == AVAL_DUE_INVOICE ? "invoice" : "agreed";
}

static void put_amount(int64_t minor, aval_text currency)
{
	char text[TOOL_AMOUNT_LEN];

	tool_amount_put(text, minor, currency);
	fputs(text, stdout);
}

static void put_id(const char *label, const uint8_t id32[32])
{
	char hex[65];

	tool_hex(hex, id32, 32);
	printf("%s%s\n", label, hex);
}

static void put_party(const char *label, aval_text party)
{
	fputs(label, stdout);
	tool_put_text(stdout, party);
	putchar('\n');
}

static void put_range(int64_t begin, int64_t end, aval_text currency)
{
	putchar('[');
	put_amount(begin, currency);
	fputs(", ", stdout);
	put_amount(end, currency);
	putchar(')');
}

static void put_note(const aval_token *token, size_t index, const aval_note *note, aval_text currency, bool is_last)
{
	const char   *bar = is_last ? "   " : "|  ";
	char          hex[65];
	aval_recourse recourse;

	tool_hex(hex, note->id32, 32);
	fputs(is_last ? "  `- " : "  |- ", stdout);
	put_range(note->begin_minor, note->end_minor, currency);
	fputs("  ", stdout);
	put_amount(note->end_minor - note->begin_minor, currency);
	printf(" %.*s\n  %s   holder  ", (int)currency.len, currency.data, bar);
	tool_put_text(stdout, note->holder);
	printf("\n  %s   note    %s\n", bar, hex);
	for (size_t i = 0; i < note->recourse_count; i++) {
		if (aval_token_recourse(&recourse, token, index, i, NULL) != AVAL_OK)
			break;
		printf("  %s   recourse to ", bar);
		tool_put_text(stdout, recourse.assignor);
		fputs(" for ", stdout);
		put_range(recourse.begin_minor, recourse.end_minor, currency);
		putchar('\n');
	}
}

static void put_notes(const aval_token *token, aval_text currency)
{
	size_t next;

	for (size_t i = aval_token_first_live(token); i != AVAL_NO_NOTE; i = next) {
		aval_note note;

		next = aval_token_next_live(token, i);
		if (aval_token_note(&note, token, i, NULL) == AVAL_OK)
			put_note(token, i, &note, currency, next == AVAL_NO_NOTE);
	}
}

void tool_token_print(const aval_token *token)
{
	aval_issue  terms;
	aval_accept accept;
	uint8_t     id32[32];

	aval_token_terms(&terms, token);
	aval_token_id(id32, token);
	put_id("token     ", id32);
	printf("status    %s (proposed: no registry has ordered its events)\nface      ",
	       aval_token_status_name(aval_token_status_of(token)));
	put_amount(terms.face_minor, terms.currency);
	printf(" %.*s, due %.*s (%s)\n", (int)terms.currency.len, terms.currency.data, (int)terms.due_date.len,
	       terms.due_date.data, due_mark_name(terms.due_mark));
	if (aval_token_acceptance(&accept, token)) {
		fputs("accepted  ", stdout);
		put_amount(accept.accepted_minor, terms.currency);
		printf(" %.*s, assignment %s, defences %s\n", (int)terms.currency.len, terms.currency.data,
		       accept.has_consent ? "consented to" : "not consented to",
		       accept.waives_defences ? "waived" : "kept");
	}
	put_party("supplier  ", terms.supplier);
	put_party("debtor    ", terms.debtor);
	put_party("registry  ", aval_token_registry(token));
	puts(aval_token_first_live(token) == AVAL_NO_NOTE ? "notes     none is live" : "notes");
	put_notes(token, terms.currency);
}

static void set_amount(json_t *object, const char *key, int64_t minor, aval_text currency)
{
	char text[TOOL_AMOUNT_LEN];

	tool_amount_put(text, minor, currency);
	tool_json_set_z(object, key, text);
}

static json_t *json_recourse(const aval_recourse *recourse, aval_text currency)
{
	json_t *object = tool_json_object();

	tool_json_set_text(object, "assignor", recourse->assignor);
	set_amount(object, "begin", recourse->begin_minor, currency);
	set_amount(object, "end", recourse->end_minor, currency);
	return object;
}

static json_t *json_note(const aval_token *token, size_t index, const aval_note *note, aval_text currency)
{
	json_t       *object = tool_json_object();
	json_t       *list;
	aval_recourse recourse;

	tool_json_set_hex(object, "id", note->id32, 32);
	tool_json_set_text(object, "holder", note->holder);
	set_amount(object, "begin", note->begin_minor, currency);
	set_amount(object, "end", note->end_minor, currency);
	set_amount(object, "amount", note->end_minor - note->begin_minor, currency);
	list = tool_json_add_array(object, "recourse");
	for (size_t i = 0; i < note->recourse_count; i++)
		if (aval_token_recourse(&recourse, token, index, i, NULL) == AVAL_OK)
			tool_json_append(list, json_recourse(&recourse, currency));
	return object;
}

static void set_record(json_t *object, const aval_token *token)
{
	json_t  *record = tool_json_object();
	uint64_t seq;
	uint8_t  head32[32];

	aval_token_record(&seq, head32, token);
	tool_json_set(record, "seq", json_integer((json_int_t)seq));
	tool_json_set_hex(record, "head", head32, 32);
	tool_json_set(object, "record", record);
}

static void set_acceptance(json_t *object, const aval_token *token, aval_text currency)
{
	aval_accept accept;

	if (!aval_token_acceptance(&accept, token))
		return;
	set_amount(object, "accepted", accept.accepted_minor, currency);
	tool_json_set(object, "consent", json_boolean(accept.has_consent));
	tool_json_set(object, "waiver", json_boolean(accept.waives_defences));
}

json_t *tool_token_json(const aval_token *token)
{
	json_t    *object = tool_json_object();
	json_t    *notes;
	aval_issue terms;
	uint8_t    id32[32];

	aval_token_terms(&terms, token);
	aval_token_id(id32, token);
	tool_json_set_hex(object, "id", id32, 32);
	tool_json_set_z(object, "state", "proposed");
	tool_json_set_z(object, "status", aval_token_status_name(aval_token_status_of(token)));
	set_amount(object, "face", terms.face_minor, terms.currency);
	tool_json_set(object, "face_minor", json_integer(terms.face_minor));
	tool_json_set_text(object, "currency", terms.currency);
	tool_json_set_text(object, "due_date", terms.due_date);
	tool_json_set_z(object, "due_mark", due_mark_name(terms.due_mark));
	set_acceptance(object, token, terms.currency);
	tool_json_set_text(object, "supplier", terms.supplier);
	tool_json_set_text(object, "debtor", terms.debtor);
	tool_json_set_text(object, "registry", aval_token_registry(token));
	tool_json_set_hex(object, "commitment", terms.commitment32, 32);
	set_record(object, token);
	notes = tool_json_add_array(object, "notes");
	for (size_t i = aval_token_first_live(token); i != AVAL_NO_NOTE; i = aval_token_next_live(token, i)) {
		aval_note note;

		if (aval_token_note(&note, token, i, NULL) == AVAL_OK)
			tool_json_append(notes, json_note(token, i, &note, terms.currency));
	}
	return object;
}
