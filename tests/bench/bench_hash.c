/* SPDX-License-Identifier: Apache-2.0 */
/* The SHA-256 kernel in use beside mbedTLS's, by the shapes that trees have. */
#include <stdlib.h>

#include "bench.h"
#include "hash/hash.h"
#include "hash/kernel.h"

#define BATCH ((size_t)256)

typedef struct hash_state {
	uint8_t in[64 * BATCH], out[32 * BATCH], start[32];
} hash_state;

static void *setup(const bench_config *config)
{
	hash_state *s = bench_alloc(sizeof *s);

	(void)config;
	bench_fill(s->in, sizeof s->in, 2);
	return s;
}

static uint64_t batch_ops(const void *state)
{
	(void)state;
	return BATCH;
}

static void many_nodes(hash_state *s, size_t count, const aval_sha256_kernel *kernel)
{
	for (size_t i = 0; i < count; i++)
		kernel->nodes(s->out, s->in, BATCH);
	bench_keep(s->out, sizeof s->out);
}

static void many_leaves(hash_state *s, size_t count, const aval_sha256_kernel *kernel)
{
	for (size_t i = 0; i < count; i++)
		kernel->leaves32(s->out, s->in, BATCH);
	bench_keep(s->out, sizeof s->out);
}

static void many_blocks(hash_state *s, size_t count, const aval_sha256_kernel *kernel)
{
	for (size_t i = 0; i < count; i++)
		kernel->blocks(s->out, 32, s->start, 0, s->in, 64, BATCH);
	bench_keep(s->out, sizeof s->out);
}

/* Each node is a child of the next. */
static void chained_nodes(hash_state *s, size_t count, const aval_sha256_kernel *kernel)
{
	for (size_t i = 0; i < count; i++)
		kernel->nodes(s->in, s->in, 1);
	bench_keep(s->in, 32);
}

static void stream(hash_state *s, size_t count, const aval_sha256_kernel *kernel)
{
	uint32_t state[8] = { 0 };

	for (size_t i = 0; i < count; i++)
		kernel->compress(state, s->in, BATCH);
	bench_keep(state, sizeof state);
}

static void work_blocks(void *state, size_t count)
{
	many_blocks(state, count, aval_sha256_kernel_current());
}

static void limit_blocks(void *state, size_t count)
{
	many_blocks(state, count, &aval_sha256_kernel_mbedtls);
}

static void work_nodes(void *state, size_t count)
{
	many_nodes(state, count, aval_sha256_kernel_current());
}

static void limit_nodes(void *state, size_t count)
{
	many_nodes(state, count, &aval_sha256_kernel_mbedtls);
}

static void work_leaves(void *state, size_t count)
{
	many_leaves(state, count, aval_sha256_kernel_current());
}

static void limit_leaves(void *state, size_t count)
{
	many_leaves(state, count, &aval_sha256_kernel_mbedtls);
}

static void work_chain(void *state, size_t count)
{
	chained_nodes(state, count, aval_sha256_kernel_current());
}

static void limit_chain(void *state, size_t count)
{
	chained_nodes(state, count, &aval_sha256_kernel_mbedtls);
}

static void work_stream(void *state, size_t count)
{
	stream(state, count, aval_sha256_kernel_current());
}

static void limit_stream(void *state, size_t count)
{
	stream(state, count, &aval_sha256_kernel_mbedtls);
}

static const bench_row rows[] = {
	{ .name = "hash.leaves",
	  .limit = "mbedTLS, the same leaves",
	  .no_allocation = true,
	  .setup = setup,
	  .work = work_leaves,
	  .limit_work = limit_leaves,
	  .ops = batch_ops,
	  .teardown = free },
	{ .name = "hash.blocks",
	  .limit = "mbedTLS, the same blocks",
	  .no_allocation = true,
	  .setup = setup,
	  .work = work_blocks,
	  .limit_work = limit_blocks,
	  .ops = batch_ops,
	  .teardown = free },
	{ .name = "hash.nodes",
	  .limit = "mbedTLS, the same nodes",
	  .no_allocation = true,
	  .setup = setup,
	  .work = work_nodes,
	  .limit_work = limit_nodes,
	  .ops = batch_ops,
	  .teardown = free },
	{ .name = "hash.node",
	  .limit = "mbedTLS, the same node",
	  .no_allocation = true,
	  .setup = setup,
	  .work = work_chain,
	  .limit_work = limit_chain,
	  .teardown = free },
	{ .name = "hash.block",
	  .limit = "mbedTLS, the same block of a long message",
	  .no_allocation = true,
	  .setup = setup,
	  .work = work_stream,
	  .limit_work = limit_stream,
	  .ops = batch_ops,
	  .teardown = free },
};
BENCH_AREA(hash, rows);
