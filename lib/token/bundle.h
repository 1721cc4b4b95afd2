/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_BUNDLE_H
#define AVAL_LIB_BUNDLE_H

/*
 * Private to bundles and their verification. A bundle keeps views of its events and its keys, both in arrays
 * that grow as the bytes for them are seen, so that no count in a file is believed. Offsets are into the bytes
 * that were parsed; what was added since has none.
 */

#include <aval/bundle.h>
#include <aval/certificate.h>

#include "base/base.h"
#include "token/token.h"

/* Keys of the map of sections. */
enum { AVAL_BUNDLE_EVENTS = 1, AVAL_BUNDLE_KEYS = 2, AVAL_BUNDLE_DISCLOSURES = 3, AVAL_BUNDLE_SOURCE = 4,
       AVAL_BUNDLE_MANDATES = 5, AVAL_BUNDLE_CERTIFICATES = 6 };

#define AVAL_BUNDLE_NAME    "aval/bundle"
#define AVAL_BUNDLE_VERSION 1

typedef struct aval_bundled_event {
	aval_event event;
	uint8_t   *owned;  /* the bytes under the view, where the bundle has a copy of its own */
	size_t     offset; /* of the envelope, or AVAL_NO_OFFSET */
} aval_bundled_event;

typedef struct aval_bundled_key {
	aval_public_key key;
	uint8_t         thumbprint32[32];
	aval_bytes      bytes;  /* the COSE_Key; (NULL, 0) where it was not read */
	size_t          offset; /* of it, or AVAL_NO_OFFSET */
	bool            is_used;
} aval_bundled_key;

typedef struct aval_bundled_mandate {
	aval_mandate mandate;
	uint8_t     *owned;    /* as that of an event */
	size_t       offset;   /* of the envelope, or AVAL_NO_OFFSET */
	bool         is_used;  /* an event of its registry asks its party to sign */
	bool         is_known; /* an event of another registry does */
} aval_bundled_mandate;

typedef struct aval_bundled_certificate {
	aval_chain *chain;            /* of this one alone; it has a copy of the bytes */
	uint8_t     sha256[32];
	uint8_t     thumbprint32[32]; /* of its key, where that can sign events */
	bool        has_key;
	size_t      offset; /* or AVAL_NO_OFFSET */
} aval_bundled_certificate;

/* A section of bytes. */
typedef struct aval_bundle_blob {
	aval_bytes bytes; /* (NULL, 0) where the bundle has no such section */
	uint8_t   *owned;
	size_t     offset;
} aval_bundle_blob;

struct aval_bundle {
	const aval_allocator *allocator;
	aval_bundled_event   *events;
	size_t                event_count;
	size_t                event_room;
	size_t                shared_count; /* leading events that were taken over from another bundle */
	aval_bundled_key     *keys; /* strictly ascending by thumbprint */
	size_t                key_count;
	size_t                key_room;
	aval_bundled_mandate *mandates; /* strictly ascending by id */
	size_t                mandate_count;
	size_t                mandate_room;
	aval_bundled_certificate *certificates; /* strictly ascending by SHA-256 */
	size_t                certificate_count;
	size_t                certificate_room;
	aval_bundle_blob      disclosure;
	aval_bundle_blob      source;
	uint8_t               source_key32[32]; /* salt key of the invoice */
	aval_token           *state;            /* after the complete events; NULL while nobody asked */
};

/* As aval_bundle_parse(), but for missing and unused keys, which aval_bundle_check_keys() finds. */
aval_status aval_bundle_parse_form(aval_bundle **bundle_out, const uint8_t *data, size_t len,
                                   const aval_allocator *allocator, aval_error *err);

/* The same, beside another bundle, whose leading events and keys are taken over where the bytes are the same. */
aval_status aval_bundle_parse_beside(aval_bundle **bundle_out, const uint8_t *data, size_t len,
                                     const aval_bundle *beside, const aval_allocator *allocator, aval_error *err);
aval_status aval_bundle_check_keys(aval_bundle *bundle, aval_error *err);

/* Take a mandate in behind the others; the order is the caller's to check. */
aval_status aval_bundle_push_mandate(aval_bundle *bundle, const aval_mandate *mandate, uint8_t *owned, size_t offset,
                                     aval_error *err);

/* Whether every mandate is of use: AVAL_E_MANDATE_UNUSED, AVAL_E_MANDATE_REGISTRY, and its offset. */
aval_status aval_bundle_check_mandates(aval_bundle *bundle, aval_error *err);

/* Take a certificate in behind the others; the order is the caller's to check. */
aval_status aval_bundle_push_certificate(aval_bundle *bundle, aval_bytes der, size_t offset, aval_error *err);

/* Whether every certificate is of use, and none is missing: AVAL_E_CERT_UNUSED, AVAL_E_CERT_MISSING. */
aval_status aval_bundle_check_certificates(const aval_bundle *bundle, aval_error *err);

