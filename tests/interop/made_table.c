/* SPDX-License-Identifier: Apache-2.0 */
/* Every case of tests/vectors/bundle-verify.json with what docs/spec/bundle.md says of it. */
#include "made_certified.h"
#include "made_mandates.h"
#include "made_parties.h"
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
	  AVAL_E_NOT_FOUND },
	{ "trust-nobody-else-without", "nobody is trusted, the rest is done without", make_sample, T_ISSUED, "",
	  T_WITHOUT, LACKS, "ppp-p-pp----", "identity", AVAL_E_SIGNER_KEY },
	{ "trust-supplier", "the debtor's key is not trusted", make_sample, T_ACCEPTED, "supplier", T_WITHOUT,
	  LACKS, "ppp-p-pp----", "identity", AVAL_E_SIGNER_KEY },
	{ "without-identity", "nobody is trusted, identity is done without", make_sample, T_ISSUED, "",
	  T_WITHOUT ",identity", VALID("ppp-p-pp----") },
	{ "require-parties", "parties are required", make_sample, T_ISSUED, TRUST_ALL,
	  "registered,live,duplicate,fresh", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND },
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

	/* Officers who accept under a mandate. */
#define OFFICERS(id, comment, variant, trust, result, verdicts, row, status) \
	{ id, comment, make_mandate, variant, trust, T_WITHOUT, result, verdicts, row, status, T_NOW_MS }
#define PERMITTED(id, comment, variant) OFFICERS(id, comment, variant, TRUST_ALL, "valid", "ppp-pppp----", "encoding", AVAL_OK)
#define REFUSED(id, comment, variant, status) \
	OFFICERS(id, comment, variant, TRUST_ALL, INVALID, "ppp-ppfp----", "mandates", status)
