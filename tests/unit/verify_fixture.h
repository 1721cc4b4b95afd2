/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_VERIFY_FIXTURE_H
#define AVAL_TESTS_VERIFY_FIXTURE_H

/* What tests of verification share: policies from words, verdicts as letters. */

#include <check.h>
#include <string.h>

#include <aval/verify.h>

#include "base/base.h"
#include "crypto_fixture.h"

/* Fails the test with what the library said. */
#define t_ok(call)                                                                                          \
	do {                                                                                                \
		aval_error t_err = AVAL_ERROR_INIT, *err = &t_err;                                          \
		ck_assert_msg((call) == AVAL_OK, "%s: %s at %s: %s", #call, aval_status_name(t_err.status), \
		              t_err.where, t_err.reason);                                                   \
	} while (0)

static inline void t_endorser(aval_policy *policy, const char *text)
{
	static const char *const schemes[] = { "lei=", "vat=", "iso6523=", "uscc=" };
	uint8_t                  thumbprint32[32];

	from_hex(thumbprint32, sizeof thumbprint32, strstr(text, "key:") + 4);
	for (int i = 0; i < 4; i++)
		if (strncmp(text, schemes[i], strlen(schemes[i])) == 0)
			t_ok(aval_policy_add_endorser_key(policy, (aval_party_scheme)(AVAL_PARTY_LEI + i),
			                                  thumbprint32, err));
}

/* Trust "key:ID", "key:ID=PARTY" or "SCHEME=key:ID". */
static inline void t_trust(aval_policy *policy, const char *text)
{
	uint8_t     thumbprint32[32];
	char        hex[65];
	const char *party = strchr(text, '=');

	if (strncmp(text, "key:", 4) != 0) {
		t_endorser(policy, text);
		return;
	}
	memcpy(hex, text + 4, 64);
	hex[64] = '\0';
	from_hex(thumbprint32, sizeof thumbprint32, hex);
	party = party == NULL ? "" : party + 1;
	t_ok(aval_policy_trust_key(policy, thumbprint32, party, strlen(party), err));
}

/* Do without checks whose names are separated by commas. */
static inline void t_without(aval_policy *policy, const char *names)
{
	while (*names != '\0') {
		size_t        len = strcspn(names, ",");
		aval_check_id check = 0;

		t_ok(aval_check_id_parse(&check, names, len, err));
		t_ok(aval_policy_without(policy, check, err));
		names += len + (names[len] == ',');
	}
}

/* The verdicts of a report, a letter each in its order: p pass, f fail, a attested, - not checked. */
static inline void t_verdicts(char out[AVAL_CHECK_COUNT + 1], const aval_report *report)
{
	for (int i = 0; i < AVAL_CHECK_COUNT; i++)
		out[i] = "-pfa"[aval_report_row_of(report, (aval_check_id)(i + 1))->verdict];
	out[AVAL_CHECK_COUNT] = '\0';
}

#endif /* AVAL_TESTS_VERIFY_FIXTURE_H */
