/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, read as RFC 5280, 4.1, has them, in its order. */
#include "identity/x509.h"

static const char where[] = "certificate";

static aval_status parse_version(aval_der *in)
{
	aval_der    content = *in;
	uint32_t    version = 0;
	aval_status status;

	if (!aval_der_next_is(in, DER_CONTEXT_0))
		return aval_der_fail(in, "certificate.version", "not a certificate of version 3");
	status = aval_der_take(in, DER_CONTEXT_0, &content, "certificate.version");
	if (status == AVAL_OK)
		status = aval_der_take_uint(&content, &version, "certificate.version");
	if (status == AVAL_OK && version != 2)
		return aval_der_fail(&content, "certificate.version", "not a certificate of version 3");
	return status == AVAL_OK ? aval_der_expect_end(&content, "certificate.version") : status;
}

static aval_status parse_validity(aval_x509 *c, aval_der *in)
{
	static const char here[] = "certificate.validity";
	aval_der          validity;
	aval_status       status = aval_der_take(in, DER_SEQUENCE, &validity, here);

	if (status == AVAL_OK)
		status = aval_der_take_time(&validity, &c->from_unix_ms, here);
	if (status == AVAL_OK)
		status = aval_der_take_time(&validity, &c->until_unix_ms, here);
	/* The second named by notAfter still counts. */
	c->until_unix_ms += 1000;
	return status == AVAL_OK ? aval_der_expect_end(&validity, here) : status;
}

/* Unique identifiers are not used, but old CAs wrote them. */
static aval_status skip_unique_id(aval_der *in, unsigned number)
{
	unsigned tag = DER_CONTEXT_PRIMITIVE_0 + number;

	return aval_der_next_is(in, tag) ? aval_der_take(in, tag, &(aval_der){ NULL, NULL, NULL }, where)
	                                 : AVAL_OK;
}

static aval_status parse_tail(aval_x509 *c, aval_der *in)
{
	aval_der    extensions;
	aval_status status = skip_unique_id(in, 1);

	if (status == AVAL_OK)
		status = skip_unique_id(in, 2);
	if (status != AVAL_OK || aval_der_is_empty(in))
		return status;
	status = aval_der_take(in, DER_CONTEXT_0 + 3, &extensions, "certificate.extensions");
	if (status == AVAL_OK)
		status = aval_x509_parse_extensions(c, &extensions);
	return status == AVAL_OK ? aval_der_expect_end(in, where) : status;
}

static aval_status parse_tbs(aval_x509 *c, aval_der *in)
{
	aval_status status = parse_version(in);

	if (status == AVAL_OK)
		status = aval_der_take_integer(in, &c->serial, "certificate.serial");
	if (status == AVAL_OK)
		status = aval_x509_take_algorithm(in, &c->signature, "certificate.signature");
	if (status == AVAL_OK)
		status = aval_x509_take_name(in, &c->issuer, "certificate.issuer");
	if (status == AVAL_OK)
		status = parse_validity(c, in);
	if (status == AVAL_OK)
		status = aval_x509_take_name(in, &c->subject, "certificate.subject");
	if (status == AVAL_OK)
		status = aval_x509_take_key(in, &c->key, "certificate.key");
	return status == AVAL_OK ? parse_tail(c, in) : status;
}

static aval_status parse(aval_x509 *c, aval_der *in)
{
	aval_der    certificate = *in, copy, tbs;
	aval_status status = aval_der_take(in, DER_SEQUENCE, &certificate, where);

	if (status == AVAL_OK)
		status = aval_der_expect_end(in, where);
	if (status != AVAL_OK)
		return status;
	copy = certificate;
	status = aval_der_take_whole(&certificate, DER_SEQUENCE, &c->tbs, where);
	if (status == AVAL_OK)
		status = aval_der_take(&copy, DER_SEQUENCE, &tbs, where);
	if (status == AVAL_OK)
		status = parse_tbs(c, &tbs);
	return status == AVAL_OK
	               ? aval_x509_take_signature(&certificate, &c->signature, "certificate.signature")
	               : status;
}

aval_status aval_x509_parse(aval_x509 *certificate_out, aval_bytes der, aval_error *err)
{
	aval_der_input input = { der.data, AVAL_E_CERT_FORMAT, err };
	aval_der       in = aval_der_open(&input, der);
	aval_x509      c = { .path_len = AVAL_X509_NO_PATH_LEN };
	aval_status    status;

	if (der.len > AVAL_CERTIFICATE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, where, "longer than AVAL_CERTIFICATE_MAX_LEN");
	c.der = der;
	status = parse(&c, &in);
	if (status != AVAL_OK)
		return status;
	aval_sha256(c.hash32, der.data, der.len);
	*certificate_out = c;
	return AVAL_OK;
}
