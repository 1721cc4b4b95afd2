/* SPDX-License-Identifier: CC0-1.0 */
/*
 * A factor buys a part of an accepted invoice: it signs the assignment that the supplier offers, and verifies the
 * result from one file, offline, seeing only the terms that it may see.
 *
 *     factor OFFER KEY SUPPLIER DEBTOR OUT
 *
 * OFFER is a token whose assignment lacks the factor's signature; SUPPLIER and DEBTOR are the party ids, "key:...", of
 * the two with whom the factor has its contracts. OUT is written.
 * Build: cc factor.c $(pkg-config --cflags --libs libaval)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/aval.h>

_Noreturn static void stop(const char *what, const aval_error *err)
{
	fprintf(stderr, "factor: %s: %s: %s: %s\n", what, aval_status_name(err->status), err->where, err->reason);
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
static void trust(aval_policy *policy, const char *party)
{
	aval_error err = AVAL_ERROR_INIT;
	uint8_t    thumbprint[32];
	unsigned   byte;

	if (aval_party_check(NULL, party, strlen(party), &err) != AVAL_OK)
		stop(party, &err);
	for (size_t i = 0; i < 32; i++) {
		if (sscanf(party + 4 + 2 * i, "%2x", &byte) != 1)
			byte = 0;
		thumbprint[i] = (uint8_t)byte;
	}
	if (aval_policy_trust_key(policy, thumbprint, NULL, 0, &err) != AVAL_OK)
		stop(party, &err);
}

int main(int argc, char **argv)
{
	/* What this factor does without as long as no registry and no certificates are in play. */
	static const aval_check_id without[] = { AVAL_CHECK_PARTIES, AVAL_CHECK_REGISTERED, AVAL_CHECK_LIVE,
		                                 AVAL_CHECK_DUPLICATE, AVAL_CHECK_FRESH };
	aval_error             err = AVAL_ERROR_INIT;
	uint8_t               *file, *pem, *out;
	size_t                 len, pem_len, out_len = 0;
	char                   me[AVAL_PARTY_KEY_LEN + 1];
	aval_policy           *policy;
	aval_report           *report;
	aval_bundle           *bundle;
	aval_secret_key       *key;
	aval_signer            signer;
	aval_disclosure_cursor cursor;
	aval_disclosed         term;
	const aval_token      *token;
	aval_issue             terms;
	aval_status            status;

	if (argc != 6) {
		fprintf(stderr, "usage: factor OFFER KEY SUPPLIER DEBTOR OUT\n");
		return 2;
	}
	file = read_file(&len, argv[1]);
	pem = read_file(&pem_len, argv[2]);
	if (aval_secret_key_parse_pem(&key, (const char *)pem, pem_len, aval_os_entropy(), NULL, &err) != AVAL_OK)
		stop(argv[2], &err);
	aval_wipe(pem, pem_len);
	signer = aval_signer_from_secret_key(key);
	aval_public_key_party(me, aval_secret_key_public(key));

	/* 1. Whom we trust, and what we do without. The report repeats it. */
	if (aval_policy_new(&policy, NULL, &err) != AVAL_OK || aval_report_new(&report, NULL, &err) != AVAL_OK)
		stop("policy", &err);
	trust(policy, argv[3]);
	trust(policy, argv[4]);
	trust(policy, me);
	for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
		if (aval_policy_without(policy, without[i], &err) != AVAL_OK)
			stop("policy", &err);

	/* 2. The offer: nothing may be wrong with it, and it must lack our signature alone. */
	status = aval_verify(report, file, len, policy, &err);
	if (status != AVAL_E_VERIFY_INCOMPLETE)
		stop(argv[1], &err);
	printf("  the offer is a draft, and nothing in it is wrong; what the supplier shows of the invoice:\n");
	if (aval_report_disclosure(report) == NULL) {
		fprintf(stderr, "factor: the offer shows nothing of the invoice\n");
		return 1;
	}
	aval_disclosure_cursor_init(&cursor, aval_report_disclosure(report));
	while (aval_disclosure_next(&term, &cursor, NULL) == AVAL_OK)
		printf("    %-8.*s %.*s%s\n", (int)term.path.len, term.path.data, (int)term.value.len,
		       term.is_absent ? "" : term.value.data, term.is_absent ? "(the invoice has none: proven)" : "");

	/* 3. Sign as the new holder, and write. */
	if (aval_bundle_parse(&bundle, file, len, NULL, &err) != AVAL_OK)
		stop(argv[1], &err);
	if (aval_bundle_sign(bundle, AVAL_ROLE_ASSIGNEE, me, strlen(me), &signer, &err) != AVAL_OK)
		stop("sign", &err);
	if (aval_bundle_serialize(NULL, &out_len, bundle, &err) != AVAL_E_BUFFER_TOO_SMALL)
		stop("serialize", &err);
	out = malloc(out_len);
	if (out == NULL || aval_bundle_serialize(out, &out_len, bundle, &err) != AVAL_OK)
		stop("serialize", &err);

	/* 4. Verify what is now complete, from its bytes alone. Only AVAL_OK means valid. */
	if (aval_verify(report, out, out_len, policy, &err) != AVAL_OK)
		stop("verify", &err);
	token = aval_report_token(report);
	aval_token_terms(&terms, token);
	printf("  valid; who holds what of the claim, in minor units of %.*s:\n", (int)terms.currency.len,
	       terms.currency.data);
	for (size_t i = aval_token_first_live(token); i != AVAL_NO_NOTE; i = aval_token_next_live(token, i)) {
		aval_note note;

		if (aval_token_note(&note, token, i, &err) != AVAL_OK)
			stop("note", &err);
		printf("    [%" PRId64 ", %" PRId64 ")  %.*s...  %s\n", note.begin_minor, note.end_minor, 16,
		       note.holder.data, strncmp(note.holder.data, me, note.holder.len) == 0 ? "ours" : "");
	}
	if (aval_os_file_write_new(argv[5], out, out_len, 0644, &err) != AVAL_OK)
		stop(argv[5], &err);

	free(out);
	aval_bundle_free(bundle);
	aval_report_free(report);
	aval_policy_free(policy);
	aval_secret_key_free(key);
	aval_free(pem, NULL);
	aval_free(file, NULL);
	return 0;
}
