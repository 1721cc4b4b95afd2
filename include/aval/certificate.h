/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_CERTIFICATE_H
#define AVAL_CERTIFICATE_H

#include <aval/base.h>
#include <aval/key.h>
#include <aval/party.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * X.509 certificates: which company holds a key, by the word of a certificate authority whom the caller trusts.
 * A chain is a leaf and its intermediates; a trust is anchors and revocation lists (CRLs); a chain is judged
 * against a trust at a time that the caller gives, never at the time of a clock.
 *
 * The profile is closed. Signatures of certificates and CRLs: ECDSA on P-256, P-384 and secp256k1, RSA PKCS#1
 * v1.5 and RSA-PSS with 2048 to 4096 bits, over SHA-256, SHA-384 or SHA-512. Each certificate of a path, its
 * anchor included, is within its dates, every one but the leaf is a CA that may sign certificates, and the leaf
 * may sign (digitalSignature or contentCommitment, where it has a key usage; and the extended key usages
 * of leaf and CAs, where they have one, allow e-mail, documents, clients or anything).
 *
 * Refused, with a status each, because they are not evaluated: name constraints, policies that must be
 * processed (critical policies, mappings, constraints on policies), other critical extensions, CRLs that are
 * partial, indirect or deltas, and CRLs signed with a key that is not the issuer's on the path.
 *
 * Not checked at all: OCSP; certificates and CRLs that would have to be fetched (AIA, distribution points);
 * which policy a certificate was issued under, hence whether it is a qualified one, and QCStatements;
 * alternative names; SM2, Ed25519 and other curves (refused); that an LEI or register number is assigned and
 * current.
 *
 * A trust anchor is a certificate, and what it says binds: dates, CA flag, key usage, path length. It is not
 * looked up in CRLs, and no chain proves an anchor itself.
 *
 * A path that is found good here is verified once more, by mbedTLS's own X.509, and refused where the two
 * differ. P-256, P-384 and RSA run on mbedTLS too. It allocates through its own hooks. All other memory comes
 * from the caller's allocator.
 */

#define AVAL_CERTIFICATE_MAX_LEN    16384     /**< bytes of one certificate, as DER */
#define AVAL_CHAIN_MAX_COUNT        9         /**< certificates of a chain: a leaf and 8 intermediates */
#define AVAL_TRUST_MAX_ANCHORS      256
#define AVAL_TRUST_MAX_CRLS         256
#define AVAL_CRL_MAX_LEN            16777216  /**< bytes of one CRL, as DER */
#define AVAL_CERTIFICATE_MAX_PARTIES 4        /**< party ids that one certificate can prove */
#define AVAL_ENDORSEMENT_MAX_LEN    512       /**< bytes of the longest signature by a certificate's key */

/** A leaf certificate and the intermediates that lead to it. Immutable; owns copies of what it was made of. */
typedef struct aval_chain aval_chain;

/**
 * Parse a chain from DER.
 *
 * The form of each certificate is checked whole: DER, version 3, one extension of a kind, nothing behind the
 * end. No signature is verified, nothing is trusted.
 *
 * @param[out] chain_out     the chain; written on success.
 * @param[in]  certificates  count certificates; the leaf first, the others in any order, those not needed too.
 * @param[in]  count         1 to AVAL_CHAIN_MAX_COUNT.
 * @param[in]  allocator     may be NULL.
 * @param[out] err           filled only on failure, offset into the certificate; may be NULL.
 *
 * @retval AVAL_OK             *chain_out holds the certificates.
 * @retval AVAL_E_CERT_FORMAT  not a certificate of the form above, or count is 0.
 * @retval AVAL_E_LIMIT        more than AVAL_CHAIN_MAX_COUNT, or longer than AVAL_CERTIFICATE_MAX_LEN.
 * @retval AVAL_E_NO_MEMORY    the allocator was out of memory.
 *
 * @par Ownership  The caller frees the chain; the allocator is kept, the bytes are not.
 * @par Threads    Safe from any thread if the allocator is.
 * @par Source     RFC 5280; docs/spec/identity.md#certificates.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_parse(
	aval_chain          **chain_out,
	const aval_bytes     *certificates, size_t count,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Parse a chain from a file: one certificate in DER, or one or more in PEM.
 *
 * As aval_chain_parse(). Text between PEM blocks is skipped; blocks other than CERTIFICATE are refused.
 *
 * @param[in]  file        file_len bytes.
 *
 * @retval AVAL_E_CERT_FORMAT  as in aval_chain_parse(), or not PEM, or another kind of PEM block.
 * @retval (others)            as in aval_chain_parse().
 *
 * @par Ownership  As aval_chain_parse().
 * @par Threads    Safe from any thread if the allocator is.
 * @par Source     RFC 7468; docs/spec/identity.md#certificates.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_parse_file(
	aval_chain          **chain_out,
	const uint8_t        *file, size_t file_len,
	const aval_allocator *allocator,
	aval_error           *err);

/** Free a chain; chain may be NULL. */
AVAL_API void aval_chain_free(aval_chain *chain);