#define OPEN(id, comment, variant, trust, verdicts, row, status) \
	OFFICERS(id, comment, variant, trust, LACKS, verdicts, row, status)
	PERMITTED("mandate-two", "two of three officers", MANDATE_TWO),
	PERMITTED("mandate-other-two", "other two of the three", MANDATE_OTHER_TWO),
	OPEN("mandate-one", "one of them: the acceptance is a draft", MANDATE_ONE, TRUST_ALL, "ppp-pp-p----", "mandates",
	     AVAL_E_MANDATE_THRESHOLD),
	REFUSED("mandate-three", "all three", MANDATE_THREE, AVAL_E_MANDATE_THRESHOLD),
	OFFICERS("mandate-stranger", "an officer and somebody who is none", MANDATE_STRANGER, TRUST_ALL, INVALID,
	         "ppp-pffp----", "identity", AVAL_E_SIGNER_KEY),
	OFFICERS("mandate-stranger-alone", "somebody who is no officer", MANDATE_STRANGER_ALONE, TRUST_ALL, INVALID,
	         "ppp-pffp----", "identity", AVAL_E_SIGNER_KEY),
	PERMITTED("mandate-own-key", "the party's own key alone", MANDATE_OWN),
	REFUSED("mandate-own-key-and-officer", "the party's own key and an officer", MANDATE_OWN_AND_OFFICER,
	        AVAL_E_MANDATE_KEY),
	REFUSED("mandate-type", "a type that is not listed", MANDATE_TYPE, AVAL_E_MANDATE_TYPE),
	PERMITTED("mandate-cap", "a cap that is the amount", MANDATE_CAP),
	REFUSED("mandate-cap-over", "a cap that is a cent less", MANDATE_CAP_OVER, AVAL_E_MANDATE_AMOUNT),
	REFUSED("mandate-currency", "a cap in another currency", MANDATE_CURRENCY, AVAL_E_MANDATE_AMOUNT),
	PERMITTED("mandate-first-moment", "valid from that time", MANDATE_FIRST),
	REFUSED("mandate-early", "valid a millisecond later", MANDATE_EARLY, AVAL_E_MANDATE_NOT_YET_VALID),
	PERMITTED("mandate-last-moment", "valid until a millisecond later", MANDATE_LAST),
	REFUSED("mandate-late", "valid until that time", MANDATE_LATE, AVAL_E_MANDATE_EXPIRED),
	{ "mandate-no-time", "no time is known", make_mandate, MANDATE_TWO, TRUST_ALL, T_WITHOUT, LACKS, "ppp-pp-p----",
	  "mandates", AVAL_E_NOT_FOUND },
	OFFICERS("mandate-draft-over", "a draft over the cap", MANDATE_DRAFT_OVER, TRUST_ALL, INVALID, "ppp-ppfp----",
	         "mandates", AVAL_E_MANDATE_AMOUNT),
	REFUSED("mandate-revoked", "revoked at that time", MANDATE_REVOKED, AVAL_E_MANDATE_REVOKED),
	PERMITTED("mandate-revoked-later", "revoked a millisecond later", MANDATE_REVOKED_LATER),
	REFUSED("mandate-replaced", "replaced at that time", MANDATE_REPLACED, AVAL_E_MANDATE_REPLACED),
	PERMITTED("mandate-replaced-later", "replaced a millisecond later", MANDATE_REPLACED_LATER),
	PERMITTED("mandate-rotated", "the key of the successor", MANDATE_ROTATED),
	REFUSED("mandate-earlier-short", "one of two officers, and an event after it", MANDATE_EARLIER_SHORT,
	        AVAL_E_MANDATE_THRESHOLD),
	OPEN("mandate-untrusted", "the party's key is not trusted", MANDATE_TWO, "supplier", "ppp-p-pp----", "identity",
	     AVAL_E_SIGNER_KEY),
	OFFICERS("mandate-none", "two officers without a mandate", MANDATE_NONE_TWO, TRUST_ALL, INVALID, "ppp-pf-p----",
	         "identity", AVAL_E_SIGNER_KEY),
	OFFICERS("mandate-none-one", "one officer without a mandate", MANDATE_NONE_ONE, TRUST_ALL, INVALID,
	         "ppp-pf-p----", "identity", AVAL_E_SIGNER_KEY),
	OFFICERS("mandate-company", "a company's mandate, signed by an endorser", MANDATE_COMPANY, "supplier,lei=stranger",
	         "valid", "ppp-pppp----", "encoding", AVAL_OK),
	OFFICERS("mandate-company-named", "the policy lets the mandate's signer speak for the company", MANDATE_COMPANY,
	         "supplier,stranger=" T_LEI, "valid", "ppp-pppp----", "encoding", AVAL_OK),
	OPEN("mandate-company-unknown", "nobody trusts the mandate's signer", MANDATE_COMPANY, "supplier,stranger",
	     "ppp-p--p----", "identity", AVAL_E_MANDATE_AUTHORITY),
	OPEN("mandate-company-other-scheme", "an endorser of another scheme", MANDATE_COMPANY, "supplier,vat=stranger",
	     "ppp-p--p----", "identity", AVAL_E_MANDATE_AUTHORITY),
	OPEN("mandate-company-self", "an officer's own mandate", MANDATE_COMPANY_SELF, "supplier,lei=stranger",
	     "ppp-p--p----", "identity", AVAL_E_MANDATE_AUTHORITY),
	OPEN("mandate-company-one", "one of two officers", MANDATE_COMPANY_ONE, "supplier,lei=stranger", "ppp-pp-p----",
	     "mandates", AVAL_E_MANDATE_THRESHOLD),
	OFFICERS("mandate-company-over", "over the company's cap", MANDATE_COMPANY_OVER, "supplier,lei=stranger", INVALID,
	         "ppp-ppfp----", "mandates", AVAL_E_MANDATE_AMOUNT),
	OPEN("mandate-company-grafted", "over the cap, with a mandate without cap by somebody else beside it",
	     MANDATE_COMPANY_GRAFTED, "supplier,lei=stranger", "ppp-pp-p----", "mandates", AVAL_E_MANDATE_AUTHORITY),
	OPEN("mandate-company-revoked-by-other", "revoked by somebody else", MANDATE_COMPANY_REVOKED_BY_OTHER,
	     "supplier,lei=stranger", "ppp-pp-p----", "mandates", AVAL_E_MANDATE_AUTHORITY),

	/* Companies that certificates prove. */
#define CERTIFIED(id, comment, variant, result, verdicts, row, status, at_ms, anchors, crls, crl_mode)       \
	{                                                                                                    \
		id, comment, make_certified, variant, "supplier", T_WITHOUT, result, verdicts, row, status, at_ms, \
			anchors, crls, crl_mode                                                              \
	}
#define PROVEN_AT(id, comment, variant, at_ms, crls, crl_mode) \
	CERTIFIED(id, comment, variant, "valid", "ppp-pppp----", "encoding", AVAL_OK, at_ms, "root", crls, crl_mode)
