/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_BUNDLE_H
#define AVAL_BUNDLE_H

#include <aval/base.h>
#include <aval/disclosure.h>
#include <aval/event.h>
#include <aval/invoice.h>
#include <aval/key.h>
#include <aval/mandate.h>
#include <aval/signer.h>
#include <aval/token.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Bundles: the one file that carries a token from party to party. A bundle is
 * read, grown by one event at a time, signed and written here. Reading checks the
 * form alone: whoever relies on a bundle verifies it first (verify.h).
 *
 * An event that lacks signatures is a draft; where a mandate asks for several keys of
 * a party, for as long as it lacks one of them. There is at most one, the last; it is
 * not applied. A change leaves the bundle as it was where it fails.
 */

#define AVAL_BUNDLE_MAX_LEN      67108864 /**< bytes of a bundle */
#define AVAL_BUNDLE_MAX_MANDATES 256      /**< mandates of a bundle */
#define AVAL_BUNDLE_MAX_CERTIFICATES 32   /**< certificates of a bundle */

/** A token's events, the keys that signed them, and what is shown of the invoice. */
typedef struct aval_bundle aval_bundle;

/**
 * Make an empty bundle.
 *
 * @param[out] bundle_out  the bundle; written on success.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           bundle_out is to be released by aval_bundle_free().
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the bundle.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_new(
	aval_bundle         **bundle_out,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Read a bundle. Its form is checked; signatures, the lawfulness of its events and what it shows are not.
 *
 * Memory is taken in proportion to the bytes that are there.
 *
 * @param[out] bundle_out  the bundle; written on success.
 * @param[in]  data        len bytes.
 * @param[in]  len         bytes; at most AVAL_BUNDLE_MAX_LEN.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL. offset is into data.
 *
 * @retval AVAL_OK               bundle_out is to be released by aval_bundle_free().
 * @retval AVAL_E_LIMIT          longer than AVAL_BUNDLE_MAX_LEN, or more than AVAL_BUNDLE_MAX_MANDATES.
 * @retval AVAL_E_BUNDLE_FORMAT  not a bundle; mandates that do not ascend by id; an ISSUE that is not first, or a first event that is none; a
 *                               disclosure of another token, or a second one.
 * @retval AVAL_E_UNSUPPORTED    another version of the format, or a type of event that this version does not
 *                               handle.
 * @retval AVAL_E_TOKEN_DRAFT    an event before the last lacks signatures.
 * @retval AVAL_E_COSE_ORDER     keys that do not ascend strictly by thumbprint.
 * @retval AVAL_E_MANDATE_UNUSED  a mandate of a party that no event asks to sign, or a revocation without its grant.
 * @retval AVAL_E_MANDATE_REGISTRY  a mandate for another registry than its party's events.
 * @retval AVAL_E_CERT_UNUSED     a certificate that signed nothing of the bundle, and issued none that did.
 * @retval AVAL_E_CERT_MISSING    a mandate whose certificate is not there.
 * @retval AVAL_E_CERT_FORMAT     a certificate that is none.
 * @retval AVAL_E_KEY_MISSING    a signature whose key is not there.
 * @retval AVAL_E_KEY_UNUSED     a key without a signature.
 * @retval AVAL_E_CBOR_*         not deterministic CBOR, or not of the schema.
 * @retval AVAL_E_*              as of aval_event_parse(), aval_public_key_parse() and aval_mandate_parse().
 * @retval AVAL_E_NO_MEMORY      the allocator returned NULL.
 *
 * @par Ownership  data is borrowed and must outlive the bundle; allocator is kept and must outlive it too.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#bun-format.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_parse(
	aval_bundle         **bundle_out,
	const uint8_t        *data, size_t len,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a bundle; NULL is nothing. What it gave out is no longer valid. */
AVAL_API void aval_bundle_free(aval_bundle *bundle);