/** Certificates of a chain, the leaf first. */
AVAL_API size_t aval_chain_count(const aval_chain *chain);

/** DER of a certificate, borrowed from the chain; (NULL, 0) where there is no such index. */
AVAL_API aval_bytes aval_chain_certificate(const aval_chain *chain, size_t index);

/** SHA-256 of the leaf's DER, the certificate's fingerprint. */
AVAL_API void aval_chain_leaf_hash(uint8_t sha256_out[32], const aval_chain *chain);

/** Kinds of keys that a certificate can hold. */
typedef enum aval_certificate_key_kind {
	AVAL_CERTIFICATE_KEY_OTHER = 0, /**< outside of the profile */
	AVAL_CERTIFICATE_KEY_P256  = 1,
	AVAL_CERTIFICATE_KEY_P384  = 2,
	AVAL_CERTIFICATE_KEY_K1    = 3, /**< secp256k1 */
	AVAL_CERTIFICATE_KEY_RSA   = 4
} aval_certificate_key_kind;

/** What a certificate says of itself, to be shown; nothing of it is proven until the chain is verified. */
typedef struct aval_certificate_info {
	aval_certificate_key_kind key_kind;
	unsigned                  key_bits;           /**< bits of the modulus or the field, or 0 */
	int64_t                   valid_from_unix_ms; /**< first moment of validity */
	int64_t                   valid_until_unix_ms; /**< first moment after it: one second past notAfter */
	bool                      is_ca;
	aval_bytes                serial;             /**< content of the INTEGER, big-endian */
	aval_bytes                subject;            /**< DER of the Name */
	aval_bytes                issuer;             /**< DER of the Name */
	aval_text                 subject_organization; /**< first organizationName, or empty */
	aval_text                 subject_common_name;  /**< first commonName, likewise */
	aval_text                 issuer_organization;
	aval_text                 issuer_common_name;
} aval_certificate_info;

/**
 * Tell what a certificate of a chain says.
 *
 * @param[out] info_out  its views borrow from the chain; written on success.
 * @param[in]  chain     a chain.
 * @param[in]  index     0 is the leaf.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           *info_out is filled.
 * @retval AVAL_E_NOT_FOUND  index is not below aval_chain_count().
 *
 * @par Ownership  Views live as long as chain.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 5280, section 4.1.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_info(
	aval_certificate_info *info_out,
	const aval_chain      *chain,
	size_t                 index,
	aval_error            *err);

/* ---- Who the leaf is ---- */

/** Where in a certificate a party id stands. */
typedef enum aval_party_source {
	AVAL_PARTY_SOURCE_LEI_EXTENSION   = 1, /**< extension 1.3.6.1.4.1.52266.1 */
	AVAL_PARTY_SOURCE_ORGANIZATION_ID = 2, /**< organizationIdentifier, 2.5.4.97, of the subject */
	AVAL_PARTY_SOURCE_KEY             = 3  /**< the leaf's own key, secp256k1 or P-256: "key:" */
} aval_party_source;

