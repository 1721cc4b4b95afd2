/* SPDX-License-Identifier: Apache-2.0 */
/* Groups, session files, nonces and partial signatures: what is read is written again to the same bytes. */
#include <string.h>

#include <aval/musig_file.h>

#include "fuzz.h"

static const uint8_t zeros[66];

static void check_group(const uint8_t *data, size_t size)
{
	aval_musig_keys *keys;
	uint8_t         *again = malloc(AVAL_MUSIG_GROUP_MAX_LEN);
	size_t           len = AVAL_MUSIG_GROUP_MAX_LEN;
	aval_error       err = AVAL_ERROR_INIT;

	FUZZ_REQUIRE(again != NULL);
	if (aval_musig_keys_parse(&keys, data, size, NULL, &err) == AVAL_OK) {
		FUZZ_REQUIRE(aval_musig_keys_serialize(again, &len, keys, NULL) == AVAL_OK);
		FUZZ_REQUIRE(len == size && memcmp(again, data, size) == 0);
		aval_musig_keys_free(keys);
	} else {
		FUZZ_REQUIRE(err.offset == AVAL_NO_OFFSET || err.offset <= size);
	}
	free(again);
}

static void check_session(const uint8_t *data, size_t size)
{
	aval_musig_request request;
	aval_musig_keys   *keys;
	uint8_t           *again = malloc(AVAL_MUSIG_REQUEST_MAX_LEN);
	size_t             len = AVAL_MUSIG_REQUEST_MAX_LEN;

	FUZZ_REQUIRE(again != NULL);
	if (aval_musig_request_parse(&request, &keys, data, size, NULL, NULL) == AVAL_OK) {
		FUZZ_REQUIRE(aval_musig_request_serialize(again, &len, &request, keys, NULL) == AVAL_OK);
		FUZZ_REQUIRE(len == size && memcmp(again, data, size) == 0);
		aval_musig_keys_free(keys);
	}
	free(again);
}

static void check_parts(const uint8_t *data, size_t size)
{
	uint8_t content[66], again[AVAL_MUSIG_PART_FILE_LEN];
	size_t  len = sizeof again;

	if (aval_musig_public_nonce_parse(content, data, size, zeros, 0, NULL) == AVAL_OK) {
		FUZZ_REQUIRE(aval_musig_public_nonce_serialize(again, &len, zeros, 0, content, NULL) == AVAL_OK);
		FUZZ_REQUIRE(len == size && memcmp(again, data, size) == 0);
	}
	len = sizeof again;
	if (aval_musig_partial_parse(content, data, size, zeros, 0, zeros, 1, NULL) == AVAL_OK) {
		FUZZ_REQUIRE(aval_musig_partial_serialize(again, &len, zeros, 0, zeros, 1, content, NULL) == AVAL_OK);
		FUZZ_REQUIRE(len == size && memcmp(again, data, size) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_group(data, size);
	check_session(data, size);
	check_parts(data, size);
	return 0;
}
