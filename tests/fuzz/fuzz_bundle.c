/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundles and their verification. What is read is written again to the same bytes. A report never passes a row
 * and gives it a failure, nor fails one without, and by a policy that trusts nobody nothing is valid. Memory
 * stays within a small multiple of the bytes.
 */
#include <string.h>

#include <aval/verify.h>

#include "fuzz.h"

/* Views of events and keys, notes, an imported invoice with its commitment: generous, but no count is believed.
 */
enum { MEMORY_FACTOR = 64, MEMORY_BASE = 1 << 23 };

typedef struct budget {
	aval_allocator allocator;
	size_t         live, most;
} budget;

static void *take(size_t size, void *user_data)
{
	budget *b = user_data;
	size_t *block = malloc(size + 16);

	FUZZ_REQUIRE(block != NULL);
	*block = size;
	b->live += size;
	FUZZ_REQUIRE(b->live <= b->most);
	return (char *)block + 16;
}

static void give(void *pointer, void *user_data)
{
	budget *b = user_data;
	size_t *block;

	if (pointer == NULL)
		return;
	block = (size_t *)(void *)((char *)pointer - 16);
	b->live -= *block;
	free(block);
}

static void check_row(const aval_report *report, aval_check_id check, size_t size)
{
	const aval_report_row *row = aval_report_row_of(report, check);

	FUZZ_REQUIRE(row->check == check && row->where != NULL && row->reason != NULL);
	FUZZ_REQUIRE((row->verdict == AVAL_VERDICT_PASS) == (row->status == AVAL_OK));
	FUZZ_REQUIRE(row->verdict == AVAL_VERDICT_PASS || row->reason[0] != '\0');
	FUZZ_REQUIRE(row->verdict != AVAL_VERDICT_ATTESTED);
	FUZZ_REQUIRE(row->offset == AVAL_NO_OFFSET || row->offset <= size);
}

static void check_report(const aval_report *report, aval_status status, size_t size)
{
	bool is_failed = false;

	for (int i = 1; i <= AVAL_CHECK_COUNT; i++) {
		check_row(report, (aval_check_id)i, size);
		is_failed |= aval_report_row_of(report, (aval_check_id)i)->verdict == AVAL_VERDICT_FAIL;
	}
	FUZZ_REQUIRE(status == (is_failed ? AVAL_E_VERIFY_INVALID : AVAL_E_VERIFY_INCOMPLETE));
	FUZZ_REQUIRE((aval_report_bundle(report) != NULL) ==
	             (aval_report_row_of(report, AVAL_CHECK_ENCODING)->verdict == AVAL_VERDICT_PASS));
}

static void write_again(const aval_bundle *bundle, const uint8_t *data, size_t size)
{
	size_t   len = 0;
	uint8_t *out = malloc(size + 1);

	FUZZ_REQUIRE(aval_bundle_serialize(NULL, &len, bundle, NULL) == AVAL_E_BUFFER_TOO_SMALL && len == size);
	FUZZ_REQUIRE(out != NULL && aval_bundle_serialize(out, &len, bundle, NULL) == AVAL_OK);
	FUZZ_REQUIRE(memcmp(out, data, size) == 0);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	budget       b = { { sizeof b.allocator, take, give, &b }, 0, MEMORY_BASE + MEMORY_FACTOR * size };
	aval_report *report = NULL;
	aval_bundle *bundle = NULL;
	aval_error   err = AVAL_ERROR_INIT;
	aval_status  status;

	FUZZ_REQUIRE(aval_report_new(&report, &b.allocator, NULL) == AVAL_OK);
	status = aval_verify(report, data, size, NULL, &err);
	FUZZ_REQUIRE(err.status == status && err.reason[0] != '\0');
	check_report(report, status, size);
	if (aval_bundle_parse(&bundle, data, size, &b.allocator, &err) == AVAL_OK)
		write_again(bundle, data, size);
	else
		FUZZ_REQUIRE(err.offset == AVAL_NO_OFFSET || err.offset <= size);
	aval_bundle_free(bundle);
	aval_report_free(report);
	FUZZ_REQUIRE(b.live == 0);
	return 0;
}