/**
 * A party id that the leaf of a chain names.
 *
 * The table of docs/spec/identity.md says what is read. Two values that differ in one scheme, and a value whose
 * check characters do not fit, leave nothing of that scheme. The ids are those of the company; the "key:" id of
 * the leaf's key is not among them (aval_chain_key() and aval_public_key_party() give it).
 *
 * @param[out] source_out  where it stands; may be NULL.
 * @param[in]  chain       a chain, verified or not: what it says counts only once aval_chain_verify() said yes.
 * @param[in]  index       from 0, in the order lei, vat, iso6523, uscc.
 *
 * @return The id, borrowed from chain; (NULL, 0) from the end on.
 */
AVAL_API aval_text aval_chain_party(aval_party_source *source_out, const aval_chain *chain, size_t index);

/**
 * Tell whether the leaf of a chain names a party.
 *
 * Does not verify the chain; give the party to aval_chain_verify() to do both.
 *
 * @param[in]  chain      a chain.
 * @param[in]  party      party_len bytes; a party id.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK            the leaf names the party.
 * @retval AVAL_E_CERT_PARTY  it does not: other ids, none, several that differ, or a "key:" id.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     docs/spec/identity.md#parties.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_check_party(
	const aval_chain *chain,
	const char       *party, size_t party_len,
	aval_error       *err);

/**
 * The leaf's key as one that signs events.
 *
 * @param[out] key_out  for ES256K on secp256k1, for ESP256 on P-256; written on success.
 * @param[in]  chain    a chain, verified or not.
 * @param[out] err      filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             *key_out is the leaf's key.
 * @retval AVAL_E_UNSUPPORTED  the leaf's key is on P-384, or RSA, or outside of the profile.
 * @retval AVAL_E_KEY_POINT    the leaf's key is no point of its curve.
 * @retval AVAL_E_NO_MEMORY    mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 5480.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_key(
	aval_public_key  *key_out,
	const aval_chain *chain,
	aval_error       *err);

/* ---- Trust ---- */

/** Trust anchors and CRLs. Filled once, then shared: const calls may run in many threads. */
typedef struct aval_trust aval_trust;

/**
 * Make an empty trust.
 *
 * @retval AVAL_OK           *trust_out is empty: no chain verifies against it.
 * @retval AVAL_E_NO_MEMORY  the allocator was out of memory.
 *
 * @par Ownership  The caller frees the trust; the allocator is kept.
 * @par Threads    Safe from any thread if the allocator is.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_trust_new(
	aval_trust          **trust_out,
	const aval_allocator *allocator,
	aval_error           *err);

/**
 * Add trust anchors: one certificate in DER, or one or more in PEM. All of them or, on failure, none.
 *
 * That they are CAs, current, and of the profile is judged when a chain leads to one.
 *
 * @param[in,out] trust     a trust.
 * @param[in]     file      file_len bytes; copied.
 * @param[out]    err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             added; an anchor that is there already is not added twice.
 * @retval AVAL_E_CERT_FORMAT  not certificates, or something else in the PEM.
 * @retval AVAL_E_LIMIT        more than AVAL_TRUST_MAX_ANCHORS, or longer than AVAL_CERTIFICATE_MAX_LEN.
 * @retval AVAL_E_NO_MEMORY    the allocator was out of memory.
 *
 * @par Ownership  Nothing of file is kept.
 * @par Threads    Needs trust exclusively.
 * @par Source     RFC 5280; RFC 7468.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_trust_add_anchors(
	aval_trust    *trust,
	const uint8_t *file, size_t file_len,
	aval_error    *err);

/**
 * Add CRLs: one in DER, or one or more in PEM. All of them or, on failure, none.
 *
 * Several of one issuer may be there, of different times. Their signatures are verified when a chain is.
 *
 * @param[in,out] trust     a trust.
 * @param[in]     file      file_len bytes; copied.
 * @param[out]    err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK            added; a CRL that is there already is not added twice.
 * @retval AVAL_E_CRL_FORMAT  not CRLs of version 2 with nextUpdate, or something else in the PEM.
 * @retval AVAL_E_LIMIT       more than AVAL_TRUST_MAX_CRLS, or longer than AVAL_CRL_MAX_LEN.
 * @retval AVAL_E_NO_MEMORY   the allocator was out of memory.
 *
 * @par Ownership  Nothing of file is kept.
 * @par Threads    Needs trust exclusively.
 * @par Source     RFC 5280, section 5; RFC 7468.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_trust_add_crls(
	aval_trust    *trust,
	const uint8_t *file, size_t file_len,
	aval_error    *err);

/** Free a trust; trust may be NULL. */
AVAL_API void aval_trust_free(aval_trust *trust);

