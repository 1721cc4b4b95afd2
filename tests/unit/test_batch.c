/* SPDX-License-Identifier: Apache-2.0 */
/* Batch signatures: envelopes of tests/vectors/batch.json; making them, of bundles and of events. */
#include "bundle_fixture.h"

#include <aval/batch.h>

#include "envelope_vectors.h"
#include "failing_allocator.h"

#include "batch.vectors.h"

static test_world world;

static void set_up(void)
{
	t_world_init(&world);
}

static void tear_down(void)
{
	t_world_clear(&world);
}

START_TEST(vector)
{
	check_envelope(&batch_cases[_i]);
}
END_TEST

/* A signer that counts how often it is asked, and may fail. */
typedef struct counted {
	aval_signer signer, inner;
	unsigned    calls;
	bool        fails;
} counted;

static aval_status sign_counted(uint8_t sig64_out[64], const uint8_t *message, size_t len,
                                const uint8_t digest32[32], void *user_data)
{
	counted *c = user_data;

	c->calls++;
	ck_assert_msg(len > 16 && message[0] == 0x83 && memcmp(message + 2, "Aval batch v1", 13) == 0,
	              "the signer was shown something else than a batch");
	return c->fails ? AVAL_E_IO : c->inner.sign(sig64_out, message, len, digest32, c->inner.user_data);
}

static counted *counted_init(counted *c, unsigned who)
{
	*c = (counted){ .inner = world.signers[who] };
	c->signer = (aval_signer){ sizeof c->signer, c->inner.key, sign_counted, c };
	return c;
}

static aval_batch *new_batch(const aval_signer *signer)
{
	aval_batch *batch = NULL;

	t_ok(aval_batch_new(&batch, signer, NULL, err));
	ck_assert_uint_eq(aval_batch_count(batch), 0);
	ck_assert(!aval_batch_is_signed(batch));
	return batch;
}

static void add(aval_batch *batch, aval_bundle *b, aval_role role, unsigned who)
{
	t_ok(aval_batch_add(batch, b, role, world.parties[who], strlen(world.parties[who]), err));
}

static aval_bundle *issued(unsigned number)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL;

	options.nonce16[0] = (uint8_t)(number >> 8);
	options.nonce16[1] = (uint8_t)number;
	options.path_count = number % 3 == 0 ? 0 : T_PATHS;
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	return b;
}

static void verify(const aval_bundle *b, const aval_policy *policy, aval_status status)
{
	test_blob    blob = t_serialize(b);
	aval_report *report = NULL;
	aval_error   why = AVAL_ERROR_INIT;

	t_ok(aval_report_new(&report, NULL, err));
	ck_assert_msg(aval_verify(report, blob.data, blob.len, policy, &why) == status, "%s: %s",
	              aval_status_name(why.status), why.reason);
	aval_report_free(report);
	free(blob.data);
}

enum { MOST = 130 };

/* One call of the signer for any number of bundles; every one verifies alone, and goes on being signed. */
START_TEST(sizes)
{
	static const size_t counts[] = { 1, 2, 3, 7, 64, MOST };
	aval_bundle        *bundles[MOST];
	aval_policy        *policy = t_policy(&world);
	counted             c;
	aval_batch         *batch;

	t_without(policy, "disclosure,terms");
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
		batch = new_batch(&counted_init(&c, T_SUPPLIER)->signer);
		for (size_t i = 0; i < counts[k]; i++) {
			bundles[i] = issued((unsigned)i);
			add(batch, bundles[i], AVAL_ROLE_SUPPLIER, T_SUPPLIER);
		}
		ck_assert_uint_eq(aval_batch_count(batch), counts[k]);
		t_ok(aval_batch_sign(batch, err));
		ck_assert(aval_batch_is_signed(batch));
		ck_assert_uint_eq(c.calls, 1);
		aval_batch_free(batch);
		for (size_t i = 0; i < counts[k]; i++) {
			ck_assert(!aval_bundle_has_draft(bundles[i]));
			verify(bundles[i], policy, AVAL_OK);
			aval_bundle_free(bundles[i]);
		}
	}
	aval_policy_free(policy);
}
END_TEST

