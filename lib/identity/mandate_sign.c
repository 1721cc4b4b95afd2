/* SPDX-License-Identifier: Apache-2.0 */
/* Making mandates: payloads, and their signature. */
#include "identity/mandate.h"

static aval_status check_size(uint32_t found, size_t want, aval_error *err)
{
	if (found == want)
		return AVAL_OK;
	return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "options.struct_size",
	                 "the size is not that of the options");
}

static void code(aval_codec *c, void *content)
{
	aval_code_mandate(c, content);
}

static aval_status write_payload(uint8_t *out, size_t *len_inout, aval_mandate_content *x, aval_error *err)
{
	return aval_codec_write_map(out, len_inout, code, x, "mandate", err);
}

static aval_status check_groups(const aval_grant_options *options, aval_error *err)
{
	for (size_t i = 0; i < options->group_count; i++) {
		const aval_mandate_group *group = &options->groups[i];
		aval_status status = aval_mandate_check_group(group->aggregate32, group->members,
		                                              AVAL_MANDATE_MEMBER_LEN, group->member_count, err);

		if (status != AVAL_OK)
			return status;
	}
	return AVAL_OK;
}

static void take_grant(aval_mandate_content *x, const aval_grant_options *options)
{
	aval_mandate *m = &x->mandate;

	m->kind = AVAL_MANDATE_GRANT;
	m->registry = options->registry;
	m->party = options->party;
	m->key_count = options->key_count;
	m->threshold = options->threshold;
	m->types = options->types;
	m->cap_count = options->cap_count;
	m->valid_from_ms = options->valid_from_ms;
	m->valid_until_ms = options->valid_until_ms;
	m->has_predecessor = options->has_predecessor;
	memcpy(m->predecessor32, options->predecessor32, sizeof m->predecessor32);
	memcpy(m->nonce16, options->nonce16, sizeof m->nonce16);
	m->group_count = options->group_count;
	x->keys = options->keys;
	x->caps = options->caps;
	x->groups = options->groups;
}

/* The fields first: the members of a group that is too long are not walked. */
aval_status aval_grant_build(uint8_t *payload_out, size_t *len_inout, const aval_grant_options *options,
                             aval_error *err)
{
	aval_mandate_content x = { 0 };
	aval_error           why = AVAL_ERROR_INIT;
	size_t               need = 0;
	aval_status          status = check_size(options->struct_size, sizeof *options, err);

	if (status != AVAL_OK)
		return status;
	if ((options->key_count > 0 && options->keys == NULL) || (options->cap_count > 0 && options->caps == NULL) ||
	    (options->group_count > 0 && options->groups == NULL))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "options", "a list is not there");
	take_grant(&x, options);
	status = write_payload(NULL, &need, &x, &why);
	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return aval_fail(err, status, why.where, why.reason);
	status = check_groups(options, err);
	return status == AVAL_OK ? write_payload(payload_out, len_inout, &x, err) : status;
}

aval_status aval_revocation_build(uint8_t *payload_out, size_t *len_inout, const aval_revocation_options *options,
                                  aval_error *err)
{
	aval_mandate_content x = { 0 };
	aval_status          status = check_size(options->struct_size, sizeof *options, err);

	if (status != AVAL_OK)
		return status;
	x.mandate.kind = AVAL_MANDATE_REVOCATION;
	x.mandate.registry = options->registry;
	x.mandate.party = options->party;
	memcpy(x.mandate.mandate32, options->mandate32, 32);
	x.mandate.revoked_at_ms = options->revoked_at_ms;
	x.mandate.reason = options->reason;
	return write_payload(payload_out, len_inout, &x, err);
}

/* What is signed is a mandate: its payload is read as a reader will read it. */
aval_status aval_mandate_check_payload(const uint8_t *payload, size_t len, const uint8_t *thumbprint32,
                                       aval_error *err)
{
	aval_mandate_content x = { 0 };
	aval_codec           c;
	aval_status          status;

	if (len > AVAL_MANDATE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "mandate", "longer than AVAL_MANDATE_MAX_LEN");
	aval_codec_read(&c, "mandate", payload, len);
	aval_code_mandate(&c, &x);
	status = aval_codec_read_end(&c, err);
	if (status == AVAL_OK && aval_party_has_key(x.mandate.party) &&
	    (thumbprint32 == NULL || !aval_party_is_key(x.mandate.party, thumbprint32)))
		return aval_fail(err, AVAL_E_MANDATE_AUTHORITY, "signer.key", "the party is another key");
	return status;
}

aval_status aval_mandate_sign(uint8_t *envelope_out, size_t *len_inout, const uint8_t *payload, size_t payload_len,
                              const aval_signer *signer, const aval_allocator *allocator, aval_error *err)
{
	aval_bytes  bytes = { payload, payload_len };
	aval_status status = aval_signer_check(signer, err);
	size_t      need = 0;

	if (status == AVAL_OK)
		status = aval_mandate_check_payload(payload, payload_len, aval_key_data_of(&signer->key)->thumbprint32, err);
	if (status != AVAL_OK)
		return status;
	status = aval_cose_one_sign(NULL, &need, AVAL_MANDATE_TYP, bytes, signer, allocator, NULL);
	if (status == AVAL_E_BUFFER_TOO_SMALL && need > AVAL_MANDATE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "mandate", "longer than AVAL_MANDATE_MAX_LEN");
	return aval_cose_one_sign(envelope_out, len_inout, AVAL_MANDATE_TYP, bytes, signer, allocator, err);
}
