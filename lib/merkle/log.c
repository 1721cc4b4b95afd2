/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log in memory. Pages have the shape of C2SP tiles: a page of row r holds the
 * nodes of levels 8r to 8r + 7 over 256 nodes of level 8r, level after level. The
 * nodes of a proof thus lie in few pages, and a page is built while it is in the
 * fastest cache.
 */
#include <aval/log.h>
#include <aval/merkle.h>

#include "base/base.h"
#include "hash/hash.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

#define PAGE_WIDTH ((size_t)256) /* nodes of the lowest level of a page */
#define PAGE_LEVELS 8
#define PAGE_NODES 510 /* 256 + 128 + ... + 2 */
#define ROWS 8         /* 256^8 leaves are more than AVAL_MERKLE_MAX_SIZE */

typedef struct page {
	uint8_t nodes[PAGE_NODES][32];
} page;

typedef struct row {
	page **pages;
	size_t count, room; /* pages; those beyond the leaves are spare */
} row;

struct aval_log {
	const aval_allocator *allocator;
	uint64_t              size;
	row                   rows[ROWS];
};

aval_status aval_log_new(aval_log **log_out, const aval_allocator *allocator, aval_error *err)
{
	aval_log *log = aval_alloc_zero(allocator, sizeof *log);

	if (log == NULL)
		return aval_fail_no_memory(err);
	log->allocator = allocator;
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

/* The rows above, after a page of the lowest row is full. */
static void carry(aval_log *log)
{
	uint64_t nodes = log->size / PAGE_WIDTH;

	for (size_t r = 1;; r++) {
		page   *below = log->rows[r - 1].pages[nodes - 1];
		size_t  at = (size_t)((nodes - 1) % PAGE_WIDTH);
		page   *p = log->rows[r].pages[(nodes - 1) / PAGE_WIDTH];

		aval_hash_nodes(p->nodes[at], below->nodes[PAGE_NODES - 2], 1);
		complete_levels(p, at, at + 1);
		if (at + 1 != PAGE_WIDTH)
			return;
		nodes /= PAGE_WIDTH;
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
		if (at + take == PAGE_WIDTH)
			carry(log);
		if (leaf_len > 0)
			data += leaf_len * take;
		count -= take;
	}
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

aval_status aval_log_root(uint8_t root32_out[32], const aval_log *log, uint64_t size, aval_error *err)
{
	aval_node_source nodes;
	aval_status      status = check_size(log, size, err);

	aval_log_nodes(&nodes, log);
	return status != AVAL_OK ? status : aval_merkle_root(root32_out, &nodes, size, err);
}

aval_status aval_log_prove_inclusion(uint8_t *path_out, size_t *path_count_inout, const aval_log *log, uint64_t size,
                                     uint64_t index, aval_error *err)
{
	aval_node_source nodes;
	aval_status      status = check_size(log, size, err);

	if (status != AVAL_OK)
		return status;
	aval_log_nodes(&nodes, log);
	return aval_merkle_prove_inclusion(path_out, path_count_inout, &nodes, size, index, err);
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
