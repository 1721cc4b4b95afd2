/* SPDX-License-Identifier: Apache-2.0 */
/* CRLs (RFC 5280, 5): complete ones of one issuer. The list stays as it is; it is walked for each question. */
#include "identity/x509.h"

static const char where[] = "crl";

static const uint8_t oid_crl_number[] = { 0x55, 0x1d, 0x14 };
static const uint8_t oid_reason_code[] = { 0x55, 0x1d, 0x15 };
static const uint8_t oid_invalidity_date[] = { 0x55, 0x1d, 0x18 };
static const uint8_t oid_authority_key_id[] = { 0x55, 0x1d, 0x23 };
static const uint8_t oid_delta_indicator[] = { 0x55, 0x1d, 0x1b };
static const uint8_t oid_distribution_point[] = { 0x55, 0x1d, 0x1c };

static bool is_oid(aval_bytes oid, const uint8_t oid3[3])
{
	return oid.len == 3 && memcmp(oid.data, oid3, 3) == 0;
}

static aval_status read_extension(void *object, const aval_x509_extension *e)
{
	aval_x509_crl *crl = object;

	if (is_oid(e->oid, oid_authority_key_id))
		return aval_x509_read_authority_key_id(&crl->authority_key_id, e);
	if (is_oid(e->oid, oid_delta_indicator))
		aval_x509_note(&crl->problem, AVAL_E_CRL_CRITICAL, "a delta is not evaluated");
	else if (is_oid(e->oid, oid_distribution_point))
		aval_x509_note(&crl->problem, AVAL_E_CRL_CRITICAL,
		               "a partial or indirect list is not evaluated");
	else if (e->is_critical && !is_oid(e->oid, oid_crl_number))
		aval_x509_note(&crl->problem, AVAL_E_CRL_CRITICAL, "a critical extension that is not known");
	return AVAL_OK;
}

/* One entry: its serial, and the earlier of the dates from which it is not to be believed. */
typedef struct entry {
	aval_bytes serial;
	int64_t    revoked_unix_ms;
	bool       has_unknown; /* a critical extension that is not known */
} entry;

static aval_status read_entry_extension(void *object, const aval_x509_extension *e)
{
	entry      *out = object;
	aval_der    in = e->value;
	int64_t     unix_ms;
	aval_status status;

	if (is_oid(e->oid, oid_invalidity_date)) {
		status = aval_der_take_time(&in, &unix_ms, "crl.revoked");
		if (status == AVAL_OK && unix_ms < out->revoked_unix_ms)
			out->revoked_unix_ms = unix_ms;
		return status;
	}
	if (e->is_critical && !is_oid(e->oid, oid_reason_code))
		out->has_unknown = true;
	return AVAL_OK;
}

static aval_status take_entry(aval_der *in, entry *out)
{
	static const char here[] = "crl.revoked";
	aval_der          sequence;
	aval_status       status = aval_der_take(in, DER_SEQUENCE, &sequence, here);

	out->has_unknown = false;
	if (status == AVAL_OK)
		status = aval_der_take_integer(&sequence, &out->serial, here);
	if (status == AVAL_OK)
		status = aval_der_take_time(&sequence, &out->revoked_unix_ms, here);
	if (status != AVAL_OK || aval_der_is_empty(&sequence))
		return status;
	return aval_x509_read_extensions(&sequence, here, read_entry_extension, out);
}

static aval_status parse_revoked(aval_x509_crl *crl, aval_der *in)
{
	aval_der    list;
	entry       e;
	aval_status status = aval_der_take(in, DER_SEQUENCE, &list, "crl.revoked");

	if (status != AVAL_OK)
		return status;
	crl->revoked = aval_der_rest(&list);
	while (status == AVAL_OK && !aval_der_is_empty(&list)) {
		status = take_entry(&list, &e);
		if (status == AVAL_OK && e.has_unknown)
			aval_x509_note(&crl->problem, AVAL_E_CRL_CRITICAL,
			               "a critical extension of an entry that is not known");
	}
	return status;
}

