/* SPDX-License-Identifier: Apache-2.0 */
/* The vectors of evidence: each is judged as it says, and what is valid is written again to the same bytes. */
#include <check.h>
#include <stdlib.h>

#include <aval/evidence.h>

#include "vectors.h"

#include "evidence-file.vectors.h"

static aval_bytes note_of(const aval_checkpoint *c)
{
	return (aval_bytes){ (const uint8_t *)c->note.text.data,
		             c->note.text.len + 1 + c->note.signature_lines.len };
}

/* Fewer than 24 hashes in CBOR, side by side. */
static aval_evidence_leaf leaf_of(uint8_t *path, const aval_evidence *e, size_t side)
{
	size_t count = e->paths[side].len == 0 ? 0 : e->paths[side].data[0] - 0x80u;

	ck_assert_uint_lt(count, 24);
	for (size_t i = 0; i < count; i++)
		memcpy(path + 32 * i, e->paths[side].data + 1 + 34 * i + 2, 32);
	return (aval_evidence_leaf){ e->leaves[side], path, count };
}

/* By the two given in the other order. */
static void write_again(const struct vector_case *c, const aval_evidence *e, const uint8_t *data, size_t len)
{
	static uint8_t     out[AVAL_EVIDENCE_MAX_LEN];
	uint8_t            paths[2][32 * 24];
	aval_evidence_leaf first = leaf_of(paths[0], e, 0), second = leaf_of(paths[1], e, 1);
	bool               has_leaf = e->kind == AVAL_EVIDENCE_LEAF;
	size_t             room = sizeof out;

	ck_assert_int_eq(aval_evidence_serialize(out, &room, &e->vkey, note_of(&e->second).data,
	                                         note_of(&e->second).len, note_of(&e->first).data,
	                                         note_of(&e->first).len, e->index, has_leaf ? &second : NULL,
	                                         has_leaf ? &first : NULL, NULL),
	                 AVAL_OK);
	ck_assert_msg(room == len && memcmp(out, data, len) == 0, "%s: written otherwise", c->id);
}

START_TEST(vector_case)
{
	const struct vector_case *c = &evidence_file_cases[_i];
	const char               *want = vector_text(c, "expect.status");
	size_t                    len;
	uint8_t                  *data = vector_hex(c, "input.evidence", &len);
	aval_evidence             evidence;
	aval_error                err = AVAL_ERROR_INIT;
	aval_status               got = aval_evidence_parse(&evidence, data, len, &err);

	if (got == AVAL_OK)
		got = aval_evidence_verify(&evidence, &err);
	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: got %s, want %s (%s: %s)", c->id,
	              aval_status_name(got), want, err.where, err.reason);
	if (got == AVAL_OK)
		write_again(c, &evidence, data, len);
	free(data);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("evidence_file");
	TCase   *tcase = tcase_create("evidence_file");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, vector_case, 0, EVIDENCE_FILE_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
