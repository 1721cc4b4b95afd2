/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: memory that runs out changes nothing, and size costs little. */
#include <time.h>

#include <check.h>

#include "failing_allocator.h"
#include "token/index.h"
#include "token_fixture.h"
#include "token_show.h"

/* Events that take the token through every array that it has, built once. */
enum { LIFE = 5 };
static test_payload life[LIFE];

static void write_life(void)
{
	aval_token *token;
	aval_note   note;
	aval_output sale[] = { output(400, FACTOR, 100), output(600, SUPPLIER, 0) };
	aval_output cut[9];

	test_issue(&life[0], 1000);
	ck_assert_int_eq(aval_token_new(&token, &life[0].event, NOW_MS, NULL, NULL), AVAL_OK);
	for (int i = 1; i < LIFE; i++) {
		aval_accept_options accept = AVAL_ACCEPT_OPTIONS_INIT;
		aval_assign_options assign = AVAL_ASSIGN_OPTIONS_INIT;

		accept.times = assign.times = test_times();
		accept.accept = (aval_accept){ 1000, true, true };
		ck_assert_int_eq(aval_token_note(&note, token, i < 3 ? 0 : i < 4 ? 1 : 2, NULL), AVAL_OK);
		for (int k = 0; k < 9; k++)
			cut[k] = output(k < 8 ? 10 : i == 3 ? 320 : 520, BANK, 10);
		assign.inputs = note.id32;
		assign.input_count = 1;
		assign.outputs = i == 2 ? sale : cut;
		assign.output_count = i == 2 ? 2 : 9;
		assign.assign.kind = AVAL_ASSIGN_SALE;
		life[i].len = sizeof life[i].bytes;
		ck_assert_int_eq(i == 1 ? aval_accept_build(life[i].bytes, &life[i].len, token, &accept, NULL)
		                        : aval_assign_build(life[i].bytes, &life[i].len, token, &assign, NULL),
		                 AVAL_OK);
		test_read(&life[i]);
		ck_assert_int_eq(aval_token_apply(token, &life[i].event, NOW_MS, NULL), AVAL_OK);
	}
	aval_token_free(token);
}

static aval_status live(const aval_allocator *allocator, void *user_data)
{
	static char before[SHOW_MAX], after[SHOW_MAX];
	aval_token *token = NULL, *copy = NULL;
	aval_status status = aval_token_new(&token, &life[0].event, NOW_MS, allocator, NULL);

	(void)user_data;
	ck_assert((token == NULL) == (status != AVAL_OK));
	for (int i = 1; i < LIFE && status == AVAL_OK; i++) {
		token_show(before, token);
		status = aval_token_apply(token, &life[i].event, NOW_MS, NULL);
		token_show(after, token);
		ck_assert((strcmp(before, after) == 0) == (status != AVAL_OK));
	}
	if (status == AVAL_OK)
		status = aval_token_copy(&copy, token, allocator, NULL);
	ck_assert((copy == NULL) == (status != AVAL_OK));
	if (status == AVAL_OK) {
		token_show(before, copy);
		ck_assert_str_eq(before, after);
	}
	aval_token_free(copy);
	aval_token_free(token);
	return status;
}

START_TEST(test_memory)
{
	write_life();
	ck_assert_uint_gt(failing_allocator_walk("life", live, NULL), 15);
}
END_TEST

enum { IDS = 3000 };

/* Ids that differ late, early, and at random. */
START_TEST(test_index)
{
	static uint8_t ids[IDS + 1][32];
	aval_index     index = { .root = AVAL_NONE };
	aval_ids       at = { ids[0], 32 };
	uint64_t       random = 88172645463325252u;

	for (size_t i = 0; i < IDS; i++) {
		for (size_t k = 0; k < 32 && i >= 600; k++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			ids[i][k] = (uint8_t)(random >> 24);
		}
		if (i < 256)
			ids[i][i / 8] = (uint8_t)(1u << i % 8);
		else if (i < 600)
			ids[i][30] = (uint8_t)(i >> 8), ids[i][31] = (uint8_t)i, ids[i][0] = 0xFF;
	}
	ck_assert_uint_eq(aval_index_find(&index, at, ids[0]), AVAL_NONE);
	for (uint32_t i = 0; i < IDS; i++) {
		if (aval_index_find(&index, at, ids[i]) != AVAL_NONE)
			ck_abort_msg("id %u is there before it is added", i);
		ck_assert(aval_vec_reserve(&index.nodes, 1, sizeof(aval_index_node), NULL));
		aval_index_insert(&index, at, i);
	}
	for (uint32_t i = 0; i < IDS; i++) {
		if (aval_index_find(&index, at, ids[i]) != i)
			ck_abort_msg("id %u is not found", i);
		memcpy(ids[IDS], ids[i], 32);
		ids[IDS][31] ^= 0x40;
		if (i >= 600 && aval_index_find(&index, at, ids[IDS]) != AVAL_NONE)
			ck_abort_msg("a neighbour of id %u is found", i);
	}
	aval_free(index.nodes.data, NULL);
}
END_TEST

