/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_EVENT_H
#define AVAL_EVENT_H

#include <aval/base.h>
#include <aval/key.h>
#include <aval/signer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Events: what the parties of a token sign. An event says what shall happen,
 * never what results from it; that is computed by aval_token_apply() of token.h.
 * Here events are read, whole and strictly, and inspected. An aval_event is a view:
 * its bytes must outlive it, and its fields are to be read, not to be set. Whether
 * an event is lawful is not checked here.
 */

#define AVAL_EVENT_MAX_LEN         262144 /**< bytes of an envelope, and of a payload */
#define AVAL_EVENT_MAX_SIGNERS     320    /**< signers of an event */
#define AVAL_EVENT_MAX_INPUTS      64     /**< notes that an event consumes */
#define AVAL_EVENT_MAX_OUTPUTS     256    /**< notes that an event makes */
#define AVAL_REASON_MAX_LEN        256    /**< bytes of the reason of a REJECT */
#define AVAL_POLICY_MAX_GRACE_DAYS 3650   /**< days between due date and default */

/** Types of events. Those above 6 are named, and refused with AVAL_E_UNSUPPORTED; so is GUARANTEE. */
typedef enum aval_event_type {
	AVAL_EVENT_ISSUE       = 1, /**< makes the token and its first note */
	AVAL_EVENT_ACCEPT      = 2, /**< the debtor is bound, for the face or less */
	AVAL_EVENT_REJECT      = 3, /**< the debtor declines */
	AVAL_EVENT_VOID        = 4, /**< withdrawn before acceptance */
	AVAL_EVENT_GUARANTEE   = 5,
	AVAL_EVENT_ASSIGN      = 6, /**< moves, splits, merges notes */
	AVAL_EVENT_RESERVE     = 7,
	AVAL_EVENT_UNRESERVE   = 8,
	AVAL_EVENT_PLEDGE      = 9,
	AVAL_EVENT_RELEASE     = 10,
	AVAL_EVENT_ENFORCE     = 11,
	AVAL_EVENT_NOTIFY      = 12,
	AVAL_EVENT_ACKNOWLEDGE = 13,
	AVAL_EVENT_DILUTE      = 14,
	AVAL_EVENT_DISPUTE     = 15,
	AVAL_EVENT_RESOLVE     = 16,
	AVAL_EVENT_PAID        = 17,
	AVAL_EVENT_PAY         = 18,
	AVAL_EVENT_DEFAULT     = 19,
	AVAL_EVENT_RECOURSE    = 20,
	AVAL_EVENT_CANCEL      = 21,
	AVAL_EVENT_FREEZE      = 22,
	AVAL_EVENT_UNFREEZE    = 23,
	AVAL_EVENT_MOVE        = 24
} aval_event_type;

/** In what capacity a party signs. A party in two roles signs twice. */
typedef enum aval_role {
	AVAL_ROLE_SUPPLIER          = 1,
	AVAL_ROLE_DEBTOR            = 2,
	AVAL_ROLE_HOLDER            = 3, /**< of a note, before the event */
	AVAL_ROLE_ASSIGNEE          = 4, /**< of a note, by the event */
	AVAL_ROLE_PLEDGEE           = 5,
	AVAL_ROLE_GUARANTOR         = 6,
	AVAL_ROLE_PAYER             = 7,
	AVAL_ROLE_ARBITER           = 8,
	AVAL_ROLE_AUTHORITY         = 9,
	AVAL_ROLE_REGISTRY          = 10,
	AVAL_ROLE_PREVIOUS_REGISTRY = 11
} aval_role;

/** Where the due date of a token comes from. */
typedef enum aval_due_mark {
	AVAL_DUE_INVOICE = 0, /**< it is the invoice's BT-9 */
	AVAL_DUE_AGREED  = 1  /**< the invoice has none; the debtor's acceptance confirms it */
} aval_due_mark;

