/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence: logs that contradict themselves are shown to, logs that do not are not, and no file says more than
 * it proves.
 */
#include <stdio.h>

#include <aval/tile_writer.h>
#include <aval/verify.h>

#include "cbor/cbor.h"
#include "crypto_fixture.h"
#include "proof/evidence.h"
#include "tile_store.h"

enum { ROOM = 8192, NOTE_ROOM = AVAL_CHECKPOINT_SIGNED_MAX_LEN };

/* A log of some size that is history 0 up to the leaf fork, and another history from there on. */
typedef struct one_log {
	tile_store        store;
	aval_tile_source  source;
	uint8_t           root32[32];
	char              note[NOTE_ROOM];
	size_t            note_len;
	aval_tile_client *client;
} one_log;

static test_entropy     entropy_state;
static aval_secret_key *key, *other_key;
static aval_vkey        vkey, other_vkey;

static aval_vkey vkey_of(const aval_secret_key *k, const char *name)
{
	uint8_t   point65[65];
	aval_vkey made;

	aval_public_key_point(point65, aval_secret_key_public(k));
	ck_assert_int_eq(aval_vkey_from_p256(&made, name, strlen(name), point65, NULL), AVAL_OK);
	return made;
}

static void setup(void)
{
	key = test_key(AVAL_ALG_ESP256, 9, test_entropy_init(&entropy_state));
	other_key = test_key(AVAL_ALG_ESP256, 10, &entropy_state.entropy);
	vkey = vkey_of(key, "log.example");
	other_vkey = vkey_of(other_key, "log.example");
}

static void teardown(void)
{
	aval_secret_key_free(key);
	aval_secret_key_free(other_key);
}

static void sign_head(one_log *log, const char *origin, uint64_t size, aval_secret_key *with)
{
	aval_signer signer = aval_signer_from_secret_key(with);

	log->note_len = sizeof log->note;
	ck_assert_int_eq(aval_checkpoint_sign(log->note, &log->note_len, origin, strlen(origin), size,
	                                      log->root32, &signer, NULL),
	                 AVAL_OK);
}

static void make_log(one_log *log, uint64_t size, uint64_t fork)
{
	aval_tile_sink    sink = tile_store_sink(&log->store);
	aval_tile_writer *w;

	memset(log, 0, sizeof *log);
	log->source = tile_store_source(&log->store);
	ck_assert_int_eq(aval_tile_writer_new(&w, 0, NULL, NULL, &sink, NULL, NULL), AVAL_OK);
	for (uint64_t i = 0; i < size; i++) {
		uint8_t entry[9] = { (uint8_t)i, (uint8_t)(i >> 8), i >= fork };

		ck_assert_int_eq(aval_tile_writer_append(w, entry, sizeof entry, NULL), AVAL_OK);
	}
	ck_assert_int_eq(aval_tile_writer_flush(log->root32, w, NULL), AVAL_OK);
	aval_tile_writer_free(w);
	ck_assert_int_eq(aval_tile_client_new(&log->client, size, log->root32, &log->source, NULL, NULL),
	                 AVAL_OK);
	sign_head(log, "log.example", size, key);
}

static void free_log(one_log *log)
{
	aval_tile_client_free(log->client);
	tile_store_clear(&log->store);
}

static aval_status write_roots(uint8_t *out, size_t *len, const one_log *a, const one_log *b)
{
	return aval_evidence_serialize(out, len, &vkey, (const uint8_t *)a->note, a->note_len,
	                               (const uint8_t *)b->note, b->note_len, 0, NULL, NULL, NULL);
}

typedef struct leaf_of_log {
	uint8_t            leaf32[32], path[64 * 32];
	aval_evidence_leaf leaf;
} leaf_of_log;

static void load_leaf(leaf_of_log *l, one_log *log, uint64_t index)
{
	size_t count = 64;

	ck_assert_int_eq(aval_tile_client_node(l->leaf32, log->client, 0, index, NULL), AVAL_OK);
	ck_assert_int_eq(aval_tile_client_prove_inclusion(l->path, &count, log->client,
	                                                  aval_tile_client_size(log->client), index, NULL),
	                 AVAL_OK);
	l->leaf = (aval_evidence_leaf){ l->leaf32, l->path, count };
}

