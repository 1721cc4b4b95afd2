/* SPDX-License-Identifier: Apache-2.0 */
/*
 * COSE Receipts: what is parsed has its proofs at hand, and no made-up receipt is signed by a key that nobody
 * has.
 */
#include <string.h>

#include <aval/receipt.h>

#include "fuzz.h"

static void try_verify(const aval_receipt *receipt)
{
	static const uint8_t zero32[32];
	uint8_t              root32[32];
	aval_vkey            vkey = { .type = AVAL_VKEY_ED25519, .key_len = 32, .key = { 9 } };

	for (size_t i = 0; i <= receipt->inclusion_count && i < 4; i++)
		FUZZ_REQUIRE(aval_receipt_verify_inclusion(receipt, i, zero32, &vkey, NULL, NULL) != AVAL_OK);
	for (size_t i = 0; i <= receipt->consistency_count && i < 4; i++)
		FUZZ_REQUIRE(aval_receipt_verify_consistency(root32, receipt, i,
		                                             aval_receipt_consistency_at(receipt, i).old_size,
		                                             zero32, &vkey, NULL, NULL) != AVAL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_receipt receipt;
	aval_error   err = AVAL_ERROR_INIT;
	aval_status  status = aval_receipt_parse(&receipt, data, size, &err);

	if (status != AVAL_OK) {
		FUZZ_REQUIRE(err.status == status && err.reason[0] != '\0');
		return 0;
	}
	FUZZ_REQUIRE(receipt.inclusion_count + receipt.consistency_count > 0);
	FUZZ_REQUIRE(receipt.inclusion_count <= AVAL_RECEIPT_MAX_PROOFS);
	FUZZ_REQUIRE(receipt.consistency_count <= AVAL_RECEIPT_MAX_PROOFS);
	FUZZ_REQUIRE(receipt.is_detached == (receipt.payload.len == 0));
	for (size_t i = 0; i < receipt.inclusion_count; i++) {
		aval_receipt_inclusion p = aval_receipt_inclusion_at(&receipt, i);

		FUZZ_REQUIRE(p.path_count <= 64 && (p.path_count != 0 || p.size == 1));
	}
	for (size_t i = 0; i < receipt.consistency_count; i++)
		FUZZ_REQUIRE(aval_receipt_consistency_at(&receipt, i).path_count >= 1);
	try_verify(&receipt);
	return 0;
}
