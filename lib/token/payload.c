/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of events, type by type, in the order of docs/spec/event.md, section "Payload". */
#include <aval/checkpoint.h>
#include <aval/date.h>

#include "base/base.h"
#include "proof/proof.h"
#include "token/table.h"

int aval_signer_compare(const aval_event_signer *a, const aval_event_signer *b)
{
	size_t shared = a->party.len < b->party.len ? a->party.len : b->party.len;
	int    order;

	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	order = shared == 0 ? 0 : memcmp(a->party.data, b->party.data, shared);
	return order != 0 ? order : (a->party.len > b->party.len) - (a->party.len < b->party.len);
}

static void code_hash(aval_codec *c, uint8_t key, const char *where, uint8_t hash32[32])
{
	if (aval_code_key(c, key, where))
		aval_code_bytes(c, where, hash32, 32);
}

static void code_registry(aval_codec *c, aval_text *registry)
{
	const char *where = "event.registry";

	if (!aval_code_key(c, 2, where))
		return;
	aval_code_text(c, where, registry, 1, AVAL_REGISTRY_MAX_LEN);
	if (aval_codec_ok(c) && !aval_note_name_check(*registry))
		aval_codec_fail(c, AVAL_E_TOKEN_EVENT_FORMAT, where,
		                "the origin has a blank, a control character or a plus");
}

static void code_times(aval_codec *c, aval_event *e)
{
	if (aval_code_key(c, 3, "event.claimed"))
		aval_code_time(c, "event.claimed", &e->claimed_ms);
	if (aval_code_key(c, 4, "event.register_by"))
		aval_code_time(c, "event.register_by", &e->register_by_ms);
	if (aval_codec_ok(c) && e->register_by_ms < e->claimed_ms)
		aval_codec_fail(c, AVAL_E_TOKEN_EVENT_FORMAT, "event.register_by",
		                "the time is before the claimed time");
}

static void code_signer(aval_codec *c, aval_event_signer *signer)
{
	uint64_t role = (uint64_t)signer->role;

	aval_code_array_exact(c, "event.signers[]", 2);
	aval_code_uint(c, "event.signers[].role", &role, AVAL_ROLE_SUPPLIER, AVAL_ROLE_PREVIOUS_REGISTRY);
	aval_code_party(c, "event.signers[].party", &signer->party);
	aval_code_leave_array(c, "event.signers[]");
	signer->role = (aval_role)role;
}

static void code_signers(aval_codec *c, aval_content *x)
{
	aval_event_signer before = { 0 }, signer = { 0 };

	if (!c->is_reading && x->signers == NULL)
		return;
	if (!aval_code_key(c, 5, "event.signers"))
		return;
	aval_code_array(c, "event.signers", &x->event.signer_count, AVAL_EVENT_MAX_SIGNERS);
	x->event.internal.signers = aval_codec_mark(c);
	for (size_t i = 0; i < x->event.signer_count && aval_codec_ok(c); i++) {
		size_t mark = aval_codec_mark(c);

		if (!c->is_reading)
			signer = x->signers[i];
		code_signer(c, &signer);
		if (aval_codec_ok(c) && i > 0 && aval_signer_compare(&before, &signer) >= 0)
			aval_codec_fail_at(c, mark, AVAL_E_TOKEN_EVENT_FORMAT, "event.signers[]",
			                   "the signers do not strictly ascend");
		before = signer;
	}
	aval_code_leave_array(c, "event.signers");
}

/* At most 64, so looking back at all of them costs nothing. */
static bool is_repeated(uint8_t (*inputs)[32], size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (memcmp(inputs[k], inputs[i], 32) == 0)
			return true;
	return false;
}

static void code_inputs(aval_codec *c, aval_content *x)
{
	uint8_t inputs[AVAL_EVENT_MAX_INPUTS][32];

	if (!aval_code_key(c, 7, "event.inputs"))
		return;
	aval_code_array(c, "event.inputs", &x->event.input_count, AVAL_EVENT_MAX_INPUTS);
	x->event.internal.inputs = aval_codec_mark(c);
	for (size_t i = 0; i < x->event.input_count && aval_codec_ok(c); i++) {
		size_t mark = aval_codec_mark(c);

		if (!c->is_reading)
			memcpy(inputs[i], x->inputs + 32 * i, 32);
		aval_code_bytes(c, "event.inputs[]", inputs[i], 32);
		if (aval_codec_ok(c) && is_repeated(inputs, i))
			aval_codec_fail_at(c, mark, AVAL_E_TOKEN_EVENT_FORMAT, "event.inputs[]",
			                   "the input occurs twice");
	}
	aval_code_leave_array(c, "event.inputs");
}

static void code_record(aval_codec *c, aval_event *e)
{
	if (!aval_code_key(c, 8, "event.record"))
		return;
	aval_code_array_exact(c, "event.record", 2);
	aval_code_uint(c, "event.record.seq", &e->record_seq, 0, UINT64_MAX);
	aval_code_bytes(c, "event.record.head", e->record_head32, 32);
	aval_code_leave_array(c, "event.record");
}

