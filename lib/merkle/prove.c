/* SPDX-License-Identifier: Apache-2.0 */
/* Provers over a source of complete subtrees: RFC 9162, 2.1.3.1 and 2.1.4.1. */
#include <aval/merkle.h>
#include <aval/prove.h>

#include "base/base.h"
#include "hash/hash.h"
#include "merkle/geometry.h"
#include "merkle/merkle.h"

static aval_status check_source(const aval_node_source *nodes, aval_error *err)
{
	if (nodes == NULL || nodes->struct_size != sizeof *nodes || nodes->read == NULL)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "nodes", "not a source of nodes of this version");
	return AVAL_OK;
}

static aval_status read_node(uint8_t hash32_out[32], const aval_node_source *nodes, unsigned level, uint64_t index,
                             aval_error *err)
{
	aval_status status = nodes->read(hash32_out, level, index, nodes->user_data);

	if (status != AVAL_OK)
		return aval_fail_cause(err, AVAL_E_CALLBACK, "nodes.read", "the source of nodes failed", status);
	return AVAL_OK;
}

/* The root of a subtree: its complete parts, folded from the right. */
static aval_status read_subtree(uint8_t hash32_out[32], uint64_t begin, uint64_t end, const void *source,
                                aval_error *err)
{
	const aval_node_source *nodes = source;
	unsigned                level = aval_low_zeros(end - begin);
	aval_status             status = read_node(hash32_out, nodes, level, (end - 1) >> level, err);
	uint8_t                 left[32];

	for (end -= UINT64_C(1) << level; status == AVAL_OK && end > begin; end -= UINT64_C(1) << level) {
		level = aval_low_zeros(end - begin);
		status = read_node(left, nodes, level, (end - 1) >> level, err);
		if (status == AVAL_OK)
			aval_hash_node(hash32_out, left, hash32_out);
	}
	return status;
}

aval_status aval_merkle_subtree_root(uint8_t root32_out[32], const aval_node_source *nodes, uint64_t begin,
                                     uint64_t end, aval_error *err)
{
	aval_status status = check_source(nodes, err);
	uint8_t     root[32];

	if (status == AVAL_OK)
		status = aval_merkle_check_place(begin, end, begin, err);
	if (status == AVAL_OK)
		status = read_subtree(root, begin, end, nodes, err);
	if (status == AVAL_OK)
		memcpy(root32_out, root, 32);
	return status;
}

aval_status aval_merkle_root(uint8_t root32_out[32], const aval_node_source *nodes, uint64_t size, aval_error *err)
{
	aval_status status = check_source(nodes, err);

	if (status == AVAL_OK)
		status = aval_merkle_check_size(size, err);
	if (status != AVAL_OK)
		return status;
	if (size > 0)
		return aval_merkle_subtree_root(root32_out, nodes, 0, size, err);
	aval_merkle_empty(root32_out);
	return AVAL_OK;
}

/* A proof under way: a seed or nothing, then the siblings of a climb in the leaves [begin, end). */
typedef struct proof_plan {
	const aval_node_source *nodes;
	aval_climb              climb;
	bool                    has_seed;
	uint64_t                begin, end;
} proof_plan;

static aval_status read_sibling(uint8_t hash32_out[32], const proof_plan *plan, const aval_sibling *sibling,
                                aval_error *err)
{
	uint64_t begin = plan->begin + (sibling->index << sibling->level);
	uint64_t width = UINT64_C(1) << sibling->level;

	if (width <= plan->end - begin)
		return read_node(hash32_out, plan->nodes, sibling->level, begin >> sibling->level, err);
	return read_subtree(hash32_out, begin, plan->end, plan->nodes, err);
}

static aval_status fill(uint8_t *path, const proof_plan *plan, aval_error *err)
{
	aval_climb   climb = plan->climb;
	aval_sibling sibling;
	aval_status  status = AVAL_OK;

	if (plan->has_seed) {
		status = read_node(path, plan->nodes, climb.level, climb.index, err);
		path += 32;
	}
	for (; status == AVAL_OK && aval_climb_next(&climb, &sibling); path += 32)
		status = read_sibling(path, plan, &sibling, err);
	return status;
}