static aval_status write_leaves(uint8_t *out, size_t *len, one_log *a, one_log *b, uint64_t index)
{
	leaf_of_log of_a, of_b;

	load_leaf(&of_a, a, index);
	load_leaf(&of_b, b, index);
	return aval_evidence_serialize(out, len, &vkey, (const uint8_t *)a->note, a->note_len,
	                               (const uint8_t *)b->note, b->note_len, index, &of_a.leaf, &of_b.leaf,
	                               NULL);
}

static aval_status verify(const uint8_t *data, size_t len)
{
	aval_evidence e;
	aval_status   status = aval_evidence_parse(&e, data, len, NULL);

	return status == AVAL_OK ? aval_evidence_verify(&e, NULL) : status;
}

START_TEST(one_size_two_roots)
{
	one_log       a, b;
	uint8_t       out[ROOM], again[ROOM];
	size_t        len = sizeof out, again_len = sizeof again;
	aval_evidence e;

	make_log(&a, 20, 20);
	make_log(&b, 20, 7);
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_OK);
	ck_assert_int_eq(write_roots(again, &again_len, &b, &a), AVAL_OK);
	ck_assert_uint_eq(len, again_len);
	ck_assert_mem_eq(out, again, len);
	ck_assert_int_eq(aval_evidence_parse(&e, out, len, NULL), AVAL_OK);
	ck_assert_int_eq(e.kind, AVAL_EVIDENCE_ROOT);
	ck_assert_uint_eq(e.first.size, 20);
	ck_assert_str_eq(e.vkey.name, "log.example");
	ck_assert_int_eq(aval_evidence_verify(&e, NULL), AVAL_OK);
	free_log(&a);
	free_log(&b);
}
END_TEST

/* Every fork of logs of many sizes, found and shown; the files of either order are one. */
START_TEST(two_sizes_two_leaves)
{
	static const uint64_t sizes[] = { 1, 2, 3, 255, 256, 257, 300, 513 };
	const uint64_t        size = sizes[_i];

	for (uint64_t fork = 0; fork < size; fork += 1 + size / 9) {
		one_log       a, b;
		uint8_t       out[ROOM], again[ROOM];
		size_t        len = sizeof out, again_len = sizeof again;
		uint64_t      index = UINT64_MAX, index_again = UINT64_MAX;
		aval_evidence e;

		make_log(&a, size, UINT64_MAX);
		make_log(&b, size + 1 + fork * 2, fork);
		ck_assert_int_eq(aval_evidence_find_leaf(&index, a.client, b.client, NULL), AVAL_OK);
		ck_assert_int_eq(aval_evidence_find_leaf(&index_again, b.client, a.client, NULL), AVAL_OK);
		ck_assert(index == fork && index_again == fork);
		ck_assert_int_eq(write_leaves(out, &len, &a, &b, index), AVAL_OK);
		ck_assert_int_eq(write_leaves(again, &again_len, &b, &a, index), AVAL_OK);
		ck_assert(len == again_len && memcmp(out, again, len) == 0);
		ck_assert_int_eq(aval_evidence_parse(&e, out, len, NULL), AVAL_OK);
		ck_assert_int_eq(e.kind, AVAL_EVIDENCE_LEAF);
		ck_assert_uint_eq(e.index, fork);
		ck_assert_uint_eq(e.first.size, size);
		ck_assert_int_eq(aval_evidence_verify(&e, NULL), AVAL_OK);
		/* Without the leaf it is no evidence. */
		len = sizeof out;
		ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_E_EVIDENCE_FORMAT);
		free_log(&a);
		free_log(&b);
	}
}
END_TEST

START_TEST(an_honest_log_is_not_accused)
{
	one_log  a, b;
	uint8_t  out[ROOM] = { 0x77 };
	size_t   len = sizeof out;
	uint64_t index = 5;

	make_log(&a, 300, UINT64_MAX);
	make_log(&b, 700, 300);
	ck_assert_int_eq(aval_evidence_find_leaf(&index, a.client, b.client, NULL), AVAL_E_EVIDENCE_NONE);
	ck_assert_uint_eq(index, 5);
	ck_assert_int_eq(write_leaves(out, &len, &a, &b, 299), AVAL_E_EVIDENCE_NONE);
	ck_assert_int_eq(write_roots(out, &len, &a, &a), AVAL_E_EVIDENCE_NONE);
	ck_assert(len == sizeof out && out[0] == 0x77);
	free_log(&a);
	free_log(&b);
}
END_TEST