AVAL_API size_t aval_trust_anchor_count(const aval_trust *trust);
AVAL_API size_t aval_trust_crl_count(const aval_trust *trust);

/** DER of an anchor, borrowed from the trust; (NULL, 0) where there is no such index. */
AVAL_API aval_bytes aval_trust_anchor(const aval_trust *trust, size_t index);

/* ---- Verification ---- */

/** What is asked of revocation lists. The first is the default. */
typedef enum aval_crl_mode {
	AVAL_CRL_REQUIRED   = 0, /**< each certificate below the anchor needs a current CRL of its issuer */
	AVAL_CRL_IF_PRESENT = 1, /**< where CRLs of the issuer are there they must be current and good */
	AVAL_CRL_IGNORED    = 2  /**< no CRL is looked at */
} aval_crl_mode;

/** How a chain is to be judged. */
typedef struct aval_chain_options {
	uint32_t      struct_size; /**< bytes; sizeof(aval_chain_options) */
	aval_crl_mode crl_mode;
	int64_t       at_unix_ms;  /**< the time that counts */
	aval_text     party;       /**< a party id that the leaf must name; empty: none */
} aval_chain_options;

#define AVAL_CHAIN_OPTIONS_INIT { sizeof(aval_chain_options), AVAL_CRL_REQUIRED, 0, { NULL, 0 } }

/** The path that was found. */
typedef struct aval_chain_result {
	uint32_t struct_size;         /**< bytes; sizeof(aval_chain_result) */
	uint32_t crl_count;           /**< certificates of the path that a CRL cleared */
	size_t   path_count;          /**< certificates of the path, the anchor included; at least 2 */
	size_t   anchor_index;        /**< aval_trust_anchor() that it leads to */
	int64_t  valid_from_unix_ms;  /**< the same path and CRLs hold at each time from here ... */
	int64_t  valid_until_unix_ms; /**< ... until just before here */
} aval_chain_result;

