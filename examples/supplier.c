/* SPDX-License-Identifier: CC0-1.0 */
/*
 * A supplier turns an e-invoice into a token: what an ERP plugin does.
 *
 *     supplier INVOICE KEY DEBTOR SEED OUT
 *
 * INVOICE is a UBL or CII file, KEY the supplier's key file, DEBTOR the buyer's party id. SEED and OUT are written.
 * Build: cc supplier.c $(pkg-config --cflags --libs libaval)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/aval.h>

/* Where a bank would keep the order of events. */
#define REGISTRY "registry.example/receivables"

_Noreturn static void stop(const char *what, const aval_error *err)
{
	fprintf(stderr, "supplier: %s: %s: %s: %s\n", what, aval_status_name(err->status), err->where, err->reason);
	exit(1);
}

static aval_text text(const char *z)
{
	aval_text t = { z, 0 };

	while (z[t.len] != '\0')
		t.len++;
	return t;
}

int main(int argc, char **argv)
{
	aval_error                err = AVAL_ERROR_INIT;
	uint8_t                  *file, *pem, *token, seed[32];
	size_t                    file_len, pem_len, token_len = 0;
	char                      me[AVAL_PARTY_KEY_LEN + 1];
	aval_invoice             *invoice;
	aval_check               *check;
	aval_secret_key          *key;
	aval_bundle              *bundle;
	aval_bundle_issue_options options = AVAL_BUNDLE_ISSUE_OPTIONS_INIT;
	aval_signer               signer;

	if (argc != 6) {
		fprintf(stderr, "usage: supplier INVOICE KEY DEBTOR SEED OUT\n");
		return 2;
	}

	/* 1. Import the invoice. Whatever the syntax, it becomes a list of the business terms of EN 16931. */
	if (aval_os_file_read(&file, &file_len, argv[1], AVAL_INVOICE_MAX_LEN, NULL, &err) != AVAL_OK)
		stop(argv[1], &err);
	if (aval_invoice_parse(&invoice, file, file_len, NULL, &err) != AVAL_OK)
		stop(argv[1], &err);
	printf("  imported %zu business terms; %zu pieces of the file are not business terms\n",
	       aval_invoice_term_count(invoice), aval_invoice_unmapped_count(invoice));

	/* 2. Check its sums. A bank will not buy an invoice that does not add up. */
	if (aval_check_invoice(&check, invoice, NULL, NULL, &err) != AVAL_OK)
		stop("check", &err);
	for (size_t i = 0; i < aval_check_finding_count(check); i++) {
		const aval_finding *finding = &aval_check_findings(check)[i];

		printf("  %.*s at %.*s: expected %.*s, found %.*s\n", (int)finding->rule.len, finding->rule.data,
		       (int)finding->where.len, finding->where.data, (int)finding->expected.len,
		       finding->expected.data, (int)finding->found.len, finding->found.data);
	}
	if (!aval_check_is_valid(check))
		return 1;
	printf("  its sums agree with %s\n", aval_check_rule_set());

	/* 3. The key that signs. A bank would fill an aval_signer with its HSM instead. */
	if (aval_os_file_read(&pem, &pem_len, argv[2], AVAL_SECRET_KEY_FILE_MAX, NULL, &err) != AVAL_OK ||
	    aval_secret_key_parse_pem(&key, (const char *)pem, pem_len, aval_os_entropy(), NULL, &err) != AVAL_OK)
		stop(argv[2], &err);
	aval_wipe(pem, pem_len);
	signer = aval_signer_from_secret_key(key);
	aval_public_key_party(me, aval_secret_key_public(key));

	/* 4. The secret seed of the commitment, on disk before anything depends on it. */
	if (aval_os_entropy()->fill(seed, sizeof seed, aval_os_entropy()->user_data) != AVAL_OK ||
	    aval_os_entropy()->fill(options.nonce16, sizeof options.nonce16, aval_os_entropy()->user_data) != AVAL_OK) {
		fprintf(stderr, "supplier: no random bytes\n");
		return 1;
	}
	if (aval_os_file_write_new(argv[4], seed, sizeof seed, 0600, &err) != AVAL_OK)
		stop(argv[4], &err);

	/* 5. What the token shall be. Face, currency and due date come from the invoice. */
	if (aval_os_clock()->now(&options.times.claimed_ms, aval_os_clock()->user_data) != AVAL_OK) {
		fprintf(stderr, "supplier: no clock\n");
		return 1;
	}
	options.times.register_by_ms = options.times.claimed_ms + INT64_C(30) * 86400000;
	options.registry = text(REGISTRY);
	options.supplier = text(me);
	options.debtor = text(argv[3]);
	if (aval_bundle_issue(&bundle, invoice, seed, &options, NULL, &err) != AVAL_OK)
		stop("issue", &err);

	/* 6. Sign and write. */
	if (aval_bundle_sign(bundle, AVAL_ROLE_SUPPLIER, me, AVAL_PARTY_KEY_LEN, &signer, &err) != AVAL_OK)
		stop("sign", &err);
	if (aval_bundle_serialize(NULL, &token_len, bundle, &err) != AVAL_E_BUFFER_TOO_SMALL)
		stop("serialize", &err);
	token = malloc(token_len);
	if (token == NULL || aval_bundle_serialize(token, &token_len, bundle, &err) != AVAL_OK ||
	    aval_os_file_write_new(argv[5], token, token_len, 0644, &err) != AVAL_OK)
		stop(argv[5], &err);
	printf("  signed a token of %zu bytes; of the invoice it shows nothing yet\n", token_len);

	free(token);
	aval_wipe(seed, sizeof seed);
	aval_bundle_free(bundle);
	aval_secret_key_free(key);
	aval_free(pem, NULL);
	aval_check_free(check);
	aval_invoice_free(invoice);
	aval_free(file, NULL);
	return 0;
}