/* The last live note, split into as many as an event may make. */
static void split_last(aval_token *token, size_t note, int64_t length)
{
	static aval_output outputs[AVAL_EVENT_MAX_OUTPUTS];
	aval_error         err = AVAL_ERROR_INIT;

	for (size_t i = 0; i < AVAL_EVENT_MAX_OUTPUTS; i++)
		outputs[i] = output(i < AVAL_EVENT_MAX_OUTPUTS - 1 ? 1 : length - (AVAL_EVENT_MAX_OUTPUTS - 1),
		                    SUPPLIER, 0);
	ck_ok(test_assign(token, &note, 1, outputs, AVAL_EVENT_MAX_OUTPUTS, AVAL_ASSIGN_REORGANISE, &err),
	      &err);
}

#define EVENTS 400 /* of 255 notes each and the rest: 102,000 live notes */

/* The last events take as long as the first. */
START_TEST(test_many_notes)
{
	aval_token *token = test_token(10000000);
	aval_error  err = AVAL_ERROR_INIT;
	int64_t     left = 10000000;
	clock_t     begin, first = 0, last = 0;
	size_t      live_notes = 0;

	ck_ok(test_accept(token, left, true, &err), &err);
	for (size_t i = 0; i < EVENTS; i++) {
		begin = clock();
		split_last(token, aval_token_note_count(token) - 1, left);
		left -= AVAL_EVENT_MAX_OUTPUTS - 1;
		if (i < EVENTS / 4)
			first += clock() - begin;
		else if (i >= EVENTS - EVENTS / 4)
			last += clock() - begin;
	}
	for (size_t n = aval_token_first_live(token); n != AVAL_NO_NOTE; n = aval_token_next_live(token, n))
		live_notes++;
	ck_assert_uint_eq(live_notes, EVENTS * (AVAL_EVENT_MAX_OUTPUTS - 1) + 1);
	ck_assert_msg(last < 6 * first + CLOCKS_PER_SEC / 10, "the first events took %ld, the last %ld",
	              (long)first, (long)last);
	aval_token_free(token);
}
END_TEST

/* A list of 63 entries, then split and split again: the lists are shared, not copied for every note. */
START_TEST(test_long_lists)
{
	static test_payload p;
	failing_allocator   f;
	aval_token         *token = NULL;
	aval_error          err = AVAL_ERROR_INIT;
	int64_t             left = 1000000;
	size_t              notes;

	failing_allocator_init(&f, 0);
	test_issue(&p, left);
	ck_assert_int_eq(aval_token_new(&token, &p.event, NOW_MS, &f.allocator, NULL), AVAL_OK);
	ck_ok(test_accept(token, left, true, &err), &err);
	for (size_t i = 0; i < AVAL_NOTE_MAX_RECOURSE; i++) {
		aval_output whole = output(left, i % 2 == 0 ? FACTOR : SUPPLIER, i % 3 == 0 ? left : left / 2);

		ck_ok(test_assign(token, &i, 1, &whole, 1, AVAL_ASSIGN_SALE, &err), &err);
	}
	for (size_t i = 0; i < 100; i++) {
		split_last(token, aval_token_note_count(token) - 1, left);
		left -= AVAL_EVENT_MAX_OUTPUTS - 1;
	}
	notes = aval_token_note_count(token);
	ck_assert_uint_gt(notes, 25000);
	ck_assert_msg(f.live_bytes < 250 * notes, "%zu bytes a note", f.live_bytes / notes);
	aval_token_free(token);
	ck_assert_uint_eq(f.live, 0);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("token-size");
	TCase   *tcase = tcase_create("token-size");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_memory);
	tcase_add_test(tcase, test_index);
	tcase_add_test(tcase, test_many_notes);
	tcase_add_test(tcase, test_long_lists);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
