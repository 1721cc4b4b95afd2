/* SPDX-License-Identifier: Apache-2.0 */
/* Entries, deltas and the values of fingerprints: what parses is written again with the same bytes. */
#include <string.h>

#include <aval/state.h>

#include "fuzz.h"

enum { MAX_CHANGES = 512, ROOM = 1 << 17 };

static void check_entry(const uint8_t *data, size_t size)
{
	uint8_t    out[AVAL_ENTRY_MAX_LEN];
	size_t     len = sizeof out;
	aval_entry entry;
	aval_error err = AVAL_ERROR_INIT;

	if (aval_entry_parse(&entry, data, size, &err) != AVAL_OK) {
		FUZZ_REQUIRE(err.offset <= size && err.reason[0] != '\0');
		return;
	}
	FUZZ_REQUIRE(aval_entry_serialize(out, &len, &entry, NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == size && memcmp(out, data, size) == 0);
}

static void check_delta(const uint8_t *data, size_t size)
{
	static aval_state_change changes[MAX_CHANGES];
	static uint8_t           out[ROOM];
	size_t                   len = sizeof out, count = 0;
	aval_delta               delta;
	aval_error               err = AVAL_ERROR_INIT;
	uint8_t                  path[32];

	if (aval_delta_parse(&delta, data, size, &err) != AVAL_OK) {
		FUZZ_REQUIRE(err.offset <= size && err.reason[0] != '\0');
		return;
	}
	while (count < MAX_CHANGES && aval_delta_next(&delta, &changes[count]))
		FUZZ_REQUIRE(aval_state_key_path(path, &changes[count++].key, NULL) == AVAL_OK);
	if (count != delta.count || size > sizeof out)
		return;
	FUZZ_REQUIRE(aval_delta_serialize(out, &len, changes, count, NULL) == AVAL_OK);
	FUZZ_REQUIRE(len == size && memcmp(out, data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t                out[AVAL_STATE_FINGERPRINT_LEN];
	aval_state_fingerprint fingerprint;

	check_entry(data, size);
	check_delta(data, size);
	if (aval_state_fingerprint_parse(&fingerprint, data, size, NULL) == AVAL_OK) {
		aval_state_fingerprint_serialize(out, &fingerprint);
		FUZZ_REQUIRE(size == sizeof out && memcmp(out, data, size) == 0);
	}
	return 0;
}
