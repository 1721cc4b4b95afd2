/* SPDX-License-Identifier: Apache-2.0 */
/* BIP327: the challenge, and partial signatures. */
#include "sign/musig.h"

static void hash_coefficient(uint8_t b32_out[32], const aval_musig_group *group, const aval_musig_pair *sum,
                             aval_bytes message)
{
	aval_tag        tag;
	aval_sha256_ctx ctx;
	uint8_t         pair66[66];

	aval_musig_pair_serialize(pair66, sum);
	aval_tag_init(&tag, "MuSig/noncecoef");
	aval_tagged_init(&ctx, &tag);
	aval_sha256_update(&ctx, pair66, sizeof pair66);
	aval_sha256_update(&ctx, group->x32, 32);
	aval_sha256_update(&ctx, message.data, message.len);
	aval_sha256_finish(&ctx, b32_out);
	aval_scalar_reduce(b32_out, aval_k1_order32);
}

static void hash_challenge(uint8_t e32_out[32], const uint8_t r_x32[32], const aval_musig_group *group,
                           aval_bytes message)
{
	aval_tag        tag;
	aval_sha256_ctx ctx;

	aval_tag_init(&tag, "BIP0340/challenge");
	aval_tagged_init(&ctx, &tag);
	aval_sha256_update(&ctx, r_x32, 32);
	aval_sha256_update(&ctx, group->x32, 32);
	aval_sha256_update(&ctx, message.data, message.len);
	aval_sha256_finish(&ctx, e32_out);
	aval_scalar_reduce(e32_out, aval_k1_order32);
}

void aval_musig_challenge_init(aval_musig_challenge *challenge_out, const aval_musig_group *group,
                               const aval_musig_pair *sum, aval_bytes message)
{
	aval_musig_challenge c;
	aval_k1_point        two[2] = { sum->points[0], sum->points[1] }, r;
	uint8_t              point33[33];

	hash_coefficient(c.b32, group, sum, message);
	aval_k1_point_mul(&two[1], c.b32);
	aval_k1_point_sum(&r, two, 2, 1);
	/* Nonces that cancel out are some signer's doing; with G in their place the session goes on to name
	 * that signer. */
	if (r.is_infinity)
		(void)aval_k1_point_parse(&r, aval_k1_generator33);
	aval_k1_point_serialize(point33, &r);
	c.r_is_odd = point33[0] == 3;
	memcpy(c.r_x32, point33 + 1, 32);
	hash_challenge(c.e32, c.r_x32, group, message);
	*challenge_out = c;
}

/* The sign with which members' keys enter [g x gacc]. */
static bool is_key_negated(const aval_musig_group *group)
{
	return group->is_odd != group->is_negated;
}

void aval_musig_partial_sign(uint8_t s32_out[32], const aval_musig_challenge *challenge,
                             const aval_musig_group *group, const uint8_t coefficient32[32],
                             const uint8_t k64[64], const uint8_t scalar32[32])
{
	uint8_t nonce32[32], key32[32];

	aval_k1_scalar_mul(nonce32, k64 + 32, challenge->b32);
	aval_scalar_add(nonce32, nonce32, k64, aval_k1_order32);
	if (challenge->r_is_odd)
		aval_musig_negate(nonce32);
	aval_k1_scalar_mul(key32, scalar32, challenge->e32);
	aval_k1_scalar_mul(key32, key32, coefficient32);
	if (is_key_negated(group))
		aval_musig_negate(key32);
	aval_scalar_add(s32_out, nonce32, key32, aval_k1_order32);
	aval_wipe_stack();
	aval_wipe(nonce32, sizeof nonce32);
	aval_wipe(key32, sizeof key32);
}

bool aval_musig_partial_verify(const uint8_t s32[32], const aval_musig_challenge *challenge,
                               const aval_musig_group *group, const uint8_t coefficient32[32],
                               const aval_musig_pair *nonce, const aval_k1_point *point)
{
	aval_k1_point three[3] = { nonce->points[0], nonce->points[1], *point }, rest;
	uint8_t       factor32[32];

	if (!aval_scalar_is_below(s32, aval_k1_order32))
		return false;
	aval_k1_scalar_mul(factor32, challenge->e32, coefficient32);
	if (is_key_negated(group) != challenge->r_is_odd)
		aval_musig_negate(factor32);
	aval_k1_point_mul(&three[1], challenge->b32);
	aval_k1_point_mul(&three[2], factor32);
	/* s x G - (+-R + e a P) is infinity: one addition, whatever is zero in it. Where R is negated, all but
	 * s is. */
	aval_k1_point_sum(&rest, three, 3, 1);
	if (!challenge->r_is_odd)
		aval_k1_point_negate(&rest);
	aval_k1_point_add_base(&rest, s32);
	return rest.is_infinity;
}

bool aval_musig_partial_sum(uint8_t sig64_out[64], size_t *signer_out, const aval_musig_challenge *challenge,
                            const aval_musig_group *group, const uint8_t *partials, size_t count)
{
	uint8_t s32[32];

	/* e x g x tacc: what the tweaks added to the key. */
	aval_k1_scalar_mul(s32, challenge->e32, group->tweak32);
	if (group->is_odd)
		aval_musig_negate(s32);
	for (size_t i = 0; i < count; i++) {
		if (!aval_scalar_is_below(partials + 32 * i, aval_k1_order32)) {
			*signer_out = i;
			return false;
		}
		aval_scalar_add(s32, s32, partials + 32 * i, aval_k1_order32);
	}
	memcpy(sig64_out, challenge->r_x32, 32);
	memcpy(sig64_out + 32, s32, 32);
	return true;
}