#define PROVEN(id, comment, variant) PROVEN_AT(id, comment, variant, CERTIFIED_AT_MS, CERTIFIED_CRLS, "required")
#define REFUTED(id, comment, status, at_ms, crls, crl_mode)                                                       \
	CERTIFIED(id, comment, CERTIFIED_P256, INVALID, "ppp-pffp----", "identity", status, at_ms, "root", crls, \
	          crl_mode)
#define UNPROVEN(id, comment, variant, status, at_ms, anchors, crls)                                              \
	CERTIFIED(id, comment, variant, LACKS, "ppp-p--p----", "identity", status, at_ms, anchors, crls, "required")
#define SPOILT(id, comment, variant, status)                                                                       \
	CERTIFIED(id, comment, variant, INVALID, "f-----------", "encoding", status, CERTIFIED_AT_MS, "root",     \
	          CERTIFIED_CRLS, "required")
#define CERTIFIED_CRLS "root-crl issuing-crl"
	PROVEN("certified-p256", "a mandate by a certificate on P-256", CERTIFIED_P256),
	PROVEN("certified-secp256k1", "a mandate by one on secp256k1", CERTIFIED_K1),
	PROVEN("certified-p384", "a mandate by one on P-384", CERTIFIED_P384),
	PROVEN("certified-rsa", "a mandate by one with an RSA key", CERTIFIED_RSA),
	PROVEN("certified-own-key", "the certificate's own key accepts", CERTIFIED_OWN_KEY),
	PROVEN("certified-root-beside", "the anchor is in the bundle too", CERTIFIED_ROOT_BESIDE),
	PROVEN_AT("certified-first-moment", "in the first moment of the certificates", CERTIFIED_P256,
	          CERTIFIED_BEGIN_MS, "", "ignored"),
	REFUTED("certified-not-yet-valid", "a millisecond before", AVAL_E_CERT_NOT_YET_VALID, CERTIFIED_BEGIN_MS - 1, "",
	        "ignored"),
	PROVEN_AT("certified-last-moment", "in their last millisecond", CERTIFIED_P256, CERTIFIED_END_MS - 1, "",
	          "ignored"),
	REFUTED("certified-expired", "a millisecond later", AVAL_E_CERT_EXPIRED, CERTIFIED_END_MS, "", "ignored"),
	UNPROVEN("certified-no-time", "no time is known", CERTIFIED_P256, AVAL_E_NOT_FOUND, 0, "root", CERTIFIED_CRLS),
	UNPROVEN("certified-no-anchor", "there is no anchor", CERTIFIED_P256, AVAL_E_CERT_ANCHOR, CERTIFIED_AT_MS, "",
	         CERTIFIED_CRLS),
	UNPROVEN("certified-other-anchor", "another anchor", CERTIFIED_P256, AVAL_E_CERT_ANCHOR, CERTIFIED_AT_MS, "other",
	         CERTIFIED_CRLS),
	UNPROVEN("certified-no-intermediate", "the certificate of the issuer is not there", CERTIFIED_INTERMEDIATE_MISSING,
	         AVAL_E_CERT_ANCHOR, CERTIFIED_AT_MS, "root", CERTIFIED_CRLS),
	PROVEN_AT("certified-other-revoked", "the CRL lists another certificate", CERTIFIED_P256, CERTIFIED_AT_MS,
	          "root-crl crl-another-serial-is-revoked", "required"),
	REFUTED("certified-revoked", "the CRL lists the certificate", AVAL_E_CERT_REVOKED, CERTIFIED_AT_MS,
	        "root-crl crl-revoked-at-that-moment", "required"),
	REFUTED("certified-issuer-revoked", "the CRL of the anchor lists the issuer", AVAL_E_CERT_REVOKED, CERTIFIED_AT_MS,
	        "root-crl-revoked issuing-crl", "required"),
	UNPROVEN("certified-no-crl", "there is no CRL of the issuer", CERTIFIED_P256, AVAL_E_CRL_MISSING, CERTIFIED_AT_MS,
	         "root", "root-crl"),
	PROVEN_AT("certified-no-crl-needed", "nor need there be one", CERTIFIED_P256, CERTIFIED_AT_MS, "root-crl",
	          "if-present"),
	PROVEN_AT("certified-crl-last-moment", "in the last millisecond of the CRLs", CERTIFIED_P256,
	          CERTIFIED_STALE_MS - 1, CERTIFIED_CRLS, "required"),
	UNPROVEN("certified-crl-stale", "a millisecond later", CERTIFIED_P256, AVAL_E_CRL_STALE, CERTIFIED_STALE_MS, "root",
	         CERTIFIED_CRLS),
	CERTIFIED("certified-other-party", "the certificate names another LEI", CERTIFIED_OTHER_LEI, INVALID, "ppp-pffp----",
	          "identity", AVAL_E_CERT_PARTY, CERTIFIED_AT_MS, "root", CERTIFIED_CRLS, "required"),
	UNPROVEN("certified-other-scheme", "the certificate names no id of the party's scheme", CERTIFIED_OTHER_SCHEME,
	         AVAL_E_CERT_PARTY, CERTIFIED_AT_MS, "root", CERTIFIED_CRLS),
	CERTIFIED("certified-signature", "a bit of the mandate's signature is changed", CERTIFIED_SIGNATURE, INVALID,
	          "ppp-p-fp----", "mandates", AVAL_E_MANDATE_SIGNATURE, CERTIFIED_AT_MS, "root", CERTIFIED_CRLS, "required"),
	SPOILT("certificate-missing", "the certificate that signed the mandate is not there", CERTIFIED_LEAF_MISSING,
	       AVAL_E_CERT_MISSING),
	SPOILT("certificate-unused", "a certificate that signed nothing", CERTIFIED_UNUSED, AVAL_E_CERT_UNUSED),
	SPOILT("certificates-descend", "the certificates descend", CERTIFIED_DESCEND, AVAL_E_BUNDLE_FORMAT),
	SPOILT("certificate-twice", "a certificate twice", CERTIFIED_TWICE, AVAL_E_BUNDLE_FORMAT),
	SPOILT("certificate-cut", "a certificate without its last byte", CERTIFIED_CUT, AVAL_E_CERT_FORMAT),
	SPOILT("certificates-empty", "a section without certificates", CERTIFIED_EMPTY, AVAL_E_CBOR_RANGE),

	/* Mandates that break the format. */
