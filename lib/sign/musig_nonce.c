/* SPDX-License-Identifier: Apache-2.0 */
/* BIP327: nonces, secret and public. */
#include "sign/musig.h"

static void put_be(aval_sha256_ctx *ctx, uint64_t n, size_t len)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(n >> 8 * (len - 1 - i));
	aval_sha256_update(ctx, bytes, len);
}

/* Behind a head of so many bytes. */
static void put_sized(aval_sha256_ctx *ctx, aval_bytes bytes, size_t head)
{
	put_be(ctx, bytes.len, head);
	aval_sha256_update(ctx, bytes.data, bytes.len);
}

/* The secret key masks what the source of randomness gave, or might have known. */
static void mask(uint8_t out32[32], const aval_musig_nonce_input *in)
{
	if (in->scalar32 == NULL) {
		memcpy(out32, in->random32, 32);
		return;
	}
	aval_tagged_hash(out32, "MuSig/aux", in->random32, 32);
	for (size_t i = 0; i < 32; i++)
		out32[i] ^= in->scalar32[i];
}

static void derive_one(uint8_t k32_out[32], const uint8_t masked32[32], const aval_musig_nonce_input *in,
                       uint8_t index)
{
	aval_tag        tag;
	aval_sha256_ctx ctx;

	aval_tag_init(&tag, "MuSig/nonce");
	aval_tagged_init(&ctx, &tag);
	aval_sha256_update(&ctx, masked32, 32);
	put_sized(&ctx, (aval_bytes){ in->point33, 33 }, 1);
	put_sized(&ctx, (aval_bytes){ in->x32, in->x32 == NULL ? 0 : 32 }, 1);
	put_be(&ctx, in->message != NULL, 1);
	if (in->message != NULL)
		put_sized(&ctx, *in->message, 8);
	put_sized(&ctx, in->extra, 4);
	put_be(&ctx, index, 1);
	aval_sha256_finish(&ctx, k32_out);
	aval_scalar_reduce(k32_out, aval_k1_order32);
}

void aval_musig_nonce_derive(uint8_t k64_out[64], const aval_musig_nonce_input *input)
{
	uint8_t masked32[32];

	mask(masked32, input);
	derive_one(k64_out, masked32, input, 0);
	derive_one(k64_out + 32, masked32, input, 1);
	aval_wipe(masked32, sizeof masked32);
}

bool aval_musig_nonce_is_sound(const uint8_t k64[64])
{
	/* Both are asked always, so that time tells nothing. */
	unsigned first = aval_scalar_in_range(k64, aval_k1_order32);
	unsigned second = aval_scalar_in_range(k64 + 32, aval_k1_order32);

	return (first & second) != 0;
}

bool aval_musig_pair_of(aval_musig_pair *out, const aval_k1 *k1, const uint8_t k64[64])
{
	unsigned first = aval_k1_base_mul(&out->points[0], k1, k64);
	unsigned second = aval_k1_base_mul(&out->points[1], k1, k64 + 32);

	aval_wipe_stack();
	return (first & second) != 0;
}

bool aval_musig_pair_parse(aval_musig_pair *out, const uint8_t pair66[66])
{
	return aval_k1_point_parse(&out->points[0], pair66) &&
	       aval_k1_point_parse(&out->points[1], pair66 + 33);
}

static bool parse_or_infinity(aval_k1_point *out, const uint8_t point33[33])
{
	static const uint8_t zeros33[33];

	if (memcmp(point33, zeros33, 33) != 0)
		return aval_k1_point_parse(out, point33);
	*out = (aval_k1_point){ { 0 }, true };
	return true;
}

bool aval_musig_pair_parse_sum(aval_musig_pair *out, const uint8_t pair66[66])
{
	return parse_or_infinity(&out->points[0], pair66) && parse_or_infinity(&out->points[1], pair66 + 33);
}

void aval_musig_pair_serialize(uint8_t pair66_out[66], const aval_musig_pair *pair)
{
	aval_k1_point_serialize(pair66_out, &pair->points[0]);
	aval_k1_point_serialize(pair66_out + 33, &pair->points[1]);
}

void aval_musig_pair_sum(aval_musig_pair *out, const aval_musig_pair *pairs, size_t count)
{
	aval_musig_pair sum;

	aval_k1_point_sum(&sum.points[0], &pairs[0].points[0], count, 2);
	aval_k1_point_sum(&sum.points[1], &pairs[0].points[1], count, 2);
	*out = sum;
}
