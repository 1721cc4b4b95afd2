/* SPDX-License-Identifier: Apache-2.0 */
/* COSE Receipts (RFC 9942) as bytes: a COSE_Sign1 of any maker with proofs over RFC9162_SHA256 in its headers.
 */
#include "proof/receipt.h"

#include "proof/proof.h"

/* Bytes of the receipt before those of an item in it, for the offsets of errors. */
static void init_inside(aval_cbor_reader *r, aval_bytes item)
{
	aval_cbor_reader_init_foreign(r, item.data, item.len);
}

/* [uint, uint, [* bstr .size 32]] */
static void read_proof(aval_cbor_reader *r, aval_receipt_proof *proof, const char *where)
{
	size_t count;

	aval_cbor_enter_array_exact(r, where, 3);
	proof->a = aval_cbor_read_uint(r, where);
	proof->b = aval_cbor_read_uint(r, where);
	count = aval_cbor_enter_array(r, where);
	if (count > AVAL_MERKLE_MAX_PATH)
		aval_cbor_fail(r, AVAL_E_PROOF_LENGTH, where, "more hashes than any proof has");
	for (size_t i = 0; i < count && aval_cbor_ok(r); i++)
		aval_cbor_read_bytes_exact(r, where, proof->path + 32 * i, 32);
	proof->path_count = count;
	aval_cbor_leave(r, where);
	aval_cbor_leave(r, where);
}

aval_status aval_receipt_read(aval_receipt_proof *proof_out, aval_bytes proofs, size_t index, const char *where,
                              aval_error *err)
{
	aval_cbor_reader r;
	aval_bytes       item = { NULL, 0 };
	size_t           count;

	if (proofs.len == 0)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, where, "the receipt has no such proof");
	init_inside(&r, proofs);
	count = aval_cbor_enter_array(&r, where);
	if (index >= count)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, where, "the receipt has no such proof");
	for (size_t i = 0; i <= index; i++)
		item = aval_cbor_read_bytes(&r, where);
	init_inside(&r, item);
	read_proof(&r, proof_out, where);
	return aval_cbor_reader_finish(&r, err);
}

/* Every proof of one kind is read once, so that later only its verification can fail. */
static aval_status check_proofs(size_t *count_out, aval_bytes proofs, bool may_be_empty, const char *where,
                                aval_error *err)
{
	aval_receipt_proof proof;
	aval_cbor_reader   r;
	size_t             count;

	init_inside(&r, proofs);
	count = aval_cbor_enter_array(&r, where);
	if (aval_cbor_ok(&r) && count == 0)
		aval_cbor_fail(&r, AVAL_E_CBOR_RANGE, where, "a kind of proofs without a proof");
	if (count > AVAL_RECEIPT_MAX_PROOFS)
		aval_cbor_fail(&r, AVAL_E_LIMIT, where, "more than AVAL_RECEIPT_MAX_PROOFS proofs");
	for (size_t i = 0; i < count && aval_cbor_ok(&r); i++)
		aval_cbor_read_bytes(&r, where);
	aval_cbor_leave(&r, where);
	if (!aval_cbor_ok(&r))
		return aval_cbor_reader_finish(&r, err);
	for (size_t i = 0; i < count; i++) {
		aval_status status = aval_receipt_read(&proof, proofs, i, where, err);

		if (status != AVAL_OK)
			return status;
		if (proof.path_count == 0 && !(may_be_empty && proof.a == 1))
			return aval_fail(err, AVAL_E_PROOF_LENGTH, where,
			                 "an empty path is that of a tree of one leaf");
	}
	*count_out = count;
	return AVAL_OK;
}

static bool is_among(int64_t kind, const int64_t *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (kinds[i] == kind)
			return true;
	return false;
}

/* {? -1: [+ bstr], ? -2: [+ bstr], * int => any}: each is compared with those before, hence the limit. */
static aval_status find_proofs(aval_receipt *receipt, aval_bytes vdp, aval_error *err)
{
	aval_cbor_reader r;
	int64_t          kinds[AVAL_RECEIPT_MAX_KINDS], kind = 0;
	size_t           count = 0;

	init_inside(&r, vdp);
	if (aval_cbor_enter_map(&r, "receipt.vdp") > AVAL_RECEIPT_MAX_KINDS)
		aval_cbor_fail(&r, AVAL_E_LIMIT, "receipt.vdp", "more than AVAL_RECEIPT_MAX_KINDS kinds");
	while (aval_cbor_next_key_int(&r, "receipt.vdp", &kind)) {
		if (is_among(kind, kinds, count))
			aval_cbor_fail(&r, AVAL_E_CBOR_KEY_DUPLICATE, "receipt.vdp",
			               "a kind of proofs stands twice");
		kinds[count++] = kind;
		if (kind == AVAL_RECEIPT_INCLUSION)
			receipt->inclusions = aval_cbor_read_item(&r, "receipt.vdp");
		else if (kind == AVAL_RECEIPT_CONSISTENCY)
			receipt->consistencies = aval_cbor_read_item(&r, "receipt.vdp");
		else
			aval_cbor_read_item(&r, "receipt.vdp");
	}
	aval_cbor_leave(&r, "receipt.vdp");
	return aval_cbor_reader_finish(&r, err);
}