/** From when an assignment is effective against third parties; told, never enforced. */
typedef enum aval_effectiveness {
	AVAL_EFFECTIVE_SIGNATURE       = 0,
	AVAL_EFFECTIVE_NOTICE          = 1,
	AVAL_EFFECTIVE_ACKNOWLEDGEMENT = 2,
	AVAL_EFFECTIVE_REGISTRATION    = 3
} aval_effectiveness;

/** What an assignment is for. */
typedef enum aval_assign_kind {
	AVAL_ASSIGN_REORGANISE = 0, /**< a split or merge: no note gets a new holder */
	AVAL_ASSIGN_SALE       = 1,
	AVAL_ASSIGN_COLLECTION = 2  /**< the new holder collects for the old one */
} aval_assign_kind;

/** One party that must sign an event, in one role. */
typedef struct aval_event_signer {
	aval_role role;
	aval_text party; /**< borrowed */
} aval_event_signer;

/** Rules of a token that its parties choose when it is issued. */
typedef struct aval_token_policy {
	aval_effectiveness effectiveness;
	uint32_t           grace_days; /**< 0..AVAL_POLICY_MAX_GRACE_DAYS */
	aval_text          arbiter;    /**< party id; (NULL, 0) if there is none */
	aval_text          authority;  /**< party id that may freeze; (NULL, 0) if there is none */
} aval_token_policy;

/** What an ISSUE says. Texts are borrowed. */
typedef struct aval_issue {
	int64_t           face_minor;       /**< minor units of currency; above 0 */
	aval_text         currency;         /**< three capital letters */
	aval_text         due_date;         /**< YYYY-MM-DD */
	aval_due_mark     due_mark;
	aval_text         supplier;         /**< party id */
	aval_text         debtor;           /**< party id; not the supplier's */
	uint8_t           commitment32[32]; /**< of the invoice */
	uint8_t           source32[32];     /**< binding of the invoice's file */
	aval_token_policy policy;
	uint8_t           nonce16[16];
	bool              has_predecessor;
	uint8_t           predecessor32[32]; /**< id of the void token that this one replaces */
} aval_issue;

/** What an ACCEPT says. */
typedef struct aval_accept {
	int64_t accepted_minor;  /**< above 0; the debtor is bound for [0, accepted) */
	bool    has_consent;     /**< to assignments of the claim */
	bool    waives_defences;
} aval_accept;

/** What a REJECT says. */
typedef struct aval_reject {
	aval_text reason; /**< (NULL, 0) if none is given; borrowed */
} aval_reject;

/** One note that an ASSIGN makes. */
typedef struct aval_output {
	int64_t   length_minor;   /**< above 0 */
	aval_text holder;         /**< party id; borrowed */
	int64_t   recourse_minor; /**< 0..length: the highest units for which the assignor stands in */
} aval_output;

/** What an ASSIGN says, beside its inputs and outputs. */
typedef struct aval_assign {
	aval_assign_kind kind;
	bool             has_price;
	uint8_t          price32[32]; /**< salted hash of the price terms */
} aval_assign;

/**
 * An event, as a view over its bytes. Only aval_event_parse_payload() and its siblings fill it; all fields are
 * to be read only, and live as long as the bytes.
 */
typedef struct aval_event {
	aval_bytes      envelope;       /**< COSE_Sign; (NULL, 0) of a bare payload */
	aval_bytes      body_protected; /**< the encoded header that names the kind of object */
	aval_bytes      payload;
	uint8_t         id32[32];       /**< the event id; an ISSUE's is the token id */
	aval_event_type type;
	aval_text       registry;       /**< origin of the registry that it is made for */
	int64_t         claimed_ms;     /**< Unix milliseconds; when its author says it was made */
	int64_t         register_by_ms; /**< Unix milliseconds; the last at which it may be registered */
	bool            has_token;      /**< all but an ISSUE */
	uint8_t         token32[32];    /**< the token id it names */
	bool            has_record;     /**< ACCEPT and VOID */
	uint64_t        record_seq;     /**< the record that it extends */
	uint8_t         record_head32[32];
	size_t          signer_count;    /**< signers that it asks for */
	size_t          input_count;     /**< notes that it consumes */
	size_t          output_count;    /**< notes that an ASSIGN makes */
	size_t          signature_count; /**< 0 of a bare payload */
	struct {
		size_t     signers, inputs, outputs; /* offsets into the payload */
		aval_bytes signatures;
		size_t     signatures_offset; /* into the envelope */
		uint64_t   signed_by[AVAL_EVENT_MAX_SIGNERS / 64]; /* bits by signer */
		union {
			aval_issue  issue;
			aval_accept accept;
			aval_reject reject;
			aval_assign assign;
		} as; /* by type */
	} internal; /**< private to the library */
} aval_event;