/**
 * Verify a chain against a trust at a time.
 *
 * On AVAL_OK a path of valid signatures leads from an anchor to the leaf, each certificate of it fits the
 * profile at the head of this header at at_unix_ms, none was revoked at that time, and the leaf names the party
 * if one was asked for. Several certificates of one name are all tried; where no path holds, the status is that
 * of the path that came farthest.
 *
 * A certificate is revoked if any CRL of its issuer that is signed well, of whatever time, lists it with a date
 * at or before at_unix_ms; a hold counts as revocation.
 *
 * @param[out] result_out  the path; written on success; may be NULL.
 * @param[in]  chain       a chain.
 * @param[in]  trust       anchors and CRLs.
 * @param[in]  options     how; the party, if any, is a party id.
 * @param[out] err         filled only on failure; may be NULL. "where" names the certificate: "chain[0]" is the
 *                         leaf, "anchor" an anchor.
 *
 * @retval AVAL_OK                         the chain is valid at at_unix_ms, for the party.
 * @retval AVAL_E_CERT_PARTY               the leaf does not name the party.
 * @retval AVAL_E_CERT_ANCHOR              no path leads to an anchor; or the leaf is an anchor itself.
 * @retval AVAL_E_CERT_SIGNATURE           a certificate is not signed by the key of the name that it gives.
 * @retval AVAL_E_CERT_EXPIRED             a certificate has ended before at_unix_ms.
 * @retval AVAL_E_CERT_NOT_YET_VALID       a certificate begins after at_unix_ms.
 * @retval AVAL_E_CERT_USAGE               the leaf may not sign, or a CA may not sign certificates.
 * @retval AVAL_E_CERT_CA                  a certificate that issued another is not a CA.
 * @retval AVAL_E_CERT_PATH_LEN            more intermediates than a CA of the path allows.
 * @retval AVAL_E_CERT_ALGORITHM           a key or signature outside of the profile: weak, or not supported.
 * @retval AVAL_E_CERT_NAME_CONSTRAINTS    name constraints.
 * @retval AVAL_E_CERT_POLICY              policies that would have to be processed.
 * @retval AVAL_E_CERT_CRITICAL            another critical extension.
 * @retval AVAL_E_CERT_UNCONFIRMED         all holds, and mbedTLS, which verifies each path anew, does not find
 *                                         it good.
 * @retval AVAL_E_CERT_REVOKED             a certificate was revoked at or before at_unix_ms.
 * @retval AVAL_E_CRL_MISSING              AVAL_CRL_REQUIRED, and no CRL by the issuer of a certificate is
 *                                         there.
 * @retval AVAL_E_CRL_STALE                every CRL of the issuer is past its nextUpdate.
 * @retval AVAL_E_CRL_NOT_YET_VALID        no CRL is current, and one begins after at_unix_ms.
 * @retval AVAL_E_CRL_SIGNATURE            a CRL of the issuer is not signed by its key.
 * @retval AVAL_E_CRL_SIGNER               the only CRLs of the issuer say that a key signed them that is not on
 *                                         the path; or none is there, and the certificate says that somebody
 *                                         else issues them.
 * @retval AVAL_E_CRL_USAGE                the issuer may not sign CRLs.
 * @retval AVAL_E_CRL_ALGORITHM            a CRL is signed outside of the profile.
 * @retval AVAL_E_CRL_CRITICAL             a CRL is partial, indirect, a delta, or has another critical
 *                                         extension.
 * @retval AVAL_E_LIMIT                    too many certificates of one name: more than 1024 steps to try all
 *                                         paths.
 * @retval AVAL_E_NO_MEMORY                mbedTLS was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT         options are not filled in.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Safe from any thread; chain and trust may be shared.
 * @par Source     RFC 5280, section 6; docs/spec/identity.md#paths.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_verify(
	aval_chain_result        *result_out,
	const aval_chain         *chain,
	const aval_trust         *trust,
	const aval_chain_options *options,
	aval_error               *err);

/** Paths that were found valid, so that the next verification costs no operation with a public key. */
typedef struct aval_chain_cache aval_chain_cache;

/**
 * Make a cache.
 *
 * It remembers, by the bytes of chain and trust and by the mode, the span of time in which a path was found to
 * hold. Failures are not remembered. When it is full the oldest path goes.
 *
 * @param[in]  capacity  paths; 1 to 65536.
 *
 * @retval AVAL_OK                  *cache_out is empty.
 * @retval AVAL_E_NO_MEMORY         the allocator was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT  capacity is out of its range.
 *
 * @par Ownership  The caller frees the cache; the allocator is kept. Chains and trusts are not kept.
 * @par Threads    Safe from any thread if the allocator is.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_cache_new(
	aval_chain_cache    **cache_out,
	size_t                capacity,
	const aval_allocator *allocator,
	aval_error           *err);

/** As aval_chain_verify(), through a cache, which it needs exclusively. The party is checked each time. */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_cache_verify(
	aval_chain_result        *result_out,
	aval_chain_cache         *cache,
	const aval_chain         *chain,
	const aval_trust         *trust,
	const aval_chain_options *options,
	aval_error               *err);

/** Verifications that the cache answered, and those that it had to do. */
AVAL_API uint64_t aval_chain_cache_hits(const aval_chain_cache *cache);
AVAL_API uint64_t aval_chain_cache_misses(const aval_chain_cache *cache);

/** Free a cache; cache may be NULL. */
AVAL_API void aval_chain_cache_free(aval_chain_cache *cache);

