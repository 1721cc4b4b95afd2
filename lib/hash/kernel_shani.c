/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 by the SHA extensions of x86 (FIPS 180-4, section 6.2). Two rounds wait
 * for the two before, so one stream leaves half of the unit idle: the bulk calls
 * run two streams side by side. Built with -msha -msse4.1.
 */
#include <immintrin.h>

#include "base/base.h"
#include "hash/cpu.h"
#include "hash/kernel.h"

/* The state as the instructions want it: words A B E F and C D G H, the first one highest. */
typedef struct state {
	__m128i abef, cdgh;
} state;

/* Four message words each. */
typedef struct block {
	__m128i w0, w4, w8, w12;
} block;

static inline __m128i load(const void *bytes)
{
	return _mm_loadu_si128(bytes);
}

static inline __m128i swap_words(__m128i bytes)
{
	return _mm_shuffle_epi8(bytes, _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
}

/* The words of a message that one byte stands before: zero here, and the last byte is left out. */
static inline __m128i swap_words_after_byte(__m128i bytes)
{
	return _mm_shuffle_epi8(bytes, _mm_set_epi8(11, 12, 13, 14, 7, 8, 9, 10, 3, 4, 5, 6, -1, 0, 1, 2));
}

/* The word that holds the last byte of a message and the bit that ends it. */
static inline __m128i last_word(uint8_t byte)
{
	return _mm_cvtsi32_si128((int)((uint32_t)byte << 24 | 0x00800000u));
}

static inline state load_state(const uint32_t words[8])
{
	__m128i dcba = load(words), hgfe = load(words + 4);
	__m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);

	return (state){ _mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0) };
}

static inline void store_state(uint32_t words[8], state s)
{
	__m128i feba = _mm_shuffle_epi32(s.abef, 0x1b), dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);

	_mm_storeu_si128((__m128i *)words, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(words + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static inline state load_hash(const uint8_t hash32[32])
{
	uint32_t words[8];

	_mm_storeu_si128((__m128i *)words, swap_words(load(hash32)));
	_mm_storeu_si128((__m128i *)(words + 4), swap_words(load(hash32 + 16)));
	return load_state(words);
}

static inline void store_hash(uint8_t out32[32], state s)
{
	uint32_t words[8];

	store_state(words, s);
	_mm_storeu_si128((__m128i *)out32, swap_words(load(words)));
	_mm_storeu_si128((__m128i *)(out32 + 16), swap_words(load(words + 4)));
}

static inline void four_rounds(state *s, __m128i w, const uint32_t *k)
{
	__m128i wk = _mm_add_epi32(w, load(k));

	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, wk);
	s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

/* Words t to t + 3 of the schedule, of the sixteen before them. */
static inline __m128i next_words(__m128i w0, __m128i w4, __m128i w8, __m128i w12)
{
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), _mm_alignr_epi8(w12, w8, 4));

	return _mm_sha256msg2_epu32(sum, w12);
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
	return (state){ _mm_add_epi32(a.abef, b.abef), _mm_add_epi32(a.cdgh, b.cdgh) };
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
	*s0 = add(*s0, x);
	*s1 = add(*s1, y);
}

static inline block message_block(const uint8_t bytes[64])
{
	return (block){ swap_words(load(bytes)), swap_words(load(bytes + 16)), swap_words(load(bytes + 32)),
		        swap_words(load(bytes + 48)) };
}

/* 01 || pair, its first 64 bytes; then its last byte and the padding. */
static inline block node_block(const uint8_t pair[64])
{
	__m128i first = _mm_or_si128(swap_words_after_byte(load(pair)), _mm_cvtsi32_si128(0x01000000));

	return (block){ first, swap_words(load(pair + 15)), swap_words(load(pair + 31)),
		        swap_words(load(pair + 47)) };
}

static inline block node_end_block(const uint8_t pair[64])
{
	__m128i zero = _mm_setzero_si128();

	return (block){ last_word(pair[63]), zero, zero, _mm_set_epi32(520, 0, 0, 0) };
}

/* 00 || value, padded. */
static inline block leaf32_block(const uint8_t value[32])
{
	return (block){ swap_words_after_byte(load(value)), swap_words(load(value + 15)), last_word(value[31]),
		        _mm_set_epi32(264, 0, 0, 0) };
}

void aval_sha256_shani_compress(uint32_t words[8], const uint8_t *blocks, size_t count)
{
	state s = load_state(words);

	for (size_t i = 0; i < count; i++)
		s = absorb(s, message_block(blocks + 64 * i));
	store_state(words, s);
}

#include "hash/two_streams.h"

const aval_sha256_kernel aval_sha256_kernel_shani = {
	"sha-ni", aval_cpu_has_sha, aval_sha256_shani_compress, one_block_each, nodes, leaves32,
};
