/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Portfolios: each file's report is the one that it gets alone, whatever stands beside it, in whatever order, on however
 * many threads; and what was found valid once makes nothing else valid.
 */
#include "bundle_fixture.h"

#include <aval/batch.h>
#include <aval/portfolio.h>

#include "failing_allocator.h"
#include "token/verified.h"
#include "token_show.h"
#include "vectors.h"

#include "bundle-verify.vectors.h"

static test_world           world;
static const aval_executor *pool;
static aval_policy         *policy;

static void set_up(void)
{
	t_world_init(&world);
	t_ok(aval_os_executor_new(&pool, 4, NULL, err));
	policy = t_policy(&world);
}

static void tear_down(void)
{
	aval_policy_free(policy);
	aval_os_executor_free(pool);
	t_world_clear(&world);
}

/* Runs the tasks one by one, the last first. */
static aval_status run_backwards(size_t count, aval_task task, void *task_data, void *user_data)
{
	aval_status status = AVAL_OK;

	(void)user_data;
	while (count > 0 && status == AVAL_OK)
		status = task(--count, task_data);
	return status;
}

static const aval_executor backwards = { sizeof backwards, 5, run_backwards, NULL };

/* 0: the calling thread; 1: one by one, backwards; 2: four threads. */
enum { EXECUTORS = 3 };
static const aval_executor *executor_at(int i)
{
	return i == 0 ? NULL : i == 1 ? &backwards : pool;
}