#define FORM(id, comment, variant, verdicts, row, status)                                                      \
	{ id, comment, make_mandate_form, variant, TRUST_ALL, T_WITHOUT, INVALID, verdicts, row, status, T_NOW_MS }
	FORM("mandate-signature", "a bit of the mandate's signature is changed", FORM_SIGNATURE, "ppp-p-fp----",
	     "mandates", AVAL_E_MANDATE_SIGNATURE),
	FORM("mandate-high-s", "the mandate's signature has a high s", FORM_HIGH_S, "ppp-p-fp----", "mandates",
	     AVAL_E_MANDATE_SIGNATURE),
	FORM("mandates-descend", "the mandates descend", FORM_ORDER, "f-----------", "encoding", AVAL_E_BUNDLE_FORMAT),
	FORM("mandate-twice", "a mandate twice", FORM_TWICE, "f-----------", "encoding", AVAL_E_BUNDLE_FORMAT),
	FORM("mandates-none", "a section without a mandate", FORM_EMPTY, "f-----------", "encoding", AVAL_E_CBOR_RANGE),
	FORM("mandate-unused", "the mandate of a party that signs nothing", FORM_UNUSED, "f-----------", "encoding",
	     AVAL_E_MANDATE_UNUSED),
	FORM("mandate-registry", "a mandate for another registry", FORM_REGISTRY, "f-----------", "encoding",
	     AVAL_E_MANDATE_REGISTRY),
	FORM("mandate-revokes-nothing", "a revocation without its grant", FORM_NOTHING_REVOKED, "f-----------", "encoding",
	     AVAL_E_MANDATE_UNUSED),
	FORM("mandate-by-other-key", "another key's mandate for a key: party", FORM_OTHER_KEY, "f-----------", "encoding",
	     AVAL_E_MANDATE_AUTHORITY),
	FORM("event-as-mandate", "an event in the place of a mandate", FORM_EVENT, "f-----------", "encoding",
	     AVAL_E_CBOR_TYPE),
	FORM("mandate-as-event", "a mandate in the place of an event", FORM_AS_EVENT, "f-----------", "encoding",
	     AVAL_E_CBOR_TYPE),

	/* Parties of the invoice. */
