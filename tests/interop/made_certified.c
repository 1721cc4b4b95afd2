/* SPDX-License-Identifier: Apache-2.0 */
/* Acceptances by companies that the certificates of chains.json prove, and bundles whose certificates are
 * wrong. */
#include "made_certified.h"

#include "../unit/mandate_fixture.h"
#include "../unit/vectors.h"
#include "identity/der.h"

#include "chains.vectors.h"

#include "../unit/chain_fixture.h"

typedef struct plan {
	const char *party; /* NULL: the one that the certificate names */
	const char *leaf, *key;
	const char *beside; /* other certificates; NULL: the intermediate */
	bool        is_own; /* the leaf's key signs the event; else officers do, under a mandate */
} plan;

#define P256 .leaf = "p256-end", .key = "p256-key"

static const plan plans[CERTIFIED_COUNT] = {
	[CERTIFIED_P256] = { P256 },
	[CERTIFIED_K1] = { .leaf = "k1-end", .key = "k1-key" },
	[CERTIFIED_P384] = { .leaf = "p384-end", .key = "p384-key" },
	[CERTIFIED_RSA] = { .leaf = "rsa-end", .key = "rsa-key" },
	[CERTIFIED_OWN_KEY] = { P256, .is_own = true },
	[CERTIFIED_ROOT_BESIDE] = { P256, .beside = "issuing root" },
	[CERTIFIED_INTERMEDIATE_MISSING] = { P256, .beside = "" },
	[CERTIFIED_OTHER_LEI] = { P256, .party = "lei:5299000AVALTEST00176" },
	[CERTIFIED_OTHER_SCHEME] = { P256, .party = "vat:DE100000001" },
	[CERTIFIED_SIGNATURE] = { P256 },
	[CERTIFIED_LEAF_MISSING] = { P256 },
	[CERTIFIED_UNUSED] = { P256 },
	[CERTIFIED_DESCEND] = { P256 },
	[CERTIFIED_TWICE] = { P256 },
	[CERTIFIED_CUT] = { P256 },
	[CERTIFIED_EMPTY] = { P256 },
};

uint8_t *made_object(size_t *len_out, const char *name)
{
	return object_bytes(len_out, name);
}

bool made_next_name(const char **at, char name_out[100])
{
	return next_name(at, name_out);
}

static aval_endorser_key *key_of(const plan *x, const test_world *w)
{
	char              *pem = pem_of_object("PRIVATE KEY", x->key, "\n");
	aval_endorser_key *key = NULL;

	t_ok(aval_endorser_key_parse_pem(&key, pem, strlen(pem), &w->entropy.entropy, NULL, err));
	free(pem);
	return key;
}

/* A grant to two of three officers, by the certificate's key, for as long as certificates are judged here. */
static test_blob grant_of(const plan *x, const char *party, const test_world *w, const test_staff *s)
{
	test_terms         t = t_terms(party);
	test_blob          plain, blob = { malloc(8192), 8192 };
	aval_mandate       m;
	aval_endorser_key *key = key_of(x, w);
	aval_endorser      endorser = aval_endorser_from_key(key, (aval_endorsement_alg)0);
	aval_chain        *chain = NULL;

	t.from_ms = CERTIFIED_BEGIN_MS - 1;
	t.until_ms = CERTIFIED_END_MS + 1;
	plain = t_grant(&t, s, &w->signers[T_STRANGER]);
	t_ok(aval_mandate_parse(&m, plain.data, plain.len, err));
	t_ok(make_chain(&chain, x->leaf, NULL, err));
	t_ok(aval_mandate_sign_certified(blob.data, &blob.len, m.payload.data, m.payload.len, chain, &endorser,
	                                 NULL, err));
	aval_chain_free(chain);
	aval_endorser_key_free(key);
	free(plain.data);
	return blob;
}

static aval_status sign_with_leaf(uint8_t sig64_out[64], const uint8_t *message, size_t message_len,
                                  const uint8_t digest32[32], void *user_data)
{
	const aval_endorser *endorser = user_data;
	size_t               len = 64;
	uint8_t              signature[AVAL_ENDORSEMENT_MAX_LEN];
	aval_status          status =
		endorser->sign(signature, &len, message, message_len, digest32, 32, endorser->user_data);

	memcpy(sig64_out, signature, 64);
	return status;
}

static void sign_own(aval_bundle *b, const plan *x, const char *party, const test_world *w)
{
	aval_endorser_key *key = key_of(x, w);
	aval_endorser      endorser = aval_endorser_from_key(key, (aval_endorsement_alg)0);
	aval_signer        signer = { sizeof signer, { { 0 } }, sign_with_leaf, &endorser };
	aval_chain        *chain = NULL;

	t_ok(make_chain(&chain, x->leaf, NULL, err));
	t_ok(aval_chain_key(&signer.key, chain, err));
	t_ok(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, party, strlen(party), &signer, err));
	aval_chain_free(chain);
	aval_endorser_key_free(key);
}

