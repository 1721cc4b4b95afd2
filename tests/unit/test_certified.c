/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Companies proven by certificates: their mandates, their own signatures, and what is said where a certificate does
 * not hold. The certificates are those of chains.json, judged in their year.
 */
#include "mandate_fixture.h"

#include "failing_allocator.h"
#include "token/verified.h"
#include "token/verify.h"
#include "vectors.h"

#include "chains.vectors.h"

#include "chain_fixture.h"

#define T_AT_MS (INT64_C(1780272000) * 1000) /* 2026-06-01 */

static test_world world;
static test_staff staff;

static void set_up(void)
{
	t_world_init(&world);
	t_staff_init(&staff, &world);
}

static void tear_down(void)
{
	t_staff_clear(&staff);
	t_world_clear(&world);
}

static test_blob certified(const uint8_t *payload, size_t len, const char *chain_names, const char *key_name)
{
	char              *pem = pem_of_object("PRIVATE KEY", key_name, "\n");
	aval_endorser_key *key = NULL;
	aval_endorser      endorser;
	aval_chain        *chain = NULL;
	test_blob          blob = { NULL, 0 };

	t_ok(aval_endorser_key_parse_pem(&key, pem, strlen(pem), &world.entropy.entropy, NULL, err));
	t_ok(make_chain(&chain, chain_names, NULL, err));
	endorser = aval_endorser_from_key(key, (aval_endorsement_alg)0);
	ck_assert_int_eq(aval_mandate_sign_certified(NULL, &blob.len, payload, len, chain, &endorser, NULL, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	blob.data = malloc(blob.len);
	t_ok(aval_mandate_sign_certified(blob.data, &blob.len, payload, len, chain, &endorser, NULL, err));
	aval_chain_free(chain);
	aval_endorser_key_free(key);
	free(pem);
	return blob;
}

/* A grant to a party by a certificate: of two of three officers, around the time. */
static test_blob grant_by(const char *party, const char *chain_names, const char *key_name)
{
	test_terms   t = t_terms(party);
	test_blob    plain, blob;
	aval_mandate m;

	t.from_ms = T_AT_MS - 1000;
	t.until_ms = T_AT_MS + INT64_C(40000000000);
	plain = t_grant(&t, &staff, &world.signers[T_STRANGER]);
	t_ok(aval_mandate_parse(&m, plain.data, plain.len, err));
	blob = certified(m.payload.data, m.payload.len, chain_names, key_name);
	free(plain.data);
	return blob;
}

static void add_certificates(aval_bundle *b, const char *names)
{
	char name[100];

	while (next_name(&names, name)) {
		size_t   len;
		uint8_t *der = object_bytes(&len, name);

		t_ok(aval_bundle_add_certificate(b, der, len, err));
		free(der);
	}
}

/* The acceptance of a company by two officers, with a mandate and certificates. */
static test_blob accepted(const char *party, const test_blob *mandate, const char *certificates)
{
	aval_bundle *b = t_issued_to(&world, party, NULL);
	test_blob    blob;

	t_draft_accept(b, 0, true);
	t_ok(aval_bundle_add_mandate(b, mandate->data, mandate->len, err));
	for (unsigned i = 0; i < 2; i++)
		t_ok(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, party, strlen(party), &staff.signers[i], err));
	add_certificates(b, certificates);
	blob = t_serialize(b);
	aval_bundle_free(b);
	return blob;
}

typedef aval_status (*adder)(aval_policy *policy, const uint8_t *file, size_t len, aval_error *err);

static void add_objects_to(aval_policy *policy, const char *names, adder add)
{
	char name[100];

	while (next_name(&names, name)) {
		size_t   len;
		uint8_t *der = object_bytes(&len, name);

		t_ok(add(policy, der, len, err));
		free(der);
	}
}

typedef struct test_trust {
	const char   *anchors, *crls;
	const char   *endorser; /* SCHEME of an object, for "lei" */
	int64_t       at_ms;
	aval_crl_mode mode;
} test_trust;

static aval_policy *policy_of(const test_trust *t)
{
	aval_policy *policy = t_policy(&world);

	add_objects_to(policy, t->anchors, aval_policy_add_anchors);
	add_objects_to(policy, t->crls, aval_policy_add_crls);
	if (t->endorser != NULL) {
		size_t   len;
		uint8_t *der = object_bytes(&len, t->endorser);

		t_ok(aval_policy_add_endorser(policy, AVAL_PARTY_LEI, der, len, err));
		t_ok(aval_policy_add_endorser(policy, AVAL_PARTY_LEI, der, len, err));
		ck_assert_uint_eq(aval_policy_endorser_count(policy), 1);
		ck_assert(aval_policy_endorser(policy, 0).is_certificate);
		free(der);
	}
	t_ok(aval_policy_set_crl_mode(policy, t->mode, err));
	if (t->at_ms != 0)
		t_ok(aval_policy_set_time(policy, t->at_ms, err));
	return policy;
}

static void want(const char *name, const test_blob *bundle, const aval_policy *policy, const char *verdicts,
                 aval_check_id check, aval_status status)
{
	aval_report           *report = NULL;
	char                   got[AVAL_CHECK_COUNT + 1];
	const aval_report_row *row;

	t_ok(aval_report_new(&report, NULL, err));
	(void)!aval_verify(report, bundle->data, bundle->len, policy, NULL);
	t_verdicts(got, report);
	row = aval_report_row_of(report, check);
	ck_assert_msg(strcmp(got, verdicts) == 0, "%s: got %s, want %s; identity %s, mandates %s", name, got, verdicts,
	              aval_status_name(aval_report_row_of(report, AVAL_CHECK_IDENTITY)->status),
	              aval_status_name(aval_report_row_of(report, AVAL_CHECK_MANDATES)->status));
	ck_assert_msg(row->status == status, "%s: got %s, want %s (%s)", name, aval_status_name(row->status),
	              aval_status_name(status), row->reason);
	aval_report_free(report);
}

static const struct {
	const char   *name, *chain, *key, *certificates;
	test_trust    trust;
	const char   *verdicts;
	aval_status   status; /* of identity */
} cases[] = {
#define GOOD "ppp-pppp----"
#define OPEN "ppp-p--p----"
#define CRLS "root-crl issuing-crl"
	{ "by a certificate on P-256", "p256-end issuing", "p256-key", "p256-end issuing",
	  { "root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED }, GOOD, AVAL_OK },
	{ "by one on secp256k1", "k1-end issuing", "k1-key", "k1-end issuing",
	  { "root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED }, GOOD, AVAL_OK },
	{ "by one on P-384", "p384-end issuing", "p384-key", "p384-end issuing",
	  { "root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED }, GOOD, AVAL_OK },
	{ "by one with an RSA key", "rsa-end issuing", "rsa-key", "rsa-end issuing",
	  { "root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED }, GOOD, AVAL_OK },
	{ "with the anchor beside it", "p256-end issuing", "p256-key", "p256-end issuing root",
	  { "root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED }, GOOD, AVAL_OK },
	{ "no anchor", "p256-end issuing", "p256-key", "p256-end issuing",
	  { "", "", NULL, T_AT_MS, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_CERT_ANCHOR },
	{ "another anchor", "p256-end issuing", "p256-key", "p256-end issuing",
	  { "other", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_CERT_ANCHOR },
	{ "the intermediate is missing", "p256-end issuing", "p256-key", "p256-end",
	  { "root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_CERT_ANCHOR },
	{ "no CRL", "p256-end issuing", "p256-key", "p256-end issuing",
	  { "root", "root-crl", NULL, T_AT_MS, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_CRL_MISSING },
	{ "no CRL, and none is asked for", "p256-end issuing", "p256-key", "p256-end issuing",
	  { "root", "root-crl", NULL, T_AT_MS, AVAL_CRL_IF_PRESENT }, GOOD, AVAL_OK },
	{ "a CRL that is stale", "p256-end issuing", "p256-key", "p256-end issuing",
	  { "root", CRLS, NULL, T_AT_MS + INT64_C(40) * 86400000, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_CRL_STALE },
	{ "no time", "p256-end issuing", "p256-key", "p256-end issuing",
	  { "root", CRLS, NULL, 0, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_NOT_FOUND },
	{ "an endorser", "p256-end issuing", "p256-key", "p256-end",
	  { "", "", "p256-end", T_AT_MS, AVAL_CRL_REQUIRED }, GOOD, AVAL_OK },
	{ "another endorser", "p256-end issuing", "p256-key", "p256-end",
	  { "", "", "k1-end", T_AT_MS, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_CERT_ANCHOR },
	{ "an endorser whose usage is contentCommitment", "contentCommitment-alone issuing", "p256-key",
	  "contentCommitment-alone", { "", "", "contentCommitment-alone", T_AT_MS, AVAL_CRL_REQUIRED }, GOOD, AVAL_OK },
	{ "an endorser whose usage is not signing", "keyEncipherment-alone issuing", "p256-key", "keyEncipherment-alone",
	  { "", "", "keyEncipherment-alone", T_AT_MS, AVAL_CRL_REQUIRED }, "ppp-pffp----", AVAL_E_CERT_USAGE },
	{ "an endorser, and no time", "p256-end issuing", "p256-key", "p256-end",
	  { "", "", "p256-end", 0, AVAL_CRL_REQUIRED }, OPEN, AVAL_E_NOT_FOUND },
};

START_TEST(mandates_by_certificates)
{
	test_blob    mandate = grant_by(T_COMPANY, cases[_i].chain, cases[_i].key);
	test_blob    bundle = accepted(T_COMPANY, &mandate, cases[_i].certificates);
	aval_policy *policy = policy_of(&cases[_i].trust);

	want(cases[_i].name, &bundle, policy, cases[_i].verdicts, AVAL_CHECK_IDENTITY, cases[_i].status);
	aval_policy_free(policy);
	free(bundle.data);
	free(mandate.data);
}
END_TEST

static const test_trust good_trust = { "root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED };

/* The certificate names another LEI, and no VAT number. */
START_TEST(certificates_of_others)
{
	static const char *const other = "lei:5299000AVALTEST00176", *const vat = "vat:DE100000001";
	aval_policy             *policy = policy_of(&good_trust);
	test_blob                mandate = grant_by(other, "p256-end issuing", "p256-key");
	test_blob                bundle = accepted(other, &mandate, "p256-end issuing");

	want("another LEI", &bundle, policy, "ppp-pffp----", AVAL_CHECK_IDENTITY, AVAL_E_CERT_PARTY);
	free(bundle.data);
	free(mandate.data);
	mandate = grant_by(vat, "p256-end issuing", "p256-key");
	bundle = accepted(vat, &mandate, "p256-end issuing");
	want("another scheme", &bundle, policy, OPEN, AVAL_CHECK_IDENTITY, AVAL_E_CERT_PARTY);
	free(bundle.data);
	free(mandate.data);
	aval_policy_free(policy);
}
END_TEST

START_TEST(certificates_that_have_ended)
{
	test_trust   late = { "root", "", NULL, T_AT_MS + INT64_C(51000000000), AVAL_CRL_IGNORED };
	test_blob    mandate = grant_by(T_COMPANY, "p256-end issuing", "p256-key");
	test_blob    bundle = accepted(T_COMPANY, &mandate, "p256-end issuing");
	aval_policy *policy = policy_of(&late);

	/* The mandate itself has ended by then too. */
	want("expired", &bundle, policy, "ppp-pffp----", AVAL_CHECK_IDENTITY, AVAL_E_CERT_EXPIRED);
	aval_policy_free(policy);
	free(bundle.data);
	free(mandate.data);
}
END_TEST

/* The certificate's own key signs for the company; no mandate is needed. */
static aval_status sign_with_leaf(uint8_t sig64_out[64], const uint8_t *message, size_t message_len,
                                  const uint8_t digest32[32], void *user_data)
{
	const aval_endorser *endorser = user_data;
	size_t               len = 64;
	uint8_t              signature[AVAL_ENDORSEMENT_MAX_LEN];
	aval_status          status =
		endorser->sign(signature, &len, message, message_len, digest32, 32, endorser->user_data);

	memcpy(sig64_out, signature, 64);
	return status;
}

static test_blob accepted_by_leaf(const char *certificates)
{
	char              *pem = pem_of_object("PRIVATE KEY", "p256-key", "\n");
	aval_endorser_key *key = NULL;
	aval_endorser      endorser;
	aval_chain        *chain = NULL;
	aval_signer        signer = { sizeof signer, { { 0 } }, sign_with_leaf, &endorser };
	aval_bundle       *b = t_issued_to(&world, T_COMPANY, NULL);
	test_blob          blob;

	t_ok(aval_endorser_key_parse_pem(&key, pem, strlen(pem), &world.entropy.entropy, NULL, err));
	t_ok(make_chain(&chain, "p256-end", NULL, err));
	endorser = aval_endorser_from_key(key, (aval_endorsement_alg)0);
	t_ok(aval_chain_key(&signer.key, chain, err));
	t_draft_accept(b, 0, true);
	t_ok(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, T_COMPANY, strlen(T_COMPANY), &signer, err));
	add_certificates(b, certificates);
	blob = t_serialize(b);
	aval_bundle_free(b);
	aval_chain_free(chain);
	aval_endorser_key_free(key);
	free(pem);
	return blob;
}

START_TEST(the_certificates_own_key)
{
	aval_policy *policy = policy_of(&good_trust);
	test_trust   nobody = { "", "", NULL, T_AT_MS, AVAL_CRL_REQUIRED };
	test_blob    bundle = accepted_by_leaf("p256-end issuing");

	want("signed by the leaf's key", &bundle, policy, GOOD, AVAL_CHECK_IDENTITY, AVAL_OK);
	aval_policy_free(policy);
	policy = policy_of(&nobody);
	want("nobody is trusted", &bundle, policy, OPEN, AVAL_CHECK_IDENTITY, AVAL_E_CERT_ANCHOR);
	free(bundle.data);
	aval_policy_free(policy);
}
END_TEST

/* Two signatures, and a chain of two certificates. */
START_TEST(certificates_count_as_signatures)
{
	aval_policy *policy = policy_of(&good_trust);
	test_blob    bundle = accepted_by_leaf("p256-end issuing");

	t_ok(aval_policy_set_max_signatures(policy, 4, err));
	want("as many as are allowed", &bundle, policy, GOOD, AVAL_CHECK_IDENTITY, AVAL_OK);
	t_ok(aval_policy_set_max_signatures(policy, 3, err));
	want("one more", &bundle, policy, OPEN, AVAL_CHECK_IDENTITY, AVAL_E_LIMIT);
	free(bundle.data);
	aval_policy_free(policy);
}
END_TEST

static void want_unserializable(aval_bundle *b, aval_status status)
{
	size_t len = 0;

	ck_assert_int_eq(aval_bundle_serialize(NULL, &len, b, NULL), status);
	aval_bundle_free(b);
}

/* Each certificate is of use, none is missing. */
START_TEST(certificates_of_a_bundle)
{
	test_blob    mandate = grant_by(T_COMPANY, "p256-end issuing", "p256-key");
	aval_bundle *b = t_sample(&world, T_ISSUED, NULL);
	uint8_t      junk[4] = { 0x30, 2, 5, 0 };

	add_certificates(b, "issuing");
	want_unserializable(b, AVAL_E_CERT_UNUSED);
	b = t_issued_to(&world, T_COMPANY, NULL);
	t_draft_accept(b, 0, true);
	t_ok(aval_bundle_add_mandate(b, mandate.data, mandate.len, err));
	t_ok(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, T_COMPANY, strlen(T_COMPANY), &staff.signers[0], err));
	ck_assert_int_eq(aval_bundle_add_certificate(b, junk, sizeof junk, NULL), AVAL_E_CERT_FORMAT);
	ck_assert_uint_eq(aval_bundle_certificate_count(b), 0);
	add_certificates(b, "k1-end");
	want_unserializable(b, AVAL_E_CERT_MISSING);
	free(mandate.data);
}
END_TEST

/* A report that is used again, and files of one portfolio, verify a chain and a mandate once. */
START_TEST(warm_verification)
{
	test_blob      mandate = grant_by(T_COMPANY, "p256-end issuing", "p256-key");
	test_blob      bundle = accepted(T_COMPANY, &mandate, "p256-end issuing");
	aval_policy   *policy = policy_of(&good_trust);
	aval_report   *report = NULL;
	aval_verified *verified = NULL;

	t_ok(aval_report_new(&report, NULL, err));
	for (uint64_t i = 0; i < 3; i++) {
		t_ok(aval_verify(report, bundle.data, bundle.len, policy, err));
		ck_assert_uint_eq(aval_chain_cache_misses(report->chains), 1);
		ck_assert_uint_eq(aval_chain_cache_hits(report->chains), i);
		ck_assert_uint_eq(report->mandate_count, 1);
	}
	aval_report_free(report);
	t_ok(aval_verified_new(&verified, NULL, err));
	for (int i = 0; i < 3; i++) {
		t_ok(aval_report_new(&report, NULL, err));
		t_ok(aval_verify_with(report, bundle.data, bundle.len, policy, verified, NULL, err));
		ck_assert_ptr_null(report->chains);
		ck_assert_uint_eq(aval_verified_count(verified, AVAL_VERIFIED_CHAIN), 1);
		ck_assert_uint_eq(aval_verified_count(verified, AVAL_VERIFIED_MANDATE), 1);
		aval_report_free(report);
	}
	aval_verified_free(verified);
	aval_policy_free(policy);
	free(bundle.data);
	free(mandate.data);
}
END_TEST

/* What one trust finds good, another does not take from the cache. */
START_TEST(a_warm_report_under_another_policy)
{
	test_blob    mandate = grant_by(T_COMPANY, "p256-end issuing", "p256-key");
	test_blob    bundle = accepted(T_COMPANY, &mandate, "p256-end issuing");
	aval_policy *policy = policy_of(&good_trust), *stranger = NULL;
	test_trust   other = { "rsa-root", CRLS, NULL, T_AT_MS, AVAL_CRL_REQUIRED };
	aval_report *report = NULL;

	stranger = policy_of(&other);
	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_verify(report, bundle.data, bundle.len, policy, err));
	ck_assert_int_eq(aval_verify(report, bundle.data, bundle.len, stranger, NULL), AVAL_E_VERIFY_INCOMPLETE);
	aval_report_free(report);
	aval_policy_free(stranger);
	aval_policy_free(policy);
	free(bundle.data);
	free(mandate.data);
}
END_TEST

START_TEST(every_flipped_bit_is_invalid)
{
	test_blob    mandate = grant_by(T_COMPANY, "p256-end issuing", "p256-key");
	test_blob    bundle = accepted(T_COMPANY, &mandate, "p256-end");
	test_trust   endorsed = { "", "", "p256-end", T_AT_MS, AVAL_CRL_REQUIRED };
	aval_policy *policy = policy_of(&endorsed);
	aval_report *report = NULL;
	size_t       cert_len;
	uint8_t     *cert = object_bytes(&cert_len, "p256-end");
	size_t       begin = bundle.len - cert_len - mandate.len - 10;

	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_verify(report, bundle.data, bundle.len, policy, err));
	for (size_t bit = 8 * begin; bit < 8 * bundle.len; bit += 3) {
		bundle.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_msg(aval_verify(report, bundle.data, bundle.len, policy, NULL) == AVAL_E_VERIFY_INVALID, "bit %zu",
		              bit);
		bundle.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	aval_report_free(report);
	aval_policy_free(policy);
	free(cert);
	free(bundle.data);
	free(mandate.data);
}
END_TEST

START_TEST(a_key_party_has_no_certificate)
{
	test_terms     t = t_terms(world.parties[T_DEBTOR]);
	test_blob      plain = t_grant(&t, &staff, &world.signers[T_DEBTOR]);
	aval_mandate   m;
	aval_chain    *chain = NULL;
	aval_endorser  endorser = { sizeof endorser, AVAL_ENDORSEMENT_ESP256, NULL, NULL };
	size_t         len = 0;

	t_ok(aval_mandate_parse(&m, plain.data, plain.len, err));
	t_ok(make_chain(&chain, "p256-end", NULL, err));
	ck_assert_int_eq(aval_mandate_sign_certified(NULL, &len, m.payload.data, m.payload.len, chain, &endorser, NULL, NULL),
	                 AVAL_E_MANDATE_AUTHORITY);
	ck_assert_int_eq(aval_mandate_verify_certified(&m, chain, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	aval_chain_free(chain);
	free(plain.data);
}
END_TEST

START_TEST(a_mandate_of_another_certificate)
{
	test_blob    mandate = grant_by(T_COMPANY, "p256-end", "p256-key");
	aval_mandate m;
	aval_chain  *chain = NULL;

	t_ok(aval_mandate_parse(&m, mandate.data, mandate.len, err));
	ck_assert(m.has_certificate);
	t_ok(make_chain(&chain, "k1-end", NULL, err));
	ck_assert_int_eq(aval_mandate_verify_certified(&m, chain, NULL, NULL), AVAL_E_KEY_THUMBPRINT);
	ck_assert_int_eq(aval_mandate_verify(&m, NULL), AVAL_E_INVALID_ARGUMENT);
	aval_chain_free(chain);
	t_ok(make_chain(&chain, "p256-end", NULL, err));
	t_ok(aval_mandate_verify_certified(&m, chain, NULL, err));
	mandate.data[mandate.len - 1] ^= 1;
	ck_assert_int_eq(aval_mandate_verify_certified(&m, chain, NULL, NULL), AVAL_E_MANDATE_SIGNATURE);
	aval_chain_free(chain);
	free(mandate.data);
}
END_TEST

typedef struct verify_call {
	const test_blob   *bundle;
	const aval_policy *policy;
} verify_call;

static aval_status verify_with(const aval_allocator *allocator, void *user_data)
{
	const verify_call *call = user_data;
	aval_report       *report;
	aval_status        status = aval_report_new(&report, allocator, NULL);

	if (status != AVAL_OK)
		return status;
	status = aval_verify(report, call->bundle->data, call->bundle->len, call->policy, NULL);
	aval_report_free(report);
	return status;
}

START_TEST(verifying_without_memory)
{
	test_blob    mandate = grant_by(T_COMPANY, "p256-end issuing", "p256-key");
	test_blob    bundle = accepted(T_COMPANY, &mandate, "p256-end issuing");
	aval_policy *policy = policy_of(&good_trust);
	verify_call  call = { &bundle, policy };

	ck_assert_uint_gt(failing_allocator_walk("verify", verify_with, &call), 10);
	aval_policy_free(policy);
	free(bundle.data);
	free(mandate.data);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("certified");
	TCase   *tcase = tcase_create("certified");
	SRunner *runner;
	int      failed;

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, mandates_by_certificates, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tcase, certificates_of_others);
	tcase_add_test(tcase, certificates_that_have_ended);
	tcase_add_test(tcase, the_certificates_own_key);
	tcase_add_test(tcase, certificates_count_as_signatures);
	tcase_add_test(tcase, certificates_of_a_bundle);
	tcase_add_test(tcase, warm_verification);
	tcase_add_test(tcase, a_warm_report_under_another_policy);
	tcase_add_test(tcase, every_flipped_bit_is_invalid);
	tcase_add_test(tcase, a_key_party_has_no_certificate);
	tcase_add_test(tcase, a_mandate_of_another_certificate);
	tcase_add_test(tcase, verifying_without_memory);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