/** One signature of an event, as it claims to be. */
typedef struct aval_event_signature {
	aval_event_signer signer;
	aval_alg          alg;       /**< of the key, also where a batch was signed */
	bool              is_batch;  /**< the event was signed in a batch: see batch.h */
	uint8_t           kid32[32]; /**< thumbprint of the key */
	size_t            offset;    /**< bytes into the envelope */
} aval_event_signature;

/** Where a walk over the parts of an event stands; begins as AVAL_EVENT_CURSOR_INIT. */
typedef struct aval_event_cursor {
	size_t index;  /**< parts seen so far */
	size_t offset; /**< private to the library */
} aval_event_cursor;

#define AVAL_EVENT_CURSOR_INIT { 0, 0 }

/**
 * Read the payload of an event that nobody has signed yet.
 *
 * Everything that the bytes alone decide is checked: the encoding, the fields of its type and their bounds, the
 * form of party ids and dates, the order of signers. Whether a token allows the event is not.
 *
 * @param[out] event_out  the view; written on success. It has no signatures.
 * @param[in]  payload    len bytes, deterministic CBOR.
 * @param[in]  len        bytes; at most AVAL_EVENT_MAX_LEN.
 * @param[out] err        filled only on failure; may be NULL. offset is into payload.
 *
 * @retval AVAL_OK                    payload is an event of a type that this version handles.
 * @retval AVAL_E_LIMIT               too long, or more signers, inputs or outputs than the limits above.
 * @retval AVAL_E_CBOR_*              not deterministic CBOR, an item of another type or out of bounds, a key
 *                                    unknown to the type or missing.
 * @retval AVAL_E_UNSUPPORTED         one of the types that this version does not handle.
 * @retval AVAL_E_TOKEN_EVENT_FORMAT  an unknown type; a registry that is no key name; register_by before
 *                                    claimed; signers that do not strictly ascend; an input twice; a currency
 *                                    that is not three capital letters; supplier and debtor alike; control
 *                                    characters in a reason; a price without a sale.
 * @retval AVAL_E_DATE                a due date that is no day of the calendar.
 * @retval AVAL_E_PARTY_FORMAT        a party id without a known form.
 * @retval AVAL_E_PARTY_CHECK         a party id with wrong check characters.
 * @retval AVAL_E_PARTY_SCHEME        a party id of an ISO 6523 scheme that is not on the list.
 * @retval AVAL_E_TOKEN_ALLOCATION    recourse above its output's length, or lengths that add up to 2^63 or
 *                                    more.
 *
 * @par Ownership  The view borrows payload.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/event.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_parse_payload(
	aval_event    *event_out,
	const uint8_t *payload, size_t len,
	aval_error    *err);

/**
 * Read a signed event: a COSE_Sign envelope with some or all of its signatures.
 *
 * Beyond what aval_event_parse_payload() checks, every signature is by a role and party that the payload asks
 * for. Whether signatures are valid is not checked, nor that none is missing, nor whether the keys may sign.
 *
 * @param[out] event_out  the view; written on success.
 * @param[in]  envelope   len bytes, deterministic CBOR.
 * @param[in]  len        bytes; at most AVAL_EVENT_MAX_LEN.
 * @param[out] err        filled only on failure; may be NULL. offset is into envelope.
 *
 * @retval AVAL_OK                    envelope is an event of a type that this version handles.
 * @retval AVAL_E_LIMIT               as aval_event_parse_payload(), or too many signatures.
 * @retval AVAL_E_CBOR_*              not deterministic CBOR, or not a COSE_Sign of an event.
 * @retval AVAL_E_COSE_TYP            another kind of object.
 * @retval AVAL_E_COSE_HEADER         a header that must not be there, or is missing.
 * @retval AVAL_E_COSE_ALGORITHM      a signature's algorithm is unknown.
 * @retval AVAL_E_COSE_ORDER          signatures that do not strictly ascend, or two by one key for one role and
 *                                    party.
 * @retval AVAL_E_SIGNATURE_LENGTH    a signature that is not 64 bytes long.
 * @retval AVAL_E_BATCH_FORMAT        a batch signature that is not of its form.
 * @retval AVAL_E_PROOF_INDEX         a batch signature whose place is not in its batch.
 * @retval AVAL_E_PROOF_LENGTH        a batch signature whose path is not as long as its place needs.
 * @retval AVAL_E_SIGNER_UNEXPECTED   a signature by a role and party that the payload does not ask for.
 * @retval AVAL_E_*                   all others of aval_event_parse_payload().
 *
 * @par Ownership  The view borrows envelope.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/event.md; docs/spec/cose.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_parse(
	aval_event    *event_out,
	const uint8_t *envelope, size_t len,
	aval_error    *err);

/**
 * Step to the next signer that the event asks for, in their order.
 *
 * @param[out]    signer_out    the signer; written if there is one. Its text is the event's.
 * @param[in,out] cursor_inout  where the walk stands.
 * @param[in]     event         a parsed event.
 *
 * @return false after the last one.
 *
 * @par Ownership  Borrows from the event's bytes.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/event.md, section "Signers".
 */
