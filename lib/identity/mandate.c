/* SPDX-License-Identifier: Apache-2.0 */
/* Mandates as views over their bytes: reading, and the parts of one. */
#include "identity/mandate.h"

aval_cose_one aval_mandate_cose(const aval_mandate *mandate)
{
	return (aval_cose_one){
		.body = { { mandate->internal.protected_begin, mandate->internal.protected_len }, mandate->payload },
		.alg = mandate->alg,
		.certificate32 = mandate->has_certificate ? mandate->signer32 : NULL,
		.key = mandate->key,
		.signature = { mandate->internal.signature, mandate->internal.signature_len },
		.signature_offset = mandate->internal.signature_offset,
	};
}

static void take_envelope(aval_mandate *m, const aval_cose_one *one)
{
	m->payload = one->body.payload;
	m->alg = one->alg;
	m->has_certificate = one->certificate32 != NULL;
	m->key = one->key;
	if (m->has_certificate)
		memcpy(m->signer32, one->certificate32, sizeof m->signer32);
	else
		aval_public_key_thumbprint(m->signer32, &m->key);
	m->internal.protected_begin = one->body.header.data;
	m->internal.protected_len = one->body.header.len;
	m->internal.signature = one->signature.data;
	m->internal.signature_len = one->signature.len;
	m->internal.signature_offset = one->signature_offset;
}

/* Who signed is in the header, so the id is of one signer's statement. */
static void compute_id(aval_mandate *m)
{
	aval_sha256_ctx  ctx;
	aval_cbor_writer w;
	uint8_t          heads[2][16];
	size_t           lens[2];

	aval_cbor_writer_init(&w, heads[0], sizeof heads[0]);
	aval_cbor_write_array(&w, 2);
	aval_cbor_write_bytes_head(&w, m->internal.protected_len);
	lens[0] = w.len;
	aval_cbor_writer_init(&w, heads[1], sizeof heads[1]);
	aval_cbor_write_bytes_head(&w, m->payload.len);
	lens[1] = w.len;
	aval_tagged_init(&ctx, &aval_tag_mandate);
	aval_sha256_update(&ctx, heads[0], lens[0]);
	aval_sha256_update(&ctx, m->internal.protected_begin, m->internal.protected_len);
	aval_sha256_update(&ctx, heads[1], lens[1]);
	aval_sha256_update(&ctx, m->payload.data, m->payload.len);
	aval_sha256_finish(&ctx, m->id32);
}

/* Offsets of the payload's failures count from its own begin. */
static aval_status read_payload(aval_mandate_content *x, const uint8_t *envelope, aval_error *err)
{
	aval_codec  c;
	aval_error  inner = AVAL_ERROR_INIT;
	aval_bytes  payload = x->mandate.payload;
	aval_status status;

	aval_codec_read(&c, "mandate", payload.data, payload.len);
	aval_code_mandate(&c, x);
	status = aval_codec_read_end(&c, &inner);
	if (status == AVAL_OK)
		return AVAL_OK;
	if (inner.offset != AVAL_NO_OFFSET)
		inner.offset += (size_t)(payload.data - envelope);
	return aval_fail_at(err, status, inner.offset, inner.where, inner.reason);
}

/* Only the key itself speaks for a "key:" party. */
static aval_status check_signer(const aval_mandate *m, aval_error *err)
{
	if (aval_party_has_key(m->party) && (m->has_certificate || !aval_party_is_key(m->party, m->signer32)))
		return aval_fail_at(err, AVAL_E_MANDATE_AUTHORITY, 0, "mandate.key", "the party is another key");
	return AVAL_OK;
}

aval_status aval_mandate_parse(aval_mandate *mandate_out, const uint8_t *envelope, size_t len, aval_error *err)
{
	aval_mandate_content x = { 0 };
	aval_cose_one        one;
	aval_status          status;

	if (len > AVAL_MANDATE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "mandate", "longer than AVAL_MANDATE_MAX_LEN");
	status = aval_cose_one_parse(&one, envelope, len, AVAL_MANDATE_TYP, err);
	if (status != AVAL_OK)
		return status;
	take_envelope(&x.mandate, &one);
	status = read_payload(&x, envelope, err);
	if (status == AVAL_OK)
		status = check_signer(&x.mandate, err);
	if (status != AVAL_OK)
		return status;
	x.mandate.envelope = (aval_bytes){ envelope, len };
	compute_id(&x.mandate);
	*mandate_out = x.mandate;
	return AVAL_OK;
}

const uint8_t *aval_mandate_key(const aval_mandate *mandate, size_t index)
{
	if (index >= mandate->key_count)
		return NULL;
	return mandate->payload.data + mandate->internal.keys + index * AVAL_MANDATE_KEY_STEP + 2;
}

bool aval_mandate_has_key(const aval_mandate *mandate, const uint8_t thumbprint32[32])
{
	size_t begin = 0, end = mandate->key_count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;
		int    order = memcmp(aval_mandate_key(mandate, middle), thumbprint32, 32);

		if (order == 0)
			return true;
		if (order < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return false;
}

/* A reader over the payload, behind what stands before offset. */
static void read_from(aval_cbor_reader *r, const aval_mandate *mandate, size_t offset)
{
	aval_cbor_reader_init(r, mandate->payload.data, mandate->payload.len);
	r->offset = offset;
}

bool aval_mandate_cap_at(aval_mandate_cap *cap_out, const aval_mandate *mandate, size_t index)
{
	aval_cbor_reader r;
	aval_mandate_cap cap = { { NULL, 0 }, 0 };

	if (index >= mandate->cap_count)
		return false;
	read_from(&r, mandate, mandate->internal.caps);
	for (size_t i = 0; i <= index; i++) {
		aval_cbor_enter_array(&r, "mandate.caps[]");
		cap.currency = aval_cbor_read_text(&r, "mandate.caps[].currency");
		cap.amount_minor = (int64_t)aval_cbor_read_uint(&r, "mandate.caps[].amount");
		aval_cbor_leave(&r, "mandate.caps[]");
	}
	*cap_out = cap;
	return aval_cbor_ok(&r);
}

/* The offset of the first member is that of its head. */
static bool find_group(aval_mandate_group *group_out, size_t *members_out, const aval_mandate *mandate, size_t index)
{
	aval_cbor_reader r;

	if (index >= mandate->group_count)
		return false;
	read_from(&r, mandate, mandate->internal.groups);
	for (size_t i = 0; i < index; i++)
		(void)aval_cbor_read_item(&r, "mandate.groups[]");
	aval_cbor_enter_array(&r, "mandate.groups[]");
	aval_cbor_read_bytes_exact(&r, "mandate.groups[].key", group_out->aggregate32, 32);
	group_out->member_count = aval_cbor_enter_array(&r, "mandate.groups[].members");
	group_out->members = NULL;
	*members_out = r.offset;
	return aval_cbor_ok(&r);
}

bool aval_mandate_group_at(aval_mandate_group *group_out, const aval_mandate *mandate, size_t index)
{
	size_t members;

	return find_group(group_out, &members, mandate, index);
}

const uint8_t *aval_mandate_member(const aval_mandate *mandate, size_t group, size_t member)
{
	aval_mandate_group found;
	size_t             members;

	if (!find_group(&found, &members, mandate, group) || member >= found.member_count)
		return NULL;
	return mandate->payload.data + members + member * AVAL_MANDATE_MEMBER_STEP + 2;
}
