/* SPDX-License-Identifier: CC0-1.0 */
/*
 * A bank finances a claim: its officers sign the assignment that a supplier offers, under a mandate that says how many of
 * them must, and up to what amount. Whoever verifies the result needs to know the bank alone, and none of its officers.
 *
 *     bank OFFER MANDATE KEY KEY OUT PARTY...
 *
 * OFFER is a token whose assignment lacks the bank's signature; MANDATE is the bank's; the two KEYs are its officers' key
 * files; each PARTY is the id, "key:...", of one whom the bank knows: supplier, debtor and earlier holders. OUT is written.
 * Build: cc bank.c $(pkg-config --cflags --libs libaval)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/aval.h>

_Noreturn static void stop(const char *what, const aval_error *err)
{
	fprintf(stderr, "bank: %s: %s: %s: %s\n", what, aval_status_name(err->status), err->where, err->reason);
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

/* A party id "key:..." names the thumbprint of its key. */
static void trust(aval_policy *policy, const char *party, size_t party_len)
{
	aval_error        err = AVAL_ERROR_INIT;
	aval_party_scheme scheme;
	uint8_t           thumbprint[32];
	unsigned          byte;

	if (aval_party_check(&scheme, party, party_len, &err) != AVAL_OK)
		stop("party", &err);
	for (size_t i = 0; scheme == AVAL_PARTY_KEY && i < 32; i++) {
		if (sscanf(party + 4 + 2 * i, "%2x", &byte) != 1)
			byte = 0;
		thumbprint[i] = (uint8_t)byte;
	}
	if (scheme != AVAL_PARTY_KEY) {
		fprintf(stderr, "bank: %.*s is no key: party\n", (int)party_len, party);
		exit(1);
	}
	if (aval_policy_trust_key(policy, thumbprint, NULL, 0, &err) != AVAL_OK)
		stop("party", &err);
}

/* One officer signs, as the bank. An HSM's signer takes the place of the key file's here. */
static void sign(aval_bundle *bundle, const aval_mandate *mandate, const char *path)
{
	aval_error       err = AVAL_ERROR_INIT;
	size_t           pem_len;
	uint8_t         *pem = read_file(&pem_len, path);
	aval_secret_key *key;
	aval_signer      signer;
	aval_status      status;

	if (aval_secret_key_parse_pem(&key, (const char *)pem, pem_len, aval_os_entropy(), NULL, &err) != AVAL_OK)
		stop(path, &err);
	aval_wipe(pem, pem_len);
	aval_free(pem, NULL);
	signer = aval_signer_from_secret_key(key);
	status = aval_bundle_sign(bundle, AVAL_ROLE_ASSIGNEE, mandate->party.data, mandate->party.len, &signer, &err);
	aval_secret_key_free(key);
	if (status != AVAL_OK)
		stop(path, &err);
}

int main(int argc, char **argv)
{
	/* What this bank does without as long as no registry is in play. */
	static const aval_check_id without[] = { AVAL_CHECK_PARTIES, AVAL_CHECK_REGISTERED, AVAL_CHECK_LIVE,
		                                 AVAL_CHECK_DUPLICATE, AVAL_CHECK_FRESH };
	aval_error   err = AVAL_ERROR_INIT;
	int64_t      now_ms;
	size_t       file_len, mandate_len, out_len = 0;
	uint8_t     *file, *mandate_file, *out;
	aval_mandate mandate;
	aval_policy *policy;
	aval_report *report;
	aval_bundle *bundle;
	aval_status  status;

	if (argc < 7) {
		fprintf(stderr, "usage: bank OFFER MANDATE KEY KEY OUT PARTY...\n");
		return 2;
	}
	file = read_file(&file_len, argv[1]);
	mandate_file = read_file(&mandate_len, argv[2]);
	if (aval_mandate_parse(&mandate, mandate_file, mandate_len, &err) != AVAL_OK)
		stop(argv[2], &err);
	if (aval_os_clock()->now(&now_ms, aval_os_clock()->user_data) != AVAL_OK) {
		fprintf(stderr, "bank: no clock\n");
		return 1;
	}

	/* 1. Whom we trust: those we know, and the bank itself, whose mandate speaks for its officers. */
	if (aval_policy_new(&policy, NULL, &err) != AVAL_OK || aval_report_new(&report, NULL, &err) != AVAL_OK ||
	    aval_policy_set_time(policy, now_ms, &err) != AVAL_OK)
		stop("policy", &err);
	for (int i = 6; i < argc; i++)
		trust(policy, argv[i], strlen(argv[i]));
	trust(policy, mandate.party.data, mandate.party.len);
	for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
		if (aval_policy_without(policy, without[i], &err) != AVAL_OK)
			stop("policy", &err);

	/* 2. The offer: nothing may be wrong with it, and it must lack our signatures alone. */
	if (aval_verify(report, file, file_len, policy, &err) != AVAL_E_VERIFY_INCOMPLETE)
		stop(argv[1], &err);
	printf("  the offer is a draft, and nothing in it is wrong\n");

	/* 3. The mandate comes first, so that the bundle knows how many officers must sign; then each officer signs. */
	if (aval_bundle_parse(&bundle, file, file_len, NULL, &err) != AVAL_OK ||
	    aval_bundle_add_mandate(bundle, mandate_file, mandate_len, &err) != AVAL_OK)
		stop(argv[2], &err);
	for (int i = 3; i <= 4; i++) {
		sign(bundle, &mandate, argv[i]);
		printf("  officer %d of %" PRIu32 " has signed: the assignment is %s\n", i - 2, mandate.threshold,
		       aval_bundle_has_draft(bundle) ? "still a draft" : "complete");
	}
	if (aval_bundle_serialize(NULL, &out_len, bundle, &err) != AVAL_E_BUFFER_TOO_SMALL)
		stop("serialize", &err);
	out = malloc(out_len);
	if (out == NULL || aval_bundle_serialize(out, &out_len, bundle, &err) != AVAL_OK)
		stop("serialize", &err);

	/* 4. Verify what is now complete, from its bytes alone: it is here that the mandate's cap is judged. */
	status = aval_verify(report, out, out_len, policy, &err);
	if (status != AVAL_OK)
		stop("verify", &err);
	if (aval_os_file_write_new(argv[5], out, out_len, 0644, &err) != AVAL_OK)
		stop(argv[5], &err);
	printf("  valid: the bank holds the claim, and the mandate bears the purchase\n");

	free(out);
	aval_bundle_free(bundle);
	aval_report_free(report);
	aval_policy_free(policy);
	aval_free(mandate_file, NULL);
	aval_free(file, NULL);
	return 0;
}
