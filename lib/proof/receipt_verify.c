/* SPDX-License-Identifier: Apache-2.0 */
/* COSE Receipts: the root to which a proof leads, and the signature over it. */
#include "proof/proof.h"
#include "proof/receipt.h"

/* EdDSA, and its fully specified number (RFC 9864). */
enum { ALG_EDDSA = -8, ALG_ED25519 = -19, ED25519_LEN = 64 };

/* Sig_structure around a header: heads and the context string are shorter. */
enum { STRUCTURE_ROOM = AVAL_RECEIPT_MAX_HEADER + 64 };

static bool alg_is_of(int64_t alg, aval_vkey_type type)
{
	if (type == AVAL_VKEY_ECDSA)
		return alg == AVAL_ALG_ESP256 || alg == AVAL_COSE_ES256;
	return alg == ALG_EDDSA || alg == ALG_ED25519;
}

static aval_status verify_ed25519(const aval_receipt *receipt, const uint8_t root32[32], const aval_vkey *vkey,
                                  aval_error *err)
{
	uint8_t          structure[STRUCTURE_ROOM];
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, structure, sizeof structure);
	aval_cbor_write_array(&w, 4);
	aval_cbor_write_text_z(&w, "Signature1");
	aval_cbor_write_bytes(&w, receipt->protected_header.data, receipt->protected_header.len);
	aval_cbor_write_bytes(&w, NULL, 0); /* external_aad */
	aval_cbor_write_bytes(&w, root32, 32);
	return aval_vkey_verify_ed25519(vkey, structure, w.len, receipt->signature.data, err);
}

static aval_status verify_ecdsa(const aval_receipt *receipt, const uint8_t root32[32], const aval_vkey *vkey,
                                aval_error *err)
{
	aval_cose_sign1 sign1 = { .header = receipt->protected_header,
		                  .is_detached = true,
		                  .alg = receipt->alg,
		                  .signature = receipt->signature };
	aval_public_key key;
	aval_status     status = aval_public_key_from_point(&key, AVAL_ALG_ESP256, vkey->key, err);

	return status == AVAL_OK ? aval_cose_sign1_verify(&sign1, (aval_bytes){ root32, 32 }, &key, err)
	                         : status;
}

static aval_status verify_root(const aval_receipt *receipt, const uint8_t root32[32], const aval_vkey *vkey,
                               aval_error *err)
{
	if (vkey->type == AVAL_VKEY_COSIGNATURE)
		return aval_fail(err, AVAL_E_CHECKPOINT_KEY, "vkey.type",
		                 "the key of a witness in place of the log's");
	if (!alg_is_of(receipt->alg, vkey->type))
		return aval_fail(err, AVAL_E_COSE_ALGORITHM, "receipt.alg",
		                 "unknown, or not the key's algorithm");
	if (receipt->signature.len != AVAL_SIGNATURE_LEN)
		return aval_fail(err, AVAL_E_SIGNATURE_LENGTH, "receipt.signature", "a signature has 64 bytes");
	return vkey->type == AVAL_VKEY_ECDSA ? verify_ecdsa(receipt, root32, vkey, err)
	                                     : verify_ed25519(receipt, root32, vkey, err);
}

/* Against what is known of the tree already: a root in the receipt, a checkpoint. */
static aval_status check_known(const aval_receipt *receipt, uint64_t size, const uint8_t root32[32],
                               const aval_checkpoint *checkpoint, aval_error *err)
{
	if (!receipt->is_detached && memcmp(receipt->payload.data, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "receipt.payload",
		                 "the proof leads to another root");
	if (checkpoint == NULL)
		return AVAL_OK;
	if (checkpoint->size != size)
		return aval_fail(err, AVAL_E_RECEIPT_SIZE, "receipt.size", "the checkpoint is of another size");
	if (memcmp(checkpoint->root32, root32, 32) != 0)
		return aval_fail(err, AVAL_E_PROOF_ROOT_MISMATCH, "checkpoint.root",
		                 "the proof leads to another root");
	return AVAL_OK;
}

aval_status aval_receipt_verify_inclusion(const aval_receipt *receipt, size_t proof_index,
                                          const uint8_t leaf32[32], const aval_vkey *vkey,
                                          const aval_checkpoint *checkpoint, aval_error *err)
{
	aval_receipt_proof proof;
	uint8_t            root32[32];
	aval_status        status =
		aval_receipt_read(&proof, receipt->inclusions, proof_index, "receipt.inclusion", err);

	if (status == AVAL_OK)
		status = aval_merkle_inclusion_root(root32, proof.a, proof.b, leaf32, proof.path,
		                                    proof.path_count, err);
	if (status == AVAL_OK)
		status = check_known(receipt, proof.a, root32, checkpoint, err);
	return status == AVAL_OK ? verify_root(receipt, root32, vkey, err) : status;
}

aval_status aval_receipt_verify_consistency(uint8_t new_root32_out[32], const aval_receipt *receipt,
                                            size_t proof_index, uint64_t old_size, const uint8_t old_root32[32],
                                            const aval_vkey *vkey, const aval_checkpoint *checkpoint,
                                            aval_error *err)
{
	aval_receipt_proof proof;
	uint8_t            root32[32];
	aval_status        status =
		aval_receipt_read(&proof, receipt->consistencies, proof_index, "receipt.consistency", err);

	if (status == AVAL_OK && proof.a != old_size)
		status = aval_fail(err, AVAL_E_RECEIPT_SIZE, "receipt.old_size",
		                   "the proof is from another size");
	if (status == AVAL_OK)
		status = aval_merkle_consistency_root(root32, old_root32, proof.a, proof.b, proof.path,
		                                      proof.path_count, err);
	if (status == AVAL_OK)
		status = check_known(receipt, proof.b, root32, checkpoint, err);
	if (status == AVAL_OK)
		status = verify_root(receipt, root32, vkey, err);
	if (status == AVAL_OK)
		memcpy(new_root32_out, root32, sizeof root32);
	return status;
}
