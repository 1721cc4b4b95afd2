/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 by the SHA extensions of x86 (FIPS 180-4, section 6.2). Two rounds wait
 * for the two before, so one stream leaves half of the unit idle, and two leave it
 * idle where their messages come late: the bulk calls run eight streams side by
 * side, and what is left in pairs. Built with -msha -msse4.1.
 */
#include <immintrin.h>
#include <string.h>

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

static inline state state_of(__m128i dcba, __m128i hgfe)
{
	__m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);

	return (state){ _mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0) };
}

static inline __m128i dcba_of(state s)
{
	return _mm_blend_epi16(_mm_shuffle_epi32(s.abef, 0x1b), _mm_shuffle_epi32(s.cdgh, 0xb1), 0xf0);
}

static inline __m128i hgfe_of(state s)
{
	return _mm_alignr_epi8(_mm_shuffle_epi32(s.cdgh, 0xb1), _mm_shuffle_epi32(s.abef, 0x1b), 8);
}

static inline void store(void *bytes, __m128i v)
{
	_mm_storeu_si128(bytes, v);
}

static inline state load_state(const uint32_t words[8])
{
	return state_of(load(words), load(words + 4));
}

static inline void store_state(uint32_t words[8], state s)
{
	store(words, dcba_of(s));
	store(words + 4, hgfe_of(s));
}

static inline state load_hash(const uint8_t hash32[32])
{
	return state_of(swap_words(load(hash32)), swap_words(load(hash32 + 16)));
}

