/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 by the SHA-2 instructions of Armv8 (FIPS 180-4, section 6.2). As on
 * other machines two streams side by side use the unit better than one. Built
 * with -march=armv8-a+crypto, for little-endian systems.
 */
#include <arm_neon.h>

#include "base/base.h"
#include "hash/cpu.h"
#include "hash/kernel.h"

typedef struct state {
	uint32x4_t abcd, efgh;
} state;

/* Four message words each. */
typedef struct block {
	uint32x4_t w0, w4, w8, w12;
} block;

static inline uint32x4_t swap_words(uint8x16_t bytes)
{
	return vreinterpretq_u32_u8(vrev32q_u8(bytes));
}

/* The words of prefix || bytes; the last byte is left out. */
static inline uint32x4_t swap_words_after(uint8_t prefix, uint8x16_t bytes)
{
	return swap_words(vextq_u8(vdupq_n_u8(prefix), bytes, 15));
}

/* The word that holds the last byte of a message and the bit that ends it. */
static inline uint32x4_t last_word(uint8_t byte)
{
	return vsetq_lane_u32((uint32_t)byte << 24 | 0x00800000u, vdupq_n_u32(0), 0);
}

static inline uint32x4_t bit_length(uint32_t bits)
{
	return vsetq_lane_u32(bits, vdupq_n_u32(0), 3);
}

static inline state load_state(const uint32_t words[8])
{
	return (state){ vld1q_u32(words), vld1q_u32(words + 4) };
}

static inline state load_hash(const uint8_t hash32[32])
{
	return (state){ swap_words(vld1q_u8(hash32)), swap_words(vld1q_u8(hash32 + 16)) };
}

static inline void store_hash(uint8_t out32[32], state s)
{
	vst1q_u8(out32, vrev32q_u8(vreinterpretq_u8_u32(s.abcd)));
	vst1q_u8(out32 + 16, vrev32q_u8(vreinterpretq_u8_u32(s.efgh)));
}

static inline void four_rounds(state *s, uint32x4_t w, const uint32_t *k)
{
	uint32x4_t wk = vaddq_u32(w, vld1q_u32(k));
	uint32x4_t abcd = s->abcd;

	s->abcd = vsha256hq_u32(abcd, s->efgh, wk);
	s->efgh = vsha256h2q_u32(s->efgh, abcd, wk);
}

/* Words t to t + 3 of the schedule, of the sixteen before them. */
static inline uint32x4_t next_words(uint32x4_t w0, uint32x4_t w4, uint32x4_t w8, uint32x4_t w12)
{
	return vsha256su1q_u32(vsha256su0q_u32(w0, w4), w8, w12);
}

static inline void next_block(block *b)
{
	b->w0 = next_words(b->w0, b->w4, b->w8, b->w12);
	b->w4 = next_words(b->w4, b->w8, b->w12, b->w0);
	b->w8 = next_words(b->w8, b->w12, b->w0, b->w4);
	b->w12 = next_words(b->w12, b->w0, b->w4, b->w8);
}

static inline state add(state a, state b)
{
	return (state){ vaddq_u32(a.abcd, b.abcd), vaddq_u32(a.efgh, b.efgh) };
}

static inline state absorb(state s, block b)
{
	state start = s;

	for (size_t t = 0; t < 64; t += 16) {
		if (t > 0)
			next_block(&b);
		four_rounds(&s, b.w0, aval_sha256_k + t);
		four_rounds(&s, b.w4, aval_sha256_k + t + 4);
		four_rounds(&s, b.w8, aval_sha256_k + t + 8);
		four_rounds(&s, b.w12, aval_sha256_k + t + 12);
	}
	return add(s, start);
}

static void absorb_two(state *s0, state *s1, const block two[2])
{
	block b0 = two[0], b1 = two[1];
	state x = *s0, y = *s1;

	for (size_t t = 0; t < 64; t += 16) {
		if (t > 0) {
			next_block(&b0);
			next_block(&b1);
		}
		four_rounds(&x, b0.w0, aval_sha256_k + t);
		four_rounds(&y, b1.w0, aval_sha256_k + t);
		four_rounds(&x, b0.w4, aval_sha256_k + t + 4);
		four_rounds(&y, b1.w4, aval_sha256_k + t + 4);
		four_rounds(&x, b0.w8, aval_sha256_k + t + 8);
		four_rounds(&y, b1.w8, aval_sha256_k + t + 8);
		four_rounds(&x, b0.w12, aval_sha256_k + t + 12);
		four_rounds(&y, b1.w12, aval_sha256_k + t + 12);
	}
	*s0 = add(x, *s0);
	*s1 = add(y, *s1);
}

static inline block message_block(const uint8_t bytes[64])
{
	return (block){ swap_words(vld1q_u8(bytes)), swap_words(vld1q_u8(bytes + 16)),
		        swap_words(vld1q_u8(bytes + 32)), swap_words(vld1q_u8(bytes + 48)) };
}

/* 01 || pair, its first 64 bytes; then its last byte and the padding. */
static inline block node_block(const uint8_t pair[64])
{
	return (block){ swap_words_after(0x01, vld1q_u8(pair)), swap_words(vld1q_u8(pair + 15)),
		        swap_words(vld1q_u8(pair + 31)), swap_words(vld1q_u8(pair + 47)) };
}

static inline block node_end_block(const uint8_t pair[64])
{
	return (block){ last_word(pair[63]), vdupq_n_u32(0), vdupq_n_u32(0), bit_length(520) };
}

/* 00 || value, padded. */
static inline block leaf32_block(const uint8_t value[32])
{
	return (block){ swap_words_after(0x00, vld1q_u8(value)), swap_words(vld1q_u8(value + 15)),
		        last_word(value[31]), bit_length(264) };
}

static void compress(uint32_t words[8], const uint8_t *blocks, size_t count)
{
	state s = load_state(words);

	for (size_t i = 0; i < count; i++)
		s = absorb(s, message_block(blocks + 64 * i));
	vst1q_u32(words, s.abcd);
	vst1q_u32(words + 4, s.efgh);
}

#include "hash/two_streams.h"

const aval_sha256_kernel aval_sha256_kernel_armv8 = {
	"armv8", aval_cpu_has_sha2, compress, one_block_each, nodes, leaves32,
};
