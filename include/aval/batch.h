/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_BATCH_H
#define AVAL_BATCH_H

#include <aval/base.h>
#include <aval/bundle.h>
#include <aval/event.h>
#include <aval/signer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Batches: many events signed by one operation of one key. The key signs the
 * root of a Merkle tree whose leaves are what it would have signed event by
 * event; each event then carries its own path, so that it verifies alone and
 * nothing of the others leaves. A signer is shown the root and not the events:
 * an HSM whose policy looks into content has to be given them beside.
 *
 * Bundles are added and signed here as a whole. A platform that holds events
 * and no bundles adds events and asks for their envelopes one by one. Whether the
 * events are lawful, and the key may sign them, is not asked here (verify.h).
 */

#define AVAL_BATCH_MAX_SIZE UINT64_C(1048576) /**< events of one batch */

/** Events that one signature is to sign, or has signed: 64 bytes each, and 32 more for a bundle. */
typedef struct aval_batch aval_batch;

/**
 * Make an empty batch.
 *
 * @param[out] batch_out  the batch; written on success.
 * @param[in]  signer     the key; asked once, by aval_batch_sign().
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  batch_out is to be released by aval_batch_free().
 * @retval AVAL_E_INVALID_ARGUMENT  the signer is not filled in.
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  signer is copied; its user_data and allocator are kept and must outlive the batch.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/batch.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_batch_new(
	aval_batch          **batch_out,
	const aval_signer    *signer,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a batch; NULL is nothing. Bundles that it has not signed are as they were. */
AVAL_API void aval_batch_free(aval_batch *batch);

/** Events of the batch. */
AVAL_API size_t aval_batch_count(const aval_batch *batch);

/** Whether the root is signed. Nothing can be added any more. */
AVAL_API bool aval_batch_is_signed(const aval_batch *batch);

/**
 * Put the draft of a bundle into the batch. A bundle whose draft lacks several signatures of the key enters once for
 * each role.
 *
 * @param[in,out] batch      the batch; unchanged on failure.
 * @param[in]     bundle     ends in a draft. It may gain other signatures meanwhile, and nothing else.
 * @param[in]     role       the role to sign in.
 * @param[in]     party      party_len bytes; the party id.
 * @param[in]     party_len  bytes.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   the draft is in the batch.
 * @retval AVAL_E_TOKEN_DRAFT        the bundle does not end in a draft.
 * @retval AVAL_E_TOKEN_…            the draft cannot be applied: all statuses of aval_token_check().
 * @retval AVAL_E_SIGNER_UNEXPECTED  the draft does not ask that party to sign in that role.
 * @retval AVAL_E_SIGNER_KEY         a "key:" party, and another key without a mandate.
 * @retval AVAL_E_MANDATE_*          the bundle's mandates do not let the key sign: as of aval_bundle_sign().
 * @retval AVAL_E_COSE_ORDER         the key signed already for that role and party, or is in the bundle for
 *                                   another algorithm.
 * @retval AVAL_E_LIMIT              the batch has AVAL_BATCH_MAX_SIZE events, or an envelope would be too long.
 * @retval AVAL_E_BATCH_STATE        the batch is signed.
 * @retval AVAL_E_NO_MEMORY          the allocator, or the bundle's, returned NULL.
 *
 * @par Ownership  bundle is borrowed until the batch has signed it or is released.
 * @par Threads    Exclusive, the bundle too.
 * @par Source     docs/spec/batch.md#bat-make.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_batch_add(
	aval_batch  *batch,
	aval_bundle *bundle,
	aval_role    role,
	const char  *party, size_t party_len,
	aval_error  *err);

/**
 * Put an event into the batch; its place is the count that the batch had. What is kept is a hash.
 *
 * The caller sees to it that the event is what the party means, as with aval_event_sign().
 *
 * @param[in,out] batch      the batch; unchanged on failure.
 * @param[in]     event      a parsed event, with or without signatures.
 * @param[in]     role       the role to sign in.
 * @param[in]     party      party_len bytes; the party id.
 * @param[in]     party_len  bytes.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   the event is in the batch.
 * @retval AVAL_E_SIGNER_UNEXPECTED  the event does not ask that party to sign in that role.
 * @retval AVAL_E_COSE_ORDER         the key signed already for that role and party.
 * @retval AVAL_E_LIMIT              the batch has AVAL_BATCH_MAX_SIZE events, or the envelope would be too long.
 * @retval AVAL_E_BATCH_STATE        the batch is signed.
 * @retval AVAL_E_NO_MEMORY          the allocator returned NULL.
 *
 * @par Ownership  Nothing of the event is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/batch.md#bat-make.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_batch_add_event(
	aval_batch       *batch,
	const aval_event *event,
	aval_role         role,
	const char       *party, size_t party_len,
	aval_error       *err);

/**
 * Sign the root, by one call of the signer, and put each bundle's signature into its draft: into all of them, or on
 * failure into none. Called again after a failure it does not ask a signer that has signed.
 *
 * @param[in,out] batch  the batch.
 * @param[out]    err    filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   every bundle has its signatures, and is no longer borrowed. Envelopes of events are
 *                                   to be had of aval_batch_sign_event().
 * @retval AVAL_E_BATCH_STATE        the batch is empty.
 * @retval AVAL_E_BATCH_CHANGED      a bundle's draft is no longer the one that was added.
 * @retval AVAL_E_COSE_ORDER         a bundle was added twice for one role and party, or that signature was added
 *                                   otherwise meanwhile.
 * @retval AVAL_E_LIMIT              an envelope would be longer than AVAL_EVENT_MAX_LEN.
 * @retval AVAL_E_CALLBACK           the signer failed; its result is the cause.
 * @retval AVAL_E_SIGNATURE_INVALID  the signer gave something else than a signature by its key.
 * @retval AVAL_E_NO_MEMORY          the allocator, or a bundle's, returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive, the bundles too.
 * @par Source     docs/spec/batch.md#bat-make.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_batch_sign(
	aval_batch *batch,
	aval_error *err);

/**
 * Write the envelope of an event with its signature by the batch, in its place among those that are there.
 *
 * @param[out]    envelope_out  the envelope; written on success. May be NULL, to ask for the length. Must not
 *                              overlap the event's bytes.
 * @param[in,out] len_inout     bytes of envelope_out; then of the envelope.
 * @param[in]     batch         a batch that is signed.
 * @param[in]     index         the event's place in the batch, from 0.
 * @param[in]     event         the event that was added there; it may have other signatures than it had.
 * @param[in]     role          the role it was added for.
 * @param[in]     party         party_len bytes; the party it was added for.
 * @param[in]     party_len     bytes.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the envelope has one signature more, which is valid.
 * @retval AVAL_E_BUFFER_TOO_SMALL  len_inout holds the need; nothing was written.
 * @retval AVAL_E_BATCH_STATE       the batch is not signed.
 * @retval AVAL_E_PROOF_INDEX       index is not below the count.
 * @retval AVAL_E_BATCH_CHANGED     another event, role or party than the one at index.
 * @retval AVAL_E_SIGNER_…, AVAL_E_COSE_ORDER, AVAL_E_LIMIT  as aval_batch_add_event().
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared: a batch that is signed is only read.
 * @par Source     docs/spec/batch.md#bat-make.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_batch_sign_event(
	uint8_t          *envelope_out,
	size_t           *len_inout,
	const aval_batch *batch,
	size_t            index,
	const aval_event *event,
	aval_role         role,
	const char       *party, size_t party_len,
	aval_error       *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_BATCH_H */