static aval_status check_vds(const aval_cose_sign1 *sign1, aval_error *err)
{
	aval_cbor_reader r;
	aval_bytes       item;
	int64_t          vds;
	aval_status      status;

	if (!aval_cose_header_find(&item, sign1->header, AVAL_RECEIPT_VDS))
		return aval_fail(err, AVAL_E_COSE_HEADER, "receipt.vds",
		                 "the kind of tree is not in the protected header");
	init_inside(&r, item);
	vds = aval_cbor_read_int(&r, "receipt.vds");
	status = aval_cbor_reader_finish(&r, err);
	if (status == AVAL_OK && vds != AVAL_RECEIPT_RFC9162_SHA256)
		return aval_fail(err, AVAL_E_UNSUPPORTED, "receipt.vds",
		                 "another kind of tree than RFC9162_SHA256");
	return status;
}

static aval_status parse_proofs(aval_receipt *receipt, const aval_cose_sign1 *sign1, aval_error *err)
{
	aval_bytes  vdp;
	aval_status status;

	if (!aval_cose_header_find(&vdp, sign1->unprotected, AVAL_RECEIPT_VDP))
		return aval_fail(err, AVAL_E_COSE_HEADER, "receipt.vdp",
		                 "there are no proofs in the unprotected header");
	status = find_proofs(receipt, vdp, err);
	if (status != AVAL_OK)
		return status;
	if (receipt->inclusions.len == 0 && receipt->consistencies.len == 0)
		return aval_fail(err, AVAL_E_COSE_HEADER, "receipt.vdp", "no proof of a kind that is known");
	if (receipt->inclusions.len != 0)
		status = check_proofs(&receipt->inclusion_count, receipt->inclusions, true, "receipt.inclusion",
		                      err);
	if (status == AVAL_OK && receipt->consistencies.len != 0)
		status = check_proofs(&receipt->consistency_count, receipt->consistencies, false,
		                      "receipt.consistency", err);
	return status;
}

aval_status aval_receipt_parse(aval_receipt *receipt_out, const uint8_t *data, size_t len, aval_error *err)
{
	aval_receipt    receipt = { 0 };
	aval_cose_sign1 sign1;
	aval_status     status;

	if (len > AVAL_RECEIPT_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "receipt", "longer than AVAL_RECEIPT_MAX_LEN");
	status = aval_cose_sign1_parse(&sign1, data, len, err);
	if (status == AVAL_OK)
		status = check_vds(&sign1, err);
	if (status == AVAL_OK && sign1.header.len > AVAL_RECEIPT_MAX_HEADER)
		status = aval_fail(err, AVAL_E_LIMIT, "receipt.protected",
		                   "longer than AVAL_RECEIPT_MAX_HEADER");
	if (status == AVAL_OK && !sign1.is_detached && sign1.payload.len != 32)
		status = aval_fail(err, AVAL_E_CBOR_RANGE, "receipt.payload", "a root has 32 bytes");
	if (status == AVAL_OK)
		status = parse_proofs(&receipt, &sign1, err);
	if (status != AVAL_OK)
		return status;
	receipt.alg = sign1.alg;
	receipt.protected_header = sign1.header;
	receipt.is_detached = sign1.is_detached;
	receipt.payload = sign1.payload;
	receipt.signature = sign1.signature;
	*receipt_out = receipt;
	return AVAL_OK;
}

aval_receipt_inclusion aval_receipt_inclusion_at(const aval_receipt *receipt, size_t index)
{
	aval_receipt_proof proof;

	if (aval_receipt_read(&proof, receipt->inclusions, index, "receipt.inclusion", NULL) != AVAL_OK)
		return (aval_receipt_inclusion){ 0, 0, 0 };
	return (aval_receipt_inclusion){ proof.a, proof.b, proof.path_count };
}

aval_receipt_consistency aval_receipt_consistency_at(const aval_receipt *receipt, size_t index)
{
	aval_receipt_proof proof;

	if (aval_receipt_read(&proof, receipt->consistencies, index, "receipt.consistency", NULL) != AVAL_OK)
		return (aval_receipt_consistency){ 0, 0, 0 };
	return (aval_receipt_consistency){ proof.a, proof.b, proof.path_count };
}
