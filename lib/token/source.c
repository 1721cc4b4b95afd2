/* SPDX-License-Identifier: Apache-2.0 */
/* The invoice's file in a bundle: docs/spec/bundle.md#bun-source. */
#include "hash/hash.h"
#include "invoice/commitment.h"
#include "token/bundle.h"

static aval_status differs(aval_error *err, const char *reason)
{
	return aval_fail(err, AVAL_E_BUNDLE_SOURCE, "bundle.source", reason);
}

/* HMAC(k, ["source", sha256 of the file]). */
static void bind_source(uint8_t binding32_out[32], const uint8_t salt_key32[32], aval_bytes file)
{
	uint8_t          sha256[32], message[48];
	size_t           len;
	aval_cbor_writer w;

	aval_sha256(sha256, file.data, file.len);
	aval_cbor_writer_init(&w, message, sizeof message);
	aval_cbor_write_array(&w, 2);
	aval_cbor_write_text_z(&w, "source");
	aval_cbor_write_bytes(&w, sha256, sizeof sha256);
	(void)aval_cbor_writer_finish(&w, &len, NULL);
	aval_hmac_sha256(binding32_out, salt_key32, 32, message, len);
}

static aval_status compare_terms(const aval_invoice *invoice, const aval_issue *issue,
                                 const uint8_t salt_key32[32], const aval_allocator *allocator, aval_error *err)
{
	const aval_term *terms = aval_invoice_terms(invoice);
	size_t           count = aval_invoice_term_count(invoice);
	aval_commitment *commitment;
	aval_status      status;

	status = aval_commitment_new_from_salt_key(&commitment, terms, count, salt_key32, allocator, NULL);
	if (status == AVAL_E_NO_MEMORY)
		return aval_fail_no_memory(err);
	if (status != AVAL_OK)
		return differs(err, "the file's terms cannot be committed to");
	status = aval_commitment_verify(commitment, issue->commitment32, NULL);
	aval_commitment_free(commitment);
	return status == AVAL_OK ? AVAL_OK : differs(err, "the file's terms give another commitment");
}

aval_status aval_source_open(aval_invoice **invoice_out, const aval_issue *issue, const uint8_t salt_key32[32],
                             aval_bytes file, const aval_allocator *allocator, aval_error *err)
{
	uint8_t       binding32[32];
	aval_invoice *invoice;
	aval_status   status;

	/* The parser sees no file that ISSUE does not bind. */
	bind_source(binding32, salt_key32, file);
	if (memcmp(binding32, issue->source32, sizeof binding32) != 0)
		return differs(err, "file and salt key give another source binding");
	status = aval_invoice_parse(&invoice, file.data, file.len, allocator, NULL);
	if (status == AVAL_E_NO_MEMORY)
		return aval_fail_no_memory(err);
	if (status != AVAL_OK)
		return differs(err, "the file is no invoice");
	status = compare_terms(invoice, issue, salt_key32, allocator, err);
	if (status == AVAL_OK)
		*invoice_out = invoice;
	else
		aval_invoice_free(invoice);
	return status;
}
