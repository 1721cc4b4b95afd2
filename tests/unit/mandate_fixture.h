/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_MANDATE_FIXTURE_H
#define AVAL_TESTS_MANDATE_FIXTURE_H

/*
 * What tests of mandates share: officers with known keys, grants and revocations in a few words, and the ACCEPT of
 * the sample's token signed by whoever is asked.
 */

#include <aval/mandate.h>

#include "bundle_fixture.h"

enum { T_OFFICERS = 3, T_OUTSIDER = 3, T_OFFICER_KEYS = 4 };

/* Who signs: bits of officers, the outsider, and the party's own key. */
enum { T_FIRST = 1, T_SECOND = 2, T_THIRD = 4, T_OUT = 8, T_OWN = 16, T_ALL_OFFICERS = 7 };

#define T_COMPANY "lei:5299000AVALTEST00079"

typedef struct test_staff {
	aval_secret_key *keys[T_OFFICER_KEYS];
	aval_signer      signers[T_OFFICER_KEYS];
	uint8_t          thumbprints[T_OFFICER_KEYS][32];
} test_staff;

static inline void t_staff_init(test_staff *s, const test_world *w)
{
	static const aval_alg algs[T_OFFICER_KEYS] = { AVAL_ALG_ES256K, AVAL_ALG_ESP256, AVAL_ALG_SCHNORR,
		                                       AVAL_ALG_ES256K };

	for (unsigned i = 0; i < T_OFFICER_KEYS; i++) {
		s->keys[i] = test_key(algs[i], 301 + i, &w->entropy.entropy);
		s->signers[i] = aval_signer_from_secret_key(s->keys[i]);
		aval_public_key_thumbprint(s->thumbprints[i], &s->signers[i].key);
	}
}

static inline void t_staff_clear(test_staff *s)
{
	for (unsigned i = 0; i < T_OFFICER_KEYS; i++)
		aval_secret_key_free(s->keys[i]);
}

/* What a grant says; t_terms() gives two of three officers everything, for a day around T_NOW_MS. */
typedef struct test_terms {
	const char    *party;
	const char    *registry;
	unsigned       officers; /* listed: bits */
	uint32_t       threshold;
	uint32_t       types;
	const char    *currency; /* of the one cap; NULL: none */
	int64_t        cap_minor;
	int64_t        from_ms, until_ms;
	const uint8_t *predecessor32;
	uint8_t        nonce;
} test_terms;

static inline test_terms t_terms(const char *party)
{
	return (test_terms){ party, T_REGISTRY, T_ALL_OFFICERS, 2, 1u << AVAL_EVENT_ACCEPT, NULL, 0,
		             T_NOW_MS - 43200000, T_NOW_MS + 43200000, NULL, 0x4D };
}

static inline int t_compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

