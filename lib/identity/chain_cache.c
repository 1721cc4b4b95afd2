/* SPDX-License-Identifier: Apache-2.0 */
/* Paths that were found valid, with the span of time in which they are. */
#include "identity/chain.h"

enum { MAX_CAPACITY = 65536 };

typedef struct entry {
	uint8_t           key32[32];
	aval_chain_result result;
} entry;

struct aval_chain_cache {
	const aval_allocator *allocator;
	size_t                capacity, count, oldest;
	uint64_t              hits, misses;
	entry                *entries;
};

aval_status aval_chain_cache_new(aval_chain_cache **cache_out, size_t capacity, const aval_allocator *allocator,
                                 aval_error *err)
{
	aval_chain_cache *cache;

	if (capacity == 0 || capacity > MAX_CAPACITY)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "capacity", "not 1 to 65536");
	cache = aval_alloc_zero(allocator, sizeof *cache);
	if (cache == NULL)
		return aval_fail_no_memory(err);
	cache->allocator = allocator;
	cache->capacity = capacity;
	cache->entries = aval_alloc_array(allocator, capacity, sizeof(entry));
	if (cache->entries == NULL) {
		aval_free(cache, allocator);
		return aval_fail_no_memory(err);
	}
	*cache_out = cache;
	return AVAL_OK;
}

void aval_chain_cache_free(aval_chain_cache *cache)
{
	const aval_allocator *allocator;

	if (cache == NULL)
		return;
	allocator = cache->allocator;
	aval_free(cache->entries, allocator);
	aval_free(cache, allocator);
}

/* All that the verdict depends on but the time. */
static void make_key(uint8_t key32_out[32], const aval_chain *chain, const aval_trust *trust,
                     aval_crl_mode mode)
{
	const uint8_t   byte = (uint8_t)mode;
	aval_sha256_ctx ctx;

	aval_sha256_init(&ctx);
	aval_sha256_update(&ctx, chain->hash32, 32);
	aval_sha256_update(&ctx, trust->hash32, 32);
	aval_sha256_update(&ctx, &byte, 1);
	aval_sha256_finish(&ctx, key32_out);
}

static const entry *find(const aval_chain_cache *cache, const uint8_t key32[32], int64_t at_unix_ms)
{
	for (size_t i = 0; i < cache->count; i++) {
		const entry *e = &cache->entries[i];

		if (e->result.valid_from_unix_ms <= at_unix_ms && at_unix_ms < e->result.valid_until_unix_ms &&
		    memcmp(e->key32, key32, 32) == 0)
			return e;
	}
	return NULL;
}

static void put(aval_chain_cache *cache, const uint8_t key32[32], const aval_chain_result *result)
{
	entry *e = &cache->entries[cache->oldest];

	cache->oldest = (cache->oldest + 1) % cache->capacity;
	if (cache->count < cache->capacity)
		cache->count++;
	memcpy(e->key32, key32, 32);
	e->result = *result;
}

static aval_status verify(aval_chain_result *result_out, aval_chain_cache *cache, const aval_chain *chain,
                          const aval_trust *trust, const aval_chain_options *options, aval_error *err)
{
	uint8_t           key32[32];
	const entry      *e;
	aval_chain_result result;
	aval_status       status;

	make_key(key32, chain, trust, options->crl_mode);
	e = find(cache, key32, options->at_unix_ms);
	if (e != NULL) {
		cache->hits++;
		*result_out = e->result;
		return AVAL_OK;
	}
	cache->misses++;
	status = aval_x509_path_find(&result, chain, trust, options, err);
	if (status != AVAL_OK)
		return status;
	put(cache, key32, &result);
	*result_out = result;
	return AVAL_OK;
}

aval_status aval_chain_cache_verify(aval_chain_result *result_out, aval_chain_cache *cache,
                                    const aval_chain *chain, const aval_trust *trust,
                                    const aval_chain_options *options, aval_error *err)
{
	aval_chain_result result;
	aval_status       status = aval_x509_options_check(options, chain, err);

	if (status == AVAL_OK)
		status = verify(&result, cache, chain, trust, options, err);
	if (status == AVAL_OK && result_out != NULL)
		*result_out = result;
	return status;
}

uint64_t aval_chain_cache_hits(const aval_chain_cache *cache)
{
	return cache->hits;
}

uint64_t aval_chain_cache_misses(const aval_chain_cache *cache)
{
	return cache->misses;
}
