/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_BUNDLE_FIXTURE_H
#define AVAL_TESTS_BUNDLE_FIXTURE_H

/*
 * What tests of bundles share: four parties with known keys, the sample invoice of the examples, and the sample
 * bundle made of them, whose bytes are the same on every machine. A bundle can be taken apart, changed and put
 * together again in ways that no builder allows.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/os.h>

#include "token/bundle.h"
#include "verify_fixture.h"

enum { T_SUPPLIER, T_DEBTOR, T_FACTOR, T_STRANGER, T_PARTIES };

/* The morning after the sample invoice; events may be registered for 30 days. */
#define T_NOW_MS     INT64_C(1894780800000)
#define T_EXPIRES_MS (T_NOW_MS + INT64_C(30) * 86400000)
#define T_REGISTRY   "registry.example/log"
#define T_WITHOUT    "parties,registered,live,duplicate,fresh"

typedef struct test_world {
	test_entropy     entropy;
	aval_secret_key *keys[T_PARTIES];
	aval_signer      signers[T_PARTIES];
	char             parties[T_PARTIES][AVAL_PARTY_KEY_LEN + 1];
	uint8_t          seed32[32];
	uint8_t         *file;
	size_t           file_len;
	aval_invoice    *invoice;
} test_world;

static inline void t_read_file(uint8_t **data_out, size_t *len_out, const char *name)
{
	char path[1024];

	snprintf(path, sizeof path, "%s/%s", TEST_SOURCE_ROOT, name);
	t_ok(aval_os_file_read(data_out, len_out, path, 1 << 24, NULL, err));
}

static inline void t_world_init(test_world *w)
{
	static const aval_alg algs[T_PARTIES] = { AVAL_ALG_ES256K, AVAL_ALG_ESP256, AVAL_ALG_SCHNORR,
		                                  AVAL_ALG_ES256K };

	test_entropy_init(&w->entropy);
	w->entropy.constant = true;
	w->entropy.next = 7;
	for (unsigned i = 0; i < T_PARTIES; i++) {
		w->keys[i] = test_key(algs[i], 101 + i, &w->entropy.entropy);
		w->signers[i] = aval_signer_from_secret_key(w->keys[i]);
		aval_public_key_party(w->parties[i], aval_secret_key_public(w->keys[i]));
	}
	for (size_t i = 0; i < sizeof w->seed32; i++)
		w->seed32[i] = (uint8_t)(0xA0 + i);
	t_read_file(&w->file, &w->file_len, "examples/invoices/invoice-ubl.xml");
	t_ok(aval_invoice_parse(&w->invoice, w->file, w->file_len, NULL, err));
}

static inline void t_world_clear(test_world *w)
{
	for (size_t i = 0; i < T_PARTIES; i++)
		aval_secret_key_free(w->keys[i]);
	aval_invoice_free(w->invoice);
	aval_free(w->file, NULL);
}

static inline aval_text t_party(const test_world *w, unsigned who)
{
	return aval_text_z(w->parties[who]);
}

static inline aval_event_times t_times(void)
{
	return (aval_event_times){ T_NOW_MS, T_EXPIRES_MS };
}

static inline void t_sign_as(aval_bundle *b, const test_world *w, aval_role role, const char *party,
                             unsigned key)
{
	t_ok(aval_bundle_sign(b, role, party, strlen(party), &w->signers[key], err));
}

static inline void t_sign(aval_bundle *b, const test_world *w, aval_role role, unsigned who)
{
	t_sign_as(b, w, role, w->parties[who], who);
}

/* The terms that the sample discloses: the number, the issue date, what `terms` needs, and the absence of BT-7.
 */
static const aval_text t_paths[] = {
	{ "BT-1", 4 }, { "BT-2", 4 }, { "BT-3", 4 },   { "BT-5", 4 },
	{ "BT-7", 4 }, { "BT-9", 4 }, { "BT-115", 6 },
};
enum { T_PATHS = sizeof t_paths / sizeof *t_paths };

