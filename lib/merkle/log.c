/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log in memory. Pages have the shape of C2SP tiles: a page of row r holds the
 * nodes of levels 8r to 8r + 7 over 256 nodes of level 8r, level after level. The
 * nodes of a proof thus lie in few pages, and a page is built while it is in the
 * fastest cache.
 */
#include <stdatomic.h>

#include <aval/log.h>
#include <aval/merkle.h>

#include "base/base.h"
#include "hash/hash.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

#define PAGE_WIDTH ((size_t)256) /* nodes of the lowest level of a page */
#define PAGE_LEVELS 8
#define PAGE_NODES 510 /* 256 + 128 + ... + 2 */
#define ROWS 8             /* 256^8 leaves are more than AVAL_MERKLE_MAX_SIZE */
#define BATCH ((size_t)16) /* hashes that every kernel can do side by side */

typedef struct page {
	uint8_t nodes[PAGE_NODES][32];
} page;

typedef struct row {
	page **pages;
	size_t count, room; /* pages; those beyond the leaves are spare */
} row;

/*
 * The nodes that the right edge of the tree cuts off, for the size that the log
 * has: roots[level] covers the leaves from the last multiple of 2^level to the
 * end. They change with every leaf, so the first reader to need them computes
 * them; the others meanwhile do without.
 */
typedef struct edge {
	_Atomic uint64_t size; /* for which the roots are there */
	atomic_flag      busy;
	uint8_t          roots[65][32];
} edge;

struct aval_log {
	const aval_allocator *allocator;
	uint64_t              size;
	row                   rows[ROWS];
	edge                  edge;
};

aval_status aval_log_new(aval_log **log_out, const aval_allocator *allocator, aval_error *err)
{
	aval_log *log = aval_alloc_zero(allocator, sizeof *log);

	if (log == NULL)
		return aval_fail_no_memory(err);
	log->allocator = allocator;
	atomic_init(&log->edge.size, 0);
	atomic_flag_clear(&log->edge.busy);
	*log_out = log;
	return AVAL_OK;
}

void aval_log_free(aval_log *log)
{
	if (log == NULL)
		return;
	for (size_t r = 0; r < ROWS; r++) {
		for (size_t i = 0; i < log->rows[r].count; i++)
			aval_free(log->rows[r].pages[i], log->allocator);
		aval_free(log->rows[r].pages, log->allocator);
	}
	aval_free(log, log->allocator);
}

uint64_t aval_log_size(const aval_log *log)
{
	return log->size;
}

/* Where the nodes of a level of a page begin. */
static size_t level_start(unsigned level)
{
	return (2 * PAGE_WIDTH) - ((2 * PAGE_WIDTH) >> level);
}

static uint8_t *node_at(const aval_log *log, unsigned level, uint64_t index)
{
	unsigned height = level % PAGE_LEVELS;
	page    *p = log->rows[level / PAGE_LEVELS].pages[index >> (PAGE_LEVELS - height)];

	return p->nodes[level_start(height) + (size_t)(index & ((PAGE_WIDTH >> height) - 1))];
}

static bool widen(aval_log *log, row *r, size_t count)
{
	size_t room = r->room == 0 ? 4 : r->room;
	page **pages;

	while (room < count)
		room *= 2;
	pages = aval_alloc_array(log->allocator, room, sizeof *pages);
	if (pages == NULL)
		return false;
	if (r->count > 0)
		memcpy(pages, r->pages, r->count * sizeof *pages);
	aval_free(r->pages, log->allocator);
	r->pages = pages;
	r->room = room;
	return true;
}

/* Pages that were added before memory ran out stay as spare ones. */
static bool reserve_row(aval_log *log, row *r, uint64_t nodes)
{
	size_t count = (size_t)((nodes + PAGE_WIDTH - 1) / PAGE_WIDTH);

	if (count > r->room && !widen(log, r, count))
		return false;
	while (r->count < count) {
		page *p = aval_alloc(log->allocator, sizeof *p);

		if (p == NULL)
			return false;
		r->pages[r->count++] = p;
	}
	return true;
}

static aval_status reserve(aval_log *log, size_t count, aval_error *err)
{
	if (count > AVAL_MERKLE_MAX_SIZE - log->size)
		return aval_fail(err, AVAL_E_LIMIT, "log.size", "the log would be larger than the largest tree");
	for (size_t r = 0; r < ROWS; r++)
		if (!reserve_row(log, &log->rows[r], (log->size + count) >> (PAGE_LEVELS * r)))
			return aval_fail_no_memory(err);
	return AVAL_OK;
}

