/* SPDX-License-Identifier: Apache-2.0 */
/* COSE Receipts made here: deterministic, one proof, the root detached. */
#include "proof/proof.h"
#include "proof/receipt.h"

enum { HEADER_ROOM = 16, STRUCTURE_ROOM = 80 };

/* {1: alg, 395: 1} */
static void write_header(aval_cbor_writer *w, const aval_public_key *key)
{
	aval_cbor_write_map(w, 2);
	aval_cbor_write_int(w, AVAL_COSE_ALG);
	aval_cbor_write_int(w, aval_public_key_alg(key));
	aval_cbor_write_int(w, AVAL_RECEIPT_VDS);
	aval_cbor_write_int(w, AVAL_RECEIPT_RFC9162_SHA256);
}

static void write_proof(aval_cbor_writer *w, uint64_t a, uint64_t b, const uint8_t *path, size_t path_count)
{
	aval_cbor_write_array(w, 3);
	aval_cbor_write_uint(w, a);
	aval_cbor_write_uint(w, b);
	aval_cbor_write_array(w, path_count);
	for (size_t i = 0; i < path_count; i++)
		aval_cbor_write_bytes(w, path + 32 * i, 32);
}

/* What stands in a receipt around its signature. */
typedef struct draft {
	int            kind;
	uint64_t       a, b;
	const uint8_t *path;
	size_t         path_count;
	uint8_t        header[HEADER_ROOM];
	size_t         header_len;
} draft;

/* 18([header, {396: {kind: [proof]}}, null, signature]) */
static void write_receipt(aval_cbor_writer *w, const draft *d, const uint8_t sig64[64])
{
	aval_cbor_writer counter;

	aval_cbor_writer_init(&counter, NULL, 0);
	write_proof(&counter, d->a, d->b, d->path, d->path_count);
	aval_cbor_write_tag(w, AVAL_COSE_SIGN1_TAG);
	aval_cbor_write_array(w, 4);
	aval_cbor_write_bytes(w, d->header, d->header_len);
	aval_cbor_write_map(w, 1);
	aval_cbor_write_int(w, AVAL_RECEIPT_VDP);
	aval_cbor_write_map(w, 1);
	aval_cbor_write_int(w, d->kind);
	aval_cbor_write_array(w, 1);
	aval_cbor_write_bytes_head(w, counter.len);
	write_proof(w, d->a, d->b, d->path, d->path_count);
	aval_cbor_write_null(w);
	aval_cbor_write_bytes(w, sig64, AVAL_SIGNATURE_LEN);
}

/* ["Signature1", header, h'', root] */
static aval_status sign_root(uint8_t sig64_out[64], const draft *d, const uint8_t root32[32],
                             const aval_signer *signer, aval_error *err)
{
	uint8_t          structure[STRUCTURE_ROOM];
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, structure, sizeof structure);
	aval_cbor_write_array(&w, 4);
	aval_cbor_write_text_z(&w, "Signature1");
	aval_cbor_write_bytes(&w, d->header, d->header_len);
	aval_cbor_write_bytes(&w, NULL, 0); /* external_aad */
	aval_cbor_write_bytes(&w, root32, 32);
	return aval_signer_sign(sig64_out, signer, structure, w.len, err);
}

static aval_status sign(uint8_t *out, size_t *len_inout, draft *d, const uint8_t root32[32],
                        const aval_signer *signer, aval_error *err)
{
	uint8_t          sig64[64] = { 0 };
	aval_cbor_writer w;
	aval_status      status = aval_signer_check(signer, err);

	if (status != AVAL_OK)
		return status;
	if (aval_public_key_alg(&signer->key) != AVAL_ALG_ESP256)
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "signer.key", "receipts are signed with P-256");
	aval_cbor_writer_init(&w, d->header, sizeof d->header);
	write_header(&w, &signer->key);
	d->header_len = w.len;
	aval_cbor_writer_init(&w, NULL, 0);
	write_receipt(&w, d, sig64);
	if (out == NULL || *len_inout < w.len) {
		*len_inout = w.len;
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out", "the buffer is shorter than the receipt");
	}
	status = sign_root(sig64, d, root32, signer, err);
	if (status != AVAL_OK)
		return status;
	aval_cbor_writer_init(&w, out, *len_inout);
	write_receipt(&w, d, sig64);
	return aval_cbor_writer_finish(&w, len_inout, err);
}

aval_status aval_receipt_sign_inclusion(uint8_t *out, size_t *len_inout, const aval_checkpoint *checkpoint,
                                        uint64_t index, const uint8_t leaf32[32], const uint8_t *path,
                                        size_t path_count, const aval_signer *signer, aval_error *err)
{
	draft       d = { .kind = AVAL_RECEIPT_INCLUSION,
		          .a = checkpoint->size,
		          .b = index,
		          .path = path,
		          .path_count = path_count };
	aval_status status = aval_merkle_verify_inclusion(checkpoint->root32, checkpoint->size, index, leaf32,
	                                                  path, path_count, err);

	return status == AVAL_OK ? sign(out, len_inout, &d, checkpoint->root32, signer, err) : status;
}

aval_status aval_receipt_sign_consistency(uint8_t *out, size_t *len_inout, const aval_checkpoint *checkpoint,
                                          uint64_t old_size, const uint8_t old_root32[32], const uint8_t *path,
                                          size_t path_count, const aval_signer *signer, aval_error *err)
{
	draft       d = { .kind = AVAL_RECEIPT_CONSISTENCY,
		          .a = old_size,
		          .b = checkpoint->size,
		          .path = path,
		          .path_count = path_count };
	aval_status status = aval_merkle_verify_consistency(old_root32, old_size, checkpoint->root32,
	                                                    checkpoint->size, path, path_count, err);

	if (status == AVAL_OK && path_count == 0)
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "proof.path",
		                 "an empty path has no form in a receipt");
	return status == AVAL_OK ? sign(out, len_inout, &d, checkpoint->root32, signer, err) : status;
}
