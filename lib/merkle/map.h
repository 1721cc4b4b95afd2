/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_MAP_H
#define AVAL_LIB_MAP_H

/*
 * Pages of a sparse Merkle map, and the ways through them.
 *
 * A page holds four levels of the tree. Its nodes are numbered as in a heap: 1 is
 * the root of the page, node i has the children 2i and 2i + 1, and the 16 nodes
 * of the lowest level are its slots, slot s being node 16 + s. The page of depth
 * 4k is entered by nibble k of the path, which is the slot. A slot is empty, or
 * holds a leaf, or the id of the page below, whose root is an inner node. A leaf
 * stands in the tree at its highest position, which may be above its slot: where
 * a node has one leaf below it and nothing else, it is that leaf.
 *
 * Stored, all numbers in little endian:
 *   leaves, inners: u16  bit s: slot s holds a leaf, a page below
 *   nodes: u16           bit i: node i, 1 to 15, is an inner node
 *   format: u16          1
 *   ids                  u64 for each bit of inners
 *   hashes               32 bytes for each bit of nodes but bit 1, whose hash stands above
 *   hashes               32 bytes for each bit of leaves and inners, by slot
 *   leaves               path and value hash, 64 bytes for each bit of leaves
 */

#include <aval/map.h>
#include <aval/map_proof.h>

#include "base/base.h"
#include "cbor/cbor.h"

#define AVAL_MAP_PAGE_LEVELS 4
#define AVAL_MAP_SLOTS 16u
#define AVAL_MAP_PAGE_DEPTHS 64 /* pages from the root to the deepest leaf */
#define AVAL_MAP_PAGE_FORMAT 1
#define AVAL_MAP_PAGE_HEAD 8

extern const uint8_t aval_map_empty[32];

#if defined(__GNUC__)
# define AVAL_PREFETCH(address) __builtin_prefetch(address)
#else
# define AVAL_PREFETCH(address) ((void)(address))
#endif

static inline unsigned aval_pop16(unsigned v)
{
	v -= v >> 1 & 0x5555;
	v = (v & 0x3333) + (v >> 2 & 0x3333);
	v = (v + (v >> 4)) & 0x0f0f;
	return (v + (v >> 8)) & 0x1f;
}

/* The lowest one of a slot mask that is not 0. */
static inline unsigned aval_low16(unsigned mask)
{
	return aval_pop16((mask & (0u - mask)) - 1);
}

static inline unsigned aval_path_bit(const uint8_t path32[32], unsigned depth)
{
	return (unsigned)path32[depth / 8] >> (7 - depth % 8) & 1u;
}

/* The slot by which the page at page depth k is left. */
static inline unsigned aval_path_slot(const uint8_t path32[32], unsigned page_depth)
{
	return page_depth % 2 == 0 ? path32[page_depth / 2] >> 4 : path32[page_depth / 2] & 15u;
}

/* How many bits two paths share from the top. */
unsigned aval_path_shared(const uint8_t a32[32], const uint8_t b32[32]);

/* A view of a stored page; data is NULL where there is none. */
typedef struct aval_map_page {
	const uint8_t *data;
	unsigned       leaves, inners, nodes;
	const uint8_t *node_hashes, *slot_hashes, *leaf_data;
} aval_map_page;

/* The slots below node i, as masks. */
extern const uint16_t aval_map_below[32];

/* The nodes 1 to 15 above the slots of a mask, as a mask. */
unsigned aval_map_nodes_above(unsigned slots);

/* Which nodes are inner ones, given the content of the slots. */
unsigned aval_map_inner_nodes(unsigned leaves, unsigned inners);

size_t aval_map_page_len(unsigned leaves, unsigned inners, unsigned nodes);

/* Checks that the bytes are as long as their head says, so that every access below stays inside. */
AVAL_MUST_CHECK aval_status aval_map_page_parse(aval_map_page *page_out, aval_bytes bytes, aval_error *err);

void aval_map_page_write_head(uint8_t *out, unsigned leaves, unsigned inners, unsigned nodes);

