/* SPDX-License-Identifier: Apache-2.0 */
/* Acceptances by officers: what a mandate permits, and what it does not. */
#include "made_mandates.h"

#include "../unit/mandate_fixture.h"

enum { NOTHING, REVOKES, REPLACES, GRAFTS };

/* Times are around T_NOW_MS; a cap is the face and so much more. */
typedef struct plan {
	unsigned    signers;
	const char *currency;
	int64_t     cap_above;
	uint32_t    types; /* 0: ACCEPT */
	int64_t     from, until; /* 0, 0: a day around */
	int         second; /* what else is there */
	int64_t     second_at;
	unsigned    second_by; /* T_DEBTOR, or whoever signs it */
	bool        is_company, is_self_granted, has_none, is_followed;
} plan;

static const plan plans[MANDATE_COUNT] = {
	[MANDATE_TWO] = { .signers = T_FIRST | T_SECOND },
	[MANDATE_OTHER_TWO] = { .signers = T_SECOND | T_THIRD },
	[MANDATE_ONE] = { .signers = T_SECOND },
	[MANDATE_THREE] = { .signers = T_ALL_OFFICERS },
	[MANDATE_STRANGER] = { .signers = T_FIRST | T_OUT },
	[MANDATE_STRANGER_ALONE] = { .signers = T_OUT },
	[MANDATE_OWN] = { .signers = T_OWN },
	[MANDATE_OWN_AND_OFFICER] = { .signers = T_OWN | T_FIRST },
	[MANDATE_TYPE] = { .signers = T_FIRST | T_SECOND, .types = 1u << AVAL_EVENT_ISSUE | 1u << AVAL_EVENT_REJECT },
	[MANDATE_CAP] = { .signers = T_FIRST | T_SECOND, .currency = "EUR" },
	[MANDATE_CAP_OVER] = { .signers = T_FIRST | T_SECOND, .currency = "EUR", .cap_above = -1 },
	[MANDATE_CURRENCY] = { .signers = T_FIRST | T_SECOND, .currency = "USD", .cap_above = 1000 },
	[MANDATE_FIRST] = { .signers = T_FIRST | T_SECOND, .from = 0, .until = 5 },
	[MANDATE_EARLY] = { .signers = T_FIRST | T_SECOND, .from = 1, .until = 5 },
	[MANDATE_LAST] = { .signers = T_FIRST | T_SECOND, .from = -5, .until = 1 },
	[MANDATE_LATE] = { .signers = T_FIRST | T_SECOND, .from = -5, .until = 0 },
	[MANDATE_DRAFT_OVER] = { .signers = T_FIRST, .currency = "EUR", .cap_above = -1 },
	[MANDATE_REVOKED] = { .signers = T_FIRST | T_SECOND, .second = REVOKES, .second_by = T_DEBTOR },
	[MANDATE_REVOKED_LATER] = { .signers = T_FIRST | T_SECOND, .second = REVOKES, .second_at = 1, .second_by = T_DEBTOR },
	[MANDATE_REPLACED] = { .signers = T_FIRST | T_SECOND, .second = REPLACES, .second_by = T_DEBTOR },
	[MANDATE_REPLACED_LATER] = { .signers = T_FIRST | T_SECOND, .second = REPLACES, .second_at = 1,
	                             .second_by = T_DEBTOR },
	[MANDATE_ROTATED] = { .signers = T_OUT, .second = REPLACES, .second_by = T_DEBTOR },
	[MANDATE_EARLIER_SHORT] = { .signers = T_FIRST, .is_followed = true },
	[MANDATE_COMPANY] = { .signers = T_FIRST | T_SECOND, .is_company = true },
	[MANDATE_COMPANY_ONE] = { .signers = T_FIRST, .is_company = true },
	[MANDATE_COMPANY_OVER] = { .signers = T_FIRST | T_SECOND, .is_company = true, .currency = "EUR", .cap_above = -1 },
	[MANDATE_COMPANY_GRAFTED] = { .signers = T_FIRST | T_SECOND, .is_company = true, .currency = "EUR",
	                              .cap_above = -1, .second = GRAFTS, .second_by = T_FACTOR },
	[MANDATE_COMPANY_REVOKED_BY_OTHER] = { .signers = T_FIRST | T_SECOND, .is_company = true, .second = REVOKES,
	                                       .second_by = T_FACTOR },
	[MANDATE_COMPANY_SELF] = { .signers = T_FIRST | T_SECOND, .is_company = true, .is_self_granted = true },
	[MANDATE_NONE_TWO] = { .signers = T_FIRST | T_SECOND, .has_none = true },
	[MANDATE_NONE_ONE] = { .signers = T_FIRST, .has_none = true },
};

