/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_COSE_H
#define AVAL_LIB_COSE_H

/*
 * COSE (RFC 9052) as Aval uses it, docs/spec/cose.md: COSE_Sign over deterministic CBOR with signatures bound
 * to a role, and the reading of COSE_Sign1 of other makers. Objects are views into the caller's bytes, which
 * must outlive them; nothing here allocates but what signs.
 */

#include "base/base.h"
#include "cbor/cbor.h"
#include "crypto/crypto.h"
#include "hash/hash.h"

#define AVAL_COSE_MAX_SIGNATURES 4096 /* of one COSE_Sign */
#define AVAL_COSE_TYP_MAX_LEN    127  /* bytes of a typ */
#define AVAL_COSE_HEADER_MAX_LEN 256  /* bytes of a signature's protected header, more than it can have */

/* Numbers of batch signatures, by the algorithm that signs the root. */
enum { AVAL_COSE_BATCH_ES256K = -65538, AVAL_COSE_BATCH_ESP256 = -65539, AVAL_COSE_BATCH_SCHNORR = -65540 };

#define AVAL_BATCH_MAX_PATH 20 /* hashes; log2 of AVAL_BATCH_MAX_SIZE */

/* CBOR tags. */
enum { AVAL_COSE_SIGN1_TAG = 18, AVAL_COSE_SIGN_TAG = 98 };

/* Header labels. */
enum { AVAL_COSE_ALG = 1, AVAL_COSE_CRIT = 2, AVAL_COSE_KID = 4, AVAL_COSE_TYP = 16, AVAL_COSE_X5T = 34 };

/* Algorithms of certificates' keys alone, and of their thumbprints. */
enum { AVAL_COSE_ES384 = -35, AVAL_COSE_PS256 = -37, AVAL_COSE_RS256 = -257, AVAL_COSE_SHA256 = -16 };

#define AVAL_COSE_ONE_MAX_SIGNATURE_LEN 1024 /* bytes of a signature by a certificate's key */

/* Who signs as what: an element of an event's signers. The event's format names the roles, from 1. */
typedef struct aval_cose_signer {
	uint64_t  role;
	aval_text party;
} aval_cose_signer;

/* What is signed: the body of a COSE_Sign. */
typedef struct aval_cose_body {
	aval_bytes header; /* protected header, encoded: {16: typ} */
	aval_bytes payload;
} aval_cose_body;

/* A COSE_Sign that keeps every rule; its signatures are not verified. */
typedef struct aval_cose_sign {
	aval_cose_body body;
	aval_text      typ;
	aval_bytes     signatures; /* the COSE_Signatures, one behind the other */
	size_t         signature_count;
	size_t         signatures_offset; /* of them in the envelope */
} aval_cose_sign;

/* Where an event stands in a batch that was signed as one. */
typedef struct aval_cose_batch {
	uint64_t       size, index;
	const uint8_t *path; /* hashes, AVAL_CBOR_HASH_STEP bytes from one to the next */
	size_t         path_count;
} aval_cose_batch;

/* One signature of a COSE_Sign. */
typedef struct aval_cose_signature {
	aval_bytes            header; /* protected header, encoded: {1: alg, 4: kid, "signer": [role, party]} */
	const aval_algorithm *algorithm; /* of the key, also where the batch was signed */
	bool                  is_batch;
	aval_cose_batch       batch;
	const uint8_t        *kid32; /* thumbprint of the key */
	aval_cose_signer      signer;
	aval_bytes            signature; /* as it stands: 64 bytes, or those of a batch signature */
	const uint8_t        *sig64;     /* of the curve operation */
	size_t                offset;    /* of the COSE_Signature in the envelope */
} aval_cose_signature;

