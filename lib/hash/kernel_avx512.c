/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 of sixteen messages at once by AVX-512: lane i of every vector belongs
 * to message i (FIPS 180-4, section 6.2). What is left of a batch, and single
 * streams, go to another kernel. Built with -mavx512f -mavx512bw.
 */
#include <immintrin.h>

#include "base/base.h"
#include "hash/cpu.h"
#include "hash/kernel.h"

#define LANES ((size_t)16)

/* The rounds are worth inlining however long they are: the state then stays in registers. */
#define INLINE static inline __attribute__((always_inline))

typedef __m512i vec;

typedef struct state {
	vec a, b, c, d, e, f, g, h;
} state;

INLINE vec all(uint32_t word)
{
	return _mm512_set1_epi32((int)word);
}

INLINE vec add(vec a, vec b)
{
	return _mm512_add_epi32(a, b);
}

INLINE vec xor3(vec a, vec b, vec c)
{
	return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

INLINE vec big_sigma0(vec a)
{
	return xor3(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
}

INLINE vec big_sigma1(vec e)
{
	return xor3(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
}

INLINE vec small_sigma0(vec w)
{
	return xor3(_mm512_ror_epi32(w, 7), _mm512_ror_epi32(w, 18), _mm512_srli_epi32(w, 3));
}

INLINE vec small_sigma1(vec w)
{
	return xor3(_mm512_ror_epi32(w, 17), _mm512_ror_epi32(w, 19), _mm512_srli_epi32(w, 10));
}

INLINE void one_round(vec a, vec b, vec c, vec *d, vec e, vec f, vec g, vec *h, vec wk)
{
	vec choice = _mm512_ternarylogic_epi32(e, f, g, 0xca);
	vec majority = _mm512_ternarylogic_epi32(a, b, c, 0xe8);
	vec t1 = add(add(add(*h, wk), choice), big_sigma1(e));

	*d = add(*d, t1);
	*h = add(add(t1, majority), big_sigma0(a));
}

/* Word i of the schedule in turn, with its constant; only the first sixteen are there beforehand. */
INLINE vec word(vec w[16], size_t i, const uint32_t *k, bool first)
{
	if (!first)
		w[i] = add(add(w[i], w[(i + 9) % 16]),
		           add(small_sigma0(w[(i + 1) % 16]), small_sigma1(w[(i + 14) % 16])));
	return add(w[i], all(k[i]));
}

INLINE void eight_rounds(state *s, vec w[16], size_t at, const uint32_t *k, bool first)
{
	one_round(s->a, s->b, s->c, &s->d, s->e, s->f, s->g, &s->h, word(w, at, k, first));
	one_round(s->h, s->a, s->b, &s->c, s->d, s->e, s->f, &s->g, word(w, at + 1, k, first));
	one_round(s->g, s->h, s->a, &s->b, s->c, s->d, s->e, &s->f, word(w, at + 2, k, first));
	one_round(s->f, s->g, s->h, &s->a, s->b, s->c, s->d, &s->e, word(w, at + 3, k, first));
	one_round(s->e, s->f, s->g, &s->h, s->a, s->b, s->c, &s->d, word(w, at + 4, k, first));
	one_round(s->d, s->e, s->f, &s->g, s->h, s->a, s->b, &s->c, word(w, at + 5, k, first));
	one_round(s->c, s->d, s->e, &s->f, s->g, s->h, s->a, &s->b, word(w, at + 6, k, first));
	one_round(s->b, s->c, s->d, &s->e, s->f, s->g, s->h, &s->a, word(w, at + 7, k, first));
}

INLINE void sixteen_rounds(state *s, vec w[16], const uint32_t *k, bool first)
{
	eight_rounds(s, w, 0, k, first);
	eight_rounds(s, w, 8, k, first);
}

/* w is used up. */
static void absorb(state *start, vec w[16])
{
	state s = *start;

	sixteen_rounds(&s, w, aval_sha256_k, true);
	for (size_t t = 16; t < 64; t += 16)
		sixteen_rounds(&s, w, aval_sha256_k + t, false);
	*start = (state){ add(s.a, start->a), add(s.b, start->b), add(s.c, start->c), add(s.d, start->d),
		          add(s.e, start->e), add(s.f, start->f), add(s.g, start->g), add(s.h, start->h) };
}

INLINE state same_state(const uint32_t s[8])
{
	return (state){
		all(s[0]), all(s[1]), all(s[2]), all(s[3]), all(s[4]), all(s[5]), all(s[6]), all(s[7])
	};
}

INLINE vec swap_words(vec bytes)
{
	return _mm512_shuffle_epi8(bytes, _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203));
}

/* The words of a message that one byte stands before: zero here, and the last byte is left out. */
INLINE vec swap_words_after_byte(vec bytes)
{
	return _mm512_shuffle_epi8(bytes,
	                           _mm512_set4_epi32(0x0b0c0d0e, 0x0708090a, 0x03040506, (int)0xff000102));
}

/* Within each quarter, word i of vector j and word j of vector i change places. */
INLINE void transpose(vec v[4])
{
	vec ab_low = _mm512_unpacklo_epi32(v[0], v[1]), ab_high = _mm512_unpackhi_epi32(v[0], v[1]);
	vec cd_low = _mm512_unpacklo_epi32(v[2], v[3]), cd_high = _mm512_unpackhi_epi32(v[2], v[3]);

	v[0] = _mm512_unpacklo_epi64(ab_low, cd_low);
	v[1] = _mm512_unpackhi_epi64(ab_low, cd_low);
	v[2] = _mm512_unpacklo_epi64(ab_high, cd_high);
	v[3] = _mm512_unpackhi_epi64(ab_high, cd_high);
}

INLINE __m128i load16(const uint8_t *bytes)
{
	return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/* The same 16 bytes of four messages. */
INLINE vec load_quarters(const uint8_t *bytes, size_t distance)
{
	vec v = _mm512_castsi128_si512(load16(bytes));

	v = _mm512_inserti32x4(v, load16(bytes + distance), 1);
	v = _mm512_inserti32x4(v, load16(bytes + 2 * distance), 2);
	return _mm512_inserti32x4(v, load16(bytes + 3 * distance), 3);
}

INLINE void store_quarters(uint8_t *bytes, size_t distance, vec v)
{
	_mm_storeu_si128((__m128i *)(void *)bytes, _mm512_castsi512_si128(v));
	_mm_storeu_si128((__m128i *)(void *)(bytes + distance), _mm512_extracti32x4_epi32(v, 1));
	_mm_storeu_si128((__m128i *)(void *)(bytes + 2 * distance), _mm512_extracti32x4_epi32(v, 2));
	_mm_storeu_si128((__m128i *)(void *)(bytes + 3 * distance), _mm512_extracti32x4_epi32(v, 3));
}

/* Vector r takes messages r, r + 4, r + 8 and r + 12: transposed, lane i is message i. */
INLINE void load_words(vec w[4], const uint8_t *in, size_t message_len)
{
	for (size_t r = 0; r < 4; r++)
		w[r] = load_quarters(in + message_len * r, 4 * message_len);
}

/* Words t to t + 3 of each message, as they are: of the bytes from in[4t] on. */
INLINE void load_plain(vec w[4], size_t t, const uint8_t *in, size_t message_len)
{
	load_words(w, in + 4 * t, message_len);
	for (size_t r = 0; r < 4; r++)
		w[r] = swap_words(w[r]);
	transpose(w);
}

/* Hashes so far; at distance 0 one for all. */
INLINE state load_hashes(const uint8_t *in, size_t distance)
{
	vec low[4], high[4];

	load_plain(low, 0, in, distance);
	load_plain(high, 4, in, distance);
	return (state){ low[0], low[1], low[2], low[3], high[0], high[1], high[2], high[3] };
}

/* Words t to t + 3 of messages 01 || in or 00 || in: of the bytes from in[4t - 1] on. */
INLINE void load_later(vec *w, size_t t, const uint8_t *in, size_t message_len)
{
	load_words(w + t, in + 4 * t - 1, message_len);
	for (size_t r = 0; r < 4; r++)
		w[t + r] = swap_words(w[t + r]);
	transpose(w + t);
}

INLINE void load_first(vec *w, const uint8_t *in, size_t message_len, uint8_t prefix)
{
	load_words(w, in, message_len);
	for (size_t r = 0; r < 4; r++)
		w[r] = swap_words_after_byte(w[r]);
	transpose(w);
	w[0] = _mm512_or_si512(w[0], all((uint32_t)prefix << 24));
}

/* The last byte of each message and the bit that ends it, then zeros and the length: words t to 15. */
INLINE void load_end(vec *w, size_t t, const uint8_t *in, size_t message_len)
{
	uint32_t last[LANES];

	for (size_t i = 0; i < LANES; i++)
		last[i] = (uint32_t)in[message_len * (i + 1) - 1] << 24 | 0x00800000u;
	w[t] = _mm512_loadu_si512(last);
	while (++t < 15)
		w[t] = _mm512_setzero_si512();
	w[15] = all((uint32_t)(8 * (message_len + 1)));
}

INLINE void store_half(uint8_t *out, size_t distance, vec a, vec b, vec c, vec d)
{
	vec v[4] = { a, b, c, d };

	transpose(v);
	for (size_t r = 0; r < 4; r++)
		store_quarters(out + distance * r, 4 * distance, swap_words(v[r]));
}

INLINE void store_hashes(uint8_t *out, size_t distance, state s)
{
	store_half(out, distance, s.a, s.b, s.c, s.d);
	store_half(out + 16, distance, s.e, s.f, s.g, s.h);
}

static void hash_blocks(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                        const uint8_t *blocks, size_t block_step)
{
	state s = load_hashes(starts, start_step);
	vec   w[16];

	for (size_t t = 0; t < 16; t += 4)
		load_plain(w + t, t, blocks, block_step);
	absorb(&s, w);
	store_hashes(out, out_step, s);
	aval_wipe(w, sizeof w); /* they may be salts */
}

static void hash_nodes(uint8_t *out, const uint8_t *in)
{
	state s = same_state(aval_sha256_start);
	vec   w[16], end[16];

	load_end(end, 0, in, 64);
	load_first(w, in, 64, 0x01);
	for (size_t t = 4; t < 16; t += 4)
		load_later(w, t, in, 64);
	absorb(&s, w);
	absorb(&s, end);
	store_hashes(out, 32, s);
}

static void hash_leaves32(uint8_t *out, const uint8_t *in)
{
	state s = same_state(aval_sha256_start);
	vec   w[16];

	load_first(w, in, 32, 0x00);
	load_later(w, 4, in, 32);
	load_end(w, 8, in, 32);
	absorb(&s, w);
	store_hashes(out, 32, s);
}

/* The whole groups of a batch; returns how many messages they hold. */
static size_t bulk_blocks(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                          const uint8_t *blocks, size_t block_step, size_t count)
{
	size_t done = 0;

	for (; count - done >= LANES; done += LANES)
		hash_blocks(out + out_step * done, out_step, starts + start_step * done, start_step,
		            blocks + block_step * done, block_step);
	return done;
}

static size_t bulk_nodes(uint8_t *out, const uint8_t *in, size_t pairs)
{
	size_t done = 0;

	for (; pairs - done >= LANES; done += LANES)
		hash_nodes(out + 32 * done, in + 64 * done);
	return done;
}

static size_t bulk_leaves32(uint8_t *out, const uint8_t *in, size_t count)
{
	size_t done = 0;

	for (; count - done >= LANES; done += LANES)
		hash_leaves32(out + 32 * done, in + 32 * done);
	return done;
}

static void blocks_then_shani(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                              const uint8_t *blocks, size_t block_step, size_t count)
{
	size_t done = bulk_blocks(out, out_step, starts, start_step, blocks, block_step, count);

	aval_sha256_kernel_shani.blocks(out + out_step * done, out_step, starts + start_step * done, start_step,
	                                  blocks + block_step * done, block_step, count - done);
}

static void nodes_then_shani(uint8_t *out, const uint8_t *in, size_t pairs)
{
	size_t done = bulk_nodes(out, in, pairs);

	aval_sha256_kernel_shani.nodes(out + 32 * done, in + 64 * done, pairs - done);
}

static void leaves32_then_shani(uint8_t *out, const uint8_t *in, size_t count)
{
	size_t done = bulk_leaves32(out, in, count);

	aval_sha256_kernel_shani.leaves32(out + 32 * done, in + 32 * done, count - done);
}

static void blocks_then_mbedtls(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                                const uint8_t *blocks, size_t block_step, size_t count)
{
	size_t done = bulk_blocks(out, out_step, starts, start_step, blocks, block_step, count);

	aval_sha256_kernel_mbedtls.blocks(out + out_step * done, out_step, starts + start_step * done, start_step,
	                                    blocks + block_step * done, block_step, count - done);
}

static void nodes_then_mbedtls(uint8_t *out, const uint8_t *in, size_t pairs)
{
	size_t done = bulk_nodes(out, in, pairs);

	aval_sha256_kernel_mbedtls.nodes(out + 32 * done, in + 64 * done, pairs - done);
}

static void leaves32_then_mbedtls(uint8_t *out, const uint8_t *in, size_t count)
{
	size_t done = bulk_leaves32(out, in, count);

	aval_sha256_kernel_mbedtls.leaves32(out + 32 * done, in + 32 * done, count - done);
}

static bool usable_with_shani(void)
{
	return aval_cpu_has_avx512() && aval_cpu_has_sha();
}

const aval_sha256_kernel aval_sha256_kernel_avx512_shani = {
	.name = "avx-512 and sha-ni",
	.usable = usable_with_shani,
	.compress = aval_sha256_shani_compress,
	.blocks = blocks_then_shani,
	.nodes = nodes_then_shani,
	.leaves32 = leaves32_then_shani,
};
const aval_sha256_kernel aval_sha256_kernel_avx512_mbedtls = {
	.name = "avx-512 and mbedtls",
	.usable = aval_cpu_has_avx512,
	.compress = aval_sha256_mbedtls_compress,
	.blocks = blocks_then_mbedtls,
	.nodes = nodes_then_mbedtls,
	.leaves32 = leaves32_then_mbedtls,
};
