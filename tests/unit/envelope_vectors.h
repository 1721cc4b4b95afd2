/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_ENVELOPE_VECTORS_H
#define AVAL_TESTS_ENVELOPE_VECTORS_H

/* Cases of signed events: read or refused, which signatures are missing, and which are forged. */
#include <stdio.h>

#include <check.h>

#include "crypto_fixture.h"
#include "vectors.h"

#include <aval/token.h>

enum { MAX_ENVELOPE = 4096, MAX_KEYS = 4 };

static inline void check_failure(const struct vector_case *c, const char *status_field, aval_status status,
                          const aval_error *err)
{
	const char *want = vector_text(c, status_field);

	ck_assert_msg(strcmp(aval_status_name(status), want) == 0, "%s: got %s (%s: %s), want %s", c->id,
	              aval_status_name(status), err->where, err->reason, want);
	if (status == AVAL_OK)
		return;
	ck_assert_msg(strcmp(err->where, vector_text(c, "expect.where")) == 0, "%s: got %s, want %s", c->id,
	              err->where, vector_text(c, "expect.where"));
	ck_assert_msg(err->offset == (size_t)vector_number(c, "expect.offset"), "%s: got %zu, want %lld", c->id,
	              err->offset, vector_number(c, "expect.offset"));
}

static inline size_t read_keys(aval_public_key keys[MAX_KEYS], const struct vector_case *c)
{
	long long count = vector_number(c, "input.keys");
	char      name[64];
	uint8_t   bytes[AVAL_PUBLIC_KEY_MAX_LEN];

	ck_assert_int_le(count, MAX_KEYS);
	for (long long i = 0; i < count; i++) {
		snprintf(name, sizeof name, "input.keys.%lld", i);
		ck_assert_int_eq(aval_public_key_parse(&keys[i], bytes,
		                                       from_hex(bytes, sizeof bytes, vector_text(c, name)),
		                                       NULL),
		                 AVAL_OK);
	}
	return (size_t)count;
}

static inline void check_missing(const struct vector_case *c, const aval_event *event)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;
	char              name[64], text[160];
	long long         count = 0;

	for (; aval_event_next_missing(&signer, &cursor, event); count++) {
		snprintf(name, sizeof name, "expect.missing.%lld", count);
		snprintf(text, sizeof text, "%d %.*s", (int)signer.role, (int)signer.party.len,
		         signer.party.data);
		ck_assert_str_eq(text, vector_text(c, name));
	}
	ck_assert_int_eq(count, vector_number(c, "expect.missing"));
	ck_assert(aval_event_is_complete(event) == (count == 0));
}

static inline void check_envelope(const struct vector_case *c)
{
	uint8_t         envelope[MAX_ENVELOPE];
	aval_public_key keys[MAX_KEYS];
	size_t          key_count = read_keys(keys, c);
	size_t          len = from_hex(envelope, sizeof envelope, vector_text(c, "input.envelope"));
	aval_event      event = { .signer_count = 77 };
	aval_error      err = AVAL_ERROR_INIT;
	aval_status     status = aval_event_parse(&event, envelope, len, &err);

	check_failure(c, "expect.status", status, &err);
	if (status != AVAL_OK) {
		ck_assert_uint_eq(event.signer_count, 77);
		return;
	}
	ck_assert_ptr_eq(event.envelope.data, envelope);
	check_missing(c, &event);
	check_failure(c, "expect.verify", aval_event_verify_signatures(&event, keys, key_count, &err), &err);
}

#endif /* AVAL_TESTS_ENVELOPE_VECTORS_H */