/* ---- Endorsements: messages signed by a certificate's key ---- */

/** Algorithms of endorsements, by their COSE numbers. */
typedef enum aval_endorsement_alg {
	AVAL_ENDORSEMENT_ES256K = -47,  /**< ECDSA on secp256k1, SHA-256; 64 bytes */
	AVAL_ENDORSEMENT_ESP256 = -9,   /**< ECDSA on P-256, SHA-256; 64 bytes; -7 (ES256) is accepted for it */
	AVAL_ENDORSEMENT_ES384  = -35,  /**< ECDSA on P-384, SHA-384; 96 bytes */
	AVAL_ENDORSEMENT_PS256  = -37,  /**< RSA-PSS, SHA-256, salt of 32 bytes; as long as the modulus */
	AVAL_ENDORSEMENT_RS256  = -257  /**< RSA PKCS#1 v1.5, SHA-256; as long as the modulus */
} aval_endorsement_alg;

/** The algorithm that a leaf's key signs with by default (PS256 for RSA); 0 for one outside of the profile. */
AVAL_API aval_endorsement_alg aval_chain_endorsement_alg(const aval_chain *chain);

/**
 * Verify a message signed with the leaf's key.
 *
 * Low s is demanded on every curve. The chain itself is not verified.
 *
 * @param[in]  chain          a chain.
 * @param[in]  cose_alg       a COSE number, one of aval_endorsement_alg.
 * @param[in]  message        message_len bytes; hashed here.
 * @param[in]  signature      signature_len bytes; r || s, or RSA's.
 * @param[out] err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                    the leaf's key signed the message.
 * @retval AVAL_E_COSE_ALGORITHM      cose_alg is none of the table, or not the key's.
 * @retval AVAL_E_CERT_ALGORITHM      the leaf's key is outside of the profile.
 * @retval AVAL_E_SIGNATURE_LENGTH    signature_len is not the algorithm's.
 * @retval AVAL_E_SIGNATURE_HIGH_S    s is above half the order.
 * @retval AVAL_E_SIGNATURE_INVALID   the signature does not verify.
 * @retval AVAL_E_KEY_POINT           the leaf's key is no point of its curve.
 * @retval AVAL_E_NO_MEMORY           mbedTLS was out of memory.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Pure function; safe from any thread.
 * @par Source     RFC 9053, section 2.1; RFC 8230; RFC 8812; RFC 9864; docs/spec/identity.md#endorsements.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_verify_signature(
	const aval_chain *chain,
	int64_t           cose_alg,
	const uint8_t    *message, size_t message_len,
	const uint8_t    *signature, size_t signature_len,
	aval_error       *err);

/**
 * The means to sign with a certificate's key: a file, an HSM, a remote signing service.
 *
 * sign() writes at most AVAL_ENDORSEMENT_MAX_LEN bytes and their number, and returns AVAL_OK; any other result
 * reaches the caller as the cause of AVAL_E_CALLBACK. digest is SHA-256 of message, SHA-384 for ES384. s may be
 * high.
 */
typedef struct aval_endorser {
	uint32_t             struct_size; /**< bytes; sizeof(aval_endorser) */
	aval_endorsement_alg alg;
	aval_status (*sign)(uint8_t       *signature_out, size_t *signature_len_out,
	                    const uint8_t *message, size_t message_len,
	                    const uint8_t *digest, size_t digest_len,
	                    void          *user_data);
	void *user_data;
} aval_endorser;