/*
 * Parse an envelope: tag 98, deterministic, unprotected headers empty, the body's header exactly {16: typ}, at
 * least one signature, signatures strictly ascending by the bytes of their headers, no key twice for a role and
 * party.
 *
 *   AVAL_E_CBOR_…            not deterministic CBOR, or not a COSE_Sign
 *   AVAL_E_COSE_HEADER       a header that must not be there, or is missing
 *   AVAL_E_COSE_TYP          another typ
 *   AVAL_E_COSE_ALGORITHM    a signature's alg is none of this library's
 *   AVAL_E_COSE_ORDER        signatures out of order, or twice
 *   AVAL_E_SIGNATURE_LENGTH  a signature of another length than its algorithm's
 *   AVAL_E_BATCH_FORMAT      a batch signature that is not [size, index, path, signature]
 *   AVAL_E_PROOF_INDEX, AVAL_E_PROOF_LENGTH  one whose place is not in the batch, or needs another path
 *   AVAL_E_PARTY_FORMAT      a signer's party is longer than AVAL_PARTY_MAX_LEN, or empty
 *   AVAL_E_LIMIT             more than AVAL_COSE_MAX_SIGNATURES
 */
aval_status aval_cose_sign_parse(aval_cose_sign *sign_out, const uint8_t *data, size_t len, const char *typ,
                                 aval_error *err);

/* The signatures in their order; start from AVAL_COSE_CURSOR_INIT. False behind the last one. */
typedef struct aval_cose_cursor {
	size_t offset; /* into signatures */
} aval_cose_cursor;

#define AVAL_COSE_CURSOR_INIT { 0 }

bool aval_cose_sign_next(aval_cose_cursor *cursor, aval_cose_signature *signature_out,
                         const aval_cose_sign *sign);

/* The algorithm of an alg in a signature's header, the base one of a batch signature; NULL: none. */
const aval_algorithm *aval_cose_algorithm_find(bool *is_batch_out, int64_t alg);
int64_t               aval_cose_batch_number(const aval_algorithm *algorithm);

/* Read what a signature string says of a batch; what is wrong with it fails the reader of the envelope. */
void aval_cose_parse_batch(aval_cbor_reader *outer, aval_cose_signature *signature);

/* ["Aval batch v1", size, root], which is what is signed; and the string that stands in an envelope. */
void aval_cose_write_batch_message(aval_cbor_writer *w, uint64_t size, const uint8_t root32[32]);
void aval_cose_write_batch_signature(aval_cbor_writer *w, uint64_t size, uint64_t index, const uint8_t *path,
                                     size_t path_count, const uint8_t sig64[64]);

/* The leaf of a body and a signature's header. */
void aval_cose_batch_leaf(uint8_t leaf32_out[32], const aval_cose_body *body, aval_bytes header);

/*
 * The way of the last event to its root. The next one of the same batch goes up until it meets it, where the rest of
 * its path is the same too: neighbours do after some hashes. All zero before the first.
 */
typedef struct aval_cose_batch_way {
	bool     is_filled;
	uint64_t size, index;
	size_t   path_count;
	uint8_t  nodes[AVAL_BATCH_MAX_PATH + 1][32]; /* from the leaf to the root */
	uint8_t  path[AVAL_BATCH_MAX_PATH][32];
} aval_cose_batch_way;

/* The root to which a body and its signature lead, and the digest of size and root that its key has signed. */
aval_status aval_cose_batch_root(uint8_t root32_out[32], aval_cose_batch_way *way, const aval_cose_body *body,
                                 const aval_cose_signature *signature, aval_error *err);
void        aval_cose_batch_digest(uint8_t digest32_out[32], const aval_algorithm *algorithm, uint64_t size,
                                   const uint8_t root32[32]);

/* Whether a key is the one that a signature names, of its algorithm: AVAL_E_KEY_THUMBPRINT, AVAL_E_COSE_ALGORITHM. */
aval_status aval_cose_check_key(const aval_cose_signature *signature, const aval_public_key *key, aval_error *err);

/*
 * What one signature of a body comes down to: sig64 by the key over a digest, for aval_verify_digest(). All that
 * binds it to its place is in the digest. AVAL_E_KEY_THUMBPRINT, AVAL_E_COSE_ALGORITHM as below.
 */
aval_status aval_cose_digest(uint8_t digest32_out[32], const aval_cose_body *body,
                             const aval_cose_signature *signature, const aval_public_key *key, aval_error *err);

/*
 * Verify one signature of a body with the key that its kid names.
 *
 *   AVAL_E_KEY_THUMBPRINT     the key is not the one named by kid
 *   AVAL_E_COSE_ALGORITHM     the key is for another algorithm
 *   AVAL_E_SIGNATURE_HIGH_S   s is above half the order
 *   AVAL_E_SIGNATURE_INVALID  it is no signature of this body, by this role, party and key; so is a path that
 *                             leads to another root than the one that was signed
 *   AVAL_E_NO_MEMORY          mbedTLS was out of memory
 */