/* The nodes above those at [from, to) of the page's lowest level that are complete now. */
static void complete_levels(page *p, size_t from, size_t to)
{
	for (unsigned level = 1; level < PAGE_LEVELS; level++) {
		size_t begin = from >> level, end = to >> level;

		if (begin == end)
			return;
		aval_hash_nodes(p->nodes[level_start(level) + begin], p->nodes[level_start(level - 1) + 2 * begin],
		                end - begin);
	}
}

/* Nodes [from, to) of a page's lowest level, over as many full pages of the row below. */
static void join_pages(page *p, page *const *below, size_t from, size_t to)
{
	uint8_t pairs[BATCH][64];

	for (size_t batch; from < to; from += batch, below += batch) {
		batch = to - from < BATCH ? to - from : BATCH;
		for (size_t i = 0; i < batch; i++)
			memcpy(pairs[i], below[i]->nodes[PAGE_NODES - 2], 64);
		aval_hash_nodes(p->nodes[from], pairs[0], batch);
	}
}

/* The rows above, after leaves from old_size on came to the lowest one: all at once, to be hashed in bulk. */
static void carry(aval_log *log, uint64_t old_size)
{
	uint64_t begin = old_size, end = log->size;

	for (size_t r = 1; begin / PAGE_WIDTH < end / PAGE_WIDTH; r++) {
		begin /= PAGE_WIDTH;
		end /= PAGE_WIDTH;
		for (uint64_t at = begin, next; at < end; at = next) {
			page  *p = log->rows[r].pages[at / PAGE_WIDTH];
			size_t from = (size_t)(at % PAGE_WIDTH), to;

			next = end - at < PAGE_WIDTH - from ? end : at + PAGE_WIDTH - from;
			to = from + (size_t)(next - at);
			join_pages(p, log->rows[r - 1].pages + at, from, to);
			complete_levels(p, from, to);
		}
	}
}

