/* SPDX-License-Identifier: Apache-2.0 */
/* Extensions (RFC 5280, 4.2): one row each; what has no row is refused where it is critical. */
#include "identity/x509.h"

aval_status aval_x509_take_extension(aval_der *in, aval_x509_extension *out, const char *where)
{
	aval_x509_extension e = { { NULL, 0 }, false, *in };
	aval_der            sequence;
	aval_status         status = aval_der_take(in, DER_SEQUENCE, &sequence, where);

	if (status == AVAL_OK)
		status = aval_der_take_bytes(&sequence, DER_OID, &e.oid, where);
	if (status == AVAL_OK && aval_der_next_is(&sequence, DER_BOOLEAN))
		status = aval_der_take_boolean(&sequence, &e.is_critical, where);
	if (status == AVAL_OK)
		status = aval_der_take(&sequence, DER_OCTET_STRING, &e.value, where);
	if (status == AVAL_OK)
		status = aval_der_expect_end(&sequence, where);
	if (status == AVAL_OK)
		*out = e;
	return status;
}

static bool is_among(aval_bytes oid, const aval_bytes *seen, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (aval_bytes_equal(oid, seen[i]))
			return true;
	return false;
}

aval_status aval_x509_read_extensions(aval_der *in, const char *where,
                                      aval_status (*read)(void *object, const aval_x509_extension *extension),
                                      void *object)
{
	aval_bytes  seen[AVAL_X509_MAX_EXTENSIONS];
	size_t      count = 0;
	aval_der    list;
	aval_status status = aval_der_take(in, DER_SEQUENCE, &list, where);

	if (status == AVAL_OK && aval_der_is_empty(&list))
		return aval_der_fail(&list, where, "no extension where there should be one");
	while (status == AVAL_OK && !aval_der_is_empty(&list)) {
		aval_x509_extension e;
		aval_der            before = list;

		status = aval_x509_take_extension(&list, &e, where);
		if (status != AVAL_OK)
			return status;
		if (count == AVAL_X509_MAX_EXTENSIONS)
			return aval_fail(in->input->err, AVAL_E_LIMIT, where, "more than 64 extensions");
		if (is_among(e.oid, seen, count))
			return aval_der_fail(&before, where, "two extensions of one kind");
		seen[count++] = e.oid;
		status = read(object, &e);
	}
	return status == AVAL_OK ? aval_der_expect_end(in, where) : status;
}

static const char where[] = "certificate.extensions";

static aval_status read_basic_constraints(aval_x509 *c, aval_der in)
{
	aval_der    sequence;
	aval_status status = aval_der_take(&in, DER_SEQUENCE, &sequence, where);

	if (status == AVAL_OK && aval_der_next_is(&sequence, DER_BOOLEAN))
		status = aval_der_take_boolean(&sequence, &c->is_ca, where);
	if (status == AVAL_OK && aval_der_next_is(&sequence, DER_INTEGER)) {
		status = aval_der_take_uint(&sequence, &c->path_len, where);
		/* Longer than any path here. */
		if (status == AVAL_OK && c->path_len > AVAL_CHAIN_MAX_COUNT)
			c->path_len = AVAL_X509_NO_PATH_LEN;
	}
	if (status == AVAL_OK)
		status = aval_der_expect_end(&sequence, where);
	return status == AVAL_OK ? aval_der_expect_end(&in, where) : status;
}

static aval_status read_key_usage(aval_x509 *c, aval_der in)
{
	aval_bytes  bits = { NULL, 0 };
	unsigned    unused;
	aval_status status = aval_der_take_bits(&in, &bits, &unused, where);

	if (status != AVAL_OK)
		return status;
	c->has_key_usage = true;
	/* Bit n of the string is mask 1 << n. */
	for (unsigned i = 0; i < 8 && bits.len != 0; i++)
		c->key_usage |= ((unsigned)bits.data[0] >> (7 - i) & 1) << i;
	return aval_der_expect_end(&in, where);
}

