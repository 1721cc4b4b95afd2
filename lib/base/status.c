/* SPDX-License-Identifier: Apache-2.0 */
/* Names and texts of all statuses, from one table. */
#include "base/base.h"

static const struct status_row {
	aval_status status;
	const char *name;
	const char *text;
} status_rows[] = {
#define ROW(status, text) { status, #status, text }
	ROW(AVAL_OK, "success"),
	ROW(AVAL_E_INVALID_ARGUMENT, "the caller broke the contract of the function"),
	ROW(AVAL_E_BUFFER_TOO_SMALL, "the need is stored in the length; nothing was written"),
	ROW(AVAL_E_NO_MEMORY, "the allocator returned NULL"),
	ROW(AVAL_E_CALLBACK, "a callback failed; its result is the cause"),
	ROW(AVAL_E_LIMIT, "a documented limit is exceeded"),
	ROW(AVAL_E_UNSUPPORTED, "well formed, but not a kind this version handles"),
	ROW(AVAL_E_NOT_FOUND, "what was asked for is not there"),
	ROW(AVAL_E_OVERFLOW, "arithmetic leaves the range of the type"),
	ROW(AVAL_E_IO, "a file could not be read or written; cause is errno"),
	ROW(AVAL_E_EXISTS, "the file to be created is already there"),
	ROW(AVAL_E_DECIMAL_SYNTAX, "not a decimal number"),
	ROW(AVAL_E_DECIMAL_RANGE, "more than 34 significant digits"),
	ROW(AVAL_E_DATE, "not a calendar date or time"),
	ROW(AVAL_E_DECIMAL_INEXACT, "finer than the unit asked for"),
	ROW(AVAL_E_PROOF_LENGTH, "more or fewer hashes than the shape needs"),
	ROW(AVAL_E_PROOF_ROOT_MISMATCH, "the proof leads to another root"),
	ROW(AVAL_E_PROOF_INDEX, "an index is not below the size, or out of order"),
	ROW(AVAL_E_PROOF_SHAPE, "the proof claims a tree that cannot be"),
	ROW(AVAL_E_PROOF_SHRUNK, "the later tree is smaller than the earlier one"),
	ROW(AVAL_E_PROOF_FORK, "two trees of one size have different roots"),
	ROW(AVAL_E_PROOF_FORMAT, "not a proof as text"),
	ROW(AVAL_E_CBOR_TRUNCATED, "the input ends inside an item"),
	ROW(AVAL_E_CBOR_TRAILING, "bytes follow the item"),
	ROW(AVAL_E_CBOR_NOT_SHORTEST, "a head is longer than its value needs"),
	ROW(AVAL_E_CBOR_INDEFINITE, "indefinite length"),
	ROW(AVAL_E_CBOR_KEY_ORDER, "map keys are not in ascending byte order"),
	ROW(AVAL_E_CBOR_KEY_DUPLICATE, "a map key occurs twice"),
	ROW(AVAL_E_CBOR_UTF8, "a text string is not UTF-8"),
	ROW(AVAL_E_CBOR_DEPTH, "nested deeper than AVAL_CBOR_MAX_DEPTH"),
	ROW(AVAL_E_CBOR_FLOAT, "a floating-point number"),
	ROW(AVAL_E_CBOR_SIMPLE, "a simple value other than false, true and null"),
	ROW(AVAL_E_CBOR_COUNT, "a length or count the remaining bytes cannot hold"),
	ROW(AVAL_E_CBOR_MALFORMED, "a reserved head"),
	ROW(AVAL_E_CBOR_TYPE, "an item of another type than the schema's"),
	ROW(AVAL_E_CBOR_RANGE, "a number, length or count outside the schema's"),
	ROW(AVAL_E_CBOR_FIELD_UNKNOWN, "a map key the schema does not have"),
	ROW(AVAL_E_CBOR_FIELD_MISSING, "a map key the schema requires"),
	ROW(AVAL_E_XML_SYNTAX, "not well-formed; cause is expat's code"),
	ROW(AVAL_E_XML_DOCTYPE, "a document type declaration or an entity"),
	ROW(AVAL_E_XML_ENCODING, "an encoding that is not supported"),
	ROW(AVAL_E_XML_DEPTH, "nested deeper than AVAL_XML_MAX_DEPTH"),
	ROW(AVAL_E_XML_ROOT, "not an invoice that this library reads"),
	ROW(AVAL_E_INVOICE_TERM_MISSING, "a mandatory business term is absent or empty"),
	ROW(AVAL_E_INVOICE_TERM_REPEATED, "a business term that may stand once stands twice"),
	ROW(AVAL_E_INVOICE_TERM_VALUE, "a value that its business term cannot have"),
	ROW(AVAL_E_INVOICE_TERM_UNKNOWN, "a path that names no business term"),
	ROW(AVAL_E_INVOICE_CURRENCY, "not an ISO 4217 currency with minor units"),
	ROW(AVAL_E_INVOICE_CREDIT_NOTE, "a credit note cannot be tokenised"),
	ROW(AVAL_E_INVOICE_NOT_PAYABLE, "the amount due is not above zero"),
	ROW(AVAL_E_INVOICE_RULE, "a calculation or financing rule is violated"),
	ROW(AVAL_E_DISCLOSURE_SLOT, "a path stands in a slot that is not its own"),
	ROW(AVAL_E_DISCLOSURE_ORDER, "slots or paths are not strictly ascending"),
	ROW(AVAL_E_DISCLOSURE_MISMATCH, "the disclosure opens another commitment"),
	ROW(AVAL_E_DISCLOSURE_SUPERFLUOUS, "a slot is opened that no claim needs"),
	ROW(AVAL_E_DISCLOSURE_PRESENT, "a path claimed absent is present"),
	ROW(AVAL_E_COMMITMENT_MISMATCH, "invoice and seed give another commitment"),
	ROW(AVAL_E_KEY_FORMAT, "not a key file or COSE_Key of this library's kinds"),
	ROW(AVAL_E_KEY_CURVE, "another curve than the algorithm's"),
	ROW(AVAL_E_KEY_POINT, "not a point of the curve, or infinity"),
	ROW(AVAL_E_KEY_SCALAR, "a secret key that is zero or not below the order"),
	ROW(AVAL_E_KEY_THUMBPRINT, "the key has another thumbprint than is claimed"),
	ROW(AVAL_E_KEY_MISSING, "no key with that thumbprint is at hand"),
	ROW(AVAL_E_KEY_UNUSED, "a key that no signature uses"),
	ROW(AVAL_E_KEY_MISMATCH, "a public key beside a secret key that is not its own"),
	ROW(AVAL_E_KEY_ENCRYPTED, "a key file that is encrypted"),
	ROW(AVAL_E_SIGNATURE_INVALID, "the signature does not verify"),
	ROW(AVAL_E_SIGNATURE_HIGH_S, "s is above half the order"),
	ROW(AVAL_E_SIGNATURE_LENGTH, "not 64 bytes"),
	ROW(AVAL_E_COSE_ALGORITHM, "an algorithm that is unknown or not the key's"),
	ROW(AVAL_E_COSE_TYP, "another kind of object than the one expected"),
	ROW(AVAL_E_COSE_HEADER, "a header that must not be there, or is missing"),
	ROW(AVAL_E_COSE_ORDER, "signatures or keys out of order, or twice"),
	ROW(AVAL_E_SIGNER_UNEXPECTED, "a signature by a role and party that is not asked for"),
	ROW(AVAL_E_SIGNER_MISSING, "a signature that is asked for is missing"),
	ROW(AVAL_E_SIGNER_KEY, "a key that does not speak for the party"),
	ROW(AVAL_E_NONCE_REUSED, "a secret nonce that has signed already"),
	ROW(AVAL_E_NONCE_OTHER, "a secret nonce made for another key, message or session"),
	ROW(AVAL_E_MUSIG_NONCE, "a signer's public nonce that is not two points"),
	ROW(AVAL_E_MUSIG_PARTIAL, "a signer's partial signature that does not verify"),
	ROW(AVAL_E_MUSIG_KEY, "a key that is not among those that sign together"),
	ROW(AVAL_E_PARTY_FORMAT, "not a party id"),
	ROW(AVAL_E_PARTY_CHECK, "a party id whose check characters do not fit"),
	ROW(AVAL_E_TOKEN_EVENT_FORMAT, "an event whose fields do not fit its type"),
	ROW(AVAL_E_TOKEN_REGISTRY, "an event made for another registry"),
	ROW(AVAL_E_TOKEN_OTHER, "an event that names another token"),
	ROW(AVAL_E_TOKEN_EXPIRED, "registered after register_by"),
	ROW(AVAL_E_TOKEN_RECORD, "the record has moved on, or is on another branch"),
	ROW(AVAL_E_TOKEN_STATUS, "the token's status does not allow the event"),
	ROW(AVAL_E_NOTE_UNKNOWN, "a note that never was"),
	ROW(AVAL_E_NOTE_SPENT, "a note that is no longer live"),
	ROW(AVAL_E_TOKEN_SIGNERS, "signers differ from what the transition asks"),
	ROW(AVAL_E_TOKEN_ALLOCATION, "an allocation that does not add up"),
	ROW(AVAL_E_TOKEN_MERGE, "notes that are not adjacent and equal"),
	ROW(AVAL_E_TOKEN_FACE, "a face or accepted amount out of its bounds"),
	ROW(AVAL_E_TOKEN_DUE_DATE, "a due date other than the invoice's or the token's"),
	ROW(AVAL_E_TOKEN_CONSENT, "the debtor did not consent to assignment"),
	ROW(AVAL_E_TOKEN_DRAFT, "the bundle ends in a draft, or has none"),
	ROW(AVAL_E_TOKEN_TERMS, "a disclosed term disagrees with the token"),
	ROW(AVAL_E_TOKEN_DUPLICATE_EVENT, "an event that was applied already"),
	ROW(AVAL_E_BUNDLE_FORMAT, "not a bundle"),
	ROW(AVAL_E_BUNDLE_SOURCE, "the source file is not the one that was issued"),
	ROW(AVAL_E_VERIFY_INVALID, "a check failed"),
	ROW(AVAL_E_VERIFY_INCOMPLETE, "nothing failed, something required was not established"),
	ROW(AVAL_E_CHECKPOINT_FORMAT, "not a signed note, or not a checkpoint"),
	ROW(AVAL_E_CHECKPOINT_ORIGIN, "a checkpoint of another log"),
	ROW(AVAL_E_CHECKPOINT_DUPLICATE, "two signature lines of one key"),
	ROW(AVAL_E_CHECKPOINT_KEY, "not a verifier key"),
	ROW(AVAL_E_CHECKPOINT_WITNESSES, "fewer valid cosignatures than the policy asks"),
	ROW(AVAL_E_TILE_FORMAT, "not a tile's path, or not a bundle of entries"),
	ROW(AVAL_E_TILE_LENGTH, "a tile that is longer or shorter than its width asks"),
	ROW(AVAL_E_LOG_BUSY, "another writer has the log open"),
	ROW(AVAL_E_RECEIPT_SIZE, "a receipt for another tree size than the checkpoint's"),
	ROW(AVAL_E_EVIDENCE_FORMAT, "not evidence, or evidence in another order than its one form"),
	ROW(AVAL_E_EVIDENCE_NONE, "two checkpoints that do not contradict each other"),
	ROW(AVAL_E_MAP_KIND, "a proof of presence where one of absence is asked for, or the reverse"),
	ROW(AVAL_E_MAP_EMPTY_SIBLING, "an empty subtree given as a hash"),
	ROW(AVAL_E_MAP_TOO_DEEP, "a subtree of one leaf or none below its highest position"),
	ROW(AVAL_E_MAP_PREFIX, "absence shown by a leaf that is not on the way to the key"),
	ROW(AVAL_E_MAP_OWN_LEAF, "absence shown by the key's own leaf"),
	ROW(AVAL_E_MAP_PAGE, "what the store returned is not a page of a map"),
	ROW(AVAL_E_STATE_DELTA, "the delta is not the one that the entry names"),
	ROW(AVAL_E_STATE_OLD, "a delta's old value is not the map's"),
	ROW(AVAL_E_STATE_ROOT, "the map has another root than the state entry says"),
	ROW(AVAL_E_STATE_BASE, "base is not the size of the signed tree before the entry"),
	ROW(AVAL_E_STATE_TIME, "time runs backwards from one entry to the next"),
	ROW(AVAL_E_STATE_CHANGE, "a change that its key or its entry does not allow"),
	ROW(AVAL_E_STATE_ORDER, "the changes of a delta are not strictly ascending"),
	ROW(AVAL_E_STATE_OPEN, "the tree does not end with a state entry"),
	ROW(AVAL_E_STATE_DUPLICATE, "an event or mandate that was registered before"),
	ROW(AVAL_E_BATCH_FORMAT, "not a batch signature: size, index, path, signature"),
	ROW(AVAL_E_BATCH_STATE, "a batch that is empty, or signed already, or not yet"),
	ROW(AVAL_E_BATCH_CHANGED, "an event that is no longer the one that entered the batch"),
#undef ROW
};

static const struct status_row *find_row(aval_status status)
{
	for (size_t i = 0; i < sizeof status_rows / sizeof *status_rows; i++)
		if (status_rows[i].status == status)
			return &status_rows[i];
	return NULL;
}

const char *aval_status_name(aval_status status)
{
	const struct status_row *row = find_row(status);

	return row != NULL ? row->name : "AVAL_E_UNKNOWN";
}

const char *aval_status_text(aval_status status)
{
	const struct status_row *row = find_row(status);

	return row != NULL ? row->text : "unknown status";
}
