/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a MuSig2 session: those of another program by vectors, and those made here read back. */
#include <check.h>
#include <stdlib.h>

#include <aval/musig_file.h>

#include "crypto_fixture.h"
#include "failing_allocator.h"
#include "sign/musig.h"
#include "vectors.h"

#include "musig-file.vectors.h"

typedef struct bytes {
	uint8_t *data;
	size_t   len;
} bytes;

static bytes field(const struct vector_case *c, const char *name)
{
	bytes b;

	b.data = vector_hex(c, name, &b.len);
	return b;
}

static void equals_field(const struct vector_case *c, const char *name, const void *got, size_t len)
{
	bytes want = field(c, name);

	ck_assert_msg(want.len == len && memcmp(want.data, got, len) == 0, "%s: another %s", c->id, name);
	free(want.data);
}

static aval_status run_group(const struct vector_case *c, bytes data, aval_error *err)
{
	aval_musig_keys *keys = NULL;
	uint8_t          again[AVAL_MUSIG_GROUP_MAX_LEN], point65[65];
	size_t           len = sizeof again;
	aval_status      status = aval_musig_keys_parse(&keys, data.data, data.len, NULL, err);

	if (status != AVAL_OK)
		return status;
	ck_assert_uint_eq(aval_musig_keys_count(keys), (size_t)vector_number(c, "expect.count"));
	aval_public_key_point(point65, aval_musig_keys_aggregate(keys));
	equals_field(c, "expect.aggregate", point65 + 1, 32);
	ck_assert_int_eq(aval_musig_keys_serialize(again, &len, keys, NULL), AVAL_OK);
	equals_field(c, "input.data", again, len);
	aval_musig_keys_free(keys);
	return status;
}

static aval_status run_session(const struct vector_case *c, bytes data, aval_error *err)
{
	aval_musig_request request;
	aval_musig_keys   *keys = NULL;
	uint8_t            again[AVAL_MUSIG_REQUEST_MAX_LEN], name32[32];
	size_t             len = sizeof again;
	aval_status        status = aval_musig_request_parse(&request, &keys, data.data, data.len, NULL, err);
	const char        *party;
	bytes              message;

	if (status != AVAL_OK)
		return status;
	party = vector_text(c, "expect.party");
	message = field(c, "input.message");
	equals_field(c, "expect.id", request.id32, 32);
	ck_assert_uint_eq(request.role, (uint64_t)vector_number(c, "expect.role"));
	ck_assert_uint_eq(request.party.len, strlen(party));
	ck_assert_mem_eq(request.party.data, party, request.party.len);
	aval_musig_request_name(name32, &request, keys, message.data, message.len);
	if (request.party.len != 128)
		equals_field(c, "expect.name", name32, 32);
	ck_assert_int_eq(aval_musig_request_serialize(again, &len, &request, keys, NULL), AVAL_OK);
	equals_field(c, "input.data", again, len);
	free(message.data);
	aval_musig_keys_free(keys);
	return status;
}

static aval_status run_part(const struct vector_case *c, bytes data, bool is_nonce, aval_error *err)
{
	bytes       name = field(c, "input.session"), nonces = field(c, "input.nonces");
	size_t      index = (size_t)vector_number(c, "input.index"), count = nonces.len / 66;
	uint8_t     content[66], again[AVAL_MUSIG_PART_FILE_LEN], untouched[66];
	size_t      len = sizeof again, content_len = is_nonce ? 66 : 32;
	aval_status status;

	memset(content, 0xEE, sizeof content);
	memset(untouched, 0xEE, sizeof untouched);
	status = is_nonce ? aval_musig_public_nonce_parse(content, data.data, data.len, name.data, index, err)
	                  : aval_musig_partial_parse(content, data.data, data.len, name.data, index,
	                                             nonces.data, count, err);
	if (status == AVAL_OK) {
		equals_field(c, "expect.content", content, content_len);
		ck_assert_int_eq(is_nonce ? aval_musig_public_nonce_serialize(again, &len, name.data, index,
		                                                              content, NULL)
		                          : aval_musig_partial_serialize(again, &len, name.data, index,
		                                                         nonces.data, count, content, NULL),
		                 AVAL_OK);
		equals_field(c, "input.data", again, len);
	} else {
		ck_assert_mem_eq(content, untouched, sizeof content);
	}
	free(name.data);
	free(nonces.data);
	return status;
}

static aval_status run(const struct vector_case *c, bytes data, aval_error *err)
{
	const char *kind = vector_text(c, "input.kind");

	if (strcmp(kind, "group") == 0)
		return run_group(c, data, err);
	if (strcmp(kind, "session") == 0)
		return run_session(c, data, err);
	return run_part(c, data, strcmp(kind, "nonce") == 0, err);
}

START_TEST(test_vector)
{
	const struct vector_case *c = &musig_file_cases[_i];
	bytes                     data = field(c, "input.data");
	const char               *want = vector_text(c, "expect.status");
	aval_error                err = AVAL_ERROR_INIT;
	aval_status               got = run(c, data, &err);

	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: got %s (%s), want %s", c->id,
	              aval_status_name(got), err.reason, want);
	ck_assert_int_eq(err.status, got);
	if (vector_find(c, "expect.offset") != NULL)
		ck_assert_msg(err.offset == (size_t)vector_number(c, "expect.offset"),
		              "%s: offset %zu, want %lld", c->id, err.offset,
		              vector_number(c, "expect.offset"));
	free(data.data);
}
END_TEST

/* Nothing shorter is a file, and no flipped bit leaves the same file: a member, a nonce or a name is another
 * one. */
