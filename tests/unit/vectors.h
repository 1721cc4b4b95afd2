/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_VECTORS_H
#define AVAL_TESTS_VECTORS_H

/* Rows that tests/vectors/to_c.py makes of a JSON file; include this before the generated header. */
#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct vector_field {
	const char *name;
	const char *value; /* NUL-terminated, but may hold NUL bytes of its own */
	size_t      len;
};

struct vector_case {
	const char                *id;
	const struct vector_field *fields;
	size_t                     count;
};

/* NULL if the case does not have the field. */
static inline const struct vector_field *vector_find(const struct vector_case *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->fields[i].name, name) == 0)
			return &c->fields[i];
	return NULL;
}

/* The field's text; a case without it fails the test. */
static inline const char *vector_text(const struct vector_case *c, const char *name)
{
	const struct vector_field *field = vector_find(c, name);

	ck_assert_msg(field != NULL, "%s: the case has no field %s", c->id, name);
	return field->value;
}

static inline long long vector_number(const struct vector_case *c, const char *name)
{
	const char *text = vector_text(c, name);
	char       *end;
	long long   number = strtoll(text, &end, 10);

	ck_assert_msg(end != text && *end == '\0', "%s: %s is no number: %s", c->id, name, text);
	return number;
}

/* The bytes of a field in hexadecimal, to be freed. */
static inline unsigned char *vector_hex(const struct vector_case *c, const char *name, size_t *len_out)
{
	const struct vector_field *field = vector_find(c, name);
	unsigned char             *bytes;

	ck_assert_msg(field != NULL && field->len % 2 == 0, "%s: %s is no hexadecimal", c->id, name);
	*len_out = field->len / 2;
	bytes = malloc(*len_out + 1);
	ck_assert_ptr_nonnull(bytes);
	for (size_t i = 0; i < *len_out; i++) {
		const char pair[3] = { field->value[2 * i], field->value[2 * i + 1], 0 };
		char      *end;

		bytes[i] = (unsigned char)strtoul(pair, &end, 16);
		ck_assert_msg(end == pair + 2, "%s: %s is no hexadecimal", c->id, name);
	}
	return bytes;
}

#endif