static bool is_currency(aval_text currency)
{
	for (size_t i = 0; i < currency.len; i++)
		if (currency.data[i] < 'A' || currency.data[i] > 'Z')
			return false;
	return true;
}

static void code_currency(aval_codec *c, aval_text *currency)
{
	const char *where = "event.currency";

	if (!aval_code_key(c, 11, where))
		return;
	aval_code_text(c, where, currency, 3, 3);
	if (aval_codec_ok(c) && !is_currency(*currency))
		aval_codec_fail(c, AVAL_E_TOKEN_EVENT_FORMAT, where,
		                "the currency is not three capital letters");
}

static void code_due(aval_codec *c, aval_issue *issue)
{
	uint64_t mark = (uint64_t)issue->due_mark;

	if (!aval_code_key(c, 12, "event.due"))
		return;
	aval_code_array_exact(c, "event.due", 2);
	aval_code_text(c, "event.due.date", &issue->due_date, 10, 10);
	if (aval_codec_ok(c) && aval_date_check(issue->due_date.data, issue->due_date.len, NULL) != AVAL_OK)
		aval_codec_fail(c, AVAL_E_DATE, "event.due.date", "the date is no day of the calendar");
	aval_code_uint(c, "event.due.mark", &mark, AVAL_DUE_INVOICE, AVAL_DUE_AGREED);
	aval_code_leave_array(c, "event.due");
	issue->due_mark = (aval_due_mark)mark;
}

static void code_parties(aval_codec *c, aval_issue *issue)
{
	if (aval_code_key(c, 13, "event.supplier"))
		aval_code_party(c, "event.supplier", &issue->supplier);
	if (aval_code_key(c, 14, "event.debtor"))
		aval_code_party(c, "event.debtor", &issue->debtor);
	if (aval_codec_ok(c) && aval_text_equal(issue->supplier, issue->debtor))
		aval_codec_fail(c, AVAL_E_TOKEN_EVENT_FORMAT, "event.debtor", "the debtor is the supplier");
}

/* A default has no key, so that one policy has one encoding. */
static void code_policy_number(aval_codec *c, uint8_t key, const char *where, uint64_t *value, uint64_t max)
{
	bool present = *value != 0;

	if (aval_code_optional(c, key, &present))
		aval_code_uint(c, where, value, 1, max);
}

static void code_policy_party(aval_codec *c, uint8_t key, const char *where, aval_text *party)
{
	bool present = party->len != 0;

	if (aval_code_optional(c, key, &present))
		aval_code_party(c, where, party);
}

static size_t policy_pairs(const aval_token_policy *policy)
{
	return (size_t)(policy->effectiveness != 0) + (size_t)(policy->grace_days != 0) +
	       (size_t)(policy->arbiter.len != 0) + (size_t)(policy->authority.len != 0);
}

static void code_policy(aval_codec *c, aval_token_policy *policy)
{
	uint64_t         effectiveness = (uint64_t)policy->effectiveness, grace_days = policy->grace_days;
	aval_codec_outer outer;

	if (!aval_code_key(c, 17, "event.policy"))
		return;
	aval_code_enter_map(c, "event.policy", policy_pairs(policy), &outer);
	code_policy_number(c, 1, "event.policy.effectiveness", &effectiveness, AVAL_EFFECTIVE_REGISTRATION);
	code_policy_number(c, 2, "event.policy.grace_days", &grace_days, AVAL_POLICY_MAX_GRACE_DAYS);
	code_policy_party(c, 3, "event.policy.arbiter", &policy->arbiter);
	code_policy_party(c, 4, "event.policy.authority", &policy->authority);
	aval_code_leave_map(c, &outer);
	policy->effectiveness = (aval_effectiveness)effectiveness;
	policy->grace_days = (uint32_t)grace_days;
}

void aval_code_issue(aval_codec *c, aval_content *x)
{
	aval_issue *issue = &x->event.internal.as.issue;

	if (aval_code_key(c, 10, "event.face"))
		aval_code_amount(c, "event.face", &issue->face_minor, 1);
	code_currency(c, &issue->currency);
	code_due(c, issue);
	code_parties(c, issue);
	code_hash(c, 15, "event.commitment", issue->commitment32);
	code_hash(c, 16, "event.source", issue->source32);
	code_policy(c, &issue->policy);
	if (aval_code_key(c, 18, "event.nonce"))
		aval_code_bytes(c, "event.nonce", issue->nonce16, 16);
	if (aval_code_optional(c, 19, &issue->has_predecessor))
		aval_code_bytes(c, "event.predecessor", issue->predecessor32, 32);
}

void aval_code_accept(aval_codec *c, aval_content *x)
{
	aval_accept *accept = &x->event.internal.as.accept;

	if (aval_code_key(c, 20, "event.accepted"))
		aval_code_amount(c, "event.accepted", &accept->accepted_minor, 1);
	if (!aval_code_key(c, 21, "event.consent"))
		return;
	aval_code_array_exact(c, "event.consent", 2);
	aval_code_bool(c, "event.consent.assignment", &accept->has_consent);
	aval_code_bool(c, "event.consent.waiver", &accept->waives_defences);
	aval_code_leave_array(c, "event.consent");
}

