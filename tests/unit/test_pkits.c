/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every path of the NIST Public Key Interoperability Test Suite, from the folder in PKITS. What NIST expects to
 * be invalid is refused; what it expects to be valid is accepted, or refused with the status of a feature that
 * is not evaluated.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/certificate.h>

#include "vectors.h"

#include "pkits.vectors.h"

enum { CASES = sizeof pkits_cases / sizeof pkits_cases[0], AT_2015_06_01 = 1433116800, END_ENTITIES = 223 };

static uint8_t *read_file(size_t *len_out, const char *folder, const char *name, size_t name_len,
                          const char *ending)
{
	char     path[1024];
	uint8_t *bytes = malloc(1 << 16);
	FILE    *file;

	snprintf(path, sizeof path, "%s/%s/%.*s.%s", getenv("PKITS"), folder, (int)name_len, name, ending);
	file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "%s cannot be opened", path);
	*len_out = fread(bytes, 1, 1 << 16, file);
	fclose(file);
	return bytes;
}

/* Names are parted by spaces. */
static bool next_name(const char **at, size_t *len_out)
{
	*at += strspn(*at, " ");
	*len_out = strcspn(*at, " ");
	return *len_out != 0;
}

/* Three files break the form itself (a signature with unused bits): what a parser says is the verdict. */
static aval_status load_trust(aval_trust **trust_out, const char *crls, aval_error *err)
{
	aval_trust *trust = NULL;
	size_t      len, name_len;
	uint8_t    *bytes = read_file(&len, "certs", "TrustAnchorRootCertificate", 26, "crt");
	aval_status status = AVAL_OK;

	ck_assert_int_eq(aval_trust_new(&trust, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_trust_add_anchors(trust, bytes, len, NULL), AVAL_OK);
	free(bytes);
	for (; status == AVAL_OK && next_name(&crls, &name_len); crls += name_len) {
		bytes = read_file(&len, "crls", crls, name_len, "crl");
		status = aval_trust_add_crls(trust, bytes, len, err);
		free(bytes);
	}
	*trust_out = trust;
	return status;
}

static aval_status load_chain(aval_chain **chain_out, const char *names, aval_error *err)
{
	aval_bytes  certificates[AVAL_CHAIN_MAX_COUNT];
	uint8_t    *files[AVAL_CHAIN_MAX_COUNT];
	size_t      count = 0, name_len;
	aval_status status;

	for (; next_name(&names, &name_len); names += name_len) {
		ck_assert_uint_lt(count, AVAL_CHAIN_MAX_COUNT);
		files[count] = read_file(&certificates[count].len, "certs", names, name_len, "crt");
		certificates[count].data = files[count];
		count++;
	}
	status = aval_chain_parse(chain_out, certificates, count, NULL, err);
	for (size_t i = 0; i < count; i++)
		free(files[i]);
	return status;
}

/* Features that are refused by design: nothing else may refuse what NIST expects to be valid. */
static const char *const by_design[] = {
	"AVAL_E_CERT_NAME_CONSTRAINTS", "AVAL_E_CERT_POLICY", "AVAL_E_CRL_CRITICAL", "AVAL_E_CRL_SIGNER",
	"AVAL_E_CERT_ALGORITHM",        "AVAL_E_CERT_UNCONFIRMED",
};

static void check_expectation(const struct vector_case *c)
{
	const char *want = vector_text(c, "expect.status");
	bool        accepted = strcmp(want, "AVAL_OK") == 0, designed = false;

	if (strcmp(vector_text(c, "expect.nist"), "invalid") == 0) {
		ck_assert_msg(!accepted, "%s: NIST expects it to be invalid", c->id);
		return;
	}
	for (size_t i = 0; i < sizeof by_design / sizeof by_design[0]; i++)
		designed = designed || strcmp(want, by_design[i]) == 0;
	ck_assert_msg(accepted || designed, "%s: NIST expects it to be valid, and %s is no feature", c->id,
	              want);
}

START_TEST(test_path)
{
	const struct vector_case *c = &pkits_cases[_i];
	aval_chain_options        options = AVAL_CHAIN_OPTIONS_INIT;
	aval_trust               *trust = NULL;
	aval_chain               *chain = NULL;
	aval_error                err = AVAL_ERROR_INIT;
	aval_status               status;

	options.at_unix_ms = (int64_t)AT_2015_06_01 * 1000;
	check_expectation(c);
	status = load_trust(&trust, vector_text(c, "input.crls"), &err);
	if (status == AVAL_OK)
		status = load_chain(&chain, vector_text(c, "input.certificates"), &err);
	if (status == AVAL_OK)
		status = aval_chain_verify(NULL, chain, trust, &options, &err);
	ck_assert_msg(strcmp(aval_status_name(status), vector_text(c, "expect.status")) == 0,
	              "%s: got %s, want %s (%s: %s)", c->id, aval_status_name(status),
	              vector_text(c, "expect.status"), err.where, err.reason);
	aval_chain_free(chain);
	aval_trust_free(trust);
}
END_TEST

static bool is_leaf(const char *name, size_t len)
{
	for (size_t i = 0; i < CASES; i++) {
		const char *names = vector_text(&pkits_cases[i], "input.certificates");

		if (strcspn(names, " ") == len && strncmp(names, name, len) == 0)
			return true;
	}
	return false;
}

/* No certificate of the suite that names an end entity is left out. */
START_TEST(test_leaves)
{
	char           path[1024];
	DIR           *folder;
	struct dirent *file;
	unsigned       count = 0;

	snprintf(path, sizeof path, "%s/certs", getenv("PKITS"));
	folder = opendir(path);
	ck_assert_msg(folder != NULL, "%s cannot be opened", path);
	while ((file = readdir(folder)) != NULL) {
		const char *end = strstr(file->d_name, "EE.crt");

		if (end == NULL)
			continue;
		ck_assert_msg(is_leaf(file->d_name, (size_t)(end + 2 - file->d_name)), "%s is no leaf",
		              file->d_name);
		count++;
	}
	closedir(folder);
	ck_assert_uint_eq(count, END_ENTITIES);
}
END_TEST

int main(void)
{
	Suite   *suite;
	TCase   *cases;
	SRunner *runner;
	int      failed;

	if (getenv("PKITS") == NULL) {
		printf("1..1\nok 1 - %d paths of NIST PKITS # SKIP python3-cryptography-vectors is not there\n",
		       CASES);
		return EXIT_SUCCESS;
	}
	suite = suite_create("pkits");
	cases = tcase_create("paths");
	tcase_add_loop_test(cases, test_path, 0, CASES);
	tcase_add_test(cases, test_leaves);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