/* The whole sample in batches, each key's own algorithm: the state, the report and the file are those of events. */
START_TEST(whole_story)
{
	aval_bundle *b[2] = { issued(1), issued(2) };
	aval_policy *policy = t_policy(&world);
	aval_batch  *batch = new_batch(&world.signers[T_SUPPLIER]), *accept = new_batch(&world.signers[T_DEBTOR]);
	aval_batch  *assign = new_batch(&world.signers[T_FACTOR]);
	aval_event_cursor    cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature s;

	for (int i = 0; i < 2; i++)
		add(batch, b[i], AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_ok(aval_batch_sign(batch, err));
	for (int i = 0; i < 2; i++) {
		t_draft_accept(b[i], 0, true);
		add(accept, b[i], AVAL_ROLE_DEBTOR, T_DEBTOR);
	}
	t_ok(aval_batch_sign(accept, err));
	for (int i = 0; i < 2; i++) {
		t_draft_assign(b[i], world.parties[T_FACTOR], 1000, 10);
		add(assign, b[i], AVAL_ROLE_ASSIGNEE, T_FACTOR);
	}
	/* Another signature arrives meanwhile. */
	t_sign(b[0], &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	t_ok(aval_batch_sign(assign, err));
	ck_assert(!aval_bundle_has_draft(b[0]));
	ck_assert(aval_bundle_has_draft(b[1]));
	verify(b[1], policy, AVAL_E_VERIFY_INCOMPLETE);
	t_sign(b[1], &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	for (int i = 0; i < 2; i++) {
		verify(b[i], policy, AVAL_OK);
		ck_assert_uint_eq(aval_bundle_key_count(b[i]), 3);
	}
	ck_assert(aval_event_next_signature(&s, &cursor, aval_bundle_event(b[0], 0)));
	ck_assert_int_eq(s.alg, AVAL_ALG_ES256K);
	ck_assert(s.is_batch);
	for (int i = 0; i < 2; i++)
		aval_bundle_free(b[i]);
	aval_batch_free(batch);
	aval_batch_free(accept);
	aval_batch_free(assign);
	aval_policy_free(policy);
}
END_TEST

/* A party in two roles enters twice, in any order, among others. */
START_TEST(two_roles)
{
	aval_bundle *b[3];
	aval_policy *policy = t_policy(&world);
	counted      c;
	aval_batch  *batch = new_batch(&counted_init(&c, T_SUPPLIER)->signer);

	for (unsigned i = 0; i < 3; i++) {
		b[i] = issued(3 * i + 1);
		t_sign(b[i], &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
		t_draft_accept(b[i], 100, true);
		t_sign(b[i], &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	}
	for (unsigned i = 0; i < 3; i++)
		add(batch, b[i], AVAL_ROLE_HOLDER, T_SUPPLIER);
	for (unsigned i = 3; i-- > 0;)
		add(batch, b[i], AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_ok(aval_batch_sign(batch, err));
	ck_assert_uint_eq(c.calls, 1);
	for (unsigned i = 0; i < 3; i++) {
		verify(b[i], policy, AVAL_OK);
		aval_bundle_free(b[i]);
	}
	aval_batch_free(batch);
	aval_policy_free(policy);
}
END_TEST

static void want_add(aval_batch *batch, aval_bundle *b, aval_role role, const char *party, aval_status status)
{
	size_t      count = aval_batch_count(batch);
	aval_error  why = AVAL_ERROR_INIT;
	aval_status got = aval_batch_add(batch, b, role, party, strlen(party), &why);

	ck_assert_msg(got == status, "got %s (%s), want %s", aval_status_name(got), why.reason,
	              aval_status_name(status));
	ck_assert_uint_eq(aval_batch_count(batch), count + (status == AVAL_OK));
}

START_TEST(refused)
{
	aval_bundle *b = issued(1), *twin = issued(2);
	aval_batch  *batch = new_batch(&world.signers[T_SUPPLIER]), *none = NULL;
	aval_signer  empty = { 0 };
	const char  *supplier = world.parties[T_SUPPLIER];

	ck_assert_int_eq(aval_batch_new(&none, &empty, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(aval_batch_sign(batch, NULL), AVAL_E_BATCH_STATE);
	want_add(batch, b, AVAL_ROLE_DEBTOR, world.parties[T_DEBTOR], AVAL_E_SIGNER_UNEXPECTED);
	want_add(batch, b, AVAL_ROLE_SUPPLIER, world.parties[T_DEBTOR], AVAL_E_SIGNER_UNEXPECTED);
	want_add(batch, b, AVAL_ROLE_HOLDER, supplier, AVAL_E_SIGNER_UNEXPECTED);
	want_add(batch, b, AVAL_ROLE_SUPPLIER, supplier, AVAL_OK);
	t_sign(twin, &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	want_add(batch, twin, AVAL_ROLE_SUPPLIER, supplier, AVAL_E_TOKEN_DRAFT);
	t_draft_accept(twin, 100, true);
	t_sign(twin, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	want_add(batch, twin, AVAL_ROLE_HOLDER, supplier, AVAL_E_COSE_ORDER);
	want_add(batch, twin, AVAL_ROLE_DEBTOR, world.parties[T_DEBTOR], AVAL_E_SIGNER_KEY);
	want_add(batch, twin, AVAL_ROLE_SUPPLIER, supplier, AVAL_OK);
	t_ok(aval_batch_sign(batch, err));
	t_ok(aval_batch_sign(batch, err));
	want_add(batch, twin, AVAL_ROLE_DEBTOR, world.parties[T_DEBTOR], AVAL_E_SIGNER_KEY);
	aval_batch_free(batch);
	batch = new_batch(&world.signers[T_DEBTOR]);
	want_add(batch, twin, AVAL_ROLE_DEBTOR, world.parties[T_DEBTOR], AVAL_OK);
	t_ok(aval_batch_sign(batch, err));
	ck_assert(!aval_bundle_has_draft(twin));
	aval_batch_free(batch);
	aval_batch_free(NULL);
	aval_bundle_free(twin);
	aval_bundle_free(b);
}
END_TEST

/* All bundles are signed or none: whatever fails, and then it can be tried again without asking the signer twice. */
START_TEST(all_or_nothing)
{
	aval_bundle *b[3] = { issued(1), issued(2), issued(3) };
	counted      c;
	aval_batch  *batch = new_batch(&counted_init(&c, T_SUPPLIER)->signer);
	test_blob    before[3], after;
	aval_error   why = AVAL_ERROR_INIT;

	for (int i = 0; i < 3; i++) {
		t_sign(b[i], &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
		t_draft_accept(b[i], 100, true);
		t_sign(b[i], &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
		add(batch, b[i], AVAL_ROLE_HOLDER, T_SUPPLIER);
	}
	c.fails = true;
	ck_assert_int_eq(aval_batch_sign(batch, &why), AVAL_E_CALLBACK);
	ck_assert_int_eq(why.cause, AVAL_E_IO);
	ck_assert(!aval_batch_is_signed(batch));
	c.fails = false;
	/* One of them has gained this very signature meanwhile. */
	t_sign(b[1], &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	for (int i = 0; i < 3; i++)
		before[i] = t_serialize(b[i]);
	ck_assert_int_eq(aval_batch_sign(batch, NULL), AVAL_E_COSE_ORDER);
	/* And is complete now. */
	t_sign(b[1], &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	ck_assert_int_eq(aval_batch_sign(batch, NULL), AVAL_E_BATCH_CHANGED);
	/* And ends in another draft. */
	t_draft_assign(b[1], world.parties[T_FACTOR], 10, 0);
	ck_assert_int_eq(aval_batch_sign(batch, NULL), AVAL_E_BATCH_CHANGED);
	ck_assert_uint_eq(c.calls, 2);
	for (int i = 0; i < 3; i += 2) {
		after = t_serialize(b[i]);
		ck_assert(after.len == before[i].len && memcmp(after.data, before[i].data, after.len) == 0);
		free(after.data);
	}
	aval_batch_free(batch);
	for (int i = 0; i < 3; i++) {
		free(before[i].data);
		aval_bundle_free(b[i]);
	}
}
END_TEST

START_TEST(added_twice)
{
	aval_bundle *b = issued(1);
	counted      c;
	aval_batch  *batch = new_batch(&counted_init(&c, T_SUPPLIER)->signer);

	add(batch, b, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	add(batch, b, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	ck_assert_int_eq(aval_batch_sign(batch, NULL), AVAL_E_COSE_ORDER);
	ck_assert_uint_eq(c.calls, 0);
	ck_assert(aval_bundle_has_draft(b));
	aval_batch_free(batch);
	aval_bundle_free(b);
}
END_TEST

/* A platform's way: events in, envelopes out, in any order, and not before all are in. */
START_TEST(events)
{
	aval_bundle *b[5];
	aval_batch  *batch = new_batch(&world.signers[T_SUPPLIER]);
	const char  *party = world.parties[T_SUPPLIER];
	aval_event   event;
	uint8_t      envelope[4096];
	size_t       len;

	for (unsigned i = 0; i < 5; i++) {
		b[i] = issued(i);
		t_ok(aval_batch_add_event(batch, aval_bundle_event(b[i], 0), AVAL_ROLE_SUPPLIER, party,
		                          strlen(party), err));
	}
	len = sizeof envelope;
	ck_assert_int_eq(aval_batch_sign_event(envelope, &len, batch, 0, aval_bundle_event(b[0], 0),
	                                       AVAL_ROLE_SUPPLIER, party, strlen(party), NULL),
	                 AVAL_E_BATCH_STATE);
	t_ok(aval_batch_sign(batch, err));
	ck_assert_int_eq(aval_batch_add_event(batch, aval_bundle_event(b[0], 0), AVAL_ROLE_SUPPLIER, party,
	                                      strlen(party), NULL),
	                 AVAL_E_BATCH_STATE);
	for (unsigned i = 5; i-- > 0;) {
		const aval_event *draft = aval_bundle_event(b[i], 0);

		len = 0;
		ck_assert_int_eq(aval_batch_sign_event(NULL, &len, batch, i, draft, AVAL_ROLE_SUPPLIER, party,
		                                       strlen(party), NULL),
		                 AVAL_E_BUFFER_TOO_SMALL);
		ck_assert_uint_le(len, sizeof envelope);
		t_ok(aval_batch_sign_event(envelope, &len, batch, i, draft, AVAL_ROLE_SUPPLIER, party,
		                           strlen(party), err));
		t_ok(aval_event_parse(&event, envelope, len, err));
		ck_assert(aval_event_is_complete(&event));
		t_ok(aval_event_verify_signatures(&event, &world.signers[T_SUPPLIER].key, 1, err));
		ck_assert_int_eq(aval_batch_sign_event(envelope, &len, batch, (i + 1) % 5, draft,
		                                       AVAL_ROLE_SUPPLIER, party, strlen(party), NULL),
		                 AVAL_E_BATCH_CHANGED);
		ck_assert_int_eq(aval_batch_sign_event(envelope, &len, batch, 5, draft, AVAL_ROLE_SUPPLIER,
		                                       party, strlen(party), NULL),
		                 AVAL_E_PROOF_INDEX);
		ck_assert_int_eq(aval_batch_sign_event(envelope, &len, batch, i, &event, AVAL_ROLE_SUPPLIER,
		                                       party, strlen(party), NULL),
		                 AVAL_E_COSE_ORDER);
	}
	for (unsigned i = 0; i < 5; i++)
		aval_bundle_free(b[i]);
	aval_batch_free(batch);
}
END_TEST

/* Every bit of a batch signature counts. */
START_TEST(flipped_bits)
{
	aval_bundle        *b[3] = { issued(1), issued(2), issued(3) };
	aval_batch         *batch = new_batch(&world.signers[T_SUPPLIER]);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	aval_cose_sign      sign;
	aval_event          event;
	uint8_t             copy[4096];
	aval_bytes          envelope;

	for (int i = 0; i < 3; i++)
		add(batch, b[i], AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_ok(aval_batch_sign(batch, err));
	envelope = aval_bundle_event(b[1], 0)->envelope;
	sign = aval_event_cose(aval_bundle_event(b[1], 0));
	ck_assert(aval_cose_sign_next(&cursor, &s, &sign));
	ck_assert_uint_eq(s.batch.size, 3);
	ck_assert_uint_eq(s.batch.index, 1);
	ck_assert_uint_eq(s.batch.path_count, 2);
	memcpy(copy, envelope.data, envelope.len);
	for (size_t bit = 8 * s.offset; bit < 8 * envelope.len; bit++) {
		aval_status status;

		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		status = aval_event_parse(&event, copy, envelope.len, NULL);
		if (status == AVAL_OK)
			status = aval_event_verify_signatures(&event, &world.signers[T_SUPPLIER].key, 1, NULL);
		ck_assert_msg(status != AVAL_OK, "bit %zu", bit);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (int i = 0; i < 3; i++)
		aval_bundle_free(b[i]);
	aval_batch_free(batch);
}
END_TEST

/* Two keys' batches of some sizes, among them two over the very same events. */
enum { GROUPS = 5, GROUP_MAX = 13 };
static const struct {
	unsigned who;
	size_t   size, first;
} groups[GROUPS] = { { T_SUPPLIER, 13, 0 }, { T_SUPPLIER, 12, 0 }, { T_STRANGER, 13, 0 }, { T_FACTOR, 8, 3 }, { T_DEBTOR, 1, 0 } };

static size_t write_group(test_blob out[GROUP_MAX], size_t group)
{
	static const char         company[] = "vat:DE100000001";
	const aval_signer        *signer = &world.signers[groups[group].who];
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b[GROUP_MAX];
	aval_batch               *batch = new_batch(signer);

	options.supplier = aval_text_z(company);
	options.path_count = 0;
	for (size_t i = 0; i < groups[group].size; i++) {
		options.nonce16[0] = (uint8_t)(groups[group].first + i);
		t_ok(aval_bundle_issue(&b[i], world.invoice, world.seed32, &options, NULL, err));
		t_ok(aval_batch_add_event(batch, aval_bundle_event(b[i], 0), AVAL_ROLE_SUPPLIER, company, strlen(company),
		                          err));
	}
	t_ok(aval_batch_sign(batch, err));
	for (size_t i = 0; i < groups[group].size; i++) {
		out[i].len = 4096;
		out[i].data = malloc(out[i].len);
		t_ok(aval_batch_sign_event(out[i].data, &out[i].len, batch, i, aval_bundle_event(b[i], 0),
		                           AVAL_ROLE_SUPPLIER, company, strlen(company), err));
		aval_bundle_free(b[i]);
	}
	aval_batch_free(batch);
	return groups[group].size;
}

static uint64_t random_state;

static size_t below(size_t bound)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(random_state >> 33) % bound;
}

static int by_thumbprint(const void *a, const void *b, const void *unused)
{
	(void)unused;
	return memcmp(aval_key_data_of(a)->thumbprint32, aval_key_data_of(b)->thumbprint32, 32);
}

/* Whatever batches and events come in whatever order, good and bad: with a batch at hand the outcome is that without. */
START_TEST(batches_at_hand)
{
	test_blob          made[GROUPS][GROUP_MAX];
	size_t             counts[GROUPS], valid = 0, invalid = 0;
	aval_public_key    keys[T_PARTIES];
	aval_batch_at_hand hand = { .is_valid = false };
	aval_verified     *verified = NULL;

	random_state = 7 + (uint64_t)_i;
	for (size_t g = 0; g < GROUPS; g++)
		counts[g] = write_group(made[g], g);
	for (size_t i = 0; i < T_PARTIES; i++)
		keys[i] = world.signers[i].key;
	aval_heap_sort(keys, T_PARTIES, sizeof *keys, by_thumbprint, NULL);
	t_ok(aval_verified_new(&verified, NULL, err));
	for (int n = 0; n < 1500; n++) {
		size_t      g = below(GROUPS), i = n % 3 == 0 ? below(counts[g]) : (size_t)n % counts[g];
		test_blob  *blob = &made[g][i];
		size_t      at = blob->len - 1 - below(250);
		uint8_t     flip = below(2) == 0 ? 0 : (uint8_t)(1u << below(8));
		aval_event  event;
		aval_status want, got;

		blob->data[at] ^= flip;
		want = aval_event_parse(&event, blob->data, blob->len, NULL);
		if (want == AVAL_OK) {
			aval_memory memory = { n % 2 == 0 ? verified : NULL, &hand, NULL };
			aval_error  a = AVAL_ERROR_INIT, b = AVAL_ERROR_INIT;

			want = aval_event_verify_signatures(&event, keys, T_PARTIES, &a);
			got = aval_event_verify_once(&memory, &event, keys, T_PARTIES, &b);
			ck_assert_msg(got == want && a.offset == b.offset, "step %d: got %s, want %s", n,
			              aval_status_name(got), aval_status_name(want));
			ck_assert(flip == 0 || want != AVAL_OK);
		}
		valid += want == AVAL_OK;
		invalid += want != AVAL_OK;
		blob->data[at] ^= flip;
	}
	ck_assert_uint_gt(valid, 500);
	ck_assert_uint_gt(invalid, 500);
	aval_verified_free(verified);
	for (size_t g = 0; g < GROUPS; g++)
		for (size_t i = 0; i < counts[g]; i++)
			free(made[g][i].data);
}
END_TEST

static aval_status walk(const aval_allocator *allocator, void *user_data)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b[3] = { NULL, NULL, NULL };
	aval_batch               *batch = NULL;
	aval_text                 party = t_party(&world, T_SUPPLIER);
	aval_status               status = AVAL_OK;

	(void)user_data;
	for (int i = 0; i < 3 && status == AVAL_OK; i++) {
		options.nonce16[0] = (uint8_t)i;
		status = aval_bundle_issue(&b[i], world.invoice, world.seed32, &options, allocator, NULL);
	}
	if (status == AVAL_OK)
		status = aval_batch_new(&batch, &world.signers[T_SUPPLIER], allocator, NULL);
	for (int i = 0; i < 3 && status == AVAL_OK; i++)
		status = aval_batch_add(batch, b[i], AVAL_ROLE_SUPPLIER, party.data, party.len, NULL);
	if (status == AVAL_OK)
		status = aval_batch_sign(batch, NULL);
	for (int i = 0; i < 3 && b[i] != NULL; i++)
		ck_assert(aval_bundle_has_draft(b[i]) == (status != AVAL_OK));
	aval_batch_free(batch);
	for (int i = 0; i < 3; i++)
		aval_bundle_free(b[i]);
	return status;
}

START_TEST(memory_that_fails)
{
	ck_assert_uint_gt(failing_allocator_walk("batch", walk, NULL), 10);
}
END_TEST

/* One signature under each number, in their order; keys are told apart by the first byte of their kids. */
enum { NUMBERS = 7 };

static size_t write_each_number(uint8_t out[4096], const uint8_t kids[NUMBERS])
{
	static const int64_t numbers[NUMBERS] = { AVAL_COSE_ES256, AVAL_ALG_ESP256, AVAL_ALG_ES256K, AVAL_ALG_SCHNORR,
		                                  AVAL_COSE_BATCH_ES256K, AVAL_COSE_BATCH_ESP256,
		                                  AVAL_COSE_BATCH_SCHNORR };
	uint8_t              header[128], string[96], kid32[32] = { 0 }, sig64[64] = { 1 };
	size_t               len = 0;
	aval_cbor_writer     w, h;

	aval_cbor_writer_init(&w, out, 4096);
	aval_cbor_write_raw(&w, (const uint8_t *)"\xd8\x62\x84\x45\xa1\x10\x62ty\xa0\x41p", 12);
	aval_cbor_write_array(&w, NUMBERS);
	for (int i = 0; i < NUMBERS; i++) {
		kid32[0] = kids[i];
		aval_cbor_writer_init(&h, header, sizeof header);
		aval_cbor_write_map(&h, 3);
		aval_cbor_write_int(&h, 1);
		aval_cbor_write_int(&h, numbers[i]);
		aval_cbor_write_int(&h, 4);
		aval_cbor_write_bytes(&h, kid32, 32);
		aval_cbor_write_text_z(&h, "signer");
		aval_cbor_write_array(&h, 2);
		aval_cbor_write_uint(&h, 1);
		aval_cbor_write_text_z(&h, "lei:5299000AVALTEST00079");
		t_ok(aval_cbor_writer_finish(&h, &len, err));
		aval_cbor_write_array(&w, 3);
		aval_cbor_write_bytes(&w, header, len);
		aval_cbor_write_map(&w, 0);
		aval_cbor_writer_init(&h, string, sizeof string);
		aval_cose_write_batch_signature(&h, 1, 0, NULL, 0, sig64);
		t_ok(aval_cbor_writer_finish(&h, &len, err));
		aval_cbor_write_bytes(&w, i < 4 ? sig64 : string, i < 4 ? sizeof sig64 : len);
	}
	t_ok(aval_cbor_writer_finish(&w, &len, err));
	return len;
}

/* A key signs once for a role and party, under whichever two of the numbers. */
START_TEST(no_two_numbers_for_one_key)
{
	for (int i = 0; i < NUMBERS; i++) {
		for (int k = 0; k <= i; k++) {
			uint8_t        envelope[4096], kids[NUMBERS] = { 70, 60, 50, 40, 30, 20, 10 };
			aval_cose_sign sign;
			aval_status    want = k == i ? AVAL_OK : AVAL_E_COSE_ORDER, got;
			size_t         len;

			kids[k] = kids[i];
			len = write_each_number(envelope, kids);
			got = aval_cose_sign_parse(&sign, envelope, len, "ty", NULL);
			ck_assert_msg(got == want, "numbers %d and %d: got %s, want %s", k, i, aval_status_name(got),
			              aval_status_name(want));
		}
	}
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("batch");
	TCase   *vectors = tcase_create("vectors"), *tc = tcase_create("batch");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(vectors, vector, 0, BATCH_COUNT);
	suite_add_tcase(s, vectors);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, sizes);
	tcase_add_test(tc, whole_story);
	tcase_add_test(tc, two_roles);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, all_or_nothing);
	tcase_add_test(tc, added_twice);
	tcase_add_test(tc, no_two_numbers_for_one_key);
	tcase_add_test(tc, events);
	tcase_add_test(tc, flipped_bits);
	tcase_add_loop_test(tc, batches_at_hand, 0, 3);
	tcase_add_test(tc, memory_that_fails);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