static aval_status read_subject_key_id(aval_x509 *c, aval_der in)
{
	aval_status status = aval_der_take_bytes(&in, DER_OCTET_STRING, &c->subject_key_id, where);

	return status == AVAL_OK ? aval_der_expect_end(&in, where) : status;
}

aval_status aval_x509_read_authority_key_id(aval_bytes *id_out, const aval_x509_extension *extension)
{
	aval_der    in = extension->value, sequence;
	aval_bytes  id;
	aval_status status = aval_der_take(&in, DER_SEQUENCE, &sequence, where);

	if (status == AVAL_OK)
		status = aval_der_expect_end(&in, where);
	if (status != AVAL_OK || !aval_der_next_is(&sequence, DER_CONTEXT_PRIMITIVE_0))
		return status;
	status = aval_der_take_bytes(&sequence, DER_CONTEXT_PRIMITIVE_0, &id, where);
	if (status == AVAL_OK)
		*id_out = id;
	return status;
}

static aval_status read_authority_key_id(aval_x509 *c, aval_der in)
{
	aval_x509_extension e = { { NULL, 0 }, false, in };

	return aval_x509_read_authority_key_id(&c->authority_key_id, &e);
}

/* Purposes for which a key may sign a statement of its holder. */
static const struct {
	uint8_t len, oid[10];
} signing_purposes[] = {
	{ 4, { 0x55, 0x1d, 0x25, 0x00 } },                                      /* anyExtendedKeyUsage */
	{ 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02 } },              /* clientAuth */
	{ 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04 } },              /* emailProtection */
	{ 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24 } },              /* documentSigning, RFC 9336 */
	{ 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 0x01, 0x01, 0x05 } },        /* Adobe: authentic documents */
	{ 10, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x03, 0x0c } }, /* Microsoft: documents */
};

static bool is_signing_purpose(aval_bytes oid)
{
	for (size_t i = 0; i < sizeof signing_purposes / sizeof signing_purposes[0]; i++)
		if (oid.len == signing_purposes[i].len &&
		    memcmp(oid.data, signing_purposes[i].oid, oid.len) == 0)
			return true;
	return false;
}

static aval_status read_extended_key_usage(aval_x509 *c, aval_der in)
{
	aval_bytes  oid;
	aval_der    sequence;
	aval_status status = aval_der_take(&in, DER_SEQUENCE, &sequence, where);

	c->has_extended_usage = true;
	while (status == AVAL_OK && !aval_der_is_empty(&sequence)) {
		status = aval_der_take_bytes(&sequence, DER_OID, &oid, where);
		if (status == AVAL_OK && is_signing_purpose(oid))
			c->may_sign_extended = true;
	}
	return status == AVAL_OK ? aval_der_expect_end(&in, where) : status;
}

/* DistributionPoints: only whether one has a cRLIssuer, [2]. */
static aval_status read_distribution_points(aval_x509 *c, aval_der in)
{
	aval_der    list, point;
	unsigned    tag;
	aval_status status = aval_der_take(&in, DER_SEQUENCE, &list, where);

	while (status == AVAL_OK && !aval_der_is_empty(&list)) {
		status = aval_der_take(&list, DER_SEQUENCE, &point, where);
		while (status == AVAL_OK && !aval_der_is_empty(&point)) {
			status = aval_der_take_any(&point, &tag, NULL, NULL, where);
			if (status == AVAL_OK && tag == DER_CONTEXT_0 + 2)
				c->has_crl_issuer = true;
		}
	}
	return status == AVAL_OK ? aval_der_expect_end(&in, where) : status;
}

static aval_status note_critical_points(aval_x509 *c, aval_der in)
{
	aval_x509_note(&c->problem, AVAL_E_CERT_CRITICAL, "distribution points that must be used are not");
	return read_distribution_points(c, in);
}

static aval_status read_lei(aval_x509 *c, aval_der in)
{
	c->has_lei = true;
	c->lei = aval_der_rest(&in);
	return AVAL_OK;
}

