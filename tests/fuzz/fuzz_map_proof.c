/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs of a map: what parses is written again with the same bytes, and of all bytes there are only the proofs
 * that the map itself makes verify, about one key and about many.
 */
#include <string.h>

#include <aval/map.h>
#include <aval/map_proof.h>

#include "cbor/cbor.h"
#include "fuzz.h"
#include "hash/hash.h"

enum { KEYS = 9, CLAIMS = 5, ROOM = 1 << 16 };

static aval_map_memory *memory;
static aval_map         map;
static aval_map_claim   claims[CLAIMS];
static uint8_t          proofs[CLAIMS][AVAL_MAP_PROOF_MAX_LEN], many[ROOM];
static size_t           proof_lens[CLAIMS], many_len;

/* Keys that fork at several depths, and claims about some of them and some others: the same on every run. */
static void set_up(void)
{
	static const uint8_t firsts[KEYS] = { 0x00, 0x01, 0x02, 0x10, 0x40, 0x80, 0x81, 0xc0, 0xff };
	static const uint8_t asked[CLAIMS] = { 0x01, 0x03, 0x40, 0x90, 0xc1 };
	aval_map_change      changes[KEYS] = { { .is_delete = false } };
	uint8_t              paths[32 * CLAIMS];

	FUZZ_REQUIRE(aval_map_memory_new(&memory, NULL, NULL) == AVAL_OK);
	aval_map_init(&map, aval_map_memory_store(memory));
	for (size_t i = 0; i < KEYS; i++) {
		changes[i].path32[0] = firsts[i];
		changes[i].value32[0] = 1;
	}
	FUZZ_REQUIRE(aval_map_update(&map, changes, KEYS, NULL, NULL) == AVAL_OK);
	for (size_t i = 0; i < CLAIMS; i++) {
		claims[i].path32[0] = asked[i];
		claims[i].is_absent = aval_map_get(claims[i].value32, &map, claims[i].path32, NULL) != AVAL_OK;
		memcpy(paths + 32 * i, claims[i].path32, 32);
		proof_lens[i] = sizeof proofs[i];
		FUZZ_REQUIRE(aval_map_prove(proofs[i], &proof_lens[i], &map, claims[i].path32, NULL) ==
		             AVAL_OK);
	}
	many_len = sizeof many;
	FUZZ_REQUIRE(aval_map_prove_many(many, &many_len, &map, paths, CLAIMS, NULL) == AVAL_OK);
}

static void write_again(const aval_map_proof *p, const uint8_t *data, size_t size)
{
	uint8_t          out[AVAL_MAP_PROOF_MAX_LEN];
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, out, sizeof out);
	aval_cbor_write_array(&w, p->end == AVAL_MAP_END_OTHER ? 6 : 4);
	aval_cbor_write_uint(&w, p->end);
	aval_cbor_write_uint(&w, p->depth);
	aval_cbor_write_bytes(&w, p->bitmap, (p->depth + 7) / 8);
	aval_cbor_write_bytes(&w, p->siblings, 32 * p->sibling_count);
	if (p->end == AVAL_MAP_END_OTHER) {
		aval_cbor_write_bytes(&w, p->other_path32, 32);
		aval_cbor_write_bytes(&w, p->other_value32, 32);
	}
	FUZZ_REQUIRE(w.len == size && memcmp(out, data, size) == 0);
}

static void check_one(size_t i, const uint8_t *data, size_t size, aval_status parsed)
{
	const aval_map_claim *c = &claims[i];
	aval_error            err = AVAL_ERROR_INIT;
	aval_status           status;

	if (c->is_absent)
		status = aval_map_verify_absent(map.root32, c->path32, data, size, &err);
	else
		status = aval_map_verify_present(map.root32, c->path32, c->value32, data, size, &err);
	FUZZ_REQUIRE((status == AVAL_OK) == (size == proof_lens[i] && memcmp(data, proofs[i], size) == 0));
	FUZZ_REQUIRE(parsed == AVAL_OK || status == parsed);
	FUZZ_REQUIRE(status == AVAL_OK || (err.status == status && err.reason[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aval_map_proof p;
	aval_status    status;

	if (memory == NULL)
		set_up();
	status = aval_map_proof_parse(&p, data, size, NULL);
	if (status == AVAL_OK)
		write_again(&p, data, size);
	for (size_t i = 0; i < CLAIMS; i++)
		check_one(i, data, size, status);
	status = aval_map_verify_many(map.root32, claims, CLAIMS, data, size, NULL);
	FUZZ_REQUIRE((status == AVAL_OK) == (size == many_len && memcmp(data, many, size) == 0));
	return 0;
}