static inline aval_bundle_issue_options t_issue_options(const test_world *w)
{
	aval_bundle_issue_options options = AVAL_BUNDLE_ISSUE_OPTIONS_INIT;

	options.times = t_times();
	options.registry = aval_text_z(T_REGISTRY);
	options.supplier = t_party(w, T_SUPPLIER);
	options.debtor = t_party(w, T_DEBTOR);
	memset(options.nonce16, 0x0E, sizeof options.nonce16);
	options.paths = t_paths;
	options.path_count = T_PATHS;
	return options;
}

static inline aval_bundle *t_issued(const test_world *w, const aval_allocator *allocator)
{
	aval_bundle_issue_options options = t_issue_options(w);
	aval_bundle              *b = NULL;

	t_ok(aval_bundle_issue(&b, w->invoice, w->seed32, &options, allocator, err));
	return b;
}

static inline aval_token *t_state(const aval_bundle *b)
{
	aval_token *token = NULL;

	t_ok(aval_bundle_replay(&token, b, NULL, err));
	return token;
}

/* Append the draft of an ACCEPT over the face less what is declined. */
static inline void t_draft_accept(aval_bundle *b, int64_t declined_minor, bool has_consent)
{
	aval_token         *token = t_state(b);
	aval_accept_options options = AVAL_ACCEPT_OPTIONS_INIT;
	aval_issue          terms;
	uint8_t             payload[4096];
	size_t              len = sizeof payload;

	aval_token_terms(&terms, token);
	options.times = t_times();
	options.accept.accepted_minor = terms.face_minor - declined_minor;
	options.accept.has_consent = has_consent;
	t_ok(aval_accept_build(payload, &len, token, &options, err));
	t_ok(aval_bundle_append(b, payload, len, err));
	aval_token_free(token);
}

/* Append the draft of an ASSIGN of the lowest live note: length_minor go to a party, the rest stays. */
static inline void t_draft_assign(aval_bundle *b, const char *to, int64_t length_minor, int64_t recourse_minor)
{
	aval_token         *token = t_state(b);
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
	aval_note           note;
	aval_output         outputs[2];
	uint8_t             payload[4096];
	size_t              len = sizeof payload;

	t_ok(aval_token_note(&note, token, aval_token_first_live(token), err));
	outputs[0] = (aval_output){ length_minor, aval_text_z(to), recourse_minor };
	outputs[1] = (aval_output){ note.end_minor - note.begin_minor - length_minor, note.holder, 0 };
	options.times = t_times();
	options.inputs = note.id32;
	options.input_count = 1;
	options.outputs = outputs;
	options.output_count = outputs[1].length_minor > 0 ? 2 : 1;
	options.assign.kind = AVAL_ASSIGN_SALE;
	t_ok(aval_assign_build(payload, &len, token, &options, err));
	t_ok(aval_bundle_append(b, payload, len, err));
	aval_token_free(token);
}

enum { T_ISSUED = 1, T_ACCEPTED = 2, T_ASSIGNED = 3 };

/* The sample as far as an event: issued; accepted whole; 40 % assigned to the factor, with recourse for 10 %.
 */