aval_status aval_merkle_check_room(size_t *count_inout, const uint8_t *out, size_t need, aval_error *err)
{
	size_t room = out == NULL ? 0 : *count_inout;

	if (room < need) {
		*count_inout = need;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "proof.path", "the proof has more hashes");
	}
	return AVAL_OK;
}

static aval_status write_proof(uint8_t *path_out, size_t *path_count_inout, const proof_plan *plan, aval_error *err)
{
	uint8_t     path[32 * AVAL_MERKLE_MAX_PATH];
	size_t      count = aval_climb_count(&plan->climb) + plan->has_seed;
	aval_status status = aval_merkle_check_room(path_count_inout, path_out, count, err);

	if (status == AVAL_OK)
		status = fill(path, plan, err);
	if (status != AVAL_OK)
		return status;
	if (count > 0)
		memcpy(path_out, path, 32 * count);
	*path_count_inout = count;
	return AVAL_OK;
}

aval_status aval_merkle_prove_inclusion(uint8_t *path_out, size_t *path_count_inout, const aval_node_source *nodes,
                                        uint64_t size, uint64_t index, aval_error *err)
{
	proof_plan  plan = { .nodes = nodes, .end = size };
	aval_status status = check_source(nodes, err);

	if (status == AVAL_OK)
		status = aval_merkle_check_leaf(size, index, err);
	if (status != AVAL_OK)
		return status;
	plan.climb = aval_climb_from(0, index, size);
	return write_proof(path_out, path_count_inout, &plan, err);
}

aval_status aval_merkle_prove_subtree_inclusion(uint8_t *path_out, size_t *path_count_inout,
                                                const aval_node_source *nodes, uint64_t begin, uint64_t end,
                                                uint64_t index, aval_error *err)
{
	proof_plan  plan = { .nodes = nodes, .begin = begin, .end = end };
	aval_status status = check_source(nodes, err);

	if (status == AVAL_OK)
		status = aval_merkle_check_place(begin, end, index, err);
	if (status != AVAL_OK)
		return status;
	plan.climb = aval_climb_from(0, index - begin, end - begin);
	return write_proof(path_out, path_count_inout, &plan, err);
}

aval_status aval_merkle_prove_subtree(uint8_t *path_out, size_t *path_count_inout, const aval_node_source *nodes,
                                      uint64_t begin, uint64_t end, uint64_t size, aval_error *err)
{
	proof_plan       plan = { .nodes = nodes, .end = size };
	aval_status      status = check_source(nodes, err);
	aval_subtree_way way;

	if (status == AVAL_OK)
		status = aval_merkle_check_subtree(begin, end, size, err);
	if (status != AVAL_OK)
		return status;
	if (begin == end) {
		*path_count_inout = 0;
		return AVAL_OK;
	}
	way = aval_subtree_way_of(begin, end, size);
	plan.climb = way.climb;
	plan.has_seed = way.has_seed;
	return write_proof(path_out, path_count_inout, &plan, err);
}

aval_status aval_merkle_prove_consistency(uint8_t *path_out, size_t *path_count_inout,
                                          const aval_node_source *nodes, uint64_t old_size, uint64_t new_size,
                                          aval_error *err)
{
	aval_status status = aval_merkle_check_growth(old_size, new_size, err);

	if (status != AVAL_OK)
		return status;
	return aval_merkle_prove_subtree(path_out, path_count_inout, nodes, 0, old_size, new_size, err);
}

aval_status aval_merkle_prove_multi(uint8_t *hashes_out, size_t *hash_count_inout, const aval_node_source *nodes,
                                    uint64_t size, const uint64_t *indices, size_t index_count, aval_error *err)
{
	aval_status status = check_source(nodes, err);
	size_t      need;

	if (status == AVAL_OK)
		status = aval_merkle_multi_count(&need, size, indices, index_count, err);
	if (status == AVAL_OK)
		status = aval_merkle_check_room(hash_count_inout, hashes_out, need, err);
	if (status == AVAL_OK)
		status = aval_multi_read(hashes_out, size, indices, index_count, read_subtree, nodes, err);
	if (status == AVAL_OK)
		*hash_count_inout = need;
	return status;
}