static aval_status parse_times(aval_x509_crl *crl, aval_der *in)
{
	aval_status status = aval_der_take_time(in, &crl->from_unix_ms, "crl.this_update");

	if (status != AVAL_OK)
		return status;
	if (!aval_der_next_is(in, DER_UTC_TIME) && !aval_der_next_is(in, DER_GENERALIZED_TIME))
		return aval_der_fail(in, "crl.next_update", "a list that does not say when the next one comes");
	return aval_der_take_time(in, &crl->until_unix_ms, "crl.next_update");
}

static aval_status parse_tail(aval_x509_crl *crl, aval_der *in)
{
	aval_der    extensions;
	aval_status status = AVAL_OK;

	if (aval_der_next_is(in, DER_SEQUENCE))
		status = parse_revoked(crl, in);
	if (status != AVAL_OK || aval_der_is_empty(in))
		return status;
	status = aval_der_take(in, DER_CONTEXT_0, &extensions, "crl.extensions");
	if (status == AVAL_OK)
		status = aval_x509_read_extensions(&extensions, "crl.extensions", read_extension, crl);
	return status == AVAL_OK ? aval_der_expect_end(in, where) : status;
}

static aval_status parse_tbs(aval_x509_crl *crl, aval_der *in)
{
	uint32_t    version = 0;
	aval_der    before = *in;
	aval_status status = aval_der_take_uint(in, &version, "crl.version");

	if (status == AVAL_OK && version != 1)
		return aval_der_fail(&before, "crl.version", "not a CRL of version 2");
	if (status == AVAL_OK)
		status = aval_x509_take_algorithm(in, &crl->signature, "crl.signature");
	if (status == AVAL_OK)
		status = aval_x509_take_name(in, &crl->issuer, "crl.issuer");
	if (status == AVAL_OK)
		status = parse_times(crl, in);
	return status == AVAL_OK ? parse_tail(crl, in) : status;
}

static aval_status parse(aval_x509_crl *crl, aval_der *in)
{
	aval_der    list = *in, copy, tbs;
	aval_status status = aval_der_take(in, DER_SEQUENCE, &list, where);

	if (status == AVAL_OK)
		status = aval_der_expect_end(in, where);
	if (status != AVAL_OK)
		return status;
	copy = list;
	status = aval_der_take_whole(&list, DER_SEQUENCE, &crl->tbs, where);
	if (status == AVAL_OK)
		status = aval_der_take(&copy, DER_SEQUENCE, &tbs, where);
	if (status == AVAL_OK)
		status = parse_tbs(crl, &tbs);
	return status == AVAL_OK ? aval_x509_take_signature(&list, &crl->signature, "crl.signature") : status;
}

aval_status aval_x509_crl_parse(aval_x509_crl *crl_out, aval_bytes der, aval_error *err)
{
	aval_der_input input = { der.data, AVAL_E_CRL_FORMAT, err };
	aval_der       in = aval_der_open(&input, der);
	aval_x509_crl  crl = { .der = der };
	aval_status    status;

	if (der.len > AVAL_CRL_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, where, "longer than AVAL_CRL_MAX_LEN");
	status = parse(&crl, &in);
	if (status != AVAL_OK)
		return status;
	aval_sha256(crl.hash32, der.data, der.len);
	*crl_out = crl;
	return AVAL_OK;
}

bool aval_x509_crl_find(int64_t *revoked_unix_ms_out, const aval_x509_crl *crl, aval_bytes serial)
{
	aval_der_input input = { crl->der.data, AVAL_E_CRL_FORMAT, NULL };
	aval_der       list = aval_der_open(&input, crl->revoked);
	bool           found = false;
	entry          e;

	/* Listed twice, the earlier date counts. */
	while (!aval_der_is_empty(&list) && take_entry(&list, &e) == AVAL_OK) {
		if (!aval_bytes_equal(e.serial, serial))
			continue;
		if (!found || e.revoked_unix_ms < *revoked_unix_ms_out)
			*revoked_unix_ms_out = e.revoked_unix_ms;
		found = true;
	}
	return found;
}
