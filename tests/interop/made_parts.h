/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_MADE_PARTS_H
#define AVAL_TESTS_MADE_PARTS_H

#include "make_bundles.h"

#define T_LEI "lei:5299000AVALTEST00079"

typedef void made_function(made *m, const test_world *w, int variant);

made_function make_sample, make_answer, make_batch, make_broken, make_named_supplier, make_draft, make_history, make_unlawful_draft,
	make_keys, make_key_algorithm, make_signature, make_disclosure, make_source, make_frame, make_bytes,
	make_typ;

/* Where bytes stand in the bundle; put the parts together, and tell where the part that decides begins (NULL:
 * none). */
size_t made_find(const test_blob *blob, aval_bytes bytes);
void   made_finish(made *m, const test_parts *p, const aval_bytes *decides);

enum { ANSWER_LOWER, ANSWER_REJECT, ANSWER_VOID };
enum { NAMED_KNOWN, NAMED_UNKNOWN, NAMED_TWO_KEYS };
enum { DRAFT_LAST, DRAFT_ACCEPT, DRAFT_MIDDLE };
enum {
	HISTORY_REORDERED,
	HISTORY_DROPPED,
	HISTORY_TWICE,
	HISTORY_OTHER_TOKEN,
	HISTORY_TWO_ISSUES,
	HISTORY_NO_ISSUE
};
enum { BATCH_WHOLE, BATCH_GRAFTED };
enum { BROKEN_SIGNATURE_BEFORE, BROKEN_SIGNATURE_AT, BROKEN_SIGNATURE_BEHIND };
enum { KEYS_SWAPPED, KEYS_TWICE, KEYS_MISSING, KEYS_UNUSED, KEYS_NONE, KEYS_MALFORMED, KEYS_OFF_CURVE };
enum { SIGNATURE_HIGH_S, SIGNATURE_OF_OTHER, SIGNATURE_ZERO };
enum {
	DISCLOSURE_NONE,
	DISCLOSURE_TWICE,
	DISCLOSURE_OTHER_TOKEN,
	DISCLOSURE_OTHER_SEED,
	DISCLOSURE_EMPTY,
	DISCLOSURE_NO_ITEM
};
enum { SOURCE_BESIDE, SOURCE_ALONE, SOURCE_OTHER_FILE, SOURCE_OTHER_KEY, SOURCE_EMPTY };
enum {
	FRAME_NAME,
	FRAME_VERSION,
	FRAME_SECTION,
	FRAME_NEGATIVE_SECTION,
	FRAME_NO_EVENTS,
	FRAME_NO_KEYS,
	FRAME_EMPTY_EVENTS,
	FRAME_TRAILING,
	FRAME_FOUR_ITEMS,
	FRAME_TRUNCATED
};
enum {
	BYTES_NONE,
	BYTES_TEXT,
	BYTES_OTHER_KIND,
	BYTES_COUNT,
	BYTES_LONG_STRING,
	BYTES_INDEFINITE,
	BYTES_NOT_SHORTEST
};

#endif /* AVAL_TESTS_MADE_PARTS_H */
