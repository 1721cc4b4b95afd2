/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log proofs of any sizes and hashes: each verifier agrees with its computation of a root, has one length for
 * each shape, and no proof of anything is found by chance. The input: a kind, three numbers of 8 bytes, then
 * hashes.
 */
#include <string.h>

#include <aval/merkle.h>

#include "fuzz.h"

enum { HEAD = 1 + 3 * 8, MAX_HASHES = 70 };

typedef struct input {
	uint64_t       a, b, c;
	const uint8_t *hashes; /* two roots or leaves, then a path */
	size_t         path_count;
} input;

static uint64_t load(const uint8_t *p)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | p[i];
	return value;
}

static bool is_proof_status(aval_status status)
{
	return status == AVAL_OK || (status <= AVAL_E_PROOF_LENGTH && status >= AVAL_E_PROOF_FORK);
}

static void try_inclusion(const input *in)
{
	const uint8_t *leaf = in->hashes, *path = in->hashes + 64;
	uint8_t        root32[32], other32[32];
	size_t         count = 0;
	aval_status    shape = aval_merkle_inclusion_count(&count, in->a, in->b, NULL);
	aval_status status = aval_merkle_inclusion_root(root32, in->a, in->b, leaf, path, in->path_count, NULL);

	FUZZ_REQUIRE(is_proof_status(status));
	FUZZ_REQUIRE((status == AVAL_OK) == (shape == AVAL_OK && count == in->path_count));
	if (status != AVAL_OK) {
		FUZZ_REQUIRE(aval_merkle_verify_inclusion(in->hashes + 32, in->a, in->b, leaf, path,
		                                          in->path_count, NULL) == status);
		return;
	}
	FUZZ_REQUIRE(aval_merkle_verify_inclusion(root32, in->a, in->b, leaf, path, in->path_count, NULL) ==
	             AVAL_OK);
	memcpy(other32, root32, 32);
	other32[in->a % 32] ^= 1;
	FUZZ_REQUIRE(aval_merkle_verify_inclusion(other32, in->a, in->b, leaf, path, in->path_count, NULL) ==
	             AVAL_E_PROOF_ROOT_MISMATCH);
}

static void try_consistency(const input *in)
{
	const uint8_t *path = in->hashes + 64;
	uint8_t        root32[32];
	aval_status    status =
		aval_merkle_consistency_root(root32, in->hashes, in->a, in->b, path, in->path_count, NULL);
	aval_status verified = aval_merkle_verify_consistency(in->hashes, in->a, in->hashes + 32, in->b, path,
	                                                      in->path_count, NULL);

	FUZZ_REQUIRE(is_proof_status(status) && is_proof_status(verified));
	if (status == AVAL_OK)
		FUZZ_REQUIRE(aval_merkle_verify_consistency(in->hashes, in->a, root32, in->b, path,
		                                            in->path_count, NULL) == AVAL_OK);
	if (verified == AVAL_OK)
		FUZZ_REQUIRE(in->a <= in->b &&
		             (in->a != in->b || memcmp(in->hashes, in->hashes + 32, 32) == 0));
}

static void try_subtree(const input *in)
{
	const uint8_t *path = in->hashes + 64;
	aval_status    included = aval_merkle_verify_subtree_inclusion(in->hashes + 32, in->a, in->b, in->c,
	                                                               in->hashes, path, in->path_count, NULL);
	aval_status    part = aval_merkle_verify_subtree(in->hashes, in->a, in->b, in->hashes + 32, in->c, path,
	                                                 in->path_count, NULL);

	FUZZ_REQUIRE(is_proof_status(included) && is_proof_status(part));
	if (included == AVAL_OK)
		FUZZ_REQUIRE(in->a <= in->c && in->c < in->b);
	if (part == AVAL_OK)
		FUZZ_REQUIRE(in->a <= in->b && in->b <= in->c);
}

/* Two opened leaves at indices b and c of a tree of a leaves. */
static void try_multi(const input *in)
{
	const uint64_t indices[2] = { in->b, in->c };
	size_t         count = 0;
	aval_status    shape = aval_merkle_multi_count(&count, in->a, indices, 2, NULL);
	aval_status    status = aval_merkle_verify_multi(in->hashes + 64, in->a, indices, in->hashes, 2,
	                                                 in->hashes + 64, in->path_count, NULL);

	FUZZ_REQUIRE(is_proof_status(shape) && is_proof_status(status));
	FUZZ_REQUIRE(shape == AVAL_OK || status == shape);
	FUZZ_REQUIRE(status == AVAL_E_PROOF_LENGTH || shape != AVAL_OK || count == in->path_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t hashes[MAX_HASHES * 32];
	input          in;

	if (size < HEAD + 96 || (size - HEAD) % 32 != 0 || (size - HEAD) / 32 > MAX_HASHES)
		return 0;
	memcpy(hashes, data + HEAD, size - HEAD);
	in = (input){ load(data + 1), load(data + 9), load(data + 17), hashes, (size - HEAD) / 32 - 2 };
	switch (data[0] % 4) {
	case 0:
		try_inclusion(&in);
		break;
	case 1:
		try_consistency(&in);
		break;
	case 2:
		try_subtree(&in);
		break;
	default:
		try_multi(&in);
	}
	return 0;
}
