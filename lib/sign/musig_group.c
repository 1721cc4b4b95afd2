/* SPDX-License-Identifier: Apache-2.0 */
/* BIP327: many keys that are one. */
#include "sign/musig.h"

aval_status aval_musig_member_parse(aval_musig_member *member_out, const uint8_t point33[33])
{
	aval_musig_member member;

	if (!aval_k1_point_parse(&member.point, point33))
		return AVAL_E_KEY_POINT;
	memcpy(member.bytes33, point33, 33);
	*member_out = member;
	return AVAL_OK;
}

/* Insertion: there are few, and they often stand in order. */
void aval_musig_sort(aval_musig_member *members, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		aval_musig_member member = members[i];
		size_t            at = i;

		for (; at > 0 && memcmp(members[at - 1].bytes33, member.bytes33, 33) > 0; at--)
			members[at] = members[at - 1];
		members[at] = member;
	}
}

bool aval_musig_is_member(const aval_musig_member *members, size_t count, const uint8_t bytes33[33])
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(members[i].bytes33, bytes33, 33) == 0)
			return true;
	return false;
}

static void hash_list(uint8_t out32[32], const aval_musig_member *members, size_t count)
{
	aval_tag        tag;
	aval_sha256_ctx ctx;

	aval_tag_init(&tag, "KeyAgg list");
	aval_tagged_init(&ctx, &tag);
	for (size_t i = 0; i < count; i++)
		aval_sha256_update(&ctx, members[i].bytes33, 33);
	aval_sha256_finish(&ctx, out32);
}

static void find_second(uint8_t out33[33], const aval_musig_member *members, size_t count)
{
	memset(out33, 0, 33);
	for (size_t i = 1; i < count; i++) {
		if (memcmp(members[i].bytes33, members[0].bytes33, 33) != 0) {
			memcpy(out33, members[i].bytes33, 33);
			return;
		}
	}
}

void aval_musig_coefficient(uint8_t out32[32], const aval_musig_group *group, const uint8_t bytes33[33])
{
	uint8_t input[65];

	memset(out32, 0, 32);
	out32[31] = 1;
	/* BIP327: the second key's is 1, which saves a multiplication and costs no security. */
	if (memcmp(bytes33, group->second33, 33) == 0)
		return;
	memcpy(input, group->list32, 32);
	memcpy(input + 32, bytes33, 33);
	aval_tagged_hash(out32, "KeyAgg coefficient", input, sizeof input);
	aval_scalar_reduce(out32, aval_k1_order32);
}

/* False where it is infinity. */
static bool set_point(aval_musig_group *group, const aval_k1_point *point)
{
	uint8_t point33[33];

	if (point->is_infinity)
		return false;
	aval_k1_point_serialize(point33, point);
	group->point = *point;
	group->is_odd = point33[0] == 3;
	memcpy(group->x32, point33 + 1, 32);
	return true;
}

static void add_member(aval_k1_point *sum, const aval_musig_group *group, const aval_musig_member *member)
{
	aval_k1_point two[2] = { *sum, member->point };
	uint8_t       coefficient32[32];

	if (memcmp(member->bytes33, group->second33, 33) != 0) {
		aval_musig_coefficient(coefficient32, group, member->bytes33);
		aval_k1_point_mul(&two[1], coefficient32);
	}
	aval_k1_point_sum(sum, two, 2, 1);
}

aval_status aval_musig_aggregate(aval_musig_group *group_out, const aval_musig_member *members, size_t count)
{
	aval_musig_group group = { .is_negated = false };
	aval_k1_point    sum = { { 0 }, true };

	hash_list(group.list32, members, count);
	find_second(group.second33, members, count);
	for (size_t i = 0; i < count; i++)
		add_member(&sum, &group, &members[i]);
	if (!set_point(&group, &sum))
		return AVAL_E_KEY_POINT;
	*group_out = group;
	return AVAL_OK;
}

aval_status aval_musig_tweak(aval_musig_group *group, const uint8_t tweak32[32], bool is_xonly)
{
	aval_musig_group tweaked = *group;
	aval_k1_point    point = group->point;

	if (!aval_scalar_is_below(tweak32, aval_k1_order32))
		return AVAL_E_KEY_SCALAR;
	if (is_xonly && group->is_odd) {
		aval_k1_point_negate(&point);
		tweaked.is_negated = !tweaked.is_negated;
		aval_musig_negate(tweaked.tweak32);
	}
	aval_k1_point_add_base(&point, tweak32);
	if (!set_point(&tweaked, &point))
		return AVAL_E_KEY_POINT;
	aval_scalar_add(tweaked.tweak32, tweaked.tweak32, tweak32, aval_k1_order32);
	*group = tweaked;
	return AVAL_OK;
}
