/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles and the invoice behind them, for whoever has it: issuing, disclosing, comparing before signing. */
#include <aval/check.h>

#include "invoice/commitment.h"
#include "token/bundle.h"

static aval_status commit(aval_commitment **commitment_out, const aval_invoice *invoice,
                          const uint8_t seed32[32], const aval_allocator *allocator, aval_error *err)
{
	return aval_commitment_new_from_terms(commitment_out, aval_invoice_terms(invoice),
	                                      aval_invoice_term_count(invoice), seed32, allocator, err);
}

/* The commitment of an invoice and seed, which must be the token's. */
static aval_status commit_to(aval_commitment **commitment_out, const aval_issue *issue,
                             const aval_invoice *invoice, const uint8_t seed32[32],
                             const aval_allocator *allocator, aval_error *err)
{
	aval_commitment *commitment;
	aval_status      status = commit(&commitment, invoice, seed32, allocator, err);

	if (status != AVAL_OK)
		return status;
	status = aval_commitment_verify(commitment, issue->commitment32, err);
	if (status == AVAL_OK)
		*commitment_out = commitment;
	else
		aval_commitment_free(commitment);
	return status;
}

static void bind_invoice(uint8_t binding32_out[32], const aval_commitment *commitment,
                         const aval_invoice *invoice)
{
	uint8_t sha256[32];

	aval_invoice_source_hash(sha256, invoice);
	aval_commitment_source_binding(binding32_out, commitment, sha256);
}

static aval_status check_source(const aval_issue *issue, const aval_commitment *commitment,
                                const aval_invoice *invoice, aval_error *err)
{
	uint8_t binding32[32];

	bind_invoice(binding32, commitment, invoice);
	if (memcmp(binding32, issue->source32, sizeof binding32) != 0)
		return aval_fail(err, AVAL_E_BUNDLE_SOURCE, "event.source", "the same terms, but another file");
	return AVAL_OK;
}

aval_status aval_bundle_compare_invoice(const aval_bundle *bundle, const aval_invoice *invoice,
                                        const uint8_t seed32[32], aval_error *err)
{
	aval_issue       issue;
	aval_commitment *commitment;
	aval_status      status = aval_bundle_terms(&issue, bundle, err);

	if (status == AVAL_OK)
		status = commit_to(&commitment, &issue, invoice, seed32, bundle->allocator, err);
	if (status != AVAL_OK)
		return status;
	status = check_source(&issue, commitment, invoice, err);
	aval_commitment_free(commitment);
	/* Whoever signs now may be the one to accept the agreed due date. */
	return status == AVAL_OK ? aval_terms_compare(&issue, aval_lookup_invoice, invoice, true, err) : status;
}

/* Disclose paths; the commitment is the token's. */
static aval_status disclose(aval_bundle *bundle, const aval_commitment *commitment, const aval_text *paths,
                            size_t path_count, aval_error *err)
{
	aval_error  why = AVAL_ERROR_INIT;
	size_t      len = 0;
	uint8_t    *data;
	aval_status status = aval_commitment_disclose(NULL, &len, commitment, paths, path_count, &why);

	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return aval_fail_full(err, why.status, why.offset, why.where, why.reason, why.cause);
	data = aval_alloc(bundle->allocator, len);
	if (data == NULL)
		return aval_fail_no_memory(err);
	status = aval_commitment_disclose(data, &len, commitment, paths, path_count, err);
	if (status != AVAL_OK) {
		aval_free(data, bundle->allocator);
		return status;
	}
	aval_free(bundle->disclosure.owned, bundle->allocator);
	bundle->disclosure = (aval_bundle_blob){ { data, len }, data, AVAL_NO_OFFSET };
	return AVAL_OK;
}

aval_status aval_bundle_disclose(aval_bundle *bundle, const aval_invoice *invoice, const uint8_t seed32[32],
                                 const aval_text *paths, size_t path_count, aval_error *err)
{
	aval_issue       issue;
	aval_commitment *commitment;
	aval_status      status = aval_bundle_terms(&issue, bundle, err);

	if (status == AVAL_OK)
		status = commit_to(&commitment, &issue, invoice, seed32, bundle->allocator, err);
	if (status != AVAL_OK)
		return status;
	status = disclose(bundle, commitment, paths, path_count, err);
	aval_commitment_free(commitment);
	return status;
}

/* The salt key, if the file is the one that was issued. */
static aval_status find_salt_key(uint8_t salt_key32_out[32], const aval_bundle *bundle,
                                 const aval_invoice *invoice, const uint8_t seed32[32], aval_error *err)
{
	aval_issue       issue;
	aval_commitment *commitment;
	aval_status      status = aval_bundle_terms(&issue, bundle, err);

	if (status == AVAL_OK)
		status = commit_to(&commitment, &issue, invoice, seed32, bundle->allocator, err);
	if (status != AVAL_OK)
		return status;
	status = check_source(&issue, commitment, invoice, err);
	if (status == AVAL_OK)
		aval_commitment_salt_key(salt_key32_out, commitment);
	aval_commitment_free(commitment);
	return status;
}