/* ISO 17442-2: neither the LEI nor the role is ever critical. */
static aval_status note_critical_lei(aval_x509 *c, aval_der in)
{
	aval_x509_note(&c->problem, AVAL_E_CERT_CRITICAL, "an LEI or a role that is critical");
	return read_lei(c, in);
}

static aval_status note_critical_role(aval_x509 *c, aval_der in)
{
	(void)in;
	aval_x509_note(&c->problem, AVAL_E_CERT_CRITICAL, "an LEI or a role that is critical");
	return AVAL_OK;
}

static aval_status ignore(aval_x509 *c, aval_der in)
{
	(void)c;
	(void)in;
	return AVAL_OK;
}

static aval_status note_name_constraints(aval_x509 *c, aval_der in)
{
	(void)in;
	aval_x509_note(&c->problem, AVAL_E_CERT_NAME_CONSTRAINTS, "name constraints are not evaluated");
	return AVAL_OK;
}

static aval_status note_policy(aval_x509 *c, aval_der in)
{
	(void)in;
	aval_x509_note(&c->problem, AVAL_E_CERT_POLICY,
	               "mappings of and constraints on policies are not evaluated");
	return AVAL_OK;
}

static aval_status note_critical_policies(aval_x509 *c, aval_der in)
{
	(void)in;
	aval_x509_note(&c->problem, AVAL_E_CERT_POLICY, "policies that must be processed are not");
	return AVAL_OK;
}

/* A row for each extension that is known: how it is read, and how where it is critical, if that differs. */
static const struct {
	uint8_t len, oid[9];
	aval_status (*read)(aval_x509 *c, aval_der in);
	aval_status (*read_critical)(aval_x509 *c, aval_der in);
} known[] = {
	{ 3, { 0x55, 0x1d, 0x0e }, read_subject_key_id, read_subject_key_id },
	{ 3, { 0x55, 0x1d, 0x0f }, read_key_usage, read_key_usage },
	{ 3, { 0x55, 0x1d, 0x11 }, ignore, ignore }, /* subjectAltName: the party stands elsewhere */
	{ 3, { 0x55, 0x1d, 0x13 }, read_basic_constraints, read_basic_constraints },
	{ 3, { 0x55, 0x1d, 0x1e }, note_name_constraints, note_name_constraints },
	{ 3, { 0x55, 0x1d, 0x1f }, read_distribution_points, note_critical_points },
	{ 3, { 0x55, 0x1d, 0x20 }, ignore, note_critical_policies },
	{ 3, { 0x55, 0x1d, 0x21 }, note_policy, note_policy }, /* policyMappings */
	{ 3, { 0x55, 0x1d, 0x23 }, read_authority_key_id, read_authority_key_id },
	{ 3, { 0x55, 0x1d, 0x24 }, note_policy, note_policy }, /* policyConstraints */
	{ 3, { 0x55, 0x1d, 0x25 }, read_extended_key_usage, read_extended_key_usage },
	{ 3, { 0x55, 0x1d, 0x36 }, note_policy, note_policy }, /* inhibitAnyPolicy */
	{ 9, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x98, 0x2a, 0x01 }, read_lei, note_critical_lei },
	{ 9,
	  { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x98, 0x2a, 0x02 },
	  ignore,
	  note_critical_role }, /* the role of its holder */
};

static aval_status read_one(void *object, const aval_x509_extension *e)
{
	aval_x509 *c = object;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (e->oid.len == known[i].len && memcmp(e->oid.data, known[i].oid, e->oid.len) == 0)
			return (e->is_critical ? known[i].read_critical : known[i].read)(c, e->value);
	if (e->is_critical)
		aval_x509_note(&c->problem, AVAL_E_CERT_CRITICAL, "a critical extension that is not known");
	return AVAL_OK;
}

aval_status aval_x509_parse_extensions(aval_x509 *certificate, aval_der *in)
{
	return aval_x509_read_extensions(in, where, read_one, certificate);
}