static inline void store_hash(uint8_t out32[32], state s)
{
	store(out32, swap_words(dcba_of(s)));
	store(out32 + 16, swap_words(hgfe_of(s)));
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

#define STREAMS 8

/* Written out, the rounds of one stream stand beside the words of the next and not behind a jump. */
#define INLINE static inline __attribute__((always_inline))

/* w[t / 4] are words t to t + 3 of each stream. */
typedef struct streams {
	state   s[STREAMS];
	__m128i w[4][STREAMS];
} streams;

INLINE void four_rounds_each(state s[STREAMS], const __m128i w[STREAMS], const uint32_t *k)
{
	four_rounds(&s[0], w[0], k);
	four_rounds(&s[1], w[1], k);
	four_rounds(&s[2], w[2], k);
	four_rounds(&s[3], w[3], k);
	four_rounds(&s[4], w[4], k);
	four_rounds(&s[5], w[5], k);
	four_rounds(&s[6], w[6], k);
	four_rounds(&s[7], w[7], k);
}

/* Four rounds with the last words; beside them the words that come next, which take the room of the first. */
INLINE void rounds_and_words(state *s, __m128i *w0, __m128i w4, __m128i w8, __m128i w12, const uint32_t *k)
{
	four_rounds(s, w12, k);
	*w0 = next_words(*w0, w4, w8, w12);
}

INLINE void rounds_and_words_each(state s[STREAMS], __m128i w0[STREAMS], const __m128i w4[STREAMS],
                                  const __m128i w8[STREAMS], const __m128i w12[STREAMS], const uint32_t *k)
{
	rounds_and_words(&s[0], &w0[0], w4[0], w8[0], w12[0], k);
	rounds_and_words(&s[1], &w0[1], w4[1], w8[1], w12[1], k);
	rounds_and_words(&s[2], &w0[2], w4[2], w8[2], w12[2], k);
	rounds_and_words(&s[3], &w0[3], w4[3], w8[3], w12[3], k);
	rounds_and_words(&s[4], &w0[4], w4[4], w8[4], w12[4], k);
	rounds_and_words(&s[5], &w0[5], w4[5], w8[5], w12[5], k);
	rounds_and_words(&s[6], &w0[6], w4[6], w8[6], w12[6], k);
	rounds_and_words(&s[7], &w0[7], w4[7], w8[7], w12[7], k);
}

INLINE void add_each(state s[STREAMS], const state t[STREAMS])
{
	s[0] = add(s[0], t[0]);
	s[1] = add(s[1], t[1]);
	s[2] = add(s[2], t[2]);
	s[3] = add(s[3], t[3]);
	s[4] = add(s[4], t[4]);
	s[5] = add(s[5], t[5]);
	s[6] = add(s[6], t[6]);
	s[7] = add(s[7], t[7]);
}

INLINE void sixteen_rounds_and_words(state s[STREAMS], __m128i w[4][STREAMS], const uint32_t *k)
{
	rounds_and_words_each(s, w[0], w[1], w[2], w[3], k);
	rounds_and_words_each(s, w[1], w[2], w[3], w[0], k + 4);
	rounds_and_words_each(s, w[2], w[3], w[0], w[1], k + 8);
	rounds_and_words_each(s, w[3], w[0], w[1], w[2], k + 12);
}

static void absorb_each(streams *e)
{
	/* A copy that stays in registers as far as they last. */
	state s[STREAMS] = { e->s[0], e->s[1], e->s[2], e->s[3], e->s[4], e->s[5], e->s[6], e->s[7] };

	four_rounds_each(s, e->w[0], aval_sha256_k);
	four_rounds_each(s, e->w[1], aval_sha256_k + 4);
	four_rounds_each(s, e->w[2], aval_sha256_k + 8);
	sixteen_rounds_and_words(s, e->w, aval_sha256_k + 12);
	sixteen_rounds_and_words(s, e->w, aval_sha256_k + 28);
	sixteen_rounds_and_words(s, e->w, aval_sha256_k + 44);
	four_rounds_each(s, e->w[3], aval_sha256_k + 60);
	add_each(e->s, s);
}

INLINE void set_block(streams *e, size_t i, block b)
{
	e->w[0][i] = b.w0;
	e->w[1][i] = b.w4;
	e->w[2][i] = b.w8;
	e->w[3][i] = b.w12;
}

static void eight_blocks(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                         const uint8_t *blocks, size_t block_step)
{
	streams e;

	for (size_t i = 0; i < STREAMS; i++) {
		e.s[i] = load_hash(starts + start_step * i);
		set_block(&e, i, message_block(blocks + block_step * i));
	}
	absorb_each(&e);
	for (size_t i = 0; i < STREAMS; i++)
		store_hash(out + out_step * i, e.s[i]);
	aval_wipe(&e, sizeof e); /* they may be salts */
}

static void eight_nodes(uint8_t *out, const uint8_t *in)
{
	streams e;

	for (size_t i = 0; i < STREAMS; i++) {
		e.s[i] = load_state(aval_sha256_start);
		set_block(&e, i, node_block(in + 64 * i));
	}
	absorb_each(&e);
	for (size_t i = 0; i < STREAMS; i++)
		set_block(&e, i, node_end_block(in + 64 * i));
	absorb_each(&e);
	for (size_t i = 0; i < STREAMS; i++)
		store_hash(out + 32 * i, e.s[i]);
}

static void eight_leaves32(uint8_t *out, const uint8_t *in)
{
	streams e;

	for (size_t i = 0; i < STREAMS; i++) {
		e.s[i] = load_state(aval_sha256_start);
		set_block(&e, i, leaf32_block(in + 32 * i));
	}
	absorb_each(&e);
	for (size_t i = 0; i < STREAMS; i++)
		store_hash(out + 32 * i, e.s[i]);
}

static void many_blocks(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                        const uint8_t *blocks, size_t block_step, size_t count)
{
	for (; count >= STREAMS; count -= STREAMS) {
		eight_blocks(out, out_step, starts, start_step, blocks, block_step);
		out += out_step * STREAMS;
		starts += start_step * STREAMS;
		blocks += block_step * STREAMS;
	}
	one_block_each(out, out_step, starts, start_step, blocks, block_step, count);
}

static void many_nodes(uint8_t *out, const uint8_t *in, size_t pairs)
{
	for (; pairs >= STREAMS; pairs -= STREAMS, in += 64 * STREAMS, out += 32 * STREAMS)
		eight_nodes(out, in);
	nodes(out, in, pairs);
}

static void many_leaves32(uint8_t *out, const uint8_t *in, size_t count)
{
	for (; count >= STREAMS; count -= STREAMS, in += 32 * STREAMS, out += 32 * STREAMS)
		eight_leaves32(out, in);
	leaves32(out, in, count);
}

const aval_sha256_kernel aval_sha256_kernel_shani = {
	"sha-ni", aval_cpu_has_sha, aval_sha256_shani_compress, many_blocks, many_nodes, many_leaves32,
};