START_TEST(only_the_logs_own_signatures_count)
{
	one_log a, b;
	uint8_t out[ROOM];
	size_t  len = sizeof out;

	make_log(&a, 20, 20);
	make_log(&b, 20, 7);
	sign_head(&b, "log.example", 20, other_key);
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_E_SIGNER_MISSING);
	sign_head(&b, "log.other", 20, key);
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_E_CHECKPOINT_ORIGIN);
	/* A signature moved to another text. */
	memcpy(b.note, a.note, a.note_len);
	b.note_len = a.note_len;
	b.note[12] = '3';
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_E_SIGNATURE_INVALID);
	b.note[12] = a.note[12];
	b.note[20] = b.note[20] == 'A' ? 'B' : 'A';
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_E_SIGNATURE_INVALID);
	free_log(&a);
	free_log(&b);
}
END_TEST

START_TEST(a_leaf_must_be_in_its_tree)
{
	one_log     a, b;
	uint8_t     out[ROOM];
	size_t      len = sizeof out;
	leaf_of_log of_a, of_b;

	make_log(&a, 20, 20);
	make_log(&b, 30, 7);
	load_leaf(&of_a, &a, 7);
	load_leaf(&of_b, &b, 7);
#define TRY(index)                                                                     \
	aval_evidence_serialize(out, &len, &vkey, (const uint8_t *)a.note, a.note_len, \
	                        (const uint8_t *)b.note, b.note_len, index, &of_a.leaf, &of_b.leaf, NULL)
	ck_assert_int_eq(TRY(20), AVAL_E_PROOF_INDEX);
	ck_assert_int_eq(TRY(6), AVAL_E_PROOF_ROOT_MISMATCH);
	of_a.leaf32[0] ^= 1;
	ck_assert_int_eq(TRY(7), AVAL_E_PROOF_ROOT_MISMATCH);
	of_a.leaf32[0] ^= 1;
	of_b.leaf.path_count--;
	ck_assert_int_eq(TRY(7), AVAL_E_PROOF_LENGTH);
	of_b.leaf.path_count++;
	ck_assert_int_eq(TRY(7), AVAL_OK);
#undef TRY
	free_log(&a);
	free_log(&b);
}
END_TEST