static inline test_blob t_signed_mandate(const uint8_t *payload, size_t len, const aval_signer *signer)
{
	test_blob blob = { NULL, 0 };

	ck_assert_int_eq(aval_mandate_sign(NULL, &blob.len, payload, len, signer, NULL, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	blob.data = malloc(blob.len);
	t_ok(aval_mandate_sign(blob.data, &blob.len, payload, len, signer, NULL, err));
	return blob;
}

static inline test_blob t_grant(const test_terms *t, const test_staff *s, const aval_signer *signer)
{
	aval_grant_options options = AVAL_GRANT_OPTIONS_INIT;
	aval_mandate_cap   cap;
	uint8_t            keys[T_OFFICER_KEYS][32], payload[4096];
	size_t             len = sizeof payload;

	for (unsigned i = 0; i < T_OFFICER_KEYS; i++)
		if (t->officers >> i & 1)
			memcpy(keys[options.key_count++], s->thumbprints[i], 32);
	qsort(keys, options.key_count, 32, t_compare_keys);
	options.keys = keys[0];
	options.registry = aval_text_z(t->registry);
	options.party = aval_text_z(t->party);
	options.threshold = t->threshold;
	options.types = t->types;
	if (t->currency != NULL) {
		cap = (aval_mandate_cap){ aval_text_z(t->currency), t->cap_minor };
		options.caps = &cap;
		options.cap_count = 1;
	}
	options.valid_from_ms = t->from_ms;
	options.valid_until_ms = t->until_ms;
	options.has_predecessor = t->predecessor32 != NULL;
	if (t->predecessor32 != NULL)
		memcpy(options.predecessor32, t->predecessor32, 32);
	memset(options.nonce16, t->nonce, sizeof options.nonce16);
	t_ok(aval_grant_build(payload, &len, &options, err));
	return t_signed_mandate(payload, len, signer);
}

static inline void t_mandate_id(uint8_t id32[32], const test_blob *mandate)
{
	aval_mandate m;

	t_ok(aval_mandate_parse(&m, mandate->data, mandate->len, err));
	memcpy(id32, m.id32, 32);
}

static inline test_blob t_revocation(const test_blob *grant, int64_t at_ms, const aval_signer *signer)
{
	aval_revocation_options options = AVAL_REVOCATION_OPTIONS_INIT;
	aval_mandate            m;
	uint8_t                 payload[1024];
	size_t                  len = sizeof payload;

	t_ok(aval_mandate_parse(&m, grant->data, grant->len, err));
	options.registry = m.registry;
	options.party = m.party;
	memcpy(options.mandate32, m.id32, 32);
	options.revoked_at_ms = at_ms;
	t_ok(aval_revocation_build(payload, &len, &options, err));
	return t_signed_mandate(payload, len, signer);
}

/* The sample's token, issued by the supplier to a debtor who may be a company. */
static inline aval_bundle *t_issued_to(const test_world *w, const char *debtor, const aval_allocator *allocator)
{
	aval_bundle_issue_options options = t_issue_options(w);
	aval_bundle              *b = NULL;

	options.debtor = aval_text_z(debtor);
	t_ok(aval_bundle_issue(&b, w->invoice, w->seed32, &options, allocator, err));
	t_sign(b, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	return b;
}

/* Sign the draft as the debtor by each of the keys, in their order, without asking the bundle's mandates. */
static inline void t_force_signatures(test_parts *p, const test_world *w, const test_staff *s, size_t index,
                                      aval_role role, const char *party, unsigned signers, uint8_t envelopes[][8192])
{
	for (unsigned i = 0; i < 5; i++) {
		const aval_signer *signer = i < T_OFFICER_KEYS ? &s->signers[i] : &w->signers[T_DEBTOR];
		aval_event         event;
		size_t             len = 8192;

		if ((signers >> i & 1) == 0)
			continue;
		if (aval_event_parse(&event, p->events[index].data, p->events[index].len, NULL) != AVAL_OK)
			t_ok(aval_event_parse_payload(&event, p->events[index].data, p->events[index].len, err));
		t_ok(aval_event_sign(envelopes[i], &len, &event, role, party, strlen(party), signer, NULL, err));
		p->events[index] = (aval_bytes){ envelopes[i], len };
	}
}

/* Exactly the keys that the events use, of all that there are, ascending. */
static inline void t_fit_all_keys(test_parts *p, const test_world *w, const test_staff *s)
{
	uint8_t last32[32] = { 0 };

	p->key_count = 0;
	for (;;) {
		const aval_public_key *best = NULL;
		uint8_t                best32[32], this32[32];

		for (int i = 0; i < T_PARTIES + T_OFFICER_KEYS; i++) {
			const aval_public_key *key = i < T_PARTIES ? &w->signers[i].key : &s->signers[i - T_PARTIES].key;

			aval_public_key_thumbprint(this32, key);
			if (!t_uses_key(p, this32) || memcmp(this32, last32, 32) <= 0 ||
			    (best != NULL && memcmp(this32, best32, 32) >= 0))
				continue;
			best = key;
			memcpy(best32, this32, 32);
		}
		if (best == NULL)
			return;
		p->key_lens[p->key_count] = sizeof p->keys[0];
		t_ok(aval_public_key_serialize(p->keys[p->key_count], &p->key_lens[p->key_count], best, err));
		p->key_count++;
		memcpy(last32, best32, 32);
	}
}

/* Put a mandate among the others of a bundle in parts, in its place. */
static inline void t_add_mandate(test_parts *p, const test_blob *mandate)
{
	uint8_t id32[32], other32[32];
	size_t  at = p->mandate_count++;

	t_mandate_id(id32, mandate);
	for (; at > 0; at--) {
		test_blob before = { (uint8_t *)(uintptr_t)p->mandates[at - 1].data, p->mandates[at - 1].len };

		t_mandate_id(other32, &before);
		if (memcmp(other32, id32, 32) < 0)
			break;
		p->mandates[at] = p->mandates[at - 1];
	}
	p->mandates[at] = (aval_bytes){ mandate->data, mandate->len };
}

#endif /* AVAL_TESTS_MANDATE_FIXTURE_H */
