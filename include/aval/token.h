/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TOKEN_H
#define AVAL_TOKEN_H

#include <aval/base.h>
#include <aval/event.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Tokens: the state that a sequence of events leaves behind, and the events that
 * may come next. A token is one claim for a face amount, the range [0, face) in
 * minor units; its live notes are sub-ranges, each with one holder. The
 * transition function is the only way to state. It judges events by their content;
 * signatures are event.h's business, and who a party is nobody's here.
 *
 * Amounts are minor units of the token's currency, ranges are half-open.
 */

#define AVAL_NOTE_MAX_RECOURSE 64 /**< entries in a note's list of recourse */

/** A token's state; it only grows by aval_token_apply(). */
typedef struct aval_token aval_token;

/** How far a token has come. */
typedef enum aval_token_status {
	AVAL_TOKEN_OPEN     = 1, /**< issued; the debtor has not answered */
	AVAL_TOKEN_ACCEPTED = 2,
	AVAL_TOKEN_REJECTED = 3, /**< the debtor declined; the claim may still be assigned as a whole */
	AVAL_TOKEN_VOID     = 4  /**< withdrawn; no note is live, nothing applies any more */
} aval_token_status;

/** A note, live or spent. */
typedef struct aval_note {
	uint8_t   id32[32];
	int64_t   begin_minor;
	int64_t   end_minor;
	aval_text holder;         /**< party id; borrowed from the token until it changes */
	bool      is_live;
	size_t    recourse_count; /**< entries that aval_token_recourse() gives */
} aval_note;

/** One entry in a note's list of recourse: the assignor stands in for a sub-range. */
typedef struct aval_recourse {
	aval_text assignor; /**< party id; borrowed from the token until it changes */
	int64_t   begin_minor;
	int64_t   end_minor;
} aval_recourse;

/** No note. */
#define AVAL_NO_NOTE ((size_t)-1)

/**
 * Make a token from its ISSUE.
 *
 * @param[out] token_out         the token; written on success.
 * @param[in]  issue             a parsed ISSUE. Its signatures are not looked at.
 * @param[in]  registered_at_ms  Unix milliseconds; AVAL_TIME_NONE if it is not registered.
 * @param[in]  allocator         may be NULL.
 * @param[out] err               filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  token_out is to be released by aval_token_free().
 * @retval AVAL_E_TOKEN_STATUS      the event is no ISSUE.
 * @retval AVAL_E_TOKEN_EXPIRED     registered after register_by.
 * @retval AVAL_E_TOKEN_SIGNERS     signers other than the supplier alone, or the debtor alone.
 * @retval AVAL_E_INVALID_ARGUMENT  a time of registration that is negative and not AVAL_TIME_NONE.
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  Nothing of issue is retained. allocator is kept and must outlive the token.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/event.md, section "Transitions".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_token_new(
	aval_token          **token_out,
	const aval_event     *issue,
	int64_t               registered_at_ms,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a token; NULL is nothing. */
AVAL_API void aval_token_free(aval_token *token);

/**
 * Make a token equal to another, with an allocator of its own; AVAL_OK or AVAL_E_NO_MEMORY. As
 * aval_token_new().
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_token_copy(
	aval_token          **token_out,
	const aval_token     *token,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Apply an event.
 *
 * Judged in the order of the codes below; an ISSUE is refused before its token is. Signatures are not looked
 * at: verify them before, and see that none is missing. Takes time in the size of the event, and in the
 * logarithm of what the token has seen.
 *
 * @param[in,out] token             the token; unchanged on failure.
 * @param[in]     event             a parsed event.
 * @param[in]     registered_at_ms  Unix milliseconds; AVAL_TIME_NONE if it is not registered.
 * @param[out]    err               filled only on failure; may be NULL. where is the field of the event.
 *
 * @retval AVAL_OK                       the token is what the event made of it.
 * @retval AVAL_E_INVALID_ARGUMENT       a time of registration that is negative and not AVAL_TIME_NONE.
 * @retval AVAL_E_TOKEN_DUPLICATE_EVENT  it was applied already.
 * @retval AVAL_E_TOKEN_OTHER            it names another token.
 * @retval AVAL_E_TOKEN_REGISTRY         it is made for another registry.
 * @retval AVAL_E_TOKEN_EXPIRED          registered after register_by.
 * @retval AVAL_E_TOKEN_STATUS           not in the token's status; an ISSUE; a split or merge before
 *                                       acceptance.
 * @retval AVAL_E_TOKEN_RECORD           it extends another record than the token's.
 * @retval AVAL_E_NOTE_UNKNOWN           an input that never was a note of this token.
 * @retval AVAL_E_NOTE_SPENT             an input that is no longer live.
 * @retval AVAL_E_TOKEN_MERGE            inputs that do not adjoin in their order, or differ in holder or
 *                                       recourse.
 * @retval AVAL_E_TOKEN_FACE             more is accepted than the face.
 * @retval AVAL_E_TOKEN_ALLOCATION       outputs that do not add up to the inputs; recourse on what the holder
 *                                       keeps; kind and holders disagree; nothing would change.
 * @retval AVAL_E_TOKEN_CONSENT          a new holder, and the debtor accepted without consent to assignment.
 * @retval AVAL_E_LIMIT                  a list of recourse longer than AVAL_NOTE_MAX_RECOURSE.
 * @retval AVAL_E_TOKEN_SIGNERS          signers other than the transition asks for.
 * @retval AVAL_E_NO_MEMORY              the allocator returned NULL.
 *
 * @par Ownership  Nothing of event is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/event.md, section "Transitions".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_token_apply(
	aval_token       *token,
	const aval_event *event,
	int64_t           registered_at_ms,
	aval_error       *err);

/** Say what aval_token_apply() would say, memory aside, and change nothing. */
AVAL_API AVAL_MUST_CHECK aval_status aval_token_check(
	const aval_token *token,
	const aval_event *event,
	int64_t           registered_at_ms,
	aval_error       *err);