/** What an invoice's token shall be; the rest of its ISSUE follows from the invoice. Texts are borrowed. */
typedef struct aval_bundle_issue_options {
	uint32_t          struct_size; /**< bytes; sizeof(aval_bundle_issue_options) */
	aval_event_times  times;
	aval_text         registry;    /**< origin of the registry */
	aval_text         supplier;    /**< party id */
	aval_text         debtor;      /**< party id; not the supplier's */
	bool              by_debtor;   /**< reverse factoring: the debtor signs in place of the supplier */
	int64_t           face_minor;  /**< minor units of the invoice's currency; 0 for the whole amount due */
	aval_text         due_date;    /**< YYYY-MM-DD; (NULL, 0) for the invoice's */
	aval_token_policy policy;
	uint8_t           nonce16[16]; /**< random bytes */
	bool              has_predecessor;
	uint8_t           predecessor32[32]; /**< id of the void token that this one replaces */
	const aval_text  *paths;       /**< path_count paths of terms to disclose; may be NULL */
	size_t            path_count;
} aval_bundle_issue_options;

#define AVAL_BUNDLE_ISSUE_OPTIONS_INIT \
	{ sizeof(aval_bundle_issue_options), { 0, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, false, 0, \
	  { NULL, 0 }, { AVAL_EFFECTIVE_SIGNATURE, 0, { NULL, 0 }, { NULL, 0 } }, { 0 }, false, { 0 }, NULL, 0 }

/**
 * Begin the token of an invoice: a bundle with the draft of its ISSUE, and the disclosure asked for.
 *
 * The invoice must be one that can be financed. Its currency is the token's, its due date too; where it has
 * none the options name the date, which is marked as agreed.
 *
 * @param[out] bundle_out  the bundle; written on success.
 * @param[in]  invoice     the invoice.
 * @param[in]  seed32      32 secret random bytes, to be kept: nothing can be disclosed without them.
 * @param[in]  options     what the token shall be.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  bundle_out is to be signed, and to be released by aval_bundle_free().
 * @retval AVAL_E_INVOICE_*         the invoice cannot be financed: as of aval_invoice_financeable().
 * @retval AVAL_E_TOKEN_FACE        the face is negative or above the amount due.
 * @retval AVAL_E_TOKEN_DUE_DATE    a due date other than the invoice's; or neither names one.
 * @retval AVAL_E_INVALID_ARGUMENT  struct_size is not that of the options.
 * @retval AVAL_E_*                 as of aval_issue_build(), aval_commitment_new() and
 *                                  aval_commitment_disclose().
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  Nothing but allocator is retained; it must outlive the bundle.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/event.md; docs/spec/bundle.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_issue(
	aval_bundle                    **bundle_out,
	const aval_invoice              *invoice,
	const uint8_t                    seed32[32],
	const aval_bundle_issue_options *options,
	const aval_allocator            *allocator,
	aval_error                      *err);

/**
 * Append an event that nobody has signed yet, as a draft.
 *
 * @param[in,out] bundle   the bundle; unchanged on failure.
 * @param[in]     payload  len bytes; the event's payload, e.g. of aval_accept_build().
 * @param[in]     len      bytes.
 * @param[out]    err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK               the event is the bundle's draft.
 * @retval AVAL_E_TOKEN_DRAFT    there is a draft already.
 * @retval AVAL_E_BUNDLE_FORMAT  the bundle is empty, and the event no ISSUE.
 * @retval AVAL_E_*              as of aval_event_parse_payload() and aval_token_apply(): an event that can
 *                               never be applied is refused.
 * @retval AVAL_E_NO_MEMORY      the allocator returned NULL.
 *
 * @par Ownership  payload is copied.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#bun-draft.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_append(
	aval_bundle   *bundle,
	const uint8_t *payload, size_t len,
	aval_error    *err);

/**
 * Sign the draft, in one role. With the last signature it is a draft no longer.
 *
 * A lawful event is signed, no other: the state is computed and the draft is held against it. Whether the
 * signatures that are there already are valid is not checked; verify a bundle that comes from others before,
 * and compare its invoice, where you have it.
 *
 * @param[in,out] bundle     the bundle; unchanged on failure.
 * @param[in]     role       a role that the draft asks the party for.
 * @param[in]     party      party_len bytes; party id.
 * @param[in]     party_len  bytes.
 * @param[in]     signer     a key of the party.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             the signature and its key are in the bundle.
 * @retval AVAL_E_TOKEN_DRAFT  there is no draft.
 * @retval AVAL_E_SIGNER_KEY   a "key:" party, and another key without a mandate.
 * @retval AVAL_E_MANDATE_KEY  no mandate of the party lists the key, with those that signed.
 * @retval AVAL_E_MANDATE_THRESHOLD  as many keys have signed for the party as its mandate asks for.
 * @retval AVAL_E_COSE_ORDER   another key with the same thumbprint is in the bundle, for another algorithm.
 * @retval AVAL_E_*            as of aval_event_sign() and aval_token_apply().
 * @retval AVAL_E_NO_MEMORY    the allocator returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#bun-draft.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_sign(
	aval_bundle       *bundle,
	aval_role          role,
	const char        *party, size_t party_len,
	const aval_signer *signer,
	aval_error        *err);

/**
 * Put a mandate into the bundle: before its keys sign, so that the bundle knows how many of them must.
 *
 * An event that was complete may be a draft by it. A mandate that is there already stays.
 *
 * @param[in,out] bundle   the bundle; unchanged on failure.
 * @param[in]     mandate  len bytes.
 * @param[in]     len      bytes.
 * @param[out]    err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the mandate is in the bundle. Its signature was not verified.
 * @retval AVAL_E_MANDATE_UNUSED    no event asks its party to sign, or it revokes a grant that is not there.
 * @retval AVAL_E_MANDATE_REGISTRY  it is for another registry.
 * @retval AVAL_E_LIMIT             the bundle has AVAL_BUNDLE_MAX_MANDATES.
 * @retval AVAL_E_*                 as of aval_mandate_parse().
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  mandate is copied.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/mandate.md#man-bundle.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_add_mandate(
	aval_bundle   *bundle,
	const uint8_t *mandate, size_t len,
	aval_error    *err);

/**
 * Put a certificate into the bundle: of a key that signed an event or a mandate of it, or of an issuer of such a one.
 *
 * Whether it is of use is checked when the bundle is written. One that is there already stays.
 *
 * @param[in,out] bundle  the bundle; unchanged on failure.
 * @param[in]     der     len bytes; DER.
 * @param[in]     len     bytes.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             the certificate is in the bundle. Nothing of it was verified.
 * @retval AVAL_E_CERT_FORMAT  no certificate.
 * @retval AVAL_E_LIMIT        the bundle has AVAL_BUNDLE_MAX_CERTIFICATES, or it is longer than AVAL_CERTIFICATE_MAX_LEN.
 * @retval AVAL_E_NO_MEMORY    the allocator, or mbedTLS, was out of memory.
 *
 * @par Ownership  der is copied.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/mandate.md#man-certificates.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_add_certificate(
	aval_bundle   *bundle,
	const uint8_t *der, size_t len,
	aval_error    *err);

/**
 * Put a disclosure into the bundle, in place of the one that is there.
 *
 * @param[in,out] bundle  the bundle; unchanged on failure.
 * @param[in]     data    len bytes; the disclosure. (NULL, 0) takes the present one out.
 * @param[in]     len     bytes.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK               the bundle shows what data shows, and nothing else.
 * @retval AVAL_E_BUNDLE_FORMAT  the bundle is empty.
 * @retval AVAL_E_*              as of aval_disclosure_verify(): it does not open this token's commitment, for
 *                               one.
 * @retval AVAL_E_NO_MEMORY      the allocator returned NULL.
 *
 * @par Ownership  data is copied.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#bun-disclosures.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_set_disclosure(
	aval_bundle   *bundle,
	const uint8_t *data, size_t len,
	aval_error    *err);

/**
 * Disclose terms of the invoice, in place of what is disclosed.
 *
 * A term that the invoice lacks is proven absent.
 *
 * @param[in,out] bundle      the bundle; unchanged on failure.
 * @param[in]     invoice     the token's invoice.
 * @param[in]     seed32      32 bytes; the seed with which it was issued.
 * @param[in]     paths       path_count paths, in any order.
 * @param[in]     path_count  paths; at least 1.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the bundle shows these terms, and nothing else.
 * @retval AVAL_E_BUNDLE_FORMAT        the bundle is empty.
 * @retval AVAL_E_COMMITMENT_MISMATCH  another invoice, or another seed.
 * @retval AVAL_E_*                    as of aval_commitment_new() and aval_commitment_disclose().
 * @retval AVAL_E_NO_MEMORY            the allocator returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/commitment.md#com-disclosure.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_disclose(
	aval_bundle        *bundle,
	const aval_invoice *invoice,
	const uint8_t       seed32[32],
	const aval_text    *paths, size_t path_count,
	aval_error         *err);

/**
 * Put the invoice's file into the bundle, in place of the one that is there. It shows every term to whoever has
 * the bundle.
 *
 * @param[in,out] bundle  the bundle; unchanged on failure.
 * @param[in]     file    len bytes; the file as it was imported. (NULL, 0) takes the present one out.
 * @param[in]     len     bytes.
 * @param[in]     seed32  32 bytes; the seed with which it was issued. Not read where the file is taken out.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                     the file and the key of this one invoice's salts are in the bundle.
 * @retval AVAL_E_BUNDLE_FORMAT        the bundle is empty.
 * @retval AVAL_E_COMMITMENT_MISMATCH  another invoice, or another seed.
 * @retval AVAL_E_BUNDLE_SOURCE        the same terms, but another file.
 * @retval AVAL_E_*                    as of aval_invoice_parse() and aval_commitment_new().
 * @retval AVAL_E_NO_MEMORY            the allocator returned NULL.
 *
 * @par Ownership  file is copied.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#bun-source.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_set_source(
	aval_bundle   *bundle,
	const uint8_t *file, size_t len,
	const uint8_t  seed32[32],
	aval_error    *err);

/**
 * Compare the token with its invoice: what a party does before it signs.
 *
 * @param[in]  bundle   the bundle.
 * @param[in]  invoice  the invoice that the party has.
 * @param[in]  seed32   32 bytes; the seed, from the supplier.
 * @param[out] err      filled only on failure; may be NULL. where is the term or the field of ISSUE.
 *
 * @retval AVAL_OK                     the token is about this invoice, and says what it says.
 * @retval AVAL_E_BUNDLE_FORMAT        the bundle is empty.
 * @retval AVAL_E_COMMITMENT_MISMATCH  another invoice, or another seed.
 * @retval AVAL_E_BUNDLE_SOURCE        the same terms, but another file.
 * @retval AVAL_E_TOKEN_TERMS          the currency differs, or the invoice cannot be financed.
 * @retval AVAL_E_TOKEN_FACE           the face is above the amount due.
 * @retval AVAL_E_TOKEN_DUE_DATE       the due date or its mark disagrees with the invoice.
 * @retval AVAL_E_*                    as of aval_commitment_new().
 * @retval AVAL_E_NO_MEMORY            the allocator of the bundle returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Const objects; many threads at once, as far as the allocator is.
 * @par Source     docs/spec/bundle.md#ver-compare.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_compare_invoice(
	const aval_bundle  *bundle,
	const aval_invoice *invoice,
	const uint8_t       seed32[32],
	aval_error         *err);

/**
 * Write a bundle.
 *
 * @param[out]    out        the bundle's bytes; may be NULL to learn their number.
 * @param[in,out] len_inout  bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     bundle     the bundle.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  aval_bundle_parse() reads what was written.
 * @retval AVAL_E_BUFFER_TOO_SMALL  *len_inout holds the need; nothing else was written.
 * @retval AVAL_E_BUNDLE_FORMAT     the bundle is empty.
 * @retval AVAL_E_SIGNER_MISSING    the draft has no signature yet.
 * @retval AVAL_E_CERT_UNUSED       a certificate that signed nothing of the bundle, and issued none that did.
 * @retval AVAL_E_CERT_MISSING      a mandate whose certificate is not in the bundle.
 * @retval AVAL_E_LIMIT             it would be longer than AVAL_BUNDLE_MAX_LEN.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Const object; many threads at once.
 * @par Source     docs/spec/bundle.md#bun-format.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_serialize(
	uint8_t           *out,
	size_t            *len_inout,
	const aval_bundle *bundle,
	aval_error        *err);

/**
 * Compute the state that the complete events leave.
 *
 * @param[out] token_out  the token; written on success.
 * @param[in]  bundle     the bundle.
 * @param[in]  allocator  of the token; may be NULL.
 * @param[out] err        filled only on failure; may be NULL. offset is that of the event in the bytes that
 *                        were parsed.
 *
 * @retval AVAL_OK             token_out is to be released by aval_token_free().
 * @retval AVAL_E_TOKEN_DRAFT  the ISSUE itself is a draft, or the bundle is empty: there is no token yet.
 * @retval AVAL_E_*            as of aval_token_apply().
 * @retval AVAL_E_NO_MEMORY    the allocator returned NULL.
 *
 * @par Ownership  The token keeps nothing of the bundle; allocator must outlive it.
 * @par Threads    Const object; many threads at once.
 * @par Source     docs/spec/event.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_replay(
	aval_token          **token_out,
	const aval_bundle    *bundle,
	const aval_allocator *allocator,
	aval_error           *err);

/** Events of the bundle, its draft included. */
AVAL_API size_t aval_bundle_event_count(const aval_bundle *bundle);

/** One event, borrowed until the bundle changes; NULL if index is not below the count. */
AVAL_API const aval_event *aval_bundle_event(const aval_bundle *bundle, size_t index);

/** Whether the last event lacks signatures; aval_event_next_missing() says which. */
AVAL_API bool aval_bundle_has_draft(const aval_bundle *bundle);

/** How far a party has signed an event in one role. */
typedef struct aval_bundle_signer {
	aval_event_signer signer;       /**< its text is the event's */
	size_t            signed_count; /**< keys that signed; whether they may is not looked at */
	size_t            needed_count; /**< keys that must, by the bundle's mandates */
} aval_bundle_signer;

/**
 * Step to the next signer that an event of the bundle asks for, as aval_event_next_signer(); false after the last
 * one, and where index is not below aval_bundle_event_count().
 */
AVAL_API bool aval_bundle_next_signer(
	aval_bundle_signer *signer_out,
	aval_event_cursor  *cursor_inout,
	const aval_bundle  *bundle,
	size_t              index);

/** Mandates of the bundle, ascending by id; borrowed until the bundle changes, NULL if index is not below the count. */
AVAL_API size_t              aval_bundle_mandate_count(const aval_bundle *bundle);
AVAL_API const aval_mandate *aval_bundle_mandate(const aval_bundle *bundle, size_t index);

/** Certificates of the bundle, DER, ascending by SHA-256; (NULL, 0) if index is not below the count. */
AVAL_API size_t     aval_bundle_certificate_count(const aval_bundle *bundle);
AVAL_API aval_bytes aval_bundle_certificate(const aval_bundle *bundle, size_t index);

/** Keys of the bundle, ascending by thumbprint. */
AVAL_API size_t aval_bundle_key_count(const aval_bundle *bundle);

/** One key, borrowed until the bundle changes; NULL if index is not below the count. */
AVAL_API const aval_public_key *aval_bundle_key(const aval_bundle *bundle, size_t index);

/** The key with a thumbprint, borrowed until the bundle changes; NULL if there is none. */
AVAL_API const aval_public_key *aval_bundle_find_key(const aval_bundle *bundle, const uint8_t thumbprint32[32]);

/**
 * Open the disclosure.
 *
 * @param[out] disclosure_out  the terms shown; written on success.
 * @param[in]  bundle          the bundle.
 * @param[out] err             filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           every term in disclosure_out is proven by the commitment of ISSUE.
 * @retval AVAL_E_NOT_FOUND  the bundle has no disclosure.
 * @retval AVAL_E_*          as of aval_disclosure_verify().
 *
 * @par Ownership  Borrows from the bundle until it changes.
 * @par Threads    Const object; many threads at once.
 * @par Source     docs/spec/commitment.md#com-disclosure.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_bundle_disclosure(
	aval_disclosure   *disclosure_out,
	const aval_bundle *bundle,
	aval_error        *err);

/**
 * The invoice's file, borrowed until the bundle changes and not compared with the token; (NULL, 0) if there is
 * none.
 */
AVAL_API aval_bytes aval_bundle_source(const aval_bundle *bundle);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_BUNDLE_H */