AVAL_API bool aval_event_next_signer(
	aval_event_signer *signer_out,
	aval_event_cursor *cursor_inout,
	const aval_event  *event);

/**
 * The same, over those signers alone whose signature is missing. Whether the others' are valid is not looked
 * at.
 */
AVAL_API bool aval_event_next_missing(
	aval_event_signer *signer_out,
	aval_event_cursor *cursor_inout,
	const aval_event  *event);

/** Whether each signer has a signature; where a mandate asks for more, aval_bundle_has_draft() knows. Whether the signatures are valid is not looked at. */
AVAL_API bool aval_event_is_complete(const aval_event *event);

/** Step to the next signature, in their order; false after the last one. As aval_event_next_signer(). */
AVAL_API bool aval_event_next_signature(
	aval_event_signature *signature_out,
	aval_event_cursor    *cursor_inout,
	const aval_event     *event);

/** Whether the event asks the party to sign in the role. */
AVAL_API bool aval_event_has_signer(
	const aval_event *event,
	aval_role         role,
	const char       *party, size_t party_len);

/**
 * The id of a note that the event consumes.
 *
 * @return 32 bytes in the event's payload, or NULL where index is not below input_count.
 */
AVAL_API const uint8_t *aval_event_input(
	const aval_event *event,
	size_t            index);

/**
 * Step to the next output of an ASSIGN, from the low end; false after the last one. As
 * aval_event_next_signer().
 */
AVAL_API bool aval_event_next_output(
	aval_output       *output_out,
	aval_event_cursor *cursor_inout,
	const aval_event  *event);

/**
 * The id of the note that an event makes.
 *
 * @param[out] note32_out  the note id.
 * @param[in]  event32     the event's id.
 * @param[in]  index       of the output, from the low end; an ISSUE makes note 0.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/event.md, section "Ids".
 */
AVAL_API void aval_note_id(
	uint8_t       note32_out[32],
	const uint8_t event32[32],
	uint32_t      index);