START_TEST(every_bit_of_evidence_counts)
{
	one_log a, b;
	uint8_t out[ROOM];
	size_t  len = sizeof out;

	make_log(&a, 3, 3);
	make_log(&b, 3 + (uint64_t)_i, 1);
	ck_assert_int_eq(_i == 0 ? write_roots(out, &len, &a, &b) : write_leaves(out, &len, &a, &b, 1),
	                 AVAL_OK);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		out[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_msg(verify(out, len) != AVAL_OK, "bit %zu may change", bit);
		out[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t cut = 0; cut < len; cut++)
		ck_assert(verify(out, cut) != AVAL_OK);
	free_log(&a);
	free_log(&b);
}
END_TEST

/* The file is written by hand: what the builder would not write must be refused all the same. */
static size_t by_hand(uint8_t out[ROOM], const char *name, uint64_t version, size_t items, const one_log *first,
                      const one_log *second)
{
	char             text[AVAL_VKEY_MAX_LEN];
	size_t           text_len = sizeof text;
	aval_cbor_writer w;

	ck_assert_int_eq(aval_vkey_serialize(text, &text_len, &vkey, NULL), AVAL_OK);
	aval_cbor_writer_init(&w, out, ROOM);
	aval_cbor_write_array(&w, items);
	aval_cbor_write_text_z(&w, name);
	aval_cbor_write_uint(&w, version);
	aval_cbor_write_text(&w, (aval_text){ text, text_len });
	aval_cbor_write_bytes(&w, (const uint8_t *)first->note, first->note_len);
	aval_cbor_write_bytes(&w, (const uint8_t *)second->note, second->note_len);
	return w.len;
}

START_TEST(forms_that_are_refused)
{
	one_log        a, b, longer;
	uint8_t        out[ROOM];
	aval_evidence  e;
	bool           swap;
	const one_log *first, *second;

	make_log(&a, 20, 20);
	make_log(&b, 20, 7);
	make_log(&longer, 21, 7);
	swap = memcmp(a.note, b.note, a.note_len < b.note_len ? a.note_len : b.note_len) > 0;
	first = swap ? &b : &a;
	second = swap ? &a : &b;
#define PARSE(len) aval_evidence_parse(&e, out, len, NULL)
	ck_assert_int_eq(PARSE(by_hand(out, "aval/evidence", 1, 5, first, second)), AVAL_OK);
	ck_assert_int_eq(PARSE(by_hand(out, "aval/evidence", 1, 5, second, first)), AVAL_E_EVIDENCE_FORMAT);
	ck_assert_int_eq(PARSE(by_hand(out, "aval/evidence", 2, 5, first, second)), AVAL_E_UNSUPPORTED);
	ck_assert_int_eq(PARSE(by_hand(out, "aval/bundle", 1, 5, first, second)), AVAL_E_EVIDENCE_FORMAT);
	ck_assert_int_eq(PARSE(by_hand(out, "aval/evidence", 1, 4, first, second)), AVAL_E_EVIDENCE_FORMAT);
	ck_assert_int_eq(PARSE(by_hand(out, "aval/evidence", 1, 6, first, second)), AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(PARSE(by_hand(out, "aval/evidence", 1, 5, &a, &longer)), AVAL_E_EVIDENCE_FORMAT);
	/* Twice the same checkpoint is in order, and proves nothing. */
	ck_assert_int_eq(PARSE(by_hand(out, "aval/evidence", 1, 5, &a, &a)), AVAL_OK);
	ck_assert_int_eq(aval_evidence_verify(&e, NULL), AVAL_E_EVIDENCE_NONE);
	ck_assert_int_eq(PARSE(AVAL_EVIDENCE_MAX_LEN + 1), AVAL_E_LIMIT);
#undef PARSE
	free_log(&a);
	free_log(&b);
	free_log(&longer);
}
END_TEST

START_TEST(room_for_evidence)
{
	one_log a, b;
	uint8_t out[ROOM] = { 0x77 };
	size_t  len = 0, need;

	make_log(&a, 20, 20);
	make_log(&b, 20, 7);
	ck_assert_int_eq(write_roots(NULL, &len, &a, &b), AVAL_E_BUFFER_TOO_SMALL);
	need = len--;
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert(len == need && out[0] == 0x77);
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_OK);
	ck_assert_uint_eq(len, need);
	free_log(&a);
	free_log(&b);
}
END_TEST

typedef struct reported {
	aval_status  status;
	aval_result  result;
	aval_verdict encoding, signatures, identity, history;
	bool         has_evidence;
} reported;

static reported report_of(const uint8_t *data, size_t len, const aval_policy *policy)
{
	aval_report *report;
	reported     r;

	ck_assert_int_eq(aval_report_new(&report, NULL, NULL), AVAL_OK);
	r.status = aval_verify(report, data, len, policy, NULL);
	ck_assert_int_eq(aval_report_kind_of(report), AVAL_REPORT_EVIDENCE);
	ck_assert_str_eq(aval_report_kind_name(aval_report_kind_of(report)), "evidence");
	r.result = aval_report_result(report);
	r.encoding = aval_report_row_of(report, AVAL_CHECK_ENCODING)->verdict;
	r.signatures = aval_report_row_of(report, AVAL_CHECK_SIGNATURES)->verdict;
	r.identity = aval_report_row_of(report, AVAL_CHECK_IDENTITY)->verdict;
	r.history = aval_report_row_of(report, AVAL_CHECK_HISTORY)->verdict;
	r.has_evidence = aval_report_evidence(report) != NULL;
	ck_assert_ptr_null(aval_report_bundle(report));
	ck_assert_ptr_null(aval_report_token(report));
	for (int check = 1; check <= AVAL_CHECK_COUNT; check++) {
		const aval_report_row *row = aval_report_row_of(report, (aval_check_id)check);

		if (check != AVAL_CHECK_ENCODING && check != AVAL_CHECK_SIGNATURES &&
		    check != AVAL_CHECK_HISTORY && check != AVAL_CHECK_IDENTITY)
			ck_assert(!row->is_required && row->verdict == AVAL_VERDICT_NOT_CHECKED);
	}
	aval_report_free(report);
	return r;
}

START_TEST(verify_reports_evidence)
{
	one_log      a, b;
	uint8_t      out[ROOM];
	size_t       len = sizeof out;
	aval_policy *policy;
	reported     r;

	make_log(&a, 20, 20);
	make_log(&b, 20, 7);
	ck_assert_int_eq(write_roots(out, &len, &a, &b), AVAL_OK);
	r = report_of(out, len, NULL);
	ck_assert(r.status == AVAL_OK && r.result == AVAL_RESULT_VALID && r.has_evidence);
	ck_assert(r.encoding == AVAL_VERDICT_PASS && r.signatures == AVAL_VERDICT_PASS &&
	          r.history == AVAL_VERDICT_PASS);
	ck_assert_int_eq(r.identity, AVAL_VERDICT_NOT_CHECKED);

	/* Who names keys of registries asks whether it is one of them. */
	ck_assert_int_eq(aval_policy_new(&policy, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_policy_add_registry_key(policy, &other_vkey, NULL), AVAL_OK);
	r = report_of(out, len, policy);
	ck_assert(r.status == AVAL_E_VERIFY_INCOMPLETE && r.identity == AVAL_VERDICT_NOT_CHECKED);
	ck_assert_int_eq(aval_policy_add_registry_key(policy, &vkey, NULL), AVAL_OK);
	r = report_of(out, len, policy);
	ck_assert(r.status == AVAL_OK && r.identity == AVAL_VERDICT_PASS);
	aval_policy_free(policy);

	/* The same checkpoint twice, another key's signature, a byte too many. */
	len = by_hand(out, "aval/evidence", 1, 5, &a, &a);
	r = report_of(out, len, NULL);
	ck_assert(r.status == AVAL_E_VERIFY_INVALID && r.signatures == AVAL_VERDICT_PASS &&
	          r.history == AVAL_VERDICT_FAIL);
	sign_head(&b, "log.example", 20, other_key);
	len = by_hand(out, "aval/evidence", 1, 5, memcmp(a.note, b.note, 60) < 0 ? &a : &b,
	              memcmp(a.note, b.note, 60) < 0 ? &b : &a);
	r = report_of(out, len, NULL);
	ck_assert(r.status == AVAL_E_VERIFY_INVALID && r.signatures == AVAL_VERDICT_FAIL && r.has_evidence);
	r = report_of(out, len + 1, NULL);
	ck_assert(r.status == AVAL_E_VERIFY_INVALID && r.encoding == AVAL_VERDICT_FAIL && !r.has_evidence);
	ck_assert(r.signatures == AVAL_VERDICT_NOT_CHECKED && r.history == AVAL_VERDICT_NOT_CHECKED);
	free_log(&a);
	free_log(&b);
}
END_TEST

START_TEST(kinds_have_names)
{
	ck_assert_str_eq(aval_evidence_kind_name(AVAL_EVIDENCE_ROOT), "root");
	ck_assert_str_eq(aval_evidence_kind_name(AVAL_EVIDENCE_LEAF), "leaf");
	ck_assert_str_eq(aval_evidence_kind_name((aval_evidence_kind)0), "");
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("evidence");
	TCase   *tcase = tcase_create("evidence");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 240);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, one_size_two_roots);
	tcase_add_loop_test(tcase, two_sizes_two_leaves, 0, 8);
	tcase_add_test(tcase, an_honest_log_is_not_accused);
	tcase_add_test(tcase, only_the_logs_own_signatures_count);
	tcase_add_test(tcase, a_leaf_must_be_in_its_tree);
	tcase_add_loop_test(tcase, every_bit_of_evidence_counts, 0, 2);
	tcase_add_test(tcase, forms_that_are_refused);
	tcase_add_test(tcase, room_for_evidence);
	tcase_add_test(tcase, verify_reports_evidence);
	tcase_add_test(tcase, kinds_have_names);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