aval_status aval_bundle_set_source(aval_bundle *bundle, const uint8_t *file, size_t len,
                                   const uint8_t seed32[32], aval_error *err)
{
	uint8_t       salt_key32[32] = { 0 };
	aval_invoice *invoice;
	aval_status   status;

	if (len == 0)
		return aval_bundle_set_blob(bundle, &bundle->source, NULL, 0, err);
	status = aval_invoice_parse(&invoice, file, len, bundle->allocator, err);
	if (status != AVAL_OK)
		return status;
	status = find_salt_key(salt_key32, bundle, invoice, seed32, err);
	aval_invoice_free(invoice);
	if (status == AVAL_OK)
		status = aval_bundle_set_blob(bundle, &bundle->source, file, len, err);
	if (status == AVAL_OK)
		memcpy(bundle->source_key32, salt_key32, sizeof salt_key32);
	aval_wipe(salt_key32, sizeof salt_key32);
	return status;
}

static aval_status choose_face(int64_t *face_out, const aval_financing *financing, int64_t asked,
                               aval_error *err)
{
	if (asked < 0)
		return aval_fail(err, AVAL_E_TOKEN_FACE, "options.face_minor", "the face is negative");
	if (asked > financing->payable_minor)
		return aval_fail(err, AVAL_E_TOKEN_FACE, "options.face_minor",
		                 "the face is above the amount due");
	*face_out = asked == 0 ? financing->payable_minor : asked;
	return AVAL_OK;
}

static aval_status choose_due_date(aval_issue *issue, const aval_financing *financing, aval_text asked,
                                   aval_error *err)
{
	aval_text due = aval_text_z(financing->due_date);

	if (!financing->has_due_date && asked.len == 0)
		return aval_fail(err, AVAL_E_TOKEN_DUE_DATE, "options.due_date",
		                 "the invoice has no due date, name one");
	if (financing->has_due_date && asked.len != 0 && !aval_text_equal(asked, due))
		return aval_fail(err, AVAL_E_TOKEN_DUE_DATE, "options.due_date",
		                 "the invoice has another due date");
	issue->due_date = financing->has_due_date ? due : asked;
	issue->due_mark = financing->has_due_date ? AVAL_DUE_INVOICE : AVAL_DUE_AGREED;
	return AVAL_OK;
}

/* What ISSUE shall say; its texts are those of financing and options. */
static aval_status fill_issue(aval_issue_options *out, const aval_financing *financing,
                              const aval_bundle_issue_options *options, aval_error *err)
{
	aval_status status = choose_face(&out->issue.face_minor, financing, options->face_minor, err);

	if (status == AVAL_OK)
		status = choose_due_date(&out->issue, financing, options->due_date, err);
	if (status != AVAL_OK)
		return status;
	out->times = options->times;
	out->registry = options->registry;
	out->by_debtor = options->by_debtor;
	out->issue.currency = aval_text_z(financing->currency);
	out->issue.supplier = options->supplier;
	out->issue.debtor = options->debtor;
	out->issue.policy = options->policy;
	memcpy(out->issue.nonce16, options->nonce16, sizeof out->issue.nonce16);
	out->issue.has_predecessor = options->has_predecessor;
	memcpy(out->issue.predecessor32, options->predecessor32, sizeof out->issue.predecessor32);
	return AVAL_OK;
}

static aval_status append_issue(aval_bundle *bundle, const aval_issue_options *options, aval_error *err)
{
	uint8_t     payload[2048]; /* an ISSUE is of bounded length, well below */
	size_t      len = sizeof payload;
	aval_status status = aval_issue_build(payload, &len, options, err);

	return status == AVAL_OK ? aval_bundle_append(bundle, payload, len, err) : status;
}

/* Bind the invoice, append ISSUE, disclose what is asked for. */
static aval_status begin_token(aval_bundle *bundle, aval_issue_options *issue, const aval_invoice *invoice,
                               const uint8_t seed32[32], const aval_bundle_issue_options *options,
                               aval_error *err)
{
	aval_commitment *commitment;
	aval_status      status = commit(&commitment, invoice, seed32, bundle->allocator, err);

	if (status != AVAL_OK)
		return status;
	aval_commitment_hash(issue->issue.commitment32, commitment);
	bind_invoice(issue->issue.source32, commitment, invoice);
	status = append_issue(bundle, issue, err);
	if (status == AVAL_OK && options->path_count > 0)
		status = disclose(bundle, commitment, options->paths, options->path_count, err);
	aval_commitment_free(commitment);
	return status;
}

aval_status aval_bundle_issue(aval_bundle **bundle_out, const aval_invoice *invoice, const uint8_t seed32[32],
                              const aval_bundle_issue_options *options, const aval_allocator *allocator,
                              aval_error *err)
{
	aval_issue_options issue = AVAL_ISSUE_OPTIONS_INIT;
	aval_financing     financing;
	aval_bundle       *bundle;
	aval_status        status;

	if (options == NULL || options->struct_size != sizeof *options)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "options",
		                 "struct_size is not that of the options");
	status = aval_invoice_financeable(&financing, invoice, err);
	if (status == AVAL_OK)
		status = fill_issue(&issue, &financing, options, err);
	if (status == AVAL_OK)
		status = aval_bundle_new(&bundle, allocator, err);
	if (status != AVAL_OK)
		return status;
	status = begin_token(bundle, &issue, invoice, seed32, options, err);
	if (status == AVAL_OK)
		*bundle_out = bundle;
	else
		aval_bundle_free(bundle);
	return status;
}
