/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_CHAIN_H
#define AVAL_LIB_CHAIN_H

/* The objects of certificate.h from the inside, and the steps between them. */

#include <aval/certificate.h>

#include "identity/x509.h"

/* The party ids of one certificate: a slot a scheme. */
typedef struct aval_party_slot {
	size_t            len;       /* 0: none */
	bool              is_spoilt; /* values that differ, or one that is no id: none */
	aval_party_source source;
	char              text[AVAL_PARTY_MAX_LEN];
} aval_party_slot;

enum { AVAL_PARTY_SLOTS = AVAL_CERTIFICATE_MAX_PARTIES };

/* What a certificate says of its holder, by the table of docs/spec/identity.md. certificate_party.c */
void aval_certificate_parties(aval_party_slot slots_out[AVAL_PARTY_SLOTS], const aval_x509 *certificate);

struct aval_chain {
	const aval_allocator *allocator;
	size_t                count;
	uint8_t               hash32[32]; /* over all certificates, in order */
	aval_party_slot       parties[AVAL_PARTY_SLOTS];
	aval_x509             certificates[AVAL_CHAIN_MAX_COUNT]; /* der: copies, freed with the chain */
};

struct aval_trust {
	const aval_allocator *allocator;
	size_t                anchor_count, crl_count;
	size_t                anchor_room, crl_room;
	aval_x509            *anchors;    /* der: copies */
	aval_x509_crl        *crls;       /* likewise */
	uint8_t               hash32[32]; /* over all that was added, in order */
};

/* Whether options are filled in, and the leaf names the party that they ask for. */
aval_status aval_x509_options_check(const aval_chain_options *options, const aval_chain *chain,
                                    aval_error *err);

/* A valid path, or the failure of the one that came farthest. x509_path.c */
aval_status aval_x509_path_find(aval_chain_result *result_out, const aval_chain *chain, const aval_trust *trust,
                                const aval_chain_options *options, aval_error *err);

/* How a path's certificate was judged by CRLs; narrows the span of time. x509_revocation.c */
typedef struct aval_x509_span {
	int64_t from_unix_ms, until_unix_ms;
} aval_x509_span;

typedef struct aval_x509_verdict {
	aval_status status;
	const char *reason;
} aval_x509_verdict;

/* Whether a certificate's key may sign statements at a time: dates, usage, profile; not who issued it. x509_path.c */
aval_x509_verdict aval_x509_judge_leaf(const aval_x509 *leaf, int64_t at_unix_ms);

/*
 * above: the certificates of the path above, the issuer first. *is_cleared_out: a current CRL that does not
 * list the certificate was found.
 */
aval_x509_verdict aval_x509_judge_revocation(aval_x509_span *span, bool *is_cleared_out, const aval_trust *trust,
                                             const aval_x509 *certificate, const aval_x509 *const *above,
                                             size_t above_count, const aval_chain_options *options);

/* Whether mbedTLS finds the path, from leaf to anchor, good too: AVAL_E_CERT_UNCONFIRMED. x509_confirm.c */
aval_x509_verdict aval_x509_confirm(const aval_x509 *const *path, size_t count);

/* One certificate or CRL of a file: DER as it is, or the blocks of a PEM file one after the other. pem_blocks.c
 */
typedef struct aval_pem_cursor {
	aval_text   text;
	size_t      offset;
	const char *label;  /* "CERTIFICATE" */
	aval_status status; /* of a failure */
} aval_pem_cursor;

/* Whether the file is PEM, that is no DER. */
bool aval_pem_is(const uint8_t *file, size_t len);

void aval_pem_open(aval_pem_cursor *cursor, const char *label, aval_status status, const uint8_t *file,
                   size_t len);

/*
 * The next block as DER in memory of the allocator, which the caller frees; (NULL, 0) at the end. At most max
 * bytes: AVAL_E_LIMIT.
 */
aval_status aval_pem_next(uint8_t **der_out, size_t *len_out, aval_pem_cursor *cursor, size_t max,
                          const aval_allocator *allocator, aval_error *err);

#endif /* AVAL_LIB_CHAIN_H */