static bool same_text(aval_text a, aval_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static void compare_rows(const char *name, const aval_report *got, const aval_report *want)
{
	for (int i = 1; i <= AVAL_CHECK_COUNT; i++) {
		const aval_report_row *a = aval_report_row_of(got, (aval_check_id)i),
				      *b = aval_report_row_of(want, (aval_check_id)i);

		ck_assert_msg(a->check == b->check && a->verdict == b->verdict && a->is_required == b->is_required &&
		                      a->status == b->status && a->offset == b->offset &&
		                      a->event_index == b->event_index && same_text(a->party, b->party) &&
		                      strcmp(a->where, b->where) == 0 && strcmp(a->reason, b->reason) == 0,
		              "%s: %s: got %s (%s at %zu), want %s (%s at %zu)", name,
		              aval_check_id_name(a->check), aval_verdict_name(a->verdict), a->reason, a->offset,
		              aval_verdict_name(b->verdict), b->reason, b->offset);
	}
}

static void compare_bundles(const char *name, const aval_bundle *got, const aval_bundle *want)
{
	test_blob a, b;

	ck_assert_msg((got == NULL) == (want == NULL), "%s: one has a bundle", name);
	if (got == NULL)
		return;
	a = t_serialize(got);
	b = t_serialize(want);
	ck_assert_msg(a.len == b.len && memcmp(a.data, b.data, a.len) == 0, "%s: another bundle", name);
	for (size_t i = 0; i < got->event_count; i++)
		ck_assert_uint_eq(got->events[i].offset, want->events[i].offset);
	for (size_t i = 0; i < got->key_count; i++)
		ck_assert_uint_eq(got->keys[i].offset, want->keys[i].offset);
	free(a.data);
	free(b.data);
}

static void compare_tokens(const char *name, const aval_token *got, const aval_token *want)
{
	static char a[SHOW_MAX], b[SHOW_MAX];

	ck_assert_msg((got == NULL) == (want == NULL), "%s: one has a token", name);
	if (got == NULL)
		return;
	token_show(a, got);
	token_show(b, want);
	ck_assert_msg(strcmp(a, b) == 0, "%s: got %s, want %s", name, a, b);
}

static void compare_disclosures(const char *name, const aval_disclosure *got, const aval_disclosure *want)
{
	aval_disclosure_cursor at_a, at_b;
	aval_disclosed         a, b;

	ck_assert_msg((got == NULL) == (want == NULL), "%s: one has a disclosure", name);
	if (got == NULL)
		return;
	ck_assert_uint_eq(got->opened_count, want->opened_count);
	ck_assert_uint_eq(got->absent_count, want->absent_count);
	aval_disclosure_cursor_init(&at_a, got);
	aval_disclosure_cursor_init(&at_b, want);
	while (aval_disclosure_next(&b, &at_b, NULL) == AVAL_OK) {
		t_ok(aval_disclosure_next(&a, &at_a, err));
		ck_assert(same_text(a.path, b.path) && same_text(a.value, b.value) && a.is_absent == b.is_absent);
	}
}

static void compare(const char *name, const aval_report *got, const aval_report *want)
{
	ck_assert_int_eq(aval_report_kind_of(got), aval_report_kind_of(want));
	ck_assert_int_eq(aval_report_result(got), aval_report_result(want));
	ck_assert_ptr_eq(aval_report_policy(got), aval_report_policy(want));
	compare_rows(name, got, want);
	compare_bundles(name, aval_report_bundle(got), aval_report_bundle(want));
	compare_tokens(name, aval_report_token(got), aval_report_token(want));
	compare_disclosures(name, aval_report_disclosure(got), aval_report_disclosure(want));
}

static aval_portfolio *new_portfolio(const aval_executor *executor)
{
	aval_portfolio *p = NULL;

	t_ok(aval_portfolio_new(&p, policy, executor, NULL, err));
	ck_assert_uint_eq(aval_portfolio_count(p), 0);
	return p;
}

static void add(aval_portfolio *p, const test_blob *blob)
{
	t_ok(aval_portfolio_add(p, blob->data, blob->len, err));
}

/* Verify, and hold each file against its verification alone. */
static void check(aval_portfolio *p, const test_blob *blobs, size_t count)
{
	aval_report           *alone = NULL;
	const aval_report     *report = NULL;
	size_t                 results[3] = { 0 };
	aval_portfolio_summary summary;
	aval_status            status = aval_portfolio_verify(p, NULL), worst = AVAL_OK;

	t_ok(aval_report_new(&alone, NULL, err));
	ck_assert_uint_eq(aval_portfolio_count(p), count);
	for (size_t i = 0; i < count; i++) {
		char        name[32];
		aval_status one = aval_verify(alone, blobs[i].data, blobs[i].len, policy, NULL);

		snprintf(name, sizeof name, "file %zu", i);
		if (one == AVAL_E_VERIFY_INVALID || worst == AVAL_OK)
			worst = one;
		ck_assert_int_eq(aval_portfolio_result(p, i), aval_report_result(alone));
		results[aval_report_result(alone)]++;
		t_ok(aval_portfolio_report(&report, p, i, err));
		compare(name, report, alone);
	}
	ck_assert_msg(status == worst, "got %s, want %s", aval_status_name(status), aval_status_name(worst));
	aval_portfolio_summarize(&summary, p);
	ck_assert_uint_eq(summary.valid, results[AVAL_RESULT_VALID]);
	ck_assert_uint_eq(summary.invalid, results[AVAL_RESULT_INVALID]);
	ck_assert_uint_eq(summary.incomplete, results[AVAL_RESULT_INCOMPLETE]);
	ck_assert_uint_le(summary.distinct_signatures, summary.signatures);
	aval_report_free(alone);
}

static uint64_t random_state;

static size_t below(size_t bound)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(random_state >> 33) % bound;
}

static void shuffle(test_blob *blobs, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t    j = below(i);
		test_blob t = blobs[i - 1];

		blobs[i - 1] = blobs[j];
		blobs[j] = t;
	}
}

/* Every vector, in any order, three of each. */
START_TEST(vectors)
{
	enum { COPIES = 3 };
	test_blob       blobs[COPIES * BUNDLE_VERIFY_COUNT];
	aval_portfolio *p = new_portfolio(executor_at(_i));

	random_state = 1;
	for (size_t i = 0; i < BUNDLE_VERIFY_COUNT; i++) {
		blobs[COPIES * i].data = vector_hex(&bundle_verify_cases[i], "input.bundle", &blobs[COPIES * i].len);
		for (size_t k = 1; k < COPIES; k++) {
			blobs[COPIES * i + k].data =
				vector_hex(&bundle_verify_cases[i], "input.bundle", &blobs[COPIES * i + k].len);
			if (k == 2 && blobs[COPIES * i + k].len > 0)
				blobs[COPIES * i + k].data[below(blobs[COPIES * i + k].len)] ^=
					(uint8_t)(1u << below(8));
		}
	}
	shuffle(blobs, COPIES * BUNDLE_VERIFY_COUNT);
	for (size_t i = 0; i < COPIES * BUNDLE_VERIFY_COUNT; i++)
		add(p, &blobs[i]);
	check(p, blobs, COPIES * BUNDLE_VERIFY_COUNT);
	aval_portfolio_free(p);
	for (size_t i = 0; i < COPIES * BUNDLE_VERIFY_COUNT; i++)
		free(blobs[i].data);
}
END_TEST