/* C0, DEL, and C1 in UTF-8: reasons are shown on terminals. */
static bool has_control(aval_text text)
{
	const uint8_t *p = (const uint8_t *)text.data;

	for (size_t i = 0; i < text.len; i++)
		if (p[i] < ' ' || p[i] == 0x7F || (p[i] == 0xC2 && p[i + 1] < 0xA0))
			return true;
	return false;
}

void aval_code_reject(aval_codec *c, aval_content *x)
{
	aval_text  *reason = &x->event.internal.as.reject.reason;
	bool        present = reason->len != 0;
	const char *where = "event.reason";

	if (!aval_code_optional(c, 22, &present))
		return;
	aval_code_text(c, where, reason, 1, AVAL_REASON_MAX_LEN);
	if (aval_codec_ok(c) && has_control(*reason))
		aval_codec_fail(c, AVAL_E_TOKEN_EVENT_FORMAT, where, "the reason has a control character");
}

void aval_code_void(aval_codec *c, aval_content *x)
{
	(void)c;
	(void)x;
}

static void code_output(aval_codec *c, aval_output *output)
{
	aval_code_array_exact(c, "event.allocation[]", 3);
	aval_code_amount(c, "event.allocation[].length", &output->length_minor, 1);
	aval_code_party(c, "event.allocation[].holder", &output->holder);
	aval_code_amount(c, "event.allocation[].recourse", &output->recourse_minor, 0);
	if (aval_codec_ok(c) && output->recourse_minor > output->length_minor)
		aval_codec_fail(c, AVAL_E_TOKEN_ALLOCATION, "event.allocation[].recourse",
		                "the recourse is longer than the output");
	aval_code_leave_array(c, "event.allocation[]");
}

static void code_allocation(aval_codec *c, aval_content *x)
{
	aval_output output = { 0 };
	int64_t     sum = 0;

	if (!aval_code_key(c, 30, "event.allocation"))
		return;
	aval_code_array(c, "event.allocation", &x->event.output_count, AVAL_EVENT_MAX_OUTPUTS);
	x->event.internal.outputs = aval_codec_mark(c);
	for (size_t i = 0; i < x->event.output_count && aval_codec_ok(c); i++) {
		size_t mark = aval_codec_mark(c);

		if (!c->is_reading)
			output = x->outputs[i];
		code_output(c, &output);
		if (aval_codec_ok(c) && output.length_minor > INT64_MAX - sum)
			aval_codec_fail_at(c, mark, AVAL_E_TOKEN_ALLOCATION, "event.allocation[].length",
			                   "the lengths add up to 2^63 or more");
		else if (aval_codec_ok(c))
			sum += output.length_minor;
	}
	aval_code_leave_array(c, "event.allocation");
}

void aval_code_assign(aval_codec *c, aval_content *x)
{
	aval_assign *assign = &x->event.internal.as.assign;
	uint64_t     kind = (uint64_t)assign->kind;

	code_allocation(c, x);
	if (aval_code_key(c, 31, "event.kind"))
		aval_code_uint(c, "event.kind", &kind, AVAL_ASSIGN_REORGANISE, AVAL_ASSIGN_COLLECTION);
	assign->kind = (aval_assign_kind)kind;
	if (!aval_code_optional(c, 32, &assign->has_price))
		return;
	if (kind == AVAL_ASSIGN_REORGANISE)
		aval_codec_fail(c, AVAL_E_TOKEN_EVENT_FORMAT, "event.price", "a reorganisation has no price");
	aval_code_bytes(c, "event.price", assign->price32, 32);
}

/* The row of a type that can be coded; else the failure is recorded. */
static const aval_event_row *code_type(aval_codec *c, aval_event_type *type)
{
	uint64_t              number = (uint64_t)*type;
	const aval_event_row *row;

	if (!aval_code_key(c, 1, "event.type"))
		return NULL;
	aval_code_uint(c, "event.type", &number, 0, UINT64_MAX);
	row = aval_event_row_of(number);
	if (row == NULL) {
		aval_codec_fail(c, AVAL_E_TOKEN_EVENT_FORMAT, "event.type", "the number is no type of event");
		return NULL;
	}
	if (row->code == NULL)
		aval_codec_fail(c, AVAL_E_UNSUPPORTED, "event.type",
		                "a type that this version does not handle");
	*type = row->type;
	return aval_codec_ok(c) ? row : NULL;
}

void aval_code_payload(aval_codec *c, aval_content *x)
{
	const aval_event_row *row = code_type(c, &x->event.type);

	if (row == NULL)
		return;
	code_registry(c, &x->event.registry);
	code_times(c, &x->event);
	code_signers(c, x);
	if (row->kind != AVAL_KIND_ISSUE)
		code_hash(c, 6, "event.token", x->event.token32);
	if (row->kind == AVAL_KIND_NOTE)
		code_inputs(c, x);
	if (row->kind == AVAL_KIND_TOKEN)
		code_record(c, &x->event);
	x->event.has_token = row->kind != AVAL_KIND_ISSUE;
	x->event.has_record = row->kind == AVAL_KIND_TOKEN;
	row->code(c, x);
}
