/* SPDX-License-Identifier: Apache-2.0 */
/* A PKCS#11 URI: what comes out lies in the room given, and is not longer than what went in. */
#include <string.h>

#include <aval/pkcs11.h>

#include "fuzz.h"

static void check_inside(const void *data, size_t len, const char *room, size_t size)
{
	uintptr_t begin = (uintptr_t)room, at = (uintptr_t)data;

	FUZZ_REQUIRE(len == 0 || (at >= begin && at - begin <= size && len <= size - (at - begin)));
}

static void check_parts(const aval_pkcs11_uri *uri, const char *room, size_t size)
{
	const aval_pkcs11_selection *s = &uri->selection;
	const aval_text texts[] = { s->token,  s->serial,        s->manufacturer, s->model,
		                    s->object, uri->module_path, uri->pin_source, uri->pin_value };
	size_t          sum = s->id.len;

	check_inside(s->id.data, s->id.len, room, size);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		check_inside(texts[i].data, texts[i].len, room, size);
		sum += texts[i].len;
	}
	FUZZ_REQUIRE(sum < size);
	FUZZ_REQUIRE(uri->has_pin || uri->pin_value.len == 0);
	FUZZ_REQUIRE(!uri->has_pin || uri->pin_source.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char           *room = malloc(size + 1);
	aval_pkcs11_uri uri;
	aval_error      err = AVAL_ERROR_INIT;

	FUZZ_REQUIRE(room != NULL);
	if (aval_pkcs11_uri_parse(&uri, (const char *)data, size, room, &err) == AVAL_OK)
		check_parts(&uri, room, size);
	else
		FUZZ_REQUIRE(err.status == AVAL_E_LIMIT || err.offset <= size);
	free(room);
	return 0;
}
