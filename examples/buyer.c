/* SPDX-License-Identifier: CC0-1.0 */
/*
 * A buyer accepts a token over an invoice that it received: what an accounts-payable system does.
 *
 *     buyer TOKEN INVOICE SEED KEY OUT
 *
 * INVOICE is the buyer's own copy; SEED came from the supplier, so that the buyer can see for itself that the token is
 * about this invoice. OUT is written.
 * Build: cc buyer.c $(pkg-config --cflags --libs libaval)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/aval.h>

_Noreturn static void stop(const char *what, const aval_error *err)
{
	fprintf(stderr, "buyer: %s: %s: %s: %s\n", what, aval_status_name(err->status), err->where, err->reason);
	exit(1);
}

static uint8_t *read_file(size_t *len_out, const char *path)
{
	aval_error err = AVAL_ERROR_INIT;
	uint8_t   *data;

	if (aval_os_file_read(&data, len_out, path, AVAL_BUNDLE_MAX_LEN, NULL, &err) != AVAL_OK)
		stop(path, &err);
	return data;
}

int main(int argc, char **argv)
{
	aval_error          err = AVAL_ERROR_INIT;
	aval_accept_options options = AVAL_ACCEPT_OPTIONS_INIT;
	uint8_t            *file, *invoice_file, *seed, *pem, *out, payload[4096];
	size_t              len, invoice_len, seed_len, pem_len, out_len = 0, payload_len = sizeof payload;
	char                me[AVAL_PARTY_KEY_LEN + 1];
	aval_report        *report;
	aval_bundle        *bundle;
	aval_invoice       *invoice;
	aval_token         *token;
	aval_secret_key    *key;
	aval_signer         signer;
	aval_issue          terms;
	aval_status         status;

	if (argc != 6) {
		fprintf(stderr, "usage: buyer TOKEN INVOICE SEED KEY OUT\n");
		return 2;
	}
	file = read_file(&len, argv[1]);
	invoice_file = read_file(&invoice_len, argv[2]);
	seed = read_file(&seed_len, argv[3]);
	pem = read_file(&pem_len, argv[4]);
	if (seed_len != 32) {
		fprintf(stderr, "buyer: %s is no seed of 32 bytes\n", argv[3]);
		return 1;
	}

	/* 1. Never sign on top of what is wrong. Incomplete is all that it can be here: nobody is trusted yet. */
	if (aval_report_new(&report, NULL, &err) != AVAL_OK)
		stop("report", &err);
	status = aval_verify(report, file, len, NULL, &err);
	if (status != AVAL_OK && status != AVAL_E_VERIFY_INCOMPLETE)
		stop(argv[1], &err);
	printf("  nothing in the token is wrong: its signatures and its history hold\n");

	/* 2. Is it about this invoice, to the last term, and does it say what the invoice says? */
	if (aval_bundle_parse(&bundle, file, len, NULL, &err) != AVAL_OK)
		stop(argv[1], &err);
	if (aval_invoice_parse(&invoice, invoice_file, invoice_len, NULL, &err) != AVAL_OK)
		stop(argv[2], &err);
	if (aval_bundle_compare_invoice(bundle, invoice, seed, &err) != AVAL_OK)
		stop(argv[2], &err);
	printf("  the token is about the invoice that we received, term by term\n");

	/* 3. Accept the whole face: the promise to pay, with consent to assignment and waiver of defences. */
	if (aval_bundle_replay(&token, bundle, NULL, &err) != AVAL_OK)
		stop(argv[1], &err);
	aval_token_terms(&terms, token);
	options.accept.accepted_minor = terms.face_minor;
	options.accept.has_consent = true;
	options.accept.waives_defences = true;
	if (aval_os_clock()->now(&options.times.claimed_ms, aval_os_clock()->user_data) != AVAL_OK) {
		fprintf(stderr, "buyer: no clock\n");
		return 1;
	}
	options.times.register_by_ms = options.times.claimed_ms + INT64_C(30) * 86400000;
	if (aval_accept_build(payload, &payload_len, token, &options, &err) != AVAL_OK ||
	    aval_bundle_append(bundle, payload, payload_len, &err) != AVAL_OK)
		stop("accept", &err);

	/* 4. Sign as the debtor, and write. */
	if (aval_secret_key_parse_pem(&key, (const char *)pem, pem_len, aval_os_entropy(), NULL, &err) != AVAL_OK)
		stop(argv[4], &err);
	aval_wipe(pem, pem_len);
	signer = aval_signer_from_secret_key(key);
	aval_public_key_party(me, aval_secret_key_public(key));
	if (aval_bundle_sign(bundle, AVAL_ROLE_DEBTOR, me, strlen(me), &signer, &err) != AVAL_OK)
		stop("sign", &err);
	if (aval_bundle_serialize(NULL, &out_len, bundle, &err) != AVAL_E_BUFFER_TOO_SMALL)
		stop("serialize", &err);
	out = malloc(out_len);
	if (out == NULL || aval_bundle_serialize(out, &out_len, bundle, &err) != AVAL_OK ||
	    aval_os_file_write_new(argv[5], out, out_len, 0644, &err) != AVAL_OK)
		stop(argv[5], &err);
	printf("  accepted in full, due %.*s: an irrevocable promise to pay whoever holds the token\n",
	       (int)terms.due_date.len, terms.due_date.data);

	free(out);
	aval_wipe(seed, seed_len);
	aval_secret_key_free(key);
	aval_token_free(token);
	aval_invoice_free(invoice);
	aval_bundle_free(bundle);
	aval_report_free(report);
	aval_free(pem, NULL);
	aval_free(seed, NULL);
	aval_free(invoice_file, NULL);
	aval_free(file, NULL);
	return 0;
}