static void hash_leaves(uint8_t *out, const uint8_t *data, size_t leaf_len, size_t count)
{
	if (leaf_len == 32) {
		aval_hash_leaves32(out, data, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		aval_hash_leaf(out + 32 * i, leaf_len == 0 ? NULL : data + leaf_len * i, leaf_len);
}

static void copy_hashes(uint8_t *out, const uint8_t *data, size_t leaf_len, size_t count)
{
	memcpy(out, data, leaf_len * count);
}

typedef void leaf_writer(uint8_t *out, const uint8_t *data, size_t leaf_len, size_t count);

static aval_status append(aval_log *log, const uint8_t *data, size_t leaf_len, size_t count, leaf_writer *write,
                          aval_error *err)
{
	uint64_t    old_size = log->size;
	aval_status status = reserve(log, count, err);

	if (status != AVAL_OK)
		return status;
	while (count > 0) {
		size_t at = (size_t)(log->size % PAGE_WIDTH);
		size_t take = count < PAGE_WIDTH - at ? count : PAGE_WIDTH - at;
		page  *p = log->rows[0].pages[log->size / PAGE_WIDTH];

		write(p->nodes[at], data, leaf_len, take);
		complete_levels(p, at, at + take);
		log->size += take;
		if (leaf_len > 0)
			data += leaf_len * take;
		count -= take;
	}
	carry(log, old_size);
	return AVAL_OK;
}

aval_status aval_log_append(aval_log *log, const uint8_t *data, size_t len, aval_error *err)
{
	return append(log, data, len, 1, hash_leaves, err);
}

aval_status aval_log_append_many(aval_log *log, const uint8_t *data, size_t leaf_len, size_t count, aval_error *err)
{
	return append(log, data, leaf_len, count, hash_leaves, err);
}

aval_status aval_log_append_hashes(aval_log *log, const uint8_t *hashes, size_t count, aval_error *err)
{
	return append(log, hashes, 32, count, copy_hashes, err);
}

aval_status aval_log_node(uint8_t hash32_out[32], const aval_log *log, uint32_t level, uint64_t index,
                          aval_error *err)
{
	if (level > 62 || index >= log->size >> level)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "log.node", "the subtree is not complete in this log");
	memcpy(hash32_out, node_at(log, level, index), 32);
	return AVAL_OK;
}

static aval_status read_node(uint8_t hash32_out[32], uint32_t level, uint64_t index, void *user_data)
{
	return aval_log_node(hash32_out, user_data, level, index, NULL);
}

void aval_log_nodes(aval_node_source *nodes_out, const aval_log *log)
{
	/* The callback only reads; its type cannot say so. */
	*nodes_out = (aval_node_source){ sizeof *nodes_out, read_node, (void *)(uintptr_t)log };
}

static aval_status check_size(const aval_log *log, uint64_t size, aval_error *err)
{
	if (size > log->size)
		return aval_fail(err, AVAL_E_PROOF_INDEX, "log.size", "the log is smaller");
	return AVAL_OK;
}

/* The root of a subtree: its complete parts, folded from the right. */
static void subtree_root(uint8_t hash32[32], const aval_log *log, uint64_t begin, uint64_t end)
{
	unsigned level = aval_low_zeros(end - begin);

	memcpy(hash32, node_at(log, level, (end - 1) >> level), 32);
	for (end -= UINT64_C(1) << level; end > begin; end -= UINT64_C(1) << level) {
		level = aval_low_zeros(end - begin);
		aval_hash_node(hash32, node_at(log, level, (end - 1) >> level), hash32);
	}
}

static void compute_edge(edge *e, const aval_log *log)
{
	unsigned top = aval_bit_len(log->size), level = aval_low_zeros(log->size);
	uint8_t  root[32];

	memcpy(root, node_at(log, level, (log->size >> level) - 1), 32);
	memcpy(e->roots[++level], root, 32);
	for (; level < top; level++) {
		/* With a complete left sibling this cut node is a right child, without it it is all of its parent. */
		if ((log->size >> level) % 2 == 1)
			aval_hash_node(root, node_at(log, level, (log->size >> level) - 1), root);
		memcpy(e->roots[level + 1], root, 32);
	}
}

/* The edge of a tree of size leaves, or NULL if it is to be computed in part. */
static const edge *find_edge(const aval_log *log, uint64_t size)
{
	/* Readers change nothing of the log but this, and this by atomic steps. */
	edge *e = (edge *)(uintptr_t)&log->edge;

	if (size != log->size)
		return NULL;
	if (atomic_load_explicit(&e->size, memory_order_acquire) == size)
		return e;
	if (atomic_flag_test_and_set_explicit(&e->busy, memory_order_acquire))
		return NULL;
	/* Another reader may have been done with it just now, and then others read it. */
	if (atomic_load_explicit(&e->size, memory_order_relaxed) != size) {
		compute_edge(e, log);
		atomic_store_explicit(&e->size, size, memory_order_release);
	}
	atomic_flag_clear_explicit(&e->busy, memory_order_release);
	return e;
}

aval_status aval_log_root(uint8_t root32_out[32], const aval_log *log, uint64_t size, aval_error *err)
{
	aval_status status = check_size(log, size, err);
	const edge *e;

	if (status != AVAL_OK)
		return status;
	if (size == 0) {
		aval_merkle_empty(root32_out);
		return AVAL_OK;
	}
	e = find_edge(log, size);
	if (e != NULL)
		memcpy(root32_out, e->roots[aval_bit_len(size)], 32);
	else
		subtree_root(root32_out, log, 0, size);
	return AVAL_OK;
}

/* As the provers over a source of nodes do; but nothing here can fail, so the path is written in place. */
static void write_path(uint8_t *path, const aval_log *log, uint64_t size, aval_climb climb)
{
	const edge  *e = find_edge(log, size);
	aval_sibling sibling;

	for (; aval_climb_next(&climb, &sibling); path += 32) {
		uint64_t begin = sibling.index << sibling.level;

		if (size - begin >= UINT64_C(1) << sibling.level)
			memcpy(path, node_at(log, sibling.level, sibling.index), 32);
		else if (e != NULL)
			memcpy(path, e->roots[sibling.level], 32);
		else
			subtree_root(path, log, begin, size);
	}
}

aval_status aval_log_prove_inclusion(uint8_t *path_out, size_t *path_count_inout, const aval_log *log, uint64_t size,
                                     uint64_t index, aval_error *err)
{
	aval_status status = check_size(log, size, err);
	aval_climb  climb;
	size_t      count;

	if (status == AVAL_OK)
		status = aval_merkle_check_leaf(size, index, err);
	if (status != AVAL_OK)
		return status;
	climb = aval_climb_from(0, index, size);
	count = aval_climb_count(&climb);
	status = aval_merkle_check_room(path_count_inout, path_out, count, err);
	if (status != AVAL_OK)
		return status;
	write_path(path_out, log, size, climb);
	*path_count_inout = count;
	return AVAL_OK;
}

aval_status aval_log_prove_consistency(uint8_t *path_out, size_t *path_count_inout, const aval_log *log,
                                       uint64_t old_size, uint64_t new_size, aval_error *err)
{
	aval_node_source nodes;
	aval_status      status = check_size(log, new_size, err);

	if (status != AVAL_OK)
		return status;
	aval_log_nodes(&nodes, log);
	return aval_merkle_prove_consistency(path_out, path_count_inout, &nodes, old_size, new_size, err);
}
