/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_STATUS_H
#define AVAL_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include <aval/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Outcome of every fallible call, and where and why it failed. Nothing here
 * allocates, keeps state or belongs to a thread. Numbers are never reused:
 * a code means the same in every release, and a retired code keeps its place.
 */

/** Outcome of every fallible call. Zero is success; all failures are negative. */
typedef enum aval_status {
	AVAL_OK                       = 0,

	/* Calls */
	AVAL_E_INVALID_ARGUMENT       = -11, /**< the caller broke the contract of the function */
	AVAL_E_BUFFER_TOO_SMALL       = -12, /**< the need is stored in the length; nothing was written */
	AVAL_E_NO_MEMORY              = -13, /**< the allocator returned NULL */
	AVAL_E_CALLBACK               = -14, /**< a callback failed; its result is the cause */
	AVAL_E_LIMIT                  = -15, /**< a documented limit is exceeded */
	AVAL_E_UNSUPPORTED            = -16, /**< well formed, but not a kind this version handles */
	AVAL_E_NOT_FOUND              = -17, /**< what was asked for is not there */
	AVAL_E_OVERFLOW               = -18, /**< arithmetic leaves the range of the type */
	AVAL_E_IO                     = -19, /**< a file could not be read or written; cause is errno */
	AVAL_E_EXISTS                 = -20, /**< the file to be created is already there */

	/* Exact decimals and dates */
	AVAL_E_DECIMAL_SYNTAX         = -21, /**< not a decimal number */
	AVAL_E_DECIMAL_RANGE          = -22, /**< more than 34 significant digits */
	AVAL_E_DATE                   = -23, /**< not a calendar date or time */
	AVAL_E_DECIMAL_INEXACT        = -24, /**< finer than the unit asked for; nothing is rounded */

	/* Merkle proofs */
	AVAL_E_PROOF_LENGTH           = -41, /**< more or fewer hashes than the shape needs */
	AVAL_E_PROOF_ROOT_MISMATCH    = -42, /**< the proof leads to another root */
	AVAL_E_PROOF_INDEX            = -43, /**< an index is not below the size, or out of order */
	AVAL_E_PROOF_SHAPE            = -44, /**< the proof claims a tree that cannot be */
	AVAL_E_PROOF_SHRUNK           = -45, /**< the later tree is smaller than the earlier one */
	AVAL_E_PROOF_FORK             = -46, /**< two trees of one size have different roots */
	AVAL_E_PROOF_FORMAT           = -47, /**< not a proof as text */

	/* Deterministic CBOR */
	AVAL_E_CBOR_TRUNCATED         = -61, /**< the input ends inside an item */
	AVAL_E_CBOR_TRAILING          = -62, /**< bytes follow the item */
	AVAL_E_CBOR_NOT_SHORTEST      = -63, /**< a head is longer than its value needs */
	AVAL_E_CBOR_INDEFINITE        = -64, /**< indefinite length */
	AVAL_E_CBOR_KEY_ORDER         = -65, /**< map keys are not in ascending byte order */
	AVAL_E_CBOR_KEY_DUPLICATE     = -66, /**< a map key occurs twice */
	AVAL_E_CBOR_UTF8              = -67, /**< a text string is not UTF-8 */
	AVAL_E_CBOR_DEPTH             = -68, /**< nested deeper than AVAL_CBOR_MAX_DEPTH */
	AVAL_E_CBOR_FLOAT             = -69, /**< a floating-point number */
	AVAL_E_CBOR_SIMPLE            = -70, /**< a simple value other than false, true and null */
	AVAL_E_CBOR_COUNT             = -71, /**< a length or count the remaining bytes cannot hold */
	AVAL_E_CBOR_MALFORMED         = -72, /**< a reserved head */
	AVAL_E_CBOR_TYPE              = -73, /**< an item of another type than the schema's */
	AVAL_E_CBOR_RANGE             = -74, /**< a number, length or count outside the schema's */
	AVAL_E_CBOR_FIELD_UNKNOWN     = -75, /**< a map key the schema does not have */
	AVAL_E_CBOR_FIELD_MISSING     = -76, /**< a map key the schema requires */

	/* XML */
	AVAL_E_XML_SYNTAX             = -91, /**< not well-formed; cause is expat's code */
	AVAL_E_XML_DOCTYPE            = -92, /**< a document type declaration or an entity */
	AVAL_E_XML_ENCODING           = -93, /**< an encoding that is not supported */
	AVAL_E_XML_DEPTH              = -94, /**< nested deeper than AVAL_XML_MAX_DEPTH */
	AVAL_E_XML_ROOT               = -95, /**< not an invoice that this library reads */

	/* Invoices */
	AVAL_E_INVOICE_TERM_MISSING   = -101, /**< a mandatory business term is absent or empty */
	AVAL_E_INVOICE_TERM_REPEATED  = -102, /**< a business term that may stand once stands twice */
	AVAL_E_INVOICE_TERM_VALUE     = -103, /**< a value that its business term cannot have */
	AVAL_E_INVOICE_TERM_UNKNOWN   = -104, /**< a path that names no business term */
	AVAL_E_INVOICE_CURRENCY       = -105, /**< not an ISO 4217 currency with minor units */
	AVAL_E_INVOICE_CREDIT_NOTE    = -106, /**< a credit note cannot be tokenised */
	AVAL_E_INVOICE_NOT_PAYABLE    = -107, /**< the amount due is not above zero */
	AVAL_E_INVOICE_RULE           = -108, /**< a calculation or financing rule is violated */

	/* Commitment and disclosure */
	AVAL_E_DISCLOSURE_SLOT        = -121, /**< a path stands in a slot that is not its own */
	AVAL_E_DISCLOSURE_ORDER       = -122, /**< slots or paths are not strictly ascending */
	AVAL_E_DISCLOSURE_MISMATCH    = -123, /**< the disclosure opens another commitment */
	AVAL_E_DISCLOSURE_SUPERFLUOUS = -124, /**< a slot is opened that no claim needs */
	AVAL_E_DISCLOSURE_PRESENT     = -125, /**< a path claimed absent is present */
	AVAL_E_COMMITMENT_MISMATCH    = -126, /**< invoice and seed give another commitment */

	/* Keys, signatures, COSE */
	AVAL_E_KEY_FORMAT             = -141, /**< not a key file or COSE_Key of this library's kinds */
	AVAL_E_KEY_CURVE              = -142, /**< another curve than the algorithm's */
	AVAL_E_KEY_POINT              = -143, /**< not a point of the curve, or infinity */
	AVAL_E_KEY_SCALAR             = -144, /**< a secret key that is zero or not below the order */
	AVAL_E_KEY_THUMBPRINT         = -145, /**< the key has another thumbprint than is claimed */
	AVAL_E_KEY_MISSING            = -146, /**< no key with that thumbprint is at hand */
	AVAL_E_KEY_UNUSED             = -147, /**< a key that no signature uses */
	AVAL_E_KEY_MISMATCH           = -148, /**< a public key beside a secret key that is not its own */
	AVAL_E_KEY_ENCRYPTED          = -149, /**< a key file that is encrypted */
	AVAL_E_SIGNATURE_INVALID      = -161, /**< the signature does not verify */
	AVAL_E_SIGNATURE_HIGH_S       = -162, /**< s is above half the order */
	AVAL_E_SIGNATURE_LENGTH       = -163, /**< not 64 bytes */
	AVAL_E_COSE_ALGORITHM         = -164, /**< an algorithm that is unknown or not the key's */
	AVAL_E_COSE_TYP               = -165, /**< another kind of object than the one expected */
	AVAL_E_COSE_HEADER            = -166, /**< a header that must not be there, or is missing */
	AVAL_E_COSE_ORDER             = -167, /**< signatures or keys out of order, or twice */
	AVAL_E_SIGNER_UNEXPECTED      = -168, /**< a signature by a role and party that is not asked for */
	AVAL_E_SIGNER_MISSING         = -169, /**< a signature that is asked for is missing */
	AVAL_E_SIGNER_KEY             = -170, /**< a key that does not speak for the party */
	AVAL_E_NONCE_REUSED           = -175, /**< a secret nonce that has signed already */
	AVAL_E_NONCE_OTHER            = -176, /**< a secret nonce made for another key, message or session */
	AVAL_E_MUSIG_NONCE            = -177, /**< a signer's public nonce that is not two points */
	AVAL_E_MUSIG_PARTIAL          = -178, /**< a signer's partial signature that does not verify */
	AVAL_E_MUSIG_KEY              = -179, /**< a key that is not among those that sign together */

	/* Parties */
	AVAL_E_PARTY_FORMAT           = -181, /**< not a party id */
	AVAL_E_PARTY_CHECK            = -182, /**< a party id whose check characters do not fit */
	AVAL_E_PARTY_SCHEME           = -183, /**< an ISO 6523 scheme that is not on the list */

	/* Events, notes, transitions */
	AVAL_E_TOKEN_EVENT_FORMAT     = -201, /**< an event whose fields do not fit its type */
	AVAL_E_TOKEN_REGISTRY         = -202, /**< an event made for another registry */
	AVAL_E_TOKEN_OTHER            = -203, /**< an event that names another token */
	AVAL_E_TOKEN_EXPIRED          = -204, /**< registered after register_by */
	AVAL_E_TOKEN_RECORD           = -205, /**< the record has moved on, or is on another branch */
	AVAL_E_TOKEN_STATUS           = -206, /**< the token's status does not allow the event */
	AVAL_E_NOTE_UNKNOWN           = -207, /**< a note that never was */
	AVAL_E_NOTE_SPENT             = -208, /**< a note that is no longer live */
	AVAL_E_TOKEN_SIGNERS          = -209, /**< signers differ from what the transition asks */
	AVAL_E_TOKEN_ALLOCATION       = -210, /**< an allocation that does not add up */
	AVAL_E_TOKEN_MERGE            = -211, /**< notes that are not adjacent and equal */
	AVAL_E_TOKEN_FACE             = -212, /**< a face or accepted amount out of its bounds */
	AVAL_E_TOKEN_DUE_DATE         = -213, /**< a due date other than the invoice's or the token's */
	AVAL_E_TOKEN_CONSENT          = -214, /**< the debtor did not consent to assignment */
	AVAL_E_TOKEN_DRAFT            = -215, /**< the bundle ends in a draft, or has none */
	AVAL_E_TOKEN_TERMS            = -216, /**< a disclosed term disagrees with the token */
	AVAL_E_TOKEN_DUPLICATE_EVENT  = -217, /**< an event that was applied already */

	/* Bundles and verification */
	AVAL_E_BUNDLE_FORMAT          = -231, /**< not a bundle */
	AVAL_E_BUNDLE_SOURCE          = -232, /**< the source file is not the one that was issued */
	AVAL_E_VERIFY_INVALID         = -233, /**< a check failed */
	AVAL_E_VERIFY_INCOMPLETE      = -234, /**< nothing failed, something required was not established */

	/* Checkpoints, tiles, receipts */
	AVAL_E_CHECKPOINT_FORMAT      = -251, /**< not a signed note, or not a checkpoint */
	AVAL_E_CHECKPOINT_ORIGIN      = -252, /**< a checkpoint of another log */
	AVAL_E_CHECKPOINT_DUPLICATE   = -253, /**< two signature lines of one key */
	AVAL_E_CHECKPOINT_KEY         = -254, /**< not a verifier key */
	AVAL_E_CHECKPOINT_WITNESSES   = -255, /**< fewer valid cosignatures than the policy asks */
	AVAL_E_TILE_FORMAT            = -256, /**< not a tile's path, or not a bundle of entries */
	AVAL_E_TILE_LENGTH            = -257, /**< a tile that is longer or shorter than its width asks */
	AVAL_E_LOG_BUSY               = -258, /**< another writer has the log open */
	AVAL_E_RECEIPT_SIZE           = -259, /**< a receipt for another tree size than the checkpoint's */
	AVAL_E_EVIDENCE_FORMAT        = -260, /**< not evidence, or evidence in another order than its one form */
	AVAL_E_EVIDENCE_NONE          = -261, /**< two checkpoints that do not contradict each other */

	/* Maps */
	AVAL_E_MAP_KIND               = -281, /**< a proof of presence where one of absence is asked for, or the reverse */
	AVAL_E_MAP_EMPTY_SIBLING      = -282, /**< an empty subtree given as a hash */
	AVAL_E_MAP_TOO_DEEP           = -283, /**< a subtree of one leaf or none below its highest position */
	AVAL_E_MAP_PREFIX             = -284, /**< absence shown by a leaf that is not on the way to the key */
	AVAL_E_MAP_OWN_LEAF           = -285, /**< absence shown by the key's own leaf */
	AVAL_E_MAP_PAGE               = -286, /**< what the store returned is not a page of a map */

	/* State of a registry */
	AVAL_E_STATE_DELTA            = -291, /**< the delta is not the one that the entry names */
	AVAL_E_STATE_OLD              = -292, /**< a delta's old value is not the map's */
	AVAL_E_STATE_ROOT             = -293, /**< the map has another root than the state entry says */
	AVAL_E_STATE_BASE             = -294, /**< base is not the size of the signed tree before the entry */
	AVAL_E_STATE_TIME             = -295, /**< time runs backwards from one entry to the next */
	AVAL_E_STATE_CHANGE           = -296, /**< a change that its key or its entry does not allow */
	AVAL_E_STATE_ORDER            = -297, /**< the changes of a delta are not strictly ascending */
	AVAL_E_STATE_OPEN             = -298, /**< the tree does not end with a state entry */
	AVAL_E_STATE_DUPLICATE        = -299, /**< an event or mandate that was registered before */

	/* Certificates and CRLs */
	AVAL_E_CERT_FORMAT            = -300, /**< not a certificate of version 3 in DER */
	AVAL_E_CERT_ANCHOR            = -301, /**< no path leads to a trust anchor, or the leaf is one */
	AVAL_E_CERT_SIGNATURE         = -302, /**< a certificate is not signed by the key of its issuer */
	AVAL_E_CERT_EXPIRED           = -303, /**< a certificate has ended before the time asked for */
	AVAL_E_CERT_NOT_YET_VALID     = -304, /**< a certificate begins after the time asked for */
	AVAL_E_CERT_USAGE             = -305, /**< a key usage that does not allow what it is used for */
	AVAL_E_CERT_PARTY             = -306, /**< the certificate does not name the party */
	AVAL_E_CERT_CA                = -307, /**< an issuer that is no certificate authority */
	AVAL_E_CERT_PATH_LEN          = -308, /**< more intermediates than a certificate authority allows */
	AVAL_E_CERT_ALGORITHM         = -309, /**< a key or signature that is weak or not supported */
	AVAL_E_CERT_NAME_CONSTRAINTS  = -310, /**< name constraints, which are not evaluated */
	AVAL_E_CERT_POLICY            = -311, /**< certificate policies that would have to be processed */
	AVAL_E_CERT_CRITICAL          = -312, /**< a critical extension that is not known */
	AVAL_E_CERT_REVOKED           = -313, /**< a certificate was revoked at or before the time asked for */
	AVAL_E_CERT_UNCONFIRMED       = -314, /**< a path that mbedTLS does not find good */
	AVAL_E_CRL_FORMAT             = -320, /**< not a CRL of version 2 in DER */
	AVAL_E_CRL_MISSING            = -321, /**< no CRL of the issuer of a certificate is there */
	AVAL_E_CRL_STALE              = -322, /**< every CRL of the issuer is past its next update */
	AVAL_E_CRL_NOT_YET_VALID      = -323, /**< the CRL of the issuer begins after the time asked for */
	AVAL_E_CRL_SIGNATURE          = -324, /**< a CRL is not signed by the key of its issuer */
	AVAL_E_CRL_SIGNER             = -325, /**< CRLs of another key of the issuer, or of somebody else */
	AVAL_E_CRL_USAGE              = -326, /**< an issuer that may not sign CRLs */
	AVAL_E_CRL_ALGORITHM          = -327, /**< a CRL whose signature is weak or not supported */
	AVAL_E_CRL_CRITICAL           = -328, /**< a CRL that is partial, or has a critical extension */

	/* Mandates, and parties against the invoice */
	AVAL_E_MANDATE_FORMAT         = -340, /**< a mandate whose fields do not fit together */
	AVAL_E_MANDATE_SIGNATURE      = -341, /**< the signature of a mandate does not verify */
	AVAL_E_MANDATE_AUTHORITY      = -342, /**< a mandate signed by nobody who may sign it */
	AVAL_E_MANDATE_PARTY          = -343, /**< a mandate of another party */
	AVAL_E_MANDATE_REGISTRY       = -344, /**< a mandate for another registry */
	AVAL_E_MANDATE_KEY            = -345, /**< a key that the mandate does not list */
	AVAL_E_MANDATE_THRESHOLD      = -346, /**< fewer or more keys than the mandate asks for */
	AVAL_E_MANDATE_TYPE           = -347, /**< a type of event that the mandate does not list */
	AVAL_E_MANDATE_AMOUNT         = -348, /**< an amount above the mandate's cap, or a currency without one */
	AVAL_E_MANDATE_NOT_YET_VALID  = -349, /**< the mandate is not valid yet */
	AVAL_E_MANDATE_EXPIRED        = -350, /**< the mandate is no longer valid */
	AVAL_E_MANDATE_REVOKED        = -351, /**< the mandate was revoked */
	AVAL_E_MANDATE_REPLACED       = -352, /**< a later mandate took the place of this one */
	AVAL_E_MANDATE_GROUP          = -353, /**< members whose keys make another key than the one listed */
	AVAL_E_MANDATE_UNUSED         = -354, /**< a mandate that no event is signed under */
	AVAL_E_PARTY_OTHER            = -355, /**< the invoice names another party */
	AVAL_E_CERT_MISSING           = -356, /**< the certificate that signed a mandate is not there */
	AVAL_E_CERT_UNUSED            = -357, /**< a certificate that signed nothing, and issued none that did */

	/* Batches */
	AVAL_E_BATCH_FORMAT           = -371, /**< not a batch signature: size, index, path, signature */
	AVAL_E_BATCH_STATE            = -372, /**< a batch that is empty, or signed already, or not yet */
	AVAL_E_BATCH_CHANGED          = -373, /**< an event that is no longer the one that entered the batch */

	/* Keys behind PKCS#11; the cause is the CK_RV */
	AVAL_E_PKCS11_MODULE          = -390, /**< not a PKCS#11 module that can be used */
	AVAL_E_PKCS11_TOKEN_MISSING   = -391, /**< no token matches */
	AVAL_E_PKCS11_TOKEN_SEVERAL   = -392, /**< several tokens match */
	AVAL_E_PKCS11_TOKEN_GONE      = -393, /**< the token was taken out, or has lost the session */
	AVAL_E_PKCS11_PIN_MISSING     = -394, /**< the token needs a PIN, and none is given */
	AVAL_E_PKCS11_PIN_WRONG       = -395, /**< the token refused the PIN */
	AVAL_E_PKCS11_PIN_LOCKED      = -396, /**< the PIN is locked */
	AVAL_E_PKCS11_PIN_UNSET       = -397, /**< there is no PIN yet, or it has expired */
	AVAL_E_PKCS11_KEY_MISSING     = -398, /**< no private key matches */
	AVAL_E_PKCS11_KEY_SEVERAL     = -399, /**< several private keys match */
	AVAL_E_PKCS11_KEY_USE         = -400, /**< a key that cannot or may not sign with ECDSA */
	AVAL_E_PKCS11_KEY_PUBLIC      = -401, /**< the token does not show the public key */
	AVAL_E_PKCS11_DEVICE          = -402, /**< the token failed in another way */
	AVAL_E_PKCS11_URI             = -403, /**< not a PKCS#11 URI */

	/* Files of a MuSig2 session */
	AVAL_E_MUSIG_FORMAT           = -411, /**< not a file of a MuSig2 session, or of another kind */
	AVAL_E_MUSIG_SESSION          = -412, /**< a file of another session, or of another member */
	AVAL_E_MUSIG_NONCES           = -413, /**< a partial signature over other public nonces */
	AVAL_E_MUSIG_MISSING          = -414  /**< a member's nonce or partial signature is not there yet */
} aval_status;

/** Where and why a call failed. Caller-owned; every string is static. */
typedef struct aval_error {
	uint32_t    struct_size; /**< bytes; sizeof(aval_error) of the caller */
	aval_status status;      /**< the returned status again */
	size_t      offset;      /**< bytes into the input, or AVAL_NO_OFFSET */
	const char *where;       /**< dotted path in the schema, e.g. "event.signers[].party" */
	const char *reason;      /**< English sentence fragment without values */
	int64_t     cause;       /**< number of a foreign library or callback, else 0 */
} aval_error;

#define AVAL_NO_OFFSET ((size_t)-1)
#define AVAL_ERROR_INIT { sizeof(aval_error), AVAL_OK, AVAL_NO_OFFSET, "", "", 0 }

/** Stable upper-case name of a status, e.g. "AVAL_E_PROOF_LENGTH"; never NULL. */
AVAL_API const char *aval_status_name(aval_status status);

/** English sentence fragment for a status, without values; never NULL. */
AVAL_API const char *aval_status_text(aval_status status);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_STATUS_H */
