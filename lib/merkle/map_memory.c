/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages in memory. An id is the address of its page, so that readers need neither
 * a table nor a lock. Pages are cut from large blocks; freed ones are kept by their
 * length for the next page that fits. Retired pages wait in a queue, in the order
 * of the versions that retired them.
 */
#include "base/base.h"
#include "merkle/map.h"

#define STEP          ((size_t)16) /* lengths are rounded up to it */
#define CLASSES       (((size_t)AVAL_MAP_PAGE_MAX_LEN + sizeof(uint64_t)) / STEP + 1)
#define FIRST_BLOCK   ((size_t)16 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)

/* Stands before each page; the address of the page is 8 more than a multiple of 16. */
typedef union cell {
	uint64_t    page_len;
	union cell *next_free;
} cell;

typedef struct block {
	struct block *next;
	size_t        size; /* bytes of memory behind the struct */
} block;

typedef struct retired {
	struct retired *next;
	uint64_t        version;
	size_t          count;
	uint64_t        ids[];
} retired;

struct aval_map_memory {
	const aval_allocator *allocator;
	aval_map_store        store;
	block                *blocks; /* the first one is being cut */
	size_t                cut;    /* bytes used of it */
	size_t                used;
	cell                 *free_cells[CLASSES];
	retired              *first, *last;
	uint64_t              newest; /* version */
};

static uint8_t *block_data(block *b)
{
	return (uint8_t *)b + (sizeof *b + STEP - 1) / STEP * STEP;
}

static size_t cell_class(size_t page_len)
{
	return (sizeof(cell) + page_len + STEP - 1) / STEP;
}

static bool add_block(aval_map_memory *m)
{
	size_t size = m->blocks == NULL ? FIRST_BLOCK : m->blocks->size * 2;
	block *b;

	size = size > LARGEST_BLOCK ? LARGEST_BLOCK : size;
	b = aval_alloc(m->allocator, sizeof *b + STEP + size);
	if (b == NULL)
		return false;
	b->next = m->blocks;
	b->size = size;
	m->blocks = b;
	m->cut = 0;
	return true;
}

/* What is left of the last block is less than a page; it is not worth keeping. */
static cell *take_cell(aval_map_memory *m, size_t class)
{
	cell *c = m->free_cells[class];

	if (c != NULL) {
		m->free_cells[class] = c->next_free;
		return c;
	}
	if ((m->blocks == NULL || m->blocks->size - m->cut < class * STEP) && !add_block(m))
		return NULL;
	c = (cell *)(void *)(block_data(m->blocks) + m->cut);
	m->cut += class * STEP;
	return c;
}

static cell *cell_of(uint64_t id)
{
	return (cell *)(uintptr_t)id - 1;
}

static aval_status memory_get(aval_bytes *page_out, uint64_t id, void *user_data)
{
	(void)user_data;
	*page_out = (aval_bytes){ (const uint8_t *)(uintptr_t)id, (size_t)cell_of(id)->page_len };
	return AVAL_OK;
}

/* A page begins with what leads on from it; the rest follows in the order of addresses. */
static void memory_hint(uint64_t id, void *user_data)
{
	const cell *c = cell_of(id);

	(void)user_data;
	AVAL_PREFETCH(c);
	AVAL_PREFETCH(c + 8);
	AVAL_PREFETCH(c + 16);
}

static aval_status memory_put(uint64_t *id_out, const uint8_t *page, size_t page_len, void *user_data)
{
	aval_map_memory *m = user_data;
	size_t class = cell_class(page_len);
	cell *c = page_len > AVAL_MAP_PAGE_MAX_LEN ? NULL : take_cell(m, class);

	if (c == NULL)
		return AVAL_E_NO_MEMORY;
	c->page_len = page_len;
	memcpy(c + 1, page, page_len);
	m->used += class * STEP;
	*id_out = (uint64_t)(uintptr_t)(c + 1);
	return AVAL_OK;
}

static void memory_drop(uint64_t id, void *user_data)
{
	aval_map_memory *m = user_data;
	cell            *c = cell_of(id);
	size_t class = cell_class((size_t)c->page_len);

	m->used -= class * STEP;
	c->next_free = m->free_cells[class];
	m->free_cells[class] = c;
}

static aval_status memory_retire(const uint64_t *ids, size_t id_count, uint64_t version, void *user_data)
{
	aval_map_memory *m = user_data;
	size_t           size;
	retired         *r;

	/* A second successor of one version would retire its pages twice. */
	if (version <= m->newest)
		return AVAL_E_INVALID_ARGUMENT;
	if (!aval_mul_size(&size, id_count, sizeof *ids) || !aval_add_size(&size, size, sizeof *r))
		return AVAL_E_NO_MEMORY;
	r = aval_alloc(m->allocator, size);
	if (r == NULL)
		return AVAL_E_NO_MEMORY;
	m->newest = version;
	r->next = NULL;
	r->version = version;
	r->count = id_count;
	if (id_count > 0)
		memcpy(r->ids, ids, id_count * sizeof *ids);
	if (m->last == NULL)
		m->first = r;
	else
		m->last->next = r;
	m->last = r;
	return AVAL_OK;
}

static void pop_retired(aval_map_memory *m)
{
	retired *r = m->first;

	m->first = r->next;
	if (m->first == NULL)
		m->last = NULL;
	aval_free(r, m->allocator);
}

void aval_map_memory_release(aval_map_memory *memory, uint64_t version)
{
	while (memory->first != NULL && memory->first->version <= version) {
		for (size_t i = 0; i < memory->first->count; i++)
			memory_drop(memory->first->ids[i], memory);
		pop_retired(memory);
	}
}

aval_status aval_map_memory_new(aval_map_memory **memory_out, const aval_allocator *allocator, aval_error *err)
{
	aval_map_memory *m = aval_alloc_zero(allocator, sizeof *m);

	if (m == NULL)
		return aval_fail_no_memory(err);
	m->allocator = allocator;
	m->store = (aval_map_store){ sizeof m->store, memory_get,  NULL,          memory_hint,
		                     memory_put,      memory_drop, memory_retire, m };
	*memory_out = m;
	return AVAL_OK;
}

void aval_map_memory_free(aval_map_memory *memory)
{
	if (memory == NULL)
		return;
	while (memory->first != NULL)
		pop_retired(memory);
	while (memory->blocks != NULL) {
		block *b = memory->blocks;

		memory->blocks = b->next;
		aval_free(b, memory->allocator);
	}
	aval_free(memory, memory->allocator);
}

const aval_map_store *aval_map_memory_store(aval_map_memory *memory)
{
	return &memory->store;
}

size_t aval_map_memory_used(const aval_map_memory *memory)
{
	return memory->used;
}
