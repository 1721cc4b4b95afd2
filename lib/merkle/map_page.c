/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of a map as bytes; map.h has their layout. */
#include "hash/hash.h"
#include "merkle/map.h"

const uint8_t aval_map_empty[32] = { 0 };

void aval_map_value(uint8_t value32_out[32], const uint8_t *value, size_t value_len)
{
	aval_sha256(value32_out, value, value_len);
}

void aval_map_leaf(uint8_t hash32_out[32], const uint8_t path32[32], const uint8_t value32[32])
{
	uint8_t pair[64];

	memcpy(pair, path32, 32);
	memcpy(pair + 32, value32, 32);
	aval_hash_leaf(hash32_out, pair, sizeof pair);
}

void aval_map_join(uint8_t node32[32], const uint8_t sibling32[32], unsigned is_right)
{
	uint8_t pair[64];

	memcpy(pair + 32 * is_right, node32, 32);
	memcpy(pair + 32 * (1 - is_right), sibling32, 32);
	aval_hash_nodes(node32, pair, 1);
}

unsigned aval_path_shared(const uint8_t a32[32], const uint8_t b32[32])
{
	unsigned byte = 0, bits = 0;

	while (byte < 32 && a32[byte] == b32[byte])
		byte++;
	if (byte == 32)
		return 256;
	while (((a32[byte] ^ b32[byte]) & (0x80 >> bits)) == 0)
		bits++;
	return 8 * byte + bits;
}

/* Bits 0, 2, 4, ... of a mask, side by side. */
static unsigned even_bits(unsigned mask)
{
	mask &= 0x5555;
	mask = (mask | mask >> 1) & 0x3333;
	mask = (mask | mask >> 2) & 0x0f0f;
	return (mask | mask >> 4) & 0x00ff;
}

unsigned aval_map_inner_nodes(unsigned leaves, unsigned inners)
{
	unsigned one = leaves, many = inners, nodes = 0;

	for (unsigned width = 8; width > 0; width /= 2) {
		unsigned pair_many = many | many >> 1 | (one & one >> 1);

		one = even_bits((one ^ one >> 1) & ~pair_many);
		many = even_bits(pair_many);
		nodes |= many << width;
	}
	return nodes;
}

const uint16_t aval_map_below[32] = {
	0x0000, 0xffff, 0x00ff, 0xff00, 0x000f, 0x00f0, 0x0f00, 0xf000, 0x0003, 0x000c, 0x0030,
	0x00c0, 0x0300, 0x0c00, 0x3000, 0xc000, 0x0001, 0x0002, 0x0004, 0x0008, 0x0010, 0x0020,
	0x0040, 0x0080, 0x0100, 0x0200, 0x0400, 0x0800, 0x1000, 0x2000, 0x4000, 0x8000,
};

unsigned aval_map_nodes_above(unsigned slots)
{
	unsigned nodes = 0;

	for (unsigned width = 8; width > 0; width /= 2) {
		slots = even_bits(slots | slots >> 1);
		nodes |= slots << width;
	}
	return nodes;
}

size_t aval_map_page_len(unsigned leaves, unsigned inners, unsigned nodes)
{
	return AVAL_MAP_PAGE_HEAD + 8 * aval_pop16(inners) + 32 * aval_pop16(nodes & ~3u) +
	       32 * aval_pop16(leaves | inners) + 64 * aval_pop16(leaves);
}

static void put16(uint8_t *out, unsigned value)
{
	out[0] = (uint8_t)value;
	out[1] = (uint8_t)(value >> 8);
}

static unsigned get16(const uint8_t *data)
{
	return data[0] | (unsigned)data[1] << 8;
}

void aval_map_page_write_head(uint8_t *out, unsigned leaves, unsigned inners, unsigned nodes)
{
	put16(out, leaves);
	put16(out + 2, inners);
	put16(out + 4, nodes);
	put16(out + 6, AVAL_MAP_PAGE_FORMAT);
}

/* No store gives out the id 0, which says here that nothing is below. */
static bool has_zero_id(const aval_map_page *p)
{
	const uint8_t *id = p->data + AVAL_MAP_PAGE_HEAD, *end = id + 8 * aval_pop16(p->inners);
	uint64_t       value;

	for (; id < end; id += 8) {
		memcpy(&value, id, 8);
		if (value == 0)
			return true;
	}
	return false;
}

aval_status aval_map_page_parse(aval_map_page *page_out, aval_bytes bytes, aval_error *err)
{
	aval_map_page p = { .data = bytes.data };

	if (bytes.len < AVAL_MAP_PAGE_HEAD || get16(bytes.data + 6) != AVAL_MAP_PAGE_FORMAT)
		return aval_fail_at(err, AVAL_E_MAP_PAGE, 0, "map.page",
		                    "not a page, or one of another format");
	p.leaves = get16(bytes.data);
	p.inners = get16(bytes.data + 2);
	p.nodes = get16(bytes.data + 4);
	if ((p.leaves & p.inners) != 0 || (p.leaves | p.inners) == 0)
		return aval_fail_at(err, AVAL_E_MAP_PAGE, 0, "map.page",
		                    "a slot with two contents, or none with any");
	if (bytes.len != aval_map_page_len(p.leaves, p.inners, p.nodes))
		return aval_fail_at(err, AVAL_E_MAP_PAGE, 0, "map.page", "another length than its head says");
	if (has_zero_id(&p))
		return aval_fail_at(err, AVAL_E_MAP_PAGE, AVAL_MAP_PAGE_HEAD, "map.page", "a slot names no page");
	p.node_hashes = p.data + AVAL_MAP_PAGE_HEAD + 8 * aval_pop16(p.inners);
	p.slot_hashes = p.node_hashes + 32 * aval_pop16(p.nodes & ~3u);
	p.leaf_data = p.slot_hashes + 32 * aval_pop16(p.leaves | p.inners);
	*page_out = p;
	return AVAL_OK;
}

const uint8_t *aval_map_page_hash(const aval_map_page *p, unsigned node)
{
	unsigned used = (p->leaves | p->inners) & aval_map_below[node];

	if (used == 0)
		return NULL;
	if (node < AVAL_MAP_SLOTS && aval_map_page_is_inner(p, node))
		return aval_map_page_node_hash(p, node);
	return aval_map_page_slot_hash(p, aval_low16(used));
}

aval_status aval_map_check_store(const aval_map_store *store, aval_error *err)
{
	if (store == NULL || store->struct_size != sizeof *store)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "map.store", "no store, or one of another size");
	return AVAL_OK;
}

aval_status aval_map_store_failed(aval_status cause, aval_error *err)
{
	if (cause == AVAL_E_NO_MEMORY)
		return aval_fail_no_memory(err);
	return aval_fail_cause(err, AVAL_E_CALLBACK, "map.store", "the store failed", cause);
}

aval_status aval_map_store_get(aval_bytes *page_out, const aval_map_store *store, uint64_t id, aval_error *err)
{
	aval_status status = store->get(page_out, id, store->user_data);

	return status == AVAL_OK ? AVAL_OK : aval_map_store_failed(status, err);
}

void aval_map_store_hint(const aval_map_store *store, uint64_t id)
{
	if (store->hint != NULL)
		store->hint(id, store->user_data);
}

void aval_map_store_done(const aval_map_store *store, uint64_t id)
{
	if (store->done != NULL)
		store->done(id, store->user_data);
}