aval_status aval_cose_verify(const aval_cose_body *body, const aval_cose_signature *signature,
                             const aval_public_key *key, aval_error *err);

/* Signatures by a role and party: a party of m-of-n keys has several. */
size_t aval_cose_sign_count(const aval_cose_sign *sign, const aval_cose_signer *signer);

/* AVAL_E_SIGNER_UNEXPECTED where a signature is by none of the signers expected. */
aval_status aval_cose_sign_check_expected(const aval_cose_sign *sign, const aval_cose_signer *expected,
                                          size_t count, aval_error *err);

/* The first of the signers expected, from *index_inout on, that has not signed; false if there is none. */
bool aval_cose_sign_missing(size_t *index_inout, const aval_cose_sign *sign, const aval_cose_signer *expected,
                            size_t count);

/* Write the body's protected header {16: typ}. */
void aval_cose_write_body_header(aval_cbor_writer *w, const char *typ);

/* Write a signature's protected header; of one in a batch where is_batch. */
void aval_cose_write_signature_header(aval_cbor_writer *w, const aval_public_key *key, bool is_batch,
                                      const aval_cose_signer *signer);

/* A writer that hashes what it writes, into the digest of an algorithm. */
void aval_cose_hasher_init(aval_cbor_writer *w, aval_sha256_ctx *ctx, const aval_algorithm *algorithm);

/* Write what is signed: ["Signature", body header, signature header, h'', payload]. */
void aval_cose_write_sig_structure(aval_cbor_writer *w, const aval_cose_body *body,
                                   aval_bytes signature_header);

/*
 * Build an envelope anew with one signature more, which finds its place; sign is NULL where it is the first.
 * header is its protected header, as aval_cose_write_signature_header() writes it, signature what stands behind
 * it; only its length matters where out is NULL. AVAL_E_COSE_ORDER if a
 * signature with that header is there, AVAL_E_LIMIT past AVAL_COSE_MAX_SIGNATURES. out is written on success
 * only and must not overlap the old envelope; where it is NULL or short the need is stored:
 * AVAL_E_BUFFER_TOO_SMALL.
 */
aval_status aval_cose_sign_insert(uint8_t *out, size_t *len_inout, const aval_cose_body *body,
                                  const aval_cose_sign *sign, aval_bytes header, aval_bytes signature,
                                  aval_error *err);

/* Order of signatures: by the bytes of their headers. */
int aval_cose_header_compare(aval_bytes a, aval_bytes b);

/* Whether two headers differ in alg at most. */
bool aval_cose_header_same_signer(aval_bytes a, aval_bytes b);

/* Whether no two headers are of the same signer; else the offset of the second such signature. */
bool aval_cose_sign_is_unique(size_t *offset_out, const aval_cose_sign *sign);

/*
 * Sign a body and build the envelope with this one signature; and sign the body of an envelope and build it
 * anew with one signature more. The new signature finds its place, whatever the order of signing was. Without
 * room (AVAL_E_BUFFER_TOO_SMALL, as above) the signer is not asked.
 *
 * The Sig_structure is put together in memory of the allocator, since signers want it whole. out must not
 * overlap the envelope.
 *
 *   AVAL_E_COSE_ORDER    this role, party and key signed already
 *   AVAL_E_PARTY_FORMAT  the party is empty or longer than AVAL_PARTY_MAX_LEN; its form is the event's matter
 *   AVAL_E_NO_MEMORY, AVAL_E_LIMIT, and what aval_signer_sign() returns
 */
aval_status aval_cose_sign_new(uint8_t *out, size_t *len_inout, const char *typ, aval_bytes payload,
                               const aval_cose_signer *as, const aval_signer *signer,
                               const aval_allocator *allocator, aval_error *err);
aval_status aval_cose_sign_add(uint8_t *out, size_t *len_inout, const aval_cose_sign *sign,
                               const aval_cose_signer *as, const aval_signer *signer,
                               const aval_allocator *allocator, aval_error *err);

