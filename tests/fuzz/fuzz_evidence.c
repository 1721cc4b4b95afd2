/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence: what is parsed is written again to the same bytes if it proves something, and its parts lie within
 * the input.
 */
#include <string.h>

#include <aval/evidence.h>
#include <aval/verify.h>

#include "fuzz.h"

static aval_bytes note_of(const aval_checkpoint *c)
{
	return (aval_bytes){ (const uint8_t *)c->note.text.data,
		             c->note.text.len + 1 + c->note.signature_lines.len };
}

static bool is_inside(aval_bytes part, const uint8_t *data, size_t size)
{
	return part.len == 0 || (part.data >= data && part.data + part.len <= data + size);
}

/* Roots alone; leaves are written again by the unit tests. */
static void write_again(const aval_evidence *e, const uint8_t *data, size_t size)
{
	static uint8_t out[AVAL_EVIDENCE_MAX_LEN];
	size_t         len = sizeof out;
	aval_bytes     first = note_of(&e->first), second = note_of(&e->second);

	if (e->kind != AVAL_EVIDENCE_ROOT)
		return;
	FUZZ_REQUIRE(aval_evidence_serialize(out, &len, &e->vkey, second.data, second.len, first.data,
	                                     first.len, 0, NULL, NULL, NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == size && memcmp(out, data, len) == 0);
}

static void try_report(const uint8_t *data, size_t size, bool is_evidence, bool is_valid)
{
	aval_report *report;
	aval_status  status;

	FUZZ_REQUIRE(aval_report_new(&report, NULL, NULL) == AVAL_OK);
	status = aval_verify(report, data, size, NULL, NULL);
	if (is_evidence) {
		FUZZ_REQUIRE(aval_report_kind_of(report) == AVAL_REPORT_EVIDENCE &&
		             aval_report_evidence(report) != NULL);
		FUZZ_REQUIRE((status == AVAL_OK) == is_valid);
	}
	aval_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_evidence e;
	aval_error    err = AVAL_ERROR_INIT;
	aval_status   status = aval_evidence_parse(&e, data, size, &err);
	bool          is_evidence = status == AVAL_OK, is_valid = false;

	if (!is_evidence) {
		FUZZ_REQUIRE(err.status == status && err.reason[0] != '\0');
	} else {
		FUZZ_REQUIRE(is_inside(note_of(&e.first), data, size) &&
		             is_inside(note_of(&e.second), data, size));
		FUZZ_REQUIRE(is_inside(e.paths[0], data, size) && is_inside(e.paths[1], data, size));
		FUZZ_REQUIRE((e.kind == AVAL_EVIDENCE_LEAF) == (e.first.size != e.second.size));
		FUZZ_REQUIRE(e.first.size <= e.second.size);
		is_valid = aval_evidence_verify(&e, NULL) == AVAL_OK;
		if (is_valid)
			write_again(&e, data, size);
	}
	try_report(data, size, is_evidence, is_valid);
	return 0;
}
