/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_X509_H
#define AVAL_LIB_X509_H

/*
 * Certificates and CRLs as views into their DER (RFC 5280). Parsing judges the form alone; what is outside of
 * the profile is noted, and refused where a path would use it.
 */

#include <aval/certificate.h>

#include "base/base.h"
#include "crypto/pk.h"
#include "identity/der.h"

/* A signature with its algorithm; digest_len 0: not of the profile. */
typedef struct aval_x509_signature {
	bool            is_ecdsa;
	aval_pk_padding padding;
	size_t          digest_len, salt_len;
	aval_bytes      algorithm; /* the whole AlgorithmIdentifier */
	aval_bytes      value;
} aval_x509_signature;

/* Why something may not be used: AVAL_OK, or the first reason found. */
typedef struct aval_x509_problem {
	aval_status status;
	const char *reason;
} aval_x509_problem;

enum {
	AVAL_X509_DIGITAL_SIGNATURE = 1 << 0,
	AVAL_X509_CONTENT_COMMITMENT = 1 << 1,
	AVAL_X509_CERT_SIGN = 1 << 5,
	AVAL_X509_CRL_SIGN = 1 << 6,
};

#define AVAL_X509_NO_PATH_LEN UINT32_MAX

typedef struct aval_x509 {
	aval_bytes          der, tbs;
	aval_bytes          serial;
	aval_bytes          issuer, subject;             /* whole Names */
	int64_t             from_unix_ms, until_unix_ms; /* [from, until) */
	aval_pk             key;
	aval_x509_signature signature;
	aval_x509_problem   problem;
	bool                is_ca, has_key_usage, has_extended_usage, may_sign_extended;
	unsigned            key_usage;
	uint32_t            path_len;
	aval_bytes          subject_key_id, authority_key_id; /* hints; (NULL, 0) if absent */
	bool                has_crl_issuer; /* its CRLs come from somebody else */
	bool                has_lei;
	aval_bytes          lei; /* content of the extension */
	uint8_t             hash32[32];
} aval_x509;

/* AVAL_E_CERT_FORMAT, AVAL_E_LIMIT. der must outlive the certificate. */
aval_status aval_x509_parse(aval_x509 *certificate_out, aval_bytes der, aval_error *err);

/* The fields behind the key; x509_extension.c. */
aval_status aval_x509_parse_extensions(aval_x509 *certificate, aval_der *in);

/* Take an AlgorithmIdentifier and the key of a SubjectPublicKeyInfo; x509_algorithm.c. */
aval_status aval_x509_take_algorithm(aval_der *in, aval_x509_signature *signature, const char *where);
aval_status aval_x509_take_key(aval_der *in, aval_pk *key_out, const char *where);

/* Check the outer signature's fields against the inner algorithm. */
aval_status aval_x509_take_signature(aval_der *in, aval_x509_signature *signature, const char *where);

/*
 * Verify a signature over bytes: AVAL_OK, AVAL_E_SIGNATURE_INVALID, AVAL_E_COSE_ALGORITHM (not of the profile,
 * or not the key's), AVAL_E_NO_MEMORY.
 */
aval_status aval_x509_verify(const aval_x509_signature *signature, aval_bytes signed_bytes, const aval_pk *key);

/* Whether a key is of the profile. */
bool aval_x509_key_is_good(const aval_pk *key);

/* Bits of a number without leading zero bytes. */
unsigned aval_x509_bits_of(aval_bytes n);

/* Names (RFC 5280, 7.1): equal but for the case of ASCII letters and for white space. x509_name.c. */
aval_status aval_x509_take_name(aval_der *in, aval_bytes *name_out, const char *where);
bool        aval_x509_name_equal(aval_bytes a, aval_bytes b);
bool        aval_x509_name_is_empty(aval_bytes name);

/* The attributes of a checked Name in order. */
typedef struct aval_x509_attribute {
	aval_bytes type; /* content of the OID */
	unsigned   tag;
	aval_bytes value;
} aval_x509_attribute;

typedef struct aval_x509_name_cursor {
	aval_der names, set;
} aval_x509_name_cursor;

void aval_x509_name_open(aval_x509_name_cursor *cursor, aval_bytes name);
bool aval_x509_name_next(aval_x509_name_cursor *cursor, aval_x509_attribute *attribute_out);

/* The first attribute of a type that is text in UTF-8; (NULL, 0) if there is none. */
aval_text aval_x509_name_text(aval_bytes name, aval_bytes type);
aval_text aval_x509_attribute_text(const aval_x509_attribute *attribute);

extern const aval_bytes aval_oid_common_name, aval_oid_organization, aval_oid_organization_id;

/* CRLs. x509_crl.c. */
typedef struct aval_x509_crl {
	aval_bytes          der, tbs, issuer;
	int64_t             from_unix_ms, until_unix_ms; /* [thisUpdate, nextUpdate) */
	aval_bytes          revoked;                     /* the entries, one after the other */
	aval_x509_signature signature;
	aval_x509_problem   problem;
	aval_bytes          authority_key_id;
	uint8_t             hash32[32];
} aval_x509_crl;

/* AVAL_E_CRL_FORMAT, AVAL_E_LIMIT. */
aval_status aval_x509_crl_parse(aval_x509_crl *crl_out, aval_bytes der, aval_error *err);

/* Whether a serial is listed, and from when on it counts as revoked. */
bool aval_x509_crl_find(int64_t *revoked_unix_ms_out, const aval_x509_crl *crl, aval_bytes serial);

/* The extensions that certificates and CRLs share the reading of: [n] EXPLICIT SEQUENCE OF Extension. */
typedef struct aval_x509_extension {
	aval_bytes oid;
	bool       is_critical;
	aval_der   value; /* within the OCTET STRING */
} aval_x509_extension;

aval_status aval_x509_take_extension(aval_der *in, aval_x509_extension *extension_out, const char *where);

enum { AVAL_X509_MAX_EXTENSIONS = 64 };

/* All of them: read is called for each; two of one kind are refused, and more than the maximum (AVAL_E_LIMIT).
 */
aval_status aval_x509_read_extensions(aval_der *in, const char *where,
                                      aval_status (*read)(void *object, const aval_x509_extension *extension),
                                      void *object);

/* keyIdentifier of an AuthorityKeyIdentifier. */
aval_status aval_x509_read_authority_key_id(aval_bytes *id_out, const aval_x509_extension *extension);

static inline void aval_x509_note(aval_x509_problem *problem, aval_status status, const char *reason)
{
	if (problem->status == AVAL_OK)
		*problem = (aval_x509_problem){ status, reason };
}

#endif /* AVAL_LIB_X509_H */