/* Notes of some tokens: splits and sales at random, each file a walk along one branch. */
static test_blob branch(size_t token_number, size_t walk)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL;
	test_blob                 blob;

	options.nonce16[0] = (uint8_t)token_number;
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	t_sign(b, &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_draft_accept(b, token_number % 2 == 0 ? 0 : 100, true);
	t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	for (int step = 0; step < 3 && !aval_bundle_has_draft(b); step++, walk /= 3) {
		aval_token *token = t_state(b);
		aval_note   note;

		t_ok(aval_token_note(&note, token, aval_token_first_live(token), err));
		if (!same_text(note.holder, t_party(&world, T_SUPPLIER))) {
			aval_token_free(token);
			break;
		}
		t_draft_assign(b, world.parties[T_FACTOR], (note.end_minor - note.begin_minor) / (2 + (int64_t)(walk % 3)),
		               walk % 2 == 0 ? 0 : 100);
		t_sign(b, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
		if (walk % 7 != 6)
			t_sign(b, &world, AVAL_ROLE_ASSIGNEE, T_FACTOR);
		aval_token_free(token);
	}
	blob = t_serialize(b);
	aval_bundle_free(b);
	return blob;
}

static void spoil(test_blob *blob)
{
	size_t at = below(blob->len);

	switch (below(4)) {
	case 0:
		blob->data[at] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		blob->len = at;
		break;
	case 2:
		blob->data[at] = (uint8_t)below(256);
		break;
	default:
		break;
	}
}

START_TEST(random_branches)
{
	enum { FILES = 120 };
	test_blob       blobs[FILES];
	aval_portfolio *p = new_portfolio(executor_at(_i % EXECUTORS));

	random_state = 100 + (uint64_t)_i;
	for (size_t i = 0; i < FILES; i++) {
		blobs[i] = branch(_i % 2 == 0 ? below(5) : i / 30, below(40));
		if (below(3) == 0)
			spoil(&blobs[i]);
	}
	for (size_t i = 0; i < FILES; i++)
		add(p, &blobs[i]);
	check(p, blobs, FILES);
	aval_portfolio_free(p);
	for (size_t i = 0; i < FILES; i++)
		free(blobs[i].data);
}
END_TEST

/* Beside the valid file no flipped bit of it passes: nothing of what was found valid carries over. */
START_TEST(flipped_bits_beside_the_original)
{
	test_blob       sample = t_sample_bytes(&world, T_ASSIGNED);
	aval_portfolio *p = new_portfolio(executor_at(_i));
	size_t          count = 0, step = 5;
	uint8_t       **copies = calloc(8 * sample.len, sizeof *copies);

	add(p, &sample);
	t_ok(aval_portfolio_verify(p, err));
	for (size_t bit = (size_t)_i; bit < 8 * sample.len; bit += step) {
		uint8_t *copy = malloc(sample.len);

		memcpy(copy, sample.data, sample.len);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		copies[count++] = copy;
		t_ok(aval_portfolio_add(p, copy, sample.len, err));
	}
	add(p, &sample);
	ck_assert_int_eq(aval_portfolio_verify(p, NULL), AVAL_E_VERIFY_INVALID);
	ck_assert_int_eq(aval_portfolio_result(p, 0), AVAL_RESULT_VALID);
	ck_assert_int_eq(aval_portfolio_result(p, count + 1), AVAL_RESULT_VALID);
	for (size_t i = 1; i <= count; i++)
		ck_assert_msg(aval_portfolio_result(p, i) == AVAL_RESULT_INVALID, "bit %zu", (size_t)_i + step * (i - 1));
	aval_portfolio_free(p);
	while (count > 0)
		free(copies[--count]);
	free(copies);
	free(sample.data);
}
END_TEST

/* Distinct signatures are counted once, and those of a batch are one. */
START_TEST(summary_counts)
{
	enum { FILES = 9 };
	aval_bundle              *b[FILES];
	aval_batch               *batch = NULL;
	aval_portfolio           *p = new_portfolio(executor_at(_i));
	aval_portfolio_summary    summary;
	test_blob                 blobs[FILES + 1];
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_text                 supplier = t_party(&world, T_SUPPLIER);

	t_ok(aval_batch_new(&batch, &world.signers[T_SUPPLIER], NULL, err));
	for (size_t i = 0; i < FILES; i++) {
		options.nonce16[0] = (uint8_t)i;
		t_ok(aval_bundle_issue(&b[i], world.invoice, world.seed32, &options, NULL, err));
		t_ok(aval_batch_add(batch, b[i], AVAL_ROLE_SUPPLIER, supplier.data, supplier.len, err));
	}
	t_ok(aval_batch_sign(batch, err));
	for (size_t i = 0; i < FILES; i++) {
		if (i % 3 == 0) {
			t_draft_accept(b[i], 0, true);
			t_sign(b[i], &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
		}
		blobs[i] = t_serialize(b[i]);
		add(p, &blobs[i]);
		aval_bundle_free(b[i]);
	}
	blobs[FILES] = t_sample_bytes(&world, T_ASSIGNED);
	add(p, &blobs[FILES]);
	add(p, &blobs[FILES]);
	t_ok(aval_portfolio_verify(p, err));
	aval_portfolio_summarize(&summary, p);
	ck_assert_uint_eq(summary.valid, FILES + 2);
	ck_assert_uint_eq(summary.signatures, FILES + 3 + 2 * 4);
	ck_assert_uint_eq(summary.batches, 1);
	ck_assert_uint_eq(summary.distinct_signatures, 1 + 3 + 4);
	/* Again: nothing is verified twice, and what is new is. */
	add(p, &blobs[0]);
	t_ok(aval_portfolio_verify(p, err));
	aval_portfolio_summarize(&summary, p);
	ck_assert_uint_eq(summary.valid, FILES + 3);
	ck_assert_uint_eq(summary.distinct_signatures, 1 + 3 + 4);
	aval_portfolio_free(p);
	aval_batch_free(batch);
	for (size_t i = 0; i <= FILES; i++)
		free(blobs[i].data);
}
END_TEST

/* A claim is its algorithm, point, digest and signature, and none of it can be exchanged. */
START_TEST(claims_are_apart)
{
	aval_verified  *verified = NULL;
	uint8_t         digest32[32] = { 1 }, other32[32] = { 2 }, sig64[64], message[4] = "abc", point65[65];
	aval_public_key key = world.signers[T_SUPPLIER].key, schnorr, stranger = world.signers[T_STRANGER].key;

	t_ok(aval_verified_new(&verified, NULL, err));
	t_ok(aval_signer_sign(sig64, &world.signers[T_SUPPLIER], message, sizeof message, err));
	aval_sha256(digest32, message, sizeof message);
	t_ok(aval_verify_digest_once(verified, AVAL_VERIFIED_SIGNATURE, &key, digest32, sig64, err));
	ck_assert_uint_eq(aval_verified_count(verified, AVAL_VERIFIED_SIGNATURE), 1);
	t_ok(aval_verify_digest_once(verified, AVAL_VERIFIED_SIGNATURE, &key, digest32, sig64, err));
	ck_assert_uint_eq(aval_verified_count(verified, AVAL_VERIFIED_SIGNATURE), 1);
	aval_public_key_point(point65, &key);
	t_ok(aval_public_key_from_point(&schnorr, AVAL_ALG_SCHNORR, point65, err));
	for (int twice = 0; twice < 2; twice++) {
		ck_assert_int_eq(aval_verify_digest_once(verified, AVAL_VERIFIED_SIGNATURE, &stranger, digest32, sig64, NULL),
		                 AVAL_E_SIGNATURE_INVALID);
		ck_assert_int_eq(aval_verify_digest_once(verified, AVAL_VERIFIED_SIGNATURE, &schnorr, digest32, sig64, NULL),
		                 AVAL_E_SIGNATURE_INVALID);
		ck_assert_int_eq(aval_verify_digest_once(verified, AVAL_VERIFIED_SIGNATURE, &key, other32, sig64, NULL),
		                 AVAL_E_SIGNATURE_INVALID);
		ck_assert_int_eq(aval_verify_digest_once(verified, AVAL_VERIFIED_BATCH, &stranger, digest32, sig64, NULL),
		                 AVAL_E_SIGNATURE_INVALID);
		aval_scalar_negate(sig64 + 32, sig64 + 32, aval_k1_order32);
		ck_assert_int_eq(aval_verify_digest_once(verified, AVAL_VERIFIED_SIGNATURE, &key, digest32, sig64, NULL),
		                 AVAL_E_SIGNATURE_HIGH_S);
		aval_scalar_negate(sig64 + 32, sig64 + 32, aval_k1_order32);
	}
	ck_assert_uint_eq(aval_verified_count(verified, AVAL_VERIFIED_SIGNATURE), 1);
	ck_assert_uint_eq(aval_verified_count(verified, AVAL_VERIFIED_BATCH), 0);
	aval_verified_free(verified);
	aval_verified_free(NULL);
}
END_TEST

/* The set itself, past many doublings and from many threads. */
enum { HASHES = 20000 };

static void hash_of(uint8_t out32[32], size_t i)
{
	uint8_t bytes[8];

	for (size_t k = 0; k < 8; k++)
		bytes[k] = (uint8_t)(i >> 8 * k);
	aval_sha256(out32, bytes, sizeof bytes);
}

static aval_status put_some(size_t index, void *task_data)
{
	uint8_t key32[32];

	for (size_t i = index % 2; i < HASHES; i += 2) {
		hash_of(key32, i);
		if (aval_verified_add(task_data, AVAL_VERIFIED_SIGNATURE, key32, NULL) != AVAL_OK ||
		    !aval_verified_has(task_data, key32))
			return AVAL_E_NO_MEMORY;
	}
	return AVAL_OK;
}

START_TEST(set_of_hashes)
{
	aval_verified *verified = NULL;
	uint8_t        key32[32];

	t_ok(aval_verified_new(&verified, NULL, err));
	hash_of(key32, 0);
	ck_assert(!aval_verified_has(verified, key32));
	ck_assert_int_eq(pool->run(8, put_some, verified, pool->user_data), AVAL_OK);
	ck_assert_uint_eq(aval_verified_count(verified, AVAL_VERIFIED_SIGNATURE), HASHES);
	for (size_t i = 0; i < 2 * HASHES; i++) {
		hash_of(key32, i);
		ck_assert_msg(aval_verified_has(verified, key32) == (i < HASHES), "hash %zu", i);
	}
	aval_verified_free(verified);
}
END_TEST

static aval_status walk(const aval_allocator *allocator, void *user_data)
{
	const test_blob   *blobs = user_data;
	aval_portfolio    *p = NULL;
	const aval_report *report;
	aval_status        status = aval_portfolio_new(&p, policy, NULL, allocator, NULL);

	for (int i = 0; i < 3 && status == AVAL_OK; i++)
		status = aval_portfolio_add(p, blobs[i].data, blobs[i].len, NULL);
	if (status == AVAL_OK)
		status = aval_portfolio_verify(p, NULL);
	if (status == AVAL_OK)
		status = aval_portfolio_report(&report, p, 1, NULL);
	aval_portfolio_free(p);
	return status;
}

START_TEST(memory_that_fails)
{
	test_blob blobs[3] = { t_sample_bytes(&world, T_ASSIGNED), t_sample_bytes(&world, T_ACCEPTED),
		               t_sample_bytes(&world, T_ASSIGNED) };

	ck_assert_uint_gt(failing_allocator_walk("portfolio", walk, blobs), 10);
	for (int i = 0; i < 3; i++)
		free(blobs[i].data);
}
END_TEST

/* The sample with a bit of the first event's last signature flipped. */
static test_blob forged(void)
{
	aval_bundle *b = t_sample(&world, T_ASSIGNED, NULL);
	test_parts   p;
	uint8_t      event[4096];
	test_blob    blob;

	t_take_apart(&p, b);
	memcpy(event, p.events[0].data, p.events[0].len);
	event[p.events[0].len - 1] ^= 1;
	p.events[0].data = event;
	blob = t_compose(&p);
	aval_bundle_free(b);
	return blob;
}

/* A forged file before one that is valid: memory that fails once must not make it valid. */
START_TEST(forgeries_when_memory_fails)
{
	test_blob   blobs[2] = { forged(), t_sample_bytes(&world, T_ASSIGNED) };
	aval_status status = AVAL_E_NO_MEMORY;
	size_t      failures = 0;

	for (size_t n = 1; status == AVAL_E_NO_MEMORY || n < 12; n++) {
		failing_allocator f;
		aval_portfolio   *p = NULL;

		failing_allocator_init(&f, 0);
		t_ok(aval_portfolio_new(&p, policy, NULL, &f.allocator, err));
		for (int i = 0; i < 2; i++)
			t_ok(aval_portfolio_add(p, blobs[i].data, blobs[i].len, err));
		f.fail_at = f.calls + n;
		status = aval_portfolio_verify(p, NULL);
		ck_assert_int_ne(aval_portfolio_result(p, 0), AVAL_RESULT_VALID);
		failures += status == AVAL_E_NO_MEMORY;
		f.fail_at = 0;
		ck_assert_int_eq(aval_portfolio_verify(p, NULL), AVAL_E_VERIFY_INVALID);
		ck_assert_int_eq(aval_portfolio_result(p, 0), AVAL_RESULT_INVALID);
		ck_assert_int_eq(aval_portfolio_result(p, 1), AVAL_RESULT_VALID);
		aval_portfolio_free(p);
	}
	ck_assert_int_eq(status, AVAL_E_VERIFY_INVALID);
	ck_assert_uint_gt(failures, 10);
	for (int i = 0; i < 2; i++)
		free(blobs[i].data);
}
END_TEST

/* Files that end anywhere, and heads of any length at their end, in memory that ends there too. */
START_TEST(files_that_are_cut)
{
	enum { LENGTHS = 64, HEADS = 4 };
	static const uint8_t heads[HEADS] = { 0x81, 0x98, 0x99, 0x9f };
	test_blob            sample = t_sample_bytes(&world, T_ASSIGNED), blobs[LENGTHS * HEADS];
	aval_portfolio      *p = new_portfolio(NULL);

	for (size_t i = 0; i < LENGTHS * HEADS; i++) {
		blobs[i].len = i / HEADS;
		blobs[i].data = malloc(blobs[i].len + (blobs[i].len == 0));
		memcpy(blobs[i].data, sample.data, blobs[i].len);
		if (blobs[i].len > 16)
			blobs[i].data[16] = heads[i % HEADS];
		if (blobs[i].len > 17)
			blobs[i].data[blobs[i].len - 1] = heads[i / 2 % HEADS];
		add(p, &blobs[i]);
	}
	check(p, blobs, LENGTHS * HEADS);
	aval_portfolio_free(p);
	for (size_t i = 0; i < LENGTHS * HEADS; i++)
		free(blobs[i].data);
	free(sample.data);
}
END_TEST

/* The sample with one term shown, and with its source or without. */
static test_blob with_one_term(bool has_source)
{
	aval_bundle *b = t_sample(&world, T_ACCEPTED, NULL);
	test_blob    blob;

	t_ok(aval_bundle_disclose(b, world.invoice, world.seed32, t_paths, 1, err));
	if (has_source)
		t_ok(aval_bundle_set_source(b, world.file, world.file_len, world.seed32, err));
	blob = t_serialize(b);
	aval_bundle_free(b);
	return blob;
}

/* A token whose due date the invoice leaves open, so that the debtor must accept it. */
static test_blob with_agreed_date(bool is_accepted)
{
	static const char         due[] = "<cbc:DueDate>2030-03-16</cbc:DueDate>";
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL;
	aval_invoice             *invoice = NULL;
	test_blob                 blob, file = { malloc(world.file_len), world.file_len };

	memcpy(file.data, world.file, file.len);
	for (size_t i = 0; i + sizeof due < file.len; i++)
		if (memcmp(file.data + i, due, sizeof due - 1) == 0)
			memset(file.data + i, ' ', sizeof due - 1);
	t_ok(aval_invoice_parse(&invoice, file.data, file.len, NULL, err));
	options.due_date = aval_text_z("2030-04-01");
	t_ok(aval_bundle_issue(&b, invoice, world.seed32, &options, NULL, err));
	t_sign(b, &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	if (is_accepted) {
		t_draft_accept(b, 0, true);
		t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	}
	blob = t_serialize(b);
	aval_bundle_free(b);
	aval_invoice_free(invoice);
	free(file.data);
	return blob;
}

/* What one file proves of the terms is no proof in the next, however much they have in common. */
START_TEST(terms_are_proven_by_each_file)
{
	enum { FILES = 5 };
	const test_blob files[FILES] = { with_one_term(true), with_one_term(false), t_sample_bytes(&world, T_ACCEPTED),
		                         with_agreed_date(true), with_agreed_date(false) };

	for (size_t i = 0; i < FILES; i++) {
		for (size_t k = 0; k < FILES; k++) {
			test_blob       pair[] = { files[i], files[k] };
			aval_portfolio *p = new_portfolio(NULL);

			add(p, &pair[0]);
			add(p, &pair[1]);
			check(p, pair, 2);
			ck_assert_int_eq(aval_portfolio_result(p, 1),
			                 k % 3 == 1 ? AVAL_RESULT_INCOMPLETE : AVAL_RESULT_VALID);
			aval_portfolio_free(p);
		}
	}
	for (size_t i = 0; i < FILES; i++)
		free(files[i].data);
}
END_TEST

static aval_status fail_at_once(size_t count, aval_task task, void *task_data, void *user_data)
{
	(void)count, (void)task, (void)task_data, (void)user_data;
	return AVAL_E_IO;
}

START_TEST(edges)
{
	aval_portfolio    *p = NULL;
	aval_executor      bad = backwards;
	const aval_report *report = NULL;
	aval_error         why = AVAL_ERROR_INIT;
	test_blob          sample = t_sample_bytes(&world, T_ISSUED);

	bad.width = 0;
	ck_assert_int_eq(aval_portfolio_new(&p, policy, &bad, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	bad = backwards;
	bad.run = NULL;
	ck_assert_int_eq(aval_portfolio_new(&p, policy, &bad, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	bad = backwards;
	bad.struct_size--;
	ck_assert_int_eq(aval_portfolio_new(&p, policy, &bad, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_ptr_null(p);
	bad = backwards;
	bad.run = fail_at_once;
	p = new_portfolio(&bad);
	add(p, &sample);
	ck_assert_int_eq(aval_portfolio_verify(p, &why), AVAL_E_CALLBACK);
	ck_assert_int_eq(why.cause, AVAL_E_IO);
	ck_assert_int_eq(aval_portfolio_result(p, 0), AVAL_RESULT_INCOMPLETE);
	aval_portfolio_free(p);
	p = new_portfolio(pool);
	t_ok(aval_portfolio_verify(p, err));
	ck_assert_int_eq(aval_portfolio_report(&report, p, 0, NULL), AVAL_E_NOT_FOUND);
	ck_assert_ptr_null(report);
	t_ok(aval_portfolio_add(p, NULL, 0, err));
	ck_assert_int_eq(aval_portfolio_verify(p, &why), AVAL_E_VERIFY_INVALID);
	ck_assert_int_eq(why.cause, AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(aval_portfolio_result(p, 7), AVAL_RESULT_INCOMPLETE);
	aval_portfolio_free(p);
	aval_portfolio_free(NULL);
	/* Without a policy nobody is trusted. */
	t_ok(aval_portfolio_new(&p, NULL, NULL, NULL, err));
	add(p, &sample);
	ck_assert_int_eq(aval_portfolio_verify(p, &why), AVAL_E_VERIFY_INCOMPLETE);
	aval_portfolio_free(p);
	free(sample.data);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("portfolio");
	TCase   *tc = tcase_create("portfolio");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, vectors, 0, EXECUTORS);
	tcase_add_loop_test(tc, random_branches, 0, 12 * EXECUTORS / 2);
	tcase_add_loop_test(tc, flipped_bits_beside_the_original, 0, EXECUTORS);
	tcase_add_loop_test(tc, summary_counts, 0, EXECUTORS);
	tcase_add_test(tc, claims_are_apart);
	tcase_add_test(tc, set_of_hashes);
	tcase_add_test(tc, memory_that_fails);
	tcase_add_test(tc, forgeries_when_memory_fails);
	tcase_add_test(tc, files_that_are_cut);
	tcase_add_test(tc, terms_are_proven_by_each_file);
	tcase_add_test(tc, edges);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