static const char *debtor_of(const plan *x, const test_world *w)
{
	return x->is_company ? T_COMPANY : w->parties[T_DEBTOR];
}

static int64_t face_of(const aval_bundle *b)
{
	aval_issue issue;

	t_ok(aval_event_issue(&issue, aval_bundle_event(b, 0), err));
	return issue.face_minor;
}

static test_terms terms_of(const plan *x, const test_world *w, const aval_bundle *b)
{
	test_terms t = t_terms(debtor_of(x, w));

	if (x->types != 0)
		t.types = x->types;
	t.currency = x->currency;
	t.cap_minor = face_of(b) + x->cap_above;
	if (x->from != 0 || x->until != 0) {
		t.from_ms = T_NOW_MS + x->from;
		t.until_ms = T_NOW_MS + x->until;
	}
	return t;
}

static const aval_signer *grantor_of(const plan *x, const test_world *w, const test_staff *s)
{
	if (x->is_self_granted)
		return &s->signers[0];
	return &w->signers[x->is_company ? T_STRANGER : T_DEBTOR];
}

/* A successor lists the outsider alone; what is grafted beside a grant has no cap. */
static test_blob second_of(const plan *x, const test_world *w, const test_staff *s, const test_blob *grant)
{
	const aval_signer *signer = &w->signers[x->second_by];
	test_terms         t = t_terms(debtor_of(x, w));
	uint8_t            id32[32];

	if (x->second == REVOKES)
		return t_revocation(grant, T_NOW_MS + x->second_at, signer);
	t_mandate_id(id32, grant);
	t.nonce++;
	if (x->second == REPLACES) {
		t.predecessor32 = id32;
		t.from_ms = T_NOW_MS + x->second_at;
		t.officers = T_OUT;
		t.threshold = 1;
	}
	return t_grant(&t, s, signer);
}

/* An event that comes after the acceptance, so that this is no draft. */
static void follow(test_parts *p, const test_world *w, const char *debtor)
{
	aval_bundle *b = t_sample(w, T_ASSIGNED, NULL);
	aval_bytes   last;

	(void)debtor;
	last = aval_bundle_event(b, 2)->envelope;
	p->events[2] = (aval_bytes){ memcpy(malloc(last.len), last.data, last.len), last.len };
	p->event_count = 3;
	aval_bundle_free(b);
}

/* Where the debtor's first signature stands. */
static void point_at_signature(made *m, const test_parts *p)
{
	aval_event           event;
	aval_event_cursor    cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature signature;

	t_ok(aval_event_parse(&event, p->events[1].data, p->events[1].len, err));
	ck_assert(aval_event_next_signature(&signature, &cursor, &event));
	m->offset = made_find(&m->blob, p->events[1]) + signature.offset;
}

void make_mandate(made *m, const test_world *w, int variant)
{
	static uint8_t envelopes[5][8192];
	const plan    *x = &plans[variant];
	const char    *debtor = debtor_of(x, w);
	test_staff     s;
	test_blob      grant, second = { NULL, 0 };
	test_parts     p;
	test_terms     t;
	aval_bundle   *b = t_issued_to(w, debtor, NULL);

	t_staff_init(&s, w);
	t_draft_accept(b, 0, true);
	t = terms_of(x, w, b);
	grant = t_grant(&t, &s, grantor_of(x, w, &s));
	if (x->second != NOTHING)
		second = second_of(x, w, &s, &grant);
	t_take_apart(&p, b);
	p.events[1] = aval_bundle_event(b, 1)->payload;
	t_force_signatures(&p, w, &s, 1, AVAL_ROLE_DEBTOR, debtor, x->signers, envelopes);
	if (x->is_followed)
		follow(&p, w, debtor);
	if (!x->has_none)
		t_add_mandate(&p, &grant);
	if (second.data != NULL)
		t_add_mandate(&p, &second);
	t_fit_all_keys(&p, w, &s);
	made_finish(m, &p, NULL);
	point_at_signature(m, &p);
	if (x->is_followed)
		free((void *)(uintptr_t)p.events[2].data);
	free(second.data);
	free(grant.data);
	t_staff_clear(&s);
	aval_bundle_free(b);
}

/* The s of an ES256K or ESP256 signature, which ends the mandate. */
static void raise_s(test_blob *mandate, const uint8_t order32[32])
{
	aval_scalar_negate(mandate->data + mandate->len - 32, mandate->data + mandate->len - 32, order32);
}