START_TEST(test_cut_and_flipped)
{
	const struct vector_case *c = &musig_file_cases[_i];
	bytes                     data = field(c, "input.data");
	bool                      is_good = strcmp(vector_text(c, "expect.status"), "AVAL_OK") == 0;
	bool                      is_part = vector_find(c, "input.index") != NULL;
	aval_error                err = AVAL_ERROR_INIT;

	for (size_t len = 0; is_good && len < data.len; len++)
		ck_assert_msg(run(c, (bytes){ data.data, len }, &err) == AVAL_E_CBOR_TRUNCATED ||
		                      err.status == AVAL_E_CBOR_COUNT,
		              "%s cut to %zu bytes: %s", c->id, len, aval_status_name(err.status));
	/* The content of a part is anything at all; what stands before it is not. */
	for (size_t bit = 0; is_good && is_part && bit < 8 * (data.len - 66); bit++) {
		data.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert_msg(run(c, data, &err) != AVAL_OK, "%s with bit %zu flipped", c->id, bit);
		data.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	free(data.data);
}
END_TEST

/* The longest files of each kind are as long as the header says. */
START_TEST(test_longest)
{
	static const uint8_t zero[66];
	aval_public_key     *members = calloc(AVAL_MUSIG_MAX_MEMBERS, sizeof members[0]);
	char                 party[AVAL_PARTY_MAX_LEN + 1];
	aval_musig_request   request = { sizeof request, { 0 }, UINT64_MAX, { party, AVAL_PARTY_MAX_LEN } };
	test_entropy         entropy;
	aval_musig_keys     *keys = NULL;
	uint8_t             *out = malloc(AVAL_MUSIG_REQUEST_MAX_LEN);
	size_t               len = AVAL_MUSIG_REQUEST_MAX_LEN;

	memset(party, 'p', sizeof party);
	ck_assert(members != NULL && out != NULL);
	for (unsigned i = 0; i < AVAL_MUSIG_MAX_MEMBERS; i++) {
		aval_secret_key *key = test_key(AVAL_ALG_SCHNORR, i + 1, test_entropy_init(&entropy));

		members[i] = *aval_secret_key_public(key);
		aval_secret_key_free(key);
	}
	ck_assert_int_eq(aval_musig_keys_new(&keys, members, AVAL_MUSIG_MAX_MEMBERS, NULL, NULL), AVAL_OK);
	ck_assert_int_eq(aval_musig_request_serialize(out, &len, &request, keys, NULL), AVAL_OK);
	ck_assert_uint_eq(len, AVAL_MUSIG_REQUEST_MAX_LEN);
	request.party.len++;
	ck_assert_int_eq(aval_musig_request_serialize(out, &len, &request, keys, NULL), AVAL_E_LIMIT);
	request.struct_size = 0;
	ck_assert_int_eq(aval_musig_request_serialize(out, &len, &request, keys, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_musig_keys_serialize(NULL, &len, keys, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, AVAL_MUSIG_GROUP_MAX_LEN);
	out[0] = 0x77;
	len--;
	ck_assert_int_eq(aval_musig_keys_serialize(out, &len, keys, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(out[0], 0x77);
	ck_assert_int_eq(aval_musig_keys_serialize(out, &len, keys, NULL), AVAL_OK);
	len = 0;
	ck_assert_int_eq(aval_musig_public_nonce_serialize(NULL, &len, zero, 255, zero, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, AVAL_MUSIG_NONCE_FILE_LEN);
	ck_assert_int_eq(aval_musig_partial_serialize(NULL, &len, zero, 255, zero, 1, zero, NULL),
	                 AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, AVAL_MUSIG_PART_FILE_LEN);
	aval_musig_keys_free(keys);
	free(members);
	free(out);
}
END_TEST

/* One member more than there may be. */
START_TEST(test_too_many)
{
	const struct vector_case *c = &musig_file_cases[0];
	bytes                     data = field(c, "input.data");
	const size_t              head = 1 + 17 + 1, key_len = (data.len - head - 1) / 3;
	uint8_t                  *many = malloc(head + 3 + 257 * key_len);
	aval_musig_keys          *keys = NULL;

	ck_assert_ptr_nonnull(many);
	memcpy(many, data.data, head);
	memcpy(many + head, "\x99\x01\x01", 3);
	for (size_t i = 0; i < 257; i++)
		memcpy(many + head + 3 + i * key_len, data.data + head + 1, key_len);
	ck_assert_int_eq(aval_musig_keys_parse(&keys, many, head + 3 + 257 * key_len, NULL, NULL),
	                 AVAL_E_LIMIT);
	many[head + 2] = 0;
	ck_assert_int_eq(aval_musig_keys_parse(&keys, many, head + 3 + 256 * key_len, NULL, NULL), AVAL_OK);
	aval_musig_keys_free(keys);
	free(many);
	free(data.data);
}
END_TEST

static aval_status parse_group(const aval_allocator *allocator, void *user_data)
{
	const bytes     *data = user_data;
	aval_musig_keys *keys = NULL;
	aval_status      status = aval_musig_keys_parse(&keys, data->data, data->len, allocator, NULL);

	ck_assert((status == AVAL_OK) == (keys != NULL));
	aval_musig_keys_free(keys);
	return status;
}

START_TEST(test_failing_allocator)
{
	bytes data = field(&musig_file_cases[0], "input.data");

	ck_assert_uint_ge(failing_allocator_walk("group", parse_group, &data), 4);
	free(data.data);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("musig file");
	TCase   *tcase = tcase_create("musig file");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_vector, 0, MUSIG_FILE_COUNT);
	tcase_add_loop_test(tcase, test_cut_and_flipped, 0, MUSIG_FILE_COUNT);
	tcase_add_test(tcase, test_longest);
	tcase_add_test(tcase, test_too_many);
	tcase_add_test(tcase, test_failing_allocator);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
