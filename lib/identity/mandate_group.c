/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands behind a key by which many sign as one: BIP327, KeyAgg. */
#include "identity/mandate.h"
#include "sign/musig.h"

static aval_status refuse(aval_error *err, const char *where, const char *reason)
{
	return aval_fail(err, AVAL_E_MANDATE_GROUP, where, reason);
}

aval_status aval_mandate_check_group(const uint8_t aggregate32[32], const uint8_t *members, size_t step,
                                     size_t count, aval_error *err)
{
	aval_musig_member list[AVAL_MANDATE_MAX_MEMBERS];
	aval_musig_group  group;
	aval_public_key   key;
	uint8_t           point65[65];

	for (size_t i = 0; i < count; i++)
		if (aval_musig_member_parse(&list[i], members + i * step) != AVAL_OK)
			return refuse(err, "mandate.groups[].members[]", "a member is no point of the curve");
	if (aval_musig_aggregate(&group, list, count) != AVAL_OK)
		return refuse(err, "mandate.groups[].members", "the members' keys cancel out");
	aval_k1_point_serialize_full(point65, &group.point);
	if (aval_public_key_from_point(&key, AVAL_ALG_SCHNORR, point65, NULL) != AVAL_OK ||
	    memcmp(aval_key_data_of(&key)->thumbprint32, aggregate32, 32) != 0)
		return refuse(err, "mandate.groups[].key", "the members make another key");
	return AVAL_OK;
}

aval_status aval_mandate_check_groups(const aval_mandate *mandate, aval_error *err)
{
	aval_mandate_group group;
	aval_error         why = AVAL_ERROR_INIT;

	for (size_t i = 0; aval_mandate_group_at(&group, mandate, i); i++)
		if (aval_mandate_check_group(group.aggregate32, aval_mandate_member(mandate, i, 0),
		                             AVAL_MANDATE_MEMBER_STEP, group.member_count, &why) != AVAL_OK)
			return aval_fail_cause(err, why.status, why.where, why.reason, (int64_t)i);
	return AVAL_OK;
}