/**
 * Sign a message with the key of a chain's leaf.
 *
 * The endorser's result is not trusted: s is brought to its low form, and the signature is verified under the
 * leaf's key before it is given out.
 *
 * @param[out]    out        the signature; may be NULL to learn its length.
 * @param[in,out] len_inout  bytes; in: room at out; out: length, on AVAL_OK and AVAL_E_BUFFER_TOO_SMALL.
 * @param[in]     endorser   who signs; its algorithm is the key's.
 * @param[in]     chain      a chain whose leaf has that key.
 * @param[in]     message    message_len bytes.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                   *len_inout bytes were written; aval_chain_verify_signature() accepts them.
 * @retval AVAL_E_BUFFER_TOO_SMALL   out is NULL or too short; nothing was signed.
 * @retval AVAL_E_CALLBACK           sign() failed; its result is the cause.
 * @retval AVAL_E_COSE_ALGORITHM     the endorser's algorithm is not the key's.
 * @retval AVAL_E_CERT_ALGORITHM     the leaf's key is outside of the profile.
 * @retval AVAL_E_SIGNATURE_LENGTH   sign() gave a signature of another length.
 * @retval AVAL_E_SIGNATURE_INVALID  sign() gave something that the leaf's key does not verify.
 * @retval AVAL_E_KEY_POINT          the leaf's key is no point of its curve.
 * @retval AVAL_E_NO_MEMORY          mbedTLS was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT   endorser is not filled in.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    As sign() allows.
 * @par Source     docs/spec/identity.md#endorsements.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_chain_sign(
	uint8_t             *out, size_t *len_inout,
	const aval_endorser *endorser,
	const aval_chain    *chain,
	const uint8_t       *message, size_t message_len,
	aval_error          *err);

/** A secret key of a certificate, in memory; opaque, wiped and freed by aval_endorser_key_free(). */
typedef struct aval_endorser_key aval_endorser_key;

/**
 * Parse the key file of a certificate: PKCS#8 in PEM, unencrypted; RSA of 2048 to 4096 bits, P-384, P-256 or
 * secp256k1.
 *
 * The caller wipes pem.
 *
 * @param[out] key_out    the key; written on success.
 * @param[in]  pem        pem_len bytes; the whole file, nothing but the block.
 * @param[in]  pem_len    bytes; at most AVAL_SECRET_KEY_FILE_MAX.
 * @param[in]  entropy    blinds signatures and salts those of PS256.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  *key_out is the key of the file.
 * @retval AVAL_E_KEY_FORMAT        not PEM, or not the DER of a PKCS#8 key, or its numbers do not fit together.
 * @retval AVAL_E_KEY_ENCRYPTED     the key is encrypted.
 * @retval AVAL_E_UNSUPPORTED       another PEM block or another kind or size of key.
 * @retval AVAL_E_KEY_CURVE         another curve.
 * @retval AVAL_E_KEY_SCALAR        the secret number is zero or not below the order.
 * @retval AVAL_E_KEY_MISMATCH      the public key inside is another key's.
 * @retval AVAL_E_LIMIT             longer than AVAL_SECRET_KEY_FILE_MAX.
 * @retval AVAL_E_CALLBACK          entropy failed; its result is the cause.
 * @retval AVAL_E_NO_MEMORY         the allocator, or mbedTLS, was out of memory.
 * @retval AVAL_E_INVALID_ARGUMENT  entropy is not usable.
 *
 * @par Ownership  The caller frees the key; entropy and allocator are kept and must outlive it.
 * @par Threads    Safe from any thread if entropy and allocator are.
 * @par Source     RFC 5958; RFC 8017, appendix A.1.2; RFC 5915; RFC 7468.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_endorser_key_parse_pem(
	aval_endorser_key   **key_out,
	const char           *pem, size_t pem_len,
	const aval_entropy   *entropy,
	const aval_allocator *allocator,
	aval_error           *err);

/** Wipe and free a key; key may be NULL. */
AVAL_API void aval_endorser_key_free(aval_endorser_key *key);

/**
 * An endorser that uses a key in memory.
 *
 * @param[in] key  a key; borrowed, must outlive the endorser. One thread at a time may sign with it.
 * @param[in] alg  0 for the key's default (PS256 for RSA); AVAL_ENDORSEMENT_RS256 for PKCS#1 v1.5. Another
 *                 algorithm than one of the key's makes a signer that fails with AVAL_E_COSE_ALGORITHM.
 */
AVAL_API aval_endorser aval_endorser_from_key(aval_endorser_key *key, aval_endorsement_alg alg);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_CERTIFICATE_H */