/* A COSE_Sign1 of another maker (a COSE Receipt): tag 18, not necessarily deterministic. */
typedef struct aval_cose_sign1 {
	aval_bytes header;      /* protected header, encoded; a map */
	aval_bytes unprotected; /* encoded; a map */
	bool       is_detached;
	aval_bytes payload; /* empty if detached */
	int64_t    alg;     /* of the protected header */
	aval_bytes signature;
} aval_cose_sign1;

/*
 * Parse a COSE_Sign1. Both headers are maps without duplicate labels, and share none; alg stands in the
 * protected one. crit is refused: AVAL_E_UNSUPPORTED. Other statuses: AVAL_E_CBOR_…, AVAL_E_COSE_HEADER.
 */
aval_status aval_cose_sign1_parse(aval_cose_sign1 *sign1_out, const uint8_t *data, size_t len, aval_error *err);

/* The encoded value under an integer label of a header map that was parsed; false if it is not there. */
bool aval_cose_header_find(aval_bytes *item_out, aval_bytes map, int64_t label);

/*
 * Verify a COSE_Sign1 over its own or, if it is detached, over the given payload. Other makers' signatures may
 * have a high s. A payload beside one that is not detached is AVAL_E_INVALID_ARGUMENT; give (NULL, 0) then.
 * Statuses as aval_cose_verify(), kid aside: which key it is, is the caller's to know.
 */
aval_status aval_cose_sign1_verify(const aval_cose_sign1 *sign1, aval_bytes detached_payload,
                                   const aval_public_key *key, aval_error *err);

/*
 * A statement with one signature, in its one form: a COSE_Sign1 of this library. Its header says who signed, a key in
 * full or the SHA-256 of a certificate: {1: alg, 16: typ, "key": COSE_Key} or {1: alg, 16: typ, 34: [-16, hash]}.
 */
typedef struct aval_cose_one {
	aval_cose_body  body; /* header and payload */
	int64_t         alg;
	const uint8_t  *certificate32; /* NULL where a key signed */
	aval_public_key key;
	aval_bytes      signature;
	size_t          signature_offset; /* in the envelope */
} aval_cose_one;

/*
 * Parse a statement: tag 18, deterministic, nothing unprotected, exactly those headers.
 *
 *   AVAL_E_CBOR_…            not deterministic CBOR, or not a COSE_Sign1
 *   AVAL_E_COSE_HEADER       a header that must not be there, or is missing
 *   AVAL_E_COSE_TYP          another typ
 *   AVAL_E_COSE_ALGORITHM    an alg that is not the key's, or not one of certificates; ESP256 under the number -7
 *   AVAL_E_SIGNATURE_LENGTH  a signature of a length that its algorithm does not have
 *   AVAL_E_KEY_…, AVAL_E_NO_MEMORY  as aval_public_key_parse()
 */
aval_status aval_cose_one_parse(aval_cose_one *one_out, const uint8_t *data, size_t len, const char *typ,
                                aval_error *err);

/* What the signature of a key's statement covers. */
void aval_cose_one_digest(uint8_t digest32_out[32], const aval_cose_one *one);

/* Verify a statement by the key that it names, as aval_cose_verify() does. */
aval_status aval_cose_one_verify(const aval_cose_one *one, aval_error *err);

/* Write what is signed: ["Signature1", header, h'', payload]. */
void aval_cose_write_one_structure(aval_cbor_writer *w, const aval_cose_body *body);

/* Write the protected header of a statement of a key, and of a certificate. */
aval_status aval_cose_write_one_header(aval_cbor_writer *w, const char *typ, const aval_public_key *key,
                                       aval_error *err);
void aval_cose_write_certified_header(aval_cbor_writer *w, const char *typ, int64_t alg,
                                      const uint8_t certificate32[32]);

/* Put a statement together; where it does not fit, or out is NULL, AVAL_E_BUFFER_TOO_SMALL and the need. */
aval_status aval_cose_one_write(uint8_t *out, size_t *len_inout, const aval_cose_body *body, aval_bytes signature,
                                aval_error *err);

/*
 * Sign a payload and write the statement. Without room the signer is not asked. Statuses as aval_cose_sign_new().
 */
aval_status aval_cose_one_sign(uint8_t *out, size_t *len_inout, const char *typ, aval_bytes payload,
                               const aval_signer *signer, const aval_allocator *allocator, aval_error *err);

#endif /* AVAL_LIB_COSE_H */
