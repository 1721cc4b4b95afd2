/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_CHAIN_FIXTURE_H
#define AVAL_TESTS_CHAIN_FIXTURE_H

/* Certificates and CRLs by name, from the case "objects" of chains.json; include vectors.h and its header
 * before this. */

#include <aval/certificate.h>

/* Names are parted by spaces. */
static inline bool next_name(const char **at, char name_out[100])
{
	size_t len;

	*at += strspn(*at, " ");
	len = strcspn(*at, " ");
	ck_assert_uint_lt(len, 100);
	memcpy(name_out, *at, len);
	name_out[len] = '\0';
	*at += len;
	return len != 0;
}

/* To be freed. */
static inline uint8_t *object_bytes(size_t *len_out, const char *name)
{
	char field[120];

	snprintf(field, sizeof field, "input.%s", name);
	return vector_hex(&chains_cases[0], field, len_out);
}

static inline aval_status make_chain(aval_chain **chain_out, const char *names, const aval_allocator *allocator,
                                     aval_error *err)
{
	aval_bytes  certificates[16];
	uint8_t    *objects[16];
	char        name[100];
	size_t      count = 0;
	aval_status status;

	while (next_name(&names, name)) {
		ck_assert_uint_lt(count, 16);
		objects[count] = object_bytes(&certificates[count].len, name);
		certificates[count].data = objects[count];
		count++;
	}
	status = aval_chain_parse(chain_out, certificates, count, allocator, err);
	for (size_t i = 0; i < count; i++)
		free(objects[i]);
	return status;
}

static inline aval_status add_objects(aval_trust *trust, const char *names,
                                      aval_status (*add)(aval_trust *, const uint8_t *, size_t, aval_error *),
                                      aval_error *err)
{
	char        name[100];
	aval_status status = AVAL_OK;

	while (status == AVAL_OK && next_name(&names, name)) {
		size_t   len;
		uint8_t *bytes = object_bytes(&len, name);

		status = add(trust, bytes, len, err);
		free(bytes);
	}
	return status;
}

static inline aval_status make_trust(aval_trust **trust_out, const char *anchors, const char *crls,
                                     const aval_allocator *allocator, aval_error *err)
{
	aval_trust *trust = NULL;
	aval_status status = aval_trust_new(&trust, allocator, err);

	if (status == AVAL_OK)
		status = add_objects(trust, anchors, aval_trust_add_anchors, err);
	if (status == AVAL_OK)
		status = add_objects(trust, crls, aval_trust_add_crls, err);
	if (status == AVAL_OK)
		*trust_out = trust;
	else
		aval_trust_free(trust);
	return status;
}

/* A block of PEM, to be freed; with CR LF if asked for. */
static inline char *pem_of(const char *label, const uint8_t *der, size_t len, const char *newline)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char             *out = malloc(2 * len + 200), *at = out;

	ck_assert_ptr_nonnull(out);
	at += sprintf(at, "-----BEGIN %s-----%s", label, newline);
	for (size_t i = 0; i < len; i += 3) {
		unsigned group = 0, left = len - i < 3 ? (unsigned)(len - i) : 3;

		for (unsigned k = 0; k < 3; k++)
			group = group << 8 | (k < left ? der[i + k] : 0u);
		for (unsigned k = 0; k < 4; k++)
			*at++ = k <= left ? digits[group >> (18 - 6 * k) & 63] : '=';
		if (i % 48 == 45)
			at += sprintf(at, "%s", newline);
	}
	if (len % 48 != 0)
		at += sprintf(at, "%s", newline);
	sprintf(at, "-----END %s-----%s", label, newline);
	return out;
}

static inline char *pem_of_object(const char *label, const char *name, const char *newline)
{
	size_t   len;
	uint8_t *der = object_bytes(&len, name);
	char    *pem = pem_of(label, der, len, newline);

	free(der);
	return pem;
}

#endif /* AVAL_TESTS_CHAIN_FIXTURE_H */
