/* SPDX-License-Identifier: Apache-2.0 */
/* Every case of tests/vectors/bundle-verify.json with what docs/spec/bundle.md says of it. */
#include "made_parts.h"
#include "made_terms.h"

#define VALID(verdicts) "valid", verdicts, "encoding", AVAL_OK
#define INVALID         "invalid"
#define LACKS           "incomplete"
#define ALL             TRUST_ALL, T_WITHOUT
#define BROKEN(status)  ALL, INVALID, "f-----------", "encoding", status

static const made_case cases[] = {
	{ "sample", "the sample: issued, accepted, 40 % assigned", make_sample, T_ASSIGNED, ALL,
	  VALID("ppp-pppp----") },
	{ "accepted", "the sample before the assignment", make_sample, T_ACCEPTED, ALL, VALID("ppp-pppp----") },
	{ "issued", "the sample before the acceptance", make_sample, T_ISSUED, ALL, VALID("ppp-pppp----") },
	{ "accepted-lower", "the debtor accepts less, with the supplier's signatures", make_answer,
	  ANSWER_LOWER, ALL, VALID("ppp-pppp----") },
	{ "rejected", "the debtor declines", make_answer, ANSWER_REJECT, ALL, VALID("ppp-pppp----") },
	{ "void", "withdrawn after the debtor declined", make_answer, ANSWER_VOID, ALL, VALID("ppp-pppp----") },
	{ "source", "the invoice's file beside the disclosure", make_source, SOURCE_BESIDE, ALL,
	  VALID("ppp-pppp----") },

	{ "batch", "issued in a batch of three, accepted alone", make_batch, BATCH_WHOLE, ALL, VALID("ppp-pppp----") },
	{ "batch-grafted", "the signature of another event of the batch", make_batch, BATCH_GRAFTED, ALL, INVALID,
	  "ppp-f--p----", "signatures", AVAL_E_SIGNATURE_INVALID },

	/* Policies. */
	{ "trust-nobody", "an empty policy", make_sample, T_ISSUED, "", "", LACKS, "ppp-p-pp----", "parties",
	  AVAL_E_UNSUPPORTED },
	{ "trust-nobody-else-without", "nobody is trusted, the rest is done without", make_sample, T_ISSUED, "",
	  T_WITHOUT, LACKS, "ppp-p-pp----", "identity", AVAL_E_SIGNER_KEY },
	{ "trust-supplier", "the debtor's key is not trusted", make_sample, T_ACCEPTED, "supplier", T_WITHOUT,
	  LACKS, "ppp-p-pp----", "identity", AVAL_E_SIGNER_KEY },
	{ "without-identity", "nobody is trusted, identity is done without", make_sample, T_ISSUED, "",
	  T_WITHOUT ",identity", VALID("ppp-p-pp----") },
	{ "require-parties", "parties are required", make_sample, T_ISSUED, TRUST_ALL,
	  "registered,live,duplicate,fresh", LACKS, "ppp-pppp----", "parties", AVAL_E_UNSUPPORTED },
	{ "require-registered", "registration is required", make_sample, T_ISSUED, TRUST_ALL,
	  "parties,live,duplicate,fresh", LACKS, "ppp-pppp----", "registered", AVAL_E_NOT_FOUND },
	{ "require-live", "the registry's state is required", make_sample, T_ISSUED, TRUST_ALL,
	  "parties,registered,duplicate,fresh", LACKS, "ppp-pppp----", "live", AVAL_E_NOT_FOUND },
	{ "require-duplicate", "the registry's fingerprints are required", make_sample, T_ISSUED, TRUST_ALL,
	  "parties,registered,live,fresh", LACKS, "ppp-pppp----", "duplicate", AVAL_E_NOT_FOUND },
	{ "require-fresh", "the age of the state is required", make_sample, T_ISSUED, TRUST_ALL,
	  "parties,registered,live,duplicate", LACKS, "ppp-pppp----", "fresh", AVAL_E_NOT_FOUND },
	{ "named-known", "the policy lets the key speak for the supplier", make_named_supplier, NAMED_KNOWN,
	  "supplier=" T_LEI, T_WITHOUT, VALID("ppp-pppp----") },
	{ "named-unknown", "the key is trusted, but not for the supplier", make_named_supplier, NAMED_UNKNOWN,
	  "supplier", T_WITHOUT, LACKS, "ppp-p--p----", "identity", AVAL_E_SIGNER_KEY },
	{ "named-other", "another key speaks for the supplier", make_named_supplier, NAMED_UNKNOWN,
	  "stranger=" T_LEI, T_WITHOUT, LACKS, "ppp-p--p----", "identity", AVAL_E_SIGNER_KEY },
	{ "named-two-keys", "two keys that speak for the supplier, and no mandate", make_named_supplier,
	  NAMED_TWO_KEYS, "supplier=" T_LEI ",stranger=" T_LEI, T_WITHOUT, LACKS, "ppp-pp-p----", "mandates",
	  AVAL_E_SIGNER_KEY },
	{ "own-key-named", "the supplier's key is trusted for another party too", make_sample, T_ISSUED,
	  "supplier=" T_LEI, T_WITHOUT, VALID("ppp-pppp----") },

	/* Drafts. */
	{ "draft-last", "the assignment lacks the holder's signature", make_draft, DRAFT_LAST, TRUST_ALL,
	  T_WITHOUT, LACKS, "ppp-pppp----", "encoding", AVAL_OK },
	{ "draft-second", "the lower acceptance lacks two signatures", make_draft, DRAFT_ACCEPT, TRUST_ALL,
	  T_WITHOUT, LACKS, "ppp-pppp----", "encoding", AVAL_OK },
	{ "draft-without-all", "no check is required of a draft", make_draft, DRAFT_LAST, "",
	  "encoding,disclosure,terms,signatures,identity,mandates,history," T_WITHOUT, LACKS, "ppp-p-pp----",
	  "encoding", AVAL_OK },
	{ "draft-middle", "an event before the last lacks a signature", make_draft, DRAFT_MIDDLE,
	  BROKEN(AVAL_E_TOKEN_DRAFT) },
	{ "draft-unlawful", "a draft that can never be applied", make_unlawful_draft, 0, ALL, INVALID,
	  "ppp-pppf----", "history", AVAL_E_TOKEN_STATUS },

	/* History. */
	{ "history-reordered", "the assignment before the acceptance", make_history, HISTORY_REORDERED, ALL,
	  INVALID, "ppp----f----", "history", AVAL_E_TOKEN_STATUS },
	{ "history-dropped", "the acceptance is left out", make_history, HISTORY_DROPPED, ALL, INVALID,
	  "ppp-pppf----", "history", AVAL_E_TOKEN_STATUS },
	{ "history-twice", "the assignment stands twice", make_history, HISTORY_TWICE, ALL, INVALID,
	  "ppp-pppf----", "history", AVAL_E_TOKEN_DUPLICATE_EVENT },
	{ "history-other-token", "the acceptance of another token", make_history, HISTORY_OTHER_TOKEN, ALL,
	  INVALID, "ppp----f----", "history", AVAL_E_TOKEN_OTHER },
	{ "history-bad-signature", "an unlawful event, and a bad signature before it", make_broken,
	  BROKEN_SIGNATURE_BEFORE, ALL, INVALID, "ppp-f--f----", "signatures", AVAL_E_SIGNATURE_INVALID },
	{ "history-bad-signature-at", "an unlawful event with a bad signature", make_broken, BROKEN_SIGNATURE_AT,
	  ALL, INVALID, "ppp-f--f----", "signatures", AVAL_E_SIGNATURE_INVALID },
	{ "history-bad-signature-behind", "an unlawful event, and a bad signature behind it", make_broken,
	  BROKEN_SIGNATURE_BEHIND, ALL, INVALID, "ppp----f----", "history", AVAL_E_TOKEN_STATUS },
	{ "history-without", "a check that fails counts though the policy does without", make_history,
	  HISTORY_DROPPED, TRUST_ALL, T_WITHOUT ",history", INVALID, "ppp-pppf----", "history",
	  AVAL_E_TOKEN_STATUS },
	{ "two-issues", "a second ISSUE", make_history, HISTORY_TWO_ISSUES, BROKEN(AVAL_E_BUNDLE_FORMAT) },
	{ "no-issue", "the first event is no ISSUE", make_history, HISTORY_NO_ISSUE,
	  BROKEN(AVAL_E_BUNDLE_FORMAT) },

	/* Keys and signatures. */
	{ "keys-swapped", "keys that do not ascend", make_keys, KEYS_SWAPPED, BROKEN(AVAL_E_COSE_ORDER) },
	{ "keys-twice", "a key that stands twice", make_keys, KEYS_TWICE, BROKEN(AVAL_E_COSE_ORDER) },
	{ "keys-none", "an empty list of keys", make_keys, KEYS_NONE, BROKEN(AVAL_E_CBOR_RANGE) },
	{ "keys-malformed", "a key of another type", make_keys, KEYS_MALFORMED, BROKEN(AVAL_E_KEY_FORMAT) },
	{ "keys-off-curve", "a key that is no point", make_keys, KEYS_OFF_CURVE, BROKEN(AVAL_E_KEY_POINT) },
	{ "keys-missing", "a key is missing", make_keys, KEYS_MISSING, ALL, INVALID, "ppp-f--p----",
	  "signatures", AVAL_E_KEY_MISSING },
	{ "keys-unused", "a key that no signature uses", make_keys, KEYS_UNUSED, ALL, INVALID, "ppp-f--p----",
	  "signatures", AVAL_E_KEY_UNUSED },
	{ "key-algorithm", "the key of a signature, for another algorithm", make_key_algorithm, 0, ALL, INVALID,
	  "ppp-f--p----", "signatures", AVAL_E_COSE_ALGORITHM },
	{ "signature-high-s", "s and the order less s", make_signature, SIGNATURE_HIGH_S, ALL, INVALID,
	  "ppp-f--p----", "signatures", AVAL_E_SIGNATURE_HIGH_S },
	{ "signature-of-other", "the same key's signature of another token", make_signature, SIGNATURE_OF_OTHER,
	  ALL, INVALID, "ppp-f--p----", "signatures", AVAL_E_SIGNATURE_INVALID },
	{ "signature-zero", "64 zeros", make_signature, SIGNATURE_ZERO, ALL, INVALID, "ppp-f--p----",
	  "signatures", AVAL_E_SIGNATURE_INVALID },
	{ "typ", "another kind of object under a good signature", make_typ, 0, BROKEN(AVAL_E_COSE_TYP) },

	/* What is shown. */
	{ "disclosure-none", "nothing is disclosed", make_disclosure, DISCLOSURE_NONE, ALL, LACKS,
	  "p---pppp----", "disclosure", AVAL_E_NOT_FOUND },
	{ "disclosure-twice", "two disclosures", make_disclosure, DISCLOSURE_TWICE,
	  BROKEN(AVAL_E_BUNDLE_FORMAT) },
	{ "disclosure-other-token", "a disclosure that names another token", make_disclosure,
	  DISCLOSURE_OTHER_TOKEN, BROKEN(AVAL_E_BUNDLE_FORMAT) },
	{ "disclosure-other-seed", "a disclosure of the same invoice under another seed", make_disclosure,
	  DISCLOSURE_OTHER_SEED, ALL, INVALID, "pf--pppp----", "disclosure", AVAL_E_DISCLOSURE_MISMATCH },
	{ "disclosure-no-item", "a section without a disclosure", make_disclosure, DISCLOSURE_NO_ITEM,
	  BROKEN(AVAL_E_CBOR_RANGE) },
	{ "disclosure-empty", "no byte of a disclosure", make_disclosure, DISCLOSURE_EMPTY, ALL, INVALID,
	  "pf--pppp----", "disclosure", AVAL_E_CBOR_TRUNCATED },
	{ "source-other-file", "another file", make_source, SOURCE_OTHER_FILE, ALL, INVALID, "pf--pppp----",
	  "disclosure", AVAL_E_BUNDLE_SOURCE },
	{ "source-other-key", "the file under another salt key", make_source, SOURCE_OTHER_KEY, ALL, INVALID,
	  "pf--pppp----", "disclosure", AVAL_E_BUNDLE_SOURCE },
	{ "source-empty", "an empty file", make_source, SOURCE_EMPTY, BROKEN(AVAL_E_CBOR_RANGE) },

	/* Form. */
	{ "name", "another name", make_frame, FRAME_NAME, BROKEN(AVAL_E_BUNDLE_FORMAT) },
	{ "version", "version 2", make_frame, FRAME_VERSION, BROKEN(AVAL_E_UNSUPPORTED) },
	{ "four-items", "an item more in the outer array", make_frame, FRAME_FOUR_ITEMS,
	  BROKEN(AVAL_E_BUNDLE_FORMAT) },
	{ "section-unknown", "a section 7", make_frame, FRAME_SECTION, BROKEN(AVAL_E_CBOR_FIELD_UNKNOWN) },
	{ "section-negative", "a section -1", make_frame, FRAME_NEGATIVE_SECTION,
	  BROKEN(AVAL_E_CBOR_FIELD_UNKNOWN) },
	{ "no-events", "no section of events", make_frame, FRAME_NO_EVENTS, BROKEN(AVAL_E_CBOR_FIELD_MISSING) },
	{ "no-keys", "no section of keys", make_frame, FRAME_NO_KEYS, BROKEN(AVAL_E_CBOR_FIELD_MISSING) },
	{ "events-none", "an empty list of events", make_frame, FRAME_EMPTY_EVENTS, BROKEN(AVAL_E_CBOR_RANGE) },
	{ "trailing", "a byte behind the bundle", make_frame, FRAME_TRAILING, BROKEN(AVAL_E_CBOR_TRAILING) },
	{ "truncated", "the last byte is missing", make_frame, FRAME_TRUNCATED, BROKEN(AVAL_E_CBOR_COUNT) },
	{ "bytes-none", "no byte", make_bytes, BYTES_NONE, BROKEN(AVAL_E_CBOR_TRUNCATED) },
	{ "bytes-text", "a text file", make_bytes, BYTES_TEXT, BROKEN(AVAL_E_CBOR_MALFORMED) },
	{ "bytes-other-kind", "another kind of file", make_bytes, BYTES_OTHER_KIND,
	  BROKEN(AVAL_E_BUNDLE_FORMAT) },
	{ "bytes-count", "four billion events in no byte", make_bytes, BYTES_COUNT, BROKEN(AVAL_E_CBOR_COUNT) },
	{ "bytes-long-string", "an event of four billion bytes in none", make_bytes, BYTES_LONG_STRING,
	  BROKEN(AVAL_E_CBOR_COUNT) },
	{ "bytes-indefinite", "an array of indefinite length", make_bytes, BYTES_INDEFINITE,
	  BROKEN(AVAL_E_CBOR_INDEFINITE) },
	{ "bytes-not-shortest", "a head that is too long", make_bytes, BYTES_NOT_SHORTEST,
	  BROKEN(AVAL_E_CBOR_NOT_SHORTEST) },

#define AGREES(id, comment, variant)                                         \
	{                                                                    \
		id, comment, make_terms, variant, ALL, VALID("ppp-pppp----") \
	}
#define DISAGREES(id, comment, variant, status)                                                 \
	{                                                                                       \
		id, comment, make_terms, variant, ALL, INVALID, "ppf-pppp----", "terms", status \
	}
#define UNSHOWN(id, comment, variant)                                                                   \
	{                                                                                               \
		id, comment, make_terms, variant, ALL, LACKS, "pp--pppp----", "terms", AVAL_E_NOT_FOUND \
	}
	AGREES("terms-agree", "face, currency and due date are the invoice's", TERMS_AGREE),
	AGREES("terms-face-below", "a face below the amount due", TERMS_FACE_BELOW),
	DISAGREES("terms-face-above", "a face above the amount due by one minor unit", TERMS_FACE_ABOVE,
	          AVAL_E_TOKEN_FACE),
	AGREES("terms-factored", "type 393", TERMS_FACTORED),
	DISAGREES("terms-credit-381", "type 381", TERMS_CREDIT_381, AVAL_E_TOKEN_TERMS),
	DISAGREES("terms-credit-396", "type 396", TERMS_CREDIT_396, AVAL_E_TOKEN_TERMS),
	DISAGREES("terms-pro-forma", "type 325", TERMS_PRO_FORMA, AVAL_E_TOKEN_TERMS),
	DISAGREES("terms-type-unknown", "type 999", TERMS_TYPE_UNKNOWN, AVAL_E_TOKEN_TERMS),
	DISAGREES("terms-type-absent", "no type", TERMS_TYPE_ABSENT, AVAL_E_TOKEN_TERMS),
	UNSHOWN("terms-type-hidden", "the type is not shown", TERMS_TYPE_HIDDEN),
	DISAGREES("terms-currency-other", "another currency", TERMS_CURRENCY_OTHER, AVAL_E_TOKEN_TERMS),
	DISAGREES("terms-currency-absent", "no currency", TERMS_CURRENCY_ABSENT, AVAL_E_TOKEN_TERMS),
	UNSHOWN("terms-currency-hidden", "the currency is not shown", TERMS_CURRENCY_HIDDEN),
	DISAGREES("terms-currency-no-unit", "a currency without minor unit", TERMS_CURRENCY_NO_UNIT,
	          AVAL_E_TOKEN_TERMS),
	AGREES("terms-yen", "no digit behind the point", TERMS_YEN),
	DISAGREES("terms-yen-above", "a face above the amount due by one yen", TERMS_YEN_ABOVE,
	          AVAL_E_TOKEN_FACE),
	DISAGREES("terms-yen-finer", "half a yen", TERMS_YEN_FINER, AVAL_E_TOKEN_TERMS),
	AGREES("terms-rial", "three digits behind the point", TERMS_RIAL),
	DISAGREES("terms-amount-finer", "a tenth of a cent", TERMS_AMOUNT_FINER, AVAL_E_TOKEN_TERMS),
	AGREES("terms-amount-zeros", "zeros behind the cents", TERMS_AMOUNT_ZEROS),
	DISAGREES("terms-amount-no-number", "an exponent", TERMS_AMOUNT_NO_NUMBER, AVAL_E_TOKEN_TERMS),
	DISAGREES("terms-amount-negative", "a negative amount due", TERMS_AMOUNT_NEGATIVE, AVAL_E_TOKEN_FACE),
	AGREES("terms-amount-max", "2^63 - 1 minor units", TERMS_AMOUNT_MAX),
	DISAGREES("terms-amount-too-large", "2^63 minor units", TERMS_AMOUNT_TOO_LARGE, AVAL_E_TOKEN_TERMS),
	AGREES("terms-amount-currency", "the amount due names the currency", TERMS_AMOUNT_CURRENCY),
	DISAGREES("terms-amount-currency-other", "the amount due names another currency",
	          TERMS_AMOUNT_CURRENCY_OTHER, AVAL_E_TOKEN_TERMS),
	DISAGREES("terms-amount-absent", "no amount due", TERMS_AMOUNT_ABSENT, AVAL_E_TOKEN_TERMS),
	UNSHOWN("terms-amount-hidden", "the amount due is not shown", TERMS_AMOUNT_HIDDEN),
	DISAGREES("terms-due-other", "another due date", TERMS_DUE_OTHER, AVAL_E_TOKEN_DUE_DATE),
	DISAGREES("terms-due-absent", "no due date", TERMS_DUE_ABSENT, AVAL_E_TOKEN_DUE_DATE),
	DISAGREES("terms-due-empty", "an empty due date", TERMS_DUE_EMPTY, AVAL_E_TOKEN_DUE_DATE),
	UNSHOWN("terms-due-hidden", "the due date is not shown", TERMS_DUE_HIDDEN),
	AGREES("terms-agreed-accepted", "an agreed due date, accepted", TERMS_AGREED_ACCEPTED),
	AGREES("terms-agreed-empty", "an agreed due date, accepted, the invoice's is empty",
	       TERMS_AGREED_EMPTY),
	UNSHOWN("terms-agreed-open", "an agreed due date that is not accepted yet", TERMS_AGREED_OPEN),
	DISAGREES("terms-agreed-given", "an agreed due date, but the invoice has one", TERMS_AGREED_GIVEN,
	          AVAL_E_TOKEN_DUE_DATE),
	UNSHOWN("terms-agreed-hidden", "an agreed due date, the absence of the invoice's is not shown",
	        TERMS_AGREED_HIDDEN),
	DISAGREES("terms-fail-outweighs", "one term disagrees, another is not shown", TERMS_FAIL_OUTWEIGHS,
	          AVAL_E_TOKEN_FACE),
};

const made_case *made_cases(size_t *count_out)
{
	*count_out = sizeof cases / sizeof *cases;
	return cases;
}
