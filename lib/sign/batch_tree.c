/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of a batch: leaves, one signature over the root, a path for each leaf. Docs/spec/batch.md. */
#include <aval/batch.h>

#include "cose/cose.h"
#include "sign/sign.h"

aval_status aval_batch_tree_init(aval_batch_tree *tree, const aval_signer *signer, const aval_allocator *allocator,
                                 aval_error *err)
{
	aval_status status = aval_signer_check(signer, err);

	if (status != AVAL_OK)
		return status;
	*tree = (aval_batch_tree){ .signer = *signer };
	return aval_log_new(&tree->log, allocator, err);
}

void aval_batch_tree_clear(aval_batch_tree *tree)
{
	aval_log_free(tree->log);
	tree->log = NULL;
}

aval_status aval_batch_tree_add(aval_batch_tree *tree, const uint8_t leaf32[32], aval_error *err)
{
	if (tree->is_signed)
		return aval_fail(err, AVAL_E_BATCH_STATE, "batch", "the batch was signed");
	if (aval_log_size(tree->log) >= AVAL_BATCH_MAX_SIZE)
		return aval_fail(err, AVAL_E_LIMIT, "batch", "more events than AVAL_BATCH_MAX_SIZE");
	return aval_log_append_hashes(tree->log, leaf32, 1, err);
}

aval_status aval_batch_tree_sign(aval_batch_tree *tree, aval_error *err)
{
	uint64_t         size = aval_log_size(tree->log);
	uint8_t          root32[32], message[64];
	aval_cbor_writer w;
	size_t           len;
	aval_status      status;

	if (tree->is_signed)
		return AVAL_OK;
	if (size == 0)
		return aval_fail(err, AVAL_E_BATCH_STATE, "batch", "the batch has no event");
	status = aval_log_root(root32, tree->log, size, err);
	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, message, sizeof message);
	aval_cose_write_batch_message(&w, size, root32);
	status = aval_cbor_writer_finish(&w, &len, err);
	if (status == AVAL_OK)
		status = aval_signer_sign(tree->sig64, &tree->signer, message, len, err);
	tree->is_signed = status == AVAL_OK;
	return status;
}

static aval_status check_leaf(const aval_batch_tree *tree, uint64_t index, const uint8_t leaf32[32],
                              aval_error *err)
{
	uint8_t     known32[32];
	aval_status status = aval_log_node(known32, tree->log, 0, index, err);

	if (status == AVAL_OK && memcmp(known32, leaf32, 32) != 0)
		return aval_fail(err, AVAL_E_BATCH_CHANGED, "batch",
		                 "another event, role or party than the one that entered the batch here");
	return status;
}

aval_status aval_batch_tree_signature(uint8_t out[AVAL_BATCH_SIGNATURE_MAX_LEN], size_t *len_out,
                                      const aval_batch_tree *tree, uint64_t index, const uint8_t leaf32[32],
                                      aval_error *err)
{
	uint8_t          path[32 * AVAL_BATCH_MAX_PATH];
	size_t           path_count = AVAL_BATCH_MAX_PATH;
	uint64_t         size = aval_log_size(tree->log);
	aval_cbor_writer w;
	aval_status      status;

	if (!tree->is_signed)
		return aval_fail(err, AVAL_E_BATCH_STATE, "batch", "the batch is not signed");
	status = check_leaf(tree, index, leaf32, err);
	if (status == AVAL_OK)
		status = aval_log_prove_inclusion(path, &path_count, tree->log, size, index, err);
	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, out, AVAL_BATCH_SIGNATURE_MAX_LEN);
	aval_cose_write_batch_signature(&w, size, index, path, path_count, tree->sig64);
	return aval_cbor_writer_finish(&w, len_out, err);
}