static void sign_by_officers(aval_bundle *b, const plan *x, const char *party, const test_world *w)
{
	test_staff s;
	test_blob  grant;

	t_staff_init(&s, w);
	grant = grant_of(x, party, w, &s);
	t_ok(aval_bundle_add_mandate(b, grant.data, grant.len, err));
	for (unsigned i = 0; i < 2; i++)
		t_ok(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, party, strlen(party), &s.signers[i], err));
	free(grant.data);
	t_staff_clear(&s);
}

static void add_certificates(aval_bundle *b, const char *names)
{
	char name[100];

	while (next_name(&names, name)) {
		size_t   len;
		uint8_t *der = object_bytes(&len, name);

		t_ok(aval_bundle_add_certificate(b, der, len, err));
		free(der);
	}
}

/* Where the debtor's first signature stands. */
static void point_at_signature(made *m, const aval_bundle *b)
{
	const aval_event    *event = aval_bundle_event(b, 1);
	aval_event_cursor    cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature signature;

	ck_assert(aval_event_next_signature(&signature, &cursor, event));
	m->offset = made_find(&m->blob, event->envelope) + signature.offset;
}

static size_t place_of(const test_parts *p, aval_bytes der)
{
	size_t at = 0;

	while (at < p->certificate_count && !aval_bytes_equal(p->certificates[at], der))
		at++;
	ck_assert_uint_lt(at, p->certificate_count);
	return at;
}

static void insert(test_parts *p, size_t at, aval_bytes der)
{
	memmove(&p->certificates[at + 1], &p->certificates[at], (p->certificate_count - at) * sizeof der);
	p->certificates[at] = der;
	p->certificate_count++;
}

/* In its place by SHA-256. */
static void insert_sorted(test_parts *p, aval_bytes der)
{
	uint8_t new32[32], old32[32];
	size_t  at = 0;

	aval_sha256(new32, der.data, der.len);
	for (; at < p->certificate_count; at++) {
		aval_sha256(old32, p->certificates[at].data, p->certificates[at].len);
		if (memcmp(new32, old32, 32) < 0)
			break;
	}
	insert(p, at, der);
}

/* Changes the certificates, and says what decides: the part that is wrong, or what stands before it. */
static aval_bytes spoil(test_parts *p, int variant, aval_bytes leaf, aval_bytes stranger)
{
	size_t     at = place_of(p, leaf);
	aval_bytes first = p->certificates[0];

	switch (variant) {
	case CERTIFIED_LEAF_MISSING:
		p->certificates[at] = p->certificates[--p->certificate_count];
		return p->mandates[0];
	case CERTIFIED_UNUSED:
		insert_sorted(p, stranger);
		return stranger;
	case CERTIFIED_DESCEND:
		p->certificates[0] = p->certificates[1];
		p->certificates[1] = first;
		return first;
	case CERTIFIED_TWICE:
		insert(p, at, leaf);
		return leaf;
	case CERTIFIED_CUT:
		p->certificates[0].len--;
		return p->certificates[0];
	default:
		p->certificate_count = 0;
		p->has_empty_certificates = true;
		return p->mandates[0];
	}
}

static void make_spoilt(made *m, const aval_bundle *b, int variant)
{
	aval_bytes leaf, stranger, decides;
	uint8_t   *leaf_der = object_bytes(&leaf.len, plans[variant].leaf);
	uint8_t   *stranger_der = object_bytes(&stranger.len, "k1-end");
	test_parts p;

	leaf.data = leaf_der;
	stranger.data = stranger_der;
	t_take_apart(&p, b);
	decides = spoil(&p, variant, leaf, stranger);
	made_finish(m, &p, &decides);
	if (variant == CERTIFIED_TWICE)
		m->offset += leaf.len + 3; /* the second one */
	if (variant == CERTIFIED_EMPTY)
		m->offset = m->blob.len - 1;
	free(stranger_der);
	free(leaf_der);
}

void make_certified(made *m, const test_world *w, int variant)
{
	const plan  *x = &plans[variant];
	const char  *party = x->party != NULL ? x->party : T_COMPANY;
	aval_bundle *b = t_issued_to(w, party, NULL);

	t_draft_accept(b, 0, true);
	if (x->is_own)
		sign_own(b, x, party, w);
	else
		sign_by_officers(b, x, party, w);
	add_certificates(b, x->leaf);
	add_certificates(b, x->beside != NULL ? x->beside : "issuing");
	if (variant >= CERTIFIED_LEAF_MISSING) {
		make_spoilt(m, b, variant);
	} else {
		m->blob = t_serialize(b);
		point_at_signature(m, b);
	}
	if (variant == CERTIFIED_SIGNATURE) {
		aval_bytes mandate = b->mandates[0].mandate.envelope;

		m->offset = made_find(&m->blob, mandate);
		m->blob.data[m->offset + mandate.len - 1] ^= 1;
	}
	aval_bundle_free(b);
}