#define NAMES(id, comment, variant, trust, ...) \
	{ id, comment, make_parties, variant, trust, "registered,live,duplicate,fresh", __VA_ARGS__ }
	NAMES("parties-vat", "VAT numbers of seller and buyer", PARTIES_VAT, "supplier=vat:DE100000001", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-vat-other", "another VAT number of the seller", PARTIES_VAT_OTHER, "supplier=vat:DE100000001", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-vat-hidden", "the seller's VAT number is not shown", PARTIES_VAT_HIDDEN, "supplier=vat:DE100000001", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-vat-absent", "the seller has no VAT number", PARTIES_VAT_ABSENT, "supplier=vat:DE100000001", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-buyer-other", "another VAT number of the buyer", PARTIES_BUYER_OTHER, "supplier=vat:DE100000001", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-buyer-hidden", "the buyer's VAT number is not shown", PARTIES_BUYER_HIDDEN, "supplier=vat:DE100000001", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-lei-legal", "the LEI as the seller's registration", PARTIES_LEI_LEGAL, "supplier=" T_LEI, "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-lei-id", "the LEI as the seller's second id", PARTIES_LEI_ID, "supplier=" T_LEI, "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-lei-other", "another LEI, and an id that is not shown", PARTIES_LEI_OTHER, "supplier=" T_LEI, INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-lei-scheme", "the text of the LEI under another scheme", PARTIES_LEI_SCHEME, "supplier=" T_LEI, LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-lei-two", "the LEI as the seller's id, another as its registration", PARTIES_LEI_TWO, "supplier=" T_LEI, INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-lei-twice", "the LEI as the seller's id and registration", PARTIES_LEI_TWICE, "supplier=" T_LEI, "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-buyer-lei-two", "the LEI as the buyer's id, another as its registration", PARTIES_BUYER_LEI_TWO, "supplier=vat:DE100000001", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-gln", "the seller's id in the scheme", PARTIES_GLN, "supplier=iso6523:0088:4012345000009", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-gln-other", "another id in the scheme, and no more of them", PARTIES_GLN_OTHER, "supplier=iso6523:0088:4012345000009", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-gln-open", "another id in the scheme, and perhaps more of them", PARTIES_GLN_OPEN, "supplier=iso6523:0088:4012345000009", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-gln-second", "the second id in the scheme", PARTIES_GLN_SECOND, "supplier=iso6523:0088:4012345000009", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-gln-legal", "another registration in the scheme", PARTIES_GLN_LEGAL, "supplier=iso6523:0088:4012345000009", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-gln-plain", "the same text without a scheme", PARTIES_GLN_PLAIN, "supplier=iso6523:0088:4012345000009", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-buyer-gln", "the buyer's id in the scheme", PARTIES_BUYER_GLN, "supplier=vat:DE100000001", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-buyer-gln-other", "another id of the buyer in the scheme", PARTIES_BUYER_GLN_OTHER, "supplier=vat:DE100000001", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-buyer-legal", "the buyer's registration in the scheme", PARTIES_BUYER_LEGAL, "supplier=vat:DE100000001", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-uscc-legal", "the code as the seller's registration", PARTIES_USCC_LEGAL, "supplier=uscc:91310000MA1FLAWX0U", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-uscc-vat", "the code as the seller's VAT number", PARTIES_USCC_VAT, "supplier=uscc:91310000MA1FLAWX0U", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-uscc-other", "the code of another", PARTIES_USCC_OTHER, "supplier=uscc:91310000MA1FLAWX0U", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-uscc-text", "a registration that is no such code", PARTIES_USCC_TEXT, "supplier=uscc:91310000MA1FLAWX0U", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-uscc-two", "the code as the seller's VAT number, another's as its registration", PARTIES_USCC_TWO, "supplier=uscc:91310000MA1FLAWX0U", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-uscc-beside", "the code beside a registration that is no such code", PARTIES_USCC_BESIDE, "supplier=uscc:91310000MA1FLAWX0U", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-key", "a key that the policy says is the seller", PARTIES_KEY, "supplier=vat:DE100000001", "valid", "pppppppp----", "encoding", AVAL_OK),
	NAMES("parties-key-other", "a key that the policy says is another", PARTIES_KEY, "supplier=vat:DE100000002", INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),
	NAMES("parties-key-alone", "a key of which the policy says nothing", PARTIES_KEY, "supplier", LACKS, "ppp-pppp----", "parties", AVAL_E_NOT_FOUND),
	NAMES("parties-key-two", "a key with two names, one of which the invoice contradicts", PARTIES_KEY_TWO, "supplier=vat:DE100000001,supplier=" T_LEI, INVALID, "pppfpppp----", "parties", AVAL_E_PARTY_OTHER),

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
