/* SPDX-License-Identifier: Apache-2.0 */
/* What acts are about, as grants cap them, and grants whose groups are not what they say: as a verifier judges them. */
#include "mandate_fixture.h"

#include <aval/musig.h>

static test_world world;
static test_staff staff;

/* The face of the sample. */
enum { FACE = 1924916 };

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

/* The first officer alone, up to a cap, endorsed by the stranger. */
static test_blob capped(aval_event_type type, int64_t cap_minor)
{
	test_terms t = t_terms(T_COMPANY);

	t.officers = T_FIRST;
	t.threshold = 1;
	t.types = 1u << type;
	t.currency = cap_minor == 0 ? NULL : "EUR";
	t.cap_minor = cap_minor;
	return t_grant(&t, &staff, &world.signers[T_STRANGER]);
}

static void add(aval_bundle *b, const test_blob *mandate)
{
	t_ok(aval_bundle_add_mandate(b, mandate->data, mandate->len, err));
}

static void sign_as_officer(aval_bundle *b, aval_role role)
{
	t_ok(aval_bundle_sign(b, role, T_COMPANY, strlen(T_COMPANY), &staff.signers[0], err));
}

/* Everybody is known, and the stranger endorses. */
static aval_policy *policy_of_all(void)
{
	aval_policy *policy = t_policy(&world);
	uint8_t      thumbprint32[32];

	aval_public_key_thumbprint(thumbprint32, &world.signers[T_STRANGER].key);
	t_ok(aval_policy_add_endorser_key(policy, AVAL_PARTY_LEI, thumbprint32, err));
	t_ok(aval_policy_set_time(policy, T_NOW_MS, err));
	return policy;
}

/* AVAL_OK: valid; else the row mandates fails with the status. The bundle is freed. */
static void want(const char *name, aval_bundle *b, aval_status status)
{
	test_blob              blob = t_serialize(b);
	aval_policy           *policy = policy_of_all();
	aval_report           *report = NULL;
	const aval_report_row *row;
	aval_status            got;

	t_ok(aval_report_new(&report, NULL, err));
	got = aval_verify(report, blob.data, blob.len, policy, NULL);
	row = aval_report_row_of(report, AVAL_CHECK_MANDATES);
	ck_assert_msg(got == (status == AVAL_OK ? AVAL_OK : AVAL_E_VERIFY_INVALID) && row->status == status,
	              "%s: got %s, mandates %s (%s), want %s", name, aval_status_name(got), aval_status_name(row->status),
	              row->reason, aval_status_name(status));
	aval_report_free(report);
	aval_policy_free(policy);
	aval_bundle_free(b);
	free(blob.data);
}

/* A token of the company, accepted, of which it gives some away under a cap. */
static aval_bundle *given(int64_t amount_minor, int64_t cap_minor)
{
	test_blob                 issue = capped(AVAL_EVENT_ISSUE, 0), assign = capped(AVAL_EVENT_ASSIGN, cap_minor);
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL;

	options.supplier = aval_text_z(T_COMPANY);
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	add(b, &issue);
	add(b, &assign);
	sign_as_officer(b, AVAL_ROLE_SUPPLIER);
	t_draft_accept(b, 0, true);
	t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	t_draft_assign(b, world.parties[T_FACTOR], amount_minor, 0);
	sign_as_officer(b, AVAL_ROLE_HOLDER);
	t_sign(b, &world, AVAL_ROLE_ASSIGNEE, T_FACTOR);
	free(issue.data);
	free(assign.data);
	return b;
}

START_TEST(a_holder_gives_what_leaves_him)
{
	want("all but a cent, as much as the cap", given(FACE - 1, FACE - 1), AVAL_OK);
	want("all but a cent, a cent above the cap", given(FACE - 1, FACE - 2), AVAL_E_MANDATE_AMOUNT);
	want("a cent, as much as the cap", given(1, 1), AVAL_OK);
	want("two cents", given(2, 1), AVAL_E_MANDATE_AMOUNT);
	want("everything", given(FACE, FACE), AVAL_OK);
	want("everything, a cent above the cap", given(FACE, FACE - 1), AVAL_E_MANDATE_AMOUNT);
}
END_TEST

