/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_HASH_TWO_STREAMS_H
#define AVAL_LIB_HASH_TWO_STREAMS_H

/*
 * The bulk calls of a kernel whose unit does two streams side by side. Included by that kernel's file behind
 * its types state and block and its functions load_state, load_hash, store_hash, absorb, absorb_two,
 * message_block, node_block, node_end_block and leaf32_block; each file is built with flags of its own.
 */

static void one_block_each(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step,
                           const uint8_t *blocks, size_t block_step, size_t count)
{
	block two[2];

	for (; count >= 2; count -= 2) {
		state s0 = load_hash(starts), s1 = load_hash(starts + start_step);

		two[0] = message_block(blocks);
		two[1] = message_block(blocks + block_step);
		absorb_two(&s0, &s1, two);
		store_hash(out, s0);
		store_hash(out + out_step, s1);
		out += 2 * out_step;
		starts += 2 * start_step;
		blocks += 2 * block_step;
	}
	if (count == 1)
		store_hash(out, absorb(load_hash(starts), message_block(blocks)));
	aval_wipe(two, sizeof two); /* they may be salts */
}

static void nodes(uint8_t *out, const uint8_t *in, size_t pairs)
{
	const state start = load_state(aval_sha256_start);

	for (; pairs >= 2; pairs -= 2, in += 128, out += 64) {
		state s0 = start, s1 = start;

		absorb_two(&s0, &s1, (const block[2]){ node_block(in), node_block(in + 64) });
		absorb_two(&s0, &s1, (const block[2]){ node_end_block(in), node_end_block(in + 64) });
		store_hash(out, s0);
		store_hash(out + 32, s1);
	}
	if (pairs == 1)
		store_hash(out, absorb(absorb(start, node_block(in)), node_end_block(in)));
}

static void leaves32(uint8_t *out, const uint8_t *in, size_t count)
{
	const state start = load_state(aval_sha256_start);

	for (; count >= 2; count -= 2, in += 64, out += 64) {
		state s0 = start, s1 = start;

		absorb_two(&s0, &s1, (const block[2]){ leaf32_block(in), leaf32_block(in + 32) });
		store_hash(out, s0);
		store_hash(out + 32, s1);
	}
	if (count == 1)
		store_hash(out, absorb(start, leaf32_block(in)));
}

#endif /* AVAL_LIB_HASH_TWO_STREAMS_H */