/**
 * What the event says, by its type: one function a type.
 *
 * @param[out] issue_out  the fields; written on success. Texts are the event's.
 * @param[in]  event      a parsed event.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the event is of that type.
 * @retval AVAL_E_INVALID_ARGUMENT  it is of another one.
 *
 * @par Ownership  Borrows from the event's bytes.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/event.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_issue(
	aval_issue       *issue_out,
	const aval_event *event,
	aval_error       *err);

/** Of an ACCEPT, as aval_event_issue(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_accept(
	aval_accept      *accept_out,
	const aval_event *event,
	aval_error       *err);

/** Of a REJECT, as aval_event_issue(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_reject(
	aval_reject      *reject_out,
	const aval_event *event,
	aval_error       *err);

/** Of an ASSIGN, as aval_event_issue(). */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_assign(
	aval_assign      *assign_out,
	const aval_event *event,
	aval_error       *err);

/**
 * Verify every signature of an event.
 *
 * That none is missing is aval_event_is_complete()'s to say. Whose keys these are is not known here.
 *
 * @param[in]  event      a parsed event.
 * @param[in]  keys       key_count keys, strictly ascending by thumbprint; others than the event's are no harm.
 * @param[in]  key_count  keys.
 * @param[out] err        filled only on failure; may be NULL. offset is that of the signature in the envelope.
 *
 * @retval AVAL_OK                   every signature of the event is valid.
 * @retval AVAL_E_KEY_MISSING        a signature's key is not among keys.
 * @retval AVAL_E_COSE_ALGORITHM     a signature's algorithm is not its key's.
 * @retval AVAL_E_SIGNATURE_HIGH_S   s is above half the order.
 * @retval AVAL_E_SIGNATURE_INVALID  a signature that is not of this event, by this role, party and key; also a
 *                                   path that does not lead to the root that the batch's key signed.
 * @retval AVAL_E_NO_MEMORY          mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9052, section 4.4; docs/spec/cose.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_verify_signatures(
	const aval_event      *event,
	const aval_public_key *keys, size_t key_count,
	aval_error            *err);

/**
 * Sign an event, and write its envelope with this signature in its place.
 *
 * Signatures commute: whatever the order of signing, the same signatures make the same envelope. Those that are
 * there are not verified. The caller sees to it that the event is what the party means; aval_token_check() says
 * what it would do. Whether the key may sign for the party, aval_bundle_sign() asks the mandates.
 *
 * @param[out]    envelope_out  the envelope; written on success. May be NULL, to ask for the length. Must not
 *                              overlap the event's bytes.
 * @param[in,out] len_inout     bytes of envelope_out; then of the envelope.
 * @param[in]     event         a parsed event, with or without signatures.
 * @param[in]     role          the role to sign in.
 * @param[in]     party         party_len bytes; the party id.
 * @param[in]     party_len     bytes.
 * @param[in]     signer        the key. Not asked where the call fails before it, nor for the length alone.
 * @param[in]     allocator     for what the signer is shown; may be NULL.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   the envelope has one signature more, which is valid.
 * @retval AVAL_E_BUFFER_TOO_SMALL   len_inout holds the need; nothing was written.
 * @retval AVAL_E_SIGNER_UNEXPECTED  the event does not ask that party to sign in that role.
 * @retval AVAL_E_COSE_ORDER         that key signed already for that role and party.
 * @retval AVAL_E_LIMIT              the envelope would be longer than AVAL_EVENT_MAX_LEN.
 * @retval AVAL_E_CALLBACK           the signer failed; its result is the cause.
 * @retval AVAL_E_SIGNATURE_INVALID  the signer gave something else than a signature by its key.
 * @retval AVAL_E_INVALID_ARGUMENT   the signer is not filled in.
 * @retval AVAL_E_NO_MEMORY          the allocator returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure but for the signer.
 * @par Source     docs/spec/event.md, section "Envelope".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_event_sign(
	uint8_t              *envelope_out,
	size_t               *len_inout,
	const aval_event     *event,
	aval_role             role,
	const char           *party, size_t party_len,
	const aval_signer    *signer,
	const aval_allocator *allocator,
	aval_error           *err);

/** Name of a type, "ISSUE" for instance; NULL of a number that is no type. */
AVAL_API const char *aval_event_type_name(aval_event_type type);

/** Name of a role in lower case, "previous-registry" for instance; NULL of a number that is no role. */
AVAL_API const char *aval_role_name(aval_role role);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_EVENT_H */