/** The token id: the id of its ISSUE. */
AVAL_API void aval_token_id(
	uint8_t           id32_out[32],
	const aval_token *token);

/** How far the token has come. */
AVAL_API aval_token_status aval_token_status_of(const aval_token *token);

/** Name of a status in lower case, "accepted" for instance; NULL of a number that is no status. */
AVAL_API const char *aval_token_status_name(aval_token_status status);

/** What its ISSUE said. Texts are borrowed from the token until it changes. */
AVAL_API void aval_token_terms(
	aval_issue       *terms_out,
	const aval_token *token);

/** Origin of the registry; borrowed from the token until it changes. */
AVAL_API aval_text aval_token_registry(const aval_token *token);

/** What its ACCEPT said; false, and nothing is written, if there was none. */
AVAL_API bool aval_token_acceptance(
	aval_accept      *accept_out,
	const aval_token *token);

/** The record: how many token events and notices there were, and the hash that commits to all of them. */
AVAL_API void aval_token_record(
	uint64_t         *seq_out,
	uint8_t           head32_out[32],
	const aval_token *token);

/** Notes that the token ever had. They are numbered from 0 in the order in which they were made. */
AVAL_API size_t aval_token_note_count(const aval_token *token);

/** The live note with the lowest range, or AVAL_NO_NOTE. */
AVAL_API size_t aval_token_first_live(const aval_token *token);

/** The live note that follows a live note, or AVAL_NO_NOTE. */
AVAL_API size_t aval_token_next_live(
	const aval_token *token,
	size_t            note);

/**
 * Look at a note.
 *
 * @param[out] note_out  the note; written on success. Texts are borrowed from the token until it changes.
 * @param[in]  token     the token.
 * @param[in]  note      its number, below aval_token_note_count().
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           note_out is that note.
 * @retval AVAL_E_NOT_FOUND  there is no note of that number.
 *
 * @par Ownership  Borrows from the token.
 * @par Threads    Const object; many threads at once.
 * @par Source     docs/spec/event.md, section "Notes".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_token_note(
	aval_note        *note_out,
	const aval_token *token,
	size_t            note,
	aval_error       *err);

/**
 * The number of the note with an id; AVAL_OK, or AVAL_E_NOTE_UNKNOWN if there never was one. As
 * aval_token_note().
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_token_find_note(
	size_t           *note_out,
	const aval_token *token,
	const uint8_t     id32[32],
	aval_error       *err);

/**
 * Look at one entry of a note's list of recourse, the first assignor first.
 *
 * @retval AVAL_OK           recourse_out is the entry.
 * @retval AVAL_E_NOT_FOUND  there is no note of that number, or index is not below its recourse_count.
 *
 * Otherwise as aval_token_note().
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_token_recourse(
	aval_recourse    *recourse_out,
	const aval_token *token,
	size_t            note,
	size_t            index,
	aval_error       *err);

/** What is common to the options of the functions that build payloads. */
typedef struct aval_event_times {
	int64_t claimed_ms;     /**< Unix milliseconds; now, says the author */
	int64_t register_by_ms; /**< Unix milliseconds; not before claimed_ms */
} aval_event_times;

/** What an ISSUE shall say. */
typedef struct aval_issue_options {
	uint32_t         struct_size; /**< bytes; sizeof(aval_issue_options) */
	aval_event_times times;
	aval_text        registry;    /**< origin of the registry */
	bool             by_debtor;   /**< reverse factoring: the debtor signs in place of the supplier */
	aval_issue       issue;
} aval_issue_options;

