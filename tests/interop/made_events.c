/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of other events than the sample's: answers, drafts, other orders, parties that are no keys. */
#include "made_parts.h"

/* A reduced acceptance, a rejection, and a token withdrawn after it. */
void make_answer(made *m, const test_world *w, int variant)
{
	aval_bundle        *b = t_sample(w, T_ISSUED, NULL);
	aval_token         *token = t_state(b);
	aval_reject_options reject = AVAL_REJECT_OPTIONS_INIT;
	aval_void_options   withdraw = AVAL_VOID_OPTIONS_INIT;
	uint8_t             payload[2048];
	size_t              len = sizeof payload;

	reject.times = withdraw.times = t_times();
	reject.reject.reason = aval_text_z("goods not received");
	if (variant == ANSWER_LOWER) {
		t_draft_accept(b, 100, false);
		t_sign(b, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
		t_sign(b, w, AVAL_ROLE_HOLDER, T_SUPPLIER);
		t_sign(b, w, AVAL_ROLE_DEBTOR, T_DEBTOR);
	} else {
		t_ok(aval_reject_build(payload, &len, token, &reject, err));
		t_ok(aval_bundle_append(b, payload, len, err));
		t_sign(b, w, AVAL_ROLE_DEBTOR, T_DEBTOR);
	}
	aval_token_free(token);
	if (variant == ANSWER_VOID) {
		token = t_state(b);
		len = sizeof payload;
		t_ok(aval_void_build(payload, &len, token, &withdraw, err));
		t_ok(aval_bundle_append(b, payload, len, err));
		t_sign(b, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
		t_sign(b, w, AVAL_ROLE_HOLDER, T_SUPPLIER);
		aval_token_free(token);
	}
	m->blob = t_serialize(b);
	aval_bundle_free(b);
}

/* A supplier whose party id is no key; two keys of it where the variant says so. */
void make_named_supplier(made *m, const test_world *w, int variant)
{
	static const char         lei[] = T_LEI;
	aval_bundle_issue_options options = t_issue_options(w);
	aval_bundle              *b = NULL;
	test_parts                p;
	uint8_t                   envelope[4096];
	size_t                    len = sizeof envelope;

	options.supplier = aval_text_z(lei);
	t_ok(aval_bundle_issue(&b, w->invoice, w->seed32, &options, NULL, err));
	t_sign_as(b, w, AVAL_ROLE_SUPPLIER, lei, T_SUPPLIER);
	t_take_apart(&p, b);
	if (variant == NAMED_TWO_KEYS) {
		t_ok(aval_event_sign(envelope, &len, aval_bundle_event(b, 0), AVAL_ROLE_SUPPLIER, lei,
		                     strlen(lei), &w->signers[T_STRANGER], NULL, err));
		p.events[0] = (aval_bytes){ envelope, len };
		t_fit_keys(&p, w);
	}
	made_finish(m, &p, NULL);
	if (variant == NAMED_UNKNOWN || variant == NAMED_TWO_KEYS) /* where the first signature begins: behind its array's head */
		m->offset =
			made_find(&m->blob, p.events[0]) + aval_bundle_event(b, 0)->internal.signatures_offset;
	aval_bundle_free(b);
}

/* An event that lacks signatures. */
void make_draft(made *m, const test_world *w, int variant)
{
	aval_bundle *b = t_sample(w, variant == DRAFT_ACCEPT ? T_ISSUED : T_ACCEPTED, NULL);
	aval_bundle *whole = t_sample(w, T_ASSIGNED, NULL);
	test_parts   p, rest;

	if (variant == DRAFT_ACCEPT) {
		t_draft_accept(b, 100, false);
		t_sign(b, w, AVAL_ROLE_DEBTOR, T_DEBTOR);
	} else {
		t_draft_assign(b, w->parties[T_FACTOR], 100, 0);
		t_sign(b, w, AVAL_ROLE_ASSIGNEE, T_FACTOR);
	}
	t_take_apart(&p, b);
	t_take_apart(&rest, whole);
	if (variant == DRAFT_MIDDLE)
		p.events[p.event_count++] = rest.events[2];
	made_finish(m, &p, variant == DRAFT_MIDDLE ? &p.events[2] : NULL);
	aval_bundle_free(whole);
	aval_bundle_free(b);
}

/* Events of the sample in another order, and of another token. */
void make_history(made *m, const test_world *w, int variant)
{
	aval_bundle              *b = t_sample(w, T_ASSIGNED, NULL), *other = NULL;
	aval_bundle_issue_options options = t_issue_options(w);
	test_parts                p, whole;
	aval_bytes               *decides = &p.events[1];

	t_take_apart(&whole, b);
	p = whole;
	options.nonce16[0] ^= 1;
	t_ok(aval_bundle_issue(&other, w->invoice, w->seed32, &options, NULL, err));
	t_sign(other, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_draft_accept(other, 0, true);
	t_sign(other, w, AVAL_ROLE_DEBTOR, T_DEBTOR);
	switch (variant) {
	case HISTORY_REORDERED:
		p.events[1] = whole.events[2];
		p.events[2] = whole.events[1];
		break;
	case HISTORY_DROPPED:
		p.events[1] = whole.events[2];
		p.event_count = 2;
		break;
	case HISTORY_TWICE:
		p.events[p.event_count++] = whole.events[2];
		break;
	case HISTORY_OTHER_TOKEN:
		p.events[1] = other->events[1].event.envelope;
		break;
	case HISTORY_TWO_ISSUES:
		p.events[1] = other->events[0].event.envelope;
		break;
	default: /* HISTORY_NO_ISSUE */
		p.events[0] = whole.events[1];
		decides = &p.events[0];
	}
	t_fit_keys(&p, w);
	made_finish(m, &p, decides);
	if (variant == HISTORY_TWICE)
		m->offset = made_find(&m->blob, whole.events[2]) + whole.events[2].len +
		            3; /* the head of its string */
	aval_bundle_free(other);
	aval_bundle_free(b);
}

/* A draft that can never be applied: a second acceptance. */
void make_unlawful_draft(made *m, const test_world *w, int variant)
{
	aval_bundle *b = t_sample(w, T_ACCEPTED, NULL), *lower = t_sample(w, T_ISSUED, NULL);
	test_parts   p, q;

	(void)variant;
	t_draft_accept(lower, 100, false);
	t_sign(lower, w, AVAL_ROLE_DEBTOR, T_DEBTOR);
	t_take_apart(&p, b);
	t_take_apart(&q, lower);
	p.events[p.event_count++] = q.events[1];
	made_finish(m, &p, &p.events[2]);
	aval_bundle_free(lower);
	aval_bundle_free(b);
}

/* The assignment before the acceptance, so that the history breaks there, and a signature of one event spoilt. */
void make_broken(made *m, const test_world *w, int variant)
{
	aval_bundle        *b = t_sample(w, T_ASSIGNED, NULL);
	uint8_t             spoilt[4096];
	size_t              index = variant == BROKEN_SIGNATURE_BEFORE ? 0 : variant == BROKEN_SIGNATURE_AT ? 1 : 2;
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_sign      sign;
	aval_cose_signature s;
	test_parts          p;
	aval_bytes          swapped;
	const size_t        order[] = { 0, 2, 1 };

	t_take_apart(&p, b);
	swapped = p.events[1];
	p.events[1] = p.events[2];
	p.events[2] = swapped;
	sign = aval_event_cose(aval_bundle_event(b, order[index]));
	ck_assert(aval_cose_sign_next(&cursor, &s, &sign));
	memcpy(spoilt, p.events[index].data, p.events[index].len);
	spoilt[s.signature.data - p.events[index].data] ^= 1;
	p.events[index].data = spoilt;
	made_finish(m, &p, &p.events[index <= 1 ? index : 1]);
	if (index <= 1)
		m->offset += s.offset;
	aval_bundle_free(b);
}
