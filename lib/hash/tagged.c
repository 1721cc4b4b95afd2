/* SPDX-License-Identifier: Apache-2.0 */
/* Tagged hashes (BIP340), and the tags of the formats after their first block. */
#include <string.h>

#include "hash/hash.h"
#include "hash/kernel.h"

const aval_tag aval_tag_slot_index = { {
	0xc071163e, 0x349fd15c, 0xc4fe7976, 0x1184fb4d,
	0x17a739d4, 0xa13cfe93, 0x9bdf56f2, 0xddfbde1b,
} };
const aval_tag aval_tag_value = { {
	0x44210eca, 0x7750fd5f, 0x35834249, 0xfc1f0497,
	0x7906d480, 0xeece4939, 0x8479fc81, 0xcbbd22df,
} };
const aval_tag aval_tag_slot = { {
	0x4cf8fe5f, 0x93fb8150, 0xe9c92db5, 0xc15aa01b,
	0x9539d81f, 0xc7084aef, 0x27ca3813, 0xbe3be1ea,
} };
const aval_tag aval_tag_terms = { {
	0x80772fbf, 0xd59fea75, 0x14c1bdaf, 0xf40f9893,
	0x7cdd7c68, 0xc87eb0c1, 0xd2aebbe8, 0xad5b8b0c,
} };
const aval_tag aval_tag_commitment = { {
	0xa3fe5eb9, 0x8fe06385, 0x4c8ded22, 0x6236664c,
	0x1611a2ae, 0x9ce73097, 0x5c819a64, 0x241c22cf,
} };
const aval_tag aval_tag_delta = { {
	0x0c4b2499, 0x69ba13eb, 0x5029607f, 0xd8c5010c,
	0x20ad3810, 0x19266861, 0xcea855d6, 0x3e3f8b69,
} };
const aval_tag aval_tag_event = { {
	0xcf805d45, 0x39047020, 0xe79dde2f, 0xe7e5ab5d,
	0xf0df15de, 0x83f37c62, 0x53d629a5, 0x9d3694ef,
} };
const aval_tag aval_tag_mandate = { {
	0x04a2f207, 0x695443a7, 0xb649a132, 0x8b9b9146,
	0xda1c6700, 0x7a6cce6e, 0xacf7bb67, 0x7a0b4494,
} };
const aval_tag aval_tag_map_key = { {
	0xc738eb2c, 0xc497f360, 0xa8a24b26, 0x45c5109a,
	0x68948c56, 0xd878d89e, 0xa6b3992c, 0x24e059d5,
} };
const aval_tag aval_tag_note = { {
	0x50a11afb, 0x484297d7, 0x6b799110, 0x1f55d9b3,
	0xd7377871, 0xdb9f57ba, 0x0a8cfe7c, 0x8514f474,
} };
const aval_tag aval_tag_record = { {
	0xa6268547, 0x66da8e47, 0xc61d9b59, 0x7a2de614,
	0x6b39f50a, 0x84023e05, 0x2e1992a8, 0xce8f6ffa,
} };
const aval_tag aval_tag_schnorr = { {
	0x13875d5d, 0x35723b5e, 0x415349c7, 0xa63107f2,
	0x4d3f8d3d, 0x8244ef61, 0x6580fb12, 0x62f07a26,
} };

void aval_tag_init(aval_tag *tag, const char *name)
{
	uint8_t block[64];

	aval_sha256(block, name, strlen(name));
	memcpy(block + 32, block, 32);
	memcpy(tag->state, aval_sha256_start, sizeof tag->state);
	aval_sha256_kernel_current()->compress(tag->state, block, 1);
}

void aval_tagged_init(aval_sha256_ctx *ctx, const aval_tag *tag)
{
	memcpy(ctx->state, tag->state, sizeof ctx->state);
	ctx->len = 64;
}

void aval_tagged(uint8_t out32[32], const aval_tag *tag, const void *data, size_t len)
{
	aval_sha256_ctx ctx;

	aval_tagged_init(&ctx, tag);
	aval_sha256_update(&ctx, data, len);
	aval_sha256_finish(&ctx, out32);
}

void aval_tagged_hash(uint8_t out32[32], const char *tag, const void *data, size_t len)
{
	aval_tag t;

	aval_tag_init(&t, tag);
	aval_tagged(out32, &t, data, len);
}