static inline aval_bundle *t_sample(const test_world *w, int events, const aval_allocator *allocator)
{
	aval_bundle *b = t_issued(w, allocator);
	aval_issue   terms;

	t_sign(b, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	if (events >= T_ACCEPTED) {
		t_draft_accept(b, 0, true);
		t_sign(b, w, AVAL_ROLE_DEBTOR, T_DEBTOR);
	}
	if (events >= T_ASSIGNED) {
		t_ok(aval_event_issue(&terms, aval_bundle_event(b, 0), err));
		t_draft_assign(b, w->parties[T_FACTOR], terms.face_minor / 5 * 2, terms.face_minor / 10);
		t_sign(b, w, AVAL_ROLE_ASSIGNEE, T_FACTOR);
		t_sign(b, w, AVAL_ROLE_HOLDER, T_SUPPLIER);
	}
	return b;
}

/* Owned bytes. */
typedef struct test_blob {
	uint8_t *data;
	size_t   len;
} test_blob;

static inline test_blob t_serialize(const aval_bundle *b)
{
	test_blob blob = { NULL, 0 };

	ck_assert_int_eq(aval_bundle_serialize(NULL, &blob.len, b, NULL), AVAL_E_BUFFER_TOO_SMALL);
	blob.data = malloc(blob.len);
	t_ok(aval_bundle_serialize(blob.data, &blob.len, b, err));
	return blob;
}

static inline test_blob t_sample_bytes(const test_world *w, int events)
{
	aval_bundle *b = t_sample(w, events, NULL);
	test_blob    blob = t_serialize(b);

	aval_bundle_free(b);
	return blob;
}

/* A bundle in parts; everything is borrowed. */
typedef struct test_parts {
	const char *name;
	uint64_t    version;
	aval_bytes  events[16];
	size_t      event_count;
	uint8_t     keys[8][AVAL_PUBLIC_KEY_MAX_LEN];
	size_t      key_lens[8];
	size_t      key_count;
	uint8_t     commitment32[32];
	aval_bytes  disclosures[2];
	size_t      disclosure_count;
	uint8_t     source_key32[32];
	aval_bytes  source;    /* none if NULL */
	aval_bytes  mandates[8];
	size_t      mandate_count;
	bool        has_empty_mandates;
	aval_bytes  certificates[8];
	size_t      certificate_count;
	bool        has_empty_certificates;
	int64_t     extra_key; /* a section more; 0 is none */
	bool        no_events, no_keys;
	bool        has_empty_disclosures; /* a section without a disclosure, in place of one with */
} test_parts;

static inline void t_take_apart(test_parts *p, const aval_bundle *b)
{
	memset(p, 0, sizeof *p);
	p->name = "aval/bundle";
	p->version = 1;
	p->event_count = b->event_count;
	for (size_t i = 0; i < b->event_count; i++)
		p->events[i] = b->events[i].event.envelope;
	p->key_count = b->key_count;
	for (size_t i = 0; i < b->key_count; i++) {
		p->key_lens[i] = sizeof p->keys[i];
		t_ok(aval_public_key_serialize(p->keys[i], &p->key_lens[i], &b->keys[i].key, err));
	}
	if (b->disclosure.bytes.data != NULL) {
		aval_issue issue;

		t_ok(aval_event_issue(&issue, &b->events[0].event, err));
		memcpy(p->commitment32, issue.commitment32, 32);
		p->disclosures[0] = b->disclosure.bytes;
		p->disclosure_count = 1;
	}
	memcpy(p->source_key32, b->source_key32, 32);
	p->source = b->source.bytes;
	p->mandate_count = b->mandate_count;
	for (size_t i = 0; i < b->mandate_count; i++)
		p->mandates[i] = b->mandates[i].mandate.envelope;
	p->certificate_count = b->certificate_count;
	for (size_t i = 0; i < b->certificate_count; i++)
		p->certificates[i] = aval_bundle_certificate(b, i);
}

static inline void t_write_parts(aval_cbor_writer *w, const test_parts *p)
{
	aval_cbor_write_array(w, 3);
	aval_cbor_write_text_z(w, p->name);
	aval_cbor_write_uint(w, p->version);
	aval_cbor_write_map(w, (p->no_events ? 0u : 1u) + (p->no_keys ? 0u : 1u) + (p->disclosure_count > 0) +
	                               (p->source.data != NULL) + (p->mandate_count > 0 || p->has_empty_mandates) +
	                               (p->certificate_count > 0 || p->has_empty_certificates) +
	                               (p->extra_key != 0));
	if (!p->no_events) {
		aval_cbor_write_uint(w, 1);
		aval_cbor_write_array(w, p->event_count);
	}
	for (size_t i = 0; i < p->event_count && !p->no_events; i++)
		aval_cbor_write_bytes(w, p->events[i].data, p->events[i].len);
	if (!p->no_keys) {
		aval_cbor_write_uint(w, 2);
		aval_cbor_write_array(w, p->key_count);
	}
	for (size_t i = 0; i < p->key_count && !p->no_keys; i++)
		aval_cbor_write_raw(w, p->keys[i], p->key_lens[i]);
	if (p->disclosure_count > 0) {
		aval_cbor_write_uint(w, 3);
		aval_cbor_write_array(w, p->has_empty_disclosures ? 0 : p->disclosure_count);
	}
	for (size_t i = 0; i < p->disclosure_count && !p->has_empty_disclosures; i++) {
		aval_cbor_write_array(w, 2);
		aval_cbor_write_bytes(w, p->commitment32, 32);
		aval_cbor_write_bytes(w, p->disclosures[i].data, p->disclosures[i].len);
	}
	if (p->source.data != NULL) {
		aval_cbor_write_uint(w, 4);
		aval_cbor_write_array(w, 2);
		aval_cbor_write_bytes(w, p->source_key32, 32);
		aval_cbor_write_bytes(w, p->source.data, p->source.len);
	}
	if (p->mandate_count > 0 || p->has_empty_mandates) {
		aval_cbor_write_uint(w, 5);
		aval_cbor_write_array(w, p->mandate_count);
	}
	for (size_t i = 0; i < p->mandate_count; i++)
		aval_cbor_write_bytes(w, p->mandates[i].data, p->mandates[i].len);
	if (p->certificate_count > 0 || p->has_empty_certificates) {
		aval_cbor_write_uint(w, 6);
		aval_cbor_write_array(w, p->certificate_count);
	}
	for (size_t i = 0; i < p->certificate_count; i++)
		aval_cbor_write_bytes(w, p->certificates[i].data, p->certificates[i].len);
	if (p->extra_key != 0) {
		aval_cbor_write_int(w, p->extra_key);
		aval_cbor_write_array(w, 0);
	}
}

static inline test_blob t_compose(const test_parts *p)
{
	aval_cbor_writer w;
	test_blob        blob = { NULL, 0 };

	aval_cbor_writer_init(&w, NULL, 0);
	t_write_parts(&w, p);
	(void)!aval_cbor_writer_finish(&w, &blob.len, NULL);
	blob.data = malloc(blob.len);
	aval_cbor_writer_init(&w, blob.data, blob.len);
	t_write_parts(&w, p);
	t_ok(aval_cbor_writer_finish(&w, &blob.len, err));
	return blob;
}

static inline bool t_uses_key(const test_parts *p, const uint8_t thumbprint32[32])
{
	for (size_t i = 0; i < p->event_count; i++) {
		aval_event_cursor    cursor = AVAL_EVENT_CURSOR_INIT;
		aval_event_signature signature;
		aval_event           event;

		if (aval_event_parse(&event, p->events[i].data, p->events[i].len, NULL) != AVAL_OK)
			continue;
		while (aval_event_next_signature(&signature, &cursor, &event))
			if (memcmp(signature.kid32, thumbprint32, 32) == 0)
				return true;
	}
	return false;
}

/* Exactly the keys that the events use, ascending. */
static inline void t_fit_keys(test_parts *p, const test_world *w)
{
	uint8_t last32[32] = { 0 }, best32[32], this32[32];
	int     best;

	p->key_count = 0;
	do {
		best = -1;
		for (int i = 0; i < T_PARTIES; i++) {
			aval_public_key_thumbprint(this32, &w->signers[i].key);
			if (!t_uses_key(p, this32) || memcmp(this32, last32, 32) <= 0 ||
			    (best >= 0 && memcmp(this32, best32, 32) >= 0))
				continue;
			best = i;
			memcpy(best32, this32, 32);
		}
		if (best >= 0) {
			p->key_lens[p->key_count] = sizeof p->keys[0];
			t_ok(aval_public_key_serialize(p->keys[p->key_count], &p->key_lens[p->key_count],
			                               &w->signers[best].key, err));
			p->key_count++;
			memcpy(last32, best32, 32);
		}
	} while (best >= 0);
}

/* Trusts the supplier, the debtor and the factor by their own keys, and does without what needs a registry. */
static inline aval_policy *t_policy(const test_world *w)
{
	aval_policy *policy = NULL;

	t_ok(aval_policy_new(&policy, NULL, err));
	for (unsigned i = 0; i < T_STRANGER; i++)
		t_trust(policy, w->parties[i]);
	t_without(policy, T_WITHOUT);
	return policy;
}

#endif /* AVAL_TESTS_BUNDLE_FIXTURE_H */