static inline void aval_store64(uint8_t *out, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

static inline uint64_t aval_map_page_child(const aval_map_page *p, unsigned slot)
{
	const uint8_t *id = p->data + AVAL_MAP_PAGE_HEAD + 8 * aval_pop16(p->inners & ((1u << slot) - 1));
	uint64_t       value = 0;

	for (unsigned i = 8; i-- > 0;)
		value = value << 8 | id[i];
	return value;
}

static inline const uint8_t *aval_map_page_slot_hash(const aval_map_page *p, unsigned slot)
{
	return p->slot_hashes + 32 * aval_pop16((p->leaves | p->inners) & ((1u << slot) - 1));
}

/* Path and value hash, side by side. */
static inline const uint8_t *aval_map_page_leaf(const aval_map_page *p, unsigned slot)
{
	return p->leaf_data + 64 * aval_pop16(p->leaves & ((1u << slot) - 1));
}

static inline const uint8_t *aval_map_page_node_hash(const aval_map_page *p, unsigned node)
{
	return p->node_hashes + 32 * aval_pop16(p->nodes & ((1u << node) - 1) & ~3u);
}

/* Whether node i, 1 to 31, is an inner node. */
static inline bool aval_map_page_is_inner(const aval_map_page *p, unsigned node)
{
	if (node >= AVAL_MAP_SLOTS)
		return (p->inners >> (node - AVAL_MAP_SLOTS) & 1u) != 0;
	return (p->nodes >> node & 1u) != 0;
}

/* The hash of node i, 2 to 31; NULL if it is empty. */
const uint8_t *aval_map_page_hash(const aval_map_page *p, unsigned node);

/* The store's calls, with its failures made this library's. A page that was got is to be given back. */
AVAL_MUST_CHECK aval_status aval_map_check_store(const aval_map_store *store, aval_error *err);
AVAL_MUST_CHECK aval_status aval_map_store_failed(aval_status cause, aval_error *err);
AVAL_MUST_CHECK aval_status aval_map_store_get(aval_bytes *page_out, const aval_map_store *store, uint64_t id,
                                               aval_error *err);
void aval_map_store_done(const aval_map_store *store, uint64_t id);
void aval_map_store_hint(const aval_map_store *store, uint64_t id);

/* The way from the root to the end that a path has in a version. */
typedef struct aval_map_way {
	aval_map_end   end;
	unsigned       depth;
	unsigned       sibling_count;
	const uint8_t *siblings;       /* into room, from the end up */
	uint8_t        bitmap[32];
	uint8_t        leaf[64];       /* path and value hash of the leaf at the end, if there is one */
	uint8_t        room[AVAL_MAP_MAX_DEPTH * 32];
} aval_map_way;

AVAL_MUST_CHECK aval_status aval_map_walk(aval_map_way *way_out, const aval_map *map, const uint8_t path32[32],
                                          aval_error *err);

/* Hash a node and its sibling to their parent; is_right says where the node stands. */
void aval_map_join(uint8_t node32[32], const uint8_t sibling32[32], unsigned is_right);

static inline bool aval_map_is_empty(const uint8_t hash32[32])
{
	return memcmp(hash32, aval_map_empty, 32) == 0;
}

static inline bool aval_map_bit(const uint8_t *bitmap, size_t i)
{
	return ((unsigned)bitmap[i / 8] >> (7 - i % 8) & 1u) != 0;
}

/* A hash as a byte string of 32 bytes, read in place; NULL after a failure. */
const uint8_t *aval_map_read_hash(aval_cbor_reader *r, const char *where);

/*
 * The bitmap of the siblings that are not empty, count of them, and the siblings: as many bytes, bits and hashes as
 * that makes, none of them the hash of an empty subtree. Fails through the reader.
 */
typedef struct aval_map_siblings {
	aval_bytes bitmap;
	aval_bytes hashes;
	size_t     bitmap_offset, hashes_offset; /* in the input */
} aval_map_siblings;

void aval_map_read_siblings(aval_cbor_reader *r, aval_map_siblings *siblings_out);
void aval_map_check_bitmap(aval_cbor_reader *r, const aval_map_siblings *siblings, size_t count);

#endif /* AVAL_LIB_MAP_H */