/* Whether a certificate's key signed an event or a mandate of the bundle. */
bool aval_certificate_signs(const aval_bundle *bundle, const aval_bundled_certificate *c);

const aval_bundled_certificate *aval_bundle_find_certificate(const aval_bundle *bundle, const uint8_t sha256[32]);

/* A certificate with those of the bundle that may have issued it. */
aval_status aval_bundle_chain(aval_chain **chain_out, const aval_bundle *bundle, const aval_bundled_certificate *leaf,
                              const aval_allocator *allocator, aval_error *err);

/* Whether a mandate is a grant to a party, for the registry of an event. */
bool aval_mandate_is_grant_to(const aval_mandate *mandate, const aval_event *event, aval_text party);

/* Whether no signature is missing, with as many keys of each party as its mandate asks for. */
bool aval_bundle_is_complete(const aval_bundle *bundle, const aval_event *event);

/* Whether a key may add its signature to an event, as a signer. */
aval_status aval_bundle_check_signer(const aval_bundle *bundle, const aval_event *event, const aval_event_signer *as,
                                     const uint8_t thumbprint32[32], aval_error *err);

/* Whether nothing but events and keys says whose signatures these are: whatever else may say it is to be asked here. */
static inline bool aval_bundle_is_bare(const aval_bundle *bundle)
{
	return bundle->mandate_count == 0;
}

/* Where a key stands or would stand. */
size_t aval_bundle_key_index(const aval_bundle *bundle, const uint8_t thumbprint32[32]);
bool   aval_bundle_key_is_at(const aval_bundle *bundle, size_t index, const uint8_t thumbprint32[32]);

/* Move the offset that err has within an event's envelope, if it has one, to the file's. */
void aval_bundle_shift(aval_error *err, size_t offset);

/* What ISSUE says: AVAL_E_BUNDLE_FORMAT where the bundle is empty. */
aval_status aval_bundle_terms(aval_issue *issue_out, const aval_bundle *bundle, aval_error *err);

/*
 * As aval_bundle_replay(), and *index_out tells the event that failed. A bundle without a complete event gives
 * AVAL_OK and NULL.
 */
aval_status aval_bundle_replay_at(aval_token **token_out, const aval_bundle *bundle,
                                  const aval_allocator *allocator, size_t *index_out, aval_error *err);

/* Apply the events from begin up to end to a state, NULL before the first. On failure the state is released. */
aval_status aval_bundle_replay_on(aval_token **token_inout, const aval_bundle *bundle, size_t begin, size_t end,
                                  const aval_allocator *allocator, size_t *index_out, aval_error *err);

/* Whether an event may be applied to the state; an ISSUE to none. */
aval_status aval_bundle_check_event(const aval_token *state, const aval_event *event,
                                    const aval_allocator *allocator, aval_error *err);

/* Whether the bundle ends in a draft that the state before it allows: AVAL_E_TOKEN_… */
aval_status aval_bundle_check_draft(aval_bundle *bundle, aval_error *err);

/*
 * Room for the key of a new signature (AVAL_E_COSE_ORDER where its place is taken by a key of another algorithm), and
 * the key in its place, which cannot fail then.
 */
aval_status aval_bundle_prepare_key(aval_bundle *bundle, const aval_public_key *key,
                                    const uint8_t thumbprint32[32], aval_error *err);
void aval_bundle_put_key(aval_bundle *bundle, const aval_public_key *key, const uint8_t thumbprint32[32]);

/* Put a copy of bytes in the place of a section; (NULL, 0) takes the section out. */
aval_status aval_bundle_set_blob(const aval_bundle *bundle, aval_bundle_blob *blob, const uint8_t *data,
                                 size_t len, aval_error *err);

/*
 * Open a source section: AVAL_E_BUNDLE_SOURCE where file and salt key are not those of ISSUE. The invoice is
 * the caller's to free.
 */
aval_status aval_source_open(aval_invoice **invoice_out, const aval_issue *issue, const uint8_t salt_key32[32],
                             aval_bytes file, const aval_allocator *allocator, aval_error *err);

/* One term as somebody is shown it. */
typedef struct aval_shown {
	enum { AVAL_SHOWN_NOT, AVAL_SHOWN_ABSENT, AVAL_SHOWN_VALUE } how;
	aval_text value;
	aval_text currency; /* its qualifiers; empty where it has none */
	aval_text scheme;
} aval_shown;
typedef aval_shown (*aval_term_lookup)(const void *from, const char *path);

aval_shown aval_lookup_disclosed(const void *disclosure, const char *path);
aval_shown aval_lookup_invoice(const void *invoice, const char *path);

/*
 * The terms that make a token against its ISSUE: docs/spec/bundle.md#ver-terms. AVAL_E_NOT_FOUND where nothing
 * disagrees but something is not shown, or an agreed due date is not accepted.
 */
aval_status aval_terms_compare(const aval_issue *issue, aval_term_lookup lookup, const void *from,
                               bool is_accepted, aval_error *err);

#endif /* AVAL_LIB_BUNDLE_H */
