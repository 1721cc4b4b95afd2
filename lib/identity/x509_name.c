/* SPDX-License-Identifier: Apache-2.0 */
/* Names: SEQUENCE OF SET OF SEQUENCE { OID, value }, and how they compare. */
#include "identity/x509.h"

static const uint8_t common_name[] = { 0x55, 0x04, 0x03 };
static const uint8_t organization[] = { 0x55, 0x04, 0x0a };
static const uint8_t organization_id[] = { 0x55, 0x04, 0x61 };

const aval_bytes aval_oid_common_name = { common_name, sizeof common_name };
const aval_bytes aval_oid_organization = { organization, sizeof organization };
const aval_bytes aval_oid_organization_id = { organization_id, sizeof organization_id };

static aval_status take_attribute(aval_der *in, aval_x509_attribute *out, const char *where)
{
	aval_der    pair, value;
	aval_status status = aval_der_take(in, DER_SEQUENCE, &pair, where);

	if (status == AVAL_OK)
		status = aval_der_take_bytes(&pair, DER_OID, &out->type, where);
	if (status == AVAL_OK)
		status = aval_der_take_any(&pair, &out->tag, NULL, &value, where);
	if (status != AVAL_OK)
		return status;
	out->value = aval_der_rest(&value);
	return aval_der_expect_end(&pair, where);
}

aval_status aval_x509_take_name(aval_der *in, aval_bytes *name_out, const char *where)
{
	aval_x509_attribute ignored;
	aval_bytes          whole;
	aval_der            names, set;
	aval_status         status;

	if (!aval_der_next_is(in, DER_SEQUENCE))
		return aval_der_fail(in, where, "not a name");
	status = aval_der_take_any(in, NULL, &whole, &names, where);
	while (status == AVAL_OK && !aval_der_is_empty(&names)) {
		status = aval_der_take(&names, DER_SET, &set, where);
		if (status == AVAL_OK && aval_der_is_empty(&set))
			return aval_der_fail(&set, where, "an empty part of a name");
		while (status == AVAL_OK && !aval_der_is_empty(&set))
			status = take_attribute(&set, &ignored, where);
	}
	if (status == AVAL_OK)
		*name_out = whole;
	return status;
}

/* Of a name that was checked: failures cannot be. */
static const aval_der_input checked = { NULL, AVAL_E_CERT_FORMAT, NULL };

void aval_x509_name_open(aval_x509_name_cursor *cursor, aval_bytes name)
{
	aval_der in = aval_der_open(&checked, name);

	*cursor = (aval_x509_name_cursor){ { NULL, NULL, &checked }, { NULL, NULL, &checked } };
	(void)aval_der_take(&in, DER_SEQUENCE, &cursor->names, "name");
}

bool aval_x509_name_next(aval_x509_name_cursor *cursor, aval_x509_attribute *attribute_out)
{
	if (aval_der_is_empty(&cursor->set)) {
		if (aval_der_is_empty(&cursor->names))
			return false;
		if (aval_der_take(&cursor->names, DER_SET, &cursor->set, "name") != AVAL_OK)
			return false;
	}
	return take_attribute(&cursor->set, attribute_out, "name") == AVAL_OK;
}

bool aval_x509_name_is_empty(aval_bytes name)
{
	return name.len == 2;
}

static bool is_text(unsigned tag)
{
	return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_IA5_STRING;
}

/* Next byte as it compares: small letters, runs of spaces as one, none at the ends; 256 is the end. */
static unsigned next_folded(aval_bytes *in, bool *begun)
{
	bool     space = false;
	unsigned c;

	while (in->len != 0 && in->data[0] == ' ')
		in->data++, in->len--, space = true;
	if (in->len == 0)
		return 256;
	if (space && *begun) {
		*begun = false; /* the spaces are given out; the next byte follows at once */
		return ' ';
	}
	*begun = true;
	c = in->data[0];
	in->data++, in->len--;
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static bool text_equal(aval_bytes a, aval_bytes b)
{
	bool     begun_a = false, begun_b = false;
	unsigned next_a, next_b;

	do {
		next_a = next_folded(&a, &begun_a);
		next_b = next_folded(&b, &begun_b);
	} while (next_a == next_b && next_a != 256);
	return next_a == next_b;
}

static bool attribute_equal(const aval_x509_attribute *a, const aval_x509_attribute *b)
{
	if (!aval_bytes_equal(a->type, b->type))
		return false;
	if (is_text(a->tag) && is_text(b->tag))
		return text_equal(a->value, b->value);
	return a->tag == b->tag && aval_bytes_equal(a->value, b->value);
}

bool aval_x509_name_equal(aval_bytes a, aval_bytes b)
{
	aval_x509_name_cursor cursor_a, cursor_b;
	aval_x509_attribute   attribute_a, attribute_b;

	if (aval_bytes_equal(a, b))
		return true;
	aval_x509_name_open(&cursor_a, a);
	aval_x509_name_open(&cursor_b, b);
	for (;;) {
		bool more_a = aval_x509_name_next(&cursor_a, &attribute_a);
		bool more_b = aval_x509_name_next(&cursor_b, &attribute_b);

		if (!more_a || !more_b)
			return more_a == more_b;
		/* The same parts of several attributes each. */
		if (!attribute_equal(&attribute_a, &attribute_b) ||
		    aval_der_is_empty(&cursor_a.set) != aval_der_is_empty(&cursor_b.set))
			return false;
	}
}

aval_text aval_x509_attribute_text(const aval_x509_attribute *attribute)
{
	size_t offset;

	if (!is_text(attribute->tag) || !aval_utf8_check(&offset, attribute->value.data, attribute->value.len))
		return (aval_text){ NULL, 0 };
	return (aval_text){ (const char *)attribute->value.data, attribute->value.len };
}

aval_text aval_x509_name_text(aval_bytes name, aval_bytes type)
{
	aval_x509_name_cursor cursor;
	aval_x509_attribute   attribute;

	aval_x509_name_open(&cursor, name);
	while (aval_x509_name_next(&cursor, &attribute)) {
		aval_text text = aval_x509_attribute_text(&attribute);

		if (text.len != 0 && aval_bytes_equal(attribute.type, type))
			return text;
	}
	return (aval_text){ NULL, 0 };
}
