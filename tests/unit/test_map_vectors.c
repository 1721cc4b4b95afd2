/* SPDX-License-Identifier: Apache-2.0 */
/* Maps and a registry's state against the Python models, by the vectors. */
#include <stdio.h>

#include <aval/audit.h>
#include <aval/map.h>
#include <aval/map_proof.h>
#include <aval/state.h>

#include "vectors.h"

#include "map-multi.vectors.h"
#include "map-proof.vectors.h"
#include "map-root.vectors.h"
#include "state.vectors.h"

enum { MAX_PAIRS = 512, MAX_BYTES = 1 << 17 };

static unsigned digit(char c)
{
	ck_assert((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

static size_t hex(uint8_t *out, size_t room, const char *text, size_t len)
{
	ck_assert_uint_eq(len % 2, 0);
	ck_assert_uint_le(len / 2, room);
	for (size_t i = 0; i < len / 2; i++)
		out[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
	return len / 2;
}

/* The field as bytes; a buffer of its length, so that a sanitizer sees the first byte read past the end. */
static aval_bytes take_hex(const struct vector_case *c, const char *name)
{
	const struct vector_field *f = vector_find(c, name);
	aval_bytes                 bytes;
	uint8_t                   *data;

	ck_assert_msg(f != NULL, "%s: no field %s", c->id, name);
	data = malloc(f->len / 2 + 1);
	ck_assert_ptr_nonnull(data);
	bytes.len = hex(data, f->len / 2, f->value, f->len);
	data = realloc(data, bytes.len == 0 ? 1 : bytes.len);
	ck_assert_ptr_nonnull(data);
	bytes.data = data;
	return bytes;
}

static void drop(aval_bytes bytes)
{
	free((void *)(uintptr_t)bytes.data);
}

static void check_hex(const struct vector_case *c, const char *name, const uint8_t *got, size_t len)
{
	aval_bytes want = take_hex(c, name);

	ck_assert_msg(len == want.len && memcmp(got, want.data, len) == 0, "%s: %s differs", c->id, name);
	drop(want);
}

static void check_outcome(const struct vector_case *c, aval_status got, const aval_error *err)
{
	const struct vector_field *offset = vector_find(c, "expect.offset");
	const char                *want = vector_text(c, "expect.status");

	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: got %s, want %s (%s)", c->id, aval_status_name(got), want,
	              err->reason);
	if (offset != NULL)
		ck_assert_msg((size_t)vector_number(c, "expect.offset") == err->offset, "%s: offset %zu, want %s", c->id,
		              err->offset, offset->value);
	else if (got != AVAL_OK)
		ck_assert_msg(err->offset == AVAL_NO_OFFSET, "%s: offset %zu, want none", c->id, err->offset);
}

/* "path=value path= ..." */
typedef struct pair {
	uint8_t path32[32], value32[32];
	bool    has_value;
} pair;

static size_t take_pairs(pair pairs[MAX_PAIRS], const char *text)
{
	size_t count = 0;

	while (*text != '\0') {
		const char *equals = strchr(text, '='), *end = equals + 1 + strcspn(equals + 1, " ");
		pair       *p = &pairs[count++];

		ck_assert_uint_le(count, MAX_PAIRS);
		ck_assert_uint_eq(hex(p->path32, 32, text, (size_t)(equals - text)), 32);
		p->has_value = end > equals + 1;
		if (p->has_value)
			ck_assert_uint_eq(hex(p->value32, 32, equals + 1, (size_t)(end - equals - 1)), 32);
		text = *end == ' ' ? end + 1 : end;
	}
	return count;
}

static aval_map_memory *memory;
static aval_map         map;
static pair             pairs[MAX_PAIRS];

static void start(void)
{
	ck_assert_int_eq(aval_map_memory_new(&memory, NULL, NULL), AVAL_OK);
	aval_map_init(&map, aval_map_memory_store(memory));
}

static void update(const char *text)
{
	static aval_map_change changes[MAX_PAIRS];
	size_t                 count = take_pairs(pairs, text);

	for (size_t i = 0; i < count; i++) {
		memcpy(changes[i].path32, pairs[i].path32, 32);
		memcpy(changes[i].value32, pairs[i].value32, 32);
		changes[i].is_delete = !pairs[i].has_value;
	}
	ck_assert_int_eq(aval_map_update(&map, changes, count, NULL, NULL), AVAL_OK);
	aval_map_memory_release(memory, map.version);
}

START_TEST(root_case)
{
	const struct vector_case *c = &map_root_cases[_i];
	char                      name[40];

	start();
	for (long long i = 0; i < vector_number(c, "input.batches"); i++) {
		snprintf(name, sizeof name, "input.batches.%lld", i);
		update(vector_text(c, name));
		snprintf(name, sizeof name, "expect.roots.%lld", i);
		check_hex(c, name, map.root32, 32);
		snprintf(name, sizeof name, "expect.counts.%lld", i);
		ck_assert_int_eq((long long)map.count, vector_number(c, name));
	}
	aval_map_memory_free(memory);
}
END_TEST

static bool has_flag(const struct vector_case *c, const char *flag)
{
	for (long long i = 0; i < vector_number(c, "flags"); i++) {
		char name[40];

		snprintf(name, sizeof name, "flags.%lld", i);
		if (strcmp(vector_text(c, name), flag) == 0)
			return true;
	}
	return false;
}

static void check_prove(const struct vector_case *c)
{
	uint8_t    proof[AVAL_MAP_PROOF_MAX_LEN];
	size_t     len = sizeof proof;
	aval_bytes path = take_hex(c, "input.path");

	start();
	update(vector_text(c, "input.items"));
	check_hex(c, "expect.root", map.root32, 32);
	ck_assert_int_eq(aval_map_prove(proof, &len, &map, path.data, NULL), AVAL_OK);
	check_hex(c, "expect.proof", proof, len);
	aval_map_memory_free(memory);
	drop(path);
}

static void check_verify(const struct vector_case *c)
{
	aval_bytes  root = take_hex(c, "input.root"), path = take_hex(c, "input.path"), value = take_hex(c, "input.value");
	aval_bytes  proof = take_hex(c, "input.proof");
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got;

	if (value.len == 0)
		got = aval_map_verify_absent(root.data, path.data, proof.data, proof.len, &err);
	else
		got = aval_map_verify_present(root.data, path.data, value.data, proof.data, proof.len, &err);
	check_outcome(c, got, &err);
	drop(root);
	drop(path);
	drop(value);
	drop(proof);
}

START_TEST(proof_case)
{
	const struct vector_case *c = &map_proof_cases[_i];

	if (has_flag(c, "prove"))
		check_prove(c);
	else
		check_verify(c);
}
END_TEST

static void check_prove_many(const struct vector_case *c, size_t count)
{
	static uint8_t paths[32 * MAX_PAIRS], proof[MAX_BYTES];
	size_t         len = sizeof proof;

	for (size_t i = 0; i < count; i++)
		memcpy(paths + 32 * i, pairs[i].path32, 32);
	start();
	update(vector_text(c, "input.items"));
	check_hex(c, "input.root", map.root32, 32);
	ck_assert_int_eq(aval_map_prove_many(proof, &len, &map, paths, count, NULL), AVAL_OK);
	check_hex(c, "input.proof", proof, len);
	aval_map_memory_free(memory);
}

START_TEST(multi_case)
{
	static aval_map_claim     claims[MAX_PAIRS];
	const struct vector_case *c = &map_multi_cases[_i];
	aval_bytes                root = take_hex(c, "input.root"), proof = take_hex(c, "input.proof");
	size_t                    count = take_pairs(pairs, vector_text(c, "input.claims"));
	aval_error                err = AVAL_ERROR_INIT;
	aval_status               got;

	for (size_t i = 0; i < count; i++) {
		memcpy(claims[i].path32, pairs[i].path32, 32);
		memcpy(claims[i].value32, pairs[i].value32, 32);
		claims[i].is_absent = !pairs[i].has_value;
	}
	got = aval_map_verify_many(root.data, claims, count, proof.data, proof.len, &err);
	check_outcome(c, got, &err);
	if (has_flag(c, "prove"))
		check_prove_many(c, count);
	drop(root);
	drop(proof);
}
END_TEST

static void check_key(const struct vector_case *c)
{
	aval_bytes     id = take_hex(c, "input.id");
	aval_state_key key = { (aval_state_kind)vector_number(c, "input.kind"), id };
	uint8_t        path[32], preimage[AVAL_STATE_PREIMAGE_MAX_LEN];
	size_t         len = sizeof preimage;

	ck_assert_int_eq(aval_state_key_path(path, &key, NULL), AVAL_OK);
	check_hex(c, "expect.path", path, 32);
	ck_assert_int_eq(aval_state_key_preimage(preimage, &len, &key, NULL), AVAL_OK);
	check_hex(c, "expect.preimage", preimage, len);
	drop(id);
}

static void check_entry(const struct vector_case *c)
{
	aval_bytes  bytes = take_hex(c, "input.bytes");
	uint8_t     again[AVAL_ENTRY_MAX_LEN];
	size_t      len = sizeof again;
	aval_entry  entry;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got = aval_entry_parse(&entry, bytes.data, bytes.len, &err);

	check_outcome(c, got, &err);
	if (got == AVAL_OK) {
		ck_assert_int_eq(aval_entry_serialize(again, &len, &entry, NULL), AVAL_OK);
		check_hex(c, "input.bytes", again, len);
	}
	drop(bytes);
}

static void check_delta(const struct vector_case *c)
{
	aval_bytes        bytes = take_hex(c, "input.bytes");
	aval_state_change changes[8];
	uint8_t           again[2048];
	size_t            len = sizeof again, count = 0;
	aval_delta        delta;
	aval_error        err = AVAL_ERROR_INIT;
	aval_status       got = aval_delta_parse(&delta, bytes.data, bytes.len, &err);

	check_outcome(c, got, &err);
	if (got == AVAL_OK) {
		while (count < 8 && aval_delta_next(&delta, &changes[count]))
			count++;
		ck_assert_uint_eq(count, delta.count);
		ck_assert_int_eq(aval_delta_serialize(again, &len, changes, count, NULL), AVAL_OK);
		check_hex(c, "input.bytes", again, len);
	}
	drop(bytes);
}

static aval_status add_entry(aval_audit *audit, const struct vector_case *c, long long i, aval_error *err)
{
	char        name[40];
	aval_bytes  entry, delta;
	aval_status status;

	snprintf(name, sizeof name, "input.entries.%lld", i);
	entry = take_hex(c, name);
	snprintf(name, sizeof name, "input.deltas.%lld", i);
	delta = take_hex(c, name);
	status = aval_audit_add(audit, entry.data, entry.len, delta.data, delta.len, err);
	drop(entry);
	drop(delta);
	return status;
}

static void check_audit(const struct vector_case *c)
{
	aval_audit *audit;
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = AVAL_OK;
	uint8_t     root[32];

	ck_assert_int_eq(aval_audit_new(&audit, NULL, NULL), AVAL_OK);
	for (long long i = 0; status == AVAL_OK && i < vector_number(c, "input.entries"); i++)
		status = add_entry(audit, c, i, &err);
	err.offset = AVAL_NO_OFFSET; /* it is one in the entry or in the delta, which the model does not tell apart */
	check_outcome(c, status, &err);
	ck_assert_int_eq((long long)aval_audit_size(audit), vector_number(c, "expect.agreed"));
	aval_audit_log_root(root, audit);
	check_hex(c, "expect.log_root", root, 32);
	/* The model's map goes on between two states, this one does not. */
	if (aval_audit_check(audit, aval_audit_size(audit), root, NULL) == AVAL_OK)
		check_hex(c, "expect.map_root", aval_audit_map(audit)->root32, 32);
	aval_audit_free(audit);
}

START_TEST(state_case)
{
	const struct vector_case *c = &state_cases[_i];

	if (has_flag(c, "key"))
		check_key(c);
	else if (has_flag(c, "entry"))
		check_entry(c);
	else if (has_flag(c, "delta"))
		check_delta(c);
	else
		check_audit(c);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("map_vectors");
	TCase   *tc = tcase_create("map_vectors");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, root_case, 0, MAP_ROOT_COUNT);
	tcase_add_loop_test(tc, proof_case, 0, MAP_PROOF_COUNT);
	tcase_add_loop_test(tc, multi_case, 0, MAP_MULTI_COUNT);
	tcase_add_loop_test(tc, state_case, 0, STATE_COUNT);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
