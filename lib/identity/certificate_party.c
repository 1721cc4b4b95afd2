/* SPDX-License-Identifier: Apache-2.0 */
/* Which party a certificate names: docs/spec/identity.md#parties, row by row. */
#include "identity/chain.h"

/* The slots, in the order in which ids are given out. */
enum { SLOT_LEI, SLOT_VAT, SLOT_ISO6523, SLOT_USCC };

static void put(aval_party_slot *slot, const char *prefix, aval_text id, aval_party_source source)
{
	size_t prefix_len = strlen(prefix);
	char   text[AVAL_PARTY_MAX_LEN];

	if (id.len > sizeof text - prefix_len) {
		slot->is_spoilt = true;
		return;
	}
	memcpy(text, prefix, prefix_len);
	memcpy(text + prefix_len, id.data, id.len);
	if (aval_party_check(NULL, text, prefix_len + id.len, NULL) != AVAL_OK ||
	    (slot->len != 0 &&
	     (slot->len != prefix_len + id.len || memcmp(slot->text, text, slot->len) != 0))) {
		slot->is_spoilt = true;
		return;
	}
	if (slot->len == 0)
		slot->source = source;
	slot->len = prefix_len + id.len;
	memcpy(slot->text, text, slot->len);
}

/* X.520: a DirectoryString, of whose forms these two are read. */
static bool is_directory_string(unsigned tag)
{
	return tag == DER_PRINTABLE_STRING || tag == DER_UTF8_STRING;
}

/* ISO 17442-2: the code as one string, or as the first of a sequence whose second is a role. */
static bool read_lei(aval_text *lei_out, aval_bytes extension)
{
	static const aval_der_input silent = { NULL, AVAL_E_CERT_FORMAT, NULL };
	aval_der                    in = aval_der_open(&silent, extension), sequence, value;
	unsigned                    tag;

	if (aval_der_next_is(&in, DER_SEQUENCE)) {
		if (aval_der_take(&in, DER_SEQUENCE, &sequence, "") != AVAL_OK || !aval_der_is_empty(&in))
			return false;
		in = sequence;
	}
	if (aval_der_take_any(&in, &tag, NULL, &value, "") != AVAL_OK || !is_directory_string(tag))
		return false;
	if (aval_der_next_is(&in, DER_CONTEXT_0) && aval_der_take_any(&in, NULL, NULL, NULL, "") != AVAL_OK)
		return false;
	*lei_out = (aval_text){ (const char *)value.at, (size_t)(value.end - value.at) };
	return aval_der_is_empty(&in);
}

/* Register numbers that are ids of one scheme, by country and number of digits (0: whatever the scheme says).
 */
static const struct {
	char        country[3];
	size_t      digits;
	unsigned    slot;
	const char *prefix;
} registers[] = {
	{ "BE", 10, SLOT_ISO6523, "iso6523:0208:" }, /* Banque-Carrefour des Entreprises */
	{ "CN", 0, SLOT_USCC, "uscc:" },
	{ "EE", 8, SLOT_ISO6523, "iso6523:0191:" },  /* Äriregister */
	{ "FR", 9, SLOT_ISO6523, "iso6523:0002:" },  /* SIREN */
	{ "FR", 14, SLOT_ISO6523, "iso6523:0009:" }, /* SIRET */
	{ "NL", 8, SLOT_ISO6523, "iso6523:0106:" },  /* Kamer van Koophandel */
	{ "NO", 9, SLOT_ISO6523, "iso6523:0192:" },  /* Enhetsregisteret */
	{ "SE", 10, SLOT_ISO6523, "iso6523:0007:" }, /* organisationsnummer */
};

static bool are_digits(aval_text text, size_t count)
{
	if (text.len != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

static void put_register(aval_party_slot *slots, aval_text country, aval_text number)
{
	for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++)
		if (aval_text_equal_z(country, registers[i].country) &&
		    (registers[i].digits == 0 || are_digits(number, registers[i].digits)))
			put(&slots[registers[i].slot], registers[i].prefix, number,
			    AVAL_PARTY_SOURCE_ORGANIZATION_ID);
}

static void put_vat(aval_party_slot *slot, aval_text country, aval_text number)
{
	char prefix[] = "vat:XX";

	/* Greek VAT numbers begin with EL, whatever the country's code. */
	memcpy(prefix + 4, aval_text_equal_z(country, "GR") ? "EL" : country.data, 2);
	put(slot, prefix, number, AVAL_PARTY_SOURCE_ORGANIZATION_ID);
}

/* ETSI EN 319 412-1, 5.1.4: three letters, a country, a hyphen, the number. */
static void read_organization_id(aval_party_slot *slots, aval_text id)
{
	aval_text kind, country, number;

	if (id.len < 8 || id.data[5] != '-')
		return;
	kind = (aval_text){ id.data, 3 };
	country = (aval_text){ id.data + 3, 2 };
	number = (aval_text){ id.data + 6, id.len - 6 };
	if (aval_text_equal_z(kind, "LEI") && aval_text_equal_z(country, "XG"))
		put(&slots[SLOT_LEI], "lei:", number, AVAL_PARTY_SOURCE_ORGANIZATION_ID);
	else if (aval_text_equal_z(kind, "VAT"))
		put_vat(&slots[SLOT_VAT], country, number);
	else if (aval_text_equal_z(kind, "NTR"))
		put_register(slots, country, number);
}

void aval_certificate_parties(aval_party_slot slots_out[AVAL_PARTY_SLOTS], const aval_x509 *certificate)
{
	aval_x509_name_cursor cursor;
	aval_x509_attribute   attribute;
	aval_text             lei;

	memset(slots_out, 0, AVAL_PARTY_SLOTS * sizeof slots_out[0]);
	if (certificate->has_lei) {
		if (read_lei(&lei, certificate->lei))
			put(&slots_out[SLOT_LEI], "lei:", lei, AVAL_PARTY_SOURCE_LEI_EXTENSION);
		else
			slots_out[SLOT_LEI].is_spoilt = true;
	}
	aval_x509_name_open(&cursor, certificate->subject);
	while (aval_x509_name_next(&cursor, &attribute))
		if (aval_bytes_equal(attribute.type, aval_oid_organization_id) &&
		    is_directory_string(attribute.tag))
			read_organization_id(slots_out, aval_x509_attribute_text(&attribute));
	for (size_t i = 0; i < AVAL_PARTY_SLOTS; i++)
		if (slots_out[i].is_spoilt)
			slots_out[i].len = 0;
}