static void change_mandate(int variant, test_blob *grant, test_terms *t, const test_world *w, const test_staff *s)
{
	if (variant == FORM_UNUSED)
		t->party = w->parties[T_FACTOR];
	if (variant == FORM_REGISTRY)
		t->registry = "registry.example/other";
	*grant = t_grant(t, s, &w->signers[variant == FORM_UNUSED ? T_FACTOR : T_DEBTOR]);
	if (variant == FORM_SIGNATURE)
		grant->data[grant->len - 1] ^= 1;
	if (variant == FORM_HIGH_S)
		raise_s(grant, aval_p256_order32);
}

static void swap_mandates(test_parts *p)
{
	aval_bytes first = p->mandates[0];

	p->mandates[0] = p->mandates[1];
	p->mandates[1] = first;
}

/* Another key's statement for a "key:" party: the payload of the party's own under another signature. */
static test_blob signed_by_other(const test_blob *grant, const aval_signer *signer)
{
	aval_mandate     m;
	aval_cose_body   body;
	aval_cbor_writer w;
	uint8_t          header[256], message[4096], sig64[64];
	test_blob        blob = { malloc(4096), 4096 };

	t_ok(aval_mandate_parse(&m, grant->data, grant->len, err));
	aval_cbor_writer_init(&w, header, sizeof header);
	t_ok(aval_cose_write_one_header(&w, "application/aval-mandate+cbor", &signer->key, err));
	body = (aval_cose_body){ { header, w.len }, m.payload };
	aval_cbor_writer_init(&w, message, sizeof message);
	aval_cose_write_one_structure(&w, &body);
	t_ok(aval_signer_sign(sig64, signer, message, w.len, err));
	t_ok(aval_cose_one_write(blob.data, &blob.len, &body, (aval_bytes){ sig64, 64 }, err));
	return blob;
}

/* The form of the section, and mandates that are broken. */
void make_mandate_form(made *m, const test_world *w, int variant)
{
	static uint8_t envelopes[5][8192];
	aval_bundle   *b = t_issued_to(w, w->parties[T_DEBTOR], NULL);
	test_terms     t = t_terms(w->parties[T_DEBTOR]), other_terms = t;
	test_staff     s;
	test_parts     p;
	test_blob      grant, other;
	aval_bytes     decides;

	t_staff_init(&s, w);
	t_draft_accept(b, 0, true);
	t_take_apart(&p, b);
	p.events[1] = aval_bundle_event(b, 1)->payload;
	t_force_signatures(&p, w, &s, 1, AVAL_ROLE_DEBTOR, w->parties[T_DEBTOR], T_FIRST | T_SECOND, envelopes);
	change_mandate(variant, &grant, &t, w, &s);
	other_terms.nonce++;
	other = variant == FORM_NOTHING_REVOKED ? t_revocation(&grant, T_NOW_MS, &w->signers[T_DEBTOR])
	                                        : t_grant(&other_terms, &s, &w->signers[T_DEBTOR]);
	if (variant == FORM_OTHER_KEY) {
		free(other.data);
		other = signed_by_other(&grant, &w->signers[T_STRANGER]);
	}
	p.mandates[0] = (aval_bytes){ grant.data, grant.len };
	p.mandate_count = 1;
	if (variant == FORM_ORDER || variant == FORM_TWICE) {
		t_add_mandate(&p, variant == FORM_TWICE ? &grant : &other);
		if (variant == FORM_ORDER)
			swap_mandates(&p);
	}
	if (variant == FORM_NOTHING_REVOKED || variant == FORM_OTHER_KEY)
		p.mandates[0] = (aval_bytes){ other.data, other.len };
	if (variant == FORM_EVENT)
		p.mandates[0] = p.events[0];
	if (variant == FORM_AS_EVENT)
		p.events[1] = p.mandates[0];
	if (variant == FORM_EMPTY) {
		p.mandate_count = 0;
		p.has_empty_mandates = true;
	}
	t_fit_all_keys(&p, w, &s);
	decides = variant == FORM_AS_EVENT   ? p.events[1]
	          : p.mandate_count != 0 ? p.mandates[p.mandate_count - 1]
	                                 : (aval_bytes){ NULL, 0 };
	made_finish(m, &p, variant == FORM_EMPTY || variant == FORM_EVENT || variant == FORM_TWICE ? NULL : &decides);
	if (variant == FORM_EMPTY)
		m->offset = m->blob.len - 1;
	free(other.data);
	free(grant.data);
	t_staff_clear(&s);
	aval_bundle_free(b);
}