/** What an ACCEPT shall say. */
typedef struct aval_accept_options {
	uint32_t         struct_size; /**< bytes; sizeof(aval_accept_options) */
	aval_event_times times;
	aval_accept      accept;
} aval_accept_options;

/** What a REJECT shall say. */
typedef struct aval_reject_options {
	uint32_t         struct_size; /**< bytes; sizeof(aval_reject_options) */
	aval_event_times times;
	aval_reject      reject;
} aval_reject_options;

/** What a VOID shall say. */
typedef struct aval_void_options {
	uint32_t         struct_size; /**< bytes; sizeof(aval_void_options) */
	aval_event_times times;
} aval_void_options;

/** What an ASSIGN shall say. */
typedef struct aval_assign_options {
	uint32_t           struct_size;  /**< bytes; sizeof(aval_assign_options) */
	aval_event_times   times;
	const uint8_t     *inputs;       /**< 32 bytes a note id, one after the other, from the low end */
	size_t             input_count;  /**< 1..AVAL_EVENT_MAX_INPUTS */
	const aval_output *outputs;      /**< from the low end */
	size_t             output_count; /**< 1..AVAL_EVENT_MAX_OUTPUTS */
	aval_assign        assign;
} aval_assign_options;

#define AVAL_ISSUE_OPTIONS_INIT  { sizeof(aval_issue_options), { 0, 0 }, { NULL, 0 }, false, { 0 } }
#define AVAL_ACCEPT_OPTIONS_INIT { sizeof(aval_accept_options), { 0, 0 }, { 0, false, false } }
#define AVAL_REJECT_OPTIONS_INIT { sizeof(aval_reject_options), { 0, 0 }, { { NULL, 0 } } }
#define AVAL_VOID_OPTIONS_INIT   { sizeof(aval_void_options), { 0, 0 } }
#define AVAL_ASSIGN_OPTIONS_INIT \
	{ sizeof(aval_assign_options), { 0, 0 }, NULL, 0, NULL, 0, { AVAL_ASSIGN_REORGANISE, false, { 0 } } }

/**
 * Write the payload of an ISSUE, not signed yet.
 *
 * @param[out]    payload_out  the payload; written on success. May be NULL, to ask for the length.
 * @param[in,out] len_inout    bytes of payload_out; then of the payload.
 * @param[in]     options      what it shall say. Everything that aval_event_parse_payload() checks holds for
 *                             it.
 * @param[out]    err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  payload_out is an event that aval_token_new() takes.
 * @retval AVAL_E_BUFFER_TOO_SMALL  len_inout holds the need; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  struct_size is not that of the options.
 * @retval AVAL_E_*                 as of aval_event_parse_payload(); where is the field.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/event.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_issue_build(
	uint8_t                  *payload_out,
	size_t                   *len_inout,
	const aval_issue_options *options,
	aval_error               *err);

/**
 * Write the payload of an ACCEPT, not signed yet. Registry, token, record and signers come from the token.
 *
 * @param[out]    payload_out  the payload; written on success. May be NULL, to ask for the length.
 * @param[in,out] len_inout    bytes of payload_out; then of the payload.
 * @param[in]     token        what the event shall apply to.
 * @param[in]     options      what it shall say.
 * @param[out]    err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  payload_out is an event that aval_token_apply() takes.
 * @retval AVAL_E_BUFFER_TOO_SMALL  len_inout holds the need; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  struct_size is not that of the options.
 * @retval AVAL_E_*                 what aval_event_parse_payload() and aval_token_apply() would say of the
 *                                  event.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Const object; many threads at once.
 * @par Source     docs/spec/event.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_accept_build(
	uint8_t                   *payload_out,
	size_t                    *len_inout,
	const aval_token          *token,
	const aval_accept_options *options,
	aval_error                *err);

/** Write the payload of a REJECT, as aval_accept_build(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_reject_build(
	uint8_t                   *payload_out,
	size_t                    *len_inout,
	const aval_token          *token,
	const aval_reject_options *options,
	aval_error                *err);

/** Write the payload of a VOID, as aval_accept_build(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_void_build(
	uint8_t                 *payload_out,
	size_t                  *len_inout,
	const aval_token        *token,
	const aval_void_options *options,
	aval_error              *err);

/** Write the payload of an ASSIGN, as aval_accept_build(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_assign_build(
	uint8_t                   *payload_out,
	size_t                    *len_inout,
	const aval_token          *token,
	const aval_assign_options *options,
	aval_error                *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_TOKEN_H */