/* The supplier sells some of the sample to the company, whose officer takes it under a cap. */
static aval_bundle *taken(int64_t amount_minor, int64_t cap_minor)
{
	test_blob    assign = capped(AVAL_EVENT_ASSIGN, cap_minor);
	aval_bundle *b = t_sample(&world, T_ACCEPTED, NULL);

	t_draft_assign(b, T_COMPANY, amount_minor, 0);
	add(b, &assign);
	sign_as_officer(b, AVAL_ROLE_ASSIGNEE);
	t_sign(b, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	free(assign.data);
	return b;
}

START_TEST(an_assignee_takes_what_is_his)
{
	want("a tenth, as much as the cap", taken(192491, 192491), AVAL_OK);
	want("a tenth, a cent above the cap", taken(192491, 192490), AVAL_E_MANDATE_AMOUNT);
	want("everything", taken(FACE, FACE), AVAL_OK);
	want("everything, a cent above the cap", taken(FACE, FACE - 1), AVAL_E_MANDATE_AMOUNT);
}
END_TEST

/* The debtor accepts less: he binds himself for that, and the company, as supplier and holder, gives up the face. */
static aval_bundle *lowered(int64_t cap_minor)
{
	test_blob                 issue = capped(AVAL_EVENT_ISSUE, 0), accept = capped(AVAL_EVENT_ACCEPT, cap_minor);
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL;

	options.supplier = aval_text_z(T_COMPANY);
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	add(b, &issue);
	add(b, &accept);
	sign_as_officer(b, AVAL_ROLE_SUPPLIER);
	t_draft_accept(b, 100, true);
	sign_as_officer(b, AVAL_ROLE_SUPPLIER);
	sign_as_officer(b, AVAL_ROLE_HOLDER);
	t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	free(issue.data);
	free(accept.data);
	return b;
}

/* The company is the debtor, and binds itself for less than the face. */
static aval_bundle *bound(int64_t cap_minor)
{
	test_blob    accept = capped(AVAL_EVENT_ACCEPT, cap_minor);
	aval_bundle *b = t_issued_to(&world, T_COMPANY, NULL);

	t_draft_accept(b, 100, true);
	add(b, &accept);
	sign_as_officer(b, AVAL_ROLE_DEBTOR);
	t_sign(b, &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_sign(b, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	free(accept.data);
	return b;
}

START_TEST(who_accepts_less)
{
	want("the debtor, as much as the cap", bound(FACE - 100), AVAL_OK);
	want("the debtor, a cent above the cap", bound(FACE - 101), AVAL_E_MANDATE_AMOUNT);
	want("who gives up the face, as much as the cap", lowered(FACE), AVAL_OK);
	want("who gives up the face, a cent above the cap", lowered(FACE - 1), AVAL_E_MANDATE_AMOUNT);
}
END_TEST

/* A grant that lists the first officer and a group of two; its group may be said to be the officer. */
static test_blob with_group(bool is_swapped)
{
	aval_public_key    members[2] = { staff.signers[2].key, world.signers[T_FACTOR].key };
	aval_musig_keys   *keys = NULL;
	aval_grant_options options = AVAL_GRANT_OPTIONS_INIT;
	aval_mandate_group group;
	uint8_t            points[2][33], point65[65], thumbprints[2][32], payload[1024];
	size_t             len = sizeof payload, last = 0;

	t_ok(aval_musig_keys_new(&keys, members, 2, NULL, err));
	for (size_t i = 0; i < 2; i++) {
		aval_public_key_point(point65, aval_musig_keys_member(keys, i));
		points[i][0] = 2;
		memcpy(points[i] + 1, point65 + 1, 32);
	}
	aval_public_key_thumbprint(group.aggregate32, aval_musig_keys_aggregate(keys));
	aval_musig_keys_free(keys);
	group.members = points[0];
	group.member_count = 2;
	memcpy(thumbprints[0], group.aggregate32, 32);
	memcpy(thumbprints[1], staff.thumbprints[0], 32);
	qsort(thumbprints, 2, 32, t_compare_keys);
	options.registry = aval_text_z(T_REGISTRY);
	options.party = aval_text_z(T_COMPANY);
	options.keys = thumbprints[0];
	options.key_count = 2;
	options.threshold = 1;
	options.types = 1u << AVAL_EVENT_ACCEPT;
	options.valid_from_ms = T_NOW_MS;
	options.valid_until_ms = T_NOW_MS + 1;
	options.groups = &group;
	options.group_count = 1;
	t_ok(aval_grant_build(payload, &len, &options, err));
	for (size_t i = 0; i + 32 <= len; i++)
		if (memcmp(payload + i, group.aggregate32, 32) == 0)
			last = i;
	if (is_swapped)
		memcpy(payload + last, staff.thumbprints[0], 32);
	return t_signed_mandate(payload, len, &world.signers[T_STRANGER]);
}

START_TEST(groups_that_are_another_key)
{
	for (int is_swapped = 0; is_swapped < 2; is_swapped++) {
		test_blob    mandate = with_group(is_swapped);
		aval_bundle *b = t_issued_to(&world, T_COMPANY, NULL);

		t_draft_accept(b, 0, true);
		add(b, &mandate);
		sign_as_officer(b, AVAL_ROLE_DEBTOR);
		want(is_swapped ? "a group that is said to be an officer" : "a group",
		     b, is_swapped ? AVAL_E_MANDATE_GROUP : AVAL_OK);
		free(mandate.data);
	}
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("mandate_acts");
	TCase   *tcase = tcase_create("mandate_acts");
	SRunner *runner;
	int      failed;

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, a_holder_gives_what_leaves_him);
	tcase_add_test(tcase, an_assignee_takes_what_is_his);
	tcase_add_test(tcase, who_accepts_less);
	tcase_add_test(tcase, groups_that_are_another_key);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
